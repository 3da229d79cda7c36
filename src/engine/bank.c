/* Banks: sixteen lanes of voices. A bank of an instrument runs its code in chunks that are cut where something happens to
   one of its lanes, shapes the lanes by their envelopes and folds them. A voice's sound depends on nothing but the voice:
   what is left in a lane by an earlier one is zeroed, and what runs on in an ended one is multiplied by 0.
   All [realtime].  SPDX-License-Identifier: MIT */
#include <assert.h>
#include <string.h>

#include "engine/internal.h"

/* ---- samples ---- */

enum { SIDES_FRAMES = 512 };

/* What sounds, planar: left and right of a stretch of time. */
typedef struct Sides {
  _Alignas(64) float left[SIDES_FRAMES + PH_SAMPLE_ROOM], right[SIDES_FRAMES + PH_SAMPLE_ROOM];
} Sides;

static bool any_sounds(const PhBank *bank, int64_t from, int64_t to)
{
  for (uint32_t lane = 0; lane < PH_BANK_LANES; lane++) {
    for (const PhVoice *v = bank->chain[lane]; v && v->onset < to; v = v->next) {
      if (v->end > from) {
        return true;
      }
    }
  }
  return false;
}

/* Adds all voices, in the order of their lanes and onsets. */
static void add_samples(const PhSamplerKernels *kernels, PhBank *bank, int64_t from, int64_t to, Sides *sides)
{
  for (uint32_t lane = 0; lane < PH_BANK_LANES; lane++) {
    for (PhVoice *v = bank->chain[lane]; v && v->onset < to; v = v->next) {
      const int64_t begin = v->onset > from ? v->onset : from;
      const int64_t end = v->end < to ? v->end : to;
      if (begin < end) {
        kernels->add(&v->sample, sides->left + (begin - from), sides->right + (begin - from), (uint32_t)(end - begin));
      }
    }
  }
}

/* Gives whether any voice sounded. */
static bool render_samples(PhWorker *worker, PhBank *bank, float *wire, int64_t from, uint32_t frames)
{
  const bool sounded = any_sounds(bank, from, from + frames);
  Sides sides;
  for (uint32_t at = 0; sounded && at < frames; at += SIDES_FRAMES) {
    const uint32_t n = frames - at < SIDES_FRAMES ? frames - at : SIDES_FRAMES;
    memset(sides.left, 0, (n + PH_SAMPLE_ROOM) * sizeof(float));
    memset(sides.right, 0, (n + PH_SAMPLE_ROOM) * sizeof(float));
    add_samples(worker->engine->bank_set->sampler, bank, from + at, from + at + n, &sides);
    for (uint32_t f = 0; f < n; f++, wire += PH_LANES_BUS) {
      wire[0] = wire[2] = sides.left[f];
      wire[1] = wire[3] = sides.right[f];
    }
  }
  return sounded;
}

/* ---- envelopes ---- */

/* A chunk's envelopes, and the gains of its lanes. */
typedef struct Shape {
  PhLaneShape lanes;
  float gain_left[PH_BANK_LANES], gain_right[PH_BANK_LANES];
  bool curved;                /* some voice has a shape of its own */
} Shape;

static int32_t saturate(int64_t x) { return x > 1 << 30 ? 1 << 30 : x < -(1 << 30) ? -(1 << 30) : (int32_t)x; }

static void shape_lane(PhLaneShape *shape, uint32_t lane, const PhVoice *v, int64_t from, float fade_frames)
{
  const PhEnvelope *env = &v->env;
  shape->age[lane] = saturate(from - v->onset);
  shape->gate[lane] = saturate(env->gate);
  shape->cut[lane] = saturate(v->cut_at - v->onset);
  shape->live[lane] = saturate(v->end - from);
  shape->attack[lane] = env->attack < 1 ? 0.0f : (float)env->attack;
  shape->up_slope[lane] = env->attack < 1 ? 0.0f : (float)(1 / env->attack);
  shape->top[lane] = env->decay < 1 ? (float)env->sustain : 1.0f;
  shape->drop[lane] = env->decay < 1 ? 0.0f : (float)(1 - env->sustain);
  shape->down_slope[lane] = env->decay < 1 ? 0.0f : (float)(1 / env->decay);
  shape->release_slope[lane] = (float)(1 / env->release);
  shape->cut_slope[lane] = 1.0f / fade_frames;
}

