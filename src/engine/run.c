/* Running the instrs of a PhCode: kernels with their pointers made ready, so that a chunk is a loop over calls.
   SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "engine/internal.h"

static const uint32_t no_voice[PH_LANES_BANK];

/* ---- what is not a unit ---- */

static void feedback_read(const PhIo *io)
{
  for (uint32_t f = 0; f < io->frames; f++) {
    memcpy(io->out + (size_t)f * io->lanes, io->state, io->lanes * sizeof(float));
  }
}

/* As ph_flush: what is tiny, huge or not a number does not go round again. */
static void feedback_write(const PhIo *io)
{
  const float *last = io->in[0] + (size_t)(io->frames - 1) * io->step[0];
  float *state = (float *)(void *)io->state;
  for (uint32_t lane = 0; lane < io->lanes; lane++) {
    const float x = last[lane];
    const float size = x < 0 ? -x : x;
    const bool sane = size < 1e18f;
    *io->fault |= !sane;
    state[lane] = sane && size > 1e-18f ? x : 0;
  }
}

static void copy(const PhIo *io)
{
  for (uint32_t f = 0; f < io->frames; f++) {
    memcpy(io->out + (size_t)f * io->lanes, io->in[0] + (size_t)f * io->step[0], io->lanes * sizeof(float));
  }
}

/* Lane 0 of a bus wire in every lane. */
static void spread(const PhIo *io)
{
  for (uint32_t f = 0; f < io->frames; f++) {
    const float x = io->in[0][(size_t)f * io->step[0]];
    for (uint32_t lane = 0; lane < io->lanes; lane++) {
      io->out[(size_t)f * io->lanes + lane] = x;
    }
  }
}

/* Left and right of the k-th bus wire in the k-th pair of lanes. */
static void gather(const PhIo *io)
{
  for (uint32_t k = 0; k < io->in_count; k++) {
    const float *in = io->in[k];
    float *out = io->out + 2 * k;
    for (uint32_t f = 0; f < io->frames; f++, in += io->step[k], out += PH_LANES_BANK) {
      memcpy(out, in, 2 * sizeof *out);
    }
  }
}

/* A pair of lanes as a bus wire; `in` begins at the pair. */
static void pick(const PhIo *io)
{
  const float *in = io->in[0];
  float *out = io->out;
  for (uint32_t f = 0; f < io->frames; f++, in += PH_LANES_BANK, out += PH_LANES_BUS) {
    memcpy(out, in, 2 * sizeof *out);
    memcpy(out + 2, in, 2 * sizeof *out);
  }
}

/* The lanes, weighted, as a bus wire. `data` is the unit set. */
static void fold(const PhIo *io)
{
  const PhUnitSet *set = io->data;
  set->fold(io->in[0], io->in[1], io->in[1], io->frames, 1, io->out);
}

/* ---- memory ---- */

PhStatus ph_run_init(PhRun *run, uint32_t instrs, uint32_t step_instrs, uint32_t inputs, uint32_t slots, bool profile)
{
  *run = (PhRun){ 0 };
  run->ops = ph_engine_alloc(NULL, (instrs + 1) * sizeof *run->ops);
  run->step_ops = ph_engine_alloc(NULL, (step_instrs + 1) * sizeof *run->step_ops);
  run->fixes = ph_engine_alloc(NULL, (inputs + instrs + 1) * sizeof *run->fixes);
  run->faults = ph_engine_alloc(NULL, (instrs + step_instrs + 1) * sizeof *run->faults);
  run->dirty = ph_engine_alloc(NULL, slots + 1);
  run->ticks = profile ? ph_engine_alloc(NULL, (instrs + 1) * sizeof *run->ticks) : NULL;
  const bool ok = run->ops && run->step_ops && run->fixes && run->faults && run->dirty && (!profile || run->ticks);
  return ok ? PH_OK : PH_NOMEM;
}

void ph_run_deinit(PhRun *run)
{
  free(run->ops);
  free(run->step_ops);
  free(run->fixes);
  free(run->faults);
  free(run->dirty);
  free(run->ticks);
  *run = (PhRun){ 0 };
}

