/* Banks: roots, scanning, names.  SPDX-License-Identifier: MIT */
#include "sample/bank.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Places in one root, in the order in which they win. */
enum { RANK_MAP, RANK_FOLDER, RANK_FILES, RANK_NESTED_MAP, RANKS_PER_ROOT };

enum { NEAREST_MOST = 3, NEAREST_DISTANCE = 2 };

/* ---- roots --------------------------------------------------------------------------------------------------- */

static void add_root(PhBankIndex *index, const char *path)
{
  if (path[0]) {
    PH_PUSH(index->arena, &index->roots, ph_arena_strndup(index->arena, path, strlen(path)));
  }
}

/* Adds `base``rest` unless there is no base (no HOME, say). */
static void add_root_under(PhBankIndex *index, const char *base, const char *rest)
{
  if (base && base[0]) {
    add_root(index, ph_arena_printf(index->arena, "%s%s", base, rest));
  }
}

static void add_root_list(PhBankIndex *index, const char *list)
{
  while (list && *list) {
    const size_t len = strcspn(list, ":");
    add_root(index, ph_arena_strndup(index->arena, list, len));
    list += len + (list[len] == ':');
  }
}

static void add_default_roots(PhBankIndex *index)
{
  const char *home = getenv("HOME");
  const char *data = getenv("XDG_DATA_HOME");
  if ((!data || !data[0]) && home && home[0]) {
    data = ph_arena_printf(index->arena, "%s/.local/share", home);
  }
  add_root_list(index, getenv("PHONON_SAMPLES"));
  add_root(index, "./samples");
  add_root_under(index, data, "/phonon/samples");
  /* SuperDirt's quark, as SuperCollider installs it on Linux and on macOS, then by hand or from a package. */
  add_root_under(index, data, "/SuperCollider/downloaded-quarks/Dirt-Samples");
  add_root_under(index, home, "/Library/Application Support/SuperCollider/downloaded-quarks/Dirt-Samples");
  add_root_under(index, data, "/SuperCollider/Extensions/Dirt-Samples");
  add_root_under(index, home, "/Library/Application Support/SuperCollider/Extensions/Dirt-Samples");
  add_root(index, "/usr/share/SuperCollider/Extensions/Dirt-Samples");
  add_root(index, "/usr/local/share/SuperCollider/Extensions/Dirt-Samples");
  /* Tidal's older synthesizer, Dirt, and a plain clone. */
  add_root_under(index, home, "/Dirt/samples");
  add_root_under(index, home, "/Dirt-Samples");
}

void ph_bank_index_init(PhBankIndex *index, PhArena *arena, const PhSampleOptions *options)
{
  *index = (PhBankIndex){ .arena = arena };
  for (size_t i = 0; i < options->dir_count; i++) {
    add_root(index, options->dirs[i]);
  }
  if (!options->no_default_dirs) {
    add_default_roots(index);
  }
}

/* ---- scanning ------------------------------------------------------------------------------------------------ */

bool ph_bank_is_sound(const char *name)
{
  static const char *const endings[] = { "wav", "flac", "ogg", "oga",  "opus", "aif", "aiff", "aifc",
                                         "mp3", "wave", "w64", "rf64", "caf",  "au",  "snd" };
  const char *dot = strrchr(name, '.');
  for (size_t i = 0; dot && dot != name && i < PH_COUNT(endings); i++) {
    if (strcasecmp(dot + 1, endings[i]) == 0) {
      return true;
    }
  }
  return false;
}

bool ph_sample_is_path(const char *name) { return strchr(name, '/') != NULL || ph_bank_is_sound(name); }

typedef struct FlatFile {
  const char *stem;
  const char *path;
} FlatFile;

typedef PH_ARRAY(FlatFile) FlatFiles;

static int by_stem(const void *a, const void *b)
{
  const FlatFile *x = a, *y = b;
  const int order = strcmp(x->stem, y->stem);
  return order ? order : strcmp(x->path, y->path);
}

/* Files directly in a root: one bank per name without its ending. */
static void add_flat(PhBankIndex *index, FlatFiles *flat, uint32_t rank)
{
  if (flat->len == 0) {
    return;
  }
  qsort(flat->items, flat->len, sizeof *flat->items, by_stem);
  const char **paths = PH_NEWN(index->arena, const char *, flat->len);
  for (size_t i = 0, end; i < flat->len; i = end) {
    for (end = i; end < flat->len && strcmp(flat->items[end].stem, flat->items[i].stem) == 0; end++) {
      paths[end] = flat->items[end].path;
    }
    const PhCandidate c = { .name = flat->items[i].stem,
                            .rank = rank,
                            .kind = PH_CANDIDATE_FILES,
                            .paths = (const char *const *)paths + i,
                            .path_count = end - i };
    PH_PUSH(index->arena, &index->candidates, c);
  }
}