/* Level 1 in the whole chunk: multiplying by it would change nothing. */
static bool is_flat(const PhVoice *v, int64_t from, uint32_t frames)
{
  const int64_t age = from - v->onset, last = age + frames;
  return !v->shaped && (double)age >= v->env.attack && last <= v->env.gate && v->env.sustain == 1 && from + frames <= v->cut_at &&
         from + frames <= v->end;
}

/* What kinds of levels other than 1 there are. */
static uint32_t stages_of(const PhVoice *v, int64_t from, uint32_t frames)
{
  const bool risen = (double)(from - v->onset) >= v->env.attack && v->env.sustain == 1 && (double)v->env.gate >= v->env.attack;
  return (risen ? 0u : (uint32_t)PH_SHAPE_RISES) | (from + frames <= v->cut_at ? 0u : (uint32_t)PH_SHAPE_CUT);
}

/* Fills the shape of the chunk. False if no lane sounds in it; *flat if all that sound are at level 1. */
static bool shape_chunk(const PhBank *bank, uint32_t voices, uint32_t voice_lanes, int64_t from, uint32_t frames, float fade,
                        Shape *shape, bool *flat)
{
  bool any = false;
  *flat = true;
  for (uint32_t i = 0; i < voices; i++) {
    const PhVoice *v = bank->playing[i];
    const bool sounds = v && from < v->end;
    any |= sounds;
    *flat &= !sounds || is_flat(v, from, frames);
    for (uint32_t lane = i * voice_lanes; lane < (i + 1) * voice_lanes; lane++) {
      shape->gain_left[lane] = sounds ? v->gain_left : 0;
      shape->gain_right[lane] = sounds ? v->gain_right : 0;
    }
  }
  if (!any || *flat) {
    return any;
  }
  shape->lanes = (PhLaneShape){ 0 };
  shape->curved = false;
  for (uint32_t i = 0; i < voices; i++) {
    const PhVoice *v = bank->playing[i];
    shape->curved |= v && v->shaped && from < v->end;
    for (uint32_t lane = i * voice_lanes; v && from < v->end && lane < (i + 1) * voice_lanes; lane++) {
      shape_lane(&shape->lanes, lane, v, from, fade);
      shape->lanes.stages |= stages_of(v, from, frames);
    }
  }
  return true;
}

/* Envelopes of any shape, voice by voice. */
static void curve_lanes(const PhUnitSet *set, const PhBank *bank, uint32_t voices, uint32_t voice_lanes, int64_t from,
                        uint32_t frames, float *wire)
{
  _Alignas(64) float levels[PH_CHUNK_FRAMES];
  for (uint32_t i = 0; i < voices; i++) {
    const PhVoice *v = bank->playing[i];
    if (!v || !v->shaped || from >= v->end) {
      continue;
    }
    set->curve(v->curve, saturate(from - v->onset), frames, levels);
    for (uint32_t lane = i * voice_lanes; lane < (i + 1) * voice_lanes; lane++) {
      for (uint32_t f = 0; f < frames; f++) {
        wire[f * PH_BANK_LANES + lane] *= levels[f];
      }
    }
  }
}

/* ---- instruments ---- */

static void set_slot(PhBank *bank, PhRun *run, uint32_t slot, uint32_t first, uint32_t count, float value)
{
  for (uint32_t lane = first; lane < first + count; lane++) {
    bank->slots[(size_t)slot * PH_BANK_LANES + lane] = value;
  }
  run->dirty[slot] = true;
}

