/* Pools of voices: which lane a voice gets, which voice gives way. Decided by the conductor in the order of events, so
   the outcome depends on nothing else.  SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/dmath.h"
#include "engine/internal.h"

#define MOST_PRESSURE 127.0 /* as `# polyTouch` has it */

/* ---- voices ---- */

static PhVoice *new_voice(PhEngine *engine)
{
  PhVoice *voice = engine->free_voices;
  if (voice) {
    engine->free_voices = voice->next;
  } else {
    voice = ph_engine_alloc(engine, sizeof *voice);
  }
  *voice = (PhVoice){ .cursors = voice->cursors, .cursor_cap = voice->cursor_cap, .values = voice->values,
                      .value_cap = voice->value_cap, .curve = voice->curve };
  return voice;
}

void ph_voice_release(PhEngine *engine, PhVoice *voice)
{
  if (voice->tracks) {
    voice->tracks->users--;
    voice->tracks = NULL;
  }
  voice->next = engine->free_voices;
  engine->free_voices = voice;
}

static void unlink_voice(PhVoice *voice)
{
  PhBank *bank = voice->bank;
  for (PhVoice **at = &bank->chain[voice->lane]; *at; at = &(*at)->next) {
    if (*at == voice) {
      *at = voice->next;
      break;
    }
  }
  if (bank->playing[voice->lane] == voice) {
    bank->playing[voice->lane] = NULL;
  }
}

/* Forgets those that end at or before a frame that all tasks have passed. */
static uint32_t prune_list(PhEngine *engine, PhVoice **list, uint32_t count, int64_t frame)
{
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (list[i]->end <= frame) {
      unlink_voice(list[i]);
      ph_voice_release(engine, list[i]);
    } else {
      list[kept++] = list[i];
    }
  }
  return kept;
}

static void add_fading(PhEngine *engine, PhVoice *voice)
{
  size_t cap = engine->fading_cap;
  engine->fading = ph_engine_grow(engine, engine->fading, engine->fading_count, &cap, sizeof *engine->fading);
  engine->fading_cap = (uint32_t)cap;
  engine->fading[engine->fading_count++] = voice;
}

/* Moves voices that have ended by `frame` out of the list of sounding ones: they count no more, but the tasks of the
   window may still run them. */
static void retire(PhEngine *engine, int64_t frame)
{
  if (frame < engine->first_end) {
    return;
  }
  uint32_t kept = 0;
  int64_t first_end = PH_NEVER;
  for (uint32_t i = 0; i < engine->voice_count; i++) {
    PhVoice *voice = engine->voices[i];
    if (voice->end <= frame) {
      add_fading(engine, voice);
    } else {
      first_end = voice->end < first_end ? voice->end : first_end;
      engine->voices[kept++] = voice;
    }
  }
  engine->voice_count = kept;
  engine->first_end = first_end;
}

void ph_voices_prune(PhEngine *engine, int64_t frame)
{
  retire(engine, frame);
  engine->fading_count = prune_list(engine, engine->fading, engine->fading_count, frame);
}

/* ---- giving way ---- */

static void fade_out(PhEngine *engine, uint32_t index, int64_t frame)
{
  PhVoice *voice = engine->voices[index];
  const int64_t fade = (int64_t)engine->fade_frames;
  memmove(engine->voices + index, engine->voices + index + 1, (engine->voice_count - index - 1) * sizeof *engine->voices);
  engine->voice_count--;
  add_fading(engine, voice);
  if (frame + fade >= voice->end) {
    return; /* it ends before a fade would */
  }
  voice->cut_at = frame;
  voice->end = frame + fade;
  voice->bank->free_at[voice->lane] = voice->end;
  if (!voice->pool->effects) { /* with effects the fade comes behind them */
    voice->sample.cut_at = (uint64_t)(frame - voice->onset);
    voice->sample.length = (uint64_t)(voice->end - voice->onset);
  }
}

