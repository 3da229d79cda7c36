/* MIDI by RtMidi: ALSA's sequencer, and what other systems have. It knows no frames: what goes out is sent by a thread when its time has come, to
   about a millisecond, and what comes in has the time at which it was handed over. librtmidi is loaded when it is used.  SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <rtmidi_c.h>
#include <stdlib.h>
#include <string.h>

#include "io/library.h"
#include "io/midi_port.h"

#define PAUSE_SEC 0.0005

enum { INS_MAX = 32, SYSTEM = 0xF0, APIS_MAX = 16 };

static const char client[] = "phonon-midi";

#define RTMIDI_FUNCTIONS(F)                                                                                            \
  F(api_name)                                                                                                          \
  F(compiled_api_by_name)                                                                                              \
  F(get_compiled_api)                                                                                                  \
  F(get_port_count)                                                                                                    \
  F(get_port_name)                                                                                                     \
  F(in_create)                                                                                                         \
  F(in_free)                                                                                                           \
  F(in_ignore_types)                                                                                                   \
  F(in_set_callback)                                                                                                   \
  F(open_port)                                                                                                         \
  F(open_virtual_port)                                                                                                 \
  F(out_create)                                                                                                        \
  F(out_free)                                                                                                          \
  F(out_send_message)

/* Written once, under `once`. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct {
#define RTMIDI_MEMBER(name) __typeof__(rtmidi_##name) *name;
  RTMIDI_FUNCTIONS(RTMIDI_MEMBER)
#undef RTMIDI_MEMBER
} rt;
static bool is_loaded;

typedef struct Self Self;

/* A port of somebody else that is listened to. */
typedef struct Source {
  Self *self;
  PhMidiPort way;
  RtMidiInPtr device;
} Source;

struct Self {
  PhMidiPorts base;
  enum RtMidiApi api;
  double begun_sec; /* of our clock, which counts frames of the player's rate */
  RtMidiOutPtr outs[PH_MIDI_OUTS_MAX];
  _Atomic uint32_t ready; /* outputs that the thread may look at */
  pthread_t thread;
  bool has_thread;
  atomic_bool is_closing;
  PhMidiMessage held[PH_MIDI_OUTS_MAX]; /* the thread's: taken from the ring, but not due */
  bool holds[PH_MIDI_OUTS_MAX];
  Source ins[INS_MAX];
  uint32_t in_count;
  pthread_mutex_t mutex;        /* every source may have a thread of its own */
  int64_t last_in[PH_MIDI_INS]; /* under the mutex */
};

static void load(void)
{
  static const char *const names[] = { "librtmidi.so.6",    "librtmidi.so.7",  "librtmidi.6.dylib",
                                       "librtmidi.7.dylib", "librtmidi.dylib", NULL };
  void *library = ph_library_open(names);
  bool ok = library != NULL;
#define RTMIDI_FIND(name) ok = ok && ph_library_find(library, "rtmidi_" #name, &rt.name);
  RTMIDI_FUNCTIONS(RTMIDI_FIND)
#undef RTMIDI_FIND
  is_loaded = ok;
}

/* ---- time ---- */

static uint32_t clock_at(const PhMidiPorts *ports, double sec)
{
  return (uint32_t)(int64_t)((sec - ((const Self *)ports)->begun_sec) * ports->rate);
}

static uint32_t clock_now(const Self *self) { return clock_at(&self->base, ph_os_now_sec()); }

/* ---- out: a thread ---- */

static void send_due(Self *self, uint32_t index)
{
  const bool hurry = atomic_load_explicit(&self->is_closing, memory_order_acquire);
  const uint32_t offset = atomic_load_explicit(&self->base.offset, memory_order_relaxed);
  PhMidiMessage *message = &self->held[index];
  while (self->holds[index] || ph_ring_pop(&self->base.out[index], message)) {
    self->holds[index] = true;
    const int32_t left = (int32_t)((uint32_t)(uint64_t)message->frame + offset - clock_now(self));
    if (left > 0 && !hurry) {
      return;
    }
    (void)rt.out_send_message(self->outs[index], message->bytes, message->size);
    self->holds[index] = false;
  }
}

static void *run(void *arg)
{
  Self *self = arg;
  for (bool last = false; !last;) {
    last = atomic_load_explicit(&self->is_closing, memory_order_acquire); /* and then all that waits */
    const uint32_t ready = atomic_load_explicit(&self->ready, memory_order_acquire);
    for (uint32_t i = 0; i < ready; i++) {
      send_due(self, i);
    }
    if (!last) {
      ph_os_sleep_sec(PAUSE_SEC);
    }
  }
  return NULL;
}

/* ---- in: RtMidi's threads ---- */

