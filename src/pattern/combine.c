/* Functions that put patterns together: one after another, on top of each other, in parts.  SPDX-License-Identifier: MIT */
#include "pattern/core.h"

#define PAT(i) ph_arg_as_pat(build, &args[i])

/* ---- lists --------------------------------------------------------------------------------------------------- */

static PhArg build_silence(PhBuild *build, const PhArg *args)
{
  (void)args;
  return ph_arg_pat(ph_pat_silence(build));
}

static PhArg build_stack(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat *const *pats = ph_arg_pats(build, &args[0], &count);
  return ph_arg_pat(ph_stack(build, pats, count));
}

static PhArg build_cat(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat *const *pats = ph_arg_pats(build, &args[0], &count);
  return ph_arg_pat(ph_slowcat(build, pats, count));
}

static PhArg build_fastcat(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat *const *pats = ph_arg_pats(build, &args[0], &count);
  return ph_arg_pat(ph_fastcat(build, pats, count));
}

static PhArg build_overlay(PhBuild *build, const PhArg *args) { return ph_arg_pat(ph_stack2(build, PAT(0), PAT(1))); }

static PhArg build_append(PhBuild *build, const PhArg *args)
{
  const PhPat *const pats[] = { PAT(0), PAT(1) };
  return ph_arg_pat(ph_slowcat(build, pats, 2));
}

static PhArg build_fast_append(PhBuild *build, const PhArg *args)
{
  const PhPat *const pats[] = { PAT(0), PAT(1) };
  return ph_arg_pat(ph_fastcat(build, pats, 2));
}

/* The items of a list of tuples with at least `least` items each; NULL and a complaint if it is not one. */
static const PhArg *tuples(PhBuild *build, const PhArg *arg, uint32_t least, const char *what)
{
  bool ok = arg->tag == PH_ARG_LIST;
  for (uint32_t i = 0; ok && i < arg->count; i++) {
    ok = (arg->items[i].tag == PH_ARG_TUPLE || arg->items[i].tag == PH_ARG_LIST) && arg->items[i].count >= least;
  }
  if (!ok) {
    (void)ph_complain(build, PH_ARG, "expected a list of %s", what);
  }
  return ok ? arg->items : NULL;
}

static PhArg build_timecat(PhBuild *build, const PhArg *args)
{
  const PhArg *items = tuples(build, &args[0], 2, "pairs of a weight and a pattern");
  const uint32_t count = items ? args[0].count : 0;
  PhRat *weights = PH_NEWN(build->arena, PhRat, count + 1);
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    weights[i] = ph_arg_as_rat(&items[i].items[0], PH_RAT_INT(0));
    pats[i] = ph_arg_as_pat(build, &items[i].items[1]);
  }
  return ph_arg_pat(ph_timecat(build, weights, pats, count));
}

/* Lists of `nothing` and `just x`: what is absent is silence. */
static PhArg build_from_maybes(PhBuild *build, const PhArg *args) { return build_fastcat(build, args); }

/* ---- wedge --------------------------------------------------------------------------------------------------- */

typedef struct Two {
  const PhPat *a, *b;
} Two;

static const PhPat *wedge(PhBuild *build, const void *ctx, PhValue value)
{
  const Two *two = ctx;
  PhRat t;
  if (!ph_value_to_rat(&value, &t)) {
    return NULL;
  }
  const PhRat one = PH_RAT_INT(1);
  if (t.num <= 0) {
    return two->b;
  }
  if (!ph_rat_lt(t, one)) {
    return two->a;
  }
  const PhPat *first = ph_fast_gap(build, ph_rat_div(one, t), two->a);
  const PhPat *second = ph_fast_gap(build, ph_rat_div(one, ph_rat_sub(one, t)), two->b);
  return ph_stack2(build, first, ph_rot_r(build, t, second));
}

static PhArg build_wedge(PhBuild *build, const PhArg *args)
{
  Two *two = PH_NEW(build->arena, Two);
  *two = (Two){ PAT(1), PAT(2) };
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), wedge, two, two->a->routes | two->b->routes));
}

