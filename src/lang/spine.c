/* The spine of an expression: what is applied to what, once the user's own functions, templates, registers, sections and
   compositions are expanded.  SPDX-License-Identifier: MIT */
#include "lang/eval.h"

#include <stdio.h>
#include <string.h>

enum { MAX_EXPANSIONS = 5000 };

/* ---- made nodes ----------------------------------------------------------------------------------------------- */

static PhAst *new_node(PhEval *eval, PhAstKind kind, PhSource at)
{
  PhAst *ast = PH_NEW(eval->arena, PhAst);
  ast->kind = kind;
  ast->at = at;
  ast->op_at = at;
  ast->made = true;
  return ast;
}

uint64_t ph_eval_place(const PhAst *node, const PhEnv *env)
{
  while (node->kind == PH_AST_CLOSURE) {
    env = node->closure.env;
    node = node->closure.node;
  }
  uint64_t place = ph_mix(ph_mix(node->at.file, node->at.begin), ph_mix(node->at.end, env ? env->place : 0));
  if (node->made && node->kind == PH_AST_APPLY) {
    place = ph_mix(place, ph_eval_place(node->apply.head, NULL));
  } else if (node->made && node->kind == PH_AST_BINARY) {
    place = ph_mix(place, ph_mix(ph_eval_place(node->binary.left, NULL), ph_eval_place(node->binary.right, NULL)));
  }
  return place;
}

const PhAst *ph_eval_close(PhEval *eval, const PhAst *node, const PhEnv *env)
{
  if (!env || node->kind == PH_AST_CLOSURE || node->kind == PH_AST_VALUE || node->kind == PH_AST_NUMBER ||
      node->kind == PH_AST_STRING) {
    return node;
  }
  PhAst *ast = new_node(eval, PH_AST_CLOSURE, node->at);
  ast->closure.node = node;
  ast->closure.env = env;
  return ast;
}

const PhAst *ph_eval_thing(PhEval *eval, const PhThing *thing, PhSource at)
{
  PhAst *ast = new_node(eval, PH_AST_VALUE, at);
  ast->value = ph_arena_copy(eval->arena, thing, sizeof *thing);
  return ast;
}

const PhAst *ph_eval_pat_node(PhEval *eval, const PhPat *pat, const PhType *type, PhSource at)
{
  const PhThing thing = { .type = type, .arg = { .tag = PH_ARG_PAT, .pat = pat } };
  return ph_eval_thing(eval, &thing, at);
}

const PhAst *ph_eval_sig_node(PhEval *eval, const PhSig *sig, PhSource at)
{
  const PhThing thing = { .type = ph_type_of(PH_T_SIG), .sig = sig };
  return ph_eval_thing(eval, &thing, at);
}

const PhAst *ph_eval_apply(PhEval *eval, const PhAst *fn, const PhAst *arg)
{
  PhAst *ast = new_node(eval, PH_AST_APPLY, fn->at);
  PhArgAst *args = PH_NEW(eval->arena, PhArgAst);
  *args = (PhArgAst){ .value = (PhAst *)arg, .applied = true };
  ast->apply.head = (PhAst *)fn;
  ast->apply.args = args;
  ast->apply.count = 1;
  return ast;
}

const PhAst *ph_eval_binary(PhEval *eval, const PhAst *like, PhOperator op, const PhAst *left, const PhAst *right)
{
  PhAst *ast = new_node(eval, PH_AST_BINARY, like->at);
  ast->op_at = like->op_at;
  ast->binary.op = op;
  ast->binary.left = (PhAst *)left;
  ast->binary.right = (PhAst *)right;
  ast->binary.named = like->kind == PH_AST_BINARY ? like->binary.named : NULL;
  return ast;
}

/* ---- `$` ------------------------------------------------------------------------------------------------------ */

