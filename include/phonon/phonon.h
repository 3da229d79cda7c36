/* phonon.h: the public interface of Phonon, a live-coding language in which patterns are signals.

   A text is compiled to a *program*; an *engine* runs a program and gives frames of stereo sound; *samples* are what
   `s "bd"` plays; *events* are what the patterns of a program do in a span of time. The command `phonon` is made of
   nothing but these functions.

       PhononProgram *program;
       PhononEngine *engine;
       static float sound[44100 * 2];

       if (phonon_program_new("o1: s \"bd(3,8)\"", 14, NULL, &program) == PHONON_OK &&
           phonon_engine_new(program, NULL, &engine) == PHONON_OK) {
         phonon_engine_render(engine, 44100, sound, NULL);
         phonon_engine_free(engine);
       }
       phonon_program_free(program);

   CONVENTIONS
   - Every function that can fail gives a PhononStatus; PHONON_OK is 0. What it makes is put into *out, which is NULL after
     a failure unless the function says otherwise. A failing function writes nothing to a terminal.
   - Structs of options start with `size`. Write `PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;` and change what is
     to be changed; programs built against an older header go on working. NULL in place of options means the defaults.
   - A `char *` that a function returns is the caller's, to be given to phonon_free. A `const char *` belongs to the handle that
     it came from and lives as long. All text is UTF-8, and numbers in it are written as in the C locale.
   - `*_free(NULL)` does nothing.

   THREADS
   Two threads may use different handles at the same time. One handle is used by one thread at a time, except where a
   function says "any thread": a program does not change once it is made, so any number of engines and queries may share it.
   Nothing here is safe in a signal handler. phonon_engine_render is to be called from an ordinary thread: it may allocate.

   DETERMINISM
   For one text, seed, sample rate and set of samples, the frames are the same bits for any number of threads, any block
   size, any split of phonon_engine_render into calls, any instruction set and any machine.

   SPDX-License-Identifier: MIT */
#ifndef PHONON_PHONON_H
#define PHONON_PHONON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(PHONON_STATIC) || !defined(__GNUC__)
#define PHONON_API
#else
#define PHONON_API __attribute__((visibility("default")))
#endif

/* ---- statuses, versions, memory --------------------------------------------------------------------------------- */

typedef enum PhononStatus {
  PHONON_OK,          /* no error */
  PHONON_NOMEM,       /* out of memory */
  PHONON_ARG,         /* an argument is not valid */
  PHONON_SYNTAX,      /* the text has errors: see the program's diagnostics */
  PHONON_TYPE,        /* a value is of the wrong kind */
  PHONON_RANGE,       /* a value is out of range */
  PHONON_LIMIT,       /* a stated limit is exceeded */
  PHONON_OVERFLOW,    /* a time is too large or too fine to be exact */
  PHONON_NOTFOUND,    /* not found */
  PHONON_IO,          /* a file or device could not be read or written */
  PHONON_FORMAT,      /* a file is not in a format that can be read */
  PHONON_UNSUPPORTED, /* not supported by this build or this machine */
  PHONON_CANCELLED    /* cancelled */
} PhononStatus;

/* Any thread. What a status means, as above. Never NULL. */
PHONON_API const char *phonon_status_text(PhononStatus status);

/* Any thread. "0.1.0". */
PHONON_API const char *phonon_version(void);

/* Frees a text that one of these functions returned. */
PHONON_API void phonon_free(void *text);

/* Reasons in words, where a status is not enough: which file, and what the system said. Functions that take one accept
   NULL; it is "" after success. */
typedef struct PhononError {
  char text[512];
} PhononError;

/* A whole file ("-": standard input) as a NUL-terminated text of *len bytes. PHONON_LIMIT beyond `most` bytes. */
PHONON_API PhononStatus phonon_read_file(const char *path, size_t most, char **text, size_t *len, PhononError *error);

/* Writes a whole file, beside its place and then moved there: a failure leaves what was there before. "-" is standard output; what
   is not an ordinary file (a pipe, a device) is written straight through. */
PHONON_API PhononStatus phonon_write_file(const char *path, const void *bytes, size_t len, PhononError *error);

/* The longest text that a program is made from: 16 MiB. */
#define PHONON_TEXT_MAX ((size_t)16 << 20)

/* An exact time in cycles: num / den, reduced, den > 0. */
typedef struct PhononTime {
  int64_t num, den;
} PhononTime;

/* ---- programs --------------------------------------------------------------------------------------------------- */

/* A compiled text, lowered for one sample rate. Immutable: any thread may read it, and any number of engines may run it. */
typedef struct PhononProgram PhononProgram;

/* Banks of samples, see below. */
typedef struct PhononSamples PhononSamples;

