/* Loading libraries.  SPDX-License-Identifier: MIT */
#include "io/library.h"

#include <dlfcn.h>
#include <string.h>

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
