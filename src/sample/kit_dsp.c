/* Tools of the built-in kit.  SPDX-License-Identifier: MIT */
#include "sample/kit_dsp.h"

#include <assert.h>

/* ---- mathematics --------------------------------------------------------------------------------------------- */

static double round_down(double x)
{
  const double t = (double)(int64_t)x;
  return t > x ? t - 1 : t;
}

/* Taylor's series about 0 after folding to a quarter turn, which is exact: the first term left out is below 1e-19. */
double ph_kit_sin(double turns)
{
  double r = turns - round_down(turns + 0.5); /* -0.5 … 0.5 */
  r = r > 0.25 ? 0.5 - r : r < -0.25 ? -0.5 - r : r;
  const double x = r * 6.283185307179586, y = x * x;
  static const double c[] = { 1.0 / 51090942171709440000.0,
                              -1.0 / 121645100408832000.0,
                              1.0 / 355687428096000.0,
                              -1.0 / 1307674368000.0,
                              1.0 / 6227020800.0,
                              -1.0 / 39916800.0,
                              1.0 / 362880.0,
                              -1.0 / 5040.0,
                              1.0 / 120.0,
                              -1.0 / 6.0,
                              1.0 };
  double sum = c[0];
  for (size_t i = 1; i < PH_COUNT(c); i++) {
    sum = sum * y + c[i];
  }
  return sum * x;
}

/* ---- buffers ------------------------------------------------------------------------------------------------- */

void ph_kit_begin(PhKitSound *s, double sec, unsigned channels)
{
  assert(s->frames == 0);
  s->frames = ph_kit_at(s, sec);
  s->channels = channels;
  for (unsigned c = 0; c < channels; c++) {
    s->ch[c] = ph_kit_scratch(s);
  }
}

double *ph_kit_scratch(PhKitSound *s) { return PH_NEWN(s->arena, double, s->frames); }

double *ph_kit_env(PhKitSound *s, double attack, double hold, double decay)
{
  double *env = ph_kit_scratch(s);
  const double up = 1 / (attack * s->rate + 1), down = ph_kit_decay(s, decay);
  const int64_t hold_end = ph_kit_at(s, attack + hold);
  double v = 0;
  for (int64_t i = 0; i < s->frames; i++) {
    v = i <= hold_end ? ph_kit_min(1, v + up) : ph_kit_flush(v * down);
    env[i] = v;
  }
  return env;
}

double *ph_kit_curve(PhKitSound *s, double a, double b, double sec)
{
  double *x = ph_kit_scratch(s);
  const double factor = ph_kit_decay(s, sec);
  double left = 1;
  for (int64_t i = 0; i < s->frames; i++) {
    x[i] = b + (a - b) * left;
    left = ph_kit_flush(left * factor);
  }
  return x;
}

void ph_kit_add(PhKitSound *s, const double *x, double gain, double pan)
{
  const double g[2] = { gain * ph_kit_cos((pan + 1) / 8), gain * ph_kit_sin((pan + 1) / 8) };
  for (unsigned c = 0; c < s->channels; c++) {
    const double v = s->channels == 1 ? gain : g[c];
    for (int64_t i = 0; i < s->frames; i++) {
      s->ch[c][i] += v * x[i];
    }
  }
}

void ph_kit_scale(PhKitSound *s, const double *env)
{
  for (unsigned c = 0; c < s->channels; c++) {
    for (int64_t i = 0; i < s->frames; i++) {
      s->ch[c][i] *= env[i];
    }
  }
}

void ph_kit_drive(PhKitSound *s, double drive)
{
  const double back = 1 / ph_kit_soft(drive);
  for (unsigned c = 0; c < s->channels; c++) {
    for (int64_t i = 0; i < s->frames; i++) {
      s->ch[c][i] = ph_kit_soft(drive * s->ch[c][i]) * back;
    }
  }
}

void ph_kit_fade_out(PhKitSound *s, double sec)
{
  const int64_t n = ph_kit_at(s, sec) < s->frames ? ph_kit_at(s, sec) : s->frames;
  for (unsigned c = 0; c < s->channels; c++) {
    for (int64_t i = 0; i < n; i++) {
      s->ch[c][s->frames - 1 - i] *= (double)i / (double)n;
    }
  }
}

