/* phonon.h: the functions of the language, and the reference made from their rows.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "app/api.h"

struct PhononRegistry {
  PhArena arena;
  PhRegistry registry;
};

PhononStatus phonon_registry_new(PhononRegistry **out)
{
  PhononRegistry *registry = calloc(1, sizeof *registry);
  *out = NULL;
  if (!registry) {
    return PHONON_NOMEM;
  }
  PhTrap trap;
  ph_arena_init(&registry->arena, NULL, &trap);
  if (PH_TRAP_SET(&trap) == 0) {
    ph_graph_registry(&registry->registry, &registry->arena);
  }
  registry->arena.trap = NULL;
  if (trap.status != PH_OK) {
    phonon_registry_free(registry);
    return PHONON_STATUS(trap.status);
  }
  *out = registry;
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
  if (index >= registry->registry.count) {
    return false;
  }
  const PhFunc *f = registry->registry.funcs[index];
  *out = (PhononFunction){ .name = f->name, .aliases = f->aliases, .family = f->family, .doc = f->doc, .example = f->example,
                           .result = f->result, .sort = (PhononSort)f->sort, .param_count = f->param_count, .id = index };
  return true;
}

bool phonon_registry_param(const PhononRegistry *registry, size_t function, size_t index, PhononParam *out)
{
  if (function >= registry->registry.count || index >= registry->registry.funcs[function]->param_count) {
    return false;
  }
  const PhParam *p = &registry->registry.funcs[function]->params[index];
  *out = (PhononParam){ .name = p->name, .type = p->type, .unit = p->unit ? p->unit : "", .doc = p->doc ? p->doc : "", .dflt = p->dflt,
                        .least = p->least, .most = p->most, .scale = (PhononScale)p->scale,
                        .optional = (p->flags & PH_PARAM_OPTIONAL) != 0, .variadic = (p->flags & PH_PARAM_VARIADIC) != 0 };
  return true;
}

const char *phonon_registry_nearest(const PhononRegistry *registry, const char *name)
{
  return ph_registry_nearest(&registry->registry, ph_str_of(name));
}

/* ---- texts ---- */

static const char *sort_name(const PhFunc *f)
{
  return f->sort == PH_FUNC_PATTERN ? "pattern" : f->sort == PH_FUNC_CONTROL ? "control" : "unit";
}

static bool is_number(const PhParam *p)
{
  static const char *const types[] = { "num", "int", "time", "note", "sig", "hz" };
  const char *type = p->type[0] == '!' ? p->type + 1 : p->type;
  for (size_t i = 0; i < PH_COUNT(types); i++) {
    if (strcmp(types[i], type) == 0) {
      return true;
    }
  }
  return false;
}

/* name a b [c .5] … */
static void put_usage(PhText *text, const PhFunc *f)
{
  ph_text_puts(text, f->name);
  for (uint32_t i = 0; i < f->param_count; i++) {
    const PhParam *p = &f->params[i];
    ph_text_puts(text, p->flags & (PH_PARAM_OPTIONAL | PH_PARAM_VARIADIC) ? " [" : " ");
    ph_text_puts(text, p->name);
    if ((p->flags & PH_PARAM_OPTIONAL) && is_number(p)) {
      ph_text_puts(text, " ");
      ph_text_num(text, p->dflt);
    }
    ph_text_puts(text, p->flags & PH_PARAM_VARIADIC ? " …]" : p->flags & PH_PARAM_OPTIONAL ? "]" : "");
  }
}

static void put_range(PhText *text, const PhParam *p)
{
  if (is_number(p) && p->least < p->most) {
    ph_text_num(text, p->least);
    ph_text_puts(text, " … ");
    ph_text_num(text, p->most);
  }
  if (p->unit && p->unit[0]) {
    ph_text_puts(text, is_number(p) && p->least < p->most ? " " : "");
    ph_text_puts(text, p->unit);
  }
}

static void put_help(PhText *text, const PhFunc *f)
{
  put_usage(text, f);
  ph_text_printf(text, "\n    %s", f->doc);
  if (f->aliases && f->aliases[0]) {
    ph_text_printf(text, " Also: %s.", f->aliases);
  }
  ph_text_printf(text, " (%s, %s)\n", sort_name(f), f->family);
  for (uint32_t i = 0; i < f->param_count; i++) {
    const PhParam *p = &f->params[i];
    ph_text_printf(text, "      %-14s %-10s ", p->name, p->type);
    put_range(text, p);
    ph_text_printf(text, "  %s\n", p->doc ? p->doc : "");
  }
  ph_text_printf(text, "    %s\n", f->example);
}

/* The functions of a family stand together, families in order of their first function. */
static void each_family(const PhRegistry *r, PhText *text, void (*chapter)(PhText *, const char *), void (*entry)(PhText *, const PhFunc *))
{
  for (size_t i = 0; i < r->count; i++) {
    bool first = true;
    for (size_t k = 0; k < i && first; k++) {
      first = strcmp(r->funcs[k]->family, r->funcs[i]->family) != 0;
    }
    if (!first) {
      continue;
    }
    chapter(text, r->funcs[i]->family);
    for (size_t k = i; k < r->count; k++) {
      if (strcmp(r->funcs[k]->family, r->funcs[i]->family) == 0) {
        entry(text, r->funcs[k]);
      }
    }
  }
}

