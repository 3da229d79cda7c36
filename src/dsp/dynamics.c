/* Dynamics: compressors, limiter, gate, expander, transient shaper. Both sides of a pair are ruled by the louder one, so the
   image stands still. Static curves and smoothing in decibels after Giannoulis, Massberg & Reiss (2012).
   SPDX-License-Identifier: MIT */
#include "dsp/line.h"

/* The louder of left and right. */
PH_INLINE PhV linked(PhV x)
{
  const PhV a = ph_abs(x);
  return ph_max(a, ph_swap(a));
}

/* The share of the way that one pole goes per frame so that it has gone 1 - 1/e after `sec`. */
PH_INLINE PhV one_pole(const PhIo *io, PhV sec)
{
  return 1.0f - ph_exp(-1.0f / ph_max(sec * io->sample_rate, ph_splat(0.3f)));
}

PH_INLINE PhV level_db(PhV level) { return ph_ratio_db(ph_max(level, ph_splat(1e-9f))); }

/* Decibels of gain (<= 0) of a compressor: the knee is a parabola of width `knee` round the threshold. */
PH_INLINE PhV compressor_curve(PhV db, PhV threshold, PhV ratio, PhV knee)
{
  const PhV slope = 1.0f / ratio - 1.0f, over = db - threshold;
  const PhV bend = over + 0.5f * knee;
  const PhV in_knee = slope * bend * bend / ph_max(2.0f * knee, ph_splat(1e-6f));
  const PhV above = ph_select(ph_abs(over) * 2.0f <= knee, in_knee, slope * over);
  return ph_keep(bend > 0.0f, above);
}

/* Downward expansion: `ratio` times the distance below the threshold, at most `range` decibels. */
PH_INLINE PhV expander_curve(PhV db, PhV threshold, PhV ratio, PhV range)
{
  const PhV under = ph_min(db - threshold, ph_splat(0.0f));
  return ph_max(under * (ratio - 1.0f), -range);
}

/* Gain in dB that follows `target`: towards less gain by `down`, back by `up`. */
PH_INLINE PhV follow(PhV gain, PhV target, PhV down, PhV up)
{
  return ph_flush(gain + ph_select(target < gain, down, up) * (target - gain));
}

/* Inputs: in, [sidechain,] threshold, ratio, attack, release, makeup, knee. */
#define COMPRESSOR(name, key, first)                                                                                   \
  static void name(const PhIo *io)                                                                                     \
  {                                                                                                                    \
    PH_GROUPS(io, g)                                                                                                   \
    {                                                                                                                  \
      PhV gain = ph_state(io, 0, g);                                                                                   \
      PhV down = one_pole(io, ph_in(io, (first) + 2, 0, g)), up = one_pole(io, ph_in(io, (first) + 3, 0, g));          \
      const bool moving = io->step[(first) + 2] || io->step[(first) + 3];                                              \
      for (uint32_t f = 0; f < io->frames; f++) {                                                                      \
        if (moving) {                                                                                                  \
          down = one_pole(io, ph_in(io, (first) + 2, f, g));                                                           \
          up = one_pole(io, ph_in(io, (first) + 3, f, g));                                                             \
        }                                                                                                              \
        const PhV x = ph_in(io, 0, f, g), level = level_db(linked(ph_in(io, key, f, g)));                              \
        const PhV target = compressor_curve(level, ph_in(io, first, f, g), ph_in(io, (first) + 1, f, g),               \
                                            ph_in(io, (first) + 5, f, g));                                             \
        gain = follow(gain, target, down, up);                                                                         \
        ph_out(io, f, g, ph_flush(x * ph_db_ratio(gain + ph_in(io, (first) + 4, f, g))));                              \
      }                                                                                                                \
      ph_state_set(io, 0, g, gain);                                                                                    \
    }                                                                                                                  \
  }

COMPRESSOR(compressor, 0, 1)
COMPRESSOR(sidechain_compressor, 1, 2)

