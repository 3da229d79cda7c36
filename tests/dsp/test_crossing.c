/* Effects that cut waves at zero crossings, measured.  SPDX-License-Identifier: MIT */
#include "measure.h"
#include "spectrum.h"
#include "unit_run.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define RATE 44100.0

enum { FRAMES = 1 << 15 };

static float left[FRAMES], right[FRAMES], signal[FRAMES];

static void run(const char *name, double parameter)
{
  const PhUnitSet *set = ph_unit_set_bus();
  UnitCase c;
  unit_case_init(&c, set, unit_row(set, name), RATE, FRAMES, PH_LANES_BUS);
  unit_audio(&c, 0, signal);
  unit_const(&c, 1, parameter);
  unit_render(&c, left, right);
  unit_case_free(&c);
}

static void sine(double hz)
{
  for (int f = 0; f < FRAMES; f++) {
    signal[f] = (float)(0.5 * sin(2 * M_PI * hz / RATE * f));
  }
}

/* At twice the speed each wave fits into its time twice: a sine an octave higher, clean but for where the waves meet. */
static void squiz_plays_waves_faster(void **context)
{
  (void)context;
  const double hz = RATE * 160 / FRAMES;
  sine(hz);
  run("squiz", 2);
  const double up = tone_level(left + FRAMES / 2, FRAMES / 2, 2 * hz / RATE);
  const double stays = tone_level(left + FRAMES / 2, FRAMES / 2, hz / RATE);
  measured_most("squiz", "what is left of a sine's own pitch at ratio 2", 20 * log10(stays / up), -70, "dB");
  run("squiz", 1);
  double error = 0;
  for (int f = 2000; f < FRAMES; f++) { /* a wave late: 204.8 frames, to the frame */
    error = fmax(error, fmin(fabs((double)(left[f] - signal[f - 205])), fabs((double)(left[f] - signal[f - 204]))));
  }
  measured_most("squiz", "error against the sine a wave ago, ratio 1", error, 0.015, "");
}

/* Waves are dropped whole, and about as many as were asked for. */
static void waveloss_drops_whole_waves(void **context)
{
  (void)context;
  enum { PERIOD = 64, WAVES = FRAMES / PERIOD };
  for (int f = 0; f < FRAMES; f++) {
    signal[f] = (float)sin(2 * M_PI * (f + 0.5) / PERIOD);
  }
  for (int percent = 0; percent <= 100; percent += 25) {
    run("waveloss", percent);
    int lost = 0;
    for (int w = 1; w < WAVES; w++) {
      const bool silent = left[w * PERIOD] == 0;
      for (int f = 0; f < PERIOD; f++) {
        assert_true(left[w * PERIOD + f] == (silent ? 0 : signal[w * PERIOD + f]));
      }
      lost += silent;
    }
    measured_most("waveloss", "waves dropped, against the share asked for, of 511",
                  fabs(100.0 * lost / (WAVES - 1) - percent), 2, "%");
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test(squiz_plays_waves_faster),
                                      cmocka_unit_test(waveloss_drops_whole_waves) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
