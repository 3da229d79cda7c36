/* Working out a swap: which strands are the same, whose state goes on in which call, and what has to be faded. Depends on nothing
   but the two plans.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "engine/swap.h"

/* While it is worked out. The arena is the spare engine's. */
typedef struct Planner {
  PhSwap *swap;
  PhArena *arena;
  size_t wire_floats;         /* of a wire in a whole window */
  uint32_t fade_frames;
  bool *seen;                 /* by strand of the new plan: of a walk */
} Planner;

static int32_t *numbers(PhArena *arena, uint32_t count)
{
  int32_t *out = PH_NEWN(arena, int32_t, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    out[i] = -1;
  }
  return out;
}

/* ---- wires ---- */

static int compare_names(const void *a, const void *b)
{
  const PhWireName *x = a, *y = b;
  if (x->key != y->key) {
    return x->key < y->key ? -1 : 1;
  }
  return x->shared < y->shared ? -1 : x->shared > y->shared;
}

static PhWireName *sorted_names(PhArena *arena, const PhPlan *plan)
{
  PhWireName *names = PH_NEWN(arena, PhWireName, plan->wire_count + 1);
  if (plan->wire_count) {
    memcpy(names, plan->wires, plan->wire_count * sizeof *names);
    qsort(names, plan->wire_count, sizeof *names, compare_names);
  }
  return names;
}

uint32_t ph_wire_named(const PhWireName *names, uint32_t count, uint64_t key)
{
  uint32_t low = 0, high = count;
  while (low < high) {
    const uint32_t mid = low + (high - low) / 2;
    if (names[mid].key < key) {
      low = mid + 1;
    } else {
      high = mid;
    }
  }
  return low < count && names[low].key == key ? names[low].shared : PH_NO_WIRE;
}

static int32_t *writers(PhArena *arena, const PhPlan *plan)
{
  int32_t *writer = numbers(arena, plan->shared_count);
  for (uint32_t s = 0; s < plan->strand_count; s++) {
    const PhStrand *strand = &plan->strands[s];
    for (uint32_t i = 0; i < strand->code.instr_count; i++) {
      if (ph_ref_crosses(strand->code.instrs[i].out)) {
        writer[strand->code.instrs[i].out.index] = (int32_t)s;
      }
    }
    if (strand->kind == PH_STRAND_VOICES) {
      writer[plan->players[strand->player].routes[strand->route].shared] = (int32_t)s;
    }
  }
  return writer;
}

uint64_t ph_wire_name(const PhPlan *plan, uint32_t wire)
{
  for (uint32_t i = 0; i < plan->wire_count; i++) {
    if (plan->wires[i].shared == wire) {
      return plan->wires[i].key;
    }
  }
  return 0;
}

/* ---- what is the same ---- */

static void match_players(Planner *p)
{
  PhSwap *swap = p->swap;
  for (uint32_t i = 0; i < swap->from->player_count; i++) {
    for (uint32_t k = 0; k < swap->to->player_count; k++) {
      if (swap->from->players[i].key == swap->to->players[k].key) {
        swap->player_to[i] = (int32_t)k;
        break;
      }
    }
  }
}

static void match_instruments(Planner *p)
{
  PhSwap *swap = p->swap;
  for (uint32_t i = 0; i < swap->from->instrument_count; i++) {
    for (uint32_t k = 0; k < swap->to->instrument_count; k++) {
      if (swap->from->instruments[i].content == swap->to->instruments[k].content) {
        swap->instrument_to[i] = (int32_t)k;
        break;
      }
    }
  }
}

static void match_steps(Planner *p)
{
  PhSwap *swap = p->swap;
  for (uint32_t k = 0; k < swap->to->step_count; k++) {
    const PhStep *to = &swap->to->steps[k];
    for (uint32_t i = 0; i < swap->from->step_count; i++) {
      const PhStep *from = &swap->from->steps[i];
      if (from->key == to->key && from->use == to->use && from->channels == to->channels && from->continuous == to->continuous &&
          from->orbit == to->orbit && from->parameter == to->parameter) {
        swap->step_from[k] = (int32_t)i;
        break;
      }
    }
  }
  for (uint32_t s = 0; s < swap->from->strand_count; s++) {
    for (uint32_t i = 0; i < swap->from->strands[s].step_count; i++) {
      swap->step_strand[swap->from->strands[s].steps[i]] = (int32_t)s;
    }
  }
}

