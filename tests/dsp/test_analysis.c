/* What the analysis units say of signals that are known: levels, times, pitches, beginnings; and that the stereo units keep what
   they promise to keep.  SPDX-License-Identifier: MIT */
#define BUS_LONG (1 << 16)
#include "bus.h"

/* ---- levels ---- */

static void rms_is_that_of_its_window(void **context)
{
  (void)context;
  enum { WIN = 1000 };
  for (uint32_t f = 0; f < LONG; f++) { /* loud, soft, silent */
    signal_a[f] = f < 20000 ? (float)noise_at(f) * 100 : f < 40000 ? (float)noise_at(f) * 0.01f : 0;
  }
  UnitCase c;
  begin(&c, "rms", LONG);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, WIN / RATE);
  finish(&c);
  double off = 0, total = 0;
  for (uint32_t f = 0; f < LONG; f++) {
    total += pow((double)signal_a[f], 2) - (f >= WIN ? pow((double)signal_a[f - WIN], 2) : 0);
    const double expected = sqrt(fmax(total, 0) / WIN);
    if (f < 40000 || f >= 40000 + 2 * WIN) {
      off = expected > 1e-4 ? fmax(off, fabs(db((double)left[f] / expected))) : off;
    }
  }
  measured_most("rms", "error after steps of 80 dB", off, 0.01, "dB");
  for (uint32_t f = 40000 + 2 * WIN; f < LONG; f++) {
    assert_true(left[f] == 0.0f);
  }
  /* A window that moves: a constant keeps its level. */
  for (uint32_t f = 0; f < LONG; f++) {
    signal_b[f] = (float)(0.01 + 0.009 * sin(f * 0.0003));
  }
  begin(&c, "rms", LONG);
  unit_const(&c, 0, 0.5);
  unit_audio(&c, 1, signal_b);
  finish(&c);
  for (uint32_t f = 2000; f < LONG; f++) {
    assert_true(fabsf(left[f] - 0.5f) < 1e-5f);
  }
}

/* Both followers on a step up and down: 63 % of the way after the time. */
static void followers_take_their_times(void **context)
{
  (void)context;
  enum { ON = 1000, OFF = 40000 };
  static const char *const names[] = { "peak_follower", "amp_follower" };
  for (size_t i = 0; i < 2; i++) {
    for (uint32_t f = 0; f < LONG; f++) {
      signal_a[f] = f >= ON && f < OFF ? 0.8f : 0.0f;
    }
    UnitCase c;
    begin(&c, names[i], LONG);
    unit_audio(&c, 0, signal_a);
    unit_const(&c, 1, 0.05);
    unit_const(&c, 2, 0.2);
    if (i == 1) {
      unit_const(&c, 3, 0.0001); /* four frames */
    }
    finish(&c);
    double up = 0, down = 0;
    for (uint32_t f = ON; f < LONG; f++) {
      up = up == 0 && left[f] >= 0.8f * (1 - 0.36787944f) ? (f + 1 - ON) / RATE : up;
      down = down == 0 && f >= OFF && left[f] <= 0.8f * 0.36787944f ? (f + 1 - OFF) / RATE : down;
    }
    measured_most(names[i], "error of the attack time", fabs(up / 0.05 - 1) * 100, 0.5, "%");
    measured_most(names[i], "error of the release time", fabs(down / 0.2 - 1) * 100, 0.5, "%");
    assert_true(left[ON - 1] == 0.0f && fabsf(left[OFF - 1] - 0.8f) < 1e-4f);
  }
}

/* ---- pitch ---- */

static double wave(int kind, double phase)
{
  const double t = phase - floor(phase);
  if (kind == 0) {
    return sin(2 * M_PI * t);
  }
  double y = 0; /* harmonics falling as a saw's, or the odd ones, or with a weak fundamental */
  for (int h = 1; h <= 9; h++) {
    y += kind == 1   ? sin(2 * M_PI * h * t) / h
         : kind == 2 ? (h & 1 ? sin(2 * M_PI * h * t) / h : 0)
                     : cos(2 * M_PI * h * t) / (h == 1 ? 8 : h);
  }
  return 0.6 * y;
}

static double pitch_of(int kind, double hz, double rate, double hiss)
{
  const uint32_t frames = (uint32_t)(rate * 0.2);
  for (uint32_t f = 0; f < frames; f++) {
    signal_a[f] = (float)(0.3 * wave(hz * 9 < rate / 2 ? kind : 0, f * hz / rate) + hiss * noise_at(f));
  }
  UnitCase c;
  begin_at(&c, "pitch", rate, frames);
  unit_audio(&c, 0, signal_a);
  finish(&c);
  return (double)left[frames - 1];
}