static void take(double since, const unsigned char *bytes, size_t size, void *ctx)
{
  (void)since;
  const Source *source = ctx;
  Self *self = source->self;
  PhMidiMessage message = { .size = (uint8_t)size };
  if (size < 1 || size > sizeof message.bytes || (bytes[0] >= SYSTEM) != (source->way == PH_MIDI_IN_CLOCK)) {
    return; /* longer ones are not for playing */
  }
  memcpy(message.bytes, bytes, size);
  pthread_mutex_lock(&self->mutex);
  const uint32_t offset = atomic_load_explicit(&self->base.offset, memory_order_relaxed);
  int64_t *last = &self->last_in[source->way];
  *last += (int32_t)(clock_now(self) - offset - (uint32_t)(uint64_t)*last);
  message.frame = *last;
  if (!ph_ring_push(&self->base.in[source->way], &message)) {
    atomic_fetch_add_explicit(&self->base.dropped, 1, memory_order_relaxed);
  }
  pthread_mutex_unlock(&self->mutex);
}

/* ---- ports ---- */

static PhStatus refuse(char *error, RtMidiPtr device)
{
  return ph_io_refuse(error, PH_NOTFOUND, "RtMidi",
                      device && device->msg && device->msg[0] ? device->msg : "it gives no port");
}

static bool name_of(RtMidiPtr device, uint32_t index, char *name)
{
  int bytes = PH_MIDI_LISTED_BYTES;
  name[0] = 0;
  return rt.get_port_name(device, index, name, &bytes) >= 0 && device->ok;
}

/* Nobody listens to himself, nor to what only passes on. */
static bool is_apart(const char *port) { return strstr(port, client) || strstr(port, "Midi Through"); }

static PhStatus add_out(PhMidiPorts *ports, const char *name, bool *connected, char *error)
{
  Self *self = (Self *)ports;
  const int saved = ph_library_hush();
  RtMidiOutPtr device = rt.out_create(self->api, client);
  bool ok = device && device->ok;
  *connected = false;
  const uint32_t count = ok ? rt.get_port_count(device) : 0;
  for (uint32_t i = 0; i < count && !*connected; i++) {
    char port[PH_MIDI_LISTED_BYTES];
    if (name_of(device, i, port) && !is_apart(port) && ph_midi_named(port, name)) {
      rt.open_port(device, i, name);
      *connected = device->ok;
    }
  }
  if (ok && !*connected) {
    rt.open_virtual_port(device, name);
    ok = device->ok;
  }
  ph_library_speak(saved);
  if (!ok) {
    (void)refuse(error, device);
    if (device) {
      rt.out_free(device);
    }
    return PH_NOTFOUND;
  }
  self->outs[ports->out_count] = device;
  atomic_store_explicit(&self->ready, ports->out_count + 1, memory_order_release);
  return PH_OK;
}

/* A device of its own for each port: RtMidi has it so. `port` below 0: a port that others may connect to. */
static bool listen(Self *self, PhMidiPort way, int port, const char *ours)
{
  Source *source = &self->ins[self->in_count];
  *source = (Source){ .self = self, .way = way, .device = rt.in_create(self->api, client, 1) };
  if (!source->device || !source->device->ok) {
    return false;
  }
  rt.in_ignore_types(source->device, true, way != PH_MIDI_IN_CLOCK, true);
  rt.in_set_callback(source->device, take, source);
  if (port >= 0) {
    rt.open_port(source->device, (uint32_t)port, ours);
  } else {
    rt.open_virtual_port(source->device, ours);
  }
  if (!source->device->ok) {
    rt.in_free(source->device);
    return false;
  }
  self->in_count++;
  return true;
}

static PhStatus add_in(PhMidiPorts *ports, PhMidiPort way, const char *name, bool *connected, char *error)
{
  static const char *const names[] = { [PH_MIDI_IN_KEYS] = "in", [PH_MIDI_IN_CLOCK] = "clock" };
  Self *self = (Self *)ports;
  const int saved = ph_library_hush();
  RtMidiInPtr device = rt.in_create(self->api, client, 1);
  const uint32_t count = device && device->ok ? rt.get_port_count(device) : 0;
  *connected = false;
  for (uint32_t i = 0; i < count && self->in_count < INS_MAX; i++) {
    char port[PH_MIDI_LISTED_BYTES];
    if (name_of(device, i, port) && !is_apart(port) && (!name || ph_midi_named(port, name))) {
      *connected |= listen(self, way, (int)i, names[way]);
    }
  }
  const bool ok = *connected || (self->in_count < INS_MAX && listen(self, way, -1, names[way]));
  ph_library_speak(saved);
  const PhStatus status = ok ? PH_OK : refuse(error, device);
  if (device) {
    rt.in_free(device);
  }
  return status;
}

/* ---- the back end ---- */

