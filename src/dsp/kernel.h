/* What the kernels of src/dsp share: walking groups of lanes and frames, state, rows. Included by the files that are built
   once per width; everything is static.  SPDX-License-Identifier: MIT

   The shape of a kernel:

     static void lag(const PhIo *io)
     {
       PH_GROUPS(io, g) {                           // PH_W lanes at a time
         PhCursor in = ph_cursor(io, 0, g);          // walks over the frames of input 0
         PhV y = ph_state(io, 0, g);
         PH_FRAMES(io, g, out) {
           y = ph_flush(y + (ph_next(&in) - y) * 0.5f);
           ph_store(out, y);
         }
         ph_state_set(io, 0, g, y);
       }
     }
*/
#ifndef PH_DSP_KERNEL_H
#define PH_DSP_KERNEL_H

#include "base/fmath.h"
#include "base/simd.h"
#include "dsp/build.h"

/* ph_table_osc_avx2 and the like: the only names that leave a file. */
#define PH_CAT_(a, b) a##_##b
#define PH_CAT(a, b) PH_CAT_(a, b)
#define PH_ISA_NAME(name) PH_CAT(name, PH_ISA)

#define PH_GROUPS(io, g) for (uint32_t g = 0; g < (io)->lanes; g += PH_W)
/* The step is read once: a store to the output may be a store to *io for all that the compiler knows. */
#define PH_FRAMES(io, g, out)                                                                                          \
  for (size_t out##_step = (io)->lanes, out##_once = 1; out##_once; out##_once = 0)                                    \
    for (float *out = (io)->out + (g), *out##_end = out + (size_t)(io)->frames * out##_step; out != out##_end;         \
         out += out##_step)

/* An input of a group, frame by frame. */
typedef struct PhCursor {
  const float *at;
  size_t step;
} PhCursor;

PH_INLINE PhCursor ph_cursor(const PhIo *io, uint32_t input, uint32_t group)
{
  return (PhCursor){ io->in[input] + group, io->step[input] };
}

PH_INLINE PhV ph_peek(const PhCursor *cursor) { return ph_load(cursor->at); }

PH_INLINE PhV ph_next(PhCursor *cursor)
{
  const PhV x = ph_load(cursor->at);
  cursor->at += cursor->step;
  return x;
}

/* Value `i` of the state of a group. */
PH_INLINE PhV ph_state(const PhIo *io, uint32_t i, uint32_t group)
{
  return (PhV)ph_load_u(io->state + (size_t)i * io->lanes + group);
}

PH_INLINE void ph_state_set(const PhIo *io, uint32_t i, uint32_t group, PhV x)
{
  ph_store_u(io->state + (size_t)i * io->lanes + group, (PhVu)x);
}

PH_INLINE PhVu ph_state_u(const PhIo *io, uint32_t i, uint32_t group)
{
  return ph_load_u(io->state + (size_t)i * io->lanes + group);
}

PH_INLINE void ph_state_set_u(const PhIo *io, uint32_t i, uint32_t group, PhVu x)
{
  ph_store_u(io->state + (size_t)i * io->lanes + group, x);
}

/* 0 for what left the range, which is reported. */
PH_INLINE PhV ph_guard(const PhIo *io, PhV x)
{
  if (__builtin_expect(ph_any_wild(x), 0)) {
    *io->fault = 1;
    return ph_finite(x);
  }
  return x;
}

/* A kernel that works lane by lane without state: `expr` of x, or of x and y, or of x, y and z. */
#define PH_MAP1(name, expr)                                                                                            \
  static void name(const PhIo *io)                                                                                     \
  {                                                                                                                    \
    PH_GROUPS(io, g)                                                                                                   \
    {                                                                                                                  \
      PhCursor in0 = ph_cursor(io, 0, g);                                                                              \
      PH_FRAMES(io, g, out)                                                                                            \
      {                                                                                                                \
        const PhV x = ph_next(&in0);                                                                                   \
        ph_store(out, (expr));                                                                                         \
      }                                                                                                                \
    }                                                                                                                  \
  }

#define PH_MAP2(name, expr)                                                                                            \
  static void name(const PhIo *io)                                                                                     \
  {                                                                                                                    \
    PH_GROUPS(io, g)                                                                                                   \
    {                                                                                                                  \
      PhCursor in0 = ph_cursor(io, 0, g), in1 = ph_cursor(io, 1, g);                                                   \
      PH_FRAMES(io, g, out)                                                                                            \
      {                                                                                                                \
        const PhV x = ph_next(&in0), y = ph_next(&in1);                                                                \
        ph_store(out, (expr));                                                                                         \
      }                                                                                                                \
    }                                                                                                                  \
  }

#define PH_MAP3(name, expr)                                                                                            \
  static void name(const PhIo *io)                                                                                     \
  {                                                                                                                    \
    PH_GROUPS(io, g)                                                                                                   \
    {                                                                                                                  \
      PhCursor in0 = ph_cursor(io, 0, g), in1 = ph_cursor(io, 1, g), in2 = ph_cursor(io, 2, g);                        \
      PH_FRAMES(io, g, out)                                                                                            \
      {                                                                                                                \
        const PhV x = ph_next(&in0), y = ph_next(&in1), z = ph_next(&in2);                                             \
        ph_store(out, (expr));                                                                                         \
      }                                                                                                                \
    }                                                                                                                  \
  }

/* ---- rows ------------------------------------------------------------------------------------------------------ */

#define PH_ROW(name_, aliases_, family_, doc_, example_, params_, ...)                                                 \
  {                                                                                                                    \
    .func = { .name = name_,                                                                                           \
              .aliases = aliases_,                                                                                     \
              .family = family_,                                                                                       \
              .doc = doc_,                                                                                             \
              .example = example_,                                                                                     \
              .result = "sig",                                                                                         \
              .params = params_,                                                                                       \
              .param_count = PH_COUNT(params_),                                                                        \
              .sort = PH_FUNC_UNIT },                                                                                  \
    __VA_ARGS__                                                                                                        \
  }

/* Parameters. */
#define PH_P_IN { "in", "sig", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN, "the signal that is processed" }
#define PH_P_IN_KEPT { "in", "sig", 0, 0, 0, "", PH_PARAM_REQUIRED | PH_PARAM_KEPT, PH_SCALE_LIN, "the signal that is processed" }
#define PH_P(name_, type_, dflt_, least_, most_, unit_, scale_, doc_)                                                  \
  { name_, type_, dflt_, least_, most_, unit_, PH_PARAM_OPTIONAL, scale_, doc_ }
#define PH_P_REQ(name_, type_, dflt_, least_, most_, unit_, scale_, doc_)                                              \
  { name_, type_, dflt_, least_, most_, unit_, PH_PARAM_REQUIRED, scale_, doc_ }

/* The table at the foot of a file, `units`, under the name of its build. */
#define PH_EXPORT_TABLE(family)                                                                                        \
  extern const PhUnitTable PH_ISA_NAME(ph_table_##family);                                                             \
  const PhUnitTable PH_ISA_NAME(ph_table_##family) = { units, PH_COUNT(units) }

#endif
