/* Diagnostics: collecting, and printing as text and JSON.  SPDX-License-Identifier: MIT */
#include "lang/lang.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ph_diags_init(PhDiags *diags, PhArena *arena) { *diags = (PhDiags){ .arena = arena }; }

static bool same_place(const PhDiag *a, PhSource at, const char *text)
{
  return a->at.file == at.file && a->at.begin == at.begin && a->at.end == at.end && strcmp(a->text, text) == 0;
}

void ph_diags_add(PhDiags *diags, PhSeverity severity, PhSource at, const char *help, const char *fmt, ...)
{
  char text[512];
  va_list args;
  va_start(args, fmt);
  (void)vsnprintf(text, sizeof text, fmt, args);
  va_end(args);
  for (size_t i = 0; i < diags->items.len; i++) { /* an expression that is expanded twice is reported once */
    if (same_place(&diags->items.items[i], at, text)) {
      return;
    }
  }
  if (severity == PH_SEVERITY_ERROR) {
    diags->errors++;
    if (diags->errors > PH_DIAG_MAX_ERRORS) {
      return;
    }
  } else if (severity == PH_SEVERITY_WARNING) {
    diags->warnings++;
    if (diags->warnings > 4 * PH_DIAG_MAX_ERRORS) {
      return;
    }
  }
  const PhDiag diag = { .severity = severity,
                        .at = at,
                        .text = ph_arena_strndup(diags->arena, text, strlen(text)),
                        .help = help ? ph_arena_strndup(diags->arena, help, strlen(help)) : NULL };
  PH_PUSH(diags->arena, &diags->items, diag);
}

/* ---- places --------------------------------------------------------------------------------------------------- */

static const PhTextFile *file_of(const PhDiags *diags, PhSource at)
{
  static const PhTextFile none = { .name = "?", .text = "", .len = 0 };
  return at.file < diags->files.len ? &diags->files.items[at.file] : &none;
}

static size_t clamp(size_t value, size_t most) { return value < most ? value : most; }

