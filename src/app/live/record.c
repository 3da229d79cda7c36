/* The files that a performance is recorded to. What is there already is never overwritten: who starts again after a crash has
   both.  SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/live/live.h"

enum { TAKES_MAX = 10000 };

char *free_path(const char *path)
{
  const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
  const char *ending = dot && (!slash || dot > slash) ? dot : path + strlen(path);
  char *made = strdup(path);
  for (int take = 2; made && access(made, F_OK) == 0 && take < TAKES_MAX; take++) {
    free(made);
    if (asprintf(&made, "%.*s-%d%s", (int)(ending - path), path, take, ending) < 0) {
      made = NULL;
    }
  }
  return made;
}

static PhononRecorder *open_file(Live *live, const char *path, char **chosen)
{
  PhononError error;
  PhononRecorder *recorder = NULL;
  PhononFileOptions options = live->job.file;
  options.channels = 2;
  *chosen = free_path(path);
  if (*chosen && phonon_recorder_open(*chosen, &options, &recorder, &error) != PHONON_OK) {
    live_say(live, TONE_ERROR, "%s", error.text);
    free(*chosen);
    *chosen = NULL;
  }
  return recorder;
}

static void close_file(Live *live, PhononRecorder *recorder)
{
  PhononError error;
  if (recorder && phonon_recorder_close(recorder, &error) != PHONON_OK) {
    live_say(live, TONE_ERROR, "%s", error.text);
    live->status = EXIT_PROBLEM;
  }
}

bool live_is_recording(const Live *live) { return live->recorder != NULL; }

bool live_record(Live *live, const char *path)
{
  live_record_end(live);
  PhononRecorder *recorder = open_file(live, path, &live->record_path);
  if (!recorder) {
    return false;
  }
  live->recorder = recorder;
  (void)stage_set_recorder(&live->stage, &live->stage.master, recorder);
  live_say(live, TONE_GOOD, "recording to %s%s", live->record_path,
           strcmp(path, live->record_path) == 0 ? "" : ": the other one is there already");
  return true;
}

void live_record_end(Live *live)
{
  if (live->recorder) {
    close_file(live, stage_set_recorder(&live->stage, &live->stage.master, NULL));
    live_say(live, TONE_PLAIN, "recorded %s", live->record_path);
    free(live->record_path);
    live->record_path = NULL;
    live->recorder = NULL;
  }
}

/* DIR/o1.wav: the ending is that of the recording. */
static void open_stem(Live *live, uint8_t number)
{
  const char *dot = strrchr(live->record, '.');
  char *path = NULL, *chosen = NULL;
  char name[8] = "out";
  if (number) {
    (void)snprintf(name, sizeof name, "o%u", number);
  }
  if (asprintf(&path, "%s/%s%s", live->stems, name, dot ? dot : ".wav") < 0) {
    return;
  }
  live->stem_files[number] = open_file(live, path, &chosen);
  (void)stage_set_recorder(&live->stage, &live->stage.stem_files[number], live->stem_files[number]);
  free(path);
  free(chosen);
}

void live_record_stems(Live *live, const Code *code)
{
  if (live->stems && mkdir(live->stems, 0777) != 0 && errno != EEXIST) {
    live_say(live, TONE_ERROR, "%s: %s", live->stems, strerror(errno));
    live->stems = NULL;
  }
  for (size_t i = 0; live->stems && i < code->output_count; i++) {
    if (!live->stem_files[code->outputs[i]]) {
      open_stem(live, code->outputs[i]);
    }
  }
}

void live_mind_recorders(Live *live)
{
  PhononError error;
  if (live->recorder && phonon_recorder_status(live->recorder, &error) != PHONON_OK) {
    live_record_end(live); /* which says why */
  }
  const uint64_t lost = live->recorder ? phonon_recorder_lost(live->recorder) : 0;
  if (lost > live->lost_told) {
    live->lost_told = lost;
    live_say(live, TONE_WARNING, "the disk is too slow: %llu frames of the recording are silent",
             (unsigned long long)lost);
  }
}

void live_close_recorders(Live *live)
{
  live_record_end(live);
  for (size_t i = 0; i < OUTPUTS_MAX; i++) {
    if (live->stem_files[i]) {
      close_file(live, stage_set_recorder(&live->stage, &live->stage.stem_files[i], NULL));
      live->stem_files[i] = NULL;
    }
  }
}
