/* Vectors of PH_W lanes (4, 8 or 16) over GNU vector extensions: the only arithmetic that kernels use. One source, built once
   per width; the bits of a lane are the same for all, because every operation here is exact IEEE or integer arithmetic,
   lane by lane. No rcp, rsqrt or FMA; minima and maxima are a compare and a select. PH_W 4 is SSE2, NEON, WebAssembly and
   plain C alike. Everything [realtime].  SPDX-License-Identifier: MIT */
#ifndef PH_BASE_SIMD_H
#define PH_BASE_SIMD_H

#include <string.h>

#include "base/status.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#ifndef PH_W
#define PH_W 4
#endif

typedef float PhV __attribute__((vector_size(PH_W * 4)));
typedef int32_t PhVi __attribute__((vector_size(PH_W * 4))); /* also masks: every lane 0 or -1 */
typedef uint32_t PhVu __attribute__((vector_size(PH_W * 4)));
typedef float PhF4 __attribute__((vector_size(16)));         /* four lanes at every width: a frame of a bus */

/* ---- memory; no alignment is needed ------------------------------------------------------------------------- */

PH_INLINE PhV ph_load(const float *p)
{
  PhV v;
  memcpy(&v, p, sizeof(v));
  return v;
}

PH_INLINE void ph_store(float *p, PhV v) { memcpy(p, &v, sizeof(v)); }

PH_INLINE PhVu ph_load_u(const uint32_t *p)
{
  PhVu v;
  memcpy(&v, p, sizeof(v));
  return v;
}

PH_INLINE void ph_store_u(uint32_t *p, PhVu v) { memcpy(p, &v, sizeof(v)); }

PH_INLINE PhF4 ph_load4(const float *p)
{
  PhF4 v;
  memcpy(&v, p, sizeof(v));
  return v;
}

PH_INLINE void ph_store4(float *p, PhF4 v) { memcpy(p, &v, sizeof(v)); }

/* The compiler is to leave an array in memory: reading its values back is quicker than taking them out of a register one by one. */
PH_INLINE void ph_leave_in_memory(const void *array) { __asm__ volatile("" ::"r"(array) : "memory"); }

/* The same value in every lane. `x - 0` keeps the sign of a zero. */
PH_INLINE PhV ph_splat(float x) { return x - (PhV){ 0 }; }
PH_INLINE PhVi ph_splat_i(int32_t x) { return x + (PhVi){ 0 }; }
PH_INLINE PhVu ph_splat_u(uint32_t x) { return x + (PhVu){ 0 }; }

/* ---- select and what follows from it ------------------------------------------------------------------------- */

/* mask ? a : b, where every lane of mask is 0 or -1. */
PH_INLINE PhV ph_select(PhVi mask, PhV a, PhV b)
{
#if defined(__AVX512F__) && PH_W == 16
  return (PhV)_mm512_mask_blend_ps(_mm512_movepi32_mask((__m512i)mask), (__m512)b, (__m512)a);
#elif defined(__AVX__) && PH_W == 8
  return (PhV)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)mask);
#else
  return (PhV)((mask & (PhVi)a) | (~mask & (PhVi)b));
#endif
}

PH_INLINE PhVi ph_select_i(PhVi mask, PhVi a, PhVi b) { return (mask & a) | (~mask & b); }
PH_INLINE PhVu ph_select_u(PhVi mask, PhVu a, PhVu b) { return ((PhVu)mask & a) | (~(PhVu)mask & b); }

/* x where the mask is set, else 0. */
PH_INLINE PhV ph_keep(PhVi mask, PhV x) { return (PhV)(mask & (PhVi)x); }

/* a < b ? a : b and a > b ? a : b: b where either is not a number, and for two zeros. That is what x86's instruction does. */
PH_INLINE PhV ph_min(PhV a, PhV b)
{
#if defined(__AVX512F__) && PH_W == 16
  return (PhV)_mm512_min_ps((__m512)a, (__m512)b);
#elif defined(__AVX__) && PH_W == 8
  return (PhV)_mm256_min_ps((__m256)a, (__m256)b);
#elif defined(__SSE2__) && PH_W == 4
  return (PhV)_mm_min_ps((__m128)a, (__m128)b);
#else
  return ph_select(a < b, a, b);
#endif
}

PH_INLINE PhV ph_max(PhV a, PhV b)
{
#if defined(__AVX512F__) && PH_W == 16
  return (PhV)_mm512_max_ps((__m512)a, (__m512)b);
#elif defined(__AVX__) && PH_W == 8
  return (PhV)_mm256_max_ps((__m256)a, (__m256)b);
#elif defined(__SSE2__) && PH_W == 4
  return (PhV)_mm_max_ps((__m128)a, (__m128)b);
#else
  return ph_select(a > b, a, b);
#endif
}

