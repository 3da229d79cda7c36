/* Time that stands still, and goes on somewhere else: on its frame, the same bits for any blocks and threads.  SPDX-License-Identifier: MIT */
#include "built.h"
#include "changes.h"
#include "plans.h"

#include <stdlib.h>
#include <string.h>

enum { RATE = 44100, QUIET = 13231, SEC = RATE };

static const uint32_t usual[3] = { 64, 1, 512 };

/* Silent at QUIET: its events are half a second apart. */
static const char *notes = "~v: saw 110 * 0.5\no1: s \"~v*4\" # note \"<0 3> 7 5 <12 10>\" # dur 0.05\n";

static void it_goes_on_where_it_is_put(void **state)
{
  (void)state;
  float *expected = changed_render(notes, NULL, 0, 3 * SEC, usual);
  const Change changes[] = { { QUIET, 0, ACT_LOCATE } };
  float *out = changed_render(notes, changes, 1, QUIET + 3 * SEC, usual);
  expect_same("before", expected, out, QUIET);
  expect_same("from the beginning", expected, out + 2 * QUIET, 3 * SEC);
  free(out);
  const Change later[] = { { QUIET, 0.75, ACT_LOCATE } };
  out = changed_render(notes, later, 1, QUIET + SEC, usual);
  expect_same("in the middle", expected + 2 * (3 * SEC / 2), out + 2 * QUIET, SEC);
  free(out);
  free(expected);
}

/* As long as it stands nothing begins; then all goes on, as much later. Standing twice is standing. */
static void it_stands_still(void **state)
{
  (void)state;
  float *expected = changed_render(notes, NULL, 0, 4 * SEC, usual);
  const Change changes[] = { { QUIET, 0, ACT_STAND }, { QUIET + 700, 0, ACT_STAND }, { QUIET + 3 * SEC, 0, ACT_GO } };
  float *out = changed_render(notes, changes, 3, QUIET + 5 * SEC, usual);
  expect_same("before", expected, out, QUIET);
  for (int64_t i = 2 * QUIET; i < 2 * (QUIET + 3 * SEC); i++) {
    assert_true(out[i] == 0);
  }
  expect_same("after", expected + 2 * QUIET, out + 2 * (QUIET + 3 * SEC), 2 * SEC);
  free(out);
  free(expected);
}

/* What reads the tempo still has it, and a tempo that comes meanwhile is that of what comes. */
static void the_tempo_outlasts_it(void **state)
{
  (void)state;
  static const char text[] = "cps: 0.5\n~v: 1 * ctl \"cps\" 9\no1: s \"~v\" # attack 0 # dur 20\n";
  const Change changes[] = { { 1000, 0, ACT_STAND }, { 2000, 2, ACT_TEMPO }, { 3000, 0, ACT_GO } };
  float *out = changed_render(text, changes, 3, 3 * SEC, usual);
  assert_true(out[2 * 500] > 0.45f && out[2 * 2500] == out[2 * 500]);
  int64_t second = 3001;
  while (out[2 * second] < 2) {
    second++;
  }
  /* 1000 frames at 0.5 cycles a second, then the rest of the cycle at 2. */
  assert_in_range(second, 3000 + (RATE - 500) / 2 - 2, 3000 + (RATE - 500) / 2 + 2);
  free(out);
}

static void blocks_and_threads_do_not_matter(void **state)
{
  (void)state;
  static const char text[] = "~v: saw 110 * 0.5\no1: s \"~v*4\" # note \"<0 3> 7 5 <12 10>\"\n"
                             "o2: square \"110*2 220 [165 330]\" * tadsr \"1*8\" 0.002 0.05 0.2 0.05 * 0.3\n"
                             "o3: noise * tar \"1 ~ 1*2 ~\" 0.001 0.02 # delay (3/16) 0.5 0.4 :sync 1 * 0.3\n"
                             "o4: sine (range 200 400 (slow 2 tri)) * 0.1\n";
  static const uint32_t runs[][3] = { { 1, 1, 512 }, { 7, 3, 1000 }, { 4096, 2, 100000 } };
  Change changes[40];
  int64_t at = 0;
  uint64_t seed = 5;
  for (size_t i = 0; i < PH_COUNT(changes); i++) {
    seed = ph_mix64(seed);
    changes[i] = (Change){ at, seed % 4 == ACT_TEMPO ? 0.3 + (double)(seed >> 44) * 1e-6 : (double)(seed >> 56) / 64,
                           (Act)(seed % 4) };
    at += (int64_t)(seed >> 20) % 6000;
  }
  const int64_t frames = 3 * SEC;
  float *expected = changed_render(text, changes, PH_COUNT(changes), frames, usual);
  for (size_t r = 0; r < PH_COUNT(runs); r++) {
    float *out = changed_render(text, changes, PH_COUNT(changes), frames, runs[r]);
    expect_same("blocks", expected, out, frames);
    free(out);
  }
  free(expected);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(it_goes_on_where_it_is_put),
    cmocka_unit_test(it_stands_still),
    cmocka_unit_test(the_tempo_outlasts_it),
    cmocka_unit_test(blocks_and_threads_do_not_matter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
