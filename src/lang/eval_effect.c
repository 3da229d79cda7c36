/* every_effect, sometimes_effect, whenmod_effect: in some cycles a signal goes through a processor, in the others past it. What went
   in rings out, as with `every 4 (# f)` of events. The cycles are those of the row that chooses values (every_val …), whose
   pattern changes exactly where cycles begin.  SPDX-License-Identifier: MIT */
#include "lang/eval.h"

#include <string.h>

#define EFFECT_TYPE "(sig->sig)"
#define SUFFIX "_effect"

bool ph_is_cycle_effect(const PhFunc *func)
{
  for (uint32_t i = 0; i < func->param_count; i++) {
    if (strcmp(func->params[i].type, EFFECT_TYPE) == 0) {
      return true;
    }
  }
  return false;
}

/* The row that chooses values in the same cycles. */
static const PhFunc *chooser(PhEval *eval, const PhFunc *func)
{
  const char *stem = strcmp(func->name, "sometimes_effect") == 0 ? "sometimes_by" : func->name;
  const size_t len = strlen(stem), cut = strstr(stem, SUFFIX) ? strlen(SUFFIX) : 0;
  const char *name = ph_arena_printf(eval->arena, "%.*s_val", (int)(len - cut), stem);
  return ph_registry_find(eval->registry, ph_str_of(name), PH_FUNC_PATTERN);
}

/* 1 in the cycles that are meant, else 0. */
static const PhSig *cycles_as_gate(PhEval *eval, const PhBound *bound, PhSource at)
{
  const PhFunc *row = chooser(eval, bound->func);
  PhArg *args = PH_NEWN(eval->arena, PhArg, bound->func->param_count + 2u);
  uint32_t count = 0;
  for (uint32_t i = 1; row && i < bound->func->param_count; i++) {
    if (strcmp(bound->func->params[i].type, EFFECT_TYPE) == 0) {
      continue;
    }
    const PhType *type = ph_type_parse(eval->arena, row->params[count].type, NULL);
    const PhValue dflt = { .tag = PH_VALUE_NUM, .num = bound->func->params[i].dflt };
    args[count++] = bound->slots[i] ? ph_eval_arg(eval, bound->slots[i], NULL, type)
                                    : (PhArg){ .tag = PH_ARG_PAT, .pat = ph_pat_pure(&eval->build, dflt) };
  }
  for (int on = 1; on >= 0; on--) {
    const PhValue value = { .tag = PH_VALUE_NUM, .num = on };
    args[count++] = (PhArg){ .tag = PH_ARG_PAT, .pat = ph_pat_pure(&eval->build, value) };
  }
  PhSig *gate = ph_sig_new(eval, PH_SIG_PAT, "cycles", at);
  gate->pat.pat = ph_eval_call(eval, row ? row->name : bound->func->name, args, count);
  gate->pat.use = PH_USE_NUM;
  return gate;
}

const PhSig *ph_eval_cycle_effect(PhEval *eval, const PhBound *bound, PhSource at)
{
  uint32_t effect = 0;
  while (strcmp(bound->func->params[effect].type, EFFECT_TYPE) != 0) {
    effect++;
  }
  const PhSig *in = ph_eval_sig(eval, bound->slots[0], NULL, PH_USE_NUM), *gate = cycles_as_gate(eval, bound, at);
  const PhSig *sent = ph_sig_call2(eval, "mul", in, gate, at);
  const PhAst *through = ph_eval_apply(eval, bound->slots[effect], ph_eval_sig_node(eval, sent, at));
  const PhSig *wet = ph_eval_sig(eval, through, NULL, PH_USE_NUM);
  const PhSig *rest = ph_sig_call2(eval, "sub", ph_sig_num(eval, 1, at), gate, at);
  return ph_sig_call2(eval, "add", ph_sig_call2(eval, "mul", in, rest, at), wet, at);
}
