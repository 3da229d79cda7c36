/* Expressions as patterns.  SPDX-License-Identifier: MIT */
#include "lang/eval.h"

#include <stdio.h>
#include <string.h>

void ph_eval_mismatch(PhEval *eval, PhSource at, const PhType *want, const PhType *found, const char *help)
{
  if (found->tag != PH_T_ERROR) {
    ph_eval_error(eval, at, help, "expected %s, found %s", ph_type_text(eval->arena, want),
                  ph_type_text(eval->arena, found));
  }
}

static const PhPat *mismatch(PhEval *eval, PhSource at, const PhType *want, const PhType *found)
{
  const PhTypeTag wanted = ph_type_resolve(want)->tag, got = ph_type_resolve(found)->tag;
  const char *help = NULL;
  if (wanted == PH_T_CTRL && (got == PH_T_STRING || got == PH_T_STR)) {
    help = "names of sounds go through `s`: s \"bd sn\"";
  } else if (wanted == PH_T_CTRL && (got == PH_T_NUMBER || ph_type_is_value(found))) {
    help = "say what the values are for: n \"0 2\", note \"c4 e4\", s \"bd\"";
  } else if (got == PH_T_SIG && wanted != PH_T_CTRL) {
    help = "what is read at each event's onset must be a pattern; as a processor on the sound a signal will do";
  } else if (got == PH_T_SIG) {
    help = "this acts on events, and a signal has none";
  } else if (got == PH_T_FN) {
    help = "it lacks an argument";
  }
  ph_eval_mismatch(eval, at, want, ph_type_resolve(found), help);
  return ph_eval_silence(eval);
}

/* ---- conversions ---------------------------------------------------------------------------------------------- */

static bool is_numeric(PhTypeTag tag)
{
  return tag == PH_T_NUM || tag == PH_T_INT || tag == PH_T_TIME || tag == PH_T_NOTE || tag == PH_T_NUMBER ||
         tag == PH_T_WAVE;
}

static bool fits(PhTypeTag from, PhTypeTag want)
{
  if (from == want || want == PH_T_VALUE || want == PH_T_VAR || want == PH_T_ERROR || from == PH_T_ERROR ||
      from == PH_T_VAR) {
    return true;
  }
  if (want == PH_T_CTRL || from == PH_T_CTRL) {
    return false;
  }
  if (from == PH_T_VALUE || from == PH_T_STRING) {
    return true;
  }
  return is_numeric(from) && (is_numeric(want) || want == PH_T_BOOL);
}

static const PhPat *convert(PhEval *eval, const PhPat *pat, const PhType *from, const PhType *want, PhSource at)
{
  from = ph_type_resolve(from);
  want = ph_type_resolve(want);
  if (fits(from->tag, want->tag)) {
    return pat;
  }
  if (from->tag == PH_T_CTRL && from->control && !from->sound && want->tag >= PH_T_NUM && want->tag <= PH_T_VALUE) {
    return ph_pat_uncontrol(&eval->build, pat, from->control);
  }
  return mismatch(eval, at, want, from);
}

/* ---- literals ------------------------------------------------------------------------------------------------- */

static const PhPat *number_pat(PhEval *eval, PhRat ratio, double num, PhSource at, const PhType *want)
{
  PhValue value = { .tag = PH_VALUE_NUM, .num = num };
  switch (want->tag) {
  case PH_T_INT:
    if (ratio.den != 1) {
      ph_eval_error(eval, at, NULL, "expected a whole number, found %g", num);
      return ph_eval_silence(eval);
    }
    value = (PhValue){ .tag = PH_VALUE_INT, .i = ratio.num };
    break;
  case PH_T_TIME:
    value = (PhValue){ .tag = PH_VALUE_RATIO, .ratio = ratio };
    break;
  case PH_T_NOTE:
    value.tag = PH_VALUE_NOTE;
    break;
  case PH_T_BOOL:
    value = (PhValue){ .tag = PH_VALUE_BOOL, .b = num != 0 };
    break;
  case PH_T_STR:
  case PH_T_CTRL:
    return mismatch(eval, at, want, ph_type_of(PH_T_NUMBER));
  default:
    break;
  }
  return ph_pat_pure_at(&eval->build, value, at);
}

