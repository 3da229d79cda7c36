/* `#` (LANGUAGE §3.3): what stands on its sides decides what it is.  SPDX-License-Identifier: MIT */
#include "lang/eval.h"

#include <string.h>

enum { MAX_BUSES = 32 }; /* a bus that is a bus that is … */

/* ---- what is linked ------------------------------------------------------------------------------------------- */

bool ph_is_pitch(const char *name)
{
  static const char *const names[] = { "n", "note", "freq", "midinote", "octave", NULL };
  for (size_t i = 0; names[i]; i++) {
    if (strcmp(name, names[i]) == 0) {
      return true;
    }
  }
  return false;
}

static bool is_envelope(const PhFunc *func) { return func && strncmp(func->family, "env", 3) == 0; }

/* Per-voice envelopes: controls that are of the family of envelopes, or have a unit of that family beside them. */
static bool shapes_voices(const PhRows *rows)
{
  static const char *const names[] = { "ar",   "ad",      "asr",      "adsr",  "attack", "decay", "release",
                                       "hold", "sustain", "segments", "curve", "legato", NULL };
  const PhFunc *control = ph_control_row(rows);
  for (size_t i = 0; control && names[i]; i++) {
    if (strcmp(control->name, names[i]) == 0) {
      return true;
    }
  }
  return control && is_envelope(rows->unit);
}

/* saw "c4 e4": an oscillator whose pitch is a string. */
static bool plays_string(PhEval *eval, const PhAst *left)
{
  const PhSpine *spine = ph_spine(eval, left, NULL);
  if (spine->head->kind != PH_AST_NAME || spine->count == 0 || spine->args[0].key.len) {
    return false;
  }
  const PhRows rows = ph_rows(eval, spine->head->text);
  return rows.unit && rows.unit->param_count > 0 && strcmp(rows.unit->params[0].type, "hz") == 0 &&
         ph_infer(eval, spine->args[0].node, NULL)->tag == PH_T_STRING;
}

/* A unit that still lacks an argument takes the left side for it: saw 55 # tanh. */
static bool waits(const PhLink *link) { return link->right_type->tag == PH_T_FN; }

static PhChain link_controls(PhEval *eval, const PhRows *rows, const PhSpine *right, PhLink *link)
{
  const PhFunc *control = ph_control_row(rows);
  const bool processor = ph_is_processor(rows->unit);
  if (processor && !(control && (eval->tidal || ph_stays_control(eval, control, right)))) {
    link->func = rows->unit;
    return PH_CHAIN_PROCESS;
  }
  if (control) {
    link->func = control;
    return PH_CHAIN_CONTROLS;
  }
  if (rows->pattern) {
    return PH_CHAIN_APPLY;
  }
  link->func = rows->unit;
  return is_envelope(rows->unit) ? PH_CHAIN_ENVELOPE : waits(link) ? PH_CHAIN_APPLY : PH_CHAIN_ERROR;
}

static PhChain link_signal(PhEval *eval, const PhRows *rows, PhLink *link)
{
  const PhFunc *control = ph_control_row(rows);
  const bool events = link->left_type->tag == PH_T_SIG && link->left_type->events;
  if (ph_is_processor(rows->unit)) {
    link->func = rows->unit;
    return PH_CHAIN_PROCESS;
  }
  if (control && control->sort == PH_FUNC_CONTROL && ph_is_pitch(ph_control_name(control))) {
    link->func = control;
    return events ? PH_CHAIN_EVENTS : PH_CHAIN_INSTRUMENT;
  }
  if (control && shapes_voices(rows) && plays_string(eval, link->left)) {
    link->func = control;
    return PH_CHAIN_TRIGGER;
  }
  if (is_envelope(rows->unit)) {
    link->func = rows->unit;
    return PH_CHAIN_ENVELOPE;
  }
  if (control && events) {
    link->func = control;
    return PH_CHAIN_EVENTS;
  }
  return control || (rows->unit && !waits(link)) ? PH_CHAIN_ERROR : PH_CHAIN_APPLY;
}

