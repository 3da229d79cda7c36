/* Programs: statements in any order become buses, outputs and settings.  SPDX-License-Identifier: MIT */
#include "lang/program.h"

#include <stdio.h>
#include <string.h>

enum { MAX_OUTPUT = 64 };

typedef struct Compiler {
  PhEval *eval;
  PhProgram *program;
  const PhCompileOptions *options;
  const PhStatements *statements;
  const PhStatement *outputs[MAX_OUTPUT + 1];
  bool muted[MAX_OUTPUT + 1], solo[MAX_OUTPUT + 1];
  PhStr names[MAX_OUTPUT + 1]; /* of Tidal's outputs that have names */
  const PhStatement *all;
} Compiler;

static void complain(void *ctx, PhStatus status, const char *text)
{
  PhEval *eval = ctx;
  (void)status;
  if (eval->diags) {
    ph_diags_add(eval->diags, PH_SEVERITY_ERROR, eval->at, NULL, "%s", text);
  }
}

PhEval *ph_eval_new(PhArena *arena, PhDiags *diags, const PhRegistry *registry, bool tidal)
{
  PhEval *eval = PH_NEW(arena, PhEval);
  eval->arena = arena;
  eval->diags = diags;
  eval->registry = registry;
  eval->tidal = tidal;
  eval->built_in_from = UINT32_MAX;
  eval->types = PH_NEW(arena, PhTypeCache);
  eval->build = (PhBuild){ .arena = arena, .tidal = tidal, .complain = complain, .complain_ctx = eval };
  return eval;
}

/* ---- definitions ---------------------------------------------------------------------------------------------- */

static void twice(PhDiags *diags, PhSource first, PhSource second, const char *what, PhStr name)
{
  const size_t before = diags->items.len;
  ph_diags_add(diags, PH_SEVERITY_WARNING, first, NULL, "%s%.*s is defined again: this definition has no effect", what,
               (int)name.len, name.ptr);
  if (diags->items.len > before) {
    diags->items.items[before].related = second;
    diags->items.items[before].related_text = "the last definition is the one that counts";
  }
}

static bool is_bus(const PhDef *def) { return def->kind == PH_STATEMENT_BUS || def->kind == PH_STATEMENT_MODIFIER; }

static void define(Compiler *compiler, const PhStatement *statement)
{
  static const char *const signs[] = { [PH_STATEMENT_BUS] = "~",
                                       [PH_STATEMENT_MODIFIER] = "~",
                                       [PH_STATEMENT_FUNCTION] = "",
                                       [PH_STATEMENT_TEMPLATE] = "@",
                                       [PH_STATEMENT_REGISTER] = "%" };
  PhEval *eval = compiler->eval;
  const char *sign = signs[statement->kind];
  PhDef def = { .kind = statement->kind,
                .name = statement->name,
                .at = statement->at,
                .body = statement->body,
                .key = ph_mix(ph_hash_str(sign[0] ? sign : "fn"), ph_hash(statement->name.ptr, statement->name.len)) };
  PhDef *before = ph_eval_def(eval, statement->kind, statement->name);
  if (before) {
    twice(eval->diags, before->at, statement->at, sign, statement->name);
    const uint32_t bus = before->bus;
    *before = def;
    before->bus = bus;
    return;
  }
  if (is_bus(&def)) {
    def.bus = compiler->program->bus_count++;
  }
  ph_eval_define(eval, &def);
}

/* ---- settings ------------------------------------------------------------------------------------------------- */

static const PhPat *pure_num(PhEval *eval, double num)
{
  return ph_pat_pure(&eval->build, (PhValue){ .tag = PH_VALUE_NUM, .num = num });
}

static bool constant(PhEval *eval, const PhStatement *statement, const char *word, PhRat *out)
{
  PhValue value;
  if (ph_eval_const(eval, statement->body, NULL, &value)) {
    *out = value.tag == PH_VALUE_RATIO ? value.ratio
           : value.tag == PH_VALUE_INT ? PH_RAT_INT(value.i)
                                       : ph_rat_from_double(value.num);
    return true;
  }
  if (ph_infer(eval, statement->body, NULL)->tag != PH_T_ERROR) {
    ph_eval_error(eval, statement->body->at, NULL, "`%s` needs a constant number", word);
  }
  return false;
}

