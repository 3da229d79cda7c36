/* phonon.h: programs, their diagnostics and graphs, samples, files.  SPDX-License-Identifier: MIT */
#include "app/api.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/io.h"

/* ---- texts and options ---- */

char *ph_api_take_text(PhText *text)
{
  if (!text->ptr && !text->failed) {
    ph_text_add(text, "", 0);
  }
  char *out = text->failed ? NULL : text->ptr;
  if (!out) {
    free(text->ptr);
  }
  *text = (PhText){ 0 };
  return out;
}

void ph_api_options(void *ours, size_t our_size, const void *theirs)
{
  size_t size = 0;
  if (theirs) {
    memcpy(&size, theirs, sizeof size);
    memcpy(ours, theirs, size < our_size ? size : our_size);
  }
}

const char *phonon_status_text(PhononStatus status) { return ph_status_text((PhStatus)status); }
const char *phonon_version(void) { return PHONON_VERSION; }
void phonon_free(void *text) { free(text); }
unsigned phonon_core_count(void) { return ph_os_cores(); }

const char *phonon_isa_name(size_t index)
{
  const PhUnitSet *const *sets;
  return index < ph_unit_sets(&sets) ? sets[index]->name : NULL;
}

PhononStatus phonon_read_file(const char *path, size_t most, char **text, size_t *len, PhononError *error)
{
  PhText read = { 0 };
  errno = 0;
  const PhStatus status = ph_os_read_file(path, most, &read);
  if (error) {
    error->text[0] = 0;
  }
  *text = NULL;
  *len = 0;
  if (status != PH_OK) {
    if (error) {
      const char *why = status == PH_LIMIT ? "larger than a text may be" : status == PH_NOMEM || !errno ? ph_status_text(status) : strerror(errno);
      (void)snprintf(error->text, sizeof error->text, "%s: %s", path, why);
    }
    return PHONON_STATUS(status);
  }
  *len = read.len;
  *text = ph_api_take_text(&read);
  return *text ? PHONON_OK : PHONON_NOMEM;
}

/* ---- programs ---- */

static bool ends_with(const char *text, const char *ending)
{
  const size_t n = strlen(text), e = strlen(ending);
  return n >= e && strcmp(text + n - e, ending) == 0;
}

/* The folder that a path names, for `include`; NULL: the current one. */
static const char *folder_of(PhArena *arena, const char *name)
{
  const char *slash = name ? strrchr(name, '/') : NULL;
  return slash ? ph_arena_strndup(arena, name, (size_t)(slash - name)) : NULL;
}

static PhStatus compile(PhononProgram *p, PhStr text, const PhononProgramOptions *o)
{
  const char *name = o->name ? ph_arena_strndup(&p->arena, o->name, strlen(o->name)) : "<code>";
  p->tidal = o->tidal || ends_with(name, ".tidal");
  const PhCompileOptions options = { .name = name,
                                     .dir = o->dir ? ph_arena_strndup(&p->arena, o->dir, strlen(o->dir)) : folder_of(&p->arena, name),
                                     .tidal = p->tidal, .seed_given = o->seed_given, .seed = o->seed };
  const PhStr copy = { ph_arena_strndup(&p->arena, text.ptr, text.len), text.len };
  ph_graph_registry(&p->registry, &p->arena);
  if (o->expression) {
    const PhStatus status = ph_expr_compile(&p->arena, &p->registry, copy, o->type, &options, &p->diags, &p->expression);
    return status != PH_OK ? status : p->diags.errors ? PH_SYNTAX : PH_OK;
  }
  PhStatus status = ph_program_compile(&p->arena, &p->registry, copy, &options, &p->diags, &p->program);
  if (status == PH_OK && p->diags.errors == 0) {
    const PhPlanOptions plan = { .sample_rate = p->sample_rate };
    status = ph_plan_build(&p->arena, &p->program, &plan, &p->diags, &p->plan);
    if (status != PH_OK && status != PH_NOMEM) {
      ph_diags_add(&p->diags, PH_SEVERITY_ERROR, (PhSource){ 0 }, NULL, "%s", p->arena.trap->text);
    }
  }
  return status != PH_OK ? status : p->diags.errors ? PH_SYNTAX : PH_OK;
}

static void name_stems(PhononProgram *p)
{
  p->stem_names = PH_NEWN(&p->arena, const char *, p->plan.stem_count + 1);
  for (uint32_t i = 0; i < p->plan.stem_count; i++) {
    const uint32_t number = p->plan.stems[i].number;
    p->stem_names[i] = number ? ph_arena_printf(&p->arena, "o%u", number) : "out";
  }
}

