/* The kit's metal and noise: hats, cymbals, bells, shakers.  SPDX-License-Identifier: MIT */
#include "sample/kit_dsp.h"

/* ---- six square oscillators ---------------------------------------------------------------------------------- */

/* The cluster of the classic analogue machines: six squares without a common measure. */
static const double cluster_hz[] = { 205.3, 304.4, 369.6, 522.7, 540.0, 800.0 };

static double *cluster(PhKitSound *s, double ratio)
{
  double *x = ph_kit_scratch(s);
  for (unsigned k = 0; k < PH_COUNT(cluster_hz); k++) {
    const double hz = cluster_hz[k] * ratio;
    ph_kit_osc(s, x, ph_kit_wave(s, KIT_SQUARE, hz), hz, NULL, ph_kit_pick(s, k), 0.25);
  }
  return x;
}

/* Many modes without order: what a real cymbal does. */
static double *shimmer(PhKitSound *s, unsigned count, double low_hz, double high_hz, double sec)
{
  double *x = ph_kit_scratch(s);
  for (unsigned k = 0; k < count; k++) {
    const double at = (k + ph_kit_pick(s, 100 + k)) / count;
    const double hz = low_hz + at * (high_hz - low_hz);
    const double loud = 0.4 + 0.6 * ph_kit_pick(s, 300 + k);
    ph_kit_mode(s, x, hz, loud / sqrt(count), sec * (1.25 - 0.8 * at) * (0.5 + ph_kit_pick(s, 500 + k)));
  }
  return x;
}

typedef struct Hat {
  double sec;
  double ratio;                /* of the cluster */
  double metal, noise, bright; /* mixture: cluster, noise, modes */
  double band_hz, low_hz;      /* band-pass over the cluster, high-pass over all */
  double hold, decay;
  double tick; /* of the first milliseconds */
  double drive;
} Hat;

static void make_hat(PhKitSound *s, const Hat *h)
{
  ph_kit_begin(s, h->sec, 1);
  double *x = cluster(s, h->ratio);
  ph_kit_filter(s, x, KIT_BP, h->band_hz, 1.1);
  const double *env = ph_kit_env(s, 0.0003, h->hold, h->decay),
               *fast = ph_kit_env(s, 0.0001, 0.0005, h->decay * 0.12 + 0.004);
  const double *modes = h->bright > 0 ? shimmer(s, 36, 3900, 13500, h->decay) : ph_kit_scratch(s);
  for (int64_t i = 0; i < s->frames; i++) {
    const double white = ph_kit_noise(s, 1, i);
    const double tone = 2.2 * h->metal * x[i] + 0.42 * h->noise * white;
    x[i] = tone * env[i] + (tone + 0.5 * white) * fast[i] * h->tick + 1.2 * h->bright * modes[i];
  }
  ph_kit_filter(s, x, KIT_HP, h->low_hz, 0.9);
  ph_kit_filter(s, x, KIT_HP, h->low_hz * 0.7, 0.6);
  ph_kit_add(s, x, 1, 0);
  ph_kit_drive(s, h->drive);
}

static void make_hh(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Hat hats[] = {
    /* sec ratio metal noise bright band  low  hold  decay tick drive */
    { 0.12, 1.42, 0.7, 0.5, 0.3, 9800, 6800, 0.004, 0.075, 0.8, 0.8 },  /* crisp */
    { 0.10, 1.00, 1.0, 0.1, 0.0, 7800, 6200, 0.003, 0.060, 0.5, 0.8 },  /* metal */
    { 0.08, 1.00, 0.0, 1.0, 0.0, 9000, 7600, 0.002, 0.045, 0.6, 0.6 },  /* noise */
    { 0.20, 1.21, 0.5, 0.4, 0.6, 8200, 5200, 0.005, 0.130, 0.9, 1.0 },  /* loose */
    { 0.06, 1.70, 0.6, 0.6, 0.0, 11000, 8800, 0.001, 0.028, 0.9, 0.8 }, /* tiny */
    { 0.14, 0.81, 0.8, 0.5, 0.2, 5600, 3600, 0.004, 0.085, 0.7, 2.4 },  /* dark */
  };
  /* clang-format on */
  make_hat(s, &hats[variant]);
}

static void make_oh(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Hat hats[] = {
    { 0.55, 1.42, 0.7, 0.5, 0.5, 9800, 6600, 0.060, 0.46, 0.5, 0.8 },
    { 0.50, 1.00, 1.0, 0.1, 0.0, 7800, 6000, 0.080, 0.40, 0.3, 0.8 },
    { 0.40, 1.00, 0.1, 1.0, 0.0, 9000, 7200, 0.050, 0.30, 0.4, 0.6 },
    { 0.90, 1.18, 0.4, 0.4, 0.9, 7400, 4600, 0.100, 0.75, 0.6, 1.0 },
    { 0.26, 1.55, 0.6, 0.6, 0.3, 10500, 7600, 0.050, 0.16, 0.5, 0.9 },
  };
  /* clang-format on */
  make_hat(s, &hats[variant]);
}

/* ---- cymbals ------------------------------------------------------------------------------------------------- */

