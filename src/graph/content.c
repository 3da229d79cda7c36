/* What a plan has in common with a later one: names of wires that do not depend on the plan, and hashes of what strands and
   instruments compute. Where two plans agree, an engine carries the state of the one over to the other and no bit changes.
   SPDX-License-Identifier: MIT */
#include <string.h>

#include "graph/internal.h"

typedef struct Names {
  PhArena *arena;
  PH_ARRAY(PhWireName) items;
} Names;

static void name_wire(Names *names, uint64_t key, uint32_t shared)
{
  PH_PUSH(names->arena, &names->items, ((PhWireName){ key, shared }));
}

static uint64_t writer_key(const PhInstr *instr)
{
  return ph_mix(instr->key, ph_mix((uint64_t)instr->phase, instr->unit ? instr->unit_index : UINT64_MAX));
}

/* Of a wide wire: it is the same one if each lane is. */
static uint64_t lanes_key(const PhInstr *instr)
{
  uint64_t key = ph_mix(writer_key(instr), 0x77696465);
  for (uint32_t lane = 0; instr->lane_keys && lane < PH_LANES_BANK; lane++) {
    key = ph_mix(key, instr->lane_keys[lane]);
  }
  return key;
}

/* What people can name goes first: an output stays that output when its last effect becomes another one. */
static void name_roots(PhLower *lower, Names *names)
{
  const PhPlan *plan = lower->plan;
  for (uint32_t i = 0; i < plan->stem_count; i++) {
    name_wire(names, ph_mix(ph_hash_str("stem"), plan->stems[i].number), plan->stems[i].shared);
  }
  name_wire(names, ph_hash_str("master"), plan->master);
  for (uint32_t i = 0; i < plan->tap_count; i++) {
    name_wire(names, ph_mix(ph_hash_str("tap"), ph_hash_str(plan->taps[i].name)), plan->taps[i].shared);
  }
  for (uint32_t p = 0; p < plan->player_count; p++) {
    const PhPlayer *player = &plan->players[p];
    for (uint32_t r = 0; r < player->route_count; r++) {
      const uint64_t route = (uint64_t)player->routes[r].orbit << 32 | player->routes[r].mask;
      name_wire(names, ph_mix(ph_mix(player->key, 0x726F757465), route), player->routes[r].shared);
    }
  }
  for (uint32_t i = 0; i < plan->step_count; i++) {
    if (plan->steps[i].continuous) {
      name_wire(names, ph_mix(plan->steps[i].key, 0x73746570), plan->steps[i].shared);
    }
  }
}

static void name_wires(PhLower *lower)
{
  PhPlan *plan = lower->plan;
  Names names = { .arena = lower->arena };
  name_roots(lower, &names);
  for (uint32_t s = 0; s < plan->strand_count; s++) {
    const PhCode *code = &plan->strands[s].code;
    for (uint32_t i = 0; i < code->instr_count; i++) {
      if (code->instrs[i].out.kind == PH_REF_SHARED) {
        name_wire(&names, writer_key(&code->instrs[i]), code->instrs[i].out.index);
      } else if (code->instrs[i].out.kind == PH_REF_WIDE) {
        name_wire(&names, lanes_key(&code->instrs[i]), code->instrs[i].out.index);
      }
    }
  }
  plan->wires = names.items.items;
  plan->wire_count = (uint32_t)names.items.len;
}

/* ---- hashes ---- */

typedef struct Hasher {
  const uint64_t *wires; /* by shared wire: the first of its names */
  uint64_t *slots;       /* by slot: what it holds */
} Hasher;

static uint64_t hash_floats(const float *x, size_t count) { return ph_hash(x, count * sizeof *x); }

static uint64_t hash_ref(const Hasher *h, PhRef ref)
{
  const uint64_t what = ref.kind == PH_REF_SLOT ? h->slots[ref.index] : ph_ref_crosses(ref) ? h->wires[ref.index] : ref.index;
  return ph_mix(ref.kind, what);
}

