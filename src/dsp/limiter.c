/* The limiter: look-ahead, true peak. Two passes of the same stage: the level between the samples is that of the signal
   interpolated to 176 kHz or more (ITU-R BS.1770-4, Annex 2: four times, from 96 kHz on twice), the gain that a peak needs is
   held over all frames that the interpolation of the peak reads, and smoothed by a mean over the look-ahead. A gain that moves
   moves the levels between the samples by a little: the second stage, whose gains are all near 1, takes off what the first one
   left, and what the second leaves is below 0.02 dB, which is kept free.  SPDX-License-Identifier: MIT */
#include "dsp/follow.h"

enum { IN, THRESHOLD, LOOK, RELEASE };
enum { TAPS_4 = 12, TAPS_2 = 24, RINGS = 3, STAGES = 2 };
enum { LEAST_LOOK = 64, LEAST_SECOND = 12 }; /* frames */
enum {
  OF_BELOW,
  OF_SUM,
  OF_AT,
  OF_LEAST,
  OF_HISTORY,
  STAGE_FLOATS = OF_HISTORY + TAPS_2 - 1,
  AGE = STAGES * STAGE_FLOATS,
  STATES
};
#define GAIN_ONE 65536.0f
#define MOST_LOOK_SEC 0.05
#define KEPT_FREE 0.998f
#define TWICE_FROM_HZ 96000.0
#define MOST_BETWEEN 2.35f /* times the greatest sample: no interpolated level is more */

/* Frames that the means of the stages take: together with the interpolators' they are the look-ahead. */
typedef struct Looks {
  uint32_t frames[STAGES];
  uint32_t taps;
} Looks;

/* Constant: a look-ahead that moves has its longest. */
static uint32_t look_frames(const PhUnitSetup *setup)
{
  const double wanted = setup->most[LOOK] * setup->sample_rate + 0.5, most = MOST_LOOK_SEC * setup->sample_rate + 0.5;
  const double frames = wanted < most ? wanted : most;
  return frames < LEAST_LOOK ? LEAST_LOOK : (uint32_t)frames;
}

static Looks looks(const PhUnitSetup *setup)
{
  const uint32_t all = look_frames(setup), eighth = all / 8;
  const uint32_t second = eighth < LEAST_SECOND ? LEAST_SECOND : eighth;
  const uint32_t taps = setup->sample_rate < TWICE_FROM_HZ ? TAPS_4 : TAPS_2;
  return (Looks){ { all - 2 * (taps - 2) - second, second }, taps };
}

static PhStatus prepare(const PhUnitSetup *setup, PhArena *arena, const void **data, const char **error)
{
  (void)error;
  Looks *made = PH_NEW(arena, Looks);
  if (!made) {
    return PH_NOMEM;
  }
  *made = looks(setup);
  *data = made;
  return PH_OK;
}

/* For the mean, the delay and the window of a stage. */
static uint32_t ring_frames(uint32_t look) { return ph_pow2_above(look + TAPS_2 + 4); }

/* Per stage: the signal, the window of the least gain, the mean. */
static size_t line_frames(const PhUnitSetup *setup)
{
  const Looks made = looks(setup);
  return (size_t)(ring_frames(made.frames[0]) + ring_frames(made.frames[1])) * RINGS;
}

static double tail_sec(const PhUnitSetup *setup) { return look_frames(setup) / setup->sample_rate; }

/* The greatest magnitude at and between the middle samples of the last 12, x[0], x[-1] …, at quarters of a frame. The interpolators
   are sincs under a Hann window of 49 taps. The outer phases mirror each other, so they are made from sums and differences of taps
   that lie opposite; |p| + |q| is the greater of |p + q| and |p - q|. */
PH_INLINE PhV peak_of_4(const PhV *x)
{
  static const float even[TAPS_4 / 2] = { -0.00089958407f, 0.00762796906f, -0.0243168771f,
                                          0.0577117616f,   -0.132457627f,  0.592574253f };
  static const float odd[TAPS_4 / 2] = { 0.000732142094f, -0.00273198591f, 0.00579087118f,
                                         -0.0114467081f,  0.0290009007f,   -0.303890898f };
  static const float middle[TAPS_4 / 2] = { -0.000986013305f, 0.0103589786f, -0.0337036036f,
                                            0.0801389094f,    -0.181129655f, 0.625773626f };
  PhV p = { 0 }, q = { 0 }, half = { 0 };
#pragma GCC unroll 6
  for (int k = 0; k < TAPS_4 / 2; k++) {
    const PhV sum = x[-k] + x[k + 1 - TAPS_4], difference = x[-k] - x[k + 1 - TAPS_4];
    p += even[k] * sum;
    q += odd[k] * difference;
    half += middle[k] * sum;
  }
  return ph_max(ph_max(ph_abs(x[-TAPS_4 / 2]), ph_abs(half)), ph_abs(p) + ph_abs(q));
}

