/* From a program to a plan: nodes with keys and rates, folding, sharing, feedback, packing of wires, strands.
   A plan is immutable and says everything that the engine does for a block; state is the engine's. All [control].

   What a plan is made of:
     slot    16 floats that are constant between two cuts: constants, values of step signals, results of step-rate instructions,
             parameters of voices. On a bus all lanes that are read are equal (lanes 0…3).
     local   a wire inside a strand: float[PH_CHUNK_FRAMES][lanes], scratch of the worker, coloured by liveness
     shared  a wire between strands: float[block][PH_LANES_BUS], written by one strand
     instr   one call of a kernel
     strand  a list of instrs that run together, one task per block; or the voices of a player's route
     player  a control pattern that is played: events → voices
   SPDX-License-Identifier: MIT */
#ifndef PH_GRAPH_GRAPH_H
#define PH_GRAPH_GRAPH_H

#include "base/base.h"
#include "dsp/dsp.h"
#include "lang/lang.h"

/* A wide wire takes PH_LANES_BANK lanes from one strand of a bank to another. It counts as PH_WIDE_WIRES shared wires, one after another, and
   goes by the first of them. */
typedef enum PhRefKind { PH_REF_SLOT, PH_REF_LOCAL, PH_REF_SHARED, PH_REF_WIDE } PhRefKind;

#define PH_WIDE_WIRES (PH_LANES_BANK / PH_LANES_BUS)

typedef struct PhRef {
  uint32_t kind : 2;
  uint32_t index : 30;
} PhRef;

PH_INLINE PhRef ph_ref(PhRefKind kind, uint32_t index)
{
  return (PhRef){ .kind = (unsigned)kind & 3u, .index = index & 0x3FFFFFFFu };
}

/* Whether it leads from strand to strand. */
PH_INLINE bool ph_ref_crosses(PhRef ref) { return ref.kind == PH_REF_SHARED || ref.kind == PH_REF_WIDE; }

typedef enum PhRate { PH_RATE_CONST, PH_RATE_STEP, PH_RATE_AUDIO } PhRate;

/* What an instr does. */
typedef enum PhPhase {
  PH_PHASE_PROCESS,        /* unit->process */
  PH_PHASE_READ,           /* unit->read: a delay inside a loop gives what was written before */
  PH_PHASE_WRITE,          /* unit->write: and takes its input, at the loop's end */
  PH_PHASE_FEEDBACK_READ,  /* unit is NULL; out = the one value of state per lane */
  PH_PHASE_FEEDBACK_WRITE, /* unit is NULL; the state takes the last frame of in[0]; in a loop of sub-blocks of 1 */
  PH_PHASE_COPY,           /* unit is NULL; out = in[0], a slot that is spread over the frames */
  PH_PHASE_SPREAD,         /* unit is NULL; in a strand of 16 lanes: out = lane 0 of the bus wire in[0] in all lanes */
  PH_PHASE_GATHER,         /* unit is NULL; in a strand of 16 lanes: lanes 2k and 2k + 1 of out = left and right of in[k], bus wires and slots */
  PH_PHASE_PICK,           /* unit is NULL; in a strand of 16 lanes: out, a shared bus wire, = lanes `lane` and `lane` + 1 of in[0] */
  PH_PHASE_FOLD,           /* unit is NULL; in a strand of 16 lanes: out, a shared bus wire, = PhUnitSet.fold of in[0] with the
                              gains of slot in[1] for left and right */
} PhPhase;

