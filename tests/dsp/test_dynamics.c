/* Dynamics measured: static curves, times, linking; the limiter's true peaks with libebur128 as the judge.
   SPDX-License-Identifier: MIT */
#define BUS_LONG (1 << 16)
#include "bus.h"

#include <ebur128.h>

enum { SETTLED = 8192 }; /* frames; settled: 18 attacks of 10 ms */

static double ratio(double decibels) { return pow(10, decibels / 20); }

static double random_between(uint64_t seed, double least, double most)
{
  return least + (most - least) * (double)(ph_mix64(seed) >> 11) * 0x1p-53;
}

/* ---- static curves ---- */

/* Decibels of gain by the equations of the paper: hinge, or parabola round the threshold. */
static double compressed(double level, double threshold, double by, double knee)
{
  const double over = level - threshold;
  if (2 * over < -knee) {
    return 0;
  }
  return 2 * fabs(over) <= knee && knee > 0 ? (1 / by - 1) * (over + knee / 2) * (over + knee / 2) / (2 * knee)
                                            : (1 / by - 1) * over;
}

static void compressors_follow_their_curves(void **context)
{
  (void)context;
  static const double ratios[] = { 1.5, 4, 20, 100 }, knees[] = { 0, 6, 24 };
  static const char *const names[] = { "compressor", "sidechain_compressor" };
  double most[2] = { 0 };
  for (int k = 0; k < 2; k++) {
    const uint32_t at = (uint32_t)k + 1;
    for (int level = -60; level <= 12; level += 3) {
      for (size_t i = 0; i < PH_COUNT(ratios) * PH_COUNT(knees); i++) {
        UnitCase c;
        begin_at(&c, names[k], RATE, SETTLED);
        unit_const(&c, 0, k ? 0.5 : ratio(level));
        unit_const(&c, (uint32_t)k, ratio(level));
        unit_const(&c, 0, k ? 0.5 : ratio(level));
        unit_const(&c, at, -20);
        unit_const(&c, at + 1, ratios[i / 3]);
        unit_const(&c, at + 4, 3);
        unit_const(&c, at + 5, knees[i % 3]);
        finish(&c);
        const double found = db((double)left[SETTLED - 1] / (k ? 0.5 : ratio(level)));
        most[k] = fmax(most[k], fabs(found - 3 - compressed(level, -20, ratios[i / 3], knees[i % 3])));
      }
    }
    measured_most(names[k], "error of the static curve, -60 to 12 dB", most[k], 0.1, "dB");
  }
}

static void expander_follows_its_curve(void **context)
{
  (void)context;
  double most = 0;
  for (int level = -90; level <= 0; level += 3) {
    for (int by = 2; by <= 8; by *= 2) {
      UnitCase c;
      begin_at(&c, "expander", RATE, LONG);
      unit_const(&c, 0, ratio(level));
      unit_const(&c, 1, -40);
      unit_const(&c, 2, by);
      unit_const(&c, 5, 60);
      finish(&c);
      const double expected = fmax(-60, fmin(0, (level + 40) * (by - 1.0)));
      most = fmax(most, fabs(db((double)left[LONG - 1] / ratio(level)) - expected));
    }
  }
  measured_most("expander", "error of the static curve, -90 to 0 dB", most, 0.1, "dB");
}

/* Waves are as loud as their peaks, at any frequency. */
static void waves_follow_the_curves(void **context)
{
  (void)context;
  static const double waves_hz[] = { 50, 100, 997, 5003 };
  static const char *const names[] = { "compressor", "expander" };
  for (size_t i = 0; i < PH_COUNT(waves_hz) * 2; i++) {
    const bool expands = i % 2;
    for (int level = -36; level <= 0; level += 6) {
      UnitCase c;
      begin_at(&c, names[expands], RATE, LONG);
      sine_into(signal_a, LONG, waves_hz[i / 2], ratio(level));
      unit_audio(&c, 0, signal_a);
      unit_const(&c, 1, -20);
      unit_const(&c, 2, expands ? 2 : 4);
      unit_const(&c, expands ? 5 : 6, expands ? 60 : 0);
      finish(&c);
      const double gain = 10 * log10(power_of(left, LONG - 8820, LONG) / power_of(signal_a, LONG - 8820, LONG));
      const double expected = expands ? fmin(0, level + 20) : compressed(level, -20, 4, 0);
      measured_most(names[expands], "error of the static curve for sines of 50 Hz to 5 kHz, -36 to 0 dB",
                    fabs(gain - expected), 0.1, "dB");
    }
  }
}

/* ---- times ---- */

