/* The registry of the whole language: pattern's rows are lang's to gather, the units' come from here.
   SPDX-License-Identifier: MIT */
#include "graph/graph.h"

void ph_graph_registry(PhRegistry *registry, PhArena *arena)
{
  const PhUnitSet *set = ph_unit_set_bus();
  const PhFunc **funcs = PH_NEWN(arena, const PhFunc *, set->count + 1);
  for (size_t i = 0; i < set->count; i++) {
    funcs[i] = &set->units[i]->func;
  }
  ph_registry_init(registry, arena, (const PhFunc *const *)funcs, set->count);
}
