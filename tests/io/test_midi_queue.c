/* Events as MIDI: what is sent and when; and that every note that begins ends.  SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "io/midi_queue.h"

enum { RATE = 1000, CONTROLS_MOST = 8 };

/* A number, or a text where there is one. */
typedef struct Control {
  const char *name;
  double number;
  const char *text;
} Control;

typedef struct Said {
  int64_t frame;
  double sustain_sec;
  bool has_note;
  double semitones;
  Control controls[CONTROLS_MOST];
} Said;

static void add(PhMidiQueue *queue, const Said *said)
{
  PhMap *map = calloc(1, sizeof *map + CONTROLS_MOST * sizeof(PhControlValue));
  for (; map->len < CONTROLS_MOST && said->controls[map->len].name; map->len++) {
    const Control *c = &said->controls[map->len];
    PhControlValue *to = &map->items[map->len];
    to->name = c->name;
    to->value.tag = c->text ? PH_VALUE_STR : PH_VALUE_NUM;
    if (c->text) {
      to->value.str = c->text;
    } else {
      to->value.num = c->number;
    }
  }
  const PhSinkEvent event = { .kind = PH_SINK_MIDI,
                              .name = "x",
                              .frame = said->frame,
                              .sustain_sec = said->sustain_sec,
                              .has_note = said->has_note,
                              .semitones = said->semitones,
                              .controls = map };
  assert_int_equal(ph_midi_queue_event(queue, &event, RATE), PH_OK);
  free(map);
}

static void take_all(PhMidiQueue *queue, int64_t frame, PhText *text)
{
  PhMidiMessage m;
  while (ph_midi_queue_take(queue, frame, &m)) {
    ph_text_printf(text, "%d:", (int)m.frame);
    for (int i = 0; i < m.size; i++) {
      ph_text_printf(text, "%s%02x", i ? "." : "", m.bytes[i]);
    }
    ph_text_puts(text, " ");
  }
}

static void events_are_messages(void **state)
{
  (void)state;
  static const struct {
    Said events[3];
    const char *sent;
  } cases[] = {
    { { { 10, 0.5, true, 0, { { "velocity", 1, NULL } } } }, "10:90.3c.7f 510:80.3c.40 " },
    { { { 0, 0, true, -12, { { "midichan", 16, NULL }, { "gain", 0.5, NULL } } } }, "0:9f.30.33 1:8f.30.40 " },
    { { { 0, 1, true, 500, { { "velocity", 0, NULL } } } }, "0:90.7f.01 1000:80.7f.40 " },
    { { { 5, 1, false, 0, { { "ccn", 20, NULL }, { "ccv", 101, NULL } } } }, "5:b0.14.65 " },
    { { { 5, 1, false, 0, { { "ccn", 0, "20" }, { "ccv", 0, "200" } } } }, "5:b0.14.7f " },
    { { { 5, 1, false, 0, { { "control", 1, NULL }, { "ctlNum", 2, NULL } } } }, "5:b0.02.01 " },
    { { { 5, 1, false, 0, { { "nrpn", 300, NULL }, { "val", 1000, NULL } } } },
      "5:b0.63.02 5:b0.62.2c 5:b0.06.07 5:b0.26.68 " },
    { { { 5,
          1,
          true,
          4,
          { { "midibend", 8192, NULL }, { "progNum", 7, NULL }, { "modwheel", 1, NULL }, { "velocity", 1, NULL } } } },
      "5:c0.07 5:b0.01.7f 5:e0.00.40 5:90.40.7f 1005:80.40.40 " },
    { { { 5, 1, true, 4, { { "miditouch", 9, NULL }, { "midicmd", 0, "control" } } } }, "5:d0.09 " },
    { { { 5, 1, true, 4, { { "midicmd", 0, "noteOn" }, { "velocity", 1, NULL } } } }, "5:90.40.7f 1005:80.40.40 " },
    { { { 0, 1, true, 4, { { "velocity", 1, NULL } } }, { 5, 1, true, 4, { { "midicmd", 0, "noteOff" } } } },
      "0:90.40.7f 5:80.40.40 " },
    { { { 5, 1, false, 0, { { "midicmd", 0, "start" } } },
        { 6, 1, true, 0, { { "midicmd", 0, "midiClock" } } },
        { 7, 1, false, 0, { { "midicmd", 0, "stop" } } } },
      "5:fa 6:f8 7:fc " },
    { { { 5, 1, false, 0, { { "midicmd", 0, "songPtr" }, { "songPtr", 130, NULL } } },
        { 6, 1, false, 0, { { "midicmd", 0, "continue" } } } },
      "5:f2.02.01 6:fb " },
    { { { 5, 1, false, 0, { { "midicmd", 0, "allNotesOff" }, { "midichan", 2, NULL } } } }, "5:b1.7b.00 " },
    { { { 5, 1, true, 0, { { "polyTouch", 70, NULL }, { "velocity", 1, NULL } } } },
      "5:90.3c.7f 5:a0.3c.46 1005:80.3c.40 " },
    { { { 5, 0.1, false, 0, { { "s", 0, "bd" }, { "velocity", 1, NULL } } } }, "5:90.24.7f 105:80.24.40 " },
    { { { 5, 0.1, false, 0, { { "s", 0, "nothing" } } } }, "" },
    { { { 5, 0.1, true, 0, { { "octave", 5, NULL }, { "velocity", 1, NULL } } } }, "5:90.48.7f 105:80.48.40 " },
    /* A key that is struck again is let go first; the end of the first note does not end the second. */
    { { { 0, 0.1, true, 0, { { "velocity", 1, NULL } } }, { 50, 0.2, true, 0, { { "velocity", 1, NULL } } } },
      "0:90.3c.7f 50:80.3c.40 50:90.3c.7f 250:80.3c.40 " },
    /* One that ends where the next begins. */
    { { { 0, 0.1, true, 0, { { "velocity", 1, NULL } } }, { 100, 0.1, true, 0, { { "velocity", 1, NULL } } } },
      "0:90.3c.7f 100:80.3c.40 100:90.3c.7f 200:80.3c.40 " },
    /* In the order of time, not of telling. */
    { { { 100, 0.1, true, 1, { { "velocity", 1, NULL } } }, { 0, 0.5, true, 0, { { "velocity", 1, NULL } } } },
      "0:90.3c.7f 100:90.3d.7f 200:80.3d.40 500:80.3c.40 " },
  };
  for (size_t i = 0; i < PH_COUNT(cases); i++) {
    PhMidiQueue queue = { 0 };
    PhText text = { 0 };
    for (size_t e = 0; e < 3 && cases[i].events[e].controls[0].name; e++) {
      add(&queue, &cases[i].events[e]);
    }
    take_all(&queue, 10000, &text);
    assert_string_equal(text.ptr ? text.ptr : "", cases[i].sent);
    ph_text_deinit(&text);
    ph_midi_queue_deinit(&queue);
  }
}

