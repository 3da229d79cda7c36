/* Changes that need no argument: Tidal's functions for beginners.  SPDX-License-Identifier: MIT */
#include "pattern/args.h"

#define PAT(i) ph_arg_as_pat(build, &args[i])

#define CHANGE(name, op, control, value)                                                                               \
  static PhArg name(PhBuild *build, const PhArg *args)                                                                 \
  {                                                                                                                    \
    return ph_arg_pat(ph_with_control(build, op, PAT(0), control, ph_num(value)));                                     \
  }
CHANGE(build_crunch, PH_OP_RIGHT, "crush", 3.0)
CHANGE(build_louder, PH_OP_MUL, "gain", 1.2)
CHANGE(build_quieter, PH_OP_MUL, "gain", 0.8)
CHANGE(build_left, PH_OP_RIGHT, "pan", build->tidal ? 0.0 : -1.0)
CHANGE(build_right, PH_OP_RIGHT, "pan", 1.0)
CHANGE(build_higher, PH_OP_MUL, "speed", 1.5)
CHANGE(build_lower, PH_OP_MUL, "speed", 0.75)

static PhArg build_scratch(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_rev(build, ph_chop(build, 32, PAT(0))));
}
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
  PH_ROW("crunch", "", FAMILY, "ctrl", "Crushes the sound to three bits.", "crunch $ s \"bd\"",
         "0-1 crush: 3, s: \"bd\"",
         build_crunch,
         PATTERN),
  PH_ROW("scratch", "", FAMILY, "ctrl", "Cuts every event into 32 pieces and plays the cycle backwards.",
         "scratch $ s \"bd\"",
         "0-1/32 begin: 0.96875, end: 1, s: \"bd\" | 1/32-1/16 begin: 0.9375, end: 0.96875, s: \"bd\""
         " | 1/16-3/32 begin: 0.90625, end: 0.9375, s: \"bd\" | 3/32-1/8 begin: 0.875, end: 0.90625, s: \"bd\""
         " | 1/8-5/32 begin: 0.84375, end: 0.875, s: \"bd\" | 5/32-3/16 begin: 0.8125, end: 0.84375, s: \"bd\""
         " | 3/16-7/32 begin: 0.78125, end: 0.8125, s: \"bd\" | 7/32-1/4 begin: 0.75, end: 0.78125, s: \"bd\""
         " | 1/4-9/32 begin: 0.71875, end: 0.75, s: \"bd\" | 9/32-5/16 begin: 0.6875, end: 0.71875, s: \"bd\""
         " | 5/16-11/32 begin: 0.65625, end: 0.6875, s: \"bd\" | 11/32-3/8 begin: 0.625, end: 0.65625, s: \"bd\""
         " | 3/8-13/32 begin: 0.59375, end: 0.625, s: \"bd\" | 13/32-7/16 begin: 0.5625, end: 0.59375, s: \"bd\""
         " | 7/16-15/32 begin: 0.53125, end: 0.5625, s: \"bd\" | 15/32-1/2 begin: 0.5, end: 0.53125, s: \"bd\""
         " | 1/2-17/32 begin: 0.46875, end: 0.5, s: \"bd\" | 17/32-9/16 begin: 0.4375, end: 0.46875, s: \"bd\""
         " | 9/16-19/32 begin: 0.40625, end: 0.4375, s: \"bd\" | 19/32-5/8 begin: 0.375, end: 0.40625, s: \"bd\""
         " | 5/8-21/32 begin: 0.34375, end: 0.375, s: \"bd\" | 21/32-11/16 begin: 0.3125, end: 0.34375, s: \"bd\""
         " | 11/16-23/32 begin: 0.28125, end: 0.3125, s: \"bd\" | 23/32-3/4 begin: 0.25, end: 0.28125, s: \"bd\""
         " | 3/4-25/32 begin: 0.21875, end: 0.25, s: \"bd\" | 25/32-13/16 begin: 0.1875, end: 0.21875, s: \"bd\""
         " | 13/16-27/32 begin: 0.15625, end: 0.1875, s: \"bd\" | 27/32-7/8 begin: 0.125, end: 0.15625, s: \"bd\""
         " | 7/8-29/32 begin: 0.09375, end: 0.125, s: \"bd\" | 29/32-15/16 begin: 0.0625, end: 0.09375, s: \"bd\""
         " | 15/16-31/32 begin: 0.03125, end: 0.0625, s: \"bd\" | 31/32-1 begin: 0, end: 0.03125, s: \"bd\"",
         build_scratch, PATTERN),
  PH_ROW("louder", "", FAMILY, "ctrl", "Multiplies the gain by 1.2.", "louder $ s \"bd\" # gain 1",
         "0-1 gain: 1.2, s: \"bd\"",
         build_louder,
         PATTERN),
  PH_ROW("quieter", "", FAMILY, "ctrl", "Multiplies the gain by 0.8.", "quieter $ s \"bd\" # gain 1",
         "0-1 gain: 0.8, s: \"bd\"",
         build_quieter,
         PATTERN),
  PH_ROW("silent", "", FAMILY, "ctrl", "Plays nothing.", "silent $ s \"bd\"",
         "",
         build_silent, PATTERN),
  PH_ROW("skip", "", FAMILY, "ctrl", "Plays a quarter of a cycle earlier.", "skip $ s \"bd sn\"",
         "-1/4-1/4[0-1/4] s: \"bd\" | 1/4-3/4 s: \"sn\" | 3/4-5/4[3/4-1] s: \"bd\"",
         build_skip,
         PATTERN),
  PH_ROW("left", "", FAMILY, "ctrl", "Plays on the left.", "left $ s \"bd\"",
         "0-1 pan: -1, s: \"bd\"",
         build_left, PATTERN),
  PH_ROW("right", "", FAMILY, "ctrl", "Plays on the right.", "right $ s \"bd\"",
         "0-1 pan: 1, s: \"bd\"",
         build_right, PATTERN),
  PH_ROW("higher", "", FAMILY, "ctrl", "Multiplies the speed of samples by 1.5.", "higher $ s \"bd\" # speed 1",
         "0-1 s: \"bd\", speed: 1.5",
         build_higher, PATTERN),
  PH_ROW("lower", "", FAMILY, "ctrl", "Multiplies the speed of samples by 0.75.", "lower $ s \"bd\" # speed 1",
         "0-1 s: \"bd\", speed: 0.75",
         build_lower, PATTERN),
  PH_ROW("faster", "", FAMILY, "ctrl", "Plays twice as fast, samples too: hurry 2.", "faster $ s \"bd sn\"",
         "0-1/4 s: \"bd\", speed: 2 | 1/4-1/2 s: \"sn\", speed: 2 | 1/2-3/4 s: \"bd\", speed: 2"
         " | 3/4-1 s: \"sn\", speed: 2",
         build_faster, PATTERN),
  PH_ROW("slower", "", FAMILY, "ctrl", "Plays half as fast, samples too: hurry 0.5.", "slower $ s \"bd sn\"",
         "0-1 s: \"bd\", speed: 0.5",
         build_slower, PATTERN),
};

const PhPatTable ph_pat_simple = { rows, PH_COUNT(rows) };
