/* Filters against the prototypes that they claim, worked out here in double precision: magnitude and phase, stability while
   everything moves, pitch of the ladder, sums of crossovers, times of lag and slide.  SPDX-License-Identifier: MIT */
#define BUS_LONG (1 << 16)
#include "bus.h"

#include <complex.h>

enum { PARAMS = 10 };

typedef double complex Complex;

static float sum[LONG];

static Complex cis(double radians)
{
  Complex z;
  __real__ z = cos(radians);
  __imag__ z = sin(radians);
  return z;
}

/* The response to an impulse of this height, into left and right. */
static void impulse_response(const char *name, const double *params, uint32_t count, float height, uint32_t frames)
{
  memset(signal_a, 0, frames * sizeof(float));
  signal_a[0] = height;
  UnitCase c;
  begin(&c, name, frames);
  unit_audio(&c, 0, signal_a);
  for (uint32_t i = 0; i < count; i++) {
    unit_const(&c, i + 1, params[i]);
  }
  finish(&c);
}

/* The spectrum of what is in `x` at one frequency, up to the last frame that is not next to nothing. */
static Complex spectrum_at(const float *x, uint32_t frames, double hz)
{
  while (frames > 1 && fabsf(x[frames - 1]) < 1e-12f) {
    frames--;
  }
  const Complex turn = cis(-2 * M_PI * hz / RATE);
  Complex w = 1, total = 0;
  for (uint32_t f = 0; f < frames; f++) {
    total += w * (double)x[f];
    w *= turn;
  }
  return total;
}

/* ---- theory: analogue prototypes at s = j, the frequency over the warped cutoff ---- */

static Complex warped(double hz, double cutoff)
{
  Complex s = 0;
  __imag__ s = tan(M_PI * hz / RATE) / tan(M_PI * cutoff / RATE);
  return s;
}

static Complex low_pass(Complex s, double q) { return 1 / (s * s + s / q + 1); }

static double res_to_q(double res) { return 1 / (2 - 1.99 * res); }

typedef Complex Theory(double hz, const double *p);

static Complex lp(double hz, const double *p) { return low_pass(warped(hz, p[0]), p[1]); }
static Complex hp(double hz, const double *p) { return cpow(warped(hz, p[0]), 2) * low_pass(warped(hz, p[0]), p[1]); }
static Complex bp(double hz, const double *p) { return warped(hz, p[0]) / p[1] * low_pass(warped(hz, p[0]), p[1]); }
static Complex br(double hz, const double *p) { return lp(hz, p) + hp(hz, p); }
static Complex res_lp(double hz, const double *p) { return lp(hz, (double[]){ p[0], res_to_q(p[1]) }); }
static Complex res_hp(double hz, const double *p) { return hp(hz, (double[]){ p[0], res_to_q(p[1]) }); }
static Complex res_bp(double hz, const double *p) { return bp(hz, (double[]){ p[0], res_to_q(p[1]) }); }
static Complex res_br(double hz, const double *p) { return br(hz, (double[]){ p[0], res_to_q(p[1]) }); }

/* The Audio EQ Cookbook's, from its own formulas of digital coefficients. */
static Complex cookbook(double hz, const double *p, int shelf)
{
  const double a = pow(10, p[2] / 40), w = 2 * M_PI * p[0] / RATE, alpha = sin(w) / (2 * p[1]), c = cos(w),
               r = 2 * sqrt(a) * alpha;
  const double t = shelf; /* 1: low, -1: high, 0: bell */
  const double b0 = shelf ? a * (a + 1 - t * (a - 1) * c + r) : 1 + alpha * a;
  const double b1 = shelf ? t * 2 * a * (a - 1 - t * (a + 1) * c) : -2 * c;
  const double b2 = shelf ? a * (a + 1 - t * (a - 1) * c - r) : 1 - alpha * a;
  const double a0 = shelf ? a + 1 + t * (a - 1) * c + r : 1 + alpha / a;
  const double a1 = shelf ? -t * 2 * (a - 1 + t * (a + 1) * c) : -2 * c;
  const double a2 = shelf ? a + 1 + t * (a - 1) * c - r : 1 - alpha / a;
  const Complex z = cis(-2 * M_PI * hz / RATE);
  return (b0 + b1 * z + b2 * z * z) / (a0 + a1 * z + a2 * z * z);
}

