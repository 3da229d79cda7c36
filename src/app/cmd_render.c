/* `phonon render`: a text becomes a sound file.  SPDX-License-Identifier: MIT */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/cmd.h"

enum {
  OPT_FADE_IN = 256, OPT_FADE_OUT, OPT_PARALLEL, OPT_REALTIME, OPT_COMPARE, OPT_PROFILE, OPT_MONO, OPT_BITS, OPT_DITHER,
  OPT_SEED, OPT_STEMS, OPT_VOICES, OPT_SAMPLES, OPT_QUIET, OPT_ISA, OPT_TIDAL,
  DIRS_MAX = 64, STEMS_MAX = 65, CHUNK_FRAMES = 16384, COSTS_SHOWN = 10
};

static const Option options_table[] = {
  { "duration", 'd', "SEC", "how long (10)" },
  { "cycles", 'c', "N", "how long, in cycles: instead of --duration" },
  { "sample-rate", 's', "HZ", "sample rate, 8000 to 384000 (44100)" },
  { "gain", 'g', "X", "gain of everything (0.8)" },
  { "fade-in", OPT_FADE_IN, "SEC", "fade at the beginning (0.01)" },
  { "fade-out", OPT_FADE_OUT, "SEC", "fade at the end (0.01)" },
  { "block-size", 'b', "FRAMES", "frames of a block, 1 to 16384 (512); the sound does not depend on it" },
  { "threads", 't', "N", "threads, 1 to 64 (all cores); the sound does not depend on it" },
  { "parallel", OPT_PARALLEL, "[=true|false]", "use all threads; `false` is --threads 1" },
  { "realtime", OPT_REALTIME, NULL, "block by block as when live, timing each, and print the profile" },
  { "compare", OPT_COMPARE, NULL, "one thread and all threads: both profiles, the speed-up, whether the samples are equal" },
  { "profile", OPT_PROFILE, "FILE.json", "write the profile as JSON" },
  { "stems", OPT_STEMS, "DIR", "write every output to a file of its own, too" },
  { "mono", OPT_MONO, NULL, "one channel" },
  { "bits", OPT_BITS, "16|24|32f", "resolution (24)" },
  { "dither", OPT_DITHER, NULL, "dither before rounding" },
  { "seed", OPT_SEED, "N", "seed of everything random" },
  { "voices", OPT_VOICES, "N", "most voices at once, 1 to 65536 (1024)" },
  { "samples", OPT_SAMPLES, "DIR", "a folder of sample banks to search first (repeatable)" },
  { "isa", OPT_ISA, "NAME", "instruction set: avx512, avx2, sse2, neon, plain; the sound does not depend on it" },
  { "tidal", OPT_TIDAL, NULL, "the dialect of TidalCycles" },
  { "quiet", OPT_QUIET, NULL, "print only problems" },
  { NULL, 0, NULL, NULL }
};

typedef struct Job {
  const Command *command;
  const char *input, *output;
  PhononProgramOptions program;
  PhononEngineOptions engine;
  PhononSamplesOptions samples;
  PhononFileOptions file;
  const char *dirs[DIRS_MAX];
  double seconds, cycles, gain, fade_in, fade_out;
  bool realtime, compare, quiet, parallel, threads_given;
  const char *profile, *stems;
} Job;

/* What a rendering made, besides its sound. */
typedef struct Result {
  float peak;
  uint64_t clipped;
  double realtime_factor, mean_sec;
  float *frames; /* only for --compare */
} Result;

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
  (void)number;
  interrupted = 1;
}

/* ---- options ---- */

static int read_bits(Job *job, const char *text)
{
  static const struct { const char *name; PhononBits bits; } known[] = { { "16", PHONON_BITS_16 }, { "24", PHONON_BITS_24 }, { "32f", PHONON_BITS_FLOAT } };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strcmp(known[i].name, text) == 0) {
      job->file.bits = known[i].bits;
      return EXIT_GOOD;
    }
  }
  return usage_error(job->command, "--bits is 16, 24 or 32f, not `%s`", text);
}

static int read_isa(Job *job, const char *text)
{
  for (size_t i = 0; phonon_isa_name(i); i++) {
    if (strcmp(phonon_isa_name(i), text) == 0) {
      job->engine.isa = phonon_isa_name(i);
      return EXIT_GOOD;
    }
  }
  return strcmp(text, "plain") == 0 ? (job->engine.isa = "plain", EXIT_GOOD)
                                    : usage_error(job->command, "this machine has no instruction set `%s`", text);
}

