/* The side of a performance that renders: the engine, the next edit at its frame, meters, load, recorders. The control thread
   talks to it by atomics alone; the thread that renders never waits for it.  SPDX-License-Identifier: MIT */
#ifndef PH_APP_LIVE_STAGE_H
#define PH_APP_LIVE_STAGE_H

#include "app/live/pace.h"
#include "app/live/turns.h"
#include "app/play.h"

enum {
  OUTPUTS_MAX = 65,
  RETIRED_MAX = 64,
  NOTED_MAX = 1024,
  CTRLS_MAX = 256,
  CTRL_PATH_MAX = 64,
  COSTS_MAX = 24,
  COST_TEXT_MAX = 64
};

/* Of a tempo by hand, in cycles per second. */
#define CPS_LEAST 1e-4
#define CPS_MOST 1000.0

/* What the performer does beside the text. */

typedef struct Hand {
  uint64_t muted[2], soloed[2];
  bool hushed;
  double cps; /* 0: the text's own */
} Hand;

/* A text, what is done beside it, and the program that both make. Immutable once it plays. */
typedef struct Code {
  char *text;
  size_t len;
  Hand hand;
  PhononProgram *program;
  uint8_t outputs[OUTPUTS_MAX]; /* numbers, by stem of the program */
  size_t output_count;
  Turns turns; /* of outputs that go over from what they played to what they play */
} Code;

/* When an edit happens: at the next multiple of so many cycles; 0: at once. */
typedef struct Quantum {
  int64_t num, den;
} Quantum;

/* Where an edit waits. The control thread fills it while it is FREE and takes it back from READY; the thread that renders takes it
   from READY to TAKEN at its frame, and sets DONE, after which it is the control thread's again. */
typedef enum SlotState { SLOT_FREE, SLOT_READY, SLOT_TAKEN, SLOT_DONE } SlotState;

typedef struct Slot {
  atomic_int state;
  _Atomic uint32_t serial;  /* counts what was made READY */
  _Atomic int64_t num, den; /* its quantum */
  _Atomic int64_t frame;    /* instead of a quantum: exactly there; -1: none. After DONE: where it happened */
  PhononSwap *swap;
  const Code *code;
  PhononStatus status; /* after DONE */
  double cycle;        /* after DONE: that of the frame */
} Slot;

typedef enum CtrlKind { CTRL_OSC, CTRL_MIDI } CtrlKind;

/* A number for the signal `osc "/path"`, or what came by MIDI. */
typedef struct Ctrl {
  CtrlKind kind;
  PhononMidiKind midi;
  uint32_t channel, number;
  char path[CTRL_PATH_MAX];
  float value;
} Ctrl;

/* What the thread that renders did at a frame, for the session: it changed the limit of voices, set a control, took a tempo from
   outside, or time stood still, went on, or was put elsewhere. */
typedef enum NotedKind { NOTED_VOICES, NOTED_CTRL, NOTED_TEMPO, NOTED_STAND, NOTED_LOCATE } NotedKind;

typedef struct Noted {
  int64_t frame;
  NotedKind kind;
  uint32_t voices;
  double cps; /* 0: the text's own again */
  bool stands;
  PhononTime cycle;
  Ctrl ctrl;
} Noted;

/* An engine that takes the place of one that has failed: its frame 0 is the stage's frame `base`. The control thread fills it while the
   stage has failed, and sets `is_ready`; the thread that renders takes it at that frame, or says that it is late. */
typedef struct Fresh {
  PhononEngine *engine;
  const Code *code;
  int64_t base;
  atomic_bool is_ready, is_late, is_taken;
} Fresh;

/* What lines cost, copied when the control thread asks. */
typedef struct Cost {
  char name[COST_TEXT_MAX];
  uint32_t line; /* of the text; 0: it is not in it */
  double sec, share;
} Cost;

/* Where it stands, all of one moment: the next frame, its cycle, and how fast cycles pass. */
typedef struct Seen {
  int64_t at;
  double cycle, cps;
} Seen;

