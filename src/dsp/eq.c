/* Equalisers: the cookbook's biquads (Bristow-Johnson, Audio EQ Cookbook), a parametric equaliser, crossovers, tilt.
   The cookbook's filters are bilinear transforms of analogue ones of two poles. Here the same transfer functions come from
   state-variable filters (Simper 2013), which differ only in what they keep: direct forms keep past samples, which fit the
   old coefficients and blow up when those move at audio rate, and their coefficients cannot say a low frequency in single
   precision; the integrators of svf.h have neither trouble.  SPDX-License-Identifier: MIT */
#include "dsp/svf.h"

/* The amplitude whose square is `db`. */
PH_INLINE PhV half_gain(PhV db) { return ph_exp2(db * 0.0830482024f); }

/* ---- biquads ---- */

typedef enum BqMode { BQ_LOW, BQ_HIGH, BQ_BAND, BQ_NOTCH, BQ_PEAK, BQ_LOW_SHELF, BQ_HIGH_SHELF } BqMode;

/* y = in·x + band·v1 + low·v2. */
typedef struct Bq {
  PhSvf f;
  PhV in, band, low;
} Bq;

PH_INLINE Bq bq_at(const PhIo *io, BqMode mode, PhV freq, PhV q, PhV db)
{
  const PhV zero = ph_splat(0.0f), one = ph_splat(1.0f);
  if (mode <= BQ_NOTCH) {
    const PhSvf f = ph_svf(freq, q, io->inv_sample_rate);
    return mode == BQ_LOW    ? (Bq){ f, zero, zero, one }
           : mode == BQ_HIGH ? (Bq){ f, one, -f.k, -one }
           : mode == BQ_BAND ? (Bq){ f, zero, f.k, zero }
                             : (Bq){ f, one, -f.k, zero };
  }
  const PhV a = half_gain(db), k = 1.0f / q;
  if (mode == BQ_PEAK) {
    const PhSvf f = ph_svf_off(freq, k / a, one, io->inv_sample_rate);
    return (Bq){ f, one, k * (a - 1.0f / a), zero };
  }
  const PhV root = ph_sqrt(a);
  if (mode == BQ_LOW_SHELF) {
    const PhSvf f = ph_svf_off(freq, k, 1.0f / root, io->inv_sample_rate);
    return (Bq){ f, one, k * (a - 1.0f), a * a - 1.0f };
  }
  const PhSvf f = ph_svf_off(freq, k, root, io->inv_sample_rate);
  return (Bq){ f, a * a, k * a * (1.0f - a), 1.0f - a * a };
}

PH_INLINE PhV bq_step(const Bq *b, PhV x, PhV *s1, PhV *s2)
{
  const PhSvfOut v = ph_svf_step(&b->f, x, s1, s2);
  return b->in * x + b->band * v.band + b->low * v.low;
}

/* in, freq, q [, gain_db]. */
PH_INLINE void biquad(const PhIo *io, BqMode mode)
{
  const uint32_t gain = mode <= BQ_NOTCH ? 2 : 3; /* one without a gain does not look at it */
  const bool fixed = (io->step[1] | io->step[2] | io->step[gain]) == 0;
  PH_GROUPS(io, g)
  {
    PhCursor in = ph_cursor(io, 0, g), freq = ph_cursor(io, 1, g), q = ph_cursor(io, 2, g), db = ph_cursor(io, gain, g);
    PhV s1 = ph_state(io, 0, g), s2 = ph_state(io, 1, g);
    Bq b = bq_at(io, mode, ph_peek(&freq), ph_peek(&q), ph_peek(&db));
    PH_FRAMES(io, g, out)
    {
      if (!fixed) {
        b = bq_at(io, mode, ph_next(&freq), ph_next(&q), ph_next(&db));
      }
      ph_store(out, ph_finite(bq_step(&b, ph_next(&in), &s1, &s2)));
    }
    ph_state_set(io, 0, g, s1);
    ph_state_set(io, 1, g, s2);
  }
}

static void bq_lp(const PhIo *io) { biquad(io, BQ_LOW); }
static void bq_hp(const PhIo *io) { biquad(io, BQ_HIGH); }
static void bq_bp(const PhIo *io) { biquad(io, BQ_BAND); }
static void bq_notch(const PhIo *io) { biquad(io, BQ_NOTCH); }
static void bq_peak(const PhIo *io) { biquad(io, BQ_PEAK); }
static void bq_lowshelf(const PhIo *io) { biquad(io, BQ_LOW_SHELF); }
static void bq_highshelf(const PhIo *io) { biquad(io, BQ_HIGH_SHELF); }

