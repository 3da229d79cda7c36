/* Swapping: a running engine goes over to another plan between two windows. What the two plans have in common keeps its state, bit
   for bit; what changed is faded by ghosts; voices play on with the sound that they were born with. All on the thread that
   renders, never on the device's (docs/design/swap.md).  SPDX-License-Identifier: MIT */
#include "engine/swap.h"

#include <stdlib.h>
#include <string.h>

/* The swap being carried out. After the exchange `engine` is of the new plan, and `spare` has what the former one left. */
typedef struct Mover {
  PhEngine *engine, *spare;
  PhSwap *swap;
  int64_t frame;
  int32_t *instruments;       /* by instrument of before, retired ones included: its new number, or -1: nothing of it sounds */
} Mover;

/* ---- steps ---- */

static void read_values(const Mover *m, uint32_t step, float *values)
{
  const PhSwap *swap = m->swap;
  const PhStep *to = &swap->to->steps[step];
  const int32_t from = swap->step_from[step];
  for (uint32_t c = 0; c < to->channels && c < PH_TRACK_CHANNELS; c++) {
    values[c] = to->continuous ? 0 : swap->to->slots[(size_t)(to->slot + c) * PH_LANES_BANK];
    if (from >= 0 && (to->continuous || !to->pat)) {
      values[c] = m->engine->tracks[from].current[c];
    } else if (from >= 0) {
      const size_t slot = (size_t)(swap->from->steps[from].slot + c) * PH_LANES_BANK;
      const int32_t strand = swap->step_strand[from];
      values[c] = strand >= 0 ? m->engine->strands[strand].slots[slot] : swap->from->slots[slot];
    }
  }
}

static void resume_tracks(Mover *m, float *values)
{
  PhEngine *engine = m->engine;
  const PhPlan *plan = m->swap->to;
  double cps;
  const PhRat begin = ph_rat_floor(ph_tempo_instant(&engine->tempo, m->frame, &cps));
  for (uint32_t i = 0; i < plan->step_count; i++) {
    PhTrack *track = &engine->tracks[i];
    const int32_t from = m->swap->step_from[i];
    ph_track_deinit(track);
    ph_track_init(track, &plan->steps[i], &engine->tempo, begin);
    ph_track_resume(track, &engine->querier, m->frame, from < 0 ? NULL : &m->spare->tracks[from], values + (size_t)i * PH_TRACK_CHANNELS);
  }
}

/* ---- strands of code ---- */

/* Memory of a lane of a call, and the words from a value to the next. */
typedef struct LaneMemory {
  const uint32_t *state;
  const float *line;
  size_t step;
  uint32_t line_frames;
} LaneMemory;

static LaneMemory lane_memory(const Mover *m, const PhLanePlace *place)
{
  const PhCode *code = &m->swap->from->strands[place->strand].code;
  const PhStrandState *state = &m->spare->strands[place->strand];
  const PhInstr *instr = &code->instrs[place->instr];
  return (LaneMemory){ state->state + instr->state_offset + place->lane, state->line + instr->line_offset + place->lane,
                       code->lanes, instr->line_frames };
}

/* A lane of a line goes into one of another length, as line.h has it: what is older than the shorter one is lost. */
static void fit_line(const PhInstr *instr, const LaneMemory *from, uint32_t age, float *line, size_t lanes)
{
  const uint32_t count = from->line_frames < instr->line_frames ? from->line_frames : instr->line_frames;
  for (uint32_t back = 1; back <= count; back++) {
    line[((age - back) & (instr->line_frames - 1)) * lanes] = from->line[((age - back) & (from->line_frames - 1)) * from->step];
  }
}

