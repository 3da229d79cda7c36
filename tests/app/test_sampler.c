/* What the controls of the sampler sound like: pieces of real recordings (Debian's sonic-pi-samples) put together again, and
   sounds of the kit at the edges of what may be asked for.  SPDX-License-Identifier: MIT */
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

#define RECORDINGS "/usr/share/sonic-pi/samples"

enum {
  BREAK_FRAMES = 84000, /* loop_breakbeat, stereo at 44100 Hz */
  FADE_FRAMES = 45,     /* a millisecond: slices fade into one another */
  RELEASE_FRAMES = 133, /* three: the end of a recording */
};

static PhononSamples *samples;
static unsigned reports;

static void count_report(void *ctx, const PhononDiagnostic *diagnostic)
{
  (void)ctx;
  (void)diagnostic;
  reports++;
}

/* Renders a text; the caller frees. */
static float *render(const char *text, uint32_t frames)
{
  PhononProgram *program = NULL;
  PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
  PhononEngine *engine = NULL;
  options.samples = samples;
  options.report = count_report;
  if (phonon_program_new(text, strlen(text), NULL, &program) != PHONON_OK) {
    char *why = phonon_program_diagnostics_text(program, false);
    fail_msg("%s\n%s", text, why);
  }
  assert_int_equal(phonon_engine_new(program, &options, &engine), PHONON_OK);
  float *out = calloc(2 * (size_t)frames, sizeof *out);
  assert_non_null(out);
  assert_int_equal(phonon_engine_render(engine, frames, out, NULL), PHONON_OK);
  phonon_engine_free(engine);
  phonon_program_free(program);
  return out;
}

static float peak(const float *out, uint32_t from, uint32_t to)
{
  float most = 0;
  for (size_t i = 2 * (size_t)from; i < 2 * (size_t)to; i++) {
    most = fabsf(out[i]) > most ? fabsf(out[i]) : most;
  }
  return most;
}

static bool has_recordings(void)
{
  PhononSamplesOptions options = PHONON_SAMPLES_DEFAULTS;
  const char *const dirs[] = { RECORDINGS };
  options.dirs = dirs;
  options.dir_count = 1;
  options.only_these = true;
  assert_int_equal(phonon_samples_new(&options, &samples), PHONON_OK);
  return phonon_samples_count(samples, "loop_breakbeat") == 1;
}

/* ---- pieces put together again ---- */

/* One cycle lasts as long as the break does. */
#define ONE_BREAK "cps: 44100/84000\n"

static const struct {
  const char *text;
  int pieces;
} cuts[] = {
  { ONE_BREAK "out: chop 8 $ s \"loop_breakbeat\"\n", 8 },
  { ONE_BREAK "out: chop 7 $ s \"loop_breakbeat\"\n", 7 },
  { ONE_BREAK "out: striate 16 $ s \"loop_breakbeat\"\n", 16 },
  { ONE_BREAK "out: slice 8 \"0 .. 7\" $ s \"loop_breakbeat\"\n", 8 },
  { ONE_BREAK "out: splice 8 \"0 .. 7\" $ s \"loop_breakbeat\"\n", 8 },
  { ONE_BREAK "out: splice 12 \"0 .. 11\" $ s \"loop_breakbeat\"\n", 12 },
  { ONE_BREAK "out: loopAt 1 $ chop 32 $ s \"loop_breakbeat\"\n", 32 },
  { ONE_BREAK "out: loopAt 1 $ s \"loop_breakbeat\"\n", 1 },
  { ONE_BREAK "out: s \"loop_breakbeat*4\" # begin \"0 0.25 0.5 0.75\" # end \"0.25 0.5 0.75 1\"\n", 4 },
};

/* The whole break, for two cycles. */
static float *original(void) { return render(ONE_BREAK "out: s \"loop_breakbeat\"\n", 2 * BREAK_FRAMES); }

/* Equal bits outside of the fades, which reach a millisecond into each piece; there up and down add up to 1, so that what is
   left is rounding: three roundings of 2^-24. */
