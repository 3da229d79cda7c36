/* Instruments: a bus as the code of a voice, lanes side by side (LANGUAGE §5).  SPDX-License-Identifier: MIT */
#include <math.h>

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

void ph_lower_instrument(PhLower *lower, const PhBus *bus, PhInstrument *out)
{
  PhArena *arena = lower->arena;
  *out = (PhInstrument){ .name = ph_arena_printf(arena, "~%s", bus->name), .at = bus->at, .key = bus->key, .voice_lanes = 1 };
  if (bus->pat || !bus->sig) {
    out->pat = bus->pat;
    return;
  }
  PhScope *scope = PH_NEW(arena, PhScope);
  ph_scope_init(scope, lower, true, ph_mix(bus->key, 0x766F696365));
  voice_slots(scope);
  const uint32_t index = (uint32_t)(bus - lower->program->buses);
  const PhSig self = { .tag = PH_SIG_BUS, .key = bus->key, .at = bus->at, .bus = index };
  PhNode *root = ph_node_audio(scope, ph_lower_mono(scope, &self, NULL));
  root->keep = true;
  ph_scope_order(scope, &root, 1);

  for (size_t i = 0; i < scope->nodes.len; i++) {
    PhNode *node = scope->nodes.items[i];
    if (node->kind == PH_NODE_EXTERN) {
      node->ref = ph_ref(PH_REF_LOCAL, node->index);
      node->placed = true;
      node->keep = true;
    }
  }
  uint32_t *all = PH_NEWN(arena, uint32_t, scope->components.len + 1);
  for (uint32_t i = 0; i < scope->components.len; i++) {
    all[i] = i;
  }
  PhEmit emit = { .components = all, .component_count = (uint32_t)scope->components.len, .lanes = PH_LANES_BANK,
                  .first_local = (uint32_t)scope->externs.len, .code = &out->code };
  ph_emit_code(scope, &emit);
  out->out = root->ref;
  out->voice_lanes = scope->stereo || scope->externs.len ? 2 : 1;
  out->slots = flat_slots(scope);
  out->slot_count = (uint32_t)scope->slots.len;
  out->steps = scope->steps.items;
  out->step_count = (uint32_t)scope->steps.len;
  out->root_hz = scope->root_hz;
  out->tail_sec = root->tail_sec;
  out->extern_count = (uint32_t)scope->externs.len;
  out->externs = PH_NEWN(arena, PhRef, scope->externs.len + 1);
  lower->plan->node_count += (uint32_t)scope->nodes.len;
  lower->instrument_scopes[out - lower->plan->instruments] = scope; /* externs get their refs once the program is placed */
}
