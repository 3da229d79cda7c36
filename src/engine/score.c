/* The score: players' patterns, queried by whole cycles, become notes in order of time.  SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/internal.h"

enum { AHEAD_CYCLES = 64, AHEAD_NOTES = 1 << 16 };

/* ---- the heap ---- */

static bool before(const PhHeapItem *a, const PhHeapItem *b)
{
  if (a->frame != b->frame) {
    return a->frame < b->frame;
  }
  return a->player != b->player ? a->player < b->player : a->seq < b->seq;
}

static void push_item(PhEngine *engine, PhHeapItem item)
{
  PhScore *score = &engine->score;
  score->heap = ph_engine_grow(engine, score->heap, score->len, &score->cap, sizeof *score->heap);
  size_t at = score->len++;
  while (at > 0 && before(&item, &score->heap[(at - 1) / 2])) {
    score->heap[at] = score->heap[(at - 1) / 2];
    at = (at - 1) / 2;
  }
  score->heap[at] = item;
}

static PhHeapItem pop_item(PhScore *score)
{
  const PhHeapItem top = score->heap[0];
  const PhHeapItem last = score->heap[--score->len];
  size_t at = 0;
  for (size_t child = 1; child < score->len; child = 2 * at + 1) {
    if (child + 1 < score->len && before(&score->heap[child + 1], &score->heap[child])) {
      child++;
    }
    if (!before(&score->heap[child], &last)) {
      break;
    }
    score->heap[at] = score->heap[child];
    at = child;
  }
  score->heap[at] = last;
  return top;
}

static void push_note(PhEngine *engine, const PhNote *note)
{
  PhScore *score = &engine->score;
  uint32_t index;
  if (score->free_count) {
    index = score->free_notes[--score->free_count];
  } else {
    score->notes = ph_engine_grow(engine, score->notes, score->note_count, &score->note_cap, sizeof *score->notes);
    score->free_notes = ph_engine_grow(engine, score->free_notes, score->note_count, &score->free_cap, sizeof *score->free_notes);
    index = (uint32_t)score->note_count++;
  }
  score->notes[index] = *note;
  if (note->values) {
    const size_t bytes = engine->plan->control_count * sizeof *score->values;
    while (score->value_cap <= index) {
      score->values = ph_engine_grow(engine, score->values, score->value_cap, &score->value_cap, bytes);
    }
    memcpy(score->values + (size_t)index * engine->plan->control_count, note->values, bytes);
  }
  push_item(engine, (PhHeapItem){ note->frame, note->seq, note->player, index });
}

bool ph_score_take(PhEngine *engine, int64_t frame, PhNote *out)
{
  PhScore *score = &engine->score;
  if (score->len == 0 || score->heap[0].frame >= frame) {
    return false;
  }
  const PhHeapItem item = pop_item(score);
  *out = score->notes[item.note];
  out->values = out->values ? score->values + (size_t)item.note * engine->plan->control_count : NULL;
  score->free_notes[score->free_count++] = item.note; /* there is room: as many as notes were ever made */
  return true;
}

/* ---- sounds ---- */

/* A built-in synth gives way to a bank of its name, as in SuperDirt: then it is the samples that the name means. */
static int32_t instrument_named(const PhEngine *engine, const char *name)
{
  const PhPlan *plan = engine->plan;
  for (uint32_t i = 0; i < plan->instrument_count; i++) {
    if (strcmp(plan->instruments[i].name, name) == 0) {
      const bool is_bank = name[0] != '~' && engine->store && ph_sample_bank_count(engine->store, name) > 0;
      return is_bank ? PH_SAMPLES : (int32_t)i;
    }
  }
  return PH_SAMPLES;
}

static void rehash(PhEngine *engine)
{
  PhScore *score = &engine->score;
  const uint32_t size = score->table_size ? score->table_size * 2 : 64;
  uint32_t *table = ph_engine_alloc(engine, size * sizeof *table);
  for (uint32_t i = 0; i < score->sound_count; i++) {
    const PhSound *sound = &score->sounds[i];
    uint32_t at = (uint32_t)ph_mix(sound->hash, (uint64_t)sound->n) & (size - 1);
    while (table[at]) {
      at = (at + 1) & (size - 1);
    }
    table[at] = i + 1;
  }
  free(score->table);
  score->table = table;
  score->table_size = size;
}

