/* Patterns: functions from a span of rational time to events. Knows the model of time and values, all of mini-notation
   and every pattern function; knows nothing of sound or of the text of programs.
   Facts: Tidal 1.10 (McLean & Wiggins 2010; the conformance data decides).
   A pattern is immutable once built and may be queried from several threads, each with its own PhQuery.
   SPDX-License-Identifier: MIT */
#ifndef PH_PATTERN_PATTERN_H
#define PH_PATTERN_PATTERN_H

#include "base/base.h"

typedef struct PhPat PhPat;
typedef struct PhFn PhFn;
typedef struct PhMap PhMap;
typedef struct PhValueList PhValueList;

/* A span of time [begin, end) in cycles; begin == end asks for an instant. */
typedef struct PhArc {
  PhRat begin, end;
} PhArc;

/* Bytes [begin, end) of the source text numbered `file` (0: the main one) that something came from. */
typedef struct PhSource {
  uint32_t begin, end;
  uint32_t file;
} PhSource;

typedef enum PhValueTag {
  PH_VALUE_NONE,
  PH_VALUE_NUM,   /* double */
  PH_VALUE_INT,
  PH_VALUE_RATIO,
  PH_VALUE_BOOL,
  PH_VALUE_NOTE,  /* double: semitones from note 0 */
  PH_VALUE_STR,   /* interned in the arena of the build: equal text does not mean equal pointer */
  PH_VALUE_MAP,   /* controls */
  PH_VALUE_PAT,   /* a pattern, for joins */
  PH_VALUE_FN,
  PH_VALUE_LIST,
} PhValueTag;

typedef struct PhValue {
  PhValueTag tag;
  union {
    double num; /* NUM and NOTE */
    int64_t i;
    PhRat ratio;
    bool b;
    const char *str;
    const PhMap *map;
    const PhPat *pat;
    const PhFn *fn;
    const PhValueList *list;
  };
} PhValue;

struct PhValueList {
  size_t len;
  PhValue items[];
};

/* Controls of an event, sorted by name. */
typedef struct PhControlValue {
  const char *name;
  PhValue value;
} PhControlValue;

struct PhMap {
  size_t len;
  PhControlValue items[];
};

/* Where in the text an event came from: a list, newest first, NULL at the end. */
typedef struct PhSourceList {
  PhSource source;
  const struct PhSourceList *next;
} PhSourceList;

typedef struct PhEvent {
  PhArc whole;      /* meaningless if !has_whole: a continuous value */
  PhArc part;       /* inside the whole and the query */
  PhValue value;
  const PhSourceList *sources;
  bool has_whole;
} PhEvent;

/* An onset: the event begins in the queried span. Only onsets are played. */
PH_INLINE bool ph_event_has_onset(const PhEvent *e) { return e->has_whole && ph_rat_eq(e->whole.begin, e->part.begin); }

typedef PH_ARRAY(PhEvent) PhEvents;

#define PH_QUERY_MAX_DEPTH 4000u         /* nested pattern functions */
#define PH_QUERY_MAX_EVENTS (1u << 18)   /* events of one query */

#define PH_QUERY_MAX_WORK (1u << 22) /* cycles and inner queries that one query may visit: well under a second */

/* A key that is struck, or a step of an arpeggio of keys that are held. */
typedef struct PhLiveNote {
  uint32_t channel;   /* 1 to 16 */
  double semitones;   /* from note 0 */
  const struct PhLiveKeys *arp; /* whose step it is; NULL: of nobody's, it is a key */
} PhLiveNote;

/* One query in flight. Everything it makes is in `arena` (whose trap it shares); release it when the events are used. */
typedef struct PhQuery {
  PhArena *arena;
  uint64_t seed;      /* the program's seed; 0 gives Tidal's random numbers */
  double cps;         /* for functions that need seconds (`nudge`, `dur`) */
  uint32_t depth;     /* start with 0, and set it to 0 again after a raise */
  uint64_t events;    /* counted against PH_QUERY_MAX_EVENTS */
  uint64_t work;      /* cycles and inner queries visited, counted against PH_QUERY_MAX_WORK */
  const PhLiveNote *live; /* the key that is being struck, for ph_pat_live; NULL: none */
  void *scratch;      /* pool of event buffers of the query in flight; leave it NULL */
} PhQuery;

typedef void PhQueryFn(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out);

/* Head of every pattern; what the query function needs follows it. */
struct PhPat {
  PhQueryFn *query;
  uint64_t routes;   /* bit m: events may carry effect mask m (ph_pat_effect); a union over what it is made of */
  PhRat steps;       /* steps per cycle for the stepwise functions; den 0: unknown */
};

