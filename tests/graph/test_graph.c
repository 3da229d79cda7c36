/* Lowering: hand-made signals against the plans that they must give.  SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "graph/graph.h"

typedef struct Fixture {
  PhArena arena;
  PhDiags diags;
  PhProgram program;
  PhPlan plan;
  PhBus buses[4];
  PhOutput outputs[4];
  uint64_t next_key;
} Fixture;

static int set_up(void **state)
{
  static Fixture fixture;
  memset(&fixture, 0, sizeof fixture);
  ph_arena_init(&fixture.arena, NULL, NULL);
  ph_diags_init(&fixture.diags, &fixture.arena);
  fixture.program = (PhProgram){ .buses = fixture.buses, .outputs = fixture.outputs, .start_cycle = PH_RAT_INT(0) };
  fixture.next_key = 1;
  *state = &fixture;
  return 0;
}

static int tear_down(void **state)
{
  Fixture *f = *state;
  ph_arena_deinit(&f->arena);
  return 0;
}

static PhSig *sig(Fixture *f, PhSigTag tag)
{
  PhSig *s = PH_NEW(&f->arena, PhSig);
  s->tag = tag;
  s->key = f->next_key++;
  return s;
}

static PhSig *num(Fixture *f, double value)
{
  PhSig *s = sig(f, PH_SIG_NUM);
  s->num = value;
  return s;
}

static PhSig *bus(Fixture *f, uint32_t index)
{
  PhSig *s = sig(f, PH_SIG_BUS);
  s->bus = index;
  return s;
}

static const PhUnit *unit(const char *name)
{
  const PhUnitSet *set = ph_unit_set_bus();
  for (size_t i = 0; i < set->count; i++) {
    if (strcmp(set->units[i]->func.name, name) == 0) {
      return set->units[i];
    }
  }
  fail_msg("no unit %s", name);
  return NULL;
}

static PhSig *call(Fixture *f, const char *name, PhSig *a, PhSig *b)
{
  PhSig *s = sig(f, PH_SIG_CALL);
  s->call.func = &unit(name)->func;
  PhSigArg *args = PH_NEWN(&f->arena, PhSigArg, s->call.func->param_count + 2u);
  if (a) {
    args[0] = (PhSigArg){ .tag = PH_SIGARG_SIG, .sig = a };
  }
  if (b) {
    args[1] = (PhSigArg){ .tag = PH_SIGARG_SIG, .sig = b };
  }
  s->call.args = args;
  return s;
}

static void output(Fixture *f, uint32_t number, const PhSig *s)
{
  f->outputs[f->program.output_count++] = (PhOutput){ .number = number, .key = 1000 + number, .sig = s };
}

static void define(Fixture *f, uint32_t index, const char *name, const PhSig *s)
{
  f->buses[index] = (PhBus){ .name = name, .key = 2000 + index, .sig = s };
  f->program.bus_count = index + 1 > f->program.bus_count ? index + 1 : f->program.bus_count;
}

static void lower(Fixture *f)
{
  const PhPlanOptions options = { .sample_rate = 44100 };
  assert_int_equal(ph_plan_build(&f->arena, &f->program, &options, &f->diags, &f->plan), PH_OK);
  assert_int_equal(f->diags.errors, 0);
}

static uint32_t count_instrs(const PhPlan *plan, const char *name)
{
  uint32_t n = 0;
  for (uint32_t s = 0; s < plan->strand_count; s++) {
    for (uint32_t i = 0; i < plan->strands[s].code.instr_count; i++) {
      const PhInstr *instr = &plan->strands[s].code.instrs[i];
      n += instr->unit && strcmp(instr->unit->func.name, name) == 0;
    }
  }
  return n;
}

static PhSig *limited(Fixture *f, PhSig *attack)
{
  PhSig *s = call(f, "limiter", call(f, "noise", NULL, NULL), num(f, -1));
  PhSigArg *args = PH_NEWN(&f->arena, PhSigArg, s->call.func->param_count);
  memcpy(args, s->call.args, 2 * sizeof *args);
  args[2] = (PhSigArg){ .tag = PH_SIGARG_SIG, .sig = attack };
  s->call.args = args;
  return s;
}

/* The limiter's attack decides how late it is: once. */
static void what_is_read_once_is_told(void **state)
{
  Fixture *f = *state;
  output(f, 0, limited(f, num(f, 0.01)));
  lower(f);
  assert_int_equal(f->diags.warnings, 0);
  output(f, 1, limited(f, call(f, "sine", num(f, 2), NULL)));
  lower(f);
  assert_int_equal(f->diags.warnings, 1);
}