/* Beats of a cycle: 4, or those of the signature. */
static double beats(PhEval *eval, const PhAst *signature)
{
  unsigned count = 4, unit = 4;
  if (signature) {
    char text[32];
    (void)snprintf(text, sizeof text, "%.*s", (int)(signature->text.len > 30 ? 30 : signature->text.len),
                   signature->text.ptr);
    int end = 0;
    if (sscanf(text, "%4u/%4u%n", &count, &unit, &end) != 2 || (size_t)end != signature->text.len || count == 0 ||
        unit == 0) {
      ph_eval_error(eval, signature->at, "bpm: 120 \"3/4\"", "expected a time signature, found \"%s\"", text);
      count = 4;
    }
  }
  return count;
}

static void set_tempo(Compiler *compiler, const PhStatement *statement)
{
  PhEval *eval = compiler->eval;
  const double scale = statement->kind == PH_STATEMENT_BPM ? 60 * beats(eval, statement->extra) : 1;
  PhValue value;
  if (ph_eval_const(eval, statement->body, NULL, &value)) {
    const double x = value.tag == PH_VALUE_RATIO ? ph_rat_to_double(value.ratio)
                     : value.tag == PH_VALUE_INT ? (double)value.i
                                                 : value.num;
    if (x / scale < PH_CPS_LEAST || x / scale > PH_CPS_MOST) {
      ph_eval_error(eval, statement->body->at, NULL, "a tempo of %g cycles per second is out of range (0.0001 to 1000)",
                    x / scale);
      return;
    }
    compiler->program->cps = pure_num(eval, x / scale);
    return;
  }
  const PhPat *pat = ph_eval_pat(eval, statement->body, NULL, ph_type_of(PH_T_NUM));
  compiler->program->cps = scale == 1 ? pat : ph_pat_op(&eval->build, PH_OP_DIV, PH_OP_IN, pat, pure_num(eval, scale));
}

static void set_outmix(Compiler *compiler, const PhStatement *statement)
{
  static const char *const words[] = { "none", "gain", "sqrt", "tanh", "hard" };
  for (size_t i = 0; i < PH_COUNT(words); i++) {
    if (ph_str_is(statement->name, words[i])) {
      compiler->program->outmix = (PhOutMix)i;
      return;
    }
  }
  if (statement->name.len) {
    ph_eval_error(compiler->eval, statement->name_at, "it is one of none, gain, sqrt, tanh, hard",
                  "unknown mix law `%.*s`", (int)statement->name.len, statement->name.ptr);
  }
}

static void set_safety(Compiler *compiler, const PhStatement *statement)
{
  compiler->program->no_safety = ph_str_is(statement->name, "off");
  if (statement->name.len && !compiler->program->no_safety && !ph_str_is(statement->name, "on")) {
    ph_eval_error(compiler->eval, statement->name_at, "it is one of on, off", "the safety limiter cannot be `%.*s`",
                  (int)statement->name.len, statement->name.ptr);
  }
}

static void set_dialect(Compiler *compiler, const PhStatement *statement)
{
  if (statement->name.len && !ph_str_is(statement->name, "tidal") && !ph_str_is(statement->name, "phonon")) {
    ph_eval_error(compiler->eval, statement->name_at, "it is one of phonon, tidal", "unknown dialect `%.*s`",
                  (int)statement->name.len, statement->name.ptr);
  }
}

static void set_seed(Compiler *compiler, const PhStatement *statement)
{
  PhRat seed;
  if (!constant(compiler->eval, statement, "seed", &seed) || compiler->options->seed_given) {
    return;
  }
  if (seed.den != 1 || seed.num < 0) {
    ph_eval_error(compiler->eval, statement->body->at, NULL, "`seed` is a whole number, 0 or more");
    return;
  }
  compiler->program->seed = (uint64_t)seed.num;
}

/* `gain 0.5` and `pan 0.2` are controls, and processors where a signal stands before the `#`. */
static bool is_control_and_processor(PhEval *eval, const PhAst *body, const PhType *type)
{
  const PhAst *head = type->tag == PH_T_CTRL ? ph_spine(eval, body, NULL)->head : NULL;
  return head && head->kind == PH_AST_NAME && ph_is_processor(ph_rows(eval, head->text).unit);
}