/* Whether the next argument that a partial application waits for is a function: `every 2 $ rev` gives it one. */
static bool wants_function(PhEval *eval, const PhAst *node)
{
  const PhSpine *spine = ph_spine(eval, node, NULL);
  if (spine->head->kind != PH_AST_NAME) {
    return false;
  }
  const PhRows rows = ph_rows(eval, spine->head->text);
  if (!rows.pattern) {
    return false;
  }
  const PhBound bound = ph_bind(eval, rows.pattern, spine, false);
  for (uint32_t i = 0; bound.ok && i < rows.pattern->param_count; i++) {
    if (!bound.slots[i] && !(rows.pattern->params[i].flags & PH_PARAM_OPTIONAL)) {
      return bound.types[i]->tag == PH_T_FN;
    }
  }
  return false;
}

static const PhAst *compose_all(PhEval *eval, const PhAst *chain, const PhEnv *env)
{
  const uint32_t count = chain->list.count;
  const PhAst *all = ph_eval_close(eval, chain->list.items[count - 1], env);
  for (uint32_t i = count - 1; i-- > 0;) {
    const PhAst *fn = ph_eval_close(eval, chain->list.items[i], env);
    all = wants_function(eval, fn) ? ph_eval_apply(eval, fn, all)
                                   : ph_eval_binary(eval, chain, PH_OPERATOR_COMPOSE, fn, all);
  }
  return all;
}

static PhStr text_of(const PhEval *eval, const PhAst *node)
{
  if (!eval->diags || node->at.file >= eval->diags->files.len) {
    return ph_str("…", 3);
  }
  return ph_str(eval->diags->files.items[node->at.file].text + node->at.begin, node->at.end - node->at.begin);
}

static void two_subjects(PhEval *eval, const PhAst *first, const PhAst *second)
{
  const PhStr a = text_of(eval, first), b = text_of(eval, second);
  ph_eval_error(eval, second->at, "`$` applies functions to one pattern or signal; `+` and `stack [a, b]` mix two",
                "two subjects in one `$` chain: `%.*s` and `%.*s`", (int)(a.len > 40 ? 40 : a.len), a.ptr,
                (int)(b.len > 40 ? 40 : b.len), b.ptr);
}

const PhAst *ph_dollar(PhEval *eval, const PhAst *chain, const PhEnv *env, bool report)
{
  const uint32_t count = chain->list.count;
  uint32_t subject = count;
  for (uint32_t i = 0; i < count; i++) {
    const PhType *type = ph_infer(eval, chain->list.items[i], env);
    if (type->tag == PH_T_FN) {
      continue;
    }
    if (type->tag == PH_T_ERROR) { /* let it say what is wrong */
      if (report) {
        (void)ph_eval_pat(eval, chain->list.items[i], env, ph_type_of(PH_T_CTRL));
      }
      return NULL;
    }
    if (subject < count) {
      if (report) {
        two_subjects(eval, chain->list.items[subject], chain->list.items[i]);
      }
      return NULL;
    }
    subject = i;
  }
  if (subject == count) {
    return compose_all(eval, chain, env);
  }
  const PhAst *all = ph_eval_close(eval, chain->list.items[subject], env);
  for (uint32_t i = subject + 1; i < count; i++) {
    all = ph_eval_apply(eval, ph_eval_close(eval, chain->list.items[i], env), all);
  }
  for (uint32_t i = subject; i-- > 0;) {
    all = ph_eval_apply(eval, ph_eval_close(eval, chain->list.items[i], env), all);
  }
  return all;
}

/* ---- expansion ------------------------------------------------------------------------------------------------ */

typedef struct Work {
  PhEval *eval;
  const PhAst *head;
  const PhEnv *env;
  PhSpineArg *args; /* the arguments that are still to be applied */
  uint32_t count;
  bool touching;
  const PhAst *start; /* the whole expression */
  const PhEnv *start_env;
  uint32_t steps;
} Work;

static const PhAst *error_node(PhEval *eval, PhSource at) { return new_node(eval, PH_AST_ERROR, at); }

