/* What modulation effects do, measured: depths, rates, notches, side bands, mixes.  SPDX-License-Identifier: MIT */
#include "bus.h"

static double magnitude[LONG / 2 + 1];

/* The lowest and the highest pitch, in cents from `hz`, over pieces of the output. */
static void pitch_range(double hz, uint32_t from, uint32_t to, uint32_t piece, double *low, double *high)
{
  *low = 1e9;
  *high = -1e9;
  for (uint32_t f = from; f + piece <= to; f += piece / 8) {
    const double cents = 1200 * log2(frequency_near(left, f, piece, hz) / hz);
    *low = fmin(*low, cents);
    *high = fmax(*high, cents);
  }
}

static void vibrato_bends_by_semitones(void **context)
{
  (void)context;
  enum { N = 1 << 16, PIECE = 512 };
  static const double depths[] = { 0.2, 0.5, 1 };
  for (size_t i = 0; i < PH_COUNT(depths); i++) {
    UnitCase c;
    sine_into(signal_a, N, 1000, 0.5);
    begin(&c, "vibrato", N);
    unit_audio(&c, 0, signal_a);
    unit_const(&c, 1, 3);
    unit_const(&c, 2, depths[i]);
    finish(&c);
    double low, high;
    pitch_range(1000, 8000, N, PIECE, &low, &high);
    measured_most("vibrato", "error of the depth upwards, 0.2 to 1 semitones", fabs(high - 100 * depths[i]), 0.5,
                  "cents");
    /* Down by the same ratio of frequencies, not of pitch. */
    measured_most("vibrato", "error of the depth downwards", fabs(low - 1200 * log2(2 - pow(2, depths[i] / 12))), 0.5,
                  "cents");
  }
}

/* Copies of clicks come between 10 and 26 ms late. */
static void chorus_swings(void **context)
{
  (void)context;
  enum { N = 1 << 17 };
  UnitCase c;
  impulse_into(signal_a, N);
  for (uint32_t f = 0; f < N; f += 4000) {
    signal_a[f] = 1;
  }
  begin(&c, "chorus", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 1);
  unit_const(&c, 2, 1);
  unit_const(&c, 3, 1);
  finish(&c);
  uint32_t least = UINT32_MAX, most = 0; /* of the time between a click and its copies */
  for (uint32_t f = 0; f < N; f++) {
    if (fabsf(left[f]) > 0.2f) {
      least = f % 4000 < least ? f % 4000 : least;
      most = f % 4000 > most ? f % 4000 : most;
    }
  }
  measured_most("chorus", "error of the earliest copy, 10 ms", fabs(least / RATE - 0.010) * 1e3, 0.3, "ms");
  measured_most("chorus", "error of the latest copy, 26 ms", fabs(most / RATE - 0.026) * 1e3, 0.3, "ms");
}

/* The frequency of the least magnitude between two. */
static double notch_between(size_t n, double low, double high)
{
  size_t least = (size_t)(low / RATE * (double)n);
  for (size_t k = least; k < (size_t)(high / RATE * (double)n); k++) {
    least = magnitude[k] < magnitude[least] ? k : least;
  }
  return (double)least * RATE / (double)n;
}

/* With six allpasses of corner f, notches stand where 2 atan(tan(pi hz/rate)/tan(pi f/rate)) is 30, 90 and 150 degrees. */
static void phaser_has_its_notches(void **context)
{
  (void)context;
  enum { N = 1 << 17 };
  static const double corners[] = { 200, 1000 };
  for (size_t i = 0; i < PH_COUNT(corners); i++) {
    UnitCase c;
    impulse_into(signal_a, N);
    begin(&c, "phaser", N);
    unit_audio(&c, 0, signal_a);
    unit_const(&c, 2, 0);
    unit_const(&c, 3, 0);
    unit_const(&c, 4, 6);
    unit_const(&c, 5, 0.5);
    unit_const(&c, 6, corners[i]);
    finish(&c);
    spectrum(left, N, magnitude);
    for (int k = 0; k < 3; k++) {
      const double hz = atan(tan((2 * k + 1) * M_PI / 12) * tan(M_PI * corners[i] / RATE)) * RATE / M_PI;
      measured_most("phaser", "error of the places of the notches",
                    fabs(notch_between(N, hz * 0.8, hz * 1.2) / hz - 1) * 100, 0.5, "%");
      measured_most("phaser", "depth of a notch",
                    db(magnitude[(size_t)(notch_between(N, hz * 0.8, hz * 1.2) / RATE * N + 0.5)]), -40, "dB");
    }
    measured_most("phaser", "change of the level far above the notches", fabs(db(magnitude[N / 2])), 0.1, "dB");
  }
}

