/* The kit's analogue drum machines. The circuits are public knowledge: bridged-T resonators that are struck by a pulse,
   squares through band-passes, noise through gates.  SPDX-License-Identifier: MIT */
#include "sample/kit_dsp.h"

/* ---- 808 bass drum ------------------------------------------------------------------------------------------- */

typedef struct Boom {
  double sec;
  double hz;               /* where it comes to rest */
  double punch, punch_sec; /* starts this many times higher, for so long */
  double decay;            /* 60 dB */
  double click;            /* of the trigger pulse, through the tone control … */
  double tone_hz;
  double drive;
} Boom;

static void make_boom(PhKitSound *s, const Boom *b)
{
  ph_kit_begin(s, b->sec, 1);
  /* The pulse raises the resonator for a few milliseconds, and a leak lets it sag a little as it rings. */
  const double *jump = ph_kit_curve(s, b->punch - 1, 0, b->punch_sec), *sag = ph_kit_curve(s, 0.09, 0, 0.28);
  double *bend = ph_kit_scratch(s), *body = ph_kit_scratch(s), *pulse = ph_kit_scratch(s);
  for (int64_t i = 0; i < s->frames; i++) {
    bend[i] = 1 + jump[i] + sag[i];
    pulse[i] = i < ph_kit_at(s, 0.0011) ? 1 : 0;
  }
  ph_kit_sine(s, body, b->hz, bend, 0, 1);
  /* The ring is a plain exponential, but the first cycles stand a little longer: that is the punch. */
  const double *ring = ph_kit_env(s, 0.0008, 0.012, b->decay), *knock = ph_kit_env(s, 0.0005, 0.004, 0.09);
  for (int64_t i = 0; i < s->frames; i++) {
    body[i] *= 0.82 * ring[i] + 0.45 * knock[i];
  }
  ph_kit_filter(s, pulse, KIT_LP, b->tone_hz, 0.6);
  ph_kit_add(s, body, 1, 0);
  ph_kit_add(s, pulse, b->click, 0);
  ph_kit_drive(s, b->drive);
}

static void make_808bd(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Boom booms[] = {
    /* sec   hz  punch p_sec decay click tone drive */
    { 0.30, 58, 3.4, 0.030, 0.26, 0.35, 2200, 0.8 },
    { 0.48, 52, 3.2, 0.032, 0.45, 0.40, 2600, 0.9 },
    { 0.80, 50, 3.6, 0.040, 0.80, 0.55, 3400, 1.2 }, /* the one that everybody means */
    { 1.30, 49, 3.2, 0.036, 1.40, 0.35, 2600, 1.0 },
    { 2.00, 47, 2.8, 0.034, 2.30, 0.25, 2000, 0.9 },
    { 3.00, 43, 2.2, 0.030, 3.60, 0.12, 1200, 0.7 }, /* sub */
    { 0.70, 56, 5.0, 0.050, 0.65, 1.10, 7000, 1.6 }, /* bright */
    { 1.80, 46, 4.0, 0.045, 2.20, 0.50, 5000, 5.5 }, /* overdriven */
  };
  /* clang-format on */
  make_boom(s, &booms[variant]);
}

/* ---- 808 snare, hats, and the rest --------------------------------------------------------------------------- */

typedef struct Crack {
  double sec, low_hz, high_hz, low, high, body_sec, noise, noise_sec, noise_hz, drive;
} Crack;

static void make_crack(PhKitSound *s, const Crack *d)
{
  ph_kit_begin(s, d->sec, 1);
  double *body = ph_kit_scratch(s), *noise = ph_kit_scratch(s);
  ph_kit_mode(s, body, d->low_hz, d->low, d->body_sec);
  ph_kit_mode(s, body, d->high_hz, d->high, d->body_sec * 0.55);
  const double *env = ph_kit_env(s, 0.0004, 0.002, d->noise_sec), *snap = ph_kit_env(s, 0.0002, 0.001, 0.03);
  for (int64_t i = 0; i < s->frames; i++) {
    noise[i] = ph_kit_noise(s, 1, i) * (0.6 * env[i] + 0.5 * snap[i]);
  }
  ph_kit_filter(s, noise, KIT_HP, d->noise_hz, 0.7);
  ph_kit_add(s, body, 1, 0);
  ph_kit_add(s, noise, d->noise, 0);
  ph_kit_drive(s, d->drive);
}

