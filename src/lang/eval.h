/* Inside the evaluator. An expression is a node with an environment; it is evaluated where it is used, for the type that is
   wanted there, as often as it is used. So a string means what its place asks for, and a function can be used at several
   types. What is not known from the place is inferred from the expression (infer.c), without building anything.
   SPDX-License-Identifier: MIT */
#ifndef PH_LANG_EVAL_H
#define PH_LANG_EVAL_H

#include "lang/ast.h"
#include "lang/registry.h"
#include "lang/type.h"

/* A parameter and what it stands for (a CLOSURE or VALUE node). */
struct PhEnv {
  PhStr name;
  const PhAst *node;
  const PhEnv *next;
  uint64_t place; /* of the call that bound it */
};

/* Something evaluated, behind a VALUE node. */
typedef struct PhThing {
  const PhType *type;
  PhArg arg;        /* pattern, function, constant, list */
  const PhSig *sig; /* or a signal */
} PhThing;

typedef struct PhSpineArg {
  const PhAst *node; /* independent of the environment: a CLOSURE, VALUE or made node */
  PhStr key;
  PhSource key_at, at;
  bool applied; /* came by `$`, `#` or a call of a function value, not written as an argument */
} PhSpineArg;

/* An application with its head laid bare: functions of the user are expanded, partial applications are merged. */
typedef struct PhSpine {
  const PhAst *head;
  const PhEnv *env;
  const PhSpineArg *args;
  uint32_t count;
  bool touching;
  PhSource at;
} PhSpine;

/* A definition of the program. */
typedef struct PhDef {
  PhStatementKind kind;
  PhStr name;
  PhSource at;
  const PhAst *body;
  const PhType *type; /* inferred */
  uint64_t key;
  uint32_t bus; /* index in the program */
  const PhSig *sig;
  const PhPat *pat;
  bool inferring, open_pattern, evaluated, sig_wanted, instrument, used;
  bool keyboard; /* `~midi`: nobody defined it */
  bool notes_known, notes; /* whether names of notes are among its values */
} PhDef;

/* A processor inside a transform, found again by its place in the text. */
typedef struct PhSite {
  uint64_t place;
  const PhSig *body;
} PhSite;

#define PH_MAX_SITES 6u

typedef struct PhSites {
  PhSite items[PH_MAX_SITES];
  uint32_t count;
} PhSites;

/* An anonymous instrument, found again by its place in the text. */
typedef struct PhAnonymous {
  uint64_t place;
  const char *name;
  const PhSig *sig;
  PhSource at;
  uint64_t key;
  const PhSynth *synth; /* it is a built-in one, or NULL */
} PhAnonymous;

/* A built-in synth that the program names. */
typedef struct PhSynthUse {
  const PhSynth *synth;
  const PhAst *body;
  const PhAst **defaults; /* by parameter */
  PhSource at;            /* of its text */
  bool instrument;        /* a string names it */
} PhSynthUse;

/* How often a role was used in a statement: for keys. */
typedef struct PhOrdinal {
  uint64_t statement, role;
  uint32_t count;
  bool used;
} PhOrdinal;

#define PH_EVAL_MAX_DEPTH 900u
#define PH_EVAL_MAX_STEPS 4000000u

typedef struct PhEval {
  PhArena *arena;
  PhDiags *diags; /* NULL at query time */
  const PhRegistry *registry;
  PhBuild build;
  bool tidal;
  bool sends;  /* `room` or `delay` is named */
  bool frozen; /* compiled: nothing may be written, several threads may be here */
  const PhAst *names; /* the body of the bus that is evaluated: it may be names for others and need not be numbers */
  PH_ARRAY(PhDef) defs;
  uint32_t *def_table; /* by hash of family and name: 1 + the number of the last definition */
  size_t def_table_size;
  PH_ARRAY(PhAnonymous) anonymous;
  PH_ARRAY(PhSynthUse *) synths;
  uint32_t built_in_from; /* files of this number and beyond are texts of the program itself */
  bool pitch_moves;       /* a control that moves the pitch of voices is named */
  PH_ARRAY(PhLiveKeys) arps; /* of keyboards, which are named */
  PhOrdinal *ordinals;    /* a table by hash */
  size_t ordinal_count, ordinal_size;
  uint64_t statement_key;
  PhTypeCache *types;     /* of rows; constant once frozen */
  PhSites *sites; /* of the player that is being made */
  uint32_t depth;
  uint64_t steps;
  PhSource at; /* of what is being built, for complaints of pattern functions */
} PhEval;

/* ---- nodes ---- */

const PhAst *ph_eval_close(PhEval *eval, const PhAst *node, const PhEnv *env);
const PhAst *ph_eval_thing(PhEval *eval, const PhThing *thing, PhSource at);
const PhAst *ph_eval_pat_node(PhEval *eval, const PhPat *pat, const PhType *type, PhSource at);
const PhAst *ph_eval_sig_node(PhEval *eval, const PhSig *sig, PhSource at);
/* Where an expression stands: its place in the text, and the calls of the user's functions that led there. The same for every
   evaluation of it, and never an address. */
