/* What sources do, measured: aliases, tuning, spectra, closed forms, recordings.  SPDX-License-Identifier: MIT */
#define BUS_LONG (1 << 16)
#include "bus.h"

static double magnitude[LONG / 2 + 1];

/* ---- aliases ---- */

enum { N = 1 << 14, SETTLE = 2048 };

/* The strongest component below 15 kHz that is no multiple of `step` bins, relative to the one at `bin`, of what is in `left`. */
static double strangers_db(size_t bin, size_t step)
{
  window(left + SETTLE, N);
  spectrum(left + SETTLE, N, magnitude);
  double most = 0;
  for (size_t k = 4; k < (size_t)(15000 / RATE * N); k++) {
    if (k % step >= 4 && k % step <= step - 4) {
      most = fmax(most, magnitude[k]);
    }
  }
  return db(most / magnitude[bin]);
}

/* Of a unit whose first input is a frequency, with its second at a value (NAN: the default). */
static double alias_db(const char *name, size_t bin, double second)
{
  UnitCase c;
  begin(&c, name, N + SETTLE);
  unit_const(&c, 0, (double)bin * RATE / N);
  if (!isnan(second)) {
    unit_const(&c, 1, second);
  }
  finish(&c);
  return strangers_db(bin, bin);
}

/* 5 kHz down to 100 Hz; 1802 (4850 Hz) puts the sixth harmonic where its alias is just below 15 kHz. */
static const size_t bins[] = { 1857, 1843, 1802, 1637, 1321, 1201, 947, 601, 331, 37 };

#define ALIAS "aliases below 15 kHz re the fundamental, 100 Hz to 5 kHz"

static void waves_do_not_alias(void **context)
{
  (void)context;
  static const struct {
    const char *name;
    double second;
  } waves[] = {
    { "saw", (double)NAN }, { "square", (double)NAN }, { "tri", (double)NAN }, { "pulse", 0.5 }, { "pulse", 0.31 },
    { "pulse", 0.02 },      { "pulse", 0.999 },        { "vco", 0.5 },         { "vco", 1 },     { "vco", 1.5 },
    { "vco", 2.5 },         { "supersaw", 0 },
  };
  for (size_t w = 0; w < PH_COUNT(waves); w++) {
    for (size_t i = 0; i < PH_COUNT(bins); i++) {
      measured_most(waves[w].name, ALIAS, alias_db(waves[w].name, bins[i], waves[w].second), -80, "dB");
    }
  }
}

/* A sine moves the width; all that belongs there lies at multiples of 37 bins, aliases do not. */
static void pulse_with_moving_width_does_not_alias(void **context)
{
  (void)context;
  enum { STEP = 37 };
  static const size_t freqs[] = { 50 * STEP, 41 * STEP, 20 * STEP, 7 * STEP },
                      speeds[] = { 1 * STEP, 3 * STEP, 11 * STEP };
  for (size_t i = 0; i < PH_COUNT(freqs); i++) {
    for (size_t k = 0; k < PH_COUNT(speeds); k++) {
      for (size_t f = 0; f < N + SETTLE; f++) {
        signal_a[f] = (float)(0.5 + 0.4 * sin(2 * M_PI * (double)(speeds[k] * f % N) / N));
      }
      UnitCase c;
      begin(&c, "pulse", N + SETTLE);
      unit_const(&c, 0, (double)freqs[i] * RATE / N);
      unit_audio(&c, 1, signal_a);
      finish(&c);
      measured_most("pulse", "the same with the width moved by 0.4 at 100 Hz to 1.1 kHz", strangers_db(freqs[i], STEP),
                    -80, "dB");
    }
  }
}

/* ---- closed forms ---- */

/* Turns per frame as an oscillator's accumulator counts them. */
static double turns_of(double hz)
{
  return trunc((double)((float)hz * (float)(1 / RATE) * 4294967296.0f)) / 4294967296.0;
}

static double turned(double hz, size_t frame) { return 2 * M_PI * fmod(turns_of(hz) * (double)frame, 1); }

