/* JACK MIDI to the exact frame, against a client of JACK's own. Needs a server: tests/app/midi_port.py starts one.
   SPDX-License-Identifier: MIT */
#include <jack/jack.h>
#include <jack/midiport.h>
#include <stdio.h>
#include <string.h>

#include "io/midi_port.h"

enum { COUNT = 144, STEP_FRAMES = 331, MOST = 4096, AHEAD_FRAMES = 24000, SAID_MOST = 8 };

#define PATIENCE_SEC 20.0

typedef struct Got {
  uint32_t frame;
  uint8_t bytes[3];
} Got;

/* A synthesizer that writes down what comes, and a keyboard that plays by a list. */
static struct {
  jack_client_t *client, *keyboard; /* two clients: round a circle JACK sends a period later */
  jack_port_t *in, *out;
  Got got[MOST];
  _Atomic uint32_t count;
  _Atomic uint32_t play_from; /* 0: it does not play */
  uint32_t played;
  _Atomic uint32_t period;
} peer;

static int failures;

static void check(const char *what, bool holds, int64_t a, int64_t b)
{
  if (!holds && failures++ < SAID_MOST) {
    printf("FAIL %s: %lld, %lld\n", what, (long long)a, (long long)b);
  }
}

static int listen(jack_nframes_t frames, void *arg)
{
  (void)arg;
  const uint32_t begin = jack_last_frame_time(peer.client);
  void *in = jack_port_get_buffer(peer.in, frames);
  atomic_store(&peer.period, frames);
  for (uint32_t i = 0; i < jack_midi_get_event_count(in); i++) {
    jack_midi_event_t event;
    const uint32_t at = atomic_load(&peer.count);
    if (jack_midi_event_get(&event, in, i) == 0 && at < MOST && event.size <= 3) {
      peer.got[at].frame = begin + event.time;
      memcpy(peer.got[at].bytes, event.buffer, event.size);
      atomic_store(&peer.count, at + 1);
    }
  }
  return 0;
}

static int play(jack_nframes_t frames, void *arg)
{
  (void)arg;
  const uint32_t begin = jack_last_frame_time(peer.keyboard), from = atomic_load(&peer.play_from);
  void *out = jack_port_get_buffer(peer.out, frames);
  jack_midi_clear_buffer(out);
  for (; from && peer.played < COUNT; peer.played++) {
    const int32_t at = (int32_t)(from + peer.played * STEP_FRAMES - begin);
    if (at >= (int32_t)frames) {
      break;
    }
    const uint8_t note[] = { 0x90, (uint8_t)(peer.played % 128), 100 };
    (void)jack_midi_event_write(out, at < 0 ? 0 : (jack_nframes_t)at, note, sizeof note);
  }
  return 0;
}

