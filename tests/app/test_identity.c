/* Every piece gives the same bits for any number of threads, any block size and any instruction set of the machine:
     test_identity FOLDER PART PARTS     the pieces of a folder and of the folders in it, every PARTS-th from PART on
   Of those in the folder itself the full product over the beginning, and a few of its corners over a longer stretch. Of those in `sound`,
   which play all units, every thread count with every block size and every instruction set, though not all with all. Of the others, which
   play the same units by other patterns, two of everything.
   SPDX-License-Identifier: MIT */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "phonon/phonon.h"

enum {
  RATE = 44100,
  LONG_FRAMES = RATE * 4,
  MIDDLE_FRAMES = RATE * 2,
  SHORT_FRAMES = RATE * 4 / 5,
  CALL_FRAMES = 16384
};
enum { THREAD_COUNTS = 4, BLOCKS = 5 };

static const uint32_t thread_counts[THREAD_COUNTS] = { 1, 2, 3, 8 };
/* Small blocks cost more, and need less time to show a difference. */
static const struct {
  uint32_t frames, render_frames;
} blocks[BLOCKS] = { { 1, RATE / 4 }, { 7, RATE / 2 }, { 64, RATE }, { 512, RATE }, { 4096, RATE } };

static PhononSamples *samples;
static float expected[2 * LONG_FRAMES];

/* What is tried. */
typedef struct Way {
  uint32_t threads, block;
  const char *isa;
} Way;

static void quit(const char *path, const char *what)
{
  fprintf(stderr, "%s: %s\n", path, what);
  exit(2);
}

/* Renders `frames` and gives the first that differs from `expected`, -1: none. `keep`: they become what is expected. */
static int64_t render(const char *path, const PhononProgram *program, Way way, uint32_t frames, bool keep)
{
  static float piece[2 * CALL_FRAMES];
  PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
  PhononEngine *engine = NULL;
  options.threads = way.threads;
  options.block_frames = way.block;
  options.window = way.block < 512 ? 1 + 64 / way.block : 0; /* left to itself the engine would make them longer */
  options.isa = way.isa;
  options.samples = samples;
  if (phonon_engine_new(program, &options, &engine) != PHONON_OK) {
    quit(path, "the engine does not start");
  }
  int64_t differs = -1;
  for (uint32_t at = 0; at < frames && differs < 0; at += CALL_FRAMES) {
    const uint32_t count = frames - at < CALL_FRAMES ? frames - at : CALL_FRAMES;
    if (phonon_engine_render(engine, count, piece, NULL) != PHONON_OK) {
      quit(path, "cannot be rendered");
    }
    float *then = expected + 2 * (size_t)at;
    if (keep) {
      memcpy(then, piece, 2 * count * sizeof *piece);
    }
    for (uint32_t i = 0; differs < 0 && memcmp(then, piece, 2 * count * sizeof *piece) != 0 && i < count; i++) {
      differs = memcmp(then + 2 * i, piece + 2 * i, 2 * sizeof *piece) ? (int64_t)(at + i) : -1;
    }
  }
  phonon_engine_free(engine);
  return differs;
}

static int try_way(const char *path, const PhononProgram *program, Way way, uint32_t frames)
{
  const int64_t differs = render(path, program, way, frames, false);
  if (differs >= 0) {
    printf("FAIL %s: %u threads, blocks of %u, %s: frame %lld differs\n", path, way.threads, way.block, way.isa,
           (long long)differs);
  }
  return differs >= 0;
}

/* Where the pieces of a folder stand, and what is tried of them. */
typedef enum Effort { TRY_SOME, TRY_EACH, TRY_ALL } Effort;

static uint32_t frames_of(Effort effort)
{
  return effort == TRY_ALL ? LONG_FRAMES : effort == TRY_EACH ? MIDDLE_FRAMES : SHORT_FRAMES;
}

