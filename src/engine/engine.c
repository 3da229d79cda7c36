/* The engine: windows of blocks, each prepared by the conductor and run by the executor.  SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/internal.h"

enum {
  MAX_BLOCK_FRAMES = 16384,
  MAX_THREADS = 64,
  MAX_VOICES = 65536,
  MAX_WINDOW = 256,           /* blocks */
  WINDOW_FRAMES = 8192,       /* chosen for several threads: long enough to fill a pipeline, short enough for the caches */
  WINDOW_FRAMES_ALONE = 512,  /* one thread: so that small blocks do not drown in preparations */
  LIVE_TASKS = 4,             /* tasks that a single block is cut into, if none is shorter than a chunk */
  GRAIN_MOST_FRAMES = 512     /* of a task */
};

#define PREFETCH_SEC 16.0     /* of an engine that begins */
#define PREFETCH_SWAP_SEC 2.0 /* of one that is to take a place: the running one then looks ahead itself */
#define LEAST_SAMPLE_RATE 1000.0
#define MOST_SAMPLE_RATE 768000.0

/* ---- memory and messages ---- */

void *ph_engine_alloc(PhEngine *engine, size_t bytes)
{
  bytes = (bytes + 63) & ~(size_t)63;
  void *ptr = aligned_alloc(64, bytes ? bytes : 64);
  if (ptr) {
    memset(ptr, 0, bytes);
  } else if (engine) {
    ph_trap_raise(&engine->trap, PH_NOMEM, "%s", ph_status_text(PH_NOMEM));
  }
  return ptr;
}

void ph_exchange(void *a, void *b, size_t bytes)
{
  unsigned char *x = a, *y = b;
  for (size_t i = 0; i < bytes; i++) {
    const unsigned char kept = x[i];
    x[i] = y[i];
    y[i] = kept;
  }
}

void *ph_engine_grow(PhEngine *engine, void *items, size_t len, size_t *cap, size_t item_bytes)
{
  if (len < *cap) {
    return items;
  }
  const size_t wanted = *cap ? *cap * 2 : 16;
  void *grown = realloc(items, wanted * item_bytes);
  if (!grown) {
    ph_trap_raise(&engine->trap, PH_NOMEM, "%s", ph_status_text(PH_NOMEM));
  }
  *cap = wanted;
  return grown;
}

void ph_engine_say(PhEngine *engine, PhSeverity severity, PhSource at, const char *text, const char *help)
{
  enum { MOST = 1000 };
  const uint64_t place = ph_mix(ph_mix(at.begin, at.end), at.file);
  const uint64_t hash = ph_mix(ph_hash_str(text), place);
  for (size_t i = 0; i < engine->reported_count; i++) {
    if (engine->reported[i] == hash) {
      return;
    }
  }
  if (!engine->report || engine->reported_count >= MOST) {
    return;
  }
  engine->reported = ph_engine_grow(engine, engine->reported, engine->reported_count, &engine->reported_cap,
                                    sizeof *engine->reported);
  engine->reported[engine->reported_count++] = hash;
  engine->report(engine->report_ctx, severity, at, text, help);
}

/* ---- starting and ending ---- */

static bool options_valid(const PhPlan *plan, const PhEngineOptions *o)
{
  return o->schedule <= PH_SCHEDULE_THREADS && (o->schedule == 0 || o->threads == 1) && o->block_frames >= 1 && o->block_frames <= MAX_BLOCK_FRAMES && o->threads >= 1 && o->threads <= MAX_THREADS &&
         o->window <= MAX_WINDOW && o->max_voices >= 1 && o->max_voices <= MAX_VOICES &&
         plan->sample_rate >= LEAST_SAMPLE_RATE && plan->sample_rate <= MOST_SAMPLE_RATE;
}

/* How many frames are in flight, and how they are cut into tasks. Neither can be heard. Where the caller says how many blocks are in
   flight, a task is one of them; a single block is cut into several, so that threads can share it. */