/* The same of the last 24, halfway only. */
PH_INLINE PhV peak_of_2(const PhV *x)
{
  static const float middle[TAPS_2 / 2] = { -0.000118399357f, 0.00115380464f, -0.00346198288f, 0.00732559441f,
                                            -0.0130998644f,   0.021289393f,   -0.0327143331f,  0.0489024229f,
                                            -0.0731549525f,   0.11416842f,    -0.204129958f,   0.633896587f };
  PhV half = { 0 };
#pragma GCC unroll 12
  for (int k = 0; k < TAPS_2 / 2; k++) {
    half += middle[k] * (x[-k] + x[k + 1 - TAPS_2]);
  }
  return ph_max(ph_abs(x[-TAPS_2 / 2]), ph_abs(half));
}

typedef struct Stage {
  PhLine signal, mean;
  float
      *window; /* of the group, [frames][lanes]: the values of this block so far, then what remains of the last block's
                          minima from each place to its end (van Herk 1992, Gil & Werman 1993) */
  uint32_t look, frames;
  PhVu at;   /* place in the block */
  PhV least; /* of this block so far */
  PhV below; /* 1 - the gain before the mean, so that zero is the beginning */
  PhVi sum;  /* of what is missing from 1 in the mean, in 1 / GAIN_ONE */
} Stage;

/* What a call works on: frames of a group, oldest first. */
typedef struct Frames {
  PhV x[TAPS_2 - 1 + PH_CHUNK_FRAMES]; /* as many as the interpolator needs before the first */
  PhV gain[PH_CHUNK_FRAMES];           /* that each frame needs; then the least of the window */
  PhV ceiling[PH_CHUNK_FRAMES], up[PH_CHUNK_FRAMES];
} Frames;

/* The gain that each frame needs. Nothing needs less than 1 where even the worst course between the samples would not exceed. */
PH_INLINE void needed_gains(Frames *c, const int taps, uint32_t frames)
{
  PhV most = { 0 }, ceiling = c->ceiling[0];
  for (uint32_t f = 0; f < frames + (uint32_t)taps - 1; f++) {
    most = ph_max(most, ph_abs(c->x[f]));
  }
  for (uint32_t f = 0; f < frames; f++) {
    ceiling = ph_min(ceiling, c->ceiling[f]);
    c->gain[f] = ph_splat(1.0f);
  }
  if (!ph_any(most * MOST_BETWEEN > ceiling)) {
    return;
  }
  for (uint32_t f = 0; f < frames; f++) {
    const PhV *newest = &c->x[f + (uint32_t)taps - 1];
    const PhV peak = taps == TAPS_4 ? peak_of_4(newest) : peak_of_2(newest), level = ph_max(peak, ph_swap(peak));
    const PhVi over = level > c->ceiling[f];
    if (ph_any(over)) {
      c->gain[f] = ph_select(over, c->ceiling[f] / ph_max(level, ph_splat(1e-20f)), ph_splat(1.0f));
    }
  }
}

/* From each place of a block that is full, the least value to its end. */
PH_INLINE void end_block(const Stage *s, size_t lanes)
{
  float *place = s->window + (s->frames - 1) * lanes;
  PhV least = ph_load(place);
  while (place != s->window) {
    place -= lanes;
    least = ph_min(least, ph_load(place));
    ph_store(place, least);
  }
}

/* The least of the last `frames` gains, where all lanes are at one place of their blocks and a block lies behind them. */
PH_INLINE void slide(Stage *s, Frames *c, size_t lanes, uint32_t frames)
{
  uint32_t at = s->at[0];
  PhV least = s->least;
  for (uint32_t f = 0; f < frames; f++) {
    const PhV x = c->gain[f];
    float *place = s->window + at * lanes;
    least = at ? ph_min(least, x) : x;
    ph_store(place, x);
    if (++at < s->frames) {
      c->gain[f] = ph_min(least, ph_load(place + lanes));
    } else {
      c->gain[f] = least;
      end_block(s, lanes);
      at = 0;
    }
  }
  s->at = ph_splat_u(at);
  s->least = least;
}

