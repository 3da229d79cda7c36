/* Strands: nodes that are needed by the same roots (outputs, the master, what voices read) run together, one task per
   block. What several strands need is a strand of its own, so dependencies between strands never close a circle. What costs more than
   a task should is cut along its order, so that long chains are worked on by several threads, each at another block.
   SPDX-License-Identifier: MIT */
#include <assert.h>
#include <string.h>

#include "graph/internal.h"

enum {
  CUT_COST = 250,  /* instructions a frame that a task should have: some 3 us for 64 frames, 20 times what a task costs */
  CUT_SHARE = 64,  /* and not less than this part of the whole: more would not keep more threads busy */
  BANK_SHARE = 8,  /* of a bank, whose wires are wide, */
  LARGE_BANK = 4,  /* if it is that part of the whole: else other strands keep threads busy */
  MOST_WIDE = 2    /* wide wires over a cut */
};

typedef struct Cluster {
  uint64_t roots[PH_ROOT_WORDS];
  uint32_t bank, level;
  PH_ARRAY(uint32_t) components;
} Cluster;

typedef PH_ARRAY(Cluster) Clusters;

typedef struct Cutter {
  PhLower *lower;
  PhScope *scope;
  Clusters clusters;
  PH_ARRAY(PhStrand) strands;
  int64_t *writer; /* by shared wire: the strand that writes it, -1: none */
} Cutter;

/* Takes lanes to a bus. */
static bool leaves_bank(const PhNode *node) { return node->kind == PH_NODE_FOLD || node->kind == PH_NODE_PICK; }

uint32_t ph_node_shared(PhLower *lower, PhNode *node)
{
  if (node->kind == PH_NODE_WIRE) {
    return node->index;
  }
  assert(node->rate == PH_RATE_AUDIO);
  if (!node->placed) {
    const bool wide = node->bank && !leaves_bank(node);
    node->ref = ph_ref(wide ? PH_REF_WIDE : PH_REF_SHARED, lower->shared_count);
    node->placed = true;
    lower->shared_count += wide ? PH_WIDE_WIRES : 1;
  }
  return node->ref.index;
}

static bool has_code(const PhNode *node)
{
  return node->rate == PH_RATE_AUDIO &&
         (node->kind == PH_NODE_CALL || node->kind == PH_NODE_FEEDBACK || node->kind == PH_NODE_COPY ||
          node->kind == PH_NODE_SPREAD || node->kind == PH_NODE_GATHER || leaves_bank(node));
}

static PhComponent *component_of(PhScope *scope, const PhNode *node)
{
  return &scope->components.items[node->component];
}

/* Which roots need each component: consumers stand after what they need, so one walk from the back. */
static void spread_roots(PhScope *scope, PhNode *const *roots, uint32_t root_count)
{
  for (uint32_t r = 0; r < root_count; r++) {
    const uint32_t bit = r < 64 * PH_ROOT_WORDS ? r : 64 * PH_ROOT_WORDS - 1;
    component_of(scope, roots[r])->roots[bit / 64] |= 1ull << (bit % 64);
  }
  for (size_t c = scope->components.len; c-- > 0;) {
    const PhComponent *component = &scope->components.items[c];
    for (uint32_t i = 0; i < component->count; i++) {
      PhNode *in;
      for (uint32_t k = 0; ph_node_dependency(component->nodes[i], k, &in); k++) {
        for (uint32_t w = 0; w < PH_ROOT_WORDS; w++) {
          component_of(scope, in)->roots[w] |= component->roots[w];
        }
      }
    }
  }
}

/* How many banks lie before each component: what stands before and after a bank must be in different strands. */
static void find_levels(PhScope *scope)
{
  for (size_t c = 0; c < scope->components.len; c++) {
    PhComponent *component = &scope->components.items[c];
    component->bank = component->nodes[0]->bank;
    for (uint32_t i = 0; i < component->count; i++) {
      PhNode *in;
      for (uint32_t k = 0; ph_node_dependency(component->nodes[i], k, &in); k++) {
        const uint32_t level = component_of(scope, in)->level + leaves_bank(in);
        component->level = level > component->level ? level : component->level;
      }
    }
  }
}

/* A bank is one strand, whatever is picked out of it and where its inputs come from. */
static bool belongs(const Cluster *cluster, const PhComponent *component)
{
  if (cluster->bank || component->bank) {
    return cluster->bank == component->bank;
  }
  return cluster->level == component->level &&
         memcmp(cluster->roots, component->roots, sizeof component->roots) == 0;
}

