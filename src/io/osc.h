/* OSC over UDP: events out, to a SuperDirt or to anything; commands and numbers in.

   The sockets and packets are our own (osc_packet.h): liblo's servers listen on every interface of the machine, and what can evaluate code
   has to be asked for before it does that; and its queue delivers bundles milliseconds early. The tests speak to liblo's own tools.
   SPDX-License-Identifier: MIT */
#ifndef PH_IO_OSC_H
#define PH_IO_OSC_H

#include "engine/engine.h"
#include "io/osc_packet.h"

enum { PH_OSC_TARGETS_MAX = 32, PH_OSC_DIRT_PORT = 57120 };

/* ---- out ---- */

typedef struct PhOscOut PhOscOut;

/* [control] Knows one target: `superdirt`, at 127.0.0.1:57120. */
PH_NODISCARD PhStatus ph_osc_out_new(PhOscOut **out, char *error);
void ph_osc_out_free(PhOscOut *out);
/* [control] A target by name, "host:port" or "host:port/path" (`/dirt/play` for superdirt, else `/play`). One of that name is replaced. */
PH_NODISCARD PhStatus ph_osc_out_target(PhOscOut *out, const char *name, const char *where, char *error);
/* [realtime] One thread: hands an event over to be sent as a bundle that is due at a time (seconds since 1970): cps, cycle and delta, then all controls, as pairs of
   name and value. What SuperDirt counts from elsewhere is converted: pan from 0 to 1, octave 5 for octave 4. PH_NOTFOUND: there is no target of
   that name. PH_IO: it is too long for a packet. PH_LIMIT: more than 256 KiB wait to be sent. */
PH_NODISCARD PhStatus ph_osc_out_event(PhOscOut *out, const PhSinkEvent *event, double unix_sec);
/* [any] Bundles that the system took. */
uint64_t ph_osc_out_sent(const PhOscOut *out);
/* [any] Why the system refused some since the last call, as its errno; 0: it did not. */
int ph_osc_out_refusal(PhOscOut *out);

/* ---- in ---- */

typedef enum PhOscVerb {
  PH_OSC_EVAL,  /* /eval CODE: text */
  PH_OSC_HUSH,  /* /hush [0]: on */
  PH_OSC_PANIC, /* /panic */
  PH_OSC_TEMPO, /* /tempo CPS: number, above 0 */
  PH_OSC_MUTE,  /* /mute N [0]: output, on */
  PH_OSC_SOLO,  /* /solo N [0] */
  PH_OSC_CTRL, /* /ctrl NAME VALUE, or /path VALUE: text is the path with its `/`, and number. /path A B … gives /path/1, /path/2 … */
  PH_OSC_VERBS
} PhOscVerb;

typedef struct PhOscCommand {
  PhOscVerb verb;
  const char *text;
  double number;
  uint32_t output; /* 0 to 64 */
  bool on;
  uint64_t time; /* of its bundle, PH_OSC_NOW if there is none */
} PhOscCommand;

typedef void PhOscHandler(void *ctx, const PhOscCommand *command);

typedef struct PhOscServer PhOscServer;

typedef struct PhOscStats {
  uint64_t packets, commands;
  uint64_t malformed; /* packets that are none: ignored */
  uint64_t unknown;   /* messages that say nothing to us: ignored */
} PhOscStats;

/* [control] `host` NULL: 127.0.0.1, so that only this machine is heard. `port` 0: any free one. */
PH_NODISCARD PhStatus ph_osc_server_open(const char *host, uint16_t port, PhOscServer **out, char *error);
void ph_osc_server_close(PhOscServer *server);
uint16_t ph_osc_server_port(const PhOscServer *server);
/* [control] To wait on, for whoever does not poll. */
int ph_osc_server_fd(const PhOscServer *server);
/* [control] Takes what has come, without waiting, and hands its commands to `handler`. Gives the number of packets. */
uint32_t ph_osc_server_poll(PhOscServer *server, PhOscHandler *handler, void *ctx);
/* [control] While a command is handled: a message of one text to who sent it, such as /error with a diagnostic. */
void ph_osc_server_reply(PhOscServer *server, const char *path, const char *text);
PhOscStats ph_osc_server_stats(const PhOscServer *server);

#endif
