/* Step signals: a pattern of values becomes changes of slots at exact frames, cycle by cycle, so that neither blocks nor
   how far was looked ahead can be seen in them.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/dmath.h"
#include "engine/internal.h"

enum {
  ACTIVE_MAX = 64,     /* simultaneous events that are looked at */
  FIRST_VALUE_CYCLES = 16 /* how far a frequency looks for its first value */
};

#define C4_HZ 261.62556530059863

double ph_note_hz(double semitones, bool tidal)
{
  const double octaves = semitones / 12.0 + (tidal ? 1.0 : 0.0); /* note 0 is c5 there */
  const double hz = C4_HZ * ph_exp2_d(octaves < -20 ? -20 : octaves > 10 ? 10 : octaves);
  return hz;
}

uint32_t ph_value_numbers(const PhValue *value, PhStepUse use, bool tidal, double *out, uint32_t most)
{
  if (value->tag == PH_VALUE_MAP && value->map->len == 1) {
    return ph_value_numbers(&value->map->items[0].value, use, tidal, out, most);
  }
  size_t count = 1;
  bool is_note = value->tag == PH_VALUE_NOTE;
  if (value->tag == PH_VALUE_STR) {
    is_note = true;
    if (!ph_note_parse(ph_str_of(value->str), tidal, &out[0])) {
      if (!ph_chord_parse(ph_str_of(value->str), tidal, out, most, &count)) {
        is_note = false;
      }
    }
  }
  if ((value->tag != PH_VALUE_STR || !is_note) && !ph_value_as_num(value, tidal, &out[0])) {
    return 0;
  }
  for (size_t i = 0; i < count; i++) {
    out[i] = is_note && use == PH_USE_HZ ? ph_note_hz(out[i], tidal) : out[i];
    out[i] = out[i] > -1e18 && out[i] < 1e18 ? out[i] : 0;
  }
  return (uint32_t)count;
}

static bool is_true(const PhValue *value, bool tidal)
{
  double x = 0;
  switch (value->tag) {
  case PH_VALUE_BOOL:
    return value->b;
  case PH_VALUE_STR:
    return strcmp(value->str, "f") != 0 && strcmp(value->str, "false") != 0;
  case PH_VALUE_MAP:
  case PH_VALUE_NONE:
    return value->tag == PH_VALUE_MAP;
  default:
    return !ph_value_as_num(value, tidal, &x) || x != 0;
  }
}

void ph_track_init(PhTrack *track, const PhStep *step, PhTempo *tempo, PhRat start)
{
  const uint32_t channels = step->channels > PH_TRACK_CHANNELS ? PH_TRACK_CHANNELS : step->channels;
  *track = (PhTrack){ .step = step, .tempo = tempo, .next = start, .channels = channels, .sign = -1 };
}

void ph_track_deinit(PhTrack *track)
{
  free(track->frames);
  free(track->values);
  track->frames = NULL;
  track->values = NULL;
  track->len = track->cap = 0;
}

static void grow(PhTrack *track, PhQuerier *querier)
{
  const size_t cap = track->cap ? track->cap * 2 : 32;
  int64_t *frames = realloc(track->frames, cap * sizeof *frames);
  track->frames = frames ? frames : track->frames;
  float *values = frames ? realloc(track->values, cap * track->channels * sizeof *values) : NULL;
  track->values = values ? values : track->values;
  if (!values) {
    ph_trap_raise(querier->arena.trap, PH_NOMEM, "%s", ph_status_text(PH_NOMEM));
  }
  track->cap = cap;
}

/* The signal is `current` from `frame` on. */
static void push(PhTrack *track, PhQuerier *querier, int64_t frame)
{
  if (track->len && track->frames[track->len - 1] >= frame) {
    track->len--; /* of several changes on one frame the last one counts */
    frame = track->frames[track->len];
  }
  if (track->len == track->cap) {
    grow(track, querier);
  }
  track->frames[track->len] = frame;
  memcpy(track->values + track->len * track->channels, track->current, track->channels * sizeof(float));
  track->len++;
}

