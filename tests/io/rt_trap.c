/* The audio callback never allocates, locks or writes: the functions that would are ours here, and count when the device's thread
   calls them, while a playout starts, underruns, gets in phase again, fades and ends. With an argument (malloc, free,
   lock, write) that call is planted in the callback, and must be found.  SPDX-License-Identifier: MIT */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "io/playout.h"

/* Set while the device's thread is inside of the callback: from the clock that it reads first to the next ring of the device's own. */
static _Thread_local bool is_device_thread;
static atomic_int caught;
static const char *planted = "";

static void check(void)
{
  if (is_device_thread) {
    atomic_fetch_add(&caught, 1);
  }
}

/* ---- the traps; what they stand for is glibc's, by its other names ---- */

extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t bytes);
extern void *__libc_realloc(void *ptr, size_t bytes);
extern void __libc_free(void *ptr);

void *malloc(size_t bytes)
{
  check();
  return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
  check();
  return __libc_calloc(count, bytes);
}

void *realloc(void *ptr, size_t bytes)
{
  check();
  return __libc_realloc(ptr, bytes);
}

void free(void *ptr)
{
  check();
  __libc_free(ptr);
}

static int (*real_lock)(pthread_mutex_t *mutex);

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
  check();
  if (!real_lock) {
    void *symbol = dlsym(RTLD_NEXT, "pthread_mutex_lock");
    memcpy(&real_lock, &symbol, sizeof real_lock);
  }
  return real_lock(mutex);
}

ssize_t write(int fd, const void *bytes, size_t count)
{
  check();
  return syscall(SYS_write, fd, bytes, count);
}

/* ---- the device's thread ---- */

int64_t __real_ph_os_now_ns(void);
int64_t __wrap_ph_os_now_ns(void);
int __real_clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left);
int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left);

/* The null device sleeps by this between two callbacks, and nobody else does. */
int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left)
{
  is_device_thread = true;
  return __real_clock_nanosleep(clock, flags, until, left);
}

static void plant(void)
{
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  if (strcmp(planted, "malloc") == 0) {
    void *volatile kept = malloc(16);
    __libc_free(kept);
  } else if (strcmp(planted, "free") == 0) {
    free(__libc_malloc(16));
  } else if (strcmp(planted, "lock") == 0) {
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
  } else if (strcmp(planted, "write") == 0) {
    (void)!write(STDERR_FILENO, "", 0);
  }
}

/* The callback asks for the time. */
int64_t __wrap_ph_os_now_ns(void)
{
  if (is_device_thread) {
    plant();
  }
  return __real_ph_os_now_ns();
}

/* ---- the run ---- */

/* Numbers; once so slowly that the device runs dry. */
static PhStatus render(void *ctx, uint32_t frames, float *out)
{
  int64_t *at = ctx;
  if (*at / 4096 != (*at + frames) / 4096) {
    ph_os_sleep_sec(0.08);
  }
  for (uint32_t i = 0; i < frames; i++) {
    out[2 * i] = out[2 * i + 1] = (float)(*at)++;
  }
  return PH_OK;
}

static bool play(double fade_sec)
{
  char error[PH_IO_ERROR_BYTES];
  int64_t at = 0;
  PhPlayout *playout = NULL;
  const PhPlayoutOptions options = { .audio = { .backend = "null", .sample_rate = 48000, .block_frames = 128 },
                                     .ahead_sec = 0.02 };
  if (ph_playout_open(&options, &playout, error) != PH_OK || ph_playout_start(playout, render, &at, 24000) != PH_OK) {
    fprintf(stderr, "%s\n", error);
    return false;
  }
  bool has_ended = false;
  for (int i = 0; i < 3000 && !has_ended; i++) {
    PhPlayoutEvent event;
    while (ph_playout_poll(playout, &event)) {
      has_ended |= event.kind == PH_PLAYOUT_ENDED;
    }
    if (i == 50 && fade_sec > 0) {
      ph_playout_fade(playout, fade_sec);
    }
    ph_os_sleep_sec(0.005);
  }
  const bool good = has_ended && ph_playout_underruns(playout) > 0;
  return ph_playout_close(playout, error) == PH_OK && good;
}

int main(int argc, char **argv)
{
  planted = argc > 1 ? argv[1] : "";
  const bool good = play(0) && play(0.05);
  const int calls = atomic_load(&caught);
  printf("%s: %d forbidden calls%s\n", *planted ? planted : "nothing planted", calls,
         good ? "" : "; the sound did not end, or never ran dry");
  return good && (calls > 0) == (*planted != 0) ? 0 : 1;
}
