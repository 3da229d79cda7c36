/* Effects of events: what an event's controls do to its voice is what the units do to a signal, for each event its own values.
   SPDX-License-Identifier: MIT */
#include "built.h"
#include "plans.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const Run plain = { .block = 512, .threads = 1 };

/* Renders a text of either dialect; the caller frees. */
static float *render(const char *text, bool tidal, uint32_t frames)
{
  Built b;
  built(&b, tidal ? "test.tidal" : "test.ph", text);
  float *out = hand_render(&b.plan, plain, frames, NULL);
  built_drop(&b);
  return out;
}

static float peak(const float *out, uint32_t frames)
{
  float most = 0;
  for (size_t i = 0; i < 2 * (size_t)frames; i++) {
    most = fabsf(out[i]) > most ? fabsf(out[i]) : most;
  }
  return most;
}

/* A saw of the ramp, at once at its full level. In Tidal's dialect amp 1 takes SuperDirt's 0.4 away. */
#define SAW "s \"ramp\" # loop 40 # attack 0 # sustain 0.5"
#define EVENT "setcps 0.5\nd1 $ " SAW " # amp 1 "
#define SIGNAL "cps: 0.5\nout: " SAW " "

/* Left: controls of the event. Right: the units, behind the voice. The sound is the same until the event ends. */
static const struct {
  const char *event, *signal;
} pairs[] = {
  { "# lpf 500", "# lpf 500 1" },
  { "# lpf 500 # resonance 0.5", "# lpf 500 31.622776" },
  { "# hpf 900", "# hpf 900 1" },
  { "# bpf 700 # bpq 4", "# bpf 700 4 * 4" },
  { "# crush 4", "# bitcrush 4" },
  { "# coarse 7", "# coarse 7" },
  { "# coarse 1", "" },
  { "# shape 0.4", "# shape 0.4" },
  { "# tremolorate 7 # tremolodepth 0.8", "# tremolo 7 0.8" },
  { "# phaserrate 2", "# phaser 2 0.5" },
  { "# squiz 3", "# squiz 3" },
  { "# squiz 1", "" },
  { "# distort 0.5", "# distort 8.5 0.5" },
  { "# djf 0.2", "# djf 0.2" },
  { "# fshift 130", "# freq_shift 130" },
  { "# fshift (-40) # fshiftphase 2", "# freq_shift (-40) 1 2" },
  { "# fshift 20 # fshiftnote 0.5", "# freq_shift 150.8127826501493" }, /* half of note 0 */
  { "# comb 0.1", "# spectral_comb 25.6 0.9" },
  { "# smear 0.5", "# spectral_smear 8" },
  { "# binshift 0.25", "# spectral_shift 1.0075 2.5" },
  { "# hbrick 0.2", "# spectral_brick 0.12" },
  { "# lbrick 0.7", "# spectral_brick (-0.7)" },
  { "# freeze 0", "" },
  { "# octer 1", "# abs # dcblock * 2" },
  { "# triode 0 # octer 0", "" },
  { "# lpf 800 # crush 3", "# bitcrush 3 # lpf 800 1" },
  { "# djf 0.7 # shape 0.2 # coarse 3 # hpf 100", "# shape 0.2 # hpf 100 1 # coarse 3 # djf 0.7" },
};

static void controls_do_what_units_do(void **state)
{
  (void)state;
  enum { FRAMES = 22050 };
  for (size_t i = 0; i < PH_COUNT(pairs); i++) {
    char text[256];
    (void)snprintf(text, sizeof text, EVENT "%s\n", pairs[i].event);
    float *event = render(text, true, FRAMES);
    (void)snprintf(text, sizeof text, SIGNAL "%s\n", pairs[i].signal);
    float *signal = render(text, false, FRAMES);
    assert_true(peak(event, FRAMES) > 0.01f);
    for (int64_t f = 0; f < 2 * FRAMES; f++) { /* but for the rounding of a parameter */
      if (fabsf(event[f] - signal[f]) > 1e-5f) {
        fail_msg("%s: frame %lld: %.9g, the unit says %.9g", pairs[i].event, (long long)f / 2, (double)event[f],
                 (double)signal[f]);
      }
    }
    free(event);
    free(signal);
  }
}

