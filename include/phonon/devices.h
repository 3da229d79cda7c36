/* devices.h: what a performance needs of the machine: sound devices, MIDI ports, and OSC. A part of phonon.h, which includes it and has the
   conventions.  SPDX-License-Identifier: MIT */
#ifndef PHONON_DEVICES_H
#define PHONON_DEVICES_H

#include "phonon/phonon.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- sound devices ---------------------------------------------------------------------------------------------- */

/* Playing: a thread of the library's own asks for frames some blocks ahead, and the device's callback, which never waits, takes
   them. When the device or its server goes away, time goes on, and the sound comes back in phase with it:

       PhononAudio *audio;
       PhononAudioInfo info;
       if (phonon_audio_open(NULL, &audio, &error) == PHONON_OK) {
         phonon_audio_info(audio, &info);      // now compile for info.sample_rate, make an engine
         phonon_audio_start(audio, render, engine, -1);
         while (running) {
           PhononAudioEvent event;
           while (phonon_audio_poll(audio, &event)) { … }
           sleep for some 20 ms
         }
         phonon_audio_close(audio, &error);
       }

   One thread opens, starts, polls and closes. */
typedef struct PhononAudio PhononAudio;

typedef struct PhononAudioOptions {
  size_t size;
  const char *backend;   /* "jack" (and PipeWire), "portaudio", "null" (nowhere), "file"; NULL: a JACK server if one runs, else PortAudio */
  const char *device;    /* as `phonon devices` lists them; of "jack" a client, or "none"; of "file" a path, written as fast as it
                            can be, or by the clock if it begins with "paced:". NULL: the back end's own choice */
  double sample_rate;    /* 8000 to 384000 Hz; 0 (default): the device's. A server keeps its own, whatever is asked */
  uint32_t block_frames; /* 16 to 16384; 0 (default): the device's; as with the rate */
  uint32_t channels;     /* 1 to 64; 0 (default): 2. One gets half the sum of left and right */
  uint32_t out_map[2];   /* the device's channels for left and right, from 1; 0 (default): 1 and 2 */
  double ahead_sec;      /* how far frames are rendered ahead, to 10 s; at least two blocks. Default 0.02 */
  bool lock_memory;      /* keep the whole process in memory, if that is permitted */
  bool realtime;         /* default true: the thread that renders asks for realtime priority, below the device's. Not for a
                            render function that waits for threads of ordinary priority */
} PhononAudioOptions;

#define PHONON_AUDIO_DEFAULTS                                                                                          \
  {                                                                                                                    \
    sizeof(PhononAudioOptions), NULL, NULL, 0, 0, 0, { 0, 0 }, 0.02, false, true                                           \
  }

enum {
  PHONON_CHANNELS_MAX = 64
};

typedef struct PhononAudioInfo {
  const char *backend, *device; /* live until the handle is closed */
  double sample_rate;
  uint32_t block_frames, channels;
  double latency_sec; /* of the device, as it says; ahead_sec comes to it */
  double ahead_sec;
  bool realtime;      /* the thread that renders has realtime priority; known after phonon_audio_start */
  bool locked;        /* the memory is locked */
} PhononAudioInfo;

typedef enum PhononAudioKind {
  PHONON_AUDIO_LOST,     /* the device is gone. It is tried every half second, and time goes on */
  PHONON_AUDIO_BACK,     /* it is back, after `sec`, in phase */
  PHONON_AUDIO_RATE,     /* it is there at another rate: ask phonon_audio_info, and start again with frames of that rate */
  PHONON_AUDIO_UNDERRUN, /* `count` times since the last event of this kind frames came too late: `frames` of silence. `slowest_sec` is the
                            slowest block, of which one sounds for `block_sec`; for `slowest_cpu_sec` of it the thread that renders had a core */
  PHONON_AUDIO_XRUN,     /* `count` times the device itself was late */
  PHONON_AUDIO_ENDED,    /* all frames are played, or it is faded out */
  PHONON_AUDIO_FAILED    /* `status`, `reason`: of the render function, or of the file that is the device */
} PhononAudioKind;

