/* The public interface: the events of a program's outputs, or of an expression.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "app/api_events.h"

enum { MAX_SIGNAL_DEPTH = 4096 };

/* ---- the patterns of an output ----------------------------------------------------------------------------------- */

/* Walks the signal of an output once, however its parts are shared. */
typedef struct Walk {
  PhononEvents *events;
  uint32_t output;
  PH_ARRAY(const PhSig *) seen; /* open addressing, a power of two; NULL is free */
  size_t seen_count;
  uint32_t depth;
} Walk;

static bool insert(const PhSig **slots, size_t cap, const PhSig *sig)
{
  size_t i = (size_t)ph_mix64((uint64_t)(uintptr_t)sig) & (cap - 1);
  while (slots[i] && slots[i] != sig) {
    i = (i + 1) & (cap - 1);
  }
  const bool is_new = !slots[i];
  slots[i] = sig;
  return is_new;
}

/* True the first time that a signal is met. */
static bool meet(Walk *walk, const PhSig *sig)
{
  PhArena *arena = &walk->events->arena;
  if (walk->seen_count * 2 >= walk->seen.cap) {
    const size_t cap = walk->seen.cap ? walk->seen.cap * 2 : 64;
    const PhSig **grown = PH_NEWN(arena, const PhSig *, cap);
    for (size_t i = 0; i < walk->seen.cap; i++) {
      if (walk->seen.items[i]) {
        (void)insert(grown, cap, walk->seen.items[i]);
      }
    }
    walk->seen.items = grown;
    walk->seen.cap = cap;
  }
  const bool is_new = insert(walk->seen.items, walk->seen.cap, sig);
  walk->seen_count += is_new;
  return is_new;
}

static void add_track(Walk *walk, const PhPat *pat, PhSource at, const PhFunc *func, const PhParam *param)
{
  const PhononProgram *program = walk->events->program;
  PhApiTrack track = { .pat = pat, .at = at, .func = func, .param = param };
  const uint32_t number = program->program.outputs[walk->output].number;
  track.output = number;
  PhText name = { 0 };
  if (number == 0) {
    ph_text_puts(&name, "out");
  } else {
    ph_text_printf(&name, "o%u", number);
  }
  if (name.ptr && name.len < sizeof track.name) {
    memcpy(track.name, name.ptr, name.len + 1);
  }
  ph_text_deinit(&name);
  PH_PUSH(&walk->events->arena, &walk->events->tracks, track);
}

/* What a signal is used for: the parameter of a unit, or NULL. */
static void walk_signal(Walk *walk, const PhSig *sig, const PhFunc *func, const PhParam *param);

static void walk_argument(Walk *walk, const PhSigArg *arg, const PhFunc *func, const PhParam *param)
{
  if (arg->tag == PH_SIGARG_SIG) {
    walk_signal(walk, arg->sig, func, param);
  } else if (arg->tag == PH_SIGARG_LIST) {
    for (uint32_t i = 0; i < arg->count; i++) {
      walk_argument(walk, &arg->items[i], func, param);
    }
  }
}

static void walk_signal(Walk *walk, const PhSig *sig, const PhFunc *func, const PhParam *param)
{
  const PhProgram *program = &walk->events->program->program;
  if (!sig || walk->depth >= MAX_SIGNAL_DEPTH || !meet(walk, sig)) {
    return;
  }
  walk->depth++;
  switch (sig->tag) {
  case PH_SIG_PAT:
    add_track(walk, sig->pat.pat, sig->at, func, param);
    break;
  case PH_SIG_PLAY:
    add_track(walk, sig->play.pat, sig->at, NULL, NULL);
    for (uint32_t i = 0; i < sig->play.site_count; i++) {
      walk_signal(walk, sig->play.sites[i].body, NULL, NULL);
    }
    break;
  case PH_SIG_CALL:
    for (uint32_t i = 0; i < sig->call.func->param_count; i++) {
      walk_argument(walk, &sig->call.args[i], sig->call.func, &sig->call.func->params[i]);
    }
    break;
  case PH_SIG_BUS:
    walk_signal(walk, program->buses[sig->bus].sig, func, param);
    break;
  case PH_SIG_NUM:
  case PH_SIG_INPUT:
    break;
  }
  walk->depth--;
}

static void find_tracks(PhononEvents *events)
{
  const PhononProgram *program = events->program;
  if (program->expression) {
    const PhApiTrack track = { .pat = program->expression, .at = { .end = 1 } };
    PH_PUSH(&events->arena, &events->tracks, track);
    return;
  }
  for (uint32_t i = 0; i < program->program.output_count; i++) {
    Walk walk = { .events = events, .output = i };
    if (!program->program.outputs[i].muted) {
      walk_signal(&walk, program->program.outputs[i].sig, NULL, NULL);
    }
  }
}

/* ---- querying ---------------------------------------------------------------------------------------------------- */

double ph_api_events_cps(PhononEvents *events, PhRat time)
{
  const PhononProgram *program = events->program;
  double cps = program->tidal ? 0.5625 : 0.5;
  if (program->program.cps) {
    PhQuery query = { .arena = &events->arena, .cps = cps };
    PhEvents found = { 0 };
    ph_query(&query, program->program.cps, (PhArc){ time, time }, &found);
    if (found.len) {
      (void)ph_value_as_num(&found.items[0].value, program->tidal, &cps);
    }
  }
  return cps;
}