static void set_master(Compiler *compiler, const PhStatement *statement)
{
  PhEval *eval = compiler->eval;
  eval->statement_key = ph_hash_str("master");
  const PhType *type = ph_infer(eval, statement->body, NULL);
  const PhAst *input = ph_eval_sig_node(eval, ph_sig_new(eval, PH_SIG_INPUT, "input", statement->at), statement->at);
  if (type->tag == PH_T_FN) {
    compiler->program->master = ph_eval_sig(eval, ph_eval_apply(eval, statement->body, input), NULL, PH_USE_NUM);
  } else if (is_control_and_processor(eval, statement->body, type)) {
    PhAst *chain = PH_NEW(eval->arena, PhAst);
    *chain = (PhAst){ .kind = PH_AST_BINARY, .at = statement->body->at, .op_at = statement->body->at };
    chain->binary.op = PH_OPERATOR_CHAIN;
    chain->binary.left = (PhAst *)(uintptr_t)input;
    chain->binary.right = statement->body;
    compiler->program->master = ph_eval_sig(eval, chain, NULL, PH_USE_NUM);
  } else {
    ph_eval_mismatch(eval, statement->body->at, ph_type_of(PH_T_FN), type, "for example: master: limiter -1");
  }
}

static void move_transport(Compiler *compiler, const PhStatement *statement)
{
  PhRat time = PH_RAT_INT(0);
  PhRat *start = &compiler->program->start_cycle;
  if (statement->kind == PH_STATEMENT_RESET_CYCLES) {
    *start = time;
  } else if (constant(compiler->eval, statement, ph_statement_word(statement->kind), &time)) {
    *start = statement->kind == PH_STATEMENT_NUDGE ? ph_rat_add(*start, time) : time;
    if (ph_rat_lt(*start, PH_RAT_INT(0)) || !ph_rat_ok(*start)) {
      ph_eval_error(compiler->eval, statement->at, NULL, "the transport cannot start before cycle 0");
      *start = PH_RAT_INT(0);
    }
  }
}

/* ---- muting --------------------------------------------------------------------------------------------------- */

static void set_all(bool *flags, bool value)
{
  for (size_t i = 0; i <= MAX_OUTPUT; i++) {
    flags[i] = value;
  }
}

static void mute(Compiler *compiler, const PhStatement *statement)
{
  bool *flags =
      statement->kind == PH_STATEMENT_SOLO || statement->kind == PH_STATEMENT_UNSOLO ? compiler->solo : compiler->muted;
  const bool value = statement->kind == PH_STATEMENT_HUSH || statement->kind == PH_STATEMENT_PANIC ||
                     statement->kind == PH_STATEMENT_SOLO;
  if (statement->has_number && statement->number <= MAX_OUTPUT) {
    flags[statement->number] = value;
  } else {
    set_all(flags, value);
  }
}

/* ---- statements ----------------------------------------------------------------------------------------------- */

/* The number of an output. Names get those from 17 on, in their order; so does each `once` after the first. */
static uint32_t output_number(Compiler *compiler, const PhStatement *statement)
{
  enum { FIRST_NAMED = 17 };
  const bool another = statement->once && compiler->outputs[0];
  if (!statement->name.len && !another) {
    return statement->number;
  }
  for (uint32_t i = FIRST_NAMED; i <= MAX_OUTPUT; i++) {
    const bool is_free = !compiler->names[i].len && !compiler->outputs[i];
    if (is_free) {
      compiler->names[i] = statement->name;
    }
    if (another ? is_free : ph_str_eq(compiler->names[i], statement->name)) {
      return i;
    }
  }
  ph_eval_error(compiler->eval, statement->at, NULL, "there are more than %d outputs without a number",
                MAX_OUTPUT - FIRST_NAMED + 1);
  return MAX_OUTPUT;
}

static void collect_output(Compiler *compiler, const PhStatement *statement)
{
  const uint32_t number = output_number(compiler, statement);
  const PhStatement **slot = &compiler->outputs[number];
  if (*slot && !compiler->eval->tidal) { /* a Tidal file is a session: its lines replace each other */
    const char *name = number ? ph_arena_printf(compiler->eval->arena, "o%u", number) : "out";
    twice(compiler->eval->diags, (*slot)->at, statement->at, "", ph_str_of(name));
  }
  *slot = statement;
  if (compiler->eval->tidal) {
    compiler->muted[number] = false; /* a line that is evaluated after `hush` sounds */
  }
}

