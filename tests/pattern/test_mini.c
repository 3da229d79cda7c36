/* Mini-notation: events, errors with their places, limits, sources.  SPDX-License-Identifier: MIT */
#include "support.h"

typedef struct Case {
  const char *text;
  PhAtomType type;
  int cycle;
  const char *events;
} Case;

static const Case cases[] = {
  { "", PH_ATOM_STR, 0, "" },
  { "bd", PH_ATOM_STR, 0, "0-1 \"bd\"" },
  { "bd sn", PH_ATOM_STR, 0, "0-1/2 \"bd\" | 1/2-1 \"sn\"" },
  { "bd [sn hh]", PH_ATOM_STR, 0, "0-1/2 \"bd\" | 1/2-3/4 \"sn\" | 3/4-1 \"hh\"" },
  { "a . b c", PH_ATOM_STR, 0, "0-1/2 \"a\" | 1/2-3/4 \"b\" | 3/4-1 \"c\"" },
  { "a . b c .", PH_ATOM_STR, 0, "0-1/2 \"a\" | 1/2-3/4 \"b\" | 3/4-1 \"c\"" },
  { "a ~ - b", PH_ATOM_STR, 0, "0-1/4 \"a\" | 3/4-1 \"b\"" },
  { "a, b c", PH_ATOM_STR, 0, "0-1/2 \"b\" | 0-1 \"a\" | 1/2-1 \"c\"" },
  { "<a b c> d", PH_ATOM_STR, 4, "4-9/2 \"b\" | 9/2-5 \"d\"" },
  { "<a b, c>", PH_ATOM_STR, 1, "1-2 \"b\" | 1-2 \"c\"" },
  { "{a b c}%2", PH_ATOM_STR, 1, "1-3/2 \"c\" | 3/2-2 \"a\"" },
  { "{a b, c d e}", PH_ATOM_STR, 1, "1-3/2 \"a\" | 1-3/2 \"e\" | 3/2-2 \"b\" | 3/2-2 \"c\"" },
  { "{a b}%<1 2>", PH_ATOM_STR, 1, "1-3/2 \"a\" | 3/2-2 \"b\"" },
  { "a*2", PH_ATOM_STR, 0, "0-1/2 \"a\" | 1/2-1 \"a\"" },
  { "a*1.5", PH_ATOM_STR, 0, "0-2/3 \"a\" | 2/3-4/3[2/3-1] \"a\"" },
  { "a*<1 2>", PH_ATOM_STR, 1, "1-3/2 \"a\" | 3/2-2 \"a\"" },
  { "a*2*3", PH_ATOM_STR, 0,
    "0-1/6 \"a\" | 1/6-1/3 \"a\" | 1/3-1/2 \"a\" | 1/2-2/3 \"a\" | 2/3-5/6 \"a\" | 5/6-1 \"a\"" },
  { "[a b]/2", PH_ATOM_STR, 1, "1-2 \"b\"" },
  { "a!3 b", PH_ATOM_STR, 0, "0-1/4 \"a\" | 1/4-1/2 \"a\" | 1/2-3/4 \"a\" | 3/4-1 \"b\"" },
  { "a ! b", PH_ATOM_STR, 0, "0-1/3 \"a\" | 1/3-2/3 \"a\" | 2/3-1 \"b\"" },
  { "a@3 b", PH_ATOM_STR, 0, "0-3/4 \"a\" | 3/4-1 \"b\"" },
  { "a _ _ b", PH_ATOM_STR, 0, "0-3/4 \"a\" | 3/4-1 \"b\"" },
  { "a@2!2 b", PH_ATOM_STR, 0, "0-2/5 \"a\" | 2/5-4/5 \"a\" | 4/5-1 \"b\"" },
  { "a(3,8)", PH_ATOM_STR, 0, "0-1/8 \"a\" | 3/8-1/2 \"a\" | 3/4-7/8 \"a\"" },
  { "a(3,8,2)", PH_ATOM_STR, 0, "1/8-1/4 \"a\" | 1/2-5/8 \"a\" | 3/4-7/8 \"a\"" },
  { "a(-3,4)", PH_ATOM_STR, 0, "3/4-1 \"a\"" },
  { "[a b](1,2)", PH_ATOM_STR, 0, "0-1/4 \"a\" | 1/4-1/2 \"b\"" },
  { "a(<1 2>,2)", PH_ATOM_STR, 1, "1-3/2 \"a\" | 3/2-2 \"a\"" },
  { "f(1,2)", PH_ATOM_BOOL, 0, "0-1/2 false | 1/2-1 true" },
  { "t f x 0", PH_ATOM_BOOL, 0, "0-1/4 true | 1/4-1/2 false | 1/2-3/4 true | 3/4-1 false" },
  { "0 .. 3", PH_ATOM_INT, 0, "0-1/4 0 | 1/4-1/2 1 | 1/2-3/4 2 | 3/4-1 3" },
  { "2 .. 0 7", PH_ATOM_INT, 0, "0-1/6 2 | 1/6-1/3 1 | 1/3-1/2 0 | 1/2-1 7" },
  { "0..1", PH_ATOM_NUM, 0, "0-1/2 0 | 1/2-1 1" },
  { "1%4 e 1.5q", PH_ATOM_RATIO, 0, "0-1/3 1/4 | 1/3-2/3 1/8 | 2/3-1 3/8" },
  { "1/8 <0 1/4>", PH_ATOM_RATIO, 0, "0-1/2 1/8 | 1/2-1 0" },
  { "-0.5 .25", PH_ATOM_NUM, 0, "0-1/2 -0.5 | 1/2-1 0.25" },
  { "c4'maj", PH_ATOM_NOTE, 0, "0-1 0 | 0-1 4 | 0-1 7" },
  { "e4'min7'i", PH_ATOM_NOTE, 0, "0-1 7 | 0-1 11 | 0-1 14 | 0-1 16" },
  { "c4'maj'5'o", PH_ATOM_NOTE, 0, "0-1 -12 | 0-1 -5 | 0-1 4 | 0-1 12 | 0-1 16" },
  { "c4'maj4", PH_ATOM_NOTE, 0, "0-1 0 | 0-1 4 | 0-1 7 | 0-1 12" },
  { "c'<maj min>", PH_ATOM_NOTE, 1, "1-2 0 | 1-2 3 | 1-2 7" },
  { "bd. bd-2 808bd:3", PH_ATOM_STR, 0, "0-1/3 \"bd.\" | 1/3-2/3 \"bd-2\" | 2/3-1 \"808bd:3\"" },
  { "~lead ~ sn", PH_ATOM_STR, 0, "0-1/3 \"~lead\" | 2/3-1 \"sn\"" },
  { "1 c4'maj7'i bd 0.5", PH_ATOM_AUTO, 0, "0-1/4 1 | 1/4-1/2 \"c4'maj7'i\" | 1/2-3/4 \"bd\" | 3/4-1 0.5" },
  { "bd*0", PH_ATOM_STR, 0, "" },
};