/* ---- filters ------------------------------------------------------------------------------------------------- */

void ph_kit_svf_set(PhKitSvf *f, double rate, double cutoff_hz, double q)
{
  const double turns = ph_kit_min(ph_kit_max(cutoff_hz / rate, 1e-5), 0.48) * 0.5;
  f->g = ph_kit_sin(turns) / ph_kit_cos(turns); /* tan(π fc / rate) */
  f->k = 1 / q;
  f->a1 = 1 / (1 + f->g * (f->g + f->k));
  f->a2 = f->g * f->a1;
  f->a3 = f->g * f->a2;
}

/* Frames between two settings of a swept filter: a step is then a few thousandths of a semitone. */
enum { SWEEP_STEP = 4 };

void ph_kit_filter(const PhKitSound *s, double *x, PhKitMode mode, double cutoff_hz, double q)
{
  PhKitSvf f = { 0 };
  ph_kit_svf_set(&f, s->rate, cutoff_hz, q);
  for (int64_t i = 0; i < s->frames; i++) {
    x[i] = ph_kit_svf(&f, mode, x[i]);
  }
}

void ph_kit_sweep(const PhKitSound *s, double *x, PhKitMode mode, const double *cutoff_hz, double q)
{
  PhKitSvf f = { 0 };
  for (int64_t i = 0; i < s->frames; i++) {
    if (i % SWEEP_STEP == 0) {
      ph_kit_svf_set(&f, s->rate, cutoff_hz[i], q);
    }
    x[i] = ph_kit_svf(&f, mode, x[i]);
  }
}

void ph_kit_filter_all(PhKitSound *s, PhKitMode mode, double cutoff_hz, double q)
{
  for (unsigned c = 0; c < s->channels; c++) {
    ph_kit_filter(s, s->ch[c], mode, cutoff_hz, q);
  }
}

void ph_kit_sweep_all(PhKitSound *s, PhKitMode mode, const double *cutoff_hz, double q)
{
  for (unsigned c = 0; c < s->channels; c++) {
    ph_kit_sweep(s, s->ch[c], mode, cutoff_hz, q);
  }
}

/* ---- oscillators --------------------------------------------------------------------------------------------- */

/* Amplitude of partial k (from 1). */
static double partial(PhKitShape shape, unsigned k)
{
  static const double organ[] = { 1, 0.8, 0.55, 0.5, 0, 0.3, 0, 0.25 };
  const double n = k;
  switch (shape) {
  case KIT_SAW:
    return 0.6 / n;
  case KIT_SQUARE:
    return k % 2 ? 0.85 / n : 0;
  case KIT_TRIANGLE:
    return k % 2 ? (k % 4 == 1 ? 0.8 : -0.8) / (n * n) : 0;
  case KIT_ORGAN:
    return k <= PH_COUNT(organ) ? 0.5 * organ[k - 1] : 0;
  case KIT_REED:
    return 0.5 / (1 + 0.12 * n * n) * (k % 2 ? 1 : 0.6);
  }
  return 0;
}

static const double *sine_table(PhKitSound *s)
{
  if (!s->sines) {
    double *sines = PH_NEWN(s->arena, double, KIT_WAVE_SIZE);
    for (unsigned i = 0; i < KIT_WAVE_SIZE; i++) {
      sines[i] = ph_kit_sin((double)i / KIT_WAVE_SIZE);
    }
    s->sines = sines;
  }
  return s->sines;
}

PhKitWave *ph_kit_wave(PhKitSound *s, PhKitShape shape, double hz)
{
  const double *sines = sine_table(s);
  PhKitWave *w = PH_NEW(s->arena, PhKitWave);
  double *period = w->table + 1;
  const double highest = 0.45 * s->rate / hz;
  const unsigned count = highest < KIT_WAVE_PARTIALS ? (unsigned)highest : KIT_WAVE_PARTIALS;
  for (unsigned k = 1; k <= count; k++) {
    const double a = partial(shape, k);
    /* The last quarter fades, which keeps the ripple of the cut-off series down. */
    const double over = (double)k / count;
    const double gain = over > 0.75 ? a * (1 - 0.8 * (over - 0.75) * 4) : a;
    if (a > 0 || a < 0) {
      for (unsigned i = 0, at = 0; i <= KIT_WAVE_SIZE / 2; i++, at = (at + k) & (KIT_WAVE_SIZE - 1)) {
        period[i] += gain * sines[at];
      }
    }
  }
  for (unsigned i = 1; i < KIT_WAVE_SIZE / 2; i++) { /* sums of sines are odd */
    period[KIT_WAVE_SIZE - i] = -period[i];
  }
  w->table[0] = period[KIT_WAVE_SIZE - 1];
  period[KIT_WAVE_SIZE] = period[0];
  period[KIT_WAVE_SIZE + 1] = period[1];
  return w;
}

