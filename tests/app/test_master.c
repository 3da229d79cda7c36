/* The master: its processor, the safety limiter, and loudness (EBU Tech 3341's signals).  SPDX-License-Identifier: MIT */
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

enum { RATE = 44100, FRAMES = 4 * RATE };

/* Loud for half a second at 0.5 s, by 3.8 dB more than full scale, with peaks of both sides apart. */
#define PIECE "o1: (sine 110 # pan -0.2) * \"<[0.5 1.1 0.4 0.4] 0.4>\"\no2: sine 333 * 0.2 * \"<[0 1 0 0] 0>\"\n"

static float raw[2 * FRAMES], safe[2 * FRAMES], other[2 * FRAMES];
static float stem_a[2 * FRAMES], stem_b[2 * FRAMES];

typedef struct Heard {
  PhononProfile profile;
  int reports;
  char message[256];
} Heard;

static void note_report(void *ctx, const PhononDiagnostic *diagnostic)
{
  Heard *heard = ctx;
  heard->reports++;
  (void)snprintf(heard->message, sizeof heard->message, "%s", diagnostic->message);
}

static Heard render(const char *text, PhononEngineOptions options, uint32_t call, float *out, float *const *stems)
{
  Heard heard = { .reports = 0 };
  PhononProgram *program = NULL;
  PhononEngine *engine = NULL;
  PhononSamplesOptions nobodys = PHONON_SAMPLES_DEFAULTS;
  nobodys.only_these = true;
  assert_int_equal(phonon_samples_new(&nobodys, &options.samples), PHONON_OK);
  options.report = note_report;
  options.report_ctx = &heard;
  options.stems = stems != NULL;
  assert_int_equal(phonon_program_new(text, strlen(text), NULL, &program), PHONON_OK);
  assert_int_equal(phonon_engine_new(program, &options, &engine), PHONON_OK);
  for (uint32_t at = 0; at < FRAMES; at += call) {
    float *parts[2] = { stems ? stems[0] + 2 * (size_t)at : NULL, stems ? stems[1] + 2 * (size_t)at : NULL };
    const uint32_t count = FRAMES - at < call ? FRAMES - at : call;
    assert_int_equal(phonon_engine_render(engine, count, out + 2 * (size_t)at, stems ? parts : NULL), PHONON_OK);
  }
  phonon_engine_profile(engine, &heard.profile);
  phonon_engine_free(engine);
  phonon_program_free(program);
  phonon_samples_free(options.samples);
  return heard;
}

static float peak_of(const float *frames)
{
  float peak = 0;
  for (size_t i = 0; i < 2 * FRAMES; i++) {
    peak = fmaxf(peak, fabsf(frames[i]));
  }
  return peak;
}

/* The first frame with a sample beyond `ceiling`. */
static uint32_t first_beyond(const float *frames, float ceiling)
{
  uint32_t f = 0;
  while (f < FRAMES && fabsf(frames[2 * f]) <= ceiling && fabsf(frames[2 * f + 1]) <= ceiling) {
    f++;
  }
  return f;
}

/* ---- the safety limiter ------------------------------------------------------------------------------------------ */

static void safety_keeps_within_full_scale(void **state)
{
  (void)state;
  PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
  const Heard on = render(PIECE, options, FRAMES, safe, NULL);
  options.no_safety = true;
  const Heard off = render(PIECE, options, FRAMES, raw, NULL);
  assert_true(peak_of(raw) > 1.2f && peak_of(safe) == 1.0f);
  assert_int_equal(off.reports, 0);
  assert_true(off.profile.safety_frames == 0 && off.profile.safety_db == 0);
  const uint32_t first = first_beyond(raw, 1);
  assert_true(first > 0 && first < FRAMES);
  assert_memory_equal(raw, safe, first * 2 * sizeof *raw); /* bit by bit, and no delay */
  /* Once, with how much and where. */
  assert_int_equal(on.reports, 1);
  char place[32];
  (void)snprintf(place, sizeof place, "%.3f s", (double)first / RATE);
  assert_non_null(strstr(on.message, place));
  assert_non_null(strstr(on.message, "dB"));
  assert_true(on.profile.safety_first_sec == (double)first / RATE);
  const double most = 20 * log10((double)peak_of(raw));
  assert_true(fabs(on.profile.safety_db - most) < 0.01);
  assert_true(on.profile.safety_most_sec >= on.profile.safety_first_sec);
}

