/* Functions that change values and leave the time as it is.  SPDX-License-Identifier: MIT */
#include "base/dmath.h"
#include "pattern/core.h"

#include <math.h>
#include <string.h>

#define PAT(i) ph_arg_as_pat(build, &args[i])

/* ---- ranges -------------------------------------------------------------------------------------------------- */

static PhValue in_range(PhQuery *query, const void *ctx, PhValue ends, PhValue value)
{
  (void)ctx;
  double from, to, x;
  const PhValue *items = ends.list->items;
  if (value.tag == PH_VALUE_MAP) { /* each numeric control */
    const PhValue width = ph_value_op(query, PH_OP_SUB, items[1], items[0]);
    return ph_value_op(query, PH_OP_ADD, ph_value_op(query, PH_OP_MUL, value, width), items[0]);
  }
  if (!ph_value_to_num(&items[0], &from) || !ph_value_to_num(&items[1], &to) || !ph_value_to_num(&value, &x)) {
    return value;
  }
  return value.tag == PH_VALUE_NOTE ? ph_note(x * (to - from) + from) : ph_num(x * (to - from) + from);
}

static PhValue in_rangex(PhQuery *query, const void *ctx, PhValue ends, PhValue value)
{
  (void)query, (void)ctx;
  double from, to, x;
  const PhValue *items = ends.list->items;
  if (!ph_value_to_num(&items[0], &from) || !ph_value_to_num(&items[1], &to) || !ph_value_to_num(&value, &x)) {
    return value;
  }
  return ph_num(from * ph_exp2_d(x * ph_log2_d(to / from)));
}

/* from *> to *> p: the structure comes from the last. */
static PhArg ranged(PhBuild *build, const PhArg *args, PhValueOp *op)
{
  const PhPat *ends = ph_pair(build, PH_APP_RIGHT, PAT(0), PAT(1));
  return ph_arg_pat(ph_pat_with_routes(build, ph_app(build, PH_APP_RIGHT, ends, PAT(2), op, NULL), PAT(2)->routes));
}

static PhArg build_range(PhBuild *build, const PhArg *args) { return ranged(build, args, in_range); }
static PhArg build_rangex(PhBuild *build, const PhArg *args) { return ranged(build, args, in_rangex); }

/* ---- -1 … 1 and 0 … 1 ------------------------------------------------------------------------------------------ */

static PhValue to_bipolar(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query, (void)ctx;
  double x;
  return ph_value_to_num(&value, &x) ? ph_num(x * 2.0 - 1.0) : value;
}

static PhValue from_bipolar(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query, (void)ctx;
  double x;
  return ph_value_to_num(&value, &x) ? ph_num((x + 1.0) / 2.0) : value;
}

static PhArg build_to_bipolar(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_with_value(build, PAT(0), to_bipolar, NULL));
}

static PhArg build_from_bipolar(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_with_value(build, PAT(0), from_bipolar, NULL));
}

static PhArg build_range2(PhBuild *build, const PhArg *args)
{
  const PhArg scaled[3] = { args[0], args[1], build_from_bipolar(build, &args[2]) };
  return ranged(build, scaled, in_range);
}

/* ---- rounding ------------------------------------------------------------------------------------------------ */

/* To the nearest, halves to the even number (Haskell's round). */
static double round_even(double x)
{
  const double low = floor(x), rest = x - low;
  if (rest == 0.5) {
    return low / 2.0 == floor(low / 2.0) ? low : low + 1.0;
  }
  return rest < 0.5 ? low : low + 1.0;
}

typedef double RoundFn(double x);

static PhValue quantised(PhValue steps, PhValue value, RoundFn *fn)
{
  double n, x;
  if (!ph_value_to_num(&steps, &n) || n == 0.0 || !ph_value_to_num(&value, &x)) {
    return value;
  }
  const double r = fn(x * n) / n;
  return value.tag == PH_VALUE_NOTE ? ph_note(r) : ph_num(r);
}

static PhValue to_nearest(PhQuery *query, const void *ctx, PhValue steps, PhValue value)
{
  (void)query, (void)ctx;
  return quantised(steps, value, round_even);
}

static PhValue to_floor(PhQuery *query, const void *ctx, PhValue steps, PhValue value)
{
  (void)query, (void)ctx;
  return quantised(steps, value, floor);
}

static PhValue to_ceiling(PhQuery *query, const void *ctx, PhValue steps, PhValue value)
{
  (void)query, (void)ctx;
  return quantised(steps, value, ceil);
}

static PhArg build_quantise(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_app(build, PH_APP_RIGHT, PAT(0), PAT(1), to_nearest, NULL));
}

