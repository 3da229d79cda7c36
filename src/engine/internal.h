/* Inside engine. Two sides: the conductor (the thread that calls ph_engine_render; allocates, queries, decides) and the
   tasks (all workers; realtime). They never run at the same time: the conductor prepares a window of blocks, the tasks run
   it, and the barrier at its end hands everything back.  SPDX-License-Identifier: MIT */
#ifndef PH_ENGINE_INTERNAL_H
#define PH_ENGINE_INTERNAL_H

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

#include "engine/effects.h"
#include "engine/engine.h"
#include "engine/profile.h"
#include "engine/steps.h"

enum {
  PH_BANK_LANES = PH_LANES_BANK,
  PH_NEST_MAX = 8,            /* patterns inside patterns */
  PH_CHORD_MAX = 16,
  PH_GAINS = 5,
  PH_KEY_CHANNELS = 16,
  PH_KEY_COUNT = 128,
  PH_KEY_NOTE_0 = 60,
  PH_SAMPLES = -1,            /* PhPool.instrument of samples */
  PH_NO_WIRE = 0x3FFFFFFF,    /* a wire that is gone: it reads as silence */
};

#define PH_NO_STRAND UINT32_MAX

#define PH_FADE_SEC 0.002     /* of stolen and cut voices */
#define PH_SWAP_SEC 0.02      /* of the crossfade from one program to the next */
#define PH_NUDGE_EARLY_SEC 1.0
#define PH_NUDGE_LATE_SEC 60.0
#define PH_WHEEL_SEMITONES 2.0 /* MIDI's usual range of a pitch wheel */
#define PH_HELD_SEC 36000.0   /* how long a key may be held: what lasts more than half as long ends when it is let go */
#define PH_NEVER (INT64_MAX / 2)
#define PH_NOT_SAID INFINITY  /* a control that an instrument reads and the event does not have */

typedef struct PhWorker PhWorker;
typedef struct PhVoice PhVoice;
typedef struct PhPool PhPool;
typedef struct PhBank PhBank;

/* ---- run.c: the instrs of a PhCode ----------------------------------------------------------------------------- */

typedef struct PhCall {
  PhKernel *kernel;
  PhIo io;
} PhCall;

/* An input (or, for k == in_count, the output) of an op that is a shared wire. */
typedef struct PhFix {
  uint32_t op, k, shared, lanes;
} PhFix;

/* Code made ready to run: kernels with pointers. A strand has its own; a worker has one that it binds to a bank at a time. */
typedef struct PhRun {
  const PhCode *code;
  PhCall *ops, *step_ops;
  PhFix *fixes;
  uint32_t fix_count;
  uint32_t *faults;           /* [instr_count + step_instr_count] */
  uint64_t *ticks;            /* [instr_count], in the tasks that were timed; NULL: not profiling */
  uint64_t tick_cost;         /* that reading the counter takes */
  uint64_t clock;             /* where the instr being timed began */
  bool timed;                 /* this task is one in which every instr is timed */
  bool *dirty;                /* by slot */
} PhRun;

typedef struct PhBinding {
  const PhUnitSet *set;
  float *slots, *locals, *line;
  uint32_t *state;
  const uint32_t *voice;      /* keys, [lanes] */
  float sample_rate;
} PhBinding;

/* [control] Room for code of that size. */
PhStatus ph_run_init(PhRun *run, uint32_t instrs, uint32_t step_instrs, uint32_t inputs, uint32_t slots, bool profile);
void ph_run_deinit(PhRun *run);
/* [realtime] Points the ops at memory. */
void ph_run_bind(PhRun *run, const PhCode *code, const PhBinding *binding);
/* [realtime] Where the shared wires stand: wires[shared] + frame * 4 for each. */
void ph_run_shared(PhRun *run, float *const *wires, uint32_t frame);
/* [realtime] One chunk of at most PH_CHUNK_FRAMES. */
void ph_run_chunk(PhRun *run, uint32_t frames);
/* [realtime] Slots marked dirty have changed: runs the step instrs that depend on them. */
void ph_run_steps(PhRun *run);
/* [realtime] Runs all of them. */
void ph_run_all_steps(PhRun *run);

/* ---- notes.c: events to notes ---------------------------------------------------------------------------------- */

