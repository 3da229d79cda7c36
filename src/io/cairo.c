/* Loading cairo.  SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "io/cairo.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#include "io/io.h"
#include "io/library.h"

/* Written once, under `once`. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static PhCairo loaded;
static char reason[PH_IO_ERROR_BYTES];

static void load(void)
{
  static const char *const names[] = { "libcairo.so.2", NULL };
  void *library = ph_library_open(names);
  bool ok = library != NULL;
#define PH_CAIRO_FIND(name) ok = ok && ph_library_find(library, "cairo_" #name, &loaded.name);
  PH_CAIRO_FUNCTIONS(PH_CAIRO_FIND)
#undef PH_CAIRO_FIND
  if (!ok) {
    const char *why = dlerror();
    (void)snprintf(reason, sizeof reason, "pictures are drawn by cairo, which cannot be loaded: %s",
                   why ? why : "it is too old");
  }
}

const PhCairo *ph_cairo(char *error)
{
  (void)pthread_once(&once, load);
  (void)snprintf(error, PH_IO_ERROR_BYTES, "%s", reason);
  return reason[0] ? NULL : &loaded;
}
