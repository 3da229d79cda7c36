/* Scales, arpeggios, tunings and steps, where the examples of the rows do not reach: octaves below the root, every mode on
   chords of every size, Scala files.  SPDX-License-Identifier: MIT */
#include "support.h"

#include "pattern/scale.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const PhPatFunc *row(const char *name)
{
  size_t count;
  const PhPatFunc *const *rows = ph_pattern_funcs(&count);
  for (size_t i = 0; i < count; i++) {
    if (strcmp(rows[i]->func.name, name) == 0) {
      return rows[i];
    }
  }
  fail_msg("no function %s", name);
  return NULL;
}

/* The events of cycle 0 of a function of two arguments, as text; the test fails if they are others. */
static void expect(Bench *b, const char *name, PhArg first, const PhPat *pat, const char *expected)
{
  const PhArg args[3] = { first, ph_arg_pat(pat) };
  const PhArg result = row(name)->build(&b->build, args);
  PhQuery query = { .arena = &b->arena, .cps = 0.5 };
  PhEvents events = { 0 };
  PhText text = { 0 };
  ph_query(&query, ph_arg_as_pat(&b->build, &result), ph_arc(PH_RAT_INT(0), PH_RAT_INT(1)), &events);
  ph_events_sort(&events);
  events_text(&text, &events);
  assert_string_equal(text.ptr, expected);
  ph_text_deinit(&text);
}

static PhArg text_arg(const char *text) { return ph_arg_value(ph_text_value(text)); }

static void test_scales(void **state)
{
  (void)state;
  size_t count;
  const PhScaleType *types = ph_scale_types(&count);
  for (size_t i = 0; i < count; i++) {
    double notes[PH_SCALE_MOST];
    for (size_t j = 0; j < types[i].count; j++) {
      notes[j] = (double)types[i].notes[j];
      assert_true(j == 0 ? notes[j] == 0.0 : notes[j] > notes[j - 1] && notes[j] < 12.0);
    }
    for (int64_t degree = -20; degree < 20; degree++) { /* an octave further is 12 semitones further */
      const double note = ph_scale_note(notes, types[i].count, 12.0, degree);
      assert_true(ph_scale_note(notes, types[i].count, 12.0, degree + types[i].count) == note + 12.0);
    }
  }
  assert_ptr_equal(ph_scale_find(ph_str_of("aeolian")), ph_scale_find(ph_str_of("minor")));
  assert_null(ph_scale_find(ph_str_of("mino")));
  assert_true(ph_str_is(ph_scale_nearest(ph_str_of("dorain")), "dorian"));
}

static void test_scale_names(void **state)
{
  (void)state;
  Bench b;
  bench_init(&b, false);
  assert_int_equal(PH_TRAP_SET(&b.trap), 0);
  const PhPat *degrees = mini(&b, "0 -1", PH_ATOM_INT);
  expect(&b, "scale", text_arg("major"), degrees, "0-1/2 0 | 1/2-1 -1");
  bench_deinit(&b);
}

