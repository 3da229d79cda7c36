/* Elementary functions without libm. Series as in Abramowitz & Stegun 4.3.65 (sine), 4.2.1 (exponential), 4.1.27
   (logarithm), after exact range reduction.  SPDX-License-Identifier: MIT */
#include "pattern/pmath.h"

#include <math.h>
#include <stdint.h>

/* sin(2 pi x) for |x| <= 1/8, terms up to x^17: truncation below 1e-18. */
static double sin_eighth(double x)
{
  const double t = x * 6.283185307179586477;
  const double u = t * t;
  double p = 1.0 / 355687428096000.0;
  p = p * u - 1.0 / 1307674368000.0;
  p = p * u + 1.0 / 6227020800.0;
  p = p * u - 1.0 / 39916800.0;
  p = p * u + 1.0 / 362880.0;
  p = p * u - 1.0 / 5040.0;
  p = p * u + 1.0 / 120.0;
  p = p * u - 1.0 / 6.0;
  return t + t * u * p;
}

static double cos_eighth(double x)
{
  const double t = x * 6.283185307179586477;
  const double u = t * t;
  double p = 1.0 / 20922789888000.0;
  p = p * u - 1.0 / 87178291200.0;
  p = p * u + 1.0 / 479001600.0;
  p = p * u - 1.0 / 3628800.0;
  p = p * u + 1.0 / 40320.0;
  p = p * u - 1.0 / 720.0;
  p = p * u + 1.0 / 24.0;
  p = p * u - 0.5;
  return 1.0 + u * p;
}

double ph_sin_turns(double turns)
{
  const double x = turns - floor(turns);       /* 0 <= x < 1, exact */
  const double quarter = floor(x * 4.0 + 0.5); /* nearest quarter turn */
  const double r = x - quarter * 0.25;         /* |r| <= 1/8, exact */
  switch ((int)quarter & 3) {
  case 0:
    return sin_eighth(r);
  case 1:
    return cos_eighth(r);
  case 2:
    return -sin_eighth(r);
  default:
    return -cos_eighth(r);
  }
}

double ph_exp2(double x)
{
  if (!(x > -1075.0)) {
    return 0.0;
  }
  if (x > 1024.0) {
    return (double)INFINITY;
  }
  const double n = floor(x + 0.5);
  const double t = (x - n) * 0.69314718055994530942; /* |t| <= 0.3466 */
  double p = 1.0;
  for (int k = 15; k >= 1; k--) {
    p = 1.0 + t * p / k;
  }
  return ldexp(p, (int)n);
}

double ph_log2(double x)
{
  if (!(x > 0.0)) {
    return x == 0.0 ? -(double)INFINITY : 0.0;
  }
  int e;
  double m = frexp(x, &e); /* 0.5 <= m < 1 */
  if (m < 0.70710678118654752440) {
    m *= 2.0;
    e--;
  }
  const double z = (m - 1.0) / (m + 1.0); /* |z| <= 0.1716 */
  const double u = z * z;
  double p = 0.0;
  for (int k = 23; k >= 1; k -= 2) {
    p = p * u + 1.0 / k;
  }
  return (double)e + z * p * 2.0 * 1.44269504088896340736;
}

double ph_exp(double x) { return ph_exp2(x * 1.44269504088896340736); }
double ph_log(double x) { return ph_log2(x) * 0.69314718055994530942; }

double ph_pow(double x, double y)
{
  const double whole = floor(y);
  if (whole == y && fabs(y) <= 1024.0) {
    double result = 1.0, base = x;
    for (uint32_t n = (uint32_t)fabs(y); n; n >>= 1) {
      result *= n & 1 ? base : 1.0;
      base *= base;
    }
    return y < 0 ? (result == 0.0 ? 0.0 : 1.0 / result) : result;
  }
  if (!(x > 0.0)) {
    return 0.0;
  }
  return ph_exp2(y * ph_log2(x));
}
