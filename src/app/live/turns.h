/* Transitions that a performer asks for: which outputs go over from which statement, since when.  SPDX-License-Identifier: MIT */
#ifndef PH_APP_LIVE_TURNS_H
#define PH_APP_LIVE_TURNS_H

#include <jansson.h>

#include "phonon/phonon.h"

typedef struct Turns {
  PhononTransition *items; /* `before` is its own */
  size_t count;
} Turns;

/* Those of a text that comes after a former one with its own: an output whose statement did not change keeps the one that it has;
   one whose statement is new and asks for a transition begins it `now`. False: no memory. */
bool turns_find(const char *text, size_t len, const char *former, size_t former_len, const Turns *had, PhononTime now, bool tidal,
                Turns *out);
void turns_free(Turns *turns);
bool turns_equal(const Turns *a, const Turns *b);
/* For logs, and back. NULL: no memory. */
json_t *turns_json(const Turns *turns);
/* False: it is no such list. */
bool turns_read(const json_t *list, Turns *out);

#endif
