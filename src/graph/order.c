/* The order of nodes: strongly connected components (Tarjan 1972), and what closes a feedback loop: a delay line of the
   loop's own where there is one, else a delay of one sample.  SPDX-License-Identifier: MIT */
#include <assert.h>

#include "graph/internal.h"

bool ph_node_dependency(const PhNode *node, uint32_t k, PhNode **out)
{
  if (node->kind == PH_NODE_FEEDBACK) {
    *out = node->target;
    return k == 0 && node->target;
  }
  if (k >= node->in_count) {
    return false;
  }
  *out = node->in[k];
  return true;
}

uint32_t *ph_count_uses(const PhScope *scope, PhNode *const *roots, uint32_t root_count)
{
  PhArena *arena = scope->lower->arena;
  const size_t n = scope->nodes.len;
  uint32_t *uses = PH_NEWN(arena, uint32_t, n + 1);
  PhNode **stack = PH_NEWN(arena, PhNode *, n + 1);
  bool *seen = PH_NEWN(arena, bool, n + 1);
  size_t len = 0;
  for (uint32_t r = 0; r < root_count; r++) {
    uses[roots[r]->id] += 2; /* a root is read from outside: never inside a lane */
    if (!seen[roots[r]->id]) {
      seen[roots[r]->id] = true;
      stack[len++] = roots[r];
    }
  }
  while (len) {
    PhNode *node = stack[--len], *in;
    for (uint32_t k = 0; ph_node_dependency(node, k, &in); k++) {
      uses[in->id]++;
      if (!seen[in->id]) {
        seen[in->id] = true;
        stack[len++] = in;
      }
    }
  }
  return uses;
}

/* As ph_node_dependency, but without what comes from an earlier frame. */
static bool same_frame_dependency(const PhNode *node, uint32_t *k, PhNode **out)
{
  if (node->kind == PH_NODE_FEEDBACK && !node->direct) {
    return false;
  }
  if (node->split && *k == 0) {
    *k = 1; /* the input of a delay that is read before it is written */
  }
  return ph_node_dependency(node, *k, out);
}

typedef struct Frame {
  PhNode *node;
  uint32_t k;
} Frame;

uint32_t ph_inputs_first(const PhScope *scope, PhNode *const *roots, uint32_t root_count, PhNode **order)
{
  PhArena *arena = scope->lower->arena;
  const size_t n = scope->nodes.len;
  bool *seen = PH_NEWN(arena, bool, n + 1);
  Frame *frames = PH_NEWN(arena, Frame, n + 1);
  PH_ARRAY(PhNode *) starts = { 0 };
  for (uint32_t r = 0; r < root_count; r++) {
    PH_PUSH(arena, &starts, roots[r]);
  }
  uint32_t count = 0;
  for (size_t s = 0; s < starts.len; s++) {
    size_t depth = 0;
    if (!seen[starts.items[s]->id]) {
      seen[starts.items[s]->id] = true;
      frames[depth++] = (Frame){ starts.items[s], 0 };
    }
    while (depth) {
      PhNode *node = frames[depth - 1].node;
      const uint32_t k = frames[depth - 1].k++;
      if (k == 0 && node->kind == PH_NODE_FEEDBACK && node->target) {
        PH_PUSH(arena, &starts, node->target);
      }
      if (k >= node->in_count) {
        order[count++] = node;
        depth--;
      } else if (!seen[node->in[k]->id]) {
        seen[node->in[k]->id] = true;
        frames[depth++] = (Frame){ node->in[k], 0 };
      }
    }
  }
  return count;
}

typedef struct Tarjan {
  PhScope *scope;
  uint32_t *number, *low; /* by node id; 0: not seen */
  bool *on_stack;
  PhNode **stack;
  Frame *frames;
  size_t stack_len;
  uint32_t next;
} Tarjan;

static void pop_component(Tarjan *t, const PhNode *head)
{
  PhArena *arena = t->scope->lower->arena;
  PhComponent component = { 0 };
  size_t first = t->stack_len;
  while (t->stack[--first] != head) {
  }
  component.count = (uint32_t)(t->stack_len - first);
  component.nodes = ph_arena_copy(arena, t->stack + first, component.count * sizeof *component.nodes);
  for (uint32_t i = 0; i < component.count; i++) {
    component.nodes[i]->component = (int32_t)t->scope->components.len;
    t->on_stack[component.nodes[i]->id] = false;
  }
  t->stack_len = first;
  PhNode *in;
  for (uint32_t k = 0; component.count == 1 && ph_node_dependency(head, k, &in); k++) {
    component.loop |= in == head;
  }
  component.loop |= component.count > 1;
  PH_PUSH(arena, &t->scope->components, component);
}

static void enter(Tarjan *t, PhNode *node, size_t *depth)
{
  t->number[node->id] = t->low[node->id] = ++t->next;
  t->on_stack[node->id] = true;
  t->stack[t->stack_len++] = node;
  t->frames[(*depth)++] = (Frame){ node, 0 };
}

