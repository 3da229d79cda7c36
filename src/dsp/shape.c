/* Waveshapers and degraders. Shapers run at two or four times the rate between half-band filters (polyphase allpasses;
   Valenzuela & Constantinides 1983), unless `:os 1`.  SPDX-License-Identifier: MIT */
#include "dsp/line.h"
#include "dsp/numbers.h"

/* ---- more than the rate ----
   Elliptic half-bands, coefficients by the formulas of the paper. Between the rate and its double: order 17, stop band -91 dB
   from 0.28 of the doubled rate. Between that and its double, where a wide transition will do: order 11, -94 dB from 0.37. */
enum { INNER = 8, OUTER = 5 };
static const float inner_band[INNER] = { 0.0472898531f, 0.172780611f, 0.338517958f, 0.506977679f,
                                         0.655273069f,  0.776489919f, 0.874512613f, 0.958945718f };
static const float outer_band[OUTER] = { 0.0479084548f, 0.179511605f, 0.367809285f, 0.590718016f, 0.848414791f };

/* A chain of allpass sections, every other coefficient: section i of the chain has its last input in z[i] and its last
   output in z[i + 2], which is the next section's last input. z has two values more than there are sections. */
PH_INLINE PhV branch(PhV *z, const float *band, const int sections, int first, PhV x)
{
  int i = first;
  for (; i < sections; i += 2) {
    const PhV y = ph_flush(z[i] + band[i] * (x - z[i + 2]));
    z[i] = x;
    x = y;
  }
  z[i] = x;
  return x;
}

typedef struct Oversampler {
  PhV up[INNER + 2], down[INNER + 2], outer_up[OUTER + 2], outer_down[OUTER + 2];
} Oversampler;

enum { INNER_FLOATS = 2 * (INNER + 2), OVERSAMPLER_FLOATS = INNER_FLOATS + 2 * (OUTER + 2) };

PH_INLINE void load_oversampler(const PhIo *io, uint32_t g, uint32_t os, Oversampler *o)
{
  for (uint32_t i = 0; os > 1 && i < INNER + 2; i++) {
    o->up[i] = ph_state(io, i, g);
    o->down[i] = ph_state(io, INNER + 2 + i, g);
  }
  for (uint32_t i = 0; os > 2 && i < OUTER + 2; i++) {
    o->outer_up[i] = ph_state(io, INNER_FLOATS + i, g);
    o->outer_down[i] = ph_state(io, INNER_FLOATS + OUTER + 2 + i, g);
  }
}

PH_INLINE void store_oversampler(const PhIo *io, uint32_t g, uint32_t os, const Oversampler *o)
{
  for (uint32_t i = 0; os > 1 && i < INNER + 2; i++) {
    ph_state_set(io, i, g, o->up[i]);
    ph_state_set(io, INNER + 2 + i, g, o->down[i]);
  }
  for (uint32_t i = 0; os > 2 && i < OUTER + 2; i++) {
    ph_state_set(io, INNER_FLOATS + i, g, o->outer_up[i]);
    ph_state_set(io, INNER_FLOATS + OUTER + 2 + i, g, o->outer_down[i]);
  }
}

/* What prepare knows: how many times the rate, and the curve of waveshape. */
enum { POINTS_MOST = 64 };
typedef struct Shaper {
  uint32_t os;
  uint32_t points;
  float x[POINTS_MOST], y[POINTS_MOST], slope[POINTS_MOST]; /* slope: from this point to the next */
} Shaper;

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

PH_INLINE PhV shape_rectify(PhV drive, PhV x) /* no drive: it would only be a gain */
{
  (void)drive;
  return ph_abs(x);
}

/* Straight lines between the points, and the first and last value beyond them. */
PH_INLINE PhV shape_curve(const Shaper *s, PhV x)
{
  const PhV inside = ph_clamp(x, s->x[0], s->x[s->points - 1]);
  PhV y = ph_splat(s->y[0]);
  for (uint32_t i = 0; i < s->points; i++) {
    y = ph_select(inside >= s->x[i], s->y[i] + s->slope[i] * (inside - s->x[i]), y);
  }
  return y;
}