static Complex bell(double hz, const double *p) { return cookbook(hz, p, 0); }
static Complex low_shelf(double hz, const double *p) { return cookbook(hz, p, 1); }
static Complex high_shelf(double hz, const double *p) { return cookbook(hz, p, -1); }
static Complex three_bells(double hz, const double *p)
{
  Complex h = 1;
  for (int i = 0; i < 9; i += 3) {
    h *= bell(hz, (double[]){ p[i], p[i + 2], p[i + 1] });
  }
  return h;
}
static Complex ladder(double hz, const double *p)
{
  const Complex pole = 1 + warped(hz, p[0]), square = pole * pole;
  return 1 / (square * square + 4.4 * p[1]);
}
static Complex ladder_with_bass(double hz, const double *p) { return (1 + 4.4 * p[1]) * ladder(hz, p); }
static Complex one_pole(double hz, const double *p) { return 1 / (1 + warped(hz, p[0])); }
static Complex one_zero(double hz, const double *p) { return 1 - one_pole(hz, p); }
static Complex dj(double hz, const double *p)
{
  const double q = sqrt(0.5);
  return p[0] == 0.5  ? 1
         : p[0] < 0.5 ? lp(hz, (double[]){ 20 * exp2(20 * p[0]), q })
                      : hp(hz, (double[]){ 20 * exp2(9 * (2 * p[0] - 1)), q });
}
static Complex comb(double hz, const double *p) { return 1 / (1 - p[1] * cis(-2 * M_PI * hz / p[0])); }
/* The rest of the period over whole frames by Thiran's all-pass. */
static Complex all_pass(double hz, const double *p)
{
  const double frames = RATE / p[0], whole = floor(frames - 0.5), a = (1 - (frames - whole)) / (1 + (frames - whole));
  const Complex z = cis(-2 * M_PI * hz / RATE), d = (a + z) / (1 + a * z) * cis(-2 * M_PI * hz / RATE * whole);
  return (d - p[1]) / (1 - p[1] * d);
}
static Complex butterworth(double hz, double cutoff) { return low_pass(warped(hz, cutoff), sqrt(0.5)); }
static Complex two_bands(double hz, const double *p)
{
  const Complex h = butterworth(hz, p[0]) * (p[1] > 0 ? cpow(warped(hz, p[0]), 2) : 1);
  return h * h;
}
static Complex three_bands(double hz, const double *p)
{
  const Complex s = warped(hz, p[1]);
  if (p[2] == 0) {
    return two_bands(hz, (double[]){ p[0], 0 }) * (s * s - sqrt(2) * s + 1) / (s * s + sqrt(2) * s + 1);
  }
  return two_bands(hz, (double[]){ p[0], 1 }) * two_bands(hz, (double[]){ p[1], p[2] - 1 });
}
static Complex tilted(double hz, const double *p)
{
  const Complex s = warped(hz, p[1]);
  const double r = pow(10, p[0] / 20);
  return (r * s + 1) / (s + r);
}

/* ---- responses ---- */

typedef struct Response {
  const char *name;
  Theory *theory;
  uint32_t count;
  double params[6][PARAMS];
  float height; /* of the impulse, 0 for 1: a ladder is linear only where it is quiet */
} Response;

#define SVF_SETTINGS                                                                                                   \
  {                                                                                                                    \
    { 30, 0.707 }, { 60, 5 }, { 1000, 0.5 }, { 1000, 20 }, { 9000, 2 }, { 18000, 1 }                                   \
  }
#define RES_SETTINGS                                                                                                   \
  {                                                                                                                    \
    { 30, 0.2 }, { 60, 0.8 }, { 1000, 0 }, { 1000, 0.98 }, { 9000, 0.7 }, { 18000, 0.4 }                               \
  }
#define GAIN_SETTINGS                                                                                                  \
  {                                                                                                                    \
    { 40, 0.707, 12 }, { 60, 4, -12 }, { 1000, 0.5, 24 }, { 1000, 10, -24 }, { 9000, 1, 6 }, { 16000, 0.707, -6 }      \
  }

