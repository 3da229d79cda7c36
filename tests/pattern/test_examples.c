/* The example of every pattern function gives the events that its row promises. With --update it prints
   `name<TAB>events` for all rows instead, for update_examples.py to write into the tables.
   SPDX-License-Identifier: MIT */
#include "support.h"

#include "lang/lang.h"

#include <stdio.h>

/* The events of cycle 0 of the example, or what is wrong with it. True: events. */
static bool example_events(const PhPatFunc *row, PhText *out)
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
    const PhCompileOptions options = { .name = row->func.name };
    const PhStatus status =
        ph_expr_compile(&arena, &registry, ph_str_of(row->func.example), NULL, &options, &diags, &pat);
    if (status == PH_OK && diags.errors == 0 && pat) {
      PhQuery query = { .arena = &arena, .cps = 0.5 };
      PhEvents events = { 0 };
      ph_query(&query, pat, (PhArc){ PH_RAT_INT(0), PH_RAT_INT(1) }, &events);
      ph_events_sort(&events);
      events_text(out, &events);
      ok = true;
    } else {
      ph_text_puts(out, diags.items.len ? diags.items.items[0].text : ph_status_text(status));
    }
  } else {
    ph_text_puts(out, trap.text);
  }
  ph_arena_deinit(&arena);
  return ok;
}

static void test_examples(void **state)
{
  (void)state;
  size_t count, wrong = 0;
  const PhPatFunc *const *rows = ph_pattern_funcs(&count);
  for (size_t i = 0; i < count; i++) {
    PhText text = { 0 };
    if (!example_events(rows[i], &text)) {
      print_error("%s: `%s` does not compile: %s\n", rows[i]->func.name, rows[i]->func.example, text.ptr);
      wrong++;
    } else if (strcmp(text.ptr, rows[i]->events) != 0) {
      print_error("%s: `%s`\n  promises %s\n  gives    %s\n", rows[i]->func.name, rows[i]->func.example,
                  rows[i]->events, text.ptr);
      wrong++;
    }
    ph_text_deinit(&text);
  }
  assert_int_equal(wrong, 0);
}

static int print_events(void)
{
  size_t count;
  int failed = 0;
  const PhPatFunc *const *rows = ph_pattern_funcs(&count);
  for (size_t i = 0; i < count; i++) {
    PhText text = { 0 };
    const bool ok = example_events(rows[i], &text);
    (void)fprintf(ok ? stdout : stderr, "%s\t%s\n", rows[i]->func.name, text.ptr);
    failed += !ok;
    ph_text_deinit(&text);
  }
  return failed > 0;
}

int main(int argc, char **argv)
{
  if (argc > 1 && strcmp(argv[1], "--update") == 0) {
    return print_events();
  }
  const struct CMUnitTest tests[] = { cmocka_unit_test(test_examples) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
