/* Sines, powers and logarithms of vectors, from polynomials: the same bits on every machine. Coefficients are minimax
   fits (Remez exchange in 40 digits) rounded to float; every bound is over all floats of the range and is held by
   tests/base/test_fmath.c against the C library in double. Everything [realtime].  SPDX-License-Identifier: MIT */
#ifndef PH_BASE_FMATH_H
#define PH_BASE_FMATH_H

#include "base/simd.h"

#define PH_PI_F 3.14159265358979f

/* sin(pi x) for |x| <= 1/2: relative error < 2e-7. */
PH_INLINE PhV ph_sinpi_half(PhV x)
{
  const PhV t = x * x;
  return x * ((((0.0775603876f * t - 0.598242104f) * t + 2.55006981f) * t - 5.16770983f) * t + 3.14159274f);
}

/* cos(pi x) for |x| <= 1/2: absolute error < 2e-7. */
PH_INLINE PhV ph_cospi_half(PhV x)
{
  const PhV t = x * x;
  return ((((-0.0243967138f * t + 0.234937564f) * t - 1.33521211f) * t + 4.05870914f) * t - 4.93480206f) * t + 1.0f;
}

/* The cosine of a phase in 2^-32 of a turn: absolute error < 2.5e-7 (-132 dB). It is the sine of what its size lacks of a quarter
   turn, in the unit that makes the highest coefficient 1. */
PH_INLINE PhV ph_cos_u32(PhVu phase)
{
  const PhV x = ph_to_float((PhVi)(0x40000000u - ph_abs_i((PhVi)phase))) * 3.50510454e-10f;
  const PhV t = x * x;
  return x * ((((t - 4.36979532f) * t + 10.5535326f) * t - 12.1172924f) * t + 4.17367887f);
}

PH_INLINE PhV ph_sin_u32(PhVu phase) { return ph_cos_u32(phase - 0x40000000u); }

/* The fraction of x as a phase, for any x: whole turns vanish exactly. */
PH_INLINE PhVu ph_turns_u32(PhV x)
{
  const PhV frac = x - ph_floor(x);                        /* [0, 1] */
  const PhV signed_turns = frac - (PhV)((PhVi)(frac >= 0.5f) & 0x3F800000);
  return (PhVu)ph_to_int(ph_min(signed_turns * 4294967296.0f, ph_splat(2147483520.0f)));
}

/* A frequency in turns per frame as a phase increment; beyond half a turn it stays at half a turn. */
PH_INLINE PhVu ph_increment_u32(PhV turns_per_frame)
{
  return (PhVu)ph_to_int(ph_clamp(turns_per_frame * 4294967296.0f, -2147483520.0f, 2147483520.0f));
}

/* Radians to a phase. Error of the angle < 4e-7 up to 1000, then in proportion; some phase for any x. */
PH_INLINE PhVu ph_radians_u32(PhV x)
{
  const PhV far = x * 0.159154943f;
  const PhV n = ph_floor(far + 0.5f);
  const PhV r = ((x - n * 6.28125f) - n * 1.93500518e-3f) - n * 3.01991598e-7f; /* 2 pi in three parts */
  const PhV turns = ph_select(ph_abs(x) < 1e5f, r * 0.159154943f, far - n);
  /* A little beyond a half turn wraps by the shift. */
  return (PhVu)ph_to_int(ph_clamp(turns, -0.9f, 0.9f) * 2147483648.0f) << 1;
}

/* Absolute error < 5e-7 for |x| <= 1000. */
PH_INLINE PhV ph_sin(PhV x) { return ph_sin_u32(ph_radians_u32(x)); }
PH_INLINE PhV ph_cos(PhV x) { return ph_cos_u32(ph_radians_u32(x)); }

/* The angle of (x, y) as a phase: error < 4e-8 turns; 0 for (0, 0). The octants fold onto one in the integers. */
PH_INLINE PhVu ph_angle_u32(PhV y, PhV x)
{
  const PhV ax = ph_abs(x), ay = ph_abs(y);
  const PhV high = ph_max(ax, ay);
  const PhV z = ph_min(ax, ay) / ph_select(high > 0.0f, high, ph_splat(1.0f));
  const PhV t = z * z;
  PhV p = -0.000760837557f * t + 0.00390840409f;
  p = p * t - 0.00953415535f;
  p = p * t + 0.01582441f;
  p = p * t - 0.0223285217f;
  p = p * t + 0.031785432f;
  p = p * t - 0.0530496746f;
  p = p * t + 0.159154929f;
  PhVu q = (PhVu)ph_to_int(z * p * 4294967296.0f);
  q = ph_select_u(ay > ax, 0x40000000u - q, q);
  q = ph_select_u(x < 0.0f, 0x80000000u - q, q);
  return ph_select_u(y < 0.0f, 0u - q, q);
}

/* tan(pi x) = num / den for 0 <= x <= 0.49: relative error < 2.5e-6, up to 0.45 < 1e-6. Minimax in
   x², good for 6e-8 before rounding. */
typedef struct PhTan {
  PhV num, den;
} PhTan;

PH_INLINE PhTan ph_tanpi_parts(PhV x)
{
  const PhV t = x * x;
  return (PhTan){ x * ((0.347038685f * t - 3.47806277f) * t + 3.14159283f), (1.58784916f * t - 4.3969622f) * t + 1.0f };
}

PH_INLINE PhV ph_tanpi(PhV x)
{
  const PhTan t = ph_tanpi_parts(x);
  return t.num / t.den;
}

