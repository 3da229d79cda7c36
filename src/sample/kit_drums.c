/* The kit's skins and hands: kicks, snares, claps, toms, rims.  SPDX-License-Identifier: MIT */
#include "sample/kit_dsp.h"

/* ---- kicks --------------------------------------------------------------------------------------------------- */

typedef struct Kick {
  double sec; /* length of the sound */
  double end_hz, mid_hz, start_hz;
  double mid_sec, start_sec; /* how fast the pitch falls from start to mid to end */
  double hold, decay;        /* of the body */
  double drive;              /* 0: none */
  double click, click_hz;
  double shell; /* of two more modes, for a drum of wood */
} Kick;

/* Frequency factor over the end frequency. */
static double *kick_bend(PhKitSound *s, const Kick *k)
{
  const double *slow = ph_kit_curve(s, k->mid_hz - k->end_hz, 0, k->mid_sec);
  const double *fast = ph_kit_curve(s, k->start_hz - k->mid_hz, 0, k->start_sec);
  double *bend = ph_kit_scratch(s);
  for (int64_t i = 0; i < s->frames; i++) {
    bend[i] = 1 + (slow[i] + fast[i]) / k->end_hz;
  }
  return bend;
}

/* A burst of noise of a few milliseconds. */
static void add_click(PhKitSound *s, double gain, double hz, double q, double sec)
{
  double *x = ph_kit_scratch(s);
  const double *env = ph_kit_env(s, 0.0001, 0.0005, sec);
  for (int64_t i = 0; i < s->frames; i++) {
    x[i] = env[i] > 0 ? ph_kit_noise(s, 77, i) * env[i] : 0;
  }
  ph_kit_filter(s, x, KIT_BP, hz, q);
  ph_kit_add(s, x, gain, 0);
}

static void make_kick(PhKitSound *s, const Kick *k)
{
  ph_kit_begin(s, k->sec, 1);
  double *body = ph_kit_scratch(s);
  ph_kit_sine(s, body, k->end_hz, kick_bend(s, k), 0, 1);
  const double *env = ph_kit_env(s, 0.0004, k->hold, k->decay);
  for (int64_t i = 0; i < s->frames; i++) {
    body[i] *= env[i];
  }
  ph_kit_add(s, body, 1, 0);
  if (k->shell > 0) {
    double *shell = ph_kit_scratch(s);
    ph_kit_mode(s, shell, k->end_hz * 1.61, 0.6, k->decay * 0.35);
    ph_kit_mode(s, shell, k->end_hz * 2.23, 0.35, k->decay * 0.2);
    ph_kit_mode(s, shell, k->end_hz * 5.1, 0.2, 0.05);
    ph_kit_add(s, shell, k->shell, 0);
  }
  if (k->drive > 0) {
    ph_kit_drive(s, k->drive);
  }
  add_click(s, k->click, k->click_hz, 0.8, 0.030);
  add_click(s, k->click * 0.8, k->click_hz * 2.4, 0.7, 0.012);
}

static void make_bd(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Kick kicks[] = {
    /* sec  end  mid  start  mid_s  start_s hold  decay drive click  hz    shell */
    { 0.60, 49, 118, 1100, 0.120, 0.020, 0.030, 0.55, 1.7, 0.85, 3200, 0 },   /* house */
    { 0.85, 43, 82, 320, 0.180, 0.022, 0.040, 0.85, 1.0, 0.30, 1500, 0 },    /* deep */
    { 0.50, 51, 165, 1900, 0.090, 0.014, 0.045, 0.42, 4.2, 0.55, 4200, 0 },  /* techno */
    { 0.45, 58, 80, 260, 0.100, 0.020, 0.010, 0.40, 1.6, 0.70, 2400, 0.7 },  /* wood */
    { 0.26, 61, 150, 1300, 0.060, 0.012, 0.010, 0.22, 1.5, 0.60, 5200, 0 },  /* short */
    { 0.40, 56, 205, 2300, 0.085, 0.012, 0.020, 0.33, 2.6, 0.80, 3800, 0.25 }, /* drum and bass */
    { 0.62, 53, 240, 1700, 0.160, 0.020, 0.080, 0.60, 14.0, 0.50, 3000, 0 }, /* hard */
    { 0.55, 46, 96, 520, 0.140, 0.030, 0.020, 0.50, 2.2, 0.25, 1200, 0.3 },  /* soft and dusty */
  };
  /* clang-format on */
  make_kick(s, &kicks[variant]);
  if (variant == 7) {
    double *dust = ph_kit_scratch(s);
    const double *env = ph_kit_env(s, 0.002, 0.02, 0.25);
    for (int64_t i = 0; i < s->frames; i++) {
      dust[i] = ph_kit_noise(s, 5, i) * env[i];
    }
    ph_kit_filter(s, dust, KIT_BP, 900, 0.6);
    ph_kit_add(s, dust, 0.12, 0);
    ph_kit_filter_all(s, KIT_LP, 2600, 0.7);
  } else if (variant == 3) {
    ph_kit_room(s, 0.25, 3000, 0.25);
  }
}

