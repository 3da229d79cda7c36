/* `phonon render --session`: a performance is rendered from its log, each edit at its frame.  SPDX-License-Identifier: MIT */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/live/replay.h"

enum { FIRST_LINE = 2 }; /* of the acts */

#define MORE_SEC 10.0 /* after the last edit of a session that has no end */

/* What happened at a frame: an edit, or what it is not. */
typedef struct Act {
  int64_t frame;
  size_t line;     /* of the log */
  uint32_t voices; /* 0: an edit */
  bool is_ctrl;    /* a number for `osc "/path"` or `cc`, or a key */
  bool is_tempo;   /* the tempo from outside is `tempo`; 0: the text's again */
  double tempo;
  bool is_transport; /* time stands still, goes on, or is put elsewhere */
  bool stands;
  double locate; /* a cycle; below 0: none */
  Ctrl ctrl;
  bool failed;   /* silence from here on, until an engine begins anew */
  int64_t fresh; /* the cycle where one does; -1: it is an edit */
  char *text;    /* NULL: as before */
  Hand hand;
  json_t *turns;   /* transitions; NULL: none */
} Act;

typedef struct Replay {
  Job job;
  const char *path;
  Act *acts;
  size_t count, cap;
  int64_t frames,
      total;      /* how many to render; where the fade out ends. total -1: nowhere, frames -1: the log does not end */
  const Act *now; /* what plays */
  PhononProgram **programs; /* by act, those that may be needed */
  PhononEngine *engine;
  bool is_silent; /* it has failed */
} Replay;

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static int wrong(const Replay *replay, size_t line, const char *what)
{
  return problem("%s:%zu: %s", replay->path, line, what);
}

static double real_of(const json_t *o, const char *key, double dflt)
{
  const json_t *value = json_object_get(o, key);
  return json_is_number(value) ? json_number_value(value) : dflt;
}

static char *text_of(const json_t *o, const char *key)
{
  const json_t *value = json_object_get(o, key);
  return json_is_string(value) ? strdup(json_string_value(value)) : NULL;
}

/* The options that shape the sound; those that the person gives now have been read before, and the ones that do not shape it are hers. */
static int read_header(Replay *replay, const json_t *o)
{
  Job *job = &replay->job;
  const double rate = real_of(o, "rate", 0);
  if (!json_is_string(json_object_get(o, "phonon")) || !(rate >= 8000 && rate <= 384000)) {
    return wrong(replay, 1, "this is not the log of a session");
  }
  job->program.sample_rate = job->samples.sample_rate = job->file.sample_rate = rate;
  job->gain = real_of(o, "gain", job->gain);
  job->fade_in = real_of(o, "fade_in", job->fade_in);
  job->engine.max_voices = (uint32_t)real_of(o, "voices", job->engine.max_voices);
  job->engine.no_safety |= json_is_false(json_object_get(o, "safety"));
  job->program.tidal = json_is_true(json_object_get(o, "tidal"));
  job->program.name = text_of(o, "name");
  if (json_is_integer(json_object_get(o, "seed"))) {
    job->program.seed = (uint64_t)json_integer_value(json_object_get(o, "seed"));
    job->program.seed_given = true;
  }
  const json_t *dirs = json_object_get(o, "samples");
  for (size_t i = 0; i < json_array_size(dirs) && job->samples.dir_count < DIRS_MAX; i++) {
    const char *dir = json_string_value(json_array_get(dirs, i));
    job->dirs[job->samples.dir_count] = dir ? strdup(dir) : NULL;
    job->samples.dir_count += job->dirs[job->samples.dir_count] != NULL;
  }
  const char *folder = json_string_value(json_object_get(o, "folder"));
  if (folder && chdir(folder) != 0) {
    fprintf(stderr, "phonon: %s: %s; samples and includes are looked for here\n", folder, strerror(errno));
  }
  return EXIT_GOOD;
}

static void read_numbers(const json_t *o, const char *key, uint64_t bits[2])
{
  const json_t *list = json_object_get(o, key);
  if (json_is_array(list)) {
    bits[0] = bits[1] = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
      const json_int_t number = json_integer_value(json_array_get(list, i));
      if (number >= 0 && number < OUTPUTS_MAX) {
        bits[number / 64] |= (uint64_t)1 << (number % 64);
      }
    }
  }
}

