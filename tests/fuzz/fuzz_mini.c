/* Any text as mini-notation of every type is a pattern or an error with a place inside it; a pattern answers a query with events
   inside the span, or gives up with a reason.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "pattern/pattern.h"

enum { MOST_BYTES = 1024, ARENA_BYTES = 64 << 20 };

static void query(const PhPat *pat)
{
  PhArena arena;
  PhTrap trap;
  ph_arena_init(&arena, NULL, &trap);
  arena.limit_bytes = ARENA_BYTES;
  if (PH_TRAP_SET(&trap) == 0) {
    PhQuery how = { .arena = &arena, .cps = 0.5 };
    PhEvents events = { 0 };
    const PhArc span = { PH_RAT_INT(0), PH_RAT_INT(2) };
    ph_query(&how, pat, span, &events);
    for (size_t i = 0; i < events.len; i++) {
      const PhArc part = events.items[i].part;
      if (!ph_rat_ok(part.begin) || ph_rat_lt(part.begin, span.begin) || ph_rat_lt(span.end, part.end)) {
        abort();
      }
    }
  }
  ph_arena_deinit(&arena);
}

static void parse(PhStr text, PhAtomType type)
{
  PhArena arena;
  PhTrap trap;
  ph_arena_init(&arena, NULL, &trap);
  arena.limit_bytes = ARENA_BYTES;
  if (PH_TRAP_SET(&trap) == 0) {
    PhBuild build = { .arena = &arena };
    const PhSource at = { 0, (uint32_t)text.len, 0 };
    const PhPat *pat = NULL;
    PhMiniError error;
    const PhStatus status = ph_mini_parse(&build, text, at, type, NULL, NULL, &pat, &error);
    if (status == PH_OK) {
      query(pat);
    } else if (error.at.end > text.len || error.at.begin > error.at.end || !memchr(error.text, 0, sizeof error.text)) {
      abort();
    }
  }
  ph_arena_deinit(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size > MOST_BYTES) {
    return 0;
  }
  const PhStr text = ph_str(size ? (const char *)data : "", size);
  for (int type = PH_ATOM_AUTO; type <= PH_ATOM_NOTE; type++) {
    parse(text, (PhAtomType)type);
  }
  return 0;
}
