/* A performance from its beginning to its end: device, loop, signals, words.  SPDX-License-Identifier: MIT */
#include "app/live/live.h"

#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ADVICE_MS = 200, GAPS_MS = 10000, SAY_MAX = 1 << 16 };

/* ---- words ------------------------------------------------------------------------------------------------------- */

/* Lines: what is wrong to standard error, the rest to standard output. */
static void say_plainly(Live *live, Tone tone, const char *text)
{
  const bool is_wrong = tone == TONE_ERROR || tone == TONE_WARNING;
  if (live->job.quiet && !is_wrong) {
    return;
  }
  fprintf(is_wrong ? stderr : stdout, "%s\n", text);
  (void)fflush(is_wrong ? stderr : stdout);
}

void live_speak_plainly(Live *live) { live->say = say_plainly; }

void live_say(Live *live, Tone tone, const char *fmt, ...)
{
  char *text = NULL;
  va_list args;
  va_start(args, fmt);
  const int len = vasprintf(&text, fmt, args);
  va_end(args);
  if (len >= 0) {
    live->say(live, tone, text);
    free(text);
  }
}

/* [any] What the engine reports: on the thread that renders, or here while an edit is made ready. */
static void note(void *ctx, const PhononDiagnostic *diagnostic)
{
  Live *live = ctx;
  const bool is_ours = pthread_equal(pthread_self(), live->control) != 0;
  const Code *code = is_ours && live->making ? live->making : live->has_stage ? live->stage.code : live->playing;
  notes_push(&live->notes, phonon_program_diagnostic_text(code->program, diagnostic, false));
}

static void say_notes(Live *live)
{
  for (Note *note = notes_take(&live->notes), *next; note; note = next) {
    next = note->next;
    live_say(live, TONE_WARNING, "%.*s", (int)strlen(note->text) - 1, note->text);
    phonon_free(note->text);
    free(note);
  }
}

/* ---- options ----------------------------------------------------------------------------------------------------- */

bool live_init(Live *live, const Command *command)
{
  *live = (Live){ .osc_port = -1, .say = say_plainly, .quantum = { 0, 1 }, .link_quantum = 4, .control = pthread_self() };
  job_init(&live->job, command);
  device_init(&live->device);
  return uv_loop_init(&live->loop) == 0;
}

static int take_quantize(Live *live)
{
  static const struct {
    const char *name;
    Quantum quantum;
  } words[] = { { "now", { 0, 1 } }, { "beat", { 1, 4 } }, { "cycle", { 1, 1 } } };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (strcmp(words[i].name, optarg) == 0) {
      live->quantum = words[i].quantum;
      return EXIT_GOOD;
    }
  }
  PhononTime time;
  if (!read_time(optarg, &time) || time.num <= 0) {
    return usage_error(live->job.command, "--quantize is now, beat, cycle or a number of cycles, not `%s`", optarg);
  }
  live->quantum = (Quantum){ time.num, time.den };
  return EXIT_GOOD;
}

static int take_osc_port(Live *live)
{
  long long port = 0;
  if (!read_whole(live->job.command, "osc-port", optarg, 0, UINT16_MAX, &port)) {
    return EXIT_USAGE;
  }
  live->osc_port = (long)port;
  return EXIT_GOOD;
}

int live_take(Live *live, int option, int argc, char **argv)
{
  switch (option) {
  case OPT_QUANTIZE:
    return take_quantize(live);
  case OPT_RECORD:
    live->record = optarg;
    return EXIT_GOOD;
  case OPT_STEMS:
    live->stems = optarg;
    return EXIT_GOOD;
  case OPT_SESSION:
    live->session_path = optarg;
    return EXIT_GOOD;
  case OPT_OSC_PORT:
    return take_osc_port(live);
  case OPT_OSC_TARGET:
    return live_osc_target(live, optarg) ? EXIT_GOOD : EXIT_USAGE;
  case OPT_MIDI_OUT:
  case OPT_MIDI_CLOCK:
    return live_midi_out(live, optarg, option == OPT_MIDI_CLOCK) ? EXIT_GOOD : EXIT_USAGE;
  case OPT_MIDI_IN:
    return live_midi_in(live, optarg) ? EXIT_GOOD : EXIT_PROBLEM;
  case OPT_MIDI_BACKEND:
    return live_midi_backend(live, optarg) ? EXIT_GOOD : EXIT_PROBLEM;
  case OPT_MIDI_CLOCK_IN:
    return live_midi_clock_in(live, optarg) ? EXIT_GOOD : EXIT_PROBLEM;
  case OPT_LINK:
  case OPT_LINK_START_STOP:
    live->wants_link = true;
    live->wants_start_stop |= option == OPT_LINK_START_STOP;
    return EXIT_GOOD;
  case OPT_LINK_QUANTUM:
    return read_number(live->job.command, "link-quantum", optarg, 1, 64, &live->link_quantum) ? EXIT_GOOD : EXIT_USAGE;
  default:
    return device_take(&live->device, &live->job, option, argc, argv);
  }
}

