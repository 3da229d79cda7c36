/* Effects that cut the signal into waves at its upward zero crossings. Each lane has waves of its own.
   SPDX-License-Identifier: MIT */
#include "dsp/line.h"
#include "dsp/random.h"

/* ---- squiz: each wave is played faster, as often as it takes to fill its time (Stowell's Squiz, 2008) ----
   What is heard is the wave before, since a wave cannot be read faster than it comes. A wave is cut off after WAVE_SEC. */

#define WAVE_SEC 0.05
enum { SQUIZ_AGE, SQUIZ_BEGIN, SQUIZ_FROM, SQUIZ_LENGTH, SQUIZ_AT, SQUIZ_LAST, SQUIZ_STATES };

static void squiz(const PhIo *io)
{
  const float longest = io->sample_rate * (float)WAVE_SEC;
  PH_GROUPS(io, g)
  {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhVu age = ph_state_u(io, SQUIZ_AGE, g), begin = ph_state_u(io, SQUIZ_BEGIN, g),
         from = ph_state_u(io, SQUIZ_FROM, g);
    PhV length = ph_state(io, SQUIZ_LENGTH, g), at = ph_state(io, SQUIZ_AT, g), last = ph_state(io, SQUIZ_LAST, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      const PhV x = ph_in(io, 0, f, g), so_far = ph_to_float((PhVi)(age - begin));
      const PhVi ends = ((last < 0.0f) & (x >= 0.0f)) | (so_far >= longest);
      from = ph_select_u(ends, begin, from);
      begin = ph_select_u(ends, age, begin);
      length = ph_select(ends, so_far, length);
      at = ph_keep(~ends, at);
      last = x;
      ph_line_write(&line, age, x);
      const PhVi first = length < 1.0f; /* no wave is complete yet */
      const PhV wave = ph_tap_fraction(&line, age, ph_max(ph_to_float((PhVi)(age - from)) - at, ph_splat(1.0f)));
      at += ph_in(io, 1, f, g);
      at -= ph_floor(at / ph_max(length, ph_splat(1.0f))) * length;
      ph_out(io, f, g, ph_select(first, x, wave));
    }
    ph_state_set_u(io, SQUIZ_AGE, g, age);
    ph_state_set_u(io, SQUIZ_BEGIN, g, begin);
    ph_state_set_u(io, SQUIZ_FROM, g, from);
    ph_state_set(io, SQUIZ_LENGTH, g, length);
    ph_state_set(io, SQUIZ_AT, g, at);
    ph_state_set(io, SQUIZ_LAST, g, last);
  }
}

static size_t squiz_line(const PhUnitSetup *setup) { return (size_t)(2 * WAVE_SEC * setup->sample_rate) + 8; }

/* ---- waveloss: whole waves are left out, by chance (after Trevor Wishart's distortions) ---- */

enum { WAVELOSS_WAVE, WAVELOSS_LAST, WAVELOSS_STATES };

static void waveloss(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    const PhVu key = ph_noise_key(io, g);
    PhVu wave = ph_state_u(io, WAVELOSS_WAVE, g);
    PhV last = ph_state(io, WAVELOSS_LAST, g);
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV x = ph_in(io, 0, f, g);
      wave -= (PhVu)((last < 0.0f) & (x >= 0.0f)); /* true is -1 */
      last = x;
      const PhVi lost = ph_unipolar(ph_random_bits(key, wave, 0)) * 100.0f < ph_in(io, 1, f, g);
      ph_out(io, f, g, ph_keep(~lost, x));
    }
    ph_state_set_u(io, WAVELOSS_WAVE, g, wave);
    ph_state_set(io, WAVELOSS_LAST, g, last);
  }
}

/* ---- rows ------------------------------------------------------------------------------------------------------ */

static const PhParam squiz_params[] = {
  PH_P_IN,
  PH_P("ratio", "sig", 2, 1, 100, "", PH_SCALE_LOG, "how much faster each wave is played: 2 is an octave up"),
};
static const PhParam waveloss_params[] = {
  PH_P_IN,
  PH_P("percent", "sig", 50, 0, 100, "%", PH_SCALE_LIN, "how many waves of a hundred are left out"),
};

static const PhUnit units[] = {
  PH_ROW("squiz", "", "shape", "Raises the pitch crudely: every wave is played faster and repeated to fill its time.",
         "s \"sn\" # squiz 4", squiz_params, .process = squiz, .state_floats = SQUIZ_STATES, .line_frames = squiz_line,
         .flags = PH_UNIT_PROCESSOR),
  PH_ROW("waveloss", "", "shape", "Leaves out whole waves by chance.", "saw 110 # waveloss 40", waveloss_params,
         .process = waveloss, .state_floats = WAVELOSS_STATES, .flags = PH_UNIT_PROCESSOR | PH_UNIT_RANDOM),
};

PH_EXPORT_TABLE(crossing);