/* Arguments of an APPLY go in front. */
static void unfold_apply(Work *work)
{
  const PhAst *ast = work->head;
  const uint32_t count = ast->apply.count + work->count;
  PhSpineArg *args = PH_NEWN(work->eval->arena, PhSpineArg, count + 1);
  for (uint32_t i = 0; i < ast->apply.count; i++) {
    const PhArgAst *arg = &ast->apply.args[i];
    args[i] = (PhSpineArg){ .node = ph_eval_close(work->eval, arg->value, work->env),
                            .key = arg->key,
                            .key_at = arg->key_at,
                            .at = arg->value->at,
                            .applied = arg->applied };
  }
  if (work->count) {
    memcpy(args + ast->apply.count, work->args, sizeof *args * work->count);
  }
  work->args = args;
  work->count = count;
  work->touching = work->touching || ast->apply.touching;
  work->head = ast->apply.head;
}

static void drop_args(Work *work, uint32_t count)
{
  work->args += count;
  work->count -= count;
}

static void go_to(Work *work, const PhAst *head, const PhEnv *env)
{
  work->head = head;
  work->env = env;
}

/* A function of the user with all its arguments: its body, with the parameters bound. False: too few. */
static bool expand_lambda(Work *work)
{
  PhEval *eval = work->eval;
  const PhAst *ast = work->head;
  const uint32_t params = ast->lambda.count;
  const PhAst **values = PH_NEWN(eval->arena, const PhAst *, params);
  PhSpineArg *left = PH_NEWN(eval->arena, PhSpineArg, work->count + 1);
  uint32_t left_count = 0, filled = 0, next = 0;
  for (uint32_t i = 0; i < work->count; i++) { /* by name first: positional ones take what is left */
    const PhSpineArg *arg = &work->args[i];
    for (uint32_t p = 0; arg->key.len && p < params; p++) {
      if (ph_str_eq(ast->lambda.params[p].name, arg->key) && !values[p]) {
        values[p] = arg->node;
        filled++;
      }
    }
  }
  for (uint32_t i = 0; i < work->count; i++) {
    const PhSpineArg *arg = &work->args[i];
    while (next < params && values[next]) {
      next++;
    }
    bool taken = false;
    for (uint32_t p = 0; arg->key.len && p < params; p++) {
      taken |= values[p] == arg->node;
    }
    if (taken) {
      continue;
    }
    if (arg->key.len || next >= params) {
      left[left_count++] = *arg;
    } else {
      values[next] = arg->node;
      filled++;
    }
  }
  if (filled < params) {
    return false;
  }
  const PhEnv *env = work->env;
  const uint64_t call = ph_mix(ph_eval_place(work->start, work->start_env), work->steps);
  const uint64_t place = ph_mix(env ? env->place : 0, call);
  for (uint32_t p = 0; p < params; p++) {
    PhEnv *bound = PH_NEW(eval->arena, PhEnv);
    *bound = (PhEnv){ ast->lambda.params[p].name, values[p], env, place };
    env = bound;
  }
  work->args = left;
  work->count = left_count;
  go_to(work, ast->lambda.body, env);
  return true;
}

/* A function combined with an operator is a function (LANGUAGE §3.1): its first argument goes to the sides that are. */
static void distribute(Work *work)
{
  PhEval *eval = work->eval;
  const PhAst *ast = work->head, *x = work->args[0].node;
  const PhAst *left = ph_eval_close(eval, ast->binary.left, work->env),
              *right = ph_eval_close(eval, ast->binary.right, work->env);
  const PhOperatorGroup group = (PhOperatorGroup)ph_operator_rows[ast->binary.op].group;
  if (group == PH_GROUP_COMPOSE) {
    work->args[0] = (PhSpineArg){ .node = ph_eval_apply(eval, right, x), .at = ast->at, .applied = true };
    go_to(work, left, NULL);
    return;
  }
  const bool left_fn = group != PH_GROUP_SHIFT && ph_is_fn(eval, left, NULL);
  const bool right_fn = !(group == PH_GROUP_CHAIN && left_fn) && ph_is_fn(eval, right, NULL);
  left = left_fn ? ph_eval_apply(eval, left, x) : left;
  right = right_fn ? ph_eval_apply(eval, right, x) : right;
  drop_args(work, 1);
  go_to(work, left_fn || right_fn ? ph_eval_binary(eval, ast, ast->binary.op, left, right) : error_node(eval, ast->at),
        NULL);
  if (!left_fn && !right_fn) {
    ph_eval_error(eval, ast->at, NULL, "this is not a function, but it is given an argument");
  }
}

