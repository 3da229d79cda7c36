/* All rows and engine kernels of one width.  SPDX-License-Identifier: MIT */
#include "dsp/kernel.h"

#define PH_TEXT_(x) #x
#define PH_TEXT(x) PH_TEXT_(x)

#define PH_FAMILY(name) extern const PhUnitTable PH_ISA_NAME(ph_table_##name);
#include "dsp/families.def"
#undef PH_FAMILY

extern PhFold PH_ISA_NAME(ph_fold);
extern PhShape PH_ISA_NAME(ph_shape);
extern PhCurveKernel PH_ISA_NAME(ph_curve);
extern const PhSamplerKernels PH_ISA_NAME(ph_sampler);
extern const PhUnitBuild PH_ISA_NAME(ph_unit_build);

static const PhUnitTable *const tables[] = {
#define PH_FAMILY(name) &PH_ISA_NAME(ph_table_##name),
#include "dsp/families.def"
#undef PH_FAMILY
};

const PhUnitBuild PH_ISA_NAME(ph_unit_build) = { PH_TEXT(PH_ISA),         PH_W,
                                                 tables,                  PH_COUNT(tables),
                                                 PH_ISA_NAME(ph_fold),    PH_ISA_NAME(ph_shape),
                                                 PH_ISA_NAME(ph_curve),   &PH_ISA_NAME(ph_sampler) };
