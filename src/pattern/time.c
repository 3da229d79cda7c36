/* Functions that change the time of whole patterns.  SPDX-License-Identifier: MIT */
#include "pattern/core.h"

#define PAT(i) ph_arg_as_pat(build, &args[i])

/* ---- fast, slow, early, late --------------------------------------------------------------------------------- */

static PhArg build_fast(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_rat(build, PAT(0), ph_fast, PAT(1)));
}

static PhArg build_slow(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_rat(build, PAT(0), ph_slow, PAT(1)));
}

static PhArg build_early(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_pat_shift(build, PAT(1), PAT(0), false));
}

static PhArg build_late(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_pat_shift(build, PAT(1), PAT(0), true));
}

typedef struct Squeezed {
  const PhPat *pat;
  PhRatFn *fn;
} Squeezed;

static const PhPat *squeezed(PhBuild *build, const void *ctx, PhValue value)
{
  const Squeezed *s = ctx;
  PhRat r;
  return ph_value_to_rat(&value, &r) ? s->fn(build, r, s->pat) : NULL;
}

static const PhPat *squeeze_param(PhBuild *build, const PhPat *arg, PhRatFn *fn, const PhPat *pat)
{
  Squeezed *s = PH_NEW(build->arena, Squeezed);
  *s = (Squeezed){ pat, fn };
  return ph_join(build, PH_JOIN_SQUEEZE, arg, squeezed, s, pat->routes);
}

static PhArg build_fast_squeeze(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(squeeze_param(build, PAT(0), ph_fast, PAT(1)));
}

static PhArg build_slow_squeeze(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(squeeze_param(build, PAT(0), ph_slow, PAT(1)));
}

static PhValue as_num(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query, (void)ctx;
  double x;
  return ph_value_to_num(&value, &x) ? ph_num(x) : value;
}

static PhArg build_hurry(PhBuild *build, const PhArg *args)
{
  const PhPat *speed = ph_pat_control(build, "speed", ph_with_value(build, PAT(0), as_num, NULL));
  const PhPat *fast = ph_param_rat(build, PAT(0), ph_fast, PAT(1));
  return ph_arg_pat(ph_pat_op(build, PH_OP_MUL, PH_OP_IN, fast, speed));
}

/* ---- order --------------------------------------------------------------------------------------------------- */

static PhArg build_rev(PhBuild *build, const PhArg *args) { return ph_arg_pat(ph_rev(build, PAT(0))); }

static PhArg build_palindrome(PhBuild *build, const PhArg *args)
{
  const PhPat *const pats[] = { PAT(0), ph_rev(build, PAT(0)) };
  return ph_arg_pat(ph_slowcat(build, pats, 2));
}

static const PhPat *iter_by(PhBuild *build, int64_t n, const PhPat *pat, int sign)
{
  if (n == 0 || n == INT64_MIN || (n < 0 && build->tidal)) { /* Tidal counts from 0 up to n */
    return ph_pat_silence(build);
  }
  const int64_t count = n < 0 ? -n : n;
  if (count > PH_ITER_MAX) {
    return ph_complain(build, PH_LIMIT, "more than %d parts", PH_ITER_MAX);
  }
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count);
  for (int64_t i = 0; i < count; i++) {
    pats[i] = ph_rot_l(build, ph_rat(sign * (n < 0 ? -i : i), count), pat);
  }
  return ph_pat_with_steps(build, ph_slowcat(build, pats, (size_t)count), pat->steps);
}

static const PhPat *iter(PhBuild *build, int64_t n, const PhPat *pat) { return iter_by(build, n, pat, 1); }
static const PhPat *iter_back(PhBuild *build, int64_t n, const PhPat *pat) { return iter_by(build, n, pat, -1); }

static PhArg build_iter(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_int(build, PAT(0), iter, PAT(1)));
}

static PhArg build_iter_back(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_int(build, PAT(0), iter_back, PAT(1)));
}

/* ---- parts of the cycle -------------------------------------------------------------------------------------- */

static const PhPat *compress_pair(PhBuild *build, const void *ctx, PhValue begin, PhValue end)
{
  PhArc arc;
  return ph_value_to_rat(&begin, &arc.begin) && ph_value_to_rat(&end, &arc.end) ? ph_compress(build, arc, ctx) : NULL;
}

static const PhPat *zoom_pair(PhBuild *build, const void *ctx, PhValue begin, PhValue end)
{
  PhArc arc;
  return ph_value_to_rat(&begin, &arc.begin) && ph_value_to_rat(&end, &arc.end) ? ph_zoom(build, arc, ctx) : NULL;
}