static void modulation_is_exact(void **context)
{
  (void)context;
  enum { FRAMES = 20000 };
  static const double cases[][3] = { { 440, 330, 3 }, { 110, 1234.5, 12 }, { 2000, 0.5, 40 } };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    const double *p = cases[i];
    static const char *const names[] = { "fm", "pm", "fmcrossmod" };
    for (int n = 0; n < 3; n++) {
      UnitCase c;
      begin(&c, names[n], FRAMES);
      for (uint32_t f = 0; f < FRAMES; f++) {
        signal_a[f] = (float)sin(turned(p[1], f));
      }
      for (uint32_t k = 0; k < 3; k++) {
        unit_const(&c, k, p[k]);
      }
      const double index = n == 2 ? 1.5 : p[2], back = n == 2 ? 0.5 : 0; /* more would be chaos */
      unit_const(&c, 2, index);
      if (n == 1) {
        unit_audio(&c, 1, signal_a);
      } else if (n == 2) {
        unit_const(&c, 3, back);
      }
      finish(&c);
      double most = 0, y = 0;
      for (uint32_t f = 0; f < FRAMES; f++) {
        y = sin(turned(p[0], f) + index * sin(turned(p[1], f) + back * y));
        most = fmax(most, fabs((double)left[f] - y));
      }
      measured_most(names[n], "error against the closed form, index up to 40", db(most), -100, "dB");
    }
  }
}

static void blip_is_a_sum_of_cosines(void **context)
{
  (void)context;
  enum { FRAMES = 20000 };
  static const double cases[][2] = { { 100, 200 }, { 441, 12 }, { 27.5, 300.25 }, { 3000, 6 } };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    UnitCase c;
    begin(&c, "blip", FRAMES);
    unit_const(&c, 0, cases[i][0]);
    unit_const(&c, 1, cases[i][1]);
    finish(&c);
    double most = 0;
    for (uint32_t f = 0; f < FRAMES; f += 7) {
      double sum = 0;
      for (int k = 1; k < cases[i][1] + 1; k++) {
        sum += cos(k * turned(cases[i][0], f)) * fmin(1, cases[i][1] - k + 1);
      }
      most = fmax(most, fabs((double)left[f] - sum / cases[i][1]));
    }
    measured_most("blip", "error against the sum of cosines", db(most), -110, "dB");
  }
  for (size_t i = 0; i < PH_COUNT(bins); i++) {
    measured_most("blip", ALIAS, alias_db("blip", bins[i], 10000), -80, "dB");
  }
}

static void additive_is_a_sum_of_sines(void **context)
{
  (void)context;
  enum { FRAMES = 20000, PARTIALS = 128 };
  char amps[2048] = "";
  double level[PARTIALS];
  for (int k = 0; k < PARTIALS; k++) {
    level[k] = (k * 37 % 11 + 1) / 11.0 / (k + 1);
    (void)snprintf(amps + strlen(amps), sizeof amps - strlen(amps), "%.6f ", level[k]);
    level[k] = floor(level[k] * 1e6 + 0.5) * 1e-6;
  }
  static const double freqs[] = { 30, 110, 150 };
  for (size_t i = 0; i < PH_COUNT(freqs); i++) {
    UnitCase c;
    begin(&c, "additive", FRAMES);
    unit_text(&c, 0, amps);
    unit_const(&c, 0, freqs[i]);
    finish(&c);
    double most = 0;
    for (uint32_t f = 0; f < FRAMES; f += 7) {
      double sum = 0;
      for (int k = 0; k < PARTIALS; k++) {
        sum += level[k] * sin((k + 1) * turned(freqs[i], f));
      }
      most = fmax(most, fabs((double)left[f] - sum));
    }
    measured_most("additive", "error against the sum, 128 partials", db(most), -100, "dB");
  }
  for (size_t i = 0; i < PH_COUNT(bins); i++) {
    UnitCase c;
    begin(&c, "additive", N + SETTLE);
    unit_text(&c, 0, amps);
    unit_const(&c, 0, (double)bins[i] * RATE / N);
    finish(&c);
    measured_most("additive", ALIAS, strangers_db(bins[i], bins[i]), -80, "dB");
  }
}

/* ---- wavetables ---- */

static void render_table(const char *name, double hz, double pos, uint32_t frames)
{
  UnitCase c;
  begin(&c, "wavetable", frames);
  unit_text(&c, 0, name);
  unit_const(&c, 0, hz);
  unit_const(&c, 1, pos);
  finish(&c);
}

