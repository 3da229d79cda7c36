/* From sound files to frames.  SPDX-License-Identifier: MIT */
#include "temp.h"

#include "sample/decode.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static PhDecoded decode(const char *folder, const char *name, double rate)
{
  PhDecoded d;
  const PhStatus status = ph_decode_file(temp_path(folder, name), rate, &d);
  if (status != PH_OK) {
    print_error("%s: %s\n", name, d.message);
  }
  assert_int_equal(status, PH_OK);
  return d;
}

/* What players rely on: zeros before and after, nothing that is not finite. */
static void check_padding(const PhDecoded *d)
{
  for (unsigned c = 0; c < d->pcm.channels; c++) {
    const float *x = ph_pcm_channel(&d->pcm, c);
    for (int64_t i = 1; i <= PH_PCM_PAD; i++) {
      assert_true(x[-i] == 0.0f && x[d->pcm.frames - 1 + i] == 0.0f);
    }
    for (int64_t i = 0; i < d->pcm.frames; i++) {
      assert_true(isfinite(x[i]));
    }
  }
}

static void formats_keep_their_samples(void **state)
{
  static const struct {
    const char *name;
    int format;
    double error; /* libsndfile writes full scale as 32767: half a step more than rounding */
  } cases[] = {
    { "a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 4e-5 },   { "b.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24, 2e-7 },
    { "c.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 0 },       { "d.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 4e-5 },
    { "e.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 2e-7 }, { "f.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 4e-5 },
    { "g.caf", SF_FORMAT_CAF | SF_FORMAT_PCM_16, 4e-5 },   { "h.w64", SF_FORMAT_W64 | SF_FORMAT_DOUBLE, 0 },
    { "i.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_U8, 0.008 },
  };
  for (size_t k = 0; k < PH_COUNT(cases); k++) {
    temp_sound(*state, cases[k].name, cases[k].format, 44100, 2, 5000, temp_ramp);
    PhDecoded d = decode(*state, cases[k].name, 44100);
    assert_int_equal(d.pcm.frames, 5000);
    assert_int_equal(d.pcm.channels, 2);
    assert_true(d.source_rate == 44100);
    assert_string_equal(d.message, "");
    for (int64_t i = 0; i < 5000; i++) {
      for (int c = 0; c < 2; c++) {
        assert_true(fabs((double)ph_pcm_channel(&d.pcm, (unsigned)c)[i] - (double)temp_ramp(i, c)) <= cases[k].error);
      }
    }
    check_padding(&d);
    ph_pcm_deinit(&d.pcm);
  }
}

/* Amplitude of the 1 kHz sine, by correlation over whole periods. */
static double tone(const float *x, int64_t from, int64_t frames, double rate)
{
  double re = 0, im = 0;
  for (int64_t i = from; i < from + frames; i++) {
    const double turn = 6.283185307179586 * 1000 * (double)i / rate;
    re += (double)x[i] * cos(turn);
    im += (double)x[i] * sin(turn);
  }
  return 2 * sqrt(re * re + im * im) / (double)frames;
}

static void lossy_formats_sound_the_same(void **state)
{
  static const struct {
    const char *name;
    int format;
  } cases[] = { { "a.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS },
                { "b.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III },
                { "c.opus", SF_FORMAT_OGG | SF_FORMAT_OPUS } };
  for (size_t k = 0; k < PH_COUNT(cases); k++) {
    temp_sound(*state, cases[k].name, cases[k].format, 48000, 2, 48000, temp_sine);
    PhDecoded d = decode(*state, cases[k].name, 48000);
    assert_true(llabs(d.pcm.frames - 48000) < 2500);
    assert_true(fabs(tone(ph_pcm_channel(&d.pcm, 0), 9600, 28800, 48000) - 0.5) < 0.02);
    assert_true(fabs(tone(ph_pcm_channel(&d.pcm, 1), 9600, 28800, 48000) - 0.25) < 0.02);
    check_padding(&d);
    ph_pcm_deinit(&d.pcm);
  }
}

static void another_rate_is_resampled_cleanly(void **state)
{
  static const double rates[] = { 44100, 96000, 22050, 8000 };
  temp_sound(*state, "s.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 2, 48000, temp_sine);
  for (size_t k = 0; k < PH_COUNT(rates); k++) {
    PhDecoded d = decode(*state, "s.wav", rates[k]), again = decode(*state, "s.wav", rates[k]);
    assert_true(llabs(d.pcm.frames - (int64_t)rates[k]) <= 1);
    assert_true(d.source_rate == 48000);
    const float *x = ph_pcm_channel(&d.pcm, 0);
    const int64_t from = (int64_t)rates[k] / 4, frames = (int64_t)rates[k] / 2;
    double residue = 0;
    for (int64_t i = from; i < from + frames; i++) { /* in phase, and nothing but the sine */
      const double e = (double)x[i] - 0.5 * sin(6.283185307179586 * 1000 * (double)i / rates[k]);
      residue = fmax(residue, fabs(e));
    }
    assert_true(residue < 3e-6); /* 105 dB below: the test tone's own rounding */
    assert_memory_equal(ph_pcm_channel(&again.pcm, 1), ph_pcm_channel(&d.pcm, 1), (size_t)d.pcm.frames * sizeof(float));
    check_padding(&d);
    ph_pcm_deinit(&d.pcm);
    ph_pcm_deinit(&again.pcm);
  }
}

static float channel_number(int64_t frame, int channel)
{
  (void)frame;
  return (float)(channel + 1) / 16;
}

static void many_channels_become_two(void **state)
{
  static const struct {
    int channels;
    float left, right; /* in sixteenths */
  } cases[] = { { 1, 1, 1 }, { 2, 1, 2 }, { 3, 2, 2.5f }, { 4, 2, 3 }, { 6, 3, 4 } };
  for (size_t k = 0; k < PH_COUNT(cases); k++) {
    temp_sound(*state, "n.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 44100, cases[k].channels, 10, channel_number);
    PhDecoded d = decode(*state, "n.wav", 44100);
    assert_int_equal(d.pcm.channels, cases[k].channels == 1 ? 1 : 2);
    assert_float_equal(ph_pcm_channel(&d.pcm, 0)[5], cases[k].left / 16, 1e-6f);
    assert_float_equal(ph_pcm_channel(&d.pcm, d.pcm.channels - 1)[5], cases[k].right / 16, 1e-6f);
    ph_pcm_deinit(&d.pcm);
  }
}

static float wild(int64_t frame, int channel)
{
  (void)channel;
  const float values[] = { NAN, INFINITY, -INFINITY, 1e30f, -1e7f, 0.25f, 2.5f };
  return values[frame % 7];
}

static void values_that_are_no_sound_become_zero(void **state)
{
  temp_sound(*state, "w.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 44100, 1, 700, wild);
  PhDecoded d = decode(*state, "w.wav", 44100);
  const float expected[] = { 0, 0, 0, 0, 0, 0.25f, 2.5f };
  for (int64_t i = 0; i < 700; i++) {
    assert_true(ph_pcm_channel(&d.pcm, 0)[i] == expected[i % 7]);
  }
  ph_pcm_deinit(&d.pcm);
  PhDecoded r = decode(*state, "w.wav", 48000);
  check_padding(&r);
  ph_pcm_deinit(&r.pcm);
}

static void expect_failure(const char *folder, const char *name, PhStatus expected, const char *reason)
{
  PhDecoded d;
  assert_int_equal(ph_decode_file(temp_path(folder, name), 44100, &d), expected);
  assert_null(d.pcm.memory[0]);
  if (!strstr(d.message, reason)) {
    print_error("%s: \"%s\" does not say \"%s\"\n", name, d.message, reason);
  }
  assert_non_null(strstr(d.message, reason));
}

static void broken_files_say_why(void **state)
{
  temp_text(*state, "text.wav", "this is not a sound file at all, but long enough to be looked at");
  temp_text(*state, "empty.wav", "");
  temp_sound(*state, "none.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100, 1, 0, temp_ramp);
  temp_sound(*state, "slow.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 100, 1, 10, temp_ramp);
  temp_mkdir(*state, "folder.wav");
  expect_failure(*state, "text.wav", PH_FORMAT, "ormat");
  expect_failure(*state, "empty.wav", PH_FORMAT, "");
  expect_failure(*state, "none.wav", PH_FORMAT, "no audio");
  expect_failure(*state, "slow.wav", PH_FORMAT, "sample rate of 100 Hz");
  expect_failure(*state, "folder.wav", PH_IO, "regular file");
  expect_failure(*state, "missing.wav", PH_NOTFOUND, "No such file");
}

/* Every format cut at every few bytes: an error with a reason, or what could be read; never more. */
static void truncated_files_give_what_they_have(void **state)
{
  static const int formats[] = { SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
                                 SF_FORMAT_OGG | SF_FORMAT_VORBIS, SF_FORMAT_AIFF | SF_FORMAT_PCM_16,
                                 SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III };
  static unsigned char bytes[1 << 17];
  for (size_t k = 0; k < PH_COUNT(formats); k++) {
    temp_sound(*state, "whole", formats[k], 44100, 1, 40000, temp_noise);
    const size_t len = temp_read(*state, "whole", bytes, sizeof bytes);
    assert_true(len > 100 && len < sizeof bytes);
    size_t read = 0;
    for (size_t cut = 0; cut < len; cut += cut < 128 ? 1 : len / 16) {
      unsigned char *part = malloc(cut + 1); /* its end is guarded under ASan */
      assert_non_null(part);
      memcpy(part, bytes, cut);
      PhDecoded d;
      const PhStatus status = ph_decode_bytes(part, cut, 44100, &d);
      assert_true(status == PH_OK ? d.pcm.frames > 0 && d.pcm.frames <= 44000
                                  : status == PH_FORMAT && d.message[0] && !d.pcm.memory[0]);
      read += status == PH_OK;
      ph_pcm_deinit(&d.pcm);
      free(part);
    }
    if (read == 0) {
      fail_msg("format %x: nothing could be read from any part", formats[k]);
    }
  }
}

/* A header may promise anything. */
static void a_lying_header_costs_nothing(void **state)
{
  unsigned char bytes[4096];
  temp_sound(*state, "a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100, 1, 100, temp_ramp);
  const size_t len = temp_read(*state, "a.wav", bytes, sizeof bytes);
  memset(bytes + 40, 0x7f, 4); /* the length of the data: 2 GiB */
  memset(bytes + 4, 0x7f, 4);
  PhDecoded d;
  if (ph_decode_bytes(bytes, len, 44100, &d) == PH_OK) {
    assert_true(d.pcm.frames <= 100);
  }
  ph_pcm_deinit(&d.pcm);
}

/* Down to no frame at all, or to a few. */
static void the_shortest_files(void **state)
{
  for (int frames = 1; frames < 40; frames++) {
    temp_sound(*state, "tiny.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 96000, 1, frames, temp_ramp);
    PhDecoded d;
    const PhStatus status = ph_decode_file(temp_path(*state, "tiny.wav"), 8000, &d);
    if (status == PH_OK) {
      assert_in_range(d.pcm.frames, 1, 4);
      check_padding(&d);
    } else {
      assert_int_equal(status, PH_FORMAT);
      assert_non_null(strstr(d.message, "shorter than one frame"));
    }
    assert_true(frames > 5 || status == PH_FORMAT);
    assert_true(frames < 12 || status == PH_OK);
    ph_pcm_deinit(&d.pcm);
  }
}

static float quiet(int64_t frame, int channel)
{
  (void)frame, (void)channel;
  return 0;
}

static void a_sample_has_a_longest_length(void **state)
{
  /* 31 minutes at the lowest rate. */
  temp_sound(*state, "long.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_U8, 1000, 1, 31 * 60 * 1000, quiet);
  PhDecoded d;
  assert_int_equal(ph_decode_file(temp_path(*state, "long.wav"), 1000, &d), PH_LIMIT);
  assert_non_null(strstr(d.message, "30 minutes"));
  assert_null(d.pcm.memory[0]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(formats_keep_their_samples, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(lossy_formats_sound_the_same, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(another_rate_is_resampled_cleanly, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(many_channels_become_two, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(values_that_are_no_sound_become_zero, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(broken_files_say_why, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(truncated_files_give_what_they_have, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(a_lying_header_costs_nothing, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(the_shortest_files, temp_setup, temp_teardown),
    cmocka_unit_test_setup_teardown(a_sample_has_a_longest_length, temp_setup, temp_teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
