/* Nodes that every pattern is built from: constants, silence, functors over time, values and events.
   SPDX-License-Identifier: MIT */
#include "pattern/core.h"

#include <stdio.h>

void *ph_node_new(PhBuild *build, size_t bytes, PhQueryFn *query)
{
  PhPat *pat = ph_arena_alloc(build->arena, bytes);
  pat->query = query;
  return pat;
}

void ph_node_over(PhPat *node, const PhPat *child)
{
  if (node && child) {
    node->routes |= child->routes;
  }
}

uint64_t ph_routes_combine(uint64_t a, uint64_t b)
{
  a = a ? a : PH_ROUTES_PLAIN;
  b = b ? b : PH_ROUTES_PLAIN;
  if (a == PH_ROUTES_PLAIN || b == PH_ROUTES_PLAIN) {
    return a == PH_ROUTES_PLAIN ? b : a;
  }
  uint64_t both = 0;
  for (unsigned i = 0; i < 64; i++) {
    for (unsigned j = 0; j < 64 && (a >> i & 1); j++) {
      both |= (b >> j & 1) << (i | j);
    }
  }
  return both;
}

const char *ph_build_text(PhBuild *build, const char *text, size_t len)
{
  return ph_arena_strndup(build->arena, text, len);
}

const PhPat *ph_complain(PhBuild *build, PhStatus status, const char *fmt, ...)
{
  if (build->complain) {
    char text[160];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    build->complain(build->complain_ctx, status, text);
  }
  return ph_pat_silence(build);
}

/* ---- silence and constants ----------------------------------------------------------------------------------- */

static void query_silence(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  (void)query, (void)pat, (void)span, (void)out;
}

const PhPat *ph_pat_silence(PhBuild *build)
{
  PhPat *pat = PH_NODE(build, PhPat, query_silence);
  pat->steps = PH_RAT_INT(1);
  return pat;
}

bool ph_pat_is_silence(const PhPat *pat) { return pat->query == query_silence; }

typedef struct Pure {
  PhPat base;
  PhValue value;
  const PhSourceList *sources;
} Pure;

static void query_pure(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Pure *pure = (const Pure *)pat;
  PhCycles it = ph_cycles(query, span);
  while (ph_cycles_next(&it)) {
    const PhArc whole = ph_arc(PH_RAT_INT(it.cycle), PH_RAT_INT(it.cycle + 1));
    PH_PUSH(query->arena, out, ((PhEvent){ whole, it.arc, pure->value, pure->sources, true }));
  }
}

static Pure *pure_new(PhBuild *build, PhValue value, const PhSourceList *sources)
{
  Pure *pure = PH_NODE(build, Pure, query_pure);
  pure->base.steps = PH_RAT_INT(1);
  pure->base.routes = PH_ROUTES_PLAIN;
  pure->value = value;
  pure->sources = sources;
  return pure;
}

const PhPat *ph_pat_pure(PhBuild *build, PhValue value) { return &pure_new(build, value, NULL)->base; }

const PhPat *ph_pat_pure_at(PhBuild *build, PhValue value, PhSource source)
{
  PhSourceList *sources = PH_NEW(build->arena, PhSourceList);
  sources->source = source;
  return &pure_new(build, value, sources)->base;
}

const PhValue *ph_pat_constant(const PhPat *pat)
{
  return pat->query == query_pure ? &((const Pure *)pat)->value : NULL;
}

const PhSourceList *ph_pat_constant_sources(const PhPat *pat)
{
  return pat->query == query_pure ? ((const Pure *)pat)->sources : NULL;
}

/* ---- steps --------------------------------------------------------------------------------------------------- */

typedef struct Same {
  PhPat base;
  const PhPat *child;
} Same;

static void query_same(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const PhPat *child = ((const Same *)pat)->child;
  child->query(query, child, span, out);
}

const PhPat *ph_pat_with_steps(PhBuild *build, const PhPat *pat, PhRat steps)
{
  if (ph_rat_eq(pat->steps, steps)) {
    return pat;
  }
  Same *same = PH_NODE(build, Same, query_same);
  same->child = pat;
  same->base.routes = pat->routes;
  same->base.steps = steps;
  return &same->base;
}

