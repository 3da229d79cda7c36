/* The operating system.  SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "base/os.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double clock_sec(clockid_t id)
{
  struct timespec t;
  clock_gettime(id, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double ph_os_now_sec(void) { return clock_sec(CLOCK_MONOTONIC); }
double ph_os_cpu_sec(void) { return clock_sec(CLOCK_THREAD_CPUTIME_ID); }
double ph_os_process_cpu_sec(void) { return clock_sec(CLOCK_PROCESS_CPUTIME_ID); }

int64_t ph_os_now_ns(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void ph_os_sleep_sec(double sec)
{
  const struct timespec t = { (time_t)sec, (long)((sec - (double)(time_t)sec) * 1e9) };
  (void)nanosleep(&t, NULL);
}

void ph_os_name_thread(const char *name)
{
  (void)pthread_setname_np(pthread_self(), name);
}

PhStatus ph_os_init_mutex(pthread_mutex_t *mutex)
{
  pthread_mutexattr_t attributes;
  if (pthread_mutexattr_init(&attributes) != 0) {
    return PH_NOMEM;
  }
  (void)pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
  const bool made = pthread_mutex_init(mutex, &attributes) == 0;
  pthread_mutexattr_destroy(&attributes);
  return made ? PH_OK : PH_NOMEM;
}

bool ph_os_realtime(int priority)
{
  const struct sched_param how = { .sched_priority = priority };
  return pthread_setschedparam(pthread_self(), SCHED_FIFO, &how) == 0;
}

int ph_os_priority(void)
{
  struct sched_param how = { 0 };
  int policy = 0;
  return pthread_getschedparam(pthread_self(), &policy, &how) == 0 && policy == SCHED_FIFO ? how.sched_priority : 0;
}

/* With a finite limit, memory that is asked for later is refused once the limit is reached; below this much it is not risked. */
bool ph_os_lock_memory(void)
{
  const rlim_t enough = (rlim_t)1 << 30;
  struct rlimit limit;
  const bool permitted = geteuid() == 0 || (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur >= enough);
  return permitted && mlockall(MCL_CURRENT | MCL_FUTURE) == 0;
}

unsigned ph_os_cores(void)
{
  cpu_set_t set;
  CPU_ZERO(&set);
  const int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  return n > 0 ? (unsigned)n : 1;
}

PhStatus ph_os_read_file(const char *path, size_t most, PhText *out)
{
  *out = (PhText){ 0 };
  const bool is_stdin = strcmp(path, "-") == 0;
  if (!is_stdin && ph_os_is_dir(path)) {
    errno = EISDIR;
    return PH_IO;
  }
  FILE *file = is_stdin ? stdin : fopen(path, "rb");
  if (!file) {
    return errno == ENOENT ? PH_NOTFOUND : PH_IO;
  }
  char buf[16384];
  size_t n;
  PhStatus status = PH_OK;
  ph_text_add(out, "", 0);
  while (status == PH_OK && (n = fread(buf, 1, sizeof buf, file)) > 0) {
    ph_text_add(out, buf, n);
    status = out->failed ? PH_NOMEM : out->len > most ? PH_LIMIT : PH_OK;
  }
  if (status == PH_OK && ferror(file)) {
    status = PH_IO;
  }
  if (!is_stdin) {
    fclose(file);
  }
  if (status != PH_OK) {
    ph_text_deinit(out);
  }
  return status;
}

bool ph_os_is_dir(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool ph_os_is_file(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static int by_bytes(const void *a, const void *b)
{
  const char *const *x = a;
  const char *const *y = b;
  return strcmp(*x, *y);
}

PhStatus ph_os_list_dir(PhArena *arena, const char *path, const char *const **names, size_t *count)
{
  *names = NULL;
  *count = 0;
  DIR *dir = opendir(path);
  if (!dir) {
    return errno == ENOENT ? PH_NOTFOUND : PH_IO;
  }
  PH_ARRAY(const char *) list = { 0 };
  PhTrap *outer = arena->trap;
  PhTrap trap;
  arena->trap = &trap;
  const struct dirent *entry;
  if (PH_TRAP_SET(&trap) == 0) {
    while ((entry = readdir(dir))) {
      if (entry->d_name[0] != '.') {
        PH_PUSH(arena, &list, ph_arena_strndup(arena, entry->d_name, strlen(entry->d_name)));
      }
    }
  }
  arena->trap = outer;
  closedir(dir);
  if (trap.status != PH_OK) {
    return trap.status;
  }
  if (list.len) {
    qsort(list.items, list.len, sizeof *list.items, by_bytes);
  }
  *names = (const char *const *)list.items;
  *count = list.len;
  return PH_OK;
}
