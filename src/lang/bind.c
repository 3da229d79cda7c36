/* Rows of names, and arguments in the order of a row's parameters.  SPDX-License-Identifier: MIT */
#include "lang/eval.h"

#include <stdio.h>
#include <string.h>

/* ---- rows ----------------------------------------------------------------------------------------------------- */

PhRows ph_rows(const PhEval *eval, PhStr name)
{
  const PhFunc *const *rows = ph_registry_rows(eval->registry, name);
  return (PhRows){ .pattern = rows[PH_FUNC_PATTERN], .control = rows[PH_FUNC_CONTROL], .unit = rows[PH_FUNC_UNIT] };
}

/* By convention the input that `#` fills is the first parameter and is called "in". */
bool ph_is_processor(const PhFunc *unit)
{
  return unit && unit->param_count > 0 && strcmp(unit->params[0].name, "in") == 0 &&
         !(unit->params[0].flags & PH_PARAM_VARIADIC);
}

const PhFunc *ph_control_row(const PhRows *rows)
{
  if (rows->control) {
    return rows->control;
  }
  return rows->pattern && strcmp(rows->pattern->result, "ctrl") == 0 ? rows->pattern : NULL;
}

const char *ph_control_name(const PhFunc *control)
{
  const PhControl *row = (const PhControl *)(const void *)control; /* PhFunc is its first member */
  return row->canonical ? row->canonical : control->name;
}

static bool any_signal(PhEval *eval, const PhSpine *spine)
{
  for (uint32_t i = 0; i < spine->count; i++) {
    if (ph_infer(eval, spine->args[i].node, NULL)->tag == PH_T_SIG) {
      return true;
    }
  }
  return false;
}

/* Controls of every voice that are processors, too: on events they stay controls in both dialects. */
bool ph_stays_control(PhEval *eval, const PhFunc *control, const PhSpine *spine)
{
  static const char *const names[] = { "gain", "amp", "pan", "velocity", "slide", NULL };
  for (size_t i = 0; names[i]; i++) {
    if (strcmp(control->name, names[i]) == 0) {
      return !any_signal(eval, spine);
    }
  }
  return false;
}

static const PhFunc *pattern_or_unit(PhEval *eval, const PhRows *rows, const PhSpine *spine, const PhType *want)
{
  if (spine->count == 0) {
    const bool signal = want && want->tag == PH_T_SIG;
    return signal && rows->pattern->param_count == 0 ? rows->unit : rows->pattern;
  }
  return spine->count > rows->pattern->param_count || any_signal(eval, spine) ? rows->unit : rows->pattern;
}

/* `cc 74` is the signal of a controller, `cc "20:101"` the control that sends one. NULL: there are not both. */
static const PhFunc *live_or_control(const PhRows *rows, const PhSpine *spine)
{
  const PhFunc *control = ph_control_row(rows);
  if (!control || !rows->unit || strcmp(rows->unit->family, "live") != 0) {
    return NULL;
  }
  return spine->count && spine->args[0].node->kind == PH_AST_NUMBER ? rows->unit : control;
}

const PhFunc *ph_choose_row(PhEval *eval, const PhRows *rows, const PhSpine *spine, const PhType *want)
{
  const PhFunc *control = ph_control_row(rows);
  const PhFunc *live = live_or_control(rows, spine);
  if (live) {
    return live;
  }
  if (rows->unit && ph_eval_is_built_in(eval, spine->head)) { /* the texts of synths are signals throughout */
    return rows->unit;
  }
  if (!rows->unit) {
    return rows->pattern ? rows->pattern : rows->control;
  }
  if (!rows->pattern && !control) {
    return rows->unit;
  }
  if (!control) {
    return pattern_or_unit(eval, rows, spine, want);
  }
  if (want && ph_type_is_pattern(want)) {
    return control;
  }
  if (want && want->tag == PH_T_SIG) {
    return rows->unit;
  }
  if (!eval->tidal && strcmp(rows->unit->family, "source") == 0) { /* vco: left of `#` it is what sounds */
    return rows->unit;
  }
  if (control->sort == PH_FUNC_PATTERN &&
      spine->count > control->param_count) { /* ar 0.1 0.2 "1*4": only the unit has a gate */
    return rows->unit;
  }
  if ((eval->tidal && !ph_eval_is_built_in(eval, spine->head)) || !ph_is_processor(rows->unit)) {
    return control;
  }
  return ph_stays_control(eval, control, spine) ? control : rows->unit;
}

/* ---- binding -------------------------------------------------------------------------------------------------- */

typedef struct Binder {
  PhEval *eval;
  PhBound *bound;
  const PhSpine *spine;
  bool report;
} Binder;

static const char *valid_keys(PhEval *eval, const PhFunc *func)
{
  PhText text = { 0 };
  for (uint32_t i = 0; i < func->param_count; i++) {
    ph_text_printf(&text, "%s:%s", i ? " " : "", func->params[i].name);
  }
  const char *names = text.len ? ph_arena_printf(eval->arena, "`%s` takes %s", func->name, text.ptr)
                               : ph_arena_printf(eval->arena, "`%s` takes no arguments", func->name);
  ph_text_deinit(&text);
  return names;
}

