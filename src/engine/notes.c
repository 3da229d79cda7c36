/* Controls of events as numbers (FUNCTIONS, "Controls").  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "engine/internal.h"

typedef struct Name {
  const char *name;
  PhCtl ctl;
} Name;

/* Sorted. Aliases are resolved by the pattern functions already; a few are here for maps that others made. */
static const Name names[] = {
  { "_fx", PH_CTL_FX },
  { "accelerate", PH_CTL_ACCELERATE },
  { "amp", PH_CTL_AMP },
  { "attack", PH_CTL_ATTACK },
  { "begin", PH_CTL_BEGIN },
  { "cut", PH_CTL_CUT },
  { "decay", PH_CTL_DECAY },
  { "detune", PH_CTL_DETUNE },
  { "dur", PH_CTL_DUR },
  { "end", PH_CTL_END },
  { "envcurve", PH_CTL_ENV_CURVE },
  { "envdur", PH_CTL_ENV_DUR },
  { "envfrom", PH_CTL_ENV_FROM },
  { "envto", PH_CTL_ENV_TO },
  { "fadeInTime", PH_CTL_FADE_IN },
  { "fadeTime", PH_CTL_FADE },
  { "freq", PH_CTL_FREQ },
  { "gain", PH_CTL_GAIN },
  { "hold", PH_CTL_HOLD },
  { "legato", PH_CTL_LEGATO },
  { "loop", PH_CTL_LOOP },
  { "n", PH_CTL_N },
  { "nudge", PH_CTL_NUDGE },
  { "octave", PH_CTL_OCTAVE },
  { "overgain", PH_CTL_OVERGAIN },
  { "pan", PH_CTL_PAN },
  { "portamento", PH_CTL_PORTAMENTO },
  { "release", PH_CTL_RELEASE },
  { "speed", PH_CTL_SPEED },
  { "sustain", PH_CTL_SUSTAIN },
  { "sustainlevel", PH_CTL_LEVEL },
  { "velocity", PH_CTL_VELOCITY },
};

static int compare_name(const void *key, const void *row) { return strcmp(key, ((const Name *)row)->name); }

static void read_unit(const PhValue *value, PhEventControls *out)
{
  if (value->tag == PH_VALUE_STR) {
    out->c.unit = value->str[0] == 'c' ? PH_SPEED_CYCLES : value->str[0] == 's' ? PH_SPEED_SECONDS : PH_SPEED_RATE;
  }
}

static void read_one(const char *name, const PhValue *value, bool tidal, PhEventControls *out)
{
  if (strcmp(name, "s") == 0 || strcmp(name, "sound") == 0) {
    out->sound = value->tag == PH_VALUE_STR ? value->str : out->sound;
    return;
  }
  if (strcmp(name, "unit") == 0) {
    read_unit(value, out);
    return;
  }
  if (value->tag == PH_VALUE_STR && (strcmp(name, "envlevels") == 0 || strcmp(name, "envtimes") == 0)) {
    *(name[3] == 'l' ? &out->levels : &out->times) = value->str;
    return;
  }
  if (strcmp(name, "note") == 0 || strcmp(name, "up") == 0) {
    out->note_count = ph_value_numbers(value, PH_USE_NUM, tidal, out->notes, PH_CHORD_MAX);
    return;
  }
  const Name *row = bsearch(name, names, PH_COUNT(names), sizeof names[0], compare_name);
  if (!row) { /* an effect, or for OSC or MIDI */
    (void)ph_effects_read(name, value, tidal, &out->fx);
    return;
  }
  double several[PH_CHORD_MAX];
  const PhStepUse use = row->ctl == PH_CTL_FREQ ? PH_USE_HZ : PH_USE_NUM;
  const uint32_t count = ph_value_numbers(value, use, tidal, several, PH_CHORD_MAX);
  if (count == 0) {
    return;
  }
  out->c.v[row->ctl] = several[0];
  out->c.has |= UINT64_C(1) << row->ctl;
  if (row->ctl == PH_CTL_N) {
    memcpy(out->degrees, several, count * sizeof several[0]);
    out->degree_count = count;
  }
}

void ph_controls_read(const PhValue *value, bool tidal, PhEventControls *out)
{
  *out = (PhEventControls){ .c.unit = PH_SPEED_RATE };
  if (value->tag == PH_VALUE_STR) {
    out->sound = value->str;
  } else if (value->tag == PH_VALUE_MAP) {
    for (size_t i = 0; i < value->map->len; i++) {
      read_one(value->map->items[i].name, &value->map->items[i].value, tidal, out);
    }
  }
}

static bool multiplies(PhCtl ctl) { return ctl == PH_CTL_GAIN || ctl == PH_CTL_AMP || ctl == PH_CTL_VELOCITY; }

void ph_controls_merge(PhEventControls *inner, const PhEventControls *outer)
{
  for (int i = 0; i < PH_CTL_COUNT; i++) {
    const PhCtl ctl = (PhCtl)i;
    if (!ph_has(&outer->c, ctl) || ctl == PH_CTL_N || ctl == PH_CTL_NUDGE) {
      continue; /* n chose the bus; the nudge has moved the whole pattern already */
    }
    inner->c.v[i] = multiplies(ctl) && ph_has(&inner->c, ctl) ? inner->c.v[i] * outer->c.v[i] : outer->c.v[i];
    inner->c.has |= UINT64_C(1) << i;
  }
  ph_effects_merge(&inner->fx, &outer->fx);
  if (outer->c.unit != PH_SPEED_RATE) {
    inner->c.unit = outer->c.unit;
  }
  if (outer->levels && outer->times) {
    inner->levels = outer->levels;
    inner->times = outer->times;
  }
  if (outer->note_count) {
    if (inner->note_count == 0) {
      inner->notes[0] = 0;
      inner->note_count = 1;
    }
    for (uint32_t i = 0; i < inner->note_count; i++) {
      inner->notes[i] += outer->notes[0];
    }
  }
}
