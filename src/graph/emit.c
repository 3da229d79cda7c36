/* Code: the instructions of a list of components, their wires coloured by liveness, their state laid out.
   SPDX-License-Identifier: MIT */
#include <string.h>

#include "graph/internal.h"

enum { ALIGN_WORDS = 16 }; /* state and lines start on 64 bytes */

typedef struct Item {
  PhInstr instr;
  PhNode *node;      /* what it computes, or what it writes back */
  bool defines;
} Item;

typedef struct Emitter {
  PhScope *scope;
  PhEmit *emit;
  PhArena *arena;
  PH_ARRAY(Item) items;
  PH_ARRAY(PhLoop) loops;
  PH_ARRAY(PhInstr) step_instrs;
  PH_ARRAY(uint32_t) steps;
  bool *seen;        /* step-rate nodes, by id */
  bool *step_seen;   /* step signals, by index */
  PH_ARRAY(uint32_t) free_locals;
  size_t state_words, line_floats;
} Emitter;

/* The node whose wire holds the value: a reference that a delay closes is its target. */
static PhNode *holder(PhNode *node)
{
  while (node->kind == PH_NODE_FEEDBACK && node->direct) {
    node = node->target;
  }
  return node;
}

static void place_slot(PhScope *scope, PhNode *node)
{
  if (node->placed) {
    return;
  }
  switch (node->kind) {
  case PH_NODE_NUM:
    node->ref = ph_ref(PH_REF_SLOT, ph_scope_slot(scope, node->num));
    break;
  case PH_NODE_LANES:
    node->ref = ph_ref(PH_REF_SLOT, ph_scope_slot(scope, 0));
    memcpy(scope->slots.items[node->ref.index], node->lanes, PH_LANES_BANK * sizeof(float));
    break;
  case PH_NODE_STEP:
    node->ref = ph_ref(PH_REF_SLOT, scope->steps.items[node->index].slot + node->channel);
    break;
  case PH_NODE_VOICE:
    node->ref = ph_ref(PH_REF_SLOT, node->index);
    break;
  default: /* a call at step rate */
    node->ref = ph_ref(PH_REF_SLOT, ph_scope_slot(scope, 0));
    break;
  }
  node->placed = true;
}

static const PhRef *input_refs(Emitter *e, const PhNode *node, uint32_t count)
{
  PhRef *refs = PH_NEWN(e->arena, PhRef, count ? count : 1);
  for (uint32_t k = 0; k < count; k++) {
    refs[k] = holder(node->in[k])->ref;
  }
  return refs;
}

/* The step-rate calls that a node needs, inputs first, and the step signals at their ends. */
static void need_step(Emitter *e, PhNode *node)
{
  if (node->rate == PH_RATE_AUDIO || e->seen[node->id]) {
    return;
  }
  e->seen[node->id] = true;
  place_slot(e->scope, node);
  if (node->kind == PH_NODE_STEP && !e->step_seen[node->index]) {
    e->step_seen[node->index] = true;
    PH_PUSH(e->arena, &e->steps, node->index);
  }
  if (node->kind != PH_NODE_CALL && node->kind != PH_NODE_GATHER) {
    return;
  }
  for (uint32_t k = 0; k < node->in_count; k++) {
    need_step(e, node->in[k]);
  }
  const PhInstr instr = { .unit = node->unit, .unit_index = node->unit_index, .phase = node->unit ? PH_PHASE_PROCESS : PH_PHASE_GATHER,
                          .in = input_refs(e, node, node->in_count), .in_count = node->in_count, .out = node->ref,
                          .data = node->data, .data_hash = node->text_hash, .key = node->key, .at = node->at };
  PH_PUSH(e->arena, &e->step_instrs, instr);
}

static size_t take(size_t *total, size_t amount)
{
  const size_t offset = *total;
  *total += (amount + ALIGN_WORDS - 1) / ALIGN_WORDS * ALIGN_WORDS;
  return offset;
}

