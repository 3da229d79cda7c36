/* What each node costs: ticks of the time stamp counter, made into seconds by the clock.  SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "engine/internal.h"

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

static bool strand_costs(PhEngine *engine, uint32_t s, double tick_sec, size_t *count)
{
  const PhStrand *strand = &engine->plan->strands[s];
  PhStrandState *state = &engine->strands[s];
  bool ok = true;
  for (uint32_t i = 0; state->run.ticks && i < strand->code.instr_count; i++) {
    const PhInstr *instr = &strand->code.instrs[i];
    ok &= add_cost(engine, count, (PhNodeCost){ instr->at, instr_name(instr), (double)state->run.ticks[i] * tick_sec,
                                                state->run.chunks });
  }
  const uint64_t calls = atomic_load_explicit(&state->sample_calls, memory_order_relaxed);
  const double ticks = (double)atomic_load_explicit(&state->sample_ticks, memory_order_relaxed);
  return ok && add_cost(engine, count, (PhNodeCost){ strand->at, "samples", ticks * tick_sec, calls });
}

static bool instrument_costs(PhEngine *engine, uint32_t k, double tick_sec, size_t *count)
{
  const PhInstrument *instrument = &engine->plan->instruments[k];
  const PhInstrumentState *state = &engine->instruments[k];
  bool ok = true;
  for (uint32_t i = 0; i < instrument->code.instr_count; i++) {
    const PhInstr *instr = &instrument->code.instrs[i];
    const double ticks = (double)atomic_load_explicit(&state->ticks[i], memory_order_relaxed);
    const uint64_t calls = atomic_load_explicit(&state->calls[i], memory_order_relaxed);
    ok &= add_cost(engine, count, (PhNodeCost){ instr->at, instr_name(instr), ticks * tick_sec, calls });
  }
  const double ticks = (double)atomic_load_explicit(&state->voice_ticks, memory_order_relaxed);
  const uint64_t calls = atomic_load_explicit(&state->voice_calls, memory_order_relaxed);
  return ok && add_cost(engine, count, (PhNodeCost){ instrument->at, state->voices_name, ticks * tick_sec, calls });
}

static bool chain_costs(PhEngine *engine, PhEffectChain *chain, double tick_sec, size_t *count)
{
  const uint64_t calls = atomic_load_explicit(&chain->calls, memory_order_relaxed);
  bool ok = true;
  for (uint32_t i = 0; i < chain->code.instr_count; i++) {
    const double ticks = (double)atomic_load_explicit(&chain->ticks[i], memory_order_relaxed);
    ok &= add_cost(engine, count, (PhNodeCost){ chain->at, instr_name(&chain->instrs[i]), ticks * tick_sec, calls });
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
  const uint64_t ticks = ph_ticks() - engine->tick_epoch;
  const double sec = ph_os_now_sec() - engine->tick_epoch_sec;
  const double tick_sec = ticks ? sec / (double)ticks : 0;
  size_t count = 0;
  bool ok = true;
  for (uint32_t s = 0; s < engine->plan->strand_count; s++) {
    ok &= strand_costs(engine, s, tick_sec, &count);
  }
  for (uint32_t k = 0; k < engine->plan->instrument_count; k++) {
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
