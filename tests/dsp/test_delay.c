/* What delays do, measured: times between frames, tapes, echoes, sides.  SPDX-License-Identifier: MIT */
#include "bus.h"

/* How late a sine comes out, in frames, near `frames`, and how loud. */
static double lateness(double hz, double frames, uint32_t from, double *level)
{
  double in, out;
  (void)sine_at(signal_a, from, 8192, hz, &in);
  *level = sine_at(left, from, 8192, hz, &out) / sine_at(signal_a, from, 8192, hz, NULL);
  const double turns = in - out - frames * hz / RATE;
  return frames + (turns - floor(turns + 0.5)) * RATE / hz;
}

static void times_are_exact(void **context)
{
  (void)context;
  enum { N = 20000 };
  static const double frames[] = { 1, 2.5, 10.25, 100.37, 999.5, 4410.75, 8000 };
  for (size_t i = 0; i < PH_COUNT(frames); i++) {
    static const double hz[] = { 200, 1000, 5000 };
    for (size_t h = 0; h < PH_COUNT(hz); h++) {
      UnitCase c;
      sine_into(signal_a, N, hz[h], 0.5);
      begin(&c, "delay", N);
      unit_audio(&c, 0, signal_a);
      unit_const(&c, 1, frames[i] / RATE);
      unit_const(&c, 2, 0);
      unit_const(&c, 3, 1);
      finish(&c);
      double level;
      const double late = lateness(hz[h], frames[i], 10000, &level);
      measured_most("delay", "error of the time for sines up to 5 kHz, 1 to 8000 frames", fabs(late - frames[i]), 0.012,
                    "frames");
      measured_most("delay", "error of the level up to 5 kHz, between frames", fabs(db(level)), 0.1, "dB");
    }
  }
}

/* A time that shrinks by s seconds a second reads 1 + s times as fast: a tape that speeds up. */
static void moving_times_bend_pitch(void **context)
{
  (void)context;
  enum { N = 1 << 16 };
  static const double slopes[] = { -0.5, -0.1, 0.2, 0.5 };
  for (size_t i = 0; i < PH_COUNT(slopes); i++) {
    UnitCase c;
    sine_into(signal_a, N, 500, 0.5);
    for (uint32_t f = 0; f < N; f++) {
      signal_b[f] = (float)(1 + slopes[i] * ((double)f / RATE - 1));
    }
    begin(&c, "delay", N);
    unit_audio(&c, 0, signal_a);
    unit_audio(&c, 1, signal_b);
    unit_const(&c, 2, 0);
    unit_const(&c, 3, 1);
    finish(&c);
    const double expected = 500 * (1 - slopes[i]);
    measured_most("delay", "error of the pitch of a moving time, as a tape's",
                  fabs(1200 * log2(frequency_near(left, 36000, 16384, expected) / expected)), 0.05, "cents");
  }
}

static void feedback_is_exact(void **context)
{
  (void)context;
  enum { N = 44100, D = 1000 };
  UnitCase c;
  impulse_into(signal_a, N);
  begin(&c, "delay", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, D / RATE);
  unit_const(&c, 2, -0.75);
  unit_const(&c, 3, 0.5);
  finish(&c);
  double most = fabs((double)left[0] - 0.5);
  for (uint32_t f = 1; f < N; f++) {
    const double expected = f % D == 0 ? 0.5 * pow(-0.75, f / D - 1) : 0;
    most = fmax(most, fabs((double)left[f] - expected));
  }
  measured_most("delay", "error of echoes with feedback", db(most), -85, "dB");
}

/* Echo k at k times the time, all as loud, the last one fed back. */
static void multitap_counts(void **context)
{
  (void)context;
  enum { N = 20000, D = 1000, TAPS = 5 };
  UnitCase c;
  impulse_into(signal_a, N);
  begin(&c, "multitap", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, D / RATE);
  unit_const(&c, 2, TAPS);
  unit_const(&c, 3, 0.4);
  unit_const(&c, 4, 1);
  finish(&c);
  double most = 0;
  for (uint32_t f = 0; f < N; f++) {
    const double expected = f > 0 && f % D == 0 ? pow(0.4, (f / D - 1) / TAPS) / sqrt(TAPS) : 0;
    most = fmax(most, fabs((double)left[f] - expected));
  }
  measured_most("multitap", "error of five echoes and their repeats", db(most), -80, "dB");
}

static void pingpong_alternates(void **context)
{
  (void)context;
  enum { N = 20000, D = 1500 };
  UnitCase c;
  impulse_into(signal_a, N);
  begin(&c, "pingpong", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, D / RATE);
  unit_const(&c, 2, 0.6);
  unit_const(&c, 3, 1);
  unit_const(&c, 4, 1);
  finish(&c);
  double most = 0;
  for (uint32_t f = 0; f < N; f++) {
    const uint32_t echo = f / D;
    const double level = f % D == 0 && echo > 0 ? pow(0.6, (echo - 1) / 2) : 0;
    most = fmax(most, fabs((double)left[f] - (echo % 2 == 1 ? level : 0)));
    most = fmax(most, fabs((double)right[f] - (echo % 2 == 0 ? level : 0)));
  }
  measured_most("pingpong", "error of echoes left and right", db(most), -80, "dB");
}

/* Wow bends the pitch by 2 pi 0.6 Hz 0.004 time at its most. */
static void tape_sways(void **context)
{
  (void)context;
  enum { N = 1 << 18, PIECE = 2048 };
  UnitCase c;
  sine_into(signal_a, N, 1000, 0.01);
  begin(&c, "tapedelay", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 1);
  unit_const(&c, 2, 0);
  unit_const(&c, 3, 1);
  unit_const(&c, 4, 0);
  unit_const(&c, 5, 0);
  unit_const(&c, 6, 1);
  finish(&c);
  double most = 0;
  for (uint32_t from = 50000; from + 2 * PIECE <= N; from += PIECE / 2) {
    most = fmax(most, fabs(1200 * log2(frequency_near(left, from, PIECE, 1000) / 1000)));
  }
  const double expected = 1200 * log2(1 + 2 * M_PI * 0.6 * 0.004);
  measured_most("tapedelay", "error of the depth of full wow at 1 s, 25.9 cents", fabs(most - expected), 1, "cents");
}

/* A minute is within reach, between frames, too. */
static void a_minute_is_exact(void **context)
{
  (void)context;
  enum { N = 61 * 1000 };
  const PhUnitSet *set = ph_unit_set_bus();
  UnitCase c;
  impulse_into(signal_a, N);
  unit_case_init(&c, set, unit_row(set, "delay"), 1000, N, PH_LANES_BUS);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 59.9995);
  unit_const(&c, 2, 0);
  unit_const(&c, 3, 1);
  finish(&c);
  measured_most("delay", "error of an echo after 59.9995 s that falls between two frames",
                fabs((double)left[59999] - (double)left[60000]), 0.01, "");
  assert_true(left[59999] > 0.5f && left[59999] < 0.6f);
}

static void bench(void **context)
{
  (void)context;
  static const char *const names[] = { "delayline", "delay", "pingpong", "multitap", "tapedelay" };
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    bench_row(names[i], NULL);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(times_are_exact),     cmocka_unit_test(moving_times_bend_pitch),
    cmocka_unit_test(feedback_is_exact),   cmocka_unit_test(multitap_counts),
    cmocka_unit_test(pingpong_alternates), cmocka_unit_test(tape_sways),
    cmocka_unit_test(a_minute_is_exact),   cmocka_unit_test(bench),
  };
  return cmocka_run_group_tests_name("delay", tests, NULL, NULL);
}
