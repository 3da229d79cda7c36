/* Programs in the language, run by the engine: the same bits for any blocks, threads and vectors, and sound where there
   should be some.  SPDX-License-Identifier: MIT */
#include "built.h"
#include "plans.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Program {
  const char *name, *text;
} Program;

static const Program programs[] = {
  { "m", "o1: s \"wide(3,8)\" # n 2\no2: jux rev $ stut 8 0.125 0.1 $ s \"ramp(3,8,1)\" # ar 0.1 0.5\n" },
  { "bus instrument", "~lead: saw 110 # lpf \"800 2000\" 0.7\nout: s \"~lead(3,8)\" # note \"0 3 7\" # gain 0.5\n" },
  { "chords", "~pad: square 220 # lpf 900\nout: s \"~pad*2\" # note \"c4'maj e4'min\" # attack 0.05 # release 0.2\n" },
  { "lfo", "~lfo: sine 2\nout: saw \"55 82.5\" # lpf (~lfo * 500 + 800) 0.5 * 0.3\n" },
  { "feedback", "~a: (noise * 0.01 + ~b * 0.5)\n~b: ~a # delay 0.01 0 1\nout: ~b\n" },
  { "effects", "~d: s \"wide ramp*2\" # gain 0.7\nout: ~d # reverb 0.6 # compressor -12 4 0.01 0.1 # pan 0.2\n" },
  { "routes", "out: every 2 (# lpf 300) $ s \"ramp*4\" # cut 1\n" },
  { "tempo", "cps: \"0.5 0.8 1.3\"\nout: s \"ramp*3\" # speed \"1 -1 1.5\"\n" },
  { "packed", "out: (saw 55 + saw 66 + saw 77 + saw 88 + saw 99 + saw 110 + saw 121 + saw 132) * 0.1\n" },
  { "continuous", "out: saw 110 # lpf (range 200 2000 $ slow 2 sine) * 0.5\n" },
  { "shapes", "~a: saw 110 # pan 0.2\nout: s \"~a wide [~a ramp]*2\" # segments \"0 1 0.3 0.8 0\" \"0.01 0.1 0.2 0.1\" -3\n" },
  { "synths", "out: s \"supersaw superpiano [supermandolin superfm]\" # note \"0 7 12\" # portamento 0.05\n" },
  { "drums", "out: s \"superkick superhat supersnare [superclap super808]\" # accelerate \"0 -0.3\"\n" },
  { "synced", "cps: \"0.5 0.8 1.3\"\nout: s \"ramp*3\" # delay 0.125 0.6 0.4 :sync 1 # pingpong 0.25 :sync 1\n" },
  { "spectra", "out: s \"ramp*3\" # pitch_shift 5 # spectral_blur 0.2 # convolve \"room\" 0.5\n" },
  { "effects by cycle", "cps: 3\nout: s \"ramp*2\" # every_effect 2 (lpf 300) # whenmod_effect 4 3 (delay 0.1) * every_val 3 0.5 1\n" },
  { "analysis", "~a: saw \"110 220\" # scope \"a\"\nout: (sine (pitch ~a) # lpf (rms ~a 0.02 * 2000 + 200)) * 0.5 + (~a # hilbert) * 0.1\n" },
  { "chains", "~a: noise * 0.1\no1: ~a # lpf \"800 2000\" # reverb\no2: saw 55 # reverb 0.3 # limiter\no3: (sine 220 # pan 0.1) # reverb # delay 0.1\n"
              "o4: s \"ramp*3\" # reverb 0.9\no5: s \"wide*2 ramp\" # room 0.3 # orbit \"0 1 2 3\" # delay 0.3 # delaytime 0.1\n" },
  { "nested", "~riff: s \"ramp(3,8)\"\nout: s \"~riff ~riff*2\" # gain 0.8\n" },
};

