/* Laws that patterns keep: cutting the query, inverses, parts inside wholes, exactness, routes.
   SPDX-License-Identifier: MIT */
#include "support.h"

static const char *const texts[] = {
  "a",
  "a b c",
  "a [b c]*2 <d e>",
  "a*1.5 b/3",
  "[a b c d e]/2.5",
  "{a b c}%4 d",
  "a(3,8,2) <b c>(<3 5>,8)",
  "a? b?0.3 [c|d]*4",
  "a@3 b _ c!2",
  "[a*3, b c] . d",
  "[0 .. 3]*2",
  "<a b c>/1.5",
};

/* A transform for the laws: some rows with plain arguments. */
typedef const PhPat *Transform(Bench *b, const PhPat *pat);

static const PhPat *row(Bench *b, const char *name, const PhArg *args)
{
  size_t count;
  const PhPatFunc *const *rows = ph_pattern_funcs(&count);
  for (size_t i = 0; i < count; i++) {
    if (strcmp(rows[i]->func.name, name) == 0) {
      const PhArg result = rows[i]->build(&b->build, args);
      assert_int_equal(result.tag, PH_ARG_PAT);
      return result.pat;
    }
  }
  fail_msg("no function %s", name);
  return NULL;
}

static PhArg pat_arg(Bench *b, const char *text) { return ph_arg_pat(mini(b, text, PH_ATOM_RATIO)); }

static PhArg call_rev(PhBuild *build, const PhFn *fn, const PhArg *args)
{
  (void)fn;
  return ph_arg_pat(ph_rev(build, args[0].pat));
}

static const PhFn rev_fn = { call_rev, 1 };

static const PhPat *plain(Bench *b, const PhPat *pat) { return (void)b, pat; }
static const PhPat *fast(Bench *b, const PhPat *p)
{
  return row(b, "fast", (PhArg[]){ pat_arg(b, "<2 3> 1.5"), ph_arg_pat(p) });
}
static const PhPat *late(Bench *b, const PhPat *p)
{
  return row(b, "late", (PhArg[]){ pat_arg(b, "<0 0.25>"), ph_arg_pat(p) });
}
static const PhPat *rev(Bench *b, const PhPat *p) { return ph_rev(&b->build, p); }
static const PhPat *ply(Bench *b, const PhPat *p)
{
  return row(b, "ply", (PhArg[]){ pat_arg(b, "2 3"), ph_arg_pat(p) });
}
static const PhPat *press(Bench *b, const PhPat *p) { return row(b, "press", (PhArg[]){ ph_arg_pat(p) }); }
static const PhPat *iter(Bench *b, const PhPat *p)
{
  return row(b, "iter", (PhArg[]){ pat_arg(b, "<4 3>"), ph_arg_pat(p) });
}
static const PhPat *linger(Bench *b, const PhPat *p)
{
  return row(b, "linger", (PhArg[]){ pat_arg(b, "<0.25 -0.5>"), ph_arg_pat(p) });
}
static const PhPat *brak(Bench *b, const PhPat *p) { return row(b, "brak", (PhArg[]){ ph_arg_pat(p) }); }
static const PhPat *rot(Bench *b, const PhPat *p) { return row(b, "rot", (PhArg[]){ pat_arg(b, "1"), ph_arg_pat(p) }); }
static const PhPat *shuffle(Bench *b, const PhPat *p)
{
  return row(b, "shuffle", (PhArg[]){ pat_arg(b, "4"), ph_arg_pat(p) });
}
static const PhPat *degrade(Bench *b, const PhPat *p) { return row(b, "degrade", (PhArg[]){ ph_arg_pat(p) }); }
static const PhPat *swing(Bench *b, const PhPat *p)
{
  return row(b, "swing", (PhArg[]){ pat_arg(b, "0.07"), ph_arg_pat(p) });
}

static const PhPat *every(Bench *b, const PhPat *p)
{
  return row(b, "every", (PhArg[]){ pat_arg(b, "<2 3>"), ph_arg_fn(&rev_fn), ph_arg_pat(p) });
}