/* The place of a sound in the table, or an empty one. */
static uint32_t *sound_place(const PhScore *score, const char *name, uint64_t hash, int64_t n)
{
  uint32_t at = (uint32_t)ph_mix(hash, (uint64_t)n) & (score->table_size - 1);
  for (; score->table[at]; at = (at + 1) & (score->table_size - 1)) {
    const PhSound *sound = &score->sounds[score->table[at] - 1];
    if (sound->hash == hash && sound->n == n && strcmp(sound->name, name) == 0) {
      break;
    }
  }
  return &score->table[at];
}

/* An event names a sound that is known. */
static uint32_t named(PhScore *score, uint32_t index, PhSource source)
{
  PhSound *sound = &score->sounds[index];
  if (sound->again) {
    sound->again = sound->asked = false;
    sound->at = source;
    score->unasked++;
  }
  return index;
}

static uint32_t sound_of(PhEngine *engine, const char *name, int64_t n, PhSource source)
{
  PhScore *score = &engine->score;
  if (score->sound_count * 2 >= score->table_size) {
    rehash(engine);
  }
  const uint64_t hash = ph_hash_str(name);
  const uint32_t known = *sound_place(score, name, hash, n);
  if (known) {
    return named(score, known - 1, source);
  }
  const int32_t instrument = instrument_named(engine, name);
  n = instrument == PH_SAMPLES ? n : 0; /* an instrument is one sound */
  uint32_t *place = sound_place(score, name, hash, n);
  if (*place) {
    return named(score, *place - 1, source);
  }
  score->sounds = ph_engine_grow(engine, score->sounds, score->sound_count, &score->sound_cap, sizeof *score->sounds);
  const char *kept = ph_arena_strndup(&engine->names, name, strlen(name));
  score->sounds[score->sound_count] = (PhSound){ .name = kept, .hash = hash, .n = n, .instrument = instrument,
                                                 .asked = instrument != PH_SAMPLES, .at = source };
  score->unasked += instrument == PH_SAMPLES;
  *place = (uint32_t)++score->sound_count;
  return (uint32_t)score->sound_count - 1;
}

static void found(PhEngine *engine, uint32_t index, const PhSampleRequest *request)
{
  PhSound *sound = &engine->score.sounds[index];
  engine->score.loading -= sound->loading;
  sound->loading = false;
  sound->sample = request->sample;
  if (!request->sample) {
    const char *text = request->message;
    ph_engine_say(engine, PH_SEVERITY_WARNING, sound->at,
                  text ? text : ph_arena_printf(&engine->names, "no sample is called `%s`", sound->name),
                  text ? NULL : "it plays silence");
  }
}

static void take_loaded(PhEngine *engine, bool wait)
{
  uint32_t sound;
  PhSampleRequest request;
  while (engine->score.loading && ph_loader_take(engine->loader, wait, &sound, &request)) {
    found(engine, sound, &request);
    wait = false;
  }
}

void ph_score_need(PhEngine *engine, uint32_t sound)
{
  while (engine->score.sounds[sound].loading) {
    take_loaded(engine, true);
  }
}

/* Those that nobody has asked for yet: by the loader, if there is one, or at once, many at a time. */
static void load_unasked(PhEngine *engine)
{
  PhScore *score = &engine->score;
  const PhArenaMark mark = ph_arena_mark(&engine->querier.arena);
  PhSampleRequest *requests = PH_NEWN(&engine->querier.arena, PhSampleRequest, score->unasked);
  uint32_t *sounds = PH_NEWN(&engine->querier.arena, uint32_t, score->unasked);
  size_t count = 0;
  for (uint32_t i = 0; i < score->sound_count && score->unasked; i++) {
    PhSound *sound = &score->sounds[i];
    if (sound->asked) {
      continue;
    }
    sound->asked = true;
    score->unasked--;
    sound->loading = engine->loader && ph_loader_ask(engine->loader, i, sound->name, sound->n);
    score->loading += sound->loading;
    if (!sound->loading) {
      sounds[count] = i;
      requests[count++] = (PhSampleRequest){ .name = sound->name, .n = sound->n };
    }
  }
  if (engine->store && count) {
    ph_sample_load(engine->store, requests, count);
  }
  for (size_t i = 0; i < count; i++) {
    found(engine, sounds[i], &requests[i]);
  }
  ph_arena_release(&engine->querier.arena, mark);
}

