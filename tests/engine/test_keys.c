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
  int what; /* 0: a key; -1: a controller; else the PhInputKind of what `key` and `velocity` are */
} Key;

static void tell(PhEngine *engine, const Key *key)
{
  assert_int_equal(key->what ? ph_engine_midi(engine, key->frame, key->what < 0 ? PH_INPUT_CC : (PhInputKind)key->what,
                                              key->channel, key->key, key->velocity)
                             : ph_engine_note(engine, key->frame, key->channel, key->key, key->velocity),
                   PH_OK);
}

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
      tell(engine, &keys[next]);
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
    Key keys[12];
    size_t count;
  } cases[] = {
    /* In these a cycle is a second. */
    { "cps: 1\n~v: saw 110 # lpf 900\nout: note ~midi # s \"~v\"",
      "cps: 1\n~v: saw 110 # lpf 900\nout: note \"<7 ~>\" # s \"~v\"",
      { { 0, 1, 67, 1, 0 }, { RATE, 1, 67, 0, 0 } },
      2 },
    { "cps: 1\n~v: saw 110\nout: ~midi # s \"~v\" # gain 0.5",
      "cps: 1\n~v: saw 110\nout: note \"<[~ 0] ~>\" # s \"~v\" # gain 0.5 # velocity 0.5",
      { { RATE / 2, 2, 60, 0.5, 0 }, { RATE, 2, 60, 0, 0 } },
      2 },
    { "cps: 1\n~v: saw 110\nout: note (~midi |+ 12) # s \"~v\" # attack 0.1 # release 0.3",
      "cps: 1\n~v: saw 110\nout: note \"<[12 14] ~>\" # s \"~v\" # attack 0.1 # release 0.3",
      { { 0, 1, 60, 1, 0 }, { RATE / 2, 1, 60, 0, 0 }, { RATE / 2, 1, 62, 1, 0 }, { RATE, 1, 62, 0, 0 } },
      4 },
    /* A gate inside the voice. */
    { "cps: 1\n~v: saw 110 * adsr 0.01 0.1 0.5 0.2\nout: note ~midi # s \"~v\" # release 0.3",
      "cps: 1\n~v: saw 110 * adsr 0.01 0.1 0.5 0.2\nout: note \"<0 ~>\" # s \"~v\" # release 0.3",
      { { 0, 1, 60, 1, 0 }, { RATE, 1, 60, 0, 0 } },
      2 },
    /* What has a length of its own keeps it. */
    { "cps: 1\nout: note ~midi # s \"ramp\"",
      "cps: 1\nout: note \"<0 ~>\" # s \"ramp\"",
      { { 0, 1, 60, 1, 0 }, { 100, 1, 60, 0, 0 } },
      2 },
    { "cps: 1\n~v: saw 110\nout: note ~midi # s \"~v\" # ar 0.1 0.2",
      "cps: 1\n~v: saw 110\nout: note \"<0 ~>\" # s \"~v\" # ar 0.1 0.2",
      { { 0, 1, 60, 1, 0 }, { 100, 1, 60, 0, 0 } },
      2 },
    /* Scales, channels, and what the pattern says at that moment. */
    { "cps: 1\n~v: saw 110\nout: note ~midi:c:major # s \"~v\"",
      "cps: 1\n~v: saw 110\nout: note \"<0 ~>\" # s \"~v\"",
      { { 0, 1, 61, 1, 0 }, { RATE, 1, 61, 0, 0 } },
      2 },
    { "cps: 1\n~v: saw 110\nout: note ~midi:ef:minor # s \"~v\"",
      "cps: 1\n~v: saw 110\nout: note \"<-1 ~>\" # s \"~v\"",
      { { 0, 1, 59, 1, 0 }, { RATE, 1, 59, 0, 0 } },
      2 },
    { "cps: 1\n~v: saw 110\nout: note ~midi3 # s \"~v\"",
      "cps: 1\n~v: saw 110\nout: note \"<0 ~>\" # s \"~v\"",
      { { 0, 3, 60, 1, 0 }, { 5, 1, 65, 1, 0 }, { RATE, 3, 60, 0, 0 }, { RATE, 1, 65, 0, 0 } },
      4 },
    { "cps: 1\n~v: saw 110\nout: note ~midi # s \"~v\" # gain \"0.25 0.75\"",
      "cps: 1\n~v: saw 110\nout: note \"<[~ 0] ~>\" # s \"~v\" # gain 0.75",
      { { RATE / 2, 1, 60, 1, 0 }, { RATE, 1, 60, 0, 0 } },
      2 },
    /* Arpeggios: from the first step on, with the keys that are down then, over octaves, of one channel, in a scale. */
    { "cps: 1\n~v: saw 110\nout: note ~midi:arp:up:4 # s \"~v\"",
      "cps: 1\n~v: saw 110\nout: note \"<[0 4 7 0] ~>\" # s \"~v\"",
      { { 0, 1, 64, 1, 0 },
        { 0, 1, 60, 1, 0 },
        { 0, 1, 67, 1, 0 },
        { RATE, 1, 60, 0, 0 },
        { RATE, 1, 64, 0, 0 },
        { RATE, 1, 67, 0, 0 } },
      6 },
    { "cps: 1\n~v: saw 110\nout: note ~midi:c:minor:arp:down:3:2 # s \"~v\" # legato 0.5",
      "cps: 1\n~v: saw 110\nout: note \"<[15 12 3] ~>\" # s \"~v\" # legato 0.5",
      { { 0, 1, 60, 1, 0 }, { 0, 2, 64, 1, 0 }, { RATE, 1, 60, 0, 0 }, { RATE, 2, 64, 0, 0 } },
      4 },
    { "cps: 1\n~v: saw 110\nout: note (~midi2:arp:updown:8 |+ 12) # s \"~v\"",
      "cps: 1\n~v: saw 110\nout: note \"<[~ 12 15 12 15 12 15 24] ~>\" # s \"~v\"",
      { { RATE / 8 - 5, 2, 60, 1, 0 },
        { RATE / 4, 2, 63, 1, 0 },
        { RATE / 4 + 9, 1, 70, 1, 0 },
        { RATE / 2 + 1, 2, 67, 1, 0 },
        { RATE * 3 / 4 - 3, 2, 72, 1, 0 },
        { RATE * 7 / 8 - 100, 2, 60, 0, 0 },
        { RATE * 7 / 8 + 50, 2, 63, 0, 0 },
        { RATE * 7 / 8 + 50, 2, 67, 0, 0 },
        { RATE * 7 / 8 + 50, 2, 72, 0, 0 } },
      9 },
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
    keys[i] = (Key){ at, 1 + (x >> 28) % 2, 48 + (x >> 20) % 8, i % 2 ? 0 : ((x >> 12) % 100 + 1) / 100.0, 0 };
    if (i % 7 == 5) { /* the pedal */
      keys[i].what = -1;
      keys[i].key = 64;
    }
    if (i % 7 == 3) { /* the wheel, and pressure */
      keys[i].what = i % 3 == 0 ? PH_INPUT_BEND : i % 3 == 1 ? PH_INPUT_PRESSURE : PH_INPUT_KEY_PRESSURE;
      keys[i].velocity = ((x >> 12) % 100) / 100.0;
    }
  }
  static const char text[] = "~v: square 220 # lpf (800 + ctl \"miditouch\" 0 * 10 + ctl \"polyTouch\" 0 * 20) 0.7\n"
                             "o1: note ~midi # s \"~v\" # release 0.1\n"
                             "o2: note (~midi2 |+ \"0 12\") # s \"superpiano\" # gain 0.4\n"
                             "o3: s \"ramp*8\"\n"
                             "o4: note ~midi:c:minor:arp:updown:16:2 # s \"~v\" # legato 0.8\n"
                             "o5: note (~midi1:arp:down:5) # s \"superpiano\" # gain (pitchbend 1 + 1)\n";
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

