/* Inside graph: nodes, scopes and the passes over them.  SPDX-License-Identifier: MIT */
#ifndef PH_GRAPH_INTERNAL_H
#define PH_GRAPH_INTERNAL_H

#include "graph/graph.h"

enum {
  PH_MAX_CHANNELS = 16,   /* simultaneous values of a step signal that a source expands over */
  PH_ROOT_WORDS = 3,      /* 192 roots: 65 outputs, the rest shared by externs */
  PH_LOWER_MAX_DEPTH = 600
};

typedef enum PhNodeKind {
  PH_NODE_NUM,
  PH_NODE_STEP,      /* index: step of the scope, channel */
  PH_NODE_WIRE,      /* index: a shared wire that is written outside code: a route of a player, a continuous pattern */
  PH_NODE_CALL,
  PH_NODE_FEEDBACK,  /* a reference to a bus that is still being lowered; target is set when it is done */
  PH_NODE_VOICE,     /* index: a slot that is written when a voice starts */
  PH_NODE_EXTERN,    /* in a voice: index of the extern */
  PH_NODE_COPY,      /* a slot spread over the frames, where the engine wants a wire */
  PH_NODE_LANES,     /* 16 constants, one per lane of a bank */
  PH_NODE_SPREAD,    /* a bus wire's left lane in all lanes of a bank */
  PH_NODE_GATHER,    /* a pair of lanes of a bank from each of its inputs, bus wires or slots; of step or audio rate */
  PH_NODE_PICK,      /* index: a pair of lanes of a bank, as a bus wire */
  PH_NODE_FOLD,      /* the sum of a bank's lanes, as a bus wire; in: the bank, the gain of each lane */
} PhNodeKind;

typedef struct PhNode PhNode;

struct PhNode {
  PhNodeKind kind;
  PhRate rate;
  const PhUnit *unit;
  uint32_t unit_index;
  PhNode **in;
  uint32_t in_count;
  double num;
  double rest;            /* STEP: the first value of the pattern */
  double least, most;     /* STEP: what it stays in, if least < most */
  uint32_t index, channel;
  uint64_t key;
  PhSource at;
  const float *lanes;     /* LANES */
  const uint64_t *lane_keys; /* of a call in a bank: of the node that each lane stands for */
  uint32_t bank;          /* not 0: runs over the lanes of that bank */
  uint32_t level;         /* banks on the longest way here: part of what a strand is */
  const void *data;
  uint64_t text_hash;     /* of text and list arguments, for sharing */
  uint64_t data_hash;     /* of what `prepare` made; 0: not known, or nothing */
  uint32_t line_frames;
  uint32_t delay_frames;  /* of a PH_UNIT_DELAYS node */
  double tail_sec;        /* longest tail up to and with this node */
  PhNode *target;         /* FEEDBACK */
  PhNode *next_hash;
  /* Set by the passes: */
  uint32_t id;            /* in order of creation */
  int32_t component;      /* -1: not reachable */
  uint32_t mark;          /* of the walks */
  bool split;             /* a delay inside a loop: READ, and a WRITE at the loop's end */
  bool direct;            /* FEEDBACK: stands for its target, a delay breaks the loop */
  bool keep;              /* a root of voice code: its wire is read after the last instr */
  bool freed;             /* its wire has been given back */
  bool placed;            /* ref is valid */
  PhRef ref;
  uint32_t last_use;      /* of the code being emitted: instr that reads it last */
};

/* A strongly connected component: one node, or a loop. In order: what it depends on comes before. */
typedef struct PhComponent {
  PhNode **nodes;         /* in the order they must run */
  uint32_t count;
  bool loop;
  uint32_t frames;        /* of a loop's sub-block */
  uint64_t roots[PH_ROOT_WORDS];
  uint32_t strand;        /* of the scope's strands */
  uint32_t bank, level;   /* of its nodes */
} PhComponent;

typedef enum PhBusState { PH_BUS_NEW, PH_BUS_OPEN, PH_BUS_DONE } PhBusState;

/* Several nodes: the channels of a signal ("c4,e4"). One for nearly all. */
typedef struct PhChannels {
  PhNode **nodes;
  uint32_t count;
} PhChannels;

