/* Audio in the making.  SPDX-License-Identifier: MIT */
#include "sample/pcm.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static float *resize(float *memory, int64_t frames)
{
  float *grown = realloc(memory, ((size_t)frames + 2 * PH_PCM_PAD) * sizeof(float));
  if (grown && !memory) {
    memset(grown, 0, PH_PCM_PAD * sizeof(float));
  }
  return grown;
}

PhStatus ph_pcm_reserve(PhPcm *pcm, int64_t frames)
{
  assert(pcm->channels == 1 || pcm->channels == 2);
  if (frames <= pcm->cap) {
    return PH_OK;
  }
  const int64_t doubled = pcm->cap * 2 > 4096 ? pcm->cap * 2 : 4096;
  const int64_t cap = pcm->cap == 0 ? frames : (frames > doubled ? frames : doubled);
  for (unsigned c = 0; c < pcm->channels; c++) {
    float *grown = resize(pcm->memory[c], cap);
    if (!grown) {
      return PH_NOMEM;
    }
    pcm->memory[c] = grown;
  }
  pcm->cap = cap;
  return PH_OK;
}

void ph_pcm_finish(PhPcm *pcm)
{
  assert(pcm->frames <= pcm->cap);
  for (unsigned c = 0; c < pcm->channels; c++) {
    float *shrunk = pcm->frames < pcm->cap ? resize(pcm->memory[c], pcm->frames) : NULL;
    pcm->memory[c] = shrunk ? shrunk : pcm->memory[c];
    memset(pcm->memory[c] + PH_PCM_PAD + pcm->frames, 0, PH_PCM_PAD * sizeof(float));
  }
  pcm->cap = pcm->frames;
}

void ph_pcm_deinit(PhPcm *pcm)
{
  free(pcm->memory[0]);
  free(pcm->memory[1]);
  *pcm = (PhPcm){ 0 };
}