static void move_strand(PhSwap *swap, uint32_t to, uint32_t from)
{
  swap->strand_from[to] = (int32_t)from;
  swap->fates[from] = PH_FATE_MOVED;
}

static void match_voices(Planner *p)
{
  PhSwap *swap = p->swap;
  for (uint32_t s = 0; s < swap->from->strand_count; s++) {
    const PhStrand *from = &swap->from->strands[s];
    const int32_t player = from->kind == PH_STRAND_VOICES ? swap->player_to[from->player] : -1;
    for (uint32_t k = 0; player >= 0 && k < swap->to->strand_count; k++) {
      const PhStrand *to = &swap->to->strands[k];
      if (to->kind == PH_STRAND_VOICES && to->player == (uint32_t)player) {
        const PhRoute *a = &swap->from->players[from->player].routes[from->route], *b = &swap->to->players[player].routes[to->route];
        if (a->mask == b->mask && a->orbit == b->orbit) {
          move_strand(swap, k, s);
        }
      }
    }
  }
}

/* Whether what is in the wire goes on without a seam, or will be faded where it is made. */
static bool corresponds(const PhSwap *swap, uint32_t from, uint32_t to)
{
  const int32_t writer = swap->writer_to[to];
  if (writer >= 0 && swap->strand_from[writer] >= 0) {
    return swap->strand_from[writer] == swap->writer_from[from];
  }
  return ph_wire_name(swap->from, from) == ph_wire_name(swap->to, to);
}

static bool same_inputs(const PhSwap *swap, const PhStrand *from, const PhStrand *to)
{
  for (uint32_t i = 0; i < to->code.instr_count; i++) {
    const PhInstr *a = &from->code.instrs[i], *b = &to->code.instrs[i];
    for (uint32_t k = 0; k < b->in_count; k++) {
      if (ph_ref_crosses(b->in[k]) && !corresponds(swap, a->in[k].index, b->in[k].index)) {
        return false;
      }
    }
  }
  return true;
}

static void match_code(Planner *p)
{
  PhSwap *swap = p->swap;
  for (uint32_t k = 0; k < swap->to->strand_count; k++) {
    const PhStrand *to = &swap->to->strands[k];
    for (uint32_t s = 0; to->kind == PH_STRAND_CODE && s < swap->from->strand_count && swap->strand_from[k] < 0; s++) {
      const PhStrand *from = &swap->from->strands[s];
      if (from->kind == PH_STRAND_CODE && swap->fates[s] == PH_FATE_GONE && from->content == to->content &&
          same_inputs(swap, from, to)) {
        move_strand(swap, k, s);
      }
    }
  }
}

/* ---- state that goes on ---- */

/* Lanes side by side that one node of the graph has. */
typedef struct Place {
  uint64_t key;
  PhLanePlace first;
  uint32_t count;
} Place;

static bool keeps_state(const PhInstr *instr)
{
  return instr->phase == PH_PHASE_FEEDBACK_READ || (instr->unit && (instr->phase == PH_PHASE_PROCESS || instr->phase == PH_PHASE_READ));
}

static uint64_t place_key(const PhInstr *instr, uint64_t key)
{
  const bool moves = instr->unit && (instr->unit->flags & PH_UNIT_RING);
  return ph_mix(key, ph_mix(instr->unit ? instr->unit_index : UINT64_MAX, moves ? 0 : instr->line_frames));
}

static uint64_t lane_key(const PhInstr *instr, uint32_t lane)
{
  return instr->lane_keys ? instr->lane_keys[lane] : instr->key;
}

static int compare_places(const void *a, const void *b)
{
  const Place *x = a, *y = b;
  if (x->key != y->key) {
    return x->key < y->key ? -1 : 1;
  }
  if (x->first.strand != y->first.strand) {
    return x->first.strand < y->first.strand ? -1 : 1;
  }
  if (x->first.instr != y->first.instr) {
    return x->first.instr < y->first.instr ? -1 : 1;
  }
  return x->first.lane < y->first.lane ? -1 : x->first.lane > y->first.lane;
}