static void zero_lanes(uint32_t *state, uint32_t words, uint32_t first, uint32_t count)
{
  for (size_t row = 0; row < words / PH_BANK_LANES; row++) {
    for (uint32_t lane = first; lane < first + count; lane++) {
      state[row * PH_BANK_LANES + lane] = 0;
    }
  }
}

static void start_effects(PhBank *bank, const PhEffectChain *effects, const PhVoice *voice, uint32_t first, uint32_t count)
{
  float values[PH_CHAIN_SLOTS];
  zero_lanes(bank->fx_state, effects->code.state_words, first, count);
  ph_chain_values(effects, &voice->fx, values);
  for (uint32_t s = 0; s < effects->slot_count; s++) {
    for (uint32_t lane = first; lane < first + count; lane++) {
      bank->fx_slots[(size_t)s * PH_BANK_LANES + lane] = values[s];
    }
  }
}

static void start_voice(PhBank *bank, PhRun *run, const PhPool *pool, const PhInstrument *instrument, PhVoice *voice)
{
  const uint32_t count = pool->voice_lanes, first = voice->lane * count;
  bank->playing[voice->lane] = voice;
  for (uint32_t lane = first; lane < first + count; lane++) {
    bank->keys[lane] = voice->key;
  }
  if (pool->effects) {
    start_effects(bank, pool->effects, voice, first, count);
  }
  if (!instrument) {
    return;
  }
  bank->sign[voice->lane] = -bank->sign[voice->lane];
  zero_lanes(bank->state, instrument->code.state_words, first, count);
  set_slot(bank, run, PH_VOICE_HZ, first, count, voice->hz);
  set_slot(bank, run, PH_VOICE_RATIO, first, count, voice->ratio);
  set_slot(bank, run, PH_VOICE_ONE, first, count, 1);
  set_slot(bank, run, PH_VOICE_GATE, first, count, bank->sign[voice->lane]);
  for (uint32_t i = 0; instrument->motion && i < PH_MOTION_SLOTS; i++) {
    set_slot(bank, run, instrument->motion + i, first, count, voice->motion[i]);
  }
  for (uint32_t i = 0; i < instrument->control_count; i++) {
    set_slot(bank, run, instrument->controls[i].slot, first, count, voice->values[i]);
  }
}

static void apply_events(PhBank *bank, PhRun *run, const PhPool *pool, const PhInstrument *instrument, int64_t frame)
{
  bool changed = false;
  for (; bank->cursor < bank->event_count && bank->events[bank->cursor].frame <= frame; bank->cursor++) {
    const PhBankEvent *event = &bank->events[bank->cursor];
    assert(event->frame == frame);
    if (event->start) {
      start_voice(bank, run, pool, instrument, event->start);
    } else {
      set_slot(bank, run, event->slot, event->lane * pool->voice_lanes, pool->voice_lanes, event->value);
    }
    changed = true;
  }
  if (changed && instrument) {
    ph_run_steps(run);
  }
}

/* LOCAL i of the code is extern i: both sides of the program's bus side by side, or the left one in every lane. */
static void spread_externs(const PhWorker *worker, const PhInstrument *instrument, uint32_t frame, uint32_t frames)
{
  for (uint32_t x = 0; x < instrument->extern_count; x++) {
    const PhRef ref = instrument->externs[x];
    assert(ref.kind == PH_REF_SHARED);
    float *out = worker->locals + (size_t)x * PH_CHUNK_FRAMES * PH_BANK_LANES;
    if (ref.index == PH_NO_WIRE) {
      memset(out, 0, (size_t)frames * PH_BANK_LANES * sizeof *out);
      continue;
    }
    const float *in = worker->engine->wires[ref.index] + (size_t)frame * PH_LANES_BUS;
    const uint32_t right = instrument->voice_lanes == 2;
    for (uint32_t f = 0; f < frames; f++) {
      for (uint32_t lane = 0; lane < PH_BANK_LANES; lane += 2) {
        out[f * PH_BANK_LANES + lane] = in[f * PH_LANES_BUS];
        out[f * PH_BANK_LANES + lane + 1] = in[f * PH_LANES_BUS + right];
      }
    }
  }
}

