/* Programs: what they compile to and what is said about them, from cases/programs.txt and cases/messages.txt; every example of
   every row; odd texts. `test_programs DIR --update` writes the cases anew.  SPDX-License-Identifier: MIT */
#include "graph/graph.h"
#include "lang/lang.h"
#include "texts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const directory = ".";
static bool update;
static PhArena registry_arena;
static PhRegistry registry;

/* ---- programs as text ------------------------------------------------------------------------------------------ */

static void show_pattern(PhArena *arena, const PhPat *pat, PhText *out)
{
  PhTrap trap, *saved = arena->trap;
  arena->trap = &trap;
  if (PH_TRAP_SET(&trap)) {
    ph_text_printf(out, "<%s>", trap.text);
  } else {
    PhQuery query = { .arena = arena, .cps = 0.5 };
    PhEvents events = { 0 };
    ph_query(&query, pat, (PhArc){ PH_RAT_INT(0), PH_RAT_INT(1) }, &events);
    ph_text_puts(out, "{");
    for (size_t i = 0; i < events.len; i++) {
      const PhEvent *event = &events.items[i];
      ph_text_puts(out, i ? " | " : "");
      if (!event->has_whole) {
        ph_text_puts(out, "~");
      } else {
        ph_text_printf(out, "%lld/%lld ", (long long)event->whole.begin.num, (long long)event->whole.begin.den);
      }
      ph_value_json(out, &event->value);
    }
    ph_text_puts(out, "}");
  }
  arena->trap = saved;
}

static void show_signal(PhArena *arena, const PhProgram *program, const PhSig *sig, PhText *out);

static void show_arg(PhArena *arena, const PhProgram *program, const PhSigArg *arg, PhText *out)
{
  switch (arg->tag) {
  case PH_SIGARG_ABSENT:
    ph_text_puts(out, "_");
    break;
  case PH_SIGARG_SIG:
    show_signal(arena, program, arg->sig, out);
    break;
  case PH_SIGARG_TEXT:
    ph_text_printf(out, "\"%s\"", arg->text);
    break;
  case PH_SIGARG_LIST:
    ph_text_puts(out, "[");
    for (uint32_t i = 0; i < arg->count; i++) {
      ph_text_puts(out, i ? " " : "");
      show_arg(arena, program, &arg->items[i], out);
    }
    ph_text_puts(out, "]");
    break;
  }
}

static const char *bus_name(const PhProgram *program, uint32_t bus)
{
  static char text[64];
  const char *name = bus < program->bus_count ? program->buses[bus].name : "?";
  (void)snprintf(text, sizeof text, "%s", (unsigned char)name[0] < 0x20 ? "<anonymous>" : name);
  return text;
}

static void show_signal(PhArena *arena, const PhProgram *program, const PhSig *sig, PhText *out)
{
  static const char *const uses[] = { "", "hz", "gate" };
  assert_true(sig->key != 0);
  switch (sig->tag) {
  case PH_SIG_NUM:
    ph_text_num(out, sig->num);
    break;
  case PH_SIG_PAT:
    ph_text_puts(out, uses[sig->pat.use]);
    show_pattern(arena, sig->pat.pat, out);
    break;
  case PH_SIG_PLAY:
    ph_text_puts(out, "(play ");
    show_pattern(arena, sig->play.pat, out);
    for (uint32_t i = 0; i < sig->play.site_count; i++) {
      ph_text_printf(out, " fx%u:", 1u << i);
      show_signal(arena, program, sig->play.sites[i].body, out);
    }
    ph_text_puts(out, ")");
    break;
  case PH_SIG_CALL:
    ph_text_printf(out, "(%s", sig->call.func->name);
    for (uint32_t i = 0; i < sig->call.func->param_count; i++) {
      ph_text_puts(out, " ");
      show_arg(arena, program, &sig->call.args[i], out);
    }
    ph_text_puts(out, ")");
    break;
  case PH_SIG_BUS:
    ph_text_printf(out, "~%s", bus_name(program, sig->bus));
    break;
  case PH_SIG_INPUT:
    ph_text_puts(out, "<input>");
    break;
  }
}

