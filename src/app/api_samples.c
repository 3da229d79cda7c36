/* The public interface: banks of samples.  SPDX-License-Identifier: MIT */
#include "app/api.h"

#include <stdlib.h>
#include <string.h>

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

/* ---- recordings for the units of a program ------------------------------------------------------------------------ */

static PhStatus open_samples(PhononProgram *self)
{
  if (self->samples) {
    return PH_OK;
  }
  PhononSamplesOptions how = PHONON_SAMPLES_DEFAULTS;
  how.sample_rate = self->sample_rate;
  const PhononStatus status = phonon_samples_new(&how, &self->own_samples);
  self->samples = self->own_samples;
  return (PhStatus)status;
}

/* "bank:n" into its halves, and paths from the text's own folder. */
static PhSampleRequest request_of(PhononProgram *self, const char *name)
{
  PhSampleRequest request = { .name = name, .is_path = ph_sample_is_path(name) };
  const char *colon = strrchr(name, ':');
  char *end = NULL;
  if (request.is_path && name[0] != '/' && self->dir) {
    request.name = ph_arena_printf(&self->arena, "%s/%s", self->dir, name);
  } else if (!request.is_path && colon && colon[1]) {
    const long long n = strtoll(colon + 1, &end, 10);
    if (*end == 0) {
      request.n = n;
      request.name = ph_arena_strndup(&self->arena, name, (size_t)(colon - name));
    }
  }
  return request;
}

static PhStatus load_sound(PhononProgram *self, const char *name, bool own_rate, PhUnitSound *out, const char **error)
{
  PhStatus status = open_samples(self);
  if (status != PH_OK) {
    return status;
  }
  PhSampleRequest request = request_of(self, name);
  request.own_rate = own_rate;
  ph_sample_load(self->samples->store, &request, 1);
  if (!request.sample) {
    *error = request.message;
    return request.status;
  }
  *out = (PhUnitSound){ request.sample->left, request.sample->right, (size_t)request.sample->frames };
  return PH_OK;
}

static PhStatus load(void *ctx, const char *name, PhUnitSound *out, const char **error)
{
  return load_sound(ctx, name, false, out, error);
}

static PhStatus load_as_is(void *ctx, const char *name, PhUnitSound *out, const char **error)
{
  return load_sound(ctx, name, true, out, error);
}

void ph_api_sounds(PhononProgram *self) { self->sounds = (PhUnitSounds){ self, load, load_as_is }; }