static void collect(Compiler *compiler)
{
  for (size_t i = 0; i < compiler->statements->len; i++) {
    const PhStatement *statement = &compiler->statements->items[i];
    switch (statement->kind) {
    case PH_STATEMENT_OUTPUT:
      collect_output(compiler, statement);
      break;
    case PH_STATEMENT_BUS:
    case PH_STATEMENT_MODIFIER:
    case PH_STATEMENT_FUNCTION:
    case PH_STATEMENT_TEMPLATE:
    case PH_STATEMENT_REGISTER:
      define(compiler, statement);
      break;
    case PH_STATEMENT_HUSH:
    case PH_STATEMENT_UNHUSH:
    case PH_STATEMENT_SOLO:
    case PH_STATEMENT_UNSOLO:
    case PH_STATEMENT_PANIC:
      mute(compiler, statement);
      break;
    case PH_STATEMENT_ALL:
      compiler->all = statement;
      break;
    default:
      break;
    }
  }
}

static bool has_error(const PhDiags *diags, const PhStatement *statement)
{
  for (size_t i = 0; i < diags->items.len; i++) {
    const PhDiag *diag = &diags->items.items[i];
    if (diag->severity == PH_SEVERITY_ERROR && diag->at.file == statement->at.file &&
        diag->at.begin >= statement->at.begin && diag->at.begin < statement->end) {
      return true;
    }
  }
  return false;
}

/* The nearest line before this one for the same output that has no error; NULL if there is none, or a `hush` stands between. */
static const PhStatement *last_good(const Compiler *compiler, const PhStatement *statement)
{
  for (const PhStatement *at = statement; at-- > compiler->statements->items;) {
    if (at->kind == PH_STATEMENT_HUSH && !at->has_number) {
      return NULL;
    }
    if (at->kind == PH_STATEMENT_OUTPUT && !at->once && at->number == statement->number &&
        ph_str_eq(at->name, statement->name) && !has_error(compiler->eval->diags, at)) {
      return at;
    }
  }
  return NULL;
}

static void apply_settings(Compiler *compiler)
{
  const PhStatement *last[PH_STATEMENT_NUDGE + 1] = { NULL };
  for (size_t i = 0; i < compiler->statements->len; i++) {
    const PhStatement *statement = &compiler->statements->items[i];
    const PhStatementKind kind = statement->kind == PH_STATEMENT_BPM ? PH_STATEMENT_CPS : statement->kind;
    if (kind >= PH_STATEMENT_CPS && kind <= PH_STATEMENT_DIALECT) {
      if (last[kind]) {
        twice(compiler->eval->diags, last[kind]->at, statement->at, "", ph_str_of(ph_statement_word(statement->kind)));
      }
      last[kind] = statement;
    }
    if (kind == PH_STATEMENT_RESET_CYCLES || kind == PH_STATEMENT_SET_CYCLE || kind == PH_STATEMENT_NUDGE) {
      move_transport(compiler, statement);
    }
  }
  static void (*const setters[])(Compiler *, const PhStatement *) = { [PH_STATEMENT_CPS] = set_tempo,
                                                                      [PH_STATEMENT_SEED] = set_seed,
                                                                      [PH_STATEMENT_OUTMIX] = set_outmix,
                                                                      [PH_STATEMENT_MASTER] = set_master,
                                                                      [PH_STATEMENT_SAFETY] = set_safety,
                                                                      [PH_STATEMENT_DIALECT] = set_dialect };
  for (size_t kind = PH_STATEMENT_CPS; kind <= PH_STATEMENT_DIALECT; kind++) {
    if (last[kind] && setters[kind]) {
      setters[kind](compiler, last[kind]);
    }
  }
}

/* ---- buses ---------------------------------------------------------------------------------------------------- */

static void evaluate_bus(PhEval *eval, PhDef *def)
{
  const PhType *type = ph_infer(eval, def->body, NULL);
  def->type = type;
  def->evaluated = true;
  if (type->tag == PH_T_ERROR) {
    ph_eval_sig(eval, def->body, NULL, PH_USE_NUM); /* for what it has to say */
    return;
  }
  if (type->tag == PH_T_FN || type->tag == PH_T_LIST || type->tag == PH_T_TUPLE) {
    def->evaluated = false;
    return;
  }
  eval->statement_key = def->key;
  eval->sites = NULL;
  if (type->tag == PH_T_CTRL) {
    def->sig = ph_eval_play(eval, def->body, NULL);
    def->pat = def->sig->play.pat;
    const PhAst *head = ph_spine(eval, def->body, NULL)->head;
    const PhFunc *unit = head->kind == PH_AST_NAME ? ph_rows(eval, head->text).unit : NULL;
    if (unit && !ph_is_processor(unit)) { /* an envelope, which is a signal as well as controls */
      def->sig = ph_eval_sig(eval, def->body, NULL, PH_USE_NUM);
    }
  } else {
    eval->names = def->body;
    def->sig = ph_eval_sig(eval, def->body, NULL, PH_USE_NUM);
    eval->names = NULL;
  }
}

