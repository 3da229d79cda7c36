/* Which builds of the kernels this machine can run. Each build is a static library; here their rows are laid out once, on
   first use, as one array of pointers per build.  SPDX-License-Identifier: MIT */
#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "base/hash.h"
#include "dsp/build.h"

enum { MAX_UNITS = 512, MAX_SETS = 4 };

#if defined(PH_DSP_X86)
extern const PhUnitBuild ph_unit_build_sse2, ph_unit_build_avx2, ph_unit_build_avx512;
#define BUS_BUILD ph_unit_build_sse2
#elif defined(__ARM_NEON)
extern const PhUnitBuild ph_unit_build_neon;
#define BUS_BUILD ph_unit_build_neon
#elif defined(__wasm__)
extern const PhUnitBuild ph_unit_build_wasm;
#define BUS_BUILD ph_unit_build_wasm
#else
extern const PhUnitBuild ph_unit_build_plain;
#define BUS_BUILD ph_unit_build_plain
#endif

/* Filled once by `lay_out`, constant from then on. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static const PhUnit *rows[MAX_SETS][MAX_UNITS];
static PhUnitSet sets[MAX_SETS];
static const PhUnitSet *set_list[MAX_SETS];
static size_t set_count;

enum { NAME_SLOTS = 4 * MAX_UNITS };
static uint16_t names[NAME_SLOTS]; /* by hash of the name: 1 + the index, which is the same in every set */

static void add_build(const PhUnitBuild *build)
{
  assert(set_count < MAX_SETS);
  size_t count = 0;
  for (size_t t = 0; t < build->table_count; t++) {
    for (size_t i = 0; i < build->tables[t]->count; i++) {
      assert(count < MAX_UNITS);
      rows[set_count][count++] = &build->tables[t]->units[i];
    }
  }
  sets[set_count] = (PhUnitSet){ .name = build->name,
                                 .width = build->width,
                                 .units = rows[set_count],
                                 .count = count,
                                 .fold = build->fold,
                                 .shape = build->shape,
                                 .curve = build->curve,
                                 .sampler = build->sampler };
  set_list[set_count] = &sets[set_count];
  set_count++;
}

/* The place of a name: that of its row, or an empty one. */
static uint16_t *name_place(const char *name)
{
  size_t slot = ph_hash_str(name) % NAME_SLOTS;
  while (names[slot] && strcmp(rows[0][names[slot] - 1]->func.name, name) != 0) {
    slot = (slot + 1) % NAME_SLOTS;
  }
  return &names[slot];
}

static void lay_out(void)
{
#if defined(PH_DSP_X86)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw")) {
    add_build(&ph_unit_build_avx512);
  }
  if (__builtin_cpu_supports("avx2")) {
    add_build(&ph_unit_build_avx2);
  }
#endif
  add_build(&BUS_BUILD);
  for (size_t i = 0; i < sets[0].count; i++) {
    *name_place(rows[0][i]->func.name) = (uint16_t)(i + 1);
  }
}

size_t ph_unit_sets(const PhUnitSet *const **out)
{
  (void)pthread_once(&once, lay_out);
  *out = set_list;
  return set_count;
}

const PhUnitSet *ph_unit_set_find(const char *name)
{
  const PhUnitSet *const *list;
  const size_t count = ph_unit_sets(&list);
  if (!name) {
    return list[0];
  }
  for (size_t i = 0; i < count; i++) {
    if (strcmp(list[i]->name, name) == 0) {
      return list[i];
    }
  }
  return strcmp(name, "plain") == 0 ? list[count - 1] : NULL;
}

const PhUnitSet *ph_unit_set_bus(void)
{
  const PhUnitSet *const *list;
  const size_t count = ph_unit_sets(&list);
  return list[count - 1];
}

const PhUnit *ph_unit_find(const PhUnitSet *set, const char *name, uint32_t *index)
{
  const uint16_t found = *name_place(name);
  if (!found) {
    return NULL;
  }
  *index = found - 1u;
  return set->units[found - 1];
}

bool ph_param_is_signal(const PhParam *param)
{
  const char first = param->type[0];
  return first != '[' && ((first != 't' && first != '!') || strcmp(param->type + (first == '!'), "text") != 0);
}

uint32_t ph_unit_line_frames(const PhUnit *unit, const PhUnitSetup *setup)
{
  const size_t wanted = unit->line_frames ? unit->line_frames(setup) : 0;
  uint32_t frames = wanted ? 1 : 0;
  while (frames < wanted && frames < 1u << 30) {
    frames *= 2;
  }
  return frames;
}
