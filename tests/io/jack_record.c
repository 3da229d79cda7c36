/* A JACK client that records what is connected to it, for tests.

       jack_record NAME SECONDS FILE

   Says "ready" when its two ports are there. On SIGTERM, or when the server goes, it writes FILE: int64 the frame at which the first
   sample other than 0 came (-1: none), int64 the CLOCK_MONOTONIC time in ns of that block's callback, int64 the time of the last
   callback, int64 the frames that were recorded before it, int64 xruns, then the frames as 32-bit floats, interleaved, from the first one on.  SPDX-License-Identifier: MIT */
#include <jack/jack.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static jack_port_t *ports[2];
static float *frames; /* all of it touched before the client is active */
static size_t capacity;
static _Atomic size_t count;
static _Atomic int64_t first = -1, first_ns, last_ns, last_count, xruns, seen;
static volatile sig_atomic_t ended;

static void end(int number)
{
  (void)number;
  ended = 1;
}

static void on_shutdown(void *arg)
{
  (void)arg;
  ended = 1;
}

static int on_xrun(void *arg)
{
  (void)arg;
  atomic_fetch_add(&xruns, 1);
  return 0;
}

static int process(jack_nframes_t n, void *arg)
{
  (void)arg;
  const float *left = jack_port_get_buffer(ports[0], n);
  const float *right = jack_port_get_buffer(ports[1], n);
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  size_t at = atomic_load(&count);
  atomic_store(&last_ns, (int64_t)t.tv_sec * 1000000000 + t.tv_nsec);
  atomic_store(&last_count, (int64_t)at);
  for (jack_nframes_t i = 0; i < n; i++) {
    if (atomic_load(&first) < 0 && (left[i] != 0 || right[i] != 0)) {
      atomic_store(&first_ns, atomic_load(&last_ns));
      atomic_store(&first, atomic_load(&seen) + i);
    }
    if (atomic_load(&first) >= 0 && at < capacity) {
      frames[2 * at] = left[i];
      frames[2 * at + 1] = right[i];
      at++;
    }
  }
  atomic_store(&count, at);
  atomic_fetch_add(&seen, n);
  return 0;
}

static int write_all(const char *path)
{
  FILE *file = fopen(path, "wb");
  const int64_t head[5] = { atomic_load(&first), atomic_load(&first_ns), atomic_load(&last_ns), atomic_load(&last_count),
                            atomic_load(&xruns) };
  const size_t values = 2 * atomic_load(&count);
  if (!file || fwrite(head, sizeof head, 1, file) != 1 || fwrite(frames, sizeof *frames, values, file) != values) {
    perror(path);
    return 1;
  }
  return fclose(file) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
  if (argc != 4) {
    fprintf(stderr, "usage: jack_record NAME SECONDS FILE\n");
    return 2;
  }
  (void)signal(SIGTERM, end);
  (void)signal(SIGINT, end);
  jack_client_t *client = jack_client_open(argv[1], JackNoStartServer | JackUseExactName, NULL);
  if (!client) {
    fprintf(stderr, "jack_record: no server\n");
    return 1;
  }
  capacity = (size_t)(atof(argv[2]) * jack_get_sample_rate(client));
  frames = malloc(2 * capacity * sizeof *frames);
  if (!frames) {
    return 1;
  }
  memset(frames, 0, 2 * capacity * sizeof *frames);
  ports[0] = jack_port_register(client, "in_1", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
  ports[1] = jack_port_register(client, "in_2", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
  jack_set_process_callback(client, process, NULL);
  jack_set_xrun_callback(client, on_xrun, NULL);
  jack_on_shutdown(client, on_shutdown, NULL);
  if (!ports[0] || !ports[1] || jack_activate(client) != 0) {
    fprintf(stderr, "jack_record: the server does not take the client\n");
    return 1;
  }
  printf("ready\n");
  (void)fflush(stdout);
  while (!ended) {
    const struct timespec pause = { 0, 10000000 };
    (void)nanosleep(&pause, NULL);
  }
  const int status = write_all(argv[3]);
  (void)jack_client_close(client);
  free(frames);
  return status;
}