/* In the plain dialect a processor's name is a control beside a pattern operator, in the pattern and in a transform. */
static void operators_set_controls(void **state)
{
  (void)state;
  enum { FRAMES = 22050 };
  static const char *const texts[] = {
    "cps: 0.5\nout: " SAW "|> crush 4\n",
    "cps: 0.5\nout: fast 1 $ (" SAW "|> crush 4)\n",
    "cps: 0.5\nout: every 1 (|> crush 4) $ " SAW "\n",
    "cps: 0.5\nout: (crush 4 |<| (" SAW "))\n",
  };
  float *unit = render(SIGNAL "# bitcrush 4\n", false, FRAMES);
  for (size_t i = 0; i < PH_COUNT(texts); i++) {
    float *out = render(texts[i], false, FRAMES);
    assert_memory_equal(out, unit, 2 * FRAMES * sizeof *out);
    free(out);
  }
  free(unit);
}

/* What is made of several units is what the formula says. */
static void made_of_several_units(void **state)
{
  (void)state;
  enum { FRAMES = 20000 };
  float *dry = render(EVENT "\n", true, FRAMES);
  float *triode = render(EVENT "# triode 0.5\n", true, FRAMES);
  float *ring = render(EVENT "# ring 0.7 # ringf 300\n", true, FRAMES);
  float *krush = render(EVENT "# krush 2\n", true, FRAMES);
  for (int64_t f = 0; f < FRAMES; f += 37) {
    const double x = (double)dry[2 * f];
    const double turned = x + 0.7 * x * sin(6.283185307179586 * 300 * (double)f / 44100);
    assert_true(fabs((double)ring[2 * f] - turned) < 2e-4);
  }
  assert_true(memcmp(triode, dry, sizeof(float) * 2 * FRAMES) != 0 && peak(triode, FRAMES) > 0.05f);
  assert_true(memcmp(krush, dry, sizeof(float) * 2 * FRAMES) != 0 && peak(krush, FRAMES) > 0.05f);
  free(dry);
  free(triode);
  free(ring);
  free(krush);
}

static double amplitude_at(const float *out, double hz, int64_t from, int64_t to)
{
  double re = 0, im = 0;
  for (int64_t f = from; f < to; f++) {
    re += (double)out[2 * f] * cos(2 * 3.141592653589793 * hz * (double)f / 44100);
    im += (double)out[2 * f] * sin(2 * 3.141592653589793 * hz * (double)f / 44100);
  }
  return 2 * sqrt(re * re + im * im) / (double)(to - from);
}

/* A note of 130.8 Hz that has nothing an octave or two below it has something there then; `octer` 1 doubles a sine's frequency. */
static void octaves(void **state)
{
  (void)state;
  enum { FROM = 4000, FRAMES = 30960 }; /* about 80 waves */
  static const double hz = 130.81278265029931;
  static const char *const controls_of[] = { "", "# octersub 1", "# octersubsub 1", "# octer 1", "# octer 2" };
  double down[5], further[5], itself[5], up[5];
  for (size_t i = 0; i < PH_COUNT(controls_of); i++) {
    char text[256];
    (void)snprintf(text, sizeof text, "cps: 0.5\n~a: sine 130.8127826503\nout: s \"~a\" # sustain 1.5 # attack 0 %s\n",
                   controls_of[i]);
    float *out = render(text, false, FRAMES);
    down[i] = amplitude_at(out, hz / 2, FROM, FRAMES);
    further[i] = amplitude_at(out, hz / 4, FROM, FRAMES);
    itself[i] = amplitude_at(out, hz, FROM, FRAMES);
    up[i] = amplitude_at(out, 2 * hz, FROM, FRAMES);
    free(out);
  }
  assert_true(itself[0] > 0.3 && down[0] < 0.01 && further[0] < 0.01 && up[0] < 0.01);
  assert_true(down[1] > 0.3 * itself[0] && further[1] < 0.01 && further[2] > 0.05 * itself[0]);
  assert_true(up[3] > 0.5 * itself[0] && itself[3] < 0.01 && up[4] < 0.001 && itself[4] < 0.001);
}

