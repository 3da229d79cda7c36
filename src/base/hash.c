/* Hashes.  SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include <string.h>

uint64_t ph_hash(const void *bytes, size_t len)
{
  const unsigned char *p = bytes;
  uint64_t h = 0xCBF29CE484222325u;
  for (size_t i = 0; i < len; i++) {
    h = (h ^ p[i]) * 0x100000001B3u;
  }
  return ph_mix64(h);
}

uint64_t ph_hash_str(const char *text) { return ph_hash(text, strlen(text)); }