static void carry_lines(const PhInstr *instr, const LaneMemory *from, const uint32_t *lane_of, uint32_t count, const uint32_t *state, float *line, size_t lanes)
{
  bool same = true;
  for (uint32_t k = 0; k < count; k++) {
    same &= from[k].line_frames == instr->line_frames;
  }
  for (size_t f = 0; same && f < instr->line_frames; f++) {
    for (uint32_t k = 0; k < count; k++) {
      line[f * lanes + lane_of[k]] = from[k].line[f * from[k].step];
    }
  }
  for (uint32_t k = 0; !same && k < count; k++) {
    fit_line(instr, &from[k], state[lane_of[k]], line + lane_of[k], lanes);
  }
}

/* Do the lanes of the call come from those of one other call, in the same order? */
static bool carries_whole(const Mover *m, const PhCarry *carry)
{
  const uint32_t lanes = m->swap->to->strands[carry->strand].code.lanes;
  const PhLanePlace *first = &carry->from[0];
  bool whole = first->strand != PH_NO_STRAND && m->swap->from->strands[first->strand].code.lanes == lanes;
  for (uint32_t lane = 0; whole && lane < lanes; lane++) {
    const PhLanePlace *from = &carry->from[lane];
    whole = from->strand == first->strand && from->instr == first->instr && from->lane == lane;
  }
  const uint32_t frames = m->swap->to->strands[carry->strand].code.instrs[carry->instr].line_frames;
  return whole && m->swap->from->strands[first->strand].code.instrs[first->instr].line_frames == frames;
}

static void carry_state(Mover *m, const PhCarry *carry)
{
  const PhCode *to = &m->swap->to->strands[carry->strand].code;
  PhStrandState *into = &m->engine->strands[carry->strand];
  const PhInstr *instr = &to->instrs[carry->instr];
  const size_t words = instr->unit ? instr->unit->state_floats : 1, lanes = to->lanes;
  uint32_t *state = into->state + instr->state_offset;
  float *line = into->line + instr->line_offset;
  if (carries_whole(m, carry)) {
    const LaneMemory from = lane_memory(m, &carry->from[0]);
    memcpy(state, from.state, words * lanes * sizeof *state);
    memcpy(line, from.line, instr->line_frames * lanes * sizeof *line);
    return;
  }
  LaneMemory from[PH_LANES_BANK];
  uint32_t lane_of[PH_LANES_BANK], count = 0;
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (carry->from[lane].strand != PH_NO_STRAND) {
      from[count] = lane_memory(m, &carry->from[lane]);
      lane_of[count++] = lane;
    }
  }
  for (size_t w = 0; w < words; w++) {
    for (uint32_t k = 0; k < count; k++) {
      state[w * lanes + lane_of[k]] = from[k].state[w * from[k].step];
    }
  }
  carry_lines(instr, from, lane_of, count, state, line, lanes);
}

static void move_code(Mover *m)
{
  PhSwap *swap = m->swap;
  for (uint32_t i = 0; i < swap->carry_count; i++) {
    carry_state(m, &swap->carries[i]);
  }
  for (uint32_t s = 0; s < swap->to->strand_count; s++) {
    if (swap->strand_from[s] >= 0 && swap->to->strands[s].kind == PH_STRAND_CODE) {
      PhStrandState *into = &m->engine->strands[s], *out = &m->spare->strands[swap->strand_from[s]];
      uint32_t *state = into->state;
      float *line = into->line;
      into->state = out->state;
      into->line = out->line;
      out->state = state;
      out->line = line;
    }
  }
}

static void set_slots(Mover *m, const float *values)
{
  const PhPlan *plan = m->swap->to;
  for (uint32_t s = 0; s < plan->strand_count; s++) {
    const PhStrand *strand = &plan->strands[s];
    PhStrandState *state = &m->engine->strands[s];
    for (uint32_t i = 0; strand->kind == PH_STRAND_CODE && i < strand->step_count; i++) {
      const PhStep *step = &plan->steps[strand->steps[i]];
      for (uint32_t c = 0; !step->continuous && c < step->channels && c < PH_TRACK_CHANNELS; c++) {
        for (uint32_t lane = 0; lane < PH_LANES_BANK; lane++) {
          state->slots[(size_t)(step->slot + c) * PH_LANES_BANK + lane] = values[(size_t)strand->steps[i] * PH_TRACK_CHANNELS + c];
        }
      }
    }
    if (strand->kind == PH_STRAND_CODE) {
      ph_strand_bind(m->engine, strand, state);
    }
  }
}

