/* Effects on the spectrum: gate, smear, blur, freeze. Windows of 2048 frames at 44.1 kHz, four at a time.
   SPDX-License-Identifier: MIT */
#include "dsp/random.h"
#include "dsp/stft.h"

/* The amplitude of a sine is 4/n of its bin's magnitude. */
PH_INLINE float amplitude_scale(const PhHop *hop) { return 4.0f / (float)hop->stft->n; }
PH_INLINE PhV magnitude(PhC x) { return ph_sqrt(x.re * x.re + x.im * x.im); }

/* exp(-hop / sec): what is left after a hop. */
PH_INLINE PhV left_after_hop(const PhHop *hop, PhV sec)
{
  const PhV hops = ph_max(sec, ph_splat(1e-4f)) * (hop->io->sample_rate / (float)hop->stft->hop);
  return ph_keep(sec > 0.0f, ph_exp(-1.0f / hops));
}

/* ---- gate: bins below a level are turned down ---- */

enum { GATE_IN, GATE_THRESHOLD, GATE_RANGE, GATE_RELEASE };

static void gate_hop(const PhHop *hop)
{
  const PhV threshold = ph_db_ratio(ph_hop_in(hop, GATE_THRESHOLD)) * (1.0f / amplitude_scale(hop));
  const PhV least = ph_db_ratio(-ph_hop_in(hop, GATE_RANGE)), left = left_after_hop(hop, ph_hop_in(hop, GATE_RELEASE));
  float *gains = ph_hop_array(hop, 0);
  for (uint32_t k = 0; k <= hop->stft->n / 2; k++, gains += hop->step) {
    const PhC x = ph_c_load(ph_hop_bin(hop, k), hop->step);
    const PhV ratio = ph_min(magnitude(x) / threshold, ph_splat(1.0f)), square = ratio * ratio;
    const PhV wanted = ph_max(square * square, least), before = ph_hop_earlier(hop, gains);
    const PhV gain = ph_flush(ph_max(wanted, wanted + left * (before - wanted)));
    ph_store_lanes(gains, hop->lanes, gain);
    ph_c_store(ph_hop_bin(hop, k), hop->step, (PhC){ x.re * gain, x.im * gain });
  }
}

static void spectral_gate(const PhIo *io) { ph_stft_run(io, io->data, gate_hop, NULL); }
static size_t gate_memory(const PhUnitSetup *setup) { return ph_spectral_memory(setup, 1); }

/* ---- smear: magnitudes are averaged over neighbours ---- */

enum { SMEAR_MOST = 256 };

/* From the sums of all magnitudes below each bin. */
static void smear_hop(const PhHop *hop)
{
  const int32_t half = (int32_t)hop->stft->n / 2;
  float *sums = ph_hop_array(hop, 0);
  PhV sum = ph_splat(0.0f);
  for (int32_t k = 0; k <= half; k++) {
    ph_store_lanes(sums + (size_t)k * hop->step, hop->lanes, sum);
    sum += magnitude(ph_c_load(ph_hop_bin(hop, (uint32_t)k), hop->step));
  }
  ph_store_lanes(sums + (size_t)(half + 1) * hop->step, hop->lanes, sum);
  const PhVi reach = ph_to_int(ph_clamp(ph_hop_in(hop, 1) + 0.5f, 0.0f, (float)SMEAR_MOST));
  for (int32_t k = 0; k <= half; k++) {
    const PhVi low = (k - reach) & ~(k < reach), above = k + reach + 1,
               high = ph_select_i(above > half + 1, ph_splat_i(half + 1), above);
    const PhC x = ph_c_load(ph_hop_bin(hop, (uint32_t)k), hop->step);
    const PhV own = magnitude(x);
    const PhV mean = (ph_hop_lanes(hop, sums, high) - ph_hop_lanes(hop, sums, low)) / ph_to_float(high - low);
    const PhV gain = ph_select(reach == 0, ph_splat(1.0f), ph_keep(own > 0.0f, mean / ph_max(own, ph_splat(1e-18f))));
    ph_c_store(ph_hop_bin(hop, (uint32_t)k), hop->step, (PhC){ x.re * gain, x.im * gain });
  }
}

static void spectral_smear(const PhIo *io) { ph_stft_run(io, io->data, smear_hop, NULL); }
static size_t smear_memory(const PhUnitSetup *setup) { return ph_spectral_memory(setup, 1) + 1; }

/* ---- blur: magnitudes follow slowly; what lasts longer than the input goes on with random phases ---- */