/* ---- functions over lists ------------------------------------------------------------------------------------ */

/* Each function of a list applied to the pattern. */
static const PhPat **layers(PhBuild *build, const PhArg *fns, const PhPat *pat, size_t *count)
{
  *count = fns->tag == PH_ARG_LIST ? fns->count : fns->tag == PH_ARG_FN;
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, *count + 1);
  for (size_t i = 0; i < *count; i++) {
    const PhArg *fn = fns->tag == PH_ARG_LIST ? &fns->items[i] : fns;
    pats[i] = fn->tag == PH_ARG_FN ? ph_fn_apply(build, fn->fn, pat)
                                   : ph_complain(build, PH_TYPE, "expected a list of functions");
  }
  return pats;
}

static PhArg build_layer(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat **pats = layers(build, &args[0], PAT(1), &count);
  return ph_arg_pat(ph_stack(build, pats, count));
}

static PhArg build_superimpose(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_stack2(build, PAT(1), ph_fn_apply(build, args[0].fn, PAT(1))));
}

static PhArg build_spreadf(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat **pats = layers(build, &args[0], PAT(1), &count);
  return ph_arg_pat(ph_slowcat(build, pats, count));
}

static PhArg build_fastspreadf(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat **pats = layers(build, &args[0], PAT(1), &count);
  return ph_arg_pat(ph_fastcat(build, pats, count));
}

/* A function that was taken for a pattern (of the type `b` of a list) is a function again. */
static PhArg as_given(const PhArg *arg)
{
  const PhValue *value = arg->tag == PH_ARG_PAT     ? ph_pat_constant(arg->pat)
                         : arg->tag == PH_ARG_VALUE ? &arg->value
                                                    : NULL;
  return value && value->tag == PH_VALUE_FN ? ph_arg_fn(value->fn) : *arg;
}

/* f x p for every x of the list. */
static const PhPat **spread(PhBuild *build, const PhArg *args, size_t *count)
{
  const PhArg *list = &args[1];
  const bool many = list->tag == PH_ARG_LIST;
  *count = many ? list->count : 1;
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, *count + 1);
  for (size_t i = 0; i < *count; i++) {
    const PhArg both[2] = { as_given(many ? &list->items[i] : list), ph_arg_pat(PAT(2)) };
    const PhArg result = ph_fn_call(build, args[0].fn, both, 2);
    pats[i] = ph_arg_as_pat(build, &result);
  }
  return pats;
}

static PhArg build_spread(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat **pats = spread(build, args, &count);
  return ph_arg_pat(ph_slowcat(build, pats, count));
}

static PhArg build_fastspread(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat **pats = spread(build, args, &count);
  return ph_arg_pat(ph_fastcat(build, pats, count));
}

static size_t choose_cycle(PhQuery *query, const void *ctx, int64_t cycle)
{
  return (size_t)(ph_rand_at(query, PH_RAT_INT(cycle)) * (double)*(const size_t *)ctx);
}

static const PhPat *cut_to_cycle(PhBuild *build, const PhPat *pat)
{
  return ph_join_pats(build, PH_JOIN_UNWRAP, ph_pat_pure(build, ph_pat_value(pat)), pat->routes);
}

static PhArg build_spread_choose(PhBuild *build, const PhArg *args)
{
  size_t *count = PH_NEW(build->arena, size_t);
  const PhPat **pats = spread(build, args, count);
  for (size_t i = 0; i < *count; i++) {
    pats[i] = cut_to_cycle(build, pats[i]);
  }
  return ph_arg_pat(ph_pick_cycles(build, choose_cycle, count, pats, *count));
}

/* ---- numbers in order ---------------------------------------------------------------------------------------- */

static const PhPat *count_up(PhBuild *build, int64_t n)
{
  if (n > PH_ITER_MAX) {
    return ph_complain(build, PH_LIMIT, "more than %d steps", PH_ITER_MAX);
  }
  PhValue *values = PH_NEWN(build->arena, PhValue, n > 0 ? n : 1);
  for (int64_t i = 0; i < n; i++) {
    values[i] = ph_num((double)i);
  }
  return ph_fastcat_values(build, values, n > 0 ? (size_t)n : 0);
}