static void push(Emitter *e, PhNode *node, PhPhase phase, bool defines)
{
  Item item = { .node = node, .defines = defines };
  item.instr.phase = phase;
  item.instr.unit = node->unit;
  item.instr.unit_index = node->unit_index;
  item.instr.in_count = node->kind == PH_NODE_FEEDBACK ? (phase == PH_PHASE_FEEDBACK_WRITE) : node->in_count;
  item.instr.data = node->data;
  item.instr.data_hash = node->text_hash;
  item.instr.lane_keys = node->lane_keys;
  item.instr.lane = node->kind == PH_NODE_PICK ? 2 * node->index : 0;
  item.instr.key = node->key;
  item.instr.seed = ph_mix(e->scope->lower->program->seed, node->key);
  item.instr.at = node->at;
  PH_PUSH(e->arena, &e->items, item);
}

static void give_state(Emitter *e, PhInstr *instr, const PhNode *node)
{
  const uint32_t floats = node->kind == PH_NODE_FEEDBACK ? 1 : node->unit ? node->unit->state_floats : 0;
  instr->state_offset = (uint32_t)take(&e->state_words, (size_t)floats * e->emit->lanes);
  instr->line_frames = node->line_frames;
  instr->line_offset = (uint32_t)take(&e->line_floats, (size_t)node->line_frames * e->emit->lanes);
}

/* What is not a unit and carries nothing from frame to frame. */
static bool plain_phase(const PhNode *node, PhPhase *phase)
{
  switch (node->kind) {
  case PH_NODE_COPY:
    *phase = PH_PHASE_COPY;
    return true;
  case PH_NODE_SPREAD:
    *phase = PH_PHASE_SPREAD;
    return true;
  case PH_NODE_GATHER:
    *phase = PH_PHASE_GATHER;
    return true;
  case PH_NODE_PICK:
    *phase = PH_PHASE_PICK;
    return true;
  case PH_NODE_FOLD:
    *phase = PH_PHASE_FOLD;
    return true;
  default:
    return false;
  }
}

/* Instructions of a component, what writes back at the end of a loop last. */
static void emit_component(Emitter *e, const PhComponent *component)
{
  const size_t first = e->items.len;
  for (uint32_t i = 0; i < component->count; i++) {
    PhNode *node = component->nodes[i];
    const bool is_call = node->kind == PH_NODE_CALL && node->rate == PH_RATE_AUDIO;
    PhPhase plain;
    if (node->kind == PH_NODE_FEEDBACK && !node->direct) {
      push(e, node, PH_PHASE_FEEDBACK_READ, true);
    } else if (node->rate == PH_RATE_AUDIO && plain_phase(node, &plain)) {
      push(e, node, plain, true);
    } else if (is_call) {
      push(e, node, node->split ? PH_PHASE_READ : PH_PHASE_PROCESS, true);
    } else {
      continue;
    }
    Item *item = &e->items.items[e->items.len - 1];
    give_state(e, &item->instr, node);
  }
  const size_t body = e->items.len;
  for (size_t i = first; i < body; i++) {
    const Item item = e->items.items[i];
    if (item.instr.phase == PH_PHASE_FEEDBACK_READ || item.instr.phase == PH_PHASE_READ) {
      push(e, item.node, item.instr.phase == PH_PHASE_READ ? PH_PHASE_WRITE : PH_PHASE_FEEDBACK_WRITE, false);
      PhInstr *write = &e->items.items[e->items.len - 1].instr;
      write->state_offset = item.instr.state_offset;
      write->line_offset = item.instr.line_offset;
      write->line_frames = item.instr.line_frames;
    }
  }
  if (component->loop && e->items.len > first) {
    const PhLoop loop = { (uint32_t)first, (uint32_t)(e->items.len - first), component->frames };
    PH_PUSH(e->arena, &e->loops, loop);
  }
}