/* The five vowels lift their first formant over what lies between it and the second one. */
static void vowels_have_their_formants(void **state)
{
  (void)state;
  static const struct {
    const char *name;
    double first_hz, between_hz;
  } cases[] = { { "a", 660, 2000 }, { "e", 440, 1000 }, { "i", 270, 900 }, { "o", 430, 1700 }, { "u", 370, 1700 } };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    char text[256];
    double power[2];
    const double hz[] = { cases[i].first_hz, cases[i].between_hz };
    for (size_t k = 0; k < 2; k++) {
      (void)snprintf(text, sizeof text,
                     "~x: sine %g\nout: s \"~x\" |> attack 0 |> sustain 1 |> vowel \"%s\" |> resonance 0.9\n", hz[k],
                     cases[i].name);
      float *out = render(text, false, 40000);
      power[k] = 0;
      for (int64_t f = 10000; f < 40000; f++) {
        power[k] += (double)out[2 * f] * (double)out[2 * f];
      }
      free(out);
    }
    if (!(power[0] > 8 * power[1])) {
      fail_msg("%s: %g at %g Hz, %g at %g Hz", cases[i].name, power[0], hz[0], power[1], hz[1]);
    }
  }
}

/* Each event has its own values, whatever sounds beside it and whatever was in its lane before. */
static void each_event_has_its_own(void **state)
{
  (void)state;
  enum { FRAMES = 88200, SLOT = 11025 };
  static const char *const values[] = { "300", "3000", "800", "300", "3000", "800", "300", "3000" };
  float *all = render("setcps 0.5\nd1 $ s \"ramp*8\" # loop 9 # amp 1 # lpf \"300 3000 800 300 3000 800 300 3000\""
                      " # resonance 0.3 # crush \"[4 8]*4\"\n",
                      true, FRAMES);
  for (int i = 0; i < 8; i++) {
    char text[256];
    (void)snprintf(text, sizeof text,
                   "setcps 0.5\nd1 $ s \"<ramp ~!9>\" # loop 9 # amp 1 # lpf %s # resonance 0.3 # crush %d\n",
                   values[i], i % 2 ? 8 : 4);
    float *one = render(text, true, SLOT);
    assert_memory_equal(one, all + 2 * SLOT * i, 2 * SLOT * sizeof *one);
    free(one);
  }
  free(all);
}

/* Many at once: forty voices fill five banks, and each is what it is alone. */
static void chords_of_effects_add_up(void **state)
{
  (void)state;
  enum { FRAMES = 8000 };
  float *one = render("setcps 0.5\nd1 $ s \"ramp\" # loop 7 # amp 0.025 # lpf 700 # shape 0.3\n", true, FRAMES);
  float *forty =
      render("setcps 0.5\nd1 $ s \"[ramp,ramp,ramp,ramp,ramp,ramp,ramp,ramp,ramp,ramp]\" # loop 7 # amp 0.025"
             " # lpf 700 # shape 0.3\n",
             true, FRAMES);
  for (int64_t f = 0; f < 2 * FRAMES; f++) {
    assert_true(fabsf(forty[f] - 10 * one[f]) < 1e-6f);
  }
  assert_true(peak(one, FRAMES) > 0.005f);
  free(one);
  free(forty);
}