/* The two patterns of a span given as a tuple. */
static void span_of(PhBuild *build, const PhArg *arg, const PhPat *out[2])
{
  size_t count;
  const PhPat *const *pats = ph_arg_pats(build, arg, &count);
  out[0] = count > 0 ? pats[0] : ph_pat_silence(build);
  out[1] = count > 1 ? pats[1] : ph_pat_silence(build);
}

static PhArg build_compress(PhBuild *build, const PhArg *args)
{
  const PhPat *span[2], *pat = PAT(1);
  span_of(build, &args[0], span);
  return ph_arg_pat(ph_param2(build, span[0], span[1], compress_pair, pat, pat->routes));
}

/* compress with the whole cycles of the begin taken off. */
static const PhPat *compress_to_pair(PhBuild *build, const void *ctx, PhValue begin, PhValue end)
{
  PhArc arc;
  if (!ph_value_to_rat(&begin, &arc.begin) || !ph_value_to_rat(&end, &arc.end)) {
    return NULL;
  }
  const PhRat sam = ph_rat_floor(arc.begin);
  return ph_compress(build, ph_arc(ph_rat_sub(arc.begin, sam), ph_rat_sub(arc.end, sam)), ctx);
}

static PhArg build_compress_to(PhBuild *build, const PhArg *args)
{
  const PhPat *span[2], *pat = PAT(1);
  span_of(build, &args[0], span);
  return ph_arg_pat(ph_param2(build, span[0], span[1], compress_to_pair, pat, pat->routes));
}

static PhArg build_zoom(PhBuild *build, const PhArg *args)
{
  const PhPat *span[2], *pat = PAT(1);
  span_of(build, &args[0], span);
  return ph_arg_pat(ph_param2(build, span[0], span[1], zoom_pair, pat, pat->routes));
}

static PhArg build_zoompat(PhBuild *build, const PhArg *args)
{
  const PhPat *pat = PAT(2);
  return ph_arg_pat(ph_param2(build, PAT(0), PAT(1), zoom_pair, pat, pat->routes));
}

static PhArg build_fast_gap(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_rat(build, PAT(0), ph_fast_gap, PAT(1)));
}

static const PhPat *trunc_by(PhBuild *build, PhRat t, const PhPat *pat)
{
  const PhArc arc = ph_arc(PH_RAT_INT(0), t);
  return ph_compress(build, arc, ph_zoom(build, arc, pat));
}

static PhArg build_trunc(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_rat(build, PAT(0), trunc_by, PAT(1)));
}

/* ---- loops --------------------------------------------------------------------------------------------------- */

typedef struct Loop {
  PhPat base;
  const PhPat *child;
  int64_t every; /* cycle c plays cycle floor(c / every); 0: always the first */
} Loop;

static void query_loop(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Loop *loop = (const Loop *)pat;
  PhCycles it = ph_cycles(query, span);
  while (ph_cycles_next(&it)) {
    const int64_t source = loop->every ? ph_rat_floor_int(ph_rat(it.cycle, loop->every)) : 0;
    const PhRat by = PH_RAT_INT(it.cycle - source);
    const size_t first = out->len;
    ph_query(query, loop->child, ph_arc(ph_rat_sub(it.arc.begin, by), ph_rat_sub(it.arc.end, by)), out);
    for (size_t i = first; i < out->len; i++) {
      PhEvent *e = &out->items[i];
      e->part = ph_arc(ph_rat_add(e->part.begin, by), ph_rat_add(e->part.end, by));
      if (e->has_whole) {
        e->whole = ph_arc(ph_rat_add(e->whole.begin, by), ph_rat_add(e->whole.end, by));
      }
    }
  }
}

static const PhPat *loop_new(PhBuild *build, int64_t every, const PhPat *pat)
{
  Loop *loop = PH_NODE(build, Loop, query_loop);
  loop->child = pat;
  loop->every = every;
  loop->base.routes = pat->routes;
  loop->base.steps = pat->steps;
  return &loop->base;
}

const PhPat *ph_repeat_cycles(PhBuild *build, int64_t count, const PhPat *pat)
{
  return count <= 0 ? ph_pat_silence(build) : loop_new(build, count, pat);
}

static PhArg build_loop_first(PhBuild *build, const PhArg *args) { return ph_arg_pat(loop_new(build, 0, PAT(0))); }

static PhArg build_repeat_cycles(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_int(build, PAT(0), ph_repeat_cycles, PAT(1)));
}

const PhPat *ph_time_loop(PhBuild *build, PhRat n, const PhPat *pat)
{
  return ph_slow(build, n, loop_new(build, 0, ph_fast(build, n, pat)));
}

static PhArg build_time_loop(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_rat(build, PAT(0), ph_time_loop, PAT(1)));
}

