/* OSC: packets byte by byte, what a SuperDirt gets, and a server that is told things, right ones and wrong ones.
   SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "io/io.h"
#include "io/osc.h"

#define BYTES(text) (text), sizeof(text) - 1

/* ---- packets ---- */

static void say(void *ctx, const PhOscMessage *m)
{
  PhText *text = ctx;
  ph_text_printf(text, "%s@%.3f", m->path, m->time == PH_OSC_NOW ? 0.0 : ph_osc_unix_sec(m->time));
  for (uint32_t i = 0; i < m->count; i++) {
    const PhOscArg *arg = &m->args[i];
    double x = 0;
    if (arg->tag == 's' || arg->tag == 'S') {
      ph_text_printf(text, " %c:%s", arg->tag, arg->text);
    } else if (arg->tag == 'b') {
      ph_text_printf(text, " b:%u", arg->blob.size);
    } else if (ph_osc_number(arg, &x)) {
      ph_text_printf(text, " %c:%g", arg->tag, x);
    } else {
      ph_text_printf(text, " %c", arg->tag);
    }
  }
  ph_text_puts(text, ";");
}

static void packets_are_read(void **state)
{
  (void)state;
  static const struct {
    const char *bytes;
    size_t size;
    const char *said; /* NULL: it is no packet */
  } cases[] = {
    { BYTES("/a\0\0,\0\0\0"), "/a@0.000;" },
    { BYTES("/a\0\0"), "/a@0.000;" }, /* without tags, as some send it */
    { BYTES("/foo\0\0\0\0,if\0\0\0\0\7\x3f\x80\0\0"), "/foo@0.000 i:7 f:1;" },
    { BYTES("/s\0\0,sS\0abc\0d\0\0\0"), "/s@0.000 s:abc S:d;" },
    { BYTES("/b\0\0,bi\0\0\0\0\5hello\0\0\0\xff\xff\xff\xff"), "/b@0.000 b:5 i:-1;" },
    { BYTES("/t\0\0,TFNI\0\0\0"), "/t@0.000 T:1 F:0 N I;" },
    { BYTES("/w\0\0,hd\0\0\0\0\1\0\0\0\0\x3f\xe0\0\0\0\0\0\0"), "/w@0.000 h:4.29497e+09 d:0.5;" },
    { BYTES("#bundle\0\x83\xaa\x7e\x81\x80\0\0\0\0\0\0\4/a\0\0\0\0\0\x08/b\0\0,\0\0\0"), "/a@1.500;/b@1.500;" },
    { BYTES("#bundle\0\0\0\0\0\0\0\0\1"), "" },
    { BYTES(""), NULL },
    { BYTES("a\0\0\0,\0\0\0"), NULL },               /* no path */
    { BYTES("/a\0\0,i\0\0"), NULL },                 /* no number */
    { BYTES("/a\0\0,i\0\0\0\0\0\1\0\0\0\2"), NULL }, /* a number too many */
    { BYTES("/a\0\0,s\0\0abcd"), NULL },             /* a text without an end */
    { BYTES("/a\0\0,?\0\0\0\0\0\0"), NULL },         /* who knows how long */
    { BYTES("/a\0\0,b\0\0\x7f\xff\xff\xff"), NULL },
    { BYTES("/a\0\0,b\0\0\xff\xff\xff\xff"), NULL },
    { BYTES("/abc"), NULL },
    { BYTES("/a\0\0,\0\0"), NULL },
    { BYTES("#bundle\0\0\0\0\0\0\0\0\1\0\0\0\x10/a\0\0"), NULL },
    { BYTES("#bundle\0\0\0\0\0\0\0\0\1\0\0\0\4/a\0\0\0\0\0\0"), NULL },        /* a second element of nothing */
    { BYTES("#bundle\0\0\0\0\0\0\0\0\1\0\0\0\4/a\0\0\0\0\0\4b\0\0\0"), NULL }, /* the first one is not told of either */
    { BYTES("#bundle\0\0\0"), NULL },
  };
  static PhOscMessage scratch;
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    unsigned char *exact = malloc(cases[i].size + 1); /* so that a sanitizer sees one byte too many */
    memcpy(exact, cases[i].bytes, cases[i].size);
    PhText text = { 0 };
    const bool ok = ph_osc_parse(exact, cases[i].size, &scratch, say, &text);
    assert_int_equal(ok, cases[i].said != NULL);
    assert_string_equal(text.ptr ? text.ptr : "", cases[i].said ? cases[i].said : "");
    ph_text_deinit(&text);
    free(exact);
  }
  unsigned char deep[16 * (PH_OSC_NEST_MAX + 2) + 64] = { 0 };
  for (uint32_t depth = 0; depth <= PH_OSC_NEST_MAX + 1; depth++) {
    size_t size = 0;
    for (uint32_t k = 0; k < depth; k++) {
      memcpy(deep + size, "#bundle\0\0\0\0\0\0\0\0\1", 16);
      const uint32_t rest = 8 + 20 * (depth - 1 - k);
      memcpy(deep + size + 16, (unsigned char[]){ 0, 0, (unsigned char)(rest >> 8), (unsigned char)rest }, 4);
      size += 20;
    }
    memcpy(deep + size, "/a\0\0,\0\0\0", 8);
    assert_int_equal(ph_osc_parse(deep, size + 8, &scratch, NULL, NULL), depth <= PH_OSC_NEST_MAX);
  }
}

