/* The loader: reads samples on a thread of its own, so that a file from a slow disk delays nobody. The score asks a second before a
   sound is due; who needs one that is not there yet waits for it, so what is heard never depends on how long reading took.
   SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "engine/internal.h"

typedef struct PhJob {
  struct PhJob *next;
  uint32_t sound;
  PhSampleRequest request;
  char name[];                /* of the request */
} PhJob;

struct PhLoader {
  PhSampleStore *store;
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t asked, loaded;
  PhJob *waiting, **last;     /* in order */
  PhJob *done;
  atomic_bool has_done;       /* looked at before the lock: each block asks whether something is there */
  bool quit;
};

static void *load(void *arg)
{
  PhLoader *loader = arg;
  ph_os_name_thread("phonon loader");
  pthread_mutex_lock(&loader->mutex);
  while (!loader->quit) {
    PhJob *job = loader->waiting;
    if (!job) {
      pthread_cond_wait(&loader->asked, &loader->mutex);
      continue;
    }
    loader->waiting = job->next;
    loader->last = loader->waiting ? loader->last : &loader->waiting;
    pthread_mutex_unlock(&loader->mutex);
    ph_sample_load(loader->store, &job->request, 1);
    pthread_mutex_lock(&loader->mutex);
    job->next = loader->done;
    loader->done = job;
    atomic_store(&loader->has_done, true);
    pthread_cond_broadcast(&loader->loaded);
  }
  pthread_mutex_unlock(&loader->mutex);
  return NULL;
}

PhStatus ph_loader_new(PhSampleStore *store, PhLoader **out)
{
  PhLoader *loader = calloc(1, sizeof *loader);
  *out = NULL;
  if (!loader || ph_os_init_mutex(&loader->mutex) != PH_OK) {
    free(loader);
    return PH_NOMEM;
  }
  loader->store = store;
  loader->last = &loader->waiting;
  pthread_cond_init(&loader->asked, NULL);
  pthread_cond_init(&loader->loaded, NULL);
  if (pthread_create(&loader->thread, NULL, load, loader) != 0) {
    pthread_mutex_destroy(&loader->mutex);
    pthread_cond_destroy(&loader->asked);
    pthread_cond_destroy(&loader->loaded);
    free(loader);
    return PH_NOMEM;
  }
  *out = loader;
  return PH_OK;
}

static void free_jobs(PhJob *job)
{
  while (job) {
    PhJob *next = job->next;
    free(job);
    job = next;
  }
}

void ph_loader_free(PhLoader *loader)
{
  if (!loader) {
    return;
  }
  pthread_mutex_lock(&loader->mutex);
  loader->quit = true;
  pthread_cond_broadcast(&loader->asked);
  pthread_mutex_unlock(&loader->mutex);
  pthread_join(loader->thread, NULL);
  pthread_mutex_destroy(&loader->mutex);
  pthread_cond_destroy(&loader->asked);
  pthread_cond_destroy(&loader->loaded);
  free_jobs(loader->waiting);
  free_jobs(loader->done);
  free(loader);
}

bool ph_loader_ask(PhLoader *loader, uint32_t sound, const char *name, int64_t n)
{
  const size_t len = strlen(name);
  PhJob *job = calloc(1, sizeof *job + len + 1);
  if (!job) {
    return false;
  }
  memcpy(job->name, name, len);
  job->sound = sound;
  job->request = (PhSampleRequest){ .name = job->name, .n = n };
  pthread_mutex_lock(&loader->mutex);
  *loader->last = job;
  loader->last = &job->next;
  pthread_cond_signal(&loader->asked);
  pthread_mutex_unlock(&loader->mutex);
  return true;
}

bool ph_loader_take(PhLoader *loader, bool wait, uint32_t *sound, PhSampleRequest *out)
{
  if (!wait && !atomic_load(&loader->has_done)) {
    return false;
  }
  pthread_mutex_lock(&loader->mutex);
  while (wait && !loader->done) {
    pthread_cond_wait(&loader->loaded, &loader->mutex);
  }
  PhJob *job = loader->done;
  loader->done = job ? job->next : NULL;
  atomic_store(&loader->has_done, loader->done != NULL);
  pthread_mutex_unlock(&loader->mutex);
  if (job) {
    *sound = job->sound;
    *out = job->request;
    out->name = NULL;
    free(job);
  }
  return job != NULL;
}
