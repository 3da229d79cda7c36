/* Packets of OSC on their way out: put into a ring by the thread that renders, sent by a thread of its own.  SPDX-License-Identifier: MIT */
#ifndef PH_IO_OSC_SENDER_H
#define PH_IO_OSC_SENDER_H

#include <netinet/in.h>

#include "base/base.h"

typedef struct PhOscSender PhOscSender;

/* [control] Sends on that socket. NULL: no memory, or no thread. */
PhOscSender *ph_osc_sender_new(int fd);
/* [control] When nobody puts any more: sends what waits, and ends. NULL is fine. */
void ph_osc_sender_free(PhOscSender *sender);
/* [realtime] One thread: a packet is sent within a millisecond or two, 10 ms after a pause. False: it finds no room. */
bool ph_osc_sender_put(PhOscSender *sender, const struct sockaddr_in *to, const void *packet, size_t size);
/* [any] What the system refused since the last call, as its errno; 0: nothing. */
int ph_osc_sender_refusal(PhOscSender *sender);
/* [any] Packets that the system took. */
uint64_t ph_osc_sender_sent(const PhOscSender *sender);

#endif
