/* Filters without a delay in the loop, from trapezoidal integrators (Zavalishin, The Art of VA Filter Design, 2012; Simper, Linear
   Trapezoidal State Variable Filter, 2013). Their responses are the bilinear transforms of the analogue ones, warped so that
   the cutoff stands where it should. The state is the charge of the integrators, not past samples: it stays bounded however
   fast the coefficients move (Wishnick, Time-Varying Filters for Musical Applications, 2014).
   Everything [realtime].  SPDX-License-Identifier: MIT */
#ifndef PH_DSP_SVF_H
#define PH_DSP_SVF_H

#include "dsp/kernel.h"

/* ---- two poles ----
   With g = tan(pi·cutoff/rate) as n/d and k = 1/q, Simper's 2·a1 - 1, 2·a2 and 2·a3 are 1 - 2m/e, 2nd/e and 2n²/e, where
   m = n(n + kd) and e = d² + m: one division, and no pole of tan at the top. They move the states by one line each. */
typedef struct PhSvf {
  PhV keep, cross, climb;
  PhV k;
} PhSvf;

PH_INLINE PhTan ph_filter_tan(PhV cutoff, float inv_sample_rate)
{
  return ph_tanpi_parts(ph_clamp(cutoff * inv_sample_rate, 1e-6f, 0.49f));
}

/* The damping of a resonance. */
PH_INLINE PhV ph_damping(PhV q) { return 1.0f / ph_clamp(q, 0.02f, 1e6f); }

/* With g = times·tan and any k > 0: the poles of shelves stand off the corner. Of up to 8 frames at once: each line is written for all of
   them before the next, so that the processor finds work while it waits for a division. */
PH_INLINE void ph_svf_many(uint32_t count, const PhV *cutoff, const PhV *k, PhV times, float inv_sample_rate,
                           PhSvf *out)
{
  enum { MOST = 8 };
  PhV n[MOST], d[MOST], m[MOST], scale[MOST];
  for (uint32_t i = 0; i < count; i++) {
    const PhTan tan = ph_filter_tan(cutoff[i], inv_sample_rate);
    n[i] = tan.num;
    d[i] = tan.den;
  }
  for (uint32_t i = 0; i < count; i++) {
    n[i] *= times;
  }
  for (uint32_t i = 0; i < count; i++) {
    m[i] = k[i] * d[i];
  }
  for (uint32_t i = 0; i < count; i++) {
    m[i] = n[i] * (n[i] + m[i]);
  }
  for (uint32_t i = 0; i < count; i++) {
    scale[i] = 2.0f / (d[i] * d[i] + m[i]);
  }
  for (uint32_t i = 0; i < count; i++) {
    const PhV ns = n[i] * scale[i];
    out[i] = (PhSvf){ 1.0f - m[i] * scale[i], d[i] * ns, n[i] * ns, k[i] };
  }
}

PH_INLINE PhSvf ph_svf_off(PhV cutoff, PhV k, PhV times, float inv_sample_rate)
{
  PhSvf f;
  ph_svf_many(1, &cutoff, &k, times, inv_sample_rate, &f);
  return f;
}

PH_INLINE PhSvf ph_svf_damped(PhV cutoff, PhV k, float inv_sample_rate)
{
  return ph_svf_off(cutoff, k, ph_splat(1.0f), inv_sample_rate);
}

PH_INLINE PhSvf ph_svf(PhV cutoff, PhV q, float inv_sample_rate)
{
  return ph_svf_damped(cutoff, ph_damping(q), inv_sample_rate);
}

/* k·band has unity gain at the centre; high is x - k·band - low. Both are below 4e19, as the states are. */
typedef struct PhSvfOut {
  PhV low, band;
} PhSvfOut;

/* The trapezoidal rule: what goes out is the mean of a state before and after. */
PH_INLINE PhSvfOut ph_svf_go(const PhSvf *f, PhV x, PhV *s1, PhV *s2, bool flush)
{
  const PhV v3 = x - *s2, b = *s1, l = *s2;
  *s1 = f->keep * b + f->cross * v3;
  *s2 = l + (f->cross * b + f->climb * v3);
  if (flush) {
    *s1 = ph_flush(*s1);
    *s2 = ph_flush(*s2);
  }
  return (PhSvfOut){ 0.5f * (l + *s2), 0.5f * (b + *s1) };
}

PH_INLINE PhSvfOut ph_svf_step(const PhSvf *f, PhV x, PhV *s1, PhV *s2) { return ph_svf_go(f, x, s1, s2, true); }

/* ---- one pole ---- */

/* g/(1 + g) for g = tan, as n/(n + d). */
PH_INLINE PhV ph_pole(PhV cutoff, float inv_sample_rate)
{
  const PhTan tan = ph_filter_tan(cutoff, inv_sample_rate);
  return tan.num / (tan.num + tan.den);
}

/* The low-pass; x minus it is the high-pass, twice it minus x the all-pass. */
PH_INLINE PhV ph_pole_step(PhV share, PhV x, PhV *s)
{
  const PhV v = (x - *s) * share;
  const PhV y = *s + v;
  *s = ph_flush(y + v);
  return y;
}

/* ---- tails ---- */

/* Seconds until a resonance has fallen by 100 dB. What falls within 50 ms is no tail worth waiting for. Where the frequency
   moves it is taken not to ring below 100 Hz. */
PH_INLINE double ph_ring_sec(const PhUnitSetup *setup, uint32_t freq_input, double q)
{
  const double least = setup->least[freq_input];
  const double hz = least < setup->most[freq_input] && least < 100 ? 100 : least;
  const double rate = q < 0.5 ? 6.28 * hz * q : 3.14 * hz / q; /* nepers a second */
  const double sec = 11.5 / (rate < 0.19 ? 0.19 : rate);
  return sec < 0.05 ? 0 : sec;
}

#endif
