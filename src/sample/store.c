/* The store: a cache of loaded samples over the bank index, filled by as many threads as there is work for.
   SPDX-License-Identifier: MIT

   One lock guards everything in the store. Decoding happens outside it: a file that is asked for is marked PH_FILE_LOADING by the
   thread that will load it, and others who want it wait for PH_FILE_DONE. Once done it never changes. */
#include "sample/bank.h"
#include "sample/decode.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_THREADS = 64 };

struct PhSampleStore {
  pthread_mutex_t lock;
  pthread_cond_t loaded; /* some file became PH_FILE_DONE */
  PhArena arena;
  PhBankIndex index;
  PH_ARRAY(PhBankFile *) loose; /* files that were asked for by path, or at their own rate */
  double sample_rate;
  unsigned threads;
};

PhStatus ph_sample_store_new(const PhSampleOptions *options, PhSampleStore **out)
{
  *out = NULL;
  if (!(options->sample_rate >= PH_DECODE_MIN_RATE_HZ && options->sample_rate <= PH_DECODE_MAX_RATE_HZ)) {
    return PH_RANGE;
  }
  PhSampleStore *store = calloc(1, sizeof *store);
  if (!store) {
    return PH_NOMEM;
  }
  if (ph_os_init_mutex(&store->lock) != PH_OK) {
    free(store);
    return PH_NOMEM;
  }
  pthread_cond_init(&store->loaded, NULL);
  const unsigned threads = options->threads ? options->threads : ph_os_cores();
  store->threads = threads < MAX_THREADS ? threads : MAX_THREADS;
  store->sample_rate = options->sample_rate;
  ph_arena_init(&store->arena, NULL, NULL);
  PhTrap trap;
  store->arena.trap = &trap;
  if (PH_TRAP_SET(&trap) == 0) {
    ph_bank_index_init(&store->index, &store->arena, options);
  }
  store->arena.trap = NULL;
  if (trap.status != PH_OK) {
    const PhStatus status = trap.status;
    ph_sample_store_free(store);
    return status;
  }
  *out = store;
  return PH_OK;
}

void ph_sample_store_free(PhSampleStore *store)
{
  if (!store) {
    return;
  }
  for (size_t i = 0; i < store->index.banks.len; i++) {
    PhBank *bank = store->index.banks.items[i];
    for (size_t k = 0; k < bank->count; k++) {
      free(bank->files[k].memory[0]);
      free(bank->files[k].memory[1]);
    }
  }
  for (size_t i = 0; i < store->loose.len; i++) {
    free(store->loose.items[i]->memory[0]);
    free(store->loose.items[i]->memory[1]);
  }
  ph_arena_deinit(&store->arena);
  pthread_cond_destroy(&store->loaded);
  pthread_mutex_destroy(&store->lock);
  free(store);
}

/* ---- loading ------------------------------------------------------------------------------------------------- */

/* A file that this call loads. */
typedef struct Job {
  PhBankFile *file;
  PhStatus status;
  PhDecoded decoded;
} Job;

typedef struct Batch {
  Job *jobs;
  size_t count;
  double sample_rate;
  atomic_size_t next; /* written by all workers: the first job that nobody has taken */
} Batch;

static void run_job(Job *job, double rate)
{
  const PhBankFile *file = job->file;
  if (file->kit) {
    job->decoded = (PhDecoded){ .source_rate = rate };
    job->status = ph_kit_render(file->kit, file->variant, rate, &job->decoded.pcm);
  } else {
    job->status = ph_decode_file(file->path, file->own_rate ? 0 : rate, &job->decoded);
  }
}

static void *work(void *arg)
{
  Batch *batch = arg;
  size_t i;
  while ((i = atomic_fetch_add_explicit(&batch->next, 1, memory_order_relaxed)) < batch->count) {
    run_job(&batch->jobs[i], batch->sample_rate);
  }
  return NULL;
}

/* Loads with the caller and up to `threads` - 1 helpers. Fewer, if the system has no more to give. */
static void run_batch(Batch *batch, unsigned threads)
{
  pthread_t helpers[MAX_THREADS];
  unsigned started = 0;
  while (started + 1 < threads && started + 1 < batch->count &&
         pthread_create(&helpers[started], NULL, work, batch) == 0) {
    started++;
  }
  (void)work(batch);
  while (started > 0) {
    pthread_join(helpers[--started], NULL);
  }
}

static void publish(PhSampleStore *store, Job *job)
{
  PhBankFile *file = job->file;
  PhPcm *pcm = &job->decoded.pcm;
  file->status = job->status;
  const char *reason = job->decoded.message;
  if (!reason[0] && job->status != PH_OK) {
    reason = ph_status_text(job->status);
  }
  if (reason[0]) {
    /* Without a trap the arena gives NULL when memory ends; the status alone must do then. */
    file->message = ph_arena_printf(&store->arena, "%s: %s", file->path, reason);
  }
  if (job->status == PH_OK) {
    file->memory[0] = pcm->memory[0];
    file->memory[1] = pcm->memory[1];
    const float *left = ph_pcm_channel(pcm, 0);
    file->sample = (PhSample){ .left = left,
                               .right = pcm->channels == 2 ? ph_pcm_channel(pcm, 1) : left,
                               .frames = pcm->frames,
                               .channels = pcm->channels,
                               .source_rate = job->decoded.source_rate,
                               .path = file->path };
  }
  file->state = PH_FILE_DONE;
}

