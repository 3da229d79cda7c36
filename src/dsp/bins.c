/* Effects on the bins of a spectrum: which stay, and where they go. Windows of 2048 frames at 44.1 kHz, four at a time. What SuperCollider's
   PV_BrickWall, PV_RectComb, PV_BinShift and PV_BinScramble do; bins that move keep their phase from hop to hop.
   SPDX-License-Identifier: MIT */
#include "dsp/random.h"
#include "dsp/stft.h"

static size_t plain_memory(const PhUnitSetup *setup) { return ph_spectral_memory(setup, 0); }
static size_t moved_memory(const PhUnitSetup *setup) { return ph_spectral_memory(setup, 2); }

PH_INLINE void keep_bin(const PhHop *hop, uint32_t k, PhVi stays)
{
  const PhC x = ph_c_load(ph_hop_bin(hop, k), hop->step);
  ph_c_store(ph_hop_bin(hop, k), hop->step, (PhC){ ph_keep(stays, x.re), ph_keep(stays, x.im) });
}

/* ---- brick: a wall; above 0 what is below falls, below 0 what is above ---- */

static void brick_hop(const PhHop *hop)
{
  const uint32_t half = hop->stft->n / 2;
  const PhV wipe = ph_hop_in(hop, 1) * (float)half;
  for (uint32_t k = 0; k <= half; k++) {
    const PhV place = ph_splat((float)k);
    keep_bin(hop, k, (place >= wipe) & (place <= wipe + (float)half));
  }
}

static void spectral_brick(const PhIo *io) { ph_stft_run(io, io->data, brick_hop, NULL); }

/* ---- comb: teeth of equal width ---- */

static void comb_hop(const PhHop *hop)
{
  const uint32_t half = hop->stft->n / 2;
  const PhV teeth = ph_hop_in(hop, 1) * (1.0f / (float)half), width = ph_hop_in(hop, 2);
  for (uint32_t k = 0; k <= half; k++) {
    const PhV turns = teeth * (float)k;
    keep_bin(hop, k, (turns - ph_floor(turns) < width) | (width >= 1.0f));
  }
}

static void spectral_comb(const PhIo *io) { ph_stft_run(io, io->data, comb_hop, NULL); }

/* ---- bins that move ---- */

/* A wave that is `bins` higher is ahead by that much after `age` frames. Windows begin at their first frame, so neighbouring bins of one wave have
   opposite signs: the turn of half a period per bin undoes that. */
PH_INLINE PhC moved(const PhHop *hop, PhC x, PhV bins)
{
  const PhV turns = bins * (1.0f / (float)hop->stft->n);
  const PhVu each = ph_increment_u32(turns - ph_floor(turns + 0.5f));
  const PhVu phase = each * hop->age;
  return ph_c_mul(x, (PhC){ ph_cos_u32(phase), ph_sin_u32(phase) });
}

/* shift: bin k goes to k * stretch + shift, shared by the two bins there. */
static void shift_hop(const PhHop *hop)
{
  const int32_t half = (int32_t)hop->stft->n / 2;
  float *re = ph_hop_array(hop, 0), *im = ph_hop_array(hop, 1);
  for (int32_t k = 0; k <= half; k++) {
    ph_store_lanes(re + (size_t)k * hop->step, hop->lanes, ph_splat(0.0f));
    ph_store_lanes(im + (size_t)k * hop->step, hop->lanes, ph_splat(0.0f));
  }
  const PhV stretch = ph_hop_in(hop, 1), shift = ph_clamp(ph_hop_in(hop, 2), -1e6f, 1e6f);
  for (int32_t k = 0; k <= half; k++) {
    const PhV place = ph_splat((float)k) * stretch + shift, low = ph_floor(place), rest = place - low;
    const PhVi at = ph_to_int(low), lands = hop->lanes & (at >= 0) & (at <= half);
    if (!ph_any(lands)) {
      continue;
    }
    const PhC y = moved(hop, ph_c_load(ph_hop_bin(hop, (uint32_t)k), hop->step), place - (float)k);
    for (uint32_t lane = 0; lane < PH_W; lane++) {
      if (lands[lane]) {
        const float sign = (at[lane] ^ k) & 1 ? -1.0f : 1.0f, share = rest[lane];
        const size_t i = (size_t)at[lane] * hop->step + lane;
        re[i] += sign * (1.0f - share) * y.re[lane];
        im[i] += sign * (1.0f - share) * y.im[lane];
        if (at[lane] < half) {
          re[i + hop->step] -= sign * share * y.re[lane];
          im[i + hop->step] -= sign * share * y.im[lane];
        }
      }
    }
  }
  for (int32_t k = 0; k <= half; k++) {
    const PhV ends = ph_splat(k == 0 || k == half ? 0.0f : 1.0f); /* these two are real */
    ph_c_store(ph_hop_bin(hop, (uint32_t)k), hop->step,
               (PhC){ ph_load(re + (size_t)k * hop->step), ph_load(im + (size_t)k * hop->step) * ends });
  }
}

