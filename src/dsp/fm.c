/* Sources that are sums of sines in closed form: frequency and phase modulation (Chowning 1973), impulse trains (Winham &
   Steiglitz 1970, "Input generators for digital sound synthesis"), additive synthesis.  SPDX-License-Identifier: MIT */
#include "dsp/kernel.h"
#include "dsp/numbers.h"

/* ---- modulation ---- */

/* carrier, mod, index. State: both phases. */
static void fm(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor carrier = ph_cursor(io, 0, g), mod = ph_cursor(io, 1, g), index = ph_cursor(io, 2, g);
    PhVu phase = ph_state_u(io, 0, g), mod_phase = ph_state_u(io, 1, g);
    PH_FRAMES(io, g, out)
    {
      const PhVu inc = ph_increment_u32(ph_next(&carrier) * io->inv_sample_rate);
      const PhVu mod_inc = ph_increment_u32(ph_next(&mod) * io->inv_sample_rate);
      const PhV bend = ph_next(&index) * ph_sin_u32(mod_phase);
      ph_store(out, ph_sin_u32(phase + ph_radians_u32(bend)));
      phase += inc;
      mod_phase += mod_inc;
    }
    ph_state_set_u(io, 0, g, phase);
    ph_state_set_u(io, 1, g, mod_phase);
  }
}

/* carrier, sig, index. */
static void pm(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor carrier = ph_cursor(io, 0, g), sig = ph_cursor(io, 1, g), index = ph_cursor(io, 2, g);
    PhVu phase = ph_state_u(io, 0, g);
    PH_FRAMES(io, g, out)
    {
      const PhVu inc = ph_increment_u32(ph_next(&carrier) * io->inv_sample_rate);
      const PhV bend = ph_next(&index) * ph_next(&sig);
      ph_store(out, ph_sin_u32(phase + ph_radians_u32(bend)));
      phase += inc;
    }
    ph_state_set_u(io, 0, g, phase);
  }
}

/* carrier, mod, index, back. The modulator hears the carrier's last frame. State: both phases, the carrier's last value. */
static void fmcrossmod(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor carrier = ph_cursor(io, 0, g), mod = ph_cursor(io, 1, g), index = ph_cursor(io, 2, g),
             back = ph_cursor(io, 3, g);
    PhVu phase = ph_state_u(io, 0, g), mod_phase = ph_state_u(io, 1, g);
    PhV y = ph_state(io, 2, g);
    PH_FRAMES(io, g, out)
    {
      const PhVu inc = ph_increment_u32(ph_next(&carrier) * io->inv_sample_rate);
      const PhVu mod_inc = ph_increment_u32(ph_next(&mod) * io->inv_sample_rate);
      const PhV x = ph_sin_u32(mod_phase + ph_radians_u32(ph_next(&back) * y));
      y = ph_sin_u32(phase + ph_radians_u32(ph_next(&index) * x));
      ph_store(out, y);
      phase += inc;
      mod_phase += mod_inc;
    }
    ph_state_set_u(io, 0, g, phase);
    ph_state_set_u(io, 1, g, mod_phase);
    ph_state_set(io, 2, g, y);
  }
}

/* ---- blip: N cosines of equal level, the next one faded in by the fraction of N ---- */

/* freq, harmonics. sum cos(kx), k = 1 … n, is (sin((n + 1/2) x) / sin(x/2) - 1) / 2. */
static void blip(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor freq = ph_cursor(io, 0, g), harmonics = ph_cursor(io, 1, g);
    PhVu phase = ph_state_u(io, 0, g);
    PH_FRAMES(io, g, out)
    {
      const PhVu inc = ph_increment_u32(ph_next(&freq) * io->inv_sample_rate);
      const PhV turns = ph_max(ph_abs(ph_to_float((PhVi)inc)) * 2.32830644e-10f, ph_splat(1e-7f));
      const PhV below = 0.5f / turns - 1.0f; /* one more than this stays below half the rate */
      const PhV count = ph_max(ph_min(ph_next(&harmonics), below), ph_splat(1.0f));
      const PhVi n = ph_to_int(count);
      const PhVu half = (PhVu)((PhVi)phase >> 1); /* signed: sines near 0 keep all their bits */
      const PhV under = ph_sin_u32(half), over = ph_sin_u32(half * (PhVu)(2 * n + 1));
      const PhV flat = ph_to_float(n);
      const PhVi there = half == 0;
      const PhV sum = ph_select(there, flat, 0.5f * (over / ph_select(there, ph_splat(1.0f), under) - 1.0f));
      const PhV rest = count - flat;
      ph_store(out, (sum + rest * ph_cos_u32(phase * (PhVu)(n + 1))) / count);
      phase += inc;
    }
    ph_state_set_u(io, 0, g, phase);
  }
}

/* ---- additive ---- */

enum { PARTIALS_MOST = 128 };

typedef struct Partials {
  uint32_t count;
  float level[PARTIALS_MOST];
} Partials;

