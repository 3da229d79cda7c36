/* `phonon render` and `phonon play`: what is to be done, and the files that it goes to.  SPDX-License-Identifier: MIT */
#ifndef PH_APP_JOB_H
#define PH_APP_JOB_H

#include "app/cmd.h"

enum { DIRS_MAX = 64, STEMS_MAX = 65, TAPS_MAX = 64, CHUNK_FRAMES = 16384, PROFILES_MAX = 4 };

/* The options of `phonon render` without a letter. */
enum {
  OPT_FADE_IN = 256,
  OPT_FADE_OUT,
  OPT_PARALLEL,
  OPT_REALTIME,
  OPT_COMPARE,
  OPT_PROFILE,
  OPT_MONO,
  OPT_BITS,
  OPT_DITHER,
  OPT_SEED,
  OPT_STEMS,
  OPT_VOICES,
  OPT_SAMPLES,
  OPT_QUIET,
  OPT_ISA,
  OPT_TIDAL,
  OPT_NORMALIZE,
  OPT_CEILING,
  OPT_NO_SAFETY,
  OPT_FROM_SESSION,
  OPT_MIDI_FILE
};

/* The last options of both commands: how the text is compiled and run, whatever becomes of the frames. */
#define JOB_COMMON_OPTIONS                                                                                             \
  { "seed", OPT_SEED, "N", "seed of everything random (the text's own, else 0)" },                                     \
    { "voices", OPT_VOICES, "N", "most voices at once, 1 to 65536 (1024)" },                                           \
    { "samples", OPT_SAMPLES, "DIR", "a folder of sample banks to search first (repeatable)" },                        \
    { "isa", OPT_ISA, "NAME", "instruction set, one that `phonon version` lists; the sound does not depend on it" },   \
    { "tidal", OPT_TIDAL, NULL, "the dialect of TidalCycles" }, { "quiet", OPT_QUIET, NULL, "print only problems" }

typedef struct Job {
  const Command *command;
  const char *input, *output;
  PhononProgramOptions program;
  PhononEngineOptions engine;
  PhononSamplesOptions samples;
  PhononFileOptions file;
  const char *dirs[DIRS_MAX];
  double seconds, gain, fade_in, fade_out;
  PhononTime cycles; /* if cycles_given: instead of seconds */
  bool cycles_given, seconds_given, threads_given;
  bool realtime, compare, parallel, quiet;
  bool normalize_given;
  double normalize, ceiling; /* LUFS, dBTP */
  const char *stems;
  const char *profiles[PROFILES_MAX];
  size_t profile_count;
  const char *session; /* instead of an input: the log of a performance */
  const char *midi;    /* a MIDI file that plays `~midi` and `cc`; NULL: none */
} Job;

/* The files of a rendering. All zero: none. */
typedef struct Outputs {
  PhononFile *master, *stems[STEMS_MAX];
  float *stem_frames[STEMS_MAX]; /* CHUNK_FRAMES of stereo each, for phonon_engine_render */
  size_t stem_count;
  PhononFile *taps[TAPS_MAX];  /* by tap of the program; NULL: nothing to record */
  float *tap_frames[TAPS_MAX]; /* as stem_frames, for phonon_engine_taps */
  int64_t tap_left[TAPS_MAX];  /* frames to be recorded yet */
  size_t tap_count;
  int64_t frames, total; /* written so far, and to come in all */
  PhononLoudness *loudness; /* takes the master as it is written; NULL: nobody asks. Not freed by these functions */
  uint64_t clipped;
} Outputs;

/* [control] The defaults. */
void job_init(Job *job, const Command *command);
/* [control] One option, as next_option gave it, with its name by the command's table. EXIT_USAGE after a complaint. */
int job_take(Job *job, int option, int argc, char **argv);
/* [control] Whether the options fit together. */
int job_check(const Job *job);
/* [any] Gain and fades for frames of which the first is frame `at` of `total`; then one channel if that is wanted. */
void job_shape(const Job *job, float *frames, uint32_t count, int64_t at, int64_t total);
/* [control] Frames from the beginning to the end that is wanted. */
int64_t job_length(const Job *job, const PhononProgram *program, PhononEngine *engine);
/* [control] Reads the arguments. EXIT_USAGE after a complaint. */
int job_read(Job *job, const Command *command, int argc, char **argv);
/* [control] Opens OUT, and the stems' files if they are wanted. An exit status, after a complaint. */
int outputs_open(Outputs *outputs, const Job *job, const PhononProgram *program, int64_t total);
/* [control] Appends a chunk to what is open: gain, fades, channels. `frames` and the stems' frames are overwritten. */
int outputs_write(Outputs *outputs, const Job *job, float *frames, uint32_t count);
/* [control] Finishes all files if `status` is good, else removes what was written. The final exit status. */
int outputs_close(Outputs *outputs, int status);
/* [control] Renders the program as the job says. An exit status. */
int job_run(const Job *wanted, const PhononProgram *program);

extern const Option render_options[];

#endif
