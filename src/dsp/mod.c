/* Modulation effects: chorus, flanger, phaser, tremolo, vibrato, ring modulation. Their oscillators count frames since the
   lane's start, so they are the same however time is cut; left and right are a quarter turn apart where that makes width.
   SPDX-License-Identifier: MIT */
#include "dsp/line.h"

/* The phase of an oscillator whose rate may move: state value `index`, moved on by one frame. */
PH_INLINE PhVu spin(const PhIo *io, PhVu phase, PhV rate_hz) { return phase + ph_increment_u32(rate_hz * io->inv_sample_rate); }
PH_INLINE PhVu quarter_right(void) { return (PhVu)(ph_right_mask() & 0x40000000); }

/* ---- chorus: three taps, a third of a turn apart ---- */

#define CHORUS_SWING_SEC 0.008f
#define CHORUS_MOST_SEC 0.05

static void chorus(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhVu age = ph_state_u(io, 0, g), phase = ph_state_u(io, 1, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      const PhV x = ph_in(io, 0, f, g), depth = ph_in(io, 2, f, g), mix = ph_in(io, 3, f, g);
      const PhV centre = ph_in(io, 4, f, g) / 1000.0f;
      const PhV swing = ph_min(ph_splat(CHORUS_SWING_SEC), centre * 0.9f) * depth;
      PhV sum = ph_splat(0.0f);
      for (uint32_t k = 0; k < 3; k++) {
        const PhV sway = ph_sin_u32(phase + quarter_right() + k * 0x55555555u);
        sum += ph_tap_fraction(&line, age, ph_max((centre + swing * sway) * io->sample_rate, ph_splat(1.0f)));
      }
      ph_line_write(&line, age, x);
      phase = spin(io, phase, ph_in(io, 1, f, g));
      ph_out(io, f, g, x * (1.0f - mix) + sum * (0.577350269f * mix));
    }
    ph_state_set_u(io, 0, g, age);
    ph_state_set_u(io, 1, g, phase);
  }
}

static size_t chorus_line(const PhUnitSetup *setup) { return (size_t)((CHORUS_MOST_SEC + (double)CHORUS_SWING_SEC) * setup->sample_rate) + 8; }

/* ---- flanger: one short moving tap, fed back ---- */

static void flanger(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhVu age = ph_state_u(io, 0, g), phase = ph_state_u(io, 1, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      const PhV x = ph_in(io, 0, f, g), depth = ph_in(io, 1, f, g), fb = ph_in(io, 3, f, g), mix = ph_in(io, 4, f, g);
      const PhV sway = 0.5f + 0.5f * ph_sin_u32(phase + quarter_right());
      const PhV sec = ph_in(io, 5, f, g) / 1000.0f + 0.0065f * depth * sway;
      const PhV wet = ph_tap_fraction(&line, age, ph_max(sec * io->sample_rate, ph_splat(1.0f)));
      ph_line_write(&line, age, ph_flush(x + fb * wet));
      phase = spin(io, phase, ph_in(io, 2, f, g));
      ph_out(io, f, g, x * (1.0f - mix) + wet * mix);
    }
    ph_state_set_u(io, 0, g, age);
    ph_state_set_u(io, 1, g, phase);
  }
}

static size_t flanger_line(const PhUnitSetup *setup) { return (size_t)(0.018 * setup->sample_rate) + 8; }
static double flanger_tail(const PhUnitSetup *setup)
{
  (void)setup;
  return 0.3;
}

/* ---- phaser: up to 12 first-order allpasses whose corner sweeps over up to four octaves ---- */

enum { PHASER_STAGES = 12, PHASER_PHASE = 2 * PHASER_STAGES, PHASER_LAST, PHASER_STATES };