/* ---- instruments ---- */

static bool bank_sounds(const PhBank *bank, int64_t frame)
{
  for (uint32_t lane = 0; lane < PH_BANK_LANES; lane++) {
    if (bank->free_at[lane] > frame) {
      return true;
    }
  }
  return false;
}

static bool pools_sound(const PhPool *pool, int64_t frame)
{
  for (; pool; pool = pool->next) {
    for (uint32_t b = 0; b < pool->bank_count; b++) {
      if (bank_sounds(pool->banks[b], frame)) {
        return true;
      }
    }
  }
  return false;
}

static bool instrument_sounds(const Mover *m, uint32_t index)
{
  for (uint32_t s = 0; s < m->swap->from->strand_count; s++) {
    const PhStrandState *state = &m->spare->strands[s];
    if (state->pools && m->swap->fates[s] != PH_FATE_GONE && pools_sound(state->pools[index + 1], m->frame)) {
      return true;
    }
  }
  return false;
}

/* Where the wires that a retired instrument reads are in the new plan. Only what living instruments read, too, is
   ready when voices run. */
static PhRef extern_now(const Mover *m, uint64_t name)
{
  const PhPlan *to = m->swap->to;
  const uint32_t wire = ph_wire_named(m->swap->names_to, to->wire_count, name);
  for (uint32_t k = 0; wire != PH_NO_WIRE && k < to->instrument_count; k++) {
    for (uint32_t x = 0; x < to->instruments[k].extern_count; x++) {
      if (to->instruments[k].externs[x].index == wire) {
        return ph_ref(PH_REF_SHARED, wire);
      }
    }
  }
  return ph_ref(PH_REF_SHARED, PH_NO_WIRE);
}

static void retire(Mover *m, uint32_t index, PhRetired *out)
{
  PhEngine *spare = m->spare;
  const PhPlan *from = m->swap->from;
  const bool again = index >= from->instrument_count;
  PhRetired *before = again ? &spare->retired[index - from->instrument_count] : NULL;
  *out = again ? *before : (PhRetired){ .row = from->instruments[index], .plan = from };
  const uint32_t count = out->row.extern_count;
  if (again) {
    *before = (PhRetired){ 0 };
  } else {
    out->wires = ph_engine_alloc(m->engine, (count + 1) * sizeof *out->wires);
    out->row.externs = ph_engine_alloc(m->engine, (count + 1) * sizeof *out->row.externs);
    for (uint32_t x = 0; x < count; x++) {
      out->wires[x] = ph_wire_name(from, from->instruments[index].externs[x].index);
    }
  }
  for (uint32_t x = 0; x < count; x++) {
    out->row.externs[x] = extern_now(m, out->wires[x]);
  }
}

/* Numbers the instruments anew: the new plan's, then those that nothing but sounding voices need. */
static void number_instruments(Mover *m)
{
  PhEngine *engine = m->engine;
  const uint32_t before = m->swap->from->instrument_count + m->spare->retired_count, plan_count = m->swap->to->instrument_count;
  m->instruments = PH_NEWN(&engine->querier.arena, int32_t, before + 1);
  engine->retired = ph_engine_alloc(engine, (before + 1) * sizeof *engine->retired);
  PhInstrumentState *states = ph_engine_alloc(engine, (plan_count + before + 1) * sizeof *states);
  memcpy(states, engine->instruments, plan_count * sizeof *states);
  free(engine->instruments);
  engine->instruments = states;
  for (uint32_t k = 0; k < before; k++) {
    const int32_t same = k < m->swap->from->instrument_count ? m->swap->instrument_to[k] : -1;
    m->instruments[k] = same;
    if (same < 0 && instrument_sounds(m, k)) {
      retire(m, k, &engine->retired[engine->retired_count]);
      m->instruments[k] = (int32_t)(plan_count + engine->retired_count++);
      states[m->instruments[k]] = m->spare->instruments[k];
      states[m->instruments[k]].tracks = NULL;
      states[m->instruments[k]].track_count = states[m->instruments[k]].track_cap = 0;
      PhInstrumentState *left = &m->spare->instruments[k];
      *left = (PhInstrumentState){ .tracks = left->tracks, .track_count = left->track_count, .track_cap = left->track_cap };
    }
  }
}

