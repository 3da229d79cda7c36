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
/* The envelope at ages age … age + PH_W - 1: a closed form of each age. */
typedef struct Shape {
  PhV attack_slope, decay_slope, top, drop, release_slope, cut_slope, attack;
  PhVi gate, cut, end;
} Shape;

static Shape shape_of(const PhSampleVoice *v)
{
  Shape s;
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

static PhV shape_level(const Shape *s, PhVi age)
{
  const PhV held = ph_to_float(ph_select_i(age < s->gate, age, s->gate));
  const PhV up = rise(held, s->attack, s->attack_slope);
  const PhV down = s->top - s->drop * unit((held - s->attack) * s->decay_slope);
  const PhV release = unit(1.0f - ph_to_float(age - s->gate) * s->release_slope);
  const PhV cut = unit(1.0f - ph_to_float(age - s->cut) * s->cut_slope);
  return ph_keep(age < s->end, up * down * release * cut);
}

/* Level 1 for all ages in [from, to). */
static bool is_flat(const PhSampleVoice *v, uint64_t from, uint64_t to)
{
  return (float)from >= v->attack && v->sustain == 1.0f && to <= v->gate && to <= v->cut_at && to <= v->length;
}

/* Adds PH_W frames (the first `count` of them) of left and right to a bus wire. */
PH_INLINE void add_frames(float *out, PhV left, PhV right, uint32_t count)
{
  float l[PH_W], r[PH_W];
  ph_store(l, left);
  ph_store(r, right);
  for (uint32_t k = 0; k + 4 <= count; k += 4, out += 4 * PH_LANES_BUS) {
    const PhF4 l4 = ph_load4(l + k), r4 = ph_load4(r + k);
    const PhF4 a = __builtin_shufflevector(l4, r4, 0, 4, 1, 5), b = __builtin_shufflevector(l4, r4, 2, 6, 3, 7);
    ph_store4(out, ph_load4(out) + __builtin_shufflevector(a, a, 0, 1, 0, 1));
    ph_store4(out + 4, ph_load4(out + 4) + __builtin_shufflevector(a, a, 2, 3, 2, 3));
    ph_store4(out + 8, ph_load4(out + 8) + __builtin_shufflevector(b, b, 0, 1, 0, 1));
    ph_store4(out + 12, ph_load4(out + 12) + __builtin_shufflevector(b, b, 2, 3, 2, 3));
  }
  for (uint32_t k = count & ~3u; k < count; k++, out += PH_LANES_BUS) {
    const PhF4 frame = { l[k], r[k], l[k], r[k] };
    ph_store4(out, ph_load4(out) + frame);
  }
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

/* 4-point, 3rd-order Hermite (Catmull–Rom); t is how far a position is beyond its second point. */
PH_INLINE PhV hermite(const Points *p, PhV t)
{
  const PhV c1 = 0.5f * (p->c - p->a);
  const PhV c2 = (p->a - 2.5f * p->b) + (2.0f * p->c - 0.5f * p->d);
  const PhV c3 = 0.5f * (p->d - p->a) + 1.5f * (p->b - p->c);
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

static Stride stride_of(const PhSampleVoice *v)
{
  Stride s = { .least = 0 };
  int64_t most = 0, least = 0;
  for (uint32_t i = 0; i < PH_W; i++) {
    const int64_t step = (int64_t)((uint64_t)v->increment * i);
    s.whole[i] = (int32_t)(step >> 32);
    s.part[i] = (uint32_t)step;
    most = step >> 32 > most ? step >> 32 : most;
    least = step >> 32 < least ? step >> 32 : least;
  }
  s.least = (int32_t)least;
  s.near = most - least + 5 <= 2 * PH_W;
  return s;
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

static void sample_add(PhSampleVoice *voice, float *out, uint32_t frames)
{
  PhSampleVoice v = *voice;
  const Shape shape = shape_of(&v);
  const bool flat = is_flat(&v, v.age, v.age + frames), unity = is_unity(&v), stereo = v.left != v.right;
  const Stride stride = stride_of(&v);
  const PhV gain_left = ph_splat(v.gain_left), gain_right = ph_splat(v.gain_right);
  for (uint32_t f = 0; f < frames; f += PH_W) {
    const uint32_t count = frames - f < PH_W ? frames - f : PH_W;
    const bool inside = is_inside(&v, f);
    PhV l, r;
    if (unity && inside) {
      const int64_t at = (v.position >> 32) + f;
      l = ph_load(v.left + at);
      r = stereo ? ph_load(v.right + at) : l;
    } else if (inside) {
      l = read_inside(&v, &stride, v.left, f);
      r = stereo ? read_inside(&v, &stride, v.right, f) : l;
    } else {
      l = read_slowly(&v, v.left, f);
      r = stereo ? read_slowly(&v, v.right, f) : l;
    }
    if (!flat) {
      const PhV level = shape_level(&shape, ph_splat_i(near_frames(v.age) + (int32_t)f) + ph_lane_numbers());
      l *= level;
      r *= level;
    }
    if (v.curve) {
      const PhV level = curve_levels(v.curve, near_frames(v.age) + (int32_t)f);
      l *= level;
      r *= level;
    }
    add_frames(out + (size_t)f * PH_LANES_BUS, l * gain_left, r * gain_right, count);
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
