/* The row of a function of the language: everything that the parser, `phonon help`, the reference, completion and the
   property tests need to know about it. Rows live in a table at the foot of the file that implements the function;
   pattern functions embed a PhFunc in a PhPatFunc (pattern/pattern.h), unit generators in a PhUnit (dsp/dsp.h).

   Types are short texts: `num int time bool str note ctrl sig text fn` and the variables `a b c`, with `[x]` a list,
   `(x,y)` a tuple and `(x->y)` a function (which itself may take several: `(x->y->z)`):
     num  pattern of numbers          int   pattern of whole numbers       time  pattern of exact rationals
     bool pattern of booleans         str   pattern of names               note  pattern of notes (semitones from c4)
     ctrl control pattern             a b c pattern of anything (the same letter: the same type)
     sig  signal: number, pattern, bus or expression, at sample rate       hz    as sig, where note names become Hz
     gate as sig: a boolean pattern is held for each event, and every event triggers anew
     a|e|i as sig: these words in a pattern stand for 0, 1, 2, and the last one is held in gaps
     text constant string             `!` before a pattern type: a constant, not a pattern (`!int`, `!time`)
   SPDX-License-Identifier: MIT */
#ifndef PH_BASE_FUNC_H
#define PH_BASE_FUNC_H

#include "base/status.h"

typedef enum PhFuncSort {
  PH_FUNC_PATTERN,  /* PhPatFunc */
  PH_FUNC_CONTROL,  /* PhControl: makes a control pattern of one control */
  PH_FUNC_UNIT,     /* PhUnit: a signal */
  PH_FUNC_SYNTH,    /* PhSynth: a signal written in the language itself, and an instrument that `s` knows */
} PhFuncSort;

enum { PH_FUNC_SORT_COUNT = PH_FUNC_SYNTH + 1 };

typedef enum PhScale { PH_SCALE_LIN, PH_SCALE_LOG, PH_SCALE_INT } PhScale; /* how a knob for it should turn */

enum {
  PH_PARAM_REQUIRED = 0,
  PH_PARAM_OPTIONAL = 1,
  PH_PARAM_VARIADIC = 2, /* last one: any number more */
  PH_PARAM_KEPT = 4,     /* its values come out, later or others of the same kind: it is a pitch where one is wanted of the function */
  PH_PARAM_ONCE = 8      /* of a unit: read when the plan is made; of a value that moves the greatest counts */
};

typedef struct PhParam {
  const char *name;
  const char *type;          /* as above */
  double dflt, least, most;  /* for numbers; least == most means unbounded */
  const char *unit;          /* "Hz", "s", "dB", "cycles", … or "" */
  unsigned flags;
  PhScale scale;
  const char *doc;           /* up to a line */
} PhParam;

typedef struct PhFunc {
  const char *name;
  const char *aliases;       /* separated by spaces, or "" */
  const char *family;        /* "time", "filter", … : the chapter of the reference it stands in */
  const char *doc;           /* one line, a full sentence, with units */
  const char *example;       /* an expression that `phonon check` accepts */
  const char *result;        /* type */
  const PhParam *params;
  uint8_t param_count;
  uint8_t sort;              /* PhFuncSort */
} PhFunc;

#endif