/* lo … hi; lo for what is not a number. */
PH_INLINE PhV ph_clamp(PhV x, float lo, float hi) { return ph_min(ph_max(x, ph_splat(lo)), ph_splat(hi)); }

PH_INLINE PhV ph_abs(PhV x) { return (PhV)((PhVi)x & 0x7FFFFFFF); }
/* |x| with the sign of s. */
PH_INLINE PhV ph_copysign(PhV x, PhV s) { return (PhV)(((PhVi)x & 0x7FFFFFFF) | ((PhVi)s & INT32_MIN)); }

/* The size of a whole number: of the least one, itself without a sign. */
PH_INLINE PhVu ph_abs_i(PhVi x)
{
#if defined(__AVX512F__) && PH_W == 16
  return (PhVu)_mm512_abs_epi32((__m512i)x);
#elif defined(__AVX2__) && PH_W == 8
  return (PhVu)_mm256_abs_epi32((__m256i)x);
#else
  const PhVu sign = (PhVu)(x >> 31);
  return ((PhVu)x ^ sign) - sign;
#endif
}

/* Correctly rounded, as IEEE asks. */
PH_INLINE PhV ph_sqrt(PhV x)
{
#if defined(__AVX512F__) && PH_W == 16
  return (PhV)_mm512_sqrt_ps((__m512)x);
#elif defined(__AVX__) && PH_W == 8
  return (PhV)_mm256_sqrt_ps((__m256)x);
#elif defined(__SSE2__) && PH_W == 4
  return (PhV)_mm_sqrt_ps((__m128)x);
#else
  PhV y;
  for (int i = 0; i < PH_W; i++) {
    y[i] = __builtin_sqrtf(x[i]);
  }
  return y;
#endif
}

/* Is the mask set in any lane? For skipping work, never for values. */
PH_INLINE bool ph_any(PhVi mask)
{
#if defined(__AVX512F__) && PH_W == 16
  return _mm512_movepi32_mask((__m512i)mask) != 0;
#elif defined(__AVX__) && PH_W == 8
  return _mm256_movemask_ps((__m256)mask) != 0;
#elif defined(__SSE2__) && PH_W == 4
  return _mm_movemask_ps((__m128)mask) != 0;
#else
  int32_t any = 0;
  for (int i = 0; i < PH_W; i++) {
    any |= mask[i];
  }
  return any != 0;
#endif
}

/* Bit i is the sign bit of lane i. */
PH_INLINE uint32_t ph_sign_bits(PhVi x)
{
#if defined(__AVX512F__) && PH_W == 16
  return _mm512_movepi32_mask((__m512i)x);
#elif defined(__AVX__) && PH_W == 8
  return (uint32_t)_mm256_movemask_ps((__m256)x);
#elif defined(__SSE2__) && PH_W == 4
  return (uint32_t)_mm_movemask_ps((__m128)x);
#else
  uint32_t bits = 0;
  for (int i = 0; i < PH_W; i++) {
    bits |= ((uint32_t)x[i] >> 31) << i;
  }
  return bits;
#endif
}

/* ---- whole numbers ------------------------------------------------------------------------------------------- */

/* Toward zero. |x| must be below 2^31: beyond it machines differ. */
PH_INLINE PhVi ph_to_int(PhV x) { return __builtin_convertvector(x, PhVi); }
/* Nearest, ties to even. */
PH_INLINE PhV ph_to_float(PhVi x) { return __builtin_convertvector(x, PhV); }
/* Unsigned: the two halves are exact, their sum is rounded once. */
PH_INLINE PhV ph_to_float_u(PhVu x)
{
  return ph_to_float((PhVi)(x >> 16)) * 65536.0f + ph_to_float((PhVi)(x & 0xFFFF));
}

/* The greatest whole number not above x, for any x. (No roundps in SSE2, so none anywhere.) */
PH_INLINE PhV ph_floor(PhV x)
{
  const PhVi small = ph_abs(x) < 8388608.0f; /* beyond 2^23 every float is whole */
  const PhV t = ph_to_float(ph_to_int(ph_keep(small, x)));
  return ph_select(small, t - (PhV)((PhVi)(t > x) & 0x3F800000), x);
}

/* floor(x + ½), for |x| < 2^22: the rounding that the polynomials' range reductions use. */
PH_INLINE PhVi ph_round_int(PhV x)
{
  const PhV y = x + 0.5f;
  const PhVi t = ph_to_int(y);
  return t + (ph_to_float(t) > y);
}