/* An output that goes over from one pattern to another (`o1 xfadeIn 8 $ …`), in cycles from `now` on. */
typedef struct PhononTransition {
  uint32_t output;    /* its number */
  const char *before; /* the statement that it had, as in the text: `o1: s "bd*4"` */
  PhononTime now;
} PhononTransition;

typedef struct PhononProgramOptions {
  size_t size;
  const char *name;   /* what diagnostics call the text, e.g. its path. Default "<code>" */
  const char *dir;    /* what `include` is relative to; NULL: the folder of `name` if it has one, else the current one */
  double sample_rate; /* 8000 to 384000 Hz; default 44100 */
  uint64_t seed;      /* only if seed_given: instead of the text's own `seed:` */
  bool seed_given;
  bool tidal;         /* the dialect of TidalCycles; also implied by a name that ends in ".tidal" */
  bool expression;    /* the text is one pattern expression, not a program: it can be queried, not run */
  const char *type;   /* of an expression, a hint for how its strings are read: "Int", "Double", "String", "Bool",
                         "Rational", "Note" or NULL */
  /* Recordings that the text's units read (`sample "bd:3"`), at the program's rate; must outlive the program. NULL: the
     program opens its own when a unit asks for one. */
  PhononSamples *samples;
  /* What a performer does without touching the text. Bits by the number of an output, 0 (`out`) to 64: `muted` and `soloed`
     come to the text's own `hush` and `solo`. */
  uint64_t muted[2], soloed[2];
  bool hushed; /* no output sounds */
  double cps;  /* instead of the text's own tempo, 0.0001 to 1000 cycles per second; 0 (default): the text's own */
  const PhononTransition *transitions; /* for statements that ask for one; others play their pattern at once */
  size_t transition_count;
  bool follows; /* it takes the place of a text that plays: then a transition that is not among `transitions` is over, and no note says so */
} PhononProgramOptions;

#define PHONON_PROGRAM_DEFAULTS                                                                                        \
  {                                                                                                                    \
    sizeof(PhononProgramOptions), NULL, NULL, 44100.0, 0, false, false, false, NULL, NULL, { 0, 0 }, { 0, 0 }, false, 0, \
    NULL, 0, false                                                                                                     \
  }

/* Compiles a text. PHONON_SYNTAX: it has errors; then *out is a program that cannot be run or queried but has the diagnostics,
   and it is to be freed all the same. Files that `include` names are read here, and recordings that units
   name (a text with a `/` or the ending of a sound file is a path, relative to `dir`). */
PHONON_API PhononStatus phonon_program_new(const char *text, size_t len, const PhononProgramOptions *options,
                                           PhononProgram **out);
PHONON_API void phonon_program_free(PhononProgram *program);

typedef enum PhononSeverity { PHONON_ERROR, PHONON_WARNING, PHONON_NOTE } PhononSeverity;

/* A message about a place in the text. Lines and columns count from 1, columns in characters; the end is exclusive. */
typedef struct PhononDiagnostic {
  PhononSeverity severity;
  const char *file;
  uint32_t line, column, end_line, end_column;
  const char *message; /* what was found and what was expected */
  const char *help;    /* "did you mean `reverb`?", or NULL */
} PhononDiagnostic;

/* Any thread. Number of diagnostics kept, and of the errors and warnings among all of them (errors beyond 20 are counted,
   not kept). In Tidal's dialect a program may have errors and run: the lines that they stand in do not play. */
PHONON_API size_t phonon_program_diagnostic_count(const PhononProgram *program);
PHONON_API size_t phonon_program_error_count(const PhononProgram *program);
PHONON_API size_t phonon_program_warning_count(const PhononProgram *program);
/* Any thread. The diagnostic with that index, in the order in which they were found. False: there is none. */
PHONON_API bool phonon_program_diagnostic(const PhononProgram *program, size_t index, PhononDiagnostic *out);
/* Any thread. All of them as text with the line and a caret under the place, in the order of the text; `colour`: with the
   escape sequences of a terminal. "" if there are none; NULL for want of memory. */
PHONON_API char *phonon_program_diagnostics_text(const PhononProgram *program, bool colour);
/* Any thread. As a JSON array of {severity, file, line, column, endLine, endColumn, message, help}. */
PHONON_API char *phonon_program_diagnostics_json(const PhononProgram *program);
/* Any thread. One diagnostic about the program's text, from above or from an engine's report, as text with line and caret. */
PHONON_API char *phonon_program_diagnostic_text(const PhononProgram *program, const PhononDiagnostic *diagnostic,
                                                bool colour);

typedef enum PhononGraphFormat { PHONON_GRAPH_TEXT, PHONON_GRAPH_DOT } PhononGraphFormat;