static void choose_window(PhEngine *engine)
{
  const PhEngineOptions *o = &engine->options;
  const uint32_t wanted = o->threads > 1 || o->schedule > 1 ? WINDOW_FRAMES : WINDOW_FRAMES_ALONE;
  const uint32_t window = (o->window ? o->window : (wanted + o->block_frames - 1) / o->block_frames) * o->block_frames;
  uint32_t grain = o->window == 1 ? (window / LIVE_TASKS + PH_CHUNK_FRAMES - 1) / PH_CHUNK_FRAMES * PH_CHUNK_FRAMES : GRAIN_MOST_FRAMES;
  grain = grain < PH_CHUNK_FRAMES ? PH_CHUNK_FRAMES : grain < GRAIN_MOST_FRAMES ? grain : GRAIN_MOST_FRAMES;
  grain = o->window > 1 ? o->block_frames : grain;
  engine->window_frames = window;
  engine->grain_frames = grain < window ? grain : window;
  engine->grain_alone_frames = o->window > 1 ? o->block_frames : window < GRAIN_MOST_FRAMES ? window : GRAIN_MOST_FRAMES;
}

static PhStatus init_wires(PhEngine *engine)
{
  const uint32_t count = engine->plan->shared_count;
  const size_t floats = ph_wire_floats(engine);
  engine->shared = ph_engine_alloc(NULL, (count * floats + 1) * sizeof(float));
  engine->wires = ph_engine_alloc(NULL, ((size_t)count + 1) * sizeof(float *));
  if (!engine->shared || !engine->wires) {
    return PH_NOMEM;
  }
  for (uint32_t w = 0; w < count; w++) {
    engine->wires[w] = engine->shared + w * floats;
  }
  return PH_OK;
}

static char *voices_name(const char *instrument)
{
  static const char words[] = "voices of ";
  char *name = malloc(sizeof words + strlen(instrument));
  if (name) {
    memcpy(name, words, sizeof words - 1);
    memcpy(name + sizeof words - 1, instrument, strlen(instrument) + 1);
  }
  return name;
}

static PhStatus init_instruments(PhEngine *engine)
{
  const PhPlan *plan = engine->plan;
  engine->instruments = ph_engine_alloc(NULL, (plan->instrument_count + 1) * sizeof *engine->instruments);
  for (uint32_t k = 0; engine->instruments && k < plan->instrument_count; k++) {
    const PhCode *code = &plan->instruments[k].code;
    PhInstrumentState *state = &engine->instruments[k];
    const size_t instrs = (size_t)code->instr_count + code->step_instr_count + 1;
    state->faults = ph_engine_alloc(NULL, instrs * sizeof *state->faults);
    state->ticks = ph_engine_alloc(NULL, instrs * sizeof *state->ticks);
    state->voices_name = voices_name(plan->instruments[k].name);
    if (!state->faults || !state->ticks || !state->voices_name) {
      return PH_NOMEM;
    }
  }
  return engine->instruments ? ph_controls_init(engine) : PH_NOMEM;
}

/* `running`: the engine whose place it is to take, or NULL. */
static PhStatus init(PhEngine *engine, const PhEngine *running, PhRat start)
{
  const PhPlan *plan = engine->plan;
  ph_arena_init(&engine->names, NULL, NULL);
  ph_arena_init(&engine->querier.arena, NULL, &engine->trap);
  engine->querier.seed = plan->seed;
  engine->querier.tidal = plan->tidal;
  engine->first_end = PH_NEVER;
  engine->last_event = UINT64_MAX;
  engine->fade_frames = (float)floor(PH_FADE_SEC * plan->sample_rate + 0.5);
  ph_safety_init(&engine->safety, plan->sample_rate, engine->options.output_gain);
  ph_profile_init(engine);
  engine->bus_set = ph_unit_set_bus();
  engine->bank_set = ph_unit_set_find(engine->options.isa);
  if (!engine->bank_set) {
    return PH_NOTFOUND;
  }
  choose_window(engine);
  if (ph_os_init_mutex(&engine->tempo_mutex) != PH_OK) {
    return PH_NOMEM;
  }
  engine->has_mutex = true;
  engine->chains = ph_engine_alloc(NULL, PH_CHAIN_MOST * sizeof *engine->chains);
  if (!engine->chains) {
    return PH_NOMEM;
  }
  PhStatus status = ph_tempo_init(&engine->tempo, plan->sample_rate, plan->cps, plan->seed, start);
  status = status == PH_OK ? ph_score_init(engine, start) : status;
  status = status == PH_OK ? init_wires(engine) : status;
  status = status == PH_OK ? init_instruments(engine) : status;
  status = status == PH_OK && running ? ph_swap_plan(running, engine) : status;
  status = status == PH_OK ? ph_strands_init(engine) : status;
  status = status == PH_OK ? ph_schedule_init(engine) : status;
  return status == PH_OK
             ? ph_executor_init(engine, running ? &running->executor.sizes : &(PhSizes){ 0 }, running != NULL)
             : status;
}