static void scan_root(PhBankIndex *index, const char *root, uint32_t rank)
{
  PhArena *arena = index->arena;
  const char *const *names;
  size_t count;
  if (ph_os_list_dir(arena, root, &names, &count) != PH_OK) {
    return;
  }
  FlatFiles flat = { 0 };
  ph_bank_read_map(arena, root, rank + RANK_MAP, &index->candidates);
  for (size_t i = 0; i < count; i++) {
    const char *path = ph_arena_printf(arena, "%s/%s", root, names[i]);
    if (ph_bank_is_sound(names[i]) && !ph_os_is_dir(path)) {
      const size_t len = (size_t)(strrchr(names[i], '.') - names[i]);
      const FlatFile file = { ph_arena_strndup(arena, names[i], len), path };
      PH_PUSH(arena, &flat, file);
    } else if (ph_os_is_dir(path)) {
      const PhCandidate c = { .name = names[i], .rank = rank + RANK_FOLDER, .kind = PH_CANDIDATE_FOLDER, .path = path };
      PH_PUSH(arena, &index->candidates, c);
      ph_bank_read_map(arena, path, rank + RANK_NESTED_MAP, &index->candidates);
    }
  }
  add_flat(index, &flat, rank + RANK_FILES);
}

static void add_kit(PhBankIndex *index, uint32_t rank)
{
  for (size_t i = 0; i < ph_kit_bank_count(); i++) {
    const PhKitBank *kit = ph_kit_bank(i);
    PhCandidate c = { .name = ph_kit_bank_name(kit), .rank = rank, .kind = PH_CANDIDATE_KIT, .kit = kit };
    PH_PUSH(index->arena, &index->candidates, c);
    const char *alias = ph_kit_bank_aliases(kit);
    while (*alias) {
      const size_t len = strcspn(alias, " ");
      c.name = ph_arena_strndup(index->arena, alias, len);
      PH_PUSH(index->arena, &index->candidates, c);
      alias += len + strspn(alias + len, " ");
    }
  }
}

/* Paths break ties so that the order never depends on how the sort works (two nested maps may share a rank). */
static int by_name_and_rank(const void *a, const void *b)
{
  const PhCandidate *x = a, *y = b;
  const int order = strcmp(x->name, y->name);
  if (order) {
    return order;
  }
  if (x->rank != y->rank) {
    return x->rank < y->rank ? -1 : 1;
  }
  const char *p = x->path_count ? x->paths[0] : "", *q = y->path_count ? y->paths[0] : "";
  return strcmp(p, q);
}

static void scan(PhBankIndex *index)
{
  index->candidates.len = 0;
  for (size_t i = 0; i < index->roots.len; i++) {
    scan_root(index, index->roots.items[i], (uint32_t)i * RANKS_PER_ROOT);
  }
  add_kit(index, (uint32_t)index->roots.len * RANKS_PER_ROOT);
  qsort(index->candidates.items, index->candidates.len, sizeof *index->candidates.items, by_name_and_rank);
  index->scanned = true;
}

/* ---- looking up ---------------------------------------------------------------------------------------------- */

static void fill_kit(PhBankIndex *index, PhBank *bank, const PhKitBank *kit)
{
  bank->count = ph_kit_bank_variants(kit);
  bank->files = PH_NEWN(index->arena, PhBankFile, bank->count);
  for (unsigned i = 0; i < bank->count; i++) {
    bank->files[i].path = ph_arena_printf(index->arena, "builtin:%s:%u", ph_kit_bank_name(kit), i);
    bank->files[i].kit = kit;
    bank->files[i].variant = i;
  }
}

static void fill_paths(PhBankIndex *index, PhBank *bank, const char *const *paths, size_t count)
{
  bank->files = PH_NEWN(index->arena, PhBankFile, count);
  for (size_t i = 0; i < count; i++) {
    if (ph_os_is_file(paths[i])) {
      bank->files[bank->count++].path = paths[i];
    }
  }
}

static void fill_folder(PhBankIndex *index, PhBank *bank, const char *folder)
{
  const char *const *names;
  size_t count;
  if (ph_os_list_dir(index->arena, folder, &names, &count) != PH_OK) {
    return;
  }
  PH_ARRAY(const char *) paths = { 0 };
  for (size_t i = 0; i < count; i++) {
    if (ph_bank_is_sound(names[i])) {
      PH_PUSH(index->arena, &paths, ph_arena_printf(index->arena, "%s/%s", folder, names[i]));
    }
  }
  fill_paths(index, bank, (const char *const *)paths.items, paths.len);
}

