/* Events as MIDI messages in order of time: every note that begins ends, whatever happens.  SPDX-License-Identifier: MIT */
#ifndef PH_IO_MIDI_QUEUE_H
#define PH_IO_MIDI_QUEUE_H

#include "engine/engine.h"

enum { PH_MIDI_CHANNELS = 16, PH_MIDI_KEYS = 128, PH_MIDI_EVENT_MOST = 24 };

/* A message of the channels (MIDI 1.0), or one byte of the clock. */
typedef struct PhMidiMessage {
  int64_t frame;
  uint8_t size; /* 1 to 3 */
  uint8_t bytes[3];
} PhMidiMessage;

/* What waits for one port. */
typedef struct PhMidiWaiting {
  PhMidiMessage message;
  uint64_t order;
  uint32_t note; /* of a note-off: which note it ends */
} PhMidiWaiting;

typedef struct PhMidiQueue {
  PhMidiWaiting *heap;
  size_t len, cap;
  uint64_t order;
  uint32_t notes;                                    /* so far */
  uint32_t sounding[PH_MIDI_CHANNELS][PH_MIDI_KEYS]; /* which note holds the key; 0: none */
  PhMidiMessage next;                                /* a note-on that waits behind the note-off of its own key */
  uint32_t next_note;                                /* 0: there is none */
} PhMidiQueue;

/* [control] Zero-initialise. */
void ph_midi_queue_deinit(PhMidiQueue *queue);
/* [control] What an event says, in this order on its frame: program, controllers, bend, pressure, note; and the end of the note.
   Key 60 is note 0. Velocity is `velocity` (0 to 1; else 0.8) times `gain`, channels are counted from 1. An event without a note, but with `s`,
   has the key of that drum of General MIDI, if it is one. A `midicmd` of noteOn sends the note, noteOff its end;
   start, stop, continue, midiClock, reset, songPtr (to `songPtr`) and allNotesOff send that, any other one no note. */
PH_NODISCARD PhStatus ph_midi_queue_event(PhMidiQueue *queue, const PhSinkEvent *event, double sample_rate);
/* [control] Any message. */
PH_NODISCARD PhStatus ph_midi_queue_put(PhMidiQueue *queue, const PhMidiMessage *message);
/* [control] The next message before `frame`. A key that is struck while it is held is let go first, on that frame. */
bool ph_midi_queue_take(PhMidiQueue *queue, int64_t frame, PhMidiMessage *out);
/* [control] Forgets what waits, and lets go of every key that is held, at `frame`: take until there is nothing more. */
PH_NODISCARD PhStatus ph_midi_queue_panic(PhMidiQueue *queue, int64_t frame);

#endif
