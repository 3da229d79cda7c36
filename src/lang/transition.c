/* Transitions given on outputs (`o1 xfadeIn 8 $ …`, Tidal's `xfadeIn 1 8 $ …`): whoever plays the text says what played before.
   SPDX-License-Identifier: MIT */
#include <string.h>

#include "lang/program.h"

static const PhFunc *transition_named(const PhRegistry *registry, const PhAst *call)
{
  const PhAst *head = call->kind == PH_AST_APPLY ? call->apply.head : call;
  const PhFunc *func = head->kind == PH_AST_NAME ? ph_registry_find(registry, head->text, PH_FUNC_PATTERN) : NULL;
  return func && strcmp(func->family, "transition") == 0 ? func : NULL;
}

/* A call that lacks but the time and the patterns. */
static bool lacks_patterns(const PhFunc *func, const PhAst *call)
{
  const uint32_t given = call->kind == PH_AST_APPLY ? call->apply.count : 0;
  return func && given + 2 == func->param_count;
}

static PhAst *node(PhEval *eval, PhAstKind kind, PhSource at)
{
  PhAst *ast = PH_NEW(eval->arena, PhAst);
  ast->kind = kind;
  ast->at = at;
  return ast;
}

bool ph_asks_for_transition(const PhRegistry *registry, const PhStatement *statement)
{
  const PhAst *body = statement->body;
  return statement->kind == PH_STATEMENT_OUTPUT &&
         (statement->extra || (body && body->kind == PH_AST_CHAIN && body->list.count > 1 &&
                               lacks_patterns(transition_named(registry, body->list.items[0]), body->list.items[0])));
}

/* The transition of a statement and the pattern that it leads to. NULL: there is none. */
static const PhAst *split(PhEval *eval, const PhStatement *statement, const PhAst **pattern)
{
  const PhAst *body = statement->body;
  *pattern = body;
  if (statement->extra || !ph_asks_for_transition(eval->registry, statement)) {
    return statement->extra;
  }
  const PhAst *call = body->list.items[0];
  if (body->list.count == 2) {
    *pattern = body->list.items[1];
  } else {
    PhAst *rest = node(eval, PH_AST_CHAIN, body->at);
    rest->list.items = body->list.items + 1;
    rest->list.count = body->list.count - 1;
    rest->depth = body->depth;
    *pattern = rest;
  }
  return call;
}

static const PhTransition *asked_for(const PhCompileOptions *options, uint32_t number)
{
  for (size_t i = 0; i < options->transition_count; i++) {
    if (options->transitions[i].output == number) {
      return &options->transitions[i];
    }
  }
  return NULL;
}

/* The pattern of the statement that the output had. */
static const PhAst *pattern_before(PhEval *eval, const PhTransition *transition)
{
  const uint32_t file = ph_load_text(eval->arena, eval->diags, "what played before", ph_str_of(transition->before));
  PhStatements statements = { 0 };
  ph_parse(eval->arena, eval->diags, file, eval->tidal, &statements);
  for (size_t i = 0; i < statements.len; i++) {
    if (statements.items[i].kind == PH_STATEMENT_OUTPUT) {
      const PhAst *pattern;
      (void)split(eval, &statements.items[i], &pattern);
      ph_resolve(eval, pattern);
      return pattern;
    }
  }
  return NULL;
}

static PhArgAst number_arg(PhEval *eval, PhRat value, PhSource at)
{
  PhAst *number = node(eval, PH_AST_NUMBER, at);
  number->number.ratio = value;
  number->number.num = ph_rat_to_double(value);
  return (PhArgAst){ .value = number };
}

static const PhAst *call_with(PhEval *eval, const PhAst *call, PhRat now, const PhAst *pattern, const PhAst *before)
{
  const uint32_t given = call->kind == PH_AST_APPLY ? call->apply.count : 0;
  PhAst *whole = node(eval, PH_AST_APPLY, call->at);
  PhAst *list = node(eval, PH_AST_LIST, call->at);
  PhAst *both[] = { (PhAst *)pattern, (PhAst *)before };
  list->list.items = ph_arena_copy(eval->arena, both, sizeof both);
  list->list.count = 2;
  list->depth = (uint16_t)((pattern->depth > before->depth ? pattern->depth : before->depth) + 1);
  whole->depth = (uint16_t)(list->depth + 1);
  whole->apply.head = call->kind == PH_AST_APPLY ? call->apply.head : (PhAst *)call;
  whole->apply.args = PH_NEWN(eval->arena, PhArgAst, given + 2);
  for (uint32_t i = 0; i < given; i++) {
    whole->apply.args[i] = call->apply.args[i];
  }
  whole->apply.args[given] = number_arg(eval, now, call->at);
  whole->apply.args[given + 1] = (PhArgAst){ .value = list };
  whole->apply.count = given + 2;
  return whole;
}

const PhAst *ph_with_transition(PhEval *eval, const PhCompileOptions *options, const PhStatement *statement, uint32_t number)
{
  const PhAst *pattern;
  const PhAst *call = split(eval, statement, &pattern);
  if (!call) {
    return pattern;
  }
  const PhTransition *transition = asked_for(options, number);
  const PhAst *before = transition && lacks_patterns(transition_named(eval->registry, call), call) ? pattern_before(eval, transition) : NULL;
  if (before) {
    return call_with(eval, call, transition->now, pattern, before);
  }
  if (options->follows) {
    return pattern;
  }
  const PhStr name = call->kind == PH_AST_APPLY ? call->apply.head->text : call->text;
  ph_diags_add(eval->diags, PH_SEVERITY_NOTE, call->at, NULL, "nothing plays before the beginning of a file: `%.*s` is its pattern",
               (int)name.len, name.ptr);
  return pattern;
}
