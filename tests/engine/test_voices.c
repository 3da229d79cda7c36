/* Voices: exact onsets, envelopes, stealing, cut groups, the same bits for any blocks and threads.
   SPDX-License-Identifier: MIT */
#include "plans.h"

#include <stdlib.h>
#include <string.h>

static const Run plain = { .block = 512, .threads = 1 };

static float left(const float *out, int64_t frame) { return out[2 * frame]; }

static const HandEvent half_cps[] = { { { 0, 1 }, { 1, 1 }, 0.5, NULL } };

/* Events of 1/128 cycle at odd rational times, each at full level from its very first frame. */
static void onsets_are_on_their_frames(void **state)
{
  (void)state;
  enum { COUNT = 9, FRAMES = 3 * 88200 };
  HandEvent events[COUNT];
  const int64_t dens[COUNT] = { 1, 7, 11, 13, 3, 17, 19, 8, 23 };
  const int64_t nums[COUNT] = { 0, 1, 2, 3, 1, 7, 9, 5, 19 };
  const PhMap *map = hand_map("~dc", "attack", 0.0, "release", 0.0, "hold", 0.001, NULL);
  for (size_t i = 0; i < COUNT; i++) {
    const PhRat at = ph_rat(nums[i], dens[i]);
    events[i] = (HandEvent){ at, ph_rat_add(at, PH_RAT(1, 128)), 0, map };
  }
  const HandPat pat = hand_pat(events, COUNT, 1), cps = hand_pat(half_cps, 1, 1);
  HandPlan hand;
  hand_plan(&hand, &pat.head, &cps.head);
  float *out = hand_render(&hand.plan, plain, FRAMES, NULL);
  bool *expected = calloc(FRAMES, sizeof *expected);
  for (int64_t cycle = 0; cycle < 3; cycle++) {
    for (size_t i = 0; i < COUNT; i++) {
      const double exact = ((double)cycle + (double)nums[i] / (double)dens[i]) * 88200;
      expected[(int64_t)(exact + 0.5)] = true;
    }
  }
  size_t onsets = 0;
  for (int64_t f = 0; f < FRAMES; f++) {
    const bool onset = left(out, f) == 1 && (f == 0 || left(out, f - 1) == 0);
    assert_int_equal(onset, expected[f]);
    onsets += onset;
  }
  assert_int_equal(onsets, 3 * COUNT);
  free(expected);
  free(out);
}

static void nudge_moves_by_seconds(void **state)
{
  (void)state;
  const HandEvent events[] = { { { 1, 4 }, { 1, 2 }, 0, hand_map("~dc", "attack", 0.0, "nudge", -0.1, NULL) },
                               { { 3, 4 }, { 1, 1 }, 0, hand_map("~dc", "attack", 0.0, "nudge", 0.05, NULL) } };
  const HandPat pat = hand_pat(events, PH_COUNT(events), 2), cps = hand_pat(half_cps, 1, 1);
  HandPlan hand;
  hand_plan(&hand, &pat.head, &cps.head);
  float *out = hand_render(&hand.plan, plain, 88200, NULL);
  assert_true(left(out, 22050 - 4410 - 1) == 0 && left(out, 22050 - 4410) == 1);
  assert_true(left(out, 66150 + 2205 - 1) == 0 && left(out, 66150 + 2205) == 1);
  free(out);
}

/* The default of an instrument: 10 ms, the event's length, 50 ms. */
static void default_envelope(void **state)
{
  (void)state;
  const HandEvent events[] = { { { 0, 1 }, { 1, 4 }, 0, hand_map("~dc", NULL) } };
  const HandPat pat = hand_pat(events, 1, 1), cps = hand_pat(half_cps, 1, 1);
  HandPlan hand;
  hand_plan(&hand, &pat.head, &cps.head);
  float *out = hand_render(&hand.plan, plain, 88200, NULL);
  assert_true(left(out, 0) == 0);
  assert_float_equal(left(out, 220), 220.0f / 441.0f, 1e-6f);
  assert_true(left(out, 441) == 1 && left(out, 22050) == 1);
  assert_float_equal(left(out, 22050 + 1000), 1 - 1000.0f / 2205.0f, 1e-6f);
  assert_true(left(out, 22050 + 2205) == 0 && left(out, 40000) == 0);
  free(out);
}