/* ---- the conductor's thread ---- */

void ph_engine_lock_tempo(PhEngine *engine)
{
  pthread_mutex_lock(&engine->tempo_mutex);
  engine->tempo_locked = true;
}

void ph_engine_unlock_tempo(PhEngine *engine)
{
  engine->tempo_locked = false;
  pthread_mutex_unlock(&engine->tempo_mutex);
}

/* Queries as far ahead as is sensible and loads what it finds, many samples at a time. */
static void prefetch(PhEngine *engine, int64_t frame)
{
  ph_engine_lock_tempo(engine);
  ph_score_look_ahead(engine, frame);
  ph_score_load(engine);
  ph_engine_unlock_tempo(engine);
}

PhStatus ph_engine_give_up(PhEngine *engine)
{
  engine->status = engine->trap.status;
  if (engine->tempo_locked) {
    ph_engine_unlock_tempo(engine);
  }
  if (engine->report) {
    engine->report(engine->report_ctx, PH_SEVERITY_ERROR, engine->querier.at, engine->trap.text, NULL);
  }
  return engine->status;
}

/* So that the first block from `now` on is as quick as the others. */
static PhStatus prefetch_first(PhEngine *engine, PhRat now, double sec)
{
  if (PH_TRAP_SET(&engine->trap) != 0) {
    return ph_engine_give_up(engine);
  }
  prefetch(engine, ph_tempo_frame(&engine->tempo, now) + (int64_t)(sec * engine->plan->sample_rate));
  return PH_OK;
}

/* `now`: where it begins, or is to take the place of `running`. */
static PhStatus make(const PhPlan *plan, PhSampleStore *store, const PhEngineOptions *options, PhEngineReport *report,
                     void *report_ctx, const PhEngine *running, PhRat now, PhEngine **out)
{
  *out = NULL;
  PhEngine *engine = ph_engine_alloc(NULL, sizeof *engine);
  if (!engine) {
    return PH_NOMEM;
  }
  engine->plan = plan;
  engine->store = store;
  engine->options = *options;
  engine->report = report;
  engine->report_ctx = report_ctx;
  PhStatus status = init(engine, running, running ? ph_rat_floor(now) : now);
  status = status == PH_OK ? prefetch_first(engine, now, running ? PREFETCH_SWAP_SEC : PREFETCH_SEC) : status;
  status = status == PH_OK && store && options->load_ahead && !running ? ph_loader_new(store, &engine->loader) : status;
  if (status != PH_OK) {
    ph_engine_free(engine);
    return status;
  }
  *out = engine;
  return PH_OK;
}

PhStatus ph_engine_new(const PhPlan *plan, PhSampleStore *store, const PhEngineOptions *options, PhEngineReport *report,
                       void *report_ctx, PhEngine **out)
{
  *out = NULL;
  return options_valid(plan, options) ? make(plan, store, options, report, report_ctx, NULL, plan->start_cycle, out) : PH_ARG;
}

PhStatus ph_engine_spare(PhEngine *running, const PhPlan *plan, PhEngineReport *report, void *report_ctx, PhEngine **out)
{
  *out = NULL;
  if (plan->sample_rate != running->plan->sample_rate) {
    return PH_ARG;
  }
  ph_engine_lock_tempo(running);
  double cps;
  const PhRat now = ph_tempo_instant(&running->tempo, atomic_load(&running->clock), &cps);
  ph_engine_unlock_tempo(running);
  PhEngineOptions options = running->options;
  return make(plan, running->store, &options, report, report_ctx, running, now, out);
}

void ph_engine_free(PhEngine *engine)
{
  if (!engine) {
    return;
  }
  ph_executor_deinit(engine);
  ph_schedule_free(engine->schedule);
  ph_loader_free(engine->loader);
  ph_swap_free(engine->swap);
  if (engine->fade_end) {
    ph_swap_end_fade(engine);
  }
  ph_pools_deinit(engine);
  ph_strands_deinit(engine);
  for (uint32_t i = 0; i < engine->old_track_count; i++) {
    ph_voice_tracks_free(engine->old_tracks[i]);
  }
  free(engine->old_tracks);
  for (uint32_t i = 0; engine->retired && i < engine->retired_count; i++) {
    free(engine->retired[i].row.externs);
    free(engine->retired[i].wires);
  }
  free(engine->retired);
  ph_score_deinit(&engine->score);
  ph_tempo_deinit(&engine->tempo);
  ph_arena_deinit(&engine->names);
  ph_arena_deinit(&engine->querier.arena);
  if (engine->has_mutex) {
    pthread_mutex_destroy(&engine->tempo_mutex);
  }
  free(engine->instruments);
  free(engine->control_roles);
  free(engine->last_pitches);
  for (uint32_t i = 0; engine->chains && i < engine->chain_count; i++) {
    free(engine->chains[i]);
  }
  free(engine->chains);
  free(engine->shared);
  free(engine->wires);
  free(engine->reported);
  free(engine->keys.events);
  free(engine->leaving);
  free(engine->arriving);
  free(engine->costs);
  free(engine);
}

