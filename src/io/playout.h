/* Playout: between somebody who renders frames and a device that takes them. A thread renders some blocks ahead into a ring; the device's
   callback takes from it. The transport runs on when the device goes away, and the sound comes back in phase.
   SPDX-License-Identifier: MIT */
#ifndef PH_IO_PLAYOUT_H
#define PH_IO_PLAYOUT_H

#include "io/audio.h"

typedef struct PhPlayout PhPlayout;

typedef struct PhPlayoutOptions {
  PhAudioWanted audio;
  uint32_t out_map
      [2]; /* the device's channels for left and right, from 1; 0: the first two. One channel gets half the sum */
  double ahead_sec; /* how far to render ahead; at least two blocks */
  bool realtime;    /* the render thread asks for realtime priority */
} PhPlayoutOptions;

/* [control] On the playout's own thread: the next frames, interleaved stereo. Frames follow one another from 0. A failure ends the
   sound; PH_CANCELLED says that it has ended: there are no such frames, and what came before is played to its end. */
typedef PhStatus PhPlayoutRender(void *ctx, uint32_t frames, float *out);

typedef enum PhPlayoutKind {
  PH_PLAYOUT_LOST,     /* the device is gone; the transport runs on, and the device is tried every half second */
  PH_PLAYOUT_BACK,     /* it is back: `sec` since it went */
  PH_PLAYOUT_RATE,     /* it is back, or goes on, at another rate: start again with a source for it */
  PH_PLAYOUT_UNDERRUN, /* frames came too late from the render thread */
  PH_PLAYOUT_XRUN,     /* the device missed a deadline */
  PH_PLAYOUT_ENDED,    /* all is played, or faded out */
  PH_PLAYOUT_FAILED    /* the source, or the file that is the device: `status`, `reason` */
} PhPlayoutKind;

typedef struct PhPlayoutEvent {
  PhPlayoutKind kind;
  PhStatus status;
  const char *reason;
  double sec;
  uint64_t count, frames;        /* of underruns or xruns since the last such event; frames of silence */
  double slowest_sec, block_sec; /* the slowest block of the render thread since then, and what it had */
  double slowest_cpu_sec;        /* for so much of it the thread had a core */
} PhPlayoutEvent;

/* [control] Opens the device, which plays silence until ph_playout_start. */
PH_NODISCARD PhStatus ph_playout_open(const PhPlayoutOptions *options, PhPlayout **out, char *error);
/* [control] The device as it is open, or was before it went away. */
const PhAudioGranted *ph_playout_granted(const PhPlayout *playout);
double ph_playout_ahead_sec(const PhPlayout *playout);
/* [control] Whether the render thread runs with realtime priority; known when it has started. */
bool ph_playout_is_realtime(const PhPlayout *playout);
/* [control] Whether ph_playout_start may be called: nothing plays yet, or the rate has changed. */
bool ph_playout_can_start(const PhPlayout *playout);
/* [control] Starts a source at its frame 0, `total` frames long (-1: without end); or, after PH_PLAYOUT_RATE, goes on with it at the
   time where the former one was: its frames up to there are rendered and dropped. */
PH_NODISCARD PhStatus ph_playout_start(PhPlayout *playout, PhPlayoutRender *render, void *ctx, int64_t total);
/* [control] Before the first start: frame 0 is due at that time of ph_os_now_ns, instead of as soon as can be. */
void ph_playout_start_at(PhPlayout *playout, int64_t ns);
/* [control] To be called many times a second: minds the device, and gives the next event if there is one. */
bool ph_playout_poll(PhPlayout *playout, PhPlayoutEvent *out);
/* [control] Fades out; PH_PLAYOUT_ENDED follows. */
void ph_playout_fade(PhPlayout *playout, double sec);
/* [any] The frame that is due at the device now. */
int64_t ph_playout_frame(PhPlayout *playout);
/* [any] When frame 0 was due at the device, by what the last callback saw; 0: there was none. A callback that was late says that it was later. */
int64_t ph_playout_zero(PhPlayout *playout);
/* [control] By how much the clock of the device's server is ahead of the source's frames, modulo 2^32: exact, for MIDI ports of the same
   server (ph_midi_sync (ports, 0, offset)). False: it has none, or is away. To be asked again after every event. */
bool ph_playout_clock(PhPlayout *playout, uint32_t *offset);
/* [control] Underruns so far. */
uint64_t ph_playout_underruns(PhPlayout *playout);
/* [control] Stops at once, closes the device. NULL is fine. A failure is of a file that could not be finished. */
PhStatus ph_playout_close(PhPlayout *playout, char *error);

/* [realtime] The callback, for the test that traps what it must not call. */
void ph_playout_process(void *ctx, float *const *out, uint32_t channels, uint32_t frames);

#endif