static void spectral_shift(const PhIo *io) { ph_stft_run(io, io->data, shift_hop, NULL); }

/* scramble: `wipe` of the bins, drawn by lot, take the place of another one at most `width` of the spectrum away; the same ones for ever. */
static void scramble_hop(const PhHop *hop)
{
  const int32_t half = (int32_t)hop->stft->n / 2;
  float *re = ph_hop_array(hop, 0), *im = ph_hop_array(hop, 1);
  for (int32_t k = 0; k <= half; k++) {
    const PhC x = ph_c_load(ph_hop_bin(hop, (uint32_t)k), hop->step);
    ph_store_lanes(re + (size_t)k * hop->step, hop->lanes, x.re);
    ph_store_lanes(im + (size_t)k * hop->step, hop->lanes, x.im);
  }
  const PhVu key = ph_noise_key(hop->io, hop->group);
  const PhV wipe = ph_hop_in(hop, 1), width = ph_hop_in(hop, 2) * (float)half;
  for (int32_t k = 1; k < half; k++) {
    const PhVu drawn = ph_random_bits(key, ph_splat_u((uint32_t)k), 1), far = ph_random_bits(key, ph_splat_u((uint32_t)k), 2);
    const PhV wanted = ph_floor((float)k + ph_bipolar(far) * width + 0.5f);
    const PhV from = ph_select(ph_unipolar(drawn) < wipe, ph_clamp(wanted, 1.0f, (float)(half - 1)), ph_splat((float)k));
    const PhVi index = ph_to_int(from);
    const PhC x = { ph_hop_lanes(hop, re, index), ph_hop_lanes(hop, im, index) };
    ph_c_store(ph_hop_bin(hop, (uint32_t)k), hop->step, moved(hop, x, (float)k - from));
  }
}

static void spectral_scramble(const PhIo *io) { ph_stft_run(io, io->data, scramble_hop, NULL); }

/* ---- rows ---- */

#define BINS(kernel_, memory_, flags_)                                                                                 \
  .process = kernel_, .state_floats = 1, .line_frames = memory_, .tail_sec = ph_spectral_tail, .prepare = ph_spectral_prepare,       \
  .flags = PH_UNIT_PROCESSOR | (flags_)

static const PhParam brick_params[] = { PH_P_IN, PH_P("wipe", "sig", .1, -1, 1, "", PH_SCALE_LIN,
                                                      "above 0: the share of the spectrum that falls, from below; below 0: from above") };
static const PhParam comb_params[] = { PH_P_IN, PH_P("teeth", "sig", 16, 0, 512, "", PH_SCALE_LIN, "number of teeth up to half the sample rate"),
                                       PH_P("width", "sig", .5, 0, 1, "", PH_SCALE_LIN, "share of a tooth that stays") };
static const PhParam shift_params[] = { PH_P_IN, PH_P("stretch", "sig", 1, 0, 8, "", PH_SCALE_LIN, "factor of all frequencies"),
                                        PH_P("shift", "sig", 0, -512, 512, "bins", PH_SCALE_LIN, "added to them, in bins (21.5 Hz apart)") };
static const PhParam scramble_params[] = { PH_P_IN, PH_P("wipe", "sig", .5, 0, 1, "", PH_SCALE_LIN, "share of the bins that are exchanged"),
                                           PH_P("width", "sig", .2, 0, 1, "", PH_SCALE_LIN, "how far away, as a share of the spectrum") };

static const PhUnit units[] = {
  PH_ROW("spectral_brick", "brickwall", "spectral", "Takes away all of the spectrum below a frequency, or above it, as a wall," PH_SPECTRAL_LATE ".",
         "s \"pad\" # spectral_brick (-0.8)", brick_params, BINS(spectral_brick, plain_memory, 0)),
  PH_ROW("spectral_comb", "rect_comb", "spectral", "Lets bands of the spectrum through and takes away those between them," PH_SPECTRAL_LATE ".",
         "s \"pad\" # spectral_comb 20 0.4", comb_params, BINS(spectral_comb, plain_memory, 0)),
  PH_ROW("spectral_shift", "bin_shift", "spectral", "Stretches the spectrum and shifts it, bin by bin," PH_SPECTRAL_LATE ".",
         "s \"pad\" # spectral_shift 1.5 4", shift_params, BINS(spectral_shift, moved_memory, 0)),
  PH_ROW("spectral_scramble", "bin_scramble", "spectral", "Exchanges bins of the spectrum at random, always the same ones," PH_SPECTRAL_LATE ".",
         "s \"pad\" # spectral_scramble 0.5 0.1", scramble_params, BINS(spectral_scramble, moved_memory, PH_UNIT_RANDOM)),
};

PH_EXPORT_TABLE(bins);