void ph_score_load(PhEngine *engine)
{
  if (engine->score.unasked) {
    load_unasked(engine);
  }
  if (engine->score.loading) {
    take_loaded(engine, false);
  }
}

/* ---- events ---- */

/* An event on its way to its notes; events of a bus that is a pattern become several. */
typedef struct Event {
  uint32_t player;
  PhRat begin, end;
  uint64_t key;
  double nudge;
  PhSource at;
  uint32_t mask;
  uint32_t depth;
  const PhKeyEvent *key_event; /* it is made by a key that is struck; NULL: by the pattern alone */
} Event;

static uint32_t route_of(PhEngine *engine, const Event *event, const PhEffects *fx)
{
  const PhPlayer *player = &engine->plan->players[event->player];
  const uint32_t orbit = player->orbits ? ph_orbit_of((double)ph_fx(fx, PH_FX_ORBIT, 0)) : 0;
  uint32_t found = player->route_count;
  for (uint32_t r = 0; r < player->route_count; r++) {
    if (player->routes[r].mask == event->mask) {
      if (player->routes[r].orbit == orbit) {
        return r;
      }
      found = found < r ? found : r;
    }
  }
  if (player->orbits && !(player->orbits >> orbit & 1)) {
    ph_engine_say(engine, PH_SEVERITY_WARNING, event->at,
                  ph_arena_printf(&engine->querier.arena, "orbit %u did not occur in the pattern's first cycles", orbit),
                  "its events play in the lowest orbit that did");
  }
  return found < player->route_count ? found : 0; /* a mask that the pattern did not announce: the plain route */
}

static double nudge_of(const PhEventControls *controls)
{
  const double sec = ph_ctl(&controls->c, PH_CTL_NUDGE, 0);
  return sec < -PH_NUDGE_EARLY_SEC ? -PH_NUDGE_EARLY_SEC : sec > PH_NUDGE_LATE_SEC ? PH_NUDGE_LATE_SEC : sec;
}

/* What a key makes begins when it is struck, as loud as that, and lasts until it is let go; a step of an arpeggio until the next one. */
static void hold_note(const PhEngine *engine, const PhKeyEvent *key, PhNote *note)
{
  PhControls *c = &note->c;
  c->v[PH_CTL_VELOCITY] = ph_ctl(c, PH_CTL_VELOCITY, 1) * key->value;
  c->has |= UINT64_C(1) << PH_CTL_VELOCITY;
  note->channel = key->channel;
  if (key->arp) {
    note->length = key->length;
    return;
  }
  note->frame = key->frame;
  note->length = (int64_t)(PH_HELD_SEC * engine->plan->sample_rate);
  note->held_by = key->id;
  c->has &= ~(UINT64_C(1) << PH_CTL_LEGATO); /* a share of nobody knows what */
}