/* `even` comes before `odd` in time. Inputs: in, DRIVE, MIX and an `os` that only prepare looks at; `shape` of (drive, x). Dry and wet are mixed at the higher
   rate: the half-band filters delay the treble less than the bass, and a dry signal past them would leave notches. */
#define MIXED(shape, x) ((x) + ((shape) - (x)) * mix)
#define SHAPER(name, drive_, mix_, shape)                                                                              \
  PH_INLINE PhV name##_twice(const Shaper *s, PhV *up, PhV *down, PhV drive, PhV mix, PhV x)                           \
  {                                                                                                                    \
    (void)s;                                                                                                           \
    const PhV even = branch(up, outer_band, OUTER, 0, x), odd = branch(up, outer_band, OUTER, 1, x);                   \
    const PhV a = branch(down, outer_band, OUTER, 0, MIXED(shape(odd), odd));                                          \
    return 0.5f * (a + branch(down, outer_band, OUTER, 1, MIXED(shape(even), even)));                                  \
  }                                                                                                                    \
  PH_INLINE void name##_run(const PhIo *io, const uint32_t os)                                                         \
  {                                                                                                                    \
    const Shaper *s = io->data;                                                                                        \
    PH_GROUPS(io, g)                                                                                                   \
    {                                                                                                                  \
      Oversampler o;                                                                                                   \
      load_oversampler(io, g, os, &o);                                                                                 \
      PhV even[PH_CHUNK_FRAMES], odd[PH_CHUNK_FRAMES]; /* all frames of a step, then the next step: sections wait for themselves */\
      for (uint32_t f = 0; os > 1 && f < io->frames; f++) {                                                            \
        even[f] = branch(o.up, inner_band, INNER, 0, ph_in(io, 0, f, g));                                              \
        odd[f] = branch(o.up, inner_band, INNER, 1, ph_in(io, 0, f, g));                                               \
      }                                                                                                                \
      for (uint32_t f = 0; f < io->frames; f++) {                                                                      \
        const PhV x = ph_in(io, 0, f, g), drive = drive_, mix = ph_in(io, mix_, f, g);                                 \
        if (os == 1) {                                                                                                 \
          ph_out(io, f, g, ph_finite(MIXED(shape(x), x)));                                                             \
        } else {                                                                                                       \
          even[f] = os == 2 ? MIXED(shape(even[f]), even[f]) : name##_twice(s, o.outer_up, o.outer_down, drive, mix, even[f]);\
          odd[f] = os == 2 ? MIXED(shape(odd[f]), odd[f]) : name##_twice(s, o.outer_up, o.outer_down, drive, mix, odd[f]);\
        }                                                                                                              \
      }                                                                                                                \
      for (uint32_t f = 0; os > 1 && f < io->frames; f++) {                                                            \
        const PhV a = branch(o.down, inner_band, INNER, 0, odd[f]);                                                    \
        ph_out(io, f, g, ph_finite(0.5f * (a + branch(o.down, inner_band, INNER, 1, even[f]))));                       \
      }                                                                                                                \
      store_oversampler(io, g, os, &o);                                                                                \
    }                                                                                                                  \
  }                                                                                                                    \
  static void name(const PhIo *io)                                                                                     \
  {                                                                                                                    \
    const uint32_t os = ((const Shaper *)io->data)->os;                                                                \
    if (os == 1) {                                                                                                     \
      name##_run(io, 1);                                                                                               \
    } else if (os == 2) {                                                                                              \
      name##_run(io, 2);                                                                                               \
    } else {                                                                                                           \
      name##_run(io, 4);                                                                                               \
    }                                                                                                                  \
  }

#define DRIVEN(name, of) SHAPER(name, ph_in(io, 1, f, g), 2, of)
#define TANH(x) shape_tanh(drive, x)
#define DIRT(x) shape_dirt(drive, x)
#define FOLD(x) shape_fold(drive, x)
#define WRAP(x) shape_wrap(drive, x)
#define CLIP(x) shape_clip(drive, x)
#define SOFT(x) shape_soft(drive, x)
#define RECTIFY(x) shape_rectify(drive, x)
#define CURVE(x) shape_curve(s, drive * (x))
DRIVEN(distort, TANH)
DRIVEN(shape, DIRT)
DRIVEN(fold, FOLD)
DRIVEN(wrap, WRAP)
DRIVEN(hardclip, CLIP)
DRIVEN(softclip, SOFT)
DRIVEN(waveshape, CURVE)
SHAPER(rectify, x, 1, RECTIFY)

