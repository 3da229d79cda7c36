/* Envelopes and triggers measured: stages to the frame, retriggers without clicks, against models in double.
   SPDX-License-Identifier: MIT */
#define BUS_LONG (1 << 16)
#include "bus.h"

static float gate[LONG];
static double model[LONG];

/* Events of any length at any distance, half of them touching the one before: then the sign changes. */
static void draw_gate(uint64_t seed, uint32_t least, uint32_t most)
{
  uint32_t f = 100;
  memset(gate, 0, sizeof gate);
  for (float sign = 1; f < LONG; sign = -sign) {
    const uint64_t r = ph_mix64(seed++);
    for (uint32_t end = f + least + (uint32_t)(r % (most - least)); f < end && f < LONG; f++) {
      gate[f] = sign;
    }
    f += r >> 63 ? 0 : (uint32_t)(r >> 40) % most;
  }
}

static bool is_fresh(uint32_t f) { return gate[f] != 0.0f && (f == 0 || gate[f] != gate[f - 1]); }

/* ---- the envelope of many names ---- */

typedef struct Times {
  uint32_t attack, decay, release; /* frames */
  double sustain;
} Times;

/* Straight up, and down by the cube of what is left of the time; from the level that was reached. */
static void envelope_model(const Times *t, bool held)
{
  enum { IDLE, ATTACK, DECAY, SUSTAIN, RELEASE } stage = IDLE;
  double from = 0, level = 0;
  uint32_t age = 0;
  for (uint32_t f = 0; f < LONG; f++) {
    if (is_fresh(f)) {
      stage = ATTACK, from = level, age = 0;
    } else if (held && gate[f] == 0.0f && stage != IDLE && stage != RELEASE) {
      stage = RELEASE, from = level, age = 0;
    }
    age++;
    const uint32_t length = stage == ATTACK ? t->attack : stage == DECAY ? t->decay : t->release;
    const double left_over = pow(1 - (double)age / length, 3);
    level = stage == IDLE      ? 0
            : stage == ATTACK  ? from + (1 - from) * age / length
            : stage == SUSTAIN ? t->sustain
            : stage == DECAY   ? t->sustain + (from - t->sustain) * left_over
                               : from * left_over;
    model[f] = level;
    if (stage != IDLE && stage != SUSTAIN && age == length) {
      stage = stage == ATTACK ? (held ? DECAY : RELEASE) : stage == DECAY ? SUSTAIN : IDLE;
      from = level, age = 0;
    }
  }
}

static const struct {
  const char *name;
  bool held, decays;
  uint32_t gate, attack; /* inputs; decay, sustain and release follow the attack */
} envelopes[] = { { "adsr", true, true, 4, 0 },
                  { "tadsr", true, true, 0, 1 },
                  { "asr", true, false, 2, 0 },
                  { "ar", false, false, 2, 0 },
                  { "tar", false, false, 0, 1 } };

static void set_envelope(UnitCase *c, size_t i, const Times *t)
{
  const uint32_t at = envelopes[i].attack;
  unit_audio(c, envelopes[i].gate, gate);
  unit_const(c, at, t->attack / RATE);
  if (envelopes[i].decays) {
    unit_const(c, at + 1, t->decay / RATE);
    unit_const(c, at + 2, t->sustain);
  }
  unit_const(c, at + (envelopes[i].decays ? 3 : 1), t->release / RATE);
}

static void envelopes_follow_their_models(void **context)
{
  (void)context;
  static const Times times[] = {
    { 441, 2205, 4410, 0.6 }, { 1, 300, 1, 0 }, { 2000, 1, 60, 0.3 }, { 50, 5000, 3000, 1 }
  };
  for (size_t i = 0; i < PH_COUNT(envelopes); i++) {
    double most = 0, steepest = 0;
    for (size_t k = 0; k < PH_COUNT(times); k++) {
      Times t = times[k];
      t.sustain = envelopes[i].decays ? t.sustain : 1;
      t.decay = envelopes[i].decays ? t.decay : 1;
      draw_gate(k * 1000, 20, 6000);
      envelope_model(&t, envelopes[i].held);
      UnitCase c;
      begin_at(&c, envelopes[i].name, RATE, LONG);
      set_envelope(&c, i, &t);
      finish(&c);
      for (uint32_t f = 1; f < LONG; f++) {
        most = fmax(most, fabs((double)left[f] - model[f]));
        if (is_fresh(f)) {
          steepest = fmax(steepest, fabs((double)left[f] - (double)left[f - 1]) * t.attack);
        }
      }
    }
    measured_most(envelopes[i].name, "error against the model, events touching or not", most, 2e-6, "");
    measured_most(envelopes[i].name, "step where an event triggers, re the slope of the attack", steepest, 1.001, "");
  }
}

