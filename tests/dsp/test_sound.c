/* What single units do, measured: aliases, errors, responses, times, levels.  SPDX-License-Identifier: MIT */
#define BUS_LONG (1 << 16)
#include "bus.h"

static double magnitude[LONG / 2 + 1];

/* ---- oscillators ---- */

static void sine_is_pure(void **context)
{
  (void)context;
  static const double freqs[] = { 27.5, 440, 3520.25, 15000 };
  for (size_t i = 0; i < PH_COUNT(freqs); i++) {
    UnitCase c;
    begin(&c, "sine", 20000);
    unit_const(&c, 0, freqs[i]);
    finish(&c);
    const double inc = trunc((double)((float)freqs[i] * (float)(1 / RATE) * 4294967296.0f)) / 4294967296.0;
    assert_true(fabs(inc * RATE / freqs[i] - 1) < 2.4e-7); /* 0.0005 cents */
    double most = 0;
    for (uint32_t f = 0; f < 20000; f++) {
      most = fmax(most, fabs((double)left[f] - sin(2 * M_PI * fmod(inc * f, 1))));
    }
    measured_most("sine", "error against an exact sine of the same phase", db(most), -120, "dB");
  }
}

/* The strongest component below 15 kHz that is no harmonic, relative to the fundamental, for a fundamental on a bin. */
static double alias_db(const char *name, size_t bin, double width)
{
  enum { N = 1 << 14, SETTLE = 2048 };
  UnitCase c;
  begin(&c, name, N + SETTLE);
  unit_const(&c, 0, (double)bin * RATE / N);
  if (width > 0) {
    unit_const(&c, 1, width);
  }
  finish(&c);
  window(left + SETTLE, N);
  spectrum(left + SETTLE, N, magnitude);
  double most = 0;
  for (size_t k = 4; k < (size_t)(15000 / RATE * N); k++) {
    if (k % bin >= 4 && k % bin <= bin - 4) {
      most = fmax(most, magnitude[k]);
    }
  }
  return db(most / magnitude[bin]);
}

static void waves_do_not_alias(void **context)
{
  (void)context;
  /* 5 kHz down to 100 Hz; 1802 (4850 Hz) puts the sixth harmonic where its alias is just below 15 kHz. */
  static const size_t bins[] = { 1857, 1843, 1802, 1637, 1321, 1201, 947, 601, 331, 37 };
  for (size_t i = 0; i < PH_COUNT(bins); i++) {
    static const char *const names[] = { "saw", "square", "tri" };
    for (size_t k = 0; k < PH_COUNT(names); k++) {
      const double level = alias_db(names[k], bins[i], 0);
      if (!(level < -80)) {
        fail_msg("%s at %.0f Hz: %.1f dB", names[k], (double)bins[i] * RATE / 16384, level);
      }
    }
    assert_true(alias_db("pulse", bins[i], 0.5) < -80);
    assert_true(alias_db("pulse", bins[i], 0.31) < -76); /* its fundamental is weaker */
  }
}

/* Harmonics of the waves have their levels, up to 12 kHz within 0.6 dB. */
static void waves_have_their_harmonics(void **context)
{
  (void)context;
  enum { N = 1 << 14, SETTLE = 2048, BIN = 163 };
  static const struct {
    const char *name;
    int step;
    double slope;
    double first;
  } waves[] = { { "saw", 1, 1, 2 / M_PI }, { "square", 2, 1, 4 / M_PI }, { "tri", 2, 2, 8 / (M_PI * M_PI) } };
  for (size_t w = 0; w < PH_COUNT(waves); w++) {
    UnitCase c;
    begin(&c, waves[w].name, N + SETTLE);
    unit_const(&c, 0, BIN * RATE / N);
    finish(&c);
    spectrum(left + SETTLE, N, magnitude);
    for (int h = 1; h * BIN * RATE / N < 12000; h += waves[w].step) {
      const double expected = waves[w].first / pow(h, waves[w].slope), found = magnitude[h * BIN] * 2 / N;
      if (!(fabs(db(found / expected)) < 0.6)) {
        fail_msg("%s: harmonic %d: %.2f dB off", waves[w].name, h, db(found / expected));
      }
    }
  }
}