static void fail(Binder *binder) { binder->bound->ok = false; }

static void bind_key(Binder *binder, const PhSpineArg *arg)
{
  const PhFunc *func = binder->bound->func;
  for (uint32_t i = 0; i < func->param_count; i++) {
    if (!ph_str_is(arg->key, func->params[i].name)) {
      continue;
    }
    if (binder->bound->slots[i]) {
      if (binder->report) {
        ph_eval_error(binder->eval, arg->key_at, NULL, "`%s` is given twice", func->params[i].name);
      }
      fail(binder);
    }
    binder->bound->slots[i] = arg->node;
    return;
  }
  if (binder->report) {
    ph_eval_error(binder->eval, arg->key_at, valid_keys(binder->eval, func), "`%s` has no argument `:%.*s`", func->name,
                  (int)arg->key.len, arg->key.ptr);
  }
  fail(binder);
}

/* `zoom 0.25 0.75` and zoom(0.25, 0.75) for a parameter that is a tuple. */
static const PhAst *gather_tuple(Binder *binder, uint32_t *index, uint32_t count)
{
  PhAst *tuple = PH_NEW(binder->eval->arena, PhAst);
  PhAst **items = PH_NEWN(binder->eval->arena, PhAst *, count);
  for (uint32_t i = 0; i < count; i++) {
    items[i] = (PhAst *)binder->spine->args[*index + i].node;
  }
  *tuple = (PhAst){ .kind = PH_AST_TUPLE, .at = binder->spine->args[*index].at, .list = { items, count } };
  *index += count - 1;
  return tuple;
}

static bool is_plain(const PhSpine *spine, uint32_t first, uint32_t count)
{
  for (uint32_t i = first; i < first + count; i++) {
    if (i >= spine->count || spine->args[i].key.len || spine->args[i].applied) {
      return false;
    }
  }
  return true;
}

static const PhAst *positional(Binder *binder, uint32_t *index, uint32_t param)
{
  const PhType *type = binder->bound->types[param];
  const PhAst *node = binder->spine->args[*index].node;
  if (type->tag == PH_T_TUPLE && is_plain(binder->spine, *index, type->count)) {
    const PhTypeTag tag = ph_infer(binder->eval, node, NULL)->tag;
    if (tag == PH_T_NUMBER || tag == PH_T_STRING) {
      return gather_tuple(binder, index, type->count);
    }
  }
  return node;
}

static uint32_t next_free(const PhBound *bound, uint32_t from, bool required)
{
  while (from < bound->func->param_count &&
         (bound->slots[from] || (required && (bound->func->params[from].flags & PH_PARAM_OPTIONAL)))) {
    from++;
  }
  return from;
}

static void too_many(Binder *binder, const PhSpineArg *arg)
{
  if (binder->report) {
    const PhFunc *func = binder->bound->func;
    const unsigned takes = func->param_count - (func->sort == PH_FUNC_UNIT && ph_is_processor(func) ? 1u : 0u);
    ph_eval_error(binder->eval, arg->at, valid_keys(binder->eval, func), "too many arguments: `%s` takes %s%u",
                  func->name, takes ? "" : "none, not ", takes ? takes : binder->spine->count);
  }
  fail(binder);
}

/* More positional arguments than a processor has parameters besides its input: the first of them is the input. */
static bool brings_input(const Binder *binder)
{
  uint32_t positional_count = 0;
  for (uint32_t i = 0; i < binder->spine->count; i++) {
    if (binder->spine->args[i].applied) {
      return false;
    }
    positional_count += !binder->spine->args[i].key.len;
  }
  return positional_count == binder->bound->func->param_count && !binder->bound->slots[0];
}

/* The list that an argument is, if the row takes any number of signals: `mix [a, b]` is `mix a b`. */
static const PhSpine *spread_list(PhEval *eval, const PhFunc *func, const PhAst *node)
{
  const uint32_t params = func->param_count;
  if (func->sort != PH_FUNC_UNIT || !params || !(func->params[params - 1].flags & PH_PARAM_VARIADIC) ||
      strcmp(func->params[params - 1].type, "sig") != 0) {
    return NULL;
  }
  const PhSpine *spine = ph_spine(eval, node, NULL);
  return spine->head->kind == PH_AST_LIST && spine->count == 0 ? spine : NULL;
}

static void push_rest(Binder *binder, const PhAst *node)
{
  PhBound *bound = binder->bound;
  const PhSpine *list = spread_list(binder->eval, bound->func, node);
  for (uint32_t i = 0; list && i < list->head->list.count; i++) {
    bound->rest[bound->rest_count++] = ph_eval_close(binder->eval, list->head->list.items[i], list->env);
  }
  if (!list) {
    bound->rest[bound->rest_count++] = node;
  }
}

