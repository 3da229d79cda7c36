/* The other side of tests/app/live_midi.py: a synthesizer that says what comes with its frame, and a keyboard that is told what to send, a
   message in hexadecimal a line, and which is a clock after `clock BPM`.  SPDX-License-Identifier: MIT */
#include <jack/jack.h>
#include <jack/midiport.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 1 << 14, POLL_USEC = 5000, TICK = 0xF8, START = 0xFA, CONTINUE = 0xFB, TICKS_QUARTER = 24 };

typedef struct Got {
  uint32_t frame, size;
  uint8_t bytes[3];
} Got;

static struct {
  jack_client_t *synth, *keys; /* two clients: round a circle JACK sends a period later */
  jack_port_t *in, *out;
  Got got[MOST];
  _Atomic double tick_frames;    /* of the clock; 0: it does not tick */
  double next_tick;              /* the server's frame */
  uint32_t starts;               /* the next tick is that of a start */
  _Atomic uint32_t started;      /* the frame of that tick */
  _Atomic uint32_t count, typed; /* typed: how many bytes to send, then three of them; 0: none */
} peer;

static int listen(jack_nframes_t frames, void *arg)
{
  (void)arg;
  const uint32_t begin = jack_last_frame_time(peer.synth);
  void *in = jack_port_get_buffer(peer.in, frames);
  for (uint32_t i = 0; i < jack_midi_get_event_count(in); i++) {
    jack_midi_event_t event;
    const uint32_t at = atomic_load(&peer.count);
    if (jack_midi_event_get(&event, in, i) == 0 && at < MOST && event.size <= 3) {
      Got *got = &peer.got[at];
      *got = (Got){ begin + event.time, (uint32_t)event.size, { 0 } };
      for (size_t b = 0; b < event.size; b++) {
        got->bytes[b] = event.buffer[b];
      }
      atomic_store(&peer.count, at + 1);
    }
  }
  return 0;
}

/* The ticks of a period up to a frame of it. */
static void tick(void *out, uint32_t begin, uint32_t to)
{
  const uint8_t byte = TICK;
  const double step = atomic_load(&peer.tick_frames);
  peer.next_tick = peer.next_tick < begin ? begin : peer.next_tick;
  for (; step > 0 && peer.next_tick < begin + to; peer.next_tick += step) {
    const uint32_t frame = (uint32_t)peer.next_tick;
    (void)jack_midi_event_write(out, frame - begin, &byte, 1);
    if (peer.starts) {
      peer.starts = 0;
      atomic_store(&peer.started, frame);
    }
  }
}

static int play(jack_nframes_t frames, void *arg)
{
  (void)arg;
  void *out = jack_port_get_buffer(peer.out, frames);
  jack_midi_clear_buffer(out);
  const uint32_t begin = jack_last_frame_time(peer.keys), typed = atomic_exchange(&peer.typed, 0);
  tick(out, begin, frames / 2 + 1);
  if (typed) {
    const uint8_t bytes[] = { (uint8_t)(typed >> 16), (uint8_t)(typed >> 8), (uint8_t)typed };
    (void)jack_midi_event_write(out, frames / 2, bytes, typed >> 24);
    peer.starts |= bytes[0] == START || bytes[0] == CONTINUE;
  }
  tick(out, begin, frames);
  return 0;
}

static void *read_lines(void *arg)
{
  (void)arg;
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    double bpm;
    if (sscanf(line, "clock %lf", &bpm) == 1) {
      atomic_store(&peer.tick_frames, bpm > 0 ? jack_get_sample_rate(peer.keys) * 60 / (bpm * TICKS_QUARTER) : 0);
      continue;
    }
    const uint32_t digits = (uint32_t)strspn(line, "0123456789abcdefABCDEF");
    const uint32_t bytes = digits / 2 < 3 ? digits / 2 : 3;
    atomic_store(&peer.typed, bytes << 24 | (uint32_t)strtoul(line, NULL, 16) << (8 * (3 - bytes)));
    while (atomic_load(&peer.typed)) {
      (void)usleep(POLL_USEC);
    }
  }
  (void)jack_client_close(peer.keys);
  (void)jack_client_close(peer.synth);
  exit(0);
}

int main(void)
{
  jack_status_t status;
  pthread_t reader;
  peer.synth = jack_client_open("Test Synth", JackNoStartServer, &status);
  peer.keys = peer.synth ? jack_client_open("Test Keys", JackNoStartServer, &status) : NULL;
  if (!peer.keys) {
    return 1;
  }
  peer.in = jack_port_register(peer.synth, "in", JACK_DEFAULT_MIDI_TYPE, JackPortIsInput, 0);
  peer.out = jack_port_register(peer.keys, "out", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
  if (jack_set_process_callback(peer.synth, listen, NULL) != 0 || jack_activate(peer.synth) != 0 ||
      jack_set_process_callback(peer.keys, play, NULL) != 0 || jack_activate(peer.keys) != 0 ||
      pthread_create(&reader, NULL, read_lines, NULL) != 0) {
    return 1;
  }
  printf("ready\n");
  for (uint32_t said = 0;; (void)usleep(POLL_USEC)) {
    for (; said < atomic_load(&peer.count); said++) {
      const Got *got = &peer.got[said];
      printf("%u", got->frame);
      for (uint32_t b = 0; b < got->size; b++) {
        printf(" %02x", got->bytes[b]);
      }
      printf("\n");
    }
    const uint32_t started = atomic_exchange(&peer.started, 0);
    if (started) {
      printf("started %u\n", started);
    }
    (void)fflush(stdout);
  }
}