/* A bus that is a function and is used as a signal: a processor whose first argument is its input. */
static void evaluate_wanted(PhEval *eval)
{
  for (size_t i = 0; i < eval->defs.len; i++) {
    PhDef *def = &eval->defs.items[i];
    if (is_bus(def) && !def->evaluated && def->sig_wanted && def->type && def->type->tag == PH_T_FN) {
      def->evaluated = true;
      eval->statement_key = def->key;
      def->sig = ph_eval_sig(eval, def->body, NULL, PH_USE_NUM);
      i = (size_t)-1; /* it may want others */
    }
  }
}

static void evaluate_buses(PhEval *eval)
{
  for (size_t i = 0; i < eval->defs.len; i++) {
    if (is_bus(&eval->defs.items[i])) {
      evaluate_bus(eval, &eval->defs.items[i]);
    }
  }
}

static void put_buses(Compiler *compiler)
{
  PhEval *eval = compiler->eval;
  PhProgram *program = compiler->program;
  const uint32_t named = program->bus_count;
  program->bus_count = named + (uint32_t)eval->anonymous.len;
  program->buses = PH_NEWN(eval->arena, PhBus, program->bus_count + 1);
  for (size_t i = 0; i < eval->defs.len; i++) {
    const PhDef *def = &eval->defs.items[i];
    if (is_bus(def)) {
      program->buses[def->bus] = (PhBus){ .name = ph_arena_strndup(eval->arena, def->name.ptr, def->name.len),
                                          .at = def->at,
                                          .key = def->key,
                                          .sig = def->sig,
                                          .pat = def->pat,
                                          .instrument = def->instrument };
    }
  }
  for (size_t i = 0; i < eval->anonymous.len; i++) {
    const PhAnonymous *anonymous = &eval->anonymous.items[i];
    program->buses[named + i] = (PhBus){
      .name = anonymous->name, .at = anonymous->at, .key = anonymous->key, .sig = anonymous->sig, .instrument = true,
      .synth = anonymous->synth != NULL, .shape = anonymous->synth ? &anonymous->synth->shape : NULL
    };
  }
}

/* ---- outputs -------------------------------------------------------------------------------------------------- */

/* Tidal's d1 to d16 play on orbits 0 to 15 unless the pattern says otherwise. */
static const PhAst *on_orbit(PhEval *eval, const PhAst *body, uint32_t number, PhSource at)
{
  if (!eval->tidal || number == 0 || ph_infer(eval, body, NULL)->tag != PH_T_CTRL) {
    return body;
  }
  const PhPat *orbit = ph_pat_pure(&eval->build, (PhValue){ .tag = PH_VALUE_INT, .i = (int64_t)number - 1 });
  const PhAst *control =
      ph_eval_pat_node(eval, ph_pat_control(&eval->build, "orbit", orbit), ph_type_of(PH_T_CTRL), at);
  return ph_eval_binary(eval, body, PH_OPERATOR_P_LEFT_IN, body, control);
}

/* `once`: the events of cycle 0. */
typedef struct Once {
  PhPat pat;
  const PhPat *child;
} Once;

static void query_once(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const PhArc cut = { ph_rat_max(span.begin, PH_RAT_INT(0)), ph_rat_min(span.end, PH_RAT_INT(1)) };
  if (ph_rat_lt(cut.begin, cut.end)) {
    ph_query(query, ((const Once *)pat)->child, cut, out);
  }
}

static const PhSig *once_sig(PhEval *eval, const PhStatement *statement)
{
  const PhSig *sig = ph_eval_play(eval, statement->body, NULL);
  Once *once = PH_NEW(eval->arena, Once);
  *once = (Once){ .pat = { .query = query_once, .routes = sig->play.pat->routes }, .child = sig->play.pat };
  PhSig *copy = ph_arena_copy(eval->arena, sig, sizeof *sig);
  copy->play.pat = &once->pat;
  return copy;
}

