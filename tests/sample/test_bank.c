/* Which file a name means.  SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "temp.h"

#include "sample/bank.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int mark_of(PhSampleStore *store, const char *name, int64_t n)
{
  return temp_mark_of(temp_load(store, name, n).sample);
}

static void a_folder_is_a_bank_in_byte_order(void **state)
{
  const char *root = *state;
  temp_mkdir(root, "kick");
  temp_mark(root, "kick/b.wav", 2);
  temp_mark(root, "kick/B.WAV", 1); /* capitals stand before small letters */
  temp_mark(root, "kick/a10.wav", 3);
  temp_mark(root, "kick/a9.wav", 4);
  temp_mark(root, "kick/.hidden.wav", 9);
  temp_text(root, "kick/readme.txt", "not a sound");
  PhSampleStore *store = temp_store(44100, 1, &root);
  assert_int_equal(ph_sample_bank_count(store, "kick"), 4);
  const int order[] = { 1, 3, 4, 2 };
  for (int64_t n = -9; n < 9; n++) {
    assert_int_equal(mark_of(store, "kick", n), order[((n % 4) + 4) % 4]);
  }
  assert_int_equal(mark_of(store, "kick", INT64_MIN), 1);
  assert_int_equal(mark_of(store, "kick", INT64_MAX), 2); /* 2^63 - 1 = 3 mod 4 */
  ph_sample_store_free(store);
}