static bool is_edit(const Act *act)
{
  return !act->voices && !act->failed && !act->is_ctrl && !act->is_tempo && !act->is_transport;
}

static int read_act(Replay *replay, const json_t *o, size_t line)
{
  const json_t *frame = json_object_get(o, "frame");
  if (!json_is_integer(frame) || json_integer_value(frame) < 0) {
    return wrong(replay, line, "it has no frame");
  }
  if (json_object_get(o, "end")) {
    replay->frames = json_integer_value(frame);
    replay->total = json_integer_value(json_object_get(o, "end"));
    replay->job.fade_out = real_of(o, "fade_out", replay->job.fade_out);
    return EXIT_GOOD;
  }
  if (replay->count == replay->cap) {
    const size_t cap = replay->cap ? 2 * replay->cap : 64;
    Act *grown = realloc(replay->acts, cap * sizeof *grown);
    if (!grown) {
      return problem("out of memory");
    }
    replay->acts = grown;
    replay->cap = cap;
  }
  Act *act = &replay->acts[replay->count++];
  *act = (Act){ .frame = json_integer_value(frame),
                .line = line,
                .voices = (uint32_t)real_of(o, "voices", 0),
                .failed = json_is_true(json_object_get(o, "failed")),
                .is_tempo = json_object_get(o, "tempo") != NULL,
                .tempo = real_of(o, "tempo", 0),
                .is_transport = json_object_get(o, "stands") || json_object_get(o, "locate"),
                .stands = json_is_true(json_object_get(o, "stands")),
                .locate = real_of(o, "locate", -1),
                .fresh = (int64_t)real_of(o, "fresh", -1) };

  for (size_t i = replay->count - 1; i-- > 0;) {
    if (is_edit(&replay->acts[i])) {
      act->hand = replay->acts[i].hand;
      act->turns = json_incref(replay->acts[i].turns);
      break;
    }
  }
  act->is_ctrl = ctrl_read(o, &act->ctrl);
  act->text = text_of(o, "text");
  read_numbers(o, "muted", act->hand.muted);
  read_numbers(o, "soloed", act->hand.soloed);
  act->hand.hushed = json_object_get(o, "hushed") ? json_is_true(json_object_get(o, "hushed")) : act->hand.hushed;
  act->hand.cps = real_of(o, "cps", act->hand.cps);
  if (json_object_get(o, "transitions")) {
    json_decref(act->turns);
    act->turns = json_incref(json_object_get(o, "transitions"));
  }
  return EXIT_GOOD;
}

/* What comes first at a frame: the text that it begins with, limits of voices, failures, tempi and places from outside, edits, which are told of all controls,
   and controls. */
static int rank(const Act *act)
{
  return act->line == FIRST_LINE              ? 0
         : act->voices                        ? 1
         : act->failed                        ? 2
         : act->is_tempo || act->is_transport ? 3
         : act->is_ctrl                       ? 5
                                              : 4;
}

static int by_frame(const void *a, const void *b)
{
  const Act *x = a, *y = b;
  if (x->frame != y->frame) {
    return x->frame < y->frame ? -1 : 1;
  }
  if (rank(x) != rank(y)) {
    return rank(x) < rank(y) ? -1 : 1;
  }
  return x->line < y->line ? -1 : x->line > y->line;
}

/* Every edit gets its text. */
static int spread_texts(Replay *replay)
{
  const Act *before = NULL;
  for (size_t i = 0; i < replay->count; i++) {
    Act *act = &replay->acts[i];
    if (!is_edit(act)) {
      continue;
    }
    if (!act->text && !before) {
      return wrong(replay, act->line, "the first edit has no text");
    }
    act->text = act->text ? act->text : strdup(before->text);
    if (!act->text) {
      return problem("out of memory");
    }
    before = act;
  }
  if (!before || !is_edit(&replay->acts[0]) || replay->acts[0].frame != 0) {
    return wrong(replay, FIRST_LINE, "there is no text at frame 0");
  }
  qsort(replay->acts, replay->count, sizeof *replay->acts, by_frame);
  return EXIT_GOOD;
}