/* 2^n for -126 <= n <= 127, exact. */
PH_INLINE PhV ph_pow2i(PhVi n) { return (PhV)((PhVi)((PhVu)(n + 127) << 23)); }

/* 2^(n + f) for |f| <= 1/2; n from -126 to 127. */
PH_INLINE PhV ph_exp2_parts(PhVi n, PhV f)
{
  PhV p = 0.000155946749f * f + 0.00134066434f;
  p = p * f + 0.00961769279f;
  p = p * f + 0.0555031039f;
  p = p * f + 0.240226522f;
  p = p * f + 0.693147242f;
  return (p * f + 1.0f) * ph_pow2i(n);
}

/* 2^x: relative error < 2e-7. x is held to -126 … 127. */
PH_INLINE PhV ph_exp2(PhV x)
{
  const PhV y = ph_clamp(x, -126.0f, 127.0f);
  const PhVi n = ph_round_int(y);
  return ph_exp2_parts(n, y - ph_to_float(n));
}

/* log2(x) = *n + the result, which is within ±1/2. x positive and not denormal (smaller x counts as 2^-126). Relative error
   of the result < 3e-7. */
PH_INLINE PhV ph_log2_parts(PhV x, PhVi *n)
{
  const PhVi bits = (PhVi)ph_max(x, ph_splat(1.17549435e-38f));
  const PhVi k = (bits - 0x3F3504F3) >> 23; /* mantissa in [1/sqrt 2, sqrt 2) */
  const PhV m = (PhV)(bits - (PhVi)((PhVu)k << 23));
  const PhV s = (m - 1.0f) / (m + 1.0f);
  const PhV t = s * s;
  const PhV p = ((0.431735903f * t + 0.576714396f) * t + 0.961798847f) * t;
  *n = k;
  return s * p + s * 2.88539004f;
}

/* log2(x): absolute error < 1e-7 + 6e-8 |log2 x|, relative < 3e-7 near 1. -126 for what is not positive. */
PH_INLINE PhV ph_log2(PhV x)
{
  PhVi n;
  const PhV f = ph_log2_parts(x, &n);
  return ph_to_float(n) + f;
}

/* e^x: relative error < 2.5e-7. x is held to ±87. */
PH_INLINE PhV ph_exp(PhV x)
{
  const PhV y = ph_clamp(x, -87.0f, 87.0f);
  const PhVi n = ph_round_int(y * 1.44269504f);
  const PhV k = ph_to_float(n);
  const PhV r = (y - k * 0.693359375f) + k * 2.12194440e-4f; /* ln 2 in two parts */
  PhV p = 0.00140612375f * r + 0.00837901141f;
  p = p * r + 0.0416647792f;
  p = p * r + 0.166663662f;
  p = p * r + 0.50000006f;
  return (p * (r * r) + r + 1.0f) * ph_pow2i(n);
}

/* ln(x): absolute error < 1e-7 + 1e-7 |ln x|. -87.3 for what is not positive. */
PH_INLINE PhV ph_log(PhV x)
{
  PhVi n;
  const PhV f = ph_log2_parts(x, &n);
  const PhV k = ph_to_float(n);
  return k * 0.693359375f + (f * 0.693147181f - k * 2.12194440e-4f);
}

/* x^y for x > 0: relative error < 4e-7 + 1.5e-7 |y|. The result is held to 2^-126 … 2^127; 0^y is 0 for y > 0 and x^0 is 1.
   The whole part of log2 x times y is split so that it is exact. */
PH_INLINE PhV ph_pow(PhV x, PhV y)
{
  PhVi n;
  const PhV f = ph_log2_parts(x, &n);
  const PhV yc = ph_clamp(y, -1e9f, 1e9f);
  const PhV y_high = (PhV)((PhVi)yc & ~0xFFF); /* 12 bits: times n (8 bits) is exact */
  const PhV k = ph_to_float(n);
  const PhV high = k * y_high;
  const PhV low = k * (yc - y_high) + yc * f;
  const PhV whole = high + low;
  const PhVi e = ph_round_int(ph_clamp(whole, -126.0f, 127.0f));
  const PhV frac = ph_clamp((high - ph_to_float(e)) + low, -0.5f, 0.5f);
  const PhV z = ph_exp2_parts(e, frac);
  return ph_select(yc == 0.0f, ph_splat(1.0f), ph_keep(x > 0.0f, z));
}

/* tanh(x): relative error < 4e-7. */
PH_INLINE PhV ph_tanh(PhV x)
{
  const PhV a = ph_min(ph_abs(x), ph_splat(9.1f));
  const PhV t = a * a;
  const PhV p = ((((-0.00565998629f * t + 0.0205909852f) * t - 0.0537210666f) * t + 0.133311272f) * t - 0.333332598f) * t;
  const PhV small = a + a * p;
  if (!ph_any(a >= 0.625f)) {
    return ph_copysign(small, x);
  }
  const PhV big = 1.0f - 2.0f / (ph_exp(a + a) + 1.0f);
  return ph_copysign(ph_select(a < 0.625f, small, big), x);
}

/* Decibels to a ratio and back. */
PH_INLINE PhV ph_db_ratio(PhV db) { return ph_exp2(db * 0.166096405f); }
PH_INLINE PhV ph_ratio_db(PhV ratio) { return ph_log2(ratio) * 6.02059991f; }

#endif
