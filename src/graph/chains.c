/* Chains side by side: calls that are the same but for their inputs (the reverb and the limiter of eight outputs, the effects of
   as many orbits) run as pairs of lanes of one bank. What comes in is gathered from buses, what goes on is picked out again;
   lanes never meet, so the bits are those of the chains one by one. Which chains meet depends on the program only.

   A chain is a tree of calls that nobody else reads. Its level is how many chains lie below it on the longest way, so chains of one
   level do not need each other. They are taken apart from their ends: calls of one kind at the ends of LEAST_CHAINS chains or more
   become a bank, with as much as is the same below them; what is alone is left where it is. Banks that are made later in a level
   lie below or beside those made before, so no bank needs itself.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "graph/internal.h"

enum {
  LEAST_CHAINS = 4,
  LANES = PH_LANES_BANK / 2, /* pairs */
  MOST_DEPTH = 64,
  LEAST_WEIGHT = 24, /* of the calls of a lane, below which gathering costs more than is won */
};

#define NO_END UINT32_MAX
#define ON_ITS_BUS UINT32_MAX

/* Calls that may stand side by side. */
typedef struct Kind {
  uint64_t key;         /* 0: empty */
  uint32_t left;        /* calls that have been neither put into banks nor passed over */
  uint32_t ends;        /* ends of chains that are of this kind */
  uint32_t first, last; /* of a list of ends */
} Kind;

typedef struct End {
  PhNode *node;
  uint32_t next;
} End;

typedef struct Chains {
  PhScope *scope;
  PhArena *arena;
  uint32_t *uses; /* by node id, as the others */
  PhNode **order; /* inputs before what reads them */
  uint32_t count;
  bool *in_loop;
  PhNode **reader; /* the only one */
  uint32_t *level; /* of the chain */
  uint32_t *kind;  /* index into kinds, or ON_ITS_BUS */
  Kind *kinds;
  size_t kind_size; /* a power of two */
  uint32_t bank;    /* the last number taken */
  PH_ARRAY(End) ends;
} Chains;

/* What two calls must share to be lanes of one bank; 0: this one cannot be in any. */
static uint64_t kind_key(const PhNode *node)
{
  const PhUnit *unit = node->unit;
  if (node->kind != PH_NODE_CALL || node->rate != PH_RATE_AUDIO || node->bank ||
      (unit->flags & (PH_UNIT_RANDOM | PH_UNIT_TAP))) {
    return 0;
  }
  if (unit->prepare && !node->data_hash) {
    return 0;
  }
  const uint64_t shape = ph_mix(node->unit_index, ((uint64_t)node->line_frames << 32) | node->in_count);
  return ph_mix(ph_mix(shape, node->text_hash), node->data_hash) | 1;
}

static bool is_cheap(const PhNode *node) { return (node->unit->flags & PH_UNIT_PURE) != 0; }

/* About how much a call costs. */
static uint32_t weight(const PhNode *node)
{
  return is_cheap(node) ? 1 : 4 + node->unit->state_floats + node->in_count;
}

/* Is it read by another call that may be in a lane, and by nothing else? */
static bool is_inner(const Chains *c, const PhNode *node)
{
  return node->id < c->count && c->kind[node->id] != ON_ITS_BUS && c->reader[node->id] &&
         c->kind[c->reader[node->id]->id] != ON_ITS_BUS;
}

/* ---- looking ---- */

static void find_kinds(Chains *c, uint32_t order_count)
{
  for (c->kind_size = 16; c->kind_size < 2 * (size_t)order_count;) {
    c->kind_size *= 2;
  }
  c->kinds = PH_NEWN(c->arena, Kind, c->kind_size);
  for (uint32_t i = 0; i < order_count; i++) {
    PhNode *node = c->order[i], *in;
    c->in_loop[node->id] = node->kind == PH_NODE_FEEDBACK;
    for (uint32_t k = 0; k < node->in_count; k++) {
      c->in_loop[node->id] |= c->in_loop[node->in[k]->id];
    }
    for (uint32_t k = 0; ph_node_dependency(node, k, &in); k++) {
      c->reader[in->id] = c->uses[in->id] == 1 ? node : NULL;
    }
    c->kind[node->id] = kind_key(node) && !c->in_loop[node->id] ? 0 : ON_ITS_BUS;
  }
}

