/* Edits while it plays: what did not change does not hear of it, what changed is faded, nothing clicks, nothing is left behind.
   SPDX-License-Identifier: MIT */
#include <malloc.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "phonon/phonon.h"

enum { RATE = 44100, FADE = RATE / 50, STEMS = 8, MOST = RATE * 4 };

/* A performance: an engine, and the programs that it may still need. */
typedef struct Show {
  PhononEngine *engine;
  PhononProgram *programs[64];
  size_t count;
  uint32_t threads, block;
  uint32_t at;
  float *master;            /* MOST frames */
  float *stems[STEMS];
} Show;

static PhononProgram *compile(const char *text)
{
  PhononProgram *program = NULL;
  const PhononStatus status = phonon_program_new(text, strlen(text), NULL, &program);
  if (status != PHONON_OK) {
    char *why = phonon_program_diagnostics_text(program, false);
    fail_msg("%s\n%s", text, why);
  }
  return program;
}

static void forget_programs(Show *show)
{
  size_t kept = 0;
  for (size_t i = 0; i < show->count; i++) {
    if (phonon_engine_uses(show->engine, show->programs[i])) {
      show->programs[kept++] = show->programs[i];
    } else {
      phonon_program_free(show->programs[i]);
    }
  }
  show->count = kept;
}

static void open_show(Show *show, const char *text, uint32_t threads, uint32_t block)
{
  *show = (Show){ .threads = threads, .block = block, .count = 1, .programs = { compile(text) } };
  PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
  options.threads = threads;
  options.block_frames = block;
  options.stems = true;
  assert_int_equal(phonon_engine_new(show->programs[0], &options, &show->engine), PHONON_OK);
  show->master = calloc(2 * MOST, sizeof(float));
  for (size_t i = 0; i < STEMS; i++) {
    show->stems[i] = calloc(2 * MOST, sizeof(float));
  }
}

static void play(Show *show, uint32_t frames)
{
  float *stems[STEMS];
  assert_true(show->at + frames <= MOST);
  for (size_t i = 0; i < STEMS; i++) {
    stems[i] = show->stems[i] + 2 * (size_t)show->at;
  }
  assert_int_equal(phonon_engine_render(show->engine, frames, show->master + 2 * (size_t)show->at, stems), PHONON_OK);
  show->at += frames;
}

static void edit(Show *show, const char *text)
{
  PhononSwap *swap = NULL;
  PhononProgram *program = compile(text);
  assert_int_equal(phonon_swap_new(show->engine, program, &swap), PHONON_OK);
  assert_int_equal(phonon_engine_swap(show->engine, swap), PHONON_OK);
  phonon_swap_free(swap);
  assert_true(show->count < sizeof show->programs / sizeof *show->programs);
  show->programs[show->count++] = program;
}

static void close_show(Show *show)
{
  phonon_engine_free(show->engine);
  for (size_t i = 0; i < show->count; i++) {
    phonon_program_free(show->programs[i]);
  }
  free(show->master);
  for (size_t i = 0; i < STEMS; i++) {
    free(show->stems[i]);
  }
}

static float largest_step(const float *frames, uint32_t from, uint32_t to)
{
  float most = 0;
  for (size_t i = 2 * (size_t)from; i + 2 < 2 * (size_t)to; i++) {
    const float step = fabsf(frames[i + 2] - frames[i]);
    most = step > most ? step : most;
  }
  return most;
}

static float largest(const float *frames, uint32_t from, uint32_t to)
{
  float most = 0;
  for (size_t i = 2 * (size_t)from; i < 2 * (size_t)to; i++) {
    most = fabsf(frames[i]) > most ? fabsf(frames[i]) : most;
  }
  return most;
}

static void expect_same(const float *a, const float *b, uint32_t from, uint32_t to, const char *what)
{
  for (size_t i = 2 * (size_t)from; i < 2 * (size_t)to; i++) {
    if (memcmp(&a[i], &b[i], sizeof *a) != 0) {
      fail_msg("%s: frame %zu is %.9g, not %.9g", what, i / 2, (double)b[i], (double)a[i]);
    }
  }
}

/* Plays `before` for half a second at an odd frame, then `after`; beside it `before` and `after` alone. */
typedef struct Trio {
  Show edited, before, after;
} Trio;

