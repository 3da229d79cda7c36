/* Waveshapers and degraders. Shapers run at twice the rate between two half-band filters (polyphase allpasses; Valenzuela &
   Constantinides 1983), unless `:os 1`.  SPDX-License-Identifier: MIT */
#include "dsp/line.h"

/* ---- twice the rate ----
   Elliptic half-band of order 17: stop band -91 dB from 0.28 of the doubled rate; coefficients by the formulas of the paper. */
enum { HALF = 8 };
static const float half_band[HALF] = { 0.0472898531f, 0.172780611f, 0.338517958f, 0.506977679f,
                                       0.655273069f,  0.776489919f, 0.874512613f, 0.958945718f };

/* A chain of allpass sections, every other coefficient: section i of the chain has its last input in z[i] and its last
   output in z[i + 2], which is the next section's last input. */
typedef struct Branches {
  PhV z[HALF + 2];
} Branches;

PH_INLINE PhV branch(Branches *b, PhV x, int first)
{
  for (int i = first; i < HALF; i += 2) {
    const PhV y = ph_flush(b->z[i] + half_band[i] * (x - b->z[i + 2]));
    b->z[i] = x;
    x = y;
  }
  b->z[first + HALF] = x;
  return x;
}

typedef struct Oversampler {
  Branches up, down;
} Oversampler;

enum { OVERSAMPLER_FLOATS = 2 * (HALF + 2) };

PH_INLINE void load_oversampler(const PhIo *io, uint32_t g, Oversampler *o)
{
  for (uint32_t i = 0; i < HALF + 2; i++) {
    o->up.z[i] = ph_state(io, i, g);
    o->down.z[i] = ph_state(io, HALF + 2 + i, g);
  }
}

PH_INLINE void store_oversampler(const PhIo *io, uint32_t g, const Oversampler *o)
{
  for (uint32_t i = 0; i < HALF + 2; i++) {
    ph_state_set(io, i, g, o->up.z[i]);
    ph_state_set(io, HALF + 2 + i, g, o->down.z[i]);
  }
}

/* The shapes, of (drive, x). */
PH_INLINE PhV shape_tanh(PhV drive, PhV x) { return ph_tanh(drive * x); }

PH_INLINE PhV shape_dirt(PhV amount, PhV x) /* SuperDirt's and Tidal's `shape` */
{
  const PhV a = ph_min(amount, ph_splat(0.999f));
  const PhV k = 2.0f * a / (1.0f - a);
  return (1.0f + k) * x / (1.0f + k * ph_abs(x));
}

PH_INLINE PhV shape_fold(PhV drive, PhV x) /* triangle of period 4: reflects at -1 and 1 */
{
  const PhV u = (drive * x + 1.0f) * 0.25f;
  return 1.0f - ph_abs((u - ph_floor(u)) * 4.0f - 2.0f);
}

PH_INLINE PhV shape_wrap(PhV drive, PhV x)
{
  const PhV u = (drive * x + 1.0f) * 0.5f;
  return (u - ph_floor(u)) * 2.0f - 1.0f;
}

PH_INLINE PhV shape_clip(PhV drive, PhV x) { return ph_clamp(drive * x, -1.0f, 1.0f); }

PH_INLINE PhV shape_soft(PhV drive, PhV x) /* cubic: slope 1 at 0, flat at 1 */
{
  const PhV u = ph_clamp(drive * x * 0.666666667f, -1.0f, 1.0f);
  return 1.5f * (u - u * u * u * 0.333333333f);
}

/* Inputs: in, drive, mix, os. Dry and wet are mixed at the doubled rate: the half-band filters delay the treble less than the
   bass, and a dry signal past them would leave notches. At factor 1 the shape runs at the rate of the signal. */
