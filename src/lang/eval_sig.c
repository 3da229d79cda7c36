/* Expressions as signals.  SPDX-License-Identifier: MIT */
#include "lang/eval.h"

#include <stdio.h>
#include <string.h>

/* ---- making --------------------------------------------------------------------------------------------------- */

PhSig *ph_sig_new(PhEval *eval, PhSigTag tag, const char *role, PhSource at)
{
  PhSig *sig = PH_NEW(eval->arena, PhSig);
  sig->tag = tag;
  sig->key = ph_eval_key(eval, role);
  sig->at = at;
  return sig;
}

const PhSig *ph_sig_num(PhEval *eval, double num, PhSource at)
{
  PhSig *sig = ph_sig_new(eval, PH_SIG_NUM, "number", at);
  sig->num = num;
  return sig;
}

const PhSig *ph_sig_call2(PhEval *eval, const char *unit, const PhSig *a, const PhSig *b, PhSource at)
{
  const PhFunc *func = ph_registry_find(eval->registry, ph_str_of(unit), PH_FUNC_UNIT);
  if (!func || func->param_count != 2) {
    ph_eval_error(eval, at, NULL, "the operator `%s` of signals is not in this build", unit);
    return a;
  }
  PhSigArg *args = PH_NEWN(eval->arena, PhSigArg, 2);
  args[0] = (PhSigArg){ .tag = PH_SIGARG_SIG, .sig = a };
  args[1] = (PhSigArg){ .tag = PH_SIGARG_SIG, .sig = b };
  PhSig *sig = ph_sig_new(eval, PH_SIG_CALL, unit, at);
  sig->call.func = func;
  sig->call.args = args;
  return sig;
}

const PhSig *ph_sig_sum(PhEval *eval, const PhSig *const *terms, uint32_t count, PhSource at)
{
  if (count <= 2) {
    return count == 0 ? ph_sig_num(eval, 0, at) : count == 1 ? terms[0] : ph_sig_call2(eval, "add", terms[0], terms[1], at);
  }
  const PhFunc *func = ph_registry_find(eval->registry, ph_str_of("sum"), PH_FUNC_UNIT);
  if (!func || func->param_count != 1) {
    ph_eval_error(eval, at, NULL, "signals cannot be mixed in this build");
    return terms[0];
  }
  PhSigArg *items = PH_NEWN(eval->arena, PhSigArg, count);
  for (uint32_t i = 0; i < count; i++) {
    items[i] = (PhSigArg){ .tag = PH_SIGARG_SIG, .sig = terms[i] };
  }
  PhSigArg *args = PH_NEW(eval->arena, PhSigArg);
  *args = (PhSigArg){ .tag = PH_SIGARG_LIST, .count = count, .items = items };
  PhSig *sig = ph_sig_new(eval, PH_SIG_CALL, "sum", at);
  sig->call.func = func;
  sig->call.args = args;
  return sig;
}

static const PhSig *pattern_sig(PhEval *eval, const PhPat *pat, PhStepUse use, PhSource at)
{
  PhSig *sig = ph_sig_new(eval, PH_SIG_PAT, "pattern", at);
  sig->pat.pat = pat;
  sig->pat.use = use;
  return sig;
}

static const PhSig *wrong(PhEval *eval, const PhAst *node, const PhType *found, const char *help)
{
  ph_eval_mismatch(eval, node->at, ph_type_of(PH_T_SIG), found, help);
  return ph_sig_num(eval, 0, node->at);
}

/* ---- played patterns ------------------------------------------------------------------------------------------ */

static const PhSig *play(PhEval *eval, const PhPat *pat, const PhSites *sites, uint64_t key, PhSource at)
{
  PhEffectSite *effects = PH_NEWN(eval->arena, PhEffectSite, sites->count + 1u);
  for (uint32_t i = 0; i < sites->count; i++) {
    effects[i].body = sites->items[i].body;
  }
  PhSig *sig = PH_NEW(eval->arena, PhSig);
  *sig = (PhSig){ .tag = PH_SIG_PLAY, .key = key, .at = at };
  sig->play.pat = pat;
  sig->play.sites = effects;
  sig->play.site_count = sites->count;
  return sig;
}