static uint64_t hash_run(const PhPlan *plan, Run run, uint32_t frames, double *power)
{
  float *out = hand_render(plan, run, frames, NULL);
  *power = 0;
  for (size_t i = 0; i < 2 * (size_t)frames; i++) {
    *power += (double)out[i] * (double)out[i];
  }
  *power /= 2 * (double)frames;
  const uint64_t hash = ph_hash(out, 2 * (size_t)frames * sizeof *out);
  free(out);
  return hash;
}

static void same_bits(void **state)
{
  (void)state;
  enum { FRAMES = 100000 };
  static const Run runs[] = {
    { .block = 1, .threads = 1 },   { .block = 7, .threads = 3 },     { .block = 64, .threads = 2, .ask = 1000 },
    { .block = 4096, .threads = 8 }, { .block = 512, .threads = 1, .window = 1 }, { .block = 333, .threads = 2, .window = 5 } };
  const PhUnitSet *const *sets;
  const size_t set_count = ph_unit_sets(&sets);
  for (size_t p = 0; p < PH_COUNT(programs); p++) {
    Built b;
    built(&b, programs[p].name, programs[p].text);
    double power;
    const uint64_t expected = hash_run(&b.plan, (Run){ .block = 512, .threads = 1 }, FRAMES, &power);
    if (!(power > 1e-7 && power < 10)) {
      fail_msg("%s: mean power %g", programs[p].name, power);
    }
    for (size_t r = 0; r < PH_COUNT(runs); r++) {
      if (hash_run(&b.plan, runs[r], FRAMES, &power) != expected) {
        fail_msg("%s: block %u, threads %u differ", programs[p].name, runs[r].block, runs[r].threads);
      }
    }
    for (size_t s = 0; s < set_count; s++) {
      if (hash_run(&b.plan, (Run){ .block = 512, .threads = 1, .isa = sets[s]->name }, FRAMES, &power) != expected) {
        fail_msg("%s: %s differs", programs[p].name, sets[s]->name);
      }
    }
    built_drop(&b);
  }
}

/* The sum of the terms is that of each rendered alone. */
static void expect_sum(char (*terms)[64], int count, uint32_t frames)
{
  const Run run = { .block = 64, .threads = 1 };
  double *expected = calloc(frames, sizeof *expected);
  PhText all = { 0 };
  ph_text_puts(&all, "out: sum [");
  for (int i = 0; i < count; i++) {
    char text[80];
    (void)snprintf(text, sizeof text, "out: %s", terms[i]);
    ph_text_printf(&all, "%s%s", i ? ", " : "", terms[i]);
    Built b;
    built(&b, "a term", text);
    float *one = hand_render(&b.plan, run, frames, NULL);
    for (uint32_t f = 0; f < frames; f++) {
      expected[f] += (double)one[2 * f];
    }
    free(one);
    built_drop(&b);
  }
  ph_text_puts(&all, "]");
  Built b;
  built(&b, "all terms", all.ptr);
  float *sum = hand_render(&b.plan, run, frames, NULL);
  for (uint32_t f = 0; f < frames; f++) {
    assert_true(fabs((double)sum[2 * f] - expected[f]) < 1e-4);
  }
  free(sum);
  free(expected);
  built_drop(&b);
  ph_text_deinit(&all);
}

/* A sum of 150 equal terms, which runs in lanes (two groups of banks, one of them not full), is the sum of its terms rendered alone. */
static void lanes_sum_their_terms(void **state)
{
  (void)state;
  enum { TERMS = 150 };
  static char terms[TERMS][64];
  for (int i = 0; i < TERMS; i++) {
    (void)snprintf(terms[i], sizeof terms[i], "sine %d # lpf (sine %d * 300 + 900)", 40 + 7 * i, 3 + i);
  }
  expect_sum(terms, TERMS, 600);
}