/* Every mode of `arp` on chords of 1 to 4 notes, by its definition. */
static void test_arp(void **state)
{
  (void)state;
  static const struct {
    const char *mode, *notes[4]; /* of chords of 1, 2, 3, 4 notes */
  } cases[] = {
    { "up", { "0", "01", "012", "0123" } },
    { "down", { "0", "10", "210", "3210" } },
    { "updown", { "", "01", "0121", "012321" } },
    { "downup", { "", "10", "2101", "321012" } },
    { "up&down", { "00", "0110", "012210", "01233210" } },
    { "down&up", { "00", "1001", "210012", "32100123" } },
    { "converge", { "0", "01", "021", "0312" } },
    { "diverge", { "0", "10", "120", "2130" } },
    { "disconverge", { "0", "010", "02120", "0312130" } },
    { "pinkyup", { "", "01", "0212", "031323" } },
    { "pinkyupdown", { "", "01", "021212", "0313232313" } },
    { "thumbup", { "", "01", "0102", "010203" } },
    { "thumbupdown", { "", "01", "010201", "0102030201" } },
  };
  static const char *const chords[] = { "0", "[0,1]", "[0,1,2]", "[0,1,2,3]" };
  Bench b;
  bench_init(&b, false);
  assert_int_equal(PH_TRAP_SET(&b.trap), 0);
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    for (size_t j = 0; j < PH_COUNT(chords); j++) {
      const PhArg args[2] = { ph_arg_pat(ph_pat_pure(&b.build, ph_text_value(cases[i].mode))),
                              ph_arg_pat(mini(&b, chords[j], PH_ATOM_INT)) };
      const PhArg result = row("arp")->build(&b.build, args);
      PhQuery query = { .arena = &b.arena };
      PhEvents events = { 0 };
      char notes[32] = "";
      ph_query(&query, result.pat, ph_arc(PH_RAT_INT(0), PH_RAT_INT(1)), &events);
      for (size_t k = 0; k < events.len && k + 1 < sizeof notes; k++) {
        notes[k] = (char)('0' + events.items[k].value.i);
        assert_true(ph_rat_eq(events.items[k].whole.begin, ph_rat((int64_t)k, (int64_t)events.len)));
      }
      if (strcmp(notes, cases[i].notes[j]) != 0) {
        fail_msg("arp \"%s\" of %zu notes: %s, not %s", cases[i].mode, j + 1, notes, cases[i].notes[j]);
      }
    }
  }
  bench_deinit(&b);
}

static void test_tuning(void **state)
{
  (void)state;
  char path[] = "/tmp/phonon-scl-XXXXXX";
  const int fd = mkstemp(path);
  assert_true(fd >= 0);
  static const char scl[] = "! a comment\na just triad\n 3\n!\n 5/4\n 600.0 a tritone\n 2/1\n";
  assert_int_equal(write(fd, scl, sizeof scl - 1), sizeof scl - 1);
  (void)close(fd);
  Bench b;
  bench_init(&b, false);
  assert_int_equal(PH_TRAP_SET(&b.trap), 0);
  expect(&b, "tuning", text_arg(path), mini(&b, "0 2 3 -1", PH_ATOM_INT),
         "0-1/4 0 | 1/4-1/2 6 | 1/2-3/4 12 | 3/4-1 -6");
  expect(&b, "tuning", text_arg("24edo"), mini(&b, "1 24 -3", PH_ATOM_INT), "0-1/3 0.5 | 1/3-2/3 12 | 2/3-1 -1.5");
  expect(&b, "tuning", text_arg("no such file"), mini(&b, "1", PH_ATOM_INT), "");
  (void)unlink(path);
  bench_deinit(&b);
}

static void test_steps(void **state)
{
  (void)state;
  static const struct {
    const char *name, *arg, *steps;
  } cases[] = {
    { "expand", "2", "8" },     { "contract", "2", "2" },     { "extend", "3", "12" },    { "steptake", "3", "3" },
    { "steptake", "-1", "1" },  { "stepdrop", "1", "3" },     { "stepdrop", "-3", "1" },  { "pace", "7", "7" },
    { "steptake", "1 2", "3" }, { "stepdrop", "0 1 2", "9" }, { "expand", "<2 5>", "8" },
  };
  Bench b;
  bench_init(&b, false);
  assert_int_equal(PH_TRAP_SET(&b.trap), 0);
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    const PhArg args[2] = { ph_arg_pat(mini(&b, cases[i].arg, PH_ATOM_RATIO)),
                            ph_arg_pat(mini(&b, "a b c d", PH_ATOM_STR)) };
    const PhArg result = row(cases[i].name)->build(&b.build, args);
    PhText text = { 0 };
    add_rat(&text, result.pat->steps);
    if (strcmp(text.ptr, cases[i].steps) != 0) {
      fail_msg("%s \"%s\" of 4 steps has %s, not %s", cases[i].name, cases[i].arg, text.ptr, cases[i].steps);
    }
    ph_text_deinit(&text);
  }
  bench_deinit(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_scales), cmocka_unit_test(test_scale_names), cmocka_unit_test(test_arp),
    cmocka_unit_test(test_tuning), cmocka_unit_test(test_steps),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