static void cluster(Cutter *cut)
{
  PhArena *arena = cut->lower->arena;
  for (uint32_t c = 0; c < cut->scope->components.len; c++) {
    PhComponent *component = &cut->scope->components.items[c];
    if (!has_code(component->nodes[0])) {
      component->strand = UINT32_MAX;
      continue;
    }
    uint32_t s = 0;
    while (s < cut->clusters.len && !belongs(&cut->clusters.items[s], component)) {
      s++;
    }
    if (s == cut->clusters.len) {
      Cluster fresh = { .bank = component->bank, .level = component->level };
      memcpy(fresh.roots, component->roots, sizeof fresh.roots);
      PH_PUSH(arena, &cut->clusters, fresh);
    }
    component->strand = s;
    PH_PUSH(arena, &cut->clusters.items[s].components, c);
  }
}

static PhNode *behind_feedback(PhNode *node)
{
  while (node->kind == PH_NODE_FEEDBACK && node->direct) {
    node = node->target;
  }
  return node;
}

/* By component: the last one of its cluster that reads it, or itself. What leaves a bank is read through a shared wire. */
static uint32_t *last_readers(const Cutter *cut)
{
  PhScope *scope = cut->scope;
  uint32_t *last = PH_NEWN(cut->lower->arena, uint32_t, scope->components.len + 1);
  for (uint32_t c = 0; c < scope->components.len; c++) {
    const PhComponent *component = &scope->components.items[c];
    last[c] = c;
    for (uint32_t i = 0; i < component->count; i++) {
      PhNode *in;
      for (uint32_t k = 0; ph_node_dependency(component->nodes[i], k, &in); k++) {
        in = behind_feedback(in);
        if (in->component >= 0 && !leaves_bank(in) && component_of(scope, in)->strand == component->strand) {
          last[in->component] = c;
        }
      }
    }
  }
  return last;
}

static bool reads_from(PhScope *scope, const PhComponent *component, uint32_t first, uint32_t strand)
{
  for (uint32_t i = 0; i < component->count; i++) {
    PhNode *in;
    for (uint32_t k = 0; ph_node_dependency(component->nodes[i], k, &in); k++) {
      in = behind_feedback(in);
      if (in->component >= (int64_t)first && component_of(scope, in)->strand == strand) {
        return true;
      }
    }
  }
  return false;
}

/* Whether a bank may be cut before its component `i`, which is no way out of it: few wires lead over there, of calls whose lanes are
   known by their keys. */
static bool bank_may_end(const Cutter *cut, const Cluster *cluster, size_t i, const uint32_t *last)
{
  uint32_t wide = 0;
  if (leaves_bank(cut->scope->components.items[cluster->components.items[i]].nodes[0])) {
    return false;
  }
  for (size_t k = 0; k < i; k++) {
    const uint32_t c = cluster->components.items[k];
    const PhNode *node = cut->scope->components.items[c].nodes[0];
    if (last[c] >= cluster->components.items[i] && (++wide > MOST_WIDE || !node->lane_keys)) {
      return false;
    }
  }
  return true;
}

/* Cuts a cluster along its order where a piece has enough, preferably where a branch begins that needs nothing of the piece. */
static void cut_cluster(Cutter *cut, const Cluster *cluster, const uint32_t *last, uint32_t enough, Clusters *out)
{
  PhArena *arena = cut->lower->arena;
  uint32_t cost = 0, first = 0;
  for (size_t i = 0; i < cluster->components.len; i++) {
    const uint32_t c = cluster->components.items[i];
    PhComponent *component = &cut->scope->components.items[c];
    const uint32_t more = ph_component_cost(component);
    const bool wants = cost >= enough / 2 && (cost + more > enough || !reads_from(cut->scope, component, first, component->strand));
    if (i == 0 || (wants && (!cluster->bank || bank_may_end(cut, cluster, i, last)))) {
      Cluster piece = *cluster;
      memset(&piece.components, 0, sizeof piece.components);
      PH_PUSH(arena, out, piece);
      cost = 0;
      first = c;
    }
    cost += more;
    PH_PUSH(arena, &out->items[out->len - 1].components, c);
  }
}

static uint64_t cluster_cost(const Cutter *cut, const Cluster *cluster)
{
  uint64_t sum = 0;
  for (size_t i = 0; i < cluster->components.len; i++) {
    sum += ph_component_cost(&cut->scope->components.items[cluster->components.items[i]]);
  }
  return sum;
}

/* What a piece of the cluster should cost at most. */
static uint32_t enough_for(const Cutter *cut, const Cluster *cluster, uint64_t sum)
{
  if (cluster->bank && cluster_cost(cut, cluster) < sum / LARGE_BANK) {
    return UINT32_MAX;
  }
  const uint64_t share = sum / (cluster->bank ? BANK_SHARE : CUT_SHARE);
  return share < CUT_COST ? CUT_COST : share < UINT32_MAX / 2 ? (uint32_t)share : UINT32_MAX / 2;
}

