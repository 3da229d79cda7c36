/* Devices that need no hardware. `null`: a thread that takes frames by the clock and drops them. `file`: writes them to a sound file,
   as fast as they come, or by the clock for a device "paced:PATH".  SPDX-License-Identifier: MIT */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "io/audio.h"

enum {
  DEFAULT_RATE_HZ = 44100,
  DEFAULT_BLOCK_FRAMES = 512,
  PRIORITY = 20,
  NS_PER_SEC = 1000000000,
  LATE_MOST_NS = 100000000, /* later than that is an xrun, and the clock begins anew */
  WAIT_NS = 100000
};

typedef struct Paced {
  PhAudioStream base;
  pthread_t thread;
  bool by_clock, has_thread;
  atomic_bool quit;
  PhSoundWriter *writer;  /* NULL: the frames are dropped */
  float *planes, *frames; /* the channels one by one, and interleaved */
  float *channels[PH_AUDIO_CHANNELS_MAX];
  char error[PH_IO_ERROR_BYTES];
} Paced;

/* The frames that process made, into the file. A device that cannot take them is lost. */
static void write_block(Paced *self)
{
  const PhAudioGranted *granted = &self->base.granted;
  for (uint32_t c = 0; c < granted->channels; c++) {
    for (uint32_t i = 0; i < granted->block_frames; i++) {
      self->frames[(size_t)i * granted->channels + c] = self->channels[c][i];
    }
  }
  if (ph_sound_writer_write(self->writer, self->frames, granted->block_frames, self->error) != PH_OK) {
    atomic_store(&self->base.lost, true);
    atomic_store(&self->quit, true);
  }
}

static void sleep_until(int64_t ns)
{
  const struct timespec until = { (time_t)(ns / NS_PER_SEC), (long)(ns % NS_PER_SEC) };
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {}
}

static void *run(void *arg)
{
  Paced *self = arg;
  ph_os_name_thread("phonon device");
  const PhAudioGranted *granted = &self->base.granted;
  const PhAudioClient *client = &self->base.client;
  int64_t begin = ph_os_now_ns(), done = 0;
  if (self->by_clock) {
    (void)ph_os_realtime(PRIORITY);
  }
  while (!atomic_load_explicit(&self->quit, memory_order_acquire)) {
    if (!self->by_clock && !client->ready(client->ctx, granted->block_frames)) {
      sleep_until(ph_os_now_ns() + WAIT_NS);
      continue;
    }
    client->process(client->ctx, self->channels, granted->channels, granted->block_frames);
    if (self->writer) {
      write_block(self);
    }
    done += granted->block_frames;
    const int64_t due = begin + (int64_t)((double)done / granted->sample_rate * NS_PER_SEC);
    const int64_t now = ph_os_now_ns();
    if (self->by_clock && now - due > LATE_MOST_NS) {
      atomic_fetch_add_explicit(&self->base.xruns, 1, memory_order_relaxed);
      begin = now;
      done = 0;
    } else if (self->by_clock) {
      sleep_until(due);
    }
  }
  return NULL;
}

static PhStatus close_paced(PhAudioStream *stream, char *error)
{
  Paced *self = (Paced *)stream;
  atomic_store_explicit(&self->quit, true, memory_order_release);
  if (self->has_thread) {
    pthread_join(self->thread, NULL);
  }
  PhStatus status = self->error[0] ? PH_IO : PH_OK;
  if (self->writer && status == PH_OK) {
    status = ph_sound_writer_finish(self->writer, self->error);
  } else {
    ph_sound_writer_discard(self->writer);
  }
  (void)snprintf(error, PH_IO_ERROR_BYTES, "%s", self->error);
  free(self->planes);
  free(self->frames);
  free(self);
  return status;
}

