/* Functions that keep some events of a pattern and drop the others.  SPDX-License-Identifier: MIT */
#include "pattern/core.h"

#define PAT(i) ph_arg_as_pat(build, &args[i])

/* ---- by the time of the onset -------------------------------------------------------------------------------- */

static bool keep_when(PhQuery *query, const void *ctx, PhEvent *e)
{
  PhBuild build = ph_query_build(query, false);
  const PhArg arg = ph_arg_pat(ph_pat_pure(&build, ph_ratio(ph_event_arc(e).begin)));
  const PhArg result = ph_fn_call(&build, ctx, &arg, 1);
  const PhValue *answer = ph_pat_constant(ph_arg_as_pat(&build, &result));
  bool yes = false;
  return answer && ph_value_to_bool(answer, &yes) && yes;
}

static PhArg build_filter_when(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_with_event(build, PAT(1), keep_when, args[0].fn));
}

static PhArg build_filter_onsets(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_filter_onsets(build, PAT(0)));
}

static PhArg build_filter_digital(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_filter_digital(build, PAT(0)));
}

/* ---- for a while --------------------------------------------------------------------------------------------- */

static PhArg build_play_for(PhBuild *build, const PhArg *args)
{
  const PhArc span = ph_arc(ph_arg_as_rat(&args[0], PH_RAT_INT(0)), ph_arg_as_rat(&args[1], PH_RAT_INT(1)));
  return ph_arg_pat(ph_rat_lt(span.begin, span.end) ? ph_play_for(build, span, PAT(2)) : ph_pat_silence(build));
}

/* ---- rows ---------------------------------------------------------------------------------------------------- */

#define FAMILY "structure"

static const PhPatFunc rows[] = {
  PH_ROW("filterWhen", "", FAMILY, "a", "Keeps the events whose onset, in cycles, passes a test.",
         "filterWhen (>= 0.5) \"a b\"", "1/2-1 \"b\"", build_filter_when,
         PH_REQ("test", "(!time->bool)", "of the onset"), PH_REQ("pattern", "a", "")),
  PH_ROW("filterOnsets", "onsetsOnly", FAMILY, "a", "Keeps what begins in the time that is asked for.",
         "filterOnsets $ 0.25 ~> \"a b\"", "1/4-3/4 \"a\" | 3/4-5/4[3/4-1] \"b\"", build_filter_onsets,
         PH_REQ("pattern", "a", "")),
  PH_ROW("filterDigital", "discreteOnly", FAMILY, "a", "Keeps events and drops continuous values.",
         "filterDigital \"a b\"", "0-1/2 \"a\" | 1/2-1 \"b\"", build_filter_digital, PH_REQ("pattern", "a", "")),
  PH_ROW("playFor", "", FAMILY, "a", "Plays a pattern from one cycle to another, and nothing before and after.",
         "playFor 0 0.5 \"a b\"", "0-1/2 \"a\"", build_play_for, PH_REQ("begin", "!time", "cycles"),
         PH_REQ("end", "!time", "cycles"), PH_REQ("pattern", "a", "")),
};

const PhPatTable ph_pat_keep = { rows, PH_COUNT(rows) };
