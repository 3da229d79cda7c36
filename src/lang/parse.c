/* Statements (LANGUAGE §2), with recovery: an error ends its statement, and the next head begins a new one.
   SPDX-License-Identifier: MIT */
#include "lang/parse.h"

#include <stdio.h>
#include <string.h>

/* ---- tokens --------------------------------------------------------------------------------------------------- */

const PhToken *ph_parser_peek(const PhParser *parser) { return &parser->tokens.items[parser->pos]; }

const PhToken *ph_parser_ahead(const PhParser *parser, size_t count)
{
  const size_t last = parser->tokens.len - 1;
  return &parser->tokens.items[parser->pos + count < last ? parser->pos + count : last];
}

const PhToken *ph_parser_take(PhParser *parser)
{
  const PhToken *token = ph_parser_peek(parser);
  parser->pos += parser->pos + 1 < parser->tokens.len;
  return token;
}

bool ph_parser_at_end(const PhParser *parser)
{
  const PhToken *token = ph_parser_peek(parser);
  return token->kind == PH_TOKEN_END || (token->flags & PH_TOKEN_HEAD);
}

bool ph_parser_is_operator(const PhParser *parser, PhOperator op)
{
  const PhToken *token = ph_parser_peek(parser);
  return token->kind == PH_TOKEN_OPERATOR && token->op == op;
}

PhStr ph_parser_text(const PhParser *parser, const PhToken *token)
{
  return ph_str(parser->text + token->begin, token->end - token->begin);
}

PhSource ph_parser_source(const PhParser *parser, const PhToken *token)
{
  return (PhSource){ .begin = token->begin, .end = token->end, .file = parser->file };
}

const char *ph_parser_found(const PhParser *parser)
{
  const PhToken *token = ph_parser_peek(parser);
  if (token->kind == PH_TOKEN_END) {
    return "the end of the text";
  }
  if (token->flags & PH_TOKEN_HEAD) {
    return "the next statement";
  }
  const PhStr text = ph_parser_text(parser, token);
  if (token->kind == PH_TOKEN_STRING) {
    return "a string";
  }
  return ph_arena_printf(parser->arena, "`%.*s`", (int)(text.len > 40 ? 40 : text.len), text.ptr);
}

void ph_parser_error(PhParser *parser, PhSource at, const char *help, const char *fmt, ...)
{
  if (parser->broken) {
    return;
  }
  parser->broken = true;
  char text[320];
  va_list args;
  va_start(args, fmt);
  (void)vsnprintf(text, sizeof text, fmt, args);
  va_end(args);
  ph_diags_add(parser->diags, PH_SEVERITY_ERROR, at, help, "%s", text);
}

/* ---- statements ----------------------------------------------------------------------------------------------- */

static bool is_separator(const PhParser *parser)
{
  return !ph_parser_at_end(parser) &&
         (ph_parser_peek(parser)->kind == PH_TOKEN_COLON || ph_parser_is_operator(parser, PH_OPERATOR_DOLLAR) ||
          ph_parser_is_operator(parser, PH_OPERATOR_EQUALS));
}

static void skip_separator(PhParser *parser)
{
  if (is_separator(parser)) {
    (void)ph_parser_take(parser);
  }
}

static void skip_statement(PhParser *parser)
{
  while (!ph_parser_at_end(parser)) {
    (void)ph_parser_take(parser);
  }
}

/* ---- Tidal's bindings ----------------------------------------------------------------------------------------- */

size_t ph_parser_know(PhParser *parser, const PhParamAst *params, size_t count)
{
  const size_t before = parser->params.len;
  for (size_t i = 0; i < count; i++) {
    PH_PUSH(parser->arena, &parser->params, params[i].name);
  }
  return before;
}

void ph_parser_forget(PhParser *parser, size_t before) { parser->params.len = before; }

static PhBinding *find_binding(PhParser *parser, PhStr name)
{
  for (size_t i = 0; i < parser->bindings.len; i++) {
    if (ph_str_eq(parser->bindings.items[i].name, name)) {
      return &parser->bindings.items[i];
    }
  }
  return NULL;
}

