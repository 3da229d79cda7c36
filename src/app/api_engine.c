/* The public interface: engines and what they cost.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/api.h"
#include "engine/engine.h"
#include "io/osc.h"

#define OUTPUT_GAIN_MAX 1e9

enum { MAX_RENDER_FRAMES = 1 << 24, MAX_WINDOW = 1024, CALLS_KEPT = 1 << 16 };

struct PhononEngine {
  const PhononProgram *program;
  PhEngine *engine;
  PhononSamples *own_samples; /* NULL: the caller's are used */
  PhononEngineOptions options;
  const char *isa;
  PhStatus broken;    /* what ended the run */
  float *const *taps; /* of the caller */
  float *const *leaving; /* of the caller, by stem of the program before */
  size_t leaving_count;
  PhononOscOut *osc;  /* where events go, and when */
  PhononMidi *midi;
  PhononClock *clock;
  void *clock_ctx;
  uint64_t unsent;    /* hash of the name that was complained of last */
  /* What the calls of phonon_engine_render took. */
  double *block_sec; /* of the last CALLS_KEPT calls, a ring: wall clock, divided by the blocks of the call */
  size_t call_count, call_cap;
  uint64_t calls;
  double least_sec, most_sec; /* of all calls */
  uint64_t frames;
  double total_sec, cpu_sec;
};

/* ---- making ----------------------------------------------------------------------------------------------------- */

static void forward_report(void *ctx, PhSeverity severity, PhSource at, const char *text, const char *help)
{
  const PhononEngine *self = ctx;
  if (self->options.report) {
    PhononDiagnostic diagnostic = { .severity = (PhononSeverity)severity, .message = text, .help = help };
    ph_api_place(&self->program->diags, at, &diagnostic);
    self->options.report(self->options.report_ctx, &diagnostic);
  }
}

static bool options_are_legal(const PhononEngineOptions *o, const PhononProgram *program)
{
  return o->block_frames >= 1 && o->block_frames <= PHONON_BLOCK_MAX && o->threads >= 1 &&
         o->threads <= PHONON_THREADS_MAX && o->window <= MAX_WINDOW && o->max_voices >= 1 &&
         o->max_voices <= PHONON_VOICES_MAX && o->output_gain >= 0 && o->output_gain <= OUTPUT_GAIN_MAX &&
         o->trace_events <= PHONON_TRACE_MAX && o->schedule <= PHONON_THREADS_MAX && (o->schedule == 0 || o->threads == 1) && (!o->samples || o->samples->sample_rate == program->sample_rate);
}

static PhStatus start(PhononEngine *self)
{
  const PhononEngineOptions *o = &self->options;
  PhononSamples *samples = o->samples ? o->samples : self->program->samples;
  if (!samples) {
    PhononSamplesOptions how = PHONON_SAMPLES_DEFAULTS;
    how.sample_rate = self->program->sample_rate;
    const PhononStatus status = phonon_samples_new(&how, &self->own_samples);
    if (status != PHONON_OK) {
      return (PhStatus)status;
    }
    samples = self->own_samples;
  }
  const PhEngineOptions how = { .block_frames = o->block_frames,
                                .threads = o->threads,
                                .window = o->window,
                                .max_voices = o->max_voices,
                                .isa = o->isa,
                                .profile = o->profile,
                                .no_safety = o->no_safety,
                                .load_ahead = o->load_ahead,
                                .output_gain = o->output_gain,
                                .stems = o->stems,
                                .trace_events = o->trace_events,
                                .schedule = o->schedule };
  return ph_engine_new(&self->program->plan, samples->store, &how, forward_report, self, &self->engine);
}

PhononStatus phonon_engine_new(const PhononProgram *program, const PhononEngineOptions *options, PhononEngine **out)
{
  *out = NULL;
  PhononEngineOptions how = PHONON_ENGINE_DEFAULTS;
  if (!ph_api_options(&how, sizeof how, options)) {
    return PHONON_ARG;
  }
  if (how.threads == 0) {
    const unsigned cores = ph_os_cores();
    how.threads = cores < PHONON_THREADS_MAX ? cores : PHONON_THREADS_MAX;
  }
  if (!options_are_legal(&how, program)) {
    return PHONON_ARG;
  }
  if (!program->runnable) {
    return PHONON_SYNTAX;
  }
  const PhUnitSet *set = ph_unit_set_find(how.isa);
  if (!set) {
    return PHONON_UNSUPPORTED;
  }
  PhononEngine *self = calloc(1, sizeof *self);
  if (!self) {
    return PHONON_NOMEM;
  }
  self->program = program;
  self->options = how;
  self->isa = set->name;
  const PhStatus status = start(self);
  if (status != PH_OK) {
    phonon_engine_free(self);
    return (PhononStatus)status;
  }
  *out = self;
  return PHONON_OK;
}