int live_check(Live *live)
{
  if (live->stems && !live->record) {
    return usage_error(live->job.command, "--stems come beside --record FILE");
  }
  if (live->wants_link && live->wants_midi_clock) {
    return usage_error(live->job.command, "--link and --midi-clock-in both lead the tempo: one of them");
  }
  const int status = device_check(&live->device, &live->job);
  if (!status && live->wants_link && device_has_no_clock(&live->device)) {
    return usage_error(live->job.command, "--link goes by the clock, which `--backend file` does not: `--device paced:PATH` does");
  }
  return status ? status : live_link_open(live);
}

/* ---- the sound --------------------------------------------------------------------------------------------------- */

/* What plays first: the text, or silence if it has errors. */
static Code *first_code(Live *live, const char *text, size_t len)
{
  const Hand hand = { 0 };
  Code *code = code_new(live, text, len, &hand, true);
  live->is_in_error = !code;
  if (code) {
    char *copy = strndup(text, len);
    if (copy) {
      live->undo[live->undo_count++] = copy;
    }
    return code;
  }
  live_say(live, TONE_ERROR, "silence plays until it has no error");
  return code_new(live, "", 0, &hand, false);
}

PhononStatus live_make_engine(Live *live, const PhononProgram *program, PhononEngine **out)
{
  PhononAudioInfo info;
  phonon_audio_info(live->audio, &info);
  PhononEngineOptions options = stage_engine_options(&live->job, live->samples, info.block_frames);
  options.report = note;
  options.report_ctx = live;
  options.profile = live->view != NULL;
  const PhononStatus status = phonon_engine_new(program, &options, out);
  if (status == PHONON_OK) {
    live_osc_connect(live, *out);
    live_midi_connect(live, *out);
  }
  return status;
}

static int start_engine(Live *live)
{
  live->base = 0;
  const PhononStatus made = live_make_engine(live, live->playing->program, &live->engine);
  if (made != PHONON_OK) {
    return problem("the engine does not start: %s", phonon_status_text(made));
  }
  if (!stage_init(&live->stage, &live->job, live->engine, live->playing)) {
    return problem("out of memory");
  }
  live->stage.has_clock = !device_has_no_clock(&live->device);
  live_midi_stage(live);
  if (live->is_gated) {
    atomic_store(&live->stage.gate, 0);
  }
  live->has_stage = true;
  if (live->job.cycles_given || live->job.seconds_given) {
    live->stage.total = job_length(&live->job, live->playing->program, live->engine);
  }
  return EXIT_GOOD;
}

static int start_files(Live *live)
{
  if (live->record && !live_record(live, live->record)) {
    return EXIT_PROBLEM;
  }
  live_record_stems(live, live->playing);
  if (live->session_path) {
    live->session = session_open(live, live->session_path);
    if (!live->session) {
      return EXIT_PROBLEM;
    }
    session_edit(live->session, live->playing, 0, phonon_engine_cycle_of_frame(live->engine, 0));
  }
  return EXIT_GOOD;
}

/* Everything at the rate of the device, from its frame 0. */
static int start_sound(Live *live, const char *text, size_t len)
{
  PhononAudioInfo info;
  phonon_audio_info(live->audio, &info);
  Job *job = &live->job;
  job->program.sample_rate = job->samples.sample_rate = job->file.sample_rate = info.sample_rate;
  const PhononStatus found = phonon_samples_new(&job->samples, &live->samples);
  if (found != PHONON_OK) {
    return problem("the samples cannot be searched: %s", phonon_status_text(found));
  }
  job->program.samples = live->samples;
  live->playing = first_code(live, text, len);
  int status = live->playing ? start_engine(live) : EXIT_PROBLEM;
  status = status ? status : start_files(live);
  if (status) {
    return status;
  }
  live_link_start(live);
  const PhononStatus started = phonon_audio_start(live->audio, stage_render, &live->stage, -1);
  return started == PHONON_OK ? EXIT_GOOD : problem("playing does not start: %s", phonon_status_text(started));
}

