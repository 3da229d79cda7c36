/* Nodes: making them, folding constants, sharing equal ones.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "graph/internal.h"

void ph_scope_init(PhScope *scope, PhLower *lower, bool voice, uint64_t key)
{
  *scope = (PhScope){ .lower = lower, .voice = voice, .key = key, .table_size = voice ? 64 : 1024 };
  scope->table = PH_NEWN(lower->arena, PhNode *, scope->table_size);
  scope->buses = PH_NEWN(lower->arena, PhBusMemo, lower->program->bus_count + 1);
  if (!voice) {
    (void)ph_scope_slot(scope, 0); /* slot 0 is a zero that everybody may read */
  }
}

static PhNode *add(PhScope *scope, const PhNode *proto)
{
  PhArena *arena = scope->lower->arena;
  PhNode *node = PH_NEW(arena, PhNode);
  *node = *proto;
  node->id = (uint32_t)scope->nodes.len;
  node->component = -1;
  for (uint32_t i = 0; i < node->in_count; i++) {
    node->tail_sec = node->in[i]->tail_sec > node->tail_sec ? node->in[i]->tail_sec : node->tail_sec;
  }
  PH_PUSH(arena, &scope->nodes, node);
  return node;
}

static uint64_t node_hash(const PhNode *n)
{
  uint64_t h = ph_mix((uint64_t)n->kind, ph_mix(n->unit_index, n->text_hash));
  uint64_t bits;
  memcpy(&bits, &n->num, sizeof bits);
  h = ph_mix(h, bits);
  h = ph_mix(h, ((uint64_t)n->index << 32) | n->channel);
  for (uint32_t i = 0; i < n->in_count; i++) {
    h = ph_mix(h, n->in[i]->id);
  }
  return (n->unit && (n->unit->flags & PH_UNIT_RANDOM)) ? ph_mix(h, n->key) : h;
}

static bool node_equal(const PhNode *a, const PhNode *b)
{
  if (a->kind != b->kind || a->unit != b->unit || a->text_hash != b->text_hash || a->in_count != b->in_count ||
      a->index != b->index || a->bank != b->bank || a->channel != b->channel || memcmp(&a->num, &b->num, sizeof a->num) != 0) {
    return false;
  }
  if (a->unit && (a->unit->flags & PH_UNIT_RANDOM) && a->key != b->key) {
    return false;
  }
  for (uint32_t i = 0; i < a->in_count; i++) {
    if (a->in[i] != b->in[i]) {
      return false;
    }
  }
  return true;
}

static void grow_table(PhScope *scope)
{
  const size_t size = scope->table_size * 4;
  PhNode **table = PH_NEWN(scope->lower->arena, PhNode *, size);
  for (size_t i = 0; i < scope->table_size; i++) {
    for (PhNode *n = scope->table[i], *next; n; n = next) {
      next = n->next_hash;
      const size_t slot = node_hash(n) & (size - 1);
      n->next_hash = table[slot];
      table[slot] = n;
    }
  }
  scope->table = table;
  scope->table_size = size;
}

/* The node equal to proto, or a new one. */
static PhNode *intern(PhScope *scope, const PhNode *proto)
{
  if (scope->nodes.len > scope->table_size) {
    grow_table(scope);
  }
  const size_t slot = node_hash(proto) & (scope->table_size - 1);
  for (PhNode *n = scope->table[slot]; n; n = n->next_hash) {
    if (node_equal(n, proto)) {
      scope->lower->shared_nodes += proto->kind == PH_NODE_CALL;
      return n;
    }
  }
  PhNode *node = add(scope, proto);
  node->next_hash = scope->table[slot];
  scope->table[slot] = node;
  return node;
}

PhNode *ph_node_num(PhScope *scope, double value)
{
  const PhNode proto = { .kind = PH_NODE_NUM, .rate = PH_RATE_CONST, .num = (double)(float)value };
  return intern(scope, &proto);
}

