/* The channel vocoder and the single-sideband frequency shifter: filters instead of transforms, so neither is late.
   SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/dmath.h"
#include "dsp/line.h"

/* ---- freq_shift: a Hilbert pair of two rows of second-order allpasses, 90 degrees apart from 20 Hz to 20 Hz below half the rate, whose
   outputs a complex oscillator turns. The coefficients are those of an elliptic half-band filter moved by a quarter of the rate (Valenzuela &
   Constantinides 1983). ---- */

enum { HILBERT_SECTIONS = 16, HILBERT_ROW = HILBERT_SECTIONS / 2 };

typedef struct Hilbert {
  float a[HILBERT_SECTIONS]; /* of the two rows in turn */
} Hilbert;

/* Transition bands of `edge` turns per frame at 0 and at half the rate. */
static void hilbert_design(Hilbert *h, double edge)
{
  const double pi = 3.141592653589793;
  const double angle = (1 - 2 * edge) * pi / 4, tangent = ph_sin_d(angle) / ph_cos_d(angle), k = tangent * tangent;
  const double root = __builtin_sqrt(__builtin_sqrt(1 - k * k)), e = 0.5 * (1 - root) / (1 + root), e4 = e * e * e * e;
  const double q = e + e4 * e * (2 + e4 * (15 + 150 * e4)); /* the nome */
  const double order = 2 * HILBERT_SECTIONS + 1;
  for (int i = 1; i <= HILBERT_SECTIONS; i++) {
    double above = 0, below = 0.5;
    for (int j = 0; j < 8; j++) {
      const double sign = j % 2 ? -1 : 1;
      above += sign * ph_pow_d(q, j * (j + 1)) * ph_sin_d((2 * j + 1) * i * pi / order);
      below += j ? sign * ph_pow_d(q, j * j) * ph_cos_d(2 * j * i * pi / order) : 0;
    }
    const double w = above * ph_pow_d(q, 0.25) / below, square = w * w;
    const double x = __builtin_sqrt((1 - square * k) * (1 - square / k)) / (1 + square);
    h->a[i - 1] = (float)((1 - x) / (1 + x));
  }
}

static PhStatus freq_shift_prepare(const PhUnitSetup *setup, PhArena *arena, const void **data, const char **error)
{
  (void)error;
  Hilbert *h = PH_NEW(arena, Hilbert);
  *data = h;
  if (!h) {
    return PH_NOMEM;
  }
  hilbert_design(h, 20 / setup->sample_rate);
  return PH_OK;
}

enum { SHIFT_PHASE, SHIFT_LATE, SHIFT_ROWS, SHIFT_STATES = SHIFT_ROWS + 4 * (HILBERT_ROW + 1) };

/* What entered each section of a row one and two frames ago; the last is the row's output. */
typedef struct Row {
  PhV x1[HILBERT_ROW + 1], x2[HILBERT_ROW + 1];
} Row;

static void row_state(const PhIo *io, uint32_t g, uint32_t which, Row *row, bool store)
{
  for (uint32_t i = 0; i <= HILBERT_ROW; i++) {
    const uint32_t at = SHIFT_ROWS + which * 2 * (HILBERT_ROW + 1) + 2 * i;
    if (store) {
      ph_state_set(io, at, g, row->x1[i]);
      ph_state_set(io, at + 1, g, row->x2[i]);
    } else {
      row->x1[i] = ph_state(io, at, g);
      row->x2[i] = ph_state(io, at + 1, g);
    }
  }
}

/* (a - z^-2) / (1 - a z^-2), one after another. */
PH_INLINE PhV row_tick(Row *row, const float *a, PhV x)
{
  for (uint32_t i = 0; i < HILBERT_ROW; i++) {
    const PhV y = ph_flush(a[2 * i] * (x + row->x2[i + 1]) - row->x2[i]);
    row->x2[i] = row->x1[i];
    row->x1[i] = x;
    x = y;
  }
  row->x2[HILBERT_ROW] = row->x1[HILBERT_ROW];
  row->x1[HILBERT_ROW] = x;
  return x;
}

