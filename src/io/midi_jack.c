/* JACK MIDI, and PipeWire's through its own libjack: a client of its own, whose clock is that of the client that plays, since both are called
   in the same period. A server is never started from here.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "io/jack.h"
#include "io/midi_port.h"

enum { SYSTEM = 0xF0 }; /* and above: messages that are of no channel */

#define LAST_WAIT_SEC 0.5
#define LAST_POLL_SEC 0.005

typedef struct Jack {
  PhMidiPorts base;
  jack_client_t *client;
  jack_port_t *ins[PH_MIDI_INS];
  jack_port_t *ports[PH_MIDI_OUTS_MAX];
  _Atomic uint32_t ready; /* outputs that the callback may look at */
  atomic_bool listens[PH_MIDI_INS];
  atomic_bool is_closing;               /* what waits goes at once */
  int64_t last_in[PH_MIDI_INS];         /* the callback's: the player's frame of the last message that came */
  PhMidiMessage held[PH_MIDI_OUTS_MAX]; /* the callback's: taken from the ring, but not due */
  bool holds[PH_MIDI_OUTS_MAX];
  _Atomic uint32_t waiting; /* outputs that hold one, as of the last callback */
} Jack;

/* ---- the callback: [realtime] ---- */

/* A message goes out in its period, on its frame; never before one that went before it. */
static void send_due(Jack *self, uint32_t index, void *buffer, jack_nframes_t begin, jack_nframes_t frames)
{
  const uint32_t offset = atomic_load_explicit(&self->base.offset, memory_order_relaxed);
  const bool hurry = atomic_load_explicit(&self->is_closing, memory_order_relaxed);
  PhMidiMessage *message = &self->held[index];
  uint32_t last = 0;
  while (self->holds[index] || ph_ring_pop(&self->base.out[index], message)) {
    self->holds[index] = true;
    int32_t at = (int32_t)((uint32_t)(uint64_t)message->frame + offset - begin);
    if (!hurry && at >= (int32_t)frames) {
      return;
    }
    if (at < 0 && !hurry) {
      atomic_fetch_add_explicit(&self->base.late, 1, memory_order_relaxed);
    }
    at = at < (int32_t)last || hurry ? (int32_t)last : at;
    jack_midi_data_t *room = ph_jack.midi_event_reserve(buffer, (jack_nframes_t)at, message->size);
    if (!room) {
      return; /* the period is full: in the next one */
    }
    memcpy(room, message->bytes, message->size);
    last = (uint32_t)at;
    self->holds[index] = false;
  }
}

/* Nobody has asked for the clock that a keyboard sends. */
static void take_in(Jack *self, PhMidiPort port, void *buffer, jack_nframes_t begin)
{
  const uint32_t offset = atomic_load_explicit(&self->base.offset, memory_order_relaxed);
  const uint32_t count = ph_jack.midi_get_event_count(buffer);
  for (uint32_t i = 0; i < count; i++) {
    jack_midi_event_t event;
    PhMidiMessage message = { 0 };
    if (ph_jack.midi_event_get(&event, buffer, i) != 0 || event.size < 1 || event.size > sizeof message.bytes ||
        (event.buffer[0] >= SYSTEM) != (port == PH_MIDI_IN_CLOCK)) {
      continue; /* longer ones are not for playing */
    }
    int64_t *last = &self->last_in[port];
    *last += (int32_t)(begin + event.time - offset - (uint32_t)(uint64_t)*last);
    message.frame = *last;
    message.size = (uint8_t)event.size;
    memcpy(message.bytes, event.buffer, event.size);
    if (!ph_ring_push(&self->base.in[port], &message)) {
      atomic_fetch_add_explicit(&self->base.dropped, 1, memory_order_relaxed);
    }
  }
}

static int process(jack_nframes_t frames, void *arg)
{
  Jack *self = arg;
  const jack_nframes_t begin = ph_jack.last_frame_time(self->client);
  const uint32_t ready = atomic_load_explicit(&self->ready, memory_order_acquire);
  uint32_t waiting = 0;
  for (uint32_t i = 0; i < ready; i++) {
    void *buffer = ph_jack.port_get_buffer(self->ports[i], frames);
    ph_jack.midi_clear_buffer(buffer);
    send_due(self, i, buffer, begin, frames);
    waiting += self->holds[i];
  }
  atomic_store_explicit(&self->waiting, waiting, memory_order_release);
  for (uint32_t i = 0; i < PH_MIDI_INS; i++) {
    if (atomic_load_explicit(&self->listens[i], memory_order_acquire)) {
      take_in(self, (PhMidiPort)i, ph_jack.port_get_buffer(self->ins[i], frames), begin);
    }
  }
  return 0;
}

static void on_shutdown(void *arg)
{
  Jack *self = arg;
  atomic_store_explicit(&self->base.lost, true, memory_order_release);
}

/* ---- ports ---- */