typedef struct PhBusMemo {
  PhBusState state;
  PhChannels channels;
  PhNode *feedback;       /* made when the bus was referred to while open */
} PhBusMemo;

/* What a unit made of its texts. */
typedef struct PhTextData {
  const PhUnit *unit;
  uint64_t text_hash;
  const void *data;
} PhTextData;

typedef struct PhLower PhLower;

/* Nodes that are run together: the program's, or those of one instrument's voices. */
typedef struct PhScope {
  PhLower *lower;
  bool voice;
  uint64_t key;
  PH_ARRAY(PhNode *) nodes;
  PhNode **table;         /* hash table for sharing */
  size_t table_size;
  PhBusMemo *buses;
  PH_ARRAY(PhStep) steps;
  PH_ARRAY(float *) slots; /* each 16 floats */
  PH_ARRAY(PhComponent) components;
  /* Voices: */
  PH_ARRAY(PhNode *) externs; /* nodes of the program scope */
  PH_ARRAY(PhVoiceControl) controls;
  uint32_t motion;            /* the first slot of the pitch's motion, or 0 */
  PhNode *bend;               /* what multiplies the pitch, once it is needed */
  float root_hz;
  bool has_root;
  bool stereo;
} PhScope;

typedef struct PhPlayedPat {
  const PhPat *pat;
  const PhEffectSite *sites;
  uint32_t player;
} PhPlayedPat;

/* One lowering. */
struct PhLower {
  PhArena *arena;
  const PhProgram *program;
  PhDiags *diags;
  PhPlan *plan;
  double sample_rate;
  const PhUnitSounds *sounds;
  PH_ARRAY(PhTextData) text_data; /* of units with PH_UNIT_TEXT_DATA */
  const PhUnitSet *units;     /* 4-wide: for folding and rows */
  PhScope program_scope;
  PH_ARRAY(PhPlayer) players;
  PH_ARRAY(PhPlayedPat) played;
  PH_ARRAY(PhTap) taps;
  PH_ARRAY(PhNode *) tap_nodes;  /* by tap */
  PH_ARRAY(PhInput) inputs;
  PhScope **instrument_scopes; /* by instrument; NULL: a pattern */
  PhNode **stem_nodes;         /* by output */
  uint32_t shared_count;
  uint32_t depth;
  uint32_t shared_nodes, folded_nodes;
  PH_ARRAY(const char *) controls; /* that instruments read */
  const PhPat *every_cycle;    /* one event a cycle */
};

/* node.c */
void ph_scope_init(PhScope *scope, PhLower *lower, bool voice, uint64_t key);
PhNode *ph_node_num(PhScope *scope, double value);
PhNode *ph_node_leaf(PhScope *scope, PhNodeKind kind, PhRate rate, uint32_t index, uint32_t channel, uint64_t key, PhSource at);
/* A call: folded, shared with an equal one, or new. `proto` has unit, in, data, key, at, text_hash. */
PhNode *ph_node_call(PhScope *scope, const PhNode *proto);
/* A call of a unit of the math family by name. */
PhNode *ph_node_math(PhScope *scope, const char *unit, PhNode *const *in, uint32_t count, uint64_t key, PhSource at);
PhNode *ph_node_mul(PhScope *scope, PhNode *a, PhNode *b, uint64_t key, PhSource at);
PhNode *ph_node_sum(PhScope *scope, PhNode *const *in, uint32_t count, uint64_t key, PhSource at);
/* The unit that a row belongs to, and its index; ph_unit_named by name. Raises PH_UNSUPPORTED if there is none. */
const PhUnit *ph_unit_of(const PhLower *lower, const PhFunc *func, uint32_t *index);
const PhUnit *ph_unit_named(const PhLower *lower, const char *name, uint32_t *index);
/* The slot that holds a node of constant or step rate. */
uint32_t ph_scope_slot(PhScope *scope, double value);
bool ph_node_is(const PhNode *node, double value);

/* A new node, equal to no other. */
PhNode *ph_node_fresh(PhScope *scope, const PhNode *proto);
PhNode *ph_node_lanes(PhScope *scope, const float *values);
PhNode *ph_node_spread(PhScope *scope, PhNode *node, uint32_t bank);