static void phaser(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhV x1[PHASER_STAGES], y1[PHASER_STAGES];
    for (uint32_t i = 0; i < PHASER_STAGES; i++) {
      x1[i] = ph_state(io, 2 * i, g);
      y1[i] = ph_state(io, 2 * i + 1, g);
    }
    PhVu phase = ph_state_u(io, PHASER_PHASE, g);
    PhV last = ph_state(io, PHASER_LAST, g);
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV x = ph_in(io, 0, f, g), depth = ph_in(io, 2, f, g), fb = ph_in(io, 3, f, g);
      const PhV stages = ph_floor(ph_in(io, 4, f, g) + 0.5f), mix = ph_in(io, 5, f, g);
      const PhV sway = 0.5f + 0.5f * ph_sin_u32(phase + quarter_right());
      const PhV corner = ph_in(io, 6, f, g) * ph_exp2(4.0f * depth * sway);
      const PhV t = ph_tanpi(ph_min(corner * io->inv_sample_rate, ph_splat(0.45f)));
      const PhV a = (t - 1.0f) / (t + 1.0f);
      PhV v = ph_flush(x + fb * last);
      for (uint32_t i = 0; i < PHASER_STAGES; i++) {
        const PhV y = ph_flush(a * (v - y1[i]) + x1[i]);
        x1[i] = v;
        y1[i] = y;
        v = ph_select(stages > (float)i, y, v);
      }
      last = v;
      phase = spin(io, phase, ph_in(io, 1, f, g));
      ph_out(io, f, g, x * (1.0f - mix) + v * mix);
    }
    for (uint32_t i = 0; i < PHASER_STAGES; i++) {
      ph_state_set(io, 2 * i, g, x1[i]);
      ph_state_set(io, 2 * i + 1, g, y1[i]);
    }
    ph_state_set_u(io, PHASER_PHASE, g, phase);
    ph_state_set(io, PHASER_LAST, g, last);
  }
}

/* ---- tremolo, vibrato, ring modulation ---- */

static void tremolo(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhVu phase = ph_state_u(io, 0, g);
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV rate = ph_in(io, 1, f, g), depth = ph_in(io, 2, f, g), shape = ph_in(io, 3, f, g);
      const PhVu spread = (PhVu)ph_to_int(ph_keep(ph_right_mask(), ph_in(io, 4, f, g)) * 2147483520.0f);
      const PhV round = ph_cos_u32(phase + spread); /* begins at full level */
      const PhV sway = round + shape * (ph_clamp(round * 16.0f, -1.0f, 1.0f) - round);
      const PhV level = 1.0f - depth * (0.5f - 0.5f * sway);
      ph_out(io, f, g, ph_in(io, 0, f, g) * level);
      phase = spin(io, phase, rate);
    }
    ph_state_set_u(io, 0, g, phase);
  }
}

/* A tap whose delay swings so that the pitch swings by `depth` semitones: d' = ratio - 1, so the swing is that over 2 pi rate. */
static void vibrato(const PhIo *io)
{
  const float most_sec = 0.05f;
  PH_GROUPS(io, g)
  {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhVu age = ph_state_u(io, 0, g), phase = ph_state_u(io, 1, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      const PhV rate = ph_in(io, 1, f, g), bend = ph_exp2(ph_in(io, 2, f, g) * 0.0833333333f) - 1.0f;
      const PhV swing = ph_min(bend / (6.2831853f * ph_max(rate, ph_splat(0.01f))), ph_splat(0.5f * most_sec));
      const PhV sec = swing * (1.0f + ph_sin_u32(phase));
      ph_line_write(&line, age, ph_in(io, 0, f, g));
      ph_out(io, f, g, ph_tap_fraction(&line, age + 1, sec * io->sample_rate + 2.0f));
      phase = spin(io, phase, rate);
    }
    ph_state_set_u(io, 0, g, age);
    ph_state_set_u(io, 1, g, phase);
  }
}

static size_t vibrato_line(const PhUnitSetup *setup) { return (size_t)(0.055 * setup->sample_rate) + 8; }

static void ring(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhVu phase = ph_state_u(io, 0, g);
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV x = ph_in(io, 0, f, g), freq = ph_in(io, 1, f, g), mix = ph_in(io, 2, f, g);
      ph_out(io, f, g, x + x * (ph_sin_u32(phase) - 1.0f) * mix);
      phase = spin(io, phase, freq);
    }
    ph_state_set_u(io, 0, g, phase);
  }
}

PH_MAP2(ring_mod, ph_guard(io, x *y))

/* ---- the rows ---- */

