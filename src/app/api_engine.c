/* phonon.h: engines and what they cost.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "app/api.h"

struct PhononEngine {
  const PhononProgram *program;
  PhEngine *engine;
  PhononSamples *own_samples;
  PhononEngineOptions options;
  double *block_secs; /* of every call, divided by its blocks */
  size_t calls, cap;
  double total_sec, cpu_sec;
  uint64_t frames, blocks;
};

static void forward(void *ctx, PhSeverity severity, PhSource at, const char *text, const char *help)
{
  PhononEngine *engine = ctx;
  if (!engine->options.report) {
    return;
  }
  const PhDiag diag = { .severity = severity, .at = at, .text = text, .help = help };
  PhononDiagnostic out;
  ph_api_diagnostic(engine->program, &diag, &out);
  if (at.end == 0) {
    out.line = out.column = out.end_line = out.end_column = 0;
  }
  engine->options.report(engine->options.report_ctx, &out);
}

PhononStatus phonon_engine_new(const PhononProgram *program, const PhononEngineOptions *options, PhononEngine **out)
{
  PhononEngineOptions o = PHONON_ENGINE_DEFAULTS;
  ph_api_options(&o, sizeof o, options);
  *out = NULL;
  if (!program->good || program->is_expression) {
    return PHONON_SYNTAX;
  }
  o.threads = o.threads ? o.threads : ph_os_cores();
  o.threads = o.threads > PHONON_THREADS_MAX ? PHONON_THREADS_MAX : o.threads;
  if (o.block_frames < 1 || o.block_frames > PHONON_BLOCK_MAX || o.max_voices < 1 || o.max_voices > PHONON_VOICES_MAX) {
    return PHONON_RANGE;
  }
  const PhUnitSet *set = ph_unit_set_find(o.isa);
  if (!set) {
    return PHONON_UNSUPPORTED;
  }
  PhononEngine *engine = calloc(1, sizeof *engine);
  if (!engine) {
    return PHONON_NOMEM;
  }
  engine->program = program;
  engine->options = o;
  engine->options.isa = set->name;
  PhononStatus status = PHONON_OK;
  if (!o.samples) {
    PhononSamplesOptions samples = PHONON_SAMPLES_DEFAULTS;
    samples.sample_rate = program->sample_rate;
    status = phonon_samples_new(&samples, &engine->own_samples);
    o.samples = engine->own_samples;
  }
  if (status == PHONON_OK) {
    const PhEngineOptions inner = { .block_frames = o.block_frames, .threads = o.threads, .window = o.window, .max_voices = o.max_voices,
                                    .isa = set->name, .profile = o.profile, .stems = o.stems };
    status = PHONON_STATUS(ph_engine_new(&program->plan, o.samples->store, &inner, forward, engine, &engine->engine));
  }
  if (status != PHONON_OK) {
    phonon_engine_free(engine);
    return status;
  }
  *out = engine;
  return PHONON_OK;
}

void phonon_engine_free(PhononEngine *engine)
{
  if (engine) {
    ph_engine_free(engine->engine);
    phonon_samples_free(engine->own_samples);
    free(engine->block_secs);
    free(engine);
  }
}

static bool note_call(PhononEngine *engine, double sec, uint32_t blocks)
{
  if (engine->calls == engine->cap) {
    const size_t cap = engine->cap ? engine->cap * 2 : 1024;
    double *secs = realloc(engine->block_secs, cap * sizeof *secs);
    if (!secs) {
      return false;
    }
    engine->block_secs = secs;
    engine->cap = cap;
  }
  engine->block_secs[engine->calls++] = sec / (double)blocks;
  engine->blocks += blocks;
  engine->total_sec += sec;
  return true;
}

PhononStatus phonon_engine_render(PhononEngine *engine, uint32_t frames, float *out, float *const *stems)
{
  if (frames > 1u << 24) {
    return PHONON_RANGE;
  }
  if (frames == 0) {
    return PHONON_OK;
  }
  const double begin = ph_os_now_sec(), cpu = ph_os_process_cpu_sec();
  const PhStatus status = ph_engine_render(engine->engine, frames, out, stems);
  const double sec = ph_os_now_sec() - begin;
  engine->cpu_sec += ph_os_process_cpu_sec() - cpu;
  engine->frames += frames;
  const uint32_t blocks = (frames + engine->options.block_frames - 1) / engine->options.block_frames;
  if (!note_call(engine, sec, blocks)) {
    return PHONON_NOMEM;
  }
  if (status != PH_OK) {
    memset(out, 0, (size_t)frames * 2 * sizeof *out);
  }
  return PHONON_STATUS(status);
}