/* Frames from `from` until the gain in dB has gone 1 - 1/e of the way to where it is at `to`. */
static double time_constant(uint32_t from, uint32_t to, const float *input)
{
  const double start = db((double)left[from - 1] / (double)input[from - 1]),
               end = db((double)left[to - 1] / (double)input[to - 1]);
  for (uint32_t f = from; f < to; f++) {
    const double gain = db((double)left[f] / (double)input[f]);
    if (fabs(gain - start) >= (1 - exp(-1)) * fabs(end - start)) {
      const double before = f > from ? db((double)left[f - 1] / (double)input[f - 1]) : start;
      return f - from + (start + (1 - exp(-1)) * (end - start) - before) / (gain - before);
    }
  }
  return HUGE_VAL;
}

static void step_into(float *x, double before, double after, uint32_t at, uint32_t back)
{
  for (uint32_t f = 0; f < LONG; f++) {
    x[f] = (float)(f < at || f >= back ? before : after);
  }
}

static void times_are_time_constants(void **context)
{
  (void)context;
  enum { UP = 10000, DOWN = 30000 };
  static const struct {
    const char *name;
    double before, after;
    uint32_t attack, release, ratio;
  } rows[] = { { "compressor", -40, -4, 3, 4, 2 }, { "expander", -70, -20, 3, 4, 2 } };
  static const double attacks[] = { 0.001, 0.01, 0.05 }, releases[] = { 0.005, 0.1 };
  for (size_t i = 0; i < PH_COUNT(rows); i++) {
    double most = 0;
    for (size_t k = 0; k < 6; k++) {
      UnitCase c;
      begin_at(&c, rows[i].name, RATE, LONG);
      step_into(signal_a, ratio(rows[i].before), ratio(rows[i].after), UP, DOWN);
      unit_audio(&c, 0, signal_a);
      unit_const(&c, rows[i].attack, attacks[k / 2]);
      unit_const(&c, rows[i].release, releases[k % 2]);
      finish(&c);
      most = fmax(most, fabs(time_constant(UP, DOWN, signal_a) / RATE / attacks[k / 2] - 1));
      most = fmax(most, fabs(time_constant(DOWN, LONG, signal_a) / RATE / releases[k % 2] - 1));
    }
    measured_most(rows[i].name, "error of attack and release (to 1 - 1/e of the way, in dB)", most * 100, 0.5, "%");
  }
}

static void gate_opens_holds_and_closes(void **context)
{
  (void)context;
  enum { UP = 5000, DOWN = 20000 };
  UnitCase c;
  begin_at(&c, "noisegate", RATE, LONG);
  step_into(signal_a, ratio(-60), ratio(-10), UP, DOWN);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, -40);
  unit_const(&c, 2, 0.002);
  unit_const(&c, 3, 4410 / RATE);
  unit_const(&c, 4, 0.1);
  finish(&c);
  double most = 0;
  for (uint32_t f = UP; f < LONG; f++) {
    const double opened = 1 - exp(-fmin(f - UP + 1, DOWN + 4410 - 1 - UP) / (0.002 * RATE));
    const double expected =
        f < DOWN + 4410 - 1 ? opened : opened * exp(-((double)f - (DOWN + 4410 - 1) + 1) / (0.1 * RATE));
    most = fmax(most, fabs((double)left[f] / (double)signal_a[f] - expected));
  }
  measured_most("noisegate", "error of the gain while opening, holding, closing", most, 1e-4, "");
  assert_true(left[UP - 1] == 0.0f);
}

static void duck_makes_room(void **context)
{
  (void)context;
  enum { UP = 5000, DOWN = 20000, HOLD = 882 };
  UnitCase c;
  begin_at(&c, "duck", RATE, LONG);
  unit_const(&c, 0, 0.5);
  for (uint32_t f = 0; f < LONG; f++) { /* a tone of 30 Hz, whose zeros do not let the level up */
    signal_b[f] = f >= UP && f < DOWN ? (float)(0.5 * cos(2 * M_PI * 30 * (f - UP) / RATE)) : 0.0f;
  }
  unit_audio(&c, 1, signal_b);
  unit_const(&c, 2, 0.75);
  unit_const(&c, 3, 0.01);
  unit_const(&c, 4, 0.2);
  finish(&c);
  double most = 0;
  for (uint32_t f = 0; f < DOWN; f++) {
    const double down = f < UP ? 0 : 1 - exp(-(double)(f - UP + 1) / (0.01 * RATE));
    most = fmax(most, fabs((double)left[f] / 0.5 - (1 - 0.75 * down)));
  }
  measured_most("duck", "error of the gain on the way down", most, 1e-4, "");
  for (uint32_t f = DOWN + HOLD; f < LONG; f++) {
    assert_true(left[f] >= left[f - 1]);
  }
  const double up = (double)left[DOWN + HOLD + 8820] / 0.5; /* one time constant later */
  measured_most("duck", "error of the level one release time after the key", fabs(up - (1 - 0.75 * exp(-1))), 0.01, "");
}