static void add_notes(PhEngine *engine, const Event *event, const PhEventControls *controls, uint32_t sound)
{
  const PhPlan *plan = engine->plan;
  const bool is_instrument = engine->score.sounds[sound].instrument != PH_SAMPLES;
  const double *values = controls->notes;
  uint32_t count = controls->note_count;
  if (count == 0 && is_instrument) { /* `n` is the note of an instrument */
    values = controls->degrees;
    count = controls->degree_count;
  }
  const int64_t onset = ph_tempo_frame(&engine->tempo, event->begin);
  const int64_t frame = onset + (int64_t)floor(event->nudge * plan->sample_rate + 0.5);
  PhNote note = { .frame = frame < 0 ? 0 : frame,
                  .length = ph_tempo_frame(&engine->tempo, event->end) - onset,
                  .event = engine->score.events,
                  .key = event->key,
                  .player = event->player,
                  .cps = ph_tempo_told(&engine->tempo, event->begin),
                  .sound = sound,
                  .has_note = count > 0,
                  .route = route_of(engine, event, &controls->fx),
                  .c = controls->c,
                  .fx = controls->fx,
                  .values = controls->values,
                  .at = event->at };
  note.segments = controls->levels && controls->times
                    ? ph_segments_of(engine, controls->levels, controls->times, event->at) : NULL;
  note.share = count > 1 ? 1.0 / sqrt((double)count) : 1.0;
  if (event->key_event) {
    hold_note(engine, event->key_event, &note);
  }
  if (note.frame < engine->score.from) {
    return; /* it sounds already */
  }
  engine->score.latest = frame - onset > engine->score.latest ? frame - onset : engine->score.latest;
  for (uint32_t i = 0; i < (count ? count : 1); i++) {
    note.semitones = count ? values[i] : 0;
    note.key = i ? ph_mix(event->key, i) : event->key;
    note.seq = engine->score.seq++;
    push_note(engine, &note);
  }
}

static void query_player(PhEngine *engine, const PhPat *pat, PhArc span, const Event *outer, const PhEventControls *over);

/* A bus that is a pattern plays it from its beginning for the event's length. */
static void nest(PhEngine *engine, const Event *event, const PhEventControls *controls, const PhInstrument *instrument)
{
  if (event->depth >= PH_NEST_MAX) {
    ph_engine_say(engine, PH_SEVERITY_WARNING, event->at, "buses that are patterns play one another more than 8 deep",
                  "the innermost ones are silent");
    return;
  }
  const PhArc span = { PH_RAT_INT(0), ph_rat_sub(event->end, event->begin) };
  query_player(engine, instrument->pat, span, event, controls);
}

/* An event that goes outside, as notes that wait with the others: one, or those of its chord. */
static void add_outside(PhEngine *engine, Event *event, const PhEventControls *controls, const PhSinkEvent *where, const PhMap *map)
{
  const bool named = controls->note_count > 0;
  const double *values = named ? controls->notes : controls->degrees;
  const uint32_t count = named ? controls->note_count : controls->degree_count;
  event->nudge += nudge_of(controls);
  const int64_t onset = ph_tempo_frame(&engine->tempo, event->begin);
  const int64_t frame = onset + (int64_t)floor(event->nudge * engine->plan->sample_rate + 0.5);
  const PhRat cps = ph_tempo_told(&engine->tempo, event->begin);
  PhNote note = { .frame = frame < 0 ? 0 : frame, .length = ph_tempo_frame(&engine->tempo, event->end) - onset,
                  .event = engine->score.events++, .key = event->key, .player = event->player, .cps = cps, .at = event->at };
  PhSinkEvent out = *where;
  out.frame = note.frame;
  out.cycle = ph_rat_to_double(event->begin);
  out.cps = ph_rat_to_double(cps);
  out.delta_sec = (double)note.length / engine->plan->sample_rate;
  out.sustain_sec = ph_outside_sustain(engine, &controls->c, note.length);
  out.tidal = engine->querier.tidal;
  out.has_note = count > 0;
  if (note.frame < engine->score.from) {
    return; /* it was sent already */
  }
  engine->score.latest = frame - onset > engine->score.latest ? frame - onset : engine->score.latest;
  for (uint32_t i = 0; i < (count ? count : 1); i++) {
    out.semitones = count ? values[i] : 0;
    note.out = ph_outside_keep(engine, &out, map, count == 0 ? NULL : named ? "note" : "n");
    note.seq = engine->score.seq++;
    push_note(engine, &note);
  }
}

