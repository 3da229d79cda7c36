/* A performance: a text that is edited while it plays, what is done beside it, and what becomes of it. Everything here belongs to the
   control thread, except the stage.  SPDX-License-Identifier: MIT */
#ifndef PH_APP_LIVE_LIVE_H
#define PH_APP_LIVE_LIVE_H

#include <pthread.h>
#include <uv.h>

#include "app/live/stage.h"

enum {
  OPT_QUANTIZE = OPT_PLAY_LAST,
  OPT_RECORD,
  OPT_SESSION,
  OPT_NO_VIEW,
  OPT_OSC_PORT,
  OPT_OSC_TARGET,
  OPT_MIDI_OUT,
  OPT_MIDI_CLOCK,
  OPT_MIDI_IN,
  OPT_MIDI_CLOCK_IN,
  OPT_MIDI_BACKEND,
  OPT_LINK,
  OPT_LINK_QUANTUM,
  OPT_LINK_START_STOP,
  UNDO_MAX = 1000,
  LIVE_SIGNALS = 3
};

/* clang-format off */
#define LIVE_OPTIONS \
  { "quantize", OPT_QUANTIZE, "WHEN", "when an edit is heard: now, beat, cycle, or N cycles (now)" }, \
  { "record", OPT_RECORD, "FILE", "record what is heard; .wav .flac .aiff" }, \
  { "stems", OPT_STEMS, "DIR", "record every output to a file of its own, too" }, \
  { "bits", OPT_BITS, "16|24|32f", "resolution of the recordings (24)" }, \
  { "dither", OPT_DITHER, NULL, "dither the recordings before rounding" }, \
  { "session", OPT_SESSION, "FILE", "log every edit with its frame, for `phonon render --session FILE OUT`" }, \
  { "osc-port", OPT_OSC_PORT, "PORT", "take commands and numbers by OSC, from this machine; 0: any free port" }, \
  { "osc-target", OPT_OSC_TARGET, "NAME=HOST:PORT", "where events with that `# target` go (superdirt is known); repeatable" }, \
  { "midi-out", OPT_MIDI_OUT, "NAME", "make the port for events with `# midi \"NAME\"` at the start; repeatable" }, \
  { "midi-clock", OPT_MIDI_CLOCK, "NAME", "send the clock of MIDI to that port" }, \
  { "midi-in", OPT_MIDI_IN, "[NAME]", "keys for `~midi` and controllers for `cc`, of ports with that in their names; all keyboards" }, \
  { "midi-clock-in", OPT_MIDI_CLOCK_IN, "[NAME]", "follow the clock of MIDI, of ports with that in their names; of all that are plugged in" }, \
  { "midi-backend", OPT_MIDI_BACKEND, "NAME", "jack, rtmidi, rtmidi:alsa (jack where JACK plays, else rtmidi)" }, \
  { "link", OPT_LINK, NULL, "share tempo and beat by Ableton Link (in builds that have it)" }, \
  { "link-quantum", OPT_LINK_QUANTUM, "BEATS", "of the bar that is kept in phase, a quarter of a cycle each (4)" }, \
  { "link-start-stop", OPT_LINK_START_STOP, NULL, "share starts and stops, too: a stop is a hush" }
/* clang-format on */

/* How a line is meant: errors are red and stay in the view. */
typedef enum Tone { TONE_PLAIN, TONE_GOOD, TONE_WARNING, TONE_ERROR } Tone;

/* What is played by hand, while it is written down; see played.c. */
typedef struct Played {
  bool runs;
  uint32_t steps; /* of a cycle: to the nearest of them */
  PhononPlayedNote *notes;
  size_t count, cap;
  char *kept; /* what was told while there was a view, by lines */
} Played;

typedef struct Session Session;
typedef struct View View;
typedef struct LiveLink LiveLink;

/* Gaps in the sound that have not been said yet, as one event, and when some were. */
typedef struct Gaps {
  PhononAudioEvent event;
  int64_t said_ms;
} Gaps;

