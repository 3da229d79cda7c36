/* Tools of the built-in kit: everything is in double precision and uses + - * / and sqrt only, so that a sound has the same
   bits on every machine. Offline: clarity before speed.  SPDX-License-Identifier: MIT */
#ifndef PH_SAMPLE_KIT_DSP_H
#define PH_SAMPLE_KIT_DSP_H

#include "base/base.h"
#include "base/dmath.h"
#include "sample/kit.h"

#include <math.h>

/* A sound in the making. Scratch memory comes from the arena, whose trap the caller of the makers has set. */
typedef struct PhKitSound {
  PhArena *arena;
  double rate;
  int64_t frames;
  unsigned channels;
  double *ch[2];
  const double *sines; /* [KIT_WAVE_SIZE], once a wave was made */
  uint64_t seed;       /* of this bank and variant: two variants never share their noise */
} PhKitSound;

typedef void PhKitMake(PhKitSound *sound, unsigned variant);

struct PhKitBank {
  const char *name;
  const char *aliases; /* separated by spaces, or "" */
  const char *doc;
  unsigned variants;
  PhKitMake *make;
  double peak_db;      /* the loudest sample of each variant stands here … */
  double rms_db;       /* … or the loudest 0.3 s here, if that comes first */
  unsigned oversample; /* 2: made at twice the rate, because the recipe distorts; 1 otherwise */
};

typedef struct PhKitBanks {
  const PhKitBank *banks;
  size_t count;
} PhKitBanks;

PhKitBanks ph_kit_drums(void);
PhKitBanks ph_kit_metals(void);
PhKitBanks ph_kit_machines(void);
PhKitBanks ph_kit_tones(void);
PhKitBanks ph_kit_strings(void);
PhKitBanks ph_kit_loops(void);

/* ---- mathematics --------------------------------------------------------------------------------------------- */

double ph_kit_sin(double turns); /* sin(2π turns) */
PH_INLINE double ph_kit_exp2(double x) { return ph_exp2_d(x); }
PH_INLINE double ph_kit_cos(double turns) { return ph_kit_sin(turns + 0.25); }
PH_INLINE double ph_kit_db(double db) { return ph_kit_exp2(db * 0.16609640474436813); }
/* Frequency of a MIDI note. */
PH_INLINE double ph_kit_note(double midi) { return 440 * ph_kit_exp2((midi - 69) / 12); }
/* Factor per frame of a decay by 60 dB in `sec`. */
PH_INLINE double ph_kit_decay(const PhKitSound *s, double sec)
{
  return ph_kit_exp2(-9.965784284662087 / (sec * s->rate));
}
PH_INLINE int64_t ph_kit_at(const PhKitSound *s, double sec) { return (int64_t)(sec * s->rate + 0.5); }
/* A soft limit at ±1 with unit slope at 0. */
PH_INLINE double ph_kit_soft(double x) { return x / sqrt(1 + x * x); }
PH_INLINE double ph_kit_min(double a, double b) { return a < b ? a : b; }
PH_INLINE double ph_kit_max(double a, double b) { return a > b ? a : b; }

/* Zero below -400 dB: what decays must not end in denormal numbers, which are slow. */
PH_INLINE double ph_kit_flush(double x) { return x < 1e-20 && x > -1e-20 ? 0 : x; }

/* White noise in [-1, 1): stream k of a sound, frame i. */
PH_INLINE double ph_kit_noise(const PhKitSound *s, uint64_t k, int64_t i)
{
  return (double)(int64_t)ph_mix64(s->seed + k * 0x9E3779B97F4A7C15u + (uint64_t)i) * 0x1p-63;
}
/* The k-th constant of a sound, in [0, 1). */
PH_INLINE double ph_kit_pick(const PhKitSound *s, uint64_t k)
{
  return (double)(ph_mix(s->seed, k + 0x51ED270B) >> 11) * 0x1p-53;
}

/* ---- buffers ------------------------------------------------------------------------------------------------- */

/* Gives the sound its length and its channels of silence. Once per sound. */
void ph_kit_begin(PhKitSound *s, double sec, unsigned channels);
/* `frames` values of silence. */
double *ph_kit_scratch(PhKitSound *s);
/* An envelope: `attack` s up to 1, `hold` s there, then down by 60 dB in `decay` s. */
double *ph_kit_env(PhKitSound *s, double attack, double hold, double decay);
/* A curve from a to b that has come 99.9 % of the way after `sec`. */
double *ph_kit_curve(PhKitSound *s, double a, double b, double sec);
/* Adds gain * x to the channels, panned with equal power (-1…1). */
void ph_kit_add(PhKitSound *s, const double *x, double gain, double pan);
void ph_kit_scale(PhKitSound *s, const double *env);
/* x ← soft(drive * x), scaled so that a full-scale peak stays one. */
void ph_kit_drive(PhKitSound *s, double drive);
/* A line down to 0 over the last `sec`. */
void ph_kit_fade_out(PhKitSound *s, double sec);

