/* Filters of two poles and of one, by trapezoidal integrators: see svf.h.  SPDX-License-Identifier: MIT */
#include "dsp/svf.h"

/* ---- two poles ---- */

/* Mixes of input, band and low. */
typedef enum SvfMode { SVF_LOW, SVF_HIGH, SVF_BAND, SVF_NOTCH } SvfMode;

PH_INLINE PhV svf_mix(SvfMode mode, PhV x, PhV k, PhSvfOut v)
{
  return mode == SVF_LOW    ? v.low
         : mode == SVF_BAND ? k * v.band
         : mode == SVF_HIGH ? x - k * v.band - v.low
                            : x - k * v.band;
}

/* The damping for a resonance from 0 (critically damped, q 0.5) to 1 (on the brink, q 100), or for a q. */
PH_INLINE PhV damping(PhV q, bool by_res) { return by_res ? 2.0f - 1.99f * q : ph_damping(q); }

enum { FEW = 4, BLOCK = 16 };

/* What a call does with its inputs: all of it is known where its loop is compiled. */
typedef struct SvfKind {
  SvfMode mode;
  bool by_res, fixed, still; /* the cutoff, or the resonance, is constant in the call */
} SvfKind;

/* A few frames of a group of lanes: a filter for each of them, or one for all. */
typedef struct SvfBlock {
  PhSvf f[BLOCK];
  PhCursor in, cutoff, q;
  PhV s1, s2;
} SvfBlock;

/* The filters of some frames. */
PH_INLINE void svf_place(SvfBlock *b, SvfKind kind, uint32_t from, uint32_t count, float inv_sample_rate)
{
  PhV cutoff[FEW], k[FEW];
  for (uint32_t i = 0; i < count; i++) {
    cutoff[i] = ph_next(&b->cutoff);
    k[i] = kind.still ? b->f[0].k : damping(ph_next(&b->q), kind.by_res);
  }
  ph_svf_many(count, cutoff, k, ph_splat(1.0f), inv_sample_rate, b->f + from);
}

/* Some frames, with each state flushed, or with the sizes of the states noted. A zero has no sign where it goes out. */
PH_INLINE void svf_run(SvfBlock *b, SvfKind kind, uint32_t from, uint32_t to, PhSpan *spans, float *out, size_t step)
{
  for (uint32_t i = from; i < to; i++) {
    const PhSvf *f = &b->f[kind.fixed ? 0 : i];
    const PhV x = ph_next(&b->in);
    const PhV y = svf_mix(kind.mode, x, f->k, ph_svf_go(f, x, &b->s1, &b->s2, !spans));
    ph_store(out + i * step, kind.mode == SVF_LOW ? y : ph_finite(y) + 0.0f);
    if (spans) {
      ph_span_note(&spans[0], b->s1);
      ph_span_note(&spans[1], b->s2);
    }
  }
}

/* Frames are run without flushing, into memory of their own, since the output may lie where an input does; the filters of the next few
   frames are made while the last few wait for their states. Where a state should have been flushed, all are run again. */
PH_INLINE void svf_block(SvfBlock *b, SvfKind kind, uint32_t frames, float inv_sample_rate, float *out, size_t step)
{
  _Alignas(64) float y[BLOCK * PH_W];
  const PhV s1 = b->s1, s2 = b->s2;
  const PhCursor in = b->in;
  PhSpan spans[2] = { ph_span(), ph_span() };
  uint32_t done = 0;
  if (!kind.fixed && frames == BLOCK) {
    svf_place(b, kind, 0, FEW, inv_sample_rate);
    for (; done + FEW < BLOCK; done += FEW) {
      svf_place(b, kind, done + FEW, FEW, inv_sample_rate);
      svf_run(b, kind, done, done + FEW, spans, y, PH_W);
    }
  }
  for (uint32_t i = 0; !kind.fixed && frames < BLOCK && i < frames; i++) {
    svf_place(b, kind, i, 1, inv_sample_rate);
  }
  svf_run(b, kind, done, frames, spans, y, PH_W);
  const bool sane = ph_span_sane(&spans[0]) && ph_span_sane(&spans[1]) && !ph_any_wild(b->s1) && !ph_any_wild(b->s2);
  if (__builtin_expect(sane, 1)) {
    for (uint32_t f = 0; f < frames; f++) {
      ph_store(out + f * step, ph_load(y + (size_t)f * PH_W));
    }
    b->s1 += 0.0f;
    b->s2 += 0.0f;
    return;
  }
  b->s1 = s1;
  b->s2 = s2;
  b->in = in;
  svf_run(b, kind, 0, frames, NULL, out, step);
}

