/* Cases in text files: "=== name flags", the source, "---", what is expected.  SPDX-License-Identifier: MIT */
#ifndef PH_TESTS_LANG_TEXTS_H
#define PH_TESTS_LANG_TEXTS_H

#include "base/base.h"

typedef struct PhTextCase {
  const char *file, *name;
  bool tidal;
  PhStr source, expected;
} PhTextCase;

/* Writes what the program says about a source. */
typedef void PhTextRun(const PhTextCase *text_case, PhText *out);

/* Runs all cases of a file; differences are printed. Gives the number of cases that failed (all if the file cannot be
   read). With `update` the file is written anew with what the program says. */
size_t ph_texts_run(const char *path, bool update, PhTextRun *run, size_t *count);

#endif