static void bind_args(Binder *binder)
{
  const PhSpine *spine = binder->spine;
  PhBound *bound = binder->bound;
  const uint32_t params = bound->func->param_count;
  const bool processor = bound->func->sort == PH_FUNC_UNIT && ph_is_processor(bound->func);
  uint32_t next = processor && !brings_input(binder) ? 1 : 0;
  for (uint32_t i = 0; i < spine->count; i++) {
    const PhSpineArg *arg = &spine->args[i];
    if (arg->key.len) {
      continue; /* they were first */
    }
    uint32_t slot;
    if (arg->applied) {
      slot = processor && !bound->slots[0] ? 0 : next_free(bound, 0, true);
      slot = slot == params ? next_free(bound, 0, false) : slot;
    } else {
      slot = next = next_free(bound, next, false);
    }
    const bool variadic = params && (bound->func->params[params - 1].flags & PH_PARAM_VARIADIC);
    if (variadic && slot >= params - 1) {
      push_rest(binder, arg->node);
    } else if (slot >= params) {
      too_many(binder, arg);
      return;
    } else {
      bound->slots[slot] = arg->applied ? arg->node : positional(binder, &i, slot);
    }
  }
}

PhBound ph_bind(PhEval *eval, const PhFunc *func, const PhSpine *spine, bool report)
{
  PhBound bound = { .func = func, .ok = true };
  PhTypeVars vars = { { NULL } };
  const uint32_t params = func->param_count;
  bound.types = PH_NEWN(eval->arena, const PhType *, params + 1u);
  bound.slots = PH_NEWN(eval->arena, const PhAst *, params + 1u);
  uint32_t most_rest = spine->count + 1u;
  for (uint32_t i = 0; i < spine->count; i++) {
    const PhSpine *list = spread_list(eval, func, spine->args[i].node);
    most_rest += list ? list->head->list.count : 0;
  }
  bound.rest = PH_NEWN(eval->arena, const PhAst *, most_rest);
  for (uint32_t i = 0; i < params; i++) {
    bound.types[i] = ph_row_type(eval, func->params[i].type, &vars);
  }
  bound.result = ph_row_type(eval, func->result, &vars);
  Binder binder = { eval, &bound, spine, report };
  for (uint32_t i = 0; i < spine->count; i++) {
    if (spine->args[i].key.len) {
      bind_key(&binder, &spine->args[i]);
    }
  }
  bind_args(&binder);
  for (uint32_t i = 0; i < params; i++) {
    bound.missing += !bound.slots[i] && !(func->params[i].flags & (PH_PARAM_OPTIONAL | PH_PARAM_VARIADIC));
  }
  return bound;
}

const char *ph_eval_missing(PhEval *eval, const PhBound *bound)
{
  const char *names = "";
  for (uint32_t i = 0; i < bound->func->param_count; i++) {
    if (!bound->slots[i] && !(bound->func->params[i].flags & (PH_PARAM_OPTIONAL | PH_PARAM_VARIADIC))) {
      names = ph_arena_printf(eval->arena, "%s%s`%s`", names, *names ? ", " : "", bound->func->params[i].name);
    }
  }
  return names;
}

/* ---- types ---------------------------------------------------------------------------------------------------- */

/* (x->y) given a function: y is what the function makes of an x. */
static void match_function(PhEval *eval, const PhType *param, const PhAst *node)
{
  const PhType *result = param->items[param->count - 1];
  if (ph_type_resolve(result)->tag != PH_T_VAR) {
    return;
  }
  const PhAst *call = node;
  for (uint32_t i = 0; i + 1 < param->count; i++) {
    const PhType *type = ph_type_resolve(param->items[i]);
    if (type->tag == PH_T_VAR) {
      return;
    }
    call = ph_eval_apply(eval, call, ph_eval_thing(eval, &(PhThing){ .type = type }, node->at));
  }
  ph_type_match(eval->arena, result, ph_infer(eval, call, NULL));
}

void ph_bind_types(PhEval *eval, PhBound *bound)
{
  const uint32_t params = bound->func->param_count;
  for (uint32_t i = 0; i < params; i++) {
    if (bound->slots[i] && bound->types[i]->tag != PH_T_FN) {
      ph_type_match(eval->arena, bound->types[i], ph_infer(eval, bound->slots[i], NULL));
    }
  }
  for (uint32_t i = 0; i < params; i++) {
    const PhType *type = bound->types[i];
    if (bound->slots[i] && type->tag == PH_T_FN) {
      match_function(eval, type, bound->slots[i]);
    } else if (bound->slots[i] && type->tag == PH_T_LIST && type->items[0]->tag == PH_T_FN) {
      const PhSpine *list = ph_spine(eval, bound->slots[i], NULL);
      if (list->head->kind == PH_AST_LIST && list->head->list.count) {
        match_function(eval, type->items[0], ph_eval_close(eval, list->head->list.items[0], list->env));
      }
    }
  }
}
