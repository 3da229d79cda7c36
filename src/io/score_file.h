/* Events as files: CSV, Standard MIDI Files, and a piano roll as a picture.  All [control].
   SPDX-License-Identifier: MIT */
#ifndef PH_IO_SCORE_FILE_H
#define PH_IO_SCORE_FILE_H

#include "base/base.h"
#include "pattern/pattern.h"

/* One event with its onset inside the span that was asked for. */
typedef struct PhScoreRow {
  uint32_t track;       /* index of PhScore.tracks */
  PhRat begin, end;     /* of the whole, in cycles */
  PhValue value;
} PhScoreRow;

typedef struct PhScoreTempo {
  PhRat cycle;
  double cps;
} PhScoreTempo;

/* What is written: rows in order of onset, at least one tempo, the first at or before `from`. */
typedef struct PhScore {
  const char *const *tracks;
  uint32_t track_count;
  const PhScoreRow *rows;
  size_t row_count;
  const PhScoreTempo *tempos;
  size_t tempo_count;
  PhRat from, to;
  const char *title;
} PhScore;

/* Seconds from score->from to a time. */
double ph_score_seconds(const PhScore *score, PhRat cycle);

/* track,begin,end (exact),seconds,duration,then one column per control. RFC 4180. */
void ph_score_csv(const PhScore *score, PhText *out);

/* A Standard MIDI File of format 1: a tempo track, then a track per output; 4 quarters a cycle, 960 ticks a quarter.
   `note`, `midinote`, `n` or the value itself give the key; known drum names go to channel 10 by the General MIDI drum map,
   other sounds without a note become key 60 on their track's channel. `*unsaid`: events whose controls a MIDI file cannot
   say (they are written without them). */
PH_NODISCARD PhStatus ph_score_midi(const PhScore *score, const char *path, size_t *unsaid);

/* A piano roll, to a path that ends in .svg or .png. */
PH_NODISCARD PhStatus ph_score_plot(const PhScore *score, const char *path);

/* The number of a control of an event, if it has it and it is one. */
bool ph_score_number(const PhValue *value, const char *name, double *out);
/* What an event is called on a picture: its sound, or its note. */
void ph_score_label(const PhValue *value, PhText *out);

#endif