/* Any thread. The plan that an engine runs: strands, instructions with their wires and the lines they come from, players and
   instruments; as text for people, or for Graphviz. NULL if the program has errors or is an expression. */
PHONON_API char *phonon_program_graph(const PhononProgram *program, PhononGraphFormat format);

/* Any thread. The outputs of the program that become stems, in order of their numbers. */
PHONON_API size_t phonon_program_stem_count(const PhononProgram *program);
/* Any thread. What `tap` and `scope` of the program lead out of the engine: at most 64. */
typedef enum PhononTapKind {
  PHONON_TAP_FILE, /* `tap`: to be recorded */
  PHONON_TAP_SCOPE /* `scope`: to be shown */
} PhononTapKind;

typedef struct PhononTap {
  PhononTapKind kind;
  const char *name;    /* of a file its path, the text's folder before it; of a scope what it is called */
  double sec;          /* how much is wanted; 0: all */
  uint32_t line, column; /* where it stands in the text */
} PhononTap;

PHONON_API size_t phonon_program_tap_count(const PhononProgram *program);
/* Any thread. False: there is none with that index. */
PHONON_API bool phonon_program_tap(const PhononProgram *program, size_t index, PhononTap *out);
/* Any thread. "out", "o1", …: the name of a stem. NULL: there is none with that index. */
PHONON_API const char *phonon_program_stem_name(const PhononProgram *program, size_t index);
/* Any thread. The cycle at which the program starts: 0, unless `setCycle` or `nudge` says otherwise. */
PHONON_API PhononTime phonon_program_start(const PhononProgram *program);
/* Any thread. Cycles per second that the program's tempo is at a cycle; 0: it says nothing of that moment, or is not runnable. */
PHONON_API double phonon_program_cps(const PhononProgram *program, double cycle);
/* Any thread. Seconds for which effects may go on sounding after the last event, at most 60. */
PHONON_API double phonon_program_tail_sec(const PhononProgram *program);

/* The statements of a text, as a REPL or an editor replaces them one at a time. Nothing is compiled: a text with errors has statements,
   too. */
typedef struct PhononStatements PhononStatements;

typedef struct PhononStatement {
  size_t begin, end; /* bytes of the text, without blank lines and comments around it */
  const char *key;   /* what it defines: "out", "o1", "~bass", "fn name", "@name", "%name", "cps", "master", "hush 2", … A later
                        statement with the same key replaces it */
  bool transition;   /* an output that asks for a transition from what it played before: `o1 xfadeIn 8 $ …` */
} PhononStatement;

/* Any thread. `tidal`: the dialect, if the text does not say so. */
PHONON_API PhononStatus phonon_statements_new(const char *text, size_t len, bool tidal, PhononStatements **out);
PHONON_API void phonon_statements_free(PhononStatements *statements);
PHONON_API size_t phonon_statements_count(const PhononStatements *statements);
/* In the order of the text. False: there is none with that index. *out lives as long as `statements`. */
PHONON_API bool phonon_statements_get(const PhononStatements *statements, size_t index, PhononStatement *out);

/* ---- events ----------------------------------------------------------------------------------------------------- */

/* What the patterns of a program do in a span of time. */
typedef struct PhononEvents PhononEvents;

typedef struct PhononEvent {
  PhononTime whole_begin, whole_end; /* of the whole event; meaningless for a continuous value */
  PhononTime part_begin, part_end;   /* the part of it that lies in the span that was asked for */
  bool has_whole;                    /* false: a continuous value, sampled over the part */
  bool has_onset;                    /* it begins in the part: it is heard */
  const char *track;                 /* the output that plays it: "o1"; "" for an expression */
  const char *value;                 /* as Tidal shows it: `s: "bd", gain: 0.8f` */
  const char *value_json;            /* {"s":"bd","gain":0.8}, 3, "c4", {"ratio":"1/3"}, true */
  uint32_t line, column;             /* of the atom of mini-notation that made it; 0 if nothing in the text did */
} PhononEvent;

/* Any thread. The events of a program's outputs (of the expression, if it is one) that are active in [begin, end), output
   by output, each in the order in which its pattern gives them. PHONON_OVERFLOW, PHONON_LIMIT, PHONON_NOMEM with the reason. */
PHONON_API PhononStatus phonon_events_new(const PhononProgram *program, PhononTime begin, PhononTime end,
                                          PhononEvents **out, PhononError *error);
PHONON_API void phonon_events_free(PhononEvents *events);
PHONON_API size_t phonon_events_count(const PhononEvents *events);
/* False: there is none with that index. What *out points to lives as long as `events`. */
PHONON_API bool phonon_events_get(const PhononEvents *events, size_t index, PhononEvent *out);
/* As a JSON array of {"w":["0/1","1/2"] or null, "p":[…], "v":…, "track":"o1", "at":[line, column]}; the last two only where
   there is something to say. */
