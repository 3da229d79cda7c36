/* What comes in from outside while a program plays: controllers and messages. The values come from the graph, which puts a step signal
   that the engine sets in the place of these units; by themselves they give their default.  SPDX-License-Identifier: MIT */
#include "dsp/kernel.h"

PH_MAP1(osc, x)

/* The last of three inputs, which is the default. */
static void cc(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor dflt = ph_cursor(io, 2, g);
    PH_FRAMES(io, g, out) { ph_store(out, ph_next(&dflt)); }
  }
}

static const PhParam cc_params[] = {
  PH_P_REQ("number", "int", 0, 0, 127, "", PH_SCALE_INT,
           "the controller, a constant: 1 the modulation wheel, 7 the volume, 74 the brightness"),
  PH_P("chan", "int", 0, 0, 16, "", PH_SCALE_INT, "the MIDI channel, a constant; 0 listens to all"),
  PH_P("default", "num", 0, 0, 1, "", PH_SCALE_LIN, "until the controller is moved, and offline"),
};

static const PhParam osc_params[] = {
  { "path", "text", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN,
    "the name that `/ctrl` sets, or the path of a message of one number; begins with `/`" },
  PH_P("default", "num", 0, -1e9, 1e9, "", PH_SCALE_LIN, "until a message comes, and offline"),
};

static const PhUnit units[] = {
  PH_ROW("cc", "", "live",
         "The last value of a MIDI controller, from 0 to 1: it steps as the messages come, and `lag` smooths it.",
         "saw 110 # lpf ((cc 74 0 0.5 # lag 0.02) * 4000 + 200)", cc_params, .process = cc,
         .flags = PH_UNIT_PURE | PH_UNIT_INPUT),
  PH_ROW("osc", "", "live",
         "The last number that came as an OSC message: it steps as the messages come, and `lag` smooths it.",
         "saw 110 * (osc \"/level\" 0.5 # lag 0.02)", osc_params, .process = osc,
         .flags = PH_UNIT_PURE | PH_UNIT_INPUT),
};

PH_EXPORT_TABLE(live);