/* Controls of an event as numbers. `has` says which were given. */
typedef enum PhCtl {
  PH_CTL_N, PH_CTL_FREQ, PH_CTL_OCTAVE, PH_CTL_DETUNE, PH_CTL_GAIN, PH_CTL_AMP, PH_CTL_VELOCITY, PH_CTL_OVERGAIN,
  PH_CTL_PAN, PH_CTL_SPEED, PH_CTL_BEGIN, PH_CTL_END, PH_CTL_LOOP, PH_CTL_CUT, PH_CTL_LEGATO, PH_CTL_DUR, PH_CTL_SUSTAIN,
  PH_CTL_ATTACK, PH_CTL_DECAY, PH_CTL_LEVEL, PH_CTL_HOLD, PH_CTL_RELEASE, PH_CTL_ACCELERATE, PH_CTL_NUDGE, PH_CTL_FX,
  PH_CTL_FADE, PH_CTL_FADE_IN, PH_CTL_PORTAMENTO, PH_CTL_ENV_FROM, PH_CTL_ENV_TO, PH_CTL_ENV_DUR, PH_CTL_ENV_CURVE,
  PH_CTL_COUNT
} PhCtl;

typedef enum PhSpeedUnit { PH_SPEED_RATE, PH_SPEED_CYCLES, PH_SPEED_SECONDS } PhSpeedUnit;

typedef struct PhControls {
  double v[PH_CTL_COUNT];
  uint64_t has;
  uint32_t unit;              /* PhSpeedUnit */
} PhControls;

/* All that an event says: what sounds, and how. */
typedef struct PhEventControls {
  PhControls c;
  const char *sound;          /* NULL: none. In the query's arena */
  uint32_t note_count;        /* values of `note`: a chord has several */
  uint32_t degree_count;      /* values of `n` */
  double notes[PH_CHORD_MAX];
  double degrees[PH_CHORD_MAX];
  const float *values;        /* of the plan's controls, or NULL; in the query's arena */
  const char *levels, *times; /* of segments, or NULL */
  PhEffects fx;
} PhEventControls;

PH_INLINE bool ph_has(const PhControls *c, PhCtl ctl) { return (c->has >> ctl & 1) != 0; }
PH_INLINE double ph_ctl(const PhControls *c, PhCtl ctl, double dflt) { return ph_has(c, ctl) ? c->v[ctl] : dflt; }

/* [control] Reads the controls of an event's value (a map; a lone string is a sound). */
void ph_controls_read(const PhValue *value, bool tidal, PhEventControls *out);
/* [control] `inner` as it sounds inside an event with `outer`: levels multiply, notes add, what else is given replaces. */
void ph_controls_merge(PhEventControls *inner, const PhEventControls *outer);

/* The levels and times of an envelope, as a text gave them; as long as the engine. */
typedef struct PhSegments {
  const struct PhSegments *next;
  const char *level_text, *time_text;
  uint32_t count;             /* of times; 0: the text is wrong */
  double levels[PH_CURVE_MAX + 1], seconds[PH_CURVE_MAX];
} PhSegments;

/* A voice that is to be: one event, one note of a chord. Plain data. */
typedef struct PhNote {
  int64_t frame;              /* onset, nudge included */
  int64_t length;             /* frames of the event */
  uint64_t seq;               /* order of events of one player on one frame */
  uint64_t event;             /* counts events: the notes of a chord have the same */
  uint64_t key;               /* hash of onset, player, ordinal: randomness of the voice */
  PhRat cps;
  uint32_t player;
  uint32_t route;
  uint32_t sound;             /* of the score's sounds */
  bool has_note;
  double semitones;           /* 0 where there is none */
  double share;               /* gain of a note in a chord */
  PhControls c;
  const float *values;        /* of the plan's controls, or NULL; until the next note is taken */
  const PhSegments *segments; /* or NULL */
  PhEffects fx;
  uint32_t held_by;           /* not 0: lasts until that key is let go */
  uint32_t channel;           /* whose keys play it; 0: nobody's */
  uint32_t out;               /* not 0: goes outside; 1 + index of PhScore.outs */
  PhSource at;
} PhNote;

/* What `s` can name: an instrument, or the n-th sample of a bank. */
typedef struct PhSound {
  const char *name;
  uint64_t hash;              /* of the name alone */
  int64_t n;
  int32_t instrument;         /* or PH_SAMPLES */
  bool asked;
  bool loading;               /* the loader has it */
  bool again;                 /* it was not there, or was an instrument, in the text before: the next event that names it asks anew */
  const PhSample *sample;
  PhSource at;                /* of the first event that named it */
} PhSound;

/* ---- score.c: from patterns to notes in order of time ---------------------------------------------------------- */

typedef struct PhHeapItem {
  int64_t frame;
  uint64_t seq;
  uint32_t player;
  uint32_t note;              /* index */
} PhHeapItem;