static const Response responses[] = {
  { "lpf", lp, 2, SVF_SETTINGS, 0 },
  { "hpf", hp, 2, SVF_SETTINGS, 0 },
  { "bpf", bp, 2, SVF_SETTINGS, 0 },
  { "notch", br, 2, SVF_SETTINGS, 0 },
  { "rlpf", lp, 2, SVF_SETTINGS, 0 },
  { "rhpf", hp, 2, SVF_SETTINGS, 0 },
  { "resonz", bp, 2, SVF_SETTINGS, 0 },
  { "bq_lp", lp, 2, SVF_SETTINGS, 0 },
  { "bq_hp", hp, 2, SVF_SETTINGS, 0 },
  { "bq_bp", bp, 2, SVF_SETTINGS, 0 },
  { "bq_notch", br, 2, SVF_SETTINGS, 0 },
  { "svf_lp", res_lp, 2, RES_SETTINGS, 0 },
  { "svf_hp", res_hp, 2, RES_SETTINGS, 0 },
  { "svf_bp", res_bp, 2, RES_SETTINGS, 0 },
  { "svf_notch", res_br, 2, RES_SETTINGS, 0 },
  { "bq_peak", bell, 3, GAIN_SETTINGS, 0 },
  { "bq_lowshelf", low_shelf, 3, GAIN_SETTINGS, 0 },
  { "bq_highshelf", high_shelf, 3, GAIN_SETTINGS, 0 },
  { "parametric_eq",
    three_bells,
    9,
    { { 100, 9, 1, 800, -12, 2, 6000, 6, 0.7 },
      { 40, -6, 3, 440, 18, 8, 15000, -9, 0.5 },
      { 200, 0, 1, 1000, 0, 1, 5000, 0, 1 } },
    0 },
  { "moog_ladder",
    ladder,
    2,
    { { 60, 0.5 }, { 1000, 0 }, { 1000, 0.8 }, { 5000, 0.6 }, { 15000, 0.85 }, { 18000, 0.3 } },
    1e-3f },
  { "moog_hz",
    ladder_with_bass,
    2,
    { { 60, 0.5 }, { 1000, 0 }, { 1000, 0.8 }, { 5000, 0.6 }, { 15000, 0.85 }, { 18000, 0.3 } },
    1e-3f },
  { "onepole", one_pole, 1, { { 20 }, { 500 }, { 5000 }, { 18000 } }, 0 },
  { "onepole_hp", one_zero, 1, { { 20 }, { 500 }, { 5000 }, { 18000 } }, 0 },
  { "dcblock", one_zero, 1, { { 5 }, { 10 }, { 40 } }, 0 },
  { "djf", dj, 1, { { 0.1 }, { 0.3 }, { 0.45 }, { 0.5 }, { 0.6 }, { 0.9 } }, 0 },
  { "comb", comb, 2, { { RATE / 100, 0.9 }, { RATE / 441, -0.7 }, { RATE / 7, 0.99 } }, 0 },
  { "allpass", all_pass, 2, { { 100, 0.7 }, { 441, -0.5 }, { 1234.5, 0.9 }, { 9000, 0.5 } }, 0 },
  { "crossover", two_bands, 2, { { 80, 0 }, { 80, 1 }, { 1000, 0 }, { 1000, 1 }, { 9000, 0 }, { 9000, 1 } }, 0 },
  { "crossover3",
    three_bands,
    3,
    { { 200, 3000, 0 }, { 200, 3000, 1 }, { 200, 3000, 2 }, { 800, 900, 0 }, { 800, 900, 1 }, { 800, 900, 2 } },
    0 },
  { "tilt", tilted, 2, { { 6, 800 }, { -12, 800 }, { 24, 100 }, { -3, 8000 } }, 0 },
};

/* Where the response is above -80 dB: below, rounding is of its size. */
static void filters_follow_their_prototypes(void **context)
{
  (void)context;
  for (size_t r = 0; r < PH_COUNT(responses); r++) {
    const Response *it = &responses[r];
    double magnitude_off = 0, phase_off = 0;
    for (uint32_t i = 0; i < PH_COUNT(it->params) && it->params[i][0] != 0; i++) {
      const float height = it->height > 0 ? it->height : 1;
      impulse_response(it->name, it->params[i], it->count, height, LONG);
      for (double hz = 20; hz <= 20000; hz *= 1.31) {
        const Complex expected = it->theory(hz, it->params[i]), found = spectrum_at(left, LONG, hz) / (double)height;
        if (cabs(expected) > 1e-4) {
          const double off = fabs(db(cabs(found) / cabs(expected))), turn = fabs(carg(found / expected)) * 180 / M_PI;
          magnitude_off = fmax(magnitude_off, off);
          phase_off = fmax(phase_off, turn);
        }
      }
    }
    measured_most(it->name, "error of magnitude against its prototype, 20 Hz to 20 kHz, above -80 dB", magnitude_off,
                  0.1, "dB");
    measured_most(it->name, "error of phase against its prototype, 20 Hz to 20 kHz, above -80 dB", phase_off, 1,
                  "degrees");
  }
}

