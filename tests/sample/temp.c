/* Folders and sound files for the tests of src/sample.  SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "temp.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int temp_setup(void **state)
{
  const char *base = getenv("TMPDIR");
  char *path = NULL;
  if (asprintf(&path, "%s/phonon-test-XXXXXX", base ? base : "/tmp") < 0 || !mkdtemp(path)) {
    return -1;
  }
  *state = path;
  return 0;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *walk)
{
  (void)st, (void)type, (void)walk;
  return remove(path);
}

int temp_teardown(void **state)
{
  const int failed = nftw(*state, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
  free(*state);
  return failed;
}

const char *temp_path(const char *folder, const char *name)
{
  static char paths[8][512];
  static unsigned next;
  char *path = paths[next++ % 8];
  assert_true(snprintf(path, sizeof paths[0], "%s/%s", folder, name) < (int)sizeof paths[0]);
  return path;
}

void temp_mkdir(const char *folder, const char *name) { assert_int_equal(mkdir(temp_path(folder, name), 0777), 0); }

void temp_write(const char *folder, const char *name, const void *bytes, size_t len)
{
  FILE *file = fopen(temp_path(folder, name), "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, len, file), len);
  assert_int_equal(fclose(file), 0);
}

void temp_text(const char *folder, const char *name, const char *text) { temp_write(folder, name, text, strlen(text)); }

size_t temp_read(const char *folder, const char *name, void *bytes, size_t most)
{
  FILE *file = fopen(temp_path(folder, name), "rb");
  assert_non_null(file);
  const size_t len = fread(bytes, 1, most, file);
  fclose(file);
  return len;
}

void temp_sound(const char *folder, const char *name, int format, int rate, int channels, int64_t frames,
                TempValue *value)
{
  SF_INFO info = { .samplerate = rate, .channels = channels, .format = format };
  SNDFILE *file = sf_open(temp_path(folder, name), SFM_WRITE, &info);
  assert_non_null(file);
  float frame[64];
  for (int64_t i = 0; i < frames; i++) {
    for (int c = 0; c < channels; c++) {
      frame[c] = value(i, c);
    }
    assert_int_equal(sf_writef_float(file, frame, 1), 1);
  }
  assert_int_equal(sf_close(file), 0);
}

float temp_ramp(int64_t frame, int channel) { return (float)((frame * 7 + channel * 1000) % 16384 - 8192) / 16384.0f; }

float temp_noise(int64_t frame, int channel)
{
  return (float)(int64_t)ph_mix64((uint64_t)frame * 2 + (uint64_t)channel) * 0x1p-64f;
}

float temp_sine(int64_t frame, int channel)
{
  /* A quarter of a period is 12 frames: sin of multiples of 7.5 degrees. */
  static const float quarter[] = { 0,
                                   0.130526192f,
                                   0.258819045f,
                                   0.382683432f,
                                   0.5f,
                                   0.608761429f,
                                   0.707106781f,
                                   0.79335334f,
                                   0.866025404f,
                                   0.923879533f,
                                   0.965925826f,
                                   0.991444861f,
                                   1 };
  const int at = (int)(frame % 48), k = at % 24;
  const float v = 0.5f * (k <= 12 ? quarter[k] : quarter[24 - k]);
  return (at >= 24 ? -v : v) * (channel ? 0.5f : 1);
}

static int marked;
static float mark_value(int64_t frame, int channel)
{
  (void)channel;
  return frame == 0 ? (float)marked / 128.0f : 0;
}

void temp_mark(const char *folder, const char *name, int mark)
{
  marked = mark;
  temp_sound(folder, name, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100, 1, 4, mark_value);
}

int temp_mark_of(const PhSample *sample) { return sample ? (int)(sample->left[0] * 128.0f) : -1; }

PhSampleStore *temp_store(double rate, size_t count, const char *const *folders)
{
  const PhSampleOptions options = {
    .dirs = folders, .dir_count = count, .sample_rate = rate, .threads = 3, .no_default_dirs = true
  };
  PhSampleStore *store = NULL;
  assert_int_equal(ph_sample_store_new(&options, &store), PH_OK);
  return store;
}

PhSampleRequest temp_load(PhSampleStore *store, const char *name, int64_t n)
{
  PhSampleRequest request = { .name = name, .n = n };
  ph_sample_load(store, &request, 1);
  return request;
}

/* libsndfile 1.2 forgets the headers of an Ogg file that ends too early; the leak sanitizer asks here what is known. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:vorbis_info_init\nleak:vorbis_synthesis_headerin\n"; }