/* What a run has to say since it was bound: to counters that several workers add to. Gives the ticks of its instrs. */
static uint64_t hand_over(PhRun *run, _Atomic uint32_t *faults, _Atomic uint64_t *ticks)
{
  const PhCode *code = run->code;
  uint64_t sum = 0;
  for (uint32_t i = 0; i < code->instr_count + code->step_instr_count; i++) {
    if (run->faults[i]) {
      atomic_fetch_add_explicit(&faults[i], 1, memory_order_relaxed);
      run->faults[i] = 0;
    }
  }
  for (uint32_t i = 0; run->timed && i < code->instr_count; i++) {
    atomic_fetch_add_explicit(&ticks[i], run->ticks[i], memory_order_relaxed);
    sum += run->ticks[i];
    run->ticks[i] = 0;
  }
  return sum;
}

/* `ticks` is what the whole took. */
static void account(PhWorker *worker, const PhPool *pool, uint32_t chunks, uint64_t ticks)
{
  PhEngine *engine = worker->engine;
  const bool timed = worker->run.timed;
  PhTaskCost *cost = &engine->strands[pool->strand].cost;
  uint64_t nodes = 0;
  if (pool->effects) {
    nodes = hand_over(&worker->fx_run, pool->effects->faults, pool->effects->ticks);
  }
  if (pool->instrument != PH_SAMPLES) {
    PhInstrumentState *state = &engine->instruments[pool->instrument];
    nodes += hand_over(&worker->run, state->faults, state->ticks);
    cost = &state->cost;
  }
  if (engine->options.profile) {
    ph_profile_add(cost, timed, ticks, ticks > nodes ? ticks - nodes : 0, chunks);
  }
  if (engine->options.profile && pool->effects) {
    ph_profile_add(&pool->effects->cost, timed, ticks, 0, chunks);
  }
}

static uint32_t chunk_frames(const PhBank *bank, int64_t at, int64_t to)
{
  int64_t frames = to - at;
  if (bank->cursor < bank->event_count && bank->events[bank->cursor].frame - at < frames) {
    frames = bank->events[bank->cursor].frame - at;
  }
  return (uint32_t)(frames < PH_CHUNK_FRAMES ? frames : PH_CHUNK_FRAMES);
}

/* The samples of the bank's voices side by side, as they are. */
static void read_samples(const PhEngine *engine, const PhPool *pool, PhBank *bank, int64_t from, uint32_t frames, float *out)
{
  Sides sides;
  for (uint32_t i = 0; i < pool->per_bank; i++) {
    PhVoice *v = bank->playing[i];
    memset(sides.left, 0, (frames + PH_SAMPLE_ROOM) * sizeof(float));
    memset(sides.right, 0, (frames + PH_SAMPLE_ROOM) * sizeof(float));
    if (v && from < v->end) {
      engine->bank_set->sampler->add(&v->sample, sides.left, sides.right, frames);
    }
    for (uint32_t f = 0; f < frames; f++) {
      out[f * PH_BANK_LANES + 2 * i] = sides.left[f];
      out[f * PH_BANK_LANES + 2 * i + 1] = sides.right[f];
    }
  }
}

/* A bank while it is rendered: its code, if it is of an instrument, and its effects, if it has any, with their wires. */
typedef struct Lanes {
  const PhInstrument *instrument;
  float *out;                 /* of the instrument, or of the samples */
  float *heard;               /* behind the effects */
} Lanes;