static const PhPat *sometimes(Bench *b, const PhPat *p)
{
  return row(b, "sometimesBy", (PhArg[]){ pat_arg(b, "0.4"), ph_arg_fn(&rev_fn), ph_arg_pat(p) });
}

static const PhPat *inside(Bench *b, const PhPat *p)
{
  return row(b, "inside", (PhArg[]){ pat_arg(b, "<2 4>"), ph_arg_fn(&rev_fn), ph_arg_pat(p) });
}

static const PhPat *zoom(Bench *b, const PhPat *p)
{
  const PhArg span[2] = { pat_arg(b, "0.25"), pat_arg(b, "0.75") };
  return row(b, "zoom", (PhArg[]){ { .tag = PH_ARG_TUPLE, .count = 2, .items = span }, ph_arg_pat(p) });
}

static const PhPat *compress(Bench *b, const PhPat *p)
{
  const PhArg span[2] = { pat_arg(b, "0.25"), pat_arg(b, "0.75") };
  return row(b, "compress", (PhArg[]){ { .tag = PH_ARG_TUPLE, .count = 2, .items = span }, ph_arg_pat(p) });
}

/* A continuous argument must not make the answer depend on the question. */
static const PhPat *degrade_sine(Bench *b, const PhPat *p)
{
  return row(b, "degradeBy",
             (PhArg[]){ ph_arg_pat(row(b, "sine", NULL)), ph_arg_pat(ph_fast(&b->build, PH_RAT_INT(4), p)) });
}

static const PhPat *fade(Bench *b, const PhPat *p)
{
  return row(b, "fadeIn", (PhArg[]){ pat_arg(b, "3"), ph_arg_pat(ph_fast(&b->build, PH_RAT_INT(4), p)) });
}

static Transform *const transforms[] = { plain,  fast,  late,      rev,    ply,          press,   iter,
                                         linger, brak,  rot,       zoom,   compress,     shuffle, degrade,
                                         swing,  every, sometimes, inside, degrade_sine, fade };

static size_t query_onsets(Bench *b, const PhPat *pat, PhRat begin, PhRat end, PhEvents *out)
{
  PhQuery query = { .arena = &b->arena };
  const size_t first = out->len;
  size_t kept = first;
  ph_query(&query, pat, (PhArc){ begin, end }, out);
  for (size_t i = first; i < out->len; i++) {
    if (ph_event_has_onset(&out->items[i])) {
      out->items[kept++] = out->items[i];
    }
  }
  out->len = kept;
  return kept - first;
}

static bool same_onsets(PhEvents *a, PhEvents *b)
{
  ph_events_sort(a);
  ph_events_sort(b);
  bool same = a->len == b->len;
  for (size_t i = 0; same && i < a->len; i++) {
    same = ph_arc_eq(a->items[i].whole, b->items[i].whole) && ph_value_eq(&a->items[i].value, &b->items[i].value);
  }
  return same;
}

/* onsets [a, c) = onsets [a, b) ++ onsets [b, c) for every pattern under every transform. */
static void test_cutting(void **state)
{
  (void)state;
  for (size_t t = 0; t < PH_COUNT(transforms); t++) {
    for (size_t i = 0; i < PH_COUNT(texts); i++) {
      Bench b;
      bench_init(&b, false);
      const PhPat *pat = transforms[t](&b, mini(&b, texts[i], PH_ATOM_AUTO));
      PhEvents whole = { 0 }, cycles = { 0 }, eighths = { 0 };
      query_onsets(&b, pat, PH_RAT_INT(0), PH_RAT_INT(5), &whole);
      for (int64_t c = 0; c < 5; c++) {
        query_onsets(&b, pat, PH_RAT_INT(c), PH_RAT_INT(c + 1), &cycles);
      }
      for (int64_t k = 0; k < 40; k++) {
        query_onsets(&b, pat, ph_rat(k, 8), ph_rat(k + 1, 8), &eighths);
      }
      if (!same_onsets(&whole, &cycles) || !same_onsets(&whole, &eighths)) {
        fail_msg("transform %zu of \"%s\": %zu onsets at once, %zu by cycles, %zu by eighths", t, texts[i], whole.len,
                 cycles.len, eighths.len);
      }
      bench_deinit(&b);
    }
  }
}

