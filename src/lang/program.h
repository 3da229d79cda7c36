/* Inside the compiler of programs.  SPDX-License-Identifier: MIT */
#ifndef PH_LANG_PROGRAM_H
#define PH_LANG_PROGRAM_H

#include "lang/eval.h"

/* Reports every name in the tree that is not known. */
void ph_resolve(PhEval *eval, const PhAst *node);

/* The statements of a text and of what it includes. */
typedef struct PhLoad {
  PhArena *arena;
  PhDiags *diags;
  const char *dir;
  bool tidal;
  PhStatements statements;
  uint32_t files;
  PH_ARRAY(const char *) open; /* files that are being read, outermost first */
} PhLoad;

/* Adds a text to the files of diags; its number. */
uint32_t ph_load_text(PhArena *arena, PhDiags *diags, const char *name, PhStr text);
/* Parses a file of diags and, in place, what it includes. */
void ph_load_statements(PhLoad *load, uint32_t file);
/* Whether a line of it says `dialect: tidal`. */
bool ph_load_is_tidal(PhStr text);

#define PH_NO_BUS UINT32_MAX
/* Defines the bus, if its name is one of a keyboard (`~midi3:c:major`), still without a number (PH_NO_BUS). */
bool ph_eval_live_bus(PhEval *eval, PhStr name, PhSource at);
/* What is wrong with such a name; NULL: nothing, or it is not meant for a keyboard. */
const char *ph_eval_live_help(PhEval *eval, PhStr name);

PhEval *ph_eval_new(PhArena *arena, PhDiags *diags, const PhRegistry *registry, bool tidal);

/* Whether the statement of an output asks for a transition. */
bool ph_asks_for_transition(const PhRegistry *registry, const PhStatement *statement);
/* What an output plays: its pattern, or the transition to it from what played before. */
const PhAst *ph_with_transition(PhEval *eval, const PhCompileOptions *options, const PhStatement *statement, uint32_t number);

#endif
