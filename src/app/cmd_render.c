/* `phonon render`: a text becomes a sound file.  SPDX-License-Identifier: MIT */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "app/job.h"
#include "app/live/replay.h"

enum {
  COSTS_SHOWN = 10,
  TRACE_EVENTS = 1 << 18 /* of each thread: 8 MiB */
};

/* One rendering, and what is known of it afterwards. */
typedef struct Run {
  const Job *job;
  const PhononProgram *program;
  PhononSamples *samples;
  Outputs *outputs;   /* NULL: nothing is written */
  const PhononMidiFile *midi; /* plays; NULL: nobody does */
  bool only_measured; /* for --normalize: nothing is written, and the sum is as it is */
  uint32_t threads;
  uint64_t *hashes; /* of every chunk, if --compare; the caller frees */
  size_t hash_count;
  PhononProfile profile;
  PhononLoudnessFigures loudness; /* of what is written */
} Run;

#define MIDI_TAIL_SEC 2.0 /* after the last message of a MIDI file */

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
  (void)number;
  interrupted = 1;
}

/* A signal that ends a program sets a flag, so that the temporary files are removed. A full disk or a closed pipe is an error
   of the write. */
static void catch_signals(void)
{
  static const int ending[] = { SIGINT, SIGTERM, SIGHUP };
  for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
    (void)signal(ending[i], interrupt);
  }
  (void)signal(SIGPIPE, SIG_IGN);
  (void)signal(SIGXFSZ, SIG_IGN);
}

/* Where words for people go: not among the samples. */
static FILE *words(const Job *job) { return strcmp(job->output, "-") == 0 ? stderr : stdout; }

static void report(void *ctx, const PhononDiagnostic *diagnostic)
{
  char *text = phonon_program_diagnostic_text(ctx, diagnostic, is_terminal(stderr));
  fputs(text ? text : diagnostic->message, stderr);
  phonon_free(text);
}

static void progress(const Job *job, int64_t done, int64_t total)
{
  enum { WIDTH = 40 };
  static const char bar[] = "########################################";
  if (job->quiet || job->realtime || !is_terminal(stderr)) {
    return;
  }
  const int filled = (int)(done * WIDTH / total);
  fprintf(stderr, "\r[%.*s%*s] %3d %%", filled, bar, WIDTH - filled, "", (int)(done * 100 / total));
  if (done == total) {
    fprintf(stderr, "\r%*s\r", WIDTH + 8, "");
  }
}

/* ---- how long ---------------------------------------------------------------------------------------------------- */

static PhononTime sum(PhononTime a, PhononTime b)
{
  return (PhononTime){ a.num * b.den + b.num * a.den, a.den * b.den };
}

int64_t job_length(const Job *job, const PhononProgram *program, PhononEngine *engine)
{
  if (!job->cycles_given) {
    return (int64_t)(job->seconds * job->file.sample_rate + 0.5);
  }
  return phonon_engine_frame_of_cycle(engine, sum(phonon_program_start(program), job->cycles));
}

/* ---- running ------------------------------------------------------------------------------------------------------ */

static uint64_t hash_of(const float *frames, size_t count)
{
  uint64_t hash = 0xCBF29CE484222325u; /* FNV-1a, by words */
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, &frames[i], sizeof bits);
    hash = (hash ^ bits) * 0x100000001B3u;
  }
  return hash;
}

static bool note_hash(Run *run, const float *frames, uint32_t count)
{
  uint64_t *grown = realloc(run->hashes, (run->hash_count + 1) * sizeof *grown);
  if (!grown) {
    return false;
  }
  run->hashes = grown;
  run->hashes[run->hash_count++] = hash_of(frames, (size_t)count * 2);
  return true;
}

/* Plays what is due in the file; gives the frames until the next message, at most `most`. */
static uint32_t play_midi(const Run *run, PhononEngine *engine, size_t *next, int64_t at, uint32_t most)
{
  PhononMidiInput input;
  while (run->midi && phonon_midi_file_get(run->midi, *next, run->job->file.sample_rate, &input)) {
    if (input.frame > at) {
      return input.frame - at < most ? (uint32_t)(input.frame - at) : most;
    }
    if (input.channel) {
      (void)phonon_engine_midi(engine, &input);
    }
    ++*next;
  }
  return most;
}