static void wavetable_plays_the_cycle(void **context)
{
  (void)context;
  enum { FRAMES = 20000 };
  static const double freqs[] = { 20, 110, 1000, 4321 };
  for (size_t i = 0; i < PH_COUNT(freqs); i++) {
    render_table("test:cycle", freqs[i], 0, FRAMES);
    double most = 0;
    for (uint32_t f = 0; f < FRAMES; f++) {
      const double t = turned(freqs[i], f);
      most = fmax(most, fabs((double)left[f] - (sin(t) + sin(2 * t) / 2 + sin(3 * t) / 3)));
    }
    measured_most("wavetable", "error against the exact cycle of a file", db(most), -100, "dB");
  }
  for (int step = 0; step <= 6; step++) { /* four cycles: partials 1, 2, 3, 4 */
    render_table("test:cycles", 331, step / 6.0, FRAMES);
    const double place = step / 2.0;
    const int low = (int)place < 3 ? (int)place : 2;
    double most = 0;
    for (uint32_t f = 0; f < FRAMES; f++) {
      const double t = turned(331, f);
      const double y = sin((low + 1) * t) * (low + 1 - place) + sin((low + 2) * t) * (place - low);
      most = fmax(most, fabs((double)left[f] - y));
    }
    measured_most("wavetable", "error between the cycles of a row", db(most), -100, "dB");
  }
}

static void wavetables_do_not_alias(void **context)
{
  (void)context;
  static const struct {
    const char *name;
    double pos;
  } tables[] = { { "saw", 0 },    { "square", 0 },    { "pulse", 0.7 }, { "sync", 0.61 }, { "organ", 1 },
                 { "reso", 0.5 }, { "digital", 0.4 }, { "fm", 0.6 },    { "fold", 0.8 } };
  for (size_t w = 0; w < PH_COUNT(tables); w++) {
    for (size_t i = w % 3; i < PH_COUNT(bins); i += w ? 3 : 1) {
      render_table(tables[w].name, (double)bins[i] * RATE / N, tables[w].pos, N + SETTLE);
      window(left + SETTLE, N);
      spectrum(left + SETTLE, N, magnitude);
      double most = 0, loudest = 0;
      for (size_t k = 4; k < (size_t)(15000 / RATE * N); k++) {
        loudest = fmax(loudest, magnitude[k]);
        if (k % bins[i] >= 4 && k % bins[i] <= bins[i] - 4) {
          most = fmax(most, magnitude[k]);
        }
      }
      measured_most("wavetable", "aliases below 15 kHz re the strongest partial, 100 Hz to 5 kHz", db(most / loudest),
                    -80, "dB");
    }
  }
}

/* A saw keeps its partials up to 13.3 kHz at any pitch, whichever levels play. */
static void wavetables_keep_their_treble(void **context)
{
  (void)context;
  for (size_t bin = 13; bin < 1900; bin = bin * 11 / 10 + 1) {
    render_table("saw", (double)bin * RATE / N, 0, N + SETTLE);
    spectrum(left + SETTLE, N, magnitude);
    for (size_t k = 1; (double)(k * bin) < 13300 / RATE * N && k <= 1024; k++) {
      const double expected = 2 / (M_PI * (double)k);
      measured_most("wavetable", "error of a saw's partials up to 13.3 kHz",
                    fabs(db(magnitude[k * bin] * 2 / N / expected)), 0.05, "dB");
    }
  }
}

/* ---- pulse and noise ---- */

static void the_mean_of_a_pulse_is_known(void **context)
{
  (void)context;
  for (double width = 0.05; width < 1; width += 0.13) {
    UnitCase c;
    begin(&c, "pulse", N + SETTLE);
    unit_const(&c, 0, 163 * RATE / N);
    unit_const(&c, 1, width);
    finish(&c);
    spectrum(left + SETTLE, N, magnitude);
    const double mean = magnitude[0] / N;
    measured_most("pulse", "error of the mean 2 width - 1", fabs(mean - fabs(2 * width - 1)), 1e-3, "");
  }
}

