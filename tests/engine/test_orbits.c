/* Orbits: what the events of a pattern send to a reverb and a delay, which changes with the event that says so.
   SPDX-License-Identifier: MIT */
#include "built.h"
#include "plans.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static float *render_by(const char *text, bool tidal, uint32_t frames, Run run)
{
  Built b;
  built(&b, tidal ? "test.tidal" : "test.ph", text);
  float *out = hand_render(&b.plan, run, frames, NULL);
  built_drop(&b);
  return out;
}

static float *render(const char *text, bool tidal, uint32_t frames)
{
  return render_by(text, tidal, frames, (Run){ .block = 512, .threads = 1 });
}

static float peak(const float *out, uint32_t from, uint32_t to)
{
  float most = 0;
  for (size_t i = 2 * (size_t)from; i < 2 * (size_t)to; i++) {
    most = fabsf(out[i]) > most ? fabsf(out[i]) : most;
  }
  return most;
}

/* The texts of a pair sound the same: events in an orbit, and the units that it is made of. */
static const struct {
  const char *events, *units;
  bool tidal;
} pairs[] = {
  { "out: s \"<ramp ~!7>\" # room 0.5 # size 0.7\n", "~x: s \"<ramp ~!7>\"\nout: ~x + (~x * 0.5 # reverb 0.7 0.5 1)\n",
    false },
  { "out: s \"<ramp ~!7>\" # room 0.5 # size 0.7 # dry 0.5\n",
    "~x: s \"<ramp ~!7>\"\nout: ~x + ((~x * 0.5 # reverb 0.7 0.5 1) * 0.5)\n", false },
  { "out: s \"<ramp ~!7>\" # room 0.5 # dry 1\n", "out: s \"<ramp ~!7>\"\n", false },
  { "out: s \"<ramp ~!7>\" # room 0\n", "out: s \"<ramp ~!7>\"\n", false },
  { "d1 $ s \"<ramp ~!7>\" # amp 1 # delay 0.7 # delaytime 0.2 # delayfeedback 0.3\n",
    "~x: s \"<ramp ~!7>\"\nout: ~x + (~x * 0.7 # delay 0.2 0.3 1)\n", true },
  { "setcps 0.5\nd1 $ s \"<ramp ~!7>\" # amp 1 # delay 0.7 # delaytime 0.125 # delayfeedback 0.3 # lock 1\n",
    "~x: s \"<ramp ~!7>\"\nout: ~x + (~x * 0.7 # delay 0.25 0.3 1)\n", true },
  { "out: s \"<ramp ~!7>\" # room 0.2 # orbit 5\n", "out: s \"<ramp ~!7>\" # room 0.2\n", false },
  { "out: s \"<ramp ~!7>\" # room 0.2 # orbit 19\n", "out: s \"<ramp ~!7>\" # room 0.2 # orbit 3\n", false },
  { "~riff: s \"ramp\" # room 0.3\nout: s \"<~riff ~!7>\"\n", "out: s \"<ramp ~!7>\" # room 0.3\n", false },
};

static void orbits_are_made_of_units(void **state)
{
  (void)state;
  enum { FRAMES = 40000 };
  for (size_t i = 0; i < PH_COUNT(pairs); i++) {
    float *events = render(pairs[i].events, pairs[i].tidal, FRAMES), *units = render(pairs[i].units, false, FRAMES);
    assert_true(peak(events, 0, FRAMES) > 0.3f);
    for (int64_t f = 0; f < 2 * FRAMES; f++) {
      if (fabsf(events[f] - units[f]) > 2e-6f) {
        fail_msg("%sframe %lld: %.9g, the units say %.9g", pairs[i].events, (long long)f / 2, (double)events[f],
                 (double)units[f]);
      }
    }
    free(events);
    free(units);
  }
}

enum { BEAT = 22050 }; /* a quarter of a cycle */

/* The second event sends nothing: the first one's echoes go on, and nothing is added from its onset on. */
static void an_event_changes_its_orbit(void **state)
{
  (void)state;
  float *out =
      render("setcps 0.5\nd1 $ s \"ramp ramp ~ ~\" # amp 1 # delay \"0.5 0 ~ ~\" # delaytime 0.25 # delayfeedback 0\n",
             true, 4 * BEAT);
  const int64_t echo = 11025; /* 0.25 s */
  for (int64_t f = 0; f < 1000; f++) {
    assert_float_equal(out[2 * (echo + f)], 0.5f * out[2 * f], 1e-6f);
    assert_true(fabsf(out[2 * (BEAT + echo + f)]) < (f < 441 ? 0.3f : 1e-3f)); /* what the fade of 10 ms lets through */
  }
  assert_true(peak(out, BEAT + 1100, BEAT + echo - 10) == 0);
  free(out);
}

