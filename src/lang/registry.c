/* The registry: all rows of all functions, found by name or alias.  SPDX-License-Identifier: MIT */
#include "lang/registry.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

typedef struct PhRegistryName Name;

static int compare_str(PhStr a, PhStr b)
{
  const size_t len = a.len < b.len ? a.len : b.len;
  const int order = len ? memcmp(a.ptr, b.ptr, len) : 0;
  return order ? order : a.len < b.len ? -1 : a.len > b.len;
}

static int by_name(const void *a, const void *b)
{
  const Name *left = a, *right = b;
  const int order = compare_str(left->name, right->name);
  if (order) {
    return order;
  }
  if (left->func->sort != right->func->sort) {
    return left->func->sort < right->func->sort ? -1 : 1;
  }
  return (int)left->alias - (int)right->alias; /* a name goes before an alias */
}

static int by_func(const void *a, const void *b)
{
  const PhFunc *const *left = a, *const *right = b;
  const int order = strcmp((*left)->name, (*right)->name);
  return order ? order : (int)(*left)->sort - (int)(*right)->sort;
}

static size_t count_words(const char *text)
{
  size_t count = 0;
  for (const char *p = text; p && *p; p++) {
    count += *p != ' ' && (p == text || p[-1] == ' ');
  }
  return count;
}

static Name *add_names(PhArena *arena, Name *at, const PhFunc *func)
{
  *at++ = (Name){ .name = ph_str_of(func->name), .func = func };
  for (const char *p = func->aliases; p && *p;) {
    const size_t len = strcspn(p, " ");
    if (len) {
      *at++ = (Name){ .name = ph_str(ph_arena_strndup(arena, p, len), len), .func = func, .alias = true };
    }
    p += len + (p[len] == ' ');
  }
  return at;
}

/* The place of a name in the index: that of its first row, or an empty one. */
static uint32_t *index_place(const PhRegistry *registry, PhStr name)
{
  size_t slot = ph_hash(name.ptr, name.len) & (registry->index_size - 1);
  while (registry->index[slot] && !ph_str_eq(registry->names[registry->index[slot] - 1].name, name)) {
    slot = (slot + 1) & (registry->index_size - 1);
  }
  return &registry->index[slot];
}

static void index_names(PhRegistry *registry, PhArena *arena, Name *names)
{
  for (registry->index_size = 64; registry->index_size < 4 * registry->name_count;) {
    registry->index_size *= 2;
  }
  registry->index = PH_NEWN(arena, uint32_t, registry->index_size);
  for (size_t i = 0; i < registry->name_count; i++) {
    uint32_t *place = index_place(registry, names[i].name);
    *place = *place ? *place : (uint32_t)i + 1;
    Name *first = &names[*place - 1];
    const PhFunc **row = &first->rows[names[i].func->sort];
    *row = *row ? *row : names[i].func;
    first->same++;
  }
}

void ph_registry_init(PhRegistry *registry, PhArena *arena, const PhFunc *const *units, size_t unit_count)
{
  size_t pattern_count, control_count, synth_count, names = 0, count = 0;
  const PhPatFunc *const *patterns = ph_pattern_funcs(&pattern_count);
  const PhControl *controls = ph_pattern_controls(&control_count);
  const PhSynth *synths = ph_synths(&synth_count);
  const PhFunc **funcs = PH_NEWN(arena, const PhFunc *, pattern_count + control_count + unit_count + synth_count + 1);
  for (size_t i = 0; i < pattern_count; i++) {
    funcs[count++] = &patterns[i]->func;
  }
  for (size_t i = 0; i < control_count; i++) {
    funcs[count++] = &controls[i].func;
  }
  for (size_t i = 0; i < unit_count; i++) {
    funcs[count++] = units[i];
  }
  for (size_t i = 0; i < synth_count; i++) {
    funcs[count++] = &synths[i].func;
  }
  for (size_t i = 0; i < count; i++) {
    names += 1 + count_words(funcs[i]->aliases);
  }
  Name *table = PH_NEWN(arena, Name, names + 1), *end = table;
  for (size_t i = 0; i < count; i++) {
    end = add_names(arena, end, funcs[i]);
  }
  qsort(table, names, sizeof *table, by_name);
  qsort(funcs, count, sizeof *funcs, by_func);
  *registry = (PhRegistry){ .funcs = funcs, .count = count, .names = table, .name_count = names };
  index_names(registry, arena, table);
}

const Name *ph_registry_names(const PhRegistry *registry, PhStr name, size_t *count)
{
  const uint32_t found = *index_place(registry, name);
  *count = found ? registry->names[found - 1].same : 0;
  return found ? &registry->names[found - 1] : NULL;
}

const PhFunc *const *ph_registry_rows(const PhRegistry *registry, PhStr name)
{
  static const PhFunc *const none[PH_FUNC_SORT_COUNT] = { NULL };
  const uint32_t found = *index_place(registry, name);
  return found ? registry->names[found - 1].rows : none;
}

const PhFunc *ph_registry_find(const PhRegistry *registry, PhStr name, PhFuncSort sort)
{
  return ph_registry_rows(registry, name)[sort];
}

unsigned ph_nearest_limit(PhStr name)
{
  const unsigned slips = name.len <= 2 ? 1 : name.len <= 5 ? 2 : 3;
  return 2 * slips + 2;
}

unsigned ph_nearest_score(PhStr name, PhStr wanted, unsigned least)
{
  int letters[256] = { 0 };
  bool other_letters = name.len != wanted.len;
  for (size_t i = 0; i < name.len && !other_letters; i++) {
    letters[(unsigned char)name.ptr[i]]++;
    letters[(unsigned char)wanted.ptr[i]]--;
  }
  for (size_t i = 0; i < name.len && !other_letters; i++) {
    other_letters = letters[(unsigned char)name.ptr[i]] != 0;
  }
  return 2 * ph_str_distance(name, wanted, least / 2) + other_letters;
}

const char *ph_registry_nearest(const PhRegistry *registry, PhStr name)
{
  const char *best = NULL;
  unsigned least = ph_nearest_limit(name);
  for (size_t i = 0; i < registry->name_count && name.len < 64; i++) {
    const Name *row = &registry->names[i];
    const unsigned score = ph_nearest_score(row->name, name, least);
    if (score < least) {
      least = score;
      best = row->name.ptr;
    }
  }
  return best;
}
