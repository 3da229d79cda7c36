/* Shapers measured: static curves, aliases by oversampling, responses, offsets; resolution and rate of the degraders.
   SPDX-License-Identifier: MIT */
#define BUS_LONG (1 << 16)
#include "bus.h"

enum { N = 1 << 14, SETTLE = 4096, ALL = N + SETTLE };

static double magnitude[N / 2 + 1];

static void tone_into(float *x, uint32_t frames, double turns, double level)
{
  for (uint32_t f = 0; f < frames; f++) {
    x[f] = (float)(level * sin(2 * M_PI * turns * f));
  }
}

/* ---- static curves ---- */

static double tanh_theory(double drive, double x) { return tanh(drive * x); }
static double dirt_theory(double amount, double x)
{
  const double k = 2 * amount / (1 - amount);
  return (1 + k) * x / (1 + k * fabs(x));
}
static double fold_theory(double drive, double x) { return 2 / M_PI * asin(sin(M_PI / 2 * drive * x)); }
static double wrap_theory(double drive, double x) { return drive * x - 2 * floor((drive * x + 1) / 2); }
static double clip_theory(double drive, double x) { return fmin(fmax(drive * x, -1), 1); }
static double soft_theory(double drive, double x)
{
  const double u = fmin(fmax(drive * x, -1.5), 1.5);
  return u - u * u * u * 4 / 27;
}
static double rectify_theory(double drive, double x)
{
  (void)drive;
  return fabs(x);
}
/* The curve of the row's example: -1:-1 -0.3:0.4 0.3:-0.4 1:1. */
static double curve_theory(double drive, double x)
{
  const double u = fmin(fmax(drive * x, -1), 1);
  return u < -0.3 ? -1 + 2 * (u + 1) : u < 0.3 ? 0.4 - 4.0 / 3 * (u + 0.3) : -0.4 + 2 * (u - 0.3);
}

static const struct {
  const char *name;
  double (*theory)(double drive, double x);
  double drive;
} shapers[] = {
  { "distort", tanh_theory, 3 },       { "shape", dirt_theory, 0.6 },    { "wavefold", fold_theory, 2.3 },
  { "wavewrap", wrap_theory, 1.7 },    { "hardclip", clip_theory, 1.5 }, { "softclip", soft_theory, 1.5 },
  { "waveshape", curve_theory, 1.25 }, { "rectify", rectify_theory, 1 },
};

/* rectify has no drive. */
static void set_shaper(UnitCase *c, double drive, double mix, double os)
{
  const bool driven = c->in_count == 4;
  if (driven) {
    unit_const(c, 1, drive);
  }
  unit_const(c, driven ? 2 : 1, mix);
  unit_const(c, driven ? 3 : 2, os);
}

static void curves_are_those_of_theory(void **context)
{
  (void)context;
  for (uint32_t f = 0; f < N; f++) {
    signal_a[f] = (float)(4.0 * f / N - 2 + 1e-4);
  }
  for (size_t i = 0; i < PH_COUNT(shapers); i++) {
    double most = 0;
    for (int mix = 0; mix <= 2; mix++) {
      UnitCase c;
      begin(&c, shapers[i].name, N);
      unit_audio(&c, 0, signal_a);
      set_shaper(&c, shapers[i].drive, mix / 2.0, 1);
      finish(&c);
      for (uint32_t f = 0; f < N; f++) {
        const double x = (double)signal_a[f], drive = (double)(float)shapers[i].drive;
        const bool edge = i == 3 && fabs(remainder(drive * x - 1, 2)) < 1e-5; /* where it wraps, either end will do */
        const double expected = x + mix / 2.0 * (shapers[i].theory(drive, x) - x);
        most = edge ? most : fmax(most, fabs((double)left[f] - expected));
      }
    }
    measured_most(shapers[i].name, "error of the curve, -2 to 2", most, 2e-6, "");
  }
}

