/* Every row of the registry: well formed, named once, and its function bears any arguments of its types.
   SPDX-License-Identifier: MIT */
#include "support.h"

#include <stdlib.h>

typedef struct Reader {
  Bench *b;
  const char *at;
  int variant; /* which of several arguments of a type */
} Reader;

/* Functions to pass: the first argument, whatever else comes, unchanged or reversed. */
static PhArg call_first(PhBuild *build, const PhFn *fn, const PhArg *args)
{
  (void)build, (void)fn;
  return args[0];
}

static PhArg call_last(PhBuild *build, const PhFn *fn, const PhArg *args)
{
  return ph_arg_pat(ph_rev(build, ph_arg_as_pat(build, &args[fn->arity - 1])));
}

static PhArg call_bool(PhBuild *build, const PhFn *fn, const PhArg *args)
{
  (void)fn;
  const PhPat *pat = ph_arg_as_pat(build, &args[0]);
  const PhValue *value = ph_pat_constant(pat);
  bool yes = false;
  return ph_arg_pat(ph_pat_pure(build, ph_bool(value && ph_value_to_bool(value, &yes) && yes)));
}

static bool word_is(const char *word, size_t len, const char *text)
{
  return strlen(text) == len && memcmp(word, text, len) == 0;
}

static PhArg pattern_of(Reader *r, const char *word, size_t len)
{
  static const struct {
    const char *type;
    PhAtomType atom;
    const char *texts[3];
  } types[] = {
    { "num", PH_ATOM_NUM, { "0.5", "<0.25 3> 1", "0*3 -1?" } },
    { "int", PH_ATOM_INT, { "3", "<2 5> 0", "-1 4*3" } },
    { "time", PH_ATOM_RATIO, { "0.25", "<2 1%3> 1.5", "0 -0.5*2" } },
    { "bool", PH_ATOM_BOOL, { "t", "t f", "<t f>(3,8)" } },
    { "str", PH_ATOM_STR, { "major", "a b*2", "<up down>" } },
    { "note", PH_ATOM_NOTE, { "0", "c4'maj e4", "[0,4,7]*2" } },
    { "a", PH_ATOM_AUTO, { "0", "0 [1 2] <3 4>", "a*3 b? {c d e}%4" } },
  };
  if (word_is(word, len, "ctrl")) {
    static const char *const texts[] = { "bd", "bd*2 <sn cp:2>", "[a b, c(3,8)] d?" };
    return ph_arg_pat(ph_pat_control(&r->b->build, "s", mini(r->b, texts[r->variant], PH_ATOM_STR)));
  }
  for (size_t i = 0; i < PH_COUNT(types); i++) {
    if (word_is(word, len, types[i].type) || (len == 1 && i == PH_COUNT(types) - 1)) {
      return ph_arg_pat(mini(r->b, types[i].texts[r->variant], types[i].atom));
    }
  }
  fail_msg("unknown type %.*s", (int)len, word);
  return (PhArg){ 0 };
}

static PhArg constant_of(Reader *r, const char *word, size_t len)
{
  static const double numbers[] = { 1, 3, 0.5 };
  if (word_is(word, len, "text") || word_is(word, len, "str")) {
    return ph_arg_value(ph_text_value("up"));
  }
  const double x = numbers[r->variant];
  return ph_arg_value(word_is(word, len, "int")    ? ph_int((int64_t)x)
                      : word_is(word, len, "time") ? ph_ratio(ph_rat_from_double(x))
                      : word_is(word, len, "bool") ? ph_bool(x > 1)
                                                   : ph_num(x));
}

static PhArg read_type(Reader *r);

/* `(x,y)` or `(x->y->z)`: what stands between is read for its syntax; a function is one of ours. */
static PhArg read_round(Reader *r)
{
  PhArg items[8];
  uint32_t count = 0, arrows = 0;
  const char *last = r->at;
  r->at++;
  for (;;) {
    assert_true(count < 8);
    last = r->at;
    items[count++] = read_type(r);
    if (strncmp(r->at, "->", 2) == 0) {
      arrows++;
      r->at += 2;
    } else if (*r->at == ',') {
      r->at++;
    } else {
      break;
    }
  }
  assert_int_equal(*r->at, ')');
  const bool to_bool = strncmp(last, "bool", 4) == 0;
  r->at++;
  if (arrows) {
    assert_int_equal(arrows + 1, count);
    PhFn *fn = PH_NEW(&r->b->arena, PhFn);
    *fn = (PhFn){ to_bool ? call_bool : arrows == 1 && r->variant == 0 ? call_first : call_last, (uint8_t)arrows };
    return ph_arg_fn(fn);
  }
  return (
      PhArg){ .tag = PH_ARG_TUPLE, .count = count, .items = ph_arena_copy(&r->b->arena, items, count * sizeof *items) };
}

