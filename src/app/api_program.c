/* The public interface: programs and their diagnostics.  SPDX-License-Identifier: MIT */
#include "app/api.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MIN_SAMPLE_RATE = 8000, MAX_SAMPLE_RATE = 384000 };

_Static_assert((int)PHONON_ERROR == (int)PH_SEVERITY_ERROR && (int)PHONON_WARNING == (int)PH_SEVERITY_WARNING &&
                   (int)PHONON_NOTE == (int)PH_SEVERITY_NOTE,
               "severities agree");

/* ---- compiling -------------------------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *ending)
{
  const size_t len = strlen(text);
  const size_t n = strlen(ending);
  return len >= n && strcmp(text + len - n, ending) == 0;
}

static void copy_transitions(PhononProgram *self, const PhononProgramOptions *options, PhCompileOptions *compile)
{
  PhTransition *copies = PH_NEWN(&self->arena, PhTransition, options->transition_count + 1);
  for (size_t i = 0; i < options->transition_count; i++) {
    const PhononTransition *from = &options->transitions[i];
    copies[i] = (PhTransition){ .output = from->output, .now = ph_rat(from->now.num, from->now.den),
                                .before = ph_arena_strndup(&self->arena, from->before, strlen(from->before)) };
  }
  compile->transitions = copies;
  compile->transition_count = options->transition_count;
  compile->follows = options->follows;
}

/* Options of the compiler, with texts that live as long as the program. */
static PhCompileOptions compile_options(PhononProgram *self, const PhononProgramOptions *options)
{
  const char *name = options->name ? options->name : "<code>";
  PhCompileOptions compile = { .name = ph_arena_strndup(&self->arena, name, strlen(name)),
                               .tidal = options->tidal || ends_with(name, ".tidal"),
                               .seed_given = options->seed_given,
                               .seed = options->seed,
                               .muted = { options->muted[0], options->muted[1] },
                               .soloed = { options->soloed[0], options->soloed[1] },
                               .hushed = options->hushed,
                               .cps = options->cps };
  const char *slash = strrchr(name, '/');
  if (options->dir) {
    compile.dir = ph_arena_strndup(&self->arena, options->dir, strlen(options->dir));
  } else if (slash) {
    compile.dir = ph_arena_strndup(&self->arena, name, slash == name ? 1 : (size_t)(slash - name));
  }
  copy_transitions(self, options, &compile);
  return compile;
}

/* Files of taps stand where the text does, as recordings do. */
static void place_taps(PhononProgram *self)
{
  for (uint32_t i = 0; i < self->plan.tap_count; i++) {
    PhTap *tap = &self->plan.taps[i];
    if (tap->kind == PH_TAP_FILE && tap->name[0] != '/' && self->dir) {
      tap->name = ph_arena_printf(&self->arena, "%s/%s", self->dir, tap->name);
    }
  }
}

/* Everything between an empty arena and a plan. The arena's trap is the caller's. */
static PhStatus compile(PhononProgram *self, PhStr text, const PhononProgramOptions *options)
{
  ph_diags_init(&self->diags, &self->arena);
  ph_graph_registry(&self->registry, &self->arena);
  const PhStr own = ph_str(ph_arena_strndup(&self->arena, text.ptr, text.len), text.len);
  const PhCompileOptions how = compile_options(self, options);
  PhStatus status;
  self->dir = how.dir;
  self->samples = options->samples;
  self->tidal = how.tidal;
  if (options->expression) {
    status = ph_expr_compile(&self->arena, &self->registry, own, options->type, &how, &self->diags, &self->expression);
    return status;
  }
  status = ph_program_compile(&self->arena, &self->registry, own, &how, &self->diags, &self->program);
  if (status == PH_OK && self->diags.errors == 0) {
    ph_api_sounds(self);
    const PhPlanOptions plan = { .sample_rate = options->sample_rate, .sounds = &self->sounds };
    self->tidal = self->program.tidal;
    status = ph_plan_build(&self->arena, &self->program, &plan, &self->diags, &self->plan);
    place_taps(self);
  }
  return status;
}

/* Compiles under a trap: what gives up on the way becomes a status, and a diagnostic if there is none yet. */
static PhStatus compile_trapped(PhononProgram *self, PhStr text, const PhononProgramOptions *options)
{
  PhTrap trap;
  self->arena.trap = &trap;
  PhStatus status;
  if (PH_TRAP_SET(&trap) == 0) {
    status = compile(self, text, options);
    if (status != PH_OK && status != PH_NOMEM && self->diags.errors == 0) {
      ph_diags_add(&self->diags, PH_SEVERITY_ERROR, (PhSource){ 0 }, NULL, "%s", ph_status_text(status));
    }
  } else {
    status = trap.status;
    if (status != PH_NOMEM && self->diags.arena && PH_TRAP_SET(&trap) == 0) {
      ph_diags_add(&self->diags, PH_SEVERITY_ERROR, (PhSource){ 0 }, NULL, "%s", trap.text);
    }
  }
  self->arena.trap = NULL;
  return status;
}