static void make_808sn(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Crack cracks[] = {
    { 0.30, 185, 331, 0.9, 0.7, 0.16, 0.75, 0.24, 1600, 1.3 }, { 0.20, 206, 372, 1.0, 0.7, 0.13, 0.35, 0.14, 2200, 1.3 },
    { 0.40, 178, 320, 0.7, 0.6, 0.18, 1.00, 0.36, 1200, 1.2 }, { 0.24, 238, 476, 0.9, 0.9, 0.12, 0.70, 0.18, 2800, 1.8 },
    { 0.34, 160, 290, 1.0, 0.5, 0.24, 0.60, 0.26, 900, 2.6 },
  };
  /* clang-format on */
  make_crack(s, &cracks[variant]);
}

typedef struct Tick {
  double sec, ratio, band_hz, low_hz, hold, decay;
} Tick;

static void make_ticks(PhKitSound *s, const Tick *t)
{
  static const double cluster_hz[] = { 205.3, 304.4, 369.6, 522.7, 540.0, 800.0 };
  ph_kit_begin(s, t->sec, 1);
  double *high = ph_kit_scratch(s), *low = ph_kit_scratch(s);
  for (unsigned k = 0; k < PH_COUNT(cluster_hz); k++) {
    const double hz = cluster_hz[k] * t->ratio;
    ph_kit_osc(s, high, ph_kit_wave(s, KIT_SQUARE, hz), hz, NULL, ph_kit_pick(s, k), 0.3);
  }
  for (int64_t i = 0; i < s->frames; i++) {
    low[i] = high[i];
  }
  /* Two bands, as in the circuit: 7.1 kHz for the shine, 3.4 kHz for the metal. */
  ph_kit_filter(s, high, KIT_BP, t->band_hz, 1.4);
  ph_kit_filter(s, low, KIT_BP, t->band_hz * 0.485, 1.4);
  const double *env = ph_kit_env(s, 0.0003, t->hold, t->decay);
  for (int64_t i = 0; i < s->frames; i++) {
    high[i] = (high[i] + 0.35 * low[i]) * env[i];
  }
  ph_kit_filter(s, high, KIT_HP, t->low_hz, 0.9);
  ph_kit_add(s, high, 3, 0);
  ph_kit_drive(s, 0.9);
}

static void make_808hc(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Tick ticks[] = { { 0.10, 1.00, 7100, 6000, 0.003, 0.070 },
                                { 0.07, 1.00, 7100, 6800, 0.002, 0.040 },
                                { 0.14, 1.08, 8000, 5600, 0.004, 0.110 },
                                { 0.08, 1.35, 9400, 7600, 0.002, 0.055 } };
  /* clang-format on */
  make_ticks(s, &ticks[variant]);
}

static void make_808oh(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Tick ticks[] = { { 0.50, 1.00, 7100, 5800, 0.060, 0.45 },
                                { 0.28, 1.00, 7100, 6200, 0.040, 0.22 },
                                { 0.80, 1.00, 7100, 5400, 0.090, 0.75 },
                                { 0.45, 1.30, 9200, 7200, 0.050, 0.38 } };
  /* clang-format on */
  make_ticks(s, &ticks[variant]);
}

static void make_808cy(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Tick ticks[] = { { 1.40, 1.00, 6400, 2400, 0.030, 1.30 },
                                { 0.90, 1.12, 7400, 3200, 0.020, 0.80 },
                                { 2.20, 0.94, 5600, 1800, 0.050, 2.10 },
                                { 1.10, 1.45, 8800, 4200, 0.020, 1.00 } };
  /* clang-format on */
  make_ticks(s, &ticks[variant]);
}

static void make_conga(PhKitSound *s, double hz, unsigned variant)
{
  static const double decays[] = { 0.34, 0.20, 0.55, 0.34 }, bends[] = { 1.12, 1.08, 1.18, 1.6 },
                      tunes[] = { 1, 1.15, 0.88, 1 };
  ph_kit_begin(s, decays[variant] * 1.2, 1);
  double *body = ph_kit_scratch(s), *noise = ph_kit_scratch(s);
  ph_kit_sine(s, body, hz * tunes[variant], ph_kit_curve(s, bends[variant], 1, 0.10), 0, 1);
  const double *env = ph_kit_env(s, 0.0006, 0.004, decays[variant]), *noise_env = ph_kit_env(s, 0.001, 0.004, 0.12);
  for (int64_t i = 0; i < s->frames; i++) {
    body[i] *= env[i];
    noise[i] = ph_kit_noise(s, 1, i) * noise_env[i];
  }
  ph_kit_filter(s, noise, KIT_LP, hz * 6, 0.7);
  ph_kit_add(s, body, 1, 0);
  ph_kit_add(s, noise, 0.10, 0);
  ph_kit_drive(s, 0.9);
}

