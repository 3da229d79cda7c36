/* How long a text takes until it can be played: parsing, checking, lowering, ordering, code. User CPU time, the median of several
   rounds, of texts that are made here: pieces of 50 to 3200 lines of all kinds, sums of 100 to 10,000 nodes, and chains. Then edits
   of one number while a piece plays: compiling, what phonon_swap_new prepares, and the exchange between two blocks.

     compile              two tables
     compile edits [N]    the second one; its row of N lines
     compile FILE.ph N    compiles one file N times, for a profiler

   SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "phonon/phonon.h"

enum { ROUNDS = 15 };

typedef struct Text {
  char *ptr;
  size_t len, cap;
} Text;

__attribute__((format(printf, 2, 3))) static void put(Text *text, const char *format, ...)
{
  if (text->cap - text->len < 512) {
    text->cap = 2 * text->cap + 4096;
    text->ptr = realloc(text->ptr, text->cap);
    if (!text->ptr) {
      abort();
    }
  }
  va_list args;
  va_start(args, format);
  text->len += (size_t)vsnprintf(text->ptr + text->len, text->cap - text->len, format, args);
  va_end(args);
}

static double now_sec(void)
{
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double user_sec(void)
{
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)usage.ru_utime.tv_sec + 1e-6 * (double)usage.ru_utime.tv_usec;
}

/* A piece as people write it: patterns, instruments, effects, what they are summed to. At most 64 outputs. */
static void piece(Text *text, unsigned lines)
{
  put(text, "cps: 0.6\n");
  for (unsigned i = 0; i < lines; i++) {
    switch (i % 8) {
    case 0:
      put(text, "~b%u: s \"bd*2 sn [hh hh]*2\" # gain \"0.%u 0.7\" # speed \"1 1.5\"\n", i, 1 + i % 9);
      break;
    case 1:
      put(text, "~c%u: saw %u # lpf (sine 0.%u * 500 + 900) 0.4 # reverb 0.3 * 0.2\n", i, 50 + i, 1 + i % 9);
      break;
    case 2:
      put(text, "~d%u: every 3 (rev) $ fast 2 $ s \"cp(3,8) hh*8\" # n \"%u\"\n", i, i % 5);
      break;
    case 3:
      put(text, "~e%u: (~c%u + square %u * 0.3) # hpf %u # delay 0.25 0.3 0.4\n", i, i - 2, 30 + i, 100 + i);
      break;
    case 4:
      put(text, "// a remark on line %u\n", i);
      break;
    case 5:
      put(text, "~f%u: s \"~c%u(5,8)\" # note \"0 3 7 %u\" # attack 0.01 # release 0.1\n", i, i - 4, i % 12);
      break;
    case 6:
      put(text, "~g%u: jux rev $ chop 4 $ s \"hh*2\" # cutoff \"%u 2000\"\n", i, 400 + i);
      break;
    default:
      put(text, i / 8 < 64 ? "o%u: " : "~z%u: ", i / 8 < 64 ? i / 8 + 1 : i);
      put(text, "~b%u + ~d%u + ~e%u + ~f%u + ~g%u\n", i - 7, i - 5, i - 4, i - 2, i - 1);
      break;
    }
  }
}

static void sum(Text *text, unsigned nodes)
{
  put(text, "out: sum [");
  for (unsigned i = 0; i < nodes / 2; i++) {
    put(text, "%ssaw %u.%u # lpf %u", i ? ",\n  " : "", 50 + i, i % 10, 400 + i);
  }
  put(text, "] * 0.01\n");
}

static void plus(Text *text, unsigned nodes)
{
  put(text, "out: sine 50");
  for (unsigned i = 1; i < nodes / 2; i++) {
    put(text, " + sine %u", 50 + i);
  }
  put(text, "\n");
}

static void chain(Text *text, unsigned nodes)
{
  put(text, "out: saw 50");
  for (unsigned i = 1; i < nodes; i++) {
    put(text, " # lpf %u", 400 + i);
  }
  put(text, "\n");
}

/* As a piece, but its first gain is another one. */
static void edited_piece(Text *text, unsigned lines)
{
  piece(text, lines);
  strstr(text->ptr, "gain \"0.")[8] = '9';
}

static PhononProgram *compile(const Text *text)
{
  PhononProgramOptions options = PHONON_PROGRAM_DEFAULTS;
  PhononProgram *program = NULL;
  if (phonon_program_new(text->ptr, text->len, &options, &program) != PHONON_OK) {
    fprintf(stderr, "a text does not compile:\n%.200s\n", text->ptr);
    exit(1);
  }
  return program;
}

