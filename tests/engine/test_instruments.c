/* Instruments: what they read of their events, how their pitch moves, the built-in synths. Measured on the audio.
   SPDX-License-Identifier: MIT */
#include "built.h"
#include "plans.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE 44100.0
#define TURN 6.283185307179586

static const Run plain = { .block = 512, .threads = 1 };

/* The left side of a text. */
static float *render(const char *text, uint32_t frames, PhEngineStats *stats)
{
  Built b;
  built(&b, "test", text);
  float *out = hand_render(&b.plan, plain, frames, stats);
  for (uint32_t f = 0; f < frames; f++) {
    out[f] = out[2 * (size_t)f];
  }
  built_drop(&b);
  return out;
}

/* The frequency of a sine between two frames, from its first to its last rising zero crossing. */
static double pitch_of(const float *x, int from, int to)
{
  double first = -1, last = -1;
  int count = 0;
  for (int f = from + 1; f < to; f++) {
    if (x[f - 1] < 0 && x[f] >= 0) {
      last = f - 1 + (double)x[f - 1] / ((double)x[f - 1] - (double)x[f]);
      first = first < 0 ? last : first;
      count++;
    }
  }
  assert_true(count > 1);
  return (count - 1) / (last - first) * RATE;
}

static double cents(double a, double b) { return 1200 * log2(a / b); }

static void assert_pitch(const float *x, int from, int to, double hz)
{
  const double off = cents(pitch_of(x, from, to), hz);
  if (!(fabs(off) < 1)) {
    fail_msg("%g cents off %g Hz", off, hz);
  }
}

/* ---- ctl ---- */

/* Eighths of a cycle at half a cycle per second are 11025 frames. */
static void controls_reach_the_voice(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    float expected[2]; /* in the first and the second half of a cycle */
  } cases[] = {
    { "~a: ctl \"voice\" 0.25\nout: s \"~a*2\" # attack 0", { 0.25f, 0.25f } },
    { "~a: ctl \"voice\" 0.25\nout: s \"~a*2\" # attack 0 # voice \"0.5 0.75\"", { 0.5f, 0.75f } },
    { "~a: ctl \"lpf\" 100 * 0.001\nout: s \"~a*2\" # attack 0 # cutoff \"200 400\"", { 0.2f, 0.4f } },
    { "~a: ctl \"cutoff\" 100 * 0.001\nout: s \"~a*2\" # attack 0 # ctf \"200 400\"", { 0.2f, 0.4f } },
    { "~a: ctl \"freq\" 500 * 0.001\nout: s \"~a*2\" # attack 0 # freq \"110 220\"", { 0.11f, 0.22f } },
    { "~a: ctl \"freq\" 500 * 0.001\nout: s \"~a*2\" # attack 0", { 0.5f, 0.5f } },
    { "~a: ctl \"note\" 3 * 0.1\nout: s \"~a*2\" # attack 0 # note \"5 7\"", { 0.5f, 0.7f } },
    { "~a: ctl \"sustain\" 9 * 0.1\nout: s \"~a*2\" # attack 0 # legato \"1 0.75\"", { 0.1f, 0.075f } },
    { "~a: ctl \"rate\" (ctl \"voice\" 0.5)\nout: s \"~a*2\" # attack 0 # voice \"0.25 0.75\"", { 0.25f, 0.75f } },
    { "~a: ctl \"rate\" (ctl \"voice\" 0.5)\nout: s \"~a*2\" # attack 0 # rate \"0.125 0.0\" # voice 0.75", { 0.125f, 0.0f } },
    { "~a: ctl \"voice\" 0.25\n~b: ~a * 2\nout: s \"~a ~b\" # attack 0 # voice 0.5", { 0.5f, 1.0f } },
    { "~a: ctl \"foo\" 0.25\nout: s \"~a*2\" # attack 0 # pF \"foo\" \"0.5 0.75\"", { 0.5f, 0.75f } },
    { "~a: ctl \"voice\" 0.25\nout: ~a * 2", { 0.5f, 0.5f } },
  };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    float *x = render(cases[i].text, 88200, NULL);
    for (int half = 0; half < 2; half++) {
      const float got = x[half * 44100 + 22050];
      if (fabsf(got - cases[i].expected[half]) > 1e-6f) {
        fail_msg("%s\nhalf %d: %g, not %g", cases[i].text, half, (double)got, (double)cases[i].expected[half]);
      }
    }
    free(x);
  }
}

