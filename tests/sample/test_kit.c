/* The built-in kit: that every sound is one, and stays the one it was.  SPDX-License-Identifier: MIT */
#include "temp.h"

#include "sample/kit.h"

/* digest of every sound in order, see the_kit_is_the_kit */
#define KIT_HASH 0x0931e4adbf741171u

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static PhPcm render(const PhKitBank *bank, unsigned variant, double rate)
{
  PhPcm pcm;
  assert_int_equal(ph_kit_render(bank, variant, rate, &pcm), PH_OK);
  return pcm;
}

static uint64_t digest(const PhPcm *pcm)
{
  uint64_t hash = ph_mix((uint64_t)pcm->frames, pcm->channels);
  for (unsigned c = 0; c < pcm->channels; c++) {
    hash = ph_mix(hash, ph_hash(ph_pcm_channel(pcm, c), (size_t)pcm->frames * sizeof(float)));
  }
  return hash;
}

static void has_the_promised_banks(void **state)
{
  (void)state;
  static const char *const names[] = { "bd",    "sn",    "hh",    "oh",    "cp",    "rim",  "lt",   "mt",    "ht",
                                       "cb",    "808bd", "808sn", "808hc", "808oh", "rave", "stab", "bass",  "pad",
                                       "pluck", "cy",    "crash", "ride",  "sh",    "perc", "tom",  "noise", "kick",
                                       "snare", "clap",  "piano", "vox",   "arpy",  "sine" };
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    const PhKitBank *bank = ph_kit_find(names[i]);
    assert_non_null(bank);
    assert_true(ph_kit_bank_variants(bank) >= 4);
  }
  assert_null(ph_kit_find("nothing"));
  assert_null(ph_kit_find(""));
  assert_null(ph_kit_find("kick "));
}

static void every_name_and_alias_is_said_once(void **state)
{
  (void)state;
  for (size_t i = 0; i < ph_kit_bank_count(); i++) {
    const PhKitBank *bank = ph_kit_bank(i);
    assert_ptr_equal(ph_kit_find(ph_kit_bank_name(bank)), bank);
    assert_true(strlen(ph_kit_bank_doc(bank)) > 10);
    char aliases[128];
    (void)snprintf(aliases, sizeof aliases, "%s", ph_kit_bank_aliases(bank));
    for (char *alias = strtok(aliases, " "); alias; alias = strtok(NULL, " ")) {
      assert_ptr_equal(ph_kit_find(alias), bank);
    }
  }
  assert_null(ph_kit_bank(ph_kit_bank_count()));
}

/* Finite, not silent, not too loud, at rest at both ends, without DC, not too long. */
static void check_sound(const char *name, const PhPcm *pcm, double rate)
{
  double peak = 0, sum = 0;
  assert_true(pcm->frames > 0 && (double)pcm->frames < 5 * rate);
  for (unsigned c = 0; c < pcm->channels; c++) {
    const float *x = ph_pcm_channel(pcm, c);
    for (int64_t i = 0; i < pcm->frames; i++) {
      assert_true(isfinite(x[i]));
      peak = fmax(peak, fabs((double)x[i]));
      sum += (double)x[i];
    }
    for (int64_t i = 1; i <= PH_PCM_PAD; i++) {
      assert_true(x[-i] == 0.0f && x[pcm->frames - 1 + i] == 0.0f);
    }
    assert_true(fabs((double)x[0]) < 0.02 && fabs((double)x[pcm->frames - 1]) < 0.001);
  }
  const double mean = sum / ((double)pcm->frames * pcm->channels);
  if (!(peak > 0.2 && peak < 0.9 && fabs(mean) < 1e-3)) {
    fail_msg("%s at %.0f Hz: peak %.3f, mean %.5f", name, rate, peak, mean);
  }
}

static void every_sound_is_sound_at_every_rate(void **state)
{
  (void)state;
  static const double rates[] = { 44100, 48000, 8000 };
  for (size_t i = 0; i < ph_kit_bank_count(); i++) {
    const PhKitBank *bank = ph_kit_bank(i);
    for (unsigned v = 0; v < ph_kit_bank_variants(bank); v++) {
      for (size_t r = 0; r < PH_COUNT(rates); r++) {
        PhPcm pcm = render(bank, v, rates[r]);
        check_sound(ph_kit_bank_name(bank), &pcm, rates[r]);
        ph_pcm_deinit(&pcm);
      }
    }
  }
}

static void extreme_rates_work(void **state)
{
  (void)state;
  static const char *const names[] = { "bd", "hh", "rave", "pluck", "vox" };
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    PhPcm pcm = render(ph_kit_find(names[i]), 0, 192000);
    check_sound(names[i], &pcm, 192000);
    ph_pcm_deinit(&pcm);
  }
  for (size_t i = 0; i < ph_kit_bank_count(); i++) { /* not musical, but no crash and nothing that is not finite */
    PhPcm pcm = render(ph_kit_bank(i), 0, 1000);
    for (int64_t k = 0; k < pcm.frames; k++) {
      assert_true(isfinite(ph_pcm_channel(&pcm, 0)[k]));
    }
    ph_pcm_deinit(&pcm);
  }
  PhPcm pcm;
  assert_int_equal(ph_kit_render(ph_kit_find("bd"), 0, 10, &pcm), PH_RANGE);
  assert_int_equal(ph_kit_render(ph_kit_find("bd"), 99, 44100, &pcm), PH_RANGE);
}