PHONON_API char *phonon_events_json(const PhononEvents *events);

/* Something that came up while working: a sample that is not there, a node whose values left the range, a master beyond full
   scale. Called once per distinct message, by the thread that called the function that does the work. */
typedef void PhononReport(void *ctx, const PhononDiagnostic *diagnostic);

/* Any thread. The events of a program that begin in [begin, end) as a Standard MIDI File of *len bytes, to be given to
   phonon_free: a track per output, with its name, behind a track of the tempi. `begin` is the beginning of the file; a cycle is a bar of four quarters, a
   quarter 30240 ticks. Times are rounded to ticks, each from the exact time (at most half a tick: 8.3 µs at 0.5 cycles per
   second); a tempo to whole microseconds of a quarter, as the format has it.
   `note`, `midinote`, `freq` and, where there are none of them, `n` are the key, rounded to a semitone; note 0 is key 60. `legato`,
   `sustain` and `dur` are the length. The velocity is 127 · velocity · gain · amp, where `velocity` is 100/127 if it is not
   given; an event of velocity 0 is left out. A sound that is a drum and has no note is that drum of General MIDI, on channel
   10. Of the values that drive a signal, those of an oscillator's frequency are notes.
   `report` (may be NULL) is told what was lost: sounds that are neither notes nor drums, notes between keys.
   PHONON_LIMIT: a file holds 2219 cycles. */
PHONON_API PhononStatus phonon_midi(const PhononProgram *program, PhononTime begin, PhononTime end,
                                    PhononReport *report, void *report_ctx, char **bytes, size_t *len,
                                    PhononError *error);

typedef enum PhononPlotFormat { PHONON_PLOT_SVG, PHONON_PLOT_PNG } PhononPlotFormat;

typedef struct PhononPlotOptions {
  size_t size;
  PhononPlotFormat format;
  uint32_t width,
      height; /* pixels, 200 to 16384; a height of 0 (the default): as much as there is to show. Default width 1200 */
  const char *title; /* NULL: the program's name */
} PhononPlotOptions;

#define PHONON_PLOT_DEFAULTS                                                                                           \
  {                                                                                                                    \
    sizeof(PhononPlotOptions), PHONON_PLOT_SVG, 1200, 0, NULL                                                          \
  }

/* Any thread. A piano roll of [begin, end): a band per output, notes at their pitch, other sounds in rows of their own,
   continuous patterns as curves, over a grid of cycles and beats. *len bytes, to be given to phonon_free. The same program, span and options give the same
   bytes with the same fonts. PHONON_LIMIT: there are too many rows for the height. */
PHONON_API PhononStatus phonon_plot(const PhononProgram *program, PhononTime begin, PhononTime end,
                                    const PhononPlotOptions *options, char **bytes, size_t *len, PhononError *error);

/* ---- samples ---------------------------------------------------------------------------------------------------- */

/* The banks of samples that `s "name"` is looked up in, and what was loaded from them. Any thread; one per sample rate is
   enough for a process. */

typedef struct PhononSamplesOptions {
  size_t size;
  const char *const *dirs; /* folders that are searched first, each with a folder per bank */
  size_t dir_count;
  double sample_rate;      /* samples of another rate are resampled to it; the program's. Default 44100 */
  unsigned threads;        /* for decoding; 0: all cores */
  bool only_these;         /* no other folders: only `dirs` and the built-in kit */
} PhononSamplesOptions;

#define PHONON_SAMPLES_DEFAULTS                                                                                        \
  {                                                                                                                    \
    sizeof(PhononSamplesOptions), NULL, 0, 44100.0, 0, false                                                           \
  }

PHONON_API PhononStatus phonon_samples_new(const PhononSamplesOptions *options, PhononSamples **out);
/* Engines and programs that use it must be gone. */
PHONON_API void phonon_samples_free(PhononSamples *samples);
/* The number of banks, after looking through the folders, and their names in byte order. */
PHONON_API size_t phonon_samples_bank_count(PhononSamples *samples);
PHONON_API const char *phonon_samples_bank_name(PhononSamples *samples, size_t index);
/* Number of samples of a bank (`n` counts modulo it); 0: there is no such bank. */
PHONON_API size_t phonon_samples_count(PhononSamples *samples, const char *bank);

/* ---- engines ---------------------------------------------------------------------------------------------------- */

/* A meter of loudness, see below. */
typedef struct PhononLoudness PhononLoudness;

/* A program that is running: its oscillators, filters, delay lines and voices, and where in time it is. */
typedef struct PhononEngine PhononEngine;