static int read_session(Replay *replay)
{
  FILE *file = fopen(replay->path, "r");
  if (!file) {
    return problem("%s: %s", replay->path, strerror(errno));
  }
  int status = EXIT_GOOD;
  char *text = NULL;
  size_t cap = 0, line = 0;
  for (ssize_t len; !status && (len = getline(&text, &cap, file)) > 0;) {
    json_error_t error;
    json_t *o = json_loadb(text, (size_t)len, 0, &error);
    line++;
    if (!json_is_object(o)) {
      /* A line that is cut off is the last one of a program that was killed. */
      status = text[len - 1] == '\n' ? wrong(replay, line, "this line is not a JSON object") : EXIT_GOOD;
    } else {
      status = line == 1 ? read_header(replay, o) : read_act(replay, o, line);
    }
    json_decref(o);
  }
  free(text);
  (void)fclose(file);
  return status ? status : line ? spread_texts(replay) : wrong(replay, 1, "the log is empty");
}

/* ---- rendering --------------------------------------------------------------------------------------------------- */

static void report(void *ctx, const PhononDiagnostic *diagnostic)
{
  const Replay *replay = ctx;
  const PhononProgram *program = replay->programs[replay->now - replay->acts];
  char *text = phonon_program_diagnostic_text(program, diagnostic, is_terminal(stderr));
  fputs(text ? text : diagnostic->message, stderr);
  phonon_free(text);
}

static PhononProgram *compile_act(Replay *replay, const Act *act, int *status)
{
  PhononProgramOptions options = replay->job.program;
  memcpy(options.muted, act->hand.muted, sizeof options.muted);
  memcpy(options.soloed, act->hand.soloed, sizeof options.soloed);
  options.hushed = act->hand.hushed;
  options.cps = act->hand.cps;
  Turns turns = { 0 };
  if (act->turns && !turns_read(act->turns, &turns)) {
    *status = wrong(replay, act->line, "its transitions cannot be read");
    return NULL;
  }
  options.transitions = turns.items;
  options.transition_count = turns.count;
  PhononProgram *program = compile_text(act->text, strlen(act->text), &options, false, status);
  turns_free(&turns);
  return program;
}

static void forget_unused(Replay *replay)
{
  for (const Act *act = replay->acts; act < replay->now; act++) {
    PhononProgram **program = &replay->programs[act - replay->acts];
    if (*program && !phonon_engine_uses(replay->engine, *program)) {
      phonon_program_free(*program);
      *program = NULL;
    }
  }
}

static PhononStatus make_engine(Replay *replay, const PhononProgram *program)
{
  const Job *job = &replay->job;
  PhononEngineOptions options = job->engine;
  options.samples = job->program.samples;
  options.window = 1;
  options.output_gain = job->gain;
  options.report = job->quiet ? NULL : report;
  options.report_ctx = replay;
  return phonon_engine_new(program, &options, &replay->engine);
}

/* A program that comes is told of all controls that were set before it: of the last value of each, in their order, as the stage does it. */
static void tell_ctrls(Replay *replay, const Act *until)
{
  const Ctrl *last[CTRLS_MAX];
  size_t count = 0;
  for (const Act *act = until; act-- > replay->acts && count < CTRLS_MAX;) {
    bool is_new = act->is_ctrl && ctrl_lasts(&act->ctrl);
    for (size_t i = 0; i < count && is_new; i++) {
      is_new = !ctrl_same(last[i], &act->ctrl);
    }
    if (is_new) {
      last[count++] = &act->ctrl;
    }
  }
  while (count > 0) {
    ctrl_tell(replay->engine, last[--count]);
  }
}

/* So is an engine of the tempo from outside, and whether time stands still. */
static PhononStatus tell_tempo(Replay *replay, const Act *until)
{
  double tempo = 0;
  bool stands = false;
  for (const Act *act = replay->acts; act < until; act++) {
    tempo = act->is_tempo ? act->tempo : tempo;
    stands = act->is_transport ? act->stands : stands;
  }
  const PhononStatus told = phonon_engine_tempo(replay->engine, tempo);
  return told == PHONON_OK ? phonon_engine_stand(replay->engine, stands) : told;
}