static void stop_sound(Live *live)
{
  live_close_recorders(live);
  if (live->midi && live->has_stage) {
    phonon_midi_stop(live->midi, live->stage.at);
  }
  if (live->session) {
    session_close(live->session, &live->stage);
    live->session = NULL;
  }
  phonon_swap_free(live->swap);
  live->swap = NULL;
  if (live->fresh && live->stage.engine != live->stage.fresh.engine) {
    phonon_engine_free(live->stage.fresh.engine);
  } else if (live->fresh) {
    phonon_engine_free(live->engine);
    live->engine = live->stage.engine;
  }
  phonon_engine_free(live->engine);
  live->engine = NULL;
  code_free(live->fresh);
  live->fresh = NULL;
  live->is_broken = false;
  live_free_codes(live); /* the engine needs them to its end */
  if (live->has_stage) {
    stage_deinit(&live->stage);
    live->has_stage = false;
  }
  phonon_samples_free(live->samples);
  live->samples = NULL;
}

/* The device is there at another rate: the text that plays begins anew at its rate, and what has passed is rendered and dropped. */
static void change_rate(Live *live)
{
  size_t len;
  char *text = strdup(live_text_now(live, &len));
  const Hand hand = live_hand_now(live);
  stop_sound(live);
  live->undo_count -= live->undo_count > 0; /* it is remembered again */
  live->status = text ? start_sound(live, text, len) : EXIT_PROBLEM;
  free(text);
  live->is_over = live->status != EXIT_GOOD;
  if (!live->status) {
    if (memcmp(&hand, &live->playing->hand, sizeof hand) != 0) {
      live_hand(live, &hand);
    }
    char words[WORDS_MAX];
    device_words(&live->device, live->audio, words);
    live_say(live, TONE_WARNING, "%s; a session or a recording goes on in a file of its own", words);
  }
}

static void add_gaps(Gaps *gaps, const PhononAudioEvent *event)
{
  const PhononAudioEvent before = gaps->event;
  gaps->event = *event;
  gaps->event.count += before.count;
  gaps->event.frames += before.frames;
  if (before.slowest_sec > event->slowest_sec) {
    gaps->event.slowest_sec = before.slowest_sec;
    gaps->event.slowest_cpu_sec = before.slowest_cpu_sec;
  }
}

/* The first is said at once; while there are more, their sum now and then, or they would be all that a performer reads. */
static void say_gaps(Live *live, Gaps *gaps)
{
  if (gaps->event.count && (!gaps->said_ms || now_ms() - gaps->said_ms > GAPS_MS)) {
    char words[WORDS_MAX];
    device_gaps(&gaps->event, live->job.engine.threads, words);
    live_say(live, TONE_WARNING, "%s", words);
    gaps->event = (PhononAudioEvent){ 0 };
    gaps->said_ms = now_ms();
  }
}

static void hear(Live *live, const PhononAudioEvent *event)
{
  PhononAudioInfo info;
  phonon_audio_info(live->audio, &info);
  switch (event->kind) {
  case PHONON_AUDIO_LOST:
    live_say(live, TONE_ERROR, "%s is gone; time goes on, and so will the sound when it is back", info.backend);
    break;
  case PHONON_AUDIO_BACK:
    live_say(live, TONE_GOOD, "back after %.1f s, in phase", event->sec);
    break;
  case PHONON_AUDIO_RATE:
    change_rate(live);
    break;
  case PHONON_AUDIO_UNDERRUN:
    add_gaps(&live->underruns, event);
    break;
  case PHONON_AUDIO_XRUN:
    live->xruns += event->count;
    add_gaps(&live->device_xruns, event);
    break;
  case PHONON_AUDIO_FAILED:
    live_say(live, TONE_ERROR, "the sound ended: %s", event->reason);
    live->status = EXIT_PROBLEM;
    live->is_over = true;
    break;
  case PHONON_AUDIO_ENDED:
    live->is_over = true;
    break;
  }
}

/* ---- the loop ---------------------------------------------------------------------------------------------------- */

void live_end(Live *live)
{
  if (live->ending++ == 0) {
    live->ending_ms = now_ms();
    atomic_store_explicit(&live->stage.stop, true, memory_order_release);
  }
}