/* Instruments go through the same chain, in lanes of their own. */
static void instruments_have_effects(void **state)
{
  (void)state;
  enum { FRAMES = 44100 };
  static const char *const texts[][2] = {
    { "~a: saw 110\nout: s \"~a*2\" # cutoff \"500 900\"\n",
      "~a: saw 110\n~b: ~a # lpf 500 1\n~c: ~a # lpf 900 1\nout: s \"~b ~c\"\n" },
    { "~a: saw 110\nout: s \"~a*2\" # phaserrate 3\n", "~a: saw 110 # phaser 3 0.5\nout: s \"~a*2\"\n" },
  };
  for (size_t i = 0; i < PH_COUNT(texts); i++) {
    float *event = render(texts[i][0], false, FRAMES), *bus = render(texts[i][1], false, FRAMES);
    assert_true(peak(event, FRAMES) > 0.1f);
    for (int64_t f = 0; f < 2 * FRAMES; f++) {
      assert_true(fabsf(event[f] - bus[f]) < 1e-6f);
    }
    free(event);
    free(bus);
  }
}

/* The envelope and the fade of a cut come behind the effects, and nothing rings on. */
static void envelopes_come_last(void **state)
{
  (void)state;
  float *out = render("setcps 0.5\nd1 $ s \"wide\" # amp 1 # sustain 0.1 # lpf 200 # resonance 0.9\n", true, 8000);
  assert_true(fabsf(out[2 * 4400]) > 0.01f);
  for (int64_t f = 4410 + 134; f < 8000; f++) {
    assert_true(out[2 * f] == 0);
  }
  free(out);
  float *cut =
      render("setcps 0.5\nd1 $ s \"wide ramp ~ ~\" # amp 1 # cut 1 # lpf 2000 # begin \"0 0.999 0 0\"\n", true, 40000);
  assert_true(fabsf(cut[2 * 22049]) > 0.4f);
  for (int64_t f = 22050 + 300; f < 40000; f++) {
    assert_true(cut[2 * f] == 0);
  }
  free(cut);
}

static const char *const controls[] = {
  "vowel",      "shape",       "hcutoff",      "hresonance", "bandf",       "bandq",    "crush",  "coarse",
  "freeze",     "comb",        "smear",        "scram",      "binshift",    "hbrick",   "lbrick", "cutoff",
  "resonance",  "tremolorate", "tremolodepth", "phaserrate", "phaserdepth", "waveloss", "squiz",  "triode",
  "krush",      "kcutoff",     "ring",         "ringf",      "ringdf",      "distort",  "djf",    "fshift",
  "fshiftnote", "fshiftphase", "octer",        "octersub",   "octersubsub",
};

/* Whatever an event says, its voice stays finite, and so does everything together. */
static void nothing_runs_away(void **state)
{
  (void)state;
  enum { FRAMES = 6000 };
  static const double values[] = { -1e7, -1, 0, 0.5, 1, 50, 1e7 };
  static const HandEvent cps_events[] = { { { 0, 1 }, { 1, 1 }, 0.5, NULL } };
  static union {
    PhMap map;
    unsigned char bytes[sizeof(PhMap) + 48 * sizeof(PhControlValue)];
  } many;
  const HandPat cps = hand_pat(cps_events, 1, 1);
  for (size_t v = 0; v < PH_COUNT(values); v++) {
    for (size_t k = 0; k <= PH_COUNT(controls); k++) { /* one after another, then all */
      many.map.len = 0;
      many.map.items[many.map.len++] = (PhControlValue){ "s", { .tag = PH_VALUE_STR, .str = "ramp" } };
      many.map.items[many.map.len++] = (PhControlValue){ "loop", { .tag = PH_VALUE_NUM, .num = 9 } };
      for (size_t c = 0; c < PH_COUNT(controls); c++) {
        if (c == k || k == PH_COUNT(controls)) {
          const PhValue value = strcmp(controls[c], "vowel") == 0 ? (PhValue){ .tag = PH_VALUE_STR, .str = "o" }
                                                                  : (PhValue){ .tag = PH_VALUE_NUM, .num = values[v] };
          many.map.items[many.map.len++] = (PhControlValue){ controls[c], value };
        }
      }
      const HandEvent events[] = { { { 0, 1 }, { 1, 1 }, 0, &many.map } };
      const HandPat pat = hand_pat(events, 1, 1);
      HandPlan hand;
      hand_plan(&hand, &pat.head, &cps.head);
      PhEngineStats stats;
      float *out = hand_render(&hand.plan, plain, FRAMES, &stats);
      assert_true(peak(out, FRAMES) < 1e5f);
      assert_int_equal(stats.faults, 0);
      free(out);
    }
  }
}