static void times_are_ntp(void **state)
{
  (void)state;
  assert_true(ph_osc_time(0) == UINT64_C(2208988800) << 32);
  assert_true(ph_osc_time(0.5) == (UINT64_C(2208988800) << 32 | 0x80000000u));
  for (double sec = 1.7e9; sec < 1.7e9 + 2; sec += 0.0137) {
    assert_true(fabs(ph_osc_unix_sec(ph_osc_time(sec)) - sec) < 1e-6);
  }
}

static void what_does_not_fit_is_not_written(void **state)
{
  (void)state;
  PhOscMessage *m = calloc(1, sizeof *m);
  m->path = "/foo";
  m->count = 2;
  m->args[0] = (PhOscArg){ .tag = 's', .text = "hello" };
  m->args[1] = (PhOscArg){ .tag = 'd', .number = 1 };
  unsigned char bytes[128];
  const size_t size = ph_osc_write(m, bytes, sizeof bytes);
  assert_int_equal(size, 16 + 4 + 8 + 4 + 8 + 8);
  for (size_t room = 0; room < size; room++) {
    assert_int_equal(ph_osc_write(m, bytes, room), 0);
  }
  free(m);
}

/* ---- out ---- */

static int listen_on(uint16_t *port)
{
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  socklen_t size = sizeof at;
  assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
  assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
  *port = ntohs(at.sin_port);
  return fd;
}

static size_t receive(int fd, unsigned char *packet, size_t room)
{
  struct pollfd wait = { .fd = fd, .events = POLLIN };
  assert_int_equal(poll(&wait, 1, 5000), 1);
  const ssize_t size = recv(fd, packet, room, 0);
  assert_true(size > 0);
  return (size_t)size;
}

/* Stands before the system's: counts what each thread sends itself. */
static _Thread_local uint32_t own_sends;

ssize_t sendto(int fd, const void *bytes, size_t size, int flags, const struct sockaddr *to, socklen_t to_size)
{
  own_sends++;
  return syscall(SYS_sendto, fd, bytes, size, flags, to, to_size);
}

