/* The clock of MIDI (MIDI 1.0, "System Real Time"): 24 ticks a quarter, start, stop and continue; sent, and followed.
   SPDX-License-Identifier: MIT */
#ifndef PH_IO_MIDI_CLOCK_H
#define PH_IO_MIDI_CLOCK_H

#include "io/midi_queue.h"

enum {
  PH_MIDI_TICKS_QUARTER = 24,
  PH_MIDI_TICKS_SIXTEENTH = 6,
  PH_MIDI_SONG_POSITION = 0xF2,
  PH_MIDI_TICK = 0xF8,
  PH_MIDI_START = 0xFA,
  PH_MIDI_CONTINUE = 0xFB,
  PH_MIDI_STOP = 0xFC
};

/* ---- out ---- */

/* The frame of a time in cycles (ph_engine_frame_of_cycle): ticks follow every change of tempo. */
typedef int64_t PhMidiFrameOf(void *ctx, PhRat cycle);

typedef struct PhMidiClockOut {
  uint32_t quarters; /* of a cycle: 4 */
  bool running;
  int64_t tick; /* the next one, counted from cycle 0 */
} PhMidiClockOut;

/* [control] Puts the ticks before `to` into the queue. The first call looks for the first cycle that begins at `from` or later, near
   `cycle`, and puts a start there, before its tick. */
PH_NODISCARD PhStatus ph_midi_clock_out(PhMidiClockOut *clock, PhMidiQueue *queue, int64_t from, int64_t to,
                                        double cycle, PhMidiFrameOf *frame_of, void *ctx);
/* [control] A stop, if it runs. The next call of ph_midi_clock_out starts it anew. */
PH_NODISCARD PhStatus ph_midi_clock_stop(PhMidiClockOut *clock, PhMidiQueue *queue, int64_t frame);

/* ---- in ---- */

/* Follows ticks that come with a jitter of milliseconds, by a delay-locked loop of second order (Adriaensen, "Using a DLL to filter time",
   2005) of 0.5 Hz. Times are seconds of any clock that runs on. Zero-initialise. */
typedef struct PhMidiClockIn {
  bool running;    /* started, and not stopped */
  uint64_t ticks;  /* since the start: of the last tick */
  double last_sec; /* when it came */
  double filtered_sec, period_sec,
      next_sec;     /* of the loop: the last tick, its period, and where the next one is expected */
  uint32_t settled; /* ticks that the loop has seen */
  bool starts;      /* the next tick is number 0 */
  double told;      /* the last answer of ph_midi_clock_quarters */
} PhMidiClockIn;

/* [any] A byte of the clock, and when it came. Others are ignored. */
void ph_midi_clock_in(PhMidiClockIn *clock, uint8_t byte, double sec);
/* [any] The song position in sixteenths: what continues begins there. */
void ph_midi_clock_position(PhMidiClockIn *clock, uint32_t sixteenths);
/* [any] Quarters a minute; 0 while it is not known, or no tick has come for half a second. */
double ph_midi_clock_bpm(const PhMidiClockIn *clock, double sec);
/* [any] Quarters since the start, at a time: between ticks it goes on, and it never goes back. */
double ph_midi_clock_quarters(PhMidiClockIn *clock, double sec);

#endif