/* A name that is nearly one of a control is doubted; one that is not may come from pF. */
static void names_are_doubted(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    size_t warnings;
  } cases[] = { { "~a: ctl \"cutof\" 1\nout: s \"~a\"", 1 }, { "~a: ctl \"cutoff\" 1\nout: s \"~a\"", 0 },
                { "~a: ctl \"wobbliness\" 1\nout: s \"~a\"", 0 }, { "~a: ctl \"ratio4\" 1\nout: s \"~a\"", 0 } };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    Built b;
    built(&b, "names", cases[i].text);
    assert_int_equal(b.diags.warnings, cases[i].warnings);
    built_drop(&b);
  }
}

/* A control that an instrument reads is its own: the engine does not shape the voice by it as well. */
static void what_is_read_is_owned(void **state)
{
  (void)state;
  float *x = render("~a: ctl \"decay\" 1 * 0.5\nout: s \"~a\" # attack 0 # decay 0.5", 88200, NULL);
  assert_true(x[60000] == 0.25f);
  free(x);
  x = render("~a: ctl \"voice\" 1 * 0.5\nout: s \"~a\" # attack 0 # decay 0.5", 88200, NULL);
  assert_true(x[60000] == 0);
  free(x);
}

/* ---- pitch ---- */

static void notes_are_in_tune(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    double hz[2];
  } cases[] = {
    { "~a: sine 110\nout: s \"~a*2\" # note \"0 7\"", { 261.6255653, 391.9954360 } },
    { "~a: sine\nout: s \"~a*2\" # note \"c4 a5\"", { 261.6255653, 880 } },
    { "~a: sine 110 * 0 + sine 330\nout: s \"~a*2\" # note \"a4 a5\"", { 1320, 2640 } },
    { "~a: sine 110\nout: s \"~a*2\" # freq \"500 501.5\"", { 500, 501.5 } },
    { "~a: sine 110\nout: s \"~a*2\" # note \"a4\" # octave \"3 5\"", { 220, 880 } },
    { "~a: sine 110\nout: s \"~a*2\" # note \"a4\" # detune \"0.5 -0.25\"", { 452.8929841, 433.6919 } },
    { "~a: sine (ctl \"freq\" 123)\nout: s \"~a*2\" # n \"12 24\"", { 523.2511306, 1046.5022612 } },
    { "~a: sine 110\nout: s \"~a*2\"", { 110, 110 } },
    { "~a: sine 110\nout: s \"~a*2\" # freq \"a4 a5\"", { 440, 880 } },
    { "~a: sine 110\nout: s \"~a*2\" # freq (\"a4 a5\" * 2)", { 880, 1760 } },
    { "~a: sine 110\nout: s \"~a*2\" # freq (\"a4 a5\" / 2 + 20)", { 240, 460 } },
    { "~a: sine 110\nout: s \"~a*2\" # freq (\"a4 a5\" + 12)", { 880, 1760 } },
    { "out: sine (\"a4 a5\" / 2) # ar 0.01 2", { 220, 440 } },
  };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    float *x = render(cases[i].text, 88200, NULL);
    for (int half = 0; half < 2; half++) {
      assert_pitch(x, half * 44100 + 2300, half * 44100 + 44000, cases[i].hz[half]);
    }
    free(x);
  }
}

/* An oscillator below 20 Hz keeps its rate, whatever the note. */
static void slow_oscillators_keep_their_rate(void **state)
{
  (void)state;
  float *x = render("~a: saw 110 * 0 + sine 7\nout: s \"~a\" # note 24", 88200, NULL);
  assert_pitch(x, 500, 88000, 7);
  free(x);
}

