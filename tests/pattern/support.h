/* What the pattern tests share: parsing, querying, and events as text.  SPDX-License-Identifier: MIT */
#ifndef PH_TESTS_PATTERN_SUPPORT_H
#define PH_TESTS_PATTERN_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "pattern/core.h"

typedef struct Bench {
  PhArena arena;
  PhTrap trap;
  PhBuild build;
} Bench;

static inline void bench_init(Bench *b, bool tidal)
{
  ph_arena_init(&b->arena, NULL, &b->trap);
  b->build = (PhBuild){ .arena = &b->arena, .tidal = tidal };
}

static inline void bench_deinit(Bench *b) { ph_arena_deinit(&b->arena); }

/* The test fails if the string does not parse. */
static inline const PhPat *mini(Bench *b, const char *text, PhAtomType type)
{
  const PhPat *pat = NULL;
  PhMiniError error;
  const PhStatus status = ph_mini_parse(&b->build, ph_str_of(text), (PhSource){ 0 }, type, NULL, NULL, &pat, &error);
  if (status != PH_OK) {
    fail_msg("\"%s\": %s", text, error.text);
  }
  return pat;
}

static inline void add_rat(PhText *out, PhRat r)
{
  ph_text_printf(out, r.den == 1 ? "%lld" : "%lld/%lld", (long long)r.num, (long long)r.den);
}

static inline void add_arc(PhText *out, PhArc a)
{
  add_rat(out, a.begin);
  ph_text_puts(out, "-");
  add_rat(out, a.end);
}

/* `begin-end value` joined by " | "; a part that is not the whole stands in brackets behind it, a continuous value has its
   part in brackets only. */
static inline void events_text(PhText *out, const PhEvents *events)
{
  ph_text_puts(out, "");
  for (size_t i = 0; i < events->len; i++) {
    const PhEvent *e = &events->items[i];
    ph_text_puts(out, i ? " | " : "");
    if (e->has_whole) {
      add_arc(out, e->whole);
    }
    if (!e->has_whole || !ph_arc_eq(e->whole, e->part)) {
      ph_text_puts(out, "[");
      add_arc(out, e->part);
      ph_text_puts(out, "]");
    }
    ph_text_puts(out, " ");
    ph_value_show(out, &e->value);
  }
}

/* Queries and compares; raises of the trap fail the test. */
static inline void expect_events(Bench *b, const PhPat *pat, PhRat begin, PhRat end, const char *what, const char *expected)
{
  PhText text = { 0 };
  PhEvents events = { 0 };
  PhQuery query = { .arena = &b->arena };
  if (PH_TRAP_SET(&b->trap)) {
    fail_msg("%s: %s", what, b->trap.text);
  }
  ph_query(&query, pat, (PhArc){ begin, end }, &events);
  ph_events_sort(&events);
  events_text(&text, &events);
  if (strcmp(text.ptr, expected) != 0) {
    print_error("%s\n  expected %s\n  but got  %s\n", what, expected, text.ptr);
    ph_text_deinit(&text);
    fail();
  }
  ph_text_deinit(&text);
}

#endif
