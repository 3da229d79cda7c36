/* Tokens, syntax trees and syntax errors, from the files in cases/. `test_syntax DIR --update` writes them anew.
   SPDX-License-Identifier: MIT */
#include "lang/ast.h"
#include "lang/registry.h"
#include "texts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *directory = "cases";
static bool update;

typedef struct Fixture {
  PhArena arena;
  PhDiags diags;
} Fixture;

static void setup(Fixture *fixture, const char *text, size_t len)
{
  ph_arena_init(&fixture->arena, NULL, NULL);
  ph_diags_init(&fixture->diags, &fixture->arena);
  const PhTextFile file = { .name = "test.ph", .text = ph_arena_strndup(&fixture->arena, text, len), .len = len };
  PH_PUSH(&fixture->arena, &fixture->diags.files, file);
}

static void teardown(Fixture *fixture) { ph_arena_deinit(&fixture->arena); }

static void show_tokens(const PhTextCase *text_case, PhText *out)
{
  static const char *const names[] = {
#define PH_TOKEN(name, text) #name,
#include "lang/token.def"
#undef PH_TOKEN
  };
  Fixture fixture;
  setup(&fixture, text_case->source.ptr, text_case->source.len);
  PhTokens tokens;
  ph_lex(&fixture.arena, &fixture.diags, 0, text_case->tidal, &tokens);
  ph_lex_heads(&tokens, fixture.diags.files.items[0].text, text_case->tidal);
  for (size_t i = 0; i < tokens.len; i++) {
    const PhToken *token = &tokens.items[i];
    ph_text_printf(out, "%u-%u %s%s `%.*s`\n", token->begin, token->end, names[token->kind],
                   token->flags & PH_TOKEN_HEAD ? " head" : "", (int)(token->end - token->begin),
                   text_case->source.ptr + token->begin);
  }
  ph_diags_print(&fixture.diags, false, out);
  teardown(&fixture);
}

static void show_tree(const PhTextCase *text_case, PhText *out)
{
  Fixture fixture;
  setup(&fixture, text_case->source.ptr, text_case->source.len);
  PhStatements statements = { 0 };
  ph_parse(&fixture.arena, &fixture.diags, 0, text_case->tidal, &statements);
  for (size_t i = 0; i < statements.len; i++) {
    ph_statement_show(&statements.items[i], out);
    ph_text_puts(out, "\n");
  }
  ph_diags_print(&fixture.diags, false, out);
  teardown(&fixture);
}

static void run_file(const char *name, PhTextRun *run)
{
  char path[1024];
  size_t count;
  (void)snprintf(path, sizeof path, "%s/%s", directory, name);
  const size_t failed = ph_texts_run(path, update, run, &count);
  assert_int_equal(update ? 0 : failed, 0);
  assert_true(count > 0);
}

static void test_tokens(void **state)
{
  (void)state;
  run_file("tokens.txt", show_tokens);
}
static void test_trees(void **state)
{
  (void)state;
  run_file("trees.txt", show_tree);
}
static void test_syntax_errors(void **state)
{
  (void)state;
  run_file("syntax_errors.txt", show_tree);
}

/* A megabyte on one line, of each thing that nests or repeats: a result within a second, and no crash. */
static void test_long_lines(void **state)
{
  (void)state;
  static const char *const pieces[] = { "a + ",  "(", "[",  "f(",        "\"bd\" ", "x $ ", "- ",   "\\x -> ",
                                        "~a # ", "}", "1/", "fast 2 . ", ":k ",     "{-",   "a ** " };
  enum { LEN = 1 << 20 };
  PhText text = { 0 };
  for (size_t i = 0; i < PH_COUNT(pieces); i++) {
    text.len = 0;
    ph_text_puts(&text, "o1: ");
    while (text.len < LEN) {
      ph_text_puts(&text, pieces[i]);
    }
    Fixture fixture;
    setup(&fixture, text.ptr, text.len);
    PhStatements statements = { 0 };
    const double start = ph_os_now_sec();
    ph_parse(&fixture.arena, &fixture.diags, 0, false, &statements);
    PhText out = { 0 };
    ph_diags_print(&fixture.diags, false, &out);
    assert_true(ph_os_now_sec() - start < 5.0); /* a second on an idle machine */
    assert_true(out.len < 100000);
    ph_text_deinit(&out);
    teardown(&fixture);
  }
  ph_text_deinit(&text);
}

