/* Standard MIDI Files that are played, through libsmf.  SPDX-License-Identifier: MIT */
#include <errno.h>
#include <smf.h>
#include <stdlib.h>
#include <string.h>

#include "io/io.h"
#include "io/library.h"
#include "io/midi.h"

enum { SYSTEM = 0xF0 };

/* Messages of the channels alone: what is for whole devices, and about the song, is nothing that plays. */
static bool is_played(const smf_event_t *event)
{
  return event->midi_buffer_length >= 1 && event->midi_buffer_length <= 3 && event->midi_buffer[0] < SYSTEM;
}

static PhStatus put(PhMidiRead *out, size_t *cap, const smf_event_t *event)
{
  if (out->count == *cap) {
    const size_t wanted = *cap ? 2 * *cap : 256;
    PhMidiTimed *grown = realloc(out->items, wanted * sizeof *grown);
    if (!grown) {
      return PH_NOMEM;
    }
    out->items = grown;
    *cap = wanted;
  }
  PhMidiTimed *item = &out->items[out->count++];
  *item = (PhMidiTimed){ .sec = event->time_seconds, .size = (uint8_t)event->midi_buffer_length };
  memcpy(item->bytes, event->midi_buffer, item->size);
  return PH_OK;
}

PhStatus ph_midi_read(const char *path, PhMidiRead *out, char *error)
{
  *out = (PhMidiRead){ 0 };
  if (!ph_os_is_file(path)) {
    return ph_io_refuse(error, PH_NOTFOUND, path, "there is no such file");
  }
  const int saved = ph_library_hush(); /* libsmf writes what it misses */
  smf_t *smf = smf_load(path);
  ph_library_speak(saved);
  if (!smf) {
    return ph_io_refuse(error, PH_IO, path, "this is not a Standard MIDI File that can be read");
  }
  PhStatus status = PH_OK;
  size_t cap = 0;
  smf_rewind(smf);
  for (smf_event_t *event;
       status == PH_OK && (event = smf_get_next_event(smf));) { /* of all tracks, in order of time */
    status = is_played(event) ? put(out, &cap, event) : PH_OK;
    out->length_sec = event->time_seconds > out->length_sec ? event->time_seconds : out->length_sec;
  }
  smf_delete(smf);
  if (status != PH_OK) {
    ph_midi_read_free(out);
    return ph_io_refuse(error, status, path, ph_status_text(status));
  }
  return PH_OK;
}

void ph_midi_read_free(PhMidiRead *read)
{
  free(read->items);
  *read = (PhMidiRead){ 0 };
}