PhononStatus phonon_program_new(const char *text, size_t len, const PhononProgramOptions *options, PhononProgram **out)
{
  PhononProgramOptions o = PHONON_PROGRAM_DEFAULTS;
  ph_api_options(&o, sizeof o, options);
  *out = NULL;
  if (!text || len > PHONON_TEXT_MAX) {
    return text ? PHONON_LIMIT : PHONON_ARG;
  }
  if (!(o.sample_rate >= 8000 && o.sample_rate <= 384000)) {
    return PHONON_RANGE;
  }
  PhononProgram *p = calloc(1, sizeof *p);
  if (!p) {
    return PHONON_NOMEM;
  }
  PhTrap trap;
  volatile PhStatus status = PH_OK;
  ph_arena_init(&p->arena, NULL, &trap);
  p->sample_rate = o.sample_rate;
  p->is_expression = o.expression;
  if (PH_TRAP_SET(&trap) == 0) {
    ph_diags_init(&p->diags, &p->arena);
    status = compile(p, ph_str(text, len), &o);
    if (status == PH_OK && !o.expression) {
      name_stems(p);
    }
  } else {
    status = trap.status;
  }
  p->arena.trap = NULL;
  p->good = status == PH_OK;
  if (status != PH_OK && status != PH_NOMEM && p->diags.errors > 0) {
    status = PH_SYNTAX;
  }
  if (status == PH_OK || status == PH_SYNTAX) {
    *out = p;
  } else {
    phonon_program_free(p);
  }
  return PHONON_STATUS(status);
}

void phonon_program_free(PhononProgram *program)
{
  if (program) {
    ph_arena_deinit(&program->arena);
    free(program);
  }
}

/* ---- diagnostics ---- */

static const char *file_name(const PhononProgram *program, uint32_t file)
{
  return file < program->diags.files.len ? program->diags.files.items[file].name : "";
}

void ph_api_diagnostic(const PhononProgram *program, const PhDiag *diag, PhononDiagnostic *out)
{
  *out = (PhononDiagnostic){ .severity = (PhononSeverity)diag->severity, .file = file_name(program, diag->at.file),
                             .message = diag->text, .help = diag->help };
  ph_diags_place(&program->diags, diag->at, &out->line, &out->column);
  const PhSource end = { diag->at.end, diag->at.end, diag->at.file };
  ph_diags_place(&program->diags, end, &out->end_line, &out->end_column);
}

size_t phonon_program_diagnostic_count(const PhononProgram *program) { return program->diags.items.len; }
size_t phonon_program_error_count(const PhononProgram *program) { return program->diags.errors; }
size_t phonon_program_warning_count(const PhononProgram *program) { return program->diags.warnings; }

bool phonon_program_diagnostic(const PhononProgram *program, size_t index, PhononDiagnostic *out)
{
  if (index >= program->diags.items.len) {
    return false;
  }
  ph_api_diagnostic(program, &program->diags.items.items[index], out);
  return true;
}

char *phonon_program_diagnostics_text(const PhononProgram *program, bool colour)
{
  PhText text = { 0 };
  ph_diags_print(&program->diags, colour, &text);
  return ph_api_take_text(&text);
}

char *phonon_program_diagnostics_json(const PhononProgram *program)
{
  PhText text = { 0 };
  ph_diags_json(&program->diags, &text);
  ph_text_puts(&text, "\n");
  return ph_api_take_text(&text);
}

/* The byte at a line and column of a file. */
static uint32_t byte_at(const PhTextFile *file, uint32_t line, uint32_t column)
{
  size_t at = 0;
  for (uint32_t l = 1; l < line && at < file->len; at++) {
    l += file->text[at] == '\n';
  }
  for (uint32_t c = 1; c < column && at < file->len && file->text[at] != '\n'; c++) {
    for (at++; at < file->len && ((unsigned char)file->text[at] & 0xC0) == 0x80; at++) {
    }
  }
  return (uint32_t)at;
}

char *phonon_program_diagnostic_text(const PhononProgram *program, const PhononDiagnostic *diagnostic, bool colour)
{
  PhText text = { 0 };
  PhDiag one = { .severity = (PhSeverity)diagnostic->severity, .text = diagnostic->message, .help = diagnostic->help };
  for (uint32_t f = 0; f < program->diags.files.len; f++) {
    const PhTextFile *file = &program->diags.files.items[f];
    if (diagnostic->file && strcmp(file->name, diagnostic->file) == 0 && diagnostic->line) {
      one.at = (PhSource){ byte_at(file, diagnostic->line, diagnostic->column),
                           byte_at(file, diagnostic->end_line, diagnostic->end_column), f };
    }
  }
  PhDiags diags = program->diags;
  diags.items.items = &one;
  diags.items.len = diags.items.cap = 1;
  ph_diags_print(&diags, colour, &text);
  return ph_api_take_text(&text);
}