/* Voices that sound follow the steps that they were started with; voices to come those of the new plan. */
static void keep_tracks(Mover *m)
{
  PhEngine *engine = m->engine;
  uint32_t count = engine->old_track_count;
  const uint32_t before = m->swap->from->instrument_count + m->spare->retired_count;
  for (uint32_t k = 0; k < before; k++) {
    count += m->spare->instruments[k].track_count;
  }
  PhVoiceTracks **kept = ph_engine_alloc(engine, (count + 1) * sizeof(PhVoiceTracks *));
  uint32_t n = 0;
  for (uint32_t i = 0; i < engine->old_track_count; i++) {
    if (engine->old_tracks[i]->users) {
      kept[n++] = engine->old_tracks[i];
    } else {
      ph_voice_tracks_free(engine->old_tracks[i]);
    }
  }
  free(engine->old_tracks);
  engine->old_tracks = kept;
  for (uint32_t k = 0; k < before; k++) {
    PhInstrumentState *state = &m->spare->instruments[k];
    uint32_t left = 0;
    for (uint32_t i = 0; i < state->track_count; i++) {
      if (state->tracks[i]->users) {
        kept[n++] = state->tracks[i];
      } else {
        state->tracks[left++] = state->tracks[i];
      }
    }
    state->track_count = left;
  }
  engine->old_track_count = n;
}

/* ---- voices ---- */

static PhFate fate_of(const Mover *m, const PhVoice *voice) { return m->swap->fates[voice->pool->strand]; }

static uint32_t move_voice_list(Mover *m, PhVoice **list, uint32_t count)
{
  PhEngine *engine = m->engine;
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count; i++) {
    PhVoice *voice = list[i];
    switch (fate_of(m, voice)) {
    case PH_FATE_MOVED:
      voice->player = (uint32_t)m->swap->player_to[voice->player];
      voice->instrument = voice->instrument == PH_SAMPLES ? PH_SAMPLES : m->instruments[voice->instrument];
      list[kept++] = voice;
      break;
    case PH_FATE_GHOST:
      engine->ghosts[engine->ghost_count++] = voice;
      break;
    case PH_FATE_GONE:
      ph_voice_release(engine, voice);
      break;
    }
  }
  return kept;
}

static void move_voices(Mover *m)
{
  PhEngine *engine = m->engine;
  engine->ghosts = ph_engine_alloc(engine, (engine->voice_count + engine->fading_count + 1) * sizeof(PhVoice *));
  engine->voice_count = move_voice_list(m, engine->voices, engine->voice_count);
  engine->fading_count = move_voice_list(m, engine->fading, engine->fading_count);
}

/* The strand's pools under their new numbers. Banks in which nothing sounds stay with what is left. */
static void move_pools(Mover *m, PhStrandState *from, PhStrandState *into, uint32_t strand)
{
  const uint32_t before = m->swap->from->instrument_count + m->spare->retired_count;
  for (uint32_t p = 0; from->pools && p <= before; p++) {
    const int32_t number = p == 0 ? PH_SAMPLES : m->instruments[p - 1];
    if (p > 0 && number < 0) {
      continue;
    }
    PhPool **at = &into->pools[number + 1];
    while (*at) {
      at = &(*at)->next;
    }
    *at = from->pools[p];
    from->pools[p] = NULL;
    for (PhPool *pool = *at; pool; pool = pool->next) {
      pool->instrument = number;
      pool->strand = strand;
      for (uint32_t b = 0; b < pool->bank_count; b++) {
        pool->banks[b]->event_count = pool->banks[b]->cursor = 0;
      }
    }
  }
}