/* ---- rendering ---- */

/* What the tasks of the next window need to know. */
static void conduct(PhEngine *engine, uint32_t frames)
{
  if (engine->fade_end && engine->frame >= engine->fade_end) {
    ph_swap_end_fade(engine);
  }
  engine->window = (PhWindow){ .begin = engine->frame, .end = engine->frame + frames };
  for (uint32_t s = 0; s < engine->plan->strand_count; s++) {
    for (uint32_t a = 0; a < engine->strands[s].active_count; a++) {
      engine->strands[s].active[a]->event_count = 0;
    }
  }
  ph_engine_lock_tempo(engine);
  ph_voices_prune(engine, engine->window.begin);
  ph_score_reach(engine, engine->window.end);
  ph_keys_begin(engine);
  ph_score_load(engine);
  ph_voices_begin(engine);
  ph_pools_activate(engine);
  ph_strands_begin(engine);
  if (engine->tempo.status != PH_OK) {
    ph_trap_raise(&engine->trap, engine->tempo.status, "the tempo: %s", ph_status_text(engine->tempo.status));
  }
  ph_engine_unlock_tempo(engine);
}

/* One wire of the window as interleaved stereo. Nothing that is not a number leaves the engine. */
static void copy_wire(PhEngine *engine, uint32_t shared, uint32_t frames, float *out)
{
  const float *in = engine->wires[shared];
  for (size_t f = 0; f < frames; f++) {
    for (size_t side = 0; side < 2; side++) {
      const float x = in[f * PH_LANES_BUS + side];
      const bool sane = x > -1e18f && x < 1e18f;
      out[2 * f + side] = sane ? x : 0;
      engine->faults += !sane;
    }
  }
}

static void deliver(PhEngine *engine, uint32_t frames, uint32_t done, float *out, float *const *stems)
{
  const PhPlan *plan = engine->plan;
  copy_wire(engine, plan->master, frames, out + 2 * (size_t)done);
  if (!plan->no_safety && !engine->options.no_safety) {
    ph_safety_run(&engine->safety, engine->frame, frames, out + 2 * (size_t)done);
  }
  for (uint32_t i = 0; engine->options.stems && stems && i < plan->stem_count; i++) {
    copy_wire(engine, plan->stems[i].shared, frames, stems[i] + 2 * (size_t)done);
    if (engine->fade_end && engine->arriving[i]) {
      ph_ghost_arrive(engine, frames, stems[i] + 2 * (size_t)done);
    }
  }
  for (uint32_t i = 0; engine->leaving_out && i < engine->leaving_count; i++) {
    if (engine->leaving_out[i]) {
      ph_ghost_leave(engine, &engine->leaving[i], frames, engine->leaving_out[i] + 2 * (size_t)done);
    }
  }
  for (uint32_t i = 0; engine->taps && i < plan->tap_count; i++) {
    if (engine->taps[i]) {
      copy_wire(engine, plan->taps[i].shared, frames, engine->taps[i] + 2 * (size_t)done);
    }
  }
}

/* Notes what the caller itself did since `begin`, if somebody wants to know. */
static void trace(PhEngine *engine, PhTraceWhat what, uint64_t begin)
{
  PhTrace *into = &engine->executor.workers[0].trace;
  if (into->cap) {
    ph_trace_add(into, (PhTraceEvent){ .begin = begin, .what = (uint32_t)what, .frame = engine->window.begin });
  }
}