enum { WHEN = 22051, LENGTH = WHEN + RATE };

static void open_trio(Trio *trio, const char *before, const char *after)
{
  open_show(&trio->edited, before, 1, 64);
  open_show(&trio->before, before, 1, 512);
  open_show(&trio->after, after, 1, 512);
  play(&trio->edited, WHEN);
  edit(&trio->edited, after);
  play(&trio->edited, LENGTH - WHEN);
  play(&trio->before, LENGTH);
  play(&trio->after, LENGTH);
}

static void close_trio(Trio *trio)
{
  close_show(&trio->edited);
  close_show(&trio->before);
  close_show(&trio->after);
}

/* ---- what changes ------------------------------------------------------------------------------------------------ */

#define BESIDE "o2: s \"bd(3,8)\" # room 0.3\no3: saw \"55 82.4\" # lpf (sine 0.5 * 400 + 600) # delay 0.3 0.5 * 0.2\n"

static void test_number(void **state)
{
  (void)state;
  Trio t;
  open_trio(&t, "o1: sine 110 * 0.1\n" BESIDE, "o1: sine 110 * 0.3\n" BESIDE);
  expect_same(t.before.stems[1], t.edited.stems[1], 0, LENGTH, "the second output");
  expect_same(t.before.stems[2], t.edited.stems[2], 0, LENGTH, "the third output");
  expect_same(t.before.stems[0], t.edited.stems[0], 0, WHEN, "before the edit");
  /* The phase goes on: after the fade it is what would have been there all along. */
  expect_same(t.after.stems[0], t.edited.stems[0], WHEN + FADE, LENGTH, "after the fade");
  assert_true(largest_step(t.edited.stems[0], WHEN - 2, WHEN + FADE + 2) < 0.3f * 6.3f * 110 / RATE * 1.1f);
  close_trio(&t);
}

/* Eight outputs whose effects share a bank, with steps that move all the time: seven of them do not hear of an edit of one. */
static void test_neighbours(void **state)
{
  (void)state;
  char texts[2][2048];
  for (unsigned k = 0; k < 2; k++) {
    size_t len = 0;
    for (unsigned o = 1; o <= 8; o++) {
      len += (size_t)snprintf(texts[k] + len, sizeof texts[k] - len, "o%u: saw %u # lpf \"300 900*%u\" # plate 0.3 # delay 0.2 0.4 * 0.%u\n", o,
                              50 + 7 * o, 16 + o, k && o == 3 ? 2 : 1);
    }
  }
  Trio t;
  open_trio(&t, texts[0], texts[1]);
  for (unsigned o = 0; o < 8; o++) {
    if (o != 2) {
      expect_same(t.before.stems[o], t.edited.stems[o], 0, LENGTH, "a neighbour");
    }
  }
  expect_same(t.after.stems[2], t.edited.stems[2], WHEN + FADE, LENGTH, "after the fade");
  close_trio(&t);
}

/* The same of a bank that is cut into a pipeline of strands: at its beginning, in its middle, at its end. */
#define LONG_CHAIN                                                                                                     \
  "o%u: saw %u # tadsr \"1*%u\" 0.001 0.1 0 0.05 # reverb 0.%u 0.5 0.3 # delay 0.2 0.5 0.3 # distort %u 1 # "             \
  "compressor -18 4 0.01 0.1 0 # limiter -%u\n"

static void long_chains(char *text, size_t size, unsigned number, unsigned room, unsigned drive, unsigned ceiling)
{
  size_t len = 0;
  for (unsigned o = 1; o <= 8; o++) {
    const bool here = o == number;
    len += (size_t)snprintf(text + len, size - len, LONG_CHAIN, o, 50 + 7 * o, 2 + o, here ? room : 7, here ? drive : 2, here ? ceiling : 1);
  }
  assert_true(len < size);
}