static int read_bool(Job *job, const char *text)
{
  if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0) {
    return usage_error(job->command, "--parallel is true or false, not `%s`", text);
  }
  job->parallel = text[0] == 't';
  return EXIT_GOOD;
}

/* One option. EXIT_USAGE after a complaint. */
static int take_option(Job *job, int option, int argc, char **argv)
{
  const Command *c = job->command;
  long long n = 0;
  double x = 0;
  switch (option) {
  case 'd': return read_number(c, "duration", optarg, 0, 1e6, &job->seconds) ? 0 : EXIT_USAGE;
  case 'c': return read_number(c, "cycles", optarg, 0, 1e9, &job->cycles) ? 0 : EXIT_USAGE;
  case 's':
    if (!read_number(c, "sample-rate", optarg, 8000, 384000, &x)) {
      return EXIT_USAGE;
    }
    job->program.sample_rate = job->samples.sample_rate = job->file.sample_rate = x;
    return EXIT_GOOD;
  case 'g': return read_number(c, "gain", optarg, 0, 1000, &job->gain) ? 0 : EXIT_USAGE;
  case OPT_FADE_IN: return read_number(c, "fade-in", optarg, 0, 1e6, &job->fade_in) ? 0 : EXIT_USAGE;
  case OPT_FADE_OUT: return read_number(c, "fade-out", optarg, 0, 1e6, &job->fade_out) ? 0 : EXIT_USAGE;
  case 'b':
    if (!read_whole(c, "block-size", optarg, 1, PHONON_BLOCK_MAX, &n)) {
      return EXIT_USAGE;
    }
    job->engine.block_frames = (uint32_t)n;
    return EXIT_GOOD;
  case 't':
    if (!read_whole(c, "threads", optarg, 1, PHONON_THREADS_MAX, &n)) {
      return EXIT_USAGE;
    }
    job->engine.threads = (uint32_t)n;
    job->threads_given = true;
    return EXIT_GOOD;
  case OPT_VOICES:
    if (!read_whole(c, "voices", optarg, 1, PHONON_VOICES_MAX, &n)) {
      return EXIT_USAGE;
    }
    job->engine.max_voices = (uint32_t)n;
    return EXIT_GOOD;
  case OPT_SEED:
    if (!read_whole(c, "seed", optarg, 0, INT64_MAX, &n)) {
      return EXIT_USAGE;
    }
    job->program.seed = (uint64_t)n;
    job->program.seed_given = true;
    return EXIT_GOOD;
  case OPT_PARALLEL:
    if (!optarg && optind < argc && (strcmp(argv[optind], "true") == 0 || strcmp(argv[optind], "false") == 0)) {
      return read_bool(job, argv[optind++]); /* `--parallel false` */
    }
    return optarg ? read_bool(job, optarg) : (job->parallel = true, EXIT_GOOD);
  case OPT_BITS: return read_bits(job, optarg);
  case OPT_ISA: return read_isa(job, optarg);
  case OPT_REALTIME: job->realtime = true; return EXIT_GOOD;
  case OPT_COMPARE: job->compare = true; return EXIT_GOOD;
  case OPT_PROFILE: job->profile = optarg; return EXIT_GOOD;
  case OPT_MONO: job->file.channels = 1; return EXIT_GOOD;
  case OPT_DITHER: job->file.dither = true; return EXIT_GOOD;
  case OPT_STEMS: job->stems = optarg; return EXIT_GOOD;
  case OPT_QUIET: job->quiet = true; return EXIT_GOOD;
  case OPT_TIDAL: job->program.tidal = true; return EXIT_GOOD;
  case OPT_SAMPLES:
    if (job->samples.dir_count == DIRS_MAX) {
      return usage_error(c, "at most %d folders of samples", DIRS_MAX);
    }
    job->dirs[job->samples.dir_count++] = optarg;
    return EXIT_GOOD;
  default:
    return EXIT_USAGE;
  }
}