/* ---- functions applied at another speed ---------------------------------------------------------------------- */

typedef struct Inside {
  const PhFn *fn;
  const PhPat *pat;
  bool outside;
} Inside;

static const PhPat *inside_by(PhBuild *build, const void *ctx, PhValue value)
{
  const Inside *in = ctx;
  PhRat n;
  if (!ph_value_to_rat(&value, &n) || n.num == 0) {
    return NULL;
  }
  n = in->outside ? ph_rat_div(PH_RAT_INT(1), n) : n;
  return ph_fast(build, n, ph_fn_apply(build, in->fn, ph_slow(build, n, in->pat)));
}

const PhPat *ph_inside(PhBuild *build, const PhPat *n, const PhFn *fn, const PhPat *pat, bool outside)
{
  Inside *in = PH_NEW(build->arena, Inside);
  *in = (Inside){ fn, pat, outside };
  const uint64_t routes = ph_pat_constant(n) ? 0 : ph_fn_apply(build, fn, pat)->routes;
  return ph_join(build, PH_JOIN_INNER, n, inside_by, in, routes);
}

static PhArg build_inside(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_inside(build, PAT(0), args[1].fn, PAT(2), false));
}

static PhArg build_outside(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_inside(build, PAT(0), args[1].fn, PAT(2), true));
}

/* ---- within -------------------------------------------------------------------------------------------------- */

typedef struct Within {
  PhArc span;
  bool inverse;
} Within;

static bool starts_within(PhQuery *query, const void *ctx, PhEvent *e)
{
  (void)query;
  const Within *w = ctx;
  const PhRat at = ph_rat_fract(ph_event_arc(e).begin);
  return (ph_rat_le(w->span.begin, at) && ph_rat_lt(at, w->span.end)) != w->inverse;
}

/* The events of `yes` that begin in the span of the cycle, and those of `no` that do not. */
const PhPat *ph_within(PhBuild *build, PhArc span, const PhPat *yes, const PhPat *no)
{
  Within *in = PH_NEW(build->arena, Within), *out = PH_NEW(build->arena, Within);
  *in = (Within){ span, false };
  *out = (Within){ span, true };
  const PhPat *inner = ph_with_event(build, yes, starts_within, in);
  return ph_pat_with_steps(build, ph_stack2(build, inner, ph_with_event(build, no, starts_within, out)), no->steps);
}

typedef struct WithinCtx {
  const PhPat *pat, *changed;
  const PhFn *fn;
} WithinCtx;

static const PhPat *within_pair(PhBuild *build, const void *ctx, PhValue begin, PhValue end)
{
  const WithinCtx *w = ctx;
  PhArc span;
  return ph_value_to_rat(&begin, &span.begin) && ph_value_to_rat(&end, &span.end)
             ? ph_within(build, span, w->changed, w->pat)
             : NULL;
}

static PhArg build_within(PhBuild *build, const PhArg *args)
{
  const PhPat *span[2];
  WithinCtx *ctx = PH_NEW(build->arena, WithinCtx);
  ctx->pat = PAT(2);
  ctx->changed = ph_fn_apply(build, args[1].fn, ctx->pat);
  span_of(build, &args[0], span);
  return ph_arg_pat(ph_param2(build, span[0], span[1], within_pair, ctx, ctx->pat->routes | ctx->changed->routes));
}

static const PhPat *within_prime_pair(PhBuild *build, const void *ctx, PhValue begin, PhValue end)
{
  const WithinCtx *w = ctx;
  PhArc span;
  if (!ph_value_to_rat(&begin, &span.begin) || !ph_value_to_rat(&end, &span.end)) {
    return NULL;
  }
  const PhPat *part = ph_fn_apply(build, w->fn, ph_zoom(build, span, w->pat));
  return ph_within(build, span, ph_compress(build, span, part), w->pat);
}

static PhArg build_within_prime(PhBuild *build, const PhArg *args)
{
  const PhPat *span[2];
  WithinCtx *ctx = PH_NEW(build->arena, WithinCtx);
  ctx->pat = PAT(2);
  ctx->fn = args[1].fn;
  span_of(build, &args[0], span);
  const bool constant = ph_pat_constant(span[0]) && ph_pat_constant(span[1]);
  const uint64_t routes = constant ? 0 : ph_fn_apply(build, ctx->fn, ctx->pat)->routes | ctx->pat->routes;
  return ph_arg_pat(ph_param2(build, span[0], span[1], within_prime_pair, ctx, routes));
}