PhNode *ph_node_leaf(PhScope *scope, PhNodeKind kind, PhRate rate, uint32_t index, uint32_t channel, uint64_t key,
                     PhSource at)
{
  const PhNode proto = { .kind = kind, .rate = rate, .index = index, .channel = channel, .key = key, .at = at };
  return kind == PH_NODE_FEEDBACK ? add(scope, &proto) : intern(scope, &proto);
}

PhNode *ph_node_fresh(PhScope *scope, const PhNode *proto) { return add(scope, proto); }

PhNode *ph_node_lanes(PhScope *scope, const float *values)
{
  const PhNode proto = { .kind = PH_NODE_LANES, .rate = PH_RATE_CONST, .lanes = values };
  return add(scope, &proto);
}

PhNode *ph_node_spread(PhScope *scope, PhNode *node, uint32_t bank)
{
  PhNode proto = { .kind = PH_NODE_SPREAD, .rate = PH_RATE_AUDIO, .in_count = 1, .key = node->key, .at = node->at, .bank = bank };
  proto.in = ph_arena_copy(scope->lower->arena, &node, sizeof(PhNode *));
  return intern(scope, &proto);
}

bool ph_node_is(const PhNode *node, double value) { return node->kind == PH_NODE_NUM && node->num == value; }

/* The value of a pure unit of constants: its kernel, run for one frame. */
static double fold(const PhLower *lower, const PhNode *proto)
{
  _Alignas(64) float in[PH_UNIT_MAX_INPUTS][PH_LANES_BUS];
  _Alignas(64) float out[PH_LANES_BUS] = { 0 };
  _Alignas(64) uint32_t state[PH_LANES_BUS] = { 0 };
  static const uint32_t voice[PH_LANES_BUS] = { 0 };
  uint32_t fault = 0;
  PhIo io = { .in_count = proto->in_count,
              .frames = 1,
              .lanes = PH_LANES_BUS,
              .out = out,
              .state = state,
              .data = proto->data,
              .voice = voice,
              .fault = &fault,
              .sample_rate = (float)lower->sample_rate,
              .inv_sample_rate = (float)(1.0 / lower->sample_rate) };
  for (uint32_t i = 0; i < proto->in_count; i++) {
    for (uint32_t lane = 0; lane < PH_LANES_BUS; lane++) {
      in[i][lane] = (float)proto->in[i]->num;
    }
    io.in[i] = in[i];
  }
  proto->unit->process(&io);
  return (double)out[0];
}

static PhRate call_rate(const PhNode *proto)
{
  if (!(proto->unit->flags & PH_UNIT_PURE) || (proto->unit->flags & PH_UNIT_STEREO)) { /* a slot has no sides */
    return PH_RATE_AUDIO;
  }
  PhRate rate = PH_RATE_CONST;
  for (uint32_t i = 0; i < proto->in_count; i++) {
    rate = proto->in[i]->rate > rate ? proto->in[i]->rate : rate;
  }
  return rate;
}

/* x + 0, x * 1, x * 0 and the like. NULL if there is nothing to simplify. */
static PhNode *simplify(PhScope *scope, const PhNode *proto)
{
  if (proto->in_count != 2) {
    return NULL;
  }
  const char *name = proto->unit->func.name;
  PhNode *a = proto->in[0], *b = proto->in[1];
  if (strcmp(name, "add") == 0) {
    return ph_node_is(a, 0) ? b : ph_node_is(b, 0) ? a : NULL;
  }
  if (strcmp(name, "mul") == 0) {
    if (ph_node_is(a, 0) || ph_node_is(b, 0)) {
      return ph_node_num(scope, 0);
    }
    return ph_node_is(a, 1) ? b : ph_node_is(b, 1) ? a : NULL;
  }
  if (strcmp(name, "sub") == 0 || strcmp(name, "div") == 0) {
    return ph_node_is(b, name[0] == 's' ? 0 : 1) ? a : NULL;
  }
  return NULL;
}