static uint64_t hash_instr(const Hasher *h, const PhInstr *instr)
{
  uint64_t hash = ph_mix(writer_key(instr), ph_mix(instr->seed, instr->data_hash));
  hash = ph_mix(hash, ((uint64_t)instr->state_offset << 32) ^ ((uint64_t)instr->line_offset << 16) ^ instr->line_frames);
  for (uint32_t k = 0; k < instr->in_count; k++) {
    hash = ph_mix(hash, hash_ref(h, instr->in[k]));
  }
  for (uint32_t lane = 0; instr->lane_keys && lane < PH_LANES_BANK; lane++) {
    hash = ph_mix(hash, instr->lane_keys[lane]);
  }
  return hash;
}

static uint64_t hash_code(Hasher *h, const PhCode *code)
{
  uint64_t hash = ph_mix(code->lanes, ph_mix(code->state_words, code->line_floats));
  for (uint32_t i = 0; i < code->step_instr_count; i++) { /* inputs stand before what reads them */
    h->slots[code->step_instrs[i].out.index] = hash_instr(h, &code->step_instrs[i]);
  }
  for (uint32_t i = 0; i < code->instr_count; i++) {
    hash = ph_mix(hash, ph_mix(hash_instr(h, &code->instrs[i]), hash_ref(h, code->instrs[i].out)));
  }
  for (uint32_t i = 0; i < code->loop_count; i++) {
    const PhLoop *loop = &code->loops[i];
    hash = ph_mix(hash, ph_mix((uint64_t)loop->first << 32 | loop->count, loop->frames));
  }
  return hash;
}

/* By slot what it holds at the beginning, or the step that sets it. */
static uint64_t *hash_slots(PhArena *arena, const PhPlan *plan)
{
  uint64_t *hashes = PH_NEWN(arena, uint64_t, plan->slot_count + 1);
  for (uint32_t i = 0; i < plan->slot_count; i++) {
    hashes[i] = hash_floats(plan->slots + (size_t)i * PH_LANES_BANK, PH_LANES_BANK);
  }
  for (uint32_t i = 0; i < plan->step_count; i++) {
    const PhStep *step = &plan->steps[i];
    for (uint32_t c = 0; !step->continuous && c < step->channels; c++) {
      hashes[step->slot + c] = ph_mix(ph_mix(step->key, 0x736C6F74), c);
    }
  }
  return hashes;
}

/* A voice keeps its bank's memory, so everything must stand where it stood. */
static uint64_t hash_instrument(PhArena *arena, const uint64_t *wires, const PhInstrument *instrument)
{
  const uint32_t count = instrument->slot_count;
  uint64_t hash = ph_mix(instrument->key, hash_floats(instrument->slots, (size_t)count * PH_LANES_BANK));
  uint64_t *slots = PH_NEWN(arena, uint64_t, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    slots[i] = i;
  }
  Hasher h = { wires, slots };
  hash = ph_mix(hash, hash_code(&h, &instrument->code));
  hash = ph_mix(hash, (uint64_t)instrument->out.index << 32 | (uint64_t)instrument->voice_lanes << 16 | instrument->motion);
  for (uint32_t i = 0; i < instrument->step_count; i++) {
    const PhStep *step = &instrument->steps[i];
    hash = ph_mix(hash, (uint64_t)step->slot << 32 | (uint64_t)step->channels << 8 | (uint64_t)step->use);
  }
  for (uint32_t i = 0; i < instrument->control_count; i++) {
    hash = ph_mix(hash, instrument->controls[i].slot);
  }
  for (uint32_t i = 0; i < instrument->extern_count; i++) {
    hash = ph_mix(hash, wires[instrument->externs[i].index]);
  }
  return hash;
}

void ph_plan_content(PhLower *lower)
{
  PhPlan *plan = lower->plan;
  name_wires(lower);
  uint64_t *wires = PH_NEWN(lower->arena, uint64_t, plan->shared_count + 1);
  for (uint32_t i = plan->wire_count; i-- > 0;) {
    wires[plan->wires[i].shared] = plan->wires[i].key;
  }
  Hasher h = { wires, hash_slots(lower->arena, plan) };
  for (uint32_t s = 0; s < plan->strand_count; s++) {
    PhStrand *strand = &plan->strands[s];
    strand->content = strand->kind == PH_STRAND_CODE ? ph_mix(ph_hash_str(strand->name), hash_code(&h, &strand->code)) : 0;
  }
  for (uint32_t i = 0; i < plan->instrument_count; i++) {
    plan->instruments[i].content = hash_instrument(lower->arena, wires, &plan->instruments[i]);
  }
}
