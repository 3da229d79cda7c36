/* The side of a performance that renders.  SPDX-License-Identifier: MIT */
#include "app/live/stage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BUSY_SEC 0.03    /* the load is smoothed over this */
#define BUSY_MOST 0.9    /* of the time that there is: beyond, voices give way */
#define BUSY_AFTER 0.7   /* what it is taken to be then */
#define RELAXED_MOST 0.6 /* below for RELAXED_SEC: more voices again */
#define RELAXED_SEC 1.0
#define GATE_PAUSE_NS 200000

enum { VOICES_LEAST = 8, SEE_FRAMES = 256 };

/* ---- clocks and snapshots ---- */

static double clock_sec(clockid_t clock)
{
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* With one thread its own time: what others took from it is no load of ours. */
static clockid_t load_clock(const Stage *s)
{
  return s->job.engine.threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC;
}

static void raise_to(_Atomic float *place, float value)
{
  if (value > atomic_load_explicit(place, memory_order_relaxed)) {
    atomic_store_explicit(place, value, memory_order_relaxed);
  }
}

static void meter(_Atomic float peaks[2], const float *frames, uint32_t count)
{
  float most[2] = { 0, 0 };
  for (size_t i = 0; i < count; i++) {
    for (size_t side = 0; side < 2; side++) {
      const float x = fabsf(frames[2 * i + side]);
      most[side] = x > most[side] ? x : most[side];
    }
  }
  raise_to(&peaks[0], most[0]);
  raise_to(&peaks[1], most[1]);
}

int64_t stage_frame_of(PhononEngine *engine, int64_t base, PhononTime time)
{
  return base + phonon_engine_frame_of_cycle(engine, time);
}

double stage_cycle_of(PhononEngine *engine, int64_t base, int64_t frame)
{
  return phonon_engine_cycle_of_frame(engine, frame - base);
}

static void show(Stage *s)
{
  const int64_t ahead = (int64_t)(s->job.file.sample_rate / 8);
  const double cycle = stage_cycle_of(s->engine, s->base, s->at);
  const double later = stage_cycle_of(s->engine, s->base, s->at + ahead);
  const uint32_t turn = atomic_load_explicit(&s->seen_turn, memory_order_relaxed);
  atomic_store_explicit(&s->seen_turn, turn + 1, memory_order_seq_cst);
  atomic_store_explicit(&s->seen_cps, (later - cycle) * s->job.file.sample_rate / (double)ahead, memory_order_relaxed);
  atomic_store_explicit(&s->seen_cycle, cycle, memory_order_seq_cst);
  atomic_store_explicit(&s->seen_voices, phonon_engine_voices(s->engine), memory_order_relaxed);
  atomic_store_explicit(&s->seen_limit, s->limit, memory_order_relaxed);
  atomic_store_explicit(&s->seen_at, s->at, memory_order_seq_cst);
  atomic_store_explicit(&s->seen_turn, turn + 2, memory_order_seq_cst);
}

Seen stage_seen(const Stage *s)
{
  for (;;) {
    const uint32_t turn = atomic_load(&s->seen_turn);
    const Seen seen = { atomic_load(&s->seen_at), atomic_load(&s->seen_cycle), atomic_load(&s->seen_cps) };
    if (turn % 2 == 0 && atomic_load(&s->seen_turn) == turn) {
      return seen;
    }
  }
}

/* What is not in the text itself, a synth or a file that it includes, is one row by that name. */
static void name_cost(const Stage *s, const PhononCost *cost, Cost *out)
{
  const char *text = s->job.program.name;
  const bool is_own = strcmp(cost->file, text ? text : "<code>") == 0;
  *out = (Cost){ .line = is_own ? cost->line : 0 };
  (void)snprintf(out->name, sizeof out->name, "%s", is_own ? cost->name : cost->file);
}

static Cost *row_of(Stage *s, const Cost *wanted)
{
  for (size_t i = 0; i < s->cost_count; i++) {
    if (s->costs[i].line == wanted->line && strcmp(s->costs[i].name, wanted->name) == 0) {
      return &s->costs[i];
    }
  }
  if (s->cost_count == COSTS_MAX) {
    return NULL;
  }
  s->costs[s->cost_count] = *wanted;
  return &s->costs[s->cost_count++];
}

/* Equal units of a line are one row. */
static void copy_costs(Stage *s)
{
  PhononCost cost;
  s->cost_count = 0;
  for (size_t i = 0; phonon_engine_cost(s->engine, i, &cost); i++) {
    Cost wanted;
    name_cost(s, &cost, &wanted);
    Cost *row = row_of(s, &wanted);
    if (row) {
      row->sec += cost.sec;
      row->share += cost.share;
    }
  }
  for (size_t i = 1; i < s->cost_count; i++) {
    const Cost moved = s->costs[i];
    size_t at = i;
    for (; at > 0 && s->costs[at - 1].share < moved.share; at--) {
      s->costs[at] = s->costs[at - 1];
    }
    s->costs[at] = moved;
  }
}

/* ---- load -------------------------------------------------------------------------------------------------------- */

bool stage_can_note(Stage *s)
{
  return atomic_load_explicit(&s->noted_written, memory_order_relaxed) -
             atomic_load_explicit(&s->noted_read, memory_order_acquire) <
         NOTED_MAX;
}

void stage_note(Stage *s, Noted what)
{
  what.frame = s->at;
  const uint32_t written = atomic_load_explicit(&s->noted_written, memory_order_relaxed);
  s->noted[written % NOTED_MAX] = what;
  atomic_store_explicit(&s->noted_written, written + 1, memory_order_release);
}

/* What could not be noted is not done. */
static void limit(Stage *s, uint32_t voices)
{
  if (stage_can_note(s) && phonon_engine_limit_voices(s->engine, voices) == PHONON_OK) {
    s->limit = voices;
    stage_note(s, (Noted){ .kind = NOTED_VOICES, .voices = voices });
  }
}

/* What a piece took, against what it sounds: voices give way before frames are late, and may come back. */
static void mind_load(Stage *s, double took, double sounds)
{
  const float now = (float)(took / sounds);
  const float before = atomic_load_explicit(&s->load, memory_order_relaxed);
  const double share = sounds < BUSY_SEC ? sounds / BUSY_SEC : 1;
  s->busy += (took / sounds - s->busy) * share;
  atomic_store_explicit(&s->load, before + 0.05f * (now - before), memory_order_relaxed);
  raise_to(&s->worst, now);
  if (!s->has_clock) {
    return;
  }
  if (s->busy > RELAXED_MOST) {
    s->relaxed_since = s->at;
  }
  const uint32_t voices = phonon_engine_voices(s->engine);
  if (s->busy > BUSY_MOST && voices > VOICES_LEAST) {
    const uint32_t fewer = voices - voices / 4;
    limit(s, fewer > VOICES_LEAST ? fewer : VOICES_LEAST);
    s->busy = BUSY_AFTER;
  } else if (s->limit < s->max_voices && (double)(s->at - s->relaxed_since) > RELAXED_SEC * s->job.file.sample_rate) {
    const uint32_t more = s->limit + s->limit / 4 + 1;
    limit(s, more < s->max_voices ? more : s->max_voices);
    s->relaxed_since = s->at;
  }
}

/* ---- controls ---------------------------------------------------------------------------------------------------- */

/* Remembers the last value of each but keys, the newest last, since two may drive one signal; false: there are too many. */
static bool remember(Stage *s, const Ctrl *ctrl)
{
  size_t i = 0;
  if (!ctrl_lasts(ctrl)) {
    return true;
  }
  while (i < s->ctrl_count && !ctrl_same(&s->ctrls[i], ctrl)) {
    i++;
  }
  if (i == CTRLS_MAX) {
    return false;
  }
  if (i < s->ctrl_count) {
    memmove(&s->ctrls[i], &s->ctrls[i + 1], (s->ctrl_count - 1 - i) * sizeof *s->ctrls);
    s->ctrl_count--;
  }
  s->ctrls[s->ctrl_count++] = *ctrl;
  return true;
}

static void tell_ctrls(Stage *s)
{
  for (size_t i = 0; i < s->ctrl_count; i++) {
    ctrl_tell(s->engine, &s->ctrls[i]);
  }
}

static void take_ctrl(Stage *s, const Ctrl *ctrl)
{
  if (remember(s, ctrl)) {
    ctrl_tell(s->engine, ctrl);
    stage_note(s, (Noted){ .kind = NOTED_CTRL, .ctrl = *ctrl });
  }
}

/* Takes the keys and controllers that are due; gives the frames until the next one is, at most `most`. */
static uint32_t until_input(Stage *s, uint32_t most)
{
  while (s->midi && stage_can_note(s)) {
    s->has_input = s->has_input || phonon_midi_receive(s->midi, &s->input);
    if (!s->has_input) {
      return most;
    }
    const PhononMidiInput *in = &s->input;
    const int64_t due = in->frame + s->input_delay;
    if (due > s->at) {
      return due - s->at < most ? (uint32_t)(due - s->at) : most;
    }
    const Ctrl ctrl = ctrl_midi(in);
    take_ctrl(s, &ctrl);
    s->has_input = false;
  }
  return most;
}

static void take_ctrls(Stage *s)
{
  uint32_t read = atomic_load_explicit(&s->sent_read, memory_order_relaxed);
  while (read != atomic_load_explicit(&s->sent_written, memory_order_acquire) && stage_can_note(s)) {
    take_ctrl(s, &s->sent[read % CTRLS_MAX]);
    atomic_store_explicit(&s->sent_read, ++read, memory_order_release);
  }
}

/* ---- edits ------------------------------------------------------------------------------------------------------- */

/* The first frame from `from` on that falls on a multiple of the quantum. */
static int64_t boundary(Stage *s, Quantum quantum, int64_t from)
{
  const double cycle = stage_cycle_of(s->engine, s->base, from);
  const double count = floor(cycle * (double)quantum.den / (double)quantum.num) - 1;
  int64_t frame = from;
  for (int64_t k = count > 0 ? (int64_t)count : 0;; k++) {
    frame = stage_frame_of(s->engine, s->base, (PhononTime){ k * quantum.num, quantum.den });
    if (frame >= from) {
      return frame;
    }
  }
}

static int64_t due_from(Stage *s, int64_t from)
{
  const Slot *slot = &s->slot;
  const int64_t exact = atomic_load_explicit(&slot->frame, memory_order_relaxed);
  const Quantum quantum = { atomic_load_explicit(&slot->num, memory_order_relaxed),
                            atomic_load_explicit(&slot->den, memory_order_relaxed) };
  if (exact >= 0) {
    return exact > from ? exact : from;
  }
  return quantum.num > 0 ? boundary(s, quantum, from) : from;
}

static bool has_output(const Code *code, uint8_t number)
{
  return memchr(code->outputs, number, code->output_count) != NULL;
}

/* The outputs that the code before had and this one has not fade out in their stems, as they do in the master. */
static void leave(Stage *s, const Code *before)
{
  s->left_count = 0;
  for (size_t i = 0; i < before->output_count; i++) {
    const bool is_left = !has_output(s->code, before->outputs[i]);
    s->left_stems[i] = is_left ? s->stems[OUTPUTS_MAX - 1 - s->left_count] : NULL;
    if (is_left) {
      s->left[s->left_count++] = before->outputs[i];
    }
  }
  phonon_engine_leaving(s->engine, s->left_count ? s->left_stems : NULL);
}

static void take_edit(Stage *s)
{
  Slot *slot = &s->slot;
  int ready = SLOT_READY;
  if (!atomic_compare_exchange_strong_explicit(&slot->state, &ready, SLOT_TAKEN, memory_order_acquire,
                                               memory_order_relaxed)) {
    return; /* it was taken back */
  }
  const Code *before = s->code;
  s->code = slot->code; /* what is reported is about it */
  slot->status = phonon_engine_swap(s->engine, slot->swap);
  if (slot->status != PHONON_OK) {
    s->code = before;
  } else {
    leave(s, before);
  }
  tell_ctrls(s);
  if (s->midi && slot->status == PHONON_OK && (s->code->hand.hushed || s->code->output_count == 0)) {
    phonon_midi_panic(s->midi, s->at); /* hush and panic end notes elsewhere, too */
  }
  slot->cycle = stage_cycle_of(s->engine, s->base, s->at);
  atomic_store_explicit(&slot->frame, s->at, memory_order_relaxed);
  atomic_store_explicit(&slot->state, SLOT_DONE, memory_order_release);
}

/* Takes the edit that waits if it is due; else gives the frames until it is, at most `most`. */
static uint32_t until_edit(Stage *s, uint32_t most)
{
  Slot *slot = &s->slot;
  if (atomic_load_explicit(&slot->state, memory_order_acquire) != SLOT_READY) {
    return most;
  }
  const uint32_t serial = atomic_load_explicit(&slot->serial, memory_order_relaxed);
  if (serial != s->seen_serial || s->is_due_stale) {
    s->seen_serial = serial;
    s->is_due_stale = false;
    s->due = due_from(s, s->at);
  }
  if (s->at >= s->due) {
    if (phonon_engine_may_swap(s->engine)) {
      take_edit(s);
    } else {
      s->due = due_from(s, s->at + most);
    }
    return most;
  }
  return s->due - s->at < most ? (uint32_t)(s->due - s->at) : most;
}

/* One of the retired programs a call: whether the engine still needs it. */
static void mind_retired(Stage *s)
{
  const uint32_t i = s->retired_next++ % RETIRED_MAX;
  const PhononProgram *program = atomic_load_explicit(&s->retired[i], memory_order_acquire);
  if (program && !atomic_load_explicit(&s->is_unused[i], memory_order_relaxed) &&
      !phonon_engine_uses(s->engine, program)) {
    atomic_store_explicit(&s->is_unused[i], true, memory_order_release);
  }
}

/* ---- frames ------------------------------------------------------------------------------------------------------ */

static void shape(const Stage *s, float *frames, uint32_t count) { job_shape(&s->job, frames, count, s->at, s->total); }

/* To the files of the master and the stems; those without frames in this piece get silence. */
static void record(Stage *s, const float *out, uint32_t count)
{
  static const float silence[2 * CHUNK_FRAMES];
  const float *given[OUTPUTS_MAX] = { NULL };
  for (size_t i = 0; i < s->code->output_count; i++) {
    given[s->code->outputs[i]] = s->stems[i];
  }
  for (size_t i = 0; i < s->left_count; i++) {
    given[s->left[i]] = s->stems[OUTPUTS_MAX - 1 - i];
  }
  PhononRecorder *master = atomic_load(&s->master);
  if (master) {
    if (!s->has_clock) {
      phonon_recorder_wait(master, count);
    }
    phonon_recorder_write(master, out, count);
  }
  for (size_t number = 0; number < OUTPUTS_MAX; number++) {
    PhononRecorder *file = atomic_load(&s->stem_files[number]);
    if (!file || (!s->stem_begun[number] && !given[number])) {
      continue;
    }
    if (!s->stem_begun[number]) {
      s->stem_begun[number] = true;
      phonon_recorder_lead(file, s->at);
    }
    if (!s->has_clock) {
      phonon_recorder_wait(file, count);
    }
    phonon_recorder_write(file, given[number] ? given[number] : silence, count);
  }
}

static bool has_failed(const Stage *s) { return atomic_load_explicit(&s->failure, memory_order_relaxed) != PHONON_OK; }

/* The engine's frames; silence from the one on where it fails. */
static void render_engine(Stage *s, uint32_t count, float *out)
{
  const PhononStatus status = has_failed(s) ? PHONON_CANCELLED : phonon_engine_render(s->engine, count, out, s->stems);
  if (status == PHONON_OK) {
    return;
  }
  memset(out, 0, 2 * (size_t)count * sizeof *out);
  for (size_t i = 0; i < s->code->output_count; i++) {
    memset(s->stems[i], 0, 2 * (size_t)count * sizeof *out);
  }
  s->left_count = 0;
  if (!has_failed(s)) {
    atomic_store_explicit(&s->failed_at, s->at, memory_order_relaxed);
    atomic_store_explicit(&s->failure, (int)status, memory_order_release);
  }
}

/* Of a stage that has failed: the fresh engine takes over at its frame. Gives the frames until then, at most `most`. */
static uint32_t until_fresh(Stage *s, uint32_t most)
{
  Fresh *fresh = &s->fresh;
  if (!atomic_load_explicit(&fresh->is_ready, memory_order_acquire)) {
    if (!s->has_clock && !atomic_load_explicit(&s->stop, memory_order_acquire)) {
      nanosleep(&(struct timespec){ 0, GATE_PAUSE_NS }, NULL); /* there is time */
      return 0;
    }
    return most;
  }
  if (s->at < fresh->base) {
    return fresh->base - s->at < most ? (uint32_t)(fresh->base - s->at) : most;
  }
  atomic_store_explicit(&fresh->is_ready, false, memory_order_relaxed);
  if (s->at > fresh->base) {
    atomic_store_explicit(&fresh->is_late, true, memory_order_release);
    return most;
  }
  s->engine = fresh->engine;
  s->base = fresh->base;
  s->code = fresh->code;
  s->limit = s->max_voices;
  tell_ctrls(s);
  stage_pace_anew(s);
  (void)phonon_engine_stand(s->engine, s->stands);
  atomic_store_explicit(&s->failure, PHONON_OK, memory_order_relaxed);
  atomic_store_explicit(&fresh->is_taken, true, memory_order_release);
  return most;
}

/* What is due in the piece; where the engine has failed, the ends of all notes. */
static void send_midi(Stage *s, uint32_t count)
{
  if (s->midi && has_failed(s)) {
    phonon_midi_panic(s->midi, s->at);
  }
  if (s->midi) {
    phonon_midi_send(s->midi, has_failed(s) ? NULL : s->engine, s->at, count);
  }
}

static void render_piece(Stage *s, uint32_t count, float *out)
{
  const clockid_t clock = load_clock(s);
  const double begin = clock_sec(clock);
  if (!has_failed(s)) {
    take_ctrls(s);
  }
  if (s->midi) {
    phonon_midi_base(s->midi, s->base);
  }
  render_engine(s, count, out);
  send_midi(s, count);
  const double took = clock_sec(clock) - begin;
  shape(s, out, count);
  meter(s->peaks[OUTPUTS_MAX], out, count);
  for (size_t i = 0; i < s->code->output_count; i++) {
    shape(s, s->stems[i], count);
    meter(s->peaks[s->code->outputs[i]], s->stems[i], count);
  }
  for (size_t i = 0; i < s->left_count; i++) {
    shape(s, s->stems[OUTPUTS_MAX - 1 - i], count);
  }
  atomic_fetch_add(&s->inside, 1);
  record(s, out, count);
  atomic_fetch_add(&s->inside, 1);
  s->at += count;
  if (!has_failed(s)) {
    mind_load(s, took, count / s->job.file.sample_rate);
  }
}

/* Where it ends, once somebody wants it to. */
static void mind_stop(Stage *s)
{
  if (atomic_load_explicit(&s->stop, memory_order_acquire) && !s->is_stopping) {
    const int64_t end = s->at + (int64_t)(FADE_SEC * s->job.file.sample_rate);
    s->is_stopping = true;
    if (end < s->total) {
      s->job.fade_out = FADE_SEC;
      s->total = end;
    }
  }
}

/* How many frames may be rendered now; 0: look again. */
static uint32_t may_render(Stage *s, uint32_t most)
{
  const int64_t gate = atomic_load_explicit(&s->gate, memory_order_acquire);
  if (!has_failed(s) &&
      gate > s->at) { /* something will be rendered: time and tempo come before an edit of the frame */
    most = stage_pace(s, stage_until_clock(s, most));
  }
  uint32_t count = has_failed(s) ? until_fresh(s, most) : until_edit(s, most);
  count = has_failed(s) ? count : until_input(s, count);
  if (s->total - s->at < count) {
    count = (uint32_t)(s->total - s->at);
  }
  if (gate - s->at < count && !atomic_load_explicit(&s->stop, memory_order_acquire)) {
    count = gate > s->at ? (uint32_t)(gate - s->at) : 0;
    if (count == 0) {
      show(s);
      nanosleep(&(struct timespec){ 0, GATE_PAUSE_NS }, NULL);
    }
  }
  return count;
}

PhononStatus stage_render(void *ctx, uint32_t frames, float *out)
{
  Stage *s = ctx;
  uint32_t done = 0;
  while (done < frames) {
    mind_stop(s);
    if (s->at >= s->total) {
      break;
    }
    const uint32_t left = frames - done;
    const uint32_t count = may_render(s, left < CHUNK_FRAMES ? left : CHUNK_FRAMES);
    if (count) {
      render_piece(s, count, out + 2 * (size_t)done);
    }
    done += count;
  }
  if (!has_failed(s)) {
    mind_retired(s);
  }
  show(s);
  if (atomic_load_explicit(&s->costs_state, memory_order_acquire) == 1) {
    copy_costs(s);
    atomic_store_explicit(&s->costs_state, 2, memory_order_release);
  }
  if (done == 0 && frames > 0) {
    return PHONON_CANCELLED;
  }
  memset(out + 2 * (size_t)done, 0, 2 * (size_t)(frames - done) * sizeof *out);
  return PHONON_OK;
}

/* ---- the control thread ------------------------------------------------------------------------------------------ */

PhononEngineOptions stage_engine_options(const Job *job, PhononSamples *samples, uint32_t block_frames)
{
  PhononEngineOptions options = job->engine;
  options.samples = samples;
  options.block_frames = block_frames < PHONON_BLOCK_MAX ? block_frames : PHONON_BLOCK_MAX;
  options.window = 1;
  options.load_ahead = true;
  options.stems = true;
  options.output_gain = job->gain;
  return options;
}

bool stage_init(Stage *s, const Job *job, PhononEngine *engine, const Code *code)
{
  *s = (Stage){ .job = *job, .engine = engine, .code = code, .total = INT64_MAX, .has_clock = true, .pace.factor = 1 };
  s->job.file.channels = 2;
  s->max_voices = s->limit = job->engine.max_voices;
  atomic_store(&s->gate, INT64_MAX);
  atomic_store(&s->slot.frame, -1);
  for (size_t i = 0; i < OUTPUTS_MAX; i++) {
    s->stems[i] = malloc(2 * CHUNK_FRAMES * sizeof(float));
    if (!s->stems[i]) {
      stage_deinit(s);
      return false;
    }
  }
  show(s);
  return true;
}

void stage_deinit(Stage *s)
{
  for (size_t i = 0; i < OUTPUTS_MAX; i++) {
    free(s->stems[i]);
    s->stems[i] = NULL;
  }
}

void stage_offer(Stage *s, PhononSwap *swap, const Code *code, Quantum quantum, int64_t frame)
{
  Slot *slot = &s->slot;
  slot->swap = swap;
  slot->code = code;
  atomic_store(&slot->num, quantum.num);
  atomic_store(&slot->den, quantum.den);
  atomic_store(&slot->frame, frame);
  atomic_fetch_add(&slot->serial, 1);
  atomic_store_explicit(&slot->state, SLOT_READY, memory_order_release);
}

bool stage_withdraw(Stage *s)
{
  int ready = SLOT_READY;
  return atomic_compare_exchange_strong(&s->slot.state, &ready, SLOT_FREE);
}

PhononRecorder *stage_set_recorder(Stage *s, _Atomic(PhononRecorder *) *place, PhononRecorder *recorder)
{
  PhononRecorder *former = atomic_exchange(place, recorder);
  const uint64_t inside = atomic_load(&s->inside);
  while (former && inside % 2 && atomic_load(&s->inside) == inside) {
    nanosleep(&(struct timespec){ 0, GATE_PAUSE_NS }, NULL);
  }
  return former;
}

void stage_send(Stage *s, const char *path, double value)
{
  const uint32_t written = atomic_load_explicit(&s->sent_written, memory_order_relaxed);
  if (strlen(path) < CTRL_PATH_MAX && written - atomic_load_explicit(&s->sent_read, memory_order_acquire) < CTRLS_MAX) {
    Ctrl *ctrl = &s->sent[written % CTRLS_MAX];
    *ctrl = (Ctrl){ .value = (float)value };
    (void)snprintf(ctrl->path, sizeof ctrl->path, "%s", path);
    atomic_store_explicit(&s->sent_written, written + 1, memory_order_release);
  }
}

bool stage_noted(Stage *s, Noted *out)
{
  const uint32_t read = atomic_load_explicit(&s->noted_read, memory_order_relaxed);
  if (read == atomic_load_explicit(&s->noted_written, memory_order_acquire)) {
    return false;
  }
  *out = s->noted[read % NOTED_MAX];
  atomic_store_explicit(&s->noted_read, read + 1, memory_order_release);
  return true;
}