/* One hash over the whole kit at 44.1 kHz: the same with gcc and clang, on every machine. It changes when a recipe does, and then
   the golden audio of the examples does, too. */
static void the_kit_is_the_kit(void **state)
{
  (void)state;
  uint64_t all = 0;
  for (size_t i = 0; i < ph_kit_bank_count(); i++) {
    const PhKitBank *bank = ph_kit_bank(i);
    uint64_t seen[16];
    for (unsigned v = 0; v < ph_kit_bank_variants(bank); v++) {
      PhPcm pcm = render(bank, v, 44100);
      seen[v] = digest(&pcm);
      all = ph_mix(all, seen[v]);
      ph_pcm_deinit(&pcm);
      for (unsigned k = 0; k < v; k++) {
        assert_true(seen[k] != seen[v]);
      }
    }
  }
  const uint64_t expected = KIT_HASH;
  if (all != expected) {
    fail_msg("the kit's hash is 0x%016llx, not 0x%016llx", (unsigned long long)all, (unsigned long long)expected);
  }
}

/* Share of the energy that two variants have in common, by the envelope over 16 bands and 8 times. */
static void variants_are_really_different(void **state)
{
  (void)state;
  for (size_t i = 0; i < ph_kit_bank_count(); i++) {
    const PhKitBank *bank = ph_kit_bank(i);
    for (unsigned v = 1; v < ph_kit_bank_variants(bank); v++) {
      PhPcm a = render(bank, v - 1, 22050), b = render(bank, v, 22050);
      const int64_t frames = a.frames < b.frames ? a.frames : b.frames;
      double aa = 1e-12, bb = 1e-12, ab = 0;
      for (int64_t k = 0; k < frames; k++) {
        const double x = (double)ph_pcm_channel(&a, 0)[k], y = (double)ph_pcm_channel(&b, 0)[k];
        aa += x * x;
        bb += y * y;
        ab += x * y;
      }
      if (!(ab / sqrt(aa * bb) < 0.9)) {
        fail_msg("%s:%u and :%u correlate by %.3f", ph_kit_bank_name(bank), v - 1, v, ab / sqrt(aa * bb));
      }
      ph_pcm_deinit(&a);
      ph_pcm_deinit(&b);
    }
  }
}

/* Power at a frequency relative to all, over a window from `from` s. */
static double share(const PhPcm *pcm, double rate, double hz, double from, double sec)
{
  const float *x = ph_pcm_channel(pcm, 0);
  double re = 0, im = 0;
  const int64_t first = (int64_t)(from * rate), n = (int64_t)(sec * rate);
  for (int64_t i = 0; i < n; i++) {
    const double window = 0.5 - 0.5 * cos(6.283185307179586 * (double)i / (double)n);
    const double turn = 6.283185307179586 * hz * (double)i / rate, v = window * (double)x[first + i];
    re += v * cos(turn);
    im += v * sin(turn);
  }
  return re * re + im * im;
}

/* The strongest frequency near `hz`, in cents from it. */
static double cents_off(const PhPcm *pcm, double rate, double hz)
{
  double best = 0, at = 0;
  for (double cents = -60; cents <= 60; cents += 0.5) {
    const double p = share(pcm, rate, hz * exp2(cents / 1200), 0.1, 0.45);
    if (p > best) {
      best = p;
      at = cents;
    }
  }
  return at;
}

static void tuned_sounds_are_in_tune(void **state)
{
  (void)state;
  static const struct {
    const char *name;
    unsigned variant;
    double hz;
  } cases[] = {
    { "pluck", 0, 261.6256 }, { "pluck", 1, 261.6256 }, { "pluck", 3, 261.6256 }, { "pluck", 4, 261.6256 },
    { "pluck", 5, 65.40639 }, { "piano", 0, 261.6256 }, { "bell", 0, 261.6256 },  { "sine", 1, 261.6256 },
    { "arpy", 0, 261.6256 },  { "bass", 0, 65.40639 },
  };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    PhPcm pcm = render(ph_kit_find(cases[i].name), cases[i].variant, 44100);
    const double off = cents_off(&pcm, 44100, cases[i].hz);
    if (fabs(off) > 4) {
      fail_msg("%s:%u is %.1f cents off", cases[i].name, cases[i].variant, off);
    }
    ph_pcm_deinit(&pcm);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(has_the_promised_banks),
    cmocka_unit_test(every_name_and_alias_is_said_once),
    cmocka_unit_test(every_sound_is_sound_at_every_rate),
    cmocka_unit_test(extreme_rates_work),
    cmocka_unit_test(the_kit_is_the_kit),
    cmocka_unit_test(variants_are_really_different),
    cmocka_unit_test(tuned_sounds_are_in_tune),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
