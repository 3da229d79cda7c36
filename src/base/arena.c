/* Arenas.  SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = 16, FIRST_CHUNK_BYTES = 16 << 10, MAX_CHUNK_BYTES = 4 << 20, CLEAN_BYTES = 4 << 10 };

struct PhArenaChunk {
  PhArenaChunk *next;
  size_t cap, used;
  size_t clean; /* up to here there are zeros beyond what is used */
  _Alignas(ALIGN) unsigned char bytes[];
};

static void *default_resize(void *ctx, void *ptr, size_t bytes)
{
  (void)ctx;
  if (bytes == 0) {
    free(ptr);
    return NULL;
  }
  return realloc(ptr, bytes);
}

const PhAllocator *ph_allocator_default(void)
{
  static const PhAllocator allocator = { default_resize, NULL };
  return &allocator;
}

void ph_arena_init(PhArena *arena, const PhAllocator *allocator, PhTrap *trap)
{
  *arena = (PhArena){ .allocator = allocator ? allocator : ph_allocator_default(),
                      .trap = trap,
                      .limit_bytes = PH_ARENA_LIMIT_BYTES };
}

/* ---- chunks that were freed -------------------------------------------------------------------------------------- */

/* The large chunks of a text that is gone are what the next text needs, and pages that the system has to give anew cost as much as
   everything that is written into them. So some wait here. Whoever finds the flag set goes to the allocator, and nobody waits. */
typedef struct Spare {
  atomic_flag busy;
  PhArenaChunk *chunks; /* of whoever holds the flag, as is `bytes` */
  size_t bytes;
} Spare;

static Spare spare = { .busy = ATOMIC_FLAG_INIT };

enum { SPARE_LEAST_BYTES = 32 << 10 };

#if defined(__SANITIZE_ADDRESS__) /* which is to see what is used after it was freed */
enum { SPARE_MOST_BYTES = 0 };
#else
enum { SPARE_MOST_BYTES = 8 << 20 };
#endif

static bool keep_chunk(PhArenaChunk *chunk)
{
  if (chunk->cap < SPARE_LEAST_BYTES || chunk->cap > SPARE_MOST_BYTES || atomic_flag_test_and_set(&spare.busy)) {
    return false;
  }
  const bool room = spare.bytes + chunk->cap <= SPARE_MOST_BYTES;
  if (room) {
    chunk->next = spare.chunks;
    spare.chunks = chunk;
    spare.bytes += chunk->cap;
  }
  atomic_flag_clear(&spare.busy);
  return room;
}

/* The smallest that is enough, unless it is wasted; or NULL. */
static PhArenaChunk *kept_chunk(size_t cap)
{
  enum { WASTE = 4 };
  if (cap < SPARE_LEAST_BYTES || cap > SPARE_MOST_BYTES || atomic_flag_test_and_set(&spare.busy)) {
    return NULL;
  }
  PhArenaChunk **best = NULL;
  for (PhArenaChunk **at = &spare.chunks; *at; at = &(*at)->next) {
    if ((*at)->cap >= cap && (*at)->cap / WASTE <= cap && (!best || (*at)->cap < (*best)->cap)) {
      best = at;
    }
  }
  PhArenaChunk *chunk = best ? *best : NULL;
  if (chunk) {
    *best = chunk->next;
    spare.bytes -= chunk->cap;
  }
  atomic_flag_clear(&spare.busy);
  return chunk;
}

/* ---- arenas ------------------------------------------------------------------------------------------------------ */

static void free_chunk(PhArena *arena, PhArenaChunk *chunk)
{
  if (arena->allocator != ph_allocator_default() || !keep_chunk(chunk)) {
    (void)arena->allocator->resize(arena->allocator->ctx, chunk, 0);
  }
}

void ph_arena_deinit(PhArena *arena)
{
  while (arena->head) {
    PhArenaChunk *next = arena->head->next;
    free_chunk(arena, arena->head);
    arena->head = next;
  }
  arena->used_bytes = 0;
}

void ph_arena_reset(PhArena *arena)
{
  PhArenaChunk *keep = arena->head;
  while (keep && keep->next) {
    PhArenaChunk *other = keep->next;
    keep->next = other->next;
    if (other->cap > keep->cap) {
      other->next = keep->next;
      free_chunk(arena, keep);
      keep = other;
    } else {
      free_chunk(arena, other);
    }
  }
  if (keep) {
    keep->used = keep->clean = 0;
  }
  arena->head = keep;
  arena->used_bytes = 0;
}