static bool reads(const PhEngine *engine, int32_t instrument, const char *control)
{
  const PhInstrument *it = instrument == PH_SAMPLES ? NULL : &engine->plan->instruments[instrument];
  for (uint32_t i = 0; it && i < it->control_count; i++) {
    if (strcmp(engine->plan->controls[it->controls[i].control], control) == 0) {
      return true;
    }
  }
  return false;
}

/* What the event asks for and does not get. What an instrument reads does something, whatever it is called. */
static void say_unheard(PhEngine *engine, const Event *event, const PhEventControls *controls, int32_t instrument)
{
  const char *name;
  for (unsigned bit = 0; controls->fx.unheard && (name = ph_effects_unheard(bit)) != NULL; bit++) {
    if (controls->fx.unheard >> bit & 1u && !reads(engine, instrument, name)) {
      ph_engine_say(engine, PH_SEVERITY_WARNING, event->at,
                    ph_arena_printf(&engine->querier.arena, "`%s` has no effect on the sound here", name),
                    "an instrument of your own may read it: `ctl`");
    }
  }
  /* In Tidal's dialect patterns often say the one for those of their events that have the other. */
  for (const PhFxIdle *idle = NULL; !engine->querier.tidal && (idle = ph_effects_idle(&controls->fx, idle)) != NULL;) {
    if (!reads(engine, instrument, idle->name)) {
      ph_engine_say(engine, PH_SEVERITY_NOTE, event->at,
                    ph_arena_printf(&engine->querier.arena, "`%s` does nothing without `%s`", idle->name, idle->without),
                    idle->help);
    }
  }
}

static void add_event(PhEngine *engine, Event *event, const PhEventControls *controls)
{
  if (!controls->sound || !controls->sound[0] || strcmp(controls->sound, "~") == 0) {
    return;
  }
  const double n = ph_ctl(&controls->c, PH_CTL_N, 0);
  const int64_t index = n > -1e15 && n < 1e15 ? (int64_t)floor(n) : 0;
  const uint32_t sound = sound_of(engine, controls->sound, index, event->at);
  const int32_t instrument = engine->score.sounds[sound].instrument;
  const bool nested = instrument != PH_SAMPLES && engine->plan->instruments[instrument].pat;
  if (!nested) {
    say_unheard(engine, event, controls, instrument);
  }
  event->nudge += nudge_of(controls);
  engine->score.events++;
  if (nested) {
    nest(engine, event, controls, &engine->plan->instruments[instrument]);
  } else {
    add_notes(engine, event, controls, sound);
  }
}

/* An event that a key makes. What has a length of its own to be known cannot be made of it. */
static void add_struck(PhEngine *engine, Event *event, const PhEventControls *controls, const PhValue *value)
{
  PhSinkEvent out;
  const char *text = NULL;
  const PhInstrument *bus = NULL;
  for (uint32_t i = 0; controls->sound && i < engine->plan->instrument_count && !bus; i++) {
    bus = strcmp(engine->plan->instruments[i].name, controls->sound) == 0 ? &engine->plan->instruments[i] : NULL;
  }
  if (ph_outside(value, &out.kind, &out.name)) {
    text = "what is played by hand sounds here, and is not sent on";
  } else if (bus && bus->pat) {
    text = "a bus that is a pattern cannot be played by hand";
  }
  if (text) {
    ph_engine_say(engine, PH_SEVERITY_WARNING, event->at, text, "play an instrument, a synth or a sample");
    return;
  }
  add_event(engine, event, controls);
}

void ph_score_strike(PhEngine *engine, const PhKeyEvent *key)
{
  static const int64_t grid = 1 << 20; /* instants of a cycle: coarse enough for any function to keep them exact */
  double cps;
  const PhRat now = ph_tempo_instant(&engine->tempo, key->frame, &cps);
  const PhRat begin =
      key->arp ? key->cycle : ph_rat_div(ph_rat_floor(ph_rat_mul(now, PH_RAT_INT(grid))), PH_RAT_INT(grid));
  const PhArc instant = { begin, ph_rat_add(begin, ph_rat_div(PH_RAT_INT(1), PH_RAT_INT(grid))) };
  for (uint32_t p = 0; p < engine->plan->player_count; p++) {
    const PhPlayer *player = &engine->plan->players[p];
    const Event outer = { .player = p, .key = ph_mix(ph_mix(player->key, 0x6B6579), key->id), .at = player->at, .key_event = key };
    const PhArenaMark mark = ph_arena_mark(&engine->querier.arena);
    query_player(engine, player->pat, instant, &outer, NULL);
    ph_arena_release(&engine->querier.arena, mark);
  }
}