/* [control] The events of `pat` active in `span`, appended to `out`. Raises the query arena's trap on a limit, an inexact
   time or want of memory: then out is to be thrown away. */
void ph_query(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out);

/* ---- building ------------------------------------------------------------------------------------------------ */

/* What a building function gets: memory (with its trap), and where to complain. */
typedef struct PhBuild {
  PhArena *arena;
  bool tidal;       /* LANGUAGE §7: note 0 is c5, pan from 0 to 1, `stut` as Tidal's */
  /* Called for a semantic error of arguments (may be NULL). The function then gives silence. */
  void (*complain)(void *ctx, PhStatus status, const char *text);
  void *complain_ctx;
} PhBuild;

/* An argument, already of the type that the parameter says (base/func.h). */
typedef enum PhArgTag { PH_ARG_ABSENT, PH_ARG_PAT, PH_ARG_FN, PH_ARG_LIST, PH_ARG_TUPLE, PH_ARG_VALUE } PhArgTag;

typedef struct PhArg {
  PhArgTag tag;
  uint32_t count; /* of items */
  union {
    const PhPat *pat;
    const PhFn *fn;
    const struct PhArg *items; /* LIST, TUPLE */
    PhValue value;             /* VALUE: a constant (`!int`, `text`, …) */
  };
} PhArg;

/* A function value: a transform, a section, a partial application. `call` gets exactly `arity` arguments. */
struct PhFn {
  PhArg (*call)(PhBuild *build, const PhFn *fn, const PhArg *args);
  uint8_t arity;
};

PhArg ph_fn_call(PhBuild *build, const PhFn *fn, const PhArg *args, size_t count); /* curries if too few */
const PhPat *ph_fn_apply(PhBuild *build, const PhFn *fn, const PhPat *pat);        /* pattern → pattern */

/* A pattern function: a row of the registry. */
typedef struct PhPatFunc {
  PhFunc func;
  PhArg (*build)(PhBuild *build, const PhArg *args); /* args: one per parameter */
  const char *events; /* the events of cycle 0 of func.example, one after another as `begin-end value` joined by " | " */
} PhPatFunc;

typedef struct PhControl {
  PhFunc func;
  const char *canonical; /* the control that an alias stands for */
} PhControl;

/* [any] All rows, in order of their files; sorted look-up by name or alias is the registry's (lang/registry). */
const PhPatFunc *const *ph_pattern_funcs(size_t *count);
const PhControl *ph_pattern_controls(size_t *count);

/* Constructors everybody needs. All [control]; the result lives in build->arena. */
const PhPat *ph_pat_silence(PhBuild *build);
const PhPat *ph_pat_pure(PhBuild *build, PhValue value);              /* once per cycle */
const PhPat *ph_pat_pure_at(PhBuild *build, PhValue value, PhSource source);
/* A pattern of controls {name: value} from a pattern of values. `s` splits "bd:3" into s and n. */
const PhPat *ph_pat_control(PhBuild *build, const char *name, const PhPat *values);
/* The numbers of a control pattern of one numeric control, and others unchanged (LANGUAGE §3.3). */
const PhPat *ph_pat_uncontrol(PhBuild *build, const PhPat *pat, const char *name);
/* The number of each word among `names` ("a|e|i": 0, 1, 2); other values unchanged. */
const PhPat *ph_pat_numbered(PhBuild *build, const PhPat *pat, const char *names);
/* The frequency in Hz of each note, a number; other values unchanged. `tidal`: note 0 is c5, else c4. */
const PhPat *ph_pat_hz(PhBuild *build, const PhPat *pat, bool tidal);
/* [any] The place of a word among such names, or -1. */
int ph_name_number(const char *names, const char *word);
/* Every event of pat gets effect bit `bit` (0…5) added to its mask: the hidden control "_fx" (ARCHITECTURE: processors
   inside transforms). `routes` of the result follow. */
const PhPat *ph_pat_effect(PhBuild *build, const PhPat *pat, unsigned bit);