static void brown_falls_by_6_db(void **context)
{
  (void)context;
  static double power[LONG / 2 + 1];
  memset(power, 0, sizeof power);
  const PhUnitSet *set = ph_unit_set_find(NULL);
  UnitCase c;
  unit_case_init(&c, set, unit_row(set, "brown"), RATE, LONG, PH_LANES_BANK);
  for (uint32_t lane = 0; lane < PH_LANES_BANK; lane++) {
    c.voice[lane] = lane * 977;
  }
  UnitState state = unit_state(&c);
  float *out = unit_alloc((size_t)LONG * PH_LANES_BANK * sizeof(float));
  for (uint32_t part = 0; part < 2; part++) {
    (void)unit_run(&c, &(UnitRun){ .chunk = PH_CHUNK_FRAMES, .in_place = -1, .to = LONG }, &state, out);
    for (uint32_t lane = 0; lane < PH_LANES_BANK; lane++) {
      for (uint32_t f = 0; f < LONG; f++) {
        left[f] = out[(size_t)f * PH_LANES_BANK + lane];
      }
      window(left, LONG);
      spectrum(left, LONG, magnitude);
      for (size_t k = 0; k <= LONG / 2; k++) {
        power[k] += magnitude[k] * magnitude[k];
      }
    }
  }
  double least = HUGE_VAL, most = -HUGE_VAL;
  for (double hz = 60; hz < 10000; hz *= pow(2, 1.0 / 3)) {
    double sum = 0, weight = 0;
    for (size_t k = (size_t)ceil(hz / RATE * LONG); (double)k < hz * pow(2, 1.0 / 3) / RATE * LONG; k++) {
      sum += power[k];
      weight += 1 / ((double)k * (double)k);
    }
    least = fmin(least, 10 * log10(sum / weight));
    most = fmax(most, 10 * log10(sum / weight));
  }
  measured_most("brown", "deviation from -6 dB an octave, thirds from 60 Hz to 12 kHz, ±", (most - least) / 2, 0.5,
                "dB");
  free(out);
  unit_state_free(&state);
  unit_case_free(&c);
}

static void noise_is_uniform_and_flat(void **context)
{
  (void)context;
  UnitCase c;
  begin(&c, "noise", LONG);
  finish(&c);
  double mean = 0, square = 0, fourth = 0, next = 0;
  int tenths[10] = { 0 };
  for (uint32_t f = 0; f < LONG; f++) {
    const double x = (double)left[f];
    mean += x / LONG;
    square += x * x / LONG;
    fourth += x * x * x * x / LONG;
    next += f ? x * (double)left[f - 1] / LONG : 0;
    tenths[(int)((x + 1) * 4.99999)]++;
  }
  double chi = 0;
  for (int i = 0; i < 10; i++) {
    chi += pow(tenths[i] - LONG / 10.0, 2) / (LONG / 10.0);
  }
  measured_most("noise", "mean", fabs(mean), 0.01, "");
  measured_most("noise", "error of the variance 1/3", fabs(square * 3 - 1), 0.015, "");
  measured_most("noise", "error of the fourth moment 1/5", fabs(fourth * 5 - 1), 0.02, "");
  measured_most("noise", "correlation of neighbours", fabs(next / square), 0.015, "");
  measured_most("noise", "chi squared of ten classes", chi, 27.9, ""); /* 0.1 % */
  spectrum(left, LONG, magnitude);
  double least = HUGE_VAL, most = -HUGE_VAL;
  for (size_t band = 0; band < 16; band++) {
    double sum = 0;
    for (size_t k = band * LONG / 32; k < (band + 1) * LONG / 32; k++) {
      sum += magnitude[k] * magnitude[k];
    }
    least = fmin(least, 10 * log10(sum));
    most = fmax(most, 10 * log10(sum));
  }
  measured_most("noise", "deviation from flat, 16 bands, ±", (most - least) / 2, 0.5, "dB");
}