static PhStatus additive_prepare(const PhUnitSetup *setup, PhArena *arena, const void **data, const char **error)
{
  double levels[PARTIALS_MOST];
  const size_t count = ph_read_numbers(&setup->texts[0], " ,", levels, PARTIALS_MOST);
  if (count == SIZE_MAX || count == 0) {
    *error = "wants 1 to 128 levels of partials, as numbers: additive 110 \"1 0.5 0.33\"";
    return PH_RANGE;
  }
  Partials *p = PH_NEW(arena, Partials);
  p->count = (uint32_t)count;
  for (size_t k = 0; k < count; k++) {
    p->level[k] = (float)(levels[k] < -1e6 ? -1e6 : levels[k] > 1e6 ? 1e6 : levels[k]);
  }
  *data = p;
  return PH_OK;
}

/* freq. Partial k is a rotation k times by the phase; between 0.45 and 0.5 of the rate it fades out. */
static void additive(const PhIo *io)
{
  const Partials *p = io->data;
  PH_GROUPS(io, g)
  {
    PhCursor freq = ph_cursor(io, 0, g);
    PhVu phase = ph_state_u(io, 0, g);
    PH_FRAMES(io, g, out)
    {
      const PhVu inc = ph_increment_u32(ph_next(&freq) * io->inv_sample_rate);
      const PhV turns = ph_abs(ph_to_float((PhVi)inc)) * 2.32830644e-10f;
      const PhV c = ph_cos_u32(phase), s = ph_sin_u32(phase);
      PhV x = c, y = s, sum = { 0 };
      for (uint32_t k = 0; k < p->count; k++) {
        const PhV share = ph_clamp((0.5f - turns * (float)(k + 1)) * 20.0f, 0.0f, 1.0f);
        if (!ph_any(share > 0.0f)) {
          break; /* the rest would add zeros */
        }
        sum += y * (share * p->level[k]);
        const PhV turned = x * c - y * s;
        y = y * c + x * s;
        x = turned;
      }
      ph_store(out, sum);
      phase += inc;
    }
    ph_state_set_u(io, 0, g, phase);
  }
}

/* ---- rows ---- */

#define P_FREQ PH_P("freq", "hz", 1, -24000, 24000, "Hz", PH_SCALE_LOG, "frequency; negative runs backwards")
#define P_CARRIER PH_P("carrier", "hz", 1, -24000, 24000, "Hz", PH_SCALE_LOG, "frequency of the sine that is heard")
#define P_MOD                                                                                                          \
  PH_P("mod", "hz", 110, -24000, 24000, "Hz", PH_SCALE_LOG,                                                            \
       "frequency of the sine that modulates; a note moves it, too")
#define P_INDEX PH_P("index", "sig", 1, -1000, 1000, "radians", PH_SCALE_LIN, "how far the phase is moved")

static const PhParam fm_params[] = { P_CARRIER, P_MOD, P_INDEX };
static const PhParam pm_params[] = { P_CARRIER,
                                     PH_P("sig", "sig", 0, 0, 0, "", PH_SCALE_LIN, "the signal that modulates"),
                                     P_INDEX };
static const PhParam cross_params[] = { P_CARRIER, P_MOD, P_INDEX,
                                        PH_P("back", "sig", 1, -1000, 1000, "radians", PH_SCALE_LIN,
                                             "how far the carrier moves the modulator's phase") };
static const PhParam blip_params[] = {
  P_FREQ, PH_P("harmonics", "sig", 200, 1, 10000, "", PH_SCALE_LOG,
               "how many at most, from the fundamental up; a fraction fades the next one in")
};
static const PhParam additive_params[] = {
  P_FREQ,
  { "amps", "text", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN,
    "levels of the partials from the fundamental up, 128 at most" },
};

static const PhUnit units[] = {
  PH_ROW("fm", "", "source", "Sine whose phase a second sine moves: two-operator frequency modulation.",
         "fm 220 440 (line 4 0 1) * 0.3", fm_params, .process = fm, .state_floats = 2, .flags = PH_UNIT_OSC),
  PH_ROW("pm", "", "source", "Sine whose phase a signal moves.", "pm 110 (saw 55) 2 * 0.3", pm_params, .process = pm,
         .state_floats = 1, .flags = PH_UNIT_OSC),
  PH_ROW("fmcrossmod", "fm_crossmod", "source", "Two sines that move each other's phase.",
         "fmcrossmod 110 165 2 1.5 * 0.3", cross_params, .process = fmcrossmod, .state_floats = 3,
         .flags = PH_UNIT_OSC),
  PH_ROW("blip", "", "source", "Band-limited impulses: cosines of equal level, with a peak of 1.", "blip 110 30 * 0.5",
         blip_params, .process = blip, .state_floats = 1, .flags = PH_UNIT_OSC),
  PH_ROW("additive", "", "source", "Sum of sines at whole multiples of a frequency, band-limited.",
         "additive 110 \"1 0 0.5 0 0.3 0 0.2\" * 0.3", additive_params, .process = additive, .state_floats = 1,
         .flags = PH_UNIT_OSC | PH_UNIT_TEXT_DATA, .prepare = additive_prepare),
};

PH_EXPORT_TABLE(fm);
