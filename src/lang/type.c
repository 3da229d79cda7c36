/* Types.  SPDX-License-Identifier: MIT */
#include "lang/type.h"

#include "base/hash.h"

#include <string.h>

const PhType *ph_type_of(PhTypeTag tag)
{
  static const PhType types[] = {
    { .tag = PH_T_ERROR },  { .tag = PH_T_VAR },    { .tag = PH_T_NUM },
    { .tag = PH_T_INT },    { .tag = PH_T_TIME },   { .tag = PH_T_BOOL },
    { .tag = PH_T_STR },    { .tag = PH_T_NOTE },   { .tag = PH_T_VALUE },
    { .tag = PH_T_CTRL },   { .tag = PH_T_SIG },    { .tag = PH_T_TEXT },
    { .tag = PH_T_LIST },   { .tag = PH_T_TUPLE },  { .tag = PH_T_FN, .arity = 1 },
    { .tag = PH_T_NUMBER }, { .tag = PH_T_STRING }, { .tag = PH_T_WAVE },
  };
  _Static_assert(PH_COUNT(types) == PH_T_WAVE + 1, "one for each tag");
  return &types[tag];
}

/* ---- texts ---------------------------------------------------------------------------------------------------- */

typedef struct TypeParser {
  PhArena *arena;
  const char *at;
  PhTypeVars *vars;
  bool variables; /* any was met */
} TypeParser;

static const PhType *parse_type(TypeParser *parser);

static PhType *new_type(PhArena *arena, PhTypeTag tag)
{
  PhType *type = PH_NEW(arena, PhType);
  type->tag = tag;
  return type;
}

static const PhType *parse_word(TypeParser *parser)
{
  static const struct {
    const char *word;
    PhTypeTag tag;
    PhStepUse use;
  } words[] = {
    { "num", PH_T_NUM, PH_USE_NUM },   { "int", PH_T_INT, PH_USE_NUM },   { "time", PH_T_TIME, PH_USE_NUM },
    { "bool", PH_T_BOOL, PH_USE_NUM }, { "str", PH_T_STR, PH_USE_NUM },   { "note", PH_T_NOTE, PH_USE_NUM },
    { "ctrl", PH_T_CTRL, PH_USE_NUM }, { "sig", PH_T_SIG, PH_USE_NUM },   { "hz", PH_T_SIG, PH_USE_HZ },
    { "gate", PH_T_SIG, PH_USE_GATE }, { "text", PH_T_TEXT, PH_USE_NUM }, { "value", PH_T_VALUE, PH_USE_NUM },
  };
  const size_t len = strspn(parser->at, "abcdefghijklmnopqrstuvwxyz");
  const char *word = parser->at;
  if (word[len] == '|') {
    const size_t all = strspn(word, "abcdefghijklmnopqrstuvwxyz|");
    PhType *type = new_type(parser->arena, PH_T_SIG);
    type->use = PH_USE_HZ; /* held in gaps: silence is no name */
    type->names = ph_arena_strndup(parser->arena, word, all);
    parser->at += all;
    return type;
  }
  parser->at += len;
  for (size_t i = 0; i < PH_COUNT(words); i++) {
    if (strlen(words[i].word) == len && memcmp(words[i].word, word, len) == 0) {
      PhType *type = new_type(parser->arena, words[i].tag);
      type->use = (uint8_t)words[i].use;
      return type;
    }
  }
  if (len == 1 && word[0] - 'a' < PH_TYPE_VARS) {
    PhType **var = &parser->vars->vars[word[0] - 'a'];
    parser->variables = true;
    *var = *var ? *var : new_type(parser->arena, PH_T_VAR);
    return *var;
  }
  if (len == 2 && word[0] == 'f' && word[1] == 'n') { /* a transform of anything */
    PhTypeVars own = { { NULL } };
    parser->variables = true;
    return ph_type_parse(parser->arena, "(a->a)", &own);
  }
  return ph_type_of(PH_T_ERROR);
}

