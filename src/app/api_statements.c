/* The public interface: the statements of a text, for those who replace one at a time.  SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "app/api.h"
#include "lang/ast.h"
#include "lang/program.h"

struct PhononStatements {
  PhArena arena;
  PhDiags diags;
  PhRegistry registry;
  PhononStatement *items;
  size_t count;
};

/* What a statement defines, in words of the language: what has the same key replaces it. */
static const char *key_of(PhArena *arena, const PhStatement *s)
{
  const char *word = ph_statement_word(s->kind);
  const int len = (int)s->name.len;
  switch (s->kind) {
  case PH_STATEMENT_OUTPUT:
    return len         ? ph_arena_printf(arena, "output %.*s", len, s->name.ptr)
           : s->number ? ph_arena_printf(arena, "o%u", s->number)
                       : "out";
  case PH_STATEMENT_BUS:
  case PH_STATEMENT_MODIFIER:
    return ph_arena_printf(arena, "~%.*s", len, s->name.ptr);
  case PH_STATEMENT_FUNCTION:
    return ph_arena_printf(arena, "fn %.*s", len, s->name.ptr);
  case PH_STATEMENT_TEMPLATE:
    return ph_arena_printf(arena, "@%.*s", len, s->name.ptr);
  case PH_STATEMENT_REGISTER:
    return ph_arena_printf(arena, "%%%.*s", len, s->name.ptr);
  case PH_STATEMENT_INCLUDE:
    return ph_arena_printf(arena, "include %.*s", len, s->name.ptr);
  case PH_STATEMENT_CPS:
  case PH_STATEMENT_BPM:
    return "cps";
  case PH_STATEMENT_RESET_CYCLES:
  case PH_STATEMENT_SET_CYCLE:
    return "setCycle";
  case PH_STATEMENT_HUSH:
  case PH_STATEMENT_UNHUSH:
  case PH_STATEMENT_SOLO:
  case PH_STATEMENT_UNSOLO:
  case PH_STATEMENT_PANIC:
    return s->has_number ? ph_arena_printf(arena, "%s %u", word, s->number) : word;
  default:
    return word;
  }
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* Without the blank and comment lines at its end: they stand before the next statement. */
static size_t trimmed(PhStr text, size_t begin, size_t end)
{
  for (;;) {
    while (end > begin && is_blank(text.ptr[end - 1])) {
      end--;
    }
    size_t line = end;
    while (line > begin && text.ptr[line - 1] != '\n') {
      line--;
    }
    size_t at = line;
    while (at < end && is_blank(text.ptr[at])) {
      at++;
    }
    if (line == begin || at + 1 >= end ||
        (memcmp(text.ptr + at, "--", 2) != 0 && memcmp(text.ptr + at, "//", 2) != 0)) {
      return end;
    }
    end = line;
  }
}

/* Words such as `fn` and `let` stand before what the parser calls the head. */
static size_t begin_of(PhStr text, const PhStatements *found, size_t index)
{
  const size_t least = index > 0 ? found->items[index - 1].end : 0;
  const size_t head = found->items[index].at.begin;
  size_t begin = head;
  while (begin > least && text.ptr[begin - 1] != '\n') {
    begin--;
  }
  while (begin < head && is_blank(text.ptr[begin])) {
    begin++;
  }
  return begin;
}

static void find(PhononStatements *self, PhStr text, bool tidal)
{
  ph_diags_init(&self->diags, &self->arena);
  const uint32_t file = ph_load_text(&self->arena, &self->diags, NULL, text);
  PhStatements found = { 0 };
  ph_graph_registry(&self->registry, &self->arena);
  ph_parse(&self->arena, &self->diags, file, tidal || ph_load_is_tidal(text), &found);
  self->items = PH_NEWN(&self->arena, PhononStatement, found.len + 1);
  for (size_t i = 0; i < found.len; i++) {
    const PhStatement *s = &found.items[i];
    if (s->at.begin < s->end && s->end <= text.len) {
      self->items[self->count++] = (PhononStatement){ .begin = begin_of(text, &found, i),
                                                      .end = trimmed(text, s->at.begin, s->end),
                                                      .key = key_of(&self->arena, s),
                                                      .transition = ph_asks_for_transition(&self->registry, s) };
    }
  }
}

PhononStatus phonon_statements_new(const char *text, size_t len, bool tidal, PhononStatements **out)
{
  *out = NULL;
  if ((!text && len > 0) || len > PHONON_TEXT_MAX) {
    return text ? PHONON_LIMIT : PHONON_ARG;
  }
  PhononStatements *self = calloc(1, sizeof *self);
  if (!self) {
    return PHONON_NOMEM;
  }
  PhTrap trap;
  ph_arena_init(&self->arena, NULL, &trap);
  PhStatus status = PH_OK;
  if (PH_TRAP_SET(&trap) == 0) {
    find(self, ph_str(text, len), tidal);
  } else {
    status = trap.status;
  }
  self->arena.trap = NULL;
  if (status != PH_OK) {
    phonon_statements_free(self);
    return (PhononStatus)status;
  }
  *out = self;
  return PHONON_OK;
}

void phonon_statements_free(PhononStatements *statements)
{
  if (statements) {
    ph_arena_deinit(&statements->arena);
    free(statements);
  }
}

size_t phonon_statements_count(const PhononStatements *statements) { return statements->count; }

bool phonon_statements_get(const PhononStatements *statements, size_t index, PhononStatement *out)
{
  *out = (PhononStatement){ .key = "" };
  if (index >= statements->count) {
    return false;
  }
  *out = statements->items[index];
  return true;
}
