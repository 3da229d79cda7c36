/* `phonon events`: the events of a pattern as a table, JSON, CSV or MIDI, one expression or many.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "app/cmd.h"

enum { OPT_FORMAT = OPT_SPAN_LAST, OPT_JSON, OPT_BATCH, OPT_TIDAL, OPT_TYPE, LINE_MAX_BYTES = 1 << 20 };

static const Option options_table[] = {
  { "cycles", OPT_CYCLES, "N", "how many cycles (1)" },
  { "from", OPT_FROM, "T", "from this time on, in cycles: 3, 1/8, 0.25 (0)" },
  { "to", OPT_TO, "T", "up to this time, in cycles: instead of --cycles" },
  { "format", OPT_FORMAT, "table|json|csv|midi",
    "a table (the default), JSON, comma-separated values, a Standard MIDI File" },
  { "output", 'o', "FILE", "where to (standard output)" },
  { "json", OPT_JSON, NULL, "JSON: an array of events" },
  { "tidal", OPT_TIDAL, NULL, "the dialect of TidalCycles" },
  { "type", OPT_TYPE, "TYPE", "how the strings of an expression are read: Int, Double, String, Bool, Rational, Note" },
  { "batch", OPT_BATCH, NULL,
    "reads lines `N<TAB>type<TAB>expression`, answers each with a line of JSON; Tidal's dialect" },
  { NULL, 0, NULL, NULL }
};

typedef enum Format { TABLE, JSON, CSV, MIDI } Format;

typedef struct Request {
  PhononTime begin, end;
  Format format;
  const char *output; /* NULL: standard output */
} Request;

/* ---- a table ---------------------------------------------------------------------------------------------------- */

static void print_time(FILE *out, PhononTime t, int width)
{
  char text[48];
  (void)(t.den == 1 ? snprintf(text, sizeof text, "%lld", (long long)t.num)
                    : snprintf(text, sizeof text, "%lld/%lld", (long long)t.num, (long long)t.den));
  fprintf(out, "%*s", width, text);
}

static void print_row(FILE *out, const PhononEvent *e)
{
  const PhononTime begin = e->has_whole ? e->whole_begin : e->part_begin,
                   end = e->has_whole ? e->whole_end : e->part_end;
  print_time(out, begin, 9);
  fprintf(out, " %s ", e->has_whole ? (e->has_onset ? "→" : "┄") : "~");
  print_time(out, end, -9);
  fprintf(out, " %-4s %s\n", e->track, e->value);
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

/* ---- comma-separated values (RFC 4180) -------------------------------------------------------------------------- */

static void csv_text(FILE *out, const char *text)
{
  if (!strpbrk(text, ",\"\r\n")) {
    fputs(text, out);
    return;
  }
  fputc('"', out);
  for (; *text; text++) {
    fprintf(out, *text == '"' ? "\"\"" : "%c", *text);
  }
  fputc('"', out);
}

static void csv_exact(FILE *out, bool there, PhononTime begin, PhononTime end)
{
  if (there) {
    fprintf(out, "%lld/%lld,%lld/%lld,", (long long)begin.num, (long long)begin.den, (long long)end.num,
            (long long)end.den);
  } else {
    fputs(",,", out);
  }
}

/* The decimals are of the whole event, or of the part of a continuous value. */
static void csv_row(FILE *out, const PhononEvent *e)
{
  const PhononTime begin = e->has_whole ? e->whole_begin : e->part_begin,
                   end = e->has_whole ? e->whole_end : e->part_end;
  csv_text(out, e->track);
  fprintf(out, ",%.9g,%.9g,", (double)begin.num / (double)begin.den, (double)end.num / (double)end.den);
  csv_exact(out, e->has_whole, e->whole_begin, e->whole_end);
  csv_exact(out, true, e->part_begin, e->part_end);
  fprintf(out, "%d,", e->has_onset);
  csv_text(out, e->value);
  fputc(',', out);
  csv_text(out, e->value_json);
  (void)(e->line ? fprintf(out, ",%u,%u\r\n", e->line, e->column) : fprintf(out, ",,\r\n"));
}

/* ---- one -------------------------------------------------------------------------------------------------------- */

/* In order of time. */
static int print_rows(FILE *out, const PhononEvents *events, Format format)
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
  if (format == CSV) {
    fputs("track,begin,end,whole_begin,whole_end,part_begin,part_end,onset,value,json,line,column\r\n", out);
  }
  for (size_t i = 0; i < count; i++) {
    (format == CSV ? csv_row : print_row)(out, &rows[i]);
  }
  free(rows);
  return EXIT_GOOD;
}

