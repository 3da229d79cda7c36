/* Any bytes are an OSC packet or none. What a packet says lies inside it, and written anew it says the same.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "io/osc_packet.h"

typedef struct Packet {
  const uint8_t *bytes;
  size_t size;
  const PhOscMessage *expected; /* NULL: the message is written anew, and parsed with itself expected */
} Packet;

static void inside(const Packet *packet, const void *at, size_t size)
{
  const uintptr_t begin = (uintptr_t)packet->bytes, from = (uintptr_t)at;
  if (from < begin || from + size > begin + packet->size) {
    abort();
  }
}

static void same(const PhOscMessage *a, const PhOscMessage *b)
{
  if (strcmp(a->path, b->path) != 0 || a->time != b->time || a->count != b->count) {
    abort();
  }
  for (uint32_t i = 0; i < a->count; i++) {
    const PhOscArg *x = &a->args[i], *y = &b->args[i];
    const bool is_text = x->tag == 's', is_blob = x->tag == 'b';
    const bool is_number = x->tag == 'f' || x->tag == 'd'; /* compared as bits: they may be no numbers */
    if (x->tag != y->tag || (is_text && strcmp(x->text, y->text) != 0) ||
        (is_blob && (x->blob.size != y->blob.size || memcmp(x->blob.bytes, y->blob.bytes, x->blob.size) != 0)) ||
        (is_number && x->number == x->number && memcmp(&x->number, &y->number, sizeof x->number) != 0) ||
        (!is_text && !is_blob && !is_number && x->i != y->i)) {
      abort();
    }
  }
}

static void visit(void *ctx, const PhOscMessage *m)
{
  const Packet *packet = ctx;
  if (packet->expected) {
    same(packet->expected, m);
    return;
  }
  inside(packet, m->path, strlen(m->path) + 1);
  bool ours = true;
  for (uint32_t i = 0; i < m->count; i++) {
    const PhOscArg *arg = &m->args[i];
    if (arg->tag == 's' || arg->tag == 'S') {
      inside(packet, arg->text, strlen(arg->text) + 1);
    } else if (arg->tag == 'b') {
      inside(packet, arg->blob.bytes, arg->blob.size);
    }
    ours = ours && strchr("ihfdsbTFNI", arg->tag);
  }
  PhOscMessage *scratch = malloc(sizeof *scratch);
  uint8_t *bytes = malloc(PH_OSC_PACKET_BYTES);
  const size_t size = ours && scratch && bytes ? ph_osc_write(m, bytes, PH_OSC_PACKET_BYTES) : 0;
  Packet again = { bytes, size, m };
  if (size && !ph_osc_parse(bytes, size, scratch, visit, &again)) {
    abort();
  }
  free(bytes);
  free(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  PhOscMessage *scratch = malloc(sizeof *scratch);
  Packet packet = { data, size, NULL };
  if (scratch) {
    (void)ph_osc_parse(data, size, scratch, visit, &packet);
  }
  free(scratch);
  return 0;
}
