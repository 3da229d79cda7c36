/* Feedback written in the language does what the units do that have it built in, sample by sample.  SPDX-License-Identifier: MIT */
#include "built.h"
#include "plans.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { FRAMES = 40000, RATE = 44100 };

/* The left channel of a text. */
static void render(const char *text, uint32_t block, float *left)
{
  Built b;
  built(&b, text, text);
  float *out = hand_render(&b.plan, (Run){ .block = block, .threads = 1 }, FRAMES, NULL);
  for (int f = 0; f < FRAMES; f++) {
    left[f] = out[2 * f];
  }
  free(out);
  built_drop(&b);
}

static double difference_db(const float *a, const float *b)
{
  double error = 0, power = 0;
  for (int f = 0; f < FRAMES; f++) {
    error += ((double)a[f] - (double)b[f]) * ((double)a[f] - (double)b[f]);
    power += (double)b[f] * (double)b[f];
  }
  assert_true(power > 0.5);
  return 10 * log10(fmax(error / power, 1e-30));
}

static float mine[FRAMES], theirs[FRAMES];

/* y = x + fb·(y of one period ago): the same for whole and for broken periods, for every block. */
static void a_comb_of_the_language_is_the_comb(void **state)
{
  (void)state;
  static const double freqs[] = { 441, 300, 1234.5 };
  for (size_t i = 0; i < PH_COUNT(freqs); i++) {
    char loop[160], unit[160];
    (void)snprintf(loop, sizeof loop, "~c: impulse 1 + (~c # delayline (1 / %.10g)) * 0.9\nout: ~c\n", freqs[i]);
    (void)snprintf(unit, sizeof unit, "out: impulse 1 # comb %.10g 0.9\n", freqs[i]);
    render(unit, 512, theirs);
    static const uint32_t blocks[] = { 1, 64, 512 };
    for (size_t k = 0; k < PH_COUNT(blocks); k++) {
      render(loop, blocks[k], mine);
      assert_true(difference_db(mine, theirs) < -250); /* the unit sets to zero what is below 1e-18 */
    }
  }
}

/* Karplus and Strong's recurrence (1983, eq. 1), computed here in double. Times are seconds in float, so the line is read up to 6e-6
   frames beside a frame, four hundred times over: the recurrence is met within -80 dB. */
static void karplus_and_strong_is_its_recurrence(void **state)
{
  (void)state;
  enum { PERIOD = 100 };
  static double y[FRAMES];
  for (int f = 0; f < FRAMES; f++) {
    const double near = f >= PERIOD ? y[f - PERIOD] : 0, far = f > PERIOD ? y[f - PERIOD - 1] : 0;
    y[f] = (f == 0) + 0.498 * (near + far);
    theirs[f] = (float)y[f];
  }
  render("~s: impulse 1 + ((~s # delayline (100 / 44100)) + (~s # delayline (101 / 44100))) * 0.498\nout: ~s\n", 512, mine);
  assert_true(difference_db(mine, theirs) < -80);
  /* The mean by a reference to the sample before instead of by a second line. */
  render("~d: ~s # delayline (100 / 44100)\n~late: ~d # delayline (1 / 44100)\n~s: impulse 1 + (~d + ~late) * 0.498\nout: ~s\n", 64, mine);
  assert_true(difference_db(mine, theirs) < -80);
}

/* Hz of the strongest component near `hz`, from the phase that it gains between two halves of a stretch. */
static double pitch_of(const float *x, double hz)
{
  enum { BEGIN = 4000, HALF = 8192 };
  double phase[2];
  for (int part = 0; part < 2; part++) {
    double re = 0, im = 0;
    for (int f = 0; f < HALF; f++) {
      const double w = 0.5 - 0.5 * cos(2 * M_PI * f / HALF), t = 2 * M_PI * hz * (f + part * HALF) / RATE;
      re += w * (double)x[BEGIN + part * HALF + f] * cos(t);
      im -= w * (double)x[BEGIN + part * HALF + f] * sin(t);
    }
    phase[part] = atan2(im, re);
  }
  return hz + remainder(phase[1] - phase[0], 2 * M_PI) / (2 * M_PI) * RATE / HALF;
}

/* A string from `+`, `lpf` and a reference to itself sounds at the pitch of `pluck`, once the delay of the filter is taken off its line. */
static void a_string_of_the_language_has_the_pitch_of_pluck(void **state)
{
  (void)state;
  static const double freqs[] = { 82.41, 220, 440 };
  for (size_t i = 0; i < PH_COUNT(freqs); i++) {
    const double hz = freqs[i], cutoff = 6000, q = 0.7;
    /* The state-variable filter is the bilinear transform of 1 / (s² + s/q + 1). */
    const double w = tan(M_PI * hz / RATE) / tan(M_PI * cutoff / RATE);
    const double late = atan2(w / q, 1 - w * w) / (2 * M_PI * hz); /* seconds */
    char loop[240], unit[80];
    (void)snprintf(loop, sizeof loop, "~s: impulse 1 + (~s # delayline %.12f # lpf %g %g) * 0.995\nout: ~s\n", 1 / hz - late, cutoff, q);
    (void)snprintf(unit, sizeof unit, "out: pluck %.10g 0.3\n", hz);
    render(loop, 512, mine);
    render(unit, 512, theirs);
    const double cents = 1200 * log2(pitch_of(mine, hz) / pitch_of(theirs, hz));
    assert_true(fabs(cents) < 1);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test(a_comb_of_the_language_is_the_comb),
                                      cmocka_unit_test(karplus_and_strong_is_its_recurrence),
                                      cmocka_unit_test(a_string_of_the_language_has_the_pitch_of_pluck) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