/* A sine at a pitch that moves, against what was rendered from the onset on: its phase is the sum of the pitches before. */
static void assert_sweep(const float *x, int onset, int from, int to, double hz, double start, double glide, double bend)
{
  double turns = 0;
  for (int f = 0; f < to; f++) {
    const double t = f / RATE, expected = sin(TURN * turns);
    if (f > from && fabs(expected - (double)x[onset + f]) > 0.005) {
      fail_msg("frame %d after the onset: %g, not %g", f, (double)x[onset + f], expected);
    }
    turns += hz / RATE * (1 + bend * t) * (t < glide ? pow(start, 1 - t / glide) : 1);
  }
}

static void accelerate_bends(void **state)
{
  (void)state;
  float *x = render("~a: sine\nout: s \"~a\" # note \"a4\" # accelerate \"<1 -0.5>\" # legato \"<1 0.5>\" # release 0.001", 2 * 88200, NULL);
  assert_sweep(x, 0, 500, 88000, 440, 1, 0, 0.5); /* twice the pitch at the end of 2 s */
  assert_sweep(x, 88200, 500, 44000, 440, 1, 0, -0.5);
  free(x);
}

static void portamento_glides(void **state)
{
  (void)state;
  float *x = render("~a: sine 220\nout: s \"~a*2\" # note \"a3 a5\" # portamento 0.25 # release 0.001", 88200, NULL);
  assert_pitch(x, 1000, 44000, 220);
  assert_sweep(x, 44100, 500, 44000, 880, 0.25, 0.25, 0);
  free(x);
}

/* The notes of a chord come from the corresponding notes of the chord before. */
static void chords_glide_note_by_note(void **state)
{
  (void)state;
  float *x = render("~a: sine\nout: (s \"~a*2\" # note \"[a3,a5] [a4,a4]\" # portamento 0.25 # release 0.001)", 88200, NULL);
  float *y = render("~a: sine\nout: (s \"~a*2\" # note \"a3 a4\" # portamento 0.25 # release 0.001) ~+ "
                    "(s \"~a*2\" # note \"a5 a4\" # portamento 0.25 # release 0.001)", 88200, NULL);
  double worst = 0;
  for (int f = 46000; f < 88000; f++) {
    worst = fmax(worst, fabs((double)x[f] - (double)y[f]));
  }
  assert_true(worst < 1e-6);
  free(x);
  free(y);
}

/* ---- envelopes of any shape ---- */

typedef struct Level {
  int frame;
  double expected;
} Level;

static void assert_levels(const char *text, double full, const Level *levels, size_t count)
{
  float *x = render(text, 88200, NULL);
  for (size_t i = 0; i < count; i++) {
    const double got = (double)x[levels[i].frame] / full;
    if (fabs(got - levels[i].expected) > 2e-6) {
      fail_msg("%s\nframe %d: %g, not %g", text, levels[i].frame, got, levels[i].expected);
    }
  }
  free(x);
}

static void segments_shape_voices(void **state)
{
  (void)state;
  static const Level levels[] = { { 0, 0 },         { 2205, 0.5 },     { 4410, 1 },       { 8820, 0.75 }, { 13230, 0.5 },
                                  { 19845, 0.25 },  { 26459, 0.5 / 13230 }, { 26460, 0 }, { 50000, 0 } };
  assert_levels("~a: ctl \"voice\" 0.5\nout: s \"~a\" # segments \"0 1 0.5 0\" \"0.1 0.2 0.3\"", 0.5, levels, PH_COUNT(levels));
  assert_levels("~a: ctl \"voice\" 0.5 # pan 0\nout: s \"~a ~\" # segments \"0 1 0.5 0\" \"0.1 0.2 0.3\"", 0.5, levels, PH_COUNT(levels));
  assert_levels("out: s \"wide\" # segments \"0 1 0.5 0\" \"0.1 0.2 0.3\"", 0.5, levels, PH_COUNT(levels));
  /* A last level that is not 0 is held for the event's length, and released. */
  static const Level held[] = { { 2205, 0.5 }, { 4410, 1 }, { 6615, 0.75 }, { 8820, 0.5 }, { 44099, 0.5 }, { 44100 + 1102, 0.5 * (1 - 1102 / 2205.0) }, { 46306, 0 } };
  assert_levels("~a: ctl \"voice\" 0.5\nout: s \"~a ~\" # segments \"0 1 0.5\" \"0.1 0.1\"", 0.5, held, PH_COUNT(held));
}

