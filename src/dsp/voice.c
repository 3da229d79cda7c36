/* What an instrument knows of the event that it plays. The values come from the graph, which puts a parameter of the voice in
   the place of these units; by themselves, outside an instrument, they give their default.  SPDX-License-Identifier: MIT */
#include "dsp/kernel.h"

PH_MAP1(ctl, x)

static const PhParam ctl_params[] = {
  { "name", "text", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN,
    "a control, by its name or an alias; `freq` is the pitch of the note, `note` the note, `sustain` the seconds that it lasts" },
  PH_P("default", "sig", 0, 0, 0, "", PH_SCALE_LIN, "where the event does not say, and outside an instrument"),
};

static const PhUnit units[] = {
  PH_ROW("ctl", "", "voice", "The value of a control of the event that an instrument plays, taken at its onset.",
         "saw 110 # lpf (ctl \"cutoff\" 800)", ctl_params, .process = ctl, .flags = PH_UNIT_PURE | PH_UNIT_CONTROL),
};

PH_EXPORT_TABLE(voice);