/* A name bound again gets a name of its own, with a space in it, which no text can spell. */
static PhStr bind(PhParser *parser, PhStr name)
{
  PhBinding *binding = find_binding(parser, name);
  if (!binding) {
    const PhBinding first = { .name = name, .now = name, .count = 1 };
    PH_PUSH(parser->arena, &parser->bindings, first);
    return name;
  }
  binding->count++;
  binding->now = ph_str_of(ph_arena_printf(parser->arena, "%.*s (%u)", (int)name.len, name.ptr, binding->count));
  return binding->now;
}

PhStr ph_parser_meaning(PhParser *parser, PhStr name)
{
  if (!parser->tidal) {
    return name;
  }
  for (size_t i = 0; i < parser->params.len; i++) {
    if (ph_str_eq(parser->params.items[i], name)) {
      return name;
    }
  }
  const PhBinding *binding = find_binding(parser, name);
  return binding ? binding->now : name;
}

bool ph_parser_is_reserved(const PhParser *parser, const PhToken *token)
{
  static const char *const words[] = { "where", "let",  "in", "do",   "if",   "then",
                                       "else",  "case", "of", "data", "type", "class" };
  const PhStr text = ph_parser_text(parser, token);
  for (size_t i = 0; parser->tidal && token->kind == PH_TOKEN_NAME && i < PH_COUNT(words); i++) {
    if (ph_str_is(text, words[i])) {
      return true;
    }
  }
  return false;
}

/* ---- ends of statements --------------------------------------------------------------------------------------- */

/* What is left over is an error, never ignored. */
static void finish(PhParser *parser)
{
  if (!ph_parser_at_end(parser) && !parser->broken) {
    const PhToken *token = ph_parser_peek(parser);
    parser->broken |= token->kind == PH_TOKEN_BAD; /* the lexer has said so */
    if (ph_parser_is_reserved(parser, token)) {
      ph_parser_not_spoken(parser, token);
    }
    const PhTokenKind kind = (PhTokenKind)token->kind;
    const char *help = NULL;
    if (token->kind == PH_TOKEN_OPERATOR && token->op == PH_OPERATOR_EQUALS) {
      help = "a statement is `o1: …`, `~name: …` or `fn name a b = …`";
    } else if (token->flags & PH_TOKEN_LINE_START) {
      help = "a line that does not begin a statement continues the one above";
    }
    if (kind == PH_TOKEN_CLOSE_PAREN || kind == PH_TOKEN_CLOSE_BRACKET || kind == PH_TOKEN_CLOSE_BRACE) {
      ph_parser_error(parser, ph_parser_source(parser, token), NULL, "nothing is open that this %s could close",
                      ph_token_text(kind));
    } else {
      ph_parser_error(parser, ph_parser_source(parser, token), help,
                      "expected an operator or the end of the statement, found %s", ph_parser_found(parser));
    }
  }
  skip_statement(parser);
}

static void push(PhParser *parser, PhStatements *out, PhStatement *statement)
{
  finish(parser);
  if (parser->tidal && parser->broken && statement->body) { /* it does not play, and that has been said */
    statement->body = ph_parser_new(parser, PH_AST_ERROR, statement->body->at);
  }
  statement->end = ph_parser_peek(parser)->begin;
  PH_PUSH(parser->arena, out, *statement);
}

static bool parse_uint(PhStr text, uint32_t *out)
{
  uint64_t value = 0;
  for (size_t i = 0; i < text.len; i++) {
    value = value * 10 + (uint64_t)(text.ptr[i] - '0');
    if (value > 100000) {
      return false;
    }
  }
  *out = (uint32_t)value;
  return true;
}

/* The number at the end of `o1`, `hush2`. */
static void take_number(PhParser *parser, PhStatement *statement, PhStr word, size_t prefix)
{
  if (word.len > prefix) {
    statement->has_number = true;
    if (!parse_uint(ph_str(word.ptr + prefix, word.len - prefix), &statement->number) || statement->number < 1 ||
        statement->number > 64) {
      ph_parser_error(parser, statement->at, "outputs are `out` and `o1` to `o64`", "there is no output %.*s",
                      (int)(word.len - prefix), word.ptr + prefix);
      statement->number = 64;
    }
  }
}

static bool starts_with(PhStr text, const char *prefix)
{
  return text.len >= strlen(prefix) && memcmp(text.ptr, prefix, strlen(prefix)) == 0;
}

