/* Functions that change the events within a cycle: repeating, shifting, cutting, joining them.  SPDX-License-Identifier: MIT */
#include "pattern/core.h"

#include <stdlib.h>

#define PAT(i) ph_arg_as_pat(build, &args[i])

/* ---- ply, press ---------------------------------------------------------------------------------------------- */

static const PhPat *ply_value(PhBuild *build, const void *ctx, PhValue value)
{
  return ph_fast(build, *(const PhRat *)ctx, ph_pat_pure(build, value));
}

static const PhPat *ply(PhBuild *build, PhRat n, const PhPat *pat)
{
  PhRat *ctx = PH_NEW(build->arena, PhRat);
  *ctx = n;
  const PhPat *plied = ph_join(build, PH_JOIN_SQUEEZE, pat, ply_value, ctx, pat->routes);
  return ph_pat_with_steps(build, plied, build->tidal ? pat->steps : ph_rat_mul(pat->steps, n));
}

static PhArg build_ply(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_rat(build, PAT(0), ply, PAT(1)));
}

static const PhPat *press_value(PhBuild *build, const void *ctx, PhValue value)
{
  const PhRat begin = *(const PhRat *)ctx;
  return ph_compress(build, ph_arc(begin, PH_RAT_INT(1)), ph_pat_pure(build, value));
}

static const PhPat *press_by(PhBuild *build, PhRat amount, const PhPat *pat)
{
  PhRat *ctx = PH_NEW(build->arena, PhRat);
  *ctx = ph_rat_fract(amount);
  return ph_join(build, PH_JOIN_SQUEEZE, pat, press_value, ctx, pat->routes);
}

static PhArg build_press(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(press_by(build, PH_RAT(1, 2), PAT(0)));
}

static PhArg build_press_by(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_rat(build, PAT(0), press_by, PAT(1)));
}

/* ---- segment, linger ----------------------------------------------------------------------------------------- */

static PhArg build_segment(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_rat(build, PAT(0), ph_segment, PAT(1)));
}

static const PhPat *linger(PhBuild *build, PhRat n, const PhPat *pat)
{
  if (n.num == 0) {
    return ph_pat_silence(build);
  }
  const PhRat one = PH_RAT_INT(1);
  const PhArc part = n.num < 0 ? ph_arc(ph_rat_add(one, n), one) : ph_arc(PH_RAT_INT(0), n);
  const PhRat length = build->tidal ? n : ph_rat_abs(n); /* Tidal's fast of a negative number plays it backwards */
  return ph_fast(build, ph_rat_div(one, length), ph_zoom(build, part, pat));
}

static PhArg build_linger(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_rat(build, PAT(0), linger, PAT(1)));
}

/* ---- joining the fragments of one event ---------------------------------------------------------------------- */

static int compare_time(PhRat a, PhRat b) { return ph_rat_cmp(a, b); }

static int by_onset(const void *a, const void *b)
{
  const PhEvent *x = a, *y = b;
  int order = compare_time(ph_event_arc(x).begin, ph_event_arc(y).begin);
  order = order ? order : compare_time(ph_event_arc(x).end, ph_event_arc(y).end);
  order = order ? order : compare_time(x->part.begin, y->part.begin);
  return order ? order : ph_value_cmp(&x->value, &y->value);
}

void ph_events_sort(PhEvents *events)
{
  if (events->len > 1) {
    qsort(events->items, events->len, sizeof *events->items, by_onset);
  }
}

/* ---- rot ----------------------------------------------------------------------------------------------------- */

typedef struct Rot {
  PhPat base;
  const PhPat *child;
  int64_t by;
  bool tidal; /* events in the order of their places in the text first, as Tidal compares them */
} Rot;

/* The first place in the text that Tidal would look at. A list has what was joined last in front, Tidal behind. */
static uint64_t first_place(const PhEvent *e)
{
  const PhSourceList *list = e->sources;
  while (list && list->next) {
    list = list->next;
  }
  return list ? (uint64_t)list->source.begin : 0;
}

static int by_place(const void *a, const void *b)
{
  const uint64_t x = first_place(a), y = first_place(b);
  return x == y ? by_onset(a, b) : x < y ? -1 : 1;
}

