/* What units read from their texts.  [control]  SPDX-License-Identifier: MIT */
#ifndef PH_DSP_TEXT_H
#define PH_DSP_TEXT_H

#include "dsp/dsp.h"

/* Numbers apart by spaces or commas. SIZE_MAX: something is not a number. */
PH_INLINE size_t ph_text_numbers(const PhUnitText *text, double *out, size_t most)
{
  size_t n = 0;
  for (size_t i = 0; text->list && i < text->list_len && n < most; i++) {
    out[n++] = text->list[i];
  }
  const char *p = text->text;
  while (p && *p) {
    const char *end = p;
    while (*end && *end != ' ' && *end != ',') {
      end++;
    }
    PhRat value;
    if (end > p) {
      if (n == most || !ph_rat_parse(p, (size_t)(end - p), &value) || !ph_rat_ok(value)) {
        return SIZE_MAX;
      }
      out[n++] = ph_rat_to_double(value);
    }
    p = *end ? end + 1 : end;
  }
  return n;
}

#endif