/* ---- binding ---- */

static PhKernel *kernel_of(const PhInstr *instr, const PhUnitSet *set)
{
  switch (instr->phase) {
  case PH_PHASE_PROCESS:
    return set->units[instr->unit_index]->process;
  case PH_PHASE_READ:
    return set->units[instr->unit_index]->read;
  case PH_PHASE_WRITE:
    return set->units[instr->unit_index]->write;
  case PH_PHASE_FEEDBACK_READ:
    return feedback_read;
  case PH_PHASE_FEEDBACK_WRITE:
    return feedback_write;
  case PH_PHASE_SPREAD:
    return spread;
  case PH_PHASE_GATHER:
    return gather;
  case PH_PHASE_PICK:
    return pick;
  case PH_PHASE_FOLD:
    return fold;
  case PH_PHASE_COPY:
    break;
  }
  return copy;
}

static void bind_instr(PhRun *run, PhCall *op, const PhInstr *instr, const PhBinding *b)
{
  const uint32_t lanes = run->code->lanes;
  PhIo *io = &op->io;
  op->kernel = kernel_of(instr, b->set);
  for (uint32_t k = 0; k < instr->in_count; k++) {
    const PhRef ref = instr->in[k];
    io->step[k] = ref.kind == PH_REF_SLOT ? 0 : ref.kind == PH_REF_SHARED ? PH_LANES_BUS : lanes;
    io->in[k] = ref.kind == PH_REF_SLOT ? b->slots + (size_t)ref.index * PH_LANES_BANK
                                        : b->locals + (size_t)ref.index * PH_CHUNK_FRAMES * lanes;
  }
  io->in[0] += instr->phase == PH_PHASE_PICK ? instr->lane : 0;
  io->out = instr->out.kind == PH_REF_SLOT ? b->slots + (size_t)instr->out.index * PH_LANES_BANK
                                           : b->locals + (size_t)instr->out.index * PH_CHUNK_FRAMES * lanes;
  io->in_count = instr->in_count;
  io->frames = 1;
  io->lanes = lanes;
  io->state = b->state + instr->state_offset;
  io->line = b->line + instr->line_offset;
  io->line_frames = instr->line_frames;
  io->data = instr->phase == PH_PHASE_FOLD ? b->set : instr->data;
  io->seed = instr->seed;
  io->voice = b->voice ? b->voice : no_voice;
  io->sample_rate = b->sample_rate;
  io->inv_sample_rate = 1.0f / b->sample_rate;
}

static void find_shared(PhRun *run)
{
  run->fix_count = 0;
  for (uint32_t i = 0; i < run->code->instr_count; i++) {
    const PhInstr *instr = &run->code->instrs[i];
    for (uint32_t k = 0; k <= instr->in_count; k++) {
      const PhRef ref = k < instr->in_count ? instr->in[k] : instr->out;
      if (ph_ref_crosses(ref)) {
        run->fixes[run->fix_count++] = (PhFix){ i, k, ref.index, ref.kind == PH_REF_WIDE ? PH_LANES_BANK : PH_LANES_BUS };
      }
    }
  }
}

void ph_run_bind(PhRun *run, const PhCode *code, const PhBinding *binding)
{
  run->code = code;
  for (uint32_t i = 0; i < code->instr_count; i++) {
    bind_instr(run, &run->ops[i], &code->instrs[i], binding);
    run->ops[i].io.fault = &run->faults[i];
  }
  for (uint32_t i = 0; i < code->step_instr_count; i++) {
    bind_instr(run, &run->step_ops[i], &code->step_instrs[i], binding);
    run->step_ops[i].io.fault = &run->faults[code->instr_count + i];
  }
  find_shared(run);
}

void ph_run_shared(PhRun *run, float *const *wires, uint32_t frame)
{
  for (uint32_t i = 0; i < run->fix_count; i++) {
    const PhFix fix = run->fixes[i];
    PhIo *io = &run->ops[fix.op].io;
    float *at = wires[fix.shared] + (size_t)frame * fix.lanes;
    if (fix.k < io->in_count) {
      io->in[fix.k] = at;
    } else {
      io->out = at;
    }
  }
}