typedef struct Stage {
  /* Constant while it plays. */
  Job job;        /* fade_out: the other thread's, as `total` */
  bool has_clock; /* what comes too late is not heard */
  uint32_t max_voices;

  /* The thread's that renders. */
  PhononEngine *engine;
  int64_t base;      /* the frame that is the engine's frame 0 */
  const Code *code;  /* whose stems the engine gives */
  int64_t at, total; /* the next frame; where it ends, INT64_MAX: nobody knows */
  bool is_stopping;
  uint32_t seen_serial;
  int64_t due;       /* of the edit that waits */
  bool is_due_stale; /* the tempo has changed since */
  uint32_t retired_next;
  double busy;           /* load, smoothed over 30 ms */
  int64_t relaxed_since; /* the frame since when it is low */
  uint32_t limit;        /* of voices */
  bool stem_begun[OUTPUTS_MAX];
  float *stems[OUTPUTS_MAX]; /* CHUNK_FRAMES each */
  /* Outputs that the last edit took away: their numbers; and for the engine, by stem of the code before. Their frames are the last ones of `stems`. */
  uint8_t left[OUTPUTS_MAX];
  size_t left_count;
  float *left_stems[OUTPUTS_MAX];

  /* Those that were set, each with its last value, oldest first: a program that comes is told of them. */
  Ctrl ctrls[CTRLS_MAX];
  size_t ctrl_count;

  PhononMidi *midi; /* NULL: there is none. Constant, as the next one */
  int64_t input_delay; /* from when a key came to when it is heard: none is too late */
  int64_t latency;     /* of the device, in frames */
  PhononMidiTransport transport; /* of the clock that is followed: it waits for its frame */
  bool has_transport;
  bool is_placed;        /* time is where that clock is, or goes there */
  bool stands;           /* time stands still */
  int64_t clock_next;    /* when to look at it again */
  PhononMidiInput input; /* that came, and waits for its frame */
  bool has_input;

  Pace pace;
  Slot slot;
  Fresh fresh;
  /* Controls on their way to the thread that renders. */
  Ctrl sent[CTRLS_MAX];
  _Atomic uint32_t sent_written, sent_read;
  /* Programs that were played. The control thread fills `retired` where it is NULL; the other one says when it is of no use. */
  _Atomic(const PhononProgram *) retired[RETIRED_MAX];
  atomic_bool is_unused[RETIRED_MAX];
  /* Limits of voices, for the session: written / read are only ever added to. */
  Noted noted[NOTED_MAX];
  _Atomic uint32_t noted_written, noted_read;

  /* Written by the thread that renders, for all to see. */
  _Atomic uint32_t seen_turn; /* odd while the next three are written */
  _Atomic int64_t seen_at;
  _Atomic double seen_cycle, seen_cps;
  _Atomic uint32_t seen_voices, seen_limit;
  _Atomic float peaks[OUTPUTS_MAX + 1]
                     [2];    /* by number of the output, the master last; the reader sets them back to 0 */
  _Atomic float load, worst; /* share of the time that there is; the reader sets the worst back to 0 */
  _Atomic uint64_t inside;   /* odd: it is in a piece, and may use recorders */
  atomic_int failure;        /* PhononStatus of the engine: it is silent until there is a fresh one */
  _Atomic int64_t failed_at; /* the frame from which on */
  /* Costs: 1 wanted, 2 there. */
  atomic_int costs_state;
  Cost costs[COSTS_MAX];
  size_t cost_count;
  /* Written by the control thread. */
  _Atomic int64_t gate; /* no frame from there on before it moves; INT64_MAX: no such */
  atomic_bool stop;     /* fade out and end */
  _Atomic(PhononRecorder *) master, stem_files[OUTPUTS_MAX];
} Stage;

/* [control] The options of the job's engine, with what all of a performance needs. */
PhononEngineOptions stage_engine_options(const Job *job, PhononSamples *samples, uint32_t block_frames);
/* [control] Before it plays: the engine with `code`, at frame 0. False: no memory. */
bool stage_init(Stage *stage, const Job *job, PhononEngine *engine, const Code *code);
/* [control] When it plays no more. The engine is the caller's. */
void stage_deinit(Stage *stage);
/* The render function of a device; also what a session is rendered with. `ctx` is the stage. */
PhononStatus stage_render(void *ctx, uint32_t frames, float *out);

/* [control] Makes a READY edit of a slot that is FREE. */
void stage_offer(Stage *stage, PhononSwap *swap, const Code *code, Quantum quantum, int64_t frame);
/* [any] The frame of a time, and the time of a frame, by an engine whose frame 0 is the stage's `base`. */
int64_t stage_frame_of(PhononEngine *engine, int64_t base, PhononTime time);
double stage_cycle_of(PhononEngine *engine, int64_t base, int64_t frame);
/* [control] Takes it back. False: it is too late. */
bool stage_withdraw(Stage *stage);
/* [control] Puts a recorder where `place` is, or NULL; when it returns, the former one is not used any more. */
PhononRecorder *stage_set_recorder(Stage *stage, _Atomic(PhononRecorder *) *place, PhononRecorder *recorder);
/* [control] Sends a control; one that finds no room is lost. */
void stage_send(Stage *stage, const char *path, double value);
/* As PhononMidiInput has it. */
Ctrl ctrl_midi(const PhononMidiInput *input);
/* Whether it keeps its value: keys do not, nor what lets go of all of them. */
bool ctrl_lasts(const Ctrl *ctrl);
/* Whether they are values of the same thing. */
bool ctrl_same(const Ctrl *a, const Ctrl *b);
/* [render] Tells the engine, on the frame that it renders next. */
void ctrl_tell(PhononEngine *engine, const Ctrl *ctrl);
/* Into a line of a session, and out of it; false: the line is about something else. */
void ctrl_put(json_t *line, const Ctrl *ctrl);
bool ctrl_read(const json_t *line, Ctrl *out);
/* [render] Notes what was done on the next frame, if there is room: what could not be noted is not done. */
bool stage_can_note(Stage *stage);
void stage_note(Stage *stage, Noted what);
/* [any] Where the thread that renders stands. */
Seen stage_seen(const Stage *stage);
/* [render] What the clock of MIDI does that is due; the frames until the next such thing, at most `most`. */
uint32_t stage_until_clock(Stage *stage, uint32_t most);
/* [control] The next thing that was noted. */
bool stage_noted(Stage *stage, Noted *out);

#endif
