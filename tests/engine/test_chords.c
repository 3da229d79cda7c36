/* Chords of step signals: an oscillator sounds for every note, in instruments too, and for no more than there are.
   SPDX-License-Identifier: MIT */
#include "built.h"
#include "plans.h"

#include <math.h>
#include <stdlib.h>

#define RATE 44100.0

static const Run plain = { .block = 512, .threads = 1 };

/* Amplitude at a frequency under a Hann window. */
static double level_at(const float *x, uint32_t n, double hz)
{
  double re = 0, im = 0;
  for (uint32_t i = 0; i < n; i++) {
    const double turn = 2 * M_PI * hz * i / RATE, w = 1 - cos(2 * M_PI * (i + 0.5) / n);
    re += w * (double)x[2 * (size_t)i] * cos(turn);
    im += w * (double)x[2 * (size_t)i] * sin(turn);
  }
  return 2 * hypot(re, im) / n;
}

#define C4 261.6255653
#define E4 329.6275569
#define G4 391.9954360
#define A4 440.0

static void notes_of_chords_sound(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    double hz[2][3]; /* of two cycles; 0: none */
  } cases[] = {
    { "cps: 1\nout: sine \"c4'maj\"", { { C4, E4, G4 }, { C4, E4, G4 } } },
    { "cps: 1\nout: sine \"<c4'maj a4>\"", { { C4, E4, G4 }, { A4 } } },
    { "cps: 1\nout: sine \"<a4 [c4,g4]>\"", { { A4 }, { C4, G4 } } },
    { "cps: 1\nout: sine (\"<c4'maj a4>\" # lag 0.01)", { { C4, E4, G4 }, { A4 } } },
    { "cps: 1\nout: sine (\"<c4'maj a4>\" * 2)", { { 2 * C4, 2 * E4, 2 * G4 }, { 2 * A4 } } },
    { "cps: 1\n~x: sine \"c4'maj\"\nout: s \"~x\"", { { C4, E4, G4 }, { C4, E4, G4 } } },
    { "cps: 1\n~x: sine (\"c4'maj\" * 1)\nout: s \"~x\" # note \"0 \"", { { C4, E4, G4 }, { C4, E4, G4 } } },
    { "cps: 1\n~x: sine (note \"[0,4,7]\")\nout: s \"~x\"", { { C4, E4, G4 }, { C4, E4, G4 } } },
    { "cps: 1\n~x: sine \"c4'maj\"\nout: s \"~x\" # note 12", { { 2 * C4, 2 * E4, 2 * G4 }, { 2 * C4, 2 * E4, 2 * G4 } } },
    { "cps: 1\n~x: sine \"<c4'maj a4>\"\nout: slow 2 $ s \"~x\" # attack 0.01", { { C4, E4, G4 }, { A4 } } },
  };
  static const double all[] = { C4, E4, G4, A4, 2 * C4, 2 * E4, 2 * G4, 2 * A4 };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    Built b;
    built(&b, "chord", cases[i].text);
    float *x = hand_render(&b.plan, plain, 88200, NULL);
    for (uint32_t cycle = 0; cycle < 2; cycle++) {
      for (size_t k = 0; k < PH_COUNT(all); k++) {
        bool wanted = false;
        for (int n = 0; n < 3; n++) {
          wanted |= fabs(cases[i].hz[cycle][n] / all[k] - 1) < 1e-3;
        }
        const double level = level_at(x + (size_t)cycle * 88200 + 6000, 36000, all[k]);
        if (!(wanted ? fabs(level - 1) < 0.05 : level < 0.02)) {
          fail_msg("%s: cycle %u, %g Hz at %g", cases[i].text, cycle, all[k], level);
        }
      }
    }
    free(x);
    built_drop(&b);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test(notes_of_chords_sound) };
  return cmocka_run_group_tests_name("chords", tests, NULL, NULL);
}
