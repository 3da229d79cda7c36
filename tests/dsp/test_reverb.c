/* What reverbs do, measured: decay against theory, convolution against sums in double, bounds, width, silence.  SPDX-License-Identifier: MIT */
#include "bus.h"
#include "dsp/room.h"

static double energy_of[LONG];

/* Of what `lowpass` lets through: four poles at 2 kHz. */
static double measured_decay_below_2_khz(uint32_t frames)
{
  double low[4] = { 0 };
  const double share = 1 - exp(-2 * M_PI * 2000 / RATE);
  for (uint32_t f = 0; f < frames; f++) {
    double x = (double)left[f];
    for (int i = 0; i < 4; i++) {
      x = low[i] += share * (x - low[i]);
    }
    energy_of[f] = x * x;
  }
  return decay_sec(energy_of, frames);
}

static double measured_decay(uint32_t frames)
{
  for (uint32_t f = 0; f < frames; f++) {
    energy_of[f] = (double)left[f] * (double)left[f];
  }
  return decay_sec(energy_of, frames);
}

/* Of an octave about `hz`: four band-passes of an octave, one after another. */
static double measured_octave_decay(double hz, uint32_t frames)
{
  const double w = 2 * M_PI * hz / RATE, alpha = sin(w) * M_SQRT1_2 / 2, a0 = 1 + alpha;
  double x1[5] = { 0 }, x2[5] = { 0 }; /* what entered each; the last is what came out */
  for (uint32_t f = 0; f < frames; f++) {
    double x = (double)left[f];
    for (int i = 0; i < 4; i++) {
      const double y = (alpha * (x - x2[i]) + 2 * cos(w) * x1[i + 1] - (1 - alpha) * x2[i + 1]) / a0;
      x2[i] = x1[i];
      x1[i] = x;
      x = y;
    }
    x2[4] = x1[4];
    x1[4] = x;
    energy_of[f] = x * x;
  }
  return decay_sec(energy_of, frames);
}

static const double octaves_hz[] = { 500, 1000, 2000, 4000 };

static void set_reverb(const char *name, UnitCase *c, uint32_t frames, const float *signal)
{
  begin(c, name, frames);
  unit_audio(c, 0, signal);
  unit_const(c, strcmp(name, "reverb") == 0 ? 3 : strcmp(name, "plate") == 0 ? 6 : 7, 1);
}

/* A comb of length n and gain g sends g^k at k n: the sum of eight, as the allpasses lose nothing. */
static double freeverb_theory(double gain, uint32_t frames)
{
  static const int lengths[] = { 1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617 };
  memset(energy_of, 0, sizeof(energy_of));
  for (size_t i = 0; i < PH_COUNT(lengths); i++) {
    double level = 1;
    for (uint32_t f = (uint32_t)lengths[i] + 1; f < frames; f += (uint32_t)lengths[i] + 1) {
      energy_of[f] += level;
      level *= gain * gain;
    }
  }
  return decay_sec(energy_of, frames);
}

static void freeverb_decays_as_its_combs(void **context)
{
  (void)context;
  enum { N = 200000 };
  static const double rooms[] = { 0, 0.3, 0.6, 0.8 };
  impulse_into(signal_a, N);
  for (size_t i = 0; i < PH_COUNT(rooms); i++) {
    UnitCase c;
    set_reverb("reverb", &c, N, signal_a);
    unit_const(&c, 1, rooms[i]);
    unit_const(&c, 2, 0);
    finish(&c);
    const double expected = freeverb_theory(0.7 + 0.28 * rooms[i], N);
    measured_most("reverb", "error of the decay against its combs, room 0 to 0.8, no damping",
                  fabs(measured_decay(N) / expected - 1) * 100, 5, "%");
  }
}

