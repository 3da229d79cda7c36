/* Functions that apply others now and then: by the number of the cycle, by a pattern, by chance.
   SPDX-License-Identifier: MIT */
#include "pattern/core.h"

#define PAT(i) ph_arg_as_pat(build, &args[i])

/* A pattern and what a function made of it, once, when the program was built. */
typedef struct Changed {
  const PhPat *pats[2]; /* as it was, changed */
} Changed;

static Changed *changed(PhBuild *build, const PhFn *fn, const PhPat *pat)
{
  Changed *c = PH_NEW(build->arena, Changed);
  c->pats[0] = pat;
  c->pats[1] = ph_fn_apply(build, fn, pat);
  return c;
}

static uint64_t routes_of(const Changed *c) { return c->pats[0]->routes | c->pats[1]->routes; }

/* ---- every --------------------------------------------------------------------------------------------------- */

typedef struct Every {
  int64_t n, offset;
} Every;

static size_t is_due(PhQuery *query, const void *ctx, int64_t cycle)
{
  (void)query;
  const Every *e = ctx;
  int64_t at = e->n == -1 ? 0 : cycle % e->n; /* floored, as Haskell's mod: it has the sign of n */
  if (at != 0 && (at < 0) != (e->n < 0)) {
    at += e->n;
  }
  return at == e->offset;
}

static const PhPat *every(PhBuild *build, const Changed *c, int64_t n, int64_t offset)
{
  if (n == 0) {
    return c->pats[0];
  }
  Every *e = PH_NEW(build->arena, Every);
  *e = (Every){ n, offset };
  return ph_pick_cycles(build, is_due, e, c->pats, 2);
}

static const PhPat *every_value(PhBuild *build, const void *ctx, PhValue value)
{
  int64_t n;
  return ph_value_to_int(&value, &n) ? every(build, ctx, n, 0) : NULL;
}

static PhArg build_every(PhBuild *build, const PhArg *args)
{
  const Changed *c = changed(build, args[1].fn, PAT(2));
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), every_value, c, routes_of(c)));
}

static const PhPat *every_pair(PhBuild *build, const void *ctx, PhValue n, PhValue offset)
{
  int64_t a, b;
  return ph_value_to_int(&n, &a) && ph_value_to_int(&offset, &b) ? every(build, ctx, a, b) : NULL;
}

static PhArg build_every_offset(PhBuild *build, const PhArg *args)
{
  const Changed *c = changed(build, args[2].fn, PAT(3));
  const PhJoin join = build->tidal ? PH_JOIN_UNWRAP : PH_JOIN_INNER; /* Tidal's cuts the events at cycles */
  return ph_arg_pat(ph_param2_by(build, join, PAT(0), PAT(1), every_pair, c, routes_of(c)));
}

static PhArg build_last_of(PhBuild *build, const PhArg *args)
{
  const Changed *c = changed(build, args[1].fn, PAT(2));
  const int64_t n = ph_arg_as_int(&args[0], 1);
  return ph_arg_pat(n > 0 ? every(build, c, n, n - 1) : c->pats[0]);
}

static PhArg build_fold_every(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat *const *numbers = ph_arg_pats(build, &args[0], &count);
  const PhPat *pat = PAT(2);
  for (size_t i = count; i-- > 0;) {
    const Changed *c = changed(build, args[1].fn, pat);
    pat = ph_join(build, PH_JOIN_INNER, numbers[i], every_value, c, routes_of(c));
  }
  return ph_arg_pat(pat);
}

/* ---- whenmod, when, ifp, whenT ------------------------------------------------------------------------------- */

typedef struct Test {
  PhPat base;
  Changed c;
  PhRat a, b;     /* whenmod: time mod a >= b */
  const PhFn *fn; /* whenT: of the time */
} Test;

