/* What sources do, measured: aliases, tuning, spectra, closed forms, recordings.  SPDX-License-Identifier: MIT */
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

#include <cmocka.h>

#define RATE 44100.0

enum { LONG = 1 << 16 };

static float left[LONG], right[LONG], signal_a[LONG];
static double magnitude[LONG / 2 + 1];

static double db(double ratio) { return 20 * log10(fmax(ratio, 1e-30)); }

/* A unit on a bus of the 4-wide set. */
static void begin(UnitCase *c, const char *name, uint32_t frames)
{
  const PhUnitSet *set = ph_unit_set_bus();
  unit_case_init(c, set, unit_row(set, name), RATE, frames, PH_LANES_BUS);
}

static void finish(UnitCase *c)
{
  unit_render(c, left, right);
  unit_case_free(c);
}

/* ---- aliases ---- */

enum { N = 1 << 14, SETTLE = 2048 };

/* The strongest component below 15 kHz that is no multiple of `step` bins, relative to the one at `bin`, of what is in `left`. */
static double strangers_db(size_t bin, size_t step)
{
  window(left + SETTLE, N);
  spectrum(left + SETTLE, N, magnitude);
  double most = 0;
  for (size_t k = 4; k < (size_t)(15000 / RATE * N); k++) {
    if (k % step >= 4 && k % step <= step - 4) {
      most = fmax(most, magnitude[k]);
    }
  }
  return db(most / magnitude[bin]);
}

/* Of a unit whose first input is a frequency, with its second at a value (NAN: the default). */
static double alias_db(const char *name, size_t bin, double second)
{
  UnitCase c;
  begin(&c, name, N + SETTLE);
  unit_const(&c, 0, (double)bin * RATE / N);
  if (!isnan(second)) {
    unit_const(&c, 1, second);
  }
  finish(&c);
  return strangers_db(bin, bin);
}

/* 5 kHz down to 100 Hz; 1802 (4850 Hz) puts the sixth harmonic where its alias is just below 15 kHz. */
static const size_t bins[] = { 1857, 1843, 1802, 1637, 1321, 1201, 947, 601, 331, 37 };

#define ALIAS "aliases below 15 kHz re the fundamental, 100 Hz to 5 kHz"

static void waves_do_not_alias(void **context)
{
  (void)context;
  static const struct {
    const char *name;
    double second;
  } waves[] = {
    { "saw", (double)NAN }, { "square", (double)NAN }, { "tri", (double)NAN }, { "pulse", 0.5 }, { "pulse", 0.31 },
    { "pulse", 0.02 },      { "pulse", 0.999 },        { "vco", 0.5 },         { "vco", 1 },     { "vco", 1.5 },
    { "vco", 2.5 },         { "supersaw", 0 },
  };
  for (size_t w = 0; w < PH_COUNT(waves); w++) {
    for (size_t i = 0; i < PH_COUNT(bins); i++) {
      measured_most(waves[w].name, ALIAS, alias_db(waves[w].name, bins[i], waves[w].second), -80, "dB");
    }
  }
}

/* A sine moves the width; all that belongs there lies at multiples of 37 bins, aliases do not. */
static void pulse_with_moving_width_does_not_alias(void **context)
{
  (void)context;
  enum { STEP = 37 };
  static const size_t freqs[] = { 50 * STEP, 41 * STEP, 20 * STEP, 7 * STEP },
                      speeds[] = { 1 * STEP, 3 * STEP, 11 * STEP };
  for (size_t i = 0; i < PH_COUNT(freqs); i++) {
    for (size_t k = 0; k < PH_COUNT(speeds); k++) {
      for (size_t f = 0; f < N + SETTLE; f++) {
        signal_a[f] = (float)(0.5 + 0.4 * sin(2 * M_PI * (double)(speeds[k] * f % N) / N));
      }
      UnitCase c;
      begin(&c, "pulse", N + SETTLE);
      unit_const(&c, 0, (double)freqs[i] * RATE / N);
      unit_audio(&c, 1, signal_a);
      finish(&c);
      measured_most("pulse", "the same with the width moved by 0.4 at 100 Hz to 1.1 kHz", strangers_db(freqs[i], STEP),
                    -80, "dB");
    }
  }
}