typedef struct PhononAudioEvent {
  PhononAudioKind kind;
  PhononStatus status;
  const char *reason; /* lives until the next call */
  double sec;
  uint64_t count, frames;
  double slowest_sec, block_sec, slowest_cpu_sec;
} PhononAudioEvent;

/* Called on a thread of the library's: the next frames, interleaved stereo. A failure ends the sound. PHONON_CANCELLED is none: there are no
   more frames, and what came before is played to its end. */
typedef PhononStatus PhononAudioRender(void *ctx, uint32_t frames, float *out);

/* Opens a device, which gives silence at first. PHONON_NOTFOUND: there is none, with what to do in `error`. Messages that
   ALSA and JACK write to standard error are kept away meanwhile. */
PHONON_API PhononStatus phonon_audio_open(const PhononAudioOptions *options, PhononAudio **out, PhononError *error);
PHONON_API void phonon_audio_info(const PhononAudio *audio, PhononAudioInfo *out);
/* Starts at frame 0, for `frames` frames (-1: without end). After PHONON_AUDIO_RATE: goes on at the time where it was, with a
   render function that begins at frame 0 of the new rate; what has passed is rendered and dropped. */
PHONON_API PhononStatus phonon_audio_start(PhononAudio *audio, PhononAudioRender *render, void *ctx, int64_t frames);
/* Before phonon_audio_start: the first frame is given to the device at that time of CLOCK_MONOTONIC, in nanoseconds, and not as soon as it can be. */
PHONON_API void phonon_audio_start_at(PhononAudio *audio, int64_t ns);
/* To be called often: minds the device. True: there is an event. */
PHONON_API bool phonon_audio_poll(PhononAudio *audio, PhononAudioEvent *out);
/* Fades out in a straight line; PHONON_AUDIO_ENDED follows. */
PHONON_API void phonon_audio_fade(PhononAudio *audio, double sec);
/* The frame that the device was given last. */
PHONON_API int64_t phonon_audio_frame(PhononAudio *audio);
/* When frame 0 was given to the device, by the frames that it has been given since: nanoseconds of CLOCK_MONOTONIC, heard `latency_sec` later.
   Each block of the device says it anew, and some of them come late. 0: it is not known yet. */
PHONON_API int64_t phonon_audio_zero(PhononAudio *audio);
/* Underruns since it was started. */
PHONON_API uint64_t phonon_audio_underruns(PhononAudio *audio);
/* Stops at once. PHONON_IO: the file that is the device could not be finished. */
PHONON_API PhononStatus phonon_audio_close(PhononAudio *audio, PhononError *error);

/* What there is to play on, at the time of the call. */
typedef struct PhononDevices PhononDevices;

typedef struct PhononBackend {
  const char *name, *doc;
  bool available;
  const char *reason; /* why it is not; "" */
  size_t device_count;
} PhononBackend;

typedef struct PhononDevice {
  const char *name;
  bool is_default;
  uint32_t channels;
  const double *rates; /* ascending */
  size_t rate_count;   /* 0: any from 8000 to 384000 Hz */
  uint32_t block_frames; /* 0: as wanted */
  double latency_sec;
} PhononDevice;

/* A way to MIDI ports; and a port of somebody else. */
typedef struct PhononMidiBackend {
  const char *name, *doc;
  bool available;
  const char *reason; /* why it is not; "" */
} PhononMidiBackend;

typedef struct PhononMidiPort {
  const char *name;
  bool is_out; /* it may be played; else it may be listened to */
} PhononMidiPort;