typedef struct PhScore {
  PhRat next;                 /* players are queried up to here */
  PhHeapItem *heap;           /* by frame, player, seq */
  size_t len, cap;
  PhNote *notes;              /* those in the heap, and free ones */
  size_t note_count, note_cap;
  int64_t from;               /* notes before this frame have been played, by the program before this one */
  int64_t latest;             /* frames by which the latest nudge so far delayed a note */
  float *values;              /* [note][control]: what instruments read, beside the notes */
  size_t value_cap;
  uint32_t *free_notes;
  size_t free_count, free_cap;
  uint64_t seq, events;       /* made so far: they number what they count */
  PhSound *sounds;
  size_t sound_count, sound_cap;
  uint32_t *table;            /* hash table of sounds, index + 1 */
  uint32_t table_size;
  uint32_t unasked;           /* sounds whose samples were not loaded yet */
  uint32_t loading;           /* sounds that the loader has */
  bool nest_reported;
  PhSinkEvent **outs;         /* of notes that go outside, each malloc'ed; NULL: free */
  size_t out_count, out_cap;
} PhScore;

/* loader.c: all [control]. */
typedef struct PhLoader PhLoader;
PH_NODISCARD PhStatus ph_loader_new(PhSampleStore *store, PhLoader **out);
void ph_loader_free(PhLoader *loader);
/* False for want of memory. */
bool ph_loader_ask(PhLoader *loader, uint32_t sound, const char *name, int64_t n);
/* One that is loaded; false: there is none. With `wait` there must be some that were asked for and not taken. */
bool ph_loader_take(PhLoader *loader, bool wait, uint32_t *sound, PhSampleRequest *out);

/* ---- voices ---------------------------------------------------------------------------------------------------- */

/* The envelope of a voice, a closed form of its age in frames (docs/design/engine.md). */
typedef struct PhEnvelope {
  double attack, decay, sustain, release; /* frames, frames, level, frames */
  int64_t gate;                           /* age where the release begins */
} PhEnvelope;

/* A voice that has been decided. All of its life is known when it starts; only a cut may shorten it. */
struct PhVoice {
  int64_t onset, end;         /* frames; end: silent from here on */
  int64_t cut_at;             /* frame where a fade begins, or PH_NEVER */
  uint64_t order, event;
  PhEnvelope env;
  bool shaped;                /* `curve` multiplies the envelope */
  PhCurve *curve;             /* kept for later voices; or NULL */
  double level;               /* for finding the quietest */
  float gain_left, gain_right;
  uint32_t held_by;           /* a key; 0: none, or it has been let go */
  uint32_t channel, played_by; /* whose keys play it, and which one, to its end; 0: nobody's */
  uint32_t player, sound;
  uint32_t orbit;
  int32_t cut_group;
  uint32_t key;
  PhPool *pool;
  PhBank *bank;
  uint32_t lane;
  PhVoice *next;              /* of the lane, or of the free list */
  PhSampleVoice sample;       /* samples */
  int32_t instrument;         /* of the plan, or PH_SAMPLES */
  PhEffects fx;               /* where the pool has a chain of effects */
  float hz, ratio;            /* instruments */
  bool pitched;               /* the event says which pitch */
  float motion[PH_MOTION_SLOTS];
  float *values;              /* by control of the instrument */
  size_t value_cap;
  int64_t gate_off;           /* age where PH_VOICE_GATE ends */
  PhVoiceTracks *tracks;
  size_t *cursors;            /* by step */
  size_t cursor_cap;
};

/* What happens to a lane of a bank: in order of frame, then order. */
typedef struct PhBankEvent {
  int64_t frame;
  uint32_t order;
  uint32_t lane;
  uint32_t slot;
  float value;
  PhVoice *start;             /* not NULL: a voice starts; else the slot takes the value */
} PhBankEvent;

/* Sixteen lanes: voices of an instrument that run together, or sixteen voices of samples that are summed together. */
struct PhBank {
  /* Conductor: */
  int64_t free_at[PH_BANK_LANES]; /* by voice of the bank: when its lane is free */
  int64_t busy_until;
  PhBankEvent *events;
  size_t event_count, event_cap;
  PhVoice *chain[PH_BANK_LANES];  /* samples: voices of the lane in order of time */
  /* Tasks (one at a time): */
  size_t cursor;
  PhVoice *playing[PH_BANK_LANES];
  uint32_t keys[PH_BANK_LANES];
  float sign[PH_BANK_LANES];
  float *slots;
  uint32_t *state;
  float *line;
  float *fx_slots;            /* of the pool's chain of effects */
  uint32_t *fx_state;
  float *fx_line;
  float *wire;                /* its part of the strand's sum, of the whole window */
  bool *sounded;              /* by block of the window: it wrote the wire */
};

struct PhPool {
  int32_t instrument;
  uint32_t strand;
  uint32_t per_bank;          /* voices */
  uint32_t voice_lanes;       /* of samples 2, where they have effects */
  PhEffectChain *effects;     /* that its voices go through; NULL: none */
  PhPool *next;               /* of the same sounds, with other effects */
  PhBank **banks;
  uint32_t bank_count, bank_cap;
};

