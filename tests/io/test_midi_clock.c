/* The clock of MIDI: ticks on their frames; and followed through jitter, changes of tempo and pauses.  SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>

#include "io/midi_clock.h"

/* ---- out ---- */

/* 1 cycle a second of 48000 frames for two cycles, then two a second. */
static int64_t frame_of(void *ctx, PhRat cycle)
{
  (void)ctx;
  const double c = ph_rat_to_double(cycle);
  return (int64_t)floor((c < 2 ? c : 2 + (c - 2) / 2) * 48000 + 0.5);
}

static void ticks_are_on_their_frame(void **state)
{
  (void)state;
  static const int64_t spans[] = { 64, 1000, 48000 };
  for (size_t s = 0; s < PH_COUNT(spans); s++) {
    PhMidiQueue queue = { 0 };
    PhMidiClockOut clock = { .quarters = 4 };
    int64_t count = 0;
    bool started = false;
    for (int64_t from = 100; from < 192000; from += spans[s]) {
      const double cycle = from < 96000 ? (double)from / 48000 : 2 + ((double)from - 96000) / 24000;
      assert_int_equal(ph_midi_clock_out(&clock, &queue, from, from + spans[s], cycle, frame_of, NULL), PH_OK);
      for (PhMidiMessage m; ph_midi_queue_take(&queue, from + spans[s], &m);) {
        assert_int_equal(m.size, 1);
        assert_true(m.frame >= from);
        if (m.bytes[0] == PH_MIDI_START) {
          assert_true(!started && m.frame == 48000 &&
                      count == 0); /* the first cycle that begins after it was switched on */
          started = true;
          continue;
        }
        assert_int_equal(m.bytes[0], PH_MIDI_TICK);
        assert_int_equal(m.frame, count < 96 ? 48000 + count * 500 : 96000 + (count - 96) * 250);
        count++;
      }
    }
    assert_true(started && count >= 96 + 384);
    assert_int_equal(ph_midi_clock_stop(&clock, &queue, 7), PH_OK);
    assert_int_equal(ph_midi_clock_stop(&clock, &queue, 8), PH_OK);
    PhMidiMessage m;
    assert_true(ph_midi_queue_take(&queue, INT64_MAX, &m) && m.bytes[0] == PH_MIDI_STOP && m.frame == 7);
    assert_false(ph_midi_queue_take(&queue, INT64_MAX, &m));
    ph_midi_queue_deinit(&queue);
  }
}

/* ---- in ---- */

static double jitter(uint32_t *x, double most)
{
  *x = *x * 1664525u + 1013904223u;
  return ((double)(*x >> 8) / (1 << 23) - 1) * most;
}

/* Ticks that come up to 1 ms early or late: after four seconds the phase is right to 1 ms, the tempo to 0.5 %, and nothing goes back. */
static void jitter_is_filtered(void **state)
{
  (void)state;
  static const double tempi[] = { 40, 60, 120, 174, 240 };
  for (size_t t = 0; t < PH_COUNT(tempi); t++) {
    PhMidiClockIn clock = { 0 };
    uint32_t x = 7;
    const double period = 60 / (tempi[t] * PH_MIDI_TICKS_QUARTER);
    double before = 0, worst = 0, worst_bpm = 0;
    ph_midi_clock_in(&clock, PH_MIDI_START, 99.9);
    for (int i = 0; i * period < 30; i++) {
      const double due = 100 + i * period;
      ph_midi_clock_in(&clock, PH_MIDI_TICK, due + jitter(&x, 0.001));
      for (int k = 1; k <= 4; k++) { /* 1 ms later the tick has come, whatever its jitter */
        const double now = due + 0.001 + k * (period - 0.002) / 4, quarters = ph_midi_clock_quarters(&clock, now);
        assert_true(quarters >= before);
        before = quarters;
        if (now > 104) {
          const double error =
              fabs(quarters - (now - 100) / (period * PH_MIDI_TICKS_QUARTER)) * period * PH_MIDI_TICKS_QUARTER;
          const double bpm = fabs(ph_midi_clock_bpm(&clock, now) / tempi[t] - 1);
          worst = error > worst ? error : worst;
          worst_bpm = bpm > worst_bpm ? bpm : worst_bpm;
        }
      }
    }
    print_message("%g bpm: phase %.3f ms, tempo %.3f %%\n", tempi[t], 1000 * worst, 100 * worst_bpm);
    assert_true(worst < 0.001);
    assert_true(worst_bpm < 0.005);
  }
}