const PhSig *ph_eval_play(PhEval *eval, const PhAst *node, const PhEnv *env)
{
  const uint64_t key = ph_eval_key(eval, "play");
  PhSites *saved = eval->sites;
  eval->sites = PH_NEW(eval->arena, PhSites);
  const PhPat *pat = ph_eval_pat(eval, node, env, ph_type_of(PH_T_CTRL));
  const PhSig *sig = play(eval, pat, eval->sites, key, node->at);
  eval->sites = saved;
  return sig;
}

static bool is_math(const PhFunc *func)
{
  static const char *const names[] = { "sum", "add", "sub", "mul", "div", "mod", "pow", NULL };
  for (size_t i = 0; names[i]; i++) {
    if (strcmp(func->name, names[i]) == 0) {
      return true;
    }
  }
  return false;
}

static const PhSig *lift_play(PhEval *eval, const PhSig *sig, PhLift *change, const void *ctx)
{
  PhSites *saved = eval->sites;
  PhSites *sites = eval->sites = PH_NEW(eval->arena, PhSites);
  for (uint32_t i = 0; i < sig->play.site_count; i++) {
    sites->items[i].body = sig->play.sites[i].body;
    sites->items[i].place = ph_mix(sig->key, i); /* nobody else's */
  }
  sites->count = sig->play.site_count;
  const PhPat *pat = change(eval, ctx, sig->play.pat, sig->at);
  const PhSig *lifted = play(eval, pat, sites, sig->key, sig->at);
  eval->sites = saved;
  return lifted;
}

/* A bus that has events is taken apart: its expression stands here anew. */
static const PhSig *lift_bus(PhEval *eval, const PhSig *sig, PhLift *change, const void *ctx)
{
  for (size_t i = 0; i < eval->defs.len; i++) {
    PhDef *def = &eval->defs.items[i];
    if (def->bus != sig->bus || (def->kind != PH_STATEMENT_BUS && def->kind != PH_STATEMENT_MODIFIER) ||
        def->open_pattern) {
      continue;
    }
    def->open_pattern = true;
    const PhSig *own = ph_eval_sig(eval, def->body, NULL, PH_USE_NUM);
    const PhSig *lifted = ph_eval_lift(eval, own, change, ctx);
    def->open_pattern = false;
    return lifted;
  }
  return NULL;
}

/* An argument with what has events in it changed; false if nothing has. */
static bool lift_arg(PhEval *eval, PhSigArg *arg, PhLift *change, const void *ctx)
{
  if (arg->tag == PH_SIGARG_SIG) {
    const PhSig *lifted = ph_eval_lift(eval, arg->sig, change, ctx);
    arg->sig = lifted ? lifted : arg->sig;
    return lifted;
  }
  if (arg->tag != PH_SIGARG_LIST) {
    return false;
  }
  PhSigArg *items = ph_arena_copy(eval->arena, arg->items, sizeof *items * arg->count);
  bool any = false;
  for (uint32_t i = 0; i < arg->count; i++) {
    any |= lift_arg(eval, &items[i], change, ctx);
  }
  arg->items = items;
  return any;
}

const PhSig *ph_eval_lift(PhEval *eval, const PhSig *sig, PhLift *change, const void *ctx)
{
  if (sig->tag == PH_SIG_PLAY) {
    return lift_play(eval, sig, change, ctx);
  }
  if (sig->tag == PH_SIG_BUS) {
    return lift_bus(eval, sig, change, ctx);
  }
  if (sig->tag != PH_SIG_CALL) {
    return NULL;
  }
  const PhFunc *func = sig->call.func;
  const uint32_t most = is_math(func) ? 2 : ph_is_processor(func) ? 1 : 0;
  const uint32_t count = func->param_count < most ? func->param_count : most;
  PhSigArg *args = ph_arena_copy(eval->arena, sig->call.args, sizeof *args * func->param_count);
  bool any = false;
  for (uint32_t i = 0; i < count; i++) {
    any |= lift_arg(eval, &args[i], change, ctx);
  }
  if (!any) {
    return NULL;
  }
  PhSig *copy = ph_arena_copy(eval->arena, sig, sizeof *sig);
  copy->call.args = args;
  return copy;
}

/* ---- pattern functions on signals ----------------------------------------------------------------------------- */

typedef struct Transform {
  PhBound *bound;
  uint32_t slot;
  PhSource at;
} Transform;