/* Whether the answer of a predicate to a constant is true. */
static bool holds(PhBuild *build, const PhFn *fn, PhValue value)
{
  const PhArg arg = ph_arg_pat(ph_pat_pure(build, value));
  const PhArg result = ph_fn_call(build, fn, &arg, 1);
  const PhPat *pat = ph_arg_as_pat(build, &result);
  const PhValue *answer = ph_pat_constant(pat);
  bool yes = false;
  return answer && ph_value_to_bool(answer, &yes) && yes;
}

static bool test_time(PhQuery *query, const Test *t, PhRat at)
{
  if (t->fn) {
    PhBuild build = ph_query_build(query, false);
    return holds(&build, t->fn, ph_ratio(at));
  }
  return !ph_rat_lt(ph_rat_mod(at, t->a), t->b);
}

/* whenT: the events of the changed pattern whose begin passes the test, and those of the other that do not. */
static void query_when_time(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Test *t = (const Test *)pat;
  for (int i = 0; i < 2; i++) {
    size_t kept = out->len;
    ph_query(query, t->c.pats[1 - i], span, out);
    for (size_t j = kept; j < out->len; j++) {
      const PhEvent e = out->items[j];
      if (test_time(query, t, ph_event_arc(&e).begin) == (i == 0)) {
        out->items[kept++] = e;
      }
    }
    out->len = kept;
  }
}

/* Tidal tests the beginning of whatever span it is asked for, so that the answer depends on the asker; what it answers for
   whole cycles is the rule in its dialect. */
static void query_when_cycle(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Test *t = (const Test *)pat;
  PhCycles it = ph_cycles(query, span);
  while (ph_cycles_next(&it)) {
    ph_query(query, t->c.pats[test_time(query, t, PH_RAT_INT(it.cycle))], it.arc, out);
  }
}

static Test *test_new(PhBuild *build)
{
  return PH_NODE(build, Test, build->tidal ? query_when_cycle : query_when_time);
}

static PhArg build_when_time(PhBuild *build, const PhArg *args)
{
  Test *t = test_new(build);
  t->c = *changed(build, args[1].fn, PAT(2));
  t->fn = args[0].fn;
  t->base.routes = routes_of(&t->c);
  return ph_arg_pat(&t->base);
}

static const PhPat *whenmod_pair(PhBuild *build, const void *ctx, PhValue a, PhValue b)
{
  Test *t = test_new(build);
  t->c = *(const Changed *)ctx;
  t->base.routes = routes_of(&t->c);
  return ph_value_to_rat(&a, &t->a) && ph_value_to_rat(&b, &t->b) && t->a.num != 0 ? &t->base : NULL;
}

static PhArg build_whenmod(PhBuild *build, const PhArg *args)
{
  const Changed *c = changed(build, args[2].fn, PAT(3));
  return ph_arg_pat(ph_param2(build, PAT(0), PAT(1), whenmod_pair, c, routes_of(c)));
}

static size_t cycle_holds(PhQuery *query, const void *ctx, int64_t cycle)
{
  PhBuild build = ph_query_build(query, false);
  return holds(&build, ctx, ph_int(cycle));
}

static PhArg build_when(PhBuild *build, const PhArg *args)
{
  const Changed *c = changed(build, args[1].fn, PAT(2));
  return ph_arg_pat(ph_pick_cycles(build, cycle_holds, args[0].fn, c->pats, 2));
}

static PhArg build_ifp(PhBuild *build, const PhArg *args)
{
  const PhPat *const pats[] = { ph_fn_apply(build, args[2].fn, PAT(3)), ph_fn_apply(build, args[1].fn, PAT(3)) };
  return ph_arg_pat(ph_pick_cycles(build, cycle_holds, args[0].fn, pats, 2));
}

/* ---- while --------------------------------------------------------------------------------------------------- */

static PhArg build_while(PhBuild *build, const PhArg *args)
{
  const Changed *c = changed(build, args[1].fn, PAT(2));
  return ph_arg_pat(ph_sew(build, PAT(0), c->pats[1], c->pats[0]));
}

/* ---- by chance ----------------------------------------------------------------------------------------------- */

