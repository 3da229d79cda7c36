/* Applicatives and joins: how two patterns become one. Rules of Tidal 1.10.
   SPDX-License-Identifier: MIT */
#include "pattern/core.h"

/* ---- applicatives -------------------------------------------------------------------------------------------- */

typedef struct App {
  PhPat base;
  const PhPat *left, *right;
  PhValueOp *op;
  const void *ctx;
} App;

/* <* where the right side is a constant: only the values change. (Tidal also cuts an event that crosses a cycle into
   fragments there; together they are the same event. A part outside its whole, which only its dialect makes, is lost.) */
static void app_left_constant(PhQuery *query, const App *app, const PhValue *right, PhArc span, PhEvents *out)
{
  const PhSourceList *sources = ph_pat_constant_sources(app->right);
  size_t kept = out->len;
  ph_query(query, app->left, span, out);
  for (size_t i = kept; i < out->len; i++) {
    PhEvent e = out->items[i];
    if (e.has_whole && !ph_arc_sect(e.whole, e.part, &e.part)) {
      continue;
    }
    e.value = app->op(query, app->ctx, e.value, *right);
    e.sources = ph_sources_join(query, e.sources, sources);
    out->items[kept++] = e;
  }
  out->len = kept;
}

/* <* and *>: the wholes are those of one side, over which the other is asked. */
static void app_side(PhQuery *query, const App *app, bool left, PhArc span, PhEvents *out)
{
  const PhPat *outer = left ? app->left : app->right, *inner = left ? app->right : app->left;
  PhEvents *outers = ph_scratch_take(query);
  ph_query(query, outer, span, outers);
  for (size_t i = 0; i < outers->len; i++) {
    const PhEvent o = outers->items[i];
    size_t kept = out->len;
    ph_query(query, inner, ph_event_arc(&o), out);
    for (size_t j = kept; j < out->len; j++) {
      const PhEvent n = out->items[j];
      PhEvent e = o;
      if (ph_arc_sect(o.part, n.part, &e.part)) {
        e.value = left ? app->op(query, app->ctx, o.value, n.value) : app->op(query, app->ctx, n.value, o.value);
        e.sources = ph_sources_join(query, o.sources, n.sources);
        out->items[kept++] = e;
      }
    }
    out->len = kept;
  }
  ph_scratch_give(query, outers);
}

static void query_app_left(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const App *app = (const App *)pat;
  const PhValue *constant = ph_pat_constant(app->right);
  if (constant) {
    app_left_constant(query, app, constant, span, out);
  } else {
    app_side(query, app, true, span, out);
  }
}

static void query_app_right(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  app_side(query, (const App *)pat, false, span, out);
}

/* One pair of <*>. A continuous side takes no part in the whole; of two wholes the intersection, and none if either is
   missing. */
static bool app_both_pair(PhQuery *query, const App *app, const PhEvent *l, const PhEvent *r, PhEvent *e)
{
  *e = *l;
  e->has_whole = l->has_whole && r->has_whole;
  if ((e->has_whole && !ph_arc_sect(l->whole, r->whole, &e->whole)) || !ph_arc_sect(l->part, r->part, &e->part)) {
    return false;
  }
  e->value = app->op(query, app->ctx, l->value, r->value);
  e->sources = ph_sources_join(query, l->sources, r->sources);
  return true;
}

static void query_app_both(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const App *app = (const App *)pat;
  PhEvents *lefts = ph_scratch_take(query);
  PhEvents *rights = ph_scratch_take(query);
  PhEvent e;
  ph_query(query, app->left, span, lefts);
  for (size_t i = 0; i < lefts->len; i++) { /* a continuous left with all, a discrete left with the discrete right */
    const PhEvent l = lefts->items[i];
    rights->len = 0;
    ph_query(query, app->right, ph_event_arc(&l), rights);
    for (size_t j = 0; j < rights->len; j++) {
      if ((rights->items[j].has_whole || !l.has_whole) && app_both_pair(query, app, &l, &rights->items[j], &e)) {
        PH_PUSH(query->arena, out, e);
      }
    }
  }
  rights->len = 0;
  ph_query(query, app->right, span, rights);
  for (size_t j = 0; j < rights->len; j++) { /* a continuous right with the discrete left */
    const PhEvent r = rights->items[j];
    if (r.has_whole) {
      continue;
    }
    lefts->len = 0;
    ph_query(query, app->left, r.part, lefts);
    for (size_t i = 0; i < lefts->len; i++) {
      if (lefts->items[i].has_whole && app_both_pair(query, app, &lefts->items[i], &r, &e)) {
        PH_PUSH(query->arena, out, e);
      }
    }
  }
  ph_scratch_give(query, rights);
  ph_scratch_give(query, lefts);
}

