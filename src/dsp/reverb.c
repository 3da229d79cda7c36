/* Reverbs: Freeverb (Jezar at Dreampoint 2000), Dattorro's plate (1997), a feedback delay network (Jot & Chaigne 1991).
   They work on pairs of lanes; left and right have lines of different lengths.  SPDX-License-Identifier: MIT */
#include "base/dmath.h"
#include "dsp/line.h"

PH_INLINE uint32_t scaled(const PhIo *io, float frames, float rate) { return (uint32_t)(frames * (io->sample_rate / rate)) + 1; }

/* A ring for a line that is `frames` long at `rate`. */
PH_INLINE uint32_t ring(const PhIo *io, float frames, float rate)
{
  uint32_t n = 64;
  while (n < scaled(io, frames, rate) + 4) {
    n *= 2;
  }
  return n;
}

static size_t ring_at(double sample_rate, double frames, double rate)
{
  size_t n = 64;
  while ((double)n < frames * (sample_rate / rate) + 6) {
    n *= 2;
  }
  return n;
}

/* ---- reverb: eight combs, then four allpasses; the right side is 23 frames longer ---- */

enum { COMBS = 8, ALLPASSES = 4, SPREAD = 23 };
static const float comb_frames[COMBS] = { 1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617 };
static const float allpass_frames[ALLPASSES] = { 556, 441, 341, 225 };
enum { REVERB_IN, REVERB_ROOM, REVERB_DAMP, REVERB_MIX, REVERB_WIDTH };
#define COMB_RING 1700.0f
#define ALLPASS_RING 600.0f

static size_t reverb_frames(const PhUnitSetup *setup)
{
  return COMBS * ring_at(setup->sample_rate, (double)COMB_RING, 44100) + ALLPASSES * ring_at(setup->sample_rate, (double)ALLPASS_RING, 44100);
}

typedef struct Room {
  PhLine combs[COMBS], allpasses[ALLPASSES];
  uint32_t comb_len[COMBS], allpass_len[ALLPASSES], spread;
  PhV low[COMBS];
} Room;

PH_INLINE PhV room_tap(const PhLine *line, PhVu age, uint32_t now, uint32_t len, uint32_t spread, const bool even)
{
  return even ? ph_select(ph_right_mask(), ph_line_frame(line, now - len - spread), ph_line_frame(line, now - len))
              : ph_tap_pair(line, age, len, len + spread);
}

PH_INLINE void room_put(const PhLine *line, PhVu age, uint32_t now, PhV x, const bool even)
{
  if (even) {
    ph_line_put(line, now, x);
  } else {
    ph_line_write(line, age, x);
  }
}

PH_INLINE void reverb_run(const PhIo *io, uint32_t g, Room *r, PhVu age, const bool even)
{
  uint32_t now = age[0];
  for (uint32_t f = 0; f < io->frames; f++, age += 1, now++) {
    const PhV x = ph_in(io, REVERB_IN, f, g), mix = ph_in(io, REVERB_MIX, f, g), width = ph_in(io, REVERB_WIDTH, f, g);
    const PhV feedback = ph_in(io, REVERB_ROOM, f, g) * 0.28f + 0.7f, damp = ph_in(io, REVERB_DAMP, f, g) * 0.4f;
    const PhV in = (x + ph_swap(x)) * 0.015f;
    PhV sum = ph_splat(0.0f);
#pragma GCC unroll 8
    for (uint32_t i = 0; i < COMBS; i++) {
      const PhV y = room_tap(&r->combs[i], age, now, r->comb_len[i], r->spread, even);
      r->low[i] = ph_flush(y + damp * (r->low[i] - y));
      room_put(&r->combs[i], age, now, in + feedback * r->low[i], even);
      sum += y;
    }
#pragma GCC unroll 4
    for (uint32_t i = 0; i < ALLPASSES; i++) {
      const PhV y = room_tap(&r->allpasses[i], age, now, r->allpass_len[i], r->spread, even);
      room_put(&r->allpasses[i], age, now, ph_flush(sum + 0.5f * y), even);
      sum = y - sum;
    }
    const PhV wet = sum * (0.5f + 0.5f * width) + ph_swap(sum) * (0.5f - 0.5f * width);
    ph_out(io, f, g, x * (1.0f - mix) + wet * (3.0f * mix));
  }
}