int64_t phonon_engine_frame_of_cycle(PhononEngine *engine, PhononTime cycle)
{
  return ph_engine_frame_of_cycle(engine->engine, ph_rat(cycle.num, cycle.den));
}

double phonon_engine_cycle_of_frame(PhononEngine *engine, int64_t frame) { return ph_engine_cycle_of_frame(engine->engine, frame); }

/* ---- the profile ---- */

static int by_value(const void *a, const void *b)
{
  const double *x = a;
  const double *y = b;
  return *x < *y ? -1 : *x > *y;
}

static void statistics(PhononEngine *engine, PhononProfile *out)
{
  double *sorted = malloc((engine->calls + 1) * sizeof *sorted);
  if (!sorted || engine->calls == 0) {
    free(sorted);
    return;
  }
  memcpy(sorted, engine->block_secs, engine->calls * sizeof *sorted);
  qsort(sorted, engine->calls, sizeof *sorted, by_value);
  out->least_sec = sorted[0];
  out->median_sec = sorted[engine->calls / 2];
  out->p95_sec = sorted[(size_t)((double)(engine->calls - 1) * 0.95)];
  out->most_sec = sorted[engine->calls - 1];
  free(sorted);
}

void phonon_engine_profile(PhononEngine *engine, PhononProfile *out)
{
  PhEngineStats stats;
  ph_engine_stats(engine->engine, &stats);
  const double rate = engine->program->sample_rate;
  *out = (PhononProfile){ .frames = engine->frames, .blocks = engine->blocks, .block_sec = engine->options.block_frames / rate,
                          .total_sec = engine->total_sec, .cpu_sec = engine->cpu_sec, .threads = engine->options.threads,
                          .block_frames = engine->options.block_frames, .isa = engine->options.isa, .voices = stats.voices,
                          .voices_peak = stats.voices_peak, .voices_started = stats.voices_started,
                          .voices_stolen = stats.voices_stolen, .events = stats.events, .faults = stats.faults };
  statistics(engine, out);
  out->mean_sec = engine->blocks ? engine->total_sec / (double)engine->blocks : 0;
  out->load = engine->frames ? engine->total_sec / ((double)engine->frames / rate) : 0;
  out->realtime_factor = engine->total_sec > 0 ? ((double)engine->frames / rate) / engine->total_sec : 0;
}

bool phonon_engine_cost(PhononEngine *engine, size_t index, PhononCost *out)
{
  PhEngineStats stats;
  ph_engine_stats(engine->engine, &stats);
  if (index >= stats.cost_count) {
    return false;
  }
  double sum = 0;
  for (size_t i = 0; i < stats.cost_count; i++) {
    sum += stats.costs[i].sec;
  }
  const PhNodeCost *cost = &stats.costs[index];
  *out = (PhononCost){ .name = cost->name, .sec = cost->sec, .calls = cost->calls, .share = sum > 0 ? cost->sec / sum : 0, .file = "" };
  if (cost->at.end && cost->at.file < engine->program->diags.files.len) {
    out->file = engine->program->diags.files.items[cost->at.file].name;
    ph_diags_place(&engine->program->diags, cost->at, &out->line, &out->column);
  }
  return true;
}

static void put_costs(PhononEngine *engine, size_t nodes, PhText *text)
{
  PhononCost cost;
  for (size_t i = 0; i < nodes && phonon_engine_cost(engine, i, &cost); i++) {
    ph_text_puts(text, i == 0 ? "costliest:\n" : "");
    ph_text_printf(text, "  %5.1f %%  %8.3f ms  %-24s", 100 * cost.share, 1e3 * cost.sec, cost.name);
    if (cost.line) {
      ph_text_printf(text, "  %s:%u", cost.file, cost.line);
    }
    ph_text_puts(text, "\n");
  }
}