/* The oldest that is in its release; else the quietest; else the oldest. The list is in order of onset. */
static uint32_t victim(const PhEngine *engine, int64_t frame)
{
  uint32_t quietest = 0;
  double least = 1e300;
  for (uint32_t i = 0; i < engine->voice_count; i++) {
    const PhVoice *voice = engine->voices[i];
    const int64_t age = frame - voice->onset;
    if (age >= voice->env.gate) {
      return i;
    }
    const double shape = voice->shaped ? fabs(ph_curve_level(voice->curve, age)) : 1;
    const double level = voice->level * shape * ph_envelope_level(&voice->env, age);
    if (level < least) {
      least = level;
      quietest = i;
    }
  }
  return quietest;
}

void ph_voices_shed(PhEngine *engine, int64_t frame)
{
  retire(engine, frame);
  while (engine->voice_count > engine->options.max_voices) {
    fade_out(engine, victim(engine, frame), frame);
    engine->voices_stolen++;
  }
}

/* A cut group: the newcomer silences its elders of the same player, orbit and group (negative: and the same sound). */
static void cut_group(PhEngine *engine, const PhVoice *voice)
{
  const PhSound *sounds = engine->score.sounds;
  for (uint32_t i = 0; voice->cut_group != 0 && i < engine->voice_count;) {
    const PhVoice *other = engine->voices[i];
    const bool same = other->cut_group == voice->cut_group && other->player == voice->player && other->orbit == voice->orbit && other->event != voice->event &&
                      (voice->cut_group > 0 || sounds[other->sound].hash == sounds[voice->sound].hash);
    if (same) {
      fade_out(engine, i, voice->onset);
    } else {
      i++;
    }
  }
}

/* ---- banks ---- */

static void free_bank(PhBank *bank)
{
  if (bank) {
    free(bank->events);
    free(bank->slots);
    free(bank->state);
    free(bank->line);
    free(bank->fx_slots);
    free(bank->fx_state);
    free(bank->fx_line);
    free(bank->wire);
    free(bank->sounded);
    free(bank);
  }
}

static void give_code_memory(PhEngine *engine, PhBank *bank, const PhInstrument *instrument)
{
  const size_t slot_floats = (size_t)instrument->slot_count * PH_BANK_LANES;
  bank->slots = ph_engine_alloc(engine, (slot_floats + 1) * sizeof(float));
  bank->state = ph_engine_alloc(engine, ((size_t)instrument->code.state_words + 1) * sizeof(uint32_t));
  bank->line = ph_engine_alloc(engine, (instrument->code.line_floats + 1) * sizeof(float));
  memcpy(bank->slots, instrument->slots, slot_floats * sizeof(float));
  for (uint32_t lane = 0; lane < PH_BANK_LANES; lane++) {
    bank->sign[lane] = -1;
  }
}

static void give_effects_memory(PhEngine *engine, PhBank *bank, const PhEffectChain *effects)
{
  bank->fx_slots = ph_engine_alloc(engine, (size_t)effects->slot_count * PH_BANK_LANES * sizeof(float));
  bank->fx_state = ph_engine_alloc(engine, ((size_t)effects->code.state_words + 1) * sizeof(uint32_t));
  bank->fx_line = ph_engine_alloc(engine, (effects->code.line_floats + 1) * sizeof(float));
  for (uint32_t s = 0; s < effects->slot_count; s++) {
    for (uint32_t lane = 0; lane < PH_BANK_LANES; lane++) {
      bank->fx_slots[s * PH_BANK_LANES + lane] = effects->slots[s];
    }
  }
}

static PhBank *add_bank(PhEngine *engine, PhPool *pool)
{
  size_t cap = pool->bank_cap;
  pool->banks = ph_engine_grow(engine, pool->banks, pool->bank_count, &cap, sizeof *pool->banks);
  pool->bank_cap = (uint32_t)cap;
  PhBank *bank = ph_engine_alloc(engine, sizeof *bank);
  pool->banks[pool->bank_count++] = bank; /* freed with the pool from here on, whatever happens */
  bank->wire = ph_engine_alloc(engine, (size_t)engine->window_frames * PH_LANES_BUS * sizeof(float));
  bank->sounded = ph_engine_alloc(engine, ((size_t)engine->window_frames / engine->grain_frames + 1) * sizeof *bank->sounded);
  if (pool->instrument != PH_SAMPLES) {
    give_code_memory(engine, bank, &engine->plan->instruments[pool->instrument]);
  }
  if (pool->effects) {
    give_effects_memory(engine, bank, pool->effects);
  }
  return bank;
}