static void reverb(const PhIo *io)
{
  const uint32_t comb_ring = ring(io, COMB_RING, 44100), allpass_ring = ring(io, ALLPASS_RING, 44100);
  for (uint32_t g = 0; g < io->lanes; g += PH_W) {
    Room r = { .spread = scaled(io, SPREAD, 44100) };
    float *memory = io->line;
    for (uint32_t i = 0; i < COMBS; i++, memory += (size_t)comb_ring * io->lanes) {
      r.combs[i] = ph_line(memory, comb_ring, io->lanes, g);
      r.comb_len[i] = scaled(io, comb_frames[i], 44100);
      r.low[i] = ph_state(io, 1 + i, g);
    }
    for (uint32_t i = 0; i < ALLPASSES; i++, memory += (size_t)allpass_ring * io->lanes) {
      r.allpasses[i] = ph_line(memory, allpass_ring, io->lanes, g);
      r.allpass_len[i] = scaled(io, allpass_frames[i], 44100);
    }
    const PhVu age = ph_state_u(io, 0, g);
    if (ph_line_even(age, r.comb_len[COMBS - 1] + r.spread)) {
      reverb_run(io, g, &r, age, true);
    } else {
      reverb_run(io, g, &r, age, false);
    }
    ph_state_set_u(io, 0, g, age + io->frames);
    for (uint32_t i = 0; i < COMBS; i++) {
      ph_state_set(io, 1 + i, g, r.low[i]);
    }
  }
}

/* Time for 60 dB of a comb of the longest kind at the greatest feedback. */
static double reverb_tail(const PhUnitSetup *setup)
{
  const double feedback = setup->most[REVERB_ROOM] * 0.28 + 0.7;
  double level = 1, sec = 0;
  while (level > 1e-3 && sec < 30) {
    level *= feedback;
    sec += 0.0367;
  }
  return sec;
}

/* ---- plate: four input diffusers, then a tank in a figure of eight: its halves are left and right ---- */

enum { PLATE_IN, PLATE_PREDELAY, PLATE_DECAY, PLATE_DIFFUSION, PLATE_DAMP, PLATE_MOD, PLATE_MIX };
enum { PLATE_STATE_AGE, PLATE_STATE_BAND, PLATE_STATE_LOW, PLATE_STATE_MOVED, PLATE_STATES };
#define PLATE_RATE 29761.0f /* of the paper's lengths */
#define PLATE_MAX_PREDELAY_SEC 0.25

static const float plate_diffusers[4] = { 142, 107, 379, 277 };
/* Lines of the tank, left half and right half. */
static const float plate_left[4] = { 672, 4453, 1800, 3720 }, plate_right[4] = { 908, 4217, 2656, 3163 };

static size_t plate_frames(const PhUnitSetup *setup)
{
  const double sr = setup->sample_rate, rate = (double)PLATE_RATE;
  size_t total = ring_at(sr, PLATE_MAX_PREDELAY_SEC * rate, rate);
  for (int i = 0; i < 4; i++) {
    total += ring_at(sr, (double)plate_diffusers[i], rate) + ring_at(sr, 5000, rate);
  }
  return total;
}

PH_INLINE PhV allpass_line(const PhLine *line, PhVu age, PhV delayed, PhV x, PhV gain)
{
  const PhV v = ph_flush(x - gain * delayed);
  ph_line_write(line, age, v);
  return delayed + gain * v;
}

