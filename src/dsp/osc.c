/* Oscillators. The phase is an integer, so it neither drifts nor depends on how time is cut.

   saw, square, tri, pulse are generated at twice the rate with the residual of a five-point B-spline at every edge (Välimäki,
   Pekonen & Nam 2012, "Perceptually informed synthesis of bandlimited classical waveforms using integrated polynomial
   interpolation"; Esqueda, Välimäki & Bilbao 2016 for corners), then halved by two chains of all-passes (Valenzuela &
   Constantinides 1983). What lands below 15 kHz is below -80 dB for fundamentals up to 5 kHz at 44.1 kHz.
   SPDX-License-Identifier: MIT */
#include "dsp/kernel.h"

/* ---- sine ------------------------------------------------------------------------------------------------------ */

/* Turns per frame from a frequency and an offset in semitones. */
PH_INLINE PhVu increment(const PhIo *io, PhV freq, PhV offset)
{
  return ph_increment_u32(freq * ph_exp2(offset * 0.0833333333f) * io->inv_sample_rate);
}

/* freq, offset, phase. `quarter` is added to the phase. */
PH_INLINE void sine_from(const PhIo *io, uint32_t quarter)
{
  const bool fixed = (io->step[0] | io->step[1]) == 0, still = io->step[2] == 0;
  PH_GROUPS(io, g) {
    PhCursor freq = ph_cursor(io, 0, g), offset = ph_cursor(io, 1, g), start = ph_cursor(io, 2, g);
    PhVu phase = ph_state_u(io, 0, g) + quarter;
    PhVu inc = increment(io, ph_peek(&freq), ph_peek(&offset)), shift = ph_turns_u32(ph_peek(&start));
    PH_FRAMES(io, g, out) {
      if (!fixed) {
        inc = increment(io, ph_next(&freq), ph_next(&offset));
      }
      if (!still) {
        shift = ph_turns_u32(ph_next(&start));
      }
      ph_store(out, ph_sin_u32(phase + shift));
      phase += inc;
    }
    ph_state_set_u(io, 0, g, phase - quarter);
  }
}

static void sine(const PhIo *io) { sine_from(io, 0); }
static void cosine(const PhIo *io) { sine_from(io, 0x40000000u); }

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
PH_INLINE PhV saw_at(PhVu phase, const Speed *speed, PhVu width)
{
  (void)width;
  const PhV naive = ph_to_float((PhVi)phase) * 4.65661287e-10f;
  return naive + 2.0f * falling((PhVi)(phase ^ 0x80000000u), speed->per_phase);
}

PH_INLINE PhV square_at(PhVu phase, const Speed *speed, PhVu width)
{
  (void)width;
  /* The nearest edge is at 0 (rising) or at the half turn (falling). */
  const PhVi p = (PhVi)phase;
  const PhVi outer = (p ^ (PhVi)(phase << 1)) >> 31;
  const PhVi distance = (PhVi)(phase ^ ((PhVu)outer & 0x80000000u));
  const PhV r = falling(distance, speed->per_phase);
  const PhV naive = ph_copysign(ph_splat(1.0f), (PhV)p);
  return naive + 2.0f * (PhV)((PhVi)r ^ (~outer & INT32_MIN));
}

PH_INLINE PhV pulse_at(PhVu phase, const Speed *speed, PhVu width)
{
  const PhVi high = (PhVi)(phase ^ 0x80000000u) < (PhVi)(width ^ 0x80000000u);
  const PhV naive = ph_select(high, ph_splat(1.0f), ph_splat(-1.0f));
  return naive + 2.0f * (falling((PhVi)(phase - width), speed->per_phase) - falling((PhVi)phase, speed->per_phase));
}

PH_INLINE PhV tri_at(PhVu phase, const Speed *speed, PhVu width)
{
  (void)width;
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
PH_INLINE PhV half_tick(Half *h, PhV first, PhV second)
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
  /* The B-spline has lost 2.1 dB at 15 kHz: three taps give most of it back. */
  const PhV y = 1.14f * h->past - 0.07f * (sum + h->past2);
  h->past2 = h->past;
  h->past = sum;
  return y;
}

