/* Spectra for the measuring tests.  SPDX-License-Identifier: MIT */
#ifndef PH_TESTS_DSP_SPECTRUM_H
#define PH_TESTS_DSP_SPECTRUM_H

#include <stddef.h>

/* The magnitudes of bins 0 … n/2 of n real values, n a power of two, without a window. */
void spectrum(const float *x, size_t n, double *magnitude);
/* Blackman-Harris: side lobes below -92 dB from the fourth bin on. */
void window(float *x, size_t n);
/* The magnitude at one frequency (turns per frame) of n values. */
double tone_level(const float *x, size_t n, double turns);

#endif