/* ---- linking ---- */

static void sides_are_linked(void **context)
{
  (void)context;
  static const char *const names[] = { "compressor", "expander", "noisegate", "limiter", "duck", "transient_shaper" };
  for (uint32_t f = 0; f < LONG; f++) {
    const double swell = f / 8000 % 2 ? 1 : 0.002;
    signal_a[f] = (float)(random_between(f, -1, 1) * swell * 2);
    signal_b[f] = signal_a[f] * 0.25f;
  }
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    UnitCase c;
    begin_at(&c, names[i], RATE, LONG);
    unit_audio_pair(&c, 0, signal_a, signal_b);
    if (i == 4) {
      unit_audio(&c, 1, signal_a);
    }
    finish(&c);
    double most = 0, moved = 0;
    for (uint32_t f = 0; f < LONG; f++) {
      most = fmax(most, fabs((double)right[f] - 0.25 * (double)left[f]));
      moved = fmax(moved, fabs((double)left[f] - (double)signal_a[f]));
    }
    measured_most(names[i], "difference of the gains of left and right", most, 1e-6, "");
    assert_true(moved > 0.05); /* it did something */
  }
}

/* ---- the limiter ---- */

enum { KINDS = 8 };

/* Signals that are hard for a limiter. */
static void hard_signal(int kind, double rate)
{
  for (uint32_t f = 0; f < LONG; f++) {
    const double noise = random_between(f + 1000003u * (unsigned)kind, -1, 1),
                 other = random_between(f + 77777777u, -1, 1);
    double x = noise, y = other * 0.5;
    switch (kind) {
    case 0: /* far above */
      x *= 4;
      break;
    case 1: /* bursts */
      x *= f % 5000 < 30 ? 50 : 0.3;
      break;
    case 2: /* clicks */
      x *= f % 777 == 0 ? 1000 : 0.1;
      break;
    case 3: /* a quarter of the rate, between the samples 3 dB above them */
      x = 1.2 * sin(M_PI / 2 * f + M_PI / 4), y = x * 0.7;
      break;
    case 4: /* full-scale signs at random: as much between the samples as there can be */
      x = noise < 0 ? -1 : 1, y = other < 0 ? -1 : 1;
      break;
    case 5: /* a sweep with a tremolo */
      x = 2 * sin(2 * M_PI * (20 * f / rate + (rate * 0.45) * f / rate * f / (2.0 * LONG))) * (f / 3000 % 2 ? 1 : 0.2);
      break;
    case 6: /* a drum */
      x = 6 * exp(-(double)(f % 11025) / 1500) * sin(2 * M_PI * 55 * (f % 11025) / rate) + 0.2 * noise;
      break;
    default: /* loud and soft */
      x *= pow(10, 1.5 * sin(f / 400.0));
      break;
    }
    signal_a[f] = (float)x;
    signal_b[f] = (float)y;
  }
}

static double judged_db(double rate)
{
  static float both[2 * LONG];
  for (uint32_t f = 0; f < LONG; f++) {
    both[2 * f] = left[f];
    both[2 * f + 1] = right[f];
  }
  ebur128_state *judge = ebur128_init(2, (unsigned long)rate, EBUR128_MODE_TRUE_PEAK);
  assert_non_null(judge);
  assert_int_equal(ebur128_add_frames_float(judge, both, LONG), EBUR128_SUCCESS);
  double most = 0;
  for (unsigned channel = 0; channel < 2; channel++) {
    double peak = 0;
    assert_int_equal(ebur128_true_peak(judge, channel, &peak), EBUR128_SUCCESS);
    most = fmax(most, peak);
  }
  ebur128_destroy(&judge);
  return db(most);
}