static void show_bus(PhArena *arena, const PhProgram *program, uint32_t i, PhText *out)
{
  const PhBus *bus = &program->buses[i];
  if (bus->synth) { /* its text is the program's own */
    ph_text_printf(out, "%s (synth)\n", bus->name);
    return;
  }
  ph_text_printf(out, "~%s%s:", bus_name(program, i), bus->instrument ? " (instrument)" : "");
  ph_text_puts(out, bus->sig ? " " : " function");
  if (bus->sig) {
    show_signal(arena, program, bus->sig, out);
  }
  ph_text_puts(out, bus->pat ? " (pattern)\n" : "\n");
}

static void show_program(PhArena *arena, const PhProgram *program, PhText *out)
{
  static const char *const mixes[] = { "none", "gain", "sqrt", "tanh", "hard" };
  for (uint32_t i = 0; i < program->bus_count; i++) {
    show_bus(arena, program, i, out);
  }
  for (uint32_t i = 0; i < program->output_count; i++) {
    const PhOutput *output = &program->outputs[i];
    ph_text_printf(out, "o%u%s: ", output->number, output->muted ? " (muted)" : "");
    show_signal(arena, program, output->sig, out);
    ph_text_puts(out, "\n");
  }
  PhText cps = { 0 };
  show_pattern(arena, program->cps, &cps);
  if (strcmp(cps.ptr, "{0/1 0.5}") != 0) {
    ph_text_printf(out, "cps: %s\n", cps.ptr);
  }
  ph_text_deinit(&cps);
  if (program->outmix) {
    ph_text_printf(out, "outmix: %s\n", mixes[program->outmix]);
  }
  if (program->no_safety) {
    ph_text_puts(out, "safety: off\n");
  }
  if (program->seed) {
    ph_text_printf(out, "seed: %llu\n", (unsigned long long)program->seed);
  }
  if (program->master) {
    ph_text_puts(out, "master: ");
    show_signal(arena, program, program->master, out);
    ph_text_puts(out, "\n");
  }
  if (!ph_rat_is_zero(program->start_cycle)) {
    ph_text_printf(out, "start: %lld/%lld\n", (long long)program->start_cycle.num, (long long)program->start_cycle.den);
  }
}

static void run_program(const PhTextCase *text_case, PhText *out)
{
  PhArena arena;
  PhDiags diags;
  PhProgram program;
  ph_arena_init(&arena, NULL, NULL);
  ph_diags_init(&diags, &arena);
  const PhCompileOptions options = { .name = "test.ph", .dir = directory, .tidal = text_case->tidal };
  assert_int_equal(ph_program_compile(&arena, &registry, text_case->source, &options, &diags, &program), PH_OK);
  if (diags.errors == 0) {
    show_program(&arena, &program, out);
  }
  ph_diags_print(&diags, false, out);
  ph_arena_deinit(&arena);
}

/* ---- tests ----------------------------------------------------------------------------------------------------- */

static void run_file(const char *name)
{
  char path[1024];
  size_t count;
  (void)snprintf(path, sizeof path, "%s/%s", directory, name);
  const size_t failed = ph_texts_run(path, update, run_program, &count);
  assert_int_equal(update ? 0 : failed, 0);
  assert_true(count > 0);
}

static void test_programs(void **state)
{
  (void)state;
  run_file("programs.txt");
}
static void test_messages(void **state)
{
  (void)state;
  run_file("messages.txt");
}

/* Every example that a row gives must compile, and without a warning. */
static void test_examples(void **state)
{
  (void)state;
  size_t failed = 0, count = 0;
  for (size_t i = 0; i < registry.count; i++) {
    const PhFunc *func = registry.funcs[i];
    if (!func->example || !*func->example) {
      continue;
    }
    PhArena arena;
    PhDiags diags;
    PhProgram program;
    PhText text = { 0 };
    ph_arena_init(&arena, NULL, NULL);
    ph_diags_init(&diags, &arena);
    ph_text_printf(&text, "~a: saw 55\n~x: %s", func->example);
    const PhCompileOptions options = { .name = func->name };
    assert_int_equal(ph_program_compile(&arena, &registry, ph_str(text.ptr, text.len), &options, &diags, &program),
                     PH_OK);
    if (diags.errors || diags.warnings) {
      PhText out = { 0 };
      ph_diags_print(&diags, false, &out);
      printf("the example of `%s`:\n%s\n", func->name, out.ptr);
      ph_text_deinit(&out);
      failed++;
    }
    count++;
    ph_text_deinit(&text);
    ph_arena_deinit(&arena);
  }
  printf("%zu examples\n", count);
  assert_int_equal(failed, 0);
}