static PhononStatus transport(Replay *replay, const Act *act)
{
  static const double parts = 65536;
  const PhononTime cycle = { (int64_t)(act->locate * parts + 0.5), (int64_t)parts };
  return act->locate >= 0 && act->locate < 1e9 ? phonon_engine_locate(replay->engine, cycle)
                                               : phonon_engine_stand(replay->engine, act->stands);
}

/* Another engine, after one that failed. */
static int begin_anew(Replay *replay, const Act *act)
{
  int status = EXIT_GOOD;
  Act later = *act;
  if (asprintf(&later.text, "%s\nsetCycle %lld\n", act->text, (long long)act->fresh) < 0) {
    return problem("out of memory");
  }
  PhononProgram *program = compile_act(replay, &later, &status);
  free(later.text);
  if (!program) {
    return wrong(replay, act->line, "this text has errors");
  }
  phonon_engine_free(replay->engine);
  replay->engine = NULL;
  for (const Act *old = replay->acts; old < act; old++) {
    phonon_program_free(replay->programs[old - replay->acts]);
    replay->programs[old - replay->acts] = NULL;
  }
  replay->programs[act - replay->acts] = program;
  replay->now = act;
  replay->is_silent = false;
  PhononStatus made = make_engine(replay, program);
  if (made == PHONON_OK) {
    tell_ctrls(replay, act);
    made = tell_tempo(replay, act);
  }
  return made == PHONON_OK ? EXIT_GOOD : wrong(replay, act->line, phonon_status_text(made));
}

static int apply(Replay *replay, const Act *act)
{
  int status = EXIT_GOOD;
  if (act->failed || act->fresh >= 0) {
    replay->is_silent = act->failed;
    return act->failed ? EXIT_GOOD : begin_anew(replay, act);
  }
  if (act->is_ctrl) {
    ctrl_tell(replay->engine, &act->ctrl);
    return EXIT_GOOD;
  }
  if (act->is_tempo) {
    const PhononStatus taken = phonon_engine_tempo(replay->engine, act->tempo);
    return taken == PHONON_OK ? EXIT_GOOD : wrong(replay, act->line, "a tempo from outside is 0, or 0.05 to 20 cycles per second");
  }
  if (act->is_transport) {
    const PhononStatus put = transport(replay, act);
    return put == PHONON_OK ? EXIT_GOOD : wrong(replay, act->line, phonon_status_text(put));
  }
  if (act->voices) {
    const PhononStatus limited = phonon_engine_limit_voices(replay->engine, act->voices);
    return limited == PHONON_OK ? EXIT_GOOD : wrong(replay, act->line, phonon_status_text(limited));
  }
  PhononProgram *program = compile_act(replay, act, &status);
  if (!program) {
    return wrong(replay, act->line, "this text has errors");
  }
  replay->programs[act - replay->acts] = program;
  replay->now = act;
  PhononSwap *swap = NULL;
  PhononStatus swapped = phonon_swap_new(replay->engine, program, &swap);
  swapped = swapped == PHONON_OK ? phonon_engine_swap(replay->engine, swap) : swapped;
  phonon_swap_free(swap);
  tell_ctrls(replay, act);
  forget_unused(replay);
  return swapped == PHONON_OK ? EXIT_GOOD : wrong(replay, act->line, "this edit cannot be played at its frame");
}

static int render_frames(Replay *replay, PhononFile *file)
{
  static float frames[2 * CHUNK_FRAMES];
  const Job *job = &replay->job;
  const int64_t total = replay->total < 0 ? INT64_MAX : replay->total;
  PhononError error;
  size_t next = 1;
  for (int64_t at = 0; at < replay->frames;) {
    while (next < replay->count && replay->acts[next].frame <= at) {
      const int status = apply(replay, &replay->acts[next++]);
      if (status) {
        return status;
      }
    }
    const int64_t to =
        next < replay->count && replay->acts[next].frame < replay->frames ? replay->acts[next].frame : replay->frames;
    const uint32_t count = to - at < CHUNK_FRAMES ? (uint32_t)(to - at) : CHUNK_FRAMES;
    memset(frames, 0, sizeof frames);
    const PhononStatus rendered =
        replay->is_silent ? PHONON_OK : phonon_engine_render(replay->engine, count, frames, NULL);
    if (rendered != PHONON_OK) {
      return problem("the rendering ended at %.3f s: %s", (double)at / job->file.sample_rate,
                     phonon_status_text(rendered));
    }
    job_shape(job, frames, count, at, total);
    if (phonon_file_write(file, frames, count, &error) != PHONON_OK) {
      return problem("%s", error.text);
    }
    at += count;
  }
  return EXIT_GOOD;
}

