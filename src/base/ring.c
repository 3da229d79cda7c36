/* A ring between two threads; the protocol stands in ring.h.  SPDX-License-Identifier: MIT */
#include "base/ring.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

PhStatus ph_ring_init(PhRing *ring, size_t least, size_t element_bytes)
{
  assert(least >= 1 && least <= (size_t)1 << 30 && element_bytes >= 1);
  size_t capacity = 1;
  while (capacity < least) {
    capacity *= 2;
  }
  memset(ring, 0, sizeof *ring);
  ring->bytes = malloc(capacity * element_bytes);
  if (!ring->bytes) {
    return PH_NOMEM;
  }
  memset(ring->bytes, 0, capacity * element_bytes); /* the first touch is not the audio thread's */
  ring->element_bytes = element_bytes;
  ring->capacity = capacity;
  return PH_OK;
}

void ph_ring_deinit(PhRing *ring)
{
  free(ring->bytes);
  memset(ring, 0, sizeof *ring);
}

void ph_ring_reset(PhRing *ring)
{
  atomic_store_explicit(&ring->written, 0, memory_order_relaxed);
  atomic_store_explicit(&ring->read, 0, memory_order_relaxed);
  ring->read_seen = ring->written_seen = 0;
}

static void stretches(const PhRing *ring, size_t from, size_t count, PhRingSpan spans[2])
{
  const size_t place = from & (ring->capacity - 1);
  const size_t first = count < ring->capacity - place ? count : ring->capacity - place;
  spans[0] = (PhRingSpan){ ring->bytes + place * ring->element_bytes, first };
  spans[1] = (PhRingSpan){ ring->bytes, count - first };
}

size_t ph_ring_write_begin(PhRing *ring, size_t most, PhRingSpan spans[2])
{
  const size_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
  size_t room = ring->capacity - (written - ring->read_seen);
  if (room < most) {
    ring->read_seen = atomic_load_explicit(&ring->read, memory_order_acquire);
    room = ring->capacity - (written - ring->read_seen);
  }
  const size_t count = room < most ? room : most;
  stretches(ring, written, count, spans);
  return count;
}

void ph_ring_write_end(PhRing *ring, size_t count)
{
  const size_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
  assert(count <= ring->capacity - (written - ring->read_seen));
  atomic_store_explicit(&ring->written, written + count, memory_order_release);
}

size_t ph_ring_read_begin(PhRing *ring, size_t most, PhRingSpan spans[2])
{
  const size_t read = atomic_load_explicit(&ring->read, memory_order_relaxed);
  size_t inside = ring->written_seen - read;
  if (inside < most) {
    ring->written_seen = atomic_load_explicit(&ring->written, memory_order_acquire);
    inside = ring->written_seen - read;
  }
  const size_t count = inside < most ? inside : most;
  stretches(ring, read, count, spans);
  return count;
}

void ph_ring_read_end(PhRing *ring, size_t count)
{
  const size_t read = atomic_load_explicit(&ring->read, memory_order_relaxed);
  assert(count <= ring->written_seen - read);
  atomic_store_explicit(&ring->read, read + count, memory_order_release);
}

size_t ph_ring_count(PhRing *ring)
{
  /* `read` first: whichever side calls, its own count stands still, and the other's only grows. */
  const size_t read = atomic_load_explicit(&ring->read, memory_order_acquire);
  return atomic_load_explicit(&ring->written, memory_order_acquire) - read;
}

bool ph_ring_push(PhRing *ring, const void *element)
{
  PhRingSpan spans[2];
  if (ph_ring_write_begin(ring, 1, spans) == 0) {
    return false;
  }
  memcpy(spans[0].at, element, ring->element_bytes);
  ph_ring_write_end(ring, 1);
  return true;
}

bool ph_ring_pop(PhRing *ring, void *element)
{
  PhRingSpan spans[2];
  if (ph_ring_read_begin(ring, 1, spans) == 0) {
    return false;
  }
  memcpy(element, spans[0].at, ring->element_bytes);
  ph_ring_read_end(ring, 1);
  return true;
}
