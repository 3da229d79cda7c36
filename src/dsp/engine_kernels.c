/* Kernels of the engine that are not units: the fold of a bank, and the voice that plays a sample.
   SPDX-License-Identifier: MIT */
#include "dsp/build.h"
#include "dsp/kernel.h"

/* ---- the fold: x[j] + x[j+8], then + 4, + 2, + 1, the same tree at every width ---- */

/* Lanes 0-3 after the first two steps of the tree. */
PH_INLINE PhF4 fold_to_four(const PhV *v)
{
#if PH_W == 4
  return (v[0] + v[2]) + (v[1] + v[3]);
#elif PH_W == 8
  const PhV h = v[0] + v[1];
  return __builtin_shufflevector(h, h, 0, 1, 2, 3) + __builtin_shufflevector(h, h, 4, 5, 6, 7);
#else
  typedef float F8 __attribute__((vector_size(32)));
  const F8 h = __builtin_shufflevector(v[0], v[0], 0, 1, 2, 3, 4, 5, 6, 7) + __builtin_shufflevector(v[0], v[0], 8, 9, 10, 11, 12, 13, 14, 15);
  return __builtin_shufflevector(h, h, 0, 1, 2, 3) + __builtin_shufflevector(h, h, 4, 5, 6, 7);
#endif
}

enum { GROUPS = PH_LANES_BANK / PH_W };

extern PhFold PH_ISA_NAME(ph_fold);
/* Left is the sum of lane times gain_left, right of lane times gain_right. Of stereo voices (voice_lanes 2) the even lanes are
   heard on the left only and the odd ones on the right only. */
void PH_ISA_NAME(ph_fold)(const float *bank, const float *gain_left, const float *gain_right, uint32_t frames,
                          uint32_t voice_lanes, float *out)
{
  PhV left[GROUPS], right[GROUPS];
  for (uint32_t i = 0; i < GROUPS; i++) {
    left[i] = ph_load(gain_left + i * PH_W);
    right[i] = ph_load(gain_right + i * PH_W);
    if (voice_lanes == 2) {
      left[i] = ph_keep(~ph_right_mask(), left[i]);
      right[i] = ph_keep(ph_right_mask(), right[i]);
    }
  }
  for (uint32_t f = 0; f < frames; f++, bank += PH_LANES_BANK, out += PH_LANES_BUS) {
    PhV l[GROUPS], r[GROUPS];
    for (uint32_t i = 0; i < GROUPS; i++) {
      const PhV x = ph_load(bank + i * PH_W);
      l[i] = x * left[i];
      r[i] = x * right[i];
    }
    const PhF4 l4 = fold_to_four(l), r4 = fold_to_four(r);
    const PhF4 t = __builtin_shufflevector(l4, r4, 0, 1, 4, 5) + __builtin_shufflevector(l4, r4, 2, 3, 6, 7);
    ph_store4(out, __builtin_shufflevector(t, t, 0, 2, 0, 2) + __builtin_shufflevector(t, t, 1, 3, 1, 3));
  }
}

/* ---- the envelopes of a bank: vectors along lanes ---- */

PH_INLINE PhV unit(PhV x) { return ph_clamp(x, 0.0f, 1.0f); }
/* Exactly 1 from the attack's end on: there, whether the attack is looked at at all must make no difference. */
PH_INLINE PhV rise(PhV held, PhV attack, PhV slope) { return ph_select(held >= attack, ph_splat(1.0f), unit(held * slope)); }
PH_INLINE PhVi load_i(const int32_t *p) { return (PhVi)ph_load_u((const uint32_t *)p); }

extern PhShape PH_ISA_NAME(ph_shape);
void PH_ISA_NAME(ph_shape)(const PhLaneShape *shape, uint32_t frames, float *bank)
{
  for (uint32_t lane = 0; lane < PH_LANES_BANK; lane += PH_W) {
    const PhVi age0 = load_i(shape->age + lane), gate = load_i(shape->gate + lane), cut = load_i(shape->cut + lane);
    const PhVi live = load_i(shape->live + lane);
    const PhV up_slope = ph_load(shape->up_slope + lane), attack = ph_load(shape->attack + lane);
    const PhV top = ph_load(shape->top + lane), drop = ph_load(shape->drop + lane), down_slope = ph_load(shape->down_slope + lane);
    const PhV release_slope = ph_load(shape->release_slope + lane), cut_slope = ph_load(shape->cut_slope + lane);
    float *wire = bank + lane;
    for (uint32_t f = 0; f < frames; f++, wire += PH_LANES_BANK) {
      const PhVi age = age0 + (int32_t)f;
      PhV level = unit(1.0f - ph_to_float(age - gate) * release_slope);
      if (shape->stages & PH_SHAPE_RISES) {
        const PhV held = ph_to_float(ph_select_i(age < gate, age, gate));
        const PhV down = top - drop * unit((held - attack) * down_slope);
        level = rise(held, attack, up_slope) * down * level;
      }
      if (shape->stages & PH_SHAPE_CUT) {
        level *= unit(1.0f - ph_to_float(age - cut) * cut_slope);
      }
      ph_store(wire, ph_load(wire) * ph_keep(live > (int32_t)f, level));
    }
  }
}

