/* What comes to an engine from outside while it renders.  SPDX-License-Identifier: MIT */
#include "changes.h"

#include <stdlib.h>

#include "built.h"
#include "plans.h"

static PhStatus take(PhEngine *engine, const Change *change)
{
  switch (change->act) {
  case ACT_TEMPO:
    return ph_engine_tempo(engine, change->value);
  case ACT_LOCATE:
    return ph_engine_locate(engine, ph_rat((int64_t)(change->value * 64), 64));
  default:
    return ph_engine_stand(engine, change->act == ACT_STAND);
  }
}

float *changed_render(const char *text, const Change *changes, size_t count, int64_t frames, const uint32_t how[3])
{
  Built b;
  built(&b, "changes", text);
  PhEngineOptions options = PH_ENGINE_DEFAULTS;
  options.block_frames = how[0];
  options.threads = how[1];
  options.no_safety = true;
  PhEngine *engine;
  assert_int_equal(ph_engine_new(&b.plan, hand_store(), &options, NULL, NULL, &engine), PH_OK);
  float *out = calloc(2 * (size_t)frames, sizeof *out);
  assert_non_null(out);
  size_t next = 0;
  for (int64_t at = 0; at < frames;) {
    for (; next < count && changes[next].frame == at; next++) {
      assert_int_equal(take(engine, &changes[next]), PH_OK);
    }
    int64_t n = frames - at < how[2] ? frames - at : how[2];
    n = next < count && changes[next].frame - at < n ? changes[next].frame - at : n;
    assert_int_equal(ph_engine_render(engine, (uint32_t)n, out + 2 * (size_t)at, NULL), PH_OK);
    at += n;
  }
  ph_engine_free(engine);
  built_drop(&b);
  return out;
}

void expect_same(const char *what, const float *expected, const float *found, int64_t frames)
{
  bool any = false;
  for (int64_t i = 0; i < 2 * frames; i++) {
    any |= expected[i] != 0;
    if (expected[i] != found[i]) {
      fail_msg("%s: frame %d is %.9g, not %.9g", what, (int)(i / 2), (double)found[i], (double)expected[i]);
    }
  }
  assert_true(any);
}
