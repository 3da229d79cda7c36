/* Delays: delayline, delay, pingpong, multitap, tapedelay. Times are fractional and may move (a tape's pitch bends).
   SPDX-License-Identifier: MIT */
#include "dsp/line.h"

#define MAX_SEC 60.0

static size_t time_frames(const PhUnitSetup *setup, uint32_t input, double times)
{
  return (size_t)(setup->most[input] * times * setup->sample_rate) + 8;
}

PH_INLINE PhV frames_of(const PhIo *io, PhV sec)
{
  return ph_clamp(sec * io->sample_rate, 1.0f, (float)(io->line_frames - 4));
}

/* ---- delayline: a pure delay, in two halves for feedback loops ---- */

static void delayline_read(const PhIo *io)
{
  for (uint32_t g = 0; g < io->lanes; g += PH_W) {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhVu age = ph_state_u(io, 0, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      ph_out(io, f, g, ph_tap_fraction(&line, age, frames_of(io, ph_in(io, 1, f, g))));
    }
  }
}

static void delayline_write(const PhIo *io)
{
  for (uint32_t g = 0; g < io->lanes; g += PH_W) {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhVu age = ph_state_u(io, 0, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      ph_line_write(&line, age, ph_in(io, 0, f, g));
    }
    ph_state_set_u(io, 0, g, age);
  }
}

static void delayline(const PhIo *io)
{
  for (uint32_t g = 0; g < io->lanes; g += PH_W) {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhVu age = ph_state_u(io, 0, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      const PhV x = ph_in(io, 0, f, g);
      const PhV y = ph_tap_fraction(&line, age, frames_of(io, ph_in(io, 1, f, g)));
      ph_line_write(&line, age, x);
      ph_out(io, f, g, y);
    }
    ph_state_set_u(io, 0, g, age);
  }
}

static size_t delayline_frames(const PhUnitSetup *setup) { return time_frames(setup, 1, 1); }

/* The newest tap of the interpolation must be written before it is read: one frame less than the delay. */
static uint32_t safe_frames(double sec, const PhUnitSetup *setup)
{
  const double frames = sec * setup->sample_rate;
  const double whole = (double)(int64_t)frames;
  const double safe = frames == whole ? whole : whole - 1;
  return safe < 1 ? 1 : safe > 1e9 ? 1000000000u : (uint32_t)safe;
}

static uint32_t delayline_delay(const PhUnitSetup *setup) { return safe_frames(setup->least[1], setup); }
static double delayline_tail(const PhUnitSetup *setup) { return setup->most[1]; }

/* ---- delay: one line with feedback ---- */

enum { DELAY_IN, DELAY_TIME, DELAY_FB, DELAY_MIX };

PH_INLINE PhV delay_in_loop(const PhIo *io, uint32_t f, uint32_t g, PhV wet)
{
  return ph_flush(ph_in(io, DELAY_IN, f, g) + ph_in(io, DELAY_FB, f, g) * wet);
}

static void delay(const PhIo *io)
{
  for (uint32_t g = 0; g < io->lanes; g += PH_W) {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhVu age = ph_state_u(io, 0, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      const PhV x = ph_in(io, DELAY_IN, f, g), mix = ph_in(io, DELAY_MIX, f, g);
      const PhV wet = ph_tap_fraction(&line, age, frames_of(io, ph_in(io, DELAY_TIME, f, g)));
      ph_line_write(&line, age, delay_in_loop(io, f, g, wet));
      ph_out(io, f, g, x * (1.0f - mix) + wet * mix);
    }
    ph_state_set_u(io, 0, g, age);
  }
}

/* All wet: the halves, for loops that this delay closes. What is read is kept for the half that writes. */
enum { DELAY_KEPT = 1, DELAY_STATES = DELAY_KEPT + PH_CHUNK_FRAMES };

static void delay_read(const PhIo *io)
{
  for (uint32_t g = 0; g < io->lanes; g += PH_W) {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhVu age = ph_state_u(io, 0, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      const PhV wet = ph_tap_fraction(&line, age, frames_of(io, ph_in(io, DELAY_TIME, f, g)));
      ph_state_set(io, DELAY_KEPT + f, g, wet);
      ph_out(io, f, g, wet);
    }
  }
}

static void delay_write(const PhIo *io)
{
  for (uint32_t g = 0; g < io->lanes; g += PH_W) {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhVu age = ph_state_u(io, 0, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      ph_line_write(&line, age, delay_in_loop(io, f, g, ph_state(io, DELAY_KEPT + f, g)));
    }
    ph_state_set_u(io, 0, g, age);
  }
}

static uint32_t delay_delay(const PhUnitSetup *setup)
{
  const bool wet = setup->least[DELAY_MIX] >= 1 && setup->most[DELAY_MIX] <= 1;
  return wet ? safe_frames(setup->least[DELAY_TIME], setup) : 0;
}

/* Seconds until feedback has fallen by 60 dB. */
static double ring_sec(double sec, double fb)
{
  double tail = sec;
  for (double level = fb < 0 ? -fb : fb; level > 1e-3 && tail < 60; level *= fb < 0 ? -fb : fb) {
    tail += sec;
    if (sec < 1e-3) {
      break;
    }
  }
  return tail;
}

