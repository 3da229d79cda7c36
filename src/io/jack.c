/* Loading libjack.  SPDX-License-Identifier: MIT */
#include "io/jack.h"

#include <pthread.h>

#include "io/library.h"

/* Written once, under `once`. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
PhJack ph_jack;
static bool is_loaded;

static void say_nothing(const char *text) { (void)text; }

static void load(void)
{
  static const char *const names[] = { "libjack.so.0", "libjack.0.dylib", "libjack.dylib", NULL };
  void *library = ph_library_open(names);
  bool ok = library != NULL;
#define JACK_FIND(name) ok = ok && ph_library_find(library, "jack_" #name, &ph_jack.name);
  PH_JACK_FUNCTIONS(JACK_FIND)
#undef JACK_FIND
  is_loaded = ok;
  if (ok) {
    ph_jack.set_error_function(say_nothing);
    ph_jack.set_info_function(say_nothing);
  }
}

PhStatus ph_jack_open(const char *name, jack_client_t **client, char *error)
{
  (void)pthread_once(&once, load);
  if (!is_loaded) {
    return ph_io_refuse(error, PH_NOTFOUND, "JACK", "libjack is not installed (Debian: libjack-jackd2-0 or pipewire-jack)");
  }
  jack_status_t status = 0;
  *client = ph_jack.client_open(name, JackNoStartServer, &status);
  return *client ? PH_OK : ph_io_refuse(error, PH_NOTFOUND, "JACK", "no server answers");
}