static void crossovers_sum_flat(void **context)
{
  (void)context;
  static const struct {
    const char *name;
    uint32_t bands;
    double params[3];
  } all[] = { { "crossover", 2, { 500, 0 } },       { "crossover", 2, { 60, 0 } },
              { "crossover", 2, { 12000, 0 } },     { "crossover3", 3, { 250, 2500, 0 } },
              { "crossover3", 3, { 60, 9000, 0 } }, { "crossover3", 3, { 900, 800, 0 } } };
  for (size_t i = 0; i < PH_COUNT(all); i++) {
    memset(sum, 0, sizeof(sum));
    for (uint32_t band = 0; band < all[i].bands; band++) {
      double params[3] = { all[i].params[0], all[i].params[1], band };
      params[all[i].bands - 1] = band;
      impulse_response(all[i].name, params, all[i].bands, 1, LONG);
      for (uint32_t f = 0; f < LONG; f++) {
        sum[f] += left[f];
      }
    }
    double off = 0;
    for (double hz = 20; hz <= 20000; hz *= 1.1) {
      off = fmax(off, fabs(db(cabs(spectrum_at(sum, LONG, hz)))));
    }
    measured_most(all[i].name, "deviation of the sum of the bands from 0 dB, 20 Hz to 20 kHz", off, 0.1, "dB");
  }
}

static void hilbert_stands_in_quadrature(void **context)
{
  (void)context;
  impulse_response("hilbert", NULL, 0, 1, LONG);
  double angle = 0, level = 0;
  for (double hz = 20; hz <= 20000; hz *= 1.03) {
    const Complex in_phase = spectrum_at(left, LONG, hz), behind = spectrum_at(right, LONG, hz);
    angle = fmax(angle, fabs(carg(behind / in_phase * cis(M_PI / 2))) * 180 / M_PI);
    level = fmax(level, fmax(fabs(db(cabs(in_phase))), fabs(db(cabs(behind)))));
  }
  measured_most("hilbert", "quadrature error, 20 Hz to 20 kHz at 44.1 kHz", angle, 0.12, "degrees");
  measured_most("hilbert", "deviation of either side from 0 dB, 20 Hz to 20 kHz", level, 0.01, "dB");
}

/* The fundamental of a periodic signal in left[from, LONG): from crossings over the whole stretch. */
static double crossing_hz(uint32_t from)
{
  double first = 0, last = 0;
  uint32_t count = 0;
  for (uint32_t f = from + 1; f < LONG; f++) {
    if (left[f - 1] < 0 && left[f] >= 0) {
      last = f - (double)left[f] / ((double)left[f] - (double)left[f - 1]);
      first = count == 0 ? last : first;
      count++;
    }
  }
  return (count - 1) * RATE / (last - first);
}

static void ladder_sings_in_tune(void **context)
{
  (void)context;
  static const double pitches[] = { 110, 440, 1000, 3520, 7040, 12000 };
  for (size_t i = 0; i < PH_COUNT(pitches); i++) {
    for (double res = 0.95; res <= 1.001; res += 0.05) {
      impulse_response("moog_ladder", (double[]){ pitches[i], res }, 2, 1, LONG);
      const double cents = 1200 * log2(crossing_hz(LONG / 2) / pitches[i]);
      measured_most("moog_ladder", "error of the pitch at which it oscillates by itself, 110 Hz to 12 kHz", fabs(cents),
                    5, "cents");
      double most = 0;
      for (uint32_t f = LONG / 2; f < LONG; f++) {
        most = fmax(most, fabs((double)left[f]));
      }
      measured_least("moog_ladder", "level of its own oscillation", most, 0.05, "");
      measured_most("moog_ladder", "level of its own oscillation", most, 1, "");
    }
  }
}