static void test_pipeline(void **state)
{
  (void)state;
  static const unsigned edits[][3] = { { 3, 2, 1 }, { 7, 5, 1 }, { 7, 2, 9 } };
  for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
    char texts[2][2048];
    long_chains(texts[0], sizeof texts[0], 0, 0, 0, 0);
    long_chains(texts[1], sizeof texts[1], 3, edits[i][0], edits[i][1], edits[i][2]);
    Trio t;
    open_trio(&t, texts[0], texts[1]);
    for (unsigned o = 0; o < 8; o++) {
      if (o != 2) {
        expect_same(t.before.stems[o], t.edited.stems[o], 0, LENGTH, "a neighbour");
      }
    }
    expect_same(t.before.stems[2], t.edited.stems[2], 0, WHEN, "before the edit");
    bool other = false;
    for (uint32_t f = 2 * (WHEN + FADE); f < 2 * LENGTH; f++) {
      other |= t.before.stems[2][f] != t.edited.stems[2][f];
    }
    assert_true(other);
    close_trio(&t);
  }
}

/* What is faded is the old and the new sound, by 3t² - 2t³. */
static void test_fade(void **state)
{
  (void)state;
  Trio t;
  open_trio(&t, "o1: sine 110 * 0.1", "o1: sine 110 * 0.3");
  for (uint32_t f = WHEN; f < WHEN + FADE; f++) {
    const double x = (double)(f - WHEN + 1) / (FADE + 1), share = x * x * (3 - 2 * x);
    const double wanted = (1 - share) * (double)t.before.stems[0][2 * f] + share * (double)t.after.stems[0][2 * f];
    assert_true(fabs(wanted - (double)t.edited.stems[0][2 * f]) < 1e-6);
  }
  close_trio(&t);
}

/* The stem of an output that is taken out fades as the output does in the master; beside others, alone, as one of a bank. */
static void test_leaving(void **state)
{
  (void)state;
  static const char *const cases[][2] = {
    { "o1: sine 110 * 0.1\no2: saw 220 * 0.1 # reverb 0.3", "o1: sine 110 * 0.1" },
    { "o1: sine 110 * 0.1\no2: saw 220 * 0.1", "" },
    { "o1: saw 110 * 0.1 # lpf 800\no2: saw 220 * 0.1 # lpf 900\no3: saw 55 * 0.1 # lpf 300", "o1: saw 110 * 0.1 # lpf 800\no3: saw 55 * 0.1 # lpf 300" },
    { "o1: sine 110 * 0.1\no2: s \"bd*8\"\nmaster: lpf 5000", "o1: sine 110 * 0.2\nmaster: lpf 5000" },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    for (uint32_t block = 64; block <= 4096; block *= 8) {
      Show before, edited;
      open_show(&before, cases[i][0], 1, 512);
      play(&before, LENGTH);
      open_show(&edited, cases[i][0], block == 512 ? 2 : 1, block);
      play(&edited, WHEN);
      edit(&edited, cases[i][1]);
      float *left = malloc(2 * LENGTH * sizeof *left);
      float *const leaving[STEMS] = { NULL, left };
      memset(left, 1, 2 * LENGTH * sizeof *left);
      phonon_engine_leaving(edited.engine, leaving);
      play(&edited, LENGTH - WHEN);
      for (uint32_t f = 0; f < LENGTH - WHEN; f++) {
        const float t = f < FADE ? (float)(f + 1) * (1.0f / (FADE + 1)) : 1, share = t * t * (3 - 2 * t);
        for (uint32_t side = 0; side < 2; side++) {
          const float x = before.stems[1][2 * (size_t)(WHEN + f) + side], wanted = f < FADE ? x - x * share : 0;
          if (left[2 * f + side] != wanted) {
            fail_msg("%s: frame %u is %.9g, not %.9g", cases[i][0], f, (double)left[2 * f + side], (double)wanted);
          }
        }
      }
      assert_true(largest(left, 0, FADE) > 0.01f);
      free(left);
      close_show(&before);
      close_show(&edited);
    }
  }
}

/* A new output comes into its stem as it does into the master. */
static void test_arriving(void **state)
{
  (void)state;
  Trio t;
  open_trio(&t, "o1: sine 110 * 0.1", "o1: sine 110 * 0.1\no2: saw 220 * 0.1");
  for (size_t i = 2 * WHEN; i < 2 * LENGTH; i++) {
    const uint32_t f = (uint32_t)(i / 2) - WHEN;
    const float sum = t.edited.stems[0][i] + t.edited.stems[1][i];
    assert_true(fabsf(sum - t.edited.master[i]) < 1e-6f);
    assert_true(f < FADE || t.edited.stems[1][i] != 0 || t.after.stems[1][i] == 0);
  }
  assert_true(largest(t.edited.stems[1], WHEN, WHEN + 20) < 1e-3f);
  assert_true(largest(t.edited.stems[1], WHEN + FADE, LENGTH) > 0.09f);
  close_trio(&t);
}

