/* Noises. Randomness is a hash of (seed, voice, frame), so it can be cut and repeated anywhere.
   SPDX-License-Identifier: MIT */
#include "dsp/line.h"
#include "dsp/random.h"

/* On a bus all lanes are the same, so four frames are drawn at once. */
PH_INLINE uint32_t white_bus(const PhIo *io, PhVu key, PhVu frame)
{
  uint32_t f = 0;
#if PH_W == 4
  if (io->lanes == PH_LANES_BUS && ph_uniform(key) && ph_uniform(frame)) {
    float *out = io->out;
    for (PhVu at = frame + (PhVu)ph_lane_numbers(); f + 4 <= io->frames; f += 4, at += 4, out += 4 * PH_LANES_BUS) {
      const PhV x = ph_bipolar(ph_random_bits(key, at, 0));
      ph_store(out, ph_splat(x[0]));
      ph_store(out + PH_LANES_BUS, ph_splat(x[1]));
      ph_store(out + 2 * PH_LANES_BUS, ph_splat(x[2]));
      ph_store(out + 3 * PH_LANES_BUS, ph_splat(x[3]));
    }
  }
#else
  (void)io, (void)key, (void)frame;
#endif
  return f;
}

static void white(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    const PhVu key = ph_noise_key(io, g), first = ph_state_u(io, 0, g);
    for (uint32_t f = white_bus(io, key, first); f < io->frames; f++) {
      ph_out(io, f, g, ph_bipolar(ph_random_bits(key, first + f, 0)));
    }
    ph_state_set_u(io, 0, g, first + io->frames);
  }
}

/* ---- pink: white through a ladder of nine poles with a zero half-way to the next, 1.5 octaves apart from 6 Hz up, and a zero that
   takes back what the sampled poles lift at the top. Within 0.25 dB of -3 dB an octave from 20 Hz to 20 kHz. ---- */

enum { PINK_SECTIONS = 9 };

static void pink(const PhIo *io)
{
  float poles[PINK_SECTIONS], zeros[PINK_SECTIONS];
  float hz = 6.0f;
  for (uint32_t i = 0; i < PINK_SECTIONS; i++, hz *= 2.82842712f) {
    poles[i] = ph_exp(ph_splat(-6.28318531f * hz * io->inv_sample_rate))[0];
    zeros[i] = ph_exp(ph_splat(-6.28318531f * 1.68179283f * hz * io->inv_sample_rate))[0];
  }
  PH_GROUPS(io, g)
  {
    const PhVu key = ph_noise_key(io, g);
    PhVu frame = ph_state_u(io, 0, g);
    PhV last[PINK_SECTIONS + 1];
    for (uint32_t i = 0; i <= PINK_SECTIONS; i++) {
      last[i] = ph_state(io, 1 + i, g);
    }
    PH_FRAMES(io, g, out)
    {
      const PhV x = ph_bipolar(ph_random_bits(key, frame, 0));
      PhV y = x + 0.08f * last[PINK_SECTIONS];
      last[PINK_SECTIONS] = x;
      for (uint32_t i = 0; i < PINK_SECTIONS; i++) {
        const PhV state = ph_flush(y + poles[i] * last[i]); /* direct form 2 */
        y = state - zeros[i] * last[i];
        last[i] = state;
      }
      ph_store(out, y * 0.25f);
      frame += 1;
    }
    ph_state_set_u(io, 0, g, frame);
    for (uint32_t i = 0; i <= PINK_SECTIONS; i++) {
      ph_state_set(io, 1 + i, g, last[i]);
    }
  }
}

/* -6 dB an octave above 10 Hz, flat below, so that it does not wander off. A zero takes back what the sampled pole lifts at the
   top. */
static void brown(const PhIo *io)
{
  const PhV pole = ph_exp(ph_splat(-62.8318531f * io->inv_sample_rate));
  const PhV scale = ph_sqrt(1.0f - pole * pole); /* keeps the level whatever the rate */
  PH_GROUPS(io, g)
  {
    const PhVu key = ph_noise_key(io, g);
    PhVu frame = ph_state_u(io, 0, g);
    PhV y = ph_state(io, 1, g);
    PH_FRAMES(io, g, out)
    {
      const PhV last = y;
      y = ph_flush(y * pole + scale * ph_bipolar(ph_random_bits(key, frame, 0)));
      ph_store(out, y * 0.52f + last * 0.08f);
      frame += 1;
    }
    ph_state_set_u(io, 0, g, frame);
    ph_state_set(io, 1, g, y);
  }
}

/* ---- sparse noises ---- */

/* One impulse of random sign at a random place of every 1/density seconds (Karjalainen & Järveläinen 2007). State: the phase in
   the grid, the number of the cell, whether its impulse is past. */
static void velvet(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    const PhVu key = ph_noise_key(io, g);
    PhCursor density = ph_cursor(io, 0, g);
    PhVu phase = ph_state_u(io, 0, g), cell = ph_state_u(io, 1, g), past = ph_state_u(io, 2, g);
    PH_FRAMES(io, g, out)
    {
      const PhVu place = ph_random_bits(key, cell, 0);
      const PhV sign = ph_select((PhVi)ph_random_bits(key, cell, 1) < 0, ph_splat(-1.0f), ph_splat(1.0f));
      const PhVu step = (PhVu)ph_to_int(ph_clamp(ph_next(&density) * io->inv_sample_rate * 2147483648.0f, 0.0f, 2147483520.0f)) << 1;
      /* At the frame whose step crosses the place, or the first one if that lies before it: each cell has one. */
      const PhVi due = ((PhVi)(phase >= place) | (PhVi)(place - phase < step)) & (PhVi)(past == 0);
      ph_store(out, ph_keep(due, sign));
      past |= (PhVu)due;
      const PhVu next = phase + step;
      const PhVi wrapped = (PhVi)(next < phase);
      cell += (PhVu)wrapped & 1u;
      past &= ~(PhVu)wrapped;
      phase = next;
    }
    ph_state_set_u(io, 0, g, phase);
    ph_state_set_u(io, 1, g, cell);
    ph_state_set_u(io, 2, g, past);
  }
}

