/* See spectrum.h.  SPDX-License-Identifier: MIT */
#include "spectrum.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>

static double complex turned(double turns)
{
  double complex z;
  __real__ z = cos(2 * M_PI * turns);
  __imag__ z = sin(2 * M_PI * turns);
  return z;
}

static void transform(double complex *x, size_t n)
{
  for (size_t i = 1, j = 0; i < n; i++) {
    size_t bit = n >> 1;
    for (; j & bit; bit >>= 1) {
      j ^= bit;
    }
    j ^= bit;
    if (i < j) {
      const double complex t = x[i];
      x[i] = x[j];
      x[j] = t;
    }
  }
  for (size_t len = 2; len <= n; len *= 2) {
    for (size_t k = 0; k < len / 2; k++) {
      const double complex w = turned(-(double)k / (double)len);
      for (size_t i = k; i < n; i += len) {
        const double complex a = x[i], b = w * x[i + len / 2];
        x[i] = a + b;
        x[i + len / 2] = a - b;
      }
    }
  }
}

void spectrum(const float *x, size_t n, double *magnitude)
{
  double complex *z = malloc(n * sizeof(*z));
  for (size_t i = 0; i < n; i++) {
    z[i] = (double)x[i];
  }
  transform(z, n);
  for (size_t i = 0; i <= n / 2; i++) {
    magnitude[i] = cabs(z[i]);
  }
  free(z);
}

void window(float *x, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    const double t = 2 * M_PI * ((double)i + 0.5) / (double)n;
    x[i] *= (float)(0.35875 - 0.48829 * cos(t) + 0.14128 * cos(2 * t) - 0.01168 * cos(3 * t));
  }
}

double tone_level(const float *x, size_t n, double turns)
{
  double complex sum = 0;
  for (size_t i = 0; i < n; i++) {
    sum += (double)x[i] * turned(-turns * (double)i);
  }
  return cabs(sum);
}
