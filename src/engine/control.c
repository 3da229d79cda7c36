/* What instruments read of their events (`ctl`), and how the pitch of a voice moves: from the note before (portamento) and
   along its length (accelerate). All [control].  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "engine/internal.h"

#define MOST_VALUE 1e9
#define MOST_GLIDE_SEC 60.0
#define MOST_BEND 64.0

/* Controls that mean something other than what the map says. */
typedef enum Role { ROLE_VALUE, ROLE_HZ, ROLE_NOTE, ROLE_SECONDS, ROLE_CPS, ROLE_VELOCITY } Role;

/* An instrument that reads one of these shapes itself with it; the engine then leaves it alone. */
static const struct {
  const char *name;
  PhCtl ctl;
} shaping[] = { { "attack", PH_CTL_ATTACK },   { "decay", PH_CTL_DECAY },           { "sustainlevel", PH_CTL_LEVEL },
                { "hold", PH_CTL_HOLD },       { "release", PH_CTL_RELEASE },       { "detune", PH_CTL_DETUNE },
                { "octave", PH_CTL_OCTAVE },   { "accelerate", PH_CTL_ACCELERATE }, { "portamento", PH_CTL_PORTAMENTO } };

static Role role_of(const char *name)
{
  return strcmp(name, "freq") == 0       ? ROLE_HZ
         : strcmp(name, "note") == 0     ? ROLE_NOTE
         : strcmp(name, "sustain") == 0  ? ROLE_SECONDS
         : strcmp(name, "cps") == 0      ? ROLE_CPS
         : strcmp(name, "velocity") == 0 ? ROLE_VELOCITY
                                         : ROLE_VALUE;
}

static uint64_t owned_by(const PhPlan *plan, const PhInstrument *instrument)
{
  uint64_t owned = 0;
  for (uint32_t i = 0; i < instrument->control_count; i++) {
    for (size_t k = 0; k < PH_COUNT(shaping); k++) {
      const bool same = strcmp(plan->controls[instrument->controls[i].control], shaping[k].name) == 0;
      owned |= same ? UINT64_C(1) << shaping[k].ctl : 0;
    }
  }
  return owned;
}

PhStatus ph_controls_init(PhEngine *engine)
{
  const PhPlan *plan = engine->plan;
  engine->control_roles = ph_engine_alloc(NULL, plan->control_count + 1);
  for (uint32_t i = 0; engine->control_roles && i < plan->control_count; i++) {
    engine->control_roles[i] = (uint8_t)role_of(plan->controls[i]);
  }
  for (uint32_t k = 0; k < plan->instrument_count; k++) {
    engine->instruments[k].owned = owned_by(plan, &plan->instruments[k]);
    engine->pitch_moves |= plan->instruments[k].moving != 0;
  }
  return engine->control_roles ? PH_OK : PH_NOMEM;
}

/* ---- values ---- */

static double held(double x, double most) { return x < -most ? -most : x > most ? most : x; }

const float *ph_control_values(PhEngine *engine, const PhValue *value)
{
  const PhPlan *plan = engine->plan;
  if (plan->control_count == 0) {
    return NULL;
  }
  float *values = PH_NEWN(&engine->querier.arena, float, plan->control_count);
  for (uint32_t i = 0; i < plan->control_count; i++) {
    values[i] = PH_NOT_SAID;
    for (size_t k = 0; value->tag == PH_VALUE_MAP && k < value->map->len; k++) {
      double number;
      if (strcmp(value->map->items[k].name, plan->controls[i]) == 0 &&
          ph_value_numbers(&value->map->items[k].value, PH_USE_NUM, engine->querier.tidal, &number, 1) &&
          number == number) { /* not NaN */
        values[i] = (float)held(number, MOST_VALUE);
      }
    }
  }
  return values;
}

const float *ph_control_values_merge(PhEngine *engine, const float *inner, const float *outer)
{
  const uint32_t count = engine->plan->control_count;
  float *values = count ? PH_NEWN(&engine->querier.arena, float, count) : NULL;
  for (uint32_t i = 0; i < count; i++) {
    values[i] = outer[i] == PH_NOT_SAID ? inner[i] : outer[i];
  }
  return values;
}

