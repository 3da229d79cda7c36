/* Phase vocoders: pitch_shift and stretch. Both turn the bins around each peak of the spectrum together, by an angle that is kept as
   whole 2^-32 of a turn and grows from hop to hop, so nothing drifts and where nothing is shifted the input comes back.
   SPDX-License-Identifier: MIT */
#include "dsp/stft.h"

PH_INLINE PhC earlier_bin(const PhHop *hop, const float *bins, uint32_t k)
{
  const float *at = bins + (size_t)k * 2 * hop->step;
  return (PhC){ ph_hop_earlier(hop, at), ph_hop_earlier(hop, at + hop->step) };
}
PH_INLINE void store_bin(const PhHop *hop, float *bins, uint32_t k, PhC x)
{
  float *at = bins + (size_t)k * 2 * hop->step;
  ph_store_lanes(at, hop->lanes, x.re);
  ph_store_lanes(at + hop->step, hop->lanes, x.im);
}
PH_INLINE PhC turned(PhC x, PhVu phase) { return ph_c_mul(x, (PhC){ ph_cos_u32(phase), ph_sin_u32(phase) }); }

static double late_sec(const PhUnitSetup *setup) { return 2 * ph_stft_frames(setup->sample_rate) / setup->sample_rate; }

/* ---- pitch_shift: the bins around each peak move by whole bins and are turned (Laroche & Dolson 1999). Eight windows at a time, since a
   bin that is off by a fraction makes ripples that fall with their number: -80 dB. ---- */

enum {
  PITCH_OVERLAP = 8,
  PITCH_BEFORE = 0,
  PITCH_NOW = 2,
  PITCH_PHASE = 4,
  PITCH_TURN,
  PITCH_SHIFT,
  PITCH_POWER,
  PITCH_ARRAYS
};

static PhStatus pitch_prepare(const PhUnitSetup *setup, PhArena *arena, const void **data, const char **error)
{
  (void)error;
  const uint32_t n = ph_stft_frames(setup->sample_rate);
  PhStft *stft = PH_NEW(arena, PhStft);
  *data = stft;
  return stft ? ph_stft_init(stft, arena, n, n, PITCH_OVERLAP) : PH_NOMEM;
}

static size_t pitch_memory(const PhUnitSetup *setup)
{
  const uint32_t n = ph_stft_frames(setup->sample_rate);
  return ph_stft_memory(n, n) + (size_t)PITCH_ARRAYS * (n / 2 + 1);
}

/* For every bin as if it were a peak: by how many bins it moves, and the angle after this hop. */
static void pitch_measure(const PhHop *hop, PhV stretch)
{
  float *before = ph_hop_array(hop, PITCH_BEFORE), *now = ph_hop_array(hop, PITCH_NOW);
  for (uint32_t k = 0; k <= hop->stft->n / 2; k++) {
    const PhC x = ph_c_load(ph_hop_bin(hop, k), hop->step);
    const PhC step = ph_c_mul_conj(x, earlier_bin(hop, before, k));
    store_bin(hop, before, k, x);
    store_bin(hop, now, k, x);
    /* A bin's own frequency turns it by k / overlap from hop to hop; the rest says where between the bins the partial is. */
    const PhVi off = (PhVi)(ph_angle_u32(step.im, step.re) - k * (uint32_t)(0x100000000u / PITCH_OVERLAP));
    const PhV bins = (ph_to_float(off) * (PITCH_OVERLAP * 2.32830644e-10f) + (float)k) * stretch;
    const PhVu phase = (PhVu)ph_hop_earlier(hop, ph_hop_array(hop, PITCH_PHASE) + k * hop->step);
    ph_store_lanes(ph_hop_array(hop, PITCH_TURN) + k * hop->step, hop->lanes,
                   (PhV)(phase + ph_turns_u32(bins * (1.0f / PITCH_OVERLAP))));
    ph_store_lanes(ph_hop_array(hop, PITCH_SHIFT) + k * hop->step, hop->lanes, bins);
  }
}

