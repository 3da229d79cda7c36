/* Expressions (LANGUAGE §3): precedence climbing over the table of operator.def, application, sections, lists.
   SPDX-License-Identifier: MIT */
#include "lang/parse.h"

#include <string.h>

const char ph_hole_name[] = "\x01";

enum { MAX_NESTED = 200 };

static PhAst *parse_level(PhParser *parser, PhAst *left, unsigned level);

PhAst *ph_parser_new(PhParser *parser, PhAstKind kind, PhSource at)
{
  PhAst *ast = PH_NEW(parser->arena, PhAst);
  ast->kind = kind;
  ast->at = at;
  return ast;
}

/* Sets the depth of a node over its children; too deep is an error and leaves an ERROR node. */
static PhAst *deepen(PhParser *parser, PhAst *ast, const PhAst *child)
{
  if (child && child->depth + 1u > ast->depth) {
    ast->depth = (uint16_t)(child->depth + 1u);
  }
  if (ast->depth > PH_AST_MAX_DEPTH) {
    ph_parser_error(parser, ast->at, "give parts of it names: ~part: …",
                    "this expression is nested more than %u levels deep", PH_AST_MAX_DEPTH);
    return ph_parser_new(parser, PH_AST_ERROR, ast->at);
  }
  return ast;
}

static PhAst *new_name(PhParser *parser, PhSource at, const char *name)
{
  PhAst *ast = ph_parser_new(parser, PH_AST_NAME, at);
  ast->text = ph_str_of(name);
  return ast;
}

PhAst *ph_parser_lambda(PhParser *parser, PhSource at, const PhParamAst *params, uint32_t count, PhAst *body)
{
  PhAst *ast = ph_parser_new(parser, PH_AST_LAMBDA, at);
  ast->lambda.params = ph_arena_copy(parser->arena, params, sizeof *params * count);
  ast->lambda.count = count;
  ast->lambda.body = body;
  return deepen(parser, ast, body);
}

static PhAst *section(PhParser *parser, PhSource at, PhAst *body)
{
  const PhParamAst hole = { .name = ph_str_of(ph_hole_name), .at = at };
  PhAst *ast = ph_parser_lambda(parser, at, &hole, 1, body);
  ast->section = ast->kind == PH_AST_LAMBDA;
  return ast;
}

/* a `f` b is f a b, except for the arithmetic that is known between constants. */
static PhAst *infix_call(PhParser *parser, const PhToken *op, PhAst *left, PhAst *right)
{
  static const char *const arithmetic[] = { "mod", "mod'", "div", "rem", "max", "min" };
  const PhStr name = ph_str(parser->text + op->begin + 1, op->end - op->begin - 2);
  for (size_t i = 0; i < PH_COUNT(arithmetic); i++) {
    if (ph_str_is(name, arithmetic[i])) {
      return NULL;
    }
  }
  PhAst *ast = ph_parser_new(parser, PH_AST_APPLY, ph_source_join(left->at, right->at));
  ast->apply.head = ph_parser_new(parser, PH_AST_NAME, (PhSource){ op->begin + 1, op->end - 1, parser->file });
  ast->apply.head->text = ph_parser_meaning(parser, name);
  ast->apply.args = PH_NEWN(parser->arena, PhArgAst, 2);
  ast->apply.args[0].value = left;
  ast->apply.args[1].value = right;
  ast->apply.count = 2;
  ast = deepen(parser, ast, left);
  return ast->kind == PH_AST_ERROR ? ast : deepen(parser, ast, right);
}

static PhAst *binary(PhParser *parser, const PhToken *op, PhAst *left, PhAst *right)
{
  PhAst *call = op->op == PH_OPERATOR_NAMED ? infix_call(parser, op, left, right) : NULL;
  if (call) {
    return call;
  }
  PhAst *ast = ph_parser_new(parser, PH_AST_BINARY, ph_source_join(left->at, right->at));
  ast->op_at = ph_parser_source(parser, op);
  ast->binary.op = (PhOperator)op->op;
  ast->binary.left = left;
  ast->binary.right = right;
  if (op->op == PH_OPERATOR_NAMED) {
    const PhSource at = { op->begin + 1, op->end - 1, parser->file };
    ast->binary.named = ph_parser_new(parser, PH_AST_NAME, at);
    ast->binary.named->text = ph_str(parser->text + at.begin, at.end - at.begin);
  }
  ast = deepen(parser, ast, left);
  return ast->kind == PH_AST_ERROR ? ast : deepen(parser, ast, right);
}

