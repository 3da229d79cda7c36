/* Strands: what one task does for a block.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "engine/swap.h"

/* ---- making ---- */

void ph_strand_bind(PhEngine *engine, const PhStrand *strand, PhStrandState *state)
{
  const PhUnitSet *set = strand->code.lanes == PH_LANES_BANK ? engine->bank_set : engine->bus_set;
  const PhBinding binding = { .set = set, .slots = state->slots, .locals = state->locals, .line = state->line,
                              .state = state->state, .sample_rate = (float)engine->plan->sample_rate };
  ph_run_bind(&state->run, &strand->code, &binding);
  ph_run_all_steps(&state->run);
}

/* `moved`: it is going to have the state and the lines of a strand that plays. */
static PhStatus init_code(PhEngine *engine, const PhStrand *strand, bool moved, PhStrandState *state)
{
  const PhCode *code = &strand->code;
  const PhPlan *plan = engine->plan;
  uint32_t inputs = 0;
  for (uint32_t i = 0; i < code->instr_count; i++) {
    inputs += code->instrs[i].in_count;
  }
  const size_t slot_floats = (size_t)plan->slot_count * PH_LANES_BANK;
  state->slots = ph_engine_alloc(NULL, (slot_floats + 1) * sizeof(float));
  state->locals = ph_engine_alloc(NULL, ((size_t)code->local_count * PH_CHUNK_FRAMES * code->lanes + 1) * sizeof(float));
  state->state = moved ? NULL : ph_engine_alloc(NULL, ((size_t)code->state_words + 1) * sizeof(uint32_t));
  state->line = moved ? NULL : ph_engine_alloc(NULL, (code->line_floats + 1) * sizeof(float));
  const PhStatus status =
      ph_run_init(&state->run, code->instr_count, code->step_instr_count, inputs, plan->slot_count, engine->options.profile);
  if (status != PH_OK || !state->slots || !state->locals || (!moved && (!state->state || !state->line))) {
    return PH_NOMEM;
  }
  state->run.tick_cost = engine->tick_cost;
  memcpy(state->slots, plan->slots, slot_floats * sizeof(float));
  if (!moved) {
    ph_strand_bind(engine, strand, state);
  }
  return PH_OK;
}

static PhStatus init_voices(PhEngine *engine, const PhStrand *strand, uint32_t index, PhStrandState *state)
{
  state->pools = ph_engine_alloc(NULL, (engine->plan->instrument_count + 1) * sizeof *state->pools);
  engine->route_strands[engine->strand_of_route[strand->player] + strand->route] = index;
  return state->pools ? PH_OK : PH_NOMEM;
}

static PhStatus init_routes(PhEngine *engine)
{
  const PhPlan *plan = engine->plan;
  uint32_t routes = 0;
  engine->strand_of_route = ph_engine_alloc(NULL, (plan->player_count + 1) * sizeof *engine->strand_of_route);
  for (uint32_t p = 0; engine->strand_of_route && p < plan->player_count; p++) {
    engine->strand_of_route[p] = routes;
    routes += plan->players[p].route_count;
  }
  engine->route_strands = ph_engine_alloc(NULL, (routes + 1) * sizeof *engine->route_strands);
  return engine->strand_of_route && engine->route_strands ? PH_OK : PH_NOMEM;
}

PhStatus ph_strands_init(PhEngine *engine)
{
  const PhPlan *plan = engine->plan;
  engine->strands = ph_engine_alloc(NULL, (plan->strand_count + 1) * sizeof *engine->strands);
  engine->tracks = ph_engine_alloc(NULL, (plan->step_count + 1) * sizeof *engine->tracks);
  PhStatus status = engine->strands && engine->tracks ? init_routes(engine) : PH_NOMEM;
  for (uint32_t s = 0; status == PH_OK && s < plan->strand_count; s++) {
    const PhStrand *strand = &plan->strands[s];
    engine->strands[s].inputs = strand->inputs;
    engine->strands[s].input_count = strand->input_count;
    const bool moved = engine->swap && engine->swap->strand_from[s] >= 0;
    status = strand->kind == PH_STRAND_CODE ? init_code(engine, strand, moved, &engine->strands[s])
                                            : init_voices(engine, strand, s, &engine->strands[s]);
  }
  for (uint32_t i = 0; status == PH_OK && i < plan->step_count; i++) {
    ph_track_init(&engine->tracks[i], &plan->steps[i], &engine->tempo, plan->start_cycle);
    if (!plan->steps[i].pat) {
      engine->tracks[i].current[0] = plan->slots[(size_t)plan->steps[i].slot * PH_LANES_BANK];
    }
  }
  return status;
}