static void plate(const PhIo *io)
{
  const uint32_t tank_ring = ring(io, 5000, PLATE_RATE);
  uint32_t left[4], right[4], diffuser[4];
  for (int i = 0; i < 4; i++) {
    left[i] = scaled(io, plate_left[i], PLATE_RATE);
    right[i] = scaled(io, plate_right[i], PLATE_RATE);
    diffuser[i] = scaled(io, plate_diffusers[i], PLATE_RATE);
  }
  const PhVu lfo = ph_increment_u32(ph_splat(0.9f * io->inv_sample_rate));
  const PhVu quarter = (PhVu)(ph_right_mask() & 0x40000000);
  const PhV first_frames = ph_select(ph_right_mask(), ph_splat((float)right[0]), ph_splat((float)left[0]));
  for (uint32_t g = 0; g < io->lanes; g += PH_W) {
    float *memory = io->line;
    const uint32_t predelay_ring = ring(io, (float)PLATE_MAX_PREDELAY_SEC * PLATE_RATE, PLATE_RATE);
    const PhLine predelay = ph_line(memory, predelay_ring, io->lanes, g);
    memory += (size_t)predelay_ring * io->lanes;
    PhLine in_lines[4], tank[4];
    for (int i = 0; i < 4; i++) {
      const uint32_t frames = ring(io, plate_diffusers[i], PLATE_RATE);
      in_lines[i] = ph_line(memory, frames, io->lanes, g);
      memory += (size_t)frames * io->lanes;
    }
    for (int i = 0; i < 4; i++, memory += (size_t)tank_ring * io->lanes) {
      tank[i] = ph_line(memory, tank_ring, io->lanes, g);
    }
    PhVu age = ph_state_u(io, PLATE_STATE_AGE, g);
    PhV band = ph_state(io, PLATE_STATE_BAND, g), low = ph_state(io, PLATE_STATE_LOW, g), past = ph_state(io, PLATE_STATE_MOVED, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      const PhV x = ph_in(io, PLATE_IN, f, g), mix = ph_in(io, PLATE_MIX, f, g);
      const PhV decay = ph_in(io, PLATE_DECAY, f, g), damp = ph_in(io, PLATE_DAMP, f, g);
      const PhV diffusion = ph_in(io, PLATE_DIFFUSION, f, g), mod = ph_in(io, PLATE_MOD, f, g);
      const PhV delay = ph_clamp(ph_in(io, PLATE_PREDELAY, f, g) * (0.001f * io->sample_rate), 1.0f, (float)(predelay_ring - 4));
      PhV v = ph_tap_fraction(&predelay, age, delay);
      ph_line_write(&predelay, age, 0.5f * (x + ph_swap(x)));
      band = ph_flush(band + 0.9995f * (v - band));
      v = band;
      for (int i = 0; i < 4; i++) {
        const PhV gain = diffusion * (i < 2 ? 1.07142857f : 0.89285714f); /* .75 and .625 at the paper's .7 */
        v = allpass_line(&in_lines[i], age, ph_tap(&in_lines[i], age, ph_splat_u(diffuser[i])), v, gain);
      }
      /* Each half takes what the other half gives. */
      PhV half = v + decay * ph_swap(ph_tap_pair(&tank[3], age, left[3], right[3]));
      const PhV sway = ph_sin_u32(age * lfo + quarter) * mod * (8.0f * io->sample_rate / PLATE_RATE);
      const PhV moved = ph_tap_allpass(&tank[0], age, ph_max(first_frames + sway, ph_splat(2.0f)), &past);
      half = allpass_line(&tank[0], age, moved, half, ph_splat(-0.7f));
      const PhV late = ph_tap_pair(&tank[1], age, left[1], right[1]);
      ph_line_write(&tank[1], age, half);
      low = ph_flush(late + damp * (low - late));
      half = allpass_line(&tank[2], age, ph_tap_pair(&tank[2], age, left[2], right[2]), low * decay, ph_splat(0.5f));
      ph_line_write(&tank[3], age, half);
      /* Taps of the paper: mostly of the other half, so that the sides differ. */
      PhV other = ph_tap_pair(&tank[1], age, scaled(io, 353, PLATE_RATE), scaled(io, 266, PLATE_RATE));
      other += ph_tap_pair(&tank[1], age, scaled(io, 3627, PLATE_RATE), scaled(io, 2974, PLATE_RATE));
      other -= ph_tap_pair(&tank[2], age, scaled(io, 1228, PLATE_RATE), scaled(io, 1913, PLATE_RATE));
      other += ph_tap_pair(&tank[3], age, scaled(io, 2673, PLATE_RATE), scaled(io, 1996, PLATE_RATE));
      PhV same = ph_tap_pair(&tank[1], age, scaled(io, 2111, PLATE_RATE), scaled(io, 1990, PLATE_RATE));
      same += ph_tap_pair(&tank[2], age, scaled(io, 335, PLATE_RATE), scaled(io, 187, PLATE_RATE));
      same += ph_tap_pair(&tank[3], age, scaled(io, 121, PLATE_RATE), scaled(io, 1066, PLATE_RATE));
      ph_out(io, f, g, x * (1.0f - mix) + (ph_swap(other) - same) * (0.6f * mix));
    }
    ph_state_set_u(io, PLATE_STATE_AGE, g, age);
    ph_state_set(io, PLATE_STATE_BAND, g, band);
    ph_state_set(io, PLATE_STATE_LOW, g, low);
    ph_state_set(io, PLATE_STATE_MOVED, g, past);
  }
}

