/* Dynamics: compressors, gate, expander, ducker, transient shaper; the limiter is in limiter.c. Both sides of a pair are ruled by
   the louder one, so the image stands still. Static curves and smoothing in decibels after Giannoulis, Massberg & Reiss (2012).
   SPDX-License-Identifier: MIT */
#include "dsp/follow.h"

PH_INLINE PhV level_db(PhV level) { return ph_ratio_db(ph_max(level, ph_splat(1e-9f))); }

/* Decibels of gain (<= 0) of a compressor: the knee is a parabola of width `knee` round the threshold. */
PH_INLINE PhV compressor_curve(PhV db, PhV threshold, PhV slope, PhV knee, PhV inverse_knee)
{
  const PhV over = db - threshold, bend = over + 0.5f * knee;
  const PhV above = ph_select(ph_abs(over) * 2.0f <= knee, slope * bend * bend * inverse_knee, slope * over);
  return ph_keep(bend > 0.0f, above);
}

/* Downward expansion: `ratio` times the distance below the threshold, at most `range` decibels. */
PH_INLINE PhV expander_curve(PhV db, PhV threshold, PhV ratio, PhV range)
{
  const PhV under = ph_min(db - threshold, ph_splat(0.0f));
  return ph_max(under * (ratio - 1.0f), -range);
}

/* What a level asks for, without the zeros of a wave: the most of what was asked for stands for a while, which bridges half a wave of 50 Hz, then
   falls back. The time to 1 - 1/e of the way back, the while included, is the release; shorter releases have half of themselves as the while. */
typedef struct Peak {
  PhPole release; /* input and share */
  PhV most;       /* what is asked for: decibels that grow with the level */
  PhV left;       /* frames for which it stands yet */
  PhV hold;
} Peak;

#define PEAK_HOLD_SEC 0.01f

PH_INLINE void peak_times(Peak *peak, uint32_t f)
{
  const PhIo *io = peak->release.io;
  const PhV sec = ph_in(io, peak->release.input, f, peak->release.group);
  peak->hold = ph_floor(ph_min(sec * 0.5f, ph_splat(PEAK_HOLD_SEC)) * io->sample_rate);
  peak->release.share = ph_one_pole(io, sec - peak->hold * io->inv_sample_rate);
}

PH_INLINE Peak peak_begin(const PhIo *io, uint32_t release, uint32_t group, uint32_t first_state)
{
  Peak peak = { .release = { .io = io, .input = release, .group = group },
                .most = ph_state(io, first_state, group),
                .left = ph_state(io, first_state + 1, group) };
  peak_times(&peak, 0);
  return peak;
}

PH_INLINE void peak_end(const Peak *peak, uint32_t first_state)
{
  ph_state_set(peak->release.io, first_state, peak->release.group, peak->most);
  ph_state_set(peak->release.io, first_state + 1, peak->release.group, peak->left);
}

PH_INLINE PhV peak_of(Peak *peak, PhV asked, uint32_t f)
{
  if (f && peak->release.io->step[peak->release.input]) {
    peak_times(peak, f);
  }
  const PhVi more = asked >= peak->most, stands = peak->left > 0.0f;
  const PhV back = ph_flush(peak->most + peak->release.share * (asked - peak->most));
  peak->most = ph_select(more, asked, ph_select(stands, peak->most, back));
  peak->left = ph_select(more, peak->hold, ph_max(peak->left - 1.0f, ph_splat(0.0f)));
  return peak->most;
}

/* Follows a peak: up in the attack's time, down at once, for the peak has the release in it. */
PH_INLINE PhV follow(PhV now, PhV peak, PhV attack)
{
  return ph_select(peak > now, ph_flush(now + attack * (peak - now)), peak);
}

/* Inputs: in, [sidechain,] threshold, ratio, attack, release, makeup, knee. The level needs no logarithm where it is surely below
   the knee, the gain no power where it is 1. */