/* Names up to the separator, then the body: a LAMBDA if there were names. */
static void parse_function(PhParser *parser, PhStatement *statement)
{
  PH_ARRAY(PhParamAst) params = { 0 };
  while (!ph_parser_at_end(parser) && ph_parser_peek(parser)->kind == PH_TOKEN_NAME) {
    const PhToken *token = ph_parser_take(parser);
    const PhParamAst param = { ph_parser_text(parser, token), ph_parser_source(parser, token) };
    for (size_t i = 0; i < params.len; i++) {
      if (ph_str_eq(params.items[i].name, param.name)) {
        ph_parser_error(parser, param.at, NULL, "two parameters are called `%.*s`", (int)param.name.len,
                        param.name.ptr);
      }
    }
    PH_PUSH(parser->arena, &params, param);
  }
  if (!is_separator(parser)) {
    ph_parser_error(parser, ph_parser_source(parser, ph_parser_peek(parser)), NULL,
                    "expected `=` and an expression, found %s", ph_parser_found(parser));
    skip_statement(parser);
    statement->body = ph_parser_new(parser, PH_AST_ERROR, statement->at);
    return;
  }
  skip_separator(parser);
  const size_t known = ph_parser_know(parser, params.items, params.len);
  statement->body = ph_parser_expr(parser);
  ph_parser_forget(parser, known);
  if (params.len) {
    statement->body = ph_parser_lambda(parser, ph_source_join(statement->at, statement->body->at), params.items,
                                       (uint32_t)params.len, statement->body);
  }
}

/* `~name`, `@name`, `%name` at the beginning */
static void parse_definition(PhParser *parser, PhStatements *out)
{
  const PhToken *token = ph_parser_take(parser);
  const PhStr text = ph_parser_text(parser, token);
  PhStatement statement = { .at = ph_parser_source(parser, token), .name = ph_str(text.ptr + 1, text.len - 1) };
  statement.name_at = statement.at;
  if (token->kind == PH_TOKEN_TEMPLATE) {
    statement.kind = PH_STATEMENT_TEMPLATE;
    skip_separator(parser);
    statement.body = ph_parser_expr(parser);
  } else if (token->kind == PH_TOKEN_REGISTER) {
    statement.kind = PH_STATEMENT_REGISTER;
    skip_separator(parser);
    statement.body = ph_parser_expr(parser);
  } else if (ph_parser_is_operator(parser, PH_OPERATOR_CHAIN)) {
    statement.kind = PH_STATEMENT_MODIFIER;
    PhAst *hole = ph_parser_new(parser, PH_AST_NAME, statement.at);
    hole->text = ph_str_of(ph_hole_name);
    const PhParamAst param = { hole->text, statement.at };
    PhAst *body = ph_parser_expr_from(parser, hole);
    statement.body = ph_parser_lambda(parser, ph_source_join(statement.at, body->at), &param, 1, body);
  } else if (ph_parser_peek(parser)->kind == PH_TOKEN_NAME) {
    statement.kind = PH_STATEMENT_FUNCTION;
    parse_function(parser, &statement);
    statement.kind = PH_STATEMENT_BUS;
  } else {
    statement.kind = PH_STATEMENT_BUS;
    skip_separator(parser);
    statement.body = ph_parser_expr(parser);
  }
  push(parser, out, &statement);
}

static void parse_output(PhParser *parser, PhStatements *out, size_t prefix)
{
  const PhToken *token = ph_parser_take(parser);
  PhStatement statement = { .kind = PH_STATEMENT_OUTPUT, .at = ph_parser_source(parser, token), .once = prefix == 4 };
  take_number(parser, &statement, ph_parser_text(parser, token), prefix);
  skip_separator(parser);
  statement.body = ph_parser_expr(parser);
  push(parser, out, &statement);
}

/* `outmix: tanh`, `dialect: tidal`: a word */
static void parse_word(PhParser *parser, PhStatement *statement)
{
  skip_separator(parser);
  const PhToken *token = ph_parser_peek(parser);
  if (!ph_parser_at_end(parser) && (token->kind == PH_TOKEN_NAME || token->kind == PH_TOKEN_STRING)) {
    statement->name = ph_parser_text(parser, token);
    statement->name_at = ph_parser_source(parser, token);
    if (token->kind == PH_TOKEN_STRING) {
      statement->name = ph_str(statement->name.ptr + 1, statement->name.len < 2 ? 0 : statement->name.len - 2);
    }
    (void)ph_parser_take(parser);
  } else {
    ph_parser_error(parser, ph_parser_source(parser, token), NULL, "expected a word, found %s",
                    ph_parser_found(parser));
  }
}