static void test_events(void **state)
{
  (void)state;
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    Bench b;
    bench_init(&b, false);
    const PhPat *pat = mini(&b, cases[i].text, cases[i].type);
    expect_events(&b, pat, PH_RAT_INT(cases[i].cycle), PH_RAT_INT(cases[i].cycle + 1), cases[i].text, cases[i].events);
    bench_deinit(&b);
  }
}

static void test_octaves(void **state)
{
  (void)state;
  Bench b;
  bench_init(&b, false);
  expect_events(&b, mini(&b, "c e4 cs5 eb c#3", PH_ATOM_NOTE), PH_RAT_INT(0), PH_RAT_INT(1), "notes",
                "0-1/5 0 | 1/5-2/5 4 | 2/5-3/5 13 | 3/5-4/5 3 | 4/5-1 -11");
  b.build.tidal = true;
  expect_events(&b, mini(&b, "c e4 cs5 ef", PH_ATOM_NOTE), PH_RAT_INT(0), PH_RAT_INT(1), "notes",
                "0-1/4 0 | 1/4-1/2 -8 | 1/2-3/4 1 | 3/4-1 3");
  bench_deinit(&b);
}

/* The chances of ? and | are Tidal's: rand of the time in the step's own cycle, shifted by 1/10000 for each. */
static void test_chance(void **state)
{
  (void)state;
  Bench b;
  bench_init(&b, false);
  PhQuery query = { .arena = &b.arena };
  for (int64_t c = 0; c < 50; c++) {
    PhEvents events = { 0 };
    ph_query(&query, mini(&b, "[a? b?0.25] [x|y|z]", PH_ATOM_STR), (PhArc){ PH_RAT_INT(c), PH_RAT_INT(c + 1) },
             &events);
    const bool a = ph_rand_at(&query, PH_RAT_INT(c)) >= 0.5;
    const bool second = ph_rand_at(&query, ph_rat_add(PH_RAT_INT(c), ph_rat(1, 10000))) >= 0.25;
    const double pick = ph_rand_at(&query, ph_rat_add(PH_RAT_INT(c), ph_rat(2, 10000)));
    assert_int_equal(events.len, (size_t)a + second + 1);
    assert_string_equal(events.items[events.len - 1].value.str, pick < 1.0 / 3 ? "x" : pick < 2.0 / 3 ? "y" : "z");
  }
  bench_deinit(&b);
}