/* Kinds are told apart by level: chains of different levels may need each other. */
static Kind *kind_of(Chains *c, uint64_t key, uint32_t level)
{
  const uint64_t mixed = ph_mix(key, level) | 1;
  size_t slot = mixed & (c->kind_size - 1);
  while (c->kinds[slot].key && c->kinds[slot].key != mixed) {
    slot = (slot + 1) & (c->kind_size - 1);
  }
  c->kinds[slot].key = mixed;
  return &c->kinds[slot];
}

static uint32_t find_levels(Chains *c, uint32_t order_count)
{
  uint32_t most = 0;
  for (uint32_t i = 0; i < order_count; i++) {
    const PhNode *node = c->order[i];
    for (uint32_t k = 0; k < node->in_count; k++) {
      const PhNode *in = node->in[k];
      const uint32_t above = c->level[in->id] + (c->kind[in->id] != ON_ITS_BUS && !is_inner(c, in));
      c->level[node->id] = above > c->level[node->id] ? above : c->level[node->id];
    }
    most = c->level[node->id] > most ? c->level[node->id] : most;
  }
  for (uint32_t i = order_count; i-- > 0;) { /* the whole chain has the level of its end */
    const PhNode *node = c->order[i];
    if (is_inner(c, node)) {
      c->level[node->id] = c->level[c->reader[node->id]->id];
    }
    if (c->kind[node->id] != ON_ITS_BUS) {
      Kind *kind = kind_of(c, kind_key(node), c->level[node->id]);
      kind->left++;
      c->kind[node->id] = (uint32_t)(kind - c->kinds);
    }
  }
  return most;
}

/* ---- taking ---- */

static Kind *kind_at(const Chains *c, const PhNode *node) { return &c->kinds[c->kind[node->id]]; }

static void push_end(Chains *c, PhNode *node) { PH_PUSH(c->arena, &c->ends, ((End){ node, NO_END })); }

/* Leaves the node on its bus: what it reads are the ends now. */
static void pass_over(Chains *c, const PhNode *node)
{
  kind_at(c, node)->left--;
  for (uint32_t k = 0; k < node->in_count; k++) {
    if (is_inner(c, node->in[k])) {
      push_end(c, node->in[k]);
    }
  }
}

typedef struct Side {
  PhNode *node[LANES];
  uint32_t count;
} Side;

static Side inputs_of(const Side *side, uint32_t k)
{
  Side in = { .count = side->count };
  for (uint32_t i = 0; i < side->count; i++) {
    in.node[i] = side->node[i]->in[k];
  }
  return in;
}

/* Are all of them inner calls of one kind? */
static bool go_on(const Chains *c, const Side *side, uint32_t depth)
{
  bool same = depth > 0;
  for (uint32_t i = 0; same && i < side->count; i++) {
    same = is_inner(c, side->node[i]) && c->kind[side->node[i]->id] == c->kind[side->node[0]->id];
  }
  return same;
}

static uint32_t weight_of(const Chains *c, const Side *side, uint32_t depth)
{
  uint32_t sum = weight(side->node[0]);
  for (uint32_t k = 0; k < side->node[0]->in_count; k++) {
    const Side in = inputs_of(side, k);
    sum += go_on(c, &in, depth) ? weight_of(c, &in, depth - 1) : 0;
  }
  return sum;
}

