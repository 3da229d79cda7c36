/* Arguments of the types that rows ask for, functions among them, and the rows themselves.  SPDX-License-Identifier: MIT */
#include "lang/eval.h"

#include <stdio.h>
#include <string.h>

/* ---- functions ------------------------------------------------------------------------------------------------ */

/* A function of the language as a pattern function sees it. */
typedef struct LangFn {
  PhFn fn;
  PhEval *eval;
  const PhAst *node;  /* closed */
  const PhType *type; /* parameters and result */
  PhSites *sites;
  uint64_t statement_key;
} LangFn;

/* Predicates get their constants as patterns: the value of one. */
static PhArg constant_of(PhEval *eval, const PhArg *arg)
{
  if (arg->tag != PH_ARG_PAT) {
    return *arg;
  }
  PhQuery query = { .arena = eval->arena, .cps = 1 };
  PhEvents events = { 0 };
  ph_query(&query, arg->pat, (PhArc){ PH_RAT_INT(0), PH_RAT_INT(1) }, &events);
  return events.len == 1 ? (PhArg){ .tag = PH_ARG_VALUE, .value = events.items[0].value } : *arg;
}

static PhArg call_node(PhEval *eval, const LangFn *lang, const PhArg *args)
{
  const PhAst *call = lang->node;
  const bool predicate = ph_type_resolve(lang->type->items[lang->fn.arity])->tag == PH_T_BOOL;
  for (uint32_t i = 0; i < lang->fn.arity; i++) {
    const PhType *type = ph_type_resolve(lang->type->items[i]);
    const PhThing thing = { .type = type->tag == PH_T_VAR ? ph_type_of(PH_T_VALUE) : type,
                            .arg = predicate ? constant_of(eval, &args[i]) : args[i] };
    call = ph_eval_apply(eval, call, ph_eval_thing(eval, &thing, lang->node->at));
  }
  return ph_eval_arg(eval, call, NULL, lang->type->items[lang->fn.arity]);
}

/* While compiling, the evaluator itself; at query time, when several threads may be here, a copy that writes nothing
   shared and takes its memory from the query. */
static PhArg call_lang(PhBuild *build, const PhFn *fn, const PhArg *args)
{
  const LangFn *lang = (const LangFn *)fn;
  PhEval *eval = lang->eval;
  if (eval->frozen) {
    PhEval own = *eval;
    PhSites sites = lang->sites ? *lang->sites : (PhSites){ .count = 0 };
    own.arena = build->arena;
    own.build = *build;
    own.diags = NULL;
    own.depth = 0;
    own.steps = 0;
    own.sites = &sites;
    own.statement_key = lang->statement_key;
    return call_node(&own, lang, args);
  }
  PhSites *saved = eval->sites;
  const PhSource at = eval->at;
  eval->sites = lang->sites;
  const PhArg result = call_node(eval, lang, args);
  eval->sites = saved;
  eval->at = at;
  return result;
}

static PhArg sample_arg(PhEval *eval, const PhType *type, bool constant)
{
  type = ph_type_resolve(type);
  if (type->constant || constant) {
    return (PhArg){ .tag = PH_ARG_VALUE, .value = { .tag = PH_VALUE_INT, .i = 0 } };
  }
  return (PhArg){ .tag = PH_ARG_PAT, .pat = ph_eval_silence(eval) };
}

/* Tries a function once, so that its errors are reported even if nobody calls it. */
static void try_once(PhEval *eval, const LangFn *lang)
{
  PhAst *node = (PhAst *)lang->node;
  while (node->kind == PH_AST_CLOSURE) {
    node = (PhAst *)node->closure.node;
  }
  if (eval->frozen || node->checked) {
    return;
  }
  PhArg args[16];
  for (uint32_t i = 0; i < lang->fn.arity; i++) {
    const PhType *type = ph_type_resolve(lang->type->items[i]);
    if (i >= PH_COUNT(args) || type->tag == PH_T_VAR || (!ph_type_is_pattern(type) && !type->constant)) {
      return;
    }
    args[i] = sample_arg(eval, type, ph_type_resolve(lang->type->items[lang->fn.arity])->tag == PH_T_BOOL);
  }
  node->checked = true;
  (void)call_lang(&eval->build, &lang->fn, args);
}

static const PhFn *identity(PhEval *eval);

