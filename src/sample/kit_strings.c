/* The kit's strings and bars: plucked, hammered and struck things, on c4 unless said.  SPDX-License-Identifier: MIT */
#include "sample/kit_dsp.h"

/* ---- plucked strings ----------------------------------------------------------------------------------------- */

typedef struct Pluck {
  double sec, midi;
  double bright_hz; /* of the finger or pick */
  double position;  /* where it is plucked, 0…1 of the string */
  double loss;      /* of the string's low-pass, 0…1: higher is duller */
  double ring;      /* 60 dB of the fundamental */
  double body;      /* of a wooden box */
  double stiff;     /* 0…0.8: of an all-pass that spreads the partials */
} Pluck;

/* Karplus & Strong 1983 with the extensions of Jaffe & Smith 1983: a burst comb-filtered by the pluck position, a loop of
   delay, two-point average, stiffness and tuning all-pass. */
static void pluck_string(PhKitSound *s, double *out, double hz, const Pluck *p, uint64_t stream)
{
  const double period = s->rate / hz;
  const double disperse = -p->stiff * 0.5;
  const double lag = 0.5 * p->loss + (1 - disperse) / (1 + disperse); /* of the two filters at low frequencies */
  const int64_t len = (int64_t)(period - lag - 0.3);
  const double rest = period - lag - (double)len; /* 0.3 … 1.3 frames, by the tuning all-pass */
  const double tune = (1 - rest) / (1 + rest);
  double *line = PH_NEWN(s->arena, double, len), *burst = PH_NEWN(s->arena, double, len);
  PhKitSvf finger = { 0 };
  ph_kit_svf_set(&finger, s->rate, p->bright_hz, 0.6);
  for (int64_t pass = 0; pass < 2; pass++) { /* twice round: the filter has forgotten its start */
    for (int64_t i = 0; i < len; i++) {
      burst[i] = ph_kit_svf(&finger, KIT_LP, ph_kit_noise(s, stream, i));
    }
  }
  const int64_t comb = (int64_t)(p->position * (double)len);
  for (int64_t i = 0; i < len; i++) {
    line[i] = burst[i] - burst[(i + len - comb) % len];
  }
  const double keep = ph_kit_exp2(-9.965784284662087 / (p->ring * hz));
  double before = 0, tune_in = 0, tune_out = 0, stiff_in = 0, stiff_out = 0;
  for (int64_t i = 0, at = 0; i < s->frames; i++) {
    const double x = line[at];
    out[i] += x;
    const double low = keep * (x * (1 - 0.5 * p->loss) + before * 0.5 * p->loss);
    before = x;
    stiff_out = disperse * (low - stiff_out) + stiff_in;
    stiff_in = low;
    tune_out = tune * (stiff_out - tune_out) + tune_in;
    tune_in = stiff_out;
    line[at] = tune_out;
    at = at + 1 == len ? 0 : at + 1;
  }
}

static void add_body(PhKitSound *s, double *x, double amount)
{
  static const double hz[] = { 104, 198, 402, 690 }, q[] = { 6, 5, 4, 3 };
  double *sum = ph_kit_scratch(s);
  for (unsigned k = 0; k < PH_COUNT(hz); k++) {
    PhKitSvf f = { 0 };
    ph_kit_svf_set(&f, s->rate, hz[k], q[k]);
    for (int64_t i = 0; i < s->frames; i++) {
      sum[i] += ph_kit_svf(&f, KIT_BP, x[i]);
    }
  }
  for (int64_t i = 0; i < s->frames; i++) {
    x[i] += amount * sum[i];
  }
}