/* A constant argument of a synth, within the parameter's range. */
static const PhAst *held_argument(PhEval *eval, const PhParam *param, const PhAst *node)
{
  PhValue value;
  double num;
  if (ph_infer(eval, node, NULL)->tag != PH_T_NUMBER || !ph_eval_const(eval, node, NULL, &value) ||
      !ph_value_as_num(&value, false, &num) || (num >= param->least && num <= param->most)) {
    return node;
  }
  const double held = num < param->least ? param->least : param->most;
  ph_eval_warn(eval, node->at, NULL, "`%s` goes from %g to %g%s%s: %g is taken as %g", param->name, param->least, param->most,
               *param->unit ? " " : "", param->unit, num, held);
  PhAst *number = new_node(eval, PH_AST_NUMBER, node->at);
  number->number.num = held;
  number->number.ratio = ph_rat_from_double(held);
  return number;
}

/* A built-in synth: its text, with the controls of its parameters where no argument is given. */
static void expand_synth(Work *work, const PhSynthUse *use)
{
  PhEval *eval = work->eval;
  const PhFunc *func = &use->synth->func;
  const PhSpine spine = { .head = work->head, .env = work->env, .args = work->args, .count = work->count, .at = work->head->at };
  const PhBound bound = ph_bind(eval, func, &spine, true);
  const uint64_t call = ph_mix(ph_eval_place(work->start, work->start_env), work->steps);
  const uint64_t place = ph_mix(work->env ? work->env->place : 0, call);
  const PhEnv *env = NULL;
  for (uint32_t p = 0; p < func->param_count; p++) {
    PhEnv *param = PH_NEW(eval->arena, PhEnv);
    *param = (PhEnv){ ph_str_of(func->params[p].name), use->defaults[p], env, place };
    if (bound.slots[p]) {
      param->node = held_argument(eval, &func->params[p], bound.slots[p]);
    }
    env = param;
  }
  drop_args(work, work->count);
  go_to(work, bound.ok ? use->body : error_node(eval, work->head->at), env);
}

static const PhEnv *lookup(const PhEnv *env, PhStr name)
{
  while (env && !ph_str_eq(env->name, name)) {
    env = env->next;
  }
  return env;
}

/* A tuple of the first two arguments. */
static void pair_up(Work *work)
{
  PhAst *tuple = new_node(work->eval, PH_AST_TUPLE, work->head->at);
  PhAst **items = PH_NEWN(work->eval->arena, PhAst *, 2);
  items[0] = (PhAst *)work->args[0].node;
  items[1] = (PhAst *)work->args[1].node;
  tuple->list.items = items;
  tuple->list.count = 2;
  drop_args(work, 2);
  go_to(work, tuple, NULL);
}

/* `($)`, which applies its first argument to its second. */
static bool is_apply_section(Work *work, const PhAst *node)
{
  const PhAst *head = ph_spine(work->eval, node, NULL)->head;
  return head->kind == PH_AST_LAMBDA && head->lambda.count == 2 && head->lambda.body->kind == PH_AST_APPLY &&
         head->lambda.body->apply.count == 1 && head->lambda.body->apply.head->kind == PH_AST_NAME &&
         ph_str_eq(head->lambda.body->apply.head->text, head->lambda.params[0].name);
}

/* Names that are rows, but stand for others before certain arguments: `spread ($)` is `spreadf`; `flatpat` of a list that a
   function made of a pattern's values plays its items together. */