PHONON_API PhononStatus phonon_devices_new(PhononDevices **out);
PHONON_API void phonon_devices_free(PhononDevices *devices);
/* Back ends in the order of automatic choice, and their devices. False: there is none with that index. */
PHONON_API bool phonon_devices_backend(const PhononDevices *devices, size_t index, PhononBackend *out);
PHONON_API bool phonon_devices_device(const PhononDevices *devices, size_t backend, size_t index, PhononDevice *out);
PHONON_API bool phonon_devices_midi(const PhononDevices *devices, size_t index, PhononMidiBackend *out);
PHONON_API bool phonon_devices_midi_port(const PhononDevices *devices, size_t backend, size_t index,
                                         PhononMidiPort *out);
/* All of it as a table for people, and as a JSON array, in which MIDI stands as the back ends "midi:jack" and so on. */
PHONON_API char *phonon_devices_text(const PhononDevices *devices);
PHONON_API char *phonon_devices_json(const PhononDevices *devices);

/* ---- MIDI ports ------------------------------------------------------------------------------------------------- */

/* Ports of JACK or PipeWire, or by RtMidi: events with `# midi "name"` go out, keys, controllers, wheels and pressure come in, all on their frames. One thread makes,
   minds and frees it (the control thread); what is marked so is for the thread that renders, between two calls of phonon_engine_render. */
typedef struct PhononMidi PhononMidi;

PHONON_API PhononStatus phonon_midi_new(PhononMidi **out);
/* Sends what waits, and closes the ports. Engines that send through it must be gone. NULL is fine. */
PHONON_API void phonon_midi_free(PhononMidi *midi);
/* Before anything renders: a port of that name is made, also if no event goes there. `has_clock`: the clock of MIDI goes there, 24 ticks to each
   quarter of a cycle, from the beginning of a cycle on. PHONON_LIMIT: there are 16 ports, or the name has 64 bytes. */
PHONON_API PhononStatus phonon_midi_out(PhononMidi *midi, const char *name, bool has_clock);
/* "jack" (JACK and PipeWire, exact to the frame), "rtmidi" (ALSA and other systems, to a millisecond), "rtmidi:alsa" or another of its ways. NULL (default): "jack" where JACK
   plays, else "rtmidi". */
PHONON_API PhononStatus phonon_midi_backend(PhononMidi *midi, const char *name);
/* Listens to the ports whose names contain `name`; NULL: to every keyboard that is plugged in. */
PHONON_API PhononStatus phonon_midi_in(PhononMidi *midi, const char *name);
/* Follows the clock of the ports whose names contain `name`; NULL: of everything that is plugged in. */
PHONON_API PhononStatus phonon_midi_clock_in(PhononMidi *midi, const char *name);

typedef enum PhononMidiWhat {
  PHONON_MIDI_OPEN,      /* there is a way to ports: `name` says which, in words */
  PHONON_MIDI_OUT,       /* the port `name` is there, and connected */
  PHONON_MIDI_OUT_ALONE, /* it is there, and nobody has a port with that name */
  PHONON_MIDI_IN,        /* it listens to `name` */
  PHONON_MIDI_IN_ALONE,  /* it would, but there is none */
  PHONON_MIDI_REFUSED,   /* there is no port for `name`: `error` */
  PHONON_MIDI_LOST,      /* the server has gone, and the ports with it */
  PHONON_MIDI_CLOCK,     /* the clock is there, at `bpm` quarters a minute */
  PHONON_MIDI_CLOCK_STARTS,
  PHONON_MIDI_CLOCK_STOPS,
  PHONON_MIDI_CLOCK_LOST /* no tick came for half a second */
} PhononMidiWhat;

typedef struct PhononMidiNews {
  PhononMidiWhat what;
  const char *name;
  double bpm;
  PhononError error;
} PhononMidiNews;

/* Some times a second: makes the ports that events have named, and follows the clock of the device. True: there is news; call it
   again. */
PHONON_API bool phonon_midi_mind(PhononMidi *midi, PhononAudio *audio, PhononMidiNews *news);

/* Before the engine renders: its events go there. */
PHONON_API void phonon_engine_midi_out(PhononEngine *engine, PhononMidi *midi);
/* The thread that renders, before it does: the device's frame that is the engine's frame 0; at first 0. */
PHONON_API void phonon_midi_base(PhononMidi *midi, int64_t frame);
/* The thread that renders, after it did: what is due within these frames of the device goes to the ports. `engine` NULL: time stands
   still, and the clock stops. */
