/* Texts: the main one and those it includes.  SPDX-License-Identifier: MIT */
#include "lang/program.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_FILES = 64, MAX_INCLUDE_BYTES = 16 << 20 };

uint32_t ph_load_text(PhArena *arena, PhDiags *diags, const char *name, PhStr text)
{
  const PhTextFile file = { .name = name ? name : "<code>",
                            .text = ph_arena_strndup(arena, text.ptr, text.len),
                            .len = text.len };
  PH_PUSH(arena, &diags->files, file);
  return (uint32_t)diags->files.len - 1;
}

bool ph_load_is_tidal(PhStr text)
{
  static const char word[] = "dialect";
  const size_t len = sizeof word - 1;
  for (size_t i = 0; i + len < text.len; i++) {
    if ((i > 0 && text.ptr[i - 1] != '\n') || memcmp(text.ptr + i, word, len) != 0) {
      continue;
    }
    size_t at = i + len;
    while (at < text.len && strchr(" \t:=$\"", text.ptr[at]) && text.ptr[at]) {
      at++;
    }
    if (text.len - at >= 5 && memcmp(text.ptr + at, "tidal", 5) == 0) {
      return true;
    }
  }
  return false;
}

/* The path of an include, relative to the file that includes it. */
static const char *include_path(PhLoad *load, PhStr path)
{
  if (path.len && path.ptr[0] == '/') {
    return ph_arena_strndup(load->arena, path.ptr, path.len);
  }
  return ph_arena_printf(load->arena, "%s/%.*s", load->dir ? load->dir : ".", (int)path.len, path.ptr);
}

static const char *folder_of(PhArena *arena, const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? ph_arena_strndup(arena, path, (size_t)(slash - path)) : ".";
}

static bool is_open(const PhLoad *load, const char *path)
{
  for (size_t i = 0; i < load->open.len; i++) {
    char *a = realpath(load->open.items[i], NULL), *b = realpath(path, NULL);
    const bool same = a && b && strcmp(a, b) == 0;
    free(a);
    free(b);
    if (same) {
      return true;
    }
  }
  return false;
}

static void include(PhLoad *load, const PhStatement *statement)
{
  const char *path = include_path(load, statement->name);
  if (!statement->name.len) {
    return; /* the parser has said so */
  }
  if (is_open(load, path)) {
    ph_diags_add(load->diags, PH_SEVERITY_ERROR, statement->name_at, NULL, "`%.*s` includes itself",
                 (int)statement->name.len, statement->name.ptr);
    return;
  }
  if (++load->files > MAX_FILES) {
    ph_diags_add(load->diags, PH_SEVERITY_ERROR, statement->name_at, NULL, "more than %d files are included",
                 MAX_FILES);
    return;
  }
  PhText text = { 0 };
  const PhStatus status = ph_os_read_file(path, MAX_INCLUDE_BYTES, &text);
  if (status != PH_OK) {
    ph_text_deinit(&text);
    ph_diags_add(load->diags, PH_SEVERITY_ERROR, statement->name_at, path, "`%.*s` cannot be included: %s",
                 (int)statement->name.len, statement->name.ptr, ph_status_text(status));
    return;
  }
  const char *copy = ph_arena_strndup(load->arena, text.ptr ? text.ptr : "", text.len);
  const size_t len = text.len;
  ph_text_deinit(&text);
  const uint32_t file = ph_load_text(load->arena, load->diags, path, ph_str(copy, len));
  const char *dir = load->dir;
  load->dir = folder_of(load->arena, path);
  PH_PUSH(load->arena, &load->open, path);
  ph_load_statements(load, file);
  load->open.len--;
  load->dir = dir;
}

void ph_load_statements(PhLoad *load, uint32_t file)
{
  PhStatements own = { 0 };
  ph_parse(load->arena, load->diags, file, load->tidal, &own);
  for (size_t i = 0; i < own.len; i++) {
    if (own.items[i].kind == PH_STATEMENT_INCLUDE) {
      include(load, &own.items[i]);
    } else {
      PH_PUSH(load->arena, &load->statements, own.items[i]);
    }
  }
}
