/* The engine: runs a plan. Tempo map, score, voices, wavefront executor, profiler.
   SPDX-License-Identifier: MIT */
#ifndef PH_ENGINE_ENGINE_H
#define PH_ENGINE_ENGINE_H

#include "base/base.h"
#include "graph/graph.h"
#include "sample/sample.h"

typedef struct PhEngine PhEngine;

typedef struct PhEngineOptions {
  uint32_t block_frames;      /* 1…16384 */
  uint32_t threads;           /* 1…64, the caller's included */
  uint32_t window;            /* blocks in flight: 1 live or --realtime, more offline; 0: chosen */
  uint32_t max_voices;        /* 1…65536 */
  const char *isa;            /* NULL: the best */
  bool profile;               /* per-node costs */
  uint32_t schedule;          /* with one thread: go through what so many would do, see ph_engine_schedule; 0: not */
  size_t trace_events;        /* room for spans of each thread's time, see ph_engine_trace; 0: none are kept */
  bool stems;                 /* keep the stems of each block for ph_engine_stem */
  bool no_safety;             /* leave out the safety limiter, whatever the plan says */
  bool load_ahead;            /* samples are read by a thread of their own, about a second before they sound */
  double output_gain;         /* what the caller multiplies the frames by: the safety limiter keeps the product within ±1 */
} PhEngineOptions;

#define PH_ENGINE_DEFAULTS ((PhEngineOptions){ .block_frames = 512, .threads = 1, .max_voices = 1024, .output_gain = 1 })

/* Something the person should know that happened while running: an unknown sample, a node that made a value out of range.
   Called on the control thread (the one that calls ph_engine_render), once per distinct message. */
typedef void PhEngineReport(void *ctx, PhSeverity severity, PhSource at, const char *text, const char *help);

/* [control] Starts at plan->start_cycle, frame 0. The plan and the store must outlive the engine. */
PH_NODISCARD PhStatus ph_engine_new(const PhPlan *plan, PhSampleStore *store, const PhEngineOptions *options,
                                    PhEngineReport *report, void *report_ctx, PhEngine **out);
void ph_engine_free(PhEngine *engine);

/* [control] Renders the next `frames` frames of the master, interleaved stereo, into out[frames*2]. Any number of frames at a
   time; internally blocks of options.block_frames. Queries patterns, loads samples and allocates voices as needed.
   Stems: if options.stems, `stems` is plan->stem_count pointers to [frames*2], else NULL. */
PH_NODISCARD PhStatus ph_engine_render(PhEngine *engine, uint32_t frames, float *out, float *const *stems);

/* [control] After ph_engine_swap, for the fade of that swap: the stems of outputs that the former plan had and this one has not fade out there, as what was
   heard of them does. By stem of the former plan, [frames*2] each call, any of them NULL; silent when the fade is over. NULL: nowhere. */
void ph_engine_leaving(PhEngine *engine, float *const *stems);

/* [control] Where the taps of the plan go in later calls of ph_engine_render: plan->tap_count pointers to [frames*2], any of
   them NULL. NULL: nowhere, as at first. */
void ph_engine_taps(PhEngine *engine, float *const *taps);

/* [control, beside the thread that renders] An engine that is ready to hand its plan to the running one: with memory, the samples of
   the next seconds, and how each part takes the place of a former one. Only one at a time for a running engine. It must be
   given to ph_engine_swap or not at all, and is to be freed like any engine; the plan must live while ph_engine_uses it. */
PH_NODISCARD PhStatus ph_engine_spare(PhEngine *running, const PhPlan *plan, PhEngineReport *report, void *report_ctx,
                                      PhEngine **out);
/* [control: the thread that renders, between calls of ph_engine_render] From the next frame on the engine plays the spare one's plan:
   time goes on, state moves by key, what changed is crossfaded in 20 ms. Afterwards the spare one has what is to be freed.
   PH_ARG: it was made for another moment, or the last swap is less than 20 ms old. */
