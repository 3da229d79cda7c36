/* Comparisons and elementary functions of the values of patterns.  SPDX-License-Identifier: MIT */
#include "pattern/core.h"

#include "base/dmath.h"

#include <math.h>
#include <string.h>

/* ---- comparisons --------------------------------------------------------------------------------------------- */

static PhValue compare_values(PhQuery *query, const void *ctx, PhValue left, PhValue right)
{
  (void)query;
  const PhCompare compare = *(const PhCompare *)ctx;
  if (compare == PH_COMPARE_AND || compare == PH_COMPARE_OR) {
    bool a = false, b = false;
    (void)ph_value_to_bool(&left, &a);
    (void)ph_value_to_bool(&right, &b);
    return ph_bool(compare == PH_COMPARE_AND ? a && b : a || b);
  }
  if (compare == PH_COMPARE_EQ || compare == PH_COMPARE_NE) {
    return ph_bool(ph_value_eq(&left, &right) == (compare == PH_COMPARE_EQ));
  }
  const int order = ph_value_cmp(&left, &right);
  return ph_bool(compare == PH_COMPARE_LT   ? order < 0
                 : compare == PH_COMPARE_LE ? order <= 0
                 : compare == PH_COMPARE_GT ? order > 0
                                            : order >= 0);
}

const PhPat *ph_pat_compare(PhBuild *build, PhCompare compare, const PhPat *left, const PhPat *right)
{
  return ph_app(build, PH_APP_BOTH, left, right, compare_values, ph_arena_copy(build->arena, &compare, sizeof compare));
}

/* ---- elementary functions ------------------------------------------------------------------------------------ */

typedef struct Math {
  const char *name;
  double (*fn)(double);
} Math;

static double square_root(double x) { return x > 0.0 ? sqrt(x) : 0.0; }
static double logarithm(double x) { return x > 0.0 ? ph_log_d(x) : 0.0; }
static double sign(double x) { return (x > 0.0) - (x < 0.0); }

/* To the nearest, halves to the even number (Haskell's round). */
static double round_even(double x)
{
  const double low = floor(x), rest = x - low;
  return rest < 0.5 || (rest == 0.5 && low / 2.0 == floor(low / 2.0)) ? low : low + 1.0;
}

static const Math maths[] = {
  { "abs", fabs },     { "sqrt", square_root }, { "exp", ph_exp_d },   { "log", logarithm },
  { "sin", ph_sin_d }, { "cos", ph_cos_d },     { "tanh", ph_tanh_d }, { "floor", floor },
  { "ceil", ceil },    { "round", round_even }, { "sign", sign },
};

static const Math *find_math(const char *name)
{
  for (size_t i = 0; i < PH_COUNT(maths); i++) {
    if (strcmp(maths[i].name, name) == 0) {
      return &maths[i];
    }
  }
  return NULL;
}

/* Whole numbers and notes stay what they are. */
static PhValue math_value(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query;
  const Math *math = ctx;
  double x;
  if (value.tag == PH_VALUE_MAP || !ph_value_to_num(&value, &x)) {
    return value;
  }
  const double y = math->fn(x);
  if (value.tag == PH_VALUE_INT && floor(y) == y && fabs(y) < 9e15) {
    return ph_int((int64_t)y);
  }
  return value.tag == PH_VALUE_NOTE ? ph_note(y) : ph_num(y);
}

bool ph_pat_is_math(const char *name) { return find_math(name) != NULL; }

const PhPat *ph_pat_math(PhBuild *build, const char *name, const PhPat *pat)
{
  const Math *math = find_math(name);
  return math ? ph_with_value(build, pat, math_value, math) : pat;
}