static const PhPat *run(PhBuild *build, const void *ctx, PhValue value)
{
  (void)ctx;
  double n;
  return ph_value_to_num(&value, &n) && n >= 1 ? count_up(build, n < 1e9 ? (int64_t)n : 1000000000) : NULL;
}

static const PhPat *scan(PhBuild *build, const void *ctx, PhValue value)
{
  (void)ctx;
  int64_t n;
  if (!ph_value_to_int(&value, &n) || n < 1) {
    return NULL;
  }
  if (n > 1024) {
    return ph_complain(build, PH_LIMIT, "scan counts to more than 1024");
  }
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, n);
  for (int64_t i = 0; i < n; i++) {
    pats[i] = count_up(build, i + 1);
  }
  return ph_slowcat(build, pats, (size_t)n);
}

static PhArg build_run(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), run, NULL, PH_ROUTES_PLAIN));
}

static PhArg build_scan(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), scan, NULL, PH_ROUTES_PLAIN));
}

static const PhPat *irun(PhBuild *build, const void *ctx, PhValue value)
{
  const PhPat *up = run(build, ctx, value);
  return up ? ph_rev(build, up) : NULL;
}

static PhArg build_irun(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), irun, NULL, PH_ROUTES_PLAIN));
}

/* ---- sequences over many cycles ------------------------------------------------------------------------------ */

typedef struct PlayFor {
  PhPat base;
  const PhPat *child;
  PhArc span;
} PlayFor;

static void query_play_for(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const PlayFor *p = (const PlayFor *)pat;
  PhArc shown;
  if (ph_arc_sect(p->span, span, &shown)) {
    ph_query(query, p->child, shown, out);
  }
}

const PhPat *ph_play_for(PhBuild *build, PhArc span, const PhPat *pat)
{
  PlayFor *p = PH_NODE(build, PlayFor, query_play_for);
  p->child = pat;
  p->span = span;
  p->base.routes = pat->routes;
  return &p->base;
}

/* Begin, end and pattern of each section; *all is the span from the first begin to the last end. */
static const PhPat *sections(PhBuild *build, const PhArg *arg, PhArc *all)
{
  const PhArg *items = tuples(build, arg, 3, "triples of begin, end and pattern");
  const uint32_t count = items ? arg->count : 0;
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count + 1);
  *all = ph_arc(PH_RAT_INT(0), PH_RAT_INT(1));
  for (uint32_t i = 0; i < count; i++) {
    const PhArg *t = items[i].items;
    const PhArc span = ph_arc(ph_arg_as_rat(&t[0], PH_RAT_INT(0)), ph_arg_as_rat(&t[1], PH_RAT_INT(0)));
    const PhPat *from = ph_rot_r(build, ph_rat_floor(span.begin), ph_arg_as_pat(build, &t[2]));
    pats[i] = ph_play_for(build, span, from);
    *all = i == 0 ? span : ph_arc(ph_rat_min(all->begin, span.begin), ph_rat_max(all->end, span.end));
  }
  return ph_stack(build, pats, count);
}

static PhArg build_seq(PhBuild *build, const PhArg *args)
{
  PhArc all;
  return ph_arg_pat(sections(build, &args[0], &all));
}

static PhArg build_seq_loop(PhBuild *build, const PhArg *args)
{
  PhArc all;
  const PhPat *seq = sections(build, &args[0], &all);
  const PhRat length = ph_arc_length(all);
  if (length.num <= 0) {
    return ph_arg_pat(ph_pat_silence(build));
  }
  return ph_arg_pat(ph_time_loop(build, length, ph_rot_l(build, all.begin, seq)));
}

/* ---- rows ---------------------------------------------------------------------------------------------------- */

#define FAMILY "combine"

