/* OSC 1.0 packets (Wright, "The Open Sound Control 1.0 Specification", 2002): bytes to messages and back, without sockets.
   SPDX-License-Identifier: MIT */
#ifndef PH_IO_OSC_PACKET_H
#define PH_IO_OSC_PACKET_H

#include "base/base.h"

enum {
  PH_OSC_PACKET_BYTES = 65507, /* what UDP carries */
  PH_OSC_ARGS_MAX = 512,       /* of a message */
  PH_OSC_NEST_MAX = 8          /* bundles in bundles */
};

#define PH_OSC_NOW UINT64_C(1) /* the time of what is not in a bundle */

typedef struct PhOscArg {
  char tag; /* i h f d s S b c r m t T F N I [ ] */
  union {
    int64_t i;        /* i h c r m t */
    double number;    /* f d */
    const char *text; /* s S: in the packet */
    struct {
      const unsigned char *bytes;
      uint32_t size;
    } blob;
  };
} PhOscArg;

typedef struct PhOscMessage {
  const char *path;
  uint64_t time; /* an NTP timestamp: seconds since 1900 and fractions of 2^-32; that of the bundle around it */
  uint32_t count;
  PhOscArg args[PH_OSC_ARGS_MAX];
} PhOscMessage;

typedef void PhOscVisit(void *ctx, const PhOscMessage *message);

/* [any] Whether the bytes are a packet, all of them. If so, `visit` (may be NULL) gets its messages in order; else none. Texts and blobs
   are in `bytes`. `scratch` is for work: messages are large. */
bool ph_osc_parse(const void *bytes, size_t size, PhOscMessage *scratch, PhOscVisit *visit, void *ctx);

/* [any] A bundle of one message. Gives its size; 0 if it needs more than `room` bytes. Tags i h f d s b T F N I. */
size_t ph_osc_write(const PhOscMessage *message, void *bytes, size_t room);

/* [any] A number of any tag that is one. */
bool ph_osc_number(const PhOscArg *arg, double *out);

/* [any] Timestamps and seconds since 1970. */
uint64_t ph_osc_time(double unix_sec);
double ph_osc_unix_sec(uint64_t time);

#endif
