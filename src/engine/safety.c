/* The safety limiter of the master: protects ears and speakers from sums beyond full scale. It is a function of the frames alone,
   without delay, so nothing depends on blocks, and what is recorded live is what is rendered: while no frame exceeds the
   ceiling nothing is changed, bit by bit; the first that does is turned down at once, both sides alike, the gain is held, and
   comes back slowly, until nothing is changed again.  SPDX-License-Identifier: MIT */
#include <math.h>

#include "base/dmath.h"
#include "engine/internal.h"

#define HOLD_SEC 0.05
#define RELEASE_SEC 0.3
#define AT_REST 1e-4f /* 0.001 dB from full gain */

/* The greatest float that stays within 1 when it is multiplied. */
static float ceiling_of(double output_gain)
{
  float ceiling = (float)(1 / output_gain);
  while ((double)ceiling * output_gain > 1) {
    ceiling = nextafterf(ceiling, 0);
  }
  return ceiling;
}

void ph_safety_init(PhSafety *safety, double sample_rate, double output_gain)
{
  *safety = (PhSafety){ .ceiling = output_gain > 0 ? ceiling_of(output_gain) : HUGE_VALF,
                        .release = (float)(1 - ph_exp_d(-1 / (RELEASE_SEC * sample_rate))),
                        .hold_frames = (uint32_t)(HOLD_SEC * sample_rate) };
}

static void note(PhSafety *safety, int64_t frame)
{
  if (safety->frames == 0) {
    safety->first_frame = frame;
  }
  safety->frames++;
  if (safety->missing > safety->most_missing) {
    safety->most_missing = safety->missing;
    safety->most_frame = frame;
  }
}

void ph_safety_run(PhSafety *safety, int64_t frame, uint32_t frames, float *out)
{
  const float ceiling = safety->ceiling;
  for (uint32_t f = 0; f < frames; f++, out += 2) {
    const float left = fabsf(out[0]);
    const float right = fabsf(out[1]);
    const float peak = left > right ? left : right;
    if (safety->missing == 0 && peak <= ceiling) {
      continue;
    }
    if (safety->held > 0) {
      safety->held--;
    } else {
      safety->missing -= safety->missing * safety->release;
      safety->missing = safety->missing < AT_REST ? 0 : safety->missing;
    }
    if (peak * (1 - safety->missing) > ceiling) {
      safety->missing = 1 - ceiling / peak;
      safety->held = safety->hold_frames;
    }
    if (safety->missing == 0) {
      continue;
    }
    note(safety, frame + f);
    for (int side = 0; side < 2; side++) {
      const float x = out[side] * (1 - safety->missing);
      out[side] = x > ceiling ? ceiling : x < -ceiling ? -ceiling : x;
    }
  }
}
