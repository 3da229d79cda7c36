/* What plays next: texts, hands, and their way to the stage.  SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/live/live.h"

/* ---- codes ------------------------------------------------------------------------------------------------------- */

void code_free(Code *code)
{
  if (code) {
    phonon_program_free(code->program);
    turns_free(&code->turns);
    free(code->text);
    free(code);
  }
}

static void find_outputs(Code *code)
{
  const size_t count = phonon_program_stem_count(code->program);
  for (size_t i = 0; i < count && i < OUTPUTS_MAX; i++) {
    const char *name = phonon_program_stem_name(code->program, i);
    code->outputs[code->output_count++] = name[1] == 'u' ? 0 : (uint8_t)atoi(name + 1); /* "out", "o1" */
  }
}

static char *copy_of(const char *text, size_t len)
{
  char *copy = malloc(len + 1);
  if (copy) {
    memcpy(copy, text, len);
    copy[len] = 0;
  }
  return copy;
}

static void say_diagnostics(Live *live, const PhononProgram *program, bool is_good)
{
  char *said = phonon_program_diagnostics_text(program, is_terminal(stderr) && !live->view);
  const bool has_errors = phonon_program_error_count(program) > 0;
  if (said && said[0]) {
    live_say(live, has_errors || !is_good ? TONE_ERROR : TONE_WARNING, "%.*s", (int)strlen(said) - 1, said);
  }
  if (has_errors) {
    phonon_free(live->wrong);
    live->wrong = said;
  } else {
    phonon_free(said);
  }
}

/* The same text, with its beginning at a cycle. */
static PhononStatus compile_at(const char *text, size_t len, const PhononProgramOptions *options, int64_t cycle,
                               PhononProgram **out)
{
  char *longer = NULL;
  *out = NULL;
  if (cycle < 0) {
    return phonon_program_new(text, len, options, out);
  }
  const int longer_len = asprintf(&longer, "%.*s\nsetCycle %lld\n", (int)len, text, (long long)cycle);
  const PhononStatus status =
      longer_len < 0 ? PHONON_NOMEM : phonon_program_new(longer, (size_t)longer_len, options, out);
  free(longer_len < 0 ? NULL : longer);
  return status;
}

/* What will play when what waits has happened. */
static const Code *newest(const Live *live)
{
  return live->next ? live->next : live->offered ? live->offered : live->playing;
}

/* The cycle of what is rendered next, or of the boundary that the edit waits for. */
static PhononTime turning_point(const Live *live)
{
  enum { PARTS = 64 };
  const double cycle = atomic_load(&live->stage.seen_cycle);
  const Quantum q = live->quantum.num > 0 ? live->quantum : (Quantum){ 1, PARTS };
  const double count = ceil(cycle * (double)q.den / (double)q.num);
  return (PhononTime){ (int64_t)count * q.num, q.den };
}

static void find_turns(Live *live, Code *code)
{
  const Code *former = live->has_stage ? newest(live) : NULL;
  if (former && !turns_find(code->text, code->len, former->text, former->len, &former->turns, turning_point(live),
                            live->job.program.tidal, &code->turns)) {
    turns_free(&code->turns);
  }
}

/* What played before may name what the text has no more: then the pattern plays at once. */
static PhononStatus compile_code(Live *live, Code *code, PhononProgramOptions *options, int64_t cycle)
{
  options->transitions = code->turns.items;
  options->transition_count = code->turns.count;
  options->follows = live->has_stage;
  PhononStatus status = compile_at(code->text, code->len, options, cycle, &code->program);
  if (status == PHONON_SYNTAX && code->turns.count) {
    phonon_program_free(code->program);
    turns_free(&code->turns);
    options->transition_count = 0;
    status = compile_at(code->text, code->len, options, cycle, &code->program);
    if (status == PHONON_OK) {
      live_say(live, TONE_WARNING, "no transition: what played before cannot be read beside the new text");
    }
  }
  return status;
}

Code *code_new(Live *live, const char *text, size_t len, const Hand *hand, bool is_loud)
{
  return code_new_at(live, text, len, hand, is_loud, -1);
}