PH_INLINE void compress(const PhIo *io, const uint32_t key, const uint32_t first)
{
  enum { THRESHOLD_AT, RATIO_AT, ATTACK_AT, RELEASE_AT, MAKEUP_AT, KNEE_AT };
  const bool moves = io->step[first + THRESHOLD_AT] || io->step[first + KNEE_AT];
  PH_GROUPS(io, g)
  {
    PhV less = ph_state(io, 0, g), slope = { 0 }, inverse_knee = { 0 }; /* decibels that are taken away */
    PhPole attack = ph_pole(io, first + ATTACK_AT, g);
    Peak peak = peak_begin(io, first + RELEASE_AT, g, 1);
    const PhV bottom = ph_in(io, first + THRESHOLD_AT, 0, g) - 0.5f * ph_in(io, first + KNEE_AT, 0, g);
    const PhV below = moves ? ph_splat(-1.0f) : ph_db_ratio(bottom) * 0.999f;
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV x = ph_in(io, 0, f, g), level = ph_linked(ph_in(io, key, f, g));
      if (!f || io->step[first + RATIO_AT]) {
        slope = 1.0f / ph_in(io, first + RATIO_AT, f, g) - 1.0f;
      }
      if (!f || io->step[first + KNEE_AT]) {
        inverse_knee = 0.5f / ph_max(ph_in(io, first + KNEE_AT, f, g), ph_splat(5e-7f));
      }
      PhV target = { 0 };
      if (ph_any(level > below)) {
        const PhV threshold = ph_in(io, first + THRESHOLD_AT, f, g), knee = ph_in(io, first + KNEE_AT, f, g);
        target = compressor_curve(level_db(level), threshold, slope, knee, inverse_knee);
      }
      less = follow(less, peak_of(&peak, -target, f), ph_pole_at(&attack, f));
      const PhV db = ph_in(io, first + MAKEUP_AT, f, g) - less;
      ph_out(io, f, g, ph_flush(ph_any(db != 0.0f) ? x * ph_db_ratio(db) : x));
    }
    ph_state_set(io, 0, g, less);
    peak_end(&peak, 1);
  }
}

static void compressor(const PhIo *io) { compress(io, 0, 1); }
static void sidechain_compressor(const PhIo *io) { compress(io, 1, 2); }

/* Inputs: in, threshold, ratio, attack, release, range. The gain starts closed. State: the gain's distance from closed. */
static void expander(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhV open = ph_state(io, 0, g); /* dB above -range */
    PhPole attack = ph_pole(io, 3, g);
    Peak peak = peak_begin(io, 4, g, 1);
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV x = ph_in(io, 0, f, g), range = ph_in(io, 5, f, g);
      const PhV target = expander_curve(level_db(ph_linked(x)), ph_in(io, 1, f, g), ph_in(io, 2, f, g), range) + range;
      open = follow(open, peak_of(&peak, target, f), ph_pole_at(&attack, f));
      ph_out(io, f, g, ph_flush(x * ph_db_ratio(open - range)));
    }
    ph_state_set(io, 0, g, open);
    peak_end(&peak, 1);
  }
}

/* Is the level above the threshold, or was it less than `hold` frames ago? `left` counts what remains of that time. */
PH_INLINE PhVi held_above(PhV level, PhV threshold_db, PhV hold, PhV *left)
{
  const PhVi loud = level_db(level) >= threshold_db;
  *left = ph_select(loud, hold, ph_max(*left - 1.0f, ph_splat(0.0f)));
  return loud | (*left > 0.0f);
}

/* Inputs: in, threshold, attack, hold, release. Opens above the threshold, closes `hold` after it was last exceeded. */
static void gate(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhV gain = ph_state(io, 0, g), left = ph_state(io, 1, g);
    PhPole attack = ph_pole(io, 2, g), release = ph_pole(io, 4, g);
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV x = ph_in(io, 0, f, g);
      const PhVi is_open = held_above(ph_linked(x), ph_in(io, 1, f, g), ph_in(io, 3, f, g) * io->sample_rate, &left);
      const PhV target = ph_keep(is_open, ph_splat(1.0f));
      gain = ph_flush(gain + ph_select(is_open, ph_pole_at(&attack, f), ph_pole_at(&release, f)) * (target - gain));
      ph_out(io, f, g, ph_flush(x * gain));
    }
    ph_state_set(io, 0, g, gain);
    ph_state_set(io, 1, g, left);
  }
}

/* Inputs: in, key, amount, attack, release, threshold. State: how far the level is down, as a share of `amount`, and the hold,
   which bridges the zeros of a key of 25 Hz and more. */