static void pieces_make_the_whole(void **state)
{
  (void)state;
  float *whole = original();
  assert_true(peak(whole, 0, BREAK_FRAMES) > 0.3f);
  for (size_t c = 0; c < sizeof cuts / sizeof *cuts; c++) {
    float *out = render(cuts[c].text, 2 * BREAK_FRAMES);
    for (int64_t f = 0; f < BREAK_FRAMES; f++) {
      const double piece = (double)BREAK_FRAMES / cuts[c].pieces;
      const int64_t begin = (int64_t)(floor(((double)f + 0.5) / piece) * piece + 0.5);
      const bool fades = f - begin < FADE_FRAMES && begin > 0;
      for (int side = 0; side < 2; side++) {
        const float is = out[2 * f + side], was = whole[2 * f + side];
        if (fades ? fabsf(is - was) > 3.0f * 0x1p-24f : is != was) {
          fail_msg("%sframe %lld: %.9g, was %.9g", cuts[c].text, (long long)f, (double)is, (double)was);
        }
      }
    }
    free(out);
  }
  free(whole);
}

/* A slice plays its part and nothing else: where it stands in the recording, and until when. */
static void a_slice_is_its_part(void **state)
{
  (void)state;
  float *whole = original();
  float *out = render(ONE_BREAK "out: slice 8 \"~ 5 ~ ~\" $ s \"loop_breakbeat\"\n", BREAK_FRAMES);
  const int64_t onset = BREAK_FRAMES / 4, part = BREAK_FRAMES / 8, from = 5 * part;
  assert_true(peak(out, 0, (uint32_t)onset) == 0);
  for (int64_t f = FADE_FRAMES; f < part; f++) {
    assert_true(out[2 * (onset + f)] == whole[2 * (from + f)]);
  }
  assert_true(peak(out, (uint32_t)(onset + part + FADE_FRAMES), BREAK_FRAMES) == 0);
  free(out);
  free(whole);
}

/* Backwards is the same frames in the other order. */
static void backwards_is_the_mirror(void **state)
{
  (void)state;
  float *whole = original();
  float *out = render(ONE_BREAK "out: s \"loop_breakbeat\" # speed -1\n", BREAK_FRAMES);
  for (int64_t f = RELEASE_FRAMES; f < BREAK_FRAMES - RELEASE_FRAMES; f++) {
    assert_true(out[2 * f] == whole[2 * (BREAK_FRAMES - 1 - f)]);
  }
  float *swapped = render(ONE_BREAK "out: s \"loop_breakbeat\" # begin 1 # end 0\n", BREAK_FRAMES);
  assert_memory_equal(out, swapped, 2 * BREAK_FRAMES * sizeof *out);
  free(swapped);
  free(out);
  free(whole);
}

/* splice in another order and at another tempo: each piece fills its event, so that there is never a gap. */
static void splice_fills_its_events(void **state)
{
  (void)state;
  float *out = render("cps: 0.4\nout: splice 8 \"3 0 [6 1] 2\" $ s \"loop_drone_g_97\"\n", 110250);
  const uint32_t quarter = 27562;
  for (uint32_t i = 1; i < 4; i++) {
    const uint32_t at = i * quarter;
    assert_true(peak(out, at - 400, at) > 0.2f * peak(out, at - quarter / 4, at - 400));
  }
  free(out);
}

/* loopAt 2 at any tempo: the last sound of the recording falls on the second cycle's end. */
static void loop_at_fits(void **state)
{
  (void)state;
  float *out = render("cps: 1.3\nout: loopAt 2 $ s \"loop_breakbeat\" # cut 1\n", 70000);
  float *whole = original();
  const double ratio = BREAK_FRAMES / (2 * 44100 / 1.3);
  double error = 0, power = 0;
  for (int64_t f = 1000; f < 60000; f += 7) { /* against linear interpolation, which is coarse but nobody's kernel */
    const double at = (double)f * ratio;
    const int64_t k = (int64_t)at;
    const double t = at - (double)k, y = (1 - t) * (double)whole[2 * k] + t * (double)whole[2 * k + 2];
    error += (y - (double)out[2 * f]) * (y - (double)out[2 * f]);
    power += y * y;
  }
  assert_true(error < 0.05 * power);
  free(whole);
  free(out);
}