static void cut_clusters(Cutter *cut)
{
  const uint32_t *last = last_readers(cut);
  uint64_t sum = 0;
  for (uint32_t c = 0; c < cut->scope->components.len; c++) {
    const PhComponent *component = &cut->scope->components.items[c];
    sum += component->strand == UINT32_MAX ? 0 : ph_component_cost(component);
  }
  Clusters pieces = { 0 };
  for (uint32_t s = 0; s < cut->clusters.len; s++) {
    const Cluster *cluster = &cut->clusters.items[s];
    cut_cluster(cut, cluster, last, enough_for(cut, cluster, sum), &pieces);
  }
  cut->clusters = pieces;
  for (uint32_t s = 0; s < pieces.len; s++) {
    for (size_t i = 0; i < pieces.items[s].components.len; i++) {
      cut->scope->components.items[pieces.items[s].components.items[i]].strand = s;
    }
  }
}

/* What is read from another strand gets a shared wire. */
static void place_shared(Cutter *cut)
{
  PhScope *scope = cut->scope;
  for (size_t i = 0; i < scope->nodes.len; i++) {
    PhNode *node = scope->nodes.items[i], *in;
    if (node->kind == PH_NODE_WIRE) {
      node->ref = ph_ref(PH_REF_SHARED, node->index);
      node->placed = true;
    }
    if (node->component < 0 || !has_code(node)) {
      continue;
    }
    if (leaves_bank(node)) {
      (void)ph_node_shared(cut->lower, node);
    }
    for (uint32_t k = 0; ph_node_dependency(node, k, &in); k++) {
      in = behind_feedback(in);
      if (has_code(in) && component_of(scope, in)->strand != component_of(scope, node)->strand) {
        (void)ph_node_shared(cut->lower, in);
      }
    }
  }
}

static void add_writer(Cutter *cut, uint32_t shared, uint32_t strand)
{
  if (shared < cut->lower->shared_count) {
    cut->writer[shared] = strand;
  }
}

static const char *cluster_name(const Cutter *cut, const Cluster *cluster, const char *const *names, uint32_t root_count)
{
  const char *name = NULL;
  for (uint32_t r = 0; r < root_count && r < 64 * PH_ROOT_WORDS; r++) {
    const bool needs = cluster->roots[r / 64] >> (r % 64) & 1;
    if (needs && !(name && strcmp(names[r], "master") == 0)) { /* the master needs everything */
      name = name ? ph_arena_printf(cut->lower->arena, "%s+%s", name, names[r]) : names[r];
    }
  }
  return name ? name : "code";
}

static void code_strands(Cutter *cut, const char *const *names, uint32_t root_count)
{
  PhArena *arena = cut->lower->arena;
  for (uint32_t s = 0; s < cut->clusters.len; s++) {
    const Cluster *cluster = &cut->clusters.items[s];
    const PhNode *first = cut->scope->components.items[cluster->components.items[0]].nodes[0];
    PhStrand strand = { .kind = PH_STRAND_CODE, .key = first->key, .at = first->at,
                        .name = cluster_name(cut, cluster, names, root_count) };
    PhEmit emit = { .components = cluster->components.items, .component_count = (uint32_t)cluster->components.len,
                    .lanes = cluster->bank ? PH_LANES_BANK : PH_LANES_BUS, .code = &strand.code };
    ph_emit_code(cut->scope, &emit);
    strand.steps = emit.steps;
    strand.step_count = emit.step_count;
    for (uint32_t i = 0; i < strand.code.instr_count; i++) {
      if (ph_ref_crosses(strand.code.instrs[i].out)) {
        add_writer(cut, strand.code.instrs[i].out.index, (uint32_t)cut->strands.len);
      }
    }
    PH_PUSH(arena, &cut->strands, strand);
  }
}

static void voice_strands(Cutter *cut)
{
  PhArena *arena = cut->lower->arena;
  for (uint32_t p = 0; p < cut->lower->players.len; p++) {
    const PhPlayer *player = &cut->lower->players.items[p];
    for (uint32_t r = 0; r < player->route_count; r++) {
      const PhStrand strand = { .kind = PH_STRAND_VOICES, .player = p, .route = r, .at = player->at,
                                .key = ph_mix(player->key, player->routes[r].mask), .name = "voices" };
      add_writer(cut, player->routes[r].shared, (uint32_t)cut->strands.len);
      PH_PUSH(arena, &cut->strands, strand);
    }
  }
}

