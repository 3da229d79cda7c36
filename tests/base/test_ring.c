/* The ring: order, edges, stretches around the end, and two threads at once (also under the thread sanitizer).
   SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/ring.h"

static void edges(void **state)
{
  (void)state;
  PhRing ring;
  assert_int_equal(ph_ring_init(&ring, 5, sizeof(int)), PH_OK);
  assert_int_equal(ring.capacity, 8);
  int value = 0;
  assert_false(ph_ring_pop(&ring, &value));
  for (int i = 0; i < 8; i++) {
    assert_true(ph_ring_push(&ring, &i));
  }
  assert_false(ph_ring_push(&ring, &value));
  assert_int_equal(ph_ring_count(&ring), 8);
  for (int i = 0; i < 8; i++) {
    assert_true(ph_ring_pop(&ring, &value));
    assert_int_equal(value, i);
  }
  assert_false(ph_ring_pop(&ring, &value));
  ph_ring_reset(&ring);
  assert_int_equal(ph_ring_count(&ring), 0);
  ph_ring_deinit(&ring);
}

/* Every place that a stretch can begin at, every length, and counts that run over the largest size_t. */
static void around_the_end(void **state)
{
  (void)state;
  PhRing ring;
  assert_int_equal(ph_ring_init(&ring, 8, sizeof(int)), PH_OK);
  const size_t near_wrap = SIZE_MAX - 20;
  atomic_store(&ring.written, near_wrap);
  atomic_store(&ring.read, near_wrap);
  ring.read_seen = ring.written_seen = near_wrap;
  int in = 0, out = 0;
  for (size_t round = 0; round < 100; round++) {
    PhRingSpan spans[2];
    const size_t want = round % 9;
    const size_t got = ph_ring_write_begin(&ring, want, spans);
    assert_int_equal(got, want);
    assert_int_equal(spans[0].count + spans[1].count, got);
    for (int s = 0; s < 2; s++) {
      for (size_t i = 0; i < spans[s].count; i++) {
        ((int *)spans[s].at)[i] = in++;
      }
    }
    ph_ring_write_end(&ring, got);
    assert_int_equal(ph_ring_read_begin(&ring, 100, spans), want);
    for (int s = 0; s < 2; s++) {
      for (size_t i = 0; i < spans[s].count; i++) {
        assert_int_equal(((int *)spans[s].at)[i], out++);
      }
    }
    ph_ring_read_end(&ring, want);
  }
  ph_ring_deinit(&ring);
}

enum { ELEMENTS = 300000 };

static void *write_all(void *arg)
{
  PhRing *ring = arg;
  for (uint32_t next = 0; next < ELEMENTS;) {
    PhRingSpan spans[2];
    const size_t got = ph_ring_write_begin(ring, next % 37 + 1, spans);
    size_t done = 0;
    for (int s = 0; s < 2; s++) {
      for (size_t i = 0; i < spans[s].count && next < ELEMENTS; i++, done++) {
        ((uint32_t *)spans[s].at)[i] = next++ * 2654435761u;
      }
    }
    ph_ring_write_end(ring, done);
    if (got == 0) {
      sched_yield();
    }
  }
  return NULL;
}

static void two_threads(void **state)
{
  (void)state;
  PhRing ring;
  assert_int_equal(ph_ring_init(&ring, 64, sizeof(uint32_t)), PH_OK);
  pthread_t writer;
  assert_int_equal(pthread_create(&writer, NULL, write_all, &ring), 0);
  uint32_t next = 0, wrong = 0;
  while (next < ELEMENTS) {
    PhRingSpan spans[2];
    const size_t got = ph_ring_read_begin(&ring, next % 29 + 1, spans);
    for (int s = 0; s < 2; s++) {
      for (size_t i = 0; i < spans[s].count; i++) {
        wrong += ((const uint32_t *)spans[s].at)[i] != next++ * 2654435761u;
      }
    }
    ph_ring_read_end(&ring, got);
    if (got == 0) {
      sched_yield();
    }
  }
  pthread_join(writer, NULL);
  assert_int_equal(wrong, 0);
  assert_int_equal(ph_ring_count(&ring), 0);
  ph_ring_deinit(&ring);
}

int main(void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test(edges), cmocka_unit_test(around_the_end),
                                      cmocka_unit_test(two_threads) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
