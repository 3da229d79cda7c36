/* Names: every name of a program must be known, wherever it stands, used or not.  SPDX-License-Identifier: MIT */
#include "lang/program.h"

#include <string.h>

typedef struct Scope {
  PhStr name;
  const struct Scope *next;
} Scope;

static bool in_scope(const Scope *scope, PhStr name)
{
  while (scope && !ph_str_eq(scope->name, name)) {
    scope = scope->next;
  }
  return scope != NULL;
}

static bool is_one_of(const char *const *names, PhStr name)
{
  while (*names && !ph_str_is(name, *names)) {
    names++;
  }
  return *names != NULL;
}

static bool is_builtin(const PhEval *eval, PhStr name)
{
  static const char *const names[] = { "id", "pure", "const", "flip", "fmap", "map", "reverse", "max", "min", NULL };
  static const char *const haskell[] = { "Arc", "True", "False", "VN", "VF", "VI", "singleton", "Just", "Nothing", NULL };
  return ph_builtin_arity(name) || is_one_of(names, name) || (eval->tidal && is_one_of(haskell, name));
}

typedef struct Nearest {
  PhStr wanted, best;
  unsigned least;
} Nearest;

static void try_name(Nearest *nearest, PhStr name)
{
  if (name.len == 0 || (unsigned char)name.ptr[0] < 0x20) {
    return;
  }
  const unsigned score = ph_nearest_score(name, nearest->wanted, nearest->least);
  if (score < nearest->least) {
    nearest->least = score;
    nearest->best = name;
  }
}

static void try_defs(PhEval *eval, Nearest *nearest, PhStatementKind kind)
{
  for (size_t i = 0; i < eval->defs.len; i++) {
    const PhDef *def = &eval->defs.items[i];
    const bool bus = def->kind == PH_STATEMENT_MODIFIER && kind == PH_STATEMENT_BUS;
    if (def->kind == kind || bus) {
      try_name(nearest, def->name);
    }
  }
}

static Nearest start(PhStr name) { return (Nearest){ .wanted = name, .least = ph_nearest_limit(name) }; }

static const char *did_you_mean(PhEval *eval, const Nearest *nearest, const char *sign)
{
  if (!nearest->best.len) {
    return NULL;
  }
  return ph_arena_printf(eval->arena, "did you mean `%s%.*s`?", sign, (int)nearest->best.len, nearest->best.ptr);
}

static int shown(PhStr name) { return (int)(name.len > 60 ? 60 : name.len); }

static void unknown_name(PhEval *eval, const PhAst *node, const Scope *scope, bool comment)
{
  const PhStr name = node->text;
  const char *help = NULL;
  if (ph_eval_def(eval, PH_STATEMENT_BUS, name)) {
    help = ph_arena_printf(eval->arena, "did you mean the bus `~%.*s`?", shown(name), name.ptr);
  } else if (ph_eval_def(eval, PH_STATEMENT_TEMPLATE, name)) {
    help = ph_arena_printf(eval->arena, "did you mean the template `@%.*s`?", shown(name), name.ptr);
  } else if (comment) {
    help = "a line that begins with `#` goes on with the statement above; a comment begins with `--`";
  } else {
    Nearest nearest = start(name);
    for (; scope; scope = scope->next) {
      try_name(&nearest, scope->name);
    }
    try_defs(eval, &nearest, PH_STATEMENT_FUNCTION);
    for (size_t i = 0; i < eval->registry->name_count && name.len < 48; i++) {
      try_name(&nearest, eval->registry->names[i].name);
    }
    help = did_you_mean(eval, &nearest, "");
  }
  ph_eval_error(eval, node->at, help, "unknown function `%.*s`", shown(name), name.ptr);
}

static void unknown_definition(PhEval *eval, PhStatementKind kind, PhStr name, PhSource at)
{
  static const char *const words[] = {
    [PH_STATEMENT_BUS] = "bus", [PH_STATEMENT_TEMPLATE] = "template", [PH_STATEMENT_REGISTER] = "pattern register"
  };
  static const char *const signs[] = {
    [PH_STATEMENT_BUS] = "~", [PH_STATEMENT_TEMPLATE] = "@", [PH_STATEMENT_REGISTER] = "%"
  };
  Nearest nearest = start(name);
  try_defs(eval, &nearest, kind);
  const char *help = kind == PH_STATEMENT_BUS ? ph_eval_live_help(eval, name) : NULL;
  help = help ? help : did_you_mean(eval, &nearest, signs[kind]);
  ph_eval_error(eval, at, help, "unknown %s `%s%.*s`", words[kind], signs[kind],
                shown(name), name.ptr);
}

static bool is_bus_sign(PhStr text, size_t i)
{
  if (text.ptr[i] != '~' || i + 1 >= text.len || !ph_is_name_start(text.ptr[i + 1])) {
    return false;
  }
  return i == 0 || (!ph_is_name(text.ptr[i - 1]) && text.ptr[i - 1] != '~');
}

/* A word of a string that names a built-in synth, which may be played by it. */
static void resolve_word(PhEval *eval, PhStr word)
{
  PhSynthUse *synth = ph_eval_synth(eval, word);
  if (synth) {
    synth->instrument = true;
  }
}

static void resolve_words(PhEval *eval, PhStr text)
{
  for (size_t i = 0; i < text.len; i++) {
    size_t end = i;
    while (end < text.len && ph_is_name(text.ptr[end])) {
      end++;
    }
    if (end > i && (i == 0 || text.ptr[i - 1] != '~')) {
      resolve_word(eval, ph_str(text.ptr + i, end - i));
    }
    i = end;
  }
}