/* Inputs: in, threshold, ratio, attack, release, range. The gain starts closed. State: the gain's distance from closed. */
static void expander(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhV open = ph_state(io, 0, g); /* dB above -range */
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV x = ph_in(io, 0, f, g), range = ph_in(io, 5, f, g);
      const PhV target = expander_curve(level_db(linked(x)), ph_in(io, 1, f, g), ph_in(io, 2, f, g), range) + range;
      const PhV rise = one_pole(io, ph_in(io, 3, f, g)), fall = one_pole(io, ph_in(io, 4, f, g));
      open = follow(open, target, fall, rise);
      ph_out(io, f, g, ph_flush(x * ph_db_ratio(open - range)));
    }
    ph_state_set(io, 0, g, open);
  }
}

/* Inputs: in, threshold, attack, hold, release. Opens above the threshold, closes `hold` after it was last exceeded. */
static void gate(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhV gain = ph_state(io, 0, g), left = ph_state(io, 1, g);
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV x = ph_in(io, 0, f, g);
      const PhVi loud = level_db(linked(x)) >= ph_in(io, 1, f, g);
      left = ph_select(loud, ph_in(io, 3, f, g) * io->sample_rate, ph_max(left - 1.0f, ph_splat(0.0f)));
      const PhVi is_open = loud | (left > 0.0f);
      const PhV target = ph_keep(is_open, ph_splat(1.0f));
      const PhV speed = one_pole(io, ph_select(is_open, ph_in(io, 2, f, g), ph_in(io, 4, f, g)));
      gain = ph_flush(gain + speed * (target - gain));
      ph_out(io, f, g, ph_flush(x * gain));
    }
    ph_state_set(io, 0, g, gain);
    ph_state_set(io, 1, g, left);
  }
}

/* ---- limiter: look-ahead, so that the gain is down before the peak comes ----
   The signal is late by the look-ahead of n frames. The gain that a frame needs is spread over the n frames before it (a sliding
   minimum), then smoothed by a mean over n frames: a mean of values that are all low enough is low enough, so the
   ceiling holds exactly. Minima by doubling windows; the mean by whole numbers, which do not drift. */

enum { LIMITER_IN, LIMITER_THRESHOLD, LIMITER_LOOK, LIMITER_RELEASE };
enum { LIMITER_AGE, LIMITER_GAIN, LIMITER_SUM, LIMITER_STATES, LIMITER_STAGES = 12 };
#define GAIN_ONE 65536.0f

static uint32_t limiter_frames(const PhUnitSetup *setup)
{
  const double frames = setup->most[LIMITER_LOOK] * setup->sample_rate;
  return frames < 2 ? 2 : frames > 4000 ? 4000 : (uint32_t)frames;
}

static PhStatus limiter_prepare(const PhUnitSetup *setup, PhArena *arena, const void **data, const char **error)
{
  (void)error;
  uint32_t *frames = PH_NEW(arena, uint32_t);
  if (!frames) {
    return PH_NOMEM;
  }
  *frames = limiter_frames(setup);
  *data = frames;
  return PH_OK;
}

static uint32_t limiter_ring(uint32_t frames)
{
  uint32_t n = 16;
  while (n < frames + 4) {
    n *= 2;
  }
  return n;
}

/* The signal, a ring for every doubling of the window, the window's minimum, the mean. */
static size_t limiter_line(const PhUnitSetup *setup)
{
  return (size_t)limiter_ring(limiter_frames(setup)) * (LIMITER_STAGES + 3);
}

/* What was written `back` frames ago, 1 before the beginning. */
PH_INLINE PhV gain_tap(const PhLine *line, PhVu age, uint32_t back)
{
  return ph_select((PhVi)(age >= back), ph_tap(line, age, ph_splat_u(back)), ph_splat(1.0f));
}

/* The least of the last `frames` values of the series, by windows of 1, 2, 4 … */
PH_INLINE PhV sliding_min(const PhLine *lines, PhVu age, uint32_t frames, PhV x)
{
  uint32_t stage = 0, window = 1;
  for (; window * 2 <= frames && stage < LIMITER_STAGES; stage++, window *= 2) {
    ph_line_write(&lines[stage], age, x);
    x = ph_min(x, gain_tap(&lines[stage], age, window));
  }
  ph_line_write(&lines[LIMITER_STAGES], age, x);
  return window < frames ? ph_min(x, gain_tap(&lines[LIMITER_STAGES], age, frames - window)) : x;
}

