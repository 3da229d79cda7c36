/* Keeping count, messages, definitions, keys, constants.  SPDX-License-Identifier: MIT */
#include "lang/eval.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool ph_eval_enter(PhEval *eval, PhSource at)
{
  eval->depth++;
  eval->steps++;
  if (eval->depth <= PH_EVAL_MAX_DEPTH && eval->steps <= PH_EVAL_MAX_STEPS) {
    return true;
  }
  ph_eval_error(eval, at, "does a function or a bus contain itself?", "this expands to too much");
  eval->depth--;
  return false;
}

void ph_eval_error(PhEval *eval, PhSource at, const char *help, const char *fmt, ...)
{
  char text[400];
  va_list args;
  va_start(args, fmt);
  (void)vsnprintf(text, sizeof text, fmt, args);
  va_end(args);
  if (eval->diags) {
    ph_diags_add(eval->diags, PH_SEVERITY_ERROR, at, help, "%s", text);
  } else if (eval->build.complain) {
    eval->build.complain(eval->build.complain_ctx, PH_TYPE, text);
  }
}

void ph_eval_warn(PhEval *eval, PhSource at, const char *help, const char *fmt, ...)
{
  char text[400];
  va_list args;
  va_start(args, fmt);
  (void)vsnprintf(text, sizeof text, fmt, args);
  va_end(args);
  if (eval->diags) {
    ph_diags_add(eval->diags, PH_SEVERITY_WARNING, at, help, "%s", text);
  }
}

static PhStatementKind family_of(PhStatementKind kind)
{
  return kind == PH_STATEMENT_MODIFIER ? PH_STATEMENT_BUS : kind;
}

/* The place of a name in the table: that of its last definition, or an empty one. */
static uint32_t *def_place(const PhEval *eval, PhStatementKind kind, PhStr name)
{
  const PhStatementKind family = family_of(kind);
  size_t slot = ph_mix(ph_hash(name.ptr, name.len), family) & (eval->def_table_size - 1);
  for (; eval->def_table[slot]; slot = (slot + 1) & (eval->def_table_size - 1)) {
    const PhDef *def = &eval->defs.items[eval->def_table[slot] - 1];
    if (family_of(def->kind) == family && ph_str_eq(def->name, name)) {
      break;
    }
  }
  return &eval->def_table[slot];
}

PhDef *ph_eval_def(PhEval *eval, PhStatementKind kind, PhStr name)
{
  const uint32_t number = eval->def_table_size ? *def_place(eval, kind, name) : 0;
  return number ? &eval->defs.items[number - 1] : NULL;
}

void ph_eval_define(PhEval *eval, const PhDef *def)
{
  PH_PUSH(eval->arena, &eval->defs, *def);
  uint32_t first = (uint32_t)eval->defs.len - 1;
  if (2 * eval->defs.len > eval->def_table_size) {
    eval->def_table_size = eval->def_table_size ? 4 * eval->def_table_size : 64;
    eval->def_table = PH_NEWN(eval->arena, uint32_t, eval->def_table_size);
    first = 0;
  }
  for (uint32_t i = first; i < eval->defs.len; i++) { /* the last one wins */
    *def_place(eval, eval->defs.items[i].kind, eval->defs.items[i].name) = i + 1;
  }
}

static PhOrdinal *ordinal_place(const PhEval *eval, uint64_t statement, uint64_t role)
{
  size_t slot = ph_mix(statement, role) & (eval->ordinal_size - 1);
  while (eval->ordinals[slot].used &&
         (eval->ordinals[slot].role != role || eval->ordinals[slot].statement != statement)) {
    slot = (slot + 1) & (eval->ordinal_size - 1);
  }
  return &eval->ordinals[slot];
}

static void grow_ordinals(PhEval *eval)
{
  const PhOrdinal *before = eval->ordinals;
  const size_t size = eval->ordinal_size;
  eval->ordinal_size = size ? 4 * size : 64;
  eval->ordinals = PH_NEWN(eval->arena, PhOrdinal, eval->ordinal_size);
  for (size_t i = 0; i < size; i++) {
    if (before[i].used) {
      *ordinal_place(eval, before[i].statement, before[i].role) = before[i];
    }
  }
}