static const PhPat *transform(PhEval *eval, const void *ctx, const PhPat *pat, PhSource at)
{
  const Transform *t = ctx;
  const PhType *ctrl = ph_type_of(PH_T_CTRL);
  PhBound bound = *t->bound;
  PhTypeVars vars = { { NULL } };
  bound.types = PH_NEWN(eval->arena, const PhType *, bound.func->param_count + 1u);
  for (uint32_t i = 0; i < bound.func->param_count; i++) { /* variables afresh: this time they are of events */
    bound.types[i] = ph_row_type(eval, bound.func->params[i].type, &vars);
  }
  bound.result = ph_row_type(eval, bound.func->result, &vars);
  bound.slots = ph_arena_copy(eval->arena, bound.slots, sizeof *bound.slots * (bound.func->param_count + 1u));
  bound.slots[t->slot] = ph_eval_pat_node(eval, pat, ctrl, at);
  const PhArg result = ph_eval_row(eval, &bound, t->at, ctrl);
  return result.tag == PH_ARG_PAT ? result.pat : ph_eval_silence(eval);
}

/* stack [a, b] and overlay a b of signals: their sum. */
static const PhSig *sum_items(PhEval *eval, const PhAst *const *items, uint32_t count, PhSource at)
{
  const PhSig **terms = PH_NEWN(eval->arena, const PhSig *, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    terms[i] = ph_eval_sig(eval, items[i], NULL, PH_USE_NUM);
  }
  return ph_sig_sum(eval, terms, count, at);
}

static const PhSig *stack_sig(PhEval *eval, const PhBound *bound, PhSource at)
{
  if (strcmp(bound->func->name, "overlay") == 0) {
    return sum_items(eval, bound->slots, 2, at);
  }
  const PhSpine *list = ph_spine(eval, bound->slots[0], NULL);
  if (list->head->kind != PH_AST_LIST) {
    return wrong(eval, bound->slots[0], ph_infer(eval, bound->slots[0], NULL), "a list is written [a, b, c]");
  }
  const PhAst **items = PH_NEWN(eval->arena, const PhAst *, list->head->list.count + 1);
  for (uint32_t i = 0; i < list->head->list.count; i++) {
    items[i] = ph_eval_close(eval, list->head->list.items[i], list->env);
  }
  return sum_items(eval, items, list->head->list.count, at);
}

static const PhSig *pattern_row_sig(PhEval *eval, const PhAst *node, const PhEnv *env, const PhFunc *func,
                                    const PhSpine *spine)
{
  PhBound bound = ph_bind(eval, func, spine, true);
  if (!bound.ok || bound.missing) {
    return ph_sig_num(eval, 0, node->at);
  }
  if (strcmp(func->name, "stack") == 0 || strcmp(func->name, "overlay") == 0) {
    return stack_sig(eval, &bound, spine->at);
  }
  for (uint32_t i = func->param_count; i-- > 0;) {
    const PhTypeTag tag = bound.types[i]->tag;
    if (!bound.slots[i] || (tag != PH_T_VAR && tag != PH_T_CTRL) ||
        ph_infer(eval, bound.slots[i], NULL)->tag != PH_T_SIG) {
      continue;
    }
    const Transform t = { &bound, i, spine->at };
    const PhSig *sig = ph_eval_sig(eval, bound.slots[i], NULL, PH_USE_NUM),
                *lifted = ph_eval_lift(eval, sig, transform, &t);
    if (!lifted) {
      ph_eval_error(eval, spine->head->at, "apply it to a pattern, or to a pattern inside this signal",
                    "`%s` acts on events, and this signal has none", func->name);
    }
    return lifted ? lifted : sig;
  }
  return ph_eval_play(eval, node, env); /* signals in a list: the events that they are made from */
}

typedef struct Shift {
  const PhAst *amount;
  bool later;
} Shift;

static const PhPat *shift(PhEval *eval, const void *ctx, const PhPat *pat, PhSource at)
{
  const Shift *s = ctx;
  (void)at;
  return ph_pat_shift(&eval->build, pat, ph_eval_pat(eval, s->amount, NULL, ph_type_of(PH_T_TIME)), s->later);
}

/* ---- operators ------------------------------------------------------------------------------------------------ */