static void sparse_noises_keep_their_density(void **context)
{
  (void)context;
  enum { DENSITY = 1500 };
  static const char *const names[] = { "velvet", "dust" };
  for (int n = 0; n < 2; n++) {
    UnitCase c;
    begin(&c, names[n], LONG);
    unit_const(&c, 0, DENSITY);
    finish(&c);
    double count = 0, up = 0, last = -1, gaps = 0, squares = 0;
    for (uint32_t f = 0; f < LONG; f++) {
      if (left[f] != 0) {
        gaps += last >= 0 ? f - last : 0;
        squares += last >= 0 ? (f - last) * (f - last) : 0;
        last = f;
        count++;
        up += left[f] > 0;
      }
    }
    const double mean = gaps / (count - 1), variance = squares / (count - 1) - mean * mean;
    measured_most(names[n], "error of the density", fabs(count / (LONG / RATE * DENSITY) - 1), n ? 0.06 : 0.002, "");
    if (n == 0) {
      measured_most("velvet", "share of positive impulses less a half", fabs(up / count - 0.5), 0.04, "");
    } else { /* gaps of a Poisson process: deviation = mean, here of whole frames */
      measured_most("dust", "deviation of the gaps over their mean less 1", fabs(sqrt(variance) / mean - 1), 0.06, "");
    }
  }
}

/* ---- granular ---- */

/* At a pitch of 1 overlapping grains add up to the input, two frames late. */
static void granular_gives_back_its_input(void **context)
{
  (void)context;
  enum { FRAMES = 30000, FROM = 8000 };
  for (uint32_t f = 0; f < FRAMES; f++) {
    signal_a[f] = (float)(0.5 * sin(0.03 * f) + 0.3 * sin(0.4 * f));
  }
  UnitCase c;
  begin(&c, "granular", FRAMES);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 100);
  unit_const(&c, 2, 40);
  finish(&c);
  double most = 0;
  for (uint32_t f = FROM; f < FRAMES; f++) {
    most = fmax(most, fabs((double)left[f] - (double)signal_a[f - 1]));
  }
  measured_most("granular", "error against its input at pitch 1, four grains at once", db(most), -100, "dB");
}

/* A sine comes out at the grains' pitch. */
static void granular_shifts_pitch(void **context)
{
  (void)context;
  enum { FRAMES = N + 8192 };
  for (uint32_t f = 0; f < FRAMES; f++) {
    signal_a[f] = (float)sin(2 * M_PI * 500 * f / RATE);
  }
  UnitCase c;
  begin(&c, "granular", FRAMES);
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 120);
  unit_const(&c, 2, 12.5);
  unit_const(&c, 3, 1.5);
  unit_const(&c, 5, 0.2);
  finish(&c);
  window(left + 8192, N);
  spectrum(left + 8192, N, magnitude);
  size_t peak = 0;
  for (size_t k = 0; k < N / 2; k++) {
    peak = magnitude[k] > magnitude[peak] ? k : peak;
  }
  measured_most("granular", "error of the pitch 1.5", fabs((double)peak * RATE / N - 750), 12, "Hz");
}

/* ---- formants ---- */

/* The response to an impulse at the centres that the figures name. */
static void formants_stand_where_they_should(void **context)
{
  (void)context;
  static const double hz[] = { 650, 1080, 2650 }, level[] = { 1, 0.5, 0.25 };
  memset(signal_a, 0, sizeof signal_a);
  signal_a[0] = 1;
  for (int i = 0; i < 3; i++) { /* each alone: the others far away */
    UnitCase c;
    begin(&c, "formant", N);
    unit_audio(&c, 0, signal_a);
    for (uint32_t k = 0; k < 3; k++) {
      unit_const(&c, 1 + k, (int)k == i ? hz[i] : 15000 + 1000 * k);
      unit_const(&c, 4 + k, (int)k == i ? 80 : 1);
    }
    finish(&c);
    measured_most("formant", "error of level at the centre", fabs(db(tone_level(left, N, hz[i] / RATE) / level[i])),
                  0.1, "dB");
    measured_most("formant", "error of -3 dB at the edge of the band",
                  fabs(db(tone_level(left, N, (sqrt(hz[i] * hz[i] + 1600) + 40) / RATE) / level[i]) + 3.01), 0.3, "dB");
  }
}

/* ---- strings ---- */

/* The phase of a windowed part of `left` at a frequency. */
static double phase_at(size_t from, size_t n, double turns)
{
  double re = 0, im = 0;
  for (size_t i = 0; i < n; i++) {
    const double t = (double)i / (double)n, a = 2 * M_PI * turns * (double)(from + i);
    const double weight =
        0.35875 - 0.48829 * cos(2 * M_PI * t) + 0.14128 * cos(4 * M_PI * t) - 0.01168 * cos(6 * M_PI * t);
    re += weight * (double)left[from + i] * cos(a);
    im -= weight * (double)left[from + i] * sin(a);
  }
  return atan2(im, re);
}