static bool expand_row_name(Work *work)
{
  const PhStr name = work->head->text;
  const char *other = NULL;
  if (work->count == 0) {
    return false;
  }
  if (ph_str_is(name, "flatpat")) {
    other = ph_spine(work->eval, work->args[0].node, NULL)->head->kind == PH_AST_LIST ? "stack" : NULL;
  } else if ((ph_str_is(name, "spread") || ph_str_is(name, "slowspread") || ph_str_is(name, "fastspread")) &&
             is_apply_section(work, work->args[0].node)) {
    other = ph_str_is(name, "fastspread") ? "fastspreadf" : "spreadf";
    drop_args(work, 1);
  }
  if (!other) {
    return false;
  }
  PhAst *head = new_node(work->eval, PH_AST_NAME, work->head->at);
  head->text = ph_str_of(other);
  go_to(work, head, NULL);
  return true;
}

/* id, const, flip: known without being rows. */
static bool expand_builtin(Work *work)
{
  const PhStr name = work->head->text;
  PhSpineArg *args = work->args;
  if (work->eval->tidal && work->count >= 2 && (ph_str_is(name, "Arc") || ph_str_is(name, "singleton"))) {
    pair_up(work);
    return true;
  }
  if (work->eval->tidal && work->count == 0 && ph_str_is(name, "Nothing")) {
    PhAst *silence = new_node(work->eval, PH_AST_NAME, work->head->at);
    silence->text = ph_str_of("silence");
    go_to(work, silence, NULL);
    return true;
  }
  if (work->eval->tidal && work->count >= 1 &&
      (ph_str_is(name, "VN") || ph_str_is(name, "VF") || ph_str_is(name, "VI") || ph_str_is(name, "Just"))) {
    drop_args(work, 1);
    go_to(work, args[0].node, NULL);
    return true;
  }
  if ((ph_str_is(name, "id") || ph_str_is(name, "pure")) && work->count >= 1) {
    drop_args(work, 1);
    go_to(work, args[0].node, NULL);
  } else if (ph_str_is(name, "const") && work->count >= 2) {
    drop_args(work, 2);
    go_to(work, args[0].node, NULL);
  } else if (ph_str_is(name, "flip") && work->count >= 3) {
    PhSpineArg *swapped = ph_arena_copy(work->eval->arena, args + 1, sizeof *args * (work->count - 1));
    swapped[0] = args[2];
    swapped[1] = args[1];
    go_to(work, args[0].node, NULL);
    work->args = swapped;
    work->count--;
  } else if (ph_str_is(name, "fmap") && work->count >= 2) {
    go_to(work, args[0].node, NULL);
    drop_args(work, 1);
    work->args[0].applied = true;
  } else {
    return expand_row_name(work);
  }
  return true;
}

/* The body of a definition; only a function takes arguments. */
static void enter_definition(Work *work, const PhDef *def)
{
  const PhAst *head = work->head;
  if (work->count > 0 && def->body->kind != PH_AST_LAMBDA && def->body->kind != PH_AST_ERROR &&
      !ph_is_fn(work->eval, def->body, NULL)) {
    if (ph_infer(work->eval, def->body, NULL)->tag != PH_T_ERROR) {
      ph_eval_error(work->eval, work->args[0].at, NULL, "`%s%.*s` is not a function, but it is given an argument",
                    head->kind == PH_AST_BUS        ? "~"
                    : head->kind == PH_AST_TEMPLATE ? "@"
                                                    : "",
                    (int)head->text.len, head->text.ptr);
    }
    go_to(work, error_node(work->eval, head->at), NULL);
    return;
  }
  go_to(work, def->body, NULL);
}

static bool expand_name(Work *work)
{
  const PhEnv *found = lookup(work->env, work->head->text);
  if (found) {
    go_to(work, found->node, NULL);
    return true;
  }
  const bool own = ph_eval_is_built_in(work->eval, work->head);
  const PhDef *def = own ? NULL : ph_eval_def(work->eval, PH_STATEMENT_FUNCTION, work->head->text);
  if (def) {
    enter_definition(work, def);
    return true;
  }
  const PhSynthUse *synth = ph_eval_synth(work->eval, work->head->text);
  if (synth) {
    expand_synth(work, synth);
    return true;
  }
  return expand_builtin(work);
}