/* All combinations of two stages, run every way. */
static void same_bits_however_it_is_run(void **state)
{
  (void)state;
  enum { FRAMES = 9000, EVENTS = 48 };
  static const HandEvent cps_events[] = { { { 0, 1 }, { 1, 1 }, 4, NULL } };
  static union {
    PhMap map;
    unsigned char bytes[sizeof(PhMap) + 6 * sizeof(PhControlValue)];
  } maps[EVENTS];
  HandEvent events[EVENTS];
  for (size_t i = 0; i < EVENTS; i++) {
    PhMap *map = &maps[i].map;
    map->items[map->len++] = (PhControlValue){ "s", { .tag = PH_VALUE_STR, .str = i % 3 ? "ramp" : "~dc" } };
    map->items[map->len++] = (PhControlValue){ "loop", { .tag = PH_VALUE_NUM, .num = 3 } };
    for (size_t k = 0; k < 2; k++) {
      const char *name = controls[1 + (i * 7 + k * 5) % (PH_COUNT(controls) - 1)];
      map->items[map->len++] =
          (PhControlValue){ name, { .tag = PH_VALUE_NUM, .num = (double)(i * 37 % 11) * 0.3 + 0.2 } };
    }
    map->items[map->len++] = (PhControlValue){ "cut", { .tag = PH_VALUE_NUM, .num = (double)(i % 4) } };
    events[i] = (HandEvent){ ph_rat((int64_t)i, EVENTS), ph_rat((int64_t)i + 3, EVENTS), 0, map };
  }
  const HandPat pat = hand_pat(events, EVENTS, 1), cps = hand_pat(cps_events, 1, 1);
  HandPlan hand;
  hand_plan(&hand, &pat.head, &cps.head);
  float *expected = hand_render(&hand.plan, plain, FRAMES, NULL);
  assert_true(peak(expected, FRAMES) > 0.1f);
  const PhUnitSet *const *sets;
  const size_t set_count = ph_unit_sets(&sets);
  static const uint32_t blocks[] = { 1, 7, 64, 4096 }, threads[] = { 1, 3, 8 };
  for (size_t s = 0; s < set_count; s++) {
    for (size_t b = 0; b < PH_COUNT(blocks) * PH_COUNT(threads); b++) {
      const Run run = { .block = blocks[b % 4],
                        .threads = threads[b / 4],
                        .isa = sets[s]->name,
                        .ask = b == 5 ? 777 : 0,
                        .max_voices = 1024,
                        .profile = b == 6 };
      float *out = hand_render(&hand.plan, run, FRAMES, NULL);
      assert_memory_equal(out, expected, 2 * FRAMES * sizeof *out);
      free(out);
    }
  }
  free(expected);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(controls_do_what_units_do),   cmocka_unit_test(operators_set_controls),
    cmocka_unit_test(made_of_several_units),       cmocka_unit_test(octaves),
    cmocka_unit_test(vowels_have_their_formants),  cmocka_unit_test(each_event_has_its_own),
    cmocka_unit_test(chords_of_effects_add_up),    cmocka_unit_test(instruments_have_effects),
    cmocka_unit_test(envelopes_come_last),         cmocka_unit_test(nothing_runs_away),
    cmocka_unit_test(same_bits_however_it_is_run),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
