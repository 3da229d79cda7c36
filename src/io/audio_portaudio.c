/* PortAudio: ALSA here, CoreAudio and WASAPI on other systems.  SPDX-License-Identifier: MIT */
#include <portaudio.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/audio.h"
#include "io/library.h"

#define PA_FUNCTIONS(F)                                                                                                \
  F(CloseStream)                                                                                                       \
  F(GetDefaultOutputDevice)                                                                                            \
  F(GetDeviceCount)                                                                                                    \
  F(GetDeviceInfo)                                                                                                     \
  F(GetErrorText)                                                                                                      \
  F(GetHostApiInfo)                                                                                                    \
  F(GetStreamInfo)                                                                                                     \
  F(Initialize)                                                                                                        \
  F(IsFormatSupported)                                                                                                 \
  F(OpenStream)                                                                                                        \
  F(SetStreamFinishedCallback)                                                                                         \
  F(StartStream)                                                                                                       \
  F(StopStream)                                                                                                        \
  F(Terminate)

/* Written once, under `once`. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct {
#define PA_MEMBER(name) __typeof__(Pa_##name) *name;
  PA_FUNCTIONS(PA_MEMBER)
#undef PA_MEMBER
  void (*realtime)(PaStream *stream, int enable); /* PaAlsa_EnableRealtimeScheduling; NULL: a build without ALSA */
} pa;
static bool is_loaded;

typedef struct Port {
  PhAudioStream base;
  PaStream *stream;
  bool initialised;
  atomic_bool closing;
} Port;

static void load(void)
{
  static const char *const names[] = { "libportaudio.so.2", "libportaudio.2.dylib", "libportaudio.dylib", NULL };
  void *library = ph_library_open(names);
  bool ok = library != NULL;
#define PA_FIND(name) ok = ok && ph_library_find(library, "Pa_" #name, &pa.name);
  PA_FUNCTIONS(PA_FIND)
#undef PA_FIND
  is_loaded = ok;
  if (ok) {
    (void)ph_library_find(library, "PaAlsa_EnableRealtimeScheduling", &pa.realtime);
  }
}

static PhStatus begin(char *error)
{
  (void)pthread_once(&once, load);
  if (!is_loaded) {
    return ph_io_refuse(error, PH_NOTFOUND, "PortAudio", "it is not installed (Debian: libportaudio2)");
  }
  const int saved = ph_library_hush();
  const PaError failed = pa.Initialize();
  ph_library_speak(saved);
  return failed ? ph_io_refuse(error, PH_IO, "PortAudio", pa.GetErrorText(failed)) : PH_OK;
}

/* ---- callbacks ---- */

static int process(const void *in, void *out, unsigned long frames, const PaStreamCallbackTimeInfo *time,
                   PaStreamCallbackFlags flags, void *arg) /* [realtime] */
{
  (void)in;
  (void)time;
  Port *self = arg;
  if (flags & paOutputUnderflow) {
    atomic_fetch_add_explicit(&self->base.xruns, 1, memory_order_relaxed);
  }
  self->base.client.process(self->base.client.ctx, out, self->base.granted.channels, (uint32_t)frames);
  return paContinue;
}

static void on_finished(void *arg)
{
  Port *self = arg;
  if (!atomic_load_explicit(&self->closing, memory_order_acquire)) {
    atomic_store_explicit(&self->base.lost, true, memory_order_release);
  }
}

/* ---- devices ---- */

static void name_of(PaDeviceIndex index, char *name)
{
  const PaDeviceInfo *info = pa.GetDeviceInfo(index);
  (void)snprintf(name, PH_AUDIO_NAME_BYTES, "%s: %s", pa.GetHostApiInfo(info->hostApi)->name, info->name);
}

/* By its whole name, its number, or a part of its name; NULL: the system's choice, else the first that has outputs. */
static PaDeviceIndex find_device(const char *wanted)
{
  PaDeviceIndex first = paNoDevice, part = paNoDevice;
  char *end = NULL;
  const long number = wanted ? strtol(wanted, &end, 10) : -1;
  for (PaDeviceIndex i = 0; i < pa.GetDeviceCount(); i++) {
    char name[PH_AUDIO_NAME_BYTES];
    if (pa.GetDeviceInfo(i)->maxOutputChannels < 1) {
      continue;
    }
    name_of(i, name);
    first = first == paNoDevice ? i : first;
    if (wanted && (strcmp(name, wanted) == 0 || (end != wanted && !*end && number == i))) {
      return i;
    }
    part = wanted && part == paNoDevice && strstr(name, wanted) ? i : part;
  }
  const PaDeviceIndex system = pa.GetDefaultOutputDevice();
  return wanted ? part : system != paNoDevice ? system : first;
}

static void find_rates(PaDeviceIndex index, PhAudioDevice *device)
{
  static const double common[] = { 22050, 44100, 48000, 88200, 96000, 176400, 192000, 384000 };
  _Static_assert(PH_COUNT(common) <= PH_AUDIO_RATES_MAX, "all of them fit");
  const PaStreamParameters how = { .device = index,
                                   .channelCount = device->channels < 2 ? 1 : 2,
                                   .sampleFormat = paFloat32,
                                   .suggestedLatency = device->latency_sec };
  size_t n = 0;
  const int saved = ph_library_hush();
  for (size_t i = 0; i < PH_COUNT(common); i++) {
    if (pa.IsFormatSupported(NULL, &how, common[i]) == paFormatIsSupported) {
      device->rates[n++] = common[i];
    }
  }
  ph_library_speak(saved);
  if (n == 0) {
    device->rates[0] = pa.GetDeviceInfo(index)->defaultSampleRate;
  }
}

