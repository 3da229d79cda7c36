/* libFuzzer target: the first byte picks the type of the atoms and the dialect, the rest is mini-notation; what parses is
   queried. Nothing but errors, limits and events may come of it.  SPDX-License-Identifier: MIT */
#include "pattern/pattern.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  PhTrap trap;
  PhArena arena;
  if (size == 0) {
    return 0;
  }
  ph_arena_init(&arena, NULL, &trap);
  arena.limit_bytes = (size_t)64 << 20;
  if (PH_TRAP_SET(&trap) == 0) {
    PhBuild build = { .arena = &arena, .tidal = data[0] & 1 };
    PhMiniError error;
    const PhPat *pat;
    const PhAtomType type = (PhAtomType)((data[0] >> 1) % 7);
    if (ph_mini_parse(&build, ph_str((const char *)data + 1, size - 1), (PhSource){ 0 }, type, NULL, NULL, &pat,
                      &error) == PH_OK) {
      PhQuery query = { .arena = &arena };
      PhEvents events = { 0 };
      ph_query(&query, pat, (PhArc){ PH_RAT_INT(0), PH_RAT_INT(1) }, &events);
      ph_query(&query, pat, (PhArc){ PH_RAT(7, 3), PH_RAT(11, 3) }, &events);
    } else if (error.at.end > size - 1 || error.at.begin > error.at.end || !error.text[0]) {
      __builtin_trap();
    }
  }
  ph_arena_deinit(&arena);
  return 0;
}