/* `ar`: up and down again, whatever the event's length is. */
static void percussive_envelope(void **state)
{
  (void)state;
  const HandEvent events[] = { { { 0, 1 }, { 1, 1 }, 0, hand_map("~dc", "attack", 0.1, "release", 0.5, NULL) } };
  const HandPat pat = hand_pat(events, 1, 1), cps = hand_pat(half_cps, 1, 1);
  HandPlan hand;
  hand_plan(&hand, &pat.head, &cps.head);
  float *out = hand_render(&hand.plan, plain, 60000, NULL);
  assert_float_equal(left(out, 2205), 0.5, 1e-6);
  assert_true(left(out, 4410) == 1);
  assert_float_equal(left(out, 4410 + 11025), 0.5, 1e-6);
  assert_true(left(out, 4410 + 22050) == 0);
  free(out);
}

static void gain_and_pan(void **state)
{
  (void)state;
  const HandEvent events[] = {
    { { 0, 1 }, { 1, 2 }, 0, hand_map("~dc", "attack", 0.0, "gain", 0.5, "pan", -1.0, NULL) },
    { { 1, 2 }, { 1, 1 }, 0, hand_map("~dc", "attack", 0.0, "release", 0.001, "hold", 0.1, "pan", 0.5, NULL) } };
  const HandPat pat = hand_pat(events, PH_COUNT(events), 1), cps = hand_pat(half_cps, 1, 1);
  HandPlan hand;
  hand_plan(&hand, &pat.head, &cps.head);
  float *out = hand_render(&hand.plan, plain, 88200, NULL);
  assert_float_equal(out[0], 0.5f * 1.41421356f, 1e-6f);
  assert_float_equal(out[1], 0, 1e-6);
  const float l = out[2 * 46400], r = out[2 * 46400 + 1]; /* alone after the first one's release */
  assert_float_equal(l * l + r * r, 2, 1e-5);
  assert_true(r > l && l > 0);
  free(out);
}

/* Three voices where two may be: the quietest gives way with a fade of 2 ms. */
static void quietest_is_stolen(void **state)
{
  (void)state;
  const HandEvent events[] = { { { 0, 1 }, { 1, 1 }, 0, hand_map("~dc", "attack", 0.0, "gain", 0.5, NULL) },
                               { { 1, 8 }, { 1, 1 }, 0, hand_map("~dc", "attack", 0.0, "gain", 0.25, NULL) },
                               { { 1, 4 }, { 1, 1 }, 0, hand_map("~dc", "attack", 0.0, "gain", 1.0, NULL) } };
  const HandPat pat = hand_pat(events, PH_COUNT(events), 4), cps = hand_pat(half_cps, 1, 1);
  HandPlan hand;
  hand_plan(&hand, &pat.head, &cps.head);
  Run run = plain;
  run.max_voices = 2;
  PhEngineStats stats;
  float *out = hand_render(&hand.plan, run, 44100, &stats);
  assert_int_equal(stats.voices_stolen, 1);
  assert_int_equal(stats.voices_peak, 2);
  assert_true(left(out, 22049) == 0.75f);
  assert_true(left(out, 22050) == 1.75f);
  assert_float_equal(left(out, 22050 + 44), 1.625, 1e-6);
  assert_true(left(out, 22050 + 88) == 1.5f);
  free(out);
}

/* A released voice goes before a quieter one that is held. */
static void released_is_stolen_first(void **state)
{
  (void)state;
  const HandEvent events[] = {
    { { 0, 1 }, { 1, 8 }, 0, hand_map("~dc", "attack", 0.0, "decay", 0.0, "sustainlevel", 1.0, "release", 2.0, "gain", 1.0, NULL) },
    { { 1, 16 }, { 1, 1 }, 0, hand_map("~dc", "attack", 0.0, "gain", 0.25, NULL) },
    { { 1, 4 }, { 1, 1 }, 0, hand_map("~dc", "attack", 0.0, "gain", 1.0, NULL) } };
  const HandPat pat = hand_pat(events, PH_COUNT(events), 4), cps = hand_pat(half_cps, 1, 1);
  HandPlan hand;
  hand_plan(&hand, &pat.head, &cps.head);
  Run run = plain;
  run.max_voices = 2;
  PhEngineStats stats;
  float *out = hand_render(&hand.plan, run, 44100, &stats);
  assert_int_equal(stats.voices_stolen, 1);
  assert_true(left(out, 22050 + 88) == 1.25f);
  free(out);
}