/* ---- running ---- */

/* `weight`: how often its time counts, 0 for untimed. */
PH_INLINE void run_op(PhRun *run, uint32_t i, uint32_t frames, uint32_t weight)
{
  PhCall *op = &run->ops[i];
  op->io.frames = frames;
  op->kernel(&op->io);
  if (weight) {
    const uint64_t now = ph_ticks();
    const uint64_t ticks = now - run->clock;
    run->ticks[i] += (ticks > run->tick_cost ? ticks - run->tick_cost : 0) * weight;
    run->clock = now;
  }
}

static void advance(PhIo *io, int64_t frames)
{
  for (uint32_t k = 0; k < io->in_count; k++) {
    io->in[k] += frames * (int64_t)io->step[k];
  }
  io->out += frames * (int64_t)io->lanes;
}

/* A feedback loop: its instrs go round in sub-blocks so short that none needs what is not there yet. One of these is timed, in
   the middle, and counts for all. */
PH_INLINE void run_loop(PhRun *run, const PhLoop *loop, uint32_t frames, bool timed)
{
  const uint32_t last = loop->first + loop->count;
  const uint32_t rounds = (frames + loop->frames - 1) / loop->frames;
  for (uint32_t round = 0, at = 0; at < frames; at += loop->frames, round++) {
    const uint32_t n = frames - at < loop->frames ? frames - at : loop->frames;
    const uint32_t weight = timed && round == rounds / 2 ? rounds : 0;
    run->clock = weight ? ph_ticks() : 0;
    for (uint32_t i = loop->first; i < last; i++) {
      run_op(run, i, n, weight);
      advance(&run->ops[i].io, n);
    }
  }
  for (uint32_t i = loop->first; i < last; i++) {
    advance(&run->ops[i].io, -(int64_t)frames);
  }
  run->clock = timed ? ph_ticks() : 0;
}

PH_INLINE void run_chunk(PhRun *run, uint32_t frames, bool timed)
{
  const PhCode *code = run->code;
  uint32_t i = 0;
  for (uint32_t l = 0; l < code->loop_count; l++) {
    for (; i < code->loops[l].first; i++) {
      run_op(run, i, frames, timed);
    }
    run_loop(run, &code->loops[l], frames, timed);
    i = code->loops[l].first + code->loops[l].count;
  }
  for (; i < code->instr_count; i++) {
    run_op(run, i, frames, timed);
  }
}

void ph_run_chunk(PhRun *run, uint32_t frames)
{
  assert(frames >= 1 && frames <= PH_CHUNK_FRAMES);
  if (run->timed) {
    run->clock = ph_ticks();
    run_chunk(run, frames, true);
  } else {
    run_chunk(run, frames, false);
  }
}

void ph_run_steps(PhRun *run)
{
  for (uint32_t i = 0; i < run->code->step_instr_count; i++) {
    const PhInstr *instr = &run->code->step_instrs[i];
    bool stale = false;
    for (uint32_t k = 0; k < instr->in_count; k++) {
      stale |= instr->in[k].kind == PH_REF_SLOT && run->dirty[instr->in[k].index];
    }
    if (stale) {
      run->step_ops[i].kernel(&run->step_ops[i].io);
      run->dirty[instr->out.index] = true;
    }
  }
  for (uint32_t i = 0; i < run->code->step_instr_count; i++) {
    const PhInstr *instr = &run->code->step_instrs[i];
    for (uint32_t k = 0; k < instr->in_count; k++) {
      run->dirty[instr->in[k].index] = false;
    }
    run->dirty[instr->out.index] = false;
  }
}

void ph_run_all_steps(PhRun *run)
{
  for (uint32_t i = 0; i < run->code->step_instr_count; i++) {
    run->step_ops[i].kernel(&run->step_ops[i].io);
    *run->step_ops[i].io.fault = 0; /* the first values are still to come: nobody hears what was divided by none */
  }
}