/* Connects a port of ours with those of others that go the other way. */
static bool connect_with(Jack *self, jack_port_t *ours, const char *name, bool is_out)
{
  const unsigned long flags =
      (is_out ? JackPortIsInput : JackPortIsOutput) | (name ? 0u : (unsigned long)JackPortIsPhysical);
  const char **others = ph_jack.get_ports(self->client, NULL, JACK_DEFAULT_MIDI_TYPE, flags);
  bool any = false;
  for (size_t i = 0; others && others[i] && !(any && is_out); i++) {
    const jack_port_t *other = ph_jack.port_by_name(self->client, others[i]);
    if (!other || ph_jack.port_is_mine(self->client, other) || (name && !ph_midi_named(others[i], name))) {
      continue;
    }
    const char *from = is_out ? ph_jack.port_name(ours) : others[i], *to = is_out ? others[i] : ph_jack.port_name(ours);
    any |= ph_jack.connect(self->client, from, to) == 0;
  }
  ph_jack.free(others);
  return any;
}

static PhStatus add_out(PhMidiPorts *ports, const char *name, bool *connected, char *error)
{
  Jack *self = (Jack *)ports;
  const uint32_t index = ports->out_count;
  self->ports[index] = ph_jack.port_register(self->client, name, JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
  if (!self->ports[index]) {
    return ph_io_refuse(error, PH_LIMIT, "JACK", "the server takes no MIDI port of that name");
  }
  atomic_store_explicit(&self->ready, index + 1, memory_order_release);
  *connected = connect_with(self, self->ports[index], name, true);
  return PH_OK;
}

static PhStatus add_in(PhMidiPorts *ports, PhMidiPort port, const char *name, bool *connected, char *error)
{
  static const char *const names[] = { [PH_MIDI_IN_KEYS] = "in", [PH_MIDI_IN_CLOCK] = "clock" };
  Jack *self = (Jack *)ports;
  jack_port_t **in = &self->ins[port];
  *in = *in ? *in : ph_jack.port_register(self->client, names[port], JACK_DEFAULT_MIDI_TYPE, JackPortIsInput, 0);
  if (!*in) {
    return ph_io_refuse(error, PH_LIMIT, "JACK", "the server has no more ports");
  }
  atomic_store_explicit(&self->listens[port], true, memory_order_release);
  *connected = connect_with(self, *in, name, false);
  return PH_OK;
}

static bool connect_out(PhMidiPorts *ports, uint32_t index)
{
  Jack *self = (Jack *)ports;
  return connect_with(self, self->ports[index], ports->outs[index], true);
}

static bool connect_in(PhMidiPorts *ports, PhMidiPort port, const char *name)
{
  Jack *self = (Jack *)ports;
  return self->ins[port] && connect_with(self, self->ins[port], name, false);
}

/* ---- the back end ---- */

static PhStatus open_jack(const char *way, PhMidiPorts **out, char *error)
{
  (void)way;
  Jack *self = calloc(1, sizeof *self);
  if (!self) {
    return ph_io_refuse(error, PH_NOMEM, "JACK", ph_status_text(PH_NOMEM));
  }
  self->base.backend = &ph_midi_jack;
  *out = &self->base;
  const PhStatus status = ph_jack_open("phonon-midi", &self->client, error);
  if (status != PH_OK) {
    return status;
  }
  ph_jack.on_shutdown(self->client, on_shutdown, self);
  if (ph_jack.set_process_callback(self->client, process, self) != 0 || ph_jack.activate(self->client) != 0) {
    return ph_io_refuse(error, PH_IO, "JACK", "the server does not take the client");
  }
  return PH_OK;
}

static bool is_empty(Jack *self)
{
  bool empty = atomic_load_explicit(&self->waiting, memory_order_acquire) == 0;
  for (uint32_t i = 0; i < self->base.out_count; i++) {
    empty = empty && ph_ring_count(&self->base.out[i]) == 0;
  }
  return empty;
}

/* What was sent before, the ends of notes above all, is given time to go: two looks at empty rings with a period between them. */
static bool close_jack(PhMidiPorts *ports)
{
  Jack *self = (Jack *)ports;
  if (!self->client) {
    return true;
  }
  if (atomic_load(&ports->lost)) {
    return false; /* the client of a server that has gone is left behind: closing it may never return (jack2, issue 395) */
  }
  atomic_store_explicit(&self->is_closing, true, memory_order_release);
  const double until = ph_os_now_sec() + LAST_WAIT_SEC;
  for (int calm = 0; calm < 3 && ph_os_now_sec() < until && !atomic_load(&ports->lost);) {
    calm = is_empty(self) ? calm + 1 : 0;
    ph_os_sleep_sec(LAST_POLL_SEC);
  }
  return !atomic_load(&ports->lost) && ph_jack.client_close(self->client) == 0;
}

static PhStatus list(PhMidiFound *found, void *ctx, char *error)
{
  jack_client_t *asker = NULL;
  const PhStatus status = ph_jack_open("phonon-list", &asker, error);
  for (int is_out = 0; is_out < 2 && status == PH_OK; is_out++) {
    const char **others =
        ph_jack.get_ports(asker, NULL, JACK_DEFAULT_MIDI_TYPE, is_out ? JackPortIsInput : JackPortIsOutput);
    for (size_t i = 0; others && others[i]; i++) {
      found(ctx, others[i], is_out != 0);
    }
    ph_jack.free(others);
  }
  if (asker) {
    (void)ph_jack.client_close(asker);
  }
  return status;
}

const PhMidiBackend ph_midi_jack = {
  .name = "jack",
  .doc = "JACK and PipeWire, exact to the frame",
  .open = open_jack,
  .close = close_jack,
  .add_out = add_out,
  .add_in = add_in,
  .connect_out = connect_out,
  .connect_in = connect_in,
  .list = list,
};
