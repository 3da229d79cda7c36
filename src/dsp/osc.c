/* Oscillators. The phase is an integer, so it neither drifts nor depends on how time is cut.

   saw, square and supersaw (step.h), tri, pulse and vco (wave.h) are band-limited: what lands below 15 kHz is below -80 dB re the fundamental
   for fundamentals up to 5 kHz at 44.1 kHz, also while the width moves.
   SPDX-License-Identifier: MIT */
#include "dsp/random.h"
#include "dsp/step.h"
#include "dsp/wave.h"

/* ---- sine ------------------------------------------------------------------------------------------------------ */

/* freq, offset, phase. `lead` is added to the phase, and a quarter less is the lead of a cosine. */
PH_INLINE void sine_kind(const PhIo *io, uint32_t lead, bool bent, bool fixed, bool still)
{
  const uint32_t quarter = lead - 0x40000000u;
  PH_GROUPS(io, g)
  {
    PhCursor freq = ph_cursor(io, 0, g), offset = ph_cursor(io, 1, g), start = ph_cursor(io, 2, g);
    PhV ratio = ratio_once(ph_peek(&offset));
    PhVu inc = increment(io, ph_peek(&freq) * ratio);
    const PhVu rest = still ? ph_turns_u32(ph_peek(&start)) + quarter : ph_splat_u(quarter);
    PhVu phase = ph_state_u(io, 0, g) + rest;
    PH_FRAMES(io, g, out)
    {
      if (bent) {
        ratio = ratio_of(ph_next(&offset));
      }
      if (!fixed) {
        inc = increment(io, ph_next(&freq) * ratio);
      }
      ph_store(out, ph_cos_u32(still ? phase : phase + ph_turns_u32(ph_next(&start))));
      phase += inc;
    }
    ph_state_set_u(io, 0, g, phase - rest);
  }
}

PH_INLINE void sine_from(const PhIo *io, uint32_t lead)
{
  const bool bent = io->step[1] != 0, fixed = io->step[0] == 0 && !bent, still = io->step[2] == 0;
  if (fixed && still) {
    sine_kind(io, lead, false, true, true);
  } else {
    sine_kind(io, lead, bent, fixed, still);
  }
}

static void sine(const PhIo *io) { sine_from(io, 0); }
static void cosine(const PhIo *io) { sine_from(io, 0x40000000u); }

/* ---- saw and square: the plain wave and what its edges lack -------------------------------------------------------- */

enum { PAST_STATE = 1, STEPS_STATE = PAST_STATE + STEP_DELAY, STEPPED_STATE = STEPS_STATE + STEP_LATER };

PH_INLINE PhV plain_wave(PhVu phase, bool square)
{
  return square ? ph_copysign(ph_splat(1.0f), (PhV)phase) : ph_to_float((PhVi)phase) * 4.65661287e-10f;
}

/* Where the sign bit is set the phase went over the half turn (0: over either of its signs' borders) on its way from `last`. */
PH_INLINE PhVu went_over(PhVu last, PhVu now, bool either)
{
  const PhVu changed = now ^ last;
  return either ? changed : changed & (now ^ (now - last));
}

/* Adds an edge of one lane between two frames, of a wave of that level. */
PH_INLINE void stepped_edge(Steps *steps, uint32_t frame, uint32_t lane, uint32_t last, uint32_t now, float level,
                            bool square)
{
  const uint32_t way = now - last;
  const bool half = !square || ((now ^ last) & (now ^ way)) >> 31;
  const float since = (float)(int32_t)(half ? now ^ 0x80000000u : now) / (float)(int32_t)way;
  const bool falls = square ? now >> 31 : !(way >> 31);
  steps_add(steps, frame, lane, since, falls ? -2.0f * level : 2.0f * level);
}