static const Place *find_place(const Place *places, size_t count, uint64_t key)
{
  size_t low = 0, high = count;
  while (low < high) {
    const size_t mid = low + (high - low) / 2;
    if (places[mid].key < key) {
      low = mid + 1;
    } else {
      high = mid;
    }
  }
  return low < count && places[low].key == key ? &places[low] : NULL;
}

/* The places of a call: one on a bus, one per node in a bank. */
static uint32_t places_of(const PhCode *code, uint32_t strand, uint32_t i, Place *out)
{
  const PhInstr *instr = &code->instrs[i];
  uint32_t count = 0;
  for (uint32_t lane = 0, next; keeps_state(instr) && lane < code->lanes; lane = next) {
    for (next = lane + 1; next < code->lanes && lane_key(instr, next) == lane_key(instr, lane);) {
      next++;
    }
    if (lane_key(instr, lane)) {
      out[count++] = (Place){ place_key(instr, lane_key(instr, lane)), { strand, i, lane }, next - lane };
    }
  }
  return count;
}

/* Lanes of a node that had fewer of them before repeat what there is: left and right of a bus, of a pair of lanes, or both from one. */
static bool carry_place(const Place *places, size_t count, const Place *place, PhCarry *carry)
{
  const Place *from = find_place(places, count, place->key);
  for (uint32_t lane = 0; from && lane < place->count; lane++) {
    carry->from[place->first.lane + lane] = from->first;
    carry->from[place->first.lane + lane].lane += lane % from->count;
  }
  return from != NULL;
}

static void match_calls(Planner *p)
{
  PhSwap *swap = p->swap;
  PH_ARRAY(Place) places = { 0 };
  Place own[PH_LANES_BANK];
  for (uint32_t s = 0; s < swap->from->strand_count; s++) {
    for (uint32_t i = 0; i < swap->from->strands[s].code.instr_count; i++) {
      const uint32_t count = places_of(&swap->from->strands[s].code, s, i, own);
      for (uint32_t k = 0; k < count; k++) {
        PH_PUSH(p->arena, &places, own[k]);
      }
    }
  }
  if (places.len) {
    qsort(places.items, places.len, sizeof *places.items, compare_places);
  }
  PH_ARRAY(PhCarry) carries = { 0 };
  for (uint32_t s = 0; s < swap->to->strand_count; s++) {
    const PhCode *code = &swap->to->strands[s].code;
    for (uint32_t i = 0; swap->strand_from[s] < 0 && i < code->instr_count; i++) {
      PhCarry carry = { .strand = s, .instr = i };
      for (uint32_t lane = 0; lane < PH_LANES_BANK; lane++) {
        carry.from[lane].strand = PH_NO_STRAND;
      }
      bool any = false;
      const uint32_t count = places_of(code, s, i, own);
      for (uint32_t k = 0; k < count; k++) {
        any |= carry_place(places.items, places.len, &own[k], &carry);
      }
      if (any) {
        PH_PUSH(p->arena, &carries, carry);
      }
    }
  }
  swap->carries = carries.items;
  swap->carry_count = (uint32_t)carries.len;
}

/* ---- ghosts ---- */

static void *allocate(Planner *p, size_t bytes)
{
  void *ptr = ph_engine_alloc(NULL, bytes);
  if (!ptr) {
    ph_trap_raise(p->arena->trap, PH_NOMEM, "%s", ph_status_text(PH_NOMEM));
  }
  return ptr;
}

static void add_input(Planner *p, uint32_t strand, int32_t input)
{
  PhSwap *swap = p->swap;
  if (input < 0) {
    return;
  }
  if (!swap->inputs[strand]) {
    const PhStrand *row = &swap->to->strands[strand];
    swap->inputs[strand] = allocate(p, (swap->to->strand_count + 1) * sizeof(uint32_t));
    swap->input_counts[strand] = row->input_count;
    for (uint32_t i = 0; i < row->input_count; i++) {
      swap->inputs[strand][i] = row->inputs[i];
    }
  }
  for (uint32_t i = 0; i < swap->input_counts[strand]; i++) {
    if (swap->inputs[strand][i] == (uint32_t)input) {
      return;
    }
  }
  swap->inputs[strand][swap->input_counts[strand]++] = (uint32_t)input;
}