static void lush_decays_in_its_time(void **context)
{
  (void)context;
  static const double decays[] = { 0.4, 0.7, 1, 2.5, 4.2, 5 };
  impulse_into(signal_a, LONG);
  for (size_t i = 0; i < PH_COUNT(decays); i++) {
    const uint32_t frames = (uint32_t)fmin(LONG, 1.5 * decays[i] * RATE);
    UnitCase c;
    set_reverb("lush", &c, frames, signal_a);
    unit_const(&c, 1, decays[i]);
    unit_const(&c, 3, 0);
    finish(&c);
    measured_most("lush", "error of the time for 60 dB below 2 kHz, 0.4 to 5 s, no damping",
                  fabs(measured_decay_below_2_khz(frames) / decays[i] - 1) * 100, 2, "%");
    measured_most("lush", "error of the time for 60 dB of all frequencies, no damping",
                  fabs(measured_decay(frames) / decays[i] - 1) * 100, 3, "%");
  }
}

/* Frozen, the hall keeps what it holds, and takes nothing more. */
static void lush_freezes(void **context)
{
  (void)context;
  UnitCase c;
  noise_into(signal_a, LONG, 5, 0.5);
  for (uint32_t f = 0; f < LONG; f++) {
    signal_b[f] = f < 44100 ? 0 : 1;
    signal_a[f] *= f < 44100 || f > 150000 ? 1.0f : 0.0f;
  }
  set_reverb("lush", &c, LONG, signal_a);
  unit_audio(&c, 6, signal_b);
  finish(&c);
  double level[2] = { 0, 0 }, low = 0;
  const double share = 1 - exp(-2 * M_PI * 2000 / RATE);
  double all[2] = { 0, 0 };
  for (uint32_t f = 60000; f < LONG; f++) {
    const double x = (double)left[f];
    low += share * (x - low);
    for (int end = 0; end < 2; end++) {
      const bool counts = end ? f >= LONG - 44100 : f < 104100;
      level[end] += counts ? low * low : 0;
      all[end] += counts ? x * x : 0;
    }
  }
  measured_most("lush", "change of a frozen hall's level below 2 kHz in 3.6 s, whatever comes in",
                fabs(10 * log10(level[1] / level[0])), 1, "dB");
  measured_most("lush", "change of a frozen hall's level in 3.6 s, all frequencies", fabs(10 * log10(all[1] / all[0])), 1, "dB");
}

/* A wave of frequency w comes round the tank after the group delay T(w) and has lost four gains: its energy falls as decay^(8 t/T(w)), and
   so does what is still to come of it. Lines delay all frequencies alike, a nested allpass of N frames and gain g by N (1 - g^2) / (1 + g^2 +
   2 g cos wN): over an octave, where wN takes all values, the sum over all w falls more slowly than that of the mean delay. */
static double plate_theory(double decay)
{
  enum { WAVES = 500, TOTAL = 21589 };
  static const struct {
    double frames, gain, step;
  } allpasses[] = {
    { 672, 0.7, 0.61803399 }, { 1800, 0.5, 0.41421356 }, { 908, 0.7, 0.73205081 }, { 2656, 0.5, 0.64575131 }
  };
  memset(energy_of, 0, sizeof(energy_of));
  const uint32_t frames = LONG / 16;
  for (int i = 0; i < WAVES; i++) {
    double round = TOTAL;
    for (size_t k = 0; k < PH_COUNT(allpasses); k++) {
      const double n = allpasses[k].frames, g = allpasses[k].gain;
      round += n * (1 - g * g) / (1 + g * g + 2 * g * cos(2 * M_PI * i * allpasses[k].step)) - n;
    }
    const double fall = pow(decay, 8 * 16 / (round / 29761 * RATE)); /* of 16 frames */
    double level = 1 - fall;
    for (uint32_t f = 0; f < frames; f++, level *= fall) {
      energy_of[f] += level;
    }
  }
  return 16 * decay_sec(energy_of, frames);
}

