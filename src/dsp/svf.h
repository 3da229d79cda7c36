/* Filters without a delay in the loop, from trapezoidal integrators (Zavalishin, The Art of VA Filter Design, 2012; Simper, Linear
   Trapezoidal State Variable Filter, 2013). Their responses are the bilinear transforms of the analogue ones, warped so that
   the cutoff stands where it should. The state is the charge of the integrators, not past samples: it stays bounded however
   fast the coefficients move (Wishnick, Time-Varying Filters for Musical Applications, 2014).
   Everything [realtime].  SPDX-License-Identifier: MIT */
#ifndef PH_DSP_SVF_H
#define PH_DSP_SVF_H

#include "dsp/kernel.h"

/* ---- two poles ----
   With s = sin and c = cos of pi·cutoff/rate, g = tan = s/c and k = 1/q, Simper's a1 = 1/(1 + g(g + k)), a2 = g·a1 and
   a3 = g·a2 are c²q/n, scq/n and s²q/n, where n = q + sc: one division, and no pole of tan at the top. */
typedef struct PhSvf {
  PhV a1, a2, a3;
  PhV k;
} PhSvf;

PH_INLINE PhV ph_filter_turns(PhV cutoff, float inv_sample_rate)
{
  return ph_clamp(cutoff * inv_sample_rate, 1e-6f, 0.49f);
}

PH_INLINE PhSvf ph_svf(PhV cutoff, PhV q, float inv_sample_rate)
{
  const PhV w = ph_filter_turns(cutoff, inv_sample_rate);
  const PhV s = ph_sinpi_half(w), c = ph_sinpi_half(0.5f - w);
  const PhV r = ph_clamp(q, 0.02f, 1e6f);
  const PhV sc = s * c;
  const PhV scale = r / (r + sc);
  return (PhSvf){ c * c * scale, sc * scale, s * s * scale, 1.0f / r };
}

/* The same with g = times·tan and any k > 0, for shelves: their poles stand off the corner. */
PH_INLINE PhSvf ph_svf_off(PhV cutoff, PhV k, PhV times, float inv_sample_rate)
{
  const PhV w = ph_filter_turns(cutoff, inv_sample_rate);
  const PhV s = ph_sinpi_half(w) * times, c = ph_sinpi_half(0.5f - w);
  const PhV scale = 1.0f / (c * c + s * (s + k * c));
  return (PhSvf){ c * c * scale, s * c * scale, s * s * scale, k };
}

/* k·band has unity gain at the centre; high is x - k·band - low. */
typedef struct PhSvfOut {
  PhV low, band;
} PhSvfOut;

/* The states are moved by s1 += 2(v1 - s1), s2 += 2(v2 - s2), written so that few operations stand between a state and its
   successor. */
PH_INLINE PhSvfOut ph_svf_step(const PhSvf *f, PhV x, PhV *s1, PhV *s2)
{
  const PhV v3 = x - *s2;
  const PhV band = f->a1 * *s1 + f->a2 * v3;
  const PhV rise = f->a2 * *s1 + f->a3 * v3;
  const PhV low = *s2 + rise;
  *s1 = ph_flush(band + band - *s1);
  *s2 = ph_flush(low + rise);
  return (PhSvfOut){ low, band };
}

/* ---- one pole ---- */

/* g/(1 + g) for g = tan, as s/(s + c). */
PH_INLINE PhV ph_pole(PhV cutoff, float inv_sample_rate)
{
  const PhV w = ph_filter_turns(cutoff, inv_sample_rate);
  const PhV s = ph_sinpi_half(w);
  return s / (s + ph_sinpi_half(0.5f - w));
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