/* A round of both halves takes about 0.8 s and loses four gains: 60 dB take 0.8 ln(1000)/(4 ln(1/decay)). */
static double plate_tail(const PhUnitSetup *setup)
{
  const double given = setup->most[PLATE_DECAY], decay = given < 1e-3 ? 1e-3 : given > 0.99 ? 0.99 : given;
  const double sec = 0.5 + 1.4 / (-0.6931471805599453 * ph_log2_d(decay));
  return setup->most[PLATE_PREDELAY] * 1e-3 + (sec < 30 ? sec : 30);
}

/* ---- lush: a network of eight lines, mixed by a Householder matrix, with moving lengths ---- */

enum { LUSH_IN, LUSH_DECAY, LUSH_DIFFUSION, LUSH_DAMP, LUSH_SPIN, LUSH_WANDER, LUSH_FREEZE, LUSH_MIX };
enum { LUSH_LINES = 8, LUSH_STATE_LOW = 1, LUSH_STATE_TAP = LUSH_STATE_LOW + LUSH_LINES, LUSH_STATES = LUSH_STATE_TAP + LUSH_LINES };
#define LUSH_RATE 44100.0f
#define LUSH_RING 4200.0f
#define LUSH_WANDER_FRAMES 24.0f /* on average and at most to either side, at a wander of 1 */
static const float lush_frames[LUSH_LINES] = { 1433, 1601, 1867, 2053, 2251, 2399, 2617, 2797 };
static const float lush_diffusers[4] = { 113, 163, 241, 359 };

static size_t lush_memory(const PhUnitSetup *setup)
{
  return LUSH_LINES * ring_at(setup->sample_rate, (double)LUSH_RING, 44100) + 4 * ring_at(setup->sample_rate, 400, 44100);
}

/* What a line does for ever while nothing but the input moves. */
typedef struct LushLine {
  PhVu step;    /* of the oscillator that moves its length, a frame */
  PhV gain;     /* -60 dB after `decay` seconds: 10^(-3 mean length/decay) */
} LushLine;

PH_INLINE PhV lush_side(void) { return ph_select(ph_right_mask(), ph_splat(1.0373f), ph_splat(1.0f)); } /* right lines are longer */