static void comb_is_in_tune(void **context)
{
  (void)context;
  static const double pitches[] = { 55.7, 221.3, 1234.5, 3456.7 };
  for (size_t i = 0; i < PH_COUNT(pitches); i++) {
    impulse_response("comb", (double[]){ pitches[i], 0.995 }, 2, 1, LONG);
    double best = 0, at = 0;
    for (double cents = -8; cents <= 8; cents += 0.1) {
      const double hz = pitches[i] * exp2(cents / 1200), level = cabs(spectrum_at(left, LONG, hz));
      at = level > best ? cents : at;
      best = fmax(best, level);
    }
    measured_most("comb", "error of the first tooth, between frames too", fabs(at), 1, "cents");
  }
}

/* ---- everything moving ---- */

/* Frequencies jump over their whole range and other parameters between their ends, every frame or with periods of a few. */
static double moved(const char *name, uint32_t every)
{
  const PhUnitSet *set = ph_unit_set_bus();
  const PhUnit *unit = set->units[unit_row(set, name)];
  UnitCase c;
  begin(&c, name, LONG / 2);
  for (uint32_t f = 0; f < LONG / 2; f++) {
    signal_a[f] = (float)noise_at(f);
  }
  unit_audio(&c, 0, signal_a);
  for (uint32_t i = 1; i < unit->func.param_count; i++) {
    const PhParam *p = &unit->func.params[i];
    const bool is_q = p->name[0] == 'q';
    for (uint32_t f = 0; f < LONG / 2; f++) {
      const double u = noise_at((uint64_t)i << 40 | (f / every)), least = fmax(p->least, 1e-3);
      const double most = is_q ? 50 : p->most;
      signal_b[f] = (float)(p->scale == PH_SCALE_LOG ? least * pow(most / least, 0.5 + 0.5 * u)
                            : u > 0                  ? p->most
                                                     : p->least);
    }
    unit_audio(&c, i, signal_b);
  }
  finish(&c);
  double most = 0;
  for (uint32_t f = 0; f < LONG / 2; f++) {
    most = fmax(most, fabs((double)left[f]));
  }
  return most;
}

/* Limits: a q of 50 and what the peaks of noise add; gains of 40 dB, one or three, besides. */
static void filters_survive_modulation(void **context)
{
  (void)context;
  for (size_t r = 0; r < PH_COUNT(responses); r++) {
    const double most =
        fmax(moved(responses[r].name, 1), fmax(moved(responses[r].name, 7), moved(responses[r].name, 300)));
    const double limit = responses[r].theory == three_bells                              ? 1e7
                         : responses[r].count == 3 && responses[r].theory != three_bands ? 1e4
                                                                                         : 200;
    measured_most(responses[r].name,
                  "loudest output for noise of 1 while every parameter jumps from end to end (q to 50)", most, limit,
                  "");
  }
}

/* Noise, then silence: what is left after the tail that the row declares is 100 dB down. */
static void tails_end(void **context)
{
  (void)context;
  for (size_t r = 0; r < PH_COUNT(responses); r++) {
    const Response *it = &responses[r];
    for (uint32_t i = 0; i < PH_COUNT(it->params) && it->params[i][0] != 0; i++) {
      enum { SOUND = 4000 };
      for (uint32_t f = 0; f < LONG; f++) {
        signal_a[f] = f < SOUND ? (float)noise_at(f) * (it->height > 0 ? it->height : 1) : 0;
      }
      UnitCase c;
      begin(&c, it->name, LONG);
      unit_audio(&c, 0, signal_a);
      for (uint32_t k = 0; k < it->count; k++) {
        unit_const(&c, k + 1, it->params[i][k]);
      }
      const double tail = c.unit->tail_sec ? c.unit->tail_sec(&c.setup) : 0;
      finish(&c);
      const uint32_t from = SOUND + (uint32_t)((tail + 0.06) * RATE);
      double most = 0, loud = 0;
      for (uint32_t f = 0; f < LONG; f++) {
        loud = fmax(loud, f < from ? fabs((double)left[f]) : 0);
        most = fmax(most, f >= from ? fabs((double)left[f]) : 0);
      }
      if (from < LONG) {
        measured_most(it->name, "what sounds after its tail, against its loudest", db(most / loud), -80, "dB");
      }
    }
    /* Silence stays silence. */
    memset(signal_a, 0, sizeof(signal_a));
    UnitCase c;
    begin(&c, it->name, 2000);
    unit_audio(&c, 0, signal_a);
    finish(&c);
    for (uint32_t f = 0; f < 2000; f++) {
      assert_true(left[f] == 0.0f);
    }
  }
}

