/* Packing: terms of a sum that are the same but for their constants (200 saws through 200 filters) become the lanes of
   banks, so that recursive kernels run side by side (ARCHITECTURE, "Lanes"). A bank's lanes are summed by the fold, in its
   fixed tree; banks are added in order. Whether terms are packed depends on the program only, so the bits do not depend on
   the machine.  SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "graph/internal.h"

enum {
  LEAST_TERMS = 6,
  MOST_DEPTH = 64,
  GROUP_CALLS = 16, /* cheap banks are added lane by lane before they are folded, up to about this many calls a fold */
  GROUP_BANKS = 8,
};

typedef struct Term {
  PhNode *node;
  uint64_t shape;         /* 0: stays as it is */
  uint32_t next;          /* term of the same shape, or NO_TERM */
  uint32_t last;          /* of the first one: the last of its shape so far */
  bool packed;
} Term;

#define NO_TERM UINT32_MAX

typedef struct Packer {
  PhScope *scope;
  PhArena *arena;
  uint32_t *uses;       /* by node id */
  bool *in_loop;        /* by node id: depends on a feedback reference, so it must run with the loop */
  bool *stereo;         /* by node id: left and right may differ, so a lane cannot hold it */
  uint32_t use_count;
  uint32_t bank;        /* number of the bank that is being made, from 1 */
  PhNode **stack;       /* for walks, of use_count + 2 */
  PH_ARRAY(Term) terms;
} Packer;

static bool is_add(const PhNode *node)
{
  return node->kind == PH_NODE_CALL && node->rate == PH_RATE_AUDIO && node->in_count == 2 && !node->bank &&
         strcmp(node->unit->func.name, "add") == 0;
}

/* A call that may run in a lane of its own: nobody else reads it, and a lane is all it needs. */
static bool is_inner(const Packer *p, const PhNode *node)
{
  return node->kind == PH_NODE_CALL && node->rate == PH_RATE_AUDIO && node->id < p->use_count && p->uses[node->id] == 1 &&
         !(node->unit->flags & (PH_UNIT_STEREO | PH_UNIT_RANDOM)) && (!node->unit->prepare || node->data_hash) && !node->bank;
}

/* What two terms must share to be lanes of one bank. 0: this one cannot be. */
static uint64_t shape_of(const Packer *p, const PhNode *node, unsigned depth)
{
  if (node->kind == PH_NODE_NUM) {
    return 0x4E;
  }
  if (depth == 0) {
    return 0;
  }
  if (node->id >= p->use_count || p->in_loop[node->id]) {
    return 0;
  }
  if (!is_inner(p, node)) {
    return p->stereo[node->id] ? 0 : ph_mix(0x5245, node->id); /* the same node for all lanes */
  }
  uint64_t shape = ph_mix(ph_mix(node->unit_index, ph_mix(node->text_hash, node->data_hash)), ((uint64_t)node->line_frames << 32) | node->in_count);
  for (uint32_t k = 0; k < node->in_count; k++) {
    const uint64_t in = shape_of(p, node->in[k], depth - 1);
    if (in == 0) {
      return 0;
    }
    shape = ph_mix(shape, in);
  }
  return shape;
}

/* Inputs are always made before what reads them, but for the targets of feedback. */
static void find_loops_and_stereo(Packer *p)
{
  p->in_loop = PH_NEWN(p->arena, bool, p->use_count + 1);
  p->stereo = PH_NEWN(p->arena, bool, p->use_count + 1);
  for (uint32_t i = 0; i < p->use_count; i++) {
    const PhNode *node = p->scope->nodes.items[i];
    p->in_loop[i] = node->kind == PH_NODE_FEEDBACK;
    p->stereo[i] = node->kind == PH_NODE_FEEDBACK || node->kind == PH_NODE_WIRE ||
                   (node->unit && (node->unit->flags & PH_UNIT_STEREO));
    for (uint32_t k = 0; k < node->in_count; k++) {
      p->in_loop[i] |= p->in_loop[node->in[k]->id];
      p->stereo[i] |= p->stereo[node->in[k]->id];
    }
  }
}

static void collect_terms(Packer *p, PhNode *root)
{
  PhNode **stack = p->stack;
  size_t len = 0;
  p->terms.len = 0;
  stack[len++] = root;
  while (len) {
    PhNode *node = stack[--len];
    if (node == root || (is_add(node) && p->uses[node->id] == 1)) {
      stack[len++] = node->in[1];
      stack[len++] = node->in[0];
      continue;
    }
    const Term term = { .node = node, .shape = is_inner(p, node) ? shape_of(p, node, MOST_DEPTH) : 0 };
    PH_PUSH(p->arena, &p->terms, term);
  }
}