PhEffectChain *ph_engine_chain(PhEngine *engine, const PhEffects *fx, PhSource at)
{
  const uint32_t stages = ph_effects_stages(fx);
  for (uint32_t i = 0; stages && i < engine->chain_count; i++) {
    if (engine->chains[i]->stages == stages) {
      return engine->chains[i];
    }
  }
  if (stages && engine->chain_count == PH_CHAIN_MOST) {
    ph_engine_say(engine, PH_SEVERITY_WARNING, at, "the piece has too many combinations of effects", "this one plays without");
  }
  if (!stages || engine->chain_count == PH_CHAIN_MOST) {
    return NULL;
  }
  PhEffectChain *chain = ph_engine_alloc(engine, sizeof *chain);
  chain->at = at;
  engine->chains[engine->chain_count++] = chain; /* freed with the engine from here on, whatever happens */
  const PhStatus status =
    ph_chain_build(chain, stages, engine->bank_set, engine->plan->sample_rate, engine->plan->seed, &engine->names);
  if (status != PH_OK) {
    ph_trap_raise(&engine->trap, status, "%s", ph_status_text(status));
  }
  return chain;
}

static uint32_t voice_lanes(const PhEngine *engine, int32_t instrument, const PhEffectChain *effects)
{
  if (instrument == PH_SAMPLES) {
    return effects ? 2 : 1; /* without effects they are summed before they have lanes */
  }
  return effects && effects->stereo ? 2 : engine->plan->instruments[instrument].voice_lanes;
}

/* An effect that an instrument reads itself is its own affair. */
static uint64_t owned_effects(const PhEngine *engine, int32_t index)
{
  uint64_t owned = 0;
  const PhInstrument *instrument = index == PH_SAMPLES ? NULL : &engine->plan->instruments[index];
  for (uint32_t i = 0; instrument && i < instrument->control_count; i++) {
    owned |= ph_effects_bit(engine->plan->controls[instrument->controls[i].control]);
  }
  return owned;
}

static PhPool *pool_of(PhEngine *engine, const PhNote *note, const PhVoice *voice)
{
  const uint32_t strand = engine->route_strands[engine->strand_of_route[note->player] + note->route];
  const int32_t instrument = voice->instrument;
  PhEffectChain *effects = ph_engine_chain(engine, &voice->fx, note->at);
  PhPool **at = &engine->strands[strand].pools[instrument + 1];
  while (*at && (*at)->effects != effects) {
    at = &(*at)->next;
  }
  if (!*at) {
    PhPool *pool = ph_engine_alloc(engine, sizeof *pool);
    pool->instrument = instrument;
    pool->strand = strand;
    pool->effects = effects;
    pool->voice_lanes = voice_lanes(engine, instrument, effects);
    pool->per_bank = PH_BANK_LANES / pool->voice_lanes;
    *at = pool;
  }
  return *at;
}

/* The lowest lane that is free at the voice's onset. */
static void find_lane(PhEngine *engine, PhPool *pool, PhVoice *voice)
{
  voice->pool = pool;
  for (uint32_t b = 0; b < pool->bank_count; b++) {
    for (uint32_t lane = 0; lane < pool->per_bank; lane++) {
      if (pool->banks[b]->free_at[lane] <= voice->onset) {
        voice->bank = pool->banks[b];
        voice->lane = lane;
        return;
      }
    }
  }
  voice->bank = add_bank(engine, pool);
  voice->lane = 0;
}

static void push_event(PhEngine *engine, PhBank *bank, PhBankEvent event)
{
  bank->events = ph_engine_grow(engine, bank->events, bank->event_count, &bank->event_cap, sizeof *bank->events);
  event.order = (uint32_t)bank->event_count;
  bank->events[bank->event_count++] = event;
}

/* ---- step signals of voices ---- */

static PhVoiceTracks *new_tracks(PhEngine *engine, const PhInstrument *instrument, PhRat cps)
{
  PhVoiceTracks *tracks = ph_engine_alloc(engine, sizeof *tracks);
  tracks->tracks = ph_engine_alloc(engine, (instrument->step_count + 1) * sizeof *tracks->tracks);
  if (ph_tempo_init_constant(&tracks->tempo, engine->tempo.sample_rate, cps) != PH_OK) {
    ph_trap_raise(&engine->trap, PH_NOMEM, "%s", ph_status_text(PH_NOMEM));
  }
  tracks->tempo.told = engine->tempo.told;
  tracks->track_count = instrument->step_count;
  tracks->plan = engine->plan;
  for (uint32_t s = 0; s < instrument->step_count; s++) {
    ph_track_init(&tracks->tracks[s], &instrument->steps[s], &tracks->tempo, PH_RAT_INT(0));
  }
  return tracks;
}