/* Goes one level down. False: too deep, which is reported, and the statement is skipped. */
static bool enter(PhParser *parser)
{
  if (parser->depth < MAX_NESTED) {
    parser->depth++;
    return true;
  }
  ph_parser_error(parser, ph_parser_source(parser, ph_parser_peek(parser)), NULL,
                  "brackets are nested more than %d levels deep", MAX_NESTED);
  while (!ph_parser_at_end(parser)) {
    (void)ph_parser_take(parser);
  }
  return false;
}

static PhAst *parse_nested(PhParser *parser, PhAst *(*parse)(PhParser *))
{
  const PhSource at = ph_parser_source(parser, ph_parser_peek(parser));
  if (!enter(parser)) {
    return ph_parser_new(parser, PH_AST_ERROR, at);
  }
  PhAst *ast = parse(parser);
  parser->depth--;
  return ast;
}

static PhAst *apply_one(PhParser *parser, PhAst *head, PhAst *arg)
{
  PhAst *ast = ph_parser_new(parser, PH_AST_APPLY, head->at);
  ast->apply.args = PH_NEW(parser->arena, PhArgAst);
  *ast->apply.args = (PhArgAst){ .value = arg, .applied = true };
  ast->apply.head = head;
  ast->apply.count = 1;
  return deepen(parser, ast, arg);
}

/* ---- atoms ---------------------------------------------------------------------------------------------------- */

static PhAst *parse_number(PhParser *parser)
{
  const PhToken *token = ph_parser_take(parser);
  PhAst *ast = ph_parser_new(parser, PH_AST_NUMBER, ph_parser_source(parser, token));
  PhStr text = ph_parser_text(parser, token);
  const char *slash = memchr(text.ptr, '/', text.len);
  const size_t first = slash ? (size_t)(slash - text.ptr) : text.len;
  PhRat ratio = PH_RAT(0, 0), under = PH_RAT_INT(1);
  bool ok = ph_rat_parse(text.ptr, first, &ratio) && ph_rat_ok(ratio);
  if (ok && slash) {
    ok = ph_rat_parse(slash + 1, text.len - first - 1, &under) && ph_rat_ok(under);
    if (ok && ph_rat_is_zero(under)) {
      ph_parser_error(parser, ast->at, NULL, "division by zero");
      under = PH_RAT_INT(1);
    }
    ratio = ph_rat_div(ratio, under);
  }
  if (!ok) {
    parser->broken |=
        ph_is_name(text.ptr[text.len - 1]) && !ph_is_digit(text.ptr[text.len - 1]); /* the lexer has said so */
    ph_parser_error(parser, ast->at, NULL, "the number `%.*s` is too large or too fine",
                    (int)(text.len > 40 ? 40 : text.len), text.ptr);
    ratio = PH_RAT_INT(0);
  }
  ast->number.ratio = ratio;
  ast->number.num = ph_rat_to_double(ratio);
  return ast;
}

static PhAst *parse_string(PhParser *parser)
{
  const PhToken *token = ph_parser_take(parser);
  PhAst *ast = ph_parser_new(parser, PH_AST_STRING, ph_parser_source(parser, token));
  PhStr text = ph_parser_text(parser, token);
  const bool closed = text.len >= 2 && text.ptr[text.len - 1] == text.ptr[0];
  ast->character = text.ptr[0] == '\'';
  ast->text = ph_str(text.ptr + 1, text.len - 1 - closed);
  return ast;
}

static PhAst *parse_signed_name(PhParser *parser, PhAstKind kind, size_t sign)
{
  const PhToken *token = ph_parser_take(parser);
  PhAst *ast = ph_parser_new(parser, kind, ph_parser_source(parser, token));
  PhStr text = ph_parser_text(parser, token);
  ast->text = ph_str(text.ptr + sign, text.len - sign);
  return ast;
}