Code *code_new_at(Live *live, const char *text, size_t len, const Hand *hand, bool is_loud, int64_t cycle)
{
  Code *code = calloc(1, sizeof *code);
  char *copy = code ? copy_of(text, len) : NULL;
  if (!copy) {
    free(code);
    live_say(live, TONE_ERROR, "out of memory");
    return NULL;
  }
  *code = (Code){ .text = copy, .len = len, .hand = *hand };
  PhononProgramOptions options = live->job.program;
  memcpy(options.muted, hand->muted, sizeof options.muted);
  memcpy(options.soloed, hand->soloed, sizeof options.soloed);
  options.hushed = hand->hushed;
  options.cps = hand->cps;
  find_turns(live, code);
  const PhononStatus status = compile_code(live, code, &options, cycle);
  if (code->program && (is_loud || status != PHONON_OK)) {
    say_diagnostics(live, code->program, status == PHONON_OK);
  }
  if (status != PHONON_OK) {
    if (!code->program || phonon_program_error_count(code->program) == 0) {
      live_say(live, TONE_ERROR, "%s: %s", options.name ? options.name : "the code", phonon_status_text(status));
    }
    code_free(code);
    return NULL;
  }
  find_outputs(code);
  return code;
}

/* ---- what there will be ------------------------------------------------------------------------------------------ */

Hand live_hand_now(const Live *live) { return newest(live)->hand; }

const char *live_text_now(const Live *live, size_t *len)
{
  const char *text = live->undo_count ? live->undo[live->undo_count - 1] : "";
  *len = strlen(text);
  return text;
}

static void remember(Live *live, const char *text, size_t len)
{
  if (live->undo_count && strlen(live->undo[live->undo_count - 1]) == len &&
      memcmp(live->undo[live->undo_count - 1], text, len) == 0) {
    return;
  }
  if (live->undo_count == UNDO_MAX) {
    free(live->undo[0]);
    memmove(live->undo, live->undo + 1, (UNDO_MAX - 1) * sizeof *live->undo);
    live->undo_count--;
  }
  char *copy = copy_of(text, len);
  if (copy) {
    live->undo[live->undo_count++] = copy;
  }
}

/* ---- to the stage ------------------------------------------------------------------------------------------------ */

/* What waits in the slot comes back, unless it is too late. */
static void withdraw(Live *live)
{
  if (live->offered && stage_withdraw(&live->stage)) {
    phonon_swap_free(live->swap);
    code_free(live->offered);
    live->swap = NULL;
    live->offered = NULL;
  }
}

static void offer(Live *live)
{
  Code *code = live->next;
  live->next = NULL;
  live->making = code;
  const PhononStatus status = phonon_swap_new(live->engine, code->program, &live->swap);
  live->making = NULL;
  if (status != PHONON_OK) {
    live_say(live, TONE_ERROR, "the edit cannot be played: %s", phonon_status_text(status));
    code_free(code);
    return;
  }
  live_record_stems(live, code);
  live->offered = code;
  const bool is_panic = live->is_panicked && code->output_count == 0;
  stage_offer(&live->stage, live->swap, code, is_panic ? (Quantum){ 0, 1 } : live->quantum, -1);
}

/* Takes the code: it plays as soon as it can. What waits is replaced by it. */
static void submit(Live *live, Code *code)
{
  code_free(live->next);
  live->next = code;
  withdraw(live);
  live_mind_edits(live);
}

static void retire(Live *live, Code *code)
{
  for (size_t i = 0; i < RETIRED_MAX; i++) {
    if (!live->retired[i]) {
      live->retired[i] = code;
      atomic_store_explicit(&live->stage.retired[i], code->program, memory_order_release);
      return;
    }
  }
}

static size_t mind_retired(Live *live)
{
  size_t count = 0;
  for (size_t i = 0; i < RETIRED_MAX; i++) {
    if (live->retired[i] && atomic_load_explicit(&live->stage.is_unused[i], memory_order_acquire)) {
      atomic_store(&live->stage.retired[i], NULL);
      atomic_store(&live->stage.is_unused[i], false);
      code_free(live->retired[i]);
      live->retired[i] = NULL;
    }
    count += live->retired[i] != NULL;
  }
  return count;
}