/* Whether `strand` has to wait for `other`, whatever lies between. `seen`: those that were looked at. */
static bool waits_for(const PhSwap *swap, uint32_t strand, uint32_t other, bool *seen)
{
  const PhStrand *row = &swap->to->strands[strand];
  const uint32_t *inputs = swap->inputs[strand] ? swap->inputs[strand] : row->inputs;
  const uint32_t count = swap->inputs[strand] ? swap->input_counts[strand] : row->input_count;
  seen[strand] = true;
  for (uint32_t i = 0; i < count; i++) {
    if (inputs[i] == other || (!seen[inputs[i]] && waits_for(swap, inputs[i], other, seen))) {
      return true;
    }
  }
  return false;
}

static bool may_wait(Planner *p, uint32_t strand, uint32_t other)
{
  if (strand == other) {
    return false;
  }
  memset(p->seen, 0, p->swap->to->strand_count * sizeof *p->seen);
  return !waits_for(p->swap, other, strand, p->seen);
}

/* Whether what is heard of the former wire goes on in this one: it is the same, or it is faded there. */
static bool goes_on(const PhSwap *swap, uint32_t from, uint32_t to)
{
  const int32_t writer = swap->writer_to[to];
  if (writer < 0) {
    return swap->writer_from[from] < 0;
  }
  const PhGhost *ghost = swap->ghosts[writer];
  for (uint32_t i = 0; ghost && i < ghost->fade_count; i++) {
    if (ghost->fades[i].to == to) {
      return ghost->fades[i].from == from;
    }
  }
  return swap->strand_from[writer] >= 0 && swap->strand_from[writer] == swap->writer_from[from];
}

/* The wire of the new plan that is the same, and can be ready before the strand runs; PH_NO_WIRE if there is none. What voices
   write is not yet blended when their own ghost reads it. */
static uint32_t same_wire(Planner *p, uint32_t strand, uint32_t wire)
{
  const PhSwap *swap = p->swap;
  const bool own_too = swap->to->strands[strand].kind == PH_STRAND_VOICES;
  for (uint32_t i = 0; i < swap->from->wire_count; i++) {
    const PhWireName *name = &swap->from->wires[i];
    const uint32_t found = name->shared == wire ? ph_wire_named(swap->names_to, swap->to->wire_count, name->key) : PH_NO_WIRE;
    if (found == PH_NO_WIRE) {
      continue;
    }
    const int32_t writer = swap->writer_to[found];
    if (goes_on(swap, wire, found) && (writer < 0 || may_wait(p, strand, (uint32_t)writer))) {
      return found;
    }
    if (own_too && writer == (int32_t)strand && swap->strand_from[strand] >= 0 && swap->strand_from[strand] == swap->writer_from[wire]) {
      return found;
    }
  }
  return PH_NO_WIRE;
}

static PhGhostPart *add_part(Planner *p, PhGhost *ghost, uint32_t from)
{
  if (ghost->part_count == ghost->part_cap) {
    ghost->part_cap = ghost->part_cap ? 2 * ghost->part_cap : 4;
    PhGhostPart *grown = allocate(p, ghost->part_cap * sizeof *grown);
    if (ghost->part_count) {
      memcpy(grown, ghost->parts, ghost->part_count * sizeof *grown);
    }
    free(ghost->parts);
    ghost->parts = grown;
  }
  PhGhostPart *part = &ghost->parts[ghost->part_count++];
  part->row = &p->swap->from->strands[from];
  part->steps = p->swap->from->steps;
  part->now = allocate(p, (part->row->step_count + 1) * sizeof *part->now);
  for (uint32_t i = 0; i < part->row->step_count; i++) {
    part->now[i] = -1;
    for (uint32_t k = 0; k < p->swap->to->step_count; k++) {
      part->now[i] = p->swap->step_from[k] == (int32_t)part->row->steps[i] ? (int32_t)k : part->now[i];
    }
  }
  return part;
}

/* The ghost has memory of its own for the wire, unless another one's is found. */
static void give_wire(PhGhost *ghost, uint32_t wire, uint32_t lanes)
{
  for (uint32_t i = 0; i < lanes / PH_LANES_BUS; i++) {
    ghost->source[wire + i] = -1;
  }
}

static uint32_t lanes_of(PhRef ref) { return ref.kind == PH_REF_WIDE ? PH_LANES_BANK : PH_LANES_BUS; }

