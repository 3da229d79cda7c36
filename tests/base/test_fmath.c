/* The bounds that base/fmath.h and base/dmath.h state, against the C library in double, and the exactness of base/simd.h.
   SPDX-License-Identifier: MIT */
#include "base/dmath.h"
#include "base/fmath.h"
#include "base/hash.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { POINTS = 400000 };

static double uniform(uint32_t i) { return (double)(ph_mix64(i) >> 11) * 0x1p-53; }

typedef PhV VecFn(PhV);

/* Largest error of f against g over [lo, hi], even in x or (`log_scale`) in log x; relative to |g| + floor. */
static double worst(VecFn *f, double (*g)(double), double lo, double hi, bool log_scale, double relative, double floor_)
{
  double most = 0;
  for (uint32_t i = 0; i < POINTS; i += PH_W) {
    PhV x;
    for (uint32_t l = 0; l < PH_W; l++) {
      const double u = uniform(i + l);
      x[l] = (float)(log_scale ? lo * pow(hi / lo, u) : lo + (hi - lo) * u);
    }
    const PhV y = f(x);
    for (uint32_t l = 0; l < PH_W; l++) {
      const double expected = g((double)x[l]);
      most = fmax(most, fabs((double)y[l] - expected) / (relative * fabs(expected) + floor_));
    }
  }
  return most;
}

static PhV f_sinpi(PhV x) { return ph_sinpi_half(x); }
static PhV f_cospi(PhV x) { return ph_cospi_half(x); }
static PhV f_tanpi(PhV x) { return ph_tanpi(x); }
static PhV f_exp2(PhV x) { return ph_exp2(x); }
static PhV f_exp(PhV x) { return ph_exp(x); }
static PhV f_log2(PhV x) { return ph_log2(x); }
static PhV f_log(PhV x) { return ph_log(x); }
static PhV f_tanh(PhV x) { return ph_tanh(x); }
static PhV f_sin(PhV x) { return ph_sin(x); }
static PhV f_cos(PhV x) { return ph_cos(x); }
static double g_sinpi(double x) { return sin(M_PI * x); }
static double g_cospi(double x) { return cos(M_PI * x); }
static double g_tanpi(double x) { return tan(M_PI * x); }

static void vectors_keep_their_bounds(void **context)
{
  (void)context;
  assert_true(worst(f_sinpi, g_sinpi, -0.5, 0.5, false, 1, 1e-30) < 2e-7);
  assert_true(worst(f_sinpi, g_sinpi, 1e-6, 0.5, true, 1, 1e-30) < 2e-7);
  assert_true(worst(f_cospi, g_cospi, -0.5, 0.5, false, 0, 1) < 2e-7);
  assert_true(worst(f_tanpi, g_tanpi, 1e-6, 0.45, true, 1, 1e-30) < 1e-6);
  assert_true(worst(f_tanpi, g_tanpi, 1e-6, 0.49, true, 1, 1e-30) < 2.5e-6);
  assert_true(worst(f_exp2, exp2, -126, 127, false, 1, 0) < 2e-7);
  assert_true(worst(f_exp, exp, -87, 87, false, 1, 0) < 2.5e-7);
  assert_true(worst(f_log2, log2, 1.2e-38, 3e38, true, 6e-8, 1e-7) < 1);
  assert_true(worst(f_log2, log2, 0.9, 1.1, false, 1, 1e-30) < 3e-7);
  assert_true(worst(f_log, log, 1.2e-38, 3e38, true, 1e-7, 1e-7) < 1);
  assert_true(worst(f_tanh, tanh, 1e-6, 20, true, 1, 0) < 4e-7);
  assert_true(worst(f_sin, sin, -1000, 1000, false, 0, 1) < 5e-7);
  assert_true(worst(f_cos, cos, -1000, 1000, false, 0, 1) < 5e-7);
}