/* The slot is done: the edit has been heard from its frame on. */
static void settle(Live *live)
{
  Slot *slot = &live->stage.slot;
  const PhononStatus status = slot->status;
  const int64_t frame = atomic_load(&slot->frame);
  Code *code = live->offered;
  phonon_swap_free(live->swap);
  live->swap = NULL;
  live->offered = NULL;
  atomic_store(&slot->state, SLOT_FREE);
  if (status != PHONON_OK) {
    live_say(live, TONE_ERROR, "the edit could not be played: %s", phonon_status_text(status));
    retire(live, code); /* an engine that failed half-way may hold on to it */
    return;
  }
  const double cycle = slot->cycle;
  if (live->session) {
    session_edit(live->session, code, frame, cycle);
  }
  retire(live, live->playing);
  live->playing = code;
  live_say(live, TONE_GOOD, "cycle %.3f (%.3f s): %s", cycle, (double)frame / live->job.file.sample_rate,
           live->is_panicked ? "panic: silence" : "the edit plays");
}

void live_mind_edits(Live *live)
{
  Noted noted;
  while (stage_noted(&live->stage, &noted)) {
    if (live->session) {
      session_noted(live->session, noted);
    }
    live_played(live, &noted);
    if (noted.kind == NOTED_VOICES) {
      live_say(live, TONE_WARNING, "%.3f s: at most %u voices now, for %s",
               (double)noted.frame / live->job.file.sample_rate, noted.voices,
               noted.voices < live->stage.max_voices ? "the load nears the deadline" : "the load is low again");
    }
  }
  if (live->offered && atomic_load_explicit(&live->stage.slot.state, memory_order_acquire) == SLOT_DONE) {
    settle(live);
  }
  const size_t old = mind_retired(live);
  if (live->next && !live->offered && !live->is_held && !live->is_broken && old < RETIRED_MAX) {
    offer(live);
  }
}

void live_release(Live *live)
{
  enum { TRIES = 1000 };
  live->is_held = false;
  live_mind_edits(live);
  for (int i = 0; live->is_gated && live->offered && i < TRIES; i++) {
    (void)usleep(TRIES);
    live_mind_edits(live);
  }
}

void live_hold(Live *live) { live->is_held = live->is_gated; }

/* ---- what a performer does --------------------------------------------------------------------------------------- */

bool live_text(Live *live, const char *text, size_t len, bool is_forced)
{
  size_t now_len;
  const char *now = live_text_now(live, &now_len);
  if (!is_forced && !live->is_in_error && !live->is_panicked && len == now_len && memcmp(now, text, len) == 0) {
    return true;
  }
  const Hand hand = live_hand_now(live);
  Code *code = code_new(live, text, len, &hand, true);
  live->is_in_error = !code;
  if (!code) {
    live_say(live, TONE_ERROR, "%s plays on", live->undo_count ? "the last good code" : "silence");
    return false;
  }
  live->is_panicked = false;
  remember(live, text, len);
  submit(live, code);
  return true;
}

/* The text that is to play, with a hand; false: it does not compile with it. */
static void replay(Live *live, const Hand *hand)
{
  size_t len;
  const char *text = live_text_now(live, &len);
  Code *code = code_new(live, text, len, hand, false);
  if (code) {
    live->is_panicked = false;
    submit(live, code);
  }
}

void live_hand(Live *live, const Hand *hand) { replay(live, hand); }

void live_undo(Live *live)
{
  if (live->undo_count < 2) {
    live_say(live, TONE_WARNING, "there is no earlier text");
    return;
  }
  free(live->undo[--live->undo_count]);
  live->is_in_error = false;
  const Hand hand = live_hand_now(live);
  replay(live, &hand);
  live_say(live, TONE_PLAIN, "back to the text before; the file is as it was saved");
}

void live_panic(Live *live)
{
  const Hand hand = live_hand_now(live);
  if (live->is_panicked) {
    replay(live, &hand);
    return;
  }
  Code *nothing = code_new(live, "", 0, &hand, false);
  if (nothing) {
    live->is_panicked = true;
    submit(live, nothing);
  }
}

void live_free_codes(Live *live)
{
  phonon_swap_free(live->swap);
  code_free(live->offered);
  code_free(live->next);
  code_free(live->playing);
  for (size_t i = 0; i < RETIRED_MAX; i++) {
    code_free(live->retired[i]);
    live->retired[i] = NULL;
  }
  live->swap = NULL;
  live->offered = live->next = live->playing = NULL;
}