static void visit(Tarjan *t, PhNode *root)
{
  size_t depth = 0;
  enter(t, root, &depth);
  while (depth) {
    Frame *frame = &t->frames[depth - 1];
    PhNode *node = frame->node, *in;
    if (ph_node_dependency(node, frame->k++, &in)) {
      if (!t->number[in->id]) {
        enter(t, in, &depth);
      } else if (t->on_stack[in->id] && t->number[in->id] < t->low[node->id]) {
        t->low[node->id] = t->number[in->id];
      }
      continue;
    }
    if (t->low[node->id] == t->number[node->id]) {
      pop_component(t, node);
    }
    if (--depth) {
      PhNode *parent = t->frames[depth - 1].node;
      t->low[parent->id] = t->low[node->id] < t->low[parent->id] ? t->low[node->id] : t->low[parent->id];
    }
  }
}

/* Whether `from` needs `what` in the same frame, inside one component. Iterative: loops may be long. */
static bool reaches(PhScope *scope, PhNode *from, const PhNode *what, uint32_t mark)
{
  PhNode **stack = PH_NEWN(scope->lower->arena, PhNode *, scope->nodes.len + 1);
  size_t len = 0;
  stack[len++] = from;
  from->mark = mark;
  while (len) {
    PhNode *node = stack[--len], *in;
    if (node == what) {
      return true;
    }
    for (uint32_t k = 0; same_frame_dependency(node, &k, &in); k++) {
      if (in->component == what->component && in->mark != mark) {
        in->mark = mark;
        stack[len++] = in;
      }
    }
  }
  return false;
}

/* Post-order of the nodes of a loop over what they need in the same frame. */
static void order_loop(PhScope *scope, PhComponent *component, uint32_t mark)
{
  PhArena *arena = scope->lower->arena;
  PhNode **ordered = PH_NEWN(arena, PhNode *, component->count);
  Frame *frames = PH_NEWN(arena, Frame, component->count + 1);
  const int32_t id = component->nodes[0]->component;
  uint32_t done = 0;
  for (uint32_t i = 0; i < component->count; i++) {
    /* By id, so that the order does not depend on how Tarjan's stack happened to stand. */
    PhNode *root = component->nodes[i];
    if (root->mark == mark) {
      continue;
    }
    size_t depth = 0;
    frames[depth++] = (Frame){ root, 0 };
    root->mark = mark;
    while (depth) {
      Frame *frame = &frames[depth - 1];
      PhNode *in;
      uint32_t k = frame->k;
      const bool more = same_frame_dependency(frame->node, &k, &in);
      frame->k = k + 1;
      if (!more) {
        ordered[done++] = frame->node;
        depth--;
      } else if (in->component == id && in->mark != mark) {
        in->mark = mark;
        frames[depth++] = (Frame){ in, 0 };
      }
    }
  }
  assert(done == component->count);
  component->nodes = ordered;
}

static void sort_by_id(PhNode **nodes, uint32_t count)
{
  for (uint32_t gap = count / 2; gap; gap /= 2) {
    for (uint32_t i = gap; i < count; i++) {
      PhNode *node = nodes[i];
      uint32_t j = i;
      for (; j >= gap && nodes[j - gap]->id > node->id; j -= gap) {
        nodes[j] = nodes[j - gap];
      }
      nodes[j] = node;
    }
  }
}

static void resolve_loop(PhScope *scope, PhComponent *component, uint32_t *mark)
{
  sort_by_id(component->nodes, component->count);
  for (uint32_t i = 0; i < component->count; i++) {
    PhNode *node = component->nodes[i];
    node->split = node->kind == PH_NODE_CALL && (node->unit->flags & PH_UNIT_DELAYS) && node->delay_frames >= 1;
  }
  component->frames = PH_CHUNK_FRAMES;
  for (uint32_t i = 0; i < component->count; i++) {
    PhNode *node = component->nodes[i];
    if (node->kind == PH_NODE_FEEDBACK) {
      node->direct = !reaches(scope, node->target, node, ++*mark);
      if (!node->direct) {
        component->frames = 1;
      }
    } else if (node->split && node->delay_frames < component->frames) {
      component->frames = node->delay_frames;
    }
  }
  order_loop(scope, component, ++*mark);
}

void ph_scope_order(PhScope *scope, PhNode *const *roots, uint32_t root_count)
{
  PhArena *arena = scope->lower->arena;
  const size_t n = scope->nodes.len;
  Tarjan t = { .scope = scope,
               .number = PH_NEWN(arena, uint32_t, n + 1),
               .low = PH_NEWN(arena, uint32_t, n + 1),
               .on_stack = PH_NEWN(arena, bool, n + 1),
               .stack = PH_NEWN(arena, PhNode *, n + 1),
               .frames = PH_NEWN(arena, Frame, n + 1) };
  for (uint32_t i = 0; i < root_count; i++) {
    if (!t.number[roots[i]->id]) {
      visit(&t, roots[i]);
    }
  }
  uint32_t mark = 0;
  for (size_t i = 0; i < scope->components.len; i++) {
    if (scope->components.items[i].loop) {
      resolve_loop(scope, &scope->components.items[i], &mark);
    }
  }
}
