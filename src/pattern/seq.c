/* Stacks and sequences.  SPDX-License-Identifier: MIT */
#include "pattern/core.h"

/* Several children and, for timecat, their slots. */
typedef struct Seq {
  PhPat base;
  size_t count;
  const PhPat *const *pats;
  const PhRat *bounds; /* count + 1 positions in the cycle, from 0 to 1 */
  PhPickFn *pick;
  const void *ctx;
  bool tidal;
} Seq;

static Seq *seq_new(PhBuild *build, PhQueryFn *query, const PhPat *const *pats, size_t count)
{
  Seq *seq = PH_NODE(build, Seq, query);
  seq->count = count;
  seq->pats = ph_arena_copy(build->arena, pats, count * sizeof *pats);
  for (size_t i = 0; i < count; i++) {
    ph_node_over(&seq->base, pats[i]);
  }
  return seq;
}

/* ---- stack --------------------------------------------------------------------------------------------------- */

static void query_stack(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Seq *seq = (const Seq *)pat;
  for (size_t i = 0; i < seq->count; i++) {
    ph_query(query, seq->pats[i], span, out);
  }
}

/* The least number of steps that is a multiple of all; unknown if one is. */
static PhRat common_steps(const PhPat *const *pats, size_t count)
{
  PhRat steps = PH_RAT(0, 0);
  for (size_t i = 0; i < count; i++) {
    const PhRat s = pats[i]->steps;
    if (!ph_rat_ok(s) || s.num <= 0) {
      return PH_RAT(0, 0);
    }
    steps = i == 0 ? s : ph_rat_mul(steps, PH_RAT_INT(ph_rat_div(steps, s).den));
  }
  return steps;
}

const PhPat *ph_stack(PhBuild *build, const PhPat *const *pats, size_t count)
{
  if (count == 0) {
    return ph_pat_silence(build);
  }
  if (count == 1) {
    return pats[0];
  }
  Seq *seq = seq_new(build, query_stack, pats, count);
  seq->base.steps = common_steps(pats, count);
  return &seq->base;
}

const PhPat *ph_stack2(PhBuild *build, const PhPat *a, const PhPat *b)
{
  const PhPat *const pats[] = { a, b };
  return ph_stack(build, pats, 2);
}

/* ---- one after another, a cycle each ------------------------------------------------------------------------- */

static void shift_event(PhEvent *e, PhRat by)
{
  e->part = ph_arc(ph_rat_add(e->part.begin, by), ph_rat_add(e->part.end, by));
  if (e->has_whole) {
    e->whole = ph_arc(ph_rat_add(e->whole.begin, by), ph_rat_add(e->whole.end, by));
  }
}

static void query_slowcat(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Seq *seq = (const Seq *)pat;
  const int64_t n = (int64_t)seq->count;
  PhCycles it = ph_cycles(query, span);
  while (ph_cycles_next(&it)) {
    const int64_t i = it.cycle % n + (it.cycle % n < 0 ? n : 0);
    const PhRat offset = PH_RAT_INT(it.cycle - (it.cycle - i) / n);
    const size_t first = out->len;
    ph_query(query, seq->pats[i], ph_arc(ph_rat_sub(it.arc.begin, offset), ph_rat_sub(it.arc.end, offset)), out);
    for (size_t j = first; offset.num != 0 && j < out->len; j++) {
      shift_event(&out->items[j], offset);
    }
  }
}

const PhPat *ph_slowcat(PhBuild *build, const PhPat *const *pats, size_t count)
{
  if (count == 0) {
    return ph_pat_silence(build);
  }
  if (count == 1) {
    return pats[0];
  }
  Seq *seq = seq_new(build, query_slowcat, pats, count);
  seq->base.steps = common_steps(pats, count);
  return &seq->base;
}

const PhPat *ph_fastcat(PhBuild *build, const PhPat *const *pats, size_t count)
{
  const PhPat *cat = ph_slowcat(build, pats, count);
  PhRat steps = PH_RAT_INT(0);
  for (size_t i = 0; i < count; i++) {
    steps = ph_rat_add(steps, pats[i]->steps);
  }
  return count < 2 ? cat : ph_pat_with_steps(build, ph_fast(build, PH_RAT_INT((int64_t)count), cat), steps);
}

static const PhPat *const *pures(PhBuild *build, const PhValue *values, size_t count)
{
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count + 1);
  for (size_t i = 0; i < count; i++) {
    pats[i] = ph_pat_pure(build, values[i]);
  }
  return pats;
}

const PhPat *ph_fastcat_values(PhBuild *build, const PhValue *values, size_t count)
{
  return ph_fastcat(build, pures(build, values, count), count);
}

const PhPat *ph_slowcat_values(PhBuild *build, const PhValue *values, size_t count)
{
  return ph_slowcat(build, pures(build, values, count), count);
}

/* ---- in one cycle, by weight --------------------------------------------------------------------------------- */

/* An arc of the child's cycle in the slot that begins at `begin` and is `scale` wide. Tidal's compress takes the cycle
   from the beginning of each arc, so that the whole of an event that began in an earlier cycle of the child does not
   contain its later parts; outside Tidal's dialect the whole stays around them. */
static PhArc slot_arc(PhArc a, PhRat cycle, PhRat begin, PhRat scale)
{
  const PhRat base = ph_rat_add(cycle, begin);
  const PhRat from = ph_rat_sub(a.begin, cycle), to = ph_rat_sub(a.end, cycle);
  return ph_arc(from.num == 0 ? base : ph_rat_add(base, ph_rat_mul(from, scale)),
                ph_rat_add(base, ph_rat_mul(to, scale)));
}