/* Adds x to bin k + shift of each lane. */
PH_INLINE void pitch_add(const PhHop *hop, int32_t k, PhVi shift, PhC x)
{
  const int32_t half = (int32_t)hop->stft->n / 2;
  if (ph_uniform((PhVu)shift)) {
    if (k + shift[0] >= 0 && k + shift[0] <= half) {
      float *at = ph_hop_bin(hop, (uint32_t)(k + shift[0]));
      ph_c_store(at, hop->step, ph_c_add(ph_c_load(at, hop->step), x));
    }
    return;
  }
  for (uint32_t lane = 0; lane < PH_W; lane++) {
    const int32_t to = k + shift[lane];
    if (to >= 0 && to <= half && hop->lanes[lane]) {
      float *at = ph_hop_bin(hop, (uint32_t)to) + lane;
      at[0] += x.re[lane];
      at[hop->step] += x.im[lane];
    }
  }
}

static void pitch_hop(const PhHop *hop)
{
  const uint32_t half = hop->stft->n / 2;
  float *power = ph_hop_array(hop, PITCH_POWER), *turn = ph_hop_array(hop, PITCH_TURN),
        *shifts = ph_hop_array(hop, PITCH_SHIFT);
  pitch_measure(hop, ph_exp2(ph_hop_in(hop, 1) * 0.0833333333f) - 1.0f);
  ph_hop_power(hop, power);
  ph_hop_spread(hop, power, turn, shifts);
  for (uint32_t k = 0; k <= half; k++) {
    ph_c_store(ph_hop_bin(hop, k), hop->step, (PhC){ ph_splat(0.0f), ph_splat(0.0f) });
  }
  for (uint32_t k = 0; k <= half; k++) {
    const PhV wanted = ph_keep(hop->lanes, ph_load(shifts + k * hop->step));
    const PhVi shift = ph_round_int(ph_clamp(wanted, -32768.0f, 32768.0f));
    const PhV off = wanted - ph_to_float(shift), square = off * off;
    const PhV gain = 1.0f + ph_min(square, ph_splat(0.25f)) *
                                (0.394570698f + 0.0931758828f * square); /* what the windows lose between bins */
    const PhVu angle = ph_load_u((const uint32_t *)(const void *)(turn + k * hop->step));
    ph_store_lanes(ph_hop_array(hop, PITCH_PHASE) + k * hop->step, hop->lanes, (PhV)angle);
    /* Angles are those in the middle of the window, half a turn from those at its edge in odd bins. */
    const PhC x = turned(ph_c_load(ph_hop_array(hop, PITCH_NOW) + (size_t)k * 2 * hop->step, hop->step),
                         angle + ((PhVu)shift << 31));
    pitch_add(hop, (int32_t)k, shift, (PhC){ x.re * gain, x.im * gain });
  }
}

static void pitch_shift(const PhIo *io) { ph_stft_run(io, io->data, pitch_hop, NULL); }

/* ---- stretch: reads behind the input, slower, and jumps up to it when it is too far behind. How far a window's peaks should have turned
   since the one before is seen in a third window, a hop before it (Puckette 1995). ---- */

enum {
  STRETCH_OVERLAP = 4,
  STRETCH_LAG = 1,
  STRETCH_STATES,
  STRETCH_BEFORE = 0,
  STRETCH_PHASE = 2,
  STRETCH_POWER,
  STRETCH_THIRD,
  STRETCH_ARRAYS = 6
};
enum { STRETCH_FACTOR = 1, STRETCH_LENGTH };

static uint32_t stretch_ring(const PhUnitSetup *setup)
{
  const uint32_t n = ph_stft_frames(setup->sample_rate);
  return ph_pow2_above(setup->most[STRETCH_LENGTH] * setup->sample_rate + 3.0 * n);
}

static PhStatus stretch_prepare(const PhUnitSetup *setup, PhArena *arena, const void **data, const char **error)
{
  (void)error;
  PhStft *stft = PH_NEW(arena, PhStft);
  *data = stft;
  return stft ? ph_stft_init(stft, arena, ph_stft_frames(setup->sample_rate), stretch_ring(setup), STRETCH_OVERLAP)
              : PH_NOMEM;
}

static size_t stretch_memory(const PhUnitSetup *setup)
{
  const uint32_t n = ph_stft_frames(setup->sample_rate);
  return ph_stft_memory(n, stretch_ring(setup)) + (size_t)STRETCH_ARRAYS * (n / 2 + 1);
}