static void md_chapter(PhText *text, const char *family) { ph_text_printf(text, "\n## %s\n", family); }

static void md_entry(PhText *text, const PhFunc *f)
{
  ph_text_puts(text, "\n### `");
  put_usage(text, f);
  ph_text_printf(text, "`\n\n%s", f->doc);
  if (f->aliases && f->aliases[0]) {
    ph_text_printf(text, " Also `%s`.", f->aliases);
  }
  ph_text_printf(text, " *(%s)*\n", sort_name(f));
  if (f->param_count) {
    ph_text_puts(text, "\n| parameter | type | default | range | |\n|---|---|---|---|---|\n");
  }
  for (uint32_t i = 0; i < f->param_count; i++) {
    const PhParam *p = &f->params[i];
    ph_text_printf(text, "| %s | `%s` | ", p->name, p->type);
    if ((p->flags & PH_PARAM_OPTIONAL) && is_number(p)) {
      ph_text_num(text, p->dflt);
    }
    ph_text_puts(text, " | ");
    put_range(text, p);
    ph_text_printf(text, " | %s |\n", p->doc ? p->doc : "");
  }
  ph_text_printf(text, "\n```\n%s\n```\n", f->example);
}

static void man_text(PhText *text, const char *s)
{
  for (const char *p = s; *p; p++) {
    ph_text_puts(text, *p == '\\' ? "\\e" : *p == '-' ? "\\-" : "");
    ph_text_add(text, p, *p == '\\' || *p == '-' ? 0 : 1);
  }
}

static void man_chapter(PhText *text, const char *family) { ph_text_printf(text, ".SS %s\n", family); }

static void man_entry(PhText *text, const PhFunc *f)
{
  PhText usage = { 0 };
  put_usage(&usage, f);
  ph_text_puts(text, ".TP\n.B ");
  man_text(text, usage.ptr ? usage.ptr : f->name);
  ph_text_puts(text, "\n");
  man_text(text, f->doc);
  ph_text_puts(text, "\n.br\n.I ");
  man_text(text, f->example);
  ph_text_puts(text, "\n");
  ph_text_deinit(&usage);
}

static void json_field(PhText *text, const char *name, const char *value)
{
  ph_text_printf(text, "\"%s\": ", name);
  ph_text_json(text, value ? value : "", value ? strlen(value) : 0);
  ph_text_puts(text, ", ");
}

static void json_entry(PhText *text, const PhFunc *f)
{
  ph_text_puts(text, "{");
  json_field(text, "name", f->name);
  json_field(text, "aliases", f->aliases);
  json_field(text, "sort", sort_name(f));
  json_field(text, "family", f->family);
  json_field(text, "doc", f->doc);
  json_field(text, "example", f->example);
  json_field(text, "result", f->result);
  ph_text_puts(text, "\"params\": [");
  for (uint32_t i = 0; i < f->param_count; i++) {
    const PhParam *p = &f->params[i];
    ph_text_puts(text, i ? ", {" : "{");
    json_field(text, "name", p->name);
    json_field(text, "type", p->type);
    json_field(text, "unit", p->unit);
    json_field(text, "doc", p->doc);
    ph_text_printf(text, "\"optional\": %s, \"variadic\": %s, \"default\": ", p->flags & PH_PARAM_OPTIONAL ? "true" : "false",
                   p->flags & PH_PARAM_VARIADIC ? "true" : "false");
    ph_text_num(text, p->dflt);
    ph_text_puts(text, ", \"least\": ");
    ph_text_num(text, p->least);
    ph_text_puts(text, ", \"most\": ");
    ph_text_num(text, p->most);
    ph_text_puts(text, "}");
  }
  ph_text_puts(text, "]}");
}

char *phonon_registry_help(const PhononRegistry *registry, const char *name)
{
  PhText text = { 0 };
  bool any = false;
  for (PhFuncSort sort = PH_FUNC_PATTERN; sort <= PH_FUNC_UNIT; sort++) {
    const PhFunc *f = ph_registry_find(&registry->registry, ph_str_of(name), sort);
    if (f) {
      ph_text_puts(&text, any ? "\n" : "");
      put_help(&text, f);
      any = true;
    }
  }
  return any ? ph_api_take_text(&text) : NULL;
}

char *phonon_registry_doc(const PhononRegistry *registry, PhononDocFormat format)
{
  const PhRegistry *r = &registry->registry;
  PhText text = { 0 };
  if (format == PHONON_DOC_JSON) {
    ph_text_puts(&text, "[\n");
    for (size_t i = 0; i < r->count; i++) {
      ph_text_puts(&text, i ? ",\n" : "");
      json_entry(&text, r->funcs[i]);
    }
    ph_text_puts(&text, "\n]\n");
  } else if (format == PHONON_DOC_MAN) {
    ph_text_puts(&text, ".SH FUNCTIONS\n");
    each_family(r, &text, man_chapter, man_entry);
  } else {
    ph_text_puts(&text, "# Reference\n\nPrinted by `phonon doc --md`. Parameters may be given by name (`:name value`); those with a default may be left out.\n");
    each_family(r, &text, md_chapter, md_entry);
  }
  return ph_api_take_text(&text);
}
