/* Standard MIDI Files (MIDI 1.0, "Standard MIDI Files 1.0"), and which drum is which in General MIDI.
   SPDX-License-Identifier: MIT */
#ifndef PH_IO_MIDI_H
#define PH_IO_MIDI_H

#include "base/base.h"

enum {
  PH_MIDI_TICKS = 30240, /* of a quarter: 2^5 · 3^3 · 5 · 7. A division has 15 bits, and this is the most divisible one
                                      that keeps both 27ths and 128ths of a bar of four quarters exact */
  PH_MIDI_MOST_TICKS = 0x0FFFFFFF, /* of a pause: 28 bits */
  PH_MIDI_DRUM_CHANNEL = 9,        /* channel 10, as people count */
  /* Status bytes of messages to channel 1. */
  PH_MIDI_NOTE_OFF = 0x80,
  PH_MIDI_NOTE_ON = 0x90,
  PH_MIDI_KEY_PRESSURE = 0xA0,
  PH_MIDI_CONTROL = 0xB0,
  PH_MIDI_PROGRAM = 0xC0,
  PH_MIDI_PRESSURE = 0xD0,
  PH_MIDI_BEND = 0xE0,
};

typedef struct PhMidiNote {
  int64_t begin, end; /* ticks */
  uint8_t channel;    /* 0 to 15 */
  uint8_t key;        /* 0 to 127; 60 is c4 */
  uint8_t velocity;   /* 1 to 127 */
} PhMidiNote;

typedef PH_ARRAY(PhMidiNote) PhMidiNotes;

typedef struct PhMidiTrack {
  const char *name;
  PhMidiNotes notes;
} PhMidiTrack;

typedef struct PhMidiTempo {
  int64_t tick;
  uint32_t quarter_us; /* microseconds of a quarter, 1 to 2^24 - 1 */
} PhMidiTempo;

typedef struct PhMidiSong {
  const PhMidiTrack *tracks;
  size_t track_count;
  const PhMidiTempo *tempi; /* in order; the first one at tick 0 */
  size_t tempo_count;
  int64_t length; /* ticks: where every track ends, at least */
} PhMidiSong;

/* [control] Format 1: a track of tempi, then one for each of the song's. Two notes of a key on a channel cannot sound at once:
   the earlier one ends where the later one begins, and of two that begin together the louder one stays. `arena` is for work. */
PH_NODISCARD PhStatus ph_midi_write(const PhMidiSong *song, PhArena *arena, PhText *out, char *error);

/* A message of a channel, and when it comes. */
typedef struct PhMidiTimed {
  double sec;
  uint8_t size; /* 1 to 3 */
  uint8_t bytes[3];
} PhMidiTimed;

typedef struct PhMidiRead {
  PhMidiTimed *items; /* of all tracks, in order of time */
  size_t count;
  double length_sec;
} PhMidiRead;

/* [control] By the file's own map of tempi. `error` gets the reason why not. */
PH_NODISCARD PhStatus ph_midi_read(const char *path, PhMidiRead *out, char *error);
void ph_midi_read_free(PhMidiRead *read);

/* [any] The key of General MIDI's percussion for sample `n` of a bank, by the bank's name, which may begin with a machine's
   (`tr909_bd`). -1: that is no drum it knows. */
int ph_midi_drum(const char *bank, int64_t n);

#endif