typedef struct Bad {
  const char *text;
  PhAtomType type;
  PhStatus status;
  uint32_t begin, end;
  const char *found; /* part of the message */
} Bad;

static const Bad bad[] = {
  { "bd [sn", PH_ATOM_STR, PH_SYNTAX, 6, 6, "`]` to close the `[` at byte 4" },
  { "bd <sn", PH_ATOM_STR, PH_SYNTAX, 6, 6, "`>`" },
  { "<a b]", PH_ATOM_STR, PH_SYNTAX, 4, 5, "found `]`; expected `>`" },
  { "bd(3,", PH_ATOM_STR, PH_SYNTAX, 5, 5, "`)`" },
  { "bd(3 8)", PH_ATOM_STR, PH_SYNTAX, 6, 7, "number of steps" },
  { "bd**2", PH_ATOM_STR, PH_SYNTAX, 3, 4, "behind `*`" },
  { "bd sn)", PH_ATOM_STR, PH_SYNTAX, 5, 6, "found `)`" },
  { "1.2%5", PH_ATOM_RATIO, PH_SYNTAX, 0, 4, "fraction" },
  { "1 maybe", PH_ATOM_BOOL, PH_SYNTAX, 2, 3, "found `m`; expected t, f" },
  { "1.5", PH_ATOM_INT, PH_SYNTAX, 0, 3, "whole number" },
  { "c4'mmaj", PH_ATOM_NOTE, PH_SYNTAX, 3, 7, "unknown chord \"mmaj\"" },
  { "c4'maj'q", PH_ATOM_NOTE, PH_SYNTAX, 7, 8, "chord modifier" },
  { "a ^nowhere", PH_ATOM_STR, PH_NOTFOUND, 2, 10, "%nowhere" },
  { "a@0 b", PH_ATOM_STR, PH_RANGE, 0, 3, "greater than 0" },
  { "a?1.5", PH_ATOM_STR, PH_RANGE, 2, 5, "between 0 and 1" },
  { "bd!999999999", PH_ATOM_STR, PH_LIMIT, 0, 12, "65536 steps" },
  { "0 .. 999999999", PH_ATOM_INT, PH_LIMIT, 0, 14, "65536 steps" },
  { "bd(99999,99999)", PH_ATOM_STR, PH_LIMIT, 2, 15, "4096 steps" },
  { "99999999999999999999", PH_ATOM_NUM, PH_OVERFLOW, 0, 20, "too large" },
};

static void test_errors(void **state)
{
  (void)state;
  for (size_t i = 0; i < PH_COUNT(bad); i++) {
    Bench b;
    PhMiniError error;
    const PhPat *pat;
    bench_init(&b, false);
    const PhSource at = { 100, 100, 2 };
    const PhStatus status = ph_mini_parse(&b.build, ph_str_of(bad[i].text), at, bad[i].type, NULL, NULL, &pat, &error);
    if (status != bad[i].status || error.at.begin != 100 + bad[i].begin || error.at.end != 100 + bad[i].end ||
        error.at.file != 2 || !strstr(error.text, bad[i].found)) {
      fail_msg("\"%s\": status %d at %u-%u: %s", bad[i].text, (int)status, error.at.begin - 100, error.at.end - 100,
               error.text);
    }
    bench_deinit(&b);
  }
}