/* (x)  (x,y)  (x->y) */
static const PhType *parse_group(TypeParser *parser)
{
  enum { MOST = 16 };
  const PhType *items[MOST];
  uint32_t count = 0;
  bool is_fn = false;
  do {
    parser->at++;
    is_fn |= *parser->at == '>';
    parser->at += *parser->at == '>';
    const PhType *item = parse_type(parser);
    if (count < MOST) {
      items[count++] = item;
    }
  } while (*parser->at == ',' || *parser->at == '-');
  parser->at += *parser->at == ')';
  if (count == 1) {
    return items[0];
  }
  PhType *type = new_type(parser->arena, is_fn ? PH_T_FN : PH_T_TUPLE);
  type->count = count;
  type->arity = (uint8_t)(count - 1);
  type->items = ph_arena_copy(parser->arena, items, sizeof items[0] * count);
  return type;
}

static const PhType *parse_type(TypeParser *parser)
{
  while (*parser->at == ' ') {
    parser->at++;
  }
  const bool constant = *parser->at == '!';
  parser->at += constant;
  const PhType *type;
  if (*parser->at == '[') {
    parser->at++;
    const PhType *item = parse_type(parser);
    parser->at += *parser->at == ']';
    PhType *list = new_type(parser->arena, PH_T_LIST);
    list->count = 1;
    list->items = ph_arena_copy(parser->arena, &item, sizeof item);
    type = list;
  } else if (*parser->at == '(') {
    type = parse_group(parser);
  } else {
    type = parse_word(parser);
  }
  if (constant) {
    PhType *copy = ph_arena_copy(parser->arena, type, sizeof *type);
    copy->constant = true;
    copy->bound = type->tag == PH_T_VAR ? type : NULL; /* a constant of the type that the variable stands for */
    type = copy;
  }
  while (*parser->at == ' ') {
    parser->at++;
  }
  return type;
}

const PhType *ph_type_parse(PhArena *arena, const char *text, PhTypeVars *vars)
{
  TypeParser parser = { .arena = arena, .at = text ? text : "", .vars = vars };
  return parse_type(&parser);
}

const PhType *ph_type_cached(PhTypeCache *cache, bool adding, PhArena *arena, const char *text, PhTypeVars *vars)
{
  const size_t slot = (size_t)ph_mix64((uintptr_t)text) % PH_TYPE_CACHE;
  if (cache->items[slot].text == text && text) {
    return cache->items[slot].type;
  }
  TypeParser parser = { .arena = arena, .at = text ? text : "", .vars = vars };
  const PhType *type = parse_type(&parser);
  if (adding && !parser.variables) {
    cache->items[slot].text = text;
    cache->items[slot].type = type;
  }
  return type;
}

/* ---- relations ------------------------------------------------------------------------------------------------ */

static const PhType *bound(const PhType *type)
{
  while (type->tag == PH_T_VAR && type->bound) {
    type = type->bound;
  }
  return type;
}

const PhType *ph_type_resolve(const PhType *type)
{
  type = bound(type);
  return type->tag == PH_T_VAR && type->soft ? type->soft : type;
}

bool ph_type_is_soft(const PhType *type)
{
  type = ph_type_resolve(type);
  return type->tag == PH_T_NUMBER || type->tag == PH_T_STRING || type->tag == PH_T_WAVE;
}

bool ph_type_is_value(const PhType *type)
{
  type = ph_type_resolve(type);
  return (type->tag >= PH_T_NUM && type->tag <= PH_T_VALUE) || ph_type_is_soft(type);
}

bool ph_type_is_pattern(const PhType *type)
{
  return ph_type_is_value(type) || ph_type_resolve(type)->tag == PH_T_CTRL;
}

const PhType *ph_type_join_controls(PhArena *arena, const PhType *a, const PhType *b)
{
  const bool same = a->control && b->control && strcmp(a->control, b->control) == 0;
  if (a->sound >= b->sound && a->pitch >= b->pitch && a->envelope <= b->envelope && (same || !a->control)) {
    return a;
  }
  PhType *type = new_type(arena, PH_T_CTRL);
  type->sound = a->sound || b->sound;
  type->pitch = a->pitch || b->pitch;
  type->control = same ? a->control : NULL;
  return type;
}