/* freq, offset, phase. The phase may move in any way: an edge stands where a line between its values of two frames meets it. */
PH_INLINE void stepped_kind(const PhIo *io, bool square, bool bent, bool fixed, bool still)
{
  const uint32_t frames = io->frames;
  PH_GROUPS(io, g)
  {
    PhCursor freq = ph_cursor(io, 0, g), offset = ph_cursor(io, 1, g), start = ph_cursor(io, 2, g);
    PhV ratio = ratio_once(ph_peek(&offset));
    PhVu inc = increment(io, ph_peek(&freq) * ratio);
    const PhVu rest = still ? ph_turns_u32(ph_peek(&start)) : ph_splat_u(0);
    PhVu phase = ph_state_u(io, 0, g) + rest;
    _Alignas(64) uint32_t path[(PH_CHUNK_FRAMES + STEP_DELAY) * PH_W]; /* phases, two frames late */
    for (uint32_t i = 0; i < STEP_DELAY; i++) {
      ph_store_u(path + (size_t)i * PH_W, ph_state_u(io, PAST_STATE + i, g));
    }
    Steps steps;
    steps_load(&steps, io, STEPS_STATE, g);
    PhVu last = ph_load_u(path + (size_t)(STEP_DELAY - 1) * PH_W);
    uint32_t count = 0;
    for (uint32_t f = 0; f < frames; f++) {
      if (bent) {
        ratio = ratio_of(ph_next(&offset));
      }
      if (!fixed) {
        inc = increment(io, ph_next(&freq) * ratio);
      }
      const PhVu now = still ? phase : phase + ph_turns_u32(ph_next(&start));
      ph_store_u(path + (size_t)(f + STEP_DELAY) * PH_W, now);
      steps_clear(&steps, f);
      count = steps_list(&steps, count, f, went_over(last, now, square));
      phase += inc;
      last = now;
    }
    for (uint32_t i = 0; i < count; i++) {
      const uint32_t *now = path + (size_t)(steps.frame[i] + STEP_DELAY) * PH_W;
      for (uint32_t lanes = steps.lanes[i]; lanes; lanes &= lanes - 1) {
        const uint32_t lane = (uint32_t)__builtin_ctz(lanes);
        stepped_edge(&steps, steps.frame[i], lane, now[(int32_t)lane - PH_W], now[lane], 1.0f, square);
      }
    }
    uint32_t f = 0;
    PH_FRAMES(io, g, out)
    {
      ph_store(out, plain_wave(ph_load_u(path + (size_t)f * PH_W), square) + steps_at(&steps, f));
      f++;
    }
    ph_state_set_u(io, 0, g, phase - rest);
    for (uint32_t i = 0; i < STEP_DELAY; i++) {
      ph_state_set_u(io, PAST_STATE + i, g, ph_load_u(path + (size_t)(frames + i) * PH_W));
    }
    steps_save(&steps, io, STEPS_STATE, g);
  }
}

PH_INLINE void stepped(const PhIo *io, bool square)
{
  const bool bent = io->step[1] != 0, fixed = io->step[0] == 0 && !bent, still = io->step[2] == 0;
  if (fixed && still) {
    stepped_kind(io, square, false, true, true);
  } else {
    stepped_kind(io, square, bent, fixed, still);
  }
}

static void saw(const PhIo *io) { stepped(io, false); }
static void square(const PhIo *io) { stepped(io, true); }

/* ---- tri --------------------------------------------------------------------------------------------------------- */

/* freq, offset, phase. */
static void tri(const PhIo *io)
{
  const bool bent = io->step[1] != 0, fixed = io->step[0] == 0 && !bent, still = io->step[2] == 0;
  PH_GROUPS(io, g)
  {
    PhCursor freq = ph_cursor(io, 0, g), offset = ph_cursor(io, 1, g), start = ph_cursor(io, 2, g);
    PhVu phase = ph_state_u(io, 0, g);
    Half half = half_load(io, 1, g);
    PhV ratio = ratio_of(ph_peek(&offset));
    Speed speed = speed_of(increment(io, ph_peek(&freq) * ratio));
    PhVu shift = ph_turns_u32(ph_peek(&start));
    PH_FRAMES(io, g, out)
    {
      if (bent) {
        ratio = ratio_of(ph_next(&offset));
      }
      if (!fixed) {
        speed = speed_of(increment(io, ph_next(&freq) * ratio));
      }
      if (!still) {
        shift = ph_turns_u32(ph_next(&start));
      }
      const PhVu at = phase + shift;
      const PhV first = tri_at(at, &speed);
      const PhV second = tri_at(at + (PhVu)((PhVi)speed.inc >> 1), &speed);
      ph_store(out, half_tick(&half, first, second, TREBLE));
      phase += speed.inc;
    }
    ph_state_set_u(io, 0, g, phase);
    half_save(io, 1, g, &half);
  }
}

