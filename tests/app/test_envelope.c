/* Envelopes on signals (LANGUAGE, 3.3): `signal # ar …` is multiplied by it, one shot per cycle; with a pattern as gate, one per
   event. The signal is the number 1, so that the envelope itself is what is heard.  SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "phonon/phonon.h"

enum { RATE = 44100, CYCLE = 2 * RATE, FRAMES = 2 * CYCLE };

static float sound[2 * FRAMES];

static void render(const char *expression)
{
  char text[256] = "o1: (saw 100 * 0 + 1) ";
  strncat(text, expression, sizeof text - strlen(text) - 1);
  PhononProgram *program = NULL;
  PhononEngine *engine = NULL;
  PhononSamplesOptions nobodys = PHONON_SAMPLES_DEFAULTS;
  PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
  nobodys.only_these = true;
  assert_int_equal(phonon_samples_new(&nobodys, &options.samples), PHONON_OK);
  assert_int_equal(phonon_program_new(text, strlen(text), NULL, &program), PHONON_OK);
  assert_int_equal(phonon_program_warning_count(program), 0);
  assert_int_equal(phonon_engine_new(program, &options, &engine), PHONON_OK);
  assert_int_equal(phonon_engine_render(engine, FRAMES, sound, NULL), PHONON_OK);
  phonon_engine_free(engine);
  phonon_program_free(program);
  phonon_samples_free(options.samples);
}

/* The level `age` frames after the beginning of cycle `cycle`. */
static void expect(uint32_t cycle, uint32_t age, double level)
{
  const size_t at = 2 * ((size_t)cycle * CYCLE + age);
  if (!(fabs((double)sound[at] - level) < 1e-5 && sound[at] == sound[at + 1])) {
    fail_msg("cycle %u, frame %u: %.7g and %.7g, not %.7g", cycle, age, (double)sound[at], (double)sound[at + 1],
             level);
  }
}

static double cubed(double x) { return x * x * x; }

static void ar_is_one_shot_per_cycle(void **state)
{
  (void)state;
  static const char *const same[] = { "# ar 0.1 0.2", "# perc 0.1 0.2",      "# ad 0.1 0.2",
                                      "* ar 0.1 0.2", "# tar \"1\" 0.1 0.2", "# ar :release 0.2 :attack 0.1",
                                      "* (ar 0.1 0.2 * 2 - ar 0.1 0.2)", "* (ar 0.1 0.2 + ar 0.1 0.2) * 0.5" };
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    render(same[i]);
    for (uint32_t cycle = 0; cycle < 2; cycle++) {
      expect(cycle, 0, 1 / 4410.0);
      expect(cycle, 2204, 0.5);
      expect(cycle, 4408, 4409 / 4410.0);
      expect(cycle, 4409, 1);
      expect(cycle, 4409 + 4410, cubed(0.5));
      expect(cycle, 4409 + 8820, 0);
      expect(cycle, CYCLE - 1, 0);
    }
  }
}

static void adsr_holds_for_the_cycle(void **state)
{
  (void)state;
  static const char *const same[] = { "# adsr 0.1 0.2 0.5 0.3", "# env 0.1 0.2 0.5 0.3", "* envelope 0.1 0.2 0.5 0.3",
                                      "# tadsr \"1\" 0.1 0.2 0.5 0.3", "# env_trig \"1\" 0.1 0.2 0.5 0.3" };
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    render(same[i]);
    expect(0, 4409, 1);
    expect(0, 4409 + 4410, 0.5 + 0.5 * cubed(0.5));
    expect(0, 4409 + 8820, 0.5);
    expect(0, CYCLE - 1, 0.5);
    expect(1, 2204, 0.75); /* from where it is */
    expect(1, 4409, 1);
  }
}

static void a_gate_that_ends_releases(void **state)
{
  (void)state;
  render("# env_trig \"1 0\" 0.1 0.2 0.5 0.3");
  expect(0, RATE - 1, 0.5);
  expect(0, RATE + 6614, 0.5 * cubed(0.5));
  expect(0, RATE + 13229, 0);
  render("# asr 0.1 0.3 \"1 0\"");
  expect(0, RATE - 1, 1);
  expect(1, RATE + 13229, 0);
  render("# tar \"1(3,8)\" 0.01 0.02"); /* three in a cycle */
  for (uint32_t k = 0; k < 3; k++) {
    expect(1, k * 3 * CYCLE / 8 + 440, 1);
    expect(1, k * 3 * CYCLE / 8 + 440 + 882, 0);
  }
}

static void segments_and_curves_are_one_shot(void **state)
{
  (void)state;
  render("# segments \"0 1 0.5 0\" \"0.1 0.2 0.3\"");
  for (uint32_t cycle = 0; cycle < 2; cycle++) {
    expect(cycle, 2205, 0.5);
    expect(cycle, 4410, 1);
    expect(cycle, 4410 + 4410, 0.75);
    expect(cycle, 4410 + 8820, 0.5);
    expect(cycle, 4410 + 8820 + 13230, 0);
    expect(cycle, CYCLE - 1, 0);
  }
  render("# curve 1 0 0.5 (-4)");
  for (uint32_t cycle = 0; cycle < 2; cycle++) {
    expect(cycle, 0, 1);
    expect(cycle, 11025, 1 - expm1(-2) / expm1(-4));
    expect(cycle, 22050, 0);
  }
  render("# line 1 0 0.5");
  expect(1, 11025, 0.5);
  expect(1, 30000, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(ar_is_one_shot_per_cycle),
    cmocka_unit_test(adsr_holds_for_the_cycle),
    cmocka_unit_test(a_gate_that_ends_releases),
    cmocka_unit_test(segments_and_curves_are_one_shot),
  };
  return cmocka_run_group_tests_name("envelope", tests, NULL, NULL);
}
