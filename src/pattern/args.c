/* List arguments of pattern functions.  SPDX-License-Identifier: MIT */
#include "pattern/args.h"

uint64_t ph_fn_routes(PhBuild *build, const PhFn *fn, const PhPat *pat)
{
  enum { MOST = 6 }; /* an effect site sets one of six bits: after so many applications nothing new can come */
  uint64_t routes = pat->routes;
  for (int i = 0; i < MOST; i++) {
    pat = ph_fn_apply(build, fn, pat);
    if ((pat->routes | routes) == routes) {
      break;
    }
    routes |= pat->routes;
  }
  return routes;
}

uint64_t ph_pats_routes(const PhPat *const *pats, size_t count)
{
  uint64_t routes = 0;
  for (size_t i = 0; i < count; i++) {
    routes |= pats[i]->routes;
  }
  return routes;
}

/* The items of a list; one that is not a list is its only item. */
static const PhArg *items_of(const PhArg *arg, size_t *count)
{
  const bool many = arg->tag == PH_ARG_LIST || arg->tag == PH_ARG_TUPLE;
  *count = many ? arg->count : arg->tag == PH_ARG_ABSENT ? 0 : 1;
  return many ? arg->items : arg;
}

const PhFn *const *ph_arg_fns(PhBuild *build, const PhArg *arg, size_t *count)
{
  size_t len;
  const PhArg *items = items_of(arg, &len);
  const PhFn **fns = PH_NEWN(build->arena, const PhFn *, len + 1);
  *count = 0;
  for (size_t i = 0; i < len; i++) {
    if (items[i].tag == PH_ARG_FN) {
      fns[(*count)++] = items[i].fn;
    } else {
      (void)ph_complain(build, PH_TYPE, "a list of functions holds something else");
    }
  }
  return fns;
}

const PhPat *const *ph_arg_applied(PhBuild *build, const PhArg *arg, const PhPat *pat, size_t *count)
{
  const PhFn *const *fns = ph_arg_fns(build, arg, count);
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, *count + 1);
  for (size_t i = 0; i < *count; i++) {
    pats[i] = ph_fn_apply(build, fns[i], pat);
  }
  return pats;
}

const double *ph_arg_nums(PhBuild *build, const PhArg *arg, size_t *count)
{
  const PhArg *items = items_of(arg, count);
  double *nums = PH_NEWN(build->arena, double, *count + 1);
  for (size_t i = 0; i < *count; i++) {
    nums[i] = ph_arg_as_num(&items[i], 0.0);
  }
  return nums;
}

const PhValue *ph_arg_values(PhBuild *build, const PhArg *arg, size_t *count, bool *pats)
{
  const PhArg *items = items_of(arg, count);
  PhValue *values = PH_NEWN(build->arena, PhValue, *count + 1);
  *pats = false;
  for (size_t i = 0; i < *count; i++) {
    const PhPat *pat = items[i].tag == PH_ARG_VALUE ? NULL : ph_arg_as_pat(build, &items[i]);
    const PhValue *constant = pat ? ph_pat_constant(pat) : &items[i].value;
    *pats |= constant == NULL;
    values[i] = constant ? *constant : ph_pat_value(pat);
  }
  for (size_t i = 0; *pats && i < *count; i++) {
    if (values[i].tag != PH_VALUE_PAT) {
      values[i] = ph_pat_value(ph_arg_as_pat(build, &items[i]));
    }
  }
  return values;
}

const char *ph_arg_text(const PhArg *arg)
{
  const PhValue *value = arg->tag == PH_ARG_VALUE ? &arg->value
                         : arg->tag == PH_ARG_PAT ? ph_pat_constant(arg->pat)
                                                  : NULL;
  return value && value->tag == PH_VALUE_STR ? value->str : "";
}

const PhNamed *ph_arg_named(PhBuild *build, const PhArg *arg, size_t *count)
{
  const PhArg *items = items_of(arg, count);
  PhNamed *named = PH_NEWN(build->arena, PhNamed, *count + 1);
  for (size_t i = 0; i < *count; i++) {
    const PhArg *what = &items[i];
    if (what->tag == PH_ARG_TUPLE && what->count == 2) {
      named[i].name = ph_arg_text(&what->items[0]);
      what = &what->items[1];
    }
    if (what->tag == PH_ARG_FN) {
      named[i].fn = what->fn;
    } else {
      named[i].pat = ph_arg_as_pat(build, what);
    }
  }
  return named;
}

const PhPat *ph_with_control(PhBuild *build, PhOp op, const PhPat *pat, const char *name, PhValue value)
{
  return ph_pat_op(build, op, PH_OP_IN, pat, ph_pat_control(build, name, ph_pat_pure(build, value)));
}