void ph_voice_tracks_free(PhVoiceTracks *tracks)
{
  for (uint32_t s = 0; s < tracks->track_count; s++) {
    ph_track_deinit(&tracks->tracks[s]);
  }
  ph_tempo_deinit(&tracks->tempo);
  free(tracks->tracks);
  free(tracks);
}

/* Voices at one tempo share what their steps do: it depends on their age only. */
static PhVoiceTracks *tracks_of(PhEngine *engine, int32_t index, PhRat cps)
{
  enum { KEEP = 32 };
  const PhInstrument *instrument = &engine->plan->instruments[index];
  PhInstrumentState *state = &engine->instruments[index];
  for (uint32_t i = 0; i < state->track_count; i++) {
    if (ph_rat_eq(state->tracks[i]->tempo.pieces[0].cps, cps)) {
      return state->tracks[i];
    }
  }
  for (uint32_t i = 0; state->track_count >= KEEP && i < state->track_count; i++) {
    if (state->tracks[i]->users == 0) {
      ph_voice_tracks_free(state->tracks[i]);
      state->tracks[i] = state->tracks[--state->track_count];
      i--;
    }
  }
  size_t cap = state->track_cap;
  state->tracks = ph_engine_grow(engine, state->tracks, state->track_count, &cap, sizeof *state->tracks);
  state->track_cap = (uint32_t)cap;
  state->tracks[state->track_count] = new_tracks(engine, instrument, cps);
  return state->tracks[state->track_count++];
}

/* A sample that goes through effects: they shape it, so that the sampler gives it as it is. */
static void start_sample_with_effects(PhEngine *engine, PhVoice *voice)
{
  PhSampleVoice *s = &voice->sample;
  s->attack = s->decay = 0;
  s->sustain = s->release = 1;
  s->gate = s->length = UINT64_MAX;
  s->curve = NULL;
  s->gain_left = s->gain_right = 1;
  push_event(engine, voice->bank, (PhBankEvent){ .frame = voice->onset, .lane = voice->lane, .start = voice });
}

/* The pitch that the voice has by the wheel of its channel. */
static void bend(PhEngine *engine, PhVoice *voice, int64_t frame)
{
  const double factor = ph_exp2_d(engine->keys.bend[voice->channel - 1] * PH_WHEEL_SEMITONES / 12);
  PhBankEvent event = {
    .frame = frame, .lane = voice->lane, .slot = PH_VOICE_HZ, .value = (float)((double)voice->hz * factor)
  };
  push_event(engine, voice->bank, event);
  event.slot = PH_VOICE_RATIO;
  event.value = (float)((double)voice->ratio * factor);
  push_event(engine, voice->bank, event);
}

/* What the instrument reads of a control, from the frame on. */
static void press(PhEngine *engine, PhVoice *voice, const char *name, double pressure, int64_t frame)
{
  const PhInstrument *instrument = ph_engine_instrument(engine, voice->pool->instrument);
  const char *const *names = ph_engine_instrument_plan(engine, voice->pool->instrument)->controls;
  for (uint32_t i = 0; i < instrument->control_count; i++) {
    const PhVoiceControl *control = &instrument->controls[i];
    if (strcmp(names[control->control], name) == 0) {
      push_event(engine, voice->bank,
                 (PhBankEvent){ .frame = frame,
                                .lane = voice->lane,
                                .slot = control->slot,
                                .value = control->given ? 1.0f : (float)(pressure * MOST_PRESSURE) });
    }
  }
}