PH_INLINE void svf_call(const PhIo *io, SvfKind kind)
{
  PH_GROUPS(io, g)
  {
    SvfBlock b;
    b.in = ph_cursor(io, 0, g), b.cutoff = ph_cursor(io, 1, g), b.q = ph_cursor(io, 2, g);
    b.s1 = ph_state(io, 0, g), b.s2 = ph_state(io, 1, g);
    b.f[0] = ph_svf_damped(ph_peek(&b.cutoff), damping(ph_peek(&b.q), kind.by_res), io->inv_sample_rate);
    const size_t step = io->lanes;
    const uint32_t frames = io->frames;
    float *out = io->out + g;
    for (uint32_t at = 0; at < frames; at += BLOCK, out += BLOCK * step) {
      svf_block(&b, kind, frames - at < BLOCK ? frames - at : BLOCK, io->inv_sample_rate, out, step);
    }
    ph_state_set(io, 0, g, b.s1);
    ph_state_set(io, 1, g, b.s2);
  }
}

/* in, cutoff, and q or resonance. */
PH_INLINE void svf(const PhIo *io, SvfMode mode, bool by_res)
{
  const bool still = io->step[2] == 0;
  if (still && io->step[1] == 0) {
    svf_call(io, (SvfKind){ mode, by_res, true, true });
  } else if (still) {
    svf_call(io, (SvfKind){ mode, by_res, false, true });
  } else {
    svf_call(io, (SvfKind){ mode, by_res, false, false });
  }
}

static void lpf(const PhIo *io) { svf(io, SVF_LOW, false); }
static void hpf(const PhIo *io) { svf(io, SVF_HIGH, false); }
static void bpf(const PhIo *io) { svf(io, SVF_BAND, false); }
static void notch(const PhIo *io) { svf(io, SVF_NOTCH, false); }
static void svf_lp(const PhIo *io) { svf(io, SVF_LOW, true); }
static void svf_hp(const PhIo *io) { svf(io, SVF_HIGH, true); }
static void svf_bp(const PhIo *io) { svf(io, SVF_BAND, true); }
static void svf_notch(const PhIo *io) { svf(io, SVF_NOTCH, true); }

static double q_tail(const PhUnitSetup *setup) { return ph_ring_sec(setup, 1, setup->most[2]); }
static double res_tail(const PhUnitSetup *setup) { return ph_ring_sec(setup, 1, 1 / (2 - 1.99 * setup->most[2])); }

/* ---- one pole ---- */

PH_INLINE void one_pole(const PhIo *io, bool high)
{
  PH_GROUPS(io, g)
  {
    PhCursor in = ph_cursor(io, 0, g), cutoff = ph_cursor(io, 1, g);
    PhV s = ph_state(io, 0, g), share = ph_pole(ph_peek(&cutoff), io->inv_sample_rate);
    PH_FRAMES(io, g, out)
    {
      if (io->step[1]) {
        share = ph_pole(ph_next(&cutoff), io->inv_sample_rate);
      }
      const PhV x = ph_next(&in), low = ph_pole_step(share, x, &s);
      ph_store(out, high ? x - low : low);
    }
    ph_state_set(io, 0, g, s);
  }
}

static void onepole(const PhIo *io) { one_pole(io, false); }
static void onepole_hp(const PhIo *io) { one_pole(io, true); }

static double onepole_tail(const PhUnitSetup *setup) { return ph_ring_sec(setup, 1, 0.5); }

/* ---- a DJ's filter: a low-pass and a high-pass of Butterworth in a row, of which one is out of the way ---- */

enum { DJF_STATES = 4 };

/* Both are out of the way in the middle, where the input itself is heard; between 0.48 and 0.52 it fades in. */
typedef struct Djf {
  PhSvf low, high;
  PhV wet;
} Djf;

PH_INLINE Djf djf_at(const PhIo *io, PhV v)
{
  const PhV q = ph_splat(0.70710678f);
  const PhV down = 20.0f * ph_exp2(ph_min(v + v, ph_splat(1.0f)) * 10.0f);
  const PhV up = 20.0f * ph_exp2(ph_max(v + v - 1.0f, ph_splat(0.0f)) * 9.0f);
  return (Djf){ ph_svf(down, q, io->inv_sample_rate), ph_svf(up, q, io->inv_sample_rate),
                ph_clamp(ph_abs(v - 0.5f) * 50.0f, 0.0f, 1.0f) };
}

static void djf(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor in = ph_cursor(io, 0, g), v = ph_cursor(io, 1, g);
    PhV s[DJF_STATES];
    for (uint32_t i = 0; i < DJF_STATES; i++) {
      s[i] = ph_state(io, i, g);
    }
    Djf f = djf_at(io, ph_peek(&v));
    PH_FRAMES(io, g, out)
    {
      PhV where = ph_peek(&v);
      if (io->step[1]) {
        where = ph_next(&v);
        f = djf_at(io, where);
      }
      const PhV x = ph_next(&in);
      const PhV low = ph_svf_step(&f.low, x, &s[0], &s[1]).low;
      const PhSvfOut h = ph_svf_step(&f.high, x, &s[2], &s[3]);
      const PhV y = ph_select(where < 0.5f, low, svf_mix(SVF_HIGH, x, f.high.k, h));
      ph_store(out, ph_finite(x + (y - x) * f.wet));
    }
    for (uint32_t i = 0; i < DJF_STATES; i++) {
      ph_state_set(io, i, g, s[i]);
    }
  }
}

/* ---- rows ------------------------------------------------------------------------------------------------------ */

