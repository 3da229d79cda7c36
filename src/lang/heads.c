/* Where statements start (LANGUAGE §2): found on the tokens, before anything is parsed, so that an error in one statement
   never reaches into the next.  SPDX-License-Identifier: MIT */
#include "lang/lex.h"

#include <string.h>

static bool is_word(const PhToken *token, const char *text, const char *word)
{
  const size_t len = strlen(word);
  return token->kind == PH_TOKEN_NAME && token->end - token->begin == len &&
         memcmp(text + token->begin, word, len) == 0;
}

static bool is_one_of(const PhToken *token, const char *text, const char *const *words)
{
  for (; *words; words++) {
    if (is_word(token, text, *words)) {
      return true;
    }
  }
  return false;
}

bool ph_lex_is_transition(const PhToken *token, const char *text)
{
  static const char *const words[] = {
    "xfade",        "xfadeIn", "clutch",     "clutchIn", "jump",   "jumpIn",      "jumpIn'",
    "jumpMod",      "wait",    "waitT",      "wash",     "washIn", "interpolate", "interpolateIn",
    "anticipateIn", "mortal",  "anticipate", "histpan",  NULL
  };
  return is_one_of(token, text, words);
}

/* `prefix` followed by nothing but digits; at least one if `number`. */
static bool is_numbered(const PhToken *token, const char *text, const char *prefix, bool number)
{
  const size_t len = strlen(prefix), size = token->end - token->begin;
  if (token->kind != PH_TOKEN_NAME || size < len + number || memcmp(text + token->begin, prefix, len) != 0) {
    return false;
  }
  for (size_t i = len; i < size; i++) {
    if (!ph_is_digit(text[token->begin + i])) {
      return false;
    }
  }
  return true;
}

static bool is_operator(const PhToken *token, PhOperator op)
{
  return token->kind == PH_TOKEN_OPERATOR && token->op == op;
}

static bool is_separator(const PhToken *token)
{
  return token->kind == PH_TOKEN_COLON || is_operator(token, PH_OPERATOR_DOLLAR) ||
         is_operator(token, PH_OPERATOR_EQUALS);
}

static bool is_output(const PhToken *token, const char *text)
{
  return is_numbered(token, text, "o", true) || is_numbered(token, text, "d", true) ||
         is_numbered(token, text, "out", false);
}

/* `~name a b $`: only names up to the sign. */
static bool is_function_bus(const PhToken *token)
{
  const PhToken *at = token + 1;
  while (at->kind == PH_TOKEN_NAME && !(at->flags & PH_TOKEN_LINE_START)) {
    at++;
  }
  return at > token + 1 && is_separator(at) && !(at->flags & PH_TOKEN_LINE_START);
}

static bool is_setting(const PhToken *token, const char *text)
{
  static const char *const settings[] = { "cps", "tempo", "bpm", "seed", "outmix", "master", "safety", "dialect", NULL };
  const PhToken *next = token + 1;
  return is_one_of(token, text, settings) && (is_separator(next) || next->kind == PH_TOKEN_NUMBER ||
                                              next->kind == PH_TOKEN_STRING || next->kind == PH_TOKEN_NAME);
}

static bool is_command(const PhToken *token, const char *text)
{
  static const char *const words[] = { "hush", "unhush", "solo", "unsolo", "panic", "resetCycles", NULL };
  static const char *const with_value[] = { "setCycle", "nudge", "include", NULL };
  const PhToken *next = token + 1;
  const bool alone = next->kind == PH_TOKEN_END || (next->flags & PH_TOKEN_LINE_START) || next->kind == PH_TOKEN_NUMBER;
  const bool valued = next->kind == PH_TOKEN_NUMBER || next->kind == PH_TOKEN_STRING ||
                      next->kind == PH_TOKEN_OPEN_PAREN || is_operator(next, PH_OPERATOR_SUB) || is_separator(next) ||
                      next->kind == PH_TOKEN_NAME;
  return (is_one_of(token, text, words) && alone) || (is_one_of(token, text, with_value) && valued) ||
         is_numbered(token, text, "hush", true) || is_numbered(token, text, "unhush", true) ||
         is_numbered(token, text, "solo", true) || is_numbered(token, text, "unsolo", true);
}

static bool is_tidal_head(const PhToken *token, const char *text)
{
  static const char *const anywhere[] = { "once", "setcps", NULL };
  static const char *const words[] = { "let",     "do",        "import",    "mute", "unmute",
                                       "muteAll", "unmuteAll", "unsoloAll", "all",  NULL };
  const PhToken *next = token + 1;
  const bool named =
      next->kind == PH_TOKEN_NUMBER || next->kind == PH_TOKEN_STRING; /* p "drums" $ …, xfadeIn 1 8 $ … */
  return is_one_of(token, text, anywhere) ||
         ((token->flags & PH_TOKEN_COLUMN_0) &&
          (is_one_of(token, text, words) ||
           (named && (is_word(token, text, "p") || ph_lex_is_transition(token, text)))));
}

/* `name a b =`: a line of a `let` block. */
static bool is_binding(const PhToken *token)
{
  const PhToken *at = token;
  while (at->kind == PH_TOKEN_NAME && (at == token || !(at->flags & PH_TOKEN_LINE_START))) {
    at++;
  }
  return at > token && is_operator(at, PH_OPERATOR_EQUALS) && !(at->flags & PH_TOKEN_LINE_START);
}

