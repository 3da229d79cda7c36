/* Keys that are played by hand: struck, they ask the patterns of players for their events at that instant (`~midi`); let go, they release
   the voices that began so; held, they are what arpeggios play. Wheels and pressure, which change those voices. All [control].  SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "engine/internal.h"

enum { PEDAL = 64, ALL_SOUND_OFF = 120, ALL_NOTES_OFF = 123 }; /* controllers */

#define PEDAL_DOWN 0.5

static void push(PhEngine *engine, const PhKeyEvent *event)
{
  PhKeys *keys = &engine->keys;
  keys->events = ph_engine_grow(engine, keys->events, keys->count, &keys->cap, sizeof *keys->events);
  keys->events[keys->count++] = *event;
  keys->last_frame = event->frame;
}

/* On its frame, or when the next frame is made. */
static void put(PhEngine *engine, PhKeyEvent event)
{
  event.frame = event.frame < engine->frame ? engine->frame : event.frame;
  event.frame = event.frame < engine->keys.last_frame ? engine->keys.last_frame : event.frame;
  push(engine, &event);
}

static void let_go(PhEngine *engine, PhKeyEvent event, uint32_t *id)
{
  if (*id) {
    event.act = PH_KEY_LET_GO;
    event.id = *id;
    put(engine, event);
    *id = 0;
  }
}

/* The key is let go, if it is held, unless the pedal holds it; and struck, with a velocity. */
static void change(PhEngine *engine, PhKeyEvent event, double velocity)
{
  PhKeys *keys = &engine->keys;
  uint32_t *held = &keys->held[event.channel - 1][event.key];
  uint32_t *sustained = &keys->sustained[event.channel - 1][event.key];
  if (velocity == 0 && *held && keys->pedal[event.channel - 1]) {
    *sustained = *held;
    *held = 0;
    return;
  }
  let_go(engine, event, held);
  if (velocity > 0) {
    let_go(engine, event, sustained);
    event.act = PH_KEY_STRUCK;
    event.value = velocity;
    event.id = *held = ++keys->ids ? keys->ids : ++keys->ids; /* 0 is no key */
    put(engine, event);
  }
}

PhStatus ph_engine_note(PhEngine *engine, int64_t frame, uint32_t channel, uint32_t key, double velocity)
{
  if (channel < 1 || channel > PH_KEY_CHANNELS || key >= PH_KEY_COUNT || !(velocity >= 0 && velocity <= 1)) {
    return PH_ARG;
  }
  if (engine->status != PH_OK) {
    return engine->status;
  }
  if (PH_TRAP_SET(&engine->trap) == 0) {
    change(engine, (PhKeyEvent){ .frame = frame, .channel = channel, .key = key }, velocity);
    return PH_OK;
  }
  return ph_engine_give_up(engine);
}

/* The sustain pedal of a channel; or what lets go of all of its keys. */
static void control(PhEngine *engine, PhKeyEvent event, uint32_t number, double value)
{
  PhKeys *keys = &engine->keys;
  const bool all = number == ALL_SOUND_OFF || number == ALL_NOTES_OFF, down = value >= PEDAL_DOWN;
  for (event.key = 0; event.key < PH_KEY_COUNT && (all || !down); event.key++) {
    if (all) {
      let_go(engine, event, &keys->held[event.channel - 1][event.key]);
    }
    let_go(engine, event, &keys->sustained[event.channel - 1][event.key]);
  }
  keys->pedal[event.channel - 1] = all ? keys->pedal[event.channel - 1] : down;
}

PhStatus ph_engine_notes_off(PhEngine *engine, int64_t frame)
{
  PhStatus status = PH_OK;
  for (uint32_t channel = 1; channel <= PH_KEY_CHANNELS && status == PH_OK; channel++) {
    status = ph_engine_midi(engine, frame, PH_INPUT_CC, channel, ALL_NOTES_OFF, 0);
  }
  return status;
}

/* ---- wheels and pressure ---- */

/* What keys do beside the inputs. */
static PhStatus tell_voices(PhEngine *engine, PhKeyEvent event)
{
  if (engine->status != PH_OK) {
    return engine->status;
  }
  if (PH_TRAP_SET(&engine->trap) != 0) {
    return ph_engine_give_up(engine);
  }
  if (event.act == PH_KEY_LET_GO) { /* a controller that may let go of some */
    control(engine, event, event.key, event.value);
  } else {
    put(engine, event);
  }
  return PH_OK;
}

