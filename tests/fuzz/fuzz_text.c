/* Any text compiles or gives diagnostics; what compiles is printed, queried and played for a moment: finite sound.
   SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "phonon/phonon.h"

enum { FRAMES = 256, MOST_BYTES = 4096 };

static PhononSamples *samples;

static void play(const PhononProgram *program)
{
  float frames[FRAMES * 2];
  PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
  PhononEngine *engine = NULL;
  options.block_frames = 100;
  options.max_voices = 64;
  options.samples = samples;
  if (phonon_engine_new(program, &options, &engine) != PHONON_OK) {
    return;
  }
  (void)phonon_engine_render(engine, FRAMES, frames, NULL);
  for (size_t i = 0; i < FRAMES * 2; i++) {
    if (!isfinite(frames[i])) {
      abort();
    }
  }
  phonon_engine_free(engine);
}

static void read_all(const PhononProgram *program)
{
  PhononDiagnostic diagnostic;
  for (size_t i = 0; phonon_program_diagnostic(program, i, &diagnostic); i++) {
    phonon_free(phonon_program_diagnostic_text(program, &diagnostic, true));
  }
  phonon_free(phonon_program_diagnostics_text(program, false));
  phonon_free(phonon_program_diagnostics_json(program));
  phonon_free(phonon_program_graph(program, PHONON_GRAPH_TEXT));
  phonon_free(phonon_program_graph(program, PHONON_GRAPH_DOT));
}

static void query(const PhononProgram *program)
{
  PhononEvents *events = NULL;
  if (phonon_events_new(program, (PhononTime){ 0, 1 }, (PhononTime){ 1, 1 }, &events, NULL) == PHONON_OK) {
    phonon_free(phonon_events_json(events));
    phonon_events_free(events);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size > MOST_BYTES) {
    return 0;
  }
  if (!samples) {
    PhononSamplesOptions options = PHONON_SAMPLES_DEFAULTS;
    options.only_these = true;
    options.threads = 1;
    if (phonon_samples_new(&options, &samples) != PHONON_OK) {
      abort();
    }
  }
  PhononProgramOptions options = PHONON_PROGRAM_DEFAULTS;
  options.dir = "/nonexistent";
  options.tidal = size > 0 && data[0] == 'd';
  PhononProgram *program = NULL;
  const PhononStatus status = phonon_program_new(size ? (const char *)data : "", size, &options, &program);
  if (program) {
    read_all(program);
    if (status == PHONON_OK) {
      query(program);
      play(program);
    }
  }
  phonon_program_free(program);
  return 0;
}
