/* The kernels of the engine: a sample's voice against a plain model, and the same bits for any vectors and any cuts.
   SPDX-License-Identifier: MIT */
#include "plans.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DATA = 3000, FRAMES = 1500 };

static float left_data[DATA + 2 * PH_SAMPLE_PAD], right_data[DATA + 2 * PH_SAMPLE_PAD];

static void fill_data(void)
{
  uint64_t random = 9;
  for (int i = 0; i < DATA; i++) {
    random = ph_mix64(random);
    left_data[PH_SAMPLE_PAD + i] = (float)((int)(random & 0xFFFF) - 32768) / 32768.0f;
    right_data[PH_SAMPLE_PAD + i] = (float)((int)(random >> 20 & 0xFFFF) - 32768) / 32768.0f;
  }
}

typedef struct Case {
  double rate, slope;
  int64_t first, last, start;
  float attack, decay, sustain, release;
  uint64_t gate, cut_at, length;
  bool stereo, loop;
} Case;

static const Case cases[] = {
  { 1, 0, 0, DATA, 0, 44.1f, 0, 1, 132, 1000, UINT64_MAX, 1132, false, false },
  { 1.12, 0, 0, DATA, 0, 441, 0, 1, 900, 441, UINT64_MAX, 1341, true, false },
  { 1.79, 0, 0, DATA, 0, 0, 0, 1, 100, 1400, UINT64_MAX, 1500, true, false },
  { 2.5, 0, 0, DATA, 0, 10, 200, 0.5f, 100, 1000, UINT64_MAX, 1200, false, false },
  { 0.3, 0, 10, 400, 15, 10, 0, 1, 100, 1400, 700, 788, true, false },
  { -1, 0, 0, DATA, DATA - 1, 10, 0, 1, 100, 1400, UINT64_MAX, 1500, false, false },
  { -0.77, 0, 0, DATA, 1000, 10, 0, 1, 100, 1400, UINT64_MAX, 1500, true, false },
  { -2.9, 0, 0, DATA, DATA - 1, 10, 0, 1, 100, 900, UINT64_MAX, 1000, true, false },
  { 1.3, 0, 100, 150, 100, 10, 0, 1, 100, 1300, UINT64_MAX, 1400, true, true },
  { 0.9, 0, 5, 1200, 5, 10, 0, 1, 100, 1300, UINT64_MAX, 1500, false, true },
  { 1, 0.0005, 0, DATA, 0, 10, 0, 1, 100, 1300, UINT64_MAX, 1500, true, false },
  { 1, 0, 0, DATA, 2000, 10, 0, 1, 100, 1400, UINT64_MAX, 1500, true, false },
};

static PhSampleVoice voice_of(const Case *c)
{
  const float *left = left_data + PH_SAMPLE_PAD;
  return (PhSampleVoice){ .left = left, .right = c->stereo ? right_data + PH_SAMPLE_PAD : left, .first = c->first,
                          .last = c->last, .position = c->start * ((int64_t)1 << 32),
                          .increment = (int64_t)floor(c->rate * 4294967296.0 + 0.5),
                          .increment_slope = (int64_t)floor(c->slope * 4294967296.0 + 0.5), .length = c->length,
                          .gain_left = 0.7f, .gain_right = 0.9f, .attack = c->attack, .decay = c->decay, .sustain = c->sustain,
                          .release = c->release, .gate = c->gate, .cut_at = c->cut_at, .cut_frames = 88, .loop = c->loop };
}

/* Left and right take turns in `out`. */
static void run(const PhUnitSet *set, const Case *c, uint32_t chunk, float *out)
{
  static float left[FRAMES + PH_SAMPLE_ROOM], right[FRAMES + PH_SAMPLE_ROOM];
  PhSampleVoice voice = voice_of(c);
  memset(left, 0, sizeof left);
  memset(right, 0, sizeof right);
  for (uint32_t at = 0; at < FRAMES; at += chunk) {
    set->sampler->add(&voice, left + at, right + at, FRAMES - at < chunk ? FRAMES - at : chunk);
  }
  for (uint32_t f = 0; f < PH_SAMPLE_ROOM; f++) { /* what is not wanted is not added */
    assert_true(left[FRAMES + f] == 0 && right[FRAMES + f] == 0);
  }
  for (uint32_t f = 0; f < FRAMES; f++) {
    out[2 * f] = left[f];
    out[2 * f + 1] = right[f];
  }
}

static double clip(double x) { return x < 0 ? 0 : x > 1 ? 1 : x; }

static double tap(const float *data, const Case *c, int64_t frame)
{
  if (c->loop) {
    const int64_t length = c->last - c->first;
    frame = c->first + ((frame - c->first) % length + length) % length;
  }
  return (double)data[frame < -PH_SAMPLE_PAD ? -PH_SAMPLE_PAD : frame > DATA + PH_SAMPLE_PAD - 1 ? DATA + PH_SAMPLE_PAD - 1 : frame];
}