/* One gain for both sides, down at once, never up by more than the release allows, and at rest again in the end. */
static void safety_moves_smoothly(void **state)
{
  (void)state;
  double gain = 1;
  uint32_t last = 0;
  for (uint32_t f = 0; f < FRAMES; f++) {
    const double left = (double)safe[2 * f] / (double)raw[2 * f];
    const double right = (double)safe[2 * f + 1] / (double)raw[2 * f + 1];
    if (fabsf(raw[2 * f]) < 0.01f || fabsf(raw[2 * f + 1]) < 0.01f) {
      continue;
    }
    assert_true(fabs(left - right) < 1e-5);
    assert_true(left <= gain + (f - last) * (1 - gain) * 1.01 / (0.3 * RATE) + 1.1e-4);
    gain = left;
    last = f;
  }
  const size_t end = 2 * (size_t)(FRAMES - 100);
  assert_memory_equal(raw + end, safe + end, 200 * sizeof *raw);
}

static void safety_does_not_depend_on_the_run(void **state)
{
  (void)state;
  static const struct {
    uint32_t threads, block, call;
  } ways[] = { { 1, 64, 777 }, { 3, 512, 16384 }, { 2, 61, 512 }, { 1, 4096, FRAMES } };
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
    options.threads = ways[i].threads;
    options.block_frames = ways[i].block;
    const Heard heard = render(PIECE, options, ways[i].call, other, NULL);
    assert_memory_equal(safe, other, sizeof safe);
    assert_int_equal(heard.reports, 1);
  }
}

static void safety_leaves_stems_alone(void **state)
{
  (void)state;
  PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
  float *const stems[] = { stem_a, stem_b };
  (void)render(PIECE, options, 4096, other, stems);
  assert_memory_equal(safe, other, sizeof safe);
  for (size_t i = 0; i < 2 * FRAMES; i++) {
    assert_true(fabsf(stem_a[i] + stem_b[i] - raw[i]) < 1e-6f);
  }
}

static void safety_can_be_turned_off(void **state)
{
  (void)state;
  const PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
  const Heard off = render(PIECE "safety: off\n", options, FRAMES, other, NULL);
  assert_memory_equal(raw, other, sizeof raw);
  assert_int_equal(off.reports, 0);
  (void)render(PIECE "safety: on\n", options, FRAMES, other, NULL);
  assert_memory_equal(safe, other, sizeof safe);
  PhononProgram *program = NULL;
  const char wrong[] = PIECE "safety: of\n";
  assert_int_equal(phonon_program_new(wrong, strlen(wrong), NULL, &program), PHONON_SYNTAX);
  PhononDiagnostic d;
  assert_true(phonon_program_diagnostic(program, 0, &d));
  assert_int_equal(d.line, 3);
  assert_int_equal(d.column, 9);
  assert_non_null(strstr(d.help, "on, off"));
  phonon_program_free(program);
}

/* What is heard is the product with the caller's gain: that is what stays within full scale. */
static void safety_knows_the_gain_behind_it(void **state)
{
  (void)state;
  static const double gains[] = { 0.8, 0.3, 1.7, 3 };
  for (size_t i = 0; i < sizeof gains / sizeof *gains; i++) {
    PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
    options.output_gain = gains[i];
    const Heard heard = render(PIECE, options, FRAMES, other, NULL);
    const double heard_peak = gains[i] * (double)peak_of(other);
    assert_true(heard_peak <= 1);
    if (gains[i] * (double)peak_of(raw) <= 1) {
      assert_memory_equal(raw, other, sizeof raw);
      assert_int_equal(heard.reports, 0);
    } else {
      assert_true(heard_peak > 0.999999);
      assert_int_equal(heard.reports, 1);
    }
  }
}

