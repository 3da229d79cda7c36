/* Times queries of patterns: lines `name TAB expression` on standard input, for each a line
   `name TAB events a cycle TAB milliseconds of CPU a cycle` on standard output. A cycle is queried on its own, as the player does, and
   its memory given back; the least of several rounds, since other work only adds.

     query [CYCLES [ROUNDS]] < expressions

   SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lang/lang.h"

enum { MAX_LINE = 1 << 16 };

static double round_ms(PhArena *arena, const PhPat *pat, int cycles, size_t *events_total)
{
  *events_total = 0;
  const double begin = ph_os_cpu_sec();
  for (int cycle = 0; cycle < cycles; cycle++) {
    const PhArenaMark mark = ph_arena_mark(arena);
    PhQuery query = { .arena = arena, .cps = 0.5 };
    PhEvents events = { 0 };
    ph_query(&query, pat, (PhArc){ PH_RAT_INT(cycle), PH_RAT_INT(cycle + 1) }, &events);
    *events_total += events.len;
    ph_arena_release(arena, mark);
  }
  return 1e3 * (ph_os_cpu_sec() - begin);
}

static bool time_expression(const char *name, const char *text, int cycles, int rounds)
{
  PhTrap trap;
  PhArena arena;
  PhRegistry registry;
  PhDiags diags;
  const PhPat *pat = NULL;
  volatile bool ok = false;
  ph_arena_init(&arena, NULL, &trap);
  if (PH_TRAP_SET(&trap) == 0) {
    ph_registry_init(&registry, &arena, NULL, 0);
    ph_diags_init(&diags, &arena);
    const PhCompileOptions options = { .name = name, .tidal = true };
    if (ph_expr_compile(&arena, &registry, ph_str_of(text), NULL, &options, &diags, &pat) == PH_OK && diags.errors == 0) {
      size_t events = 0;
      double least = round_ms(&arena, pat, cycles, &events);
      for (int i = 1; i < rounds; i++) {
        const double ms = round_ms(&arena, pat, cycles, &events);
        least = ms < least ? ms : least;
      }
      printf("%s\t%.2f\t%.6f\n", name, (double)events / cycles, least / cycles);
      ok = true;
    } else {
      (void)fprintf(stderr, "%s: %s\n", name, diags.items.len ? diags.items.items[0].text : "does not compile");
    }
  } else {
    (void)fprintf(stderr, "%s: %s\n", name, trap.text);
  }
  ph_arena_deinit(&arena);
  return ok;
}

int main(int argc, char **argv)
{
  const int cycles = argc > 1 ? atoi(argv[1]) : 64, rounds = argc > 2 ? atoi(argv[2]) : 9;
  if (cycles < 1 || rounds < 1) {
    (void)fputs("usage: query [CYCLES [ROUNDS]] < expressions\n", stderr);
    return 2;
  }
  static char line[MAX_LINE];
  int failed = 0;
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    char *tab = strchr(line, '\t');
    if (tab) {
      *tab = 0;
      failed += !time_expression(line, tab + 1, cycles, rounds);
    }
  }
  return failed > 0;
}