/* ---- snares -------------------------------------------------------------------------------------------------- */

typedef struct Snare {
  double sec;
  double low_hz, high_hz; /* two modes of the skin */
  double bend, bend_sec;  /* they start this much higher */
  double body, body_sec;
  double noise, noise_sec;       /* the wires */
  double noise_hz, noise_low_hz; /* band-pass and high-pass of the wires */
  double snap;
  double drive;
  double room;
} Snare;

static void add_wires(PhKitSound *s, const Snare *d)
{
  double *wires = ph_kit_scratch(s);
  const double *slow = ph_kit_env(s, 0.0006, 0.004, d->noise_sec),
               *fast = ph_kit_env(s, 0.0002, 0.001, d->noise_sec * 0.3);
  for (int64_t i = 0; i < s->frames; i++) {
    wires[i] = ph_kit_noise(s, 1, i) * (0.6 * slow[i] + 0.55 * fast[i]);
  }
  double *band = ph_kit_scratch(s);
  for (int64_t i = 0; i < s->frames; i++) {
    band[i] = wires[i];
  }
  ph_kit_filter(s, wires, KIT_HP, d->noise_low_hz, 0.8);
  ph_kit_filter(s, band, KIT_BP, d->noise_hz, 0.9);
  ph_kit_add(s, wires, d->noise * 0.55, 0);
  ph_kit_add(s, band, d->noise, 0);
}

static void make_snare(PhKitSound *s, const Snare *d)
{
  ph_kit_begin(s, d->sec, 1);
  const double *bend = ph_kit_curve(s, d->bend, 1, d->bend_sec);
  double *low = ph_kit_scratch(s), *high = ph_kit_scratch(s);
  const double *low_env = ph_kit_env(s, 0.0004, 0.003, d->body_sec),
               *high_env = ph_kit_env(s, 0.0003, 0.002, d->body_sec * 0.7);
  ph_kit_sine(s, low, d->low_hz, bend, 0, 1);
  ph_kit_sine(s, high, d->high_hz, bend, 0.1, 0.6);
  for (int64_t i = 0; i < s->frames; i++) {
    low[i] = low[i] * low_env[i] + high[i] * high_env[i];
  }
  ph_kit_add(s, low, d->body, 0);
  add_wires(s, d);
  add_click(s, d->snap, 5200, 0.6, 0.008);
  add_click(s, d->snap * 0.7, 1400, 0.9, 0.015);
  ph_kit_drive(s, d->drive);
  if (d->room > 0) {
    ph_kit_room(s, 0.45, 5200, d->room);
  }
}

static void make_sn(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Snare snares[] = {
    /* sec  low  high bend bend_s body body_s noise ns_s  hz    low_hz snap drive room */
    { 0.36, 186, 332, 1.5, 0.05, 0.75, 0.20, 0.95, 0.26, 4200, 1800, 0.8, 1.4, 0.14 }, /* tight */
    { 0.34, 168, 258, 1.9, 0.04, 0.90, 0.17, 0.85, 0.30, 6500, 2600, 0.6, 1.6, 0 },    /* 909 */
    { 0.28, 212, 395, 2.1, 0.03, 0.85, 0.14, 0.95, 0.20, 5200, 1500, 1.3, 2.6, 0.10 }, /* drum and bass */
    { 0.55, 142, 268, 1.4, 0.07, 1.00, 0.34, 0.80, 0.42, 2600, 900, 0.7, 1.8, 0.20 },  /* fat */
    { 0.24, 240, 470, 1.2, 0.02, 0.45, 0.10, 0.90, 0.18, 8200, 4200, 1.0, 1.2, 0 },    /* trap */
    { 0.70, 178, 320, 1.5, 0.05, 0.80, 0.22, 1.00, 0.30, 3600, 1400, 0.8, 2.2, 0.60 }, /* hall */
    { 0.42, 160, 300, 1.1, 0.05, 0.30, 0.16, 0.60, 0.38, 3000, 700, 0.1, 1.1, 0.12 },  /* brushes */
    { 0.20, 300, 512, 1.7, 0.03, 1.00, 0.12, 0.45, 0.12, 6000, 2400, 0.9, 3.2, 0 },    /* piccolo */
  };
  /* clang-format on */
  make_snare(s, &snares[variant]);
}

