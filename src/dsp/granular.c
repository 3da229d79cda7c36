/* Granular synthesis on what has just been heard (Truax 1988, "Real-time granular synthesis with a digital signal processor").
   SPDX-License-Identifier: MIT */
#include "dsp/line.h"
#include "dsp/random.h"

enum { IN, GRAIN_MS, DENSITY, PITCH, SPREAD, JITTER };

enum { GRAINS = 16 }; /* at once; longer grains are shortened so that no more are needed */

/* Values of the state: the clock, then those of every grain. */
enum { AGE, CLOCK, STEP, COUNT, SLOTS };
enum { SINCE, LENGTH, BACK, RATE, PAN, SLOT_VALUES };
enum { STATE = SLOTS + GRAINS * SLOT_VALUES };

typedef struct Grain {
  PhV since;  /* frames since its onset; at `length` it is over */
  PhV length; /* frames */
  PhV back;   /* frames between it and the present at its onset */
  PhV rate;   /* frames that it reads per frame */
  PhV pan;    /* gain in this lane */
} Grain;

PH_INLINE Grain grain_load(const PhIo *io, uint32_t slot, uint32_t g)
{
  const uint32_t at = SLOTS + slot * SLOT_VALUES;
  return (Grain){ ph_state(io, at + SINCE, g), ph_state(io, at + LENGTH, g), ph_state(io, at + BACK, g),
                  ph_state(io, at + RATE, g), ph_state(io, at + PAN, g) };
}

PH_INLINE void grain_save(const PhIo *io, uint32_t slot, uint32_t g, const Grain *grain)
{
  const uint32_t at = SLOTS + slot * SLOT_VALUES;
  ph_state_set(io, at + SINCE, g, grain->since);
  ph_state_set(io, at + LENGTH, g, grain->length);
  ph_state_set(io, at + BACK, g, grain->back);
  ph_state_set(io, at + RATE, g, grain->rate);
  ph_state_set(io, at + PAN, g, grain->pan);
}

static double most_sec(const PhUnitSetup *setup)
{
  const double grain = setup->most[GRAIN_MS] * 1e-3, faster = setup->most[PITCH] - 1;
  return grain * (faster > 1 ? faster : 1) + setup->most[JITTER];
}

static size_t granular_line(const PhUnitSetup *setup) { return (size_t)(most_sec(setup) * setup->sample_rate) + 16; }
static double granular_tail(const PhUnitSetup *setup) { return setup->most[GRAIN_MS] * 1e-3 + setup->most[JITTER]; }

/* What a grain that begins now is. */
typedef struct Wish {
  PhV length, rate, spread, jitter;
} Wish;

PH_INLINE Grain grain_new(const PhIo *io, const Wish *wish, PhVu key, PhVu number)
{
  const PhV further = ph_unipolar(ph_random_bits(key, number, 1)) * wish->jitter * io->sample_rate;
  const PhV place = ph_bipolar(ph_random_bits(key, number, 2)) * wish->spread;
  const PhV side = ph_select(ph_right_mask(), place, -place);
  const PhV ahead = ph_max(wish->rate - 1.0f, (PhV){ 0 }) * wish->length; /* it must not overtake the present */
  return (Grain){ { 0 }, wish->length, ahead + further + 2.0f, wish->rate, ph_sqrt(1.0f + side) };
}

PH_INLINE Grain grain_select(PhVi mask, Grain a, Grain b)
{
  return (Grain){ ph_select(mask, a.since, b.since), ph_select(mask, a.length, b.length),
                  ph_select(mask, a.back, b.back), ph_select(mask, a.rate, b.rate), ph_select(mask, a.pan, b.pan) };
}

/* A grain's share of a frame, under a Hann window. */
PH_INLINE PhV grain_tick(Grain *grain, PhVi live, const PhLine *line, PhVu age)
{
  const PhV done = grain->since / grain->length;
  const PhV window = 0.5f - 0.5f * ph_cos_u32(ph_turns_u32(done));
  const PhV back = ph_max(grain->back - (grain->rate - 1.0f) * grain->since, ph_splat(1.0f));
  const PhV y = ph_tap_fraction(line, age, ph_keep(live, back) + ph_keep(~live, ph_splat(1.0f))) * window * grain->pan;
  grain->since += ph_keep(live, ph_splat(1.0f));
  return ph_keep(live, y);
}