PhononStatus phonon_program_new(const char *text, size_t len, const PhononProgramOptions *options, PhononProgram **out)
{
  *out = NULL;
  PhononProgramOptions how = PHONON_PROGRAM_DEFAULTS;
  const bool understood = ph_api_options(&how, sizeof how, options);
  if (!understood || (!text && len > 0) ||
      !(how.sample_rate >= MIN_SAMPLE_RATE && how.sample_rate <= MAX_SAMPLE_RATE) ||
      (how.samples && how.samples->sample_rate != how.sample_rate) ||
      !(how.cps == 0 || (how.cps >= PH_CPS_LEAST && how.cps <= PH_CPS_MOST))) {
    return PHONON_ARG;
  }
  if (len > PHONON_TEXT_MAX) {
    return PHONON_LIMIT;
  }
  PhononProgram *self = calloc(1, sizeof *self);
  if (!self) {
    return PHONON_NOMEM;
  }
  ph_arena_init(&self->arena, NULL, NULL);
  self->sample_rate = how.sample_rate;
  const PhStatus status = compile_trapped(self, ph_str(text, len), &how);
  if (status == PH_NOMEM) {
    phonon_program_free(self);
    return PHONON_NOMEM;
  }
  *out = self;
  self->runnable = status == PH_OK && self->diags.errors == 0 && !how.expression;
  return self->diags.errors > 0 ? PHONON_SYNTAX : (PhononStatus)status;
}

void phonon_program_free(PhononProgram *program)
{
  if (program) {
    ph_arena_deinit(&program->arena);
    phonon_samples_free(program->own_samples);
    free(program);
  }
}

/* ---- diagnostics ------------------------------------------------------------------------------------------------ */

size_t phonon_program_diagnostic_count(const PhononProgram *program) { return program->diags.items.len; }
size_t phonon_program_error_count(const PhononProgram *program) 
{
  return program->diags.errors + program->diags.forgiven;
}
size_t phonon_program_warning_count(const PhononProgram *program) { return program->diags.warnings; }

void ph_api_place(const PhDiags *diags, PhSource at, PhononDiagnostic *out)
{
  out->file = at.file < diags->files.len ? diags->files.items[at.file].name : "";
  if (at.end > at.begin) {
    ph_diags_place(diags, at, &out->line, &out->column);
    ph_diags_place(diags, (PhSource){ at.end, at.end, at.file }, &out->end_line, &out->end_column);
  }
}

bool phonon_program_diagnostic(const PhononProgram *program, size_t index, PhononDiagnostic *out)
{
  *out = (PhononDiagnostic){ 0 };
  if (index >= program->diags.items.len) {
    return false;
  }
  const PhDiag *diag = &program->diags.items.items[index];
  out->severity = (PhononSeverity)diag->severity;
  out->message = diag->text;
  out->help = diag->help;
  ph_api_place(&program->diags, diag->at, out);
  return true;
}

char *phonon_program_diagnostics_text(const PhononProgram *program, bool colour)
{
  PhText text = { 0 };
  ph_diags_print(&program->diags, colour, &text);
  return ph_api_take(&text);
}

char *phonon_program_diagnostics_json(const PhononProgram *program)
{
  PhText text = { 0 };
  ph_diags_json(&program->diags, &text);
  return ph_api_take(&text);
}

/* The byte that a line and column of a file stand for. */
static uint32_t byte_of(const PhTextFile *file, uint32_t line, uint32_t column)
{
  size_t at = 0;
  for (; line > 1 && at < file->len; at++) {
    line -= file->text[at] == '\n';
  }
  for (; column > 1 && at < file->len; column--) {
    at++;
    while (at < file->len && ((unsigned char)file->text[at] & 0xC0) == 0x80) {
      at++;
    }
  }
  return (uint32_t)at;
}

static PhSource source_of(const PhDiags *diags, const PhononDiagnostic *diagnostic)
{
  for (uint32_t i = 0; diagnostic->line && i < diags->files.len; i++) {
    const PhTextFile *file = &diags->files.items[i];
    if (strcmp(file->name, diagnostic->file) == 0) {
      return (PhSource){ byte_of(file, diagnostic->line, diagnostic->column),
                         byte_of(file, diagnostic->end_line, diagnostic->end_column), i };
    }
  }
  return (PhSource){ 0 };
}