static void freq_shift(const PhIo *io)
{
  const Hilbert *h = io->data;
  PH_GROUPS(io, g)
  {
    Row rows[2];
    row_state(io, g, 0, &rows[0], false);
    row_state(io, g, 1, &rows[1], false);
    PhVu phase = ph_state_u(io, SHIFT_PHASE, g);
    PhV late = ph_state(io, SHIFT_LATE, g);
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV x = ph_in(io, 0, f, g), mix = ph_in(io, 2, f, g);
      const PhV re = row_tick(&rows[0], h->a, x), im = row_tick(&rows[1], h->a + 1, late);
      late = x;
      const PhVu turned = phase + ph_radians_u32(ph_in(io, 3, f, g));
      const PhV y = re * ph_cos_u32(turned) - im * ph_sin_u32(turned);
      phase += ph_increment_u32(ph_in(io, 1, f, g) * io->inv_sample_rate);
      ph_out(io, f, g, x + (y - x) * mix);
    }
    row_state(io, g, 0, &rows[0], true);
    row_state(io, g, 1, &rows[1], true);
    ph_state_set_u(io, SHIFT_PHASE, g, phase);
    ph_state_set(io, SHIFT_LATE, g, late);
  }
}

/* ---- vocoder: bands of the carrier at the level of the same bands of the modulator (Dudley 1939) ---- */

enum { VOCODER_MOD, VOCODER_CAR, VOCODER_BANDS, VOCODER_ATTACK, VOCODER_RELEASE };
enum { VOCODER_MOST = 32, VOCODER_LEVEL = 8, BAND_STATES };
#define VOCODER_LOW_HZ 80.0f
#define VOCODER_OCTAVES 7.2f /* up to 11.8 kHz */

/* A state-variable band-pass (Zavalishin 2012), trapezoidal, 0 dB in the middle. */
typedef struct Band {
  PhV g, k, a;
} Band;

/* Band `index` of so many; its neighbours' middles are where two such filters in a row have lost 12 dB. */
PH_INLINE Band band_of(const PhIo *io, uint32_t index, PhV bands)
{
  const PhV width = VOCODER_OCTAVES / bands, half = ph_exp2(width * 0.5f);
  const PhV hz = VOCODER_LOW_HZ * ph_exp2(((float)index + 0.5f) * width);
  const PhV g = ph_tanpi(ph_min(hz * io->inv_sample_rate, ph_splat(0.45f))), k = half - 1.0f / half;
  return (Band){ g, k, 1.0f / (1.0f + g * (g + k)) };
}

PH_INLINE PhV band_tick(const Band *band, PhV *s, PhV x)
{
  const PhV v1 = band->a * (s[0] + band->g * (x - s[1])), v2 = s[1] + band->g * v1;
  s[0] = ph_flush(2.0f * v1 - s[0]);
  s[1] = ph_flush(2.0f * v2 - s[1]);
  return band->k * v1;
}

PH_INLINE PhV share_of(const PhIo *io, PhV sec)
{
  return 1.0f - ph_exp(-io->inv_sample_rate / ph_max(sec, ph_splat(1e-5f)));
}
PH_INLINE PhV whole_bands(PhV bands) { return ph_floor(bands + 0.5f); }

static void vocoder_band(const PhIo *io, uint32_t g, uint32_t index, PhV *sum)
{
  const bool steady = io->step[VOCODER_BANDS] == 0,
             slow = io->step[VOCODER_ATTACK] == 0 && io->step[VOCODER_RELEASE] == 0;
  PhV s[BAND_STATES];
  for (uint32_t i = 0; i < BAND_STATES; i++) {
    s[i] = ph_state(io, index * BAND_STATES + i, g);
  }
  PhV bands = whole_bands(ph_in(io, VOCODER_BANDS, 0, g));
  Band band = band_of(io, index, bands);
  PhV attack = share_of(io, ph_in(io, VOCODER_ATTACK, 0, g)), release = share_of(io, ph_in(io, VOCODER_RELEASE, 0, g));
  for (uint32_t f = 0; f < io->frames; f++) {
    if (!steady) {
      bands = whole_bands(ph_in(io, VOCODER_BANDS, f, g));
      band = band_of(io, index, bands);
    }
    if (!slow) {
      attack = share_of(io, ph_in(io, VOCODER_ATTACK, f, g));
      release = share_of(io, ph_in(io, VOCODER_RELEASE, f, g));
    }
    const PhV mod = band_tick(&band, s + 2, band_tick(&band, s, ph_in(io, VOCODER_MOD, f, g)));
    const PhV car = band_tick(&band, s + 6, band_tick(&band, s + 4, ph_in(io, VOCODER_CAR, f, g)));
    const PhV level = ph_abs(mod) * 1.57079633f; /* a sine's amplitude from its mean */
    const PhV share = ph_select(level > s[VOCODER_LEVEL], attack, release);
    s[VOCODER_LEVEL] = ph_flush(s[VOCODER_LEVEL] + share * (level - s[VOCODER_LEVEL]));
    const PhVi active = bands > (float)index;
    for (uint32_t i = 0; i < BAND_STATES; i++) {
      s[i] = ph_keep(active, s[i]);
    }
    sum[f] += car * s[VOCODER_LEVEL];
  }
  for (uint32_t i = 0; i < BAND_STATES; i++) {
    ph_state_set(io, index * BAND_STATES + i, g, s[i]);
  }
}