static void constants_are_folded(void **state)
{
  Fixture *f = *state;
  output(f, 0, call(f, "mul", call(f, "sine", call(f, "mul", num(f, 11), num(f, 10)), NULL), num(f, 1)));
  lower(f);
  assert_int_equal(count_instrs(&f->plan, "mul"), 0);
  assert_int_equal(count_instrs(&f->plan, "sine"), 1);
  assert_int_equal(f->plan.folded_nodes, 2);
}

static void a_constant_output_is_a_copy(void **state)
{
  Fixture *f = *state;
  output(f, 0, call(f, "add", num(f, 1), num(f, 2)));
  lower(f);
  assert_int_equal(f->plan.strand_count, 1);
  assert_int_equal(f->plan.strands[0].code.instr_count, 1);
  assert_int_equal(f->plan.strands[0].code.instrs[0].phase, PH_PHASE_COPY);
}

static void equal_calls_are_shared_but_noise_is_not(void **state)
{
  Fixture *f = *state;
  PhSig *saws = call(f, "add", call(f, "saw", num(f, 55), NULL), call(f, "saw", num(f, 55), NULL));
  PhSig *noises = call(f, "add", call(f, "noise", NULL, NULL), call(f, "noise", NULL, NULL));
  output(f, 0, call(f, "add", saws, noises));
  lower(f);
  assert_int_equal(count_instrs(&f->plan, "saw"), 1);
  assert_int_equal(count_instrs(&f->plan, "noise"), 2);
}

static void a_bus_is_lowered_once_and_is_a_strand_of_its_own(void **state)
{
  Fixture *f = *state;
  define(f, 0, "a", call(f, "saw", num(f, 55), NULL));
  output(f, 1, call(f, "mul", bus(f, 0), num(f, 0.5)));
  output(f, 2, call(f, "mul", bus(f, 0), num(f, 0.25)));
  lower(f);
  assert_int_equal(count_instrs(&f->plan, "saw"), 1);
  assert_int_equal(f->plan.strand_count, 4); /* ~a, o1, o2, master */
  for (uint32_t s = 0; s < f->plan.strand_count; s++) {
    for (uint32_t i = 0; i < f->plan.strands[s].input_count; i++) {
      assert_true(f->plan.strands[s].inputs[i] < s);
    }
  }
}

static const PhLoop *only_loop(const PhPlan *plan, const PhCode **code)
{
  const PhLoop *loop = NULL;
  for (uint32_t s = 0; s < plan->strand_count; s++) {
    if (plan->strands[s].code.loop_count) {
      assert_null(loop);
      assert_int_equal(plan->strands[s].code.loop_count, 1);
      loop = &plan->strands[s].code.loops[0];
      *code = &plan->strands[s].code;
    }
  }
  assert_non_null(loop);
  return loop;
}

static void a_bus_that_reads_itself_runs_frame_by_frame(void **state)
{
  Fixture *f = *state;
  define(f, 0, "a", call(f, "add", call(f, "saw", num(f, 55), NULL), call(f, "mul", bus(f, 0), num(f, 0.5))));
  output(f, 0, bus(f, 0));
  lower(f);
  const PhCode *code = NULL;
  const PhLoop *loop = only_loop(&f->plan, &code);
  assert_int_equal(loop->frames, 1);
  assert_int_equal(loop->count, 4); /* read, mul, add, write; the saw stands outside */
  assert_int_equal(code->instrs[loop->first].phase, PH_PHASE_FEEDBACK_READ);
  assert_int_equal(code->instrs[loop->first + 3].phase, PH_PHASE_FEEDBACK_WRITE);
}

static void two_buses_that_read_each_other_are_one_loop(void **state)
{
  Fixture *f = *state;
  define(f, 0, "a", call(f, "add", call(f, "saw", num(f, 55), NULL), bus(f, 1)));
  define(f, 1, "b", call(f, "mul", bus(f, 0), num(f, 0.5)));
  output(f, 0, bus(f, 1));
  lower(f);
  const PhCode *code = NULL;
  assert_int_equal(only_loop(&f->plan, &code)->frames, 1);
}

static void a_delay_line_closes_its_loop(void **state)
{
  Fixture *f = *state;
  PhSig *delayed = call(f, "delayline", bus(f, 0), num(f, 0.25));
  define(f, 0, "a", call(f, "add", call(f, "saw", num(f, 55), NULL), call(f, "mul", delayed, num(f, 0.5))));
  output(f, 0, bus(f, 0));
  lower(f);
  const PhCode *code = NULL;
  const PhLoop *loop = only_loop(&f->plan, &code);
  assert_int_equal(loop->frames, PH_CHUNK_FRAMES);
  assert_int_equal(code->instrs[loop->first].phase, PH_PHASE_READ);
  assert_int_equal(code->instrs[loop->first + loop->count - 1].phase, PH_PHASE_WRITE);
  assert_int_equal(code->instrs[loop->first].state_offset, code->instrs[loop->first + loop->count - 1].state_offset);
}

