/* OSC packets.  SPDX-License-Identifier: MIT */
#include "io/osc_packet.h"

#include <math.h>
#include <string.h>

#define SECONDS_1900_TO_1970 2208988800.0
#define FRACTIONS 4294967296.0

/* ---- reading ---- */

/* What is left of a packet. `bad` once something did not fit. */
typedef struct Reader {
  const unsigned char *at;
  size_t left;
  bool bad;
} Reader;

static const unsigned char *take(Reader *r, size_t size)
{
  const size_t padded = (size + 3) & ~(size_t)3;
  if (r->bad || padded < size || padded > r->left) {
    r->bad = true;
    return NULL;
  }
  const unsigned char *at = r->at;
  r->at += padded;
  r->left -= padded;
  return at;
}

static uint32_t take_32(Reader *r)
{
  const unsigned char *b = take(r, 4);
  return b ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3] : 0;
}

static uint64_t take_64(Reader *r)
{
  const uint64_t high = take_32(r);
  return high << 32 | take_32(r);
}

static const char *take_text(Reader *r)
{
  const unsigned char *end = r->bad ? NULL : memchr(r->at, 0, r->left);
  if (!end) {
    r->bad = true;
    return "";
  }
  const unsigned char *text = take(r, (size_t)(end - r->at) + 1);
  return text ? (const char *)text : "";
}

static double float_of(uint32_t bits)
{
  float x;
  memcpy(&x, &bits, sizeof x);
  return (double)x;
}

