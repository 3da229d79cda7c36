/* Events as MIDI messages.  SPDX-License-Identifier: MIT */
#include "io/midi_queue.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/midi.h"

enum {
  KEY_OF_NOTE_0 = 60,
  MIDDLE_OCTAVE = 4,
  SONG_POSITION = 0xF2,
  ALL_NOTES_OFF = 123,
  NRPN_NUMBER_HIGH = 99,
  NRPN_NUMBER_LOW = 98,
  DATA_HIGH = 6,
  DATA_LOW = 38
};

#define USUAL_VELOCITY 0.8

/* ---- the heap ---- */

static bool before(const PhMidiWaiting *a, const PhMidiWaiting *b)
{
  return a->message.frame != b->message.frame ? a->message.frame < b->message.frame : a->order < b->order;
}

static PhStatus push(PhMidiQueue *queue, PhMidiWaiting item)
{
  if (queue->len == queue->cap) {
    const size_t cap = queue->cap ? 2 * queue->cap : 64;
    PhMidiWaiting *grown = realloc(queue->heap, cap * sizeof *grown);
    if (!grown) {
      return PH_NOMEM;
    }
    queue->heap = grown;
    queue->cap = cap;
  }
  item.order = queue->order++;
  size_t at = queue->len++;
  for (; at > 0 && before(&item, &queue->heap[(at - 1) / 2]); at = (at - 1) / 2) {
    queue->heap[at] = queue->heap[(at - 1) / 2];
  }
  queue->heap[at] = item;
  return PH_OK;
}

static PhMidiWaiting pop(PhMidiQueue *queue)
{
  const PhMidiWaiting top = queue->heap[0], last = queue->heap[--queue->len];
  size_t at = 0;
  for (size_t child = 1; child < queue->len; child = 2 * at + 1) {
    child += child + 1 < queue->len && before(&queue->heap[child + 1], &queue->heap[child]);
    if (!before(&queue->heap[child], &last)) {
      break;
    }
    queue->heap[at] = queue->heap[child];
    at = child;
  }
  queue->heap[at] = last;
  return top;
}

void ph_midi_queue_deinit(PhMidiQueue *queue)
{
  free(queue->heap);
  *queue = (PhMidiQueue){ 0 };
}

PhStatus ph_midi_queue_put(PhMidiQueue *queue, const PhMidiMessage *message)
{
  return push(queue, (PhMidiWaiting){ .message = *message });
}

/* ---- events ---- */

/* An event while it is made into messages. */
typedef struct Maker {
  PhMidiQueue *queue;
  const PhSinkEvent *event;
  uint8_t channel;
  PhStatus status;
} Maker;

static const PhValue *find(const PhSinkEvent *event, const char *name)
{
  for (size_t i = 0; i < event->controls->len; i++) {
    if (strcmp(event->controls->items[i].name, name) == 0) {
      return &event->controls->items[i].value;
    }
  }
  return NULL;
}

static bool number(const PhSinkEvent *event, const char *name, double *out)
{
  const PhValue *value = find(event, name);
  if (!value || value->tag == PH_VALUE_STR) {
    char *end = NULL;
    *out = value ? strtod(value->str, &end) : 0; /* `cc "20:101"` makes texts of its numbers */
    return value && end != value->str && !*end && *out == *out;
  }
  *out = value->tag == PH_VALUE_INT     ? (double)value->i
         : value->tag == PH_VALUE_BOOL  ? value->b
         : value->tag == PH_VALUE_RATIO ? ph_rat_to_double(value->ratio)
                                        : value->num;
  return *out == *out;
}

static double number_or(const PhSinkEvent *event, const char *name, double dflt)
{
  double x;
  return number(event, name, &x) ? x : dflt;
}

static int held(double x, int most)
{
  x = floor(x + 0.5);
  return x < 0 ? 0 : x > most ? most : (int)x;
}

static void send(Maker *m, int64_t frame, int kind, int a, int b, uint32_t note)
{
  const uint8_t size = kind == PH_MIDI_PROGRAM || kind == PH_MIDI_PRESSURE ? 2 : 3;
  const PhMidiMessage message = { frame,
                                  size,
                                  { (uint8_t)(kind | m->channel), (uint8_t)a, size == 3 ? (uint8_t)b : 0 } };
  m->status = m->status == PH_OK ? push(m->queue, (PhMidiWaiting){ .message = message, .note = note }) : m->status;
}

