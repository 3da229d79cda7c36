/* Loading libraries.  SPDX-License-Identifier: MIT */
#include "io/library.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void *ph_library_open(const char *const *names)
{
  void *library = NULL;
  for (size_t i = 0; names[i] && !library; i++) {
    library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  }
  return library;
}

/* dlsym gives an object pointer, which POSIX lets be copied to one of a function. */
bool ph_library_find(void *library, const char *name, void *into)
{
  void *symbol = dlsym(library, name);
  memcpy(into, &symbol, sizeof symbol);
  return symbol != NULL;
}

int ph_library_hush(void)
{
  (void)fflush(stderr);
  const int saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (saved >= 0 && nowhere >= 0) {
    (void)dup2(nowhere, STDERR_FILENO);
  }
  if (nowhere >= 0) {
    close(nowhere);
  }
  return saved;
}

void ph_library_speak(int saved)
{
  if (saved >= 0) {
    (void)dup2(saved, STDERR_FILENO);
    close(saved);
  }
}
