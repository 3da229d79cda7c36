/* The tempo map: exact frames of rational times.  SPDX-License-Identifier: MIT */
#ifndef PH_ENGINE_TEMPO_H
#define PH_ENGINE_TEMPO_H

#include "base/base.h"
#include "pattern/pattern.h"

/* From `cycle` on the tempo is `cps`, until the next piece. `cycle` falls on frame + fraction / 2^32. */
typedef struct PhTempoPiece {
  PhRat cycle;
  PhRat cps;
  PhRat step;            /* cycles per frame */
  int64_t frame;
  uint32_t fraction;
} PhTempoPiece;

/* Pieces are made cycle by cycle from the start, whatever is asked for, so a frame never depends on who asked first.
   Neighbours of equal tempo are one piece: a constant tempo is one piece, and its frames are exact for ever. */
typedef struct PhTempo {
  PhRat sample_rate;
  PhRat start;
  const PhPat *pat;      /* NULL: constant */
  const PhPat *told;     /* steps that follow this pattern have the tempo of the map instead; NULL: none */
  PhRat told_cps;        /* what those are told, and events are made with, whatever the map says; den 0: the map's */
  int64_t origin;        /* the frame of `start` */
  uint64_t seed;
  PhTempoPiece *pieces;
  size_t len, cap;
  PhRat changed;         /* the pattern holds from here on: what it says of earlier times counts from here */
  PhRat known;           /* the pieces are right before this cycle */
  int64_t known_frame;   /* and before this frame */
  PhStatus status;       /* of the first thing that went wrong; the last tempo then goes on */
} PhTempo;

/* [control] A map that follows the pattern from `start`, which is frame 0. */
PH_NODISCARD PhStatus ph_tempo_init(PhTempo *tempo, double sample_rate, const PhPat *pat, uint64_t seed, PhRat start);
/* [control] From the time `at` on the map follows another pattern; before, nothing changes. Where both have the same tempi, the map
   stays as it is, bit for bit. */
PH_NODISCARD PhStatus ph_tempo_follow(PhTempo *tempo, const PhPat *pat, uint64_t seed, PhRat at);
/* [control] From the time `at` on the tempo is `cps`, until it follows a pattern again; before, nothing changes. */
PH_NODISCARD PhStatus ph_tempo_hold(PhTempo *tempo, PhRat cps, PhRat at);
/* [control] From the frame on the time is `cycle`, and goes on from there; to be followed by ph_tempo_hold or ph_tempo_follow at that time. What was
   before is before it by that tempo. */
void ph_tempo_locate(PhTempo *tempo, PhRat cycle, int64_t frame);
/* [control] A map of one tempo. */
PH_NODISCARD PhStatus ph_tempo_init_constant(PhTempo *tempo, PhRat sample_rate, PhRat cps);
void ph_tempo_deinit(PhTempo *tempo);
/* [control] The frame nearest a time, halves up. Makes pieces as needed. Times before the start have negative frames. */
int64_t ph_tempo_frame(PhTempo *tempo, PhRat cycle);
/* [control] The tempo at a time, and what events of that time are told. */
PhRat ph_tempo_cps(PhTempo *tempo, PhRat cycle);
PhRat ph_tempo_told(PhTempo *tempo, PhRat cycle);
/* [control] The time of a frame: for people, and exactly enough (2^-8 frame) for continuous patterns. */
double ph_tempo_cycle(PhTempo *tempo, int64_t frame);
PhRat ph_tempo_instant(PhTempo *tempo, int64_t frame, double *cps);

#endif
