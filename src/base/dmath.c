/* Functions of one double. Taylor series after range reduction: in double the reduction is what matters, and the terms need
   no fitting. The order of operations is fixed, so the results are the same on every machine.
   SPDX-License-Identifier: MIT */
#include "base/dmath.h"

#include <string.h>

static const double ln2 = 0.69314718055994530942;
static const double inv_ln2 = 1.4426950408889634074;

static double floor_d(double x)
{
  if (!(x > -4503599627370496.0 && x < 4503599627370496.0)) {
    return x;
  }
  const double t = (double)(int64_t)x;
  return t > x ? t - 1 : t;
}

/* 2^n, n in the normal range. */
static double pow2i(int64_t n)
{
  const uint64_t bits = (uint64_t)(n + 1023) << 52;
  double x;
  memcpy(&x, &bits, sizeof(x));
  return x;
}

double ph_exp2_d(double x)
{
  if (!(x > -1022)) {
    return 0;
  }
  if (x >= 1024) {
    return 2 * pow2i(1023);
  }
  const double n = floor_d(x + 0.5);
  const double r = (x - n) * ln2; /* |r| < 0.35: r^14/14! < 5e-18 */
  double sum = 0;
  for (int k = 13; k >= 2; k--) {
    sum = (sum + 1) * r / k;
  }
  const double y = 1 + (r + r * sum);
  return n > 1023 ? y * pow2i(1023) * 2 : y * pow2i((int64_t)n);
}

double ph_exp_d(double x) { return ph_exp2_d(x * inv_ln2); }

double ph_log2_d(double x)
{
  if (!(x > 0)) {
    return -2 * pow2i(1023);
  }
  int64_t shift = 0;
  if (x < pow2i(-1022)) {
    x *= pow2i(60);
    shift = 60;
  }
  uint64_t bits;
  memcpy(&bits, &x, sizeof(bits));
  int64_t n = (int64_t)(bits >> 52) - 1023;
  if (n == 1024) {
    return x; /* infinity */
  }
  bits = (bits & 0xFFFFFFFFFFFFFull) | 0x3FF0000000000000ull;
  double m;
  memcpy(&m, &bits, sizeof(m));
  if (m > 1.41421356237309515) {
    m *= 0.5;
    n++;
  }
  const double s = (m - 1) / (m + 1), t = s * s; /* |s| < 0.1716: t^11/23 < 6e-18 */
  double sum = 0;
  for (int k = 21; k >= 3; k -= 2) {
    sum = (sum + 1.0 / k) * t;
  }
  return (double)(n - shift) + (s + s * sum) * (2 * inv_ln2);
}

double ph_log_d(double x) { return ph_log2_d(x) * ln2; }

/* sin(r + quarter · π/2), |r| <= π/4. */
static double sin_quarter(double r, int64_t quarter)
{
  const double t = r * r;
  double sum = 0;
  const bool cosine = (quarter & 1) != 0;
  for (int k = cosine ? 18 : 19; k >= 2; k -= 2) {
    sum = -(sum + 1) * t / (k * (k - 1));
  }
  const double y = cosine ? 1 + sum : r + r * sum;
  return (quarter & 2) != 0 ? -y : y;
}

static double sin_turned(double x, int64_t quarter)
{
  if (!(x > -1e15 && x < 1e15)) {
    return 0;
  }
  const double n = floor_d(x * 0.63661977236758134308 + 0.5);
  /* π/2 in three parts of 33 bits (Cody & Waite 1980). */
  const double r = ((x - n * 1.57079632673412561417) - n * 6.07710050630396597660e-11) - n * 2.02226624879595063154e-21;
  return sin_quarter(r, (int64_t)n + quarter);
}

double ph_sin_d(double x) { return sin_turned(x, 0); }
double ph_cos_d(double x) { return sin_turned(x, 1); }

double ph_sin_turns_d(double turns)
{
  const double x = turns - floor_d(turns); /* 0 <= x < 1, exact */
  const double quarter = floor_d(x * 4 + 0.5);
  return sin_quarter((x - quarter * 0.25) * 6.28318530717958647693, (int64_t)quarter);
}

double ph_pow_d(double x, double y)
{
  if (y == 0) {
    return 1;
  }
  if (!(x > 0)) {
    return 0;
  }
  return ph_exp2_d(y * ph_log2_d(x));
}

double ph_tanh_d(double x)
{
  const double a = x < 0 ? -x : x;
  double y;
  if (a < 0.15) { /* sinh / cosh by their series */
    const double t = a * a;
    double s = 0, c = 0;
    for (int k = 15; k >= 3; k -= 2) {
      s = (s + 1) * t / (k * (k - 1));
      c = (c + 1) * t / ((k - 1) * (k - 2));
    }
    y = (a + a * s) / (1 + c);
  } else {
    y = a > 20 ? 1 : 1 - 2 / (ph_exp_d(2 * a) + 1);
  }
  return x < 0 ? -y : y;
}