static void send_controllers(Maker *m)
{
  static const struct {
    const char *name;
    int number;
  } pedals[] = { { "modwheel", 1 }, { "expression", 11 }, { "sustainpedal", 64 } };
  const int64_t frame = m->event->frame;
  double x, y;
  if ((number(m->event, "ccn", &x) && number(m->event, "ccv", &y)) ||
      (number(m->event, "ctlNum", &x) && number(m->event, "control", &y))) {
    send(m, frame, PH_MIDI_CONTROL, held(x, 127), held(y, 127), 0);
  }
  for (size_t i = 0; i < PH_COUNT(pedals); i++) {
    if (number(m->event, pedals[i].name, &x)) {
      send(m, frame, PH_MIDI_CONTROL, pedals[i].number, held(x * 127, 127), 0);
    }
  }
  if (number(m->event, "nrpn", &x) && number(m->event, "val", &y)) {
    const int n = held(x, 16383), v = held(y, 16383);
    send(m, frame, PH_MIDI_CONTROL, NRPN_NUMBER_HIGH, n >> 7, 0);
    send(m, frame, PH_MIDI_CONTROL, NRPN_NUMBER_LOW, n & 127, 0);
    send(m, frame, PH_MIDI_CONTROL, DATA_HIGH, v >> 7, 0);
    send(m, frame, PH_MIDI_CONTROL, DATA_LOW, v & 127, 0);
  }
}

static bool key_of(const PhSinkEvent *event, int *key)
{
  const PhValue *sound = find(event, "s");
  const int drum =
      sound && sound->tag == PH_VALUE_STR ? ph_midi_drum(sound->str, (int64_t)number_or(event, "n", 0)) : -1;
  const bool named = find(event, "note") != NULL || find(event, "up") != NULL;
  if (drum >= 0 && !named) {
    *key = drum;
    return true;
  }
  const double middle = event->tidal ? MIDDLE_OCTAVE + 1 : MIDDLE_OCTAVE;
  *key = held(event->semitones + 12 * (number_or(event, "octave", middle) - middle) + KEY_OF_NOTE_0, PH_MIDI_KEYS - 1);
  return event->has_note;
}

static bool is_command(const PhSinkEvent *event, const char *name)
{
  const PhValue *command = find(event, "midicmd");
  return command && command->tag == PH_VALUE_STR && strcmp(command->str, name) == 0;
}

/* What is of no channel, and the ends of notes. */
static void send_command(Maker *m)
{
  static const struct {
    const char *name;
    uint8_t byte;
  } bytes[] = { { "midiClock", 0xF8 }, { "start", 0xFA }, { "continue", 0xFB }, { "stop", 0xFC }, { "reset", 0xFF } };
  const int64_t frame = m->event->frame;
  PhMidiMessage message = { .frame = frame };
  double x;
  for (size_t i = 0; i < PH_COUNT(bytes); i++) {
    if (is_command(m->event, bytes[i].name)) {
      message.size = 1;
      message.bytes[0] = bytes[i].byte;
    }
  }
  if (is_command(m->event, "songPtr") && number(m->event, "songPtr", &x)) {
    const int place = held(x, 16383);
    message = (PhMidiMessage){ frame, 3, { SONG_POSITION, (uint8_t)(place & 127), (uint8_t)(place >> 7) } };
  }
  if (message.size) {
    m->status = m->status == PH_OK ? ph_midi_queue_put(m->queue, &message) : m->status;
  }
  if (is_command(m->event, "allNotesOff")) {
    send(m, frame, PH_MIDI_CONTROL, ALL_NOTES_OFF, 0, 0);
  }
  int key;
  if (is_command(m->event, "noteOff") && key_of(m->event, &key)) {
    send(m, frame, PH_MIDI_NOTE_OFF, key, 64, 0);
  }
}

