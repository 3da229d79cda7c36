/* `phonon play`: a text is heard; `phonon devices`: on what.  SPDX-License-Identifier: MIT */
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/job.h"

enum { OPT_BACKEND = 512, OPT_DEVICE, OPT_CHANNELS, OPT_OUT_MAP, OPT_AHEAD, OPT_JSON, POLL_MS = 20 };

#define FADE_SEC 0.05    /* after Ctrl-C */
#define PATIENCE_SEC 1.0 /* with a device that does not take the fade */
#define AHEAD_MOST_MS 10000.0

static const Option play_options[] = {
  { "duration", 'd', "SEC", "how long (until Ctrl-C)" },
  { "cycles", 'c', "N", "how long, in cycles: instead of --duration" },
  { "backend", OPT_BACKEND, "NAME", "jack (also PipeWire), portaudio, null or file (the first of them that is there)" },
  { "device", OPT_DEVICE, "NAME", "one that `phonon devices` lists (the back end's choice)" },
  { "block", 'b', "FRAMES", "frames of a block, 16 to 16384 (the device's; a server keeps its own)" },
  { "rate", 's', "HZ", "sample rate, 8000 to 384000 (the device's; a server keeps its own)" },
  { "channels", OPT_CHANNELS, "N", "channels to open, 1 to 64 (2); one gets both sides" },
  { "out-map", OPT_OUT_MAP, "L,R", "the device's channels for left and right, from 1 (1,2)" },
  { "ahead", OPT_AHEAD, "MS", "how far to render ahead, 0 to 10000 (20); at least two blocks" },
  { "threads", 't', "N", "threads, 1 to 64 (1); the sound does not depend on it" },
  { "gain", 'g', "X", "gain of everything (0.8)" },
  { "no-safety", OPT_NO_SAFETY, NULL, "let sums beyond full scale through, as `safety: off` does" },
  { "fade-in", OPT_FADE_IN, "SEC", "fade at the beginning (0.01)" },
  { "fade-out", OPT_FADE_OUT, "SEC", "fade at the end that is given (0.01)" },
  JOB_COMMON_OPTIONS,
  { NULL, 0, NULL, NULL },
};

/* A message of the render thread, for the control thread to print: words are no work for it. */
typedef struct Note {
  struct Note *next;
  char *text;
} Note;

/* The program at one sample rate, as it runs. The render thread has the engine and `at` while it plays. */
typedef struct Sound {
  const Job *job;
  PhononSamples *samples;
  PhononProgram *program;
  PhononEngine *engine;
  int64_t at, total; /* total: -1 without end */
  _Atomic(Note *) *notes;
} Sound;

typedef struct Play {
  Job job;
  PhononAudioOptions options;
  bool rate_given;
  char *text;
  size_t len;
  PhononAudio *audio;
  Sound sound;
  _Atomic(Note *) notes;    /* newest first; pushed by the render thread, taken whole by the control thread */
  int64_t asked_to_stop_ms; /* 0: nobody did */
  bool is_complete;         /* all that was asked for is played */
} Play;

static volatile sig_atomic_t interrupts;

static void interrupt(int number)
{
  (void)number;
  if (++interrupts > 3) {
    _exit(EXIT_PROBLEM); /* a library hangs, and somebody insists */
  }
}