static double bent(double t, double c) { return (1 - exp(c * t)) / (1 - exp(c)); }

static void curves_shape_voices(void **state)
{
  (void)state;
  const Level levels[] = { { 0, 1 }, { 441, 1 - bent(0.02, -4) }, { 11025, 1 - bent(0.5, -4) }, { 22049, 1 - bent(22049 / 22050.0, -4) }, { 22050, 0 } };
  assert_levels("~a: ctl \"voice\" 0.5\nout: s \"~a\" # curve 1 0 0.5 -4", 0.5, levels, PH_COUNT(levels));
  assert_levels("out: s \"wide\" # curve 1 0 0.5", 0.5, levels, PH_COUNT(levels));
  const Level two[] = { { 11025, 0.5 }, { 44100 + 5512, bent(5512 / 11025.0, 3) }, { 44100 + 11025, 1 } };
  assert_levels("~a: ctl \"voice\" 0.5\nout: s \"~a*2\" # curve \"1 0\" \"0 1\" \"0.5 0.25\" \"0 3\"", 0.5, two, PH_COUNT(two));
}

/* ---- what plays what ---- */

static void instruments_mix_with_samples(void **state)
{
  (void)state;
  PhEngineStats stats;
  float *x = render("~a: ctl \"voice\" 0.25\nout: s \"wide [~a ramp]\" # attack 0", 88200, &stats);
  assert_int_equal(stats.voices_started, 3);
  assert_true(x[1000] == 0.5f && x[46000 + 2205] == 0.25f && x[66150 + 300] > 0.25f);
  free(x);
}

static void instruments_hold_instruments(void **state)
{
  (void)state;
  float *x = render("~a: ctl \"voice\" 0.25\n~b: ~a + 0.5\n~c: s \"~b*2\" # voice \"0.125 0.25\"\nout: s \"~c\" # attack 0", 88200, NULL);
  assert_true(x[22050] == 0.625f && x[66150] == 0.75f);
  free(x);
}

/* saw "c4 e4" # ar …: every event triggers. */
static void strings_trigger(void **state)
{
  (void)state;
  PhEngineStats stats;
  float *x = render("out: sine \"a4 a5\" # ar 0.01 0.3", 88200, &stats);
  assert_int_equal(stats.voices_started, 2);
  assert_pitch(x, 500, 12000, 440);
  assert_pitch(x, 44600, 56000, 880);
  assert_true(x[0] == 0 && fabsf(x[20000]) == 0 && fabsf(x[44100]) == 0);
  free(x);
}

/* A unit with sides inside: each voice has both, and the voices of a bank do not mix. */
static void stereo_instruments(void **state)
{
  (void)state;
  Built b;
  built(&b, "stereo", "~a: sine 220 # pan -1\nout: s \"~a*2\" # note \"a4 a5\" # attack 0");
  float *out = hand_render(&b.plan, plain, 88200, NULL);
  float left[44100], right = 0;
  for (int f = 0; f < 44100; f++) {
    left[f] = out[2 * f];
    right = fmaxf(right, fabsf(out[2 * f + 1]));
  }
  assert_pitch(left, 1000, 44000, 440);
  assert_true(right < 1e-6f);
  free(out);
  built_drop(&b);
}

/* A built-in synth gives way to a bank of its name. */
static void banks_go_before_synths(void **state)
{
  (void)state;
  Built b;
  built(&b, "bank", "out: s \"superkick\"");
  assert_int_equal(b.plan.instrument_count, 1);
  assert_string_equal(b.plan.instruments[0].name, "superkick");
  float *out = hand_render(&b.plan, plain, 1000, NULL);
  assert_true(fabsf(out[2 * 500]) > 0.01f);
  free(out);
  static const HandEvent events[] = { { { 0, 1 }, { 1, 1 }, 0, NULL } };
  HandEvent wide = events[0];
  wide.map = hand_map("wide", NULL);
  const HandPat pat = hand_pat(&wide, 1, 1);
  b.plan.players[0].pat = &pat.head;
  b.plan.instruments[0].name = "wide"; /* a bank of the store is called so */
  out = hand_render(&b.plan, plain, 1000, NULL);
  assert_true(out[2 * 500] == 0.5f && out[2 * 500 + 1] == -0.5f);
  free(out);
  built_drop(&b);
}

