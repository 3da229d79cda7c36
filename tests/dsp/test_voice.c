/* How well a voice reads a sample between its frames: error and images of the cubic at speeds other than 1.
   SPDX-License-Identifier: MIT */
#include "measure.h"
#include "spectrum.h"
#include "unit_run.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define RATE 44100.0

enum { SOURCE = 1 << 17, FRAMES = 1 << 14 };

static float source[SOURCE + 2 * PH_SAMPLE_PAD];
static float heard[FRAMES + PH_SAMPLE_ROOM], right[FRAMES + PH_SAMPLE_ROOM];

static void sine(double turns)
{
  for (int f = 0; f < SOURCE; f++) {
    source[PH_SAMPLE_PAD + f] = (float)(0.5 * sin(2 * M_PI * turns * f));
  }
}

/* A voice without an envelope, from frame 1000 on. */
static void play(double speed)
{
  PhSampleVoice v = { .left = source + PH_SAMPLE_PAD,
                      .right = source + PH_SAMPLE_PAD,
                      .last = SOURCE,
                      .position = (int64_t)1000 << 32,
                      .increment = (int64_t)floor(speed * 4294967296.0 + 0.5),
                      .gain_left = 1,
                      .gain_right = 1,
                      .sustain = 1,
                      .release = 1,
                      .gate = UINT64_MAX,
                      .cut_at = UINT64_MAX,
                      .length = UINT64_MAX };
  memset(heard, 0, sizeof heard);
  ph_unit_set_find(NULL)->sampler->add(&v, heard, right, FRAMES);
}

/* Against the sine itself at the positions that the voice reads. */
static void the_error_of_the_cubic(void **context)
{
  (void)context;
  static const struct {
    double hz, limit_db;
    const char *what;
  } cases[] = { { 100, -130, "error of a sine of 100 Hz, speeds 0.3 to 3.7" },
                { 1000, -85, "error of a sine of 1 kHz, speeds 0.3 to 3.7" },
                { 5000, -42, "error of a sine of 5 kHz, speeds 0.3 to 3.7" } };
  static const double speeds[] = { 0.3, 0.75, 0.97, 1.12, 1.5, 3.7 };
  for (size_t c = 0; c < PH_COUNT(cases); c++) {
    sine(cases[c].hz / RATE);
    double most = 0;
    for (size_t s = 0; s < PH_COUNT(speeds); s++) {
      play(speeds[s]);
      const double step = floor(speeds[s] * 4294967296.0 + 0.5) / 4294967296.0;
      for (int f = 0; f < FRAMES; f++) {
        most = fmax(most, fabs((double)heard[f] - 0.5 * sin(2 * M_PI * cases[c].hz / RATE * (1000 + f * step))));
      }
    }
    measured_most("speed", cases[c].what, 20 * log10(most / 0.5), cases[c].limit_db, "dB");
  }
}

/* The strongest line that is not the tone, a sample of 1 kHz at 1.5 times its speed. */
static void images(void **context)
{
  (void)context;
  enum { BIN = 371 };
  const double tone = (double)BIN / FRAMES;
  sine(tone / 1.5);
  play(1.5);
  static double magnitude[FRAMES / 2 + 1];
  window(heard, FRAMES);
  spectrum(heard, FRAMES, magnitude);
  double most = 0;
  for (int b = 0; b <= FRAMES / 2; b++) {
    most = b < BIN - 5 || b > BIN + 5 ? fmax(most, magnitude[b]) : most;
  }
  measured_most("speed", "images of a sine of 1 kHz at speed 1.5", 20 * log10(most / magnitude[BIN]), -115,
                "dB");
}

/* Whole speeds, backwards too, read frames as they are. */
static void whole_speeds_are_exact(void **context)
{
  (void)context;
  sine(0.0123);
  static const int speeds[] = { 1, 2, 3, -1 };
  for (size_t s = 0; s < PH_COUNT(speeds); s++) {
    play(speeds[s]);
    const int count = speeds[s] < 0 ? 1000 : FRAMES;
    for (int f = 0; f < count; f++) {
      assert_true(heard[f] == source[PH_SAMPLE_PAD + 1000 + f * speeds[s]]);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test(the_error_of_the_cubic), cmocka_unit_test(images),
                                      cmocka_unit_test(whole_speeds_are_exact) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