static const PhSig *output_sig(Compiler *compiler, uint32_t number)
{
  PhEval *eval = compiler->eval;
  const PhStatement *statement = compiler->outputs[number];
  const PhAst *played = ph_with_transition(eval, compiler->options, statement, number);
  const PhType *type = ph_infer(eval, played, NULL);
  if (type->tag == PH_T_CTRL && !type->sound && type->control) {
    ph_eval_warn(eval, played->at, "name a sound: # s \"…\"", "this pattern of `%s` makes no sound", type->control);
    return ph_eval_play(eval, played, NULL);
  }
  if (statement->once && type->tag == PH_T_CTRL) {
    return once_sig(eval, statement);
  }
  const PhAst *body = on_orbit(eval, played, number, statement->at);
  if (compiler->all && type->tag == PH_T_CTRL) {
    body = ph_eval_apply(eval, compiler->all->body, body);
  }
  return type->tag == PH_T_CTRL ? ph_eval_play(eval, body, NULL) : ph_eval_sig(eval, body, NULL, PH_USE_NUM);
}

/* A Tidal file is a session: a line that is not understood leaves playing what played. */
static const PhSig *playing_sig(Compiler *compiler, uint32_t number)
{
  const PhSig *sig = output_sig(compiler, number);
  while (compiler->eval->tidal && has_error(compiler->eval->diags, compiler->outputs[number])) {
    const PhStatement *good = last_good(compiler, compiler->outputs[number]);
    if (!good) {
      break;
    }
    compiler->outputs[number] = good;
    sig = output_sig(compiler, number);
  }
  return sig;
}

/* What the performer mutes beside the text. To solo what the text does not have is to solo nothing. */
static void mute_by_hand(Compiler *compiler)
{
  const PhCompileOptions *o = compiler->options;
  for (uint32_t i = 0; i <= MAX_OUTPUT; i++) {
    compiler->muted[i] |= o->hushed || (o->muted[i / 64] >> (i % 64) & 1) != 0;
    compiler->solo[i] |= compiler->outputs[i] && (o->soloed[i / 64] >> (i % 64) & 1) != 0;
  }
}

static void put_output(PhProgram *program, uint32_t number, PhSource at, uint64_t key, const PhSig *sig, bool muted)
{
  program->outputs[program->output_count++] =
      (PhOutput){ .number = number, .at = at, .key = key, .sig = sig, .muted = muted };
}

static uint64_t output_key(uint32_t number) { return ph_mix(ph_hash_str("output"), number); }

static const PhSig *bus_ref(PhEval *eval, const PhDef *def)
{
  PhSig *sig = ph_sig_new(eval, PH_SIG_BUS, "bus", def->at);
  sig->bus = def->bus;
  return sig;
}

/* No output statement: ~master, else ~out, else all buses that sound, scaled by their number. */
static void default_output(Compiler *compiler)
{
  PhEval *eval = compiler->eval;
  eval->statement_key = output_key(0);
  const char *const names[] = { "master", "out" };
  for (size_t i = 0; i < PH_COUNT(names); i++) {
    const PhDef *def = ph_eval_def(eval, PH_STATEMENT_BUS, ph_str_of(names[i]));
    if (def && def->sig) {
      put_output(compiler->program, 0, def->at, output_key(0), bus_ref(eval, def), compiler->muted[0]);
      return;
    }
  }
  PH_ARRAY(const PhSig *) terms = { 0 };
  const PhDef *first = NULL;
  for (size_t i = 0; i < eval->defs.len; i++) {
    const PhDef *def = &eval->defs.items[i];
    if (!is_bus(def) || !def->sig ||
        (def->type->tag != PH_T_SIG && def->type->tag != PH_T_WAVE &&
         !(def->type->tag == PH_T_CTRL && def->type->sound))) {
      continue;
    }
    first = first ? first : def;
    const PhSig *term = bus_ref(eval, def);
    PH_PUSH(eval->arena, &terms, term);
  }
  if (!first) {
    return;
  }
  const uint32_t count = (uint32_t)terms.len;
  const PhSig *total = ph_sig_sum(eval, terms.items, count, first->at);
  if (count > 1) {
    total = ph_sig_call2(eval, "mul", total, ph_sig_num(eval, 1.0 / count, first->at), first->at);
  }
  put_output(compiler->program, 0, first->at, output_key(0), total, compiler->muted[0]);
  ph_diags_add(eval->diags, PH_SEVERITY_NOTE, first->at, "write `out: …` to choose",
               "there is no output: all %u buses that sound are played, each at 1/%u", count, count);
}