static bool set_gate(PhTrack *track, PhQuerier *querier, int64_t frame, const PhEvent *const *active, size_t count, PhRat at)
{
  bool on = false, onset = false;
  for (size_t i = 0; i < count; i++) {
    if (is_true(&active[i]->value, querier->tidal)) {
      on = true;
      onset |= ph_rat_eq(active[i]->whole.begin, at);
    }
  }
  float value = on ? track->current[0] : 0;
  const bool same_frame = track->len && track->frames[track->len - 1] == frame && track->current[0] != 0;
  if (on && (onset || value == 0) && !same_frame) {
    track->sign = -track->sign;
    value = track->sign;
  }
  const bool changed = value != track->current[0];
  track->current[0] = value;
  return changed;
}

/* Which channels have a value: decided at onsets, so that in a gap a chord goes on as its frequencies do. */
static bool set_there(PhTrack *track, PhQuerier *querier, const PhEvent *const *active, size_t count, PhRat at)
{
  uint32_t have = 0;
  bool onset = false;
  for (size_t i = 0; i < count; i++) {
    double several[PH_TRACK_CHANNELS];
    have += ph_value_numbers(&active[i]->value, PH_USE_NUM, querier->tidal, several, PH_TRACK_CHANNELS);
    onset |= ph_rat_eq(active[i]->whole.begin, at);
  }
  bool changed = false;
  for (uint32_t c = 0; onset && c < track->channels; c++) {
    const float value = c < have ? 1 : 0;
    changed |= value != track->current[c];
    track->current[c] = value;
  }
  return changed;
}

static bool set_values(PhTrack *track, PhQuerier *querier, const PhEvent *const *active, size_t count)
{
  float values[PH_TRACK_CHANNELS];
  uint32_t have = 0;
  for (size_t i = 0; i < count && have < track->channels; i++) {
    double several[PH_TRACK_CHANNELS];
    const uint32_t n = ph_value_numbers(&active[i]->value, track->step->use, querier->tidal, several, PH_TRACK_CHANNELS);
    for (uint32_t k = 0; k < n && have < track->channels; k++) {
      values[have++] = (float)several[k];
    }
  }
  bool changed = false;
  for (uint32_t c = 0; c < track->channels; c++) {
    const float held = track->step->use == PH_USE_HZ ? track->current[c] : 0;
    const float value = c < have ? values[c] : held;
    changed |= value != track->current[c];
    track->current[c] = value;
  }
  return changed;
}

static void set(PhTrack *track, PhQuerier *querier, PhRat at, const PhEvent *const *active, size_t count)
{
  const int64_t frame = ph_tempo_frame(track->tempo, at);
  const bool changed = track->step->use == PH_USE_GATE    ? set_gate(track, querier, frame, active, count, at)
                       : track->step->use == PH_USE_THERE ? set_there(track, querier, active, count, at)
                                                          : set_values(track, querier, active, count);
  if (changed || track->len == 0) {
    push(track, querier, frame);
  }
}

static int compare(const void *a, const void *b)
{
  const PhEvent *x = a, *y = b;
  int order = ph_rat_cmp(x->part.begin, y->part.begin);
  order = order ? order : ph_rat_cmp(x->whole.begin, y->whole.begin);
  return order;
}

/* qsort is not stable; events that are equal in time keep the order in which the pattern gave them. */
static void sort_events(PhArena *arena, PhEvents *events)
{
  PhEvent *from = events->items, *to = PH_NEWN(arena, PhEvent, events->len + 1);
  for (size_t width = 1; width < events->len; width *= 2) {
    for (size_t at = 0; at < events->len; at += 2 * width) {
      const size_t middle = at + width < events->len ? at + width : events->len;
      const size_t end = at + 2 * width < events->len ? at + 2 * width : events->len;
      size_t i = at, j = middle;
      for (size_t k = at; k < end; k++) {
        const bool left = i < middle && (j >= end || compare(&from[i], &from[j]) <= 0);
        to[k] = left ? from[i++] : from[j++];
      }
    }
    PhEvent *swap = from;
    from = to;
    to = swap;
  }
  events->items = from;
}