/* What stands still is shaped the same at a higher rate. */
static void curves_hold_at_higher_rates(void **context)
{
  (void)context;
  for (size_t i = 0; i < PH_COUNT(shapers); i++) {
    double most = 0;
    for (int os = 2; os <= 4; os += 2) {
      for (double x = -1.9; x < 2; x += 0.13) {
        UnitCase c;
        begin(&c, shapers[i].name, 2048);
        unit_const(&c, 0, x);
        set_shaper(&c, shapers[i].drive, 1, os);
        finish(&c);
        most = fmax(most, fabs((double)left[2047] - shapers[i].theory(shapers[i].drive, x)));
      }
    }
    measured_most(shapers[i].name, "error of the settled curve at 2 and 4 times the rate", most, 2e-5, "");
  }
}

/* ---- aliases ---- */

/* The power below 18 kHz that is at no harmonic of a sine of 4.4 kHz, re the fundamental (or what rectify makes of it). */
static double alias_db(size_t shaper, double drive, int os)
{
  enum { BIN = 1637 };
  tone_into(signal_a, ALL, (double)BIN / N, 0.9);
  UnitCase c;
  begin(&c, shapers[shaper].name, ALL);
  unit_audio(&c, 0, signal_a);
  set_shaper(&c, drive, 1, os);
  finish(&c);
  spectrum(left + SETTLE, N, magnitude);
  double power = 0, tone = 0;
  for (size_t k = 1; k < (size_t)(18000 / RATE * N); k++) {
    tone += k % BIN == 0 ? magnitude[k] * magnitude[k] : 0;
    power += k % BIN ? magnitude[k] * magnitude[k] : 0;
  }
  return 10 * log10(power / tone + 1e-30);
}

static void oversampling_takes_aliases_away(void **context)
{
  (void)context;
  /* Drives as they are used. Corners (clip, fold, rectify, the curve) make harmonics that fall by 12 dB an octave, the jump of
     wrap by 6: there a doubling of the rate takes away that much. */
  static const struct {
    size_t shaper;
    double drive, most_2, most_4, least_gain_2, least_gain_4;
  } cases[] = { { 0, 2, -105, -115, 60, 70 }, { 1, 0.4, -54, -72, 18, 36 }, { 2, 1.5, -38, -50, 11, 23 },
                { 3, 1.5, -9, -15, 6, 12 },   { 4, 2, -43, -56, 13, 26 },   { 5, 2, -68, -88, 23, 42 },
                { 6, 1, -33, -44, 13, 24 },   { 7, 1, -33, -45, 13, 26 } };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    const char *name = shapers[cases[i].shaper].name;
    double at[5];
    for (int os = 1; os <= 4; os *= 2) {
      at[os] = alias_db(cases[i].shaper, cases[i].drive, os);
    }
    if (getenv("PH_TEST_SHOW")) {
      print_message("%-10s %7.1f %7.1f %7.1f dB\n", name, at[1], at[2], at[4]);
    }
    measured_most(name, "aliases below 18 kHz of a sine of 4.4 kHz, at twice the rate", at[2], cases[i].most_2, "dB");
    measured_most(name, "aliases below 18 kHz of a sine of 4.4 kHz, at four times", at[4], cases[i].most_4, "dB");
    measured_least(name, "aliases that twice the rate takes away", at[1] - at[2], cases[i].least_gain_2, "dB");
    measured_least(name, "aliases that four times the rate takes away", at[1] - at[4], cases[i].least_gain_4, "dB");
  }
}

/* Small signals pass a tanh as they are: no notch in a mix of dry and wet, the treble is there. */
static void higher_rates_are_flat(void **context)
{
  (void)context;
  for (int os = 1; os <= 4; os *= 2) {
    double most = 0;
    memset(signal_a, 0, sizeof signal_a);
    signal_a[0] = 0.001f;
    UnitCase c;
    begin(&c, "distort", N);
    unit_audio(&c, 0, signal_a);
    set_shaper(&c, 1, 0.5, os);
    finish(&c);
    spectrum(left, N, magnitude);
    for (double hz = 20; hz < 19000; hz *= 1.05) {
      most = fmax(most, fabs(db(magnitude[(size_t)(hz / RATE * N)] / 0.001)));
    }
    measured_most("distort", "error of the response to small signals, 20 Hz to 19 kHz", most, 0.05, "dB");
  }
}

