/* Keys that are played by hand: what they start, on which frame, and that they end; the same bits for any blocks and threads.
   SPDX-License-Identifier: MIT */
#include "built.h"
#include "plans.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 44100, FRAMES = 80000 };

typedef struct Key {
  int64_t frame;
  uint32_t channel, key;
  double velocity;
} Key;

typedef struct Played {
  float *out;
  PhEngineStats stats;
} Played;

/* Each key is told at the beginning of the call that it falls into. */
static Played play(const char *text, const Key *keys, size_t count, Run run)
{
  Built b;
  built(&b, "keys", text);
  PhEngineOptions options = PH_ENGINE_DEFAULTS;
  options.block_frames = run.block;
  options.threads = run.threads;
  options.no_safety = true;
  options.max_voices = run.max_voices ? run.max_voices : 64;
  PhEngine *engine;
  assert_int_equal(ph_engine_new(&b.plan, hand_store(), &options, NULL, NULL, &engine), PH_OK);
  Played played = { .out = calloc(2 * FRAMES, sizeof(float)) };
  size_t next = 0;
  for (uint32_t at = 0; at < FRAMES;) {
    const uint32_t n = FRAMES - at < run.ask ? FRAMES - at : run.ask;
    for (; next < count && keys[next].frame < (int64_t)at + n; next++) {
      assert_int_equal(
          ph_engine_note(engine, keys[next].frame, keys[next].channel, keys[next].key, keys[next].velocity), PH_OK);
    }
    assert_int_equal(ph_engine_render(engine, n, played.out + 2 * (size_t)at, NULL), PH_OK);
    at += n;
  }
  ph_engine_stats(engine, &played.stats);
  ph_engine_free(engine);
  built_drop(&b);
  return played;
}

static const Run plain = { .block = 64, .threads = 1, .ask = 512 };

/* A key that is held for so long sounds as an event of that length does. */
static void keys_are_events(void **state)
{
  (void)state;
  static const struct {
    const char *by_hand, *by_pattern;
    Key keys[4];
    size_t count;
  } cases[] = {
    /* In these a cycle is a second. */
    { "cps: 1\n~v: saw 110 # lpf 900\nout: note ~midi # s \"~v\"",
      "cps: 1\n~v: saw 110 # lpf 900\nout: note \"<7 ~>\" # s \"~v\"",
      { { 0, 1, 67, 1 }, { RATE, 1, 67, 0 } },
      2 },
    { "cps: 1\n~v: saw 110\nout: ~midi # s \"~v\" # gain 0.5",
      "cps: 1\n~v: saw 110\nout: note \"<[~ 0] ~>\" # s \"~v\" # gain 0.5 # velocity 0.5",
      { { RATE / 2, 2, 60, 0.5 }, { RATE, 2, 60, 0 } },
      2 },
    { "cps: 1\n~v: saw 110\nout: note (~midi |+ 12) # s \"~v\" # attack 0.1 # release 0.3",
      "cps: 1\n~v: saw 110\nout: note \"<[12 14] ~>\" # s \"~v\" # attack 0.1 # release 0.3",
      { { 0, 1, 60, 1 }, { RATE / 2, 1, 60, 0 }, { RATE / 2, 1, 62, 1 }, { RATE, 1, 62, 0 } },
      4 },
    /* A gate inside the voice. */
    { "cps: 1\n~v: saw 110 * adsr 0.01 0.1 0.5 0.2\nout: note ~midi # s \"~v\" # release 0.3",
      "cps: 1\n~v: saw 110 * adsr 0.01 0.1 0.5 0.2\nout: note \"<0 ~>\" # s \"~v\" # release 0.3",
      { { 0, 1, 60, 1 }, { RATE, 1, 60, 0 } },
      2 },
    /* What has a length of its own keeps it. */
    { "cps: 1\nout: note ~midi # s \"ramp\"",
      "cps: 1\nout: note \"<0 ~>\" # s \"ramp\"",
      { { 0, 1, 60, 1 }, { 100, 1, 60, 0 } },
      2 },
    { "cps: 1\n~v: saw 110\nout: note ~midi # s \"~v\" # ar 0.1 0.2",
      "cps: 1\n~v: saw 110\nout: note \"<0 ~>\" # s \"~v\" # ar 0.1 0.2",
      { { 0, 1, 60, 1 }, { 100, 1, 60, 0 } },
      2 },
    /* Scales, channels, and what the pattern says at that moment. */
    { "cps: 1\n~v: saw 110\nout: note ~midi:c:major # s \"~v\"",
      "cps: 1\n~v: saw 110\nout: note \"<0 ~>\" # s \"~v\"",
      { { 0, 1, 61, 1 }, { RATE, 1, 61, 0 } },
      2 },
    { "cps: 1\n~v: saw 110\nout: note ~midi:ef:minor # s \"~v\"",
      "cps: 1\n~v: saw 110\nout: note \"<-1 ~>\" # s \"~v\"",
      { { 0, 1, 59, 1 }, { RATE, 1, 59, 0 } },
      2 },
    { "cps: 1\n~v: saw 110\nout: note ~midi3 # s \"~v\"",
      "cps: 1\n~v: saw 110\nout: note \"<0 ~>\" # s \"~v\"",
      { { 0, 3, 60, 1 }, { 5, 1, 65, 1 }, { RATE, 3, 60, 0 }, { RATE, 1, 65, 0 } },
      4 },
    { "cps: 1\n~v: saw 110\nout: note ~midi # s \"~v\" # gain \"0.25 0.75\"",
      "cps: 1\n~v: saw 110\nout: note \"<[~ 0] ~>\" # s \"~v\" # gain 0.75",
      { { RATE / 2, 1, 60, 1 }, { RATE, 1, 60, 0 } },
      2 },
  };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    Played hand = play(cases[i].by_hand, cases[i].keys, cases[i].count, plain);
    Played pattern = play(cases[i].by_pattern, NULL, 0, plain);
    double power = 0;
    for (size_t k = 0; k < 2 * FRAMES; k++) {
      power += (double)pattern.out[k] * (double)pattern.out[k];
      if (hand.out[k] != pattern.out[k]) {
        fail_msg("%s: frame %d: %g instead of %g", cases[i].by_hand, (int)k / 2, (double)hand.out[k],
                 (double)pattern.out[k]);
      }
    }
    assert_true(power > 1);
    free(hand.out);
    free(pattern.out);
  }
}