/* First byte of the line that byte `at` stands on, and the end of that line without its line break. */
static void line_of(const PhTextFile *file, size_t at, size_t *begin, size_t *end)
{
  at = clamp(at, file->len);
  size_t first = at;
  while (first > 0 && file->text[first - 1] != '\n') {
    first--;
  }
  size_t last = at;
  while (last < file->len && file->text[last] != '\n') {
    last++;
  }
  if (last > first && file->text[last - 1] == '\r') {
    last--;
  }
  *begin = first == 0 && last >= 3 && memcmp(file->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : first;
  *end = last;
}

static bool is_continuation(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

static uint32_t count_chars(const char *text, size_t begin, size_t end)
{
  uint32_t count = 0;
  for (size_t i = begin; i < end; i++) {
    count += !is_continuation(text[i]);
  }
  return count;
}

void ph_diags_place(const PhDiags *diags, PhSource at, uint32_t *line, uint32_t *column)
{
  const PhTextFile *file = file_of(diags, at);
  const size_t byte = clamp(at.begin, file->len);
  size_t begin, end;
  line_of(file, byte, &begin, &end);
  uint32_t lines = 1;
  for (const char *p = file->text, *stop = file->text + begin;
       p < stop && (p = memchr(p, '\n', (size_t)(stop - p))) != NULL; p++) {
    lines++;
  }
  *line = lines;
  *column = 1 + (byte > begin ? count_chars(file->text, begin, byte) : 0);
}

/* ---- text ----------------------------------------------------------------------------------------------------- */

enum { TAB_COLUMNS = 8, SHOWN_COLUMNS = 100 };

/* One character and the columns it takes on a terminal: 0 for combining marks, 2 for wide ones. */
static size_t decode(const char *text, size_t len, uint32_t *code)
{
  const unsigned char c = (unsigned char)text[0];
  const size_t bytes = c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
  if (bytes == 0 || bytes > len) {
    *code = 0xFFFD;
    return 1;
  }
  uint32_t value = bytes == 1 ? c : c & (0xFFu >> (bytes + 1));
  for (size_t i = 1; i < bytes; i++) {
    if (!is_continuation(text[i])) {
      *code = 0xFFFD;
      return 1;
    }
    value = value << 6 | ((unsigned char)text[i] & 0x3Fu);
  }
  *code = value;
  return bytes;
}

static unsigned columns_of(uint32_t code)
{
  if ((code >= 0x300 && code <= 0x36F) || (code >= 0x200B && code <= 0x200F) || code == 0xFE0F) {
    return 0;
  }
  const bool wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
                    (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
                    (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
                    (code >= 0xFFE0 && code <= 0xFFE6) || (code >= 0x1F300 && code <= 0x1FAFF) ||
                    (code >= 0x20000 && code <= 0x3FFFD);
  return wide ? 2 : 1;
}

/* A piece of a line, tabs as spaces and control characters as `?`; returns the column behind it. */
static unsigned add_visible(PhText *out, const char *text, size_t begin, size_t end, unsigned column)
{
  while (begin < end) {
    uint32_t code;
    const size_t bytes = decode(text + begin, end - begin, &code);
    if (code == '\t') {
      const unsigned next = (column / TAB_COLUMNS + 1) * TAB_COLUMNS;
      for (; column < next; column++) {
        if (out) {
          ph_text_puts(out, " ");
        }
      }
    } else {
      if (out && (code < 0x20 || code == 0x7F)) {
        ph_text_puts(out, "?");
      } else if (out && code == 0xFFFD) {
        ph_text_puts(out, "\xEF\xBF\xBD");
      } else if (out) {
        ph_text_add(out, text + begin, bytes);
      }
      column += columns_of(code);
    }
    begin += bytes;
  }
  return column;
}

static void add_repeated(PhText *out, const char *text, unsigned count)
{
  while (count-- > 0) {
    ph_text_puts(out, text);
  }
}

/* The window of a long line that is shown: around the span. */
static void window(const PhTextFile *file, size_t at, size_t *begin, size_t *end)
{
  if (*end - *begin > SHOWN_COLUMNS * 2) {
    const size_t first = at > *begin + SHOWN_COLUMNS / 2 ? at - SHOWN_COLUMNS / 2 : *begin;
    const size_t last = first + SHOWN_COLUMNS < *end ? first + SHOWN_COLUMNS : *end;
    *begin = first;
    *end = last;
    while (*begin < *end && is_continuation(file->text[*begin])) {
      ++*begin;
    }
    while (*end > *begin && *end < file->len && is_continuation(file->text[*end])) {
      --*end;
    }
  }
}

static void print_line(const PhDiags *diags, PhSource at, const char *colour, PhText *out)
{
  const PhTextFile *file = file_of(diags, at);
  uint32_t line, column;
  ph_diags_place(diags, at, &line, &column);
  const size_t byte = clamp(at.begin, file->len);
  size_t begin, end;
  line_of(file, byte, &begin, &end);
  const bool cut_left = end - begin > SHOWN_COLUMNS * 2;
  window(file, byte, &begin, &end);
  const size_t first = byte < begin ? begin : byte > end ? end : byte;
  const size_t last = at.end > end ? end : at.end < first ? first : at.end;
  ph_text_printf(out, "%5u | %s", line, cut_left ? "… " : "");
  (void)add_visible(out, file->text, begin, end, 0);
  ph_text_puts(out, "\n      | ");
  add_repeated(out, " ", cut_left ? 2 : 0);
  const unsigned from = add_visible(NULL, file->text, begin, first, 0),
                 to = add_visible(NULL, file->text, first, last, from);
  add_repeated(out, " ", from);
  ph_text_puts(out, colour);
  add_repeated(out, "^", to > from ? to - from : 1);
  ph_text_puts(out, *colour ? "\x1b[0m\n" : "\n");
}

static void print_one(const PhDiags *diags, const PhDiag *diag, bool colour, PhText *out)
{
  static const char *const words[] = { "error", "warning", "note" };
  static const char *const colours[] = { "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;36m" };
  uint32_t line, column;
  ph_diags_place(diags, diag->at, &line, &column);
  const char *on = colour ? colours[diag->severity] : "", *off = colour ? "\x1b[0m" : "",
             *bold = colour ? "\x1b[1m" : "";
  ph_text_printf(out, "%s%s:%u:%u:%s %s%s:%s %s%s%s\n", bold, file_of(diags, diag->at)->name, line, column, off, on,
                 words[diag->severity], off, bold, diag->text, off);
  print_line(diags, diag->at, on, out);
  if (diag->help) {
    ph_text_printf(out, "      = help: %s\n", diag->help);
  }
  if (diag->related.end) {
    ph_diags_place(diags, diag->related, &line, &column);
    ph_text_printf(out, "      = %s:%u:%u: %s\n", file_of(diags, diag->related)->name, line, column,
                   diag->related_text ? diag->related_text : "here");
    print_line(diags, diag->related, "", out);
  }
}

static int in_order(const void *a, const void *b)
{
  const PhDiag *const *left = a, *const *right = b;
  const PhSource x = (*left)->at, y = (*right)->at;
  if (x.file != y.file) {
    return x.file < y.file ? -1 : 1;
  }
  if (x.begin != y.begin) {
    return x.begin < y.begin ? -1 : 1;
  }
  return *left < *right ? -1 : *left > *right; /* as they were added: they lie in one array */
}

static const PhDiag **sorted(const PhDiags *diags)
{
  const PhDiag **items = PH_NEWN(diags->arena, const PhDiag *, diags->items.len + 1);
  for (size_t i = 0; i < diags->items.len; i++) {
    items[i] = &diags->items.items[i];
  }
  qsort(items, diags->items.len, sizeof *items, in_order);
  return items;
}

void ph_diags_print(const PhDiags *diags, bool colour, PhText *out)
{
  const PhDiag **items = sorted(diags);
  for (size_t i = 0; i < diags->items.len; i++) {
    print_one(diags, items[i], colour, out);
  }
  if (diags->errors > PH_DIAG_MAX_ERRORS) {
    ph_text_printf(out, "%zu more errors are not shown\n", diags->errors - PH_DIAG_MAX_ERRORS);
  }
}

/* ---- JSON ----------------------------------------------------------------------------------------------------- */

static void json_text(PhText *out, const char *key, const char *text)
{
  ph_text_printf(out, ",\"%s\":", key);
  ph_text_json(out, text, strlen(text));
}

void ph_diags_json(const PhDiags *diags, PhText *out)
{
  static const char *const words[] = { "error", "warning", "note" };
  const PhDiag **items = sorted(diags);
  ph_text_puts(out, "[");
  for (size_t i = 0; i < diags->items.len; i++) {
    const PhDiag *diag = items[i];
    const PhSource end = { diag->at.end, diag->at.end, diag->at.file };
    uint32_t line, column, end_line, end_column;
    ph_diags_place(diags, diag->at, &line, &column);
    ph_diags_place(diags, end, &end_line, &end_column);
    ph_text_printf(out, "%s{\"severity\":\"%s\"", i ? "," : "", words[diag->severity]);
    json_text(out, "file", file_of(diags, diag->at)->name);
    ph_text_printf(out, ",\"line\":%u,\"column\":%u,\"endLine\":%u,\"endColumn\":%u", line, column, end_line,
                   end_column);
    json_text(out, "message", diag->text);
    if (diag->help) {
      json_text(out, "help", diag->help);
    }
    ph_text_puts(out, "}");
  }
  ph_text_puts(out, "]\n");
}
