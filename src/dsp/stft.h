/* Short-time Fourier processing, one signal per lane: a window of the last n frames is transformed at every hop, changed, and
   added to the output (Allen & Rabiner 1977). Hann windows both ways, whose squares add up to a constant, so what changes no bin
   gives the input back, n frames late.
   A hop falls on multiples of the hop of a lane's own age, so it depends neither on how time is cut nor on the other lanes. Lanes of
   one age hop together and the rest is masked: on a bus, and in a bank whose voices began together, that is one transform; 16 voices
   that began apart take 16, as they would one by one.  Everything [realtime] unless said.  SPDX-License-Identifier: MIT */
#ifndef PH_DSP_STFT_H
#define PH_DSP_STFT_H

#include "dsp/fft.h"
#include "dsp/line.h"

/* Made by prepare. */
typedef struct PhStft {
  const PhFft *fft;
  const float *window; /* Hann */
  uint32_t n, hop;
  uint32_t ring; /* frames of input that are kept: n, or more for a unit that takes its windows itself */
  float scale;   /* of the output: the overlapping squares add up to 1 */
} PhStft;

/* What a unit's own part of a hop works on. Positions are `step` floats apart; `own` is its memory behind the common part. */
typedef struct PhHop {
  const PhIo *io;
  const PhStft *stft;
  uint32_t group, frame;
  PhVi lanes;   /* whose hop it is; the others' memory must stay as it is */
  uint32_t age; /* of these lanes */
  size_t step;
  PhLine in;   /* what came in, up to the frame before */
  float *work; /* n positions: scratch */
  float *bins; /* n + 2 positions: the spectrum, which the unit changes */
  float *own;
  const void *extra; /* of the call, from the kernel */
} PhHop;

typedef void PhHopFn(const PhHop *hop);

/* [any] 2048 frames at 44.1 and 48 kHz, about as long at other rates. */
static inline uint32_t ph_stft_frames(double sample_rate)
{
  const uint32_t n = ph_pow2_above(sample_rate * (2048.0 * 0.75 / 48000));
  return n < PH_FFT_LEAST ? PH_FFT_LEAST : n > PH_FFT_MOST ? PH_FFT_MOST : n;
}

/* [control] */
static inline PhStatus ph_stft_init(PhStft *stft, PhArena *arena, uint32_t n, uint32_t ring, uint32_t overlap)
{
  float *window = PH_NEWN(arena, float, n);
  *stft = (PhStft){ .fft = ph_fft_new(arena, n),
                    .window = window,
                    .n = n,
                    .ring = ring,
                    .hop = n / overlap,
                    .scale = 8.0f / (3.0f * (float)overlap) };
  if (!window || !stft->fft) {
    return PH_NOMEM;
  }
  for (uint32_t i = 0; i < n; i++) {
    window[i] = (float)(0.5 - 0.5 * ph_cos_d(6.283185307179586 * i / n));
  }
  return PH_OK;
}

/* [any] Positions of line memory before a unit's own: rings of input and output, scratch, spectrum. */
static inline size_t ph_stft_memory(uint32_t n, uint32_t ring) { return (size_t)3 * n + 2 + ring; }

PH_INLINE void ph_store_lanes(float *at, PhVi lanes, PhV x) { ph_store(at, ph_select(lanes, x, ph_load(at))); }

/* The n frames up to `lag` frames ago, times the window. What is below 1e-15 counts as silence, so that no square of a bin is denormal. */
static inline void ph_stft_take(const PhHop *hop, PhVu lag, float *out)
{
  const uint32_t n = hop->stft->n;
  for (uint32_t i = 0; i < n; i++) {
    const PhV x = ph_tap(&hop->in, ph_splat_u(hop->age), lag + (n - i));
    ph_store(out + i * hop->step, ph_keep((PhVi)(ph_abs(x) > 1e-15f), x) * hop->stft->window[i]);
  }
}