static void plate_decays_as_its_tank(void **context)
{
  (void)context;
  static const double decays[] = { 0.4, 0.5, 0.6, 0.7, 0.8 };
  impulse_into(signal_a, LONG);
  for (size_t i = 0; i < PH_COUNT(decays); i++) {
    const double expected = plate_theory(decays[i]);
    UnitCase c;
    set_reverb("plate", &c, LONG, signal_a);
    unit_const(&c, 2, decays[i]);
    unit_const(&c, 4, 0);
    finish(&c);
    for (size_t b = 0; b < PH_COUNT(octaves_hz); b++) {
      measured_most("plate",
                    "error of the decay in octaves from 500 Hz to 4 kHz against its tank, decay 0.4 to 0.8, no damping",
                    fabs(measured_octave_decay(octaves_hz[b], LONG) / expected - 1) * 100, 5, "%");
    }
  }
}

static double correlation(uint32_t from, uint32_t to)
{
  double both = 0;
  for (uint32_t f = from; f < to; f++) {
    both += (double)left[f] * (double)right[f];
  }
  return both / (to - from) / sqrt(power_of(left, from, to) * power_of(right, from, to));
}

static void rooms_are_wide(void **context)
{
  (void)context;
  static const char *const names[] = { "reverb", "plate", "lush" };
  noise_into(signal_a, LONG, 5, 0.5);
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    UnitCase c;
    set_reverb(names[i], &c, LONG, signal_a);
    finish(&c);
    measured_most(names[i], "correlation of left and right for mono noise", fabs(correlation(LONG / 2, LONG)), 0.3, "");
    measured_most(names[i], "difference of the sides' levels",
                  fabs(10 * log10(power_of(left, LONG / 2, LONG) / power_of(right, LONG / 2, LONG))), 1, "dB");
  }
  UnitCase c;
  set_reverb("reverb", &c, 40000, signal_a);
  unit_const(&c, 4, 0);
  finish(&c);
  assert_memory_equal(left, right, 40000 * sizeof(float));
}

/* Noise for a minute, with PH_TEST_HOUR=1 for an hour (the same seconds again and again): the level stays, and it has no offset. */
static void energy_is_bounded(void **context)
{
  (void)context;
  enum { N = 1 << 17, MINUTE = 21, HOUR = 1212 };
  static const char *const names[] = { "reverb", "plate", "lush" };
  const char *hour = getenv("PH_TEST_HOUR");
  const int rounds = hour && strcmp(hour, "1") == 0 ? HOUR : MINUTE;
  static float out[(size_t)N * PH_LANES_BUS];
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    UnitCase c;
    noise_into(signal_a, N, 9, 0.5);
    set_reverb(names[i], &c, N, signal_a);
    PhArena arena;
    ph_arena_init(&arena, NULL, NULL);
    unit_prepare(&c, &arena);
    UnitState state = unit_state(&c);
    const UnitRun how = { .chunk = PH_CHUNK_FRAMES, .in_place = -1, .to = N };
    double early = 0;
    for (int round = 0; round < rounds; round++) {
      double sum = 0, power = 0;
      (void)unit_run(&c, &how, &state, out);
      for (uint32_t f = 0; f < N; f++) {
        const double x = (double)out[(size_t)f * PH_LANES_BUS];
        sum += x;
        power += x * x;
      }
      early = round == 3 ? power : early;
      const double rise = fabs(10 * log10(power / early)), offset = db(fabs(sum) / N / sqrt(power / N));
      if (rounds == HOUR && round == HOUR - 1) {
        printf("%s: after %.0f s of noise %.3g dB from the level after 9 s, offset %.1f dB\n", names[i],
               rounds * N / RATE, rise, offset);
        assert_true(rise < 1 && offset < -30);
      } else if (round == MINUTE - 1) {
        measured_most(names[i], "rise of the level from 9 s of noise to 60", rise, 1, "dB");
        measured_most(names[i], "offset after a minute of noise, re its level", offset, -30, "dB");
      }
    }
    ph_arena_deinit(&arena);
    unit_state_free(&state);
    unit_case_free(&c);
  }
}

