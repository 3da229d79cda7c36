/* The syntax tree.  SPDX-License-Identifier: MIT */
#ifndef PH_LANG_AST_H
#define PH_LANG_AST_H

#include "lang/lex.h"

typedef struct PhAst PhAst;
typedef struct PhEnv PhEnv; /* what parameters stand for; see eval.h */
typedef struct PhType PhType;

typedef enum PhAstKind {
  PH_AST_NUMBER,
  PH_AST_STRING,
  PH_AST_NAME,
  PH_AST_BUS,
  PH_AST_TEMPLATE,
  PH_AST_REGISTER,
  PH_AST_APPLY, /* head and arguments */
  PH_AST_BINARY,
  PH_AST_NEGATE,
  PH_AST_CHAIN, /* x1 $ x2 $ … */
  PH_AST_LIST,
  PH_AST_TUPLE,
  PH_AST_LAMBDA, /* \x -> e, and sections: `(# crush 4)` is \_ -> _ # crush 4 */
  PH_AST_TYPED,  /* (e :: Pattern Bool) */
  PH_AST_ERROR,  /* already reported */
  /* Made by the evaluator: */
  PH_AST_CLOSURE, /* an expression with its own environment */
  PH_AST_VALUE,   /* something evaluated */
} PhAstKind;

typedef struct PhArgAst {
  PhAst *value;
  PhStr key; /* of `:key value`, without the colon; empty: positional */
  PhSource key_at;
  bool applied; /* by `$`, `#` or a call of a function value; only in nodes that the evaluator makes */
} PhArgAst;

typedef struct PhParamAst {
  PhStr name;
  PhSource at;
} PhParamAst;

#define PH_AST_MAX_DEPTH 400u /* of nested expressions */

struct PhAst {
  PhAstKind kind;
  uint16_t depth; /* levels below */
  bool parens;    /* in parentheses of its own */
  bool section;   /* a LAMBDA that was written as a section */
  bool character; /* a STRING that was written 'x' */
  PhSource at;
  PhSource op_at;        /* of BINARY and NEGATE */
  bool checked;          /* as a function it has been tried once */
  bool made;             /* by the evaluator, from closed nodes */
  const PhEnv *memo_env; /* what is known of this node in that environment: */
  const PhType *memo_type;
  const struct PhSpine *memo_spine;
  union {
    struct {
      PhRat ratio;
      double num;
    } number;
    PhStr text; /* STRING: without the quotes; names: without their sign */
    struct {
      PhAst *head;
      PhArgAst *args;
      uint32_t count;
      bool touching;
    } apply; /* touching: written f(a, b) */
    struct {
      PhOperator op;
      PhAst *left, *right;
      PhAst *named;
    } binary;
    PhAst *inner; /* NEGATE */
    struct {
      PhAst **items;
      uint32_t count;
    } list; /* CHAIN, LIST, TUPLE */
    struct {
      PhParamAst *params;
      uint32_t count;
      PhAst *body;
    } lambda;
    struct {
      PhAst *inner;
      PhStr type;
    } typed;
    struct {
      const PhAst *node;
      const PhEnv *env;
    } closure;
    const struct PhThing *value;
  };
};

typedef enum PhStatementKind {
  PH_STATEMENT_OUTPUT,
  PH_STATEMENT_BUS,
  PH_STATEMENT_MODIFIER, /* ~name # e: body is a LAMBDA */
  PH_STATEMENT_FUNCTION, /* ~name a b $ e and fn name a b = e and let: body is a LAMBDA if there are parameters */
  PH_STATEMENT_TEMPLATE,
  PH_STATEMENT_REGISTER,
  PH_STATEMENT_CPS,
  PH_STATEMENT_BPM,
  PH_STATEMENT_SEED,
  PH_STATEMENT_OUTMIX,
  PH_STATEMENT_MASTER,
  PH_STATEMENT_SAFETY,
  PH_STATEMENT_DIALECT,
  PH_STATEMENT_INCLUDE,
  PH_STATEMENT_HUSH,
  PH_STATEMENT_UNHUSH,
  PH_STATEMENT_SOLO,
  PH_STATEMENT_UNSOLO,
  PH_STATEMENT_PANIC,
  PH_STATEMENT_RESET_CYCLES,
  PH_STATEMENT_SET_CYCLE,
  PH_STATEMENT_NUDGE,
  PH_STATEMENT_ALL, /* Tidal's `all f`: a function on every output */
} PhStatementKind;

typedef struct PhStatement {
  PhStatementKind kind;
  PhSource at; /* of its head */
  uint32_t end; /* where the next one begins */
  /* Of a bus, function, template, register; the word of outmix, safety and dialect; the path of include; of an output of Tidal's that
     has a name and no number. */
  PhStr name;
  PhSource name_at;
  uint32_t number; /* of an output, of hush and solo */
  bool has_number;
  bool once; /* Tidal's `once`: only the first cycle sounds */
  PhAst *body;
  PhAst *extra; /* the signature of bpm; of an output of Tidal's, its transition without time and patterns */
} PhStatement;

typedef PH_ARRAY(PhStatement) PhStatements;

/* Parses file `file` of diags and appends its statements. Errors go to diags; what could be parsed is in the result. */
void ph_parse(PhArena *arena, PhDiags *diags, uint32_t file, bool tidal, PhStatements *out);

/* Parses it as one expression. NULL if there is none. */
PhAst *ph_parse_expr(PhArena *arena, PhDiags *diags, uint32_t file, bool tidal);

/* The name that the missing side of a section goes by; no text can spell it. */
extern const char ph_hole_name[];

/* As an s-expression, for tests. */
void ph_ast_show(const PhAst *ast, PhText *out);
void ph_statement_show(const PhStatement *statement, PhText *out);
const char *ph_statement_word(PhStatementKind kind);

#endif
