/* What the keys of the view do. Each act beside the text is an edit: it is compiled, happens at its frame, and is logged.
   SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/live/view.h"

#define TAP_PAUSE_NS 2000000000u /* between taps of one row */
#define BEATS 4                  /* of a cycle */

enum { TAPS_LEAST = 3, ESC = 27, CTRL_L = 12, ENTER = 13 };

const char *const keys_help[] = {
  "h        hush: all outputs silent, and again",
  "p        panic: all sound ends at once, tails too; again, or a save: it plays",
  "1 to 9   mute an output, and again; 0 is `out`; m and a number: those above 9",
  "s        and a number, or Alt and a number: solo",
  "a        all outputs: no mute, no solo, no hush",
  "t        tap the tempo, four beats to a cycle, three times or more",
  "[ ]      tempo 1 % slower, faster; { } 0.1 %",
  "< >      the beat 5 ms later, earlier; , . 1 ms",
  "T        the tempo of the text again",
  "Q        edits are heard now, at the next beat, at the next cycle",
  "u        undo: back to the good text before (the file stays as it is)",
  "r        record, and stop recording",
  "n        write down what is played on a keyboard, as mini-notation; again: say it",
  "c        what each line costs",
  "?        these keys",
  "q        fade out and quit; twice: at once",
  NULL,
};

/* ---- outputs ----------------------------------------------------------------------------------------------------- */

static void toggle(Live *live, char what, unsigned number)
{
  Hand hand = live_hand_now(live);
  uint64_t *bits = what == 's' ? hand.soloed : hand.muted;
  if (number < OUTPUTS_MAX) {
    bits[number / 64] ^= (uint64_t)1 << (number % 64);
    live_hand(live, &hand);
  }
}

static unsigned highest(const Live *live)
{
  const Code *code = live->playing;
  return code->output_count ? code->outputs[code->output_count - 1] : 0;
}

/* A digit of a number that was asked for; done when no output could have one more. */
static void take_digit(Keys *keys, Live *live, char c)
{
  const size_t len = strlen(keys->digits);
  keys->digits[len] = c;
  keys->digits[len + 1] = 0;
  const unsigned number = (unsigned)atoi(keys->digits);
  if (len + 1 == NUMBER_DIGITS || number == 0 || number * 10 > highest(live)) {
    toggle(live, keys->asked, number);
    keys->asked = 0;
  }
}

static void take_asked(Keys *keys, Live *live, char c)
{
  if (c >= '0' && c <= '9') {
    take_digit(keys, live, c);
    return;
  }
  if (c == ENTER && keys->digits[0]) {
    toggle(live, keys->asked, (unsigned)atoi(keys->digits));
  }
  keys->asked = 0;
}

static void ask(Keys *keys, char what)
{
  keys->asked = what;
  keys->digits[0] = 0;
}

static void clear_outputs(Live *live)
{
  Hand hand = { .cps = live_hand_now(live).cps };
  live_hand(live, &hand);
}

static void hush(Live *live)
{
  Hand hand = live_hand_now(live);
  hand.hushed = !hand.hushed;
  live_hand(live, &hand);
}

/* ---- tempo ------------------------------------------------------------------------------------------------------- */

static void set_cps(Live *live, double cps)
{
  Hand hand = live_hand_now(live);
  hand.cps = round(cps * 1e6) / 1e6; /* so that the log says it whole */
  if (cps == 0 || (hand.cps >= CPS_LEAST && hand.cps <= CPS_MOST)) {
    live_hand(live, &hand);
  }
}

static void scale_cps(Live *live, double ratio)
{
  const double outside = atomic_load(&live->stage.pace.wanted_cps), now = live_hand_now(live).cps;
  set_cps(live, (outside > 0 ? outside : now > 0 ? now : atomic_load(&live->stage.seen_cps)) * ratio);
}

static void nudge(Live *live, int ms)
{
  stage_shift(&live->stage, ms * 1e-3);
  live_link_nudge(live, ms * 1e-3);
  live_say(live, TONE_PLAIN, "the beat is %d ms %s", abs(ms), ms > 0 ? "earlier" : "later");
}