static void parse_setting(PhParser *parser, PhStatements *out, PhStatementKind kind)
{
  PhStatement statement = { .kind = kind, .at = ph_parser_source(parser, ph_parser_take(parser)) };
  if (kind == PH_STATEMENT_OUTMIX || kind == PH_STATEMENT_SAFETY || kind == PH_STATEMENT_DIALECT) {
    parse_word(parser, &statement);
  } else if (kind == PH_STATEMENT_INCLUDE) {
    parse_word(parser, &statement);
  } else {
    skip_separator(parser);
    if (kind == PH_STATEMENT_BPM) { /* bpm: x "3/4" */
      statement.body = ph_parser_atom(parser);
      if (!ph_parser_at_end(parser) && ph_parser_peek(parser)->kind == PH_TOKEN_STRING) {
        statement.extra = ph_parser_atom(parser);
      } else {
        statement.body = ph_parser_expr_from(parser, statement.body);
      }
    } else {
      statement.body = ph_parser_expr(parser);
    }
  }
  push(parser, out, &statement);
}

static void parse_command(PhParser *parser, PhStatements *out, PhStatementKind kind, size_t prefix)
{
  const PhToken *token = ph_parser_take(parser);
  PhStatement statement = { .kind = kind, .at = ph_parser_source(parser, token) };
  take_number(parser, &statement, ph_parser_text(parser, token), prefix);
  if (!statement.has_number && !ph_parser_at_end(parser) && ph_parser_peek(parser)->kind == PH_TOKEN_NUMBER) {
    const PhToken *number = ph_parser_take(parser);
    const PhStr text = ph_parser_text(parser, number);
    statement.has_number = true;
    if (memchr(text.ptr, '.', text.len) || memchr(text.ptr, 'e', text.len) || memchr(text.ptr, '/', text.len) ||
        !parse_uint(text, &statement.number) || statement.number > 64) {
      ph_parser_error(parser, ph_parser_source(parser, number), "outputs are `out` (0) and `o1` to `o64`",
                      "there is no output %.*s", (int)text.len, text.ptr);
    }
  }
  if (kind == PH_STATEMENT_SOLO && !statement.has_number) {
    ph_parser_error(parser, statement.at, "solo 1", "`solo` needs the number of an output");
  }
  push(parser, out, &statement);
}

/* Behind `fn` or `let`, or a line of a `let` block. */
static void parse_named_function(PhParser *parser, PhStatements *out)
{
  PhStatement statement = { .kind = PH_STATEMENT_FUNCTION, .at = ph_parser_source(parser, ph_parser_peek(parser)) };
  const PhToken *name = ph_parser_peek(parser);
  if (ph_parser_at_end(parser) || name->kind != PH_TOKEN_NAME) {
    ph_parser_error(parser, ph_parser_source(parser, name), "fn name a b = a + b", "expected a name, found %s",
                    ph_parser_found(parser));
    skip_statement(parser);
    return;
  }
  (void)ph_parser_take(parser);
  statement.name = parser->tidal ? bind(parser, ph_parser_text(parser, name)) : ph_parser_text(parser, name);
  statement.name_at = ph_parser_source(parser, name);
  parse_function(parser, &statement);
  push(parser, out, &statement);
}

typedef struct Word {
  const char *word;
  PhStatementKind kind;
  bool command; /* takes the number of an output, else an expression */
} Word;

