/* The public interface: what there is to play on.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "app/api.h"
#include "io/audio.h"
#include "io/midi_port.h"

enum { BACKENDS_MAX = 8 };

typedef struct Backend {
  const PhAudioBackend *backend;
  PhStatus status;
  char reason[PH_IO_ERROR_BYTES];
  PH_ARRAY(PhAudioDevice) devices; /* in the arena */
} Backend;

typedef struct MidiBackend {
  const PhMidiBackend *backend;
  PhStatus status;
  char reason[PH_IO_ERROR_BYTES];
  PH_ARRAY(PhononMidiPort) ports; /* in the arena */
} MidiBackend;

struct PhononDevices {
  PhArena arena;
  MidiBackend midi[BACKENDS_MAX];
  size_t midi_count;
  Backend backends[BACKENDS_MAX];
  size_t count;
  size_t at; /* the back end that is being asked */
  bool failed;
};

/* Called from inside of a back end's list, which is not to be left by a trap: that one is here. */
static void note_device(void *ctx, const PhAudioDevice *device)
{
  PhononDevices *self = ctx;
  PhTrap *outer = self->arena.trap;
  PhTrap trap;
  self->arena.trap = &trap;
  if (PH_TRAP_SET(&trap) == 0) {
    PH_PUSH(&self->arena, &self->backends[self->at].devices, *device);
  } else {
    self->failed = true;
  }
  self->arena.trap = outer;
}

static void note_port(void *ctx, const char *name, bool is_out)
{
  PhononDevices *self = ctx;
  PhTrap *outer = self->arena.trap;
  PhTrap trap;
  self->arena.trap = &trap;
  if (PH_TRAP_SET(&trap) == 0) {
    PhononMidiPort port = { ph_arena_printf(&self->arena, "%s", name), is_out };
    PH_PUSH(&self->arena, &self->midi[self->at].ports, port);
  } else {
    self->failed = true;
  }
  self->arena.trap = outer;
}

static void list_midi(PhononDevices *self)
{
  for (; ph_midi_backends[self->midi_count] && self->midi_count < BACKENDS_MAX; self->midi_count++) {
    MidiBackend *one = &self->midi[self->midi_count];
    self->at = self->midi_count;
    one->backend = ph_midi_backends[self->midi_count];
    one->status = one->backend->list(note_port, self, one->reason);
  }
}

PhononStatus phonon_devices_new(PhononDevices **out)
{
  *out = NULL;
  PhononDevices *self = calloc(1, sizeof *self);
  if (!self) {
    return PHONON_NOMEM;
  }
  ph_arena_init(&self->arena, NULL, NULL);
  for (; ph_audio_backends[self->count] && self->count < BACKENDS_MAX; self->count++) {
    Backend *one = &self->backends[self->count];
    self->at = self->count;
    one->backend = ph_audio_backends[self->count];
    one->status = one->backend->list(note_device, self, one->reason);
  }
  list_midi(self);
  if (self->failed) {
    phonon_devices_free(self);
    return PHONON_NOMEM;
  }
  *out = self;
  return PHONON_OK;
}

void phonon_devices_free(PhononDevices *devices)
{
  if (devices) {
    ph_arena_deinit(&devices->arena);
    free(devices);
  }
}

bool phonon_devices_backend(const PhononDevices *devices, size_t index, PhononBackend *out)
{
  *out = (PhononBackend){ .name = "", .doc = "", .reason = "" };
  if (index >= devices->count) {
    return false;
  }
  const Backend *one = &devices->backends[index];
  *out = (PhononBackend){ .name = one->backend->name,
                          .doc = one->backend->doc,
                          .available = one->status == PH_OK,
                          .reason = one->reason,
                          .device_count = one->devices.len };
  return true;
}

bool phonon_devices_device(const PhononDevices *devices, size_t backend, size_t index, PhononDevice *out)
{
  *out = (PhononDevice){ .name = "" };
  if (backend >= devices->count || index >= devices->backends[backend].devices.len) {
    return false;
  }
  const PhAudioDevice *device = &devices->backends[backend].devices.items[index];
  *out = (PhononDevice){ .name = device->name,
                         .is_default = device->is_default,
                         .channels = device->channels,
                         .rates = device->rates,
                         .block_frames = device->block_frames,
                         .latency_sec = device->latency_sec };
  while (out->rate_count < PH_AUDIO_RATES_MAX && device->rates[out->rate_count] > 0) {
    out->rate_count++;
  }
  return true;
}

bool phonon_devices_midi(const PhononDevices *devices, size_t index, PhononMidiBackend *out)
{
  *out = (PhononMidiBackend){ .name = "", .doc = "", .reason = "" };
  if (index >= devices->midi_count) {
    return false;
  }
  const MidiBackend *one = &devices->midi[index];
  *out = (PhononMidiBackend){
    .name = one->backend->name, .doc = one->backend->doc, .available = one->status == PH_OK, .reason = one->reason
  };
  return true;
}