/* The running side of an instrument. */
typedef struct PhInstrumentState {
  uint64_t owned;             /* controls that it shapes itself with: bits by PhCtl */
  PhVoiceTracks **tracks;
  uint32_t track_count, track_cap;
  _Atomic uint32_t *faults;   /* by instr: set by tasks, read and cleared by the conductor */
  _Atomic uint64_t *ticks;    /* by instr */
  PhTaskCost cost;
  char *voices_name;          /* "voices of ~lead" */
} PhInstrumentState;

/* An instrument of a former program, while voices of it sound: they keep the sound that they were born with. */
typedef struct PhRetired {
  PhInstrument row;           /* externs: where its wires are now; an array of its own */
  const PhPlan *plan;         /* that it came from, and of */
  uint64_t *wires;            /* by extern: the name of the wire */
} PhRetired;

/* The running side of a strand. */
typedef struct PhStrandState {
  /* CODE */
  PhRun run;
  float *slots, *locals, *line;
  uint32_t *state;
  PhCut *cuts;                /* of this window */
  size_t cut_count, cut_cap;
  size_t cursor;
  /* VOICES */
  PhPool **pools;             /* [1 + instrument_count] lists: samples first */
  PhBank **active;            /* of this window, in order of the sum */
  PhPool **active_pools;
  uint32_t active_count, active_cap;
  PhTaskCost cost;            /* of the code, or of samples */
  /* Both: */
  const uint32_t *inputs;     /* strands whose block must be done first: the plan's, and those that the ghost reads */
  uint32_t input_count;
  uint32_t *own_inputs;       /* to be freed; NULL: they are the plan's */
  struct PhGhost *ghost;      /* NULL: nothing is faded */
} PhStrandState;

/* ---- ghost.c: what a strand plays out of the program before this one, while it is faded in ------------------------- */

typedef struct PhGhostPart {
  const PhStrand *row;        /* of the former plan */
  PhStrandState state;
  uint32_t shared;            /* VOICES: the wire that it sums into */
  const PhStep *steps;        /* CODE: of the former plan */
  int32_t *now;               /* CODE: by step of the row: the step of this plan that is the same, or -1: it stands still */
} PhGhostPart;

/* A wire of this plan that goes over from a wire of the former one. */
typedef struct PhFade {
  uint32_t to, from;
  uint32_t lanes;
} PhFade;

/* Strands of the former program that run on for PH_SWAP_SEC: they read this program's wires and follow its steps where these are the
   same as theirs; else nothing new happens in them. Belongs to the task of one strand. */
typedef struct PhGhost {
  PhGhostPart *parts;         /* inputs first */
  uint32_t part_count, part_cap;
  uint32_t wire_count;        /* of the former plan */
  int64_t *source;            /* by such a wire: the wire of this plan, or -1: a ghost's memory, or -2: nobody reads it */
  float **base;               /* by such a wire: that memory, [window * block][4]: its own, or of a ghost that runs before */
  float **wires;              /* by such a wire: where it is in this block */
  float *memory;              /* its own */
  PhFade *fades;
  uint32_t fade_count;
  int64_t begin;              /* of the fade */
  uint32_t frames;            /* that it lasts */
  uint32_t instruments;       /* that its pools are sorted by */
} PhGhost;

/* A stem of the former program that this one has not: a ghost that reads it, and its wire. */
typedef struct PhLeaving {
  uint32_t strand;            /* of this plan, whose ghost it is; PH_NO_STRAND: nobody heard it, it ends at once */
  uint32_t wire;              /* of the former plan */
} PhLeaving;

/* [control] After the tasks of the window: what of it fades out, interleaved; frames that are silent are left alone. */
void ph_ghost_leave(const struct PhEngine *engine, const PhLeaving *leaving, uint32_t frames, float *out);
/* [control] A stem of an output that is new: it comes in as it does in the master. `frames` are those of the window. */
void ph_ghost_arrive(const struct PhEngine *engine, uint32_t frames, float *stem);
/* [realtime] One block of the ghost, and the blend of what the strand has just written with it. */
void ph_ghost_run(PhWorker *worker, uint32_t strand, int64_t from, uint32_t block, uint32_t frames);
void ph_ghost_free(PhGhost *ghost);

/* ---- executor.c ------------------------------------------------------------------------------------------------ */

/* The largest code that a worker may have to run. */
typedef struct PhSizes {
  uint32_t instrs, steps, inputs, slots, locals;
} PhSizes;

struct PhWorker {
  struct PhEngine *engine;
  uint32_t index;
  pthread_t thread;
  bool running;
  PhTrace trace;
  PhRun run;                  /* for banks */
  float *locals;
  PhRun fx_run;               /* for chains of effects */
  float *fx_locals;
};

typedef enum PhWork { PH_WORK_CODE, PH_WORK_BANK, PH_WORK_SUM, PH_WORK_BANK_AND_SUM } PhWork;

