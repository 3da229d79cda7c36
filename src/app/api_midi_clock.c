/* The public interface: a clock of MIDI that is followed.  SPDX-License-Identifier: MIT */
#include "app/api_midi_clock.h"

#include <string.h>

enum { QUARTERS = 4, SIXTEENTHS = 16, SETTLED = 6 };

static double sec_of(const PhApiMidiClock *clock, int64_t frame) { return (double)frame / clock->rate; }

static void push(PhApiMidiClock *clock, PhononMidiTransport transport)
{
  if (clock->count == PH_API_TRANSPORTS) { /* nobody takes them: the last ones count */
    memmove(clock->waiting, clock->waiting + 1, (PH_API_TRANSPORTS - 1) * sizeof *clock->waiting);
    clock->count--;
  }
  clock->waiting[clock->count++] = transport;
}

/* The tick that a start waited for. */
static void begin(PhApiMidiClock *clock, int64_t frame)
{
  clock->begins = false;
  clock->is_stopped = false;
  clock->is_placed |= clock->has_place;
  const int64_t sixteenths = (int64_t)(clock->in.ticks / PH_MIDI_TICKS_SIXTEENTH);
  push(clock,
       (PhononMidiTransport){ .frame = frame, .goes_on = !clock->has_place, .cycle = { sixteenths, SIXTEENTHS } });
  clock->has_place = false;
}

void ph_api_midi_clock_take(PhApiMidiClock *clock, const PhMidiMessage *message)
{
  const uint8_t byte = message->bytes[0];
  if (message->size == 3 && byte == PH_MIDI_SONG_POSITION) {
    ph_midi_clock_position(&clock->in, (uint32_t)(message->bytes[2] & 127) << 7 | (message->bytes[1] & 127));
    clock->has_place = true;
    return;
  }
  ph_midi_clock_in(&clock->in, byte, sec_of(clock, message->frame));
  switch (byte) {
  case PH_MIDI_TICK:
    clock->last = message->frame;
    if (clock->begins) {
      begin(clock, message->frame);
    }
    break;
  case PH_MIDI_START:
    clock->begins = clock->has_place = true;
    break;
  case PH_MIDI_CONTINUE:
    clock->begins = clock->is_stopped || clock->has_place || !clock->is_placed;
    break;
  case PH_MIDI_STOP:
    clock->begins = false;
    clock->is_stopped = true;
    push(clock, (PhononMidiTransport){ .frame = message->frame, .stops = true });
    break;
  default:
    break;
  }
}

void ph_api_midi_clock_say(PhApiMidiClock *clock, int64_t now, int64_t at, PhononMidiClock *out)
{
  const double bpm = clock->in.settled < SETTLED ? 0 : ph_midi_clock_bpm(&clock->in, sec_of(clock, now));
  int state = atomic_load_explicit(&clock->state, memory_order_relaxed);
  if (clock->is_stopped) {
    state = CLOCK_STOPPED;
  } else if (bpm > 0) {
    state = clock->in.running ? CLOCK_RUNS : CLOCK_TICKS;
  } else if (state == CLOCK_TICKS || state == CLOCK_RUNS) {
    state = CLOCK_LOST;
    clock->is_placed = false; /* nobody knows how many ticks were lost */
  }
  atomic_store_explicit(&clock->bpm, bpm, memory_order_relaxed);
  atomic_store_explicit(&clock->state, state, memory_order_release);
  *out = (PhononMidiClock){ .cps = bpm / 60 / QUARTERS,
                            .runs = state == CLOCK_RUNS && clock->is_placed && !clock->begins };
  if (out->runs) {
    const double ahead = sec_of(clock, at) - sec_of(clock, now);
    out->cycle = (ph_midi_clock_quarters(&clock->in, sec_of(clock, now)) + ahead * bpm / 60) / QUARTERS;
  }
}

bool ph_api_midi_clock_transport(PhApiMidiClock *clock, PhononMidiTransport *out)
{
  if (clock->count == 0) {
    return false;
  }
  *out = clock->waiting[0];
  clock->count--;
  memmove(clock->waiting, clock->waiting + 1, clock->count * sizeof *clock->waiting);
  return true;
}

bool ph_api_midi_clock_news(PhApiMidiClock *clock, PhononMidiNews *news)
{
  const int before = clock->told, state = atomic_load_explicit(&clock->state, memory_order_acquire);
  if (state == before) {
    return false;
  }
  clock->told = state;
  news->name = "";
  news->bpm = atomic_load_explicit(&clock->bpm, memory_order_relaxed);
  const bool was_gone = before == CLOCK_NONE || before == CLOCK_LOST;
  news->what = state == CLOCK_LOST      ? PHONON_MIDI_CLOCK_LOST
               : state == CLOCK_STOPPED ? PHONON_MIDI_CLOCK_STOPS
               : was_gone               ? PHONON_MIDI_CLOCK
                                        : PHONON_MIDI_CLOCK_STARTS;
  return true;
}