/* The order of inputs that may change places: numbers last, so that the first term that names a number looks like those that share it. */
static bool comes_before(const PhNode *a, const PhNode *b)
{
  const bool a_num = a->kind == PH_NODE_NUM, b_num = b->kind == PH_NODE_NUM;
  return a_num != b_num ? b_num : a->id < b->id;
}

PhNode *ph_node_call(PhScope *scope, const PhNode *given)
{
  PhNode proto = *given;
  proto.kind = PH_NODE_CALL;
  proto.rate = call_rate(&proto);
  if (proto.unit->flags & PH_UNIT_STEREO) {
    scope->stereo = true;
  }
  if (proto.rate == PH_RATE_CONST) {
    scope->lower->folded_nodes++;
    return ph_node_num(scope, fold(scope->lower, &proto));
  }
  PhNode *simple = simplify(scope, &proto);
  if (simple) {
    scope->lower->folded_nodes++;
    return simple;
  }
  if ((proto.unit->flags & PH_UNIT_COMMUTES) && proto.in_count == 2 && comes_before(proto.in[1], proto.in[0])) {
    PhNode **in = PH_NEWN(scope->lower->arena, PhNode *, 2);
    in[0] = proto.in[1];
    in[1] = proto.in[0];
    proto.in = in;
  }
  return intern(scope, &proto);
}

const PhUnit *ph_unit_named(const PhLower *lower, const char *name, uint32_t *index)
{
  const PhUnit *unit = ph_unit_find(lower->units, name, index);
  if (!unit) {
    ph_trap_raise(lower->arena->trap, PH_UNSUPPORTED, "this build has no unit `%s`", name);
  }
  return unit;
}

const PhUnit *ph_unit_of(const PhLower *lower, const PhFunc *func, uint32_t *index)
{
  return ph_unit_named(lower, func->name, index);
}

PhNode *ph_node_math(PhScope *scope, const char *unit, PhNode *const *in, uint32_t count, uint64_t key, PhSource at)
{
  PhNode proto = { .in_count = count, .key = key, .at = at };
  proto.unit = ph_unit_named(scope->lower, unit, &proto.unit_index);
  proto.in = ph_arena_copy(scope->lower->arena, in, count * sizeof *in);
  return ph_node_call(scope, &proto);
}

PhNode *ph_node_mul(PhScope *scope, PhNode *a, PhNode *b, uint64_t key, PhSource at)
{
  PhNode *in[] = { a, b };
  return ph_node_math(scope, "mul", in, 2, key, at);
}

PhNode *ph_node_audio(PhScope *scope, PhNode *node)
{
  if (node->rate == PH_RATE_AUDIO) {
    return node;
  }
  PhNode proto = { .kind = PH_NODE_COPY, .rate = PH_RATE_AUDIO, .in_count = 1, .key = node->key, .at = node->at };
  proto.in = ph_arena_copy(scope->lower->arena, &node, sizeof(PhNode *));
  return intern(scope, &proto);
}

PhNode *ph_node_sum(PhScope *scope, PhNode *const *in, uint32_t count, uint64_t key, PhSource at)
{
  if (count == 0) {
    return ph_node_num(scope, 0);
  }
  PhNode *total = in[0];
  for (uint32_t i = 1; i < count; i++) {
    PhNode *pair[] = { total, in[i] };
    total = ph_node_math(scope, "add", pair, 2, ph_mix(key, i), at);
  }
  return total;
}

uint32_t ph_scope_slot(PhScope *scope, double value)
{
  PhArena *arena = scope->lower->arena;
  float *slot = PH_NEWN(arena, float, PH_LANES_BANK);
  for (uint32_t i = 0; i < PH_LANES_BANK; i++) {
    slot[i] = (float)value;
  }
  PH_PUSH(arena, &scope->slots, slot);
  return (uint32_t)(scope->slots.len - 1);
}