static int crossings(const float *out, int from, int to)
{
  int count = 0;
  for (int f = from; f < to; f++) {
    count += out[2 * f] < 0 && out[2 * f + 2] >= 0;
  }
  return count;
}

/* The wheel bends what its channel plays by two semitones: what sounds, from its frame on, and what comes; whoever listens has it in other ranges. */
static void the_wheel_bends(void **state)
{
  (void)state;
  static const char text[] = "cps: 1\n~v: sine 440\nout: note ~midi # s \"~v\" # release 0.01\n";
  const Key keys[] = { { 0, 1, 69, 1, 0 },
                       { RATE / 2, 2, 0, 1, PH_INPUT_BEND }, /* another channel */
                       { RATE / 2, 1, 0, 1, PH_INPUT_BEND },
                       { RATE, 1, 69, 0, 0 },
                       { RATE + 1000, 1, 69, 1, 0 },
                       { RATE + 3 * RATE / 8, 1, 0, -1, PH_INPUT_BEND } };
  Played hand = play(text, keys, PH_COUNT(keys), plain);
  Played plainly = play(text, keys, 1, plain);
  assert_memory_equal(hand.out, plainly.out, RATE / 2 * 2 * sizeof(float));
  assert_true(hand.out[RATE + 100] != plainly.out[RATE + 100]);
  const struct {
    int from, to;
    double hz;
  } spans[] = { { 0, RATE / 2, 440 },
                { RATE / 2, RATE, 440 * pow(2, 2 / 12.0) },
                { RATE + 1000, RATE + 3 * RATE / 8, 440 * pow(2, 2 / 12.0) },
                { RATE + 3 * RATE / 8, FRAMES - 2, 440 * pow(2, -2 / 12.0) } };
  for (size_t i = 0; i < PH_COUNT(spans); i++) {
    const double expected = spans[i].hz * (spans[i].to - spans[i].from) / RATE;
    assert_true(fabs(crossings(hand.out, spans[i].from, spans[i].to) - expected) <= 1.5);
  }
  free(hand.out);
  free(plainly.out);
  const Key turns[] = { { 100, 3, 0, 0.5, PH_INPUT_BEND },
                        { 200, 3, 0, 0.25, PH_INPUT_PRESSURE },
                        { 300, 3, 60, 0.125, PH_INPUT_KEY_PRESSURE },
                        { 400, 3, 0, 64, PH_INPUT_PROGRAM },
                        { 500, 2, 0, 1, PH_INPUT_PRESSURE },
                        { 600, 3, 61, 1, PH_INPUT_KEY_PRESSURE } };
  Played heard = play("out: pitchbend 12 / 12 + pressure 3 + keypressure 60 + program 3 / 128 + pitchbend 1 2", turns,
                      PH_COUNT(turns), plain);
  const double sums[] = { 0, 0.5, 0.75, 0.875, 1.375, 1.375, 1.375 };
  for (size_t i = 0; i < PH_COUNT(sums); i++) {
    assert_true((double)heard.out[2 * (100 * i + 50)] == sums[i]);
  }
  assert_true(heard.out[2 * 99] == 0 && heard.out[2 * 100] == 0.5f);
  free(heard.out);
}

