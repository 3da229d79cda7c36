/* Renders a text into a buffer, prints what it hears, and writes the buffer to a sound file if one is named.
     cc render.c $(pkg-config --cflags --libs phonon) -o render && ./render out.wav
   SPDX-License-Identifier: MIT */
#include <math.h>
#include <phonon/phonon.h>
#include <stdio.h>
#include <string.h>

enum { SECONDS = 2, FRAMES = SECONDS * 44100 };

static int fail(const char *what)
{
  fprintf(stderr, "render: %s\n", what);
  return 1;
}

/* The program, or NULL after its errors were printed. */
static PhononProgram *compile(const char *text)
{
  PhononProgram *program = NULL;
  const PhononStatus status = phonon_program_new(text, strlen(text), NULL, &program);
  if (status == PHONON_OK) {
    return program;
  }
  char *diagnostics = program ? phonon_program_diagnostics_text(program, false) : NULL;
  fprintf(stderr, "%s", diagnostics ? diagnostics : phonon_status_text(status));
  phonon_free(diagnostics);
  phonon_program_free(program);
  return NULL;
}

static PhononStatus write_file(const char *path, const float *frames, PhononError *error)
{
  PhononFile *file = NULL;
  PhononStatus status = phonon_file_open(path, NULL, &file, error);
  if (status == PHONON_OK) {
    status = phonon_file_write(file, frames, FRAMES, error);
    if (status == PHONON_OK) {
      return phonon_file_finish(file, error); /* only now does the file have its name */
    }
    phonon_file_discard(file);
  }
  return status;
}

int main(int argc, char **argv)
{
  static float frames[FRAMES * 2]; /* left, right, left, right, … */
  PhononProgram *program = compile("o1: s \"bd(3,8) hh*4\"\n"
                                   "o2: saw \"55 82.4\" # lpf 800 2 # ar 0.01 0.3 * 0.3\n");
  PhononEngine *engine = NULL;
  PhononError error = { "" };
  if (!program) {
    return 1;
  }
  PhononStatus status = phonon_engine_new(program, NULL, &engine);
  if (status == PHONON_OK) {
    status = phonon_engine_render(engine, FRAMES, frames, NULL);
  }
  double power = 0;
  for (size_t i = 0; i < FRAMES * 2; i++) {
    power += (double)frames[i] * (double)frames[i];
  }
  printf("phonon %s: %d s, %.1f dBFS RMS\n", phonon_version(), SECONDS, 10 * log10(power / (FRAMES * 2) + 1e-20));
  if (status == PHONON_OK && argc > 1) {
    status = write_file(argv[1], frames, &error);
  }
  phonon_engine_free(engine);
  phonon_program_free(program);
  return status == PHONON_OK ? 0 : fail(error.text[0] ? error.text : phonon_status_text(status));
}