static void add_input(PhArena *arena, PhStrand *strand, int64_t input, uint32_t self, uint32_t *cap)
{
  if (input < 0 || (uint32_t)input == self) {
    return;
  }
  for (uint32_t i = 0; i < strand->input_count; i++) {
    if (strand->inputs[i] == (uint32_t)input) {
      return;
    }
  }
  if (strand->input_count == *cap) {
    *cap = *cap ? *cap * 2 : 8;
    uint32_t *grown = PH_NEWN(arena, uint32_t, *cap);
    for (uint32_t i = 0; i < strand->input_count; i++) {
      grown[i] = strand->inputs[i];
    }
    strand->inputs = grown;
  }
  strand->inputs[strand->input_count++] = (uint32_t)input;
}

static void link_strands(Cutter *cut)
{
  PhArena *arena = cut->lower->arena;
  const PhPlan *plan = cut->lower->plan;
  for (uint32_t s = 0; s < cut->strands.len; s++) {
    PhStrand *strand = &cut->strands.items[s];
    uint32_t cap = 0;
    for (uint32_t i = 0; strand->kind == PH_STRAND_CODE && i < strand->code.instr_count; i++) {
      const PhInstr *instr = &strand->code.instrs[i];
      for (uint32_t k = 0; k < instr->in_count; k++) {
        if (ph_ref_crosses(instr->in[k])) {
          add_input(arena, strand, cut->writer[instr->in[k].index], s, &cap);
        }
      }
    }
    for (uint32_t i = 0; strand->kind == PH_STRAND_VOICES && i < plan->instrument_count; i++) {
      for (uint32_t x = 0; x < plan->instruments[i].extern_count; x++) {
        if (plan->instruments[i].externs[x].kind == PH_REF_SHARED) {
          add_input(arena, strand, cut->writer[plan->instruments[i].externs[x].index], s, &cap);
        }
      }
    }
  }
}

/* Inputs first (Kahn 1962), otherwise in the order in which they were made. */
static void sort_strands(Cutter *cut)
{
  PhArena *arena = cut->lower->arena;
  PhPlan *plan = cut->lower->plan;
  const uint32_t n = (uint32_t)cut->strands.len;
  uint32_t *number = PH_NEWN(arena, uint32_t, n + 1); /* new index + 1; 0: not placed */
  plan->strands = PH_NEWN(arena, PhStrand, n + 1);
  for (bool progress = true; progress;) {
    progress = false;
    for (uint32_t s = 0; s < n; s++) {
      const PhStrand *strand = &cut->strands.items[s];
      bool ready = number[s] == 0;
      for (uint32_t i = 0; ready && i < strand->input_count; i++) {
        ready = number[strand->inputs[i]] != 0;
      }
      if (ready) {
        plan->strands[plan->strand_count++] = *strand;
        number[s] = plan->strand_count;
        progress = true;
      }
    }
  }
  if (plan->strand_count < n) {
    for (uint32_t s = 0; s < n; s++) {
      if (!number[s]) {
        ph_diags_add(cut->lower->diags, PH_SEVERITY_ERROR, cut->strands.items[s].at, NULL,
                     "an instrument reads a bus that plays the instrument itself: this circle has no beginning");
        return;
      }
    }
  }
  for (uint32_t s = 0; s < n; s++) {
    for (uint32_t i = 0; i < plan->strands[s].input_count; i++) {
      plan->strands[s].inputs[i] = number[plan->strands[s].inputs[i]] - 1;
    }
  }
}

static void place_externs(PhLower *lower)
{
  for (uint32_t i = 0; i < lower->plan->instrument_count; i++) {
    const PhScope *scope = lower->instrument_scopes[i];
    for (size_t x = 0; scope && x < scope->externs.len; x++) {
      lower->plan->instruments[i].externs[x] = ph_ref(PH_REF_SHARED, ph_node_shared(lower, scope->externs.items[x]));
    }
  }
}

void ph_build_strands(PhLower *lower, PhNode *const *roots, const char *const *names, uint32_t root_count)
{
  Cutter cut = { .lower = lower, .scope = &lower->program_scope };
  spread_roots(cut.scope, roots, root_count);
  find_levels(cut.scope);
  cluster(&cut);
  cut_clusters(&cut);
  for (uint32_t r = 0; r < root_count; r++) {
    (void)ph_node_shared(lower, roots[r]);
  }
  place_shared(&cut);
  place_externs(lower);
  cut.writer = PH_NEWN(lower->arena, int64_t, lower->shared_count + 1);
  for (uint32_t i = 0; i < lower->shared_count; i++) {
    cut.writer[i] = -1;
  }
  code_strands(&cut, names, root_count);
  voice_strands(&cut);
  link_strands(&cut);
  sort_strands(&cut);
}
