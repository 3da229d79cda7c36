/* The public interface: profiles as text and JSON.  SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "app/api.h"

/* The first line of a place in the text, short enough for a table. */
static void node_place(PhText *text, const PhononCost *cost)
{
  if (cost->line) {
    ph_text_printf(text, "%s:%u:%u", cost->file, cost->line, cost->column);
  }
}

static void nodes_text(PhononEngine *engine, size_t nodes, PhText *text)
{
  PhononCost cost;
  for (size_t i = 0; i < nodes && phonon_engine_cost(engine, i, &cost); i++) {
    if (i == 0) {
      ph_text_puts(text, "  costliest nodes\n");
    }
    ph_text_printf(text, "    %5.1f %%  %9.3f ms  %-24s ", cost.share * 100, cost.sec * 1e3, cost.name);
    node_place(text, &cost);
    ph_text_puts(text, "\n");
  }
}

static void sound_text(PhononEngine *engine, const PhononProfile *p, PhText *text)
{
  if (p->safety_frames > 0) {
    ph_text_printf(text, "  safety limiter  took up to %.1f dB (at %.3f s; first at %.3f s, for %.2f s in all)\n", p->safety_db,
                   p->safety_most_sec, p->safety_first_sec, (double)p->safety_frames / ph_api_sample_rate(engine));
  }
  if (ph_api_loudness(engine)) {
    PhononLoudnessFigures loud;
    phonon_loudness_figures(ph_api_loudness(engine), &loud);
    ph_text_printf(text, "  loudness        %.1f LUFS, range %.1f LU, true peak %.1f dBTP\n", loud.integrated_lufs, loud.range_lu,
                   loud.true_peak_dbtp);
  }
}

char *phonon_engine_profile_text(PhononEngine *engine, size_t nodes)
{
  PhononProfile p;
  phonon_engine_profile(engine, &p);
  const double sound_sec = p.block_sec * (double)p.frames / p.block_frames;
  PhText text = { 0 };
  ph_text_printf(&text, "profile: %s, %u thread%s, blocks of %u frames\n", p.isa, p.threads, p.threads == 1 ? "" : "s",
                 p.block_frames);
  ph_text_printf(&text, "  blocks          %llu (%.2f s of sound)\n", (unsigned long long)p.blocks, sound_sec);
  ph_text_printf(&text, "  total time      %.3f s (CPU %.3f s)\n", p.total_sec, p.cpu_sec);
  ph_text_printf(&text, "  per block       average %.4f ms, min %.4f, median %.4f, p95 %.4f, max %.4f\n",
                 p.mean_sec * 1e3, p.least_sec * 1e3, p.median_sec * 1e3, p.p95_sec * 1e3, p.most_sec * 1e3);
  ph_text_printf(&text, "  block duration  %.4f ms\n", p.block_sec * 1e3);
  ph_text_printf(&text, "  CPU             %.2f %%\n", p.load * 100);
  if (p.load < 1 && p.p95_sec < p.block_sec) {
    ph_text_printf(&text, "  real time       can run in real time, %.0f %% headroom\n", floor((1 - p.load) * 100));
  } else {
    ph_text_puts(&text, "  real time       cannot run in real time\n");
  }
  ph_text_printf(&text, "  speed           %.1f seconds of sound per second\n", p.realtime_factor);
  ph_text_printf(&text, "  voices          peak %u, started %llu, stolen %llu\n", p.voices_peak,
                 (unsigned long long)p.voices_started, (unsigned long long)p.voices_stolen);
  if (p.faults) {
    ph_text_printf(&text, "  out of range    %llu samples were set to zero\n", (unsigned long long)p.faults);
  }
  sound_text(engine, &p, &text);
  nodes_text(engine, nodes, &text);
  return ph_api_take(&text);
}

static void json_number(PhText *text, const char *name, double value)
{
  ph_text_printf(text, "  \"%s\": ", name);
  ph_text_num(text, value);
  ph_text_puts(text, ",\n");
}

