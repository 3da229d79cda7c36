/* The command `phonon`: finds the subcommand, and what they share.  SPDX-License-Identifier: MIT */
#include <errno.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cmd.h"

const Command *const commands[] = { &cmd_render, &cmd_play, &cmd_live, &cmd_repl, &cmd_devices, &cmd_check, &cmd_events,  &cmd_plot,    &cmd_graph,
                                    &cmd_help,   &cmd_doc,   &cmd_samples, &cmd_version, NULL };
enum { OPTIONS_MAX = 48 };

/* ---- words on the terminal ---- */

bool is_terminal(FILE *stream) { return isatty(fileno(stream)) == 1; }

int usage_error(const Command *command, const char *fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  fprintf(stderr, "phonon %s: ", command->name);
  vfprintf(stderr, fmt, args);
  fprintf(stderr, "\nusage: phonon %s %s\n", command->name, command->usage);
  va_end(args);
  return EXIT_USAGE;
}

int problem(const char *fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  fputs("phonon: ", stderr);
  vfprintf(stderr, fmt, args);
  fputc('\n', stderr);
  va_end(args);
  return EXIT_PROBLEM;
}

bool samples_folder_exists(const Command *command, const char *path)
{
  struct stat st;
  const bool exists = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
  if (!exists) {
    (void)usage_error(command, "--samples %s: there is no such folder", path);
  }
  return exists;
}

void print_command_help(const Command *command)
{
  printf("usage: phonon %s %s\n\n%s\n", command->name, command->usage, command->doc);
  for (const Option *o = command->options; o->name; o++) {
    char left[64];
    const int n = o->value < 256 ? snprintf(left, sizeof left, "-%c, --%s", o->value, o->name)
                                 : snprintf(left, sizeof left, "    --%s", o->name);
    if (o->argument && n > 0 && (size_t)n < sizeof left) {
      (void)snprintf(left + n, sizeof left - (size_t)n, o->argument[0] == '[' ? "%s" : " %s", o->argument);
    }
    printf("%s  %-30s %s\n", o == command->options ? "\n" : "", left, o->doc);
  }
}

int print_text(char *text)
{
  if (!text) {
    return problem("out of memory");
  }
  const size_t len = strlen(text);
  const bool ok = fwrite(text, 1, len, stdout) == len && fflush(stdout) == 0;
  phonon_free(text);
  return ok ? EXIT_GOOD : problem("standard output: %s", strerror(errno));
}

int write_output(const char *path, const char *bytes, size_t len)
{
  PhononError error;
  return phonon_write_file(path ? path : "-", bytes, len, &error) == PHONON_OK ? EXIT_GOOD : problem("%s", error.text);
}

/* ---- options ---- */

int next_option(const Command *command, int argc, char **argv)
{
  struct option longs[OPTIONS_MAX + 1] = { { 0 } };
  char shorts[3 * OPTIONS_MAX + 2] = ":";
  size_t s = 1, n = 0;
  for (const Option *o = command->options; o->name && n < OPTIONS_MAX; o++, n++) {
    const int kind = !o->argument ? no_argument : o->argument[0] == '[' ? optional_argument : required_argument;
    longs[n] = (struct option){ o->name, kind, NULL, o->value };
    if (o->value < 256) {
      shorts[s++] = (char)o->value;
      if (kind == required_argument) {
        shorts[s++] = ':';
      }
    }
  }
  opterr = 0;
  const int found = getopt_long(argc, argv, shorts, longs, NULL);
  if (found == '?') {
    const char *what = optind > 0 && optind <= argc ? argv[optind - 1] : "";
    usage_error(command, "unknown option `%s`; `phonon %s --help` lists them", what, command->name);
  } else if (found == ':') {
    usage_error(command, "option `%s` needs a value", argv[optind - 1]);
    return '?';
  }
  return found;
}

bool read_number(const Command *command, const char *option, const char *text, double least, double most, double *out)
{
  char *end = NULL;
  errno = 0;
  const double value = strtod(text, &end);
  if (end == text || *end || errno || !(value >= least && value <= most)) {
    usage_error(command, "--%s wants a number from %g to %g, not `%s`", option, least, most, text);
    return false;
  }
  *out = value;
  return true;
}

bool read_whole(const Command *command, const char *option, const char *text, long long least, long long most,
                long long *out)
{
  char *end = NULL;
  errno = 0;
  const long long value = strtoll(text, &end, 10);
  if (end == text || *end || errno || value < least || value > most) {
    usage_error(command, "--%s wants a whole number from %lld to %lld, not `%s`", option, least, most, text);
    return false;
  }
  *out = value;
  return true;
}

static long long gcd(long long a, long long b)
{
  while (b) {
    const long long r = a % b;
    a = b;
    b = r;
  }
  return a < 0 ? -a : a;
}

bool read_time(const char *text, PhononTime *out)
{
  const bool negative = *text == '-';
  long long num = 0, den = 1;
  bool point = false, digits = false;
  const char *p = text + negative;
  for (; (*p >= '0' && *p <= '9') || (*p == '.' && !point); p++) {
    if (*p == '.') {
      point = true;
      continue;
    }
    digits = true;
    if (num > 100000000000000LL || den > 100000000000000LL) {
      return false;
    }
    num = num * 10 + (*p - '0');
    den *= point ? 10 : 1;
  }
  if (*p == '/' && !point && digits) {
    char *end = NULL;
    den = strtoll(p + 1, &end, 10);
    p = end;
  }
  if (!digits || *p || den <= 0) {
    return false;
  }
  const long long g = gcd(num, den);
  *out = (PhononTime){ (negative ? -num : num) / (g ? g : 1), den / (g ? g : 1) };
  return true;
}