const PhFn *ph_eval_fn(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *want)
{
  const PhType *type = ph_infer(eval, node, env);
  if (type->tag != PH_T_FN) {
    const char *help = "a function is, for example, (fast 2), rev or (# speed 2)";
    if (type->tag == PH_T_CTRL) {
      help = "to add controls, write (# …)";
    }
    ph_eval_mismatch(eval, node->at, want, type, help);
    return identity(eval);
  }
  const PhSpine *spine = ph_spine(eval, node, env);
  if (spine->head->kind == PH_AST_VALUE && spine->head->value->arg.tag == PH_ARG_FN && spine->count == 0) {
    return spine->head->value->arg.fn;
  }
  LangFn *lang = PH_NEW(eval->arena, LangFn);
  *lang = (LangFn){ .fn = { call_lang, (uint8_t)(want->count - 1) },
                    .eval = eval,
                    .node = ph_eval_close(eval, node, env),
                    .type = want,
                    .sites = eval->sites,
                    .statement_key = eval->statement_key };
  try_once(eval, lang);
  return &lang->fn;
}

static PhArg call_identity(PhBuild *build, const PhFn *fn, const PhArg *args)
{
  (void)build;
  (void)fn;
  return args[0];
}

static const PhFn *identity(PhEval *eval)
{
  PhFn *fn = PH_NEW(eval->arena, PhFn);
  *fn = (PhFn){ call_identity, 1 };
  return fn;
}

/* ---- constants ------------------------------------------------------------------------------------------------ */

static PhArg value_arg(PhValue value) { return (PhArg){ .tag = PH_ARG_VALUE, .value = value }; }

static PhValue cast(PhEval *eval, PhValue value, const PhType *want, PhSource at)
{
  PhRat ratio = value.tag == PH_VALUE_RATIO                               ? value.ratio
                : value.tag == PH_VALUE_INT                               ? PH_RAT_INT(value.i)
                : value.tag == PH_VALUE_BOOL                              ? PH_RAT_INT(value.b)
                : value.tag == PH_VALUE_NUM || value.tag == PH_VALUE_NOTE ? ph_rat_from_double(value.num)
                                                                          : PH_RAT(0, 0);
  const double num = value.tag == PH_VALUE_NUM || value.tag == PH_VALUE_NOTE ? value.num : ph_rat_to_double(ratio);
  switch (want->tag) {
  case PH_T_INT:
    if (ratio.den != 1) {
      ph_eval_error(eval, at, NULL, "expected a whole number");
      ratio = PH_RAT_INT(0);
    }
    return (PhValue){ .tag = PH_VALUE_INT, .i = ratio.num };
  case PH_T_TIME:
    return (PhValue){ .tag = PH_VALUE_RATIO, .ratio = ratio };
  case PH_T_BOOL:
    return (PhValue){ .tag = PH_VALUE_BOOL, .b = num != 0 };
  case PH_T_NOTE:
    return (PhValue){ .tag = PH_VALUE_NOTE, .num = num };
  case PH_T_NUM:
    return (PhValue){ .tag = PH_VALUE_NUM, .num = num };
  default:
    return value.tag == PH_VALUE_RATIO ? (PhValue){ .tag = PH_VALUE_NUM, .num = num } : value;
  }
}

/* A string that is one plain value: "3", "1%8", "bd". */
static bool constant_string(PhEval *eval, const PhAst *node, const PhType *want, PhValue *out)
{
  for (size_t i = 0; i < node->text.len; i++) {
    if (strchr(" <>[]{}|?*!@_,~()", node->text.ptr[i])) {
      return false;
    }
  }
  const PhPat *pat = ph_eval_pat(eval, node, NULL, want);
  PhQuery query = { .arena = eval->arena, .cps = 1 };
  PhEvents events = { 0 };
  ph_query(&query, pat, (PhArc){ PH_RAT_INT(0), PH_RAT_INT(1) }, &events);
  if (events.len != 1) {
    return false;
  }
  *out = events.items[0].value;
  return true;
}

