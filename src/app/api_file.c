/* The public interface: sound files.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "app/api.h"
#include "io/recorder.h"

_Static_assert((int)PHONON_BITS_24 == (int)PH_SOUND_24 && (int)PHONON_BITS_16 == (int)PH_SOUND_16 &&
                   (int)PHONON_BITS_FLOAT == (int)PH_SOUND_FLOAT,
               "bits agree");
_Static_assert(sizeof((PhononError *)0)->text >= PH_IO_ERROR_BYTES, "reasons fit");

#define RECORDER_ROOM_SEC 8.0

/* A PhononFile is a PhSoundWriter by another name, a PhononRecorder a PhRecorder. */
static PhSoundWriter *writer_of(PhononFile *file) { return (PhSoundWriter *)(void *)file; }
static PhRecorder *recorder_of(PhononRecorder *recorder) { return (PhRecorder *)(void *)recorder; }

static PhononStatus tell(PhStatus status, const char *reason, PhononError *error)
{
  ph_api_error(error, "%s", reason);
  return (PhononStatus)status;
}

/* The options as the writer has them; false: they make no sense. */
static bool sound_options(const PhononFileOptions *options, PhSoundOptions *out)
{
  PhononFileOptions how = PHONON_FILE_DEFAULTS;
  if (!ph_api_options(&how, sizeof how, options) || how.channels < 1 || how.channels > 2 ||
      (unsigned)how.bits > PHONON_BITS_FLOAT || !(how.sample_rate >= 1 && how.sample_rate <= 1e6)) {
    return false;
  }
  *out = (PhSoundOptions){ .sample_rate = how.sample_rate,
                           .channels = how.channels,
                           .bits = (PhSoundBits)how.bits,
                           .dither = how.dither,
                           .frames = how.frames };
  return true;
}

PhononStatus phonon_file_open(const char *path, const PhononFileOptions *options, PhononFile **out, PhononError *error)
{
  *out = NULL;
  PhSoundOptions sound;
  if (!path || !sound_options(options, &sound)) {
    return tell(PH_ARG, ph_status_text(PH_ARG), error);
  }
  char reason[PH_IO_ERROR_BYTES];
  PhSoundWriter *writer = NULL;
  const PhStatus status = ph_sound_writer_open(path, &sound, &writer, reason);
  *out = (PhononFile *)(void *)writer;
  return tell(status, reason, error);
}

PhononStatus phonon_file_write(PhononFile *file, const float *frames, size_t count, PhononError *error)
{
  char reason[PH_IO_ERROR_BYTES];
  const PhStatus status = ph_sound_writer_write(writer_of(file), frames, count, reason);
  return tell(status, reason, error);
}

PhononStatus phonon_file_finish(PhononFile *file, PhononError *error)
{
  char reason[PH_IO_ERROR_BYTES];
  const PhStatus status = ph_sound_writer_finish(writer_of(file), reason);
  return tell(status, reason, error);
}

PhononStatus phonon_write_file(const char *path, const void *bytes, size_t len, PhononError *error)
{
  char reason[PH_IO_ERROR_BYTES] = "";
  if (!path || (!bytes && len > 0)) {
    return tell(PH_ARG, ph_status_text(PH_ARG), error);
  }
  const PhStatus status = ph_io_write_file(path, bytes, len, reason);
  return tell(status, reason, error);
}

void phonon_file_discard(PhononFile *file) { ph_sound_writer_discard(writer_of(file)); }
uint64_t phonon_file_clipped(const PhononFile *file)
{
  return ph_sound_writer_clipped((const PhSoundWriter *)(const void *)file);
}

/* ---- recorders ---- */

PhononStatus phonon_recorder_open(const char *path, const PhononFileOptions *options, PhononRecorder **out,
                                  PhononError *error)
{
  *out = NULL;
  PhSoundOptions sound;
  if (!path || !sound_options(options, &sound)) {
    return tell(PH_ARG, ph_status_text(PH_ARG), error);
  }
  sound.frames = -1;
  char reason[PH_IO_ERROR_BYTES] = "";
  PhRecorder *recorder = NULL;
  const PhStatus status = ph_recorder_open(path, &sound, RECORDER_ROOM_SEC, &recorder, reason);
  *out = (PhononRecorder *)(void *)recorder;
  return tell(status, reason, error);
}

void phonon_recorder_lead(PhononRecorder *recorder, int64_t frames)
{
  ph_recorder_lead(recorder_of(recorder), frames > 0 ? frames : 0);
}

void phonon_recorder_write(PhononRecorder *recorder, const float *frames, uint32_t count)
{
  ph_recorder_write(recorder_of(recorder), frames, count);
}

void phonon_recorder_wait(PhononRecorder *recorder, uint32_t count) { ph_recorder_wait(recorder_of(recorder), count); }

uint64_t phonon_recorder_lost(const PhononRecorder *recorder)
{
  return ph_recorder_lost((const PhRecorder *)(const void *)recorder);
}

PhononStatus phonon_recorder_status(PhononRecorder *recorder, PhononError *error)
{
  char reason[PH_IO_ERROR_BYTES];
  const PhStatus status = ph_recorder_status(recorder_of(recorder), reason);
  return tell(status, reason, error);
}

PhononStatus phonon_recorder_close(PhononRecorder *recorder, PhononError *error)
{
  char reason[PH_IO_ERROR_BYTES];
  const PhStatus status = ph_recorder_close(recorder_of(recorder), reason);
  return tell(status, reason, error);
}
