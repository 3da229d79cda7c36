/* Fast and slow, early and late, reversal, squeezing into parts of the cycle, with constant arguments; Euclid.
   SPDX-License-Identifier: MIT */
#include "pattern/core.h"

/* ---- affine -------------------------------------------------------------------------------------------------- */

const PhPat *ph_fast(PhBuild *build, PhRat factor, const PhPat *pat)
{
  if (!ph_rat_ok(factor)) {
    return ph_complain(build, PH_OVERFLOW, "a factor of time is too large or too fine to be exact");
  }
  if (factor.num == 0) {
    return ph_pat_silence(build);
  }
  if (factor.num < 0) {
    return ph_rev(build, ph_fast(build, ph_rat_neg(factor), pat));
  }
  return ph_with_affine(build, pat, factor, PH_RAT_INT(0));
}

const PhPat *ph_slow(PhBuild *build, PhRat factor, const PhPat *pat)
{
  return factor.num == 0 && factor.den ? ph_pat_silence(build) : ph_fast(build, ph_rat_div(PH_RAT_INT(1), factor), pat);
}

const PhPat *ph_rot_l(PhBuild *build, PhRat time, const PhPat *pat)
{
  if (!ph_rat_ok(time)) {
    return ph_complain(build, PH_OVERFLOW, "a shift of time is too large or too fine to be exact");
  }
  return ph_with_affine(build, pat, PH_RAT_INT(1), time);
}

const PhPat *ph_rot_r(PhBuild *build, PhRat time, const PhPat *pat) { return ph_rot_l(build, ph_rat_neg(time), pat); }

const PhPat *ph_focus(PhBuild *build, PhArc arc, const PhPat *pat)
{
  const PhRat length = ph_arc_length(arc);
  if (length.num <= 0) {
    return ph_pat_silence(build);
  }
  const PhPat *from_here = ph_rot_l(build, ph_rat_floor(arc.begin), pat);
  return ph_rot_r(build, arc.begin, ph_fast(build, ph_rat_div(PH_RAT_INT(1), length), from_here));
}

/* ---- reversal ------------------------------------------------------------------------------------------------ */

typedef struct One {
  PhPat base;
  const PhPat *child;
  PhRat factor;
  PhArc arc;
  bool tidal;
} One;

static One *one_new(PhBuild *build, PhQueryFn *query, const PhPat *child)
{
  One *one = PH_NODE(build, One, query);
  one->child = child;
  one->tidal = build->tidal;
  one->base.routes = child->routes;
  one->base.steps = child->steps;
  return one;
}

/* [a, b) mirrored at the middle of a cycle, whose begin and end add up to `sum`. */
static PhArc mirror(PhArc a, PhRat sum) { return ph_arc(ph_rat_sub(sum, a.end), ph_rat_sub(sum, a.begin)); }

static void query_rev(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const One *one = (const One *)pat;
  PhCycles it = ph_cycles(query, span);
  while (ph_cycles_next(&it)) {
    const PhRat sum = PH_RAT_INT(2 * it.cycle + 1);
    const size_t first = out->len;
    ph_query(query, one->child, mirror(it.arc, sum), out);
    for (size_t i = first; i < out->len; i++) {
      PhEvent *e = &out->items[i];
      const bool entire = e->has_whole && ph_arc_eq(e->whole, e->part);
      e->part = mirror(e->part, sum);
      if (e->has_whole) {
        e->whole = entire ? e->part : mirror(e->whole, sum);
      }
    }
  }
}

const PhPat *ph_rev(PhBuild *build, const PhPat *pat)
{
  if (ph_pat_is_silence(pat) || ph_pat_constant(pat)) {
    return pat;
  }
  return &one_new(build, query_rev, pat)->base;
}

/* ---- gaps ---------------------------------------------------------------------------------------------------- */

static PhArc gap_arc(PhArc a, PhRat cycle, PhRat factor)
{
  return ph_arc(ph_rat_add(cycle, ph_rat_div(ph_rat_sub(a.begin, cycle), factor)),
                ph_rat_add(cycle, ph_rat_div(ph_rat_sub(a.end, cycle), factor)));
}