/* Three hands on a keyboard, chords, keys that are struck again, and more of them than there are voices. */
static void blocks_do_not_matter(void **state)
{
  (void)state;
  static const Run runs[] = { { .block = 1, .threads = 1, .ask = 4096 },
                              { .block = 7, .threads = 3, .ask = 1000 },
                              { .block = 4096, .threads = 2, .ask = FRAMES },
                              { .block = 512, .threads = 1, .ask = 333 } };
  Key keys[120];
  uint32_t x = 3;
  int64_t at = 0;
  for (size_t i = 0; i < PH_COUNT(keys); i++) {
    x = x * 1664525u + 1013904223u;
    at += i % 3 ? (x >> 8) % 1500 : 0;
    keys[i] = (Key){ at, 1 + (x >> 28) % 2, 48 + (x >> 20) % 8, i % 2 ? 0 : ((x >> 12) % 100 + 1) / 100.0 };
  }
  static const char text[] = "~v: square 220 # lpf \"800 2000\" 0.7\n"
                             "o1: note ~midi # s \"~v\" # release 0.1\n"
                             "o2: note (~midi2 |+ \"0 12\") # s \"superpiano\" # gain 0.4\n"
                             "o3: s \"ramp*8\"\n";
  for (uint32_t most = 4; most <= 64; most += 60) {
    Run run = plain;
    run.max_voices = most;
    Played expected = play(text, keys, PH_COUNT(keys), run);
    assert_true(most == 64 || expected.stats.voices_stolen > 0);
    for (size_t r = 0; r < PH_COUNT(runs); r++) {
      run = runs[r];
      run.max_voices = most;
      Played other = play(text, keys, PH_COUNT(keys), run);
      for (size_t k = 0; k < 2 * FRAMES; k++) {
        if (other.out[k] != expected.out[k]) {
          fail_msg("blocks of %u: frame %d differs", run.block, (int)k / 2);
        }
      }
      assert_int_equal(other.stats.voices_started, expected.stats.voices_started);
      free(other.out);
    }
    free(expected.out);
  }
}