static const PhSig *shift_sig(PhEval *eval, const PhAst *node, const PhEnv *env)
{
  const Shift s = { ph_eval_close(eval, node->binary.left, env), node->binary.op == PH_OPERATOR_LATE };
  const PhSig *sig = ph_eval_sig(eval, node->binary.right, env, PH_USE_NUM),
              *lifted = ph_eval_lift(eval, sig, shift, &s);
  if (!lifted) {
    ph_eval_error(eval, node->op_at, "`delay` moves a signal in time", "`%s` moves events, and this signal has none",
                  ph_operator_rows[node->binary.op].text);
  }
  return lifted ? lifted : sig;
}

static const PhSig *binary_sig(PhEval *eval, const PhAst *node, const PhEnv *env, PhStepUse use)
{
  static const char *const units[] = { [PH_OP_ADD] = "add", [PH_OP_SUB] = "sub", [PH_OP_MUL] = "mul",
                                       [PH_OP_DIV] = "div", [PH_OP_MOD] = "mod", [PH_OP_POW] = "pow" };
  const PhOperatorRow *row = &ph_operator_rows[node->binary.op];
  switch ((PhOperatorGroup)row->group) {
  case PH_GROUP_CHAIN:
    return ph_chain_sig(eval, node, env, use);
  case PH_GROUP_SHIFT:
    return shift_sig(eval, node, env);
  case PH_GROUP_OVERLAY:
    return ph_sig_call2(eval, "add", ph_eval_sig(eval, node->binary.left, env, use),
                        ph_eval_sig(eval, node->binary.right, env, use), node->op_at);
  case PH_GROUP_PATTERN:
  case PH_GROUP_ARITHMETIC:
  case PH_GROUP_SIGNAL:
    break;
  default:
    return wrong(eval, node, ph_infer(eval, node, env), NULL);
  }
  if (row->op >= PH_COUNT(units)) {
    ph_eval_error(eval, node->op_at, NULL, "`%s` acts on patterns, not on signals", row->text);
    return ph_sig_num(eval, 0, node->at);
  }
  const PhSig *left = ph_eval_sig(eval, node->binary.left, env, use),
              *right = ph_eval_sig(eval, node->binary.right, env, use);
  return ph_sig_call2(eval, units[row->op], left, right, node->op_at);
}

static const PhSig *negative_sig(PhEval *eval, const PhAst *node, const PhEnv *env)
{
  const PhSig *inner = ph_eval_sig(eval, node->inner, env, PH_USE_NUM);
  return ph_sig_call2(eval, "mul", inner, ph_sig_num(eval, -1, node->op_at), node->op_at);
}

/* ---- units ---------------------------------------------------------------------------------------------------- */

static const PhSig *held_in_range(PhEval *eval, const PhSig *sig, const PhParam *param, PhSource at)
{
  if (sig->tag != PH_SIG_NUM || param->least >= param->most || (sig->num >= param->least && sig->num <= param->most)) {
    return sig;
  }
  const double held = sig->num < param->least ? param->least : param->most;
  ph_eval_warn(eval, at, NULL, "`%s` goes from %g to %g%s%s: %g is taken as %g", param->name, param->least, param->most,
               *param->unit ? " " : "", param->unit, sig->num, held);
  PhSig *clamped = ph_arena_copy(eval->arena, sig, sizeof *sig);
  clamped->num = held;
  return clamped;
}

/* The first event of the first cycles that has a word for which nothing stands, NULL: none. `names`: what stands for numbers, NULL:
   notes and chords. */
static const PhEvent *unknown_word(PhEval *eval, const PhPat *pat, const char *names)
{
  enum { CYCLES = 8, MOST = 64 };
  PhQuery query = { .arena = eval->arena, .cps = 1 };
  PhEvents events = { 0 };
  double numbers[MOST];
  size_t count = 0;
  ph_query(&query, pat, (PhArc){ PH_RAT_INT(0), PH_RAT_INT(CYCLES) }, &events);
  for (size_t i = 0; i < events.len; i++) {
    const PhValue *value = &events.items[i].value;
    if (value->tag == PH_VALUE_MAP &&
        !names) { /* events in a place of which nothing says so: every 2 (const (s "a")) silence */
      return &events.items[i];
    }
    if (value->tag != PH_VALUE_STR) {
      continue;
    }
    const PhStr word = ph_str_of(value->str);
    const bool known =
        names ? ph_name_number(names, value->str) >= 0
              : ph_note_parse(word, eval->tidal, numbers) || ph_chord_parse(word, eval->tidal, numbers, MOST, &count);
    if (!known) {
      return &events.items[i];
    }
  }
  return NULL;
}

