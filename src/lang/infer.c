/* What an expression is, as far as it says so itself, without building anything and without messages.
   SPDX-License-Identifier: MIT */
#include "lang/eval.h"

#include <string.h>

static const PhType *new_fn(PhEval *eval, uint32_t arity, bool processor)
{
  PhType *type = PH_NEW(eval->arena, PhType);
  *type = (PhType){ .tag = PH_T_FN, .arity = (uint8_t)(arity > 200 ? 200 : arity), .processor = processor };
  return type;
}

static const PhType *new_signal(PhEval *eval, bool events)
{
  PhType *type = PH_NEW(eval->arena, PhType);
  *type = (PhType){ .tag = PH_T_SIG, .events = events };
  return type;
}

static PhType *new_controls(PhEval *eval, const char *control)
{
  PhType *type = PH_NEW(eval->arena, PhType);
  *type = (PhType){ .tag = PH_T_CTRL,
                    .sound = control && strcmp(control, "s") == 0,
                    .pitch = control && ph_is_pitch(control),
                    .control = control };
  return type;
}

static bool makes_events(const PhType *type)
{
  return type->tag == PH_T_CTRL || (type->tag == PH_T_SIG && type->events);
}

bool ph_is_fn(PhEval *eval, const PhAst *node, const PhEnv *env) { return ph_infer(eval, node, env)->tag == PH_T_FN; }

/* ---- applications of rows ------------------------------------------------------------------------------------- */

/* Controls that go in come out, joined: of `chop`, `jux` and the like, which say `ctrl` and not `a`. */
static const PhType *controls_of(PhEval *eval, const PhBound *bound)
{
  const PhType *all = NULL;
  for (uint32_t i = 0; i < bound->func->param_count; i++) {
    const PhType *param = ph_type_resolve(bound->types[i]);
    if (!bound->slots[i] ||
        (param->tag != PH_T_CTRL && !(param->tag == PH_T_LIST && ph_type_resolve(param->items[0])->tag == PH_T_CTRL))) {
      continue;
    }
    const PhType *arg = ph_infer(eval, bound->slots[i], NULL);
    if (arg->tag == PH_T_SIG) {
      return arg;
    }
    for (uint32_t k = 0; arg->tag == PH_T_LIST && k < arg->count; k++) {
      if (arg->items[k]->tag == PH_T_CTRL) {
        all = all ? ph_type_join_controls(eval->arena, all, arg->items[k]) : arg->items[k];
      }
    }
    if (arg->tag == PH_T_CTRL) {
      all = all ? ph_type_join_controls(eval->arena, all, arg) : arg;
    }
  }
  return all ? all : new_controls(eval, NULL);
}

static const PhType *infer_row(PhEval *eval, const PhFunc *func, const PhSpine *spine)
{
  PhBound bound = ph_bind(eval, func, spine, false);
  if (!bound.ok) {
    return ph_type_of(PH_T_ERROR);
  }
  const bool processor = func->sort == PH_FUNC_UNIT && ph_is_processor(func);
  if (bound.missing) {
    return new_fn(eval, bound.missing, processor && !bound.slots[0]);
  }
  if (func->sort == PH_FUNC_CONTROL) {
    return new_controls(eval, ph_control_name(func));
  }
  if (func->sort == PH_FUNC_UNIT && ph_is_math_on_values(eval, &bound)) {
    return ph_type_of(PH_T_NUM);
  }
  if (func->sort == PH_FUNC_UNIT) {
    return new_signal(eval, processor && bound.slots[0] && makes_events(ph_infer(eval, bound.slots[0], NULL)));
  }
  ph_bind_types(eval, &bound);
  const PhType *result = ph_type_resolve(bound.result);
  if (result->tag == PH_T_CTRL && bound.result->tag == PH_T_CTRL) {
    return controls_of(eval, &bound);
  }
  if (result->tag == PH_T_WAVE) { /* slow 4 sine: a pattern function has settled what it is */
    return ph_type_of(PH_T_NUM);
  }
  return result->tag == PH_T_VAR ? ph_type_of(PH_T_VALUE) : result;
}

