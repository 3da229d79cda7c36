/* Audio in the making: one or two channels that grow, each with the padding that players read past its ends.
   SPDX-License-Identifier: MIT */
#ifndef PH_SAMPLE_PCM_H
#define PH_SAMPLE_PCM_H

#include "base/base.h"

/* Zeros kept before and after each channel. Twice what players may read (PH_SAMPLE_PAD of dsp/dsp.h is 8), so that a
   channel keeps the alignment of the allocation. */
enum { PH_PCM_PAD = 16 };

/* Zero-initialise; set `channels` before the first reserve. */
typedef struct PhPcm {
  float *memory[2]; /* malloc'd; the first frame is at PH_PCM_PAD */
  int64_t frames;   /* in use */
  int64_t cap;      /* frames there is room for, padding not counted */
  unsigned channels;
} PhPcm;

PH_INLINE float *ph_pcm_channel(const PhPcm *pcm, unsigned channel) { return pcm->memory[channel] + PH_PCM_PAD; }

/* [control] Room for `frames` frames, and more if that saves copying later. PH_NOMEM leaves everything as it was. */
PH_NODISCARD PhStatus ph_pcm_reserve(PhPcm *pcm, int64_t frames);
/* [control] Gives back what was reserved beyond `frames` and zeroes the padding behind. */
void ph_pcm_finish(PhPcm *pcm);
void ph_pcm_deinit(PhPcm *pcm);

#endif
