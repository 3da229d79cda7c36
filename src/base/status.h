/* Statuses, the compiler attributes everything uses, and the trap: how deep recursive code on the control thread
   gives up (out of memory, a limit, an inexact time) without threading a status through every call.
   SPDX-License-Identifier: MIT */
#ifndef PH_BASE_STATUS_H
#define PH_BASE_STATUS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PH_NODISCARD __attribute__((warn_unused_result))
#define PH_NORETURN _Noreturn
#define PH_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define PH_INLINE static inline __attribute__((always_inline))
#define PH_COUNT(a) (sizeof(a) / sizeof((a)[0]))

typedef enum PhStatus {
#define PH_STATUS(name, text) PH_##name,
#include "base/status.def"
#undef PH_STATUS
  PH_STATUS_COUNT
} PhStatus;

/* [any] The meaning of a status, as in status.def. Never NULL. */
const char *ph_status_text(PhStatus status);

/* A place to return to. One per thread of control: set it with PH_TRAP_SET, hand it down inside a PhArena or PhQuery.
   Whatever was allocated from an arena since is released by whoever owns the arena. */
typedef struct PhTrap {
  jmp_buf env;
  PhStatus status; /* why, after a raise */
  char text[192];  /* the reason in words, after a raise */
} PhTrap;

/* Zero the first time, non-zero after ph_trap_raise. Locals changed in between must be volatile. */
#define PH_TRAP_SET(trap) ((trap)->status = PH_OK, (trap)->text[0] = 0, setjmp((trap)->env))

/* [control] Leaves to the trap with a status and a message. */
PH_NORETURN void ph_trap_raise(PhTrap *trap, PhStatus status, const char *fmt, ...) PH_PRINTF(3, 4);

#endif