/* ---- spans of time ---- */

/* False if it is too fine or too long. */
static bool add_times(PhononTime a, PhononTime b, PhononTime *out)
{
  int64_t x, y;
  return !__builtin_mul_overflow(a.num, b.den, &x) && !__builtin_mul_overflow(b.num, a.den, &y) &&
         !__builtin_add_overflow(x, y, &out->num) && !__builtin_mul_overflow(a.den, b.den, &out->den);
}

static bool is_before(PhononTime a, PhononTime b)
{
  __extension__ typedef __int128 I128;
  return (I128)a.num * b.den < (I128)b.num * a.den;
}

int take_span(const Command *command, int option, Span *span)
{
  PhononTime *time = option == OPT_CYCLES ? &span->cycles : option == OPT_FROM ? &span->begin : &span->end;
  span->cycles_given |= option == OPT_CYCLES;
  span->to_given |= option == OPT_TO;
  if (!read_time(optarg, time) || (option == OPT_CYCLES && time->num <= 0)) {
    return usage_error(command, "`%s` is not a time in cycles", optarg);
  }
  return EXIT_GOOD;
}

int find_span(const Command *command, Span *span)
{
  if (span->to_given && span->cycles_given) {
    return usage_error(command, "--cycles and --to both say how far: give one");
  }
  if (!span->to_given && !add_times(span->begin, span->cycles, &span->end)) {
    return usage_error(command, "that span of time cannot be exact");
  }
  return is_before(span->begin, span->end)
             ? EXIT_GOOD
             : usage_error(command, "--to is not after --from: there is no time between them");
}

/* ---- programs ---- */

/* A name that cannot be code: no space, no quote, no operator; or one that is there. */
static bool looks_like_file(const char *input)
{
  struct stat st;
  return strcmp(input, "-") == 0 || stat(input, &st) == 0 || !strpbrk(input, " \t\n\"$#(~*");
}

bool names_program(const char *input)
{
  struct stat st;
  return strcmp(input, "-") == 0 || stat(input, &st) == 0;
}

char *read_input(const char *input, PhononProgramOptions *options, size_t *len)
{
  const bool is_name = options->expression && !strchr(input, '.') && strcmp(input, "-") != 0;
  *len = strlen(input);
  if (!looks_like_file(input) || is_name) {
    return strdup(input);
  }
  PhononError error;
  char *text = NULL;
  if (phonon_read_file(input, PHONON_TEXT_MAX, &text, len, &error) != PHONON_OK) {
    problem("%s", error.text);
    return NULL;
  }
  options->name = options->name ? options->name : input;
  return text;
}

PhononProgram *compile_text(const char *text, size_t len, const PhononProgramOptions *options, bool is_loud, int *status)
{
  PhononProgram *program = NULL;
  const PhononStatus made = phonon_program_new(text, len, options, &program);
  char *said = program && is_loud ? phonon_program_diagnostics_text(program, is_terminal(stderr)) : NULL;
  fputs(said ? said : "", stderr);
  if (made != PHONON_OK && (!said || !*said)) {
    problem("%s: %s", options->name ? options->name : "the code", phonon_status_text(made));
  }
  phonon_free(said);
  *status = made == PHONON_OK ? EXIT_GOOD : EXIT_PROBLEM;
  if (made != PHONON_OK) {
    phonon_program_free(program);
    return NULL;
  }
  return program;
}

PhononProgram *compile(const char *input, PhononProgramOptions *options, int *status)
{
  size_t len = 0;
  *status = EXIT_PROBLEM;
  char *text = read_input(input, options, &len);
  PhononProgram *program = text ? compile_text(text, len, options, true, status) : NULL;
  phonon_free(text);
  return program;
}

/* ---- subcommands ---- */

static void print_help(FILE *stream)
{
  fputs("phonon: a live-coding language in which patterns are signals\n\n", stream);
  for (size_t i = 0; commands[i]; i++) {
    fprintf(stream, "  phonon %-8s %-26s %s\n", commands[i]->name, commands[i]->usage, commands[i]->doc);
  }
  fputs("\nphonon COMMAND --help lists the options of a command, phonon help NAME explains a function.\n", stream);
}

static const Command *find(const char *name)
{
  for (size_t i = 0; commands[i]; i++) {
    if (strcmp(commands[i]->name, name) == 0) {
      return commands[i];
    }
  }
  return NULL;
}

int main(int argc, char **argv)
{
  setlocale(LC_CTYPE, "");
  if (argc < 2) {
    print_help(stderr);
    return EXIT_USAGE;
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
    print_help(stdout);
    return EXIT_GOOD;
  }
  const Command *command = strcmp(argv[1], "--version") == 0 ? &cmd_version : find(argv[1]);
  if (!command) {
    fprintf(stderr, "phonon: there is no command `%s`\n\n", argv[1]);
    print_help(stderr);
    return EXIT_USAGE;
  }
  for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (strcmp(argv[i], "--help") == 0) {
      print_command_help(command);
      return EXIT_GOOD;
    }
  }
  return command->run(command, argc - 1, argv + 1);
}
