/* A piece that is saved again and again, with nothing changed but a comment, sounds as if nobody had touched it, bit for bit:
     test_resave FOLDER PART PARTS     the pieces of a folder and of the folders in it, every PARTS-th from PART on
   SPDX-License-Identifier: MIT */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "phonon/phonon.h"

enum { RATE = 44100, FRAMES = RATE * 7 / 5, SAVES = 6 };

/* Frames between saves: odd ones, and one that is hardly later than the fade. */
static const uint32_t pauses[] = { 10007, 883, 4099, 17389, 22051, 6011 };

typedef struct Piece {
  const char *path;
  char *text;
  size_t len;
  PhononSamples *samples;
} Piece;

static void quit(const char *path, const char *what)
{
  fprintf(stderr, "%s: %s\n", path, what);
  exit(2);
}

static PhononProgram *compile(const Piece *piece)
{
  PhononProgramOptions options = PHONON_PROGRAM_DEFAULTS;
  PhononProgram *program = NULL;
  options.name = piece->path;
  options.samples = piece->samples;
  if (phonon_program_new(piece->text, piece->len, &options, &program) != PHONON_OK) {
    quit(piece->path, "does not compile");
  }
  return program;
}

static void render_to(const Piece *piece, PhononEngine *engine, float *out, uint32_t from, uint32_t to)
{
  if (from < to && phonon_engine_render(engine, to - from, out + 2 * (size_t)from, NULL) != PHONON_OK) {
    quit(piece->path, "cannot be rendered");
  }
}

/* `saves`: how often it is compiled anew while it plays. */
static void play(const Piece *piece, uint32_t threads, uint32_t saves, float *out)
{
  PhononEngineOptions options = PHONON_ENGINE_DEFAULTS;
  PhononEngine *engine = NULL;
  PhononProgram *programs[SAVES + 1] = { compile(piece) };
  options.threads = threads;
  options.samples = piece->samples;
  if (phonon_engine_new(programs[0], &options, &engine) != PHONON_OK) {
    quit(piece->path, "the engine does not start");
  }
  uint32_t at = 0;
  for (uint32_t i = 0; i < saves; i++) {
    const uint32_t pause = pauses[i % (sizeof pauses / sizeof *pauses)], next = at + pause < FRAMES ? at + pause : FRAMES;
    PhononSwap *swap = NULL;
    render_to(piece, engine, out, at, next);
    at = next;
    programs[i + 1] = compile(piece);
    if (phonon_swap_new(engine, programs[i + 1], &swap) != PHONON_OK || phonon_engine_swap(engine, swap) != PHONON_OK) {
      quit(piece->path, "cannot be swapped");
    }
    phonon_swap_free(swap);
    for (uint32_t k = 0; k <= i; k++) {
      if (programs[k] && phonon_engine_may_swap(engine) && !phonon_engine_uses(engine, programs[k])) {
        phonon_program_free(programs[k]);
        programs[k] = NULL;
      }
    }
  }
  render_to(piece, engine, out, at, FRAMES);
  phonon_engine_free(engine);
  for (uint32_t i = 0; i <= saves; i++) {
    phonon_program_free(programs[i]);
  }
}

static int try_piece(const char *path)
{
  static float expected[2 * FRAMES], heard[2 * FRAMES];
  Piece piece = { .path = path };
  PhononError error;
  if (phonon_read_file(path, PHONON_TEXT_MAX, &piece.text, &piece.len, &error) != PHONON_OK ||
      phonon_samples_new(NULL, &piece.samples) != PHONON_OK) {
    quit(path, "cannot be read");
  }
  int failures = 0;
  play(&piece, 1, 0, expected);
  for (uint32_t threads = 1; threads <= 3; threads += 2) {
    play(&piece, threads, SAVES, heard);
    for (uint32_t i = 0; i < 2 * FRAMES; i++) {
      if (memcmp(&expected[i], &heard[i], sizeof *heard) != 0) {
        printf("FAIL %s: %u threads: frame %u is %.9g, and %.9g after saving\n", path, threads, i / 2, (double)expected[i],
               (double)heard[i]);
        failures++;
        break;
      }
    }
  }
  phonon_samples_free(piece.samples);
  phonon_free(piece.text);
  return failures;
}

int main(int argc, char **argv)
{
  if (argc != 4) {
    quit(argv[0], "wants FOLDER PART PARTS");
  }
  char pattern[4096];
  glob_t found = { 0 };
  snprintf(pattern, sizeof pattern, "%s/*.ph", argv[1]);
  (void)glob(pattern, 0, NULL, &found);
  snprintf(pattern, sizeof pattern, "%s/*/*.ph", argv[1]);
  (void)glob(pattern, GLOB_APPEND, NULL, &found);
  const size_t part = strtoul(argv[2], NULL, 10), parts = strtoul(argv[3], NULL, 10);
  int failures = 0;
  size_t count = 0;
  for (size_t i = part; parts && i < found.gl_pathc; i += parts) {
    failures += try_piece(found.gl_pathv[i]);
    count++;
  }
  globfree(&found);
  printf("%zu pieces saved %d times while they played, %d failures\n", count, SAVES, failures);
  return failures || !count;
}