static bool is_out_of_patience(const Live *live)
{
  const double patience_ms = (PATIENCE_SEC + live->device.options.ahead_sec) * 1e3;
  return live->ending > 1 || (live->ending && (double)(now_ms() - live->ending_ms) > patience_ms);
}

static void minute(uv_timer_t *timer)
{
  Live *live = timer->data;
  PhononAudioEvent event;
  while (!live->is_over && phonon_audio_poll(live->audio, &event)) {
    hear(live, &event);
  }
  say_gaps(live, &live->underruns);
  say_gaps(live, &live->device_xruns);
  say_notes(live);
  if (!live->is_over) {
    (void)live_mind_clock(live);
    live_mind_osc(live);
    live_mind_midi(live);
    live_mind_link(live);
    live_mind_failure(live);
    live_mind_edits(live);
    live_mind_recorders(live);
  }
  if (!live->is_advised && now_ms() - live->begun_ms > ADVICE_MS) {
    char words[WORDS_MAX];
    live->is_advised = true;
    device_advice(&live->device, live->audio, words);
    if (words[0]) {
      live_say(live, TONE_PLAIN, "%s", words);
    }
  }
  if (live->minute) {
    live->minute(live);
  }
  if (live->is_over || is_out_of_patience(live)) {
    uv_stop(&live->loop);
  }
}

static void on_signal(uv_signal_t *handle, int number)
{
  Live *live = handle->data;
  if (number != SIGINT || !live->interrupt || !live->interrupt(live)) {
    live_end(live);
  }
}

int live_open(Live *live, const char *text, size_t len)
{
  static const int ending[LIVE_SIGNALS] = { SIGINT, SIGTERM, SIGHUP };
  PhononError error;
  (void)signal(SIGPIPE, SIG_IGN);
  for (size_t i = 0; i < LIVE_SIGNALS; i++) {
    (void)uv_signal_init(&live->loop, &live->signals[i]);
    live->signals[i].data = live;
    (void)uv_signal_start(&live->signals[i], on_signal, ending[i]);
  }
  (void)uv_timer_init(&live->loop, &live->tick);
  live->tick.data = live;
  live->begun_ms = now_ms();
  if (phonon_audio_open(&live->device.options, &live->audio, &error) != PHONON_OK) {
    return problem("%s", error.text);
  }
  int status = start_sound(live, text, len);
  status = status || live_osc_open(live) ? status : EXIT_PROBLEM;
  if (!status) {
    char words[WORDS_MAX];
    device_words(&live->device, live->audio, words);
    live_say(live, TONE_PLAIN, "%s", words);
  }
  return status;
}

int live_run(Live *live)
{
  (void)uv_timer_start(&live->tick, minute, 0, POLL_MS);
  (void)uv_run(&live->loop, UV_RUN_DEFAULT);
  return live->status;
}

static void close_handle(uv_handle_t *handle, void *ctx)
{
  (void)ctx;
  if (!uv_is_closing(handle)) {
    uv_close(handle, NULL);
  }
}

void live_close_handles(Live *live)
{
  uv_walk(&live->loop, close_handle, NULL);
  (void)uv_run(&live->loop, UV_RUN_DEFAULT);
}

static void say_end(Live *live)
{
  const unsigned long long underruns = phonon_audio_underruns(live->audio);
  const int64_t due = phonon_audio_frame(live->audio), total = live->stage.total;
  const int64_t frames = total != INT64_MAX && !live->status ? total : due;
  live_say(live, TONE_PLAIN, "played %.2f s, %llu underrun%s", (double)frames / live->job.file.sample_rate, underruns,
           underruns == 1 ? "" : "s");
}

int live_close(Live *live)
{
  PhononError error;
  int status = live->status;
  const bool played = live->has_stage && live->audio;
  if (played) {
    say_end(live);
  }
  if (live->audio && phonon_audio_close(live->audio, &error) != PHONON_OK && !status) {
    status = problem("%s", error.text);
  }
  live->audio = NULL;
  live_speak_plainly(live);
  stop_sound(live);
  say_notes(live);
  live_played_close(live);
  live_close_handles(live);
  live_osc_close(live);
  live_midi_close(live);
  live_link_close(live);
  (void)uv_loop_close(&live->loop);
  for (size_t i = 0; i < live->undo_count; i++) {
    free(live->undo[i]);
  }
  live->undo_count = 0;
  phonon_free(live->wrong);
  live->wrong = NULL;
  return status;
}
