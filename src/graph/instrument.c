/* Instruments: a bus as the code of a voice, lanes side by side (LANGUAGE §5).  SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "graph/internal.h"

#define C4_HZ 261.62556530059863

static void voice_slots(PhScope *scope)
{
  const double values[PH_VOICE_SLOTS] = { [PH_VOICE_HZ] = C4_HZ, [PH_VOICE_RATIO] = 1, [PH_VOICE_ONE] = 1, [PH_VOICE_GATE] = 1 };
  for (uint32_t i = 0; i < PH_VOICE_SLOTS; i++) {
    (void)ph_scope_slot(scope, values[i]);
  }
}

static float *flat_slots(PhScope *scope)
{
  float *slots = PH_NEWN(scope->lower->arena, float, (scope->slots.len + 1) * PH_LANES_BANK);
  for (size_t i = 0; i < scope->slots.len; i++) {
    for (uint32_t lane = 0; lane < PH_LANES_BANK; lane++) {
      slots[i * PH_LANES_BANK + lane] = scope->slots.items[i][lane];
    }
  }
  return slots;
}

/* ---- pitch ---- */

static PhNode *voice_slot(PhScope *scope, uint32_t slot, PhSource at)
{
  return ph_node_leaf(scope, PH_NODE_VOICE, PH_RATE_STEP, slot, 0, scope->key, at);
}

static PhNode *source_call(PhScope *scope, const char *unit, PhNode *const *in, uint32_t count, uint64_t role, PhSource at)
{
  return ph_node_math(scope, unit, in, count, ph_mix(scope->key, role), at);
}

/* What moves the pitch, made of units: an exponential line to 1, times a straight one. */
static PhNode *bend_of(PhScope *scope, PhSource at)
{
  if (!scope->bend) {
    PhNode *gate = voice_slot(scope, PH_VOICE_GATE, at), *unity = ph_node_num(scope, 1), *zero = ph_node_num(scope, 0);
    PhNode *line[] = { voice_slot(scope, scope->motion + PH_MOTION_START, at), unity,
                       voice_slot(scope, scope->motion + PH_MOTION_GLIDE, at), gate };
    PhNode *slope[] = { source_call(scope, "timer", &gate, 1, 1, at), voice_slot(scope, scope->motion + PH_MOTION_BEND, at) };
    PhNode *sum[] = { source_call(scope, "mul", slope, 2, 2, at), unity };
    PhNode *held[] = { source_call(scope, "add", sum, 2, 3, at), zero };
    PhNode *product[] = { source_call(scope, "xline", line, 4, 4, at), source_call(scope, "max", held, 2, 5, at) };
    scope->bend = source_call(scope, "mul", product, 2, 6, at);
  }
  return scope->bend;
}

static PhNode *moved(PhScope *scope, PhNode *pitch, PhSource at)
{
  return scope->motion ? ph_node_mul(scope, pitch, bend_of(scope, at), ph_mix(scope->key, 7), at) : pitch;
}

PhNode *ph_voice_hz(PhScope *scope, PhSource at) { return moved(scope, voice_slot(scope, PH_VOICE_HZ, at), at); }
PhNode *ph_voice_ratio(PhScope *scope, PhSource at) { return moved(scope, voice_slot(scope, PH_VOICE_RATIO, at), at); }

/* ---- controls of the event ---- */

/* The control that a name stands for; events may carry any name (pF), so an unknown one is only doubted where another is near. */
static const char *canonical(PhLower *lower, const char *name, PhSource at)
{
  size_t count;
  const PhControl *rows = ph_pattern_controls(&count);
  const size_t len = strlen(name);
  const unsigned slips = len > 5 ? 2 : 1;
  const char *near = NULL;
  for (size_t i = 0; i < count; i++) {
    if (strcmp(rows[i].func.name, name) == 0 || ph_str_has_word(rows[i].func.aliases, ph_str_of(name))) {
      return rows[i].canonical;
    }
    const bool close = len > 3 && ph_str_distance(ph_str_of(name), ph_str_of(rows[i].func.name), slips) <= slips;
    near = close && !near ? rows[i].func.name : near;
  }
  const bool numbered = len && name[len - 1] >= '0' && name[len - 1] <= '9'; /* ratio4 beside ratio3 */
  if (near && !numbered) {
    ph_diags_add(lower->diags, PH_SEVERITY_WARNING, at, ph_arena_printf(lower->arena, "did you mean `%s`?", near),
                 "no control is called `%s`; only `pF \"%s\"` can give it", name, name);
  }
  return name;
}

/* The number of a control in the plan. */
static uint32_t control_index(PhLower *lower, const char *name)
{
  uint32_t index = 0;
  while (index < lower->controls.len && strcmp(lower->controls.items[index], name) != 0) {
    index++;
  }
  if (index == lower->controls.len) {
    PH_PUSH(lower->arena, &lower->controls, name);
  }
  return index;
}