/* One call of a kernel per chunk. */
typedef struct PhInstr {
  const PhUnit *unit;         /* the row (of the 4-wide set; the index is the same in every set) */
  uint32_t unit_index;        /* in PhUnitSet.units */
  PhPhase phase;
  const PhRef *in;            /* in_count of them */
  uint32_t in_count;
  PhRef out;
  uint32_t state_offset;      /* 32-bit words into the state of the strand (times lanes: already multiplied) */
  uint32_t line_offset;       /* floats into the line memory of the strand */
  uint32_t line_frames;
  uint32_t lane;              /* of PICK */
  const uint64_t *
      lane_keys; /* of a call in a bank: by lane, the key of the node that it stands for, 0: none; NULL: all are of `key` */
  const void *data;
  uint64_t data_hash;         /* of the texts that `data` was made of */
  uint64_t key;               /* of the node: what state is kept by across an edit, and seeds */
  uint64_t seed;
  PhSource at;                /* the code it came from */
} PhInstr;

/* instrs [first, first + count) of the strand run in sub-blocks of at most `frames` (a feedback loop). Loops do not nest
   and stand in order. */
typedef struct PhLoop {
  uint32_t first, count;
  uint32_t frames;
} PhLoop;

/* A list of instrs with its memory. For a bus strand and for the voices of an instrument. */
typedef struct PhCode {
  uint32_t lanes;             /* PH_LANES_BUS or PH_LANES_BANK */
  PhInstr *instrs;            /* audio rate, in order */
  uint32_t instr_count;
  PhInstr *step_instrs;       /* step rate: out is a slot; run with frames = 1 after a slot that they depend on has changed */
  uint32_t step_instr_count;
  PhLoop *loops;
  uint32_t loop_count;
  uint32_t local_count;       /* wires of scratch */
  uint32_t state_words;       /* 32-bit words, all lanes */
  size_t line_floats;
} PhCode;

/* What events send to the effects of their orbit, and how these are set. */
typedef enum PhOrbitParameter {
  PH_ORBIT_ROOM, PH_ORBIT_SIZE, PH_ORBIT_WET, PH_ORBIT_DELAY, PH_ORBIT_TIME, PH_ORBIT_FEEDBACK, PH_ORBIT_PARAMETERS
} PhOrbitParameter;

enum { PH_ORBITS = 16 };

/* The orbit that a number means: numbers go round. */
PH_INLINE uint32_t ph_orbit_of(double number)
{
  const int64_t n = number > -1e9 && number < 1e9 ? (int64_t)number : 0;
  return (uint32_t)((n % PH_ORBITS + PH_ORBITS) % PH_ORBITS);
}

/* A step signal: a pattern whose events set a slot at exact frames (cutting the strands that read it), or a continuous
   pattern that is evaluated at every frame into a shared wire. */
typedef struct PhStep {
  const PhPat *pat;
  PhStepUse use;
  uint32_t slot;              /* first of `channels` consecutive slots (simultaneous values, in order of appearance) */
  uint32_t channels;
  uint32_t fewest;            /* values at an onset, as far as was looked */
  bool continuous;
  uint32_t shared;            /* of a continuous one */
  uint32_t orbit, parameter;  /* pat is NULL: the engine sets it at the onsets of a player's events (PhPlayer.first_step), or it is
                                 a PhInput */
  float least, most;          /* of such a one */
  uint64_t key;
  PhSource at;
} PhStep;

/* ---- instruments and players ---------------------------------------------------------------------------------- */

/* Parameters of a voice: slots at the start of an instrument's own slot space. The engine writes them, per lane, when a
   voice starts. */
typedef enum PhVoiceSlot {
  PH_VOICE_HZ,        /* pitch of the note in Hz (c4 where the event has none) */
  PH_VOICE_RATIO,     /* Hz of the note / Hz of the root oscillator; 1 where the event has no note */
  PH_VOICE_ONE,       /* 1 in every lane */
  PH_VOICE_GATE,      /* +-1 from the onset until the end of the event, then 0; the sign alternates per voice of the lane */
  PH_VOICE_SLOTS
} PhVoiceSlot;

/* How the pitch of a voice moves: it is multiplied by start^(1 - t / glide) until t = glide, and by 1 + bend t, never below 0. */
typedef enum PhMotionSlot {
  PH_MOTION_START,    /* where it begins, as a ratio to the note */
  PH_MOTION_GLIDE,    /* seconds until it arrives */
  PH_MOTION_BEND,     /* per second */
  PH_MOTION_SLOTS
} PhMotionSlot;