static void files_in_a_root_are_banks_of_their_own(void **state)
{
  const char *root = *state;
  temp_mark(root, "bd_haus.wav", 1);
  temp_mark(root, "bd_haus.aiff.wav", 2);
  temp_mark(root, "two.wav", 3);
  temp_sound(root, "two.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 44100, 1, 100, temp_ramp);
  temp_mkdir(root, "both");
  temp_mark(root, "both/x.wav", 4);
  temp_mark(root, "both.wav", 5);
  PhSampleStore *store = temp_store(44100, 1, &root);
  assert_int_equal(mark_of(store, "bd_haus", 7), 1);
  assert_int_equal(mark_of(store, "bd_haus.aiff", 0), 2);
  assert_int_equal(ph_sample_bank_count(store, "two"), 2);
  assert_int_equal(mark_of(store, "two", 1), 3);  /* two.flac, two.wav */
  assert_int_equal(mark_of(store, "both", 0), 4); /* a folder wins over a file */
  assert_int_equal(ph_sample_bank_count(store, "both"), 1);
  ph_sample_store_free(store);
}

static void the_first_root_that_has_it_wins(void **state)
{
  const char *root = *state;
  temp_mkdir(root, "one");
  temp_mkdir(root, "two");
  temp_mkdir(root, "one/empty");
  temp_mkdir(root, "two/empty");
  temp_mkdir(root, "two/sn");
  temp_mkdir(root, "one/bd");
  temp_mkdir(root, "two/bd");
  temp_mark(root, "two/empty/a.wav", 1);
  temp_mark(root, "two/sn/a.wav", 2);
  temp_mark(root, "one/bd/a.wav", 3);
  temp_mark(root, "two/bd/a.wav", 4);
  temp_mark(root, "two/bd/b.wav", 5);
  const char *roots[] = { temp_path(root, "one"), temp_path(root, "missing"), temp_path(root, "two") };
  PhSampleStore *store = temp_store(44100, 3, roots);
  assert_int_equal(mark_of(store, "empty", 0), 1); /* a folder without sounds is no bank */
  assert_int_equal(mark_of(store, "sn", 0), 2);    /* any folder wins over the kit */
  assert_int_equal(mark_of(store, "bd", 1), 3);    /* banks are not merged */
  assert_string_equal(temp_load(store, "hh", 0).sample->path, "builtin:hh:0");
  ph_sample_store_free(store);
}

static void default_roots_come_in_order(void **state)
{
  const char *root = *state;
  /* Each root but the last holds `all` and a bank that only it and later ones have. */
  const char *const roots[] = { "given",
                                "env1",
                                "env2",
                                "samples",
                                "data/phonon/samples",
                                "data/SuperCollider/downloaded-quarks/Dirt-Samples",
                                "home/Library/Application Support/SuperCollider/downloaded-quarks/Dirt-Samples",
                                "home/Dirt/samples",
                                "home/Dirt-Samples" };
  char name[300];
  for (size_t i = 0; i < PH_COUNT(roots); i++) {
    for (const char *p = roots[i]; (p = strchr(p, '/')); p++) {
      (void)snprintf(name, sizeof name, "%.*s", (int)(p - roots[i]), roots[i]);
      if (!ph_os_is_dir(temp_path(root, name))) {
        temp_mkdir(root, name);
      }
    }
    temp_mkdir(root, roots[i]);
    for (size_t k = 0; k <= i; k++) {
      (void)snprintf(name, sizeof name, "%s/bank%zu.wav", roots[i], k);
      temp_mark(root, name, (int)i + 1);
    }
  }
  (void)snprintf(name, sizeof name, "%s:%s", temp_path(root, "env1"), temp_path(root, "env2"));
  setenv("PHONON_SAMPLES", name, 1);
  setenv("XDG_DATA_HOME", temp_path(root, "data"), 1);
  setenv("HOME", temp_path(root, "home"), 1);
  assert_int_equal(chdir(root), 0);
  const char *given = temp_path(root, "given");
  const PhSampleOptions options = { .dirs = &given, .dir_count = 1, .sample_rate = 44100 };
  PhSampleStore *store;
  assert_int_equal(ph_sample_store_new(&options, &store), PH_OK);
  for (size_t i = 0; i < PH_COUNT(roots); i++) {
    (void)snprintf(name, sizeof name, "bank%zu", i);
    assert_int_equal(mark_of(store, name, 0), i + 1); /* bank i is in roots i and later: root i is the first */
  }
  ph_sample_store_free(store);
  assert_int_equal(chdir("/"), 0);
}

static void a_data_home_is_found_without_its_variable(void **state)
{
  const char *root = *state;
  temp_mkdir(root, ".local");
  temp_mkdir(root, ".local/share");
  temp_mkdir(root, ".local/share/phonon");
  temp_mkdir(root, ".local/share/phonon/samples");
  temp_mark(root, ".local/share/phonon/samples/mine.wav", 8);
  unsetenv("PHONON_SAMPLES");
  unsetenv("XDG_DATA_HOME");
  setenv("HOME", root, 1);
  const PhSampleOptions options = { .sample_rate = 44100 };
  PhSampleStore *store;
  assert_int_equal(ph_sample_store_new(&options, &store), PH_OK);
  assert_int_equal(mark_of(store, "mine", 0), 8);
  ph_sample_store_free(store);
}

static void a_name_that_no_bank_has_gets_the_nearest(void **state)
{
  const char *root = *state;
  temp_mark(root, "kickdrum.wav", 1);
  PhSampleStore *store = temp_store(44100, 1, &root);
  PhSampleRequest r = temp_load(store, "kikdrum", 0);
  assert_int_equal(r.status, PH_NOTFOUND);
  assert_null(r.sample);
  assert_string_equal(r.message, "no sample bank is named \"kikdrum\"; did you mean \"kickdrum\"?");
  assert_ptr_equal(temp_load(store, "kikdrum", 5).message, r.message); /* once, not once per event */
  assert_non_null(strstr(temp_load(store, "808db", 0).message, "\"808bd\""));
  assert_non_null(strstr(temp_load(store, "rav", 0).message, "\"rave\""));
  assert_string_equal(temp_load(store, "qqqqqqqq", 0).message, "no sample bank is named \"qqqqqqqq\"");
  assert_int_equal(temp_load(store, "", 0).status, PH_NOTFOUND);
  assert_int_equal(temp_load(store, "../kickdrum", 0).status, PH_NOTFOUND);
  assert_int_equal(ph_sample_bank_count(store, "kikdrum"), 0);
  ph_sample_store_free(store);
}

static void names_are_sorted_and_single(void **state)
{
  const char *root = *state;
  temp_mark(root, "zebra.wav", 1);
  temp_mark(root, "bd.wav", 1);
  temp_mkdir(root, "nothing");
  PhSampleStore *store = temp_store(44100, 1, &root);
  PhArena arena;
  ph_arena_init(&arena, NULL, NULL);
  const char *const *names;
  size_t count;
  assert_int_equal(ph_sample_bank_names(store, &arena, &names, &count), PH_OK);
  assert_true(count > 30);
  bool zebra = false;
  for (size_t i = 0; i < count; i++) {
    assert_true(i == 0 || strcmp(names[i - 1], names[i]) < 0);
    assert_true(ph_sample_bank_count(store, names[i]) > 0);
    assert_string_not_equal(names[i], "nothing");
    zebra = zebra || strcmp(names[i], "zebra") == 0;
  }
  assert_true(zebra);
  ph_arena_deinit(&arena);
  ph_sample_store_free(store);
}

static void strudel_maps_are_honoured(void **state)
{
  const char *root = *state;
  temp_mkdir(root, "files");
  temp_mkdir(root, "pack");
  temp_mkdir(root, "pack/wav");
  const char *const files[] = { "files/x.wav",  "files/y.wav",   "files/c3.wav",
                                "files/a2.wav", "files/cs3.wav", "pack/wav/p.wav" };
  for (size_t i = 0; i < PH_COUNT(files); i++) {
    temp_mark(root, files[i], (int)i + 1);
  }
  temp_text(root, "strudel.json",
            "{ \"_base\": \"https://example.org/raw/\", \"_name\": \"test\","
            "  \"list\": [\"files/y.wav\", \"files/gone.wav\", \"https://example.org/z.wav\", \"./files/x.wav\"],"
            "  \"one\": \"files/x.wav\", \"files\": [\"files/y.wav\"],"
            "  \"keys\": { \"c#3\": \"files/cs3.wav\", \"c3\": [\"files/c3.wav\"], \"a2\": \"files/a2.wav\" },"
            "  \"evil\": [\"../secret.wav\", \"/etc/passwd\", \"files/../../secret.wav\"], \"bd\": "
            "[\"https://example.org/k.wav\"],"
            "  \"odd\": [1, null, {}], \"empty\": [] }");
  temp_text(root, "pack/strudel.json", "{ \"_base\": \"wav\", \"packed\": \"p.wav\", \"one\": \"p.wav\" }");
  PhSampleStore *store = temp_store(44100, 1, &root);
  assert_int_equal(ph_sample_bank_count(store, "list"), 2);
  assert_int_equal(mark_of(store, "list", 0), 2);
  assert_int_equal(mark_of(store, "list", 1), 1);
  assert_int_equal(mark_of(store, "one", 0), 1);   /* the root's own map wins over one below */
  assert_int_equal(mark_of(store, "files", 0), 2); /* and over a folder */
  assert_int_equal(mark_of(store, "keys", 0), 4);  /* from low to high */
  assert_int_equal(mark_of(store, "keys", 1), 3);
  assert_int_equal(mark_of(store, "keys", 2), 5);
  assert_int_equal(mark_of(store, "packed", 0), 6);
  assert_int_equal(ph_sample_bank_count(store, "evil"), 0);
  assert_int_equal(ph_sample_bank_count(store, "odd"), 0);
  assert_string_equal(temp_load(store, "bd", 0).sample->path, "builtin:bd:0"); /* only remote: the kit plays */
  ph_sample_store_free(store);
}

static void a_broken_map_is_no_map(void **state)
{
  const char *root = *state;
  static const char *const texts[] = {
    "", "{", "[1]", "{\"a\":", "\xff\xfe", "null", "{\"_base\":\"../x\",\"a\":\"a.wav\"}"
  };
  temp_mark(root, "a.wav", 3);
  for (size_t i = 0; i < PH_COUNT(texts); i++) {
    temp_text(root, "strudel.json", texts[i]);
    PhSampleStore *store = temp_store(44100, 1, &root);
    assert_int_equal(mark_of(store, "a", 0), 3);
    ph_sample_store_free(store);
  }
}

static void endings_of_sound_files(void **state)
{
  (void)state;
  assert_true(ph_bank_is_sound("a.wav") && ph_bank_is_sound("a.b.FLAC") && ph_bank_is_sound("x.Mp3") &&
              ph_bank_is_sound("x.ogg"));
  assert_false(ph_bank_is_sound("wav") || ph_bank_is_sound(".wav") || ph_bank_is_sound("a.wavx") ||
               ph_bank_is_sound("a.") || ph_bank_is_sound("a.txt") || ph_bank_is_sound(""));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_folder_is_a_bank_in_byte_order, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(files_in_a_root_are_banks_of_their_own, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(the_first_root_that_has_it_wins, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(default_roots_come_in_order, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(a_data_home_is_found_without_its_variable, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(a_name_that_no_bank_has_gets_the_nearest, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(names_are_sorted_and_single, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(strudel_maps_are_honoured, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(a_broken_map_is_no_map, temp_setup, temp_teardown),
    cmocka_unit_test(endings_of_sound_files),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