typedef struct Live {
  Job job;
  Device device;
  Quantum quantum;
  const char *record, *stems, *session_path;

  /* The text's file; NULL: there is none. */
  const char *file;

  uv_loop_t loop;
  uv_timer_t tick;
  uv_signal_t signals[LIVE_SIGNALS];
  int ending; /* how many times somebody wanted it to end */
  int64_t ending_ms;
  int status; /* the exit status so far */
  bool is_over, is_advised;
  int64_t begun_ms;

  PhononAudio *audio;
  PhononSamples *samples;
  PhononEngine *engine;
  Stage stage;
  bool has_stage;
  Notes notes;

  Code *playing, *offered; /* offered: in the slot; NULL: none */
  PhononSwap *swap;        /* of what is offered */
  char *wrong;             /* what was wrong with the last text that did not compile */
  bool is_in_error;        /* the last text did not compile */
  bool is_panicked;        /* what plays is nothing, by panic */
  bool is_gated;           /* time passes only when it is let: see live_release */
  bool is_held;            /* edits are not offered: they are one edit when time passes */
  Code *retired[RETIRED_MAX];
  Code *next;          /* compiled, and waits for the slot */
  int64_t base;        /* the frame that is the engine's frame 0 */
  Code *fresh;         /* of the engine that is ready after a failure */
  int64_t fresh_cycle; /* where it begins */
  bool is_broken;      /* the engine has failed, and a fresh one is not there yet */
  const Code *making;  /* what the engine makes ready on this thread */
  pthread_t control;
  char *undo[UNDO_MAX]; /* the good texts, oldest first; the last one is what plays or is about to */
  size_t undo_count;

  PhononRecorder *recorder;
  char *record_path;
  PhononRecorder *stem_files[OUTPUTS_MAX];
  uint64_t lost_told;
  Session *session;

  /* Outside; see osc.c. */
  long osc_port; /* -1: nobody listens */
  PhononOscServer *osc;
  PhononOscOut *osc_out;
  uv_poll_t osc_poll;
  bool is_osc_refused; /* the person has been told */
  _Atomic double unix_at_zero; /* when the stage's frame 0 was heard, in seconds since 1970 */

  int64_t zero_ns, clock_ns; /* when frame 0 was given to the device, as far as is known; when that was looked at, 0: never. See clock.c */

  PhononMidi *midi; /* NULL: nobody has asked yet; see midi.c */
  bool wants_midi_clock; /* follows a clock of MIDI */
  Played played;

  bool wants_link, wants_start_stop; /* see link.c */
  double link_quantum;               /* beats */
  LiveLink *link;                    /* NULL: nobody has asked */

  /* Who shows what happens; by default plain lines. */
  View *view;
  void (*say)(struct Live *live, Tone tone, const char *text);
  void (*minute)(struct Live *live);    /* called 50 times a second; may be NULL */
  bool (*interrupt)(struct Live *live); /* somebody pressed Ctrl-C; true: that was no end. May be NULL */
  uint64_t xruns;
  Gaps underruns, device_xruns;
} Live;

/* ---- live.c: from the beginning to the end ---- */