/* ---- filters ------------------------------------------------------------------------------------------------- */

/* State-variable filter, zero-delay form (Simper 2013, "Linear trapezoidal integrated SVF"). */
typedef struct PhKitSvf {
  double g, k, a1, a2, a3;
  double ic1, ic2;
} PhKitSvf;

typedef enum PhKitMode { KIT_LP, KIT_BP /* unit gain at its centre */, KIT_HP } PhKitMode;

void ph_kit_svf_set(PhKitSvf *f, double rate, double cutoff_hz, double q);

PH_INLINE double ph_kit_svf(PhKitSvf *f, PhKitMode mode, double x)
{
  const double v3 = x - f->ic2;
  const double v1 = f->a1 * f->ic1 + f->a2 * v3;
  const double v2 = f->ic2 + f->a2 * f->ic1 + f->a3 * v3;
  f->ic1 = ph_kit_flush(2 * v1 - f->ic1);
  f->ic2 = ph_kit_flush(2 * v2 - f->ic2);
  return mode == KIT_LP ? v2 : mode == KIT_BP ? f->k * v1 : x - f->k * v1 - v2;
}

/* Filters a buffer in place. */
void ph_kit_filter(const PhKitSound *s, double *x, PhKitMode mode, double cutoff_hz, double q);
/* Filters along a curve of cutoffs: a buffer, or all channels. */
void ph_kit_sweep(const PhKitSound *s, double *x, PhKitMode mode, const double *cutoff_hz, double q);
void ph_kit_filter_all(PhKitSound *s, PhKitMode mode, double cutoff_hz, double q);
void ph_kit_sweep_all(PhKitSound *s, PhKitMode mode, const double *cutoff_hz, double q);

/* ---- oscillators --------------------------------------------------------------------------------------------- */

enum { KIT_WAVE_SIZE = 4096, KIT_WAVE_PARTIALS = 640 };

/* One period as a table: additive, so that nothing aliases as long as the frequency stays near the one it was made for. */
typedef struct PhKitWave {
  double table[KIT_WAVE_SIZE + 3]; /* one value before and two after, for the interpolation */
} PhKitWave;

typedef enum PhKitShape { KIT_SAW, KIT_SQUARE, KIT_TRIANGLE, KIT_ORGAN, KIT_REED } PhKitShape;

/* The partials of a shape up to 45 % of the rate at `hz`. */
PhKitWave *ph_kit_wave(PhKitSound *s, PhKitShape shape, double hz);

/* The table at a phase in [0, 1): 4-point, 3rd-order Hermite. */
PH_INLINE double ph_kit_wave_at(const PhKitWave *w, double phase)
{
  const double pos = phase * KIT_WAVE_SIZE;
  const int i = (int)pos;
  const double f = pos - i;
  const double *p = w->table + i;
  const double c1 = 0.5 * (p[2] - p[0]);
  const double c2 = p[0] - 2.5 * p[1] + 2 * p[2] - 0.5 * p[3];
  const double c3 = 0.5 * (p[3] - p[0]) + 1.5 * (p[1] - p[2]);
  return ((c3 * f + c2) * f + c1) * f + p[1];
}

/* Adds gain * wave to x. `bend` (frequency factor per frame) may be NULL. */
void ph_kit_osc(const PhKitSound *s, double *x, const PhKitWave *w, double hz, const double *bend, double phase,
                double gain);
/* Adds a sine. */
void ph_kit_sine(const PhKitSound *s, double *x, double hz, const double *bend, double phase, double gain);
/* Adds a sine that decays by 60 dB in `sec`: a mode of something struck. */
void ph_kit_mode(const PhKitSound *s, double *x, double hz, double gain, double sec);
/* Adds noise stream k. */
void ph_kit_white(const PhKitSound *s, double *x, uint64_t k, double gain);

/* A chord of detuned saws (or another shape) over the stereo field. */
typedef struct PhKitStack {
  PhKitShape shape;
  const double *notes; /* MIDI */
  unsigned note_count;
  unsigned voices;     /* per note */
  double detune_cents; /* of the outermost voices */
  double width;        /* 0…1 */
  const double *bend;  /* may be NULL */
} PhKitStack;

/* Adds the stack at about unit power to a stereo sound. */
void ph_kit_stack(PhKitSound *s, const PhKitStack *stack);

/* ---- space --------------------------------------------------------------------------------------------------- */

/* A chorus of two modulated delays in opposite phase; makes a stereo sound wide. */
void ph_kit_chorus(PhKitSound *s, double rate_hz, double depth_sec, double mix);
/* A small room: eight delays in a Householder matrix (Jot & Chaigne 1991), 60 dB in `sec`. */
void ph_kit_room(PhKitSound *s, double sec, double damp_hz, double mix);

#endif
