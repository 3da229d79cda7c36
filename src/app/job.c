/* The arguments of `phonon render`, and those that `phonon play` shares with it.  SPDX-License-Identifier: MIT */
#include "app/job.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define MOST_SEC 604800.0 /* a week */

const Option render_options[] = {
  { "duration", 'd', "SEC", "how long (10)" },
  { "cycles", 'c', "N", "how long, in cycles: instead of --duration" },
  { "sample-rate", 's', "HZ", "sample rate, 8000 to 384000 (44100)" },
  { "gain", 'g', "X", "gain of everything (0.8)" },
  { "normalize", OPT_NORMALIZE, "LUFS",
    "loudness of the file, e.g. -14: renders twice and sets the gain, one for all stems" },
  { "ceiling", OPT_CEILING, "DBTP", "true peak that --normalize stays below (-1)" },
  { "no-safety", OPT_NO_SAFETY, NULL, "let sums beyond full scale through, as `safety: off` does" },
  { "fade-in", OPT_FADE_IN, "SEC", "fade at the beginning (0.01)" },
  { "fade-out", OPT_FADE_OUT, "SEC", "fade at the end (0.01)" },
  { "block-size", 'b', "FRAMES", "frames of a block, 1 to 16384 (512); the sound does not depend on it" },
  { "threads", 't', "N", "threads, 1 to 64 (all cores); the sound does not depend on it" },
  { "parallel", OPT_PARALLEL, "[=true|false]", "use all threads (true); `false` is --threads 1" },
  { "realtime", OPT_REALTIME, NULL, "block by block as when live, timing each, and print the profile" },
  { "compare", OPT_COMPARE, NULL,
    "one thread and all threads: both profiles, the speed-up, whether the samples are equal" },
  { "profile", OPT_PROFILE, "FILE",
    "write what every line costs (repeatable): FILE.json as JSON, FILE.trace as spans of time for Perfetto, others as "
    "a table" },
  { "stems", OPT_STEMS, "DIR", "write every output to a file of its own, too" },
  { "midi-in", OPT_MIDI_FILE, "FILE.mid", "a MIDI file plays `~midi`, `cc` and the others; as long as it is, and 2 s" },
  { "session", OPT_FROM_SESSION, "FILE", "instead of IN: what `phonon live --session FILE` logged, bit for bit" },
  { "mono", OPT_MONO, NULL, "one channel" },
  { "bits", OPT_BITS, "16|24|32f", "resolution (24)" },
  { "dither", OPT_DITHER, NULL, "dither before rounding" },
  JOB_COMMON_OPTIONS,
  { NULL, 0, NULL, NULL },
};

/* Options that are numbers of a range, and where they go: a double, or a whole number in a uint32_t. */
static const struct {
  int option;
  bool whole;
  double least, most;
  size_t offset;
} numbers[] = {
  { 'd', false, 0, MOST_SEC, offsetof(Job, seconds) },
  { 's', true, 8000, 384000, 0 },
  { 'g', false, 0, 1000, offsetof(Job, gain) },
  { OPT_NORMALIZE, false, -70, 0, offsetof(Job, normalize) },
  { OPT_CEILING, false, -70, 0, offsetof(Job, ceiling) },
  { OPT_FADE_IN, false, 0, MOST_SEC, offsetof(Job, fade_in) },
  { OPT_FADE_OUT, false, 0, MOST_SEC, offsetof(Job, fade_out) },
  { 'b', true, 1, PHONON_BLOCK_MAX, offsetof(Job, engine.block_frames) },
  { 't', true, 1, PHONON_THREADS_MAX, offsetof(Job, engine.threads) },
  { OPT_VOICES, true, 1, PHONON_VOICES_MAX, offsetof(Job, engine.max_voices) },
};

/* Options without a value, and where they go. */
static const struct {
  int option;
  size_t offset;
} flags[] = {
  { OPT_REALTIME, offsetof(Job, realtime) },   { OPT_COMPARE, offsetof(Job, compare) },
  { OPT_DITHER, offsetof(Job, file.dither) },  { OPT_QUIET, offsetof(Job, quiet) },
  { OPT_TIDAL, offsetof(Job, program.tidal) }, { OPT_NO_SAFETY, offsetof(Job, engine.no_safety) },
};

static const char *name_of(const Job *job, int option)
{
  const Option *o = job->command->options;
  while (o->value != option) {
    o++;
    assert(o->name);
  }
  return o->name;
}

/* A number, or a flag. False: the option is neither. */
static bool take_plain(Job *job, int option, int *status)
{
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
    if (flags[i].option == option) {
      *(bool *)((char *)job + flags[i].offset) = true;
      return true;
    }
  }
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    if (numbers[i].option != option) {
      continue;
    }
    void *into = (char *)job + numbers[i].offset;
    double real = 0;
    long long whole = 0;
    if (!numbers[i].whole &&
        read_number(job->command, name_of(job, option), optarg, numbers[i].least, numbers[i].most, &real)) {
      *(double *)into = real;
    } else if (numbers[i].whole && read_whole(job->command, name_of(job, option), optarg, (long long)numbers[i].least,
                                              (long long)numbers[i].most, &whole)) {
      if (option == 's') {
        job->program.sample_rate = job->samples.sample_rate = job->file.sample_rate = (double)whole;
      } else {
        *(uint32_t *)into = (uint32_t)whole;
      }
    } else {
      *status = EXIT_USAGE;
    }
    job->seconds_given |= option == 'd';
    job->normalize_given |= option == OPT_NORMALIZE;
    job->threads_given |= option == 't';
    return true;
  }
  return false;
}