/* The onsets of a query, sorted by time; equal ones in the pattern's order. */
static size_t onsets(PhArena *arena, const PhEvents *events, const PhEvent ***out)
{
  const PhEvent **from = PH_NEWN(arena, const PhEvent *, events->len + 1);
  const PhEvent **to = PH_NEWN(arena, const PhEvent *, events->len + 1);
  size_t count = 0;
  for (size_t i = 0; i < events->len; i++) {
    if (ph_event_has_onset(&events->items[i])) {
      from[count++] = &events->items[i];
    }
  }
  for (size_t width = 1; width < count; width *= 2) {
    for (size_t at = 0; at < count; at += 2 * width) {
      const size_t middle = at + width < count ? at + width : count;
      const size_t end = at + 2 * width < count ? at + 2 * width : count;
      for (size_t k = at, i = at, j = middle; k < end; k++) {
        const bool left = i < middle && (j >= end || ph_rat_le(from[i]->whole.begin, from[j]->whole.begin));
        to[k] = left ? from[i++] : from[j++];
      }
    }
    const PhEvent **swap = from;
    from = to;
    to = swap;
  }
  *out = from;
  return count;
}

/* Where an event stands in the text: its oldest source, which is what named it; newer ones only added controls. */
static PhSource source_of(const PhEvent *event, PhSource fallback)
{
  for (const PhSourceList *at = event->sources; at; at = at->next) {
    fallback = at->source;
  }
  return fallback;
}

/* The events of [span) as notes; inside an outer event they are moved to its onset, cut at its end, and its controls lie over
   theirs. */
static void query_player(PhEngine *engine, const PhPat *pat, PhArc span, const Event *outer, const PhEventControls *over)
{
  PhArena *arena = &engine->querier.arena;
  const PhRat cps = ph_tempo_told(&engine->tempo, over ? outer->begin : span.begin);
  const PhKeyEvent *key = outer->key_event;
  const PhLiveNote live = { key ? key->channel : 0, key ? (double)key->key - PH_KEY_NOTE_0 : 0, key ? key->arp : NULL };
  PhQuery query = { .arena = arena, .seed = engine->querier.seed, .cps = ph_rat_to_double(cps), .live = key ? &live : NULL };
  PhEvents events = { 0 };
  engine->querier.at = outer->at;
  ph_query(&query, pat, span, &events);
  const PhEvent **sorted;
  const size_t count = onsets(arena, &events, &sorted);
  uint64_t ordinal = 0;
  for (size_t i = 0; i < count; i++) {
    const PhEvent *e = sorted[i];
    if (key && !(ph_rat_eq(e->whole.begin, span.begin) && ph_rat_eq(e->whole.end, span.end))) {
      continue; /* it would have come without the key */
    }
    ordinal = i && ph_rat_eq(e->whole.begin, sorted[i - 1]->whole.begin) ? ordinal + 1 : 0;
    const uint64_t time = ph_mix((uint64_t)e->whole.begin.num, (uint64_t)e->whole.begin.den);
    Event event = *outer;
    event.begin = e->whole.begin;
    event.end = e->whole.end;
    event.key = ph_mix(ph_mix(outer->key, time), ordinal);
    event.at = source_of(e, outer->at);
    PhEventControls controls;
    ph_controls_read(&e->value, engine->querier.tidal, &controls);
    controls.values = ph_control_values(engine, &e->value);
    if (over) {
      event.begin = ph_rat_add(outer->begin, event.begin);
      event.end = ph_rat_min(ph_rat_add(outer->begin, event.end), outer->end);
      event.depth++;
      ph_controls_merge(&controls, over);
      controls.values = ph_control_values_merge(engine, controls.values, over->values);
    } else {
      event.mask = (uint32_t)ph_ctl(&controls.c, PH_CTL_FX, 0);
    }
    if (!ph_rat_ok(event.begin) || !ph_rat_ok(event.end)) {
      ph_trap_raise(&engine->trap, PH_OVERFLOW, "%s", ph_status_text(PH_OVERFLOW));
    }
    PhSinkEvent out = { 0 };
    if (key) {
      add_struck(engine, &event, &controls, &e->value);
    } else if (ph_outside(&e->value, &out.kind, &out.name)) {
      add_outside(engine, &event, &controls, &out, e->value.map);
    } else {
      add_event(engine, &event, &controls);
    }
  }
}