static const PhPat *find_register(void *ctx, PhStr name, PhAtomType type)
{
  static const PhTypeTag tags[] = {
    [PH_ATOM_AUTO] = PH_T_VALUE, [PH_ATOM_NUM] = PH_T_NUM, [PH_ATOM_INT] = PH_T_INT,  [PH_ATOM_RATIO] = PH_T_TIME,
    [PH_ATOM_BOOL] = PH_T_BOOL,  [PH_ATOM_STR] = PH_T_STR, [PH_ATOM_NOTE] = PH_T_NOTE
  };
  PhEval *eval = ctx;
  PhDef *def = ph_eval_def(eval, PH_STATEMENT_REGISTER, name);
  if (!def || def->open_pattern) {
    return NULL;
  }
  if (!eval->frozen) {
    def->open_pattern = true;
  }
  const PhPat *pat = ph_eval_pat(eval, def->body, NULL, ph_type_of(tags[type]));
  if (!eval->frozen) {
    def->open_pattern = false;
  }
  return pat;
}

static const PhPat *string_pat(PhEval *eval, const PhAst *node, const PhType *want)
{
  if (want->tag == PH_T_CTRL) {
    return mismatch(eval, node->at, want, ph_type_of(PH_T_STRING));
  }
  PhSource at = node->at;
  at.begin += 1; /* behind the quote */
  const PhPat *pat = NULL;
  PhMiniError error = { 0 };
  const PhStatus status =
      ph_mini_parse(&eval->build, node->text, at, ph_type_atom(want), find_register, eval, &pat, &error);
  if (status != PH_OK) {
    if (error.at.begin > node->at.begin && error.at.end <= error.at.begin) {
      error.at.end = error.at.begin + 1; /* at the end of the string: its closing quote */
    }
    ph_eval_error(eval, error.at.end > error.at.begin ? error.at : node->at, NULL, "%s",
                  error.text[0] ? error.text : ph_status_text(status));
    return ph_eval_silence(eval);
  }
  return pat;
}

bool ph_has_words(PhEval *eval, const PhAst *node, const PhEnv *env)
{
  if (!ph_eval_enter(eval, node->at)) {
    return false;
  }
  const PhSpine *spine = ph_spine(eval, node, env);
  const PhAst *head = spine->head;
  bool words = false;
  if (head->kind == PH_AST_STRING) {
    for (size_t i = 0; i < head->text.len && !words; i++) {
      const char before = i ? head->text.ptr[i - 1] : ' ';
      words = ph_is_name_start(head->text.ptr[i]) && head->text.ptr[i] != '_' && !ph_is_digit(before);
    }
  } else if (head->kind == PH_AST_BINARY) {
    words = ph_has_words(eval, head->binary.left, spine->env) || ph_has_words(eval, head->binary.right, spine->env);
  } else if (head->kind == PH_AST_BUS) {
    const PhDef *def = ph_eval_def(eval, PH_STATEMENT_BUS, head->text);
    words = def && def->body && !def->open_pattern && ph_has_words(eval, def->body, NULL);
  }
  for (uint32_t i = 0; i < spine->count && !words; i++) {
    words =
        ph_infer(eval, spine->args[i].node, NULL)->tag == PH_T_STRING && ph_has_words(eval, spine->args[i].node, NULL);
  }
  ph_eval_leave(eval);
  return words;
}

/* ---- names and buses ------------------------------------------------------------------------------------------ */

static const PhPat *constant_num(PhEval *eval, int64_t i)
{
  return ph_pat_pure(&eval->build, (PhValue){ .tag = PH_VALUE_INT, .i = i });
}