static void check_names(PhEval *eval, const PhPat *pat, const char *names, PhSource at)
{
  const PhEvent *e = unknown_word(eval, pat, names);
  if (e) {
    ph_eval_error(eval, e->sources ? e->sources->source : at, NULL, "expected one of %s, found `%s`", names,
                  e->value.str);
  }
}

/* A word that is no number would be a signal of zeros. */
static void check_words(PhEval *eval, const PhPat *pat, PhSource at)
{
  const PhEvent *e = unknown_word(eval, pat, NULL);
  if (e && e->value.tag == PH_VALUE_MAP) {
    ph_eval_error(eval, at, "a pattern that begins with `s` or `note` says that it has events",
                  "expected a signal, found events with controls");
  } else if (e) {
    ph_eval_error(eval, e->sources ? e->sources->source : at, "names of sounds go through `s`: s \"bd sn\"",
                  "expected a number, a note or a chord, found `%s`", e->value.str);
  }
}

/* A pattern of names that stand for numbers; NULL: the argument has no words. */
static const PhSig *names_sig(PhEval *eval, const PhType *type, const PhAst *node)
{
  const PhTypeTag tag = ph_infer(eval, node, NULL)->tag;
  if (!type->names || (tag != PH_T_STRING && tag != PH_T_STR)) {
    return NULL;
  }
  const PhPat *pat = ph_eval_pat(eval, node, NULL, ph_type_of(PH_T_VALUE));
  if (!eval->frozen) {
    check_names(eval, pat, type->names, node->at);
  }
  return pattern_sig(eval, ph_pat_numbered(&eval->build, pat, type->names), (PhStepUse)type->use, node->at);
}

/* What a parameter asks of its signal, where `wanted` is asked of the unit. */
static PhStepUse use_of(PhEval *eval, const PhParam *param, const PhType *type, const PhAst *node, PhStepUse wanted)
{
  const PhStepUse own = type->tag == PH_T_SIG ? (PhStepUse)type->use : PH_USE_NUM;
  if (own != PH_USE_NUM || wanted != PH_USE_HZ) {
    return own;
  }
  if (param->flags & PH_PARAM_KEPT) {
    return PH_USE_HZ;
  }
  if (ph_spine(eval, node, NULL)->head->kind == PH_AST_STRING && ph_has_words(eval, node, NULL)) {
    ph_eval_warn(eval, node->at, "give the name to the oscillator itself, or add 60 and convert: mtof (\"a3\" + 60)",
                 "names of notes are semitones above c4 here, not Hz");
  }
  return own;
}

static PhSigArg unit_arg(PhEval *eval, const PhParam *param, const PhType *type, const PhAst *node, PhStepUse wanted)
{
  PhSigArg arg = { .tag = PH_SIGARG_ABSENT };
  const PhSpine *spine = ph_spine(eval, node, NULL);
  const PhAst *head = spine->head;
  if (type->tag == PH_T_TEXT) {
    if (head->kind == PH_AST_STRING) {
      arg = (PhSigArg){ .tag = PH_SIGARG_TEXT,
                        .at = node->at,
                        .text = ph_arena_strndup(eval->arena, head->text.ptr, head->text.len) };
    } else {
      ph_eval_mismatch(eval, node->at, type, ph_infer(eval, node, NULL), NULL);
    }
  } else if (type->tag == PH_T_LIST) {
    if (head->kind != PH_AST_LIST) {
      ph_eval_mismatch(eval, node->at, type, ph_infer(eval, node, NULL), "a list is written [a, b, c]");
      return arg;
    }
    PhSigArg *items = PH_NEWN(eval->arena, PhSigArg, head->list.count + 1);
    for (uint32_t i = 0; i < head->list.count; i++) {
      items[i] =
          unit_arg(eval, param, type->items[0], ph_eval_close(eval, head->list.items[i], spine->env), PH_USE_NUM);
    }
    arg = (PhSigArg){ .tag = PH_SIGARG_LIST, .count = head->list.count, .at = node->at, .items = items };
  } else {
    const PhSig *sig = names_sig(eval, type, node);
    sig = sig ? sig : ph_eval_sig(eval, node, NULL, use_of(eval, param, type, node, wanted));
    if (type->constant && sig->tag != PH_SIG_NUM) {
      ph_eval_error(eval, node->at, "this argument is read once, when the file is", "`%s` must be a constant number",
                    param->name);
    }
    arg = (PhSigArg){ .tag = PH_SIGARG_SIG, .sig = held_in_range(eval, sig, param, node->at) };
  }
  return arg;
}

