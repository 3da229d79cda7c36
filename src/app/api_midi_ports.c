/* The public interface: MIDI ports. What events say waits here until its frame; the ports are made on the control thread.
   SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/api.h"
#include "app/api_midi_clock.h"
#include "io/midi.h"
#include "io/midi_port.h"
#include "io/playout.h"

_Static_assert(sizeof((PhononError *)0)->text >= PH_IO_ERROR_BYTES, "reasons fit");

#define CONTROL_MOST 127.0
#define JUMP_SEC 0.05

enum {
  WAITING_MOST = 1 << 14,
  QUARTERS = 4,
  LOOKS = 50, /* in a second, about */
  OFFSETS = LOOKS
};

/* An output: WANTED by who named it, then the control thread makes its port, or does not; AWAY with its server, until that is back. */
typedef enum OutState { OUT_WANTED, OUT_READY, OUT_REFUSED, OUT_AWAY } OutState;

typedef struct Out {
  char name[PH_MIDI_NAME_BYTES];
  PhMidiQueue queue; /* the thread's that renders */
  uint32_t port;
  atomic_int state;
  bool is_alone; /* the control thread's: it is connected with nobody */
  /* The thread's that renders: what sounded when the port went away. */
  bool was_away, left[PH_MIDI_CHANNELS][PH_MIDI_KEYS];
} Out;

/* A way in. */
typedef struct In {
  char *listens_to; /* NULL: to all */
  bool is_wanted;   /* somebody wants to listen, and does not yet */
  bool is_alone;    /* there is nobody to listen to */
  atomic_bool listens;
} In;

struct PhononMidi {
  _Atomic(PhMidiPorts *) ports; /* NULL: not opened yet, or gone */
  int64_t base;       /* the frame of the caller's that is the engine's frame 0 */
  Out outs[PH_MIDI_OUTS_MAX];
  _Atomic uint32_t count;
  uint32_t clock_out; /* which output has the clock; PH_MIDI_OUTS_MAX: none */
  PhMidiClockOut clock;
  In ins[PH_MIDI_INS];
  PhApiMidiClock clock_in;
  bool down[PH_MIDI_CHANNELS][PH_MIDI_KEYS]; /* the thread's that renders: keys that are held */
  int64_t last_in;                           /* and the frame of what came last */
  uint32_t looks;                            /* how often the ports were minded */
  char *wanted;                              /* the back end; NULL: the one that fits */
  uint32_t offsets[OFFSETS], offset_count;   /* of our clock from the device's frames, as they were seen */
};

PhononStatus phonon_midi_new(PhononMidi **out)
{
  PhononMidi *self = *out = calloc(1, sizeof *self);
  if (self) {
    self->clock_out = PH_MIDI_OUTS_MAX;
    self->clock.quarters = QUARTERS;
  }
  return self ? PHONON_OK : PHONON_NOMEM;
}

void phonon_midi_free(PhononMidi *midi)
{
  if (midi) {
    ph_midi_close(midi->ports);
    for (size_t i = 0; i < PH_MIDI_OUTS_MAX; i++) {
      ph_midi_queue_deinit(&midi->outs[i].queue);
    }
    for (size_t i = 0; i < PH_MIDI_INS; i++) {
      free(midi->ins[i].listens_to);
    }
    free(midi->wanted);
    free(midi);
  }
}

/* ---- out --------------------------------------------------------------------------------------------------------- */

/* The output of a name, made if there is none; PH_MIDI_OUTS_MAX: there are too many, or the name is too long. */
static uint32_t out_of(PhononMidi *self, const char *name)
{
  const uint32_t count = atomic_load_explicit(&self->count, memory_order_relaxed);
  for (uint32_t i = 0; i < count; i++) {
    if (strcasecmp(self->outs[i].name, name) == 0) {
      return i;
    }
  }
  const size_t bytes = strlen(name) + 1;
  if (count == PH_MIDI_OUTS_MAX || bytes > PH_MIDI_NAME_BYTES || bytes == 1) {
    return PH_MIDI_OUTS_MAX;
  }
  memcpy(self->outs[count].name, name, bytes);
  atomic_store_explicit(&self->count, count + 1, memory_order_release);
  return count;
}

PhononStatus phonon_midi_out(PhononMidi *midi, const char *name, bool has_clock)
{
  const uint32_t out = out_of(midi, name);
  if (out == PH_MIDI_OUTS_MAX) {
    return PHONON_LIMIT;
  }
  midi->clock_out = has_clock ? out : midi->clock_out;
  return PHONON_OK;
}