/* A stage of ten minutes, longer than a float can count: the rate is low, the frames are what matters. */
static void long_stages_end(void **context)
{
  (void)context;
  enum { CALLS = 270, MINUTES_10 = 26460000 };
  static const char *const names[] = { "asr", "line", "timer" };
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    UnitCase c;
    begin_at(&c, names[i], RATE, LONG);
    if (i == 0) {
      unit_const(&c, 0, 600);
      unit_const(&c, 2, 1);
    } else if (i == 1) {
      unit_const(&c, 0, 0);
      unit_const(&c, 1, 1);
      unit_const(&c, 2, 600);
      unit_const(&c, 3, 1);
    } else {
      unit_const(&c, 0, 1);
    }
    PhArena arena;
    ph_arena_init(&arena, NULL, NULL);
    unit_prepare(&c, &arena);
    UnitState state = unit_state(&c);
    /* On at frame 0, then 26 million frames in the state's own words: the count is a whole number in one of them. */
    float *out = unit_alloc((size_t)LONG * PH_LANES_BUS * sizeof(float));
    (void)unit_run(&c, &(UnitRun){ .chunk = PH_CHUNK_FRAMES, .in_place = -1, .to = 1000 }, &state, out);
    uint32_t found = 0;
    for (uint32_t w = 0; w < c.unit->state_floats; w++) {
      for (uint32_t lane = 0; lane < PH_LANES_BUS && state.state[w * PH_LANES_BUS] == 1000; lane++) {
        found += lane == 0;
        state.state[w * PH_LANES_BUS + lane] = MINUTES_10 - 1000;
      }
    }
    assert_int_equal(found, 1);
    (void)unit_run(&c, &(UnitRun){ .chunk = PH_CHUNK_FRAMES, .in_place = -1, .to = 3000 }, &state, out);
    const double end = i == 2 ? 600 : 1, before = (double)out[(size_t)900 * PH_LANES_BUS],
                 after = (double)out[(size_t)1100 * PH_LANES_BUS];
    assert_true(before < end);
    measured_most(names[i], "error after ten minutes", fabs(after / end - 1) * 1e6, i == 2 ? 5 : 0.1, "ppm");
    free(out);
    unit_state_free(&state);
    ph_arena_deinit(&arena);
    unit_case_free(&c);
  }
}

/* ---- ramps ---- */

static double line_theory(double a, double b, double t, double bend)
{
  (void)bend;
  return a + (b - a) * t;
}
static double xline_theory(double a, double b, double t, double bend)
{
  (void)bend;
  return a * pow(b / a, t);
}
static double curve_theory(double a, double b, double t, double bend)
{
  return a + (b - a) * (bend == 0 ? t : expm1(bend * t) / expm1(bend));
}

static void ramps_follow_theory(void **context)
{
  (void)context;
  static const struct {
    const char *name;
    double (*theory)(double a, double b, double t, double bend);
    double a, b, bend;
    uint32_t gate;
  } ramps[] = { { "line", line_theory, 2, -5, 0, 3 },
                { "xline", xline_theory, 20, 2000, 0, 3 },
                { "curve", curve_theory, 1, 0, -4, 4 },
                { "curve", curve_theory, 0, 1, 7, 4 },
                { "curve", curve_theory, 0, 1, 0, 4 } };
  enum { DUR = 4410 };
  for (size_t i = 0; i < PH_COUNT(ramps); i++) {
    draw_gate(i + 50, 20, 9000);
    UnitCase c;
    begin_at(&c, ramps[i].name, RATE, LONG);
    unit_const(&c, 0, ramps[i].a);
    unit_const(&c, 1, ramps[i].b);
    unit_const(&c, 2, DUR / RATE);
    if (ramps[i].gate == 4) {
      unit_const(&c, 3, ramps[i].bend);
    }
    unit_audio(&c, ramps[i].gate, gate);
    finish(&c);
    double most = 0;
    for (uint32_t f = 0, since = 0, runs = 0; f < LONG; f++) {
      since = is_fresh(f) ? 0 : since + runs;
      runs |= is_fresh(f);
      const double expected = ramps[i].theory(ramps[i].a, ramps[i].b, fmin((double)since / DUR, 1), ramps[i].bend);
      most = fmax(most, fabs((double)left[f] - expected) / fmax(fabs(ramps[i].a), fabs(ramps[i].b)));
    }
    measured_most(ramps[i].name, "error of the ramp, re its greater end", most, 3e-6, "");
  }
}