static PhAst *parse_name(PhParser *parser)
{
  PhAst *ast = parse_signed_name(parser, PH_AST_NAME, 0);
  ast->text = ph_parser_meaning(parser, ast->text);
  return ast;
}

/* Skips to the closing bracket of a broken group, or to the end of the statement. */
static void skip_to_close(PhParser *parser, PhTokenKind close)
{
  uint32_t depth = 0;
  while (!ph_parser_at_end(parser)) {
    const PhTokenKind kind = (PhTokenKind)ph_parser_peek(parser)->kind;
    if (kind == PH_TOKEN_OPEN_PAREN || kind == PH_TOKEN_OPEN_BRACKET) {
      depth++;
    } else if (kind == PH_TOKEN_CLOSE_PAREN || kind == PH_TOKEN_CLOSE_BRACKET) {
      if (depth == 0) {
        if (kind == close) {
          (void)ph_parser_take(parser);
        }
        return;
      }
      depth--;
    }
    (void)ph_parser_take(parser);
  }
}

/* The closing bracket of a group opened at `open`, or an error. */
static PhSource close_group(PhParser *parser, const PhToken *open, PhTokenKind close)
{
  const PhSource open_at = ph_parser_source(parser, open);
  const PhToken *token = ph_parser_peek(parser);
  if (token->kind == close && !ph_parser_at_end(parser)) {
    return ph_source_join(open_at, ph_parser_source(parser, ph_parser_take(parser)));
  }
  parser->broken |= parser->tidal && token->kind == PH_TOKEN_BAD; /* the lexer has said so */
  if (ph_parser_at_end(parser)) {
    ph_parser_error(parser, open_at, NULL, "this %s is never closed", ph_token_text((PhTokenKind)open->kind));
  } else {
    ph_parser_error(parser, ph_parser_source(parser, token), NULL, "expected `,` or %s, found %s", ph_token_text(close),
                    ph_parser_found(parser));
    skip_to_close(parser, close);
  }
  return open_at;
}

typedef PH_ARRAY(PhAst *) AstList;

static void parse_items(PhParser *parser, AstList *items, PhTokenKind close)
{
  while (!ph_parser_at_end(parser) && ph_parser_peek(parser)->kind != close) {
    PhAst *item = ph_parser_expr(parser);
    PH_PUSH(parser->arena, items, item);
    if (ph_parser_at_end(parser) || ph_parser_peek(parser)->kind != PH_TOKEN_COMMA) {
      return;
    }
    (void)ph_parser_take(parser);
  }
}

static PhAst *group(PhParser *parser, PhAstKind kind, PhSource at, const AstList *items)
{
  PhAst *ast = ph_parser_new(parser, kind, at);
  ast->list.items = items->items;
  ast->list.count = (uint32_t)items->len;
  for (size_t i = 0; i < items->len && ast->kind == kind; i++) {
    ast = deepen(parser, ast, items->items[i]);
  }
  return ast;
}

static PhAst *parse_list(PhParser *parser)
{
  const PhToken *open = ph_parser_take(parser);
  AstList items = { 0 };
  parse_items(parser, &items, PH_TOKEN_CLOSE_BRACKET);
  const PhSource at = close_group(parser, open, PH_TOKEN_CLOSE_BRACKET);
  return group(parser, PH_AST_LIST, at, &items);
}

static bool is_section_operator(const PhParser *parser, const PhToken *token)
{
  if (token->kind != PH_TOKEN_OPERATOR || ph_operator_rows[token->op].group == PH_GROUP_NONE) {
    return false;
  }
  return token->op != PH_OPERATOR_SUB || ph_parser_ahead(parser, 1)->kind == PH_TOKEN_CLOSE_PAREN;
}