static PhRat lcm_steps(PhRat a, PhRat b)
{
  if (!ph_rat_ok(a) || !ph_rat_ok(b) || a.num <= 0 || b.num <= 0) {
    return PH_RAT(0, 0);
  }
  const PhRat ratio = ph_rat_div(a, b); /* lcm = a * den(a / b) */
  return ph_rat_mul(a, PH_RAT_INT(ratio.den));
}

const PhPat *ph_app(PhBuild *build, PhAppHow how, const PhPat *left, const PhPat *right, PhValueOp *op, const void *ctx)
{
  static PhQueryFn *const queries[] = { query_app_both, query_app_left, query_app_right };
  App *app = PH_NODE(build, App, queries[how]);
  app->left = left;
  app->right = right;
  app->op = op;
  app->ctx = ctx;
  app->base.routes = left->routes | right->routes | ph_routes_combine(left->routes, right->routes);
  app->base.steps = how == PH_APP_LEFT    ? left->steps
                    : how == PH_APP_RIGHT ? right->steps
                                          : lcm_steps(left->steps, right->steps);
  return &app->base;
}

/* ---- joins --------------------------------------------------------------------------------------------------- */

typedef struct Join {
  PhPat base;
  const PhPat *outer;
  PhParamFn *fn;
  const void *ctx;
  PhJoin join;
  bool tidal;
} Join;

/* What is asked of the inner pattern of an outer event, and of whom. */
static void query_inner(PhQuery *query, const Join *join, PhBuild *build, const PhEvent *o, const PhPat *inner,
                        PhArc span, PhEvents *out)
{
  switch (join->join) {
  case PH_JOIN_OUTER: {
    const PhRat at = ph_event_arc(o).begin;
    ph_query(query, inner, ph_arc(at, at), out);
    return;
  }
  case PH_JOIN_SQUEEZE:
    ph_query(query, ph_focus(build, ph_event_arc(o), inner), o->part, out);
    return;
  case PH_JOIN_RESET:
    ph_query(query, ph_rot_r(build, ph_rat_fract(o->whole.begin), inner), span, out);
    return;
  case PH_JOIN_RESTART:
    ph_query(query, ph_rot_r(build, o->whole.begin, inner), span, out);
    return;
  default:
    ph_query(query, inner, o->part, out);
    return;
  }
}

/* The event that an inner event becomes. False: nothing is left of it. */
static bool join_event(PhQuery *query, const Join *join, const PhEvent *o, PhArc span, PhEvent *e)
{
  e->sources = ph_sources_join(query, o->sources, e->sources);
  switch (join->join) {
  case PH_JOIN_INNER:
    return ph_arc_sect(span, e->part, &e->part) && ph_arc_sect(o->part, e->part, &e->part);
  case PH_JOIN_OUTER:
    e->whole = o->whole;
    e->has_whole = o->has_whole;
    return ph_arc_sect(span, o->part, &e->part);
  default:
    e->has_whole = e->has_whole && o->has_whole;
    return (!e->has_whole || ph_arc_sect(o->whole, e->whole, &e->whole)) && ph_arc_sect(o->part, e->part, &e->part);
  }
}

/* The outer events. Tidal samples a continuous outer pattern once per query, so that what it gives depends on who asks.
   Here it is asked for whole cycles, whatever the span: for those the answer is Tidal's, and it does not depend. */
static void query_outer(PhQuery *query, const PhPat *outer, PhArc span, PhEvents *outers)
{
  ph_query(query, outer, span, outers);
  size_t kept = 0;
  for (size_t i = 0; i < outers->len; i++) {
    if (outers->items[i].has_whole) {
      outers->items[kept++] = outers->items[i];
    }
  }
  if (kept == outers->len) {
    return;
  }
  outers->len = kept;
  PhEvents *cycle = ph_scratch_take(query);
  PhCycles it = ph_cycles(query, span);
  while (ph_cycles_next(&it)) {
    cycle->len = 0;
    ph_query(query, outer, ph_arc(PH_RAT_INT(it.cycle), PH_RAT_INT(it.cycle + 1)), cycle);
    for (size_t i = 0; i < cycle->len; i++) {
      PhEvent e = cycle->items[i];
      if (!e.has_whole && ph_arc_sect(it.arc, e.part, &e.part)) {
        PH_PUSH(query->arena, outers, e);
      }
    }
  }
  ph_scratch_give(query, cycle);
}