/* pack.c: equal terms of sums become the lanes of banks. */
void ph_pack(PhScope *scope, PhNode *const *roots, uint32_t root_count);

/* chains.c: equal chains of calls, stereo ones too, become pairs of lanes of banks. */
void ph_chains(PhScope *scope, PhNode *const *roots, uint32_t root_count);

/* lower.c */
/* How many values sound at once at onsets, over the first cycles (at most, at least), and whether the pattern is continuous. */
typedef struct PhPatFacts {
  uint32_t channels, fewest;
  bool continuous;
  double first; /* value of the first event, of a chord its first note; 0 if there is none */
} PhPatFacts;

PhPatFacts ph_pat_facts(PhLower *lower, const PhPat *pat, PhStepUse use, PhSource at);

PhChannels ph_lower_sig(PhScope *scope, const PhSig *sig, PhNode *input);
PhNode *ph_lower_mono(PhScope *scope, const PhSig *sig, PhNode *input); /* channels summed */
/* A call of a unit by name; inputs that are not given have their defaults. */
PhNode *ph_lower_unit(PhScope *scope, const char *unit, PhNode *const *in, uint32_t count, uint64_t key, PhSource at);

/* orbit.c */
/* Which orbits the events of a played pattern are in, and the steps that they set. */
void ph_orbits_of(PhLower *lower, const PhSig *sig, PhPlayer *player);
/* The sound of an orbit with what its effects add. */
PhNode *ph_orbit_effects(PhLower *lower, const PhPlayer *player, uint32_t orbit, PhNode *sound);

/* order.c: components of what the roots need, in order; decides about feedback. */
void ph_scope_order(PhScope *scope, PhNode *const *roots, uint32_t root_count);
/* What a node reads, feedback and splits taken into account. False when there is no k-th. */
bool ph_node_dependency(const PhNode *node, uint32_t k, PhNode **out);

/* By node id: how many nodes read it; of a root 2 more. */
uint32_t *ph_count_uses(const PhScope *scope, PhNode *const *roots, uint32_t root_count);
/* What the roots need, inputs before what reads them; the targets of feedback stand anywhere. Returns how many. */
uint32_t ph_inputs_first(const PhScope *scope, PhNode *const *roots, uint32_t root_count, PhNode **order);

/* cost.c: instructions a frame, about. */
uint32_t ph_component_cost(const PhComponent *component);

/* strands.c: cuts the ordered program into strands and puts their order into the plan. */
void ph_build_strands(PhLower *lower, PhNode *const *roots, const char *const *names, uint32_t root_count);
/* The shared wire of a node of audio rate; makes one. */
uint32_t ph_node_shared(PhLower *lower, PhNode *node);

/* emit.c: the code of some components of a scope (indexes, in order). `first_local` wires of scratch are taken already.
   Shared wires must have been placed. `steps` and `step_count` get the step signals that the code reads. */
typedef struct PhEmit {
  const uint32_t *components;
  uint32_t component_count;
  uint32_t lanes;
  uint32_t first_local;
  PhCode *code;
  uint32_t *steps;
  uint32_t step_count;
} PhEmit;

void ph_emit_code(PhScope *scope, PhEmit *emit);
/* content.c: the names of the wires, and what strands and instruments are made of, for swaps. */
void ph_plan_content(PhLower *lower);
/* A node of audio rate with the value of `node`, which may be of any rate. */
PhNode *ph_node_audio(PhScope *scope, PhNode *node);

/* input.c: what a unit of MIDI listens to, by its constants. */
PhInput ph_input_midi(const PhUnit *unit, const double *given, uint32_t count);

/* instrument.c */
/* The pitch of the note as a frequency, and its ratio to the root's. */
PhNode *ph_voice_hz(PhScope *scope, PhSource at);
PhNode *ph_voice_ratio(PhScope *scope, PhSource at);
/* The control of that name as a node of a voice; `dflt` where its event does not say. */
PhNode *ph_voice_control(PhScope *scope, const char *name, PhNode *dflt, uint64_t key, PhSource at);
/* `moves`: for voices whose pitch moves. */
void ph_lower_instrument(PhLower *lower, const PhBus *bus, bool moves, PhInstrument *out);

#endif
