/* Combs and all-passes: one line with feedback, and a pair of all-passes that stands a quarter turn apart.
   SPDX-License-Identifier: MIT */
#include "dsp/line.h"

#define COMB_LEAST_HZ 10.0

static size_t comb_line(const PhUnitSetup *setup)
{
  return (size_t)(setup->sample_rate / (setup->least[1] > COMB_LEAST_HZ ? setup->least[1] : COMB_LEAST_HZ)) + 8;
}

/* Seconds until the echoes have fallen by 100 dB. */
static double comb_tail(const PhUnitSetup *setup)
{
  const double most = setup->most[2], least = -setup->least[2], fb = most > least ? most : least;
  const double falls = 1 - fb; /* at least, in nepers an echo */
  const double sec = 11.5 / ((falls > 0.001 ? falls : 0.001) * setup->least[1]);
  return sec < 0.05 ? 0 : sec;
}

/* y = x + fb·y, one period of freq ago. Cubic interpolation between frames. in, freq, fb. */
static void comb(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhVu age = ph_state_u(io, 0, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      const PhV frames = ph_max(io->sample_rate / ph_in(io, 1, f, g), ph_splat(1.0f));
      const PhV y = ph_flush(ph_in(io, 0, f, g) + ph_in(io, 2, f, g) * ph_tap_fraction(&line, age, frames));
      ph_line_write(&line, age, y);
      ph_out(io, f, g, y);
    }
    ph_state_set_u(io, 0, g, age);
  }
}

/* Schroeder's all-pass (Natural Sounding Artificial Reverberation, 1962): v = x + fb·d, y = d - fb·v, with d the v of one period
   of freq ago. What is left of the period over whole frames is Thiran's first-order all-pass (1971), so the gain is 1
   at every frequency whatever the period. in, freq, fb. */
static void allpass(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    PhVu age = ph_state_u(io, 0, g);
    PhV last = ph_state(io, 1, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      const PhV frames = ph_max(io->sample_rate / ph_in(io, 1, f, g), ph_splat(1.5f)), fb = ph_in(io, 2, f, g);
      const PhV whole = ph_floor(frames - 0.5f), rest = frames - whole; /* 0.5 … 1.5 */
      const PhV a = (1.0f - rest) / (1.0f + rest);
      const PhVu n = (PhVu)ph_to_int(whole);
      last = ph_flush(a * (ph_tap(&line, age, n) - last) + ph_tap(&line, age, n + 1));
      const PhV v = ph_flush(ph_in(io, 0, f, g) + fb * last);
      ph_line_write(&line, age, v);
      ph_out(io, f, g, last - fb * v);
    }
    ph_state_set_u(io, 0, g, age);
    ph_state_set(io, 1, g, last);
  }
}

/* ---- Hilbert: two rows of all-passes whose phases stand 90° apart, an elliptic half-band filter turned by a quarter of the
   sample rate (Gazsi, Explicit Formulas for Lattice Wave Digital Filters, 1985). Each section is (a - z^-2)/(1 - a z^-2); the
   second row is a frame late. Designed for 0.00045 of the sample rate (20 Hz at 44.1 kHz) up to a half less that: within 0.1°. ---- */

enum { HILBERT_SECTIONS = 6, HILBERT_LATE = 4 * HILBERT_SECTIONS, HILBERT_STATES };

static const float hilbert_even[HILBERT_SECTIONS] = { 0.0946288926f, 0.549779692f, 0.846561067f,
                                                      0.954433252f,  0.987148815f, 0.996880307f };
static const float hilbert_odd[HILBERT_SECTIONS] = { 0.315900516f, 0.729737318f, 0.915626113f,
                                                     0.975665438f, 0.993380774f, 0.999086111f };

/* Left lanes run the row that is in phase, right lanes the one a quarter turn behind, both of the mean of the sides. A section
   keeps two frames of its input and two of its output. */
static void hilbert(const PhIo *io)
{
  const PhVi right = ph_right_mask();
  PH_GROUPS(io, g)
  {
    PhCursor in = ph_cursor(io, 0, g);
    PhV s[HILBERT_SECTIONS][4], late = ph_state(io, HILBERT_LATE, g), a[HILBERT_SECTIONS];
    for (uint32_t i = 0; i < HILBERT_LATE; i++) {
      s[i / 4][i % 4] = ph_state(io, i, g);
    }
    for (uint32_t i = 0; i < HILBERT_SECTIONS; i++) {
      a[i] = ph_select(right, ph_splat(hilbert_odd[i]), ph_splat(hilbert_even[i]));
    }
    PH_FRAMES(io, g, out)
    {
      const PhV x = ph_next(&in), mean = 0.5f * (x + ph_swap(x));
      PhV y = ph_select(right, late, mean);
      late = mean;
      for (uint32_t i = 0; i < HILBERT_SECTIONS; i++) {
        const PhV next = ph_flush(a[i] * (y + s[i][3]) - s[i][1]);
        s[i][1] = s[i][0];
        s[i][0] = y;
        s[i][3] = s[i][2];
        s[i][2] = next;
        y = next;
      }
      ph_store(out, y);
    }
    for (uint32_t i = 0; i < HILBERT_LATE; i++) {
      ph_state_set(io, i, g, s[i / 4][i % 4]);
    }
    ph_state_set(io, HILBERT_LATE, g, late);
  }
}

static double hilbert_tail(const PhUnitSetup *setup)
{
  (void)setup;
  return 0.6; /* the slowest pole, 0.999086 over two frames, falls by 100 dB in 25200 frames */
}

/* ---- rows ------------------------------------------------------------------------------------------------------ */

static const PhParam comb_params[] = {
  PH_P_IN,
  PH_P_REQ("freq", "hz", 220, COMB_LEAST_HZ, 20000, "Hz", PH_SCALE_LOG,
           "frequency of the first tooth: the echo comes after one period"),
  PH_P("fb", "sig", 0.7, -0.999, 0.999, "", PH_SCALE_LIN,
       "share of the echo that goes round; below 0 the teeth are the odd ones, an octave down"),
};
static const PhParam allpass_params[] = {
  PH_P_IN,
  PH_P_REQ("freq", "hz", 220, COMB_LEAST_HZ, 20000, "Hz", PH_SCALE_LOG, "the echoes come after its periods"),
  PH_P("fb", "sig", 0.5, -0.999, 0.999, "", PH_SCALE_LIN, "how much rings on"),
};
static const PhParam hilbert_params[] = { PH_P_IN };

static const PhUnit units[] = {
  PH_ROW("comb", "", "filter", "Comb filter with feedback: rings at a frequency and its multiples.",
         "noise * 0.1 # comb 220 0.95", comb_params, .process = comb, .state_floats = 1, .line_frames = comb_line,
         .tail_sec = comb_tail, .flags = PH_UNIT_PROCESSOR | PH_UNIT_RING),
  PH_ROW("allpass", "", "filter", "All-pass with an echo (Schroeder): smears the phase, keeps every level.",
         "s \"rim\" # allpass 100 0.7", allpass_params, .process = allpass, .state_floats = 2, .line_frames = comb_line,
         .tail_sec = comb_tail, .flags = PH_UNIT_PROCESSOR | PH_UNIT_RING),
  PH_ROW("hilbert", "", "filter",
         "The signal on the left, a quarter turn behind it on the right, at all frequencies from 20 Hz on; both have "
         "the same phase shift besides.",
         "saw 110 # hilbert", hilbert_params, .process = hilbert, .state_floats = HILBERT_STATES,
         .tail_sec = hilbert_tail, .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
};

PH_EXPORT_TABLE(comb);