static PhChain link_values(const PhRows *rows, const PhSpine *right, PhLink *link)
{
  const PhFunc *control = ph_control_row(rows);
  link->func = control ? control : rows->unit;
  if (control && right->count == 0) {
    return PH_CHAIN_APPLY;
  }
  if (control && link->right_type->tag == PH_T_CTRL && link->right_type->sound) {
    return PH_CHAIN_VALUES_SOUND;
  }
  if (ph_is_processor(rows->unit)) {
    link->func = rows->unit;
    return PH_CHAIN_PROCESS;
  }
  if (rows->unit && !control) {
    return waits(link) ? PH_CHAIN_APPLY : PH_CHAIN_VALUES_SOURCE;
  }
  return rows->pattern && !control ? PH_CHAIN_APPLY : PH_CHAIN_ERROR;
}

/* The right side is not a name of a row: a bus, an expression in parentheses. */
static PhChain link_expression(const PhType *left, const PhType *right)
{
  const bool values = ph_type_is_value(left) && left->tag != PH_T_WAVE;
  if (right->tag == PH_T_FN) {
    return PH_CHAIN_APPLY;
  }
  if (right->tag == PH_T_CTRL) {
    if (left->tag == PH_T_CTRL) {
      return PH_CHAIN_CONTROLS;
    }
    if (values) {
      return right->sound ? PH_CHAIN_VALUES_SOUND : PH_CHAIN_ERROR;
    }
    return left->tag == PH_T_SIG && left->events ? PH_CHAIN_EVENTS
           : right->pitch                        ? PH_CHAIN_INSTRUMENT
                                                 : PH_CHAIN_ERROR;
  }
  return (right->tag == PH_T_SIG || right->tag == PH_T_WAVE) && values ? PH_CHAIN_VALUES_SOURCE : PH_CHAIN_ERROR;
}

static void report(PhEval *eval, const PhAst *node, const PhLink *link)
{
  const PhType *left = link->left_type, *right = link->right_type;
  if (left->tag == PH_T_ERROR || right->tag == PH_T_ERROR) {
    return;
  }
  const PhAst *at = node->binary.right;
  if (right->tag == PH_T_CTRL && ph_type_is_value(left)) {
    ph_eval_error(eval, node->binary.left->at, "say what the values are for: n \"0 2\" # …, note \"c4 e4\" # …",
                  "`#` adds controls to a control pattern; here it stands behind %s", ph_type_text(eval->arena, left));
  } else if (right->tag == PH_T_CTRL) {
    ph_eval_error(eval, at->at, "controls act on events; a processor acts on a signal",
                  "a signal has no events that this control could be added to");
  } else if (right->tag == PH_T_SIG || right->tag == PH_T_WAVE) {
    ph_eval_error(eval, at->at, "`+` mixes two signals, `*` multiplies them",
                  "`#` needs a processor, a control or a modifier bus, found a signal");
  } else {
    ph_eval_error(eval, at->at, NULL, "`#` needs a processor, a control or a modifier bus, found %s",
                  ph_type_text(eval->arena, right));
  }
}

PhLink ph_chain_link(PhEval *eval, const PhAst *node, const PhEnv *env, bool tell)
{
  PhLink link = { .left = ph_eval_close(eval, node->binary.left, env),
                  .right = ph_eval_close(eval, node->binary.right, env) };
  link.left_type = ph_infer(eval, link.left, NULL);
  link.right_type = ph_infer(eval, link.right, NULL);
  for (uint32_t i = 0; i < MAX_BUSES && link.right_type->tag == PH_T_CTRL; i++) { /* a bus of controls: what it says */
    const PhSpine *bus = ph_spine(eval, link.right, NULL);
    const PhDef *def = bus->head->kind == PH_AST_BUS ? ph_eval_def(eval, PH_STATEMENT_BUS, bus->head->text) : NULL;
    if (!def || bus->count > 0) {
      break;
    }
    link.right = def->body;
  }
  if (link.left_type->tag == PH_T_ERROR) {
    return link;
  }
  const PhSpine *right = ph_spine(eval, link.right, NULL);
  PhRows rows = { NULL, NULL, NULL };
  if (right->head->kind == PH_AST_NAME) {
    rows = ph_rows(eval, right->head->text);
  }
  if (!rows.pattern && !rows.control && !rows.unit) {
    link.kind = link_expression(link.left_type, link.right_type);
  } else if (link.left_type->tag == PH_T_CTRL || link.left_type->tag == PH_T_FN) {
    link.kind = link_controls(eval, &rows, right, &link);
  } else if (link.left_type->tag == PH_T_SIG || link.left_type->tag == PH_T_WAVE) {
    link.kind = link_signal(eval, &rows, &link);
  } else {
    link.kind = link_values(&rows, right, &link);
  }
  if (link.kind == PH_CHAIN_ERROR && tell) {
    report(eval, node, &link);
  }
  return link;
}

