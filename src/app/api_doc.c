/* Printing the rows of the functions.  SPDX-License-Identifier: MIT */
#include "app/api_doc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const sort_names[] = { "pattern", "control", "unit", "synth" };

/* Figures that the tests measured and hold to a limit (tests/dsp/measure.h). */
typedef struct Measured {
  const char *row, *what, *relation, *unit;
  double value, limit;
} Measured;

static const Measured measured[] = {
#define PH_MEASURED(row_, what_, value_, relation_, limit_, unit_)                                                     \
  { .row = row_, .what = what_, .relation = relation_, .unit = unit_, .value = value_, .limit = limit_ },
#include "app/measured.def"
#undef PH_MEASURED
};

static bool is_of(const Measured *figure, const PhFunc *func)
{
  return func->sort == PH_FUNC_UNIT && strcmp(figure->row, func->name) == 0;
}

static bool is_text(const char *text) { return text && text[0]; }
static bool is_number(const PhParam *param)
{
  return !strchr("([!tab", param->type[0]) || strcmp(param->type, "time") == 0;
}
static bool is_optional(const PhParam *param) { return (param->flags & (PH_PARAM_OPTIONAL | PH_PARAM_VARIADIC)) != 0; }
static bool is_bounded(const PhParam *param) { return param->least < param->most; }

/* `name a b [c] [d …]`. */
static void signature(const PhFunc *func, PhText *text)
{
  ph_text_puts(text, func->name);
  for (unsigned i = 0; i < func->param_count; i++) {
    const PhParam *param = &func->params[i];
    const char *dots = param->flags & PH_PARAM_VARIADIC ? " …" : "";
    ph_text_printf(text, is_optional(param) ? " [%s%s]" : " %s%s", param->name, dots);
  }
}

static void number(PhText *text, double value)
{
  if (isinf(value)) {
    ph_text_puts(text, value < 0 ? "-∞" : "∞");
  } else {
    ph_text_num(text, value);
  }
}

static void range(const PhParam *param, PhText *text)
{
  if (is_bounded(param)) {
    number(text, param->least);
    ph_text_puts(text, " … ");
    number(text, param->most);
  }
}

/* ---- help ------------------------------------------------------------------------------------------------------- */

static void help_param(const PhParam *param, PhText *text)
{
  const bool has_default = is_optional(param) && is_number(param);
  const char *space = is_text(param->unit) ? " " : "";
  const char *unit = is_text(param->unit) ? param->unit : "";
  ph_text_printf(text, "  %-12s %-6s", param->name, param->type);
  if (has_default) {
    ph_text_puts(text, " default ");
    number(text, param->dflt);
    ph_text_printf(text, "%s%s%s", space, unit, is_bounded(param) ? "," : "");
  }
  if (is_bounded(param)) {
    ph_text_puts(text, " ");
    range(param, text);
    ph_text_printf(text, "%s%s", space, unit);
  }
  if (is_text(param->doc)) {
    ph_text_printf(text, "%s %s", has_default || is_bounded(param) ? ":" : "", param->doc);
  }
  ph_text_puts(text, "\n");
}

/* `-131.6 dB (<= -120)`. */
static void figure(const Measured *m, PhText *text)
{
  number(text, m->value);
  ph_text_printf(text, " %s (%s ", m->unit, m->relation);
  number(text, m->limit);
  ph_text_puts(text, ")");
}

static void help_measured(const PhFunc *func, PhText *text)
{
  bool any = false;
  for (size_t i = 0; i < PH_COUNT(measured); i++) {
    if (is_of(&measured[i], func)) {
      ph_text_printf(text, "%s    %s: ", any ? "" : "\n  measured:\n", measured[i].what);
      figure(&measured[i], text);
      ph_text_puts(text, "\n");
      any = true;
    }
  }
}

/* The text of a synth, indented: it is written in the language, so it can be read and changed. */
static void help_synth(const PhSynth *synth, PhText *text)
{
  ph_text_puts(text, "\n  written as:\n    ");
  for (const char *at = synth->text; *at; at++) {
    ph_text_add(text, at, 1);
    if (*at == '\n') {
      ph_text_puts(text, "    ");
    }
  }
  ph_text_puts(text, "\n");
}

void ph_doc_help(const PhFunc *func, PhText *text)
{
  signature(func, text);
  ph_text_printf(text, "\n  %s\n  ", func->doc);
  if (strcmp(func->family, sort_names[func->sort]) != 0) {
    ph_text_printf(text, "%s ", func->family);
  }
  ph_text_printf(text, "%s%s%s\n", sort_names[func->sort], is_text(func->aliases) ? "; also " : "",
                 is_text(func->aliases) ? func->aliases : "");
  if (func->param_count) {
    ph_text_puts(text, "\n");
  }
  for (unsigned i = 0; i < func->param_count; i++) {
    help_param(&func->params[i], text);
  }
  if (is_text(func->example)) {
    ph_text_printf(text, "\n  example: %s\n", func->example);
  }
  if (func->sort == PH_FUNC_SYNTH) {
    help_synth((const PhSynth *)(const void *)func, text); /* its first member */
  }
  help_measured(func, text);
}

