/* Playout by way of the file device: frames one after another, the end, half the sum for one channel, sides on other channels, a
   hitch after which the sound is in phase again, a source that fails.  SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sndfile.h>

#include "io/playout.h"

enum { RATE_HZ = 48000 };

/* Frame n is n + 1 on the left and -n - 1 on the right, exact in a float. */
typedef struct Source {
  int64_t at, fails_at; /* 0: never */
  int64_t hitch_at;     /* 0: never */
  double hitch_sec;
  bool is_busy;         /* it computes meanwhile */
  int64_t ends_at; /* 0: never */
} Source;

static PhStatus render(void *ctx, uint32_t frames, float *out)
{
  Source *source = ctx;
  if (source->ends_at && source->at >= source->ends_at) {
    return PH_CANCELLED;
  }
  for (uint32_t i = 0; i < frames; i++) {
    const int64_t n = source->at++;
    out[2 * i] = (float)(n + 1);
    out[2 * i + 1] = (float)(-n - 1);
    if (source->hitch_at && n == source->hitch_at) {
      const double begin = ph_os_cpu_sec();
      while (source->is_busy && ph_os_cpu_sec() - begin < source->hitch_sec) {}
      ph_os_sleep_sec(source->is_busy ? 0 : source->hitch_sec);
    }
  }
  return source->fails_at && source->at > source->fails_at ? PH_OVERFLOW : PH_OK;
}

typedef struct Heard {
  float *frames; /* interleaved */
  sf_count_t count;
  int channels;
  bool ended, failed;
  uint64_t underruns;
  double slowest_sec, slowest_cpu_sec;
} Heard;

static Heard play(const PhPlayoutOptions *wanted, Source *source, int64_t total, const char *prefix)
{
  char path[] = "/tmp/test_playoutXXXXXX.wav", device[64], error[PH_IO_ERROR_BYTES];
  const int fd = mkstemps(path, 4);
  assert_true(fd >= 0);
  close(fd);
  (void)snprintf(device, sizeof device, "%s%s", prefix, path);
  PhPlayoutOptions options = *wanted;
  options.audio.backend = "file";
  options.audio.device = device;
  options.audio.sample_rate = RATE_HZ;
  options.audio.block_frames = 128;
  PhPlayout *playout = NULL;
  assert_int_equal(ph_playout_open(&options, &playout, error), PH_OK);
  assert_int_equal(ph_playout_start(playout, render, source, total), PH_OK);
  Heard heard = { 0 };
  for (int i = 0; i < 4000 && !heard.ended && !heard.failed; i++) {
    PhPlayoutEvent event;
    while (ph_playout_poll(playout, &event)) {
      heard.ended |= event.kind == PH_PLAYOUT_ENDED;
      if (event.kind == PH_PLAYOUT_UNDERRUN && event.slowest_sec > heard.slowest_sec) {
        heard.slowest_sec = event.slowest_sec;
        heard.slowest_cpu_sec = event.slowest_cpu_sec;
      }
      heard.failed |= event.kind == PH_PLAYOUT_FAILED && event.status == PH_OVERFLOW;
    }
    ph_os_sleep_sec(0.005);
  }
  heard.underruns = ph_playout_underruns(playout);
  assert_int_equal(ph_playout_close(playout, error), PH_OK);
  SF_INFO info = { 0 };
  SNDFILE *file = sf_open(path, SFM_READ, &info);
  assert_non_null(file);
  heard.channels = info.channels;
  heard.frames = malloc((size_t)info.frames * (size_t)info.channels * sizeof(float) + 1);
  heard.count = sf_readf_float(file, heard.frames, info.frames);
  sf_close(file);
  unlink(path);
  return heard;
}

static void every_frame_once(void **state)
{
  (void)state;
  Source source = { 0 };
  Heard heard = play(&(PhPlayoutOptions){ .ahead_sec = 0.02 }, &source, 100000, "");
  assert_true(heard.ended);
  assert_int_equal(heard.underruns, 0);
  assert_true(heard.count >= 100000 && heard.count < 100000 + 128);
  for (sf_count_t i = 0; i < heard.count; i++) {
    const float want = i < 100000 ? (float)(i + 1) : 0;
    assert_true(heard.frames[2 * i] == want && heard.frames[2 * i + 1] == -want);
  }
  free(heard.frames);
}