static void test_parts(void **state)
{
  (void)state;
  for (size_t t = 0; t < PH_COUNT(transforms); t++) {
    for (size_t i = 0; i < PH_COUNT(texts); i++) {
      Bench b;
      bench_init(&b, false);
      const PhPat *pat = transforms[t](&b, mini(&b, texts[i], PH_ATOM_AUTO));
      PhQuery query = { .arena = &b.arena };
      PhEvents events = { 0 };
      const PhArc span = { ph_rat(1, 3), ph_rat(17, 5) };
      ph_query(&query, pat, span, &events);
      for (size_t k = 0; k < events.len; k++) {
        const PhEvent *e = &events.items[k];
        assert_true(ph_rat_le(span.begin, e->part.begin) && ph_rat_le(e->part.end, span.end));
        assert_true(ph_rat_lt(e->part.begin, e->part.end));
        if (e->has_whole && !(ph_rat_le(e->whole.begin, e->part.begin) && ph_rat_le(e->part.end, e->whole.end))) {
          fail_msg("transform %zu of \"%s\": a part is not inside its whole", t, texts[i]);
        }
      }
      bench_deinit(&b);
    }
  }
}

static void expect_same(Bench *b, const PhPat *x, const PhPat *y, const char *what)
{
  PhEvents left = { 0 }, right = { 0 };
  query_onsets(b, x, PH_RAT_INT(0), PH_RAT_INT(7), &left);
  query_onsets(b, y, PH_RAT_INT(0), PH_RAT_INT(7), &right);
  if (!same_onsets(&left, &right)) {
    fail_msg("%s: %zu and %zu onsets", what, left.len, right.len);
  }
}

static void test_inverses(void **state)
{
  (void)state;
  for (size_t i = 0; i < PH_COUNT(texts); i++) {
    Bench b;
    bench_init(&b, false);
    const PhPat *pat = mini(&b, texts[i], PH_ATOM_AUTO);
    const PhRat n = ph_rat(7, 3);
    expect_same(&b, pat, ph_rev(&b.build, ph_rev(&b.build, pat)), "rev . rev");
    expect_same(&b, pat, ph_fast(&b.build, n, ph_slow(&b.build, n, pat)), "fast n . slow n");
    expect_same(&b, pat, ph_rot_l(&b.build, n, ph_rot_r(&b.build, n, pat)), "rotL t . rotR t");
    expect_same(&b, pat, ph_fast(&b.build, PH_RAT_INT(1), pat), "fast 1");
    bench_deinit(&b);
  }
}

static void expect_status(Bench *b, const PhPat *pat, PhRat begin, PhStatus status)
{
  PhQuery query = { .arena = &b->arena };
  PhEvents events = { 0 };
  if (PH_TRAP_SET(&b->trap) == 0) {
    ph_query(&query, pat, (PhArc){ begin, ph_rat_add(begin, PH_RAT_INT(1)) }, &events);
  }
  assert_int_equal(b->trap.status, status);
}

/* A time that does not fit is an error, never a wrong answer. */
static void test_overflow(void **state)
{
  (void)state;
  Bench b;
  bench_init(&b, false);
  const PhPat *pat = mini(&b, "a b c", PH_ATOM_STR);
  const PhPat *fine = pat;
  for (int i = 0; i < 12; i++) {
    fine = ph_rev(&b.build, ph_fast(&b.build, ph_rat(1000003 + i, 999983), ph_rev(&b.build, fine)));
  }
  expect_status(&b, pat, PH_RAT_INT(0), PH_OK);
  expect_status(&b, fine, PH_RAT_INT(1000000), PH_OVERFLOW);
  expect_status(&b, ph_slow(&b.build, ph_rat(1, INT64_MAX), pat), PH_RAT_INT(3), PH_OVERFLOW);
  bench_deinit(&b);
}