/* Adds the windowed work to the ring of output from the lanes' age on; the last hop of it is new. */
static inline void ph_stft_give(const PhHop *hop, float *ring)
{
  const PhStft *stft = hop->stft;
  for (uint32_t i = 0; i < stft->n; i++) {
    float *at = ring + ((hop->age + i) & (stft->n - 1)) * hop->step;
    const PhV y = ph_load(hop->work + i * hop->step) * (stft->window[i] * stft->scale);
    const bool fresh = hop->age == 0 || i >= stft->n - stft->hop;
    ph_store_lanes(at, hop->lanes, fresh ? y : ph_load(at) + y);
  }
}

/* The hops of all lanes that are due: a class of equal age after another. */
static inline void ph_stft_hops(PhHop *hop, PhVu age, PhVi due, float *out_ring, PhHopFn *change)
{
  while (ph_any(due)) {
    uint32_t lane = 0;
    while (!due[lane]) {
      lane++;
    }
    hop->age = age[lane];
    hop->lanes = due & (PhVi)(age == hop->age);
    due &= ~hop->lanes;
    if (hop->stft->ring == hop->stft->n) {
      ph_stft_take(hop, ph_splat_u(0), hop->work);
      ph_fft_forward(hop->stft->fft, hop->work, hop->bins, hop->step);
    }
    change(hop);
    ph_fft_inverse(hop->stft->fft, hop->bins, hop->work, hop->step);
    ph_stft_give(hop, out_ring);
  }
}

/* A group of a kernel: input 0 through the hops; state value 0 is the age. */
static inline void ph_stft_group(const PhIo *io, uint32_t g, const PhStft *stft, PhHopFn *change, const void *extra)
{
  const size_t n = stft->n, lanes = io->lanes;
  const PhLine in = ph_line(io->line, stft->ring, io->lanes, g),
               out = ph_line(io->line + stft->ring * lanes, stft->n, io->lanes, g);
  PhHop hop = { .io = io,
                .stft = stft,
                .group = g,
                .step = lanes,
                .in = in,
                .work = out.base + n * lanes,
                .bins = out.base + 2 * n * lanes,
                .own = out.base + (3 * n + 2) * lanes,
                .extra = extra };
  PhVu age = ph_state_u(io, 0, g);
  for (uint32_t f = 0; f < io->frames; f++, age += 1) {
    const PhVi due = (PhVi)((age & (stft->hop - 1)) == 0);
    if (ph_any(due)) {
      hop.frame = f;
      ph_stft_hops(&hop, age, due, out.base, change);
    }
    ph_line_write(&in, age, ph_in(io, 0, f, g));
    ph_out(io, f, g, ph_guard(io, ph_line_frames(&out, age)));
  }
  ph_state_set_u(io, 0, g, age);
}

static inline void ph_stft_run(const PhIo *io, const PhStft *stft, PhHopFn *change, const void *extra)
{
  PH_GROUPS(io, g) { ph_stft_group(io, g, stft, change, extra); }
}

/* ---- what effects on spectra share: windows of 2048 frames, four at a time ---- */

#define PH_SPECTRAL_LATE " late by 2048 frames (46 ms at 44.1 kHz; the nearest power of two at other rates)"

/* [control] */
static inline PhStatus ph_spectral_prepare(const PhUnitSetup *setup, PhArena *arena, const void **data, const char **error)
{
  enum { OVERLAP = 4 };
  (void)error;
  PhStft *stft = PH_NEW(arena, PhStft);
  *data = stft;
  const uint32_t n = ph_stft_frames(setup->sample_rate);
  return stft ? ph_stft_init(stft, arena, n, n, OVERLAP) : PH_NOMEM;
}

/* [any] */
static inline double ph_spectral_tail(const PhUnitSetup *setup)
{
  return 2 * ph_stft_frames(setup->sample_rate) / setup->sample_rate;
}

/* [any] Line memory with `arrays` arrays of one value per bin. */
static inline size_t ph_spectral_memory(const PhUnitSetup *setup, size_t arrays)
{
  const uint32_t n = ph_stft_frames(setup->sample_rate);
  return ph_stft_memory(n, n) + arrays * (n / 2 + 1);
}