#define RATE(d) PH_P("rate", "sig", d, 0, 100, "Hz", PH_SCALE_LOG, "speed of the movement")
#define DEPTH(d) PH_P("depth", "sig", d, 0, 1, "", PH_SCALE_LIN, "how far it moves")
#define MIX(d) PH_P("mix", "sig", d, 0, 1, "", PH_SCALE_LIN, "0 the input alone, 1 the effect alone")
#define FB(d) PH_P("fb", "sig", d, -.97, .97, "", PH_SCALE_LIN, "share that goes round again")
static const PhParam chorus_params[] = { PH_P_IN, RATE(.8), DEPTH(.5), MIX(.3),
                                         PH_P("delay_ms", "sig", 18, 1, 50, "ms", PH_SCALE_LIN, "how late the copies are; they swing by up to 8 ms around it") };
static const PhParam flanger_params[] = { PH_P_IN, DEPTH(.7), RATE(.3), FB(.5), MIX(.5),
                                          PH_P("delay_ms", "sig", .5, .1, 10, "ms", PH_SCALE_LOG, "the shortest echo; it sweeps by up to 6.5 ms more") };
static const PhParam phaser_params[] = { PH_P_IN, RATE(.5), DEPTH(.8), FB(.3), PH_P("stages", "sig", 6, 2, PHASER_STAGES, "", PH_SCALE_INT, "allpasses in a row"),
                                         MIX(.5), PH_P("freq", "hz", 200, 20, 5000, "Hz", PH_SCALE_LOG, "where the sweep begins; at full depth it ends four octaves above") };
static const PhParam tremolo_params[] = { PH_P_IN, RATE(5), DEPTH(.5), PH_P("shape", "sig", 0, 0, 1, "", PH_SCALE_LIN, "0 swings as a sine, 1 switches"),
                                          PH_P("spread", "sig", 0, 0, 1, "", PH_SCALE_LIN, "0 both sides together, 1 from side to side") };
static const PhParam vibrato_params[] = { PH_P_IN, RATE(5), PH_P("depth", "sig", .3, 0, 12, "st", PH_SCALE_LIN, "semitones up and down") };
static const PhParam ring_params[] = { PH_P_IN, PH_P("freq", "hz", 440, 0, 20000, "Hz", PH_SCALE_LOG, "frequency of the sine"), MIX(1) };
static const PhParam ring_mod_params[] = { PH_P_IN, PH_P_REQ("modulator", "sig", 0, 0, 0, "", PH_SCALE_LIN, "what the input is multiplied by") };

static const PhUnit units[] = {
  PH_ROW("chorus", "", "modulation", "Three copies that drift in pitch, a quarter turn apart on the right: wide.", "saw 110 # chorus 0.8 0.5 0.5", chorus_params, .process = chorus,
         .state_floats = 2, .line_frames = chorus_line, .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
  PH_ROW("flanger", "", "modulation", "A short moving echo with feedback: a comb that sweeps.", "noise # flanger 0.8 0.2 0.7", flanger_params,
         .process = flanger, .state_floats = 2, .line_frames = flanger_line, .tail_sec = flanger_tail,
         .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
  PH_ROW("phaser", "ph", "modulation", "Notches that sweep: a row of first-order allpasses, mixed with the input.", "saw 110 # phaser 0.4", phaser_params, .process = phaser,
         .state_floats = PHASER_STATES, .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
  PH_ROW("tremolo", "trem", "modulation", "The level swings, by `depth` of itself, a sine or a switch, on both sides or from side to side.", "saw 110 # tremolo 6 0.7", tremolo_params, .process = tremolo, .state_floats = 1,
         .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
  PH_ROW("vibrato", "vib", "modulation", "The pitch swings by semitones around its own.", "saw 220 # vibrato 5 0.4", vibrato_params, .process = vibrato,
         .state_floats = 2, .line_frames = vibrato_line, .flags = PH_UNIT_PROCESSOR),
  PH_ROW("ring", "", "modulation", "Ring modulation by a sine.", "saw 110 # ring 300", ring_params, .process = ring, .state_floats = 1,
         .flags = PH_UNIT_PROCESSOR),
  PH_ROW("ring_mod", "", "modulation", "Multiplies by another signal.", "saw 110 # ring_mod (sine 70)", ring_mod_params, .process = ring_mod,
         .flags = PH_UNIT_PROCESSOR | PH_UNIT_PURE),
};

PH_EXPORT_TABLE(mod);