/* Impulses from 0 to 1 at random times, `density` of them a second on average. */
static void dust(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    const PhVu key = ph_noise_key(io, g);
    PhCursor density = ph_cursor(io, 0, g);
    PhVu frame = ph_state_u(io, 0, g);
    PH_FRAMES(io, g, out)
    {
      const PhV chance = ph_next(&density) * io->inv_sample_rate;
      const PhVi hit = ph_unipolar(ph_random_bits(key, frame, 0)) < chance;
      ph_store(out, ph_keep(hit, ph_unipolar(ph_random_bits(key, frame, 1))));
      frame += 1;
    }
    ph_state_set_u(io, 0, g, frame);
  }
}

/* A chaotic map, after SuperCollider's Crackle: y = |p y1 - y2 - 0.05|. */
static void crackle(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor chaos = ph_cursor(io, 0, g);
    PhV y1 = ph_state(io, 0, g), y2 = ph_state(io, 1, g);
    PH_FRAMES(io, g, out)
    {
      /* At rest it would stay there: 0.3 sets it going. */
      const PhVi rest = (y1 == 0.0f) & (y2 == 0.0f);
      const PhV y = ph_select(rest, ph_splat(0.3f), ph_flush(ph_min(ph_abs(ph_next(&chaos) * y1 - y2 - 0.05f), ph_splat(1.0f))));
      y2 = y1;
      y1 = y;
      ph_store(out, y);
    }
    ph_state_set(io, 0, g, y1);
    ph_state_set(io, 1, g, y2);
  }
}

/* A 1 every 1/freq seconds, the first at once. */
static void impulse(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor freq = ph_cursor(io, 0, g);
    PhVu phase = ph_state_u(io, 0, g), started = ph_state_u(io, 1, g);
    PH_FRAMES(io, g, out)
    {
      const PhVu step = (PhVu)ph_to_int(ph_clamp(ph_next(&freq) * io->inv_sample_rate * 2147483648.0f, 0.0f, 2147483520.0f)) << 1;
      const PhVu next = phase + step;
      const PhVi now = (PhVi)(next < phase) | (PhVi)(started == 0);
      phase = ph_select_u((PhVi)(started == 0), phase, next);
      started |= 1;
      ph_store(out, ph_keep(now, ph_splat(1.0f)));
    }
    ph_state_set_u(io, 0, g, phase);
    ph_state_set_u(io, 1, g, started);
  }
}

/* ---- rows ---- */

static const PhParam no_params[1] = { { 0 } };
static const PhParam density_params[] = { PH_P("density", "sig", 100, 0, 20000, "1/s", PH_SCALE_LOG, "impulses a second") };
static const PhParam crackle_params[] = { PH_P("chaos", "sig", 1.5, 1, 2, "", PH_SCALE_LIN, "from a buzz to crackling") };
static const PhParam impulse_params[] = { PH_P("freq", "hz", 1, 0, 20000, "Hz", PH_SCALE_LOG, "impulses a second") };

#define NOISE_ROW(name_, aliases_, doc_, example_, kernel_, states_)                                                   \
  {                                                                                                                    \
    .func = { .name = name_, .aliases = aliases_, .family = "source", .doc = doc_, .example = example_,                \
              .result = "sig", .params = no_params, .param_count = 0, .sort = PH_FUNC_UNIT },                          \
    .process = kernel_, .state_floats = states_, .flags = PH_UNIT_RANDOM                                               \
  }

static const PhUnit units[] = {
  NOISE_ROW("noise", "white white_noise", "White noise from -1 to 1.", "noise * 0.2", white, 1),
  NOISE_ROW("pink", "pink_noise", "Pink noise: -3 dB an octave.", "pink * 0.3", pink, 2 + PINK_SECTIONS),
  NOISE_ROW("brown", "brownian brown_noise", "Brown noise: -6 dB an octave.", "brown * 0.5", brown, 2),
  PH_ROW("velvet", "", "source", "Sparse impulses of random sign, evenly dense.", "velvet 800 # lpf 4000", density_params, .process = velvet,
         .state_floats = 3, .flags = PH_UNIT_RANDOM),
  PH_ROW("dust", "", "source", "Impulses from 0 to 1 at random times.", "dust 20 # lpf 3000", density_params, .process = dust,
         .state_floats = 1, .flags = PH_UNIT_RANDOM),
  PH_ROW("crackle", "", "source", "Chaotic crackling.", "crackle 1.9 * 0.4", crackle_params, .process = crackle, .state_floats = 2),
  PH_ROW("impulse", "", "source", "Single impulses at a frequency.", "impulse 4 # lpf 3000", impulse_params, .process = impulse,
         .state_floats = 2, .flags = PH_UNIT_OSC),
};

PH_EXPORT_TABLE(noise);