static void make_pluck(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Pluck plucks[] = {
    { 1.8, 60, 3600, 0.23, 0.80, 2.2, 0.8, 0.0 },  /* nylon */
    { 2.2, 60, 9500, 0.13, 0.35, 3.2, 0.4, 0.1 },  /* steel */
    { 0.6, 60, 5000, 0.17, 0.95, 0.45, 0.9, 0.0 }, /* muted */
    { 2.4, 60, 6500, 0.45, 0.45, 3.0, 0.3, 0.0 },  /* harp */
    { 1.4, 60, 12000, 0.09, 0.60, 1.4, 0.6, 0.6 }, /* koto */
    { 2.0, 36, 2800, 0.28, 0.70, 2.4, 0.5, 0.1 },  /* bass guitar, c2 */
  };
  /* clang-format on */
  const Pluck *p = &plucks[variant];
  ph_kit_begin(s, p->sec, 2);
  double *x = ph_kit_scratch(s), *other = ph_kit_scratch(s);
  pluck_string(s, x, ph_kit_note(p->midi), p, 1);
  pluck_string(s, other, ph_kit_note(p->midi) * 1.0006, p, 2);
  add_body(s, x, p->body);
  add_body(s, other, p->body);
  ph_kit_add(s, x, 1, -0.25);
  ph_kit_add(s, other, 0.5, 0.6);
  ph_kit_room(s, 0.5, 5000, 0.12);
  ph_kit_fade_out(s, p->sec * 0.35);
}

/* ---- piano --------------------------------------------------------------------------------------------------- */

/* Three detuned strings a note, stiff (Fletcher 1964: f_n = n f √(1 + B n²)), partials that die faster the higher they are, and a
   knock of the hammer. */
static void make_piano(PhKitSound *s, unsigned variant)
{
  static const double midi[] = { 60, 48, 72, 36 };
  static const double cents[] = { -0.9, 0, 1.1 };
  const double hz = ph_kit_note(midi[variant]), stiffness = 0.00035 * (midi[variant] / 60) * (midi[variant] / 60);
  ph_kit_begin(s, 2.8, 2);
  for (unsigned string = 0; string < 3; string++) {
    double *x = ph_kit_scratch(s);
    for (unsigned n = 1; n <= 26; n++) {
      const double f = n * hz * sqrt(1 + stiffness * n * n) * ph_kit_exp2(cents[string] / 1200);
      const double struck = fabs(ph_kit_sin(0.5 * n * 0.122)); /* the hammer hits at about an eighth */
      const double soft = ph_kit_exp2(-f / 1900);
      const double ring = 6.5 * ph_kit_exp2(-f / 1500) + 0.22;
      ph_kit_mode(s, x, f, struck * soft * (0.8 + 0.4 * ph_kit_pick(s, n)), ring * 0.25);
      ph_kit_mode(s, x, f, 0.55 * struck * soft, ring);
    }
    ph_kit_add(s, x, 1, 0.5 * (string - 1.0));
  }
  double *knock = ph_kit_scratch(s);
  const double *env = ph_kit_env(s, 0.001, 0.001, 0.05);
  for (int64_t i = 0; i < s->frames; i++) {
    knock[i] = ph_kit_noise(s, 1, i) * env[i];
  }
  ph_kit_filter(s, knock, KIT_BP, 650, 0.8);
  ph_kit_add(s, knock, 0.5, 0);
  ph_kit_room(s, 0.8, 4200, 0.18);
  ph_kit_fade_out(s, 1.2);
}

/* ---- bars and bells ------------------------------------------------------------------------------------------ */

typedef struct Bar {
  double sec, midi;
  double ratio[5], gain[5], ring[5];
  double tremolo_hz, knock;
} Bar;

static void make_bar(PhKitSound *s, const Bar *b)
{
  const double hz = ph_kit_note(b->midi);
  ph_kit_begin(s, b->sec, 2);
  for (unsigned c = 0; c < 2; c++) {
    double *x = s->ch[c];
    for (unsigned k = 0; k < PH_COUNT(b->ratio); k++) {
      if (b->gain[k] > 0) {
        ph_kit_mode(s, x, hz * b->ratio[k] * (c ? 1.0004 : 0.9996), b->gain[k], b->ring[k]);
      }
    }
    for (int64_t i = 0; i < s->frames && b->tremolo_hz > 0; i++) {
      x[i] *= 1 - 0.3 * (0.5 + 0.5 * ph_kit_sin((double)i * b->tremolo_hz / s->rate + 0.25 * c));
    }
  }
  double *knock = ph_kit_scratch(s);
  const double *env = ph_kit_env(s, 0.0004, 0.001, 0.02);
  for (int64_t i = 0; i < s->frames; i++) {
    knock[i] = ph_kit_noise(s, 1, i) * env[i];
  }
  ph_kit_filter(s, knock, KIT_BP, hz * 3.2, 0.9);
  ph_kit_add(s, knock, b->knock, 0);
  ph_kit_room(s, 0.7, 6000, 0.15);
  ph_kit_fade_out(s, b->sec * 0.4);
}

