/* Pitch by the YIN method (de Cheveigné & Kawahara 2002): the first lag at which the signal differs little from itself.
   An analysis takes one lag at a time, a lag every few frames of the lane's own age, over a stretch that is frozen in the
   line meanwhile: so a frame costs the same whatever the pitch, and cuts of blocks do not matter.
   SPDX-License-Identifier: MIT */
#include "dsp/line.h"
#include "dsp/svf.h"

/* Lengths in units of the rate over 44.1 kHz. The difference function takes every fourth pair of 1024; its lags are one
   apart up to 32, two up to 96 and four beyond, a sixteenth of a period or finer. Then all lags around the best one. */
enum {
  PITCH_PAIRS = 256,
  PITCH_APART = 4,
  PITCH_LAGS_1 = 32,
  PITCH_LAGS_2 = 64, /* index where they become four apart */
  PITCH_LAGS = 290,
  PITCH_LONGEST = 1000, /* lag: 44 Hz */
  PITCH_NEAR = 4,
};

#define PITCH_MOST_HZ 2200.0f

enum {
  PITCH_AGE,
  PITCH_SUB,
  PITCH_TICK,
  PITCH_START,
  PITCH_S1,
  PITCH_S2,
  PITCH_TOTAL, /* of differences so far, each times the step to its lag */
  PITCH_BEST,
  PITCH_LAG, /* least normalised difference of the dip, and its lag */
  PITCH_DIP, /* 0 none yet, 1 in it, 2 past it */
  PITCH_LAST,
  PITCH_LEAST,
  PITCH_BEFORE,
  PITCH_AFTER,
  PITCH_AT, /* differences around the least one, near the best lag */
  PITCH_HZ,
  PITCH_STATES
};

typedef struct Pitch {
  PhVu age, sub, tick, start;
  PhV s1, s2, total, best, lag, dip, last, least, before, after, at, hz;
} Pitch;

PH_INLINE uint32_t pitch_unit(const PhIo *io)
{
  return io->sample_rate < 66150.0f ? 1 : (uint32_t)(io->sample_rate / 44100.0f + 0.5f);
}
PH_INLINE uint32_t near_lags(uint32_t unit) { return 2 * PITCH_NEAR * unit + 1; }

/* The lags by their index from 1 on, in units. */
PH_INLINE PhV lag_of(PhV i)
{
  const PhV two = ph_max(i - (float)PITCH_LAGS_1, ph_splat(0.0f)),
            four = ph_max(i - (float)PITCH_LAGS_2, ph_splat(0.0f));
  return i + two + (four + four);
}

/* Where a frame stands in the line: frames that are a multiple of four apart follow one another, since that is how they are
   read. */
PH_INLINE PhVu spot(const PhLine *line, PhVu frame)
{
  const uint32_t quarter = (line->mask + 1) / PITCH_APART;
  return (frame % PITCH_APART) * quarter + (frame / PITCH_APART & (quarter - 1));
}

PH_INLINE PhV square(PhV x) { return x * x; }

/* Every fourth frame from `frame` on, in a line whose lanes agree. */
typedef struct Stretch {
  const float *base;
  uint32_t at, mask;
  size_t lanes;
} Stretch;

PH_INLINE Stretch stretch_from(const PhLine *line, uint32_t frame)
{
  const uint32_t quarter = (line->mask + 1) / PITCH_APART;
  return (Stretch){ line->base + (size_t)(frame % PITCH_APART) * quarter * line->lanes, frame / PITCH_APART,
                    quarter - 1, line->lanes };
}

PH_INLINE PhV stretch_frame(const Stretch *s, uint32_t j)
{
  return ph_load(s->base + ((s->at + j) & s->mask) * s->lanes);
}

/* The sum of squared differences of a stretch and the one `lag` frames later, in four sums that do not wait for each other. */
PH_INLINE PhV difference(const PhLine *line, PhVu start, PhVu lag, uint32_t unit)
{
  PhV s0 = ph_splat(0.0f), s1 = s0, s2 = s0, s3 = s0;
  if (ph_uniform(start) && ph_uniform(lag)) {
    const Stretch a = stretch_from(line, start[0]), b = stretch_from(line, start[0] + lag[0]);
    for (uint32_t j = 0; j < PITCH_PAIRS * unit; j += 4 * unit) {
      s0 += square(stretch_frame(&a, j) - stretch_frame(&b, j));
      s1 += square(stretch_frame(&a, j + unit) - stretch_frame(&b, j + unit));
      s2 += square(stretch_frame(&a, j + 2 * unit) - stretch_frame(&b, j + 2 * unit));
      s3 += square(stretch_frame(&a, j + 3 * unit) - stretch_frame(&b, j + 3 * unit));
    }
  } else {
    const uint32_t apart = PITCH_APART * unit;
    for (uint32_t j = 0; j < PITCH_PAIRS; j += 4) {
      PhV d[4];
      for (uint32_t k = 0; k < 4; k++) {
        const PhVu from = start + (j + k) * apart;
        d[k] = square(ph_line_frames(line, spot(line, from)) - ph_line_frames(line, spot(line, from + lag)));
      }
      s0 += d[0];
      s1 += d[1];
      s2 += d[2];
      s3 += d[3];
    }
  }
  return (s0 + s1) + (s2 + s3);
}

