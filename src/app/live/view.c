/* The view of a performance: plain VT100. A picture of lines is made twenty times a second; only lines that differ from those on the
   screen are written.  SPDX-License-Identifier: MIT */
#include "app/live/view.h"

#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/live/term.h"

enum {
  ROWS_MAX = 300,
  ROW_BYTES = 1024,
  LOG_MAX = 500,
  PICTURE_TICKS = 3, /* of live's 20 ms */
  COSTS_TICKS = 25,
  OUTPUTS_SHOWN = 20,
  INPUT_BYTES = 64
};

#define FLOOR_DB -60.0f  /* of a meter */
#define FALL_DB 1.5f     /* of a meter, in a picture */
#define HOLD_PICTURES 25 /* of a peak */
#define WORST_PICTURES 50

#define PLAIN "\033[0m"
#define BOLD "\033[1m"
#define DIM "\033[2m"
#define RED "\033[31m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"

typedef struct Meter {
  float db, peak_db;
  int held; /* pictures since the peak */
} Meter;

typedef struct Line {
  Tone tone;
  char *text;
} Line;

/* A line of the screen in the making: bytes with escape sequences, and the columns that they take. */
typedef struct Row {
  char text[ROW_BYTES];
  size_t len;
  int width;
} Row;

struct View {
  Live *live;
  uv_poll_t input;
  uv_signal_t resized, stopped;
  bool has_input;
  Keys keys;
  int columns, rows, ticks;
  bool is_utf8;
  Line log[LOG_MAX]; /* a ring */
  size_t log_count;
  char *error; /* what is wrong with the text, until it is mended */
  Meter meters[OUTPUTS_MAX + 1];
  float worst, worst_now;
  int worst_age;
  Row row;
  int at; /* the row that is made */
  Cost costs[COSTS_MAX];
  size_t cost_count;
  char *screen[ROWS_MAX]; /* what stands there */
};

/* ---- rows -------------------------------------------------------------------------------------------------------- */

/* Appends text up to the last column; a character is a byte that does not continue one. */
static void put(View *v, const char *text)
{
  Row *row = &v->row;
  for (; *text && row->len + 8 < ROW_BYTES; text++) {
    const unsigned char c = (unsigned char)*text;
    const bool is_first = (c & 0xC0) != 0x80;
    if (is_first && row->width == v->columns) {
      return;
    }
    row->text[row->len++] = c < 32 || c == 127 ? ' ' : *text;
    row->width += is_first;
  }
}

