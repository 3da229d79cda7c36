/* Random expressions out of the types of the rows, legal and illegal: every one is refused with a message or gives a pattern,
   every query ends with events or with a limit that is named, in bounded time, and repeats. The same seed gives the same
   expressions. For longer runs:
     PH_FUZZ_SECONDS=600 PH_FUZZ_SEED=7 build/tests/pattern/test_pattern_fuzz
   fuzz.txt holds what was found once; each of its lines is an expression, `tidal` before it for that dialect.
   SPDX-License-Identifier: MIT */
#include "support.h"

#include "lang/lang.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct Fuzz {
  uint64_t state;
  PhText text;
  const PhPatFunc *const *rows;
  size_t row_count;
  unsigned depth;
} Fuzz;

static uint64_t next(Fuzz *f) /* splitmix64, Steele et al. 2014 */
{
  uint64_t z = f->state += 0x9E3779B97F4A7C15ull;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

static size_t below(Fuzz *f, size_t n) { return (size_t)(next(f) % n); }
static bool one_in(Fuzz *f, size_t n) { return below(f, n) == 0; }

#define PICK(f, list) ((list)[below((f), PH_COUNT(list))])

static void put(Fuzz *f, const char *text) { ph_text_puts(&f->text, text); }

/* ---- mini-notation ------------------------------------------------------------------------------------------- */

static const char *const num_atoms[] = { "0", "1", "-1", "0.5", "3", "7", "-0.25", "1e3", "12", "~", "1e9", "0.001" };
static const char *const int_atoms[] = { "0", "1", "2", "3", "-1", "5", "8", "-7", "~", "100", "99999", "-4" };
static const char *const time_atoms[] = { "0", "1", "0.25", "1%3", "-0.5", "2", "e", "q", "~", "7%5", "1e6", "1%1000" };
static const char *const bool_atoms[] = { "t", "f", "1", "0", "~" };
static const char *const name_atoms[] = { "bd", "sn:3", "a", "up", "major", "minor", "c", "~", "x:y", "bd:99" };
static const char *const note_atoms[] = { "0", "c", "e4", "cs5", "c'maj", "e'min7'ii", "7", "~", "-12", "a'dom7'5'o" };

static const char *atom(Fuzz *f, const char *type)
{
  return strcmp(type, "int") == 0    ? PICK(f, int_atoms)
         : strcmp(type, "time") == 0 ? PICK(f, time_atoms)
         : strcmp(type, "bool") == 0 ? PICK(f, bool_atoms)
         : strcmp(type, "str") == 0  ? PICK(f, name_atoms)
         : strcmp(type, "note") == 0 ? PICK(f, note_atoms)
                                     : PICK(f, num_atoms);
}

static void put_steps(Fuzz *f, const char *type, unsigned depth)
{
  static const char *const suffixes[] = { "*2",     "/3",       "!2",   "@3",   "?",         "(3,8)",
                                          "*<2 3>", "(-3,8,2)", "*1.5", "?0.2", "(<3 5>,16)" };
  static const char *const opens[] = { "[", "<", "{", "[" };
  static const char *const closes[] = { "]", ">", "}%3", ", ~]" };
  const size_t count = 1 + below(f, 3);
  for (size_t i = 0; i < count; i++) {
    put(f, i ? " " : "");
    if (depth && one_in(f, 3)) {
      const size_t b = below(f, PH_COUNT(opens));
      put(f, opens[b]);
      put_steps(f, type, depth - 1);
      put(f, closes[b]);
    } else {
      put(f, atom(f, type));
    }
    put(f, one_in(f, 3) ? PICK(f, suffixes) : "");
  }
}

static void put_string(Fuzz *f, const char *type)
{
  put(f, "\"");
  put_steps(f, type, 2);
  put(f, one_in(f, 40) ? "[" : "");
  put(f, "\"");
}

/* ---- expressions --------------------------------------------------------------------------------------------- */

static void put_type(Fuzz *f, const char **at, const char *variable);

static void put_row(Fuzz *f, const PhPatFunc *row, const char *variable, uint32_t leave_out)
{
  put(f, "(");
  put(f, row->func.name);
  for (uint32_t i = 0; i + leave_out < row->func.param_count; i++) {
    const char *type = row->func.params[i].type;
    if ((row->func.params[i].flags & PH_PARAM_OPTIONAL) && one_in(f, 2)) {
      break;
    }
    put(f, " ");
    put_type(f, &type, variable);
  }
  put(f, one_in(f, 60) ? " 3" : "");
  put(f, ")");
}

/* A row whose result may stand for the type, or NULL: a few tries are enough. */
static const PhPatFunc *row_for(Fuzz *f, const char *type)
{
  for (int i = 0; i < 30; i++) {
    const PhPatFunc *row = f->rows[below(f, f->row_count)];
    const char *result = row->func.result;
    if (strcmp(result, type) == 0 || (strlen(result) == 1 && strcmp(type, "ctrl") != 0) ||
        (strcmp(type, "ctrl") == 0 && strlen(result) == 1)) {
      return row;
    }
  }
  return NULL;
}

static void put_controls(Fuzz *f)
{
  static const char *const more[] = { "",           " # n \"0 1\"", " # speed \"<1 2>\"",
                                      " |+ n 1",    " # gain 0.8",  " # pan sine",
                                      " |* speed 2" };
  put(f, "(s ");
  put_string(f, "str");
  put(f, PICK(f, more));
  put(f, ")");
}

static void put_pattern(Fuzz *f, const char *type, const char *variable)
{
  if (strlen(type) == 1) {
    type = variable;
  }
  if (one_in(f, 25)) { /* something else than what is wanted */
    static const char *const others[] = { "ctrl", "num", "str", "bool", "time" };
    type = PICK(f, others);
  }
  const PhPatFunc *row = f->depth < 3 && one_in(f, 3) ? row_for(f, type) : NULL;
  if (row) {
    f->depth++;
    put_row(f, row, type, 0);
    f->depth--;
  } else if (strcmp(type, "ctrl") == 0) {
    put_controls(f);
  } else if (one_in(f, 3) && strcmp(type, "bool") != 0 && strcmp(type, "str") != 0) {
    put(f, "(");
    const char *constant = atom(f, type);
    put(f, strcmp(type, "note") == 0 || strchr(constant, '~') || strchr("eqc", constant[0]) || strchr(constant, '%')
               ? "2"
               : constant);
    put(f, ")");
  } else {
    put_string(f, type);
  }
}

static void put_constant(Fuzz *f, const char *type)
{
  static const char *const numbers[] = { "1", "2", "(-1)", "0", "4", "0.5", "64", "(1/3)", "100000" };
  static const char *const texts[] = { "\"x x1 \"", "\"0:01,1:0\"", "\"\"", "\"3edo\"", "\"n\"" };
  put(f, strcmp(type, "text") == 0 || strcmp(type, "str") == 0 ? PICK(f, texts) : PICK(f, numbers));
}

static void put_function(Fuzz *f, const char *variable, unsigned arity, bool test)
{
  static const char *const plain[] = { "rev", "(fast 2)",        "(0.25 ~>)", "(every 2 rev)", "(slow \"<2 3>\")",
                                       "id",  "(const silence)", "(ply 3)",   "(linger 0.25)", "(\\x -> fast 2 x)" };
  static const char *const ctrl[] = {
    "(# speed 2)", "(|+ n 1)", "(chop 4)", "(jux rev)", "(hurry 2)", "((# n 1) . rev)"
  };
  static const char *const tests[] = { "(> 1)", "((== 0) . (`mod` 2))", "(const true)", "even", "(\\x -> x < 2)" };
  static const char *const two[] = { "(+)", "fast", "(\\x y -> x)", "(>)", "overlay", "(#)", "($)" };
  const bool controls = strcmp(variable, "ctrl") == 0;
  put(f, test ? PICK(f, tests) : arity > 1 ? PICK(f, two) : controls && one_in(f, 2) ? PICK(f, ctrl) : PICK(f, plain));
}

/* `(x,y)` is a tuple, `(x->y)` a function. */
static void put_round(Fuzz *f, const char **at, const char *variable)
{
  unsigned arity = 0, level = 0;
  const char *last = *at + 1;
  bool tuple = false;
  for (const char *p = *at; *p; p++) {
    level += *p == '(' || *p == '[';
    if (level == 1 && p[0] == '-' && p[1] == '>') {
      arity++;
      last = p + 2;
    }
    tuple |= level == 1 && *p == ',';
    if ((*p == ')' || *p == ']') && --level == 0) {
      if (!tuple) {
        put_function(f, variable, arity, strncmp(last, "bool", 4) == 0);
        *at = p + 1;
        return;
      }
      break;
    }
  }
  put(f, "(");
  do {
    (*at)++;
    put_type(f, at, variable);
    put(f, **at == ',' ? ", " : "");
  } while (**at == ',');
  (*at)++;
  put(f, ")");
}

static void put_type(Fuzz *f, const char **at, const char *variable)
{
  if (**at == '(') {
    put_round(f, at, variable);
    return;
  }
  if (**at == '[') {
    const size_t count = below(f, 4);
    const char *begin = *at + 1, *end = begin;
    unsigned level = 1; /* to the closing bracket, even where there is no item */
    for (end = begin; level; end++) {
      level += *end == '[';
      level -= *end == ']';
    }
    put(f, "[");
    for (size_t i = 0; i < count; i++) {
      const char *item = begin;
      put(f, i ? ", " : "");
      put_type(f, &item, variable);
    }
    put(f, "]");
    *at = end;
    return;
  }
  const bool constant = **at == '!';
  *at += constant;
  char word[16] = { 0 };
  size_t len = 0;
  while ((**at >= 'a' && **at <= 'z') && len + 1 < sizeof word) {
    word[len++] = *(*at)++;
  }
  if (constant || strcmp(word, "text") == 0) {
    put_constant(f, word);
  } else {
    put_pattern(f, word, variable);
  }
}

static void make_expression(Fuzz *f)
{
  static const char *const variables[] = { "ctrl", "num", "note", "str" };
  f->text.len = 0;
  f->depth = 0;
  const PhPatFunc *row = f->rows[below(f, f->row_count)];
  const char *variable = PICK(f, variables);
  if (one_in(f, 4)) {
    static const char *const chains[] = { "rev $ ", "fast \"<2 3>\" $ ", "every 2 (0.25 <~) $ ", "iter 4 $ ",
                                          "off 0.25 rev $ " };
    put(f, PICK(f, chains));
  }
  put_row(f, row, variable, one_in(f, 30) ? 1 : 0);
}

/* ---- running ------------------------------------------------------------------------------------------------- */

static double seconds(clockid_t clock)
{
  struct timespec t;
  (void)clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static const PhArc spans[] = {
  { { 0, 1 }, { 1, 1 } }, { { 1, 3 }, { 5, 2 } }, { { -2, 1 }, { -1, 2 } }, { { 7, 2 }, { 7, 2 } }
};

static void query_all(PhArena *arena, const PhPat *pat, const char *text, PhText *out)
{
  for (size_t i = 0; i < PH_COUNT(spans); i++) {
    PhQuery query = { .arena = arena, .cps = 0.5 };
    PhEvents events = { 0 };
    ph_query(&query, pat, spans[i], &events);
    for (size_t k = 0; k < events.len; k++) {
      const PhEvent *e = &events.items[k];
      if (!ph_rat_le(e->part.begin, e->part.end) || (e->has_whole && !ph_rat_le(e->whole.begin, e->whole.end))) {
        fail_msg("an event ends before it begins: %s", text);
      }
    }
    events_text(out, &events);
  }
}

typedef enum Outcome { REFUSED, LIMITED, GAVE_EVENTS } Outcome;

static Outcome run(const char *text, bool tidal)
{
  PhTrap trap;
  PhArena arena;
  PhRegistry registry;
  PhDiags diags;
  const PhPat *pat = NULL;
  PhText first = { 0 }, second = { 0 };
  volatile Outcome outcome = REFUSED;
  ph_arena_init(&arena, NULL, &trap);
  if (PH_TRAP_SET(&trap) == 0) {
    ph_registry_init(&registry, &arena, NULL, 0);
    ph_diags_init(&diags, &arena);
    const PhCompileOptions options = { .name = "<fuzz>", .tidal = tidal };
    const PhStatus status = ph_expr_compile(&arena, &registry, ph_str_of(text), NULL, &options, &diags, &pat);
    if (status == PH_OK && diags.errors == 0) {
      assert_non_null(pat);
      query_all(&arena, pat, text, &first);
      query_all(&arena, pat, text, &second);
      assert_string_equal(first.ptr, second.ptr);
      outcome = GAVE_EVENTS;
    } else if (diags.items.len == 0 && status == PH_OK) {
      fail_msg("refused without a message: %s", text);
    }
  } else if (trap.status == PH_LIMIT || trap.status == PH_OVERFLOW) {
    outcome = LIMITED;
  } else {
    fail_msg("%s: %s", trap.text, text);
  }
  ph_text_deinit(&first);
  ph_text_deinit(&second);
  ph_arena_deinit(&arena);
  return outcome;
}

static double seconds_wanted(void)
{
  const char *text = getenv("PH_FUZZ_SECONDS");
  return text ? strtod(text, NULL) : 0.0;
}

/* Without PH_FUZZ_SECONDS a fixed number of expressions, so that the suite does the same everywhere. */
static void test_random(void **state)
{
  (void)state;
  enum { EXPRESSIONS = 300 };
  const char *seed = getenv("PH_FUZZ_SEED");
  Fuzz f = { .state = seed ? strtoull(seed, NULL, 10) : 1 };
  f.rows = ph_pattern_funcs(&f.row_count);
  const double limit = seconds_wanted(), began = seconds(CLOCK_MONOTONIC);
  size_t outcomes[3] = { 0 }, total = 0;
  double slowest = 0.0;
  while (limit > 0.0 ? seconds(CLOCK_MONOTONIC) - began < limit : total < EXPRESSIONS) {
    make_expression(&f);
    const bool tidal = one_in(&f, 2);
    if (getenv("PH_FUZZ_PRINT")) {
      (void)fprintf(stderr, "%s%s\n", tidal ? "tidal " : "", f.text.ptr);
    }
    const double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    outcomes[run(f.text.ptr, tidal)]++;
    const double took = seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
    if (took > slowest && limit > 0.0) {
      slowest = took;
      print_message("%.2f s: %s%s\n", took, tidal ? "tidal " : "", f.text.ptr);
    }
    total++;
  }
  print_message("%zu expressions: %zu refused, %zu at a limit, %zu gave events\n", total, outcomes[REFUSED],
                outcomes[LIMITED], outcomes[GAVE_EVENTS]);
  assert_true(outcomes[GAVE_EVENTS] > total / 4);
  ph_text_deinit(&f.text);
}

/* What was found once, and what nests or grows without end. */
static void test_found(void **state)
{
  (void)state;
  FILE *file = fopen("fuzz.txt", "r");
  assert_non_null(file);
  char line[4096];
  size_t lines = 0;
  while (fgets(line, sizeof line, file)) {
    line[strcspn(line, "\n")] = '\0';
    if (line[0] && line[0] != '-') {
      const bool tidal = strncmp(line, "tidal ", 6) == 0;
      (void)run(line + (tidal ? 6 : 0), tidal);
      lines++;
    }
  }
  (void)fclose(file);
  assert_true(lines > 20);
}

/* A function nested so often ends in a message or a limit, at once. */
static void test_depth(void **state)
{
  (void)state;
  static const char *const parts[] = { "fast 2 $ ", "inside 2 rev $ ", "ply 2 $ ", "off 0.25 rev $ ",
                                       "every \"<2 3>\" rev $ " };
  for (size_t i = 0; i < PH_COUNT(parts); i++) {
    PhText text = { 0 };
    for (int k = 0; k < 300; k++) {
      ph_text_puts(&text, parts[i]);
    }
    ph_text_puts(&text, "s \"a b\"");
    const double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    (void)run(text.ptr, false);
    if (seconds(CLOCK_PROCESS_CPUTIME_ID) - start > 5.0) {
      fail_msg("300 times `%s` take %.1f s", parts[i], seconds(CLOCK_PROCESS_CPUTIME_ID) - start);
    }
    ph_text_deinit(&text);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_random),
    cmocka_unit_test(test_found),
    cmocka_unit_test(test_depth),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