static void phase_sine_is_120_db_clean(void **context)
{
  (void)context;
  double most = 0;
  for (uint32_t i = 0; i < POINTS; i += PH_W) {
    PhVu phase;
    for (uint32_t l = 0; l < PH_W; l++) {
      phase[l] = (uint32_t)ph_mix64(i + l);
    }
    const PhV s = ph_sin_u32(phase), c = ph_cos_u32(phase);
    for (uint32_t l = 0; l < PH_W; l++) {
      const double angle = phase[l] * (2 * M_PI / 4294967296.0);
      most = fmax(most, fmax(fabs((double)s[l] - sin(angle)), fabs((double)c[l] - cos(angle))));
    }
  }
  assert_true(most < 2.5e-7);
}

static void powers_keep_their_bound(void **context)
{
  (void)context;
  double most = 0;
  for (uint32_t i = 0; i < POINTS; i += PH_W) {
    PhV x, y;
    for (uint32_t l = 0; l < PH_W; l++) {
      x[l] = (float)exp2(uniform(2 * (i + l)) * 20 - 10);
      y[l] = (float)(uniform(2 * (i + l) + 1) * 24 - 12);
    }
    const PhV z = ph_pow(x, y);
    for (uint32_t l = 0; l < PH_W; l++) {
      const double expected = pow((double)x[l], (double)y[l]);
      if (expected > 0x1p-125 && expected < 0x1p126) {
        most = fmax(most, fabs((double)z[l] / expected - 1) / (4e-7 + 1.5e-7 * fabs((double)y[l])));
      }
    }
  }
  assert_true(most < 1);
  assert_true(ph_pow(ph_splat(0), ph_splat(2))[0] == 0.0f);
  assert_true(ph_pow(ph_splat(0), ph_splat(0))[0] == 1.0f);
  assert_true(ph_pow(ph_splat(1), ph_splat(1e8f))[0] == 1.0f);
}

/* Whatever comes in, what goes out is a number. */
static void extremes_stay_finite(void **context)
{
  (void)context;
  static const float hard[] = { 0, -0.0f, 1e-45f, -1e-40f, 1e-30f, 1e18f, -1e18f, 3e38f, -3e38f, INFINITY, -INFINITY, 1e9f, 4.2e6f, 8388608.0f };
  VecFn *const fns[] = { f_exp2, f_exp, f_log2, f_log, f_tanh, f_sin, f_cos };
  for (size_t i = 0; i < PH_COUNT(hard); i++) {
    for (size_t k = 0; k < PH_COUNT(fns); k++) {
      if ((k == 2 || k == 3 || k >= 5) && isinf(hard[i])) {
        continue; /* inputs of kernels are finite; only what is clamped takes infinity */
      }
      assert_true(isfinite(fns[k](ph_splat(hard[i]))[0]));
    }
    if (isfinite(hard[i])) {
      assert_true(ph_floor(ph_splat(hard[i]))[0] == floorf(hard[i]));
    }
    assert_true(isfinite(ph_flush(ph_splat(hard[i]))[0]));
  }
  assert_true(ph_flush(ph_splat(NAN))[0] == 0.0f);
  assert_true(ph_flush(ph_splat(1e-19f))[0] == 0.0f);
  assert_true(ph_finite(ph_splat(NAN))[0] == 0.0f);
}

static void angles_keep_their_bound(void **context)
{
  (void)context;
  double most = 0;
  for (uint32_t i = 0; i < POINTS; i += PH_W) {
    PhV x, y;
    for (uint32_t l = 0; l < PH_W; l++) {
      const double angle = 2 * M_PI * uniform(i + l), radius = pow(10, 20 * uniform(i + l + POINTS) - 10);
      x[l] = (float)(radius * cos(angle));
      y[l] = (float)(radius * sin(angle));
    }
    const PhVu turns = ph_angle_u32(y, x);
    for (uint32_t l = 0; l < PH_W; l++) {
      const double off = turns[l] * 0x1p-32 - atan2((double)y[l], (double)x[l]) / (2 * M_PI);
      most = fmax(most, fabs(off - floor(off + 0.5)));
    }
  }
  assert_true(most < 4e-8);
  const PhV zero = ph_splat(0.0f), one = ph_splat(1.0f);
  assert_true(ph_angle_u32(zero, zero)[0] == 0 && ph_angle_u32(zero, one)[0] == 0 && ph_angle_u32(zero, -one)[0] == 0x80000000u);
  assert_true(ph_angle_u32(one, zero)[0] == 0x40000000u && ph_angle_u32(-one, zero)[0] == 0xC0000000u);
}