static void test_places(void **state)
{
  (void)state;
  static const char text[] = "\xEF\xBB\xBFo1: s \"a\"\r\n\t\xC3\xA4 x\n";
  Fixture fixture;
  setup(&fixture, text, sizeof text - 1);
  uint32_t line, column;
  ph_diags_place(&fixture.diags, (PhSource){ 3, 5, 0 }, &line, &column);
  assert_int_equal(line, 1);
  assert_int_equal(column, 1);
  const uint32_t x = (uint32_t)(strchr(text, 'x') - text);
  ph_diags_place(&fixture.diags, (PhSource){ x, x + 1, 0 }, &line, &column);
  assert_int_equal(line, 2);
  assert_int_equal(column, 4); /* a tab and a letter of two bytes are a character each */
  PhText out = { 0 };
  ph_diags_add(&fixture.diags, PH_SEVERITY_ERROR, (PhSource){ x, x + 1, 0 }, NULL, "here \"%d\"", 1);
  ph_diags_json(&fixture.diags, &out);
  assert_string_equal(
      out.ptr, "[{\"severity\":\"error\",\"file\":\"test.ph\",\"line\":2,\"column\":4,\"endLine\":2,\"endColumn\":5,"
               "\"message\":\"here \\\"1\\\"\"}]\n");
  out.len = 0;
  ph_diags_print(&fixture.diags, true, &out);
  assert_non_null(strstr(out.ptr, "\x1b["));
  ph_text_deinit(&out);
  teardown(&fixture);
}

static void test_at_most_twenty(void **state)
{
  (void)state;
  PhText text = { 0 };
  for (int i = 0; i < 30; i++) {
    ph_text_printf(&text, "~a%d: )\n", i);
  }
  Fixture fixture;
  setup(&fixture, text.ptr, text.len);
  PhStatements statements = { 0 };
  ph_parse(&fixture.arena, &fixture.diags, 0, false, &statements);
  assert_int_equal(fixture.diags.errors, 30);
  assert_int_equal(fixture.diags.items.len, PH_DIAG_MAX_ERRORS);
  ph_text_deinit(&text);
  teardown(&fixture);
}

static void test_registry(void **state)
{
  (void)state;
  static const PhFunc lpf = { .name = "lpf", .aliases = "lowpass lp", .sort = PH_FUNC_UNIT, .result = "sig" };
  static const PhFunc reverb = { .name = "reverb", .aliases = "", .sort = PH_FUNC_UNIT, .result = "sig" };
  const PhFunc *const units[] = { &lpf, &reverb };
  PhArena arena;
  ph_arena_init(&arena, NULL, NULL);
  PhRegistry registry;
  ph_registry_init(&registry, &arena, units, PH_COUNT(units));
  assert_ptr_equal(ph_registry_find(&registry, ph_str_of("lp"), PH_FUNC_UNIT), &lpf);
  assert_ptr_equal(ph_registry_find(&registry, ph_str_of("lowpass"), PH_FUNC_UNIT), &lpf);
  assert_null(ph_registry_find(&registry, ph_str_of("reverb"), PH_FUNC_PATTERN));
  assert_string_equal(ph_registry_nearest(&registry, ph_str_of("revreb")), "reverb");
  assert_string_equal(ph_registry_nearest(&registry, ph_str_of("lowpas")), "lowpass");
  assert_null(ph_registry_nearest(&registry, ph_str_of("nothingLikeIt")));
  for (size_t i = 1; i < registry.name_count; i++) {
    assert_true(strcmp(registry.names[i - 1].name.ptr, registry.names[i].name.ptr) <= 0);
  }
  ph_arena_deinit(&arena);
}

int main(int argc, char **argv)
{
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--update") == 0) {
      update = true;
    } else {
      directory = argv[i];
    }
  }
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_tokens),     cmocka_unit_test(test_trees),  cmocka_unit_test(test_syntax_errors),
    cmocka_unit_test(test_long_lines), cmocka_unit_test(test_places), cmocka_unit_test(test_at_most_twenty),
    cmocka_unit_test(test_registry),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
