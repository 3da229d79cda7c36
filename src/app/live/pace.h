/* The tempo beside the text: one that comes from outside, and shifts of the beat, which are short changes of tempo. The control thread says what it
   is to be; the thread that renders tells the engine, on a frame that the session has.  SPDX-License-Identifier: MIT */
#ifndef PH_APP_LIVE_PACE_H
#define PH_APP_LIVE_PACE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Of a tempo from outside, in cycles per second. */
#define OUTSIDE_LEAST 0.05
#define OUTSIDE_MOST 20.0

typedef struct Pace {
  /* Written by the control thread. */
  _Atomic double wanted_cps;    /* from outside; 0: the text's own */
  _Atomic int64_t wanted_shift; /* frames by which the beat was to come earlier so far: only ever added to */
  /* The thread's that renders. */
  double outside_cps, held_cps; /* what was taken of wanted_cps; what the engine was told */
  int64_t taken_shift;          /* those that have begun */
  int64_t until;                /* the frame where the shift that runs ends */
  double base_cps, factor;      /* the tempo that it changes, if none comes from outside, and to how much of it; factor 1: none runs */
  /* Written by it. */
  atomic_bool is_shifting;
} Pace;

struct Stage;

/* [control] From the next frame that is rendered on the tempo comes from outside, OUTSIDE_LEAST to OUTSIDE_MOST, whatever the text says; 0: it is
   the text's again. It is no edit: it costs little, may change many times a second, and is in the session. */
void stage_tempo(struct Stage *stage, double cps);
/* [control] What is to come, comes so many seconds earlier (below 0: later): the tempo is 10 % off for as long as that takes, 25 % for more than 0.1 s. */
void stage_shift(struct Stage *stage, double sec);
/* [render] Tells the engine what is due at the next frame; gives the frames until the next thing is, at most `most`. */
uint32_t stage_pace(struct Stage *stage, uint32_t most);
/* [render] Tells an engine that took the place of one that failed. */
void stage_pace_anew(struct Stage *stage);

#endif