static double bq_tail(const PhUnitSetup *setup) { return ph_ring_sec(setup, 1, setup->most[2]); }

/* ---- three bells in a row ---- */

enum { EQ_BANDS = 3 };

static void parametric_eq(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhV s[2 * EQ_BANDS];
    for (uint32_t i = 0; i < 2 * EQ_BANDS; i++) {
      s[i] = ph_state(io, i, g);
    }
    PhCursor in = ph_cursor(io, 0, g), at[3 * EQ_BANDS];
    Bq b[EQ_BANDS];
    bool moves[EQ_BANDS];
    for (uint32_t i = 0; i < 3 * EQ_BANDS; i++) {
      at[i] = ph_cursor(io, 1 + i, g);
    }
    for (uint32_t i = 0; i < EQ_BANDS; i++) {
      moves[i] = (io->step[1 + 3 * i] | io->step[2 + 3 * i] | io->step[3 + 3 * i]) != 0;
      b[i] = bq_at(io, BQ_PEAK, ph_peek(&at[3 * i]), ph_peek(&at[3 * i + 2]), ph_peek(&at[3 * i + 1]));
    }
    PH_FRAMES(io, g, out)
    {
      PhV y = ph_next(&in);
      for (uint32_t i = 0; i < EQ_BANDS; i++) {
        if (moves[i]) {
          b[i] = bq_at(io, BQ_PEAK, ph_next(&at[3 * i]), ph_next(&at[3 * i + 2]), ph_next(&at[3 * i + 1]));
        }
        y = bq_step(&b[i], y, &s[2 * i], &s[2 * i + 1]);
      }
      ph_store(out, ph_finite(y));
    }
    for (uint32_t i = 0; i < 2 * EQ_BANDS; i++) {
      ph_state_set(io, i, g, s[i]);
    }
  }
}

static double eq_tail(const PhUnitSetup *setup)
{
  double most = 0;
  for (uint32_t i = 1; i <= 3 * EQ_BANDS; i += 3) {
    const double sec =
        setup->least[i + 1] == 0 && setup->most[i + 1] == 0 ? 0 : ph_ring_sec(setup, i, setup->most[i + 2]);
    most = sec > most ? sec : most;
  }
  return most;
}

/* ---- crossovers: Linkwitz & Riley, Active Crossover Networks for Noncoincident Drivers, 1976 ----
   A low band is two Butterworth low-passes in a row, a high band two high-passes; the sum of both is the all-pass of one
   Butterworth section, so the high band is that minus the low one. */

typedef struct Split {
  PhV low, high;
} Split;

PH_INLINE PhSvf butterworth(const PhIo *io, PhV freq)
{
  return ph_svf(freq, ph_splat(0.70710678f), io->inv_sample_rate);
}

PH_INLINE PhV all_pass(const PhSvf *f, PhV x, PhSvfOut v) { return x - 2.0f * f->k * v.band; }

PH_INLINE Split split(const PhSvf *f, PhV x, PhV *s)
{
  const PhSvfOut once = ph_svf_step(f, x, &s[0], &s[1]);
  const PhV low = ph_svf_step(f, once.low, &s[2], &s[3]).low;
  return (Split){ low, all_pass(f, x, once) - low };
}

/* in, freq, band. */
static void crossover(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor in = ph_cursor(io, 0, g), freq = ph_cursor(io, 1, g), band = ph_cursor(io, 2, g);
    PhV s[4];
    for (uint32_t i = 0; i < 4; i++) {
      s[i] = ph_state(io, i, g);
    }
    PhSvf f = butterworth(io, ph_peek(&freq));
    PH_FRAMES(io, g, out)
    {
      if (io->step[1]) {
        f = butterworth(io, ph_next(&freq));
      }
      const Split parts = split(&f, ph_next(&in), s);
      ph_store(out, ph_finite(ph_select(ph_next(&band) < 0.5f, parts.low, parts.high)));
    }
    for (uint32_t i = 0; i < 4; i++) {
      ph_state_set(io, i, g, s[i]);
    }
  }
}

