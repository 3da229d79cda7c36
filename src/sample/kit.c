/* The built-in kit: the list of banks, and what is done to every sound after its recipe.  SPDX-License-Identifier: MIT */
#include "sample/kit.h"

#include "sample/decode.h"
#include "sample/kit_dsp.h"

#include <assert.h>
#include <string.h>

enum { FAMILIES = 6, HALF_BAND_TAPS = 63 };

static PhKitBanks family(unsigned index)
{
  switch (index) {
  case 0:
    return ph_kit_drums();
  case 1:
    return ph_kit_metals();
  case 2:
    return ph_kit_machines();
  case 3:
    return ph_kit_tones();
  case 4:
    return ph_kit_strings();
  default:
    return ph_kit_loops();
  }
}

size_t ph_kit_bank_count(void)
{
  size_t count = 0;
  for (unsigned f = 0; f < FAMILIES; f++) {
    count += family(f).count;
  }
  return count;
}

const PhKitBank *ph_kit_bank(size_t index)
{
  for (unsigned f = 0; f < FAMILIES; f++) {
    const PhKitBanks banks = family(f);
    if (index < banks.count) {
      return &banks.banks[index];
    }
    index -= banks.count;
  }
  return NULL;
}

static bool is_called(const PhKitBank *bank, const char *name)
{
  const size_t len = strlen(name);
  if (strcmp(bank->name, name) == 0) {
    return true;
  }
  for (const char *alias = bank->aliases; *alias;) {
    const size_t n = strcspn(alias, " ");
    if (n == len && memcmp(alias, name, n) == 0) {
      return true;
    }
    alias += n + strspn(alias + n, " ");
  }
  return false;
}

const PhKitBank *ph_kit_find(const char *name)
{
  for (size_t i = 0; i < ph_kit_bank_count(); i++) {
    if (is_called(ph_kit_bank(i), name)) {
      return ph_kit_bank(i);
    }
  }
  return NULL;
}

const char *ph_kit_bank_name(const PhKitBank *bank) { return bank->name; }
const char *ph_kit_bank_aliases(const PhKitBank *bank) { return bank->aliases; }
const char *ph_kit_bank_doc(const PhKitBank *bank) { return bank->doc; }
unsigned ph_kit_bank_variants(const PhKitBank *bank) { return bank->variants; }

/* ---- finishing ----------------------------------------------------------------------------------------------- */

/* Removes what is below 12 Hz (a resting cone) and starts and ends at rest. */
static void settle(PhKitSound *s)
{
  const double keep = 1 - 75.4 / s->rate;
  const int64_t fade_in = ph_kit_at(s, 0.0002);
  for (unsigned c = 0; c < s->channels; c++) {
    double before = 0, out = 0;
    for (int64_t i = 0; i < s->frames; i++) {
      const double in = s->ch[c][i];
      out = in - before + keep * out;
      before = in;
      s->ch[c][i] = i < fade_in ? out * (double)i / (double)fade_in : out;
    }
  }
  ph_kit_fade_out(s, 0.008);
}

/* Halves the rate: a half-band low-pass (sinc under a Kaiser-like window of cosines), -80 dB from 0.58 of the new rate. */
static void halve(PhKitSound *s)
{
  double taps[HALF_BAND_TAPS], sum = 0;
  const int mid = HALF_BAND_TAPS / 2;
  for (int i = 0; i < HALF_BAND_TAPS; i++) {
    const double turn = (i + 0.5) / HALF_BAND_TAPS, n = i - mid;
    const double window =
        0.355768 - 0.487396 * ph_kit_cos(turn) + 0.144232 * ph_kit_cos(2 * turn) - 0.012604 * ph_kit_cos(3 * turn);
    taps[i] = window * (i == mid ? 0.5 : ph_kit_sin(n / 4) / (3.141592653589793 * n));
    sum += taps[i];
  }
  const int64_t frames = s->frames / 2;
  for (unsigned c = 0; c < s->channels; c++) {
    double *to = PH_NEWN(s->arena, double, frames);
    for (int64_t i = 0; i < frames; i++) {
      double out = 0;
      for (int k = 0; k < HALF_BAND_TAPS; k++) {
        const int64_t at = 2 * i + k - mid;
        out += at >= 0 && at < s->frames ? taps[k] * s->ch[c][at] : 0;
      }
      to[i] = out / sum;
    }
    s->ch[c] = to;
  }
  s->frames = frames;
  s->rate /= 2;
}

static double peak_of(const PhKitSound *s)
{
  double peak = 1e-9;
  for (unsigned c = 0; c < s->channels; c++) {
    for (int64_t i = 0; i < s->frames; i++) {
      peak = ph_kit_max(peak, fabs(s->ch[c][i]));
    }
  }
  return peak;
}

/* The loudest 0.3 s, as RMS over the channels. */
static double rms_of(const PhKitSound *s)
{
  const int64_t window = ph_kit_at(s, 0.3);
  double sum = 0, most = 1e-18;
  for (int64_t i = 0; i < s->frames; i++) {
    for (unsigned c = 0; c < s->channels; c++) {
      const double in = s->ch[c][i], out = i >= window ? s->ch[c][i - window] : 0;
      sum += in * in - out * out;
    }
    most = ph_kit_max(most, sum);
  }
  return sqrt(most / ((double)window * s->channels));
}

static void export(const PhKitSound *s, double gain, PhPcm *out)
{
  for (unsigned c = 0; c < s->channels; c++) {
    float *to = ph_pcm_channel(out, c);
    for (int64_t i = 0; i < s->frames; i++) {
      to[i] = (float)(s->ch[c][i] * gain);
    }
  }
  out->frames = s->frames;
  ph_pcm_finish(out);
}

static void make(const PhKitBank *bank, unsigned variant, double rate, PhArena *arena, PhPcm *out)
{
  PhKitSound s = { .arena = arena, .rate = rate, .seed = ph_mix(ph_hash_str(bank->name), variant) };
  s.rate = bank->oversample == 2 ? rate * 2 : rate;
  bank->make(&s, variant);
  if (bank->oversample == 2) {
    halve(&s);
  }
  settle(&s);
  const double gain = ph_kit_min(ph_kit_db(bank->peak_db) / peak_of(&s), ph_kit_db(bank->rms_db) / rms_of(&s));
  out->channels = s.channels;
  if (ph_pcm_reserve(out, s.frames) != PH_OK) {
    ph_trap_raise(arena->trap, PH_NOMEM, "%s", ph_status_text(PH_NOMEM));
  }
  export(&s, gain, out);
}

PhStatus ph_kit_render(const PhKitBank *bank, unsigned variant, double rate, PhPcm *out)
{
  *out = (PhPcm){ 0 };
  if (variant >= bank->variants || !(rate >= PH_DECODE_MIN_RATE_HZ && rate <= PH_DECODE_MAX_RATE_HZ)) {
    return PH_RANGE;
  }
  PhArena arena;
  PhTrap trap;
  ph_arena_init(&arena, NULL, &trap);
  if (PH_TRAP_SET(&trap) == 0) {
    make(bank, variant, rate, &arena, out);
  }
  ph_arena_deinit(&arena);
  if (trap.status != PH_OK) {
    ph_pcm_deinit(out);
  }
  return trap.status;
}
