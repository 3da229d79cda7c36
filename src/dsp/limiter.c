/* The limiter: look-ahead, true peak. Two passes of the same stage: the level between the samples is that of the signal
   interpolated to 176 kHz or more (ITU-R BS.1770-4, Annex 2: four times, from 96 kHz on twice), the gain that a peak needs is
   held over all frames that the interpolation of the peak reads, and smoothed by a mean over the look-ahead. A gain that moves
   moves the levels between the samples by a little: the second stage, whose gains are all near 1, takes off what the first one
   left, and what the second leaves is below 0.02 dB, which is kept free.  SPDX-License-Identifier: MIT */
#include "dsp/follow.h"

enum { IN, THRESHOLD, LOOK, RELEASE };
enum { TAPS_4 = 12, TAPS_2 = 24, WINDOWS = 14, RINGS = WINDOWS + 3, STAGES = 2 };
enum { LEAST_LOOK = 64, LEAST_SECOND = 12 }; /* frames */
enum { OF_BELOW, OF_SUM, OF_HISTORY, STAGE_FLOATS = OF_HISTORY + TAPS_2, AGE = STAGES * STAGE_FLOATS, STATES };
#define GAIN_ONE 65536.0f
#define MOST_LOOK_SEC 0.05
#define KEPT_FREE 0.998f
#define TWICE_FROM_HZ 96000.0

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

/* For the means, the delays and the windows of a stage. */
static uint32_t ring_frames(uint32_t look) { return ph_pow2_above(look + TAPS_2 + 4); }

/* Per stage: the signal, a ring for every doubling of the window, the window's minimum, the mean. */
static size_t line_frames(const PhUnitSetup *setup)
{
  const Looks made = looks(setup);
  return (size_t)(ring_frames(made.frames[0]) + ring_frames(made.frames[1])) * RINGS;
}

static double tail_sec(const PhUnitSetup *setup) { return look_frames(setup) / setup->sample_rate; }

/* The greatest magnitude at and between the middle samples of the last 12, at quarters of a frame. The interpolators are sincs
   under a Hann window of 49 taps. The outer phases mirror each other, so they are made from sums and differences of taps that
   lie opposite; |p| + |q| is the greater of |p + q| and |p - q|. */
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
    const PhV sum = x[k] + x[TAPS_4 - 1 - k], difference = x[k] - x[TAPS_4 - 1 - k];
    p += even[k] * sum;
    q += odd[k] * difference;
    half += middle[k] * sum;
  }
  return ph_max(ph_max(ph_abs(x[TAPS_4 / 2]), ph_abs(half)), ph_abs(p) + ph_abs(q));
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
    half += middle[k] * (x[k] + x[TAPS_2 - 1 - k]);
  }
  return ph_max(ph_abs(x[TAPS_2 / 2]), ph_abs(half));
}

/* What was written `back` frames ago, 1 before the beginning. */
PH_INLINE PhV gain_tap(const PhLine *line, PhVu age, uint32_t back)
{
  return ph_select((PhVi)(age >= back), ph_tap(line, age, ph_splat_u(back)), ph_splat(1.0f));
}

typedef struct Stage {
  PhLine windows[WINDOWS + 1], signal, mean;
  uint32_t look;
  PhV history[TAPS_2]; /* newest first */
  PhV below;           /* 1 - the gain before the mean, so that zero is the beginning */
  PhVi sum;            /* of what is missing from 1 in the mean, in 1 / GAIN_ONE */
} Stage;

/* The least of the last `frames` values of the series, by windows of 1, 2, 4 … */
PH_INLINE PhV sliding_min(const Stage *s, PhVu age, uint32_t frames, PhV x)
{
  uint32_t i = 0, window = 1;
  for (; window * 2 <= frames && i < WINDOWS; i++, window *= 2) {
    ph_line_write(&s->windows[i], age, x);
    x = ph_min(x, gain_tap(&s->windows[i], age, window));
  }
  ph_line_write(&s->windows[WINDOWS], age, x);
  return window < frames ? ph_min(x, gain_tap(&s->windows[WINDOWS], age, frames - window)) : x;
}

/* One frame: x from look + taps - 2 frames ago, turned down. The mean is in whole numbers, which do not drift, and of gains
   rounded down: a mean of values that are all low enough is low enough. */