typedef struct PhononEngineOptions {
  size_t size;
  uint32_t block_frames;  /* 1 to 16384; default 512 */
  uint32_t threads;       /* 1 to 64, the caller's own included; 0: one per core. Default 1 */
  uint32_t window;        /* blocks in flight at once: 1 as live, more to use the threads better; 0 (default): chosen */
  uint32_t max_voices;    /* 1 to 65536; default 1024. Beyond it voices are stolen */
  const char *isa;        /* instruction set, one of phonon_isa_name; NULL: the best of this machine */
  bool profile;           /* measure every node (costs less than 2 %) */
  bool stems;             /* phonon_engine_render gives the stems, too */
  PhononSamples *samples; /* at the program's rate, and to outlive the engine; NULL: own ones, from the usual folders */
  PhononReport *report;   /* may be NULL; called from within phonon_engine_render */
  void *report_ctx;
  double output_gain;     /* what the caller multiplies the frames by before they are heard. The safety limiter keeps the
                             product within full scale. Default 1 */
  bool no_safety;         /* no safety limiter, whatever the program says */
  const PhononLoudness *loudness; /* whose figures the profile is to show; the caller feeds it. May be NULL */
  uint32_t trace_events;  /* keep so many spans of each thread's time, in 32 bytes each, for phonon_engine_trace_json; default 0 */
  uint32_t schedule;      /* with one thread: find out what so many would do, for phonon_engine_schedule_text; default 0: do not */
  bool load_ahead;        /* samples are read by a thread of their own, a second before they sound, so that the thread that renders does
                             not wait for a disk: for playing. What is heard is the same */
} PhononEngineOptions;

#define PHONON_ENGINE_DEFAULTS                                                                                         \
  {                                                                                                                    \
    sizeof(PhononEngineOptions), 512, 1, 0, 1024, NULL, false, false, NULL, NULL, NULL, 1.0, false, NULL, 0, 0, false  \
  }

enum {
  PHONON_BLOCK_MAX = 16384,
  PHONON_THREADS_MAX = 64,
  PHONON_VOICES_MAX = 65536,
  PHONON_TRACE_MAX = 1 << 24
};

/* Starts a program at its first cycle. PHONON_SYNTAX: it has errors, or is an expression. PHONON_UNSUPPORTED: the machine
   does not have that instruction set. The program must outlive the engine. */
PHONON_API PhononStatus phonon_engine_new(const PhononProgram *program, const PhononEngineOptions *options,
                                          PhononEngine **out);
PHONON_API void phonon_engine_free(PhononEngine *engine);

/* The next `frames` frames (at most 2^24) of the master, interleaved stereo, into out[frames * 2]. Any number at a time; the
   sound does not depend on it. Frames beyond full scale are turned down by the safety limiter (unless options.no_safety or the
   program's `safety: off`): it changes nothing before the first such frame, and has no delay. `stems`, which it leaves alone: one buffer of the same size for each stem if options.stems, else NULL. A failure
   (PHONON_NOMEM, PHONON_OVERFLOW for a pattern whose times cannot be exact) ends the run: `out` is then silent. */
PHONON_API PhononStatus phonon_engine_render(PhononEngine *engine, uint32_t frames, float *out, float *const *stems);

/* Where the signals of taps go in later calls of phonon_engine_render: one pointer for each of phonon_program_tap_count, to as
   many frames as a call renders, interleaved stereo; NULL pointers are left out. `taps` must last until it is set anew. NULL:
   nowhere, as at first. */
PHONON_API void phonon_engine_taps(PhononEngine *engine, float *const *taps);

/* The thread that renders, between two calls of phonon_engine_render: from the next frame on the tempo comes from outside (a clock, other
   players) and is `cps` cycles per second, 0.05 to 20, rounded to a millionth, whatever the program says, and the ones that are
   swapped in; 0: the program's own again. Events to come move, what sounds keeps its length. PHONON_ARG: out of range. */
PHONON_API PhononStatus phonon_engine_tempo(PhononEngine *engine, double cps);
/* The same thread: from the next frame on time stands still, or goes on where it stood: no event begins, patterns keep their values, what sounds keeps
   its length. */
PHONON_API PhononStatus phonon_engine_stand(PhononEngine *engine, bool stands);
/* The same thread: the next frame is the time `cycle`, 0 or later, and time goes on from there, if it stood still. */
PHONON_API PhononStatus phonon_engine_locate(PhononEngine *engine, PhononTime cycle);
/* The frame nearest a time in cycles, by the program's tempo; frame 0 is where the program starts. */
PHONON_API int64_t phonon_engine_frame_of_cycle(PhononEngine *engine, PhononTime cycle);
/* The time in cycles of a frame. */
PHONON_API double phonon_engine_cycle_of_frame(PhononEngine *engine, int64_t frame);