static void cut_groups_cut_on_the_frame(void **state)
{
  (void)state;
  const HandEvent events[] = { { { 0, 1 }, { 1, 1 }, 0, hand_map("~dc", "attack", 0.0, "cut", 1.0, NULL) },
                               { { 1, 8 }, { 1, 1 }, 0, hand_map("~dc", "attack", 0.0, "cut", 2.0, "gain", 0.25, NULL) },
                               { { 1, 4 }, { 1, 1 }, 0, hand_map("~dc", "attack", 0.0, "cut", 1.0, "gain", 0.5, NULL) } };
  const HandPat pat = hand_pat(events, PH_COUNT(events), 4), cps = hand_pat(half_cps, 1, 1);
  HandPlan hand;
  hand_plan(&hand, &pat.head, &cps.head);
  float *out = hand_render(&hand.plan, plain, 44100, NULL);
  assert_true(left(out, 22049) == 1.25f);
  assert_true(left(out, 22050) == 1.75f);
  assert_float_equal(left(out, 22050 + 44), 1.25, 1e-6);
  assert_true(left(out, 22050 + 88) == 0.75f);
  free(out);
}

static void chords_share_their_power(void **state)
{
  (void)state;
  const HandEvent events[] = { { { 0, 1 }, { 1, 1 }, 0, hand_map("~dc", "attack", 0.0, NULL) },
                               { { 0, 1 }, { 1, 1 }, 0, hand_map("~dc", "attack", 0.0, NULL) } };
  PhMap *chord = (PhMap *)(uintptr_t)events[0].map;
  chord->items[chord->len++] = (PhControlValue){ "note", { .tag = PH_VALUE_STR, .str = "c4'maj" } };
  const HandPat pat = hand_pat(events, 1, 1), cps = hand_pat(half_cps, 1, 1);
  HandPlan hand;
  hand_plan(&hand, &pat.head, &cps.head);
  PhEngineStats stats;
  float *out = hand_render(&hand.plan, plain, 1000, &stats);
  assert_int_equal(stats.voices_started, 3);
  assert_int_equal(stats.events, 1);
  assert_float_equal(left(out, 500), 1.7320508, 1e-6);
  free(out);
}

/* A bus that is a pattern: its events, moved to the outer onset, cut at the outer end, levels multiplied. */
static void patterns_nest(void **state)
{
  (void)state;
  const HandEvent inner[] = {
    { { 0, 1 }, { 1, 8 }, 0, hand_map("~dc", "attack", 0.0, "release", 0.0, "hold", 0.01, "gain", 0.5, NULL) },
    { { 1, 8 }, { 1, 4 }, 0, hand_map("~dc", "attack", 0.0, "release", 0.0, "hold", 0.01, "gain", 0.5, NULL) },
    { { 3, 4 }, { 1, 1 }, 0, hand_map("~dc", "attack", 0.0, "release", 0.0, "hold", 0.01, NULL) } };
  const HandPat inside = hand_pat(inner, PH_COUNT(inner), 1), cps = hand_pat(half_cps, 1, 1);
  const HandEvent events[] = { { { 1, 2 }, { 1, 1 }, 0, hand_map("~inner", "gain", 0.5, NULL) } };
  const HandPat pat = hand_pat(events, 1, 1);
  HandPlan hand;
  hand_plan(&hand, &pat.head, &cps.head);
  hand.instruments[1] = (PhInstrument){ .name = "~inner", .pat = &inside.head, .voice_lanes = 1 };
  hand.plan.instrument_count = 2;
  PhEngineStats stats;
  float *out = hand_render(&hand.plan, plain, 88200, &stats);
  assert_int_equal(stats.voices_started, 2);
  assert_true(left(out, 44099) == 0 && left(out, 44100) == 0.25f);
  assert_true(left(out, 55124) == 0 && left(out, 55125) == 0.25f);
  assert_true(left(out, 44100 + 66150 % 44100 + 1) == 0);
  free(out);
}

