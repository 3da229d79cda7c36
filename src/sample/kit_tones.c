/* The kit's oscillators: rave chords, stabs, basses, pads, voices. Everything is in C, so that `note` transposes from c.
   SPDX-License-Identifier: MIT */
#include "sample/kit_dsp.h"

/* ---- chords of detuned oscillators ----------------------------------------------------------------------------- */

enum { CHORD_NOTES = 6 };

typedef struct Chord {
  double sec;
  double notes[CHORD_NOTES]; /* MIDI; 0 ends the list */
  PhKitShape shape;
  unsigned voices;
  double cents, width;
  double bend, bend_sec; /* starts at this factor of the pitch */
  double attack, hold, decay;
  double from_hz, to_hz, sweep_sec, q; /* of the low-pass */
  double drive;
  double chorus_hz, chorus; /* rate and mixture */
  double room_sec, room;
  double high_pass_hz;
} Chord;

static void make_chord(PhKitSound *s, const Chord *c)
{
  ph_kit_begin(s, c->sec, 2);
  unsigned count = 0;
  while (count < CHORD_NOTES && c->notes[count] > 0) {
    count++;
  }
  const bool bends = c->bend < 1 || c->bend > 1;
  const PhKitStack stack = { .shape = c->shape,
                             .notes = c->notes,
                             .note_count = count,
                             .voices = c->voices,
                             .detune_cents = c->cents,
                             .width = c->width,
                             .bend = bends ? ph_kit_curve(s, c->bend, 1, c->bend_sec) : NULL };
  ph_kit_stack(s, &stack);
  if (c->drive > 0) {
    ph_kit_drive(s, c->drive);
  }
  ph_kit_sweep_all(s, KIT_LP, ph_kit_curve(s, c->from_hz, c->to_hz, c->sweep_sec), c->q);
  ph_kit_filter_all(s, KIT_HP, c->high_pass_hz, 0.7);
  ph_kit_scale(s, ph_kit_env(s, c->attack, c->hold, c->decay));
  if (c->chorus > 0) {
    ph_kit_chorus(s, c->chorus_hz, 0.0035, c->chorus);
  }
  if (c->room > 0) {
    ph_kit_room(s, c->room_sec, 5500, c->room);
  }
  ph_kit_fade_out(s, c->sec * 0.15);
}

static void make_rave(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Chord chords[] = {
    /* The minor stab of 1991. */
    { 1.25, { 48, 55, 60, 63, 67, 72 }, KIT_SAW, 5, 16, 0.9, 1, 0, 0.002, 0.30, 1.9, 9500, 1100, 1.3, 1.3, 1.1, 0.9, 0.3, 0.5, 0.35, 130 },
    /* The hoover: octaves that swoop up, in a thick chorus. */
    { 1.40, { 36, 48, 60, 0, 0, 0 }, KIT_SAW, 7, 32, 1.0, 0.62, 0.42, 0.006, 0.60, 1.8, 6800, 2400, 1.4, 1.2, 1.6, 1.7, 0.7, 0.6, 0.30, 60 },
    /* Fifths, hard and bright. */
    { 0.90, { 48, 55, 60, 67, 0, 0 }, KIT_SAW, 5, 20, 0.9, 1, 0, 0.001, 0.12, 1.0, 12000, 700, 0.8, 1.8, 1.8, 1.1, 0.3, 0.4, 0.25, 120 },
    /* Minor seventh, short. */
    { 0.80, { 48, 58, 60, 63, 67, 70 }, KIT_SAW, 3, 14, 0.8, 1, 0, 0.001, 0.08, 0.7, 8200, 500, 0.6, 2.2, 1.3, 0.7, 0.3, 0.7, 0.45, 140 },
    /* The organ of the piano houses. */
    { 1.10, { 48, 60, 63, 67, 72, 0 }, KIT_ORGAN, 2, 6, 0.6, 1, 0, 0.002, 0.25, 1.4, 9000, 3000, 1.0, 0.8, 1.4, 5.5, 0.5, 0.5, 0.30, 90 },
    /* Squares that fall into place from above. */
    { 1.30, { 48, 55, 60, 63, 0, 0 }, KIT_SQUARE, 3, 18, 0.9, 1.9, 0.30, 0.002, 0.40, 1.6, 5200, 1500, 1.2, 1.8, 1.4, 0.5, 0.6, 0.6, 0.30, 110 },
  };
  /* clang-format on */
  make_chord(s, &chords[variant]);
}