PhStatus ph_api_midi_event(PhononMidi *midi, const PhSinkEvent *event, double sample_rate)
{
  const uint32_t out = out_of(midi, event->name);
  if (out == PH_MIDI_OUTS_MAX) {
    return PH_LIMIT;
  }
  if (atomic_load_explicit(&midi->outs[out].state, memory_order_relaxed) == OUT_REFUSED ||
      midi->outs[out].queue.len > WAITING_MOST) {
    return PH_OK; /* it was said when it happened */
  }
  PhSinkEvent later = *event;
  later.frame += midi->base;
  return ph_midi_queue_event(&midi->outs[out].queue, &later, sample_rate);
}

void phonon_midi_base(PhononMidi *midi, int64_t frame) { midi->base = frame; }

/* A port that is back lets go of what sounded when it went: its ends went nowhere. */
static void mind_absence(PhononMidi *self, Out *out, int state, int64_t frame)
{
  if (state == OUT_AWAY && !out->was_away) {
    for (size_t c = 0; c < PH_MIDI_CHANNELS; c++) {
      for (size_t k = 0; k < PH_MIDI_KEYS; k++) {
        out->left[c][k] = out->queue.sounding[c][k] != 0;
      }
    }
  }
  for (size_t c = 0; c < PH_MIDI_CHANNELS && state == OUT_READY && out->was_away; c++) {
    for (size_t k = 0; k < PH_MIDI_KEYS; k++) {
      const PhMidiMessage off = { frame, 3, { (uint8_t)(PH_MIDI_NOTE_OFF | c), (uint8_t)k, 64 } };
      if (out->left[c][k]) {
        (void)ph_midi_send(self->ports, out->port, &off);
      }
    }
  }
  out->was_away = state == OUT_AWAY || (out->was_away && state != OUT_READY);
}

/* What is due before the frame goes to the port, and so waits there for its moment. */
static void flush(PhononMidi *self, Out *out, int64_t before)
{
  const int state = atomic_load_explicit(&out->state, memory_order_acquire);
  PhMidiMessage message;
  mind_absence(self, out, state, before - 1);
  while (state != OUT_WANTED && ph_midi_queue_take(&out->queue, before, &message)) {
    if (state == OUT_READY) {
      (void)ph_midi_send(self->ports, out->port, &message);
    }
  }
}

typedef struct Times {
  PhononEngine *engine;
  int64_t base;
} Times;

static int64_t frame_of(void *ctx, PhRat cycle)
{
  const Times *times = ctx;
  return times->base + phonon_engine_frame_of_cycle(times->engine, (PhononTime){ cycle.num, cycle.den });
}

static void tick(PhononMidi *self, PhononEngine *engine, int64_t from, int64_t to)
{
  PhMidiQueue *queue = &self->outs[self->clock_out].queue;
  Times times = { engine, self->base };
  const PhStatus status =
      engine ? ph_midi_clock_out(&self->clock, queue, from, to, phonon_engine_cycle_of_frame(engine, from - self->base),
                                 frame_of, &times)
             : ph_midi_clock_stop(&self->clock, queue, from);
  self->clock.running = self->clock.running && status == PH_OK; /* for want of memory it starts anew */
}

void phonon_midi_send(PhononMidi *midi, PhononEngine *engine, int64_t frame, uint32_t frames)
{
  const uint32_t count = atomic_load_explicit(&midi->count, memory_order_relaxed);
  const bool has_clock = midi->clock_out < count &&
                         atomic_load_explicit(&midi->outs[midi->clock_out].state, memory_order_acquire) == OUT_READY;
  if (has_clock) {
    tick(midi, engine, frame, frame + frames);
  }
  for (uint32_t i = 0; i < count; i++) {
    flush(midi, &midi->outs[i], frame + frames);
  }
}

void phonon_midi_panic(PhononMidi *midi, int64_t frame)
{
  const uint32_t count = atomic_load_explicit(&midi->count, memory_order_relaxed);
  for (uint32_t i = 0; i < count; i++) {
    if (ph_midi_queue_panic(&midi->outs[i].queue, frame) != PH_OK) {
      continue; /* no memory: the keys stay held in the queue, and the next call lets go of them */
    }
    flush(midi, &midi->outs[i], frame + 1);
  }
}

void phonon_midi_stop(PhononMidi *midi, int64_t frame)
{
  phonon_midi_panic(midi, frame);
  phonon_midi_send(midi, NULL, frame, 1);
}

/* ---- in ---------------------------------------------------------------------------------------------------------- */

