/* From a sound file to frames at the engine's rate.  SPDX-License-Identifier: MIT */
#ifndef PH_SAMPLE_DECODE_H
#define PH_SAMPLE_DECODE_H

#include "sample/pcm.h"

enum {
  PH_DECODE_MAX_SEC = 30 * 60,      /* a longer file is refused */
  PH_DECODE_MAX_FRAMES = 100000000, /* so is one that has or would have more frames than this */
  PH_DECODE_MIN_RATE_HZ = 1000,
  PH_DECODE_MAX_RATE_HZ = 768000,
  PH_DECODE_MAX_CHANNELS = 64,
};

typedef struct PhDecoded {
  PhPcm pcm; /* finished; the caller's */
  double source_rate;
  char message[256]; /* why it failed, or what is odd about it (it ends early); "" if nothing is */
} PhDecoded;

/* [any] Reads a file that libsndfile knows (WAV FLAC OGG AIFF MP3 and more), mixes it down to two channels at most and resamples
   it to `rate` Hz; 0: it keeps its own rate. The same file gives the same bits on every call. Errors: PH_NOTFOUND, PH_IO, PH_FORMAT, PH_LIMIT, PH_NOMEM;
   then pcm is empty and message says why. */
PH_NODISCARD PhStatus ph_decode_file(const char *path, double rate, PhDecoded *out);
/* [any] The same from bytes in memory, for the tests and the fuzzer. */
PH_NODISCARD PhStatus ph_decode_bytes(const void *bytes, size_t len, double rate, PhDecoded *out);

#endif