void phonon_engine_free(PhononEngine *engine)
{
  if (engine) {
    ph_engine_free(engine->engine);
    phonon_samples_free(engine->own_samples);
    free(engine->block_sec);
    free(engine);
  }
}

/* ---- running ---------------------------------------------------------------------------------------------------- */

/* Notes what a call took. A figure that finds no memory is left out of the median, not of the sums. */
static void note_cost(PhononEngine *self, uint32_t frames, double wall_sec, double cpu_sec)
{
  self->frames += frames;
  self->total_sec += wall_sec;
  self->cpu_sec += cpu_sec;
  const double block_sec = wall_sec * (double)self->options.block_frames / (double)frames;
  self->least_sec = self->calls == 0 || block_sec < self->least_sec ? block_sec : self->least_sec;
  self->most_sec = block_sec > self->most_sec ? block_sec : self->most_sec;
  self->calls++;
  if (self->call_count == CALLS_KEPT) {
    self->block_sec[self->calls % CALLS_KEPT] = block_sec;
    return;
  }
  if (self->call_count == self->call_cap) {
    const size_t cap = self->call_cap ? self->call_cap * 2 : 1024;
    double *grown = realloc(self->block_sec, cap * sizeof *grown);
    if (!grown) {
      return;
    }
    self->block_sec = grown;
    self->call_cap = cap;
  }
  self->block_sec[self->call_count++] = block_sec;
}

static void silence(uint32_t frames, float *out, float *const *stems, size_t stem_count)
{
  memset(out, 0, (size_t)frames * 2 * sizeof *out);
  for (size_t i = 0; stems && i < stem_count; i++) {
    memset(stems[i], 0, (size_t)frames * 2 * sizeof *out);
  }
}

PhononStatus phonon_engine_render(PhononEngine *engine, uint32_t frames, float *out, float *const *stems)
{
  if (frames > MAX_RENDER_FRAMES || (stems && !engine->options.stems)) {
    return PHONON_ARG;
  }
  if (frames == 0) {
    return PHONON_OK;
  }
  if (engine->broken == PH_OK) {
    /* Asking for the CPU time is a system call: as much as a short block of a small piece. */
    const bool profile = engine->options.profile;
    const double cpu = profile ? ph_os_process_cpu_sec() : 0;
    const double wall = ph_os_now_sec();
    engine->broken = ph_engine_render(engine->engine, frames, out, stems);
    note_cost(engine, frames, ph_os_now_sec() - wall, profile ? ph_os_process_cpu_sec() - cpu : 0);
  }
  if (engine->broken != PH_OK) {
    silence(frames, out, stems, engine->program->plan.stem_count);
    for (size_t i = 0; engine->leaving && i < engine->leaving_count; i++) {
      if (engine->leaving[i]) {
        memset(engine->leaving[i], 0, (size_t)frames * 2 * sizeof *out);
      }
    }
    for (uint32_t i = 0; engine->taps && i < engine->program->plan.tap_count; i++) {
      if (engine->taps[i]) {
        memset(engine->taps[i], 0, (size_t)frames * 2 * sizeof *out);
      }
    }
  }
  return (PhononStatus)engine->broken;
}

void phonon_engine_leaving(PhononEngine *engine, float *const *stems)
{
  engine->leaving = stems;
  ph_engine_leaving(engine->engine, stems);
}

void phonon_engine_taps(PhononEngine *engine, float *const *taps)
{
  engine->taps = taps;
  ph_engine_taps(engine->engine, taps);
}

PhononStatus phonon_engine_limit_voices(PhononEngine *engine, uint32_t most)
{
  return (PhononStatus)ph_engine_limit_voices(engine->engine, most);
}

PhononStatus phonon_engine_tempo(PhononEngine *engine, double cps)
{
  return (PhononStatus)ph_engine_tempo(engine->engine, cps);
}

PhononStatus phonon_engine_stand(PhononEngine *engine, bool stands)
{
  return (PhononStatus)ph_engine_stand(engine->engine, stands);
}

PhononStatus phonon_engine_locate(PhononEngine *engine, PhononTime cycle)
{
  return (PhononStatus)ph_engine_locate(engine->engine, ph_rat(cycle.num, cycle.den));
}

uint32_t phonon_engine_voices(const PhononEngine *engine) { return ph_engine_voices(engine->engine); }

int64_t phonon_engine_frame_of_cycle(PhononEngine *engine, PhononTime cycle)
{
  return ph_engine_frame_of_cycle(engine->engine, ph_rat(cycle.num, cycle.den));
}

double phonon_engine_cycle_of_frame(PhononEngine *engine, int64_t frame)
{
  return ph_engine_cycle_of_frame(engine->engine, frame);
}

