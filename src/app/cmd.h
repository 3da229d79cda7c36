/* The command `phonon`: what its subcommands share. They use nothing but phonon.h.  SPDX-License-Identifier: MIT */
#ifndef PH_APP_CMD_H
#define PH_APP_CMD_H

#include <getopt.h>
#include <stdio.h>

#include "phonon/phonon.h"

enum { EXIT_GOOD = 0, EXIT_PROBLEM = 1, EXIT_USAGE = 2 };

/* An option of a subcommand. */
typedef struct Option {
  const char *name;
  int value;            /* what getopt gives: its letter, or a number above 255 */
  const char *argument; /* what help calls it; NULL: none; "[X]": optional */
  const char *doc;
} Option;

typedef struct Command {
  const char *name;
  const char *usage; /* after the name */
  const char *doc;
  const Option *options; /* ends with a NULL name */
  int (*run)(const struct Command *command, int argc, char **argv);
} Command;

extern const Command cmd_render, cmd_check, cmd_events, cmd_play, cmd_live, cmd_repl, cmd_devices, cmd_plot, cmd_graph, cmd_help, cmd_doc, cmd_samples,
    cmd_version;

/* All of them; ends with NULL. */
extern const Command *const commands[];

/* The next option of argv by the command's table; -1 at the end, '?' after a complaint. `optarg` and `optind` as getopt. */
int next_option(const Command *command, int argc, char **argv);
/* Prints a usage error and gives EXIT_USAGE. */
int usage_error(const Command *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Prints "phonon: …" and gives EXIT_PROBLEM. */
int problem(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void print_command_help(const Command *command);

/* Whether `--samples` names a folder that is there. False after a complaint. */
bool samples_folder_exists(const Command *command, const char *path);

/* A number in [least, most], whole of it. False after a complaint. */
bool read_number(const Command *command, const char *option, const char *text, double least, double most, double *out);
bool read_whole(const Command *command, const char *option, const char *text, long long least, long long most,
                long long *out);
/* "3", "1/3", "0.25" as an exact time. */
bool read_time(const char *text, PhononTime *out);

/* A span of time by the options --cycles, --from and --to. */
typedef struct Span {
  PhononTime begin, end, cycles;
  bool cycles_given, to_given;
} Span;

#define SPAN_DEFAULTS                                                                                                  \
  {                                                                                                                    \
    { 0, 1 }, { 1, 1 }, { 1, 1 }, false, false                                                                         \
  }

enum { OPT_CYCLES = 'c', OPT_FROM = 256, OPT_TO, OPT_SPAN_LAST };

/* Reads one of these options; finds begin and end when all are read. Both give an exit status after a complaint. */
int take_span(const Command *command, int option, Span *span);
int find_span(const Command *command, Span *span);

/* Whether a person named a file or standard input; else it is an expression. */
bool names_program(const char *input);
/* The text that a person named: of a file, of "-" for standard input, or the code itself. Sets options->name to the file. NULL
   after a complaint; else to be given to phonon_free. */
char *read_input(const char *input, PhononProgramOptions *options, size_t *len);
/* Compiles what a person named: a file, "-" for standard input, or the code itself. Prints its diagnostics to stderr. NULL after
   an error; *status then says with what to leave. */
PhononProgram *compile(const char *input, PhononProgramOptions *options, int *status);
/* The same for a text; `is_loud` is false where its diagnostics are printed already. */
PhononProgram *compile_text(const char *text, size_t len, const PhononProgramOptions *options, bool is_loud, int *status);
/* Bytes to a file, whole or not at all; NULL: to stdout. */
int write_output(const char *path, const char *bytes, size_t len);
/* Text to stdout; EXIT_PROBLEM if that is full or closed. Frees it. */
int print_text(char *text);
bool is_terminal(FILE *stream);

#endif