static void start_instrument(PhEngine *engine, PhVoice *voice, PhRat cps)
{
  const PhInstrument *instrument = &engine->plan->instruments[voice->pool->instrument];
  push_event(engine, voice->bank, (PhBankEvent){ .frame = voice->onset, .lane = voice->lane, .start = voice });
  if (voice->channel && engine->keys.bend[voice->channel - 1] != 0) {
    bend(engine, voice, voice->onset);
  }
  if (voice->channel && engine->keys.pressure[voice->channel - 1] > 0) {
    press(engine, voice, "miditouch", engine->keys.pressure[voice->channel - 1], voice->onset);
  }
  if (instrument->step_count == 0) {
    return;
  }
  voice->tracks = tracks_of(engine, voice->pool->instrument, cps);
  voice->tracks->users++;
  while (voice->cursor_cap < instrument->step_count) {
    voice->cursors = ph_engine_grow(engine, voice->cursors, voice->cursor_cap, &voice->cursor_cap, sizeof *voice->cursors);
  }
  memset(voice->cursors, 0, instrument->step_count * sizeof *voice->cursors);
}

/* What the voice's steps do before `to`. */
static void push_steps(PhEngine *engine, PhVoice *voice, int64_t to)
{
  const PhInstrument *instrument = ph_engine_instrument(engine, voice->pool->instrument);
  to = to < voice->end ? to : voice->end;
  if (voice->gate_off >= 0 && voice->onset + voice->gate_off < to) {
    push_event(engine, voice->bank, (PhBankEvent){ .frame = voice->onset + voice->gate_off, .lane = voice->lane,
                                                   .slot = PH_VOICE_GATE, .value = 0 });
    voice->gate_off = -1;
  }
  for (uint32_t s = 0; voice->tracks && s < instrument->step_count; s++) {
    PhTrack *track = &voice->tracks->tracks[s];
    ph_track_reach(track, &engine->querier, to - voice->onset);
    for (size_t *at = &voice->cursors[s]; *at < track->len && track->frames[*at] + voice->onset < to; (*at)++) {
      for (uint32_t c = 0; c < track->channels; c++) {
        push_event(engine, voice->bank, (PhBankEvent){ .frame = track->frames[*at] + voice->onset, .lane = voice->lane,
                                                       .slot = instrument->steps[s].slot + c,
                                                       .value = track->values[*at * track->channels + c] });
      }
    }
  }
}

/* ---- the window ---- */

static void append_voice(PhEngine *engine, PhVoice *voice)
{
  size_t cap = engine->voice_cap;
  engine->voices = ph_engine_grow(engine, engine->voices, engine->voice_count, &cap, sizeof *engine->voices);
  engine->voice_cap = (uint32_t)cap;
  engine->voices[engine->voice_count++] = voice;
  engine->first_end = voice->end < engine->first_end ? voice->end : engine->first_end;
}

/* What an event says of a parameter of its orbit. False: it leaves it as it is. A level that is not said is 0, as in SuperDirt. */
static bool orbit_value(const PhNote *note, PhOrbitParameter parameter, double *out)
{
  const PhEffects *fx = &note->fx;
  switch (parameter) {
  case PH_ORBIT_ROOM:
    *out = (double)ph_fx(fx, PH_FX_ROOM, 0);
    return true;
  case PH_ORBIT_DELAY:
    *out = (double)ph_fx(fx, PH_FX_DELAY, 0);
    return true;
  case PH_ORBIT_WET:
    *out = 1 - (double)ph_fx(fx, PH_FX_DRY, 0);
    return true;
  case PH_ORBIT_SIZE:
    *out = (double)ph_fx(fx, PH_FX_SIZE, 0);
    return ph_has_fx(fx, PH_FX_SIZE);
  case PH_ORBIT_FEEDBACK:
    *out = (double)ph_fx(fx, PH_FX_DELAYFEEDBACK, 0);
    return ph_has_fx(fx, PH_FX_DELAYFEEDBACK);
  default:
    *out = (double)ph_fx(fx, PH_FX_DELAYTIME, 0.25f);
    *out = ph_fx(fx, PH_FX_LOCK, 0) > 0 ? *out / ph_rat_to_double(note->cps) : *out;
    return ph_has_fx(fx, PH_FX_DELAYTIME) || ph_has_fx(fx, PH_FX_LOCK);
  }
}