static void tap(Keys *keys, Live *live)
{
  const uint64_t now = uv_hrtime();
  if (keys->tap_count && now - keys->taps[keys->tap_count - 1] > TAP_PAUSE_NS) {
    keys->tap_count = 0;
  }
  if (keys->tap_count == TAPS_KEPT) {
    memmove(keys->taps, keys->taps + 1, (TAPS_KEPT - 1) * sizeof *keys->taps);
    keys->tap_count--;
  }
  keys->taps[keys->tap_count++] = now;
  if (keys->tap_count >= TAPS_LEAST) {
    const double beat_sec = (double)(now - keys->taps[0]) * 1e-9 / (double)(keys->tap_count - 1);
    set_cps(live, 1 / (BEATS * beat_sec));
  }
}

/* ---- the rest ---------------------------------------------------------------------------------------------------- */

static void record(Live *live)
{
  char path[256];
  if (live_is_recording(live)) {
    live_record_end(live);
    return;
  }
  const time_t now = time(NULL);
  struct tm local;
  if (!live->record && localtime_r(&now, &local) && strftime(path, sizeof path, "phonon-%Y%m%d-%H%M%S.wav", &local)) {
    (void)live_record(live, path);
  } else if (live->record) {
    (void)live_record(live, live->record);
  }
}

static void change_quantum(Live *live)
{
  static const struct {
    Quantum quantum;
    const char *word;
  } order[] = { { { 0, 1 }, "now" }, { { 1, 4 }, "at the next beat" }, { { 1, 1 }, "at the next cycle" } };
  size_t next = 0;
  for (size_t i = 0; i < 2; i++) {
    next = live->quantum.num == order[i].quantum.num && live->quantum.den == order[i].quantum.den ? i + 1 : next;
  }
  live->quantum = order[next].quantum;
  live_say(live, TONE_PLAIN, "edits are heard %s", order[next].word);
}

static void turn_to(Keys *keys, Page page)
{
  keys->page = keys->page == page ? PAGE_LOG : page;
  keys->wants_redraw = true;
}

static void take_key(Keys *keys, Live *live, char c)
{
  switch (c) {
  case 'h':
    hush(live);
    break;
  case 'p':
    live_panic(live);
    break;
  case 'm':
  case 's':
    ask(keys, c);
    break;
  case 'a':
    clear_outputs(live);
    break;
  case 't':
    tap(keys, live);
    break;
  case 'T':
    set_cps(live, 0);
    live_link_assert(live);
    break;
  case '<':
    nudge(live, -5);
    break;
  case '>':
    nudge(live, 5);
    break;
  case ',':
    nudge(live, -1);
    break;
  case '.':
    nudge(live, 1);
    break;
  case '[':
    scale_cps(live, 1 / 1.01);
    break;
  case ']':
    scale_cps(live, 1.01);
    break;
  case '{':
    scale_cps(live, 1 / 1.001);
    break;
  case '}':
    scale_cps(live, 1.001);
    break;
  case 'Q':
    change_quantum(live);
    break;
  case 'u':
    live_undo(live);
    break;
  case 'r':
    record(live);
    break;
  case 'n':
    live_write_down(live, PLAYED_STEPS);
    break;
  case 'c':
    turn_to(keys, PAGE_COSTS);
    break;
  case '?':
    turn_to(keys, PAGE_HELP);
    break;
  case 'q':
    live_end(live);
    break;
  case CTRL_L:
    keys->wants_redraw = true;
    break;
  default:
    break;
  }
}

/* Alt comes as ESC before its key; other sequences (arrows) end with a letter, and mean nothing here. */
void keys_take(Keys *keys, Live *live, char c)
{
  if (keys->is_escaped) {
    const bool is_digit = c >= '0' && c <= '9';
    keys->is_escaped = c == '[' || c == 'O' || c == ';' || (is_digit && keys->is_sequence);
    if (is_digit && !keys->is_sequence) {
      toggle(live, 's', (unsigned)(c - '0'));
    }
    keys->is_sequence = keys->is_escaped;
  } else if (c == ESC) {
    keys->is_escaped = true;
    keys->is_sequence = false;
    keys->asked = 0;
  } else if (keys->asked) {
    take_asked(keys, live, c);
  } else if (c >= '0' && c <= '9') {
    toggle(live, 'm', (unsigned)(c - '0'));
  } else {
    take_key(keys, live, c);
  }
}

void keys_prompt(const Keys *keys, char *out, size_t size)
{
  out[0] = 0;
  if (keys->asked) {
    (void)snprintf(out, size, "%s output: %s_", keys->asked == 's' ? "solo" : "mute", keys->digits);
  }
}
