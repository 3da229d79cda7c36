/* What is asked of the operating system: clocks, cores, files.  SPDX-License-Identifier: MIT */
#ifndef PH_BASE_OS_H
#define PH_BASE_OS_H

#include "base/str.h"

double ph_os_now_sec(void);        /* [any] monotonic wall clock */
double ph_os_cpu_sec(void);        /* [any] CPU time of the calling thread */
double ph_os_process_cpu_sec(void);/* [any] CPU time of the process, user and system */
unsigned ph_os_cores(void);        /* [control] cores this process may run on, at least 1 */

/* [control] Reads a whole file ("-": standard input) of at most `most` bytes. The text is the caller's. */
PH_NODISCARD PhStatus ph_os_read_file(const char *path, size_t most, PhText *out);
bool ph_os_is_dir(const char *path);
bool ph_os_is_file(const char *path);
/* [control] The names in a folder, in byte order, hidden ones left out, each NUL-terminated in the arena. */
PH_NODISCARD PhStatus ph_os_list_dir(PhArena *arena, const char *path, const char *const **names, size_t *count);

#endif
