/* The language: text → tokens → syntax tree → program. Knows patterns and the rows of all functions; knows nothing of
   how signals are computed (graph lowers the PhSig trees that this makes). All errors of a text are reported.
   All [control]. Everything made lives in the caller's arena.  SPDX-License-Identifier: MIT */
#ifndef PH_LANG_LANG_H
#define PH_LANG_LANG_H

#include "base/base.h"
#include "pattern/pattern.h"

/* ---- diagnostics ---------------------------------------------------------------------------------------------- */

typedef enum PhSeverity { PH_SEVERITY_ERROR, PH_SEVERITY_WARNING, PH_SEVERITY_NOTE } PhSeverity;

typedef struct PhDiag {
  PhSeverity severity;
  PhSource at;
  const char *text;     /* "unknown function `revreb`" : what was found and what was expected */
  const char *help;     /* "did you mean `reverb`?", or NULL */
  PhSource related;     /* a second place ("first defined here"), end 0: none */
  const char *related_text;
} PhDiag;

#define PH_DIAG_MAX_ERRORS 20

typedef struct PhTextFile {
  const char *name;     /* as the person gave it */
  const char *text;     /* NUL-terminated */
  size_t len;
} PhTextFile;

typedef struct PhDiags {
  PhArena *arena;
  PH_ARRAY(PhTextFile) files;   /* PhSource.file counts into it; 0 is the main one */
  PH_ARRAY(PhDiag) items;
  size_t errors, warnings;      /* errors beyond the limit are counted but not kept */
  size_t forgiven;              /* errors (not among `errors`) of lines that do not play while the rest does: Tidal's dialect */
} PhDiags;

void ph_diags_init(PhDiags *diags, PhArena *arena);
void ph_diags_add(PhDiags *diags, PhSeverity severity, PhSource at, const char *help, const char *fmt, ...) PH_PRINTF(5, 6);
/* 1-based line and column (in characters, not bytes) of a byte of a file. */
void ph_diags_place(const PhDiags *diags, PhSource at, uint32_t *line, uint32_t *column);
/* As text with the line and a caret under the span, in source order; `colour` for a terminal. */
void ph_diags_print(const PhDiags *diags, bool colour, PhText *out);
/* As a JSON array of {severity,file,line,column,endLine,endColumn,message,help}. */
void ph_diags_json(const PhDiags *diags, PhText *out);

/* ---- registry ------------------------------------------------------------------------------------------------- */

/* All functions of the language: the rows of pattern, and those of dsp, which the caller brings (lang does not know dsp). */
typedef struct PhRegistry {
  const PhFunc **funcs;      /* sorted by name; one row per sort may share a name (`saw` the pattern, `saw` the oscillator) */
  size_t count;
  const struct PhRegistryName *names; /* names and aliases, sorted */
  size_t name_count;
  uint32_t *index; /* by hash of the name: 1 + the number of its first row in `names` */
  size_t index_size;
} PhRegistry;

void ph_registry_init(PhRegistry *registry, PhArena *arena, const PhFunc *const *units, size_t unit_count);
/* The row of that sort with that name or alias, or NULL. */
const PhFunc *ph_registry_find(const PhRegistry *registry, PhStr name, PhFuncSort sort);
/* The nearest name for "did you mean", or NULL. */
const char *ph_registry_nearest(const PhRegistry *registry, PhStr name);

/* ---- built-in synths ------------------------------------------------------------------------------------------- */

/* How voices of a built-in synth begin and end where the event does not say. */
typedef struct PhVoiceShape {
  double attack_sec, release_sec;
  double length_sec;      /* 0: the event's */
  double base_hz;         /* pitch of note 0; 0: that of c4 */
} PhVoiceShape;

/* An instrument written in the language, by the name that `s` spells; as a function it is the same signal. A parameter that
   is not given is the control of that name (`ctl`): the event's, or the default. */
typedef struct PhSynth {
  PhFunc func;
  const char *text;       /* an expression of the parameters */
  PhVoiceShape shape;
} PhSynth;

/* [any] All rows. */
const PhSynth *ph_synths(size_t *count);

/* ---- signals -------------------------------------------------------------------------------------------------- */

typedef struct PhSig PhSig;

typedef enum PhSigTag {
  PH_SIG_NUM,      /* a constant */
  PH_SIG_PAT,      /* a value pattern as a step signal, or continuous */
  PH_SIG_PLAY,     /* a control pattern, played */
  PH_SIG_CALL,     /* a unit generator */
  PH_SIG_BUS,      /* another bus of the program, by index: may close a loop */
  PH_SIG_INPUT,    /* the input of a processor that is being defined (an effect site or `master:`) */
} PhSigTag;

typedef enum PhStepUse {
  PH_USE_NUM,      /* values as they are; notes as semitones; a gap is 0 */
  PH_USE_HZ,       /* notes and note names become Hz; numbers are Hz; a gap holds the last value */
  PH_USE_GATE,     /* truth held for each event; every event triggers anew */
  PH_USE_THERE,    /* 1 for each value that there is at the last onset, 0 in the channels of values that chords had before */
} PhStepUse;

