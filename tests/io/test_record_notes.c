/* What was played, as mini-notation: as texts, and parsed again.  SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "io/record_notes.h"
#include "pattern/pattern.h"

typedef struct Case {
  uint32_t steps;
  bool tidal;
  PhPlayedNote notes[6]; /* until both times are 0 */
  const char *text;
} Case;

static void notes_are_texts(void **state)
{
  (void)state;
  static const Case cases[] = {
    { 16, false, { { 0.001, 0.24, 60 }, { 0.26, 0.49, 64 }, { 0.5, 0.98, 67 } }, "c4 e4 g4@2" },
    { 16, true, { { 0, 0.5, 60 }, { 0.5, 1, 61 } }, "c5 cs5" },
    { 16, false, { { 0.25, 0.5, 60 } }, "~ c4 ~@2" },
    { 16, false, { { 0, 0.5, 60 }, { 0.01, 0.5, 64 }, { 0.02, 0.5, 67 } }, "[c4,e4,g4] ~" },
    { 8, false, { { 0, 3, 60 }, { 0.5, 0.75, 61 } }, "c4@2 cs4 ~" }, /* held until the next */
    { 8, false, { { 2, 3, 60 }, { 3.5, 4, 61 } }, "<c4 [~ cs4]>" },  /* from the cycle of the first one on */
    { 8, false, { { 0, 1, 60 }, { 2, 3, 62 } }, "<c4 ~ d4>" },
    { 8, false, { { 0.97, 1.2, 60 } }, "c4 ~@3" }, /* early for the next cycle */
    { 12, false, { { 0, 0.3333, 0 }, { 0.6667, 0.6668, 127 } }, "-60@4 ~@4 g9 ~@3" },
    { 4, false, { { 0, 0, 0 } }, "" },
  };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    size_t count = 0;
    while (count < 6 && cases[i].notes[count].end > 0) {
      count++;
    }
    PhText text = { 0 };
    assert_int_equal(ph_record_notes(cases[i].notes, count, cases[i].steps, cases[i].tidal, &text), PH_OK);
    assert_string_equal(text.ptr ? text.ptr : "", cases[i].text);
    ph_text_deinit(&text);
  }
}

/* The place on the grid. */
static int64_t place_of(const PhPlayedNote *note, uint32_t steps) { return (int64_t)(note->begin * steps + 0.5); }

static void query_text(PhArena *arena, const PhText *text, int64_t cycles, PhEvents *events)
{
  PhTrap trap;
  ph_arena_init(arena, NULL, &trap);
  if (PH_TRAP_SET(&trap) != 0) {
    fail_msg("%s: %s", text->ptr, trap.text);
  }
  PhBuild build = { .arena = arena };
  const PhPat *pat = NULL;
  PhMiniError error;
  const PhSource at = { 0, (uint32_t)text->len, 0 };
  assert_int_equal(ph_mini_parse(&build, ph_str(text->ptr, text->len), at, PH_ATOM_NOTE, NULL, NULL, &pat, &error),
                   PH_OK);
  PhQuery query = { .arena = arena, .cps = 0.5 };
  ph_query(&query, pat, (PhArc){ PH_RAT_INT(0), PH_RAT_INT(cycles) }, events);
}

static void same_notes(const PhPlayedNote *notes, size_t count, uint32_t steps, const PhText *text)
{
  PhArena arena;
  PhEvents events = { 0 };
  int64_t last = 0;
  size_t different = 0; /* a key twice on one place is one note */
  for (size_t i = 0; i < count; i++) {
    last = place_of(&notes[i], steps) / steps > last ? place_of(&notes[i], steps) / steps : last;
    bool before = false;
    for (size_t k = 0; k < i; k++) {
      before |= notes[k].key == notes[i].key && place_of(&notes[k], steps) == place_of(&notes[i], steps);
    }
    different += !before;
  }
  query_text(&arena, text, last + 1, &events);
  size_t found = 0;
  for (size_t e = 0; e < events.len; e++) {
    double semitones;
    assert_true(ph_value_as_num(&events.items[e].value, false, &semitones));
    bool is_note = false;
    for (size_t i = 0; i < count; i++) {
      const PhRat step = ph_rat_div(PH_RAT_INT(place_of(&notes[i], steps)), PH_RAT_INT(steps));
      is_note |= ph_rat_eq(events.items[e].whole.begin, step) && notes[i].key - 60 == (int)semitones;
    }
    found += is_note;
  }
  if (events.len != different || found != different) {
    fail_msg("%s: %d events, %d notes, %d found", text->ptr, (int)events.len, (int)different, (int)found);
  }
  ph_arena_deinit(&arena);
}

/* The events of the text are the notes, each on its place of the grid. */
static void texts_are_the_notes(void **state)
{
  (void)state;
  enum { COUNT = 24, CYCLES = 5 };
  static const uint32_t grids[] = { 1, 3, 4, 8, 12, 16, 32, 96 };
  uint32_t x = 1;
  for (uint32_t run = 0; run < 200; run++) {
    PhPlayedNote notes[COUNT];
    for (int i = 0; i < COUNT; i++) {
      x = x * 1664525u + 1013904223u;
      notes[i].begin = i == 0 ? 0 : (double)(x >> 8) / (1 << 24) * (CYCLES - 0.6);
      notes[i].end = notes[i].begin + (double)(x & 255) / 256;
      notes[i].key = (int)((x >> 12) % 128);
    }
    PhText text = { 0 };
    assert_int_equal(ph_record_notes(notes, COUNT, grids[run % PH_COUNT(grids)], false, &text), PH_OK);
    same_notes(notes, COUNT, grids[run % PH_COUNT(grids)], &text);
    ph_text_deinit(&text);
  }
}

static void too_much_is_said(void **state)
{
  (void)state;
  PhText text = { 0 };
  const PhPlayedNote far[] = { { 0, 1, 60 }, { PH_RECORD_CYCLES_MAX, PH_RECORD_CYCLES_MAX + 1, 60 } };
  assert_int_equal(ph_record_notes(far, 2, 16, false, &text), PH_LIMIT);
  assert_int_equal(ph_record_notes(far, 1, 0, false, &text), PH_ARG);
  assert_int_equal(ph_record_notes(far, 1, PH_RECORD_STEPS_MAX + 1, false, &text), PH_ARG);
  assert_null(text.ptr);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(notes_are_texts),
    cmocka_unit_test(texts_are_the_notes),
    cmocka_unit_test(too_much_is_said),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