/* The thread that renders: from the engine's next frame on at most `most` voices sound (1 to PHONON_VOICES_MAX). Those beyond give way at once, in
   2 ms, by the rule of stealing: the oldest in its release, else the quietest, else the oldest. For a player that is about to be too
   late: it changes the sound, and the same calls at the same frames change it in the same way. */
PHONON_API PhononStatus phonon_engine_limit_voices(PhononEngine *engine, uint32_t most);
/* The thread that renders: voices that sound. */
PHONON_API uint32_t phonon_engine_voices(const PhononEngine *engine);

/* What the work cost so far. Times are of phonon_engine_render, divided by the blocks of a call: with one block a call,
   `least` to `most` are true figures of single blocks. */
typedef struct PhononProfile {
  uint64_t frames;
  uint64_t blocks;        /* of options.block_frames */
  double block_sec;       /* how long a block sounds */
  double total_sec;       /* wall clock */
  double cpu_sec;         /* of the process while rendering: all threads, user and system; 0 without options.profile */
  double mean_sec, least_sec, median_sec, p95_sec, most_sec; /* of a block, wall clock; median and p95 of the last 65536 calls */
  double load;            /* mean_sec / block_sec: 1 is all of the time there is */
  double realtime_factor; /* seconds of sound made per second */
  uint32_t threads, block_frames;
  const char *isa;
  uint32_t voices, voices_peak;
  uint64_t voices_started, voices_stolen;
  uint64_t events;
  uint64_t faults;        /* samples that were not finite or out of range, and were set to zero */
  /* The safety limiter: what it takes away now and took at the most, for how many frames in all (0: it never acted), when first
     and when the most. */
  double safety_now_db, safety_db;
  uint64_t safety_frames;
  double safety_first_sec, safety_most_sec;
} PhononProfile;

PHONON_API void phonon_engine_profile(PhononEngine *engine, PhononProfile *out);

/* What one node cost. Only with options.profile. */
typedef struct PhononCost {
  const char *name;      /* the unit, "voices of ~lead", "samples" */
  const char *file;
  uint32_t line, column; /* where it stands; 0: nowhere in the text */
  double sec;            /* CPU */
  double share;          /* of the sum over all nodes */
  uint64_t calls;
} PhononCost;

/* The nodes, costliest first. False: there is none with that index. *out lives until the next call with this engine. */
PHONON_API bool phonon_engine_cost(PhononEngine *engine, size_t index, PhononCost *out);
/* Profile and the `nodes` costliest nodes, for people and as a JSON object. */
PHONON_API char *phonon_engine_profile_text(PhononEngine *engine, size_t nodes);
PHONON_API char *phonon_engine_profile_json(PhononEngine *engine, size_t nodes);
/* What each thread did when, in the Trace Event Format: for Perfetto (ui.perfetto.dev) and about:tracing. One lane per thread; tasks
   are named by the line that they come from, windows of blocks contain what the caller prepares, runs and delivers. Only with
   options.trace_events; what found no room is left out and counted in otherData.dropped. */
PHONON_API char *phonon_engine_trace_json(PhononEngine *engine);
PHONON_API uint64_t phonon_engine_trace_dropped(PhononEngine *engine);
/* What options.schedule threads would have made of what was rendered, from the times of all tasks: speed-up, how busy each thread
   would be, and the critical path by line; for people and as a JSON object. */
PHONON_API char *phonon_engine_schedule_text(PhononEngine *engine);
PHONON_API char *phonon_engine_schedule_json(PhononEngine *engine);

/* Any thread. The instruction sets that this machine can run, best first: "avx512", "avx2", "sse2", "neon", "wasm", "plain".
   NULL: there is none with that index. */
PHONON_API const char *phonon_isa_name(size_t index);
/* Any thread. Cores that this process may run on, at least 1. */
PHONON_API unsigned phonon_core_count(void);

/* ---- swapping --------------------------------------------------------------------------------------------------- */

/* A program that is ready to take the place of the one that an engine plays. */
typedef struct PhononSwap PhononSwap;

/* Control thread, while another one may be in phonon_engine_render: makes everything that the program needs, and loads the samples
   of its next seconds. The program has the sample rate of the engine's, must be runnable, and must live while
   phonon_engine_uses it. One swap at a time: the one before must have been done, or freed. `report` is as the engine's. */