/* ---- envelopes of any shape: vectors along time ---- */

/* The levels at PH_W ages, the first of which is `first`. Only segments that one of them may be in are looked at. */
PH_INLINE PhV curve_levels(const PhCurve *c, int32_t first)
{
  const PhVi age = ph_splat_i(first) + ph_lane_numbers();
  PhV y = ph_splat(first < 0 ? c->level[0] : c->level[c->count]);
  for (uint32_t i = 0; i < c->count; i++) {
    if (c->start[i] > first + PH_W - 1 || c->start[i + 1] <= first) {
      continue;
    }
    const PhV t = ph_to_float(age - c->start[i]) * c->inverse[i];
    const PhV x = c->straight ? t : (1.0f - ph_exp(c->bend * t)) * c->scale;
    const PhV level = c->level[i] + (c->level[i + 1] - c->level[i]) * x;
    y = ph_select((age >= c->start[i]) & (age < c->start[i + 1]), level, y);
  }
  const PhV last = ph_splat(c->level[c->count]);
  return ph_select(age >= c->start[c->count], last, y);
}

extern PhCurveKernel PH_ISA_NAME(ph_curve);
void PH_ISA_NAME(ph_curve)(const PhCurve *curve, int32_t age, uint32_t frames, float *levels)
{
  for (uint32_t f = 0; f < frames; f += PH_W) {
    ph_store(levels + f, curve_levels(curve, age + (int32_t)f));
  }
}

/* ---- a voice that plays a sample: vectors along time ---- */

#define ONE_FRAME ((int64_t)1 << 32)
#define FAR_FRAMES 0x3FFFFFFF

PH_INLINE int32_t near_frames(uint64_t frames) { return frames > FAR_FRAMES ? FAR_FRAMES : (int32_t)frames; }
/* The envelope at ages age … age + PH_W - 1: a closed form of each age. A stage that is at level 1 all the time is left out:
   multiplying by 1 would change nothing. */
typedef struct Shape {
  bool rises, cuts;
  PhV attack_slope, decay_slope, top, drop, release_slope, cut_slope, attack;
  PhVi gate, cut, end;
} Shape;

/* For the next `frames` frames. */
PH_INLINE Shape shape_of(const PhSampleVoice *v, uint32_t frames)
{
  Shape s;
  s.rises = (float)v->age < v->attack || (float)v->gate < v->attack || v->sustain != 1.0f;
  s.cuts = v->age + frames > v->cut_at;
  s.attack = ph_splat(v->attack >= 1.0f ? v->attack : 0.0f);
  s.attack_slope = ph_splat(v->attack >= 1.0f ? 1.0f / v->attack : 0.0f);
  s.decay_slope = ph_splat(v->decay >= 1.0f ? 1.0f / v->decay : 0.0f);
  s.top = ph_splat(v->decay >= 1.0f ? 1.0f : v->sustain);
  s.drop = ph_splat(v->decay >= 1.0f ? 1.0f - v->sustain : 0.0f);
  s.release_slope = ph_splat(1.0f / (v->release >= 1.0f ? v->release : 1.0f));
  s.cut_slope = ph_splat(1.0f / (float)(v->cut_frames ? v->cut_frames : 1));
  s.gate = ph_splat_i(near_frames(v->gate));
  s.cut = ph_splat_i(near_frames(v->cut_at));
  s.end = ph_splat_i(near_frames(v->length));
  return s;
}