/* Notches where the delay is half a turn more than whole turns. */
static void flanger_is_a_comb(void **context)
{
  (void)context;
  enum { N = 1 << 16 };
  UnitCase c;
  impulse_into(signal_a, N);
  begin(&c, "flanger", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 0);
  unit_const(&c, 3, 0);
  unit_const(&c, 4, 0.5);
  unit_const(&c, 5, 2);
  finish(&c);
  spectrum(left, N, magnitude);
  for (int k = 0; k < 10; k++) {
    const double hz = (k + 0.5) / 0.002;
    measured_most("flanger", "error of the places of the notches of 2 ms",
                  fabs(notch_between(N, hz - 200, hz + 200) / hz - 1) * 100, 0.5, "%");
  }
  measured_most("flanger", "error of the level of a peak", fabs(db(magnitude[(size_t)(500 / RATE * N + 0.5)])), 0.1,
                "dB");
}

static void tremolo_swings(void **context)
{
  (void)context;
  enum { N = 44100 };
  for (uint32_t f = 0; f < N; f++) {
    signal_a[f] = 1;
  }
  UnitCase c;
  begin(&c, "tremolo", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 7);
  unit_const(&c, 2, 0.8);
  unit_const(&c, 4, 1);
  finish(&c);
  double most = 0;
  for (uint32_t f = 0; f < N; f++) {
    const double sway = 0.4 - 0.4 * cos(2 * M_PI * 7 * f / RATE);
    most = fmax(most, fmax(fabs((double)left[f] - 1 + sway), fabs((double)right[f] - 1 + 0.8 - sway)));
  }
  measured_most("tremolo", "error of the level at 7 Hz, 0.8 deep, from side to side", db(most), -90, "dB");
  begin(&c, "tremolo", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 7);
  unit_const(&c, 2, 1);
  unit_const(&c, 3, 1);
  finish(&c);
  uint32_t between = 0;
  for (uint32_t f = 0; f < N; f++) {
    between += left[f] > 0.001f && left[f] < 0.999f;
  }
  measured_most("tremolo", "share of the time on the way at shape 1", 100.0 * between / N, 4.1, "%");
}

static void ring_has_two_sides(void **context)
{
  (void)context;
  enum { N = 1 << 15 };
  UnitCase c;
  sine_into(signal_a, N, 1000, 0.5);
  begin(&c, "ring", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 300);
  finish(&c);
  measured_most("ring", "error of the side bands' level", fabs(db(sine_at(left, 0, N, 700, NULL) / 0.25)), 0.01, "dB");
  measured_most("ring", "error of the side bands' level", fabs(db(sine_at(left, 0, N, 1300, NULL) / 0.25)), 0.01, "dB");
  measured_most("ring", "what is left of the input", db(sine_at(left, 0, N, 1000, NULL) / 0.25), -100, "dB");
  sine_into(signal_b, N, 431, 0.7);
  begin(&c, "ring_mod", N);
  unit_audio(&c, 0, signal_a);
  unit_audio(&c, 1, signal_b);
  finish(&c);
  for (uint32_t f = 0; f < N; f++) {
    assert_true(left[f] == signal_a[f] * signal_b[f]);
  }
}

/* Mix 0 is the input, bit for bit. */
static void dry_is_dry(void **context)
{
  (void)context;
  enum { N = 5000 };
  static const struct {
    const char *name;
    uint32_t mix;
  } units[] = { { "chorus", 3 },   { "flanger", 4 },  { "phaser", 5 },    { "ring", 2 },   { "delay", 3 },
                { "pingpong", 4 }, { "multitap", 4 }, { "tapedelay", 6 }, { "reverb", 3 }, { "plate", 6 },
                { "lush", 7 },     { "convolve", 1 }, { "freq_shift", 2 } };
  noise_into(signal_a, N, 2, 0.7);
  for (size_t i = 0; i < PH_COUNT(units); i++) {
    UnitCase c;
    begin(&c, units[i].name, N);
    unit_audio(&c, 0, signal_a);
    if (strcmp(c.unit->func.params[1].name, "time") == 0) {
      unit_const(&c, 1, 0.01);
    }
    unit_const(&c, units[i].mix, 0);
    finish(&c);
    for (uint32_t f = 0; f < N; f++) {
      assert_true(left[f] == signal_a[f] && right[f] == signal_a[f]);
    }
  }
}

static void bench(void **context)
{
  (void)context;
  static const char *const names[] = { "chorus", "flanger", "phaser", "tremolo", "vibrato", "ring" };
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    bench_row(names[i], NULL);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vibrato_bends_by_semitones),
    cmocka_unit_test(chorus_swings),
    cmocka_unit_test(phaser_has_its_notches),
    cmocka_unit_test(flanger_is_a_comb),
    cmocka_unit_test(tremolo_swings),
    cmocka_unit_test(ring_has_two_sides),
    cmocka_unit_test(dry_is_dry),
    cmocka_unit_test(bench),
  };
  return cmocka_run_group_tests_name("modulation", tests, NULL, NULL);
}