static void blur_hop(const PhHop *hop)
{
  const PhV left = left_after_hop(hop, ph_hop_in(hop, 1));
  const PhVu key = ph_noise_key(hop->io, hop->group);
  float *levels = ph_hop_array(hop, 0);
  for (uint32_t k = 0; k <= hop->stft->n / 2; k++, levels += hop->step) {
    const PhC x = ph_c_load(ph_hop_bin(hop, k), hop->step);
    const PhV own = magnitude(x), before = ph_hop_earlier(hop, levels);
    const PhV level = ph_flush(own + left * (before - own));
    ph_store_lanes(levels, hop->lanes, level);
    const PhV gain = ph_select(level < own, level / own, ph_splat(1.0f)), more = ph_max(level - own, ph_splat(0.0f));
    const PhVu phase = ph_random_bits(key, ph_splat_u(hop->age / hop->stft->hop), k);
    ph_c_store(ph_hop_bin(hop, k), hop->step,
               (PhC){ x.re * gain + more * ph_cos_u32(phase), x.im * gain + more * ph_sin_u32(phase) });
  }
}

static void spectral_blur(const PhIo *io) { ph_stft_run(io, io->data, blur_hop, NULL); }
static size_t blur_memory(const PhUnitSetup *setup) { return ph_spectral_memory(setup, 1); }
static double blur_tail(const PhUnitSetup *setup) { return ph_spectral_tail(setup) + 7 * setup->most[1]; }

/* ---- freeze: a spectrum is held; each bin's phase goes on as its peak's did ---- */

enum { FREEZE_STATE_GATE = 1, FREEZE_STATE_EVENTS, FREEZE_STATE_TAKEN, FREEZE_STATES };
enum { FREEZE_BEFORE, FREEZE_HELD = 2, FREEZE_PHASE = 4, FREEZE_ADVANCE, FREEZE_POWER, FREEZE_ARRAYS };

/* Of a call: events of the gate up to each frame. */
typedef struct Events {
  PhVu count[PH_CHUNK_FRAMES];
} Events;

/* How far each bin's phase went since the hop before, as its peak's. */
static void freeze_take(const PhHop *hop, PhVi fresh)
{
  const uint32_t half = hop->stft->n / 2;
  float *advance = ph_hop_array(hop, FREEZE_ADVANCE), *power = ph_hop_array(hop, FREEZE_POWER);
  float *work = hop->work; /* free until the transform back */
  for (uint32_t k = 0; k <= half; k++) {
    const PhC x = ph_c_load(ph_hop_bin(hop, k), hop->step);
    const float *before = ph_hop_array(hop, FREEZE_BEFORE) + (size_t)k * 2 * hop->step;
    const PhC step = ph_c_mul_conj(x, (PhC){ ph_hop_earlier(hop, before), ph_hop_earlier(hop, before + hop->step) });
    ph_store_u((uint32_t *)(void *)(work + k * hop->step), ph_angle_u32(step.im, step.re));
    float *held = ph_hop_array(hop, FREEZE_HELD) + (size_t)k * 2 * hop->step;
    ph_store_lanes(held, fresh, x.re);
    ph_store_lanes(held + hop->step, fresh, x.im);
    ph_store_lanes(ph_hop_array(hop, FREEZE_PHASE) + k * hop->step, fresh, ph_splat(0.0f));
  }
  ph_hop_power(hop, power);
  ph_hop_spread(hop, power, work, work);
  for (uint32_t k = 0; k <= half; k++) {
    ph_store_lanes(advance + k * hop->step, fresh, ph_load(work + k * hop->step));
  }
}

static void freeze_hop(const PhHop *hop)
{
  const Events *events = hop->extra;
  const PhVu count = events->count[hop->frame], taken = ph_state_u(hop->io, FREEZE_STATE_TAKEN, hop->group);
  const PhVi on = hop->lanes & (ph_hop_in(hop, 1) != 0.0f), fresh = hop->lanes & (count != taken);
  ph_state_set_u(hop->io, FREEZE_STATE_TAKEN, hop->group, ph_select_u(hop->lanes, count, taken));
  if (ph_any(fresh)) {
    freeze_take(hop, fresh);
  }
  for (uint32_t k = 0; k <= hop->stft->n / 2; k++) {
    float *bin = ph_hop_bin(hop, k), *before = ph_hop_array(hop, FREEZE_BEFORE) + (size_t)k * 2 * hop->step;
    const PhC x = ph_c_load(bin, hop->step);
    ph_store_lanes(before, hop->lanes, x.re);
    ph_store_lanes(before + hop->step, hop->lanes, x.im);
    if (!ph_any(on)) {
      continue;
    }
    uint32_t *turned = (uint32_t *)(void *)(ph_hop_array(hop, FREEZE_PHASE) + k * hop->step);
    const PhVu phase = ph_load_u(turned);
    const PhC held = ph_c_load(ph_hop_array(hop, FREEZE_HELD) + (size_t)k * 2 * hop->step, hop->step);
    const PhC y = ph_c_mul(held, (PhC){ ph_cos_u32(phase), ph_sin_u32(phase) });
    const PhVu advance = ph_load_u((const uint32_t *)(const void *)(ph_hop_array(hop, FREEZE_ADVANCE) + k * hop->step));
    ph_store_u(turned, ph_select_u(on, phase + advance, phase));
    ph_c_store(bin, hop->step, (PhC){ ph_select(on, y.re, x.re), ph_select(on, y.im, x.im) });
  }
}

