/* The registry of the whole language: pattern's rows are lang's to gather, the units' come from here.
   SPDX-License-Identifier: MIT */
#include <pthread.h>

#include "graph/graph.h"

static void build(PhRegistry *registry, PhArena *arena)
{
  const PhUnitSet *set = ph_unit_set_bus();
  const PhFunc **funcs = PH_NEWN(arena, const PhFunc *, set->count + 1);
  for (size_t i = 0; i < set->count; i++) {
    funcs[i] = &set->units[i]->func;
  }
  ph_registry_init(registry, arena, (const PhFunc *const *)funcs, set->count);
}

/* Rows are constant, so one registry serves all programs; filled once, constant from then on, for the life of the process. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static PhArena shared_arena;
static PhRegistry shared;
static bool is_shared;

static void build_shared(void)
{
  PhTrap trap;
  ph_arena_init(&shared_arena, NULL, &trap);
  if (PH_TRAP_SET(&trap) == 0) {
    build(&shared, &shared_arena);
    is_shared = true;
  } else {
    ph_arena_deinit(&shared_arena);
  }
}

void ph_graph_registry(PhRegistry *registry, PhArena *arena)
{
  (void)pthread_once(&once, build_shared);
  if (is_shared) {
    *registry = shared;
  } else { /* there was no memory then; perhaps there is now */
    build(registry, arena);
  }
}