static PhononStatus want_in(In *in, const char *name)
{
  char *copy = name ? strdup(name) : NULL;
  if (name && !copy) {
    return PHONON_NOMEM;
  }
  free(in->listens_to);
  in->listens_to = copy;
  in->is_wanted = true;
  return PHONON_OK;
}

PhononStatus phonon_midi_in(PhononMidi *midi, const char *name) { return want_in(&midi->ins[PH_MIDI_IN_KEYS], name); }

PhononStatus phonon_midi_clock_in(PhononMidi *midi, const char *name)
{
  return want_in(&midi->ins[PH_MIDI_IN_CLOCK], name);
}

static bool receive(PhononMidi *self, PhMidiPort port, PhMidiMessage *message)
{
  return atomic_load_explicit(&self->ins[port].listens, memory_order_acquire) &&
         ph_midi_receive(self->ports, port, message);
}

bool ph_api_midi_input(const PhMidiMessage *message, PhononMidiInput *out)
{
  enum { CENTRE = 8192 };
  const int kind = message->bytes[0] & 0xF0, first = message->bytes[1] & 127, second = message->bytes[2] & 127;
  *out =
      (PhononMidiInput){ .frame = message->frame, .channel = (message->bytes[0] & 15u) + 1, .number = (uint32_t)first };
  if (message->size == 2 && (kind == PH_MIDI_PROGRAM || kind == PH_MIDI_PRESSURE)) {
    out->kind = kind == PH_MIDI_PROGRAM ? PHONON_MIDI_PROGRAM : PHONON_MIDI_PRESSURE;
    out->number = 0;
    out->value = kind == PH_MIDI_PROGRAM ? first : first / CONTROL_MOST;
    return true;
  }
  if (message->size != 3) {
    return false;
  }
  out->value = second / CONTROL_MOST;
  const int wheel = (second << 7 | first) - CENTRE;
  switch (kind) {
  case PH_MIDI_NOTE_OFF:
    out->value = 0;
    return true;
  case PH_MIDI_NOTE_ON:
    return true;
  case PH_MIDI_KEY_PRESSURE:
    out->kind = PHONON_MIDI_KEY_PRESSURE;
    return true;
  case PH_MIDI_CONTROL:
    out->kind = PHONON_MIDI_CC;
    return true;
  case PH_MIDI_BEND:
    out->kind = PHONON_MIDI_BEND;
    out->number = 0;
    out->value = wheel < 0 ? wheel / (double)CENTRE : wheel / (CENTRE - 1.0); /* all the way up is 1 */
    return true;
  default:
    return false;
  }
}

/* The keyboard is gone: one after another the keys that were held are let go. */
static bool let_go(PhononMidi *self, PhononMidiInput *out)
{
  for (uint32_t c = 0; c < PH_MIDI_CHANNELS; c++) {
    for (uint32_t k = 0; k < PH_MIDI_KEYS; k++) {
      if (self->down[c][k]) {
        self->down[c][k] = false;
        *out = (PhononMidiInput){ .frame = self->last_in, .kind = PHONON_MIDI_KEY, .channel = c + 1, .number = k };
        return true;
      }
    }
  }
  return false;
}

bool phonon_midi_receive(PhononMidi *midi, PhononMidiInput *out)
{
  PhMidiMessage m;
  if (!atomic_load_explicit(&midi->ins[PH_MIDI_IN_KEYS].listens, memory_order_acquire)) {
    return let_go(midi, out);
  }
  while (receive(midi, PH_MIDI_IN_KEYS, &m)) {
    if (ph_api_midi_input(&m, out)) {
      midi->last_in = out->frame;
      if (out->kind == PHONON_MIDI_KEY) {
        midi->down[out->channel - 1][out->number] = out->value > 0;
      }
      return true;
    }
  }
  return false;
}

bool phonon_midi_clock(PhononMidi *midi, int64_t now, int64_t at, PhononMidiClock *out)
{
  PhMidiMessage m;
  if (!atomic_load_explicit(&midi->ins[PH_MIDI_IN_CLOCK].listens, memory_order_acquire)) {
    return false;
  }
  while (receive(midi, PH_MIDI_IN_CLOCK, &m)) {
    ph_api_midi_clock_take(&midi->clock_in, &m);
  }
  ph_api_midi_clock_say(&midi->clock_in, now, at, out);
  return true;
}

bool phonon_midi_transport(PhononMidi *midi, PhononMidiTransport *out)
{
  return ph_api_midi_clock_transport(&midi->clock_in, out);
}

/* ---- the control thread ------------------------------------------------------------------------------------------ */