/* The event sets the effects of its orbit from its onset on. */
static void set_orbit(PhEngine *engine, const PhNote *note, uint32_t orbit)
{
  const PhPlayer *player = &engine->plan->players[note->player];
  for (uint32_t i = player->first_step; i < player->first_step + player->step_count; i++) {
    const PhStep *step = &engine->plan->steps[i];
    double x;
    if (step->orbit == orbit && orbit_value(note, (PhOrbitParameter)step->parameter, &x)) {
      x = x > (double)step->least ? x : (double)step->least;
      ph_track_put(&engine->tracks[i], &engine->querier, note->frame, x < (double)step->most ? (float)x : step->most);
    }
  }
}

static void start(PhEngine *engine, const PhNote *note)
{
  engine->events += note->event != engine->last_event; /* the notes of a chord stand together */
  engine->last_event = note->event;
  PhVoice *voice = new_voice(engine);
  if (!ph_voice_plan(engine, note, voice)) {
    ph_voice_release(engine, voice);
    return;
  }
  set_orbit(engine, note, voice->orbit);
  retire(engine, voice->onset);
  cut_group(engine, voice);
  if (engine->voice_count >= engine->options.max_voices) {
    fade_out(engine, victim(engine, voice->onset), voice->onset);
    engine->voices_stolen++;
  }
  voice->order = engine->voice_order++;
  voice->fx = note->fx;
  ph_effects_note(&voice->fx, (double)voice->hz);
  voice->fx.has &= ~owned_effects(engine, voice->instrument);
  find_lane(engine, pool_of(engine, note, voice), voice);
  voice->bank->free_at[voice->lane] = voice->end;
  append_voice(engine, voice);
  if (voice->pool->instrument == PH_SAMPLES && voice->pool->effects) {
    start_sample_with_effects(engine, voice);
  } else if (voice->pool->instrument == PH_SAMPLES) {
    PhVoice **last = &voice->bank->chain[voice->lane];
    while (*last) {
      last = &(*last)->next;
    }
    *last = voice;
  } else {
    start_instrument(engine, voice, note->cps);
  }
  engine->voices_started++;
  engine->voices_peak = engine->voice_count > engine->voices_peak ? engine->voice_count : engine->voices_peak;
}

void ph_voices_let_go(PhEngine *engine, uint32_t id, int64_t frame)
{
  for (uint32_t i = 0; i < engine->voice_count; i++) {
    PhVoice *voice = engine->voices[i];
    if (voice->held_by != id) {
      continue;
    }
    const int64_t age = frame > voice->onset ? frame - voice->onset : 0;
    voice->held_by = 0;
    voice->env.gate = age;
    voice->gate_off = age;
    voice->end = voice->onset + age + (int64_t)ceil(voice->env.release);
    voice->bank->free_at[voice->lane] = voice->end;
    engine->first_end = voice->end < engine->first_end ? voice->end : engine->first_end;
  }
}

static bool follows(const PhVoice *voice, uint32_t channel, int64_t frame)
{
  return voice->channel == channel && voice->pool->instrument != PH_SAMPLES && frame < voice->end;
}

void ph_voices_bend(PhEngine *engine, uint32_t channel, int64_t frame)
{
  for (uint32_t i = 0; i < engine->voice_count; i++) {
    if (follows(engine->voices[i], channel, frame)) {
      bend(engine, engine->voices[i], frame);
    }
  }
}

void ph_voices_press(PhEngine *engine, const PhKeyEvent *event)
{
  const bool is_key = event->act == PH_KEY_PRESSED;
  for (uint32_t i = 0; i < engine->voice_count; i++) {
    PhVoice *voice = engine->voices[i];
    if (follows(voice, event->channel, event->frame) && (!is_key || (event->id && voice->played_by == event->id))) {
      press(engine, voice, is_key ? "polyTouch" : "miditouch", event->value, event->frame);
    }
  }
}

void ph_voices_begin(PhEngine *engine)
{
  PhNote note;
  while (ph_score_take(engine, engine->window.end, &note)) {
    ph_keys_let_go(engine, note.frame);
    if (note.out) {
      ph_outside_send(engine, &note);
    } else {
      start(engine, &note);
    }
  }
  ph_keys_end(engine);
  for (uint32_t i = 0; i < engine->fading_count; i++) {
    if (engine->fading[i]->pool->instrument != PH_SAMPLES) {
      push_steps(engine, engine->fading[i], engine->window.end);
    }
  }
  for (uint32_t i = 0; i < engine->voice_count; i++) {
    if (engine->voices[i]->pool->instrument != PH_SAMPLES) {
      push_steps(engine, engine->voices[i], engine->window.end);
    }
  }
}

