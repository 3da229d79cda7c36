/* The public interface: OSC in and out.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "app/api.h"
#include "io/io.h"
#include "io/osc.h"

_Static_assert((int)PHONON_OSC_EVAL == (int)PH_OSC_EVAL && (int)PHONON_OSC_CTRL == (int)PH_OSC_CTRL, "verbs agree");
_Static_assert(sizeof((PhononError *)0)->text >= PH_IO_ERROR_BYTES, "reasons fit");

static PhononStatus tell(PhStatus status, const char *reason, PhononError *error)
{
  ph_api_error(error, "%s", reason);
  return (PhononStatus)status;
}

/* ---- in ---- */

/* A PhononOscServer is a PhOscServer by another name, a PhononOscOut a PhOscOut. */
static PhOscServer *server_of(PhononOscServer *server) { return (PhOscServer *)(void *)server; }

PhononStatus phonon_osc_open(const char *host, uint16_t port, PhononOscServer **out, PhononError *error)
{
  char reason[PH_IO_ERROR_BYTES] = "";
  PhOscServer *server = NULL;
  const PhStatus status = ph_osc_server_open(host, port, &server, reason);
  *out = (PhononOscServer *)(void *)server;
  return tell(status, reason, error);
}

void phonon_osc_close(PhononOscServer *server) { ph_osc_server_close(server_of(server)); }
uint16_t phonon_osc_port(PhononOscServer *server) { return ph_osc_server_port(server_of(server)); }
int phonon_osc_fd(PhononOscServer *server) { return ph_osc_server_fd(server_of(server)); }
uint64_t phonon_osc_malformed(PhononOscServer *server) { return ph_osc_server_stats(server_of(server)).malformed; }

typedef struct Handler {
  PhononOscHandler *handler;
  void *ctx;
} Handler;

static void forward(void *ctx, const PhOscCommand *c)
{
  const Handler *h = ctx;
  const PhononOscCommand command = { .verb = (PhononOscVerb)c->verb,
                                     .text = c->text ? c->text : "",
                                     .number = c->number,
                                     .output = c->output,
                                     .on = c->on };
  h->handler(h->ctx, &command);
}

void phonon_osc_poll(PhononOscServer *server, PhononOscHandler *handler, void *ctx)
{
  Handler h = { handler, ctx };
  (void)ph_osc_server_poll(server_of(server), forward, &h);
}

void phonon_osc_reply(PhononOscServer *server, const char *path, const char *text)
{
  ph_osc_server_reply(server_of(server), path, text);
}

/* ---- out ---- */

PhOscOut *ph_api_osc_out(PhononOscOut *out) { return (PhOscOut *)(void *)out; }

PhononStatus phonon_osc_out_new(PhononOscOut **out, PhononError *error)
{
  char reason[PH_IO_ERROR_BYTES] = "";
  PhOscOut *made = NULL;
  const PhStatus status = ph_osc_out_new(&made, reason);
  *out = (PhononOscOut *)(void *)made;
  return tell(status, reason, error);
}

void phonon_osc_out_free(PhononOscOut *out) { ph_osc_out_free(ph_api_osc_out(out)); }

bool phonon_osc_out_refused(PhononOscOut *out, PhononError *error)
{
  const int number = ph_osc_out_refusal(ph_api_osc_out(out));
  ph_api_error(error, "%s", number ? strerror(number) : "");
  return number != 0;
}

PhononStatus phonon_osc_out_target(PhononOscOut *out, const char *name, const char *where, PhononError *error)
{
  char reason[PH_IO_ERROR_BYTES] = "";
  const PhStatus status = ph_osc_out_target(ph_api_osc_out(out), name, where, reason);
  return tell(status, reason, error);
}