/* revArc: within, with rev. */
static const PhPat *rev_pair(PhBuild *build, const void *ctx, PhValue begin, PhValue end)
{
  PhArc span;
  return ph_value_to_rat(&begin, &span.begin) && ph_value_to_rat(&end, &span.end)
             ? ph_within(build, span, ph_rev(build, ctx), ctx)
             : NULL;
}

static PhArg build_rev_arc(PhBuild *build, const PhArg *args)
{
  const PhPat *span[2], *pat = PAT(1);
  span_of(build, &args[0], span);
  return ph_arg_pat(ph_param2(build, span[0], span[1], rev_pair, pat, pat->routes));
}

typedef struct Swing {
  const PhPat *amount, *pat;
} Swing;

/* inside n (within (0.5, 1) (amount ~>)) */
static const PhPat *swing_by(PhBuild *build, const void *ctx, PhValue value)
{
  const Swing *s = ctx;
  PhRat n;
  if (!ph_value_to_rat(&value, &n) || n.num == 0) {
    return NULL;
  }
  const PhPat *slow = ph_slow(build, n, s->pat);
  const PhPat *moved = ph_pat_shift(build, slow, s->amount, true);
  return ph_fast(build, n, ph_within(build, ph_arc(PH_RAT(1, 2), PH_RAT_INT(1)), moved, slow));
}

const PhPat *ph_swing_by(PhBuild *build, const PhPat *amount, const PhPat *n, const PhPat *pat)
{
  Swing *s = PH_NEW(build->arena, Swing);
  *s = (Swing){ amount, pat };
  return ph_join(build, PH_JOIN_INNER, n, swing_by, s, pat->routes);
}

static PhArg build_swing_by(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_swing_by(build, PAT(0), PAT(1), PAT(2)));
}

/* ---- brak, spaceOut ------------------------------------------------------------------------------------------ */

static size_t odd_cycle(PhQuery *query, const void *ctx, int64_t cycle)
{
  (void)query, (void)ctx;
  return (size_t)(cycle & 1);
}

static PhArg build_brak(PhBuild *build, const PhArg *args)
{
  const PhPat *const halves[] = { PAT(0), ph_pat_silence(build) };
  const PhPat *const pats[] = { PAT(0), ph_rot_r(build, PH_RAT(1, 4), ph_fastcat(build, halves, 2)) };
  return ph_arg_pat(ph_pick_cycles(build, odd_cycle, NULL, pats, 2));
}

static PhArg build_space_out(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat *const *lengths = ph_arg_pats(build, &args[0], &count);
  PhRat *bounds = PH_NEWN(build->arena, PhRat, count + 1);
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count + 1);
  bounds[0] = PH_RAT_INT(0);
  for (size_t i = 0; i < count; i++) {
    const PhArg length = ph_arg_pat(lengths[i]);
    bounds[i + 1] = ph_rat_add(bounds[i], ph_arg_as_rat(&length, PH_RAT_INT(0)));
  }
  const PhRat total = bounds[count];
  if (count == 0 || !ph_rat_ok(total) || total.num <= 0) {
    return ph_arg_pat(ph_complain(build, PH_ARG, "spaceOut needs a list of times that add up to more than 0"));
  }
  for (size_t i = 0; i < count; i++) {
    pats[i] = ph_compress(build, ph_arc(ph_rat_div(bounds[i], total), ph_rat_div(bounds[i + 1], total)), PAT(1));
  }
  return ph_arg_pat(ph_slow(build, total, ph_stack(build, pats, count)));
}

static PhArg build_ghost_with(PhBuild *build, const PhArg *args)
{
  const PhRat unit = ph_arg_as_rat(&args[0], PH_RAT(1, 8));
  const PhPat *pat = PAT(2);
  const PhPat *soft = ph_fn_apply(build, args[1].fn, pat);
  const PhPat *two = ph_stack2(build, pat, ph_rot_r(build, ph_rat_mul(unit, PH_RAT(3, 2)), soft));
  const PhPat *again = ph_fn_apply(build, args[1].fn, two);
  return ph_arg_pat(ph_stack2(build, two, ph_rot_r(build, ph_rat_mul(unit, PH_RAT(5, 2)), again)));
}

static const PhPat *ghost_note(PhBuild *build, const PhPat *pat)
{
  const struct {
    PhOp op;
    PhOpHow how;
    const char *name;
    double value;
  } changes[] = { { PH_OP_MUL, PH_OP_BOTH, "speed", 1.25 },
                  { PH_OP_RIGHT, PH_OP_IN, "end", 0.2 },
                  { PH_OP_MUL, PH_OP_BOTH, "gain", 0.7 } };
  for (size_t i = 0; i < PH_COUNT(changes); i++) {
    const PhPat *value = ph_pat_control(build, changes[i].name, ph_pat_pure(build, ph_num(changes[i].value)));
    pat = ph_pat_op(build, changes[i].op, changes[i].how, pat, value);
  }
  return pat;
}

