/* A tempo that comes from outside while a plan plays, and where it is: a clock of MIDI, other players by Ableton Link. What is to come is made anew by the
   new tempo; what sounds stays as it is. All [control].  SPDX-License-Identifier: MIT */
#include <string.h>

#include "engine/internal.h"

enum { CPS_PARTS = 1000000 };

/* Time that stands still: a sixteenth of a cycle in seventeen hours. */
static const PhRat standstill = { 1, CPS_PARTS };

void ph_engine_follow_tempo(PhEngine *engine, PhRat at)
{
  const PhPlan *plan = engine->plan;
  const bool held = engine->held_cps.den != 0, stands = engine->stood_cps.den != 0;
  engine->tempo.told = held || stands ? plan->cps : NULL;
  engine->tempo.told_cps = !stands ? PH_RAT(0, 0) : held ? engine->held_cps : engine->stood_cps;
  const PhStatus status = stands ? ph_tempo_hold(&engine->tempo, standstill, at)
                          : held ? ph_tempo_hold(&engine->tempo, engine->held_cps, at)
                                 : ph_tempo_follow(&engine->tempo, plan->cps, plan->seed, at);
  if (status != PH_OK) {
    ph_trap_raise(&engine->trap, status, "the tempo: %s", ph_status_text(status));
  }
}

/* The values that the steps have, as the strands that read them see them. */
static float *step_values(PhEngine *engine)
{
  const PhPlan *plan = engine->plan;
  float *values = PH_NEWN(&engine->querier.arena, float, (size_t)(plan->step_count + 1) * PH_TRACK_CHANNELS);
  for (uint32_t s = 0; s < plan->strand_count; s++) {
    const PhStrand *strand = &plan->strands[s];
    for (uint32_t i = 0; strand->kind == PH_STRAND_CODE && i < strand->step_count; i++) {
      const PhStep *step = &plan->steps[strand->steps[i]];
      float *of = values + (size_t)strand->steps[i] * PH_TRACK_CHANNELS;
      for (uint32_t c = 0; !step->continuous && c < step->channels && c < PH_TRACK_CHANNELS; c++) {
        of[c] = engine->strands[s].slots[(size_t)(step->slot + c) * PH_LANES_BANK];
      }
    }
  }
  return values;
}

/* All that is to come, from the next frame on, which is the time `to`, or where it is anyway. */
static void retime(PhEngine *engine, const PhRat *to)
{
  double cps;
  const float *values = step_values(engine);
  const PhRat now = to ? *to : ph_tempo_instant(&engine->tempo, engine->frame, &cps);
  if (to) {
    ph_tempo_locate(&engine->tempo, now, engine->frame);
  }
  ph_engine_follow_tempo(engine, now);
  const PhRat begin = engine->frame > 0 || to ? ph_rat_floor(now) : engine->plan->start_cycle;
  for (uint32_t i = 0; i < engine->plan->step_count; i++) {
    ph_track_retime(&engine->tracks[i], &engine->querier, engine->frame, begin, values + (size_t)i * PH_TRACK_CHANNELS);
  }
  ph_score_restart(engine, engine->frame);
  engine->score.next = engine->frame > 0 ? engine->score.next : begin;
}

/* What comes from outside: the tempo, and whether time stands still. */
typedef struct Outside {
  PhRat held_cps, stood_cps;
} Outside;

static PhStatus change(PhEngine *engine, Outside outside, const PhRat *to)
{
  if (PH_TRAP_SET(&engine->trap) != 0) {
    return ph_engine_give_up(engine);
  }
  const PhArenaMark mark = ph_arena_mark(&engine->querier.arena);
  engine->held_cps = outside.held_cps;
  engine->stood_cps = outside.stood_cps;
  ph_engine_lock_tempo(engine);
  retime(engine, to);
  ph_engine_unlock_tempo(engine);
  ph_arena_release(&engine->querier.arena, mark);
  return PH_OK;
}

PhStatus ph_engine_tempo(PhEngine *engine, double cps)
{
  if (cps != 0 && !(cps >= PH_HELD_CPS_LEAST && cps <= PH_HELD_CPS_MOST)) {
    return PH_ARG;
  }
  const PhRat held = cps != 0 ? ph_rat((int64_t)(cps * CPS_PARTS + 0.5), CPS_PARTS) : PH_RAT(0, 0);
  if (engine->status != PH_OK) {
    return engine->status;
  }
  if (held.num == engine->held_cps.num && held.den == engine->held_cps.den) {
    return PH_OK;
  }
  return change(engine, (Outside){ held, engine->stood_cps }, NULL);
}

PhStatus ph_engine_stand(PhEngine *engine, bool stands)
{
  double cps;
  if (engine->status != PH_OK || stands == (engine->stood_cps.den != 0)) {
    return engine->status;
  }
  ph_engine_lock_tempo(engine);
  const PhRat now = ph_tempo_cps(&engine->tempo, ph_tempo_instant(&engine->tempo, engine->frame, &cps));
  ph_engine_unlock_tempo(engine);
  return change(engine, (Outside){ engine->held_cps, stands ? now : PH_RAT(0, 0) }, NULL);
}

PhStatus ph_engine_locate(PhEngine *engine, PhRat cycle)
{
  if (!ph_rat_ok(cycle) || ph_rat_lt(cycle, PH_RAT_INT(0))) {
    return PH_ARG;
  }
  return engine->status != PH_OK ? engine->status : change(engine, (Outside){ engine->held_cps, PH_RAT(0, 0) }, &cycle);
}