PHONON_API PhononStatus phonon_swap_new(PhononEngine *engine, const PhononProgram *program, PhononSwap **out);
/* Control thread. Whether it was done or not; what it holds by then is what the engine needs no more. NULL is fine. */
PHONON_API void phonon_swap_free(PhononSwap *swap);
/* The thread that renders, between two calls of phonon_engine_render: from the next frame on the engine plays the swap's program. Time
   goes on where it is. Oscillators, filters, delay lines and effects that are still there keep their state; voices that
   sound keep the sound that they were started with; what changed is crossfaded in 20 ms; of what did not, no bit changes. Taps are
   off until phonon_engine_taps is called again. PHONON_ARG: phonon_engine_may_swap is false, or the swap is not of this moment. */
PHONON_API PhononStatus phonon_engine_swap(PhononEngine *engine, PhononSwap *swap);
/* After phonon_engine_swap: the stems of outputs that the program before had and this one has not fade out into these, by stem of that program,
   frames*2 floats each call, any of them NULL; silent when the crossfade is over. Off at the next swap. NULL: nowhere. */
PHONON_API void phonon_engine_leaving(PhononEngine *engine, float *const *stems);
/* The thread that renders. Whether the crossfade of the swap before is over. */
PHONON_API bool phonon_engine_may_swap(const PhononEngine *engine);
/* The thread that renders. Whether the program is played, or something of it still sounds. */
PHONON_API bool phonon_engine_uses(const PhononEngine *engine, const PhononProgram *program);

/* ---- loudness --------------------------------------------------------------------------------------------------- */

/* Loudness by EBU R 128 and ITU-R BS.1770-4 of all that was added. */
typedef struct PhononLoudnessFigures {
  double integrated_lufs; /* minus infinity: nothing was as loud as -70 LUFS */
  double range_lu;        /* loudness range; 0 for less than 3 s */
  double true_peak_dbtp;  /* of the louder channel, between the samples too; minus infinity for silence */
  double peak_dbfs;       /* of the samples */
} PhononLoudnessFigures;

/* For 1 or 2 channels, 8000 to 384000 Hz. */
PHONON_API PhononStatus phonon_loudness_new(double sample_rate, uint32_t channels, PhononLoudness **out);
PHONON_API void phonon_loudness_free(PhononLoudness *loudness);
/* Adds frames, interleaved. */
PHONON_API PhononStatus phonon_loudness_add(PhononLoudness *loudness, const float *frames, size_t count);
PHONON_API void phonon_loudness_figures(const PhononLoudness *loudness, PhononLoudnessFigures *out);

/* ---- sound files ------------------------------------------------------------------------------------------------ */

/* A sound file that is being written. The frames go to a temporary file beside it, which takes its name only when all
   is written: a failure, a full disk or an interruption leaves what was there before. */
typedef struct PhononFile PhononFile;

typedef enum PhononBits {
  PHONON_BITS_24,   /* default */
  PHONON_BITS_16,
  PHONON_BITS_FLOAT /* 32-bit float; WAV and AIFF only */
} PhononBits;

typedef struct PhononFileOptions {
  size_t size;
  double sample_rate; /* default 44100 */
  uint32_t channels;  /* 1 or 2; default 2 */
  PhononBits bits;
  bool dither;        /* triangular, of 2 steps width, before rounding; the same for the same frames */
  int64_t frames;     /* how many will come; needed for standard output, whose header is written first. -1: unknown */
} PhononFileOptions;

#define PHONON_FILE_DEFAULTS                                                                                           \
  {                                                                                                                    \
    sizeof(PhononFileOptions), 44100.0, 2, PHONON_BITS_24, false, -1                                                   \
  }

/* Opens `path` for writing. Its ending says the format: .wav .flac .ogg .aiff .aif; "-" is standard output, as WAV, and so
   is any path that is not an ordinary file (a pipe, a device). PHONON_ARG for an ending that is not one of these or a
   format that cannot hold `bits`; PHONON_IO with the system's reason. */
PHONON_API PhononStatus phonon_file_open(const char *path, const PhononFileOptions *options, PhononFile **out,
                                         PhononError *error);
/* Appends frames, interleaved. Values beyond ±1 are clamped in integer formats, and counted. */
PHONON_API PhononStatus phonon_file_write(PhononFile *file, const float *frames, size_t count, PhononError *error);
/* Finishes the file, gives it its name, and frees the handle; on failure nothing is left, and the handle is freed as well. */
PHONON_API PhononStatus phonon_file_finish(PhononFile *file, PhononError *error);
/* Gives up: removes what was written and frees the handle. */
PHONON_API void phonon_file_discard(PhononFile *file);
/* Values clamped so far. */
PHONON_API uint64_t phonon_file_clipped(const PhononFile *file);

/* A sound file that is written while it is heard: one thread gives frames and never waits, a thread of the recorder's own writes them. The
   file has its name from the beginning, and what is older than a second is in it, readable, whatever becomes of the program. */