static void compile_text(const char *text, size_t len, PhStatus wanted, bool wants_errors)
{
  PhArena arena;
  PhDiags diags;
  PhProgram program;
  ph_arena_init(&arena, NULL, NULL);
  ph_diags_init(&diags, &arena);
  const double start = ph_os_now_sec();
  assert_int_equal(ph_program_compile(&arena, &registry, ph_str(text, len), NULL, &diags, &program), wanted);
  assert_int_equal(diags.errors > 0, wants_errors);
  assert_true(ph_os_now_sec() - start < 10.0); /* a second on an idle machine */
  ph_arena_deinit(&arena);
}

/* A megabyte on one line of each thing that nests or repeats. */
static void test_long_lines(void **state)
{
  (void)state;
  static const struct {
    const char *before, *piece, *after;
    bool errors;
  } cases[] = {
    { "o1: ", "saw 55 + ", "saw 55", true },
    { "o1: ", "(", "", true },
    { "o1: s \"", "bd ", "\"", true },
    { "o1: s \"", "[", "\"", true },
    { "o1: ", "rev $ ", "s \"bd\"", true },
    { "o1: stack [", "s \"bd\", ", "s \"sn\"]", false },
    { "o1: ", "rev . ", "rev $ s \"bd\"", true },
    { "fn f x = f (f x)\no1: f ", "", "1", true },
    { "o1: saw 55", " # lpf 300", "", true },
  };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    PhText text = { 0 };
    ph_text_puts(&text, cases[i].before);
    while (*cases[i].piece && text.len < (1 << 20)) {
      ph_text_puts(&text, cases[i].piece);
    }
    ph_text_puts(&text, cases[i].after);
    compile_text(text.ptr, text.len, PH_OK, cases[i].errors);
    ph_text_deinit(&text);
  }
}

/* Functions that grow without end are stopped. */
static void test_explosions(void **state)
{
  (void)state;
  static const char *const texts[] = {
    "fn f x = f x\no1: f 1",
    "fn f x = f x + f x\no1: f (saw 55)",
    ("fn a x = x + x\nfn b x = a (a (a (a x)))\nfn c x = b (b (b (b x)))\nfn d x = c (c (c (c x)))\nfn e x = d (d (d (d "
    "x)))\no1: e (e (saw 55))"),
    "~a: fast 2 ~a\no1: ~a",
    "~a: rev ~b\n~b: rev ~a\no1: s \"bd\" # n ~a",
    "@t: @t\no1: @t",
    "%p: \"^p\"\no1: fast %p $ s \"bd\"",
    "%p: %p\no1: fast %p $ s \"bd\"",
  };
  for (size_t i = 0; i < PH_COUNT(texts); i++) {
    PhArena arena;
    PhDiags diags;
    PhProgram program;
    ph_arena_init(&arena, NULL, NULL);
    ph_diags_init(&diags, &arena);
    const double start = ph_os_now_sec();
    const PhStatus status = ph_program_compile(&arena, &registry, ph_str_of(texts[i]), NULL, &diags, &program);
    if (diags.errors == 0 && i != 3) {
      printf("no error: %s\n", texts[i]);
    }
    assert_true(status == PH_OK || status == PH_LIMIT);
    assert_true(ph_os_now_sec() - start < 10.0);
    ph_arena_deinit(&arena);
  }
}

/* Keys are paths: values change, names stay. */
static void test_keys(void **state)
{
  (void)state;
  static const char *const texts[] = {
    "~a: saw 55 # lpf 800\no1: ~a + s \"bd sn\" # reverb 0.5",
    "-- moved\n\n~a: saw 56 # lpf \"300 400\"\no1: ~a + s \"bd*2 cp\" # reverb 0.7"
  };
  PhArena arena;
  ph_arena_init(&arena, NULL, NULL);
  PhProgram programs[2];
  for (size_t i = 0; i < 2; i++) {
    PhDiags diags;
    ph_diags_init(&diags, &arena);
    assert_int_equal(ph_program_compile(&arena, &registry, ph_str_of(texts[i]), NULL, &diags, &programs[i]), PH_OK);
    assert_int_equal(diags.errors, 0);
  }
  const PhSig *a = programs[0].buses[0].sig, *b = programs[1].buses[0].sig;
  assert_int_equal(a->key, b->key);
  assert_int_equal(a->call.args[0].sig->key, b->call.args[0].sig->key);
  assert_int_not_equal(a->key, a->call.args[0].sig->key);
  assert_int_equal(programs[0].outputs[0].sig->key, programs[1].outputs[0].sig->key);
  ph_arena_deinit(&arena);
}