static void give_pools(Mover *m, PhStrandState *state)
{
  free(state->pools);
  state->pools = ph_engine_alloc(m->engine, (ph_engine_instruments(m->engine) + 1) * sizeof *state->pools);
}

static void move_strand_voices(Mover *m)
{
  const PhSwap *swap = m->swap;
  for (uint32_t s = 0; s < swap->to->strand_count; s++) {
    if (swap->to->strands[s].kind == PH_STRAND_VOICES) {
      give_pools(m, &m->engine->strands[s]);
      if (swap->strand_from[s] >= 0) {
        move_pools(m, &m->spare->strands[swap->strand_from[s]], &m->engine->strands[s], s);
      }
    }
  }
}

/* ---- ghosts ---- */

static void list_active(Mover *m, PhStrandState *state)
{
  state->active_count = 0;
  uint32_t count = 0;
  for (uint32_t pass = 0; pass < 2; pass++) {
    for (uint32_t p = 0; p <= ph_engine_instruments(m->engine); p++) {
      for (PhPool *pool = state->pools[p]; pool; pool = pool->next) {
        /* What reads the program's wires would have to wait for them. */
        const bool reads = p > 0 && ph_engine_instrument(m->engine, (int32_t)p - 1)->extern_count > 0;
        for (uint32_t b = 0; b < pool->bank_count && !reads; b++) {
          if (bank_sounds(pool->banks[b], m->frame) && pass) {
            state->active[state->active_count] = pool->banks[b];
            state->active_pools[state->active_count++] = pool;
          }
          count += !pass && bank_sounds(pool->banks[b], m->frame);
        }
      }
    }
    if (!pass) {
      free(state->active);
      free(state->active_pools);
      state->active = ph_engine_alloc(m->engine, (count + 1) * sizeof(PhBank *));
      state->active_pools = ph_engine_alloc(m->engine, (count + 1) * sizeof(PhPool *));
    }
  }
}

static void fill_part(Mover *m, PhGhostPart *part)
{
  PhStrandState *left = &m->spare->strands[part->row - m->swap->from->strands];
  if (part->row->kind == PH_STRAND_VOICES) {
    give_pools(m, &part->state);
    move_pools(m, left, &part->state, 0);
    list_active(m, &part->state);
    return;
  }
  part->state = *left;
  *left = (PhStrandState){ 0 };
  part->state.own_inputs = NULL;
  part->state.ghost = NULL;
  part->state.cut_count = part->state.cursor = 0;
}

static void fill_ghosts(Mover *m)
{
  PhSwap *swap = m->swap;
  for (uint32_t s = 0; s < swap->to->strand_count; s++) {
    PhStrandState *state = &m->engine->strands[s];
    if (swap->inputs[s]) {
      state->inputs = state->own_inputs = swap->inputs[s];
      state->input_count = swap->input_counts[s];
      swap->inputs[s] = NULL;
    }
    PhGhost *ghost = swap->ghosts[s];
    if (ghost) {
      swap->ghosts[s] = NULL;
      state->ghost = ghost;
      ghost->begin = m->frame;
      ghost->instruments = ph_engine_instruments(m->engine);
      for (uint32_t i = 0; i < ghost->part_count; i++) {
        fill_part(m, &ghost->parts[i]);
      }
    }
  }
}

static bool has_stem(const PhPlan *plan, uint32_t number)
{
  bool found = false;
  for (uint32_t i = 0; i < plan->stem_count; i++) {
    found |= plan->stems[i].number == number;
  }
  return found;
}