/* in, low, high, band. The low band goes through the all-pass of the upper split, so that the three sum flat. */
enum { CROSSOVER3_STATES = 10 };

static void crossover3(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor in = ph_cursor(io, 0, g), lower = ph_cursor(io, 1, g), upper = ph_cursor(io, 2, g),
             band = ph_cursor(io, 3, g);
    PhV s[CROSSOVER3_STATES];
    for (uint32_t i = 0; i < CROSSOVER3_STATES; i++) {
      s[i] = ph_state(io, i, g);
    }
    PhSvf a = butterworth(io, ph_peek(&lower)), b = butterworth(io, ph_peek(&upper));
    PH_FRAMES(io, g, out)
    {
      if (io->step[1]) {
        a = butterworth(io, ph_next(&lower));
      }
      if (io->step[2]) {
        b = butterworth(io, ph_next(&upper));
      }
      const Split first = split(&a, ph_next(&in), s), second = split(&b, first.high, s + 4);
      const PhV low = all_pass(&b, first.low, ph_svf_step(&b, first.low, &s[8], &s[9]));
      const PhV which = ph_next(&band);
      ph_store(out, ph_finite(ph_select(which < 0.5f, low, ph_select(which < 1.5f, second.low, second.high))));
    }
    for (uint32_t i = 0; i < CROSSOVER3_STATES; i++) {
      ph_state_set(io, i, g, s[i]);
    }
  }
}

static double crossover_tail(const PhUnitSetup *setup) { return ph_ring_sec(setup, 1, 0.707); }

/* ---- tilt: (r·s + 1)/(s + r), r the gain of the treble; at the pivot the gain is 1 ---- */

/* With the low-pass L = r/(s + r), whose pole stands at r times the pivot, that is r + (1/r - r)·L. */
typedef struct Tilt {
  PhV share, low, in;
} Tilt;

PH_INLINE Tilt tilt_at(const PhIo *io, PhV db, PhV freq)
{
  const PhTan tan = ph_filter_tan(freq, io->inv_sample_rate);
  const PhV r = ph_db_ratio(db), s = tan.num * r;
  return (Tilt){ s / (s + tan.den), 1.0f / r - r, r };
}

static void tilt(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor in = ph_cursor(io, 0, g), db = ph_cursor(io, 1, g), freq = ph_cursor(io, 2, g);
    PhV s = ph_state(io, 0, g);
    Tilt t = tilt_at(io, ph_peek(&db), ph_peek(&freq));
    PH_FRAMES(io, g, out)
    {
      if (io->step[1] | io->step[2]) {
        t = tilt_at(io, ph_next(&db), ph_next(&freq));
      }
      const PhV x = ph_next(&in);
      ph_store(out, ph_finite(t.in * x + t.low * ph_pole_step(t.share, x, &s)));
    }
    ph_state_set(io, 0, g, s);
  }
}

/* ---- rows ------------------------------------------------------------------------------------------------------ */

#define FREQ(name_, d, doc_) PH_P(name_, "hz", d, 1, 24000, "Hz", PH_SCALE_LOG, doc_)
#define Q(name_, d)                                                                                                    \
  PH_P(name_, "sig", d, 0.05, 1000, "", PH_SCALE_LOG, "width: the centre divided by the width of the band")
#define GAIN(name_, d) PH_P(name_, "sig", d, -40, 40, "dB", PH_SCALE_LIN, "gain; below 0 it cuts")