static void *fail(PhArena *arena, PhStatus status, size_t bytes)
{
  if (arena->trap) {
    ph_trap_raise(arena->trap, status, "%s (%zu bytes in use, %zu more wanted, limit %zu)", ph_status_text(status),
                  arena->used_bytes, bytes, arena->limit_bytes);
  }
  return NULL;
}

static PhArenaChunk *add_chunk(PhArena *arena, size_t bytes)
{
  size_t cap = arena->head ? arena->head->cap * 2 : FIRST_CHUNK_BYTES;
  cap = cap > MAX_CHUNK_BYTES ? MAX_CHUNK_BYTES : cap;
  cap = cap < bytes ? bytes : cap;
  PhArenaChunk *chunk = arena->allocator == ph_allocator_default() ? kept_chunk(cap) : NULL;
  if (!chunk) {
    chunk = arena->allocator->resize(arena->allocator->ctx, NULL, sizeof(PhArenaChunk) + cap);
    if (chunk) {
      chunk->cap = cap;
    }
  }
  if (chunk) {
    chunk->next = arena->head;
    chunk->used = chunk->clean = 0;
    arena->head = chunk;
  }
  return chunk;
}

/* Zeros are written a few pages ahead of what is used. */
static void clean_ahead(PhArenaChunk *chunk)
{
  const size_t left = chunk->cap - chunk->clean;
  const size_t wanted = chunk->used - chunk->clean + CLEAN_BYTES;
  const size_t bytes = wanted < left ? wanted : left;
  memset(chunk->bytes + chunk->clean, 0, bytes);
  chunk->clean += bytes;
}

void *ph_arena_alloc(PhArena *arena, size_t bytes)
{
  if (bytes > arena->limit_bytes - arena->used_bytes) {
    return fail(arena, PH_LIMIT, bytes);
  }
  bytes = (bytes + (ALIGN - 1)) & ~(size_t)(ALIGN - 1);
  PhArenaChunk *chunk = arena->head;
  if (!chunk || chunk->cap - chunk->used < bytes) {
    chunk = add_chunk(arena, bytes);
    if (!chunk) {
      return fail(arena, PH_NOMEM, bytes);
    }
  }
  void *ptr = chunk->bytes + chunk->used;
  chunk->used += bytes;
  arena->used_bytes += bytes;
  if (arena->used_bytes > arena->limit_bytes) {
    arena->used_bytes = arena->limit_bytes;
  }
  if (chunk->used > chunk->clean) {
    clean_ahead(chunk);
  }
  return ptr;
}

void *ph_arena_copy(PhArena *arena, const void *src, size_t bytes)
{
  void *ptr = ph_arena_alloc(arena, bytes);
  if (ptr && bytes) {
    memcpy(ptr, src, bytes);
  }
  return ptr;
}

char *ph_arena_strndup(PhArena *arena, const char *src, size_t len)
{
  char *text = ph_arena_alloc(arena, len + 1);
  if (text && len) {
    memcpy(text, src, len);
  }
  return text;
}

char *ph_arena_printf(PhArena *arena, const char *fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  const int len = vsnprintf(NULL, 0, fmt, args);
  va_end(args);
  char *text = ph_arena_alloc(arena, (size_t)(len < 0 ? 0 : len) + 1);
  if (text && len > 0) {
    va_start(args, fmt);
    (void)vsnprintf(text, (size_t)len + 1, fmt, args);
    va_end(args);
  }
  return text;
}

PhArenaMark ph_arena_mark(const PhArena *arena)
{
  return (PhArenaMark){ arena->head, arena->head ? arena->head->used : 0, arena->used_bytes };
}

void ph_arena_release(PhArena *arena, PhArenaMark mark)
{
  while (arena->head != mark.chunk) {
    assert(arena->head);
    if (!mark.chunk && !arena->head->next) { /* marked when empty: keep the first chunk */
      arena->head->used = arena->head->clean = 0;
      arena->used_bytes = 0;
      return;
    }
    PhArenaChunk *next = arena->head->next;
    free_chunk(arena, arena->head);
    arena->head = next;
  }
  if (arena->head) {
    arena->head->used = arena->head->clean = mark.offset;
  }
  arena->used_bytes = mark.used_bytes;
}

void *ph_array_grow(PhArena *arena, void *items, size_t len, size_t *cap, size_t item_bytes)
{
  const size_t wanted = *cap ? *cap * 2 : item_bytes > ALIGN ? 4 : 8;
  void *grown = ph_arena_alloc(arena, wanted * item_bytes);
  if (grown && len) {
    memcpy(grown, items, len * item_bytes);
  }
  *cap = grown ? wanted : *cap;
  return grown ? grown : items;
}
