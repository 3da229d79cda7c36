/* Events as rows of text, and what the other formats share.  SPDX-License-Identifier: MIT */
#include "io/score_file.h"

#include <stdlib.h>
#include <string.h>

static const PhValue *control(const PhValue *value, const char *name)
{
  if (value->tag != PH_VALUE_MAP) {
    return NULL;
  }
  for (size_t i = 0; i < value->map->len; i++) {
    if (strcmp(value->map->items[i].name, name) == 0) {
      return &value->map->items[i].value;
    }
  }
  return NULL;
}

bool ph_score_number(const PhValue *value, const char *name, double *out)
{
  const PhValue *found = control(value, name);
  return found && ph_value_as_num(found, false, out);
}

void ph_score_label(const PhValue *value, PhText *out)
{
  const PhValue *sound = control(value, "s");
  if (sound && sound->tag == PH_VALUE_STR) {
    ph_text_puts(out, sound->str);
    return;
  }
  static const char *const pitched[] = { "note", "n", "midinote" };
  for (size_t i = 0; i < PH_COUNT(pitched); i++) {
    const PhValue *found = control(value, pitched[i]);
    if (found) {
      ph_text_printf(out, "%s ", pitched[i]);
      ph_value_show(out, found);
      return;
    }
  }
  ph_value_show(out, value);
}

double ph_score_seconds(const PhScore *score, PhRat cycle)
{
  double sec = 0;
  for (size_t i = 0; i < score->tempo_count; i++) {
    const PhRat begin = ph_rat_max(score->tempos[i].cycle, score->from);
    const PhRat end = i + 1 < score->tempo_count ? ph_rat_min(score->tempos[i + 1].cycle, cycle) : cycle;
    if (ph_rat_lt(begin, end)) {
      sec += ph_rat_to_double(ph_rat_sub(end, begin)) / score->tempos[i].cps;
    }
  }
  return sec;
}

typedef struct Columns {
  const char **names;
  size_t count, cap;
} Columns;

static int by_name(const void *a, const void *b)
{
  const char *const *x = a;
  const char *const *y = b;
  return strcmp(*x, *y);
}

static bool add_column(Columns *columns, const char *name)
{
  for (size_t i = 0; i < columns->count; i++) {
    if (strcmp(columns->names[i], name) == 0) {
      return true;
    }
  }
  if (columns->count == columns->cap) {
    const size_t cap = columns->cap ? columns->cap * 2 : 16;
    const char **names = realloc(columns->names, cap * sizeof *names);
    if (!names) {
      return false;
    }
    columns->names = names;
    columns->cap = cap;
  }
  columns->names[columns->count++] = name;
  return true;
}

static void csv_field(PhText *out, const char *text)
{
  if (!strpbrk(text, ",\"\r\n")) {
    ph_text_puts(out, text);
    return;
  }
  ph_text_puts(out, "\"");
  for (const char *p = text; *p; p++) {
    ph_text_add(out, *p == '"' ? "\"\"" : p, *p == '"' ? 2 : 1);
  }
  ph_text_puts(out, "\"");
}

static void csv_value(PhText *out, const PhValue *value)
{
  if (!value) {
    return;
  }
  if (value->tag == PH_VALUE_NUM || value->tag == PH_VALUE_NOTE) {
    ph_text_num(out, value->num);
    return;
  }
  PhText shown = { 0 };
  if (value->tag == PH_VALUE_STR) {
    ph_text_puts(&shown, value->str);
  } else {
    ph_value_show(&shown, value);
  }
  csv_field(out, shown.ptr ? shown.ptr : "");
  ph_text_deinit(&shown);
}

void ph_score_csv(const PhScore *score, PhText *out)
{
  Columns columns = { 0 };
  bool scalar = false;
  for (size_t i = 0; i < score->row_count; i++) {
    const PhValue *value = &score->rows[i].value;
    scalar |= value->tag != PH_VALUE_MAP;
    for (size_t k = 0; value->tag == PH_VALUE_MAP && k < value->map->len; k++) {
      out->failed |= !add_column(&columns, value->map->items[k].name);
    }
  }
  if (columns.count) {
    qsort(columns.names, columns.count, sizeof *columns.names, by_name);
  }
  ph_text_puts(out, "track,begin,end,seconds,duration");
  ph_text_puts(out, scalar ? ",value" : "");
  for (size_t k = 0; k < columns.count; k++) {
    ph_text_puts(out, ",");
    csv_field(out, columns.names[k]);
  }
  ph_text_puts(out, "\r\n");
  for (size_t i = 0; i < score->row_count; i++) {
    const PhScoreRow *row = &score->rows[i];
    const double begin = ph_score_seconds(score, row->begin);
    csv_field(out, score->tracks[row->track]);
    ph_text_printf(out, ",%lld/%lld,%lld/%lld,", (long long)row->begin.num, (long long)row->begin.den,
                   (long long)row->end.num, (long long)row->end.den);
    ph_text_num(out, begin);
    ph_text_puts(out, ",");
    ph_text_num(out, ph_score_seconds(score, row->end) - begin);
    if (scalar) {
      ph_text_puts(out, ",");
      csv_value(out, row->value.tag == PH_VALUE_MAP ? NULL : &row->value);
    }
    for (size_t k = 0; k < columns.count; k++) {
      ph_text_puts(out, ",");
      csv_value(out, control(&row->value, columns.names[k]));
    }
    ph_text_puts(out, "\r\n");
  }
  free(columns.names);
}