static void limiter_holds_its_ceiling(void **context)
{
  (void)context;
  static const double rates[] = { 44100, 48000, 96000 }, ceilings[] = { -1, -12 }, attacks[] = { 0.0005, 0.005, 0.05 };
  double most = -HUGE_VAL, sample_most = -HUGE_VAL, least = HUGE_VAL;
  for (int kind = 0; kind < KINDS; kind++) {
    for (size_t i = 0; i < 9; i++) {
      const double rate = rates[i / 3], ceiling = ceilings[(kind + (int)i) % 2];
      hard_signal(kind, rate);
      UnitCase c;
      begin_at(&c, "limiter", rate, LONG);
      unit_audio_pair(&c, 0, signal_a, signal_b);
      unit_const(&c, 1, ceiling);
      unit_const(&c, 2, attacks[i % 3]);
      unit_const(&c, 3, i % 2 ? 0.05 : 0.001);
      finish(&c);
      const double over = judged_db(rate) - ceiling;
      if (getenv("PH_TEST_SHOW")) {
        print_message("kind %d, %g Hz, attack %g: %.4f dB\n", kind, rate, attacks[i % 3], over);
      }
      most = fmax(most, over);
      least = fmin(least, over);
      for (uint32_t f = 0; f < LONG; f++) {
        sample_most = fmax(sample_most, db(fmax(fabs((double)left[f]), fabs((double)right[f]))) - ceiling);
      }
    }
  }
  measured_most("limiter", "true peak (libebur128) above the ceiling, signals up to 60 dB too loud", most, 0, "dB");
  measured_most("limiter", "samples above the ceiling", sample_most, 0, "dB");
  measured_least("limiter", "how near the loudest true peak comes", least, -0.5, "dB");
}

static void limiter_lets_alone_what_is_below(void **context)
{
  (void)context;
  enum { LATE = 221 };
  for (uint32_t f = 0; f < LONG; f++) {
    signal_a[f] = (float)(0.7 * sin(2 * M_PI * 441 * f / RATE));
  }
  UnitCase c;
  begin_at(&c, "limiter", RATE, LONG);
  unit_audio(&c, 0, signal_a);
  finish(&c);
  for (uint32_t f = 0; f < LONG; f++) {
    assert_true(left[f] == (f < LATE ? 0.0f : signal_a[f - LATE])); /* bit by bit */
  }
  measured_most("limiter", "delay beyond the look-ahead of 5 ms", fabs(LATE - 0.005 * RATE), 1, "frames");
}

static void limiter_releases(void **context)
{
  (void)context;
  UnitCase c;
  begin_at(&c, "limiter", RATE, LONG);
  for (uint32_t f = 0; f < LONG; f++) {
    signal_a[f] = f < 10000 ? 4.0f : 0.1f;
  }
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 3, 0.2);
  finish(&c);
  /* What is missing from gain 1 falls to 1/e in the release time; the means make it later by half the look-ahead, so two
     frames that far apart are compared. */
  const double early = 1 - (double)left[12000] * 10, late = 1 - (double)left[12000 + 8820] * 10;
  measured_most("limiter", "error of the release (to 1/e of what is missing)", fabs(log(early / late) - 1) * 100, 2,
                "%");
}

/* ---- transients ---- */

static void transients_are_shaped(void **context)
{
  (void)context;
  for (uint32_t f = 0; f < LONG; f++) {
    const uint32_t since = f % 16384;
    signal_a[f] = (float)(0.3 * exp(-(double)since / 4000) * cos(2 * M_PI * 500 * since / RATE));
  }
  double gained[2][2];
  for (int k = 0; k < 2; k++) {
    UnitCase c;
    begin_at(&c, "transient_shaper", RATE, LONG);
    unit_audio(&c, 0, signal_a);
    unit_const(&c, 1, k ? 0 : 1);
    unit_const(&c, 2, k ? 1 : 0);
    finish(&c);
    for (int part = 0; part < 2; part++) {
      double in = 0, out = 0;
      for (uint32_t f = part ? 36000 : 32768; f < (part ? 48000u : 33200u); f++) {
        in += (double)signal_a[f] * (double)signal_a[f];
        out += (double)left[f] * (double)left[f];
      }
      gained[k][part] = 10 * log10(out / in);
    }
  }
  measured_least("transient_shaper", "attack 1: gain of the first 10 ms of a hit", gained[0][0], 3, "dB");
  measured_most("transient_shaper", "attack 1: gain of its end", fabs(gained[0][1]), 1, "dB");
  measured_least("transient_shaper", "sustain 1: gain of its end", gained[1][1], 3, "dB");
  measured_most("transient_shaper", "sustain 1: gain of its first 10 ms", fabs(gained[1][0]), 1, "dB");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(compressors_follow_their_curves),
    cmocka_unit_test(expander_follows_its_curve),
    cmocka_unit_test(waves_follow_the_curves),
    cmocka_unit_test(times_are_time_constants),
    cmocka_unit_test(gate_opens_holds_and_closes),
    cmocka_unit_test(duck_makes_room),
    cmocka_unit_test(sides_are_linked),
    cmocka_unit_test(limiter_holds_its_ceiling),
    cmocka_unit_test(limiter_lets_alone_what_is_below),
    cmocka_unit_test(limiter_releases),
    cmocka_unit_test(transients_are_shaped),
  };
  return cmocka_run_group_tests_name("dynamics", tests, NULL, NULL);
}