/* A bus that plays itself ends. */
static void endless_nesting_ends(void **state)
{
  (void)state;
  const HandEvent events[] = { { { 0, 1 }, { 1, 1 }, 0, hand_map("~inner", NULL) } };
  const HandPat pat = hand_pat(events, 1, 1), cps = hand_pat(half_cps, 1, 1);
  HandPlan hand;
  hand_plan(&hand, &pat.head, &cps.head);
  hand.instruments[1] = (PhInstrument){ .name = "~inner", .pat = &pat.head, .voice_lanes = 1 };
  hand.plan.instrument_count = 2;
  PhEngineStats stats;
  free(hand_render(&hand.plan, plain, 1000, &stats));
  assert_int_equal(stats.voices_started, 0);
}

/* ---- the same bits ---- */

static uint64_t hash_of(const PhPlan *plan, Run run, uint32_t frames)
{
  float *out = hand_render(plan, run, frames, NULL);
  const uint64_t hash = ph_hash(out, 2 * (size_t)frames * sizeof *out);
  free(out);
  return hash;
}

/* Dense notes of many shapes over two routes, so that banks fill, lanes are used again and voices are stolen. */
static void same_bits_however_it_is_run(void **state)
{
  (void)state;
  enum { COUNT = 40, FRAMES = 20000 };
  HandEvent events[COUNT];
  uint64_t random = 3;
  for (size_t i = 0; i < COUNT; i++) {
    random = ph_mix64(random);
    const double a = (double)(random % 97) / 3000, r = (double)(random / 97 % 89) / 1000, g = (double)(random >> 40 & 255) / 300;
    const PhRat at = ph_rat((int64_t)i, COUNT);
    const PhMap *map = i % 3 ? hand_map("~dc", "attack", a, "release", r, "gain", g, "pan", g - 0.4, NULL)
                             : hand_map("~dc", "attack", a, "decay", r, "sustainlevel", g, "cut", (double)(i % 5), "_fx", 1.0, NULL);
    events[i] = (HandEvent){ at, ph_rat_add(at, PH_RAT(3, 20)), 0, map };
  }
  static const HandEvent cps_events[] = { { { 0, 1 }, { 1, 3 }, 2.5, NULL }, { { 1, 3 }, { 1, 1 }, 3.1, NULL } };
  const HandPat pat = hand_pat(events, COUNT, 1), cps = hand_pat(cps_events, 2, 1);
  HandPlan hand;
  hand_plan(&hand, &pat.head, &cps.head);
  PhRoute routes[] = { { .mask = 0, .shared = 1 }, { .mask = 1, .shared = 2 } };
  hand.player.routes = routes;
  hand.player.route_count = 2;
  /* master = the voices of the first route, one frame late: a loop of feedback */
  static const PhRef in[] = { { PH_REF_SHARED, 1 }, { PH_REF_LOCAL, 0 } };
  PhInstr instrs[] = { { .phase = PH_PHASE_FEEDBACK_READ, .out = ph_ref(PH_REF_LOCAL, 0) },
                       { .phase = PH_PHASE_COPY, .in = &in[1], .in_count = 1, .out = ph_ref(PH_REF_SHARED, 0) },
                       { .phase = PH_PHASE_FEEDBACK_WRITE, .in = &in[0], .in_count = 1, .out = ph_ref(PH_REF_LOCAL, 1) } };
  PhLoop loop = { 0, 3, 1 };
  uint32_t inputs[] = { 0, 1 };
  hand.strands[1] = (PhStrand){ .kind = PH_STRAND_VOICES, .route = 1, .name = "voices" };
  hand.strands[2] = (PhStrand){ .kind = PH_STRAND_CODE, .name = "master", .inputs = inputs, .input_count = 2 };
  hand.strands[2].code = (PhCode){ .lanes = PH_LANES_BUS, .instrs = instrs, .instr_count = 3, .loops = &loop, .loop_count = 1,
                                   .local_count = 2, .state_words = 16 };
  hand.plan.strand_count = 3;
  hand.plan.shared_count = 3;
  for (uint32_t voices = 4; voices <= 1024; voices *= 256) {
    const uint64_t expected = hash_of(&hand.plan, (Run){ .block = 512, .threads = 1, .max_voices = voices }, FRAMES);
    static const uint32_t blocks[] = { 1, 7, 64, 512, 4096 }, threads[] = { 1, 2, 3, 8 };
    for (size_t b = 0; b < PH_COUNT(blocks); b++) {
      for (size_t t = 0; t < PH_COUNT(threads); t++) {
        const Run run = { .block = blocks[b], .threads = threads[t], .window = t == 1 ? 1 : 0, .max_voices = voices,
                          .ask = t == 2 ? 777 : 0 };
        assert_int_equal(hash_of(&hand.plan, run, FRAMES), expected);
      }
    }
  }
  float *out = hand_render(&hand.plan, plain, FRAMES, NULL);
  float peak = 0;
  for (int64_t f = 0; f < FRAMES; f++) {
    peak = left(out, f) > peak ? left(out, f) : peak;
  }
  assert_true(peak > 0.1f); /* there was something to compare */
  free(out);
}

