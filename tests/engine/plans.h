/* Plans and patterns made by hand, so that the engine is tested without the language.  SPDX-License-Identifier: MIT */
#ifndef PH_TESTS_ENGINE_PLANS_H
#define PH_TESTS_ENGINE_PLANS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/engine.h"

/* An event of a pattern that repeats. `controls` NULL: the value is a number. */
typedef struct HandEvent {
  PhRat begin, end;
  double number;
  const PhMap *map;
} HandEvent;

typedef struct HandPat {
  PhPat head;
  const HandEvent *events;
  size_t count;
  int64_t period;     /* cycles */
} HandPat;

HandPat hand_pat(const HandEvent *events, size_t count, int64_t period);

/* A map of a sound and up to 7 numbers: hand_map("~dc", "gain", 0.5, "attack", 0.0, NULL). */
const PhMap *hand_map(const char *sound, ...);

/* One player whose voices are the master. Instrument `~dc` holds 1 in each voice; its code is one COPY. */
typedef struct HandPlan {
  PhPlan plan;
  PhPlayer player;
  PhRoute route;
  PhStrand strands[4];
  PhInstrument instruments[2];
  PhInstr copy;
  PhRef copy_in;
  float slots[8 * PH_LANES_BANK];
  float program_slots[8 * PH_LANES_BANK];
} HandPlan;

void hand_plan(HandPlan *hand, const PhPat *pat, const PhPat *cps);

/* A store of two samples, in place of src/sample: "ramp" rises from 0.25 to 0.75, 1000 frames, and "wide" (stereo) is 0.5 left
   and -0.5 right, 44100 frames. */
PhSampleStore *hand_store(void);

typedef struct Run {
  uint32_t block, threads, window, ask; /* ask: frames of each call */
  uint32_t max_voices;
  const char *isa;
  bool profile;
} Run;

/* Renders; the caller frees. `stats` may be NULL. */
float *hand_render(const PhPlan *plan, Run run, uint32_t frames, PhEngineStats *stats);

#endif
