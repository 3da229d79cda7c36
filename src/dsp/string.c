/* Strings: a delay line closed by a loss (Karplus & Strong 1983; Jaffe & Smith 1983; Smith 1992 for the waveguide and its pickup).
   The loss is a symmetric filter of three taps, so its delay is one frame at every frequency, and the line is read by six
   points, so every partial is in tune.  SPDX-License-Identifier: MIT */
#include "dsp/line.h"
#include "dsp/random.h"
#include "dsp/table.h"

#define LEAST_HZ 16.0f
#define LEAST_PERIOD 5.0f /* frames: six taps and the filter */

static size_t string_line(const PhUnitSetup *setup) { return (size_t)(setup->sample_rate / (double)LEAST_HZ) + 8; }

/* ---- the loop ---- */

enum { LOOP_AGE, LOOP_SINCE, LOOP_GATE, LOOP_PLUCKS, LOOP_U1, LOOP_U2, LOOP_STATE };

typedef struct Loop {
  PhVu age;   /* frames that the line holds */
  PhVu since; /* frames since it was plucked, held at the end of its range */
  PhV gate;
  PhVu plucks; /* so far */
  PhV u1, u2;  /* what came out of the line one and two frames ago */
} Loop;

PH_INLINE Loop loop_load(const PhIo *io, uint32_t g)
{
  return (Loop){ ph_state_u(io, LOOP_AGE, g),    ph_state_u(io, LOOP_SINCE, g), ph_state(io, LOOP_GATE, g),
                 ph_state_u(io, LOOP_PLUCKS, g), ph_state(io, LOOP_U1, g),      ph_state(io, LOOP_U2, g) };
}

PH_INLINE void loop_save(const PhIo *io, uint32_t g, const Loop *l)
{
  ph_state_set_u(io, LOOP_AGE, g, l->age);
  ph_state_set_u(io, LOOP_SINCE, g, l->since);
  ph_state_set(io, LOOP_GATE, g, l->gate);
  ph_state_set_u(io, LOOP_PLUCKS, g, l->plucks);
  ph_state_set(io, LOOP_U1, g, l->u1);
  ph_state_set(io, LOOP_U2, g, l->u2);
}

/* Whether the string is in the first `frames` frames of a pluck; counts on. */
PH_INLINE PhVi loop_pluck(Loop *l, PhV gate, PhV frames)
{
  const PhVi fresh = (gate != 0.0f) & (gate != l->gate);
  l->gate = gate;
  l->plucks += (PhVu)fresh & 1u;
  l->since = ph_select_u(fresh, ph_splat_u(0), l->since);
  const PhVi now = (l->plucks != 0) & (ph_to_float((PhVi)l->since) < frames);
  l->since += (PhVu)((PhVi)l->since < INT32_MAX) & 1u;
  return now;
}

/* Frames of a period. */
PH_INLINE PhV period_of(const PhIo *io, PhV hz)
{
  const PhV least = ph_max(ph_abs(hz), ph_splat(LEAST_HZ));
  return ph_max(io->sample_rate / least, ph_splat(LEAST_PERIOD));
}

/* The line `frames` frames back, frames >= 3. */
PH_INLINE PhV line_at(const PhLine *line, PhVu age, PhV frames)
{
  const PhVi whole = ph_to_int(frames);
  const PhV t = frames - ph_to_float(whole);
  PhV y[6];
  for (int i = 0; i < 6; i++) {
    y[i] = ph_tap(line, age, (PhVu)(whole + (i - 2)));
  }
  return ph_lagrange6(y, t);
}

/* What comes back after a period: 60 dB less after 8 s (damp 0) … 0.08 s (damp 1), and less treble the more it is damped. The treble
   that is lost in a second does not depend on the pitch. */
PH_INLINE PhV loop_back(const PhIo *io, Loop *l, const PhLine *line, PhV period, PhV damp)
{
  const PhV sec = period * io->inv_sample_rate;
  const PhV gain = ph_exp2(-9.96578428f * sec * ph_exp2(damp * 6.64385619f - 3.0f));
  const PhV side = ph_min(100.0f * damp * sec, ph_splat(0.25f));
  const PhV u = line_at(line, l->age, period - 1.0f);
  const PhV lost = side * (u + l->u2) + (1.0f - 2.0f * side) * l->u1;
  l->u2 = l->u1;
  l->u1 = u;
  return gain * lost;
}

/* ---- pluck: a period of noise, then its echoes ---- */

enum { PLUCK_IN = LOOP_STATE, PLUCK_OUT, PLUCK_STATE };