/* Orbit 1 is dry while orbit 0 echoes. */
static void patterned_orbits_are_apart(void **state)
{
  (void)state;
  float *out = render(
      "setcps 0.5\nd1 $ s \"ramp ramp ~ ~\" # amp 1 # orbit \"0 1 ~ ~\" # delay \"0.5 0 ~ ~\" # delaytime 0.25\n", true,
      4 * BEAT);
  float *alone = render("setcps 0.5\nd1 $ s \"ramp ~ ~ ~\" # amp 1 # delay 0.5 # delaytime 0.25\n", true, 4 * BEAT);
  float *dry = render("setcps 0.5\nd1 $ s \"~ ramp ~ ~\" # amp 1\n", true, 4 * BEAT);
  for (int64_t f = 0; f < 8 * BEAT; f++) {
    assert_float_equal(out[f], alone[f] + dry[f], 1e-6f);
  }
  assert_true(peak(out, 11025, 12025) > 0.1f);
  free(out);
  free(alone);
  free(dry);
}

/* The send of one pattern is nobody else's, and site processors and effects of events come before it. */
static void sends_belong_to_their_pattern(void **state)
{
  (void)state;
  float *two =
      render("setcps 0.5\nd1 $ s \"ramp ~ ~ ~\" # amp 1 # delay 0.5\nd2 $ s \"~ ramp ~ ~\" # amp 1 # orbit 0\n", true,
             4 * BEAT);
  assert_true(peak(two, BEAT + 11025, BEAT + 12025) <
              0.26f * peak(two, BEAT, BEAT + 1000)); /* only the first one's third echo */
  free(two);
  float *crushed =
      render("setcps 0.5\nd1 $ s \"ramp ~ ~ ~\" # amp 1 # crush 2 # delay 0.5 # delayfeedback 0\n", true, BEAT);
  for (int64_t f = 50; f < 860; f++) { /* steps of a half; the echo is of what was crushed */
    assert_float_equal(crushed[2 * (11025 + f)], 0.5f * crushed[2 * f], 1e-6f);
    assert_float_equal(fmodf(crushed[2 * f], 0.5f), 0, 1e-6f);
  }
  free(crushed);
}

/* A cut group is of its orbit. */
static void cut_groups_are_of_an_orbit(void **state)
{
  (void)state;
  float *same = render("setcps 0.5\nd1 $ s \"wide ramp ~ ~\" # amp 1 # cut 1\n", true, 2 * BEAT);
  float *apart = render("setcps 0.5\nd1 $ s \"wide ramp ~ ~\" # amp 1 # cut 1 # orbit \"0 1 ~ ~\"\n", true, 2 * BEAT);
  assert_true(peak(same, BEAT + 1200, BEAT + 1300) == 0);
  assert_true(peak(apart, BEAT + 1200, BEAT + 1300) == 0.5f);
  free(same);
  free(apart);
}

static void same_bits_however_it_is_run(void **state)
{
  (void)state;
  enum { FRAMES = 30000 };
  static const char text[] = "setcps 2\nd1 $ every 2 (# lpf 900) $ s \"ramp*8\" # orbit \"0 1 2 3\" # room \"0.3 0 "
                             "0.7\" # size \"<0.2 0.9>\" # delay \"0.5 0.1\""
                             " # delaytime \"0.01 0.02 0.013\" # delayfeedback \"0.3 0.8\" # nudge \"0 0.01\"\nd2 $ s "
                             "\"ramp*3\" # room 0.4 # crush \"3 5\"\n";
  float *expected = render(text, true, FRAMES);
  assert_true(peak(expected, 0, FRAMES) > 0.1f);
  const PhUnitSet *const *sets;
  const size_t set_count = ph_unit_sets(&sets);
  static const uint32_t blocks[] = { 1, 7, 64, 4096 }, threads[] = { 1, 3, 8 };
  for (size_t s = 0; s < set_count; s++) {
    for (size_t b = 0; b < PH_COUNT(blocks) * PH_COUNT(threads); b++) {
      const Run run = {
        .block = blocks[b % 4], .threads = threads[b / 4], .isa = sets[s]->name, .ask = b == 5 ? 777 : 0
      };
      const uint32_t frames = b % 4 == 0 ? FRAMES / 8 : FRAMES;
      float *out = render_by(text, true, frames, run);
      assert_memory_equal(out, expected, frames * 2 * sizeof *out);
      free(out);
    }
  }
  free(expected);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(orbits_are_made_of_units),   cmocka_unit_test(an_event_changes_its_orbit),
    cmocka_unit_test(patterned_orbits_are_apart), cmocka_unit_test(sends_belong_to_their_pattern),
    cmocka_unit_test(cut_groups_are_of_an_orbit), cmocka_unit_test(same_bits_however_it_is_run),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
