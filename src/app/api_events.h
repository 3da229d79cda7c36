/* The insides of PhononEvents, for what is made of them: MIDI files and pictures. Not for the program.
   SPDX-License-Identifier: MIT */
#ifndef PH_APP_API_EVENTS_H
#define PH_APP_API_EVENTS_H

#include "app/api.h"

enum { PH_API_TRACK_NAME_BYTES = 16, PH_API_CHORD_MAX = 16 };

/* A pattern of an output: one that is played, or one whose values drive a parameter of a unit. */
typedef struct PhApiTrack {
  char name[PH_API_TRACK_NAME_BYTES]; /* of the output; "" of an expression */
  uint32_t output;
  const PhPat *pat;
  PhSource at;
  const PhFunc *func; /* NULL: played, or an expression */
  const PhParam *param;
} PhApiTrack;

/* What is known of an event besides its PhononEvent. */
typedef struct PhApiDetail {
  uint32_t track;
  PhValue value;
  PhSource source;
} PhApiDetail;

struct PhononEvents {
  PhArena arena;
  const PhononProgram *program;
  PH_ARRAY(PhApiTrack) tracks;
  PH_ARRAY(PhononEvent) items;
  PH_ARRAY(PhApiDetail) details; /* of the items */
  size_t querying;               /* track, for what a limit is met by */
};

/* What an event sounds like: for people and for MIDI, not for the engine. */
typedef struct PhApiNote {
  const char *sound; /* "": none is named */
  double n;          /* the sample, if the sound is one */
  bool is_note;      /* it has a pitch of its own: note, freq, or a frequency that drives an oscillator */
  bool has_n;        /* …or only `n`, which may be one */
  uint32_t key_count;
  double keys[PH_API_CHORD_MAX]; /* MIDI keys, 60 is c4; not rounded */
  double level;                  /* gain · amp, 1 if not given */
  double velocity;               /* negative: not given */
  double legato;                 /* of the event's length; negative: not given */
  double sustain_sec;            /* negative: not given */
} PhApiNote;

/* [control] False: the event is not a note but a value of some parameter. */
bool ph_api_note(const PhononEvents *events, size_t index, PhApiNote *out);
/* [control] Cycles per second at a time. */
double ph_api_events_cps(PhononEvents *events, PhRat time);

#endif
