/* The prompt of `phonon repl`.  SPDX-License-Identifier: MIT */
#ifndef PH_APP_LIVE_REPL_H
#define PH_APP_LIVE_REPL_H

#include "app/live/live.h"

typedef struct Repl Repl;

/* Before the device is opened: what is said goes to the prompt. NULL: no memory. */
Repl *repl_new(Live *live);
/* When it plays: takes lines from standard input. False: it cannot be read. */
bool repl_start(Repl *repl);
/* When the loop is closed. Whether something that was typed went wrong, where that is to be an exit status. */
bool repl_free(Repl *repl);

#endif