uint64_t ph_eval_place(const PhAst *node, const PhEnv *env);
/* fn applied to one argument. */
const PhAst *ph_eval_apply(PhEval *eval, const PhAst *fn, const PhAst *arg);
const PhAst *ph_eval_binary(PhEval *eval, const PhAst *like, PhOperator op, const PhAst *left, const PhAst *right);
/* Counts work and depth; false and an error if there is too much. Pair with ph_eval_leave. */
bool ph_eval_enter(PhEval *eval, PhSource at);
PH_INLINE void ph_eval_leave(PhEval *eval) { eval->depth--; }
void ph_eval_error(PhEval *eval, PhSource at, const char *help, const char *fmt, ...) PH_PRINTF(4, 5);
void ph_eval_warn(PhEval *eval, PhSource at, const char *help, const char *fmt, ...) PH_PRINTF(4, 5);
PhDef *ph_eval_def(PhEval *eval, PhStatementKind kind, PhStr name);
void ph_eval_define(PhEval *eval, const PhDef *def);
uint64_t ph_eval_key(PhEval *eval, const char *role);

/* ---- built-in synths (synth.c) ---- */

/* The built-in synth of that name, parsed; NULL if there is none. It must have been looked for before the evaluator froze. */
PhSynthUse *ph_eval_synth(PhEval *eval, PhStr name);
/* Whether a node stands in a text of the program itself: names of the user and the dialect mean nothing there. */
PH_INLINE bool ph_eval_is_built_in(const PhEval *eval, const PhAst *node) { return node->at.file >= eval->built_in_from; }
/* The synths that are played, as instruments. */
void ph_eval_synth_instruments(PhEval *eval);

/* ---- structure ---- */

const PhSpine *ph_spine(PhEval *eval, const PhAst *node, const PhEnv *env);
const PhType *ph_infer(PhEval *eval, const PhAst *node, const PhEnv *env);
bool ph_is_fn(PhEval *eval, const PhAst *node, const PhEnv *env);
/* A `$` chain without its `$`: the subject with all functions applied, or NULL if there is no subject. Two subjects are
   reported if `report`. */
const PhAst *ph_dollar(PhEval *eval, const PhAst *chain, const PhEnv *env, bool report);
/* A constant, if the expression is one. */
bool ph_eval_const(PhEval *eval, const PhAst *node, const PhEnv *env, PhValue *out);
bool ph_eval_const_spine(PhEval *eval, const PhSpine *spine, PhValue *out);
/* How many arguments a name takes that the evaluator knows without a row (Haskell's functions of one value or two); 0: the
   name is not one of those. */
uint32_t ph_builtin_arity(PhStr name);
/* Whether a builtin answers with a truth value. */
bool ph_builtin_tests(PhStr name);
/* Whether a name between backquotes is arithmetic: `mod` and its kin. */
bool ph_is_named_arithmetic(PhStr name);

/* ---- rows ---- */

typedef struct PhRows {
  const PhFunc *pattern, *control, *unit;
} PhRows;

PhRows ph_rows(const PhEval *eval, PhStr name);
/* A type of a row's parameter or result. */
PH_INLINE const PhType *ph_row_type(PhEval *eval, const char *text, PhTypeVars *vars)
{
  return ph_type_cached(eval->types, !eval->frozen, eval->arena, text, vars);
}
bool ph_is_processor(const PhFunc *unit);
/* Whether the row makes controls: a control, or a pattern function such as `ar`. */
const PhFunc *ph_control_row(const PhRows *rows);
/* Whether a control that is a unit, too, is the control with these arguments: one of every voice's, and given no signal. */
bool ph_stays_control(PhEval *eval, const PhFunc *control, const PhSpine *spine);
/* Which row a name means where a pattern, a signal or nothing in particular is wanted. */
const PhFunc *ph_choose_row(PhEval *eval, const PhRows *rows, const PhSpine *spine, const PhType *want);
const char *ph_control_name(const PhFunc *control);
/* Whether a control is a pitch, which plays a signal as an instrument. */
bool ph_is_pitch(const char *control);

/* Arguments in the order of a row's parameters. */
typedef struct PhBound {
  const PhFunc *func;
  const PhType **types; /* of the parameters, sharing variables */
  const PhType *result;
  const PhAst **slots; /* NULL: absent */
  const PhAst **rest;  /* of a variadic last parameter */
  uint32_t rest_count;
  uint32_t missing; /* required ones that are absent */
  bool ok;
} PhBound;

/* Whether a row of a unit is plain mathematics, and what it is given here are values: then it acts on the values. */
bool ph_is_math_on_values(PhEval *eval, const PhBound *bound);

PhBound ph_bind(PhEval *eval, const PhFunc *func, const PhSpine *spine, bool report);
/* Learns the types of a bound row from its arguments. */
void ph_bind_types(PhEval *eval, PhBound *bound);