static PhRat into_slot(PhRat t, PhRat cycle, PhRat begin, PhRat scale)
{
  const PhRat pos = ph_rat_div(ph_rat_sub(ph_rat_sub(t, cycle), begin), scale);
  return ph_rat_add(cycle, pos);
}

/* One slot's share of one cycle: `seen` is the part of the slot that is asked for. */
static void query_slot(PhQuery *query, const Seq *seq, size_t index, int64_t cycle, PhArc seen, PhEvents *out)
{
  const PhPat *child = seq->pats[index];
  const PhArc slot = ph_arc(seq->bounds[index], seq->bounds[index + 1]);
  const PhRat base = PH_RAT_INT(cycle);
  const PhValue *constant = ph_pat_constant(child);
  const PhArc whole = ph_arc(ph_rat_add(base, slot.begin), ph_rat_add(base, slot.end));
  if (constant) {
    PH_PUSH(query->arena, out, ((PhEvent){ whole, seen, *constant, ph_pat_constant_sources(child), true }));
    return;
  }
  const PhRat scale = ph_rat_sub(slot.end, slot.begin);
  const PhRat from = ph_rat_eq(seen.begin, whole.begin) ? base : into_slot(seen.begin, base, slot.begin, scale);
  const PhRat to =
      ph_rat_eq(seen.end, whole.end) ? PH_RAT_INT(cycle + 1) : into_slot(seen.end, base, slot.begin, scale);
  const size_t first = out->len;
  ph_query(query, child, ph_arc(from, to), out);
  for (size_t i = first; i < out->len; i++) {
    PhEvent *e = &out->items[i];
    const bool entire = e->has_whole && ph_arc_eq(e->whole, e->part);
    e->part = slot_arc(e->part, base, slot.begin, scale);
    if (e->has_whole) {
      const PhRat from_cycle = seq->tidal ? ph_rat_floor(e->whole.begin) : base;
      e->whole = entire ? e->part : slot_arc(e->whole, from_cycle, slot.begin, scale);
    }
  }
}

/* The last slot that begins at or before `pos`. */
static size_t find_slot(const Seq *seq, PhRat pos)
{
  size_t lo = 0, hi = seq->count;
  while (hi - lo > 1) {
    const size_t mid = lo + (hi - lo) / 2;
    if (ph_rat_le(seq->bounds[mid], pos)) {
      lo = mid;
    } else {
      hi = mid;
    }
  }
  return lo;
}

static void query_timecat(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Seq *seq = (const Seq *)pat;
  PhCycles it = ph_cycles(query, span);
  while (ph_cycles_next(&it)) {
    const PhRat base = PH_RAT_INT(it.cycle);
    for (size_t i = find_slot(seq, ph_rat_sub(it.arc.begin, base)); i < seq->count; i++) {
      const PhArc slot = ph_arc(seq->bounds[i], seq->bounds[i + 1]);
      const PhArc whole = ph_arc(ph_rat_add(base, slot.begin), ph_rat_add(base, slot.end));
      PhArc seen;
      if (!ph_arc_sect(whole, it.arc, &seen)) {
        break;
      }
      if (!ph_pat_is_silence(seq->pats[i])) {
        query_slot(query, seq, i, it.cycle, seen, out);
      }
    }
  }
}

const PhPat *ph_timecat(PhBuild *build, const PhRat *weights, const PhPat *const *pats, size_t count)
{
  PhRat total = PH_RAT_INT(0);
  const PhPat **kept = PH_NEWN(build->arena, const PhPat *, count + 1);
  PhRat *bounds = PH_NEWN(build->arena, PhRat, count + 1);
  size_t n = 0;
  for (size_t i = 0; i < count; i++) {
    if (weights[i].num > 0) {
      bounds[n] = total;
      kept[n++] = pats[i];
      total = ph_rat_add(total, weights[i]);
    }
  }
  if (n == 0) {
    return ph_pat_silence(build);
  }
  if (!ph_rat_ok(total)) {
    return ph_complain(build, PH_OVERFLOW, "the weights of a sequence do not add up exactly");
  }
  if (n == 1) {
    return ph_pat_with_steps(build, kept[0], total);
  }
  for (size_t i = 0; i < n; i++) {
    bounds[i] = ph_rat_div(bounds[i], total);
  }
  bounds[n] = PH_RAT_INT(1);
  Seq *seq = seq_new(build, query_timecat, kept, n);
  seq->bounds = bounds;
  seq->tidal = build->tidal;
  seq->base.steps = total;
  return &seq->base;
}

/* ---- cycle by cycle ------------------------------------------------------------------------------------------ */

static void query_pick(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Seq *seq = (const Seq *)pat;
  PhCycles it = ph_cycles(query, span);
  while (ph_cycles_next(&it)) {
    const size_t i = seq->pick(query, seq->ctx, it.cycle);
    if (i < seq->count) {
      ph_query(query, seq->pats[i], it.arc, out);
    }
  }
}

const PhPat *ph_pick_cycles(PhBuild *build, PhPickFn *pick, const void *ctx, const PhPat *const *pats, size_t count)
{
  Seq *seq = seq_new(build, query_pick, pats, count);
  seq->pick = pick;
  seq->ctx = ctx;
  seq->base.steps = count ? pats[0]->steps : PH_RAT(0, 0);
  return &seq->base;
}
