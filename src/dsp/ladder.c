/* Moog's ladder: four one-pole low-passes in a row, fed back (Moog 1965), without a delay in the loop (Zavalishin 2012, 5.3).
   H(s) = 1 / ((1 + s)^4 + k).  SPDX-License-Identifier: MIT */
#include "dsp/svf.h"

enum { LADDER_POLES = 4 };

/* Feedback at resonance 1. The loop oscillates from 4 on, so by itself from resonance 0.91. */
#define LADDER_FEEDBACK 4.4f

typedef struct Ladder {
  PhV share;   /* of each pole: g/(1 + g) */
  PhV through; /* k times the gain of the four at this instant */
  PhV scale;   /* 1/(1 + through) */
  PhV k;
} Ladder;

PH_INLINE Ladder ladder_at(const PhIo *io, PhV cutoff, PhV res)
{
  const PhV share = ph_pole(cutoff, io->inv_sample_rate), square = share * share;
  const PhV k = LADDER_FEEDBACK * res, through = k * (square * square);
  return (Ladder){ share, through, 1.0f / (1.0f + through), k };
}

/* Padé's approximant of tanh, flat from ±3 on, where it is 1 and level. */
PH_INLINE PhV saturate(PhV x)
{
  const PhV v = ph_clamp(x, -3.0f, 3.0f), t = v * v;
  return v * (27.0f + t) / (27.0f + 9.0f * t);
}

/* What the poles hold gives a part S of the output, what enters now, u, the rest: y = G^4·u + S. The linear loop
   u = x - k·y has u = (x - k·S)/(1 + k·G^4), and that is saturated. It is an exact solution of the loop u = f(x - k·y): with w
   the linear u and f* the saturation, x - k·y = w + kG^4·(w - f*(w)), which rises with w, so f is a saturation too, with slope
   1 at 0 and a softer knee the higher the cutoff. No iteration, and no delay that would detune the resonance. */
PH_INLINE PhV ladder_step(const Ladder *l, PhV x, PhV *s)
{
  const PhV keep = 1.0f - l->share;
  const PhV held = ((s[0] * l->share + s[1]) * l->share + s[2]) * l->share + s[3];
  PhV u = saturate((x - l->k * (held * keep)) * l->scale);
  for (uint32_t i = 0; i < LADDER_POLES; i++) {
    u = ph_pole_step(l->share, u, &s[i]);
  }
  return u;
}

/* in, cutoff, res. With `bass` what the feedback takes from the frequencies below the cutoff is given back. */
PH_INLINE void ladder(const PhIo *io, bool bass)
{
  PH_GROUPS(io, g)
  {
    PhCursor in = ph_cursor(io, 0, g), cutoff = ph_cursor(io, 1, g), res = ph_cursor(io, 2, g);
    PhV s[LADDER_POLES];
    for (uint32_t i = 0; i < LADDER_POLES; i++) {
      s[i] = ph_state(io, i, g);
    }
    Ladder l = ladder_at(io, ph_peek(&cutoff), ph_peek(&res));
    PH_FRAMES(io, g, out)
    {
      if (io->step[1] | io->step[2]) {
        l = ladder_at(io, ph_next(&cutoff), ph_next(&res));
      }
      const PhV x = ph_next(&in);
      ph_store(out, ladder_step(&l, bass ? x * (1.0f + l.k) : x, s));
    }
    for (uint32_t i = 0; i < LADDER_POLES; i++) {
      ph_state_set(io, i, g, s[i]);
    }
  }
}

static void moog_ladder(const PhIo *io) { ladder(io, false); }
static void moog_hz(const PhIo *io) { ladder(io, true); }

/* One that oscillates never ends: the cap of the graph ends it. Below, the slow pair of poles stands at (k/4)^(1/4) of the way
   to the axis; 1/(2(1 - (k/4)^(1/4))) <= 2/(1 - k/4) bounds its q. */
static double ladder_tail(const PhUnitSetup *setup)
{
  const double left = 1 - setup->most[2] * (double)LADDER_FEEDBACK / 4;
  return ph_ring_sec(setup, 1, left > 0.002 ? 2 / left : 1000);
}

static const PhParam ladder_params[] = {
  PH_P_IN,
  PH_P_REQ("cutoff", "hz", 1000, 1, 24000, "Hz", PH_SCALE_LOG,
           "cutoff and pitch of the resonance, held below 0.49 of the sample rate"),
  PH_P("res", "sig", 0.3, 0, 1, "", PH_SCALE_LIN,
       "resonance: 0 none; from 0.91 on it oscillates by itself once something has set it off"),
};

static const PhUnit units[] = {
  PH_ROW(
      "moog_ladder", "moog", "filter",
      "Moog's ladder: low-pass, 24 dB per octave, that saturates and sings; resonance costs bass, as in the original.",
      "saw 55 # moog_ladder 600 0.7", ladder_params, .process = moog_ladder, .state_floats = LADDER_POLES,
      .tail_sec = ladder_tail, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("moog_hz", "", "filter", "Moog's ladder that keeps its bass: 0 dB below the cutoff at any resonance.",
         "saw 55 # moog_hz 600 0.7", ladder_params, .process = moog_hz, .state_floats = LADDER_POLES,
         .tail_sec = ladder_tail, .flags = PH_UNIT_PROCESSOR),
};

PH_EXPORT_TABLE(ladder);