PH_INLINE void lush_lines(const PhIo *io, uint32_t f, uint32_t g, LushLine *lines)
{
  const PhV decay = ph_max(ph_in(io, LUSH_DECAY, f, g), ph_splat(0.05f)), spin = ph_in(io, LUSH_SPIN, f, g);
  const PhV wander = ph_in(io, LUSH_WANDER, f, g) * LUSH_WANDER_FRAMES;
  for (uint32_t i = 0; i < LUSH_LINES; i++) {
    lines[i].step = ph_increment_u32((0.05f + spin * (0.7f + 0.11f * (float)i)) * io->inv_sample_rate);
    lines[i].gain = ph_exp2((lush_side() * lush_frames[i] + wander) * (-9.96578428f / LUSH_RATE) / decay);
  }
}

static void lush(const PhIo *io)
{
  const uint32_t main_ring = ring(io, LUSH_RING, LUSH_RATE), small_ring = ring(io, 400, LUSH_RATE);
  const float ratio = io->sample_rate / LUSH_RATE;
  const bool steady = io->step[LUSH_DECAY] == 0 && io->step[LUSH_SPIN] == 0 && io->step[LUSH_WANDER] == 0;
  for (uint32_t g = 0; g < io->lanes; g += PH_W) {
    PhLine lines[LUSH_LINES], small[4];
    LushLine line[LUSH_LINES];
    PhV low[LUSH_LINES], tap[LUSH_LINES];
    float *memory = io->line;
    for (uint32_t i = 0; i < LUSH_LINES; i++, memory += (size_t)main_ring * io->lanes) {
      lines[i] = ph_line(memory, main_ring, io->lanes, g);
      low[i] = ph_state(io, LUSH_STATE_LOW + i, g);
      tap[i] = ph_state(io, LUSH_STATE_TAP + i, g);
    }
    for (uint32_t i = 0; i < 4; i++, memory += (size_t)small_ring * io->lanes) {
      small[i] = ph_line(memory, small_ring, io->lanes, g);
    }
    lush_lines(io, 0, g, line);
    PhVu age = ph_state_u(io, 0, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      const PhV x = ph_in(io, LUSH_IN, f, g), mix = ph_in(io, LUSH_MIX, f, g);
      const PhVi frozen = ph_in(io, LUSH_FREEZE, f, g) > 0.5f;
      const PhV damp = ph_keep(~frozen, ph_in(io, LUSH_DAMP, f, g)) * 0.9f;
      const PhV diffusion = ph_in(io, LUSH_DIFFUSION, f, g) * 0.85f;
      const PhV wander = ph_in(io, LUSH_WANDER, f, g) * (LUSH_WANDER_FRAMES * ratio);
      if (!steady) {
        lush_lines(io, f, g, line);
      }
      PhV v = ph_keep(~frozen, x) * 0.35f;
      for (uint32_t i = 0; i < 4; i++) {
        v = allpass_line(&small[i], age, ph_tap(&small[i], age, ph_splat_u(scaled(io, lush_diffusers[i], LUSH_RATE))), v, diffusion);
      }
      PhV y[LUSH_LINES], total = ph_splat(0.0f), wet = ph_splat(0.0f);
      for (uint32_t i = 0; i < LUSH_LINES; i++) {
        const PhVu phase = age * line[i].step + (0x20000000u * i);
        const PhV frames = lush_side() * (lush_frames[i] * ratio) + wander * (1.0f + ph_sin_u32(phase));
        (void)ph_tap_allpass(&lines[i], age, frames, &tap[i]);
        low[i] = ph_flush(tap[i] + damp * (low[i] - tap[i]));
        y[i] = low[i] * ph_select(frozen, ph_splat(1.0f), line[i].gain);
        total += y[i];
        wet += i % 2 ? -tap[i] : tap[i];
      }
      for (uint32_t i = 0; i < LUSH_LINES; i++) {
        ph_line_write(&lines[i], age, ph_flush(v + y[i] - total * 0.25f));
      }
      ph_out(io, f, g, x * (1.0f - mix) + wet * mix);
    }
    ph_state_set_u(io, 0, g, age);
    for (uint32_t i = 0; i < LUSH_LINES; i++) {
      ph_state_set(io, LUSH_STATE_LOW + i, g, low[i]);
      ph_state_set(io, LUSH_STATE_TAP + i, g, tap[i]);
    }
  }
}