/* Whether the master is the sum of the stems, in their order, in every frame. */
static void expect_sum(const Show *show, unsigned stems, const char *what)
{
  for (size_t i = 0; i < 2 * (size_t)LENGTH; i++) {
    float sum = show->stems[0][i];
    for (unsigned o = 1; o < stems; o++) {
      sum += show->stems[o][i];
    }
    if (sum != show->master[i]) {
      fail_msg("%s: frame %zu is %.9g, the stems are %.9g", what, i / 2, (double)show->master[i], (double)sum);
    }
  }
}

/* What changes in one output is faded there and nowhere else: the mix itself is not blended, so the others keep their bits in it. */
static void test_own_fade(void **state)
{
  (void)state;
  static const char *const seconds[][2] = {
    { "saw 220 * 0.1", "saw 220 * 0.1 # lpf 300" },
    { "saw 220 * 0.1 # lpf 300", "saw 220 * 0.1" },
    { "s \"bd*8\" # gain 0.3", "s \"bd*8\" # gain 0.3 # lpf 500 # reverb 0.3" },
    { "s \"bd*8\" # gain 0.3", "s \"bd*8\" # gain 0.2 # delay 0.3" },
    { "~x", "~x # lpf 300" },
    { "~x", "saw 55 * 0.1" },
    { "saw 220 * 0.1", "s \"hh*8\" # gain 0.3" },
    { "saw 220 * 0.1", "0" },
    { "0", "saw 220 * 0.1" },
  };
  char texts[2][2048];
  for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
    for (unsigned k = 0; k < 2; k++) {
      (void)snprintf(texts[k], sizeof texts[k], "~x: sine 330 * 0.1\no1: saw 110 * 0.1\no2: %s\no3: s \"hh*4\" # gain 0.3\no4: ~x * 0.5", seconds[i][k]);
    }
    Trio t;
    open_trio(&t, texts[0], texts[1]);
    expect_sum(&t.edited, 4, seconds[i][1]);
    close_trio(&t);
  }
  for (unsigned count = 2; count <= STEMS; count++) {
    for (unsigned k = 0; k < 2; k++) {
      size_t len = 0;
      for (unsigned o = 1; o <= count; o++) {
        len += (size_t)snprintf(texts[k] + len, sizeof texts[k] - len, "o%u: saw %u # lpf 900 * 0.05%s\n", o, 50 + 7 * o, k && o == 2 ? " # delay 0.2 0.4" : "");
      }
    }
    Trio t;
    open_trio(&t, texts[0], texts[1]);
    expect_sum(&t.edited, count, texts[1]);
    close_trio(&t);
  }
}

static void test_tail_stays(void **state)
{
  (void)state;
  Trio t;
  const char *before = "o1: (impulse 0.1 # delay 0.4 0.9) * 0.5", *after = "o1: (impulse 0.1 # delay 0.4 0.9) * 0.4";
  open_trio(&t, before, after);
  expect_same(t.after.stems[0], t.edited.stems[0], WHEN + FADE, LENGTH, "the echoes");
  assert_true(largest(t.edited.stems[0], WHEN + FADE, LENGTH) > 0.1f);
  close_trio(&t);
}

/* A line that becomes longer or shorter, over a power of two: what was in it goes on, and by the end of the fade it is as if it had been
   that long from the beginning. On a bus, and in a bank of eight of which one is edited. */
static void test_line_length(void **state)
{
  (void)state;
  static const char *const forms[] = { "delay %s 0 1", "delayline %s", "multitap (%s * 0.5) 2 0 1", "tape %s 0 0.3 0.2 0.3 1" };
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    for (unsigned bank = 0; bank < 2; bank++) {
      for (unsigned longer = 0; longer < 2; longer++) {
        char texts[2][2048], unit[64];
        for (unsigned k = 0; k < 2; k++) {
          size_t len = 0;
          for (unsigned o = 1; o <= (bank ? 8u : 1u); o++) {
            (void)snprintf(unit, sizeof unit, forms[i], o == 1 && k == longer ? "0.378" : "0.37");
            len += (size_t)snprintf(texts[k] + len, sizeof texts[k] - len, "o%u: saw %u # %s\n", o, 50 + 7 * o, unit);
          }
        }
        Trio t;
        open_trio(&t, texts[0], texts[1]);
        expect_same(t.after.stems[0], t.edited.stems[0], WHEN + FADE, LENGTH, texts[1]);
        assert_true(largest(t.edited.stems[0], WHEN + FADE, LENGTH) > 0.1f);
        close_trio(&t);
      }
    }
  }
}