static const Word words[] = {
  { "cps", PH_STATEMENT_CPS, false },         { "tempo", PH_STATEMENT_CPS, false },
  { "setcps", PH_STATEMENT_CPS, false },      { "bpm", PH_STATEMENT_BPM, false },
  { "seed", PH_STATEMENT_SEED, false },       { "outmix", PH_STATEMENT_OUTMIX, false },
  { "master", PH_STATEMENT_MASTER, false },   { "safety", PH_STATEMENT_SAFETY, false },
  { "dialect", PH_STATEMENT_DIALECT, false },
  { "include", PH_STATEMENT_INCLUDE, false }, { "setCycle", PH_STATEMENT_SET_CYCLE, false },
  { "nudge", PH_STATEMENT_NUDGE, false },     { "resetCycles", PH_STATEMENT_RESET_CYCLES, true },
  { "panic", PH_STATEMENT_PANIC, true },      { "hush", PH_STATEMENT_HUSH, true },
  { "unhush", PH_STATEMENT_UNHUSH, true },    { "solo", PH_STATEMENT_SOLO, true },
  { "unsolo", PH_STATEMENT_UNSOLO, true },    { "mute", PH_STATEMENT_HUSH, true },
  { "unmute", PH_STATEMENT_UNHUSH, true },    { "muteAll", PH_STATEMENT_HUSH, true },
  { "unmuteAll", PH_STATEMENT_UNHUSH, true }, { "unsoloAll", PH_STATEMENT_UNSOLO, true },
};

static bool parse_worded(PhParser *parser, PhStatements *out, PhStr text)
{
  size_t letters = text.len;
  while (letters > 0 && ph_is_digit(text.ptr[letters - 1])) {
    letters--;
  }
  for (size_t i = 0; i < PH_COUNT(words); i++) {
    if (ph_str_is(text, words[i].word) || (words[i].command && ph_str_is(ph_str(text.ptr, letters), words[i].word))) {
      if (words[i].command) {
        parse_command(parser, out, words[i].kind, letters);
      } else {
        parse_setting(parser, out, words[i].kind);
      }
      return true;
    }
  }
  return false;
}

static void not_a_statement(PhParser *parser)
{
  const PhToken *token = ph_parser_peek(parser);
  const PhStr text = ph_parser_text(parser, token);
  const char *help = "a statement is `o1: …`, `~name: …`, `cps: …` or the like";
  const PhToken *next = ph_parser_ahead(parser, 1);
  if (token->kind == PH_TOKEN_NAME &&
      ((next->kind == PH_TOKEN_OPERATOR && next->op == PH_OPERATOR_EQUALS) || next->kind == PH_TOKEN_COLON)) {
    help =
        ph_arena_printf(parser->arena, "a bus is written `~%.*s: …`", (int)(text.len > 40 ? 40 : text.len), text.ptr);
  }
  if (parser->tidal) {
    help = "a statement is `d1 $ …`, `setcps …`, `let name = …`, `hush`";
    parser->broken |= token->kind == PH_TOKEN_BAD; /* the lexer has said so */
  }
  ph_parser_error(parser, ph_parser_source(parser, token), help, "expected a statement, found %s",
                  ph_parser_found(parser));
  do {
    (void)ph_parser_take(parser);
  } while (!ph_parser_at_end(parser));
}

/* ---- Tidal's statements --------------------------------------------------------------------------------------- */

/* Names up to this operator: `f x =`, `f, g ::`. */
static bool are_names_before(const PhParser *parser, PhOperator op)
{
  size_t i = 0;
  while (ph_parser_ahead(parser, i)->kind == PH_TOKEN_NAME ||
         (op == PH_OPERATOR_TYPED && i > 0 && ph_parser_ahead(parser, i)->kind == PH_TOKEN_COMMA)) {
    i++;
  }
  const PhToken *token = ph_parser_ahead(parser, i);
  return i > 0 && token->kind == PH_TOKEN_OPERATOR && token->op == op;
}

/* A line of a `let` block, or what stands behind `let`. */
static void parse_let_line(PhParser *parser, PhStatements *out)
{
  if (are_names_before(parser, PH_OPERATOR_TYPED)) {
    ph_diags_add(parser->diags, PH_SEVERITY_NOTE, ph_parser_source(parser, ph_parser_peek(parser)), NULL,
                 "types are found here: a signature is passed over");
    skip_statement(parser);
  } else {
    parse_named_function(parser, out);
  }
}