typedef struct PhononRecorder PhononRecorder;

/* Makes `path`, which must not be there yet, with room for some seconds of frames in memory. options.frames does not matter. .wav .aiff .flac: WAV and
   AIFF end at 4 GiB, which phonon_recorder_status tells. */
PHONON_API PhononStatus phonon_recorder_open(const char *path, const PhononFileOptions *options, PhononRecorder **out,
                                             PhononError *error);
/* The thread that gives frames, before the first ones: so many silent ones come before them. */
PHONON_API void phonon_recorder_lead(PhononRecorder *recorder, int64_t frames);
/* The thread that gives frames; never waits. What finds no room is silent in the file, and counted. */
PHONON_API void phonon_recorder_write(PhononRecorder *recorder, const float *frames, uint32_t count);
/* The thread that gives frames, if it makes them faster than they are heard: waits until there is room for so many, at most a
   second's. */
PHONON_API void phonon_recorder_wait(PhononRecorder *recorder, uint32_t count);
/* Any thread. Frames that found no room. */
PHONON_API uint64_t phonon_recorder_lost(const PhononRecorder *recorder);
/* A failure (a full disk) after which nothing more is written. */
PHONON_API PhononStatus phonon_recorder_status(PhononRecorder *recorder, PhononError *error);
/* Ends the file and frees the handle; no frames come any more. After a failure what was written is left. */
PHONON_API PhononStatus phonon_recorder_close(PhononRecorder *recorder, PhononError *error);

/* ---- the functions of the language ------------------------------------------------------------------------------ */

/* Every function of the language, as the tables of the program describe it. Immutable. */
typedef struct PhononRegistry PhononRegistry;

typedef enum PhononSort {
  PHONON_SORT_PATTERN, /* makes or changes patterns */
  PHONON_SORT_CONTROL, /* sets a control of events: `gain 0.8` */
  PHONON_SORT_UNIT,    /* makes or processes a signal */
  PHONON_SORT_SYNTH    /* makes a signal; as a sound of `s` it is an instrument, and its parameters are controls */
} PhononSort;

typedef enum PhononScale { PHONON_SCALE_LINEAR, PHONON_SCALE_LOG, PHONON_SCALE_WHOLE } PhononScale;

typedef struct PhononParam {
  const char *name;
  const char *type;    /* num int time bool str note ctrl sig hz gate text, a b c, [x], (x,y), (x->y); `!` before it: constant */
  const char *unit;    /* "Hz", "s", "dB", … or "" */
  const char *doc;
  double dflt;         /* if it is optional and a number */
  double least, most;  /* equal: unbounded */
  PhononScale scale;   /* how a knob for it should turn */
  bool optional;
  bool variadic;       /* the last one: any number more */
} PhononParam;

typedef struct PhononFunction {
  const char *name;
  const char *aliases; /* separated by spaces, or "" */
  const char *family;  /* the chapter that it belongs to: "filter", "time", … */
  const char *doc;     /* one sentence */
  const char *example; /* a complete expression */
  const char *result;  /* its type */
  PhononSort sort;
  size_t param_count;
  size_t id;           /* for phonon_registry_param */
} PhononFunction;

typedef enum PhononDocFormat { PHONON_DOC_MARKDOWN, PHONON_DOC_JSON, PHONON_DOC_MAN } PhononDocFormat;

PHONON_API PhononStatus phonon_registry_new(PhononRegistry **out);
PHONON_API void phonon_registry_free(PhononRegistry *registry);
/* Any thread. Number of functions; a name may stand for several of different sorts (`saw` the pattern, `saw` the oscillator). */
PHONON_API size_t phonon_registry_count(const PhononRegistry *registry);
/* Any thread. By index, in order of names. False: there is none. */
PHONON_API bool phonon_registry_get(const PhononRegistry *registry, size_t index, PhononFunction *out);
/* Any thread. A parameter of the function with that id. False: there is none. */
PHONON_API bool phonon_registry_param(const PhononRegistry *registry, size_t function, size_t index, PhononParam *out);
/* Any thread. The nearest name or alias, for "did you mean"; NULL if none is near. */
PHONON_API const char *phonon_registry_nearest(const PhononRegistry *registry, const char *name);
/* Any thread. Everything about the functions with that name or alias, for people; NULL if there is none. */
PHONON_API char *phonon_registry_help(const PhononRegistry *registry, const char *name);
/* Any thread. The reference of all functions: a chapter in Markdown, a JSON array, or the section FUNCTIONS of a man page. */
PHONON_API char *phonon_registry_doc(const PhononRegistry *registry, PhononDocFormat format);

#ifdef __cplusplus
}
#endif

#include "phonon/devices.h" /* sound devices, MIDI ports, OSC */

#endif