/* `(op)`, `(op rest)` */
static PhAst *parse_right_section(PhParser *parser, const PhToken *open)
{
  const PhToken *op = ph_parser_peek(parser);
  const PhSource op_at = ph_parser_source(parser, op);
  if (ph_parser_ahead(parser, 1)->kind == PH_TOKEN_CLOSE_PAREN) {
    (void)ph_parser_take(parser);
    const PhParamAst params[] = { { ph_str_of("\x02"), op_at }, { ph_str_of("\x03"), op_at } };
    PhAst *first = new_name(parser, op_at, "\x02"), *second = new_name(parser, op_at, "\x03");
    PhAst *body = op->op == PH_OPERATOR_DOLLAR ? apply_one(parser, first, second) : binary(parser, op, first, second);
    return ph_parser_lambda(parser, close_group(parser, open, PH_TOKEN_CLOSE_PAREN), params, 2, body);
  }
  PhAst *body = ph_parser_expr_from(parser, new_name(parser, op_at, ph_hole_name));
  return section(parser, close_group(parser, open, PH_TOKEN_CLOSE_PAREN), body);
}

/* `(e op)` */
static PhAst *parse_left_section(PhParser *parser, const PhToken *open, PhAst *left)
{
  const PhToken *op = ph_parser_take(parser);
  PhAst *body = binary(parser, op, left, new_name(parser, ph_parser_source(parser, op), ph_hole_name));
  return section(parser, close_group(parser, open, PH_TOKEN_CLOSE_PAREN), body);
}

/* `e :: Pattern Bool`: the words up to the end of the expression. */
static PhAst *parse_typed(PhParser *parser, PhAst *inner)
{
  (void)ph_parser_take(parser);
  PhAst *ast = ph_parser_new(parser, PH_AST_TYPED, inner->at);
  const uint32_t begin = ph_parser_peek(parser)->begin;
  uint32_t end = begin;
  for (uint32_t depth = 0; !ph_parser_at_end(parser);) {
    const PhTokenKind kind = (PhTokenKind)ph_parser_peek(parser)->kind;
    const bool closes = kind == PH_TOKEN_CLOSE_PAREN || kind == PH_TOKEN_CLOSE_BRACKET;
    if (depth == 0 && (closes || kind == PH_TOKEN_COMMA)) {
      break;
    }
    depth += kind == PH_TOKEN_OPEN_PAREN || kind == PH_TOKEN_OPEN_BRACKET;
    depth -= closes;
    end = ph_parser_take(parser)->end;
  }
  ast->typed.inner = inner;
  ast->typed.type = ph_str(parser->text + begin, end - begin);
  return deepen(parser, ast, inner);
}

static PhAst *parse_parens(PhParser *parser)
{
  const PhToken *open = ph_parser_take(parser);
  if (!ph_parser_at_end(parser) && is_section_operator(parser, ph_parser_peek(parser))) {
    return parse_right_section(parser, open);
  }
  AstList items = { 0 };
  parse_items(parser, &items, PH_TOKEN_CLOSE_PAREN);
  if (items.len == 1 && !ph_parser_at_end(parser)) {
    const PhToken *next = ph_parser_peek(parser);
    if (next->kind == PH_TOKEN_OPERATOR && next->op == PH_OPERATOR_TYPED) {
      items.items[0] = parse_typed(parser, items.items[0]);
    } else if (next->kind == PH_TOKEN_OPERATOR && ph_parser_ahead(parser, 1)->kind == PH_TOKEN_CLOSE_PAREN) {
      return parse_left_section(parser, open, items.items[0]);
    }
  }
  const PhSource at = close_group(parser, open, PH_TOKEN_CLOSE_PAREN);
  if (items.len == 0 && !parser->broken) {
    ph_parser_error(parser, at, NULL, "there is nothing in these parentheses");
  }
  if (items.len <= 1) {
    PhAst *inner = items.len ? items.items[0] : ph_parser_new(parser, PH_AST_ERROR, at);
    inner->parens = true;
    inner->at = inner->kind == PH_AST_STRING ? inner->at : at; /* places in a string count from its own beginning */
    return inner;
  }
  return group(parser, PH_AST_TUPLE, at, &items);
}