/* An instrument reads how hard its own key is pressed, and its channel; and how fast the key was struck. */
static void keys_are_pressed(void **state)
{
  (void)state;
  const Key keys[] = { { 0, 1, 60, 0.5, 0 },
                       { 0, 1, 64, 1, 0 },
                       { 1000, 1, 60, 1, PH_INPUT_KEY_PRESSURE },
                       { 2000, 1, 62, 1, PH_INPUT_KEY_PRESSURE }, /* it is up */
                       { 3000, 1, 64, 1, PH_INPUT_KEY_PRESSURE },
                       { 4000, 1, 60, 0, PH_INPUT_KEY_PRESSURE } };
  Played poly =
      play("~v: 1 * ctl \"polyTouch\" 0 / 127\nout: ~midi # s \"~v\" # attack 0", keys, PH_COUNT(keys), plain);
  const double levels[] = { 0, 0.5, 0.5, 1.5, 1 };
  for (size_t i = 0; i < PH_COUNT(levels); i++) {
    assert_true(fabs((double)poly.out[2 * (1000 * i + 500)] - levels[i]) < 1e-6);
  }
  assert_true(poly.out[2 * 999] == 0 && poly.out[2 * 1000] > 0);
  free(poly.out);
  const Key pressed[] = {
    { 0, 1, 60, 1, 0 }, { 1000, 1, 0, 0.5, PH_INPUT_PRESSURE }, { 2000, 1, 64, 1, 0 }, { 2000, 2, 67, 1, 0 }
  };
  Played channel =
      play("~v: 1 * ctl \"miditouch\" 0 / 127\nout: ~midi # s \"~v\" # attack 0", pressed, PH_COUNT(pressed), plain);
  const double sums[] = { 0, 0.5, 1 };
  for (size_t i = 0; i < PH_COUNT(sums); i++) {
    assert_true(fabs((double)channel.out[2 * (1000 * i + 500)] - sums[i]) < 1e-6);
  }
  free(channel.out);
  Played fast = play("~v: 1 * ctl \"velocity\" 9\nout: ~midi # s \"~v\" # attack 0 # gain 1", keys, 1, plain);
  assert_true(fabs((double)fast.out[2 * 500] - 0.25) < 1e-6); /* its level is the velocity, too */
  free(fast.out);
}

