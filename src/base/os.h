/* What is asked of the operating system: clocks, cores, files.  SPDX-License-Identifier: MIT */
#ifndef PH_BASE_OS_H
#define PH_BASE_OS_H

#include <pthread.h>

#include "base/str.h"

double ph_os_now_sec(void);        /* [any] monotonic wall clock */
int64_t ph_os_now_ns(void);        /* [realtime] the same in ns; no system call where the clock is the processor's */
double ph_os_cpu_sec(void);        /* [any] CPU time of the calling thread */
double ph_os_process_cpu_sec(void);/* [any] CPU time of the process, user and system */
unsigned ph_os_cores(void);        /* [control] cores this process may run on, at least 1 */
void ph_os_sleep_sec(double sec);  /* [control] */

/* [control] What tools as `top -H` call the calling thread; up to 15 bytes. */
void ph_os_name_thread(const char *name);
/* [control] A mutex for threads of different priorities: who holds it has the priority of the highest that waits for it. */
PH_NODISCARD PhStatus ph_os_init_mutex(pthread_mutex_t *mutex);
/* [control] Asks for the realtime scheduler (SCHED_FIFO) for the calling thread; whether it was permitted. */
bool ph_os_realtime(int priority);
/* [any] The priority that the calling thread has there; 0: it is an ordinary one. */
int ph_os_priority(void);
/* [control] Keeps all of the process in memory, now and later, if there is permission for as much as it may ever need. */
bool ph_os_lock_memory(void);

/* [control] Reads a whole file ("-": standard input) of at most `most` bytes. The text is the caller's. */
PH_NODISCARD PhStatus ph_os_read_file(const char *path, size_t most, PhText *out);
bool ph_os_is_dir(const char *path);
bool ph_os_is_file(const char *path);
/* [control] The names in a folder, in byte order, hidden ones left out, each NUL-terminated in the arena. */
PH_NODISCARD PhStatus ph_os_list_dir(PhArena *arena, const char *path, const char *const **names, size_t *count);

#endif