static PhArg read_type(Reader *r)
{
  if (*r->at == '(') {
    return read_round(r);
  }
  if (*r->at == '[') {
    PhArg items[3];
    const char *begin = ++r->at;
    for (size_t i = 0; i < 3; i++) {
      r->at = begin;
      items[i] = read_type(r);
    }
    assert_int_equal(*r->at, ']');
    r->at++;
    return (PhArg){ .tag = PH_ARG_LIST, .count = 3, .items = ph_arena_copy(&r->b->arena, items, sizeof items) };
  }
  const bool constant = *r->at == '!';
  r->at += constant;
  const char *word = r->at;
  while ((*r->at >= 'a' && *r->at <= 'z') || *r->at == '_') {
    r->at++;
  }
  const size_t len = (size_t)(r->at - word);
  assert_true(len > 0);
  return constant || word_is(word, len, "text") ? constant_of(r, word, len) : pattern_of(r, word, len);
}

static const PhPat *build_row(Bench *b, const PhPatFunc *row, int variant)
{
  PhArg args[16] = { { 0 } };
  for (size_t i = 0; i < row->func.param_count; i++) {
    Reader r = { b, row->func.params[i].type, variant };
    args[i] = read_type(&r);
    if (*r.at) {
      fail_msg("%s: \"%s\" is not a type", row->func.name, row->func.params[i].type);
    }
  }
  const PhArg result = row->build(&b->build, args);
  return ph_arg_as_pat(&b->build, &result);
}

static void check_events(const PhPatFunc *row, const PhPat *pat, const PhEvents *events, PhArc span)
{
  for (size_t i = 0; i < events->len; i++) {
    const PhEvent *e = &events->items[i];
    if (ph_rat_lt(e->part.begin, span.begin) || ph_rat_lt(span.end, e->part.end) ||
        ph_rat_lt(e->part.end, e->part.begin)) {
      fail_msg("%s: a part lies outside the query", row->func.name);
    }
    const PhValue *mask = e->value.tag == PH_VALUE_MAP ? ph_map_find(e->value.map, "_fx") : NULL;
    assert_true((pat->routes ? pat->routes : 1) >> (mask ? mask->i : 0) & 1);
  }
}

/* Any arguments, any of a few spans: events or a raised limit, and the same ones again. */
static void test_bears(void **state)
{
  (void)state;
  static const PhArc spans[] = {
    { { 0, 1 }, { 1, 1 } }, { { 1, 3 }, { 7, 3 } }, { { -2, 1 }, { -1, 2 } }, { { 5, 4 }, { 5, 4 } }
  };
  size_t count;
  const PhPatFunc *const *rows = ph_pattern_funcs(&count);
  for (size_t i = 0; i < count; i++) {
    for (int variant = 0; variant < 3; variant++) {
      for (size_t s = 0; s < PH_COUNT(spans); s++) {
        Bench b;
        bench_init(&b, s & 1);
        PhText first = { 0 }, second = { 0 };
        if (PH_TRAP_SET(&b.trap)) {
          assert_true(b.trap.status == PH_LIMIT || b.trap.status == PH_OVERFLOW);
        } else {
          const PhPat *pat = build_row(&b, rows[i], variant);
          PhQuery query = { .arena = &b.arena, .cps = 0.5 };
          PhEvents once = { 0 }, twice = { 0 };
          ph_query(&query, pat, spans[s], &once);
          ph_query(&query, pat, spans[s], &twice);
          check_events(rows[i], pat, &once, spans[s]);
          events_text(&first, &once);
          events_text(&second, &twice);
          assert_string_equal(first.ptr, second.ptr);
        }
        ph_text_deinit(&first);
        ph_text_deinit(&second);
        bench_deinit(&b);
      }
    }
  }
}

/* ---- properties ---------------------------------------------------------------------------------------------- */

/* The onsets among the events, sorted. */
static void keep_onsets(PhEvents *events)
{
  size_t kept = 0;
  for (size_t i = 0; i < events->len; i++) {
    if (ph_event_has_onset(&events->items[i])) {
      events->items[kept] = events->items[i];
      events->items[kept++].part = events->items[i].whole; /* how far the query reached does not matter */
    }
  }
  events->len = kept;
  ph_events_sort(events);
}