/* ---- samples ---- */

static float *render_sample(const PhMap *map, uint32_t frames, PhEngineStats *stats)
{
  const HandEvent events[] = { { { 1, 100 }, { 1, 2 }, 0, map } };
  const HandPat pat = hand_pat(events, 1, 8), cps = hand_pat(half_cps, 1, 1);
  HandPlan hand;
  hand_plan(&hand, &pat.head, &cps.head);
  return hand_render(&hand.plan, plain, frames, stats);
}

enum { ONSET = 882 }; /* a hundredth of a cycle */

static void unity_playback_is_exact(void **state)
{
  (void)state;
  float *out = render_sample(hand_map("ramp", NULL), 4096, NULL);
  assert_true(left(out, ONSET - 1) == 0);
  for (int i = 45; i < 1000 - 134; i++) { /* after 1 ms and before the last 3 ms */
    assert_true(left(out, ONSET + i) == 0.25f + (float)i / 2000.0f);
    assert_true(out[2 * (ONSET + i) + 1] == left(out, ONSET + i));
  }
  assert_float_equal(left(out, ONSET + 22), 0.261f * 22 / 44.1f, 1e-6f);
  assert_true(left(out, ONSET + 999) < 0.02f && left(out, ONSET + 1000) == 0);
  free(out);
}

static void speed_and_note_set_the_rate(void **state)
{
  (void)state;
  static const struct {
    const char *control;
    double value;
    int at;        /* a frame */
    float expected;
    int end;       /* first silent frame */
  } cases[] = { { "speed", 2, 200, 0.45f, 500 },   { "speed", 0.5, 400, 0.35f, 2000 }, { "note", 12, 200, 0.45f, 500 },
                { "speed", -1, 100, 0.6995f, 1000 }, { "begin", 0.5, 100, 0.55f, 500 } };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    float *out = render_sample(hand_map("ramp", cases[i].control, cases[i].value, NULL), 4096, NULL);
    assert_float_equal(left(out, ONSET + cases[i].at), cases[i].expected, 1e-5f);
    assert_true(left(out, ONSET + cases[i].end - 2) > 0 && left(out, ONSET + cases[i].end) == 0);
    free(out);
  }
}

/* A part that is cut out goes on into what follows it while it fades: slices join without a dip. */
static void slices_overlap(void **state)
{
  (void)state;
  float *out = render_sample(hand_map("ramp", "end", 0.5, NULL), 4096, NULL);
  assert_true(left(out, ONSET + 500) == 0.5f);
  assert_float_equal(left(out, ONSET + 522), 0.511f * (1 - 22 / 44.1f), 1e-5f);
  assert_true(left(out, ONSET + 545) == 0);
  free(out);
}

