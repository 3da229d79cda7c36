/* Any bytes as the sample file of a bank are a sample with finite frames, or an error in words.
   SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "sample/sample.h"

enum { MOST_BYTES = 1 << 16 };

static char dir[] = "/tmp/phonon-fuzz-XXXXXX";
static char bank[sizeof dir + 8];
static char file[sizeof bank + 16];

static void clean_up(void)
{
  (void)unlink(file);
  (void)rmdir(bank);
  (void)rmdir(dir);
}

static void set_up(void)
{
  if (file[0]) {
    return;
  }
  if (!mkdtemp(dir)) {
    abort();
  }
  (void)snprintf(bank, sizeof bank, "%s/bank", dir);
  (void)snprintf(file, sizeof file, "%s/0.wav", bank);
  (void)mkdir(bank, 0777);
  (void)atexit(clean_up);
}

static void check(const PhSampleRequest *request)
{
  if (!request->sample) {
    if (request->status == PH_OK || !request->message) {
      abort();
    }
    return;
  }
  for (int64_t i = 0; i < request->sample->frames; i++) {
    if (!isfinite(request->sample->left[i]) || !isfinite(request->sample->right[i])) {
      abort();
    }
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size > MOST_BYTES) {
    return 0;
  }
  set_up();
  FILE *out = fopen(file, "wb");
  if (!out || (size && fwrite(data, 1, size, out) != size) || fclose(out) != 0) {
    abort();
  }
  const char *dirs[] = { dir };
  const PhSampleOptions options = {
    .dirs = dirs, .dir_count = 1, .sample_rate = 44100, .threads = 1, .no_default_dirs = true
  };
  PhSampleStore *store = NULL;
  if (ph_sample_store_new(&options, &store) != PH_OK) {
    return 0;
  }
  PhSampleRequest request = { .name = "bank" };
  ph_sample_load(store, &request, 1);
  check(&request);
  ph_sample_store_free(store);
  return 0;
}
