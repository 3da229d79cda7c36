/* Note and chord names: shared by the mini-notation and the harmony functions.  SPDX-License-Identifier: MIT */
#ifndef PH_PATTERN_NOTE_H
#define PH_PATTERN_NOTE_H

#include "pattern/pattern.h"

#define PH_CHORD_MAX 64 /* notes of one chord */

/* A chord type: its names, separated by spaces (Tidal's first), and its notes in semitones from the root. */
typedef struct PhChordType {
  const char *names;
  int8_t notes[8];
  uint8_t count;
} PhChordType;

const PhChordType *ph_chord_types(size_t *count);
/* By any of its names; NULL if there is none. */
const PhChordType *ph_chord_find(PhStr name);
/* The known name that is nearest to a misspelt one; NULL if none is near. */
const char *ph_chord_nearest(PhStr name, size_t *len);

/* Applies modifiers ("5": number of notes, "i", "ii", "i2": inversions, "o": open, "d1": drop) to notes[0…*count) in place.
   False: it is not a modifier. */
bool ph_chord_modify(PhStr modifier, double *notes, size_t *count);

/* Chords out of patterns of roots, of names and of modifiers, joined as Tidal's `chord`; an unknown name is silence, or in
   Tidal's dialect the root alone. At most PH_CHORD_MODIFIERS. */
#define PH_CHORD_MODIFIERS 16
const PhPat *ph_pat_chord(PhBuild *build, const PhPat *root, const PhPat *name, const PhPat *const *modifiers,
                          size_t count);

#endif
