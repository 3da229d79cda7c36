/* MIDI ports: messages out and in at their frames: exactly by JACK MIDI, in the server's own callback, to a millisecond by RtMidi. Who sends and who
   receives are one thread each; neither waits, locks or allocates.
   SPDX-License-Identifier: MIT */
#ifndef PH_IO_MIDI_PORT_H
#define PH_IO_MIDI_PORT_H

#include <stdatomic.h>

#include "base/base.h"
#include "base/ring.h"
#include "io/io.h"
#include "io/midi_queue.h"

enum { PH_MIDI_OUTS_MAX = 16, PH_MIDI_NAME_BYTES = 64, PH_MIDI_LISTED_BYTES = 256, PH_MIDI_RING_MESSAGES = 4096 };

typedef struct PhMidiBackend PhMidiBackend;

/* The ways in: keys and all that is played with them, and the clock. */
typedef enum PhMidiPort { PH_MIDI_IN_KEYS, PH_MIDI_IN_CLOCK, PH_MIDI_INS } PhMidiPort;

/* A way to the ports of a system. Frames are those of whoever plays once ph_midi_sync was called, until then those of the system's own clock. */
typedef struct PhMidiPorts {
  const PhMidiBackend *backend;
  double rate; /* of the player, in frames per second */
  uint32_t out_count;
  char outs[PH_MIDI_OUTS_MAX][PH_MIDI_NAME_BYTES];
  PhRing out[PH_MIDI_OUTS_MAX]; /* of PhMidiMessage */
  PhRing in[PH_MIDI_INS];
  _Atomic uint32_t offset;  /* of the system's frame from the player's, modulo 2^32 */
  _Atomic uint64_t late;    /* messages out that came after their frame: they went at once */
  _Atomic uint64_t dropped; /* messages for which there was no room */
  atomic_bool lost;         /* the server is gone */
} PhMidiPorts;

/* A port of somebody else that there is; `is_out`: one that may be played. */
typedef void PhMidiFound(void *ctx, const char *name, bool is_out);

/* Back ends put their own data behind PhMidiPorts. */
struct PhMidiBackend {
  const char *name, *doc;
  PhStatus (*open)(const char *way, PhMidiPorts **out,
                   char *error);     /* `way`: one of the several that it has; NULL: the best */
  bool (*close)(PhMidiPorts *ports); /* false: something may look at the memory yet, which is left behind */
  /* Makes port number ports->out_count of that name, and connects it; and a way in. `name` as in ph_midi_out. */
  PhStatus (*add_out)(PhMidiPorts *ports, const char *name, bool *connected, char *error);
  PhStatus (*add_in)(PhMidiPorts *ports, PhMidiPort port, const char *name, bool *connected, char *error);
  /* Once more, for whoever came since; true: there was somebody. NULL: it cannot. */
  bool (*connect_out)(PhMidiPorts *ports, uint32_t index);
  bool (*connect_in)(PhMidiPorts *ports, PhMidiPort port, const char *name);
  /* PH_OK, or why there is nothing to be found. */
  PhStatus (*list)(PhMidiFound *found, void *ctx, char *error);
  /* The system's own clock at a time (ph_os_now_sec), for ph_midi_sync. NULL: it is that of the server that plays (ph_playout_clock). */
  uint32_t (*clock)(const PhMidiPorts *ports, double sec);
};

extern const PhMidiBackend ph_midi_jack, ph_midi_rtmidi;
/* Those of this build; ends with NULL. */
extern const PhMidiBackend *const ph_midi_backends[];

/* [control] By the name of a back end: "jack"; "rtmidi", or with one of its ways "rtmidi:alsa". `rate` is the player's. */
PH_NODISCARD PhStatus ph_midi_open(const char *backend, double rate, PhMidiPorts **out, char *error);
/* [any] Whether a port of that name is meant by `part`: it has it in its own, whatever the case. */
bool ph_midi_named(const char *port, const char *part);
/* [control] Call ph_midi_send for all that has to end before: what waits is sent at once. NULL is fine. */
void ph_midi_close(PhMidiPorts *ports);
/* [control] The number of the output that an event's `midi` names; made when it is asked for first, and connected to the first port of somebody
   else whose name contains that of it, whatever the case. `connected` false: there is none; connect it by hand. */
PH_NODISCARD PhStatus ph_midi_out(PhMidiPorts *ports, const char *name, uint32_t *index, bool *connected, char *error);
/* [control] Listens to the ports whose names contain `name`; NULL: to everything that is plugged in. Once for each way. */
PH_NODISCARD PhStatus ph_midi_in(PhMidiPorts *ports, PhMidiPort port, const char *name, bool *connected, char *error);
/* [any] The player's frame and the system's that are the same instant: of one callback, so that it is exact. */
void ph_midi_sync(PhMidiPorts *ports, int64_t frame, uint32_t clock);
/* [realtime] One thread. A frame that has passed is now. False: there is no room. */
bool ph_midi_send(PhMidiPorts *ports, uint32_t out, const PhMidiMessage *message);
/* [realtime] One thread: the next message that came. Its frame counts from the player's; the player adds what it is ahead. */
bool ph_midi_receive(PhMidiPorts *ports, PhMidiPort port, PhMidiMessage *message);

#endif
