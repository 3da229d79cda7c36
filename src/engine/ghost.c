/* Ghosts: what changed in a program is heard for a moment as it was, and fades into what it is now. A ghost runs in the task of the
   strand that it fades, so that nothing waits for it and the sum's order does not change.  SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "engine/internal.h"

static void run_part(PhWorker *worker, const PhGhost *ghost, PhGhostPart *part, int64_t from, uint32_t block, uint32_t frames)
{
  const uint32_t first = block * worker->engine->window.block_frames;
  if (part->row->kind == PH_STRAND_CODE) {
    (void)ph_strand_code(&part->state, ghost->wires, first, from, frames);
    return;
  }
  for (uint32_t a = 0; a < part->state.active_count; a++) {
    ph_bank_render(worker, part->state.active_pools[a], part->state.active[a], from, block, frames);
  }
  ph_strand_add(&part->state, &worker->engine->window, block, ghost->wires[part->shared] + (size_t)first * PH_LANES_BUS);
}

/* Of the new sound, along 3t² - 2t³: both ends without a corner. */
static float share_at(int64_t age, uint32_t length)
{
  const float t = age >= length ? 1.0f : (float)(age + 1) * (1.0f / (float)(length + 1));
  return t * t * (3.0f - 2.0f * t);
}

/* From the one to the other. `age` is that of the first frame. */
static void blend(const float *restrict old, float *restrict wire, uint32_t lanes, int64_t age, uint32_t length, uint32_t frames)
{
  for (uint32_t f = 0; f < frames; f++, old += lanes, wire += lanes) {
    const float share = share_at(age + f, length);
    for (uint32_t lane = 0; lane < lanes; lane++) {
      const float change = wire[lane] - old[lane];
      wire[lane] = share == 1.0f || change == 0.0f ? wire[lane] : old[lane] + change * share;
    }
  }
}

void ph_ghost_run(PhWorker *worker, uint32_t strand, int64_t from, uint32_t block, uint32_t frames)
{
  const PhEngine *engine = worker->engine;
  PhGhost *ghost = engine->strands[strand].ghost;
  if (from >= ghost->begin + ghost->frames) {
    return;
  }
  for (uint32_t w = 0; w < ghost->wire_count; w++) {
    ghost->wires[w] = ghost->source[w] >= 0 ? engine->wires[ghost->source[w]] : ghost->base[w];
  }
  for (uint32_t i = 0; i < ghost->part_count; i++) {
    run_part(worker, ghost, &ghost->parts[i], from, block, frames);
  }
  for (uint32_t i = 0; i < ghost->fade_count; i++) {
    const PhFade *fade = &ghost->fades[i];
    const size_t at = (size_t)block * engine->window.block_frames * fade->lanes;
    blend(ghost->wires[fade->from] + at, engine->wires[fade->to] + at, fade->lanes, from - ghost->begin, ghost->frames, frames);
  }
}

void ph_ghost_leave(const PhEngine *engine, const PhLeaving *leaving, uint32_t frames, float *out)
{
  const PhGhost *ghost = leaving->strand == PH_NO_STRAND ? NULL : engine->strands[leaving->strand].ghost;
  const float *old = !ghost ? NULL : ghost->source[leaving->wire] >= 0 ? engine->wires[ghost->source[leaving->wire]] : ghost->base[leaving->wire];
  for (uint32_t f = 0; old && f < frames; f++, old += PH_LANES_BUS) {
    const float share = share_at(engine->window.begin + f - ghost->begin, ghost->frames);
    for (uint32_t side = 0; side < 2; side++) {
      const float x = old[side];
      out[2 * f + side] = share == 1.0f || !(x > -1e18f && x < 1e18f) ? 0 : x - x * share;
    }
  }
}

void ph_ghost_arrive(const PhEngine *engine, uint32_t frames, float *stem)
{
  const uint32_t length = (uint32_t)floor(PH_SWAP_SEC * engine->plan->sample_rate + 0.5);
  for (uint32_t f = 0; f < frames; f++) {
    const float share = share_at(engine->window.begin + f - (engine->fade_end - length), length);
    stem[2 * f] *= share;
    stem[2 * f + 1] *= share;
  }
}

void ph_ghost_free(PhGhost *ghost)
{
  if (!ghost) {
    return;
  }
  for (uint32_t i = 0; i < ghost->part_count; i++) {
    ph_strand_pools_free(&ghost->parts[i].state, ghost->instruments);
    ph_strand_state_deinit(&ghost->parts[i].state);
    free(ghost->parts[i].now);
  }
  free(ghost->parts);
  free(ghost->source);
  free(ghost->base);
  free(ghost->wires);
  free(ghost->memory);
  free(ghost->fades);
  free(ghost);
}
