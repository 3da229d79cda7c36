/* Randomness as a hash of (seed, voice, counter): it can be cut and repeated anywhere.  Everything [realtime].
   SPDX-License-Identifier: MIT */
#ifndef PH_DSP_RANDOM_H
#define PH_DSP_RANDOM_H

#include "base/hash.h"
#include "dsp/kernel.h"

/* Two rounds of multiply and shift with constants that spread bits well (found by search; Wellons 2018). */
PH_INLINE PhVu ph_scramble(PhVu x)
{
  x ^= x >> 16;
  x *= 0x7FEB352Du;
  x ^= x >> 15;
  x *= 0x846CA68Bu;
  return x ^ (x >> 16);
}

/* What makes the noise of a group its own: the node's seed and the voice of each lane. */
PH_INLINE PhVu ph_noise_key(const PhIo *io, uint32_t g)
{
  const uint32_t seed = (uint32_t)(ph_mix64(io->seed) >> 32);
  return ph_scramble(ph_load_u(io->voice + g) ^ seed) + (uint32_t)io->seed;
}

PH_INLINE PhVu ph_random_bits(PhVu key, PhVu frame, uint32_t which)
{
  return ph_scramble(ph_scramble(frame + which * 0x9E3779B9u) ^ key);
}
/* Uniform over [-1, 1). */
PH_INLINE PhV ph_bipolar(PhVu bits) { return ph_to_float((PhVi)bits) * 4.65661287e-10f; }
/* Uniform over [0, 1). */
PH_INLINE PhV ph_unipolar(PhVu bits) { return ph_to_float((PhVi)(bits >> 8)) * 5.96046448e-8f; }

#endif