PHONON_API void phonon_midi_send(PhononMidi *midi, PhononEngine *engine, int64_t frame, uint32_t frames);
/* The thread that renders: what waits is forgotten, and every key that is held is let go at that frame. */
PHONON_API void phonon_midi_panic(PhononMidi *midi, int64_t frame);
/* When nothing renders any more: the same, and the clock stops. */
PHONON_API void phonon_midi_stop(PhononMidi *midi, int64_t frame);

typedef enum PhononMidiKind {
  PHONON_MIDI_KEY,          /* `value` is its velocity, 0 to 1; 0 when it is let go */
  PHONON_MIDI_CC,           /* a controller: 0 to 1 */
  PHONON_MIDI_BEND,         /* the pitch wheel: -1 to 1 */
  PHONON_MIDI_PRESSURE,     /* of the channel: 0 to 1 */
  PHONON_MIDI_KEY_PRESSURE, /* of a key: 0 to 1 */
  PHONON_MIDI_PROGRAM       /* 0 to 127 */
} PhononMidiKind;

typedef struct PhononMidiInput {
  int64_t frame;            /* of the device, when it came */
  PhononMidiKind kind;
  uint32_t channel, number; /* 1 to 16; 0 to 127: the key or controller, else 0 */
  double value;
} PhononMidiInput;

/* The thread that renders: what came next. False: there is nothing. */
PHONON_API bool phonon_midi_receive(PhononMidi *midi, PhononMidiInput *out);
/* The thread that renders: from the next frame on (input->frame does not matter) keys of `~midi` are struck or let go and the signals `cc`, `pitchbend`,
   `pressure`, `keypressure` and `program` have the value; notes that keys play follow wheel and pressure. After a swap as with
   phonon_engine_osc. */
PHONON_API PhononStatus phonon_engine_midi(PhononEngine *engine, const PhononMidiInput *input);

/* A Standard MIDI File to be played by `~midi`, `cc` and the others. Immutable. */
typedef struct PhononMidiFile PhononMidiFile;

PHONON_API PhononStatus phonon_midi_file_new(const char *path, PhononMidiFile **out, PhononError *error);
PHONON_API void phonon_midi_file_free(PhononMidiFile *file);
/* Any thread. Seconds. */
PHONON_API double phonon_midi_file_length(const PhononMidiFile *file);
/* Any thread. The messages of all its tracks in order of time, by its own tempi; the frame counts from its beginning. Channel 0: it is one that phonon_engine_midi
   has no use for. False: there is none with that index. */
PHONON_API bool phonon_midi_file_get(const PhononMidiFile *file, size_t index, double sample_rate,
                                     PhononMidiInput *out);

typedef struct PhononPlayedNote {
  double begin, end; /* cycles, 0 or later */
  int key;           /* 60 is c4, in Tidal's dialect c5 */
} PhononPlayedNote;

/* Any thread. Notes that were played, in any order, as mini-notation for `note`: moved to the nearest of `steps` places in a cycle, 1 to 96, from the first cycle in which
   something was played to the last one. "" for none. PHONON_LIMIT: more than 256 cycles. */
PHONON_API PhononStatus phonon_played_text(const PhononPlayedNote *notes, size_t count, uint32_t steps, bool tidal,
                                           char **out);

/* What the clock that comes in says of a frame. A cycle has four quarters. */
typedef struct PhononMidiClock {
  double cps; /* cycles per second; 0: it is not known, or the clock is lost */
  bool runs;  /* where it is, is known */
  double cycle;
} PhononMidiClock;

/* The clock was started, or stopped. */
typedef struct PhononMidiTransport {
  int64_t frame; /* of the device, when it was: the first tick after a start */
  bool stops;
  bool goes_on; /* where it stopped; else: */
  PhononTime cycle;
} PhononMidiTransport;