/* freq, damp, gate. What the noise has below 8 Hz is taken out behind the loop, where it cannot detune it. */
static void pluck(const PhIo *io)
{
  const PhV pole = ph_exp(ph_splat(-50.2654825f * io->inv_sample_rate));
  PH_GROUPS(io, g)
  {
    const PhVu key = ph_noise_key(io, g);
    PhCursor freq = ph_cursor(io, 0, g), damp = ph_cursor(io, 1, g), gate = ph_cursor(io, 2, g);
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    Loop loop = loop_load(io, g);
    PhV last = ph_state(io, PLUCK_IN, g), y = ph_state(io, PLUCK_OUT, g);
    PH_FRAMES(io, g, out)
    {
      const PhV period = period_of(io, ph_next(&freq));
      const PhVi plucked = loop_pluck(&loop, ph_next(&gate), period);
      const PhV noise = ph_bipolar(ph_random_bits(key + ph_scramble(loop.plucks), loop.since, 0));
      const PhV back = loop_back(io, &loop, &line, period, ph_next(&damp));
      const PhV x = ph_select(plucked, noise, ph_flush(back));
      ph_line_write(&line, loop.age, x);
      loop.age += 1;
      y = ph_flush(pole * y + (x - last));
      last = x;
      ph_store(out, y);
    }
    loop_save(io, g, &loop);
    ph_state_set(io, PLUCK_IN, g, last);
    ph_state_set(io, PLUCK_OUT, g, y);
  }
}

/* ---- waveguide: two rails as one loop, heard at a pickup ---- */

/* freq, damp, pickup, gate. It is plucked by a bump of a twelfth of the period. The wave that runs back from the
   bridge is late by the pickup's share of a period and upside down. */
static void waveguide(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor freq = ph_cursor(io, 0, g), damp = ph_cursor(io, 1, g), pickup = ph_cursor(io, 2, g),
             gate = ph_cursor(io, 3, g);
    const PhLine line = ph_line(io->line, io->line_frames, io->lanes, g);
    Loop loop = loop_load(io, g);
    PH_FRAMES(io, g, out)
    {
      const PhV period = period_of(io, ph_next(&freq));
      const PhV width = ph_max(period * 0.0833333333f, ph_splat(4.0f));
      const PhVi plucked = loop_pluck(&loop, ph_next(&gate), width);
      const PhV place = ph_min(ph_to_float((PhVi)loop.since) / width, ph_splat(1.0f));
      const PhV side = place * (1.0f - place);
      const PhV back = loop_back(io, &loop, &line, period, ph_next(&damp));
      const PhV x = ph_flush(back + ph_keep(plucked, 16.0f * side * side));
      const PhV late = ph_max(ph_clamp(ph_next(&pickup), 0.0f, 1.0f) * period, ph_splat(1.0f));
      const PhV mirrored = ph_tap_fraction(&line, loop.age, late);
      ph_line_write(&line, loop.age, x);
      loop.age += 1;
      ph_store(out, x - mirrored);
    }
    loop_save(io, g, &loop);
  }
}

/* ---- rows ---- */

#define P_FREQ                                                                                                         \
  PH_P("freq", "hz", 110, -20000, 20000, "Hz", PH_SCALE_LOG, "pitch, within a cent from 30 Hz to 4 kHz; 16 Hz at least")
#define P_DAMP PH_P("damp", "sig", 0.5, 0, 1, "", PH_SCALE_LIN, "0 rings for 8 s, 1 for 0.08 s and loses its treble")
#define P_GATE                                                                                                         \
  PH_P("gate", "gate", 1, 0, 0, "", PH_SCALE_LIN,                                                                      \
       "what plucks it; without one: the events of freq, or every cycle, or the note inside an instrument")

static const PhParam pluck_params[] = { P_FREQ, P_DAMP, P_GATE };
static const PhParam waveguide_params[] = {
  P_FREQ, P_DAMP,
  PH_P("pickup", "sig", 0.2, 0, 1, "", PH_SCALE_LIN,
       "place of the pickup along the string: at 0.5 the even partials are silent"),
  P_GATE
};

static const PhUnit units[] = {
  PH_ROW("pluck", "", "source", "Plucked string after Karplus and Strong, plucked anew by every event.",
         "pluck \"c3 e3 g3 c4\" 0.4", pluck_params, .process = pluck, .state_floats = PLUCK_STATE,
         .line_frames = string_line, .flags = PH_UNIT_OSC | PH_UNIT_RANDOM),
  PH_ROW("waveguide", "", "source", "String as a digital waveguide, heard by a pickup.", "waveguide 110 0.3 0.15 * 0.5",
         waveguide_params, .process = waveguide, .state_floats = LOOP_STATE, .line_frames = string_line,
         .flags = PH_UNIT_OSC),
};

PH_EXPORT_TABLE(string);