/* The lanes' values where they are not calls of the bank: constants, a slot that all share, or gathered from slots and buses. */
static PhNode *gather(Chains *c, const Side *side)
{
  bool same = true, numbers = true;
  PhRate rate = PH_RATE_CONST;
  for (uint32_t i = 0; i < side->count; i++) {
    same &= side->node[i] == side->node[0];
    numbers &= side->node[i]->kind == PH_NODE_NUM;
    rate = side->node[i]->rate > rate ? side->node[i]->rate : rate;
  }
  if (same && rate != PH_RATE_AUDIO) {
    return side->node[0];
  }
  if (numbers) {
    float *values = PH_NEWN(c->arena, float, PH_LANES_BANK);
    for (uint32_t i = 0; i < PH_LANES_BANK; i++) {
      values[i] = (float)side->node[i / 2 < side->count ? i / 2 : 0]->num;
    }
    return ph_node_lanes(c->scope, values);
  }
  const PhNode *first = side->node[0];
  PhNode proto = { .kind = PH_NODE_GATHER,
                   .rate = rate > PH_RATE_STEP ? rate : PH_RATE_STEP,
                   .in_count = LANES,
                   .key = first->key,
                   .at = first->at,
                   .bank = c->bank };
  proto.in = PH_NEWN(c->arena, PhNode *, LANES);
  for (uint32_t i = 0; i < LANES; i++) {
    proto.in[i] = side->node[i < side->count ? i : 0]; /* lanes that are not taken hold what is legal */
  }
  return ph_node_fresh(c->scope, &proto);
}

static PhNode *bank_call(Chains *c, const Side *side, uint32_t depth)
{
  PhNode proto = *side->node[0];
  proto.bank = c->bank;
  proto.in = PH_NEWN(c->arena, PhNode *, proto.in_count + 1);
  uint64_t *keys = PH_NEWN(c->arena, uint64_t, PH_LANES_BANK);
  for (uint32_t i = 0; i < 2 * side->count; i++) {
    keys[i] = side->node[i / 2]->key;
  }
  proto.lane_keys = keys;
  kind_at(c, side->node[0])->left -= side->count;
  for (uint32_t k = 0; k < proto.in_count; k++) {
    const Side in = inputs_of(side, k);
    if (go_on(c, &in, depth)) {
      proto.in[k] = bank_call(c, &in, depth - 1);
      continue;
    }
    proto.in[k] = gather(c, &in);
    for (uint32_t i = 0; i < in.count; i++) {
      if (is_inner(c, in.node[i])) {
        push_end(c, in.node[i]);
      }
    }
  }
  return ph_node_fresh(c->scope, &proto);
}

/* The ends become what is picked out of the bank; they stay the nodes that others know. */
static void make_bank(Chains *c, const Side *side)
{
  c->bank++;
  PhNode *bank = bank_call(c, side, MOST_DEPTH);
  for (uint32_t i = 0; i < side->count; i++) {
    PhNode *end = side->node[i];
    *end = (PhNode){ .kind = PH_NODE_PICK,
                     .rate = PH_RATE_AUDIO,
                     .in_count = 1,
                     .index = i,
                     .key = end->key,
                     .at = end->at,
                     .bank = c->bank,
                     .tail_sec = end->tail_sec,
                     .next_hash = end->next_hash,
                     .id = end->id,
                     .component = -1 };
    end->in = ph_arena_copy(c->arena, &bank, sizeof(PhNode *));
  }
}

/* All ends of a kind. */
static void take_kind(Chains *c, Kind *kind)
{
  for (uint32_t at = kind->first; at != NO_END;) {
    Side side = { .count = 0 };
    for (; at != NO_END && side.count < LANES; at = c->ends.items[at].next) {
      side.node[side.count++] = c->ends.items[at].node;
    }
    if (side.count >= LEAST_CHAINS && weight_of(c, &side, MOST_DEPTH) >= LEAST_WEIGHT) {
      make_bank(c, &side);
      continue;
    }
    for (uint32_t i = 0; i < side.count; i++) {
      pass_over(c, side.node[i]);
    }
  }
}

/* Passes over what has no partner among all that is left; sorts the rest into lists by kind. The ends of this round are
   [first, last); those that come up stand behind. */
