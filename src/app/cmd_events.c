/* `phonon events`: the events of a pattern as a table or JSON, one expression or many.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "app/cmd.h"

enum { OPT_CYCLES = 256, OPT_FROM, OPT_JSON, OPT_BATCH, OPT_TIDAL, OPT_TYPE, LINE_MAX_BYTES = 1 << 20 };

static const Option options_table[] = {
  { "cycles", 'c', "N", "how many cycles (1)" },
  { "from", OPT_FROM, "T", "the first cycle (0)" },
  { "json", OPT_JSON, NULL, "JSON: an array of events" },
  { "tidal", OPT_TIDAL, NULL, "the dialect of TidalCycles" },
  { "type", OPT_TYPE, "TYPE", "how the strings of an expression are read: Int, Double, String, Bool, Rational, Note" },
  { "batch", OPT_BATCH, NULL,
    "reads lines `N<TAB>type<TAB>expression`, answers each with a line of JSON; Tidal's dialect" },
  { NULL, 0, NULL, NULL }
};

/* ---- one ---- */

static void print_time(PhononTime t, int width)
{
  char text[48];
  (void)(t.den == 1 ? snprintf(text, sizeof text, "%lld", (long long)t.num)
                    : snprintf(text, sizeof text, "%lld/%lld", (long long)t.num, (long long)t.den));
  printf("%*s", width, text);
}

static void print_row(const PhononEvent *e)
{
  const PhononTime begin = e->has_whole ? e->whole_begin : e->part_begin,
                   end = e->has_whole ? e->whole_end : e->part_end;
  print_time(begin, 9);
  printf(" %s ", e->has_whole ? (e->has_onset ? "→" : "┄") : "~");
  print_time(end, -9);
  printf(" %-4s %s\n", e->track, e->value);
}

static int by_begin(const void *a, const void *b)
{
  const PhononEvent *x = a;
  const PhononEvent *y = b;
  const PhononTime p = x->part_begin, q = y->part_begin;
  const double d = (double)p.num / (double)p.den - (double)q.num / (double)q.den;
  const int track = strcmp(x->track, y->track);
  return d < 0 ? -1 : d > 0 ? 1 : track ? track : strcmp(x->value, y->value);
}

/* In order of time. */
static int print_table(const PhononEvents *events)
{
  const size_t count = phonon_events_count(events);
  PhononEvent *rows = calloc(count + 1, sizeof *rows);
  if (!rows) {
    return problem("out of memory");
  }
  for (size_t i = 0; i < count; i++) {
    (void)phonon_events_get(events, i, &rows[i]);
  }
  qsort(rows, count, sizeof *rows, by_begin);
  for (size_t i = 0; i < count; i++) {
    print_row(&rows[i]);
  }
  free(rows);
  return EXIT_GOOD;
}

static int print_events(const PhononProgram *program, PhononTime begin, PhononTime end, bool json)
{
  PhononEvents *events = NULL;
  PhononError error;
  const PhononStatus status = phonon_events_new(program, begin, end, &events, &error);
  if (status != PHONON_OK) {
    return problem("%s", error.text[0] ? error.text : phonon_status_text(status));
  }
  int result = EXIT_GOOD;
  if (json) {
    result = print_text(phonon_events_json(events));
    putchar('\n');
  } else {
    result = print_table(events);
  }
  phonon_events_free(events);
  return result;
}

/* ---- many ---- */

static void put_json_text(const char *text)
{
  putchar('"');
  for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
    if (*p == '"' || *p == '\\') {
      printf("\\%c", *p);
    } else if (*p < 0x20) {
      printf("\\u%04x", *p);
    } else {
      putchar(*p);
    }
  }
  putchar('"');
}

static void put_error(const char *text)
{
  printf("{\"error\":");
  put_json_text(text);
  printf("}\n");
}

/* The next span of "8", or of "0:1,1/3:5/7": *index counts up. False at the end; *bad if it is neither. */
static bool next_span(char **at, long long *index, long long cycles, PhononTime *begin, PhononTime *end, bool *bad)
{
  if (cycles >= 0) {
    *begin = (PhononTime){ *index, 1 };
    *end = (PhononTime){ *index + 1, 1 };
    return (*index)++ < cycles;
  }
  if (!*at || !**at) {
    return false;
  }
  char *comma = strchr(*at, ','), *colon = strchr(*at, ':');
  if (comma) {
    *comma = 0;
  }
  *bad = !colon;
  if (colon) {
    *colon = 0;
    *bad = !read_time(*at, begin) || !read_time(colon + 1, end);
  }
  *at = comma ? comma + 1 : NULL;
  return !*bad;
}

static char *first_error(const PhononProgram *program)
{
  PhononDiagnostic d;
  for (size_t i = 0; phonon_program_diagnostic(program, i, &d); i++) {
    if (d.severity == PHONON_ERROR) {
      char *text = malloc(strlen(d.message) + 1);
      return text ? strcpy(text, d.message) : NULL;
    }
  }
  return NULL;
}

/* All spans first, so that a line is an answer or an error, never half of each. */
static void answer(const PhononProgram *program, char *spans)
{
  char *end_of_number = NULL;
  long long cycles = strtoll(spans, &end_of_number, 10), index = 0;
  cycles = *end_of_number ? -1 : cycles;
  char *parts[4096];
  size_t count = 0;
  PhononTime begin, end;
  PhononError error = { "a span is begin:end" };
  bool bad = false, failed = false;
  for (char *at = spans; !failed && count < 4096 && next_span(&at, &index, cycles, &begin, &end, &bad);) {
    PhononEvents *events = NULL;
    failed = phonon_events_new(program, begin, end, &events, &error) != PHONON_OK;
    parts[count] = failed ? NULL : phonon_events_json(events);
    failed |= !parts[count];
    count += !failed;
    phonon_events_free(events);
  }
  if (failed || bad) {
    put_error(error.text);
  } else {
    printf("{\"events\":[");
    bool any = false;
    for (size_t i = 0; i < count; i++) {
      const size_t len = strlen(parts[i]);
      if (len > 2) { /* "[…]" */
        printf("%s%.*s", any ? "," : "", (int)(len - 2), parts[i] + 1);
        any = true;
      }
    }
    printf("]}\n");
  }
  while (count) {
    phonon_free(parts[--count]);
  }
}

static void batch_line(char *line)
{
  char *type = strchr(line, '\t');
  char *code = type ? strchr(type + 1, '\t') : NULL;
  if (!code) {
    put_error("a line is N<TAB>type<TAB>expression");
    return;
  }
  *type++ = 0;
  *code++ = 0;
  PhononProgramOptions options = PHONON_PROGRAM_DEFAULTS;
  options.tidal = options.expression = true;
  options.type = *type ? type : NULL;
  PhononProgram *program = NULL;
  const PhononStatus status = phonon_program_new(code, strlen(code), &options, &program);
  if (status == PHONON_OK) {
    answer(program, line);
  } else {
    char *text = program ? first_error(program) : NULL;
    put_error(text ? text : phonon_status_text(status));
    free(text);
  }
  phonon_program_free(program);
}

static int run_batch(void)
{
  char *line = malloc(LINE_MAX_BYTES);
  if (!line) {
    return problem("out of memory");
  }
  while (fgets(line, LINE_MAX_BYTES, stdin)) {
    line[strcspn(line, "\r\n")] = 0;
    batch_line(line);
    fflush(stdout);
  }
  free(line);
  return ferror(stdout) ? problem("standard output cannot be written") : EXIT_GOOD;
}

/* ---- the command ---- */

static PhononTime add(PhononTime a, PhononTime b)
{
  return (PhononTime){ a.num * b.den + b.num * a.den, a.den * b.den };
}

/* A file plays; anything else is an expression. */
static bool is_program(const char *input)
{
  FILE *file = strcmp(input, "-") == 0 ? NULL : fopen(input, "r");
  if (file) {
    fclose(file);
  }
  return file || strcmp(input, "-") == 0;
}

static int run_events(const Command *command, int argc, char **argv)
{
  PhononProgramOptions options = PHONON_PROGRAM_DEFAULTS;
  PhononTime begin = { 0, 1 }, cycles = { 1, 1 };
  bool json = false, batch = false;
  for (int o; (o = next_option(command, argc, argv)) != -1;) {
    if (o == '?') {
      return EXIT_USAGE;
    }
    if ((o == 'c' && (!read_time(optarg, &cycles) || cycles.num <= 0)) ||
        (o == OPT_FROM && !read_time(optarg, &begin))) {
      return usage_error(command, "`%s` is not a time in cycles", optarg);
    }
    json |= o == OPT_JSON;
    batch |= o == OPT_BATCH;
    options.tidal |= o == OPT_TIDAL;
    options.type = o == OPT_TYPE ? optarg : options.type;
  }
  if (batch) {
    return run_batch();
  }
  if (optind + 1 != argc) {
    return usage_error(command, "which pattern?");
  }
  options.expression = !is_program(argv[optind]);
  int status;
  PhononProgram *program = compile(argv[optind], &options, &status);
  if (program) {
    status = print_events(program, begin, add(begin, cycles), json);
    phonon_program_free(program);
  }
  return status;
}

const Command cmd_events = { "events", "EXPR|FILE [--cycles N] [--json]", "prints the events of a pattern",
                             options_table, run_events };