/* Every boundary of [begin, end): what is active from there on. */
static void sweep(PhTrack *track, PhQuerier *querier, const PhEvents *events, PhRat begin, PhRat end)
{
  const PhEvent *active[ACTIVE_MAX];
  size_t count = 0, next = 0;
  for (PhRat at = begin; ph_rat_lt(at, end);) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
      if (ph_rat_lt(at, active[i]->part.end)) {
        active[kept++] = active[i];
      }
    }
    count = kept;
    for (; next < events->len && ph_rat_le(events->items[next].part.begin, at); next++) {
      if (count < ACTIVE_MAX && ph_rat_lt(at, events->items[next].part.end)) {
        active[count++] = &events->items[next];
      }
    }
    set(track, querier, at, active, count);
    PhRat boundary = next < events->len ? events->items[next].part.begin : end;
    for (size_t i = 0; i < count; i++) {
      boundary = ph_rat_min(boundary, active[i]->part.end);
    }
    at = boundary;
  }
}

static void query(PhTrack *track, PhQuerier *querier, PhRat begin, PhRat end, PhEvents *events)
{
  PhQuery q = { .arena = &querier->arena,
                .seed = querier->seed,
                .cps = ph_rat_to_double(ph_tempo_told(track->tempo, begin)) };
  querier->at = track->step->at;
  if (track->tempo->told && track->step->pat == track->tempo->told) {
    PH_PUSH(q.arena, events, ((PhEvent){ .whole = { begin, end }, .part = { begin, end }, .has_whole = true,
                                         .value = { .tag = PH_VALUE_NUM, .num = q.cps } }));
    return;
  }
  ph_query(&q, track->step->pat, (PhArc){ begin, end }, events);
  size_t kept = 0;
  for (size_t i = 0; i < events->len; i++) {
    if (events->items[i].has_whole) {
      events->items[kept++] = events->items[i];
    }
  }
  events->len = kept;
}

/* Before its first event a frequency has the first value to come. */
static void look_for_first(PhTrack *track, PhQuerier *querier)
{
  PhRat begin = track->next;
  for (int i = 0; i < FIRST_VALUE_CYCLES; i++) {
    const PhRat end = ph_rat_add(ph_rat_floor(begin), PH_RAT_INT(1));
    const PhArenaMark mark = ph_arena_mark(&querier->arena);
    PhEvents events = { 0 };
    query(track, querier, begin, end, &events);
    sort_events(&querier->arena, &events);
    if (events.len) {
      const PhEvent *first = &events.items[0];
      if (track->step->use == PH_USE_THERE) {
        (void)set_there(track, querier, &first, 1, first->whole.begin);
      } else {
        (void)set_values(track, querier, &first, 1);
      }
      for (uint32_t c = 1; track->step->use == PH_USE_HZ && c < track->channels; c++) {
        track->current[c] = track->current[c] != 0 ? track->current[c] : track->current[0];
      }
    }
    const bool found = events.len > 0;
    ph_arena_release(&querier->arena, mark);
    if (found) {
      return;
    }
    begin = end;
  }
}

void ph_track_reach(PhTrack *track, PhQuerier *querier, int64_t frame)
{
  if (track->len == 0 && (track->step->use == PH_USE_HZ || track->step->use == PH_USE_THERE) && !track->resumed) {
    look_for_first(track, querier);
  }
  while (ph_tempo_frame(track->tempo, track->next) <= frame) {
    const PhRat end = ph_rat_add(ph_rat_floor(track->next), PH_RAT_INT(1));
    const PhArenaMark mark = ph_arena_mark(&querier->arena);
    PhEvents events = { 0 };
    query(track, querier, track->next, end, &events);
    sort_events(&querier->arena, &events);
    sweep(track, querier, &events, track->next, end);
    ph_arena_release(&querier->arena, mark);
    track->next = end;
  }
}

/* What the sign of a gate was before `frame`: each change to a value that is not 0 turns it. */
static float sign_before(const PhTrack *track, int64_t frame)
{
  for (size_t i = 0; i < track->len; i++) {
    if (track->frames[i] >= frame && track->values[i * track->channels] != 0) {
      return -track->values[i * track->channels];
    }
  }
  return track->sign;
}