/* A piece of chew is faster where its event is shorter; bite takes parts of the pattern. */
static void bite_and_chew_sound(void **state)
{
  (void)state;
  float *bite = render(ONE_BREAK "out: bite 4 \"0 2*2\" $ chop 4 $ s \"loop_breakbeat\"\n", BREAK_FRAMES);
  float *chew = render(ONE_BREAK "out: chew 4 \"0 2*2\" $ chop 4 $ s \"loop_breakbeat\"\n", BREAK_FRAMES);
  float *whole = original();
  for (int64_t f = FADE_FRAMES; f < 1000; f++) { /* the third quarter begins at the half */
    assert_true(bite[2 * (BREAK_FRAMES / 2 + f)] == whole[2 * (BREAK_FRAMES / 2 + f)]);
  }
  assert_true(memcmp(bite, chew, 2 * BREAK_FRAMES * sizeof *bite) != 0);
  assert_true(peak(chew, 0, BREAK_FRAMES) > 0.1f);
  free(bite);
  free(chew);
  free(whole);
}

/* ---- controls ---- */

/* The last frame that sounds, or -1. */
static int64_t last_sound(const float *out, int64_t frames)
{
  for (int64_t f = frames - 1; f >= 0; f--) {
    if (out[2 * f] != 0 || out[2 * f + 1] != 0) {
      return f;
    }
  }
  return -1;
}

#define DRONE_SEC (218227 / 44100.0)

/* The drone lasts long, so what ends it is the control. */
static void lengths(void **state)
{
  (void)state;
  static const struct {
    const char *controls;
    double sec; /* until silence, but for the default fades of 1 to 3 ms */
  } cases[] = {
    { "# sustain 0.5", 0.5 },
    { "# dur 0.25 # sustain 0.5", 0.25 },
    { "# legato 0.5", 1.0 },
    { "# begin 0.5 # end 0.6", 0.1 * DRONE_SEC },
    { "# end 0.1 # speed 2", 0.05 * DRONE_SEC },
    { "# end 0.1 # speed (-2)", 0.05 * DRONE_SEC },
    { "# end 0.1 # accelerate 1", 0.1 * DRONE_SEC / 1.5 },
    { "# end 0.1 # accelerate (-0.5)", 0.1 * DRONE_SEC / 0.75 },
    { "# end 0.02 # loop 5", 0.1 * DRONE_SEC },
    { "# unit \"s\" # speed 2", 0.5 },
    { "# unit \"c\" # speed 4", 0.5 },
    { "# note 12 # end 0.1", 0.05 * DRONE_SEC },
    { "# sustain 0.5 # release 0.3", 0.8 },
    { "# sustain 0.5 # fadeTime 0.2", 0.7 },
    { "# attack 0.1 # hold 0.2 # release 0.1", 0.4 },
    { "# ar 0.1 0.2", 0.3 },
    { "# ar 0.1 0.2 # speed (-1)", 0.3 },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[160];
    (void)snprintf(text, sizeof text, "out: s \"<loop_drone_g_97 ~!7>\" %s\n", cases[i].controls);
    float *out = render(text, 100000);
    const double end = (double)(last_sound(out, 100000) + 1) / 44100;
    if (end < cases[i].sec - 0.0012 || end > cases[i].sec + 0.0045) {
      fail_msg("%s: ends after %.4f s, expected %.4f", cases[i].controls, end, cases[i].sec);
    }
    free(out);
  }
}

/* An envelope that is given turns round with the sound: `ar 0.01 0.2` swells for 0.2 s and breaks off. */
static void envelopes_turn_with_the_sound(void **state)
{
  (void)state;
  float *forth = render("out: s \"<loop_drone_g_97 ~!7>\" # end 0.05 # ar 0 0.2\n", 30000);
  float *back = render("out: s \"<loop_drone_g_97 ~!7>\" # end 0.05 # ar 0 0.2 # speed (-1)\n", 30000);
  assert_true(peak(forth, 0, 1000) > 4 * peak(forth, 7800, 8800));
  assert_true(peak(back, 7800, 8800) > 4 * peak(back, 0, 1000));
  assert_true(peak(back, 8900, 30000) == 0);
  free(forth);
  free(back);
}