static void make_bell(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Bar bars[] = {
    /* Vibraphone, marimba, kalimba, glockenspiel, church bell, electric piano. */
    { 2.4, 60, { 1, 3.98, 10.2, 0, 0 }, { 1, 0.28, 0.06, 0, 0 }, { 3.0, 0.9, 0.2, 0, 0 }, 5.2, 0.25 },
    { 0.9, 60, { 1, 3.93, 9.6, 0, 0 }, { 1, 0.35, 0.12, 0, 0 }, { 0.7, 0.18, 0.06, 0, 0 }, 0, 0.8 },
    { 1.2, 72, { 1, 2.02, 5.43, 8.9, 0 }, { 1, 0.18, 0.16, 0.06, 0 }, { 1.3, 0.6, 0.14, 0.05, 0 }, 0, 0.9 },
    { 2.2, 72, { 1, 2.76, 5.40, 8.93, 0 }, { 1, 0.5, 0.3, 0.12, 0 }, { 2.4, 1.2, 0.6, 0.3, 0 }, 0, 0.3 },
    { 4.0, 60, { 0.5, 1, 1.19, 1.5, 2.0 }, { 0.5, 0.9, 0.8, 0.5, 0.9 }, { 5.0, 3.6, 2.8, 2.2, 2.6 }, 0, 0.5 },
    { 2.0, 60, { 1, 2.0, 14.0, 0, 0 }, { 1, 0.30, 0.22, 0, 0 }, { 2.6, 1.2, 0.22, 0, 0 }, 4.6, 0.2 },
  };
  /* clang-format on */
  make_bar(s, &bars[variant]);
}

/* ---- arpeggio synthesizer ------------------------------------------------------------------------------------ */

/* A bright plucked synthesizer, n climbing two octaves of C minor pentatonic: `n "0 .. 7" # s "arpy"` is a tune. */
static void make_arpy(PhKitSound *s, unsigned variant)
{
  static const double steps[] = { 0, 3, 5, 7, 10, 12, 15, 17, 19, 22, 24 };
  const double hz = ph_kit_note(60 + steps[variant]);
  ph_kit_begin(s, 0.75, 2);
  const PhKitWave *saw = ph_kit_wave(s, KIT_SAW, hz * 1.005), *square = ph_kit_wave(s, KIT_SQUARE, hz * 0.5);
  double *left = ph_kit_scratch(s), *right = ph_kit_scratch(s), *low = ph_kit_scratch(s);
  ph_kit_osc(s, left, saw, hz * 0.9985, NULL, 0.1, 0.6);
  ph_kit_osc(s, right, saw, hz * 1.0017, NULL, 0.6, 0.6);
  ph_kit_osc(s, low, square, hz * 0.5, NULL, 0, 0.25);
  ph_kit_add(s, left, 1, -0.6);
  ph_kit_add(s, right, 1, 0.6);
  ph_kit_add(s, low, 1, 0);
  ph_kit_sweep_all(s, KIT_LP, ph_kit_curve(s, 9000, 500, 0.38), 1.8);
  ph_kit_scale(s, ph_kit_env(s, 0.0015, 0.02, 0.55));
  ph_kit_room(s, 0.6, 6000, 0.22);
}

PhKitBanks ph_kit_strings(void)
{
  /* clang-format off */
  static const PhKitBank banks[] = {
    { "pluck", "guitar", "Plucked strings: nylon, steel, muted, harp, koto; 5 is a bass on c2.", 6, make_pluck, -3, -17, 1 },
    { "piano", "", "A piano at c4, c3, c5, c2.", 4, make_piano, -3, -18, 1 },
    { "bell", "bells vibe", "Vibraphone, marimba, kalimba (c5), glockenspiel (c5), church bell, electric piano.", 6, make_bell, -4, -18, 1 },
    { "arpy", "arp", "A plucked synthesizer; n climbs C minor pentatonic.", 11, make_arpy, -3, -17, 1 },
  };
  /* clang-format on */
  return (PhKitBanks){ banks, PH_COUNT(banks) };
}