static PhArg const_arg(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *want)
{
  PhValue value;
  const PhSpine *spine = ph_spine(eval, node, env);
  if (spine->head->kind == PH_AST_STRING && (want->tag == PH_T_STR || want->tag == PH_T_TEXT)) {
    return value_arg((PhValue){ .tag = PH_VALUE_STR,
                                .str = ph_arena_strndup(eval->arena, spine->head->text.ptr, spine->head->text.len) });
  }
  if (want->tag == PH_T_TEXT && spine->head->kind == PH_AST_NAME) { /* a function that makes one: mS "s" */
    const PhRows rows = ph_rows(eval, spine->head->text);
    PhBound bound = { .ok = false };
    if (rows.pattern && strcmp(rows.pattern->result, "text") == 0) {
      bound = ph_bind(eval, rows.pattern, spine, true);
    }
    if (bound.ok && !bound.missing) {
      return ph_eval_row(eval, &bound, node->at, want);
    }
  }
  if (want->tag != PH_T_STR && want->tag != PH_T_TEXT && ph_eval_const(eval, node, env, &value)) {
    return value_arg(cast(eval, value, want, node->at));
  }
  if (spine->head->kind == PH_AST_STRING && constant_string(eval, spine->head, want, &value)) {
    return value_arg(value);
  }
  const PhType *type = ph_infer(eval, node, env);
  if (type->tag == PH_T_STRING && spine->head->kind == PH_AST_STRING) {
    ph_eval_error(eval, node->at, "this argument is read once, when the file is", "expected %s, found a pattern",
                  ph_type_text(eval->arena, want));
  } else {
    ph_eval_mismatch(eval, node->at, want, type, "this argument must be a constant");
  }
  return value_arg(cast(eval, (PhValue){ .tag = PH_VALUE_INT, .i = 0 }, want, node->at));
}

/* ---- lists and tuples ----------------------------------------------------------------------------------------- */

static PhArg items_arg(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *want, bool is_tuple)
{
  const uint32_t count = node->list.count;
  PhArg *items = PH_NEWN(eval->arena, PhArg, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    items[i] = ph_eval_arg(eval, node->list.items[i], env, want->items[is_tuple ? i : 0]);
  }
  return (PhArg){ .tag = is_tuple ? PH_ARG_TUPLE : PH_ARG_LIST, .count = count, .items = items };
}

static PhArg list_arg(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *want);

/* map f [a, b] */
static PhArg map_arg(PhEval *eval, const PhSpine *spine, const PhType *want)
{
  const PhSpine *list = ph_spine(eval, spine->args[1].node, NULL);
  if (list->head->kind != PH_AST_LIST) {
    ph_eval_mismatch(eval, spine->args[1].at, ph_type_of(PH_T_LIST), ph_infer(eval, spine->args[1].node, NULL), NULL);
    return (PhArg){ .tag = PH_ARG_LIST };
  }
  const uint32_t count = list->head->list.count;
  PhArg *items = PH_NEWN(eval->arena, PhArg, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    const PhAst *item = ph_eval_close(eval, list->head->list.items[i], list->env);
    items[i] = ph_eval_arg(eval, ph_eval_apply(eval, spine->args[0].node, item), NULL, want->items[0]);
  }
  return (PhArg){ .tag = PH_ARG_LIST, .count = count, .items = items };
}

static PhArg row_list(PhEval *eval, const PhSpine *spine, const PhType *want)
{
  const PhRows rows = ph_rows(eval, spine->head->text);
  if (rows.pattern) {
    PhBound bound = ph_bind(eval, rows.pattern, spine, true);
    if (bound.ok && !bound.missing && bound.result->tag == PH_T_LIST) {
      return ph_eval_row(eval, &bound, spine->at, want);
    }
  }
  return (PhArg){ .tag = PH_ARG_ABSENT };
}

/* reverse [a, b, c] */
static PhArg reversed_arg(PhEval *eval, const PhSpine *spine, const PhType *want)
{
  const PhArg list = list_arg(eval, spine->args[0].node, NULL, want);
  PhArg *items = PH_NEWN(eval->arena, PhArg, list.count + 1);
  for (uint32_t i = 0; i < list.count; i++) {
    items[i] = list.items[list.count - 1 - i];
  }
  return (PhArg){ .tag = PH_ARG_LIST, .count = list.count, .items = items };
}

