/* Elementary functions for values of patterns, the same bits on every machine: only IEEE-exact operations, no libm.
   Errors are below 4e-15 relative (tests/pattern/test_pmath.c).
   SPDX-License-Identifier: MIT */
#ifndef PH_PATTERN_PMATH_H
#define PH_PATTERN_PMATH_H

double ph_sin_turns(double turns); /* sin(2 pi turns), 0 at every half turn exactly */
double ph_exp2(double x);
double ph_log2(double x);          /* x > 0 */
double ph_exp(double x);
double ph_log(double x);
double ph_pow(double x, double y); /* 0 where it is undefined; whole powers by multiplication */

#endif
