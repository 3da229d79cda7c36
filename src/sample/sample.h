/* Samples: banks, decoding, resampling, and the built-in kit. All [control] and thread-safe where said.
   SPDX-License-Identifier: MIT */
#ifndef PH_SAMPLE_SAMPLE_H
#define PH_SAMPLE_SAMPLE_H

#include "base/base.h"

/* A decoded sample at the engine's rate. Immutable; lives as long as its store. */
typedef struct PhSample {
  const float *left, *right; /* right == left for mono; frames -pad … frames+pad-1 may be read and are 0 outside */
  int64_t frames;
  uint32_t channels; /* 1 or 2; more are mixed down to 2 */
  double source_rate;
  const char *path; /* "builtin:bd:0" for the kit */
} PhSample;

typedef struct PhSampleStore PhSampleStore;

typedef struct PhSampleOptions {
  const char *const *dirs; /* --samples, searched first, in order */
  size_t dir_count;
  double sample_rate;
  unsigned threads;     /* for decoding; 0: all cores */
  bool no_default_dirs; /* only dirs and the kit (tests) */
} PhSampleOptions;

/* One store per process and sample rate. Scans nothing until the first name is asked for. */
PH_NODISCARD PhStatus ph_sample_store_new(const PhSampleOptions *options, PhSampleStore **out);
void ph_sample_store_free(PhSampleStore *store);

/* What `ph_sample_load` is asked for and what it found. */
typedef struct PhSampleRequest {
  const char *name;       /* bank, or the path of a file */
  int64_t n;              /* index, modulo the count */
  bool is_path;           /* `name` is a path, and `n` is not used */
  bool own_rate;          /* frames as the file has them, not resampled: for tables (the kit's have the store's rate) */
  const PhSample *sample; /* out: NULL if missing or broken */
  PhStatus status;        /* out: PH_NOTFOUND, PH_FORMAT, PH_IO, … */
  const char *message;    /* out: for people, with the nearest bank names or the decoder's reason; lives as the store */
} PhSampleRequest;

/* Loads many, decoding in parallel; what was loaded before is taken from the cache. Thread-safe. */
void ph_sample_load(PhSampleStore *store, PhSampleRequest *requests, size_t count);
/* Number of samples of a bank, 0 if there is none. Thread-safe. */
size_t ph_sample_bank_count(PhSampleStore *store, const char *name);
/* Names of all banks, sorted, in the arena. */
PH_NODISCARD PhStatus ph_sample_bank_names(PhSampleStore *store, PhArena *arena, const char *const **names,
                                           size_t *count);

/* Whether a text means a file rather than a bank: it holds a `/` or ends as a sound file does. */
bool ph_sample_is_path(const char *name);

#endif
