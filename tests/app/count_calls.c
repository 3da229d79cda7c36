/* Counts what a program's threads ask of the system that may make them wait: memory, locks, reading, writing. Loaded before the program
   (LD_PRELOAD), it writes a line for each thread that asked, "NAME KIND COUNT", to the file COUNT_CALLS when the program ends.
   SPDX-License-Identifier: MIT */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { THREADS = 256, NAME_BYTES = 16 };

typedef enum { MEMORY, FREE, LOCK, WRITE, KINDS } Kind;
static const char *const kind_names[KINDS] = { "memory", "free", "lock", "write" };

typedef struct {
  char name[NAME_BYTES]; /* at the last call that was counted */
  atomic_ullong calls[KINDS];
} Thread;

static Thread threads[THREADS];
static atomic_int thread_count;
static _Thread_local int mine; /* from 1 */

static void count(Kind kind)
{
  if (mine == 0) {
    mine = atomic_fetch_add(&thread_count, 1) + 1;
  }
  if (mine <= THREADS) {
    Thread *thread = &threads[mine - 1];
    (void)prctl(PR_GET_NAME, thread->name);
    atomic_fetch_add(&thread->calls[kind], 1);
  }
}

__attribute__((destructor)) static void report(void)
{
  const int known = atomic_load(&thread_count);
  FILE *file = getenv("COUNT_CALLS") ? fopen(getenv("COUNT_CALLS"), "w") : NULL;
  for (int i = 0; file && i < known && i < THREADS; i++) {
    for (int kind = 0; kind < KINDS; kind++) {
      fprintf(file, "%s\t%s\t%llu\n", threads[i].name, kind_names[kind], atomic_load(&threads[i].calls[kind]));
    }
  }
  if (file) {
    fclose(file);
  }
}

/* What is counted is glibc's, by its other names. */
extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t number, size_t bytes);
extern void *__libc_realloc(void *ptr, size_t bytes);
extern void *__libc_memalign(size_t alignment, size_t bytes);
extern void __libc_free(void *ptr);

void *malloc(size_t bytes)
{
  count(MEMORY);
  return __libc_malloc(bytes);
}

void *calloc(size_t number, size_t bytes)
{
  count(MEMORY);
  return __libc_calloc(number, bytes);
}

void *realloc(void *ptr, size_t bytes)
{
  count(MEMORY);
  return __libc_realloc(ptr, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
  count(MEMORY);
  return __libc_memalign(alignment, bytes);
}

int posix_memalign(void **out, size_t alignment, size_t bytes)
{
  count(MEMORY);
  *out = __libc_memalign(alignment, bytes);
  return *out ? 0 : 12; /* ENOMEM */
}

void free(void *ptr)
{
  count(FREE);
  __libc_free(ptr);
}

/* The function of that name that would have been called without us. */
static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
  static int (*real)(pthread_mutex_t *);
  count(LOCK);
  if (!real) {
    void *symbol = next("pthread_mutex_lock");
    memcpy(&real, &symbol, sizeof real);
  }
  return real(mutex);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
  count(WRITE);
  return syscall(SYS_write, fd, bytes, size);
}

ssize_t sendto(int fd, const void *bytes, size_t size, int flags, const struct sockaddr *to, socklen_t to_bytes)
{
  count(WRITE);
  return syscall(SYS_sendto, fd, bytes, size, flags, to, to_bytes);
}

ssize_t send(int fd, const void *bytes, size_t size, int flags) { return sendto(fd, bytes, size, flags, NULL, 0); }
