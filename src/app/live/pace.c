/* The tempo beside the text.  SPDX-License-Identifier: MIT */
#include <math.h>

#include "app/live/stage.h"

#define PARTS 1e6   /* of a cycle per second, as the engine has it: so the session says it whole */
#define SLIGHT 0.1  /* the tempo during a shift is so much off */
#define STRONG 0.25 /* during a long one */
#define LONG_SEC 0.1
#define LOOK_FRAMES 4096 /* the tempo of the text is measured over them */

static double limited(double cps)
{
  const double held = cps < OUTSIDE_LEAST ? OUTSIDE_LEAST : cps > OUTSIDE_MOST ? OUTSIDE_MOST : cps;
  return round(held * PARTS) / PARTS;
}

void stage_tempo(Stage *s, double cps)
{
  atomic_store_explicit(&s->pace.wanted_cps, cps == 0 ? 0 : limited(cps), memory_order_relaxed);
}

void stage_shift(Stage *s, double sec)
{
  atomic_fetch_add_explicit(&s->pace.wanted_shift, (int64_t)round(sec * s->job.file.sample_rate), memory_order_relaxed);
}

static double text_cps(Stage *s)
{
  const double cycles =
      stage_cycle_of(s->engine, s->base, s->at + LOOK_FRAMES) - stage_cycle_of(s->engine, s->base, s->at);
  return cycles * s->job.file.sample_rate / LOOK_FRAMES;
}

/* Ends the shift that is over, begins the one that waits. */
static void mind_shift(Stage *s)
{
  Pace *p = &s->pace;
  if (p->factor != 1 && s->at >= p->until) {
    p->factor = 1;
  }
  const int64_t shift = atomic_load_explicit(&p->wanted_shift, memory_order_relaxed) - p->taken_shift;
  if (p->factor == 1 && shift != 0) {
    const double frames = fabs((double)shift);
    const double part = frames > LONG_SEC * s->job.file.sample_rate ? STRONG : SLIGHT;
    p->base_cps = text_cps(s);
    p->factor = shift > 0 ? 1 + part : 1 - part;
    p->until = s->at + (int64_t)ceil(frames / part);
    p->taken_shift += shift;
  }
  atomic_store_explicit(&p->is_shifting, p->factor != 1, memory_order_relaxed);
}

uint32_t stage_pace(Stage *s, uint32_t most)
{
  Pace *p = &s->pace;
  if (!stage_can_note(s)) {
    return most; /* what could not be noted is not done */
  }
  mind_shift(s);
  p->outside_cps = atomic_load_explicit(&p->wanted_cps, memory_order_relaxed);
  const double base = p->outside_cps > 0 ? p->outside_cps : p->base_cps;
  const double cps = p->factor != 1 ? limited(base * p->factor) : p->outside_cps;
  if (cps != p->held_cps) {
    p->held_cps = cps;
    s->is_due_stale = true;
    (void)phonon_engine_tempo(s->engine, cps);
    stage_note(s, (Noted){ .kind = NOTED_TEMPO, .cps = cps });
  }
  return p->factor != 1 && p->until - s->at < most ? (uint32_t)(p->until - s->at) : most;
}

void stage_pace_anew(Stage *s) { (void)phonon_engine_tempo(s->engine, s->pace.held_cps); }