/* Sees to it that the ghost of a strand can read the wire of the former plan. */
static void need_wire(Planner *p, uint32_t strand, uint32_t wire, uint32_t lanes)
{
  PhSwap *swap = p->swap;
  PhGhost *ghost = swap->ghosts[strand];
  if (ghost->source[wire] != -2) {
    return;
  }
  const uint32_t same = same_wire(p, strand, wire);
  if (same != PH_NO_WIRE) {
    ghost->source[wire] = same;
    const int32_t writer = swap->writer_to[same];
    add_input(p, strand, writer == (int32_t)strand ? -1 : writer);
    return;
  }
  give_wire(ghost, wire, lanes);
  const int32_t writer = swap->writer_from[wire];
  if (writer >= 0 && swap->fates[writer] == PH_FATE_GHOST && swap->ghost_of[writer] != strand) {
    const uint32_t owner = swap->ghost_of[writer]; /* strands are gone through in order: its memory is there */
    if (may_wait(p, strand, owner)) {
      ghost->base[wire] = swap->ghosts[owner]->base[wire];
      add_input(p, strand, (int32_t)owner);
    }
    return;
  }
  if (writer < 0 || swap->fates[writer] != PH_FATE_GONE) {
    return; /* it cannot be had here: it is silent */
  }
  swap->fates[writer] = PH_FATE_GHOST;
  swap->ghost_of[writer] = strand;
  const PhStrand *row = &swap->from->strands[writer];
  for (uint32_t i = 0; i < row->code.instr_count; i++) {
    for (uint32_t k = 0; k <= row->code.instrs[i].in_count; k++) {
      const PhInstr *instr = &row->code.instrs[i];
      const PhRef ref = k < instr->in_count ? instr->in[k] : instr->out;
      if (ph_ref_crosses(ref) && (k < instr->in_count || ref.index != wire)) {
        if (k == instr->in_count) {
          give_wire(ghost, ref.index, lanes_of(ref)); /* what it writes beside */
        } else {
          need_wire(p, strand, ref.index, lanes_of(ref));
        }
      }
    }
  }
  PhGhostPart *part = add_part(p, ghost, (uint32_t)writer);
  part->shared = wire;
}

static void add_fade(Planner *p, uint32_t strand, uint32_t to, uint32_t from, uint32_t lanes)
{
  PhSwap *swap = p->swap;
  PhGhost *ghost = swap->ghosts[strand];
  if (!ghost) {
    const uint32_t wires = swap->from->shared_count;
    ghost = swap->ghosts[strand] = allocate(p, sizeof *ghost);
    ghost->wire_count = wires;
    ghost->frames = p->fade_frames;
    ghost->source = allocate(p, (wires + 1) * sizeof *ghost->source);
    ghost->base = allocate(p, (wires + 1) * sizeof *ghost->base);
    ghost->wires = allocate(p, (wires + 1) * sizeof *ghost->wires);
    ghost->fades = allocate(p, (swap->to->shared_count + 1) * sizeof *ghost->fades);
    for (uint32_t w = 0; w < wires; w++) {
      ghost->source[w] = -2;
    }
  }
  for (uint32_t i = 0; i < ghost->fade_count; i++) {
    if (ghost->fades[i].to == to) {
      return;
    }
  }
  ghost->fades[ghost->fade_count++] = (PhFade){ to, from, lanes };
}

/* The wire of the former plan that goes by a name of this one. */
static uint32_t former_wire(const PhSwap *swap, uint32_t to)
{
  uint32_t found = PH_NO_WIRE;
  for (uint32_t i = 0; i < swap->to->wire_count && found == PH_NO_WIRE; i++) {
    if (swap->to->wires[i].shared == to) {
      found = ph_wire_named(swap->names_from, swap->from->wire_count, swap->to->wires[i].key);
    }
  }
  return found;
}