static void make_stab(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Chord chords[] = {
    /* Dub: a minor chord through a closed filter. */
    { 0.70, { 48, 55, 63, 67, 0, 0 }, KIT_SAW, 2, 9, 0.7, 1, 0, 0.002, 0.03, 0.5, 2600, 420, 0.30, 2.2, 0.9, 0.6, 0.4, 0.7, 0.35, 120 },
    /* House: minor ninth. */
    { 0.50, { 48, 58, 62, 63, 67, 0 }, KIT_SAW, 3, 10, 0.8, 1, 0, 0.001, 0.06, 0.32, 6400, 900, 0.28, 1.2, 1.0, 0, 0, 0.4, 0.20, 150 },
    /* Garage organ. */
    { 0.36, { 48, 60, 63, 67, 70, 0 }, KIT_ORGAN, 1, 0, 0.2, 1, 0, 0.002, 0.12, 0.16, 8000, 4000, 0.30, 0.8, 1.2, 0, 0, 0.3, 0.15, 100 },
    /* Major, bright. */
    { 0.55, { 48, 60, 64, 67, 72, 0 }, KIT_SAW, 3, 12, 0.9, 1, 0, 0.001, 0.05, 0.38, 9000, 1200, 0.35, 1.1, 1.2, 0.8, 0.3, 0.5, 0.25, 140 },
    /* Chip. */
    { 0.30, { 60, 63, 67, 0, 0, 0 }, KIT_SQUARE, 1, 0, 0.0, 1, 0, 0.001, 0.10, 0.14, 14000, 7000, 0.30, 0.7, 0, 0, 0, 0, 0, 120 },
    /* Brass. */
    { 0.75, { 48, 55, 60, 64, 0, 0 }, KIT_SAW, 3, 8, 0.7, 0.97, 0.12, 0.030, 0.22, 0.40, 900, 3400, 0.16, 0.9, 1.4, 0, 0, 0.6, 0.25, 90 },
  };
  /* clang-format on */
  make_chord(s, &chords[variant]);
}

static void make_pad(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Chord chords[] = {
    /* C with its fifth and octaves: fits major and minor. */
    { 4.0, { 48, 55, 60, 67, 0, 0 }, KIT_SAW, 5, 11, 1.0, 1, 0, 0.60, 1.40, 5.0, 500, 2100, 2.2, 0.8, 0.6, 0.35, 0.7, 1.6, 0.55, 90 },
    /* Warm minor ninth. */
    { 4.5, { 48, 55, 58, 62, 63, 0 }, KIT_TRIANGLE, 5, 13, 1.0, 1, 0, 0.90, 1.60, 5.0, 900, 2400, 2.6, 0.7, 0.8, 0.25, 0.8, 1.8, 0.55, 80 },
    /* Strings: a single note in octaves. */
    { 3.5, { 48, 60, 72, 0, 0, 0 }, KIT_SAW, 5, 14, 1.0, 1, 0, 0.35, 1.50, 4.0, 2600, 4200, 1.0, 0.7, 0, 0.8, 0.7, 1.3, 0.45, 140 },
    /* Reeds from far away. */
    { 4.0, { 60, 67, 72, 0, 0, 0 }, KIT_REED, 4, 9, 0.9, 1, 0, 0.80, 1.40, 4.0, 1400, 3000, 1.8, 1.0, 0, 0.45, 0.6, 2.0, 0.75, 120 },
    /* Hollow: squares, major seventh. */
    { 4.0, { 48, 55, 59, 64, 71, 0 }, KIT_SQUARE, 3, 8, 1.0, 1, 0, 0.50, 1.60, 4.5, 1900, 600, 3.0, 1.4, 0, 0.30, 0.8, 1.6, 0.5, 90 },
  };
  /* clang-format on */
  make_chord(s, &chords[variant]);
}

