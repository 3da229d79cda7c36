/* Watches a text's folder, not the file: editors that save by renaming another one over it work, and so does a file that is not there
   yet. What a notification misses (a folder on the network) a look twice a second finds.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/live/live.h"

enum {
  QUIET_MS = 15,  /* after the last sign of a save: an editor may write in several pieces */
  EMPTY_MS = 150, /* an empty file may be one that is about to be written */
  LOOK_MS = 500
};

typedef struct Watch {
  Live *live;
  uv_fs_event_t event;
  uv_timer_t quiet, look;
  char *name; /* of the file in its folder */
  struct stat seen;
  bool is_empty_believed, has_others; /* has_others: a file beside it has changed, which the text may include */
} Watch;

static Watch watch;

bool live_is_text(const char *name)
{
  const char *dot = strrchr(name, '.');
  return dot && (strcmp(dot, ".ph") == 0 || strcmp(dot, ".tidal") == 0);
}

/* The file as it is now. */
static void load(uv_timer_t *timer)
{
  Watch *w = timer->data;
  Live *live = w->live;
  size_t len = 0;
  char *text = NULL;
  PhononError error;
  (void)stat(live->file, &w->seen);
  if (phonon_read_file(live->file, PHONON_TEXT_MAX, &text, &len, &error) != PHONON_OK) {
    return; /* between two names; the next event, or look, finds it */
  }
  if (len == 0 && !w->is_empty_believed) {
    w->is_empty_believed = true;
    (void)uv_timer_start(&w->quiet, load, EMPTY_MS, 0);
  } else {
    w->is_empty_believed = false;
    const bool is_forced = w->has_others && strstr(text, "include") != NULL;
    w->has_others = false;
    (void)live_text(live, text, len, is_forced);
  }
  phonon_free(text);
}

static void on_event(uv_fs_event_t *event, const char *name, int events, int status)
{
  Watch *w = event->data;
  (void)events;
  const bool is_it = !name || strcmp(name, w->name) == 0;
  if (status == 0 && (is_it || live_is_text(name))) {
    w->has_others |= !is_it;
    (void)uv_timer_start(&w->quiet, load, QUIET_MS, 0);
  }
}

static void look(uv_timer_t *timer)
{
  Watch *w = timer->data;
  struct stat now;
  if (stat(w->live->file, &now) == 0 && !uv_is_active((uv_handle_t *)&w->quiet) &&
      (now.st_ino != w->seen.st_ino || now.st_size != w->seen.st_size || now.st_mtim.tv_sec != w->seen.st_mtim.tv_sec ||
       now.st_mtim.tv_nsec != w->seen.st_mtim.tv_nsec)) {
    (void)uv_timer_start(&w->quiet, load, QUIET_MS, 0);
  }
}

void live_watch(Live *live)
{
  char *path = realpath(live->file, NULL);
  const char *at = path ? path : live->file;
  const char *slash = strrchr(at, '/');
  char *folder = slash ? strndup(at, slash == at ? 1 : (size_t)(slash - at)) : strdup(".");
  watch = (Watch){ .live = live, .name = strdup(slash ? slash + 1 : at) };
  (void)stat(live->file, &watch.seen);
  (void)uv_fs_event_init(&live->loop, &watch.event);
  (void)uv_timer_init(&live->loop, &watch.quiet);
  (void)uv_timer_init(&live->loop, &watch.look);
  watch.event.data = watch.quiet.data = watch.look.data = &watch;
  const bool is_told = folder && watch.name && uv_fs_event_start(&watch.event, on_event, folder, 0) == 0;
  if (!is_told) {
    live_say(live, TONE_WARNING, "%s cannot be watched: a save is found within half a second", live->file);
  }
  (void)uv_timer_start(&watch.look, look, LOOK_MS, LOOK_MS);
  free(folder);
  free(path);
}

void live_unwatch(void)
{
  free(watch.name);
  watch = (Watch){ .live = NULL };
}