static void query_fast_gap(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const One *one = (const One *)pat;
  const PhRat factor = one->factor;
  PhCycles it = ph_cycles(query, span);
  while (ph_cycles_next(&it)) {
    const PhRat base = PH_RAT_INT(it.cycle), next = PH_RAT_INT(it.cycle + 1);
    const PhRat from = ph_rat_add(base, ph_rat_mul(factor, ph_rat_sub(it.arc.begin, base)));
    if (!ph_rat_lt(from, next)) {
      continue;
    }
    /* Where the query ends on a boundary, its position in the *next* cycle is 0: that is this cycle's end. */
    const PhRat to = ph_rat_min(next, ph_rat_add(base, ph_rat_mul(factor, ph_rat_sub(it.arc.end, base))));
    const size_t first = out->len;
    ph_query(query, one->child, ph_arc(from, to), out);
    for (size_t i = first; i < out->len; i++) {
      PhEvent *e = &out->items[i];
      e->part = gap_arc(e->part, base, factor);
      if (e->has_whole) { /* as in seq.c: only Tidal takes the cycle from the beginning of the whole */
        e->whole = gap_arc(e->whole, one->tidal ? ph_rat_floor(e->whole.begin) : base, factor);
      }
    }
  }
}

const PhPat *ph_fast_gap(PhBuild *build, PhRat factor, const PhPat *pat)
{
  if (factor.num == 0) {
    return ph_pat_silence(build);
  }
  One *one = one_new(build, query_fast_gap, pat);
  one->factor = ph_rat_max(factor, PH_RAT_INT(1));
  return &one->base;
}

const PhPat *ph_compress(PhBuild *build, PhArc arc, const PhPat *pat)
{
  const PhRat zero = PH_RAT_INT(0), one = PH_RAT_INT(1);
  if (!ph_rat_lt(arc.begin, arc.end) || ph_rat_lt(arc.begin, zero) || ph_rat_lt(one, arc.end)) {
    return ph_pat_silence(build);
  }
  return ph_rot_r(build, arc.begin, ph_fast_gap(build, ph_rat_div(one, ph_arc_length(arc)), pat));
}

/* ---- zoom ---------------------------------------------------------------------------------------------------- */

/* An arc of the child, seen in the span of cycle `cycle`: Tidal takes the cycle in which each arc begins, so that the whole of
   an event that began in an earlier one ends up elsewhere (and a join drops it). Outside its dialect the whole stays around
   the part. */
static PhArc zoom_arc(const One *one, PhArc a, int64_t cycle, PhRat length)
{
  const PhRat base = PH_RAT_INT(cycle);
  const PhRat at = ph_rat_add(base, one->arc.begin);
  return ph_arc(ph_rat_add(base, ph_rat_div(ph_rat_sub(a.begin, at), length)),
                ph_rat_add(base, ph_rat_div(ph_rat_sub(a.end, at), length)));
}

static void query_zoom(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const One *one = (const One *)pat;
  const PhRat length = ph_arc_length(one->arc);
  PhCycles it = ph_cycles(query, span);
  while (ph_cycles_next(&it)) {
    const PhRat base = PH_RAT_INT(it.cycle);
    const PhRat at = ph_rat_add(base, one->arc.begin);
    const PhRat from = ph_rat_add(at, ph_rat_mul(length, ph_rat_sub(it.arc.begin, base)));
    const PhRat to = ph_rat_add(at, ph_rat_mul(length, ph_rat_sub(it.arc.end, base)));
    const size_t first = out->len;
    ph_query(query, one->child, ph_arc(from, to), out);
    for (size_t i = first; i < out->len; i++) {
      PhEvent *e = &out->items[i];
      if (e->has_whole) {
        const int64_t began = ph_rat_floor_int(e->whole.begin);
        e->whole = zoom_arc(one, e->whole, one->tidal && began < it.cycle ? began : it.cycle, length);
      }
      e->part = zoom_arc(one, e->part, it.cycle, length);
    }
  }
}

const PhPat *ph_zoom(PhBuild *build, PhArc arc, const PhPat *pat)
{
  if (!ph_rat_lt(arc.begin, arc.end)) {
    return ph_pat_silence(build);
  }
  One *one = one_new(build, query_zoom, pat);
  one->arc = arc;
  one->base.steps = ph_rat_mul(pat->steps, ph_arc_length(arc));
  return &one->base;
}

/* ---- segment ------------------------------------------------------------------------------------------------- */

static PhValue keep_right(PhQuery *query, const void *ctx, PhValue left, PhValue right)
{
  (void)query, (void)ctx, (void)left;
  return right;
}

const PhPat *ph_segment(PhBuild *build, PhRat count, const PhPat *pat)
{
  const PhPat *grid = ph_fast(build, count, ph_pat_pure(build, ph_bool(true)));
  return ph_pat_with_steps(build, ph_app(build, PH_APP_LEFT, grid, pat, keep_right, NULL), count);
}

/* ---- Euclid -------------------------------------------------------------------------------------------------- */