/* ---- basses -------------------------------------------------------------------------------------------------- */

typedef struct Bass {
  double sec, midi;
  PhKitShape shape;
  unsigned voices;
  double cents, sub; /* sine an octave below */
  double hold, decay;
  double from_hz, to_hz, sweep_sec, q, drive;
} Bass;

static void make_bass(PhKitSound *s, unsigned variant)
{
  /* clang-format off */
  static const Bass basses[] = {
    { 0.70, 36, KIT_SAW, 1, 0, 0.5, 0.15, 0.60, 1900, 240, 0.35, 1.2, 1.4 },    /* plucked saw */
    { 0.90, 36, KIT_TRIANGLE, 1, 0, 0.9, 0.30, 0.70, 900, 500, 0.30, 0.8, 1.8 }, /* round sub */
    { 1.40, 36, KIT_SAW, 3, 24, 0.6, 0.80, 1.20, 900, 620, 1.00, 1.3, 2.6 },    /* reese */
    { 0.55, 36, KIT_SAW, 1, 0, 0.0, 0.06, 0.50, 3800, 170, 0.28, 5.5, 2.2 },    /* acid */
    { 0.60, 36, KIT_SQUARE, 1, 0, 0.3, 0.14, 0.50, 1400, 320, 0.30, 1.6, 1.3 }, /* hollow */
    { 0.80, 36, KIT_ORGAN, 1, 0, 0.2, 0.20, 0.60, 2200, 700, 0.25, 0.9, 1.6 },  /* organ, as in garage */
    { 1.00, 24, KIT_SAW, 5, 18, 0.8, 0.45, 0.90, 2600, 380, 0.60, 2.4, 5.0 },   /* growl, an octave lower */
  };
  /* clang-format on */
  const Bass *b = &basses[variant];
  ph_kit_begin(s, b->sec, 1);
  const double hz = ph_kit_note(b->midi);
  const PhKitWave *w = ph_kit_wave(s, b->shape, hz * 1.02);
  double *x = ph_kit_scratch(s), *sub = ph_kit_scratch(s);
  for (unsigned v = 0; v < b->voices; v++) {
    const double at = b->voices == 1 ? 0 : 2.0 * v / (b->voices - 1) - 1;
    ph_kit_osc(s, x, w, hz * ph_kit_exp2(at * b->cents / 1200), NULL, ph_kit_pick(s, v) * (b->voices > 1),
               1 / sqrt(b->voices));
  }
  ph_kit_sweep(s, x, KIT_LP, ph_kit_curve(s, b->from_hz, b->to_hz, b->sweep_sec), b->q);
  ph_kit_sine(s, sub, b->midi < 30 ? hz : hz * 0.5, NULL, 0, b->sub);
  ph_kit_add(s, x, 1, 0);
  ph_kit_drive(s, b->drive);
  ph_kit_add(s, sub, 0.7, 0);
  ph_kit_scale(s, ph_kit_env(s, 0.003, b->hold, b->decay));
}

/* ---- voices -------------------------------------------------------------------------------------------------- */

/* Formants of five vowels (Peterson & Barney 1952, and the usual bandwidths). */
typedef struct Vowel {
  double hz[4], q[4], gain[4];
} Vowel;