static void put_outputs(Compiler *compiler)
{
  PhEval *eval = compiler->eval;
  bool any_solo = false;
  compiler->program->outputs = PH_NEWN(eval->arena, PhOutput, MAX_OUTPUT + 1);
  for (size_t i = 0; i <= MAX_OUTPUT; i++) {
    any_solo |= compiler->solo[i];
  }
  bool any = false;
  for (uint32_t i = 0; i <= MAX_OUTPUT; i++) {
    if (compiler->outputs[i]) {
      any = true;
      eval->statement_key = output_key(i);
      const PhSig *sig = playing_sig(compiler, i);
      put_output(compiler->program, i, compiler->outputs[i]->at, output_key(i), sig,
                 compiler->muted[i] || (any_solo && !compiler->solo[i]));
    }
  }
  if (!any && eval->diags->errors == 0) {
    default_output(compiler);
  }
}

/* ---- Tidal's mercy -------------------------------------------------------------------------------------------- */

/* In Tidal's dialect a line that is not understood does not play, and the rest does (LANGUAGE §7): if anything is left, the
   errors are forgiven. */
static void forgive(Compiler *compiler)
{
  PhDiags *diags = compiler->eval->diags;
  PhProgram *program = compiler->program;
  uint32_t kept = 0;
  for (uint32_t i = 0; i < program->output_count; i++) {
    const PhStatement *statement = compiler->outputs[program->outputs[i].number];
    if (!statement || !has_error(diags, statement)) {
      program->outputs[kept++] = program->outputs[i];
    }
  }
  if (kept == 0 || diags->errors > PH_DIAG_MAX_ERRORS) {
    return;
  }
  program->output_count = kept;
  for (size_t i = 0; i < diags->items.len; i++) {
    PhDiag *diag = &diags->items.items[i];
    if (diag->severity == PH_SEVERITY_ERROR) {
      diag->text = ph_arena_printf(compiler->eval->arena, "this line does not play: %s", diag->text);
    }
  }
  diags->forgiven = diags->errors;
  diags->errors = 0;
}

/* ---- all ------------------------------------------------------------------------------------------------------ */

static bool ends_in(const char *name, const char *ending)
{
  const size_t len = name ? strlen(name) : 0, size = strlen(ending);
  return len >= size && strcmp(name + len - size, ending) == 0;
}

static void compile(PhArena *arena, const PhRegistry *registry, PhStr text, const PhCompileOptions *options,
                    PhDiags *diags, PhProgram *out)
{
  const bool tidal = options->tidal || ends_in(options->name, ".tidal") || ph_load_is_tidal(text);
  PhLoad load = { .arena = arena, .diags = diags, .dir = options->dir, .tidal = tidal };
  if (options->name) {
    PH_PUSH(arena, &load.open, options->name);
  }
  ph_load_statements(&load, ph_load_text(arena, diags, options->name, text));
  PhEval *eval = ph_eval_new(arena, diags, registry, tidal);
  Compiler compiler = { .eval = eval, .program = out, .options = options, .statements = &load.statements };
  out->tidal = tidal;
  out->seed = options->seed_given ? options->seed : 0;
  out->cps = pure_num(eval, tidal ? 0.5625 : 0.5);
  out->start_cycle = PH_RAT_INT(0);
  collect(&compiler);
  mute_by_hand(&compiler);
  for (size_t i = 0; i < load.statements.len; i++) {
    ph_resolve(eval, load.statements.items[i].body);
  }
  for (size_t i = 0; i < eval->defs.len; i++) {
    if (eval->defs.items[i].bus == PH_NO_BUS) {
      eval->defs.items[i].bus = out->bus_count++;
    }
  }
  apply_settings(&compiler);
  out->cps = options->cps > 0 ? pure_num(eval, options->cps) : out->cps;
  evaluate_buses(eval);
  put_outputs(&compiler);
  evaluate_wanted(eval);
  ph_eval_synth_instruments(eval);
  put_buses(&compiler);
  out->pitch_moves = eval->pitch_moves;
  out->sends = eval->sends;
  out->arps = eval->arps.items;
  out->arp_count = (uint32_t)eval->arps.len;
  if (tidal && diags->errors) {
    forgive(&compiler);
  }
  eval->frozen = true;
  eval->diags = NULL;
}