static int print_json(FILE *out, const PhononEvents *events)
{
  char *text = phonon_events_json(events);
  if (!text) {
    return problem("out of memory");
  }
  fprintf(out, "%s\n", text);
  phonon_free(text);
  return EXIT_GOOD;
}

static int write_text(const PhononProgram *program, const Request *request)
{
  PhononEvents *events = NULL;
  PhononError error;
  const PhononStatus status = phonon_events_new(program, request->begin, request->end, &events, &error);
  if (status != PHONON_OK) {
    return problem("%s", error.text[0] ? error.text : phonon_status_text(status));
  }
  char *text = NULL;
  size_t len = 0;
  FILE *out = open_memstream(&text, &len);
  int result = out ? EXIT_GOOD : problem("out of memory");
  if (out) {
    result = request->format == JSON ? print_json(out, events) : print_rows(out, events, request->format);
    const bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
      result = problem("out of memory");
    }
  }
  if (result == EXIT_GOOD) {
    result = write_output(request->output, text, len);
  }
  free(text);
  phonon_events_free(events);
  return result;
}

static void print_report(void *ctx, const PhononDiagnostic *diagnostic)
{
  char *text = phonon_program_diagnostic_text(ctx, diagnostic, is_terminal(stderr));
  fputs(text ? text : diagnostic->message, stderr);
  phonon_free(text);
}

static int write_midi(const PhononProgram *program, const Request *request)
{
  char *bytes = NULL;
  size_t len = 0;
  PhononError error;
  void *ctx = (void *)(uintptr_t)program; /* the report reads it only */
  const PhononStatus status =
      phonon_midi(program, request->begin, request->end, print_report, ctx, &bytes, &len, &error);
  if (status != PHONON_OK) {
    return problem("%s", error.text[0] ? error.text : phonon_status_text(status));
  }
  const int result = write_output(request->output, bytes, len);
  phonon_free(bytes);
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

static bool read_format(const char *text, Format *out)
{
  static const char *const names[] = { "table", "json", "csv", "midi" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strcmp(text, names[i]) == 0) {
      *out = (Format)i;
      return true;
    }
  }
  return false;
}

/* What the options say. */
typedef struct Options {
  PhononProgramOptions program;
  bool batch;
  Span span;
  Request request;
} Options;

static int take_option(const Command *command, int option, Options *options)
{
  switch (option) {
  case OPT_CYCLES:
  case OPT_FROM:
  case OPT_TO:
    return take_span(command, option, &options->span);
  case OPT_FORMAT:
    return read_format(optarg, &options->request.format)
               ? EXIT_GOOD
               : usage_error(command, "--format is table, json, csv or midi, not `%s`", optarg);
  case 'o':
    options->request.output = optarg;
    return EXIT_GOOD;
  case OPT_JSON:
    options->request.format = JSON;
    return EXIT_GOOD;
  case OPT_BATCH:
    options->batch = true;
    return EXIT_GOOD;
  case OPT_TIDAL:
    options->program.tidal = true;
    return EXIT_GOOD;
  case OPT_TYPE:
    options->program.type = optarg;
    return EXIT_GOOD;
  default:
    return EXIT_USAGE;
  }
}

static int run_events(const Command *command, int argc, char **argv)
{
  Options options = { .program = PHONON_PROGRAM_DEFAULTS, .span = SPAN_DEFAULTS };
  for (int o; (o = next_option(command, argc, argv)) != -1;) {
    const int status = take_option(command, o, &options);
    if (status) {
      return status;
    }
  }
  if (options.batch) {
    return run_batch();
  }
  if (optind + 1 != argc) {
    return usage_error(command, "which pattern?");
  }
  int status = find_span(command, &options.span);
  options.request.begin = options.span.begin;
  options.request.end = options.span.end;
  const Request *request = &options.request;
  if (!status && request->format == MIDI && (!request->output || strcmp(request->output, "-") == 0) &&
      is_terminal(stdout)) {
    status = usage_error(command, "a MIDI file is not for a terminal: -o FILE.mid");
  }
  if (status) {
    return status;
  }
  options.program.expression = !names_program(argv[optind]);
  PhononProgram *program = compile(argv[optind], &options.program, &status);
  if (program) {
    status = (request->format == MIDI ? write_midi : write_text)(program, request);
    phonon_program_free(program);
  }
  return status;
}

const Command cmd_events = { "events", "EXPR|FILE [--cycles N] [--format F]",
                             "the events of a pattern: table, JSON, CSV, MIDI", options_table, run_events };