/* A voice plays on, with the sound that it was started with; the next one has the new one. */
static void test_voices(void **state)
{
  (void)state;
  Trio t;
  open_trio(&t, "~a: sine 220\no1: s \"~a\" # gain 0.5", "~a: tri 220\no1: s \"~a\" # gain 0.5");
  expect_same(t.before.stems[0], t.edited.stems[0], 0, LENGTH, "the voice that sounds");
  play(&t.edited, 2 * RATE);
  play(&t.after, 2 * RATE);
  expect_same(t.after.stems[0], t.edited.stems[0], 2 * RATE + 3000, LENGTH + 2 * RATE, "the voices after it");
  close_trio(&t);
}

static void test_pattern(void **state)
{
  (void)state;
  Trio t;
  open_trio(&t, "o1: s \"bd*4\" # gain 0.6", "o1: s \"bd*3\" # gain 0.6");
  expect_same(t.before.stems[0], t.edited.stems[0], 0, WHEN + 5000, "the event that sounds");
  const uint32_t third = 2 * RATE / 3;
  expect_same(t.after.stems[0], t.edited.stems[0], 2 * third, LENGTH, "the events after it");
  close_trio(&t);
}

/* An output that goes, one that comes, an effect that comes and goes, another master: each in 20 ms. */
static void test_structure(void **state)
{
  (void)state;
  static const char *const pairs[][2] = {
    { "o1: sine 110 * 0.2\no2: sine 70 * 0.2", "o1: sine 110 * 0.2" },
    { "o1: sine 110 * 0.2", "o1: sine 110 * 0.2\no2: sine 70 * 0.2" },
    { "o1: sine 110 * 0.2", "o1: sine 110 * 0.2 # lpf 40" },
    { "o1: sine 110 * 0.2 # hpf 1000", "o1: sine 110 * 0.2" },
    { "o1: sine 110 * 0.2\no2: sine 70 * 0.1", "o1: sine 110 * 0.2\no2: sine 70 * 0.1\nmaster: tanh" },
    { "~x: sine 110\no1: ~x * 0.2\no2: ~x * 0.1", "~x: tri 110\no1: ~x * 0.2\no2: ~x * 0.1" },
    { "~a: sine 110 * 0.2\n~b: sine 60 * 0.2\no1: ~a\no2: ~b", "~a: sine 110 * 0.2\n~b: sine 60 * 0.2\no1: ~b\no2: ~a" },
    { "o1: s \"~a\" # gain 0.2\n~a: sine 100", "o1: silence" },
    { "o1: s \"~a\" # gain 0.2 # lpf 90\n~a: sine 100", "o1: s \"~a\" # gain 0.2\n~a: sine 100" },
    { "o1: s \"~a\" # gain 0.2\n~a: sine 100", "o1: s \"~a\" # gain 0.2 # lpf 90\n~a: sine 100" },
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    Trio t;
    open_trio(&t, pairs[i][0], pairs[i][1]);
    const float natural = fmaxf(largest_step(t.before.master, 1000, LENGTH), largest_step(t.after.master, 1000, LENGTH));
    const float level = fmaxf(largest(t.before.master, 1000, LENGTH), largest(t.after.master, 1000, LENGTH));
    const float step = largest_step(t.edited.master, WHEN - 2, WHEN + FADE + 2);
    if (step > natural * 1.05f + 2 * level * 1.5f / FADE) {
      fail_msg("pair %zu: a step of %g, where %g is natural", i, (double)step, (double)natural);
    }
    expect_same(t.before.master, t.edited.master, 0, WHEN, pairs[i][0]);
    close_trio(&t);
  }
}

