/* The store: cache, threads, answers.  SPDX-License-Identifier: MIT */
#include "temp.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void mono_and_stereo(void **state)
{
  const char *root = *state;
  temp_sound(root, "mono.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100, 1, 300, temp_ramp);
  temp_sound(root, "stereo.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 22050, 2, 300, temp_ramp);
  PhSampleStore *store = temp_store(44100, 1, &root);
  const PhSample *mono = temp_load(store, "mono", 0).sample, *stereo = temp_load(store, "stereo", 0).sample;
  assert_non_null(mono);
  assert_non_null(stereo);
  assert_ptr_equal(mono->left, mono->right);
  assert_int_equal(mono->channels, 1);
  assert_int_equal(mono->frames, 300);
  assert_ptr_not_equal(stereo->left, stereo->right);
  assert_int_equal(stereo->channels, 2);
  assert_int_equal(stereo->frames, 600);
  assert_true(stereo->source_rate == 22050 && mono->source_rate == 44100);
  assert_string_equal(stereo->path, temp_path(root, "stereo.flac"));
  for (int i = 1; i <= 8; i++) {
    assert_true(stereo->right[-i] == 0.0f && stereo->right[stereo->frames - 1 + i] == 0.0f);
  }
  ph_sample_store_free(store);
}

static void the_cache_gives_the_same_sample(void **state)
{
  const char *root = *state;
  temp_mark(root, "a.wav", 1);
  PhSampleStore *store = temp_store(44100, 1, &root);
  PhSampleRequest r[] = { { .name = "a" }, { .name = "a", .n = 1 }, { .name = "nope" }, { .name = "a", .n = -5 } };
  ph_sample_load(store, r, PH_COUNT(r));
  assert_non_null(r[0].sample);
  assert_ptr_equal(r[0].sample, r[1].sample);
  assert_ptr_equal(r[0].sample, r[3].sample);
  assert_int_equal(r[2].status, PH_NOTFOUND);
  assert_null(r[0].message);
  remove(temp_path(root, "a.wav"));
  assert_ptr_equal(temp_load(store, "a", 0).sample, r[0].sample);
  ph_sample_load(store, NULL, 0);
  ph_sample_store_free(store);
}

static void a_broken_file_is_reported_and_the_rest_plays(void **state)
{
  const char *root = *state;
  temp_mkdir(root, "kit");
  temp_text(root, "kit/a.wav", "RIFF but nothing else follows in this file");
  temp_mark(root, "kit/b.wav", 2);
  PhSampleStore *store = temp_store(44100, 1, &root);
  PhSampleRequest r[] = { { .name = "kit" }, { .name = "kit", .n = 1 } };
  ph_sample_load(store, r, 2);
  assert_int_equal(r[0].status, PH_FORMAT);
  assert_null(r[0].sample);
  assert_non_null(strstr(r[0].message, "kit/a.wav: "));
  assert_int_equal(r[1].status, PH_OK);
  assert_int_equal(temp_mark_of(r[1].sample), 2);
  assert_ptr_equal(temp_load(store, "kit", 0).message, r[0].message);
  ph_sample_store_free(store);
}

/* By path, and as the file has its frames: each is a thing of its own in the cache. */
static void files_load_by_path_and_at_their_own_rate(void **state)
{
  const char *root = *state;
  temp_mkdir(root, "kit");
  temp_sound(root, "kit/low.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 22050, 1, 256, temp_ramp);
  PhSampleStore *store = temp_store(44100, 1, &root);
  const char *path = temp_path(root, "kit/low.wav");
  PhSampleRequest r[] = {
    { .name = path, .is_path = true },           { .name = path, .is_path = true, .own_rate = true },
    { .name = "kit", .n = 3, .own_rate = true }, { .name = "kit" },
    { .name = "bd", .own_rate = true },          { .name = "/nowhere/x.wav", .is_path = true }
  };
  ph_sample_load(store, r, PH_COUNT(r));
  assert_int_equal(r[0].sample->frames, 512);
  assert_int_equal(r[1].sample->frames, 256);
  assert_ptr_equal(r[2].sample, r[1].sample);
  assert_int_equal(r[3].sample->frames, 512);
  for (int64_t i = 0; i < 256; i++) {
    assert_true(r[1].sample->left[i] == temp_ramp(i, 0));
  }
  assert_int_equal(r[4].status, PH_OK);
  assert_int_equal(r[5].status, PH_NOTFOUND);
  assert_non_null(strstr(r[5].message, "/nowhere/x.wav: "));
  assert_true(ph_sample_is_path("a/b") && ph_sample_is_path("cycle.WAV") && !ph_sample_is_path("bd:3") &&
              !ph_sample_is_path("bd.old"));
  ph_sample_store_free(store);
}

enum { FILES = 24, ASKERS = 6 };

static void *ask_for_everything(void *arg)
{
  PhSampleStore *store = arg;
  PhSampleRequest r[FILES * 2];
  for (int i = 0; i < FILES * 2; i++) {
    r[i] = (PhSampleRequest){ .name = i % 2 ? "808hc" : "many", .n = i / 2 };
  }
  ph_sample_load(store, r, PH_COUNT(r));
  const PhSample **samples = calloc(FILES, sizeof *samples);
  for (int i = 0; samples && i < FILES; i++) {
    samples[i] = temp_mark_of(r[2 * i].sample) == i + 1 && r[2 * i + 1].sample ? r[2 * i].sample : NULL;
  }
  return samples;
}

static void threads_share_one_copy(void **state)
{
  const char *root = *state;
  char name[32];
  temp_mkdir(root, "many");
  for (int i = 0; i < FILES; i++) {
    (void)snprintf(name, sizeof name, "many/%02d.wav", i);
    temp_mark(root, name, i + 1);
  }
  PhSampleStore *store = temp_store(44100, 1, &root);
  pthread_t threads[ASKERS];
  const PhSample **results[ASKERS];
  for (int t = 0; t < ASKERS; t++) {
    assert_int_equal(pthread_create(&threads[t], NULL, ask_for_everything, store), 0);
  }
  for (int t = 0; t < ASKERS; t++) {
    assert_int_equal(pthread_join(threads[t], (void **)&results[t]), 0);
  }
  for (int t = 0; t < ASKERS; t++) {
    assert_non_null(results[t]);
    for (int i = 0; i < FILES; i++) {
      assert_non_null(results[t][i]);
      assert_ptr_equal(results[t][i], results[0][i]);
    }
  }
  for (int t = 0; t < ASKERS; t++) {
    free(results[t]);
  }
  ph_sample_store_free(store);
}

static void a_rate_that_is_none_is_refused(void **state)
{
  (void)state;
  static const double rates[] = { 0, -44100, 10, 1e9 };
  for (size_t i = 0; i < PH_COUNT(rates); i++) {
    PhSampleStore *store;
    assert_int_equal(ph_sample_store_new(&(PhSampleOptions){ .sample_rate = rates[i] }, &store), PH_RANGE);
    assert_null(store);
  }
  ph_sample_store_free(NULL);
}

/* Real recordings: Debian's sonic-pi-samples, 165 FLAC files in one folder. */
static void real_recordings_load(void **state)
{
  (void)state;
  const char *root = "/usr/share/sonic-pi/samples";
  if (!ph_os_is_dir(root)) {
    print_message("%s is not here; install sonic-pi-samples\n", root);
    skip();
  }
  PhSampleStore *store = temp_store(48000, 1, &root);
  PhArena arena;
  ph_arena_init(&arena, NULL, NULL);
  const char *const *names;
  size_t count, loaded = 0;
  assert_int_equal(ph_sample_bank_names(store, &arena, &names, &count), PH_OK);
  assert_true(count > 165);
  static const char *const some[] = { "bd_haus",   "ambi_choir", "loop_amen",       "sn_dub",
                                      "perc_bell", "elec_plip",  "drum_cymbal_open" };
  PhSampleRequest r[PH_COUNT(some)];
  for (size_t i = 0; i < PH_COUNT(some); i++) {
    r[i] = (PhSampleRequest){ .name = some[i] };
  }
  ph_sample_load(store, r, PH_COUNT(r));
  for (size_t i = 0; i < PH_COUNT(some); i++) {
    float peak = 0;
    for (int64_t k = 0; r[i].sample && k < r[i].sample->frames; k++) {
      peak = r[i].sample->left[k] > peak ? r[i].sample->left[k] : peak;
    }
    assert_true(peak > 0.05f && peak < 1.5f);
    loaded++;
  }
  assert_int_equal(loaded, PH_COUNT(some));
  assert_true(temp_load(store, "loop_amen", 0).sample->frames > 48000);
  ph_arena_deinit(&arena);
  ph_sample_store_free(store);

  root = "/usr/share/sonic-pi"; /* the same as a bank folder: n runs over the files */
  store = temp_store(44100, 1, &root);
  assert_true(ph_sample_bank_count(store, "samples") >= 165);
  assert_non_null(strstr(temp_load(store, "samples", 0).sample->path, "samples/ambi_choir.flac"));
  ph_sample_store_free(store);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(mono_and_stereo, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(the_cache_gives_the_same_sample, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(a_broken_file_is_reported_and_the_rest_plays, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(files_load_by_path_and_at_their_own_rate, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(threads_share_one_copy, temp_setup, temp_teardown),
    cmocka_unit_test(a_rate_that_is_none_is_refused),
    cmocka_unit_test(real_recordings_load),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