char *phonon_engine_profile_text(PhononEngine *engine, size_t nodes)
{
  PhononProfile p;
  phonon_engine_profile(engine, &p);
  PhText text = { 0 };
  ph_text_printf(&text, "blocks:          %llu of %u frames (%.2f ms), %s, %u thread%s\n", (unsigned long long)p.blocks, p.block_frames,
                 1e3 * p.block_sec, p.isa, p.threads, p.threads == 1 ? "" : "s");
  ph_text_printf(&text, "total time:      %.3f s for %.3f s of sound; %.3f s of CPU\n", p.total_sec, (double)p.frames / engine->program->sample_rate,
                 p.cpu_sec);
  ph_text_printf(&text, "per block:       average %.4f ms, min %.4f, median %.4f, p95 %.4f, max %.4f\n", 1e3 * p.mean_sec, 1e3 * p.least_sec,
                 1e3 * p.median_sec, 1e3 * p.p95_sec, 1e3 * p.most_sec);
  ph_text_printf(&text, "CPU:             %.2f %% of the time there is\n", 100 * p.load);
  if (p.load < 1) {
    ph_text_printf(&text, "real time:       can run in real time, %.1f %% headroom\n", 100 * (1 - p.load));
  } else {
    ph_text_puts(&text, "real time:       cannot run in real time\n");
  }
  ph_text_printf(&text, "speed:           %.0f seconds of sound a second\n", p.realtime_factor);
  ph_text_printf(&text, "voices:          peak %u, started %llu, stolen %llu; %llu events\n", p.voices_peak, (unsigned long long)p.voices_started,
                 (unsigned long long)p.voices_stolen, (unsigned long long)p.events);
  if (p.faults) {
    ph_text_printf(&text, "out of range:    %llu times a value was set to zero\n", (unsigned long long)p.faults);
  }
  put_costs(engine, nodes, &text);
  return ph_api_take_text(&text);
}

static void put_field(PhText *text, const char *name, double value)
{
  ph_text_printf(text, "  \"%s\": ", name);
  ph_text_num(text, value);
  ph_text_puts(text, ",\n");
}

char *phonon_engine_profile_json(PhononEngine *engine, size_t nodes)
{
  PhononProfile p;
  phonon_engine_profile(engine, &p);
  PhText text = { 0 };
  const struct { const char *name; double value; } fields[] = {
    { "frames", (double)p.frames }, { "blocks", (double)p.blocks }, { "blockFrames", p.block_frames }, { "blockSec", p.block_sec },
    { "totalSec", p.total_sec }, { "cpuSec", p.cpu_sec }, { "meanSec", p.mean_sec }, { "leastSec", p.least_sec },
    { "medianSec", p.median_sec }, { "p95Sec", p.p95_sec }, { "mostSec", p.most_sec }, { "load", p.load },
    { "realtimeFactor", p.realtime_factor }, { "threads", p.threads }, { "voicesPeak", p.voices_peak },
    { "voicesStarted", (double)p.voices_started }, { "voicesStolen", (double)p.voices_stolen }, { "events", (double)p.events },
    { "faults", (double)p.faults },
  };
  ph_text_puts(&text, "{\n");
  for (size_t i = 0; i < PH_COUNT(fields); i++) {
    put_field(&text, fields[i].name, fields[i].value);
  }
  ph_text_puts(&text, "  \"isa\": ");
  ph_text_json(&text, p.isa, strlen(p.isa));
  ph_text_puts(&text, ",\n  \"nodes\": [");
  PhononCost cost;
  for (size_t i = 0; i < nodes && phonon_engine_cost(engine, i, &cost); i++) {
    ph_text_puts(&text, i ? ",\n    {\"name\": " : "\n    {\"name\": ");
    ph_text_json(&text, cost.name, strlen(cost.name));
    ph_text_puts(&text, ", \"file\": ");
    ph_text_json(&text, cost.file, strlen(cost.file));
    ph_text_printf(&text, ", \"line\": %u, \"calls\": %llu, \"sec\": ", cost.line, (unsigned long long)cost.calls);
    ph_text_num(&text, cost.sec);
    ph_text_puts(&text, "}");
  }
  ph_text_puts(&text, "]\n}\n");
  return ph_api_take_text(&text);
}
