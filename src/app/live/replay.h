/* Sessions that are rendered.  SPDX-License-Identifier: MIT */
#ifndef PH_APP_LIVE_REPLAY_H
#define PH_APP_LIVE_REPLAY_H

#include "app/live/stage.h"

/* [control] Renders job->session to job->output: what was heard, bit for bit. An exit status. */
int replay_session(const Job *job);

#endif
