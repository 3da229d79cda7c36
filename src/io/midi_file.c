/* Standard MIDI Files, through libsmf.  SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include <smf.h>

#include "io/score_file.h"

enum { TICKS_PER_QUARTER = 960, QUARTERS_PER_CYCLE = 4, DRUM_CHANNEL = 9, MIDDLE_C = 60 };

typedef struct Drum {
  const char *name;
  int key; /* General MIDI level 1 percussion */
} Drum;

static const Drum drums[] = {
  { "bd", 36 },  { "kick", 36 }, { "808bd", 36 }, { "rim", 37 }, { "sn", 38 },    { "sd", 38 },   { "snare", 38 }, { "808sn", 38 },
  { "cp", 39 },  { "clap", 39 }, { "lt", 45 },    { "mt", 47 },  { "ht", 50 },    { "hh", 42 },   { "808hc", 42 }, { "hc", 42 },
  { "oh", 46 },  { "ho", 46 },   { "808oh", 46 }, { "cy", 49 },  { "crash", 49 }, { "ride", 51 }, { "rd", 51 },    { "cb", 56 },
  { "tb", 54 },  { "sh", 70 },   { "clave", 75 },
};

typedef struct Key {
  int channel, key, velocity;
  bool complete; /* the event said nothing that a key cannot */
} Key;

static int ticks(const PhScore *score, PhRat cycle)
{
  const PhRat scale = PH_RAT_INT(TICKS_PER_QUARTER * QUARTERS_PER_CYCLE);
  const PhRat exact = ph_rat_add(ph_rat_mul(ph_rat_sub(cycle, score->from), scale), PH_RAT(1, 2));
  const int64_t tick = ph_rat_floor_int(exact);
  return tick < 0 ? 0 : tick > INT32_MAX ? INT32_MAX : (int)tick;
}

static int clamp(double x, int least, int most)
{
  return x < least ? least : x > most ? most : (int)lround(x);
}

static const char *sound_of(const PhValue *value)
{
  for (size_t i = 0; value->tag == PH_VALUE_MAP && i < value->map->len; i++) {
    if (strcmp(value->map->items[i].name, "s") == 0 && value->map->items[i].value.tag == PH_VALUE_STR) {
      return value->map->items[i].value.str;
    }
  }
  return NULL;
}

static int melodic_channel(uint32_t track)
{
  const int channel = (int)(track % 15);
  return channel >= DRUM_CHANNEL ? channel + 1 : channel;
}

static Key key_of(const PhScoreRow *row)
{
  Key key = { .channel = melodic_channel(row->track), .key = MIDDLE_C, .velocity = 100, .complete = false };
  double x;
  const PhValue *value = &row->value;
  if (ph_score_number(value, "gain", &x) || ph_score_number(value, "amp", &x)) {
    key.velocity = clamp(x * 100, 1, 127);
  }
  if (ph_score_number(value, "velocity", &x)) {
    key.velocity = clamp(x * 127, 1, 127);
  }
  const char *sound = sound_of(value);
  if (ph_score_number(value, "midinote", &x)) {
    key.key = clamp(x, 0, 127);
    key.complete = true;
  } else if (ph_score_number(value, "note", &x) || (!sound && ph_score_number(value, "n", &x)) ||
             (value->tag != PH_VALUE_MAP && ph_value_as_num(value, false, &x))) {
    key.key = clamp(x + MIDDLE_C, 0, 127);
    key.complete = x == floor(x);
  } else {
    for (size_t i = 0; sound && i < PH_COUNT(drums); i++) {
      if (strcmp(drums[i].name, sound) == 0) {
        key.channel = DRUM_CHANNEL;
        key.key = drums[i].key;
        key.complete = true;
      }
    }
  }
  return key;
}

static bool add_bytes(smf_track_t *track, int status, int a, int b, int pulses)
{
  smf_event_t *event = smf_event_new_from_bytes(status, a, b);
  if (event) {
    smf_track_add_event_pulses(track, event, pulses);
  }
  return event != NULL;
}

static bool add_text(smf_track_t *track, int type, const char *text)
{
  smf_event_t *event = smf_event_new_textual(type, text);
  if (event) {
    smf_track_add_event_pulses(track, event, 0);
  }
  return event != NULL;
}

static bool add_tempos(const PhScore *score, smf_track_t *track)
{
  bool ok = add_text(track, 3, score->title ? score->title : "Phonon");
  for (size_t i = 0; i < score->tempo_count && ok; i++) {
    const int usec = clamp(1e6 / (score->tempos[i].cps * QUARTERS_PER_CYCLE), 1, 0xFFFFFF);
    unsigned char meta[] = { 0xFF, 0x51, 3, (unsigned char)(usec >> 16), (unsigned char)(usec >> 8), (unsigned char)usec };
    smf_event_t *event = smf_event_new_from_pointer(meta, sizeof meta);
    ok = event != NULL;
    if (ok) {
      smf_track_add_event_pulses(track, event, ticks(score, score->tempos[i].cycle));
    }
  }
  return ok;
}

static bool add_rows(const PhScore *score, uint32_t number, smf_track_t *track, size_t *unsaid)
{
  bool ok = add_text(track, 3, score->tracks[number]);
  for (size_t i = 0; i < score->row_count && ok; i++) {
    const PhScoreRow *row = &score->rows[i];
    if (row->track != number) {
      continue;
    }
    const Key key = key_of(row);
    *unsaid += !key.complete;
    const int on = ticks(score, row->begin), off = ticks(score, row->end);
    ok = add_bytes(track, 0x90 | key.channel, key.key, key.velocity, on) &&
         add_bytes(track, 0x80 | key.channel, key.key, 64, off > on ? off : on + 1);
  }
  return ok && smf_track_add_eot_pulses(track, ticks(score, score->to) + 1) == 0;
}

PhStatus ph_score_midi(const PhScore *score, const char *path, size_t *unsaid)
{
  *unsaid = 0;
  smf_t *smf = smf_new();
  if (!smf) {
    return PH_NOMEM;
  }
  bool ok = smf_set_ppqn(smf, TICKS_PER_QUARTER) == 0;
  for (uint32_t t = 0; t <= score->track_count && ok; t++) {
    smf_track_t *track = smf_track_new();
    ok = track != NULL;
    if (ok) {
      smf_add_track(smf, track);
      ok = t == 0 ? add_tempos(score, track) : add_rows(score, t - 1, track, unsaid);
    }
  }
  const PhStatus status = !ok ? PH_NOMEM : smf_save(smf, path) == 0 ? PH_OK : PH_IO;
  smf_delete(smf);
  return status;
}
