/* Level and place. A stereo unit sees left in even lanes and right in odd ones.  SPDX-License-Identifier: MIT */
#include "dsp/line.h"

PH_MAP2(gain, ph_guard(io, x *y))
PH_MAP1(left_only, ph_left(x))
PH_MAP1(right_only, ph_right(x))
PH_MAP1(mono, 0.5f * (x + ph_swap(x)))
/* 0 left, 1 right. */
PH_MAP2(channel, ph_select(y < 0.5f, ph_left(x), ph_right(x)))
PH_MAP2(join, ph_select(ph_right_mask(), ph_right(y), ph_left(x)))

/* Gain of each lane at a position from -1 to 1: equal power, 1 in the middle, so that what stands there is unchanged. */
PH_INLINE PhV pan_gain(PhV position)
{
  const PhV p = ph_select(ph_right_mask(), position, -position) * 0.25f + 0.25f; /* 0 … 1/2 of pi */
  return 1.41421356f * ph_sinpi_half(p);
}

PH_MAP2(pan, ph_guard(io, x *pan_gain(y)))
/* The side that it turns away from falls to nothing, the other one stays. */
PH_MAP2(balance, x *ph_clamp(1.0f + ph_select(ph_right_mask(), y, -y), 0.0f, 1.0f))

PH_INLINE PhV widen(PhV x, PhV width)
{
  const PhV mid = 0.5f * (x + ph_swap(x));
  return mid + (x - mid) * width;
}

PH_MAP2(widener, widen(x, y))
PH_MAP3(midside, ph_guard(io, 0.5f * (x + ph_swap(x)) * y + 0.5f * (x - ph_swap(x)) * z))

/* The image turned by degrees: 90 swaps the sides and turns one over. */
PH_INLINE PhV rotated(PhV x, PhV degrees)
{
  const PhVu turn = ph_turns_u32(degrees * 0.00277777778f);
  const PhV s = ph_sin_u32(turn);
  return x * ph_cos_u32(turn) + ph_swap(x) * ph_select(ph_right_mask(), s, -s);
}

PH_MAP2(rotate, rotated(x, y))

/* A few milliseconds late on one side (Haas 1951). */
static void haas(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhVu age = ph_state_u(io, 0, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      const PhV x = ph_in(io, 0, f, g), ms = ph_in(io, 1, f, g);
      const PhV late = ph_select(ph_right_mask(), ms, -ms) * (0.001f * io->sample_rate);
      ph_line_write(&line, age, x);
      ph_out(io, f, g, ph_tap_fraction(&line, age + 1, 1.0f + ph_max(late, ph_splat(0.0f))));
    }
    ph_state_set_u(io, 0, g, age);
  }
}

static size_t haas_line(const PhUnitSetup *setup) { return (size_t)(0.05 * setup->sample_rate) + 8; }

/* ---- rows ---- */

static const PhParam gain_params[] = { PH_P_IN, PH_P_REQ("gain", "sig", 1, -1000, 1000, "", PH_SCALE_LIN, "what the signal is multiplied by") };
static const PhParam pan_params[] = { PH_P_IN, PH_P_REQ("position", "sig", 0, -1, 1, "", PH_SCALE_LIN, "-1 left, 0 middle, 1 right") };
static const PhParam width_params[] = { PH_P_IN, PH_P("width", "sig", 1.5, 0, 4, "", PH_SCALE_LIN, "0 mono, 1 as it is, above wider") };
static const PhParam midside_params[] = { PH_P_IN, PH_P("mid", "sig", 1, -10, 10, "", PH_SCALE_LIN, "gain of what the sides share"),
                                          PH_P("side", "sig", 1, -10, 10, "", PH_SCALE_LIN, "gain of what they do not") };
static const PhParam rotate_params[] = { PH_P_IN, PH_P_REQ("degrees", "sig", 0, -360, 360, "deg", PH_SCALE_LIN, "how far the image is turned") };
static const PhParam haas_params[] = { PH_P_IN, PH_P("ms", "sig", 12, -40, 40, "ms", PH_SCALE_LIN, "how late the right side is; below 0 the left") };
static const PhParam in_params[] = { PH_P_IN };
static const PhParam channel_params[] = { PH_P_IN, PH_P_REQ("number", "sig", 0, 0, 1, "", PH_SCALE_INT, "0 the left side, 1 the right one") };
static const PhParam stereo_params[] = { PH_P_REQ("left", "sig", 0, 0, 0, "", PH_SCALE_LIN, "what the left side plays"),
                                         PH_P_REQ("right", "sig", 0, 0, 0, "", PH_SCALE_LIN, "what the right side plays") };

enum { PURE = PH_UNIT_PURE | PH_UNIT_PROCESSOR, SIDES = PURE | PH_UNIT_STEREO };
#define PLACE(name_, aliases_, doc_, example_, params_, kernel_, flags_)                                               \
  PH_ROW(name_, aliases_, "stereo", doc_, example_, params_, .process = kernel_, .flags = flags_)
static const PhUnit units[] = {
  PLACE("gain", "amp", "Makes louder or quieter.", "saw 110 # gain 0.3", gain_params, gain, PURE),
  PLACE("pan", "pan2", "Places a signal between left and right, with equal power.", "saw 110 # pan (sine 0.5)", pan_params, pan, SIDES),
  PLACE("balance", "", "Turns down the side that it turns away from.", "s \"rave\" # balance 0.5", pan_params, balance, SIDES),
  PLACE("widener", "width", "Wider or narrower.", "s \"pad\" # widener 2", width_params, widener, SIDES),
  PLACE("midside", "", "Gains of the middle and of the sides.", "s \"pad\" # midside 0.8 1.4", midside_params, midside, SIDES),
  PLACE("rotate", "", "Turns the stereo image.", "s \"pad\" # rotate 30", rotate_params, rotate, SIDES),
  PH_ROW("haas", "", "stereo", "Makes one side a little late, which is heard as a place.", "saw 110 # haas 15", haas_params, .process = haas,
         .state_floats = 1, .line_frames = haas_line, .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
  PLACE("left", "", "The left side on both.", "s \"pad\" # left", in_params, left_only, SIDES),
  PLACE("right", "", "The right side on both.", "s \"pad\" # right", in_params, right_only, SIDES),
  PLACE("channel", "split", "One side, by number, on both.", "s \"pad\" # channel \"0 1\"", channel_params, channel, SIDES),
  PLACE("mono", "", "The mean of both sides on both.", "s \"pad\" # mono", in_params, mono, SIDES),
  PLACE("stereo", "join", "One signal left, another one right.", "stereo (saw 110) (saw 110.5)", stereo_params, join,
        PH_UNIT_PURE | PH_UNIT_STEREO),
};

PH_EXPORT_TABLE(stereo);
