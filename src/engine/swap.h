/* How one plan takes the place of another: worked out beforehand from the two plans alone, carried out between two windows.
   SPDX-License-Identifier: MIT */
#ifndef PH_ENGINE_SWAP_H
#define PH_ENGINE_SWAP_H

#include "engine/internal.h"

/* What becomes of a strand of the former plan. */
typedef enum PhFate { PH_FATE_GONE, PH_FATE_MOVED, PH_FATE_GHOST } PhFate;

/* A lane of a call of the former plan. */
typedef struct PhLanePlace {
  uint32_t strand, instr, lane;
} PhLanePlace;

/* The state of a call, whose lanes go on from lanes of former calls, or begin (strand PH_NO_STRAND). */
typedef struct PhCarry {
  uint32_t strand, instr;
  PhLanePlace from[PH_LANES_BANK];
} PhCarry;

typedef struct PhSwap {
  const PhPlan *from, *to;
  int32_t *strand_from;       /* by strand of `to`: the one whose whole state it takes, or -1 */
  PhFate *fates;              /* by strand of `from` */
  uint32_t *ghost_of;         /* by strand of `from` that is in a ghost: the strand whose ghost it is in */
  int32_t *player_to;         /* by player of `from` */
  int32_t *instrument_to;     /* by instrument of `from`: the same one, or -1: it retires */
  int32_t *step_from;         /* by step of `to`: the same one, or -1 */
  int32_t *step_strand;       /* by step of `from`: a strand that has its values, or -1 */
  int32_t *writer_from, *writer_to; /* by wire: the strand that writes it, or -1 */
  PhWireName *names_from, *names_to; /* sorted by key, then as in the plan */
  PhCarry *carries;
  uint32_t carry_count;
  PhGhost **ghosts;           /* by strand of `to`, or NULL; the engine's once it has swapped */
  uint32_t **inputs;          /* by strand of `to`: those of the strand and of its ghost, or NULL: the plan's own */
  uint32_t *input_counts;
} PhSwap;

/* [control] The first name of a wire. */
uint64_t ph_wire_name(const PhPlan *plan, uint32_t wire);
/* [control] The wire of a plan with that name, PH_NO_WIRE if there is none. `names` are sorted. */
uint32_t ph_wire_named(const PhWireName *names, uint32_t count, uint64_t key);

#endif