/* clang-format off */
static const Vowel vowels[] = {
  { { 730, 1090, 2440, 3400 }, { 8, 10, 18, 20 }, { 1.0, 0.55, 0.20, 0.08 } },  /* a */
  { { 530, 1840, 2480, 3500 }, { 8, 16, 18, 20 }, { 1.0, 0.35, 0.22, 0.08 } },  /* e */
  { { 290, 2290, 3010, 3700 }, { 6, 20, 22, 22 }, { 1.0, 0.30, 0.20, 0.08 } },  /* i */
  { { 500, 870, 2410, 3300 }, { 8, 10, 18, 20 }, { 1.0, 0.50, 0.10, 0.05 } },   /* o */
  { { 320, 800, 2240, 3200 }, { 6, 9, 18, 20 }, { 1.0, 0.35, 0.06, 0.03 } },    /* u */
};
/* clang-format on */

/* A small choir on C: saws with vibrato through the formants. */
static void make_vox(PhKitSound *s, unsigned variant)
{
  static const double notes[] = { 48, 60 };
  ph_kit_begin(s, 2.2, 2);
  double *vibrato = ph_kit_scratch(s);
  for (int64_t i = 0; i < s->frames; i++) {
    const double t = (double)i / s->rate;
    vibrato[i] = 1 + 0.0045 * ph_kit_sin(t * 5.1) * ph_kit_min(1, t / 0.5);
  }
  const PhKitStack stack = { KIT_SAW, notes, 2, 4, 9, 0.9, vibrato };
  ph_kit_stack(s, &stack);
  const Vowel *v = &vowels[variant];
  for (unsigned c = 0; c < 2; c++) {
    double *sum = ph_kit_scratch(s);
    for (unsigned f = 0; f < 4; f++) {
      double *band = ph_kit_scratch(s);
      for (int64_t i = 0; i < s->frames; i++) {
        band[i] = s->ch[c][i];
      }
      ph_kit_filter(s, band, KIT_BP, v->hz[f], v->q[f]);
      for (int64_t i = 0; i < s->frames; i++) {
        sum[i] += v->gain[f] * band[i];
      }
    }
    for (int64_t i = 0; i < s->frames; i++) {
      s->ch[c][i] = sum[i] + 0.02 * s->ch[c][i];
    }
  }
  ph_kit_scale(s, ph_kit_env(s, 0.12, 0.80, 2.0));
  ph_kit_chorus(s, 0.6, 0.003, 0.5);
  ph_kit_room(s, 1.2, 5000, 0.45);
  ph_kit_fade_out(s, 0.6);
}

/* ---- single tones -------------------------------------------------------------------------------------------- */

/* c3, c4, c5, c6 of a pure tone, a second long: for tests, subs and bells. */
static void make_sine(PhKitSound *s, unsigned variant)
{
  ph_kit_begin(s, 1.0, 1);
  double *x = ph_kit_scratch(s);
  ph_kit_sine(s, x, ph_kit_note(48 + 12.0 * variant), NULL, 0, 1);
  ph_kit_add(s, x, 1, 0);
  ph_kit_scale(s, ph_kit_env(s, 0.004, 0.3, 1.6));
  ph_kit_fade_out(s, 0.05);
}

PhKitBanks ph_kit_tones(void)
{
  /* clang-format off */
  static const PhKitBank banks[] = {
    { "rave", "hoover", "Rave chords: minor stab, hoover, fifths, minor seventh, organ, squares.", 6, make_rave, -5.5, -19.5, 1 },
    { "stab", "chord", "Stabs: dub, house, garage organ, major, chip, brass.", 6, make_stab, -2, -15, 1 },
    { "pad", "pads", "Pads: open fifth, minor ninth, strings, reeds, hollow.", 5, make_pad, -3, -17, 1 },
    { "bass", "", "Basses on c2: plucked, sub, reese, acid, hollow, organ; 6 growls on c1.", 7, make_bass, -2, -12, 2 },
    { "vox", "choir", "A choir that sings a, e, i, o, u.", 5, make_vox, -3, -17, 1 },
    { "sine", "", "Pure tones: c3, c4, c5, c6.", 4, make_sine, -4, -13, 1 },
  };
  /* clang-format on */
  return (PhKitBanks){ banks, PH_COUNT(banks) };
}
