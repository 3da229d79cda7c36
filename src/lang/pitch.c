/* Names of notes where a frequency is wanted.  SPDX-License-Identifier: MIT */
#include "lang/eval.h"

bool ph_scales_notes(PhEval *eval, const PhAst *node, const PhEnv *env)
{
  const PhSpine *spine = ph_spine(eval, node, env);
  const PhAst *head = spine->head;
  if (head->kind != PH_AST_BINARY || ph_operator_rows[head->binary.op].group != PH_GROUP_ARITHMETIC) {
    return false;
  }
  const unsigned op = ph_operator_rows[head->binary.op].op;
  const PhAst *left = head->binary.left, *right = head->binary.right;
  if (op == PH_OP_MUL || op == PH_OP_DIV) {
    return ph_has_words(eval, left, spine->env) != ph_has_words(eval, right, spine->env);
  }
  return (op == PH_OP_ADD || op == PH_OP_SUB) &&
         (ph_scales_notes(eval, left, spine->env) || ph_scales_notes(eval, right, spine->env));
}

const PhPat *ph_scaled_notes(PhEval *eval, const PhAst *node, const PhEnv *env)
{
  const PhSpine *spine = ph_spine(eval, node, env);
  const PhAst *head = spine->head;
  if (ph_scales_notes(eval, node, env)) {
    const PhOperatorRow *row = &ph_operator_rows[head->binary.op];
    return ph_pat_op(&eval->build, (PhOp)row->op, (PhOpHow)row->how,
                     ph_scaled_notes(eval, head->binary.left, spine->env),
                     ph_scaled_notes(eval, head->binary.right, spine->env));
  }
  const bool words = ph_has_words(eval, node, env);
  const PhPat *pat = ph_eval_pat(eval, node, env, ph_type_of(words ? PH_T_NOTE : PH_T_NUM));
  return words ? ph_pat_hz(&eval->build, pat, eval->tidal) : pat;
}

bool ph_carries_notes(PhEval *eval, const PhAst *node, const PhEnv *env)
{
  if (!ph_eval_enter(eval, node->at)) {
    return false;
  }
  const PhSpine *spine = ph_spine(eval, node, env);
  const PhAst *head = spine->head;
  const PhType *type = ph_infer(eval, node, env);
  bool carries = false;
  if (type->tag == PH_T_STRING) {
    carries = ph_has_words(eval, node, env);
  } else if (type->tag == PH_T_SIG && head->kind == PH_AST_BINARY) {
    const unsigned group = ph_operator_rows[head->binary.op].group;
    if (group == PH_GROUP_CHAIN) {
      const PhLink link = ph_chain_link(eval, head, spine->env, false);
      carries = (link.kind == PH_CHAIN_APPLY || link.kind == PH_CHAIN_PROCESS) &&
                ph_carries_notes(eval, ph_eval_apply(eval, link.right, link.left), NULL);
    } else {
      carries = ph_carries_notes(eval, head->binary.left, spine->env) ||
                ph_carries_notes(eval, head->binary.right, spine->env);
    }
  } else if (head->kind == PH_AST_NAME) { /* `slide`, for one, is a control, too, where nothing says what is wanted */
    const PhRows rows = ph_rows(eval, head->text);
    const PhFunc *func = ph_choose_row(eval, &rows, spine, ph_type_of(PH_T_SIG));
    PhBound bound = { .ok = false };
    if (func && func->sort == PH_FUNC_UNIT) {
      bound = ph_bind(eval, func, spine, false);
    }
    for (uint32_t i = 0; bound.ok && i < func->param_count && !carries; i++) {
      carries =
          (func->params[i].flags & PH_PARAM_KEPT) && bound.slots[i] && ph_carries_notes(eval, bound.slots[i], NULL);
    }
  } else if (type->tag == PH_T_SIG && head->kind == PH_AST_BUS && spine->count == 0) {
    PhDef *def = ph_eval_def(eval, PH_STATEMENT_BUS, head->text);
    if (def && def->body && !def->open_pattern && !def->notes_known) {
      def->open_pattern = true;
      def->notes = ph_carries_notes(eval, def->body, NULL);
      def->open_pattern = false;
      def->notes_known = true;
    }
    carries = def && def->notes;
  }
  ph_eval_leave(eval);
  return carries;
}
