/* OSC over UDP.  SPDX-License-Identifier: MIT */
#include "io/osc.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/io.h"
#include "io/osc_sender.h"

enum {
  NAME_BYTES = 64,
  PATH_BYTES = 128,
  RECEIVE_BYTES = 1 << 20, /* of the kernel's buffer: a burst of some thousand packets between two polls */
  POLL_PACKETS = 4096,     /* of one poll, so that a flood does not keep the caller */
  OUTPUT_MOST = 64,
  MIDDLE_OCTAVE = 4,
  DIRT_MIDDLE_OCTAVE = 5
};

static PhStatus open_socket(int *fd, char *error)
{
  *fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (*fd < 0) {
    return ph_io_refuse(error, PH_IO, "OSC", strerror(errno));
  }
  (void)fcntl(*fd, F_SETFD, FD_CLOEXEC);
  (void)fcntl(*fd, F_SETFL, O_NONBLOCK);
  return PH_OK;
}

/* "host", and a port as a number. */
static PhStatus find_address(const char *host, uint16_t port, struct sockaddr_in *out, char *error)
{
  const struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_DGRAM };
  struct addrinfo *found = NULL;
  const int failure = getaddrinfo(host, NULL, &hints, &found);
  if (failure || !found) {
    return ph_io_refuse(error, PH_NOTFOUND, host, failure ? gai_strerror(failure) : "no address");
  }
  memcpy(out, found->ai_addr, sizeof *out);
  out->sin_port = htons(port);
  freeaddrinfo(found);
  return PH_OK;
}

/* ---- out ---- */

typedef struct Target {
  char name[NAME_BYTES], path[PATH_BYTES];
  struct sockaddr_in address;
  bool is_dirt;
} Target;

struct PhOscOut {
  int fd;
  PhOscSender *sender;
  uint32_t count;
  Target targets[PH_OSC_TARGETS_MAX];
  PhOscMessage message;
  unsigned char packet[PH_OSC_PACKET_BYTES];
};

PhStatus ph_osc_out_new(PhOscOut **out, char *error)
{
  PhOscOut *self = *out = calloc(1, sizeof *self);
  if (!self) {
    return ph_io_refuse(error, PH_NOMEM, "OSC", ph_status_text(PH_NOMEM));
  }
  PhStatus status = open_socket(&self->fd, error);
  self->sender = status == PH_OK ? ph_osc_sender_new(self->fd) : NULL;
  if (status == PH_OK && !self->sender) {
    status = ph_io_refuse(error, PH_NOMEM, "OSC", ph_status_text(PH_NOMEM));
  }
  if (status == PH_OK) {
    char where[NAME_BYTES];
    (void)snprintf(where, sizeof where, "127.0.0.1:%d/dirt/play", PH_OSC_DIRT_PORT);
    status = ph_osc_out_target(self, "superdirt", where, error);
  }
  if (status != PH_OK) {
    ph_osc_out_free(self);
    *out = NULL;
  }
  return status;
}

void ph_osc_out_free(PhOscOut *out)
{
  if (out) {
    ph_osc_sender_free(out->sender);
  }
  if (out && out->fd >= 0) {
    (void)close(out->fd);
  }
  free(out);
}

static Target *find_target(PhOscOut *out, const char *name)
{
  for (uint32_t i = 0; i < out->count; i++) {
    if (strcmp(out->targets[i].name, name) == 0) {
      return &out->targets[i];
    }
  }
  return NULL;
}

