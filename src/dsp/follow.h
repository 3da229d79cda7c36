/* What the units that follow a level share: linking of the sides, and one-pole times.  SPDX-License-Identifier: MIT */
#ifndef PH_DSP_FOLLOW_H
#define PH_DSP_FOLLOW_H

#include "dsp/line.h"

/* The louder of left and right. */
PH_INLINE PhV ph_linked(PhV x)
{
  const PhV a = ph_abs(x);
  return ph_max(a, ph_swap(a));
}

/* The share of the way that one pole goes per frame so that it has gone 1 - 1/e after `sec`. */
PH_INLINE PhV ph_one_pole(const PhIo *io, PhV sec)
{
  return 1.0f - ph_exp(-1.0f / ph_max(sec * io->sample_rate, ph_splat(0.3f)));
}

/* The share for an input in seconds, worked out once where the input is constant. */
typedef struct PhPole {
  const PhIo *io;
  uint32_t input, group;
  PhV share;
} PhPole;

PH_INLINE PhPole ph_pole(const PhIo *io, uint32_t input, uint32_t group)
{
  return (PhPole){ io, input, group, ph_one_pole(io, ph_in(io, input, 0, group)) };
}

/* Of frame f; frames in order. */
PH_INLINE PhV ph_pole_at(PhPole *pole, uint32_t f)
{
  if (f && pole->io->step[pole->input]) {
    pole->share = ph_one_pole(pole->io, ph_in(pole->io, pole->input, f, pole->group));
  }
  return pole->share;
}

#endif