/* One lag of the search. The difference is divided by its mean over all lags so far (the paper's equation 8). */
PH_INLINE void search(Pitch *p, PhVi now, PhV index, PhV d, PhV threshold, float unit, float sample_rate)
{
  const PhV lag = lag_of(index) * unit, step = lag - lag_of(index - 1.0f) * unit;
  p->total = ph_select(now, p->total + d * step, p->total);
  const PhVi heard = p->total > 1e-12f;
  const PhV relative = ph_select(heard, d * lag / ph_select(heard, p->total, ph_splat(1.0f)), ph_splat(1.0f));
  const PhVi in_range = now & (lag * PITCH_MOST_HZ >= sample_rate);
  const PhVi deeper = in_range & (p->dip < 1.5f) & (relative < threshold) & (relative < p->best);
  const PhVi over = in_range & (p->dip > 0.5f) & ~deeper;
  p->best = ph_select(deeper, relative, p->best);
  p->lag = ph_select(deeper, lag, p->lag);
  p->dip = ph_select(deeper, ph_splat(1.0f), ph_select(over, ph_splat(2.0f), p->dip));
}

/* One lag near the best one, in order: keeps the least difference with its neighbours. */
PH_INLINE void look_near(Pitch *p, PhVi now, PhV lag, PhV d, bool first)
{
  const PhVi least = now & (first ? now : d < p->least);
  const PhVi next = now & ~least & (p->at == lag - 1.0f);
  p->before = ph_select(least, first ? d : p->last, p->before);
  p->after = ph_select(least, d, ph_select(next, d, p->after));
  p->least = ph_select(least, d, p->least);
  p->at = ph_select(least, lag, p->at);
  p->last = ph_select(now, d, p->last);
}

/* The period between frames, by a parabola through three differences; none at an end of what was looked at. */
PH_INLINE void conclude(Pitch *p, PhVi now, float sample_rate)
{
  const PhV up = p->before - p->least, down = p->after - p->least, sum = up + down;
  const PhVi bent = (up > 0.0f) & (down > 0.0f);
  const PhV shift = ph_keep(bent, 0.5f * (up - down) / ph_select(bent, sum, ph_splat(1.0f)));
  const PhVi found = now & (p->dip > 0.5f);
  p->hz = ph_select(found, sample_rate / ph_max(p->at + shift, ph_splat(1.0f)), p->hz);
}

/* A tick of the lanes in `now`: one lag. Tick 0 freezes a stretch once there is enough. */
PH_INLINE void tick(const PhIo *io, const PhLine *line, Pitch *p, PhVi now, PhV threshold)
{
  const uint32_t unit = pitch_unit(io), span = (PITCH_PAIRS * PITCH_APART + PITCH_LONGEST) * unit;
  const PhVi begins = now & (p->tick == 0), enough = begins & (PhVi)(p->age + 1 >= span);
  const PhV one = ph_splat(1.0f);
  p->start = ph_select_u(enough, p->age + 1 - span, p->start);
  p->total = ph_keep(~enough, p->total);
  p->best = ph_select(enough, one, p->best);
  p->dip = ph_keep(~enough, p->dip);
  const PhVi works = now & ~(begins & ~enough);
  if (!ph_any(works)) {
    return;
  }
  const PhV index = ph_to_float((PhVi)p->tick) + 1.0f;
  const PhVi coarse = works & (index <= (float)PITCH_LAGS), near = works & ~coarse;
  const PhV offset = index - (float)(PITCH_LAGS + 1 + PITCH_NEAR * unit);
  const PhV near_lag = ph_max(p->lag + offset, one), lag = ph_select(coarse, lag_of(index) * (float)unit, near_lag);
  const PhV d =
      difference(line, ph_select_u(works, p->start, p->age - span), (PhVu)ph_to_int(ph_keep(works, lag)), unit);
  search(p, coarse, ph_min(index, ph_splat((float)PITCH_LAGS)), d, threshold, (float)unit, io->sample_rate);
  const PhVi first = near & (index == (float)(PITCH_LAGS + 1));
  look_near(p, first, near_lag, d, true);
  look_near(p, near & ~first, near_lag, d, false);
  p->tick = ph_select_u(works, p->tick + 1, p->tick);
  const PhVi last = works & (PhVi)(p->tick == PITCH_LAGS + near_lags(unit));
  conclude(p, last, io->sample_rate);
  p->tick = (PhVu)(~last & (PhVi)p->tick);
}