/* Three times around the ring: each once, in order, and none is sent by the thread that hands them over. */
static void events_are_sent_by_another_thread(void **state)
{
  (void)state;
  enum { ROUNDS = 70, EVENTS = 100 };
  uint16_t port;
  const int fd = listen_on(&port), room = 1 << 20;
  (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  char error[PH_IO_ERROR_BYTES], where[64];
  PhOscOut *out;
  assert_int_equal(ph_osc_out_new(&out, error), PH_OK);
  (void)snprintf(where, sizeof where, "127.0.0.1:%d", port);
  assert_int_equal(ph_osc_out_target(out, "x", where, error), PH_OK);
  PhMap *controls = calloc(1, sizeof *controls);
  own_sends = 0;
  for (uint32_t round = 0; round < ROUNDS; round++) {
    for (uint32_t i = 0; i < EVENTS; i++) {
      const PhSinkEvent event = { .name = "x", .cycle = round * EVENTS + i, .controls = controls };
      assert_int_equal(ph_osc_out_event(out, &event, 1), PH_OK);
    }
    for (uint32_t i = 0; i < EVENTS; i++) {
      static PhOscMessage scratch;
      unsigned char packet[512];
      char expected[64];
      PhText text = { 0 };
      (void)snprintf(expected, sizeof expected, "s:cycle f:%u ", round * EVENTS + i);
      assert_true(ph_osc_parse(packet, receive(fd, packet, sizeof packet), &scratch, say, &text));
      assert_non_null(strstr(text.ptr, expected));
      ph_text_deinit(&text);
    }
  }
  assert_int_equal(own_sends, 0);
  assert_int_equal(ph_osc_out_refusal(out), 0);
  assert_int_equal(ph_osc_out_target(out, "far", "255.255.255.255:9", error), PH_OK); /* which needs a permission */
  const PhSinkEvent event = { .name = "far", .controls = controls };
  assert_int_equal(ph_osc_out_event(out, &event, 1), PH_OK);
  int refusal = 0;
  for (int i = 0; i < 5000 && !refusal; i++) {
    ph_os_sleep_sec(0.001);
    refusal = ph_osc_out_refusal(out);
  }
  assert_int_not_equal(refusal, 0);
  assert_int_equal(ph_osc_out_event(out, &(PhSinkEvent){ .name = "x", .controls = controls }, 1), PH_OK);
  ph_osc_out_free(out); /* what waits is sent */
  unsigned char packet[512];
  assert_true(receive(fd, packet, sizeof packet) > 0);
  free(controls);
  (void)close(fd);
}

static void a_superdirt_gets_its_events(void **state)
{
  (void)state;
  static const PhControlValue items[] = { { "n", { .tag = PH_VALUE_NOTE, .num = 3 } },
                                          { "octave", { .tag = PH_VALUE_INT, .i = 3 } },
                                          { "pan", { .tag = PH_VALUE_NUM, .num = -0.5 } },
                                          { "s", { .tag = PH_VALUE_STR, .str = "superpiano" } },
                                          { "speed", { .tag = PH_VALUE_RATIO, .ratio = { 3, 2 } } },
                                          { "x", { .tag = PH_VALUE_BOOL, .b = true } } };
  PhMap *controls = malloc(sizeof *controls + sizeof items);
  controls->len = PH_COUNT(items);
  memcpy(controls->items, items, sizeof items);
  PhSinkEvent event = {
    .kind = PH_SINK_OSC, .name = "superdirt", .cycle = 2.5, .cps = 0.75, .delta_sec = 0.25, .controls = controls
  };
  uint16_t port;
  const int fd = listen_on(&port);
  char error[PH_IO_ERROR_BYTES], where[64];
  PhOscOut *out;
  assert_int_equal(ph_osc_out_new(&out, error), PH_OK);
  (void)snprintf(where, sizeof where, "127.0.0.1:%d", port);
  assert_int_equal(ph_osc_out_target(out, "superdirt", where, error), PH_OK);
  (void)snprintf(where, sizeof where, "localhost:%d/light/1", port);
  assert_int_equal(ph_osc_out_target(out, "lights", where, error), PH_OK);
  static const struct {
    const char *target, *said;
    bool tidal;
  } cases[] = {
    { "superdirt",
      "/dirt/play@1000.250 s:cps f:0.75 s:cycle f:2.5 s:delta f:0.25 s:n f:3 s:octave i:4 s:pan f:0.25 s:s "
      "s:superpiano "
      "s:speed f:1.5 s:x i:1;",
      false },
    { "superdirt",
      "/dirt/play@1000.250 s:cps f:0.75 s:cycle f:2.5 s:delta f:0.25 s:n f:3 s:octave i:3 s:pan f:-0.5 s:s "
      "s:superpiano "
      "s:speed f:1.5 s:x i:1;",
      true },
    { "lights",
      "/light/1@1000.250 s:cps f:0.75 s:cycle f:2.5 s:delta f:0.25 s:n f:3 s:octave i:3 s:pan f:-0.5 s:s s:superpiano "
      "s:speed f:1.5 s:x i:1;",
      false },
  };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    static PhOscMessage scratch;
    unsigned char packet[2048];
    PhText text = { 0 };
    event.name = cases[i].target;
    event.tidal = cases[i].tidal;
    assert_int_equal(ph_osc_out_event(out, &event, 1000.25), PH_OK);
    assert_true(ph_osc_parse(packet, receive(fd, packet, sizeof packet), &scratch, say, &text));
    assert_string_equal(text.ptr, cases[i].said);
    ph_text_deinit(&text);
  }
  event.name = "nobody";
  assert_int_equal(ph_osc_out_event(out, &event, 0), PH_NOTFOUND);
  for (int i = 0; i < 5000 && ph_osc_out_sent(out) < 3; i++) {
    ph_os_sleep_sec(0.001);
  }
  assert_int_equal(ph_osc_out_sent(out), 3);
  static const char *const wrong[] = {
    "", "127.0.0.1", ":9", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "127.0.0.1:80x"
  };
  for (size_t i = 0; i < PH_COUNT(wrong); i++) {
    assert_int_equal(ph_osc_out_target(out, "x", wrong[i], error), PH_ARG);
  }
  ph_osc_out_free(out);
  free(controls);
  (void)close(fd);
}