static int64_t now_ms(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- arguments --------------------------------------------------------------------------------------------------- */

static int take_out_map(Play *play)
{
  char *end = NULL;
  const unsigned long left = strtoul(optarg, &end, 10);
  const unsigned long right = *end == ',' ? strtoul(end + 1, &end, 10) : 0;
  if (*end || left < 1 || right < 1 || left > PHONON_CHANNELS_MAX || right > PHONON_CHANNELS_MAX) {
    return usage_error(play->job.command, "--out-map wants two channels like 3,4 (from 1 to %d), not `%s`",
                       PHONON_CHANNELS_MAX, optarg);
  }
  play->options.out_map[0] = (uint32_t)left;
  play->options.out_map[1] = (uint32_t)right;
  return EXIT_GOOD;
}

static int take(Play *play, int option, int argc, char **argv)
{
  const Command *command = play->job.command;
  long long whole = 0;
  double ms = 0;
  switch (option) {
  case OPT_BACKEND:
    play->options.backend = optarg;
    return EXIT_GOOD;
  case OPT_DEVICE:
    play->options.device = optarg;
    return EXIT_GOOD;
  case OPT_OUT_MAP:
    return take_out_map(play);
  case 'b':
    if (!read_whole(command, "block", optarg, 16, PHONON_BLOCK_MAX, &whole)) {
      return EXIT_USAGE;
    }
    play->options.block_frames = (uint32_t)whole;
    return EXIT_GOOD;
  case OPT_CHANNELS:
    if (!read_whole(command, "channels", optarg, 1, PHONON_CHANNELS_MAX, &whole)) {
      return EXIT_USAGE;
    }
    play->options.channels = (uint32_t)whole;
    return EXIT_GOOD;
  case OPT_AHEAD:
    if (!read_number(command, "ahead", optarg, 0, AHEAD_MOST_MS, &ms)) {
      return EXIT_USAGE;
    }
    play->options.ahead_sec = ms / 1000;
    return EXIT_GOOD;
  default:
    play->rate_given |= option == 's';
    return job_take(&play->job, option, argc, argv);
  }
}

static int read_arguments(Play *play, const Command *command, int argc, char **argv)
{
  job_init(&play->job, command);
  play->options = (PhononAudioOptions)PHONON_AUDIO_DEFAULTS;
  play->options.lock_memory = true;
  for (int option; (option = next_option(command, argc, argv)) != -1;) {
    const int status = take(play, option, argc, argv);
    if (status) {
      return status;
    }
  }
  if (optind + 1 != argc) {
    return optind == argc ? usage_error(command, "it wants an input")
                          : usage_error(command, "what is `%s`?", argv[optind + 1]);
  }
  play->job.input = argv[optind];
  const uint32_t most = play->options.channels ? play->options.channels : 2;
  uint32_t *map = play->options.out_map;
  if (!play->options.channels && (map[0] > most || map[1] > most)) {
    play->options.channels = map[0] > map[1] ? map[0] : map[1];
  }
  if (play->options.channels && (map[0] > play->options.channels || map[1] > play->options.channels)) {
    return usage_error(command, "--out-map names a channel that --channels %u does not open", play->options.channels);
  }
  /* With more threads they wait for each other: none may be above the rest. */
  play->options.realtime = play->job.engine.threads == 1;
  return job_check(&play->job);
}

/* ---- the sound --------------------------------------------------------------------------------------------------- */

static void note(void *ctx, const PhononDiagnostic *diagnostic)
{
  Sound *sound = ctx;
  Note *fresh = malloc(sizeof *fresh);
  if (!fresh) {
    return;
  }
  fresh->text = phonon_program_diagnostic_text(sound->program, diagnostic, is_terminal(stderr));
  fresh->next = atomic_load_explicit(sound->notes, memory_order_relaxed);
  while (!atomic_compare_exchange_weak_explicit(sound->notes, &fresh->next, fresh, memory_order_release,
                                                memory_order_relaxed)) {}
}

static void print_notes(Play *play)
{
  Note *newest = atomic_exchange_explicit(&play->notes, NULL, memory_order_acquire), *oldest = NULL;
  while (newest) {
    Note *next = newest->next;
    newest->next = oldest;
    oldest = newest;
    newest = next;
  }
  while (oldest) {
    Note *next = oldest->next;
    fputs(oldest->text ? oldest->text : "", stderr);
    phonon_free(oldest->text);
    free(oldest);
    oldest = next;
  }
}

static PhononStatus render(void *ctx, uint32_t frames, float *out)
{
  Sound *sound = ctx;
  const PhononStatus status = phonon_engine_render(sound->engine, frames, out, NULL);
  job_shape(sound->job, out, frames, sound->at, sound->total < 0 ? INT64_MAX : sound->total);
  sound->at += frames;
  return status;
}

static void close_sound(Sound *sound)
{
  phonon_engine_free(sound->engine);
  phonon_program_free(sound->program);
  phonon_samples_free(sound->samples);
  *sound = (Sound){ .notes = sound->notes };
}

/* The program at the device's rate, from its beginning. */
static int open_sound(Play *play, bool is_first)
{
  Job *job = &play->job;
  Sound *sound = &play->sound;
  PhononAudioInfo info;
  phonon_audio_info(play->audio, &info);
  int status = EXIT_GOOD;
  *sound = (Sound){ .job = job, .total = -1, .notes = &play->notes };
  job->program.sample_rate = job->samples.sample_rate = job->file.sample_rate = info.sample_rate;
  const PhononStatus found = phonon_samples_new(&job->samples, &sound->samples);
  if (found != PHONON_OK) {
    return problem("the samples cannot be searched: %s", phonon_status_text(found));
  }
  job->program.samples = sound->samples;
  sound->program = compile_text(play->text, play->len, &job->program, is_first, &status);
  if (!sound->program) {
    return status;
  }
  PhononEngineOptions options = job->engine;
  options.samples = sound->samples;
  options.block_frames = info.block_frames < PHONON_BLOCK_MAX ? info.block_frames : PHONON_BLOCK_MAX;
  options.window = 1;
  options.report = note;
  options.report_ctx = sound;
  const PhononStatus made = phonon_engine_new(sound->program, &options, &sound->engine);
  if (made != PHONON_OK) {
    return problem("the engine does not start: %s", phonon_status_text(made));
  }
  if (job->cycles_given || job->seconds_given) {
    sound->total = job_length(job, sound->program, sound->engine);
  }
  const PhononStatus started = phonon_audio_start(play->audio, render, sound, sound->total);
  return started == PHONON_OK ? EXIT_GOOD : problem("playing does not start: %s", phonon_status_text(started));
}

/* ---- words ------------------------------------------------------------------------------------------------------- */

static void say_device(const Play *play)
{
  PhononAudioInfo info;
  phonon_audio_info(play->audio, &info);
  if (play->job.quiet) {
    return;
  }
  printf("%s, %s: %.0f Hz, blocks of %u, %u channel%s, latency %.1f ms (%.1f ahead, %.1f of the device)\n",
         info.backend, info.device, info.sample_rate, info.block_frames, info.channels, info.channels == 1 ? "" : "s",
         (info.ahead_sec + info.latency_sec) * 1e3, info.ahead_sec * 1e3, info.latency_sec * 1e3);
  if ((play->rate_given && info.sample_rate != play->options.sample_rate) ||
      (play->options.block_frames && info.block_frames != play->options.block_frames)) {
    printf("the server keeps its own rate and block\n");
  }
  (void)fflush(stdout);
}

/* One line about permissions, where it would help. */
static void say_advice(const Play *play)
{
  PhononAudioInfo info;
  phonon_audio_info(play->audio, &info);
  const bool no_priority = play->options.realtime && !info.realtime;
  if (play->job.quiet || strcmp(info.backend, "file") == 0 || (info.locked && !no_priority)) {
    return;
  }
  printf(
      "without %s: against dropouts, let your group have rtprio and memlock in /etc/security/limits.d (Debian: group "
      "`audio`, by `dpkg-reconfigure jackd2`)\n",
      !no_priority  ? "locked memory"
      : info.locked ? "realtime priority"
                    : "realtime priority and locked memory");
  (void)fflush(stdout);
}

static void say_gaps(const PhononAudioEvent *event)
{
  if (event->kind == PHONON_AUDIO_XRUN) {
    fprintf(stderr, "phonon: xruns of the device: %llu; a longer block helps\n", (unsigned long long)event->count);
  } else if (event->slowest_sec > event->block_sec) {
    fprintf(stderr,
            "phonon: underruns: %llu, silent frames: %llu: rendering a block took up to %.1f ms, and it sounds for "
            "%.1f ms\n",
            (unsigned long long)event->count, (unsigned long long)event->frames, event->slowest_sec * 1e3,
            event->block_sec * 1e3);
  } else {
    fprintf(stderr,
            "phonon: underruns: %llu, silent frames: %llu: the render thread was not woken in time (no block took more "
            "than "
            "%.1f of %.1f ms); a larger --ahead helps\n",
            (unsigned long long)event->count, (unsigned long long)event->frames, event->slowest_sec * 1e3,
            event->block_sec * 1e3);
  }
}

/* ---- playing ----------------------------------------------------------------------------------------------------- */

/* What happened. False: it is over, with *status. */
static bool hear(Play *play, const PhononAudioEvent *event, int *status)
{
  PhononAudioInfo info;
  phonon_audio_info(play->audio, &info);
  switch (event->kind) {
  case PHONON_AUDIO_LOST:
    fprintf(stderr, "phonon: %s is gone; time goes on, and so will the sound when it is back\n", info.backend);
    return true;
  case PHONON_AUDIO_BACK:
    fprintf(stderr, "phonon: back after %.1f s, in phase\n", event->sec);
    return true;
  case PHONON_AUDIO_RATE:
    close_sound(&play->sound);
    *status = open_sound(play, false);
    if (!*status) {
      say_device(play);
    }
    return *status == EXIT_GOOD;
  case PHONON_AUDIO_UNDERRUN:
  case PHONON_AUDIO_XRUN:
    say_gaps(event);
    return true;
  case PHONON_AUDIO_FAILED:
    *status = problem("the sound ended: %s", event->reason);
    return false;
  case PHONON_AUDIO_ENDED:
    play->is_complete = !interrupts && play->sound.total >= 0;
    break;
  }
  return false;
}

/* The first Ctrl-C fades out, the second one ends at once. */
static bool is_stopped(Play *play)
{
  if (interrupts > 0 && !play->asked_to_stop_ms) {
    play->asked_to_stop_ms = now_ms();
    phonon_audio_fade(play->audio, FADE_SEC);
  }
  return interrupts > 1 || (play->asked_to_stop_ms && (double)(now_ms() - play->asked_to_stop_ms) >
                                                          (PATIENCE_SEC + play->options.ahead_sec) * 1e3);
}

static int listen(Play *play)
{
  int status = EXIT_GOOD;
  bool is_going = true, is_advised = false;
  const int64_t begin = now_ms();
  while (is_going && !is_stopped(play)) {
    PhononAudioEvent event;
    while (is_going && phonon_audio_poll(play->audio, &event)) {
      is_going = hear(play, &event, &status);
    }
    print_notes(play);
    if (is_going && !is_advised && now_ms() - begin > 5 * POLL_MS) {
      is_advised = true;
      say_advice(play);
    }
    const struct timespec pause = { 0, is_going ? POLL_MS * 1000000L : 0 };
    (void)nanosleep(&pause, NULL);
  }
  return status;
}

static void say_end(Play *play)
{
  const unsigned long long underruns = phonon_audio_underruns(play->audio);
  const int64_t frames = play->is_complete ? play->sound.total : phonon_audio_frame(play->audio);
  if (!play->job.quiet && play->sound.engine) {
    printf("played %.2f s, %llu underrun%s\n", (double)frames / play->job.file.sample_rate, underruns,
           underruns == 1 ? "" : "s");
  }
}

static int run_play(const Command *command, int argc, char **argv)
{
  Play play = { 0 };
  int status = read_arguments(&play, command, argc, argv);
  if (status) {
    return status;
  }
  play.text = read_input(play.job.input, &play.job.program, &play.len);
  if (!play.text) {
    return EXIT_PROBLEM;
  }
  static const int ending[] = { SIGINT, SIGTERM, SIGHUP };
  for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
    (void)signal(ending[i], interrupt);
  }
  (void)signal(SIGPIPE, SIG_IGN);
  play.options.sample_rate = play.rate_given ? play.job.program.sample_rate : 0;
  PhononError error;
  const PhononStatus opened = phonon_audio_open(&play.options, &play.audio, &error);
  if (opened != PHONON_OK) {
    status = problem("%s", error.text);
  } else {
    status = open_sound(&play, true);
    if (!status) {
      say_device(&play);
      status = listen(&play);
      say_end(&play);
    }
    if (phonon_audio_close(play.audio, &error) != PHONON_OK && !status) {
      status = problem("%s", error.text);
    }
    print_notes(&play);
  }
  close_sound(&play.sound);
  phonon_free(play.text);
  return status;
}

const Command cmd_play = { "play", "IN [options]", "plays a file, `-` or code", play_options, run_play };

/* ---- devices ----------------------------------------------------------------------------------------------------- */

static const Option devices_options[] = { { "json", OPT_JSON, NULL, "as JSON" }, { NULL, 0, NULL, NULL } };

static int run_devices(const Command *command, int argc, char **argv)
{
  bool json = false;
  for (int option; (option = next_option(command, argc, argv)) != -1;) {
    if (option == '?') {
      return EXIT_USAGE;
    }
    json = true;
  }
  if (optind != argc) {
    return usage_error(command, "what is `%s`?", argv[optind]);
  }
  PhononDevices *devices = NULL;
  if (phonon_devices_new(&devices) != PHONON_OK) {
    return problem("out of memory");
  }
  const int status = print_text(json ? phonon_devices_json(devices) : phonon_devices_text(devices));
  phonon_devices_free(devices);
  return status;
}

const Command cmd_devices = { "devices", "[--json]", "lists back ends and devices for `phonon play`", devices_options,
                              run_devices };
