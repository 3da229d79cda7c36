/* Strands of real units: chunks, steps, loops, banks and packed strands give the same bits for any blocks, threads and
   vectors.  SPDX-License-Identifier: MIT */
#include "plans.h"

#include <stdlib.h>
#include <string.h>

enum { FRAMES = 12000, MAX_INSTRS = 16, SHARED = 6 };

static const PhUnit *unit_named(const char *name, uint32_t *index)
{
  const PhUnitSet *set = ph_unit_set_bus();
  for (uint32_t i = 0; i < set->count; i++) {
    if (strcmp(set->units[i]->func.name, name) == 0) {
      *index = i;
      return set->units[i];
    }
  }
  fail_msg("no unit %s", name);
  return NULL;
}

/* Code under construction: instrs with the slots and state they need. */
typedef struct Maker {
  PhCode code;
  PhInstr instrs[MAX_INSTRS];
  PhRef refs[MAX_INSTRS][PH_UNIT_MAX_INPUTS];
  float slots[64 * PH_LANES_BANK];
  uint32_t slot_count;
} Maker;

static void maker_init(Maker *m, uint32_t lanes, uint32_t reserved)
{
  memset(m, 0, sizeof *m);
  m->code.lanes = lanes;
  m->code.instrs = m->instrs;
  m->slot_count = reserved;
}

static PhRef slot(Maker *m, double value, double spread)
{
  for (uint32_t lane = 0; lane < PH_LANES_BANK; lane++) {
    m->slots[m->slot_count * PH_LANES_BANK + lane] = (float)(value * (1 + spread * lane));
  }
  return ph_ref(PH_REF_SLOT, m->slot_count++);
}

static PhRef local(Maker *m) { return ph_ref(PH_REF_LOCAL, m->code.local_count++); }

/* Adds an instr of a unit; inputs that are not given hold their defaults. */
static PhInstr *add(Maker *m, const char *name, PhRef out, uint32_t given, const PhRef *in)
{
  PhInstr *instr = &m->instrs[m->code.instr_count];
  PhRef *refs = m->refs[m->code.instr_count++];
  instr->unit = unit_named(name, &instr->unit_index);
  PhUnitSetup setup = { .sample_rate = 44100 };
  for (uint32_t p = 0; p < instr->unit->func.param_count; p++) {
    const PhParam *param = &instr->unit->func.params[p];
    refs[p] = p < given ? in[p] : slot(m, param->dflt, 0);
    setup.least[p] = param->least;
    setup.most[p] = p < given ? 0.5 : param->dflt;
  }
  setup.in_count = instr->in_count = instr->unit->func.param_count;
  instr->in = refs;
  instr->out = out;
  instr->key = instr->seed = ph_hash_str(name);
  instr->state_offset = m->code.state_words;
  m->code.state_words += instr->unit->state_floats * m->code.lanes;
  if (instr->unit->line_frames) {
    const size_t wanted = instr->unit->line_frames(&setup);
    instr->line_frames = 1;
    while (instr->line_frames < wanted) {
      instr->line_frames *= 2;
    }
    instr->line_offset = (uint32_t)m->code.line_floats;
    m->code.line_floats += (size_t)instr->line_frames * m->code.lanes;
  }
  return instr;
}

static PhInstr *add_phase(Maker *m, PhPhase phase, PhRef out, uint32_t count, const PhRef *in)
{
  PhInstr *instr = &m->instrs[m->code.instr_count];
  PhRef *refs = m->refs[m->code.instr_count++];
  for (uint32_t i = 0; i < count; i++) {
    refs[i] = in[i];
  }
  *instr = (PhInstr){ .phase = phase, .in = refs, .in_count = count, .out = out };
  return instr;
}

static const HandEvent cps_events[] = { { { 0, 1 }, { 1, 3 }, 4, NULL }, { { 1, 3 }, { 1, 1 }, 5, NULL } };
static const HandEvent cutoffs[] = { { { 0, 1 }, { 1, 3 }, 400, NULL }, { { 1, 3 }, { 4, 7 }, 3000, NULL } };

typedef struct Song {
  HandPlan hand;
  HandPat cps, pat, cutoff;
  HandEvent events[12];
  Maker voice, bus, packed, master;
  PhStep step, voice_step;
  uint32_t steps[1], voice_inputs[1], master_inputs[3];
  PhRef externs[1];
  PhLoop loop;
} Song;