/* Haskell's functions of numbers and truth values, of patterns of them. NULL: it is none of those. */
static const PhPat *builtin_pat(PhEval *eval, const PhSpine *spine, const PhType *want)
{
  const PhStr name = spine->head->text;
  const uint32_t arity = ph_builtin_arity(name);
  if (!arity || spine->count != arity) {
    return NULL;
  }
  if (ph_str_is(name, "not")) {
    const PhArg arg = { .tag = PH_ARG_PAT, .pat = ph_eval_pat(eval, spine->args[0].node, NULL, ph_type_of(PH_T_BOOL)) };
    return ph_eval_call(eval, "inv", &arg, 1);
  }
  const PhType *type =
      want->tag >= PH_T_NUM && want->tag <= PH_T_NOTE && want->tag != PH_T_BOOL && want->tag != PH_T_STR
          ? want
          : ph_type_of(PH_T_NUM);
  const PhPat *last = ph_eval_pat(eval, spine->args[arity - 1].node, NULL, type);
  PhBuild *build = &eval->build;
  if (ph_str_is(name, "negate")) {
    return ph_pat_op(build, PH_OP_MUL, PH_OP_IN, last, constant_num(eval, -1));
  }
  if (ph_str_is(name, "recip")) {
    return ph_pat_op(build, PH_OP_DIV, PH_OP_OUT, constant_num(eval, 1), last);
  }
  if (ph_str_is(name, "cyclePos")) {
    return ph_pat_op(build, PH_OP_MOD, PH_OP_IN, last, constant_num(eval, 1));
  }
  if (ph_str_is(name, "signum")) {
    return ph_pat_math(build, "sign", last);
  }
  const PhPat *first = arity == 2 ? ph_eval_pat(eval, spine->args[0].node, NULL, type) : NULL;
  if (ph_str_is(name, "subtract")) {
    return ph_pat_op(build, PH_OP_SUB, PH_OP_BOTH, last, first);
  }
  if (ph_str_is(name, "mod") || ph_str_is(name, "mod'")) {
    return ph_pat_op(build, PH_OP_MOD, PH_OP_BOTH, first, last);
  }
  if (ph_str_is(name, "div")) {
    return ph_pat_math(build, "floor", ph_pat_op(build, PH_OP_DIV, PH_OP_BOTH, first, last));
  }
  ph_eval_error(eval, spine->at, NULL, "`%.*s` is understood between constants only", (int)name.len, name.ptr);
  return ph_eval_silence(eval);
}

bool ph_is_math_on_values(PhEval *eval, const PhBound *bound)
{
  if (!eval->tidal || !bound->slots[0] || !ph_pat_is_math(bound->func->name)) {
    return false;
  }
  const PhType *type = ph_infer(eval, bound->slots[0], NULL);
  return ph_type_is_value(type);
}

static const PhPat *name_pat(PhEval *eval, const PhSpine *spine, const PhType *want)
{
  const PhRows rows = ph_rows(eval, spine->head->text);
  const PhFunc *func = ph_choose_row(eval, &rows, spine, want);
  const bool builtin = ph_builtin_arity(spine->head->text) && !rows.pattern && !rows.control && eval->tidal;
  if (!func || builtin) {
    PhValue value;
    const PhType *found = ph_infer(eval, spine->head, NULL);
    if (ph_eval_const_spine(eval, spine, &value) && value.tag != PH_VALUE_STR) {
      const PhTypeTag wanted = ph_type_resolve(want)->tag;
      const bool truth = value.tag == PH_VALUE_BOOL && wanted >= PH_T_NUM && wanted <= PH_T_NOTE && wanted != PH_T_BOOL;
      if (wanted == PH_T_CTRL || wanted == PH_T_STR || truth) {
        return mismatch(eval, spine->at, want, ph_type_of(value.tag == PH_VALUE_BOOL ? PH_T_BOOL : PH_T_NUM));
      }
      return ph_pat_pure_at(&eval->build, value, spine->at);
    }
    const PhPat *pat = builtin_pat(eval, spine, want);
    if (pat) {
      return pat;
    }
    return found->tag == PH_T_FN ? mismatch(eval, spine->at, want, found) : ph_eval_silence(eval);
  }
  PhBound bound = ph_bind(eval, func, spine, true);
  if (!bound.ok) {
    return ph_eval_silence(eval);
  }
  if (func->sort == PH_FUNC_UNIT && ph_pat_is_math(func->name) && bound.slots[0] &&
      ph_type_is_value(ph_infer(eval, bound.slots[0], NULL))) {
    return ph_pat_math(&eval->build, func->name, ph_eval_pat(eval, bound.slots[0], NULL, ph_type_of(PH_T_NUM)));
  }
  if (func->sort == PH_FUNC_UNIT) {
    return mismatch(eval, spine->at, want, ph_type_of(PH_T_SIG));
  }
  if (bound.missing) {
    ph_eval_error(eval, spine->at,
                  func->example ? ph_arena_printf(eval->arena, "for example: %s", func->example) : NULL,
                  "`%s` lacks %s", func->name, ph_eval_missing(eval, &bound));
    return ph_eval_silence(eval);
  }
  const PhArg result = ph_eval_row(eval, &bound, spine->at, want);
  if (result.tag == PH_ARG_VALUE) {
    return ph_pat_pure_at(&eval->build, result.value, spine->at);
  }
  if (result.tag != PH_ARG_PAT) {
    return mismatch(eval, spine->at, want, bound.result);
  }
  const PhType *type = func->sort == PH_FUNC_CONTROL || strcmp(func->result, "ctrl") == 0
                           ? ph_infer(eval, spine->head, spine->env)
                           : bound.result;
  if (func->sort == PH_FUNC_CONTROL) {
    PhType *controls = PH_NEW(eval->arena, PhType);
    *controls = (PhType){ .tag = PH_T_CTRL,
                          .control = ph_control_name(func),
                          .sound = strcmp(ph_control_name(func), "s") == 0 };
    type = controls;
  } else if (type->tag == PH_T_FN) {
    type = ph_type_of(PH_T_CTRL);
  }
  return convert(eval, result.pat, type, want, spine->at);
}

