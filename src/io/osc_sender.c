/* Packets of OSC on their way out.  SPDX-License-Identifier: MIT */
#include "io/osc_sender.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/ring.h"

enum { RING_BYTES = 1 << 18, PACKET_MOST = 1 << 16 };

#define BUSY_PAUSE_SEC 0.001 /* between two looks while packets come */
#define IDLE_PAUSE_SEC 0.01  /* and when there were none for */
#define IDLE_AFTER_SEC 5.0

typedef struct Head {
  struct sockaddr_in to;
  uint32_t size;
} Head;

struct PhOscSender {
  PhRing ring; /* of bytes, a Head before each packet: giver → sender's thread */
  int fd;
  pthread_t thread;
  unsigned char packet[PACKET_MOST]; /* the sender's thread's */
  atomic_int refusal;
  _Atomic uint64_t sent;
  atomic_bool quit;
};

/* ---- the sender's thread ----------------------------------------------------------------------------------------- */

static void take(PhOscSender *s, void *to, size_t size)
{
  PhRingSpan spans[2];
  (void)ph_ring_read_begin(&s->ring, size, spans);
  memcpy(to, spans[0].at, spans[0].count);
  memcpy((unsigned char *)to + spans[0].count, spans[1].at, spans[1].count);
  ph_ring_read_end(&s->ring, size);
}

/* A packet is put as a whole: where its head is, it is. */
static bool send_all(PhOscSender *s)
{
  bool any = false;
  Head head;
  while (ph_ring_count(&s->ring) > 0) {
    take(s, &head, sizeof head);
    take(s, s->packet, head.size);
    const struct sockaddr *to = (const struct sockaddr *)(const void *)&head.to;
    any = true;
    /* ECONNREFUSED is the answer to an earlier packet: nobody listened then. UDP promises nothing. */
    if (sendto(s->fd, s->packet, head.size, 0, to, sizeof head.to) < 0 && errno != ECONNREFUSED) {
      atomic_store(&s->refusal, errno);
    } else {
      atomic_fetch_add_explicit(&s->sent, 1, memory_order_relaxed);
    }
  }
  return any;
}

static void *run(void *arg)
{
  PhOscSender *s = arg;
  double last_sec = -IDLE_AFTER_SEC;
  for (bool is_last = false; !is_last;) {
    is_last = atomic_load_explicit(&s->quit, memory_order_acquire);
    const bool any = send_all(s);
    last_sec = any ? ph_os_now_sec() : last_sec;
    if (!is_last) {
      ph_os_sleep_sec(ph_os_now_sec() - last_sec < IDLE_AFTER_SEC ? BUSY_PAUSE_SEC : IDLE_PAUSE_SEC);
    }
  }
  return NULL;
}

/* ---- the thread that gives ---------------------------------------------------------------------------------------- */

/* Bytes from the place `at` of the two stretches on. */
static void fill(const PhRingSpan spans[2], size_t at, const void *from, size_t size)
{
  const size_t rest = at < spans[0].count ? spans[0].count - at : 0, first = rest < size ? rest : size;
  const size_t skipped = at > spans[0].count ? at - spans[0].count : 0;
  memcpy((unsigned char *)spans[0].at + (first ? at : 0), from, first);
  memcpy((unsigned char *)spans[1].at + skipped, (const unsigned char *)from + first, size - first);
}

bool ph_osc_sender_put(PhOscSender *s, const struct sockaddr_in *to, const void *packet, size_t size)
{
  PhRingSpan spans[2];
  const Head head = { .to = *to, .size = (uint32_t)size };
  const size_t all = sizeof head + size;
  if (size > PACKET_MOST || ph_ring_write_begin(&s->ring, all, spans) < all) {
    return false;
  }
  fill(spans, 0, &head, sizeof head);
  fill(spans, sizeof head, packet, size);
  ph_ring_write_end(&s->ring, all);
  return true;
}

/* ---- the control thread ------------------------------------------------------------------------------------------- */

PhOscSender *ph_osc_sender_new(int fd)
{
  PhOscSender *s = calloc(1, sizeof *s);
  if (!s || ph_ring_init(&s->ring, RING_BYTES, 1) != PH_OK) {
    free(s);
    return NULL;
  }
  s->fd = fd;
  if (pthread_create(&s->thread, NULL, run, s) != 0) {
    ph_ring_deinit(&s->ring);
    free(s);
    return NULL;
  }
  return s;
}

void ph_osc_sender_free(PhOscSender *s)
{
  if (s) {
    atomic_store_explicit(&s->quit, true, memory_order_release);
    (void)pthread_join(s->thread, NULL);
    ph_ring_deinit(&s->ring);
    free(s);
  }
}

int ph_osc_sender_refusal(PhOscSender *s) { return atomic_exchange(&s->refusal, 0); }
uint64_t ph_osc_sender_sent(const PhOscSender *s) { return atomic_load_explicit(&s->sent, memory_order_relaxed); }
