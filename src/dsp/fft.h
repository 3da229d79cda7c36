/* The Fourier transform of real signals, one per lane: a vector holds the same sample of PH_W signals, so left and right or 16
   voices are transformed at once and no lane ever meets another.
   The method: n real values are n/2 complex ones; radix-4 steps, each two of radix 2 in one (Gentleman & Sande 1966 forward, Cooley
   & Tukey 1965 back), leave the bins in bit-reversed order, and the pass that splits them into the spectrum of the real signal
   (Cooley, Lewis & Welch 1970) puts them right, so nothing is permuted for itself. Twiddles come from base/dmath.
   A library's transform would bring other bits on every machine: contraction, libm's twiddles, plans that are chosen by a stopwatch.
   SPDX-License-Identifier: MIT */
#ifndef PH_DSP_FFT_H
#define PH_DSP_FFT_H

#include "base/base.h"
#include "base/dmath.h"
#include "dsp/kernel.h"

enum { PH_FFT_LEAST = 64, PH_FFT_MOST = 16384 };

/* Of one length; immutable. */
typedef struct PhFft {
  uint32_t n;            /* real values: a power of two, PH_FFT_LEAST … PH_FFT_MOST */
  const float *twiddles; /* of each radix-4 step in turn: cos, -sin of w, w², w³ */
  const float *turns;    /* cos, -sin of 2 pi k / n for k = 0 … n/4 */
  const uint16_t *order; /* where bin k of the complex transform stands */
} PhFft;

PH_INLINE void ph_fft_turn(float *out, double turns)
{
  out[0] = (float)ph_cos_d(6.283185307179586 * turns);
  out[1] = (float)-ph_sin_d(6.283185307179586 * turns);
}

/* [control] The tables for n values, in the arena; NULL for want of memory. */
static inline const PhFft *ph_fft_new(PhArena *arena, uint32_t n)
{
  const uint32_t half = n / 2;
  PhFft *fft = PH_NEW(arena, PhFft);
  float *twiddles = PH_NEWN(arena, float, 2 * (size_t)half + 6), *turns = PH_NEWN(arena, float, n / 2 + 2);
  uint16_t *order = PH_NEWN(arena, uint16_t, half);
  if (!fft || !twiddles || !turns || !order) {
    return NULL;
  }
  *fft = (PhFft){ .n = n, .twiddles = twiddles, .turns = turns, .order = order };
  for (uint32_t len = half; len > 4; len /= 4) {
    for (uint32_t j = 0; j < len / 4; j++, twiddles += 6) {
      for (uint32_t k = 0; k < 3; k++) {
        ph_fft_turn(twiddles + 2 * k, (double)(j * (k + 1)) / len);
      }
    }
  }
  for (uint32_t k = 0; k <= n / 4; k++) {
    ph_fft_turn(turns + 2 * k, (double)k / n);
  }
  for (uint32_t k = 1; k < half; k++) {
    order[k] = (uint16_t)((order[k / 2] / 2) | (k & 1 ? half / 2 : 0));
  }
  return fft;
}

/* A complex value per lane. */
typedef struct PhC {
  PhV re, im;
} PhC;

PH_INLINE PhC ph_c_load(const float *at, size_t step) { return (PhC){ ph_load(at), ph_load(at + step) }; }

PH_INLINE void ph_c_store(float *at, size_t step, PhC x)
{
  ph_store(at, x.re);
  ph_store(at + step, x.im);
}

PH_INLINE PhC ph_c_add(PhC a, PhC b) { return (PhC){ a.re + b.re, a.im + b.im }; }
PH_INLINE PhC ph_c_sub(PhC a, PhC b) { return (PhC){ a.re - b.re, a.im - b.im }; }
/* a - ib and a + ib. */
PH_INLINE PhC ph_c_sub_i(PhC a, PhC b) { return (PhC){ a.re + b.im, a.im - b.re }; }
PH_INLINE PhC ph_c_add_i(PhC a, PhC b) { return (PhC){ a.re - b.im, a.im + b.re }; }
PH_INLINE PhC ph_c_mul(PhC a, PhC b) { return (PhC){ a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re }; }
/* a times the conjugate of b. */
PH_INLINE PhC ph_c_mul_conj(PhC a, PhC b) { return (PhC){ a.re * b.re + a.im * b.im, a.im * b.re - a.re * b.im }; }
PH_INLINE PhC ph_c_turned(PhC a, const float *w)
{
  return (PhC){ a.re * w[0] - a.im * w[1], a.re * w[1] + a.im * w[0] };
}
PH_INLINE PhC ph_c_turned_back(PhC a, const float *w)
{
  return (PhC){ a.re * w[0] + a.im * w[1], a.im * w[0] - a.re * w[1] };
}

/* Four points of a step forward: their quarter-length transforms, not yet turned, in the order of two radix-2 steps. */
PH_INLINE void ph_fft_fan(PhC x[4])
{
  const PhC sum = ph_c_add(x[0], x[2]), differ = ph_c_sub(x[0], x[2]);
  const PhC other_sum = ph_c_add(x[1], x[3]), other_differ = ph_c_sub(x[1], x[3]);
  x[0] = ph_c_add(sum, other_sum);
  x[1] = ph_c_sub(sum, other_sum);
  x[2] = ph_c_sub_i(differ, other_differ);
  x[3] = ph_c_add_i(differ, other_differ);
}

/* The inverse of four times ph_fft_fan. */
PH_INLINE void ph_fft_fold(PhC x[4])
{
  const PhC sum = ph_c_add(x[0], x[1]), differ = ph_c_sub(x[0], x[1]);
  const PhC other_sum = ph_c_add(x[2], x[3]), other_differ = ph_c_sub(x[2], x[3]);
  x[0] = ph_c_add(sum, other_sum);
  x[2] = ph_c_sub(sum, other_sum);
  x[1] = ph_c_add_i(differ, other_differ);
  x[3] = ph_c_sub_i(differ, other_differ);
}