/* Work whose blocks follow one another. See executor.c for the protocol. */
typedef struct PhTicket {
  _Alignas(64) _Atomic uint32_t next; /* twice the block, and 1 more while it is worked on */
  PhWork work;
  uint32_t strand, part;              /* part: which of the active banks */
  uint32_t input_count;
  const uint32_t *inputs;             /* strands whose last ticket must have passed the block; */
  uint32_t first_bank;                /* NULL: tickets from this one on */
} PhTicket;

typedef struct PhExecutor {
  PhWorker *workers;
  uint32_t count;
  PhSizes sizes;              /* of the workers' runs */
  PhTicket *tickets;          /* of this window: what is read from comes first */
  uint32_t ticket_count;
  size_t ticket_cap;
  uint32_t *last_of_strand;   /* ticket that finishes its blocks */
  uint64_t windows;           /* run so far */
  double last_ticks;          /* what a frame of the last window took */
  double shared_ticks;        /* and of the last one that was shared */
  uint32_t shared_run;        /* windows shared in a row, until now or until the last that was */
  uint32_t alone_run;         /* windows run alone since */
  double gains[PH_GAINS];     /* what sharing gained lately, going round */
  uint64_t gain_count;
  double gain;                /* their median */
  _Alignas(64) _Atomic uint32_t gate;   /* OPEN | workers inside */
  _Alignas(64) _Atomic uint32_t left;   /* tickets that have not finished the window */
  _Atomic uint32_t sleepers;
  _Atomic bool quit;
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  bool has_mutex;
  uint32_t looked;            /* shared windows so far */
  atomic_int priority;        /* realtime priority of the caller, 0: none */
} PhExecutor;

/* The window of blocks being run. Written by the conductor, read by tasks. */
typedef struct PhWindow {
  int64_t begin, end;         /* frames */
  uint32_t block_frames, blocks;
} PhWindow;

/* What a player last played on an instrument, for portamento. */
typedef struct PhLastPitches {
  int64_t frame;              /* 1 + that of its onset: what starts together is a chord */
  uint32_t now_count, before_count;
  double now[PH_CHORD_MAX], before[PH_CHORD_MAX]; /* Hz */
} PhLastPitches;

typedef enum PhKeyAct { PH_KEY_STRUCK, PH_KEY_LET_GO, PH_KEY_BENT, PH_KEY_PRESSED, PH_KEY_CHANNEL_PRESSED } PhKeyAct;

/* What happens to a key, or to all of a channel; or a step of an arpeggio, which strikes one for so many frames. */
typedef struct PhKeyEvent {
  int64_t frame;
  PhKeyAct act;
  uint32_t channel, key;
  double value;          /* velocity, pressure 0 to 1; the wheel -1 to 1 */
  uint32_t id;           /* of the key since it was struck; 0: it is up */
  const PhLiveKeys *arp; /* a step of it; NULL: a key */
  PhRat cycle;           /* of the step */
  int64_t length;
} PhKeyEvent;

typedef struct PhKeys {
  PhKeyEvent *events;         /* that wait, in order of frame */
  size_t count, cap;
  size_t cursor;              /* of the window: those before have been let go */
  int64_t last_frame;
  uint32_t ids;
  uint32_t held[PH_KEY_CHANNELS][PH_KEY_COUNT]; /* ids; 0: up */
  uint32_t sustained[PH_KEY_CHANNELS][PH_KEY_COUNT]; /* ids of keys that are up, but for the pedal; 0: none */
  bool pedal[PH_KEY_CHANNELS];
  /* As of the frame that is prepared: */
  double bend[PH_KEY_CHANNELS], pressure[PH_KEY_CHANNELS];
  float down[PH_KEY_CHANNELS][PH_KEY_COUNT]; /* velocities; 0: up */
  uint32_t down_count[PH_KEY_CHANNELS + 1];  /* by channel; of all of them 0 */
  int64_t down_since[PH_KEY_CHANNELS + 1];   /* the frame since when some are */
} PhKeys;

/* ---- safety.c: the safety limiter of the master ---------------------------------------------------------------- */

typedef struct PhSafety {
  float ceiling;
  float missing, most_missing; /* 1 - gain, now and at the most */
  float release;               /* share of what is missing that comes back in a frame */
  uint32_t held, hold_frames;
  uint64_t frames;             /* that it changed */
  int64_t first_frame, most_frame;
} PhSafety;

/* [control] `output_gain` as in PhEngineOptions. */
void ph_safety_init(PhSafety *safety, double sample_rate, double output_gain);
/* [realtime] Interleaved stereo, from the engine's frame `frame` on, in place. */
void ph_safety_run(PhSafety *safety, int64_t frame, uint32_t frames, float *out);

