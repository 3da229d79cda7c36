/* Inside the public interface: the clock of MIDI that comes in.  SPDX-License-Identifier: MIT */
#ifndef PH_APP_API_MIDI_CLOCK_H
#define PH_APP_API_MIDI_CLOCK_H

#include <stdatomic.h>

#include "app/api.h"
#include "io/midi_clock.h"

enum { PH_API_TRANSPORTS = 16 };

typedef enum PhApiClockState { CLOCK_NONE, CLOCK_TICKS, CLOCK_RUNS, CLOCK_STOPPED, CLOCK_LOST } PhApiClockState;

/* Belongs to the thread that renders, but what it says to the other one. Zero-initialise. */
typedef struct PhApiMidiClock {
  double rate; /* frames per second. Set before the first message */
  PhMidiClockIn in;
  bool begins;    /* the next tick is that of a start or continue */
  bool is_placed; /* where the clock is, is known */
  bool has_place; /* a song position came since it stopped, or it starts from the beginning */
  bool is_stopped;
  int64_t last; /* the frame of the last tick */
  PhononMidiTransport waiting[PH_API_TRANSPORTS];
  uint32_t count;
  _Atomic int state; /* PhApiClockState */
  _Atomic double bpm;
  int told; /* the control thread's: the state that it has told */
} PhApiMidiClock;

/* [the thread that renders] */
void ph_api_midi_clock_take(PhApiMidiClock *clock, const PhMidiMessage *message);
void ph_api_midi_clock_say(PhApiMidiClock *clock, int64_t now, int64_t at, PhononMidiClock *out);
bool ph_api_midi_clock_transport(PhApiMidiClock *clock, PhononMidiTransport *out);
/* [control] */
bool ph_api_midi_clock_news(PhApiMidiClock *clock, PhononMidiNews *news);

#endif