/* A slot that takes what the event says of a control when a voice starts: its value (`dflt` where the event says nothing), or
   whether it says anything. */
typedef struct PhVoiceControl {
  uint32_t control;           /* of PhPlan.controls */
  uint32_t slot;
  bool given;                 /* the slot is 1 or 0 */
  float dflt;
} PhVoiceControl;

/* A bus (or a built-in synth) as an instrument: its whole expression over the lanes of a bank. The voice envelope, gain and
   pan are applied by the engine when it folds the bank. */
typedef struct PhInstrument {
  const char *name;           /* as `s` spells it: "~lead" */
  PhSource at;
  uint64_t key;
  const PhPat *pat;           /* not NULL: the bus is a pattern; its events are played from its beginning (code is empty) */
  PhCode code;
  uint32_t voice_lanes;       /* 1, or 2 (stereo units inside): voices per bank = 16 / voice_lanes */
  PhRef out;                  /* the wire to fold */
  float *slots;               /* initial values, [slot_count][16] */
  uint32_t slot_count;
  PhStep *steps;              /* in the voice's own time */
  uint32_t step_count;
  const PhVoiceControl *controls;
  uint32_t control_count;
  uint32_t moving;            /* 1 + the number of the same instrument for voices whose pitch moves; 0: there is none */
  uint32_t motion;            /* of such a one: the first of PH_MOTION_SLOTS slots; 0: its pitch stands still */
  const PhVoiceShape *shape;  /* NULL: that of every bus */
  float root_hz;              /* of the first oscillator with an explicit frequency; 0: none */
  PhRef *externs;             /* slot and shared wires of the program that the code reads: LOCAL i of the code is extern i's
                                 lane 0 spread over all lanes, before instr 0 runs */
  uint32_t extern_count;
  double tail_sec;            /* how long it may sound after its envelope: 0, envelopes end voices */
  uint64_t content;           /* equal: voices of the one may run on as voices of the other */
} PhInstrument;

/* Events with effect mask `mask` in that orbit play into shared wire `shared`. */
typedef struct PhRoute {
  uint32_t mask;
  uint32_t shared;
  uint32_t orbit;
} PhRoute;

typedef struct PhPlayer {
  const PhPat *pat;
  PhRoute *routes;
  uint32_t route_count;
  uint32_t orbits;            /* bits of those that have routes and effects; 0: there are none, orbits do not matter */
  bool has_room, has_delay;
  uint32_t first_step, step_count; /* program steps that the events set */
  uint64_t key;
  PhSource at;
} PhPlayer;

typedef enum PhStrandKind { PH_STRAND_CODE, PH_STRAND_VOICES } PhStrandKind;

typedef struct PhStrand {
  PhStrandKind kind;
  PhCode code;                /* CODE */
  uint32_t player, route;     /* VOICES: the route of the player whose voices it sums into the route's shared wire */
  uint32_t *inputs;           /* strands whose block must be done first */
  uint32_t input_count;
  uint32_t *steps;            /* program step signals whose changes cut this strand */
  uint32_t step_count;
  uint64_t key;
  uint64_t content;           /* CODE, equal: the same calls of the same inputs, so that the state of the one is that of the other */
  PhSource at;
  const char *name;           /* "o1", "~lead", "master": for people */
} PhStrand;

typedef struct PhStem {
  uint32_t number;            /* of the output */
  uint32_t shared;            /* after mute: a muted output is silent here */
  bool muted;
} PhStem;

/* A signal that leaves the engine beside the outputs. */
typedef enum PhTapKind {
  PH_TAP_FILE,                /* to be recorded; `name` is a path as the text has it */
  PH_TAP_SCOPE                /* to be shown */
} PhTapKind;