static void find_fades(Planner *p)
{
  PhSwap *swap = p->swap;
  /* The engine itself reads the master, which goes before what else the wire is. */
  const int32_t writer = swap->writer_to[swap->to->master];
  if (writer >= 0 && !corresponds(swap, swap->from->master, swap->to->master)) {
    add_fade(p, (uint32_t)writer, swap->to->master, swap->from->master, PH_LANES_BUS);
  }
  for (uint32_t s = 0; s < swap->to->strand_count; s++) {
    const PhStrand *strand = &swap->to->strands[s];
    for (uint32_t i = 0; swap->strand_from[s] < 0 && i < strand->code.instr_count; i++) {
      const PhRef out = strand->code.instrs[i].out;
      const uint32_t from = ph_ref_crosses(out) ? former_wire(swap, out.index) : PH_NO_WIRE;
      if (from != PH_NO_WIRE) {
        add_fade(p, s, out.index, from, lanes_of(out));
      }
    }
    if (strand->kind == PH_STRAND_VOICES) {
      const uint32_t wire = swap->to->players[strand->player].routes[strand->route].shared, from = former_wire(swap, wire);
      if (from != PH_NO_WIRE && (swap->strand_from[s] < 0 || swap->writer_from[from] != swap->strand_from[s])) {
        add_fade(p, s, wire, from, PH_LANES_BUS);
      }
    }
  }
}

static void fill_ghosts(Planner *p)
{
  PhSwap *swap = p->swap;
  for (uint32_t s = 0; s < swap->to->strand_count; s++) {
    PhGhost *ghost = swap->ghosts[s];
    if (!ghost) {
      continue;
    }
    for (uint32_t i = 0; i < ghost->fade_count; i++) {
      need_wire(p, s, ghost->fades[i].from, ghost->fades[i].lanes);
    }
    uint32_t own = 0;
    for (uint32_t w = 0; w < ghost->wire_count; w++) {
      own += ghost->source[w] == -1 && !ghost->base[w];
    }
    ghost->memory = allocate(p, (own * p->wire_floats + 1) * sizeof(float));
    own = 0;
    for (uint32_t w = 0; w < ghost->wire_count; w++) {
      if (ghost->source[w] == -1 && !ghost->base[w]) {
        ghost->base[w] = ghost->memory + p->wire_floats * own++;
      }
    }
  }
}

/* ---- all of it ---- */

static void plan_all(Planner *p)
{
  PhSwap *swap = p->swap;
  const PhPlan *from = swap->from, *to = swap->to;
  swap->strand_from = numbers(p->arena, to->strand_count);
  swap->fates = PH_NEWN(p->arena, PhFate, from->strand_count + 1);
  p->seen = PH_NEWN(p->arena, bool, to->strand_count + 1);
  swap->ghost_of = PH_NEWN(p->arena, uint32_t, from->strand_count + 1);
  swap->player_to = numbers(p->arena, from->player_count);
  swap->instrument_to = numbers(p->arena, from->instrument_count);
  swap->step_from = numbers(p->arena, to->step_count);
  swap->step_strand = numbers(p->arena, from->step_count);
  swap->writer_from = writers(p->arena, from);
  swap->writer_to = writers(p->arena, to);
  swap->names_from = sorted_names(p->arena, from);
  swap->names_to = sorted_names(p->arena, to);
  swap->ghosts = PH_NEWN(p->arena, PhGhost *, to->strand_count + 1);
  swap->inputs = PH_NEWN(p->arena, uint32_t *, to->strand_count + 1);
  swap->input_counts = PH_NEWN(p->arena, uint32_t, to->strand_count + 1);
  match_players(p);
  match_instruments(p);
  match_steps(p);
  match_voices(p);
  match_code(p);
  match_calls(p);
  find_fades(p);
  fill_ghosts(p);
}

PhStatus ph_swap_plan(const PhEngine *running, PhEngine *spare)
{
  PhTrap trap;
  PhTrap *outer = spare->names.trap;
  spare->names.trap = &trap;
  Planner p = { .arena = &spare->names, .wire_floats = ph_wire_floats(spare),
                .fade_frames = (uint32_t)floor(PH_SWAP_SEC * spare->plan->sample_rate + 0.5) };
  if (PH_TRAP_SET(&trap) == 0) {
    p.swap = PH_NEW(&spare->names, PhSwap);
    spare->swap = p.swap;
    p.swap->from = running->plan;
    p.swap->to = spare->plan;
    plan_all(&p);
  }
  spare->names.trap = outer;
  return trap.status;
}

void ph_swap_free(PhSwap *swap)
{
  for (uint32_t s = 0; swap && s < swap->to->strand_count; s++) {
    if (swap->ghosts) {
      ph_ghost_free(swap->ghosts[s]);
    }
    if (swap->inputs) {
      free(swap->inputs[s]);
    }
  }
}