static const PhType *infer_name(PhEval *eval, const PhSpine *spine)
{
  static const char *const builtins[] = { "id", "pure", "const", "flip", "fmap", "map", "reverse" };
  const PhStr name = spine->head->text;
  for (size_t i = 0; i < PH_COUNT(builtins); i++) {
    if (ph_str_is(name, builtins[i])) {
      const uint32_t takes = ph_str_is(name, "map") ? 2 : ph_str_is(name, "reverse") ? 1 : UINT32_MAX;
      return spine->count >= takes ? ph_type_of(PH_T_LIST) : new_fn(eval, 1, false);
    }
  }
  const PhRows rows = ph_rows(eval, name);
  const bool row_counts = rows.pattern || rows.control || (rows.unit && !eval->tidal);
  const uint32_t arity = row_counts ? 0 : ph_builtin_arity(name);
  if (arity) {
    return spine->count < arity     ? new_fn(eval, arity - spine->count, false)
           : ph_builtin_tests(name) ? ph_type_of(PH_T_BOOL)
           : ph_type_is_value(ph_infer(eval, spine->args[spine->count - 1].node, NULL))
               ? ph_infer(eval, spine->args[spine->count - 1].node, NULL)
               : ph_type_of(PH_T_NUM);
  }
  if (eval->tidal && (ph_str_is(name, "VN") || ph_str_is(name, "VF") || ph_str_is(name, "VI") ||
                      ph_str_is(name, "Just"))) { /* with what they hold they are expanded */
    return new_fn(eval, 1, false);
  }
  if (eval->tidal && (ph_str_is(name, "singleton") || ph_str_is(name, "Arc"))) {
    return new_fn(eval, 2 - spine->count, false);
  }
  if (ph_str_is(name, "True") || ph_str_is(name, "False")) {
    return ph_type_of(PH_T_BOOL);
  }
  if (rows.pattern && rows.unit && spine->count == 0 && rows.pattern->param_count == 0 &&
      strcmp(rows.pattern->result, "ctrl") != 0) {
    return ph_type_of(PH_T_WAVE);
  }
  const PhFunc *func = ph_choose_row(eval, &rows, spine, NULL);
  const PhType *type = func ? infer_row(eval, func, spine) : ph_type_of(PH_T_ERROR);
  if (type->tag == PH_T_CTRL && func == rows.pattern && rows.unit && strcmp(rows.unit->family, "envelope") == 0) {
    PhType *envelope = new_controls(eval, NULL);
    envelope->envelope = true;
    return envelope;
  }
  return type;
}

/* ---- operators ------------------------------------------------------------------------------------------------ */

static const PhType *infer_mix(PhEval *eval, const PhType *left, const PhType *right, bool pattern)
{
  if (left->tag == PH_T_ERROR || right->tag == PH_T_ERROR) {
    return ph_type_of(PH_T_ERROR);
  }
  if (left->tag == PH_T_FN || right->tag == PH_T_FN) {
    return new_fn(eval, 1, (left->tag == PH_T_FN && left->processor) || (right->tag == PH_T_FN && right->processor));
  }
  if (ph_type_is_value(left) && ph_type_is_value(right)) {
    return ph_type_join(left, right);
  }
  if (left->tag == PH_T_LIST || right->tag == PH_T_LIST) {
    return left;
  }
  if (left->tag == PH_T_SIG || right->tag == PH_T_SIG) {
    return new_signal(eval, makes_events(left) || makes_events(right));
  }
  if (left->tag == PH_T_CTRL && right->tag == PH_T_CTRL) {
    if (!pattern && !eval->tidal && left->envelope && right->envelope) {
      return new_signal(eval, false);
    }
    return pattern || eval->tidal || !left->sound || !right->sound ? ph_type_join_controls(eval->arena, left, right)
                                                                   : new_signal(eval, true);
  }
  const PhType *controls = left->tag == PH_T_CTRL ? left : right->tag == PH_T_CTRL ? right : NULL;
  if (!controls) {
    return ph_type_of(PH_T_ERROR);
  }
  return pattern || eval->tidal || (controls->control && !controls->sound) ? controls : new_signal(eval, true);
}

/* A side of a pattern operator: beside controls a name of a control is one, though it may be a processor as well (|> crush 4). */
static const PhType *infer_side(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *own, const PhType *other)
{
  const PhSpine *spine = ph_spine(eval, node, env);
  if (other->tag != PH_T_CTRL || (own->tag != PH_T_FN && own->tag != PH_T_SIG) || spine->head->kind != PH_AST_NAME ||
      spine->count != 1) {
    return own;
  }
  const PhFunc *control = ph_rows(eval, spine->head->text).control;
  return control ? new_controls(eval, ph_control_name(control)) : own;
}

static const PhType *infer_binary(PhEval *eval, const PhAst *node, const PhEnv *env)
{
  const PhOperatorRow *row = &ph_operator_rows[node->binary.op];
  if (row->group == PH_GROUP_CHAIN) {
    const PhLink link = ph_chain_link(eval, node, env, false);
    return ph_chain_type(eval, &link);
  }
  if (row->group == PH_GROUP_COMPOSE) {
    return new_fn(eval, 1, false);
  }
  if (row->group == PH_GROUP_COMPARE) {
    return ph_type_of(PH_T_BOOL);
  }
  const PhType *right = ph_infer(eval, node->binary.right, env);
  if (row->group == PH_GROUP_SHIFT) {
    return right;
  }
  const PhType *left = ph_infer(eval, node->binary.left, env);
  if (row->group == PH_GROUP_SIGNAL) {
    return left->tag == PH_T_FN || right->tag == PH_T_FN ? new_fn(eval, 1, true)
                                                         : new_signal(eval, makes_events(left) || makes_events(right));
  }
  if (row->group == PH_GROUP_PATTERN) {
    const PhType *named = infer_side(eval, node->binary.right, env, right, left);
    left = infer_side(eval, node->binary.left, env, left, right);
    right = named;
  }
  return infer_mix(eval, left, right, row->group == PH_GROUP_PATTERN || row->group == PH_GROUP_OVERLAY);
}

