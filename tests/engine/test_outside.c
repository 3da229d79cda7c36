/* What comes in from outside, and what goes there: to the frame, and the same bits for any blocks and threads.
   SPDX-License-Identifier: MIT */
#include "built.h"
#include "plans.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FRAMES = 30000, RATE = 44100 };

typedef struct Change {
  int64_t frame;
  const char *path; /* NULL: controller `number` */
  uint32_t channel, number;
  double value;
} Change;

static const Change changes[] = {
  { 100, NULL, 1, 74, 0.5 },  { 777, NULL, 3, 74, 1 },     { 778, "/x", 0, 0, -0.5 }, { 778, "/x", 0, 0, 0.25 },
  { 5000, NULL, 3, 1, 0.75 }, { 5001, NULL, 2, 1, 0.125 }, { 20000, "/y", 0, 0, 3 },  { 20001, "/x", 0, 0, 0.5 },
};

/* Every change is told at the beginning of the last call before it is due. */
static float *render(const PhPlan *plan, uint32_t block, uint32_t threads, uint32_t ask)
{
  PhEngineOptions options = PH_ENGINE_DEFAULTS;
  options.block_frames = block;
  options.threads = threads;
  options.no_safety = true;
  PhEngine *engine;
  assert_int_equal(ph_engine_new(plan, hand_store(), &options, NULL, NULL, &engine), PH_OK);
  float *out = calloc(2 * FRAMES, sizeof *out);
  size_t next = 0;
  for (uint32_t at = 0; at < FRAMES;) {
    const uint32_t n = FRAMES - at < ask ? FRAMES - at : ask;
    for (; next < PH_COUNT(changes) && changes[next].frame < (int64_t)at + n; next++) {
      const Change *c = &changes[next];
      assert_int_equal(c->path ? ph_engine_osc(engine, c->frame, c->path, c->value)
                               : ph_engine_cc(engine, c->frame, c->channel, c->number, c->value),
                       PH_OK);
    }
    assert_int_equal(ph_engine_render(engine, n, out + 2 * (size_t)at, NULL), PH_OK);
    at += n;
  }
  ph_engine_free(engine);
  return out;
}

static void inputs_change_on_their_frame(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    int64_t frames[4];
    float values[4]; /* the first one from the beginning, the others from frames[i] on */
  } cases[] = {
    { "out: cc 74 0 0.125 * 0.5", { 0, 100, 777, FRAMES }, { 0.0625f, 0.25f, 0.5f } },
    { "out: cc 74 3", { 0, 777, FRAMES }, { 0, 1 } },
    { "out: cc 1 2 * 0.5", { 0, 5001, FRAMES }, { 0, 0.0625f } },
    { "out: osc \"/x\" 0.75", { 0, 778, 20001, FRAMES }, { 0.75f, 0.25f, 0.5f } },
    { "out: osc \"/y\"", { 0, 20000, FRAMES }, { 0, 3 } },
    { "out: osc \"/z\" 0.5", { 0, FRAMES }, { 0.5f } },
  };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    Built b;
    built(&b, "input", cases[i].text);
    float *out = render(&b.plan, 64, 1, 512);
    for (size_t k = 0; cases[i].frames[k] < FRAMES; k++) {
      for (int64_t f = cases[i].frames[k]; f < cases[i].frames[k + 1]; f++) {
        if (out[2 * f] != cases[i].values[k]) {
          fail_msg("%s: frame %d is %g", cases[i].text, (int)f, (double)out[2 * f]);
        }
      }
    }
    free(out);
    built_drop(&b);
  }
}

/* In strands, in the voices of an instrument, and in both at once. */
static void inputs_do_not_see_blocks(void **state)
{
  (void)state;
  static const uint32_t runs[][3] = { { 1, 1, 512 }, { 7, 3, 1000 }, { 512, 2, 333 }, { 4096, 1, FRAMES } };
  Built b;
  built(&b, "inputs",
        "~v: saw 110 # lpf (cc 74 0 0.5 * 3000 + 100) * osc \"/x\" 0.5\n"
        "o1: s \"~v(5,8)\" # note \"0 7\"\n"
        "o2: square (osc \"/y\" 1 * 110) * (cc 74 # lag 0.01) * 0.2\n");
  float *expected = render(&b.plan, 64, 1, 64);
  for (size_t r = 0; r < PH_COUNT(runs); r++) {
    float *out = render(&b.plan, runs[r][0], runs[r][1], runs[r][2]);
    for (size_t i = 0; i < 2 * FRAMES; i++) {
      if (out[i] != expected[i]) {
        fail_msg("blocks of %u: frame %d differs", runs[r][0], (int)i / 2);
      }
    }
    free(out);
  }
  free(expected);
  built_drop(&b);
}

