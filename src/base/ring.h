/* A ring between two threads: one writes, one reads, and neither ever waits, locks or allocates.
   SPDX-License-Identifier: MIT */
#ifndef PH_BASE_RING_H
#define PH_BASE_RING_H

#include <stdatomic.h>

#include "base/status.h"

enum { PH_RING_LINE_BYTES = 64 };

/* Elements of one size. `written` and `read` count all elements that ever went in and out; their difference is what is inside, and
   an index modulo the capacity (a power of two) is a place.

   Protocol. The writer alone stores `written`, the reader alone stores `read`. The writer fills places and then stores `written`
   with release; the reader loads it with acquire, so it sees what was filled. The reader copies out and then stores `read` with
   release; the writer loads it with acquire, so it does not fill a place that is still being copied. Each side keeps the other's
   count as it last saw it, and looks again only when that says full or empty. */
typedef struct PhRing {
  unsigned char *bytes;
  size_t element_bytes, capacity;
  char pad0[PH_RING_LINE_BYTES];
  _Atomic size_t written; /* the writer's */
  size_t read_seen;
  char pad1[PH_RING_LINE_BYTES];
  _Atomic size_t read; /* the reader's */
  size_t written_seen;
} PhRing;

/* A stretch of places that lie side by side. */
typedef struct PhRingSpan {
  void *at;
  size_t count;
} PhRingSpan;

/* [control] Room for at least `least` elements (1 to 2^30), all of it touched. */
PH_NODISCARD PhStatus ph_ring_init(PhRing *ring, size_t least, size_t element_bytes);
void ph_ring_deinit(PhRing *ring);
/* [control] Empties it, while neither side is at work. */
void ph_ring_reset(PhRing *ring);

/* [realtime] The writer: at most `most` free places, as two stretches of which the second may be empty. Gives their number. */
size_t ph_ring_write_begin(PhRing *ring, size_t most, PhRingSpan spans[2]);
/* [realtime] The writer: the first `count` of those places are filled. */
void ph_ring_write_end(PhRing *ring, size_t count);
/* [realtime] The reader: at most `most` elements. */
size_t ph_ring_read_begin(PhRing *ring, size_t most, PhRingSpan spans[2]);
/* [realtime] The reader is done with the first `count` of them. */
void ph_ring_read_end(PhRing *ring, size_t count);
/* [realtime] Either side: elements inside. The writer may find fewer a moment later, the reader more. */
size_t ph_ring_count(PhRing *ring);

/* [realtime] One element in or out. False: it is full, or empty. */
bool ph_ring_push(PhRing *ring, const void *element);
bool ph_ring_pop(PhRing *ring, void *element);

#endif