/* ---- claps --------------------------------------------------------------------------------------------------- */

typedef struct Clap {
  double sec;
  double gap_sec[4]; /* times of the bursts after the first */
  double burst_sec, tail_sec, tail;
  double hz, q, low_hz;
  double room;
} Clap;

/* Several pairs of hands: short bursts that overlap, then the tail of all of them in the room. */
static void make_clap(PhKitSound *s, const Clap *d)
{
  ph_kit_begin(s, d->sec, d->room > 0 ? 2 : 1);
  double *env = ph_kit_scratch(s);
  const double down = ph_kit_decay(s, d->burst_sec), tail_down = ph_kit_decay(s, d->tail_sec);
  double burst = 1, tail = 0;
  for (int64_t i = 0; i < s->frames; i++) {
    for (unsigned b = 0; b < PH_COUNT(d->gap_sec); b++) {
      if (d->gap_sec[b] > 0 && i == ph_kit_at(s, d->gap_sec[b])) {
        const bool last = b + 1 == PH_COUNT(d->gap_sec) || d->gap_sec[b + 1] <= 0;
        burst = last ? 1 : 0.85;
        tail = last ? d->tail : tail;
      }
    }
    env[i] = burst + tail;
    burst *= down;
    tail *= tail_down;
  }
  for (unsigned c = 0; c < s->channels; c++) {
    double *x = s->ch[c];
    for (int64_t i = 0; i < s->frames; i++) {
      x[i] = (ph_kit_noise(s, 1, i) + 0.5 * ph_kit_noise(s, 2 + c, i)) * env[i];
    }
  }
  ph_kit_filter_all(s, KIT_HP, d->low_hz, 0.8);
  for (unsigned c = 0; c < s->channels; c++) {
    double *x = ph_kit_scratch(s);
    for (int64_t i = 0; i < s->frames; i++) {
      x[i] = s->ch[c][i];
    }
    ph_kit_filter(s, x, KIT_BP, d->hz, d->q);
    for (int64_t i = 0; i < s->frames; i++) {
      s->ch[c][i] = 0.25 * s->ch[c][i] + 1.4 * x[i];
    }
  }
  ph_kit_drive(s, 1.5);
  if (d->room > 0) {
    ph_kit_room(s, 0.5, 6000, d->room);
  }
}

static void make_cp(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Clap claps[] = {
    { 0.42, { 0.0105, 0.0205, 0.0300, 0 }, 0.016, 0.34, 0.75, 1150, 1.3, 500, 0 },      /* machine */
    { 0.60, { 0.0090, 0.0175, 0.0270, 0.0390 }, 0.020, 0.26, 0.60, 1450, 0.9, 420, 0.5 },  /* hands in a room */
    { 0.25, { 0.0070, 0.0150, 0, 0 }, 0.010, 0.16, 0.80, 1900, 1.1, 900, 0 },           /* short */
    { 0.55, { 0.0130, 0.0250, 0.0390, 0.0540 }, 0.024, 0.45, 0.55, 980, 1.1, 350, 0.3 }, /* wide and lazy */
    { 0.14, { 0.0040, 0, 0, 0 }, 0.030, 0.05, 0.60, 2300, 2.2, 1200, 0 },               /* snap of fingers */
    { 0.80, { 0.0100, 0.0210, 0.0310, 0 }, 0.018, 0.50, 0.70, 1300, 0.8, 500, 0.9 },     /* hall */
  };
  /* clang-format on */
  make_clap(s, &claps[variant]);
}

