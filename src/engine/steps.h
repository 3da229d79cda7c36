/* Step signals in time: patterns as changes of numbers at frames.  SPDX-License-Identifier: MIT */
#ifndef PH_ENGINE_STEPS_H
#define PH_ENGINE_STEPS_H

#include "engine/engine.h"
#include "engine/tempo.h"

enum {
  PH_TRACK_CHANNELS = 16,
};

/* The changes of one step signal, made cycle by cycle. `tempo` is the program's map, or a voice's own of one tempo. */
typedef struct PhTrack {
  const PhStep *step;
  PhTempo *tempo;
  PhRat next;                         /* changes before this time are known */
  uint32_t channels;
  float current[PH_TRACK_CHANNELS];
  float sign;                         /* of the last gate */
  bool resumed;                       /* it goes on from values that it had: it looks for no first one */
  int64_t *frames;                    /* len of them, ascending */
  float *values;                      /* [len][channels] */
  size_t len, cap;
} PhTrack;

/* The tracks of an instrument's steps at one tempo, shared by its voices. */
typedef struct PhVoiceTracks {
  PhTempo tempo;
  PhTrack *tracks;
  uint32_t track_count;
  uint32_t users;
  const PhPlan *plan;                 /* whose patterns they follow */
} PhVoiceTracks;

/* A slot takes a value at a frame. */
typedef struct PhCut {
  int64_t frame;
  uint32_t slot;
  uint32_t order;
  float value;
} PhCut;

typedef PH_ARRAY(PhCut) PhCuts;       /* items are malloc'ed */

/* What making patterns into numbers needs. The arena has the conductor's trap. */
typedef struct PhQuerier {
  PhArena arena;
  uint64_t seed;
  bool tidal;
  PhSource at;                /* of what is queried: where a limit is met */
} PhQuerier;

void ph_track_init(PhTrack *track, const PhStep *step, PhTempo *tempo, PhRat start);
void ph_track_deinit(PhTrack *track);
/* [control] Makes all changes before `frame` known. */
void ph_track_reach(PhTrack *track, PhQuerier *querier, int64_t frame);
/* [control] A track that begins with the cycle of `frame`, in the middle of the music: makes its changes up to the frame known and
   forgets those before. `before` is what it takes the place of, or NULL; `values` are the ones that it had at the frame, or
   the initial ones, and become the ones that it has. */
void ph_track_resume(PhTrack *track, PhQuerier *querier, int64_t frame, const PhTrack *before, float *values);
/* [control] The tempo has changed at the frame: all that comes from there on is made anew, from the time `begin` on, which is the beginning of
   the cycle of the frame. `values` are those that the signal has. */
void ph_track_retime(PhTrack *track, PhQuerier *querier, int64_t frame, PhRat begin, const float *values);
/* [control] A step that the engine sets: has the value from the frame on, which is not before the last one. */
void ph_track_put(PhTrack *track, PhQuerier *querier, int64_t frame, float value);
/* [control] Forgets changes before `frame`. */
void ph_track_forget(PhTrack *track, int64_t frame);
/* [control] Values of a continuous pattern at frames [from, to) into a bus wire. Spans follow one another. */
void ph_track_fill(PhTrack *track, PhQuerier *querier, int64_t from, int64_t to, float *wire);
/* [control] Semitones, Hz or plain numbers of a value: chords give several. `most` at most. */
uint32_t ph_value_numbers(const PhValue *value, PhStepUse use, bool tidal, double *out, uint32_t most);
double ph_note_hz(double semitones, bool tidal);

#endif
