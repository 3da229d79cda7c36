/* Responses of rooms that are made, not recorded: for convolve, so that a piece sounds the same where there is no file. The same bits
   everywhere: base/dmath and a hash.  Everything [control].  SPDX-License-Identifier: MIT */
#ifndef PH_DSP_ROOM_H
#define PH_DSP_ROOM_H

#include "dsp/dsp.h"

typedef struct PhRoom PhRoom;

/* "room", "hall", "plate", "spring"; NULL: there is no room of this name. */
const PhRoom *ph_room_find(const char *name);

/* The response at a rate, in the arena; stereo, each side with the energy of an impulse of 1, so that noise keeps its level. `arena` NULL:
   only out->frames. */
PhStatus ph_room_make(const PhRoom *room, double sample_rate, PhArena *arena, PhUnitSound *out);

#endif
