/* Scales by name.  SPDX-License-Identifier: MIT */
#ifndef PH_PATTERN_SCALE_H
#define PH_PATTERN_SCALE_H

#include "pattern/pattern.h"

#define PH_SCALE_MOST 12 /* degrees of a scale with a name */

/* A scale: its names, separated by spaces (Tidal's first), and its degrees in semitones from the root. */
typedef struct PhScaleType {
  const char *names;
  float notes[PH_SCALE_MOST];
  uint8_t count;
} PhScaleType;

const PhScaleType *ph_scale_types(size_t *count);
/* By any of its names; NULL if there is none. */
const PhScaleType *ph_scale_find(PhStr name);
/* The known name nearest to a misspelt one; empty if none is near. */
PhStr ph_scale_nearest(PhStr name);
/* The note of a degree, counted from 0 and beyond the octave in both directions; count > 0. */
double ph_scale_note(const double *notes, size_t count, double octave, int64_t degree);

#endif
