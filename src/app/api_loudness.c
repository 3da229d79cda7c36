/* The public interface: loudness.  SPDX-License-Identifier: MIT */
#include "app/api.h"
#include "io/io.h"

#define LEAST_SAMPLE_RATE 8000.0
#define MOST_SAMPLE_RATE 384000.0

/* A PhononLoudness is a PhLoudness by another name. */
static PhLoudness *meter_of(PhononLoudness *loudness) { return (PhLoudness *)(void *)loudness; }

PhononStatus phonon_loudness_new(double sample_rate, uint32_t channels, PhononLoudness **out)
{
  *out = NULL;
  if (!(sample_rate >= LEAST_SAMPLE_RATE && sample_rate <= MOST_SAMPLE_RATE) || channels < 1 || channels > 2) {
    return PHONON_ARG;
  }
  PhLoudness *loudness = NULL;
  const PhStatus status = ph_loudness_new(sample_rate, channels, &loudness);
  *out = (PhononLoudness *)(void *)loudness;
  return (PhononStatus)status;
}

void phonon_loudness_free(PhononLoudness *loudness) { ph_loudness_free(meter_of(loudness)); }

PhononStatus phonon_loudness_add(PhononLoudness *loudness, const float *frames, size_t count)
{
  return (PhononStatus)ph_loudness_add(meter_of(loudness), frames, count);
}

void phonon_loudness_figures(const PhononLoudness *loudness, PhononLoudnessFigures *out)
{
  const PhLoudnessFigures figures = ph_loudness_figures((const PhLoudness *)(const void *)loudness);
  *out = (PhononLoudnessFigures){ .integrated_lufs = figures.integrated_lufs,
                                  .range_lu = figures.range_lu,
                                  .true_peak_dbtp = figures.true_peak_dbtp,
                                  .peak_dbfs = figures.peak_dbfs };
}
