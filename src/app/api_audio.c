/* The public interface: sound devices.  SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "app/api.h"
#include "io/playout.h"

_Static_assert((int)PHONON_AUDIO_LOST == (int)PH_PLAYOUT_LOST && (int)PHONON_AUDIO_FAILED == (int)PH_PLAYOUT_FAILED,
               "events agree");
_Static_assert((int)PHONON_CHANNELS_MAX == (int)PH_AUDIO_CHANNELS_MAX &&
                   (int)PHONON_BLOCK_MAX == (int)PH_AUDIO_BLOCK_MAX,
               "limits agree");
_Static_assert(sizeof((PhononError *)0)->text >= PH_IO_ERROR_BYTES, "reasons fit");

#define AHEAD_MOST_SEC 10.0

enum { BLOCK_LEAST = 16 };

struct PhononAudio {
  PhPlayout *playout;
  PhononAudioRender *render;
  void *ctx;
  bool locked;
};

struct PhPlayout *ph_api_playout(PhononAudio *audio) { return audio->playout; }

static PhononStatus tell(PhStatus status, const char *reason, PhononError *error)
{
  ph_api_error(error, "%s", reason);
  return (PhononStatus)status;
}

static bool options_are_legal(const PhononAudioOptions *o)
{
  return (o->sample_rate == 0 || (o->sample_rate >= 8000 && o->sample_rate <= 384000)) &&
         (o->block_frames == 0 || (o->block_frames >= BLOCK_LEAST && o->block_frames <= PHONON_BLOCK_MAX)) &&
         o->channels <= PHONON_CHANNELS_MAX && o->ahead_sec >= 0 && o->ahead_sec <= AHEAD_MOST_SEC;
}

PhononStatus phonon_audio_open(const PhononAudioOptions *options, PhononAudio **out, PhononError *error)
{
  *out = NULL;
  PhononAudioOptions how = PHONON_AUDIO_DEFAULTS;
  if (!ph_api_options(&how, sizeof how, options) || !options_are_legal(&how)) {
    return tell(PH_ARG, ph_status_text(PH_ARG), error);
  }
  const PhPlayoutOptions playout = { .audio = { .backend = how.backend,
                                                .device = how.device,
                                                .sample_rate = how.sample_rate,
                                                .block_frames = how.block_frames,
                                                .channels = how.channels },
                                     .out_map = { how.out_map[0], how.out_map[1] },
                                     .ahead_sec = how.ahead_sec,
                                     .realtime = how.realtime };
  PhononAudio *self = calloc(1, sizeof *self);
  if (!self) {
    return tell(PH_NOMEM, ph_status_text(PH_NOMEM), error);
  }
  char reason[PH_IO_ERROR_BYTES] = "";
  const PhStatus status = ph_playout_open(&playout, &self->playout, reason);
  if (status != PH_OK) {
    free(self);
    return tell(status, reason, error);
  }
  self->locked = how.lock_memory && ph_os_lock_memory();
  *out = self;
  return tell(PH_OK, "", error);
}

void phonon_audio_info(const PhononAudio *audio, PhononAudioInfo *out)
{
  const PhAudioGranted *granted = ph_playout_granted(audio->playout);
  *out = (PhononAudioInfo){ .backend = granted->backend,
                            .device = granted->device,
                            .sample_rate = granted->sample_rate,
                            .block_frames = granted->block_frames,
                            .channels = granted->channels,
                            .latency_sec = granted->latency_sec,
                            .ahead_sec = ph_playout_ahead_sec(audio->playout),
                            .realtime = ph_playout_is_realtime(audio->playout),
                            .locked = audio->locked };
}

static PhStatus forward_render(void *ctx, uint32_t frames, float *out)
{
  const PhononAudio *self = ctx;
  return (PhStatus)self->render(self->ctx, frames, out);
}

PhononStatus phonon_audio_start(PhononAudio *audio, PhononAudioRender *render, void *ctx, int64_t frames)
{
  if (!render || !ph_playout_can_start(audio->playout)) {
    return PHONON_ARG;
  }
  audio->render = render;
  audio->ctx = ctx;
  return (PhononStatus)ph_playout_start(audio->playout, forward_render, audio, frames);
}

void phonon_audio_start_at(PhononAudio *audio, int64_t ns) { ph_playout_start_at(audio->playout, ns); }
int64_t phonon_audio_zero(PhononAudio *audio) { return ph_playout_zero(audio->playout); }

bool phonon_audio_poll(PhononAudio *audio, PhononAudioEvent *out)
{
  PhPlayoutEvent event;
  if (!ph_playout_poll(audio->playout, &event)) {
    return false;
  }
  *out = (PhononAudioEvent){ .kind = (PhononAudioKind)event.kind,
                             .status = (PhononStatus)event.status,
                             .reason = event.reason ? event.reason : "",
                             .sec = event.sec,
                             .count = event.count,
                             .frames = event.frames,
                             .slowest_sec = event.slowest_sec,
                             .slowest_cpu_sec = event.slowest_cpu_sec,
                             .block_sec = event.block_sec };
  return true;
}

void phonon_audio_fade(PhononAudio *audio, double sec) { ph_playout_fade(audio->playout, sec > 0 ? sec : 0); }
int64_t phonon_audio_frame(PhononAudio *audio) { return ph_playout_frame(audio->playout); }
uint64_t phonon_audio_underruns(PhononAudio *audio) { return ph_playout_underruns(audio->playout); }

PhononStatus phonon_audio_close(PhononAudio *audio, PhononError *error)
{
  char reason[PH_IO_ERROR_BYTES] = "";
  const PhStatus status = audio ? ph_playout_close(audio->playout, reason) : PH_OK;
  free(audio);
  return tell(status, reason, error);
}