/* One radix-4 step over blocks of `len` complex values; w NULL where nothing is turned (len 4). */
PH_INLINE void ph_fft_step(float *work, uint32_t half, uint32_t len, const float *w, size_t step, bool back)
{
  const size_t quarter = (size_t)len / 4 * 2 * step;
  for (uint32_t block = 0; block < half; block += len) {
    float *at = work + (size_t)block * 2 * step;
    for (uint32_t j = 0; j < len / 4; j++, at += 2 * step) {
      PhC x[4];
      for (uint32_t k = 0; k < 4; k++) {
        x[k] = ph_c_load(at + k * quarter, step);
      }
      const float *turn = w + (size_t)j * 6;
      if (back && len > 4) {
        x[1] = ph_c_turned_back(x[1], turn + 2);
        x[2] = ph_c_turned_back(x[2], turn);
        x[3] = ph_c_turned_back(x[3], turn + 4);
      }
      if (back) {
        ph_fft_fold(x);
      } else {
        ph_fft_fan(x);
      }
      if (!back && len > 4) {
        x[1] = ph_c_turned(x[1], turn + 2);
        x[2] = ph_c_turned(x[2], turn);
        x[3] = ph_c_turned(x[3], turn + 4);
      }
      for (uint32_t k = 0; k < 4; k++) {
        ph_c_store(at + k * quarter, step, x[k]);
      }
    }
  }
}

/* The last step forward, the first one back, where the number of radix-2 steps is odd. */
PH_INLINE void ph_fft_pairs(float *work, uint32_t half, size_t step)
{
  for (uint32_t k = 0; k < half; k += 2, work += 4 * step) {
    const PhC a = ph_c_load(work, step), b = ph_c_load(work + 2 * step, step);
    ph_c_store(work, step, ph_c_add(a, b));
    ph_c_store(work + 2 * step, step, ph_c_sub(a, b));
  }
}

/* The spectrum of n real values at work, work + step, …, which are destroyed: bins 0 … n/2, each the real and the imaginary part
   one after another, so n + 2 positions. Not scaled: a sine of amplitude 1 on a bin has magnitude n/2. [realtime] */
static inline void ph_fft_forward(const PhFft *fft, float *work, float *bins, size_t step)
{
  const uint32_t half = fft->n / 2;
  const float *w = fft->twiddles;
  uint32_t len = half;
  for (; len > 4; w += (size_t)len / 4 * 6, len /= 4) {
    ph_fft_step(work, half, len, w, step, false);
  }
  if (len == 4) {
    ph_fft_step(work, half, 4, w, step, false);
  } else {
    ph_fft_pairs(work, half, step);
  }
  const PhC zero = ph_c_load(work, step);
  ph_c_store(bins, step, (PhC){ zero.re + zero.im, ph_splat(0.0f) });
  ph_c_store(bins + (size_t)half * 2 * step, step, (PhC){ zero.re - zero.im, ph_splat(0.0f) });
  for (uint32_t k = 1; k <= half / 2; k++) {
    const PhC a = ph_c_load(work + (size_t)fft->order[k] * 2 * step, step);
    const PhC b = ph_c_load(work + (size_t)fft->order[half - k] * 2 * step, step);
    const PhC even = { 0.5f * (a.re + b.re), 0.5f * (a.im - b.im) };
    const PhC odd = ph_c_turned((PhC){ 0.5f * (a.im + b.im), 0.5f * (b.re - a.re) }, fft->turns + 2 * (size_t)k);
    ph_c_store(bins + (size_t)k * 2 * step, step, ph_c_add(even, odd));
    ph_c_store(bins + (size_t)(half - k) * 2 * step, step, (PhC){ even.re - odd.re, odd.im - even.im });
  }
}

/* The n real values of a spectrum as ph_fft_forward gives it; scaled, so that this is its inverse. The imaginary parts of the first
   and the last bin count as 0. [realtime] */
static inline void ph_fft_inverse(const PhFft *fft, const float *bins, float *work, size_t step)
{
  const uint32_t half = fft->n / 2;
  const float scale = 0.5f / (float)half;
  const PhV first = ph_load(bins) * scale, last = ph_load(bins + (size_t)half * 2 * step) * scale;
  ph_c_store(work, step, (PhC){ first + last, first - last });
  for (uint32_t k = 1; k <= half / 2; k++) {
    const PhC a = ph_c_load(bins + (size_t)k * 2 * step, step),
              b = ph_c_load(bins + (size_t)(half - k) * 2 * step, step);
    const PhC even = { scale * (a.re + b.re), scale * (a.im - b.im) };
    const PhC odd = ph_c_turned_back((PhC){ scale * (a.re - b.re), scale * (a.im + b.im) }, fft->turns + 2 * (size_t)k);
    ph_c_store(work + (size_t)fft->order[k] * 2 * step, step, ph_c_add_i(even, odd));
    ph_c_store(work + (size_t)fft->order[half - k] * 2 * step, step, (PhC){ even.re + odd.im, odd.re - even.im });
  }
  uint32_t len = half;
  const float *w = fft->twiddles;
  for (; len > 4; len /= 4) {
    w += (size_t)len / 4 * 6;
  }
  if (len == 4) {
    ph_fft_step(work, half, 4, w, step, true);
  } else {
    ph_fft_pairs(work, half, step);
  }
  for (len *= 4; len <= half; len *= 4) {
    w -= (size_t)len / 4 * 6;
    ph_fft_step(work, half, len, w, step, true);
  }
}

#endif
