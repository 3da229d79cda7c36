/* MIDI ports: what all back ends share.  SPDX-License-Identifier: MIT */
#include "io/midi_port.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const PhMidiBackend *const ph_midi_backends[] = {
#if PH_HAVE_JACK
  &ph_midi_jack,
#endif
#if PH_HAVE_RTMIDI
  &ph_midi_rtmidi,
#endif
  NULL,
};

static PhStatus begin(const PhMidiBackend *backend, const char *way, double rate, PhMidiPorts **out, char *error)
{
  PhStatus status = backend->open(way, out, error);
  for (size_t in = 0; in < PH_MIDI_INS && status == PH_OK; in++) {
    status = ph_ring_init(&(*out)->in[in], PH_MIDI_RING_MESSAGES, sizeof(PhMidiMessage));
  }
  if (status == PH_OK) {
    (*out)->rate = rate;
  } else if (*out) {
    ph_midi_close(*out);
    *out = NULL;
  }
  return status;
}

PhStatus ph_midi_open(const char *backend, double rate, PhMidiPorts **out, char *error)
{
  const size_t len = strcspn(backend, ":");
  *out = NULL;
  for (size_t i = 0; ph_midi_backends[i]; i++) {
    if (strncmp(ph_midi_backends[i]->name, backend, len) == 0 && !ph_midi_backends[i]->name[len]) {
      return begin(ph_midi_backends[i], backend[len] ? backend + len + 1 : NULL, rate, out, error);
    }
  }
  return ph_io_refuse(error, PH_NOTFOUND, backend, "there is no such way to MIDI ports in this build");
}

bool ph_midi_named(const char *port, const char *part)
{
  const size_t len = strlen(part);
  for (; *port; port++) {
    if (strncasecmp(port, part, len) == 0) {
      return true;
    }
  }
  return len == 0;
}

void ph_midi_close(PhMidiPorts *ports)
{
  if (!ports) {
    return;
  }
  const uint32_t count = ports->out_count;
  if (!ports->backend->close(ports)) {
    return;
  }
  for (uint32_t i = 0; i < count; i++) {
    ph_ring_deinit(&ports->out[i]);
  }
  for (size_t in = 0; in < PH_MIDI_INS; in++) {
    ph_ring_deinit(&ports->in[in]);
  }
  free(ports);
}

PhStatus ph_midi_out(PhMidiPorts *ports, const char *name, uint32_t *index, bool *connected, char *error)
{
  *connected = true;
  for (*index = 0; *index < ports->out_count; (*index)++) {
    if (strcasecmp(ports->outs[*index], name) == 0) {
      return PH_OK;
    }
  }
  if (ports->out_count == PH_MIDI_OUTS_MAX || strlen(name) >= PH_MIDI_NAME_BYTES) {
    return ph_io_refuse(error, PH_LIMIT, name, "there are too many MIDI outputs, or the name is too long");
  }
  PhRing *ring = &ports->out[ports->out_count];
  PhStatus status = ph_ring_init(ring, PH_MIDI_RING_MESSAGES, sizeof(PhMidiMessage));
  if (status != PH_OK) {
    return ph_io_refuse(error, status, name, ph_status_text(status));
  }
  memcpy(ports->outs[ports->out_count], name, strlen(name) + 1);
  status = ports->backend->add_out(ports, name, connected, error);
  if (status != PH_OK) {
    ph_ring_deinit(ring);
    return status;
  }
  ports->out_count++;
  return PH_OK;
}

PhStatus ph_midi_in(PhMidiPorts *ports, PhMidiPort port, const char *name, bool *connected, char *error)
{
  return ports->backend->add_in(ports, port, name, connected, error);
}

void ph_midi_sync(PhMidiPorts *ports, int64_t frame, uint32_t clock)
{
  atomic_store_explicit(&ports->offset, clock - (uint32_t)(uint64_t)frame, memory_order_relaxed);
}

bool ph_midi_send(PhMidiPorts *ports, uint32_t out, const PhMidiMessage *message)
{
  const bool sent = out < ports->out_count && ph_ring_push(&ports->out[out], message);
  if (!sent) {
    atomic_fetch_add_explicit(&ports->dropped, 1, memory_order_relaxed);
  }
  return sent;
}

bool ph_midi_receive(PhMidiPorts *ports, PhMidiPort port, PhMidiMessage *message)
{
  return ph_ring_pop(&ports->in[port], message);
}