static void test_nesting(void **state)
{
  (void)state;
  static char text[20001];
  Bench b;
  PhMiniError error;
  const PhPat *pat;
  bench_init(&b, false);
  memset(text, '[', 10000);
  memset(text + 10000, ']', 10000);
  assert_int_equal(ph_mini_parse(&b.build, ph_str_of(text), (PhSource){ 0 }, PH_ATOM_STR, NULL, NULL, &pat, &error),
                   PH_LIMIT);
  assert_int_equal(error.at.begin, 256);
  memset(text, '[', 256);
  text[256] = 'a';
  memset(text + 257, ']', 256);
  text[513] = 0;
  expect_events(&b, mini(&b, text, PH_ATOM_STR), PH_RAT_INT(0), PH_RAT_INT(1), "256 levels", "0-1 \"a\"");
  bench_deinit(&b);
}

/* What is too much for a query raises a limit at once and in bounded memory. */
static void test_query_limits(void **state)
{
  (void)state;
  static const char *const texts[] = { "bd*1000000000",   "[~ ~]*1000000000",
                                       "bd(3,8)*1e9",     "[[[bd*1000]*1000]*1000]*1000",
                                       "[a? b]*99999999", "<a b>*4000000" };
  for (size_t i = 0; i < PH_COUNT(texts); i++) {
    Bench b;
    bench_init(&b, false);
    PhQuery query = { .arena = &b.arena };
    PhEvents events = { 0 };
    const PhPat *pat = mini(&b, texts[i], PH_ATOM_STR);
    const double begin = ph_os_cpu_sec();
    if (PH_TRAP_SET(&b.trap) == 0) {
      ph_query(&query, pat, (PhArc){ PH_RAT_INT(0), PH_RAT_INT(1) }, &events);
      fail_msg("%s gave %zu events", texts[i], events.len);
    }
    assert_true(b.trap.status == PH_LIMIT || b.trap.status == PH_OVERFLOW);
    assert_true(ph_os_cpu_sec() - begin < 1.0);
    bench_deinit(&b);
  }
}

static void test_sources(void **state)
{
  (void)state;
  Bench b;
  PhMiniError error;
  const PhPat *pat;
  bench_init(&b, false);
  PhQuery query = { .arena = &b.arena };
  PhEvents events = { 0 };
  assert_int_equal(ph_mini_parse(&b.build, ph_str_of("bd [sn:2 <hh c4'maj>]"), (PhSource){ 10, 31, 1 }, PH_ATOM_AUTO,
                                 NULL, NULL, &pat, &error),
                   PH_OK);
  ph_query(&query, pat, (PhArc){ PH_RAT_INT(1), PH_RAT_INT(2) }, &events);
  static const PhSource expected[] = { { 10, 12, 1 }, { 14, 18, 1 }, { 23, 29, 1 } };
  assert_int_equal(events.len, 3);
  for (size_t i = 0; i < 3; i++) {
    assert_non_null(events.items[i].sources);
    assert_memory_equal(&events.items[i].sources->source, &expected[i], sizeof expected[i]);
  }
  bench_deinit(&b);
}

static const PhPat *lookup(void *ctx, PhStr name, PhAtomType type)
{
  return ph_str_is(name, "beat") && type == PH_ATOM_STR ? ctx : NULL;
}

static void test_lookup(void **state)
{
  (void)state;
  Bench b;
  PhMiniError error;
  const PhPat *pat;
  bench_init(&b, false);
  const PhPat *beat = mini(&b, "bd sn", PH_ATOM_STR);
  assert_int_equal(ph_mini_parse(&b.build, ph_str_of("^beat hh"), (PhSource){ 0 }, PH_ATOM_STR, lookup,
                                 (void *)(uintptr_t)beat, &pat, &error),
                   PH_OK);
  expect_events(&b, pat, PH_RAT_INT(0), PH_RAT_INT(1), "^beat hh", "0-1/4 \"bd\" | 1/4-1/2 \"sn\" | 1/2-1 \"hh\"");
  bench_deinit(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_events),  cmocka_unit_test(test_octaves), cmocka_unit_test(test_chance),
    cmocka_unit_test(test_errors),  cmocka_unit_test(test_nesting), cmocka_unit_test(test_query_limits),
    cmocka_unit_test(test_sources), cmocka_unit_test(test_lookup),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