/* ---- the plan ---- */

char *phonon_program_graph(const PhononProgram *program, PhononGraphFormat format)
{
  if (!program->good || program->is_expression) {
    return NULL;
  }
  PhText text = { 0 };
  if (format == PHONON_GRAPH_DOT) {
    ph_plan_dot(&program->plan, &program->diags, &text);
  } else {
    ph_plan_text(&program->plan, &program->diags, &text);
  }
  return ph_api_take_text(&text);
}

size_t phonon_program_stem_count(const PhononProgram *program) { return program->plan.stem_count; }

const char *phonon_program_stem_name(const PhononProgram *program, size_t index)
{
  return index < program->plan.stem_count ? program->stem_names[index] : NULL;
}

double phonon_program_tail_sec(const PhononProgram *program) { return program->plan.tail_sec; }

/* ---- samples ---- */

PhononStatus phonon_samples_new(const PhononSamplesOptions *options, PhononSamples **out)
{
  PhononSamplesOptions o = PHONON_SAMPLES_DEFAULTS;
  ph_api_options(&o, sizeof o, options);
  *out = NULL;
  PhononSamples *samples = calloc(1, sizeof *samples);
  if (!samples) {
    return PHONON_NOMEM;
  }
  ph_arena_init(&samples->arena, NULL, NULL);
  const PhSampleOptions store = { .dirs = o.dirs, .dir_count = o.dir_count, .sample_rate = o.sample_rate, .threads = o.threads,
                                  .no_default_dirs = o.only_these };
  const PhStatus status = ph_sample_store_new(&store, &samples->store);
  if (status != PH_OK) {
    phonon_samples_free(samples);
    return PHONON_STATUS(status);
  }
  *out = samples;
  return PHONON_OK;
}

void phonon_samples_free(PhononSamples *samples)
{
  if (samples) {
    ph_sample_store_free(samples->store);
    ph_arena_deinit(&samples->arena);
    free(samples);
  }
}

static void list_banks(PhononSamples *samples)
{
  if (!samples->listed) {
    samples->listed = true;
    if (ph_sample_bank_names(samples->store, &samples->arena, &samples->banks, &samples->bank_count) != PH_OK) {
      samples->bank_count = 0;
    }
  }
}

size_t phonon_samples_bank_count(PhononSamples *samples)
{
  list_banks(samples);
  return samples->bank_count;
}

const char *phonon_samples_bank_name(PhononSamples *samples, size_t index)
{
  list_banks(samples);
  return index < samples->bank_count ? samples->banks[index] : NULL;
}

size_t phonon_samples_count(PhononSamples *samples, const char *bank) { return ph_sample_bank_count(samples->store, bank); }

/* ---- sound files ---- */

struct PhononFile {
  PhSoundWriter *writer;
};

PhononStatus phonon_file_open(const char *path, const PhononFileOptions *options, PhononFile **out, PhononError *error)
{
  PhononFileOptions o = PHONON_FILE_DEFAULTS;
  PhononError ignored;
  ph_api_options(&o, sizeof o, options);
  error = error ? error : &ignored;
  error->text[0] = 0;
  *out = calloc(1, sizeof **out);
  if (!*out) {
    return PHONON_NOMEM;
  }
  const PhSoundOptions sound = { .sample_rate = o.sample_rate, .channels = o.channels, .bits = (PhSoundBits)o.bits,
                                 .dither = o.dither, .frames = o.frames };
  _Static_assert((int)PHONON_BITS_FLOAT == (int)PH_SOUND_FLOAT && (int)PHONON_BITS_16 == (int)PH_SOUND_16, "the same numbers");
  const PhStatus status = ph_sound_writer_open(path, &sound, &(*out)->writer, error->text);
  if (status != PH_OK) {
    free(*out);
    *out = NULL;
  }
  return PHONON_STATUS(status);
}

PhononStatus phonon_file_write(PhononFile *file, const float *frames, size_t count, PhononError *error)
{
  PhononError ignored;
  return PHONON_STATUS(ph_sound_writer_write(file->writer, frames, count, (error ? error : &ignored)->text));
}

PhononStatus phonon_file_finish(PhononFile *file, PhononError *error)
{
  PhononError ignored;
  const PhStatus status = ph_sound_writer_finish(file->writer, (error ? error : &ignored)->text);
  free(file);
  return PHONON_STATUS(status);
}

void phonon_file_discard(PhononFile *file)
{
  if (file) {
    ph_sound_writer_discard(file->writer);
    free(file);
  }
}

uint64_t phonon_file_clipped(const PhononFile *file) { return ph_sound_writer_clipped(file->writer); }