static int read_job(const Command *command, int argc, char **argv, Job *job)
{
  *job = (Job){ .command = command, .program = PHONON_PROGRAM_DEFAULTS, .engine = PHONON_ENGINE_DEFAULTS,
                .samples = PHONON_SAMPLES_DEFAULTS, .file = PHONON_FILE_DEFAULTS, .seconds = 10, .cycles = -1, .gain = 0.8,
                .fade_in = 0.01, .fade_out = 0.01, .parallel = true };
  job->samples.dirs = job->dirs;
  for (int o; (o = next_option(command, argc, argv)) != -1;) {
    const int status = o == '?' ? EXIT_USAGE : take_option(job, o, argc, argv);
    if (status) {
      return status;
    }
  }
  if (optind + 2 != argc) {
    return usage_error(command, optind + 2 > argc ? "it wants an input and an output" : "what is `%s`?", argv[argc - 1]);
  }
  job->input = argv[optind];
  job->output = argv[optind + 1];
  if (!job->threads_given) {
    job->engine.threads = job->parallel ? phonon_core_count() : 1;
  }
  job->engine.threads = job->engine.threads > PHONON_THREADS_MAX ? PHONON_THREADS_MAX : job->engine.threads;
  return EXIT_GOOD;
}

/* ---- while it runs ---- */

static void report(void *ctx, const PhononDiagnostic *diagnostic)
{
  char *text = phonon_program_diagnostic_text(ctx, diagnostic, is_terminal(stderr));
  fputs(text ? text : diagnostic->message, stderr);
  phonon_free(text);
}

static void progress(const Job *job, int64_t done, int64_t total)
{
  enum { WIDTH = 40 };
  if (job->quiet || !is_terminal(stderr) || total < 1) {
    return;
  }
  const int filled = (int)(done * WIDTH / total);
  fprintf(stderr, "\r[%.*s%*s] %3d %%", filled, "########################################", WIDTH - filled, "", (int)(done * 100 / total));
  if (done == total) {
    fprintf(stderr, "\r%*s\r", WIDTH + 8, "");
  }
}

/* Gain and fades, then one channel if that is wanted. */
static void finish_frames(const Job *job, float *frames, uint32_t count, int64_t at, int64_t total, float *peak)
{
  const double rate = job->file.sample_rate;
  const double in = job->fade_in * rate, out = job->fade_out * rate;
  for (uint32_t i = 0; i < count; i++) {
    double gain = job->gain;
    const double since = (double)(at + i), until = (double)(total - at - i);
    gain *= since < in ? since / in : 1;
    gain *= until < out ? until / out : 1;
    const float left = (float)(gain * (double)frames[2 * i]), right = (float)(gain * (double)frames[2 * i + 1]);
    if (job->file.channels == 1) {
      frames[i] = 0.5f * (left + right);
      *peak = fmaxf(*peak, fabsf(frames[i]));
    } else {
      frames[2 * i] = left;
      frames[2 * i + 1] = right;
      *peak = fmaxf(*peak, fmaxf(fabsf(left), fabsf(right)));
    }
  }
}

/* ---- files ---- */

typedef struct Outputs {
  PhononFile *master, *stems[STEMS_MAX];
  size_t stem_count;
  float *buffers[STEMS_MAX];
} Outputs;

static const char *ending(const char *path)
{
  const char *dot = strrchr(path, '.');
  return dot && !strchr(dot, '/') ? dot : ".wav";
}

static int open_outputs(const Job *job, const PhononProgram *program, Outputs *outputs)
{
  PhononError error;
  const PhononStatus status = phonon_file_open(job->output, &job->file, &outputs->master, &error);
  if (status != PHONON_OK) {
    (void)problem("%s", error.text);
    return status == PHONON_ARG ? EXIT_USAGE : EXIT_PROBLEM;
  }
  if (!job->stems) {
    return EXIT_GOOD;
  }
  if (mkdir(job->stems, 0777) != 0 && errno != EEXIST) {
    return problem("%s: %s", job->stems, strerror(errno));
  }
  for (size_t i = 0; i < phonon_program_stem_count(program) && i < STEMS_MAX; i++) {
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s%s", job->stems, phonon_program_stem_name(program, i), ending(job->output));
    if (phonon_file_open(path, &job->file, &outputs->stems[i], &error) != PHONON_OK) {
      return problem("%s", error.text);
    }
    outputs->buffers[i] = malloc(2 * CHUNK_FRAMES * sizeof(float));
    outputs->stem_count = i + 1;
    if (!outputs->buffers[i]) {
      return problem("out of memory");
    }
  }
  return EXIT_GOOD;
}