/* ---- band-limited waves ------------------------------------------------------------------------------------------ */

typedef PhV Wave(PhVu phase, const Speed *speed, PhVu width);

/* The place of a pulse's falling edge. */
PH_INLINE PhVu width_u32(PhV width) { return (PhVu)ph_to_int(ph_clamp(width, 0.0f, 1.0f) * 8388607.0f) << 9; }

/* freq, then for PULSE width, else offset and phase. */
PH_INLINE void wave_from(const PhIo *io, Wave *wave, bool pulse)
{
  const bool fixed = (io->step[0] | (pulse ? 0 : io->step[1])) == 0, still = io->step[pulse ? 1 : 2] == 0;
  const PhV zero = { 0 };
  PH_GROUPS(io, g) {
    PhCursor freq = ph_cursor(io, 0, g), offset = ph_cursor(io, 1, g), start = ph_cursor(io, pulse ? 1 : 2, g);
    PhVu phase = ph_state_u(io, 0, g);
    Half half = half_load(io, 1, g);
    Speed speed = speed_of(increment(io, ph_peek(&freq), pulse ? zero : ph_peek(&offset)));
    PhVu shift = pulse ? width_u32(ph_peek(&start)) : ph_turns_u32(ph_peek(&start));
    PH_FRAMES(io, g, out) {
      if (!fixed) {
        speed = speed_of(increment(io, ph_next(&freq), pulse ? zero : ph_next(&offset)));
      }
      if (!still) {
        shift = pulse ? width_u32(ph_next(&start)) : ph_turns_u32(ph_next(&start));
      }
      const PhVu at = pulse ? phase : phase + shift;
      const PhV first = wave(at, &speed, shift);
      const PhV second = wave(at + (PhVu)((PhVi)speed.inc >> 1), &speed, shift);
      ph_store(out, half_tick(&half, first, second));
      phase += speed.inc;
    }
    ph_state_set_u(io, 0, g, phase);
    half_save(io, 1, g, &half);
  }
}

static void saw(const PhIo *io) { wave_from(io, saw_at, false); }
static void square(const PhIo *io) { wave_from(io, square_at, false); }
static void tri(const PhIo *io) { wave_from(io, tri_at, false); }
static void pulse(const PhIo *io) { wave_from(io, pulse_at, true); }

/* ---- for modulation: exact shapes, not band-limited ---------------------------------------------------------------- */

typedef PhV Shape(PhVu phase);

PH_INLINE PhV lfsaw_at(PhVu phase) { return ph_to_float((PhVi)phase) * 4.65661287e-10f; }
PH_INLINE PhV lfsquare_at(PhVu phase) { return ph_copysign(ph_splat(1.0f), (PhV)phase); }
PH_INLINE PhV phasor_at(PhVu phase) { return ph_to_float((PhVi)(phase >> 8)) * 5.96046448e-8f; }

PH_INLINE PhV lftri_at(PhVu phase)
{
  const PhVi p = (PhVi)phase;
  const PhVi outer = (p ^ (PhVi)(phase << 1)) >> 31;
  return ph_to_float(p ^ (outer & 0x7FFFFFFF)) * 9.31322575e-10f;
}

/* freq, phase. */
PH_INLINE void shape_from(const PhIo *io, Shape *shape)
{
  const bool fixed = (io->step[0] | io->step[1]) == 0;
  PH_GROUPS(io, g) {
    PhCursor freq = ph_cursor(io, 0, g), start = ph_cursor(io, 1, g);
    PhVu phase = ph_state_u(io, 0, g);
    PhVu inc = ph_increment_u32(ph_peek(&freq) * io->inv_sample_rate), shift = ph_turns_u32(ph_peek(&start));
    PH_FRAMES(io, g, out) {
      if (!fixed) {
        inc = ph_increment_u32(ph_next(&freq) * io->inv_sample_rate);
        shift = ph_turns_u32(ph_next(&start));
      }
      ph_store(out, shape(phase + shift));
      phase += inc;
    }
    ph_state_set_u(io, 0, g, phase);
  }
}