#define SHAPER(name, shape)                                                                                            \
  static void name(const PhIo *io)                                                                                     \
  {                                                                                                                    \
    for (uint32_t g = 0; g < io->lanes; g += PH_W) {                                                                   \
      Oversampler o;                                                                                                   \
      load_oversampler(io, g, &o);                                                                                     \
      for (uint32_t f = 0; f < io->frames; f++) {                                                                      \
        const PhV x = ph_in(io, 0, f, g), drive = ph_in(io, 1, f, g), mix = ph_in(io, 2, f, g);                        \
        const PhVi once = ph_in(io, 3, f, g) < 1.5f;                                                                   \
        const PhV even = branch(&o.up, x, 0), odd = branch(&o.up, x, 1);                                              \
        const PhV a = odd + (shape(drive, odd) - odd) * mix, b = even + (shape(drive, even) - even) * mix;             \
        const PhV twice = 0.5f * (branch(&o.down, a, 0) + branch(&o.down, b, 1));                                      \
        const PhV y = ph_any(once) ? ph_select(once, x + (shape(drive, x) - x) * mix, twice) : twice;                  \
        ph_out(io, f, g, ph_finite(y));                                                                                \
      }                                                                                                                \
      store_oversampler(io, g, &o);                                                                                    \
    }                                                                                                                  \
  }

SHAPER(distort, shape_tanh)
SHAPER(shape, shape_dirt)
SHAPER(fold, shape_fold)
SHAPER(wrap, shape_wrap)
SHAPER(hardclip, shape_clip)
SHAPER(softclip, shape_soft)

/* ---- rectify ---- */

static void rectify(const PhIo *io)
{
  for (uint32_t g = 0; g < io->lanes; g += PH_W) {
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV x = ph_in(io, 0, f, g), mix = ph_in(io, 1, f, g);
      ph_out(io, f, g, x + (ph_abs(x) - x) * mix);
    }
  }
}

/* ---- fewer bits, fewer samples ---- */

/* `bits` of resolution over -1 … 1, fractional too. */
PH_INLINE PhV quantise(PhV x, PhV bits)
{
  const PhV steps = ph_exp2(bits - 1.0f);
  return ph_clamp(ph_floor(x * steps + 0.5f) / steps, -4.0f, 4.0f);
}

/* Holds a value for `factor` frames, on average where it is fractional. State: the value held, how far until the next. */
PH_INLINE PhV hold(PhV x, PhV factor, PhV *held, PhV *left)
{
  const PhVi take = *left < 1.0f;
  *held = ph_select(take, x, *held);
  *left = ph_select(take, *left + factor - 1.0f, *left - 1.0f);
  return *held;
}

static void bitcrush(const PhIo *io)
{
  for (uint32_t g = 0; g < io->lanes; g += PH_W) {
    PhV held = ph_state(io, 0, g), left = ph_state(io, 1, g);
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV x = hold(ph_in(io, 0, f, g), ph_in(io, 2, f, g), &held, &left);
      ph_out(io, f, g, quantise(x, ph_in(io, 1, f, g)));
    }
    ph_state_set(io, 0, g, held);
    ph_state_set(io, 1, g, left);
  }
}

static void coarse(const PhIo *io)
{
  for (uint32_t g = 0; g < io->lanes; g += PH_W) {
    PhV held = ph_state(io, 0, g), left = ph_state(io, 1, g);
    for (uint32_t f = 0; f < io->frames; f++) {
      ph_out(io, f, g, hold(ph_in(io, 0, f, g), ph_in(io, 1, f, g), &held, &left));
    }
    ph_state_set(io, 0, g, held);
    ph_state_set(io, 1, g, left);
  }
}

/* As coarse, the steps smoothed by one pole. */
static void decimate(const PhIo *io)
{
  for (uint32_t g = 0; g < io->lanes; g += PH_W) {
    PhV held = ph_state(io, 0, g), left = ph_state(io, 1, g), low = ph_state(io, 2, g);
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV x = hold(ph_in(io, 0, f, g), ph_in(io, 1, f, g), &held, &left);
      low = ph_flush(low + (1.0f - 0.98f * ph_in(io, 2, f, g)) * (x - low));
      ph_out(io, f, g, low);
    }
    ph_state_set(io, 0, g, held);
    ph_state_set(io, 1, g, left);
    ph_state_set(io, 2, g, low);
  }
}

/* ---- the rows ---- */