static const char *keep(PhArena *arena, PhText *text)
{
  const char *kept = ph_arena_strndup(arena, text->ptr ? text->ptr : "", text->len);
  ph_text_deinit(text);
  return kept;
}

/* Without the controls that the program keeps for itself: those whose names begin with `_`. */
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

static PhononTime time_of(PhRat time) { return (PhononTime){ time.num, time.den }; }

static void add_event(PhononEvents *events, uint32_t number, const PhEvent *event)
{
  const PhApiTrack *track = &events->tracks.items[number];
  const PhValue value = public_value(&events->arena, &event->value);
  PhononEvent out = { .part_begin = time_of(event->part.begin),
                      .part_end = time_of(event->part.end),
                      .has_whole = event->has_whole,
                      .has_onset = ph_event_has_onset(event),
                      .track = track->name };
  if (event->has_whole) {
    out.whole_begin = time_of(event->whole.begin);
    out.whole_end = time_of(event->whole.end);
  }
  PhText text = { 0 };
  ph_value_show(&text, &value);
  out.value = keep(&events->arena, &text);
  ph_value_json(&text, &value);
  out.value_json = keep(&events->arena, &text);
  if (event->sources) {
    PhononDiagnostic place = { 0 };
    ph_api_place(&events->program->diags, event->sources->source, &place);
    out.line = place.line;
    out.column = place.column;
  }
  const PhApiDetail detail = { .track = number,
                               .value = event->value,
                               .source = event->sources ? event->sources->source : (PhSource){ 0 } };
  PH_PUSH(&events->arena, &events->items, out);
  PH_PUSH(&events->arena, &events->details, detail);
}

static void query_all(PhononEvents *events, PhArc span)
{
  find_tracks(events);
  PhQuery query = { .arena = &events->arena,
                    .seed = events->program->program.seed,
                    .cps = ph_api_events_cps(events, span.begin) };
  for (size_t t = 0; t < events->tracks.len; t++) {
    PhEvents found = { 0 };
    events->querying = t;
    ph_query(&query, events->tracks.items[t].pat, span, &found);
    for (size_t i = 0; i < found.len; i++) {
      /* The continuous signals of a file are its LFOs: what happens at a time is what is asked for. */
      if (found.items[i].has_whole || events->program->expression) {
        add_event(events, (uint32_t)t, &found.items[i]);
      }
    }
  }
}

PhononStatus phonon_events_new(const PhononProgram *program, PhononTime begin, PhononTime end, PhononEvents **out,
                               PhononError *error)
{
  *out = NULL;
  ph_api_error(error, "%s", "");
  const PhArc span = { ph_rat(begin.num, begin.den), ph_rat(end.num, end.den) };
  if ((!program->runnable && !program->expression) || !ph_rat_ok(span.begin) || !ph_rat_ok(span.end)) {
    ph_api_error(error, "%s", ph_status_text(PH_ARG));
    return PHONON_ARG;
  }
  PhononEvents *events = calloc(1, sizeof *events);
  if (!events) {
    return PHONON_NOMEM;
  }
  PhTrap trap;
  ph_arena_init(&events->arena, NULL, &trap);
  events->program = program;
  if (PH_TRAP_SET(&trap) == 0) {
    query_all(events, span);
  }
  events->arena.trap = NULL;
  if (trap.status != PH_OK) {
    PhononDiagnostic place = { 0 };
    if (events->querying < events->tracks.len) {
      ph_api_place(&program->diags, events->tracks.items[events->querying].at, &place);
    }
    if (place.line) {
      ph_api_error(error, "%s:%u:%u: %s", place.file, place.line, place.column, trap.text);
    } else {
      ph_api_error(error, "%s", trap.text);
    }
    phonon_events_free(events);
    return (PhononStatus)trap.status;
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

/* ---- reading them ------------------------------------------------------------------------------------------------ */

size_t phonon_events_count(const PhononEvents *events) { return events->items.len; }

bool phonon_events_get(const PhononEvents *events, size_t index, PhononEvent *out)
{
  const bool found = index < events->items.len;
  *out = found ? events->items.items[index] : (PhononEvent){ 0 };
  return found;
}

static void json_span(PhText *text, const char *name, PhononTime begin, PhononTime end)
{
  ph_text_printf(text, "\"%s\":[\"%lld/%lld\",\"%lld/%lld\"]", name, (long long)begin.num, (long long)begin.den,
                 (long long)end.num, (long long)end.den);
}

char *phonon_events_json(const PhononEvents *events)
{
  PhText text = { 0 };
  PhononEvent event;
  ph_text_puts(&text, "[");
  for (size_t i = 0; phonon_events_get(events, i, &event); i++) {
    ph_text_puts(&text, i ? ",{" : "{");
    if (event.has_whole) {
      json_span(&text, "w", event.whole_begin, event.whole_end);
    } else {
      ph_text_puts(&text, "\"w\":null");
    }
    ph_text_puts(&text, ",");
    json_span(&text, "p", event.part_begin, event.part_end);
    ph_text_printf(&text, ",\"v\":%s", event.value_json);
    if (event.track[0]) {
      ph_text_printf(&text, ",\"track\":\"%s\"", event.track);
    }
    if (event.line) {
      ph_text_printf(&text, ",\"at\":[%u,%u]", event.line, event.column);
    }
    ph_text_puts(&text, "}");
  }
  ph_text_puts(&text, "]");
  return ph_api_take(&text);
}