static void tails_end(void **context)
{
  (void)context;
  static const struct {
    const char *name;
    uint32_t input;
    double value;
  } cases[] = { { "reverb", 1, 0 }, { "plate", 2, 0.05 }, { "lush", 1, 0.1 } };
  noise_into(signal_a, 2000, 5, 0.5);
  memset(signal_a + 2000, 0, (LONG - 2000) * sizeof(float));
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    UnitCase c;
    set_reverb(cases[i].name, &c, LONG, signal_a);
    unit_const(&c, cases[i].input, cases[i].value);
    finish(&c);
    assert_true(power_of(left, 2000, 8000) > 0);
    for (uint32_t f = LONG - 4000; f < LONG; f++) {
      assert_true(left[f] == 0 && right[f] == 0);
    }
  }
}

/* ---- convolve ---- */

static void direct(const float *h, size_t taps, const float *x, uint32_t from, uint32_t to, double *out)
{
  for (uint32_t f = from; f < to; f++) {
    double sum = 0;
    for (size_t i = 0; i < taps && i <= f; i++) {
      sum += (double)h[i] * (double)x[f - i];
    }
    out[f - from] = sum;
  }
}

/* Against sums in double, in stretches that reach every length of part, both sides; relative to the level of the result. */
static void check_convolution(const char *name, const PhUnitSound *room, uint32_t frames, const uint32_t *at,
                              size_t count)
{
  enum { STRETCH = 130 };
  noise_into(signal_a, frames, 21, 1);
  noise_into(signal_b, frames, 4444, 1);
  UnitCase c;
  begin(&c, "convolve", frames);
  unit_text(&c, 0, name);
  unit_audio_pair(&c, 0, signal_a, signal_b);
  unit_const(&c, 1, 1);
  finish(&c);
  double most = 0, out[STRETCH];
  for (size_t i = 0; i < count; i++) {
    for (int side = 0; side < 2; side++) {
      direct(side ? room->right : room->left, room->frames, side ? signal_b : signal_a, at[i], at[i] + STRETCH, out);
      for (uint32_t f = 0; f < STRETCH; f++) {
        most = fmax(most, fabs((double)(side ? right : left)[at[i] + f] - out[f]));
      }
    }
  }
  const double level = sqrt(power_of(left, frames / 2, frames));
  measured_most("convolve", "error against sums in double, re the level", db(most / level), -100, "dB");
}

static void convolution_is_exact(void **context)
{
  (void)context;
  PhUnitSound room;
  const char *error = NULL;
  assert_int_equal(unit_sounds.load(NULL, "test:noise", &room, &error), PH_OK); /* 3000 frames, stereo */
  assert_true(room.left != room.right && room.frames == 3000);
  const uint32_t at[] = { 0, 1000, 2047, 3000, 5000, 8100 };
  check_convolution("test:noise", &room, 8300, at, PH_COUNT(at));
  PhArena arena;
  ph_arena_init(&arena, NULL, NULL);
  assert_int_equal(ph_room_make(ph_room_find("hall"), RATE, &arena, &room), PH_OK);
  const uint32_t far[] = { 0, 2000, 16383, 40000, 110000, 139000 };
  check_convolution("hall", &room, 140000, far, PH_COUNT(far));
  ph_arena_deinit(&arena);
}

/* An impulse: the output is the response itself, at once. */
static void convolution_is_not_late(void **context)
{
  (void)context;
  PhUnitSound room;
  const char *error = NULL;
  assert_int_equal(unit_sounds.load(NULL, "test:noise", &room, &error), PH_OK);
  impulse_into(signal_a, 4000);
  UnitCase c;
  begin(&c, "convolve", 4000);
  unit_text(&c, 0, "test:noise");
  unit_audio(&c, 0, signal_a);
  unit_const(&c, 1, 1);
  finish(&c);
  double most = 0;
  for (uint32_t f = 0; f < 4000; f++) {
    const float expected = f < room.frames ? room.left[f] : 0;
    assert_true(f >= 64 || left[f] == expected);
    most = fmax(most, fabs((double)left[f] - (double)expected));
  }
  measured_most("convolve", "error of the response to an impulse", db(most), -120, "dB");
}

