/* Stepwise functions: patterns as numbers of steps (PhPat.steps).  SPDX-License-Identifier: MIT */
#include "pattern/args.h"

#include <stdlib.h>

#define PAT(i) ph_arg_as_pat(build, &args[i])

/* ---- patterns one after another, by their steps ------------------------------------------------------------------------------ */

static const PhPat *step_cat(PhBuild *build, const PhPat *const *pats, size_t count)
{
  PhRat *weights = PH_NEWN(build->arena, PhRat, count + 1);
  for (size_t i = 0; i < count; i++) {
    weights[i] = ph_rat_ok(pats[i]->steps) ? pats[i]->steps : PH_RAT_INT(1);
  }
  return ph_timecat(build, weights, pats, count);
}

static PhArg build_step_cat(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat *const *pats = ph_arg_pats(build, &args[0], &count);
  return ph_arg_pat(step_cat(build, pats, count));
}

static uint64_t gcd(uint64_t a, uint64_t b)
{
  while (b) {
    const uint64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/* A pattern from each group in turn, lcm * groups times (Tidal). */
static PhArg build_step_alt(PhBuild *build, const PhArg *args)
{
  const size_t groups = args[0].tag == PH_ARG_LIST ? args[0].count : 0;
  uint64_t rounds = 1;
  for (size_t i = 0; i < groups; i++) {
    const PhArg *group = &args[0].items[i];
    const uint64_t len = group->tag == PH_ARG_LIST ? group->count : 1;
    rounds = len && rounds <= PH_LIST_MAX ? rounds / gcd(rounds, len) * len : 0;
  }
  rounds *= groups;
  if (rounds == 0 || rounds * groups > PH_LIST_MAX) {
    return ph_arg_pat(rounds ? ph_complain(build, PH_LIMIT, "more than %d patterns", PH_LIST_MAX)
                             : ph_pat_silence(build));
  }
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, rounds *groups);
  for (size_t i = 0; i < groups; i++) {
    size_t len;
    const PhPat *const *group = ph_arg_pats(build, &args[0].items[i], &len);
    for (size_t round = 0; round < rounds; round++) {
      pats[round * groups + i] = group[round % len];
    }
  }
  return ph_arg_pat(step_cat(build, pats, (size_t)rounds * groups));
}

/* ---- patterned arguments: stepJoin --------------------------------------------------------------------------------------------- */

typedef struct StepJoin {
  PhPat base;
  const PhPat *outer, *child;
  PhRatFn *fn;
} StepJoin;

static int by_time(const void *a, const void *b) { return ph_rat_cmp(*(const PhRat *)a, *(const PhRat *)b); }

/* Where events of a cycle (whose times are relative to it) begin or end, sorted, each once. */
static size_t cuts_of(PhQuery *query, const PhEvents *events, PhRat **out)
{
  size_t len = 0, kept = 1;
  PhRat *cuts = PH_NEWN(query->arena, PhRat, 2 * events->len + 2);
  cuts[len++] = PH_RAT_INT(0);
  cuts[len++] = PH_RAT_INT(1);
  for (size_t i = 0; i < events->len; i++) {
    cuts[len++] = events->items[i].part.begin;
    cuts[len++] = events->items[i].part.end;
  }
  qsort(cuts, len, sizeof *cuts, by_time);
  for (size_t i = 1; i < len; i++) {
    if (!ph_rat_eq(cuts[i], cuts[kept - 1])) {
      cuts[kept++] = cuts[i];
    }
  }
  *out = cuts;
  return kept;
}

/* What plays in one slice of the cycle: a stack of the child by every value that is active there. */
static const PhPat *slice_pat(PhBuild *build, const StepJoin *join, const PhEvents *events, PhArc slice)
{
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, events->len + 1);
  size_t count = 0;
  for (size_t i = 0; i < events->len; i++) {
    PhArc seen;
    PhRat value;
    if (ph_arc_sect(slice, events->items[i].part, &seen) && ph_value_to_rat(&events->items[i].value, &value)) {
      pats[count++] = join->fn(build, value, join->child);
    }
  }
  return count == 1 ? pats[0] : ph_stack(build, pats, count);
}