/* \x y -> e */
static PhAst *parse_lambda(PhParser *parser)
{
  const PhToken *sign = ph_parser_take(parser);
  PH_ARRAY(PhParamAst) params = { 0 };
  while (!ph_parser_at_end(parser) && ph_parser_peek(parser)->kind == PH_TOKEN_NAME) {
    const PhToken *name = ph_parser_take(parser);
    const PhParamAst param = { ph_parser_text(parser, name), ph_parser_source(parser, name) };
    PH_PUSH(parser->arena, &params, param);
  }
  if (params.len == 0 || ph_parser_at_end(parser) || !ph_parser_is_operator(parser, PH_OPERATOR_ARROW)) {
    ph_parser_error(parser, ph_parser_source(parser, sign), NULL,
                    "after `\\` names and `->` are expected: \\x -> fast 2 x");
    return ph_parser_new(parser, PH_AST_ERROR, ph_parser_source(parser, sign));
  }
  (void)ph_parser_take(parser);
  const size_t known = ph_parser_know(parser, params.items, params.len);
  PhAst *body = ph_parser_expr(parser);
  ph_parser_forget(parser, known);
  return ph_parser_lambda(parser, ph_source_join(ph_parser_source(parser, sign), body->at), params.items,
                          (uint32_t)params.len, body);
}

static PhAst *unexpected(PhParser *parser)
{
  const PhToken *token = ph_parser_peek(parser);
  PhSource at = ph_parser_source(parser, token);
  if (ph_parser_at_end(parser) && parser->pos > 0) { /* point behind what is there */
    at.begin = at.end = parser->tokens.items[parser->pos - 1].end;
  }
  ph_parser_error(parser, at, NULL, "expected an expression, found %s", ph_parser_found(parser));
  if (!ph_parser_at_end(parser) && token->kind != PH_TOKEN_CLOSE_PAREN && token->kind != PH_TOKEN_CLOSE_BRACKET &&
      token->kind != PH_TOKEN_COMMA) {
    (void)ph_parser_take(parser);
  }
  return ph_parser_new(parser, PH_AST_ERROR, at);
}

/* `if`, `case`, `do`: not spoken; the statement is over. */
static PhAst *reserved(PhParser *parser)
{
  const PhToken *token = ph_parser_peek(parser);
  ph_parser_not_spoken(parser, token);
  while (!ph_parser_at_end(parser)) {
    (void)ph_parser_take(parser);
  }
  return ph_parser_new(parser, PH_AST_ERROR, ph_parser_source(parser, token));
}

PhAst *ph_parser_atom(PhParser *parser)
{
  if (ph_parser_at_end(parser)) {
    return unexpected(parser);
  }
  const PhToken *token = ph_parser_peek(parser);
  switch ((PhTokenKind)token->kind) {
  case PH_TOKEN_NUMBER:
    return parse_number(parser);
  case PH_TOKEN_STRING:
    return parse_string(parser);
  case PH_TOKEN_NAME:
    return ph_parser_is_reserved(parser, token) ? reserved(parser) : parse_name(parser);
  case PH_TOKEN_BUS:
    return parse_signed_name(parser, PH_AST_BUS, 1);
  case PH_TOKEN_TEMPLATE:
    return parse_signed_name(parser, PH_AST_TEMPLATE, 1);
  case PH_TOKEN_REGISTER:
    return parse_signed_name(parser, PH_AST_REGISTER, 1);
  case PH_TOKEN_OPEN_PAREN:
    return parse_nested(parser, parse_parens);
  case PH_TOKEN_OPEN_BRACKET:
    return parse_nested(parser, parse_list);
  case PH_TOKEN_OPERATOR:
    if (token->op == PH_OPERATOR_LAMBDA) {
      return parse_nested(parser, parse_lambda);
    }
    return unexpected(parser);
  case PH_TOKEN_BAD:
    parser->broken = true; /* the lexer has said so */
    return unexpected(parser);
  default:
    return unexpected(parser);
  }
}

/* ---- application ---------------------------------------------------------------------------------------------- */