static PhArg ghosts(PhBuild *build, PhRat unit, const PhPat *pat)
{
  const PhRat first = ph_rat_mul(unit, PH_RAT(3, 2)), second = ph_rat_mul(unit, PH_RAT(5, 2));
  const PhPat *two = ph_stack2(build, pat, ph_rot_r(build, first, ghost_note(build, pat)));
  return ph_arg_pat(ph_stack2(build, two, ph_rot_r(build, second, ghost_note(build, two))));
}

static PhArg build_ghost(PhBuild *build, const PhArg *args) { return ghosts(build, PH_RAT(1, 8), PAT(0)); }

static PhArg build_ghost_by(PhBuild *build, const PhArg *args)
{
  return ghosts(build, ph_arg_as_rat(&args[0], PH_RAT(1, 8)), PAT(1));
}

/* ---- restarting ---------------------------------------------------------------------------------------------- */

static const PhPat *if_true(PhBuild *build, const void *ctx, PhValue value)
{
  (void)build;
  bool yes;
  return ph_value_to_bool(&value, &yes) && yes ? ctx : NULL;
}

static PhArg build_reset(PhBuild *build, const PhArg *args)
{
  const PhPat *pat = PAT(1);
  return ph_arg_pat(ph_join(build, PH_JOIN_RESET, PAT(0), if_true, pat, pat->routes));
}

static const PhPat *from_time(PhBuild *build, const void *ctx, PhValue value)
{
  PhRat time;
  return ph_value_to_rat(&value, &time) ? ph_rot_l(build, time, ctx) : NULL;
}

static PhArg build_reset_to(PhBuild *build, const PhArg *args)
{
  const PhPat *pat = PAT(1);
  return ph_arg_pat(ph_join(build, PH_JOIN_RESET, PAT(0), from_time, pat, pat->routes));
}

static PhArg build_restart_to(PhBuild *build, const PhArg *args)
{
  const PhPat *pat = PAT(1);
  return ph_arg_pat(ph_join(build, PH_JOIN_RESTART, PAT(0), from_time, pat, pat->routes));
}

static PhValue in_seconds(PhQuery *query, const void *ctx, PhValue value)
{
  double x;
  const double cps = query->cps > 0.0 ? query->cps : 1.0;
  return ph_value_to_num(&value, &x) ? ph_num(x * cps * *(const double *)ctx) : value;
}

/* Seconds as cycles at the tempo of the query. */
static bool seconds_event(PhQuery *query, const void *ctx, PhEvent *e)
{
  e->value = in_seconds(query, ctx, e->value);
  return true;
}

static PhArg seconds(PhBuild *build, const PhPat *pat, double unit)
{
  return ph_arg_pat(ph_with_event(build, pat, seconds_event, ph_arena_copy(build->arena, &unit, sizeof unit)));
}

static PhArg build_sec(PhBuild *build, const PhArg *args) { return seconds(build, PAT(0), 1.0); }
static PhArg build_msec(PhBuild *build, const PhArg *args) { return seconds(build, PAT(0), 0.001); }

static PhArg build_restart(PhBuild *build, const PhArg *args)
{
  const PhPat *pat = PAT(1);
  return ph_arg_pat(ph_join(build, PH_JOIN_RESTART, PAT(0), if_true, pat, pat->routes));
}

/* ---- rows ---------------------------------------------------------------------------------------------------- */

#define FAMILY "time"

