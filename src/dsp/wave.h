/* Band-limited waves at twice the rate and the way back: what the oscillators with edges share.

   Every edge carries the residual of a B-spline (Välimäki, Pekonen & Nam 2012, "Perceptually informed synthesis of bandlimited
   classical waveforms using integrated polynomial interpolation"; Esqueda, Välimäki & Bilbao 2016 for corners); two chains of
   all-passes halve the rate (Valenzuela & Constantinides 1983). Everything [realtime].  SPDX-License-Identifier: MIT */
#ifndef PH_DSP_WAVE_H
#define PH_DSP_WAVE_H

#include "dsp/kernel.h"

/* The ratio of an offset in semitones, and turns per frame from a frequency. */
PH_INLINE PhV ratio_of(PhV offset) { return ph_exp2(offset * 0.0833333333f); }
/* The same, sooner where there is no offset. */
PH_INLINE PhV ratio_once(PhV offset) { return ph_any(offset != 0.0f) ? ratio_of(offset) : ph_splat(1.0f); }
PH_INLINE PhVu increment(const PhIo *io, PhV freq) { return ph_increment_u32(freq * io->inv_sample_rate); }

/* ---- edges and corners ----------------------------------------------------------------------------------------- */

/* What a band-limited unit step still lacks `a` half-frames after the edge (and has too early before it): the tail of the
   integral of the fourth-order B-spline. 0 beyond 2.5. */
PH_INLINE PhV edge_tail(PhV a)
{
  const PhV zero = { 0 };
  const PhV u = ph_max(2.5f - a, zero), v = ph_max(1.5f - a, zero), w = ph_max(0.5f - a, zero);
  const PhV u2 = u * u, v2 = v * v, w2 = w * w;
  return (u2 * u2 * u - 5.0f * (v2 * v2 * v) + 10.0f * (w2 * w2 * w)) * (1.0f / 120.0f);
}

/* Its integral: what a unit change of slope still lacks. */
PH_INLINE PhV corner_tail(PhV a)
{
  const PhV zero = { 0 };
  const PhV u = ph_max(2.5f - a, zero), v = ph_max(1.5f - a, zero), w = ph_max(0.5f - a, zero);
  const PhV u3 = u * u * u, v3 = v * v * v, w3 = w * w * w;
  return (u3 * u3 - 5.0f * (v3 * v3) + 10.0f * (w3 * w3)) * (1.0f / 720.0f);
}

/* What a wave needs to know about its speed: half-frames per unit of phase, and turns per half-frame. */
typedef struct Speed {
  PhVu inc;      /* per frame */
  PhV per_phase; /* half-frames per 2^-32 turn, without sign */
  PhV turns;     /* turns per half-frame, without sign */
} Speed;

PH_INLINE Speed speed_of(PhVu inc)
{
  const PhV half = ph_max(ph_abs(ph_to_float((PhVi)inc)) * 0.5f, ph_splat(0.5f));
  return (Speed){ inc, 1.0f / half, half * 2.32830644e-10f };
}

/* The step residual with the sign of the distance: what is to be added to a falling edge of height 1. Most frames are far from
   any edge, and adding a zero would change nothing. */
PH_INLINE PhV falling(PhVi distance, PhV per_phase)
{
  const PhV d = ph_to_float(distance) * per_phase;
  const PhV a = ph_abs(d);
  return ph_any(a < 2.5f) ? ph_copysign(edge_tail(a), d) : (PhV){ 0 };
}

/* Waves at a phase: value from -1 to 1. All start from phase 0; saw and tri at 0 and rising. */
PH_INLINE PhV saw_at(PhVu phase, const Speed *speed)
{
  const PhV naive = ph_to_float((PhVi)phase) * 4.65661287e-10f;
  return naive + 2.0f * falling((PhVi)(phase ^ 0x80000000u), speed->per_phase);
}

/* What a band-limited step lacks with the next longer spline, of six points, for waves that have little but edges. 0 beyond 3. */
PH_INLINE PhV sharp_tail(PhV a)
{
  const PhV zero = { 0 };
  const PhV u = ph_max(3.0f - a, zero), v = ph_max(2.0f - a, zero), w = ph_max(1.0f - a, zero);
  const PhV u3 = u * u * u, v3 = v * v * v, w3 = w * w * w;
  return (u3 * u3 - 6.0f * (v3 * v3) + 15.0f * (w3 * w3)) * (1.0f / 720.0f);
}

PH_INLINE PhV falling_sharp(PhVi distance, PhV per_phase)
{
  const PhV d = ph_to_float(distance) * per_phase;
  const PhV a = ph_abs(d);
  return ph_any(a < 3.0f) ? ph_copysign(sharp_tail(a), d) : (PhV){ 0 };
}