PH_INLINE PhV shape_level(const Shape *s, PhVi age)
{
  PhV level = unit(1.0f - ph_to_float(age - s->gate) * s->release_slope);
  if (s->rises) {
    const PhV held = ph_to_float(ph_select_i(age < s->gate, age, s->gate));
    const PhV down = s->top - s->drop * unit((held - s->attack) * s->decay_slope);
    level = rise(held, s->attack, s->attack_slope) * down * level;
  }
  if (s->cuts) {
    level *= unit(1.0f - ph_to_float(age - s->cut) * s->cut_slope);
  }
  return ph_keep(age < s->end, level);
}

/* Level 1 for all ages in [from, to). */
static bool is_flat(const PhSampleVoice *v, uint64_t from, uint64_t to)
{
  return (float)from >= v->attack && v->sustain == 1.0f && to <= v->gate && to <= v->cut_at && to <= v->length;
}

PH_INLINE PhV join(const PhF4 *v)
{
#if PH_W == 4
  return v[0];
#elif PH_W == 8
  return __builtin_shufflevector(v[0], v[1], 0, 1, 2, 3, 4, 5, 6, 7);
#else
  typedef float F8 __attribute__((vector_size(32)));
  const F8 low = __builtin_shufflevector(v[0], v[1], 0, 1, 2, 3, 4, 5, 6, 7);
  const F8 high = __builtin_shufflevector(v[2], v[3], 0, 1, 2, 3, 4, 5, 6, 7);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#endif
}

/* The four points round each of PH_W positions. */
typedef struct Points {
  PhV a, b, c, d;
} Points;

/* 4-point, 3rd-order Hermite (Catmull–Rom); t is how far a position is beyond its second point. At t = 1 it is the third point. */
PH_INLINE PhV hermite(const Points *p, PhV t)
{
  const PhV up = p->c - p->b;
  const PhV c1 = 0.5f * (p->c - p->a);
  const PhV c3 = 0.5f * (p->d - p->a) - 1.5f * up;
  const PhV c2 = (up - c1) - c3;
  return ((c3 * t + c2) * t + c1) * t + p->b;
}

/* Where frame number k from now stands. Whole numbers, so it does not matter how time is cut. */
PH_INLINE int64_t position_at(const PhSampleVoice *v, uint64_t k)
{
  const uint64_t bend = (uint64_t)v->increment_slope * (k * (k - 1) / 2);
  return (int64_t)((uint64_t)v->position + (uint64_t)v->increment * k + bend);
}

PH_INLINE int64_t wrapped(const PhSampleVoice *v, int64_t frame)
{
  const int64_t length = v->last - v->first;
  const int64_t at = (frame - v->first) % length;
  return v->first + (at < 0 ? at + length : at);
}

/* Frames near an end, in a loop or on a bend: one by one. */
static PhV read_slowly(const PhSampleVoice *v, const float *data, uint64_t k)
{
  float a[PH_W], b[PH_W], c[PH_W], d[PH_W], t[PH_W];
  PhVi live = ph_splat_i(-1);
  for (uint32_t i = 0; i < PH_W; i++) {
    const int64_t position = position_at(v, k + i);
    int64_t frame = position >> 32;
    t[i] = (float)((uint32_t)position >> 8) * (1.0f / 16777216.0f);
    if (v->loop) {
      a[i] = data[wrapped(v, frame - 1)], b[i] = data[wrapped(v, frame)];
      c[i] = data[wrapped(v, frame + 1)], d[i] = data[wrapped(v, frame + 2)];
      continue;
    }
    if (frame < v->first || frame >= v->last) {
      live[i] = 0;
      frame = v->first;
    }
    a[i] = data[frame - 1], b[i] = data[frame], c[i] = data[frame + 1], d[i] = data[frame + 2];
  }
  const Points points = { ph_load(a), ph_load(b), ph_load(c), ph_load(d) };
  return ph_keep(live, hermite(&points, ph_load(t)));
}

/* A voice of one speed: where its next PH_W frames stand, relative to the first of them. */
typedef struct Stride {
  PhVi whole;          /* of lane * increment */
  PhVu part;
  int32_t least;       /* smallest of whole */
  bool near;           /* all points lie within 2 * PH_W frames */
} Stride;

PH_INLINE Stride stride_of(const PhSampleVoice *v)
{
  const PhVu lane = (PhVu)ph_lane_numbers();
  const uint32_t part = (uint32_t)v->increment, whole = (uint32_t)((uint64_t)v->increment >> 32);
  const PhVu carry = (lane * (part >> 16) + (lane * (part & 0xFFFF) >> 16)) >> 16;
  const int64_t last = (int64_t)((uint64_t)v->increment * (PH_W - 1)) >> 32;
  return (Stride){ .whole = (PhVi)(lane * whole + carry),
                   .part = lane * part,
                   .least = last < 0 ? (int32_t)last : 0,
                   .near = (last < 0 ? -last : last) + 5 <= 2 * PH_W };
}