/* Stems that are new, and those that are gone, where something faded still reads them. */
static void list_stems(Mover *m)
{
  PhEngine *engine = m->engine;
  const PhPlan *from = m->swap->from, *to = m->swap->to;
  free(engine->leaving);
  engine->leaving = NULL;
  engine->leaving_out = NULL;
  engine->leaving_count = 0;
  engine->leaving = ph_engine_alloc(engine, (from->stem_count + 1) * sizeof *engine->leaving);
  engine->leaving_count = from->stem_count;
  free(engine->arriving);
  engine->arriving = NULL;
  engine->arriving = ph_engine_alloc(engine, to->stem_count + 1);
  for (uint32_t i = 0; i < to->stem_count; i++) {
    engine->arriving[i] = !has_stem(from, to->stems[i].number);
  }
  for (uint32_t i = 0; i < from->stem_count; i++) {
    PhLeaving *leaving = &engine->leaving[i];
    *leaving = (PhLeaving){ .strand = PH_NO_STRAND, .wire = from->stems[i].shared };
    const bool stays = has_stem(to, from->stems[i].number);
    for (uint32_t s = 0; !stays && leaving->strand == PH_NO_STRAND && s < to->strand_count; s++) {
      const PhGhost *ghost = engine->strands[s].ghost;
      leaving->strand = ghost && ghost->source[leaving->wire] != -2 ? s : PH_NO_STRAND;
    }
  }
}

void ph_swap_end_fade(PhEngine *engine)
{
  for (uint32_t s = 0; s < engine->plan->strand_count; s++) {
    PhStrandState *state = &engine->strands[s];
    ph_ghost_free(state->ghost);
    state->ghost = NULL;
    if (state->own_inputs) {
      free(state->own_inputs);
      state->own_inputs = NULL;
      state->inputs = engine->plan->strands[s].inputs;
      state->input_count = engine->plan->strands[s].input_count;
    }
  }
  for (uint32_t i = 0; i < engine->leaving_count; i++) {
    engine->leaving[i].strand = PH_NO_STRAND;
  }
  for (uint32_t i = 0; i < engine->ghost_count; i++) {
    ph_voice_release(engine, engine->ghosts[i]);
  }
  free(engine->ghosts);
  engine->ghosts = NULL;
  engine->ghost_count = 0;
  engine->fade_end = 0;
}

/* ---- the rest ---- */

/* What belongs to a plan changes hands; what belongs to the music stays. */
static void exchange(PhEngine *engine, PhEngine *spare)
{
  ph_exchange(&engine->plan, &spare->plan, sizeof engine->plan);
  ph_exchange(&engine->strands, &spare->strands, sizeof engine->strands);
  ph_exchange(&engine->tracks, &spare->tracks, sizeof engine->tracks);
  ph_exchange(&engine->strand_of_route, &spare->strand_of_route, sizeof engine->strand_of_route);
  ph_exchange(&engine->route_strands, &spare->route_strands, sizeof engine->route_strands);
  ph_exchange(&engine->instruments, &spare->instruments, sizeof engine->instruments);
  ph_exchange(&engine->retired, &spare->retired, sizeof engine->retired);
  ph_exchange(&engine->retired_count, &spare->retired_count, sizeof engine->retired_count);
  ph_exchange(&engine->shared, &spare->shared, sizeof engine->shared);
  ph_exchange(&engine->wires, &spare->wires, sizeof engine->wires);
  ph_exchange(&engine->control_roles, &spare->control_roles, sizeof engine->control_roles);
  ph_exchange(&engine->pitch_moves, &spare->pitch_moves, sizeof engine->pitch_moves);
  ph_exchange(&engine->last_pitches, &spare->last_pitches, sizeof engine->last_pitches);
  ph_executor_swap(&engine->executor, &spare->executor);
  engine->querier.seed = engine->plan->seed;
  engine->querier.tidal = engine->plan->tidal;
  engine->taps = NULL;
  engine->reported_count = 0;
}