/* The arguments of a variadic parameter; a list among them stands for its items. */
static PhSigArg rest_args(PhEval *eval, const PhBound *bound, uint32_t param, PhStepUse wanted)
{
  PH_ARRAY(PhSigArg) rest = { 0 };
  for (uint32_t k = 0; k < bound->rest_count; k++) {
    const PhSpine *spine = ph_spine(eval, bound->rest[k], NULL);
    const PhAst *head = spine->head;
    const bool list = head->kind == PH_AST_LIST && spine->count == 0;
    for (uint32_t i = 0; i < (list ? head->list.count : 1); i++) {
      const PhAst *item = list ? ph_eval_close(eval, head->list.items[i], spine->env) : bound->rest[k];
      const PhSigArg arg = unit_arg(eval, &bound->func->params[param], bound->types[param], item, wanted);
      PH_PUSH(eval->arena, &rest, arg);
    }
  }
  return (PhSigArg){ .tag = PH_SIGARG_LIST, .count = (uint32_t)rest.len, .items = rest.items };
}

const PhSig *ph_eval_unit(PhEval *eval, const PhBound *bound, PhSource at, PhStepUse use)
{
  const PhFunc *func = bound->func;
  PhSig *sig = ph_sig_new(eval, PH_SIG_CALL, func->name, at);
  PhSigArg *args = PH_NEWN(eval->arena, PhSigArg, func->param_count + 1u);
  for (uint32_t i = 0; i < func->param_count; i++) {
    if (func->params[i].flags & PH_PARAM_VARIADIC) {
      args[i] = rest_args(eval, bound, i, use);
    } else if (bound->slots[i]) {
      args[i] = unit_arg(eval, &func->params[i], bound->types[i], bound->slots[i], use);
    }
  }
  sig->call.func = func;
  sig->call.args = args;
  return sig;
}

/* A processor that nobody gives an input takes its first positional argument as its input (LANGUAGE §3.3). */
static const PhSpine *with_input(PhEval *eval, const PhSpine *spine)
{
  PhSpine *copy = ph_arena_copy(eval->arena, spine, sizeof *spine);
  PhSpineArg *args = ph_arena_copy(eval->arena, spine->args, sizeof *args * spine->count);
  for (uint32_t i = 0; i < spine->count; i++) {
    if (!args[i].key.len) {
      args[i].applied = true;
      break;
    }
  }
  copy->args = args;
  return copy;
}

static const PhSig *unit_sig(PhEval *eval, const PhFunc *func, const PhSpine *spine, PhStepUse use)
{
  PhBound bound = ph_bind(eval, func, spine, false);
  if (ph_is_processor(func) && bound.ok && !bound.slots[0]) {
    spine = with_input(eval, spine);
    bound = ph_bind(eval, func, spine, false);
    if (bound.ok && bound.missing) { /* what is there was not meant as the input */
      ph_eval_error(eval, spine->at,
                    ph_arena_printf(eval->arena, "for example: %s", func->example ? func->example : func->name),
                    "`%s` has no input", func->name);
      return ph_sig_num(eval, 0, spine->at);
    }
  }
  bound = ph_bind(eval, func, spine, true);
  if (bound.ok && bound.missing) {
    ph_eval_error(eval, spine->at,
                  func->example ? ph_arena_printf(eval->arena, "for example: %s", func->example) : NULL,
                  "`%s` lacks %s", func->name, ph_eval_missing(eval, &bound));
    bound.ok = false;
  }
  if (!bound.ok) {
    return ph_sig_num(eval, 0, spine->at);
  }
  return ph_is_cycle_effect(func) ? ph_eval_cycle_effect(eval, &bound, spine->at)
                                  : ph_eval_unit(eval, &bound, spine->at, use);
}

/* ---- buses ---------------------------------------------------------------------------------------------------- */

