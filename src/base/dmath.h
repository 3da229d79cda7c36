/* Functions of one double by IEEE arithmetic alone: for tuning, pan laws and tables that reach a sample. Errors are bounded in
   tests/base/test_dmath.c.  SPDX-License-Identifier: MIT */
#ifndef PH_BASE_DMATH_H
#define PH_BASE_DMATH_H

#include "base/status.h"

/* [any] 2^x, relative error < 1e-15; 0 below -1022, infinite from 1024 on. */
double ph_exp2_d(double x);
/* [any] e^x, relative error < 1e-13. */
double ph_exp_d(double x);
/* [any] log2(x), absolute error < 1e-15 + 2e-16 |log2 x|; minus infinity for x <= 0. */
double ph_log2_d(double x);
double ph_log_d(double x);
/* [any] sin and cos of radians, absolute error < 1e-15 for |x| < 1e4, growing in proportion beyond. */
double ph_sin_d(double x);
double ph_cos_d(double x);
/* [any] sin(2 pi turns), absolute error < 1e-15; exactly 0, 1 and -1 at the quarters, whatever their number. */
double ph_sin_turns_d(double turns);
/* [any] x^y for x >= 0, relative error < 1e-13 while the result is within 1e±30. */
double ph_pow_d(double x, double y);
/* [any] tanh(x), relative error < 1e-13. */
double ph_tanh_d(double x);

#endif
