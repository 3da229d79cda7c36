/* The public interface: banks of samples.  SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "app/api.h"

PhononStatus phonon_samples_new(const PhononSamplesOptions *options, PhononSamples **out)
{
  *out = NULL;
  PhononSamplesOptions how = PHONON_SAMPLES_DEFAULTS;
  if (!ph_api_options(&how, sizeof how, options) || !(how.sample_rate > 0)) {
    return PHONON_ARG;
  }
  PhononSamples *self = calloc(1, sizeof *self);
  if (!self) {
    return PHONON_NOMEM;
  }
  const PhSampleOptions store = { .dirs = how.dirs,
                                  .dir_count = how.dir_count,
                                  .sample_rate = how.sample_rate,
                                  .threads = how.threads,
                                  .no_default_dirs = how.only_these };
  self->sample_rate = how.sample_rate;
  ph_arena_init(&self->arena, NULL, NULL);
  const PhStatus status = ph_sample_store_new(&store, &self->store);
  if (status != PH_OK) {
    phonon_samples_free(self);
    return (PhononStatus)status;
  }
  *out = self;
  return PHONON_OK;
}

void phonon_samples_free(PhononSamples *samples)
{
  if (samples) {
    ph_sample_store_free(samples->store);
    ph_arena_deinit(&samples->arena);
    free(samples);
  }
}

size_t phonon_samples_bank_count(PhononSamples *samples)
{
  if (!samples->names &&
      ph_sample_bank_names(samples->store, &samples->arena, &samples->names, &samples->name_count) != PH_OK) {
    samples->names = NULL;
    samples->name_count = 0;
  }
  return samples->name_count;
}

const char *phonon_samples_bank_name(PhononSamples *samples, size_t index)
{
  return index < phonon_samples_bank_count(samples) ? samples->names[index] : NULL;
}

size_t phonon_samples_count(PhononSamples *samples, const char *bank)
{
  return ph_sample_bank_count(samples->store, bank);
}
