/* Programs in the language as plans.  SPDX-License-Identifier: MIT */
#include "built.h"

#include "plans.h"

#include <string.h>

static void compile(Built *b, const char *name, const char *text, bool apart)
{
  memset(b, 0, sizeof *b);
  ph_arena_init(&b->arena, NULL, NULL);
  ph_arena_init(&b->registry_arena, NULL, NULL);
  ph_graph_registry(&b->registry, &b->registry_arena);
  ph_diags_init(&b->diags, &b->arena);
  const PhCompileOptions options = { .name = name };
  const PhPlanOptions plan_options = { .sample_rate = 44100, .apart = apart };
  PhStatus status = ph_program_compile(&b->arena, &b->registry, ph_str_of(text), &options, &b->diags, &b->program);
  if (status == PH_OK && b->diags.errors == 0) {
    status = ph_plan_build(&b->arena, &b->program, &plan_options, &b->diags, &b->plan);
  }
  if (status != PH_OK || b->diags.errors) {
    PhText printed = { 0 };
    ph_diags_print(&b->diags, false, &printed);
    fail_msg("%s: %s\n%s", name, ph_status_text(status), printed.ptr ? printed.ptr : "");
  }
}

void built(Built *b, const char *name, const char *text) { compile(b, name, text, false); }

void built_apart(Built *b, const char *name, const char *text) { compile(b, name, text, true); }

void built_drop(Built *b)
{
  ph_arena_deinit(&b->arena);
  ph_arena_deinit(&b->registry_arena);
}