const char *ph_eval_instrument(PhEval *eval, const PhAst *node)
{
  const PhSpine *spine = ph_spine(eval, node, NULL);
  if (spine->head->kind == PH_AST_BUS && spine->count == 0) {
    PhDef *def = ph_eval_def(eval, PH_STATEMENT_BUS, spine->head->text);
    if (def && !eval->frozen) {
      def->instrument = true;
    }
    return ph_arena_printf(eval->arena, "~%.*s", (int)spine->head->text.len, spine->head->text.ptr);
  }
  const uint64_t place = ph_eval_place(node, NULL);
  for (size_t i = 0; i < eval->anonymous.len; i++) {
    if (eval->anonymous.items[i].place == place) {
      return ph_arena_printf(eval->arena, "~%s", eval->anonymous.items[i].name);
    }
  }
  if (eval->frozen) {
    ph_eval_error(eval, node->at, NULL, "an instrument cannot be made while playing");
    return "";
  }
  PhAnonymous instrument = { .place = place, .at = node->at, .key = ph_eval_key(eval, "instrument") };
  instrument.name = ph_arena_printf(eval->arena, "\x01%016llx", (unsigned long long)instrument.key);
  const size_t index = eval->anonymous.len;
  PH_PUSH(eval->arena, &eval->anonymous, instrument);
  PhSites *saved = eval->sites;
  eval->sites = NULL;
  const PhSig *sig = ph_eval_sig(eval, node, NULL, PH_USE_NUM);
  eval->sites = saved;
  eval->anonymous.items[index].sig = sig;
  return ph_arena_printf(eval->arena, "~%s", instrument.name);
}

static const PhSig *bus_sig(PhEval *eval, const PhAst *node, PhStepUse use)
{
  PhDef *def = ph_eval_def(eval, PH_STATEMENT_BUS, node->text);
  if (!def) {
    return ph_sig_num(eval, 0, node->at);
  }
  if (def->keyboard) {
    ph_eval_error(eval, node->at, ph_arena_printf(eval->arena, "write `~%.*s # saw`, or `note ~%.*s # s \"~lead\"`", (int)node->text.len,
                                                  node->text.ptr, (int)node->text.len, node->text.ptr),
                  "the keys of `~%.*s` have to play something", (int)node->text.len, node->text.ptr);
    return ph_sig_num(eval, 0, node->at);
  }
  const PhType *type = ph_infer(eval, node, NULL);
  if (def->body->kind == PH_AST_LAMBDA) {
    ph_eval_error(eval, node->at,
                  def->kind == PH_STATEMENT_MODIFIER ? "it is used as … # ~name" : "it is used as ~name a b",
                  "`~%.*s` is a function and waits for %s", (int)node->text.len, node->text.ptr,
                  def->kind == PH_STATEMENT_MODIFIER ? "its input" : "its arguments");
    return ph_sig_num(eval, 0, node->at);
  }
  const bool values = (ph_type_is_value(type) && type->tag != PH_T_WAVE) ||
                      (use == PH_USE_HZ && type->tag == PH_T_SIG && ph_carries_notes(eval, node, NULL));
  if ((values || (type->tag == PH_T_CTRL && !type->sound && type->control)) && !def->open_pattern) {
    def->open_pattern = true; /* values mean what their place asks for */
    eval->names = eval->names == node ? def->body : eval->names;
    const PhSig *sig = ph_eval_sig(eval, def->body, NULL, use);
    def->open_pattern = false;
    return sig;
  }
  def->sig_wanted = true;
  PhSig *sig = ph_sig_new(eval, PH_SIG_BUS, "bus", node->at);
  sig->bus = def->bus;
  return sig;
}

/* ---- all ------------------------------------------------------------------------------------------------------ */

static const PhSig *values_sig(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *type, PhStepUse use)
{
  PhTypeTag want = type->tag;
  if (use == PH_USE_HZ && type->tag == PH_T_STRING && ph_scales_notes(eval, node, env)) {
    return pattern_sig(eval, ph_scaled_notes(eval, node, env), use, node->at);
  }
  if (use == PH_USE_GATE) {
    want = ph_type_is_soft(type) ? PH_T_BOOL : type->tag;
  } else if (type->tag == PH_T_STRING) {
    const PhSpine *spine = ph_spine(eval, node, env);
    const bool arithmetic = spine->head->kind == PH_AST_BINARY;
    want = !arithmetic ? PH_T_VALUE : ph_has_words(eval, node, env) ? PH_T_NOTE : PH_T_NUM;
  } else if (type->tag == PH_T_WAVE) {
    want = PH_T_NUM;
  } else if (type->tag == PH_T_NUMBER) {
    want = PH_T_NUM;
  }
  const PhPat *pat = ph_eval_pat(eval, node, env, ph_type_of(want));
  if ((want == PH_T_VALUE || want == PH_T_STR) && use != PH_USE_GATE && !eval->frozen && node != eval->names) {
    check_words(eval, pat, node->at);
  }
  return pattern_sig(eval, pat, use, node->at);
}