static int start_engine(Replay *replay)
{
  Job *job = &replay->job;
  int status = EXIT_GOOD;
  replay->now = &replay->acts[0];
  replay->programs[0] = compile_act(replay, &replay->acts[0], &status);
  if (!replay->programs[0]) {
    return wrong(replay, replay->acts[0].line, "this text has errors");
  }
  const PhononStatus made = make_engine(replay, replay->programs[0]);
  if (made != PHONON_OK) {
    return problem("the engine does not start: %s", phonon_status_text(made));
  }
  if (job->seconds_given || job->cycles_given) {
    replay->frames = replay->total = job_length(job, replay->programs[0], replay->engine);
  } else if (replay->frames < 0) {
    replay->frames = replay->total =
        replay->acts[replay->count - 1].frame + (int64_t)(MORE_SEC * job->file.sample_rate);
  }
  return EXIT_GOOD;
}

static int render_session(Replay *replay, const char *output)
{
  PhononError error;
  PhononFile *file = NULL;
  int status = start_engine(replay);
  if (status) {
    return status;
  }
  PhononFileOptions options = replay->job.file;
  options.frames = replay->frames;
  if (phonon_file_open(output, &options, &file, &error) != PHONON_OK) {
    return problem("%s", error.text);
  }
  status = render_frames(replay, file);
  if (status) {
    phonon_file_discard(file);
  } else if (phonon_file_finish(file, &error) != PHONON_OK) {
    status = problem("%s", error.text);
  }
  if (!status && !replay->job.quiet && strcmp(output, "-") != 0) {
    printf("%s: %.2f s, %zu edits\n", output, (double)replay->frames / replay->job.file.sample_rate, replay->count - 1);
  }
  return status;
}

/* The output's path, wherever we go. The caller's. */
static char *absolute(const char *path)
{
  char folder[4096], *made = NULL;
  if (path[0] == '/' || strcmp(path, "-") == 0 || !getcwd(folder, sizeof folder)) {
    return strdup(path);
  }
  return asprintf(&made, "%s/%s", folder, path) < 0 ? NULL : made;
}

int replay_session(const Job *job)
{
  Replay replay = { .job = *job, .path = job->session, .frames = -1, .total = -1 };
  replay.job.samples.dirs = replay.job.dirs;
  const size_t own_dirs = job->samples.dir_count;
  char *output = absolute(job->output);
  int status = output ? read_session(&replay) : EXIT_PROBLEM;
  replay.programs = status ? NULL : calloc(replay.count, sizeof(PhononProgram *));
  if (!status && replay.programs) {
    const PhononStatus made = phonon_samples_new(&replay.job.samples, &replay.job.program.samples);
    status = made == PHONON_OK ? render_session(&replay, output)
                               : problem("the samples cannot be searched: %s", phonon_status_text(made));
  }
  phonon_engine_free(replay.engine);
  for (size_t i = 0; i < replay.count; i++) {
    phonon_program_free(replay.programs ? replay.programs[i] : NULL);
    free(replay.acts[i].text);
    json_decref(replay.acts[i].turns);
  }
  phonon_samples_free(replay.job.program.samples);
  for (size_t i = own_dirs; i < replay.job.samples.dir_count; i++) {
    free((void *)(uintptr_t)replay.job.dirs[i]);
  }
  if (replay.job.program.name != job->program.name) {
    free((void *)(uintptr_t)replay.job.program.name);
  }
  free(replay.programs);
  free(replay.acts);
  free(output);
  return status;
}