/* A limiter on the master comes first, and leaves it nothing to do. */
static void master_is_processed_before_it(void **state)
{
  (void)state;
  const PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
  const Heard heard = render(PIECE "master: limiter -1\n", options, FRAMES, other, NULL);
  assert_int_equal(heard.reports, 0);
  assert_true(peak_of(other) <= (float)pow(10, -0.05) && peak_of(other) > 0.8f);
  static const char *const halves[] = { PIECE "master: gain 0.5\n", PIECE "master: (* 0.5)\n" };
  for (size_t k = 0; k < 2; k++) {
    (void)render(halves[k], options, FRAMES, other, NULL);
    for (size_t i = 0; i < 2 * FRAMES; i++) {
      assert_true(fabsf(other[i] - 0.5f * raw[i]) < 1e-6f);
    }
  }
}

/* ---- loudness ---------------------------------------------------------------------------------------------------- */

static PhononLoudnessFigures measure(double rate, uint32_t channels, double hz, double phase, double db, double sec)
{
  PhononLoudness *meter = NULL;
  PhononLoudnessFigures figures;
  assert_int_equal(phonon_loudness_new(rate, channels, &meter), PHONON_OK);
  const double level = pow(10, db / 20);
  float frames[2 * 480];
  for (uint32_t at = 0; at < (uint32_t)(sec * rate); at += 480) {
    for (uint32_t i = 0; i < 480; i++) {
      const float x = (float)(level * sin(2 * M_PI * hz * (at + i) / rate + phase));
      frames[i * channels] = x;
      frames[(i + 1) * channels - 1] = x;
    }
    assert_int_equal(phonon_loudness_add(meter, frames, 480), PHONON_OK);
  }
  phonon_loudness_figures(meter, &figures);
  phonon_loudness_free(meter);
  return figures;
}

static void loudness_is_that_of_ebu_r_128(void **state)
{
  (void)state;
  static const double rates[] = { 44100, 48000, 96000 };
  for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
    /* Tech 3341, cases 1 and 2: within 0.1 LU. */
    assert_true(fabs(measure(rates[i], 2, 1000, 0, -23, 20).integrated_lufs + 23) <= 0.1);
    assert_true(fabs(measure(rates[i], 2, 1000, 0, -33, 20).integrated_lufs + 33) <= 0.1);
    assert_true(fabs(measure(rates[i], 1, 1000, 0, -20, 20).integrated_lufs + 23.01) <= 0.1); /* one side: 3 dB less */
    /* Cases 15 to 18: a quarter of the rate at 45 degrees, -6 dBTP, within +0.2 and -0.4 dB. */
    const PhononLoudnessFigures quarter = measure(rates[i], 2, rates[i] / 4, M_PI / 4, -6.02, 2);
    assert_true(quarter.true_peak_dbtp <= -5.8 && quarter.true_peak_dbtp >= -6.4);
    assert_true(fabs(quarter.peak_dbfs + 9.03) < 0.01);
    assert_true(measure(rates[i], 2, 1000, 0, -23, 20).range_lu < 0.1);
  }
}

static void silence_has_no_loudness(void **state)
{
  (void)state;
  const PhononLoudnessFigures none = measure(48000, 2, 1000, 0, -400, 1);
  assert_true(isinf(none.integrated_lufs) && none.integrated_lufs < 0);
  PhononLoudness *meter = NULL;
  assert_int_equal(phonon_loudness_new(1, 2, &meter), PHONON_ARG);
  assert_int_equal(phonon_loudness_new(48000, 3, &meter), PHONON_ARG);
  assert_null(meter);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(safety_keeps_within_full_scale), /* fills `raw` and `safe` for the others */
    cmocka_unit_test(safety_moves_smoothly),           cmocka_unit_test(safety_does_not_depend_on_the_run),
    cmocka_unit_test(safety_leaves_stems_alone),       cmocka_unit_test(safety_can_be_turned_off),
    cmocka_unit_test(safety_knows_the_gain_behind_it), cmocka_unit_test(master_is_processed_before_it),
    cmocka_unit_test(loudness_is_that_of_ebu_r_128),   cmocka_unit_test(silence_has_no_loudness),
  };
  return cmocka_run_group_tests_name("master", tests, NULL, NULL);
}
