/* How long reverbs ring in every octave, whatever their settings: against the networks of their papers, in double, with moving lengths read by a
   windowed sinc, and against the times that the parameters promise.  SPDX-License-Identifier: MIT */
#include "bus.h"

static const double octaves_hz[] = { 250, 500, 1000, 2000, 4000, 8000, 16000 };

/* ---- measuring ---- */

static double energy_of[LONG];

/* The energy of both sides that four band-passes of an octave, one after another, let through. */
static void octave_energy(const float *sides[2], uint32_t frames, double hz)
{
  const double w = 2 * M_PI * hz / RATE, alpha = sin(w) * M_SQRT1_2 / 2, a0 = 1 + alpha;
  const double gain = alpha / a0, a1 = -2 * cos(w) / a0, a2 = (1 - alpha) / a0;
  double x1[5][2] = { { 0 } }, x2[5][2] = { { 0 } }; /* what entered each; the last is what came out */
  for (uint32_t f = 0; f < frames; f++) {
    double y[2] = { (double)sides[0][f], (double)sides[1][f] };
    for (int i = 0; i < 4; i++) {
      for (int s = 0; s < 2; s++) {
        const double next = gain * (y[s] - x2[i][s]) - a1 * x1[i + 1][s] - a2 * x2[i + 1][s];
        x2[i][s] = x1[i][s];
        x1[i][s] = y[s];
        y[s] = next;
      }
    }
    for (int s = 0; s < 2; s++) {
      x2[4][s] = x1[4][s];
      x1[4][s] = y[s];
    }
    energy_of[f] = y[0] * y[0] + y[1] * y[1];
  }
}

static double octave_decay(const float *sides[2], uint32_t frames, double hz)
{
  octave_energy(sides, frames, hz);
  return decay_sec(energy_of, frames);
}

static const float *heard[2] = { left, right };

static void set_reverb(const char *name, UnitCase *c, uint32_t frames)
{
  begin(c, name, frames);
  impulse_into(signal_a, frames);
  unit_audio(c, 0, signal_a);
  unit_const(c, strcmp(name, "reverb") == 0 ? 3 : strcmp(name, "plate") == 0 ? 6 : 7, 1);
}

/* ---- theory ---- */

static float theory_left[LONG], theory_right[LONG];
static const float *theory[2] = { theory_left, theory_right };

enum { RING = 1 << 13 };

/* A line: what was put in at frame `now`. */
typedef double Line[RING];

static double at(const Line line, uint32_t now, uint32_t back) { return back <= now ? line[(now - back) % RING] : 0; }

/* Between frames: 16 points of a sinc under a Hann window. */
static double at_fraction(const Line line, uint32_t now, double back)
{
  const double whole = floor(back), t = back - whole;
  if (t < 1e-9) {
    return at(line, now, (uint32_t)whole);
  }
  double sum = 0, weights = 0;
  for (int k = -7; k <= 8; k++) {
    const double d = k - t, w = sin(M_PI * d) / (M_PI * d) * (0.5 + 0.5 * cos(M_PI * d / 8.5));
    weights += w;
    sum += w * at(line, now, (uint32_t)(whole + k));
  }
  return sum / weights;
}

static uint32_t scaled(double frames, double rate) { return (uint32_t)(frames * RATE / rate) + 1; }

static double allpass(Line line, uint32_t now, double delayed, double x, double gain)
{
  line[now % RING] = x - gain * delayed;
  return delayed + gain * line[now % RING];
}

static void expect_reverb(uint32_t frames, double room, double damp)
{
  static const double combs[] = { 1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617 };
  static const double allpasses[] = { 556, 441, 341, 225 };
  static Line lines[8], small[4];
  for (int side = 0; side < 2; side++) {
    memset(lines, 0, sizeof(lines));
    memset(small, 0, sizeof(small));
    double low[8] = { 0 };
    for (uint32_t f = 0; f < frames; f++) {
      double sum = 0;
      for (int i = 0; i < 8; i++) {
        const double y = at(lines[i], f, scaled(combs[i] + 23 * side, RATE));
        low[i] += (1 - 0.4 * damp) * (y - low[i]);
        lines[i][f % RING] = (f == 0) + (0.7 + 0.28 * room) * low[i];
        sum += y;
      }
      for (int i = 0; i < 4; i++) {
        const double y = at(small[i], f, scaled(allpasses[i] + 23 * side, RATE));
        small[i][f % RING] = sum + 0.5 * y;
        sum = y - sum;
      }
      (side ? theory_right : theory_left)[f] = (float)sum;
    }
  }
}