static bool begins_atom(const PhParser *parser, const PhToken *token)
{
  if (ph_parser_is_reserved(parser, token)) {
    return false;
  }
  switch ((PhTokenKind)token->kind) {
  case PH_TOKEN_NUMBER:
  case PH_TOKEN_STRING:
  case PH_TOKEN_NAME:
  case PH_TOKEN_BUS:
  case PH_TOKEN_TEMPLATE:
  case PH_TOKEN_REGISTER:
  case PH_TOKEN_OPEN_PAREN:
  case PH_TOKEN_OPEN_BRACKET:
    return true;
  default:
    return false;
  }
}

/* `f -1`: a minus that touches its number and not what stands before it is the number's own. */
static bool begins_negative(const PhParser *parser, const PhAst *head)
{
  const PhToken *token = ph_parser_peek(parser), *next = ph_parser_ahead(parser, 1);
  return !parser->tidal && head->kind == PH_AST_NAME && token->kind == PH_TOKEN_OPERATOR &&
         token->op == PH_OPERATOR_SUB && (token->flags & PH_TOKEN_SPACE_BEFORE) &&
         !(next->flags & PH_TOKEN_SPACE_BEFORE) && next->kind == PH_TOKEN_NUMBER;
}

static PhAst *parse_negative_number(PhParser *parser)
{
  const PhToken *sign = ph_parser_take(parser);
  PhAst *ast = parse_number(parser);
  ast->number.ratio = ph_rat_neg(ast->number.ratio);
  ast->number.num = -ast->number.num;
  ast->at = ph_source_join(ph_parser_source(parser, sign), ast->at);
  return ast;
}

typedef PH_ARRAY(PhArgAst) ArgList;

static bool parse_argument(PhParser *parser, const PhAst *head, ArgList *args)
{
  if (ph_parser_at_end(parser)) {
    return false;
  }
  const PhToken *token = ph_parser_peek(parser);
  PhArgAst arg = { 0 };
  if (token->kind == PH_TOKEN_KEY) {
    const PhToken *key = ph_parser_take(parser);
    arg.key = ph_str(parser->text + key->begin + 1, key->end - key->begin - 1);
    arg.key_at = ph_parser_source(parser, key);
    if (ph_parser_is_operator(parser, PH_OPERATOR_SUB) && ph_parser_ahead(parser, 1)->kind == PH_TOKEN_NUMBER) {
      arg.value = parse_negative_number(parser);
    } else {
      arg.value = ph_parser_atom(parser);
    }
  } else if (begins_negative(parser, head)) {
    arg.value = parse_negative_number(parser);
  } else if (begins_atom(parser, token)) {
    arg.value = ph_parser_atom(parser);
  } else {
    return false;
  }
  PH_PUSH(parser->arena, args, arg);
  return true;
}

/* f(a, b, :key c): the bracket touches the name. */
static void parse_touching(PhParser *parser, ArgList *args)
{
  if (!enter(parser)) {
    return;
  }
  const PhToken *open = ph_parser_take(parser);
  while (!ph_parser_at_end(parser) && ph_parser_peek(parser)->kind != PH_TOKEN_CLOSE_PAREN) {
    PhArgAst arg = { 0 };
    if (ph_parser_peek(parser)->kind == PH_TOKEN_KEY) {
      const PhToken *key = ph_parser_take(parser);
      arg.key = ph_str(parser->text + key->begin + 1, key->end - key->begin - 1);
      arg.key_at = ph_parser_source(parser, key);
    }
    arg.value = ph_parser_expr(parser);
    PH_PUSH(parser->arena, args, arg);
    if (ph_parser_at_end(parser) || ph_parser_peek(parser)->kind != PH_TOKEN_COMMA) {
      break;
    }
    (void)ph_parser_take(parser);
  }
  (void)close_group(parser, open, PH_TOKEN_CLOSE_PAREN);
  parser->depth--;
}

static PhAst *apply(PhParser *parser, PhAst *head, const ArgList *args, bool touching)
{
  PhAst *ast = ph_parser_new(parser, PH_AST_APPLY, ph_source_join(head->at, args->items[args->len - 1].value->at));
  ast->apply.head = head;
  ast->apply.args = args->items;
  ast->apply.count = (uint32_t)args->len;
  ast->apply.touching = touching;
  ast = deepen(parser, ast, head);
  for (size_t i = 0; i < args->len && ast->kind == PH_AST_APPLY; i++) {
    ast = deepen(parser, ast, args->items[i].value);
  }
  return ast;
}