PH_INLINE Pitch pitch_load(const PhIo *io, uint32_t g)
{
  return (Pitch){ ph_state_u(io, PITCH_AGE, g),   ph_state_u(io, PITCH_SUB, g), ph_state_u(io, PITCH_TICK, g),
                  ph_state_u(io, PITCH_START, g), ph_state(io, PITCH_S1, g),    ph_state(io, PITCH_S2, g),
                  ph_state(io, PITCH_TOTAL, g),   ph_state(io, PITCH_BEST, g),  ph_state(io, PITCH_LAG, g),
                  ph_state(io, PITCH_DIP, g),     ph_state(io, PITCH_LAST, g),  ph_state(io, PITCH_LEAST, g),
                  ph_state(io, PITCH_BEFORE, g),  ph_state(io, PITCH_AFTER, g), ph_state(io, PITCH_AT, g),
                  ph_state(io, PITCH_HZ, g) };
}

PH_INLINE void pitch_save(const PhIo *io, uint32_t g, const Pitch *p)
{
  const PhVu whole[] = { p->age, p->sub, p->tick, p->start };
  const PhV rest[] = { p->s1,   p->s2,    p->total,  p->best,  p->lag, p->dip,
                       p->last, p->least, p->before, p->after, p->at,  p->hz };
  for (uint32_t i = 0; i < PH_COUNT(whole); i++) {
    ph_state_set_u(io, i, g, whole[i]);
  }
  for (uint32_t i = 0; i < PH_COUNT(rest); i++) {
    ph_state_set(io, (uint32_t)PH_COUNT(whole) + i, g, rest[i]);
  }
}

/* in, threshold. The input passes a low-pass at 1 kHz first, so that high harmonics do not make the dips narrower than the lags
   are apart. */
static void pitch(const PhIo *io)
{
  const uint32_t apart = PITCH_APART * pitch_unit(io);
  const PhSvf f = ph_svf(ph_splat(1000.0f), ph_splat(0.70710678f), io->inv_sample_rate);
  PH_GROUPS(io, g)
  {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhCursor in = ph_cursor(io, 0, g), threshold = ph_cursor(io, 1, g);
    Pitch p = pitch_load(io, g);
    PH_FRAMES(io, g, out)
    {
      const PhV x = ph_clamp(ph_next(&in), -1e6f, 1e6f), limit = ph_next(&threshold);
      ph_line_write(&line, spot(&line, p.age), ph_svf_step(&f, x, &p.s1, &p.s2).low);
      p.sub += 1;
      const PhVi now = (PhVi)(p.sub == apart);
      if (ph_any(now)) {
        p.sub = (PhVu)(~now & (PhVi)p.sub);
        tick(io, &line, &p, now, limit);
      }
      p.age += 1;
      ph_store(out, p.hz);
    }
    pitch_save(io, g, &p);
  }
}

/* The stretch, and what comes in while it is looked at. */
static size_t pitch_line(const PhUnitSetup *setup)
{
  const double unit = setup->sample_rate < 66150 ? 1 : (double)(uint32_t)(setup->sample_rate / 44100 + 0.5);
  const double ticks = PITCH_LAGS + 2 * PITCH_NEAR * unit + 1;
  return (size_t)(unit * (PITCH_PAIRS * PITCH_APART + PITCH_LONGEST + PITCH_NEAR + PITCH_APART * (ticks + 1))) + 8;
}

static const PhParam pitch_params[] = {
  PH_P_IN,
  PH_P("threshold", "sig", 0.15, 0.01, 0.9, "", PH_SCALE_LIN,
       "how far from periodic it may be: 0 strict, more for noisy tones"),
};

static const PhUnit units[] = {
  PH_ROW("pitch", "yin", "analysis",
         "The pitch in Hz from 50 Hz to 2 kHz (YIN), about 40 times a second; what has no pitch leaves it as it was, "
         "and it begins as 0.",
         "sine (pitch (saw \"110 220\"))", pitch_params, .process = pitch, .state_floats = PITCH_STATES,
         .line_frames = pitch_line, .flags = PH_UNIT_PROCESSOR),
};

PH_EXPORT_TABLE(pitch);