static double lush_tail(const PhUnitSetup *setup)
{
  return setup->most[LUSH_FREEZE] > 0.5 || setup->most[LUSH_DECAY] > 30 ? 30 : setup->most[LUSH_DECAY];
}

/* ---- the rows ---- */

#define MIX(d) PH_P("mix", "sig", d, 0, 1, "", PH_SCALE_LIN, "0 the input alone, 1 the room alone")
#define DAMP(d, pole) PH_P("damp", "sig", d, 0, 1, "", PH_SCALE_LIN, "how much sooner high frequencies die: every round passes a one-pole low-pass with its pole at " pole)
#define DIFFUSION PH_P("diffusion", "sig", .7, 0, .9, "", PH_SCALE_LIN, "how soon single echoes blur")

static const PhParam reverb_params[] = { PH_P_IN, PH_P("room", "sig", .5, 0, 1, "", PH_SCALE_LIN, "size of the room"), DAMP(.5, "0.4 damp"), MIX(.3),
                                         PH_P("width", "sig", 1, 0, 1, "", PH_SCALE_LIN, "0 mono, 1 wide") };
static const PhParam plate_params[] = { PH_P_IN, PH_P("predelay_ms", "sig", 20, 0, 250, "ms", PH_SCALE_LIN, "silence before the room"),
                                        PH_P("decay", "sig", .5, 0, .99, "", PH_SCALE_LIN, "share left at each of the tank's four gains: 60 dB take 0.97 s at .2, 1.23 s at .3, 1.53 s at .4, 2 s at .5, 2.72 s at .6, 3.8 s at .7, 6 s at .8, without damping"), DIFFUSION, DAMP(.3, "damp"),
                                        PH_P("mod", "sig", .3, 0, 1, "", PH_SCALE_LIN, "how much the tank's lengths move"), MIX(.5) };
static const PhParam lush_params[] = { PH_P_IN, PH_P("decay", "sig", 4, .05, 60, "s", PH_SCALE_LOG, "time until the room has fallen by 60 dB, at any frequency, without damping"), DIFFUSION,
                                       DAMP(.3, "0.9 damp"), PH_P("spin", "sig", .3, 0, 3, "Hz", PH_SCALE_LIN, "speed of the moving lengths"),
                                       PH_P("wander", "sig", .2, 0, 1, "", PH_SCALE_LIN, "how far the lengths move"),
                                       PH_P("freeze", "sig", 0, 0, 1, "", PH_SCALE_INT, "1: holds what is in the room for ever"), MIX(.5) };

static const PhUnit units[] = {
  PH_ROW("reverb", "", "reverb", "A room: Freeverb's eight combs and four allpasses a side.", "s \"cp\" # reverb 0.8 0.3 0.4", reverb_params,
    .process = reverb, .state_floats = 1 + COMBS, .line_frames = reverb_frames, .tail_sec = reverb_tail,
    .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
  PH_ROW("plate", "", "reverb", "A plate: Dattorro's tank in a figure of eight.", "s \"sn\" # plate 10 0.7", plate_params,
    .process = plate, .state_floats = PLATE_STATES, .line_frames = plate_frames, .tail_sec = plate_tail,
    .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
  PH_ROW("lush", "fdn", "reverb", "A wide, moving hall: a network of eight delay lines; `freeze` holds it.", "s \"pad\" # lush 8", lush_params,
    .process = lush, .state_floats = LUSH_STATES, .line_frames = lush_memory, .tail_sec = lush_tail,
    .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
};

PH_EXPORT_TABLE(reverb);
