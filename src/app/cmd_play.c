/* `phonon play`: a text is heard; `phonon devices`: on what.  SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/play.h"

enum { OPT_JSON = OPT_PLAY_LAST };

static const Option play_options[] = {
  { "duration", 'd', "SEC", "how long (until Ctrl-C)" },
  { "cycles", 'c', "N", "how long, in cycles: instead of --duration" },
  PLAY_DEVICE_OPTIONS,
  JOB_COMMON_OPTIONS,
  { NULL, 0, NULL, NULL },
};

/* The program at one sample rate, as it runs. The render thread has the engine and `at` while it plays. */
typedef struct Sound {
  const Job *job;
  PhononSamples *samples;
  PhononProgram *program;
  PhononEngine *engine;
  int64_t at, total; /* total: -1 without end */
  Notes *notes;
} Sound;

typedef struct Play {
  Job job;
  Device device;
  char *text;
  size_t len;
  PhononAudio *audio;
  Sound sound;
  Notes notes;
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

/* ---- arguments --------------------------------------------------------------------------------------------------- */

static int read_arguments(Play *play, const Command *command, int argc, char **argv)
{
  job_init(&play->job, command);
  device_init(&play->device);
  for (int option; (option = next_option(command, argc, argv)) != -1;) {
    const int status = device_take(&play->device, &play->job, option, argc, argv);
    if (status) {
      return status;
    }
  }
  if (optind + 1 != argc) {
    return optind == argc ? usage_error(command, "it wants an input")
                          : usage_error(command, "what is `%s`?", argv[optind + 1]);
  }
  play->job.input = argv[optind];
  return device_check(&play->device, &play->job);
}

/* ---- the sound --------------------------------------------------------------------------------------------------- */

static void note(void *ctx, const PhononDiagnostic *diagnostic)
{
  Sound *sound = ctx;
  notes_push(sound->notes, phonon_program_diagnostic_text(sound->program, diagnostic, is_terminal(stderr)));
}

static void print_notes(Play *play)
{
  for (Note *note = notes_take(&play->notes), *next; note; note = next) {
    next = note->next;
    fputs(note->text, stderr);
    phonon_free(note->text);
    free(note);
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
  options.load_ahead = true;
  options.output_gain = job->gain;
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

static void say(const Play *play, const char *words)
{
  if (!play->job.quiet && words[0]) {
    printf("%s\n", words);
    (void)fflush(stdout);
  }
}

static void say_device(const Play *play)
{
  char words[WORDS_MAX];
  device_words(&play->device, play->audio, words);
  say(play, words);
}

static void say_advice(const Play *play)
{
  char words[WORDS_MAX];
  device_advice(&play->device, play->audio, words);
  say(play, words);
}

static void say_gaps(const Play *play, const PhononAudioEvent *event)
{
  char words[WORDS_MAX];
  device_gaps(event, play->job.engine.threads, words);
  fprintf(stderr, "phonon: %s\n", words);
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
    say_gaps(play, event);
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
                                                          (PATIENCE_SEC + play->device.options.ahead_sec) * 1e3);
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
  PhononError error;
  const PhononStatus opened = phonon_audio_open(&play.device.options, &play.audio, &error);
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