static PhNode *item_input(const Item *item, uint32_t k)
{
  if (item->instr.phase == PH_PHASE_FEEDBACK_WRITE) {
    return holder(item->node->target);
  }
  return holder(item->node->in[k]);
}

static bool reads(const Item *item, uint32_t k) { return !(item->instr.phase == PH_PHASE_READ && k == 0); }

static uint32_t take_local(Emitter *e)
{
  if (e->free_locals.len) {
    return e->free_locals.items[--e->free_locals.len];
  }
  return e->emit->code->local_count++;
}

static bool is_coloured(const PhNode *node)
{
  return node->ref.kind == PH_REF_LOCAL && node->kind != PH_NODE_EXTERN;
}

/* Gives every instr its wires. A wire is free again after its last reader, whose output may take its place. */
static void colour(Emitter *e)
{
  for (size_t i = 0; i < e->items.len; i++) {
    for (uint32_t k = 0; k < e->items.items[i].instr.in_count; k++) {
      item_input(&e->items.items[i], k)->last_use = (uint32_t)i;
    }
  }
  const uint32_t spare = e->items.len ? take_local(e) : 0; /* where an instr without an output of its own may scribble */
  for (size_t i = 0; i < e->items.len; i++) {
    Item *item = &e->items.items[i];
    PhRef *refs = PH_NEWN(e->arena, PhRef, item->instr.in_count + 1);
    for (uint32_t k = 0; k < item->instr.in_count; k++) {
      PhNode *in = item_input(item, k);
      refs[k] = reads(item, k) ? in->ref : ph_ref(PH_REF_SLOT, 0);
    }
    for (uint32_t k = 0; k < item->instr.in_count; k++) {
      PhNode *in = item_input(item, k);
      if (in->placed && is_coloured(in) && in->last_use == i && !in->keep && !in->freed) {
        in->freed = true;
        PH_PUSH(e->arena, &e->free_locals, in->ref.index);
      }
    }
    item->instr.in = refs;
    PhNode *node = item->node;
    if (!item->defines) {
      item->instr.out = ph_ref(PH_REF_LOCAL, spare);
      continue;
    }
    if (!node->placed) {
      node->ref = ph_ref(PH_REF_LOCAL, take_local(e));
      node->placed = true;
    }
    item->instr.out = node->ref;
  }
}

static void finish(Emitter *e)
{
  PhCode *code = e->emit->code;
  code->lanes = e->emit->lanes;
  code->instr_count = (uint32_t)e->items.len;
  code->instrs = PH_NEWN(e->arena, PhInstr, e->items.len + 1);
  for (size_t i = 0; i < e->items.len; i++) {
    code->instrs[i] = e->items.items[i].instr;
  }
  code->step_instrs = e->step_instrs.items;
  code->step_instr_count = (uint32_t)e->step_instrs.len;
  code->loops = e->loops.items;
  code->loop_count = (uint32_t)e->loops.len;
  code->state_words = (uint32_t)e->state_words;
  code->line_floats = e->line_floats;
  e->emit->steps = e->steps.items;
  e->emit->step_count = (uint32_t)e->steps.len;
}

void ph_emit_code(PhScope *scope, PhEmit *emit)
{
  PhArena *arena = scope->lower->arena;
  Emitter e = { .scope = scope, .emit = emit, .arena = arena };
  e.seen = PH_NEWN(arena, bool, scope->nodes.len + 1);
  e.step_seen = PH_NEWN(arena, bool, scope->steps.len + 1);
  emit->code->local_count = emit->first_local;
  for (uint32_t i = 0; i < emit->component_count; i++) {
    emit_component(&e, &scope->components.items[emit->components[i]]);
  }
  for (size_t i = 0; i < e.items.len; i++) {
    for (uint32_t k = 0; k < e.items.items[i].instr.in_count; k++) {
      need_step(&e, item_input(&e.items.items[i], k));
    }
  }
  colour(&e);
  finish(&e);
}
