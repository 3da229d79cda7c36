/* The engine and what is outside: inputs that steps hold, and events that go to MIDI and OSC instead of sounding here.
   All [control].  SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/internal.h"

#define MOST_SUSTAIN_SEC 36000.0

/* ---- inputs ---- */

PhStatus ph_engine_input(PhEngine *engine, uint32_t index, int64_t frame, double value)
{
  if (index >= engine->plan->input_count || !(value == value)) {
    return PH_ARG;
  }
  if (engine->status != PH_OK) {
    return engine->status;
  }
  const PhInput *input = &engine->plan->inputs[index];
  PhTrack *track = &engine->tracks[input->step];
  const int64_t last = track->len ? track->frames[track->len - 1] : 0;
  const double least = (double)input->least, most = (double)input->most;
  frame = frame < engine->frame ? engine->frame : frame;
  frame = frame < last ? last : frame;
  if (PH_TRAP_SET(&engine->trap) != 0) {
    return ph_engine_give_up(engine);
  }
  ph_track_put(track, &engine->querier, frame, (float)(value < least ? least : value > most ? most : value));
  return PH_OK;
}

PhStatus ph_engine_cc(PhEngine *engine, int64_t frame, uint32_t channel, uint32_t number, double value)
{
  return ph_engine_midi(engine, frame, PH_INPUT_CC, channel, number, value);
}

PhStatus ph_engine_osc(PhEngine *engine, int64_t frame, const char *path, double value)
{
  PhStatus status = PH_OK;
  for (uint32_t i = 0; i < engine->plan->input_count && status == PH_OK; i++) {
    const PhInput *input = &engine->plan->inputs[i];
    if (input->kind == PH_INPUT_OSC && strcmp(input->name, path) == 0) {
      status = ph_engine_input(engine, i, frame, value);
    }
  }
  return status;
}

/* ---- events ---- */

void ph_engine_events(PhEngine *engine, PhEngineSink *sink, void *ctx)
{
  engine->sink = sink;
  engine->sink_ctx = ctx;
}

static const PhValue *find(const PhMap *map, const char *name)
{
  for (size_t i = 0; i < map->len; i++) {
    if (strcmp(map->items[i].name, name) == 0) {
      return &map->items[i].value;
    }
  }
  return NULL;
}

bool ph_outside(const PhValue *value, PhSinkKind *kind, const char **name)
{
  static const char *const names[] = { [PH_SINK_MIDI] = "midi", [PH_SINK_OSC] = "target" };
  for (size_t k = 0; value->tag == PH_VALUE_MAP && k < PH_COUNT(names); k++) {
    const PhValue *at = find(value->map, names[k]);
    if (at && at->tag == PH_VALUE_STR && at->str[0]) {
      *kind = (PhSinkKind)k;
      *name = at->str;
      return true;
    }
  }
  return false;
}

/* What is sent: plain values, but where the event goes to, and what the graph added for itself. */
static bool is_sent(const PhControlValue *control)
{
  const PhValueTag tag = control->value.tag;
  const bool plain = tag == PH_VALUE_NUM || tag == PH_VALUE_INT || tag == PH_VALUE_RATIO || tag == PH_VALUE_BOOL ||
                     tag == PH_VALUE_NOTE || tag == PH_VALUE_STR;
  return plain && control->name[0] != '_' && strcmp(control->name, "midi") != 0 && strcmp(control->name, "target") != 0;
}

static char *put_text(char **at, const char *text)
{
  const size_t bytes = strlen(text) + 1;
  char *copy = memcpy(*at, text, bytes);
  *at += bytes;
  return copy;
}

/* A copy of the event, its controls and its texts in one block. `semitones` stands for what the event says of `pitch`. */
static PhSinkEvent *copy_event(PhEngine *engine, const PhSinkEvent *event, const PhMap *controls, const char *pitch)
{
  const size_t map_bytes = sizeof(PhMap) + controls->len * sizeof(PhControlValue);
  size_t bytes = sizeof *event + map_bytes + strlen(event->name) + 1;
  for (size_t i = 0; i < controls->len; i++) {
    const PhControlValue *control = &controls->items[i];
    bytes += strlen(control->name) + 1 + (control->value.tag == PH_VALUE_STR ? strlen(control->value.str) + 1 : 0);
  }
  PhSinkEvent *copy = ph_engine_alloc(engine, bytes);
  *copy = *event;
  PhMap *map = (PhMap *)(void *)(copy + 1);
  char *at = (char *)map + map_bytes;
  copy->name = put_text(&at, event->name);
  for (size_t i = 0; i < controls->len; i++) {
    if (!is_sent(&controls->items[i])) {
      continue;
    }
    PhControlValue *control = &map->items[map->len++];
    *control = controls->items[i];
    control->name = put_text(&at, control->name);
    if (pitch && strcmp(control->name, pitch) == 0) {
      control->value = (PhValue){ .tag = PH_VALUE_NOTE, .num = event->semitones };
    } else if (control->value.tag == PH_VALUE_STR) {
      control->value.str = put_text(&at, control->value.str);
    }
  }
  copy->controls = map;
  return copy;
}

uint32_t ph_outside_keep(PhEngine *engine, const PhSinkEvent *event, const PhMap *controls, const char *pitch)
{
  PhScore *score = &engine->score;
  uint32_t index = 0;
  while (index < score->out_count && score->outs[index]) {
    index++;
  }
  if (index == score->out_count) {
    score->outs = ph_engine_grow(engine, score->outs, score->out_count, &score->out_cap, sizeof *score->outs);
    score->outs[score->out_count++] = NULL;
  }
  score->outs[index] = copy_event(engine, event, controls, pitch);
  return index + 1;
}

void ph_outside_drop(PhScore *score)
{
  for (size_t i = 0; i < score->out_count; i++) {
    free(score->outs[i]);
  }
  score->out_count = 0;
}

double ph_outside_sustain(const PhEngine *engine, const PhControls *c, int64_t length)
{
  const double natural = (double)length / engine->plan->sample_rate;
  const double sec = ph_has(c, PH_CTL_DUR)       ? c->v[PH_CTL_DUR]
                     : ph_has(c, PH_CTL_SUSTAIN) ? c->v[PH_CTL_SUSTAIN]
                     : ph_has(c, PH_CTL_LEGATO)  ? c->v[PH_CTL_LEGATO] * natural
                                                 : natural;
  return sec > 0 ? (sec < MOST_SUSTAIN_SEC ? sec : MOST_SUSTAIN_SEC) : 0;
}

void ph_outside_send(PhEngine *engine, const PhNote *note)
{
  PhSinkEvent *event = engine->score.outs[note->out - 1];
  engine->score.outs[note->out - 1] = NULL;
  if (engine->sink) {
    engine->sink(engine->sink_ctx, event);
  } else {
    const char *text = ph_arena_printf(&engine->names, "events for %s `%s` go outside, and nobody takes them here",
                                       event->kind == PH_SINK_MIDI ? "the MIDI port" : "the OSC target", event->name);
    ph_engine_say(engine, PH_SEVERITY_NOTE, engine->plan->players[note->player].at,
                  text ? text : "events go outside, and nobody takes them here",
                  "they are sent while `phonon live` plays");
  }
  engine->events += note->event != engine->last_event;
  engine->last_event = note->event;
  free(event);
}