static void render(PhEngine *engine, uint32_t frames, float *out, float *const *stems)
{
  for (uint32_t i = 0; engine->leaving_out && i < engine->leaving_count; i++) {
    if (engine->leaving_out[i]) {
      memset(engine->leaving_out[i], 0, 2 * (size_t)frames * sizeof **engine->leaving_out);
    }
  }
  engine->tick_sec = ph_tick_sec(engine);
  uint64_t began = ph_ticks();
  prefetch(engine, engine->frame + frames);
  const uint32_t most = engine->window_frames;
  for (uint32_t done = 0; done < frames;) {
    const uint32_t n = frames - done < most ? frames - done : most;
    conduct(engine, n);
    trace(engine, PH_TRACE_PREPARE, began);
    const uint64_t prepared = ph_ticks();
    ph_executor_run(engine);
    const uint64_t ran = ph_ticks();
    ph_strands_faults(engine);
    deliver(engine, n, done, out, stems);
    engine->frame += n;
    atomic_store_explicit(&engine->clock, engine->frame, memory_order_relaxed);
    done += n;
    trace(engine, PH_TRACE_DELIVER, ran);
    trace(engine, PH_TRACE_WINDOW, began);
    if (engine->schedule) {
      ph_schedule_window(engine, (double)(ph_ticks() - ran + prepared - began) * engine->tick_sec);
    }
    began = ph_ticks();
  }
}

static double decibels(float missing) { return missing < 1 ? -20 * log10((double)(1 - missing)) : 200; }

/* Tells of the safety limiter, once: at the end of the call in which it first acted. */
static void tell_of_safety(PhEngine *engine)
{
  const PhSafety *safety = &engine->safety;
  const char *text = ph_arena_printf(&engine->names, "the master exceeds full scale from %.3f s on, at first by %.1f dB: "
                                     "the safety limiter turns it down",
                                     (double)safety->first_frame / engine->plan->sample_rate, decibels(safety->most_missing));
  ph_engine_say(engine, PH_SEVERITY_WARNING, (PhSource){ 0 }, text ? text : "the safety limiter acts",
                "lower the gains, or write `master: limiter -1`; `safety: off` lets it through");
}

PhStatus ph_engine_render(PhEngine *engine, uint32_t frames, float *out, float *const *stems)
{
  if (engine->status != PH_OK) {
    return engine->status;
  }
  if (PH_TRAP_SET(&engine->trap) == 0) {
    const bool silent_so_far = engine->safety.frames == 0;
    render(engine, frames, out, stems);
    if (silent_so_far && engine->safety.frames > 0) {
      tell_of_safety(engine);
    }
    return PH_OK;
  }
  return ph_engine_give_up(engine);
}

void ph_engine_leaving(PhEngine *engine, float *const *stems) { engine->leaving_out = stems; }
void ph_engine_taps(PhEngine *engine, float *const *taps) { engine->taps = taps; }

PhStatus ph_engine_limit_voices(PhEngine *engine, uint32_t most)
{
  if (most < 1 || most > MAX_VOICES || engine->status != PH_OK) {
    return most < 1 || most > MAX_VOICES ? PH_ARG : engine->status;
  }
  if (PH_TRAP_SET(&engine->trap) == 0) {
    engine->options.max_voices = most;
    ph_voices_shed(engine, engine->frame);
    return PH_OK;
  }
  return ph_engine_give_up(engine);
}

uint32_t ph_engine_voices(const PhEngine *engine) { return engine->voice_count; }

int64_t ph_engine_frame_of_cycle(PhEngine *engine, PhRat cycle)
{
  pthread_mutex_lock(&engine->tempo_mutex);
  const int64_t frame = ph_tempo_frame(&engine->tempo, cycle);
  pthread_mutex_unlock(&engine->tempo_mutex);
  return frame;
}

double ph_engine_cycle_of_frame(PhEngine *engine, int64_t frame)
{
  pthread_mutex_lock(&engine->tempo_mutex);
  const double cycle = ph_tempo_cycle(&engine->tempo, frame);
  pthread_mutex_unlock(&engine->tempo_mutex);
  return cycle;
}

void ph_engine_stats(PhEngine *engine, PhEngineStats *out)
{
  *out = (PhEngineStats){ .voices = engine->voice_count, .voices_peak = engine->voices_peak,
                          .voices_started = engine->voices_started, .voices_stolen = engine->voices_stolen,
                          .events = engine->events, .faults = engine->faults, .frames = (uint64_t)engine->frame };
  out->safety.db = (float)decibels(engine->safety.most_missing);
  out->safety.now_db = (float)decibels(engine->safety.missing);
  out->safety.frames = engine->safety.frames;
  out->safety.first_frame = engine->safety.first_frame;
  out->safety.most_frame = engine->safety.most_frame;
  if (engine->options.profile && ph_profile_costs(engine, out) != PH_OK) {
    out->cost_count = 0;
  }
}