static void lfsaw(const PhIo *io) { shape_from(io, lfsaw_at); }
static void lftri(const PhIo *io) { shape_from(io, lftri_at); }
static void lfsquare(const PhIo *io) { shape_from(io, lfsquare_at); }
static void phasor(const PhIo *io) { shape_from(io, phasor_at); }

/* ---- rows ------------------------------------------------------------------------------------------------------ */

#define P_FREQ PH_P("freq", "hz", 1, -24000, 24000, "Hz", PH_SCALE_LOG, "frequency; negative runs backwards")
#define P_PHASE PH_P("phase", "sig", 0, 0, 0, "turns", PH_SCALE_LIN, "added to the phase; whole turns change nothing")

static const PhParam osc_params[] = {
  P_FREQ,
  PH_P("offset", "sig", 0, -96, 96, "semitones", PH_SCALE_LIN, "added to the pitch"),
  P_PHASE,
};

static const PhParam pulse_params[] = {
  P_FREQ,
  PH_P("width", "sig", 0.5, 0, 1, "", PH_SCALE_LIN, "part of the period that is high, at audio rate"),
};

static const PhParam lfo_params[] = { P_FREQ, P_PHASE };

enum { WAVE_STATE = 1 + HALF_STATE };

static const PhUnit units[] = {
  PH_ROW("sine", "", "source", "Sine wave from -1 to 1.", "sine 440 * 0.3", osc_params, .process = sine,
         .state_floats = 1, .flags = PH_UNIT_OSC),
  PH_ROW("cosine", "", "source", "Sine wave that starts at its peak.", "cosine 440 * 0.3", osc_params,
         .process = cosine, .state_floats = 1, .flags = PH_UNIT_OSC),
  PH_ROW("saw", "", "source", "Band-limited sawtooth, rising from -1 to 1.", "saw 110 # lpf 800", osc_params,
         .process = saw, .state_floats = WAVE_STATE, .flags = PH_UNIT_OSC),
  PH_ROW("square", "", "source", "Band-limited square wave.", "square 110 * 0.3", osc_params, .process = square,
         .state_floats = WAVE_STATE, .flags = PH_UNIT_OSC),
  PH_ROW("tri", "triangle", "source", "Band-limited triangle wave.", "tri 220 * 0.5", osc_params, .process = tri,
         .state_floats = WAVE_STATE, .flags = PH_UNIT_OSC),
  PH_ROW("pulse", "", "source", "Band-limited pulse wave of any width.", "pulse 110 0.2 * 0.3", pulse_params,
         .process = pulse, .state_floats = WAVE_STATE, .flags = PH_UNIT_OSC),
  PH_ROW("lfsaw", "", "source", "Rising ramp from -1 to 1, not band-limited, for modulation.", "sine (440 + lfsaw 2 * 100)",
         lfo_params, .process = lfsaw, .state_floats = 1, .flags = PH_UNIT_OSC),
  PH_ROW("lftri", "", "source", "Triangle from -1 to 1, not band-limited, for modulation.", "sine (440 + lftri 2 * 100)",
         lfo_params, .process = lftri, .state_floats = 1, .flags = PH_UNIT_OSC),
  PH_ROW("lfsquare", "", "source", "Square of -1 and 1, not band-limited, for modulation.",
         "sine (440 + lfsquare 2 * 100)", lfo_params, .process = lfsquare, .state_floats = 1, .flags = PH_UNIT_OSC),
  PH_ROW("phasor", "ramp", "source", "Ramp from 0 to 1, for reading and modulation.", "sine (200 + phasor 1 * 200)",
         lfo_params, .process = phasor, .state_floats = 1, .flags = PH_UNIT_OSC),
};

PH_EXPORT_TABLE(osc);