/* query [a,c) has the onsets of query [a,b) and query [b,c), and parts lie inside their wholes. */
static size_t check_cuts(Bench *b, const PhPatFunc *row, const PhPat *pat)
{
  static const PhRat cuts[] = { { 1, 2 }, { 1, 3 }, { 1, 1 }, { 3, 2 } };
  PhQuery query = { .arena = &b->arena, .cps = 0.5 };
  PhEvents all = { 0 };
  ph_query(&query, pat, (PhArc){ { 0, 1 }, { 2, 1 } }, &all);
  for (size_t i = 0; i < all.len; i++) {
    const PhEvent *e = &all.items[i];
    if (e->has_whole && (ph_rat_lt(e->part.begin, e->whole.begin) || ph_rat_lt(e->whole.end, e->part.end))) {
      fail_msg("%s: a part lies outside its whole", row->func.name);
    }
  }
  keep_onsets(&all);
  PhText whole = { 0 };
  events_text(&whole, &all);
  for (size_t c = 0; c < PH_COUNT(cuts); c++) {
    PhEvents two = { 0 };
    PhText parts = { 0 };
    ph_query(&query, pat, (PhArc){ { 0, 1 }, cuts[c] }, &two);
    ph_query(&query, pat, (PhArc){ cuts[c], { 2, 1 } }, &two);
    keep_onsets(&two);
    events_text(&parts, &two);
    if (strcmp(whole.ptr, parts.ptr) != 0) {
      fail_msg("%s: cut at %lld/%lld its onsets are\n  %s\nand not\n  %s", row->func.name, (long long)cuts[c].num,
               (long long)cuts[c].den, parts.ptr, whole.ptr);
    }
    ph_text_deinit(&parts);
  }
  ph_text_deinit(&whole);
  return all.len;
}

static size_t row_onsets(const PhPatFunc *row, int variant)
{
  Bench b;
  volatile size_t onsets = 0;
  bench_init(&b, false);
  if (PH_TRAP_SET(&b.trap)) {
    assert_true(b.trap.status == PH_LIMIT || b.trap.status == PH_OVERFLOW);
  } else {
    onsets = check_cuts(&b, row, build_row(&b, row, variant));
  }
  bench_deinit(&b);
  return onsets;
}

static void test_cuts(void **state)
{
  (void)state;
  size_t count, onsets = 0;
  const PhPatFunc *const *rows = ph_pattern_funcs(&count);
  for (size_t i = 0; i < count; i++) {
    for (int variant = 0; variant < 3; variant++) {
      onsets += row_onsets(rows[i], variant);
    }
  }
  assert_true(onsets > 2000);
}

/* Ten thousand cycles take no more memory than the first ones did, once each query's is given back. */
static void test_no_growth(void **state)
{
  (void)state;
  size_t count;
  const PhPatFunc *const *rows = ph_pattern_funcs(&count);
  for (size_t i = 0; i < count; i++) {
    Bench b;
    bench_init(&b, false);
    if (PH_TRAP_SET(&b.trap)) {
      assert_true(b.trap.status == PH_LIMIT || b.trap.status == PH_OVERFLOW);
    } else {
      const PhPat *pat = build_row(&b, rows[i], 1);
      const PhArenaMark mark = ph_arena_mark(&b.arena);
      const void *first = NULL;
      for (int64_t cycle = 0; cycle < 10000; cycle++) {
        PhQuery query = { .arena = &b.arena, .cps = 0.5 };
        PhEvents events = { 0 };
        ph_query(&query, pat, (PhArc){ { cycle, 1 }, { cycle + 1, 1 } }, &events);
        ph_arena_release(&b.arena, mark);
        const void *here = ph_arena_alloc(&b.arena, 1);
        first = first ? first : here;
        assert_ptr_equal(first, here);
        ph_arena_release(&b.arena, mark);
      }
    }
    bench_deinit(&b);
  }
}

/* ---- pairs of functions that undo each other ----------------------------------------------------------------- */

static void same_events(Bench *b, const char *what, const PhPat *one, const PhPat *other)
{
  static const PhArc spans[] = { { { 0, 1 }, { 3, 1 } }, { { 1, 3 }, { 5, 7 } }, { { -3, 2 }, { 1, 1 } } };
  for (size_t i = 0; i < PH_COUNT(spans); i++) {
    PhQuery query = { .arena = &b->arena, .cps = 0.5 };
    PhEvents events[2] = { { 0 }, { 0 } };
    PhText texts[2] = { { 0 }, { 0 } };
    for (int k = 0; k < 2; k++) {
      ph_query(&query, k ? other : one, spans[i], &events[k]);
      keep_onsets(&events[k]);
      events_text(&texts[k], &events[k]);
    }
    if (strcmp(texts[0].ptr, texts[1].ptr) != 0) {
      fail_msg("%s:\n  %s\n  %s", what, texts[0].ptr, texts[1].ptr);
    }
    ph_text_deinit(&texts[0]);
    ph_text_deinit(&texts[1]);
  }
}

static PhArg row_of(Bench *b, const char *name, PhArg first, const PhPat *pat)
{
  size_t count;
  const PhPatFunc *const *rows = ph_pattern_funcs(&count);
  for (size_t i = 0; i < count; i++) {
    if (strcmp(rows[i]->func.name, name) == 0) {
      const PhArg one[] = { ph_arg_pat(pat) }, two[] = { first, ph_arg_pat(pat) };
      return rows[i]->build(&b->build, rows[i]->func.param_count == 1 ? one : two);
    }
  }
  fail_msg("no row %s", name);
  return first;
}