static Lanes bind_lanes(PhWorker *worker, const PhPool *pool, const PhBank *bank)
{
  const PhEngine *engine = worker->engine;
  PhBinding binding = { .set = engine->bank_set, .voice = bank->keys, .sample_rate = (float)engine->plan->sample_rate };
  Lanes lanes = { .out = worker->fx_locals };
  if (pool->instrument != PH_SAMPLES) {
    lanes.instrument = ph_engine_instrument(engine, pool->instrument);
    lanes.out = worker->locals + (size_t)lanes.instrument->out.index * PH_CHUNK_FRAMES * PH_BANK_LANES;
    binding.slots = bank->slots, binding.locals = worker->locals, binding.line = bank->line, binding.state = bank->state;
    ph_run_bind(&worker->run, &lanes.instrument->code, &binding);
  }
  lanes.heard = lanes.out;
  if (pool->effects) {
    lanes.heard = worker->fx_locals;
    binding.slots = bank->fx_slots, binding.locals = worker->fx_locals, binding.line = bank->fx_line;
    binding.state = bank->fx_state;
    ph_run_bind(&worker->fx_run, &pool->effects->code, &binding);
  }
  return lanes;
}

static void run_lanes(PhWorker *worker, const PhPool *pool, PhBank *bank, const Lanes *lanes, int64_t at, uint32_t frames)
{
  if (lanes->instrument) {
    spread_externs(worker, lanes->instrument, (uint32_t)(at - worker->engine->window.begin), frames);
    ph_run_chunk(&worker->run, frames);
  } else {
    read_samples(worker->engine, pool, bank, at, frames, lanes->out);
  }
  if (lanes->heard != lanes->out) {
    memcpy(lanes->heard, lanes->out, (size_t)frames * PH_BANK_LANES * sizeof(float));
  }
  if (pool->effects) {
    ph_run_chunk(&worker->fx_run, frames);
  }
}

/* Gives the number of chunks in which a voice sounded. */
static uint32_t render_lanes(PhWorker *worker, const PhPool *pool, PhBank *bank, float *wires, int64_t from, uint32_t frames)
{
  const PhEngine *engine = worker->engine;
  const Lanes lanes = bind_lanes(worker, pool, bank);
  const int64_t to = from + frames;
  uint32_t chunks = 0;
  Shape shape;
  for (int64_t at = from; at < to;) {
    apply_events(bank, &worker->run, pool, lanes.instrument, at);
    const uint32_t n = chunk_frames(bank, at, to);
    float *wire = wires + (at - from) * PH_LANES_BUS;
    bool flat;
    if (shape_chunk(bank, pool->per_bank, pool->voice_lanes, at, n, engine->fade_frames, &shape, &flat)) {
      run_lanes(worker, pool, bank, &lanes, at, n);
      if (!flat) {
        engine->bank_set->shape(&shape.lanes, n, lanes.heard);
        if (shape.curved) {
          curve_lanes(engine->bank_set, bank, pool->per_bank, pool->voice_lanes, at, n, lanes.heard);
        }
      }
      engine->bank_set->fold(lanes.heard, shape.gain_left, shape.gain_right, n, pool->voice_lanes, wire);
      chunks++;
    } else {
      memset(wire, 0, (size_t)n * PH_LANES_BUS * sizeof(float));
    }
    at += n;
  }
  return chunks;
}

void ph_bank_render(PhWorker *worker, PhPool *pool, PhBank *bank, int64_t from, uint32_t block, uint32_t frames)
{
  const bool profile = worker->engine->options.profile;
  const uint64_t begin = profile ? ph_ticks() : 0;
  float *wire = bank->wire + (from - worker->engine->window.begin) * PH_LANES_BUS;
  uint32_t chunks = 1;
  if (pool->instrument == PH_SAMPLES && !pool->effects) {
    bank->sounded[block] = render_samples(worker, bank, wire, from, frames);
  } else {
    chunks = render_lanes(worker, pool, bank, wire, from, frames);
    bank->sounded[block] = chunks > 0;
  }
  account(worker, pool, chunks, profile ? ph_ticks() - begin : 0);
}
