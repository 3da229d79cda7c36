/* Envelopes of voices: several controls at once (FUNCTIONS, "Controls"). The level that `adsr` holds is the control
   sustainlevel, because Tidal's sustain is a length.  SPDX-License-Identifier: MIT */
#include "pattern/core.h"

static const PhPat *control(PhBuild *build, const char *name, const PhArg *arg, double dflt)
{
  const PhPat *values = arg->tag == PH_ARG_ABSENT ? ph_pat_pure(build, ph_num(dflt)) : ph_arg_as_pat(build, arg);
  return ph_pat_control(build, name, values);
}

/* `#`: structure from the left, controls of both. */
static const PhPat *with(PhBuild *build, const PhPat *left, const PhPat *right)
{
  return ph_pat_op(build, PH_OP_RIGHT, PH_OP_IN, left, right);
}

static PhArg build_ar(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(with(build, control(build, "attack", &args[0], 0.01), control(build, "release", &args[1], 0.2)));
}

static PhArg build_asr(PhBuild *build, const PhArg *args)
{
  const PhPat *level = ph_pat_control(build, "sustainlevel", ph_pat_pure(build, ph_num(1)));
  return ph_arg_pat(with(build, build_ar(build, args).pat, level));
}

static PhArg build_adsr(PhBuild *build, const PhArg *args)
{
  const PhPat *pat = with(build, control(build, "attack", &args[0], 0.01), control(build, "decay", &args[1], 0.1));
  pat = with(build, pat, control(build, "sustainlevel", &args[2], 0.7));
  return ph_arg_pat(with(build, pat, control(build, "release", &args[3], 0.2)));
}

static PhArg build_segments(PhBuild *build, const PhArg *args)
{
  const PhPat *levels = ph_pat_control(build, "envlevels", ph_pat_pure(build, args[0].value));
  const PhPat *pat = with(build, levels, ph_pat_control(build, "envtimes", ph_pat_pure(build, args[1].value)));
  return ph_arg_pat(with(build, pat, control(build, "envcurve", &args[2], 0)));
}

static PhArg build_curve(PhBuild *build, const PhArg *args)
{
  const PhPat *pat = with(build, control(build, "envfrom", &args[0], 1), control(build, "envto", &args[1], 0));
  pat = with(build, pat, control(build, "envdur", &args[2], 1));
  return ph_arg_pat(with(build, pat, control(build, "envcurve", &args[3], -4)));
}

/* ---- rows ---------------------------------------------------------------------------------------------------------------- */

#define FAMILY "control"
#define SEC(name_, dflt_, doc_)                                                                                        \
  { .name = name_, .type = "num", .dflt = dflt_, .least = 0, .most = 60, .unit = "s", .flags = PH_PARAM_OPTIONAL,        \
    .scale = PH_SCALE_LOG, .doc = doc_ }
#define BEND(dflt_)                                                                                                    \
  { .name = "curve", .type = "num", .dflt = dflt_, .least = -20, .most = 20, .unit = "", .flags = PH_PARAM_OPTIONAL,   \
    .doc = "0 straight, above 0 late, below 0 early" }
#define ATTACK SEC("attack", 0.01, "the time that the level rises")
#define RELEASE SEC("release", 0.2, "the time that it falls to silence")

static const PhPatFunc rows[] = {
  PH_ROW("ar", "ad perc", FAMILY, "ctrl", "Plays events with a percussive envelope: up, and at once down again.", "ar 0.1 0.5",
         "0-1 attack: 0.1, release: 0.5", build_ar, ATTACK, RELEASE),
  PH_ROW("asr", "", FAMILY, "ctrl", "Plays events with an envelope that is held for their length.", "asr 0.1 0.5",
         "0-1 attack: 0.1, release: 0.5, sustainlevel: 1", build_asr, ATTACK, RELEASE),
  PH_ROW("adsr", "", FAMILY, "ctrl", "Plays events with an envelope: up, down to a level that is held for their length, and out.",
         "adsr 0.01 0.1 0.5 0.3", "0-1 attack: 0.01, decay: 0.1, release: 0.3, sustainlevel: 0.5", build_adsr, ATTACK,
         SEC("decay", 0.1, "the time that it falls to the sustain level"),
         { .name = "sustain", .type = "num", .dflt = 0.7, .least = 0, .most = 1, .unit = "", .flags = PH_PARAM_OPTIONAL,
           .doc = "the level that is held" },
         RELEASE),
  PH_ROW("segments", "", FAMILY, "ctrl", "Plays events with an envelope of any shape: levels, and the seconds between them.",
         "segments \"0 1 0.3 0\" \"0.01 0.1 0.5\"", "0-1 envcurve: 0, envlevels: \"0 1 0.3 0\", envtimes: \"0.01 0.1 0.5\"",
         build_segments, PH_REQ("levels", "text", "2 to 65 numbers, the first is the beginning; where the last is 0, the sound ends there"),
         PH_REQ("times", "text", "seconds between the levels, one less than levels"), BEND(0)),
  PH_ROW("curve", "", FAMILY, "ctrl", "Plays events with a bent line as their envelope.", "curve 1 0 0.5",
         "0-1 envcurve: -4, envdur: 0.5, envfrom: 1, envto: 0", build_curve,
         { .name = "from", .type = "num", .dflt = 1, .least = -8, .most = 8, .unit = "", .doc = "the level at the onset" },
         { .name = "to", .type = "num", .dflt = 0, .least = -8, .most = 8, .unit = "", .doc = "the level at the end; 0 ends the sound" },
         SEC("dur", 1, "how long it takes"), BEND(-4)),
};

const PhPatTable ph_pat_envelope = { rows, PH_COUNT(rows) };