uint64_t ph_eval_key(PhEval *eval, const char *role)
{
  const uint64_t hash = ph_hash_str(role);
  uint32_t ordinal = 0;
  if (!eval->frozen) {
    if (2 * eval->ordinal_count >= eval->ordinal_size) {
      grow_ordinals(eval);
    }
    PhOrdinal *place = ordinal_place(eval, eval->statement_key, hash);
    ordinal = place->used ? ++place->count : 0;
    eval->ordinal_count += !place->used;
    *place = (PhOrdinal){ eval->statement_key, hash, ordinal, true };
  }
  return ph_mix(ph_mix(eval->statement_key, hash), ordinal);
}

const PhPat *ph_eval_silence(PhEval *eval) { return ph_pat_silence(&eval->build); }

/* ---- constants ------------------------------------------------------------------------------------------------ */

static bool as_number(const PhValue *value, PhRat *ratio, double *num)
{
  switch (value->tag) {
  case PH_VALUE_NUM:
  case PH_VALUE_NOTE:
    *num = value->num;
    *ratio = ph_rat_from_double(value->num);
    return true;
  case PH_VALUE_INT:
    *num = (double)value->i;
    *ratio = PH_RAT_INT(value->i);
    return true;
  case PH_VALUE_RATIO:
    *num = ph_rat_to_double(value->ratio);
    *ratio = value->ratio;
    return true;
  case PH_VALUE_BOOL:
    *num = value->b;
    *ratio = PH_RAT_INT(value->b);
    return true;
  default:
    return false;
  }
}

static PhValue number(PhRat ratio, double num)
{
  if (!ph_rat_ok(ratio)) {
    return (PhValue){ .tag = PH_VALUE_NUM, .num = num };
  }
  return (PhValue){ .tag = PH_VALUE_RATIO, .ratio = ratio };
}

static double floored_mod(double a, double b) { return b == 0 ? 0 : a - b * floor(a / b); }

/* Whole exponents only, exactly: others are left to the operators of patterns and signals. */
static bool power(PhRat base, PhRat exponent, PhValue *out)
{
  if (exponent.den != 1 || exponent.num < 0 || exponent.num > 64) {
    return false;
  }
  PhRat result = PH_RAT_INT(1);
  for (int64_t i = 0; i < exponent.num; i++) {
    result = ph_rat_mul(result, base);
  }
  *out = number(result, 0);
  return ph_rat_ok(result);
}

static bool arithmetic(PhOp op, const PhValue *a, const PhValue *b, PhValue *out)
{
  PhRat x, y;
  double u, v;
  if (!as_number(a, &x, &u) || !as_number(b, &y, &v)) {
    return false;
  }
  switch (op) {
  case PH_OP_ADD:
    *out = number(ph_rat_add(x, y), u + v);
    return true;
  case PH_OP_SUB:
    *out = number(ph_rat_sub(x, y), u - v);
    return true;
  case PH_OP_MUL:
    *out = number(ph_rat_mul(x, y), u * v);
    return true;
  case PH_OP_DIV:
    *out = v == 0 ? number(PH_RAT_INT(0), 0) : number(ph_rat_div(x, y), u / v);
    return true;
  case PH_OP_MOD:
    *out = v == 0 ? number(PH_RAT_INT(0), 0) : number(ph_rat_mod(x, y), floored_mod(u, v));
    return true;
  case PH_OP_POW:
    return power(x, y, out);
  default:
    return false;
  }
}

static bool compare(PhOperator op, const PhValue *a, const PhValue *b, PhValue *out)
{
  PhRat x, y;
  double u, v;
  if (a->tag == PH_VALUE_STR && b->tag == PH_VALUE_STR && (op == PH_OPERATOR_EQ || op == PH_OPERATOR_NE)) {
    *out = (PhValue){ .tag = PH_VALUE_BOOL, .b = (strcmp(a->str, b->str) == 0) == (op == PH_OPERATOR_EQ) };
    return true;
  }
  if (!as_number(a, &x, &u) || !as_number(b, &y, &v)) {
    return false;
  }
  const int order = ph_rat_ok(x) && ph_rat_ok(y) ? ph_rat_cmp(x, y) : (u > v) - (u < v);
  const bool result = op == PH_OPERATOR_EQ    ? order == 0
                      : op == PH_OPERATOR_NE  ? order != 0
                      : op == PH_OPERATOR_LT  ? order < 0
                      : op == PH_OPERATOR_LE  ? order <= 0
                      : op == PH_OPERATOR_GT  ? order > 0
                      : op == PH_OPERATOR_GE  ? order >= 0
                      : op == PH_OPERATOR_AND ? u != 0 && v != 0
                                              : u != 0 || v != 0;
  *out = (PhValue){ .tag = PH_VALUE_BOOL, .b = result };
  return true;
}

