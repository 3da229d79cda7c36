/* When frames are heard: by a clock that does not jitter with the callbacks of the device.  SPDX-License-Identifier: MIT */
#include <time.h>

#include "app/live/live.h"

#define DRIFT 5e-4    /* that the clock of a device may be off */
#define JUMP_SEC 0.05 /* so much later is no late callback: time was lost */

static int64_t ns_of(clockid_t clock)
{
  struct timespec t;
  clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t now_ns(void) { return ns_of(CLOCK_MONOTONIC); }
double unix_sec_of(int64_t ns) { return (double)(ns_of(CLOCK_REALTIME) - now_ns() + ns) * 1e-9; }

/* Callbacks are late at times and never early: the earliest that they say, but for the drift of the clocks. */
bool live_mind_clock(Live *live)
{
  const int64_t said = phonon_audio_zero(live->audio), now = now_ns();
  if (said != 0) {
    const int64_t drift = (int64_t)((double)(now - live->clock_ns) * DRIFT);
    if (live->clock_ns == 0 || said < live->zero_ns || said - live->zero_ns > (int64_t)(JUMP_SEC * 1e9)) {
      live->zero_ns = said;
    } else {
      live->zero_ns += said - live->zero_ns < drift ? said - live->zero_ns : drift;
    }
    live->clock_ns = now;
  }
  return live->clock_ns != 0;
}

int64_t live_heard_ns(const Live *live, int64_t frame)
{
  PhononAudioInfo info;
  phonon_audio_info(live->audio, &info);
  const double sec = (double)frame / live->job.file.sample_rate + info.latency_sec;
  return live->zero_ns + (int64_t)(sec * 1e9);
}