const PhPat *ph_pat_with_routes(PhBuild *build, const PhPat *pat, uint64_t routes)
{
  if (pat->routes == routes || ph_pat_is_silence(pat)) {
    return pat;
  }
  if (pat->query == query_pure) {
    const Pure *pure = (const Pure *)pat;
    Pure *copy = pure_new(build, pure->value, pure->sources);
    copy->base.routes = routes;
    return &copy->base;
  }
  Same *same = PH_NODE(build, Same, query_same);
  same->child = pat;
  same->base.routes = routes;
  same->base.steps = pat->steps;
  return &same->base;
}

/* ---- time ---------------------------------------------------------------------------------------------------- */

typedef struct WithTime {
  PhPat base;
  const PhPat *child;
  PhTimeMap *to_child, *from_child;
  const void *ctx;
} WithTime;

static void query_with_time(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const WithTime *w = (const WithTime *)pat;
  const size_t first = out->len;
  ph_query(query, w->child, ph_arc(w->to_child(w->ctx, span.begin), w->to_child(w->ctx, span.end)), out);
  for (size_t i = first; i < out->len; i++) {
    PhEvent *e = &out->items[i];
    e->part = ph_arc(w->from_child(w->ctx, e->part.begin), w->from_child(w->ctx, e->part.end));
    if (e->has_whole) {
      e->whole = ph_arc(w->from_child(w->ctx, e->whole.begin), w->from_child(w->ctx, e->whole.end));
    }
  }
}

const PhPat *ph_with_time(PhBuild *build, const PhPat *child, PhTimeMap *to_child, PhTimeMap *from_child,
                          const void *ctx)
{
  WithTime *w = PH_NODE(build, WithTime, query_with_time);
  w->child = child;
  w->to_child = to_child;
  w->from_child = from_child;
  w->ctx = ctx;
  w->base.routes = child->routes;
  w->base.steps = child->steps;
  return &w->base;
}

typedef struct Affine {
  PhPat base;
  const PhPat *child;
  PhRat mul, add; /* child time = time * mul + add */
  bool scales;    /* mul != 1 */
} Affine;

static PhRat affine_from(const Affine *a, PhRat t)
{
  t = ph_rat_sub(t, a->add);
  return a->scales ? ph_rat_div(t, a->mul) : t;
}

static PhRat affine_to(const Affine *a, PhRat t) { return ph_rat_add(a->scales ? ph_rat_mul(t, a->mul) : t, a->add); }

/* The part is often the whole, or shares an end with it: what was computed once is not computed again. */
static void affine_event(const Affine *a, PhEvent *e)
{
  const PhArc part = e->part;
  e->part = ph_arc(affine_from(a, part.begin), affine_from(a, part.end));
  if (e->has_whole) {
    e->whole.begin = ph_rat_eq(e->whole.begin, part.begin) ? e->part.begin : affine_from(a, e->whole.begin);
    e->whole.end = ph_rat_eq(e->whole.end, part.end) ? e->part.end : affine_from(a, e->whole.end);
  }
}

static void query_affine(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Affine *a = (const Affine *)pat;
  const size_t first = out->len;
  ph_query(query, a->child, ph_arc(affine_to(a, span.begin), affine_to(a, span.end)), out);
  for (size_t i = first; i < out->len; i++) {
    affine_event(a, &out->items[i]);
  }
}

const PhPat *ph_with_affine(PhBuild *build, const PhPat *child, PhRat mul, PhRat add)
{
  if (ph_pat_is_silence(child)) {
    return child;
  }
  if (child->query == query_affine) { /* child time of the child: (t * mul + add) * m + a */
    const Affine *inner = (const Affine *)child;
    const PhRat m = ph_rat_mul(mul, inner->mul);
    const PhRat a = ph_rat_add(ph_rat_mul(add, inner->mul), inner->add);
    if (ph_rat_ok(m) && ph_rat_ok(a)) {
      child = inner->child;
      mul = m;
      add = a;
    }
  }
  const bool scales = !ph_rat_eq(mul, PH_RAT_INT(1));
  if (!scales && ph_rat_is_zero(add)) {
    return child;
  }
  Affine *node = PH_NODE(build, Affine, query_affine);
  node->child = child;
  node->mul = mul;
  node->add = add;
  node->scales = scales;
  node->base.routes = child->routes;
  node->base.steps = child->steps;
  return &node->base;
}

