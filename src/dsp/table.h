/* Reading tables and recordings by lanes.  Everything [realtime].  SPDX-License-Identifier: MIT */
#ifndef PH_DSP_TABLE_H
#define PH_DSP_TABLE_H

#include "dsp/kernel.h"

/* table[index] of each lane. */
PH_INLINE PhV ph_gather(const float *table, PhVi index)
{
#if defined(__AVX512F__) && PH_W == 16
  return (PhV)_mm512_i32gather_ps((__m512i)index, table, 4);
#elif defined(__AVX2__) && PH_W == 8
  return (PhV)_mm256_i32gather_ps(table, (__m256i)index, 4);
#else
  PhV y;
  for (int lane = 0; lane < PH_W; lane++) {
    y[lane] = table[index[lane]];
  }
  return y;
#endif
}

/* Between b and c: 4-point, 3rd-order Hermite (Catmull–Rom); exact at t = 0. */
PH_INLINE PhV ph_hermite(PhV a, PhV b, PhV c, PhV d, PhV t)
{
  const PhV c1 = 0.5f * (c - a);
  const PhV c2 = (a - 2.5f * b) + (2.0f * c - 0.5f * d);
  const PhV c3 = 0.5f * (d - a) + 1.5f * (b - c);
  return ((c3 * t + c2) * t + c1) * t + b;
}

/* At x = t, 0 <= t < 1, of values at x = -2, -1, 0, 1, 2, 3: 6-point, 5th-order Lagrange. Exact at t = 0; its error for a sine of w
   radians per point is below w^6 / 200. */
PH_INLINE PhV ph_lagrange6(const PhV y[6], PhV t)
{
  const PhV a = t + 2.0f, b = t + 1.0f, d = t - 1.0f, e = t - 2.0f, f = t - 3.0f;
  const PhV ab = a * b, de = d * e, abt = ab * t, tde = t * de, def = de * f, ef = e * f;
  const PhV outer = b * (tde * f) * y[0] * (-1.0f / 120.0f) + abt * de * y[5] * (1.0f / 120.0f);
  const PhV middle = a * (tde * f) * y[1] * (1.0f / 24.0f) + abt * (d * f) * y[4] * (-1.0f / 24.0f);
  const PhV inner = ab * def * y[2] * (-1.0f / 12.0f) + abt * ef * y[3] * (1.0f / 12.0f);
  return outer + (middle + inner);
}

#endif
