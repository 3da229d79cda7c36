/* Runs one row of a set on prepared inputs: what the tests of the kernels share.  SPDX-License-Identifier: MIT */
#ifndef PH_TESTS_DSP_UNIT_RUN_H
#define PH_TESTS_DSP_UNIT_RUN_H

#include "dsp/dsp.h"

enum { UNIT_TEXTS = 8 };

/* A unit with its inputs over `frames` frames of `lanes` lanes. What is constant is stored as audio, too. */
typedef struct UnitCase {
  const PhUnitSet *set;
  size_t row;
  const PhUnit *unit;
  uint32_t in_count;
  bool fixed[PH_UNIT_MAX_INPUTS];      /* given with step 0 where the run asks for it */
  float *in[PH_UNIT_MAX_INPUTS];       /* [frames][lanes] */
  uint32_t frames, lanes;
  uint32_t voice[PH_LANES_BANK];
  PhUnitSetup setup;
  const char *texts[UNIT_TEXTS]; /* NULL: the example's */
  const void *data;
  uint32_t line_frames;
  uint64_t seed;
} UnitCase;

/* State and line memory of a run. */
typedef struct UnitState {
  uint32_t *state;
  float *line;
} UnitState;

/* Memory, aligned to 64 bytes. */
void *unit_alloc(size_t bytes);

/* The row by name or alias in a set; fails the test if there is none. */
size_t unit_row(const PhUnitSet *set, const char *name);

/* A case of one row at a sample rate, every input constant and at its default. */
void unit_case_init(UnitCase *c, const PhUnitSet *set, size_t row, double sample_rate, uint32_t frames, uint32_t lanes);
void unit_case_free(UnitCase *c);
/* A constant in every lane. */
void unit_const(UnitCase *c, uint32_t input, double value);
/* The same signal in every lane, known to lie between -1 and 1 where not told. */
void unit_audio(UnitCase *c, uint32_t input, const float *signal);
/* A signal for left lanes and one for right lanes. */
void unit_audio_pair(UnitCase *c, uint32_t input, const float *left, const float *right);
/* Works out the length of the line and the prepared data; after the inputs are set. Texts and lists that were not given are those
   of the row's example. */
void unit_prepare(UnitCase *c, PhArena *arena);
/* Gives the text of the row's `index`th text or list parameter; "" for an absent one. It must outlive the case. */
void unit_text(UnitCase *c, uint32_t index, const char *text);

/* Recordings for tests, the same on every call: "test:impulse" (a 1, then 511 zeros), "test:cycle" (2048 frames: the sines of the
   partials 1, 2 and 3 at 1, 1/2 and 1/3), "test:cycles" (4 cycles of 2048 frames: partial 1, 2, 3, 4), "test:ramp" (4096 frames from
   -1 to 1); "test:missing" is not there; any other name is stereo noise of 3000 frames, seeded by the name. */
extern const PhUnitSounds unit_sounds;

UnitState unit_state(const UnitCase *c);
void unit_state_free(UnitState *s);

typedef struct UnitRun {
  uint32_t chunk;      /* frames of a call; 0: random cuts */
  bool as_audio;       /* constants are given at every frame */
  int in_place;        /* this input's memory takes the output; -1: none */
  uint32_t from, to;   /* frames */
} UnitRun;

/* Runs into out[frames][lanes]; true if the unit reported a fault. */
bool unit_run(const UnitCase *c, const UnitRun *how, UnitState *state, float *out);

/* One run from zeroed state over bus lanes with the best set: left channel of the result, for measurements. */
void unit_render(UnitCase *c, float *left, float *right);

#endif