static void keys_are_paths_not_values(void **state)
{
  Fixture *f = *state;
  PhSig *osc = call(f, "sine", num(f, 55), NULL);
  output(f, 0, osc);
  lower(f);
  const uint64_t key = f->plan.strands[0].code.instrs[0].key;
  PhSig *other = call(f, "sine", num(f, 66), NULL);
  other->key = osc->key;
  f->outputs[0].sig = other;
  lower(f);
  assert_true(key == f->plan.strands[0].code.instrs[0].key);
}

static void a_muted_output_is_silent(void **state)
{
  Fixture *f = *state;
  output(f, 1, call(f, "saw", num(f, 55), NULL));
  f->outputs[0].muted = true;
  lower(f);
  assert_int_equal(count_instrs(&f->plan, "saw"), 0);
  assert_true(f->plan.stems[0].muted);
}

static void equal_terms_of_a_sum_are_lanes_of_banks(void **state)
{
  Fixture *f = *state;
  PhSig *sum = call(f, "saw", num(f, 50), NULL);
  for (int i = 1; i < 200; i++) {
    sum = call(f, "add", sum, call(f, "saw", num(f, 50 + i), NULL));
  }
  output(f, 0, sum);
  lower(f);
  assert_int_equal(count_instrs(&f->plan, "saw"), 13); /* 12 full banks and one of 8 */
  uint32_t folds = 0;
  for (uint32_t s = 0; s < f->plan.strand_count; s++) {
    const PhCode *code = &f->plan.strands[s].code;
    assert_true(code->local_count <= 4);
    for (uint32_t i = 0; i < code->instr_count; i++) {
      folds += code->instrs[i].phase == PH_PHASE_FOLD;
      assert_true(code->instrs[i].phase != PH_PHASE_FOLD || code->lanes == PH_LANES_BANK);
    }
  }
  assert_int_equal(folds, 2); /* eight banks and five, added lane by lane */
}

/* Long chains are cut into strands of which each reads the one before; a loop stays whole. */
static void what_costs_much_is_cut_along_its_order(void **state)
{
  Fixture *f = *state;
  PhSig *chain = call(f, "saw", num(f, 110), NULL);
  for (int i = 0; i < 6; i++) {
    chain = call(f, "chorus", chain, NULL);
  }
  output(f, 1, chain);
  lower(f);
  assert_true(f->plan.strand_count >= 6 && f->plan.strand_count <= 9);
  uint32_t chained = 0;
  for (uint32_t s = 1; s < f->plan.strand_count; s++) {
    assert_true(f->plan.strands[s].input_count <= 1);
    chained += f->plan.strands[s].input_count == 1 && f->plan.strands[s].inputs[0] == s - 1;
  }
  assert_int_equal(chained, f->plan.strand_count - 1);
}

static void plans_print(void **state)
{
  Fixture *f = *state;
  define(f, 0, "a", call(f, "add", call(f, "saw", num(f, 55), NULL), call(f, "mul", bus(f, 0), num(f, 0.5))));
  output(f, 0, bus(f, 0));
  lower(f);
  PhText text = { 0 }, dot = { 0 };
  ph_plan_text(&f->plan, &f->diags, &text);
  ph_plan_dot(&f->plan, &f->diags, &dot);
  assert_non_null(strstr(text.ptr, "feedback"));
  assert_non_null(strstr(text.ptr, "saw"));
  assert_non_null(strstr(dot.ptr, "digraph"));
  assert_non_null(strstr(dot.ptr, "->"));
  ph_text_deinit(&text);
  ph_text_deinit(&dot);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    TEST(what_is_read_once_is_told),
    TEST(constants_are_folded),
    TEST(a_constant_output_is_a_copy),
    TEST(equal_calls_are_shared_but_noise_is_not),
    TEST(what_costs_much_is_cut_along_its_order),
    TEST(a_bus_is_lowered_once_and_is_a_strand_of_its_own),
    TEST(a_bus_that_reads_itself_runs_frame_by_frame),
    TEST(two_buses_that_read_each_other_are_one_loop),
    TEST(a_delay_line_closes_its_loop),
    TEST(keys_are_paths_not_values),
    TEST(a_muted_output_is_silent),
    TEST(equal_terms_of_a_sum_are_lanes_of_banks),
    TEST(plans_print),
  };
  return cmocka_run_group_tests_name("graph", tests, NULL, NULL);
}
