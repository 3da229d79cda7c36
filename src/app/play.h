/* What `phonon play`, `live` and `repl` share: the options of where the sound goes, what is said about it, and the messages of the
   thread that renders.  SPDX-License-Identifier: MIT */
#ifndef PH_APP_PLAY_H
#define PH_APP_PLAY_H

#include <stdatomic.h>

#include "app/job.h"

enum {
  OPT_BACKEND = 512,
  OPT_DEVICE,
  OPT_CHANNELS,
  OPT_OUT_MAP,
  OPT_AHEAD,
  OPT_PLAY_LAST,
  POLL_MS = 20,
  WORDS_MAX = 512
};

#define FADE_SEC 0.05    /* when a person ends the sound */
#define PATIENCE_SEC 1.0 /* with a device that does not take the fade */

#define PLAY_DEVICE_OPTIONS                                                                                            \
  { "backend", OPT_BACKEND, "NAME",                                                                                    \
    "jack (also PipeWire), portaudio, null or file (the first of them that is there)" },                               \
      { "device", OPT_DEVICE, "NAME", "one that `phonon devices` lists (the back end's choice)" },                     \
      { "block", 'b', "FRAMES", "frames of a block, 16 to 16384 (the device's; a server keeps its own)" },             \
      { "rate", 's', "HZ", "sample rate, 8000 to 384000 (the device's; a server keeps its own)" },                     \
      { "channels", OPT_CHANNELS, "N", "channels to open, 1 to 64 (2); one gets both sides" },                         \
      { "out-map", OPT_OUT_MAP, "L,R", "the device's channels for left and right, from 1 (1,2)" },                     \
      { "ahead", OPT_AHEAD, "MS", "how far to render ahead, 0 to 10000 (20); at least two blocks" },                   \
      { "threads", 't', "N", "threads, 1 to 64 (1); the sound does not depend on it" },                                \
      { "gain", 'g', "X", "gain of everything (0.8)" },                                                                \
      { "no-safety", OPT_NO_SAFETY, NULL, "let sums beyond full scale through, as `safety: off` does" },               \
      { "fade-in", OPT_FADE_IN, "SEC", "fade at the beginning (0.01)" },                                               \
  {                                                                                                                    \
    "fade-out", OPT_FADE_OUT, "SEC", "fade at the end that is given (0.01)"                                            \
  }

/* Where the sound goes. */
typedef struct Device {
  PhononAudioOptions options;
  bool rate_given;
} Device;

/* [control] Defaults, and those of the job that go with them. */
void device_init(Device *device);
/* [control] One option, as next_option gave it: of the device or of the job. */
int device_take(Device *device, Job *job, int option, int argc, char **argv);
/* [control] When all options are read: whether they fit together. */
int device_check(Device *device, const Job *job);
/* [any] Whether frames go to a file as fast as they come. */
bool device_has_no_clock(const Device *device);
/* [control] In words, without the end of the line: what plays, what would help, what was late. "" if there is nothing to say. */
void device_words(const Device *device, PhononAudio *audio, char *out);
void device_advice(const Device *device, PhononAudio *audio, char *out);
/* Gaps: the piece is told apart from the machine by the time that the thread had a core; with several threads it is not. */
void device_gaps(const PhononAudioEvent *event, uint32_t threads, char *out);

/* Messages of the thread that renders, for the control thread to print: words are no work for it. Newest first; pushed by the one, taken
   whole by the other. */
typedef struct Note {
  struct Note *next;
  char *text;
} Note;

typedef struct Notes {
  _Atomic(Note *) newest;
} Notes;

/* [any] Takes the text, which may be NULL. */
void notes_push(Notes *notes, char *text);
/* [control] All of them, oldest first; each text is to be given to phonon_free, each note to free. */
Note *notes_take(Notes *notes);

/* [any] A clock that never goes back. */
int64_t now_ms(void);

#endif