static void pitch_is_found(void **context)
{
  (void)context;
  static const double rates[] = { 44100, 48000, 96000 };
  for (size_t r = 0; r < PH_COUNT(rates); r++) {
    for (int kind = 0; kind < 4; kind++) {
      for (double hz = 50; hz <= 2000; hz *= r == 0 ? 1.173 : 1.71) {
        const double cents = 1200 * log2(pitch_of(kind, hz, rates[r], 0) / hz);
        measured_most("pitch", "error for sines and tones of nine harmonics, 50 Hz to 2 kHz, 44.1 to 96 kHz",
                      fabs(cents), 5, "cents");
      }
    }
  }
  for (double hz = 55; hz <= 2000; hz *= 1.37) {
    const double cents = 1200 * log2(pitch_of(1, hz, RATE, 0.003) / hz); /* 35 dB below */
    measured_most("pitch", "error with noise 35 dB below the tone", fabs(cents), 10, "cents");
  }
}

/* Noise has none, so the last one stays; so does it in silence. */
static void pitch_holds(void **context)
{
  (void)context;
  for (uint32_t f = 0; f < LONG; f++) {
    signal_a[f] = f < 20000 ? (float)sin(2 * M_PI * 440 * f / RATE) : f < 40000 ? (float)noise_at(f) : 0;
  }
  UnitCase c;
  begin(&c, "pitch", LONG);
  unit_audio(&c, 0, signal_a);
  finish(&c);
  assert_true(left[1000] == 0.0f);
  assert_true(fabsf(left[19999] - 440.0f) < 1.0f);
  assert_true(left[LONG - 1] == left[LONG - 2000] && left[LONG - 1] > 0.0f);
}

static void crossings_give_the_frequency(void **context)
{
  (void)context;
  static const double pitches[] = { 33, 440, 4321 };
  for (size_t i = 0; i < PH_COUNT(pitches); i++) {
    for (uint32_t f = 0; f < LONG; f++) {
      signal_a[f] = f < 40000 ? (float)sin(2 * M_PI * pitches[i] * f / RATE + 1) : 0.1f;
    }
    UnitCase c;
    begin(&c, "zero_crossing", LONG);
    unit_audio(&c, 0, signal_a);
    finish(&c);
    measured_most("zero_crossing", "error for a sine, 33 Hz to 4.3 kHz",
                  fabs(1200 * log2((double)left[30000] / pitches[i])), 12, "cents");
    assert_true(left[0] == 0.0f && left[40000 + 4420] == 0.0f);
  }
}

static double centroid_of_signal(void)
{
  UnitCase c;
  begin(&c, "spectral_centroid", LONG / 4);
  unit_audio(&c, 0, signal_a);
  finish(&c);
  return (double)left[LONG / 4 - 1];
}

/* A sine is at its frequency, two equal ones halfway, white noise in the middle of all. */
static void centroid_is_the_middle(void **context)
{
  (void)context;
  static const double pairs[][2] = { { 440, 440 }, { 1000, 3000 }, { 5000, 5000 }, { 2000, 12000 } };
  for (size_t i = 0; i < PH_COUNT(pairs); i++) {
    for (uint32_t f = 0; f < LONG; f++) {
      signal_a[f] =
          (float)(0.3 * sin(2 * M_PI * pairs[i][0] * f / RATE) + 0.3 * sin(2 * M_PI * pairs[i][1] * f / RATE + 1));
    }
    const double middle = 0.5 * (pairs[i][0] + pairs[i][1]);
    measured_most("spectral_centroid", "error for one sine and for two, 440 Hz to 12 kHz",
                  fabs(centroid_of_signal() / middle - 1) * 100, 3, "%");
  }
  for (uint32_t f = 0; f < LONG; f++) {
    signal_a[f] = (float)noise_at(f);
  }
  measured_most("spectral_centroid", "error for white noise", fabs(centroid_of_signal() / (RATE / 4) - 1) * 100, 5,
                "%");
  memset(signal_a, 0, sizeof(signal_a));
  assert_true(centroid_of_signal() == 0);
}

/* ---- onsets ---- */