/* The first way of the system that opens, but JACK's, which has frames and a back end of its own; or the one that is named. */
static RtMidiOutPtr open_api(const char *wanted, enum RtMidiApi *api, char *error)
{
  enum RtMidiApi apis[APIS_MAX] = { 0 };
  int count = rt.get_compiled_api(apis, APIS_MAX);
  if (wanted) {
    apis[0] = rt.compiled_api_by_name(wanted);
    count = apis[0] == RTMIDI_API_UNSPECIFIED ? 0 : 1;
  }
  (void)ph_io_refuse(error, PH_NOTFOUND, "RtMidi",
                     wanted ? "it has no such way; alsa, jack, core are some" : "it has no way to MIDI ports");
  for (int i = 0; i < count && i < APIS_MAX; i++) {
    if (!wanted && (apis[i] == RTMIDI_API_UNIX_JACK || apis[i] == RTMIDI_API_RTMIDI_DUMMY)) {
      continue;
    }
    const int saved = ph_library_hush();
    RtMidiOutPtr device = rt.out_create(apis[i], client);
    ph_library_speak(saved);
    if (device && device->ok) {
      *api = apis[i];
      return device;
    }
    (void)ph_io_refuse(error, PH_NOTFOUND, "RtMidi",
                       apis[i] == RTMIDI_API_LINUX_ALSA ? "ALSA has no sequencer here (the kernel's module snd-seq)"
                       : device && device->msg          ? device->msg
                                                        : "the system has no MIDI");
    if (device) {
      rt.out_free(device);
    }
  }
  return NULL;
}

static RtMidiOutPtr begin(const char *wanted, enum RtMidiApi *api, char *error)
{
  (void)pthread_once(&once, load);
  if (!is_loaded) {
    (void)ph_io_refuse(error, PH_NOTFOUND, "RtMidi", "librtmidi is not installed (Debian: librtmidi6)");
    return NULL;
  }
  return open_api(wanted, api, error);
}

static PhStatus open_rtmidi(const char *wanted, PhMidiPorts **out, char *error)
{
  enum RtMidiApi api = RTMIDI_API_UNSPECIFIED;
  RtMidiOutPtr device = begin(wanted, &api, error);
  if (!device) {
    return PH_NOTFOUND;
  }
  rt.out_free(device);
  Self *self = calloc(1, sizeof *self);
  if (!self) {
    return ph_io_refuse(error, PH_NOMEM, "RtMidi", ph_status_text(PH_NOMEM));
  }
  self->base.backend = &ph_midi_rtmidi;
  self->api = api;
  self->begun_sec = ph_os_now_sec();
  (void)pthread_mutex_init(&self->mutex, NULL);
  *out = &self->base;
  self->has_thread = pthread_create(&self->thread, NULL, run, self) == 0;
  return self->has_thread ? PH_OK : ph_io_refuse(error, PH_NOMEM, "RtMidi", "there is no thread for it");
}

static bool close_rtmidi(PhMidiPorts *ports)
{
  Self *self = (Self *)ports;
  atomic_store_explicit(&self->is_closing, true, memory_order_release);
  if (self->has_thread) {
    (void)pthread_join(self->thread, NULL);
  }
  const int saved = ph_library_hush();
  for (uint32_t i = 0; i < self->in_count; i++) {
    rt.in_free(self->ins[i].device);
  }
  for (uint32_t i = 0; i < ports->out_count; i++) {
    rt.out_free(self->outs[i]);
  }
  ph_library_speak(saved);
  (void)pthread_mutex_destroy(&self->mutex);
  return true;
}

static void list_ports(RtMidiPtr device, bool is_out, PhMidiFound *found, void *ctx)
{
  const uint32_t count = device && device->ok ? rt.get_port_count(device) : 0;
  for (uint32_t i = 0; i < count; i++) {
    char port[PH_MIDI_LISTED_BYTES];
    if (name_of(device, i, port)) {
      found(ctx, port, is_out);
    }
  }
}

static PhStatus list(PhMidiFound *found, void *ctx, char *error)
{
  enum RtMidiApi api = RTMIDI_API_UNSPECIFIED;
  RtMidiOutPtr out = begin(NULL, &api, error);
  if (!out) {
    return PH_NOTFOUND;
  }
  error[0] = 0;
  const int saved = ph_library_hush();
  RtMidiInPtr in = rt.in_create(api, client, 1);
  list_ports(in, false, found, ctx);
  list_ports(out, true, found, ctx);
  if (in) {
    rt.in_free(in);
  }
  rt.out_free(out);
  ph_library_speak(saved);
  return PH_OK;
}

const PhMidiBackend ph_midi_rtmidi = {
  .name = "rtmidi",
  .doc = "RtMidi: ALSA and what other systems have, to a millisecond",
  .open = open_rtmidi,
  .close = close_rtmidi,
  .add_out = add_out,
  .add_in = add_in,
  .list = list,
  .clock = clock_at,
};