/* How far each position is beyond its frame, and in *index the frame itself, from the first one on. */
PH_INLINE PhV place(const Stride *s, int64_t position, PhVi *index)
{
  const PhVu part = s->part + (uint32_t)position;
  *index = s->whole - (PhVi)(part < s->part); /* a carry is -1 */
  return ph_to_float((PhVi)(part >> 8)) * (1.0f / 16777216.0f);
}

#if PH_W == 16
/* Two loads and four permutations. */
PH_INLINE Points points_near(const float *data, PhVi index)
{
  const __m512 low = (__m512)ph_load(data), high = (__m512)ph_load(data + PH_W);
  const PhVi one = ph_splat_i(1);
  Points p;
  p.a = (PhV)_mm512_permutex2var_ps(low, (__m512i)index, high);
  index += one;
  p.b = (PhV)_mm512_permutex2var_ps(low, (__m512i)index, high);
  index += one;
  p.c = (PhV)_mm512_permutex2var_ps(low, (__m512i)index, high);
  index += one;
  p.d = (PhV)_mm512_permutex2var_ps(low, (__m512i)index, high);
  return p;
}
#endif

/* The points of a position stand side by side: one load each, and a transposition by fours. */
PH_INLINE Points points_far(const float *data, PhVi index)
{
  PhF4 a[PH_W / 4], b[PH_W / 4], c[PH_W / 4], d[PH_W / 4];
  for (uint32_t g = 0; g < PH_W / 4; g++) {
    const PhF4 r0 = ph_load4(data + index[4 * g]), r1 = ph_load4(data + index[4 * g + 1]);
    const PhF4 r2 = ph_load4(data + index[4 * g + 2]), r3 = ph_load4(data + index[4 * g + 3]);
    const PhF4 ab0 = __builtin_shufflevector(r0, r1, 0, 4, 1, 5), ab1 = __builtin_shufflevector(r2, r3, 0, 4, 1, 5);
    const PhF4 cd0 = __builtin_shufflevector(r0, r1, 2, 6, 3, 7), cd1 = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
    a[g] = __builtin_shufflevector(ab0, ab1, 0, 1, 4, 5);
    b[g] = __builtin_shufflevector(ab0, ab1, 2, 3, 6, 7);
    c[g] = __builtin_shufflevector(cd0, cd1, 0, 1, 4, 5);
    d[g] = __builtin_shufflevector(cd0, cd1, 2, 3, 6, 7);
  }
  return (Points){ join(a), join(b), join(c), join(d) };
}

/* Frames that all lie inside, at one speed. */
PH_INLINE PhV read_inside(const PhSampleVoice *v, const Stride *stride, const float *data, uint64_t k)
{
  const int64_t position = position_at(v, k);
  PhVi index;
  const PhV t = place(stride, position, &index);
  const float *first = data + (position >> 32) - 1;
#if PH_W == 16
  if (stride->near && (position >> 32) + stride->least - 1 + 2 * PH_W <= v->last) {
    const Points near = points_near(first + stride->least, index - stride->least);
    return hermite(&near, t);
  }
#endif
  const Points far = points_far(first, index);
  return hermite(&far, t);
}

/* Are frames k … k + PH_W - 1 all where they may be read, taps of a loop included? Positions are monotonic while the
   increment keeps its sign; where it bends, each is looked at. */
PH_INLINE bool is_inside(const PhSampleVoice *v, uint64_t k)
{
  if (v->increment_slope != 0) {
    return false;
  }
  const int64_t a = position_at(v, k) >> 32, b = position_at(v, k + PH_W - 1) >> 32;
  const int64_t low = a < b ? a : b, high = a < b ? b : a;
  return v->loop ? low - 1 >= v->first && high + 2 < v->last : low >= v->first && high < v->last;
}

PH_INLINE bool is_unity(const PhSampleVoice *v)
{
  return v->increment == ONE_FRAME && v->increment_slope == 0 && (uint32_t)v->position == 0;
}

