/* `phonon check`, `graph`, `help`, `doc`, `samples`, `version`: commands that print.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "app/cmd.h"

/* ---- check ---- */

enum { OPT_JSON = 256, OPT_TIDAL, OPT_DOT, OPT_MD, OPT_MAN, OPT_DIR, OPT_SCHEDULE };

static const Option check_options[] = { { "json", OPT_JSON, NULL, "the diagnostics as JSON, on standard output" },
                                        { "tidal", OPT_TIDAL, NULL, "the dialect of TidalCycles" },
                                        { NULL, 0, NULL, NULL } };

static int check_json(const char *input, PhononProgramOptions *options)
{
  size_t len = 0;
  PhononProgram *program = NULL;
  char *text = read_input(input, options, &len);
  if (!text) {
    return EXIT_PROBLEM;
  }
  const PhononStatus status = phonon_program_new(text, len, options, &program);
  phonon_free(text);
  if (!program) {
    return problem("%s", phonon_status_text(status));
  }
  const int printed = print_text(phonon_program_diagnostics_json(program));
  const bool good = status == PHONON_OK && phonon_program_error_count(program) == 0;
  phonon_program_free(program);
  return good ? printed : EXIT_PROBLEM;
}

static int check_text(const char *input, PhononProgramOptions *options)
{
  int status = EXIT_GOOD;
  PhononProgram *program = compile(input, options, &status);
  if (program) {
    const size_t warnings = phonon_program_warning_count(program), errors = phonon_program_error_count(program);
    const char *name = options->name ? options->name : "the code";
    if (errors) { /* of lines of Tidal's */
      printf("%s: %zu error%s, the other lines play\n", name, errors, errors == 1 ? "" : "s");
      status = EXIT_PROBLEM;
    } else {
      printf("%s: no errors, %zu warning%s\n", name, warnings, warnings == 1 ? "" : "s");
    }
    phonon_program_free(program);
  }
  return status;
}

static int run_check(const Command *command, int argc, char **argv)
{
  PhononProgramOptions options = PHONON_PROGRAM_DEFAULTS;
  bool json = false;
  for (int o; (o = next_option(command, argc, argv)) != -1;) {
    if (o == '?') {
      return EXIT_USAGE;
    }
    json |= o == OPT_JSON;
    options.tidal |= o == OPT_TIDAL;
  }
  if (optind == argc) {
    return usage_error(command, "which file?");
  }
  int status = EXIT_GOOD;
  for (int i = optind; i < argc; i++) {
    PhononProgramOptions each = options;
    const int one = (json ? check_json : check_text)(argv[i], &each);
    status = one ? one : status;
  }
  return status;
}

const Command cmd_check = { "check", "FILE… [--json]", "finds the errors of a file", check_options, run_check };

/* ---- graph ---- */

static const Option graph_options[] = {
  { "dot", OPT_DOT, NULL, "for Graphviz, instead of text" },
  { "schedule", OPT_SCHEDULE, "THREADS", "instead, what so many threads (1 to 64) would make of it: speed-up, critical path" },
  { "duration", 'd', "SEC", "with --schedule: seconds that are rendered for it (4)" },
  { "block-size", 'b', "FRAMES", "with --schedule: as when live, in blocks of 1 to 16384 frames, one at a time (offline)" },
  { "samples", OPT_DIR, "DIR", "with --schedule: a folder of sample banks to search first (repeatable)" },
  { "json", OPT_JSON, NULL, "with --schedule: as JSON" },
  { NULL, 0, NULL, NULL },
};

enum { FOLDERS_MAX = 64, SCHEDULE_FRAMES = 16384 };

typedef struct Graph {
  PhononProgramOptions program;
  PhononGraphFormat format;
  PhononSamplesOptions samples;
  const char *dirs[FOLDERS_MAX];
  double seconds;
  long long threads, block; /* 0: no schedule; 0: offline */
  bool json;
} Graph;

static int show_schedule(const PhononProgram *program, PhononSamples *samples, const Graph *graph)
{
  static float frames[2 * SCHEDULE_FRAMES];
  PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
  options.schedule = (uint32_t)graph->threads;
  options.samples = samples;
  options.block_frames = graph->block ? (uint32_t)graph->block : options.block_frames;
  options.window = graph->block ? 1 : 0;
  PhononEngine *engine = NULL;
  PhononStatus status = phonon_engine_new(program, &options, &engine);
  const uint32_t call = graph->block ? (uint32_t)graph->block : SCHEDULE_FRAMES;
  const int64_t total = (int64_t)(graph->seconds * graph->samples.sample_rate + 0.5);
  for (int64_t at = 0; status == PHONON_OK && at < total; at += call) {
    status = phonon_engine_render(engine, total - at < call ? (uint32_t)(total - at) : call, frames, NULL);
  }
  if (status != PHONON_OK) {
    phonon_engine_free(engine);
    return problem("it does not run: %s", phonon_status_text(status));
  }
  const int printed = print_text(graph->json ? phonon_engine_schedule_json(engine) : phonon_engine_schedule_text(engine));
  phonon_engine_free(engine);
  return printed;
}