typedef struct Cymbal {
  double sec;
  unsigned modes;
  double low_hz, high_hz;
  double ring;                    /* 60 dB of the modes */
  double wash, wash_sec, wash_hz; /* noise that opens after the hit */
  double ping, ping_hz;           /* the stick on a ride's bow or bell */
  double high_pass_hz;
} Cymbal;

static void make_cymbal(PhKitSound *s, const Cymbal *c)
{
  ph_kit_begin(s, c->sec, 2);
  const double *rise = ph_kit_env(s, 0.006, 0.02, c->wash_sec), *hit = ph_kit_env(s, 0.0002, 0.002, 0.06);
  const double *close = ph_kit_curve(s, 17000, c->wash_hz, c->wash_sec * 1.8);
  double *both = shimmer(s, c->modes, c->low_hz, c->high_hz, c->ring);
  double *ping = ph_kit_scratch(s);
  for (unsigned k = 0; c->ping > 0 && k < 4; k++) {
    static const double ratios[] = { 1, 1.483, 1.932, 2.546 };
    ph_kit_mode(s, ping, c->ping_hz * ratios[k], c->ping / (1 + k), c->ring * 0.7 / (1 + 0.4 * k));
  }
  for (unsigned ch = 0; ch < 2; ch++) {
    double *x = s->ch[ch];
    const double *own = shimmer(s, c->modes / 4, c->low_hz * (ch ? 1.03 : 0.98), c->high_hz, c->ring);
    for (int64_t i = 0; i < s->frames; i++) {
      const double white = 0.6 * ph_kit_noise(s, 1, i) + 0.5 * ph_kit_noise(s, 2 + ch, i);
      x[i] = white * (0.60 * c->wash * rise[i] + 0.45 * hit[i]);
    }
    ph_kit_sweep(s, x, KIT_LP, close, 0.6);
    for (int64_t i = 0; i < s->frames; i++) {
      x[i] += 0.8 * both[i] + 0.6 * own[i] + 0.5 * ping[i];
    }
  }
  ph_kit_filter_all(s, KIT_HP, c->high_pass_hz, 0.7);
  ph_kit_fade_out(s, c->sec * 0.3);
}

static void make_cr(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Cymbal cymbals[] = {
    { 2.2, 64, 420, 13500, 1.9, 1.0, 1.6, 5000, 0, 0, 330 },   /* crash */
    { 1.2, 48, 700, 14500, 0.9, 1.1, 0.8, 6500, 0, 0, 600 },   /* splash */
    { 2.8, 64, 260, 10500, 2.8, 0.9, 2.2, 3600, 0, 0, 220 },   /* dark */
    { 1.6, 44, 380, 8200, 1.2, 1.6, 0.9, 4200, 0.25, 610, 300 }, /* china */
  };
  /* clang-format on */
  make_cymbal(s, &cymbals[variant]);
}

static void make_ride(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Cymbal cymbals[] = {
    { 1.3, 40, 900, 12500, 1.3, 0.35, 0.9, 6000, 0.35, 2830, 600 },
    { 1.5, 28, 700, 9500, 1.3, 0.15, 0.7, 5000, 0.9, 1130, 450 },   /* bell */
    { 0.8, 36, 1500, 14000, 0.6, 0.40, 0.5, 8000, 0.25, 4100, 1200 },
    { 1.8, 44, 520, 9800, 2.0, 0.50, 1.4, 4000, 0.30, 2210, 380 },
  };
  /* clang-format on */
  make_cymbal(s, &cymbals[variant]);
}

/* ---- cowbells and bells -------------------------------------------------------------------------------------- */

typedef struct Cowbell {
  double sec, low_hz, high_hz, decay, band_hz, drive;
} Cowbell;

/* Two squares through a band-pass, with a short strike and a long ring. */
static void make_cb(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Cowbell bells[] = {
    { 0.50, 540, 800, 0.42, 2640, 1.6 },
    { 0.30, 587, 845, 0.20, 1900, 2.4 },
    { 0.60, 415, 617, 0.50, 1700, 1.4 },
    { 0.45, 906, 1341, 0.34, 3800, 1.2 },
  };
  /* clang-format on */
  const Cowbell *b = &bells[variant];
  ph_kit_begin(s, b->sec, 1);
  double *x = ph_kit_scratch(s);
  ph_kit_osc(s, x, ph_kit_wave(s, KIT_SQUARE, b->low_hz), b->low_hz, NULL, 0, 0.6);
  ph_kit_osc(s, x, ph_kit_wave(s, KIT_SQUARE, b->high_hz), b->high_hz, NULL, 0.3, 0.6);
  ph_kit_filter(s, x, KIT_BP, b->band_hz, 0.8);
  ph_kit_filter(s, x, KIT_HP, b->low_hz * 0.7, 0.7);
  const double *ring = ph_kit_env(s, 0.0005, 0.002, b->decay), *strike = ph_kit_env(s, 0.0003, 0.004, 0.05);
  for (int64_t i = 0; i < s->frames; i++) {
    x[i] *= 0.45 * ring[i] + 0.75 * strike[i];
  }
  ph_kit_add(s, x, 2, 0);
  ph_kit_drive(s, b->drive);
}