static void limiter(const PhIo *io)
{
  const uint32_t look = *(const uint32_t *)io->data, ring = limiter_ring(look);
  PH_GROUPS(io, g)
  {
    PhLine lines[LIMITER_STAGES + 3];
    for (uint32_t i = 0; i < LIMITER_STAGES + 3; i++) {
      lines[i] = ph_line(io->line + (size_t)i * ring * io->lanes, ring, io->lanes, g);
    }
    const PhLine *signal = &lines[LIMITER_STAGES + 1], *mean = &lines[LIMITER_STAGES + 2];
    PhVu age = ph_state_u(io, LIMITER_AGE, g);
    PhV below = ph_state(io, LIMITER_GAIN, g); /* 1 - the gain, so that zero is the beginning */
    PhVi sum = (PhVi)ph_state_u(io, LIMITER_SUM, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      const PhV x = ph_in(io, LIMITER_IN, f, g), ceiling = ph_db_ratio(ph_in(io, LIMITER_THRESHOLD, f, g));
      const PhV peak = linked(x);
      const PhV needed = ph_select(peak > ceiling, ceiling / ph_max(peak, ph_splat(1e-20f)), ph_splat(1.0f));
      const PhV least = sliding_min(lines, age, look, needed);
      const PhV up = one_pole(io, ph_in(io, LIMITER_RELEASE, f, g));
      below = ph_max(ph_flush(below - up * below), 1.0f - least);
      /* Rounded down: the mean stays low enough. The sum counts what is missing from 1. */
      const PhV share = ph_floor((1.0f - below) * GAIN_ONE);
      const PhV missing = ph_clamp(GAIN_ONE - share, 0.0f, GAIN_ONE);
      const PhV oldest = ph_tap(mean, age, ph_splat_u(look));
      ph_line_write(mean, age, missing);
      sum += ph_to_int(missing) - ph_to_int(oldest);
      const PhV gain = 1.0f - ph_to_float(sum) / ((float)look * GAIN_ONE);
      const PhV late = ph_tap(signal, age, ph_splat_u(look - 1));
      ph_line_write(signal, age, x);
      ph_out(io, f, g, ph_max(ph_min(ph_flush(late * gain), ceiling), -ceiling));
    }
    ph_state_set_u(io, LIMITER_AGE, g, age);
    ph_state_set(io, LIMITER_GAIN, g, below);
    ph_state_set_u(io, LIMITER_SUM, g, (PhVu)sum);
  }
}

static double limiter_tail(const PhUnitSetup *setup) { return setup->most[LIMITER_LOOK]; }

/* ---- transient shaper: a fast and a slow follower; their distance in dB is what attack and sustain scale ---- */

static void transient_shaper(const PhIo *io)
{
  const PhV fast_rise = one_pole(io, ph_splat(0.001f)), slow_rise = one_pole(io, ph_splat(0.02f));
  const PhV fall = one_pole(io, ph_splat(0.05f)), slow_fall = one_pole(io, ph_splat(0.3f));
  PH_GROUPS(io, g)
  {
    PhV fast = ph_state(io, 0, g), slow = ph_state(io, 1, g), late = ph_state(io, 2, g);
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV x = ph_in(io, 0, f, g), level = linked(x);
      fast = ph_flush(fast + ph_select(level > fast, fast_rise, fall) * (level - fast));
      slow = ph_flush(slow + ph_select(level > slow, slow_rise, fall) * (level - slow));
      late = ph_flush(late + ph_select(level > late, fast_rise, slow_fall) * (level - late));
      const PhV onset = ph_clamp(level_db(fast) - level_db(slow), 0.0f, 24.0f);
      const PhV body = ph_clamp(level_db(late) - level_db(fast), 0.0f, 24.0f);
      const PhV db = ph_in(io, 1, f, g) * onset + ph_in(io, 2, f, g) * body;
      ph_out(io, f, g, ph_flush(x * ph_db_ratio(ph_clamp(db, -36.0f, 36.0f))));
    }
    ph_state_set(io, 0, g, fast);
    ph_state_set(io, 1, g, slow);
    ph_state_set(io, 2, g, late);
  }
}

/* ---- the rows ---- */