/* ---- what prepare reads ---- */

/* `os` is a constant; of one that moves the highest counts. */
static PhStatus prepare_at(const PhUnitSetup *setup, uint32_t input, PhArena *arena, Shaper **out)
{
  *out = PH_NEW(arena, Shaper);
  if (!*out) {
    return PH_NOMEM;
  }
  const double os = setup->most[input];
  (*out)->os = os < 1.5 ? 1 : os < 3 ? 2 : 4;
  return PH_OK;
}

static PhStatus prepare_driven(const PhUnitSetup *setup, PhArena *arena, const void **data, const char **error)
{
  (void)error;
  Shaper *s = NULL;
  const PhStatus status = prepare_at(setup, 3, arena, &s);
  *data = s;
  return status;
}

static PhStatus prepare_rectify(const PhUnitSetup *setup, PhArena *arena, const void **data, const char **error)
{
  (void)error;
  Shaper *s = NULL;
  const PhStatus status = prepare_at(setup, 2, arena, &s);
  *data = s;
  return status;
}

/* "-1:-0.5 0:0 1:1" in rising order, or values at equal distances from -1 to 1. */
static bool read_points(const PhUnitText *text, Shaper *s)
{
  double values[2 * POINTS_MOST];
  const bool pairs = text->text && strchr(text->text, ':');
  const size_t count = ph_read_numbers(text, pairs ? " ,:" : " ,", values, PH_COUNT(values));
  if (count == SIZE_MAX || (pairs && count % 2) || count < (pairs ? 4u : 2u) || count > (pairs ? 2u : 1u) * POINTS_MOST) {
    return false;
  }
  s->points = (uint32_t)(pairs ? count / 2 : count);
  for (uint32_t i = 0; i < s->points; i++) {
    s->x[i] = (float)(pairs ? values[2 * i] : -1 + 2.0 * i / (s->points - 1));
    s->y[i] = (float)values[pairs ? 2 * i + 1 : i];
    if (!(s->y[i] > -1e6f && s->y[i] < 1e6f && s->x[i] > -1e6f && s->x[i] < 1e6f) || (i > 0 && !(s->x[i] - s->x[i - 1] > 1e-6f))) {
      return false;
    }
  }
  for (uint32_t i = 0; i + 1 < s->points; i++) {
    s->slope[i] = (s->y[i + 1] - s->y[i]) / (s->x[i + 1] - s->x[i]);
  }
  return true;
}