static void nothing_comes_early(void **state)
{
  (void)state;
  PhMidiQueue queue = { 0 };
  PhText text = { 0 };
  add(&queue, &(Said){ 100, 0.1, true, 0, { { "velocity", 1, NULL } } });
  take_all(&queue, 100, &text);
  assert_null(text.ptr);
  take_all(&queue, 101, &text);
  assert_string_equal(text.ptr, "100:90.3c.7f ");
  take_all(&queue, 200, &text);
  assert_string_equal(text.ptr, "100:90.3c.7f ");
  take_all(&queue, 201, &text);
  assert_string_equal(text.ptr, "100:90.3c.7f 200:80.3c.40 ");
  ph_text_deinit(&text);
  ph_midi_queue_deinit(&queue);
}

static void panic_lets_go(void **state)
{
  (void)state;
  PhMidiQueue queue = { 0 };
  PhText text = { 0 };
  add(&queue, &(Said){ 0, 5, true, 0, { { "velocity", 1, NULL } } });
  add(&queue, &(Said){ 0, 0.05, true, 2, { { "velocity", 1, NULL } } });
  add(&queue, &(Said){ 0, 5, true, 7, { { "midichan", 3, NULL } } });
  add(&queue, &(Said){ 500, 5, true, 9, { { "velocity", 1, NULL } } });
  take_all(&queue, 100, &text);
  ph_text_deinit(&text);
  text = (PhText){ 0 };
  assert_int_equal(ph_midi_queue_panic(&queue, 77), PH_OK);
  take_all(&queue, INT64_MAX, &text);
  assert_string_equal(text.ptr, "77:80.3c.40 77:b0.7b.00 77:82.43.40 77:b2.7b.00 ");
  ph_text_deinit(&text);
  ph_midi_queue_deinit(&queue);
}

/* Whatever is played, cut into calls of any length and ended by a panic: ons and offs of every key alternate, and the last is an off. */
static void every_note_ends(void **state)
{
  (void)state;
  for (uint32_t seed = 1; seed <= 200; seed++) {
    uint32_t x = seed * 2654435761u;
    PhMidiQueue queue = { 0 };
    bool held[PH_MIDI_KEYS] = { false };
    int64_t now = 0, last = 0;
    for (int step = 0; step < 60; step++) {
      for (int i = 0; i < 5; i++) {
        x = x * 1664525u + 1013904223u;
        const Said said = {
          now + (x >> 8) % 300, ((x >> 16) % 900) / 1000.0, true, (double)(x >> 24) / 32, { { "velocity", 0.5, NULL } }
        };
        add(&queue, &said);
      }
      x = x * 1664525u + 1013904223u;
      now += x >> 24;
      if (step == 59) {
        assert_int_equal(ph_midi_queue_panic(&queue, now), PH_OK);
      }
      for (PhMidiMessage m; ph_midi_queue_take(&queue, step == 59 ? INT64_MAX : now, &m);) {
        assert_true(m.frame >= last || step == 59);
        last = m.frame;
        if (m.bytes[0] == 0xB0) {
          continue;
        }
        const bool on = m.bytes[0] == 0x90;
        assert_int_equal(held[m.bytes[1]], !on);
        held[m.bytes[1]] = on;
      }
    }
    for (int key = 0; key < PH_MIDI_KEYS; key++) {
      assert_false(held[key]);
    }
    ph_midi_queue_deinit(&queue);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(events_are_messages),
    cmocka_unit_test(nothing_comes_early),
    cmocka_unit_test(panic_lets_go),
    cmocka_unit_test(every_note_ends),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
