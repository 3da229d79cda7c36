/* Inside the registry: names with their rows.  SPDX-License-Identifier: MIT */
#ifndef PH_LANG_REGISTRY_H
#define PH_LANG_REGISTRY_H

#include "lang/lang.h"

struct PhRegistryName {
  PhStr name;         /* NUL-terminated */
  const PhFunc *func;
  bool alias;
};

/* All rows of a name, by sort. */
const struct PhRegistryName *ph_registry_names(const PhRegistry *registry, PhStr name, size_t *count);

/* How far a name may be off for "did you mean". */
unsigned ph_nearest_limit(PhStr name);

#endif