PhStatus ph_osc_out_target(PhOscOut *out, const char *name, const char *where, char *error)
{
  const char *colon = strchr(where, ':');
  const char *slash = colon ? strchr(colon, '/') : NULL;
  char *end = NULL;
  const long port = colon ? strtol(colon + 1, &end, 10) : 0;
  if (!colon || colon == where || (size_t)(colon - where) >= NAME_BYTES || port < 1 || port > 65535 ||
      (*end && *end != '/') || !name[0] || strlen(name) >= NAME_BYTES || (slash && strlen(slash) >= PATH_BYTES)) {
    return ph_io_refuse(error, PH_ARG, where, "a target is NAME and host:port or host:port/path");
  }
  Target target = { .is_dirt = strcmp(name, "superdirt") == 0 };
  char host[NAME_BYTES] = "";
  memcpy(host, where, (size_t)(colon - where));
  memcpy(target.name, name, strlen(name) + 1);
  const char *path = slash ? slash : target.is_dirt ? "/dirt/play" : "/play";
  memcpy(target.path, path, strlen(path) + 1);
  const PhStatus status = find_address(host, (uint16_t)port, &target.address, error);
  if (status != PH_OK) {
    return status;
  }
  Target *place = find_target(out, name);
  if (!place && out->count == PH_OSC_TARGETS_MAX) {
    return ph_io_refuse(error, PH_LIMIT, name, "there are too many targets");
  }
  *(place ? place : &out->targets[out->count++]) = target;
  return PH_OK;
}

static void add_text(PhOscMessage *m, const char *text)
{
  m->args[m->count++] = (PhOscArg){ .tag = 's', .text = text };
}

static void add_number(PhOscMessage *m, const char *name, double value)
{
  add_text(m, name);
  m->args[m->count++] = (PhOscArg){ .tag = 'f', .number = value };
}

/* A number as SuperDirt counts it. */
static double for_dirt(const PhSinkEvent *event, const char *name, double x)
{
  if (!event->tidal && strcmp(name, "pan") == 0) {
    return (x + 1) / 2;
  }
  if (!event->tidal && strcmp(name, "octave") == 0) {
    return x + (DIRT_MIDDLE_OCTAVE - MIDDLE_OCTAVE);
  }
  return x;
}

static void add_control(PhOscMessage *m, const PhSinkEvent *event, bool is_dirt, const PhControlValue *control)
{
  const PhValue *value = &control->value;
  switch (value->tag) {
  case PH_VALUE_STR:
    add_text(m, control->name);
    add_text(m, value->str);
    break;
  case PH_VALUE_BOOL:
    add_text(m, control->name);
    m->args[m->count++] = (PhOscArg){ .tag = 'i', .i = value->b };
    break;
  case PH_VALUE_INT:
    add_text(m, control->name);
    m->args[m->count++] =
        (PhOscArg){ .tag = 'i', .i = is_dirt ? (int64_t)for_dirt(event, control->name, (double)value->i) : value->i };
    break;
  default: {
    const double x = value->tag == PH_VALUE_RATIO ? ph_rat_to_double(value->ratio) : value->num;
    add_number(m, control->name, is_dirt ? for_dirt(event, control->name, x) : x);
    break;
  }
  }
}

static bool is_own(const char *name)
{
  return strcmp(name, "cps") == 0 || strcmp(name, "cycle") == 0 || strcmp(name, "delta") == 0;
}

PhStatus ph_osc_out_event(PhOscOut *out, const PhSinkEvent *event, double unix_sec)
{
  const Target *target = find_target(out, event->name);
  if (!target) {
    return PH_NOTFOUND;
  }
  PhOscMessage *m = &out->message;
  m->path = target->path;
  m->time = ph_osc_time(unix_sec);
  m->count = 0;
  add_number(m, "cps", event->cps);
  add_number(m, "cycle", event->cycle);
  add_number(m, "delta", event->delta_sec);
  for (size_t i = 0; i < event->controls->len && m->count + 2 <= PH_OSC_ARGS_MAX; i++) {
    if (!is_own(event->controls->items[i].name)) {
      add_control(m, event, target->is_dirt, &event->controls->items[i]);
    }
  }
  const size_t size = ph_osc_write(m, out->packet, sizeof out->packet);
  if (size == 0) {
    return PH_IO;
  }
  return ph_osc_sender_put(out->sender, &target->address, out->packet, size) ? PH_OK : PH_LIMIT;
}