static bool listens(const PhInput *input, PhInputKind kind, uint32_t channel, uint32_t number)
{
  const bool has_number = kind == PH_INPUT_CC || kind == PH_INPUT_KEY_PRESSURE;
  return input->kind == kind && (!has_number || input->number == number) &&
         (input->channel == 0 || input->channel == channel);
}

PhStatus ph_engine_midi(PhEngine *engine, int64_t frame, PhInputKind kind, uint32_t channel, uint32_t number,
                        double value)
{
  static const PhKeyAct acts[PH_INPUT_OSC] = { [PH_INPUT_BEND] = PH_KEY_BENT,
                                               [PH_INPUT_PRESSURE] = PH_KEY_CHANNEL_PRESSED,
                                               [PH_INPUT_KEY_PRESSURE] = PH_KEY_PRESSED };
  const double least = kind == PH_INPUT_BEND ? -1 : 0, most = kind == PH_INPUT_PROGRAM ? 127 : 1;
  if (channel < 1 || channel > PH_KEY_CHANNELS || number >= PH_KEY_COUNT || kind >= PH_INPUT_OSC ||
      !(value >= least && value <= most)) {
    return PH_ARG;
  }
  PhStatus status = PH_OK;
  for (uint32_t i = 0; i < engine->plan->input_count && status == PH_OK; i++) {
    const PhInput *input = &engine->plan->inputs[i];
    if (listens(input, kind, channel, number)) {
      status = ph_engine_input(engine, i, frame, kind == PH_INPUT_BEND ? value * (double)input->most : value);
    }
  }
  if (status == PH_OK && kind == PH_INPUT_CC &&
      (number == PEDAL || number == ALL_SOUND_OFF || number == ALL_NOTES_OFF)) {
    status = tell_voices(
        engine,
        (PhKeyEvent){ .frame = frame, .act = PH_KEY_LET_GO, .channel = channel, .key = number, .value = value });
  }
  if (status == PH_OK && acts[kind]) {
    const PhKeyEvent event = { .frame = frame,
                               .act = acts[kind],
                               .channel = channel,
                               .key = number,
                               .value = value,
                               .id = engine->keys.held[channel - 1][number] };
    status = tell_voices(engine, event);
  }
  return status;
}

/* ---- arpeggios ---- */

static void count_down(PhKeys *keys, uint32_t group, int64_t frame, bool is_down)
{
  if (is_down && keys->down_count[group]++ == 0) {
    keys->down_since[group] = frame;
  } else if (!is_down) {
    keys->down_count[group]--;
  }
}

/* Which keys are down, as time goes on. */
static void follow(PhKeys *keys, const PhKeyEvent *event)
{
  const bool is_down = event->act == PH_KEY_STRUCK;
  float *velocity = &keys->down[event->channel - 1][event->key];
  if (!is_down && event->act != PH_KEY_LET_GO) {
    return;
  }
  if (is_down != (*velocity > 0)) {
    count_down(keys, event->channel, event->frame, is_down);
    count_down(keys, 0, event->frame, is_down);
  }
  *velocity = is_down ? (float)event->value : 0;
}

/* The keys that an arpeggio plays, lowest first; how many. One that is down on several channels is there once, as loud as the loudest. */
static uint32_t keys_of(const PhKeys *keys, uint32_t channel, uint32_t *of, float *velocities)
{
  uint32_t count = 0;
  for (uint32_t key = 0; key < PH_KEY_COUNT; key++) {
    float loudest = 0;
    for (uint32_t c = 0; c < PH_KEY_CHANNELS; c++) {
      const float velocity = channel == 0 || channel == c + 1 ? keys->down[c][key] : 0;
      loudest = velocity > loudest ? velocity : loudest;
    }
    if (loudest > 0) {
      of[count] = key;
      velocities[count++] = loudest;
    }
  }
  return count;
}

static int64_t step_frame(PhEngine *engine, const PhLiveKeys *arp, int64_t step)
{
  return ph_tempo_frame(&engine->tempo, ph_rat(step, (int64_t)arp->arp_rate));
}