#define OS PH_P("os", "sig", 2, 1, 2, "", PH_SCALE_INT, "2: runs at twice the rate, against aliases; 1: at the signal's own")
#define MIX(d) PH_P("mix", "sig", d, 0, 1, "", PH_SCALE_LIN, "0 the input alone, 1 the shape alone")
#define DRIVE(d) PH_P("drive", "sig", d, 0, 1000, "", PH_SCALE_LOG, "gain into the shape")
static const PhParam distort_params[] = { PH_P_IN, DRIVE(4), MIX(.5), OS };
static const PhParam drive_params[] = { PH_P_IN, DRIVE(1), MIX(1), OS };
static const PhParam shape_params[] = { PH_P_IN, PH_P("amount", "sig", .5, 0, .999, "", PH_SCALE_LIN, "0 clean, towards 1 square"), MIX(1), OS };
static const PhParam rectify_params[] = { PH_P_IN, PH_P("mix", "sig", 1, 0, 1, "", PH_SCALE_LIN, "0 the input, 1 its absolute value") };
#define FACTOR(d) PH_P("factor", "sig", d, 1, 1000, "frames", PH_SCALE_LOG, "each value is held for so many frames")
static const PhParam bitcrush_params[] = { PH_P_IN, PH_P("bits", "sig", 8, 1, 24, "bits", PH_SCALE_LIN, "resolution"),
                                           PH_P("rate", "sig", 1, 1, 1000, "frames", PH_SCALE_LOG, "each value is held for so many frames") };
static const PhParam coarse_params[] = { PH_P_IN, FACTOR(4) };
static const PhParam decimate_params[] = { PH_P_IN, FACTOR(4), PH_P("smooth", "sig", 0, 0, 1, "", PH_SCALE_LIN, "softens the steps") };

static const PhUnit units[] = {
  PH_ROW("distort", "dist distortion", "shape", "Soft distortion by tanh, at twice the rate.", "saw 55 # distort 8 0.7", distort_params,
    .process = distort, .state_floats = OVERSAMPLER_FLOATS, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("shape", "", "shape", "SuperDirt's waveshaper: louder and rounder as the amount goes to 1.", "s \"bd\" # shape 0.4", shape_params,
    .process = shape, .state_floats = OVERSAMPLER_FLOATS, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("wavefold", "", "shape", "Folds back what goes beyond -1 and 1.", "sine 110 # wavefold 3", drive_params,
    .process = fold, .state_floats = OVERSAMPLER_FLOATS, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("wavewrap", "", "shape", "Wraps round what goes beyond -1 and 1.", "sine 110 # wavewrap 2", drive_params,
    .process = wrap, .state_floats = OVERSAMPLER_FLOATS, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("hardclip", "", "shape", "Cuts off what goes beyond -1 and 1, at twice the rate.", "sine 110 # hardclip 4", drive_params,
    .process = hardclip, .state_floats = OVERSAMPLER_FLOATS, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("softclip", "", "shape", "Clips with a cubic knee, at twice the rate.", "saw 55 # softclip 3", drive_params,
    .process = softclip, .state_floats = OVERSAMPLER_FLOATS, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("rectify", "", "shape", "The absolute value: an octave up, with an edge.", "sine 110 # rectify", rectify_params,
    .process = rectify, .flags = PH_UNIT_PROCESSOR | PH_UNIT_PURE),
  PH_ROW("bitcrush", "crush", "shape", "Fewer bits, and with a rate fewer samples.", "s \"bd sn\" # bitcrush 4", bitcrush_params,
    .process = bitcrush, .state_floats = 2, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("coarse", "", "shape", "Holds every n-th sample: a lower sample rate.", "s \"hh*4\" # coarse 8", coarse_params,
    .process = coarse, .state_floats = 2, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("decimate", "decimator", "shape", "A lower sample rate with softened steps.", "saw 110 # decimate 6 0.5", decimate_params,
    .process = decimate, .state_floats = 3, .flags = PH_UNIT_PROCESSOR),
};

PH_EXPORT_TABLE(shape);
