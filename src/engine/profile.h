/* What the profiler keeps: ticks of tasks, and spans of the workers' time.  SPDX-License-Identifier: MIT */
#ifndef PH_ENGINE_PROFILE_H
#define PH_ENGINE_PROFILE_H

#include <stdatomic.h>

#include "base/base.h"

enum { PH_TIMED_TASKS = 8 /* every instr is timed in one task of so many */ };

/* [realtime] The processor's counter of time. */
PH_INLINE uint64_t ph_ticks(void)
{
#if defined(__x86_64__) || defined(__i386__)
  return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
  uint64_t ticks;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
  return ticks;
#else
  return (uint64_t)(ph_os_now_sec() * 1e9);
#endif
}

/* What a group of tasks took, in ticks. Every task is timed as a whole, one in PH_TIMED_TASKS instr by instr (`timed`): an instr has its
   share of those, scaled to all. Written by tasks, read by the conductor. */
typedef struct PhTaskCost {
  _Atomic uint64_t ticks;     /* of all tasks */
  _Atomic uint64_t timed;     /* of those that were timed instr by instr */
  _Atomic uint64_t own;       /* of those, what no instr took: envelopes, folding, slots, recordings */
  _Atomic uint64_t calls;     /* chunks, of all tasks */
} PhTaskCost;

/* [realtime] Adds a task. `own` is of timed ones. */
void ph_profile_add(PhTaskCost *cost, bool timed, uint64_t ticks, uint64_t own, uint64_t calls);

/* One span of a worker's time. */
typedef struct PhTraceEvent {
  uint64_t begin;             /* ticks */
  uint32_t ticks;
  uint32_t what;              /* a strand, or a PhTraceWhat */
  int64_t frame;              /* first of the block or window */
  int32_t instrument;         /* of voices: or PH_SAMPLES, or PH_TRACE_SUM */
  uint32_t part;
} PhTraceEvent;

typedef enum PhTraceWhat {
  PH_TRACE_WINDOW = INT32_MAX - 2, /* from the first to the last of what the caller does for a window */
  PH_TRACE_PREPARE,
  PH_TRACE_DELIVER,
  PH_TRACE_SUM = -2           /* instead of an instrument: the sum of the banks of a strand of voices */
} PhTraceWhat;

/* The spans of one worker, in memory made beforehand. What finds no room is counted. */
typedef struct PhTrace {
  PhTraceEvent *events;       /* NULL: not tracing */
  size_t len, cap;
  uint64_t dropped;
} PhTrace;

PhStatus ph_trace_init(PhTrace *trace, size_t events);
/* [realtime] The span since `begin` ends now. */
void ph_trace_add(PhTrace *trace, PhTraceEvent event);

#endif
