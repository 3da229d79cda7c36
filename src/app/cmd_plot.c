/* `phonon plot`: a picture of the events.  SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "app/cmd.h"

enum { OPT_WIDTH = OPT_SPAN_LAST, OPT_HEIGHT, OPT_TITLE, OPT_TIDAL, LEAST_PIXELS = 200, MOST_PIXELS = 16384 };

static const Option options_table[] = {
  { "cycles", OPT_CYCLES, "N", "how many cycles (1 of an expression, 4 of a file)" },
  { "from", OPT_FROM, "T", "from this time on, in cycles: 3, 1/8, 0.25 (0)" },
  { "to", OPT_TO, "T", "up to this time, in cycles: instead of --cycles" },
  { "width", OPT_WIDTH, "PIXELS", "200 to 16384 (1200)" },
  { "height", OPT_HEIGHT, "PIXELS", "200 to 16384 (what there is to show)" },
  { "title", OPT_TITLE, "TEXT", "what stands above it (the name of the file)" },
  { "tidal", OPT_TIDAL, NULL, "the dialect of TidalCycles" },
  { NULL, 0, NULL, NULL },
};

typedef struct Job {
  PhononProgramOptions program;
  PhononPlotOptions plot;
  Span span;
} Job;

static int take_option(const Command *command, int option, Job *job)
{
  long long pixels = 0;
  switch (option) {
  case OPT_CYCLES:
  case OPT_FROM:
  case OPT_TO:
    return take_span(command, option, &job->span);
  case OPT_WIDTH:
  case OPT_HEIGHT:
    if (!read_whole(command, option == OPT_WIDTH ? "width" : "height", optarg, LEAST_PIXELS, MOST_PIXELS, &pixels)) {
      return EXIT_USAGE;
    }
    *(option == OPT_WIDTH ? &job->plot.width : &job->plot.height) = (uint32_t)pixels;
    return EXIT_GOOD;
  case OPT_TITLE:
    job->plot.title = optarg;
    return EXIT_GOOD;
  case OPT_TIDAL:
    job->program.tidal = true;
    return EXIT_GOOD;
  default:
    return EXIT_USAGE;
  }
}

static bool find_format(const char *path, PhononPlotFormat *out)
{
  const size_t len = strlen(path);
  const char *ending = len > 4 ? path + len - 4 : "";
  *out = strcasecmp(ending, ".png") == 0 ? PHONON_PLOT_PNG : PHONON_PLOT_SVG;
  return *out == PHONON_PLOT_PNG || strcasecmp(ending, ".svg") == 0 || strcmp(path, "-") == 0;
}

static int draw(const PhononProgram *program, const Job *job, const char *path)
{
  char *bytes = NULL;
  size_t len = 0;
  PhononError error;
  const PhononStatus status = phonon_plot(program, job->span.begin, job->span.end, &job->plot, &bytes, &len, &error);
  if (status != PHONON_OK) {
    return problem("%s", error.text[0] ? error.text : phonon_status_text(status));
  }
  const int result = write_output(path, bytes, len);
  phonon_free(bytes);
  return result;
}

static int run_plot(const Command *command, int argc, char **argv)
{
  Job job = { .program = PHONON_PROGRAM_DEFAULTS, .plot = PHONON_PLOT_DEFAULTS, .span = SPAN_DEFAULTS };
  for (int o; (o = next_option(command, argc, argv)) != -1;) {
    const int status = take_option(command, o, &job);
    if (status) {
      return status;
    }
  }
  if (optind + 2 != argc) {
    return optind + 2 > argc ? usage_error(command, "it wants a pattern or a file, and an output")
                             : usage_error(command, "what is `%s`?", argv[optind + 2]);
  }
  const char *input = argv[optind], *output = argv[optind + 1];
  if (!find_format(output, &job.plot.format)) {
    return usage_error(command, "the output ends in .svg or .png (or is `-`: SVG), not `%s`", output);
  }
  job.program.expression = !names_program(input);
  if (!job.program.expression && !job.span.cycles_given) {
    job.span.cycles = (PhononTime){ 4, 1 };
  }
  job.plot.title = job.plot.title || !job.program.expression ? job.plot.title : input;
  int status = find_span(command, &job.span);
  PhononProgram *program = status ? NULL : compile(input, &job.program, &status);
  if (program) {
    status = draw(program, &job, output);
    phonon_program_free(program);
  }
  return status;
}

const Command cmd_plot = { "plot", "EXPR|FILE OUT.svg|OUT.png", "draws the events as a piano roll", options_table,
                           run_plot };