static PhStatus list(PhAudioFound *found, void *ctx, char *error)
{
  const PhStatus status = begin(error);
  if (status != PH_OK) {
    return status;
  }
  const PaDeviceIndex chosen = find_device(NULL);
  for (PaDeviceIndex i = 0; i < pa.GetDeviceCount(); i++) {
    const PaDeviceInfo *info = pa.GetDeviceInfo(i);
    PhAudioDevice device = { .is_default = i == chosen,
                             .channels = info->maxOutputChannels > 0 ? (uint32_t)info->maxOutputChannels : 0,
                             .latency_sec = info->defaultLowOutputLatency };
    if (device.channels) {
      name_of(i, device.name);
      find_rates(i, &device);
      found(ctx, &device);
    }
  }
  (void)pa.Terminate();
  return chosen != paNoDevice ? PH_OK : ph_io_refuse(error, PH_NOTFOUND, "PortAudio", "no device has outputs");
}

/* ---- the back end ---- */

static PhStatus close_port(PhAudioStream *stream, char *error)
{
  (void)error;
  Port *self = (Port *)stream;
  atomic_store_explicit(&self->closing, true, memory_order_release);
  const int saved = ph_library_hush();
  if (self->stream) {
    (void)pa.StopStream(self->stream);
    (void)pa.CloseStream(self->stream);
  }
  if (self->initialised) {
    (void)pa.Terminate();
  }
  ph_library_speak(saved);
  free(self);
  return PH_OK;
}

static PhStatus start(Port *self, const PhAudioWanted *wanted, PaDeviceIndex device, char *error)
{
  PhAudioGranted *granted = &self->base.granted;
  const PaDeviceInfo *info = pa.GetDeviceInfo(device);
  name_of(device, granted->device);
  granted->sample_rate = wanted->sample_rate > 0 ? wanted->sample_rate : info->defaultSampleRate;
  granted->block_frames = wanted->block_frames ? wanted->block_frames : 128;
  granted->channels = wanted->channels ? wanted->channels : info->maxOutputChannels < 2 ? 1 : 2;
  if (granted->channels > (uint32_t)info->maxOutputChannels) {
    char why[PH_AUDIO_NAME_BYTES];
    (void)snprintf(why, sizeof why, "`%.100s` has %d channels", granted->device, info->maxOutputChannels);
    return ph_io_refuse(error, PH_ARG, "PortAudio", why);
  }
  const double blocks_sec = 2 * granted->block_frames / granted->sample_rate;
  const double least_sec = info->defaultLowOutputLatency;
  const PaStreamParameters how = { .device = device,
                                   .channelCount = (int)granted->channels,
                                   .sampleFormat = paFloat32 | paNonInterleaved,
                                   .suggestedLatency = blocks_sec > least_sec ? blocks_sec : least_sec };
  const int saved = ph_library_hush();
  PaError failed =
      pa.OpenStream(&self->stream, NULL, &how, granted->sample_rate, granted->block_frames, paDitherOff, process, self);
  if (!failed) {
    (void)pa.SetStreamFinishedCallback(self->stream, on_finished);
    if (pa.realtime && pa.GetHostApiInfo(info->hostApi)->type == paALSA) {
      pa.realtime(self->stream, 1);
    }
    failed = pa.StartStream(self->stream);
  }
  ph_library_speak(saved);
  if (failed) {
    return ph_io_refuse(error, PH_IO, granted->device, pa.GetErrorText(failed));
  }
  granted->latency_sec = pa.GetStreamInfo(self->stream)->outputLatency;
  return PH_OK;
}

static PhStatus open_port(const PhAudioWanted *wanted, const PhAudioClient *client, PhAudioStream **out, char *error)
{
  Port *self = ph_audio_stream_new(sizeof *self, &ph_audio_portaudio, client);
  if (!self) {
    return ph_io_refuse(error, PH_NOMEM, "PortAudio", ph_status_text(PH_NOMEM));
  }
  PhStatus status = begin(error);
  self->initialised = status == PH_OK;
  const PaDeviceIndex device = status == PH_OK ? find_device(wanted->device) : paNoDevice;
  if (status == PH_OK && device == paNoDevice) {
    char why[PH_AUDIO_NAME_BYTES];
    (void)snprintf(why, sizeof why,
                   wanted->device ? "no device with outputs is called `%.100s`" : "no device has outputs",
                   wanted->device ? wanted->device : "");
    status = ph_io_refuse(error, PH_NOTFOUND, "PortAudio", why);
  }
  status = status == PH_OK ? start(self, wanted, device, error) : status;
  if (status != PH_OK) {
    (void)close_port(&self->base, error);
    return status;
  }
  *out = &self->base;
  return PH_OK;
}

const PhAudioBackend ph_audio_portaudio = { "portaudio", "sound cards, by ALSA and what other systems have",
                                            true,        list,
                                            open_port,   close_port };