static const PhPat *bus_pat(PhEval *eval, const PhAst *node, const PhType *want)
{
  PhDef *def = ph_eval_def(eval, PH_STATEMENT_BUS, node->text);
  if (!def) {
    return ph_eval_silence(eval);
  }
  if (def->open_pattern) {
    ph_eval_error(eval, node->at, "a loop is possible between signals, where each sample depends on the one before",
                  "the pattern `~%.*s` contains itself", (int)node->text.len, node->text.ptr);
    return ph_eval_silence(eval);
  }
  const PhType *type = ph_infer(eval, node, NULL);
  if (type->tag == PH_T_FN) {
    ph_eval_error(eval, node->at, NULL, "`~%.*s` is a function: give it what it waits for, or write `… # ~%.*s`",
                  (int)node->text.len, node->text.ptr, (int)node->text.len, node->text.ptr);
    return ph_eval_silence(eval);
  }
  if (!eval->frozen) {
    def->open_pattern = true;
  }
  const PhPat *pat = ph_eval_pat(eval, def->body, NULL, want);
  if (!eval->frozen) {
    ph_eval_def(eval, PH_STATEMENT_BUS, node->text)->open_pattern = false;
  }
  return pat;
}

/* ---- operators ------------------------------------------------------------------------------------------------ */

/* A number beside controls of one name is that control: n "0 1" + 12. */
static const PhPat *as_controls(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *type,
                                const PhType *other, PhSource at)
{
  if (type->tag != PH_T_CTRL && ph_type_is_value(type)) {
    if (!other->control) {
      ph_eval_error(eval, at, NULL, "one side has controls and the other values: say which control the values are for");
      return ph_eval_silence(eval);
    }
    return ph_pat_control(&eval->build, other->control, ph_eval_pat(eval, node, env, ph_type_of(PH_T_NUM)));
  }
  return ph_eval_pat(eval, node, env, ph_type_of(PH_T_CTRL));
}

static const PhPat *arithmetic_pat(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *want)
{
  const PhOperatorRow *row = &ph_operator_rows[node->binary.op];
  const PhAst *l = node->binary.left, *r = node->binary.right;
  const PhType *left = ph_infer(eval, l, env), *right = ph_infer(eval, r, env), *all = ph_infer(eval, node, env);
  if (left->tag == PH_T_CTRL || right->tag == PH_T_CTRL) {
    const PhPat *a = as_controls(eval, l, env, left, right, node->op_at),
                *b = as_controls(eval, r, env, right, left, node->op_at);
    const PhPat *pat = ph_pat_op(&eval->build, (PhOp)row->op, (PhOpHow)row->how, a, b);
    return convert(eval, pat, all->tag == PH_T_CTRL ? all : ph_type_of(PH_T_CTRL), want, node->at);
  }
  if (!ph_type_is_value(left) || !ph_type_is_value(right)) {
    return mismatch(eval, node->at, want, all);
  }
  const PhType *type = want->tag == PH_T_VAR || want->tag == PH_T_VALUE ? all : want;
  if (row->op == PH_OP_CONCAT) {
    type = ph_type_of(PH_T_STR);
  } else if (want->tag == PH_T_CTRL || (want->tag == PH_T_BOOL && row->op != PH_OP_LEFT && row->op != PH_OP_RIGHT)) {
    return mismatch(eval, node->at, want, all);
  }
  if (ph_type_is_soft(type)) {
    type = ph_type_of(type->tag == PH_T_STRING && !ph_has_words(eval, node, env) ? PH_T_NUM
                      : type->tag == PH_T_STRING                                 ? PH_T_VALUE
                                                                                 : PH_T_NUM);
  }
  if (row->op == PH_OP_DIV || row->op == PH_OP_POW) { /* of whole numbers gives fractions */
    type = type->tag == PH_T_INT ? ph_type_of(PH_T_NUM) : type;
  }
  const PhPat *a = ph_eval_pat(eval, l, env, type), *b = ph_eval_pat(eval, r, env, type);
  return ph_pat_op(&eval->build, (PhOp)row->op, (PhOpHow)row->how, a, b);
}

