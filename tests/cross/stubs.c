/* In place of src/sample/decode.c and strudel.c where there are no libraries: no file can be read.  SPDX-License-Identifier: MIT */
#include "sample/bank.h"
#include "sample/decode.h"

#include <stdio.h>

PhStatus ph_decode_file(const char *path, double rate, PhDecoded *out)
{
  (void)path;
  return ph_decode_bytes(NULL, 0, rate, out);
}

PhStatus ph_decode_bytes(const void *bytes, size_t len, double rate, PhDecoded *out)
{
  (void)bytes;
  (void)len;
  (void)rate;
  *out = (PhDecoded){ 0 };
  (void)snprintf(out->message, sizeof out->message, "built without libsndfile");
  return PH_FORMAT;
}

void ph_bank_read_map(PhArena *arena, const char *folder, uint32_t rank, PhCandidates *out)
{
  (void)arena;
  (void)folder;
  (void)rank;
  (void)out;
}
