/* Exact rational numbers: musical time. int64 over int64, reduced, with 128-bit intermediates.
   A result that does not fit is *inexact*: its denominator is 0 and everything computed from it is inexact too, so an
   overflow can never turn into a wrong answer. Whoever lets a time out (a query, the tempo map) asks ph_rat_ok.
   SPDX-License-Identifier: MIT */
#ifndef PH_BASE_RATIONAL_H
#define PH_BASE_RATIONAL_H

#include "base/status.h"

typedef struct PhRat {
  int64_t num;
  int64_t den; /* > 0 and coprime to num; 0: inexact */
} PhRat;

#define PH_RAT(n, d) ((PhRat){ (n), (d) }) /* already reduced, d > 0 */
#define PH_RAT_INT(n) ((PhRat){ (n), 1 })

/* All [any], pure. Comparisons with an inexact number say it is the greater one. */
PhRat ph_rat(int64_t num, int64_t den); /* reduces; den 0 gives inexact */
PhRat ph_rat_add(PhRat a, PhRat b);
PhRat ph_rat_sub(PhRat a, PhRat b);
PhRat ph_rat_mul(PhRat a, PhRat b);
PhRat ph_rat_div(PhRat a, PhRat b); /* by zero: inexact */
PhRat ph_rat_neg(PhRat a);
PhRat ph_rat_abs(PhRat a);
PhRat ph_rat_mod(PhRat a, PhRat b);   /* floored modulo, sign of b */
PhRat ph_rat_floor(PhRat a);          /* the cycle a time is in ("sam") */
PhRat ph_rat_ceil(PhRat a);
PhRat ph_rat_fract(PhRat a);          /* a - floor a: position in the cycle */
PhRat ph_rat_min(PhRat a, PhRat b);
PhRat ph_rat_max(PhRat a, PhRat b);
int ph_rat_cmp(PhRat a, PhRat b);     /* -1, 0, 1 */
int64_t ph_rat_floor_int(PhRat a);    /* inexact: 0 */
double ph_rat_to_double(PhRat a);     /* nearest; inexact: 0 */
/* The simplest rational within 1e-12 relative of a double (continued fraction), so 0.1 gives 1/10. Not finite, or
   beyond 2^53: inexact. */
PhRat ph_rat_from_double(double x);
/* Parses a decimal literal ("-12", ".5", "1e-3") exactly from [text, text + len). False if it is not one. */
bool ph_rat_parse(const char *text, size_t len, PhRat *out);

PH_INLINE bool ph_rat_ok(PhRat a) { return a.den != 0; }
PH_INLINE bool ph_rat_eq(PhRat a, PhRat b) { return a.num == b.num && a.den == b.den; }
PH_INLINE bool ph_rat_lt(PhRat a, PhRat b) { return ph_rat_cmp(a, b) < 0; }
PH_INLINE bool ph_rat_le(PhRat a, PhRat b) { return ph_rat_cmp(a, b) <= 0; }
PH_INLINE bool ph_rat_is_zero(PhRat a) { return a.num == 0 && a.den != 0; }

#endif