/* A function of the user hides a synth where it is called, and nothing of the user's is seen inside. */
static void synths_are_hygienic(void **state)
{
  (void)state;
  float *x = render("out: s \"superkick\"", 4000, NULL);
  float *y = render("fn sine x = noise\nfn superkick = noise\n~noise: 0\nout: s \"superkick\"", 4000, NULL);
  assert_memory_equal(x, y, 4000 * sizeof *x);
  free(x);
  free(y);
}

/* ---- the built-in synths ---- */

static double power(const float *x, int from, int to)
{
  double sum = 0;
  for (int f = from; f < to; f++) {
    sum += (double)x[f] * (double)x[f];
  }
  return sum / (to - from);
}

/* A second long, every two seconds: both sound, alike, at the level of the built-in kit, and end. */
static void synths_sound_and_end(void **state)
{
  (void)state;
  size_t count;
  const PhSynth *synths = ph_synths(&count);
  assert_true(count > 20);
  for (size_t i = 0; i < count; i++) {
    const char *name = synths[i].func.name;
    char text[128];
    (void)snprintf(text, sizeof text, "cps: 0.25\nout: s \"%s ~ %s ~\" # note 0", name, name);
    enum { FRAMES = 176400 };
    float *x = render(text, FRAMES, NULL);
    double peak = 0, loudest = 0;
    for (int f = 0; f < FRAMES; f++) {
      peak = fmax(peak, fabs((double)x[f]));
    }
    for (int f = 0; f + 8820 <= 44100; f += 441) {
      loudest = fmax(loudest, power(x, f, f + 8820));
    }
    const double first = power(x, 0, 44100), second = power(x, 88200, 132300);
    const double db = 10 * log10(loudest);
    if (!(peak > 0.05 && peak < 1) || !(db > -28 && db < -8) || !(second > first / 4 && second < first * 4)) {
      fail_msg("%s: peak %g, loudest %g dB, powers %g and %g", name, peak, db, first, second);
    }
    const double length = synths[i].shape.length_sec > 0 ? synths[i].shape.length_sec : 1;
    const int end = (int)((length + synths[i].shape.release_sec) * RATE) + 2;
    assert_true(end >= 88200 || power(x, end, 88200) == 0);
    free(x);
  }
}

/* Whatever the controls say, a synth stays within its parameters' ranges and within twice full scale. */
static void synths_stay_in_range(void **state)
{
  (void)state;
  size_t count;
  const PhSynth *synths = ph_synths(&count);
  static const char *const notes[] = { "-48", "48" }, *const values[] = { "-1000", "1000" };
  for (size_t i = 0; i < count; i++) {
    for (size_t k = 0; k < 4; k++) {
      PhText text = { 0 };
      ph_text_printf(&text, "out: s \"%s\" # note %s", synths[i].func.name, notes[k / 2]);
      for (uint32_t p = 0; p < synths[i].func.param_count; p++) {
        const char *name = synths[i].func.params[p].name;
        if (strcmp(name, "freq") != 0 && strcmp(name, "velocity") != 0) {
          ph_text_printf(&text, " # pF \"%s\" \"%s\"", name, values[k % 2]);
        }
      }
      float *x = render(text.ptr, 8820, NULL);
      for (int f = 0; f < 8820; f++) {
        if (!(fabsf(x[f]) < 2)) {
          fail_msg("%s: %g at frame %d", text.ptr, (double)x[f], f);
        }
      }
      free(x);
      ph_text_deinit(&text);
    }
  }
}