/* What was raised becomes a diagnostic as well, if there is memory left for it. */
static PhStatus report_raise(PhArena *arena, PhDiags *diags, const PhTrap *raised)
{
  PhTrap trap;
  arena->trap = &trap;
  arena->limit_bytes += 1 << 16;
  if (!PH_TRAP_SET(&trap)) {
    ph_diags_add(diags, PH_SEVERITY_ERROR, (PhSource){ 0, 0, 0 }, NULL, "%s",
                 raised->text[0] ? raised->text : ph_status_text(raised->status));
  } else {
    diags->errors++;
  }
  return raised->status;
}

PhStatus ph_program_compile(PhArena *arena, const PhRegistry *registry, PhStr text, const PhCompileOptions *options,
                            PhDiags *diags, PhProgram *out)
{
  static const PhCompileOptions none = { .name = "<code>" };
  if (!arena || !registry || !diags || !out || text.len > UINT32_MAX / 2) {
    return PH_ARG;
  }
  PhTrap *outer = arena->trap;
  PhTrap trap;
  PhStatus status = PH_OK;
  *out = (PhProgram){ 0 };
  arena->trap = &trap;
  if (PH_TRAP_SET(&trap)) {
    status = report_raise(arena, diags, &trap);
  } else {
    compile(arena, registry, text, options ? options : &none, diags, out);
  }
  arena->trap = outer;
  return status;
}

/* ---- one expression ------------------------------------------------------------------------------------------- */

static const PhType *hinted(const char *hint)
{
  static const struct {
    const char *word;
    PhTypeTag tag;
  } hints[] = {
    { "Int", PH_T_INT },   { "Double", PH_T_NUM },    { "String", PH_T_STR },
    { "Bool", PH_T_BOOL }, { "Rational", PH_T_TIME }, { "Note", PH_T_NOTE },
  };
  for (size_t i = 0; hint && i < PH_COUNT(hints); i++) {
    if (strcmp(hint, hints[i].word) == 0) {
      return ph_type_of(hints[i].tag);
    }
  }
  return NULL;
}

static const PhPat *compile_expr(PhArena *arena, const PhRegistry *registry, PhStr text, const char *hint,
                                 const PhCompileOptions *options, PhDiags *diags)
{
  const bool tidal = options->tidal || ends_in(options->name, ".tidal");
  const uint32_t file = ph_load_text(arena, diags, options->name, text);
  const PhAst *ast = ph_parse_expr(arena, diags, file, tidal);
  PhEval *eval = ph_eval_new(arena, diags, registry, tidal);
  ph_resolve(eval, ast);
  if (diags->errors) {
    return ph_eval_silence(eval);
  }
  eval->sites = PH_NEW(arena, PhSites);
  const PhType *type = hinted(hint);
  if (!type) {
    type = ph_infer(eval, ast, NULL);
    type = type->tag == PH_T_SIG && type->events ? ph_type_of(PH_T_CTRL)
           : ph_type_is_pattern(type)            ? type
                                                 : ph_type_of(PH_T_VALUE);
    type = ph_type_is_soft(type) ? ph_type_of(PH_T_VALUE) : type;
  }
  const PhPat *pat = ph_eval_pat(eval, ast, NULL, type);
  eval->frozen = true;
  eval->diags = NULL;
  return pat;
}

PhStatus ph_expr_compile(PhArena *arena, const PhRegistry *registry, PhStr text, const char *type,
                         const PhCompileOptions *options, PhDiags *diags, const PhPat **out)
{
  static const PhCompileOptions none = { .name = "<code>" };
  if (!arena || !registry || !diags || !out || text.len > UINT32_MAX / 2) {
    return PH_ARG;
  }
  PhTrap *outer = arena->trap;
  PhTrap trap;
  PhStatus status = PH_OK;
  *out = NULL;
  arena->trap = &trap;
  if (PH_TRAP_SET(&trap)) {
    status = report_raise(arena, diags, &trap);
  } else {
    *out = compile_expr(arena, registry, text, type, options ? options : &none, diags);
  }
  arena->trap = outer;
  return status;
}