void ph_kit_osc(const PhKitSound *s, double *x, const PhKitWave *w, double hz, const double *bend, double phase,
                double gain)
{
  const double step = hz / s->rate;
  for (int64_t i = 0; i < s->frames; i++) {
    x[i] += gain * ph_kit_wave_at(w, phase);
    phase += bend ? step * bend[i] : step;
    phase = phase >= 1 ? phase - 1 : phase;
  }
}

void ph_kit_sine(const PhKitSound *s, double *x, double hz, const double *bend, double phase, double gain)
{
  const double step = hz / s->rate;
  for (int64_t i = 0; i < s->frames; i++) {
    x[i] += gain * ph_kit_sin(phase);
    phase += bend ? step * bend[i] : step;
    phase = phase >= 1 ? phase - 1 : phase;
  }
}

/* Rotating, shrinking vectors: MODE_LANES neighbouring frames at a time, because one recurrence would wait for itself. */
void ph_kit_mode(const PhKitSound *s, double *x, double hz, double gain, double sec)
{
  if (hz > 0.47 * s->rate) {
    return;
  }
  enum { MODE_LANES = 8 };
  const double shrink = ph_kit_decay(s, sec), turn = hz / s->rate;
  double re[MODE_LANES], im[MODE_LANES], power = gain;
  for (int k = 0; k < MODE_LANES; k++) {
    re[k] = power * ph_kit_cos(turn * k);
    im[k] = power * ph_kit_sin(turn * k);
    power *= shrink;
  }
  const double jump = power / gain, c = jump * ph_kit_cos(turn * MODE_LANES), d = jump * ph_kit_sin(turn * MODE_LANES);
  double level = gain;
  for (int64_t i = 0; i < s->frames && level > 1e-7; i += MODE_LANES, level *= jump) {
    const int64_t left = s->frames - i;
    for (int k = 0; k < MODE_LANES; k++) {
      x[k < left ? i + k : i] += k < left ? im[k] : 0;
      const double t = re[k] * c - im[k] * d;
      im[k] = re[k] * d + im[k] * c;
      re[k] = t;
    }
  }
}

void ph_kit_white(const PhKitSound *s, double *x, uint64_t k, double gain)
{
  for (int64_t i = 0; i < s->frames; i++) {
    x[i] += gain * ph_kit_noise(s, k, i);
  }
}

/* One voice of a stack; `at` runs from -1 to 1 over the voices. The phase is an integer and the interpolation linear: the
   error of a table this long is 85 dB down, and there are up to 40 of these loops in a chord. */
static void stack_voice(PhKitSound *s, const PhKitStack *stack, const PhKitWave *w, double hz, unsigned id, double at)
{
  const double step = hz * ph_kit_exp2(at * stack->detune_cents / 1200) / s->rate * 0x1p32;
  /* Neighbours in pitch stand on opposite sides, so that neither side is sharp. */
  const double pan = stack->width * (id % 2 ? -at : at), gain = 1 / sqrt(stack->note_count * stack->voices);
  const double left = gain * ph_kit_cos((pan + 1) / 8), right = gain * ph_kit_sin((pan + 1) / 8);
  uint32_t phase = (uint32_t)(ph_kit_pick(s, id) * 0x1p32);
  for (int64_t i = 0; i < s->frames; i++) {
    const double *p = w->table + 1 + phase / (1u << 20);
    const double v = p[0] + (p[1] - p[0]) * ((phase & ((1u << 20) - 1)) * 0x1p-20);
    s->ch[0][i] += left * v;
    s->ch[1][i] += right * v;
    phase += (uint32_t)(stack->bend ? step * stack->bend[i] : step);
  }
}