static int show_graph(const char *input, Graph *graph)
{
  PhononSamples *samples = NULL;
  int status = EXIT_GOOD;
  if (graph->threads && phonon_samples_new(&graph->samples, &samples) != PHONON_OK) {
    return problem("the samples cannot be searched");
  }
  graph->program.samples = samples;
  PhononProgram *program = compile(input, &graph->program, &status);
  if (program) {
    status = graph->threads ? show_schedule(program, samples, graph) : print_text(phonon_program_graph(program, graph->format));
    phonon_program_free(program);
  }
  phonon_samples_free(samples);
  return status;
}

static int take_graph(const Command *command, int option, Graph *graph)
{
  switch (option) {
  case OPT_DOT:
    graph->format = PHONON_GRAPH_DOT;
    return EXIT_GOOD;
  case OPT_JSON:
    graph->json = true;
    return EXIT_GOOD;
  case OPT_SCHEDULE:
    return read_whole(command, "schedule", optarg, 1, PHONON_THREADS_MAX, &graph->threads) ? EXIT_GOOD : EXIT_USAGE;
  case 'b':
    return read_whole(command, "block-size", optarg, 1, PHONON_BLOCK_MAX, &graph->block) ? EXIT_GOOD : EXIT_USAGE;
  case 'd':
    return read_number(command, "duration", optarg, 0, 3600, &graph->seconds) ? EXIT_GOOD : EXIT_USAGE;
  case OPT_DIR:
    if (graph->samples.dir_count == FOLDERS_MAX) {
      return usage_error(command, "at most %d folders of samples", FOLDERS_MAX);
    }
    graph->dirs[graph->samples.dir_count++] = optarg;
    return samples_folder_exists(command, optarg) ? EXIT_GOOD : EXIT_USAGE;
  default:
    return EXIT_USAGE;
  }
}

static int run_graph(const Command *command, int argc, char **argv)
{
  Graph graph = { .program = PHONON_PROGRAM_DEFAULTS, .samples = PHONON_SAMPLES_DEFAULTS, .seconds = 4 };
  graph.samples.dirs = graph.dirs;
  for (int o; (o = next_option(command, argc, argv)) != -1;) {
    const int status = take_graph(command, o, &graph);
    if (status) {
      return status;
    }
  }
  if (optind + 1 != argc) {
    return usage_error(command, "which file?");
  }
  if (!graph.threads && (graph.json || graph.block || graph.samples.dir_count)) {
    return usage_error(command, "--json, --block-size and --samples go with --schedule");
  }
  return show_graph(argv[optind], &graph);
}

const Command cmd_graph = { "graph", "FILE [--dot | --schedule THREADS]", "prints what runs, and from which line it comes",
                            graph_options, run_graph };

/* ---- help and doc ---- */

static const Option no_options[] = { { NULL, 0, NULL, NULL } };

static void list_functions(const PhononRegistry *registry)
{
  char family[64] = "";
  const size_t count = phonon_registry_count(registry);
  bool *done = calloc(count + 1, sizeof *done);
  for (size_t i = 0; done && i < count; i++) {
    PhononFunction first;
    if (done[i] || !phonon_registry_get(registry, i, &first)) {
      continue;
    }
    (void)snprintf(family, sizeof family, "%s", first.family);
    printf("\n%s:\n ", family);
    size_t column = 1;
    for (size_t k = i; k < count; k++) {
      PhononFunction f;
      if (!done[k] && phonon_registry_get(registry, k, &f) && strcmp(f.family, family) == 0) {
        done[k] = true;
        if (column + strlen(f.name) + 1 > 100) {
          printf("\n ");
          column = 1;
        }
        column += (size_t)printf(" %s", f.name);
      }
    }
    printf("\n");
  }
  free(done);
  printf("\n`phonon help NAME` explains one.\n");
}

static int run_help(const Command *command, int argc, char **argv)
{
  if (next_option(command, argc, argv) == '?') {
    return EXIT_USAGE;
  }
  PhononRegistry *registry = NULL;
  if (phonon_registry_new(&registry) != PHONON_OK) {
    return problem("out of memory");
  }
  int status = EXIT_GOOD;
  if (optind == argc) {
    list_functions(registry);
  }
  for (int i = optind; i < argc; i++) {
    char *text = phonon_registry_help(registry, argv[i]);
    if (text) {
      status = print_text(text) ? EXIT_PROBLEM : status;
      continue;
    }
    const char *near = phonon_registry_nearest(registry, argv[i]);
    status = near ? problem("there is no function `%s`; did you mean `%s`?", argv[i], near)
                  : problem("there is no function `%s`", argv[i]);
  }
  phonon_registry_free(registry);
  return status;
}