static double delay_tail(const PhUnitSetup *setup) { return ring_sec(setup->most[DELAY_TIME], setup->most[DELAY_FB]); }

/* ---- pingpong: the echoes change sides ---- */

enum { PINGPONG_IN, PINGPONG_TIME, PINGPONG_FB, PINGPONG_WIDTH, PINGPONG_MIX };

static void pingpong(const PhIo *io)
{
  const PhVi right = ph_right_mask();
  for (uint32_t g = 0; g < io->lanes; g += PH_W) {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhVu age = ph_state_u(io, 0, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      const PhV x = ph_in(io, PINGPONG_IN, f, g), mix = ph_in(io, PINGPONG_MIX, f, g);
      const PhV wet = ph_tap_fraction(&line, age, frames_of(io, ph_in(io, PINGPONG_TIME, f, g)));
      const PhV back = ph_swap(wet) * ph_select(right, ph_splat(1.0f), ph_in(io, PINGPONG_FB, f, g));
      const PhV mono = 0.5f * (x + ph_swap(x));
      ph_line_write(&line, age, ph_flush(ph_keep(~right, mono) + back));
      const PhV width = ph_in(io, PINGPONG_WIDTH, f, g);
      const PhV mid = 0.5f * (wet + ph_swap(wet)), side = wet - mid;
      ph_out(io, f, g, x * (1.0f - mix) + (mid + side * width) * mix);
    }
    ph_state_set_u(io, 0, g, age);
  }
}

static double pingpong_tail(const PhUnitSetup *setup) { return ring_sec(2 * setup->most[1], setup->most[2]); }

/* ---- multitap: `taps` echoes at multiples of the time, the last one fed back ---- */

enum { MULTITAP_IN, MULTITAP_TIME, MULTITAP_TAPS, MULTITAP_FB, MULTITAP_MIX, MULTITAP_MOST = 16 };

static void multitap(const PhIo *io)
{
  for (uint32_t g = 0; g < io->lanes; g += PH_W) {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhVu age = ph_state_u(io, 0, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      const PhV x = ph_in(io, MULTITAP_IN, f, g), mix = ph_in(io, MULTITAP_MIX, f, g);
      const PhV time = ph_in(io, MULTITAP_TIME, f, g);
      const PhV taps = ph_floor(ph_in(io, MULTITAP_TAPS, f, g) + 0.5f);
      PhV sum = ph_splat(0.0f), last = ph_splat(0.0f);
      for (int k = 1; k <= MULTITAP_MOST && ph_any(taps >= (float)k); k++) {
        const PhV tap = ph_tap_fraction(&line, age, frames_of(io, time * (float)k));
        sum += ph_keep(taps >= (float)k, tap);
        last = ph_select(taps == (float)k, tap, last);
      }
      ph_line_write(&line, age, ph_flush(x + ph_in(io, MULTITAP_FB, f, g) * last));
      ph_out(io, f, g, x * (1.0f - mix) + sum / ph_sqrt(taps) * mix);
    }
    ph_state_set_u(io, 0, g, age);
  }
}

static size_t multitap_frames(const PhUnitSetup *setup) { return time_frames(setup, MULTITAP_TIME, setup->most[MULTITAP_TAPS]); }
static double multitap_tail(const PhUnitSetup *setup)
{
  return ring_sec(setup->most[MULTITAP_TIME] * setup->most[MULTITAP_TAPS], setup->most[MULTITAP_FB]);
}

/* ---- tapedelay: wow and flutter bend the time, the loop is darkened and saturated ---- */

enum { TAPE_IN, TAPE_TIME, TAPE_FB, TAPE_WOW, TAPE_FLUTTER, TAPE_SAT, TAPE_MIX };

static void tapedelay(const PhIo *io)
{
  const float wow_step = 0.6f * io->inv_sample_rate, flutter_step = 7.3f * io->inv_sample_rate;
  const PhVu wow_inc = ph_increment_u32(ph_splat(wow_step)), flutter_inc = ph_increment_u32(ph_splat(flutter_step));
  const PhV dark = 1.0f - ph_exp(ph_splat(-6.2831853f * 5000.0f * io->inv_sample_rate)); /* one pole at 5 kHz */
  for (uint32_t g = 0; g < io->lanes; g += PH_W) {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhVu age = ph_state_u(io, 0, g);
    PhV low = ph_state(io, 1, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      const PhV x = ph_in(io, TAPE_IN, f, g), mix = ph_in(io, TAPE_MIX, f, g);
      const PhV bend = ph_sin_u32(age * wow_inc) * ph_in(io, TAPE_WOW, f, g) * 0.004f +
                       ph_sin_u32(age * flutter_inc) * ph_in(io, TAPE_FLUTTER, f, g) * 0.0004f;
      const PhV wet = ph_tap_fraction(&line, age, frames_of(io, ph_in(io, TAPE_TIME, f, g) * (1.0f + bend)));
      low = ph_flush(low + dark * (wet - low));
      const PhV drive = 1.0f + 3.0f * ph_in(io, TAPE_SAT, f, g);
      const PhV loop = ph_tanh((x + ph_in(io, TAPE_FB, f, g) * low) * drive) / drive;
      ph_line_write(&line, age, ph_flush(loop));
      ph_out(io, f, g, x * (1.0f - mix) + low * mix);
    }
    ph_state_set_u(io, 0, g, age);
    ph_state_set(io, 1, g, low);
  }
}