static bool may_be_called(const PhAst *head)
{
  return head->kind != PH_AST_NUMBER && head->kind != PH_AST_STRING && head->kind != PH_AST_LIST &&
         head->kind != PH_AST_TUPLE && head->kind != PH_AST_ERROR;
}

static bool is_negative_sign(const PhParser *parser) { return ph_parser_is_operator(parser, PH_OPERATOR_SUB); }

static PhAst *parse_application(PhParser *parser)
{
  PhAst *head = ph_parser_atom(parser);
  if (!may_be_called(head) || ph_parser_at_end(parser)) {
    return head;
  }
  ArgList args = { 0 };
  const PhToken *next = ph_parser_peek(parser);
  const bool touching = !parser->tidal && head->kind != PH_AST_LAMBDA && !head->parens &&
                        next->kind == PH_TOKEN_OPEN_PAREN && !(next->flags & PH_TOKEN_SPACE_BEFORE);
  if (touching) {
    if (is_section_operator(parser, ph_parser_ahead(parser, 1)) && !is_negative_sign(parser)) {
      (void)parse_argument(parser, head, &args); /* jux(# speed 2) */
    } else {
      parse_touching(parser, &args);
    }
    if (args.len == 0) {
      ph_parser_error(parser, head->at, NULL, "there is nothing in these parentheses");
      return head;
    }
  }
  const size_t touching_count = args.len;
  while (parse_argument(parser, head, &args)) {}
  return args.len ? apply(parser, head, &args, touching && touching_count > 1) : head;
}

/* ---- operators ------------------------------------------------------------------------------------------------ */

static PhAst *parse_operand(PhParser *parser)
{
  if (!ph_parser_at_end(parser) && ph_parser_is_operator(parser, PH_OPERATOR_SUB)) {
    const PhToken *sign = ph_parser_peek(parser), *next = ph_parser_ahead(parser, 1);
    if (next->kind == PH_TOKEN_NUMBER) {
      return parse_negative_number(parser);
    }
    (void)ph_parser_take(parser);
    PhAst *ast = ph_parser_new(parser, PH_AST_NEGATE, ph_parser_source(parser, sign));
    ast->op_at = ast->at;
    ast->inner = parse_nested(parser, parse_operand);
    ast->at = ph_source_join(ast->at, ast->inner->at);
    return deepen(parser, ast, ast->inner);
  }
  return parse_application(parser);
}

static unsigned level_of(const PhParser *parser, const PhOperatorRow *row)
{
  return parser->tidal ? row->tidal_level : row->level;
}

static PhAssoc assoc_of(const PhParser *parser, const PhOperatorRow *row)
{
  return (PhAssoc)(parser->tidal ? row->tidal_assoc : row->assoc);
}

/* The operator that goes on with an expression at this level or a tighter one, or NULL. `(e op)` ends before the operator. */
static const PhToken *next_operator(const PhParser *parser, unsigned level)
{
  if (ph_parser_at_end(parser)) {
    return NULL;
  }
  const PhToken *token = ph_parser_peek(parser);
  if (token->kind == PH_TOKEN_REGISTER || token->kind != PH_TOKEN_OPERATOR) {
    return NULL;
  }
  const PhOperatorRow *row = &ph_operator_rows[token->op];
  if (row->group == PH_GROUP_NONE || row->group == PH_GROUP_DOLLAR || level_of(parser, row) < level ||
      ph_parser_ahead(parser, 1)->kind == PH_TOKEN_CLOSE_PAREN) {
    return NULL;
  }
  return token;
}

static PhAst *parse_level(PhParser *parser, PhAst *left, unsigned level);