PH_NODISCARD PhStatus ph_engine_swap(PhEngine *engine, PhEngine *spare);
/* [control: the thread that renders] */
bool ph_engine_may_swap(const PhEngine *engine);
bool ph_engine_uses(const PhEngine *engine, const PhPlan *plan);

/* [any] The frame nearest a time in cycles, and back. Frame 0 is the start cycle. */
int64_t ph_engine_frame_of_cycle(PhEngine *engine, PhRat cycle);
double ph_engine_cycle_of_frame(PhEngine *engine, int64_t frame);

/* Tempi from outside, in cycles per second. */
#define PH_HELD_CPS_LEAST 0.05
#define PH_HELD_CPS_MOST 20.0

/* [control] From the next frame on the tempo is `cps`, to a millionth, whatever this plan and those that take its place say; 0: the plan's own
   again. What sounds keeps its length, what is to come moves. PH_ARG: it is out of range. */
PH_NODISCARD PhStatus ph_engine_tempo(PhEngine *engine, double cps);

/* [control] From the next frame on time stands still, or goes on where it stood: no event begins, patterns keep their values, what sounds keeps its length, and keys that
   are played play on. */
PH_NODISCARD PhStatus ph_engine_stand(PhEngine *engine, bool stands);
/* [control] The next frame is the time `cycle`, 0 or later, and time goes on from there. */
PH_NODISCARD PhStatus ph_engine_locate(PhEngine *engine, PhRat cycle);

/* [control] From the next frame on at most `most` voices sound: those beyond give way now, by the rule of stealing. */
PH_NODISCARD PhStatus ph_engine_limit_voices(PhEngine *engine, uint32_t most);
/* [any] Voices that sound. */
uint32_t ph_engine_voices(const PhEngine *engine);

/* [control] Input `index` of the plan (PhPlan.inputs) has the value, held within the input's range, from the frame on: of the next frame to be rendered
   at the earliest, and not before the last change of that input. Whatever the blocks are, the bits are the same. After another plan has
   taken over, an input that was there before goes on; one that is new has its default, so whoever sets inputs sets it again. */
PH_NODISCARD PhStatus ph_engine_input(PhEngine *engine, uint32_t index, int64_t frame, double value);
/* [control] All inputs that listen to that controller (value 0 to 1, channel 1 to 16), or to that path with its `/`. None: PH_OK. */
PH_NODISCARD PhStatus ph_engine_cc(PhEngine *engine, int64_t frame, uint32_t channel, uint32_t number, double value);
/* [control] The same for all that MIDI has beside keys: `number` is a controller, a key, or nothing; `value` 0 to 1, of a wheel -1 to 1, of programs 0 to 127.
   Voices that keys play follow the wheel of their channel by two semitones; `ctl "miditouch"` and `ctl "polyTouch"` in their
   instruments follow its pressure, and that of their own key, from 0 to 127. While controller 64, the sustain pedal, is at 0.5 or more, keys that are let go are
   held; 120 and 123 let go of all. */
PH_NODISCARD PhStatus ph_engine_midi(PhEngine *engine, int64_t frame, PhInputKind kind, uint32_t channel,
                                     uint32_t number, double value);
PH_NODISCARD PhStatus ph_engine_osc(PhEngine *engine, int64_t frame, const char *path, double value);

/* [control] A key of a keyboard is struck (velocity above 0, to 1) or let go (0), from that frame on; frames as in ph_engine_input. Key 60 is note 0 (c4; in Tidal's
   dialect c5). Each pattern that `~midi` is part of gives its events of that instant; their voices are held until the key is let go,
   and then released. `~midi:arp:up:4` gives the keys that are held one after another, on the grid of the cycle. */
PH_NODISCARD PhStatus ph_engine_note(PhEngine *engine, int64_t frame, uint32_t channel, uint32_t key, double velocity);
/* [control] Lets go of all keys. */
PH_NODISCARD PhStatus ph_engine_notes_off(PhEngine *engine, int64_t frame);

typedef enum PhSinkKind { PH_SINK_MIDI, PH_SINK_OSC } PhSinkKind;