static int run_frames(Run *run, PhononEngine *engine, int64_t total)
{
  static float frames[2 * CHUNK_FRAMES];
  const Job *job = run->job;
  Outputs *outputs = run->outputs;
  /* Live, a call is a block; else as much at a time as keeps all threads busy. */
  const uint32_t chunk = job->realtime ? job->engine.block_frames : CHUNK_FRAMES;
  int status = EXIT_GOOD;
  size_t next = 0;
  for (int64_t at = 0; at < total && !status;) {
    const uint32_t most = total - at < chunk ? (uint32_t)(total - at) : chunk;
    const uint32_t count = play_midi(run, engine, &next, at, most);
    float *const *stems = outputs && outputs->stem_count ? outputs->stem_frames : NULL;
    const PhononStatus rendered = phonon_engine_render(engine, count, frames, stems);
    if (rendered != PHONON_OK) {
      return problem("the rendering ended at %.3f s: %s", (double)at / job->file.sample_rate,
                     phonon_status_text(rendered));
    }
    if (job->compare && !note_hash(run, frames, count)) {
      return problem("out of memory");
    }
    status = outputs ? outputs_write(outputs, job, frames, count) : EXIT_GOOD;
    status = status || !interrupted ? status : problem("interrupted; nothing was written");
    at += count;
    progress(job, at, total);
  }
  return status;
}

static bool ends_with(const char *path, const char *ending)
{
  const size_t len = strlen(path), tail = strlen(ending);
  return len >= tail && strcmp(path + len - tail, ending) == 0;
}

static bool is_trace(const char *path) { return ends_with(path, ".trace") || ends_with(path, ".trace.json"); }

static int write_profile(const char *path, PhononEngine *engine)
{
  char *text = is_trace(path)            ? phonon_engine_trace_json(engine)
               : ends_with(path, ".json") ? phonon_engine_profile_json(engine, SIZE_MAX)
                                          : phonon_engine_profile_text(engine, SIZE_MAX);
  const uint64_t dropped = is_trace(path) ? phonon_engine_trace_dropped(engine) : 0;
  if (dropped) {
    fprintf(stderr, "phonon: `%s` has the first %d spans of each thread; %llu more are left out\n", path, TRACE_EVENTS,
            (unsigned long long)dropped);
  }
  FILE *file = text ? fopen(path, "w") : NULL;
  const bool written = file && fputs(text, file) >= 0;
  const bool closed = file && fclose(file) == 0;
  phonon_free(text);
  return written && closed ? EXIT_GOOD : problem("cannot write `%s`: %s", path, strerror(errno));
}

static int show_profile(Run *run, PhononEngine *engine)
{
  const Job *job = run->job;
  if (job->realtime || job->compare) {
    char *text = phonon_engine_profile_text(engine, COSTS_SHOWN);
    fputs(text ? text : "", words(job));
    phonon_free(text);
  }
  int status = EXIT_GOOD;
  for (size_t i = 0; run->outputs && !status && i < job->profile_count; i++) {
    status = write_profile(job->profiles[i], engine);
  }
  return status;
}

/* Loudness takes a third of the time of a simple piece: only if somebody will see it. */
static bool wants_loudness(const Run *run)
{
  const Job *job = run->job;
  return run->outputs &&
         (run->only_measured || job->normalize_given || job->profile_count > 0 || job->realtime || job->compare || !job->quiet);
}

static int run_engine(Run *run, PhononEngine *engine, PhononLoudness *loudness)
{
  const Job *job = run->job;
  Outputs *outputs = run->outputs;
  const int64_t total = job_length(job, run->program, engine);
  int status = EXIT_GOOD;
  if (outputs && run->only_measured) {
    *outputs = (Outputs){ .total = total };
  } else if (outputs) {
    status = outputs_open(outputs, job, run->program, total);
  }
  if (status) {
    return status;
  }
  if (outputs) {
    outputs->loudness = loudness;
  }
  phonon_engine_taps(engine, outputs ? outputs->tap_frames : NULL);
  status = run_frames(run, engine, total);
  if (!status && !run->only_measured) {
    status = show_profile(run, engine);
  }
  return outputs ? outputs_close(outputs, status) : status;
}