static bool start_peer(void)
{
  jack_status_t status;
  peer.client = jack_client_open("Test Synth", JackNoStartServer, &status);
  peer.keyboard = peer.client ? jack_client_open("Test Keys", JackNoStartServer, &status) : NULL;
  if (!peer.keyboard) {
    return false;
  }
  peer.in = jack_port_register(peer.client, "in", JACK_DEFAULT_MIDI_TYPE, JackPortIsInput, 0);
  peer.out = jack_port_register(peer.keyboard, "out", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
  return jack_set_process_callback(peer.client, listen, NULL) == 0 && jack_activate(peer.client) == 0 &&
         jack_set_process_callback(peer.keyboard, play, NULL) == 0 && jack_activate(peer.keyboard) == 0;
}

/* ---- facts ---- */

static void wait_for_count(uint32_t count)
{
  const double until = ph_os_now_sec() + PATIENCE_SEC;
  while (atomic_load(&peer.count) < count && ph_os_now_sec() < until) {
    ph_os_sleep_sec(0.01);
  }
}

/* 144 messages of which each has its frame of the player's clock, which is `shift` away from JACK's. */
static void sends_on_the_frame(PhMidiPorts *ports, uint32_t out, int64_t player_frame)
{
  const uint32_t now = jack_frame_time(peer.client), first = atomic_load(&peer.count);
  ph_midi_sync(ports, player_frame, now);
  for (uint32_t i = 0; i < COUNT; i++) {
    const PhMidiMessage m = { player_frame + AHEAD_FRAMES + i * STEP_FRAMES, 3, { 0x90, (uint8_t)(i % 128), 64 } };
    check("send", ph_midi_send(ports, out, &m), i, 0);
  }
  wait_for_count(first + COUNT);
  check("messages that came", atomic_load(&peer.count) == first + COUNT, atomic_load(&peer.count) - first, COUNT);
  for (uint32_t i = 0; i < COUNT && first + i < atomic_load(&peer.count); i++) {
    const Got *got = &peer.got[first + i];
    check("frame out", got->frame == now + AHEAD_FRAMES + i * STEP_FRAMES, got->frame,
          now + AHEAD_FRAMES + i * STEP_FRAMES);
    check("key out", got->bytes[1] == i % 128, got->bytes[1], i % 128);
  }
  check("late", atomic_load(&ports->late) == 0, (int64_t)atomic_load(&ports->late), 0);
}

static void receives_on_the_frame(PhMidiPorts *ports, int64_t player_frame)
{
  const uint32_t now = jack_frame_time(peer.client);
  ph_midi_sync(ports, player_frame, now);
  atomic_store(&peer.play_from, now + AHEAD_FRAMES);
  const double until = ph_os_now_sec() + PATIENCE_SEC;
  uint32_t count = 0;
  while (count < COUNT && ph_os_now_sec() < until) {
    PhMidiMessage m;
    for (; ph_midi_receive(ports, PH_MIDI_IN_KEYS, &m); count++) {
      const int64_t expected = player_frame + AHEAD_FRAMES + count * STEP_FRAMES;
      check("frame in", m.frame == expected, m.frame, expected);
      check("key in", m.size == 3 && m.bytes[0] == 0x90 && m.bytes[1] == count % 128, m.bytes[1], count % 128);
    }
    ph_os_sleep_sec(0.01);
  }
  check("messages received", count == COUNT, count, COUNT);
}

/* A message that is too late goes at once and is counted; those of one frame keep their order; a keyboard that nobody has is said. */
static void is_late(PhMidiPorts *ports, uint32_t out)
{
  const uint32_t first = atomic_load(&peer.count);
  const uint64_t late = atomic_load(&ports->late);
  ph_midi_sync(ports, 0, jack_frame_time(peer.client));
  for (uint8_t i = 0; i < 3; i++) {
    const PhMidiMessage m = { -100000, 2, { 0xC0, i, 0 } };
    (void)ph_midi_send(ports, out, &m);
  }
  wait_for_count(first + 3);
  check("late ones are counted", atomic_load(&ports->late) == late + 3, (int64_t)atomic_load(&ports->late), 3);
  for (uint32_t i = 0; i < 3; i++) {
    check("order", peer.got[first + i].bytes[1] == i, peer.got[first + i].bytes[1], i);
  }
}

/* Closing sends what waits: the end of a note that would come in an hour. */
static void ends_notes(PhMidiPorts *ports, uint32_t out)
{
  const uint32_t first = atomic_load(&peer.count);
  const PhMidiMessage off = { 48000LL * 3600, 3, { 0x80, 60, 64 } };
  (void)ph_midi_send(ports, out, &off);
  ph_midi_close(ports);
  wait_for_count(first + 1);
  check("a note-off at the end", atomic_load(&peer.count) == first + 1 && peer.got[first].bytes[0] == 0x80,
        peer.got[first].bytes[0], 0x80);
}

int main(void)
{
  PhMidiPorts *ports;
  char error[PH_IO_ERROR_BYTES];
  uint32_t out, again, nobody;
  bool connected;
  if (!start_peer()) {
    printf("no JACK server answers\n");
    return 1;
  }
  if (ph_midi_open("jack", 48000, &ports, error) != PH_OK ||
      ph_midi_out(ports, "synth", &out, &connected, error) != PH_OK) {
    printf("%s\n", error);
    return 1;
  }
  check("connected with Test Synth", connected, connected, 1);
  check("the same name", ph_midi_out(ports, "SYNTH", &again, &connected, error) == PH_OK && again == out, again, out);
  check("nobody", ph_midi_out(ports, "nobody", &nobody, &connected, error) == PH_OK && !connected && nobody != out,
        nobody, connected);
  check("in", ph_midi_in(ports, PH_MIDI_IN_KEYS, "test keys", &connected, error) == PH_OK && connected, connected, 1);
  sends_on_the_frame(ports, out, 0);
  sends_on_the_frame(ports, out, INT64_C(10000000000));
  sends_on_the_frame(ports, out, 48000);
  receives_on_the_frame(ports, 48000);
  is_late(ports, out);
  ends_notes(ports, out);
  (void)jack_client_close(peer.client);
  (void)jack_client_close(peer.keyboard);
  printf("periods of %u frames: %u messages out, %d in, %d failures\n", atomic_load(&peer.period),
         atomic_load(&peer.count), COUNT, failures);
  return failures ? 1 : 0;
}
