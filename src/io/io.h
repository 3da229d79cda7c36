/* Sound files that are written. [control]  SPDX-License-Identifier: MIT */
#ifndef PH_IO_IO_H
#define PH_IO_IO_H

#include "base/base.h"

typedef enum PhSoundBits { PH_SOUND_24, PH_SOUND_16, PH_SOUND_FLOAT } PhSoundBits;

typedef struct PhSoundOptions {
  double sample_rate;
  uint32_t channels;  /* 1 or 2 */
  PhSoundBits bits;
  bool dither;        /* triangular, 2 steps wide, a pure function of frame and channel */
  int64_t frames;     /* how many will come, -1: unknown. A stream's header says it */
} PhSoundOptions;

enum { PH_SOUND_ERROR_BYTES = 512 };

/* A file in the making: written beside its place under a temporary name, which ph_sound_writer_finish changes to the real one.
   "-" and what is not an ordinary file (a pipe, a device) is written straight through, as WAV. */
typedef struct PhSoundWriter PhSoundWriter;

/* [control] The format is chosen by the ending of `path`: .wav .flac .ogg .aiff .aif. `error` (PH_SOUND_ERROR_BYTES) gets the
   reason of a failure. The same frames and options give the same bytes, except for .ogg, whose streams carry a serial number. */
PH_NODISCARD PhStatus ph_sound_writer_open(const char *path, const PhSoundOptions *options, PhSoundWriter **out, char *error);
/* [control] Appends interleaved frames. Integer formats clamp to ±1 and count; what is not a number becomes 0. */
PH_NODISCARD PhStatus ph_sound_writer_write(PhSoundWriter *writer, const float *frames, size_t count, char *error);
/* [control] Completes the file and frees the writer, whatever happens. After a failure nothing is left behind. */
PH_NODISCARD PhStatus ph_sound_writer_finish(PhSoundWriter *writer, char *error);
/* [control] Gives up: removes what was written and frees the writer. NULL is fine. */
void ph_sound_writer_discard(PhSoundWriter *writer);
uint64_t ph_sound_writer_clipped(const PhSoundWriter *writer);

/* [any] One sample as a whole number of `bits` bits (16, 24): rounded to nearest, clamped, NaN as 0. `dither` in steps. */
int32_t ph_sound_quantise(float value, unsigned bits, double dither);
/* [any] Triangular noise in (-1, 1), in steps: a pure function of where it is. */
double ph_sound_dither(uint64_t frame, uint32_t channel);

#endif