static uint32_t sort_ends(Chains *c, uint32_t first, uint32_t *least)
{
  uint32_t most = 0;
  *least = NO_END;
  for (uint32_t i = first; i < c->ends.len; i++) {
    PhNode *node = c->ends.items[i].node;
    Kind *kind = kind_at(c, node);
    c->ends.items[i].next = NO_END;
    if (is_cheap(node) || kind->left < LEAST_CHAINS) {
      pass_over(c, node);
      c->ends.items[i].node = NULL;
      continue;
    }
    if (kind->ends++ == 0) {
      kind->first = i;
    } else {
      c->ends.items[kind->last].next = i;
    }
    kind->last = i;
  }
  for (uint32_t i = first; i < c->ends.len; i++) {
    const Kind *kind = c->ends.items[i].node ? kind_at(c, c->ends.items[i].node) : NULL;
    most = kind && kind->ends > most ? kind->ends : most;
    *least = kind && kind->ends < *least ? kind->ends : *least;
  }
  return most;
}

/* One level's chains, from their ends down: kinds with enough ends become banks; if there is none, the rarest give way. */
static void pack_level(Chains *c)
{
  for (uint32_t first = 0, last; first < c->ends.len; first = last) {
    uint32_t least;
    const uint32_t most = sort_ends(c, first, &least);
    last = (uint32_t)c->ends.len;
    for (uint32_t i = first; i < last; i++) {
      PhNode *node = c->ends.items[i].node;
      Kind *kind = node && c->ends.items[i].node->kind == PH_NODE_CALL ? kind_at(c, node) : NULL;
      if (!kind || !kind->ends) {
        continue; /* passed over, or taken with the first of its kind */
      }
      if (most >= LEAST_CHAINS ? kind->ends >= LEAST_CHAINS : kind->ends == least) {
        kind->ends = 0;
        if (most >= LEAST_CHAINS) {
          take_kind(c, kind);
        } else {
          for (uint32_t at = kind->first; at != NO_END; at = c->ends.items[at].next) {
            pass_over(c, c->ends.items[at].node);
          }
        }
        continue;
      }
      push_end(c, node); /* waits */
    }
    for (uint32_t i = first; i < last; i++) {
      if (c->ends.items[i].node) {
        c->kinds[c->kind[c->ends.items[i].node->id]].ends = 0;
      }
    }
  }
}

/* The ends of all chains, by level. */
static void pack_levels(Chains *c, uint32_t order_count, uint32_t most)
{
  uint32_t *end_of = PH_NEWN(c->arena, uint32_t, most + 2);
  PhNode **sorted = PH_NEWN(c->arena, PhNode *, order_count + 1);
  for (int pass = 0; pass < 2; pass++) {
    for (uint32_t i = 0; i < order_count; i++) {
      PhNode *node = c->order[i];
      if (c->kind[node->id] == ON_ITS_BUS || is_inner(c, node)) {
        continue;
      }
      if (pass == 0) {
        end_of[c->level[node->id] + 1]++;
      } else {
        sorted[end_of[c->level[node->id]]++] = node;
      }
    }
    for (uint32_t l = 0; pass == 0 && l < most; l++) {
      end_of[l + 1] += end_of[l];
    }
  }
  for (uint32_t l = 0, at = 0; l <= most; l++) {
    c->ends.len = 0;
    for (; at < end_of[l]; at++) {
      push_end(c, sorted[at]);
    }
    pack_level(c);
  }
}

void ph_chains(PhScope *scope, PhNode *const *roots, uint32_t root_count)
{
  const size_t n = scope->nodes.len;
  Chains c = { .scope = scope, .arena = scope->lower->arena, .count = (uint32_t)n };
  c.uses = ph_count_uses(scope, roots, root_count);
  c.order = PH_NEWN(c.arena, PhNode *, n + 1);
  c.in_loop = PH_NEWN(c.arena, bool, n + 1);
  c.reader = PH_NEWN(c.arena, PhNode *, n + 1);
  c.level = PH_NEWN(c.arena, uint32_t, n + 1);
  c.kind = PH_NEWN(c.arena, uint32_t, n + 1);
  for (size_t i = 0; i < n; i++) {
    c.kind[i] = ON_ITS_BUS;
    const uint32_t bank = scope->nodes.items[i]->bank;
    c.bank = bank > c.bank ? bank : c.bank;
  }
  const uint32_t order_count = ph_inputs_first(scope, roots, root_count, c.order);
  find_kinds(&c, order_count);
  pack_levels(&c, order_count, find_levels(&c, order_count));
}