void ph_strand_state_deinit(PhStrandState *state)
{
  ph_run_deinit(&state->run);
  free(state->slots);
  free(state->locals);
  free(state->line);
  free(state->state);
  free(state->cuts);
  free(state->pools);
  free(state->active);
  free(state->active_pools);
  free(state->own_inputs);
}

void ph_strands_deinit(PhEngine *engine)
{
  for (uint32_t s = 0; engine->strands && s < engine->plan->strand_count; s++) {
    ph_strand_state_deinit(&engine->strands[s]);
  }
  for (uint32_t i = 0; engine->tracks && i < engine->plan->step_count; i++) {
    ph_track_deinit(&engine->tracks[i]);
  }
  free(engine->strands);
  free(engine->tracks);
  free(engine->strand_of_route);
  free(engine->route_strands);
}

/* ---- the window ---- */

static int compare_cuts(const void *a, const void *b)
{
  const PhCut *x = a, *y = b;
  if (x->frame != y->frame) {
    return x->frame < y->frame ? -1 : 1;
  }
  return x->order < y->order ? -1 : x->order > y->order;
}

/* `slot`: the first that the track sets there. */
static void add_cuts(PhEngine *engine, PhStrandState *state, const PhTrack *track, uint32_t slot)
{
  for (size_t i = 0; i < track->len && track->frames[i] < engine->window.end; i++) {
    for (uint32_t c = 0; track->frames[i] >= engine->window.begin && c < track->channels; c++) {
      state->cuts = ph_engine_grow(engine, state->cuts, state->cut_count, &state->cut_cap, sizeof *state->cuts);
      state->cuts[state->cut_count] = (PhCut){ .frame = track->frames[i], .slot = slot + c,
                                               .order = (uint32_t)state->cut_count,
                                               .value = track->values[i * track->channels + c] };
      state->cut_count++;
    }
  }
}

static void sort_cuts(PhStrandState *state)
{
  if (state->cut_count > 1) {
    qsort(state->cuts, state->cut_count, sizeof *state->cuts, compare_cuts);
  }
}

static void begin_ghost(PhEngine *engine, PhGhost *ghost)
{
  for (uint32_t p = 0; p < ghost->part_count; p++) {
    PhGhostPart *part = &ghost->parts[p];
    part->state.cursor = part->state.cut_count = 0;
    for (uint32_t i = 0; part->row->kind == PH_STRAND_CODE && i < part->row->step_count; i++) {
      const PhStep *step = &part->steps[part->row->steps[i]];
      if (part->now[i] >= 0 && !step->continuous) {
        add_cuts(engine, &part->state, &engine->tracks[part->now[i]], step->slot);
      }
    }
    sort_cuts(&part->state);
  }
}

