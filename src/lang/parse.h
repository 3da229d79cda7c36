/* Inside the parser.  SPDX-License-Identifier: MIT */
#ifndef PH_LANG_PARSE_H
#define PH_LANG_PARSE_H

#include "lang/ast.h"

/* A name that Tidal's `let` bound, and how often: a file is a session, and each line means the binding before it. */
typedef struct PhBinding {
  PhStr name, now; /* as written, and what it is called since its last binding */
  uint32_t count;
} PhBinding;

typedef struct PhParser {
  PhArena *arena;
  PhDiags *diags;
  const char *text;
  PhTokens tokens;
  size_t pos;
  uint32_t file;
  bool tidal;
  bool broken; /* an error was reported in this statement: no second one for what follows from it */
  uint32_t depth;
  PH_ARRAY(PhStr) params;       /* of the functions around what is being parsed, innermost last */
  PH_ARRAY(PhBinding) bindings; /* Tidal's: what `let` has bound so far */
} PhParser;

const PhToken *ph_parser_peek(const PhParser *parser);
const PhToken *ph_parser_ahead(const PhParser *parser, size_t count);
const PhToken *ph_parser_take(PhParser *parser);
bool ph_parser_at_end(const PhParser *parser); /* of the statement */
bool ph_parser_is_operator(const PhParser *parser, PhOperator op);
PhStr ph_parser_text(const PhParser *parser, const PhToken *token);
PhSource ph_parser_source(const PhParser *parser, const PhToken *token);
/* "found …" for messages: the token and its text. */
const char *ph_parser_found(const PhParser *parser);
/* Reports an error of this statement, once. */
void ph_parser_error(PhParser *parser, PhSource at, const char *help, const char *fmt, ...) PH_PRINTF(4, 5);

/* Parameters are known from here on; ph_parser_forget with what it gave ends that. */
size_t ph_parser_know(PhParser *parser, const PhParamAst *params, size_t count);
void ph_parser_forget(PhParser *parser, size_t before);
/* What a name is called, of all that `let` has bound to it. */
PhStr ph_parser_meaning(PhParser *parser, PhStr name);
/* Says that a word is Haskell that is not spoken. */
void ph_parser_not_spoken(PhParser *parser, const PhToken *token);
/* A word that Haskell reserves, in Tidal's dialect: no name. */
bool ph_parser_is_reserved(const PhParser *parser, const PhToken *token);

PhAst *ph_parser_new(PhParser *parser, PhAstKind kind, PhSource at);
PhAst *ph_parser_expr(PhParser *parser);
PhAst *ph_parser_atom(PhParser *parser);
/* Goes on with an expression whose first operand is already there (`~name # …`). */
PhAst *ph_parser_expr_from(PhParser *parser, PhAst *left);
PhAst *ph_parser_lambda(PhParser *parser, PhSource at, const PhParamAst *params, uint32_t count, PhAst *body);

PH_INLINE PhSource ph_source_join(PhSource a, PhSource b)
{
  return (
      PhSource){ .begin = a.begin < b.begin ? a.begin : b.begin, .end = a.end > b.end ? a.end : b.end, .file = a.file };
}

#endif