/* ---- outside ---------------------------------------------------------------------------------------------------- */

PhononStatus phonon_engine_osc(PhononEngine *engine, const char *path, double value)
{
  return (PhononStatus)ph_engine_osc(engine->engine, 0, path, value);
}

PhononStatus phonon_engine_midi(PhononEngine *engine, const PhononMidiInput *input)
{
  static const PhInputKind kinds[] = { [PHONON_MIDI_CC] = PH_INPUT_CC,
                                       [PHONON_MIDI_BEND] = PH_INPUT_BEND,
                                       [PHONON_MIDI_PRESSURE] = PH_INPUT_PRESSURE,
                                       [PHONON_MIDI_KEY_PRESSURE] = PH_INPUT_KEY_PRESSURE,
                                       [PHONON_MIDI_PROGRAM] = PH_INPUT_PROGRAM };
  if (input->kind > PHONON_MIDI_PROGRAM) {
    return PHONON_ARG;
  }
  return (PhononStatus)(input->kind == PHONON_MIDI_KEY
                            ? ph_engine_note(engine->engine, 0, input->channel, input->number, input->value)
                            : ph_engine_midi(engine->engine, 0, kinds[input->kind], input->channel, input->number,
                                             input->value));
}

/* An event that cannot be sent is told of once, as long as it is of the same name. */
static void complain_of(PhononEngine *self, const PhSinkEvent *event, const char *why)
{
  const uint64_t name = ph_hash_str(event->name);
  if (self->options.report && self->unsent != name) {
    char text[256];
    (void)snprintf(text, sizeof text, "events for `%s` are not sent: %s", event->name, why);
    const PhononDiagnostic diagnostic = { .severity = PHONON_WARNING, .file = "outside", .message = text };
    self->unsent = name;
    self->options.report(self->options.report_ctx, &diagnostic);
  }
}

static void send_event(void *ctx, const PhSinkEvent *event)
{
  PhononEngine *self = ctx;
  if (event->kind == PH_SINK_MIDI) {
    const PhStatus queued =
        self->midi ? ph_api_midi_event(self->midi, event, self->program->sample_rate) : PH_UNSUPPORTED;
    if (queued != PH_OK) {
      complain_of(self, event, queued == PH_UNSUPPORTED ? "there is no MIDI here" : ph_status_text(queued));
    }
    return;
  }
  const PhStatus status =
      self->osc ? ph_osc_out_event(ph_api_osc_out(self->osc), event, self->clock(self->clock_ctx, event->frame))
                : PH_NOTFOUND;
  if (status != PH_OK) {
    complain_of(self, event, status == PH_NOTFOUND ? "there is no such target" : status == PH_LIMIT ? "too many wait" : "they are too long");
  }
}

void phonon_engine_osc_out(PhononEngine *engine, PhononOscOut *out, PhononClock *clock, void *ctx)
{
  engine->osc = out;
  engine->clock = clock;
  engine->clock_ctx = ctx;
  ph_engine_events(engine->engine, engine->osc || engine->midi ? send_event : NULL, engine);
}

void phonon_engine_midi_out(PhononEngine *engine, PhononMidi *midi)
{
  engine->midi = midi;
  ph_engine_events(engine->engine, engine->osc || engine->midi ? send_event : NULL, engine);
}

/* ---- swapping --------------------------------------------------------------------------------------------------- */

struct PhononSwap {
  PhononEngine reporter; /* what reports while it is made: the engine's options, the new program */
  const PhononProgram *program;
  PhEngine *spare;
};

PhononStatus phonon_swap_new(PhononEngine *engine, const PhononProgram *program, PhononSwap **out)
{
  *out = NULL;
  if (!program->runnable) {
    return PHONON_SYNTAX;
  }
  PhononSwap *self = calloc(1, sizeof *self);
  if (!self) {
    return PHONON_NOMEM;
  }
  self->program = program;
  self->reporter = (PhononEngine){ .program = program, .options = engine->options };
  const PhStatus status = ph_engine_spare(engine->engine, &program->plan, forward_report, &self->reporter, &self->spare);
  if (status != PH_OK) {
    phonon_swap_free(self);
    return (PhononStatus)status;
  }
  *out = self;
  return PHONON_OK;
}

void phonon_swap_free(PhononSwap *swap)
{
  if (swap) {
    ph_engine_free(swap->spare);
    free(swap);
  }
}

PhononStatus phonon_engine_swap(PhononEngine *engine, PhononSwap *swap)
{
  const PhononProgram *before = engine->program;
  engine->program = swap->program; /* what is reported is about the new one */
  const PhStatus status = ph_engine_swap(engine->engine, swap->spare);
  if (status == PH_ARG) {
    engine->program = before;
  } else if (status != PH_OK) {
    engine->broken = status;
  } else {
    engine->taps = NULL;
    engine->leaving = NULL;
    engine->leaving_count = before->plan.stem_count;
  }
  return (PhononStatus)status;
}

