/* The units of MIDI, as inputs.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "graph/internal.h"

/* Of two constants before the default the first one is `number`, or the range. */
static const struct {
  const char *name;
  PhInputKind kind;
  bool has_number, has_range;
  float least, most;
} midi_inputs[] = { { "cc", PH_INPUT_CC, true, false, 0, 1 },
                    { "pitchbend", PH_INPUT_BEND, false, true, 0, 0 },
                    { "pressure", PH_INPUT_PRESSURE, false, false, 0, 1 },
                    { "keypressure", PH_INPUT_KEY_PRESSURE, true, false, 0, 1 },
                    { "program", PH_INPUT_PROGRAM, false, false, 0, 127 } };

PhInput ph_input_midi(const PhUnit *unit, const double *given, uint32_t count)
{
  size_t i = 0;
  while (strcmp(midi_inputs[i].name, unit->func.name) != 0) {
    i++;
  }
  const bool has_range = midi_inputs[i].has_range, has_number = midi_inputs[i].has_number;
  PhInput input = { .kind = midi_inputs[i].kind, .name = "", .least = midi_inputs[i].least, .most = midi_inputs[i].most };
  input.number = has_number ? (uint32_t)given[0] : 0;
  input.most = has_range ? (float)given[0] : input.most;
  input.least = has_range ? -input.most : input.least;
  input.channel = (uint32_t)given[has_number || has_range];
  input.dflt = has_range ? 0 : (float)given[count - 1];
  return input;
}
