/* Strings: slices, a growing text, nearest names.  SPDX-License-Identifier: MIT */
#ifndef PH_BASE_STR_H
#define PH_BASE_STR_H

#include "base/arena.h"

#include <string.h>

typedef struct PhStr {
  const char *ptr; /* not NUL-terminated */
  size_t len;
} PhStr;

PH_INLINE PhStr ph_str(const char *ptr, size_t len) { return (PhStr){ ptr, len }; }
PhStr ph_str_of(const char *text); /* NULL gives the empty one */
bool ph_str_eq(PhStr a, PhStr b);
/* Mostly asked of one name after another: the first byte settles it. */
PH_INLINE bool ph_str_is(PhStr a, const char *text)
{
  return a.len ? a.ptr[0] == text[0] && strncmp(a.ptr, text, a.len) == 0 && text[a.len] == 0 : text[0] == 0;
}
/* Whether `words`, apart by single spaces, has the word. */
bool ph_str_has_word(const char *words, PhStr word);

/* A text that grows on the heap. Zero-initialise; ph_text_deinit frees. Out of memory truncates and sets `failed`. */
typedef struct PhText {
  char *ptr; /* NUL-terminated once anything was added; NULL before */
  size_t len, cap;
  bool failed;
} PhText;

void ph_text_deinit(PhText *text);
void ph_text_add(PhText *text, const char *str, size_t len);
void ph_text_puts(PhText *text, const char *str);
void ph_text_printf(PhText *text, const char *fmt, ...) PH_PRINTF(2, 3);
/* As a JSON string, quoted and escaped; bytes that are not UTF-8 become U+FFFD. */
void ph_text_json(PhText *text, const char *str, size_t len);
/* The shortest decimal that reads back as the same double, in the C locale whatever the locale is. Not finite: null. */
void ph_text_num(PhText *text, double value);

/* [control] Damerau–Levenshtein distance between two names, at most `most` + 1. For "did you mean". */
unsigned ph_str_distance(PhStr a, PhStr b, unsigned most);

#endif
