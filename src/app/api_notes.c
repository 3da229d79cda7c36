/* What events sound like, as far as notes go.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "app/api_events.h"
#include "base/dmath.h"
#include "engine/internal.h"

enum { MIDDLE_C = 60, TUNING_KEY = 69 };
#define TUNING_HZ 440.0

_Static_assert((int)PH_API_CHORD_MAX == (int)PH_CHORD_MAX, "chords fit");

static double key_of_hz(double hz) { return hz > 0 ? TUNING_KEY + 12 * ph_log2_d(hz / TUNING_HZ) : 0; }

/* A value that drives the frequency of an oscillator. */
static bool note_of_signal(const PhApiTrack *track, const PhValue *value, bool tidal, PhApiNote *out)
{
  const bool is_pitch = strcmp(track->param->name, "freq") == 0 && strcmp(track->func->family, "source") == 0;
  if (!is_pitch) {
    return false;
  }
  out->sound = track->func->name;
  out->is_note = true;
  out->key_count = ph_value_numbers(value, PH_USE_HZ, tidal, out->keys, PH_API_CHORD_MAX);
  for (uint32_t i = 0; i < out->key_count; i++) {
    out->keys[i] = key_of_hz(out->keys[i]);
  }
  return out->key_count > 0 && out->keys[0] > 0;
}

static void pitch_of(const PhEventControls *from, bool tidal, PhApiNote *out)
{
  const double middle = tidal ? 5 : 4;
  const double shift =
      MIDDLE_C + 12 * (ph_ctl(&from->c, PH_CTL_OCTAVE, middle) - middle) + ph_ctl(&from->c, PH_CTL_DETUNE, 0);
  const bool by_note = from->note_count > 0;
  out->is_note = by_note || ph_has(&from->c, PH_CTL_FREQ);
  out->has_n = from->degree_count > 0;
  if (ph_has(&from->c, PH_CTL_FREQ) && !by_note) {
    out->key_count = 1;
    out->keys[0] = key_of_hz(from->c.v[PH_CTL_FREQ]);
    return;
  }
  out->key_count = by_note ? from->note_count : out->has_n ? from->degree_count : 1;
  for (uint32_t i = 0; i < out->key_count; i++) {
    out->keys[i] = shift + (by_note ? from->notes[i] : out->has_n ? from->degrees[i] : 0);
  }
}

/* A pattern of notes or numbers that is nothing else: `"c4 e4"` as an expression. */
static bool note_of_value(const PhValue *value, bool tidal, PhApiNote *out)
{
  out->is_note = true;
  out->key_count =
      value->tag == PH_VALUE_BOOL ? 0 : ph_value_numbers(value, PH_USE_NUM, tidal, out->keys, PH_API_CHORD_MAX);
  for (uint32_t i = 0; i < out->key_count; i++) {
    out->keys[i] += MIDDLE_C;
  }
  return out->key_count > 0;
}

bool ph_api_note(const PhononEvents *events, size_t index, PhApiNote *out)
{
  const PhApiDetail *detail = &events->details.items[index];
  const PhApiTrack *track = &events->tracks.items[detail->track];
  const bool tidal = events->program->tidal;
  *out = (PhApiNote){ .sound = "", .level = 1, .velocity = -1, .legato = -1, .sustain_sec = -1 };
  if (track->param) {
    return note_of_signal(track, &detail->value, tidal, out);
  }
  double number;
  const bool is_name = detail->value.tag == PH_VALUE_STR && !ph_value_as_num(&detail->value, tidal, &number);
  if (detail->value.tag != PH_VALUE_MAP && !is_name) {
    return note_of_value(&detail->value, tidal, out);
  }
  PhEventControls controls;
  ph_controls_read(&detail->value, tidal, &controls);
  const PhControls *c = &controls.c;
  out->sound = controls.sound ? controls.sound : "";
  out->n = ph_ctl(c, PH_CTL_N, 0);
  pitch_of(&controls, tidal, out);
  out->level = ph_ctl(c, PH_CTL_GAIN, 1) * ph_ctl(c, PH_CTL_AMP, 1);
  out->velocity = ph_ctl(c, PH_CTL_VELOCITY, -1);
  out->legato = ph_ctl(c, PH_CTL_LEGATO, -1);
  out->sustain_sec = ph_ctl(c, PH_CTL_DUR, ph_ctl(c, PH_CTL_SUSTAIN, -1));
  return out->sound[0] || out->is_note || out->has_n;
}