/* ---- pulse: a cubic through the widths of four frames moves the edge, so the width is two frames late ------------------- */

enum { WIDTHS = 4, MOVE_STATE = WIDTHS };

/* Widths from oldest to newest, and whether there was a first one. */
typedef struct Moving {
  PhV width[WIDTHS];
  PhVu started;
} Moving;

PH_INLINE Moving moving_load(const PhIo *io, uint32_t at, uint32_t g)
{
  Moving m;
  for (uint32_t i = 1; i < WIDTHS; i++) {
    m.width[i] = ph_state(io, at + i, g);
  }
  m.started = ph_state_u(io, at, g);
  return m;
}

PH_INLINE void moving_save(const PhIo *io, uint32_t at, uint32_t g, const Moving *m)
{
  for (uint32_t i = 1; i < WIDTHS; i++) {
    ph_state_set(io, at + i, g, m->width[i]);
  }
  ph_state_set_u(io, at, g, m->started);
}

/* The edge at a width that changes by `slope` per frame. */
PH_INLINE Edge edge_of(const Speed *speed, PhV width, PhV slope)
{
  const PhV motion = ph_abs(0.5f * ph_to_float((PhVi)speed->inc) - slope * 2147483648.0f);
  return (Edge){ width_u32(ph_clamp(width, 0.0f, 1.0f)), 1.0f / ph_max(motion, ph_splat(0.5f)) };
}

/* The pulse at the two half-frames of a frame. */
PH_INLINE void pulse_pair(Moving *m, PhVu phase, const Speed *speed, PhV width, PhV pair[2])
{
  const PhVi first = (PhVi)(m->started == 0);
  PhV w[WIDTHS];
  for (uint32_t i = 0; i + 1 < WIDTHS; i++) {
    w[i] = ph_select(first, width, m->width[i + 1]);
  }
  w[WIDTHS - 1] = width;
  const PhV middle = 0.5f * (w[1] + w[2]) + ((w[1] - w[0]) + (w[2] - w[3])) * 0.0625f;
  const PhV across = 1.125f * (w[2] - w[1]) - (w[3] - w[0]) * 0.0416666667f;
  const Edge here = edge_of(speed, w[1], 0.5f * (w[2] - w[0])), later = edge_of(speed, middle, across);
  pair[0] = pulse_at(phase, speed, &here);
  pair[1] = pulse_at(phase + (PhVu)((PhVi)speed->inc >> 1), speed, &later);
  for (uint32_t i = 0; i < WIDTHS; i++) {
    m->width[i] = w[i];
  }
  m->started = ph_splat_u(1);
}

/* freq, width. */
static void pulse(const PhIo *io)
{
  const bool fixed = io->step[0] == 0;
  PH_GROUPS(io, g)
  {
    PhCursor freq = ph_cursor(io, 0, g), width = ph_cursor(io, 1, g);
    PhVu phase = ph_state_u(io, 0, g);
    Half half = half_load(io, 1, g);
    Moving moving = moving_load(io, 1 + HALF_STATE, g);
    Speed speed = speed_of(increment(io, ph_peek(&freq)));
    PH_FRAMES(io, g, out)
    {
      if (!fixed) {
        speed = speed_of(increment(io, ph_next(&freq)));
      }
      PhV pair[2];
      pulse_pair(&moving, phase, &speed, ph_next(&width), pair);
      ph_store(out, half_tick(&half, pair[0], pair[1], TREBLE_SHARP));
      phase += speed.inc;
    }
    ph_state_set_u(io, 0, g, phase);
    half_save(io, 1, g, &half);
    moving_save(io, 1 + HALF_STATE, g, &moving);
  }
}

/* ---- vco: from one wave to the next --------------------------------------------------------------------------------- */

/* The share of wave number `number`: 1 there, 0 one further on either side. */
PH_INLINE PhV share(PhV wave, float number) { return ph_max(1.0f - ph_abs(wave - number), (PhV){ 0 }); }