static const PhPat *degrade(PhBuild *build, double amount, const PhPat *pat)
{
  return ph_degrade(build, amount, PH_RAT_INT(0), false, pat);
}

static const PhPat *undegrade(PhBuild *build, double amount, const PhPat *pat)
{
  return ph_degrade(build, amount, PH_RAT_INT(0), true, pat);
}

/* The events that chance leaves alone, and the function of those that it picks. */
static PhArg sometimes(PhBuild *build, const PhPat *amount, const PhFn *fn, const PhPat *pat)
{
  const PhPat *rest = ph_param_num(build, amount, degrade, pat);
  return ph_arg_pat(ph_stack2(build, rest, ph_fn_apply(build, fn, ph_param_num(build, amount, undegrade, pat))));
}

/* As above, but the function sees the whole pattern. */
static PhArg sometimes_after(PhBuild *build, const PhPat *amount, const PhFn *fn, const PhPat *pat)
{
  const PhPat *rest = ph_param_num(build, amount, degrade, pat);
  return ph_arg_pat(ph_stack2(build, rest, ph_param_num(build, amount, undegrade, ph_fn_apply(build, fn, pat))));
}

static const PhPat *amount(PhBuild *build, double x) { return ph_pat_pure(build, ph_num(x)); }

static PhArg build_sometimes_by(PhBuild *build, const PhArg *args)
{
  return sometimes(build, PAT(0), args[1].fn, PAT(2));
}

static PhArg build_sometimes_by_after(PhBuild *build, const PhArg *args)
{
  return sometimes_after(build, PAT(0), args[1].fn, PAT(2));
}

#define SOMETIMES(name, x)                                                                                             \
  static PhArg build_##name(PhBuild *build, const PhArg *args)                                                         \
  {                                                                                                                    \
    return sometimes(build, amount(build, x), args[0].fn, PAT(1));                                                     \
  }                                                                                                                    \
  static PhArg build_##name##_after(PhBuild *build, const PhArg *args)                                                 \
  {                                                                                                                    \
    return sometimes_after(build, amount(build, x), args[0].fn, PAT(1));                                               \
  }

SOMETIMES(sometimes, 0.5)
SOMETIMES(often, 0.75)
SOMETIMES(rarely, 0.25)
SOMETIMES(almost_never, 0.1)
SOMETIMES(almost_always, 0.9)

static PhArg build_always(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_fn_apply(build, args[0].fn, PAT(1)));
}
static PhArg build_never(PhBuild *build, const PhArg *args) { return ph_arg_pat(PAT(1)); }

static size_t cycle_chosen(PhQuery *query, const void *ctx, int64_t cycle)
{
  return ph_rand_at_num(query, (double)cycle) < *(const double *)ctx;
}

static const PhPat *some_cycles(PhBuild *build, const void *ctx, PhValue value)
{
  const Changed *c = ctx;
  double *x = PH_NEW(build->arena, double);
  return ph_value_to_num(&value, x) ? ph_pick_cycles(build, cycle_chosen, x, c->pats, 2) : NULL;
}

static PhArg build_some_cycles_by(PhBuild *build, const PhArg *args)
{
  const Changed *c = changed(build, args[1].fn, PAT(2));
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), some_cycles, c, routes_of(c)));
}

static PhArg build_some_cycles(PhBuild *build, const PhArg *args)
{
  const Changed *c = changed(build, args[0].fn, PAT(1));
  return ph_arg_pat(some_cycles(build, c, ph_num(0.5)));
}

/* ---- values chosen by the cycle: the same rules, with two patterns instead of a function --------------------- */

static const Changed *two(PhBuild *build, const PhPat *off, const PhPat *on)
{
  Changed *c = PH_NEW(build->arena, Changed);
  *c = (Changed){ { off, on } };
  return c;
}

static PhArg build_every_val(PhBuild *build, const PhArg *args)
{
  const Changed *c = two(build, PAT(2), PAT(1));
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), every_value, c, routes_of(c)));
}