/* No memory at the n-th allocation, for every n: a status, and no crash. */
typedef struct Failing {
  size_t left;
} Failing;

static void *failing_resize(void *ctx, void *ptr, size_t bytes)
{
  Failing *failing = ctx;
  if (bytes && failing->left-- == 0) {
    failing->left = 0;
    return NULL;
  }
  return ph_allocator_default()->resize(NULL, ptr, bytes);
}

static void test_no_memory(void **state)
{
  (void)state;
  static const char text[] = "~a: saw 55 # lpf 800\no1: every 4 (# lpf 300) $ s \"bd*4 ~a\" # n \"0 1\"";
  bool done = false;
  for (size_t n = 0; !done && n < 1000; n++) {
    Failing failing = { n };
    const PhAllocator allocator = { failing_resize, &failing };
    PhArena arena, diag_arena;
    PhDiags diags;
    PhProgram program;
    ph_arena_init(&arena, &allocator, NULL);
    ph_arena_init(&diag_arena, NULL, NULL);
    ph_diags_init(&diags, &diag_arena);
    const PhStatus status =
        ph_program_compile(&arena, &registry, ph_str(text, sizeof text - 1), NULL, &diags, &program);
    assert_true(status == PH_OK || (status == PH_NOMEM && diags.errors > 0));
    done = status == PH_OK;
    ph_arena_deinit(&arena);
    ph_arena_deinit(&diag_arena);
  }
  assert_true(done);
}

/* A file of 200 lines compiles in under 5 ms (asked of an idle machine; here it must not take ten times that). */
static void test_speed(void **state)
{
  (void)state;
  PhText text = { 0 };
  for (int i = 0; i < 66; i++) {
    ph_text_printf(&text,
                   "~b%d: saw %d # lpf \"<300 800>\" 0.7 * 0.3\n~p%d: every 4 rev $ s \"bd(3,8) sn*2\" # n \"<0 1 2>\" "
                   "# gain 0.8\n",
                   i, 50 + i, i);
    ph_text_printf(&text, "o%d: ~p%d + ~b%d # reverb 0.4\n", i % 64 + 1, i, i);
  }
  double best = 1e9;
  for (int i = 0; i < 5; i++) {
    PhArena arena;
    PhDiags diags;
    PhProgram program;
    ph_arena_init(&arena, NULL, NULL);
    ph_diags_init(&diags, &arena);
    const double start = ph_os_cpu_sec();
    assert_int_equal(ph_program_compile(&arena, &registry, ph_str(text.ptr, text.len), NULL, &diags, &program), PH_OK);
    const double took = ph_os_cpu_sec() - start;
    best = took < best ? took : best;
    assert_int_equal(diags.errors, 0);
    ph_arena_deinit(&arena);
  }
  printf("198 lines: %.2f ms\n", best * 1e3);
  assert_true(best < 0.05);
  ph_text_deinit(&text);
}

int main(int argc, char **argv)
{
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--update") == 0) {
      update = true;
    } else {
      if (chdir(argv[i]) != 0) { /* so that paths in messages are the same everywhere */
        return 1;
      }
    }
  }
  ph_arena_init(&registry_arena, NULL, NULL);
  ph_graph_registry(&registry, &registry_arena);
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_programs),  cmocka_unit_test(test_messages),   cmocka_unit_test(test_examples),
    cmocka_unit_test(test_keys),      cmocka_unit_test(test_speed),      cmocka_unit_test(test_explosions),
    cmocka_unit_test(test_no_memory), cmocka_unit_test(test_long_lines),
  };
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  ph_arena_deinit(&registry_arena);
  return failed;
}
