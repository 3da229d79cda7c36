/* What the effects on spectra do, measured: that nothing changed comes back exactly, pitch, levels, times.  SPDX-License-Identifier: MIT */
#include "bus.h"

enum { LATE = 2048 };
static double magnitude[LONG / 2 + 1];

static double most_of(const float *x, uint32_t from, uint32_t to, const float *expected, uint32_t late)
{
  double most = 0;
  for (uint32_t f = from; f < to; f++) {
    most = fmax(most, fabs((double)x[f] - (double)expected[f - late]));
  }
  return most;
}

/* Where nothing is asked for, the input comes back, as late as the doc says. */
static void identity(void **context)
{
  (void)context;
  static const struct {
    const char *name;
    double value;
  } cases[] = { { "spectral_gate", -120 }, { "spectral_smear", 0 }, { "spectral_blur", 0 },
                { "freeze", 0 },           { "pitch_shift", 0 },    { "stretch", 1 },
                { "spectral_brick", 0 },   { "spectral_shift", 1 }, { "spectral_scramble", 0 } };
  enum { N = 30000 };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    noise_into(signal_a, N, 1, 1);
    noise_into(signal_b, N, 77, 1);
    UnitCase c;
    begin(&c, cases[i].name, N);
    unit_audio_pair(&c, 0, signal_a, signal_b);
    unit_const(&c, 1, cases[i].value);
    finish(&c);
    const double error = fmax(most_of(left, LATE, N, signal_a, LATE), most_of(right, LATE, N, signal_b, LATE));
    measured_most(cases[i].name, "error of noise that comes back unchanged, 2048 frames late", db(error), -120, "dB");
  }
}

/* Bins that move by any distance: a sine stays one, at its new frequency. Bins that go let nothing through. */
static void bins_move_and_fall(void **context)
{
  (void)context;
  enum { N = 1 << 16, FROM = 12000, WIDTH = 32768 };
  static const struct {
    double stretch, bins;
  } moves[] = { { 1, 10 }, { 1, -7.5 }, { 1.5, 0 }, { 2, 3.25 }, { 0.5, 0 } };
  for (size_t i = 0; i < PH_COUNT(moves); i++) {
    const double in = 1023.7, out = in * moves[i].stretch + moves[i].bins * RATE / 2048;
    sine_into(signal_a, N, in, 0.5);
    UnitCase c;
    begin(&c, "spectral_shift", N);
    unit_audio(&c, 0, signal_a);
    unit_const(&c, 1, moves[i].stretch);
    unit_const(&c, 2, moves[i].bins);
    finish(&c);
    window(left + FROM, WIDTH);
    spectrum(left + FROM, WIDTH, magnitude);
    size_t most = 1;
    for (size_t k = 1; k < WIDTH / 2; k++) {
      most = magnitude[k] > magnitude[most] ? k : most;
    }
    if(getenv("V"))printf("stretch %g shift %g: %.2f expected %.2f\n", moves[i].stretch, moves[i].bins, (double)most * RATE / WIDTH, out);
    measured_most("spectral_shift", "distance of the strongest partial of a moved sine from where it should be",
                  fabs((double)most * RATE / WIDTH - out), 12, "Hz");
  }
  static const struct {
    const char *name;
    double value, second, stays_hz, falls_hz;
  } filters[] = { { "spectral_brick", 0.1, 0, 4000, 1500 }, { "spectral_brick", -0.8, 0, 3000, 6000 }, { "spectral_comb", 8, 0.5, 3200, 4700 } };
  for (size_t i = 0; i < PH_COUNT(filters); i++) {
    for (int falls = 0; falls < 2; falls++) {
      const double hz = falls ? filters[i].falls_hz : filters[i].stays_hz;
      sine_into(signal_a, N, hz, 0.5);
      UnitCase c;
      begin(&c, filters[i].name, N);
      unit_audio(&c, 0, signal_a);
      unit_const(&c, 1, filters[i].value);
      if (filters[i].second > 0) {
        unit_const(&c, 2, filters[i].second);
      }
      finish(&c);
      const double level = db(sine_at(left, FROM, WIDTH, hz, NULL) / 0.5);
      if (falls) {
        measured_most(filters[i].name, "level of a sine that falls", level, -100, "dB");
      } else {
        measured_most(filters[i].name, "change of the level of a sine that stays", fabs(level), 0.01, "dB");
      }
    }
  }
}