/* ---- its type ------------------------------------------------------------------------------------------------- */

static const PhType *new_type(PhEval *eval, PhType type) { return ph_arena_copy(eval->arena, &type, sizeof type); }

const PhType *ph_chain_type(PhEval *eval, const PhLink *link)
{
  const PhType *left = link->left_type, *right = link->right_type;
  const bool events = left->tag == PH_T_CTRL || (left->tag == PH_T_SIG && left->events);
  if (left->tag == PH_T_FN && link->kind != PH_CHAIN_ERROR) {
    return new_type(
        eval, (PhType){ .tag = PH_T_FN, .arity = 1, .processor = left->processor || link->kind == PH_CHAIN_PROCESS });
  }
  switch (link->kind) {
  case PH_CHAIN_CONTROLS:
    return right->tag == PH_T_CTRL ? ph_type_join_controls(eval->arena, left, right) : left;
  case PH_CHAIN_APPLY:
    return ph_infer(eval, ph_eval_apply(eval, link->right, link->left), NULL);
  case PH_CHAIN_PROCESS:
  case PH_CHAIN_ENVELOPE:
  case PH_CHAIN_EVENTS:
    return new_type(eval, (PhType){ .tag = PH_T_SIG, .events = events });
  case PH_CHAIN_INSTRUMENT:
  case PH_CHAIN_TRIGGER:
  case PH_CHAIN_VALUES_SOUND:
  case PH_CHAIN_VALUES_SOURCE:
    return new_type(eval, (PhType){ .tag = PH_T_CTRL, .sound = true });
  default:
    return ph_type_of(PH_T_ERROR);
  }
}

/* ---- l # a * b ------------------------------------------------------------------------------------------------ */

const PhAst *ph_chain_rewrite(PhEval *eval, const PhAst *node, const PhEnv *env)
{
  const bool tidal = eval->tidal && !ph_eval_is_built_in(eval, node);
  if (tidal || ph_operator_rows[node->binary.op].group != PH_GROUP_CHAIN) {
    return NULL;
  }
  const PhAst *right = node->binary.right;
  if (right->kind != PH_AST_BINARY || right->parens) {
    return NULL;
  }
  const unsigned group = ph_operator_rows[right->binary.op].group;
  if (group != PH_GROUP_ARITHMETIC && group != PH_GROUP_SIGNAL) {
    return NULL;
  }
  const PhType *a = ph_infer(eval, right->binary.left, env), *b = ph_infer(eval, right->binary.right, env);
  const bool adjusts =
      a->tag == PH_T_CTRL && !a->sound && ((a->control && ph_type_is_value(b)) || (b->tag == PH_T_CTRL && !b->sound));
  if (a->tag == PH_T_FN || a->tag == PH_T_ERROR || adjusts) {
    return NULL;
  }
  const PhAst *l = ph_eval_close(eval, node->binary.left, env), *inner = ph_eval_close(eval, right->binary.left, env);
  const PhAst *chain = ph_eval_binary(eval, node, node->binary.op, l, inner);
  return ph_eval_binary(eval, right, right->binary.op, chain, ph_eval_close(eval, right->binary.right, env));
}

/* ---- as a pattern --------------------------------------------------------------------------------------------- */

static const PhPat *controls(PhEval *eval, const PhPat *left, const PhPat *right)
{
  return ph_pat_op(&eval->build, PH_OP_RIGHT, PH_OP_IN, left, right);
}

static const PhPat *with_sound(PhEval *eval, const PhPat *pat, const char *sound)
{
  const PhPat *name = ph_pat_pure(&eval->build, (PhValue){ .tag = PH_VALUE_STR, .str = sound });
  return controls(eval, pat, ph_pat_control(&eval->build, "s", name));
}