static size_t tape_frames(const PhUnitSetup *setup) { return time_frames(setup, TAPE_TIME, 1.01); }

/* ---- the rows ---- */

#define TIME(d) PH_P("time", "sig", d, 0, MAX_SEC, "s", PH_SCALE_LOG, "time between echoes; may move, the pitch then bends as a tape's does")
#define SYNC PH_P("sync", "sig", 0, 0, 1, "", PH_SCALE_INT, "1: time counts cycles and follows their tempo")
#define FB(d) PH_P("fb", "sig", d, -1, 1, "", PH_SCALE_LIN, "share of the echo that goes round again")
#define MIX(d) PH_P("mix", "sig", d, 0, 1, "", PH_SCALE_LIN, "0 the input alone, 1 the echoes alone")

static const PhParam delayline_params[] = { PH_P_IN_KEPT, PH_P_REQ("time", "sig", 0, 0, MAX_SEC, "s", PH_SCALE_LOG, "how late the output is") };
static const PhParam delay_params[] = { PH_P_IN_KEPT, PH_P_REQ("time", "sig", 0, 0, MAX_SEC, "s", PH_SCALE_LOG, "time between echoes; may move, the pitch then bends as a tape's does"),
                                        FB(.5), MIX(.5), SYNC };
static const PhParam pingpong_params[] = { PH_P_IN, TIME(.25), FB(.5), PH_P("width", "sig", .8, 0, 1, "", PH_SCALE_LIN, "0 in the middle, 1 hard left and right"),
                                           MIX(.5), SYNC };
static const PhParam multitap_params[] = { PH_P_IN, TIME(.125), PH_P("taps", "sig", 4, 1, MULTITAP_MOST, "", PH_SCALE_INT, "number of echoes"),
                                           FB(.5), MIX(.6), SYNC };
static const PhParam tape_params[] = { PH_P_IN, TIME(.3), FB(.5), PH_P("wow", "sig", .3, 0, 1, "", PH_SCALE_LIN, "slow drift of the tape's speed"),
                                       PH_P("flutter", "sig", .2, 0, 1, "", PH_SCALE_LIN, "fast drift of the tape's speed"),
                                       PH_P("sat", "sig", .3, 0, 1, "", PH_SCALE_LIN, "saturation in the loop"), MIX(.5), SYNC };

static const PhUnit units[] = {
  PH_ROW("delayline", "", "delay", "A pure delay, up to 60 s and fractional; in a feedback loop it takes the loop's own time.",
                 "saw 110 # delayline 0.1", delayline_params,
    .process = delayline, .read = delayline_read, .write = delayline_write, .delay_frames = delayline_delay, .state_floats = 1,
    .line_frames = delayline_frames, .tail_sec = delayline_tail, .flags = PH_UNIT_PROCESSOR | PH_UNIT_DELAYS | PH_UNIT_RING),
  PH_ROW("delay", "", "delay", "Echo with feedback, up to 60 s, fractional (cubic); moving the time bends the pitch like a tape.",
                 "s \"bd\" # delay 0.375 0.5 0.3", delay_params,
    .process = delay, .read = delay_read, .write = delay_write, .delay_frames = delay_delay, .state_floats = DELAY_STATES,
    .line_frames = delayline_frames, .tail_sec = delay_tail, .flags = PH_UNIT_PROCESSOR | PH_UNIT_DELAYS | PH_UNIT_RING),
  PH_ROW("pingpong", "", "delay", "Echoes that jump from left to right and back.", "s \"cp\" # pingpong 0.25 0.6 1 0.4", pingpong_params,
    .process = pingpong, .state_floats = 1, .line_frames = delayline_frames, .tail_sec = pingpong_tail,
    .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO | PH_UNIT_RING),
  PH_ROW("multitap", "", "delay", "Several echoes at multiples of a time, the last one fed back.", "s \"rim\" # multitap 0.09 5 0.4 0.5", multitap_params,
    .process = multitap, .state_floats = 1, .line_frames = multitap_frames, .tail_sec = multitap_tail, .flags = PH_UNIT_PROCESSOR | PH_UNIT_RING),
  PH_ROW("tapedelay", "tape", "delay", "Echo of a tape machine: wow and flutter, a dark and saturating loop.", "s \"rim(3,8)\" # tapedelay 0.3 0.6", tape_params,
    .process = tapedelay, .state_floats = 2, .line_frames = tape_frames, .tail_sec = delay_tail, .flags = PH_UNIT_PROCESSOR | PH_UNIT_RING),
};

PH_EXPORT_TABLE(delay);