static void query_rot(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Rot *rot = (const Rot *)pat;
  PhCycles it = ph_cycles(query, span);
  while (ph_cycles_next(&it)) {
    PhEvents *cycle = ph_scratch_take(query);
    ph_query(query, rot->child, ph_arc(PH_RAT_INT(it.cycle), PH_RAT_INT(it.cycle + 1)), cycle);
    if (cycle->len > 1) {
      qsort(cycle->items, cycle->len, sizeof *cycle->items, rot->tidal ? by_place : by_onset);
    }
    const int64_t n = (int64_t)cycle->len;
    for (int64_t i = 0; i < n; i++) {
      PhEvent e = cycle->items[i];
      const int64_t from = ((i + rot->by) % n + n) % n;
      e.value = cycle->items[from].value;
      e.sources = cycle->items[from].sources;
      if (ph_arc_sect(e.part, it.arc, &e.part)) {
        PH_PUSH(query->arena, out, e);
      }
    }
    ph_scratch_give(query, cycle);
  }
}

static const PhPat *rot_by(PhBuild *build, int64_t by, const PhPat *pat)
{
  Rot *rot = PH_NODE(build, Rot, query_rot);
  rot->child = pat;
  rot->by = by;
  rot->tidal = build->tidal;
  rot->base.routes = pat->routes;
  rot->base.steps = pat->steps;
  return &rot->base;
}

static PhArg build_rot(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_int(build, PAT(0), rot_by, PAT(1)));
}

/* ---- stretch ------------------------------------------------------------------------------------------------- */

typedef struct One {
  PhPat base;
  const PhPat *child;
  bool tidal;
} One;

static const PhPat *one_new(PhBuild *build, PhQueryFn *query, const PhPat *child)
{
  One *one = PH_NODE(build, One, query);
  one->child = child;
  one->tidal = build->tidal;
  one->base.routes = child->routes;
  one->base.steps = child->steps;
  return &one->base;
}

static void query_stretch(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const PhPat *child = ((const One *)pat)->child;
  PhCycles it = ph_cycles(query, span);
  while (ph_cycles_next(&it)) {
    PhEvents *cycle = ph_scratch_take(query);
    ph_query(query, child, ph_arc(PH_RAT_INT(it.cycle), PH_RAT_INT(it.cycle + 1)), cycle);
    PhArc all = ph_arc(PH_RAT_INT(it.cycle), PH_RAT_INT(it.cycle + 1));
    for (size_t i = 0; i < cycle->len; i++) {
      const PhArc a = ph_event_arc(&cycle->items[i]);
      all = i == 0 ? a : ph_arc(ph_rat_min(all.begin, a.begin), ph_rat_max(all.end, a.end));
    }
    const bool any = cycle->len > 0;
    ph_scratch_give(query, cycle);
    if (any) {
      PhBuild build = ph_query_build(query, false);
      const PhRat sam = ph_rat_floor(all.begin);
      const PhArc part = ph_arc(ph_rat_sub(all.begin, sam), ph_rat_sub(all.end, sam));
      ph_query(query, ph_zoom(&build, part, child), it.arc, out);
    }
  }
}

const PhPat *ph_stretch(PhBuild *build, const PhPat *pat) { return one_new(build, query_stretch, pat); }

static PhArg build_stretch(PhBuild *build, const PhArg *args) { return ph_arg_pat(ph_stretch(build, PAT(0))); }

/* ---- mono, smooth -------------------------------------------------------------------------------------------- */

/* Events in order of their onsets; one that overlaps the one before cuts it short, one inside another is left out
   (Tidal's mono, over the discrete events of the query). */
static void query_mono(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  PhEvents *all = ph_scratch_take(query);
  ph_query(query, ((const One *)pat)->child, span, all);
  size_t n = 0;
  for (size_t i = 0; i < all->len; i++) {
    if (all->items[i].has_whole) {
      all->items[n++] = all->items[i];
    }
  }
  all->len = n;
  ph_events_sort(all);
  PhRat until = span.begin; /* what is taken up to here; the first event is always kept */
  for (size_t i = 0; i < n; i++) {
    PhEvent e = all->items[i];
    if (i && ph_rat_le(e.whole.end, until) && ph_rat_lt(all->items[i - 1].whole.begin, until)) {
      continue;
    }
    if (i && ph_rat_lt(e.whole.begin, until)) {
      e.whole.begin = until;
    }
    until = e.whole.end;
    if (ph_arc_sect(span, e.whole, &e.part)) {
      PH_PUSH(query->arena, out, e);
    }
  }
  ph_scratch_give(query, all);
}

static PhArg build_mono(PhBuild *build, const PhArg *args) { return ph_arg_pat(one_new(build, query_mono, PAT(0))); }

/* The value at an instant of a monophonic reading of the child. False: nothing sounds there. */
static bool event_at(PhQuery *query, const PhPat *mono, PhRat at, PhEvent *e)
{
  PhEvents *found = ph_scratch_take(query);
  ph_query(query, mono, ph_arc(at, at), found);
  const bool any = found->len > 0;
  if (any) {
    *e = found->items[0];
  }
  ph_scratch_give(query, found);
  return any;
}