struct PhEngine {
  const PhPlan *plan;
  PhSampleStore *store;
  PhEngineOptions options;
  PhEngineReport *report;
  void *report_ctx;
  float *const *taps;         /* of the caller, see ph_engine_taps */
  PhKeys keys;
  PhEngineSink *sink;
  void *sink_ctx;
  PhStatus status;            /* of the first failure: the engine then stands still */
  PhTrap trap;
  PhQuerier querier;
  PhArena names;              /* for as long as the engine */
  const PhUnitSet *bus_set, *bank_set;
  pthread_mutex_t tempo_mutex;
  bool has_mutex, tempo_locked;
  PhTempo tempo;
  PhRat held_cps;             /* the tempo that comes from outside; den 0: the plan's own */
  PhRat stood_cps;            /* the tempo at which time stood still; den 0: it goes on */
  PhScore score;
  PhLoader *loader;           /* NULL: samples are loaded where they are asked for */
  PhTrack *tracks;            /* by program step */
  PhStrandState *strands;
  uint32_t *strand_of_route;  /* by player: first of its routes in route_strands */
  uint32_t *route_strands;
  PhInstrumentState *instruments; /* the plan's, then the retired ones' */
  PhRetired *retired;         /* instruments of former programs that still sound */
  uint32_t retired_count;
  PhVoiceTracks **old_tracks; /* of voices that former programs started */
  uint32_t old_track_count;
  struct PhSwap *swap;        /* of an engine that is to take the place of another one: how */
  int64_t fade_end;           /* of the last swap */
  PhLeaving *leaving;         /* by stem of the program before, until its fade ends */
  uint32_t leaving_count;
  bool *arriving;             /* by stem of this plan: the one before had no such output */
  float *const *leaving_out;  /* of the caller, see ph_engine_leaving */
  PhVoice **ghosts;           /* voices of strands that are only faded out */
  uint32_t ghost_count;
  PhEffectChain **chains;     /* by order of first use */
  uint32_t chain_count;
  float *shared;              /* [shared_count][ph_wire_floats] */
  float **wires;              /* by shared wire: the whole window */
  uint32_t window_frames;     /* most of a window */
  uint32_t grain_frames;      /* of a block of tasks, whatever the caller's blocks are: where the window is shared, and where not */
  uint32_t grain_alone_frames;
  PhWindow window;
  PhExecutor executor;
  struct PhSchedule *schedule; /* NULL: nobody asks */
  int64_t frame;
  _Atomic int64_t clock;      /* frame, for other threads */
  PhSafety safety;
  /* Voices */
  PhVoice **voices;           /* that are not fading out, in order of onset */
  PhVoice **fading;
  uint32_t voice_count, fading_count, voice_cap, fading_cap;
  int64_t first_end;          /* no voice ends before */
  PhVoice *free_voices;
  uint64_t voice_order;
  float fade_frames;
  const PhSegments *segments; /* all that were read */
  uint8_t *control_roles;     /* by control of the plan */
  bool pitch_moves;           /* some instrument has a form for pitches that move */
  PhLastPitches *last_pitches; /* [player][instrument], once one does */
  /* Statistics */
  uint32_t voices_peak;
  uint64_t events, last_event;
  uint64_t voices_started, voices_stolen, faults;
  uint64_t *reported;         /* hashes of messages */
  size_t reported_count, reported_cap;
  PhNodeCost *costs;
  size_t cost_cap;
  double tick_epoch_sec;
  uint64_t tick_epoch;
  uint64_t tick_cost;         /* that reading the counter takes */
  double tick_sec;            /* as it was known at the last window */
};

/* All instruments that voices may be of, and the one with that number. */
PH_INLINE uint32_t ph_engine_instruments(const PhEngine *engine) { return engine->plan->instrument_count + engine->retired_count; }
PH_INLINE const PhInstrument *ph_engine_instrument(const PhEngine *engine, int32_t index)
{
  const uint32_t count = engine->plan->instrument_count;
  return (uint32_t)index < count ? &engine->plan->instruments[index] : &engine->retired[(uint32_t)index - count].row;
}

/* The plan that its numbers of controls belong to. */
PH_INLINE const PhPlan *ph_engine_instrument_plan(const PhEngine *engine, int32_t index)
{
  const uint32_t count = engine->plan->instrument_count;
  return (uint32_t)index < count ? engine->plan : engine->retired[(uint32_t)index - count].plan;
}

/* [control] Grows a malloc'ed array to hold one more; raises the trap for want of memory. */
void *ph_engine_grow(PhEngine *engine, void *items, size_t len, size_t *cap, size_t item_bytes);
/* [control] Each takes the bytes of the other. */
void ph_exchange(void *a, void *b, size_t bytes);
/* [control] Zeroed and aligned to 64 bytes; raises the trap, or NULL if `engine` is NULL. free() it. */
void *ph_engine_alloc(PhEngine *engine, size_t bytes);
/* [control] After the trap: the engine stands still from here on. */
PhStatus ph_engine_give_up(PhEngine *engine);
void ph_engine_lock_tempo(PhEngine *engine);
void ph_engine_unlock_tempo(PhEngine *engine);
/* [control] Tells the person once. */
void ph_engine_say(PhEngine *engine, PhSeverity severity, PhSource at, const char *text, const char *help);

