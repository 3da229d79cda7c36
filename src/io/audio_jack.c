/* JACK, and PipeWire through its own libjack (`pw-jack phonon play …`). A server is never started from here.
   SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/audio.h"
#include "io/jack.h"

#define CLOSE_WAIT_SEC 0.002

enum { PIPEWIRE_RATE_HZ = 48000, CLOSE_TRIES = 1000 };

typedef struct Jack {
  PhAudioStream base;
  jack_client_t *client;
  jack_port_t *ports[PH_AUDIO_CHANNELS_MAX];
  atomic_bool is_closing; /* who plays may be gone */
} Jack;

/* ---- callbacks ---- */

static int process(jack_nframes_t frames, void *arg) /* [realtime] */
{
  Jack *self = arg;
  float *out[PH_AUDIO_CHANNELS_MAX];
  const uint32_t channels = self->base.granted.channels;
  for (uint32_t c = 0; c < channels; c++) {
    out[c] = ph_jack.port_get_buffer(self->ports[c], frames);
    memset(out[c], 0, frames * sizeof(float));
  }
  if (atomic_load_explicit(&self->is_closing, memory_order_acquire)) {
    return 0;
  }
  atomic_store_explicit(&self->base.clock, ph_jack.last_frame_time(self->client), memory_order_relaxed);
  atomic_store_explicit(&self->base.has_clock, true, memory_order_relaxed);
  self->base.client.process(self->base.client.ctx, out, channels, frames);
  return 0;
}

static void on_shutdown(void *arg)
{
  Jack *self = arg;
  atomic_store_explicit(&self->base.lost, true, memory_order_release);
}

static int on_xrun(void *arg)
{
  Jack *self = arg;
  atomic_fetch_add_explicit(&self->base.xruns, 1, memory_order_relaxed);
  return 0;
}

static int on_rate(jack_nframes_t rate, void *arg)
{
  Jack *self = arg;
  if ((double)rate != self->base.granted.sample_rate) {
    atomic_store_explicit(&self->base.changed, true, memory_order_release);
  }
  return 0;
}

/* ---- ports ---- */

static bool belongs(const char *port, const char *client)
{
  const size_t len = strlen(client);
  return strncmp(port, client, len) == 0 && port[len] == ':';
}

/* From a port to the ear. Ours would be told the same, but a moment after it is connected. */
static double latency_of(jack_client_t *client, const char *port, double sample_rate)
{
  jack_latency_range_t latency = { 0, 0 };
  ph_jack.port_get_latency_range(ph_jack.port_by_name(client, port), JackPlaybackLatency, &latency);
  return latency.max / sample_rate;
}

/* Our ports, in order, to the ports of a client; NULL: those of the sound card. False: it has none. */
static bool connect_ports(Jack *self, const char *device)
{
  const char **ports = ph_jack.get_ports(self->client, NULL, JACK_DEFAULT_AUDIO_TYPE,
                                      JackPortIsInput | (device ? 0u : (unsigned long)JackPortIsPhysical));
  PhAudioGranted *granted = &self->base.granted;
  uint32_t made = 0;
  for (size_t i = 0; ports && ports[i] && made < granted->channels; i++) {
    if (device && !belongs(ports[i], device)) {
      continue;
    }
    if (made == 0) {
      (void)snprintf(granted->device, sizeof granted->device, "%.*s", (int)strcspn(ports[i], ":"), ports[i]);
      granted->latency_sec = latency_of(self->client, ports[i], granted->sample_rate);
    }
    made += ph_jack.connect(self->client, ph_jack.port_name(self->ports[made]), ports[i]) == 0;
  }
  ph_jack.free(ports);
  return made > 0;
}