/* Lanes of a bank that began at different times are what they are alone: through all lengths of parts. */
static void convolution_keeps_lanes_apart(void **context)
{
  (void)context;
  enum { N = 36000, LATER = 777, PAIR = 4 };
  const PhUnitSet *set = ph_unit_set_find(NULL);
  noise_into(signal_a, N, 1, 1);
  float *banked = unit_alloc((size_t)N * PH_LANES_BANK * sizeof(float));
  PhArena arena;
  ph_arena_init(&arena, NULL, NULL);
  UnitCase c;
  unit_case_init(&c, set, unit_row(set, "convolve"), RATE, N, PH_LANES_BANK);
  unit_text(&c, 0, "room");
  unit_audio(&c, 0, signal_a);
  unit_prepare(&c, &arena);
  UnitState state = unit_state(&c);
  (void)unit_run(&c, &(UnitRun){ .in_place = -1, .to = LATER }, &state, banked);
  state.state[PAIR] = state.state[PAIR + 1] = 0; /* the age */
  (void)unit_run(&c, &(UnitRun){ .in_place = -1, .from = LATER, .to = N }, &state, banked);
  unit_state_free(&state);
  unit_case_free(&c);
  ph_arena_deinit(&arena);
  for (uint32_t later = 0; later <= LATER; later += LATER) {
    begin(&c, "convolve", N - later);
    unit_text(&c, 0, "room");
    unit_audio(&c, 0, signal_a + later);
    finish(&c);
    for (uint32_t f = 0; f < N - later; f++) {
      const float *lanes = banked + (size_t)(f + later) * PH_LANES_BANK + (later ? PAIR : 0);
      assert_true(memcmp(&lanes[0], &left[f], sizeof(float)) == 0 && memcmp(&lanes[1], &right[f], sizeof(float)) == 0);
    }
  }
  free(banked);
}

static void made_rooms_decay(void **context)
{
  (void)context;
  static const struct {
    const char *name;
    double sec;
  } rooms[] = { { "room", 0.5 }, { "hall", 2.4 }, { "plate", 1.8 }, { "spring", 2.0 } };
  for (size_t i = 0; i < PH_COUNT(rooms); i++) {
    PhArena arena;
    PhUnitSound room;
    ph_arena_init(&arena, NULL, NULL);
    assert_int_equal(ph_room_make(ph_room_find(rooms[i].name), RATE, &arena, &room), PH_OK);
    memcpy(left, room.left, room.frames * sizeof(float));
    memcpy(right, room.right, room.frames * sizeof(float));
    const uint32_t frames = (uint32_t)room.frames;
    assert_true(fabs(power_of(left, 0, frames) * frames - 1) < 1e-3 &&
                fabs(power_of(right, 0, frames) * frames - 1) < 1e-3);
    /* High frequencies die sooner, so that the whole does, too. */
    measured_most("convolve", "decay of a made room, re the time it is made for",
                  measured_decay(frames) / rooms[i].sec * 100, 105, "%");
    measured_least("convolve", "decay of a made room, re the time it is made for",
                   measured_decay(frames) / rooms[i].sec * 100, 50, "%");
    measured_most("convolve", "correlation of the sides of a made room", fabs(correlation(0, frames)), 0.3, "");
    ph_arena_deinit(&arena);
  }
}

static void set_hall(UnitCase *c) { unit_text(c, 0, "hall"); }

static void bench(void **context)
{
  (void)context;
  static const char *const names[] = { "reverb", "plate", "lush", "convolve" };
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    bench_row(names[i], i == 3 ? set_hall : NULL);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(freeverb_decays_as_its_combs),
    cmocka_unit_test(lush_decays_in_its_time),
    cmocka_unit_test(lush_freezes),
    cmocka_unit_test(plate_decays_as_its_tank),
    cmocka_unit_test(rooms_are_wide),
    cmocka_unit_test(energy_is_bounded),
    cmocka_unit_test(tails_end),
    cmocka_unit_test(convolution_is_exact),
    cmocka_unit_test(convolution_is_not_late),
    cmocka_unit_test(convolution_keeps_lanes_apart),
    cmocka_unit_test(made_rooms_decay),
    cmocka_unit_test(bench),
  };
  return cmocka_run_group_tests_name("reverb", tests, NULL, NULL);
}