void ph_strands_begin(PhEngine *engine)
{
  const PhPlan *plan = engine->plan;
  const PhWindow *window = &engine->window;
  for (uint32_t i = 0; i < plan->step_count; i++) {
    PhTrack *track = &engine->tracks[i];
    if (plan->steps[i].continuous) {
      ph_track_fill(track, &engine->querier, window->begin, window->end, engine->wires[plan->steps[i].shared]);
    } else {
      ph_track_forget(track, window->begin);
      if (plan->steps[i].pat) {
        ph_track_reach(track, &engine->querier, window->end);
      }
    }
  }
  for (uint32_t s = 0; s < plan->strand_count; s++) {
    PhStrandState *state = &engine->strands[s];
    const PhStrand *strand = &plan->strands[s];
    state->cursor = state->cut_count = 0;
    for (uint32_t i = 0; strand->kind == PH_STRAND_CODE && i < strand->step_count; i++) {
      if (!plan->steps[strand->steps[i]].continuous) {
        add_cuts(engine, state, &engine->tracks[strand->steps[i]], plan->steps[strand->steps[i]].slot);
      }
    }
    if (strand->step_count > 1) {
      sort_cuts(state);
    }
    if (state->ghost) {
      begin_ghost(engine, state->ghost);
    }
  }
}

/* ---- tasks: realtime ---- */

static void apply_cuts(PhStrandState *state, int64_t frame)
{
  bool changed = false;
  for (; state->cursor < state->cut_count && state->cuts[state->cursor].frame <= frame; state->cursor++) {
    const PhCut *cut = &state->cuts[state->cursor];
    for (uint32_t lane = 0; lane < PH_LANES_BANK; lane++) {
      state->slots[(size_t)cut->slot * PH_LANES_BANK + lane] = cut->value;
    }
    state->run.dirty[cut->slot] = true;
    changed = true;
  }
  if (changed) {
    ph_run_steps(&state->run);
  }
}

uint32_t ph_strand_code(PhStrandState *state, float *const *wires, uint32_t first, int64_t from, uint32_t frames)
{
  uint32_t chunks = 0;
  const int64_t to = from + frames;
  for (int64_t at = from; at < to;) {
    apply_cuts(state, at);
    int64_t n = to - at < PH_CHUNK_FRAMES ? to - at : PH_CHUNK_FRAMES;
    if (state->cursor < state->cut_count && state->cuts[state->cursor].frame - at < n) {
      n = state->cuts[state->cursor].frame - at;
    }
    ph_run_shared(&state->run, wires, first + (uint32_t)(at - from));
    ph_run_chunk(&state->run, (uint32_t)n);
    at += n;
    chunks++;
  }
  return chunks;
}

static uint32_t block_frames(const PhWindow *window, uint32_t block)
{
  const int64_t rest = window->end - window->begin - (int64_t)block * window->block_frames;
  return rest < window->block_frames ? (uint32_t)rest : window->block_frames;
}

void ph_strand_part(PhWorker *worker, uint32_t strand, uint32_t block, uint32_t part)
{
  PhEngine *engine = worker->engine;
  PhStrandState *state = &engine->strands[strand];
  const int64_t from = engine->window.begin + (int64_t)block * engine->window.block_frames;
  const uint32_t frames = block_frames(&engine->window, block);
  if (engine->plan->strands[strand].kind == PH_STRAND_CODE) {
    const uint64_t begin = engine->options.profile ? ph_ticks() : 0;
    state->run.timed = ph_profile_timed(engine, strand, 0, from);
    const uint32_t chunks = ph_strand_code(state, engine->wires, block * engine->window.block_frames, from, frames);
    if (engine->options.profile) {
      ph_profile_add(&state->cost, state->run.timed, ph_ticks() - begin, 0, chunks);
    }
    if (state->ghost) {
      ph_ghost_run(worker, strand, from, block, frames);
    }
    return;
  }
  if (part >= state->active_count) {
    return; /* no voices: the sum is silence */
  }
  worker->run.timed = worker->fx_run.timed = ph_profile_timed(engine, strand, part, from);
  ph_bank_render(worker, state->active_pools[part], state->active[part], from, block, frames);
}

/* 0 + x: the sum of silences is never -0, whichever banks took part. */
static void set_wire(float *restrict out, const float *restrict in, uint32_t frames)
{
  for (uint32_t f = 0; f < frames; f++, out += PH_LANES_BUS, in += PH_LANES_BUS) {
    for (uint32_t lane = 0; lane < PH_LANES_BUS; lane++) {
      out[lane] = 0.0f + in[lane];
    }
  }
}

