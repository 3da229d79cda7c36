/* The plan of a program: lowers its outputs, instruments and master, orders and cuts them.
   SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "graph/internal.h"

typedef struct Roots {
  PH_ARRAY(PhNode *) nodes;
  PH_ARRAY(const char *) names;
} Roots;

static uint32_t add_root(PhLower *lower, Roots *roots, PhNode *node, const char *name)
{
  PH_PUSH(lower->arena, &roots->nodes, node);
  PH_PUSH(lower->arena, &roots->names, name);
  return (uint32_t)roots->nodes.len - 1;
}

static void lower_instruments(PhLower *lower, Roots *roots)
{
  const PhProgram *program = lower->program;
  PhPlan *plan = lower->plan;
  plan->instruments = PH_NEWN(lower->arena, PhInstrument, 2 * program->bus_count + 1);
  lower->instrument_scopes = PH_NEWN(lower->arena, PhScope *, 2 * program->bus_count + 1);
  for (uint32_t b = 0; b < program->bus_count; b++) {
    const PhBus *bus = &program->buses[b];
    if (!bus->instrument || (!bus->sig && !bus->pat)) {
      continue;
    }
    PhInstrument *instrument = &plan->instruments[plan->instrument_count++];
    ph_lower_instrument(lower, bus, false, instrument);
    if (program->pitch_moves && instrument->code.lanes) {
      ph_lower_instrument(lower, bus, true, &plan->instruments[plan->instrument_count++]);
      instrument->moving = plan->instrument_count;
    }
  }
  for (uint32_t i = 0; i < plan->instrument_count; i++) {
    const PhScope *scope = lower->instrument_scopes[i];
    for (size_t x = 0; scope && x < scope->externs.len; x++) {
      (void)add_root(lower, roots, scope->externs.items[x], plan->instruments[i].name);
    }
  }
}

static PhNode *stem_node(PhLower *lower, const PhOutput *output)
{
  PhScope *scope = &lower->program_scope;
  PhNode *node = output->muted ? ph_node_num(scope, 0) : ph_lower_mono(scope, output->sig, NULL);
  return ph_node_audio(scope, node);
}

/* The sum of the stems by the law of `outmix:` (LANGUAGE §2). */
static PhNode *mix(PhLower *lower, PhNode *const *stems, uint32_t count)
{
  PhScope *scope = &lower->program_scope;
  const PhSource at = { 0 };
  const uint64_t key = 0x6D6173746572;
  PhNode *sum = ph_node_sum(scope, stems, count, key, at);
  const double n = count ? count : 1;
  PhNode *three[] = { sum, ph_node_num(scope, -1), ph_node_num(scope, 1) };
  switch (lower->program->outmix) {
  case PH_OUTMIX_GAIN:
    return ph_node_mul(scope, sum, ph_node_num(scope, 1.0 / n), key + 1, at);
  case PH_OUTMIX_SQRT:
    return ph_node_mul(scope, sum, ph_node_num(scope, 1.0 / sqrt(n)), key + 1, at);
  case PH_OUTMIX_TANH:
    return ph_node_math(scope, "tanh", &sum, 1, key + 1, at);
  case PH_OUTMIX_HARD:
    return ph_node_math(scope, "clip", three, 3, key + 1, at);
  case PH_OUTMIX_NONE:
    break;
  }
  return sum;
}

static void lower_outputs(PhLower *lower, Roots *roots, PhNode **master)
{
  const PhProgram *program = lower->program;
  PhPlan *plan = lower->plan;
  plan->stems = PH_NEWN(lower->arena, PhStem, program->output_count + 1);
  plan->stem_count = program->output_count;
  PhNode **stems = PH_NEWN(lower->arena, PhNode *, program->output_count + 1);
  for (uint32_t o = 0; o < program->output_count; o++) {
    const PhOutput *output = &program->outputs[o];
    stems[o] = stem_node(lower, output);
    plan->stems[o] = (PhStem){ .number = output->number, .muted = output->muted };
    plan->tail_sec = fmax(plan->tail_sec, stems[o]->tail_sec);
    const char *name = output->number ? ph_arena_printf(lower->arena, "o%u", output->number) : "out";
    (void)add_root(lower, roots, stems[o], name);
  }
  PhNode *sum = mix(lower, stems, program->output_count);
  if (program->master) {
    sum = ph_lower_mono(&lower->program_scope, program->master, sum);
  }
  *master = ph_node_audio(&lower->program_scope, sum);
  plan->tail_sec = fmax(plan->tail_sec, (*master)->tail_sec);
  (void)add_root(lower, roots, *master, "master");
  for (uint32_t o = 0; o < program->output_count; o++) {
    lower->stem_nodes[o] = stems[o];
  }
}

