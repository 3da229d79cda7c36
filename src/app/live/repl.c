/* The prompt of `phonon repl`: statements and commands, from a person by libedit, or from a script.  SPDX-License-Identifier: MIT */
#include "app/live/repl.h"

#include <editline/readline.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/live/merge.h"
#include "app/live/term.h"

#define PROMPT "phonon> "
#define PROMPT_MORE "   ...> "

enum { CHUNK_BYTES = 4096, HISTORY_MOST = 1000, PATH_BYTES = 4096, TWICE_MS = 2000, KILL_LINE = 'U' - '@' };

struct Repl {
  Live *live;
  uv_poll_t input;
  PhononRegistry *registry;
  bool is_terminal, is_failed;
  bool is_ended;  /* nothing more is taken */
  bool is_at_end; /* of standard input */
  bool is_closing;
  bool is_busy; /* a line is being done: what is said needs no new prompt */
  char *open;   /* lines of a statement that goes on; NULL: none */
  char *script; /* bytes that were read and are no whole line yet, or wait; NUL-terminated */
  size_t script_len;
  double wait_until;      /* the cycle; NAN: nobody waits */
  int64_t interrupted_ms; /* 0: never */
  char history[PATH_BYTES];
};

static Repl *the_repl; /* libedit's callbacks have no context */

/* ---- words ------------------------------------------------------------------------------------------------------- */

static void say(Live *live, Tone tone, const char *text)
{
  const Repl *r = the_repl;
  if (tone == TONE_GOOD || (tone == TONE_PLAIN && (live->job.quiet || !r->is_terminal))) {
    return; /* that an edit plays can be heard */
  }
  if (r->is_terminal && !r->is_busy) {
    printf("\r\033[K");
  }
  FILE *out = r->is_terminal ? stdout : stderr;
  fprintf(out, "%s\n", text);
  (void)fflush(out);
  if (r->is_terminal && !r->is_busy && !r->is_ended) {
    rl_forced_update_display();
  }
}

static void print(const char *text)
{
  const size_t len = strlen(text);
  printf("%s%s", text, len && text[len - 1] != '\n' ? "\n" : "");
  (void)fflush(stdout);
}