/* ---- noise ---- */

/* Third-octave bands from 20 Hz to 20 kHz, all lanes of a bank with voices of their own. */
static void pink_falls_by_3_db(void **context)
{
  (void)context;
  enum { N = 1 << 16, BLOCKS = 10, CHUNK = 1 << 13 };
  const PhUnitSet *set = ph_unit_set_find(NULL);
  UnitCase c;
  unit_case_init(&c, set, unit_row(set, "pink"), RATE, CHUNK, PH_LANES_BANK);
  for (uint32_t lane = 0; lane < PH_LANES_BANK; lane++) {
    c.voice[lane] = lane * 977;
  }
  UnitState state = unit_state(&c);
  float *out = unit_alloc((size_t)CHUNK * PH_LANES_BANK * sizeof(float)), *x = unit_alloc((size_t)N * PH_LANES_BANK * sizeof(float));
  static double power[N / 2 + 1];
  memset(power, 0, sizeof(power));
  for (int b = 0; b < BLOCKS; b++) {
    for (uint32_t at = 0; at < N; at += CHUNK) {
      (void)unit_run(&c, &(UnitRun){ .chunk = PH_CHUNK_FRAMES, .in_place = -1, .to = CHUNK }, &state, out);
      for (uint32_t k = 0; k < CHUNK * PH_LANES_BANK; k++) {
        x[(size_t)(k % PH_LANES_BANK) * N + at + k / PH_LANES_BANK] = out[k];
      }
    }
    for (uint32_t lane = 0; lane < PH_LANES_BANK; lane++) {
      spectrum(x + (size_t)lane * N, N, magnitude);
      for (uint32_t k = 0; k <= N / 2; k++) {
        power[k] += magnitude[k] * magnitude[k];
      }
    }
  }
  double least = HUGE_VAL, most = -HUGE_VAL;
  for (double hz = 20; hz < 15900; hz *= pow(2, 1.0 / 3)) {
    double sum = 0, weight = 0;
    for (size_t k = (size_t)ceil(hz / RATE * N); (double)k < hz * pow(2, 1.0 / 3) / RATE * N; k++) {
      sum += power[k];
      weight += 1.0 / (double)k;
    }
    least = fmin(least, 10 * log10(sum / weight));
    most = fmax(most, 10 * log10(sum / weight));
  }
  print_message("pink: bands within %.2f dB\n", (most - least) / 2);
  assert_true(most - least < 1);
  free(out);
  free(x);
  unit_state_free(&state);
  unit_case_free(&c);
}

static void white_is_flat_and_centred(void **context)
{
  (void)context;
  UnitCase c;
  begin(&c, "noise", LONG);
  finish(&c);
  double sum = 0, square = 0, next = 0;
  for (uint32_t f = 0; f + 1 < LONG; f++) {
    sum += (double)left[f];
    square += (double)left[f] * (double)left[f];
    next += (double)left[f] * (double)left[f + 1];
    assert_true(left[f] >= -1.0f && left[f] < 1.0f && left[f] == right[f]);
  }
  assert_true(fabs(sum / LONG) < 0.01);
  assert_true(fabs(square / LONG - 1.0 / 3) < 0.01);
  assert_true(fabs(next / LONG) < 0.01);
}

/* ---- filters ---- */

/* |H| of the analogue state-variable filter at s = j w (cutoff 1). */
static double svf_theory(char kind, double w, double q)
{
  const double re = 1 - w * w, im = w / q;
  const double below = sqrt(re * re + im * im);
  return (kind == 'l' ? 1 : kind == 'h' ? w * w : kind == 'b' ? w / q : fabs(re)) / below;
}