static void rectify_offsets_by_theory(void **context)
{
  (void)context;
  for (int half = 0; half < 2; half++) {
    double most = 0;
    for (int os = 1; os <= 4; os *= 2) {
      tone_into(signal_a, ALL, 40.0 / N, 0.8);
      UnitCase c;
      begin(&c, "rectify", ALL);
      unit_audio(&c, 0, signal_a);
      set_shaper(&c, 0, half ? 0.5 : 1, os);
      finish(&c);
      double sum = 0;
      for (uint32_t f = SETTLE; f < ALL; f++) {
        sum += (double)left[f];
      }
      most = fmax(most, fabs(sum / N - 0.8 * (half ? 1 : 2) / M_PI));
    }
    measured_most("rectify",
                  half ? "error of a half-wave's offset, peak / pi" : "error of a full wave's offset, 2 peak / pi",
                  most, 1e-4, "");
  }
}

/* ---- degraders ---- */

static void bits_are_bits(void **context)
{
  (void)context;
  double most = 0;
  for (int bits = 8; bits <= 16; bits += 2) {
    tone_into(signal_a, ALL, M_SQRT2 / 100, 1);
    UnitCase c;
    begin(&c, "bitcrush", ALL);
    unit_audio(&c, 0, signal_a);
    unit_const(&c, 1, bits);
    finish(&c);
    double noise = 0, power = 0;
    for (uint32_t f = 0; f < ALL; f++) {
      const double x = (double)signal_a[f];
      noise += ((double)left[f] - x) * ((double)left[f] - x);
      power += x * x;
      const double step = ldexp((double)left[f], bits - 1);
      assert_true(step == floor(step) && fabs((double)left[f] - x) <= ldexp(0.5000001, 1 - bits));
    }
    most = fmax(most, fabs(10 * log10(power / noise) - (6.0206 * bits + 1.76)));
  }
  measured_most("bitcrush", "error of the noise of 8 to 16 bits (6.02 n + 1.76 dB)", most, 0.5, "dB");
}

static void values_are_held(void **context)
{
  (void)context;
  tone_into(signal_a, ALL, 0.0123456789, 1);
  static const char *const names[] = { "coarse", "decimate", "bitcrush" };
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    UnitCase c;
    begin(&c, names[i], ALL);
    unit_audio(&c, 0, signal_a);
    unit_const(&c, i == 2 ? 2 : 1, 7);
    unit_const(&c, i == 2 ? 1 : i == 1 ? 2 : 0, i == 2 ? 24 : 0);
    if (i == 0) {
      unit_audio(&c, 0, signal_a);
      unit_const(&c, 1, 7);
    }
    finish(&c);
    double most = 0;
    for (uint32_t f = 0; f < ALL; f++) {
      most = fmax(most, fabs((double)left[f] - (double)signal_a[f - f % 7]));
    }
    measured_most(names[i], "error of values held for 7 frames", most, 1e-6, "");
  }
  /* Two and a half frames: two and three in turn. */
  UnitCase c;
  begin(&c, "coarse", ALL);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 2.5);
  finish(&c);
  uint32_t steps = 0;
  for (uint32_t f = 1; f < ALL; f++) {
    steps += left[f] != left[f - 1];
  }
  measured_most("coarse", "error of the mean of fractional frames", fabs(ALL / (steps + 1.0) / 2.5 - 1) * 100, 0.1,
                "%");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(curves_are_those_of_theory),
    cmocka_unit_test(curves_hold_at_higher_rates),
    cmocka_unit_test(oversampling_takes_aliases_away),
    cmocka_unit_test(higher_rates_are_flat),
    cmocka_unit_test(rectify_offsets_by_theory),
    cmocka_unit_test(bits_are_bits),
    cmocka_unit_test(values_are_held),
  };
  return cmocka_run_group_tests_name("shape", tests, NULL, NULL);
}
