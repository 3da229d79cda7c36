/* The files of `phonon render`: the master and its stems, gain and fades.  SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/job.h"

void job_shape(const Job *job, float *frames, uint32_t count, int64_t at, int64_t total)
{
  const double in = job->fade_in * job->file.sample_rate;
  const double out = job->fade_out * job->file.sample_rate;
  for (uint32_t i = 0; i < count; i++) {
    const double since = (double)(at + i);
    const double until = (double)(total - at - i);
    const double gain = job->gain * (since < in ? since / in : 1) * (until < out ? until / out : 1);
    const float left = (float)(gain * (double)frames[2 * i]);
    const float right = (float)(gain * (double)frames[2 * i + 1]);
    if (job->file.channels == 1) {
      frames[i] = 0.5f * (left + right);
    } else {
      frames[2 * i] = left;
      frames[2 * i + 1] = right;
    }
  }
}

/* The ending of a path with its dot; of standard output that of a WAV. */
static const char *ending(const char *path)
{
  const char *dot = strrchr(path, '.');
  return dot && !strchr(dot, '/') ? dot : ".wav";
}

static int open_stem(Outputs *outputs, const Job *job, const char *name)
{
  PhononError error;
  const size_t i = outputs->stem_count;
  char path[4096];
  const int len = snprintf(path, sizeof path, "%s/%s%s", job->stems, name, ending(job->output));
  if (len < 0 || (size_t)len >= sizeof path) {
    return problem("%s: %s", job->stems, strerror(ENAMETOOLONG));
  }
  if (phonon_file_open(path, &job->file, &outputs->stems[i], &error) != PHONON_OK) {
    return problem("%s", error.text);
  }
  outputs->stem_count++;
  outputs->stem_frames[i] = malloc(2 * CHUNK_FRAMES * sizeof(float));
  return outputs->stem_frames[i] ? EXIT_GOOD : problem("out of memory");
}

/* The files of `tap`: as they are, without gain and fades. */
static int open_tap(Outputs *outputs, const Job *job, const PhononTap *tap)
{
  PhononError error;
  const size_t i = outputs->tap_count++;
  if (tap->kind != PHONON_TAP_FILE) {
    return EXIT_GOOD;
  }
  if (strcmp(tap->name, job->output) == 0) {
    return problem("%s: a tap records to it, and it is the output", tap->name);
  }
  PhononFileOptions options = job->file;
  options.channels = 2;
  const double frames = tap->sec * job->file.sample_rate + 0.5;
  outputs->tap_left[i] = tap->sec > 0 && frames < (double)outputs->total ? (int64_t)frames : outputs->total;
  options.frames = outputs->tap_left[i];
  if (phonon_file_open(tap->name, &options, &outputs->taps[i], &error) != PHONON_OK) {
    return problem("%s", error.text);
  }
  outputs->tap_frames[i] = malloc(2 * CHUNK_FRAMES * sizeof(float));
  return outputs->tap_frames[i] ? EXIT_GOOD : problem("out of memory");
}

static int open_taps(Outputs *outputs, const Job *job, const PhononProgram *program)
{
  int status = EXIT_GOOD;
  PhononTap tap;
  for (size_t i = 0; i < TAPS_MAX && !status && phonon_program_tap(program, i, &tap); i++) {
    status = open_tap(outputs, job, &tap);
  }
  return status;
}

int outputs_open(Outputs *outputs, const Job *job, const PhononProgram *program, int64_t total)
{
  PhononError error;
  PhononFileOptions options = job->file;
  options.frames = total;
  *outputs = (Outputs){ .total = total };
  const PhononStatus opened = phonon_file_open(job->output, &options, &outputs->master, &error);
  if (opened != PHONON_OK) {
    const int status = problem("%s", error.text);
    return opened == PHONON_ARG ? EXIT_USAGE : status;
  }
  int status = EXIT_GOOD;
  if (job->stems && mkdir(job->stems, 0777) != 0 && errno != EEXIST) {
    status = problem("%s: %s", job->stems, strerror(errno));
  }
  const size_t count = job->stems ? phonon_program_stem_count(program) : 0;
  for (size_t i = 0; i < count && i < STEMS_MAX && !status; i++) {
    status = open_stem(outputs, job, phonon_program_stem_name(program, i));
  }
  status = status ? status : open_taps(outputs, job, program);
  return status ? outputs_close(outputs, status) : EXIT_GOOD;
}

int outputs_write(Outputs *outputs, const Job *job, float *frames, uint32_t count)
{
  PhononError error;
  job_shape(job, frames, count, outputs->frames, outputs->total);
  if (outputs->loudness && phonon_loudness_add(outputs->loudness, frames, count) != PHONON_OK) {
    return problem("out of memory");
  }
  if (outputs->master && phonon_file_write(outputs->master, frames, count, &error) != PHONON_OK) {
    return problem("%s", error.text);
  }
  for (size_t i = 0; i < outputs->stem_count; i++) {
    job_shape(job, outputs->stem_frames[i], count, outputs->frames, outputs->total);
    if (phonon_file_write(outputs->stems[i], outputs->stem_frames[i], count, &error) != PHONON_OK) {
      return problem("%s", error.text);
    }
  }
  for (size_t i = 0; i < outputs->tap_count; i++) {
    const size_t n = outputs->tap_left[i] < count ? (size_t)outputs->tap_left[i] : count;
    if (n > 0 && phonon_file_write(outputs->taps[i], outputs->tap_frames[i], n, &error) != PHONON_OK) {
      return problem("%s", error.text);
    }
    outputs->tap_left[i] -= (int64_t)n;
  }
  outputs->frames += count;
  return EXIT_GOOD;
}

static int close_one(PhononFile *file, int status)
{
  PhononError error;
  if (status) {
    phonon_file_discard(file);
  } else if (phonon_file_finish(file, &error) != PHONON_OK) {
    status = problem("%s", error.text);
  }
  return status;
}

int outputs_close(Outputs *outputs, int status)
{
  outputs->clipped = outputs->master ? phonon_file_clipped(outputs->master) : 0;
  for (size_t i = 0; i < outputs->stem_count; i++) {
    status = close_one(outputs->stems[i], status);
    free(outputs->stem_frames[i]);
  }
  for (size_t i = 0; i < outputs->tap_count; i++) {
    status = outputs->taps[i] ? close_one(outputs->taps[i], status) : status;
    free(outputs->tap_frames[i]);
  }
  outputs->tap_count = 0;
  if (outputs->master) {
    status = close_one(outputs->master, status);
  }
  outputs->master = NULL;
  outputs->stem_count = 0;
  return status;
}