/* ---- toms ---------------------------------------------------------------------------------------------------- */

typedef struct Tom {
  double bend, bend_sec, decay, second, noise, noise_hz, drive;
} Tom;

/* clang-format off */
static const Tom toms[] = {
  /* bend bend_s decay second noise hz   drive */
  { 1.55, 0.12, 0.50, 0.45, 0.50, 2400, 1.3 },  /* wood */
  { 1.25, 0.10, 0.65, 0.00, 0.12, 900, 0.7 },   /* round, as an analogue machine's */
  { 2.20, 0.22, 0.45, 0.20, 0.35, 1600, 2.2 },  /* punchy */
  { 4.00, 0.50, 0.55, 0.10, 0.25, 3000, 1.6 },  /* disco: falls two octaves */
};
/* clang-format on */

static void make_tom_at(PhKitSound *s, double hz, const Tom *d)
{
  ph_kit_begin(s, d->decay * 1.15 + 0.1, 1);
  const double *bend = ph_kit_curve(s, d->bend, 1, d->bend_sec);
  double *body = ph_kit_scratch(s), *skin = ph_kit_scratch(s), *noise = ph_kit_scratch(s);
  ph_kit_sine(s, body, hz, bend, 0, 1);
  ph_kit_sine(s, skin, hz * 1.59, bend, 0, d->second);
  ph_kit_sine(s, skin, hz * 2.14, bend, 0, d->second * 0.5);
  const double *env = ph_kit_env(s, 0.0006, 0.012, d->decay), *skin_env = ph_kit_env(s, 0.0005, 0.002, d->decay * 0.4);
  const double *noise_env = ph_kit_env(s, 0.0003, 0.002, 0.09);
  for (int64_t i = 0; i < s->frames; i++) {
    body[i] = body[i] * env[i] + skin[i] * skin_env[i];
    noise[i] = ph_kit_noise(s, 3, i) * noise_env[i];
  }
  ph_kit_filter(s, noise, KIT_BP, d->noise_hz, 0.7);
  ph_kit_add(s, body, 1, 0);
  ph_kit_add(s, noise, d->noise, 0);
  ph_kit_drive(s, d->drive);
}

static void make_lt(PhKitSound *s, unsigned variant) { make_tom_at(s, 84, &toms[variant]); }
static void make_mt(PhKitSound *s, unsigned variant) { make_tom_at(s, 124, &toms[variant]); }
static void make_ht(PhKitSound *s, unsigned variant) { make_tom_at(s, 182, &toms[variant]); }

/* One set, from low to high: n runs up the toms. */
static void make_tom(PhKitSound *s, unsigned variant)
{
  static const double hz[] = { 66, 84, 105, 132, 166, 208 };
  make_tom_at(s, hz[variant], &toms[0]);
}

/* ---- rims, sticks, blocks ------------------------------------------------------------------------------------ */

typedef struct Struck {
  double sec;
  double hz[4], gain[4], decay[4];
  double click, click_hz, drive;
} Struck;

static void make_struck(PhKitSound *s, const Struck *d)
{
  ph_kit_begin(s, d->sec, 1);
  double *x = ph_kit_scratch(s);
  for (unsigned m = 0; m < PH_COUNT(d->hz); m++) {
    if (d->gain[m] > 0) {
      ph_kit_mode(s, x, d->hz[m], d->gain[m], d->decay[m]);
    }
  }
  ph_kit_add(s, x, 1, 0);
  add_click(s, d->click, d->click_hz, 0.8, 0.006);
  ph_kit_drive(s, d->drive);
}

static void make_rim(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Struck rims[] = {
    { 0.11, { 482, 1720, 2630, 0 }, { 0.7, 1.0, 0.4, 0 }, { 0.05, 0.04, 0.02, 0 }, 0.8, 4200, 3.0 },
    { 0.16, { 390, 812, 1540, 3210 }, { 0.6, 0.9, 0.5, 0.3 }, { 0.09, 0.07, 0.05, 0.02 }, 1.2, 3000, 1.6 },
    { 0.09, { 1090, 2210, 3600, 0 }, { 0.8, 0.8, 0.4, 0 }, { 0.04, 0.03, 0.02, 0 }, 0.9, 6000, 2.2 },
    { 0.22, { 268, 655, 1320, 2900 }, { 0.8, 0.8, 0.6, 0.3 }, { 0.14, 0.10, 0.06, 0.03 }, 1.0, 2200, 1.4 },
  };
  /* clang-format on */
  make_struck(s, &rims[variant]);
}