/* freq, wave, pw. A wave that no lane wants is left out: its share of 0 would add a zero. */
static void vco(const PhIo *io)
{
  const PhV zero = { 0 };
  PH_GROUPS(io, g) {
    PhCursor freq = ph_cursor(io, 0, g), wave = ph_cursor(io, 1, g), width = ph_cursor(io, 2, g);
    PhVu phase = ph_state_u(io, 0, g);
    Half half = half_load(io, 1, g);
    Moving moving = moving_load(io, 1 + HALF_STATE, g);
    PH_FRAMES(io, g, out) {
      const Speed speed = speed_of(increment(io, ph_next(&freq)));
      const PhV which = ph_clamp(ph_next(&wave), 0.0f, 3.0f);
      const PhVu at[2] = { phase, phase + (PhVu)((PhVi)speed.inc >> 1) };
      PhV pair[2], y[2];
      pulse_pair(&moving, phase, &speed, ph_next(&width), pair);
      for (int i = 0; i < 2; i++) {
        y[i] = zero + share(which, 1) * pair[i];
        if (ph_any(which < 1.0f)) {
          y[i] += share(which, 0) * saw_at(at[i], &speed);
        }
        if (ph_any(which > 1.0f)) {
          y[i] += share(which, 2) * tri_at(at[i], &speed);
        }
        if (ph_any(which > 2.0f)) {
          y[i] += share(which, 3) * ph_sin_u32(at[i]);
        }
      }
      ph_store(out, half_tick(&half, y[0], y[1], TREBLE));
      phase += speed.inc;
    }
    ph_state_set_u(io, 0, g, phase);
    half_save(io, 1, g, &half);
    moving_save(io, 1 + HALF_STATE, g, &moving);
  }
}

/* ---- supersaw: seven saws (the proportions were measured by Szabo 2010, "How to emulate the super saw") ------------------- */

enum {
  SUPER_SAWS = 7,
  SUPER_STARTED = SUPER_SAWS,
  SUPER_PAST,
  SUPER_STEPS = SUPER_PAST + STEP_DELAY,
  SUPER_STATE = SUPER_STEPS + STEP_LATER
};

static const float super_detune[SUPER_SAWS] = { 0,           -0.11002313f, 0.10745242f, -0.06288439f,
                                                0.06216538f, -0.01952356f, 0.01991221f };
static const float super_place[SUPER_SAWS] = { 0, -1, 1, 0.6f, -0.6f, -0.3f, 0.3f }; /* in the stereo field */

/* The gain of a saw in each lane: equal power between left and right, 1 in the middle. */
PH_INLINE PhV super_side(PhV spread, float place)
{
  const PhV x = 1.0f + ph_select(ph_right_mask(), ph_splat(place), ph_splat(-place)) * spread;
  return ph_sqrt(ph_max(x, (PhV){ 0 }));
}

/* What moves in a call. */
typedef struct SuperKind {
  bool pitch, level;
} SuperKind;

/* The increment of saw `k` at the next frame. */
PH_INLINE PhVu super_increment(const PhIo *io, PhCursor *freq, PhCursor *detune, uint32_t k)
{
  const PhV hz = ph_next(freq), wide = ph_clamp(ph_next(detune), 0.0f, 1.0f);
  const PhV curve = wide * (0.15f + 0.85f * (wide * wide)); /* fine at first, as the original's */
  return increment(io, hz * (1.0f + curve * super_detune[k]));
}

/* Its level. */
PH_INLINE PhV super_level(PhCursor *mix, PhCursor *spread, uint32_t k)
{
  const PhV x = ph_clamp(ph_next(mix), 0.0f, 1.0f), sides = ph_clamp(ph_next(spread), 0.0f, 1.0f);
  const PhV level = k ? 0.044372f + x * (1.2841f - 0.73764f * x) : 0.99785f - 0.55366f * x;
  return 0.4f * level * super_side(sides, super_place[k]);
}