static void query_smooth(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const PhPat *mono = ((const One *)pat)->child;
  const PhRat middle = ph_rat_div(ph_rat_add(span.begin, span.end), PH_RAT_INT(2));
  PhEvent e, next;
  if (!event_at(query, mono, middle, &e)) {
    return;
  }
  double from, to;
  if (e.has_whole && event_at(query, mono, e.whole.end, &next) && ph_value_to_num(&e.value, &from) &&
      ph_value_to_num(&next.value, &to)) {
    const double length = ph_rat_to_double(ph_arc_length(e.whole));
    const double at = ph_rat_to_double(ph_rat_sub(e.part.begin, e.whole.begin));
    e.value = ph_num(length > 0 ? from + (to - from) * at / length : from);
  }
  e.part = e.whole = span;
  e.has_whole = ((const One *)pat)->tidal; /* Tidal's is an event as long as the query */
  PH_PUSH(query->arena, out, e);
}

static PhArg build_smooth(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(one_new(build, query_smooth, one_new(build, query_mono, PAT(0))));
}

/* ---- beat ---------------------------------------------------------------------------------------------------- */

static const PhPat *compressed_value(PhBuild *build, const void *ctx, PhValue value)
{
  return ph_compress(build, *(const PhArc *)ctx, ph_pat_pure(build, value));
}

static const PhPat *beat_pair(PhBuild *build, const void *ctx, PhValue at, PhValue steps)
{
  PhRat t, d;
  if (!ph_value_to_rat(&at, &t) || !ph_value_to_rat(&steps, &d) || d.num <= 0) {
    return NULL;
  }
  const PhPat *pat = ctx;
  t = ph_rat_mod(t, d);
  PhArc *arc = PH_NEW(build->arena, PhArc);
  *arc = ph_arc(ph_rat_div(t, d), ph_rat_min(PH_RAT_INT(1), ph_rat_div(ph_rat_add(t, PH_RAT_INT(1)), d)));
  return ph_join(build, PH_JOIN_INNER, pat, compressed_value, arc, pat->routes);
}

static PhArg build_beat(PhBuild *build, const PhArg *args)
{
  const PhPat *pat = PAT(2);
  return ph_arg_pat(ph_param2(build, PAT(0), PAT(1), beat_pair, pat, pat->routes));
}

/* ---- plyWith ------------------------------------------------------------------------------------------------- */

/* Events with equal wholes share it one after another, in the order of the query. */
static void query_spread_out(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  PhEvents *all = ph_scratch_take(query);
  ph_query(query, ((const One *)pat)->child, span, all);
  for (size_t i = 0; i < all->len; i++) {
    PhEvent e = all->items[i];
    if (!e.has_whole) {
      continue;
    }
    int64_t before = 0, count = 0;
    ph_query_work(query, all->len);
    for (size_t j = 0; j < all->len; j++) {
      const bool same = all->items[j].has_whole && ph_arc_eq(all->items[j].whole, e.whole);
      before += same && j < i;
      count += same;
    }
    const PhRat step = ph_rat_div(ph_arc_length(e.whole), PH_RAT_INT(count));
    const PhRat begin = ph_rat_add(e.whole.begin, ph_rat_mul(step, PH_RAT_INT(before)));
    e.whole = ph_arc(begin, ph_rat_add(begin, step));
    if (ph_arc_sect(e.whole, e.part, &e.part)) {
      PH_PUSH(query->arena, out, e);
    }
  }
  ph_scratch_give(query, all);
}

const PhPat *ph_spread_out(PhBuild *build, const PhPat *pat) { return one_new(build, query_spread_out, pat); }

typedef struct PlyWith {
  const PhFn *fn;
  const PhPat *pat;
} PlyWith;

static const PhPat *ply_with(PhBuild *build, const void *ctx, PhValue value)
{
  const PlyWith *p = ctx;
  double n;
  if (!ph_value_to_num(&value, &n)) {
    return NULL;
  }
  if (n > 1000) {
    return ph_complain(build, PH_LIMIT, "plyWith repeats more than 1000 times");
  }
  const PhPat *all = p->pat;
  for (; n > 1; n -= 1) {
    all = ph_stack2(build, p->pat, ph_fn_apply(build, p->fn, all));
  }
  return ph_spread_out(build, all);
}