static double double_of(uint64_t bits)
{
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static void take_arg(Reader *r, char tag, PhOscArg *out)
{
  *out = (PhOscArg){ .tag = tag };
  switch (tag) {
  case 'i':
  case 'c':
  case 'r':
  case 'm':
    out->i = (int32_t)take_32(r);
    break;
  case 'h':
  case 't':
    out->i = (int64_t)take_64(r);
    break;
  case 'f':
    out->number = float_of(take_32(r));
    break;
  case 'd':
    out->number = double_of(take_64(r));
    break;
  case 's':
  case 'S':
    out->text = take_text(r);
    break;
  case 'b':
    out->blob.size = take_32(r);
    out->blob.bytes = take(r, out->blob.size);
    break;
  case 'T':
  case 'F':
  case 'N':
  case 'I':
  case '[':
  case ']':
    break;
  default:
    r->bad = true; /* how long it would be nobody knows */
    break;
  }
}

static void read_message(Reader *r, uint64_t time, PhOscMessage *m, PhOscVisit *visit, void *ctx)
{
  m->path = take_text(r);
  m->time = time;
  m->count = 0;
  r->bad |= m->path[0] != '/';
  const char *tags = r->left ? take_text(r) : ","; /* old senders leave the tags out where there are no arguments */
  r->bad |= tags[0] != ',';
  for (const char *tag = tags + 1; !r->bad && *tag; tag++) {
    if (m->count == PH_OSC_ARGS_MAX) {
      r->bad = true;
      return;
    }
    take_arg(r, *tag, &m->args[m->count++]);
  }
  r->bad |= r->left != 0;
  if (!r->bad && visit) {
    visit(ctx, m);
  }
}

static void read_packet(Reader *r, uint64_t time, uint32_t depth, PhOscMessage *m, PhOscVisit *visit, void *ctx)
{
  if (r->left < 8 || memcmp(r->at, "#bundle", 8) != 0) {
    read_message(r, time, m, visit, ctx);
    return;
  }
  (void)take(r, 8);
  time = take_64(r);
  r->bad |= depth == PH_OSC_NEST_MAX;
  while (!r->bad && r->left) {
    const uint32_t size = take_32(r);
    const unsigned char *element = size % 4 ? NULL : take(r, size);
    if (!element || size == 0) {
      r->bad = true;
      return;
    }
    Reader inner = { element, size, false };
    read_packet(&inner, time, depth + 1, m, visit, ctx);
    r->bad = inner.bad;
  }
}

bool ph_osc_parse(const void *bytes, size_t size, PhOscMessage *scratch, PhOscVisit *visit, void *ctx)
{
  if (size == 0 || size % 4 || size > PH_OSC_PACKET_BYTES) {
    return false;
  }
  Reader check = { bytes, size, false };
  read_packet(&check, PH_OSC_NOW, 0, scratch, NULL, NULL);
  if (!check.bad && visit) {
    Reader again = { bytes, size, false };
    read_packet(&again, PH_OSC_NOW, 0, scratch, visit, ctx);
  }
  return !check.bad;
}

bool ph_osc_number(const PhOscArg *arg, double *out)
{
  switch (arg->tag) {
  case 'i':
  case 'h':
    *out = (double)arg->i;
    return true;
  case 'f':
  case 'd':
    *out = arg->number;
    return isfinite(arg->number);
  case 'T':
  case 'F':
    *out = arg->tag == 'T';
    return true;
  default:
    return false;
  }
}

/* ---- writing ---- */

typedef struct Writer {
  unsigned char *bytes;
  size_t len, room;
  bool full;
} Writer;

static void put(Writer *w, const void *bytes, size_t size)
{
  const size_t padded = (size + 3) & ~(size_t)3;
  if (w->full || padded > w->room - w->len) {
    w->full = true;
    return;
  }
  memset(w->bytes + w->len, 0, padded);
  memcpy(w->bytes + w->len, bytes, size);
  w->len += padded;
}

static void put_32(Writer *w, uint32_t x)
{
  const unsigned char b[] = { (unsigned char)(x >> 24), (unsigned char)(x >> 16), (unsigned char)(x >> 8),
                              (unsigned char)x };
  put(w, b, sizeof b);
}

static void put_64(Writer *w, uint64_t x)
{
  put_32(w, (uint32_t)(x >> 32));
  put_32(w, (uint32_t)x);
}

static void put_arg(Writer *w, const PhOscArg *arg)
{
  const float single = (float)arg->number;
  uint32_t bits;
  uint64_t wide;
  switch (arg->tag) {
  case 'i':
    put_32(w, (uint32_t)(int32_t)arg->i);
    break;
  case 'h':
    put_64(w, (uint64_t)arg->i);
    break;
  case 'f':
    memcpy(&bits, &single, sizeof bits);
    put_32(w, bits);
    break;
  case 'd':
    memcpy(&wide, &arg->number, sizeof wide);
    put_64(w, wide);
    break;
  case 's':
    put(w, arg->text, strlen(arg->text) + 1);
    break;
  case 'b':
    put_32(w, arg->blob.size);
    put(w, arg->blob.bytes, arg->blob.size);
    break;
  default: /* T F N I */
    break;
  }
}

size_t ph_osc_write(const PhOscMessage *message, void *bytes, size_t room)
{
  char tags[PH_OSC_ARGS_MAX + 2] = ",";
  for (uint32_t i = 0; i < message->count; i++) {
    tags[1 + i] = message->args[i].tag;
  }
  tags[1 + message->count] = 0;
  Writer w = { .bytes = bytes, .room = room };
  put(&w, "#bundle", 8);
  put_64(&w, message->time);
  const size_t size_at = w.len;
  put_32(&w, 0);
  put(&w, message->path, strlen(message->path) + 1);
  put(&w, tags, strlen(tags) + 1);
  for (uint32_t i = 0; i < message->count; i++) {
    put_arg(&w, &message->args[i]);
  }
  if (w.full) {
    return 0;
  }
  Writer size = { .bytes = w.bytes + size_at, .room = 4 };
  put_32(&size, (uint32_t)(w.len - size_at - 4));
  return w.len;
}

uint64_t ph_osc_time(double unix_sec)
{
  const double sec = floor(unix_sec);
  const uint64_t fraction = (uint64_t)((unix_sec - sec) * FRACTIONS);
  return (uint64_t)(uint32_t)(int64_t)(sec + SECONDS_1900_TO_1970) << 32 | fraction;
}

double ph_osc_unix_sec(uint64_t time)
{
  return (double)(time >> 32) - SECONDS_1900_TO_1970 + (double)(uint32_t)time / FRACTIONS;
}
