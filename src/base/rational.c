/* Exact rationals.  SPDX-License-Identifier: MIT */
#include "base/rational.h"

#include <math.h>

__extension__ typedef __int128 I128;
__extension__ typedef unsigned __int128 U128;

static const PhRat inexact = { 0, 0 };

/* One division, which often ends it, then Stein's binary algorithm without branches that cannot be foretold. */
static uint64_t gcd64(uint64_t a, uint64_t b)
{
  if (a == 0 || b == 0) {
    return a | b;
  }
  const uint64_t small = a < b ? a : b;
  b = (a < b ? b : a) % small;
  a = small;
  if (b == 0 || a == 1) {
    return a;
  }
  const int twos = __builtin_ctzll(a | b);
  a >>= __builtin_ctzll(a);
  while (b) {
    b >>= __builtin_ctzll(b);
    const uint64_t less = a < b ? a : b;
    b = a < b ? b - a : a - b;
    a = less;
  }
  return a << twos;
}

static uint64_t magnitude(int64_t x) { return x < 0 ? (uint64_t)0 - (uint64_t)x : (uint64_t)x; }

static U128 gcd128(U128 a, U128 b)
{
  while (b) {
    if ((a >> 64) == 0 && (b >> 64) == 0) {
      return gcd64((uint64_t)a, (uint64_t)b);
    }
    const U128 r = a % b;
    a = b;
    b = r;
  }
  return a;
}

static PhRat reduce(I128 num, I128 den)
{
  if (den == 0) {
    return inexact;
  }
  if (den < 0) {
    num = -num;
    den = -den;
  }
  if (num >= -INT64_MAX && num <= INT64_MAX && den <= INT64_MAX) {
    const int64_t g = (int64_t)gcd64(magnitude((int64_t)num), (uint64_t)den);
    return PH_RAT((int64_t)num / g, (int64_t)den / g);
  }
  const U128 mag = num < 0 ? (U128)0 - (U128)num : (U128)num;
  const U128 g = gcd128(mag, (U128)den);
  if (g > 1) {
    num /= (I128)g;
    den /= (I128)g;
  }
  if (num > INT64_MAX || num < -INT64_MAX || den > INT64_MAX) {
    return inexact;
  }
  return PH_RAT((int64_t)num, (int64_t)den);
}

PhRat ph_rat(int64_t num, int64_t den) { return reduce(num, den); }

/* Where everything fits 64 bits, the sum is reduced by what can divide it only (Knuth, TAOCP 2, 4.5.1): a common divisor
   of the denominators. False: use 128 bits. */
static bool add_small(PhRat a, int64_t b_num, int64_t b_den, PhRat *out)
{
  int64_t x, y, den;
  if (a.den == b_den) {
    if (__builtin_add_overflow(a.num, b_num, &x) || x == INT64_MIN) {
      return false;
    }
    const int64_t g = a.den == 1 ? 1 : (int64_t)gcd64(magnitude(x), (uint64_t)a.den);
    *out = g == 1 ? PH_RAT(x, a.den) : PH_RAT(x / g, a.den / g);
    return true;
  }
  const int64_t g = a.den == 1 || b_den == 1 ? 1 : (int64_t)gcd64((uint64_t)a.den, (uint64_t)b_den);
  if (__builtin_mul_overflow(a.num, b_den / g, &x) || __builtin_mul_overflow(b_num, a.den / g, &y) ||
      __builtin_add_overflow(x, y, &x) || x == INT64_MIN) {
    return false;
  }
  const int64_t h = g == 1 ? 1 : (int64_t)gcd64(magnitude(x), (uint64_t)g);
  if (__builtin_mul_overflow(a.den / g, b_den / h, &den)) {
    return false;
  }
  *out = PH_RAT(x / h, den);
  return true;
}

static PhRat add_scaled(PhRat a, PhRat b, int sign)
{
  PhRat sum;
  if (!a.den || !b.den) {
    return inexact;
  }
  if (b.num != INT64_MIN && add_small(a, sign * b.num, b.den, &sum)) {
    return sum;
  }
  return reduce((I128)a.num * b.den + (I128)sign * ((I128)b.num * a.den), (I128)a.den * b.den);
}

PhRat ph_rat_add(PhRat a, PhRat b) { return add_scaled(a, b, 1); }
PhRat ph_rat_sub(PhRat a, PhRat b) { return add_scaled(a, b, -1); }

/* Each numerator shares divisors only with the other's denominator, so the product comes out reduced. */
static PhRat mul_parts(int64_t a_num, int64_t a_den, int64_t b_num, int64_t b_den)
{
  const int64_t g = b_den == 1 ? 1 : (int64_t)gcd64(magnitude(a_num), (uint64_t)b_den);
  const int64_t h = a_den == 1 ? 1 : (int64_t)gcd64(magnitude(b_num), (uint64_t)a_den);
  int64_t num, den;
  if (__builtin_mul_overflow(a_num / g, b_num / h, &num) || __builtin_mul_overflow(a_den / h, b_den / g, &den) ||
      num == INT64_MIN) {
    return inexact;
  }
  return PH_RAT(num, den);
}

PhRat ph_rat_mul(PhRat a, PhRat b) { return (a.den && b.den) ? mul_parts(a.num, a.den, b.num, b.den) : inexact; }

