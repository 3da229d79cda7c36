/* What was played, as mini-notation.  SPDX-License-Identifier: MIT */
#ifndef PH_IO_RECORD_NOTES_H
#define PH_IO_RECORD_NOTES_H

#include "base/base.h"

enum { PH_RECORD_STEPS_MAX = 96, PH_RECORD_CYCLES_MAX = 256 };

typedef struct PhPlayedNote {
  double begin, end; /* cycles, at least 0 */
  int key;           /* of MIDI; 60 is c4, in Tidal's dialect c5 */
} PhPlayedNote;

/* [control] The notes, in any order, as a text for `note`: moved to the nearest of `steps` places in a cycle, from the cycle of the first
   one on to that of the last. A note lasts until it was let go, until the next one, or until its cycle ends; what begins together is a chord.
   Rests are `~`, lengths `@n` in the largest unit that all of a cycle are multiples of; several cycles stand in `<…>`. Nothing
   for no notes. PH_LIMIT: they are spread over too many cycles. */
PH_NODISCARD PhStatus ph_record_notes(const PhPlayedNote *notes, size_t count, uint32_t steps, bool tidal, PhText *out);

#endif