/* With `:sync 1` an echo comes after its share of the cycle, to the frame, in every tempo. */
static void delays_count_cycles(void **state)
{
  (void)state;
  enum { FRAMES = 44100 * 4 };
  static const char *const names[] = { "delay", "pingpong", "multitap", "tapedelay" };
  static const char *const rest[] = { "0 1", "0 0 1", "1 0 1", "0 0 0 0 1" };
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    char text[128];
    snprintf(text, sizeof text, "cps: \"<1 0.5>\"\nout: trig \"1\" # %s 0.25 %s :sync 1\n", names[i], rest[i]);
    Built b;
    built(&b, names[i], text);
    PhEngineStats stats;
    float *out = hand_render(&b.plan, (Run){ .block = 512, .threads = 1 }, FRAMES, &stats);
    assert_int_equal(stats.faults, 0);
    /* Cycles begin at 0 s, 1 s and 3 s. */
    static const uint32_t echoes[] = { 11025, 44100 + 22050, 3 * 44100 + 11025 };
    for (size_t e = 0; e < PH_COUNT(echoes); e++) {
      uint32_t loudest = echoes[e] - 2000;
      for (uint32_t f = loudest; f < echoes[e] + 2000; f++) {
        loudest = fabsf(out[2 * (size_t)f]) > fabsf(out[2 * (size_t)loudest]) ? f : loudest;
      }
      assert_int_equal(loudest, echoes[e]);
    }
    free(out);
    built_drop(&b);
  }
}

/* An effect by cycle acts from the frame of one cycle's beginning to that of the next. */
static void effects_keep_to_their_cycles(void **state)
{
  (void)state;
  enum { CYCLE = 4410, CYCLES = 9 };
  Built b;
  built(&b, "cycles", "cps: 10\nout: (0 * saw 1 + 1) # every_effect 3 (gain 0.5)\n");
  float *out = hand_render(&b.plan, (Run){ .block = 100, .threads = 2 }, CYCLE * CYCLES, NULL);
  for (size_t f = 0; f < (size_t)CYCLE * CYCLES; f++) {
    assert_true(out[2 * f] == (f / CYCLE % 3 == 0 ? 0.5f : 1.0f));
  }
  free(out);
  built_drop(&b);
}

static uint32_t draw(uint64_t *seed, uint32_t below)
{
  *seed = ph_mix(*seed, 1);
  return (uint32_t)((*seed >> 33) % below);
}

/* Outputs and buses of effects in any order, that read each other, with constants, steps and audio as parameters. */
static void put_chains(PhText *text, uint64_t seed)
{
  static const char *const sources[] = { "noise", "saw 110", "s \"ramp*4 wide\"", "(trig \"1*3\")", "(sine 3 # pan 0.8)" };
  static const char *const effects[] = { "reverb 0.7", "reverb \"0.2 0.9\"", "limiter -6", "limiter -9 0.01", "distort 3", "distort 5 1 :os 4", "compressor -30",
                                         "compressor -30 (sine 1 * 3 + 5)", "lpf 900", "lpf \"500 2000\" 0.5", "delay 0.01 0.3", "* 0.7", "phaser",
                                         "waveshape \"-1 0 1\"", "waveshape \"-1 0.5 1\"" };
  const uint32_t buses = draw(&seed, 8), outputs = 5 + draw(&seed, 14), kinds = 2 + draw(&seed, 6), first = draw(&seed, PH_COUNT(effects));
  for (uint32_t line = 0; line < buses + outputs; line++) {
    const bool bus = line < buses;
    ph_text_printf(text, bus ? "~b%u: (" : "o%u: (", bus ? line : line - buses + 1);
    const uint32_t heard = bus ? line : buses;
    if (heard && draw(&seed, 3) == 0) {
      ph_text_printf(text, "~b%u * 0.5 + ", draw(&seed, heard));
    } else if (buses && draw(&seed, 24) == 0) {
      ph_text_printf(text, "~b%u * 0.1 + ", draw(&seed, buses)); /* perhaps a loop */
    }
    ph_text_printf(text, "%s)", sources[draw(&seed, PH_COUNT(sources))]);
    for (uint32_t n = 1 + draw(&seed, 5); n; n--) {
      const char *effect = effects[(first + draw(&seed, kinds)) % PH_COUNT(effects)];
      ph_text_printf(text, effect[0] == '*' ? " %s" : " # %s", effect);
    }
    ph_text_puts(text, "\n");
  }
}

