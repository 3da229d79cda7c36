/* Delay lines over lanes. What was written `back` frames ago stands at (age - back) in a ring of line_frames; each lane has its
   own age, so a line needs no clearing when a voice starts: what is older than the lane reads as zero. On a bus, where
   all lanes agree, taps are vector loads.  Everything [realtime].  SPDX-License-Identifier: MIT */
#ifndef PH_DSP_LINE_H
#define PH_DSP_LINE_H

#include "dsp/table.h"

/* One line (a unit may have several, one after another in its line memory) seen by one group of lanes. */
typedef struct PhLine {
  float *base;     /* of the group: line + group */
  uint32_t mask;   /* frames - 1 */
  uint32_t lanes;
} PhLine;

PH_INLINE PhLine ph_line(float *memory, uint32_t frames, uint32_t lanes, uint32_t group)
{
  return (PhLine){ memory + group, frames - 1, lanes };
}

PH_INLINE bool ph_uniform(PhVu x) { return !ph_any((PhVi)(x != ph_splat_u(x[0]))); }

/* One frame of the line, and the frames of each lane. Of a bus, lanes 0 and 1 stand for all: it is left, right, left, right, and
   its lanes are of one age. In a bank lanes may agree, as on a packed bus, or be voices of any age. */
PH_INLINE PhV ph_line_frame(const PhLine *line, uint32_t index) { return ph_load(line->base + (size_t)(index & line->mask) * line->lanes); }

PH_INLINE PhV ph_line_frames(const PhLine *line, PhVu index)
{
#if PH_W == 4
  if (line->lanes == PH_LANES_BUS) {
    const PhV left = ph_line_frame(line, index[0]);
    return index[0] == index[1] ? left : ph_select(ph_right_mask(), ph_line_frame(line, index[1]), left);
  }
#endif
  if (ph_uniform(index)) {
    return ph_line_frame(line, index[0]);
  }
  return ph_gather(line->base, (PhVi)((index & line->mask) * line->lanes) + ph_lane_numbers());
}

/* What was written `back` >= 1 frames before the frame numbered `age`; 0 where the lane was not there yet. */
PH_INLINE PhV ph_tap(const PhLine *line, PhVu age, PhVu back)
{
  return ph_keep((PhVi)(back <= age), ph_line_frames(line, age - back));
}

/* As ph_tap with a length for left lanes and one for right lanes. */
PH_INLINE PhV ph_tap_pair(const PhLine *line, PhVu age, uint32_t left, uint32_t right)
{
#if PH_W == 4
  if (line->lanes == PH_LANES_BUS) {
    return ph_tap(line, age, ph_select_u(ph_right_mask(), ph_splat_u(right), ph_splat_u(left)));
  }
#endif
  return ph_select(ph_right_mask(), ph_tap(line, age, ph_splat_u(right)), ph_tap(line, age, ph_splat_u(left)));
}

PH_INLINE void ph_line_write(const PhLine *line, PhVu age, PhV x)
{
  if ((PH_W == PH_LANES_BUS && line->lanes == PH_LANES_BUS) || ph_uniform(age)) {
    ph_store(line->base + (size_t)(age[0] & line->mask) * line->lanes, x);
    return;
  }
  for (uint32_t l = 0; l < PH_W; l++) {
    line->base[(size_t)(age[l] & line->mask) * line->lanes + l] = x[l];
  }
}

/* Lanes of one age that are all older than the longest tap: then taps are ph_line_frame and writes ph_line_put, of the age of one lane, for the
   rest of the call. */
PH_INLINE bool ph_line_even(PhVu age, uint32_t longest) { return ph_uniform(age) && age[0] >= longest; }

PH_INLINE void ph_line_put(const PhLine *line, uint32_t index, PhV x)
{
  ph_store(line->base + (size_t)(index & line->mask) * line->lanes, x);
}

/* The four frames around `index`: one younger (the same where `near` is 0), its own, two older. */
PH_INLINE void ph_line_around(const PhLine *line, PhVu index, PhVu near, PhV out[4])
{
#if PH_W == 4
  const bool bus = line->lanes == PH_LANES_BUS, one = bus ? index[0] == index[1] && near[0] == near[1] : ph_uniform(index) && ph_uniform(near);
#else
  const bool one = ph_uniform(index) && ph_uniform(near);
#endif
  if (one) {
    out[0] = ph_line_frame(line, index[0] + near[0]);
    for (uint32_t k = 0; k < 3; k++) {
      out[1 + k] = ph_line_frame(line, index[0] - k);
    }
    return;
  }
  out[0] = ph_line_frames(line, index + near);
  for (uint32_t k = 0; k < 3; k++) {
    out[1 + k] = ph_line_frames(line, index - k);
  }
}

/* Between frames: 4-point, 3rd-order Hermite (Catmull–Rom) over the taps around `frames` >= 1; a whole number of frames is
   exact. Below 2 frames the newest tap stands in for the one that is not there yet. */
PH_INLINE PhV ph_tap_fraction(const PhLine *line, PhVu age, PhV frames)
{
  const PhVi whole = ph_to_int(frames);
  const PhV t = frames - ph_to_float(whole);
  const PhVu i = (PhVu)whole;
  if (!ph_any(t > 0.0f)) {
    return ph_tap(line, age, i);
  }
  const PhVu near = (PhVu)((whole > 1) & 1);
  PhV tap[4];
  ph_line_around(line, age - i, near, tap);
  if (ph_any((PhVi)(i + 2 > age))) { /* the lane began less than that ago */
    tap[0] = ph_keep((PhVi)(i - near <= age), tap[0]);
    for (uint32_t k = 0; k < 3; k++) {
      tap[1 + k] = ph_keep((PhVi)(i + k <= age), tap[1 + k]);
    }
  }
  return ph_select(t > 0.0f, ph_hermite(tap[0], tap[1], tap[2], tap[3], t), tap[1]);
}

/* Between frames >= 2 without a loss at any frequency, for lengths that move inside of a loop: a first-order all-pass over two taps (Dattorro 1997).
   What it gave a frame ago is the caller's to keep. Treble is off by a part of a frame in time; a whole number of frames is exact. */
PH_INLINE PhV ph_tap_allpass(const PhLine *line, PhVu age, PhV frames, PhV *past)
{
  const PhVi whole = ph_to_int(frames - 0.5f);
  const PhV rest = frames - ph_to_float(whole); /* 0.5 to 1.5 */
  const PhV young = ph_tap(line, age, (PhVu)whole), old = ph_tap(line, age, (PhVu)whole + 1);
  *past = ph_flush(old + (1.0f - rest) / (1.0f + rest) * (young - *past));
  return *past;
}

PH_INLINE uint32_t ph_pow2_above(double frames)
{
  uint32_t n = 1;
  while ((double)n < frames && n < 1u << 30) {
    n *= 2;
  }
  return n;
}

PH_INLINE PhV ph_in(const PhIo *io, uint32_t input, uint32_t frame, uint32_t group)
{
  return ph_load(io->in[input] + (size_t)frame * io->step[input] + group);
}
PH_INLINE void ph_out(const PhIo *io, uint32_t frame, uint32_t group, PhV y)
{
  ph_store(io->out + (size_t)frame * io->lanes + group, y);
}

#endif
