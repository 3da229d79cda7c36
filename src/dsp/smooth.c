/* Smoothing: lag and slide for what jumps, the median for what has outliers.  SPDX-License-Identifier: MIT */
#include "dsp/smooth.h"

/* ---- lag: exponential ---- */

#define LAG_NEPERS 6.90775528f /* 60 dB */

enum { LAG_VALUE, LAG_REST, LAG_STARTED, LAG_STATES };

/* in, time. The first value is there at once. */
static void lag(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor in = ph_cursor(io, 0, g), time = ph_cursor(io, 1, g);
    PhV y = ph_state(io, LAG_VALUE, g), rest = ph_state(io, LAG_REST, g), started = ph_state(io, LAG_STARTED, g);
    PhV share = ph_pace(io, ph_peek(&time), LAG_NEPERS);
    PH_FRAMES(io, g, out)
    {
      if (io->step[1]) {
        share = ph_pace(io, ph_next(&time), LAG_NEPERS);
      }
      const PhV x = ph_next(&in);
      y = ph_select(started == 0.0f, x, y);
      started = ph_splat(1.0f);
      ph_store(out, ph_approach(share, x, &y, &rest));
    }
    ph_state_set(io, LAG_VALUE, g, y);
    ph_state_set(io, LAG_REST, g, rest);
    ph_state_set(io, LAG_STARTED, g, started);
  }
}

/* ---- slide: a straight line to each new value, of a given time ---- */

enum { SLIDE_TARGET, SLIDE_STEP, SLIDE_LEFT, SLIDE_STARTED, SLIDE_STATES };

/* in, time. The value is target - step·left, so nothing adds up, and it is the target itself when no frame is left. */
static void slide(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor in = ph_cursor(io, 0, g), time = ph_cursor(io, 1, g);
    PhV target = ph_state(io, SLIDE_TARGET, g), step = ph_state(io, SLIDE_STEP, g), left = ph_state(io, SLIDE_LEFT, g),
        started = ph_state(io, SLIDE_STARTED, g);
    PH_FRAMES(io, g, out)
    {
      const PhV x = ph_next(&in), frames = ph_max(ph_floor(ph_next(&time) * io->sample_rate + 0.5f), ph_splat(1.0f));
      const PhVi first = started == 0.0f, fresh = ~first & (x != target);
      const PhV y = target - step * left;
      step = ph_select(fresh, (x - y) / frames, step);
      left = ph_select(fresh, frames, left);
      target = ph_select(first | fresh, x, target);
      left = ph_max(left - 1.0f, ph_splat(0.0f));
      started = ph_splat(1.0f);
      ph_store(out, ph_finite(target - step * left));
    }
    ph_state_set(io, SLIDE_TARGET, g, target);
    ph_state_set(io, SLIDE_STEP, g, step);
    ph_state_set(io, SLIDE_LEFT, g, left);
    ph_state_set(io, SLIDE_STARTED, g, started);
  }
}

static double time_tail(const PhUnitSetup *setup) { return setup->most[1]; }

/* ---- median of up to nine frames ---- */

enum { MEDIAN_MOST = 9, MEDIAN_STATES = MEDIAN_MOST - 1 };

PH_INLINE void exchange(PhV *a, PhV *b)
{
  const PhV least = ph_min(*a, *b), most = ph_max(*a, *b);
  *a = least;
  *b = most;
}

/* The middle one of nine by 19 exchanges (Paeth, Median Finding on a 3x3 Grid, 1990; Smith's network, 1996). */
PH_INLINE PhV middle_of_nine(PhV *p)
{
  exchange(&p[1], &p[2]);
  exchange(&p[4], &p[5]);
  exchange(&p[7], &p[8]);
  exchange(&p[0], &p[1]);
  exchange(&p[3], &p[4]);
  exchange(&p[6], &p[7]);
  exchange(&p[1], &p[2]);
  exchange(&p[4], &p[5]);
  exchange(&p[7], &p[8]);
  exchange(&p[0], &p[3]);
  exchange(&p[5], &p[8]);
  exchange(&p[4], &p[7]);
  exchange(&p[3], &p[6]);
  exchange(&p[1], &p[4]);
  exchange(&p[2], &p[5]);
  exchange(&p[4], &p[7]);
  exchange(&p[4], &p[2]);
  exchange(&p[6], &p[4]);
  exchange(&p[4], &p[2]);
  return p[4];
}

/* in, frames. Fewer than nine are filled up with values beyond every other one, as many below as above. */
static void median(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor in = ph_cursor(io, 0, g), frames = ph_cursor(io, 1, g);
    PhV past[MEDIAN_MOST];
    for (uint32_t i = 0; i < MEDIAN_STATES; i++) {
      past[i + 1] = ph_state(io, i, g);
    }
    PH_FRAMES(io, g, out)
    {
      PhV p[MEDIAN_MOST];
      const PhV n = ph_floor(ph_next(&frames) * 0.5f + 0.5f) * 2.0f - 1.0f; /* odd: 1, 3, 5, 7, 9 */
      past[0] = ph_next(&in);
      for (uint32_t i = 0; i < MEDIAN_MOST; i++) {
        p[i] = ph_select(n > (float)i, past[i], ph_splat(i & 1 ? -3e38f : 3e38f));
      }
      for (uint32_t i = MEDIAN_STATES; i > 0; i--) {
        past[i] = past[i - 1];
      }
      ph_store(out, middle_of_nine(p));
    }
    for (uint32_t i = 0; i < MEDIAN_STATES; i++) {
      ph_state_set(io, i, g, past[i + 1]);
    }
  }
}

/* ---- rows ------------------------------------------------------------------------------------------------------ */

static const PhParam lag_params[] = {
  PH_P_IN_KEPT,
  PH_P("time", "sig", 0.1, 0, 60, "s", PH_SCALE_LOG, "after this a thousandth of a jump (-60 dB) is left"),
};
static const PhParam slide_params[] = {
  PH_P_IN_KEPT,
  PH_P("time", "sig", 0.1, 0, 60, "s", PH_SCALE_LOG, "how long the way to a new value takes"),
};
static const PhParam median_params[] = {
  PH_P_IN_KEPT,
  PH_P("frames", "sig", 3, 1, MEDIAN_MOST, "frames", PH_SCALE_INT,
       "how many are looked at; even numbers count as one less"),
};

static const PhUnit units[] = {
  PH_ROW("lag", "slew", "filter", "Smooths jumps exponentially: fast at first, then ever slower.",
         "saw (\"55 110\" # lag 0.1)", lag_params, .process = lag, .state_floats = LAG_STATES, .tail_sec = time_tail,
         .flags = PH_UNIT_PROCESSOR),
  PH_ROW("slide", "", "filter", "Goes to each new value in a straight line of a given time, as a glide between notes.",
         "saw (\"55 110\" # slide 0.1)", slide_params, .process = slide, .state_floats = SLIDE_STATES,
         .tail_sec = time_tail, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("median", "", "filter", "The median of the last few frames: takes away single clicks, leaves edges.",
         "dust 20 + saw 110 # median 3", median_params, .process = median, .state_floats = MEDIAN_STATES,
         .flags = PH_UNIT_PROCESSOR),
};

PH_EXPORT_TABLE(smooth);
