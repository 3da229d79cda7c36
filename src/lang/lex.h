/* From text to tokens.  SPDX-License-Identifier: MIT */
#ifndef PH_LANG_LEX_H
#define PH_LANG_LEX_H

#include "lang/lang.h"

typedef enum PhTokenKind {
#define PH_TOKEN(name, text) PH_TOKEN_##name,
#include "lang/token.def"
#undef PH_TOKEN
  PH_TOKEN_COUNT
} PhTokenKind;

typedef enum PhOperator {
#define PH_OPERATOR(name, text, group, op, how, level, assoc, tidal_level, tidal_assoc) PH_OPERATOR_##name,
#include "lang/operator.def"
#undef PH_OPERATOR
  PH_OPERATOR_COUNT
} PhOperator;

typedef enum PhOperatorGroup {
  PH_GROUP_NONE,
  PH_GROUP_DOLLAR,
  PH_GROUP_CHAIN,
  PH_GROUP_PATTERN, /* |+| and its family */
  PH_GROUP_SHIFT,
  PH_GROUP_ARITHMETIC,
  PH_GROUP_SIGNAL, /* ~+ and its family */
  PH_GROUP_OVERLAY,
  PH_GROUP_COMPOSE,
  PH_GROUP_MAP,
  PH_GROUP_COMPARE,
  PH_GROUP_NAMED, /* `mod` */
} PhOperatorGroup;

typedef enum PhAssoc { PH_ASSOC_LEFT, PH_ASSOC_RIGHT } PhAssoc;

typedef struct PhOperatorRow {
  const char *text;
  uint8_t len;
  uint8_t group;
  uint8_t op, how; /* PhOp, PhOpHow */
  uint8_t level, assoc;
  uint8_t tidal_level, tidal_assoc;
} PhOperatorRow;

extern const PhOperatorRow ph_operator_rows[PH_OPERATOR_COUNT];

enum {
  PH_TOKEN_LINE_START = 1 << 0,   /* first of its line */
  PH_TOKEN_SPACE_BEFORE = 1 << 1, /* does not touch what stands before it */
  PH_TOKEN_SPACE_AFTER = 1 << 2,
  PH_TOKEN_HEAD = 1 << 3,     /* a statement starts here */
  PH_TOKEN_COLUMN_0 = 1 << 4, /* first character of its line */
};

typedef struct PhToken {
  uint32_t begin, end; /* of names of buses, templates, registers and keys the sign in front is included */
  uint8_t kind;        /* PhTokenKind */
  uint8_t op;          /* PhOperator, of operators */
  uint8_t flags;
} PhToken;

typedef struct PhTokens {
  PhToken *items; /* the last one is END */
  size_t len, cap;
} PhTokens;

/* The tokens of file `file` of diags. Errors go to diags; there is always a result. */
void ph_lex(PhArena *arena, PhDiags *diags, uint32_t file, bool tidal, PhTokens *out);

/* Marks the tokens at which statements start (LANGUAGE §1 and §2). */
void ph_lex_heads(PhTokens *tokens, const char *text, bool tidal);

/* Whether a word is a transition of Tidal (`xfadeIn 1 8 $ …`). */
bool ph_lex_is_transition(const PhToken *token, const char *text);

const char *ph_token_text(PhTokenKind kind);

PH_INLINE bool ph_is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
PH_INLINE bool ph_is_digit(char c) { return c >= '0' && c <= '9'; }
PH_INLINE bool ph_is_name(char c) { return ph_is_name_start(c) || ph_is_digit(c) || c == '\''; }

#endif