static void duck(const PhIo *io)
{
  const float hold = 0.02f * io->sample_rate;
  PH_GROUPS(io, g)
  {
    PhV down = ph_state(io, 0, g), left = ph_state(io, 1, g);
    PhPole attack = ph_pole(io, 3, g), release = ph_pole(io, 4, g);
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV x = ph_in(io, 0, f, g);
      const PhVi sounds = held_above(ph_linked(ph_in(io, 1, f, g)), ph_in(io, 5, f, g), ph_splat(hold), &left);
      const PhV target = ph_keep(sounds, ph_splat(1.0f));
      down = ph_flush(down + ph_select(sounds, ph_pole_at(&attack, f), ph_pole_at(&release, f)) * (target - down));
      ph_out(io, f, g, ph_flush(x * (1.0f - ph_in(io, 2, f, g) * down)));
    }
    ph_state_set(io, 0, g, down);
    ph_state_set(io, 1, g, left);
  }
}

/* ---- transient shaper ----
   A fast follower of the level, and two that follow it: one is late where it rises, one where it falls. Their distances in dB
   are what attack and sustain scale; of a steady tone there is none. */

static void transient_shaper(const PhIo *io)
{
  const PhV fast_rise = ph_one_pole(io, ph_splat(0.001f)), slow_rise = ph_one_pole(io, ph_splat(0.02f));
  const PhV fall = ph_one_pole(io, ph_splat(0.05f)), slow_fall = ph_one_pole(io, ph_splat(0.3f));
  PH_GROUPS(io, g)
  {
    PhV fast = ph_state(io, 0, g), slow = ph_state(io, 1, g), late = ph_state(io, 2, g);
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV x = ph_in(io, 0, f, g), level = ph_linked(x);
      fast = ph_flush(fast + ph_select(level > fast, fast_rise, fall) * (level - fast));
      slow = ph_flush(slow + ph_select(fast > slow, slow_rise, fall) * (fast - slow));
      late = ph_flush(late + ph_select(fast > late, fast_rise, slow_fall) * (fast - late));
      const PhV onset = ph_clamp(level_db(fast) - level_db(slow), 0.0f, 24.0f);
      const PhV body = ph_clamp(level_db(late) - level_db(ph_max(fast, level)), 0.0f, 24.0f); /* none at an onset */
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
#define KEY PH_P_REQ("key", "sig", 0, 0, 0, "", PH_SCALE_LIN, "the signal that is listened to")
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
static const PhParam duck_params[] = { PH_P_IN, KEY, PH_P("amount", "sig", .8, 0, 1, "", PH_SCALE_LIN, "share of the level that is taken away"),
                                       PH_P("attack", "sig", .005, 0, 10, "s", PH_SCALE_LOG, "time constant of the way down"),
                                       PH_P("release", "sig", .2, 0, 10, "s", PH_SCALE_LOG, "time constant of the way back"), THRESHOLD(-40) };
static const PhParam transient_params[] = { PH_P_IN, PH_P("attack", "sig", .5, -2, 2, "", PH_SCALE_LIN, "more or less of what begins"),
                                            PH_P("sustain", "sig", 0, -2, 2, "", PH_SCALE_LIN, "more or less of what goes on") };

static const PhUnit units[] = {
  PH_ROW("compressor", "comp", "dynamics", "Compressor with a soft knee; left and right are ruled by the louder.", "s \"bd*4\" # compressor -20 4 0.01 0.1 6", compressor_params,
         .process = compressor, .state_floats = 3, .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
  PH_ROW("sidechain_compressor", "sc_comp sidechain_comp", "dynamics", "Compressor that listens to another signal: pumping.", "saw 55 # sidechain_compressor (s \"bd*4\") -30 8", sidechain_params,
         .process = sidechain_compressor, .state_floats = 3, .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
  PH_ROW("expander", "expand", "dynamics", "Makes what is quiet quieter.", "s \"hh*8\" # expander -30 3", expander_params,
         .process = expander, .state_floats = 3, .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
  PH_ROW("noisegate", "", "dynamics", "Lets through what is louder than a threshold.", "s \"hh*8\" # noisegate -30", gate_params,
         .process = gate, .state_floats = 2, .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
  PH_ROW("duck", "ducker", "dynamics", "Turns the input down while another signal sounds (above the threshold), and up again after it.", "saw 55 # duck (s \"bd*4\") 0.9 0.005 0.2", duck_params,
         .process = duck, .state_floats = 2, .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
  PH_ROW("transient_shaper", "tshaper", "dynamics", "More or less attack and sustain, whatever the level.", "s \"bd*4\" # transient_shaper 1 -0.5", transient_params,
         .process = transient_shaper, .state_floats = 3, .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
};

PH_EXPORT_TABLE(dynamics);