static void query_join(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Join *join = (const Join *)pat;
  const bool triggers = join->join == PH_JOIN_RESET || join->join == PH_JOIN_RESTART;
  PhBuild build = ph_query_build(query, join->tidal);
  PhEvents *outers = ph_scratch_take(query);
  const PhPat *inner = NULL;
  query_outer(query, join->outer, span, outers);
  for (size_t i = 0; i < outers->len; i++) {
    const PhEvent o = outers->items[i];
    if (triggers && !o.has_whole) {
      continue;
    }
    if (i == 0 || !inner || o.value.tag == PH_VALUE_PAT || !ph_value_eq(&o.value, &outers->items[i - 1].value)) {
      inner = join->fn(&build, join->ctx, o.value);
    }
    if (!inner) {
      continue;
    }
    size_t kept = out->len;
    query_inner(query, join, &build, &o, inner, span, out);
    for (size_t j = kept; j < out->len; j++) {
      PhEvent e = out->items[j];
      if (join_event(query, join, &o, span, &e)) {
        out->items[kept++] = e;
      }
    }
    out->len = kept;
  }
  ph_scratch_give(query, outers);
}

static Join *join_new(PhBuild *build, PhJoin how, const PhPat *outer, PhParamFn *fn, const void *ctx)
{
  Join *join = PH_NODE(build, Join, query_join);
  join->outer = outer;
  join->fn = fn;
  join->ctx = ctx;
  join->join = how;
  join->tidal = build->tidal;
  return join;
}

const PhPat *ph_join(PhBuild *build, PhJoin how, const PhPat *outer, PhParamFn *fn, const void *ctx, uint64_t routes)
{
  const PhValue *constant = how == PH_JOIN_INNER ? ph_pat_constant(outer) : NULL;
  if (constant) {
    const PhPat *pat = fn(build, ctx, *constant);
    return pat ? pat : ph_pat_silence(build);
  }
  if (ph_pat_is_silence(outer)) {
    return outer;
  }
  Join *join = join_new(build, how, outer, fn, ctx);
  join->base.routes = routes;
  return &join->base;
}

static const PhPat *pat_of_value(PhBuild *build, const void *ctx, PhValue value)
{
  (void)build, (void)ctx;
  return value.tag == PH_VALUE_PAT ? value.pat : NULL;
}

const PhPat *ph_join_pats(PhBuild *build, PhJoin join, const PhPat *outer, uint64_t routes)
{
  return ph_join(build, join, outer, pat_of_value, NULL, routes);
}

/* ---- patterned arguments ------------------------------------------------------------------------------------- */

typedef struct Param {
  const PhPat *child;
  PhRatFn *rat;
  PhIntFn *integer;
  PhNumFn *num;
} Param;

static const PhPat *param_pat(PhBuild *build, const void *ctx, PhValue value)
{
  const Param *param = ctx;
  PhRat r;
  int64_t i;
  double x;
  if (param->rat) {
    return ph_value_to_rat(&value, &r) ? param->rat(build, r, param->child) : NULL;
  }
  if (param->integer) {
    return ph_value_to_int(&value, &i) ? param->integer(build, i, param->child) : NULL;
  }
  return ph_value_to_num(&value, &x) ? param->num(build, x, param->child) : NULL;
}

static const PhPat *param(PhBuild *build, const PhPat *arg, Param p)
{
  Param *ctx = PH_NEW(build->arena, Param);
  *ctx = p;
  if (ph_pat_constant(arg) || ph_pat_is_silence(arg)) {
    return ph_join(build, PH_JOIN_INNER, arg, param_pat, ctx, p.child->routes);
  }
  Join *join = join_new(build, PH_JOIN_INNER, arg, param_pat, ctx);
  join->base.routes = p.child->routes;
  join->base.steps = p.child->steps;
  return &join->base;
}

const PhPat *ph_param_rat(PhBuild *build, const PhPat *arg, PhRatFn *fn, const PhPat *child)
{
  return param(build, arg, (Param){ .child = child, .rat = fn });
}