/* score.c */
void ph_score_deinit(PhScore *score);
PhStatus ph_score_init(PhEngine *engine, PhRat start);
/* [control] Forgets the notes in waiting: the score begins anew with the cycle of `frame`, and no note before the frame is heard. */
void ph_score_restart(PhEngine *engine, int64_t frame);
/* [control] Takes over from another engine's score which samples it has loaded; finds out anew what is an instrument. */
void ph_score_merge_sounds(PhEngine *engine, const PhScore *from);
/* [control] Queries whole cycles until no unknown event can fall before `frame`. */
void ph_score_reach(PhEngine *engine, int64_t frame);
/* [control] Queries ahead towards `frame` as far as is reasonable, so that samples are loaded many at a time. */
void ph_score_look_ahead(PhEngine *engine, int64_t frame);
/* [control] Loads the samples of all sounds that notes in waiting name, or has them loaded. */
void ph_score_load(PhEngine *engine);
/* [control] Waits until the sound is there. */
void ph_score_need(PhEngine *engine, uint32_t sound);
/* [control] The next note before `frame`, in order. False if there is none. */
bool ph_score_take(PhEngine *engine, int64_t frame, PhNote *out);

/* keys.c */
/* [control] The notes of the keys that are struck in the window, and of arpeggios. */
void ph_keys_begin(PhEngine *engine);
/* [control] Keys are let go, wheels turned, keys pressed, in the window and before that frame; then all of that happens, and is forgotten. */
void ph_keys_let_go(PhEngine *engine, int64_t before);
void ph_keys_end(PhEngine *engine);
/* score.c: [control] the notes that patterns make of a key. */
void ph_score_strike(PhEngine *engine, const PhKeyEvent *event);
/* pool.c: [control] the voices that the key holds are released. */
void ph_voices_let_go(PhEngine *engine, uint32_t id, int64_t frame);
/* pool.c: [control] the voices of a channel follow its wheel; the voices of a channel, or of one key of it, its pressure. */
void ph_voices_bend(PhEngine *engine, uint32_t channel, int64_t frame);
void ph_voices_press(PhEngine *engine, const PhKeyEvent *event);

/* outside.c */
/* [control] Whether an event goes outside, and where to. */
bool ph_outside(const PhValue *value, PhSinkKind *kind, const char **name);
/* [control] Keeps the event with a copy of its controls until its note is taken; gives PhNote.out. `pitch`: the control that its semitones
   stand for, or NULL. */
uint32_t ph_outside_keep(PhEngine *engine, const PhSinkEvent *event, const PhMap *controls, const char *pitch);
/* [control] Forgets the events that still wait. */
void ph_outside_drop(PhScore *score);
/* [control] Seconds that an event of `length` frames sounds. */
double ph_outside_sustain(const PhEngine *engine, const PhControls *c, int64_t length);
/* [control] Hands the event of a note that was taken to the sink. */
void ph_outside_send(PhEngine *engine, const PhNote *note);

/* curve.c */
/* [control] The segments of two texts; NULL, and the person is told once, if they are none. */
const PhSegments *ph_segments_of(PhEngine *engine, const char *levels, const char *times, PhSource at);
/* [control] Gives the voice the shape that its event asks for. False: none. */
bool ph_voice_curve(PhEngine *engine, const PhNote *note, PhVoice *voice);
double ph_curve_level(const PhCurve *curve, int64_t age);

/* control.c */
PhStatus ph_controls_init(PhEngine *engine);
/* [control] What instruments read of an event's value, by control of the plan; NULL if they read nothing. */
const float *ph_control_values(PhEngine *engine, const PhValue *value);
const float *ph_control_values_merge(PhEngine *engine, const float *inner, const float *outer);
/* [control] What the slots of a voice take; it has been planned. */
void ph_voice_values(PhEngine *engine, const PhNote *note, const PhInstrument *instrument, PhVoice *voice);
/* [control] Moves the voice to the form of its instrument that bends, if it has to. */
void ph_voice_motion(PhEngine *engine, const PhNote *note, PhVoice *voice);

/* voice.c: the life of a voice. */
double ph_envelope_level(const PhEnvelope *env, int64_t age);
/* [control] False if it would make no sound. */
bool ph_voice_plan(PhEngine *engine, const PhNote *note, PhVoice *out);

