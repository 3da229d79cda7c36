/* Formants: band-passes side by side, as of a voice: the filters of svf.h, stable while they move. The vowels are those of a
   tenor (Csound manual, appendix "Formant values").  SPDX-License-Identifier: MIT */
#include "dsp/svf.h"

/* One band-pass with a gain of 1 at its centre. */
PH_INLINE PhSvf band_of(PhV hz, PhV width, float inv_sample_rate)
{
  return ph_svf_damped(hz, ph_clamp(width / ph_max(hz, ph_splat(1.0f)), 1e-4f, 100.0f), inv_sample_rate);
}

PH_INLINE PhV band_tick(const PhSvf *b, PhV *s1, PhV *s2, PhV x) { return b->k * ph_svf_step(b, x, s1, s2).band; }

/* ---- formant ---- */

enum { FORMANTS = 3 };

static const float formant_level[FORMANTS] = { 1, 0.5f, 0.25f }; /* as a voice, 6 dB down from each to the next */

/* in, f1 … f3, bw1 … bw3. */
static void formant(const PhIo *io)
{
  bool fixed = true;
  for (uint32_t i = 1; i <= 2 * FORMANTS; i++) {
    fixed &= io->step[i] == 0;
  }
  PH_GROUPS(io, g)
  {
    PhCursor in = ph_cursor(io, 0, g), hz[FORMANTS], width[FORMANTS];
    PhV s1[FORMANTS], s2[FORMANTS];
    PhSvf bands[FORMANTS];
    for (uint32_t i = 0; i < FORMANTS; i++) {
      hz[i] = ph_cursor(io, 1 + i, g);
      width[i] = ph_cursor(io, 1 + FORMANTS + i, g);
      s1[i] = ph_state(io, 2 * i, g);
      s2[i] = ph_state(io, 2 * i + 1, g);
      bands[i] = band_of(ph_peek(&hz[i]), ph_peek(&width[i]), io->inv_sample_rate);
    }
    PH_FRAMES(io, g, out)
    {
      const PhV x = ph_next(&in);
      PhV y = { 0 };
      for (uint32_t i = 0; i < FORMANTS; i++) {
        if (!fixed) {
          bands[i] = band_of(ph_next(&hz[i]), ph_next(&width[i]), io->inv_sample_rate);
        }
        y += formant_level[i] * band_tick(&bands[i], &s1[i], &s2[i], x);
      }
      ph_store(out, ph_finite(y));
    }
    for (uint32_t i = 0; i < FORMANTS; i++) {
      ph_state_set(io, 2 * i, g, s1[i]);
      ph_state_set(io, 2 * i + 1, g, s2[i]);
    }
  }
}

/* ---- vowel ---- */

enum { VOWELS = 5, VOWEL_BANDS = 5 };

typedef struct Vowel {
  float hz[VOWEL_BANDS], width[VOWEL_BANDS], db[VOWEL_BANDS];
} Vowel;

static const Vowel vowels[VOWELS] = {
  { { 650, 1080, 2650, 2900, 3250 }, { 80, 90, 120, 130, 140 }, { 0, -6, -7, -8, -22 } },
  { { 400, 1700, 2600, 3200, 3580 }, { 70, 80, 100, 120, 120 }, { 0, -14, -12, -14, -20 } },
  { { 290, 1870, 2800, 3250, 3540 }, { 40, 90, 100, 120, 120 }, { 0, -15, -18, -20, -30 } },
  { { 400, 800, 2600, 2800, 3000 }, { 40, 80, 100, 120, 120 }, { 0, -10, -12, -12, -26 } },
  { { 350, 600, 2700, 2900, 3300 }, { 40, 60, 100, 120, 120 }, { 0, -20, -17, -14, -26 } },
};