/* ---- shakers ------------------------------------------------------------------------------------------------- */

typedef struct Shaker {
  double sec, attack, decay, hz, low_hz;
  unsigned grains; /* 0: smooth noise; else so many beads hit in the time of the sound */
  double jingle;   /* metal discs */
} Shaker;

static void make_sh(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Shaker shakers[] = {
    { 0.16, 0.022, 0.090, 6800, 3600, 0, 0 },      /* shaker */
    { 0.10, 0.004, 0.050, 8200, 5000, 0, 0 },      /* maraca */
    { 0.24, 0.050, 0.120, 5200, 2600, 70, 0 },     /* beads */
    { 0.30, 0.003, 0.200, 8800, 5200, 12, 0.8 },   /* tambourine */
    { 0.20, 0.030, 0.060, 4300, 1900, 160, 0 },    /* cabasa */
  };
  /* clang-format on */
  const Shaker *d = &shakers[variant];
  ph_kit_begin(s, d->sec, 1);
  double *x = ph_kit_scratch(s);
  const double *env = ph_kit_env(s, d->attack, 0.004, d->decay);
  const double down = ph_kit_decay(s, 0.012);
  double bead = 0;
  for (int64_t i = 0; i < s->frames; i++) {
    const double chance = d->grains / (d->sec * s->rate);
    bead = ph_kit_noise(s, 9, i) * 0.5 + 0.5 < chance ? 0.4 + 0.6 * ph_kit_pick(s, (uint64_t)i) : bead * down;
    x[i] = ph_kit_noise(s, 1, i) * env[i] * (d->grains ? 0.25 + 1.2 * bead : 1);
  }
  ph_kit_filter(s, x, KIT_BP, d->hz, 0.7);
  ph_kit_filter(s, x, KIT_HP, d->low_hz, 0.8);
  ph_kit_add(s, x, 1, 0);
  if (d->jingle > 0) {
    ph_kit_add(s, shimmer(s, 24, 6200, 13800, 0.16), d->jingle, 0);
  }
}

/* ---- noise --------------------------------------------------------------------------------------------------- */

/* White, low, a rise, a fall, wind, static. */
static void make_noise(PhKitSound *s, unsigned variant)
{
  static const struct {
    double sec, from_hz, to_hz, q, attack, decay;
    PhKitMode mode;
  } noises[] = {
    { 0.50, 16000, 16000, 0.7, 0.001, 0.50, KIT_LP }, { 0.80, 900, 300, 0.7, 0.002, 0.80, KIT_LP },
    { 2.00, 300, 12000, 2.5, 1.950, 0.30, KIT_BP },   { 2.00, 12000, 200, 2.5, 0.005, 2.20, KIT_BP },
    { 2.50, 400, 900, 4.0, 1.000, 1.60, KIT_BP },     { 0.06, 9000, 9000, 0.7, 0.001, 0.05, KIT_HP },
  };
  ph_kit_begin(s, noises[variant].sec, 2);
  const double *env = ph_kit_env(s, noises[variant].attack, 0.01, noises[variant].decay);
  double *cutoff = ph_kit_scratch(s);
  const double octaves = noises[variant].to_hz / noises[variant].from_hz;
  for (int64_t i = 0; i < s->frames; i++) {
    const double t = (double)i / (double)s->frames;
    cutoff[i] =
        noises[variant].from_hz * (octaves > 1 ? 1 + (octaves - 1) * t * t : 1 / (1 + (1 / octaves - 1) * t * t));
  }
  for (unsigned c = 0; c < 2; c++) {
    for (int64_t i = 0; i < s->frames; i++) {
      s->ch[c][i] = (ph_kit_noise(s, 1, i) + 0.7 * ph_kit_noise(s, 2 + c, i)) * env[i];
    }
  }
  ph_kit_sweep_all(s, noises[variant].mode, cutoff, noises[variant].q);
}

PhKitBanks ph_kit_metals(void)
{
  /* clang-format off */
  static const PhKitBank banks[] = {
    { "hh", "hc ch hat", "Closed hats: crisp, metal, noise, loose, tiny, dark.", 6, make_hh, -3.5, -20, 2 },
    { "oh", "ho", "Open hats: crisp, metal, noise, loose, short.", 5, make_oh, -5, -20, 2 },
    { "cr", "cy crash", "Crash, splash, dark crash, china.", 4, make_cr, -4, -18, 1 },
    { "ride", "rd", "Rides: bow, bell, light, dark.", 4, make_ride, -5, -20, 1 },
    { "cb", "cowbell", "Cowbells: classic, short, low, high.", 4, make_cb, -4, -17, 2 },
    { "sh", "shaker ma tb", "Shaker, maraca, beads, tambourine, cabasa.", 5, make_sh, -5, -21, 1 },
    { "noise", "", "Burst, low thump, riser, fall, wind, tick.", 6, make_noise, -6, -20, 1 },
  };
  /* clang-format on */
  return (PhKitBanks){ banks, PH_COUNT(banks) };
}