/* Catmull-Rom (Hermite) by its textbook matrix, and the envelope in doubles. */
static double model(const float *data, const Case *c, int64_t age)
{
  const PhSampleVoice v = voice_of(c);
  const int64_t at = v.position + v.increment * age + v.increment_slope * (age * (age - 1) / 2);
  const int64_t frame = at >> 32;
  if ((uint64_t)age >= c->length || (!c->loop && (frame < c->first || frame >= c->last))) {
    return 0;
  }
  const double t = (double)(uint32_t)at / 4294967296.0;
  const double p0 = tap(data, c, frame - 1), p1 = tap(data, c, frame), p2 = tap(data, c, frame + 1), p3 = tap(data, c, frame + 2);
  const double x = 0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t * t + (3 * p1 - p0 - 3 * p2 + p3) * t * t * t);
  const double held = (double)(age < (int64_t)c->gate ? age : (int64_t)c->gate);
  const double up = c->attack < 1 ? 1 : clip(held / (double)c->attack);
  const double down = c->decay < 1 ? (double)c->sustain
                                   : 1 - (1 - (double)c->sustain) * clip((held - (double)c->attack) / (double)c->decay);
  const double release = clip(1 - ((double)age - (double)c->gate) / (double)c->release);
  const double cut = c->cut_at == UINT64_MAX ? 1 : clip(1 - ((double)age - (double)c->cut_at) / 88);
  return x * up * down * release * cut;
}

static void samples_follow_the_model(void **state)
{
  (void)state;
  fill_data();
  static float out[2 * FRAMES];
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    run(ph_unit_set_bus(), &cases[i], 64, out);
    double loudest = 0;
    for (int64_t f = 0; f < FRAMES; f++) {
      const double left = 0.7 * model(left_data + PH_SAMPLE_PAD, &cases[i], f);
      const double right = 0.9 * model((cases[i].stereo ? right_data : left_data) + PH_SAMPLE_PAD, &cases[i], f);
      assert_true(fabs((double)out[2 * f] - left) < 2e-6);
      assert_true(fabs((double)out[2 * f + 1] - right) < 2e-6);
      loudest = fmax(loudest, fabs(left));
    }
    assert_true(loudest > 0.1);
  }
}

static void samples_have_the_same_bits(void **state)
{
  (void)state;
  fill_data();
  static float out[2 * FRAMES], other[2 * FRAMES];
  const PhUnitSet *const *sets;
  const size_t count = ph_unit_sets(&sets);
  static const uint32_t chunks[] = { 1, 3, 16, 61, 512, FRAMES };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    run(ph_unit_set_bus(), &cases[i], 64, out);
    for (size_t s = 0; s < count; s++) {
      for (size_t c = 0; c < PH_COUNT(chunks); c++) {
        run(sets[s], &cases[i], chunks[c], other);
        assert_memory_equal(out, other, sizeof out);
      }
    }
  }
}

/* Lanes at every stage of their envelopes: the same bits for any vectors, and any cut of time. */
static void shapes_have_the_same_bits(void **state)
{
  (void)state;
  enum { N = 64 };
  PhLaneShape shape = { .stages = PH_SHAPE_RISES | PH_SHAPE_CUT };
  for (int lane = 0; lane < PH_LANES_BANK; lane++) {
    shape.age[lane] = lane * 37;
    shape.gate[lane] = 200 + 10 * lane;
    shape.cut[lane] = lane % 3 ? 1 << 30 : 300;
    shape.live[lane] = lane % 5 ? 1000 : 20;
    shape.attack[lane] = lane % 2 ? 100 : 0;
    shape.up_slope[lane] = lane % 2 ? 1.0f / 100 : 0;
    shape.top[lane] = 1;
    shape.drop[lane] = 0.25f;
    shape.down_slope[lane] = 1.0f / 50;
    shape.release_slope[lane] = 1.0f / 333;
    shape.cut_slope[lane] = 1.0f / 88;
  }
  float expected[N * PH_LANES_BANK], got[N * PH_LANES_BANK];
  const PhUnitSet *const *sets;
  const size_t count = ph_unit_sets(&sets);
  for (size_t s = 0; s < count; s++) {
    for (uint32_t chunk = 1; chunk <= N; chunk += 9) {
      for (size_t i = 0; i < PH_COUNT(got); i++) {
        got[i] = 0.1f + (float)i;
      }
      for (uint32_t at = 0; at < N; at += chunk) {
        PhLaneShape later = shape;
        for (int lane = 0; lane < PH_LANES_BANK; lane++) {
          later.age[lane] += (int32_t)at;
          later.live[lane] -= (int32_t)at;
        }
        sets[s]->shape(&later, N - at < chunk ? N - at : chunk, got + at * PH_LANES_BANK);
      }
      if (s == 0 && chunk == 1) {
        memcpy(expected, got, sizeof got);
      }
      assert_memory_equal(expected, got, sizeof got);
    }
  }
  assert_true(got[0] != 0 && got[25 * PH_LANES_BANK] == 0); /* lane 0 ends after 20 frames */
}

int main(void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test(samples_follow_the_model), cmocka_unit_test(samples_have_the_same_bits),
                                      cmocka_unit_test(shapes_have_the_same_bits) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