bool phonon_engine_may_swap(const PhononEngine *engine) { return ph_engine_may_swap(engine->engine); }

bool phonon_engine_uses(const PhononEngine *engine, const PhononProgram *program)
{
  return ph_engine_uses(engine->engine, &program->plan);
}

/* ---- what it cost ----------------------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
  const double x = *(const double *)a;
  const double y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Median, 95th percentile and the ends, from a sorted copy. */
static void spread(const PhononEngine *self, PhononProfile *out)
{
  const size_t n = self->call_count;
  double *sorted = n ? malloc(n * sizeof *sorted) : NULL;
  if (!sorted) {
    return;
  }
  memcpy(sorted, self->block_sec, n * sizeof *sorted);
  qsort(sorted, n, sizeof *sorted, by_value);
  out->least_sec = self->least_sec;
  out->median_sec = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  out->p95_sec = sorted[(n * 95 + 99) / 100 - 1];
  out->most_sec = self->most_sec;
  free(sorted);
}

void phonon_engine_profile(PhononEngine *engine, PhononProfile *out)
{
  PhEngineStats stats;
  ph_engine_stats(engine->engine, &stats);
  const uint32_t block = engine->options.block_frames;
  *out = (PhononProfile){ .frames = engine->frames,
                          .blocks = (engine->frames + block - 1) / block,
                          .block_sec = block / engine->program->sample_rate,
                          .total_sec = engine->total_sec,
                          .cpu_sec = engine->cpu_sec,
                          .threads = engine->options.threads,
                          .block_frames = block,
                          .isa = engine->isa,
                          .voices = stats.voices,
                          .voices_peak = stats.voices_peak,
                          .voices_started = stats.voices_started,
                          .voices_stolen = stats.voices_stolen,
                          .events = stats.events,
                          .faults = stats.faults,
                          .safety_now_db = (double)stats.safety.now_db,
                          .safety_db = (double)stats.safety.db,
                          .safety_frames = stats.safety.frames,
                          .safety_first_sec = (double)stats.safety.first_frame / engine->program->sample_rate,
                          .safety_most_sec = (double)stats.safety.most_frame / engine->program->sample_rate };
  if (engine->frames > 0) {
    const double sound_sec = (double)engine->frames / engine->program->sample_rate;
    out->mean_sec = engine->total_sec * block / (double)engine->frames;
    out->load = engine->total_sec / sound_sec;
    out->realtime_factor = engine->total_sec > 0 ? sound_sec / engine->total_sec : 0;
    spread(engine, out);
  }
}

static char *schedule(PhononEngine *engine,
                      char *write(const PhScheduleFigures *figures, const PhDiags *diags, double sample_rate))
{
  PhScheduleFigures figures;
  ph_engine_schedule(engine->engine, &figures);
  return write(&figures, &engine->program->diags, engine->program->sample_rate);
}

char *phonon_engine_schedule_text(PhononEngine *engine) { return schedule(engine, ph_api_schedule_text); }

char *phonon_engine_schedule_json(PhononEngine *engine) { return schedule(engine, ph_api_schedule_json); }

char *phonon_engine_trace_json(PhononEngine *engine)
{
  return ph_api_trace_json(engine->engine, engine->options.threads, &engine->program->diags, engine->program->sample_rate);
}

uint64_t phonon_engine_trace_dropped(PhononEngine *engine) { return ph_engine_trace_dropped(engine->engine); }

const PhononLoudness *ph_api_loudness(const PhononEngine *engine) { return engine->options.loudness; }

double ph_api_sample_rate(const PhononEngine *engine) { return engine->program->sample_rate; }

bool phonon_engine_cost(PhononEngine *engine, size_t index, PhononCost *out)
{
  PhEngineStats stats;
  *out = (PhononCost){ .name = "", .file = "" };
  ph_engine_stats(engine->engine, &stats);
  if (index >= stats.cost_count) {
    return false;
  }
  double sum = 0;
  for (size_t i = 0; i < stats.cost_count; i++) {
    sum += stats.costs[i].sec;
  }
  const PhNodeCost *cost = &stats.costs[index];
  PhononDiagnostic place = { .file = "" };
  ph_api_place(&engine->program->diags, cost->at, &place);
  *out = (PhononCost){ .name = cost->name,
                       .file = place.file,
                       .line = place.line,
                       .column = place.column,
                       .sec = cost->sec,
                       .share = sum > 0 ? cost->sec / sum : 0,
                       .calls = cost->calls };
  return true;
}