/* For portamento: what each player last played on each instrument. */
static void move_pitches(Mover *m)
{
  const PhSwap *swap = m->swap;
  PhEngine *engine = m->engine;
  if (!engine->pitch_moves || !m->spare->last_pitches) {
    return;
  }
  const uint32_t count = swap->to->instrument_count;
  engine->last_pitches = ph_engine_alloc(engine, (size_t)swap->to->player_count * count * sizeof *engine->last_pitches);
  for (uint32_t p = 0; p < swap->from->player_count; p++) {
    for (uint32_t k = 0; swap->player_to[p] >= 0 && k < swap->from->instrument_count; k++) {
      if (swap->instrument_to[k] >= 0) {
        engine->last_pitches[(size_t)swap->player_to[p] * count + (uint32_t)swap->instrument_to[k]] =
            m->spare->last_pitches[(size_t)p * swap->from->instrument_count + k];
      }
    }
  }
}

static void swap_locked(Mover *m)
{
  PhEngine *engine = m->engine, *spare = m->spare;
  float *values = PH_NEWN(&engine->querier.arena, float, (size_t)(m->swap->to->step_count + 1) * PH_TRACK_CHANNELS);
  for (uint32_t i = 0; i < m->swap->to->step_count; i++) {
    read_values(m, i, values + (size_t)i * PH_TRACK_CHANNELS);
  }
  double cps;
  const PhRat now = ph_tempo_instant(&engine->tempo, m->frame, &cps);
  exchange(engine, spare);
  ph_engine_follow_tempo(engine, now);
  resume_tracks(m, values);
  number_instruments(m);
  keep_tracks(m);
  move_voices(m);
  move_strand_voices(m);
  move_code(m);
  fill_ghosts(m);
  list_stems(m);
  move_pitches(m);
  ph_score_merge_sounds(engine, &spare->score);
  ph_score_restart(engine, m->frame);
  set_slots(m, values);
}

PhStatus ph_engine_swap(PhEngine *engine, PhEngine *spare)
{
  if (engine->status != PH_OK || !spare->swap || spare->swap->from != engine->plan || !ph_engine_may_swap(engine)) {
    return engine->status != PH_OK ? engine->status : PH_ARG;
  }
  if (engine->fade_end) {
    ph_swap_end_fade(engine);
  }
  Mover m = { .engine = engine, .spare = spare, .swap = spare->swap, .frame = engine->frame };
  if (PH_TRAP_SET(&engine->trap) != 0) {
    return ph_engine_give_up(engine);
  }
  const PhArenaMark mark = ph_arena_mark(&engine->querier.arena);
  ph_engine_lock_tempo(engine);
  swap_locked(&m);
  ph_engine_unlock_tempo(engine);
  ph_arena_release(&engine->querier.arena, mark);
  engine->fade_end = m.frame + (int64_t)floor(PH_SWAP_SEC * engine->plan->sample_rate + 0.5);
  return PH_OK;
}

bool ph_engine_may_swap(const PhEngine *engine) { return engine->frame >= engine->fade_end; }

bool ph_engine_uses(const PhEngine *engine, const PhPlan *plan)
{
  if (engine->plan == plan || engine->frame < engine->fade_end) {
    return true;
  }
  for (uint32_t i = 0; i < engine->old_track_count; i++) {
    if (engine->old_tracks[i]->plan == plan && engine->old_tracks[i]->users) {
      return true;
    }
  }
  for (uint32_t i = 0; i < engine->retired_count; i++) {
    if (engine->retired[i].plan == plan) {
      for (uint32_t v = 0; v < engine->voice_count + engine->fading_count; v++) {
        const PhVoice *voice = v < engine->voice_count ? engine->voices[v] : engine->fading[v - engine->voice_count];
        if (voice->pool->instrument == (int32_t)(engine->plan->instrument_count + i)) {
          return true;
        }
      }
    }
  }
  return false;
}
