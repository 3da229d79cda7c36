/* The choice of a back end, and what all of them share.  SPDX-License-Identifier: MIT */
#include "io/audio.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const PhAudioBackend *const ph_audio_backends[] = {
#if PH_HAVE_JACK
  &ph_audio_jack,
#endif
#if PH_HAVE_PORTAUDIO
  &ph_audio_portaudio,
#endif
  &ph_audio_null, &ph_audio_file, NULL
};

void *ph_audio_stream_new(size_t bytes, const PhAudioBackend *backend, const PhAudioClient *client)
{
  PhAudioStream *stream = calloc(1, bytes);
  if (stream) {
    stream->backend = backend;
    stream->client = *client;
    stream->granted.backend = backend->name;
  }
  return stream;
}

static PhStatus open_named(const PhAudioWanted *wanted, const PhAudioClient *client, PhAudioStream **out, char *error)
{
  PhText names = { 0 };
  for (size_t i = 0; ph_audio_backends[i]; i++) {
    if (strcmp(ph_audio_backends[i]->name, wanted->backend) == 0) {
      ph_text_deinit(&names);
      return ph_audio_backends[i]->open(wanted, client, out, error);
    }
    ph_text_printf(&names, "%s%s", i ? ", " : "", ph_audio_backends[i]->name);
  }
  (void)snprintf(error, PH_IO_ERROR_BYTES, "there is no back end `%s`; there are %s", wanted->backend,
                 names.ptr ? names.ptr : "");
  ph_text_deinit(&names);
  return PH_NOTFOUND;
}

PhStatus ph_audio_open(const PhAudioWanted *wanted, const PhAudioClient *client, PhAudioStream **out, char *error)
{
  *out = NULL;
  error[0] = 0;
  if (wanted->backend) {
    return open_named(wanted, client, out, error);
  }
  PhText why = { 0 };
  for (size_t i = 0; ph_audio_backends[i]; i++) {
    char reason[PH_IO_ERROR_BYTES] = "";
    if (!ph_audio_backends[i]->automatic) {
      continue;
    }
    if (ph_audio_backends[i]->open(wanted, client, out, reason) == PH_OK) {
      ph_text_deinit(&why);
      return PH_OK;
    }
    ph_text_printf(&why, "%s%s", why.len ? "; " : "", reason);
  }
  (void)snprintf(error, PH_IO_ERROR_BYTES,
                 "there is nothing to play on: %s. Start PipeWire (then `pw-jack phonon play …`) or `jackd`, or plug a "
                 "sound card in; "
                 "`phonon devices` lists what is there",
                 why.ptr ? why.ptr : "this build has no back end for sound cards");
  ph_text_deinit(&why);
  return PH_NOTFOUND;
}

PhStatus ph_audio_close(PhAudioStream *stream, char *error)
{
  error[0] = 0;
  return stream ? stream->backend->close(stream, error) : PH_OK;
}

void ph_audio_news(PhAudioStream *stream, PhAudioNews *out)
{
  *out = (PhAudioNews){ .lost = atomic_exchange_explicit(&stream->lost, false, memory_order_acq_rel),
                        .changed = atomic_exchange_explicit(&stream->changed, false, memory_order_acq_rel),
                        .xruns = atomic_exchange_explicit(&stream->xruns, 0, memory_order_acq_rel) };
}