static void vocoder(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhV sum[PH_CHUNK_FRAMES];
    for (uint32_t f = 0; f < io->frames; f++) {
      sum[f] = ph_splat(0.0f);
    }
    PhV most = ph_splat(0.0f);
    for (uint32_t f = 0; f < (io->step[VOCODER_BANDS] ? io->frames : 1); f++) {
      most = ph_max(most, whole_bands(ph_in(io, VOCODER_BANDS, f, g)));
    }
    for (uint32_t index = 0; index < VOCODER_MOST; index++) {
      if (ph_any(most > (float)index)) {
        vocoder_band(io, g, index, sum);
        continue;
      }
      for (uint32_t i = 0; i < BAND_STATES; i++) { /* as vocoder_band leaves a band that is off */
        ph_state_set(io, index * BAND_STATES + i, g, ph_splat(0.0f));
      }
    }
    for (uint32_t f = 0; f < io->frames; f++) {
      ph_out(io, f, g, ph_guard(io, sum[f] * 4.0f));
    }
  }
}

static double vocoder_tail(const PhUnitSetup *setup) { return 0.1 + 7 * setup->most[VOCODER_RELEASE]; }

/* ---- rows ---- */

static const PhParam shift_params[] = {
  PH_P_IN, PH_P_REQ("hz", "sig", 0, -20000, 20000, "Hz", PH_SCALE_LIN, "what is added to every frequency; may move"),
  PH_P("mix", "sig", 1, 0, 1, "", PH_SCALE_LIN, "0 the input alone, 1 the shifted sound alone; between, phases beat"),
  PH_P("phase", "sig", 0, -7, 7, "rad", PH_SCALE_LIN, "is added to the phase of all partials")
};
static const PhParam vocoder_params[] = {
  { "in", "sig", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN, "the modulator, whose levels are heard: a voice" },
  { "car", "sig", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN, "the carrier, which is heard: rich in partials" },
  PH_P("bands", "sig", 16, 1, VOCODER_MOST, "", PH_SCALE_INT, "bands from 80 Hz to 11.8 kHz"),
  PH_P("attack", "sig", .005, 0, 1, "s", PH_SCALE_LOG, "how fast levels rise"),
  PH_P("release", "sig", .03, 0, 5, "s", PH_SCALE_LOG, "how fast they fall")
};

static const PhUnit units[] = {
  PH_ROW("freq_shift", "fshift", "spectral",
         "Adds a frequency to every partial (single sideband by a Hilbert pair of allpasses), so harmonics become "
         "inharmonic; not late.",
         "saw 110 # freq_shift 30", shift_params, .process = freq_shift, .prepare = freq_shift_prepare,
         .state_floats = SHIFT_STATES, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("vocoder", "voc", "spectral", "Gives the carrier the spectrum of the modulator, band by band; not late.",
         "s \"bev\" # vocoder (saw 110) 20", vocoder_params, .process = vocoder,
         .state_floats = VOCODER_MOST * BAND_STATES, .tail_sec = vocoder_tail, .flags = PH_UNIT_PROCESSOR),
};

PH_EXPORT_TABLE(vocoder);