/* Frames k … k + PH_W - 1, wherever they stand. */
PH_INLINE PhV read_any(const PhSampleVoice *v, const Stride *stride, const float *data, uint32_t k, bool inside)
{
  if (!inside) {
    return read_slowly(v, data, k);
  }
  return is_unity(v) ? ph_load(data + (v->position >> 32) + k) : read_inside(v, stride, data, k);
}

/* What a call does with its frames. */
typedef struct Play {
  const PhSampleVoice *voice;
  Stride stride;
  Shape shape;
  bool flat;
  float *left, *right;
} Play;

/* Adds frames f … f + PH_W - 1, of which `count` are wanted, to both sides. */
PH_INLINE void add_frames(const Play *p, uint32_t f, uint32_t count, PhV l, PhV r)
{
  const PhSampleVoice *v = p->voice;
  PhV left = ph_splat(v->gain_left), right = ph_splat(v->gain_right);
  if (!p->flat) {
    const PhV level = shape_level(&p->shape, ph_splat_i(near_frames(v->age) + (int32_t)f) + ph_lane_numbers());
    l *= level;
    r *= level;
  }
  if (v->curve) {
    const PhV level = curve_levels(v->curve, near_frames(v->age) + (int32_t)f);
    l *= level;
    r *= level;
  }
  left *= l;
  right *= r;
  if (count < PH_W) {
    const PhVi wanted = ph_lane_numbers() < (int32_t)count;
    left = ph_keep(wanted, left);
    right = ph_keep(wanted, right);
  }
  ph_store(p->left + f, ph_load(p->left + f) + left);
  ph_store(p->right + f, ph_load(p->right + f) + right);
}

#if PH_W == 16
/* All frames of a call by permutations, if they lie where that is possible; false if they do not. */
PH_INLINE bool add_near(const Play *p, uint32_t frames, bool stereo)
{
  const PhSampleVoice *v = p->voice;
  const uint32_t rounded = (frames + PH_W - 1) & ~(uint32_t)(PH_W - 1);
  const int64_t last = position_at(v, rounded - PH_W) >> 32,
                highest = last > v->position >> 32 ? last : v->position >> 32;
  if (!p->stride.near || !is_inside(v, 0) || !is_inside(v, rounded - PH_W) ||
      highest + p->stride.least - 1 + 2 * PH_W > v->last) {
    return false;
  }
  int64_t position = v->position;
  for (uint32_t f = 0; f < frames; f += PH_W) {
    PhVi index;
    const PhV t = place(&p->stride, position, &index);
    const int64_t first = (position >> 32) - 1 + p->stride.least;
    index -= p->stride.least;
    const Points left = points_near(v->left + first, index);
    const PhV l = hermite(&left, t);
    PhV r = l;
    if (stereo) {
      const Points right = points_near(v->right + first, index);
      r = hermite(&right, t);
    }
    add_frames(p, f, frames - f < PH_W ? frames - f : PH_W, l, r);
    position += PH_W * v->increment;
  }
  return true;
}
#else
PH_INLINE bool add_near(const Play *p, uint32_t frames, bool stereo)
{
  (void)p, (void)frames, (void)stereo;
  return false;
}
#endif

static void sample_add(PhSampleVoice *voice, float *left, float *right, uint32_t frames)
{
  const PhSampleVoice v = *voice;
  const bool stereo = v.left != v.right;
  const bool flat = is_flat(&v, v.age, v.age + frames);
  const Play play = { &v, stride_of(&v), flat ? (Shape){ 0 } : shape_of(&v, frames), flat, left, right };
  if (!(stereo ? add_near(&play, frames, true) : add_near(&play, frames, false))) {
    for (uint32_t f = 0; f < frames; f += PH_W) {
      const bool inside = is_inside(&v, f);
      const PhV l = read_any(&v, &play.stride, v.left, f, inside);
      const PhV r = stereo ? read_any(&v, &play.stride, v.right, f, inside) : l;
      add_frames(&play, f, frames - f < PH_W ? frames - f : PH_W, l, r);
    }
  }
  voice->position = position_at(&v, frames);
  if (v.loop) { /* home again, so that the next frames are read fast */
    const int64_t frame = voice->position >> 32;
    voice->position -= (frame - wrapped(&v, frame)) * ONE_FRAME;
  }
  voice->increment = (int64_t)((uint64_t)v.increment + (uint64_t)v.increment_slope * frames);
  voice->age = v.age + frames;
}

extern const PhSamplerKernels PH_ISA_NAME(ph_sampler);
const PhSamplerKernels PH_ISA_NAME(ph_sampler) = { sample_add };