static void svf_follows_theory(void **context)
{
  (void)context;
  static const char *const names[] = { "lpf", "hpf", "bpf", "notch" };
  static const double cutoffs[] = { 60, 1000, 9000, 18000 }, qs[] = { 0.5, 0.707, 2, 20 };
  enum { N = LONG }; /* the longest ringing falls by 120 dB */
  impulse_into(signal_a, N);
  for (size_t k = 0; k < PH_COUNT(names); k++) {
    for (size_t i = 0; i < PH_COUNT(cutoffs) * PH_COUNT(qs); i++) {
      const double cutoff = cutoffs[i / 4], q = qs[i % 4];
      UnitCase c;
      begin(&c, names[k], N);
      unit_audio(&c, 0, signal_a);
      unit_const(&c, 1, cutoff);
      unit_const(&c, 2, q);
      finish(&c);
      spectrum(left, N, magnitude);
      for (double hz = 30; hz < 20000; hz *= 1.3) {
        const size_t bin = (size_t)(hz / RATE * N + 0.5);
        const double w = tan(M_PI * (double)bin / N) / tan(M_PI * cutoff / RATE);
        const double expected = svf_theory(names[k][0], w, q), found = magnitude[bin];
        if (!(fabs(found - expected) < 1e-3 * fmax(expected, 0.02))) {
          fail_msg("%s %g %g at %g Hz: %.5g, not %.5g", names[k], cutoff, q, hz, found, expected);
        }
      }
    }
  }
}

static void svf_survives_modulation(void **context)
{
  (void)context;
  UnitCase c;
  begin(&c, "lpf", LONG);
  noise_into(signal_a, LONG, 1, 1);
  unit_audio(&c, 0, signal_a);
  for (uint32_t f = 0; f < LONG; f++) {
    signal_b[f] = (float)(20 * pow(1000, (double)(ph_mix64(f) >> 11) * 0x1p-53));
  }
  unit_audio(&c, 1, signal_b);
  unit_const(&c, 2, 30);
  finish(&c);
  for (uint32_t f = 0; f < LONG; f++) {
    assert_true(fabsf(left[f]) < 200.0f);
  }
}

/* ---- envelopes ---- */

static void envelope_times_are_exact(void **context)
{
  (void)context;
  enum { ON = 1000, OFF = 9000, AGAIN = 12000, N = 20000 };
  for (uint32_t f = 0; f < N; f++) {
    signal_a[f] = f >= ON && f < OFF ? 1.0f : f >= AGAIN ? -1.0f : 0.0f;
  }
  UnitCase c;
  begin(&c, "adsr", N);
  unit_const(&c, 0, 441 / RATE);
  unit_const(&c, 1, 2205 / RATE);
  unit_const(&c, 2, 0.6);
  unit_const(&c, 3, 4410 / RATE);
  unit_audio(&c, 4, signal_a);
  finish(&c);
  for (uint32_t f = 0; f < ON; f++) {
    assert_true(left[f] == 0.0f);
  }
  assert_true(left[ON] > 0.0f);
  assert_true(left[ON + 440] == 1.0f && left[ON + 439] < 1.0f);
  assert_true(left[ON + 441] < 1.0f && fabsf(left[ON + 440 + 2205] - 0.6f) < 1e-6f);
  assert_true(left[OFF - 1] == 0.6f && left[OFF] < 0.6f);
  const float reached = left[AGAIN - 1];
  assert_true(reached > 0.0f && fabsf(left[AGAIN] - reached) <= 1.01f / 441.0f); /* from where it was: no click */
  assert_true(left[AGAIN + 440] == 1.0f);
  float most = 0;
  for (uint32_t f = 1; f < N; f++) {
    most = fmaxf(most, fabsf(left[f] - left[f - 1]));
  }
  assert_true(most < 1.01f / 441.0f);
}

static void release_ends_on_its_frame(void **context)
{
  (void)context;
  enum { N = 8000 };
  UnitCase c;
  for (uint32_t f = 0; f < N; f++) {
    signal_a[f] = f < 2000 ? 1.0f : 0.0f;
  }
  begin(&c, "asr", N);
  unit_const(&c, 0, 100 / RATE);
  unit_const(&c, 1, 3000 / RATE);
  unit_audio(&c, 2, signal_a);
  finish(&c);
  assert_true(left[1999] == 1.0f && left[4998] > 0.0f && left[4999] == 0.0f && left[N - 1] == 0.0f);
}