/* A node of the bank: `lanes` are the nodes that stand side by side. */
static PhNode *bank_node(Packer *p, PhNode *const *lanes, uint32_t count)
{
  PhScope *scope = p->scope;
  const PhNode *first = lanes[0];
  if (first->kind == PH_NODE_NUM) {
    bool same = true;
    for (uint32_t i = 1; i < count; i++) {
      same &= lanes[i] == first;
    }
    if (same) {
      return lanes[0];
    }
    float *values = PH_NEWN(p->arena, float, PH_LANES_BANK);
    for (uint32_t i = 0; i < PH_LANES_BANK; i++) {
      values[i] = (float)lanes[i < count ? i : 0]->num;
    }
    return ph_node_lanes(scope, values);
  }
  if (!is_inner(p, first)) {
    return first->rate == PH_RATE_AUDIO ? ph_node_spread(scope, lanes[0], p->bank) : lanes[0];
  }
  PhNode proto = *first;
  proto.bank = p->bank;
  proto.in = PH_NEWN(p->arena, PhNode *, first->in_count + 1);
  uint64_t *keys = PH_NEWN(p->arena, uint64_t, PH_LANES_BANK);
  for (uint32_t i = 0; i < count; i++) {
    keys[i] = lanes[i]->key;
  }
  proto.lane_keys = keys;
  PhNode *side[PH_LANES_BANK];
  for (uint32_t k = 0; k < first->in_count; k++) {
    for (uint32_t i = 0; i < count; i++) {
      side[i] = lanes[i]->in[k];
    }
    proto.in[k] = bank_node(p, side, count);
  }
  return ph_node_fresh(scope, &proto);
}

/* A call of a unit of two inputs in the lanes of the bank. */
static PhNode *lanes_call(Packer *p, const char *unit, PhNode *x, PhNode *y)
{
  PhNode proto = { .kind = PH_NODE_CALL, .rate = PH_RATE_AUDIO, .in_count = 2, .key = ph_mix(x->key, y->key), .at = x->at, .bank = p->bank };
  PhNode *in[] = { x, y };
  proto.unit = ph_unit_named(p->scope->lower, unit, &proto.unit_index);
  proto.in = ph_arena_copy(p->arena, in, sizeof in);
  return ph_node_fresh(p->scope, &proto);
}

/* 1 in the lanes that are taken. */
static PhNode *taken_lanes(Packer *p, uint32_t count)
{
  float ones[PH_LANES_BANK] = { 0 };
  for (uint32_t i = 0; i < count && i < PH_LANES_BANK; i++) {
    ones[i] = 1;
  }
  return ph_node_lanes(p->scope, ph_arena_copy(p->arena, ones, sizeof ones));
}

/* The sum of `count` terms of one shape: banks, added lane by lane and then folded. */
static PhNode *make_group(Packer *p, PhNode *const *terms, uint32_t count)
{
  p->bank++;
  PhNode *total = bank_node(p, terms, count < PH_LANES_BANK ? count : PH_LANES_BANK);
  for (uint32_t i = PH_LANES_BANK; i < count; i += PH_LANES_BANK) {
    const uint32_t left = count - i;
    PhNode *bank = bank_node(p, terms + i, left < PH_LANES_BANK ? left : PH_LANES_BANK);
    if (left < PH_LANES_BANK) {
      bank = lanes_call(p, "mul", bank, taken_lanes(p, left));
    }
    total = lanes_call(p, "add", total, bank);
  }
  PhNode *in[] = { total, taken_lanes(p, count) };
  PhNode proto = { .kind = PH_NODE_FOLD, .rate = PH_RATE_AUDIO, .in_count = 2, .key = terms[0]->key, .at = terms[0]->at,
                   .bank = p->bank, .tail_sec = terms[0]->tail_sec };
  proto.in = ph_arena_copy(p->arena, in, sizeof in);
  return ph_node_fresh(p->scope, &proto);
}

/* Calls that a lane of this shape takes. */
static uint32_t calls_of(const Packer *p, const PhNode *node)
{
  uint32_t calls = is_inner(p, node);
  for (uint32_t k = 0; k < node->in_count && is_inner(p, node); k++) {
    calls += calls_of(p, node->in[k]);
  }
  return calls;
}

