/* Scales by name: Tidal 1.10's, and a few that musicians miss among them. Semitones from the root; the Arabic ones have
   quarter tones.  SPDX-License-Identifier: MIT */
#include "pattern/scale.h"

#include <string.h>

static const PhScaleType types[] = {
  { "minPent yu minorPentatonic", { 0, 3, 5, 7, 10 }, 5 },
  { "majPent gong majorPentatonic pentatonic", { 0, 2, 4, 7, 9 }, 5 },
  { "ritusen zhi", { 0, 2, 5, 7, 9 }, 5 },
  { "egyptian shang", { 0, 2, 5, 7, 10 }, 5 },
  { "kumai", { 0, 2, 3, 7, 9 }, 5 },
  { "hirajoshi", { 0, 2, 3, 7, 8 }, 5 },
  { "iwato", { 0, 1, 5, 6, 10 }, 5 },
  { "chinese", { 0, 4, 6, 7, 11 }, 5 },
  { "indian", { 0, 4, 5, 7, 10 }, 5 },
  { "pelog", { 0, 1, 3, 7, 8 }, 5 },
  { "prometheus", { 0, 2, 4, 6, 11 }, 5 },
  { "scriabin", { 0, 1, 4, 7, 9 }, 5 },
  { "jiao", { 0, 3, 5, 8, 10 }, 5 },
  { "whole wholetone messiaen1", { 0, 2, 4, 6, 8, 10 }, 6 },
  { "augmented", { 0, 3, 4, 7, 8, 11 }, 6 },
  { "augmented2", { 0, 1, 4, 5, 8, 9 }, 6 },
  { "hexMajor7", { 0, 2, 4, 7, 9, 11 }, 6 },
  { "hexDorian", { 0, 2, 3, 5, 7, 10 }, 6 },
  { "hexPhrygian", { 0, 1, 3, 5, 8, 10 }, 6 },
  { "hexSus", { 0, 2, 5, 7, 9, 10 }, 6 },
  { "hexMajor6", { 0, 2, 4, 5, 7, 9 }, 6 },
  { "hexAeolian", { 0, 3, 5, 7, 8, 10 }, 6 },
  { "major ionian", { 0, 2, 4, 5, 7, 9, 11 }, 7 },
  { "dorian", { 0, 2, 3, 5, 7, 9, 10 }, 7 },
  { "phrygian", { 0, 1, 3, 5, 7, 8, 10 }, 7 },
  { "lydian", { 0, 2, 4, 6, 7, 9, 11 }, 7 },
  { "mixolydian", { 0, 2, 4, 5, 7, 9, 10 }, 7 },
  { "aeolian minor melodicMinorDesc naturalMinor", { 0, 2, 3, 5, 7, 8, 10 }, 7 },
  { "locrian", { 0, 1, 3, 5, 6, 8, 10 }, 7 },
  { "harmonicMinor", { 0, 2, 3, 5, 7, 8, 11 }, 7 },
  { "harmonicMajor", { 0, 2, 4, 5, 7, 8, 11 }, 7 },
  { "melodicMinor", { 0, 2, 3, 5, 7, 9, 11 }, 7 },
  { "melodicMajor bartok hindu", { 0, 2, 4, 5, 7, 8, 10 }, 7 },
  { "todi", { 0, 1, 3, 6, 7, 8, 11 }, 7 },
  { "purvi", { 0, 1, 4, 6, 7, 8, 11 }, 7 },
  { "marva", { 0, 1, 4, 6, 7, 9, 11 }, 7 },
  { "bhairav doubleHarmonic byzantine", { 0, 1, 4, 5, 7, 8, 11 }, 7 },
  { "ahirbhairav", { 0, 1, 4, 5, 7, 9, 10 }, 7 },
  { "superLocrian altered", { 0, 1, 3, 4, 6, 8, 10 }, 7 },
  { "romanianMinor", { 0, 2, 3, 6, 7, 9, 10 }, 7 },
  { "hungarianMinor", { 0, 2, 3, 6, 7, 8, 11 }, 7 },
  { "neapolitanMinor", { 0, 1, 3, 5, 7, 8, 11 }, 7 },
  { "enigmatic", { 0, 1, 4, 6, 8, 10, 11 }, 7 },
  { "spanish phrygianDominant", { 0, 1, 4, 5, 7, 8, 10 }, 7 },
  { "leadingWhole", { 0, 2, 4, 6, 8, 10, 11 }, 7 },
  { "lydianMinor", { 0, 2, 4, 6, 7, 8, 10 }, 7 },
  { "neapolitanMajor", { 0, 1, 3, 5, 7, 9, 11 }, 7 },
  { "locrianMajor", { 0, 2, 4, 5, 6, 8, 10 }, 7 },
  { "diminished octatonic messiaen2", { 0, 1, 3, 4, 6, 7, 9, 10 }, 8 },
  { "diminished2 octatonic2", { 0, 2, 3, 5, 6, 8, 9, 11 }, 8 },
  { "messiaen3", { 0, 2, 3, 4, 6, 7, 8, 10, 11 }, 9 },
  { "messiaen4", { 0, 1, 2, 5, 6, 7, 8, 11 }, 8 },
  { "messiaen5", { 0, 1, 5, 6, 7, 11 }, 6 },
  { "messiaen6", { 0, 2, 4, 5, 6, 8, 10, 11 }, 8 },
  { "messiaen7", { 0, 1, 2, 3, 5, 6, 7, 8, 9, 11 }, 10 },
  { "chromatic", { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 }, 12 },
  { "bayati", { 0, 1.5F, 3, 5, 7, 8, 10 }, 7 },
  { "hijaz", { 0, 1, 4, 5, 7, 8.5F, 10 }, 7 },
  { "sikah", { 0, 1.5F, 3.5F, 5.5F, 7, 8.5F, 10.5F }, 7 },
  { "rast", { 0, 2, 3.5F, 5, 7, 9, 10.5F }, 7 },
  { "saba", { 0, 1.5F, 3, 4, 6, 8, 10 }, 7 },
  { "iraq", { 0, 1.5F, 3.5F, 5, 6.5F, 8.5F, 10.5F }, 7 },
  { "blues", { 0, 3, 5, 6, 7, 10 }, 6 },
  { "majorBlues", { 0, 2, 3, 4, 7, 9 }, 6 },
  { "insen", { 0, 1, 5, 7, 10 }, 5 },
  { "lydianDominant acoustic", { 0, 2, 4, 6, 7, 9, 10 }, 7 },
  { "bebop", { 0, 2, 4, 5, 7, 9, 10, 11 }, 8 },
  { "tritone", { 0, 1, 4, 6, 7, 10 }, 6 },
};

