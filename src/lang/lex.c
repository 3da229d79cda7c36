/* The lexer (LANGUAGE §1). Every byte belongs to a token, to white space or to a comment; what is none of them is an error
   with its own span, and the text goes on behind it.  SPDX-License-Identifier: MIT */
#include "lang/lex.h"

#include <string.h>

const PhOperatorRow ph_operator_rows[PH_OPERATOR_COUNT] = {
#define PH_OPERATOR(name, text, group, op, how, level, assoc, tidal_level, tidal_assoc)                                \
  { text,        sizeof(text) - 1,      PH_GROUP_##group, PH_OP_##op, PH_OP_##how, level, PH_ASSOC_##assoc,            \
    tidal_level, PH_ASSOC_##tidal_assoc },
#include "lang/operator.def"
#undef PH_OPERATOR
};

const char *ph_token_text(PhTokenKind kind)
{
  static const char *const texts[] = {
#define PH_TOKEN(name, text) text,
#include "lang/token.def"
#undef PH_TOKEN
  };
  return texts[kind];
}

typedef struct Lexer {
  PhArena *arena;
  PhDiags *diags;
  PhTokens *out;
  const char *text;
  uint32_t len, pos;
  uint32_t file;
  uint32_t depth; /* open brackets */
  bool tidal;
  bool line_start; /* no token on this line yet */
  bool open;       /* a statement is open: a `#` at the beginning of a line continues it */
  bool gap;        /* white space since the last token */
  uint8_t first_operator[128];                /* by first byte: the last operator that begins so, or NONE */
  uint8_t next_operator[PH_OPERATOR_COUNT]; /* the one before it */
} Lexer;

static void index_operators(Lexer *lexer)
{
  for (unsigned i = 1; i < PH_OPERATOR_COUNT; i++) {
    const unsigned char first = (unsigned char)ph_operator_rows[i].text[0];
    if (i != PH_OPERATOR_NAMED && first < sizeof lexer->first_operator) {
      lexer->next_operator[i] = lexer->first_operator[first];
      lexer->first_operator[first] = (uint8_t)i;
    }
  }
}

static char peek(const Lexer *lexer, uint32_t ahead)
{
  return lexer->pos + ahead < lexer->len ? lexer->text[lexer->pos + ahead] : 0;
}

static PhSource source(const Lexer *lexer, uint32_t begin, uint32_t end)
{
  return (PhSource){ .begin = begin, .end = end, .file = lexer->file };
}

static void push(Lexer *lexer, PhTokenKind kind, PhOperator op, uint32_t begin)
{
  unsigned flags = lexer->gap || lexer->line_start ? PH_TOKEN_SPACE_BEFORE : 0;
  if (lexer->line_start) {
    flags |= PH_TOKEN_LINE_START;
    if (begin == 0 || lexer->text[begin - 1] == '\n') {
      flags |= PH_TOKEN_COLUMN_0;
    }
  }
  const char next = lexer->pos < lexer->len ? lexer->text[lexer->pos] : 0;
  if (next == ' ' || next == '\t' || next == '\n' || next == '\r' || next == 0) {
    flags |= PH_TOKEN_SPACE_AFTER;
  }
  const PhToken token = {
    .begin = begin, .end = lexer->pos, .kind = (uint8_t)kind, .op = (uint8_t)op, .flags = (uint8_t)flags
  };
  PH_PUSH(lexer->arena, lexer->out, token);
  lexer->line_start = false;
  lexer->gap = false;
  lexer->open = true;
}

static void skip_line(Lexer *lexer)
{
  while (lexer->pos < lexer->len && lexer->text[lexer->pos] != '\n') {
    lexer->pos++;
  }
}

static void skip_block_comment(Lexer *lexer)
{
  const uint32_t begin = lexer->pos;
  const char *end = NULL;
  for (uint32_t i = begin + 2; i + 1 < lexer->len; i++) {
    if (lexer->text[i] == '-' && lexer->text[i + 1] == '}') {
      end = lexer->text + i + 2;
      break;
    }
  }
  if (end) {
    lexer->pos = (uint32_t)(end - lexer->text);
  } else {
    lexer->pos = lexer->len;
    ph_diags_add(lexer->diags, PH_SEVERITY_ERROR, source(lexer, begin, begin + 2), "close it with `-}`",
                 "this comment has no end");
  }
}

/* `:set …`, `:{`: words for GHCi, which reads Tidal's files line by line. */
static void skip_directive(Lexer *lexer)
{
  const uint32_t begin = lexer->pos;
  skip_line(lexer);
  uint32_t end = lexer->pos;
  while (end > begin && (unsigned char)lexer->text[end - 1] <= ' ') {
    end--;
  }
  if (end - begin > 2) { /* more than a bracket of a block */
    ph_diags_add(lexer->diags, PH_SEVERITY_NOTE, source(lexer, begin, end), NULL,
                 "this is for GHCi and is passed over");
  }
}

/* White space and comments, and the rule of `#` at the beginning of a line. */
static void skip_space(Lexer *lexer)
{
  for (;;) {
    const char c = peek(lexer, 0), next = peek(lexer, 1);
    const bool column_0 = lexer->pos == 0 || lexer->text[lexer->pos - 1] == '\n';
    if (c == '\n') {
      if (lexer->line_start && lexer->depth == 0) {
        lexer->open = false; /* a blank line, or one with nothing but a comment */
      }
      lexer->line_start = true;
      lexer->pos++;
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v') {
      lexer->gap = true;
      lexer->pos++;
    } else if ((c == '-' && next == '-') || (c == '/' && next == '/' && !lexer->tidal)) {
      skip_line(lexer);
    } else if (c == '{' && next == '-') {
      skip_block_comment(lexer);
    } else if (c == ':' && column_0 && lexer->tidal) {
      skip_directive(lexer);
    } else if (c == '#' && lexer->line_start && !lexer->open && (column_0 || lexer->out->len == 0)) {
      skip_line(lexer);
    } else {
      return;
    }
  }
}

static void lex_string(Lexer *lexer)
{
  const uint32_t begin = lexer->pos++;
  while (lexer->pos < lexer->len && lexer->text[lexer->pos] != '"' && lexer->text[lexer->pos] != '\n') {
    lexer->pos++;
  }
  if (peek(lexer, 0) == '"') {
    lexer->pos++;
  } else {
    uint32_t end = lexer->pos;
    while (end > begin + 1 && (lexer->text[end - 1] == '\r' || lexer->text[end - 1] == ' ')) {
      end--;
    }
    ph_diags_add(lexer->diags, PH_SEVERITY_ERROR, source(lexer, begin, end), "close it with `\"` on the same line",
                 "this string has no end");
  }
  push(lexer, PH_TOKEN_STRING, PH_OPERATOR_NONE, begin);
}

/* 'x': a character of Haskell, which is a string of one */
static bool lex_character(Lexer *lexer)
{
  if (!lexer->tidal || peek(lexer, 2) != '\'' || (unsigned char)peek(lexer, 1) < 0x20) {
    return false;
  }
  const uint32_t begin = lexer->pos;
  lexer->pos += 3;
  push(lexer, PH_TOKEN_STRING, PH_OPERATOR_NONE, begin);
  return true;
}

static uint32_t digits(const Lexer *lexer, uint32_t at)
{
  while (at < lexer->len && ph_is_digit(lexer->text[at])) {
    at++;
  }
  return at;
}

/* 12  0.5  .5  1e-3  1/8 */
static void lex_number(Lexer *lexer)
{
  const char *text = lexer->text;
  const uint32_t begin = lexer->pos, len = lexer->len;
  uint32_t at = digits(lexer, begin);
  bool whole = true;
  if (at + 1 < len && text[at] == '.' && ph_is_digit(text[at + 1])) {
    at = digits(lexer, at + 1);
    whole = false;
  }
  if (at < len && (text[at] == 'e' || text[at] == 'E')) {
    const uint32_t sign = at + 1 < len && (text[at + 1] == '-' || text[at + 1] == '+') ? 1 : 0;
    if (at + 1 + sign < len && ph_is_digit(text[at + 1 + sign])) {
      at = digits(lexer, at + 1 + sign);
      whole = false;
    }
  }
  if (whole && at + 1 < len && text[at] == '/' && ph_is_digit(text[at + 1])) {
    const uint32_t end = digits(lexer, at + 1);
    if (end >= len || (!ph_is_name(text[end]) && !(text[end] == '.' && end + 1 < len && ph_is_digit(text[end + 1])))) {
      at = end;
    }
  }
  lexer->pos = at;
  if (at < len && ph_is_name(text[at])) {
    while (lexer->pos < len && ph_is_name(text[lexer->pos])) {
      lexer->pos++;
    }
    ph_diags_add(lexer->diags, PH_SEVERITY_ERROR, source(lexer, begin, lexer->pos),
                 "the name of a sample stands in a string: s \"808bd\"", "`%.*s` is neither a number nor a name",
                 (int)(lexer->pos - begin), text + begin);
  }
  push(lexer, PH_TOKEN_NUMBER, PH_OPERATOR_NONE, begin);
}

static void skip_name(Lexer *lexer)
{
  while (ph_is_name(peek(lexer, 0))) {
    lexer->pos++;
  }
}

/* ~name, @name, %name, :name */
static void lex_signed_name(Lexer *lexer, PhTokenKind kind)
{
  const uint32_t begin = lexer->pos++;
  skip_name(lexer);
  if (kind == PH_TOKEN_BUS && lexer->pos - begin >= 5 && memcmp(lexer->text + begin, "~midi", 5) == 0) {
    while (peek(lexer, 0) == ':' &&
           (ph_is_name_start(peek(lexer, 1)) || ph_is_digit(peek(lexer, 1)))) { /* ~midi:arp:up:4 */
      lexer->pos++;
      skip_name(lexer);
    }
  }
  push(lexer, kind, PH_OPERATOR_NONE, begin);
}

/* `mod` between two values */
static bool lex_named_operator(Lexer *lexer)
{
  uint32_t at = lexer->pos + 1;
  while (at < lexer->len && ph_is_name(lexer->text[at])) {
    at++;
  }
  if (at == lexer->pos + 1 || at >= lexer->len || lexer->text[at] != '`') {
    return false;
  }
  const uint32_t begin = lexer->pos;
  lexer->pos = at + 1;
  push(lexer, PH_TOKEN_OPERATOR, PH_OPERATOR_NAMED, begin);
  return true;
}

static bool lex_operator(Lexer *lexer)
{
  PhOperator best = PH_OPERATOR_NONE;
  const unsigned char first = (unsigned char)peek(lexer, 0);
  for (unsigned i = first < 128 ? lexer->first_operator[first] : 0; i; i = lexer->next_operator[i]) {
    const PhOperatorRow *row = &ph_operator_rows[i];
    if (row->len > ph_operator_rows[best].len && row->len <= lexer->len - lexer->pos &&
        memcmp(row->text, lexer->text + lexer->pos, row->len) == 0) {
      best = (PhOperator)i;
    }
  }
  if (best == PH_OPERATOR_NONE) {
    return false;
  }
  const uint32_t begin = lexer->pos;
  lexer->pos += ph_operator_rows[best].len;
  push(lexer, PH_TOKEN_OPERATOR, best, begin);
  return true;
}

static bool lex_bracket(Lexer *lexer)
{
  static const char brackets[] = "()[]{},";
  static const uint8_t kinds[] = { PH_TOKEN_OPEN_PAREN,    PH_TOKEN_CLOSE_PAREN, PH_TOKEN_OPEN_BRACKET,
                                   PH_TOKEN_CLOSE_BRACKET, PH_TOKEN_OPEN_BRACE,  PH_TOKEN_CLOSE_BRACE,
                                   PH_TOKEN_COMMA };
  const char *found = strchr(brackets, peek(lexer, 0));
  if (!found || !*found) {
    return false;
  }
  const size_t index = (size_t)(found - brackets);
  if (index < 6 && index % 2 == 0) {
    lexer->depth++;
  } else if (index < 6 && lexer->depth > 0) {
    lexer->depth--;
  }
  const uint32_t begin = lexer->pos++;
  push(lexer, (PhTokenKind)kinds[index], PH_OPERATOR_NONE, begin);
  return true;
}

/* Bytes that begin no token: one error for a run of them. */
static void lex_bad(Lexer *lexer)
{
  const uint32_t begin = lexer->pos;
  do {
    lexer->pos++;
  } while (lexer->pos < lexer->len && (unsigned char)lexer->text[lexer->pos] >= 0x80);
  const unsigned char c = (unsigned char)lexer->text[begin];
  const char *help = NULL;
  if (c == '|' && lexer->tidal) {
    ph_diags_add(lexer->diags, PH_SEVERITY_ERROR, source(lexer, begin, lexer->pos), "write the list out: [1, 2, 3]",
                 "guards and list comprehensions are Haskell that is not spoken here");
    push(lexer, PH_TOKEN_BAD, PH_OPERATOR_NONE, begin);
    return;
  }
  if (memcmp(lexer->text + begin, "\xE2\x80\x9C", lexer->len - begin < 3 ? 0 : 3) == 0 && lexer->len - begin >= 3) {
    help = "strings are in straight quotes: \"bd sn\"";
  } else if (c == '\'') {
    help = "strings are in double quotes: \"bd sn\"";
  }
  if (c < 0x20 || c == 0x7F) {
    ph_diags_add(lexer->diags, PH_SEVERITY_ERROR, source(lexer, begin, lexer->pos), help,
                 "a control character (0x%02x) means nothing here", c);
  } else {
    ph_diags_add(lexer->diags, PH_SEVERITY_ERROR, source(lexer, begin, lexer->pos), help, "`%.*s` means nothing here",
                 (int)(lexer->pos - begin > 24 ? 24 : lexer->pos - begin), lexer->text + begin);
  }
  push(lexer, PH_TOKEN_BAD, PH_OPERATOR_NONE, begin);
}

/* Whether what stands before cannot be an operand that this sign would join: then the sign belongs to the name after it. */
static bool sign_of_name(const Lexer *lexer)
{
  const uint32_t at = lexer->pos;
  return at == 0 || strchr(" \t\r\n([{,$", lexer->text[at - 1]) != NULL;
}

static void lex_token(Lexer *lexer)
{
  const char c = peek(lexer, 0), next = peek(lexer, 1);
  if (c == '"') {
    lex_string(lexer);
  } else if (ph_is_digit(c) || (c == '.' && ph_is_digit(next))) {
    lex_number(lexer);
  } else if (ph_is_name_start(c)) {
    uint32_t begin = lexer->pos;
    skip_name(lexer);
    while (lexer->tidal && lexer->text[begin] >= 'A' && lexer->text[begin] <= 'Z' && peek(lexer, 0) == '.' &&
           ph_is_name_start(peek(lexer, 1))) { /* Map.singleton: a module of Haskell, which says nothing here */
      begin = ++lexer->pos;
      skip_name(lexer);
    }
    push(lexer, PH_TOKEN_NAME, PH_OPERATOR_NONE, begin);
  } else if (c == '~' && ph_is_name_start(next)) {
    lex_signed_name(lexer, PH_TOKEN_BUS);
  } else if (c == '@' && ph_is_name_start(next)) {
    lex_signed_name(lexer, PH_TOKEN_TEMPLATE);
  } else if (c == '%' && ph_is_name_start(next) && sign_of_name(lexer)) {
    lex_signed_name(lexer, PH_TOKEN_REGISTER);
  } else if (c == ':' && next != ':' && ph_is_name_start(next) && sign_of_name(lexer)) {
    lex_signed_name(lexer, PH_TOKEN_KEY);
  } else if (c == ':' && next != ':') {
    const uint32_t begin = lexer->pos++;
    push(lexer, PH_TOKEN_COLON, PH_OPERATOR_NONE, begin);
  } else if (!lex_bracket(lexer) && !(c == '`' && lex_named_operator(lexer)) && !lex_operator(lexer) &&
             !(c == '\'' && lex_character(lexer))) {
    lex_bad(lexer);
  }
}

void ph_lex(PhArena *arena, PhDiags *diags, uint32_t file, bool tidal, PhTokens *out)
{
  const PhTextFile *text = &diags->files.items[file];
  Lexer lexer = { .arena = arena,
                  .diags = diags,
                  .out = out,
                  .text = text->text,
                  .len = (uint32_t)text->len,
                  .file = file,
                  .tidal = tidal,
                  .line_start = true };
  *out = (PhTokens){ 0 };
  index_operators(&lexer);
  if (lexer.len >= 3 && memcmp(lexer.text, "\xEF\xBB\xBF", 3) == 0) {
    lexer.pos = 3;
  }
  for (skip_space(&lexer); lexer.pos < lexer.len; skip_space(&lexer)) {
    lex_token(&lexer);
  }
  lexer.line_start = true;
  push(&lexer, PH_TOKEN_END, PH_OPERATOR_NONE, lexer.len);
}
