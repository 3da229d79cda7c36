/* Built-in synths in a program: parsed when they are named, expanded where they are called, instruments where `s` names
   them.  SPDX-License-Identifier: MIT */
#include "lang/program.h"

#include <string.h>

static const PhAst *parse_text(PhEval *eval, const char *name, const char *text)
{
  const uint32_t file = ph_load_text(eval->arena, eval->diags, name, ph_str_of(text));
  eval->built_in_from = eval->built_in_from < file ? eval->built_in_from : file;
  return ph_parse_expr(eval->arena, eval->diags, file, false);
}

/* The control of its name, or the default, within its range: what a parameter is that is not given. A pitch is any. */
static const PhAst *default_of(PhEval *eval, const char *name, const PhParam *param)
{
  PhText text = { 0 };
  const bool held = strcmp(param->type, "hz") != 0;
  ph_text_printf(&text, "%sctl \"%s\" ", held ? "clip (" : "", param->name);
  ph_text_num(&text, param->dflt);
  if (held) {
    ph_text_puts(&text, ") ");
    const double ends[] = { param->least, param->most };
    for (size_t i = 0; i < PH_COUNT(ends); i++) { /* a negative number in brackets, so that it is none less */
      ph_text_puts(&text, ends[i] < 0 ? "(" : "");
      ph_text_num(&text, ends[i]);
      ph_text_puts(&text, ends[i] < 0 ? ") " : " ");
    }
  }
  const PhAst *node = parse_text(eval, name, text.ptr ? text.ptr : "0");
  ph_text_deinit(&text);
  return node;
}

PhSynthUse *ph_eval_synth(PhEval *eval, PhStr name)
{
  for (size_t i = 0; i < eval->synths.len; i++) {
    if (ph_str_is(name, eval->synths.items[i]->synth->func.name)) {
      return eval->synths.items[i];
    }
  }
  const PhFunc *func = eval->frozen ? NULL : ph_registry_find(eval->registry, name, PH_FUNC_SYNTH);
  if (!func) {
    return NULL;
  }
  const PhSynth *synth = (const PhSynth *)(const void *)func; /* its first member */
  PhSynthUse *use = PH_NEW(eval->arena, PhSynthUse);
  *use = (PhSynthUse){ .synth = synth };
  PH_PUSH(eval->arena, &eval->synths, use);
  use->body = parse_text(eval, func->name, synth->text);
  use->at = use->body->at;
  use->defaults = PH_NEWN(eval->arena, const PhAst *, func->param_count + 1u);
  for (uint32_t p = 0; p < func->param_count; p++) {
    use->defaults[p] = default_of(eval, func->name, &func->params[p]);
  }
  return use;
}

void ph_eval_synth_instruments(PhEval *eval)
{
  for (size_t i = 0; i < eval->synths.len; i++) {
    const PhSynthUse *use = eval->synths.items[i];
    if (!use->instrument) {
      continue;
    }
    const PhFunc *func = &use->synth->func;
    PhAnonymous instrument = { .name = func->name, .at = use->at, .key = ph_mix(ph_hash_str("synth"), ph_hash_str(func->name)),
                               .synth = use->synth };
    PhAst *name = PH_NEW(eval->arena, PhAst);
    *name = (PhAst){ .kind = PH_AST_NAME, .at = use->at, .op_at = use->at, .text = ph_str_of(func->name) };
    eval->statement_key = instrument.key;
    eval->sites = NULL;
    instrument.sig = ph_eval_sig(eval, name, NULL, PH_USE_NUM);
    PH_PUSH(eval->arena, &eval->anonymous, instrument);
  }
}