static void test_depth(void **state)
{
  (void)state;
  Bench b;
  bench_init(&b, false);
  const PhPat *pat = mini(&b, "a b", PH_ATOM_STR);
  for (int i = 0; i < 5000; i++) {
    pat = ph_split_queries(&b.build, ph_rev(&b.build, pat));
  }
  expect_status(&b, pat, PH_RAT_INT(0), PH_LIMIT);
  bench_deinit(&b);
}

/* Reference values of Tidal 1.10. */
static void test_rand(void **state)
{
  (void)state;
  static const struct {
    PhRat time;
    double value;
  } known[] = {
    { { 0, 1 }, 0.5 },
    { { 1, 8 }, 0.3147844299674034 },
    { { 1, 4 }, 0.6295689214020967 },
    { { 1, 2 }, 0.2591378428041935 },
    { { 3, 4 }, 0.20052618719637394 },
    { { 1, 1 }, 0.5177721455693245 },
    { { 3, 2 }, 0.4010523743927479 },
    { { 2, 1 }, 0.03601731359958649 },
  };
  PhQuery query = { 0 };
  PhQuery seeded = { .seed = 7 };
  for (size_t i = 0; i < PH_COUNT(known); i++) {
    assert_true(ph_rand_at(&query, known[i].time) == known[i].value);
    assert_true(ph_rand_at(&seeded, known[i].time) != known[i].value);
  }
}

static void test_applicatives(void **state)
{
  (void)state;
  Bench b;
  bench_init(&b, false);
  const PhPat *x = mini(&b, "1 2", PH_ATOM_INT), *y = mini(&b, "0 10 20", PH_ATOM_INT);
  const PhRat zero = PH_RAT_INT(0), one = PH_RAT_INT(1);
  expect_events(&b, ph_pat_op(&b.build, PH_OP_ADD, PH_OP_BOTH, x, y), zero, one, "|+|",
                "0-1/3 1 | 1/3-1/2 11 | 1/2-2/3 12 | 2/3-1 22");
  expect_events(&b, ph_pat_op(&b.build, PH_OP_ADD, PH_OP_IN, x, y), zero, one, "|+",
                "0-1/2[0-1/3] 1 | 0-1/2[1/3-1/2] 11 | 1/2-1[1/2-2/3] 12 | 1/2-1[2/3-1] 22");
  expect_events(&b, ph_pat_op(&b.build, PH_OP_ADD, PH_OP_OUT, x, y), zero, one, "+|",
                "0-1/3 1 | 1/3-2/3[1/3-1/2] 11 | 1/3-2/3[1/2-2/3] 12 | 2/3-1 22");
  expect_events(&b, ph_pat_op(&b.build, PH_OP_ADD, PH_OP_SQUEEZE, x, y), zero, one, "||+",
                "0-1/6 1 | 1/6-1/3 11 | 1/3-1/2 21 | 1/2-2/3 2 | 2/3-5/6 12 | 5/6-1 22");
  bench_deinit(&b);
}