static void floors_and_turns_are_exact(void **context)
{
  (void)context;
  for (uint32_t i = 0; i < POINTS; i++) {
    const float x = (float)((uniform(i) - 0.5) * exp2(uniform(i + POINTS) * 60));
    assert_true(ph_floor(ph_splat(x))[0] == floorf(x));
    const double frac = (double)x - floor((double)x);
    const double turns = ph_turns_u32(ph_splat(x))[0] / 4294967296.0;
    const double off = fabs(frac - turns);
    assert_true(fmin(off, 1 - off) < 1.3e-7);
    if (fabsf(x) < 1e6f) {
      assert_int_equal(ph_round_int(ph_splat(x))[0], (int)floorf(x + 0.5f));
    }
  }
  const PhV u = ph_to_float_u(ph_splat_u(0xFFFFFF80u));
  assert_true(u[0] == 4294967168.0f);
}

typedef double DoubleFn(double);

static double worst_d(DoubleFn *f, DoubleFn *g, double lo, double hi, double relative, double floor_)
{
  double most = 0;
  for (uint32_t i = 0; i < POINTS; i++) {
    const double x = lo + (hi - lo) * uniform(i), expected = g(x);
    most = fmax(most, fabs(f(x) - expected) / (relative * fabs(expected) + floor_));
  }
  return most;
}

static void doubles_keep_their_bounds(void **context)
{
  (void)context;
  assert_true(worst_d(ph_exp2_d, exp2, -1000, 1000, 1, 0) < 1e-15);
  assert_true(worst_d(ph_exp_d, exp, -100, 100, 1, 0) < 1e-13);
  assert_true(worst_d(ph_log2_d, log2, 1e-9, 1e9, 2.3e-16, 1e-15) < 1);
  assert_true(worst_d(ph_log2_d, log2, 0.5, 2, 2.3e-16, 1e-15) < 1);
  assert_true(worst_d(ph_sin_d, sin, -1e4, 1e4, 0, 1) < 1e-15);
  assert_true(worst_d(ph_cos_d, cos, -1e4, 1e4, 0, 1) < 1e-15);
  assert_true(worst_d(ph_tanh_d, tanh, -30, 30, 1, 1e-300) < 1e-13);
  double most = 0;
  for (uint32_t i = 0; i < POINTS; i++) {
    const double x = exp2(uniform(2 * i) * 20 - 10), y = uniform(2 * i + 1) * 18 - 9;
    most = fmax(most, fabs(ph_pow_d(x, y) / pow(x, y) - 1));
  }
  assert_true(most < 1e-13);
  assert_true(ph_exp2_d(3) == 8 && ph_exp2_d(-1100) == 0 && isinf(ph_exp2_d(2000)));
  assert_true(ph_log2_d(8) == 3 && isinf(ph_log2_d(0)));
  assert_true(fabs(ph_log2_d(5e-324) + 1074) < 1e-12);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors_keep_their_bounds),  cmocka_unit_test(phase_sine_is_120_db_clean), cmocka_unit_test(powers_keep_their_bound),
    cmocka_unit_test(extremes_stay_finite),       cmocka_unit_test(angles_keep_their_bound),    cmocka_unit_test(floors_and_turns_are_exact), cmocka_unit_test(doubles_keep_their_bounds),
  };
  return cmocka_run_group_tests_name("fmath", tests, NULL, NULL);
}