/* Adds saw `k` to the frames of a group, and its edges to the steps. Gives the phase after them. */
PH_INLINE PhVu super_add(const PhIo *io, SuperKind moves, uint32_t g, uint32_t k, PhVu phase, Steps *steps, float *sum)
{
  PhCursor freq = ph_cursor(io, 0, g), detune = ph_cursor(io, 1, g), mix = ph_cursor(io, 2, g),
           spread = ph_cursor(io, 3, g);
  _Alignas(64) uint32_t path[(PH_CHUNK_FRAMES + 1) * PH_W];
  _Alignas(64) float levels[PH_CHUNK_FRAMES * PH_W];
  PhVu inc = super_increment(io, &freq, &detune, k);
  PhV level = super_level(&mix, &spread, k);
  freq = ph_cursor(io, 0, g), detune = ph_cursor(io, 1, g), mix = ph_cursor(io, 2, g), spread = ph_cursor(io, 3, g);
  ph_store(levels, level);
  uint32_t count = 0;
  const uint32_t frames = io->frames;
  for (uint32_t f = 0; f < frames; f++) {
    inc = moves.pitch ? super_increment(io, &freq, &detune, k) : inc;
    if (moves.level) {
      level = super_level(&mix, &spread, k);
      ph_store(levels + (size_t)f * PH_W, level);
    }
    ph_store_u(path + (size_t)f * PH_W, phase);
    const PhVu now = phase + inc;
    float *at = sum + (size_t)f * PH_W;
    ph_store(at, ph_load(at) + level * plain_wave(now, false));
    count = steps_list(steps, count, f, went_over(phase, now, false));
    phase = now;
  }
  ph_store_u(path + (size_t)frames * PH_W, phase);
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t f = steps->frame[i], *now = path + (size_t)(f + 1) * PH_W;
    for (uint32_t lanes = steps->lanes[i]; lanes; lanes &= lanes - 1) {
      const uint32_t lane = (uint32_t)__builtin_ctz(lanes);
      stepped_edge(steps, f, lane, now[(int32_t)lane - PH_W], now[lane], levels[(moves.level ? f * PH_W : 0) + lane],
                   false);
    }
  }
  return phase;
}

/* freq, detune, mix, spread. The saws begin anywhere, as if they had been running; all lanes of a voice agree. Each is heard with the
   level that it had two frames ago, as its edges are. */
PH_INLINE void super_kind(const PhIo *io, SuperKind moves)
{
  PH_GROUPS(io, g)
  {
    const PhVu key = ph_noise_key(io, g), started = ph_state_u(io, SUPER_STARTED, g);
    _Alignas(64) float sum[(PH_CHUNK_FRAMES + STEP_DELAY) * PH_W];
    for (uint32_t i = 0; i < STEP_DELAY; i++) {
      ph_store(sum + (size_t)i * PH_W, ph_state(io, SUPER_PAST + i, g));
    }
    memset(sum + STEP_DELAY * PH_W, 0, (size_t)io->frames * PH_W * sizeof *sum);
    Steps steps;
    steps_load(&steps, io, SUPER_STEPS, g);
    for (uint32_t f = 0; f < io->frames; f++) {
      steps_clear(&steps, f);
    }
    for (uint32_t k = 0; k < SUPER_SAWS; k++) {
      const PhVu phase = ph_select_u((PhVi)(started == 0), ph_random_bits(key, ph_splat_u(k), 0), ph_state_u(io, k, g));
      ph_state_set_u(io, k, g, super_add(io, moves, g, k, phase, &steps, sum + STEP_DELAY * PH_W));
    }
    uint32_t f = 0;
    PH_FRAMES(io, g, out)
    {
      ph_store(out, ph_load(sum + (size_t)f * PH_W) + steps_at(&steps, f));
      f++;
    }
    for (uint32_t i = 0; i < STEP_DELAY; i++) {
      ph_state_set(io, SUPER_PAST + i, g, ph_load(sum + (size_t)(io->frames + i) * PH_W));
    }
    steps_save(&steps, io, SUPER_STEPS, g);
    ph_state_set_u(io, SUPER_STARTED, g, ph_splat_u(1));
  }
}

static void supersaw(const PhIo *io)
{
  const SuperKind moves = { .pitch = (io->step[0] | io->step[1]) != 0, .level = (io->step[2] | io->step[3]) != 0 };
  if (!moves.pitch && !moves.level) {
    super_kind(io, (SuperKind){ false, false });
  } else {
    super_kind(io, moves);
  }
}

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

