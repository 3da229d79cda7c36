/* Keys that are played by hand: struck, they ask the patterns of players for their events at that instant (`~midi`); let go, they release
   the voices that began so. All [control].  SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "engine/internal.h"

static void push(PhEngine *engine, const PhKeyEvent *event)
{
  PhKeys *keys = &engine->keys;
  keys->events = ph_engine_grow(engine, keys->events, keys->count, &keys->cap, sizeof *keys->events);
  keys->events[keys->count++] = *event;
  keys->last_frame = event->frame;
}

/* The key is let go, if it is held; and struck, with a velocity. */
static void change(PhEngine *engine, PhKeyEvent event, double velocity)
{
  PhKeys *keys = &engine->keys;
  uint32_t *held = &keys->held[event.channel - 1][event.key];
  event.frame = event.frame < engine->frame ? engine->frame : event.frame;
  event.frame = event.frame < keys->last_frame ? keys->last_frame : event.frame;
  if (*held) {
    event.id = *held;
    push(engine, &event);
    *held = 0;
  }
  if (velocity > 0) {
    event.velocity = velocity;
    event.id = *held = ++keys->ids ? keys->ids : ++keys->ids; /* 0 is no key */
    push(engine, &event);
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

PhStatus ph_engine_notes_off(PhEngine *engine, int64_t frame)
{
  PhStatus status = PH_OK;
  for (uint32_t channel = 1; channel <= PH_KEY_CHANNELS; channel++) {
    for (uint32_t key = 0; key < PH_KEY_COUNT && status == PH_OK; key++) {
      if (engine->keys.held[channel - 1][key]) {
        status = ph_engine_note(engine, frame, channel, key, 0);
      }
    }
  }
  return status;
}

void ph_keys_begin(PhEngine *engine)
{
  PhKeys *keys = &engine->keys;
  keys->cursor = 0;
  for (size_t i = 0; i < keys->count && keys->events[i].frame < engine->window.end; i++) {
    if (keys->events[i].velocity > 0) {
      ph_score_strike(engine, &keys->events[i]);
    }
  }
}

void ph_keys_let_go(PhEngine *engine, int64_t before)
{
  PhKeys *keys = &engine->keys;
  for (; keys->cursor < keys->count && keys->events[keys->cursor].frame < before; keys->cursor++) {
    const PhKeyEvent *event = &keys->events[keys->cursor];
    if (event->velocity == 0) {
      ph_voices_let_go(engine, event->id, event->frame);
    }
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
