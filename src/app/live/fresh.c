/* When an engine fails (a pattern whose times cannot be exact, want of memory), the performance goes on with another one: the text before
   plays from the beginning of a cycle on, and all of it is in the log.  SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/live/live.h"

#define NOTICE_SEC 0.3 /* until the fresh engine begins, at least: it is to be made */

/* The text before the one that failed, which is forgotten. */
static void choose_text(Live *live)
{
  if (live->undo_count) {
    free(live->undo[--live->undo_count]);
  }
}

/* Makes an engine ready that begins with the next cycle. */
static void prepare(Live *live)
{
  Stage *s = &live->stage;
  Fresh *fresh = &s->fresh;
  const int64_t from = atomic_load(&s->seen_at);
  const double least = stage_cycle_of(live->engine, live->base,
                                      from + (int64_t)(s->has_clock ? NOTICE_SEC * live->job.file.sample_rate : 0));
  const int64_t cycle = least > 0 ? (int64_t)ceil(least) : 0;
  size_t len;
  const char *text = live_text_now(live, &len);
  const Hand hand = live_hand_now(live);
  Code *code = code_new_at(live, text, len, &hand, false, cycle);
  code = code ? code : code_new_at(live, "", 0, &hand, false, cycle);
  PhononEngine *engine = NULL;
  live->making = code;
  if (code && live_make_engine(live, code->program, &engine) != PHONON_OK) {
    phonon_engine_free(engine);
    code_free(code);
    code = NULL;
  }
  live->making = NULL;
  if (!code) {
    live_say(live, TONE_ERROR, "no engine can be made: the sound ends");
    live->status = EXIT_PROBLEM;
    live_end(live);
    return;
  }
  live->fresh = code;
  live->fresh_cycle = cycle;
  fresh->engine = engine;
  fresh->code = code;
  fresh->base = stage_frame_of(live->engine, live->base, (PhononTime){ cycle, 1 });
  atomic_store_explicit(&fresh->is_ready, true, memory_order_release);
}

/* The fresh engine plays: the one that failed goes, with all that it knew. */
static void settle(Live *live)
{
  Stage *s = &live->stage;
  PhononEngine *failed = live->engine;
  Code *code = live->fresh, *next = live->next;
  live->fresh = NULL;
  live->next = NULL;
  live->engine = s->fresh.engine;
  live->base = s->fresh.base;
  for (size_t i = 0; i < RETIRED_MAX; i++) {
    atomic_store(&s->retired[i], NULL);
    atomic_store(&s->is_unused[i], false);
  }
  if (live->session) {
    session_fresh(live->session, code, live->base, live->fresh_cycle);
  }
  phonon_engine_free(failed);
  live_free_codes(live);
  live->playing = code;
  live->next = next;
  live->is_broken = false;
  live_say(live, TONE_WARNING, "cycle %lld: %s", (long long)live->fresh_cycle,
           code->len ? "the text before plays again" : "silence plays");
}

void live_mind_failure(Live *live)
{
  Stage *s = &live->stage;
  const PhononStatus failure = (PhononStatus)atomic_load_explicit(&s->failure, memory_order_acquire);
  if (failure != PHONON_OK && !live->is_broken && !live->ending) {
    live->is_broken = true;
    if (live->offered && stage_withdraw(s)) {
      phonon_swap_free(live->swap);
      code_free(live->offered);
      live->swap = NULL;
      live->offered = NULL;
    }
    if (live->session) {
      session_failure(live->session, atomic_load(&s->failed_at));
    }
    live_say(live, TONE_ERROR, "the text that plays failed: %s", phonon_status_text(failure));
    choose_text(live);
    prepare(live);
  } else if (live->is_broken && atomic_exchange(&s->fresh.is_late, false)) {
    phonon_engine_free(s->fresh.engine);
    code_free(live->fresh);
    live->fresh = NULL;
    prepare(live);
  } else if (live->is_broken && atomic_exchange(&s->fresh.is_taken, false)) {
    settle(live);
  }
}