/* What stands right of an operator, as far as it binds tighter. NULL: too deep. */
static PhAst *parse_right(PhParser *parser, const PhOperatorRow *row)
{
  PhAst *right = parse_operand(parser);
  const PhToken *tighter;
  const unsigned own = level_of(parser, row);
  while ((tighter = next_operator(parser, own)) != NULL) {
    const PhOperatorRow *next = &ph_operator_rows[tighter->op];
    const unsigned level_next = level_of(parser, next);
    const bool right_assoc =
        assoc_of(parser, next) == PH_ASSOC_RIGHT && level_next == own && assoc_of(parser, row) == PH_ASSOC_RIGHT;
    if (level_next <= own && !right_assoc) {
      break;
    }
    if (!enter(parser)) {
      return NULL;
    }
    right = parse_level(parser, right, right_assoc ? own : own + 1);
    parser->depth--;
  }
  return right;
}

/* Sums are summed from the left. A long sum would be a tree as deep as it is long: from a depth of LONG_SUM on, terms are summed by
   SUM_GROUP, and then the groups. Addition of signals and of patterns may be grouped. */
enum { LONG_SUM = 256, SUM_GROUP = 128 };

typedef struct Term {
  const PhToken *op; /* before it */
  PhAst *ast;
} Term;

static PhAst *add_up(PhParser *parser, PhAst *left, const Term *terms, size_t count)
{
  size_t i = 0;
  for (; i < count && left->depth < LONG_SUM; i++) {
    left = binary(parser, terms[i].op, left, terms[i].ast);
  }
  while (i < count) {
    const Term *first = &terms[i];
    PhAst *group = first->ast;
    for (size_t n = 1; n < SUM_GROUP && ++i < count; n++) {
      group = binary(parser, terms[i].op, group, terms[i].ast);
    }
    i += i < count;
    left = binary(parser, first->op, left, group);
  }
  return left;
}

/* left + a + b + …, the plus being next; they bind alike, so no other operator stands between them. */
static PhAst *parse_sum(PhParser *parser, PhAst *left, unsigned level)
{
  PH_ARRAY(Term) terms = { 0 };
  const PhToken *op;
  while ((op = next_operator(parser, level)) != NULL && op->op == PH_OPERATOR_ADD) {
    (void)ph_parser_take(parser);
    PhAst *right = parse_right(parser, &ph_operator_rows[op->op]);
    if (!right) {
      break;
    }
    PH_PUSH(parser->arena, &terms, ((Term){ op, right }));
  }
  return add_up(parser, left, terms.items, terms.len);
}

static PhAst *parse_level(PhParser *parser, PhAst *left, unsigned level)
{
  if (!left) {
    left = parse_operand(parser);
  }
  const PhToken *op;
  while ((op = next_operator(parser, level)) != NULL) {
    if (op->op == PH_OPERATOR_ADD) {
      left = parse_sum(parser, left, level);
      continue;
    }
    (void)ph_parser_take(parser);
    PhAst *right = parse_right(parser, &ph_operator_rows[op->op]);
    if (!right) {
      return left;
    }
    left = binary(parser, op, left, right);
  }
  return left;
}

PhAst *ph_parser_expr_from(PhParser *parser, PhAst *left)
{
  PhAst *first = parse_level(parser, left, 0);
  if (ph_parser_at_end(parser) || !ph_parser_is_operator(parser, PH_OPERATOR_DOLLAR) ||
      ph_parser_ahead(parser, 1)->kind == PH_TOKEN_CLOSE_PAREN) {
    return first;
  }
  AstList items = { 0 };
  PH_PUSH(parser->arena, &items, first);
  while (!ph_parser_at_end(parser) && ph_parser_is_operator(parser, PH_OPERATOR_DOLLAR) &&
         ph_parser_ahead(parser, 1)->kind != PH_TOKEN_CLOSE_PAREN) {
    (void)ph_parser_take(parser);
    PhAst *item = parse_level(parser, NULL, 0);
    PH_PUSH(parser->arena, &items, item);
  }
  return group(parser, PH_AST_CHAIN, ph_source_join(first->at, items.items[items.len - 1]->at), &items);
}

PhAst *ph_parser_expr(PhParser *parser)
{
  PhAst *ast = ph_parser_expr_from(parser, NULL);
  const bool typed = parser->tidal && !ph_parser_at_end(parser) && ph_parser_is_operator(parser, PH_OPERATOR_TYPED);
  return typed ? parse_typed(parser, ast) : ast;
}
