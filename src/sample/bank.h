/* Banks: which folders are searched, and what stands under a name. Knows paths, not sound. Not thread-safe: the store
   holds its lock round every call.  SPDX-License-Identifier: MIT */
#ifndef PH_SAMPLE_BANK_H
#define PH_SAMPLE_BANK_H

#include "base/base.h"
#include "sample/kit.h"
#include "sample/sample.h"

typedef enum PhFileState { PH_FILE_NEW, PH_FILE_LOADING, PH_FILE_DONE } PhFileState;

/* One sample of a bank, loaded or not. */
typedef struct PhBankFile {
  const char *path;     /* "builtin:bd:0" for the kit */
  const PhKitBank *kit; /* NULL for a file */
  unsigned variant;     /* of the kit's bank */
  bool own_rate;        /* not resampled */
  PhFileState state;
  PhStatus status;     /* once done */
  const char *message; /* once done; NULL if there is nothing to say */
  PhSample sample;     /* once done, if status is PH_OK */
  float *memory[2];    /* of the sample; the store frees it */
} PhBankFile;

typedef struct PhBank {
  const char *name;
  PhBankFile *files;
  size_t count;
} PhBank;

typedef enum PhCandidateKind {
  PH_CANDIDATE_MAP,    /* an entry of a strudel.json: `paths` */
  PH_CANDIDATE_FOLDER, /* a folder of sound files: `path` */
  PH_CANDIDATE_FILES,  /* sound files that stand directly in a root: `paths` */
  PH_CANDIDATE_KIT,
} PhCandidateKind;

/* A thing that may turn out to be the bank of its name. The first of its name that holds a sample is it. */
typedef struct PhCandidate {
  const char *name;
  uint32_t rank; /* order of the search */
  PhCandidateKind kind;
  const char *path;
  const char *const *paths;
  size_t path_count;
  const PhKitBank *kit;
} PhCandidate;

typedef PH_ARRAY(PhCandidate) PhCandidates;

typedef struct PhBankIndex {
  PhArena *arena; /* with a trap set by the caller */
  PH_ARRAY(const char *) roots;
  PhCandidates candidates;  /* sorted by name, then rank, once scanned */
  PH_ARRAY(PhBank *) banks; /* resolved so far, sorted by name; count 0: there is no such bank */
  bool scanned;
} PhBankIndex;

/* The roots, in the order of LANGUAGE §5. Copies what it needs. */
void ph_bank_index_init(PhBankIndex *index, PhArena *arena, const PhSampleOptions *options);
/* The bank of a name; one without files if there is none. The first call reads the folders. Never NULL. */
PhBank *ph_bank_find(PhBankIndex *index, const char *name);
/* Names of all banks that have samples, sorted, without doubles, in the given arena. */
void ph_bank_names(PhBankIndex *index, PhArena *arena, const char *const **names, size_t *count);
/* What to say about a name that no bank has, with the nearest names; in the index's arena. */
const char *ph_bank_missing(PhBankIndex *index, const char *name);
/* Whether a file name has the ending of a sound file. */
bool ph_bank_is_sound(const char *name);
/* Adds the banks of a Strudel sample map in `folder`, which its paths are relative to. Unreadable maps add nothing. */
void ph_bank_read_map(PhArena *arena, const char *folder, uint32_t rank, PhCandidates *out);

#endif