/* A cycle of the outer pattern, as a timecat of its slices by their steps. */
static const PhPat *cycle_of(PhQuery *query, PhBuild *build, const StepJoin *join, int64_t cycle)
{
  PhEvents *events = ph_scratch_take(query);
  PhRat *cuts;
  const PhPat *shifted = ph_rot_l(build, PH_RAT_INT(cycle), join->outer);
  ph_query(query, shifted, ph_arc(PH_RAT_INT(0), PH_RAT_INT(1)), events);
  const size_t count = cuts_of(query, events, &cuts) - 1;
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count);
  PhRat *weights = PH_NEWN(build->arena, PhRat, count);
  PhRat occupied = PH_RAT_INT(0), steps = PH_RAT_INT(0);
  for (size_t i = 0; i < count; i++) {
    pats[i] = slice_pat(build, join, events, ph_arc(cuts[i], cuts[i + 1]));
    weights[i] = ph_rat_sub(cuts[i + 1], cuts[i]);
    if (ph_rat_ok(pats[i]->steps)) {
      occupied = ph_rat_add(occupied, weights[i]);
      steps = ph_rat_add(steps, pats[i]->steps);
    }
  }
  for (size_t i = 0; i < count; i++) {
    const bool known = ph_rat_ok(pats[i]->steps);
    weights[i] = known          ? pats[i]->steps
                 : occupied.num ? ph_rat_mul(weights[i], ph_rat_div(steps, occupied))
                                : weights[i];
  }
  ph_scratch_give(query, events);
  return ph_timecat(build, weights, pats, count);
}

static void query_step_join(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const StepJoin *join = (const StepJoin *)pat;
  PhBuild build = ph_query_build(query, false);
  PhCycles it = ph_cycles(query, span);
  while (ph_cycles_next(&it)) {
    ph_query(query, cycle_of(query, &build, join, it.cycle), it.arc, out);
  }
}

static PhArg step_param(PhBuild *build, const PhArg *args, PhRatFn *fn)
{
  const PhPat *arg = PAT(0), *child = PAT(1);
  const PhValue *constant = ph_pat_constant(arg);
  PhRat value;
  if (constant) {
    return ph_arg_pat(ph_value_to_rat(constant, &value) ? fn(build, value, child) : ph_pat_silence(build));
  }
  StepJoin *join = PH_NODE(build, StepJoin, query_step_join);
  join->outer = arg;
  join->child = child;
  join->fn = fn;
  join->base.routes = child->routes;
  PhQuery query = { .arena = build->arena, .cps = 0.5 };
  query.depth = 1; /* inside a query: what it makes is the build's */
  join->base.steps = cycle_of(&query, build, join, 0)->steps;
  return ph_arg_pat(&join->base);
}

/* ---- the functions ----------------------------------------------------------------------------------------------------------------- */

static const PhPat *expand(PhBuild *build, PhRat factor, const PhPat *pat)
{
  return ph_pat_with_steps(build, pat, ph_rat_mul(pat->steps, factor));
}

static const PhPat *contract(PhBuild *build, PhRat factor, const PhPat *pat)
{
  return ph_pat_with_steps(build, pat, ph_rat_div(pat->steps, factor));
}

static const PhPat *extend(PhBuild *build, PhRat factor, const PhPat *pat)
{
  return expand(build, factor, ph_pat_with_steps(build, ph_fast(build, factor, pat), pat->steps));
}

/* The first n steps, or the last -n. */
static const PhPat *take(PhBuild *build, PhRat n, const PhPat *pat)
{
  const PhRat steps = pat->steps, one = PH_RAT_INT(1), none = PH_RAT_INT(0);
  if (!ph_rat_ok(steps) || steps.num <= 0) {
    return pat;
  }
  const PhRat share = ph_rat_div(ph_rat_abs(n), steps);
  const PhArc arc = n.num >= 0 ? ph_arc(none, share) : ph_arc(ph_rat_sub(one, share), one);
  return ph_pat_with_steps(build, ph_zoom(build, arc, pat), ph_rat_min(ph_rat_abs(n), steps));
}

static const PhPat *drop(PhBuild *build, PhRat n, const PhPat *pat)
{
  const PhRat steps = pat->steps;
  if (!ph_rat_ok(steps)) {
    return pat;
  }
  return take(build, n.num >= 0 ? ph_rat_sub(steps, n) : ph_rat_neg(ph_rat_add(steps, n)), pat);
}