/* An event that goes outside (`# midi "port"`, `# target "superdirt"`) and makes no sound here. A chord is several. */
typedef struct PhSinkEvent {
  PhSinkKind kind;
  const char *name;           /* of the port or target */
  int64_t frame;              /* of its onset, nudge included */
  double cycle;               /* of its onset */
  double cps;
  double delta_sec;           /* from its onset to its end */
  double sustain_sec;         /* how long it sounds: `dur`, `sustain` or `legato`, else delta_sec */
  bool has_note;
  double semitones;           /* from note 0 */
  bool tidal;                 /* note 0 is c5 and pan runs from 0 to 1, else c4 and -1 to 1 */
  const PhMap *controls;      /* numbers, truths and texts, by name; but `midi` and `target` */
} PhSinkEvent;

/* Called from ph_engine_render, on its thread, in order of frames, before the block is rendered that the event begins in. The event
   is valid until it returns. */
typedef void PhEngineSink(void *ctx, const PhSinkEvent *event);

/* [control] Who takes the events that go outside; NULL: nobody, as at first, and the person is told. */
void ph_engine_events(PhEngine *engine, PhEngineSink *sink, void *ctx);

typedef struct PhNodeCost {
  PhSource at;
  const char *name;           /* unit, or "voices of ~lead", "samples" */
  double sec;                 /* CPU */
  uint64_t calls;
} PhNodeCost;

typedef struct PhEngineStats {
  uint32_t voices, voices_peak;
  uint64_t voices_started, voices_stolen;
  uint64_t events;
  uint64_t faults;            /* samples that were not finite or out of range and were set to zero */
  uint64_t frames;
  struct {
    float db, now_db;         /* the most that it took away so far, and what it takes away now */
    uint64_t frames;          /* for so many frames in all; 0: it never acted */
    int64_t first_frame, most_frame;
  } safety;
  const PhNodeCost *costs;    /* costliest first; only with options.profile; valid until the next call */
  size_t cost_count;
} PhEngineStats;

void ph_engine_stats(PhEngine *engine, PhEngineStats *out);

enum { PH_SCHEDULE_THREADS = 64 };

/* Part of the critical path: of all windows, what could not be done sooner however many threads there were. */
typedef struct PhSchedulePlace {
  PhSource at;
  const char *name;           /* of the strand; "samples", "voices of ~lead"; "prepare, deliver": of windows, by one thread */
  double sec;
} PhSchedulePlace;

/* What options.schedule threads would do, from the times of all tasks. */
typedef struct PhScheduleFigures {
  uint32_t threads;
  uint64_t frames;
  double alone_sec;           /* what one thread took */
  double shared_sec;          /* what all would take: the speed-up is alone_sec / shared_sec */
  double serial_sec;          /* of it, before and after the tasks */
  double critical_sec;        /* with any number of threads */
  double busy_sec[PH_SCHEDULE_THREADS]; /* of each thread */
  const PhSchedulePlace *places; /* the critical path, longest first; valid until the next call */
  size_t place_count;
} PhScheduleFigures;

/* [control] All zero without options.schedule. */
void ph_engine_schedule(PhEngine *engine, PhScheduleFigures *out);

/* What a thread did for some time: a task, or on the caller's thread a window of blocks and in it what goes before and after the
   tasks. */
typedef struct PhTraceSpan {
  double begin_sec, end_sec;  /* since the engine was made */
  const char *name;           /* of the strand; "samples", "voices of ~lead"; "window", "prepare", "deliver" */
  PhSource at;
  int64_t frame;              /* the first of the block or window */
  uint32_t part;              /* of a strand of voices: its bank in this window */
  bool is_task;
} PhTraceSpan;

/* [control] Spans since the last swap in order of their ends; thread 0 is the caller. False: there is none with that index, or no such thread. */
bool ph_engine_trace(const PhEngine *engine, uint32_t thread, size_t index, PhTraceSpan *out);
/* [control] Spans that found no room. */
uint64_t ph_engine_trace_dropped(const PhEngine *engine);

#endif
