/* What was played, as mini-notation.  SPDX-License-Identifier: MIT */
#include "io/record_notes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 128, MIDDLE_KEY = 60 };

/* A place of the grid: the keys that begin there, and until when the first to end is held. */
typedef struct Place {
  bool keys[KEYS];
  bool any;
  int64_t end;
} Place;

static void put_key(PhText *out, int key, bool tidal)
{
  static const char *const names[] = { "c", "cs", "d", "ds", "e", "f", "fs", "g", "gs", "a", "as", "b" };
  const int octave = key / 12 - (tidal ? 0 : 1);
  if (octave < 0) {
    ph_text_printf(out, "%d", key - MIDDLE_KEY); /* `c-1` is not a name */
  } else {
    ph_text_printf(out, "%s%d", names[key % 12], octave);
  }
}

static void put_place(PhText *out, const Place *place, bool tidal)
{
  uint32_t count = 0;
  for (int key = 0; key < KEYS; key++) {
    count += place->keys[key];
  }
  const char *separator = count > 1 ? "[" : "";
  for (int key = 0; key < KEYS; key++) {
    if (place->keys[key]) {
      ph_text_puts(out, separator);
      put_key(out, key, tidal);
      separator = ",";
    }
  }
  ph_text_puts(out, count > 1 ? "]" : "");
}

static uint32_t divisor(uint32_t a, uint32_t b)
{
  while (b) {
    const uint32_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/* The next place of the cycle where something begins, or its end. */
static uint32_t next_onset(const Place *cycle, uint32_t steps, uint32_t after)
{
  uint32_t at = after + 1;
  while (at < steps && !cycle[at].any) {
    at++;
  }
  return at;
}

/* Steps that what begins at `at` is held. */
static uint32_t length_of(const Place *cycle, uint32_t steps, uint32_t at, int64_t first_step)
{
  const uint32_t room = next_onset(cycle, steps, at) - at;
  const int64_t held = cycle[at].end - (first_step + at);
  return held < (int64_t)room ? (uint32_t)held : room;
}

static void put_item(PhText *out, const Place *place, bool tidal, uint32_t weight)
{
  ph_text_puts(out, out->len && out->ptr[out->len - 1] != '[' && out->ptr[out->len - 1] != '<' ? " " : "");
  if (place) {
    put_place(out, place, tidal);
  } else {
    ph_text_puts(out, "~");
  }
  if (weight > 1) {
    ph_text_printf(out, "@%u", weight);
  }
}

/* Two walks over the cycle: `unit` 0 finds the largest unit, and a unit writes. */
static uint32_t walk(const Place *cycle, uint32_t steps, int64_t first_step, bool tidal, uint32_t unit, PhText *out)
{
  uint32_t common = 0;
  for (uint32_t at = 0; at < steps;) {
    const bool any = cycle[at].any;
    const uint32_t length = any ? length_of(cycle, steps, at, first_step) : next_onset(cycle, steps, at) - at;
    common = divisor(length, common);
    if (unit) {
      put_item(out, any ? &cycle[at] : NULL, tidal, length / unit);
    }
    at += length;
  }
  return common;
}

static void put_cycle(const Place *cycle, uint32_t steps, int64_t first_step, bool tidal, bool inner, PhText *out)
{
  const uint32_t unit = walk(cycle, steps, first_step, tidal, 0, out);
  const bool brackets = inner && unit < steps;
  if (brackets) {
    ph_text_puts(out, out->ptr[out->len - 1] == '<' ? "[" : " [");
  }
  (void)walk(cycle, steps, first_step, tidal, unit, out);
  ph_text_puts(out, brackets ? "]" : "");
}

static int64_t nearest(double cycle, uint32_t steps)
{
  const double at = floor(cycle * steps + 0.5);
  return at > 0 && at < 1e15 ? (int64_t)at : 0;
}

PhStatus ph_record_notes(const PhPlayedNote *notes, size_t count, uint32_t steps, bool tidal, PhText *out)
{
  if (steps < 1 || steps > PH_RECORD_STEPS_MAX) {
    return PH_ARG;
  }
  int64_t first = INT64_MAX, last = 0;
  for (size_t i = 0; i < count; i++) {
    const int64_t cycle = nearest(notes[i].begin, steps) / steps;
    first = cycle < first ? cycle : first;
    last = cycle > last ? cycle : last;
  }
  if (count == 0 || last - first >= PH_RECORD_CYCLES_MAX) {
    return count == 0 ? PH_OK : PH_LIMIT;
  }
  const uint32_t cycles = (uint32_t)(last - first + 1);
  Place *places = calloc((size_t)cycles * steps, sizeof *places);
  if (!places) {
    return PH_NOMEM;
  }
  for (size_t i = 0; i < count; i++) {
    const int64_t begin = nearest(notes[i].begin, steps), end = nearest(notes[i].end, steps);
    const int64_t held = end > begin ? end : begin + 1;
    Place *place = &places[begin - first * steps];
    place->end = !place->any || held < place->end ? held : place->end;
    place->any = true;
    place->keys[notes[i].key < 0 ? 0 : notes[i].key >= KEYS ? KEYS - 1 : notes[i].key] = true;
  }
  ph_text_puts(out, cycles > 1 ? "<" : "");
  for (uint32_t c = 0; c < cycles; c++) {
    put_cycle(places + (size_t)c * steps, steps, (first + c) * steps, tidal, cycles > 1, out);
  }
  ph_text_puts(out, cycles > 1 ? ">" : "");
  free(places);
  return out->failed ? PH_NOMEM : PH_OK;
}
