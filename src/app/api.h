/* What the files of the library share: the insides of the handles of phonon/phonon.h. Not for the program.
   SPDX-License-Identifier: MIT */
#ifndef PH_APP_API_H
#define PH_APP_API_H

#include "base/base.h"
#include "engine/engine.h"
#include "graph/graph.h"
#include "lang/lang.h"
#include "phonon/phonon.h"
#include "sample/sample.h"

struct PhononProgram {
  PhArena arena; /* everything below lives in it */
  PhDiags diags;
  PhRegistry registry;
  PhProgram program;
  PhPlan plan;
  PhononSamples *samples;     /* the caller's, or its own; NULL while nobody has asked for a recording */
  PhononSamples *own_samples; /* NULL: none, or the caller's */
  const char *dir;            /* what paths of recordings are relative to; NULL: the current folder */
  PhUnitSounds sounds;
  const PhPat *expression; /* not NULL: a pattern, not a program */
  double sample_rate;
  bool tidal;
  bool runnable; /* no errors, and not an expression */
};

struct PhononSamples {
  PhSampleStore *store;
  double sample_rate;
  PhArena arena;
  const char *const *names; /* of the banks; NULL before they are asked for */
  size_t name_count;
};

struct PhononRegistry {
  PhArena arena;
  PhRegistry registry;
};

/* [any] Copies a caller's options over the defaults: `size` bytes of them, as old programs know fewer fields.
   `options` may be NULL. False: the size makes no sense. */
bool ph_api_options(void *into, size_t known_bytes, const void *options);
/* [any] The text as the caller's own, or NULL if memory ran out. The text is emptied. */
char *ph_api_take(PhText *text);
/* [any] Sets a reason; `error` may be NULL. */
void ph_api_error(PhononError *error, const char *fmt, ...) PH_PRINTF(2, 3);
/* [any] Ends what makes bytes: the text as the caller's, or the reason why there is none (the status in words where `reason` is ""). The
   text is emptied. */
PhononStatus ph_api_give(PhStatus status, PhText *text, const char *reason, char **bytes, size_t *len, PhononError *error);
/* [control] Where the units of a program get their recordings: self->samples, which is made when it is first needed. */
void ph_api_sounds(PhononProgram *self);
/* [any] The meter whose figures the profile shows, or NULL; the rate of the engine's frames. */
const PhononLoudness *ph_api_loudness(const PhononEngine *engine);
double ph_api_sample_rate(const PhononEngine *engine);
/* [any] What several threads would do; NULL for want of memory. */
char *ph_api_schedule_text(const PhScheduleFigures *figures, const PhDiags *diags, double sample_rate);
char *ph_api_schedule_json(const PhScheduleFigures *figures, const PhDiags *diags, double sample_rate);
/* [control] What the threads of an engine did when; NULL for want of memory. */
char *ph_api_trace_json(const PhEngine *engine, uint32_t threads, const PhDiags *diags, double sample_rate);
struct PhMidiMessage;
/* [any] What is behind the handle. */
struct PhOscOut *ph_api_osc_out(PhononOscOut *out);
struct PhPlayout *ph_api_playout(PhononAudio *audio);
/* [the thread that renders] An event of an engine for one of the outputs. */
PhStatus ph_api_midi_event(PhononMidi *midi, const PhSinkEvent *event, double sample_rate);
/* [any] A message of the channels as the engine takes it. False: it is none that is played. */
bool ph_api_midi_input(const struct PhMidiMessage *message, PhononMidiInput *out);
/* [any] A place of the program's text as the public struct has it; lines are 0 where the place is unknown. */
void ph_api_place(const PhDiags *diags, PhSource at, PhononDiagnostic *out);

#endif
