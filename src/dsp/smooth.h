/* Following a signal at a slower pace.  Everything [realtime].  SPDX-License-Identifier: MIT */
#ifndef PH_DSP_SMOOTH_H
#define PH_DSP_SMOOTH_H

#include "dsp/kernel.h"

/* The share of the way that one pole goes per frame so that e^-nepers of it is left after `sec`: 1 - e^-x as
   2t/(1 + t) with t = tanh(x/2), which does not cancel where x is small. All of the way for 0 s. */
PH_INLINE PhV ph_pace(const PhIo *io, PhV sec, float nepers)
{
  const PhV t = ph_tanh((0.5f * nepers) / ph_max(sec * io->sample_rate, ph_splat(1e-3f)));
  return (t + t) / (1.0f + t);
}

/* y moves towards x by a share of the way. What rounding takes is kept in *rest (Knuth's two-sum), or a slow pole would stand
   still a good way off. */
PH_INLINE PhV ph_approach(PhV share, PhV x, PhV *y, PhV *rest)
{
  const PhV step = share * (x - *y) + *rest, sum = *y + step, moved = sum - *y;
  *rest = ph_flush((*y - (sum - moved)) + (step - moved));
  *y = ph_flush(sum);
  return *y;
}

#endif
