/* The transform of src/dsp/fft.h against sums in double, forward, back and in every lane.  SPDX-License-Identifier: MIT */
#include "dsp/fft.h"
#include "measure.h"
#include "unit_run.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { STEP = 8, GROUP = 4 }; /* four of eight lanes: the others must stay as they are */

static double db(double ratio) { return 20 * log10(fmax(ratio, 1e-30)); }

/* Noise, a loud low sine, an impulse and a sine between bins. */
static float sample_of(uint32_t lane, uint32_t i, uint32_t n)
{
  switch (lane) {
  case 0:
    return (float)((double)(ph_mix64(i) >> 11) * 0x1p-52 - 1);
  case 1:
    return (float)sin(2 * M_PI * 3 * i / n);
  case 2:
    return i == n / 3 ? 1.0f : 0.0f;
  default:
    return (float)cos(2 * M_PI * (n / 5 + 0.37) * i / n);
  }
}

/* Bin k by its definition; turns as whole numbers, so that angles are exact. */
static void direct(uint32_t lane, uint32_t n, uint32_t k, const double *cosines, double *re, double *im)
{
  *re = *im = 0;
  for (uint32_t i = 0; i < n; i++) {
    const uint32_t turn = (uint32_t)((uint64_t)i * k % n);
    *re += (double)sample_of(lane, i, n) * cosines[turn];
    *im -= (double)sample_of(lane, i, n) * cosines[(turn + n - n / 4) % n];
  }
}

/* The largest error of any bin against the largest bin. */
static double error_of_bins(uint32_t n, uint32_t lane, const float *bins)
{
  double *cosines = malloc(n * sizeof(double));
  for (uint32_t i = 0; i < n; i++) {
    cosines[i] = cos(2 * M_PI * i / n);
  }
  double most = 0, loudest = 0;
  const uint32_t stride = n <= 1024 ? 1 : n / 2 / 61;
  for (uint32_t k = 0; k <= n / 2; k += k + stride <= n / 2 || k == n / 2 ? stride : n / 2 - k) {
    double re, im;
    direct(lane, n, k, cosines, &re, &im);
    const double x = (double)bins[(size_t)2 * k * STEP + GROUP + lane],
                 y = (double)bins[(size_t)(2 * k + 1) * STEP + GROUP + lane];
    most = fmax(most, hypot(x - re, y - im));
    loudest = fmax(loudest, hypot(x, y));
  }
  for (uint32_t k = 0; k <= n / 2; k++) {
    loudest = fmax(loudest, (double)hypotf(bins[(size_t)2 * k * STEP + GROUP + lane],
                                           bins[(size_t)(2 * k + 1) * STEP + GROUP + lane]));
  }
  free(cosines);
  return most / loudest;
}

static void check_size(uint32_t n, double *forward, double *round_trip)
{
  PhArena arena;
  ph_arena_init(&arena, NULL, NULL);
  const PhFft *fft = ph_fft_new(&arena, n);
  assert_non_null(fft);
  float *work = unit_alloc((size_t)n * STEP * sizeof(float)),
        *bins = unit_alloc((size_t)(n + 2) * STEP * sizeof(float));
  memset(work, 0xFF, (size_t)n * STEP * sizeof(float));
  memset(bins, 0xFF, (size_t)(n + 2) * STEP * sizeof(float));
  for (uint32_t i = 0; i < n; i++) {
    for (uint32_t lane = 0; lane < 4; lane++) {
      work[(size_t)i * STEP + GROUP + lane] = sample_of(lane, i, n);
    }
  }
  ph_fft_forward(fft, work + GROUP, bins + GROUP, STEP);
  for (uint32_t lane = 0; lane < 4; lane++) {
    *forward = fmax(*forward, error_of_bins(n, lane, bins));
  }
  ph_fft_inverse(fft, bins + GROUP, work + GROUP, STEP);
  for (uint32_t i = 0; i < n; i++) {
    for (uint32_t lane = 0; lane < 4; lane++) {
      const double x = (double)work[(size_t)i * STEP + GROUP + lane];
      *round_trip = fmax(*round_trip, fabs(x - (double)sample_of(lane, i, n)));
      assert_true(isnan(work[(size_t)i * STEP + lane]) && isnan(bins[(size_t)i * STEP + lane]));
    }
  }
  free(work);
  free(bins);
  ph_arena_deinit(&arena);
}

static void transform_is_exact(void **context)
{
  (void)context;
  double forward = 0, round_trip = 0;
  for (uint32_t n = PH_FFT_LEAST; n <= PH_FFT_MOST; n *= 2) {
    check_size(n, &forward, &round_trip);
  }
  measured_most("fft", "error of a bin against a sum in double, 64 to 16384 frames, re the largest bin", db(forward),
                -120, "dB");
  measured_most("fft", "error there and back, re full scale", db(round_trip), -120, "dB");
}

/* With PH_BENCH=1: microseconds of a transform of four lanes. */
static void bench(void **context)
{
  (void)context;
  if (!getenv("PH_BENCH")) {
    return;
  }
  for (uint32_t n = 64; n <= PH_FFT_MOST; n *= 2) {
    PhArena arena;
    ph_arena_init(&arena, NULL, NULL);
    const PhFft *fft = ph_fft_new(&arena, n);
    float *work = unit_alloc((size_t)n * 4 * sizeof(float)), *bins = unit_alloc((size_t)(n + 2) * 4 * sizeof(float));
    memset(work, 0, (size_t)n * 4 * sizeof(float));
    double best = 1e9;
    for (int run = 0; run < 20; run++) {
      struct timespec a, b;
      const uint32_t rounds = 400000 / n + 1;
      clock_gettime(CLOCK_MONOTONIC, &a);
      for (uint32_t i = 0; i < rounds; i++) {
        ph_fft_forward(fft, work, bins, 4);
        ph_fft_inverse(fft, bins, work, 4);
      }
      clock_gettime(CLOCK_MONOTONIC, &b);
      best = fmin(best, ((double)(b.tv_sec - a.tv_sec) * 1e6 + (double)(b.tv_nsec - a.tv_nsec) * 1e-3) / rounds);
    }
    print_message("fft %u frames: %.2f us there and back\n", n, best);
    free(work);
    free(bins);
    ph_arena_deinit(&arena);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(transform_is_exact),
    cmocka_unit_test(bench),
  };
  return cmocka_run_group_tests_name("fft", tests, NULL, NULL);
}