/* The row's example: levels 0 1 0.3 0, times 0.01 0.1 0.5. */
static void segments_follow_theory(void **context)
{
  (void)context;
  static const double levels[] = { 0, 1, 0.3, 0 }, times[] = { 441, 4410, 22050 };
  double most = 0, steepest = 0;
  for (int bend = -3; bend <= 3; bend += 3) {
    draw_gate((uint64_t)(bend + 90), 2000, 30000);
    UnitCase c;
    begin_at(&c, "segments", RATE, LONG);
    unit_const(&c, 0, bend);
    unit_audio(&c, 1, gate);
    finish(&c);
    double from = 0, reached = 0;
    for (uint32_t f = 0, since = 0, runs = 0; f < LONG; f++) {
      const bool fresh = is_fresh(f);
      since = fresh ? 0 : since + runs;
      runs |= fresh;
      from = fresh ? reached : from;
      double at = since, expected = from;
      for (int i = 0; i < 3 && at > 0; at -= times[i++]) {
        expected = curve_theory(i == 0 ? from : levels[i], levels[i + 1], fmin(at / times[i], 1), bend);
      }
      reached = expected;
      most = fmax(most, fabs((double)left[f] - expected));
      if (fresh && f > 0) {
        steepest = fmax(steepest, fabs((double)left[f] - (double)left[f - 1]));
      }
    }
  }
  measured_most("segments", "error against theory, early events from the level reached", most, 3e-6, "");
  measured_most("segments", "step where an event triggers, re the slope of the first segment", steepest * 441, 1.001,
                "");
}

/* ---- triggers ---- */

static void run_trigger(const char *name, uint32_t gate_input, double other, bool has_other)
{
  UnitCase c;
  begin_at(&c, name, RATE, LONG);
  if (has_other) {
    unit_const(&c, 1, other);
  }
  if (gate_input == 1) {
    unit_audio(&c, 0, signal_a);
  }
  unit_audio(&c, gate_input, gate);
  finish(&c);
}

static void triggers_fire_on_their_frames(void **context)
{
  (void)context;
  for (uint32_t f = 0; f < LONG; f++) {
    signal_a[f] = (float)sin(f * 0.01);
  }
  draw_gate(7, 1, 700);
  uint32_t wrong[6] = { 0 }, count = 0, since = 0;
  float held = 0, latched = 0;
  static float of[6][LONG];
  static const char *const names[] = { "trig", "gate", "timer", "pulse_div", "sample_hold", "latch" };
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    run_trigger(names[i], i < 4 ? 0 : 1, 3, i == 3);
    memcpy(of[i], left, sizeof left);
  }
  for (uint32_t f = 0; f < LONG; f++) {
    const bool fresh = is_fresh(f);
    since = fresh ? 0 : since;
    held = fresh ? signal_a[f] : held;
    latched = gate[f] != 0.0f ? signal_a[f] : latched;
    wrong[0] += of[0][f] != (fresh ? 1.0f : 0.0f);
    wrong[1] += of[1][f] != (gate[f] != 0.0f ? 1.0f : 0.0f);
    wrong[2] += fabs((double)of[2][f] - since / RATE) > 1e-7;
    wrong[3] += of[3][f] != (fresh && count % 3 == 0 ? 1.0f : 0.0f);
    wrong[4] += of[4][f] != held;
    wrong[5] += of[5][f] != latched;
    count += fresh;
    since++;
  }
  assert_true(count > 100);
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    measured_most(names[i], "frames that are not as they should be, of 65536", wrong[i], 0, "frames");
  }
}

static void schmidt_and_changed_are_exact(void **context)
{
  (void)context;
  for (uint32_t f = 0; f < LONG; f++) {
    signal_a[f] = (float)((double)(ph_mix64(f / 7) >> 11) * 0x1p-53);
  }
  UnitCase c;
  begin_at(&c, "schmidt", RATE, LONG);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 0.75);
  unit_const(&c, 2, 0.25);
  finish(&c);
  uint32_t wrong = 0;
  float on = 0;
  for (uint32_t f = 0; f < LONG; f++) {
    on = signal_a[f] > 0.75f ? 1 : signal_a[f] < 0.25f ? 0 : on;
    wrong += left[f] != on;
  }
  measured_most("schmidt", "frames that are not as they should be, of 65536", wrong, 0, "frames");
  begin_at(&c, "changed", RATE, LONG);
  unit_audio(&c, 0, signal_a);
  finish(&c);
  wrong = 0;
  for (uint32_t f = 0; f < LONG; f++) {
    wrong += left[f] != (f == 0 || signal_a[f] != signal_a[f - 1] ? 1.0f : 0.0f);
  }
  measured_most("changed", "frames that are not as they should be, of 65536", wrong, 0, "frames");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(envelopes_follow_their_models), cmocka_unit_test(long_stages_end),
    cmocka_unit_test(ramps_follow_theory),           cmocka_unit_test(segments_follow_theory),
    cmocka_unit_test(triggers_fire_on_their_frames), cmocka_unit_test(schmidt_and_changed_are_exact),
  };
  return cmocka_run_group_tests_name("env", tests, NULL, NULL);
}