static const PhParam vco_params[] = {
  P_FREQ,
  PH_P("wave", "sig", 0, 0, 3, "", PH_SCALE_LIN, "0 saw, 1 pulse, 2 triangle, 3 sine; between them a mixture of both"),
  PH_P("pw", "sig", 0.5, 0, 1, "", PH_SCALE_LIN, "part of the pulse's period that is high"),
};

static const PhParam supersaw_params[] = {
  P_FREQ,
  PH_P("detune", "sig", 0.5, 0, 1, "", PH_SCALE_LIN,
       "how far the saws are apart; at 1 the outer two are two semitones off"),
  PH_P("mix", "sig", 0.7, 0, 1, "", PH_SCALE_LIN, "level of the six saws beside the one in the middle"),
  PH_P("spread", "sig", 0.7, 0, 1, "", PH_SCALE_LIN, "width of the stereo field"),
};

static const PhParam lfo_params[] = { P_FREQ, P_PHASE };

enum { WAVE_STATE = 1 + HALF_STATE };

static const PhUnit units[] = {
  PH_ROW("sine", "", "source", "Sine wave from -1 to 1.", "sine 440 * 0.3", osc_params, .process = sine,
         .state_floats = 1, .flags = PH_UNIT_OSC),
  PH_ROW("cosine", "", "source", "Sine wave that starts at its peak.", "cosine 440 * 0.3", osc_params,
         .process = cosine, .state_floats = 1, .flags = PH_UNIT_OSC),
  PH_ROW("saw", "", "source", "Band-limited sawtooth, rising from -1 to 1.", "saw 110 # lpf 800", osc_params,
         .process = saw, .state_floats = STEPPED_STATE, .flags = PH_UNIT_OSC),
  PH_ROW("square", "", "source", "Band-limited square wave.", "square 110 * 0.3", osc_params, .process = square,
         .state_floats = STEPPED_STATE, .flags = PH_UNIT_OSC),
  PH_ROW("tri", "triangle", "source", "Band-limited triangle wave.", "tri 220 * 0.5", osc_params, .process = tri,
         .state_floats = WAVE_STATE, .flags = PH_UNIT_OSC),
  PH_ROW("pulse", "", "source",
         "Band-limited pulse wave of any width; its mean is 2 width - 1, which `dcblock` takes away.",
         "pulse 110 0.2 * 0.3", pulse_params, .process = pulse, .state_floats = WAVE_STATE + MOVE_STATE,
         .flags = PH_UNIT_OSC),
  PH_ROW("vco", "", "source", "Band-limited oscillator that goes from saw over pulse and triangle to sine.",
         "vco 110 (1.5 + sine 0.2) * 0.3", vco_params, .process = vco, .state_floats = WAVE_STATE + MOVE_STATE,
         .flags = PH_UNIT_OSC),
  PH_ROW("supersaw", "", "source", "Seven detuned saws over the stereo field.", "supersaw 110 0.4 * 0.3",
         supersaw_params, .process = supersaw, .state_floats = SUPER_STATE,
         .flags = PH_UNIT_OSC | PH_UNIT_STEREO | PH_UNIT_RANDOM),
  PH_ROW("lfsaw", "", "source", "Rising ramp from -1 to 1, not band-limited, for modulation.",
         "sine (440 + lfsaw 2 * 100)", lfo_params, .process = lfsaw, .state_floats = 1, .flags = PH_UNIT_OSC),
  PH_ROW("lftri", "", "source", "Triangle from -1 to 1, not band-limited, for modulation.",
         "sine (440 + lftri 2 * 100)", lfo_params, .process = lftri, .state_floats = 1, .flags = PH_UNIT_OSC),
  PH_ROW("lfsquare", "", "source", "Square of -1 and 1, not band-limited, for modulation.",
         "sine (440 + lfsquare 2 * 100)", lfo_params, .process = lfsquare, .state_floats = 1, .flags = PH_UNIT_OSC),
  PH_ROW("phasor", "ramp", "source", "Ramp from 0 to 1, for reading and modulation.", "sine (200 + phasor 1 * 200)",
         lfo_params, .process = phasor, .state_floats = 1, .flags = PH_UNIT_OSC),
};

PH_EXPORT_TABLE(osc);
