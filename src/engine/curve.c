/* Envelopes of any shape (`segments` and `curve` on events): levels and the seconds between them, bent. A closed form of the
   voice's age, as the other envelopes are. All [control].  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/dmath.h"
#include "engine/internal.h"

#define MOST_LEVEL 8.0
#define MOST_BEND 20.0
#define STRAIGHT 1e-3
#define MOST_FRAMES 1e9

static double held(double x, double least, double most) { return x < least ? least : x > most ? most : x; }

/* ---- texts of segments, read once ---- */

/* Numbers apart by spaces or commas into out; how many, or SIZE_MAX if something else stands there. */
static size_t read_numbers(const char *text, double *out, size_t most)
{
  size_t n = 0;
  for (const char *at = text; *at;) {
    const size_t len = strcspn(at, " ,");
    PhRat value;
    if (len) {
      if (n == most || !ph_rat_parse(at, len, &value) || !ph_rat_ok(value)) {
        return SIZE_MAX;
      }
      out[n++] = ph_rat_to_double(value);
    }
    at += len + (at[len] != 0);
  }
  return n;
}

const PhSegments *ph_segments_of(PhEngine *engine, const char *levels, const char *times, PhSource at)
{
  for (const PhSegments *s = engine->segments; s; s = s->next) {
    if (strcmp(s->level_text, levels) == 0 && strcmp(s->time_text, times) == 0) {
      return s->count ? s : NULL;
    }
  }
  PhSegments *s = PH_NEW(&engine->names, PhSegments);
  s->level_text = ph_arena_strndup(&engine->names, levels, strlen(levels));
  s->time_text = ph_arena_strndup(&engine->names, times, strlen(times));
  s->next = engine->segments;
  engine->segments = s;
  const size_t level_count = read_numbers(levels, s->levels, PH_CURVE_MAX + 1);
  const size_t time_count = read_numbers(times, s->seconds, PH_CURVE_MAX);
  if (level_count < 2 || level_count == SIZE_MAX || time_count + 1 != level_count) {
    ph_engine_say(engine, PH_SEVERITY_WARNING, at, "these are not segments of an envelope: 2 to 65 levels and one time less",
                  "for example: segments \"0 1 0.3 0\" \"0.01 0.1 0.5\"");
    return NULL;
  }
  s->count = (uint32_t)time_count;
  return s;
}

/* ---- of a voice ---- */

static void add_segment(PhCurve *curve, double seconds, double level, double sample_rate)
{
  const uint32_t i = curve->count++;
  const double frames = held(seconds * sample_rate + 0.5, 1, MOST_FRAMES);
  const double end = (double)curve->start[i] + (double)(int64_t)frames;
  curve->inverse[i] = (float)(1.0 / (double)(int64_t)frames);
  curve->start[i + 1] = (int32_t)held(end, 0, MOST_FRAMES);
  curve->level[i + 1] = (float)held(level, -MOST_LEVEL, MOST_LEVEL);
}

/* Room for a curve in the voice, which keeps it for later ones. */
static PhCurve *room(PhEngine *engine, PhVoice *voice)
{
  if (!voice->curve) {
    voice->curve = ph_engine_alloc(engine, sizeof *voice->curve);
  }
  *voice->curve = (PhCurve){ 0 };
  voice->shaped = true;
  return voice->curve;
}

bool ph_voice_curve(PhEngine *engine, const PhNote *note, PhVoice *voice)
{
  const PhControls *c = &note->c;
  const double rate = engine->plan->sample_rate;
  if (!note->segments && !ph_has(c, PH_CTL_ENV_DUR)) {
    return false;
  }
  PhCurve *curve = room(engine, voice);
  if (note->segments) {
    curve->level[0] = (float)held(note->segments->levels[0], -MOST_LEVEL, MOST_LEVEL);
    for (uint32_t i = 0; i < note->segments->count; i++) {
      add_segment(curve, note->segments->seconds[i], note->segments->levels[i + 1], rate);
    }
  } else {
    curve->level[0] = (float)held(ph_ctl(c, PH_CTL_ENV_FROM, 1), -MOST_LEVEL, MOST_LEVEL);
    add_segment(curve, c->v[PH_CTL_ENV_DUR], ph_ctl(c, PH_CTL_ENV_TO, 0), rate);
  }
  const double bend = held(ph_ctl(c, PH_CTL_ENV_CURVE, 0), -MOST_BEND, MOST_BEND);
  curve->straight = bend < STRAIGHT && bend > -STRAIGHT;
  curve->bend = curve->straight ? 1.0f : (float)bend;
  curve->scale = (float)(1.0 / (1.0 - ph_exp_d((double)curve->bend)));
  return true;
}

double ph_curve_level(const PhCurve *curve, int64_t age)
{
  if (age < 0) {
    return (double)curve->level[0];
  }
  for (uint32_t i = 0; i < curve->count; i++) {
    if (age < curve->start[i + 1]) {
      const double t = (double)(age - curve->start[i]) * (double)curve->inverse[i], bend = (double)curve->bend;
      const double x = curve->straight ? t : (1 - ph_exp_d(bend * t)) * (double)curve->scale;
      return (double)curve->level[i] + (double)(curve->level[i + 1] - curve->level[i]) * x;
    }
  }
  return (double)curve->level[curve->count];
}