const Command cmd_help = { "help", "[NAME…]", "lists the functions of the language, or explains some", no_options,
                           run_help };

static const Option doc_options[] = { { "md", OPT_MD, NULL, "Markdown (the default)" },
                                      { "json", OPT_JSON, NULL, "JSON" },
                                      { "man", OPT_MAN, NULL, "the man page" },
                                      { NULL, 0, NULL, NULL } };

/* The man page of the command, from its tables; the functions follow. */
static void print_man(void)
{
  printf(
      ".TH PHONON 1 \"\" \"phonon %s\"\n.SH NAME\nphonon \\- a live\\-coding language in which patterns are signals\n"
      ".SH SYNOPSIS\n",
      phonon_version());
  for (size_t i = 0; commands[i]; i++) {
    printf(".B phonon %s\n%s\n.br\n", commands[i]->name, commands[i]->usage);
  }
  printf(".SH COMMANDS\n");
  for (size_t i = 0; commands[i]; i++) {
    printf(".SS %s\n%s.\n", commands[i]->name, commands[i]->doc);
    for (const Option *o = commands[i]->options; o->name; o++) {
      printf(".TP\n.B \\-\\-%s", o->name);
      if (o->value < 256) {
        printf(", \\-%c", o->value);
      }
      printf(" %s\n%s\n", o->argument ? o->argument : "", o->doc);
    }
  }
  printf(".SH EXIT STATUS\n0: all is well. 1: the text, a file or the system has a problem. 2: the command line has "
         "one.\n");
}

static int run_doc(const Command *command, int argc, char **argv)
{
  PhononDocFormat format = PHONON_DOC_MARKDOWN;
  for (int o; (o = next_option(command, argc, argv)) != -1;) {
    if (o == '?') {
      return EXIT_USAGE;
    }
    format = o == OPT_JSON ? PHONON_DOC_JSON : o == OPT_MAN ? PHONON_DOC_MAN : PHONON_DOC_MARKDOWN;
  }
  if (optind != argc) {
    return usage_error(command, "what is `%s`?", argv[optind]);
  }
  PhononRegistry *registry = NULL;
  if (phonon_registry_new(&registry) != PHONON_OK) {
    return problem("out of memory");
  }
  if (format == PHONON_DOC_MAN) {
    print_man();
  }
  const int status = print_text(phonon_registry_doc(registry, format));
  phonon_registry_free(registry);
  return status;
}

const Command cmd_doc = { "doc", "--md|--json|--man", "prints the reference of all functions", doc_options, run_doc };

/* ---- samples ---- */

static const Option samples_options[] = {
  { "samples", OPT_DIR, "DIR", "a folder of banks to search first (repeatable)" }, { NULL, 0, NULL, NULL }
};

static int run_samples(const Command *command, int argc, char **argv)
{
  enum { DIRS_MAX = 64 };
  const char *dirs[DIRS_MAX];
  PhononSamplesOptions options = PHONON_SAMPLES_DEFAULTS;
  options.dirs = dirs;
  for (int o; (o = next_option(command, argc, argv)) != -1;) {
    if (o == '?') {
      return EXIT_USAGE;
    }
    if (options.dir_count == DIRS_MAX) {
      return usage_error(command, "at most %d folders", DIRS_MAX);
    }
    if (!samples_folder_exists(command, optarg)) {
      return EXIT_USAGE;
    }
    dirs[options.dir_count++] = optarg;
  }
  PhononSamples *samples = NULL;
  const PhononStatus status = phonon_samples_new(&options, &samples);
  if (status != PHONON_OK) {
    return problem("%s", phonon_status_text(status));
  }
  for (size_t i = 0; i < phonon_samples_bank_count(samples); i++) {
    const char *name = phonon_samples_bank_name(samples, i);
    printf("%-20s %zu\n", name, phonon_samples_count(samples, name));
  }
  phonon_samples_free(samples);
  return EXIT_GOOD;
}

const Command cmd_samples = { "samples", "[--samples DIR]", "lists the banks of samples that are found",
                              samples_options, run_samples };

/* ---- version ---- */

static int run_version(const Command *command, int argc, char **argv)
{
  (void)command;
  (void)argc;
  (void)argv;
  printf("phonon %s\ninstruction sets:", phonon_version());
  for (size_t i = 0; phonon_isa_name(i); i++) {
    printf(" %s", phonon_isa_name(i));
  }
  printf("\n");
  return EXIT_GOOD;
}

const Command cmd_version = { "version", "", "prints the version", no_options, run_version };
