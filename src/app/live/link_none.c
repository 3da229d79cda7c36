/* A build without Ableton Link.  SPDX-License-Identifier: MIT */
#include "app/live/live.h"

int live_link_open(Live *live)
{
  return live->wants_link
             ? usage_error(live->job.command,
                           "--link: this build is without Ableton Link, which is under the GPL (`-Dlink=enabled`)")
             : EXIT_GOOD;
}

void live_link_close(Live *live) { (void)live; }
void live_link_start(Live *live) { (void)live; }
void live_mind_link(Live *live) { (void)live; }
void live_link_assert(Live *live) { (void)live; }

void live_link_nudge(Live *live, double sec)
{
  (void)live;
  (void)sec;
}

uint32_t live_link_peers(const Live *live)
{
  (void)live;
  return 0;
}

bool live_link_error(const Live *live, double *sec)
{
  (void)live;
  *sec = 0;
  return false;
}
