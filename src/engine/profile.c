/* What each node costs: ticks of the processor's counter, made into seconds by the clock. Reading the counter takes about as long
   as the cheapest kernels, so only one task in PH_TIMED_TASKS is timed instr by instr.  SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "engine/internal.h"

void ph_profile_init(PhEngine *engine)
{
  enum { TRIES = 64 };
  engine->tick_epoch_sec = ph_os_now_sec();
  engine->tick_epoch = ph_ticks();
  engine->tick_cost = UINT64_MAX;
  for (int i = 0; i < TRIES; i++) {
    const uint64_t begin = ph_ticks();
    const uint64_t ticks = ph_ticks() - begin;
    engine->tick_cost = ticks < engine->tick_cost ? ticks : engine->tick_cost;
  }
}

double ph_tick_sec(const PhEngine *engine)
{
  const uint64_t ticks = ph_ticks() - engine->tick_epoch;
  const double sec = ph_os_now_sec() - engine->tick_epoch_sec;
  return ticks ? sec / (double)ticks : 0;
}

void ph_profile_add(PhTaskCost *cost, bool timed, uint64_t ticks, uint64_t own, uint64_t calls)
{
  atomic_fetch_add_explicit(&cost->ticks, ticks, memory_order_relaxed);
  atomic_fetch_add_explicit(&cost->calls, calls, memory_order_relaxed);
  if (timed) {
    atomic_fetch_add_explicit(&cost->timed, ticks, memory_order_relaxed);
    atomic_fetch_add_explicit(&cost->own, own, memory_order_relaxed);
  }
}

static bool add_cost(PhEngine *engine, size_t *count, PhNodeCost cost)
{
  if (cost.calls == 0) {
    return true;
  }
  if (*count == engine->cost_cap) {
    const size_t cap = engine->cost_cap ? engine->cost_cap * 2 : 64;
    PhNodeCost *grown = realloc(engine->costs, cap * sizeof *grown);
    if (!grown) {
      return false;
    }
    engine->costs = grown;
    engine->cost_cap = cap;
  }
  engine->costs[(*count)++] = cost;
  return true;
}

static const char *instr_name(const PhInstr *instr) { return instr->unit ? instr->unit->func.name : "feedback"; }

/* Seconds of a tick of an instr: scaled from the tasks that were timed to all. `instrs` is the sum of the instrs' ticks; it can be
   more than the tasks took where one round of a loop, which counts for all, was interrupted. */
static double scale(const PhTaskCost *cost, uint64_t instrs, double tick_sec)
{
  const uint64_t timed = atomic_load_explicit(&cost->timed, memory_order_relaxed);
  const uint64_t whole = timed > instrs ? timed : instrs;
  return whole ? tick_sec * (double)atomic_load_explicit(&cost->ticks, memory_order_relaxed) / (double)whole : 0;
}

static uint64_t sum_of(const _Atomic uint64_t *ticks, uint32_t count)
{
  uint64_t sum = 0;
  for (uint32_t i = 0; i < count; i++) {
    sum += atomic_load_explicit(&ticks[i], memory_order_relaxed);
  }
  return sum;
}

static uint64_t calls(const PhTaskCost *cost) { return atomic_load_explicit(&cost->calls, memory_order_relaxed); }

static double own_ticks(const PhTaskCost *cost) { return (double)atomic_load_explicit(&cost->own, memory_order_relaxed); }

static bool strand_costs(PhEngine *engine, uint32_t s, double tick_sec, size_t *count)
{
  const PhStrand *strand = &engine->plan->strands[s];
  PhStrandState *state = &engine->strands[s];
  uint64_t instrs = 0;
  for (uint32_t i = 0; state->run.ticks && i < strand->code.instr_count; i++) {
    instrs += state->run.ticks[i];
  }
  const double sec = scale(&state->cost, instrs, tick_sec);
  bool ok = true;
  for (uint32_t i = 0; state->run.ticks && i < strand->code.instr_count; i++) {
    const PhInstr *instr = &strand->code.instrs[i];
    ok &= add_cost(engine, count, (PhNodeCost){ instr->at, instr_name(instr), (double)state->run.ticks[i] * sec,
                                                calls(&state->cost) });
  }
  return ok && (strand->kind == PH_STRAND_CODE ||
                add_cost(engine, count, (PhNodeCost){ strand->at, "samples", own_ticks(&state->cost) * sec, calls(&state->cost) }));
}

static bool instrument_costs(PhEngine *engine, uint32_t k, double tick_sec, size_t *count)
{
  const PhInstrument *instrument = ph_engine_instrument(engine, (int32_t)k);
  const PhInstrumentState *state = &engine->instruments[k];
  const double sec = scale(&state->cost, sum_of(state->ticks, instrument->code.instr_count), tick_sec);
  bool ok = true;
  for (uint32_t i = 0; i < instrument->code.instr_count; i++) {
    const PhInstr *instr = &instrument->code.instrs[i];
    const double ticks = (double)atomic_load_explicit(&state->ticks[i], memory_order_relaxed);
    ok &= add_cost(engine, count, (PhNodeCost){ instr->at, instr_name(instr), ticks * sec, calls(&state->cost) });
  }
  return ok && add_cost(engine, count, (PhNodeCost){ instrument->at, state->voices_name, own_ticks(&state->cost) * sec,
                                                     calls(&state->cost) });
}

static bool chain_costs(PhEngine *engine, PhEffectChain *chain, double tick_sec, size_t *count)
{
  const double sec = scale(&chain->cost, sum_of(chain->ticks, chain->code.instr_count), tick_sec);
  bool ok = true;
  for (uint32_t i = 0; i < chain->code.instr_count; i++) {
    const double ticks = (double)atomic_load_explicit(&chain->ticks[i], memory_order_relaxed);
    ok &= add_cost(engine, count, (PhNodeCost){ chain->at, instr_name(&chain->instrs[i]), ticks * sec, calls(&chain->cost) });
  }
  return ok;
}

static int costlier(const void *a, const void *b)
{
  const PhNodeCost *x = a, *y = b;
  if (x->sec != y->sec) {
    return x->sec > y->sec ? -1 : 1;
  }
  return x->at.begin < y->at.begin ? -1 : x->at.begin > y->at.begin;
}

PhStatus ph_profile_costs(PhEngine *engine, PhEngineStats *out)
{
  const double tick_sec = ph_tick_sec(engine);
  size_t count = 0;
  bool ok = true;
  for (uint32_t s = 0; s < engine->plan->strand_count; s++) {
    ok &= strand_costs(engine, s, tick_sec, &count);
  }
  for (uint32_t k = 0; k < ph_engine_instruments(engine); k++) {
    ok &= instrument_costs(engine, k, tick_sec, &count);
  }
  for (uint32_t i = 0; i < engine->chain_count; i++) {
    ok &= chain_costs(engine, engine->chains[i], tick_sec, &count);
  }
  if (count) {
    qsort(engine->costs, count, sizeof *engine->costs, costlier);
  }
  out->costs = engine->costs;
  out->cost_count = count;
  return ok ? PH_OK : PH_NOMEM;
}