static void make_808lt(PhKitSound *s, unsigned variant) { make_conga(s, 90, variant); }
static void make_808mt(PhKitSound *s, unsigned variant) { make_conga(s, 130, variant); }
static void make_808ht(PhKitSound *s, unsigned variant) { make_conga(s, 185, variant); }
static void make_808lc(PhKitSound *s, unsigned variant) { make_conga(s, 178, variant); }
static void make_808mc(PhKitSound *s, unsigned variant) { make_conga(s, 265, variant); }
static void make_808hc_conga(PhKitSound *s, unsigned variant) { make_conga(s, 388, variant); }

/* ---- 909 ----------------------------------------------------------------------------------------------------- */

typedef struct Thump {
  double sec, hz, sweep, sweep_sec, decay, attack, noise, drive;
} Thump;

/* A triangle shaped to a sine, swept hard, with a click and a puff of noise. */
static void make_909bd(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Thump thumps[] = {
    { 0.42, 50, 4.6, 0.070, 0.42, 0.6, 0.25, 1.4 }, { 0.26, 54, 4.0, 0.050, 0.24, 0.9, 0.30, 1.4 },
    { 0.60, 46, 5.2, 0.090, 0.62, 0.5, 0.20, 1.8 }, { 0.40, 52, 6.5, 0.060, 0.38, 1.4, 0.45, 3.2 },
    { 0.50, 48, 4.2, 0.110, 0.48, 0.4, 0.15, 8.0 },
  };
  /* clang-format on */
  const Thump *t = &thumps[variant];
  ph_kit_begin(s, t->sec, 1);
  double *body = ph_kit_scratch(s), *click = ph_kit_scratch(s);
  ph_kit_osc(s, body, ph_kit_wave(s, KIT_TRIANGLE, t->hz * t->sweep), t->hz, ph_kit_curve(s, t->sweep, 1, t->sweep_sec),
             0, 1);
  const double *env = ph_kit_env(s, 0.0006, 0.030, t->decay), *fast = ph_kit_env(s, 0.0001, 0.0006, 0.012);
  for (int64_t i = 0; i < s->frames; i++) {
    body[i] = ph_kit_soft(1.6 * body[i]) * env[i];
    click[i] = (i < ph_kit_at(s, 0.0007) ? t->attack : 0) + t->noise * ph_kit_noise(s, 1, i) * fast[i];
  }
  ph_kit_filter(s, click, KIT_LP, 6500, 0.7);
  ph_kit_add(s, body, 1, 0);
  ph_kit_add(s, click, 0.8, 0);
  ph_kit_drive(s, t->drive);
}

static void make_909sn(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Crack cracks[] = {
    { 0.30, 188, 268, 0.9, 0.8, 0.14, 0.90, 0.26, 2600, 1.8 }, { 0.22, 200, 300, 0.9, 0.8, 0.10, 0.80, 0.18, 3400, 1.8 },
    { 0.40, 172, 246, 1.0, 0.7, 0.18, 1.00, 0.36, 1900, 1.6 }, { 0.28, 214, 330, 1.0, 0.9, 0.12, 0.95, 0.22, 2400, 4.0 },
  };
  /* clang-format on */
  make_crack(s, &cracks[variant]);
}

PhKitBanks ph_kit_machines(void)
{
  /* clang-format off */
  static const PhKitBank banks[] = {
    { "808bd", "808kick 808", "808 bass drums from short to sub; 6 is bright, 7 overdriven.", 8, make_808bd, -1.5, -7.5, 1 },
    { "808sn", "808sd 808snare", "808 snares: plain, snappy, long, high, warm.", 5, make_808sn, -1, -13, 2 },
    { "808hc", "808hh 808ch", "808 closed hats.", 4, make_808hc, -3.5, -20, 2 },
    { "808oh", "", "808 open hats.", 4, make_808oh, -6, -20, 2 },
    { "808cy", "808cr", "808 cymbals.", 4, make_808cy, -5, -19, 2 },
    { "808lt", "", "808 low toms.", 4, make_808lt, -1, -11, 1 },
    { "808mt", "", "808 middle toms.", 4, make_808mt, -1, -12, 1 },
    { "808ht", "", "808 high toms.", 4, make_808ht, -1, -13, 1 },
    { "808lc", "", "808 low congas.", 4, make_808lc, -2, -14, 1 },
    { "808mc", "", "808 middle congas.", 4, make_808mc, -2, -15, 1 },
    { "808hco", "", "808 high congas.", 4, make_808hc_conga, -2, -16, 1 },
    { "909bd", "909 909kick", "909 bass drums: plain, short, long, clicky, hard.", 5, make_909bd, -1, -8, 1 },
    { "909sn", "909sd 909snare", "909 snares: plain, short, long, hard.", 4, make_909sn, -1, -13, 2 },
  };
  /* clang-format on */
  return (PhKitBanks){ banks, PH_COUNT(banks) };
}
