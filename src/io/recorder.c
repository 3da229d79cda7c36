/* Sound files that are written while they are heard.  SPDX-License-Identifier: MIT */
#include "io/recorder.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/ring.h"

enum { PIECE_FRAMES = 2048 };

#define PAUSE_SEC 0.02 /* between two looks into the ring */
#define SYNC_SEC 0.5   /* between two headers that say how long the file is */

/* Who owns what. The control thread opens, and joins the recorder's thread, after which everything is its own. */
struct PhRecorder {
  PhRing ring; /* of frames: giver → recorder's thread */
  uint32_t channels;
  pthread_t thread;
  /* The giver's. */
  uint64_t owed; /* silent frames that stand for those that found no room */
  /* The recorder's thread's. */
  PhSoundWriter *writer;
  char error[PH_IO_ERROR_BYTES]; /* before `status` is set, with release */
  /* Written by the giver. */
  _Atomic int64_t lead;
  _Atomic uint64_t lost;
  /* Written by the recorder's thread. */
  atomic_int status;
  /* Written by the control thread. */
  atomic_bool quit;
};

/* ---- the recorder's thread ----------------------------------------------------------------------------------------- */

static bool note(PhRecorder *r, PhStatus status)
{
  if (status != PH_OK) {
    atomic_store_explicit(&r->status, (int)status, memory_order_release);
  }
  return status == PH_OK;
}

static bool write_silence(PhRecorder *r, int64_t frames)
{
  static const float silence[PIECE_FRAMES * 2];
  for (int64_t n; frames > 0; frames -= n) {
    n = frames < PIECE_FRAMES ? frames : PIECE_FRAMES;
    if (!note(r, ph_sound_writer_write(r->writer, silence, (size_t)n, r->error))) {
      return false;
    }
  }
  return true;
}

/* All that is in the ring. False: it is over. */
static bool write_all(PhRecorder *r)
{
  for (;;) {
    PhRingSpan spans[2];
    const size_t count = ph_ring_read_begin(&r->ring, PIECE_FRAMES, spans);
    if (count == 0) {
      return true;
    }
    if (!write_silence(r, atomic_exchange_explicit(&r->lead, 0, memory_order_relaxed))) {
      return false;
    }
    for (int s = 0; s < 2; s++) {
      if (!note(r, ph_sound_writer_write(r->writer, spans[s].at, spans[s].count, r->error))) {
        return false;
      }
    }
    ph_ring_read_end(&r->ring, count);
  }
}

static void *run(void *arg)
{
  PhRecorder *r = arg;
  ph_os_name_thread("phonon recorder");
  double synced_sec = ph_os_now_sec();
  for (bool is_last = false; !is_last;) {
    is_last = atomic_load_explicit(&r->quit, memory_order_acquire);
    if (!write_all(r)) {
      break;
    }
    if (ph_os_now_sec() - synced_sec >= SYNC_SEC) {
      synced_sec = ph_os_now_sec();
      if (!note(r, ph_sound_writer_sync(r->writer, r->error))) {
        break;
      }
    }
    if (!is_last) {
      ph_os_sleep_sec(PAUSE_SEC);
    }
  }
  return NULL;
}

/* ---- the thread that gives ------------------------------------------------------------------------------------------ */

void ph_recorder_lead(PhRecorder *r, int64_t frames) { atomic_store_explicit(&r->lead, frames, memory_order_relaxed); }

/* As many frames as find room; NULL: silent ones. */
static size_t put(PhRecorder *r, const float *frames, size_t most)
{
  PhRingSpan spans[2];
  const size_t count = ph_ring_write_begin(&r->ring, most, spans);
  for (int s = 0; s < 2; s++) {
    const size_t bytes = spans[s].count * r->channels * sizeof(float);
    if (frames) {
      memcpy(spans[s].at, frames, bytes);
      frames += spans[s].count * r->channels;
    } else {
      memset(spans[s].at, 0, bytes);
    }
  }
  ph_ring_write_end(&r->ring, count);
  return count;
}

void ph_recorder_write(PhRecorder *r, const float *frames, uint32_t count)
{
  if (r->owed > 0) {
    r->owed -= put(r, NULL, (size_t)r->owed);
  }
  const size_t done = r->owed > 0 ? 0 : put(r, frames, count);
  if (done < count) {
    r->owed += count - done;
    atomic_fetch_add_explicit(&r->lost, count - done, memory_order_relaxed);
  }
}

void ph_recorder_wait(PhRecorder *r, uint32_t count)
{
  const size_t room = count < r->ring.capacity / 2 ? count : r->ring.capacity / 2;
  while (r->ring.capacity - ph_ring_count(&r->ring) < room &&
         atomic_load_explicit(&r->status, memory_order_relaxed) == PH_OK) {
    ph_os_sleep_sec(0.001);
  }
}

uint64_t ph_recorder_lost(const PhRecorder *r) { return atomic_load_explicit(&r->lost, memory_order_relaxed); }

/* ---- the control thread --------------------------------------------------------------------------------------------- */

PhStatus ph_recorder_open(const char *path, const PhSoundOptions *options, double room_sec, PhRecorder **out,
                          char *error)
{
  *out = NULL;
  PhRecorder *r = calloc(1, sizeof *r);
  if (!r) {
    return ph_io_fail(error, PH_NOMEM, path, ph_status_text(PH_NOMEM));
  }
  PhSoundOptions sound = *options;
  sound.in_place = true;
  r->channels = options->channels;
  const double room = room_sec * options->sample_rate;
  PhStatus status =
      ph_ring_init(&r->ring, room > PIECE_FRAMES ? (size_t)room : PIECE_FRAMES, options->channels * sizeof(float));
  status = status == PH_OK ? ph_sound_writer_open(path, &sound, &r->writer, error)
                           : ph_io_fail(error, status, path, ph_status_text(status));
  if (status == PH_OK && pthread_create(&r->thread, NULL, run, r) != 0) {
    status = ph_io_fail(error, PH_NOMEM, path, ph_status_text(PH_NOMEM));
  }
  if (status != PH_OK) {
    ph_sound_writer_discard(r->writer);
    ph_ring_deinit(&r->ring);
    free(r);
    return status;
  }
  *out = r;
  return PH_OK;
}

PhStatus ph_recorder_status(PhRecorder *r, char *error)
{
  const PhStatus status = (PhStatus)atomic_load_explicit(&r->status, memory_order_acquire);
  error[0] = 0;
  if (status != PH_OK) {
    memcpy(error, r->error, sizeof r->error);
  }
  return status;
}

PhStatus ph_recorder_close(PhRecorder *r, char *error)
{
  error[0] = 0;
  if (!r) {
    return PH_OK;
  }
  atomic_store_explicit(&r->quit, true, memory_order_release);
  pthread_join(r->thread, NULL);
  PhStatus status = (PhStatus)atomic_load(&r->status);
  if (status == PH_OK && r->owed > 0) {
    (void)write_silence(r, (int64_t)r->owed);
    status = (PhStatus)atomic_load(&r->status);
  }
  if (status == PH_OK) {
    status = ph_sound_writer_finish(r->writer, error);
  } else {
    memcpy(error, r->error, sizeof r->error);
    ph_sound_writer_discard(r->writer);
  }
  ph_ring_deinit(&r->ring);
  free(r);
  return status;
}