static void add_wire(float *restrict out, const float *restrict in, uint32_t frames)
{
  for (uint32_t f = 0; f < frames; f++, out += PH_LANES_BUS, in += PH_LANES_BUS) {
    for (uint32_t lane = 0; lane < PH_LANES_BUS; lane++) {
      out[lane] += in[lane];
    }
  }
}

void ph_strand_add(const PhStrandState *state, const PhWindow *window, uint32_t block, float *out)
{
  const size_t at = (size_t)block * window->block_frames * PH_LANES_BUS;
  const uint32_t frames = block_frames(window, block);
  bool first = true;
  for (uint32_t a = 0; a < state->active_count; a++) {
    const PhBank *bank = state->active[a];
    if (bank->sounded[block] && first) {
      set_wire(out, bank->wire + at, frames);
    } else if (bank->sounded[block]) {
      add_wire(out, bank->wire + at, frames);
    }
    first &= !bank->sounded[block];
  }
  if (first) {
    memset(out, 0, (size_t)frames * PH_LANES_BUS * sizeof *out);
  }
}

void ph_strand_sum(PhWorker *worker, uint32_t strand, uint32_t block)
{
  PhEngine *engine = worker->engine;
  const PhStrand *row = &engine->plan->strands[strand];
  if (row->kind == PH_STRAND_CODE) {
    return;
  }
  const PhStrandState *state = &engine->strands[strand];
  const uint32_t shared = engine->plan->players[row->player].routes[row->route].shared;
  const uint32_t first = block * engine->window.block_frames;
  ph_strand_add(state, &engine->window, block, engine->wires[shared] + (size_t)first * PH_LANES_BUS);
  if (state->ghost) {
    ph_ghost_run(worker, strand, engine->window.begin + first, block, block_frames(&engine->window, block));
  }
}

/* ---- faults ---- */

static void name_fault(PhEngine *engine, const PhInstr *instr, uint64_t count)
{
  const char *name = instr->unit ? instr->unit->func.name : "feedback";
  const PhArenaMark mark = ph_arena_mark(&engine->querier.arena);
  const char *text = ph_arena_printf(&engine->querier.arena, "`%s` made values that are not finite or far out of range; they are 0",
                                     name);
  engine->faults += count;
  ph_engine_say(engine, PH_SEVERITY_WARNING, instr->at, text, NULL);
  ph_arena_release(&engine->querier.arena, mark);
}

static const PhInstr *instr_of(const PhCode *code, uint32_t i)
{
  return i < code->instr_count ? &code->instrs[i] : &code->step_instrs[i - code->instr_count];
}

void ph_strands_faults(PhEngine *engine)
{
  const PhPlan *plan = engine->plan;
  for (uint32_t s = 0; s < plan->strand_count; s++) {
    const PhCode *code = &plan->strands[s].code;
    PhRun *run = &engine->strands[s].run;
    for (uint32_t i = 0; run->faults && i < code->instr_count + code->step_instr_count; i++) {
      if (run->faults[i]) {
        run->faults[i] = 0;
        name_fault(engine, instr_of(code, i), 1);
      }
    }
  }
  for (uint32_t k = 0; k < ph_engine_instruments(engine); k++) {
    const PhCode *code = &ph_engine_instrument(engine, (int32_t)k)->code;
    for (uint32_t i = 0; i < code->instr_count + code->step_instr_count; i++) {
      const uint32_t count = atomic_exchange_explicit(&engine->instruments[k].faults[i], 0, memory_order_relaxed);
      if (count) {
        name_fault(engine, instr_of(code, i), count);
      }
    }
  }
  for (uint32_t k = 0; k < engine->chain_count; k++) {
    PhEffectChain *chain = engine->chains[k];
    for (uint32_t i = 0; i < chain->code.instr_count; i++) {
      const uint32_t count = atomic_exchange_explicit(&chain->faults[i], 0, memory_order_relaxed);
      if (count) {
        name_fault(engine, &chain->instrs[i], count);
      }
    }
  }
}