#define THRESHOLD(d) PH_P("threshold_db", "sig", d, -96, 24, "dB", PH_SCALE_LIN, "level at which it begins to act")
#define RATIO(d) PH_P("ratio", "sig", d, 1, 100, "", PH_SCALE_LOG, "decibels in for one decibel out")
#define ATTACK(d) PH_P("attack", "sig", d, 0, 10, "s", PH_SCALE_LOG, "time constant of less gain")
#define RELEASE(d) PH_P("release", "sig", d, 0, 10, "s", PH_SCALE_LOG, "time constant of the way back")
#define MAKEUP PH_P("makeup_db", "sig", 0, -48, 48, "dB", PH_SCALE_LIN, "gain after it")
#define KNEE PH_P("knee", "sig", 6, 0, 48, "dB", PH_SCALE_LIN, "width of the bend round the threshold")
static const PhParam compressor_params[] = { PH_P_IN, THRESHOLD(-18), RATIO(4), ATTACK(.01), RELEASE(.1), MAKEUP, KNEE };
static const PhParam sidechain_params[] = { PH_P_IN, PH_P_REQ("sidechain", "sig", 0, 0, 0, "", PH_SCALE_LIN, "the signal that is listened to"),
                                            THRESHOLD(-24), RATIO(8), ATTACK(.005), RELEASE(.15), MAKEUP, KNEE };
static const PhParam expander_params[] = { PH_P_IN, THRESHOLD(-40), RATIO(2), ATTACK(.005), RELEASE(.1),
                                           PH_P("range_db", "sig", 40, 0, 96, "dB", PH_SCALE_LIN, "most that it takes away") };
static const PhParam gate_params[] = { PH_P_IN, THRESHOLD(-40), ATTACK(.001), PH_P("hold", "sig", .02, 0, 10, "s", PH_SCALE_LOG, "how long it stays open"),
                                       RELEASE(.05) };
static const PhParam limiter_params[] = { PH_P_IN, PH_P("threshold_db", "sig", -1, -48, 24, "dB", PH_SCALE_LIN, "the ceiling, never exceeded by a sample"),
                                          PH_P("attack", "sig", .005, .0005, .05, "s", PH_SCALE_LOG, "look-ahead: the output is late by it; constant"),
                                          RELEASE(.05) };
static const PhParam transient_params[] = { PH_P_IN, PH_P("attack", "sig", .5, -2, 2, "", PH_SCALE_LIN, "more or less of what begins"),
                                            PH_P("sustain", "sig", 0, -2, 2, "", PH_SCALE_LIN, "more or less of what goes on") };

static const PhUnit units[] = {
  PH_ROW("compressor", "comp", "dynamics", "Compressor with a soft knee; left and right are ruled by the louder.", "s \"bd*4\" # compressor -20 4 0.01 0.1 6", compressor_params,
         .process = compressor, .state_floats = 1, .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
  PH_ROW("sidechain_compressor", "sc_comp sidechain_comp", "dynamics", "Compressor that listens to another signal: pumping.", "saw 55 # sidechain_compressor (s \"bd*4\") -30 8", sidechain_params,
         .process = sidechain_compressor, .state_floats = 1, .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
  PH_ROW("expander", "expand", "dynamics", "Makes what is quiet quieter.", "s \"hh*8\" # expander -30 3", expander_params,
         .process = expander, .state_floats = 1, .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
  PH_ROW("noisegate", "", "dynamics", "Lets through what is louder than a threshold.", "s \"hh*8\" # noisegate -30", gate_params,
         .process = gate, .state_floats = 2, .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
  PH_ROW("limiter", "", "dynamics", "Look-ahead limiter: no sample above the ceiling; late by `attack`.", "s \"bd*4\" # limiter -3", limiter_params,
         .process = limiter, .state_floats = LIMITER_STATES, .line_frames = limiter_line, .prepare = limiter_prepare, .tail_sec = limiter_tail,
         .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
  PH_ROW("transient_shaper", "tshaper", "dynamics", "More or less attack and sustain, whatever the level.", "s \"bd*4\" # transient_shaper 1 -0.5", transient_params,
         .process = transient_shaper, .state_floats = 3, .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
};

PH_EXPORT_TABLE(dynamics);
