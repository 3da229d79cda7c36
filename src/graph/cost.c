/* What nodes cost, as bench/units counts it: instructions a frame. Only a guide for cutting strands: how they are cut cannot be
   heard.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "graph/internal.h"

enum {
  UNKNOWN_COST = 100,
  LIGHT_COST = 10, /* of copies, and of what is read and written in feedback */
  FOLD_COST = 70,
  CALL_COST = 20 /* of calling a kernel, in a loop that goes round every frame */
};

typedef struct Cost {
  const char *name;
  uint32_t bus, bank;
} Cost;

static const Cost costs[] = {
#include "graph/unit_costs.h"
};

static int by_name(const void *key, const void *row) { return strcmp(key, ((const Cost *)row)->name); }

static uint32_t node_cost(const PhNode *node)
{
  if (node->kind == PH_NODE_CALL) {
    const Cost *cost = bsearch(node->unit->func.name, costs, PH_COUNT(costs), sizeof *costs, by_name);
    const uint32_t count = !cost ? 0 : node->bank ? cost->bank : cost->bus;
    return count ? count : UNKNOWN_COST;
  }
  return node->kind == PH_NODE_FOLD ? FOLD_COST : LIGHT_COST;
}

uint32_t ph_component_cost(const PhComponent *component)
{
  uint32_t sum = 0;
  for (uint32_t i = 0; i < component->count; i++) {
    sum += node_cost(component->nodes[i]) + (component->loop ? CALL_COST / (component->frames ? component->frames : 1) : 0);
  }
  return sum;
}
