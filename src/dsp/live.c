/* What comes in from outside while a program plays: controllers, wheels, pressure and messages. The values come from the graph, which puts a step signal
   that the engine sets in the place of these units; by themselves they give their default.  SPDX-License-Identifier: MIT */
#include "dsp/kernel.h"

PH_MAP1(osc, x)

/* Its input `k`, which is the default. */
#define DEFAULT_OF(name, k)                                                                                            \
  static void name(const PhIo *io)                                                                                     \
  {                                                                                                                    \
    PH_GROUPS(io, g)                                                                                                   \
    {                                                                                                                  \
      PhCursor dflt = ph_cursor(io, k, g);                                                                             \
      PH_FRAMES(io, g, out) { ph_store(out, ph_next(&dflt)); }                                                         \
    }                                                                                                                  \
  }

DEFAULT_OF(second, 1)
DEFAULT_OF(third, 2)

/* A wheel that nobody moves. */
static void pitchbend(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PH_FRAMES(io, g, out) { ph_store(out, ph_splat(0)); }
  }
}

static const PhParam cc_params[] = {
  PH_P_REQ("number", "int", 0, 0, 127, "", PH_SCALE_INT,
           "the controller, a constant: 1 the modulation wheel, 7 the volume, 74 the brightness"),
  PH_P("chan", "int", 0, 0, 16, "", PH_SCALE_INT, "the MIDI channel, a constant; 0 listens to all"),
  PH_P("default", "num", 0, 0, 1, "", PH_SCALE_LIN, "until the controller is moved, and offline"),
};

#define CHANNEL PH_P("chan", "int", 0, 0, 16, "", PH_SCALE_INT, "the MIDI channel, a constant; 0 listens to all")

static const PhParam pitchbend_params[] = {
  PH_P("range", "num", 2, 0, 96, "st", PH_SCALE_LIN, "how far the wheel bends at its ends, a constant"),
  CHANNEL,
};

static const PhParam pressure_params[] = {
  CHANNEL,
  PH_P("default", "num", 0, 0, 1, "", PH_SCALE_LIN, "until somebody presses, and offline"),
};

static const PhParam keypressure_params[] = {
  PH_P_REQ("key", "int", 0, 0, 127, "", PH_SCALE_INT, "the key, a constant; 60 is c4"),
  CHANNEL,
  PH_P("default", "num", 0, 0, 1, "", PH_SCALE_LIN, "until somebody presses, and offline"),
};

static const PhParam program_params[] = {
  CHANNEL,
  PH_P("default", "int", 0, 0, 127, "", PH_SCALE_INT, "until a program is chosen, and offline"),
};

static const PhParam osc_params[] = {
  { "path", "text", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN,
    "the name that `/ctrl` sets, or the path of a message of one number; begins with `/`" },
  PH_P("default", "num", 0, -1e9, 1e9, "", PH_SCALE_LIN, "until a message comes, and offline"),
};

static const PhUnit units[] = {
  PH_ROW("cc", "", "live",
         "The last value of a MIDI controller, from 0 to 1: it steps as the messages come, and `lag` smooths it.",
         "saw 110 # lpf ((cc 74 0 0.5 # lag 0.02) * 4000 + 200)", cc_params, .process = third,
         .flags = PH_UNIT_PURE | PH_UNIT_INPUT),
  PH_ROW("pitchbend", "", "live",
         "The wheel of a MIDI keyboard in semitones, 0 where it rests; the keys that play `~midi` follow it by "
         "themselves, by two semitones.",
         "saw (mtof (45 + (pitchbend 12 # lag 0.01)))", pitchbend_params, .process = pitchbend,
         .flags = PH_UNIT_PURE | PH_UNIT_INPUT),
  PH_ROW("pressure", "", "live",
         "How hard the keys of a MIDI keyboard are pressed after they were struck (channel pressure), from 0 to 1.",
         "saw 110 # lpf ((pressure # lag 0.02) * 4000 + 200)", pressure_params, .process = second,
         .flags = PH_UNIT_PURE | PH_UNIT_INPUT),
  PH_ROW("keypressure", "", "live",
         "How hard one key of a MIDI keyboard is pressed after it was struck (polyphonic aftertouch), from 0 to 1.",
         "saw 110 # lpf ((keypressure 60 # lag 0.02) * 4000 + 200)", keypressure_params, .process = third,
         .flags = PH_UNIT_PURE | PH_UNIT_INPUT),
  PH_ROW("program", "", "live", "The program that was chosen last on a MIDI keyboard, from 0 to 127.",
         "saw (55 * (program 0 3 + 1))", program_params, .process = second, .flags = PH_UNIT_PURE | PH_UNIT_INPUT),
  PH_ROW("osc", "", "live",
         "The last number that came as an OSC message: it steps as the messages come, and `lag` smooths it.",
         "saw 110 * (osc \"/level\" 0.5 # lag 0.02)", osc_params, .process = osc,
         .flags = PH_UNIT_PURE | PH_UNIT_INPUT),
};

PH_EXPORT_TABLE(live);