/* The first step at a frame or after it. */
static int64_t first_step(PhEngine *engine, const PhLiveKeys *arp, int64_t frame)
{
  int64_t step = (int64_t)floor(ph_tempo_cycle(&engine->tempo, frame) * (double)arp->arp_rate) - 1;
  while (step_frame(engine, arp, step) < frame) {
    step++;
  }
  return step;
}

static void strike_step(PhEngine *engine, const PhLiveKeys *arp, int64_t step, int64_t frame)
{
  enum { OCTAVE = 12 };
  const PhKeys *keys = &engine->keys;
  const PhArenaMark mark = ph_arena_mark(&engine->querier.arena);
  uint32_t of[PH_KEY_COUNT];
  float velocities[PH_KEY_COUNT];
  const uint32_t count = keys_of(keys, arp->channel, of, velocities);
  const size_t all = (size_t)count * arp->arp_octaves;
  size_t *order = PH_NEWN(&engine->querier.arena, size_t, 4 * all);
  const size_t len = ph_arp_order(arp->arp_mode, all, order);
  const int64_t since = first_step(engine, arp, keys->down_since[arp->channel]);
  const size_t at = len ? order[(size_t)(step > since ? step - since : 0) % len] : 0;
  const PhKeyEvent event = { .frame = frame,
                             .channel = arp->channel ? arp->channel : 1,
                             .key = of[at % count] + OCTAVE * (uint32_t)(at / count),
                             .value = (double)velocities[at % count],
                             .id = (uint32_t)step,
                             .arp = arp,
                             .cycle = ph_rat(step, (int64_t)arp->arp_rate),
                             .length = step_frame(engine, arp, step + 1) - frame };
  ph_score_strike(engine, &event);
  ph_arena_release(&engine->querier.arena, mark);
}

/* The steps of all arpeggios in a part of the window in which no key moves. */
static void arpeggiate(PhEngine *engine, int64_t from, int64_t to)
{
  for (uint32_t i = 0; i < engine->plan->arp_count && from < to; i++) {
    const PhLiveKeys *arp = &engine->plan->arps[i];
    if (engine->keys.down_count[arp->channel] == 0) {
      continue;
    }
    int64_t step = first_step(engine, arp, from);
    for (int64_t frame; (frame = step_frame(engine, arp, step)) < to; step++) {
      strike_step(engine, arp, step, frame);
    }
  }
}

/* ---- the window ---- */

void ph_keys_begin(PhEngine *engine)
{
  PhKeys *keys = &engine->keys;
  int64_t at = engine->window.begin;
  keys->cursor = 0;
  for (size_t i = 0; i < keys->count && keys->events[i].frame < engine->window.end; i++) {
    const PhKeyEvent *event = &keys->events[i];
    arpeggiate(engine, at, event->frame);
    at = event->frame > at ? event->frame : at;
    follow(keys, event);
    if (event->act == PH_KEY_STRUCK) {
      ph_score_strike(engine, event);
    }
  }
  arpeggiate(engine, at, engine->window.end);
}

/* What a key does to voices that sound. */
static void act(PhEngine *engine, const PhKeyEvent *event)
{
  PhKeys *keys = &engine->keys;
  switch (event->act) {
  case PH_KEY_STRUCK:
    break;
  case PH_KEY_LET_GO:
    ph_voices_let_go(engine, event->id, event->frame);
    break;
  case PH_KEY_BENT:
    keys->bend[event->channel - 1] = event->value;
    ph_voices_bend(engine, event->channel, event->frame);
    break;
  case PH_KEY_CHANNEL_PRESSED:
    keys->pressure[event->channel - 1] = event->value;
    ph_voices_press(engine, event);
    break;
  case PH_KEY_PRESSED:
    ph_voices_press(engine, event);
    break;
  }
}

void ph_keys_let_go(PhEngine *engine, int64_t before)
{
  PhKeys *keys = &engine->keys;
  for (; keys->cursor < keys->count && keys->events[keys->cursor].frame < before; keys->cursor++) {
    act(engine, &keys->events[keys->cursor]);
  }
}

void ph_keys_end(PhEngine *engine)
{
  PhKeys *keys = &engine->keys;
  ph_keys_let_go(engine, engine->window.end);
  if (keys->cursor) {
    keys->count -= keys->cursor;
    memmove(keys->events, keys->events + keys->cursor, keys->count * sizeof *keys->events);
    keys->cursor = 0;
  }
}
