/* Inside the registry: names with their rows.  SPDX-License-Identifier: MIT */
#ifndef PH_LANG_REGISTRY_H
#define PH_LANG_REGISTRY_H

#include "lang/lang.h"

struct PhRegistryName {
  PhStr name; /* NUL-terminated */
  const PhFunc *func;
  bool alias;
  uint32_t same;                          /* of the first row of a name: how many there are */
  const PhFunc *rows[PH_FUNC_SORT_COUNT]; /* of the first row of a name: the first of each sort, or NULL */
};

/* All rows of a name, by sort. */
const struct PhRegistryName *ph_registry_names(const PhRegistry *registry, PhStr name, size_t *count);

/* The rows of a name, by sort. */
const PhFunc *const *ph_registry_rows(const PhRegistry *registry, PhStr name);

/* "Did you mean": a name is offered whose score is less than the limit, the least first. The score is twice the slips, and one
   more if the letters are not the same ones: `lfp` is `lpf` sooner than `ifp`. */
unsigned ph_nearest_limit(PhStr name);
unsigned ph_nearest_score(PhStr name, PhStr wanted, unsigned least);

#endif