static const PhParam pass_params[] = {
  PH_P_IN,
  PH_P_REQ("freq", "hz", 1000, 1, 24000, "Hz", PH_SCALE_LOG, "cutoff or centre, held below 0.49 of the sample rate"),
  PH_P("q", "sig", 0.707, 0.05, 1000, "", PH_SCALE_LOG, "resonance; 0.707 is flat"),
};
static const PhParam gain_params[] = {
  PH_P_IN,
  PH_P_REQ("freq", "hz", 1000, 1, 24000, "Hz", PH_SCALE_LOG, "centre or corner, held below 0.49 of the sample rate"),
  PH_P("q", "sig", 0.707, 0.05, 1000, "", PH_SCALE_LOG,
       "how narrow; of a shelf how steep, 0.707 the steepest without a bump"),
  GAIN("gain_db", 6),
};
static const PhParam eq_params[] = {
  PH_P_IN,    FREQ("freq1", 200, "centre of the first bell"),   GAIN("gain1", 0),
  Q("q1", 1), FREQ("freq2", 1000, "centre of the second bell"), GAIN("gain2", 0),
  Q("q2", 1), FREQ("freq3", 5000, "centre of the third bell"),  GAIN("gain3", 0),
  Q("q3", 1),
};
static const PhParam crossover_params[] = {
  PH_P_IN,
  PH_P_REQ("freq", "hz", 1000, 1, 24000, "Hz", PH_SCALE_LOG, "where the bands meet, both 6 dB down"),
  PH_P("band", "sig", 0, 0, 1, "", PH_SCALE_INT, "0 the low band, 1 the high one"),
};
static const PhParam crossover3_params[] = {
  PH_P_IN,
  PH_P_REQ("low", "hz", 250, 1, 24000, "Hz", PH_SCALE_LOG, "where the low and the middle band meet"),
  PH_P_REQ("high", "hz", 2500, 1, 24000, "Hz", PH_SCALE_LOG, "where the middle and the high band meet"),
  PH_P("band", "sig", 0, 0, 2, "", PH_SCALE_INT, "0 the low band, 1 the middle one, 2 the high one"),
};
static const PhParam tilt_params[] = {
  PH_P_IN,
  PH_P_REQ("gain_db", "sig", 0, -24, 24, "dB", PH_SCALE_LIN, "gain of the treble, loss of the bass"),
  FREQ("freq", 800, "pivot, where the gain is 0 dB"),
};

#define BQ_ROW(name_, doc_, example_, params_, kernel_)                                                                \
  PH_ROW(name_, "", "filter", doc_, example_, params_, .process = kernel_, .state_floats = 2, .tail_sec = bq_tail,     \
         .flags = PH_UNIT_PROCESSOR)

static const PhUnit units[] = {
  BQ_ROW("bq_lp", "The cookbook's low-pass, 12 dB per octave.", "saw 110 # bq_lp 800 2", pass_params, bq_lp),
  BQ_ROW("bq_hp", "The cookbook's high-pass, 12 dB per octave.", "saw 110 # bq_hp 800 2", pass_params, bq_hp),
  BQ_ROW("bq_bp", "The cookbook's band-pass with unity gain at its centre.", "saw 110 # bq_bp 800 4", pass_params,
         bq_bp),
  BQ_ROW("bq_notch", "The cookbook's band-reject.", "saw 110 # bq_notch 800 2", pass_params, bq_notch),
  BQ_ROW("bq_peak", "The cookbook's bell: raises or lowers a band by decibels.", "saw 110 # bq_peak 800 2 9",
         gain_params, bq_peak),
  BQ_ROW("bq_lowshelf", "The cookbook's low shelf: raises or lowers the bass by decibels.",
         "saw 110 # bq_lowshelf 200 0.7 6", gain_params, bq_lowshelf),
  BQ_ROW("bq_highshelf", "The cookbook's high shelf: raises or lowers the treble by decibels.",
         "saw 110 # bq_highshelf 3000 0.7 -9", gain_params, bq_highshelf),
  PH_ROW("parametric_eq", "peq", "filter",
         "Parametric equaliser: three bells in a row, each with a frequency, decibels and a width.",
         "saw 110 # parametric_eq 110 6 1 800 -9 2 5000 4 0.7", eq_params, .process = parametric_eq,
         .state_floats = 2 * EQ_BANDS, .tail_sec = eq_tail, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("crossover", "", "filter", "One of two bands, 24 dB per octave, that sum to an all-pass (Linkwitz–Riley).",
         "(saw 110 # crossover 500 0 # distort 8) + (saw 110 # crossover 500 1)", crossover_params,
         .process = crossover, .state_floats = 4, .tail_sec = crossover_tail, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("crossover3", "", "filter", "One of three bands, 24 dB per octave, that sum to an all-pass (Linkwitz–Riley).",
         "saw 110 # crossover3 250 2500 \"0 1 2\"", crossover3_params, .process = crossover3,
         .state_floats = CROSSOVER3_STATES, .tail_sec = crossover_tail, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("tilt", "", "filter",
         "Tilts the spectrum about a pivot: treble up and bass down by as many decibels, or the other way.",
         "saw 110 # tilt 6", tilt_params, .process = tilt, .state_floats = 1, .flags = PH_UNIT_PROCESSOR),
};

PH_EXPORT_TABLE(eq);