static void pitch_is_exact(void **context)
{
  (void)context;
  static const double semis[] = { -12, -7, -1, 0.5, 3, 7, 12, 19 };
  enum { N = 1 << 16, FROM = 12000, WIDTH = 32768 };
  for (size_t i = 0; i < PH_COUNT(semis); i++) {
    const double in = 441.7, out = in * pow(2, semis[i] / 12);
    sine_into(signal_a, N, in, 0.5);
    UnitCase c;
    begin(&c, "pitch_shift", N);
    unit_audio(&c, 0, signal_a);
    unit_const(&c, 1, semis[i]);
    finish(&c);
    const double found = frequency_near(left, FROM, WIDTH, out);
    measured_most("pitch_shift", "error of the pitch of a sine, -12 to 19 semitones", fabs(1200 * log2(found / out)),
                  0.001, "cents");
    measured_most("pitch_shift", "error of the level of a sine",
                  fabs(db(sine_at(left, FROM, WIDTH, found, NULL) / 0.5)), 0.001, "dB");
    window(left + FROM, WIDTH);
    spectrum(left + FROM, WIDTH, magnitude);
    const size_t centre = (size_t)(found / RATE * WIDTH + 0.5);
    double most = 0;
    for (size_t k = 1; k < WIDTH / 2; k++) {
      most = k + 8 < centre || k > centre + 8 ? fmax(most, magnitude[k]) : most;
    }
    measured_most("pitch_shift", "anything else beside a shifted sine", db(most / magnitude[centre]), -80, "dB");
  }
}

/* A chord moves as a whole. */
static void pitch_moves_chords(void **context)
{
  (void)context;
  enum { N = 1 << 16, FROM = 12000, WIDTH = 32768 };
  static const double hz[] = { 261.63, 329.63, 392.0, 1046.5, 3136 };
  memset(signal_a, 0, sizeof(signal_a));
  for (size_t i = 0; i < PH_COUNT(hz); i++) {
    sine_into(signal_b, N, hz[i], 0.15);
    for (uint32_t f = 0; f < N; f++) {
      signal_a[f] += signal_b[f];
    }
  }
  UnitCase c;
  begin(&c, "pitch_shift", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 4);
  finish(&c);
  for (size_t i = 0; i < PH_COUNT(hz); i++) {
    const double out = hz[i] * pow(2, 4 / 12.0), found = frequency_near(left, FROM, WIDTH, out);
    measured_most("pitch_shift", "error of the pitch of a chord's partials", fabs(1200 * log2(found / out)), 0.01,
                  "cents");
    measured_most("pitch_shift", "error of the level of a chord's partials",
                  fabs(db(sine_at(left, FROM, WIDTH, found, NULL) / 0.15)), 0.1, "dB");
  }
}

/* A burst lasts longer at its own pitch. */
static void stretch_keeps_pitch(void **context)
{
  (void)context;
  enum { N = 1 << 17, BURST = 22050 };
  sine_into(signal_a, N, 600, 0.5);
  memset(signal_a + BURST, 0, (N - BURST) * sizeof(float));
  UnitCase c;
  begin(&c, "stretch", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 3);
  unit_const(&c, 2, 4);
  finish(&c);
  const double found = frequency_near(left, 10000, 32768, 600);
  measured_most("stretch", "error of the pitch of a sine, three times slower", fabs(1200 * log2(found / 600)), 0.001,
                "cents");
  measured_most("stretch", "error of the level of a sine", fabs(db(sine_at(left, 10000, 32768, found, NULL) / 0.5)),
                0.001, "dB");
  uint32_t end = N - 1;
  while (end > 0 && fabsf(left[end]) < 0.25f) {
    end--;
  }
  /* The window around its end is complete LATE / 2 after it, is read when three times as much has passed, and is heard LATE / 2 later. */
  measured_most("stretch", "error of where a burst of 0.5 s ends",
                fabs((end - (3.0 * (BURST + LATE / 2) + LATE / 2)) / RATE), 0.01, "s");
}

static void shift_has_one_side(void **context)
{
  (void)context;
  enum { N = 1 << 16, FROM = 16000, WIDTH = 32768 };
  static const double hz[] = { 25, 60, 440, 5000, 15000 };
  for (size_t i = 0; i < PH_COUNT(hz); i++) {
    sine_into(signal_a, N, hz[i], 0.5);
    UnitCase c;
    begin(&c, "freq_shift", N);
    unit_audio(&c, 0, signal_a);
    unit_const(&c, 1, 137);
    finish(&c);
    const double up = sine_at(left, FROM, WIDTH, hz[i] + 137, NULL),
                 down = sine_at(left, FROM, WIDTH, fabs(hz[i] - 137), NULL);
    measured_most("freq_shift", "the other side band, 25 Hz to 15 kHz", db(down / up), -80, "dB");
    measured_most("freq_shift", "error of the level", fabs(db(up / 0.5)), 0.01, "dB");
    measured_most("freq_shift", "error of the frequency",
                  fabs(frequency_near(left, FROM, WIDTH, hz[i] + 137) - hz[i] - 137), 1e-3, "Hz");
  }
}

static void gate_closes(void **context)
{
  (void)context;
  enum { N = 1 << 15, FROM = 12000, WIDTH = 16384 };
  UnitCase c;
  sine_into(signal_a, N, 1000, 0.1);   /* -20 dB */
  sine_into(signal_b, N, 5000, 0.001); /* -60 dB */
  for (uint32_t f = 0; f < N; f++) {
    signal_a[f] += signal_b[f];
  }
  begin(&c, "spectral_gate", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, -40);
  unit_const(&c, 2, 60);
  finish(&c);
  measured_most("spectral_gate", "change of a sine 20 dB above the threshold",
                fabs(db(sine_at(left, FROM, WIDTH, 1000, NULL) / 0.1)), 0.01, "dB");
  measured_most("spectral_gate", "error of the range for a sine 20 dB below the threshold",
                fabs(db(sine_at(left, FROM, WIDTH, 5000, NULL) / 0.001) + 60), 0.5, "dB");
}