/* in, grain_ms, density, pitch, spread, jitter. With a pitch of 1 and without jitter it gives back its input: grains under
   Hann windows that overlap n times add up to n / 2. */
static void granular(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    const PhVu key = ph_noise_key(io, g);
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhVu age = ph_state_u(io, AGE, g), clock = ph_state_u(io, CLOCK, g), step = ph_state_u(io, STEP, g),
         count = ph_state_u(io, COUNT, g);
    Grain grains[GRAINS];
    for (uint32_t k = 0; k < GRAINS; k++) {
      grains[k] = grain_load(io, k, g);
    }
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV density = ph_clamp(ph_in(io, DENSITY, f, g), 0.1f, 1000.0f),
                jitter = ph_clamp(ph_in(io, JITTER, f, g), 0.0f, 1.0f);
      const PhV most = io->sample_rate * (0.6f * GRAINS) / density;
      const PhV length = ph_max(ph_min(ph_in(io, GRAIN_MS, f, g) * (io->sample_rate * 1e-3f), most), ph_splat(8.0f));
      const PhV overlap = length * density * io->inv_sample_rate;
      ph_line_write(&line, age, ph_in(io, IN, f, g));
      age += 1;
      /* The clock's step is drawn anew for each grain, so that they come unevenly. */
      const PhVu last = clock;
      clock += step;
      const PhVi due = (PhVi)(clock < last) | (PhVi)(count == 0);
      const PhV uneven = 1.0f + 0.5f * jitter * ph_bipolar(ph_random_bits(key, count, 0));
      const PhV turns = density * io->inv_sample_rate * uneven;
      step = ph_select_u(due, (PhVu)ph_to_int(ph_min(turns * 2147483648.0f, ph_splat(2147483520.0f))) << 1, step);
      if (ph_any(due)) {
        const Wish wish = { length, ph_clamp(ph_in(io, PITCH, f, g), 0.0f, 8.0f),
                            ph_clamp(ph_in(io, SPREAD, f, g), 0.0f, 1.0f), jitter };
        const Grain fresh = grain_new(io, &wish, key, count);
        for (uint32_t k = 0; k < GRAINS; k++) {
          grains[k] = grain_select(due & (PhVi)((count & (GRAINS - 1)) == k), fresh, grains[k]);
        }
        count += (PhVu)due & 1u;
      }
      PhV sum = { 0 };
      for (uint32_t k = 0; k < GRAINS; k++) {
        const PhVi live = grains[k].since < grains[k].length;
        if (ph_any(live)) {
          sum += grain_tick(&grains[k], live, &line, age);
        }
      }
      ph_out(io, f, g, ph_guard(io, sum / ph_max(overlap * 0.5f, ph_splat(1.0f))));
    }
    ph_state_set_u(io, AGE, g, age);
    ph_state_set_u(io, CLOCK, g, clock);
    ph_state_set_u(io, STEP, g, step);
    ph_state_set_u(io, COUNT, g, count);
    for (uint32_t k = 0; k < GRAINS; k++) {
      grain_save(io, k, g, &grains[k]);
    }
  }
}

/* ---- rows ---- */

static const PhParam granular_params[] = {
  PH_P_IN,
  PH_P("grain_ms", "sig", 100, 1, 500, "ms", PH_SCALE_LOG, "length of a grain"),
  PH_P("density", "sig", 20, 0.1, 1000, "1/s", PH_SCALE_LOG,
       "grains a second; 9 overlap at most, so many grains are short ones"),
  PH_P("pitch", "sig", 1, 0, 8, "", PH_SCALE_LOG, "speed of the reading: 2 is an octave up, 0.5 one down"),
  PH_P("spread", "sig", 0, 0, 1, "", PH_SCALE_LIN, "how far the grains are strewn over the stereo field"),
  PH_P("jitter", "sig", 0, 0, 1, "s", PH_SCALE_LIN, "how far back grains may begin; also makes them come unevenly"),
};

static const PhUnit units[] = {
  PH_ROW("granular", "", "effect", "Short overlapping grains of the input at another pitch.",
         "s \"bd sn*2\" # granular 80 30 1.5 0.5 0.1", granular_params, .process = granular, .state_floats = STATE,
         .line_frames = granular_line, .tail_sec = granular_tail,
         .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO | PH_UNIT_RANDOM),
};

PH_EXPORT_TABLE(granular);
