/* Answers lines of `N<TAB>type<TAB>expr` for the expressions that are one string of mini-notation: s "…", n "…", note "…",
   ("…" :: Pattern T). Others are answered with {"skip":true}. For checks against the conformance data without the language.
   SPDX-License-Identifier: MIT */
#include "pattern/pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Case {
  const char *control; /* or NULL */
  PhAtomType type;
  PhStr text;
} Case;

static bool parse_case(const char *expr, Case *out)
{
  static const struct {
    const char *head, *control;
    PhAtomType type;
  } heads[] = { { "s \"", "s", PH_ATOM_STR },
                { "sound \"", "s", PH_ATOM_STR },
                { "n \"", "n", PH_ATOM_NOTE },
                { "note \"", "note", PH_ATOM_NOTE } };
  static const struct {
    const char *name;
    PhAtomType type;
  } types[] = { { "Double", PH_ATOM_NUM }, { "Rational", PH_ATOM_RATIO }, { "Int", PH_ATOM_INT },
                { "Bool", PH_ATOM_BOOL },  { "String", PH_ATOM_STR },     { "Note", PH_ATOM_NOTE } };
  const size_t len = strlen(expr);
  for (size_t i = 0; i < PH_COUNT(heads); i++) {
    const size_t n = strlen(heads[i].head);
    if (strncmp(expr, heads[i].head, n) == 0 && expr[len - 1] == '"' && len > n &&
        !memchr(expr + n, '"', len - n - 1)) {
      *out = (Case){ heads[i].control, heads[i].type, { expr + n, len - n - 1 } };
      return true;
    }
  }
  const char *close = expr[0] == '(' && expr[1] == '"' ? strstr(expr, "\" :: Pattern ") : NULL;
  for (size_t i = 0; close && i < PH_COUNT(types); i++) {
    const char *t = close + strlen("\" :: Pattern ");
    if (strncmp(t, types[i].name, strlen(types[i].name)) == 0 && strcmp(t + strlen(types[i].name), ")") == 0) {
      *out = (Case){ NULL, types[i].type, { expr + 2, (size_t)(close - expr - 2) } };
      return true;
    }
  }
  return false;
}

static void show_arc(PhText *text, PhArc a)
{
  ph_text_printf(text, "[\"%lld/%lld\",\"%lld/%lld\"]", (long long)a.begin.num, (long long)a.begin.den,
                 (long long)a.end.num, (long long)a.end.den);
}

static void show_events(PhText *text, const PhEvents *events)
{
  for (size_t i = 0; i < events->len; i++) {
    const PhEvent *e = &events->items[i];
    ph_text_puts(text, i || text->ptr[text->len - 1] == '}' ? ",{\"w\":" : "{\"w\":");
    if (e->has_whole) {
      show_arc(text, e->whole);
    } else {
      ph_text_puts(text, "null");
    }
    ph_text_puts(text, ",\"p\":");
    show_arc(text, e->part);
    ph_text_puts(text, ",\"v\":");
    ph_value_json(text, &e->value);
    ph_text_puts(text, "}");
  }
}

static PhRat parse_rat(const char **at)
{
  char *end;
  const long long num = strtoll(*at, &end, 10);
  long long den = 1;
  if (*end == '/') {
    den = strtoll(end + 1, &end, 10);
  }
  *at = end;
  return ph_rat(num, den);
}

static void query_all(PhText *text, PhArena *arena, const PhPat *pat, const char *spans)
{
  ph_text_puts(text, "{\"events\":[");
  PhQuery query = { .arena = arena, .cps = 0.5625 };
  if (!strchr(spans, ':')) {
    for (long c = 0; c < atol(spans); c++) {
      PhEvents events = { 0 };
      ph_query(&query, pat, (PhArc){ PH_RAT_INT(c), PH_RAT_INT(c + 1) }, &events);
      show_events(text, &events);
    }
  }
  while (strchr(spans, ':')) {
    PhArc span;
    span.begin = parse_rat(&spans);
    spans++;
    span.end = parse_rat(&spans);
    spans += *spans == ',';
    PhEvents events = { 0 };
    ph_query(&query, pat, span, &events);
    show_events(text, &events);
  }
  ph_text_puts(text, "]}");
}

static void answer(PhText *text, PhArena *arena, PhTrap *trap, const Case *c, const char *spans)
{
  PhBuild build = { .arena = arena, .tidal = true };
  PhMiniError error;
  const PhPat *pat;
  if (PH_TRAP_SET(trap)) {
    text->len = 0;
    ph_text_printf(text, "{\"error\":\"%s\"}", trap->text);
    return;
  }
  const PhStatus status = ph_mini_parse(&build, c->text, (PhSource){ 0 }, c->type, NULL, NULL, &pat, &error);
  if (status != PH_OK) {
    ph_text_puts(text, "{\"error\":");
    ph_text_json(text, error.text, strlen(error.text));
    ph_text_puts(text, "}");
    return;
  }
  query_all(text, arena, c->control ? ph_pat_control(&build, c->control, pat) : pat, spans);
}

int main(void)
{
  static char line[1 << 16];
  PhTrap trap;
  PhArena arena;
  ph_arena_init(&arena, NULL, &trap);
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    char *type = strchr(line, '\t');
    char *expr = type ? strchr(type + 1, '\t') : NULL;
    Case c;
    PhText text = { 0 };
    if (!expr || !(*type = 0, parse_case(expr + 1, &c))) {
      puts("{\"skip\":true}");
      continue;
    }
    answer(&text, &arena, &trap, &c, line);
    puts(text.ptr);
    ph_text_deinit(&text);
    ph_arena_reset(&arena);
  }
  ph_arena_deinit(&arena);
  return 0;
}