static PhArg build_ply_with(PhBuild *build, const PhArg *args)
{
  PlyWith *p = PH_NEW(build->arena, PlyWith);
  *p = (PlyWith){ args[1].fn, PAT(2) };
  const PhPat *n = PAT(0);
  const uint64_t routes = ph_pat_constant(n) ? 0 : ph_fn_apply(build, p->fn, p->pat)->routes | p->pat->routes;
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, n, ply_with, p, routes));
}

/* ---- rows ---------------------------------------------------------------------------------------------------- */

#define FAMILY "time"

static const PhPatFunc rows[] = {
  PH_ROW("ply", "", FAMILY, "a", "Repeats every event n times within its own time.", "ply 2 \"a b\"",
         "0-1/4 \"a\" | 1/4-1/2 \"a\" | 1/2-3/4 \"b\" | 3/4-1 \"b\"", build_ply, PH_REQ("n", "time", "times"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("plyWith", "plywith", FAMILY, "a", "Repeats every event n times, changed once more by a function each time.",
         "plyWith 3 (|* gain 0.5) $ s \"bd\" # gain 1",
         "0-1/3 gain: 1, s: \"bd\" | 1/3-2/3 gain: 0.5, s: \"bd\" | 2/3-1 gain: 0.25, s: \"bd\"", build_ply_with,
         PH_REQ("n", "num", "times"), PH_REQ("function", "(a->a)", ""), PH_REQ("pattern", "a", "")),
  PH_ROW("press", "", FAMILY, "a", "Moves every event to the middle of its own time: off-beats.", "press \"a b\"",
         "1/4-1/2 \"a\" | 3/4-1 \"b\"", build_press, PH_REQ("pattern", "a", "")),
  PH_ROW("pressBy", "pressby", FAMILY, "a", "Moves every event into its own time by a fraction of it.",
         "pressBy 0.25 \"a b\"", "1/8-1/2 \"a\" | 5/8-1 \"b\"", build_press_by,
         PH_REQ("amount", "time", "fraction of the event, 0 to 1"), PH_REQ("pattern", "a", "")),
  PH_ROW("segment", "discretise seg", FAMILY, "a",
         "Samples a pattern n times per cycle, which makes events of continuous ones.", "segment 4 saw",
         "0-1/4 0 | 1/4-1/2 0.25 | 1/2-3/4 0.5 | 3/4-1 0.75", build_segment, PH_REQ("n", "time", "events per cycle"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("linger", "", FAMILY, "a", "Repeats the first part of every cycle to fill it; negative: the last part.",
         "linger 0.25 \"a b c d\"", "0-1/4 \"a\" | 1/4-1/2 \"a\" | 1/2-3/4 \"a\" | 3/4-1 \"a\"", build_linger,
         PH_REQ("part", "time", "of the cycle, -1 to 1"), PH_REQ("pattern", "a", "")),
  PH_ROW("rot", "", FAMILY, "a", "Rotates the values over the events of the cycle; the rhythm stays.",
         "rot 1 \"a ~ b c\"", "0-1/4 \"b\" | 1/2-3/4 \"c\" | 3/4-1 \"a\"", build_rot,
         PH_REQ("n", "int", "steps to the left"), PH_REQ("pattern", "a", "")),
  PH_ROW("stretch", "", FAMILY, "a", "Leaves out the silence at the ends of every cycle and stretches the rest.",
         "stretch \"~ a b ~\"", "0-1/2 \"a\" | 1/2-1 \"b\"", build_stretch, PH_REQ("pattern", "a", "")),
  PH_ROW("mono", "", FAMILY, "a", "One event at a time: what overlaps the one before begins when that ends.",
         "mono \"[a b, c]\"", "0-1/2 \"a\" | 1/2-1 \"c\"", build_mono, PH_REQ("pattern", "a", "")),
  PH_ROW("smooth", "", FAMILY, "num", "Goes from every number to the next in a straight line.",
         "segment 4 $ smooth \"0 1\"", "0-1/4 0.25 | 1/4-1/2 0.75 | 1/2-3/4 0.75 | 3/4-1 0.25", build_smooth,
         PH_REQ("pattern", "num", "")),
  PH_ROW("beat", "", FAMILY, "a", "Plays a pattern at the given steps of a grid.", "beat \"[0,3]\" 8 \"a\"",
         "0-1/8 \"a\" | 3/8-1/2 \"a\"", build_beat, PH_REQ("steps", "time", "which steps, from 0"),
         PH_REQ("of", "time", "steps per cycle"), PH_REQ("pattern", "a", "")),
};

const PhPatTable ph_pat_shape = { rows, PH_COUNT(rows) };