/* Clicks and bursts at known frames; a steady tone and a swell in between have none. */
static void onsets_are_where_things_begin(void **context)
{
  (void)context;
  static const uint32_t clicks[] = { 500, 5000, 9000, 13000 };
  for (uint32_t f = 0; f < LONG; f++) {
    signal_a[f] = f >= 20000 && f < 45000 ? (float)(0.3 * sin(2 * M_PI * 60 * f / RATE)) : 0;
    signal_a[f] += f >= 45000 ? (float)(0.3 * (f - 45000) / (LONG - 45000) * sin(2 * M_PI * 300 * f / RATE)) : 0;
  }
  for (size_t i = 0; i < PH_COUNT(clicks); i++) {
    signal_a[clicks[i]] = i & 1 ? -0.8f : 0.5f;
  }
  UnitCase c;
  begin(&c, "onset", LONG);
  unit_audio(&c, 0, signal_a);
  finish(&c);
  uint32_t count = 0, at[64];
  for (uint32_t f = 0; f < LONG && count < 64; f++) {
    if (left[f] != 0.0f) {
      at[count++] = f;
    }
  }
  for (size_t i = 0; i < PH_COUNT(clicks); i++) {
    measured_most("onset", "lateness at a click", i < count ? fabs((double)at[i] - clicks[i]) : 1e9, 0, "frames");
  }
  assert_true(count >= 5 && at[4] >= 20000 && at[4] < 20040); /* the tone begins */
  uint32_t tone = 0;
  for (uint32_t i = 5; i < count; i++) {
    tone += at[i] < 45000;
  }
  measured_most("onset", "false onsets in half a second of a steady 60 Hz sine", tone, 0, "");
}

/* ---- stereo ---- */

static void pair_of_noises(UnitCase *c, const char *name)
{
  for (uint32_t f = 0; f < LONG; f++) {
    signal_a[f] = (float)noise_at(f);
    signal_b[f] = (float)noise_at(f + (1u << 20)) * 0.5f;
  }
  begin(c, name, LONG);
  unit_audio_pair(c, 0, signal_a, signal_b);
}

static void stereo_units_keep_what_they_promise(void **context)
{
  (void)context;
  UnitCase c;
  double off = 0;
  pair_of_noises(&c, "rotate"); /* power, whatever the angle */
  unit_const(&c, 1, 33);
  finish(&c);
  for (uint32_t f = 0; f < LONG; f++) {
    const double before = pow((double)signal_a[f], 2) + pow((double)signal_b[f], 2),
                 after = pow((double)left[f], 2) + pow((double)right[f], 2);
    off = before > 1e-4 ? fmax(off, fabs(10 * log10(after / before))) : off;
  }
  measured_most("rotate", "change of power", off, 1e-4, "dB");
  off = 0;
  pair_of_noises(&c, "widener"); /* the middle, whatever the width */
  unit_const(&c, 1, 3);
  finish(&c);
  for (uint32_t f = 0; f < LONG; f++) {
    off = fmax(off, fabs((double)left[f] + (double)right[f] - (double)signal_a[f] - (double)signal_b[f]));
  }
  measured_most("widener", "change of the sum of both sides", db(off), -115, "dB");
  pair_of_noises(&c, "widener");
  unit_const(&c, 1, 0);
  finish(&c);
  for (uint32_t f = 0; f < LONG; f++) {
    assert_true(left[f] == right[f]);
  }
  off = 0;
  pair_of_noises(&c, "midside"); /* at 1 and 1 it is the signal */
  finish(&c);
  for (uint32_t f = 0; f < LONG; f++) {
    off = fmax(off, fmax(fabs((double)left[f] - (double)signal_a[f]), fabs((double)right[f] - (double)signal_b[f])));
  }
  measured_most("midside", "change at gains of 1", db(off), -120, "dB");
  pair_of_noises(&c, "balance"); /* the side that it turns to is untouched */
  unit_const(&c, 1, 0.4);
  finish(&c);
  for (uint32_t f = 0; f < LONG; f++) {
    assert_true(right[f] == signal_b[f] && fabsf(left[f] - 0.6f * signal_a[f]) < 1e-6f);
  }
  pair_of_noises(&c, "haas"); /* one side a whole number of frames late, the other untouched */
  unit_const(&c, 1, 10);
  finish(&c);
  for (uint32_t f = 441; f < LONG; f++) {
    assert_true(left[f] == signal_a[f] && fabsf(right[f] - signal_b[f - 441]) < 1e-3f);
  }
  for (double side = 0; side < 2; side++) {
    pair_of_noises(&c, "channel");
    unit_const(&c, 1, side);
    finish(&c);
    const float *expected = side > 0 ? signal_b : signal_a;
    for (uint32_t f = 0; f < LONG; f++) {
      assert_true(left[f] == expected[f] && right[f] == expected[f]);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(rms_is_that_of_its_window),
    cmocka_unit_test(followers_take_their_times),
    cmocka_unit_test(pitch_is_found),
    cmocka_unit_test(pitch_holds),
    cmocka_unit_test(crossings_give_the_frequency),
    cmocka_unit_test(centroid_is_the_middle),
    cmocka_unit_test(onsets_are_where_things_begin),
    cmocka_unit_test(stereo_units_keep_what_they_promise),
  };
  return cmocka_run_group_tests_name("analysis", tests, NULL, NULL);
}