static void inputs_are_held_in_their_range(void **state)
{
  (void)state;
  Built b;
  built(&b, "input", "out: cc 74");
  assert_int_equal(b.plan.input_count, 1);
  PhEngineOptions options = PH_ENGINE_DEFAULTS;
  PhEngine *engine;
  assert_int_equal(ph_engine_new(&b.plan, NULL, &options, NULL, NULL, &engine), PH_OK);
  assert_int_equal(ph_engine_input(engine, 1, 0, 1), PH_ARG);
  assert_int_equal(ph_engine_input(engine, 0, 0, (double)NAN), PH_ARG);
  assert_int_equal(ph_engine_cc(engine, 0, 1, 75, 1), PH_OK); /* nobody listens */
  assert_int_equal(ph_engine_input(engine, 0, -5, 7), PH_OK);
  float out[2 * 64];
  assert_int_equal(ph_engine_render(engine, 64, out, NULL), PH_OK);
  assert_true(out[0] == 1 && out[2 * 63] == 1);
  assert_int_equal(ph_engine_input(engine, 0, 100, 0.5), PH_OK);
  assert_int_equal(ph_engine_input(engine, 0, 70, 0.25),
                   PH_OK); /* too late for that: it comes where the last one stands */
  assert_int_equal(ph_engine_render(engine, 64, out, NULL), PH_OK);
  assert_true(out[2 * 35] == 1 && out[2 * 36] == 0.25f);
  ph_engine_free(engine);
  built_drop(&b);
}

typedef struct Taken {
  PhText text;
  int64_t last_frame, now; /* `now`: the first frame of the call */
  uint32_t ask;
} Taken;

static void take(void *ctx, const PhSinkEvent *event)
{
  Taken *taken = ctx;
  assert_true(event->frame >= taken->last_frame && event->frame >= taken->now &&
              event->frame < taken->now + taken->ask);
  taken->last_frame = event->frame;
  ph_text_printf(&taken->text, "%d %s %s %.4g %.4g %.4g %.4g", (int)event->frame,
                 event->kind == PH_SINK_MIDI ? "midi" : "osc", event->name, event->cycle, event->cps, event->delta_sec,
                 event->sustain_sec);
  if (event->has_note) {
    ph_text_printf(&taken->text, " [%g]", event->semitones);
  }
  for (size_t i = 0; i < event->controls->len; i++) {
    const PhControlValue *control = &event->controls->items[i];
    double number = 0;
    if (control->value.tag == PH_VALUE_STR) {
      ph_text_printf(&taken->text, " %s=%s", control->name, control->value.str);
    } else {
      assert_true(ph_value_as_num(&control->value, false, &number));
      ph_text_printf(&taken->text, " %s=%g", control->name, number);
    }
  }
  ph_text_puts(&taken->text, "\n");
}

/* The events as a text, and the loudest sample. */
static Taken events_of(const char *text, uint32_t block, uint32_t ask, float *peak)
{
  Built b;
  built(&b, "events", text);
  PhEngineOptions options = PH_ENGINE_DEFAULTS;
  options.block_frames = block;
  PhEngine *engine;
  assert_int_equal(ph_engine_new(&b.plan, hand_store(), &options, NULL, NULL, &engine), PH_OK);
  Taken taken = { .ask = ask };
  ph_engine_events(engine, take, &taken);
  float *out = calloc(2 * (size_t)ask, sizeof *out);
  *peak = 0;
  for (; taken.now < 2 * RATE; taken.now += ask) {
    assert_int_equal(ph_engine_render(engine, ask, out, NULL), PH_OK);
    for (size_t i = 0; i < 2 * (size_t)ask; i++) {
      *peak = fabsf(out[i]) > *peak ? fabsf(out[i]) : *peak;
    }
  }
  free(out);
  ph_engine_free(engine); /* what still waits is freed, or the leak checker tells */
  built_drop(&b);
  return taken;
}