static int run_once(Run *run)
{
  const Job *job = run->job;
  PhononEngineOptions options = job->engine;
  options.threads = run->threads;
  options.samples = run->samples;
  options.window = job->realtime ? 1 : 0;
  options.profile = job->realtime || job->compare || job->profile_count > 0;
  for (size_t i = 0; run->outputs && i < job->profile_count; i++) {
    options.trace_events = is_trace(job->profiles[i]) ? TRACE_EVENTS : options.trace_events;
  }
  options.stems = run->outputs && job->stems && !run->only_measured;
  options.output_gain = job->gain;
  options.no_safety = job->engine.no_safety || run->only_measured;
  options.report = run->outputs && !run->only_measured ? report : NULL; /* the other run says it */
  options.report_ctx = (void *)(uintptr_t)run->program;
  PhononLoudness *loudness = NULL;
  if (wants_loudness(run) && phonon_loudness_new(job->file.sample_rate, job->file.channels, &loudness) != PHONON_OK) {
    return problem("out of memory");
  }
  options.loudness = loudness;
  PhononEngine *engine = NULL;
  const PhononStatus made = phonon_engine_new(run->program, &options, &engine);
  if (made != PHONON_OK) {
    phonon_loudness_free(loudness);
    return problem("the engine does not start: %s", phonon_status_text(made));
  }
  const int status = run_engine(run, engine, loudness);
  if (loudness) {
    phonon_loudness_figures(loudness, &run->loudness);
  }
  phonon_engine_profile(engine, &run->profile);
  phonon_engine_free(engine);
  phonon_loudness_free(loudness);
  return status;
}

/* ---- loudness ----------------------------------------------------------------------------------------------------- */

#define KEPT_FREE_DB 0.01 /* below --ceiling, for the rounding to whole numbers */

/* The gain that brings the file to the loudness that is wanted, or as near as the ceiling lets it; from a rendering that is only
   measured. */
static int normalize(const Run *like, double *gain)
{
  const Job *job = like->job;
  Outputs outputs = { 0 };
  Run run = *like;
  run.outputs = &outputs;
  run.only_measured = true;
  const int status = run_once(&run);
  if (status) {
    return status;
  }
  const double most_db = job->ceiling - KEPT_FREE_DB - run.loudness.true_peak_dbtp;
  const double db = job->normalize - run.loudness.integrated_lufs;
  if (!isfinite(db) || !isfinite(most_db)) {
    fprintf(stderr,
            "phonon: too quiet or too short to have a loudness (-70 LUFS for 400 ms): --normalize leaves the gain as it is\n");
    return EXIT_GOOD;
  }
  if (db > most_db) {
    fprintf(stderr,
            "phonon: at %.1f LUFS the true peak would be %+.1f dBTP: the file is kept below %.1f dBTP, at %.1f LUFS. "
            "`master: limiter` or a compressor makes room, --ceiling allows more\n",
            job->normalize, run.loudness.true_peak_dbtp + db, job->ceiling, run.loudness.integrated_lufs + most_db);
  }
  *gain *= pow(10, fmin(db, most_db) / 20);
  return EXIT_GOOD;
}

