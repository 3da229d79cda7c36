/* The public interface: Standard MIDI Files that are played.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "app/api.h"
#include "io/io.h"
#include "io/midi.h"
#include "io/midi_queue.h"

struct PhononMidiFile {
  PhMidiRead read;
};

PhononStatus phonon_midi_file_new(const char *path, PhononMidiFile **out, PhononError *error)
{
  char reason[PH_IO_ERROR_BYTES] = "";
  PhononMidiFile *self = *out = calloc(1, sizeof *self);
  const PhStatus status = self ? ph_midi_read(path, &self->read, reason) : PH_NOMEM;
  if (status != PH_OK) {
    ph_api_error(error, "%s", reason[0] ? reason : ph_status_text(status));
    free(self);
    *out = NULL;
  }
  return (PhononStatus)status;
}

void phonon_midi_file_free(PhononMidiFile *file)
{
  if (file) {
    ph_midi_read_free(&file->read);
    free(file);
  }
}

double phonon_midi_file_length(const PhononMidiFile *file) { return file->read.length_sec; }

bool phonon_midi_file_get(const PhononMidiFile *file, size_t index, double sample_rate, PhononMidiInput *out)
{
  *out = (PhononMidiInput){ 0 };
  if (index >= file->read.count) {
    return false;
  }
  const PhMidiTimed *item = &file->read.items[index];
  PhMidiMessage message = { .frame = (int64_t)(item->sec * sample_rate + 0.5), .size = item->size };
  memcpy(message.bytes, item->bytes, item->size);
  if (!ph_api_midi_input(&message, out)) {
    out->channel = 0; /* the engine has no use for it */
  }
  return true;
}