/* mod, div and the like between constants */
static bool named(PhStr name, const PhValue *a, const PhValue *b, PhValue *out)
{
  PhRat x, y;
  double u, v;
  if (!as_number(a, &x, &u) || !as_number(b, &y, &v)) {
    return false;
  }
  const bool zero = ph_rat_is_zero(y);
  if (ph_str_is(name, "mod") || ph_str_is(name, "mod'")) {
    *out = number(zero ? y : ph_rat_mod(x, y), 0);
  } else if (ph_str_is(name, "div")) {
    *out = number(zero ? y : ph_rat_floor(ph_rat_div(x, y)), 0);
  } else if (ph_str_is(name, "subtract")) {
    *out = number(ph_rat_sub(y, x), v - u);
  } else if (ph_str_is(name, "quot")) {
    const PhRat quotient = zero ? y : ph_rat_div(x, y);
    *out = number(ph_rat_lt(quotient, PH_RAT_INT(0)) ? ph_rat_ceil(quotient) : ph_rat_floor(quotient), 0);
  } else if (ph_str_is(name, "rem")) {
    const PhRat quotient = zero ? y : ph_rat_div(x, y);
    const PhRat cut = ph_rat_lt(quotient, PH_RAT_INT(0)) ? ph_rat_ceil(quotient) : ph_rat_floor(quotient);
    *out = number(zero ? y : ph_rat_sub(x, ph_rat_mul(cut, y)), 0);
  } else if (ph_str_is(name, "max")) {
    *out = number(ph_rat_max(x, y), 0);
  } else if (ph_str_is(name, "min")) {
    *out = number(ph_rat_min(x, y), 0);
  } else {
    return false;
  }
  return true;
}

static bool const_binary(PhEval *eval, const PhAst *node, const PhEnv *env, PhValue *out)
{
  const PhOperatorRow *row = &ph_operator_rows[node->binary.op];
  if (row->group != PH_GROUP_ARITHMETIC && row->group != PH_GROUP_COMPARE && row->group != PH_GROUP_NAMED) {
    return false;
  }
  PhValue left, right;
  if (!ph_eval_const(eval, node->binary.left, env, &left) || !ph_eval_const(eval, node->binary.right, env, &right)) {
    return false;
  }
  if (row->group == PH_GROUP_COMPARE) {
    return compare(node->binary.op, &left, &right, out);
  }
  return row->group == PH_GROUP_NAMED ? named(node->binary.named->text, &left, &right, out)
                                      : arithmetic((PhOp)row->op, &left, &right, out);
}

/* elem 1 [0, 1], elem '1' "12" */
static bool const_elem(PhEval *eval, const PhSpine *spine, PhValue *out)
{
  PhValue wanted, item;
  const PhSpine *within = ph_spine(eval, spine->args[1].node, NULL);
  if (!ph_eval_const(eval, spine->args[0].node, NULL, &wanted)) {
    return false;
  }
  bool found = false;
  if (within->head->kind == PH_AST_LIST) {
    for (uint32_t i = 0; i < within->head->list.count; i++) {
      PhValue same = { .b = false };
      if (!ph_eval_const(eval, within->head->list.items[i], within->env, &item) ||
          !compare(PH_OPERATOR_EQ, &wanted, &item, &same)) {
        return false;
      }
      found |= same.b;
    }
  } else {
    if (wanted.tag != PH_VALUE_STR || !ph_eval_const_spine(eval, within, &item) || item.tag != PH_VALUE_STR) {
      return false;
    }
    found = strstr(item.str, wanted.str) != NULL;
  }
  *out = (PhValue){ .tag = PH_VALUE_BOOL, .b = found };
  return true;
}

/* As Haskell writes a whole number or a truth value. */
static bool const_show(PhEval *eval, const PhValue *value, PhValue *out)
{
  PhRat ratio;
  double num;
  if (!as_number(value, &ratio, &num) || ratio.den != 1) {
    return false;
  }
  const char *text = value->tag == PH_VALUE_BOOL ? (value->b ? "True" : "False")
                                                 : ph_arena_printf(eval->arena, "%lld", (long long)ratio.num);
  *out = (PhValue){ .tag = PH_VALUE_STR, .str = text };
  return true;
}

static const struct {
  const char *name;
  uint8_t arity;
  bool tests;
} builtins[] = {
  { "cyclePos", 1, false }, { "even", 1, true },  { "odd", 1, true },  { "not", 1, true },       { "negate", 1, false },
  { "recip", 1, false },    { "show", 1, false }, { "elem", 2, true }, { "subtract", 2, false }, { "signum", 1, false },
  { "mod", 2, false },      { "mod'", 2, false }, { "div", 2, false }, { "rem", 2, false },      { "quot", 2, false },
};