static void a_change_of_tempo_is_followed(void **state)
{
  (void)state;
  PhMidiClockIn clock = { 0 };
  double now = 10;
  ph_midi_clock_in(&clock, PH_MIDI_START, now);
  for (int i = 0; i < 240; i++, now += 0.5 / 24) {
    ph_midi_clock_in(&clock, PH_MIDI_TICK, now);
  }
  assert_true(fabs(ph_midi_clock_bpm(&clock, now) - 120) < 0.01);
  double before = 0;
  for (int i = 0; i < 480; i++, now += 0.4 / 24) {
    ph_midi_clock_in(&clock, PH_MIDI_TICK, now);
    assert_true(ph_midi_clock_quarters(&clock, now) >= before);
    before = ph_midi_clock_quarters(&clock, now);
  }
  assert_true(fabs(ph_midi_clock_bpm(&clock, now) - 150) < 0.1);
  assert_true(fabs(ph_midi_clock_quarters(&clock, now) - 720.0 / 24) < 0.01);
}

static void it_stops_and_goes_on(void **state)
{
  (void)state;
  PhMidiClockIn clock = { 0 };
  double now = 0;
  assert_true(ph_midi_clock_bpm(&clock, 0) == 0 && ph_midi_clock_quarters(&clock, 0) == 0);
  for (int i = 0; i < 48; i++, now += 0.5 / 24) { /* ticks before the start count nothing, but the tempo is known */
    ph_midi_clock_in(&clock, PH_MIDI_TICK, now);
  }
  assert_true(ph_midi_clock_quarters(&clock, now) == 0 && fabs(ph_midi_clock_bpm(&clock, now) - 120) < 0.01);
  ph_midi_clock_in(&clock, PH_MIDI_START, now - 0.001);
  for (int i = 0; i <= 48; i++, now += 0.5 / 24) {
    ph_midi_clock_in(&clock, PH_MIDI_TICK, now);
  }
  ph_midi_clock_in(&clock, PH_MIDI_STOP, now - 0.02);
  const double stopped = ph_midi_clock_quarters(&clock, now);
  assert_true(fabs(stopped - 2) < 0.05);
  assert_true(ph_midi_clock_quarters(&clock, now + 5) == stopped);
  assert_true(ph_midi_clock_bpm(&clock, now + 5) == 0); /* nobody ticks */
  now += 10;
  ph_midi_clock_in(&clock, PH_MIDI_CONTINUE, now);
  for (int i = 0; i <= 24; i++, now += 0.5 / 24) {
    ph_midi_clock_in(&clock, PH_MIDI_TICK, now);
  }
  assert_true(fabs(ph_midi_clock_quarters(&clock, now - 0.5 / 24) - 3) < 0.05);
  ph_midi_clock_in(&clock, PH_MIDI_STOP, now - 0.01);
  ph_midi_clock_position(&clock, 6); /* sixteenths */
  assert_true(ph_midi_clock_quarters(&clock, now) == 1.5);
  ph_midi_clock_in(&clock, PH_MIDI_CONTINUE, now);
  for (int i = 0; i <= 24; i++, now += 0.5 / 24) {
    ph_midi_clock_in(&clock, PH_MIDI_TICK, now);
  }
  assert_true(fabs(ph_midi_clock_quarters(&clock, now - 0.5 / 24) - 2.5) < 0.05);
  ph_midi_clock_in(&clock, 0x90, now);
  ph_midi_clock_in(&clock, PH_MIDI_START, now);
  assert_true(ph_midi_clock_quarters(&clock, now) == 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(ticks_are_on_their_frame),
    cmocka_unit_test(jitter_is_filtered),
    cmocka_unit_test(a_change_of_tempo_is_followed),
    cmocka_unit_test(it_stops_and_goes_on),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