/* About the whole program: without a line. */
static char *placeless_text(const PhononDiagnostic *diagnostic)
{
  static const char *const words[] = { "error", "warning", "note" };
  PhText text = { 0 };
  ph_text_printf(&text, "%s: %s: %s\n", diagnostic->file, words[diagnostic->severity], diagnostic->message);
  if (diagnostic->help) {
    ph_text_printf(&text, "      = help: %s\n", diagnostic->help);
  }
  return ph_api_take(&text);
}

char *phonon_program_diagnostic_text(const PhononProgram *program, const PhononDiagnostic *diagnostic, bool colour)
{
  if (diagnostic->line == 0) {
    return placeless_text(diagnostic);
  }
  PhArena arena;
  PhTrap trap;
  PhText text = { 0 };
  ph_arena_init(&arena, NULL, &trap);
  if (PH_TRAP_SET(&trap) == 0) {
    PhDiags one;
    ph_diags_init(&one, &arena);
    one.files.items = program->diags.files.items;
    one.files.len = program->diags.files.len;
    one.files.cap = program->diags.files.len;
    ph_diags_add(&one, (PhSeverity)diagnostic->severity, source_of(&one, diagnostic), diagnostic->help, "%s",
                 diagnostic->message);
    ph_diags_print(&one, colour, &text);
  }
  ph_arena_deinit(&arena);
  if (trap.status != PH_OK) {
    ph_text_deinit(&text);
    return NULL;
  }
  return ph_api_take(&text);
}

/* ---- what it is made of ----------------------------------------------------------------------------------------- */

char *phonon_program_graph(const PhononProgram *program, PhononGraphFormat format)
{
  PhText text = { 0 };
  if (!program->runnable) {
    return NULL;
  }
  (format == PHONON_GRAPH_DOT ? ph_plan_dot : ph_plan_text)(&program->plan, &program->diags, &text);
  return ph_api_take(&text);
}

size_t phonon_program_stem_count(const PhononProgram *program)
{
  return program->runnable ? program->plan.stem_count : 0;
}

const char *phonon_program_stem_name(const PhononProgram *program, size_t index)
{
  static const char *const names[] = {
    "out", "o1",  "o2",  "o3",  "o4",  "o5",  "o6",  "o7",  "o8",  "o9",  "o10", "o11", "o12",
    "o13", "o14", "o15", "o16", "o17", "o18", "o19", "o20", "o21", "o22", "o23", "o24", "o25",
    "o26", "o27", "o28", "o29", "o30", "o31", "o32", "o33", "o34", "o35", "o36", "o37", "o38",
    "o39", "o40", "o41", "o42", "o43", "o44", "o45", "o46", "o47", "o48", "o49", "o50", "o51",
    "o52", "o53", "o54", "o55", "o56", "o57", "o58", "o59", "o60", "o61", "o62", "o63", "o64",
  };
  if (index >= phonon_program_stem_count(program)) {
    return NULL;
  }
  const uint32_t number = program->plan.stems[index].number;
  assert(number < PH_COUNT(names));
  return names[number];
}

size_t phonon_program_tap_count(const PhononProgram *program) { return program->runnable ? program->plan.tap_count : 0; }

bool phonon_program_tap(const PhononProgram *program, size_t index, PhononTap *out)
{
  *out = (PhononTap){ .name = "" };
  if (index >= phonon_program_tap_count(program)) {
    return false;
  }
  const PhTap *tap = &program->plan.taps[index];
  PhononDiagnostic place = { .file = "" };
  ph_api_place(&program->diags, tap->at, &place);
  *out = (PhononTap){ .kind = (PhononTapKind)tap->kind, .name = tap->name, .sec = tap->sec,
                      .line = place.line, .column = place.column };
  return true;
}

double phonon_program_tail_sec(const PhononProgram *program)
{
  return program->runnable ? program->plan.tail_sec : 0.0;
}

double phonon_program_cps(const PhononProgram *program, double cycle)
{
  enum { PARTS = 1 << 20 };
  if (!program->runnable || !(fabs(cycle) < PARTS)) {
    return 0;
  }
  const PhRat at = ph_rat((int64_t)floor(cycle * PARTS), PARTS);
  double cps = 0;
  PhArena arena;
  PhTrap trap;
  ph_arena_init(&arena, NULL, &trap);
  if (PH_TRAP_SET(&trap) == 0) {
    PhQuery query = { .arena = &arena, .seed = program->program.seed, .cps = 0.5 };
    PhEvents events = { 0 };
    ph_query(&query, program->program.cps, (PhArc){ at, at }, &events);
    if (events.len && !ph_value_as_num(&events.items[0].value, false, &cps)) {
      cps = 0;
    }
  }
  ph_arena_deinit(&arena);
  return cps;
}

PhononTime phonon_program_start(const PhononProgram *program)
{
  const PhRat start = program->runnable ? program->plan.start_cycle : PH_RAT_INT(0);
  return (PhononTime){ start.num, start.den };
}