/* A processor on the events of a transform: its place in the text is its site. */
static const PhPat *effect(PhEval *eval, const PhAst *node, const PhLink *link)
{
  const PhPat *left = ph_eval_pat(eval, link->left, NULL, ph_type_of(PH_T_CTRL));
  const uint64_t place = ph_eval_place(link->right, NULL);
  PhSites *sites = eval->sites;
  for (uint32_t i = 0; sites && i < sites->count; i++) {
    if (sites->items[i].place == place) {
      return ph_pat_effect(&eval->build, left, i);
    }
  }
  if (!sites || eval->frozen) {
    return left;
  }
  if (sites->count == PH_MAX_SITES) {
    ph_eval_error(eval, link->right->at, "put some of them on a bus of its own",
                  "more than %u processors on the events of one pattern", PH_MAX_SITES);
    return left;
  }
  const uint32_t bit = sites->count++;
  sites->items[bit] = (PhSite){ .place = place };
  PhSites *saved = eval->sites;
  eval->sites = NULL;
  const PhAst *input = ph_eval_sig_node(eval, ph_sig_new(eval, PH_SIG_INPUT, "input", link->left->at), link->left->at);
  const PhAst *body = ph_eval_binary(eval, node, PH_OPERATOR_CHAIN, input, link->right);
  const PhSig *sig = ph_eval_sig(eval, body, NULL, PH_USE_NUM);
  eval->sites = saved;
  sites->items[bit].body = sig;
  return ph_pat_effect(&eval->build, left, bit);
}

/* saw "c4 e4" # ar …: the oscillator without its string, played by the string. */
static const PhPat *trigger(PhEval *eval, const PhLink *link)
{
  const PhSpine *spine = ph_spine(eval, link->left, NULL);
  const PhAst *string = spine->args[0].node;
  PhAst *source = PH_NEW(eval->arena, PhAst);
  *source = *spine->head;
  source->memo_type = NULL;
  source->memo_spine = NULL;
  if (spine->count > 1) {
    PhArgAst *args = PH_NEWN(eval->arena, PhArgAst, spine->count);
    uint32_t count = 0;
    for (uint32_t i = 1; i < spine->count; i++) { /* positional ones keep their place by their names */
      const PhFunc *unit = ph_rows(eval, spine->head->text).unit;
      const PhSpineArg *arg = &spine->args[i];
      const PhStr key = arg->key.len || i >= unit->param_count ? arg->key : ph_str_of(unit->params[i].name);
      args[count++] = (PhArgAst){ .value = (PhAst *)arg->node, .key = key, .key_at = arg->at };
    }
    PhAst *apply = PH_NEW(eval->arena, PhAst);
    *apply = (PhAst){ .kind = PH_AST_APPLY,
                      .at = link->left->at,
                      .apply = { .head = source, .args = args, .count = count } };
    source = apply;
  }
  const bool scaled = ph_scales_notes(eval, string, NULL), words = !scaled && ph_has_words(eval, string, NULL);
  const PhPat *pitch = scaled ? ph_scaled_notes(eval, string, NULL)
                              : ph_eval_pat(eval, string, NULL, ph_type_of(words ? PH_T_NOTE : PH_T_NUM));
  pitch = ph_pat_control(&eval->build, words ? "note" : "freq", pitch);
  return controls(eval, with_sound(eval, pitch, ph_eval_instrument(eval, source)),
                  ph_eval_pat(eval, link->right, NULL, ph_type_of(PH_T_CTRL)));
}