const PhPat *ph_param_int(PhBuild *build, const PhPat *arg, PhIntFn *fn, const PhPat *child)
{
  return param(build, arg, (Param){ .child = child, .integer = fn });
}

const PhPat *ph_param_num(PhBuild *build, const PhPat *arg, PhNumFn *fn, const PhPat *child)
{
  return param(build, arg, (Param){ .child = child, .num = fn });
}

static PhValue list2(PhArena *arena, PhValue a, PhValue b)
{
  PhValueList *list = ph_arena_alloc(arena, sizeof *list + 2 * sizeof list->items[0]);
  list->len = 2;
  list->items[0] = a;
  list->items[1] = b;
  return (PhValue){ .tag = PH_VALUE_LIST, .list = list };
}

static PhValue pair_values(PhQuery *query, const void *ctx, PhValue left, PhValue right)
{
  (void)ctx;
  return list2(query->arena, left, right);
}

const PhPat *ph_pair(PhBuild *build, PhAppHow how, const PhPat *a, const PhPat *b)
{
  const PhValue *x = ph_pat_constant(a), *y = ph_pat_constant(b);
  return x && y ? ph_pat_pure(build, list2(build->arena, *x, *y)) : ph_app(build, how, a, b, pair_values, NULL);
}

typedef struct Params {
  PhPairFn *pair;
  PhTripleFn *triple;
  const void *ctx;
} Params;

static const PhPat *apply_params(PhBuild *build, const void *ctx, PhValue value)
{
  const Params *p = ctx;
  const PhValue *items = value.list->items;
  if (p->pair) {
    return p->pair(build, p->ctx, items[0], items[1]);
  }
  const PhValue three[3] = { items[0].list->items[0], items[0].list->items[1], items[1] };
  return p->triple(build, p->ctx, three);
}

const PhPat *ph_param2_by(PhBuild *build, PhJoin join, const PhPat *first, const PhPat *second, PhPairFn *fn,
                          const void *ctx, uint64_t routes)
{
  Params *p = PH_NEW(build->arena, Params);
  *p = (Params){ .pair = fn, .ctx = ctx };
  return ph_join(build, join, ph_pair(build, PH_APP_BOTH, first, second), apply_params, p, routes);
}

const PhPat *ph_param2(PhBuild *build, const PhPat *first, const PhPat *second, PhPairFn *fn, const void *ctx,
                       uint64_t routes)
{
  return ph_param2_by(build, PH_JOIN_INNER, first, second, fn, ctx, routes);
}

const PhPat *ph_param3(PhBuild *build, const PhPat *const args[3], PhTripleFn *fn, const void *ctx, uint64_t routes)
{
  Params *p = PH_NEW(build->arena, Params);
  *p = (Params){ .triple = fn, .ctx = ctx };
  const PhPat *all = ph_pair(build, PH_APP_BOTH, ph_pair(build, PH_APP_BOTH, args[0], args[1]), args[2]);
  return ph_join(build, PH_JOIN_INNER, all, apply_params, p, routes);
}

/* ---- sew ----------------------------------------------------------------------------------------------------- */

typedef struct Sew {
  PhPat base;
  const PhPat *bools, *yes, *no;
} Sew;

static void query_sew(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Sew *sew = (const Sew *)pat;
  PhEvents *bools = ph_scratch_take(query);
  ph_query(query, sew->bools, span, bools);
  for (size_t i = 0; i < bools->len; i++) {
    const PhEvent b = bools->items[i];
    bool yes;
    if (!ph_value_to_bool(&b.value, &yes)) {
      continue;
    }
    size_t kept = out->len;
    ph_query(query, yes ? sew->yes : sew->no, b.part, out);
    for (size_t j = kept; j < out->len; j++) {
      PhEvent e = out->items[j];
      if (ph_arc_sect(b.part, e.part, &e.part)) {
        out->items[kept++] = e;
      }
    }
    out->len = kept;
  }
  ph_scratch_give(query, bools);
}

const PhPat *ph_sew(PhBuild *build, const PhPat *bools, const PhPat *yes, const PhPat *no)
{
  Sew *sew = PH_NODE(build, Sew, query_sew);
  sew->bools = bools;
  sew->yes = yes;
  sew->no = no;
  sew->base.routes = yes->routes | no->routes;
  sew->base.steps = yes->steps;
  return &sew->base;
}