/* False: no memory. */
bool live_init(Live *live, const Command *command);
/* Reads one option; those of `job` and `device`, too. */
int live_take(Live *live, int option, int argc, char **argv);
/* Whether the options fit together; when all are read. */
int live_check(Live *live);
/* Opens the device, and plays the text; if it has errors, silence. An exit status, after a complaint. */
int live_open(Live *live, const char *text, size_t len);
/* An engine for a program of the performance. */
PhononStatus live_make_engine(Live *live, const PhononProgram *program, PhononEngine **out);
/* Runs the loop until it is over. The exit status. */
int live_run(Live *live);
/* Once is a fade; twice is at once. */
void live_end(Live *live);
int live_close(Live *live);
/* Closes all handles of the loop. */
void live_close_handles(Live *live);
/* What is said are lines again. */
void live_speak_plainly(Live *live);
/* Words for people, without the end of the line; may have several lines. */
void live_say(Live *live, Tone tone, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* ---- edit.c: what plays next ---- */

/* The program of a text; NULL after an error, which was said. `hand` is what is done beside it. */
Code *code_new(Live *live, const char *text, size_t len, const Hand *hand, bool is_loud);
/* The same, beginning at a cycle, 0 or later. */
Code *code_new_at(Live *live, const char *text, size_t len, const Hand *hand, bool is_loud, int64_t cycle);
void code_free(Code *code);
/* A new text. False: it has an error, and changes nothing. The text that plays already is no edit, unless it is forced. */
bool live_text(Live *live, const char *text, size_t len, bool is_forced);
/* Beside the text: the same, with another hand. */
void live_hand(Live *live, const Hand *hand);
/* The hand as it will be when what waits has happened. */
Hand live_hand_now(const Live *live);
/* The text as it will be. */
const char *live_text_now(const Live *live, size_t *len);
/* The former good text. */
void live_undo(Live *live);
/* All sound ends in 20 ms, tails too; what plays is nothing until the next edit, or until this is called once more. */
void live_panic(Live *live);
/* Minds an engine that has failed: another one plays the text before, from the beginning of a cycle on. */
void live_mind_failure(Live *live);
/* Minds the slot: what has happened, what is to be offered. */
void live_mind_edits(Live *live);
void live_free_codes(Live *live);
/* Of a performance in which time stands still between edits: what was edited plays now, and time may pass; edits are collected again. */
void live_release(Live *live);
void live_hold(Live *live);

/* ---- record.c ---- */

/* Starts recording, or ends it. */
bool live_record(Live *live, const char *path);
void live_record_end(Live *live);
/* Files for the outputs of a program that is about to play. */
void live_record_stems(Live *live, const Code *code);
void live_mind_recorders(Live *live);
void live_close_recorders(Live *live);
/* Whether something is recorded. */
bool live_is_recording(const Live *live);

/* A path like `path` that is not there yet: itself, or with -2, -3, … before its ending. The caller's; NULL: no memory. */
char *free_path(const char *path);

/* ---- session.c ---- */

/* NULL after a complaint. */
Session *session_open(const Live *live, const char *path);
void session_edit(Session *session, const Code *code, int64_t frame, double cycle);
void session_noted(Session *session, Noted noted);
/* It was silent from the frame on; the next edit is a fresh engine that begins at `cycle`. */
void session_failure(Session *session, int64_t frame);
void session_fresh(Session *session, const Code *code, int64_t frame, int64_t cycle);
/* Its end: the stage renders no more. */
void session_close(Session *session, const Stage *stage);

/* ---- osc.c ---- */

/* NAME=HOST:PORT; false after a complaint. */
bool live_osc_target(Live *live, const char *text);
/* Listens, if that is wanted; false after a complaint. */
bool live_osc_open(Live *live);
void live_osc_close(Live *live);
/* Before an engine of the performance renders. */
void live_osc_connect(Live *live, PhononEngine *engine);
/* Minds the clock by which events are sent. */
void live_mind_osc(Live *live);

/* ---- clock.c ---- */

/* Looks at the device's clock; to be called often. False: nothing has been heard yet. */
bool live_mind_clock(Live *live);
/* When a frame is heard, on CLOCK_MONOTONIC; by the last look. */
int64_t live_heard_ns(const Live *live, int64_t frame);
int64_t now_ns(void);
/* A time of CLOCK_MONOTONIC in seconds since 1970. */
double unix_sec_of(int64_t ns);

/* ---- midi.c ---- */

/* Options: a port, with the clock or not; keys and controllers, of all keyboards if the name is NULL. False after a complaint. */
bool live_midi_out(Live *live, const char *name, bool has_clock);
bool live_midi_in(Live *live, const char *name);
bool live_midi_clock_in(Live *live, const char *name);
bool live_midi_backend(Live *live, const char *name);
/* Before an engine of the performance renders; and its stage. */
void live_midi_connect(Live *live, PhononEngine *engine);
void live_midi_stage(Live *live);
/* Minds the ports, and says what became of them. */
void live_mind_midi(Live *live);
void live_midi_close(Live *live);

/* ---- link.c; link_none.c in builds without Ableton Link ---- */

/* Joins, if that is wanted; an exit status, after a complaint. */
int live_link_open(Live *live);
/* Before the sound starts, which it makes start with a bar of the others. */
void live_link_start(Live *live);
/* Minds tempo and phase. */
void live_mind_link(Live *live);
/* The text's tempo goes out, also if it is the one that went out last. */
void live_link_assert(Live *live);
/* The beat is to be so much earlier than that of the others. */
void live_link_nudge(Live *live, double sec);
uint32_t live_link_peers(const Live *live);
/* By how much the beat is late. False: nobody knows. */
bool live_link_error(const Live *live, double *sec);
void live_link_close(Live *live);

/* ---- played.c ---- */

enum { PLAYED_STEPS = 16, PLAYED_STEPS_MOST = 96 };
/* Begins to write down what is played, or says what was. */
void live_write_down(Live *live, uint32_t steps);
/* Something was noted: a key, perhaps. */
void live_played(Live *live, const Noted *noted);
/* Says all once more, when the view is gone. */
void live_played_close(Live *live);

/* ---- watch.c ---- */

/* Whether a file's name is that of a text: it ends in .ph or .tidal. */
bool live_is_text(const char *name);
/* Edits when the file is saved, from now on. */
void live_watch(Live *live);
/* When the loop is closed. */
void live_unwatch(void);

#endif