static void lines_reach_their_ends(void **context)
{
  (void)context;
  UnitCase c;
  begin(&c, "line", 3000);
  unit_const(&c, 0, 2);
  unit_const(&c, 1, 5);
  unit_const(&c, 2, 1000 / RATE);
  unit_const(&c, 3, 1);
  finish(&c);
  assert_true(left[0] == 2.0f && fabsf(left[500] - 3.5f) < 1e-5f && left[1000] == 5.0f && left[2999] == 5.0f);
  begin(&c, "xline", 3000);
  unit_const(&c, 0, 100);
  unit_const(&c, 1, 1600);
  unit_const(&c, 2, 1000 / RATE);
  unit_const(&c, 3, 1);
  finish(&c);
  assert_true(fabsf(left[500] - 400.0f) < 0.01f && fabsf(left[2000] - 1600.0f) < 0.01f);
}

/* ---- delays and reverbs ---- */

static void delays_are_exact(void **context)
{
  (void)context;
  enum { N = 8192, D = 1234 };
  UnitCase c;
  impulse_into(signal_a, N);
  begin(&c, "delay", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, D / RATE);
  unit_const(&c, 2, 0.5);
  unit_const(&c, 3, 1);
  finish(&c);
  for (uint32_t f = 0; f < N; f++) {
    const float expected = f > 0 && f % D == 0 ? (float)pow(0.5, f / D - 1) : 0.0f;
    assert_true(fabsf(left[f] - expected) < 2e-4f); /* the time as a float may be a hair off the frame */
  }
  /* Between frames: a sine comes late by exactly so much. */
  sine_into(signal_a, N, 700, 1);
  begin(&c, "delayline", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 100.37 / RATE);
  finish(&c);
  double most = 0;
  for (uint32_t f = 200; f < N; f++) {
    most = fmax(most, fabs((double)left[f] - sin(2 * M_PI * 700 * (f - 100.37) / RATE)));
  }
  assert_true(most < 1e-4);
}

static void delay_reaches_a_minute(void **context)
{
  (void)context;
  UnitCase c;
  const PhUnitSet *set = ph_unit_set_bus();
  enum { N = 60100 };
  impulse_into(signal_a, N);
  unit_case_init(&c, set, unit_row(set, "delay"), 1000, N, PH_LANES_BUS);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 60);
  unit_const(&c, 2, 0);
  unit_const(&c, 3, 1);
  finish(&c);
  assert_true(left[60000] > 0.99f);
}

static void pingpong_changes_sides(void **context)
{
  (void)context;
  enum { N = 4000, D = 500 };
  UnitCase c;
  impulse_into(signal_a, N);
  begin(&c, "pingpong", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, D / RATE);
  unit_const(&c, 2, 0.5);
  unit_const(&c, 3, 1);
  unit_const(&c, 4, 1);
  finish(&c);
  assert_true(left[D] > 0.9f && fabsf(right[D]) < 1e-3f);
  assert_true(right[2 * D] > 0.9f && fabsf(left[2 * D]) < 1e-3f);
  assert_true(fabsf(left[3 * D] - 0.5f) < 1e-2f && fabsf(right[3 * D]) < 1e-3f);
}

static double energy_db(const float *x, uint32_t from, uint32_t to)
{
  double sum = 0;
  for (uint32_t f = from; f < to; f++) {
    sum += (double)x[f] * (double)x[f];
  }
  return 10 * log10(sum / (to - from) + 1e-30);
}

