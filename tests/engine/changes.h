/* What comes to an engine from outside while it renders, on its frames.  SPDX-License-Identifier: MIT */
#ifndef PH_TESTS_ENGINE_CHANGES_H
#define PH_TESTS_ENGINE_CHANGES_H

#include "engine/engine.h"

typedef enum Act { ACT_TEMPO, ACT_STAND, ACT_GO, ACT_LOCATE } Act;

typedef struct Change {
  int64_t frame;
  double value; /* cycles per second, or a cycle */
  Act act;
} Change;

/* Renders in calls that end where a change is due: blocks of how[0] frames, how[1] threads, calls of how[2] frames at most. The frames are the caller's. */
float *changed_render(const char *text, const Change *changes, size_t count, int64_t frames, const uint32_t how[3]);
/* The test fails if they differ, or all are silent. */
void expect_same(const char *what, const float *expected, const float *found, int64_t frames);

#endif