typedef struct PhTap {
  const char *name;
  PhTapKind kind;
  double sec;                 /* most that is wanted; 0: all */
  uint32_t shared;
  PhSource at;
} PhTap;

enum { PH_TAPS_MAX = 64 };

/* What a shared wire is, whatever the plan: the stem of output 3, what a node computes. A wire may be several things. */
typedef struct PhWireName {
  uint64_t key;
  uint32_t shared;
} PhWireName;

/* A signal that comes from outside: a step that ph_engine_input sets. */
typedef enum PhInputKind {
  PH_INPUT_CC,           /* `cc number chan`: 0 to 1 */
  PH_INPUT_BEND,         /* `pitchbend range chan`: -range to range; what comes is -1 to 1 */
  PH_INPUT_PRESSURE,     /* `pressure chan`: 0 to 1 */
  PH_INPUT_KEY_PRESSURE, /* `keypressure key chan`: 0 to 1 */
  PH_INPUT_PROGRAM,      /* `program chan`: 0 to 127 */
  PH_INPUT_OSC           /* `osc "/path"` */
} PhInputKind;

typedef struct PhInput {
  PhInputKind kind;
  const char *name;           /* OSC: the path, with its `/` */
  uint32_t number, channel;   /* of MIDI: the controller or key; channel 1 to 16, or 0: any */
  uint32_t step;              /* of PhPlan.steps; its key is made of all of this */
  float dflt, least, most;
  PhSource at;
} PhInput;

enum { PH_INPUTS_MAX = 1024 };

typedef struct PhPlan {
  double sample_rate;
  uint64_t seed;
  const PhPat *cps;
  PhRat start_cycle;
  bool tidal;
  float *slots;               /* initial values, [slot_count][16] */
  uint32_t slot_count;
  PhStep *steps;
  uint32_t step_count;
  uint32_t shared_count;
  PhStrand *strands;          /* in an order in which inputs come first */
  uint32_t strand_count;
  PhPlayer *players;
  uint32_t player_count;
  PhInstrument *instruments;
  uint32_t instrument_count;
  const char *const *controls;  /* that instruments read, by name */
  uint32_t control_count;
  PhStem *stems;
  uint32_t stem_count;
  PhTap *taps;
  uint32_t tap_count;
  PhWireName *wires;          /* by wire, the name that goes before the others first */
  uint32_t wire_count;
  PhInput *inputs;
  uint32_t input_count;
  const PhLiveKeys *arps; /* arpeggios of keys that are held */
  uint32_t arp_count;
  uint32_t master;            /* shared wire of the stereo master, after outmix and master: */
  bool no_safety;             /* `safety: off` */
  double tail_sec;            /* longest chain of tails of effects, capped at 60 */
  uint32_t node_count, shared_nodes, folded_nodes, dead_nodes; /* what lowering did, for `phonon graph` */
} PhPlan;

typedef struct PhPlanOptions {
  double sample_rate;
  const PhUnitSounds *sounds;   /* recordings that units read; must outlive the plan. NULL: none */
  bool apart;                   /* no banks of chains: each has its state to itself. The bits are the same, the speed is not */
} PhPlanOptions;

/* Lowers a program. Errors of meaning (a table that is not there, too many effect sites) are added to diags: the plan is not
   to be used if diags->errors grew. Everything is in the arena, which must live as long as the plan. */
PH_NODISCARD PhStatus ph_plan_build(PhArena *arena, const PhProgram *program, const PhPlanOptions *options, PhDiags *diags,
                                    PhPlan *out);

/* The plan as text, and as Graphviz. */
void ph_plan_text(const PhPlan *plan, const PhDiags *files, PhText *out);
void ph_plan_dot(const PhPlan *plan, const PhDiags *files, PhText *out);

/* All rows: pattern functions, controls and units. The arena must outlive the registry. */
void ph_graph_registry(PhRegistry *registry, PhArena *arena);

#endif