static PhStatus prepare_waveshape(const PhUnitSetup *setup, PhArena *arena, const void **data, const char **error)
{
  Shaper *s = NULL;
  const PhStatus status = prepare_at(setup, 3, arena, &s);
  *data = s;
  if (status == PH_OK && !read_points(&setup->texts[0], s)) {
    *error = "wants 2 to 64 values over -1 … 1, or points x:y in rising order: waveshape \"-1:-1 0:0 0.5:0.9 1:1\"";
    return PH_RANGE;
  }
  return status;
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

#define OS { "os", "sig", 2, 1, 4, "", PH_PARAM_OPTIONAL | PH_PARAM_ONCE, PH_SCALE_INT, "times the rate that it runs at, against aliases: 1, 2 or 4; constant: of one that moves the greatest value counts" }
#define MIX(d) PH_P("mix", "sig", d, 0, 1, "", PH_SCALE_LIN, "0 the input alone, 1 the shape alone")
#define DRIVE(d) PH_P("drive", "sig", d, 0, 1000, "", PH_SCALE_LOG, "gain into the shape")
static const PhParam distort_params[] = { PH_P_IN, DRIVE(4), MIX(.5), OS };
static const PhParam drive_params[] = { PH_P_IN, DRIVE(1), MIX(1), OS };
static const PhParam shape_params[] = { PH_P_IN, PH_P("amount", "sig", .5, 0, .999, "", PH_SCALE_LIN, "0 clean, towards 1 square"), MIX(1), OS };
static const PhParam rectify_params[] = { PH_P_IN, PH_P("mix", "sig", 1, 0, 1, "", PH_SCALE_LIN, "0 the input, 0.5 its positive half, 1 its absolute value"), OS };
static const PhParam waveshape_params[] = {
  PH_P_IN, { "curve", "text", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN, "2 to 64 values at equal distances over -1 … 1, or points x:y; straight between them" },
  DRIVE(1), MIX(1), OS };
#define FACTOR(d) PH_P("factor", "sig", d, 1, 1000, "frames", PH_SCALE_LOG, "each value is held for so many frames")
static const PhParam bitcrush_params[] = { PH_P_IN, PH_P("bits", "sig", 8, 1, 24, "bits", PH_SCALE_LIN, "resolution"),
                                           PH_P("rate", "sig", 1, 1, 1000, "frames", PH_SCALE_LOG, "each value is held for so many frames") };
static const PhParam coarse_params[] = { PH_P_IN, FACTOR(4) };
static const PhParam decimate_params[] = { PH_P_IN, FACTOR(4), PH_P("smooth", "sig", 0, 0, 1, "", PH_SCALE_LIN, "softens the steps") };

static const PhUnit units[] = {
#define SHAPER_ROW(name_, aliases_, doc_, example_, params_, kernel_, prepare_)                                         \
  PH_ROW(name_, aliases_, "shape", doc_, example_, params_, .process = kernel_, .state_floats = OVERSAMPLER_FLOATS,    \
         .prepare = prepare_, .data_bytes = sizeof(Shaper), .flags = PH_UNIT_PROCESSOR)
  SHAPER_ROW("distort", "dist distortion", "Soft distortion by tanh, at twice the rate.", "saw 55 # distort 8 0.7", distort_params, distort, prepare_driven),
  SHAPER_ROW("shape", "", "SuperDirt's waveshaper: louder and rounder as the amount goes to 1.", "s \"bd\" # shape 0.4", shape_params, shape, prepare_driven),
  SHAPER_ROW("wavefold", "", "Folds back what goes beyond -1 and 1, at twice the rate.", "sine 110 # wavefold 3", drive_params, fold, prepare_driven),
  SHAPER_ROW("wavewrap", "", "Wraps round what goes beyond -1 and 1, at twice the rate.", "sine 110 # wavewrap 2", drive_params, wrap, prepare_driven),
  SHAPER_ROW("hardclip", "", "Cuts off what goes beyond -1 and 1, at twice the rate.", "sine 110 # hardclip 4", drive_params, hardclip, prepare_driven),
  SHAPER_ROW("softclip", "", "Clips with a cubic knee, at twice the rate.", "saw 55 # softclip 3", drive_params, softclip, prepare_driven),
  SHAPER_ROW("waveshape", "", "Shapes by a curve of your own, at twice the rate.", "sine 110 # waveshape \"-1:-1 -0.3:0.4 0.3:-0.4 1:1\"", waveshape_params, waveshape,
             prepare_waveshape),
  SHAPER_ROW("rectify", "", "The absolute value: an octave up, with an edge and an offset (of a sine 0.64 of its peak).", "sine 110 # rectify", rectify_params, rectify,
             prepare_rectify),
  PH_ROW("bitcrush", "crush", "shape", "Fewer bits, and with a rate fewer samples.", "s \"bd sn\" # bitcrush 4", bitcrush_params,
    .process = bitcrush, .state_floats = 2, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("coarse", "", "shape", "Holds every n-th sample: a lower sample rate.", "s \"hh*4\" # coarse 8", coarse_params,
    .process = coarse, .state_floats = 2, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("decimate", "decimator", "shape", "A lower sample rate with softened steps.", "saw 110 # decimate 6 0.5", decimate_params,
    .process = decimate, .state_floats = 3, .flags = PH_UNIT_PROCESSOR),
};

PH_EXPORT_TABLE(shape);
