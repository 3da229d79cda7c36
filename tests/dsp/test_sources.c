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
    cmocka_unit_test(sample_plays_a_recording),
    cmocka_unit_test(sample_is_read_between_frames),
  };
  return cmocka_run_group_tests_name("sources", tests, NULL, NULL);
}
