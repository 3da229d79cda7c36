/* Numbers from the text or list of an argument, for prepare.  SPDX-License-Identifier: MIT */
#ifndef PH_DSP_NUMBERS_H
#define PH_DSP_NUMBERS_H

#include <string.h>

#include "dsp/dsp.h"

/* [control] The numbers of a list, or of a text where they stand apart by any of the characters `apart`. SIZE_MAX: something is
   not a number, or there are more than `most`. */
static inline size_t ph_read_numbers(const PhUnitText *text, const char *apart, double *out, size_t most)
{
  size_t n = 0;
  for (size_t i = 0; text->list && i < text->list_len; i++) {
    if (n == most) {
      return SIZE_MAX;
    }
    out[n++] = text->list[i];
  }
  for (const char *p = text->text; p && *p;) {
    const size_t len = strcspn(p, apart);
    PhRat value;
    if (len) {
      if (n == most || !ph_rat_parse(p, len, &value) || !ph_rat_ok(value)) {
        return SIZE_MAX;
      }
      out[n++] = ph_rat_to_double(value);
    }
    p += len + (p[len] != 0);
  }
  return n;
}

#endif
