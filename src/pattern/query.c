/* Queries: spans, cutting at cycles, budgets, buffers.  SPDX-License-Identifier: MIT */
#include "pattern/core.h"

#include <stdio.h>

PhArc ph_arc_cycle(PhRat t)
{
  const int64_t cycle = ph_rat_floor_int(t);
  return ph_arc(PH_RAT_INT(cycle), PH_RAT_INT(cycle + 1));
}

bool ph_arc_sect(PhArc a, PhArc b, PhArc *out)
{
  const PhRat begin = ph_rat_max(a.begin, b.begin);
  const PhRat end = ph_rat_min(a.end, b.end);
  const int order = ph_rat_cmp(begin, end);
  if (order > 0) {
    return false;
  }
  if (order == 0) { /* an instant: it must not be the open end of either */
    const bool ends_a = ph_rat_eq(begin, a.end) && ph_rat_lt(a.begin, a.end);
    const bool ends_b = ph_rat_eq(begin, b.end) && ph_rat_lt(b.begin, b.end);
    if (ends_a || ends_b) {
      return false;
    }
  }
  *out = ph_arc(begin, end);
  return true;
}

PhCycles ph_cycles(PhQuery *query, PhArc span)
{
  const int64_t first = ph_rat_floor_int(span.begin);
  const int64_t last = ph_rat_floor_int(span.end);
  if (last - first > (int64_t)PH_QUERY_MAX_EVENTS) {
    ph_query_fail(query, PH_LIMIT, "a query covers more than %u cycles", PH_QUERY_MAX_EVENTS);
  }
  ph_query_work(query, (uint64_t)(last > first ? last - first : 0));
  return (PhCycles){ .arc = ph_arc(span.begin, span.begin), .end = span.end, .cycle = first };
}

bool ph_cycles_next(PhCycles *it)
{
  const PhRat begin = it->arc.end;
  if (it->started && ph_rat_cmp(begin, it->end) >= 0) {
    return false;
  }
  if (!it->started && ph_rat_cmp(begin, it->end) > 0) {
    return false; /* a span that runs backwards is empty */
  }
  it->cycle += it->started;
  it->started = true;
  it->arc = ph_arc(begin, ph_rat_min(it->end, PH_RAT_INT(it->cycle + 1)));
  return true;
}

void ph_query_fail(PhQuery *query, PhStatus status, const char *fmt, ...)
{
  char text[160];
  va_list args;
  va_start(args, fmt);
  (void)vsnprintf(text, sizeof text, fmt, args);
  va_end(args);
  ph_trap_raise(query->arena->trap, status, "%s", text);
}

void ph_query_work(PhQuery *query, uint64_t steps)
{
  query->work += steps;
  if (query->work > PH_QUERY_MAX_WORK) {
    ph_query_fail(query, PH_LIMIT, "a pattern takes more than %u steps for one query", PH_QUERY_MAX_WORK);
  }
}

/* Times that did not fit an int64 rational are inexact; none may leave a query. */
static void check_exact(PhQuery *query, const PhEvents *out, size_t first)
{
  for (size_t i = first; i < out->len; i++) {
    const PhEvent *e = &out->items[i];
    if (!e->part.begin.den || !e->part.end.den || (e->has_whole && (!e->whole.begin.den || !e->whole.end.den))) {
      ph_query_fail(query, PH_OVERFLOW, "a time in the pattern is too large or too fine to be exact");
    }
  }
}

void ph_query(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  if (query->depth == 0) {
    query->events = 0;
    query->work = 0;
    query->scratch = NULL;
  }
  if (!span.begin.den || !span.end.den) {
    ph_query_fail(query, PH_OVERFLOW, "a time in the pattern is too large or too fine to be exact");
  }
  if (++query->depth > PH_QUERY_MAX_DEPTH) {
    ph_query_fail(query, PH_LIMIT, "more than %u pattern functions are nested", PH_QUERY_MAX_DEPTH);
  }
  const size_t first = out->len;
  pat->query(query, pat, span, out);
  const size_t made = out->len - first;
  if (made) {
    check_exact(query, out, first);
    if (out->len > PH_QUERY_MAX_EVENTS) {
      ph_query_fail(query, PH_LIMIT, "a query gives more than %u events", PH_QUERY_MAX_EVENTS);
    }
  }
  ph_query_work(query, 1 + made / 8);
  query->events = out->len > query->events ? out->len : query->events;
  query->depth--;
}

typedef struct Scratch {
  PhEvents events; /* first: the pool hands out its address */
  struct Scratch *next;
} Scratch;

PhEvents *ph_scratch_take(PhQuery *query)
{
  Scratch *scratch = query->scratch;
  if (scratch) {
    query->scratch = scratch->next;
    scratch->events.len = 0;
  } else {
    scratch = PH_NEW(query->arena, Scratch);
  }
  return &scratch->events;
}

void ph_scratch_give(PhQuery *query, PhEvents *events)
{
  Scratch *scratch = (Scratch *)events;
  scratch->next = query->scratch;
  query->scratch = scratch;
}

PhBuild ph_query_build(PhQuery *query, bool tidal) { return (PhBuild){ .arena = query->arena, .tidal = tidal }; }

void ph_emit(PhQuery *query, PhEvents *out, PhEvent event) { PH_PUSH(query->arena, out, event); }

const PhSourceList *ph_sources_join(PhQuery *query, const PhSourceList *outer, const PhSourceList *inner)
{
  enum { MOST = 16 }; /* places of one event that are worth showing */
  if (!outer || !inner || outer == inner) {
    return inner ? inner : outer;
  }
  PhSourceList *head = NULL, *tail = NULL;
  size_t count = 0;
  for (const PhSourceList *s = inner; s && count < MOST; s = s->next, count++) {
    PhSourceList *copy = PH_NEW(query->arena, PhSourceList);
    copy->source = s->source;
    if (tail) {
      tail->next = copy;
    } else {
      head = copy;
    }
    tail = copy;
  }
  tail->next = outer;
  return head;
}