static int compare_events(const void *a, const void *b)
{
  const PhBankEvent *x = a, *y = b;
  if (x->frame != y->frame) {
    return x->frame < y->frame ? -1 : 1;
  }
  return x->order < y->order ? -1 : x->order > y->order;
}

static bool sounds(const PhPool *pool, const PhBank *bank, int64_t from)
{
  for (uint32_t lane = 0; lane < pool->per_bank; lane++) {
    if (bank->free_at[lane] > from) {
      return true;
    }
  }
  return false;
}

static void activate(PhEngine *engine, PhStrandState *strand, PhPool *pool, PhBank *bank)
{
  bank->cursor = 0;
  if (bank->event_count > 1) {
    qsort(bank->events, bank->event_count, sizeof *bank->events, compare_events);
  }
  size_t cap = strand->active_cap, pool_cap = strand->active_cap;
  strand->active = ph_engine_grow(engine, strand->active, strand->active_count, &cap, sizeof *strand->active);
  strand->active_pools = ph_engine_grow(engine, strand->active_pools, strand->active_count, &pool_cap,
                                        sizeof *strand->active_pools);
  strand->active_cap = (uint32_t)cap;
  strand->active[strand->active_count] = bank;
  strand->active_pools[strand->active_count++] = pool;
}

void ph_pools_activate(PhEngine *engine)
{
  uint32_t banks = 0;
  for (uint32_t s = 0; s < engine->plan->strand_count; s++) {
    PhStrandState *strand = &engine->strands[s];
    strand->active_count = 0;
    for (uint32_t p = 0; strand->pools && p <= ph_engine_instruments(engine); p++) {
      for (PhPool *pool = strand->pools[p]; pool; pool = pool->next) {
        for (uint32_t b = 0; b < pool->bank_count; b++) {
          if (sounds(pool, pool->banks[b], engine->window.begin)) {
            activate(engine, strand, pool, pool->banks[b]);
            banks++;
          }
        }
      }
    }
  }
  if (ph_executor_room(engine, banks) != PH_OK) {
    ph_trap_raise(&engine->trap, PH_NOMEM, "%s", ph_status_text(PH_NOMEM));
  }
}

static void free_voice(PhVoice *voice)
{
  free(voice->cursors);
  free(voice->values);
  free(voice->curve);
  free(voice);
}

void ph_strand_pools_free(PhStrandState *strand, uint32_t instruments)
{
  for (uint32_t p = 0; strand->pools && p <= instruments; p++) {
    for (PhPool *pool = strand->pools[p], *next; pool; pool = next) {
      next = pool->next;
      for (uint32_t b = 0; b < pool->bank_count; b++) {
        free_bank(pool->banks[b]);
      }
      free(pool->banks);
      free(pool);
    }
    strand->pools[p] = NULL;
  }
}

void ph_instrument_state_deinit(PhInstrumentState *state)
{
  for (uint32_t t = 0; t < state->track_count; t++) {
    ph_voice_tracks_free(state->tracks[t]);
  }
  free(state->tracks);
  free((void *)state->faults);
  free((void *)state->ticks);
  free(state->voices_name);
  *state = (PhInstrumentState){ 0 };
}

void ph_pools_deinit(PhEngine *engine)
{
  for (uint32_t i = 0; i < engine->voice_count; i++) {
    free_voice(engine->voices[i]);
  }
  for (uint32_t i = 0; i < engine->fading_count; i++) {
    free_voice(engine->fading[i]);
  }
  while (engine->free_voices) {
    PhVoice *next = engine->free_voices->next;
    free_voice(engine->free_voices);
    engine->free_voices = next;
  }
  for (uint32_t s = 0; engine->strands && s < engine->plan->strand_count; s++) {
    ph_strand_pools_free(&engine->strands[s], ph_engine_instruments(engine));
  }
  for (uint32_t i = 0; engine->instruments && i < ph_engine_instruments(engine); i++) {
    ph_instrument_state_deinit(&engine->instruments[i]);
  }
  free(engine->voices);
  free(engine->fading);
}
