/* A terminal that is taken over and given back: keys one by one, a screen of its own. Given back on every way out: at exit, by signals, when
   the program is stopped, when it crashes.  SPDX-License-Identifier: MIT */
#ifndef PH_APP_LIVE_TERM_H
#define PH_APP_LIVE_TERM_H

#include <stdbool.h>

/* [control] Takes over standard input (if it is a terminal) and output. */
void term_open(void);
/* [control] Standard input is another's (an editor of lines), who may leave it in any state: it is given back as it is now. */
void term_keep(void);
/* [control] Gives it back; may be called again. */
void term_close(void);
/* [control] Columns and rows; 80 by 24 where nobody knows. */
void term_size(int *columns, int *rows);
/* [control] Whether it shows characters beyond ASCII. */
bool term_is_utf8(void);

#endif
