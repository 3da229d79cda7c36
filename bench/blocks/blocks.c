/* Plays a piece block by block on one thread, as live, and prints the CPU time of the calls in seconds: blocks FILE BLOCK SECONDS [SAMPLES].
   SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "phonon/phonon.h"

static double cpu_sec(void)
{
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int fail(const char *what, PhononStatus status)
{
  fprintf(stderr, "bench_blocks: %s: %s\n", what, phonon_status_text(status));
  return 1;
}

int main(int argc, char **argv)
{
  if (argc < 4) {
    fprintf(stderr, "usage: bench_blocks FILE BLOCK SECONDS [SAMPLES]\n");
    return 2;
  }
  static float sound[2 * PHONON_BLOCK_MAX];
  const uint32_t block = (uint32_t)strtoul(argv[2], NULL, 10);
  const double seconds = strtod(argv[3], NULL);
  PhononSamplesOptions where = PHONON_SAMPLES_DEFAULTS;
  PhononProgramOptions how = PHONON_PROGRAM_DEFAULTS;
  PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
  PhononSamples *samples = NULL;
  PhononProgram *program = NULL;
  PhononEngine *engine = NULL;
  char *text = NULL;
  size_t len = 0;
  const char *dirs[] = { argc > 4 ? argv[4] : NULL };
  where.dirs = dirs;
  where.dir_count = argc > 4;
  how.name = argv[1];
  PhononStatus status = phonon_read_file(argv[1], PHONON_TEXT_MAX, &text, &len, NULL);
  status = status == PHONON_OK ? phonon_samples_new(&where, &samples) : status;
  how.samples = options.samples = samples;
  options.block_frames = block;
  options.window = 1;
  status = status == PHONON_OK ? phonon_program_new(text, len, &how, &program) : status;
  status = status == PHONON_OK ? phonon_engine_new(program, &options, &engine) : status;
  if (status != PHONON_OK) {
    return fail(argv[1], status);
  }
  const size_t calls = (size_t)(seconds * how.sample_rate / block);
  const double begin = cpu_sec();
  for (size_t i = 0; i < calls && status == PHONON_OK; i++) {
    status = phonon_engine_render(engine, block, sound, NULL);
  }
  printf("%.6f\n", cpu_sec() - begin);
  phonon_engine_free(engine);
  phonon_program_free(program);
  phonon_samples_free(samples);
  phonon_free(text);
  return status == PHONON_OK ? 0 : fail("rendering", status);
}
