/* `phonon live`: a file is heard as it is edited.  SPDX-License-Identifier: MIT */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/live/view.h"

static const Option live_options[] = {
  { "duration", 'd', "SEC", "how long (until q or Ctrl-C)" },
  { "cycles", 'c', "N", "how long, in cycles: instead of --duration" },
  LIVE_OPTIONS,
  { "no-view", OPT_NO_VIEW, NULL, "lines of text instead of the view" },
  PLAY_DEVICE_OPTIONS,
  JOB_COMMON_OPTIONS,
  { NULL, 0, NULL, NULL },
};

static int read_arguments(Live *live, const Command *command, int argc, char **argv, bool *wants_view)
{
  if (!live_init(live, command)) {
    return problem("out of memory");
  }
  *wants_view = true;
  for (int option; (option = next_option(command, argc, argv)) != -1;) {
    if (option == OPT_NO_VIEW) {
      *wants_view = false;
      continue;
    }
    const int status = live_take(live, option, argc, argv);
    if (status) {
      return status;
    }
  }
  if (optind + 1 != argc) {
    return optind == argc ? usage_error(command, "it wants a file")
                          : usage_error(command, "what is `%s`?", argv[optind + 1]);
  }
  live->file = live->job.input = live->job.program.name = argv[optind];
  return live_check(live);
}

/* A piece that is still to be written: a name of ours in a folder that is there. */
static bool is_to_come(const char *file)
{
  const char *slash = strrchr(file, '/');
  char folder[PATH_MAX] = ".";
  struct stat info;
  if (slash && slash > file && (size_t)(slash - file) < sizeof folder) {
    memcpy(folder, file, (size_t)(slash - file));
    folder[slash - file] = 0;
  }
  return live_is_text(file) && stat(file, &info) != 0 && errno == ENOENT &&
         (slash == file || (stat(folder, &info) == 0 && S_ISDIR(info.st_mode)));
}

static int run_live(const Command *command, int argc, char **argv)
{
  static Live live;
  bool wants_view = true;
  int status = read_arguments(&live, command, argc, argv, &wants_view);
  if (status) {
    return status;
  }
  char *text = NULL;
  size_t len = 0;
  PhononError error;
  live_watch(&live);
  const bool waits = is_to_come(live.file);
  if (!waits && phonon_read_file(live.file, PHONON_TEXT_MAX, &text, &len, &error) != PHONON_OK) {
    return problem("%s", error.text);
  }
  if (wants_view && is_terminal(stdout) && !view_open(&live)) {
    live.status = problem("out of memory");
  } else {
    live.status = live_open(&live, text ? text : "", len);
  }
  phonon_free(text);
  if (!live.status && waits) {
    live_say(&live, TONE_GOOD, "%s is not there yet: save it, and it plays", live.file);
  }
  if (!live.status) {
    live.status = live_run(&live);
  }
  view_close(&live);
  status = live_close(&live);
  live_unwatch();
  return status;
}

const Command cmd_live = { "live", "FILE [options]", "plays a file, and every save of it", live_options, run_live };