static void test_tempo(void **state)
{
  (void)state;
  Show show;
  open_show(&show, "cps: 0.5\no1: s \"bd\"", 1, 512);
  play(&show, WHEN);
  const double before = phonon_engine_cycle_of_frame(show.engine, WHEN);
  edit(&show, "cps: 1\no1: s \"bd\"");
  assert_true(fabs(phonon_engine_cycle_of_frame(show.engine, WHEN) - before) < 1e-6);
  assert_true(fabs(phonon_engine_cycle_of_frame(show.engine, WHEN + RATE) - before - 1) < 1e-6);
  play(&show, RATE);
  /* The next event is at cycle 1. */
  const int64_t onset = phonon_engine_frame_of_cycle(show.engine, (PhononTime){ 1, 1 });
  assert_int_equal(onset, WHEN + (RATE - WHEN / 2));
  const float *at = show.stems[0] + 2 * onset;
  assert_true(largest(at, 0, 200) > 0.05f);
  close_show(&show);
}

/* Whatever the threads and the blocks. */
static void test_any_way(void **state)
{
  (void)state;
  static const uint32_t ways[][2] = { { 1, 512 }, { 1, 1 }, { 2, 64 }, { 3, 61 }, { 8, 4096 } };
  const char *texts[] = { "o1: saw 55 # lpf 300\n" BESIDE, "o1: saw 55 # lpf 800 # plate 0.4\n" BESIDE "o4: s \"hh*8\"",
                          "o1: s \"~a*4\" # note \"0 3 7 12\"\n~a: saw 110 # lpf 900\no3: s \"sn*2\" # lpf 3000\nmaster: tanh" };
  char chains[2][2048];
  long_chains(chains[0], sizeof chains[0], 0, 0, 0, 0);
  long_chains(chains[1], sizeof chains[1], 5, 3, 6, 8);
  const char *edited[] = { texts[0], texts[1], texts[2], chains[0], chains[1], chains[0], texts[1] };
  const uint32_t count = sizeof edited / sizeof *edited;
  Show first = { 0 };
  for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
    Show show;
    open_show(&show, texts[0], ways[w][0], ways[w][1]);
    for (uint32_t i = 1; i < 2 * count; i++) {
      play(&show, 5003 + 977 * (i % 5));
      edit(&show, edited[i % count]);
    }
    play(&show, 8000);
    if (w == 0) {
      first = show;
    } else {
      expect_same(first.master, show.master, 0, show.at, "another way");
      close_show(&show);
    }
  }
  close_show(&first);
}

/* ---- transitions ------------------------------------------------------------------------------------------------- */

/* Sounds of the events that begin in a cycle, in order of time. */
static void sounds_of(const PhononProgram *program, int64_t cycle, char *out, size_t size)
{
  PhononEvents *events = NULL;
  PhononError error;
  assert_int_equal(phonon_events_new(program, (PhononTime){ cycle, 1 }, (PhononTime){ cycle + 1, 1 }, &events, &error), PHONON_OK);
  size_t len = 0;
  out[0] = 0;
  for (unsigned part = 0; part < 16; part++) {
    for (size_t i = 0; i < phonon_events_count(events); i++) {
      PhononEvent event;
      phonon_events_get(events, i, &event);
      const bool here = event.has_onset && (event.whole_begin.num * 16 / event.whole_begin.den) % 16 == part;
      const char *at = here ? strstr(event.value_json, "\"s\":\"") : NULL;
      if (at) {
        len += (size_t)snprintf(out + len, size - len, "%.2s ", at + 5);
      }
    }
  }
  phonon_events_free(events);
}