/* ---- in ---- */

static void note(void *ctx, const PhOscCommand *c)
{
  static const char *const names[] = { "eval", "hush", "panic", "tempo", "mute", "solo", "ctrl" };
  _Static_assert(PH_COUNT(names) == PH_OSC_VERBS, "a name for each verb");
  PhText *text = ctx;
  ph_text_printf(text, "%s", names[c->verb]);
  if (c->verb == PH_OSC_EVAL || c->verb == PH_OSC_CTRL) {
    ph_text_printf(text, " %s", c->text);
  }
  if (c->verb == PH_OSC_TEMPO || c->verb == PH_OSC_CTRL) {
    ph_text_printf(text, " %g", c->number);
  }
  if (c->verb == PH_OSC_MUTE || c->verb == PH_OSC_SOLO) {
    ph_text_printf(text, " %u", c->output);
  }
  if (c->verb == PH_OSC_HUSH || c->verb == PH_OSC_MUTE || c->verb == PH_OSC_SOLO) {
    ph_text_puts(text, c->on ? " on" : " off");
  }
  ph_text_puts(text, c->time == PH_OSC_NOW ? ";" : "@;");
}

static void a_server_is_told(void **state)
{
  (void)state;
  static const struct {
    const char *bytes;
    size_t size;
    const char *said;
    uint32_t malformed, unknown;
  } cases[] = {
    { BYTES("/eval\0\0\0,s\0\0o1: s \"bd\"\0\0"), "eval o1: s \"bd\";", 0, 0 },
    { BYTES("/hush\0\0\0"), "hush on;", 0, 0 },
    { BYTES("/hush\0\0\0,i\0\0\0\0\0\0"), "hush off;", 0, 0 },
    { BYTES("/panic\0\0,\0\0\0"), "panic;", 0, 0 },
    { BYTES("/tempo\0\0,f\0\0\x3f\0\0\0"), "tempo 0.5;", 0, 0 },
    { BYTES("/tempo\0\0,f\0\0\x7f\xc0\0\0"), "", 0, 1 }, /* not a number */
    { BYTES("/tempo\0\0,i\0\0\xff\xff\xff\xff"), "", 0, 1 },
    { BYTES("/mute\0\0\0,i\0\0\0\0\0\3"), "mute 3 on;", 0, 0 },
    { BYTES("/mute\0\0\0,iF\0\0\0\0\3"), "mute 3 off;", 0, 0 },
    { BYTES("/mute\0\0\0,i\0\0\0\0\0\x41"), "", 0, 1 }, /* there is no output 65 */
    { BYTES("/solo\0\0\0,f\0\0\x40\0\0\0"), "solo 2 on;", 0, 0 },
    { BYTES("/solo\0\0\0,\0\0\0"), "", 0, 1 },
    { BYTES("/ctrl\0\0\0,sf\0cut\0\x3f\0\0\0"), "ctrl /cut 0.5;", 0, 0 },
    { BYTES("/ctrl\0\0\0,si\0/a/b\0\0\0\0\0\0\0\7"), "ctrl /a/b 7;", 0, 0 },
    { BYTES("/ctrl\0\0\0,s\0\0cut\0"), "", 0, 1 },
    { BYTES("/1/fader\0\0\0\0,f\0\0\x3f\0\0\0"), "ctrl /1/fader 0.5;", 0, 0 },
    { BYTES("/xy\0,ff\0\x3f\0\0\0\x3e\x80\0\0"), "ctrl /xy/1 0.5;ctrl /xy/2 0.25;", 0, 0 },
    { BYTES("/x\0\0,s\0\0hey\0"), "", 0, 1 },
    { BYTES("/eval\0\0\0,i\0\0\0\0\0\1"), "", 0, 1 },
    { BYTES("rubbish\0"), "", 1, 0 },
    { BYTES("#bundle\0\x83\xaa\x7e\x81\x80\0\0\0\0\0\0\x0c/panic\0\0,\0\0\0"), "panic@;", 0, 0 },
  };
  char error[PH_IO_ERROR_BYTES];
  PhOscServer *server, *second;
  assert_int_equal(ph_osc_server_open(NULL, 0, &server, error), PH_OK);
  assert_int_equal(ph_osc_server_open(NULL, ph_osc_server_port(server), &second, error), PH_IO);
  assert_null(second);
  uint16_t own;
  const int fd = listen_on(&own);
  struct sockaddr_in to = { .sin_family = AF_INET,
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                            .sin_port = htons(ph_osc_server_port(server)) };
  PhOscStats before = ph_osc_server_stats(server);
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    PhText text = { 0 };
    assert_int_equal(sendto(fd, cases[i].bytes, cases[i].size, 0, (const struct sockaddr *)&to, sizeof to),
                     cases[i].size);
    struct pollfd wait = { .fd = ph_osc_server_fd(server), .events = POLLIN };
    assert_int_equal(poll(&wait, 1, 5000), 1);
    assert_int_equal(ph_osc_server_poll(server, note, &text), 1);
    assert_string_equal(text.ptr ? text.ptr : "", cases[i].said);
    const PhOscStats now = ph_osc_server_stats(server);
    assert_int_equal(now.malformed - before.malformed, cases[i].malformed);
    assert_int_equal(now.unknown - before.unknown, cases[i].unknown);
    before = now;
    ph_text_deinit(&text);
  }
  assert_int_equal(before.packets, PH_COUNT(cases));
  assert_int_equal(ph_osc_server_poll(server, note, NULL), 0); /* it does not wait */
  ph_osc_server_reply(server, "/error", "line 1");
  static PhOscMessage scratch;
  unsigned char packet[256];
  PhText text = { 0 };
  assert_true(ph_osc_parse(packet, receive(fd, packet, sizeof packet), &scratch, say, &text));
  assert_string_equal(text.ptr, "/error@0.000 s:line 1;");
  ph_text_deinit(&text);
  (void)close(fd);
  ph_osc_server_close(server);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(packets_are_read),
    cmocka_unit_test(times_are_ntp),
    cmocka_unit_test(what_does_not_fit_is_not_written),
    cmocka_unit_test(a_superdirt_gets_its_events),
    cmocka_unit_test(events_are_sent_by_another_thread),
    cmocka_unit_test(a_server_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