/* Whether the name is that of a family, or what several names begin with, as `super`. */
static bool is_listed(const PhFunc *func, PhStr name)
{
  return ph_str_is(name, func->family) || (name.len >= 3 && strncmp(func->name, name.ptr, name.len) == 0);
}

bool ph_doc_help_list(const PhRegistry *registry, PhStr name, PhText *text)
{
  bool any = false;
  for (size_t i = 0; i < registry->count; i++) {
    const PhFunc *func = registry->funcs[i];
    if (is_listed(func, name)) {
      ph_text_printf(text, "  %-16s %s\n", func->name, func->doc);
      any = true;
    }
  }
  return any;
}

/* ---- in families ------------------------------------------------------------------------------------------------ */

static int by_family(const void *a, const void *b)
{
  const PhFunc *x = *(const PhFunc *const *)a;
  const PhFunc *y = *(const PhFunc *const *)b;
  const int family = strcmp(x->family, y->family);
  const int name = family ? family : strcmp(x->name, y->name);
  return name ? name : (int)x->sort - (int)y->sort;
}

typedef void RowPrinter(const PhFunc *func, bool first_of_family, PhText *text);

static void in_families(const PhRegistry *registry, RowPrinter *print, PhText *text)
{
  const PhFunc **sorted = malloc((registry->count + 1) * sizeof(const PhFunc *));
  if (!sorted) {
    text->failed = true;
    return;
  }
  memcpy(sorted, registry->funcs, registry->count * sizeof(const PhFunc *));
  qsort(sorted, registry->count, sizeof(const PhFunc *), by_family);
  for (size_t i = 0; i < registry->count; i++) {
    print(sorted[i], i == 0 || strcmp(sorted[i]->family, sorted[i - 1]->family) != 0, text);
  }
  free(sorted);
}

/* ---- Markdown --------------------------------------------------------------------------------------------------- */

/* A cell of a table: the bar would end it. */
static void cell(const char *value, PhText *text)
{
  for (; value && *value; value++) {
    if (*value == '|') {
      ph_text_puts(text, "\\");
    }
    ph_text_add(text, value, 1);
  }
  ph_text_puts(text, " | ");
}

static void markdown_param(const PhParam *param, PhText *text)
{
  ph_text_puts(text, "| ");
  cell(param->name, text);
  cell(param->type, text);
  if (is_optional(param) && is_number(param)) {
    number(text, param->dflt);
  }
  ph_text_puts(text, " | ");
  range(param, text);
  ph_text_puts(text, " | ");
  cell(param->unit, text);
  cell(param->doc, text);
  text->len--; /* no space at the end of a line */
  ph_text_puts(text, "\n");
}

static void markdown_row(const PhFunc *func, bool first_of_family, PhText *text)
{
  if (first_of_family) {
    ph_text_printf(text, "\n## %s\n", func->family);
  }
  ph_text_printf(text, "\n### %s\n\n`", func->name);
  signature(func, text);
  ph_text_printf(text, "` → %s", func->result);
  if (is_text(func->aliases)) {
    ph_text_printf(text, " (also `%s`)", func->aliases);
  }
  ph_text_printf(text, "\n\n%s\n", func->doc);
  if (func->param_count) {
    ph_text_puts(text, "\n| parameter | type | default | range | unit | |\n|---|---|---|---|---|---|\n");
  }
  for (unsigned i = 0; i < func->param_count; i++) {
    markdown_param(&func->params[i], text);
  }
  if (is_text(func->example)) {
    ph_text_printf(text, "\n    %s\n", func->example);
  }
}

static void markdown_measured(PhText *text)
{
  ph_text_puts(text, "\n## measured figures\n\n"
                     "What the tests measure of the units, with the limit that each figure is held to. `scripts/update` writes them anew.\n\n"
                     "| unit | what | measured | limit | in |\n|---|---|---:|---:|---|\n");
  for (size_t i = 0; i < PH_COUNT(measured); i++) {
    const Measured *m = &measured[i];
    ph_text_printf(text, "| %s | %s | ", m->row, m->what);
    number(text, m->value);
    ph_text_printf(text, " | %s ", m->relation);
    number(text, m->limit);
    ph_text_printf(text, " | %s |\n", m->unit);
  }
}