/* Links the terms of each shape to a list that begins at the first of them. */
static void link_shapes(Packer *p)
{
  size_t size = 16;
  while (size < 2 * p->terms.len) {
    size *= 2;
  }
  uint32_t *table = PH_NEWN(p->arena, uint32_t, size); /* index + 1 of the first term of a shape */
  for (uint32_t i = 0; i < p->terms.len; i++) {
    Term *term = &p->terms.items[i];
    term->next = NO_TERM;
    term->last = i;
    if (!term->shape) {
      continue;
    }
    size_t slot = term->shape & (size - 1);
    while (table[slot] && p->terms.items[table[slot] - 1].shape != term->shape) {
      slot = (slot + 1) & (size - 1);
    }
    if (table[slot]) {
      Term *first = &p->terms.items[table[slot] - 1];
      p->terms.items[first->last].next = i;
      first->last = i;
    } else {
      table[slot] = i + 1;
    }
  }
}

/* Turns the terms of one shape into banks; the rest stay. Rewrites the root as a sum of what is left, in order of first terms. */
static void pack_sum(Packer *p, PhNode *root)
{
  collect_terms(p, root);
  link_shapes(p);
  PH_ARRAY(PhNode *) sum = { 0 };
  bool any = false;
  for (size_t i = 0; i < p->terms.len; i++) {
    const Term *term = &p->terms.items[i];
    if (term->packed) {
      continue;
    }
    PH_ARRAY(PhNode *) same = { 0 };
    for (uint32_t j = (uint32_t)i; term->shape && j != NO_TERM; j = p->terms.items[j].next) {
      PH_PUSH(p->arena, &same, p->terms.items[j].node);
    }
    if (same.len < LEAST_TERMS) {
      PH_PUSH(p->arena, &sum, term->node);
      continue;
    }
    for (uint32_t j = (uint32_t)i; j != NO_TERM; j = p->terms.items[j].next) {
      p->terms.items[j].packed = true;
    }
    const uint32_t calls = calls_of(p, term->node);
    const uint32_t banks = calls * GROUP_BANKS <= GROUP_CALLS ? GROUP_BANKS : calls >= GROUP_CALLS ? 1 : GROUP_CALLS / calls;
    for (size_t j = 0; j < same.len; j += (size_t)banks * PH_LANES_BANK) {
      const size_t left = same.len - j, most = (size_t)banks * PH_LANES_BANK;
      PhNode *group = make_group(p, same.items + j, (uint32_t)(left < most ? left : most));
      PH_PUSH(p->arena, &sum, group);
    }
    any = true;
  }
  if (!any) {
    return;
  }
  PhNode *total = sum.items[0];
  for (size_t i = 1; i + 1 < sum.len; i++) {
    PhNode proto = *root;
    PhNode *in[] = { total, sum.items[i] };
    proto.in = ph_arena_copy(p->arena, in, sizeof in);
    proto.key = ph_mix(root->key, i);
    total = ph_node_fresh(p->scope, &proto);
  }
  PhNode *in[] = { total, sum.len > 1 ? sum.items[sum.len - 1] : ph_node_num(p->scope, 0) };
  root->in = ph_arena_copy(p->arena, in, sizeof in);
}

/* Called once all roots of the program are lowered, before they are ordered. */
void ph_pack(PhScope *scope, PhNode *const *roots, uint32_t root_count)
{
  Packer p = { .scope = scope, .arena = scope->lower->arena, .use_count = (uint32_t)scope->nodes.len };
  p.uses = ph_count_uses(scope, roots, root_count);
  p.stack = PH_NEWN(p.arena, PhNode *, p.use_count + 2);
  find_loops_and_stereo(&p);
  const size_t n = scope->nodes.len;
  bool *term_of_sum = PH_NEWN(p.arena, bool, n + 1);
  for (size_t i = 0; i < n; i++) {
    const PhNode *node = scope->nodes.items[i];
    for (uint32_t k = 0; k < node->in_count && is_add(node); k++) {
      term_of_sum[node->in[k]->id] |= is_add(node->in[k]) && p.uses[node->in[k]->id] == 1;
    }
  }
  for (size_t i = 0; i < n; i++) {
    PhNode *node = scope->nodes.items[i];
    if (is_add(node) && p.uses[node->id] > 0 && !term_of_sum[node->id]) {
      pack_sum(&p, node);
    }
  }
}
