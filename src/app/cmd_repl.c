/* `phonon repl`: statements are heard as they are typed.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "app/live/repl.h"

static const Option repl_options[] = {
  { "duration", 'd', "SEC", "how long (until :quit, or the end of the script)" },
  { "cycles", 'c', "N", "how long, in cycles: instead of --duration" },
  LIVE_OPTIONS,
  PLAY_DEVICE_OPTIONS,
  JOB_COMMON_OPTIONS,
  { NULL, 0, NULL, NULL },
};

static int read_arguments(Live *live, const Command *command, int argc, char **argv)
{
  if (!live_init(live, command)) {
    return problem("out of memory");
  }
  for (int option; (option = next_option(command, argc, argv)) != -1;) {
    const int status = live_take(live, option, argc, argv);
    if (status) {
      return status;
    }
  }
  if (optind + 1 < argc) {
    return usage_error(command, "what is `%s`?", argv[optind + 1]);
  }
  live->job.input = optind < argc ? argv[optind] : NULL;
  live->job.program.name = live->job.input ? live->job.input : "<repl>";
  return live_check(live);
}

static int run_repl(const Command *command, int argc, char **argv)
{
  static Live live;
  int status = read_arguments(&live, command, argc, argv);
  if (status) {
    return status;
  }
  char *text = NULL;
  size_t len = 0;
  PhononError error;
  if (live.job.input && phonon_read_file(live.job.input, PHONON_TEXT_MAX, &text, &len, &error) != PHONON_OK) {
    return problem("%s", error.text);
  }
  Repl *repl = repl_new(&live);
  if (!repl) {
    phonon_free(text);
    return problem("out of memory");
  }
  live.status = live_open(&live, text ? text : "", len);
  phonon_free(text);
  if (!live.status && !repl_start(repl)) {
    live.status = problem("standard input cannot be read");
  }
  if (!live.status) {
    live.status = live_run(&live);
  }
  status = live_close(&live);
  const bool is_failed = repl_free(repl);
  return status ? status : is_failed ? EXIT_PROBLEM : EXIT_GOOD;
}

const Command cmd_repl = { "repl", "[FILE] [options]", "plays what is typed, statement by statement", repl_options,
                           run_repl };