/* What taps hear is needed for its own sake. */
static void add_taps(PhLower *lower, Roots *roots)
{
  for (size_t i = 0; i < lower->taps.len; i++) {
    lower->tap_nodes.items[i] = ph_node_audio(&lower->program_scope, lower->tap_nodes.items[i]);
    (void)add_root(lower, roots, lower->tap_nodes.items[i], lower->taps.items[i].name);
  }
  lower->plan->taps = lower->taps.items;
  lower->plan->tap_count = (uint32_t)lower->taps.len;
}

static void fill(PhLower *lower)
{
  PhPlan *plan = lower->plan;
  PhScope *scope = &lower->program_scope;
  plan->slots = PH_NEWN(lower->arena, float, (scope->slots.len + 1) * PH_LANES_BANK);
  for (size_t i = 0; i < scope->slots.len; i++) {
    memcpy(plan->slots + i * PH_LANES_BANK, scope->slots.items[i], PH_LANES_BANK * sizeof(float));
  }
  plan->slot_count = (uint32_t)scope->slots.len;
  plan->steps = scope->steps.items;
  plan->step_count = (uint32_t)scope->steps.len;
  plan->inputs = lower->inputs.items;
  plan->input_count = (uint32_t)lower->inputs.len;
  plan->controls = lower->controls.items;
  plan->control_count = (uint32_t)lower->controls.len;
  plan->players = lower->players.items;
  plan->player_count = (uint32_t)lower->players.len;
  plan->shared_count = lower->shared_count;
  plan->node_count += (uint32_t)scope->nodes.len;
  plan->shared_nodes = lower->shared_nodes;
  plan->folded_nodes = lower->folded_nodes;
  for (size_t i = 0; i < scope->nodes.len; i++) {
    plan->dead_nodes += scope->nodes.items[i]->component < 0;
  }
}

static void build(PhLower *lower, bool apart)
{
  Roots roots = { 0 };
  PhNode *master = NULL;
  PhScope *scope = &lower->program_scope;
  lower->units = ph_unit_set_bus();
  ph_scope_init(scope, lower, false, 0);
  lower->stem_nodes = PH_NEWN(lower->arena, PhNode *, lower->program->output_count + 1);
  lower_outputs(lower, &roots, &master);
  lower_instruments(lower, &roots);
  add_taps(lower, &roots);
  ph_pack(scope, roots.nodes.items, (uint32_t)roots.nodes.len);
  if (!apart) {
    ph_chains(scope, roots.nodes.items, (uint32_t)roots.nodes.len);
  }
  ph_scope_order(scope, roots.nodes.items, (uint32_t)roots.nodes.len);
  ph_build_strands(lower, roots.nodes.items, roots.names.items, (uint32_t)roots.nodes.len);
  for (uint32_t o = 0; o < lower->plan->stem_count; o++) {
    lower->plan->stems[o].shared = ph_node_shared(lower, lower->stem_nodes[o]);
  }
  for (uint32_t i = 0; i < lower->plan->tap_count; i++) {
    lower->plan->taps[i].shared = ph_node_shared(lower, lower->tap_nodes.items[i]);
  }
  lower->plan->master = ph_node_shared(lower, master);
  lower->plan->no_safety = lower->program->no_safety;
  fill(lower);
  ph_plan_content(lower);
}

PhStatus ph_plan_build(PhArena *arena, const PhProgram *program, const PhPlanOptions *options, PhDiags *diags, PhPlan *out)
{
  *out = (PhPlan){ .sample_rate = options->sample_rate,
                   .seed = program->seed,
                   .cps = program->cps,
                   .start_cycle = program->start_cycle,
                   .tidal = program->tidal,
                   .arps = program->arps,
                   .arp_count = program->arp_count };
  PhLower lower = { .arena = arena, .program = program, .diags = diags, .plan = out, .sample_rate = options->sample_rate,
                    .sounds = options->sounds };
  PhTrap trap;
  PhTrap *outer = arena->trap;
  arena->trap = &trap;
  if (PH_TRAP_SET(&trap) == 0) {
    build(&lower, options->apart);
  }
  const PhStatus status = trap.status;
  if (status != PH_OK && status != PH_NOMEM) { /* a limit: say which */
    char reason[sizeof trap.text];
    memcpy(reason, trap.text, sizeof reason);
    if (PH_TRAP_SET(&trap) == 0) {
      ph_diags_add(diags, PH_SEVERITY_ERROR, (PhSource){ 0 }, NULL, "%s", reason);
    }
  }
  arena->trap = outer;
  return status;
}