static bool is_head(const PhToken *token, const char *text, bool tidal)
{
  const PhToken *next = token + 1;
  switch (token->kind) {
  case PH_TOKEN_NAME:
    if (is_output(token, text)) {
      return next->kind != PH_TOKEN_END;
    }
    if (is_word(token, text, "fn") && next->kind == PH_TOKEN_NAME) {
      return true;
    }
    return is_setting(token, text) || is_command(token, text) ||
           (tidal && (is_tidal_head(token, text) || is_binding(token)));
  case PH_TOKEN_BUS:
    return is_separator(next) || (is_operator(next, PH_OPERATOR_CHAIN) && (token->flags & PH_TOKEN_COLUMN_0)) ||
           is_function_bus(token);
  case PH_TOKEN_TEMPLATE:
  case PH_TOKEN_REGISTER:
    return is_separator(next);
  default:
    return false;
  }
}

/* A head that no expression can contain: even inside an open bracket the statement before it is over. */
static bool is_strong_head(const PhToken *token, const char *text, bool tidal)
{
  const PhToken *next = token + 1;
  return (token->flags & PH_TOKEN_COLUMN_0) && is_head(token, text, tidal) &&
         (next->kind == PH_TOKEN_COLON || (is_output(token, text) && is_separator(next)));
}

static bool wants_more(const PhToken *token)
{
  return token->kind == PH_TOKEN_COMMA || token->kind == PH_TOKEN_COLON ||
         (token->kind == PH_TOKEN_OPERATOR && token->op != PH_OPERATOR_LAMBDA);
}

static bool is_open_bracket(const PhToken *token)
{
  return token->kind == PH_TOKEN_OPEN_PAREN || token->kind == PH_TOKEN_OPEN_BRACKET ||
         token->kind == PH_TOKEN_OPEN_BRACE;
}

static bool is_close_bracket(const PhToken *token)
{
  return token->kind == PH_TOKEN_CLOSE_PAREN || token->kind == PH_TOKEN_CLOSE_BRACKET ||
         token->kind == PH_TOKEN_CLOSE_BRACE;
}

/* ---- Tidal's layout ------------------------------------------------------------------------------------------- */

/* A block of Haskell's layout: its items begin at one column. */
typedef struct Block {
  bool open;
  uint32_t column;
} Block;

static uint32_t column_of(const PhToken *token, const char *text)
{
  uint32_t begin = token->begin, column = 0;
  while (begin > 0 && text[begin - 1] != '\n') {
    begin--;
  }
  for (; begin < token->begin; begin++) {
    column = text[begin] == '\t' ? (column / 8 + 1) * 8 : column + 1;
  }
  return column;
}

static bool begins_nothing(const PhToken *token)
{
  return token->kind == PH_TOKEN_OPERATOR || token->kind == PH_TOKEN_COMMA || token->kind == PH_TOKEN_CLOSE_PAREN ||
         token->kind == PH_TOKEN_CLOSE_BRACKET || token->kind == PH_TOKEN_CLOSE_BRACE;
}

static bool is_item(Block *block, uint32_t column)
{
  block->open = block->open && column >= block->column;
  return block->open && column == block->column;
}

/* Statements begin at the left margin, and where a block of `do` or `let` has its items. */
static void mark_layout(PhTokens *tokens, const char *text)
{
  Block of_do = { 0 }, of_let = { 0 };
  uint32_t depth = 0;
  bool behind_do = false;
  for (size_t i = 0; i + 1 < tokens->len; i++) {
    PhToken *token = &tokens->items[i];
    bool head = behind_do;
    if (token->flags & PH_TOKEN_LINE_START) {
      const uint32_t column = column_of(token, text);
      const bool item_of_do = is_item(&of_do, column), item = is_item(&of_let, column) || item_of_do || column == 0;
      const bool goes_on = depth > 0 || (i > 0 && wants_more(&tokens->items[i - 1]));
      head |=
          goes_on ? is_strong_head(token, text, true) : is_head(token, text, true) || (item && !begins_nothing(token));
    }
    behind_do = head && is_word(token, text, "do");
    if (head) {
      token->flags |= PH_TOKEN_HEAD;
      depth = 0;
      const bool opens_let = is_word(token, text, "let");
      if (behind_do || opens_let) {
        Block *block = behind_do ? &of_do : &of_let;
        *block = (Block){ true, column_of(token + 1, text) };
      }
    }
    depth += is_open_bracket(token);
    depth -= is_close_bracket(token) && depth > 0;
  }
}

/* A text of several statements has one that is known; any other is an expression on its own. */
static bool has_head(const PhTokens *tokens, const char *text)
{
  for (size_t i = 0; i + 1 < tokens->len; i++) {
    if ((tokens->items[i].flags & PH_TOKEN_LINE_START) && is_head(&tokens->items[i], text, true)) {
      return true;
    }
  }
  return false;
}

/* ---- all ------------------------------------------------------------------------------------------------------ */

void ph_lex_heads(PhTokens *tokens, const char *text, bool tidal)
{
  uint32_t depth = 0;
  if (tidal) {
    if (has_head(tokens, text)) {
      mark_layout(tokens, text);
    }
    return;
  }
  for (size_t i = 0; i + 1 < tokens->len; i++) {
    PhToken *token = &tokens->items[i];
    if (token->flags & PH_TOKEN_LINE_START) {
      const bool goes_on = depth > 0 || (i > 0 && wants_more(&tokens->items[i - 1]));
      if (goes_on ? is_strong_head(token, text, false) : is_head(token, text, false)) {
        token->flags |= PH_TOKEN_HEAD;
        depth = 0;
      }
    }
    depth += is_open_bracket(token);
    depth -= is_close_bracket(token) && depth > 0;
  }
}