/* Index of the first candidate whose name is not before `name`. */
static size_t first_candidate(const PhBankIndex *index, const char *name)
{
  size_t low = 0, high = index->candidates.len;
  while (low < high) {
    const size_t mid = low + (high - low) / 2;
    if (strcmp(index->candidates.items[mid].name, name) < 0) {
      low = mid + 1;
    } else {
      high = mid;
    }
  }
  return low;
}

static PhBank *resolve(PhBankIndex *index, const char *name)
{
  PhBank *bank = PH_NEW(index->arena, PhBank);
  bank->name = ph_arena_strndup(index->arena, name, strlen(name));
  for (size_t i = first_candidate(index, name); i < index->candidates.len && bank->count == 0; i++) {
    const PhCandidate *c = &index->candidates.items[i];
    if (strcmp(c->name, name) != 0) {
      break;
    }
    if (c->kind == PH_CANDIDATE_KIT) {
      fill_kit(index, bank, c->kit);
    } else if (c->kind == PH_CANDIDATE_FOLDER) {
      fill_folder(index, bank, c->path);
    } else {
      fill_paths(index, bank, c->paths, c->path_count);
    }
  }
  return bank;
}

PhBank *ph_bank_find(PhBankIndex *index, const char *name)
{
  size_t low = 0, high = index->banks.len;
  while (low < high) {
    const size_t mid = low + (high - low) / 2;
    const int order = strcmp(index->banks.items[mid]->name, name);
    if (order == 0) {
      return index->banks.items[mid];
    }
    if (order < 0) {
      low = mid + 1;
    } else {
      high = mid;
    }
  }
  if (!index->scanned) {
    scan(index);
  }
  PhBank *bank = resolve(index, name);
  PH_PUSH(index->arena, &index->banks, bank);
  memmove(index->banks.items + low + 1, index->banks.items + low, (index->banks.len - 1 - low) * sizeof(PhBank *));
  index->banks.items[low] = bank;
  return bank;
}

void ph_bank_names(PhBankIndex *index, PhArena *arena, const char *const **names, size_t *count)
{
  if (!index->scanned) {
    scan(index);
  }
  PH_ARRAY(const char *) list = { 0 };
  const char *last = NULL;
  for (size_t i = 0; i < index->candidates.len; i++) {
    const char *name = index->candidates.items[i].name;
    if ((!last || strcmp(last, name) != 0) && ph_bank_find(index, name)->count > 0) {
      PH_PUSH(arena, &list, ph_arena_strndup(arena, name, strlen(name)));
    }
    last = name;
  }
  *names = (const char *const *)list.items;
  *count = list.len;
}

typedef struct Near {
  const char *name;
  unsigned distance;
} Near;

/* Keeps the best few, the earlier name first among equals. */
static void note_near(Near *near, size_t *count, const char *name, unsigned distance)
{
  size_t at = *count;
  while (at > 0 && distance < near[at - 1].distance) {
    at--;
  }
  if (at == NEAREST_MOST) {
    return;
  }
  *count = *count < NEAREST_MOST ? *count + 1 : NEAREST_MOST;
  memmove(near + at + 1, near + at, (*count - 1 - at) * sizeof *near);
  near[at] = (Near){ name, distance };
}

const char *ph_bank_missing(PhBankIndex *index, const char *name)
{
  Near near[NEAREST_MOST + 1];
  size_t count = 0;
  const char *last = NULL;
  const size_t len = strlen(name);
  const unsigned most = len <= 2 ? 1 : NEAREST_DISTANCE;
  for (size_t i = 0; i < index->candidates.len; i++) {
    const char *other = index->candidates.items[i].name;
    const bool again = last && strcmp(last, other) == 0;
    last = other;
    if (again) {
      continue;
    }
    unsigned distance = ph_str_distance(ph_str_of(name), ph_str_of(other), most);
    if (distance > most && len >= 2 && strncmp(name, other, len) == 0) {
      distance = most; /* the beginning of a longer name */
    }
    if (distance <= most && ph_bank_find(index, other)->count > 0) {
      note_near(near, &count, other, distance);
    }
  }
  if (count == 0) {
    return ph_arena_printf(index->arena, "no sample bank is named \"%s\"", name);
  }
  PhText text = { 0 };
  for (size_t i = 0; i < count; i++) {
    ph_text_printf(&text, "%s\"%s\"", i == 0 ? "" : i + 1 == count ? " or " : ", ", near[i].name);
  }
  char shown[256];
  (void)snprintf(shown, sizeof shown, "%s", text.ptr ? text.ptr : "");
  ph_text_deinit(&text);
  return ph_arena_printf(index->arena, "no sample bank is named \"%s\"; did you mean %s?", name, shown);
}