static PhArg list_arg(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *want)
{
  const PhSpine *spine = ph_spine(eval, node, env);
  const PhAst *head = spine->head;
  if (want->items[0]->tag == PH_T_FN && want->items[0]->items &&
      ph_infer(eval, node, env)->tag == PH_T_FN) { /* one function is a list of one */
    PhArg *item = PH_NEW(eval->arena, PhArg);
    *item = ph_eval_arg(eval, node, env, want->items[0]);
    return (PhArg){ .tag = PH_ARG_LIST, .count = 1, .items = item };
  }
  if (head->kind == PH_AST_NAME && ph_str_is(head->text, "reverse") && spine->count == 1) {
    return reversed_arg(eval, spine, want);
  }
  if (head->kind == PH_AST_LIST) {
    return items_arg(eval, head, spine->env, want, false);
  }
  if (head->kind == PH_AST_VALUE && head->value->arg.tag == PH_ARG_LIST) {
    return head->value->arg;
  }
  if (head->kind == PH_AST_NAME && ph_str_is(head->text, "map") && spine->count == 2) {
    return map_arg(eval, spine, want);
  }
  if (head->kind == PH_AST_NAME) {
    const PhArg list = row_list(eval, spine, want);
    if (list.tag == PH_ARG_LIST) {
      return list;
    }
  }
  ph_eval_mismatch(eval, node->at, want, ph_infer(eval, node, env), "a list is written [a, b, c]");
  return (PhArg){ .tag = PH_ARG_LIST };
}

static PhArg tuple_arg(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *want)
{
  const PhSpine *spine = ph_spine(eval, node, env);
  if ((spine->head->kind == PH_AST_TUPLE || spine->head->kind == PH_AST_LIST) &&
      spine->head->list.count == want->count) {
    return items_arg(eval, spine->head, spine->env, want, true);
  }
  ph_eval_mismatch(eval, node->at, want, ph_infer(eval, node, env), "a tuple is written (a, b)");
  PhArg *items = PH_NEWN(eval->arena, PhArg, want->count);
  for (uint32_t i = 0; i < want->count; i++) {
    items[i] = sample_arg(eval, want->items[i], false);
  }
  return (PhArg){ .tag = PH_ARG_TUPLE, .count = want->count, .items = items };
}

/* ---- any type ------------------------------------------------------------------------------------------------- */

/* An argument of a type that nothing decides: as what it is. */
static PhArg free_arg(PhEval *eval, const PhAst *node, const PhEnv *env)
{
  const PhType *type = ph_infer(eval, node, env);
  if (type->tag == PH_T_FN) {
    PhTypeVars vars = { { NULL } };
    return (PhArg){ .tag = PH_ARG_FN, .fn = ph_eval_fn(eval, node, env, ph_type_parse(eval->arena, "(a->a)", &vars)) };
  }
  if (type->tag == PH_T_LIST) {
    return list_arg(eval, node, env, ph_type_parse(eval->arena, "[value]", &(PhTypeVars){ { NULL } }));
  }
  return (PhArg){ .tag = PH_ARG_PAT,
                  .pat = ph_eval_pat(eval, node, env, ph_type_is_soft(type) ? ph_type_of(PH_T_VALUE) : type) };
}

PhArg ph_eval_arg(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *want)
{
  const bool constant = want->constant;
  want = ph_type_resolve(want);
  if (want->tag == PH_T_FN && !want->items) { /* of a variable that stands for some function */
    return free_arg(eval, node, env);
  }
  if (want->tag == PH_T_FN) {
    return (PhArg){ .tag = PH_ARG_FN, .fn = ph_eval_fn(eval, node, env, want) };
  }
  if (want->tag == PH_T_LIST && want->count == 1) {
    return list_arg(eval, node, env, want);
  }
  if (want->tag == PH_T_TUPLE) {
    return tuple_arg(eval, node, env, want);
  }
  if (constant || want->constant || want->tag == PH_T_TEXT) {
    return const_arg(eval, node, env, want);
  }
  if (want->tag == PH_T_VAR) {
    return free_arg(eval, node, env);
  }
  const PhSpine *spine = ph_spine(eval, node, env);
  if (spine->head->kind == PH_AST_VALUE && spine->count == 0 && spine->head->value->arg.tag == PH_ARG_VALUE) {
    return spine->head->value->arg;
  }
  return (PhArg){ .tag = PH_ARG_PAT,
                  .pat = ph_eval_pat(eval, node, env, ph_type_is_soft(want) ? ph_type_of(PH_T_VALUE) : want) };
}

/* ---- rows ----------------------------------------------------------------------------------------------------- */