static void test_transitions(void **state)
{
  (void)state;
  static const struct {
    const char *call, *at5, *at6, *at8;
  } rows[] = {
    { "xfadeIn 2", "hh bd hh bd hh bd hh bd ", "hh bd hh bd hh bd hh bd ", NULL },
    { "jumpIn 1", "bd bd bd bd ", "hh hh hh hh ", "hh hh hh hh " },
    { "jump", "hh hh hh hh ", "hh hh hh hh ", "hh hh hh hh " },
    { "jumpIn' 1", "bd bd bd bd ", "bd bd bd bd ", "hh hh hh hh " },
    { "mortal 1 1", "hh hh hh hh ", NULL, "" },
    { "clutchIn 2", NULL, NULL, "hh hh hh hh " },
    { "anticipateIn 2", NULL, NULL, "hh hh hh hh " },
    { "interpolateIn 2", NULL, NULL, NULL },
    { "wash (fast 2) (fast 4) 1 1 1", NULL, NULL, NULL },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    for (unsigned tidal = 0; tidal < 2; tidal++) {
      char text[256], heard[256];
      snprintf(text, sizeof text, "o1 %s $ s \"hh*4\"\n", rows[i].call);
      if (tidal) { /* Tidal's have the output first: xfadeIn 1 2 $ … */
        const char *rest = strchr(rows[i].call, ' ');
        const int len = rest ? (int)(rest - rows[i].call) : (int)strlen(rows[i].call);
        snprintf(text, sizeof text, "%.*s 1%s $ s \"hh*4\"\n", len, rows[i].call, rest ? rest : "");
      }
      const PhononTransition transition = { 1, tidal ? "d1 $ s \"bd*4\"" : "o1: s \"bd*4\"", { 5, 1 } };
      PhononProgramOptions options = PHONON_PROGRAM_DEFAULTS;
      options.tidal = tidal;
      options.transitions = &transition;
      options.transition_count = 1;
      PhononProgram *program = NULL;
      if (phonon_program_new(text, strlen(text), &options, &program) != PHONON_OK) {
        fail_msg("%s\n%s", text, phonon_program_diagnostics_text(program, false));
      }
      const char *const expected[] = { rows[i].at5, rows[i].at6, rows[i].at8 };
      for (unsigned k = 0; k < 3; k++) {
        sounds_of(program, k == 2 ? 8 : 5 + k, heard, sizeof heard);
        if (expected[k] && strcmp(heard, expected[k]) != 0) {
          fail_msg("%s: cycle %u is %s, not %s", text, k == 2 ? 8 : 5 + k, heard, expected[k]);
        }
      }
      phonon_program_free(program);
    }
  }
  /* Nothing plays before. */
  PhononProgram *alone = compile("o1 xfadeIn 8 $ s \"hh*4\"");
  char heard[256];
  sounds_of(alone, 0, heard, sizeof heard);
  assert_string_equal(heard, "hh hh hh hh ");
  assert_int_equal(phonon_program_diagnostic_count(alone), 1);
  phonon_program_free(alone);
}

/* ---- what is refused --------------------------------------------------------------------------------------------- */

static void test_refused(void **state)
{
  (void)state;
  Show show;
  open_show(&show, "o1: sine 110 * 0.1", 1, 512);
  play(&show, 1000);
  PhononProgram *wrong = NULL, *right = compile("o1: sine 220 * 0.1");
  PhononSwap *swap = NULL, *late = NULL;
  assert_int_equal(phonon_program_new("o1: nonsense", 12, NULL, &wrong), PHONON_SYNTAX);
  assert_int_equal(phonon_swap_new(show.engine, wrong, &swap), PHONON_SYNTAX);
  phonon_program_free(wrong);
  PhononProgramOptions other = PHONON_PROGRAM_DEFAULTS;
  other.sample_rate = 48000;
  assert_int_equal(phonon_program_new("o1: silence", 11, &other, &wrong), PHONON_OK);
  assert_int_equal(phonon_swap_new(show.engine, wrong, &swap), PHONON_ARG);
  phonon_program_free(wrong);
  assert_int_equal(phonon_swap_new(show.engine, right, &swap), PHONON_OK);
  assert_int_equal(phonon_swap_new(show.engine, right, &late), PHONON_OK);
  assert_int_equal(phonon_engine_swap(show.engine, swap), PHONON_OK);
  assert_int_equal(phonon_engine_swap(show.engine, swap), PHONON_ARG); /* done */
  play(&show, FADE);
  assert_int_equal(phonon_engine_swap(show.engine, late), PHONON_ARG); /* of another moment */
  phonon_swap_free(late);
  phonon_swap_free(swap);
  play(&show, 1000);
  assert_false(phonon_engine_uses(show.engine, show.programs[0]));
  show.programs[show.count++] = right;
  close_show(&show);
}

/* ---- very many edits --------------------------------------------------------------------------------------------- */

static uint32_t draw(uint64_t *seed, uint32_t count)
{
  *seed = *seed * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(*seed >> 33) % count;
}