typedef struct Split {
  PhPat base;
  const PhPat *child;
} Split;

static void query_split(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Split *split = (const Split *)pat;
  PhCycles it = ph_cycles(query, span);
  while (ph_cycles_next(&it)) {
    ph_query(query, split->child, it.arc, out);
  }
}

const PhPat *ph_split_queries(PhBuild *build, const PhPat *child)
{
  if (child->query == query_split || ph_pat_constant(child)) {
    return child;
  }
  Split *split = PH_NODE(build, Split, query_split);
  split->child = child;
  split->base.routes = child->routes;
  split->base.steps = child->steps;
  return &split->base;
}

/* ---- values and events --------------------------------------------------------------------------------------- */

typedef struct WithValue {
  PhPat base;
  const PhPat *child;
  PhValueMap *map;
  const void *ctx;
} WithValue;

static void query_with_value(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const WithValue *w = (const WithValue *)pat;
  const size_t first = out->len;
  ph_query(query, w->child, span, out);
  for (size_t i = first; i < out->len; i++) {
    out->items[i].value = w->map(query, w->ctx, out->items[i].value);
  }
}

const PhPat *ph_with_value(PhBuild *build, const PhPat *child, PhValueMap *map, const void *ctx)
{
  if (ph_pat_is_silence(child)) {
    return child;
  }
  const PhValue *constant = ph_pat_constant(child);
  if (constant) {
    PhQuery at_build = { .arena = build->arena };
    Pure *pure = pure_new(build, map(&at_build, ctx, *constant), ph_pat_constant_sources(child));
    pure->base.routes = child->routes;
    return &pure->base;
  }
  WithValue *w = PH_NODE(build, WithValue, query_with_value);
  w->child = child;
  w->map = map;
  w->ctx = ctx;
  w->base.routes = child->routes;
  w->base.steps = child->steps;
  return &w->base;
}

typedef struct WithEvent {
  PhPat base;
  const PhPat *child;
  PhEventMap *map;
  const void *ctx;
} WithEvent;

static void query_with_event(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const WithEvent *w = (const WithEvent *)pat;
  size_t kept = out->len;
  ph_query(query, w->child, span, out);
  for (size_t i = kept; i < out->len; i++) {
    PhEvent e = out->items[i];
    if (w->map(query, w->ctx, &e)) {
      out->items[kept++] = e;
    }
  }
  out->len = kept;
}

const PhPat *ph_with_event(PhBuild *build, const PhPat *child, PhEventMap *map, const void *ctx)
{
  if (ph_pat_is_silence(child)) {
    return child;
  }
  WithEvent *w = PH_NODE(build, WithEvent, query_with_event);
  w->child = child;
  w->map = map;
  w->ctx = ctx;
  w->base.routes = child->routes;
  w->base.steps = child->steps;
  return &w->base;
}

static bool is_onset(PhQuery *query, const void *ctx, PhEvent *e)
{
  (void)query, (void)ctx;
  return ph_event_has_onset(e);
}

static bool is_digital(PhQuery *query, const void *ctx, PhEvent *e)
{
  (void)query, (void)ctx;
  return e->has_whole;
}

const PhPat *ph_filter_onsets(PhBuild *build, const PhPat *child)
{
  return ph_with_event(build, child, is_onset, NULL);
}
const PhPat *ph_filter_digital(PhBuild *build, const PhPat *child)
{
  return ph_with_event(build, child, is_digital, NULL);
}

static bool add_source(PhQuery *query, const void *ctx, PhEvent *e)
{
  e->sources = ph_sources_join(query, e->sources, ctx);
  return true;
}

const PhPat *ph_with_sources(PhBuild *build, const PhPat *child, PhSource source)
{
  PhSourceList *sources = PH_NEW(build->arena, PhSourceList);
  sources->source = source;
  return ph_with_event(build, child, add_source, sources);
}
