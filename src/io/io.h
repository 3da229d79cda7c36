/* Files that are written: whole ones, sound, MIDI, pictures; and loudness. [control]  SPDX-License-Identifier: MIT */
#ifndef PH_IO_IO_H
#define PH_IO_IO_H

#include "base/base.h"

/* ---- whole files ---- */

/* Reasons of failures go into buffers of this size. */
enum { PH_IO_ERROR_BYTES = 512 };
/* A reason in words, "who: why"; gives the status. */
PhStatus ph_io_refuse(char *error, PhStatus status, const char *who, const char *why);

/* [control] Writes all of a file: beside its place, then moved there, so that a failure leaves what was there before. "-" is
   standard output; what is not an ordinary file is written straight through. */
PH_NODISCARD PhStatus ph_io_write_file(const char *path, const void *bytes, size_t count, char *error);
/* [control] What that and the writers of sound are made of: a file of a new name beside `path`, open for reading and writing;
   the file that a name stands for, so that a symbolic link stays one (the caller's; NULL: no memory); all bytes to a
   descriptor; the reason why it cannot be written. */
PH_NODISCARD PhStatus ph_io_create_beside(const char *path, char **temporary, int *fd, char *error);
char *ph_io_resolve(const char *path);
PH_NODISCARD PhStatus ph_io_write_bytes(int fd, const char *path, const void *bytes, size_t count, char *error);
PhStatus ph_io_fail(char *error, PhStatus status, const char *path, const char *why);

/* ---- sound ---- */

typedef enum PhSoundBits { PH_SOUND_24, PH_SOUND_16, PH_SOUND_FLOAT } PhSoundBits;

typedef struct PhSoundOptions {
  double sample_rate;
  uint32_t channels;  /* 1 or 2 */
  PhSoundBits bits;
  bool dither;        /* triangular, 2 steps wide, a pure function of frame and channel */
  int64_t frames;     /* how many will come, -1: unknown. A stream's header says it */
  bool in_place;      /* under its own name from the beginning, which must be new; a failure leaves what was written */
} PhSoundOptions;

/* A file in the making: written beside its place under a temporary name, which ph_sound_writer_finish changes to the real one.
   "-" and what is not an ordinary file (a pipe, a device) is written straight through, as WAV. */
typedef struct PhSoundWriter PhSoundWriter;

/* [control] The format is chosen by the ending of `path`: .wav .flac .ogg .aiff .aif. `error` (PH_IO_ERROR_BYTES) gets the
   reason of a failure. The same frames and options give the same bytes, except for .ogg, whose streams carry a serial number. */
PH_NODISCARD PhStatus ph_sound_writer_open(const char *path, const PhSoundOptions *options, PhSoundWriter **out, char *error);
/* [control] Appends interleaved frames. Integer formats clamp to ±1 and count; what is not a number becomes 0. */
PH_NODISCARD PhStatus ph_sound_writer_write(PhSoundWriter *writer, const float *frames, size_t count, char *error);
/* [control] Of a file in place: makes it readable as far as it goes. PH_LIMIT: it cannot hold much more. */
PH_NODISCARD PhStatus ph_sound_writer_sync(PhSoundWriter *writer, char *error);
/* [control] Completes the file and frees the writer, whatever happens. After a failure nothing is left behind. */
PH_NODISCARD PhStatus ph_sound_writer_finish(PhSoundWriter *writer, char *error);
/* [control] Gives up: removes what was written and frees the writer. NULL is fine. */
void ph_sound_writer_discard(PhSoundWriter *writer);
uint64_t ph_sound_writer_clipped(const PhSoundWriter *writer);

/* [any] One sample as a whole number of `bits` bits (16, 24): rounded to nearest, clamped, NaN as 0. `dither` in steps. */
int32_t ph_sound_quantise(float value, unsigned bits, double dither);
/* [any] Triangular noise in (-1, 1), in steps: a pure function of where it is. */
double ph_sound_dither(uint64_t frame, uint32_t channel);

/* ---- loudness ---------------------------------------------------------------------------------------------------- */

/* A meter by EBU R 128: what was added to it so far, as one programme. */
typedef struct PhLoudness PhLoudness;

typedef struct PhLoudnessFigures {
  double integrated_lufs; /* minus infinity: nothing as loud as -70 LUFS for 400 ms */
  double range_lu;        /* loudness range (EBU Tech 3342); 0 for less than 3 s */
  double true_peak_dbtp;  /* of the louder channel, interpolated four times; minus infinity for silence */
  double peak_dbfs;       /* of the samples */
} PhLoudnessFigures;

/* [control] One or two channels. */
PH_NODISCARD PhStatus ph_loudness_new(double sample_rate, uint32_t channels, PhLoudness **out);
void ph_loudness_free(PhLoudness *loudness);
/* [control] Interleaved frames. Takes about 110 ns a frame. */
PH_NODISCARD PhStatus ph_loudness_add(PhLoudness *loudness, const float *frames, size_t count);
PhLoudnessFigures ph_loudness_figures(const PhLoudness *loudness);

#endif