/* Dattorro 1997, figure 1 and table 2. */
static void expect_plate(uint32_t frames, double decay, double damp, double mod)
{
  enum { A, B, C, D };
  static const double sizes[2][4] = { { 672, 4453, 1800, 3720 }, { 908, 4217, 2656, 3163 } };
  static const double taps[2][7] = { { 353, 3627, 1228, 2673, 2111, 335, 121 },
                                     { 266, 2974, 1913, 1996, 1990, 187, 1066 } };
  static const double in_sizes[] = { 142, 107, 379, 277 }, gains[] = { 0.75, 0.75, 0.625, 0.625 };
  static Line lines[2][4], in_lines[4];
  memset(lines, 0, sizeof(lines));
  memset(in_lines, 0, sizeof(in_lines));
  const double rate = 29761;
  double low[2] = { 0, 0 };
  for (uint32_t f = 0; f < frames; f++) {
    double v = f == 1;
    for (int i = 0; i < 4; i++) {
      v = allpass(in_lines[i], f, at(in_lines[i], f, scaled(in_sizes[i], rate)), v, gains[i]);
    }
    const double ends[2] = { at(lines[0][D], f, scaled(sizes[0][D], rate)),
                             at(lines[1][D], f, scaled(sizes[1][D], rate)) };
    double out[2] = { 0, 0 };
    for (int h = 0; h < 2; h++) {
      Line *l = lines[h];
      const double sway = 8 * RATE / rate * mod * sin(2 * M_PI * (0.9 * f / RATE + 0.25 * h));
      double x = v + decay * ends[1 - h];
      x = allpass(l[A], f, at_fraction(l[A], f, scaled(sizes[h][A], rate) + sway), x, -0.7);
      l[B][f % RING] = x;
      low[h] += (1 - damp) * (at(l[B], f, scaled(sizes[h][B], rate)) - low[h]);
      l[D][f % RING] = allpass(l[C], f, at(l[C], f, scaled(sizes[h][C], rate)), low[h] * decay, 0.5);
      const double *tap = taps[h];
      out[1 - h] += at(l[B], f, scaled(tap[0], rate)) + at(l[B], f, scaled(tap[1], rate)) -
                    at(l[C], f, scaled(tap[2], rate)) + at(l[D], f, scaled(tap[3], rate));
      out[h] -=
          at(l[B], f, scaled(tap[4], rate)) + at(l[C], f, scaled(tap[5], rate)) + at(l[D], f, scaled(tap[6], rate));
    }
    theory_left[f] = (float)out[0];
    theory_right[f] = (float)out[1];
  }
}

/* Eight lines, mixed by I - J/4; each loses 60 dB in `decay`, and the treble that a one-pole low-pass takes. */
static void expect_lush(uint32_t frames, double decay, double damp, double spin, double wander)
{
  static const double sizes[] = { 1433, 1601, 1867, 2053, 2251, 2399, 2617, 2797 }, in_sizes[] = { 113, 163, 241, 359 };
  static Line lines[8], in_lines[4];
  for (int side = 0; side < 2; side++) {
    memset(lines, 0, sizeof(lines));
    memset(in_lines, 0, sizeof(in_lines));
    double low[8] = { 0 };
    for (uint32_t f = 0; f < frames; f++) {
      double v = f == 0, total = 0, wet = 0, y[8];
      for (int i = 0; i < 4; i++) {
        v = allpass(in_lines[i], f, at(in_lines[i], f, scaled(in_sizes[i], RATE)), v, 0.7 * 0.85);
      }
      for (int i = 0; i < 8; i++) {
        const double length = sizes[i] * (side ? 1.0373 : 1), turns = (0.05 + spin * (0.7 + 0.11 * i)) * f / RATE;
        const double tap = at_fraction(lines[i], f, length + 24 * wander * (1 + sin(2 * M_PI * (turns + 0.125 * i))));
        low[i] += (1 - 0.9 * damp) * (tap - low[i]);
        y[i] = low[i] * pow(10, -3 * (length + 24 * wander) / RATE / decay);
        total += y[i];
        wet += i % 2 ? -tap : tap;
      }
      for (int i = 0; i < 8; i++) {
        lines[i][f % RING] = v + y[i] - total / 4;
      }
      (side ? theory_right : theory_left)[f] = (float)wet;
    }
  }
}

static void check_octaves(const char *name, const char *what, uint32_t frames, const char *settings)
{
  for (size_t b = 0; b < PH_COUNT(octaves_hz); b++) {
    const double sec = octave_decay(heard, frames, octaves_hz[b]),
                 expected = octave_decay(theory, frames, octaves_hz[b]);
    if (getenv("PH_TEST_PRINT")) {
      printf("%s %s, %g Hz: %.3f s, expected %.3f\n", name, settings, octaves_hz[b], sec, expected);
    }
    measured_most(name, what, fabs(sec / expected - 1) * 100, 5, "%");
  }
}

/* ---- the tests ---- */