static bool tell(PhononMidiNews *news, PhononMidiWhat what, const char *name)
{
  news->what = what;
  news->name = name;
  return true;
}

PhononStatus phonon_midi_backend(PhononMidi *midi, const char *name)
{
  char *copy = name ? strdup(name) : NULL;
  if (name && !copy) {
    return PHONON_NOMEM;
  }
  free(midi->wanted);
  midi->wanted = copy;
  return PHONON_OK;
}

/* The back end: the one that is wanted; or that of the server that plays, which is exact; or what the system has. */
static const char *choice(const PhononMidi *self, PhononAudio *audio)
{
  PhononAudioInfo info;
  phonon_audio_info(audio, &info);
  return self->wanted ? self->wanted : strcmp(info.backend, "jack") == 0 ? "jack" : "rtmidi";
}

/* A device that has no clock of its own says with each block when its frame 0 was, by the system's clock. Some come late, none early: the least of the last second is
   right, since clocks drift. */
static void sync_by_time(PhononMidi *self, PhononAudio *audio)
{
  const uint32_t offset = self->ports->backend->clock(self->ports, (double)phonon_audio_zero(audio) * 1e-9);
  self->offsets[self->offset_count++ % OFFSETS] = offset;
  uint32_t least = offset;
  for (uint32_t i = 0; i < OFFSETS && i < self->offset_count; i++) {
    least = (int32_t)(self->offsets[i] - least) < 0 ? self->offsets[i] : least;
  }
  if ((int32_t)(offset - least) > (int32_t)(JUMP_SEC * self->ports->rate)) { /* no late block: time was lost */
    self->offset_count = 0;
    least = offset;
  }
  ph_midi_sync(self->ports, 0, least);
}

/* Whether there is a clock that the ports can go by. JACK's is away before the first callback, and while the server is. */
static bool has_clock(const PhononMidi *self, PhononAudio *audio, uint32_t *offset)
{
  PhononAudioInfo info;
  phonon_audio_info(audio, &info);
  *offset = 0;
  return strcmp(choice(self, audio), "jack") != 0
             ? phonon_audio_zero(audio) != 0
             : strcmp(info.backend, "jack") != 0 || ph_playout_clock(ph_api_playout(audio), offset);
}

static void sync(PhononMidi *self, PhononAudio *audio, uint32_t offset)
{
  if (self->ports->backend->clock) {
    sync_by_time(self, audio);
  } else {
    ph_midi_sync(self->ports, 0, offset);
  }
}

/* The ports, once there is a clock that they can go by. */
static PhStatus open_ports(PhononMidi *self, PhononAudio *audio, char *error)
{
  PhononAudioInfo info;
  uint32_t offset;
  phonon_audio_info(audio, &info);
  if (self->ports) {
    return PH_OK;
  }
  if (strcmp(choice(self, audio), "jack") == 0 && strcmp(info.backend, "jack") != 0) {
    return ph_io_refuse(error, PH_UNSUPPORTED, "MIDI",
                        "JACK's goes by the clock of JACK: --backend jack, or --midi-backend rtmidi");
  }
  PhMidiPorts *ports = NULL;
  const PhStatus status = ph_midi_open(choice(self, audio), info.sample_rate, &ports, error);
  self->ports = ports;
  if (status == PH_OK && has_clock(self, audio, &offset)) {
    sync(self, audio, offset);
  }
  return status;
}

static bool mind_out(PhononMidi *self, Out *out, PhononAudio *audio, PhononMidiNews *news)
{
  bool connected = false;
  PhStatus status = open_ports(self, audio, news->error.text);
  status = status == PH_OK ? ph_midi_out(self->ports, out->name, &out->port, &connected, news->error.text) : status;
  out->is_alone = status == PH_OK && !connected;
  atomic_store_explicit(&out->state, status == PH_OK ? OUT_READY : OUT_REFUSED, memory_order_release);
  return tell(news,
              status != PH_OK ? PHONON_MIDI_REFUSED
              : connected     ? PHONON_MIDI_OUT
                              : PHONON_MIDI_OUT_ALONE,
              out->name);
}

static const char *name_of(const PhononMidi *self, PhMidiPort port)
{
  const char *name = self->ins[port].listens_to;
  return name ? name : port == PH_MIDI_IN_CLOCK ? "every clock" : "every keyboard";
}

