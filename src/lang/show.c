/* The syntax tree as s-expressions, for tests.  SPDX-License-Identifier: MIT */
#include "lang/ast.h"

#include <string.h>

static void show_name(PhText *out, PhStr name)
{
  if (name.len == 1 && (unsigned char)name.ptr[0] < 0x20) {
    ph_text_printf(out, "_%d", name.ptr[0]); /* the hole of a section */
  } else {
    ph_text_add(out, name.ptr, name.len);
  }
}

static void show_items(const char *head, PhAst *const *items, uint32_t count, PhText *out)
{
  ph_text_puts(out, head);
  for (uint32_t i = 0; i < count; i++) {
    ph_text_puts(out, " ");
    ph_ast_show(items[i], out);
  }
  ph_text_puts(out, ")");
}

static void show_apply(const PhAst *ast, PhText *out)
{
  ph_text_puts(out, "(");
  ph_ast_show(ast->apply.head, out);
  for (uint32_t i = 0; i < ast->apply.count; i++) {
    const PhArgAst *arg = &ast->apply.args[i];
    ph_text_puts(out, " ");
    if (arg->key.len) {
      ph_text_printf(out, ":%.*s ", (int)arg->key.len, arg->key.ptr);
    }
    ph_ast_show(arg->value, out);
  }
  ph_text_puts(out, ")");
}

static void show_binary(const PhAst *ast, PhText *out)
{
  ph_text_puts(out, "(");
  if (ast->binary.named) {
    ph_text_puts(out, "`");
    ph_ast_show(ast->binary.named, out);
    ph_text_puts(out, "`");
  } else {
    ph_text_puts(out, ph_operator_rows[ast->binary.op].text);
  }
  ph_text_puts(out, " ");
  ph_ast_show(ast->binary.left, out);
  ph_text_puts(out, " ");
  ph_ast_show(ast->binary.right, out);
  ph_text_puts(out, ")");
}

static void show_lambda(const PhAst *ast, PhText *out)
{
  ph_text_puts(out, "(\\");
  for (uint32_t i = 0; i < ast->lambda.count; i++) {
    ph_text_puts(out, i ? " " : "");
    show_name(out, ast->lambda.params[i].name);
  }
  ph_text_puts(out, " -> ");
  ph_ast_show(ast->lambda.body, out);
  ph_text_puts(out, ")");
}

void ph_ast_show(const PhAst *ast, PhText *out)
{
  switch (ast->kind) {
  case PH_AST_NUMBER:
    if (ast->number.ratio.den == 1) {
      ph_text_printf(out, "%lld", (long long)ast->number.ratio.num);
    } else {
      ph_text_printf(out, "%lld/%lld", (long long)ast->number.ratio.num, (long long)ast->number.ratio.den);
    }
    break;
  case PH_AST_STRING:
    ph_text_printf(out, "\"%.*s\"", (int)ast->text.len, ast->text.ptr);
    break;
  case PH_AST_BUS:
  case PH_AST_TEMPLATE:
  case PH_AST_REGISTER:
    ph_text_puts(out, ast->kind == PH_AST_BUS ? "~" : ast->kind == PH_AST_TEMPLATE ? "@" : "%");
    show_name(out, ast->text);
    break;
  case PH_AST_NAME:
    show_name(out, ast->text);
    break;
  case PH_AST_APPLY:
    show_apply(ast, out);
    break;
  case PH_AST_BINARY:
    show_binary(ast, out);
    break;
  case PH_AST_NEGATE:
    ph_text_puts(out, "(neg ");
    ph_ast_show(ast->inner, out);
    ph_text_puts(out, ")");
    break;
  case PH_AST_CHAIN:
    show_items("($", ast->list.items, ast->list.count, out);
    break;
  case PH_AST_LIST:
    show_items("(list", ast->list.items, ast->list.count, out);
    break;
  case PH_AST_TUPLE:
    show_items("(tuple", ast->list.items, ast->list.count, out);
    break;
  case PH_AST_LAMBDA:
    show_lambda(ast, out);
    break;
  case PH_AST_TYPED:
    ph_text_puts(out, "(:: ");
    ph_ast_show(ast->typed.inner, out);
    ph_text_printf(out, " %.*s)", (int)ast->typed.type.len, ast->typed.type.ptr);
    break;
  case PH_AST_ERROR:
  case PH_AST_CLOSURE:
  case PH_AST_VALUE:
    ph_text_puts(out, "<error>");
    break;
  }
}

const char *ph_statement_word(PhStatementKind kind)
{
  static const char *const kinds[] = {
    [PH_STATEMENT_OUTPUT] = "output",
    [PH_STATEMENT_BUS] = "bus",
    [PH_STATEMENT_MODIFIER] = "modifier",
    [PH_STATEMENT_FUNCTION] = "function",
    [PH_STATEMENT_TEMPLATE] = "template",
    [PH_STATEMENT_REGISTER] = "register",
    [PH_STATEMENT_CPS] = "cps",
    [PH_STATEMENT_BPM] = "bpm",
    [PH_STATEMENT_SEED] = "seed",
    [PH_STATEMENT_OUTMIX] = "outmix",
    [PH_STATEMENT_MASTER] = "master",
    [PH_STATEMENT_SAFETY] = "safety",
    [PH_STATEMENT_DIALECT] = "dialect",
    [PH_STATEMENT_INCLUDE] = "include",
    [PH_STATEMENT_HUSH] = "hush",
    [PH_STATEMENT_UNHUSH] = "unhush",
    [PH_STATEMENT_SOLO] = "solo",
    [PH_STATEMENT_UNSOLO] = "unsolo",
    [PH_STATEMENT_PANIC] = "panic",
    [PH_STATEMENT_RESET_CYCLES] = "resetCycles",
    [PH_STATEMENT_SET_CYCLE] = "setCycle",
    [PH_STATEMENT_NUDGE] = "nudge",
    [PH_STATEMENT_ALL] = "all",
  };
  return kinds[kind];
}

void ph_statement_show(const PhStatement *statement, PhText *out)
{
  ph_text_printf(out, "(%s", ph_statement_word(statement->kind));
  if (statement->name.len) {
    ph_text_printf(out, " %.*s", (int)statement->name.len, statement->name.ptr);
  }
  if (statement->has_number) {
    ph_text_printf(out, " %u", statement->number);
  }
  if (statement->body) {
    ph_text_puts(out, " ");
    ph_ast_show(statement->body, out);
  }
  if (statement->extra) {
    ph_text_puts(out, " ");
    ph_ast_show(statement->extra, out);
  }
  ph_text_puts(out, ")");
}
