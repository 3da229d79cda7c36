/* What `phonon play`, `live` and `repl` share.  SPDX-License-Identifier: MIT */
#include "app/play.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define AHEAD_MOST_MS 10000.0

int64_t now_ms(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- options ----------------------------------------------------------------------------------------------------- */

void device_init(Device *device)
{
  *device = (Device){ .options = PHONON_AUDIO_DEFAULTS };
  device->options.lock_memory = true;
}

static int take_out_map(Device *device, const Command *command)
{
  char *end = NULL;
  const unsigned long left = strtoul(optarg, &end, 10);
  const unsigned long right = *end == ',' ? strtoul(end + 1, &end, 10) : 0;
  if (*end || left < 1 || right < 1 || left > PHONON_CHANNELS_MAX || right > PHONON_CHANNELS_MAX) {
    return usage_error(command, "--out-map wants two channels like 3,4 (from 1 to %d), not `%s`", PHONON_CHANNELS_MAX,
                       optarg);
  }
  device->options.out_map[0] = (uint32_t)left;
  device->options.out_map[1] = (uint32_t)right;
  return EXIT_GOOD;
}

int device_take(Device *device, Job *job, int option, int argc, char **argv)
{
  const Command *command = job->command;
  long long whole = 0;
  double ms = 0;
  switch (option) {
  case OPT_BACKEND:
    device->options.backend = optarg;
    return EXIT_GOOD;
  case OPT_DEVICE:
    device->options.device = optarg;
    return EXIT_GOOD;
  case OPT_OUT_MAP:
    return take_out_map(device, command);
  case 'b':
    if (!read_whole(command, "block", optarg, 16, PHONON_BLOCK_MAX, &whole)) {
      return EXIT_USAGE;
    }
    device->options.block_frames = (uint32_t)whole;
    return EXIT_GOOD;
  case OPT_CHANNELS:
    if (!read_whole(command, "channels", optarg, 1, PHONON_CHANNELS_MAX, &whole)) {
      return EXIT_USAGE;
    }
    device->options.channels = (uint32_t)whole;
    return EXIT_GOOD;
  case OPT_AHEAD:
    if (!read_number(command, "ahead", optarg, 0, AHEAD_MOST_MS, &ms)) {
      return EXIT_USAGE;
    }
    device->options.ahead_sec = ms / 1000;
    return EXIT_GOOD;
  default:
    device->rate_given |= option == 's';
    return job_take(job, option, argc, argv);
  }
}

int device_check(Device *device, const Job *job)
{
  PhononAudioOptions *o = &device->options;
  const uint32_t most = o->channels ? o->channels : 2;
  if (!o->channels && (o->out_map[0] > most || o->out_map[1] > most)) {
    o->channels = o->out_map[0] > o->out_map[1] ? o->out_map[0] : o->out_map[1];
  }
  if (o->channels && (o->out_map[0] > o->channels || o->out_map[1] > o->channels)) {
    return usage_error(job->command, "--out-map names a channel that --channels %u does not open", o->channels);
  }
  o->realtime = true; /* the engine's other threads take the priority of the one that waits for them */
  o->sample_rate = device->rate_given ? job->program.sample_rate : 0;
  return job_check(job);
}

bool device_has_no_clock(const Device *device)
{
  const PhononAudioOptions *o = &device->options;
  return o->backend && strcmp(o->backend, "file") == 0 && o->device && strncmp(o->device, "paced:", 6) != 0;
}

/* ---- words ------------------------------------------------------------------------------------------------------- */

void device_words(const Device *device, PhononAudio *audio, char *out)
{
  const PhononAudioOptions *o = &device->options;
  PhononAudioInfo info;
  phonon_audio_info(audio, &info);
  const bool is_other = (device->rate_given && info.sample_rate != o->sample_rate) ||
                        (o->block_frames && info.block_frames != o->block_frames);
  (void)snprintf(out, WORDS_MAX,
                 "%s, %s: %.0f Hz, blocks of %u, %u channel%s, latency %.1f ms (%.1f ahead, %.1f of the device)%s",
                 info.backend, info.device, info.sample_rate, info.block_frames, info.channels,
                 info.channels == 1 ? "" : "s", (info.ahead_sec + info.latency_sec) * 1e3, info.ahead_sec * 1e3,
                 info.latency_sec * 1e3, is_other ? "\nthe server keeps its own rate and block" : "");
}

void device_advice(const Device *device, PhononAudio *audio, char *out)
{
  PhononAudioInfo info;
  phonon_audio_info(audio, &info);
  const bool no_priority = device->options.realtime && !info.realtime;
  out[0] = 0;
  if (strcmp(info.backend, "file") == 0 || (info.locked && !no_priority)) {
    return;
  }
  (void)snprintf(
      out, WORDS_MAX,
      "without %s: against dropouts, let your group have rtprio and memlock in /etc/security/limits.d (Debian: group "
      "`audio`, by `dpkg-reconfigure jackd2`)",
      !no_priority  ? "locked memory"
      : info.locked ? "realtime priority"
                    : "realtime priority and locked memory");
}

void device_gaps(const PhononAudioEvent *event, uint32_t threads, char *out)
{
  const bool had_core = threads != 1 || event->slowest_cpu_sec > event->block_sec * 0.9; /* others may wait for each other */
  const unsigned long long count = event->count, frames = event->frames;
  if (event->kind == PHONON_AUDIO_XRUN) {
    (void)snprintf(out, WORDS_MAX, "xruns of the device: %llu; a longer block helps", count);
  } else if (event->slowest_sec > event->block_sec && !had_core) {
    (void)snprintf(out, WORDS_MAX,
                   "underruns: %llu, silent frames: %llu: other programs had the core: a block that sounds for %.1f ms took %.1f ms, and was computed "
                   "for %.1f ms of them; realtime priority helps, or a larger --ahead",
                   count, frames, event->block_sec * 1e3, event->slowest_sec * 1e3, event->slowest_cpu_sec * 1e3);
  } else if (event->slowest_sec > event->block_sec) {
    (void)snprintf(out, WORDS_MAX,
                   "underruns: %llu, silent frames: %llu: rendering a block took up to %.1f ms, and it sounds for "
                   "%.1f ms",
                   count, frames, event->slowest_sec * 1e3, event->block_sec * 1e3);
  } else {
    (void)snprintf(out, WORDS_MAX,
                   "underruns: %llu, silent frames: %llu: the render thread was not woken in time (no block took more "
                   "than %.1f of %.1f ms); a larger --ahead helps",
                   count, frames, event->slowest_sec * 1e3, event->block_sec * 1e3);
  }
}

/* ---- messages ---------------------------------------------------------------------------------------------------- */

void notes_push(Notes *notes, char *text)
{
  Note *fresh = text ? malloc(sizeof *fresh) : NULL;
  if (!fresh) {
    phonon_free(text);
    return;
  }
  fresh->text = text;
  fresh->next = atomic_load_explicit(&notes->newest, memory_order_relaxed);
  while (!atomic_compare_exchange_weak_explicit(&notes->newest, &fresh->next, fresh, memory_order_release,
                                                memory_order_relaxed)) {}
}

Note *notes_take(Notes *notes)
{
  Note *newest = atomic_exchange_explicit(&notes->newest, NULL, memory_order_acquire), *oldest = NULL;
  while (newest) {
    Note *next = newest->next;
    newest->next = oldest;
    oldest = newest;
    newest = next;
  }
  return oldest;
}