static void summarise(const Run *run)
{
  const Job *job = run->job;
  const PhononLoudnessFigures *loud = &run->loudness;
  FILE *out = words(job);
  fprintf(out, "%s: %.2f s, ", job->output, (double)run->profile.frames / job->file.sample_rate);
  if (isfinite(loud->peak_dbfs)) {
    fprintf(out, "peak %.1f dBFS (true peak %.1f dBTP), ", loud->peak_dbfs, loud->true_peak_dbtp);
  } else {
    fprintf(out, "silent, ");
  }
  if (isfinite(loud->integrated_lufs)) {
    fprintf(out, "%.1f LUFS, range %.1f LU, ", loud->integrated_lufs, loud->range_lu);
  }
  fprintf(out, "%.0f times real time\n", run->profile.realtime_factor);
  if (run->profile.safety_frames) {
    fprintf(out, "safety limiter: up to %.1f dB at %.3f s, for %.2f s in all\n", run->profile.safety_db,
            run->profile.safety_most_sec, (double)run->profile.safety_frames / job->file.sample_rate);
  }
}

/* ---- comparing ---------------------------------------------------------------------------------------------------- */

static int judge(const Run *one, const Run *all)
{
  FILE *out = words(one->job);
  const double quicker = all->profile.total_sec > 0 ? one->profile.total_sec / all->profile.total_sec : 1;
  fprintf(out, "speed-up         %.2f with %u threads\n", quicker, all->profile.threads);
  for (size_t i = 0; i < one->hash_count; i++) {
    if (i >= all->hash_count || one->hashes[i] != all->hashes[i]) {
      const double chunk = one->job->realtime ? one->job->engine.block_frames : CHUNK_FRAMES;
      return problem("the samples are NOT equal, from %.3f s on", (double)i * chunk / one->job->file.sample_rate);
    }
  }
  fprintf(out, "the samples are equal\n");
  return EXIT_GOOD;
}

/* The MIDI file that plays; without another length it is rendered to its end. False after a complaint. */
static bool open_midi(Job *job, PhononMidiFile **out)
{
  PhononError error;
  *out = NULL;
  if (job->midi && phonon_midi_file_new(job->midi, out, &error) != PHONON_OK) {
    (void)problem("%s", error.text);
    return false;
  }
  if (job->midi && !job->seconds_given && !job->cycles_given) {
    job->seconds = phonon_midi_file_length(*out) + MIDI_TAIL_SEC;
  }
  return true;
}

int job_run(const Job *wanted, const PhononProgram *program)
{
  Job job = *wanted;
  Outputs outputs = { 0 };
  PhononMidiFile *midi;
  if (!open_midi(&job, &midi)) {
    return EXIT_PROBLEM;
  }
  Run all = { .job = &job,
              .program = program,
              .outputs = &outputs,
              .midi = midi,
              .threads = job.engine.threads,
              .samples = job.program.samples };
  double gain = job.gain;
  int status = job.normalize_given ? normalize(&all, &gain) : EXIT_GOOD;
  job.gain = gain;
  Run one = all;
  one.outputs = NULL;
  one.threads = 1;
  status = status || !job.compare ? status : run_once(&one);
  status = status ? status : run_once(&all);
  status = status || !job.compare ? status : judge(&one, &all);
  if (!status && !job.quiet) {
    summarise(&all);
  }
  if (!status && outputs.clipped) {
    fprintf(stderr,
            "phonon: %llu samples were beyond full scale and were clipped; a lower --gain or `master: limiter -1` "
            "avoids that\n",
            (unsigned long long)outputs.clipped);
  }
  free(one.hashes);
  free(all.hashes);
  phonon_midi_file_free(midi);
  return status;
}

static int run_render(const Command *command, int argc, char **argv)
{
  Job job;
  int status = job_read(&job, command, argc, argv);
  if (status) {
    return status;
  }
  if (job.session) {
    (void)signal(SIGPIPE, SIG_IGN);
    return replay_session(&job);
  }
  const PhononStatus made = phonon_samples_new(&job.samples, &job.program.samples);
  if (made != PHONON_OK) {
    return problem("the samples cannot be searched: %s", phonon_status_text(made));
  }
  catch_signals();
  PhononProgram *program = compile(job.input, &job.program, &status);
  if (program) {
    status = job_run(&job, program);
    phonon_program_free(program);
  }
  phonon_samples_free(job.program.samples);
  return status;
}

const Command cmd_render = { "render", "IN OUT [options]", "renders a file, `-` or code to a sound file",
                             render_options, run_render };