static void complain(Repl *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void complain(Repl *r, const char *fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  vfprintf(stderr, fmt, args);
  va_end(args);
  fputc('\n', stderr);
  r->is_failed = true;
}

static bool is_blank(const char *text) { return text[strspn(text, " \t\r\n")] == 0; }

static bool is_comment(const char *text)
{
  text += strspn(text, " \t");
  return strncmp(text, "--", 2) == 0 || strncmp(text, "//", 2) == 0 || *text == '#';
}

/* ---- statements -------------------------------------------------------------------------------------------------- */

static void evaluate(Repl *r, const char *typed)
{
  size_t len;
  char *text = merge_statements(live_text_now(r->live, &len), typed, r->live->job.program.tidal);
  if (!text || !live_text(r->live, text, strlen(text), false)) {
    r->live->is_in_error = false; /* what was typed is gone; the text is as it was */
    r->is_failed = true;
  }
  free(text);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static void do_help(Repl *r, const char *name);

static void do_load(Repl *r, const char *path)
{
  char *text = NULL;
  size_t len = 0;
  PhononError error;
  if (phonon_read_file(path, PHONON_TEXT_MAX, &text, &len, &error) != PHONON_OK) {
    complain(r, "%s", error.text);
    return;
  }
  r->is_failed |= !live_text(r->live, text, len, false);
  r->live->is_in_error = false;
  phonon_free(text);
}

static void do_save(Repl *r, const char *path)
{
  size_t len;
  const char *text = live_text_now(r->live, &len);
  PhononError error;
  if (phonon_write_file(path, text, len, &error) != PHONON_OK) {
    complain(r, "%s", error.text);
  }
}

static void do_list(Repl *r, const char *unused)
{
  size_t len;
  (void)unused;
  print(live_text_now(r->live, &len));
}

static void do_hush(Repl *r, const char *unused)
{
  Hand hand = live_hand_now(r->live);
  (void)unused;
  hand.hushed = !hand.hushed;
  live_hand(r->live, &hand);
}

static void do_panic(Repl *r, const char *unused)
{
  (void)unused;
  live_panic(r->live);
}

static void do_undo(Repl *r, const char *unused)
{
  (void)unused;
  live_undo(r->live);
}

static void toggle(Repl *r, const char *number, bool is_solo)
{
  char *end = NULL;
  const unsigned long n = strtoul(number, &end, 10);
  Hand hand = live_hand_now(r->live);
  uint64_t *bits = is_solo ? hand.soloed : hand.muted;
  if (*end || n >= OUTPUTS_MAX) {
    complain(r, "an output is a number from 0 (`out`) to %d, not `%s`", OUTPUTS_MAX - 1, number);
    return;
  }
  bits[n / 64] ^= (uint64_t)1 << (n % 64);
  live_hand(r->live, &hand);
}

static void do_mute(Repl *r, const char *number) { toggle(r, number, false); }
static void do_solo(Repl *r, const char *number) { toggle(r, number, true); }

static void do_record(Repl *r, const char *path)
{
  if (live_is_recording(r->live) && strcmp(path, "off") == 0) {
    live_record_end(r->live);
  } else {
    r->is_failed |= !live_record(r->live, path);
  }
}

static void do_notes(Repl *r, const char *steps)
{
  char *end = NULL;
  const unsigned long count = *steps ? strtoul(steps, &end, 10) : PLAYED_STEPS;
  if ((end && *end) || count < 1 || count > PLAYED_STEPS_MOST) {
    complain(r, "notes are written in 1 to %d steps to a cycle, not `%s`", PLAYED_STEPS_MOST, steps);
    return;
  }
  live_write_down(r->live, (uint32_t)count);
}

/* What follows comes when so many cycles have passed; on a device without a clock they pass now. */
static void do_wait(Repl *r, const char *cycles)
{
  char *end = NULL;
  const double count = strtod(cycles, &end);
  if (*end || !(count > 0 && count < 1e6)) {
    complain(r, "`:wait` needs a number of cycles, not `%s`", cycles);
    return;
  }
  live_release(r->live);
  Stage *s = &r->live->stage;
  const int64_t at = atomic_load(&s->seen_at);
  const double until = atomic_load(&s->seen_cycle) + count;
  r->wait_until = until;
  if (atomic_load(&s->gate) != INT64_MAX) {
    const double den = 1 << 20;
    const PhononTime time = { (int64_t)floor(until * den + 0.5), (int64_t)den };
    const int64_t frame = phonon_engine_frame_of_cycle(r->live->engine, time);
    atomic_store_explicit(&s->gate, frame > at ? frame : at + 1, memory_order_release);
  }
}

static void do_quit(Repl *r, const char *unused)
{
  (void)unused;
  r->is_ended = true;
}

static const struct {
  const char *name, *argument, *doc;
  void (*act)(Repl *r, const char *argument);
} commands_of_repl[] = {
  { ":help", "[NAME]", "a function, or these commands", do_help },
  { ":list", NULL, "the text that plays", do_list },
  { ":load", "FILE", "the text of a file instead", do_load },
  { ":save", "FILE", "writes the text", do_save },
  { ":hush", NULL, "all outputs silent, and again", do_hush },
  { ":panic", NULL, "all sound ends at once, tails too; again, or a statement: it plays", do_panic },
  { ":mute", "N", "an output, and again", do_mute },
  { ":solo", "N", "an output, and again", do_solo },
  { ":undo", NULL, "back to the text before", do_undo },
  { ":record", "FILE|off", "records, and stops", do_record },
  { ":notes", "[STEPS]", "writes down what is played on a keyboard; again: says it as mini-notation", do_notes },
  { ":wait", "CYCLES", "the next line comes so much later, for scripts", do_wait },
  { ":quit", NULL, "fades out and ends", do_quit },
};

enum { COMMAND_COUNT = sizeof commands_of_repl / sizeof *commands_of_repl };

static void do_help(Repl *r, const char *name)
{
  if (!*name) {
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
      char left[64];
      (void)snprintf(left, sizeof left, "%s %s", commands_of_repl[i].name,
                     commands_of_repl[i].argument ? commands_of_repl[i].argument : "");
      printf("%-18s %s\n", left, commands_of_repl[i].doc);
    }
    printf("Anything else is a statement: `o1: s \"bd*4\"`. What has a name replaces what had it.\n");
    (void)fflush(stdout);
    return;
  }
  char *text = phonon_registry_help(r->registry, name);
  const char *near = text ? NULL : phonon_registry_nearest(r->registry, name);
  if (text) {
    print(text);
  } else {
    complain(r, "there is no function `%s`%s%s%s", name, near ? "; did you mean `" : "", near ? near : "",
             near ? "`?" : "");
  }
  phonon_free(text);
}

static void command(Repl *r, char *line)
{
  char *argument = line + strcspn(line, " \t");
  const size_t len = (size_t)(argument - line);
  argument += strspn(argument, " \t");
  for (size_t n = strlen(argument); n && strchr(" \t", argument[n - 1]); n--) {
    argument[n - 1] = 0;
  }
  for (size_t i = 0; i < COMMAND_COUNT; i++) {
    if (strlen(commands_of_repl[i].name) == len && strncmp(commands_of_repl[i].name, line, len) == 0) {
      const char *wanted = commands_of_repl[i].argument;
      if ((!wanted && *argument) || (wanted && wanted[0] != '[' && !*argument)) {
        complain(r, "usage: %s %s", commands_of_repl[i].name, wanted ? wanted : "");
      } else {
        commands_of_repl[i].act(r, argument);
      }
      return;
    }
  }
  complain(r, "there is no command `%.*s`; :help lists them", (int)len, line);
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

/* A whole line, without its end. */
static void take_line(Repl *r, char *line)
{
  r->is_busy = true;
  if (!r->open && line[0] == ':') {
    command(r, line);
  } else if (r->open || (!is_blank(line) && !is_comment(line))) {
    char *all = NULL;
    const bool is_last = r->open && is_blank(line); /* an empty line ends what would go on */
    if (asprintf(&all, "%s%s%s", r->open ? r->open : "", r->open ? "\n" : "", line) >= 0) {
      free(r->open);
      r->open = NULL;
      if (statement_is_open(all) && !is_last) {
        r->open = all;
      } else {
        evaluate(r, all);
        free(all);
      }
    }
  }
  r->is_busy = false;
}

static void end(Repl *r)
{
  r->is_ended = true;
  live_release(r->live);
  if (!r->live->job.seconds_given && !r->live->job.cycles_given) {
    live_end(r->live);
  }
  atomic_store_explicit(&r->live->stage.gate, INT64_MAX, memory_order_release);
}

/* ---- a person ---------------------------------------------------------------------------------------------------- */

static void on_line(char *line);

static void prompt(const Repl *r) { rl_callback_handler_install(r->open ? PROMPT_MORE : PROMPT, on_line); }

static void on_line(char *line)
{
  Repl *r = the_repl;
  if (!line) {
    printf("\n");
    r->is_ended = true;
  } else {
    if (!is_blank(line)) {
      (void)add_history(line);
    }
    take_line(r, line);
    free(line);
  }
  rl_callback_handler_remove();
  if (r->is_ended) {
    end(r);
  } else {
    prompt(r);
  }
}

/* Names that begin with `text`, one a call. */
static char *next_name(const char *text, int state)
{
  static size_t index;
  const Repl *r = the_repl;
  const size_t len = strlen(text), count = phonon_registry_count(r->registry);
  if (state == 0) {
    index = 0;
  }
  while (index < COMMAND_COUNT + count) {
    const size_t i = index++;
    PhononFunction f = { .name = "" };
    const char *name = i < COMMAND_COUNT                                         ? commands_of_repl[i].name
                       : phonon_registry_get(r->registry, i - COMMAND_COUNT, &f) ? f.name
                                                                                 : "";
    if (strncmp(name, text, len) == 0) {
      return strdup(name);
    }
  }
  return NULL;
}

static char **complete(const char *text, int begin, int finish)
{
  (void)begin;
  (void)finish;
  rl_attempted_completion_over = 1;
  return rl_completion_matches(text, next_name);
}

static void open_history(Repl *r)
{
  const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
  if (!data && !home) {
    return;
  }
  (void)snprintf(r->history, sizeof r->history, "%s%s/phonon", data ? data : home, data ? "" : "/.local/share");
  (void)mkdir(r->history, 0777);
  const size_t len = strlen(r->history);
  (void)snprintf(r->history + len, sizeof r->history - len, "/history");
  using_history();
  stifle_history(HISTORY_MOST);
  (void)read_history(r->history);
}

/* ---- a script ---------------------------------------------------------------------------------------------------- */

static void run_script(Repl *r)
{
  char *at = r->script;
  for (char *line_end; isnan(r->wait_until) && !r->is_ended && at && (line_end = strchr(at, '\n')) != NULL;) {
    *line_end = 0;
    take_line(r, at);
    at = line_end + 1;
  }
  if (at && at != r->script) {
    r->script_len = strlen(at);
    memmove(r->script, at, r->script_len + 1);
  }
  const bool is_done = r->is_at_end && isnan(r->wait_until) && !r->is_ended;
  if (is_done) {
    if (r->script_len) {
      take_line(r, r->script);
    }
    if (r->open) {
      char nothing[] = "";
      take_line(r, nothing);
    }
  }
  if ((is_done || r->is_ended) && !r->is_closing) {
    r->is_closing = true;
    end(r);
  }
}

static void feed(Repl *r, const char *bytes, size_t len)
{
  char *grown = realloc(r->script, r->script_len + len + 1);
  if (grown) {
    memcpy(grown + r->script_len, bytes, len);
    r->script = grown;
    r->script_len += len;
    grown[r->script_len] = 0;
  }
}

static void on_input(uv_poll_t *poll, int status, int events)
{
  Repl *r = poll->data;
  (void)events;
  if (r->is_terminal) {
    rl_callback_read_char();
    return;
  }
  char bytes[CHUNK_BYTES];
  const ssize_t len = status == 0 ? read(STDIN_FILENO, bytes, sizeof bytes) : 0;
  if (len > 0) {
    feed(r, bytes, (size_t)len);
  } else if (len == 0 || errno != EAGAIN) {
    (void)uv_poll_stop(poll);
    r->is_at_end = true;
  }
  run_script(r);
}

/* ---- from the beginning to the end ------------------------------------------------------------------------------- */

/* When what was waited for has come, the next lines. */
static void minute(Live *live)
{
  Repl *r = the_repl;
  Stage *s = &live->stage;
  const int64_t gate = atomic_load(&s->gate);
  if (!isnan(r->wait_until) &&
      (gate == INT64_MAX ? atomic_load(&s->seen_cycle) >= r->wait_until : atomic_load(&s->seen_at) >= gate)) {
    r->wait_until = (double)NAN;
    live_hold(live);
  }
  if (!r->is_terminal) {
    run_script(r);
  }
}

/* Ctrl-C gives up the line that is being typed; the second one within two seconds, the performance. */
static bool interrupt(Live *live)
{
  Repl *r = the_repl;
  const int64_t before = r->interrupted_ms;
  (void)live;
  r->interrupted_ms = now_ms();
  if (!r->is_terminal || r->is_ended || (before && r->interrupted_ms - before < TWICE_MS)) {
    return false;
  }
  free(r->open);
  r->open = NULL;
  rl_stuff_char(KILL_LINE);
  rl_callback_read_char();
  printf("\r\033[K(once more, Ctrl-D or :quit ends)\n");
  rl_callback_handler_remove();
  prompt(r);
  return true;
}

Repl *repl_new(Live *live)
{
  Repl *r = calloc(1, sizeof *r);
  if (!r || phonon_registry_new(&r->registry) != PHONON_OK) {
    free(r);
    return NULL;
  }
  r->live = live;
  r->is_terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
  r->is_busy = true;
  r->wait_until = (double)NAN;
  the_repl = r;
  live->say = say;
  live->minute = minute;
  live->interrupt = interrupt;
  live->is_gated = live->is_held = device_has_no_clock(&live->device);
  return r;
}

/* A file is there at once; it cannot be waited for. */
static void read_all(Repl *r)
{
  char bytes[CHUNK_BYTES];
  for (ssize_t len; (len = read(STDIN_FILENO, bytes, sizeof bytes)) > 0;) {
    feed(r, bytes, (size_t)len);
  }
  r->is_at_end = true;
}

bool repl_start(Repl *r)
{
  r->is_busy = false;
  const bool can_wait = uv_poll_init(&r->live->loop, &r->input, STDIN_FILENO) == 0;
  if (!can_wait) {
    read_all(r);
    return true;
  }
  r->input.data = r;
  if (r->is_terminal) {
    term_keep();
    rl_catch_signals = 0;
    rl_readline_name = "phonon";
    rl_initialize();
    rl_attempted_completion_function = complete;
    rl_basic_word_break_characters = " \t\n\"(),$#+*/|=[]";
    open_history(r);
    prompt(r);
  }
  return uv_poll_start(&r->input, UV_READABLE, on_input) == 0;
}

bool repl_free(Repl *r)
{
  if (!r) {
    return false;
  }
  if (r->is_terminal) {
    rl_callback_handler_remove();
    if (r->history[0]) {
      (void)write_history(r->history);
    }
  }
  const bool is_failed = r->is_failed && !r->is_terminal;
  phonon_registry_free(r->registry);
  free(r->open);
  free(r->script);
  free(r);
  the_repl = NULL;
  return is_failed;
}
