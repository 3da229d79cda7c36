/* Controls: what comes from outside while a text plays, and how the log of a session says it.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "app/live/stage.h"

/* A line of MIDI: `name` has the number of the key or controller, and then `value` the value; or the value. */
static const struct {
  const char *name;
  bool has_number;
} midi_words[] = { [PHONON_MIDI_KEY] = { "key", true },
                   [PHONON_MIDI_CC] = { "cc", true },
                   [PHONON_MIDI_BEND] = { "bend", false },
                   [PHONON_MIDI_PRESSURE] = { "pressure", false },
                   [PHONON_MIDI_KEY_PRESSURE] = { "keypressure", true },
                   [PHONON_MIDI_PROGRAM] = { "program", false } };

Ctrl ctrl_midi(const PhononMidiInput *input)
{
  return (Ctrl){ .kind = CTRL_MIDI,
                 .midi = input->kind,
                 .channel = input->channel,
                 .number = input->number,
                 .value = (float)input->value };
}

bool ctrl_lasts(const Ctrl *ctrl)
{
  enum { MODES = 120 }; /* controllers from there on say what is to be done now: all notes off */
  const bool is_act = ctrl->midi == PHONON_MIDI_KEY || (ctrl->midi == PHONON_MIDI_CC && ctrl->number >= MODES);
  return ctrl->kind != CTRL_MIDI || !is_act;
}

bool ctrl_same(const Ctrl *a, const Ctrl *b)
{
  return a->kind == b->kind && a->midi == b->midi && a->channel == b->channel && a->number == b->number &&
         strcmp(a->path, b->path) == 0;
}

void ctrl_tell(PhononEngine *engine, const Ctrl *ctrl)
{
  const PhononMidiInput input = {
    .kind = ctrl->midi, .channel = ctrl->channel, .number = ctrl->number, .value = (double)ctrl->value
  };
  switch (ctrl->kind) {
  case CTRL_OSC:
    (void)phonon_engine_osc(engine, ctrl->path, (double)ctrl->value);
    break;
  case CTRL_MIDI:
    (void)phonon_engine_midi(engine, &input);
    break;
  }
}

/* ---- lines ---- */

static void put_midi(json_t *line, const Ctrl *ctrl)
{
  const bool has_number = midi_words[ctrl->midi].has_number;
  const double value = (double)ctrl->value;
  json_object_set_new(line, midi_words[ctrl->midi].name,
                      has_number ? json_integer((json_int_t)ctrl->number) : json_real(value));
  json_object_set_new(line, "channel", json_integer((json_int_t)ctrl->channel));
  if (has_number) {
    json_object_set_new(line, "value", json_real(value));
  }
}

void ctrl_put(json_t *line, const Ctrl *ctrl)
{
  switch (ctrl->kind) {
  case CTRL_OSC:
    json_object_set_new(line, "osc", json_string(ctrl->path));
    json_object_set_new(line, "value", json_real((double)ctrl->value));
    break;
  case CTRL_MIDI:
    put_midi(line, ctrl);
    break;
  }
}

static double number_of(const json_t *line, const char *key, double dflt)
{
  const json_t *value = json_object_get(line, key);
  return json_is_number(value) ? json_number_value(value) : dflt;
}

bool ctrl_read(const json_t *line, Ctrl *out)
{
  const char *path = json_string_value(json_object_get(line, "osc"));
  *out = (Ctrl){ .value = (float)number_of(line, "value", 0) };
  if (path && strlen(path) < CTRL_PATH_MAX) {
    (void)snprintf(out->path, sizeof out->path, "%s", path);
    return true;
  }
  for (size_t i = 0; i < sizeof midi_words / sizeof *midi_words; i++) {
    const json_t *value = json_object_get(line, midi_words[i].name);
    if (json_is_number(value)) {
      out->kind = CTRL_MIDI;
      out->midi = (PhononMidiKind)i;
      out->channel = (uint32_t)number_of(line, "channel", 1);
      out->number = midi_words[i].has_number ? (uint32_t)json_number_value(value) & 127u : 0;
      out->value = midi_words[i].has_number ? out->value : (float)json_number_value(value);
      return true;
    }
  }
  return false;
}
