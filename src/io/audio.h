/* Audio devices: one interface for JACK (and PipeWire's JACK), PortAudio (ALSA and what other systems have), a device that is
   nowhere, and a file. Of the libraries only the headers are needed to build, and none to run (library.h).
   SPDX-License-Identifier: MIT */
#ifndef PH_IO_AUDIO_H
#define PH_IO_AUDIO_H

#include <stdatomic.h>

#include "base/base.h"
#include "io/io.h"

enum { PH_AUDIO_CHANNELS_MAX = 64, PH_AUDIO_BLOCK_MAX = 16384, PH_AUDIO_NAME_BYTES = 256, PH_AUDIO_RATES_MAX = 8 };

/* What is asked of a device. Zero or NULL: whatever the device does by itself. */
typedef struct PhAudioWanted {
  const char *backend; /* "jack", "portaudio", "null", "file"; NULL: the first of `ph_audio_backends` that is there */
  const char *device;  /* as the back end calls it */
  double sample_rate;
  uint32_t block_frames;
  uint32_t channels;
} PhAudioWanted;

/* What the device gives. A server that others use, too, keeps its own rate and block. */
typedef struct PhAudioGranted {
  const char *backend;
  char device[PH_AUDIO_NAME_BYTES];
  double sample_rate;
  uint32_t block_frames, channels;
  double latency_sec; /* from the callback to the ear, as the device says */
  bool has_no_clock;  /* it takes what it gets, as fast as it comes */
  int priority;       /* SCHED_FIFO of the callback's thread; 0: an ordinary one, or unknown */
} PhAudioGranted;

/* Who plays. */
typedef struct PhAudioClient {
  /* [realtime] On the device's thread: fills `frames` frames of every channel, not always block_frames of them. Called from
     ph_audio_open on. */
  void (*process)(void *ctx, float *const *out, uint32_t channels, uint32_t frames);
  /* [realtime] Whether that many frames are there to be taken. Only a device without a clock asks, and it waits. */
  bool (*ready)(void *ctx, uint32_t frames);
  void *ctx;
} PhAudioClient;

/* What happened since it was last asked for. */
typedef struct PhAudioNews {
  bool lost;      /* the device or its server is gone: close the stream */
  bool changed;   /* it goes on with another rate: close the stream and open it again */
  uint32_t xruns; /* times that the device itself missed a deadline */
} PhAudioNews;

typedef struct PhAudioBackend PhAudioBackend;

/* An open device. Back ends put their own data behind it. */
typedef struct PhAudioStream {
  const PhAudioBackend *backend;
  PhAudioClient client;
  PhAudioGranted granted;
  /* Written by the device's threads, any number of them; taken by ph_audio_news. */
  atomic_bool lost, changed;
  atomic_uint xruns;
  /* Written by the back end before it calls `process`: the first frame of that block by the clock of the device's server, where it has one. */
  _Atomic uint32_t clock;
  atomic_bool has_clock;
} PhAudioStream;

typedef struct PhAudioDevice {
  char name[PH_AUDIO_NAME_BYTES];
  bool is_default;
  uint32_t channels;
  double rates[PH_AUDIO_RATES_MAX]; /* ascending, zeros behind; all zero: any from 8000 to 384000 Hz */
  uint32_t block_frames;            /* 0: as wanted */
  double latency_sec;
} PhAudioDevice;

typedef void PhAudioFound(void *ctx, const PhAudioDevice *device);

struct PhAudioBackend {
  const char *name, *doc;
  bool automatic; /* chosen where nobody says which */
  /* [control] Tells `found` of every device. A status and its reason (PH_IO_ERROR_BYTES), if the back end is not available. */
  PhStatus (*list)(PhAudioFound *found, void *ctx, char *error);
  PhStatus (*open)(const PhAudioWanted *wanted, const PhAudioClient *client, PhAudioStream **out, char *error);
  PhStatus (*close)(PhAudioStream *stream, char *error);
};

/* In the order of automatic choice; ends with NULL. */
extern const PhAudioBackend *const ph_audio_backends[];
extern const PhAudioBackend ph_audio_jack, ph_audio_portaudio, ph_audio_null, ph_audio_file;

/* [control] Opens a device; its thread calls `process` at once, and before this returns. PH_NOTFOUND: there is no such back end or device, or none
   at all. Other programs' output on standard error is kept away. */
PH_NODISCARD PhStatus ph_audio_open(const PhAudioWanted *wanted, const PhAudioClient *client, PhAudioStream **out,
                                    char *error);
/* [control] When it returns the device's thread calls `process` no more. NULL is fine. A failure is of a file that could not be finished. */
PhStatus ph_audio_close(PhAudioStream *stream, char *error);
/* [control] Takes what was noted. */
void ph_audio_news(PhAudioStream *stream, PhAudioNews *out);

/* For back ends. [control] A stream of `bytes`, all zero but for these; NULL: no memory. */
void *ph_audio_stream_new(size_t bytes, const PhAudioBackend *backend, const PhAudioClient *client);

#endif