/* The same for lanes at places of their own, one of them after another. What was before their beginning is 1. */
PH_INLINE void slide_lanes(Stage *s, Frames *c, size_t lanes, PhVu age, uint32_t frames)
{
  for (uint32_t lane = 0; lane < PH_W; lane++) {
    float *window = s->window + lane, least = s->least[lane];
    uint32_t at = s->at[lane];
    for (uint32_t f = 0; f < frames; f++) {
      const float x = c->gain[f][lane];
      least = at && least < x ? least : x;
      window[at * lanes] = x;
      float kept = 1.0f;
      if (++at == s->frames) {
        for (at--; at > 0; at--) {
          const float next = window[at * lanes];
          window[(at - 1) * lanes] = next < window[(at - 1) * lanes] ? next : window[(at - 1) * lanes];
        }
      } else if (age[lane] + f >= s->frames) {
        kept = window[at * lanes];
      }
      c->gain[f][lane] = least < kept ? least : kept;
    }
    s->at[lane] = at;
    s->least[lane] = least;
  }
}

/* What stood in the line `back` frames ago. `even`: all lanes are of one age, and older than that. */
PH_INLINE PhV tap(const PhLine *line, PhVu age, uint32_t back, const bool even)
{
  return even ? ph_line_frame(line, age[0] - back) : ph_tap(line, age, ph_splat_u(back));
}

PH_INLINE void put(const PhLine *line, PhVu age, PhV x, const bool even)
{
  if (even) {
    ph_line_put(line, age[0], x);
  } else {
    ph_line_write(line, age, x);
  }
}

/* The frames come out look + taps - 2 frames later, turned down. The mean is in whole numbers, which do not drift, and of gains
   rounded down: a mean of values that are all low enough is low enough. */
PH_INLINE void limit(Stage *s, Frames *c, const int taps, const bool even, size_t lanes, PhVu age, uint32_t frames)
{
  const float share = 1.0f / ((float)s->look * GAIN_ONE);
  needed_gains(c, taps, frames);
  if (even) {
    slide(s, c, lanes, frames);
  } else {
    slide_lanes(s, c, lanes, age, frames);
  }
  PhV below = s->below;
  PhVi sum = s->sum;
  for (uint32_t f = 0; f < frames; f++, age += 1) {
    below = ph_max(ph_flush(below - c->up[f] * below), 1.0f - c->gain[f]);
    const PhVi missing = (int32_t)GAIN_ONE - ph_to_int((1.0f - below) * GAIN_ONE);
    sum += missing - (PhVi)tap(&s->mean, age, s->look, even);
    put(&s->mean, age, (PhV)missing, even);
    const PhV late = tap(&s->signal, age, s->look + (uint32_t)taps - 2, even);
    PhV *x = &c->x[f + (uint32_t)taps - 1];
    put(&s->signal, age, *x, even);
    c->gain[f] = ph_flush(late * (1.0f - ph_to_float(sum) * share));
  }
  s->below = below;
  s->sum = sum;
}

PH_INLINE Stage load_stage(const PhIo *io, uint32_t g, uint32_t number, const Looks *made)
{
  const uint32_t at = number * STAGE_FLOATS;
  Stage s = { .look = made->frames[number],
              .frames = made->frames[number] + made->taps - 1,
              .at = ph_state_u(io, at + OF_AT, g),
              .least = ph_state(io, at + OF_LEAST, g),
              .below = ph_state(io, at + OF_BELOW, g),
              .sum = (PhVi)ph_state_u(io, at + OF_SUM, g) };
  const uint32_t ring = ring_frames(s.look);
  const size_t floats = (size_t)ring * io->lanes;
  float *memory = io->line + (number ? (size_t)ring_frames(made->frames[0]) * RINGS * io->lanes : 0);
  s.signal = ph_line(memory, ring, io->lanes, g);
  s.mean = ph_line(memory + floats, ring, io->lanes, g);
  s.window = memory + 2 * floats + g;
  return s;
}