void ph_track_resume(PhTrack *track, PhQuerier *querier, int64_t frame, const PhTrack *before, float *values)
{
  if (before || !track->step->pat) {
    memcpy(track->current, values, track->channels * sizeof *values);
  }
  track->resumed = before != NULL;
  if (!track->step->pat || track->step->continuous) {
    return;
  }
  ph_track_reach(track, querier, frame);
  if (before && track->step->use == PH_USE_GATE && sign_before(before, frame) != sign_before(track, frame)) {
    track->sign = -track->sign;
    track->current[0] = -track->current[0];
    for (size_t i = 0; i < track->len; i++) {
      track->values[i] = -track->values[i];
    }
  }
  for (size_t i = 0; i < track->len && track->frames[i] < frame; i++) {
    memcpy(values, track->values + i * track->channels, track->channels * sizeof *values);
  }
  ph_track_forget(track, frame);
}

/* The signal has these values at the frame, which is before all changes that are known: a change, if it did not have them. */
static void put_first(PhTrack *track, PhQuerier *querier, int64_t frame, const float *values)
{
  if (track->len && track->frames[0] <= frame) {
    track->frames[0] = frame; /* what it became then, or before */
    return;
  }
  if (track->len == track->cap) {
    grow(track, querier);
  }
  memmove(track->frames + 1, track->frames, track->len * sizeof *track->frames);
  memmove(track->values + track->channels, track->values, track->len * track->channels * sizeof *values);
  track->frames[0] = frame;
  memcpy(track->values, values, track->channels * sizeof *values);
  track->len++;
}

void ph_track_retime(PhTrack *track, PhQuerier *querier, int64_t frame, PhRat begin, const float *values)
{
  if (!track->step->pat || track->step->continuous) {
    return;
  }
  PhTrack before = *track;
  float now[PH_TRACK_CHANNELS];
  memcpy(now, values, track->channels * sizeof *values);
  track->frames = NULL;
  track->values = NULL;
  ph_track_init(track, before.step, before.tempo, begin);
  track->sign = -1;
  if (frame > 0) {
    ph_track_resume(track, querier, frame, &before, now);
  }
  ph_track_deinit(&before);
  if (frame > 0 && memcmp(now, values, track->channels * sizeof *values) != 0) {
    put_first(track, querier, frame, now);
  }
}

void ph_track_put(PhTrack *track, PhQuerier *querier, int64_t frame, float value)
{
  if (value != track->current[0]) {
    track->current[0] = value;
    push(track, querier, frame);
  }
}

void ph_track_forget(PhTrack *track, int64_t frame)
{
  size_t first = 0;
  while (first < track->len && track->frames[first] < frame) {
    first++;
  }
  first = first == track->len && first ? first - 1 : first; /* the last one stays: what comes next may fall on it */
  if (first) {
    const size_t rest = track->len - first;
    memmove(track->frames, track->frames + first, rest * sizeof *track->frames);
    memmove(track->values, track->values + first * track->channels, rest * track->channels * sizeof *track->values);
    track->len = rest;
  }
}

void ph_track_fill(PhTrack *track, PhQuerier *querier, int64_t from, int64_t to, float *wire)
{
  const PhStep *step = track->step;
  for (int64_t frame = from; frame < to; frame++) {
    double cps;
    const PhRat at = ph_tempo_instant(track->tempo, frame, &cps);
    const PhArenaMark mark = ph_arena_mark(&querier->arena);
    PhQuery q = { .arena = &querier->arena, .seed = querier->seed, .cps = cps };
    PhEvents events = { 0 };
    querier->at = step->at;
    ph_query(&q, step->pat, (PhArc){ at, at }, &events);
    double values[PH_TRACK_CHANNELS];
    const bool has = events.len && ph_value_numbers(&events.items[0].value, step->use, querier->tidal, values, PH_TRACK_CHANNELS);
    track->current[0] = has ? (float)values[0] : step->use == PH_USE_HZ ? track->current[0] : 0;
    ph_arena_release(&querier->arena, mark);
    for (uint32_t lane = 0; lane < PH_LANES_BUS; lane++) {
      wire[(frame - from) * PH_LANES_BUS + lane] = track->current[0];
    }
  }
}
