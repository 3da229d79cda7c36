/* phonon.h: the events of a program in a span of time.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/api.h"

struct PhononEvents {
  PhArena arena;
  PH_ARRAY(PhononEvent) items;
};

/* The control patterns that a signal plays. */
typedef struct Walk {
  const PhononProgram *program;
  PhArena *arena;
  bool *seen; /* buses */
  PH_ARRAY(const PhPat *) pats;
} Walk;

static void add_pat(Walk *walk, const PhPat *pat)
{
  for (size_t i = 0; i < walk->pats.len; i++) {
    if (walk->pats.items[i] == pat) {
      return;
    }
  }
  PH_PUSH(walk->arena, &walk->pats, pat);
}

static void walk_sig(Walk *walk, const PhSig *sig);

static void walk_arg(Walk *walk, const PhSigArg *arg)
{
  if (arg->tag == PH_SIGARG_SIG) {
    walk_sig(walk, arg->sig);
  }
  for (uint32_t i = 0; arg->tag == PH_SIGARG_LIST && i < arg->count; i++) {
    walk_arg(walk, &arg->items[i]);
  }
}

static void walk_sig(Walk *walk, const PhSig *sig)
{
  const PhProgram *program = &walk->program->program;
  if (sig->tag == PH_SIG_PLAY) {
    add_pat(walk, sig->play.pat);
  } else if (sig->tag == PH_SIG_CALL) {
    for (uint32_t p = 0; p < sig->call.func->param_count; p++) {
      walk_arg(walk, &sig->call.args[p]);
    }
  } else if (sig->tag == PH_SIG_BUS && sig->bus < program->bus_count && !walk->seen[sig->bus]) {
    walk->seen[sig->bus] = true;
    if (program->buses[sig->bus].sig) {
      walk_sig(walk, program->buses[sig->bus].sig);
    }
  }
}

/* Without the controls that the program keeps for itself. */
static PhValue public_value(PhArena *arena, const PhValue *value)
{
  if (value->tag != PH_VALUE_MAP) {
    return *value;
  }
  PhMap *map = ph_arena_alloc(arena, sizeof *map + value->map->len * sizeof *map->items);
  for (size_t i = 0; i < value->map->len; i++) {
    if (value->map->items[i].name[0] != '_') {
      map->items[map->len++] = value->map->items[i];
    }
  }
  return (PhValue){ .tag = PH_VALUE_MAP, .map = map };
}

static PhononTime public_time(PhRat t) { return (PhononTime){ t.num, t.den }; }

static const char *keep(PhArena *arena, PhText *text)
{
  char *copy = ph_arena_strndup(arena, text->ptr ? text->ptr : "", text->len);
  ph_text_deinit(text);
  return copy;
}

static void add_event(PhononEvents *events, const PhononProgram *program, const PhEvent *e, const char *track)
{
  PhArena *arena = &events->arena;
  const PhValue value = public_value(arena, &e->value);
  PhText text = { 0 }, json = { 0 };
  ph_value_show(&text, &value);
  ph_value_json(&json, &value);
  PhononEvent out = { .whole_begin = public_time(e->whole.begin), .whole_end = public_time(e->whole.end),
                      .part_begin = public_time(e->part.begin), .part_end = public_time(e->part.end), .has_whole = e->has_whole,
                      .has_onset = ph_event_has_onset(e), .track = track, .value = keep(arena, &text), .value_json = keep(arena, &json) };
  if (e->sources) {
    ph_diags_place(&program->diags, e->sources->source, &out.line, &out.column);
  }
  PH_PUSH(arena, &events->items, out);
}

static void query_pat(PhononEvents *events, const PhononProgram *program, const PhPat *pat, PhArc span, const char *track)
{
  PhQuery query = { .arena = &events->arena, .seed = program->program.seed, .cps = 0.5 };
  PhEvents found = { 0 };
  ph_query(&query, pat, span, &found);
  for (size_t i = 0; i < found.len; i++) {
    add_event(events, program, &found.items[i], track);
  }
}

static void query_program(PhononEvents *events, const PhononProgram *program, PhArc span)
{
  for (uint32_t o = 0; o < program->program.output_count; o++) {
    const PhOutput *output = &program->program.outputs[o];
    Walk walk = { .program = program, .arena = &events->arena };
    walk.seen = PH_NEWN(&events->arena, bool, program->program.bus_count + 1);
    const char *track = output->number ? ph_arena_printf(&events->arena, "o%u", output->number) : "out";
    if (!output->muted && output->sig) {
      walk_sig(&walk, output->sig);
    }
    for (size_t i = 0; i < walk.pats.len; i++) {
      query_pat(events, program, walk.pats.items[i], span, track);
    }
  }
}

PhononStatus phonon_events_new(const PhononProgram *program, PhononTime begin, PhononTime end, PhononEvents **out, PhononError *error)
{
  *out = NULL;
  if (error) {
    error->text[0] = 0;
  }
  const PhArc span = { ph_rat(begin.num, begin.den), ph_rat(end.num, end.den) };
  if (!program->good || !ph_rat_ok(span.begin) || !ph_rat_ok(span.end)) {
    return program->good ? PHONON_ARG : PHONON_SYNTAX;
  }
  PhononEvents *events = calloc(1, sizeof *events);
  if (!events) {
    return PHONON_NOMEM;
  }
  PhTrap trap;
  ph_arena_init(&events->arena, NULL, &trap);
  if (PH_TRAP_SET(&trap) == 0) {
    if (program->is_expression) {
      query_pat(events, program, program->expression, span, "");
    } else {
      query_program(events, program, span);
    }
  }
  events->arena.trap = NULL;
  if (trap.status != PH_OK) {
    if (error) {
      (void)snprintf(error->text, sizeof error->text, "%s", trap.text);
    }
    phonon_events_free(events);
    return PHONON_STATUS(trap.status);
  }
  *out = events;
  return PHONON_OK;
}

void phonon_events_free(PhononEvents *events)
{
  if (events) {
    ph_arena_deinit(&events->arena);
    free(events);
  }
}

size_t phonon_events_count(const PhononEvents *events) { return events->items.len; }

bool phonon_events_get(const PhononEvents *events, size_t index, PhononEvent *out)
{
  if (index >= events->items.len) {
    return false;
  }
  *out = events->items.items[index];
  return true;
}

static void put_span(PhText *text, const char *name, PhononTime begin, PhononTime end)
{
  ph_text_printf(text, "\"%s\":[\"%lld/%lld\",\"%lld/%lld\"]", name, (long long)begin.num, (long long)begin.den, (long long)end.num,
                 (long long)end.den);
}

char *phonon_events_json(const PhononEvents *events)
{
  PhText text = { 0 };
  ph_text_puts(&text, "[");
  for (size_t i = 0; i < events->items.len; i++) {
    const PhononEvent *e = &events->items.items[i];
    ph_text_puts(&text, i ? ",{" : "{");
    if (e->has_whole) {
      put_span(&text, "w", e->whole_begin, e->whole_end);
    } else {
      ph_text_puts(&text, "\"w\":null");
    }
    ph_text_puts(&text, ",");
    put_span(&text, "p", e->part_begin, e->part_end);
    ph_text_printf(&text, ",\"v\":%s", e->value_json);
    if (e->track[0]) {
      ph_text_puts(&text, ",\"track\":");
      ph_text_json(&text, e->track, strlen(e->track));
    }
    if (e->line) {
      ph_text_printf(&text, ",\"at\":[%u,%u]", e->line, e->column);
    }
    ph_text_puts(&text, "}");
  }
  ph_text_puts(&text, "]");
  return ph_api_take_text(&text);
}