static const PhPat *with(Bench *b, const char *name, PhValue value, const PhPat *pat)
{
  return row_of(b, name, ph_arg_pat(ph_pat_pure(&b->build, value)), pat).pat;
}

static void test_inverses(void **state)
{
  (void)state;
  static const char *const texts[] = { "a",
                                       "a b*2 [c d]/3",
                                       "<a b c>(3,8) d@3",
                                       "{a b c}%4 ~ [d, e f]",
                                       "a? b*3? <c d?>",
                                       "[a*5 b]/1.5 c!3",
                                       "a . b c . d(5,8,2)",
                                       "<a [b|c]>*3 d _ e" };
  static const PhRat factors[] = { { 2, 1 }, { 3, 2 }, { 1, 3 }, { 7, 5 } };
  static const PhValue none = { .tag = PH_VALUE_NONE };
  for (size_t t = 0; t < PH_COUNT(texts); t++) {
    Bench b;
    bench_init(&b, false);
    assert_int_equal(PH_TRAP_SET(&b.trap), 0);
    const PhPat *pat = mini(&b, texts[t], PH_ATOM_STR);
    same_events(&b, "rev . rev", with(&b, "rev", none, with(&b, "rev", none, pat)), pat);
    same_events(&b, "revv . revv", with(&b, "revv", none, with(&b, "revv", none, pat)), pat);
    same_events(&b, "filterOnsets", with(&b, "filterOnsets", none, pat), pat);
    for (size_t f = 0; f < PH_COUNT(factors); f++) {
      const PhValue r = ph_ratio(factors[f]), minus = ph_ratio(ph_rat_neg(factors[f]));
      same_events(&b, "fast . slow", with(&b, "fast", r, with(&b, "slow", r, pat)), pat);
      same_events(&b, "early . late", with(&b, "early", r, with(&b, "late", r, pat)), pat);
      same_events(&b, "early of minus", with(&b, "early", minus, pat), with(&b, "late", r, pat));
      same_events(&b, "fast of minus", with(&b, "fast", minus, pat), with(&b, "rev", none, with(&b, "fast", r, pat)));
    }
    for (int64_t n = 1; n < 5; n++) {
      same_events(&b, "repeatCycles 1", with(&b, "repeatCycles", ph_int(1), pat), pat);
      same_events(&b, "ply 1", with(&b, "ply", ph_int(1), pat), pat);
      same_events(&b, "iter 1", with(&b, "iter", ph_int(1), pat), pat);
      same_events(&b, "rot", with(&b, "rot", ph_int(n), with(&b, "rot", ph_int(-n), pat)), pat);
      same_events(&b, "fast n . fast", with(&b, "fast", ph_int(2 * n), pat),
                  with(&b, "fast", ph_int(2), with(&b, "fast", ph_int(n), pat)));
    }
    bench_deinit(&b);
  }
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void test_names(void **state)
{
  (void)state;
  static char *names[4096];
  size_t count, n = 0;
  const PhPatFunc *const *rows = ph_pattern_funcs(&count);
  assert_true(count > 100);
  for (size_t i = 0; i < count; i++) {
    char *all = strdup(rows[i]->func.aliases);
    names[n++] = strdup(rows[i]->func.name);
    for (char *word = strtok(all, " "); word; word = strtok(NULL, " ")) {
      names[n++] = strdup(word);
    }
    free(all);
  }
  qsort(names, n, sizeof *names, by_text);
  for (size_t i = 1; i < n; i++) {
    if (strcmp(names[i - 1], names[i]) == 0) {
      fail_msg("two functions are called %s", names[i]);
    }
  }
  for (size_t i = 0; i < n; i++) {
    free(names[i]);
  }
}

static void test_documented(void **state)
{
  (void)state;
  size_t count;
  const PhPatFunc *const *rows = ph_pattern_funcs(&count);
  for (size_t i = 0; i < count; i++) {
    const PhFunc *f = &rows[i]->func;
    const size_t doc = strlen(f->doc);
    if (doc < 10 || f->doc[doc - 1] != '.' || !*f->example || !*f->family || !*f->result ||
        f->sort != PH_FUNC_PATTERN) {
      fail_msg("%s: its row is not complete", f->name);
    }
    assert_true(rows[i]->build != NULL);
    for (size_t p = 0; p < f->param_count; p++) {
      assert_true(*f->params[p].name && f->params[p].unit && f->params[p].doc);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_bears),    cmocka_unit_test(test_cuts),  cmocka_unit_test(test_no_growth),
    cmocka_unit_test(test_inverses), cmocka_unit_test(test_names), cmocka_unit_test(test_documented),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
