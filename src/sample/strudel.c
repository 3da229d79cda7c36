/* Strudel's sample maps (strudel.json), as far as they speak of local files.  SPDX-License-Identifier: MIT

   { "_base": "https://… or a folder", "bd": ["bd/a.wav", "bd/b.wav"], "one": "one.wav", "piano": { "a0": "A0.wav", … } }

   A base that is an address on the network stands for the folder of the map: that is what a clone of the pack looks like. */
#include "sample/bank.h"

#include <assert.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MAP_MOST_BYTES = 16 << 20 };

typedef struct Map {
  PhArena *arena;
  const char *folder;
  const char *base; /* "" or a relative folder with its slash */
  uint32_t rank;
  PhCandidates *out;
} Map;

typedef PH_ARRAY(const char *) Paths;

static bool is_remote(const char *path)
{
  return strstr(path, "://") != NULL || strncmp(path, "github:", 7) == 0 || strncmp(path, "data:", 5) == 0;
}

/* A map is data from elsewhere: it may name what stands under its own folder and nothing else. */
static bool stays_inside(const char *path)
{
  if (path[0] == '/' || path[0] == '\\') {
    return false;
  }
  for (const char *part = path; part; part = strchr(part, '/')) {
    part += *part == '/';
    if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == 0)) {
      return false;
    }
  }
  return true;
}

static void add_path(Map *map, Paths *paths, const json_t *value)
{
  const char *path = json_string_value(value);
  if (path && path[0] && !is_remote(path) && stays_inside(path)) {
    PH_PUSH(map->arena, paths, ph_arena_printf(map->arena, "%s/%s%s", map->folder, map->base, path));
  }
}

static void add_paths(Map *map, Paths *paths, const json_t *value)
{
  if (json_is_array(value)) {
    for (size_t i = 0; i < json_array_size(value); i++) {
      add_path(map, paths, json_array_get(value, i));
    }
  } else {
    add_path(map, paths, value);
  }
}

/* Semitones from c0, for order only; INT_MAX if it is not a note. */
static int pitch_of(const char *note)
{
  static const signed char steps[] = { 9, 11, 0, 2, 4, 5, 7 };
  const int letter = (note[0] | 32) - 'a';
  if (letter < 0 || letter > 6) {
    return INT_MAX;
  }
  int pitch = steps[letter];
  const char *p = note + 1;
  for (; *p == '#' || *p == 's' || *p == 'b' || *p == 'f'; p++) {
    pitch += *p == '#' || *p == 's' ? 1 : -1;
  }
  char *end;
  const long octave = strtol(p, &end, 10);
  return end == p || *end || octave < -10 || octave > 20 ? INT_MAX : pitch + 12 * (int)octave;
}

typedef struct Pitched {
  int pitch;
  const char *key;
  const json_t *value;
} Pitched;

static int by_pitch(const void *a, const void *b)
{
  const Pitched *x = a, *y = b;
  return x->pitch != y->pitch ? (x->pitch < y->pitch ? -1 : 1) : strcmp(x->key, y->key);
}

/* A map from notes to files: in order of pitch, so that n goes up the keyboard. */
static void add_pitched(Map *map, Paths *paths, json_t *value)
{
  PH_ARRAY(Pitched) list = { 0 };
  const char *key;
  json_t *entry;
  json_object_foreach(value, key, entry)
  {
    const Pitched p = { pitch_of(key), key, entry };
    PH_PUSH(map->arena, &list, p);
  }
  if (list.len) {
    qsort(list.items, list.len, sizeof *list.items, by_pitch);
  }
  for (size_t i = 0; i < list.len; i++) {
    add_paths(map, paths, list.items[i].value);
  }
}

static void add_banks(Map *map, json_t *root)
{
  const char *name;
  json_t *value;
  json_object_foreach(root, name, value)
  {
    Paths paths = { 0 };
    if (name[0] == '_' || name[0] == 0) {
      continue;
    }
    if (json_is_object(value)) {
      add_pitched(map, &paths, value);
    } else {
      add_paths(map, &paths, value);
    }
    const PhCandidate c = { .name = ph_arena_strndup(map->arena, name, strlen(name)),
                            .rank = map->rank,
                            .kind = PH_CANDIDATE_MAP,
                            .paths = (const char *const *)paths.items,
                            .path_count = paths.len };
    if (paths.len) {
      PH_PUSH(map->arena, map->out, c);
    }
  }
}

static const char *base_of(PhArena *arena, const json_t *root)
{
  const char *base = json_string_value(json_object_get(root, "_base"));
  if (!base || !base[0] || is_remote(base)) {
    return "";
  }
  const bool slash = base[strlen(base) - 1] == '/';
  return stays_inside(base) ? ph_arena_printf(arena, "%s%s", base, slash ? "" : "/") : NULL;
}

static void read_root(PhArena *arena, const char *folder, uint32_t rank, json_t *root, PhCandidates *out)
{
  Map map = { arena, folder, base_of(arena, root), rank, out };
  if (map.base) {
    add_banks(&map, root);
  }
}

void ph_bank_read_map(PhArena *arena, const char *folder, uint32_t rank, PhCandidates *out)
{
  const char *path = ph_arena_printf(arena, "%s/strudel.json", folder);
  PhText text;
  if (!ph_os_is_file(path) || ph_os_read_file(path, MAP_MOST_BYTES, &text) != PH_OK) {
    return;
  }
  json_t *root = json_loadb(text.ptr, text.len, 0, NULL);
  ph_text_deinit(&text);
  if (json_is_object(root)) {
    /* The arena may give up: free the tree first, then tell the caller's trap. */
    PhTrap *outer = arena->trap;
    PhTrap trap;
    arena->trap = &trap;
    if (PH_TRAP_SET(&trap) == 0) {
      read_root(arena, folder, rank, root, out);
    }
    arena->trap = outer;
    if (trap.status != PH_OK) {
      json_decref(root);
      ph_trap_raise(outer, trap.status, "%s", trap.text);
    }
  }
  json_decref(root);
}