static void send_note(Maker *m, double sample_rate)
{
  const PhSinkEvent *event = m->event;
  int key;
  if (!key_of(event, &key)) {
    return;
  }
  const double level = number_or(event, "velocity", USUAL_VELOCITY) * number_or(event, "gain", 1);
  const int velocity = held(level * 127, 127);
  const double frames = floor(event->sustain_sec * sample_rate + 0.5);
  const int64_t length = frames < 1 ? 1 : frames > 1e15 ? (int64_t)1e15 : (int64_t)frames;
  const uint32_t note = ++m->queue->notes ? m->queue->notes : ++m->queue->notes; /* 0 is nobody */
  send(m, event->frame, PH_MIDI_NOTE_ON, key, velocity < 1 ? 1 : velocity, note);
  send(m, event->frame + length, PH_MIDI_NOTE_OFF, key, 64, note);
  double x;
  if (number(event, "polyTouch", &x)) {
    send(m, event->frame, PH_MIDI_KEY_PRESSURE, key, held(x, 127), 0);
  }
}

PhStatus ph_midi_queue_event(PhMidiQueue *queue, const PhSinkEvent *event, double sample_rate)
{
  Maker m = { .queue = queue, .event = event, .channel = (uint8_t)(held(number_or(event, "midichan", 1) - 1, 15)) };
  const bool notes = !find(event, "midicmd") || is_command(event, "noteOn");
  double x;
  if (number(event, "progNum", &x)) {
    send(&m, event->frame, PH_MIDI_PROGRAM, held(x, 127), 0, 0);
  }
  send_controllers(&m);
  if (number(event, "midibend", &x)) {
    send(&m, event->frame, PH_MIDI_BEND, held(x, 16383) & 127, held(x, 16383) >> 7, 0);
  }
  if (number(event, "miditouch", &x)) {
    send(&m, event->frame, PH_MIDI_PRESSURE, held(x, 127), 0, 0);
  }
  send_command(&m);
  if (notes) {
    send_note(&m, sample_rate);
  }
  return m.status;
}

/* ---- taking ---- */

static uint32_t *key_state(PhMidiQueue *queue, const PhMidiMessage *message)
{
  return &queue->sounding[message->bytes[0] & 15][message->bytes[1] & 127];
}

bool ph_midi_queue_take(PhMidiQueue *queue, int64_t frame, PhMidiMessage *out)
{
  if (queue->next_note) {
    *out = queue->next;
    *key_state(queue, out) = queue->next_note;
    queue->next_note = 0;
    return true;
  }
  while (queue->len && queue->heap[0].message.frame < frame) {
    const PhMidiWaiting item = pop(queue);
    *out = item.message;
    const int kind = out->bytes[0] & 0xF0;
    uint32_t *holder = kind == PH_MIDI_NOTE_ON || kind == PH_MIDI_NOTE_OFF ? key_state(queue, out) : NULL;
    if (kind == PH_MIDI_NOTE_OFF && item.note && *holder != item.note) {
      continue; /* the key has been struck anew, and let go for that */
    }
    if (kind == PH_MIDI_NOTE_OFF) {
      *holder = 0;
    }
    if (kind == PH_MIDI_NOTE_ON && *holder && item.note) {
      queue->next = *out;
      queue->next_note = item.note;
      *holder = 0;
      *out = (PhMidiMessage){ out->frame, 3, { (uint8_t)(PH_MIDI_NOTE_OFF | (out->bytes[0] & 15)), out->bytes[1], 64 } };
    } else if (kind == PH_MIDI_NOTE_ON) {
      *holder = item.note;
    }
    return true;
  }
  return false;
}

PhStatus ph_midi_queue_panic(PhMidiQueue *queue, int64_t frame)
{
  PhStatus status = PH_OK;
  queue->len = 0;
  queue->next_note = 0;
  for (int channel = 0; channel < PH_MIDI_CHANNELS; channel++) {
    bool any = false;
    for (int key = 0; key < PH_MIDI_KEYS && status == PH_OK; key++) {
      if (queue->sounding[channel][key]) {
        const PhMidiMessage off = { frame, 3, { (uint8_t)(PH_MIDI_NOTE_OFF | channel), (uint8_t)key, 64 } };
        status = ph_midi_queue_put(queue, &off);
        any = true;
      }
    }
    const PhMidiMessage all = { frame, 3, { (uint8_t)(PH_MIDI_CONTROL | channel), ALL_NOTES_OFF, 0 } };
    status = status == PH_OK && any ? ph_midi_queue_put(queue, &all) : status;
  }
  return status;
}