void ph_kit_stack(PhKitSound *s, const PhKitStack *stack)
{
  assert(s->channels == 2);
  _Static_assert(KIT_WAVE_SIZE == 1 << 12, "stack_voice shifts by 32 - 12");
  double most_bend = 1;
  for (int64_t i = 0; stack->bend && i < s->frames; i++) {
    most_bend = ph_kit_max(most_bend, stack->bend[i]);
  }
  for (unsigned n = 0; n < stack->note_count; n++) {
    const double hz = ph_kit_note(stack->notes[n]);
    const PhKitWave *w = ph_kit_wave(s, stack->shape, hz * most_bend * ph_kit_exp2(stack->detune_cents / 1200));
    for (unsigned v = 0; v < stack->voices; v++) {
      const double at = stack->voices == 1 ? 0 : 2.0 * v / (stack->voices - 1) - 1;
      stack_voice(s, stack, w, hz, n * stack->voices + v, at);
    }
  }
}

/* ---- space --------------------------------------------------------------------------------------------------- */

enum { CHORUS_STEP = 64 };

void ph_kit_chorus(PhKitSound *s, double rate_hz, double depth_sec, double mix)
{
  const double centre = 0.008 * s->rate + depth_sec * s->rate, depth = depth_sec * s->rate;
  for (unsigned c = 0; c < s->channels; c++) {
    double *wet = ph_kit_scratch(s), swing = 0, slope = 0;
    for (int64_t i = 0; i < s->frames; i++) {
      if (i % CHORUS_STEP == 0) { /* a line between exact points */
        const double turn = (double)i * rate_hz / s->rate + 0.5 * c;
        swing = ph_kit_sin(turn);
        slope = (ph_kit_sin(turn + CHORUS_STEP * rate_hz / s->rate) - swing) / CHORUS_STEP;
      }
      const double at = (double)i - (centre + depth * (swing + slope * (double)(i % CHORUS_STEP)));
      if (at >= 1) {
        const int64_t k = (int64_t)at;
        const double f = at - (double)k;
        wet[i] = s->ch[c][k] * (1 - f) + s->ch[c][k + 1] * f;
      }
    }
    for (int64_t i = 0; i < s->frames; i++) {
      s->ch[c][i] = s->ch[c][i] * (1 - 0.5 * mix) + wet[i] * mix;
    }
  }
}

enum { ROOM_LINES = 8 };

void ph_kit_room(PhKitSound *s, double sec, double damp_hz, double mix)
{
  static const double lengths_sec[ROOM_LINES] = { 0.0113, 0.0137, 0.0171, 0.0199, 0.0233, 0.0269, 0.0307, 0.0349 };
  double *line[ROOM_LINES], gain[ROOM_LINES], low[ROOM_LINES] = { 0 };
  int64_t len[ROOM_LINES], at[ROOM_LINES] = { 0 };
  for (int k = 0; k < ROOM_LINES; k++) {
    len[k] = ph_kit_at(s, lengths_sec[k]) + 1;
    line[k] = PH_NEWN(s->arena, double, len[k]);
    gain[k] = ph_kit_exp2(-9.965784284662087 * lengths_sec[k] / sec);
  }
  const double damp = ph_kit_exp2(-9.064720283654388 * ph_kit_min(damp_hz / s->rate, 0.49)); /* e^(-2π f / rate) */
  for (int64_t i = 0; i < s->frames; i++) {
    double out[ROOM_LINES], sum = 0, wet[2] = { 0, 0 };
    for (int k = 0; k < ROOM_LINES; k++) {
      low[k] = line[k][at[k]] * (1 - damp) + low[k] * damp;
      out[k] = low[k] * gain[k];
      sum += out[k];
      wet[k % 2] += k % 4 < 2 ? out[k] : -out[k];
    }
    for (int k = 0; k < ROOM_LINES; k++) {
      const double in = s->ch[s->channels == 2 ? k % 2 : 0][i];
      line[k][at[k]] = in + out[k] - sum * (2.0 / ROOM_LINES);
      at[k] = at[k] + 1 == len[k] ? 0 : at[k] + 1;
    }
    for (unsigned c = 0; c < s->channels; c++) {
      s->ch[c][i] = s->ch[c][i] * (1 - 0.3 * mix) + mix * 0.5 * (s->channels == 2 ? wet[c] : 0.7 * (wet[0] + wet[1]));
    }
  }
}