/* Chains of effects are the same bits in banks and apart, whatever they read, and banks there are. */
static void chains_keep_their_bits(void **state)
{
  (void)state;
  enum { PROGRAMS = 40, FRAMES = 1500 };
  uint32_t packed = 0, picks = 0;
  for (uint64_t i = 0; i < PROGRAMS; i++) {
    PhText text = { 0 };
    put_chains(&text, i);
    const uint32_t before = picks;
    Built banks, apart;
    built(&banks, text.ptr, text.ptr);
    built_apart(&apart, text.ptr, text.ptr);
    for (uint32_t s = 0; s < banks.plan.strand_count; s++) {
      const PhCode *code = &banks.plan.strands[s].code;
      for (uint32_t k = 0; k < code->instr_count; k++) {
        picks += code->instrs[k].phase == PH_PHASE_PICK;
      }
    }
    packed += picks > before;
    double power;
    const uint64_t expected = hash_run(&apart.plan, (Run){ .block = 512, .threads = 1 }, FRAMES, &power);
    if (hash_run(&banks.plan, (Run){ .block = 512, .threads = 1 }, FRAMES, &power) != expected ||
        hash_run(&banks.plan, (Run){ .block = 100, .threads = 3 }, FRAMES, &power) != expected) {
      fail_msg("in banks this sounds otherwise:\n%s", text.ptr);
    }
    built_drop(&banks);
    built_drop(&apart);
    ph_text_deinit(&text);
  }
  if (getenv("PH_BENCH")) {
    printf("%u of %d programs have banks, of %u chains\n", packed, PROGRAMS, picks);
  }
  assert_true(packed > PROGRAMS / 4);
  assert_true(picks > 4 * packed);
}

/* Outputs first … last; number 3 may have another effect at its end. */
static void build_outputs(Built *b, uint32_t first, uint32_t last, bool edited)
{
  PhText text = { 0 };
  for (uint32_t o = first; o <= last; o++) {
    ph_text_printf(&text,
                   "o%u: saw %u # env_trig \"1*4\" 0.001 0.1 0 0.05 # reverb 0.9 # delay 0.05 0.6 # limiter -20%s\n", o,
                   50 + 20 * o, edited && o == 3 ? " # lpf 500" : "");
  }
  built(b, "outputs", text.ptr);
  ph_text_deinit(&text);
}

/* An edit moves chains to other lanes of a bank: each goes on with its own state, as if there had been no edit. */
static void chains_go_on_in_other_lanes(void **state)
{
  (void)state;
  enum { BEFORE = 30000, AFTER = 8000, STEMS = 8 };
  Built old, edited;
  build_outputs(&old, 1, STEMS, false);
  build_outputs(&edited, 2, STEMS + 1, true);
  float *stems[2][STEMS], *out = calloc(2 * (BEFORE + AFTER), sizeof *out);
  for (int e = 0; e < 2; e++) {
    PhEngineOptions options = PH_ENGINE_DEFAULTS;
    options.stems = true;
    options.window = 1;
    PhEngine *engine = NULL, *spare = NULL;
    assert_int_equal(ph_engine_new(&old.plan, hand_store(), &options, NULL, NULL, &engine), PH_OK);
    for (int i = 0; i < STEMS; i++) {
      stems[e][i] = calloc(2 * (BEFORE + AFTER), sizeof **stems[e]);
    }
    assert_int_equal(ph_engine_render(engine, BEFORE, out, stems[e]), PH_OK);
    if (e == 1) {
      assert_int_equal(ph_engine_spare(engine, &edited.plan, NULL, NULL, &spare), PH_OK);
      assert_int_equal(ph_engine_swap(engine, spare), PH_OK);
    }
    assert_int_equal(ph_engine_render(engine, AFTER, out, stems[e]), PH_OK);
    ph_engine_free(spare);
    ph_engine_free(engine);
  }
  for (int i = 1; i < STEMS; i++) {
    double power = 0, error = 0;
    for (int f = 0; f < 2 * AFTER; f++) {
      const double is = (double)stems[1][i - 1][f], was = (double)stems[0][i][f];
      power += was * was;
      error += (is - was) * (is - was);
    }
    assert_true(power > 0.01);
    assert_true((error < 1e-10 * power) == (i != 2));
  }
  for (int e = 0; e < 2; e++) {
    for (int i = 0; i < STEMS; i++) {
      free(stems[e][i]);
    }
  }
  free(out);
  built_drop(&old);
  built_drop(&edited);
}

