/* The clock of MIDI.  SPDX-License-Identifier: MIT */
#include "io/midi_clock.h"

#include <math.h>

#define LOOP_HZ 0.5
#define LOST_SEC 0.5
#define TWO_PI 6.283185307179586
#define SQRT2 1.4142135623730951

enum { SETTLED_TICKS = 2, FAST_TICKS = PH_MIDI_TICKS_QUARTER, LONG_PERIODS = 4 };

/* ---- out ---- */

static PhStatus put(PhMidiQueue *queue, int64_t frame, uint8_t byte)
{
  const PhMidiMessage message = { frame, 1, { byte } };
  return ph_midi_queue_put(queue, &message);
}

static PhRat cycle_of(const PhMidiClockOut *clock, int64_t tick)
{
  return ph_rat_div(PH_RAT_INT(tick), PH_RAT_INT((int64_t)PH_MIDI_TICKS_QUARTER * clock->quarters));
}

PhStatus ph_midi_clock_out(PhMidiClockOut *clock, PhMidiQueue *queue, int64_t from, int64_t to, double cycle,
                           PhMidiFrameOf *frame_of, void *ctx)
{
  if (clock->quarters == 0 || !(cycle > -1e12 && cycle < 1e12)) {
    return PH_ARG;
  }
  const bool starts = !clock->running;
  if (starts) {
    int64_t first = (int64_t)floor(cycle);
    while (frame_of(ctx, PH_RAT_INT(first)) < from) {
      first++;
    }
    if (frame_of(ctx, PH_RAT_INT(first)) >= to) {
      return PH_OK; /* not in this span yet */
    }
    clock->tick = first * PH_MIDI_TICKS_QUARTER * clock->quarters;
    clock->running = true;
  }
  PhStatus status = starts ? put(queue, frame_of(ctx, cycle_of(clock, clock->tick)), PH_MIDI_START) : PH_OK;
  for (int64_t frame; status == PH_OK && (frame = frame_of(ctx, cycle_of(clock, clock->tick))) < to; clock->tick++) {
    status = put(queue, frame < from ? from : frame, PH_MIDI_TICK);
  }
  return status;
}

PhStatus ph_midi_clock_stop(PhMidiClockOut *clock, PhMidiQueue *queue, int64_t frame)
{
  const bool stops = clock->running;
  clock->running = false;
  return stops ? put(queue, frame, PH_MIDI_STOP) : PH_OK;
}

/* ---- in ---- */

/* A first guess: the loop begins at the tick before, with the distance of both. */
static void begin_loop(PhMidiClockIn *clock, double sec)
{
  clock->period_sec = clock->settled ? sec - clock->last_sec : 0;
  clock->filtered_sec = sec;
  clock->next_sec = sec + clock->period_sec;
  clock->settled = clock->settled ? SETTLED_TICKS : 1;
}

static void tick(PhMidiClockIn *clock, double sec)
{
  if (clock->running && !clock->starts) {
    clock->ticks++;
  }
  clock->starts = false;
  const double error = sec - clock->next_sec;
  if (sec - clock->last_sec > LOST_SEC) {
    clock->settled = 0;
  }
  if (clock->settled < SETTLED_TICKS || fabs(error) > LONG_PERIODS * clock->period_sec) {
    begin_loop(clock, sec);
  } else {
    /* The mean of the first ticks is the best that is known of the period; then the loop narrows to its band. */
    const double hz = clock->settled < FAST_TICKS ? 1 / (4 * clock->period_sec * clock->settled) : LOOP_HZ;
    const double omega = TWO_PI * (hz > LOOP_HZ ? hz : LOOP_HZ) * clock->period_sec;
    const double damped = omega < 0.7 ? omega : 0.7;
    clock->filtered_sec = clock->next_sec + SQRT2 * damped * error;
    clock->next_sec += SQRT2 * damped * error + clock->period_sec;
    clock->period_sec += damped * damped * error;
    clock->settled++;
  }
  clock->last_sec = sec;
}

void ph_midi_clock_in(PhMidiClockIn *clock, uint8_t byte, double sec)
{
  switch (byte) {
  case PH_MIDI_TICK:
    tick(clock, sec);
    break;
  case PH_MIDI_START:
    clock->ticks = 0;
    clock->told = 0;
    clock->starts = true;
    clock->running = true;
    break;
  case PH_MIDI_CONTINUE:
    clock->starts = !clock->running; /* the tick that follows is the one where it stopped */
    clock->running = true;
    break;
  case PH_MIDI_STOP:
    clock->running = false;
    break;
  default:
    break;
  }
}

void ph_midi_clock_position(PhMidiClockIn *clock, uint32_t sixteenths)
{
  clock->ticks = (uint64_t)sixteenths * PH_MIDI_TICKS_SIXTEENTH;
  clock->told = sixteenths * (double)PH_MIDI_TICKS_SIXTEENTH / PH_MIDI_TICKS_QUARTER;
  clock->starts = clock->running; /* it jumps: the next tick is there */
}

double ph_midi_clock_bpm(const PhMidiClockIn *clock, double sec)
{
  const bool known = clock->settled >= SETTLED_TICKS && sec - clock->last_sec < LOST_SEC && clock->period_sec > 0;
  return known ? 60 / (PH_MIDI_TICKS_QUARTER * clock->period_sec) : 0;
}

double ph_midi_clock_quarters(PhMidiClockIn *clock, double sec)
{
  double ticks = (double)clock->ticks;
  if (clock->running && !clock->starts && clock->settled >= SETTLED_TICKS && sec - clock->last_sec < LOST_SEC) {
    ticks += (sec - clock->filtered_sec) / clock->period_sec;
  }
  const double quarters = ticks / PH_MIDI_TICKS_QUARTER;
  clock->told = quarters > clock->told ? quarters : clock->told;
  return clock->told;
}