static void keys_end(void **state)
{
  (void)state;
  Built b, edited;
  built(&b, "held", "~v: saw 110\nout: note ~midi # s \"~v\" # release 0.01\n");
  built(&edited, "edited", "~v: saw 110\nout: note ~midi # s \"~v\" # release 0.01\no2: s \"ramp\" # gain 0\n");
  PhEngineOptions options = PH_ENGINE_DEFAULTS;
  PhEngine *engine, *spare;
  static float out[2 * RATE];
  assert_int_equal(ph_engine_new(&b.plan, hand_store(), &options, NULL, NULL, &engine), PH_OK);
  assert_int_equal(ph_engine_note(engine, 0, 0, 60, 1), PH_ARG);
  assert_int_equal(ph_engine_note(engine, 0, 17, 60, 1), PH_ARG);
  assert_int_equal(ph_engine_note(engine, 0, 1, 128, 1), PH_ARG);
  assert_int_equal(ph_engine_note(engine, 0, 1, 60, (double)NAN), PH_ARG);
  assert_int_equal(ph_engine_note(engine, 0, 1, 60, 0), PH_OK); /* it was not held */
  for (uint32_t key = 60; key < 64; key++) {
    assert_int_equal(ph_engine_note(engine, 10, 1, key, 0.5), PH_OK);
  }
  assert_int_equal(ph_engine_render(engine, RATE, out, NULL), PH_OK);
  assert_int_equal(ph_engine_voices(engine), 4);
  assert_int_equal(ph_engine_note(engine, 0, 1, 60, 0), PH_OK);   /* too late for frame 0: now */
  assert_int_equal(ph_engine_note(engine, 0, 1, 61, 0.5), PH_OK); /* again: the former one ends */
  assert_int_equal(ph_engine_render(engine, RATE, out, NULL), PH_OK);
  assert_int_equal(ph_engine_voices(engine), 3);
  assert_int_equal(ph_engine_spare(engine, &edited.plan, NULL, NULL, &spare), PH_OK); /* held through an edit */
  assert_int_equal(ph_engine_swap(engine, spare), PH_OK);
  ph_engine_free(spare);
  assert_int_equal(ph_engine_render(engine, RATE, out, NULL), PH_OK);
  assert_true(fabsf(out[2 * RATE - 2]) > 0 || fabsf(out[2 * RATE - 4]) > 0);
  assert_int_equal(ph_engine_notes_off(engine, 3 * RATE + 100), PH_OK);
  assert_int_equal(ph_engine_render(engine, RATE, out, NULL), PH_OK);
  assert_true(fabsf(out[2 * 99]) > 0 && out[2 * 600] == 0 && out[2 * RATE - 2] == 0);
  ph_engine_free(engine);
  built_drop(&b);
  built_drop(&edited);
}

static void what_cannot_be_held_is_said(void *ctx, PhSeverity severity, PhSource at, const char *text, const char *help)
{
  (void)at, (void)help;
  uint32_t *said = ctx;
  *said += severity == PH_SEVERITY_WARNING && (strstr(text, "by hand") != NULL);
}

static void warnings(void **state)
{
  (void)state;
  Built b;
  built(&b, "warned", "~riff: s \"ramp(3,8)\"\no1: note ~midi # s \"~riff\"\no2: note ~midi # midi \"synth\"\n");
  PhEngineOptions options = PH_ENGINE_DEFAULTS;
  PhEngine *engine;
  uint32_t said = 0;
  float out[2 * 100];
  assert_int_equal(ph_engine_new(&b.plan, hand_store(), &options, what_cannot_be_held_is_said, &said, &engine), PH_OK);
  assert_int_equal(ph_engine_note(engine, 0, 1, 60, 1), PH_OK);
  assert_int_equal(ph_engine_render(engine, 100, out, NULL), PH_OK);
  assert_int_equal(said, 2);
  ph_engine_free(engine);
  built_drop(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(keys_are_events),
    cmocka_unit_test(blocks_do_not_matter),
    cmocka_unit_test(keys_end),
    cmocka_unit_test(warnings),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