PH_INLINE void store_stage(const PhIo *io, uint32_t g, uint32_t number, const Stage *s)
{
  const uint32_t at = number * STAGE_FLOATS;
  ph_state_set_u(io, at + OF_AT, g, s->at);
  ph_state_set(io, at + OF_LEAST, g, s->least);
  ph_state_set(io, at + OF_BELOW, g, s->below);
  ph_state_set_u(io, at + OF_SUM, g, (PhVu)s->sum);
}

/* The frames before the first one are the state's, those before the next call's first one become it. */
PH_INLINE void load_history(const PhIo *io, uint32_t g, uint32_t number, const int taps, Frames *c)
{
  for (uint32_t k = 0; k + 1 < (uint32_t)taps; k++) {
    c->x[k] = ph_state(io, number * STAGE_FLOATS + OF_HISTORY + k, g);
  }
}

PH_INLINE void store_history(const PhIo *io, uint32_t g, uint32_t number, const int taps, const Frames *c)
{
  for (uint32_t k = 0; k + 1 < (uint32_t)taps; k++) {
    ph_state_set(io, number * STAGE_FLOATS + OF_HISTORY + k, g, c->x[io->frames + k]);
  }
}

PH_INLINE void run_stage(const PhIo *io, uint32_t g, uint32_t number, const int taps, PhVu age, Frames *c)
{
  Stage s = load_stage(io, g, number, io->data);
  load_history(io, g, number, taps, c);
  if (ph_line_even(age, s.frames) && ph_uniform(s.at)) {
    limit(&s, c, taps, true, io->lanes, age, io->frames);
  } else {
    limit(&s, c, taps, false, io->lanes, age, io->frames);
  }
  store_history(io, g, number, taps, c);
  store_stage(io, g, number, &s);
}

PH_INLINE void run(const PhIo *io, const int taps)
{
  PH_GROUPS(io, g)
  {
    Frames c;
    const PhVu age = ph_state_u(io, AGE, g);
    PhPole up = ph_pole(io, RELEASE, g);
    PhV ceiling = ph_db_ratio(ph_in(io, THRESHOLD, 0, g));
    for (uint32_t f = 0; f < io->frames; f++) {
      if (f && io->step[THRESHOLD]) {
        ceiling = ph_db_ratio(ph_in(io, THRESHOLD, f, g));
      }
      c.ceiling[f] = ceiling * KEPT_FREE;
      c.up[f] = ph_pole_at(&up, f);
      c.x[f + (uint32_t)taps - 1] = ph_in(io, IN, f, g);
    }
    run_stage(io, g, 0, taps, age, &c);
    for (uint32_t f = 0; f < io->frames; f++) {
      c.x[f + (uint32_t)taps - 1] = c.gain[f];
    }
    run_stage(io, g, 1, taps, age, &c);
    ceiling = ph_db_ratio(ph_in(io, THRESHOLD, 0, g));
    for (uint32_t f = 0; f < io->frames; f++) {
      if (f && io->step[THRESHOLD]) {
        ceiling = ph_db_ratio(ph_in(io, THRESHOLD, f, g));
      }
      ph_out(io, f, g, ph_max(ph_min(c.gain[f], ceiling), -ceiling));
    }
    ph_state_set_u(io, AGE, g, age + io->frames);
  }
}

static void limiter(const PhIo *io)
{
  if (((const Looks *)io->data)->taps == TAPS_4) {
    run(io, TAPS_4);
  } else {
    run(io, TAPS_2);
  }
}

static const PhParam limiter_params[] = { PH_P_IN,
                                          PH_P("threshold_db", "sig", -1, -48, 24, "dB", PH_SCALE_LIN,
                                               "the ceiling (dBTP), never exceeded, between the samples neither"),
                                          { "attack", "sig", .005, .0005, MOST_LOOK_SEC, "s", PH_PARAM_OPTIONAL | PH_PARAM_ONCE, PH_SCALE_LOG,
                                            "look-ahead: the output is late by it, by 64 frames at least; constant: of one that moves the greatest value counts" },
                                          PH_P("release", "sig", .05, 0, 10, "s", PH_SCALE_LOG,
                                               "time constant of the way back") };

static const PhUnit units[] = {
  PH_ROW("limiter", "", "dynamics", "Look-ahead limiter of true peaks (dBTP): late by `attack`.",
         "s \"bd*4\" # limiter -3", limiter_params, .process = limiter, .state_floats = STATES,
         .line_frames = line_frames, .prepare = prepare, .data_bytes = sizeof(Looks), .tail_sec = tail_sec,
         .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
};

PH_EXPORT_TABLE(limiter);
