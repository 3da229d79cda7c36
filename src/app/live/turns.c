/* Transitions that a performer asks for.  SPDX-License-Identifier: MIT */
#include "app/live/turns.h"

#include <stdlib.h>
#include <string.h>

void turns_free(Turns *turns)
{
  for (size_t i = 0; i < turns->count; i++) {
    free((char *)turns->items[i].before);
  }
  free(turns->items);
  *turns = (Turns){ 0 };
}

static bool add(Turns *turns, uint32_t output, const char *before, size_t len, PhononTime now)
{
  PhononTransition *grown = realloc(turns->items, (turns->count + 1) * sizeof *grown);
  turns->items = grown ? grown : turns->items;
  char *copy = grown ? strndup(before, len) : NULL;
  if (copy) {
    turns->items[turns->count++] = (PhononTransition){ .output = output, .before = copy, .now = now };
  }
  return copy != NULL;
}

/* The number of `o12`, 0 for what has none: transitions are of numbered outputs. */
static uint32_t output_of(const char *key)
{
  return key[0] == 'o' && key[1] >= '1' && key[1] <= '9' ? (uint32_t)strtoul(key + 1, NULL, 10) : 0;
}

/* The last statement with that key: it is the one that counts. */
static bool last_named(const PhononStatements *statements, const char *key, PhononStatement *out)
{
  bool found = false;
  PhononStatement s;
  for (size_t i = 0; phonon_statements_get(statements, i, &s); i++) {
    if (strcmp(s.key, key) == 0) {
      *out = s;
      found = true;
    }
  }
  return found;
}

static const PhononTransition *turn_of(const Turns *turns, uint32_t output)
{
  for (size_t i = 0; i < turns->count; i++) {
    if (turns->items[i].output == output) {
      return &turns->items[i];
    }
  }
  return NULL;
}

static bool find(const PhononStatements *fresh, const char *text, const PhononStatements *old, const char *former, const Turns *had,
                 PhononTime now, Turns *out)
{
  PhononStatement s, before, last;
  for (size_t i = 0; phonon_statements_get(fresh, i, &s); i++) {
    const uint32_t output = output_of(s.key);
    const bool counts = output && s.transition && last_named(fresh, s.key, &last) && last.begin == s.begin;
    if (!counts || !last_named(old, s.key, &before)) {
      continue;
    }
    const size_t len = before.end - before.begin;
    const bool same = len == s.end - s.begin && memcmp(text + s.begin, former + before.begin, len) == 0;
    const PhononTransition *turn = turn_of(had, output);
    if (same && !turn) {
      continue; /* it has played so from the beginning */
    }
    if (!(same ? add(out, output, turn->before, strlen(turn->before), turn->now)
               : add(out, output, former + before.begin, len, now))) {
      return false;
    }
  }
  return true;
}

bool turns_find(const char *text, size_t len, const char *former, size_t former_len, const Turns *had, PhononTime now, bool tidal,
                Turns *out)
{
  PhononStatements *fresh = NULL, *old = NULL;
  *out = (Turns){ 0 };
  const bool read = phonon_statements_new(text, len, tidal, &fresh) == PHONON_OK &&
                    phonon_statements_new(former, former_len, tidal, &old) == PHONON_OK;
  const bool good = read && find(fresh, text, old, former, had, now, out);
  phonon_statements_free(fresh);
  phonon_statements_free(old);
  return good;
}

bool turns_equal(const Turns *a, const Turns *b)
{
  bool equal = a->count == b->count;
  for (size_t i = 0; equal && i < a->count; i++) {
    const PhononTransition *x = &a->items[i], *y = &b->items[i];
    equal = x->output == y->output && x->now.num == y->now.num && x->now.den == y->now.den && strcmp(x->before, y->before) == 0;
  }
  return equal;
}

json_t *turns_json(const Turns *turns)
{
  json_t *list = json_array();
  for (size_t i = 0; i < turns->count; i++) {
    const PhononTransition *t = &turns->items[i];
    json_array_append_new(list, json_pack("{s:i,s:s,s:[I,I]}", "output", (int)t->output, "before", t->before, "now",
                                          (json_int_t)t->now.num, (json_int_t)t->now.den));
  }
  return list;
}

bool turns_read(const json_t *list, Turns *out)
{
  *out = (Turns){ 0 };
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *o = json_array_get(list, i), *now = json_object_get(o, "now");
    const char *before = json_string_value(json_object_get(o, "before"));
    const json_int_t output = json_integer_value(json_object_get(o, "output"));
    const PhononTime time = { json_integer_value(json_array_get(now, 0)), json_integer_value(json_array_get(now, 1)) };
    if (!before || output < 1 || output > 64 || time.den < 1 || !add(out, (uint32_t)output, before, strlen(before), time)) {
      turns_free(out);
      return false;
    }
  }
  return json_is_array(list);
}