/* pool.c */
void ph_voices_begin(PhEngine *engine);   /* [control] starts what begins in the window */
void ph_voices_prune(PhEngine *engine, int64_t frame);
void ph_voices_shed(PhEngine *engine, int64_t frame); /* [control] those beyond the limit give way at the frame */
void ph_voice_release(PhEngine *engine, PhVoice *voice);
void ph_voice_tracks_free(PhVoiceTracks *tracks);
void ph_strand_pools_free(PhStrandState *strand, uint32_t instruments);
void ph_instrument_state_deinit(PhInstrumentState *state);
void ph_pools_deinit(PhEngine *engine);
/* [control] The chain for an event, NULL for no effects. */
PhEffectChain *ph_engine_chain(PhEngine *engine, const PhEffects *fx, PhSource at);
void ph_pools_activate(PhEngine *engine); /* [control] lists the banks that sound in the window */

/* bank.c */
void ph_bank_render(PhWorker *worker, PhPool *pool, PhBank *bank, int64_t from, uint32_t block, uint32_t frames);

/* strand.c */
PhStatus ph_strands_init(PhEngine *engine);
void ph_strands_deinit(PhEngine *engine);
void ph_strands_begin(PhEngine *engine);  /* [control] cuts and continuous patterns of the window */
void ph_strand_state_deinit(PhStrandState *state);
/* [control] Points the strand's calls at its memory, and computes what follows from its slots. */
void ph_strand_bind(PhEngine *engine, const PhStrand *strand, PhStrandState *state);
void ph_strand_part(PhWorker *worker, uint32_t strand, uint32_t block, uint32_t part); /* [realtime] */
/* [realtime] A block of code, whose frame `from` is frame `first` of the shared wires. Gives the number of chunks. */
uint32_t ph_strand_code(PhStrandState *state, float *const *wires, uint32_t first, int64_t from, uint32_t frames);
/* [realtime] The sum of the active banks that sounded in the block of the window. */
void ph_strand_add(const PhStrandState *state, const PhWindow *window, uint32_t block, float *out);
void ph_strand_sum(PhWorker *worker, uint32_t strand, uint32_t block);                 /* [realtime] */
void ph_strands_faults(PhEngine *engine); /* [control] names the nodes that set values to zero */

/* executor.c */
/* `least`: what the workers must have room for beside the plan. `idle`: without threads, for a swap. */
PhStatus ph_executor_init(PhEngine *engine, const PhSizes *least, bool idle);
/* [control] Takes over another one's room for a plan. */
void ph_executor_swap(PhExecutor *executor, PhExecutor *spare);
void ph_executor_deinit(PhEngine *engine);
/* [control] Makes room for the tickets of so many banks. */
PhStatus ph_executor_room(PhEngine *engine, uint32_t banks);
void ph_executor_run(PhEngine *engine);   /* [realtime] all tasks of the window */

/* schedule.c */
typedef struct PhSchedule PhSchedule;
PhStatus ph_schedule_init(PhEngine *engine);
void ph_schedule_free(PhSchedule *self);
/* [control] Room for the tasks of the window. */
PhStatus ph_schedule_room(PhEngine *engine);
/* [control] A task took so long. */
void ph_schedule_task(PhEngine *engine, uint32_t ticket, uint32_t block, double sec);
/* [control] All tasks of the window are known; `serial_sec`: what the caller did before and after them. */
void ph_schedule_window(PhEngine *engine, double serial_sec);

/* swap.c */
/* [any] Floats of a shared wire in a whole window: whole cache lines, so that wide wires, several in a row, begin at one. */
PH_INLINE size_t ph_wire_floats(const PhEngine *engine)
{
  return ((size_t)engine->window_frames * PH_LANES_BUS + PH_LANES_BANK - 1) / PH_LANES_BANK * PH_LANES_BANK;
}

/* [control] Works out how the spare engine takes the place of the running one. */
PhStatus ph_swap_plan(const PhEngine *running, PhEngine *spare);
void ph_swap_free(struct PhSwap *swap);
/* [control] What the last swap left to be faded out is gone. */
void ph_swap_end_fade(PhEngine *engine);

/* retime.c */
/* [control] The tempo from a time on: what comes from outside, or the plan's. Raises the trap. */
void ph_engine_follow_tempo(PhEngine *engine, PhRat at);

/* profile.c */
PhStatus ph_profile_costs(PhEngine *engine, PhEngineStats *out);
void ph_profile_init(PhEngine *engine);
/* [control] Seconds of a tick, better known the longer the engine runs. */
double ph_tick_sec(const PhEngine *engine);
/* [realtime] Whether every instr of the task is to be timed. A choice by hash, so that it does not follow the music. */
PH_INLINE bool ph_profile_timed(const PhEngine *engine, uint32_t strand, uint32_t part, int64_t frame)
{
  const uint64_t task = (uint64_t)strand << 32 | part;
  return engine->options.profile && (frame == 0 || ph_mix((uint64_t)frame, task) % PH_TIMED_TASKS == 0);
}

#endif