/* A sum may be as long as one likes, whatever other operators stand between its terms, and is what its terms sum to. */
static void sums_may_be_long(void **state)
{
  (void)state;
  enum { TERMS = 5000, FRAMES = 64 };
  PhText plus = { 0 }, list = { 0 };
  ph_text_puts(&plus, "out: sine 50 * 0.5");
  ph_text_puts(&list, "out: sum [sine 50 * 0.5");
  double constant = 0;
  for (int i = 1; i < TERMS; i++) {
    ph_text_printf(&plus, i % 1000 == 999 ? " - %d * 0.5" : i % 7 ? " + sine %d * 0.5" : " + %d * 0.5", i);
    ph_text_printf(&list, i % 1000 == 999 ? ", -%d * 0.5" : i % 7 ? ", sine %d * 0.5" : ", %d * 0.5", i);
    constant += i % 1000 == 999 ? -0.5 * i : i % 7 ? 0 : 0.5 * i;
  }
  ph_text_puts(&list, "]");
  Built a, b;
  built(&a, "plus", plus.ptr);
  built(&b, "list", list.ptr);
  float *x = hand_render(&a.plan, (Run){ .block = 64, .threads = 1 }, FRAMES, NULL);
  float *y = hand_render(&b.plan, (Run){ .block = 64, .threads = 1 }, FRAMES, NULL);
  for (size_t f = 0; f < FRAMES; f++) {
    assert_true(fabs((double)x[2 * f] - (double)y[2 * f]) < 1e-4 * constant);
  }
  assert_true(fabs((double)x[0] - constant) < 1e-5 * constant); /* sines begin at 0 */
  free(x);
  free(y);
  built_drop(&a);
  built_drop(&b);
  ph_text_deinit(&plus);
  ph_text_deinit(&list);
}

/* What units were made of differs: they are not lanes of one bank. */
static void data_keep_calls_apart(void **state)
{
  (void)state;
  enum { TERMS = 12, FRAMES = 2000 };
  char terms[TERMS][64];
  for (int i = 0; i < TERMS; i++) {
    (void)snprintf(terms[i], sizeof terms[i], "saw 100 # distort 4 0.5 %d", 1 + i % 4);
  }
  expect_sum(terms, TERMS, FRAMES);
  for (int i = 0; i < TERMS; i++) {
    (void)snprintf(terms[i], sizeof terms[i], "saw 100 # waveshape \"-1 0.%d 1\"", 1 + i % 4);
  }
  expect_sum(terms, TERMS, FRAMES);
}

int main(void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test(same_bits),
                                      cmocka_unit_test(lanes_sum_their_terms),
                                      cmocka_unit_test(delays_count_cycles),
                                      cmocka_unit_test(effects_keep_to_their_cycles),
                                      cmocka_unit_test(chains_keep_their_bits),
                                      cmocka_unit_test(chains_go_on_in_other_lanes),
                                      cmocka_unit_test(data_keep_calls_apart),
                                      cmocka_unit_test(sums_may_be_long) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