bool phonon_devices_midi_port(const PhononDevices *devices, size_t backend, size_t index, PhononMidiPort *out)
{
  *out = (PhononMidiPort){ .name = "" };
  if (backend >= devices->midi_count || index >= devices->midi[backend].ports.len) {
    return false;
  }
  *out = devices->midi[backend].ports.items[index];
  return true;
}

/* ---- as text and JSON ---- */

static void device_text(PhText *text, const PhononDevice *device)
{
  ph_text_printf(text, "  %c %-44s %2u ch  ", device->is_default ? '*' : ' ', device->name, device->channels);
  for (size_t i = 0; i < device->rate_count; i++) {
    ph_text_puts(text, i ? " " : "");
    ph_text_num(text, device->rates[i]);
  }
  ph_text_puts(text, device->rate_count ? " Hz" : "any rate");
  if (device->block_frames) {
    ph_text_printf(text, ", blocks of %u", device->block_frames);
  }
  if (device->latency_sec > 0) {
    ph_text_printf(text, ", %.1f ms", device->latency_sec * 1e3);
  }
  ph_text_puts(text, "\n");
}

char *phonon_devices_text(const PhononDevices *devices)
{
  PhText text = { 0 };
  PhononBackend backend;
  PhononDevice device;
  for (size_t b = 0; phonon_devices_backend(devices, b, &backend); b++) {
    ph_text_printf(&text, "%-10s %s%s%s\n", backend.name, backend.doc,
                   backend.available ? "" : " -- not available: ", backend.reason);
    for (size_t d = 0; phonon_devices_device(devices, b, d, &device); d++) {
      device_text(&text, &device);
    }
  }
  PhononMidiBackend midi;
  PhononMidiPort port;
  for (size_t b = 0; phonon_devices_midi(devices, b, &midi); b++) {
    ph_text_printf(&text, "MIDI %-7s %s%s%s\n", midi.name, midi.doc,
                   midi.available ? "" : " -- not available: ", midi.reason);
    for (size_t p = 0; phonon_devices_midi_port(devices, b, p, &port); p++) {
      ph_text_printf(&text, "    %-44s %s\n", port.name, port.is_out ? "out" : "in");
    }
  }
  return ph_api_take(&text);
}

static void device_json(PhText *text, const PhononDevice *device)
{
  ph_text_puts(text, "      {\"name\": ");
  ph_text_json(text, device->name, strlen(device->name));
  ph_text_printf(text, ", \"default\": %s, \"channels\": %u, \"rates\": [", device->is_default ? "true" : "false",
                 device->channels);
  for (size_t i = 0; i < device->rate_count; i++) {
    ph_text_puts(text, i ? ", " : "");
    ph_text_num(text, device->rates[i]);
  }
  ph_text_printf(text, "], \"block\": %u, \"latencySec\": ", device->block_frames);
  ph_text_num(text, device->latency_sec);
  ph_text_puts(text, "}");
}

static void midi_json(PhText *text, const PhononDevices *devices, size_t index, const PhononMidiBackend *midi)
{
  PhononMidiPort port;
  ph_text_printf(text, ",\n  {\"backend\": \"midi:%s\", \"doc\": ", midi->name);
  ph_text_json(text, midi->doc, strlen(midi->doc));
  ph_text_printf(text, ", \"available\": %s, \"reason\": ", midi->available ? "true" : "false");
  ph_text_json(text, midi->reason, strlen(midi->reason));
  ph_text_puts(text, ", \"ports\": [");
  for (size_t p = 0; phonon_devices_midi_port(devices, index, p, &port); p++) {
    ph_text_puts(text, p ? ",\n      {\"name\": " : "\n      {\"name\": ");
    ph_text_json(text, port.name, strlen(port.name));
    ph_text_printf(text, ", \"out\": %s}", port.is_out ? "true" : "false");
  }
  ph_text_puts(text, "]}");
}

char *phonon_devices_json(const PhononDevices *devices)
{
  PhText text = { 0 };
  PhononBackend backend;
  PhononDevice device;
  ph_text_puts(&text, "[\n");
  for (size_t b = 0; phonon_devices_backend(devices, b, &backend); b++) {
    ph_text_printf(&text, "%s  {\"backend\": \"%s\", \"doc\": ", b ? ",\n" : "", backend.name);
    ph_text_json(&text, backend.doc, strlen(backend.doc));
    ph_text_printf(&text, ", \"available\": %s, \"reason\": ", backend.available ? "true" : "false");
    ph_text_json(&text, backend.reason, strlen(backend.reason));
    ph_text_puts(&text, ", \"devices\": [");
    for (size_t d = 0; phonon_devices_device(devices, b, d, &device); d++) {
      ph_text_puts(&text, d ? ",\n" : "\n");
      device_json(&text, &device);
    }
    ph_text_puts(&text, "]}");
  }
  PhononMidiBackend midi;
  for (size_t b = 0; phonon_devices_midi(devices, b, &midi); b++) {
    midi_json(&text, devices, b, &midi);
  }
  ph_text_puts(&text, "\n]\n");
  return ph_api_take(&text);
}