/* The number or the name of an output: `p "drums" $ …`, `xfadeIn 1 8 $ …`. */
static void take_id(PhParser *parser, PhStatement *statement)
{
  const PhToken *token = ph_parser_take(parser);
  const PhStr text = ph_parser_text(parser, token);
  if (token->kind == PH_TOKEN_STRING) {
    statement->name = ph_str(text.ptr + 1, text.len < 2 ? 0 : text.len - 2);
    statement->name_at = ph_parser_source(parser, token);
    return;
  }
  statement->has_number = true;
  if (memchr(text.ptr, '.', text.len) || memchr(text.ptr, 'e', text.len) || memchr(text.ptr, '/', text.len) ||
      !parse_uint(text, &statement->number) || statement->number < 1 || statement->number > 64) {
    ph_parser_error(parser, ph_parser_source(parser, token), "outputs are 1 to 64, or have names: p \"drums\" $ …",
                    "there is no output %.*s", (int)text.len, text.ptr);
    statement->number = 64;
  }
}

/* The transition and how long it takes, up to the `$`. */
static PhAst *transition_call(PhParser *parser, const PhToken *word)
{
  const PhSource at = ph_parser_source(parser, word);
  PhAst *call = ph_parser_new(parser, PH_AST_APPLY, at);
  PH_ARRAY(PhArgAst) args = { 0 };
  call->apply.head = ph_parser_new(parser, PH_AST_NAME, at);
  call->apply.head->text = ph_parser_text(parser, word);
  while (!ph_parser_at_end(parser) && !ph_parser_is_operator(parser, PH_OPERATOR_DOLLAR)) {
    const size_t before = parser->pos;
    const PhArgAst arg = { .value = ph_parser_atom(parser) };
    if (parser->pos == before) {
      break;
    }
    PH_PUSH(parser->arena, &args, arg);
  }
  call->apply.args = args.items;
  call->apply.count = (uint32_t)args.len;
  return call;
}

static void parse_output_by_id(PhParser *parser, PhStatements *out, bool transition)
{
  const PhToken *word = ph_parser_take(parser);
  PhStatement statement = { .kind = PH_STATEMENT_OUTPUT, .at = ph_parser_source(parser, word) };
  take_id(parser, &statement);
  if (transition) {
    statement.extra = transition_call(parser, word);
  }
  skip_separator(parser);
  statement.body = ph_parser_expr(parser);
  push(parser, out, &statement);
}

static void parse_all(PhParser *parser, PhStatements *out)
{
  PhStatement statement = { .kind = PH_STATEMENT_ALL, .at = ph_parser_source(parser, ph_parser_take(parser)) };
  skip_separator(parser);
  statement.body = ph_parser_expr(parser);
  push(parser, out, &statement);
}

static void parse_import(PhParser *parser)
{
  const PhToken *token = ph_parser_peek(parser);
  ph_diags_add(parser->diags, PH_SEVERITY_NOTE, ph_parser_source(parser, token), NULL,
               "all of Tidal's functions are there: `import` is passed over");
  skip_statement(parser);
}

void ph_parser_not_spoken(PhParser *parser, const PhToken *token)
{
  const PhStr text = ph_parser_text(parser, token);
  const char *help = NULL;
  if (ph_str_is(text, "where") || ph_str_is(text, "let") || ph_str_is(text, "in")) {
    help = "give it a name on a line before: let name = …";
  } else if (ph_str_is(text, "if") || ph_str_is(text, "case")) {
    help = "patterns choose with `sew`, `while`, `every` and `select`";
  }
  ph_parser_error(parser, ph_parser_source(parser, token), help, "`%.*s` is Haskell that is not spoken here",
                  (int)(text.len > 40 ? 40 : text.len), text.ptr);
}

/* A statement of Tidal's that Phonon's own dialect does not have. False: it is none. */
static bool parse_tidal(PhParser *parser, PhStatements *out, const PhToken *token, PhStr text)
{
  if (ph_str_is(text, "let")) {
    (void)ph_parser_take(parser);
    if (!ph_parser_at_end(parser)) {
      parse_let_line(parser, out);
    }
  } else if (ph_str_is(text, "do")) {
    (void)ph_parser_take(parser); /* its lines stand for themselves */
  } else if (ph_str_is(text, "import")) {
    parse_import(parser);
  } else if (ph_str_is(text, "once")) {
    parse_output(parser, out, text.len);
  } else if (ph_str_is(text, "all")) {
    parse_all(parser, out);
  } else if (are_names_before(parser, PH_OPERATOR_EQUALS) || are_names_before(parser, PH_OPERATOR_TYPED)) {
    parse_let_line(parser, out);
  } else if (ph_str_is(text, "p") || ph_lex_is_transition(token, parser->text)) {
    const PhTokenKind next = (PhTokenKind)ph_parser_ahead(parser, 1)->kind;
    if (next != PH_TOKEN_NUMBER && next != PH_TOKEN_STRING) {
      return false;
    }
    parse_output_by_id(parser, out, !ph_str_is(text, "p"));
  } else {
    return false;
  }
  return true;
}