/* Finishes all files, or none. */
static int close_outputs(Outputs *outputs, int status, uint64_t *clipped)
{
  PhononError error;
  *clipped = outputs->master ? phonon_file_clipped(outputs->master) : 0;
  for (size_t i = 0; i < outputs->stem_count; i++) {
    free(outputs->buffers[i]);
    if (status) {
      phonon_file_discard(outputs->stems[i]);
    } else if (phonon_file_finish(outputs->stems[i], &error) != PHONON_OK) {
      status = problem("%s", error.text);
    }
  }
  if (status) {
    phonon_file_discard(outputs->master);
  } else if (outputs->master && phonon_file_finish(outputs->master, &error) != PHONON_OK) {
    status = problem("%s", error.text);
  }
  *outputs = (Outputs){ 0 };
  return status;
}

/* ---- rendering ---- */

static int64_t length_of(const Job *job, PhononEngine *engine)
{
  if (job->cycles < 0) {
    return (int64_t)(job->seconds * job->file.sample_rate + 0.5);
  }
  const PhononTime whole = { (int64_t)(job->cycles * 65536 + 0.5), 65536 };
  PhononTime end = whole;
  while (end.den > 1 && end.num % 2 == 0) {
    end = (PhononTime){ end.num / 2, end.den / 2 };
  }
  return phonon_engine_frame_of_cycle(engine, end);
}

static int write_chunk(const Job *job, Outputs *outputs, float *frames, uint32_t count, int64_t at, int64_t total, Result *result)
{
  PhononError error;
  finish_frames(job, frames, count, at, total, &result->peak);
  if (outputs->master && phonon_file_write(outputs->master, frames, count, &error) != PHONON_OK) {
    return problem("%s", error.text);
  }
  for (size_t i = 0; i < outputs->stem_count; i++) {
    float peak = 0;
    finish_frames(job, outputs->buffers[i], count, at, total, &peak);
    if (phonon_file_write(outputs->stems[i], outputs->buffers[i], count, &error) != PHONON_OK) {
      return problem("%s", error.text);
    }
  }
  return EXIT_GOOD;
}

static int run_engine(const Job *job, PhononEngine *engine, int64_t total, Outputs *outputs, Result *result)
{
  static float frames[2 * CHUNK_FRAMES];
  /* Live, a call is a block; else as much at a time as the window needs to keep all threads busy. */
  const uint32_t chunk = job->realtime ? job->engine.block_frames : CHUNK_FRAMES;
  for (int64_t at = 0; at < total;) {
    const uint32_t count = total - at < chunk ? (uint32_t)(total - at) : chunk;
    if (phonon_engine_render(engine, count, frames, outputs->stem_count ? outputs->buffers : NULL) != PHONON_OK) {
      return EXIT_PROBLEM; /* the report has said why */
    }
    if (interrupted) {
      return problem("interrupted; nothing was written");
    }
    if (result->frames) {
      memcpy(result->frames + 2 * at, frames, 2 * count * sizeof(float));
    }
    const int status = write_chunk(job, outputs, frames, count, at, total, result);
    if (status) {
      return status;
    }
    at += count;
    progress(job, at, total);
  }
  return EXIT_GOOD;
}

static int write_profile(const char *path, PhononEngine *engine)
{
  char *text = phonon_engine_profile_json(engine, 1000000);
  FILE *file = fopen(path, "w");
  const bool ok = text && file && fputs(text, file) >= 0;
  const bool closed = file && fclose(file) == 0;
  phonon_free(text);
  return ok && closed ? EXIT_GOOD : problem("%s: %s", path, strerror(errno));
}

