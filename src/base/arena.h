/* Arenas: memory of one compilation or one query, released all at once or back to a mark.
   SPDX-License-Identifier: MIT */
#ifndef PH_BASE_ARENA_H
#define PH_BASE_ARENA_H

#include "base/status.h"

/* Where memory comes from. `resize(ctx, NULL, n)` allocates, `resize(ctx, p, 0)` frees and gives NULL, and it may give
   NULL for want of memory. Results are aligned for any type. The tests pass one that fails at a chosen call. */
typedef struct PhAllocator {
  void *(*resize)(void *ctx, void *ptr, size_t bytes);
  void *ctx;
} PhAllocator;

/* [any] The C library's allocator. */
const PhAllocator *ph_allocator_default(void);

typedef struct PhArenaChunk PhArenaChunk;

/* Bump allocation from chunks that double in size. Not thread-safe: one owner at a time. Chunks of the C library's allocator that
   are freed may be kept for other arenas, up to 8 MB in a process. */
typedef struct PhArena {
  const PhAllocator *allocator;
  PhTrap *trap;       /* raised when memory or the limit ends; may be NULL, then allocation gives NULL */
  PhArenaChunk *head; /* newest chunk first */
  size_t used_bytes;  /* over all chunks */
  size_t limit_bytes; /* PH_LIMIT beyond this */
} PhArena;

typedef struct PhArenaMark {
  PhArenaChunk *chunk;
  size_t offset;
  size_t used_bytes;
} PhArenaMark;

#define PH_ARENA_LIMIT_BYTES ((size_t)512 << 20)

/* [any] An empty arena. `allocator` NULL: the default one. */
void ph_arena_init(PhArena *arena, const PhAllocator *allocator, PhTrap *trap);
/* [control] Frees every chunk. The arena is then empty and may be used again. */
void ph_arena_deinit(PhArena *arena);
/* [control] Forgets everything but keeps the largest chunk for reuse. */
void ph_arena_reset(PhArena *arena);
/* [control] `bytes` zeroed bytes, aligned to 16. Raises the trap, or gives NULL where there is none. */
void *ph_arena_alloc(PhArena *arena, size_t bytes);
/* [control] A copy of `bytes` bytes. */
void *ph_arena_copy(PhArena *arena, const void *src, size_t bytes);
/* [control] A NUL-terminated copy of a string slice. */
char *ph_arena_strndup(PhArena *arena, const char *src, size_t len);
/* [control] A formatted NUL-terminated string. */
char *ph_arena_printf(PhArena *arena, const char *fmt, ...) PH_PRINTF(2, 3);
PhArenaMark ph_arena_mark(const PhArena *arena);
/* [control] Back to a mark taken from this arena; what was allocated since is gone. */
void ph_arena_release(PhArena *arena, PhArenaMark mark);

#define PH_NEW(arena, T) ((T *)ph_arena_alloc((arena), sizeof(T)))
#define PH_NEWN(arena, T, n) ((T *)ph_arena_alloc((arena), sizeof(T) * (size_t)(n)))

/* Growing arrays in an arena: `PH_ARRAY(PhEvent) events = {0};  PH_PUSH(arena, &events, event);` */
#define PH_ARRAY(T)                                                                                                    \
  struct {                                                                                                             \
    T *items;                                                                                                          \
    size_t len, cap;                                                                                                   \
  }

#define PH_PUSH(arena, array, item)                                                                                    \
  do {                                                                                                                 \
    if ((array)->len == (array)->cap) {                                                                                \
      (array)->items = ph_array_grow((arena), (array)->items, (array)->len, &(array)->cap, sizeof(*(array)->items));   \
    }                                                                                                                  \
    (array)->items[(array)->len++] = (item);                                                                           \
  } while (0)

/* [control] For PH_PUSH: room for at least one more item. */
void *ph_array_grow(PhArena *arena, void *items, size_t len, size_t *cap, size_t item_bytes);

#endif