static void reverb_decays(void **context)
{
  (void)context;
  static const char *const names[] = { "reverb", "plate", "lush" };
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    double fall[2];
    for (int big = 0; big < 2; big++) {
      UnitCase c;
      begin(&c, names[i], LONG);
      impulse_into(signal_a, LONG);
      unit_audio(&c, 0, signal_a);
      const uint32_t size = i == 1 ? 2 : 1, mix = i == 0 ? 3 : i == 1 ? 6 : 7;
      unit_const(&c, size, i == 2 ? (big ? 6 : 1.5) : big ? 0.9 : 0.2);
      unit_const(&c, mix, 1);
      if (i == 2) {
        unit_const(&c, 3, 0); /* no damping: all frequencies take the same time */
      }
      finish(&c);
      fall[big] = energy_db(left, 6000, 12000) - energy_db(left, 40000, 46000);
      double differ = 0;
      for (uint32_t f = 0; f < LONG; f++) {
        assert_true(fabsf(left[f]) < 1.0f);
        differ += fabs((double)left[f] - (double)right[f]);
      }
      assert_true(differ > 0.1); /* really stereo */
    }
    assert_true(fall[0] > fall[1] + 6 && fall[1] > 1);
    print_message("%s: falls by %.1f and %.1f dB in 0.77 s\n", names[i], fall[0], fall[1]);
    if (i == 2) { /* 34000 frames at -60 dB in 6 s */
      assert_true(fabs(fall[1] - 60 * 34000 / RATE / 6) < 3);
    }
  }
}

/* ---- stereo and shapes ---- */

static void pan_keeps_power(void **context)
{
  (void)context;
  UnitCase c;
  begin(&c, "pan", 2001);
  unit_const(&c, 0, 1);
  for (uint32_t f = 0; f <= 2000; f++) {
    signal_a[f] = (float)((double)f / 1000 - 1);
  }
  unit_audio(&c, 1, signal_a);
  finish(&c);
  const double power = 2 * (double)left[1000] * (double)left[1000];
  for (uint32_t f = 0; f <= 2000; f++) {
    assert_true(fabs((double)left[f] * (double)left[f] + (double)right[f] * (double)right[f] - power) < 1e-5);
  }
  assert_true(fabsf(right[0]) < 1e-6f && fabsf(left[2000]) < 1e-6f && fabsf(left[1000] - right[1000]) < 1e-6f);
}

/* Distortion of a sine at 5 kHz: what is no harmonic stays 60 dB below it. */
static void shapers_alias_little(void **context)
{
  (void)context;
  enum { N = 1 << 14, SETTLE = 2048, BIN = 1637 };
  sine_into(signal_a, N + SETTLE, BIN * RATE / N, 1);
  UnitCase c;
  begin(&c, "distort", N + SETTLE);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 2);
  unit_const(&c, 2, 1);
  finish(&c);
  spectrum(left + SETTLE, N, magnitude);
  double most = 0;
  for (size_t k = 1; k < (size_t)(15000 / RATE * N); k++) {
    most = k % BIN != 0 ? fmax(most, magnitude[k]) : most;
  }
  print_message("distort: aliases %.1f dB\n", db(most / magnitude[BIN]));
  assert_true(db(most / magnitude[BIN]) < -60);
  /* A mix has no notches: dry and wet go the same way. */
  impulse_into(signal_a, N);
  begin(&c, "distort", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 1);
  unit_const(&c, 2, 0.5);
  for (uint32_t f = 0; f < N; f++) {
    signal_a[f] *= 0.001f; /* where tanh is straight */
  }
  unit_audio(&c, 0, signal_a);
  finish(&c);
  spectrum(left, N, magnitude);
  for (double hz = 30; hz < 19000; hz *= 1.1) {
    assert_true(fabs(db(magnitude[(size_t)(hz / RATE * N)] / 0.001)) < 0.1);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(sine_is_pure),
    cmocka_unit_test(waves_do_not_alias),
    cmocka_unit_test(waves_have_their_harmonics),
    cmocka_unit_test(pink_falls_by_3_db),
    cmocka_unit_test(white_is_flat_and_centred),
    cmocka_unit_test(svf_follows_theory),
    cmocka_unit_test(svf_survives_modulation),
    cmocka_unit_test(envelope_times_are_exact),
    cmocka_unit_test(release_ends_on_its_frame),
    cmocka_unit_test(lines_reach_their_ends),
    cmocka_unit_test(delays_are_exact),
    cmocka_unit_test(delay_reaches_a_minute),
    cmocka_unit_test(pingpong_changes_sides),
    cmocka_unit_test(reverb_decays),
    cmocka_unit_test(pan_keeps_power),
    cmocka_unit_test(shapers_alias_little),
  };
  return cmocka_run_group_tests_name("sound", tests, NULL, NULL);
}