static PhStatus start(Paced *self)
{
  const size_t samples = (size_t)self->base.granted.channels * self->base.granted.block_frames;
  self->planes = calloc(samples, sizeof *self->planes);
  self->frames = calloc(samples, sizeof *self->frames);
  if (!self->planes || !self->frames) {
    return PH_NOMEM;
  }
  for (uint32_t c = 0; c < self->base.granted.channels; c++) {
    self->channels[c] = self->planes + (size_t)c * self->base.granted.block_frames;
  }
  self->has_thread = pthread_create(&self->thread, NULL, run, self) == 0;
  return self->has_thread ? PH_OK : PH_NOMEM;
}

static PhStatus open_paced(const PhAudioBackend *backend, const PhAudioWanted *wanted, const PhAudioClient *client,
                           const char *path, PhAudioStream **out, char *error)
{
  Paced *self = ph_audio_stream_new(sizeof *self, backend, client);
  if (!self) {
    return ph_io_refuse(error, PH_NOMEM, backend->name, ph_status_text(PH_NOMEM));
  }
  PhAudioGranted *granted = &self->base.granted;
  granted->sample_rate = wanted->sample_rate > 0 ? wanted->sample_rate : DEFAULT_RATE_HZ;
  granted->block_frames = wanted->block_frames ? wanted->block_frames : DEFAULT_BLOCK_FRAMES;
  granted->channels = wanted->channels ? wanted->channels : 2;
  (void)snprintf(granted->device, sizeof granted->device, "%s", wanted->device ? wanted->device : "nowhere");
  static const char paced[] = "paced:";
  self->by_clock = !path || strncmp(path, paced, sizeof paced - 1) == 0;
  granted->has_no_clock = !self->by_clock;
  PhStatus status = PH_OK;
  if (path) {
    path += self->by_clock ? sizeof paced - 1 : 0;
    const char *dot = strrchr(path, '.');
    const bool has_float = !dot || strncmp(dot, ".wav", 4) == 0 || strncmp(dot, ".aif", 4) == 0;
    const PhSoundOptions sound = { .sample_rate = granted->sample_rate,
                                   .channels = granted->channels,
                                   .bits = has_float ? PH_SOUND_FLOAT : PH_SOUND_24,
                                   .frames = -1 };
    status = ph_sound_writer_open(path, &sound, &self->writer, error);
  }
  if (status == PH_OK) {
    status = start(self);
    if (status != PH_OK) {
      (void)ph_io_refuse(error, status, backend->name, ph_status_text(status));
      ph_sound_writer_discard(self->writer);
      self->writer = NULL;
    }
  }
  if (status != PH_OK) {
    char unused[PH_IO_ERROR_BYTES];
    (void)close_paced(&self->base, unused);
    return status;
  }
  *out = &self->base;
  return PH_OK;
}

static PhStatus open_null(const PhAudioWanted *wanted, const PhAudioClient *client, PhAudioStream **out, char *error)
{
  return open_paced(&ph_audio_null, wanted, client, NULL, out, error);
}

static PhStatus open_file(const PhAudioWanted *wanted, const PhAudioClient *client, PhAudioStream **out, char *error)
{
  if (!wanted->device) {
    return ph_io_refuse(error, PH_ARG, "file", "the device of this back end is the path of a sound file");
  }
  if (wanted->channels > 2) {
    return ph_io_refuse(error, PH_ARG, "file", "a sound file has one or two channels");
  }
  return open_paced(&ph_audio_file, wanted, client, wanted->device, out, error);
}

static PhStatus list_null(PhAudioFound *found, void *ctx, char *error)
{
  (void)error;
  const PhAudioDevice device = { .name = "nowhere", .is_default = true, .channels = PH_AUDIO_CHANNELS_MAX };
  found(ctx, &device);
  return PH_OK;
}

static PhStatus list_file(PhAudioFound *found, void *ctx, char *error)
{
  (void)error;
  const PhAudioDevice device = { .name = "PATH, or paced:PATH", .channels = 2 };
  found(ctx, &device);
  return PH_OK;
}

const PhAudioBackend ph_audio_null = { "null",     "keeps time and plays to nowhere", false, list_null, open_null,
                                       close_paced };
const PhAudioBackend ph_audio_file = { "file",    "writes a sound file, as fast as it can",
                                       false,     list_file,
                                       open_file, close_paced };