static const PhPat *pace(PhBuild *build, PhRat target, const PhPat *pat)
{
  if (!ph_rat_ok(pat->steps) || pat->steps.num <= 0) {
    return pat;
  }
  return ph_pat_with_steps(build, ph_fast(build, ph_rat_div(target, pat->steps), pat), target);
}

static PhArg build_expand(PhBuild *build, const PhArg *args) { return step_param(build, args, expand); }
static PhArg build_contract(PhBuild *build, const PhArg *args) { return step_param(build, args, contract); }
static PhArg build_extend(PhBuild *build, const PhArg *args) { return step_param(build, args, extend); }
static PhArg build_take(PhBuild *build, const PhArg *args) { return step_param(build, args, take); }
static PhArg build_drop(PhBuild *build, const PhArg *args) { return step_param(build, args, drop); }
static PhArg build_pace(PhBuild *build, const PhArg *args) { return step_param(build, args, pace); }

/* ---- rows ------------------------------------------------------------------------------------------------------------------------------ */

#define FAMILY "step"

static const PhPatFunc rows[] = {
  PH_ROW("stepcat", "stepCat", FAMILY, "a",
         "Plays patterns one after another in a cycle, each as long as it has steps.", "stepcat [\"a b c\", \"d e\"]",
         "0-1/5 \"a\" | 1/5-2/5 \"b\" | 2/5-3/5 \"c\" | 3/5-4/5 \"d\" | 4/5-1 \"e\"",
         build_step_cat, PH_REQ("patterns", "[a]", "")),
  PH_ROW("stepalt", "stepAlt", FAMILY, "a", "Plays a pattern from each of several groups in turn, step by step.",
         "stepalt [[\"a\", \"b c\"], [\"d\"]]",
         "0-1/10 \"a\" | 1/10-1/5 \"d\" | 1/5-3/10 \"b\" | 3/10-2/5 \"c\" | 2/5-1/2 \"d\" | 1/2-3/5 \"a\""
         " | 3/5-7/10 \"d\" | 7/10-4/5 \"b\" | 4/5-9/10 \"c\" | 9/10-1 \"d\"",
         build_step_alt, PH_REQ("groups", "[[a]]", "")),
  PH_ROW("expand", "", FAMILY, "a", "Makes a pattern count as so many times its steps.",
         "stepcat [expand 2 \"a b\", \"c\"]",
         "0-2/5 \"a\" | 2/5-4/5 \"b\" | 4/5-1 \"c\"",
         build_expand, PH_REQ("factor", "time", ""),
         PH_REQ("pattern", "a", "")),
  PH_ROW("contract", "", FAMILY, "a", "Makes a pattern count as a fraction of its steps.",
         "stepcat [contract 2 \"a b\", \"c\"]",
         "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-1 \"c\"",
         build_contract, PH_REQ("factor", "time", ""),
         PH_REQ("pattern", "a", "")),
  PH_ROW("extend", "", FAMILY, "a", "Plays a pattern faster and makes it count as so many times its steps.",
         "stepcat [extend 2 \"a b\", \"c\"]",
         "0-1/5 \"a\" | 1/5-2/5 \"b\" | 2/5-3/5 \"a\" | 3/5-4/5 \"b\" | 4/5-1 \"c\"",
         build_extend, PH_REQ("factor", "time", ""),
         PH_REQ("pattern", "a", "")),
  PH_ROW("steptake", "stepTake", FAMILY, "a", "Keeps the first n steps; negative: the last.", "steptake 2 \"a b c d\"",
         "0-1/2 \"a\" | 1/2-1 \"b\"",
         build_take, PH_REQ("n", "time", "steps"), PH_REQ("pattern", "a", "")),
  PH_ROW("stepdrop", "stepDrop", FAMILY, "a", "Drops the first n steps; negative: the last.", "stepdrop 1 \"a b c d\"",
         "0-1/3 \"a\" | 1/3-2/3 \"b\" | 2/3-1 \"c\"",
         build_drop, PH_REQ("n", "time", "steps"), PH_REQ("pattern", "a", "")),
  PH_ROW("pace", "", FAMILY, "a", "Plays a pattern at n steps a cycle.", "pace 4 \"a b c\"",
         "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-3/4 \"c\" | 3/4-1 \"a\"",
         build_pace,
         PH_REQ("steps", "time", "per cycle"), PH_REQ("pattern", "a", "")),
};

const PhPatTable ph_pat_step = { rows, PH_COUNT(rows) };