static bool mind_in(PhononMidi *self, PhMidiPort port, PhononAudio *audio, PhononMidiNews *news)
{
  In *in = &self->ins[port];
  bool connected = false;
  in->is_wanted = false;
  PhononAudioInfo info;
  phonon_audio_info(audio, &info);
  PhStatus status = open_ports(self, audio, news->error.text);
  status = status == PH_OK ? ph_midi_in(self->ports, port, in->listens_to, &connected, news->error.text) : status;
  if (port == PH_MIDI_IN_CLOCK) {
    self->clock_in.rate = info.sample_rate; /* before it is listened to */
  }
  in->is_alone = status == PH_OK && !connected;
  atomic_store_explicit(&in->listens, status == PH_OK, memory_order_release);
  return tell(news,
              status != PH_OK ? PHONON_MIDI_REFUSED
              : connected     ? PHONON_MIDI_IN
                              : PHONON_MIDI_IN_ALONE,
              name_of(self, port));
}

/* The server went, and the ports with it: what is theirs is left behind, for nobody knows who looks at it yet. */
static void leave(PhononMidi *self)
{
  PhMidiPorts *gone = self->ports;
  for (uint32_t i = 0; i < atomic_load_explicit(&self->count, memory_order_acquire); i++) {
    int ready = OUT_READY;
    (void)atomic_compare_exchange_strong(&self->outs[i].state, &ready, OUT_AWAY);
  }
  for (uint32_t i = 0; i < PH_MIDI_INS; i++) {
    self->ins[i].is_wanted |= atomic_exchange(&self->ins[i].listens, false);
  }
  self->ports = NULL;
  ph_midi_close(gone);
}

/* Once a second: whoever has come since is connected with. */
static bool mind_others(PhononMidi *self, PhononMidiNews *news)
{
  const PhMidiBackend *backend = self->ports ? self->ports->backend : NULL;
  if (!backend || !backend->connect_out || self->looks % LOOKS != 0) {
    return false;
  }
  for (uint32_t i = 0; i < atomic_load_explicit(&self->count, memory_order_acquire); i++) {
    Out *out = &self->outs[i];
    if (out->is_alone && backend->connect_out(self->ports, out->port)) {
      out->is_alone = false;
      return tell(news, PHONON_MIDI_OUT, out->name);
    }
  }
  for (uint32_t i = 0; i < PH_MIDI_INS; i++) {
    In *in = &self->ins[i];
    const bool is_new = atomic_load(&in->listens) && backend->connect_in(self->ports, (PhMidiPort)i, in->listens_to);
    if (is_new && in->is_alone) {
      in->is_alone = false;
      return tell(news, PHONON_MIDI_IN, name_of(self, (PhMidiPort)i));
    }
  }
  return false;
}

static bool is_wanted(const PhononMidi *self)
{
  bool any = self->ins[PH_MIDI_IN_KEYS].is_wanted || self->ins[PH_MIDI_IN_CLOCK].is_wanted;
  for (uint32_t i = 0; i < atomic_load_explicit(&self->count, memory_order_acquire); i++) {
    const int state = atomic_load_explicit(&self->outs[i].state, memory_order_relaxed);
    any |= state == OUT_WANTED || state == OUT_AWAY;
  }
  return any;
}

bool phonon_midi_mind(PhononMidi *midi, PhononAudio *audio, PhononMidiNews *news)
{
  *news = (PhononMidiNews){ .name = "" };
  uint32_t offset;
  if (midi->ports && atomic_load(&midi->ports->lost)) {
    leave(midi);
    return tell(news, PHONON_MIDI_LOST, "");
  }
  if (!has_clock(midi, audio, &offset)) {
    return false; /* not yet, or gone for a while */
  }
  if (midi->ports) {
    sync(midi, audio, offset);
  }
  if (!midi->ports && is_wanted(midi) && open_ports(midi, audio, news->error.text) == PH_OK) {
    return tell(news, PHONON_MIDI_OPEN, midi->ports->backend->doc);
  }
  const uint32_t count = atomic_load_explicit(&midi->count, memory_order_acquire);
  for (uint32_t i = 0; i < count; i++) {
    const int state = atomic_load_explicit(&midi->outs[i].state, memory_order_relaxed);
    if (state == OUT_WANTED || state == OUT_AWAY) {
      return mind_out(midi, &midi->outs[i], audio, news);
    }
  }
  for (uint32_t i = 0; i < PH_MIDI_INS; i++) {
    if (midi->ins[i].is_wanted) {
      return mind_in(midi, (PhMidiPort)i, audio, news);
    }
  }
  const bool is_told = ph_api_midi_clock_news(&midi->clock_in, news) || mind_others(midi, news);
  midi->looks += !is_told;
  return is_told;
}