/* Comparisons of patterns: truth values where both sides are. */
static const PhPat *compare_pat(PhEval *eval, const PhAst *node, const PhEnv *env)
{
  static const PhCompare how[] = {
    [PH_OPERATOR_EQ] = PH_COMPARE_EQ,   [PH_OPERATOR_NE] = PH_COMPARE_NE, [PH_OPERATOR_LT] = PH_COMPARE_LT,
    [PH_OPERATOR_LE] = PH_COMPARE_LE,   [PH_OPERATOR_GT] = PH_COMPARE_GT, [PH_OPERATOR_GE] = PH_COMPARE_GE,
    [PH_OPERATOR_AND] = PH_COMPARE_AND, [PH_OPERATOR_OR] = PH_COMPARE_OR
  };
  const bool logic = node->binary.op == PH_OPERATOR_AND || node->binary.op == PH_OPERATOR_OR;
  const PhAst *l = node->binary.left, *r = node->binary.right;
  const bool words = ph_has_words(eval, l, env) || ph_has_words(eval, r, env);
  const PhType *type = ph_type_of(logic ? PH_T_BOOL : words ? PH_T_VALUE : PH_T_NUM);
  return ph_pat_compare(&eval->build, how[node->binary.op], ph_eval_pat(eval, l, env, type),
                        ph_eval_pat(eval, r, env, type));
}

static const PhPat *binary_pat(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *want)
{
  const PhOperatorRow *row = &ph_operator_rows[node->binary.op];
  PhValue value;
  PhArg sides[2];
  switch ((PhOperatorGroup)row->group) {
  case PH_GROUP_CHAIN:
    return ph_chain_pat(eval, node, env, want);
  case PH_GROUP_PATTERN:
  case PH_GROUP_ARITHMETIC:
    return arithmetic_pat(eval, node, env, want);
  case PH_GROUP_SHIFT: {
    const PhPat *amount = ph_eval_pat(eval, node->binary.left, env, ph_type_of(PH_T_TIME));
    return ph_pat_shift(&eval->build, ph_eval_pat(eval, node->binary.right, env, want), amount,
                        node->binary.op == PH_OPERATOR_LATE);
  }
  case PH_GROUP_OVERLAY:
    sides[0] = (PhArg){ .tag = PH_ARG_PAT, .pat = ph_eval_pat(eval, node->binary.left, env, want) };
    sides[1] = (PhArg){ .tag = PH_ARG_PAT, .pat = ph_eval_pat(eval, node->binary.right, env, want) };
    return ph_eval_call(eval, "overlay", sides, 2);
  case PH_GROUP_COMPARE:
  case PH_GROUP_NAMED:
    if (ph_eval_const(eval, node, env, &value)) {
      return ph_pat_pure_at(&eval->build, value, node->at);
    }
    if (row->group == PH_GROUP_COMPARE) {
      return compare_pat(eval, node, env);
    }
    if (node->binary.named && ph_builtin_arity(node->binary.named->text) == 2) {
      const PhAst *fn = ph_eval_apply(eval, node->binary.named, ph_eval_close(eval, node->binary.left, env));
      return ph_eval_pat(eval, ph_eval_apply(eval, fn, ph_eval_close(eval, node->binary.right, env)), NULL, want);
    }
    ph_eval_error(eval, node->op_at, NULL, "`%s` is understood between constants only", row->text);
    return ph_eval_silence(eval);
  default:
    return mismatch(eval, node->at, want, ph_infer(eval, node, env));
  }
}