static void putf(View *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void putf(View *v, const char *fmt, ...)
{
  char text[ROW_BYTES];
  va_list args;
  va_start(args, fmt);
  (void)vsnprintf(text, sizeof text, fmt, args);
  va_end(args);
  put(v, text);
}

static void paint(View *v, const char *sequence)
{
  Row *row = &v->row;
  const size_t len = strlen(sequence);
  if (row->len + len + 8 < ROW_BYTES) {
    memcpy(row->text + row->len, sequence, len);
    row->len += len;
  }
}

/* The row is made: it is written if it is new. */
static void end_row(View *v)
{
  Row *row = &v->row;
  row->text[row->len] = 0;
  if (v->at < v->rows && v->at < ROWS_MAX && (!v->screen[v->at] || strcmp(v->screen[v->at], row->text) != 0)) {
    printf("\033[%d;1H%s" PLAIN "\033[K", v->at + 1, row->text);
    free(v->screen[v->at]);
    v->screen[v->at] = strdup(row->text);
  }
  v->at++;
  row->len = 0;
  row->width = 0;
}

static void forget_screen(View *v)
{
  for (size_t i = 0; i < ROWS_MAX; i++) {
    free(v->screen[i]);
    v->screen[i] = NULL;
  }
  printf("\033[2J");
}

/* ---- what is shown ----------------------------------------------------------------------------------------------- */

/* The cycle that is heard now. */
static double heard_cycle(const View *v)
{
  const Stage *s = &v->live->stage;
  const double cps = atomic_load(&s->seen_cps);
  const int64_t ahead = atomic_load(&s->seen_at) - phonon_audio_frame(v->live->audio);
  const double cycle = atomic_load(&s->seen_cycle) - (double)ahead / v->live->job.file.sample_rate * cps;
  return cycle > 0 ? cycle : 0;
}

static const char *source_of_tempo(const Live *live)
{
  return atomic_load(&live->stage.pace.wanted_cps) > 0 ? " from outside" : live->playing->hand.cps > 0 ? " by hand" : "";
}

static void show_link(View *v)
{
  double late;
  if (v->live->wants_link) {
    putf(v, "  link %u", live_link_peers(v->live));
    if (live_link_error(v->live, &late)) {
      putf(v, " %+.1f ms", late * 1e3);
    }
  }
}

static void show_title(View *v)
{
  const Live *live = v->live;
  const Stage *s = &live->stage;
  const double cps = atomic_load(&s->seen_cps), cycle = heard_cycle(v);
  const int64_t sec = (int64_t)((double)phonon_audio_frame(live->audio) / live->job.file.sample_rate);
  const char *name = strrchr(live->file, '/');
  paint(v, BOLD);
  putf(v, " %s", name ? name + 1 : live->file);
  paint(v, PLAIN);
  putf(v, "  cycle %.2f  beat %d  ", cycle, 1 + (int)(4 * (cycle - floor(cycle))));
  for (int beat = 0; beat < 4; beat++) {
    const bool is_on = beat <= (int)(4 * (cycle - floor(cycle)));
    put(v, v->is_utf8 ? (is_on ? "■" : "□") : is_on ? "#" : ".");
  }
  putf(v, "  %.4g cps (%.1f bpm)%s  %lld:%02lld", cps, cps * 240, source_of_tempo(live),
       (long long)(sec / 60), (long long)(sec % 60));
  show_link(v);
  if (live_is_recording(live)) {
    paint(v, RED BOLD);
    put(v, v->is_utf8 ? "  ● REC" : "  REC");
    paint(v, PLAIN);
  }
  end_row(v);
}

/* A bar of `width` columns, `share` of it full, with a mark at `mark`. */
static void put_bar(View *v, int width, float share, float mark)
{
  const int full = (int)(share * (float)width + 0.5f), at = mark > 0 ? (int)(mark * (float)width + 0.5f) - 1 : -1;
  for (int i = 0; i < width; i++) {
    if (i == at && i >= full) {
      put(v, v->is_utf8 ? "│" : "|");
    } else {
      put(v, i < full ? v->is_utf8 ? "█" : "#" : v->is_utf8 ? "·" : ".");
    }
  }
}

static void show_load(View *v)
{
  Live *live = v->live;
  Stage *s = &live->stage;
  const float load = atomic_load(&s->load);
  v->worst_now = fmaxf(v->worst_now, atomic_exchange(&s->worst, 0));
  if (v->worst_now >= v->worst || ++v->worst_age > WORST_PICTURES) {
    v->worst = v->worst_now;
    v->worst_age = 0;
  }
  v->worst_now = 0;
  put(v, " cpu ");
  paint(v, load > 0.8f ? RED : load > 0.5f ? YELLOW : GREEN);
  put_bar(v, 10, fminf(load, 1), fminf(v->worst, 1));
  paint(v, PLAIN);
  putf(v, " %.0f %% worst %.0f %%", (double)load * 100, (double)v->worst * 100);
  const uint32_t limit = atomic_load(&s->seen_limit);
  putf(v, "  voices %u/%u%s", atomic_load(&s->seen_voices), limit, limit < s->max_voices ? " (shed)" : "");
  const unsigned long long underruns = phonon_audio_underruns(live->audio);
  paint(v, underruns ? YELLOW : "");
  putf(v, "  underruns %llu  xruns %llu", underruns, (unsigned long long)live->xruns);
  paint(v, PLAIN);
  end_row(v);
}

static float decibels(float peak) { return peak > 1e-6f ? fmaxf(20 * log10f(peak), FLOOR_DB) : FLOOR_DB; }

static void show_meter(View *v, size_t index, const char *name, const char *marks)
{
  Stage *s = &v->live->stage;
  Meter *m = &v->meters[index];
  const float now =
      fmaxf(decibels(atomic_exchange(&s->peaks[index][0], 0)), decibels(atomic_exchange(&s->peaks[index][1], 0)));
  m->db = fmaxf(now, fmaxf(m->db - FALL_DB, FLOOR_DB));
  if (now >= m->peak_db || ++m->held > HOLD_PICTURES) {
    m->peak_db = now;
    m->held = 0;
  }
  const int width = v->columns > 60 ? v->columns - 28 : 32;
  putf(v, " %-7s", name);
  paint(v, m->db > -0.5f ? RED : m->db > -6 ? YELLOW : GREEN);
  put_bar(v, width, 1 - m->db / FLOOR_DB, 1 - m->peak_db / FLOOR_DB);
  paint(v, PLAIN);
  if (m->peak_db > FLOOR_DB) {
    putf(v, " %6.1f dB", (double)m->peak_db);
  } else {
    put(v, "      - dB");
  }
  putf(v, "  %s", marks);
  end_row(v);
}

static bool has_bit(const uint64_t bits[2], unsigned number) { return (bits[number / 64] >> (number % 64) & 1) != 0; }

static void show_meters(View *v)
{
  const Code *code = v->live->playing;
  const Hand hand = live_hand_now(v->live);
  const size_t room = v->rows > 14 ? (size_t)v->rows - 12 : 2;
  size_t shown = 0;
  for (; shown < code->output_count && shown < OUTPUTS_SHOWN && shown < room; shown++) {
    const unsigned number = code->outputs[shown];
    char name[8] = "out", marks[16];
    if (number) {
      (void)snprintf(name, sizeof name, "o%u", number);
    }
    (void)snprintf(marks, sizeof marks, "%s%s%s", hand.hushed ? "hush " : "", has_bit(hand.muted, number) ? "M" : "",
                   has_bit(hand.soloed, number) ? "S" : "");
    show_meter(v, number, name, marks);
  }
  if (shown < code->output_count) {
    putf(v, " and %zu more", code->output_count - shown);
    end_row(v);
  }
  show_meter(v, OUTPUTS_MAX, "master", v->live->is_panicked ? "panic" : "");
}

/* Text of several lines; those that find room. */
static void show_text(View *v, const char *text, const char *colour, int last)
{
  while (*text && v->at < last) {
    const size_t len = strcspn(text, "\n");
    paint(v, colour);
    putf(v, " %.*s", (int)len, text);
    end_row(v);
    text += len + (text[len] == '\n');
  }
}

static void show_log(View *v, int last)
{
  static const char *const colours[] = {
    [TONE_PLAIN] = DIM, [TONE_GOOD] = GREEN, [TONE_WARNING] = YELLOW, [TONE_ERROR] = RED
  };
  const size_t room = last > v->at ? (size_t)(last - v->at) : 0;
  const size_t kept = v->log_count < LOG_MAX ? v->log_count : LOG_MAX;
  const size_t count = room < kept ? room : kept;
  for (size_t i = v->log_count - count; i < v->log_count; i++) {
    const Line *line = &v->log[i % LOG_MAX];
    paint(v, colours[line->tone]);
    putf(v, " %s", line->text);
    end_row(v);
  }
}

/* The n-th line of the text that plays, without what stands before it. */
static const char *line_of(const Live *live, uint32_t number, int *len)
{
  const char *text = live->playing->text;
  for (; number > 1 && *text; text++) {
    number -= *text == '\n';
  }
  text += strspn(text, " \t");
  *len = (int)strcspn(text, "\n");
  return text;
}

static void show_costs(View *v, int last)
{
  Stage *s = &v->live->stage;
  if (atomic_load_explicit(&s->costs_state, memory_order_acquire) == 2) {
    v->cost_count = s->cost_count;
    memcpy(v->costs, s->costs, sizeof v->costs);
    atomic_store_explicit(&s->costs_state, 0, memory_order_release);
  }
  put(v, "  share  line");
  end_row(v);
  for (size_t i = 0; i < v->cost_count && v->at < last; i++) {
    const Cost *cost = &v->costs[i];
    int len = 0;
    const char *text = cost->line ? line_of(v->live, cost->line, &len) : "";
    putf(v, cost->line ? " %5.1f %%  %4u  %-24s " : " %5.1f %%  %4.0u  %-24s ", cost->share * 100, cost->line, cost->name);
    paint(v, DIM);
    putf(v, "%.*s", len, text);
    end_row(v);
  }
}

static void show_help(View *v, int last)
{
  for (size_t i = 0; keys_help[i] && v->at < last; i++) {
    putf(v, " %s", keys_help[i]);
    end_row(v);
  }
}

static void show_foot(View *v)
{
  char prompt[64];
  keys_prompt(&v->keys, prompt, sizeof prompt);
  const Live *live = v->live;
  const bool waits = live->next || (live->offered && atomic_load(&live->stage.slot.state) == SLOT_READY);
  paint(v, DIM);
  if (prompt[0]) {
    paint(v, PLAIN BOLD);
    putf(v, " %s", prompt);
  } else {
    putf(v, " %sh hush  p panic  1-9 mute  s solo  t tap  [ ] tempo  u undo  r record  c costs  ? help  q quit",
         waits ? "an edit waits    " : "");
  }
  end_row(v);
}

static void show(View *v)
{
  v->at = 0;
  show_title(v);
  show_load(v);
  end_row(v);
  show_meters(v);
  end_row(v);
  const int last = v->rows - 1;
  if (v->error) {
    show_text(v, v->error, RED, last - 3);
    end_row(v);
  }
  if (v->keys.page == PAGE_COSTS) {
    show_costs(v, last);
  } else if (v->keys.page == PAGE_HELP) {
    show_help(v, last);
  } else {
    show_log(v, last);
  }
  while (v->at < last) {
    end_row(v);
  }
  v->at = v->at > last ? last : v->at;
  show_foot(v);
  (void)fflush(stdout);
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

static void add_line(View *v, Tone tone, const char *text, size_t len)
{
  Line *line = &v->log[v->log_count++ % LOG_MAX];
  free(line->text);
  *line = (Line){ tone, strndup(text, len) };
  if (!line->text) {
    v->log_count--;
  }
}

static void say(Live *live, Tone tone, const char *text)
{
  View *v = live->view;
  for (const char *at = text; *at;) {
    const size_t len = strcspn(at, "\n");
    add_line(v, tone, at, len);
    at += len + (at[len] == '\n');
  }
  if (live->is_in_error && tone == TONE_ERROR && strchr(text, '^')) {
    free(v->error);
    v->error = strdup(text);
  }
}

static void minute(Live *live)
{
  View *v = live->view;
  if (v->error && !live->is_in_error) {
    free(v->error);
    v->error = NULL;
  }
  if (v->keys.page == PAGE_COSTS && v->ticks % COSTS_TICKS == 0 && atomic_load(&live->stage.costs_state) == 0) {
    atomic_store(&live->stage.costs_state, 1);
  }
  if (v->keys.wants_redraw) {
    v->keys.wants_redraw = false;
    forget_screen(v);
  }
  if (v->ticks++ % PICTURE_TICKS == 0 && live->has_stage && !live->is_over) {
    show(v);
  }
}

static void on_input(uv_poll_t *poll, int status, int events)
{
  View *v = poll->data;
  char bytes[INPUT_BYTES];
  (void)events;
  const ssize_t len = status == 0 ? read(STDIN_FILENO, bytes, sizeof bytes) : 0;
  if (len <= 0) {
    (void)uv_poll_stop(poll);
    return;
  }
  for (ssize_t i = 0; i < len; i++) {
    keys_take(&v->keys, v->live, bytes[i]);
  }
}

static void on_resize(uv_signal_t *handle, int number)
{
  View *v = handle->data;
  (void)number;
  term_size(&v->columns, &v->rows);
  forget_screen(v);
}

/* Ctrl-Z: the terminal is the shell's meanwhile, the music goes on only when we do. */
static void on_stop(uv_signal_t *handle, int number)
{
  (void)number;
  term_close();
  (void)raise(SIGSTOP);
  term_open();
  on_resize(handle, 0);
}

bool view_open(Live *live)
{
  View *v = calloc(1, sizeof *v);
  if (!v) {
    return false;
  }
  v->live = live;
  v->is_utf8 = term_is_utf8();
  for (size_t i = 0; i <= OUTPUTS_MAX; i++) {
    v->meters[i] = (Meter){ FLOOR_DB, FLOOR_DB, 0 };
  }
  live->view = v;
  live->say = say;
  live->minute = minute;
  term_size(&v->columns, &v->rows);
  (void)uv_signal_init(&live->loop, &v->resized);
  (void)uv_signal_init(&live->loop, &v->stopped);
  v->resized.data = v->stopped.data = v->input.data = v;
  (void)uv_signal_start(&v->resized, on_resize, SIGWINCH);
  (void)uv_signal_start(&v->stopped, on_stop, SIGTSTP);
  v->has_input = isatty(STDIN_FILENO) && uv_poll_init(&live->loop, &v->input, STDIN_FILENO) == 0;
  if (v->has_input) {
    v->input.data = v;
    (void)uv_poll_start(&v->input, UV_READABLE, on_input);
  }
  term_open();
  return true;
}

void view_close(Live *live)
{
  View *v = live->view;
  if (!v) {
    return;
  }
  forget_screen(v);
  (void)fflush(stdout);
  term_close();
  live_close_handles(live);
  const size_t kept = v->log_count < LOG_MAX ? v->log_count : LOG_MAX;
  for (size_t i = v->log_count - kept; i < v->log_count; i++) {
    const Line *line = &v->log[i % LOG_MAX];
    if (live->status && line->tone == TONE_ERROR) {
      fprintf(stderr, "%s\n", line->text); /* why it ended */
    }
    free(line->text);
  }
  live->view = NULL;
  live->minute = NULL;
  live_speak_plainly(live);
  free(v->error);
  free(v);
}