/* A figure of band i at each lane's place between the vowels. */
PH_INLINE PhV vowel_figure(size_t offset, uint32_t i, PhV place)
{
  PhV y = { 0 };
  for (uint32_t v = 0; v < VOWELS; v++) {
    const float *figures = (const float *)(const void *)((const char *)&vowels[v] + offset);
    y += figures[i] * ph_max(1.0f - ph_abs(place - (float)v), (PhV){ 0 });
  }
  return y;
}

typedef struct Mouth {
  PhSvf bands[VOWEL_BANDS];
  PhV level[VOWEL_BANDS];
} Mouth;

PH_INLINE Mouth mouth_of(const PhIo *io, PhV vowel)
{
  const PhV place = ph_clamp(vowel, 0.0f, VOWELS - 1);
  Mouth m;
  for (uint32_t i = 0; i < VOWEL_BANDS; i++) {
    m.bands[i] = band_of(vowel_figure(offsetof(Vowel, hz), i, place), vowel_figure(offsetof(Vowel, width), i, place),
                         io->inv_sample_rate);
    m.level[i] = ph_db_ratio(vowel_figure(offsetof(Vowel, db), i, place));
  }
  return m;
}

/* in, vowel. */
static void vowel(const PhIo *io)
{
  const bool fixed = io->step[1] == 0;
  PH_GROUPS(io, g)
  {
    PhCursor in = ph_cursor(io, 0, g), which = ph_cursor(io, 1, g);
    PhV s1[VOWEL_BANDS], s2[VOWEL_BANDS];
    for (uint32_t i = 0; i < VOWEL_BANDS; i++) {
      s1[i] = ph_state(io, 2 * i, g);
      s2[i] = ph_state(io, 2 * i + 1, g);
    }
    Mouth m = mouth_of(io, ph_peek(&which));
    PH_FRAMES(io, g, out)
    {
      if (!fixed) {
        m = mouth_of(io, ph_next(&which));
      }
      const PhV x = ph_next(&in);
      PhV y = { 0 };
      for (uint32_t i = 0; i < VOWEL_BANDS; i++) {
        y += m.level[i] * band_tick(&m.bands[i], &s1[i], &s2[i], x);
      }
      ph_store(out, ph_finite(y));
    }
    for (uint32_t i = 0; i < VOWEL_BANDS; i++) {
      ph_state_set(io, 2 * i, g, s1[i]);
      ph_state_set(io, 2 * i + 1, g, s2[i]);
    }
  }
}

/* ---- rows ---- */

#define P_HZ(name_, dflt_) PH_P(name_, "hz", dflt_, 20, 20000, "Hz", PH_SCALE_LOG, "centre of a formant")
#define P_WIDTH(name_, dflt_) PH_P(name_, "sig", dflt_, 1, 20000, "Hz", PH_SCALE_LOG, "its bandwidth")

static const PhParam formant_params[] = { PH_P_IN,
                                          P_HZ("f1", 650),
                                          P_HZ("f2", 1080),
                                          P_HZ("f3", 2650),
                                          P_WIDTH("bw1", 80),
                                          P_WIDTH("bw2", 90),
                                          P_WIDTH("bw3", 120) };

static const PhParam vowel_params[] = {
  PH_P_IN, PH_P("vowel", "a|e|i|o|u", 0, 0, 4, "", PH_SCALE_LIN,
                "a pattern of these, or their numbers from 0 to 4, between which it glides")
};

static const PhUnit units[] = {
  PH_ROW("formant", "", "filter", "Three formants side by side, each half as loud as the one before.",
         "saw 110 # formant 300 870 2240 60 80 110", formant_params, .process = formant, .state_floats = 2 * FORMANTS,
         .flags = PH_UNIT_PROCESSOR),
  PH_ROW("vowel", "", "filter", "The formants of a sung vowel.", "saw 110 # vowel \"a e i o u\"", vowel_params,
         .process = vowel, .state_floats = 2 * VOWEL_BANDS, .flags = PH_UNIT_PROCESSOR),
};

PH_EXPORT_TABLE(formant);
