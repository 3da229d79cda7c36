/* The events of many expressions: lines of `N<TAB>type<TAB>expression` on standard input, lines of JSON on standard output.
   N is a number of cycles, or spans such as 0:1,1/3:5/7. SPDX-License-Identifier: MIT */
#include "lang/lang.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put_rat(PhText *out, PhRat t) { ph_text_printf(out, "\"%lld/%lld\"", (long long)t.num, (long long)t.den); }

static void put_arc(PhText *out, const char *key, PhArc arc)
{
  ph_text_printf(out, "\"%s\":[", key);
  put_rat(out, arc.begin);
  ph_text_puts(out, ",");
  put_rat(out, arc.end);
  ph_text_puts(out, "]");
}

static void put_event(PhText *out, const PhEvent *event)
{
  ph_text_puts(out, "{");
  if (event->has_whole) {
    put_arc(out, "w", event->whole);
  } else {
    ph_text_puts(out, "\"w\":null");
  }
  ph_text_puts(out, ",");
  put_arc(out, "p", event->part);
  ph_text_puts(out, ",\"v\":");
  ph_value_json(out, &event->value);
  ph_text_puts(out, "}");
}

static PhRat parse_rat(const char *text, char **end)
{
  const long long num = strtoll(text, end, 10);
  const long long den = **end == '/' ? strtoll(*end + 1, end, 10) : 1;
  return ph_rat(num, den);
}

/* Queries one span after another; raises the arena's trap. */
static void put_events(PhArena *arena, const PhPat *pat, char *spans, PhText *out)
{
  bool first = true;
  const bool explicit = strchr(spans, ':') != NULL;
  long cycles = explicit ? 0 : strtol(spans, NULL, 10), cycle = 0;
  char *at = spans;
  while (explicit ? *at != 0 : cycle < cycles) {
    PhArc span = { PH_RAT_INT(cycle), PH_RAT_INT(cycle + 1) };
    if (explicit) {
      span.begin = parse_rat(at, &at);
      at += *at == ':';
      span.end = parse_rat(at, &at);
      at += *at == ',';
    }
    cycle++;
    PhQuery query = { .arena = arena, .cps = 0.5625 };
    PhEvents events = { 0 };
    ph_query(&query, pat, span, &events);
    for (size_t i = 0; i < events.len; i++) {
      ph_text_puts(out, first ? "" : ",");
      put_event(out, &events.items[i]);
      first = false;
    }
  }
}

static void put_error(PhText *out, const char *text)
{
  out->len = 0;
  ph_text_puts(out, "{\"error\":");
  ph_text_json(out, text, strlen(text));
  ph_text_puts(out, "}");
}

static void run_line(const PhRegistry *registry, char *spans, const char *type, const char *expr, PhText *out)
{
  PhArena arena;
  PhTrap trap;
  PhDiags diags;
  ph_arena_init(&arena, NULL, &trap);
  ph_diags_init(&diags, &arena);
  const PhCompileOptions options = { .name = "<code>", .tidal = true };
  const PhPat *pat = NULL;
  const PhStatus status = PH_TRAP_SET(&trap) ? PH_NOMEM : ph_expr_compile(&arena, registry, ph_str_of(expr), *type ? type : NULL, &options, &diags, &pat);
  if (status != PH_OK || diags.errors) {
    put_error(out, diags.items.len ? diags.items.items[0].text : ph_status_text(status));
  } else if (PH_TRAP_SET(&trap)) {
    put_error(out, trap.text[0] ? trap.text : ph_status_text(trap.status));
  } else {
    ph_text_puts(out, "{\"events\":[");
    put_events(&arena, pat, spans, out);
    ph_text_puts(out, "]}");
  }
  arena.trap = NULL;
  ph_arena_deinit(&arena);
}

int main(void)
{
  PhArena arena;
  PhRegistry registry;
  ph_arena_init(&arena, NULL, NULL);
  ph_registry_init(&registry, &arena, NULL, 0);
  static char line[1 << 16];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    char *type = strchr(line, '\t');
    char *expr = type ? strchr(type + 1, '\t') : NULL;
    PhText out = { 0 };
    if (expr) {
      *type++ = 0;
      *expr++ = 0;
      run_line(&registry, line, type, expr, &out);
    } else {
      put_error(&out, "expected N<TAB>type<TAB>expression");
    }
    puts(out.ptr);
    ph_text_deinit(&out);
  }
  ph_arena_deinit(&arena);
  return 0;
}