/* Which keys a pattern of played notes listens to. */
typedef struct PhLiveKeys {
  uint32_t channel;                 /* 0: all */
  const struct PhScaleType *scale;  /* they are moved to the nearest note of it; NULL: as they are */
  double root;                      /* of the scale, in semitones */
  uint32_t
      arp_rate; /* they are played one after another while they are held, so many in a cycle; 0: as they are struck */
  uint32_t arp_mode, arp_octaves; /* in which order, over so many octaves */
} PhLiveKeys;
bool ph_live_keys_equal(const PhLiveKeys *a, const PhLiveKeys *b);
enum { PH_LIVE_ARP_RATE_MOST = 64, PH_LIVE_ARP_OCTAVES_MOST = 8 };
/* The note of a query that has one, as an event as wide as the query; else silence. */
const PhPat *ph_pat_live(PhBuild *build, const PhLiveKeys *keys);
/* [any] An order of `arp` by its name; -1: there is none. */
int ph_arp_mode(PhStr name);
/* [any] The order in which `n` notes are played, n > 0, as indexes from the lowest, into `order`, which has room for 4 n; how many there are. */
size_t ph_arp_order(uint32_t mode, size_t n, size_t *order);
/* [any] The name of an order nearest to a misspelt one; empty if none is near. */
PhStr ph_arp_nearest(PhStr name);

/* Binary operators: which side gives the structure, and the operation. */
typedef enum PhOpHow { PH_OP_BOTH, PH_OP_IN /* left, |+ */, PH_OP_OUT /* right, +| */, PH_OP_SQUEEZE /* ||+ */ } PhOpHow;
typedef enum PhOp {
  PH_OP_ADD, PH_OP_SUB, PH_OP_MUL, PH_OP_DIV, PH_OP_MOD, PH_OP_POW, PH_OP_CONCAT /* ++ */,
  PH_OP_LEFT /* < : values of the left */, PH_OP_RIGHT /* > : values of the right; `#` is IN+RIGHT */
} PhOp;
const PhPat *ph_pat_op(PhBuild *build, PhOp op, PhOpHow how, const PhPat *left, const PhPat *right);
/* Truth values where both sides are: a comparison of numbers or texts, or of truth values (AND, OR). */
typedef enum PhCompare {
  PH_COMPARE_EQ,
  PH_COMPARE_NE,
  PH_COMPARE_LT,
  PH_COMPARE_LE,
  PH_COMPARE_GT,
  PH_COMPARE_GE,
  PH_COMPARE_AND,
  PH_COMPARE_OR
} PhCompare;
const PhPat *ph_pat_compare(PhBuild *build, PhCompare compare, const PhPat *left, const PhPat *right);
/* Mathematics on every number of a pattern, by the names that the units have: abs sqrt exp log sin cos tanh floor ceil round
   sign. ph_pat_math of another name is the pattern itself. */
bool ph_pat_is_math(const char *name);
const PhPat *ph_pat_math(PhBuild *build, const char *name, const PhPat *pat);
const PhPat *ph_pat_shift(PhBuild *build, const PhPat *pat, const PhPat *amount, bool later); /* <~ and ~> */

/* ---- mini-notation ------------------------------------------------------------------------------------------- */

/* What the atoms of a string are read as. AUTO: numbers are numbers, booleans words, notes and names words as they stand
   (PH_VALUE_STR), to be coerced where they are used. */
typedef enum PhAtomType { PH_ATOM_AUTO, PH_ATOM_NUM, PH_ATOM_INT, PH_ATOM_RATIO, PH_ATOM_BOOL, PH_ATOM_STR, PH_ATOM_NOTE } PhAtomType;

typedef struct PhMiniError {
  PhSource at;         /* in the source text */
  char text[160];      /* what was found and expected, without a place */
} PhMiniError;

/* How `^name` is resolved. NULL: an error. */
typedef const PhPat *PhMiniLookup(void *ctx, PhStr name, PhAtomType type);

/* [control] Parses mini-notation. `at` is where its first byte stands in the source. PH_SYNTAX or PH_LIMIT with *error. */
PH_NODISCARD PhStatus ph_mini_parse(PhBuild *build, PhStr text, PhSource at, PhAtomType type, PhMiniLookup *lookup,
                                    void *lookup_ctx, const PhPat **out, PhMiniError *error);

/* [any] Reads one value as another type: a word "c4'maj" cannot be one note (a chord is several). False: it is not one. */
bool ph_value_as_num(const PhValue *value, bool tidal, double *out);
/* [any] Semitones from c4 (tidal: c5) of a note name, e.g. "cs4", "eb". */
bool ph_note_parse(PhStr name, bool tidal, double *semitones);
/* Semitones of "c4'min7'i" into out[0…*count), at most `most`. */
bool ph_chord_parse(PhStr name, bool tidal, double *out, size_t most, size_t *count);

/* Text of a value as Tidal shows it / as JSON. */
void ph_value_show(PhText *text, const PhValue *value);
void ph_value_json(PhText *text, const PhValue *value);

#endif