static int take_bits(Job *job)
{
  static const struct {
    const char *name;
    PhononBits bits;
  } known[] = { { "16", PHONON_BITS_16 }, { "24", PHONON_BITS_24 }, { "32f", PHONON_BITS_FLOAT } };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strcmp(known[i].name, optarg) == 0) {
      job->file.bits = known[i].bits;
      return EXIT_GOOD;
    }
  }
  return usage_error(job->command, "--bits is 16, 24 or 32f, not `%s`", optarg);
}

static int take_isa(Job *job)
{
  for (size_t i = 0; phonon_isa_name(i); i++) {
    if (strcmp(phonon_isa_name(i), optarg) == 0) {
      job->engine.isa = phonon_isa_name(i);
      return EXIT_GOOD;
    }
  }
  return usage_error(job->command, "this machine does not run `%s`; `phonon version` lists what it runs", optarg);
}

/* `--parallel`, `--parallel=false` and, as people write it, `--parallel false`. */
static int take_parallel(Job *job, int argc, char **argv)
{
  const char *value = optarg ? optarg : "true";
  if (!optarg && optind < argc && (strcmp(argv[optind], "true") == 0 || strcmp(argv[optind], "false") == 0)) {
    value = argv[optind++];
  }
  if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0) {
    return usage_error(job->command, "--parallel is true or false, not `%s`", value);
  }
  job->parallel = strcmp(value, "true") == 0;
  return EXIT_GOOD;
}

int job_take(Job *job, int option, int argc, char **argv)
{
  int status = EXIT_GOOD;
  long long seed = 0;
  if (option == '?' || take_plain(job, option, &status)) {
    return option == '?' ? EXIT_USAGE : status;
  }
  switch (option) {
  case 'c':
    job->cycles_given = true;
    if (!read_time(optarg, &job->cycles) || job->cycles.num < 0) {
      return usage_error(job->command, "--cycles wants a number like 8, 0.5 or 1/3, not `%s`", optarg);
    }
    return EXIT_GOOD;
  case OPT_SEED:
    job->program.seed_given = true;
    if (!read_whole(job->command, "seed", optarg, 0, INT64_MAX, &seed)) {
      return EXIT_USAGE;
    }
    job->program.seed = (uint64_t)seed;
    return EXIT_GOOD;
  case OPT_PARALLEL:
    return take_parallel(job, argc, argv);
  case OPT_BITS:
    return take_bits(job);
  case OPT_ISA:
    return take_isa(job);
  case OPT_MONO:
    job->file.channels = 1;
    return EXIT_GOOD;
  case OPT_PROFILE:
    if (job->profile_count == PROFILES_MAX) {
      return usage_error(job->command, "at most %d files for --profile", PROFILES_MAX);
    }
    job->profiles[job->profile_count++] = optarg;
    return EXIT_GOOD;
  case OPT_STEMS:
    job->stems = optarg;
    return EXIT_GOOD;
  case OPT_MIDI_FILE:
    job->midi = optarg;
    return EXIT_GOOD;
  case OPT_FROM_SESSION:
    job->session = optarg;
    return EXIT_GOOD;
  default:
    assert(option == OPT_SAMPLES);
    if (job->samples.dir_count == DIRS_MAX) {
      return usage_error(job->command, "at most %d folders of samples", DIRS_MAX);
    }
    if (!samples_folder_exists(job->command, optarg)) {
      return EXIT_USAGE;
    }
    job->dirs[job->samples.dir_count++] = optarg;
    return EXIT_GOOD;
  }
}

void job_init(Job *job, const Command *command)
{
  *job = (Job){ .command = command,
                .program = PHONON_PROGRAM_DEFAULTS,
                .engine = PHONON_ENGINE_DEFAULTS,
                .samples = PHONON_SAMPLES_DEFAULTS,
                .file = PHONON_FILE_DEFAULTS,
                .seconds = 10,
                .gain = 0.8,
                .fade_in = 0.01,
                .fade_out = 0.01,
                .ceiling = -1,
                .parallel = true };
  job->samples.dirs = job->dirs;
}

int job_check(const Job *job)
{
  return job->cycles_given && job->seconds_given
             ? usage_error(job->command, "--duration and --cycles both say how long: give one")
             : EXIT_GOOD;
}

int job_read(Job *job, const Command *command, int argc, char **argv)
{
  job_init(job, command);
  for (int option; (option = next_option(command, argc, argv)) != -1;) {
    const int status = job_take(job, option, argc, argv);
    if (status) {
      return status;
    }
  }
  const int inputs = job->session ? 0 : 1;
  if (optind + inputs + 1 != argc) {
    return optind + inputs + 1 > argc ? usage_error(command, "it wants %san output", inputs ? "an input and " : "")
                                      : usage_error(command, "what is `%s`?", argv[optind + inputs + 1]);
  }
  if (job->session &&
      (job->midi || job->stems || job->normalize_given || job->compare || job->realtime || job->profile_count)) {
    return usage_error(command, "--session goes with the length, the file's format, threads and blocks alone");
  }
  job->input = inputs ? argv[optind] : NULL;
  job->output = argv[optind + inputs];
  if (!job->threads_given) {
    job->engine.threads = job->parallel ? 0 : 1; /* 0: a thread per core */
  }
  return job_check(job);
}