/* ---- across lanes -------------------------------------------------------------------------------------------- */

#if PH_W == 4
#define PH_SWAP_PAIRS 1, 0, 3, 2
#define PH_EVEN_LANES 0, 0, 2, 2
#define PH_ODD_LANES 1, 1, 3, 3
#define PH_LANE_NUMBERS 0, 1, 2, 3
#elif PH_W == 8
#define PH_SWAP_PAIRS 1, 0, 3, 2, 5, 4, 7, 6
#define PH_EVEN_LANES 0, 0, 2, 2, 4, 4, 6, 6
#define PH_ODD_LANES 1, 1, 3, 3, 5, 5, 7, 7
#define PH_LANE_NUMBERS 0, 1, 2, 3, 4, 5, 6, 7
#elif PH_W == 16
#define PH_SWAP_PAIRS 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14
#define PH_EVEN_LANES 0, 0, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10, 12, 12, 14, 14
#define PH_ODD_LANES 1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13, 15, 15
#define PH_LANE_NUMBERS 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
#else
#error "PH_W is 4, 8 or 16"
#endif

/* Left and right change places. */
PH_INLINE PhV ph_swap(PhV x) { return __builtin_shufflevector(x, x, PH_SWAP_PAIRS); }
/* Left, or right, of each pair in both lanes. */
PH_INLINE PhV ph_left(PhV x) { return __builtin_shufflevector(x, x, PH_EVEN_LANES); }
PH_INLINE PhV ph_right(PhV x) { return __builtin_shufflevector(x, x, PH_ODD_LANES); }
/* 0, 1, 2 … */
PH_INLINE PhVi ph_lane_numbers(void) { return (PhVi){ PH_LANE_NUMBERS }; }
/* Set in right (odd) lanes. */
PH_INLINE PhVi ph_right_mask(void) { return -(ph_lane_numbers() & 1); }

/* ---- sanity of recursive state ------------------------------------------------------------------------------- */

/* 0 for what is below 2^-63 (1.1e-19), from 2^65 (3.7e19) on, or not a number: no denormals and no infinity survives in a loop. The
   two upper bits of the exponent are 01 or 10 for what stays; with 01 added, the upper one of them is set for just those. */
PH_INLINE PhV ph_flush(PhV x)
{
  const PhVu moved = (PhVu)x + 0x20000000u;
#if defined(__AVX512F__) && PH_W == 16
  return (PhV)_mm512_maskz_mov_ps(_mm512_test_epi32_mask((__m512i)moved, _mm512_set1_epi32(0x40000000)), (__m512)x);
#else
  return ph_keep((PhVi)(moved << 1) >> 31, x);
#endif
}

/* The least and the greatest size that values took, noted frame by frame: whether any of them needed ph_flush can then be asked once
   for many, outside of the chain from a state to its successor. What is not a number is not noted, but never leaves such a chain. */
typedef struct PhSpan {
  PhV least, most;
} PhSpan;

PH_INLINE PhSpan ph_span(void) { return (PhSpan){ ph_splat(1.0f), ph_splat(0.0f) }; }

PH_INLINE void ph_span_note(PhSpan *span, PhV x)
{
#if defined(__AVX512F__) && PH_W == 16
  enum { LEAST_SIZE = 0xA, MOST_SIZE = 0xB };
  span->least = (PhV)_mm512_range_ps((__m512)x, (__m512)span->least, LEAST_SIZE);
  span->most = (PhV)_mm512_range_ps((__m512)x, (__m512)span->most, MOST_SIZE);
#else
  const PhV a = ph_abs(x);
  span->least = ph_min(a, span->least);
  span->most = ph_max(a, span->most);
#endif
}

/* Would ph_flush have changed nothing but the sign of zeros? Lanes that are at rest have nothing but zeros. */
PH_INLINE bool ph_span_sane(const PhSpan *span)
{
  const PhVi sounds = (span->least > 1e-18f) & (span->most < 1e18f);
  return !ph_any(~(sounds | (span->most == 0.0f)));
}

/* 0 for what is above 1e18 or not a number: for outputs of arithmetic without state. */
PH_INLINE PhV ph_finite(PhV x) { return ph_keep(ph_abs(x) < 1e18f, x); }

/* Is anything above 1e18 or not a number? */
PH_INLINE bool ph_any_wild(PhV x)
{
#if defined(__AVX512F__) && PH_W == 16
  return _mm512_cmp_ps_mask((__m512)ph_abs(x), (__m512)ph_splat(1e18f), _CMP_NLT_UQ) != 0;
#else
  return ph_any(~(ph_abs(x) < 1e18f));
#endif
}

#endif