static void reverb_decays_as_its_network(void **context)
{
  (void)context;
  static const struct {
    double room, damp;
    uint32_t frames;
  } cases[] = { { 0, 0, 30000 },    { 0, 1, 30000 },    { 0.5, 0.5, 50000 },
                { 0.8, 0, 110000 }, { 0.8, 1, 110000 }, { 1, 0.5, LONG } };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    UnitCase c;
    char settings[64];
    snprintf(settings, sizeof(settings), "%g %g", cases[i].room, cases[i].damp);
    set_reverb("reverb", &c, cases[i].frames);
    unit_const(&c, 1, cases[i].room);
    unit_const(&c, 2, cases[i].damp);
    finish(&c);
    expect_reverb(cases[i].frames, cases[i].room, cases[i].damp);
    check_octaves("reverb", "error of the decay in octaves from 250 Hz to 16 kHz, room 0 to 1, damp 0 to 1",
                  cases[i].frames, settings);
  }
}

static void plate_decays_as_its_network(void **context)
{
  (void)context;
  static const struct {
    double decay, damp, mod;
    uint32_t frames;
    double documented; /* sec, undamped */
  } cases[] = { { 0.1, 0, 0.3, 50000, 0 },    { 0.2, 0, 0.3, 50000, 0.97 }, { 0.3, 0, 0.3, 60000, 1.23 },
                { 0.4, 0, 0.3, 70000, 1.53 }, { 0.5, 0, 0.3, 90000, 2 },    { 0.6, 0, 0.3, 120000, 2.72 },
                { 0.7, 0, 0.3, 170000, 3.8 }, { 0.8, 0, 0.3, LONG, 6 },     { 0.3, 0.3, 1, 60000, 0 },
                { 0.5, 0.3, 0, 90000, 0 },    { 0.7, 0.7, 0.3, 150000, 0 } };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    UnitCase c;
    char settings[64];
    snprintf(settings, sizeof(settings), "%g %g %g", cases[i].decay, cases[i].damp, cases[i].mod);
    set_reverb("plate", &c, cases[i].frames);
    unit_const(&c, 1, 0);
    unit_const(&c, 2, cases[i].decay);
    unit_const(&c, 4, cases[i].damp);
    unit_const(&c, 5, cases[i].mod);
    finish(&c);
    expect_plate(cases[i].frames, cases[i].decay, cases[i].damp, cases[i].mod);
    check_octaves("plate", "error of the decay in octaves from 250 Hz to 16 kHz, decay 0.1 to 0.8, damp 0 to 0.7",
                  cases[i].frames, settings);
    for (size_t b = 0; cases[i].documented > 0 && b < PH_COUNT(octaves_hz); b++) {
      measured_most("plate", "error of the documented times for 60 dB in octaves from 250 Hz to 16 kHz, undamped",
                    fabs(octave_decay(heard, cases[i].frames, octaves_hz[b]) / cases[i].documented - 1) * 100, 5, "%");
    }
  }
}

static void lush_decays_as_its_network(void **context)
{
  (void)context;
  static const struct {
    double decay, damp, spin, wander;
    uint32_t frames;
  } cases[] = { { 0.4, 0, 0.3, 0.2, 20000 },  { 1, 0, 0.3, 0.2, 45000 }, { 2.5, 0, 3, 1, 110000 },
                { 2.5, 0, 0, 0, 110000 },     { 6, 0, 0.3, 0.2, LONG },  { 1, 0.3, 0.3, 0.2, 45000 },
                { 4, 0.3, 0.3, 0.2, 170000 }, { 4, 1, 0.3, 0.2, 100000 } };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    UnitCase c;
    char settings[64];
    snprintf(settings, sizeof(settings), "%g %g %g %g", cases[i].decay, cases[i].damp, cases[i].spin, cases[i].wander);
    set_reverb("lush", &c, cases[i].frames);
    unit_const(&c, 1, cases[i].decay);
    unit_const(&c, 3, cases[i].damp);
    unit_const(&c, 4, cases[i].spin);
    unit_const(&c, 5, cases[i].wander);
    finish(&c);
    if (cases[i].damp > 0) {
      expect_lush(cases[i].frames, cases[i].decay, cases[i].damp, cases[i].spin, cases[i].wander);
      check_octaves("lush", "error of the decay in octaves from 250 Hz to 16 kHz, 1 to 4 s, damp 0.3 to 1",
                    cases[i].frames, settings);
    }
    for (size_t b = 0; cases[i].damp == 0 && b < PH_COUNT(octaves_hz); b++) {
      measured_most("lush", "error of the time for 60 dB in octaves from 250 Hz to 16 kHz, 0.4 to 6 s, undamped",
                    fabs(octave_decay(heard, cases[i].frames, octaves_hz[b]) / cases[i].decay - 1) * 100, 5, "%");
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(reverb_decays_as_its_network),
    cmocka_unit_test(plate_decays_as_its_network),
    cmocka_unit_test(lush_decays_as_its_network),
  };
  return cmocka_run_group_tests_name("decay", tests, NULL, NULL);
}