/* Voices of a saw through a low pass whose cutoff is a pattern in the voice's own time, times a bus. */
static void make_voice(Song *s)
{
  Maker *m = &s->voice;
  maker_init(m, PH_LANES_BANK, PH_VOICE_SLOTS);
  s->externs[0] = ph_ref(PH_REF_SHARED, 1);
  const PhRef outer = local(m), osc = local(m), filtered = local(m), out = local(m), cutoff = slot(m, 1000, 0);
  const PhRef hz = ph_ref(PH_REF_SLOT, PH_VOICE_HZ);
  add(m, "saw", osc, 1, &hz);
  add(m, "lpf", filtered, 2, (PhRef[]){ osc, cutoff });
  add(m, "mul", out, 2, (PhRef[]){ filtered, outer });
  s->voice_step = (PhStep){ .pat = &s->cutoff.head, .use = PH_USE_HZ, .slot = cutoff.index, .channels = 1 };
  s->hand.instruments[0] = (PhInstrument){ .name = "~lead", .code = m->code, .voice_lanes = 1, .out = out, .slots = m->slots,
                                           .slot_count = m->slot_count, .steps = &s->voice_step, .step_count = 1,
                                           .externs = s->externs, .extern_count = 1, .root_hz = 110 };
}

/* A bus strand whose cutoff is a pattern, with noise. */
static void make_bus(Song *s)
{
  Maker *m = &s->bus;
  maker_init(m, PH_LANES_BUS, 32);
  const PhRef noise = local(m), osc = local(m), both = local(m), cutoff = slot(m, 400, 0), hz = slot(m, 55, 0);
  add(m, "noise", noise, 0, NULL);
  add(m, "square", osc, 1, &hz);
  add(m, "add", both, 2, (PhRef[]){ noise, osc });
  add(m, "lpf", ph_ref(PH_REF_SHARED, 1), 2, (PhRef[]){ both, cutoff });
  s->step = (PhStep){ .pat = &s->cutoff.head, .use = PH_USE_NUM, .slot = cutoff.index, .channels = 1 };
}

/* Sixteen saws in lanes. */
static void make_packed(Song *s)
{
  Maker *m = &s->packed;
  maker_init(m, PH_LANES_BANK, 0);
  const PhRef osc = local(m), bus = local(m), both = local(m), hz = slot(m, 70, 0.11), gain = slot(m, 0.1, 0.01);
  add_phase(m, PH_PHASE_SPREAD, bus, 1, (PhRef[]){ ph_ref(PH_REF_SHARED, 1) });
  add(m, "saw", osc, 1, &hz);
  add(m, "mul", both, 2, (PhRef[]){ osc, bus });
  add_phase(m, PH_PHASE_FOLD, ph_ref(PH_REF_SHARED, 3), 2, (PhRef[]){ both, gain });
}

/* (voices + packed) with feedback of one frame through a one-pole, to the master. */
static void make_master(Song *s)
{
  Maker *m = &s->master;
  maker_init(m, PH_LANES_BUS, 48);
  const PhRef sum = local(m), back = local(m), scaled = local(m), spare = local(m), half = slot(m, 0.6, 0);
  add(m, "add", sum, 2, (PhRef[]){ ph_ref(PH_REF_SHARED, 2), ph_ref(PH_REF_SHARED, 3) });
  const uint32_t first = m->code.instr_count, state = m->code.state_words;
  m->code.state_words += 16;
  add_phase(m, PH_PHASE_FEEDBACK_READ, back, 0, NULL)->state_offset = state;
  add(m, "mul", scaled, 2, (PhRef[]){ back, half });
  add(m, "add", ph_ref(PH_REF_SHARED, 0), 2, (PhRef[]){ scaled, sum });
  add_phase(m, PH_PHASE_FEEDBACK_WRITE, spare, 1, (PhRef[]){ ph_ref(PH_REF_SHARED, 0) })->state_offset = state;
  s->loop = (PhLoop){ first, 4, 1 };
  m->code.loops = &s->loop;
  m->code.loop_count = 1;
}

static void add_strands(Song *s)
{
  PhStrand *strands = s->hand.strands;
  s->steps[0] = 0;
  s->voice_inputs[0] = 0;
  s->master_inputs[0] = 1;
  s->master_inputs[1] = 2;
  strands[0] = (PhStrand){ .kind = PH_STRAND_CODE, .code = s->bus.code, .steps = s->steps, .step_count = 1, .name = "~bus" };
  strands[1] = (PhStrand){ .kind = PH_STRAND_VOICES, .inputs = s->voice_inputs, .input_count = 1, .name = "voices" };
  strands[2] = (PhStrand){ .kind = PH_STRAND_CODE, .code = s->packed.code, .inputs = s->voice_inputs, .input_count = 1,
                           .name = "packed" };
  strands[3] = (PhStrand){ .kind = PH_STRAND_CODE, .code = s->master.code, .inputs = s->master_inputs, .input_count = 2,
                           .name = "master" };
}