static void channels(void **state)
{
  (void)state;
  Source source = { 0 };
  Heard heard = play(&(PhPlayoutOptions){ .audio = { .channels = 1 } }, &source, 1000, "");
  assert_true(heard.ended && heard.channels == 1 && heard.frames[500] == 0);
  free(heard.frames);
  source = (Source){ 0 };
  heard = play(&(PhPlayoutOptions){ .out_map = { 2, 1 } }, &source, 1000, "");
  assert_true(heard.ended && heard.frames[0] == -1 && heard.frames[1] == 1);
  free(heard.frames);
  PhPlayout *playout = NULL;
  char error[PH_IO_ERROR_BYTES];
  const PhPlayoutOptions far = { .audio = { .backend = "null" }, .out_map = { 1, 3 } };
  assert_int_equal(ph_playout_open(&far, &playout, error), PH_ARG);
  assert_non_null(strstr(error, "no channel 3"));
}

/* By the clock the device takes 128 frames every 2.7 ms whatever happens: after a hitch of 150 ms the silence is as long as what is
   left out, and from then on frame n is again where it belongs. */
static void in_phase_after_a_hitch(void **state)
{
  (void)state;
  Source source = { .hitch_at = 10000, .hitch_sec = 0.15 };
  Heard heard = play(&(PhPlayoutOptions){ .ahead_sec = 0.02 }, &source, 60000, "paced:");
  assert_true(heard.ended);
  assert_true(heard.underruns > 0);
  sf_count_t origin = 0, silent = 0, late = 0, right = 0;
  while (origin < heard.count && heard.frames[2 * origin] == 0) {
    origin++; /* the device was there first */
  }
  for (sf_count_t i = 0; i < 60000 && origin + i < heard.count; i++) {
    const float frame = heard.frames[2 * (origin + i)];
    silent += frame == 0;
    late += frame != 0 && frame != (float)(i + 1);
    right += frame == (float)(i + 1);
    assert_true(frame <= (float)(i + 1)); /* never early */
  }
  assert_true(silent >= 4000); /* 150 ms less what was ahead, and what came late is dropped for it */
  assert_true(late < 20000);   /* a ring's length; more where the machine adds hitches of its own */
  assert_true(right >= 30000);
  free(heard.frames);
}

/* A block that waits is told apart from one that computes: the first is the machine's doing. */
static void who_is_to_blame(void **state)
{
  (void)state;
  Source waits = { .hitch_at = 10000, .hitch_sec = 0.15 };
  Heard heard = play(&(PhPlayoutOptions){ .ahead_sec = 0.02 }, &waits, 100000, "paced:");
  assert_true(heard.slowest_sec > 0.14 && heard.slowest_cpu_sec < 0.05);
  free(heard.frames);
  Source works = { .hitch_at = 10000, .hitch_sec = 0.15, .is_busy = true };
  heard = play(&(PhPlayoutOptions){ .ahead_sec = 0.02 }, &works, 100000, "paced:");
  assert_true(heard.slowest_sec > 0.14 && heard.slowest_cpu_sec > 0.14);
  free(heard.frames);
}

static void a_source_that_fails(void **state)
{
  (void)state;
  Source source = { .fails_at = 5000 };
  Heard heard = play(&(PhPlayoutOptions){ .ahead_sec = 0.02 }, &source, -1, "");
  assert_true(heard.failed);
  assert_true(heard.frames[2 * 4000] == 4001);
  free(heard.frames);
}

/* What was rendered before a source ends is heard, and nothing after it; that is no failure. */
static void a_source_that_ends(void **state)
{
  (void)state;
  Source source = { .ends_at = 128 * 40 };
  Heard heard = play(&(PhPlayoutOptions){ .ahead_sec = 0.02 }, &source, -1, "");
  assert_true(heard.ended && !heard.failed && heard.underruns == 0);
  for (sf_count_t i = 0; i < heard.count; i++) {
    assert_true(heard.frames[2 * i] == (i < source.ends_at ? (float)(i + 1) : 0));
  }
  assert_true(heard.count >= source.ends_at);
  free(heard.frames);
}

int main(void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test(every_frame_once), cmocka_unit_test(channels),
                                      cmocka_unit_test(in_phase_after_a_hitch), cmocka_unit_test(who_is_to_blame), cmocka_unit_test(a_source_that_fails),
                                      cmocka_unit_test(a_source_that_ends) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
