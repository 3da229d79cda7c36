/* Arguments of pattern functions that are lists: of patterns, functions, numbers, named things. Internal.
   SPDX-License-Identifier: MIT */
#ifndef PH_PATTERN_ARGS_H
#define PH_PATTERN_ARGS_H

#include "pattern/core.h"

#define PH_LIST_MAX 4096 /* items that a list argument may have, and patterns that a function may make of one */

/* The masks that `pat` and whatever `fn` makes of it, once or several times, may show: for functions that are applied at
   query time. */
uint64_t ph_fn_routes(PhBuild *build, const PhFn *fn, const PhPat *pat);

/* The functions of a list argument (a single one counts as a list of one). */
const PhFn *const *ph_arg_fns(PhBuild *build, const PhArg *arg, size_t *count);
/* Every function of a list argument applied to `pat`, and the union of their routes. */
const PhPat *const *ph_arg_applied(PhBuild *build, const PhArg *arg, const PhPat *pat, size_t *count);
uint64_t ph_pats_routes(const PhPat *const *pats, size_t count);
/* The numbers of a list of constants; what is no number is 0. */
const double *ph_arg_nums(PhBuild *build, const PhArg *arg, size_t *count);
/* A list of constants as values; where an item is a pattern, its value is that pattern (and *pats is set). */
const PhValue *ph_arg_values(PhBuild *build, const PhArg *arg, size_t *count, bool *pats);
/* A constant text (`text`, or a constant pattern of names); "" if it is none. */
const char *ph_arg_text(const PhArg *arg);
/* i modulo a count > 0, never negative. */
PH_INLINE size_t ph_index_mod(int64_t i, size_t count)
{
  const int64_t n = (int64_t)count;
  return (size_t)((i % n + n) % n);
}

/* [("name", pattern or function), …], or a plain list, whose names are NULL. */
typedef struct PhNamed {
  const char *name;
  const PhPat *pat; /* NULL where it is a function */
  const PhFn *fn;
} PhNamed;
const PhNamed *ph_arg_named(PhBuild *build, const PhArg *arg, size_t *count);

/* `pat` with a constant control: op may be PH_OP_RIGHT (#), PH_OP_MUL (|*) and so on. */
const PhPat *ph_with_control(PhBuild *build, PhOp op, const PhPat *pat, const char *name, PhValue value);

/* ---- functions of one file that others use too --------------------------------------------------------------------- */

const PhPat *ph_mask(PhBuild *build, const PhPat *bools, const PhPat *pat); /* structure.c */
const PhPat *ph_struct(PhBuild *build, const PhPat *bools, const PhPat *pat);
const PhPat *ph_chop(PhBuild *build, int64_t count, const PhPat *pat);                     /* sampler.c */
const PhPat *ph_bite(PhBuild *build, int64_t count, const PhPat *index, const PhPat *pat); /* select.c */

#endif