static PhArg build_qfloor(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_app(build, PH_APP_RIGHT, PAT(0), PAT(1), to_floor, NULL));
}

static PhArg build_qceiling(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_app(build, PH_APP_RIGHT, PAT(0), PAT(1), to_ceiling, NULL));
}

/* ---- booleans ------------------------------------------------------------------------------------------------ */

static PhValue not_value(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query, (void)ctx;
  bool b;
  return ph_value_to_bool(&value, &b) ? ph_bool(!b) : value;
}

static PhArg build_same(PhBuild *build, const PhArg *args) { return ph_arg_pat(PAT(0)); }

static PhArg build_inv(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_with_value(build, PAT(0), not_value, NULL));
}

static PhArg build_necklace(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat *const *lengths = ph_arg_pats(build, &args[1], &count);
  PH_ARRAY(PhValue) values = { 0 };
  for (size_t i = 0; i < count; i++) {
    const PhArg length = ph_arg_pat(lengths[i]);
    const int64_t n = ph_arg_as_int(&length, 0);
    if (n > PH_ITER_MAX || values.len > PH_ITER_MAX) {
      return ph_arg_pat(ph_complain(build, PH_LIMIT, "a necklace has more than %d steps", PH_ITER_MAX));
    }
    for (int64_t k = 0; k < (n > 0 ? n : 1); k++) {
      PH_PUSH(build->arena, &values, ph_bool(k == 0));
    }
  }
  const PhRat per_cycle = ph_arg_as_rat(&args[0], PH_RAT_INT(1));
  if (per_cycle.num <= 0) {
    return ph_arg_pat(ph_complain(build, PH_RANGE, "a necklace has more than 0 steps per cycle"));
  }
  const PhPat *pat = ph_fastcat_values(build, values.items, values.len);
  return ph_arg_pat(ph_slow(build, ph_rat_div(PH_RAT_INT((int64_t)values.len), per_cycle), pat));
}

/* ---- swap ---------------------------------------------------------------------------------------------------- */

typedef struct Swap {
  size_t count;
  PhValue *from, *to;
} Swap;

static bool swap_event(PhQuery *query, const void *ctx, PhEvent *e)
{
  (void)query;
  const Swap *swap = ctx;
  for (size_t i = 0; i < swap->count; i++) {
    if (ph_value_eq(&swap->from[i], &e->value)) {
      e->value = swap->to[i];
      return true;
    }
  }
  return false;
}

static PhArg build_swap(PhBuild *build, const PhArg *args)
{
  const size_t n = args[0].tag == PH_ARG_LIST ? args[0].count : 0;
  Swap *swap = PH_NEW(build->arena, Swap);
  swap->from = PH_NEWN(build->arena, PhValue, n + 1);
  swap->to = PH_NEWN(build->arena, PhValue, n + 1);
  for (size_t i = 0; i < n; i++) {
    const PhArg *pair = &args[0].items[i];
    const PhValue *from = pair->count == 2 ? ph_pat_constant(ph_arg_as_pat(build, &pair->items[0])) : NULL;
    const PhValue *to = from ? ph_pat_constant(ph_arg_as_pat(build, &pair->items[1])) : NULL;
    if (!to) {
      return ph_arg_pat(ph_complain(build, PH_ARG, "swap needs a list of pairs of constants"));
    }
    swap->from[swap->count] = *from;
    swap->to[swap->count++] = *to;
  }
  return ph_arg_pat(ph_with_event(build, PAT(1), swap_event, swap));
}

/* ---- fix, contrast ------------------------------------------------------------------------------------------- */

typedef struct Match {
  PhPat base;
  const PhPat *test, *pat;
  const PhFn *compare; /* NULL: equality */
  const PhValue *range; /* a list of name, least, most: instead of `test` */
  bool inverse;
} Match;

/* Whether the control that a range names is a number inside it. */
static bool in_named_range(const PhValue *range, const PhValue *value)
{
  const PhValue *items = range->list->items;
  const PhValue *found = value->tag == PH_VALUE_MAP ? ph_map_find(value->map, items[0].str) : NULL;
  double x, least, most;
  return found && ph_value_is_number(found) && ph_value_to_num(found, &x) && ph_value_to_num(&items[1], &least) &&
         ph_value_to_num(&items[2], &most) && x >= least && x <= most;
}