static PhArg build_sometimes_by_val(PhBuild *build, const PhArg *args)
{
  const Changed *c = two(build, PAT(2), PAT(1));
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), some_cycles, c, routes_of(c)));
}

static PhArg build_sometimes_val(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(some_cycles(build, two(build, PAT(1), PAT(0)), ph_num(0.5)));
}

static PhArg build_whenmod_val(PhBuild *build, const PhArg *args)
{
  const Changed *c = two(build, PAT(3), PAT(2));
  return ph_arg_pat(ph_param2(build, PAT(0), PAT(1), whenmod_pair, c, routes_of(c)));
}

/* ---- rows ---------------------------------------------------------------------------------------------------- */

#define FAMILY "condition"
#define FUNCTION PH_REQ("function", "(a->a)", "")
#define PATTERN PH_REQ("pattern", "a", "")

static const PhPatFunc rows[] = {
  PH_ROW("every", "firstOf", FAMILY, "a", "Applies a function in every nth cycle, from cycle 0 on.",
         "every 2 rev \"a b\"", "0-1/2 \"b\" | 1/2-1 \"a\"", build_every, PH_REQ("n", "int", "cycles"), FUNCTION,
         PATTERN),
  PH_ROW("every'", "everyOffset", FAMILY, "a", "Like every, in the cycles whose number mod n is the offset.",
         "every' 4 0 rev \"a b\"", "0-1/2 \"b\" | 1/2-1 \"a\"", build_every_offset, PH_REQ("n", "int", "cycles"),
         PH_REQ("offset", "int", "0 to n - 1"), FUNCTION, PATTERN),
  PH_ROW("lastOf", "", FAMILY, "a", "Applies a function in the last of every n cycles.", "lastOf 1 rev \"a b\"",
         "0-1/2 \"b\" | 1/2-1 \"a\"", build_last_of, PH_REQ("n", "!int", "cycles"), FUNCTION, PATTERN),
  PH_ROW("foldEvery", "foldevery", FAMILY, "a", "Applies every for each number of a list.",
         "foldEvery [2, 3] rev \"a b\"", "0-1/2 \"a\" | 1/2-1 \"b\"", build_fold_every,
         PH_REQ("numbers", "[int]", "cycles"), FUNCTION, PATTERN),
  PH_ROW("whenmod", "", FAMILY, "a", "Applies a function while the cycle mod a is b or more.",
         "whenmod 4 0 (fast 2) \"a b\"", "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-3/4 \"a\" | 3/4-1 \"b\"", build_whenmod,
         PH_REQ("a", "time", "cycles"), PH_REQ("b", "time", "cycles"), FUNCTION, PATTERN),
  PH_ROW("when", "", FAMILY, "a", "Applies a function in the cycles for whose number a predicate holds.",
         "when ((== 0) . (`mod` 2)) rev \"a b\"", "0-1/2 \"b\" | 1/2-1 \"a\"", build_when,
         PH_REQ("test", "(int->bool)", "of the cycle"), FUNCTION, PATTERN),
  PH_ROW("whenT", "", FAMILY, "a", "Applies a function to what begins at times for which a predicate holds.",
         "whenT (< 0.5) (# speed 2) $ s \"bd sn\"", "0-1/2 s: \"bd\", speed: 2 | 1/2-1 s: \"sn\"", build_when_time,
         PH_REQ("test", "(time->bool)", "of the time in cycles"), FUNCTION, PATTERN),
  PH_ROW("ifp", "", FAMILY, "b",
         "Applies the first function in the cycles for which a predicate holds, the second in others.",
         "ifp ((== 0) . (`mod` 2)) (fast 2) rev \"a b\"", "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-3/4 \"a\" | 3/4-1 \"b\"",
         build_ifp, PH_REQ("test", "(int->bool)", "of the cycle"), PH_REQ("yes", "(a->b)", ""),
         PH_REQ("no", "(a->b)", ""), PATTERN),
  PH_ROW("while", "", FAMILY, "a", "Applies a function while a pattern of booleans is true.",
         "while \"t f\" (fast 2) \"a b c d\"",
         "0-1/8 \"a\" | 1/8-1/4 \"b\" | 1/4-3/8 \"c\" | 3/8-1/2 \"d\" | 1/2-3/4 \"c\" | 3/4-1 \"d\"", build_while,
         PH_REQ("when", "bool", ""), FUNCTION, PATTERN),
  PH_ROW("sometimesBy", "", FAMILY, "a", "Applies a function to events picked by chance.",
         "sometimesBy 0.3 (# speed 2) $ s \"a*4\"",
         "0-1/4 s: \"a\" | 1/4-1/2 s: \"a\" | 1/2-3/4 s: \"a\", speed: 2 | 3/4-1 s: \"a\", speed: 2",
         build_sometimes_by, PH_REQ("amount", "num", "chance, 0 to 1"), FUNCTION, PATTERN),
  PH_ROW("sometimesBy'", "", FAMILY, "a", "Like sometimesBy, but the function sees the whole pattern.",
         "sometimesBy' 0.3 (# speed 2) $ s \"a*4\"",
         "0-1/4 s: \"a\" | 1/4-1/2 s: \"a\" | 1/2-3/4 s: \"a\", speed: 2 | 3/4-1 s: \"a\", speed: 2",
         build_sometimes_by_after, PH_REQ("amount", "num", "chance, 0 to 1"), FUNCTION, PATTERN),
  PH_ROW("sometimes", "", FAMILY, "a", "Applies a function to half of the events.", "sometimes (# speed 2) $ s \"a*4\"",
         "0-1/4 s: \"a\" | 1/4-1/2 s: \"a\" | 1/2-3/4 s: \"a\", speed: 2 | 3/4-1 s: \"a\", speed: 2", build_sometimes,
         FUNCTION, PATTERN),
  PH_ROW("sometimes'", "", FAMILY, "a", "Like sometimes, but the function sees the whole pattern.",
         "sometimes' rev $ s \"a b c d\"", "0-1/4 s: \"a\" | 1/4-1/2 s: \"b\" | 1/2-3/4 s: \"b\" | 3/4-1 s: \"a\"",
         build_sometimes_after, FUNCTION, PATTERN),
  PH_ROW("often", "", FAMILY, "a", "Applies a function to three quarters of the events.",
         "often (# speed 2) $ s \"a*4\"",
         "0-1/4 s: \"a\", speed: 2 | 1/4-1/2 s: \"a\", speed: 2 | 1/2-3/4 s: \"a\", speed: 2"
         " | 3/4-1 s: \"a\", speed: 2",
         build_often, FUNCTION, PATTERN),
  PH_ROW("often'", "", FAMILY, "a", "Like often, but the function sees the whole pattern.",
         "often' rev $ s \"a b c d\"", "0-1/4 s: \"d\" | 1/4-1/2 s: \"c\" | 1/2-3/4 s: \"b\" | 3/4-1 s: \"a\"",
         build_often_after, FUNCTION, PATTERN),
  PH_ROW("rarely", "", FAMILY, "a", "Applies a function to a quarter of the events.", "rarely (# speed 2) $ s \"a*4\"",
         "0-1/4 s: \"a\" | 1/4-1/2 s: \"a\" | 1/2-3/4 s: \"a\" | 3/4-1 s: \"a\", speed: 2", build_rarely, FUNCTION,
         PATTERN),
  PH_ROW("rarely'", "", FAMILY, "a", "Like rarely, but the function sees the whole pattern.",
         "rarely' rev $ s \"a b c d\"", "0-1/4 s: \"a\" | 1/4-1/2 s: \"b\" | 1/2-3/4 s: \"c\" | 3/4-1 s: \"a\"",
         build_rarely_after, FUNCTION, PATTERN),
  PH_ROW("almostNever", "", FAMILY, "a", "Applies a function to a tenth of the events.",
         "almostNever (# speed 2) $ s \"a*4\"", "0-1/4 s: \"a\" | 1/4-1/2 s: \"a\" | 1/2-3/4 s: \"a\" | 3/4-1 s: \"a\"",
         build_almost_never, FUNCTION, PATTERN),
  PH_ROW("almostNever'", "", FAMILY, "a", "Like almostNever, but the function sees the whole pattern.",
         "almostNever' rev $ s \"a b c d\"", "0-1/4 s: \"a\" | 1/4-1/2 s: \"b\" | 1/2-3/4 s: \"c\" | 3/4-1 s: \"d\"",
         build_almost_never_after, FUNCTION, PATTERN),
  PH_ROW("almostAlways", "", FAMILY, "a", "Applies a function to nine tenths of the events.",
         "almostAlways (# speed 2) $ s \"a*4\"",
         "0-1/4 s: \"a\", speed: 2 | 1/4-1/2 s: \"a\", speed: 2 | 1/2-3/4 s: \"a\", speed: 2"
         " | 3/4-1 s: \"a\", speed: 2",
         build_almost_always, FUNCTION, PATTERN),
  PH_ROW("almostAlways'", "", FAMILY, "a", "Like almostAlways, but the function sees the whole pattern.",
         "almostAlways' rev $ s \"a b c d\"", "0-1/4 s: \"d\" | 1/4-1/2 s: \"c\" | 1/2-3/4 s: \"b\" | 3/4-1 s: \"a\"",
         build_almost_always_after, FUNCTION, PATTERN),
  PH_ROW("always", "", FAMILY, "a", "Applies a function.", "always rev \"a b\"", "0-1/2 \"b\" | 1/2-1 \"a\"",
         build_always, FUNCTION, PATTERN),
  PH_ROW("never", "", FAMILY, "a", "Does not apply a function.", "never rev \"a b\"", "0-1/2 \"a\" | 1/2-1 \"b\"",
         build_never, FUNCTION, PATTERN),
  PH_ROW("someCyclesBy", "somecyclesBy", FAMILY, "a", "Applies a function in cycles picked by chance.",
         "someCyclesBy 0.6 rev \"a b\"", "0-1/2 \"b\" | 1/2-1 \"a\"", build_some_cycles_by,
         PH_REQ("amount", "num", "chance, 0 to 1"), FUNCTION, PATTERN),
  PH_ROW("someCycles", "somecycles", FAMILY, "a", "Applies a function in half of the cycles.", "someCycles rev \"a b\"",
         "0-1/2 \"a\" | 1/2-1 \"b\"", build_some_cycles, FUNCTION, PATTERN),
  PH_ROW("every_val", "", FAMILY, "a", "One pattern in every nth cycle, from cycle 0 on, another one in the others.",
         "every_val 4 1 0.5", "0-1 1", build_every_val, PH_REQ("n", "int", "cycles"), PH_REQ("on", "a", "in those cycles"),
         PH_REQ("off", "a", "in the others")),
  PH_ROW("sometimes_by_val", "", FAMILY, "a", "One pattern in cycles picked by chance, another one in the others.",
         "sometimes_by_val 0.6 1 0.5", "0-1 1", build_sometimes_by_val, PH_REQ("amount", "num", "chance, 0 to 1"),
         PH_REQ("on", "a", "in those cycles"), PH_REQ("off", "a", "in the others")),
  PH_ROW("sometimes_val", "", FAMILY, "a", "One pattern in half of the cycles, another one in the others.",
         "sometimes_val 1 0.5", "0-1 0.5", build_sometimes_val, PH_REQ("on", "a", "in those cycles"),
         PH_REQ("off", "a", "in the others")),
  PH_ROW("whenmod_val", "", FAMILY, "a", "One pattern while the cycle mod a is b or more, another one in the others.",
         "whenmod_val 8 6 1 0.5", "0-1 0.5", build_whenmod_val, PH_REQ("a", "time", "cycles"),
         PH_REQ("b", "time", "cycles"), PH_REQ("on", "a", "in those cycles"), PH_REQ("off", "a", "in the others")),
};

const PhPatTable ph_pat_condition = { rows, PH_COUNT(rows) };