PH_INLINE PhV limit(Stage *s, const int taps, PhVu age, PhV x, PhV ceiling, PhV up)
{
#pragma GCC unroll 24
  for (int k = taps - 1; k > 0; k--) {
    s->history[k] = s->history[k - 1];
  }
  s->history[0] = x;
  const PhV peak = taps == TAPS_4 ? peak_of_4(s->history) : peak_of_2(s->history), most = ph_max(peak, ph_swap(peak));
  const PhV needed = ph_select(most > ceiling, ceiling / ph_max(most, ph_splat(1e-20f)), ph_splat(1.0f));
  const PhV least = sliding_min(s, age, s->look + (uint32_t)taps - 1, needed);
  s->below = ph_max(ph_flush(s->below - up * s->below), 1.0f - least);
  const PhV missing = ph_clamp(GAIN_ONE - ph_floor((1.0f - s->below) * GAIN_ONE), 0.0f, GAIN_ONE);
  const PhV oldest = ph_tap(&s->mean, age, ph_splat_u(s->look));
  ph_line_write(&s->mean, age, missing);
  s->sum += ph_to_int(missing) - ph_to_int(oldest);
  const PhV gain = 1.0f - ph_to_float(s->sum) / ((float)s->look * GAIN_ONE);
  const PhV late = ph_tap(&s->signal, age, ph_splat_u(s->look + (uint32_t)taps - 2));
  ph_line_write(&s->signal, age, x);
  return ph_flush(late * gain);
}

PH_INLINE Stage load_stage(const PhIo *io, uint32_t g, uint32_t number, const Looks *made)
{
  const uint32_t at = number * STAGE_FLOATS;
  Stage s = { .look = made->frames[number],
              .below = ph_state(io, at + OF_BELOW, g),
              .sum = (PhVi)ph_state_u(io, at + OF_SUM, g) };
  const uint32_t ring = ring_frames(s.look);
  float *memory = io->line + (number ? (size_t)ring_frames(made->frames[0]) * RINGS * io->lanes : 0);
  for (uint32_t i = 0; i < RINGS; i++, memory += (size_t)ring * io->lanes) {
    const PhLine line = ph_line(memory, ring, io->lanes, g);
    *(i <= WINDOWS ? &s.windows[i] : i == WINDOWS + 1 ? &s.signal : &s.mean) = line;
  }
  for (uint32_t k = 0; k < made->taps; k++) {
    s.history[k] = ph_state(io, at + OF_HISTORY + k, g);
  }
  return s;
}

PH_INLINE void store_stage(const PhIo *io, uint32_t g, uint32_t number, const Looks *made, const Stage *s)
{
  const uint32_t at = number * STAGE_FLOATS;
  ph_state_set(io, at + OF_BELOW, g, s->below);
  ph_state_set_u(io, at + OF_SUM, g, (PhVu)s->sum);
  for (uint32_t k = 0; k < made->taps; k++) {
    ph_state_set(io, at + OF_HISTORY + k, g, s->history[k]);
  }
}

PH_INLINE void run(const PhIo *io, const int taps)
{
  PH_GROUPS(io, g)
  {
    Stage first = load_stage(io, g, 0, io->data), second = load_stage(io, g, 1, io->data);
    PhVu age = ph_state_u(io, AGE, g);
    PhPole up = ph_pole(io, RELEASE, g);
    PhV ceiling = ph_db_ratio(ph_in(io, THRESHOLD, 0, g));
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      if (f && io->step[THRESHOLD]) {
        ceiling = ph_db_ratio(ph_in(io, THRESHOLD, f, g));
      }
      const PhV share = ph_pole_at(&up, f), target = ceiling * KEPT_FREE;
      const PhV y =
          limit(&second, taps, age, limit(&first, taps, age, ph_in(io, IN, f, g), target, share), target, share);
      ph_out(io, f, g, ph_max(ph_min(y, ceiling), -ceiling));
    }
    store_stage(io, g, 0, io->data, &first);
    store_stage(io, g, 1, io->data, &second);
    ph_state_set_u(io, AGE, g, age);
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
                                          PH_P("attack", "sig", .005, .0005, MOST_LOOK_SEC, "s", PH_SCALE_LOG,
                                               "look-ahead: the output is late by it, by 64 frames at least; constant"),
                                          PH_P("release", "sig", .05, 0, 10, "s", PH_SCALE_LOG,
                                               "time constant of the way back") };

static const PhUnit units[] = {
  PH_ROW("limiter", "", "dynamics", "Look-ahead limiter of true peaks (dBTP): late by `attack`.",
         "s \"bd*4\" # limiter -3", limiter_params, .process = limiter, .state_floats = STATES,
         .line_frames = line_frames, .prepare = prepare, .data_bytes = sizeof(Looks), .tail_sec = tail_sec,
         .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
};

PH_EXPORT_TABLE(limiter);