static bool values_match(PhQuery *query, const PhFn *compare, const PhValue *a, const PhValue *b)
{
  if (!compare) {
    return ph_value_eq(a, b);
  }
  PhBuild build = ph_query_build(query, false);
  const PhArg args[2] = { ph_arg_pat(ph_pat_pure(&build, *a)), ph_arg_pat(ph_pat_pure(&build, *b)) };
  const PhArg result = ph_fn_call(&build, compare, args, 2);
  const PhValue *value = ph_pat_constant(ph_arg_as_pat(&build, &result));
  bool yes = false;
  return value && ph_value_to_bool(value, &yes) && yes;
}

/* Whether everything that `test` says holds for `value`. */
static bool is_part_of(PhQuery *query, const PhFn *compare, const PhValue *test, const PhValue *value)
{
  if (test->tag != PH_VALUE_MAP || value->tag != PH_VALUE_MAP) {
    return values_match(query, compare, test, value);
  }
  for (size_t i = 0; i < test->map->len; i++) {
    const PhValue *found = ph_map_find(value->map, test->map->items[i].name);
    if (!found || !values_match(query, compare, &test->map->items[i].value, found)) {
      return false;
    }
  }
  return true;
}

static void query_match(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Match *match = (const Match *)pat;
  size_t kept = out->len;
  ph_query(query, match->pat, span, out);
  PhEvents *tests = ph_scratch_take(query);
  for (size_t i = kept; i < out->len; i++) {
    const PhEvent e = out->items[i];
    const PhRat at = ph_event_arc(&e).begin;
    bool yes = match->range && in_named_range(match->range, &e.value);
    tests->len = 0;
    if (match->test) {
      ph_query(query, match->test, ph_arc(at, at), tests);
    }
    for (size_t j = 0; j < tests->len && !yes; j++) {
      yes = is_part_of(query, match->compare, &tests->items[j].value, &e.value);
    }
    if (yes != match->inverse) {
      out->items[kept++] = e;
    }
  }
  out->len = kept;
  ph_scratch_give(query, tests);
}

static const PhPat *matching(PhBuild *build, const PhFn *compare, const PhPat *test, const PhPat *pat, bool inverse)
{
  Match *match = PH_NODE(build, Match, query_match);
  match->test = test;
  match->pat = pat;
  match->compare = compare;
  match->inverse = inverse;
  match->base.routes = pat->routes;
  match->base.steps = pat->steps;
  return &match->base;
}

/* contrastRange: what a range of one control holds for, and what it does not. */
static PhArg contrast_range(PhBuild *build, const PhFn *yes, const PhFn *no, const PhArg *named, const PhArg *arg)
{
  const PhPat *pat = ph_arg_as_pat(build, arg);
  if (named->count != 2 || named->items[1].count != 2 || named->items[0].value.tag != PH_VALUE_STR) {
    return ph_arg_pat(ph_complain(build, PH_ARG, "expected a control and its range: (\"n\", (0, 3))"));
  }
  PhValueList *list = ph_arena_alloc(build->arena, sizeof *list + 3 * sizeof list->items[0]);
  list->len = 3;
  list->items[0] = named->items[0].value;
  list->items[1] = ph_num(ph_arg_as_num(&named->items[1].items[0], 0.0));
  list->items[2] = ph_num(ph_arg_as_num(&named->items[1].items[1], 0.0));
  PhValue *range = PH_NEW(build->arena, PhValue);
  *range = (PhValue){ .tag = PH_VALUE_LIST, .list = list };
  const PhPat *sides[2];
  for (int i = 0; i < 2; i++) {
    Match *match = PH_NODE(build, Match, query_match);
    *match = (Match){ .base = match->base, .pat = pat, .range = range, .inverse = i == 1 };
    match->base.routes = pat->routes;
    match->base.steps = pat->steps;
    const PhFn *fn = i == 0 ? yes : no;
    sides[i] = fn ? ph_fn_apply(build, fn, &match->base) : &match->base;
  }
  return ph_arg_pat(ph_stack2(build, sides[0], sides[1]));
}

static PhArg build_contrast_range(PhBuild *build, const PhArg *args)
{
  return contrast_range(build, args[0].fn, args[1].fn, &args[2], &args[3]);
}

static PhArg build_fix_range(PhBuild *build, const PhArg *args)
{
  return contrast_range(build, args[0].fn, NULL, &args[1], &args[2]);
}

static PhArg build_unfix_range(PhBuild *build, const PhArg *args)
{
  return contrast_range(build, NULL, args[0].fn, &args[1], &args[2]);
}

static PhArg contrast(PhBuild *build, const PhFn *compare, const PhFn *yes, const PhFn *no, const PhArg *test,
                      const PhArg *arg)
{
  const PhPat *tests = ph_arg_as_pat(build, test), *pat = ph_arg_as_pat(build, arg);
  const PhPat *hit = matching(build, compare, tests, pat, false), *miss = matching(build, compare, tests, pat, true);
  hit = yes ? ph_fn_apply(build, yes, hit) : hit;
  miss = no ? ph_fn_apply(build, no, miss) : miss;
  return ph_arg_pat(ph_stack2(build, hit, miss));
}