static const PhPatFunc rows[] = {
  PH_ROW("fast", "density", FAMILY, "a",
         "Plays a pattern faster by a factor, which may be a pattern; negative plays it backwards.", "fast 2 \"a b\"",
         "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-3/4 \"a\" | 3/4-1 \"b\"", build_fast,
         PH_REQ("factor", "time", "times as fast"), PH_REQ("pattern", "a", "")),
  PH_ROW("slow", "sparsity", FAMILY, "a", "Plays a pattern slower by a factor.", "slow 2 \"a b\"", "0-1 \"a\"",
         build_slow, PH_REQ("factor", "time", "times as slow"), PH_REQ("pattern", "a", "")),
  PH_ROW("early", "rotL", FAMILY, "a",
         "Shifts a pattern to an earlier time, in cycles; also written `time <~ pattern`.", "early 0.25 \"a b\"",
         "-1/4-1/4[0-1/4] \"a\" | 1/4-3/4 \"b\" | 3/4-5/4[3/4-1] \"a\"", build_early, PH_REQ("time", "time", "cycles"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("late", "rotR", FAMILY, "a", "Shifts a pattern to a later time, in cycles; also written `time ~> pattern`.",
         "late 0.25 \"a b\"", "-1/4-1/4[0-1/4] \"b\" | 1/4-3/4 \"a\" | 3/4-5/4[3/4-1] \"b\"", build_late,
         PH_REQ("time", "time", "cycles"), PH_REQ("pattern", "a", "")),
  PH_ROW("fastSqueeze", "fastsqueeze", FAMILY, "a",
         "Like fast, with every value of a patterned factor squeezing all of its repetitions into its own slot.",
         "fastSqueeze \"1 2\" \"a b\"",
         "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-5/8 \"a\" | 5/8-3/4 \"b\" | 3/4-7/8 \"a\" | 7/8-1 \"b\"",
         build_fast_squeeze, PH_REQ("factor", "time", "times as fast"), PH_REQ("pattern", "a", "")),
  PH_ROW("slowSqueeze", "slowsqueeze", FAMILY, "a", "Like slow, squeezed into the slots of a patterned factor.",
         "slowSqueeze \"1 2\" \"a b\"", "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-1 \"a\"", build_slow_squeeze,
         PH_REQ("factor", "time", "times as slow"), PH_REQ("pattern", "a", "")),
  PH_ROW("hurry", "", FAMILY, "ctrl", "Plays a pattern faster by a factor, and its samples too (multiplies speed).",
         "hurry 2 $ s \"bd sn\"",
         "0-1/4 s: \"bd\", speed: 2 | 1/4-1/2 s: \"sn\", speed: 2 | 1/2-3/4 s: \"bd\", speed: 2"
         " | 3/4-1 s: \"sn\", speed: 2",
         build_hurry, PH_REQ("factor", "time", "times as fast"), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("rev", "", FAMILY, "a", "Mirrors every cycle in time.", "rev \"a b [c d]\"",
         "0-1/6 \"d\" | 1/6-1/3 \"c\" | 1/3-2/3 \"b\" | 2/3-1 \"a\"", build_rev, PH_REQ("pattern", "a", "")),
  PH_ROW("revArc", "", FAMILY, "a", "Mirrors the part of every cycle that a span names.", "revArc (0, 0.5) \"a b c d\"",
         "0-1/4 \"d\" | 1/4-1/2 \"c\" | 1/2-3/4 \"c\" | 3/4-1 \"d\"", build_rev_arc,
         PH_REQ("span", "(time,time)", "begin and end in the cycle"), PH_REQ("pattern", "a", "")),
  PH_ROW("palindrome", "", FAMILY, "a", "Plays every cycle forwards and then backwards.", "palindrome \"a b c\"",
         "0-1/3 \"a\" | 1/3-2/3 \"b\" | 2/3-1 \"c\"", build_palindrome, PH_REQ("pattern", "a", "")),
  PH_ROW("iter", "", FAMILY, "a", "Starts every cycle 1/n further into the pattern than the one before.",
         "iter 4 \"a b c d\"", "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-3/4 \"c\" | 3/4-1 \"d\"", build_iter,
         PH_REQ("n", "int", "parts"), PH_REQ("pattern", "a", "")),
  PH_ROW("iter'", "iterBack", FAMILY, "a", "Like iter, in the other direction.", "iter' 4 \"a b c d\"",
         "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-3/4 \"c\" | 3/4-1 \"d\"", build_iter_back, PH_REQ("n", "int", "parts"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("compress", "compressArc compressSpan", FAMILY, "a",
         "Squeezes every cycle into a span of it, with silence around.", "compress (0.25, 0.75) \"a b\"",
         "1/4-1/2 \"a\" | 1/2-3/4 \"b\"", build_compress, PH_REQ("span", "(time,time)", "begin and end in the cycle"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("compressTo", "compressArcTo", FAMILY, "a",
         "Like compress, with a span of any cycle, which is taken for every cycle.", "compressTo (1.25, 1.75) \"a b\"",
         "1/4-1/2 \"a\" | 1/2-3/4 \"b\"", build_compress_to, PH_REQ("span", "(time,time)", "begin and end, in cycles"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("zoom", "zoomArc", FAMILY, "a", "Plays only a span of every cycle, stretched to the cycle.",
         "zoom (0.25, 0.75) \"a b c d\"", "0-1/2 \"b\" | 1/2-1 \"c\"", build_zoom,
         PH_REQ("span", "(time,time)", "begin and end in the cycle"), PH_REQ("pattern", "a", "")),
  PH_ROW("zoompat", "", FAMILY, "a", "Like zoom, with patterns for the begin and the end.",
         "zoompat 0.25 \"<0.75 1>\" \"a b c d\"", "0-1/2 \"b\" | 1/2-1 \"c\"", build_zoompat,
         PH_REQ("begin", "time", "in the cycle"), PH_REQ("end", "time", "in the cycle"), PH_REQ("pattern", "a", "")),
  PH_ROW("fastGap", "fastgap densityGap", FAMILY, "a",
         "Plays every cycle faster, then waits for the next one in silence.", "fastGap 2 \"a b\"",
         "0-1/4 \"a\" | 1/4-1/2 \"b\"", build_fast_gap, PH_REQ("factor", "time", "times as fast, at least 1"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("trunc", "", FAMILY, "a", "Plays only the first part of every cycle.", "trunc 0.75 \"a b c d\"",
         "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-3/4 \"c\"", build_trunc, PH_REQ("part", "time", "of the cycle, 0 to 1"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("loopFirst", "", FAMILY, "a", "Repeats the first cycle forever.", "loopFirst \"<a b> c\"",
         "0-1/2 \"a\" | 1/2-1 \"c\"", build_loop_first, PH_REQ("pattern", "a", "")),
  PH_ROW("timeLoop", "timeloop", FAMILY, "a", "Repeats the first n cycles forever.", "timeLoop 2 \"<a b c>\"",
         "0-1 \"a\"", build_time_loop, PH_REQ("n", "time", "cycles"), PH_REQ("pattern", "a", "")),
  PH_ROW("repeatCycles", "fastRepeatCycles", FAMILY, "a", "Plays every cycle n times.", "repeatCycles 2 \"<a b>\"",
         "0-1 \"a\"", build_repeat_cycles, PH_REQ("n", "int", "times"), PH_REQ("pattern", "a", "")),
  PH_ROW("inside", "", FAMILY, "a", "Applies a function inside the cycle: slows by n, applies it, plays faster by n.",
         "inside 2 rev \"0 1 2 3\"", "0-1/4 1 | 1/4-1/2 0 | 1/2-3/4 3 | 3/4-1 2", build_inside,
         PH_REQ("n", "time", "parts of the cycle"), PH_REQ("function", "(a->a)", ""), PH_REQ("pattern", "a", "")),
  PH_ROW("outside", "", FAMILY, "a", "Applies a function over n cycles as if they were one.",
         "outside 2 rev \"<0 1> 2\"", "0-1/2 2 | 1/2-1 1", build_outside, PH_REQ("n", "time", "cycles"),
         PH_REQ("function", "(a->a)", ""), PH_REQ("pattern", "a", "")),
  PH_ROW("within", "withinArc", FAMILY, "a", "Applies a function to what begins in a span of the cycle.",
         "within (0, 0.5) (fast 2) \"a b c d\"",
         "0-1/8 \"a\" | 1/8-1/4 \"b\" | 1/4-3/8 \"c\" | 3/8-1/2 \"d\" | 1/2-3/4 \"c\" | 3/4-1 \"d\"", build_within,
         PH_REQ("span", "(time,time)", "begin and end in the cycle"), PH_REQ("function", "(a->a)", ""),
         PH_REQ("pattern", "a", "")),
  PH_ROW("within'", "", FAMILY, "a", "Like within, but the function sees the span as a whole cycle.",
         "within' (0, 0.5) (fast 2) \"a b c d\"",
         "0-1/8 \"a\" | 1/8-1/4 \"b\" | 1/4-3/8 \"a\" | 3/8-1/2 \"b\" | 1/2-3/4 \"c\" | 3/4-1 \"d\"",
         build_within_prime, PH_REQ("span", "(time,time)", "begin and end in the cycle"),
         PH_REQ("function", "(a->a)", ""), PH_REQ("pattern", "a", "")),
  PH_ROW("swingBy", "", FAMILY, "a", "Delays the second half of each of n parts of the cycle by a fraction of a part.",
         "swingBy (1/3) 2 \"a*4\"",
         "-1/12-1/6[0-1/6] \"a\" | 0-1/4 \"a\" | 5/12-2/3 \"a\" | 1/2-3/4 \"a\" | 11/12-7/6[11/12-1] \"a\"",
         build_swing_by, PH_REQ("amount", "time", "of a part, 0 to 0.5"), PH_REQ("n", "time", "parts of the cycle"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("brak", "", FAMILY, "a", "Squeezes every other cycle into half of it, a quarter late: a break beat.",
         "brak \"a b\"", "0-1/2 \"a\" | 1/2-1 \"b\"", build_brak, PH_REQ("pattern", "a", "")),
  PH_ROW("spaceOut", "", FAMILY, "a", "Repeats a pattern with a list of durations in cycles.",
         "spaceOut [0.25, 0.75] \"a b\"", "0-1/8 \"a\" | 1/8-1/4 \"b\" | 1/4-5/8 \"a\" | 5/8-1 \"b\"", build_space_out,
         PH_REQ("times", "[time]", "cycles"), PH_REQ("pattern", "a", "")),
  PH_ROW("ghost", "", FAMILY, "ctrl", "Adds two softer, shorter copies 3/16 and 5/16 of a cycle later.",
         "ghost $ s \"~ sn\"",
         "-5/16-3/16[0-3/16] end: 0.2, gain: 0.7, s: \"sn\", speed: 1.25"
         " | -3/16-5/16[0-5/16] end: 0.2, gain: 0.7, s: \"sn\", speed: 1.25"
         " | 0-5/16 end: 0.2, gain: 0.48999999999999994, s: \"sn\", speed: 1.5625"
         " | 5/16-1/2 end: 0.2, gain: 0.48999999999999994, s: \"sn\", speed: 1.5625 | 1/2-1 s: \"sn\""
         " | 11/16-19/16[11/16-1] end: 0.2, gain: 0.7, s: \"sn\", speed: 1.25"
         " | 13/16-21/16[13/16-1] end: 0.2, gain: 0.7, s: \"sn\", speed: 1.25",
         build_ghost, PH_REQ("pattern", "ctrl", "")),
  PH_ROW("ghost'", "", FAMILY, "ctrl", "Adds two softer, shorter copies 1.5 and 2.5 times a step later.",
         "ghost' 0.25 $ s \"~ sn\"",
         "-1/8-3/8[0-3/8] end: 0.2, gain: 0.7, s: \"sn\", speed: 1.25"
         " | 1/8-5/8 end: 0.2, gain: 0.7, s: \"sn\", speed: 1.25"
         " | 1/2-5/8 end: 0.2, gain: 0.48999999999999994, s: \"sn\", speed: 1.5625 | 1/2-1 s: \"sn\""
         " | 5/8-1 end: 0.2, gain: 0.48999999999999994, s: \"sn\", speed: 1.5625"
         " | 7/8-11/8[7/8-1] end: 0.2, gain: 0.7, s: \"sn\", speed: 1.25",
         build_ghost_by, PH_REQ("step", "!time", "cycles"), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("ghostWith", "ghost''", FAMILY, "a", "Adds changed copies 1.5 and 2.5 times a step later.",
         "ghostWith 0.125 (# speed 2) $ s \"sn ~\"",
         "0-1/2 s: \"sn\" | 3/16-11/16 s: \"sn\", speed: 2 | 5/16-13/16 s: \"sn\", speed: 2"
         " | 1/2-1 s: \"sn\", speed: 2",
         build_ghost_with, PH_REQ("step", "!time", "cycles"), PH_REQ("function", "(a->a)", ""),
         PH_REQ("pattern", "a", "")),
  PH_ROW("reset", "", FAMILY, "a", "Starts the pattern's current cycle anew at every true value.",
         "reset \"t(3,8)\" \"a b c d\"", "0-1/8 \"a\" | 3/8-1/2 \"a\" | 3/4-7/8 \"a\"", build_reset,
         PH_REQ("when", "bool", ""), PH_REQ("pattern", "a", "")),
  PH_ROW("resetTo", "", FAMILY, "a",
         "Starts the pattern's current cycle anew at every value, from that many cycles on.",
         "resetTo \"0 0.5\" \"a b\"", "0-1/2 \"a\" | 1/2-1 \"b\"", build_reset_to, PH_REQ("from", "time", "cycles"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("restartTo", "", FAMILY, "a", "Starts the pattern at every value from that many cycles on.",
         "restartTo \"0 0.5\" \"a b\"", "0-1/2 \"a\" | 1/2-1 \"b\"", build_restart_to, PH_REQ("from", "time", "cycles"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("sec", "", FAMILY, "num", "Turns seconds into cycles, at the tempo of the moment.", "sec 2", "0-1 1",
         build_sec, PH_REQ("pattern", "num", "seconds")),
  PH_ROW("msec", "", FAMILY, "num", "Turns milliseconds into cycles, at the tempo of the moment.", "msec 500",
         "0-1 0.25", build_msec, PH_REQ("pattern", "num", "milliseconds")),
  PH_ROW("restart", "", FAMILY, "a", "Starts the pattern from its cycle 0 at every true value.",
         "restart \"t f t\" \"a b c d\"", "0-1/4 \"a\" | 1/4-1/3 \"b\" | 2/3-11/12 \"a\" | 11/12-1 \"b\"",
         build_restart, PH_REQ("when", "bool", ""), PH_REQ("pattern", "a", "")),
};

const PhPatTable ph_pat_time = { rows, PH_COUNT(rows) };