static void make_song(Song *s)
{
  memset(s, 0, sizeof *s);
  for (size_t i = 0; i < PH_COUNT(s->events); i++) {
    const PhRat at = ph_rat((int64_t)i, 12);
    s->events[i] = (HandEvent){ at, ph_rat_add(at, PH_RAT(1, 5)), 0,
                                hand_map(i % 4 == 3 ? "wide" : "~lead", "note", (double)(i * 5 % 13), "pan", 0.1 * (double)i - 0.5, NULL) };
  }
  s->pat = hand_pat(s->events, PH_COUNT(s->events), 1);
  s->cps = hand_pat(cps_events, 2, 1);
  s->cutoff = hand_pat(cutoffs, 2, 1);
  hand_plan(&s->hand, &s->pat.head, &s->cps.head);
  make_voice(s);
  make_bus(s);
  make_packed(s);
  make_master(s);
  add_strands(s);
  PhPlan *plan = &s->hand.plan;
  static float slots[64 * PH_LANES_BANK];
  memcpy(slots, s->packed.slots, 32 * PH_LANES_BANK * sizeof(float));
  memcpy(slots + 32 * PH_LANES_BANK, s->bus.slots + 32 * PH_LANES_BANK, 16 * PH_LANES_BANK * sizeof(float));
  memcpy(slots + 48 * PH_LANES_BANK, s->master.slots + 48 * PH_LANES_BANK, 16 * PH_LANES_BANK * sizeof(float));
  plan->slots = slots;
  plan->slot_count = 64;
  plan->steps = &s->step;
  plan->step_count = 1;
  plan->shared_count = SHARED;
  plan->strand_count = 4;
  s->hand.route.shared = 2;
  plan->sample_rate = 44100;
}

static uint64_t render_hash(const PhPlan *plan, Run run, const char *isa, float *rms)
{
  run.isa = isa;
  float *out = hand_render(plan, run, FRAMES, NULL);
  double sum = 0;
  for (size_t i = 0; i < 2 * FRAMES; i++) {
    sum += (double)out[i] * (double)out[i];
  }
  *rms = (float)(sum / (2 * FRAMES));
  const uint64_t hash = ph_hash(out, 2 * (size_t)FRAMES * sizeof *out);
  free(out);
  return hash;
}

static void same_bits(void **state)
{
  (void)state;
  Song *song = malloc(sizeof *song);
  make_song(song);
  static const uint32_t blocks[] = { 1, 7, 64, 512, 4096 }, threads[] = { 1, 2, 3, 8 };
  float level;
  const uint64_t expected = render_hash(&song->hand.plan, (Run){ .block = 512, .threads = 1 }, NULL, &level);
  assert_true(level > 1e-3f && level < 1e3f);
  for (size_t b = 0; b < PH_COUNT(blocks); b++) {
    for (size_t t = 0; t < PH_COUNT(threads); t++) {
      const Run run = { .block = blocks[b], .threads = threads[t], .window = t == 2 ? 3 : 0, .ask = t == 1 ? 1001 : 0 };
      assert_int_equal(render_hash(&song->hand.plan, run, NULL, &level), expected);
    }
  }
  const PhUnitSet *const *sets;
  const size_t count = ph_unit_sets(&sets);
  for (size_t i = 0; i < count; i++) {
    assert_int_equal(render_hash(&song->hand.plan, (Run){ .block = 333, .threads = 2 }, sets[i]->name, &level), expected);
  }
  free(song);
}

static void profiling_changes_nothing(void **state)
{
  (void)state;
  Song *song = malloc(sizeof *song);
  make_song(song);
  float level;
  const uint64_t expected = render_hash(&song->hand.plan, (Run){ .block = 512, .threads = 2 }, NULL, &level);
  const Run run = { .block = 512, .threads = 2, .profile = true };
  assert_int_equal(render_hash(&song->hand.plan, run, NULL, &level), expected);
  free(song);
}

int main(void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test(same_bits), cmocka_unit_test(profiling_changes_nothing) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
