/* Continuous patterns and Tidal 1.10's random numbers: xorshift (Marsaglia 2003) of the position within 300 cycles.
   SPDX-License-Identifier: MIT */
#include "pattern/core.h"

#include <math.h>

typedef struct Signal {
  PhPat base;
  PhSignalFn *fn;
  const void *ctx;
} Signal;

static void query_signal(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Signal *signal = (const Signal *)pat;
  const PhValue value = signal->fn(query, signal->ctx, span.begin);
  PH_PUSH(query->arena, out, ((PhEvent){ .part = span, .value = value }));
}

const PhPat *ph_signal(PhBuild *build, PhSignalFn *fn, const void *ctx)
{
  Signal *signal = PH_NODE(build, Signal, query_signal);
  signal->fn = fn;
  signal->ctx = ctx;
  signal->base.routes = PH_ROUTES_PLAIN;
  return &signal->base;
}

/* ---- random numbers ------------------------------------------------------------------------------------------ */

enum { RANGE = 1 << 29 };

__extension__ typedef __int128 I128;

static int64_t xorshift(int64_t x)
{
  const int64_t a = (int64_t)((uint64_t)x << 13) ^ x;
  const int64_t b = (a >> 17) ^ a;
  return (int64_t)((uint64_t)b << 5) ^ b;
}

/* The program's seed moves the position among the 2^29 that there are; 0 leaves Tidal's. */
static int64_t seeded(const PhQuery *query, int64_t x)
{
  return query->seed ? x ^ (int64_t)(ph_mix64(query->seed) & (RANGE - 1)) : x;
}

static int64_t seed_at(const PhQuery *query, PhRat time)
{
  const I128 period = (I128)time.den * 300;
  const I128 left = (I128)time.num % period; /* towards zero, as Haskell's properFraction */
  return xorshift(seeded(query, (int64_t)(left * RANGE / period)));
}

static double to_unit(int64_t x)
{
  const int64_t r = x % RANGE;
  return (double)(r < 0 ? r + RANGE : r) / (double)RANGE;
}

/* At time 0 the formula would give 0 everywhere; Tidal 1.10 takes another time for lists and 0.5 for one number. */
static const PhRat instead_of_zero = { 9999999, 1 };

double ph_rand_at(PhQuery *query, PhRat time)
{
  if (time.num == 0) {
    return query->seed ? to_unit(seed_at(query, instead_of_zero)) : 0.5;
  }
  return to_unit(seed_at(query, time));
}

double ph_rand_at_num(PhQuery *query, double time)
{
  if (time == 0.0) {
    return ph_rand_at(query, PH_RAT_INT(0));
  }
  double whole;
  const double left = modf(time / 300.0, &whole);
  return to_unit(xorshift(seeded(query, (int64_t)(left * (double)RANGE))));
}

void ph_rands_at(PhQuery *query, PhRat time, size_t count, double *out)
{
  int64_t x = seed_at(query, time.num == 0 ? instead_of_zero : time);
  for (size_t i = 0; i < count; i++) {
    out[i] = to_unit(x);
    x = xorshift(x);
  }
}

static PhValue rand_value(PhQuery *query, const void *ctx, PhRat time)
{
  (void)ctx;
  return ph_num(ph_rand_at(query, time));
}

const PhPat *ph_rand_pat(PhBuild *build) { return ph_signal(build, rand_value, NULL); }

/* ---- dropping events by chance ------------------------------------------------------------------------------- */

typedef struct Degrade {
  double amount;
  PhRat shift;
  bool under;
} Degrade;

static bool degrade_event(PhQuery *query, const void *ctx, PhEvent *e)
{
  const Degrade *d = ctx;
  if (e->has_whole &&
      !ph_arc_sect(e->whole, e->part, &e->part)) { /* as <* does; only Tidal's dialect makes such parts */
    return false;
  }
  const PhRat at = ph_rat_add(ph_event_arc(e).begin, d->shift);
  if (!ph_rat_ok(at)) {
    ph_query_fail(query, PH_OVERFLOW, "a time in the pattern is too large or too fine to be exact");
  }
  return (ph_rand_at(query, at) < d->amount) == d->under;
}

const PhPat *ph_degrade(PhBuild *build, double amount, PhRat shift, bool under, const PhPat *pat)
{
  Degrade *d = PH_NEW(build->arena, Degrade);
  *d = (Degrade){ amount, shift, under };
  return ph_with_event(build, pat, degrade_event, d);
}
