/* Types: of parameters (the texts of base/func.h), and of expressions as far as they are known before they are used.
   SPDX-License-Identifier: MIT */
#ifndef PH_LANG_TYPE_H
#define PH_LANG_TYPE_H

#include "lang/lang.h"

typedef struct PhType PhType;

typedef enum PhTypeTag {
  PH_T_ERROR, /* reported already: fits everywhere */
  PH_T_VAR,   /* not known; `bound` once it is */
  PH_T_NUM,   /* patterns, by what they are of */
  PH_T_INT,
  PH_T_TIME,
  PH_T_BOOL,
  PH_T_STR,
  PH_T_NOTE,
  PH_T_VALUE, /* of values as they stand (PH_ATOM_AUTO) */
  PH_T_CTRL,
  PH_T_SIG,
  PH_T_TEXT,
  PH_T_LIST,
  PH_T_TUPLE,
  PH_T_FN,
  /* Only of expressions: what they are is decided by where they are used. */
  PH_T_NUMBER, /* a number, or arithmetic on numbers */
  PH_T_STRING, /* a string, or a pattern function of strings */
  PH_T_WAVE,   /* `saw`: a pattern from 0 to 1, or an oscillator */
} PhTypeTag;

struct PhType {
  PhTypeTag tag;
  bool constant;       /* `!num`: not a pattern */
  bool sound;          /* CTRL: names a sound, so that it can be heard by itself */
  bool pitch;          /* CTRL: names a note or a frequency */
  bool envelope;       /* CTRL: an envelope of events that is a signal, too: `ar 0.1 0.5` */
  bool events;         /* SIG: made from events by processors */
  bool processor;      /* FN: a processor that waits for its input */
  uint8_t use;         /* SIG: PhStepUse */
  uint8_t arity;       /* FN of an expression: arguments it waits for at least */
  const char *names;   /* SIG: `a|e|i`: words of patterns that stand for 0, 1, 2 */
  const char *control; /* CTRL: the one control that it has, or NULL: several or not known */
  const PhType *bound; /* VAR */
  const PhType *soft;  /* VAR: what it may be, from literals */
  uint32_t count;      /* LIST: 1; TUPLE; FN of a parameter: parameters and, last, the result */
  const PhType *const *items;
};

enum { PH_TYPE_VARS = 8 }; /* variables a … h */

typedef struct PhTypeVars {
  PhType *vars[PH_TYPE_VARS];
} PhTypeVars;

/* Types without variables by the address of their text, which is that of a row: each text is read once. */
enum { PH_TYPE_CACHE = 256 };

typedef struct PhTypeCache {
  struct {
    const char *text;
    const PhType *type;
  } items[PH_TYPE_CACHE];
} PhTypeCache;

/* A type text. Variables are shared through `vars`. */
const PhType *ph_type_parse(PhArena *arena, const char *text, PhTypeVars *vars);
/* The same of the text of a row, through a cache, to which it adds if `adding`. */
const PhType *ph_type_cached(PhTypeCache *cache, bool adding, PhArena *arena, const char *text, PhTypeVars *vars);
/* A type without parts. */
const PhType *ph_type_of(PhTypeTag tag);
/* What a variable stands for; an unbound one gives its soft type, or itself. */
const PhType *ph_type_resolve(const PhType *type);
/* A literal, or arithmetic on literals: typed by its use. */
bool ph_type_is_soft(const PhType *type);
/* A pattern of values (no controls), or a literal of one. */
bool ph_type_is_value(const PhType *type);
bool ph_type_is_pattern(const PhType *type);
/* Learns the variables of a parameter's type from the type of its argument. */
void ph_type_match(PhArena *arena, const PhType *param, const PhType *arg);
/* The type of arithmetic on two patterns of values. */
const PhType *ph_type_join(const PhType *a, const PhType *b);
/* Of two control patterns: sounds if either does, has one control if both have that one. */
const PhType *ph_type_join_controls(PhArena *arena, const PhType *a, const PhType *b);
/* "a pattern of numbers", for messages. */
const char *ph_type_text(PhArena *arena, const PhType *type);
PhAtomType ph_type_atom(const PhType *type);

#endif