static PhNode *control_slot(PhScope *scope, PhVoiceControl control, uint64_t key, PhSource at)
{
  for (size_t i = 0; i < scope->controls.len; i++) {
    const PhVoiceControl *had = &scope->controls.items[i];
    if (had->control == control.control && had->given == control.given && had->dflt == control.dflt) {
      return ph_node_leaf(scope, PH_NODE_VOICE, PH_RATE_STEP, had->slot, 0, key, at);
    }
  }
  control.slot = ph_scope_slot(scope, control.given ? 0 : (double)control.dflt);
  PH_PUSH(scope->lower->arena, &scope->controls, control);
  return ph_node_leaf(scope, PH_NODE_VOICE, PH_RATE_STEP, control.slot, 0, key, at);
}

PhNode *ph_voice_control(PhScope *scope, const char *name, PhNode *dflt, uint64_t key, PhSource at)
{
  PhVoiceControl control = { .control = control_index(scope->lower, canonical(scope->lower, name, at)) };
  const bool constant = dflt->kind == PH_NODE_NUM;
  control.dflt = constant ? (float)dflt->num : 0;
  PhNode *value = control_slot(scope, control, key, at);
  if (!constant) {
    control.given = true;
    PhNode *choice[] = { control_slot(scope, control, ph_mix(key, 1), at), value, dflt };
    value = ph_node_math(scope, "if", choice, 3, ph_mix(key, 2), at);
  }
  const bool is_pitch = strcmp(scope->lower->controls.items[control.control], "freq") == 0;
  return is_pitch ? moved(scope, value, at) : value;
}

/* ---- the code of a voice ---- */

/* What the wire of `root` needs, as code of a bank. */
static void emit_voice(PhScope *scope, PhNode *root, PhInstrument *out)
{
  ph_scope_order(scope, &root, 1);
  for (size_t i = 0; i < scope->nodes.len; i++) {
    PhNode *node = scope->nodes.items[i];
    if (node->kind == PH_NODE_EXTERN) {
      node->ref = ph_ref(PH_REF_LOCAL, node->index);
      node->placed = true;
      node->keep = true;
    }
  }
  uint32_t *all = PH_NEWN(scope->lower->arena, uint32_t, scope->components.len + 1);
  for (uint32_t i = 0; i < scope->components.len; i++) {
    all[i] = i;
  }
  PhEmit emit = { .components = all, .component_count = (uint32_t)scope->components.len, .lanes = PH_LANES_BANK,
                  .first_local = (uint32_t)scope->externs.len, .code = &out->code };
  ph_emit_code(scope, &emit);
  out->out = root->ref;
}

void ph_lower_instrument(PhLower *lower, const PhBus *bus, bool moves, PhInstrument *out)
{
  PhArena *arena = lower->arena;
  *out = (PhInstrument){ .name = bus->synth ? bus->name : ph_arena_printf(arena, "~%s", bus->name), .at = bus->at,
                         .key = bus->key, .voice_lanes = 1, .shape = bus->shape };
  if (bus->pat || !bus->sig) {
    out->pat = bus->pat;
    return;
  }
  PhScope *scope = PH_NEW(arena, PhScope);
  ph_scope_init(scope, lower, true, ph_mix(bus->key, 0x766F696365));
  voice_slots(scope);
  for (uint32_t i = 0; moves && i < PH_MOTION_SLOTS; i++) {
    const uint32_t slot = ph_scope_slot(scope, i == PH_MOTION_START ? 1 : 0);
    scope->motion = i == 0 ? slot : scope->motion;
  }
  const uint32_t index = (uint32_t)(bus - lower->program->buses);
  const PhSig self = { .tag = PH_SIG_BUS, .key = bus->key, .at = bus->at, .bus = index };
  PhNode *root = ph_node_audio(scope, ph_lower_mono(scope, &self, NULL));
  root->keep = true;
  emit_voice(scope, root, out);
  out->voice_lanes = scope->stereo || scope->externs.len ? 2 : 1;
  out->slots = flat_slots(scope);
  out->slot_count = (uint32_t)scope->slots.len;
  out->steps = scope->steps.items;
  out->step_count = (uint32_t)scope->steps.len;
  out->root_hz = scope->root_hz;
  out->motion = scope->motion;
  out->controls = scope->controls.items;
  out->control_count = (uint32_t)scope->controls.len;
  out->tail_sec = root->tail_sec;
  out->extern_count = (uint32_t)scope->externs.len;
  out->externs = PH_NEWN(arena, PhRef, scope->externs.len + 1);
  lower->plan->node_count += (uint32_t)scope->nodes.len;
  lower->instrument_scopes[out - lower->plan->instruments] = scope; /* externs get their refs once the program is placed */
}