/* ---- chains ---- */

typedef enum PhChain {
  PH_CHAIN_ERROR,
  PH_CHAIN_CONTROLS,      /* controls # controls */
  PH_CHAIN_APPLY,         /* anything # function: the function of it */
  PH_CHAIN_PROCESS,       /* signal or played pattern # processor */
  PH_CHAIN_ENVELOPE,      /* signal # envelope: multiplied */
  PH_CHAIN_INSTRUMENT,    /* signal # note pattern */
  PH_CHAIN_TRIGGER,       /* saw "c4 e4" # ar …: the string plays the oscillator */
  PH_CHAIN_EVENTS,        /* signal made from events # control: of those events */
  PH_CHAIN_VALUES_SOUND,  /* values # sound: notes of it */
  PH_CHAIN_VALUES_SOURCE, /* values # signal: notes of an instrument */
} PhChain;

typedef struct PhLink {
  PhChain kind;
  const PhAst *left, *right; /* closed */
  const PhFunc *func;        /* row chosen for the right side, if its head is a name */
  const PhType *left_type, *right_type;
} PhLink;

/* What a `#` is. Reports if it is nothing and `report`. */
PhLink ph_chain_link(PhEval *eval, const PhAst *node, const PhEnv *env, bool report);
/* `l # a * b` is `(l # a) * b` (LANGUAGE §3): the rewritten node, or NULL. */
const PhAst *ph_chain_rewrite(PhEval *eval, const PhAst *node, const PhEnv *env);
const PhType *ph_chain_type(PhEval *eval, const PhLink *link);
const PhPat *ph_chain_pat(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *want);
const PhSig *ph_chain_sig(PhEval *eval, const PhAst *node, const PhEnv *env, PhStepUse use);

/* ---- evaluation ---- */

const PhPat *ph_eval_pat(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *want);
const PhSig *ph_eval_sig(PhEval *eval, const PhAst *node, const PhEnv *env, PhStepUse use);
PhArg ph_eval_arg(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *want);
const PhFn *ph_eval_fn(PhEval *eval, const PhAst *node, const PhEnv *env, const PhType *want);
/* A bound row of pattern or control, for its result type. */
PhArg ph_eval_row(PhEval *eval, PhBound *bound, PhSource at, const PhType *want);
const PhPat *ph_eval_silence(PhEval *eval);
/* A row of the registry by its name, on patterns. */
const PhPat *ph_eval_call(PhEval *eval, const char *name, const PhArg *args, uint32_t count);
/* Says that something else was expected. */
void ph_eval_mismatch(PhEval *eval, PhSource at, const PhType *want, const PhType *found, const char *help);
/* Whether a string in it has words: then its numbers are notes too. */
bool ph_has_words(PhEval *eval, const PhAst *node, const PhEnv *env);
const char *ph_eval_missing(PhEval *eval, const PhBound *bound);

/* ---- pitches (pitch.c) ---- */

/* Whether names of notes are multiplied or divided by numbers: a share of a pitch is meant, not of its semitones. */
bool ph_scales_notes(PhEval *eval, const PhAst *node, const PhEnv *env);
/* Such an expression in Hz. */
const PhPat *ph_scaled_notes(PhEval *eval, const PhAst *node, const PhEnv *env);
/* Whether names of notes are among the values that come out of an expression. */
bool ph_carries_notes(PhEval *eval, const PhAst *node, const PhEnv *env);

/* ---- signals ---- */

PhSig *ph_sig_new(PhEval *eval, PhSigTag tag, const char *role, PhSource at);
const PhSig *ph_sig_num(PhEval *eval, double num, PhSource at);
const PhSig *ph_sig_call2(PhEval *eval, const char *unit, const PhSig *a, const PhSig *b, PhSource at);
/* Any number of signals mixed. */
const PhSig *ph_sig_sum(PhEval *eval, const PhSig *const *terms, uint32_t count, PhSource at);
/* `use`: what is wanted of its output. */
const PhSig *ph_eval_unit(PhEval *eval, const PhBound *bound, PhSource at, PhStepUse use);
/* A row that takes a processor and cycles to use it in (every_effect …), and its signal. */
bool ph_is_cycle_effect(const PhFunc *func);
const PhSig *ph_eval_cycle_effect(PhEval *eval, const PhBound *bound, PhSource at);
/* A control pattern, played. */
const PhSig *ph_eval_play(PhEval *eval, const PhAst *node, const PhEnv *env);
/* Puts what `change` makes of each control pattern that a signal is made from in its place. NULL: there are none. */
typedef const PhPat *PhLift(PhEval *eval, const void *ctx, const PhPat *pat, PhSource at);
const PhSig *ph_eval_lift(PhEval *eval, const PhSig *sig, PhLift *change, const void *ctx);
/* The name of an instrument whose voices are this signal. */
const char *ph_eval_instrument(PhEval *eval, const PhAst *node);

#endif