/* The place of a pulse's falling edge, for a width from 0 to 1. */
PH_INLINE PhVu width_u32(PhV width) { return (PhVu)ph_to_int(width * 8388607.0f) << 9; }

/* A pulse's falling edge at a half-frame: where it is in the period, and half-frames per 2^-32 turn that the phase moves against
   it, without sign. */
typedef struct Edge {
  PhVu at;
  PhV per_phase;
} Edge;

/* High from 0 to the edge, low from there on. An edge is smoothed by the time that it takes to pass. */
PH_INLINE PhV pulse_at(PhVu phase, const Speed *speed, const Edge *edge)
{
  const PhVi high = (PhVi)(phase ^ 0x80000000u) < (PhVi)(edge->at ^ 0x80000000u);
  const PhV naive = ph_select(high, ph_splat(1.0f), ph_splat(-1.0f));
  return naive + 2.0f * (falling_sharp((PhVi)(phase - edge->at), edge->per_phase) -
                         falling_sharp((PhVi)phase, speed->per_phase));
}

PH_INLINE PhV tri_at(PhVu phase, const Speed *speed)
{
  const PhVi p = (PhVi)phase;
  const PhVi outer = (p ^ (PhVi)(phase << 1)) >> 31;
  const PhV naive = ph_to_float(p ^ (outer & 0x7FFFFFFF)) * 9.31322575e-10f;
  /* The corner of this half turn is at a quarter of it: the slope changes by 8 units per turn. */
  const PhVi distance = (p & 0x7FFFFFFF) - 0x40000000;
  const PhV a = ph_abs(ph_to_float(distance) * speed->per_phase);
  return ph_any(a < 2.5f) ? naive - ph_copysign(8.0f * speed->turns * corner_tail(a), (PhV)p) : naive;
}

/* ---- halving the rate ------------------------------------------------------------------------------------------ */

/* Elliptic half-band filter as two chains of first-order all-passes at the low rate; 77 dB down from 0.325 of the high
   rate on, flat below 0.175. */
enum { HALF_EVEN = 3, HALF_ODD = 2, HALF_STATE = HALF_EVEN + HALF_ODD + 2 + 2 };
static const float half_even[HALF_EVEN] = { 0.0652897031f, 0.448919706f, 0.884203303f };
static const float half_odd[HALF_ODD] = { 0.233876658f, 0.66784702f };
#define TREBLE 0.07f         /* for edge_tail and corner_tail */
#define TREBLE_SHARP 0.0875f /* for sharp_tail */

typedef struct Half {
  PhV even[HALF_EVEN + 1], odd[HALF_ODD + 1]; /* the last values between the stages */
  PhV past, past2;                            /* of the treble correction */
} Half;

PH_INLINE Half half_load(const PhIo *io, uint32_t at, uint32_t g)
{
  Half h;
  for (uint32_t i = 0; i <= HALF_EVEN; i++) {
    h.even[i] = ph_state(io, at++, g);
  }
  for (uint32_t i = 0; i <= HALF_ODD; i++) {
    h.odd[i] = ph_state(io, at++, g);
  }
  h.past = ph_state(io, at++, g);
  h.past2 = ph_state(io, at, g);
  return h;
}

PH_INLINE void half_save(const PhIo *io, uint32_t at, uint32_t g, const Half *h)
{
  for (uint32_t i = 0; i <= HALF_EVEN; i++) {
    ph_state_set(io, at++, g, h->even[i]);
  }
  for (uint32_t i = 0; i <= HALF_ODD; i++) {
    ph_state_set(io, at++, g, h->odd[i]);
  }
  ph_state_set(io, at++, g, h->past);
  ph_state_set(io, at, g, h->past2);
}

/* A frame from its two half-frames, which lie within -2 … 2. An offset of -300 dB keeps denormals out of the chains where a wave
   stands still at 0, and costs less than flushing every state. */
PH_INLINE PhV half_tick(Half *h, PhV first, PhV second, float treble)
{
  PhV x = second + 1e-15f;
  for (int i = 0; i < HALF_EVEN; i++) {
    const PhV y = (x - h->even[i + 1]) * half_even[i] + h->even[i];
    h->even[i] = x;
    x = y;
  }
  h->even[HALF_EVEN] = x;
  PhV z = first + 1e-15f;
  for (int i = 0; i < HALF_ODD; i++) {
    const PhV y = (z - h->odd[i + 1]) * half_odd[i] + h->odd[i];
    h->odd[i] = z;
    z = y;
  }
  h->odd[HALF_ODD] = z;
  const PhV sum = 0.5f * (x + z);
  /* The B-spline has lost 2.1 dB at 15 kHz (the longer one 2.5): three taps give most of it back. */
  const PhV y = (1.0f + 2.0f * treble) * h->past - treble * (sum + h->past2);
  h->past2 = h->past;
  h->past = sum;
  return y;
}

#endif