static void freeze(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    Events events;
    PhV last = ph_state(io, FREEZE_STATE_GATE, g);
    PhVu count = ph_state_u(io, FREEZE_STATE_EVENTS, g);
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV gate = ph_in(io, 1, f, g);
      count += (PhVu)((gate != 0.0f) & (gate != last)) & 1;
      last = gate;
      events.count[f] = count;
    }
    ph_state_set(io, FREEZE_STATE_GATE, g, last);
    ph_state_set_u(io, FREEZE_STATE_EVENTS, g, count);
    ph_stft_group(io, g, io->data, freeze_hop, &events);
  }
}

static size_t freeze_memory(const PhUnitSetup *setup) { return ph_spectral_memory(setup, FREEZE_ARRAYS); }

/* ---- rows ---- */


static const PhParam gate_params[] = {
  PH_P_IN, PH_P("threshold_db", "sig", -40, -120, 0, "dB", PH_SCALE_LIN, "level of a sine that still passes untouched"),
  PH_P("range_db", "sig", 60, 0, 120, "dB", PH_SCALE_LIN, "how far what is quieter is turned down, at most"),
  PH_P("release", "sig", .05, 0, 10, "s", PH_SCALE_LOG, "time in which a bin closes")
};
static const PhParam smear_params[] = { PH_P_IN,
                                        PH_P("bins", "sig", 8, 0, SMEAR_MOST, "bins", PH_SCALE_INT,
                                             "neighbours on each side (21.5 Hz apart) that share their level") };
static const PhParam blur_params[] = { PH_P_IN, PH_P("time", "sig", .5, 0, 60, "s", PH_SCALE_LOG,
                                                     "how slowly levels follow: time to 63 %") };
static const PhParam freeze_params[] = {
  PH_P_IN,
  { "trig", "gate", 1, 0, 0, "", PH_PARAM_OPTIONAL, PH_SCALE_LIN,
    "every event takes the sound anew and holds it while it is on; without one: every cycle, or the note" }
};

#define SPECTRAL(flags_) .prepare = ph_spectral_prepare, .flags = PH_UNIT_PROCESSOR | (flags_)

static const PhUnit units[] = {
  PH_ROW("spectral_gate", "specgate", "spectral",
         "Lets through only the partials above a level: a noise gate for every bin of the spectrum," PH_SPECTRAL_LATE ".",
         "s \"pad\" # spectral_gate (-30)", gate_params, .process = spectral_gate, .state_floats = 1,
         .line_frames = gate_memory, .tail_sec = ph_spectral_tail, SPECTRAL(0)),
  PH_ROW("spectral_smear", "smear", "spectral",
         "Spreads the level of each bin of the spectrum over its neighbours: tones become bands," PH_SPECTRAL_LATE ".",
         "s \"pad\" # spectral_smear 20", smear_params, .process = spectral_smear, .state_floats = 1,
         .line_frames = smear_memory, .tail_sec = ph_spectral_tail, SPECTRAL(0)),
  PH_ROW("spectral_blur", "blur", "spectral",
         "Lets the spectrum follow slowly, as a cloud of the sound that lasts," PH_SPECTRAL_LATE ".", "s \"cp\" # spectral_blur 2",
         blur_params, .process = spectral_blur, .state_floats = 1, .line_frames = blur_memory, .tail_sec = blur_tail,
         SPECTRAL(PH_UNIT_RANDOM)),
  PH_ROW("freeze", "spectral_freeze", "spectral",
         "Holds the sound of the moment of an event while the event lasts, and lets the input through otherwise," PH_SPECTRAL_LATE
         ".",
         "s \"pad\" # freeze \"0 1\"", freeze_params, .process = freeze, .state_floats = FREEZE_STATES,
         .line_frames = freeze_memory, .tail_sec = ph_spectral_tail, SPECTRAL(0)),
};

PH_EXPORT_TABLE(spectral);
