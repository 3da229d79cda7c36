/* The public interface: the functions of the language, and help about them.  SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "app/api.h"
#include "app/api_doc.h"

_Static_assert((int)PHONON_SORT_PATTERN == (int)PH_FUNC_PATTERN && (int)PHONON_SORT_CONTROL == (int)PH_FUNC_CONTROL &&
                   (int)PHONON_SORT_UNIT == (int)PH_FUNC_UNIT && (int)PHONON_SORT_SYNTH == (int)PH_FUNC_SYNTH,
               "sorts agree");
_Static_assert((int)PHONON_SCALE_LINEAR == (int)PH_SCALE_LIN && (int)PHONON_SCALE_LOG == (int)PH_SCALE_LOG &&
                   (int)PHONON_SCALE_WHOLE == (int)PH_SCALE_INT,
               "scales agree");

PhononStatus phonon_registry_new(PhononRegistry **out)
{
  *out = NULL;
  PhononRegistry *self = calloc(1, sizeof *self);
  if (!self) {
    return PHONON_NOMEM;
  }
  PhTrap trap;
  ph_arena_init(&self->arena, NULL, &trap);
  if (PH_TRAP_SET(&trap) == 0) {
    ph_graph_registry(&self->registry, &self->arena);
  }
  self->arena.trap = NULL;
  if (trap.status != PH_OK) {
    phonon_registry_free(self);
    return (PhononStatus)trap.status;
  }
  *out = self;
  return PHONON_OK;
}

void phonon_registry_free(PhononRegistry *registry)
{
  if (registry) {
    ph_arena_deinit(&registry->arena);
    free(registry);
  }
}

size_t phonon_registry_count(const PhononRegistry *registry) { return registry->registry.count; }

bool phonon_registry_get(const PhononRegistry *registry, size_t index, PhononFunction *out)
{
  *out = (PhononFunction){ 0 };
  if (index >= registry->registry.count) {
    return false;
  }
  const PhFunc *func = registry->registry.funcs[index];
  *out = (PhononFunction){ .name = func->name,
                           .aliases = func->aliases,
                           .family = func->family,
                           .doc = func->doc,
                           .example = func->example,
                           .result = func->result,
                           .sort = (PhononSort)func->sort,
                           .param_count = func->param_count,
                           .id = index };
  return true;
}

bool phonon_registry_param(const PhononRegistry *registry, size_t function, size_t index, PhononParam *out)
{
  *out = (PhononParam){ 0 };
  if (function >= registry->registry.count || index >= registry->registry.funcs[function]->param_count) {
    return false;
  }
  const PhParam *param = &registry->registry.funcs[function]->params[index];
  *out = (PhononParam){ .name = param->name,
                        .type = param->type,
                        .unit = param->unit ? param->unit : "",
                        .doc = param->doc ? param->doc : "",
                        .dflt = param->dflt,
                        .least = param->least,
                        .most = param->most,
                        .scale = (PhononScale)param->scale,
                        .optional = (param->flags & PH_PARAM_OPTIONAL) != 0,
                        .variadic = (param->flags & PH_PARAM_VARIADIC) != 0 };
  return true;
}

const char *phonon_registry_nearest(const PhononRegistry *registry, const char *name)
{
  return ph_registry_nearest(&registry->registry, ph_str_of(name));
}

char *phonon_registry_help(const PhononRegistry *registry, const char *name)
{
  const PhStr wanted = ph_str_of(name);
  PhText text = { 0 };
  bool found = false;
  for (int sort = PH_FUNC_PATTERN; sort <= PH_FUNC_SYNTH; sort++) {
    const PhFunc *func = ph_registry_find(&registry->registry, wanted, (PhFuncSort)sort);
    if (func) {
      if (found) {
        ph_text_puts(&text, "\n");
      }
      ph_doc_help(func, &text);
      found = true;
    }
  }
  if (!found && !ph_doc_help_list(&registry->registry, wanted, &text)) {
    ph_text_deinit(&text);
    return NULL;
  }
  return ph_api_take(&text);
}

char *phonon_registry_doc(const PhononRegistry *registry, PhononDocFormat format)
{
  static void (*const printers[])(const PhRegistry *registry, PhText *text) = { ph_doc_markdown, ph_doc_json,
                                                                                ph_doc_man };
  if ((unsigned)format >= PH_COUNT(printers)) {
    return NULL;
  }
  PhText text = { 0 };
  printers[format](&registry->registry, &text);
  return ph_api_take(&text);
}