/* The synths whose period is the note's: against the signal one period later, to a hundredth of a frame. */
static void synths_are_in_tune(void **state)
{
  (void)state;
  static const char *const names[] = { "supersquare", "superchip", "superfork", "superfm", "supervibe", "supermandolin" };
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    char text[128];
    (void)snprintf(text, sizeof text, "out: s \"%s\" # note \"a5\" # detune 0 # semitone 0", names[i]);
    float *x = render(text, 44100, NULL);
    /* The difference at lags around fifty periods; its least by a parabola. */
    const int lag = 2506; /* 50 * 44100 / 880 = 2505.68 */
    double d[5];
    for (int k = 0; k < 5; k++) {
      d[k] = 0;
      for (int f = 15000; f < 30000; f++) {
        const double e = (double)x[f] - (double)x[f + lag - 2 + k];
        d[k] += e * e;
      }
    }
    int least = 1;
    for (int k = 1; k < 4; k++) {
      least = d[k] < d[least] ? k : least;
    }
    const double bend = d[least - 1] - 2 * d[least] + d[least + 1];
    const double at = lag - 2 + least + 0.5 * (d[least - 1] - d[least + 1]) / bend;
    const double off = cents(50 * RATE / at, 880);
    if (!(fabs(off) < 1)) {
      fail_msg("%s: %g cents off", names[i], off);
    }
    free(x);
  }
}

/* Notes that sound together are the sum of each alone. */
static void synths_are_polyphonic(void **state)
{
  (void)state;
  PhEngineStats stats;
  float *both = render("out: s \"superfm\" # note \"[0,7]\"", 44100, &stats);
  assert_int_equal(stats.voices_peak, 2);
  float *one = render("out: s \"superfm\" # note 0", 44100, NULL), *other = render("out: s \"superfm\" # note 7", 44100, NULL);
  float *chord = render("out: s \"superfm\" # note \"c'maj'5\"", 44100, &stats);
  assert_int_equal(stats.voices_peak, 5);
  for (int f = 0; f < 44100; f++) {
    assert_true(fabsf(both[f] - (one[f] + other[f])) < 1e-6f);
  }
  free(both);
  free(one);
  free(other);
  free(chord);
}

/* As a function a synth is the same signal; its parameters are arguments, and inside an instrument controls of the event. */
static void synths_are_functions(void **state)
{
  (void)state;
  float *x = render("out: s \"superfm\" # attack 0 # note 0 # ratio2 3", 20000, NULL);
  float *y = render("~a: superfm :ratio2 3\nout: s \"~a\" # attack 0 # note 0", 20000, NULL);
  float *z = render("~a: superfm\nout: s \"~a\" # attack 0 # note 0 # ratio2 3", 20000, NULL);
  assert_memory_equal(x, y, 20000 * sizeof *x);
  assert_memory_equal(x, z, 20000 * sizeof *x);
  float *v = render("~a: superfm :ratio2 3\nout: s \"~a\" # attack 0 # note 0 # slide 1", 20000, NULL); /* a control on events */
  assert_memory_equal(x, v, 20000 * sizeof *x);
  free(v);
  float *w = render("out: superfork 440", 20000, NULL);
  assert_pitch(w, 15000, 20000, 440);
  free(x);
  free(y);
  free(z);
  free(w);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(controls_reach_the_voice),  cmocka_unit_test(what_is_read_is_owned),
    cmocka_unit_test(names_are_doubted),
    cmocka_unit_test(notes_are_in_tune),         cmocka_unit_test(slow_oscillators_keep_their_rate),
    cmocka_unit_test(accelerate_bends),          cmocka_unit_test(portamento_glides),
    cmocka_unit_test(chords_glide_note_by_note), cmocka_unit_test(instruments_mix_with_samples),
    cmocka_unit_test(instruments_hold_instruments), cmocka_unit_test(strings_trigger),
    cmocka_unit_test(segments_shape_voices),     cmocka_unit_test(curves_shape_voices),
    cmocka_unit_test(stereo_instruments),        cmocka_unit_test(banks_go_before_synths),
    cmocka_unit_test(synths_are_hygienic),       cmocka_unit_test(synths_sound_and_end),
    cmocka_unit_test(synths_stay_in_range),
    cmocka_unit_test(synths_are_in_tune),        cmocka_unit_test(synths_are_polyphonic),
    cmocka_unit_test(synths_are_functions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