static void samples_end_when_told(void **state)
{
  (void)state;
  static const struct {
    const char *control;
    double value;
    int length;
  } cases[] = { { "dur", 0.1, 4410 }, { "sustain", 0.2, 8820 }, { "legato", 0.5, 21609 } };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    float *out = render_sample(hand_map("wide", cases[i].control, cases[i].value, NULL), 44100, NULL);
    assert_true(left(out, ONSET + cases[i].length) == 0.5f && out[2 * (ONSET + cases[i].length) + 1] == -0.5f);
    assert_true(left(out, ONSET + cases[i].length + 133) == 0);
    free(out);
  }
}

static void loops_count(void **state)
{
  (void)state;
  float *out = render_sample(hand_map("ramp", "loop", 3.0, NULL), 8192, NULL);
  assert_true(left(out, ONSET + 1100) == 0.25f + 100 / 2000.0f);
  assert_true(left(out, ONSET + 2999) > 0.5f && left(out, ONSET + 3200) == 0);
  free(out);
}

static void unknown_samples_are_silent(void **state)
{
  (void)state;
  PhEngineStats stats;
  float *out = render_sample(hand_map("nothing", NULL), 4096, &stats);
  assert_int_equal(stats.events, 1);
  assert_int_equal(stats.voices_started, 0);
  for (int f = 0; f < 4096; f++) {
    assert_true(left(out, f) == 0);
  }
  free(out);
}

/* ---- step signals ---- */

static void steps_change_on_their_frames(void **state)
{
  (void)state;
  const HandEvent values[] = { { { 0, 1 }, { 1, 3 }, 3, NULL }, { { 1, 3 }, { 1, 2 }, 5, NULL } };
  const HandPat pat = hand_pat(values, 2, 1), cps = hand_pat(half_cps, 1, 1);
  static const struct {
    PhStepUse use;
    float expected[5]; /* at 0, 1/3, 1/2, 1 and 3/2 cycles */
  } cases[] = { { PH_USE_NUM, { 3, 5, 0, 3, 0 } }, { PH_USE_HZ, { 3, 5, 5, 3, 5 } }, { PH_USE_GATE, { 1, -1, 0, 1, 0 } } };
  for (size_t c = 0; c < PH_COUNT(cases); c++) {
    HandPlan hand;
    hand_plan(&hand, NULL, &cps.head);
    PhStep step = { .pat = &pat.head, .use = cases[c].use, .slot = 2, .channels = 1 };
    uint32_t steps[] = { 0 };
    const PhRef in = ph_ref(PH_REF_SLOT, 2);
    PhInstr copy = { .phase = PH_PHASE_COPY, .in = &in, .in_count = 1, .out = ph_ref(PH_REF_SHARED, 0) };
    hand.strands[0] = (PhStrand){ .kind = PH_STRAND_CODE, .name = "master", .steps = steps, .step_count = 1 };
    hand.strands[0].code = (PhCode){ .lanes = PH_LANES_BUS, .instrs = &copy, .instr_count = 1 };
    hand.plan.steps = &step;
    hand.plan.step_count = 1;
    hand.plan.slot_count = 4;
    hand.plan.player_count = hand.plan.instrument_count = 0;
    float *out = hand_render(&hand.plan, plain, 176400, NULL);
    static const int64_t at[] = { 0, 29400, 44100, 88200, 132300 };
    for (size_t i = 0; i < PH_COUNT(at); i++) {
      assert_true(left(out, at[i]) == cases[c].expected[i]);
      assert_true(i == 0 || left(out, at[i] - 1) == cases[c].expected[i - 1] || i == 4);
    }
    free(out);
  }
}

/* ---- faults ---- */

static uint32_t reports;

static void count_report(void *ctx, PhSeverity severity, PhSource at, const char *text, const char *help)
{
  (void)ctx;
  (void)help;
  assert_int_equal(severity, PH_SEVERITY_WARNING);
  assert_int_equal(at.begin, 42);
  assert_non_null(strstr(text, "feedback"));
  reports++;
}