/* ---- the rest ------------------------------------------------------------------------------------------------- */

static const PhType *infer_items(PhEval *eval, const PhAst *node, const PhEnv *env, PhTypeTag tag)
{
  PhType *type = PH_NEW(eval->arena, PhType);
  const PhType **items = PH_NEWN(eval->arena, const PhType *, node->list.count + 1);
  for (uint32_t i = 0; i < node->list.count; i++) {
    items[i] = ph_infer(eval, node->list.items[i], env);
  }
  *type = (PhType){ .tag = tag, .count = node->list.count, .items = items };
  return type;
}

static const PhType *infer_bus(PhEval *eval, const PhAst *node)
{
  PhDef *def = ph_eval_def(eval, PH_STATEMENT_BUS, node->text);
  if (!def) {
    return ph_type_of(PH_T_ERROR);
  }
  if (def->inferring) {
    return ph_type_of(PH_T_SIG); /* a loop: of signals */
  }
  if (!def->type && eval->frozen) {
    return ph_type_of(PH_T_ERROR);
  }
  if (!def->type) {
    def->inferring = true;
    const PhType *type = ph_infer(eval, def->body, NULL);
    def = ph_eval_def(eval, PH_STATEMENT_BUS, node->text);
    def->type = type;
    def->inferring = false;
  }
  return def->type;
}

static const PhType *type_of_text(PhEval *eval, PhStr text)
{
  static const struct {
    const char *word;
    PhTypeTag tag;
  } words[] = {
    { "Bool", PH_T_BOOL },           { "Int", PH_T_INT },       { "Integer", PH_T_INT },   { "Double", PH_T_NUM },
    { "String", PH_T_STR },          { "Note", PH_T_NOTE },     { "Rational", PH_T_TIME }, { "Time", PH_T_TIME },
    { "ControlPattern", PH_T_CTRL }, { "ValueMap", PH_T_CTRL },
  };
  (void)eval;
  for (size_t i = 0; i < PH_COUNT(words); i++) {
    const size_t len = strlen(words[i].word);
    if (text.len >= len && memcmp(text.ptr + text.len - len, words[i].word, len) == 0) {
      return ph_type_of(words[i].tag);
    }
  }
  return ph_type_of(PH_T_VALUE);
}

static const PhType *infer_spine(PhEval *eval, const PhSpine *spine)
{
  const PhAst *head = spine->head;
  switch (head->kind) {
  case PH_AST_NUMBER:
    return ph_type_of(PH_T_NUMBER);
  case PH_AST_STRING:
    return ph_type_of(PH_T_STRING);
  case PH_AST_NAME:
    return infer_name(eval, spine);
  case PH_AST_BUS:
    return infer_bus(eval, head);
  case PH_AST_BINARY:
    return infer_binary(eval, head, spine->env);
  case PH_AST_NEGATE:
    return ph_infer(eval, head->inner, spine->env);
  case PH_AST_LIST:
    return infer_items(eval, head, spine->env, PH_T_LIST);
  case PH_AST_TUPLE:
    return infer_items(eval, head, spine->env, PH_T_TUPLE);
  case PH_AST_LAMBDA:
    return new_fn(eval, head->lambda.count > spine->count ? head->lambda.count - spine->count : 1, false);
  case PH_AST_TYPED:
    return type_of_text(eval, head->typed.type);
  case PH_AST_VALUE: /* a function in hand gives what it is given: (a->a) */
    return head->value->arg.tag == PH_ARG_FN && spine->count ? ph_infer(eval, spine->args[spine->count - 1].node, NULL)
                                                             : head->value->type;
  default:
    return ph_type_of(PH_T_ERROR);
  }
}

const PhType *ph_infer(PhEval *eval, const PhAst *node, const PhEnv *env)
{
  if (node->memo_type && node->memo_env == env) {
    return node->memo_type;
  }
  if (!ph_eval_enter(eval, node->at)) {
    return ph_type_of(PH_T_ERROR);
  }
  const PhType *type = ph_type_resolve(infer_spine(eval, ph_spine(eval, node, env)));
  ph_eval_leave(eval);
  if (!eval->frozen) {
    PhAst *memo = (PhAst *)node;
    if (memo->memo_env != env) {
      memo->memo_spine = NULL;
    }
    memo->memo_env = env;
    memo->memo_type = type;
  }
  return type;
}