#define CUTOFF(name_)                                                                                                  \
  PH_P_REQ(name_, "hz", 1000, 1, 24000, "Hz", PH_SCALE_LOG, "cutoff or centre, held below 0.49 of the sample rate")
#define Q(d, doc_) PH_P("q", "sig", d, 0.05, 1000, "", PH_SCALE_LOG, doc_)
#define POLE(d) PH_P("freq", "hz", d, 0.1, 24000, "Hz", PH_SCALE_LOG, "corner: there it is 3 dB down")

static const PhParam svf_params[] = { PH_P_IN, CUTOFF("cutoff"), Q(1, "resonance; 0.707 is flat") };
static const PhParam rlpf_params[] = { PH_P_IN, CUTOFF("freq"), Q(2, "resonance: gain at the cutoff") };
static const PhParam resonz_params[] = { PH_P_IN, CUTOFF("freq"),
                                         Q(10, "centre divided by the width of the band at -3 dB") };
static const PhParam res_params[] = {
  PH_P_IN,
  CUTOFF("freq"),
  PH_P("res", "sig", 0.3, 0, 1, "", PH_SCALE_LIN, "resonance: 0 none (q 0.5), 1 the most (q 100)"),
};
static const PhParam onepole_params[] = { PH_P_IN_KEPT, POLE(1000) };
static const PhParam dcblock_params[] = { PH_P_IN, POLE(10) };
static const PhParam djf_params[] = {
  PH_P_IN,
  PH_P_REQ("v", "sig", 0.5, 0, 1, "", PH_SCALE_LIN,
           "below 0.5 a low-pass that closes, above it a high-pass that opens upwards"),
};

#define SVF_ROW(name_, doc_, example_, params_, kernel_, tail_)                                                        \
  PH_ROW(name_, "", "filter", doc_, example_, params_, .process = kernel_, .state_floats = 2, .tail_sec = tail_,       \
         .flags = PH_UNIT_PROCESSOR)

static const PhUnit units[] = {
  SVF_ROW("lpf", "Low-pass, 12 dB per octave.", "saw 110 # lpf 800", svf_params, lpf, q_tail),
  SVF_ROW("hpf", "High-pass, 12 dB per octave.", "saw 110 # hpf 800", svf_params, hpf, q_tail),
  SVF_ROW("bpf", "Band-pass with unity gain at its centre.", "saw 110 # bpf 800 4", svf_params, bpf, q_tail),
  SVF_ROW("notch", "Band-reject.", "saw 110 # notch 800 2", svf_params, notch, q_tail),
  SVF_ROW("rlpf", "Resonant low-pass, 12 dB per octave, with the gain q at its cutoff.", "saw 110 # rlpf 800 6",
          rlpf_params, lpf, q_tail),
  SVF_ROW("rhpf", "Resonant high-pass, 12 dB per octave, with the gain q at its cutoff.", "saw 110 # rhpf 800 6",
          rlpf_params, hpf, q_tail),
  SVF_ROW("resonz", "Two-pole resonator with unity gain at its centre.", "noise # resonz 440 50", resonz_params, bpf,
          q_tail),
  SVF_ROW("svf_lp", "Low-pass, 12 dB per octave, with a resonance from 0 to 1.", "saw 110 # svf_lp 800 0.8", res_params,
          svf_lp, res_tail),
  SVF_ROW("svf_hp", "High-pass, 12 dB per octave, with a resonance from 0 to 1.", "saw 110 # svf_hp 800 0.8",
          res_params, svf_hp, res_tail),
  SVF_ROW("svf_bp", "Band-pass with unity gain at its centre and a resonance from 0 to 1.", "saw 110 # svf_bp 800 0.8",
          res_params, svf_bp, res_tail),
  SVF_ROW("svf_notch", "Band-reject with a resonance from 0 to 1, which narrows it.", "saw 110 # svf_notch 800 0.8",
          res_params, svf_notch, res_tail),
  PH_ROW("onepole", "", "filter", "Low-pass of one pole, 6 dB per octave.", "noise # onepole 500", onepole_params,
         .process = onepole, .state_floats = 1, .tail_sec = onepole_tail, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("onepole_hp", "", "filter", "High-pass of one pole, 6 dB per octave.", "noise # onepole_hp 500",
         onepole_params, .process = onepole_hp, .state_floats = 1, .tail_sec = onepole_tail,
         .flags = PH_UNIT_PROCESSOR),
  PH_ROW("dcblock", "", "filter", "Takes away what does not move: a high-pass of one pole at 10 Hz.",
         "square 110 + 0.5 # dcblock", dcblock_params, .process = onepole_hp, .state_floats = 1,
         .tail_sec = onepole_tail, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("djf", "", "filter", "A DJ's filter on one knob: low-pass below 0.5, high-pass above, nothing in the middle.",
         "saw 110 # djf (sine 0.2 # range 0.2 0.8)", djf_params, .process = djf, .state_floats = DJF_STATES,
         .flags = PH_UNIT_PROCESSOR),
};

PH_EXPORT_TABLE(filter);