static void faults_are_named_once(void **state)
{
  (void)state;
  const HandPat cps = hand_pat(half_cps, 1, 1);
  HandPlan hand;
  hand_plan(&hand, NULL, &cps.head);
  for (uint32_t lane = 0; lane < PH_LANES_BANK; lane++) {
    hand.program_slots[lane] = 1e30f;
  }
  const PhRef in = ph_ref(PH_REF_SLOT, 0);
  PhInstr instrs[] = { { .phase = PH_PHASE_FEEDBACK_READ, .out = ph_ref(PH_REF_SHARED, 0) },
                       { .phase = PH_PHASE_FEEDBACK_WRITE, .in = &in, .in_count = 1, .out = ph_ref(PH_REF_LOCAL, 0),
                         .at = { .begin = 42, .end = 43 } } };
  PhLoop loop = { 0, 2, 1 };
  hand.strands[0] = (PhStrand){ .kind = PH_STRAND_CODE, .name = "master" };
  hand.strands[0].code = (PhCode){ .lanes = PH_LANES_BUS, .instrs = instrs, .instr_count = 2, .loops = &loop, .loop_count = 1,
                                   .local_count = 1, .state_words = 16 };
  hand.plan.slot_count = 1;
  hand.plan.player_count = hand.plan.instrument_count = 0;
  PhEngineOptions options = PH_ENGINE_DEFAULTS;
  PhEngine *engine = NULL;
  assert_int_equal(ph_engine_new(&hand.plan, NULL, &options, count_report, NULL, &engine), PH_OK);
  float out[2 * 1024];
  reports = 0;
  for (int i = 0; i < 3; i++) {
    assert_int_equal(ph_engine_render(engine, 1024, out, NULL), PH_OK);
  }
  for (size_t i = 0; i < PH_COUNT(out); i++) {
    assert_true(out[i] == 0);
  }
  PhEngineStats stats;
  ph_engine_stats(engine, &stats);
  assert_int_equal(reports, 1);
  assert_true(stats.faults > 1);
  ph_engine_free(engine);
}

static void bad_options_are_refused(void **state)
{
  (void)state;
  const HandPat cps = hand_pat(half_cps, 1, 1);
  HandPlan hand;
  hand_plan(&hand, NULL, &cps.head);
  hand.plan.player_count = 0;
  static const PhEngineOptions bad[] = {
    { .block_frames = 0, .threads = 1, .max_voices = 1 },     { .block_frames = 16385, .threads = 1, .max_voices = 1 },
    { .block_frames = 1, .threads = 0, .max_voices = 1 },     { .block_frames = 1, .threads = 65, .max_voices = 1 },
    { .block_frames = 1, .threads = 1, .max_voices = 0 },     { .block_frames = 1, .threads = 1, .max_voices = 65537 },
  };
  for (size_t i = 0; i < PH_COUNT(bad); i++) {
    PhEngine *engine = NULL;
    assert_int_equal(ph_engine_new(&hand.plan, NULL, &bad[i], NULL, NULL, &engine), PH_ARG);
    assert_null(engine);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(onsets_are_on_their_frames),   cmocka_unit_test(nudge_moves_by_seconds),
    cmocka_unit_test(default_envelope),             cmocka_unit_test(percussive_envelope),
    cmocka_unit_test(gain_and_pan),                 cmocka_unit_test(quietest_is_stolen),
    cmocka_unit_test(released_is_stolen_first),     cmocka_unit_test(cut_groups_cut_on_the_frame),
    cmocka_unit_test(chords_share_their_power),     cmocka_unit_test(patterns_nest),
    cmocka_unit_test(endless_nesting_ends),         cmocka_unit_test(same_bits_however_it_is_run),
    cmocka_unit_test(unity_playback_is_exact),      cmocka_unit_test(speed_and_note_set_the_rate),
    cmocka_unit_test(slices_overlap),               cmocka_unit_test(samples_end_when_told),
    cmocka_unit_test(loops_count),                  cmocka_unit_test(unknown_samples_are_silent),
    cmocka_unit_test(steps_change_on_their_frames), cmocka_unit_test(faults_are_named_once),
    cmocka_unit_test(bad_options_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