static void match_var(PhArena *arena, PhType *var, const PhType *arg)
{
  const PhType *known = bound(var);
  if (known->tag == PH_T_VAR) {
    PhType *open = (PhType *)known; /* variables are made by ph_type_parse, writable */
    if (ph_type_is_soft(arg)) {
      open->soft = open->soft ? ph_type_join(open->soft, arg) : arg;
    } else if (arg->tag != PH_T_ERROR && arg->tag != PH_T_VAR && open != arg) {
      open->bound = arg;
    }
  } else if (known->tag == PH_T_VALUE && ph_type_is_pattern(arg)) {
    var->bound = arg; /* `silence` could be of anything */
  } else if (known->tag == PH_T_CTRL && arg->tag == PH_T_CTRL) {
    var->bound = ph_type_join_controls(arena, known, arg);
  } else if (arg->tag == PH_T_SIG && known->tag != PH_T_SIG) {
    var->bound = arg; /* events and signals together: signals */
  } else if (arg->tag == PH_T_NOTE || (arg->tag == PH_T_NUM && known->tag == PH_T_INT)) {
    var->bound = ph_type_is_value(known) ? arg : known;
  }
}

void ph_type_match(PhArena *arena, const PhType *param, const PhType *arg)
{
  arg = ph_type_resolve(arg);
  switch (param->tag) {
  case PH_T_VAR:
    match_var(arena, (PhType *)param, arg);
    break;
  case PH_T_LIST:
    if (arg->tag == PH_T_LIST || arg->tag == PH_T_TUPLE) {
      for (uint32_t i = 0; i < arg->count; i++) {
        ph_type_match(arena, param->items[0], arg->items[i]);
      }
    }
    break;
  case PH_T_TUPLE:
    for (uint32_t i = 0; arg->tag == PH_T_TUPLE && i < arg->count && i < param->count; i++) {
      ph_type_match(arena, param->items[i], arg->items[i]);
    }
    break;
  default:
    break;
  }
}

static int rank(PhTypeTag tag)
{
  switch (tag) {
  case PH_T_NUMBER:
    return 0;
  case PH_T_STRING:
    return 1;
  case PH_T_WAVE:
    return 2;
  case PH_T_INT:
    return 3;
  case PH_T_TIME:
    return 4;
  case PH_T_NUM:
    return 5;
  case PH_T_NOTE:
    return 6;
  case PH_T_VALUE:
    return 1;
  default:
    return 7;
  }
}

const PhType *ph_type_join(const PhType *a, const PhType *b)
{
  a = ph_type_resolve(a);
  b = ph_type_resolve(b);
  return rank(a->tag) >= rank(b->tag) ? a : b;
}

PhAtomType ph_type_atom(const PhType *type)
{
  switch (ph_type_resolve(type)->tag) {
  case PH_T_NUM:
    return PH_ATOM_NUM;
  case PH_T_INT:
    return PH_ATOM_INT;
  case PH_T_TIME:
    return PH_ATOM_RATIO;
  case PH_T_BOOL:
    return PH_ATOM_BOOL;
  case PH_T_STR:
    return PH_ATOM_STR;
  case PH_T_NOTE:
    return PH_ATOM_NOTE;
  default:
    return PH_ATOM_AUTO;
  }
}

const char *ph_type_text(PhArena *arena, const PhType *type)
{
  type = ph_type_resolve(type);
  const char *pattern = type->constant ? "a constant" : "a pattern of";
  switch (type->tag) {
  case PH_T_NUM:
    return type->constant ? "a constant number" : "a pattern of numbers";
  case PH_T_INT:
    return type->constant ? "a constant whole number" : "a pattern of whole numbers";
  case PH_T_TIME:
    return type->constant ? "a constant time" : "a pattern of times";
  case PH_T_BOOL:
    return ph_arena_printf(arena, "%s %s", pattern, type->constant ? "truth value" : "truth values");
  case PH_T_STR:
    return type->constant ? "a constant name" : "a pattern of names";
  case PH_T_NOTE:
    return type->constant ? "a constant note" : "a pattern of notes";
  case PH_T_CTRL:
    return "a control pattern";
  case PH_T_SIG:
    return "a signal";
  case PH_T_TEXT:
    return "a string";
  case PH_T_LIST:
    return ph_arena_printf(arena, "a list");
  case PH_T_TUPLE:
    return ph_arena_printf(arena, "a tuple of %u", type->count);
  case PH_T_FN:
    return type->processor ? "a processor" : "a function";
  case PH_T_NUMBER:
    return "a number";
  case PH_T_STRING:
    return "a string";
  case PH_T_WAVE:
    return "a signal";
  default:
    return "a pattern";
  }
}
