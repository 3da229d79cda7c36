/* What every unit generator costs, at its defaults, in calls of 64 frames as the engine makes them.

     units                nanoseconds a frame on a bus, and a frame of a lane in a bank of 16, with the best instruction set
     units --count        for valgrind --tool=callgrind: a dump of the counts after each unit, named "bus ROW" or "bank ROW";
                          with --list, only the names and the frames that are run

   SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/dsp/unit_run.h"

#ifdef PH_HAVE_CALLGRIND
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_ZERO_STATS ((void)0)
#define CALLGRIND_DUMP_STATS_AT(name) ((void)(name))
#endif

enum { FRAMES = 4096, ROUNDS = 15, LANES_MOST = PH_LANES_BANK };

static float noise[FRAMES];

typedef struct Bench {
  UnitCase unit;
  UnitState state;
  PhArena arena;
  float *out;
} Bench;

static void begin(Bench *b, const PhUnitSet *set, size_t row, uint32_t lanes)
{
  unit_case_init(&b->unit, set, row, 44100, FRAMES, lanes);
  if (b->unit.unit->flags & PH_UNIT_PROCESSOR) {
    unit_audio(&b->unit, 0, noise);
  } else if (b->unit.unit->flags & PH_UNIT_OSC) {
    unit_const(&b->unit, 0, 220);
  }
  ph_arena_init(&b->arena, NULL, NULL);
  unit_prepare(&b->unit, &b->arena);
  b->state = unit_state(&b->unit);
  b->out = unit_alloc(sizeof(float) * FRAMES * LANES_MOST);
}

static void run(Bench *b)
{
  const UnitRun how = { .chunk = PH_CHUNK_FRAMES, .in_place = -1, .to = FRAMES };
  (void)unit_run(&b->unit, &how, &b->state, b->out);
}

static void end(Bench *b)
{
  free(b->out);
  unit_state_free(&b->state);
  unit_case_free(&b->unit);
  ph_arena_deinit(&b->arena);
}

/* The least of several rounds, since other work only adds. */
static double frame_ns(const PhUnitSet *set, size_t row, uint32_t lanes)
{
  Bench b;
  begin(&b, set, row, lanes);
  double least = 1e9;
  for (int i = 0; i < ROUNDS; i++) {
    const double from = ph_os_cpu_sec();
    run(&b);
    const double ns = 1e9 * (ph_os_cpu_sec() - from) / FRAMES;
    least = ns < least ? ns : least;
  }
  end(&b);
  return least;
}

static void count(const PhUnitSet *set, size_t row, uint32_t lanes, const char *where)
{
  char name[128];
  (void)snprintf(name, sizeof name, "%s %s", where, set->units[row]->func.name);
  Bench b;
  begin(&b, set, row, lanes);
  CALLGRIND_ZERO_STATS;
  run(&b);
  CALLGRIND_DUMP_STATS_AT(name);
  end(&b);
}

static void table(void)
{
  const PhUnitSet *bus = ph_unit_set_bus(), *bank = ph_unit_set_find(NULL);
  printf("| unit | bus, ns a frame | bank (%s), ns a frame and lane |\n|---|---:|---:|\n", bank->name);
  for (size_t row = 0; row < bus->count; row++) {
    printf("| %s | %.2f | %.3f |\n", bus->units[row]->func.name, frame_ns(bus, row, PH_LANES_BUS),
           frame_ns(bank, row, PH_LANES_BANK) / PH_LANES_BANK);
  }
}

/* Valgrind knows nothing wider than AVX2. */
static void counts(bool list)
{
  const PhUnitSet *bus = ph_unit_set_bus(), *bank = ph_unit_set_find("avx2");
  for (size_t row = 0; row < bus->count; row++) {
    if (list) {
      printf("%s\t%d\n", bus->units[row]->func.name, FRAMES);
      continue;
    }
    count(bus, row, PH_LANES_BUS, "bus");
    if (bank) {
      count(bank, row, PH_LANES_BANK, "bank");
    }
  }
}

int main(int argc, char **argv)
{
  for (uint32_t f = 0; f < FRAMES; f++) {
    noise[f] = (float)(int32_t)ph_mix64(f) * 0x1p-32f;
  }
  if (argc > 1 && strcmp(argv[1], "--count") == 0) {
    counts(argc > 2 && strcmp(argv[2], "--list") == 0);
  } else {
    table();
  }
  return 0;
}