void ph_doc_markdown(const PhRegistry *registry, PhText *text)
{
  ph_text_puts(
      text,
      "# The functions of Phonon\n\n"
      "Printed by `phonon doc --md` from the tables of the program. Types: `num` `int` `time` `bool` `str` `note` "
      "`ctrl` are patterns\nof numbers, whole numbers, exact times, booleans, names, notes and controls; `sig` is a "
      "signal, `hz` a signal where notes become Hz,\n`gate` one that triggers; `text` is a constant string; `!` "
      "before a type means a constant; `a` `b` `c` stand for any pattern, `[x]` for a list,\n`(x,y)` for a tuple and "
      "`(x->y)` for a function.\n");
  in_families(registry, markdown_row, text);
  markdown_measured(text);
}

/* ---- JSON ------------------------------------------------------------------------------------------------------- */

static void json_text(const char *name, const char *value, PhText *text)
{
  ph_text_printf(text, "\"%s\":", name);
  ph_text_json(text, value ? value : "", value ? strlen(value) : 0);
  ph_text_puts(text, ",");
}

static void json_param(const PhParam *param, PhText *text)
{
  static const char *const scales[] = { "linear", "log", "whole" };
  ph_text_puts(text, "{");
  json_text("name", param->name, text);
  json_text("type", param->type, text);
  json_text("unit", param->unit, text);
  json_text("doc", param->doc, text);
  if (is_number(param)) {
    ph_text_puts(text, "\"default\":");
    ph_text_num(text, param->dflt);
    ph_text_puts(text, ",");
  }
  if (is_bounded(param)) {
    ph_text_puts(text, "\"least\":");
    ph_text_num(text, param->least);
    ph_text_puts(text, ",\"most\":");
    ph_text_num(text, param->most);
    ph_text_puts(text, ",");
  }
  json_text("scale", scales[param->scale], text);
  ph_text_printf(text, "\"optional\":%s,\"variadic\":%s}", is_optional(param) ? "true" : "false",
                 param->flags & PH_PARAM_VARIADIC ? "true" : "false");
}

static void json_measured(const PhFunc *func, PhText *text)
{
  bool any = false;
  ph_text_puts(text, ",\"measured\":[");
  for (size_t i = 0; i < PH_COUNT(measured); i++) {
    const Measured *m = &measured[i];
    if (is_of(m, func)) {
      ph_text_puts(text, any ? ",{" : "{");
      json_text("what", m->what, text);
      json_text("relation", m->relation, text);
      json_text("unit", m->unit, text);
      ph_text_puts(text, "\"value\":");
      ph_text_num(text, m->value);
      ph_text_puts(text, ",\"limit\":");
      ph_text_num(text, m->limit);
      ph_text_puts(text, "}");
      any = true;
    }
  }
  ph_text_puts(text, "]");
}

void ph_doc_json(const PhRegistry *registry, PhText *text)
{
  ph_text_puts(text, "[");
  for (size_t i = 0; i < registry->count; i++) {
    const PhFunc *func = registry->funcs[i];
    ph_text_puts(text, i ? ",\n{" : "\n{");
    json_text("name", func->name, text);
    json_text("aliases", func->aliases, text);
    json_text("sort", sort_names[func->sort], text);
    json_text("family", func->family, text);
    json_text("doc", func->doc, text);
    json_text("example", func->example, text);
    json_text("result", func->result, text);
    ph_text_puts(text, "\"params\":[");
    for (unsigned p = 0; p < func->param_count; p++) {
      ph_text_puts(text, p ? "," : "");
      json_param(&func->params[p], text);
    }
    ph_text_puts(text, "]");
    json_measured(func, text);
    ph_text_puts(text, "}");
  }
  ph_text_puts(text, "\n]\n");
}

/* ---- man -------------------------------------------------------------------------------------------------------- */

/* Text of roff: backslashes and dashes are escaped, and no line begins with a dot. */
static void roff(const char *value, PhText *text)
{
  if (*value == '.' || *value == '\'') {
    ph_text_puts(text, "\\&");
  }
  for (; *value; value++) {
    if (*value == '\\') {
      ph_text_puts(text, "\\e");
    } else if (*value == '-') {
      ph_text_puts(text, "\\-");
    } else {
      ph_text_add(text, value, 1);
    }
  }
}

static void man_row(const PhFunc *func, bool first_of_family, PhText *text)
{
  if (first_of_family) {
    ph_text_printf(text, ".SS %s\n", func->family);
  }
  PhText line = { 0 };
  signature(func, &line);
  ph_text_puts(text, ".TP\n.B ");
  roff(line.ptr ? line.ptr : func->name, text);
  ph_text_puts(text, "\n");
  ph_text_deinit(&line);
  roff(func->doc, text);
  if (is_text(func->aliases)) {
    ph_text_puts(text, "\nAlso: ");
    roff(func->aliases, text);
    ph_text_puts(text, ".");
  }
  ph_text_puts(text, "\n");
}

void ph_doc_man(const PhRegistry *registry, PhText *text)
{
  ph_text_puts(text, ".SH FUNCTIONS\n");
  in_families(registry, man_row, text);
}
