/* The terminal, taken over and given back.  SPDX-License-Identifier: MIT */
#include "app/live/term.h"

#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;
static volatile sig_atomic_t has_keys, is_open, is_kept;

static const char enter[] = "\033[?1049h\033[?25l\033[2J"; /* another screen, no cursor, empty */
static const char leave[] = "\033[0m\033[?25h\033[?1049l"; /* plain, the cursor, the screen that was */

/* Only calls that a signal handler may make. */
void term_close(void)
{
  if (is_open) {
    is_open = 0;
    (void)!write(STDOUT_FILENO, leave, sizeof leave - 1);
    if (has_keys) {
      (void)tcsetattr(STDIN_FILENO, TCSANOW, &before);
    }
  }
  if (is_kept) {
    is_kept = 0;
    (void)tcsetattr(STDIN_FILENO, TCSANOW, &before);
  }
}

/* The handler is gone by then (SA_RESETHAND): the signal ends the program as it would have. */
static void crash(int number)
{
  term_close();
  (void)raise(number);
}

static void guard(void)
{
  static const int deadly[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT };
  static bool is_guarded;
  if (is_guarded) {
    return;
  }
  is_guarded = true;
  (void)atexit(term_close);
  for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++) {
    struct sigaction action = { .sa_handler = crash, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER) };
    (void)sigaction(deadly[i], &action, NULL);
  }
}

void term_open(void)
{
  guard();
  has_keys = tcgetattr(STDIN_FILENO, &before) == 0;
  if (has_keys) {
    struct termios raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_iflag &= ~(tcflag_t)(IXON | ICRNL);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    (void)tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  }
  is_open = 1;
  (void)!write(STDOUT_FILENO, enter, sizeof enter - 1);
}

void term_keep(void)
{
  guard();
  is_kept = tcgetattr(STDIN_FILENO, &before) == 0;
}

void term_size(int *columns, int *rows)
{
  struct winsize size;
  const bool is_known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
  *columns = is_known ? size.ws_col : 80;
  *rows = is_known ? size.ws_row : 24;
}

bool term_is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }
