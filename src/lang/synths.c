/* The synths with SuperDirt's names.  SPDX-License-Identifier: MIT */
#include "lang/lang.h"

#define P(name_, dflt_, least_, most_, unit_, doc_)                                                                    \
  { name_, "sig", dflt_, least_, most_, unit_, PH_PARAM_OPTIONAL, PH_SCALE_LIN, doc_ }
#define P_FREQ(dflt_) { "freq", "hz", dflt_, 0.1, 22000, "Hz", PH_PARAM_OPTIONAL, PH_SCALE_LOG, "pitch" }
#define SYNTH(name_, doc_, example_, params_, attack_, release_, length_, ...)                                         \
  {                                                                                                                    \
    .func = { .name = name_, .aliases = "", .family = "synth", .doc = doc_, .example = example_, .result = "sig",     \
              .params = params_, .param_count = PH_COUNT(params_), .sort = PH_FUNC_SYNTH },                            \
    .text = __VA_ARGS__, .shape = { attack_, release_, length_ }                                                       \
  }

static const PhParam superkick_params[] = { P_FREQ(55), P("pitch1", 1, 0, 10, "", "tone of the click"), P("decay", 1, 0.1, 10, "", "length") };
static const PhSynth synths[] = {
  SYNTH("superkick", "A kick drum: a sine that falls, and a click.", "s \"superkick*4\"", superkick_params, 0, 0.02, 0.6,
    "sine (freq * (1 + 3 * curve 1 0 0.06 -6)) * curve 1 0 (0.5 * decay) -4\n"
    "+ (noise # lpf (1500 * pitch1) 0.7) * curve 1 0 (0.02 * decay) -6 * 0.5"),
};

const PhSynth *ph_synths(size_t *count)
{
  *count = PH_COUNT(synths);
  return synths;
}
