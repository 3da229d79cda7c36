/* A clock of MIDI that is followed: tempo, start, stop and position. All on the thread that renders.  SPDX-License-Identifier: MIT */
#include <math.h>

#include "app/live/stage.h"

#define LOOK_SEC 0.05     /* between two changes of tempo */
#define CATCH_SEC 1.0     /* the time in which most of a difference goes */
#define CATCH_MOST 0.1    /* by which share the tempo differs for it at the most */
#define TEMPO_LEAST 1e-4  /* changes that are smaller are none */
#define APART_CYCLES 0.25 /* more than this, and time is put where the clock is */
#define PLACE_PARTS 1024  /* of a cycle: where it may be put */

static void take(Stage *s, const PhononMidiTransport *transport)
{
  if (transport->stops || transport->goes_on) {
    (void)phonon_engine_stand(s->engine, transport->stops);
    stage_note(s, (Noted){ .kind = NOTED_STAND, .stands = transport->stops });
  } else {
    (void)phonon_engine_locate(s->engine, transport->cycle);
    stage_note(s, (Noted){ .kind = NOTED_LOCATE, .cycle = transport->cycle });
  }
  s->stands = transport->stops;
  s->is_placed = !transport->stops;
  s->clock_next = s->at;
  s->is_due_stale = true;
  phonon_midi_send(s->midi, NULL, s->at, 1); /* a clock that goes out begins anew */
}

/* Starts and stops that are due, each as late as a key is; the frames until the next one. */
static uint32_t until_transport(Stage *s, uint32_t most)
{
  while (stage_can_note(s)) {
    s->has_transport = s->has_transport || phonon_midi_transport(s->midi, &s->transport);
    if (!s->has_transport) {
      return most;
    }
    const int64_t due = s->transport.frame + s->input_delay;
    if (due > s->at) {
      return due - s->at < most ? (uint32_t)(due - s->at) : most;
    }
    take(s, &s->transport);
    s->has_transport = false;
  }
  return most;
}

/* The clock's tempo; somewhat more or less of it until what is heard is where the clock is. */
static void follow(Stage *s, const PhononMidiClock *clock)
{
  double cps = clock->cps;
  if (clock->runs && s->is_placed && !s->stands) {
    const double apart = clock->cycle - stage_cycle_of(s->engine, s->base, s->at);
    const double delay = (double)(s->input_delay + s->latency) / s->job.file.sample_rate;
    if (fabs(apart) > APART_CYCLES + delay * cps) {
      const PhononTime cycle = { (int64_t)floor(clock->cycle * PLACE_PARTS + 0.5), PLACE_PARTS };
      take(s, &(PhononMidiTransport){ .cycle = cycle.num > 0 ? cycle : (PhononTime){ 0, 1 } });
    } else {
      const double most = CATCH_MOST * cps, change = apart / CATCH_SEC;
      cps += change < -most ? -most : change > most ? most : change;
    }
  }
  if (fabs(cps - s->pace.outside_cps) > TEMPO_LEAST * cps) {
    stage_tempo(s, cps);
  }
}

uint32_t stage_until_clock(Stage *s, uint32_t most)
{
  PhononMidiClock clock;
  if (!s->midi || !phonon_midi_clock(s->midi, s->at - s->input_delay, s->at + s->latency, &clock)) {
    return most;
  }
  const uint32_t count = until_transport(s, most);
  if (!s->has_transport && clock.cps > 0 && s->at >= s->clock_next && stage_can_note(s)) {
    s->clock_next = s->at + (int64_t)(LOOK_SEC * s->job.file.sample_rate);
    follow(s, &clock);
  }
  return count;
}
