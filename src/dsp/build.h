/* One build of the kernels, for one width of vectors.  SPDX-License-Identifier: MIT */
#ifndef PH_DSP_BUILD_H
#define PH_DSP_BUILD_H

#include "dsp/dsp.h"

/* The rows of a file. */
typedef struct PhUnitTable {
  const PhUnit *units;
  size_t count;
} PhUnitTable;

typedef void PhFold(const float *bank, const float *gain_left, const float *gain_right, uint32_t frames,
                    uint32_t voice_lanes, float *out);

typedef void PhShape(const PhLaneShape *shape, uint32_t frames, float *bank);

typedef void PhCurveKernel(const PhCurve *curve, int32_t age, uint32_t frames, float *levels);

typedef struct PhUnitBuild {
  const char *name;
  uint32_t width;
  const PhUnitTable *const *tables; /* in the order of families.def */
  size_t table_count;
  PhFold *fold;
  PhShape *shape;
  PhCurveKernel *curve;
  const PhSamplerKernels *sampler;
} PhUnitBuild;

#endif