/* ---- strings ---- */

/* The phase of a windowed part of `left` at a frequency. */
static double phase_at(size_t from, size_t n, double turns)
{
  double re = 0, im = 0;
  for (size_t i = 0; i < n; i++) {
    const double t = (double)i / (double)n, a = 2 * M_PI * turns * (double)(from + i);
    const double weight =
        0.35875 - 0.48829 * cos(2 * M_PI * t) + 0.14128 * cos(4 * M_PI * t) - 0.01168 * cos(6 * M_PI * t);
    re += weight * (double)left[from + i] * cos(a);
    im -= weight * (double)left[from + i] * sin(a);
  }
  return atan2(im, re);
}

/* How far partial `k` is from k times the pitch, from how its phase moves on. */
static double cents_off(const char *name, double hz, int k, double damp)
{
  enum { FROM = 4096, PART = 1 << 14, HOP = 4096 };
  UnitCase c;
  begin(&c, name, FROM + HOP + PART);
  unit_const(&c, 0, hz);
  unit_const(&c, 1, damp);
  finish(&c);
  const double turns = k * hz / RATE;
  double moved = (phase_at(FROM + HOP, PART, turns) - phase_at(FROM, PART, turns)) / (2 * M_PI);
  moved -= floor(moved + 0.5);
  return 1200 * log2((turns + moved / HOP) / turns);
}

static void strings_are_in_tune(void **context)
{
  (void)context;
  static const char *const names[] = { "pluck", "waveguide" };
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    for (double hz = 30; hz < 4000; hz *= 1.237) {
      measured_most(names[i], "error of pitch, 30 Hz to 4 kHz", fabs(cents_off(names[i], hz, 1, 0.3)), 1, "cents");
      if (hz < 1300) {
        measured_most(names[i], "error of the third partial, up to 4 kHz", fabs(cents_off(names[i], hz, 3, 0.3)), 1,
                      "cents");
      }
    }
    measured_most(names[i], "error of pitch, 30 Hz to 4 kHz", fabs(cents_off(names[i], 4000, 1, 0.1)), 1, "cents");
  }
}

/* ---- recordings ---- */

static void sample_plays_a_recording(void **context)
{
  (void)context;
  enum { FRAMES = 3000, MORE = 3100 };
  PhUnitSound sound;
  const char *error = NULL;
  assert_int_equal(unit_sounds.load(NULL, "test:noise", &sound, &error), PH_OK);
  assert_true(sound.frames == FRAMES && sound.left != sound.right);
  UnitCase c;
  begin(&c, "sample", MORE);
  unit_text(&c, 0, "test:noise");
  finish(&c);
  for (uint32_t f = 0; f < MORE; f++) {
    const bool inside = f < FRAMES;
    assert_true(left[f] == (inside ? sound.left[f] : 0) && right[f] == (inside ? sound.right[f] : 0));
  }
}

static void sample_is_read_between_frames(void **context)
{
  (void)context;
  enum { FRAMES = 4000 };
  for (uint32_t f = 0; f < FRAMES; f++) {
    signal_a[f] = (float)((100.0 + f * 0.37) / 2048);
  }
  UnitCase c;
  begin(&c, "sample", FRAMES);
  unit_text(&c, 0, "test:cycle");
  unit_audio(&c, 0, signal_a);
  finish(&c);
  double most = 0;
  for (uint32_t f = 0; f < FRAMES; f++) {
    const double t = 2 * M_PI * (double)signal_a[f];
    most = fmax(most, fabs((double)left[f] - (sin(t) + sin(2 * t) / 2 + sin(3 * t) / 3)));
  }
  measured_most("sample", "error of the interpolation, partials up to the rate / 683", db(most), -110, "dB");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(waves_do_not_alias),
    cmocka_unit_test(pulse_with_moving_width_does_not_alias),
    cmocka_unit_test(strings_are_in_tune),
    cmocka_unit_test(sample_plays_a_recording),
    cmocka_unit_test(sample_is_read_between_frames),
  };
  return cmocka_run_group_tests_name("sources", tests, NULL, NULL);
}