/* Nothing begins or ends with a step that is greater than the recording's own. */
static void no_clicks(void **state)
{
  (void)state;
  static const char *const texts[] = {
    "out: s \"loop_drone_g_97*3\" # begin 0.31 # cut 1 # speed 1.1\n",
    "out: s \"loop_drone_g_97*3\" # begin \"0.31 0.62\" # legato 0.5 # speed \"1 -0.7\"\n",
    "out: chop 5 $ s \"loop_drone_g_97\" # begin 0.2 # speed 2\n",
    "out: s \"loop_drone_g_97*8\" # begin rand # legato 1.2 # cut 1\n",
  };
  float *plain = render("out: s \"loop_drone_g_97\" # speed 2\n", 80000);
  float own = 0;
  for (int64_t f = 100; f < 80000; f++) {
    own = fmaxf(own, fabsf(plain[2 * f] - plain[2 * f - 2]));
  }
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    float *out = render(texts[i], 88200);
    const float level = peak(out, 0, 88200);
    assert_true(level > 0.1f);
    for (int64_t f = 1; f < 88200; f++) { /* a fade of 1 ms adds a 44th of the level to each step; two may meet */
      const float step = fabsf(out[2 * f] - out[2 * f - 2]);
      if (step > own + 3 * level / 44) {
        fail_msg("%sa step of %g at frame %lld", texts[i], (double)step, (long long)f);
      }
    }
    free(out);
  }
  free(plain);
}

/* What cannot sound is silent and does no harm; what is short is short. */
static void edges(void **state)
{
  (void)state;
  static const struct {
    const char *controls;
    int64_t least, most; /* frames that sound */
  } cases[] = {
    { "# speed 0", 0, 0 },
    { "# begin 0.5 # end 0.5", 0, 0 },
    { "# loop 0", 0, 0 },
    { "# begin 2", 0, 0 },
    { "# sustain 0", 0, 180 }, /* a millisecond at least */
    { "# begin 0.5 # end 0.50001", 1, 50 },
    { "# begin 0.5 # end 0.5001", 10, 70 },
    { "# speed 1000000", 21700, 22000 }, /* clamped to 10, with a warning */
    { "# begin (-1) # end 7 # sustain 0.1", 4300, 4600 },
    { "# accelerate (-3) # end 0.1", 9600, 9800 }, /* turns, and leaves the recording where it began */
    { "# loop 1000 # end 0.0001 # sustain 0.2", 8700, 9000 },
    { "# loop 1000 # end 0.00001 # sustain 0.2 # speed (-3.3)", 700, 760 },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[160];
    (void)snprintf(text, sizeof text, "out: s \"<loop_drone_g_97 ~!7>\" %s\n", cases[i].controls);
    float *out = render(text, 40000);
    const int64_t sounds = last_sound(out, 40000) + 1;
    if (sounds < cases[i].least || sounds > cases[i].most || !(peak(out, 0, 40000) < 2)) {
      fail_msg("%s: sounds for %lld frames", cases[i].controls, (long long)sounds);
    }
    free(out);
  }
}

/* A fast loop sounds the same whether it is one voice that wraps or events that follow one another. */
static void loops_repeat(void **state)
{
  (void)state;
  float *out = render("out: s \"<loop_drone_g_97 ~!7>\" # begin 0.2 # end 0.21 # loop 9\n", 22050);
  const int64_t period = 45828 - 43645; /* the frames nearest 0.2 and 0.21 of 218227 */
  for (int64_t f = 100; f < 8 * (period); f++) {
    assert_true(out[2 * f] == out[2 * (f + period)]);
  }
  free(out);
}

static void names_that_nobody_knows_are_told_once(void **state)
{
  (void)state;
  reports = 0;
  float *out = render("out: s \"bdd*8\"\n", 88200 * 2);
  assert_int_equal(reports, 1);
  assert_true(peak(out, 0, 88200 * 2) == 0);
  free(out);
}

int main(void)
{
  if (!has_recordings()) {
    print_message("%s is not here; install sonic-pi-samples\n", RECORDINGS);
    phonon_samples_free(samples);
    return 77; /* skipped */
  }
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(pieces_make_the_whole),
    cmocka_unit_test(a_slice_is_its_part),
    cmocka_unit_test(backwards_is_the_mirror),
    cmocka_unit_test(splice_fills_its_events),
    cmocka_unit_test(loop_at_fits),
    cmocka_unit_test(bite_and_chew_sound),
    cmocka_unit_test(lengths),
    cmocka_unit_test(envelopes_turn_with_the_sound),
    cmocka_unit_test(no_clicks),
    cmocka_unit_test(edges),
    cmocka_unit_test(loops_repeat),
    cmocka_unit_test(names_that_nobody_knows_are_told_once),
  };
  const int failures = cmocka_run_group_tests(tests, NULL, NULL);
  phonon_samples_free(samples);
  return failures;
}
