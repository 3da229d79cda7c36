/* A tempo that comes from outside: every event once and on its frame, the same bits as a text that says so.
   SPDX-License-Identifier: MIT */
#include "built.h"
#include "changes.h"
#include "plans.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 44100, CHANGES_MAX = 64 };

static const uint32_t usual[3] = { 64, 1, 512 };

static const char *piece = "~v: saw 110 * 0.5\n"
                           "o1: s \"~v*4\" # note \"<0 3> 7 5 <12 10>\" # dur 0.05\n"
                           "o2: square \"110*2 220 [165 330]\" * tadsr \"1*8\" 0.002 0.05 0.2 0.05 * 0.3\n"
                           "o3: noise * tar \"1 ~ 1*2 ~\" 0.001 0.02 # delay (3/16) 0.5 0.4 :sync 1 * 0.3\n"
                           "o4: sine (range 200 400 (slow 2 tri)) * 0.1\n";

/* The piece with a line before it. */
static char *with(const char *line)
{
  char *text = malloc(strlen(line) + strlen(piece) + 2);
  assert_non_null(text);
  (void)sprintf(text, "%s\n%s", line, piece);
  return text;
}

/* The piece with these changes is the one whose text says so. */
static void expect_as_text(const char *what, const char *line, const Change *changes, size_t count, int64_t frames)
{
  char *text = with(line);
  float *expected = changed_render(text, NULL, 0, frames, usual);
  float *out = changed_render(piece, changes, count, frames, usual);
  expect_same(what, expected, out, frames);
  free(expected);
  free(out);
  free(text);
}

static void a_tempo_from_the_beginning_is_that_of_the_text(void **state)
{
  (void)state;
  const Change change = { 0, 0.7, ACT_TEMPO };
  expect_as_text("from the beginning", "cps: 0.7", &change, 1, 2 * RATE);
}

/* Cycle 1 is at 2 s: no event spans it. */
static void a_change_is_that_of_a_pattern(void **state)
{
  (void)state;
  const Change change = { (int64_t)2 * RATE, 0.75, ACT_TEMPO };
  expect_as_text("at a cycle", "cps: \"<0.5 0.75 0.75 0.75>\"", &change, 1, 5 * RATE);
}

static void what_is_let_go_is_the_texts_again(void **state)
{
  (void)state;
  const Change changes[] = { { 0, 2, ACT_TEMPO }, { RATE, 0, ACT_TEMPO } };
  expect_as_text("let go", "cps: \"<2 2 0.5 0.5 0.5>\"", changes, 2, 4 * RATE);
}

/* Changes anywhere, 20 a second at the most. */
static size_t anywhere(Change *changes, uint64_t seed, int64_t frames)
{
  size_t count = 0;
  for (int64_t at = 0; at < frames && count < CHANGES_MAX; count++) {
    seed = ph_mix64(seed);
    changes[count] = (Change){ at, 0.3 + (double)(seed >> 44) * 1e-6, ACT_TEMPO };
    at += 2205 + (int64_t)(seed % 20000);
  }
  return count;
}

static void blocks_and_threads_do_not_matter(void **state)
{
  (void)state;
  static const uint32_t runs[][3] = { { 1, 1, 512 }, { 7, 3, 1000 }, { 4096, 2, 100000 } };
  Change changes[CHANGES_MAX];
  const int64_t frames = 3 * RATE;
  const size_t count = anywhere(changes, 7, frames);
  float *expected = changed_render(piece, changes, count, frames, usual);
  for (size_t r = 0; r < PH_COUNT(runs); r++) {
    float *out = changed_render(piece, changes, count, frames, runs[r]);
    expect_same("blocks", expected, out, frames);
    free(out);
  }
  free(expected);
}

typedef struct Heard {
  uint32_t count;
  int64_t frame;
  double cycle;
} Heard;

/* Eight events a cycle: each comes once, after the one before. */
static void hear(void *ctx, const PhSinkEvent *event)
{
  Heard *heard = ctx;
  assert_true(event->frame >= heard->frame);
  if (fabs(event->cycle - heard->count / 8.0) > 1e-9) {
    fail_msg("event %u is of cycle %g", heard->count, event->cycle);
  }
  *heard = (Heard){ heard->count + 1, event->frame, event->cycle };
}

static void every_event_comes_once_on_its_frame(void **state)
{
  (void)state;
  for (uint64_t seed = 1; seed <= 20; seed++) {
    Built b;
    built(&b, "retime", "o1: s \"bd*8\" # target \"x\"");
    Change changes[CHANGES_MAX];
    const int64_t frames = 20 * RATE;
    const size_t count = anywhere(changes, seed, frames);
    PhEngineOptions options = PH_ENGINE_DEFAULTS;
    options.block_frames = 256;
    PhEngine *engine;
    assert_int_equal(ph_engine_new(&b.plan, hand_store(), &options, NULL, NULL, &engine), PH_OK);
    Heard heard = { 0 };
    ph_engine_events(engine, hear, &heard);
    float *out = calloc(2 * 30000, sizeof *out);
    double cycle = 0;
    for (size_t i = 0; i < count; i++) {
      const int64_t to = i + 1 < count ? changes[i + 1].frame : frames;
      assert_int_equal(ph_engine_tempo(engine, changes[i].value), PH_OK);
      assert_true(fabs(ph_engine_cycle_of_frame(engine, changes[i].frame) - cycle) < 1e-6);
      for (int64_t at = changes[i].frame; at < to; at += 30000) {
        assert_int_equal(ph_engine_render(engine, (uint32_t)(to - at < 30000 ? to - at : 30000), out, NULL), PH_OK);
      }
      cycle += (double)(to - changes[i].frame) * changes[i].value / RATE;
    }
    /* Those whose frame, rounded, is not before the end come with the next one. */
    if (fabs(heard.count - ceil(cycle * 8)) > 1 || heard.count < 8) {
      fail_msg("%u events in %g cycles", heard.count, cycle);
    }
    assert_true(llabs(ph_engine_frame_of_cycle(engine, PH_RAT(heard.count - 1, 8)) - heard.frame) <= 1);
    free(out);
    ph_engine_free(engine);
    built_drop(&b);
  }
}

static void what_is_out_of_range_is_refused(void **state)
{
  (void)state;
  Built b;
  built(&b, "retime", piece);
  PhEngineOptions options = PH_ENGINE_DEFAULTS;
  PhEngine *engine;
  assert_int_equal(ph_engine_new(&b.plan, hand_store(), &options, NULL, NULL, &engine), PH_OK);
  static const double bad[] = { -1, 0.0499, 20.1, 1e300 };
  for (size_t i = 0; i < PH_COUNT(bad); i++) {
    assert_int_equal(ph_engine_tempo(engine, bad[i]), PH_ARG);
  }
  assert_int_equal(ph_engine_tempo(engine, (double)NAN), PH_ARG);
  assert_true(ph_engine_frame_of_cycle(engine, PH_RAT_INT(1)) == 2 * RATE);
  assert_int_equal(ph_engine_tempo(engine, 20), PH_OK);
  assert_true(ph_engine_frame_of_cycle(engine, PH_RAT_INT(1)) == RATE / 20);
  ph_engine_free(engine);
  built_drop(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_tempo_from_the_beginning_is_that_of_the_text),
    cmocka_unit_test(a_change_is_that_of_a_pattern),
    cmocka_unit_test(what_is_let_go_is_the_texts_again),
    cmocka_unit_test(blocks_and_threads_do_not_matter),
    cmocka_unit_test(every_event_comes_once_on_its_frame),
    cmocka_unit_test(what_is_out_of_range_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
