/* Functions as values: application with too few or too many arguments; arguments as patterns and constants.
   SPDX-License-Identifier: MIT */
#include "pattern/core.h"

/* ---- application --------------------------------------------------------------------------------------------- */

typedef struct Partial {
  PhFn base;
  const PhFn *fn;
  uint32_t have;
  PhArg args[];
} Partial;

static PhArg call_partial(PhBuild *build, const PhFn *fn, const PhArg *args)
{
  const Partial *p = (const Partial *)fn;
  const uint32_t total = p->have + fn->arity;
  PhArg *all = PH_NEWN(build->arena, PhArg, total);
  for (uint32_t i = 0; i < total; i++) {
    all[i] = i < p->have ? p->args[i] : args[i - p->have];
  }
  return p->fn->call(build, p->fn, all);
}

static PhArg partial(PhBuild *build, const PhFn *fn, const PhArg *args, size_t count)
{
  Partial *p = ph_arena_alloc(build->arena, sizeof *p + count * sizeof *args);
  p->base.call = call_partial;
  p->base.arity = (uint8_t)(fn->arity - count);
  p->fn = fn;
  p->have = (uint32_t)count;
  for (size_t i = 0; i < count; i++) {
    p->args[i] = args[i];
  }
  return ph_arg_fn(&p->base);
}

PhArg ph_fn_call(PhBuild *build, const PhFn *fn, const PhArg *args, size_t count)
{
  if (count < fn->arity) {
    return count ? partial(build, fn, args, count) : ph_arg_fn(fn);
  }
  const PhArg result = fn->call(build, fn, args);
  const size_t left = count - fn->arity;
  if (left == 0) {
    return result;
  }
  if (result.tag != PH_ARG_FN) {
    return ph_arg_pat(ph_complain(build, PH_TYPE, "a function was given %zu arguments and takes %u", count, fn->arity));
  }
  return ph_fn_call(build, result.fn, args + fn->arity, left);
}

const PhPat *ph_fn_apply(PhBuild *build, const PhFn *fn, const PhPat *pat)
{
  const PhArg arg = ph_arg_pat(pat);
  const PhArg result = ph_fn_call(build, fn, &arg, 1);
  if (result.tag == PH_ARG_FN) {
    return ph_complain(build, PH_TYPE, "a function lacks an argument: it was to turn a pattern into a pattern");
  }
  return ph_arg_as_pat(build, &result);
}

/* ---- arguments ----------------------------------------------------------------------------------------------- */

const PhPat *ph_arg_as_pat(PhBuild *build, const PhArg *arg)
{
  size_t count;
  const PhPat *const *pats;
  switch (arg->tag) {
  case PH_ARG_PAT:
    return arg->pat;
  case PH_ARG_VALUE:
    return arg->value.tag == PH_VALUE_PAT ? arg->value.pat : ph_pat_pure(build, arg->value);
  case PH_ARG_FN:
    return ph_pat_pure(build, (PhValue){ .tag = PH_VALUE_FN, .fn = arg->fn });
  case PH_ARG_LIST:
  case PH_ARG_TUPLE:
    pats = ph_arg_pats(build, arg, &count);
    return ph_fastcat(build, pats, count);
  default:
    return ph_pat_silence(build);
  }
}

static const PhValue *arg_constant(const PhArg *arg)
{
  if (arg->tag == PH_ARG_VALUE) {
    return &arg->value;
  }
  return arg->tag == PH_ARG_PAT ? ph_pat_constant(arg->pat) : NULL;
}

PhRat ph_arg_as_rat(const PhArg *arg, PhRat dflt)
{
  const PhValue *value = arg_constant(arg);
  PhRat r;
  return value && ph_value_to_rat(value, &r) ? r : dflt;
}

int64_t ph_arg_as_int(const PhArg *arg, int64_t dflt)
{
  const PhValue *value = arg_constant(arg);
  int64_t i;
  return value && ph_value_to_int(value, &i) ? i : dflt;
}

double ph_arg_as_num(const PhArg *arg, double dflt)
{
  const PhValue *value = arg_constant(arg);
  double x;
  return value && ph_value_to_num(value, &x) ? x : dflt;
}

const PhPat *const *ph_arg_pats(PhBuild *build, const PhArg *arg, size_t *count)
{
  const bool many = arg->tag == PH_ARG_LIST || arg->tag == PH_ARG_TUPLE;
  *count = many ? arg->count : arg->tag == PH_ARG_ABSENT ? 0 : 1;
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, *count + 1);
  for (size_t i = 0; i < *count; i++) {
    pats[i] = ph_arg_as_pat(build, many ? &arg->items[i] : arg);
  }
  return pats;
}