uint64_t ph_osc_out_sent(const PhOscOut *out) { return ph_osc_sender_sent(out->sender); }
int ph_osc_out_refusal(PhOscOut *out) { return ph_osc_sender_refusal(out->sender); }

/* ---- in ---- */

struct PhOscServer {
  int fd;
  uint16_t port;
  struct sockaddr_in sender; /* of the packet that is being handled */
  PhOscStats stats;
  PhOscHandler *handler;
  void *ctx;
  PhOscMessage message;
  unsigned char packet[PH_OSC_PACKET_BYTES + 1];
};

PhStatus ph_osc_server_open(const char *host, uint16_t port, PhOscServer **out, char *error)
{
  struct sockaddr_in address = { 0 };
  PhOscServer *self = *out = calloc(1, sizeof *self);
  if (!self) {
    return ph_io_refuse(error, PH_NOMEM, "OSC", ph_status_text(PH_NOMEM));
  }
  PhStatus status = open_socket(&self->fd, error);
  status = status == PH_OK ? find_address(host ? host : "127.0.0.1", port, &address, error) : status;
  if (status == PH_OK) {
    const int bytes = RECEIVE_BYTES;
    (void)setsockopt(self->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    socklen_t size = sizeof address;
    if (bind(self->fd, (const struct sockaddr *)(const void *)&address, sizeof address) < 0 ||
        getsockname(self->fd, (struct sockaddr *)(void *)&address, &size) < 0) {
      char what[NAME_BYTES];
      (void)snprintf(what, sizeof what, "OSC port %u", (unsigned)port);
      status = ph_io_refuse(error, PH_IO, what, strerror(errno));
    }
    self->port = ntohs(address.sin_port);
  }
  if (status != PH_OK) {
    ph_osc_server_close(self);
    *out = NULL;
  }
  return status;
}

void ph_osc_server_close(PhOscServer *server)
{
  if (server && server->fd >= 0) {
    (void)close(server->fd);
  }
  free(server);
}

uint16_t ph_osc_server_port(const PhOscServer *server) { return server->port; }

int ph_osc_server_fd(const PhOscServer *server) { return server->fd; }

PhOscStats ph_osc_server_stats(const PhOscServer *server) { return server->stats; }

static void tell(PhOscServer *server, const PhOscCommand *command)
{
  server->stats.commands++;
  if (server->handler) {
    server->handler(server->ctx, command);
  }
}

static bool text_at(const PhOscMessage *m, uint32_t i, const char **out)
{
  const bool is_text = i < m->count && (m->args[i].tag == 's' || m->args[i].tag == 'S');
  *out = is_text ? m->args[i].text : NULL;
  return is_text;
}

static bool number_at(const PhOscMessage *m, uint32_t i, double *out)
{
  return i < m->count && ph_osc_number(&m->args[i], out);
}

/* `/mute n` and `/mute n 0`, and so for others: a switch that is on if nothing says that it is off. */
static bool switch_at(const PhOscMessage *m, uint32_t i)
{
  double x = 1;
  return !number_at(m, i, &x) || x != 0;
}

static bool read_eval(const PhOscMessage *m, PhOscCommand *out) { return text_at(m, 0, &out->text); }

static bool read_hush(const PhOscMessage *m, PhOscCommand *out)
{
  out->on = switch_at(m, 0);
  return true;
}

static bool read_panic(const PhOscMessage *m, PhOscCommand *out)
{
  (void)m;
  (void)out;
  return true;
}

static bool read_tempo(const PhOscMessage *m, PhOscCommand *out)
{
  return number_at(m, 0, &out->number) && out->number > 0 && out->number <= PH_CPS_MOST;
}

static bool read_output(const PhOscMessage *m, PhOscCommand *out)
{
  double n;
  if (!number_at(m, 0, &n) || n < 0 || n > OUTPUT_MOST) {
    return false;
  }
  out->output = (uint32_t)n;
  out->on = switch_at(m, 1);
  return true;
}

static const struct {
  const char *path;
  PhOscVerb verb;
  bool (*read)(const PhOscMessage *m, PhOscCommand *out);
} verbs[] = {
  { "/eval", PH_OSC_EVAL, read_eval },    { "/hush", PH_OSC_HUSH, read_hush },   { "/panic", PH_OSC_PANIC, read_panic },
  { "/tempo", PH_OSC_TEMPO, read_tempo }, { "/mute", PH_OSC_MUTE, read_output }, { "/solo", PH_OSC_SOLO, read_output },
};

/* The numbers of a message by its own path: one by the path itself, several by the path and their place. */
static bool tell_numbers(PhOscServer *server, const PhOscMessage *m, const char *path, uint32_t first)
{
  char name[2 * PATH_BYTES];
  const uint32_t count = m->count - first;
  bool any = false;
  for (uint32_t i = 0; i < count; i++) {
    PhOscCommand command = { .verb = PH_OSC_CTRL, .text = name, .time = m->time };
    const int length = count == 1 ? snprintf(name, sizeof name, "%s%s", path[0] == '/' ? "" : "/", path)
                                  : snprintf(name, sizeof name, "%s%s/%u", path[0] == '/' ? "" : "/", path, i + 1);
    if (length < (int)sizeof name && number_at(m, first + i, &command.number)) {
      tell(server, &command);
      any = true;
    }
  }
  return any;
}

static void handle(void *ctx, const PhOscMessage *m)
{
  PhOscServer *server = ctx;
  for (size_t i = 0; i < PH_COUNT(verbs); i++) {
    if (strcmp(m->path, verbs[i].path) == 0) {
      PhOscCommand command = { .verb = verbs[i].verb, .time = m->time };
      if (verbs[i].read(m, &command)) {
        tell(server, &command);
      } else {
        server->stats.unknown++;
      }
      return;
    }
  }
  const char *name = m->path;
  const bool is_ctrl = strcmp(m->path, "/ctrl") == 0;
  const bool named = !is_ctrl || (text_at(m, 0, &name) && name[0]);
  server->stats.unknown += !named || !tell_numbers(server, m, name, is_ctrl);
}

uint32_t ph_osc_server_poll(PhOscServer *server, PhOscHandler *handler, void *ctx)
{
  server->handler = handler;
  server->ctx = ctx;
  uint32_t count = 0;
  for (; count < POLL_PACKETS; count++) {
    socklen_t length = sizeof server->sender;
    const ssize_t size = recvfrom(server->fd, server->packet, sizeof server->packet, 0,
                                  (struct sockaddr *)(void *)&server->sender, &length);
    if (size < 0 && errno == ECONNREFUSED) {
      continue; /* of a reply that nobody waited for */
    }
    if (size < 0) {
      break;
    }
    server->stats.packets++;
    server->stats.malformed += !ph_osc_parse(server->packet, (size_t)size, &server->message, handle, server);
  }
  return count;
}

void ph_osc_server_reply(PhOscServer *server, const char *path, const char *text)
{
  static const size_t room = 1 << 14;
  PhOscMessage *m = malloc(sizeof *m);
  unsigned char *packet = malloc(room);
  if (m && packet) {
    m->path = path;
    m->time = PH_OSC_NOW;
    m->count = 1;
    m->args[0] = (PhOscArg){ .tag = 's', .text = text };
    const size_t size = ph_osc_write(m, packet, room);
    const struct sockaddr *to = (const struct sockaddr *)(const void *)&server->sender;
    const ssize_t sent = size ? sendto(server->fd, packet, size, 0, to, sizeof server->sender) : 0;
    (void)sent; /* who does not listen does not mind */
  }
  free(packet);
  free(m);
}
