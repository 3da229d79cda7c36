/* What a pattern of values is as a signal: how many channels, and whether it stands still between events.  SPDX-License-Identifier: MIT */
#include "base/dmath.h"
#include "graph/internal.h"

#define C4_HZ 261.62556530059863

/* The numbers that a value stands for, at most PH_MAX_CHANNELS: those of a chord, one of a note or a number, none of other words. */
static uint32_t numbers_of(const PhValue *value, PhStepUse use, bool tidal, double *first)
{
  if (value->tag == PH_VALUE_MAP && value->map->len == 1) {
    return numbers_of(&value->map->items[0].value, use, tidal, first);
  }
  double x[PH_MAX_CHANNELS] = { 0 };
  size_t count = 1;
  const bool word = value->tag == PH_VALUE_STR && !ph_note_parse(ph_str_of(value->str), tidal, x);
  if (word && !ph_chord_parse(ph_str_of(value->str), tidal, x, PH_MAX_CHANNELS, &count)) {
    return 0;
  }
  if (value->tag != PH_VALUE_STR && !ph_value_as_num(value, tidal, x)) {
    return 0;
  }
  const bool note = value->tag == PH_VALUE_NOTE || value->tag == PH_VALUE_STR;
  *first = note && use == PH_USE_HZ ? C4_HZ * ph_exp2_d(x[0] / 12.0) : x[0];
  return (uint32_t)count;
}

/* Into facts: how many values sound at the onset of each event of a cycle, and the first of all. */
static void look_at(const PhLower *lower, PhStepUse use, const PhEvents *events, uint32_t *counts, PhPatFacts *facts,
                    bool *seen)
{
  const bool tidal = lower->program->tidal;
  for (size_t i = 0; i < events->len; i++) {
    double first = 0;
    counts[i] = numbers_of(&events->items[i].value, use, tidal, &first);
    if (!*seen) {
      facts->first = first;
      facts->continuous = !events->items[i].has_whole;
      *seen = true;
    }
  }
  for (size_t i = 0; i < events->len; i++) {
    const PhEvent *e = &events->items[i];
    uint32_t together = 0;
    for (size_t j = 0; j < events->len && events->len <= 256; j++) {
      const PhEvent *o = &events->items[j];
      together += ph_rat_le(o->part.begin, e->part.begin) && ph_rat_lt(e->part.begin, o->part.end) ? counts[j] : 0;
    }
    facts->channels = together > facts->channels ? together : facts->channels;
    facts->fewest = together && together < facts->fewest ? together : facts->fewest;
  }
}

PhPatFacts ph_pat_facts(PhLower *lower, const PhPat *pat, PhStepUse use, PhSource at)
{
  enum { CYCLES = 16 };
  PhArena arena;
  PhTrap trap;
  ph_arena_init(&arena, lower->arena->allocator, &trap);
  PhPatFacts *facts = PH_NEW(lower->arena, PhPatFacts);
  *facts = (PhPatFacts){ .channels = 1, .fewest = PH_MAX_CHANNELS };
  if (PH_TRAP_SET(&trap) == 0) {
    bool seen = false;
    for (int cycle = 0; cycle < CYCLES && !facts->continuous; cycle++) {
      ph_arena_reset(&arena);
      PhQuery query = { .arena = &arena, .seed = lower->program->seed, .cps = 0.5 };
      PhEvents events = { 0 };
      ph_query(&query, pat, (PhArc){ PH_RAT_INT(cycle), PH_RAT_INT(cycle + 1) }, &events);
      look_at(lower, use, &events, PH_NEWN(&arena, uint32_t, events.len + 1), facts, &seen);
    }
  }
  ph_arena_deinit(&arena);
  if (trap.status != PH_OK) {
    ph_diags_add(lower->diags, PH_SEVERITY_ERROR, at, NULL, "this pattern cannot be evaluated: %s", trap.text);
  }
  facts->channels = use == PH_USE_GATE ? 1 : facts->channels > PH_MAX_CHANNELS ? PH_MAX_CHANNELS : facts->channels;
  facts->fewest = facts->fewest < facts->channels ? facts->fewest : facts->channels;
  return *facts;
}