/* Frames behind the input, after a hop. */
static PhV stretch_lag(const PhHop *hop)
{
  const PhV lag = ph_state(hop->io, STRETCH_LAG, hop->group), slower = 1.0f - 1.0f / ph_hop_in(hop, STRETCH_FACTOR);
  const PhV most = ph_hop_in(hop, STRETCH_LENGTH) * hop->io->sample_rate;
  PhV next = hop->age == 0 ? ph_splat(0.0f) : ph_max(lag + slower * (float)hop->stft->hop, ph_splat(0.0f));
  next = ph_keep(next <= most, next);
  ph_state_set(hop->io, STRETCH_LAG, hop->group, ph_select(hop->lanes, next, lag));
  return next;
}

static void stretch_hop(const PhHop *hop)
{
  const PhStft *stft = hop->stft;
  const PhVu lag = (PhVu)ph_to_int(ph_keep(hop->lanes, stretch_lag(hop)));
  float *before = ph_hop_array(hop, STRETCH_BEFORE), *phases = ph_hop_array(hop, STRETCH_PHASE),
        *power = ph_hop_array(hop, STRETCH_POWER);
  float *third = ph_hop_array(hop, STRETCH_THIRD);
  ph_stft_take(hop, lag + stft->hop, hop->work);
  ph_fft_forward(stft->fft, hop->work, third, hop->step);
  ph_stft_take(hop, lag, hop->work);
  ph_fft_forward(stft->fft, hop->work, hop->bins, hop->step);
  for (uint32_t k = 0; k <= stft->n / 2; k++) {
    const PhC step =
        ph_c_mul_conj(earlier_bin(hop, before, k), ph_c_load(third + (size_t)k * 2 * hop->step, hop->step));
    store_bin(hop, before, k, ph_c_load(ph_hop_bin(hop, k), hop->step));
    const PhVu phase = (PhVu)ph_hop_earlier(hop, phases + k * hop->step);
    ph_store_lanes(phases + k * hop->step, hop->lanes, (PhV)(phase + ph_angle_u32(step.im, step.re)));
  }
  ph_hop_power(hop, power);
  for (uint32_t k = 0; k <= stft->n / 2; k++) {
    ph_store(hop->work + k * hop->step, ph_load(phases + k * hop->step));
  }
  ph_hop_spread(hop, power, hop->work, hop->work);
  for (uint32_t k = 0; k <= stft->n / 2; k++) {
    float *bin = ph_hop_bin(hop, k);
    const PhVu phase = (PhVu)ph_load(hop->work + k * hop->step);
    ph_store_lanes(phases + k * hop->step, hop->lanes, (PhV)phase);
    ph_c_store(bin, hop->step, turned(ph_c_load(bin, hop->step), phase));
  }
}

static void stretch(const PhIo *io) { ph_stft_run(io, io->data, stretch_hop, NULL); }
static double stretch_tail(const PhUnitSetup *setup) { return late_sec(setup) + setup->most[STRETCH_LENGTH]; }

/* ---- rows ---- */

static const PhParam pitch_params[] = { PH_P_IN, PH_P_REQ("semis", "sig", 0, -48, 48, "st", PH_SCALE_LIN,
                                                          "semitones up or down; may move") };
static const PhParam stretch_params[] = {
  PH_P_IN, PH_P("factor", "sig", 2, .25, 1000, "", PH_SCALE_LOG, "how many times slower; below 1 it catches up"),
  PH_P("length", "sig", 4, .05, 60, "s", PH_SCALE_LOG, "how far it may fall behind; then it jumps to what sounds now")
};

static const PhUnit units[] = {
  PH_ROW("pitch_shift", "pshift", "spectral",
         "Shifts the pitch by semitones with a phase vocoder that keeps peaks together, late by 2048 frames (46 ms at "
         "44.1 kHz; the nearest "
         "power of two at other rates).",
         "s \"pad\" # pitch_shift 7", pitch_params, .process = pitch_shift, .state_floats = 1,
         .line_frames = pitch_memory, .prepare = pitch_prepare, .tail_sec = late_sec, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("stretch", "timestretch", "spectral",
         "Plays what comes in more slowly at its own pitch with a phase vocoder, late by 2048 frames (46 ms at 44.1 "
         "kHz) at first, then ever "
         "later until it jumps.",
         "s \"break\" # stretch 3", stretch_params, .process = stretch, .state_floats = STRETCH_STATES,
         .line_frames = stretch_memory, .prepare = stretch_prepare, .tail_sec = stretch_tail,
         .flags = PH_UNIT_PROCESSOR),
};

PH_EXPORT_TABLE(phase_vocoder);