static void test_controls(void **state)
{
  (void)state;
  Bench b;
  bench_init(&b, false);
  const PhRat zero = PH_RAT_INT(0), one = PH_RAT_INT(1);
  const PhPat *s = ph_pat_control(&b.build, "s", mini(&b, "bd:3 sn", PH_ATOM_STR));
  const PhPat *n = ph_pat_control(&b.build, "n", mini(&b, "1", PH_ATOM_NOTE));
  const PhPat *gain = ph_pat_control(&b.build, "gain", mini(&b, "0.5", PH_ATOM_NUM));
  expect_events(&b, ph_pat_op(&b.build, PH_OP_RIGHT, PH_OP_IN, s, gain), zero, one, "#",
                "0-1/2 gain: 0.5, n: 3, s: \"bd\" | 1/2-1 gain: 0.5, s: \"sn\"");
  expect_events(&b, ph_pat_op(&b.build, PH_OP_ADD, PH_OP_IN, s, n), zero, one, "|+",
                "0-1/2 n: 4, s: \"bd\" | 1/2-1 n: 1, s: \"sn\"");
  expect_events(&b, ph_pat_op(&b.build, PH_OP_SUB, PH_OP_IN, s, n), zero, one, "|-",
                "0-1/2 n: 2, s: \"bd\" | 1/2-1 n: -1, s: \"sn\"");
  expect_events(&b, ph_pat_op(&b.build, PH_OP_LEFT, PH_OP_IN, s, n), zero, one, "|<",
                "0-1/2 n: 3, s: \"bd\" | 1/2-1 n: 1, s: \"sn\"");
  expect_events(&b, ph_pat_uncontrol(&b.build, gain, NULL), zero, one, "uncontrol", "0-1 0.5");
  bench_deinit(&b);
}

/* routes ⊇ the masks of the events, whatever is done with effects. */
static void test_routes(void **state)
{
  (void)state;
  Bench b;
  bench_init(&b, false);
  const PhPat *s = ph_pat_control(&b.build, "s", mini(&b, "a b c d", PH_ATOM_STR));
  assert_int_equal(s->routes, 1);
  const PhPat *fx = ph_pat_effect(&b.build, s, 1);
  assert_int_equal(fx->routes, 1u << 2);
  const PhPat *both = ph_pat_effect(&b.build, ph_stack2(&b.build, s, fx), 0);
  assert_int_equal(both->routes, 1u << 1 | 1u << 3);
  const PhPat *gain = ph_pat_control(&b.build, "gain", mini(&b, "1 0.5", PH_ATOM_NUM));
  assert_int_equal(ph_pat_op(&b.build, PH_OP_RIGHT, PH_OP_IN, fx, gain)->routes, 1u << 2);
  const PhPat *every = row(&b, "ply", (PhArg[]){ pat_arg(&b, "2"), ph_arg_pat(both) });
  PhQuery query = { .arena = &b.arena };
  PhEvents events = { 0 };
  ph_query(&query, every, (PhArc){ PH_RAT_INT(0), PH_RAT_INT(1) }, &events);
  assert_int_equal(events.len, 16);
  for (size_t i = 0; i < events.len; i++) {
    const PhValue *mask = ph_map_find(events.items[i].value.map, "_fx");
    assert_true(every->routes >> (mask ? mask->i : 0) & 1);
  }
  bench_deinit(&b);
}

/* Memory: a query released to its mark leaves nothing, and joins share buffers. */
static void test_memory(void **state)
{
  (void)state;
  Bench b;
  bench_init(&b, false);
  const PhPat *pat = inside(&b, ply(&b, mini(&b, "a(<3 5>,8) b*4", PH_ATOM_STR)));
  PhQuery query = { .arena = &b.arena };
  const size_t before = b.arena.used_bytes;
  size_t most = 0;
  for (int64_t c = 0; c < 10000; c++) {
    const PhArenaMark mark = ph_arena_mark(&b.arena);
    PhEvents events = { 0 };
    ph_query(&query, pat, (PhArc){ PH_RAT_INT(c), PH_RAT_INT(c + 1) }, &events);
    most = b.arena.used_bytes > most ? b.arena.used_bytes : most;
    ph_arena_release(&b.arena, mark);
  }
  assert_int_equal(b.arena.used_bytes, before);
  assert_true(most - before < 256 << 10);
  bench_deinit(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_cutting),      cmocka_unit_test(test_parts),    cmocka_unit_test(test_inverses),
    cmocka_unit_test(test_overflow),     cmocka_unit_test(test_depth),    cmocka_unit_test(test_rand),
    cmocka_unit_test(test_applicatives), cmocka_unit_test(test_controls), cmocka_unit_test(test_routes),
    cmocka_unit_test(test_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
