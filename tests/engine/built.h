/* Programs in the language as plans.  SPDX-License-Identifier: MIT */
#ifndef PH_TESTS_ENGINE_BUILT_H
#define PH_TESTS_ENGINE_BUILT_H

#include "engine/engine.h"

typedef struct Built {
  PhArena arena, registry_arena;
  PhRegistry registry;
  PhDiags diags;
  PhProgram program;
  PhPlan plan;
} Built;

/* Compiles a text at 44.1 kHz; the test fails if it has an error. */
void built(Built *b, const char *name, const char *text);
/* The same without banks of chains. */
void built_apart(Built *b, const char *name, const char *text);
void built_drop(Built *b);

#endif
