/* Changes that need no argument: Tidal's functions for beginners.  SPDX-License-Identifier: MIT */
#include "pattern/args.h"

#define PAT(i) ph_arg_as_pat(build, &args[i])

#define CHANGE(name, op, control, value)                                                                                        \
  static PhArg name(PhBuild *build, const PhArg *args)                                                                          \
  {                                                                                                                             \
    return ph_arg_pat(ph_with_control(build, op, PAT(0), control, ph_num(value)));                                              \
  }
CHANGE(build_crunch, PH_OP_RIGHT, "crush", 3.0)
CHANGE(build_louder, PH_OP_MUL, "gain", 1.2)
CHANGE(build_quieter, PH_OP_MUL, "gain", 0.8)
CHANGE(build_left, PH_OP_RIGHT, "pan", build->tidal ? 0.0 : -1.0)
CHANGE(build_right, PH_OP_RIGHT, "pan", 1.0)
CHANGE(build_higher, PH_OP_MUL, "speed", 1.5)
CHANGE(build_lower, PH_OP_MUL, "speed", 0.75)

static PhArg build_scratch(PhBuild *build, const PhArg *args) { return ph_arg_pat(ph_rev(build, ph_chop(build, 32, PAT(0)))); }
static PhArg build_skip(PhBuild *build, const PhArg *args) { return ph_arg_pat(ph_rot_l(build, PH_RAT(1, 4), PAT(0))); }

static PhArg build_silent(PhBuild *build, const PhArg *args)
{
  (void)args;
  return ph_arg_pat(ph_pat_silence(build));
}

static PhArg hurried(PhBuild *build, const PhArg *args, PhRat factor)
{
  const PhPat *fast = ph_fast(build, factor, PAT(0));
  return ph_arg_pat(ph_with_control(build, PH_OP_MUL, fast, "speed", ph_num(ph_rat_to_double(factor))));
}

static PhArg build_faster(PhBuild *build, const PhArg *args) { return hurried(build, args, PH_RAT_INT(2)); }
static PhArg build_slower(PhBuild *build, const PhArg *args) { return hurried(build, args, PH_RAT(1, 2)); }

/* ---- rows ---------------------------------------------------------------------------------------------------------------- */

#define FAMILY "control"
#define PATTERN PH_REQ("pattern", "ctrl", "")

static const PhPatFunc rows[] = {
  PH_ROW("crunch", "", FAMILY, "ctrl", "Crushes the sound to three bits.", "crunch $ s \"bd\"", "", build_crunch, PATTERN),
  PH_ROW("scratch", "", FAMILY, "ctrl", "Cuts every event into 32 pieces and plays the cycle backwards.", "scratch $ s \"bd\"", "",
         build_scratch, PATTERN),
  PH_ROW("louder", "", FAMILY, "ctrl", "Multiplies the gain by 1.2.", "louder $ s \"bd\" # gain 1", "", build_louder, PATTERN),
  PH_ROW("quieter", "", FAMILY, "ctrl", "Multiplies the gain by 0.8.", "quieter $ s \"bd\" # gain 1", "", build_quieter, PATTERN),
  PH_ROW("silent", "", FAMILY, "ctrl", "Plays nothing.", "silent $ s \"bd\"", "", build_silent, PATTERN),
  PH_ROW("skip", "", FAMILY, "ctrl", "Plays a quarter of a cycle earlier.", "skip $ s \"bd sn\"", "", build_skip, PATTERN),
  PH_ROW("left", "", FAMILY, "ctrl", "Plays on the left.", "left $ s \"bd\"", "", build_left, PATTERN),
  PH_ROW("right", "", FAMILY, "ctrl", "Plays on the right.", "right $ s \"bd\"", "", build_right, PATTERN),
  PH_ROW("higher", "", FAMILY, "ctrl", "Multiplies the speed of samples by 1.5.", "higher $ s \"bd\" # speed 1", "", build_higher, PATTERN),
  PH_ROW("lower", "", FAMILY, "ctrl", "Multiplies the speed of samples by 0.75.", "lower $ s \"bd\" # speed 1", "", build_lower, PATTERN),
  PH_ROW("faster", "", FAMILY, "ctrl", "Plays twice as fast, samples too: hurry 2.", "faster $ s \"bd sn\"", "", build_faster, PATTERN),
  PH_ROW("slower", "", FAMILY, "ctrl", "Plays half as fast, samples too: hurry 0.5.", "slower $ s \"bd sn\"", "", build_slower, PATTERN),
};

const PhPatTable ph_pat_simple = { rows, PH_COUNT(rows) };