static const PhSig *name_sig(PhEval *eval, const PhAst *node, const PhEnv *env, const PhSpine *spine,
                             const PhType *type, PhStepUse use)
{
  const PhRows rows = ph_rows(eval, spine->head->text);
  const PhFunc *func = ph_choose_row(eval, &rows, spine, ph_type_of(PH_T_SIG));
  if (!func) {
    return ph_sig_num(eval, 0, node->at);
  }
  if (func->sort == PH_FUNC_UNIT) {
    return unit_sig(eval, func, spine, use);
  }
  if (type->tag == PH_T_SIG) {
    return pattern_row_sig(eval, node, env, func, spine);
  }
  if (type->tag == PH_T_CTRL) {
    return NULL; /* played by the caller */
  }
  if (ph_type_is_value(type)) {
    return values_sig(eval, node, env, type, use);
  }
  PhBound bound = ph_bind(eval, func, spine, true);
  if (bound.ok && bound.missing) {
    ph_eval_error(eval, spine->at,
                  func->example ? ph_arena_printf(eval->arena, "for example: %s", func->example) : NULL,
                  "`%s` lacks %s", func->name, ph_eval_missing(eval, &bound));
  }
  return ph_sig_num(eval, 0, node->at);
}

static const PhSig *controls_sig(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *type, PhStepUse use)
{
  if (!type->sound && type->control) { /* one control that makes no sound: its values */
    const PhPat *pat =
        ph_pat_uncontrol(&eval->build, ph_eval_pat(eval, node, env, ph_type_of(PH_T_CTRL)), type->control);
    return pattern_sig(eval, pat, use, node->at);
  }
  return ph_eval_play(eval, node, env);
}

static const PhSig *eval_sig(PhEval *eval, const PhAst *node, const PhEnv *env, PhStepUse use)
{
  const PhSpine *spine = ph_spine(eval, node, env);
  const PhAst *head = spine->head;
  const PhType *type = ph_infer(eval, node, env);
  PhValue value;
  if (head->kind == PH_AST_BUS && spine->count == 0) {
    return bus_sig(eval, head, use);
  }
  if (head->kind == PH_AST_VALUE && head->value->sig) {
    return head->value->sig;
  }
  if (type->tag == PH_T_NUMBER && ph_eval_const(eval, node, env, &value)) {
    return ph_sig_num(eval,
                      value.tag == PH_VALUE_RATIO ? ph_rat_to_double(value.ratio)
                      : value.tag == PH_VALUE_INT ? (double)value.i
                                                  : value.num,
                      node->at);
  }
  if (head->kind == PH_AST_NAME) {
    const PhSig *sig = name_sig(eval, node, env, spine, type, use);
    return sig ? sig : controls_sig(eval, node, env, type, use);
  }
  const bool combines =
      type->tag == PH_T_SIG || type->tag == PH_T_WAVE || type->tag == PH_T_FN || type->tag == PH_T_ERROR;
  if (head->kind == PH_AST_BINARY && combines &&
      !(type->tag == PH_T_WAVE && ph_operator_rows[head->binary.op].group == PH_GROUP_SHIFT)) {
    return binary_sig(eval, head, spine->env, use);
  }
  if (head->kind == PH_AST_NEGATE && combines) {
    return negative_sig(eval, head, spine->env);
  }
  if (type->tag == PH_T_CTRL) {
    return controls_sig(eval, node, env, type, use);
  }
  if (ph_type_is_value(type)) {
    return values_sig(eval, node, env, type, use);
  }
  return wrong(eval, node, type, type->tag == PH_T_FN ? "give it an input: … # f" : NULL);
}

const PhSig *ph_eval_sig(PhEval *eval, const PhAst *node, const PhEnv *env, PhStepUse use)
{
  if (!ph_eval_enter(eval, node->at)) {
    return ph_sig_num(eval, 0, node->at);
  }
  const PhSig *sig = eval_sig(eval, node, env, use);
  ph_eval_leave(eval);
  return sig;
}