static void events_go_outside(void **state)
{
  (void)state;
  static const struct {
    const char *text, *expected;
    bool sounds;
  } cases[] = {
    { "out: s \"ramp wide\" # target \"superdirt\" # gain 0.5 # pan \"0 -1\"",
      "0 osc superdirt 0 0.5 1 1 gain=0.5 pan=0 s=ramp\n44100 osc superdirt 0.5 0.5 1 1 gain=0.5 pan=-1 s=wide\n",
      false },
    { "out: note \"c4'maj\" # midi \"synth\" # midichan 3 # legato 0.5",
      "0 midi synth 0 0.5 2 1 [0] legato=0.5 midichan=3 note=0\n0 midi synth 0 0.5 2 1 [4] legato=0.5 midichan=3 "
      "note=4\n"
      "0 midi synth 0 0.5 2 1 [7] legato=0.5 midichan=3 note=7\n",
      false },
    { "out: n \"~ e\" # s \"ramp\" # midi \"ab\" # nudge 0.25", "55125 midi ab 0.5 0.5 1 1 [4] n=4 nudge=0.25 s=ramp\n",
      false },
    { "cps: 1\nout: s \"ramp\"\no2: pF \"foo\" 2 # target \"lights\"",
      "0 osc lights 0 1 1 1 foo=2\n44100 osc lights 1 1 1 1 foo=2\n", true },
    { "o1: s \"ramp\" # midi \"x\"\nhush", "", false },
  };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    for (uint32_t ask = 210; ask <= 44100; ask *= 210) {
      float peak;
      Taken taken = events_of(cases[i].text, ask == 210 ? 64 : 1024, ask, &peak);
      assert_string_equal(taken.text.ptr ? taken.text.ptr : "", cases[i].expected);
      assert_int_equal(peak > 0, cases[i].sounds);
      ph_text_deinit(&taken.text);
    }
  }
}

/* An edit beside it: an input keeps what it was told, a new one has its default, and no event is sent twice or lost. */
static void edits_leave_the_outside_alone(void **state)
{
  (void)state;
  enum { SWAP = 50000, END = 100000 };
  Built before, after;
  built(&before, "before", "o1: osc \"/x\" 0.25\no2: n \"0*16\" # midi \"a\" # nudge 0.01\n");
  built(
      &after, "after",
      "o1: osc \"/x\" 0.25\no2: n \"0*16\" # midi \"a\" # nudge 0.01\no3: osc \"/y\" 0.125\no4: s \"ramp\" # gain 0\n");
  PhEngineOptions options = PH_ENGINE_DEFAULTS;
  options.no_safety = true;
  PhEngine *engine, *spare;
  assert_int_equal(ph_engine_new(&before.plan, hand_store(), &options, NULL, NULL, &engine), PH_OK);
  Taken taken = { .ask = 500 };
  ph_engine_events(engine, take, &taken);
  assert_int_equal(ph_engine_osc(engine, 1000, "/x", 0.5), PH_OK);
  float out[2 * 500];
  for (; taken.now < END; taken.now += 500) {
    if (taken.now == SWAP) {
      assert_int_equal(ph_engine_spare(engine, &after.plan, NULL, NULL, &spare), PH_OK);
      assert_int_equal(ph_engine_swap(engine, spare), PH_OK);
      ph_engine_free(spare);
      assert_int_equal(ph_engine_osc(engine, SWAP + 10000, "/y", 0), PH_OK);
    }
    assert_int_equal(ph_engine_render(engine, 500, out, NULL), PH_OK);
    for (int64_t f = 0; f < 500; f++) {
      const int64_t frame = taken.now + f;
      const float x = frame < 1000 ? 0.25f : 0.5f, y = frame >= SWAP + 10000 ? 0 : 0.125f;
      if (frame < SWAP || frame >= SWAP + 1000) { /* between them the master is crossfaded */
        if (out[2 * f] != (frame < SWAP ? x : x + y)) {
          fail_msg("frame %d is %g", (int)frame, (double)out[2 * f]);
        }
      }
    }
  }
  uint32_t events = 0;
  for (const char *line = taken.text.ptr; line && *line; line = strchr(line, '\n') + 1, events++) {
    assert_int_equal(atoi(line), (int)((double)events * 2 * RATE / 16 + 0.5) + RATE / 100);
  }
  assert_int_equal(events, (END - RATE / 100 + 2 * RATE / 16 - 1) / (2 * RATE / 16));
  ph_text_deinit(&taken.text);
  ph_engine_free(engine);
  built_drop(&before);
  built_drop(&after);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(inputs_change_on_their_frame),   cmocka_unit_test(inputs_do_not_see_blocks),
    cmocka_unit_test(inputs_are_held_in_their_range), cmocka_unit_test(events_go_outside),
    cmocka_unit_test(edits_leave_the_outside_alone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