static bool register_ports(Jack *self)
{
  for (uint32_t c = 0; c < self->base.granted.channels; c++) {
    char name[16];
    (void)snprintf(name, sizeof name, "out_%u", c + 1);
    self->ports[c] = ph_jack.port_register(self->client, name, JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
    if (!self->ports[c]) {
      return false;
    }
  }
  return true;
}

/* ---- the back end ---- */

/* jack_client_close can hang where the server has gone (jack2, issue 395). It gets a thread and some time; after that both are left
   behind, with the client's memory: the callback, if it is ever called again, must find it. */
typedef struct Closing {
  Jack *stream;
  atomic_bool is_closed;
  atomic_int owners; /* the last one frees */
} Closing;

static void leave(Closing *closing)
{
  if (atomic_fetch_sub(&closing->owners, 1) == 1) {
    free(closing->stream);
    free(closing);
  }
}

static void *close_client(void *arg)
{
  Closing *closing = arg;
  (void)ph_jack.client_close(closing->stream->client);
  atomic_store_explicit(&closing->is_closed, true, memory_order_release);
  leave(closing);
  return NULL;
}

static PhStatus close_jack(PhAudioStream *stream, char *error)
{
  (void)error;
  Jack *self = (Jack *)stream;
  Closing *closing = self->client ? calloc(1, sizeof *closing) : NULL;
  pthread_t thread;
  if (closing) {
    *closing = (Closing){ .stream = self, .owners = 2 };
    atomic_store_explicit(&self->is_closing, true, memory_order_release);
    if (pthread_create(&thread, NULL, close_client, closing) == 0) {
      (void)pthread_detach(thread);
      for (int i = 0; i < CLOSE_TRIES && !atomic_load_explicit(&closing->is_closed, memory_order_acquire); i++) {
        ph_os_sleep_sec(CLOSE_WAIT_SEC);
      }
      leave(closing);
      return PH_OK;
    }
    free(closing);
  }
  if (self->client) {
    (void)ph_jack.client_close(self->client);
  }
  free(self);
  return PH_OK;
}

static PhStatus start(Jack *self, const char *device, char *error)
{
  PhAudioGranted *granted = &self->base.granted;
  granted->sample_rate = ph_jack.get_sample_rate(self->client);
  granted->block_frames = ph_jack.get_buffer_size(self->client);
  (void)snprintf(granted->device, sizeof granted->device, "nothing");
  if (!register_ports(self)) {
    return ph_io_refuse(error, PH_LIMIT, "JACK", "the server has no more ports");
  }
  ph_jack.on_shutdown(self->client, on_shutdown, self);
  if (ph_jack.set_process_callback(self->client, process, self) != 0 ||
      ph_jack.set_xrun_callback(self->client, on_xrun, self) != 0 ||
      ph_jack.set_sample_rate_callback(self->client, on_rate, self) != 0 || ph_jack.activate(self->client) != 0) {
    return ph_io_refuse(error, PH_IO, "JACK", "the server does not take the client");
  }
  const bool alone = device && strcmp(device, "none") == 0;
  if (!alone && !connect_ports(self, device) && device) {
    char why[PH_AUDIO_NAME_BYTES];
    (void)snprintf(why, sizeof why, "no client `%.100s` has inputs for audio", device);
    return ph_io_refuse(error, PH_NOTFOUND, "JACK", why);
  }
  const int priority = ph_jack.client_real_time_priority(self->client);
  granted->priority = priority > 0 ? priority : 0;
  return PH_OK;
}

static PhStatus open_jack(const PhAudioWanted *wanted, const PhAudioClient *client, PhAudioStream **out, char *error)
{
  Jack *self = ph_audio_stream_new(sizeof *self, &ph_audio_jack, client);
  if (!self) {
    return ph_io_refuse(error, PH_NOMEM, "JACK", ph_status_text(PH_NOMEM));
  }
  self->base.granted.channels = wanted->channels ? wanted->channels : 2;
  if (wanted->block_frames) { /* PipeWire gives each client the block that it asks for here; JACK does not look */
    char latency[32];
    const double rate = wanted->sample_rate > 0 ? wanted->sample_rate : PIPEWIRE_RATE_HZ;
    (void)snprintf(latency, sizeof latency, "%u/%.0f", wanted->block_frames, rate);
    (void)setenv("PIPEWIRE_LATENCY", latency, 0);
  }
  PhStatus status = ph_jack_open("phonon", &self->client, error);
  status = status == PH_OK ? start(self, wanted->device, error) : status;
  if (status != PH_OK) {
    (void)close_jack(&self->base, error);
    return status;
  }
  *out = &self->base;
  return PH_OK;
}

/* A device is a client that has inputs: the sound card first, as `is_default`. */
static PhStatus list(PhAudioFound *found, void *ctx, char *error)
{
  jack_client_t *client = NULL;
  const PhStatus status = ph_jack_open("phonon-devices", &client, error);
  if (status != PH_OK) {
    return status;
  }
  const double rate = ph_jack.get_sample_rate(client);
  const char **all = ph_jack.get_ports(client, NULL, JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput);
  const char **physical = ph_jack.get_ports(client, NULL, JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput | JackPortIsPhysical);
  for (size_t i = 0; all && all[i];) {
    PhAudioDevice device = { .rates = { rate }, .block_frames = ph_jack.get_buffer_size(client) };
    (void)snprintf(device.name, sizeof device.name, "%.*s", (int)strcspn(all[i], ":"), all[i]);
    device.is_default = physical && physical[0] && belongs(physical[0], device.name);
    device.latency_sec = latency_of(client, all[i], rate);
    for (; all[i] && belongs(all[i], device.name); i++) {
      device.channels++;
    }
    found(ctx, &device);
  }
  ph_jack.free(all);
  ph_jack.free(physical);
  (void)ph_jack.client_close(client);
  return PH_OK;
}

const PhAudioBackend ph_audio_jack = { "jack",    "a running JACK server, or PipeWire by pw-jack",
                                       true,      list,
                                       open_jack, close_jack };