static bool value_of(const PhEngine *engine, const PhNote *note, uint32_t control, const PhVoice *voice, float *out)
{
  *out = note->values ? note->values[control] : PH_NOT_SAID;
  switch ((Role)engine->control_roles[control]) {
  case ROLE_HZ:
    *out = voice->hz;
    return voice->pitched;
  case ROLE_NOTE:
    *out = (float)held(note->semitones, MOST_VALUE);
    return note->has_note;
  case ROLE_SECONDS:
    *out = (float)((double)voice->gate_off / engine->plan->sample_rate);
    return voice->held_by == 0; /* while a key is held nobody knows */
  case ROLE_CPS:
    *out = (float)ph_rat_to_double(note->cps);
    return true;
  case ROLE_VELOCITY: /* a key has one, too */
    *out = note->channel ? (float)held(ph_ctl(&note->c, PH_CTL_VELOCITY, 1), MOST_VALUE) : *out;
    return *out != PH_NOT_SAID;
  default:
    return *out != PH_NOT_SAID;
  }
}

void ph_voice_values(PhEngine *engine, const PhNote *note, const PhInstrument *instrument, PhVoice *voice)
{
  while (voice->value_cap < instrument->control_count) {
    voice->values = ph_engine_grow(engine, voice->values, voice->value_cap, &voice->value_cap, sizeof *voice->values);
  }
  for (uint32_t i = 0; i < instrument->control_count; i++) {
    const PhVoiceControl *control = &instrument->controls[i];
    float value;
    const bool given = value_of(engine, note, control->control, voice, &value);
    voice->values[i] = control->given ? (given ? 1.0f : 0.0f) : given ? value : control->dflt;
  }
}

/* ---- pitch that moves ---- */

/* The pitches of what this player played on this instrument before, and room for what it plays now. */
static PhLastPitches *pitches_of(PhEngine *engine, const PhNote *note, int32_t instrument)
{
  const size_t count = (size_t)engine->plan->player_count * engine->plan->instrument_count;
  if (!engine->last_pitches) {
    engine->last_pitches = ph_engine_alloc(engine, count * sizeof *engine->last_pitches);
  }
  PhLastPitches *last = &engine->last_pitches[(size_t)note->player * engine->plan->instrument_count + (uint32_t)instrument];
  if (last->frame != note->frame + 1) {
    last->frame = note->frame + 1;
    memcpy(last->before, last->now, sizeof last->before);
    last->before_count = last->now_count;
    last->now_count = 0;
  }
  return last;
}

void ph_voice_motion(PhEngine *engine, const PhNote *note, PhVoice *voice)
{
  const PhInstrument *instrument = &engine->plan->instruments[voice->instrument];
  if (!engine->pitch_moves) {
    return;
  }
  const uint64_t owned = engine->instruments[voice->instrument].owned;
  const PhControls *c = &note->c;
  const double root = instrument->root_hz > 0 ? (double)instrument->root_hz : (double)voice->hz;
  const double hz = voice->pitched ? (double)voice->hz : root;
  PhLastPitches *last = pitches_of(engine, note, voice->instrument);
  const uint32_t place = last->now_count < PH_CHORD_MAX ? last->now_count++ : PH_CHORD_MAX - 1;
  last->now[place] = hz;
  double start = 1, glide = 0, bend = 0;
  if (!(owned & UINT64_C(1) << PH_CTL_PORTAMENTO) && last->before_count && hz > 0) {
    const double from = last->before[place < last->before_count ? place : last->before_count - 1];
    glide = held(ph_ctl(c, PH_CTL_PORTAMENTO, 0), MOST_GLIDE_SEC);
    start = glide > 0 && from > 0 ? from / hz : 1;
  }
  if (!(owned & UINT64_C(1) << PH_CTL_ACCELERATE)) {
    const double frames = voice->gate_off > 1 ? (double)voice->gate_off : 1;
    bend = held(ph_ctl(c, PH_CTL_ACCELERATE, 0), MOST_BEND) * engine->plan->sample_rate / frames; /* SuperDirt's law */
  }
  if (instrument->moving && (start != 1 || bend != 0)) {
    voice->instrument = (int32_t)instrument->moving - 1;
    voice->motion[PH_MOTION_START] = (float)start;
    voice->motion[PH_MOTION_GLIDE] = (float)glide;
    voice->motion[PH_MOTION_BEND] = (float)bend;
  }
}