/* Constants out of range are clamped, with a warning that gives the range. */
static const PhAst *in_range(PhEval *eval, const PhParam *param, const PhAst *node)
{
  PhValue value;
  if (eval->tidal || param->least >= param->most || ph_infer(eval, node, NULL)->tag != PH_T_NUMBER ||
      !ph_eval_const(eval, node, NULL, &value)) {
    return node;
  }
  const double num = value.tag == PH_VALUE_RATIO ? ph_rat_to_double(value.ratio)
                     : value.tag == PH_VALUE_INT ? (double)value.i
                                                 : value.num;
  if (num >= param->least && num <= param->most) {
    return node;
  }
  const double held = num < param->least ? param->least : param->most;
  ph_eval_warn(eval, node->at, NULL, "`%s` goes from %g to %g%s%s: %g is taken as %g", param->name, param->least,
               param->most, *param->unit ? " " : "", param->unit, num, held);
  PhAst *clamped = PH_NEW(eval->arena, PhAst);
  *clamped = (PhAst){ .kind = PH_AST_NUMBER, .at = node->at, .number = { ph_rat_from_double(held), held } };
  return clamped;
}

static PhArg eval_control(PhEval *eval, PhBound *bound, const PhType *want)
{
  const PhType *type = ph_type_resolve(bound->types[0]);
  (void)want;
  const PhParam *param = &bound->func->params[0];
  const PhAst *node = in_range(eval, param, bound->slots[0]);
  const bool notes = !eval->tidal && strcmp(param->unit, "Hz") == 0 && ph_has_words(eval, node, NULL); /* freq "a3" */
  const PhPat *values = notes ? ph_scaled_notes(eval, node, NULL) : ph_eval_pat(eval, node, NULL, type);
  return (PhArg){ .tag = PH_ARG_PAT, .pat = ph_pat_control(&eval->build, ph_control_name(bound->func), values) };
}

/* What is wanted decides a result that the arguments left open; signals among the arguments are taken as their events. */
static void settle_result(const PhBound *bound, const PhType *want)
{
  if (bound->result->tag != PH_T_VAR) {
    return;
  }
  const PhType *known = bound->result;
  while (known->tag == PH_T_VAR && known->bound) {
    known = known->bound;
  }
  const PhType *resolved = ph_type_resolve(want);
  const bool open = known->tag == PH_T_VAR || known->tag == PH_T_SIG;
  if (open && resolved->tag != PH_T_VAR && resolved->tag != PH_T_VALUE && resolved->tag != PH_T_ERROR &&
      resolved->tag != PH_T_LIST) {
    ((PhType *)bound->result)->bound = resolved; /* variables are made by ph_type_parse, writable */
  }
}

PhArg ph_eval_row(PhEval *eval, PhBound *bound, PhSource at, const PhType *want)
{
  const PhFunc *func = bound->func;
  if (func->sort == PH_FUNC_CONTROL) {
    return eval_control(eval, bound, want);
  }
  ph_bind_types(eval, bound);
  settle_result(bound, want);
  PhArg *args = PH_NEWN(eval->arena, PhArg, func->param_count + 1u);
  for (uint32_t i = 0; i < func->param_count; i++) {
    const PhParam *param = &func->params[i];
    if (param->flags & PH_PARAM_VARIADIC) {
      PhArg *rest = PH_NEWN(eval->arena, PhArg, bound->rest_count + 1u);
      for (uint32_t k = 0; k < bound->rest_count; k++) {
        rest[k] = ph_eval_arg(eval, bound->rest[k], NULL, bound->types[i]);
      }
      args[i] = (PhArg){ .tag = PH_ARG_LIST, .count = bound->rest_count, .items = rest };
    } else if (bound->slots[i]) {
      args[i] = ph_eval_arg(eval, in_range(eval, param, bound->slots[i]), NULL, bound->types[i]);
    }
  }
  const PhSource saved = eval->at;
  eval->at = at;
  const PhPatFunc *row = (const PhPatFunc *)(const void *)func; /* PhFunc is its first member */
  const PhArg result = row->build(&eval->build, args);
  eval->at = saved;
  return result;
}

const PhPat *ph_eval_call(PhEval *eval, const char *name, const PhArg *args, uint32_t count)
{
  const PhFunc *func = ph_registry_find(eval->registry, ph_str_of(name), PH_FUNC_PATTERN);
  if (!func || func->param_count != count) {
    ph_eval_error(eval, eval->at, NULL, "`%s` is not in this build", name);
    return ph_eval_silence(eval);
  }
  const PhPatFunc *row = (const PhPatFunc *)(const void *)func;
  const PhArg result = row->build(&eval->build, args);
  return result.tag == PH_ARG_PAT ? result.pat : ph_eval_silence(eval);
}