uint32_t ph_builtin_arity(PhStr name)
{
  for (size_t i = 0; i < PH_COUNT(builtins); i++) {
    if (ph_str_is(name, builtins[i].name)) {
      return builtins[i].arity;
    }
  }
  return 0;
}

bool ph_builtin_tests(PhStr name)
{
  for (size_t i = 0; i < PH_COUNT(builtins); i++) {
    if (ph_str_is(name, builtins[i].name)) {
      return builtins[i].tests;
    }
  }
  return false;
}

bool ph_is_named_arithmetic(PhStr name)
{
  static const char *const names[] = { "mod", "mod'", "div", "rem", "quot", "max", "min", NULL };
  for (size_t i = 0; names[i]; i++) {
    if (ph_str_is(name, names[i])) {
      return true;
    }
  }
  return false;
}

static bool const_call(PhEval *eval, const PhSpine *spine, PhValue *out)
{
  PhValue a, b;
  const PhStr name = spine->head->text;
  if (spine->count == 0 && (ph_str_is(name, "True") || ph_str_is(name, "False"))) {
    *out = (PhValue){ .tag = PH_VALUE_BOOL, .b = ph_str_is(name, "True") };
    return true;
  }
  if (spine->count == 2 && ph_str_is(name, "elem")) {
    return const_elem(eval, spine, out);
  }
  if (spine->count == 1 && ph_eval_const(eval, spine->args[0].node, NULL, &a)) {
    PhRat ratio;
    double num;
    if (!as_number(&a, &ratio, &num)) {
      return false;
    }
    if (ph_str_is(name, "show")) {
      return const_show(eval, &a, out);
    }
    if (ph_str_is(name, "cyclePos")) {
      *out = number(ph_rat_fract(ratio), num - floor(num));
    } else if (ph_str_is(name, "even") || ph_str_is(name, "odd")) {
      *out = (PhValue){ .tag = PH_VALUE_BOOL,
                        .b = ph_rat_is_zero(ph_rat_mod(ratio, PH_RAT_INT(2))) == ph_str_is(name, "even") };
    } else if (ph_str_is(name, "negate")) {
      *out = number(ph_rat_neg(ratio), -num);
    } else if (ph_str_is(name, "recip") && num != 0) {
      *out = number(ph_rat_div(PH_RAT_INT(1), ratio), 1 / num);
    } else if (ph_str_is(name, "not")) {
      *out = (PhValue){ .tag = PH_VALUE_BOOL, .b = num == 0 };
    } else {
      return false;
    }
    return true;
  }
  return spine->count == 2 && ph_eval_const(eval, spine->args[0].node, NULL, &a) &&
         ph_eval_const(eval, spine->args[1].node, NULL, &b) && named(name, &a, &b, out);
}

bool ph_eval_const_spine(PhEval *eval, const PhSpine *spine, PhValue *out)
{
  const PhAst *head = spine->head;
  bool ok = false;
  switch (head->kind) {
  case PH_AST_STRING:
    ok = head->character;
    *out = (PhValue){ .tag = PH_VALUE_STR,
                      .str = ok ? ph_arena_strndup(eval->arena, head->text.ptr, head->text.len) : "" };
    break;
  case PH_AST_NUMBER:
    *out = number(head->number.ratio, head->number.num);
    ok = true;
    break;
  case PH_AST_VALUE:
    ok = head->value->arg.tag == PH_ARG_VALUE;
    *out = head->value->arg.value;
    break;
  case PH_AST_NEGATE: {
    const PhValue zero = { .tag = PH_VALUE_INT, .i = 0 };
    PhValue inner;
    ok = ph_eval_const(eval, head->inner, spine->env, &inner) && arithmetic(PH_OP_SUB, &zero, &inner, out);
    break;
  }
  case PH_AST_BINARY:
    ok = const_binary(eval, head, spine->env, out);
    break;
  case PH_AST_NAME:
    ok = const_call(eval, spine, out);
    break;
  default:
    break;
  }
  return ok;
}

bool ph_eval_const(PhEval *eval, const PhAst *node, const PhEnv *env, PhValue *out)
{
  if (!ph_eval_enter(eval, node->at)) {
    return false;
  }
  const bool ok = ph_eval_const_spine(eval, ph_spine(eval, node, env), out);
  ph_eval_leave(eval);
  return ok;
}