/* `~name` inside a string names a bus as an instrument. */
static void resolve_string(PhEval *eval, const PhAst *node)
{
  const PhStr text = node->text;
  resolve_words(eval, text);
  for (size_t i = 0; i < text.len && !eval->tidal; i++) {
    if (!is_bus_sign(text, i)) {
      continue;
    }
    size_t end = i + 1;
    while (end < text.len && ph_is_name(text.ptr[end])) {
      end++;
    }
    const PhStr name = ph_str(text.ptr + i + 1, end - i - 1);
    PhDef *def = ph_eval_def(eval, PH_STATEMENT_BUS, name);
    if (def) {
      def->instrument = true;
      def->sig_wanted = true;
    } else {
      const PhSource at = { node->at.begin + 1 + (uint32_t)i, node->at.begin + 1 + (uint32_t)end, node->at.file };
      unknown_definition(eval, PH_STATEMENT_BUS, name, at);
    }
    i = end - 1;
  }
}

/* Controls that need instruments whose pitch can move. */
static bool moves_pitch(const PhFunc *func)
{
  return func->sort == PH_FUNC_CONTROL && (strcmp(func->name, "portamento") == 0 || strcmp(func->name, "accelerate") == 0);
}

/* A control that events send to their orbit with; in a string it may be the name of one (pF "room" …). */
static bool is_send(PhStr text) { return ph_str_is(text, "room") || ph_str_is(text, "delay"); }

/* `# delay 0.25 …`: in the plain dialect this is the processor, whatever stands left, and no event sends anything. */
static bool is_delay_processor(const PhEval *eval, const PhAst *node)
{
  const PhAst *right = node->binary.right;
  return !eval->tidal && node->binary.op == PH_OPERATOR_CHAIN && right->kind == PH_AST_APPLY &&
         right->apply.head->kind == PH_AST_NAME && ph_str_is(right->apply.head->text, "delay");
}

static void resolve(PhEval *eval, const PhAst *node, const Scope *scope, bool comment);

static void resolve_args(PhEval *eval, const PhAst *apply, const Scope *scope)
{
  for (uint32_t i = 0; i < apply->apply.count; i++) {
    resolve(eval, apply->apply.args[i].value, scope, false);
  }
}

static void resolve_lambda(PhEval *eval, const PhAst *node, const Scope *scope)
{
  Scope *inner = PH_NEWN(eval->arena, Scope, node->lambda.count);
  for (uint32_t i = 0; i < node->lambda.count; i++) {
    inner[i] = (Scope){ node->lambda.params[i].name, scope };
    scope = &inner[i];
  }
  resolve(eval, node->lambda.body, scope, false);
}

/* `#` as the first thing of a line. */
static bool at_line_start(const PhEval *eval, PhSource at)
{
  const PhTextFile *file = &eval->diags->files.items[at.file];
  return at.begin == 0 || file->text[at.begin - 1] == '\n';
}

static void resolve(PhEval *eval, const PhAst *node, const Scope *scope, bool comment)
{
  switch (node->kind) {
  case PH_AST_STRING:
    eval->sends |= is_send(node->text);
    resolve_string(eval, node);
    break;
  case PH_AST_NAME: {
    size_t count;
    eval->sends |= is_send(node->text);
    const struct PhRegistryName *names = ph_registry_names(eval->registry, node->text, &count);
    bool synth = false;
    for (size_t i = 0; i < count; i++) {
      eval->pitch_moves |= moves_pitch(names[i].func);
      synth |= names[i].func->sort == PH_FUNC_SYNTH;
    }
    if (synth && !in_scope(scope, node->text)) {
      (void)ph_eval_synth(eval, node->text);
    }
    if (count == 0 && !in_scope(scope, node->text) && !ph_eval_def(eval, PH_STATEMENT_FUNCTION, node->text) &&
        !is_builtin(eval, node->text)) {
      unknown_name(eval, node, scope, comment);
    }
    break;
  }
  case PH_AST_BUS:
  case PH_AST_TEMPLATE:
  case PH_AST_REGISTER: {
    const PhStatementKind kind = node->kind == PH_AST_BUS        ? PH_STATEMENT_BUS
                                 : node->kind == PH_AST_TEMPLATE ? PH_STATEMENT_TEMPLATE
                                                                 : PH_STATEMENT_REGISTER;
    if (!ph_eval_def(eval, kind, node->text) && !(kind == PH_STATEMENT_BUS && ph_eval_live_bus(eval, node->text, node->at))) {
      unknown_definition(eval, kind, node->text, node->at);
    }
    break;
  }
  case PH_AST_APPLY:
    resolve(eval, node->apply.head, scope, comment);
    resolve_args(eval, node, scope);
    break;
  case PH_AST_BINARY:
    resolve(eval, node->binary.left, scope, false);
    if (is_delay_processor(eval, node)) {
      resolve_args(eval, node->binary.right, scope);
      break;
    }
    resolve(eval, node->binary.right, scope, node->binary.op == PH_OPERATOR_CHAIN && at_line_start(eval, node->op_at));
    if (node->binary.named) {
      resolve(eval, node->binary.named, scope, false);
    }
    break;
  case PH_AST_NEGATE:
    resolve(eval, node->inner, scope, false);
    break;
  case PH_AST_CHAIN:
  case PH_AST_LIST:
  case PH_AST_TUPLE:
    for (uint32_t i = 0; i < node->list.count; i++) {
      resolve(eval, node->list.items[i], scope, false);
    }
    break;
  case PH_AST_LAMBDA:
    resolve_lambda(eval, node, scope);
    break;
  case PH_AST_TYPED:
    resolve(eval, node->typed.inner, scope, false);
    break;
  default:
    break;
  }
}

void ph_resolve(PhEval *eval, const PhAst *node)
{
  if (node) {
    resolve(eval, node, NULL, false);
  }
}
