/* The other side of tests/app/osc.py: a server that says what it is told, and sends what it is told to.

     osc_peer PORT    events for the target `superdirt` at 127.0.0.1:PORT, one for each /ctrl; ends with /panic

   SPDX-License-Identifier: MIT */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/io.h"
#include "io/osc.h"

typedef struct Peer {
  PhOscOut *out;
  PhOscServer *server;
  bool done;
} Peer;

static void told(void *ctx, const PhOscCommand *c)
{
  Peer *peer = ctx;
  printf("verb %d text %s number %g output %u on %d time %.6f\n", (int)c->verb, c->text ? c->text : "-", c->number,
         c->output, c->on, c->time == PH_OSC_NOW ? 0 : ph_osc_unix_sec(c->time));
  (void)fflush(stdout);
  peer->done |= c->verb == PH_OSC_PANIC;
  if (c->verb == PH_OSC_EVAL) {
    ph_osc_server_reply(peer->server, "/ok", c->text);
  }
  if (c->verb == PH_OSC_CTRL) {
    const PhControlValue items[] = { { "gain", { .tag = PH_VALUE_NUM, .num = c->number } },
                                     { "s", { .tag = PH_VALUE_STR, .str = c->text + 1 } } };
    PhMap *controls = malloc(sizeof *controls + sizeof items);
    if (!controls) {
      return;
    }
    controls->len = PH_COUNT(items);
    memcpy(controls->items, items, sizeof items);
    const PhSinkEvent event = {
      .kind = PH_SINK_OSC, .name = "superdirt", .cps = 0.5, .cycle = 1, .delta_sec = 2, .controls = controls
    };
    if (ph_osc_out_event(peer->out, &event, 1e9) != PH_OK) {
      printf("not sent\n");
    }
    free(controls);
  }
}

int main(int argc, char **argv)
{
  Peer peer = { 0 };
  char error[PH_IO_ERROR_BYTES] = "", where[64];
  (void)snprintf(where, sizeof where, "127.0.0.1:%s", argc > 1 ? argv[1] : "");
  if (ph_osc_server_open(NULL, 0, &peer.server, error) != PH_OK || ph_osc_out_new(&peer.out, error) != PH_OK ||
      ph_osc_out_target(peer.out, "superdirt", where, error) != PH_OK) {
    (void)fprintf(stderr, "osc_peer: %s\n", error);
    return 1;
  }
  printf("port %u\n", ph_osc_server_port(peer.server));
  (void)fflush(stdout);
  while (!peer.done) {
    struct pollfd wait = { .fd = ph_osc_server_fd(peer.server), .events = POLLIN };
    if (poll(&wait, 1, 30000) != 1) {
      return 1;
    }
    (void)ph_osc_server_poll(peer.server, told, &peer);
  }
  const PhOscStats stats = ph_osc_server_stats(peer.server);
  printf("packets %d commands %d malformed %d unknown %d\n", (int)stats.packets, (int)stats.commands,
         (int)stats.malformed, (int)stats.unknown);
  ph_osc_server_close(peer.server);
  ph_osc_out_free(peer.out);
  return 0;
}
