/* Filters.  SPDX-License-Identifier: MIT */
#include "dsp/kernel.h"

/* ---- state-variable filter: trapezoidal integrators, no delay in the loop (Zavalishin 2012; Simper 2013) ---------- */

/* With s = sin and c = cos of pi·cutoff/rate, g = tan = s/c and k = 1/q, Simper's a1 = 1/(1 + g(g + k)), a2 = g·a1 and
   a3 = g·a2 are c²q/n, scq/n and s²q/n, where n = q + sc: one division, and no pole of tan at the top. */
typedef struct Svf {
  PhV a1, a2, a3;
  PhV k;
} Svf;

PH_INLINE Svf svf_coef(PhV cutoff, PhV q, float inv_sample_rate)
{
  const PhV w = ph_clamp(cutoff * inv_sample_rate, 1e-6f, 0.49f);
  const PhV s = ph_sinpi_half(w), c = ph_sinpi_half(0.5f - w);
  const PhV r = ph_clamp(q, 0.02f, 1e6f);
  const PhV sc = s * c;
  const PhV scale = r / (r + sc);
  return (Svf){ c * c * scale, sc * scale, s * s * scale, 1.0f / r };
}

/* Mixes of input, band and low. */
typedef enum SvfMode { SVF_LOW, SVF_HIGH, SVF_BAND, SVF_NOTCH } SvfMode;

/* in, cutoff, q. The states are moved by s1 += 2(v1 - s1), s2 += 2(v2 - s2), written so that few operations stand between
   a state and its successor. */
PH_INLINE void svf(const PhIo *io, SvfMode mode)
{
  const bool fixed = (io->step[1] | io->step[2]) == 0;
  PH_GROUPS(io, g) {
    PhCursor in = ph_cursor(io, 0, g), cutoff = ph_cursor(io, 1, g), q = ph_cursor(io, 2, g);
    PhV s1 = ph_state(io, 0, g), s2 = ph_state(io, 1, g);
    Svf f = svf_coef(ph_peek(&cutoff), ph_peek(&q), io->inv_sample_rate);
    PH_FRAMES(io, g, out) {
      if (!fixed) {
        f = svf_coef(ph_next(&cutoff), ph_next(&q), io->inv_sample_rate);
      }
      const PhV x = ph_next(&in);
      const PhV v3 = x - s2;
      const PhV band = f.a1 * s1 + f.a2 * v3;
      const PhV rise = f.a2 * s1 + f.a3 * v3;
      const PhV low = s2 + rise;
      s1 = ph_flush(band + band - s1);
      s2 = ph_flush(low + rise);
      const PhV y = mode == SVF_LOW    ? low
                    : mode == SVF_BAND ? f.k * band
                    : mode == SVF_HIGH ? x - f.k * band - low
                                       : x - f.k * band;
      ph_store(out, ph_finite(y));
    }
    ph_state_set(io, 0, g, s1);
    ph_state_set(io, 1, g, s2);
  }
}

static void lpf(const PhIo *io) { svf(io, SVF_LOW); }
static void hpf(const PhIo *io) { svf(io, SVF_HIGH); }
static void bpf(const PhIo *io) { svf(io, SVF_BAND); }
static void notch(const PhIo *io) { svf(io, SVF_NOTCH); }

/* ---- rows ------------------------------------------------------------------------------------------------------ */

static const PhParam svf_params[] = {
  PH_P_IN,
  PH_P_REQ("cutoff", "hz", 1000, 1, 24000, "Hz", PH_SCALE_LOG, "cutoff or centre, held below 0.49 of the sample rate"),
  PH_P("q", "sig", 1, 0.05, 1000, "", PH_SCALE_LOG, "resonance; 0.707 is flat"),
};

enum { SVF_FLAGS = PH_UNIT_PROCESSOR, SVF_STATE = 2 };

static const PhUnit units[] = {
  PH_ROW("lpf", "", "filter", "Low-pass, 12 dB per octave.", "saw 110 # lpf 800", svf_params, .process = lpf,
         .state_floats = SVF_STATE, .flags = SVF_FLAGS),
  PH_ROW("hpf", "", "filter", "High-pass, 12 dB per octave.", "saw 110 # hpf 800", svf_params, .process = hpf,
         .state_floats = SVF_STATE, .flags = SVF_FLAGS),
  PH_ROW("bpf", "", "filter", "Band-pass with unity gain at its centre.", "saw 110 # bpf 800 4", svf_params,
         .process = bpf, .state_floats = SVF_STATE, .flags = SVF_FLAGS),
  PH_ROW("notch", "", "filter", "Band-reject.", "saw 110 # notch 800 2", svf_params, .process = notch,
         .state_floats = SVF_STATE, .flags = SVF_FLAGS),
};

PH_EXPORT_TABLE(filter);