static const PhPatFunc rows[] = {
  PH_ROW0("silence", "nothing", FAMILY, "a", "Nothing at all.", "silence", "", build_silence),
  PH_ROW("stack", "", FAMILY, "a", "Plays all patterns of a list at once.", "stack [\"a b\", \"c d e\"]",
         "0-1/3 \"c\" | 0-1/2 \"a\" | 1/3-2/3 \"d\" | 1/2-1 \"b\" | 2/3-1 \"e\"", build_stack,
         PH_REQ("patterns", "[a]", "")),
  PH_ROW("overlay", "", FAMILY, "a", "Plays two patterns at once.", "overlay \"a b\" \"c\"",
         "0-1/2 \"a\" | 0-1 \"c\" | 1/2-1 \"b\"", build_overlay, PH_REQ("first", "a", ""), PH_REQ("second", "a", "")),
  PH_ROW("cat", "slowcat slowCat", FAMILY, "a", "Plays the patterns of a list one after another, a cycle each.",
         "cat [\"a b\", \"c\"]", "0-1/2 \"a\" | 1/2-1 \"b\"", build_cat, PH_REQ("patterns", "[a]", "")),
  PH_ROW("fastcat", "fastCat sequence seq", FAMILY, "a",
         "Plays the patterns of a list one after another within each cycle.", "fastcat [\"a b\", \"c\"]",
         "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-1 \"c\"", build_fastcat, PH_REQ("patterns", "[a]", "")),
  PH_ROW("fastFromList", "listToPat fromMaybes", FAMILY, "a", "Plays the items of a list within each cycle.",
         "fastFromList [\"a\", \"b\"]", "0-1/2 \"a\" | 1/2-1 \"b\"", build_from_maybes, PH_REQ("items", "[a]", "")),
  PH_ROW("fromList", "", FAMILY, "a", "Plays the items of a list, one in each cycle.", "fromList [\"a\", \"b\"]",
         "0-1 \"a\"", build_cat, PH_REQ("items", "[a]", "")),
  PH_ROW("append", "slowAppend slowappend", FAMILY, "a", "Plays two patterns in alternate cycles.",
         "append \"a b\" \"c\"", "0-1/2 \"a\" | 1/2-1 \"b\"", build_append, PH_REQ("first", "a", ""),
         PH_REQ("second", "a", "")),
  PH_ROW("fastAppend", "fastappend", FAMILY, "a", "Plays two patterns one after the other within each cycle.",
         "fastAppend \"a b\" \"c\"", "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-1 \"c\"", build_fast_append,
         PH_REQ("first", "a", ""), PH_REQ("second", "a", "")),
  PH_ROW("timecat", "timeCat", FAMILY, "a", "Plays patterns within each cycle, each for its weight.",
         "timecat [(3, \"a*3\"), (1, \"b\")]", "0-1/4 \"a\" | 1/4-1/2 \"a\" | 1/2-3/4 \"a\" | 3/4-1 \"b\"",
         build_timecat, PH_REQ("parts", "[(!time,a)]", "weight and pattern")),
  PH_ROW("wedge", "", FAMILY, "a", "Squeezes two patterns into the two parts of each cycle.",
         "wedge 0.25 \"a b\" \"c d\"", "0-1/8 \"a\" | 1/8-1/4 \"b\" | 1/4-5/8 \"c\" | 5/8-1 \"d\"", build_wedge,
         PH_REQ("part", "time", "of the first pattern, 0 to 1"), PH_REQ("first", "a", ""), PH_REQ("second", "a", "")),
  PH_ROW("layer", "", FAMILY, "b", "Plays what each function of a list makes of a pattern, all at once.",
         "layer [rev, fast 2] \"a b\"",
         "0-1/4 \"a\" | 0-1/2 \"b\" | 1/4-1/2 \"b\" | 1/2-3/4 \"a\" | 1/2-1 \"a\" | 3/4-1 \"b\"", build_layer,
         PH_REQ("functions", "[(a->b)]", ""), PH_REQ("pattern", "a", "")),
  PH_ROW("superimpose", "", FAMILY, "a", "Plays a pattern and what a function makes of it at once.",
         "superimpose (fast 2) \"a b\"",
         "0-1/4 \"a\" | 0-1/2 \"a\" | 1/4-1/2 \"b\" | 1/2-3/4 \"a\" | 1/2-1 \"b\" | 3/4-1 \"b\"", build_superimpose,
         PH_REQ("function", "(a->a)", ""), PH_REQ("pattern", "a", "")),
  PH_ROW("spread", "slowspread", FAMILY, "c",
         "Applies a function with one argument of a list after another, a cycle each.", "spread fast [1, 2] \"a b\"",
         "0-1/2 \"a\" | 1/2-1 \"b\"", build_spread, PH_REQ("function", "(b->a->c)", ""), PH_REQ("arguments", "[b]", ""),
         PH_REQ("pattern", "a", "")),
  PH_ROW("fastspread", "fastSpread", FAMILY, "c", "Like spread, all within each cycle.",
         "fastspread fast [1, 2] \"a b\"",
         "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-5/8 \"a\" | 5/8-3/4 \"b\" | 3/4-7/8 \"a\" | 7/8-1 \"b\"", build_fastspread,
         PH_REQ("function", "(b->a->c)", ""), PH_REQ("arguments", "[b]", ""), PH_REQ("pattern", "a", "")),
  PH_ROW("spreadChoose", "spreadr", FAMILY, "c", "Like spread, with the argument chosen at random for each cycle.",
         "spreadChoose fast [1, 2] \"a b\"", "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-3/4 \"a\" | 3/4-1 \"b\"",
         build_spread_choose, PH_REQ("function", "(b->a->c)", ""), PH_REQ("arguments", "[b]", ""),
         PH_REQ("pattern", "a", "")),
  PH_ROW("spreadf", "", FAMILY, "a", "Applies the functions of a list one after another, a cycle each.",
         "spreadf [rev, fast 2] \"a b\"", "0-1/2 \"b\" | 1/2-1 \"a\"", build_spreadf,
         PH_REQ("functions", "[(a->a)]", ""), PH_REQ("pattern", "a", "")),
  PH_ROW("fastspreadf", "", FAMILY, "a", "Applies the functions of a list one after another, all within each cycle.",
         "fastspreadf [rev, fast 2] \"a b\"",
         "0-1/4 \"b\" | 1/4-1/2 \"a\" | 1/2-5/8 \"a\" | 5/8-3/4 \"b\" | 3/4-7/8 \"a\" | 7/8-1 \"b\"", build_fastspreadf,
         PH_REQ("functions", "[(a->a)]", ""), PH_REQ("pattern", "a", "")),
  PH_ROW("run", "", FAMILY, "num", "The numbers from 0 to n - 1 within each cycle.", "run 4",
         "0-1/4 0 | 1/4-1/2 1 | 1/2-3/4 2 | 3/4-1 3", build_run, PH_REQ("n", "num", "how many")),
  PH_ROW("irun", "", FAMILY, "num", "The numbers from n - 1 down to 0 within each cycle.", "irun 4",
         "0-1/4 3 | 1/4-1/2 2 | 1/2-3/4 1 | 3/4-1 0", build_irun, PH_REQ("n", "num", "how many")),
  PH_ROW("scan", "", FAMILY, "num", "run 1, run 2 … run n in turn, a cycle each.", "scan 3", "0-1 0", build_scan,
         PH_REQ("n", "num", "how many")),
  PH_ROW("seqP", "", FAMILY, "a", "Plays patterns from a cycle to a cycle each, once.",
         "seqP [(0, 1, \"a\"), (0, 2, \"b*2\")]", "0-1/2 \"b\" | 0-1 \"a\" | 1/2-1 \"b\"", build_seq,
         PH_REQ("parts", "[(!time,!time,a)]", "begin, end and pattern")),
  PH_ROW("seqPLoop", "", FAMILY, "a", "Like seqP, repeated.", "seqPLoop [(0, 1, \"a\"), (1, 2, \"b*2\")]", "0-1 \"a\"",
         build_seq_loop, PH_REQ("parts", "[(!time,!time,a)]", "begin, end and pattern")),
};

const PhPatTable ph_pat_combine = { rows, PH_COUNT(rows) };
