/* One unit on a bus and what is put through it: shared by the tests that measure units. BUS_LONG, the frames of its signals, may be
   defined before it is included.  SPDX-License-Identifier: MIT */
#ifndef PH_TESTS_DSP_BUS_H
#define PH_TESTS_DSP_BUS_H

#include "measure.h"
#include "spectrum.h"
#include "unit_run.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define RATE 44100.0

#ifndef BUS_LONG
#define BUS_LONG (1 << 18)
#endif
enum { LONG = BUS_LONG };

static float left[LONG], right[LONG], signal_a[LONG], signal_b[LONG] __attribute__((unused));

static inline double db(double ratio) { return 20 * log10(fmax(ratio, 1e-30)); }

/* A unit on a bus of the 4-wide set. */
static inline void begin_at(UnitCase *c, const char *name, double rate, uint32_t frames)
{
  const PhUnitSet *set = ph_unit_set_bus();
  unit_case_init(c, set, unit_row(set, name), rate, frames, PH_LANES_BUS);
}

static inline void begin(UnitCase *c, const char *name, uint32_t frames) { begin_at(c, name, RATE, frames); }

/* Into `left` and `right`. */
static inline void finish(UnitCase *c)
{
  unit_render(c, left, right);
  unit_case_free(c);
}

static inline double noise_at(uint64_t i) { return (double)(ph_mix64(i) >> 11) * 0x1p-52 - 1; }

static inline void noise_into(float *x, uint32_t frames, uint64_t seed, double level)
{
  for (uint32_t f = 0; f < frames; f++) {
    x[f] = (float)(noise_at(seed + f) * level);
  }
}

static inline void sine_into(float *x, uint32_t frames, double hz, double level)
{
  for (uint32_t f = 0; f < frames; f++) {
    x[f] = (float)(level * sin(2 * M_PI * hz * f / RATE));
  }
}

static inline void impulse_into(float *x, uint32_t frames)
{
  memset(x, 0, frames * sizeof(float));
  x[0] = 1;
}

/* The time for 60 dB from the fall between -5 and -35 dB of the energy that is still to come (Schroeder 1965). */
static inline double decay_sec(const double *energy, uint32_t frames)
{
  double total = 0;
  for (uint32_t f = 0; f < frames; f++) {
    total += energy[f];
  }
  double rest = total;
  uint32_t from = 0, to = 0;
  for (uint32_t f = 0; f < frames && to == 0; f++) {
    rest -= energy[f];
    from = from == 0 && rest < total * pow(10, -0.5) ? f : from;
    to = rest < total * pow(10, -3.5) ? f : 0;
  }
  return 2.0 * (to - from) / RATE;
}

static inline double power_of(const float *x, uint32_t from, uint32_t to)
{
  double sum = 0;
  for (uint32_t f = from; f < to; f++) {
    sum += (double)x[f] * (double)x[f];
  }
  return sum / (to - from);
}

/* Amplitude and phase in turns of a sine near `hz` in frames [from, from + n), Hann-weighted. */
static inline double sine_at(const float *x, uint32_t from, uint32_t n, double hz, double *turns)
{
  double re = 0, im = 0;
  for (uint32_t i = 0; i < n; i++) {
    const double w = 1 - cos(2 * M_PI * (i + 0.5) / n), t = 2 * M_PI * hz * (from + i) / RATE;
    re += w * (double)x[from + i] * sin(t);
    im += w * (double)x[from + i] * cos(t);
  }
  if (turns) {
    *turns = atan2(im, re) / (2 * M_PI);
  }
  return 2 * hypot(re, im) / n;
}

/* The frequency of the sine near `hz`: how far its phase goes from one stretch of n frames to one that begins n/2 later. */
static inline double frequency_near(const float *x, uint32_t from, uint32_t n, double hz)
{
  double a, b;
  (void)sine_at(x, from, n, hz, &a);
  (void)sine_at(x, from + n / 2, n, hz, &b);
  const double moved = b - a;
  return hz + (moved - floor(moved + 0.5)) * RATE / (n / 2);
}

typedef struct Cost {
  double mean_ns, worst_us;
} Cost;

/* Nanoseconds of a frame on average and microseconds of the slowest call of 64 frames, each the least of some runs. */
static inline Cost cost_of(const PhUnitSet *set, const char *name, uint32_t lanes, void (*change)(UnitCase *c))
{
  enum { CALLS = LONG / PH_CHUNK_FRAMES };
  const uint32_t frames = change ? LONG : 1 << 15, calls = frames / PH_CHUNK_FRAMES; /* a room is full after seconds */
  UnitCase c;
  unit_case_init(&c, set, unit_row(set, name), RATE, frames, lanes);
  noise_into(signal_a, frames, 1, 0.5);
  unit_audio(&c, 0, signal_a);
  if (change) {
    change(&c);
  }
  PhArena arena;
  ph_arena_init(&arena, NULL, NULL);
  unit_prepare(&c, &arena);
  float *out = unit_alloc((size_t)frames * lanes * sizeof(float));
  static double least[CALLS];
  for (int run = 0; run < 5; run++) {
    UnitState state = unit_state(&c);
    memset(state.line, 0, (size_t)c.line_frames * lanes * sizeof(float));
    for (uint32_t i = 0; i < calls; i++) {
      struct timespec from, to;
      const UnitRun how = {
        .chunk = PH_CHUNK_FRAMES, .in_place = -1, .from = i * PH_CHUNK_FRAMES, .to = (i + 1) * PH_CHUNK_FRAMES
      };
      clock_gettime(CLOCK_MONOTONIC, &from);
      (void)unit_run(&c, &how, &state, out);
      clock_gettime(CLOCK_MONOTONIC, &to);
      const double us = (double)(to.tv_sec - from.tv_sec) * 1e6 + (double)(to.tv_nsec - from.tv_nsec) * 1e-3;
      least[i] = run == 0 ? us : fmin(us, least[i]);
    }
    unit_state_free(&state);
  }
  Cost cost = { 0, 0 };
  for (uint32_t i = 0; i < calls; i++) {
    cost.mean_ns += least[i] * 1e3 / frames;
    cost.worst_us = fmax(cost.worst_us, least[i]);
  }
  free(out);
  unit_case_free(&c);
  ph_arena_deinit(&arena);
  return cost;
}

/* With PH_BENCH=1: what a row costs on a bus, and in a bank with the best set and with AVX2. */
static inline void bench_row(const char *name, void (*change)(UnitCase *c))
{
  if (!getenv("PH_BENCH")) {
    return;
  }
  const PhUnitSet *narrow = ph_unit_set_find("avx2");
  const Cost bus = cost_of(ph_unit_set_bus(), name, PH_LANES_BUS, change),
             bank = cost_of(ph_unit_set_find(NULL), name, PH_LANES_BANK, change);
  const Cost other = narrow ? cost_of(narrow, name, PH_LANES_BANK, change) : (Cost){ 0, 0 };
  print_message("| %s | %.1f | %.1f | %.1f | slowest calls: %.1f, %.1f, %.1f us\n", name, bus.mean_ns, bank.mean_ns,
                other.mean_ns, bus.worst_us, bank.worst_us, other.worst_us);
}

#endif