const PhPat *ph_chain_pat(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *want)
{
  const PhLink link = ph_chain_link(eval, node, env, true);
  const PhType *ctrl = ph_type_of(PH_T_CTRL);
  const PhType *own = ph_chain_type(eval, &link);
  if (link.kind != PH_CHAIN_APPLY && want->tag != PH_T_CTRL && want->tag != PH_T_VAR && want->tag != PH_T_VALUE &&
      link.kind != PH_CHAIN_ERROR && !(own->tag == PH_T_CTRL && own->control)) {
    ph_eval_mismatch(eval, node->at, want, own, NULL);
    return ph_eval_silence(eval);
  }
  switch (link.kind) {
  case PH_CHAIN_CONTROLS:
  case PH_CHAIN_EVENTS: {
    const PhPat *pat =
        controls(eval, ph_eval_pat(eval, link.left, NULL, ctrl), ph_eval_pat(eval, link.right, NULL, ctrl));
    return want->tag == PH_T_CTRL || want->tag == PH_T_VAR || want->tag == PH_T_VALUE
               ? pat
               : ph_pat_uncontrol(&eval->build, pat, own->control);
  }
  case PH_CHAIN_APPLY:
    return ph_eval_pat(eval, ph_eval_apply(eval, link.right, link.left), NULL, want);
  case PH_CHAIN_PROCESS:
  case PH_CHAIN_ENVELOPE:
    if (own->tag == PH_T_SIG && own->events) {
      return effect(eval, node, &link);
    }
    ph_eval_mismatch(eval, node->at, want, own, "this acts on events, and a signal has none");
    return ph_eval_silence(eval);
  case PH_CHAIN_INSTRUMENT:
    return with_sound(eval, ph_eval_pat(eval, link.right, NULL, ctrl), ph_eval_instrument(eval, link.left));
  case PH_CHAIN_TRIGGER:
    return trigger(eval, &link);
  case PH_CHAIN_VALUES_SOUND: {
    const PhPat *notes =
        ph_pat_control(&eval->build, "note", ph_eval_pat(eval, link.left, NULL, ph_type_of(PH_T_NOTE)));
    return controls(eval, notes, ph_eval_pat(eval, link.right, NULL, ctrl));
  }
  case PH_CHAIN_VALUES_SOURCE: {
    const PhPat *notes =
        ph_pat_control(&eval->build, "note", ph_eval_pat(eval, link.left, NULL, ph_type_of(PH_T_NOTE)));
    return with_sound(eval, notes, ph_eval_instrument(eval, link.right));
  }
  default:
    return ph_eval_silence(eval);
  }
}

/* ---- as a signal ---------------------------------------------------------------------------------------------- */

static const PhPat *add_controls(PhEval *eval, const void *ctx, const PhPat *pat, PhSource at)
{
  (void)at;
  return controls(eval, pat, ph_eval_pat(eval, ctx, NULL, ph_type_of(PH_T_CTRL)));
}

/* An envelope on a signal: multiplied, one shot per cycle. */
static const PhSig *envelope(PhEval *eval, const PhAst *node, const PhLink *link)
{
  const PhSig *left = ph_eval_sig(eval, link->left, NULL, PH_USE_NUM);
  PhBound bound = ph_bind(eval, link->func, ph_spine(eval, link->right, NULL), true);
  if (!bound.ok) {
    return left;
  }
  const PhPat *once = ph_pat_pure(&eval->build, (PhValue){ .tag = PH_VALUE_BOOL, .b = true });
  for (uint32_t i = 0; i < link->func->param_count; i++) {
    if (!bound.slots[i] && bound.types[i]->tag == PH_T_SIG && bound.types[i]->use == PH_USE_GATE) {
      bound.missing -= !(link->func->params[i].flags & PH_PARAM_OPTIONAL);
      bound.slots[i] = ph_eval_pat_node(eval, once, ph_type_of(PH_T_BOOL), link->right->at);
    }
  }
  if (bound.missing) {
    ph_eval_error(eval, link->right->at, NULL, "`%s` lacks %s", link->func->name, ph_eval_missing(eval, &bound));
    return left;
  }
  return ph_sig_call2(eval, "mul", left, ph_eval_unit(eval, &bound, link->right->at, PH_USE_NUM), node->op_at);
}

const PhSig *ph_chain_sig(PhEval *eval, const PhAst *node, const PhEnv *env, PhStepUse use)
{
  const PhLink link = ph_chain_link(eval, node, env, true);
  const PhSig *sig;
  switch (link.kind) {
  case PH_CHAIN_APPLY:
  case PH_CHAIN_PROCESS:
    return ph_eval_sig(eval, ph_eval_apply(eval, link.right, link.left), NULL, use == PH_USE_HZ ? use : PH_USE_NUM);
  case PH_CHAIN_ENVELOPE:
    return envelope(eval, node, &link);
  case PH_CHAIN_EVENTS:
    sig = ph_eval_sig(eval, link.left, NULL, PH_USE_NUM);
    sig = ph_eval_lift(eval, sig, add_controls, link.right);
    return sig ? sig : ph_sig_num(eval, 0, node->at);
  case PH_CHAIN_ERROR:
    return ph_sig_num(eval, 0, node->at);
  default:
    return ph_eval_play(eval, node, env);
  }
}
