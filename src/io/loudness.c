/* Loudness by EBU R 128 and ITU-R BS.1770-4, through libebur128.  SPDX-License-Identifier: MIT */
#include "io/io.h"

#include <assert.h>
#include <ebur128.h>
#include <math.h>
#include <stdlib.h>

struct PhLoudness {
  ebur128_state *state;
  uint32_t channels;
};

PhStatus ph_loudness_new(double sample_rate, uint32_t channels, PhLoudness **out)
{
  assert(channels == 1 || channels == 2);
  *out = NULL;
  PhLoudness *loudness = malloc(sizeof *loudness);
  ebur128_state *state =
      ebur128_init(channels, (unsigned long)sample_rate, EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK);
  if (!loudness || !state) {
    free(loudness);
    if (state) {
      ebur128_destroy(&state);
    }
    return PH_NOMEM;
  }
  *loudness = (PhLoudness){ state, channels };
  *out = loudness;
  return PH_OK;
}

void ph_loudness_free(PhLoudness *loudness)
{
  if (loudness) {
    ebur128_destroy(&loudness->state);
    free(loudness);
  }
}

PhStatus ph_loudness_add(PhLoudness *loudness, const float *frames, size_t count)
{
  return ebur128_add_frames_float(loudness->state, frames, count) == EBUR128_SUCCESS ? PH_OK : PH_NOMEM;
}

PhLoudnessFigures ph_loudness_figures(const PhLoudness *loudness)
{
  PhLoudnessFigures out = { .integrated_lufs = -HUGE_VAL };
  double peak = 0;
  double true_peak = 0;
  if (ebur128_loudness_global(loudness->state, &out.integrated_lufs) != EBUR128_SUCCESS) {
    out.integrated_lufs = -HUGE_VAL;
  }
  if (ebur128_loudness_range(loudness->state, &out.range_lu) != EBUR128_SUCCESS) {
    out.range_lu = 0;
  }
  for (uint32_t channel = 0; channel < loudness->channels; channel++) {
    double x = 0;
    peak = ebur128_sample_peak(loudness->state, channel, &x) == EBUR128_SUCCESS ? fmax(peak, x) : peak;
    true_peak = ebur128_true_peak(loudness->state, channel, &x) == EBUR128_SUCCESS ? fmax(true_peak, x) : true_peak;
  }
  out.peak_dbfs = 20 * log10(peak);
  out.true_peak_dbtp = 20 * log10(true_peak);
  return out;
}