/* Of an array, the value of another bin for each lane. */
PH_INLINE PhV ph_hop_lanes(const PhHop *hop, const float *array, PhVi index)
{
  PhV y;
  for (uint32_t lane = 0; lane < PH_W; lane++) {
    y[lane] = array[(size_t)index[lane] * hop->step + lane];
  }
  return y;
}

/* Input k of a unit at the hop. */
PH_INLINE PhV ph_hop_in(const PhHop *hop, uint32_t k) { return ph_in(hop->io, k, hop->frame, hop->group); }
PH_INLINE float *ph_hop_bin(const PhHop *hop, uint32_t k) { return hop->bins + (size_t)k * 2 * hop->step; }

/* Array `which` of a unit's own memory, of a value per bin. */
PH_INLINE float *ph_hop_array(const PhHop *hop, uint32_t which)
{
  return hop->own + (size_t)which * (hop->stft->n / 2 + 1) * hop->step;
}
/* What a unit's memory holds from earlier hops: 0 before the first one. */
PH_INLINE PhV ph_hop_earlier(const PhHop *hop, const float *at) { return hop->age == 0 ? ph_splat(0.0f) : ph_load(at); }

/* ---- peaks: what a phase vocoder locks phases to (Laroche & Dolson 1999) ---- */

/* Squares of the magnitudes of bins 0 … n/2. */
static inline void ph_hop_power(const PhHop *hop, float *power)
{
  for (uint32_t k = 0; k <= hop->stft->n / 2; k++) {
    const PhC x = ph_c_load(ph_hop_bin(hop, k), hop->step);
    ph_store(power + k * hop->step, x.re * x.re + x.im * x.im);
  }
}

PH_INLINE PhV ph_power_at(const PhHop *hop, const float *power, int64_t k)
{
  return k < 0 || k > hop->stft->n / 2 ? ph_splat(0.0f) : ph_load(power + (size_t)k * hop->step);
}

/* Every bin takes the values (32 bits each, in a and b) of the peak that is nearest to it. A peak is a bin that its four neighbours do not
   exceed. `power` is destroyed. Where a lane has no peak at all, values stay. */
static inline void ph_hop_spread(const PhHop *hop, float *power, float *a, float *b)
{
  const int32_t half = (int32_t)hop->stft->n / 2;
  const size_t step = hop->step;
  PhVi place = ph_splat_i(-1000000);
  PhV last_a = ph_splat(0.0f), last_b = ph_splat(0.0f);
  PhV left2 = ph_splat(0.0f), left = ph_splat(0.0f), here = ph_load(power);
  for (int32_t k = 0; k <= half; k++) {
    const PhV right = ph_power_at(hop, power, k + 1), right2 = ph_power_at(hop, power, k + 2);
    const PhVi peak = (here > left) & (here > left2) & (here >= right) & (here >= right2);
    float *at_a = a + (size_t)k * step, *at_b = b + (size_t)k * step;
    place = ph_select_i(peak, ph_splat_i(k), place);
    const PhVi none = place < 0;
    last_a = ph_select(peak | none, ph_load(at_a), last_a);
    last_b = ph_select(peak | none, ph_load(at_b), last_b);
    ph_store(at_a, last_a);
    ph_store(at_b, last_b);
    ph_store(power + (size_t)k * step, (PhV)place);
    left2 = left;
    left = here;
    here = right;
  }
  PhVi next = ph_splat_i(1000000);
  for (int32_t k = half; k >= 0; k--) {
    const PhVi lower = (PhVi)ph_load(power + (size_t)k * step);
    float *at_a = a + (size_t)k * step, *at_b = b + (size_t)k * step;
    const PhVi peak = lower == k, nearer = ~peak & (next - k < k - lower) & (next < 1000000);
    next = ph_select_i(peak, ph_splat_i(k), next);
    last_a = ph_select(nearer, last_a, ph_load(at_a));
    last_b = ph_select(nearer, last_b, ph_load(at_b));
    ph_store(at_a, last_a);
    ph_store(at_b, last_b);
  }
}

#endif
