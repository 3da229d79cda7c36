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

/* ---- a voice that plays a sample: vectors along time ---- */

#define ONE_FRAME ((int64_t)1 << 32)
#define FAR_FRAMES 0x3FFFFFFF

PH_INLINE int32_t near_frames(uint64_t frames) { return frames > FAR_FRAMES ? FAR_FRAMES : (int32_t)frames; }
PH_INLINE PhV unit(PhV x) { return ph_clamp(x, 0.0f, 1.0f); }

/* The envelope at ages age … age + PH_W - 1: a closed form of each age. */
typedef struct Shape {
  PhV attack_slope, decay_slope, top, drop, release_slope, cut_slope, attack;
  PhVi gate, cut, end;
  bool has_attack;
} Shape;

static Shape shape_of(const PhSampleVoice *v)
{
  Shape s;
  s.has_attack = v->attack >= 1.0f;
  s.attack = ph_splat(s.has_attack ? v->attack : 0.0f);
  s.attack_slope = ph_splat(s.has_attack ? 1.0f / v->attack : 0.0f);
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
  const PhV up = s->has_attack ? unit(held * s->attack_slope) : ph_splat(1.0f);
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

/* The four points round each of PH_W positions, and how far beyond the second each is. */
typedef struct Points {
  float a[PH_W], b[PH_W], c[PH_W], d[PH_W];
} Points;

/* 4-point, 3rd-order Hermite (Catmull–Rom). */
PH_INLINE PhV hermite(const Points *p, PhV t)
{
  const PhV a = ph_load(p->a), b = ph_load(p->b), c = ph_load(p->c), d = ph_load(p->d);
  const PhV c1 = 0.5f * (c - a);
  const PhV c2 = (a - 2.5f * b) + (2.0f * c - 0.5f * d);
  const PhV c3 = 0.5f * (d - a) + 1.5f * (b - c);
  return ((c3 * t + c2) * t + c1) * t + b;
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

static void read_points(const PhSampleVoice *v, uint64_t k, bool inside, Points *left, Points *right, float *t, PhVi *live)
{
  const bool stereo = v->left != v->right;
  for (uint32_t i = 0; i < PH_W; i++) {
    const int64_t position = position_at(v, k + i);
    int64_t frame = position >> 32;
    t[i] = (float)((uint32_t)position >> 8) * (1.0f / 16777216.0f);
    (*live)[i] = -1;
    if (!inside && v->loop) {
      const int64_t at[4] = { wrapped(v, frame - 1), wrapped(v, frame), wrapped(v, frame + 1), wrapped(v, frame + 2) };
      left->a[i] = v->left[at[0]], left->b[i] = v->left[at[1]], left->c[i] = v->left[at[2]], left->d[i] = v->left[at[3]];
      right->a[i] = v->right[at[0]], right->b[i] = v->right[at[1]], right->c[i] = v->right[at[2]], right->d[i] = v->right[at[3]];
      continue;
    }
    if (!inside && (frame < v->first || frame >= v->last)) {
      (*live)[i] = 0;
      frame = v->first;
    }
    const float *l = v->left + frame;
    left->a[i] = l[-1], left->b[i] = l[0], left->c[i] = l[1], left->d[i] = l[2];
    if (stereo) {
      const float *r = v->right + frame;
      right->a[i] = r[-1], right->b[i] = r[0], right->c[i] = r[1], right->d[i] = r[2];
    }
  }
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
  const PhV gain_left = ph_splat(v.gain_left), gain_right = ph_splat(v.gain_right);
  for (uint32_t f = 0; f < frames; f += PH_W) {
    const uint32_t count = frames - f < PH_W ? frames - f : PH_W;
    const bool inside = is_inside(&v, f);
    PhV l, r;
    PhVi live = ph_splat_i(-1);
    if (unity && inside) {
      const int64_t at = (v.position >> 32) + f;
      l = ph_load(v.left + at);
      r = stereo ? ph_load(v.right + at) : l;
    } else {
      Points left, right;
      float t[PH_W];
      read_points(&v, f, inside, &left, &right, t, &live);
      const PhV x = ph_load(t);
      l = ph_keep(live, hermite(&left, x));
      r = stereo ? ph_keep(live, hermite(&right, x)) : l;
    }
    if (!flat) {
      const PhV level = shape_level(&shape, ph_splat_i(near_frames(v.age) + (int32_t)f) + ph_lane_numbers());
      l *= level;
      r *= level;
    }
    add_frames(out + (size_t)f * PH_LANES_BUS, l * gain_left, r * gain_right, count);
  }
  voice->position = position_at(&v, frames);
  voice->increment = (int64_t)((uint64_t)v.increment + (uint64_t)v.increment_slope * frames);
  voice->age = v.age + frames;
}

extern const PhSamplerKernels PH_ISA_NAME(ph_sampler);
const PhSamplerKernels PH_ISA_NAME(ph_sampler) = { sample_add };