static const PhPat *negative_pat(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *want)
{
  const PhType *type = ph_infer(eval, node->inner, env);
  const PhPat *minus = ph_pat_pure(&eval->build, (PhValue){ .tag = PH_VALUE_INT, .i = -1 });
  if (type->tag == PH_T_CTRL && type->control) {
    minus = ph_pat_control(&eval->build, type->control, minus);
  } else if (!ph_type_is_value(type)) {
    return mismatch(eval, node->at, want, type);
  }
  return ph_pat_op(&eval->build, PH_OP_MUL, PH_OP_IN, ph_eval_pat(eval, node->inner, env, want), minus);
}

/* ---- all ------------------------------------------------------------------------------------------------------ */

/* A function that came as a value, applied. */
static const PhPat *call_in_hand(PhEval *eval, const PhSpine *spine, const PhType *want)
{
  PhArg *args = PH_NEWN(eval->arena, PhArg, spine->count);
  for (uint32_t i = 0; i < spine->count; i++) {
    const PhType *type = ph_infer(eval, spine->args[i].node, NULL);
    args[i] = ph_eval_arg(eval, spine->args[i].node, NULL, ph_type_is_soft(type) ? want : type);
  }
  const PhArg result = ph_fn_call(&eval->build, spine->head->value->arg.fn, args, spine->count);
  if (result.tag == PH_ARG_PAT) {
    return result.pat;
  }
  return mismatch(eval, spine->at, want, ph_type_of(PH_T_FN));
}

static const PhPat *eval_pat(PhEval *eval, const PhSpine *spine, const PhType *want)
{
  const PhAst *head = spine->head;
  PhValue value;
  switch (head->kind) {
  case PH_AST_NUMBER:
    return number_pat(eval, head->number.ratio, head->number.num, head->at, want);
  case PH_AST_STRING:
    return string_pat(eval, head, want);
  case PH_AST_NAME:
    return name_pat(eval, spine, want);
  case PH_AST_BUS:
    return bus_pat(eval, head, want);
  case PH_AST_BINARY:
    if (ph_infer(eval, head, spine->env)->tag == PH_T_NUMBER && ph_eval_const(eval, head, spine->env, &value) &&
        (value.tag == PH_VALUE_RATIO || value.tag == PH_VALUE_NUM)) { /* constants stay exact */
      const PhRat ratio = value.tag == PH_VALUE_RATIO ? value.ratio : ph_rat_from_double(value.num);
      return number_pat(eval, ratio, value.tag == PH_VALUE_RATIO ? ph_rat_to_double(ratio) : value.num, head->at, want);
    }
    return binary_pat(eval, head, spine->env, want);
  case PH_AST_NEGATE:
    return negative_pat(eval, head, spine->env, want);
  case PH_AST_TYPED: {
    const PhType *type = ph_infer(eval, head, spine->env);
    return convert(eval, ph_eval_pat(eval, head->typed.inner, spine->env, type), type, want, head->at);
  }
  case PH_AST_VALUE:
    if (head->value->arg.tag == PH_ARG_FN && spine->count > 0) {
      return call_in_hand(eval, spine, want);
    }
    if (head->value->arg.tag == PH_ARG_PAT) {
      return convert(eval, head->value->arg.pat, head->value->type, want, head->at);
    }
    if (head->value->arg.tag == PH_ARG_VALUE) {
      return ph_pat_pure(&eval->build, head->value->arg.value);
    }
    return head->value->arg.tag == PH_ARG_ABSENT && !head->value->sig
               ? ph_eval_silence(eval)
               : mismatch(eval, head->at, want, head->value->type);
  case PH_AST_ERROR:
    return ph_eval_silence(eval);
  default:
    return mismatch(eval, spine->at, want, ph_infer(eval, head, spine->env));
  }
}

const PhPat *ph_eval_pat(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *want)
{
  if (!ph_eval_enter(eval, node->at)) {
    return ph_eval_silence(eval);
  }
  const PhPat *pat = eval_pat(eval, ph_spine(eval, node, env), ph_type_resolve(want));
  ph_eval_leave(eval);
  return pat ? pat : ph_eval_silence(eval);
}