/* How far partial `k` is from k times the pitch, from how its phase moves on. */
static double cents_off(const char *name, double hz, int k, double damp)
{
  enum { FROM = 4096, PART = 1 << 14, HOP = 4096 };
  UnitCase c;
  begin(&c, name, FROM + HOP + PART);
  unit_const(&c, 0, hz);
  unit_const(&c, 1, damp);
  finish(&c);
  const double turns = k * hz / RATE;
  double moved = (phase_at(FROM + HOP, PART, turns) - phase_at(FROM, PART, turns)) / (2 * M_PI);
  moved -= floor(moved + 0.5);
  return 1200 * log2((turns + moved / HOP) / turns);
}

static void strings_are_in_tune(void **context)
{
  (void)context;
  static const char *const names[] = { "pluck", "waveguide" };
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    for (double hz = 30; hz < 4000; hz *= 1.237) {
      measured_most(names[i], "error of pitch, 30 Hz to 4 kHz", fabs(cents_off(names[i], hz, 1, 0.3)), 1, "cents");
      if (hz < 1300) {
        measured_most(names[i], "error of the third partial, up to 4 kHz", fabs(cents_off(names[i], hz, 3, 0.3)), 1,
                      "cents");
      }
    }
    measured_most(names[i], "error of pitch, 30 Hz to 4 kHz", fabs(cents_off(names[i], 4000, 1, 0.1)), 1, "cents");
  }
}

/* ---- recordings ---- */

static void sample_plays_a_recording(void **context)
{
  (void)context;
  enum { FRAMES = 3000, MORE = 3100 };
  PhUnitSound sound;
  const char *error = NULL;
  assert_int_equal(unit_sounds.load(NULL, "test:noise", &sound, &error), PH_OK);
  assert_true(sound.frames == FRAMES && sound.left != sound.right);
  UnitCase c;
  begin(&c, "sample", MORE);
  unit_text(&c, 0, "test:noise");
  finish(&c);
  for (uint32_t f = 0; f < MORE; f++) {
    const bool inside = f < FRAMES;
    assert_true(left[f] == (inside ? sound.left[f] : 0) && right[f] == (inside ? sound.right[f] : 0));
  }
}

static void sample_is_read_between_frames(void **context)
{
  (void)context;
  enum { FRAMES = 4000 };
  for (uint32_t f = 0; f < FRAMES; f++) {
    signal_a[f] = (float)((100.0 + f * 0.37) / 2048);
  }
  UnitCase c;
  begin(&c, "sample", FRAMES);
  unit_text(&c, 0, "test:cycle");
  unit_audio(&c, 0, signal_a);
  finish(&c);
  double most = 0;
  for (uint32_t f = 0; f < FRAMES; f++) {
    const double t = 2 * M_PI * (double)signal_a[f];
    most = fmax(most, fabs((double)left[f] - (sin(t) + sin(2 * t) / 2 + sin(3 * t) / 3)));
  }
  measured_most("sample", "error of the interpolation, partials up to the rate / 683", db(most), -110, "dB");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(waves_do_not_alias),
    cmocka_unit_test(pulse_with_moving_width_does_not_alias),
    cmocka_unit_test(modulation_is_exact),
    cmocka_unit_test(blip_is_a_sum_of_cosines),
    cmocka_unit_test(additive_is_a_sum_of_sines),
    cmocka_unit_test(wavetable_plays_the_cycle),
    cmocka_unit_test(wavetables_do_not_alias),
    cmocka_unit_test(wavetables_keep_their_treble),
    cmocka_unit_test(the_mean_of_a_pulse_is_known),
    cmocka_unit_test(brown_falls_by_6_db),
    cmocka_unit_test(noise_is_uniform_and_flat),
    cmocka_unit_test(sparse_noises_keep_their_density),
    cmocka_unit_test(granular_gives_back_its_input),
    cmocka_unit_test(granular_shifts_pitch),
    cmocka_unit_test(formants_stand_where_they_should),
    cmocka_unit_test(strings_are_in_tune),
    cmocka_unit_test(sample_plays_a_recording),
    cmocka_unit_test(sample_is_read_between_frames),
  };
  return cmocka_run_group_tests_name("sources", tests, NULL, NULL);
}