/* What the sustain pedal holds sounds on until it comes up, or the key is struck again; all notes off lets go of all. */
static void the_pedal_holds(void **state)
{
  (void)state;
  static const char text[] = "~v: 1 * ctl \"x\" 1\nout: ~midi # s \"~v\" # attack 0";
  const Key keys[] = { { 0, 1, 60, 1, 0 },     { 4000, 1, 64, 1, -1 },  { 8000, 1, 60, 0, 0 },
                       { 12000, 2, 60, 1, 0 }, { 16000, 2, 60, 0, 0 },  { 20000, 1, 60, 1, 0 },
                       { 24000, 1, 64, 1, 0 }, { 28000, 1, 64, 0, 0 },  { 32000, 1, 64, 0, -1 },
                       { 36000, 1, 60, 0, 0 }, { 40000, 1, 64, 1, -1 }, { 44000, 1, 60, 1, 0 },
                       { 48000, 1, 60, 0, 0 }, { 52000, 1, 61, 1, 0 },  { 56000, 1, 123, 0, -1 },
                       { 60000, 1, 61, 1, 0 }, { 64000, 1, 61, 0, 0 },  { 68000, 1, 64, 0.4, -1 } };
  const double levels[] = { 1, 1, 1, 2, 1, 1, 2, 2, 1, 0, 0, 1, 1, 2, 0, 1, 1, 0 };
  Played held = play(text, keys, PH_COUNT(keys), plain);
  for (size_t i = 0; i < PH_COUNT(levels); i++) {
    const double x = (double)held.out[2 * (4000 * i + 3500)];
    if (fabs(x - levels[i]) > 1e-6) {
      fail_msg("at frame %zu: %g", 4000 * i + 3500, x);
    }
  }
  free(held.out);
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
  assert_int_equal(ph_engine_midi(engine, 0, PH_INPUT_BEND, 0, 0, 1), PH_ARG);
  assert_int_equal(ph_engine_midi(engine, 0, PH_INPUT_BEND, 1, 0, 1.1), PH_ARG);
  assert_int_equal(ph_engine_midi(engine, 0, PH_INPUT_PRESSURE, 1, 0, -0.1), PH_ARG);
  assert_int_equal(ph_engine_midi(engine, 0, PH_INPUT_OSC, 1, 0, 0), PH_ARG);
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
    cmocka_unit_test(keys_are_events),  cmocka_unit_test(blocks_do_not_matter), cmocka_unit_test(the_wheel_bends),
    cmocka_unit_test(keys_are_pressed), cmocka_unit_test(the_pedal_holds),      cmocka_unit_test(keys_end),
    cmocka_unit_test(warnings),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