/* The thread that renders: takes what has come, and says, of what is known at the device's frame `now`, where the clock is at the frame `at`. False: none is followed. */
PHONON_API bool phonon_midi_clock(PhononMidi *midi, int64_t now, int64_t at, PhononMidiClock *out);
/* The thread that renders, after that: the next start or stop. False: there is none. */
PHONON_API bool phonon_midi_transport(PhononMidi *midi, PhononMidiTransport *out);

/* ---- OSC -------------------------------------------------------------------------------------------------------- */

/* Commands and numbers that come by OSC over UDP. One thread opens, polls and closes. */
typedef struct PhononOscServer PhononOscServer;

typedef enum PhononOscVerb {
  PHONON_OSC_EVAL,  /* /eval CODE: `text` */
  PHONON_OSC_HUSH,  /* /hush [0]: `on` */
  PHONON_OSC_PANIC, /* /panic */
  PHONON_OSC_TEMPO, /* /tempo CPS: `number`, above 0 */
  PHONON_OSC_MUTE,  /* /mute N [0]: `output` 0 to 64, `on` */
  PHONON_OSC_SOLO,  /* /solo N [0] */
  PHONON_OSC_CTRL   /* /ctrl NAME VALUE, or /path VALUE: `text` is the path with its `/`, and `number` */
} PhononOscVerb;

typedef struct PhononOscCommand {
  PhononOscVerb verb;
  const char *text;
  double number;
  uint32_t output;
  bool on;
} PhononOscCommand;

typedef void PhononOscHandler(void *ctx, const PhononOscCommand *command);

/* Listens. `host` NULL: 127.0.0.1, so that only this machine is heard. `port` 0: any free one. */
PHONON_API PhononStatus phonon_osc_open(const char *host, uint16_t port, PhononOscServer **out, PhononError *error);
PHONON_API void phonon_osc_close(PhononOscServer *server);
PHONON_API uint16_t phonon_osc_port(PhononOscServer *server);
/* A descriptor that is readable when something has come. */
PHONON_API int phonon_osc_fd(PhononOscServer *server);
/* Takes what has come, without waiting. What is malformed is counted, and ignored. */
PHONON_API void phonon_osc_poll(PhononOscServer *server, PhononOscHandler *handler, void *ctx);
/* From within a handler: a message of one text to who sent the command. */
PHONON_API void phonon_osc_reply(PhononOscServer *server, const char *path, const char *text);
PHONON_API uint64_t phonon_osc_malformed(PhononOscServer *server);

/* The thread that renders: the signals `osc "/path"` of the program have the value from the next frame on. After a swap, what is new has its
   default until this is called again. */
PHONON_API PhononStatus phonon_engine_osc(PhononEngine *engine, const char *path, double value);

/* Where events with `# target "name"` go. It knows `superdirt`, at 127.0.0.1:57120. */
typedef struct PhononOscOut PhononOscOut;
/* When a frame is heard, in seconds since 1970. Called on the thread that renders. */
typedef double PhononClock(void *ctx, int64_t frame);

PHONON_API PhononStatus phonon_osc_out_new(PhononOscOut **out, PhononError *error);
/* Engines that send through it must be gone. */
PHONON_API void phonon_osc_out_free(PhononOscOut *out);
/* A target by name: "host:port", "host:port/path". Before an engine sends through it. */
PHONON_API PhononStatus phonon_osc_out_target(PhononOscOut *out, const char *name, const char *where, PhononError *error);
/* Whether the system refused to send events since the last call, and why. */
PHONON_API bool phonon_osc_out_refused(PhononOscOut *out, PhononError *error);
/* Before the engine renders: events go out as bundles with the time at which they are to be heard. A thread of `out` sends them, so the thread that
   renders makes no system call for them. */
PHONON_API void phonon_engine_osc_out(PhononEngine *engine, PhononOscOut *out, PhononClock *clock, void *ctx);

#ifdef __cplusplus
}
#endif

#endif