/* Every block size for every instruction set, with every thread count or with one, a different one for each pair; then a longer stretch. */
static int try_all(const char *path, const PhononProgram *program, Effort effort, size_t *count)
{
  int failures = 0;
  for (size_t i = 0; phonon_isa_name(i); i++) {
    for (size_t b = 0; b < BLOCKS; b++) {
      for (size_t t = 0; t < THREAD_COUNTS; t++) {
        if (effort == TRY_ALL || t == (i + b) % THREAD_COUNTS) {
          const Way way = { thread_counts[t], blocks[b].frames, phonon_isa_name(i) };
          failures += try_way(path, program, way, blocks[b].render_frames);
          *count += 1;
        }
      }
    }
    failures +=
        try_way(path, program, (Way){ i % 2 ? 8 : 3, i % 2 ? 4096 : 61, phonon_isa_name(i) }, frames_of(effort));
    *count += 1;
  }
  return failures;
}

/* Two of everything. */
static int try_some(const char *path, const PhononProgram *program, size_t *count)
{
  static const uint32_t threads[] = { 1, 3 }, frames[] = { 61, 4096 };
  size_t last = 0;
  int failures = 0;
  while (phonon_isa_name(last + 1)) {
    last++;
  }
  for (unsigned i = 0; i < 8; i++) {
    const Way way = { threads[i & 1u], frames[i >> 1 & 1u], phonon_isa_name(i >> 2 ? last : 0) };
    failures += try_way(path, program, way, SHORT_FRAMES);
    *count += 1;
  }
  return failures;
}

static int try_piece(const char *path, Effort effort, size_t *count)
{
  char *text = NULL;
  size_t len = 0;
  PhononError error;
  PhononProgram *program = NULL;
  PhononProgramOptions options = PHONON_PROGRAM_DEFAULTS;
  options.name = path;
  if (phonon_read_file(path, PHONON_TEXT_MAX, &text, &len, &error) != PHONON_OK) {
    quit(path, error.text);
  }
  if (phonon_program_new(text, len, &options, &program) != PHONON_OK) {
    quit(path, "has errors");
  }
  (void)render(path, program, (Way){ 1, 512, phonon_isa_name(0) }, frames_of(effort), true);
  float peak = 0;
  for (size_t i = 0; i < 2 * blocks[0].render_frames; i++) {
    peak = expected[i] > peak ? expected[i] : peak;
  }
  if (peak < 0.001f) {
    quit(path, "is silent at first: nothing would be compared");
  }
  const int failures = effort == TRY_SOME ? try_some(path, program, count) : try_all(path, program, effort, count);
  phonon_program_free(program);
  phonon_free(text);
  return failures;
}

int main(int argc, char **argv)
{
  int failures = 0;
  size_t count = 0;
  char pattern[4096];
  glob_t found;
  PhononSamplesOptions options = PHONON_SAMPLES_DEFAULTS;
  options.only_these = true;
  if (argc != 4 || phonon_samples_new(&options, &samples) != PHONON_OK) {
    quit(argv[0], "usage: test_identity FOLDER PART PARTS");
  }
  (void)snprintf(pattern, sizeof pattern, "%s/*.ph", argv[1]);
  if (glob(pattern, 0, NULL, &found) != 0) { /* in the order of their names */
    quit(pattern, "there are no pieces");
  }
  const size_t at_top = found.gl_pathc;
  (void)snprintf(pattern, sizeof pattern, "%s/*/*.ph", argv[1]);
  if (glob(pattern, GLOB_APPEND, NULL, &found) != 0) {
    quit(pattern, "there are no pieces");
  }
  size_t pieces = 0;
  for (size_t i = (size_t)atoi(argv[2]); i < found.gl_pathc; i += (size_t)atoi(argv[3]), pieces++) {
    const bool sound = strstr(found.gl_pathv[i] + strlen(argv[1]), "/sound/") != NULL;
    failures += try_piece(found.gl_pathv[i], i < at_top ? TRY_ALL : sound ? TRY_EACH : TRY_SOME, &count);
  }
  globfree(&found);
  phonon_samples_free(samples);
  printf("%zu pieces, %zu renderings, %d failures\n", pieces, count, failures);
  return failures == 0 && pieces > 0 ? 0 : 1;
}