static int compare(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Small texts several times a round: the clock of the process is coarse. */
static double median_sec(const Text *text)
{
  double rounds[ROUNDS];
  unsigned times = 1;
  for (int r = 0; r < ROUNDS; r++) {
    const double begin = user_sec();
    for (unsigned i = 0; i < times; i++) {
      phonon_program_free(compile(text));
    }
    rounds[r] = (user_sec() - begin) / times;
    if (r == 0 && rounds[0] < 0.02) {
      times = (unsigned)(0.02 / (rounds[0] > 1e-4 ? rounds[0] : 1e-4)) + 1;
    }
  }
  qsort(rounds + 1, ROUNDS - 1, sizeof *rounds, compare);
  return rounds[ROUNDS / 2];
}

static void row(const char *what, unsigned size, const char *unit, void (*make)(Text *, unsigned))
{
  Text text = { 0 };
  make(&text, size);
  const double sec = median_sec(&text);
  printf("| %s | %u %s | %.3f | %.2f |\n", what, size, unit, 1e3 * sec, 1e6 * sec / size);
  fflush(stdout);
  free(text.ptr);
}

static void must(PhononStatus status, const char *what)
{
  if (status != PHONON_OK) {
    fprintf(stderr, "%s: %s\n", what, phonon_status_text(status));
    exit(1);
  }
}

/* Two texts that differ in one number take turns while the piece plays. */
static void edit_row(unsigned lines)
{
  enum { EDITS = 41, BLOCK = 512, BLOCKS = 5 }; /* a fade is over after two */
  static float frames[2 * BLOCK];
  Text texts[2] = { { 0 } };
  piece(&texts[0], lines);
  edited_piece(&texts[1], lines);
  PhononProgram *before = compile(&texts[0]), *after = NULL;
  PhononEngine *engine;
  must(phonon_engine_new(before, NULL, &engine), "an engine");
  double sec[3][EDITS];
  for (int i = 0; i < EDITS; i++) {
    PhononSwap *swap;
    double times[4] = { now_sec() };
    after = compile(&texts[(i + 1) % 2]);
    times[1] = now_sec();
    must(phonon_swap_new(engine, after, &swap), "a swap");
    times[2] = now_sec();
    must(phonon_engine_swap(engine, swap), "the exchange");
    times[3] = now_sec();
    phonon_swap_free(swap);
    for (int block = 0; block < BLOCKS; block++) {
      must(phonon_engine_render(engine, BLOCK, frames, NULL), "a block");
    }
    if (!phonon_engine_uses(engine, before)) {
      phonon_program_free(before);
    }
    before = after;
    for (int k = 0; k < 3; k++) {
      sec[k][i] = times[k + 1] - times[k];
    }
  }
  printf("| %u |", lines);
  for (int k = 0; k < 3; k++) {
    qsort(sec[k], EDITS, sizeof sec[k][0], compare);
    printf(" %.3f |", 1e3 * sec[k][EDITS / 2]);
  }
  printf("\n");
  phonon_engine_free(engine);
  phonon_program_free(before);
  free(texts[0].ptr);
  free(texts[1].ptr);
}

static void edit_rows(void)
{
  printf("\n| edit of | compiling, ms | preparing | exchange |\n|---:|---:|---:|---:|\n");
  for (unsigned lines = 50; lines <= 800; lines *= 2) {
    edit_row(lines);
  }
}

static int one_file(const char *path, int times)
{
  Text text = { 0 };
  PhononError error;
  if (phonon_read_file(path, PHONON_TEXT_MAX, &text.ptr, &text.len, &error) != PHONON_OK) {
    fprintf(stderr, "%s cannot be read\n", path);
    return 1;
  }
  const double begin = user_sec();
  for (int i = 0; i < times; i++) {
    phonon_program_free(compile(&text));
  }
  printf("%.3f ms\n", 1e3 * (user_sec() - begin) / times);
  phonon_free(text.ptr);
  return 0;
}

int main(int argc, char **argv)
{
  const bool edits = argc > 1 && strcmp(argv[1], "edits") == 0;
  if (argc == 3 && edits) {
    edit_row((unsigned)atoi(argv[2]));
    return 0;
  }
  if (argc == 3) {
    return one_file(argv[1], atoi(argv[2]));
  }
  if (edits) {
    edit_rows();
    return 0;
  }
  printf("| text | size | ms of user CPU | µs a line or node |\n|---|---|---:|---:|\n");
  for (unsigned lines = 50; lines <= 3200; lines *= 2) {
    row("piece", lines, "lines", piece);
  }
  for (unsigned nodes = 100; nodes <= 10000; nodes *= 10) {
    row("sum [...]", nodes, "nodes", sum);
    row("a + b + ...", nodes, "nodes", plus);
  }
  row("a # b # ...", 100, "nodes", chain);
  row("a # b # ...", 300, "nodes", chain); /* 400 levels are the most */
  edit_rows();
  return 0;
}
