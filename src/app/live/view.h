/* The view of a performance on a terminal, and its keys.  SPDX-License-Identifier: MIT */
#ifndef PH_APP_LIVE_VIEW_H
#define PH_APP_LIVE_VIEW_H

#include "app/live/live.h"

/* Takes over the terminal, and what `live` says and does 50 times a second. False: no memory. */
bool view_open(Live *live);
/* Gives it back. */
void view_close(Live *live);

/* What else than the log stands in the lower part. */
typedef enum Page { PAGE_LOG, PAGE_COSTS, PAGE_HELP } Page;

enum { NUMBER_DIGITS = 2, TAPS_KEPT = 8 };

/* The state of the keyboard. */
typedef struct Keys {
  char asked; /* 'm' or 's': the number that comes is to be muted or soloed; 0: nothing is asked */
  char digits[NUMBER_DIGITS + 1];
  bool is_escaped, is_sequence; /* ESC came; and `[` or `O` after it */
  uint64_t taps[TAPS_KEPT];     /* ns, oldest first */
  size_t tap_count;
  Page page;
  bool wants_redraw;
} Keys;

/* ---- keys.c ---- */

/* What a byte of the keyboard does. */
void keys_take(Keys *keys, Live *live, char c);
/* What is asked of the person, or "". */
void keys_prompt(const Keys *keys, char *out, size_t size);
/* A line about each key, ends with NULL. */
extern const char *const keys_help[];

#endif