/* null: silence has no decibels. */
static void json_decibels(PhText *text, const char *name, double value, const char *after)
{
  ph_text_printf(text, "\"%s\": ", name);
  if (isfinite(value)) {
    ph_text_num(text, value);
  } else {
    ph_text_puts(text, "null");
  }
  ph_text_puts(text, after);
}

static void sound_json(PhononEngine *engine, const PhononProfile *p, PhText *text)
{
  ph_text_puts(text, "  \"safety\": {");
  json_decibels(text, "db", p->safety_db, ", ");
  json_decibels(text, "sec", (double)p->safety_frames / ph_api_sample_rate(engine), ", ");
  json_decibels(text, "firstSec", p->safety_first_sec, ", ");
  json_decibels(text, "mostSec", p->safety_most_sec, "},\n");
  if (ph_api_loudness(engine)) {
    PhononLoudnessFigures loud;
    phonon_loudness_figures(ph_api_loudness(engine), &loud);
    ph_text_puts(text, "  \"loudness\": {");
    json_decibels(text, "integratedLufs", loud.integrated_lufs, ", ");
    json_decibels(text, "rangeLu", loud.range_lu, ", ");
    json_decibels(text, "truePeakDbtp", loud.true_peak_dbtp, ", ");
    json_decibels(text, "peakDbfs", loud.peak_dbfs, "},\n");
  }
}

static void nodes_json(PhononEngine *engine, size_t nodes, PhText *text)
{
  PhononCost cost;
  for (size_t i = 0; i < nodes && phonon_engine_cost(engine, i, &cost); i++) {
    ph_text_puts(text, i ? ",\n    {\"name\": " : "\n    {\"name\": ");
    ph_text_json(text, cost.name, strlen(cost.name));
    ph_text_puts(text, ", \"sec\": ");
    ph_text_num(text, cost.sec);
    ph_text_puts(text, ", \"share\": ");
    ph_text_num(text, cost.share);
    ph_text_printf(text, ", \"calls\": %llu, \"file\": ", (unsigned long long)cost.calls);
    ph_text_json(text, cost.file, strlen(cost.file));
    ph_text_printf(text, ", \"line\": %u, \"column\": %u}", cost.line, cost.column);
  }
}

char *phonon_engine_profile_json(PhononEngine *engine, size_t nodes)
{
  PhononProfile p;
  phonon_engine_profile(engine, &p);
  const struct {
    const char *name;
    double value;
  } numbers[] = {
    { "threads", p.threads },
    { "blockFrames", p.block_frames },
    { "frames", (double)p.frames },
    { "blocks", (double)p.blocks },
    { "blockSec", p.block_sec },
    { "totalSec", p.total_sec },
    { "cpuSec", p.cpu_sec },
    { "meanSec", p.mean_sec },
    { "minSec", p.least_sec },
    { "medianSec", p.median_sec },
    { "p95Sec", p.p95_sec },
    { "maxSec", p.most_sec },
    { "load", p.load },
    { "realtimeFactor", p.realtime_factor },
    { "voicesPeak", p.voices_peak },
    { "voicesStarted", (double)p.voices_started },
    { "voicesStolen", (double)p.voices_stolen },
    { "events", (double)p.events },
    { "faults", (double)p.faults },
  };
  PhText text = { 0 };
  ph_text_puts(&text, "{\n");
  ph_text_printf(&text, "  \"isa\": \"%s\",\n", p.isa);
  for (size_t i = 0; i < PH_COUNT(numbers); i++) {
    json_number(&text, numbers[i].name, numbers[i].value);
  }
  sound_json(engine, &p, &text);
  ph_text_puts(&text, "  \"nodes\": [");
  nodes_json(engine, nodes, &text);
  ph_text_puts(&text, "]\n}\n");
  return ph_api_take(&text);
}