PhRat ph_rat_div(PhRat a, PhRat b)
{
  if (!a.den || !b.den || b.num == 0 || b.num == INT64_MIN) {
    return inexact;
  }
  return b.num < 0 ? mul_parts(a.num, a.den, -b.den, -b.num) : mul_parts(a.num, a.den, b.den, b.num);
}

PhRat ph_rat_neg(PhRat a) { return PH_RAT(-a.num, a.den); }
PhRat ph_rat_abs(PhRat a) { return a.num < 0 ? ph_rat_neg(a) : a; }

int64_t ph_rat_floor_int(PhRat a)
{
  if (!a.den) {
    return 0;
  }
  const int64_t q = a.num / a.den;
  return q - (a.num % a.den < 0);
}

PhRat ph_rat_floor(PhRat a) { return a.den ? PH_RAT_INT(ph_rat_floor_int(a)) : inexact; }
PhRat ph_rat_ceil(PhRat a) { return ph_rat_neg(ph_rat_floor(ph_rat_neg(a))); }
PhRat ph_rat_fract(PhRat a) { return a.den ? PH_RAT(a.num - ph_rat_floor_int(a) * a.den, a.den) : inexact; }

PhRat ph_rat_mod(PhRat a, PhRat b)
{
  return ph_rat_sub(a, ph_rat_mul(b, ph_rat_floor(ph_rat_div(a, b))));
}

int ph_rat_cmp(PhRat a, PhRat b)
{
  if (!a.den || !b.den) {
    return (a.den == 0) - (b.den == 0);
  }
  if (a.den == b.den) {
    return (a.num > b.num) - (a.num < b.num);
  }
  int64_t x, y;
  if (!__builtin_mul_overflow(a.num, b.den, &x) && !__builtin_mul_overflow(b.num, a.den, &y)) {
    return (x > y) - (x < y);
  }
  const I128 l = (I128)a.num * b.den;
  const I128 r = (I128)b.num * a.den;
  return (l > r) - (l < r);
}

PhRat ph_rat_min(PhRat a, PhRat b) { return ph_rat_cmp(a, b) <= 0 ? a : b; }
PhRat ph_rat_max(PhRat a, PhRat b) { return ph_rat_cmp(a, b) >= 0 ? a : b; }
double ph_rat_to_double(PhRat a) { return a.den ? (double)a.num / (double)a.den : 0.0; }

PhRat ph_rat_from_double(double x)
{
  if (!isfinite(x) || fabs(x) > 9007199254740992.0) {
    return inexact;
  }
  const bool neg = x < 0;
  const double target = fabs(x);
  double rest = target;
  int64_t p0 = 0, q0 = 1, p1 = 1, q1 = 0;
  for (int i = 0; i < 64; i++) {
    const double whole = floor(rest);
    const I128 p2 = (I128)(int64_t)whole * p1 + p0;
    const I128 q2 = (I128)(int64_t)whole * q1 + q0;
    if (p2 > (1LL << 53) || q2 > (1LL << 53)) {
      break;
    }
    p0 = p1;
    q0 = q1;
    p1 = (int64_t)p2;
    q1 = (int64_t)q2;
    if (fabs((double)p1 / (double)q1 - target) <= target * 1e-12 || rest - whole <= 0) {
      break;
    }
    rest = 1.0 / (rest - whole);
    if (rest > 9007199254740992.0) {
      break;
    }
  }
  return q1 ? reduce(neg ? -p1 : p1, q1) : inexact;
}

bool ph_rat_parse(const char *text, size_t len, PhRat *out)
{
  size_t i = 0;
  const bool neg = len && text[0] == '-';
  i += neg || (len && text[0] == '+');
  PhRat value = PH_RAT_INT(0);
  size_t digits = 0;
  int64_t scale = 0; /* digits after the point */
  bool point = false;
  for (; i < len; i++) {
    if (text[i] == '.' && !point) {
      point = true;
    } else if (text[i] >= '0' && text[i] <= '9') {
      value = ph_rat_add(ph_rat_mul(value, PH_RAT_INT(10)), PH_RAT_INT(text[i] - '0'));
      scale += point;
      digits++;
    } else {
      break;
    }
  }
  if (digits == 0) {
    return false;
  }
  if (i < len && (text[i] == 'e' || text[i] == 'E')) {
    size_t j = i + 1;
    const bool eneg = j < len && text[j] == '-';
    j += eneg || (j < len && text[j] == '+');
    int64_t e = 0;
    size_t edigits = 0;
    for (; j < len && text[j] >= '0' && text[j] <= '9'; j++, edigits++) {
      e = e < 1000 ? e * 10 + (text[j] - '0') : e;
    }
    if (edigits) {
      scale += eneg ? e : -e;
      i = j;
    }
  }
  for (; scale > 0 && ph_rat_ok(value) && value.num != 0; scale--) {
    value = ph_rat_div(value, PH_RAT_INT(10));
  }
  for (; scale < 0 && ph_rat_ok(value) && value.num != 0; scale++) {
    value = ph_rat_mul(value, PH_RAT_INT(10));
  }
  *out = neg ? ph_rat_neg(value) : value;
  return i == len;
}