static void query_cycle(PhEngine *engine)
{
  PhScore *score = &engine->score;
  const PhRat end = ph_rat_add(ph_rat_floor(score->next), PH_RAT_INT(1));
  for (uint32_t p = 0; p < engine->plan->player_count; p++) {
    const PhPlayer *player = &engine->plan->players[p];
    const Event outer = { .player = p, .key = ph_mix(player->key, 0x70), .at = player->at };
    const PhArenaMark mark = ph_arena_mark(&engine->querier.arena);
    query_player(engine, player->pat, (PhArc){ score->next, end }, &outer, NULL);
    ph_arena_release(&engine->querier.arena, mark);
  }
  score->next = end;
}

PhStatus ph_score_init(PhEngine *engine, PhRat start)
{
  engine->score.next = start;
  return ph_rat_ok(engine->score.next) ? PH_OK : PH_OVERFLOW;
}

void ph_score_restart(PhEngine *engine, int64_t frame)
{
  PhScore *score = &engine->score;
  score->len = score->note_count = score->free_count = 0;
  ph_outside_drop(score);
  free(score->values); /* there may be more of them for a note now */
  score->values = NULL;
  score->value_cap = 0;
  score->from = frame;
  double cps;
  score->next = ph_rat_floor(ph_tempo_instant(&engine->tempo, frame - score->latest, &cps));
}

void ph_score_merge_sounds(PhEngine *engine, const PhScore *from)
{
  PhScore *score = &engine->score;
  for (uint32_t i = 0; i < score->sound_count; i++) {
    PhSound *sound = &score->sounds[i];
    sound->instrument = instrument_named(engine, sound->name);
    sound->again = sound->instrument == PH_SAMPLES && sound->asked && !sound->sample && !sound->loading;
  }
  for (uint32_t i = 0; i < from->sound_count; i++) {
    const PhSound *loaded = &from->sounds[i];
    if (loaded->asked && loaded->instrument == PH_SAMPLES) {
      const uint32_t index = sound_of(engine, loaded->name, loaded->n, loaded->at); /* which may move the sounds */
      PhSound *sound = &score->sounds[index];
      score->unasked -= !sound->asked;
      sound->asked = true;
      sound->sample = loaded->sample;
    }
  }
}

void ph_score_deinit(PhScore *score)
{
  free(score->heap);
  free(score->notes);
  free(score->values);
  free(score->free_notes);
  free(score->sounds);
  free(score->table);
  ph_outside_drop(score);
  free(score->outs);
  *score = (PhScore){ 0 };
}

static int64_t early_frames(const PhEngine *engine)
{
  return (int64_t)ceil(PH_NUDGE_EARLY_SEC * engine->plan->sample_rate) + 1;
}

void ph_score_reach(PhEngine *engine, int64_t frame)
{
  while (engine->plan->player_count && ph_tempo_frame(&engine->tempo, engine->score.next) <= frame + early_frames(engine)) {
    query_cycle(engine);
  }
}

void ph_score_look_ahead(PhEngine *engine, int64_t frame)
{
  PhScore *score = &engine->score;
  for (int i = 0; i < AHEAD_CYCLES && engine->plan->player_count && score->len < AHEAD_NOTES; i++) {
    if (ph_tempo_frame(&engine->tempo, score->next) > frame) {
      return;
    }
    query_cycle(engine);
  }
}
