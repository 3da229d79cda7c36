/* Notes that are played by hand, as a pattern. Whoever plays asks for an instant (PhQuery.live), and the pattern answers with the note that was
   struck, or that an arpeggio has come to, whatever functions moved the time; otherwise it is silent.  SPDX-License-Identifier: MIT */
#include <math.h>

#include "pattern/core.h"
#include "pattern/scale.h"

typedef struct Live {
  PhPat base;
  PhLiveKeys keys;
} Live;

/* The nearest note of the scale; of two, the lower one. */
static double lock(const PhLiveKeys *keys, double semitones)
{
  const double from_root = semitones - keys->root;
  const double octave = floor(from_root / 12.0), rest = from_root - 12.0 * octave;
  double best = 0, distance = 1e9;
  for (uint32_t i = 0; i <= keys->scale->count; i++) { /* and the root above */
    const double note = i < keys->scale->count ? (double)keys->scale->notes[i] : 12.0;
    if (fabs(note - rest) < distance) {
      distance = fabs(note - rest);
      best = note;
    }
  }
  return keys->root + 12.0 * octave + best;
}

static void query_live(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const PhLiveKeys *keys = &((const Live *)pat)->keys;
  const PhLiveNote *note = query->live;
  if (!note || !ph_rat_lt(span.begin, span.end)) {
    return;
  }
  if (note->arp ? !ph_live_keys_equal(keys, note->arp)
                : keys->arp_rate || (keys->channel && keys->channel != note->channel)) {
    return;
  }
  const double semitones = keys->scale ? lock(keys, note->semitones) : note->semitones;
  ph_emit(query, out, (PhEvent){ span, span, ph_note(semitones), NULL, true });
}

bool ph_live_keys_equal(const PhLiveKeys *a, const PhLiveKeys *b)
{
  return a->channel == b->channel && a->scale == b->scale && a->root == b->root && a->arp_rate == b->arp_rate &&
         a->arp_mode == b->arp_mode && a->arp_octaves == b->arp_octaves;
}

const PhPat *ph_pat_live(PhBuild *build, const PhLiveKeys *keys)
{
  Live *live = PH_NODE(build, Live, query_live);
  live->base.routes = PH_ROUTES_PLAIN;
  live->keys = *keys;
  return &live->base;
}
