/* Statements that are typed, put into a text.  SPDX-License-Identifier: MIT */
#ifndef PH_APP_LIVE_MERGE_H
#define PH_APP_LIVE_MERGE_H

#include <stdbool.h>

/* [control] `text` with the statements of `typed`: one that defines what another one defines takes its place, the others come to the
   end; `unhush` and `unsolo` take away what they undo. The caller's, for free; NULL: no memory. */
char *merge_statements(const char *text, const char *typed, bool tidal);
/* [control] Whether a statement goes on on the next line: a bracket or a string is open, or an operator or a comma is its last word. */
bool statement_is_open(const char *typed);

#endif
