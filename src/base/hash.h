/* Hashes and counter-based random numbers: pure functions, the same on every machine.
   SPDX-License-Identifier: MIT */
#ifndef PH_BASE_HASH_H
#define PH_BASE_HASH_H

#include "base/status.h"

/* [any] Mixes 64 bits (Steele, Lea & Flood 2014, "splitmix64" finaliser). Bijective. */
PH_INLINE uint64_t ph_mix64(uint64_t x)
{
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

/* [any] A key that depends on both: for paths of nodes and counter-based noise. Not commutative. */
PH_INLINE uint64_t ph_mix(uint64_t a, uint64_t b) { return ph_mix64(a ^ (ph_mix64(b) + 0x632BE59BD9B4E019u)); }

/* [any] FNV-1a of bytes, mixed. */
uint64_t ph_hash(const void *bytes, size_t len);
uint64_t ph_hash_str(const char *text);

#endif