/* Bjorklund (2003) as Haskell's hmt has it: two sorts of groups, `x` of them all alike and `y` all alike; heads and tails
   are paired until at most one tail is left. A group is kept as its list of steps. */
bool ph_bjorklund(int64_t pulses, int64_t steps, bool *out)
{
  const bool invert = pulses < 0;
  const int64_t n = invert ? -pulses : pulses;
  if (steps <= 0) {
    return false;
  }
  if (n >= steps || n == 0) {
    for (int64_t i = 0; i < steps; i++) {
      out[i] = (n != 0) != invert;
    }
    return true;
  }
  /* A step string is described by how heads and tails nest: each round replaces head by head+tail. Lengths and counts
     suffice to write it out: head is h[0…hl), tail t[0…tl), in one scratch row. */
  bool head[PH_EUCLID_MAX], tail[PH_EUCLID_MAX], pair[PH_EUCLID_MAX];
  int64_t hl = 1, tl = 1, x = n, y = steps - n;
  head[0] = true;
  tail[0] = false;
  while ((x < y ? x : y) > 1) {
    for (int64_t i = 0; i < hl; i++) {
      pair[i] = head[i];
    }
    for (int64_t i = 0; i < tl; i++) {
      pair[hl + i] = tail[i];
    }
    const int64_t pairs = x < y ? x : y;
    const bool heads_left = x > y;
    if (heads_left) { /* the heads that found no tail become the tails */
      for (int64_t i = 0; i < hl; i++) {
        tail[i] = head[i];
      }
    }
    const int64_t rest = heads_left ? x - y : y - x;
    const int64_t rest_len = heads_left ? hl : tl;
    hl += tl;
    for (int64_t i = 0; i < hl; i++) {
      head[i] = pair[i];
    }
    tl = rest_len;
    x = pairs;
    y = rest;
  }
  int64_t at = 0;
  for (int64_t k = 0; k < x; k++) {
    for (int64_t i = 0; i < hl; i++) {
      out[at++] = head[i] != invert;
    }
  }
  for (int64_t k = 0; k < y; k++) {
    for (int64_t i = 0; i < tl; i++) {
      out[at++] = tail[i] != invert;
    }
  }
  return true;
}

static const PhPat *euclid_of(PhBuild *build, int64_t pulses, int64_t steps, int64_t rotation, const PhPat *yes,
                              const PhPat *no)
{
  if (steps <= 0) {
    return ph_pat_silence(build);
  }
  if (pulses < -PH_EUCLID_MAX || ph_euclid_length(pulses, steps) > PH_EUCLID_MAX) {
    return ph_complain(build, PH_LIMIT, "a Euclidean rhythm has more than %d steps", PH_EUCLID_MAX);
  }
  bool on[PH_EUCLID_MAX];
  const PhPat *pats[PH_EUCLID_MAX];
  const int64_t length = ph_euclid_length(pulses, steps);
  (void)ph_bjorklund(pulses, length, on);
  for (int64_t i = 0; i < length; i++) {
    pats[i] = on[i] ? yes : no;
  }
  const PhPat *cat = ph_fastcat(build, pats, (size_t)length);
  return ph_pat_with_steps(build, ph_rot_l(build, ph_rat(rotation, steps), cat), PH_RAT_INT(steps));
}

const PhPat *ph_euclid_bools(PhBuild *build, int64_t pulses, int64_t steps, int64_t rotation)
{
  const PhPat *const yes = ph_pat_pure(build, ph_bool(true));
  return euclid_of(build, pulses, steps, rotation, yes, ph_pat_pure(build, ph_bool(false)));
}

const PhPat *ph_euclid(PhBuild *build, int64_t pulses, int64_t steps, int64_t rotation, const PhPat *pat)
{
  return euclid_of(build, pulses, steps, rotation, pat, ph_pat_silence(build));
}

static PhValue same_as(PhQuery *query, const void *ctx, PhValue left, PhValue right)
{
  (void)query, (void)ctx;
  bool a = false, b = false;
  (void)ph_value_to_bool(&left, &a);
  (void)ph_value_to_bool(&right, &b);
  return ph_bool(a == b);
}

const PhPat *ph_euclid_of_bools(PhBuild *build, int64_t pulses, int64_t steps, int64_t rotation, const PhPat *pat)
{
  if (steps <= 0) {
    return ph_pat_silence(build);
  }
  const PhPat *grid = ph_euclid_bools(build, pulses, steps, 0);
  return ph_rot_l(build, ph_rat(rotation, steps), ph_app(build, PH_APP_BOTH, grid, pat, same_as, NULL));
}