/* Sounds without fast motion: a step larger than theirs is a click. */
static void write_text(uint64_t *seed, char *text, size_t size)
{
  static const char *const lines[] = {
    "sine %u * 0.1", "sine %u * 0.1 # lpf 500", "(~x + sine %u) * 0.05", "sine %u * 0.1 # delay 0.25 0.4", "sine \"%u 90\" * 0.1",
    "s \"~lead*2\" # note \"0 3\" # gain 0.1", "s \"~lead\" # gain 0.1 # lpf 300 # room 0.2", "s \"~pad\" # legato 3 # gain 0.1",
    "tri %u * 0.05 # plate", "~x * 0.1 # lpf (sine 0.3 * 50 + %u)", "stack [sine %u, sine 65] * 0.05", "silence",
  };
  size_t len = (size_t)snprintf(text, size, "~x: sine %u\n~lead: sine %u # lpf 400\n~pad: tri %u * 0.5\n", 40 + draw(seed, 60),
                                80 + 5 * draw(seed, 4), 50 + draw(seed, 2));
  if (draw(seed, 4) == 0) {
    len += (size_t)snprintf(text + len, size - len, "cps: %u.5\n", draw(seed, 2));
  }
  if (draw(seed, 5) == 0) {
    len += (size_t)snprintf(text + len, size - len, "master: lpf %u\n", 400 + 100 * draw(seed, 4));
  }
  for (unsigned o = 1; o <= 5; o++) {
    const uint32_t line = draw(seed, 14);
    if (line < sizeof lines / sizeof *lines) {
      char sound[128];
      _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wformat-nonliteral\"")
      snprintf(sound, sizeof sound, lines[line], 40 + 10 * draw(seed, 10));
      _Pragma("GCC diagnostic pop")
      len += (size_t)snprintf(text + len, size - len, "o%u: %s\n", o, sound);
    }
  }
}

static void test_many(void **state)
{
  (void)state;
  const char *asked = getenv("PH_TEST_EDITS");
  const unsigned edits = asked ? (unsigned)strtoul(asked, NULL, 10) : 600;
  enum { PLAYED = 1500, LAST = 64 };
  static float heard[2 * (LAST + PLAYED)];
  uint64_t seed = 11;
  char text[4096], before[4096] = "";
  size_t bytes = 0;
  Show show;
  write_text(&seed, text, sizeof text);
  open_show(&show, text, 1, 128);
  for (unsigned i = 0; i < edits; i++) {
    memcpy(before, text, sizeof before);
    write_text(&seed, text, sizeof text);
    edit(&show, text);
    const uint32_t frames = FADE + draw(&seed, PLAYED - FADE);
    assert_int_equal(phonon_engine_render(show.engine, frames, heard + 2 * LAST, NULL), PHONON_OK);
    const float step = largest_step(heard, i ? LAST - 4 : LAST, LAST + frames);
    if (!(step < 0.03f)) {
      uint32_t at = LAST - 4;
      while (largest_step(heard, at, at + 2) < step) {
        at++;
      }
      fail_msg("edit %u: a step of %g at frame %d\n%s---\n%s", i, (double)step, (int)at - LAST, before, text);
    }
    memmove(heard, heard + 2 * (size_t)frames, 2 * LAST * sizeof *heard);
    forget_programs(&show);
    if (i == edits / 3) {
      bytes = mallinfo2().uordblks;
    }
  }
  assert_true(mallinfo2().uordblks < bytes + bytes / 4 + (1 << 20)); /* what there is does not grow with the edits */
  close_show(&show);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_number),  cmocka_unit_test(test_neighbours), cmocka_unit_test(test_pipeline), cmocka_unit_test(test_fade),    cmocka_unit_test(test_tail_stays), cmocka_unit_test(test_voices),
    cmocka_unit_test(test_line_length), cmocka_unit_test(test_leaving), cmocka_unit_test(test_arriving), cmocka_unit_test(test_own_fade),
    cmocka_unit_test(test_pattern), cmocka_unit_test(test_structure), cmocka_unit_test(test_tempo),    cmocka_unit_test(test_any_way),
    cmocka_unit_test(test_transitions), cmocka_unit_test(test_refused), cmocka_unit_test(test_many),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