/* A file that is not read as one of a bank. With the lock and a trap. */
static PhBankFile *loose_file(PhSampleStore *store, const char *path, bool own_rate)
{
  for (size_t i = 0; i < store->loose.len; i++) {
    PhBankFile *file = store->loose.items[i];
    if (file->own_rate == own_rate && strcmp(file->path, path) == 0) {
      return file;
    }
  }
  PhBankFile *file = PH_NEW(&store->arena, PhBankFile);
  file->path = ph_arena_strndup(&store->arena, path, strlen(path));
  file->own_rate = own_rate;
  PH_PUSH(&store->arena, &store->loose, file);
  return file;
}

/* Finds the file that a request means, or answers the request. With the lock and a trap. */
static PhBankFile *find_file(PhSampleStore *store, PhSampleRequest *request)
{
  if (request->is_path) {
    return loose_file(store, request->name, request->own_rate);
  }
  PhBank *bank = ph_bank_find(&store->index, request->name);
  if (bank->count == 0) {
    if (!bank->files) { /* keep the message: it is the same every time */
      bank->files = PH_NEW(&store->arena, PhBankFile);
    }
    if (!bank->files->message) {
      bank->files->message = ph_bank_missing(&store->index, request->name);
    }
    request->status = PH_NOTFOUND;
    request->message = bank->files->message;
    return NULL;
  }
  const int64_t count = (int64_t)bank->count;
  const int64_t n = request->n % count;
  PhBankFile *file = &bank->files[n < 0 ? n + count : n];
  return request->own_rate && !file->kit ? loose_file(store, file->path, true) : file;
}

/* What each request waits for, and the jobs among it that nobody has taken yet. */
typedef struct Call {
  PhBankFile **files; /* one per request; NULL: answered already */
  Job *jobs;
  size_t job_count;
} Call;

static void claim(PhSampleStore *store, PhSampleRequest *requests, size_t count, Call *call)
{
  PhTrap trap;
  store->arena.trap = &trap;
  volatile size_t i = 0;
  while (i < count) {
    if (PH_TRAP_SET(&trap) == 0) {
      for (; i < count; i++) {
        PhBankFile *file = find_file(store, &requests[i]);
        call->files[i] = file;
        if (file && file->state == PH_FILE_NEW) {
          file->state = PH_FILE_LOADING;
          call->jobs[call->job_count++].file = file;
        }
      }
    } else {
      requests[i].status = trap.status;
      requests[i].message = ph_status_text(trap.status);
      i++;
    }
  }
  store->arena.trap = NULL;
}

static void answer(PhSampleRequest *request, const PhBankFile *file)
{
  request->status = file->status;
  request->message = file->message ? file->message : (file->status == PH_OK ? NULL : ph_status_text(file->status));
  request->sample = file->status == PH_OK ? &file->sample : NULL;
}

static void load(PhSampleStore *store, PhSampleRequest *requests, size_t count, Call *call)
{
  pthread_mutex_lock(&store->lock);
  claim(store, requests, count, call);
  pthread_mutex_unlock(&store->lock);
  if (call->job_count) {
    Batch batch = { .jobs = call->jobs, .count = call->job_count, .sample_rate = store->sample_rate };
    run_batch(&batch, store->threads);
  }
  pthread_mutex_lock(&store->lock);
  for (size_t i = 0; i < call->job_count; i++) {
    publish(store, &call->jobs[i]);
  }
  pthread_cond_broadcast(&store->loaded);
  for (size_t i = 0; i < count; i++) {
    while (call->files[i] && call->files[i]->state != PH_FILE_DONE) {
      pthread_cond_wait(&store->loaded, &store->lock);
    }
    if (call->files[i]) {
      answer(&requests[i], call->files[i]);
    }
  }
  pthread_mutex_unlock(&store->lock);
}

void ph_sample_load(PhSampleStore *store, PhSampleRequest *requests, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    requests[i].sample = NULL;
    requests[i].message = ph_status_text(PH_NOMEM);
    requests[i].status = PH_NOMEM;
  }
  Call call = { calloc(count + !count, sizeof(PhBankFile *)), calloc(count + !count, sizeof(Job)), 0 };
  if (call.files && call.jobs) {
    load(store, requests, count, &call);
  }
  free(call.files);
  free(call.jobs);
}

/* ---- asking -------------------------------------------------------------------------------------------------- */

size_t ph_sample_bank_count(PhSampleStore *store, const char *name)
{
  volatile size_t count = 0;
  PhTrap trap;
  pthread_mutex_lock(&store->lock);
  store->arena.trap = &trap;
  if (PH_TRAP_SET(&trap) == 0) {
    count = ph_bank_find(&store->index, name)->count;
  }
  store->arena.trap = NULL;
  pthread_mutex_unlock(&store->lock);
  return count;
}

PhStatus ph_sample_bank_names(PhSampleStore *store, PhArena *arena, const char *const **names, size_t *count)
{
  *names = NULL;
  *count = 0;
  PhTrap trap, *outer = arena->trap;
  pthread_mutex_lock(&store->lock);
  store->arena.trap = &trap;
  arena->trap = &trap;
  if (PH_TRAP_SET(&trap) == 0) {
    ph_bank_names(&store->index, arena, names, count);
  }
  arena->trap = outer;
  store->arena.trap = NULL;
  pthread_mutex_unlock(&store->lock);
  return trap.status;
}