/* One rendering with these options. `outputs` may be empty. */
static int render_once(const Job *job, const PhononProgram *program, PhononSamples *samples, Outputs *outputs, Result *result)
{
  PhononEngineOptions options = job->engine;
  options.samples = samples;
  options.window = job->realtime ? 1 : 0;
  options.profile = job->realtime || job->profile;
  options.stems = outputs->stem_count > 0;
  options.report = report;
  options.report_ctx = (void *)(uintptr_t)program;
  PhononEngine *engine = NULL;
  const PhononStatus made = phonon_engine_new(program, &options, &engine);
  if (made != PHONON_OK) {
    return problem("the engine does not start: %s", phonon_status_text(made));
  }
  const int64_t total = length_of(job, engine);
  if (job->compare) {
    result->frames = malloc((size_t)(total + 1) * 2 * sizeof(float));
  }
  int status = job->compare && !result->frames ? problem("out of memory") : run_engine(job, engine, total, outputs, result);
  PhononProfile profile;
  phonon_engine_profile(engine, &profile);
  result->realtime_factor = profile.realtime_factor;
  result->mean_sec = profile.mean_sec;
  if (!status && (job->realtime || job->compare)) {
    char *text = phonon_engine_profile_text(engine, job->realtime ? COSTS_SHOWN : 0);
    fputs(text ? text : "", strcmp(job->output, "-") == 0 ? stderr : stdout);
    phonon_free(text);
  }
  if (!status && job->profile) {
    status = write_profile(job->profile, engine);
  }
  phonon_engine_free(engine);
  return status;
}

static void say_done(const Job *job, const Result *result)
{
  FILE *stream = strcmp(job->output, "-") == 0 ? stderr : stdout;
  if (!job->quiet) {
    fprintf(stream, "%s: peak %.1f dBFS, %.0f times real time\n", job->output, 20 * log10((double)result->peak + 1e-10), result->realtime_factor);
  }
  if (result->clipped) {
    fprintf(stderr, "phonon: %llu samples were beyond full scale and were clipped; a lower --gain or `master: limiter -1` avoids that\n",
            (unsigned long long)result->clipped);
  }
}

/* One thread and all threads, neither of them written; then the file as usual. */
static int compare(const Job *job, const PhononProgram *program, PhononSamples *samples)
{
  Job one = *job, all = *job;
  Outputs none = { 0 };
  Result first = { 0 }, second = { 0 };
  one.engine.threads = 1;
  all.engine.threads = job->engine.threads > 1 ? job->engine.threads : phonon_core_count();
  printf("one thread:\n");
  int status = render_once(&one, program, samples, &none, &first);
  if (!status) {
    printf("\n%u threads:\n", all.engine.threads);
    status = render_once(&all, program, samples, &none, &second);
  }
  if (!status) {
    PhononEngine *engine = NULL;
    size_t bytes = 0;
    if (phonon_engine_new(program, NULL, &engine) == PHONON_OK) {
      bytes = (size_t)length_of(job, engine) * 2 * sizeof(float);
      phonon_engine_free(engine);
    }
    const bool equal = memcmp(first.frames, second.frames, bytes) == 0;
    printf("\nspeed-up: %.2f; the samples are %s\n", first.mean_sec / (second.mean_sec > 0 ? second.mean_sec : 1), equal ? "equal" : "NOT equal");
    status = equal ? EXIT_GOOD : EXIT_PROBLEM;
  }
  free(first.frames);
  free(second.frames);
  return status;
}

static int run_render(const Command *command, int argc, char **argv)
{
  Job job;
  int status = read_job(command, argc, argv, &job);
  if (status) {
    return status;
  }
  PhononProgram *program = compile(job.input, &job.program, &status);
  if (!program) {
    return status;
  }
  PhononSamples *samples = NULL;
  const PhononStatus made = phonon_samples_new(&job.samples, &samples);
  status = made == PHONON_OK ? EXIT_GOOD : problem("the samples cannot be searched: %s", phonon_status_text(made));
  if (!status && job.compare) {
    status = compare(&job, program, samples);
    job.compare = false;
    job.realtime = false;
  }
  (void)signal(SIGINT, interrupt);
  (void)signal(SIGTERM, interrupt);
  if (!status) {
    PhononEngine *engine = NULL;
    if (phonon_engine_new(program, NULL, &engine) == PHONON_OK) {
      job.file.frames = length_of(&job, engine);
      phonon_engine_free(engine);
    }
    Outputs outputs = { 0 };
    Result result = { 0 };
    status = open_outputs(&job, program, &outputs);
    status = status ? status : render_once(&job, program, samples, &outputs, &result);
    status = close_outputs(&outputs, status, &result.clipped);
    if (!status) {
      say_done(&job, &result);
    }
  }
  phonon_samples_free(samples);
  phonon_program_free(program);
  return status;
}

const Command cmd_render = { "render", "IN OUT [options]", "renders a file, `-` or code to a sound file", options_table, run_render };
