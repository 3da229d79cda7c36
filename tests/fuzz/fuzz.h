/* A fuzz target is one function, for libFuzzer or for the runner of the corpus.  SPDX-License-Identifier: MIT */
#ifndef PH_FUZZ_FUZZ_H
#define PH_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Must neither crash, hang, leak nor write; what it gives is 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