const PhScaleType *ph_scale_types(size_t *count)
{
  *count = PH_COUNT(types);
  return types;
}

/* Whether `name` is one of `names`, which are separated by spaces. */
static bool is_among(PhStr name, const char *names)
{
  while (*names) {
    const size_t len = strcspn(names, " ");
    if (ph_str_eq(ph_str(names, len), name)) {
      return true;
    }
    names += len + (names[len] == ' ');
  }
  return false;
}

const PhScaleType *ph_scale_find(PhStr name)
{
  for (size_t i = 0; name.len && i < PH_COUNT(types); i++) {
    if (is_among(name, types[i].names)) {
      return &types[i];
    }
  }
  return NULL;
}

PhStr ph_scale_nearest(PhStr name)
{
  PhStr best = { NULL, 0 };
  unsigned best_distance = 4;
  for (size_t i = 0; i < PH_COUNT(types); i++) {
    for (const char *at = types[i].names; *at;) {
      const PhStr each = ph_str(at, strcspn(at, " "));
      const unsigned distance = ph_str_distance(each, name, 3);
      if (distance < best_distance && distance < name.len) {
        best = each;
        best_distance = distance;
      }
      at += each.len + (at[each.len] == ' ');
    }
  }
  return best;
}

double ph_scale_note(const double *notes, size_t count, double octave, int64_t degree)
{
  const int64_t n = (int64_t)count;
  const int64_t turns = degree / n - (degree % n < 0);
  return notes[degree - turns * n] + octave * (double)turns;
}