/* ---- lag, slide, median ---- */

static void lag_takes_its_time(void **context)
{
  (void)context;
  static const double times[] = { 0.01, 0.1, 0.5, 30 };
  for (size_t i = 0; i < PH_COUNT(times); i++) {
    for (uint32_t f = 0; f < LONG; f++) {
      signal_a[f] = f < 100 ? 55.0f : 110.0f;
    }
    UnitCase c;
    begin(&c, "lag", LONG);
    unit_audio(&c, 0, signal_a);
    unit_const(&c, 1, times[i]);
    finish(&c);
    assert_true(left[0] == 55.0f && left[99] == 55.0f);
    double off = 0;
    for (uint32_t f = 100; f < LONG; f++) {
      const double expected = 110 - 55 * pow(1e-3, (f - 99) / (times[i] * RATE));
      off = fmax(off, fabs((double)left[f] - expected) / 55);
    }
    measured_most("lag", "distance from the exact exponential, of the jump", db(off), -100, "dB");
    if (times[i] < 0.2) {
      assert_true(fabsf(left[LONG - 1] - 110.0f) < 2e-5f); /* it arrives */
    }
  }
}

static void slide_arrives_on_its_frame(void **context)
{
  (void)context;
  enum { N = 20000, AT = 100, FRAMES = 4410, AGAIN = 2000 };
  for (uint32_t f = 0; f < LONG; f++) {
    signal_a[f] = f < AT ? 55.0f : 110.0f;
  }
  UnitCase c;
  begin(&c, "slide", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 0.1);
  finish(&c);
  assert_true(left[0] == 55.0f && left[AT - 1] == 55.0f && left[AT] > 55.0f);
  assert_true(left[AT + FRAMES - 2] < 110.0f && left[AT + FRAMES - 1] == 110.0f && left[N - 1] == 110.0f);
  double off = 0;
  for (uint32_t f = AT; f < AT + FRAMES; f++) {
    off = fmax(off, fabs((double)left[f] - (55 + 55.0 * (f + 1 - AT) / FRAMES)) / 55);
  }
  measured_most("slide", "distance from the exact line, of the jump", db(off), -110, "dB");
  /* A new value on the way is gone to from where it was. */
  for (uint32_t f = 0; f < LONG; f++) {
    signal_a[f] = f < AT ? 0.0f : f < AGAIN ? 1.0f : -1.0f;
  }
  begin(&c, "slide", N);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 0.1);
  finish(&c);
  float jump = 0;
  for (uint32_t f = 1; f < N; f++) {
    jump = fmaxf(jump, fabsf(left[f] - left[f - 1]));
  }
  assert_true(jump < 2.01f / FRAMES && left[AGAIN + FRAMES - 1] == -1.0f && left[AGAIN + FRAMES - 2] > -1.0f);
}

static int by_value(const void *a, const void *b)
{
  const float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

static void median_is_exact(void **context)
{
  (void)context;
  enum { N = 3000 };
  for (uint32_t f = 0; f < N; f++) {
    signal_a[f] = (float)floor(noise_at(f) * (f < N / 2 ? 5 : 1000)); /* many equal ones, then few */
  }
  for (uint32_t n = 1; n <= 9; n++) {
    const uint32_t odd = n - 1 + n % 2;
    UnitCase c;
    begin(&c, "median", N);
    unit_audio(&c, 0, signal_a);
    unit_const(&c, 1, n);
    finish(&c);
    for (uint32_t f = 0; f < N; f++) {
      float recent[9];
      for (uint32_t i = 0; i < odd; i++) {
        recent[i] = f >= i ? signal_a[f - i] : 0;
      }
      qsort(recent, odd, sizeof(float), by_value);
      assert_true(left[f] == recent[odd / 2]);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(filters_follow_their_prototypes),
    cmocka_unit_test(crossovers_sum_flat),
    cmocka_unit_test(hilbert_stands_in_quadrature),
    cmocka_unit_test(ladder_sings_in_tune),
    cmocka_unit_test(comb_is_in_tune),
    cmocka_unit_test(filters_survive_modulation),
    cmocka_unit_test(tails_end),
    cmocka_unit_test(lag_takes_its_time),
    cmocka_unit_test(slide_arrives_on_its_frame),
    cmocka_unit_test(median_is_exact),
  };
  return cmocka_run_group_tests_name("filters", tests, NULL, NULL);
}