static void make_clave(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Struck claves[] = {
    { 0.16, { 2490, 5120, 0, 0 }, { 1.0, 0.25, 0, 0 }, { 0.12, 0.05, 0, 0 }, 0.20, 5000, 1.2 },
    { 0.20, { 1960, 4210, 7020, 0 }, { 1.0, 0.30, 0.1, 0 }, { 0.15, 0.06, 0.02, 0 }, 0.25, 4200, 1.2 },
    { 0.20, { 1010, 1760, 3150, 0 }, { 1.0, 0.55, 0.3, 0 }, { 0.11, 0.08, 0.04, 0 }, 0.50, 2600, 1.5 }, /* high wood block */
    { 0.24, { 640, 1130, 2240, 0 }, { 1.0, 0.60, 0.3, 0 }, { 0.13, 0.09, 0.05, 0 }, 0.50, 1900, 1.5 },  /* low wood block */
  };
  /* clang-format on */
  make_struck(s, &claves[variant]);
}

/* A hand on a small drum, and things to hit: what goes between the beats. */
static void make_perc(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Struck percs[] = {
    { 0.40, { 196, 408, 612, 0 }, { 1.0, 0.30, 0.15, 0 }, { 0.32, 0.10, 0.06, 0 }, 0.70, 1500, 1.2 },     /* conga, open */
    { 0.30, { 322, 655, 1010, 0 }, { 1.0, 0.35, 0.2, 0 }, { 0.22, 0.08, 0.05, 0 }, 0.80, 2100, 1.2 },     /* bongo */
    { 0.16, { 240, 520, 980, 1850 }, { 0.6, 0.7, 0.5, 0.3 }, { 0.06, 0.05, 0.04, 0.02 }, 1.60, 2600, 2.0 }, /* slap */
    { 0.70, { 587, 1396, 2381, 3620 }, { 0.8, 0.6, 0.4, 0.3 }, { 0.55, 0.40, 0.25, 0.15 }, 0.30, 4000, 1.1 }, /* bell-like can */
    { 0.45, { 880, 2376, 4488, 0 }, { 1.0, 0.4, 0.2, 0 }, { 0.34, 0.16, 0.07, 0 }, 0.20, 3000, 1.0 },      /* glass */
    { 0.28, { 152, 318, 488, 730 }, { 1.0, 0.7, 0.5, 0.3 }, { 0.16, 0.12, 0.09, 0.05 }, 1.00, 1100, 2.4 }, /* box */
  };
  /* clang-format on */
  make_struck(s, &percs[variant]);
}

PhKitBanks ph_kit_drums(void)
{
  /* clang-format off */
  static const PhKitBank banks[] = {
    { "bd", "kick", "Bass drums: house, deep, techno, wood, short, drum and bass, hard, dusty.", 8, make_bd, -1, -8, 1 },
    { "sn", "snare sd", "Snares: tight, 909, drum and bass, fat, trap, hall, brushes, piccolo.", 8, make_sn, -1, -12, 2 },
    { "cp", "clap", "Claps: machine, room, short, lazy, finger snap, hall.", 6, make_cp, -1, -14, 2 },
    { "lt", "", "Low toms: wood, round, punchy, disco.", 4, make_lt, -1, -12, 1 },
    { "mt", "", "Middle toms: wood, round, punchy, disco.", 4, make_mt, -1, -13, 1 },
    { "ht", "", "High toms: wood, round, punchy, disco.", 4, make_ht, -1, -14, 1 },
    { "tom", "toms", "Six wooden toms from low to high.", 6, make_tom, -1, -13, 1 },
    { "rim", "rs", "Rim shots and side sticks.", 4, make_rim, -2, -16, 2 },
    { "clave", "cl wood", "Two claves, two wood blocks.", 4, make_clave, -4, -18, 1 },
    { "perc", "", "Conga, bongo, slap, can, glass, box.", 6, make_perc, -2, -16, 2 },
  };
  /* clang-format on */
  return (PhKitBanks){ banks, PH_COUNT(banks) };
}