static bool expand_definition(Work *work, PhStatementKind kind)
{
  const PhDef *def = ph_eval_def(work->eval, kind, work->head->text);
  if (def) {
    enter_definition(work, def);
  } else {
    go_to(work, error_node(work->eval, work->head->at), NULL);
  }
  return true;
}

/* One step; false when the head is bare. */
static bool expand(Work *work)
{
  const PhAst *head = work->head;
  const PhAst *next;
  switch (head->kind) {
  case PH_AST_CLOSURE:
    go_to(work, head->closure.node, head->closure.env);
    return true;
  case PH_AST_APPLY:
    unfold_apply(work);
    return true;
  case PH_AST_NAME:
    return expand_name(work);
  case PH_AST_TEMPLATE:
    return expand_definition(work, PH_STATEMENT_TEMPLATE);
  case PH_AST_REGISTER:
    return expand_definition(work, PH_STATEMENT_REGISTER);
  case PH_AST_BUS:
    return work->count > 0 && expand_definition(work, PH_STATEMENT_BUS);
  case PH_AST_LAMBDA:
    return expand_lambda(work);
  case PH_AST_CHAIN:
    next = ph_dollar(work->eval, head, work->env, true);
    go_to(work, next ? next : error_node(work->eval, head->at), NULL);
    return true;
  case PH_AST_TYPED:
    if (work->count > 0) {
      go_to(work, head->typed.inner, work->env);
    }
    return work->count > 0;
  case PH_AST_BINARY:
    if (ph_operator_rows[head->binary.op].group == PH_GROUP_MAP) {
      next = ph_eval_close(work->eval, head->binary.right, work->env);
      go_to(work, ph_eval_apply(work->eval, ph_eval_close(work->eval, head->binary.left, work->env), next), NULL);
      return true;
    }
    if (head->binary.op == PH_OPERATOR_NAMED && !ph_is_named_arithmetic(head->binary.named->text)) { /* x `f` y */
      const PhAst *fn = ph_eval_close(work->eval, head->binary.named, work->env);
      fn = ph_eval_apply(work->eval, fn, ph_eval_close(work->eval, head->binary.left, work->env));
      go_to(work, ph_eval_apply(work->eval, fn, ph_eval_close(work->eval, head->binary.right, work->env)), NULL);
      return true;
    }
    if (work->count > 0) {
      distribute(work);
      return true;
    }
    next = ph_chain_rewrite(work->eval, head, work->env);
    if (next) {
      go_to(work, next, NULL);
    }
    return next != NULL;
  default:
    return false;
  }
}

const PhSpine *ph_spine(PhEval *eval, const PhAst *node, const PhEnv *env)
{
  if (node->memo_spine && node->memo_env == env) {
    return node->memo_spine;
  }
  PhSpine *spine = PH_NEW(eval->arena, PhSpine);
  if (!ph_eval_enter(eval, node->at)) {
    spine->head = error_node(eval, node->at);
    return spine;
  }
  Work work = { .eval = eval, .head = node, .env = env, .start = node, .start_env = env };
  while (expand(&work)) {
    if (++work.steps > MAX_EXPANSIONS) {
      ph_eval_error(eval, node->at, "a function may not call itself without end", "this expands without end");
      work.head = error_node(eval, node->at);
      work.count = 0;
      break;
    }
  }
  eval->steps += work.steps;
  *spine = (PhSpine){ .head = work.head,
                      .env = work.env,
                      .args = work.args,
                      .count = work.count,
                      .touching = work.touching,
                      .at = node->at };
  ph_eval_leave(eval);
  if (!eval->frozen) {
    PhAst *memo = (PhAst *)node;
    if (memo->memo_env != env) {
      memo->memo_type = NULL;
    }
    memo->memo_env = env;
    memo->memo_spine = spine;
  }
  return spine;
}