static PhArg build_fix(PhBuild *build, const PhArg *args)
{
  return contrast(build, NULL, args[0].fn, NULL, &args[1], &args[2]);
}

static PhArg build_unfix(PhBuild *build, const PhArg *args)
{
  return contrast(build, NULL, NULL, args[0].fn, &args[1], &args[2]);
}

static PhArg build_contrast(PhBuild *build, const PhArg *args)
{
  return contrast(build, NULL, args[0].fn, args[1].fn, &args[2], &args[3]);
}

static PhArg build_contrast_by(PhBuild *build, const PhArg *args)
{
  return contrast(build, args[0].fn, args[1].fn, args[2].fn, &args[3], &args[4]);
}

/* ---- rows ---------------------------------------------------------------------------------------------------- */

#define FAMILY "time"
#define RANGE PH_REQ("range", "(!str,(!num,!num))", "a control, and the least and the greatest value that match")

static const PhPatFunc rows[] = {
  PH_ROW("range", "", FAMILY, "a", "Scales values from 0…1 to a range.", "range 1 5 \"0 0.5\"", "0-1/2 1 | 1/2-1 3",
         build_range, PH_REQ("from", "a", "what 0 becomes"), PH_REQ("to", "a", "what 1 becomes"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("range2", "", FAMILY, "num", "Scales numbers from -1…1 to a range.", "range2 1 5 \"-1 0\"",
         "0-1/2 1 | 1/2-1 3", build_range2, PH_REQ("from", "num", "what -1 becomes"),
         PH_REQ("to", "num", "what 1 becomes"), PH_REQ("pattern", "num", "")),
  PH_ROW("toBipolar", "", FAMILY, "num", "Turns numbers from 0…1 into numbers from -1…1.", "toBipolar \"0 0.5 1\"",
         "0-1/3 -1 | 1/3-2/3 0 | 2/3-1 1", build_to_bipolar, PH_REQ("pattern", "num", "")),
  PH_ROW("fromBipolar", "", FAMILY, "num", "Turns numbers from -1…1 into numbers from 0…1.", "fromBipolar \"-1 0 1\"",
         "0-1/3 0 | 1/3-2/3 0.5 | 2/3-1 1", build_from_bipolar, PH_REQ("pattern", "num", "")),
  PH_ROW("rangex", "", FAMILY, "num", "Scales values from 0…1 to a range on an exponential curve, for frequencies.",
         "rangex 20 2000 \"0 0.5\"", "0-1/2 20 | 1/2-1 199.99999999999997", build_rangex,
         PH_REQ("from", "num", "greater than 0"), PH_REQ("to", "num", "greater than 0"), PH_REQ("pattern", "num", "")),
  PH_ROW("quantise", "qround quantize", FAMILY, "num", "Rounds numbers to the nearest 1/n.", "quantise 4 \"0.3 0.6\"",
         "0-1/2 0.25 | 1/2-1 0.5", build_quantise, PH_REQ("n", "num", "steps per whole number"),
         PH_REQ("pattern", "num", "")),
  PH_ROW("qfloor", "", FAMILY, "num", "Rounds numbers down to a 1/n.", "qfloor 4 \"0.3 0.6\"", "0-1/2 0.25 | 1/2-1 0.5",
         build_qfloor, PH_REQ("n", "num", "steps per whole number"), PH_REQ("pattern", "num", "")),
  PH_ROW("qceiling", "qceil", FAMILY, "num", "Rounds numbers up to a 1/n.", "qceiling 4 \"0.3 0.6\"",
         "0-1/2 0.5 | 1/2-1 0.75", build_qceiling, PH_REQ("n", "num", "steps per whole number"),
         PH_REQ("pattern", "num", "")),
  PH_ROW("fromRational", "toRational fromIntegral realToFrac toTime", FAMILY, "num",
         "Leaves numbers as they are: all kinds of numbers turn into each other where they are used.",
         "fromRational \"0 1\"", "0-1/2 0 | 1/2-1 1", build_same, PH_REQ("pattern", "num", "")),
  PH_ROW("inv", "invert", FAMILY, "bool", "Turns true into false and false into true.", "inv \"t f f\"",
         "0-1/3 false | 1/3-2/3 true | 2/3-1 true", build_inv, PH_REQ("pattern", "bool", "")),
  PH_ROW("necklace", "", FAMILY, "bool", "True at the beginnings of steps whose lengths a list gives.",
         "necklace 8 [3,3,2]",
         "0-1/8 true | 1/8-1/4 false | 1/4-3/8 false | 3/8-1/2 true | 1/2-5/8 false | 5/8-3/4 false | 3/4-7/8 true"
         " | 7/8-1 false",
         build_necklace, PH_REQ("perCycle", "!time", "steps per cycle"), PH_REQ("lengths", "[int]", "in steps")),
  PH_ROW("swap", "", FAMILY, "b", "Replaces values by those of a list of pairs, and drops the others.",
         "swap [(\"a\", \"bd\"), (\"b\", \"sn\")] \"a b c\"", "0-1/3 \"bd\" | 1/3-2/3 \"sn\"", build_swap,
         PH_REQ("pairs", "[(a,b)]", "from and to"), PH_REQ("pattern", "a", "")),
  PH_ROW("fix", "", FAMILY, "ctrl", "Applies a function to the events that have the given controls.",
         "fix (# speed 2) (s \"sn\") $ s \"bd sn\"", "0-1/2 s: \"bd\" | 1/2-1 s: \"sn\", speed: 2", build_fix,
         PH_REQ("function", "(ctrl->ctrl)", ""), PH_REQ("controls", "ctrl", "what must match"),
         PH_REQ("pattern", "ctrl", "")),
  PH_ROW("unfix", "", FAMILY, "ctrl", "Applies a function to the events that do not have the given controls.",
         "unfix (# speed 2) (s \"sn\") $ s \"bd sn\"", "0-1/2 s: \"bd\", speed: 2 | 1/2-1 s: \"sn\"", build_unfix,
         PH_REQ("function", "(ctrl->ctrl)", ""), PH_REQ("controls", "ctrl", "what must match"),
         PH_REQ("pattern", "ctrl", "")),
  PH_ROW("contrast", "", FAMILY, "ctrl",
         "Applies one function to the events that have the given controls, another to the rest.",
         "contrast (# speed 2) (# speed 3) (s \"sn\") $ s \"bd sn\"",
         "0-1/2 s: \"bd\", speed: 3 | 1/2-1 s: \"sn\", speed: 2", build_contrast,
         PH_REQ("matching", "(ctrl->ctrl)", ""), PH_REQ("others", "(ctrl->ctrl)", ""),
         PH_REQ("controls", "ctrl", "what must match"), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("contrastBy", "", FAMILY, "ctrl",
         "Like contrast, with a function that compares the given value with that of an event.",
         "contrastBy (<=) (# speed 2) (# speed 3) (n \"1\") $ n \"0 1\"", "0-1/2 n: 0, speed: 3 | 1/2-1 n: 1, speed: 2",
         build_contrast_by, PH_REQ("compare", "(a->a->bool)", ""), PH_REQ("matching", "(ctrl->ctrl)", ""),
         PH_REQ("others", "(ctrl->ctrl)", ""), PH_REQ("controls", "ctrl", "what must match"),
         PH_REQ("pattern", "ctrl", "")),
  PH_ROW("contrastRange", "", FAMILY, "ctrl",
         "One function for the events with a control inside a range, another for the others.",
         "contrastRange (# speed 2) (# speed 3) (\"n\", (1, 2)) $ n \"0 1\"",
         "0-1/2 n: 0, speed: 3 | 1/2-1 n: 1, speed: 2", build_contrast_range, PH_REQ("matching", "(ctrl->ctrl)", ""),
         PH_REQ("others", "(ctrl->ctrl)", ""), RANGE, PH_REQ("pattern", "ctrl", "")),
  PH_ROW("fixRange", "", FAMILY, "ctrl", "Applies a function to the events with a control inside a range.",
         "fixRange (# speed 2) (\"n\", (1, 2)) $ n \"0 1\"", "0-1/2 n: 0 | 1/2-1 n: 1, speed: 2", build_fix_range,
         PH_REQ("function", "(ctrl->ctrl)", ""), RANGE, PH_REQ("pattern", "ctrl", "")),
  PH_ROW("unfixRange", "", FAMILY, "ctrl",
         "Applies a function to the events with a control outside a range, or without it.",
         "unfixRange (# speed 2) (\"n\", (1, 2)) $ n \"0 1\"", "0-1/2 n: 0, speed: 2 | 1/2-1 n: 1", build_unfix_range,
         PH_REQ("function", "(ctrl->ctrl)", ""), RANGE, PH_REQ("pattern", "ctrl", "")),
};

const PhPatTable ph_pat_values = { rows, PH_COUNT(rows) };