static void smear_widens(void **context)
{
  (void)context;
  enum { N = 1 << 16, FROM = 12000, WIDTH = 32768, BIN = 100, BINS = 10 };
  sine_into(signal_a, N, BIN * RATE / LATE, 0.5);
  UnitCase c;
  begin(&c, "spectral_smear", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, BINS);
  finish(&c);
  spectrum(left + FROM, WIDTH, magnitude);
  double inside = 0, outside = 0;
  for (size_t k = 0; k < WIDTH / 2; k++) {
    const double from_centre = fabs((double)k * LATE / WIDTH - BIN);
    *(from_centre < BINS + 3 ? &inside : &outside) += magnitude[k] * magnitude[k];
  }
  measured_most("spectral_smear", "power of a smeared sine outside its band", 10 * log10(outside / inside), -100, "dB");
}

static void blur_fades(void **context)
{
  (void)context;
  enum { N = 1 << 17, STOP = 40000 };
  noise_into(signal_a, STOP, 3, 0.5);
  memset(signal_a + STOP, 0, (N - STOP) * sizeof(float));
  UnitCase c;
  begin(&c, "spectral_blur", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 0.5);
  finish(&c);
  const double early = power_of(left, 50000, 60000), late = power_of(left, 94100, 104100);
  measured_most("spectral_blur", "error of the fall in a second, 8.69 dB per time constant",
                fabs(10 * log10(early / late) - 20 * log10(exp(2))), 0.5, "dB");
}

/* Events hold what sounded, at its level and pitch, for as long as they last. */
static void freeze_holds(void **context)
{
  (void)context;
  enum { N = 1 << 17, STOP = 30000, HOLD = 25000, RELEASE = 120000 };
  sine_into(signal_a, STOP, 533.3, 0.5);
  memset(signal_a + STOP, 0, (N - STOP) * sizeof(float));
  for (uint32_t f = 0; f < N; f++) {
    signal_b[f] = f >= HOLD && f < RELEASE ? 1.0f : 0.0f;
  }
  UnitCase c;
  begin(&c, "freeze", N);
  unit_audio(&c, 0, signal_a);
  unit_audio(&c, 1, signal_b);
  finish(&c);
  const double found = frequency_near(left, 40000, 65536, 533.3);
  measured_most("freeze", "error of the pitch of a held sine", fabs(1200 * log2(found / 533.3)), 0.001, "cents");
  measured_most("freeze", "change of its level in 1.5 s",
                fabs(10 * log10(power_of(left, 40000, 45000) / power_of(left, 110000, 115000))), 0.05, "dB");
  measured_most("freeze", "what is left after the event", 10 * log10(power_of(left, RELEASE + 3000, N) + 1e-30), -120,
                "dB");
}

static void vocoder_follows_bands(void **context)
{
  (void)context;
  enum { N = 1 << 15, FROM = 16000, WIDTH = 16384, BANDS = 16 };
  const double width = 7.2 / BANDS, band = 80 * pow(2, 8.5 * width), far = 80 * pow(2, 12.5 * width);
  for (int same = 1; same >= 0; same--) {
    sine_into(signal_a, N, same ? band : far, 0.3);
    sine_into(signal_b, N, band, 0.5);
    UnitCase c;
    begin(&c, "vocoder", N);
    unit_audio(&c, 0, signal_a);
    unit_audio(&c, 1, signal_b);
    unit_const(&c, 2, BANDS);
    unit_const(&c, 3, 0.1);
    unit_const(&c, 4, 0.1);
    finish(&c);
    const double level = db(sine_at(left, FROM, WIDTH, band, NULL) / (0.3 * 0.5 * 4));
    if (same) {
      measured_most("vocoder", "error of the level of a band", fabs(level), 1, "dB");
    } else {
      measured_most("vocoder", "a sine four bands away", level, -36, "dB");
    }
  }
}

static void bench(void **context)
{
  (void)context;
  static const char *const names[] = { "spectral_gate", "spectral_smear", "spectral_blur", "freeze",
                                       "pitch_shift",   "stretch",        "freq_shift",    "vocoder" };
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    bench_row(names[i], NULL);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(identity),
    cmocka_unit_test(bins_move_and_fall),
    cmocka_unit_test(pitch_is_exact),
    cmocka_unit_test(pitch_moves_chords),
    cmocka_unit_test(stretch_keeps_pitch),
    cmocka_unit_test(shift_has_one_side),
    cmocka_unit_test(gate_closes),
    cmocka_unit_test(smear_widens),
    cmocka_unit_test(blur_fades),
    cmocka_unit_test(freeze_holds),
    cmocka_unit_test(vocoder_follows_bands),
    cmocka_unit_test(bench),
  };
  return cmocka_run_group_tests_name("spectral", tests, NULL, NULL);
}