/* ---- all ------------------------------------------------------------------------------------------------------ */

static bool is_output(PhStr text)
{
  size_t letters = text.len;
  while (letters > 0 && ph_is_digit(text.ptr[letters - 1])) {
    letters--;
  }
  return starts_with(text, "out") || (letters == 1 && text.len > 1 && (text.ptr[0] == 'o' || text.ptr[0] == 'd'));
}

static void parse_statement(PhParser *parser, PhStatements *out)
{
  const PhToken *token = ph_parser_peek(parser);
  const PhStr text = ph_parser_text(parser, token);
  parser->broken = false;
  parser->depth = 0;
  if (!(token->flags & PH_TOKEN_HEAD)) {
    not_a_statement(parser);
    return;
  }
  PhToken *head = &parser->tokens.items[parser->pos];
  head->flags &= (uint8_t)~PH_TOKEN_HEAD; /* at_end would stop at it */
  if (token->kind == PH_TOKEN_BUS || token->kind == PH_TOKEN_TEMPLATE || token->kind == PH_TOKEN_REGISTER) {
    parse_definition(parser, out);
  } else if (token->kind == PH_TOKEN_NAME && parser->tidal && parse_tidal(parser, out, token, text)) {
    return;
  } else if (token->kind == PH_TOKEN_NAME && ph_str_is(text, "fn")) {
    (void)ph_parser_take(parser);
    parse_named_function(parser, out);
  } else if (token->kind == PH_TOKEN_NAME && parse_worded(parser, out, text)) {
    return;
  } else if (token->kind == PH_TOKEN_NAME && is_output(text)) {
    parse_output(parser, out, text.ptr[0] == 'o' && text.len > 1 && text.ptr[1] == 'u' ? 3 : 1);
  } else {
    not_a_statement(parser);
  }
}

static PhParser begin(PhArena *arena, PhDiags *diags, uint32_t file, bool tidal)
{
  PhParser parser = {
    .arena = arena, .diags = diags, .text = diags->files.items[file].text, .file = file, .tidal = tidal
  };
  ph_lex(arena, diags, file, tidal, &parser.tokens);
  return parser;
}

/* A text without any statement is one expression, played: `s "bd sn"`. */
static bool is_expression(const PhParser *parser)
{
  for (size_t i = 0; i < parser->tokens.len; i++) {
    if (parser->tokens.items[i].flags & PH_TOKEN_HEAD) {
      return false;
    }
  }
  const PhToken *next = ph_parser_ahead(parser, 1);
  const bool defines = next->kind == PH_TOKEN_COLON || (next->kind == PH_TOKEN_OPERATOR && next->op == PH_OPERATOR_EQUALS);
  return parser->tokens.len > 1 && !defines; /* `kick = …` was meant as a statement */
}

void ph_parse(PhArena *arena, PhDiags *diags, uint32_t file, bool tidal, PhStatements *out)
{
  PhParser parser = begin(arena, diags, file, tidal);
  ph_lex_heads(&parser.tokens, parser.text, tidal);
  if (is_expression(&parser)) {
    PhStatement statement = { .kind = PH_STATEMENT_OUTPUT, .at = ph_parser_source(&parser, ph_parser_peek(&parser)) };
    statement.body = ph_parser_expr(&parser);
    push(&parser, out, &statement);
  }
  while (ph_parser_peek(&parser)->kind != PH_TOKEN_END) {
    parse_statement(&parser, out);
  }
}

PhAst *ph_parse_expr(PhArena *arena, PhDiags *diags, uint32_t file, bool tidal)
{
  PhParser parser = begin(arena, diags, file, tidal);
  PhAst *ast = ph_parser_expr(&parser);
  finish(&parser);
  return ast;
}