typedef struct PhSigArg {
  enum { PH_SIGARG_ABSENT, PH_SIGARG_SIG, PH_SIGARG_TEXT, PH_SIGARG_LIST } tag;
  uint32_t count;                 /* LIST */
  PhSource at;                    /* TEXT, LIST */
  union {
    const PhSig *sig;
    const char *text;
    const struct PhSigArg *items; /* LIST */
  };
} PhSigArg;

/* A processor inside a transform (`every 4 (# lpf 300)`): events whose mask has the bit go through it. Sites are applied
   in order of their bits. */
typedef struct PhEffectSite {
  const PhSig *body;   /* contains one PH_SIG_INPUT */
} PhEffectSite;

struct PhSig {
  PhSigTag tag;
  uint64_t key;        /* path in the program (statement, role, ordinal), never a value: what state is kept by */
  PhSource at;
  union {
    double num;
    struct { const PhPat *pat; PhStepUse use; } pat;
    struct { const PhPat *pat; const PhEffectSite *sites; uint32_t site_count; } play;
    struct { const PhFunc *func; const PhSigArg *args; } call; /* args: one per parameter (variadic: the last is a LIST);
                                                                  absent optional ones are PH_SIGARG_ABSENT */
    uint32_t bus;
  };
};

/* ---- programs ------------------------------------------------------------------------------------------------- */

typedef struct PhBus {
  const char *name;       /* without `~`; anonymous instruments have names that no text can spell */
  PhSource at;
  uint64_t key;
  const PhSig *sig;       /* as a signal; NULL: it is a function, transform or modifier, already expanded where used */
  const PhPat *pat;       /* the control pattern, where the bus is one: as an instrument its events are played */
  bool instrument;        /* some string of the program names it (`s "~lead"`), or it is an anonymous instrument */
  bool synth;             /* a built-in one: `s` spells its name without `~` */
  const PhVoiceShape *shape; /* NULL: 10 ms, the event's length, 50 ms */
} PhBus;

typedef struct PhOutput {
  uint32_t number;        /* 0: `out` */
  PhSource at;
  uint64_t key;
  const PhSig *sig;
  bool muted;             /* hush, solo */
} PhOutput;

typedef enum PhOutMix { PH_OUTMIX_NONE, PH_OUTMIX_GAIN, PH_OUTMIX_SQRT, PH_OUTMIX_TANH, PH_OUTMIX_HARD } PhOutMix;

typedef struct PhProgram {
  PhBus *buses;
  PhOutput *outputs;      /* by number */
  uint32_t bus_count, output_count;
  const PhPat *cps;       /* pattern of numbers; constant 1/2 by default (tidal 9/16) */
  const PhSig *master;    /* with one PH_SIG_INPUT, or NULL */
  PhOutMix outmix;
  bool no_safety;         /* `safety: off`: nothing keeps the master within full scale */
  uint64_t seed;
  PhRat start_cycle;      /* setCycle, resetCycles, nudge */
  bool tidal;
  bool pitch_moves;       /* it names a control that makes the pitch of a voice move (portamento, accelerate) */
  bool sends;             /* the text names `room` or `delay`: events may send to effects of their orbit */
  const PhLiveKeys *arps; /* arpeggios of keys that are held (`~midi:arp:up:4`), none twice */
  uint32_t arp_count;
} PhProgram;

/* What played on an output before its statement asked for a transition (`o1 xfadeIn 8 $ …`), and when it did. */
typedef struct PhTransition {
  uint32_t output;
  const char *before;     /* the statement that the output had */
  PhRat now;              /* cycle of the change */
} PhTransition;

typedef struct PhCompileOptions {
  const char *name;       /* of the main file, for diagnostics: a path, "-" or "<code>" */
  const char *dir;        /* `include` is relative to it; NULL: the current one */
  bool tidal;             /* dialect: tidal (also by a `.tidal` ending, or a statement) */
  bool seed_given;        /* --seed */
  uint64_t seed;
  /* By hand, beside the text: bits by output number, which come to the text's own. */
  uint64_t muted[2], soloed[2];
  bool hushed;            /* all of them are muted */
  double cps;             /* instead of the text's tempo; 0: its own */
  const PhTransition *transitions; /* texts live as long as the program */
  size_t transition_count;
  bool follows;           /* another text played before: transitions that are not there are over */
} PhCompileOptions;

#define PH_CPS_LEAST 1e-4
#define PH_CPS_MOST 1000.0

/* Compiles a text. PH_OK even when there are diagnostics that are errors: look at diags->errors, then *out is not to be
   used. Another status (PH_NOMEM, PH_LIMIT) is reported as a diagnostic too where that is possible. */
PH_NODISCARD PhStatus ph_program_compile(PhArena *arena, const PhRegistry *registry, PhStr text,
                                         const PhCompileOptions *options, PhDiags *diags, PhProgram *out);

/* One expression as a pattern: for `phonon events EXPR`, the conformance batch and the tests. `type` is a hint: NULL,
   "Int", "Double", "String", "Bool", "Rational", "Note". */
PH_NODISCARD PhStatus ph_expr_compile(PhArena *arena, const PhRegistry *registry, PhStr text, const char *type,
                                      const PhCompileOptions *options, PhDiags *diags, const PhPat **out);

#endif
