/* Unit generators: kernels over lanes and the rows that describe them. Knows nothing of patterns, graphs or voices.

   ONE LAYOUT. A wire is float[frames][lanes]. lanes is 4 on a bus and 16 in a bank of voices. On a bus lane 0 is left and
   lane 1 right; lanes 2 and 3 repeat them, and a mono signal is the same in all four. In a bank of mono voices a lane is a
   voice; in a bank of stereo voices lanes 2i and 2i+1 are voice i's left and right. So a kernel never asks how many channels
   there are: most work lane by lane, and a stereo unit (PH_UNIT_STEREO) works on pairs of lanes.
   A kernel is written once over the vector type PhV of base/simd.h (PH_W lanes: 4 SSE2/NEON/wasm, 8 AVX2, 16 AVX-512) and
   built once per width; for (group g) for (frame f) it loads in[k] + f*step[k] + g*PH_W. Buses use the 4-wide build,
   banks the widest that the machine has. The bits are the same for all: lanes never meet but in pairs (SPDX-License-Identifier: MIT).

   STATE. All zero is the initial state of every unit, for each lane. State is `state_floats` values of one float (or any 32
   bits) per lane, laid out [value][lanes], then the unit's line memory, [position][lanes]. Starting a voice zeroes its
   lane of the values only, so a line must not be read further back than the lane's own age: a unit with a line counts
   frames since the start in a state value and reads zero beyond it.

   TIME. A kernel may be called with any number of frames 1…PH_CHUNK_FRAMES; results must not depend on how time was cut.
   An input whose step is 0 is constant in this call (lanes may differ); coefficients are then computed once. The result must
   be the same bits as if the constant had been given at every frame.

   SANITY. Inputs are finite and below 1e18 in magnitude; outputs must be, too. Recursive state goes through ph_flush
   (zero below 1e-18, above 1e18 or not finite). Arithmetic that can leave the range gives 0 there and sets
   *io->fault, so that the graph can name the node. Parameters are within the range of their row already. */
#ifndef PH_DSP_DSP_H
#define PH_DSP_DSP_H

#include "base/base.h"

enum {
  PH_LANES_BUS = 4,
  PH_LANES_BANK = 16,
  PH_CHUNK_FRAMES = 64,   /* most frames of a call */
  PH_UNIT_MAX_INPUTS = 32, /* signals; a variadic unit (sum) takes up to this many, the graph nests beyond */
};

/* What a kernel gets for one call. [realtime] */
typedef struct PhIo {
  const float *in[PH_UNIT_MAX_INPUTS]; /* one per signal parameter of the row, in order; absent ones hold their default */
  uint32_t step[PH_UNIT_MAX_INPUTS];   /* floats from a frame to the next: `lanes`, or 0 for constant in this call */
  uint32_t in_count;                   /* > parameter count only for variadic units */
  uint32_t frames;                     /* 1…PH_CHUNK_FRAMES */
  uint32_t lanes;                      /* 4 or 16, a multiple of PH_W */
  float *out;                          /* [frames][lanes]; may be the same memory as any input with step `lanes` */
  uint32_t *state;                     /* [state_floats][lanes] of 32 bits, 64-byte aligned; zero at first */
  float *line;                         /* [line_frames][lanes], uninitialised beyond the lane's age; 64-byte aligned */
  uint32_t line_frames;                /* a power of two, or 0 */
  const void *data;                    /* made by PhUnit.prepare, immutable, shared */
  uint64_t seed;                       /* of randomness: program seed mixed with the node's key */
  const uint32_t *voice;               /* [lanes]: a key of the voice in each lane, mixed into randomness; all 0 on a bus */
  uint32_t *fault;                     /* set to 1 when a value left the range */
  float sample_rate;
  float inv_sample_rate;
} PhIo;

typedef void PhKernel(const PhIo *io);

/* Constant text and list arguments, for prepare. NULL where absent. `list` of numbers. */
typedef struct PhUnitText {
  const char *text;
  const double *list;
  size_t list_len;
} PhUnitText;

/* A recording, for prepare: planar, at the plan's sample rate, immutable; lives at least as long as the plan. Frames
   -PH_SAMPLE_PAD … frames + PH_SAMPLE_PAD - 1 may be read and are 0 outside. */
typedef struct PhUnitSound {
  const float *left, *right; /* right == left: mono */
  size_t frames;
} PhUnitSound;

/* Where prepare gets recordings from. `name` is "bank:n", or the path of a file (it has a `/` or ends in .wav, .flac, …).
   On failure *error is for people and lives as long as the plan. [control] */
typedef struct PhUnitSounds {
  void *ctx;
  PhStatus (*load)(void *ctx, const char *name, PhUnitSound *out, const char **error);
  /* The same, but the frames as they stand in the file, whatever its rate: for tables of cycles. */
  PhStatus (*load_as_is)(void *ctx, const char *name, PhUnitSound *out, const char **error);
} PhUnitSounds;

/* What is known when a plan is made. */
typedef struct PhUnitSetup {
  double sample_rate;
  double least[PH_UNIT_MAX_INPUTS]; /* bounds that each input is known to stay in: equal for constants */
  double most[PH_UNIT_MAX_INPUTS];
  const PhUnitText *texts;          /* one per parameter of type `text` or list, in order */
  const PhUnitSounds *sounds;       /* NULL: there are none, a unit that needs one fails */
  uint32_t in_count;
} PhUnitSetup;

enum {
  PH_UNIT_PURE = 1 << 0,     /* no state: the output of a frame depends on the inputs of that frame only. May be folded and shared */
  PH_UNIT_STEREO = 1 << 1,   /* works on pairs of lanes; its output may differ between left and right */
  PH_UNIT_OSC = 1 << 2,      /* its first input is a frequency that a note of a voice moves; absent means "the note" */
  PH_UNIT_DELAYS = 1 << 3,   /* `read` and `write` are given: in a feedback loop the output of the first `least` frames does not
                                depend on the input, see PhUnit.read */
  PH_UNIT_COMMUTES = 1 << 4, /* two inputs that may change places */
  PH_UNIT_PROCESSOR = 1 << 5,/* first parameter is the input that `#` fills */
  PH_UNIT_RANDOM = 1 << 6,   /* depends on seed and key: two equal calls are not the same node */
  PH_UNIT_CONTROL = 1 << 7,  /* inside an instrument, the control of the event that its text names; its input is the default */
  PH_UNIT_TEXT_DATA = 1 << 8,/* prepare looks at the texts, the sounds and the rate alone: calls with equal texts share their data */
  PH_UNIT_TAP = 1 << 9,      /* its input leaves the engine, under the name of its first text; passes it through */
  PH_UNIT_SUM = 1 << 10,     /* the sum of its inputs, of which there may be any number: lowered to a chain of `add` */
  PH_UNIT_INPUT = 1 << 11,   /* set from outside while the program plays; its last input is the default. Its inputs are constants */
  PH_UNIT_RING = 1 << 12,    /* its line is one of line.h, whose age is state value 0: what it holds can be moved to a line of another length */
};

/* No two flags are the same bit. */
_Static_assert((PH_UNIT_PURE | PH_UNIT_STEREO | PH_UNIT_OSC | PH_UNIT_DELAYS | PH_UNIT_COMMUTES | PH_UNIT_PROCESSOR | PH_UNIT_RANDOM |
                PH_UNIT_CONTROL | PH_UNIT_TEXT_DATA | PH_UNIT_TAP | PH_UNIT_SUM | PH_UNIT_INPUT | PH_UNIT_RING) == (1 << 13) - 1, "flags of units");

typedef struct PhUnit {
  PhFunc func;
  PhKernel *process;
  uint16_t state_floats;        /* per lane */
  uint16_t flags;
  /* Frames of line memory per lane wanted (rounded up to a power of two), or NULL for none. */
  size_t (*line_frames)(const PhUnitSetup *setup);
  /* Immutable data from text and list arguments, in the arena; NULL if the unit needs none. *error (static text) on failure. */
  PhStatus (*prepare)(const PhUnitSetup *setup, PhArena *arena, const void **data, const char **error);
  size_t data_bytes;            /* of the data, if equal bytes mean equal data; 0: unknown. Calls run side by side if their data are equal */
  /* A pure delay in two halves that share the state: `read` gives frames of output from what was written before, `write`
     takes the input of the same frames. At most `delay_frames` frames may be read before they are written. */
  PhKernel *read, *write;
  uint32_t (*delay_frames)(const PhUnitSetup *setup);
  /* Seconds that the output may go on after the input ended (0: none), for tails of renders. NULL: none. */
  double (*tail_sec)(const PhUnitSetup *setup);
} PhUnit;

/* The envelopes of the lanes of a bank in one call: the closed form of PhSampleVoice, by lane. Ages are whole numbers, so the
   level of a frame does not depend on where a call begins. */
enum {
  PH_SHAPE_RISES = 1 << 0,      /* some lane is in its attack or decay, or holds a level that is not 1 */
  PH_SHAPE_CUT = 1 << 1,        /* some lane fades because it was cut */
};

typedef struct PhLaneShape {
  uint32_t stages;              /* what is not said to occur is not looked at */
  int32_t age[PH_LANES_BANK];   /* at the first frame */
  int32_t gate[PH_LANES_BANK];  /* ages where the release and the fade begin */
  int32_t cut[PH_LANES_BANK];
  int32_t live[PH_LANES_BANK];  /* frames of this call until the end; 0: silent */
  float attack[PH_LANES_BANK], up_slope[PH_LANES_BANK];                     /* frames and 1 / frames, or 0 and 0 */
  float top[PH_LANES_BANK], drop[PH_LANES_BANK], down_slope[PH_LANES_BANK]; /* 1, 1 - sustain, 1 / decay, or sustain, 0, 0 */
  float release_slope[PH_LANES_BANK], cut_slope[PH_LANES_BANK];           /* 1 / frames */
} PhLaneShape;

enum { PH_CURVE_MAX = 64 };

/* An envelope of any shape: segments between levels, all bent alike, a closed form of the age in frames. Segment i goes from level[i] at age start[i] to
   level[i + 1] at start[i + 1]; before and behind, the first and the last level. */
typedef struct PhCurve {
  uint32_t count;                  /* segments */
  bool straight;
  float bend, scale;               /* t in a segment becomes (1 - e^(bend t)) scale */
  int32_t start[PH_CURVE_MAX + 1];
  float inverse[PH_CURVE_MAX];     /* 1 / frames */
  float level[PH_CURVE_MAX + 1];
} PhCurve;

/* Rows of one build of the kernels. Same rows, same order in every build. */
typedef struct PhUnitSet {
  const char *name;             /* "sse2", "avx2", "avx512", "neon", "wasm", "plain" */
  uint32_t width;               /* PH_W */
  const PhUnit *const *units;
  size_t count;
  /* Engine kernels that are not units of the language: */
  void (*fold)(const float *bank, const float *gain_left, const float *gain_right, uint32_t frames, uint32_t voice_lanes,
               float *out); /* sums 16 lanes into a bus wire, in a fixed tree */
  void (*shape)(const PhLaneShape *shape, uint32_t frames, float *bank); /* multiplies the lanes by their envelopes */
  void (*curve)(const PhCurve *curve, int32_t age, uint32_t frames, float *levels); /* room for PH_CHUNK_FRAMES */
  struct PhSamplerKernels const *sampler;
} PhUnitSet;

/* [any] The builds that this machine can run, best first; the last one always runs. */
size_t ph_unit_sets(const PhUnitSet *const **sets);
/* [any] By name ("avx2"), or the best for NULL; NULL if this machine cannot run it. */
const PhUnitSet *ph_unit_set_find(const char *name);
/* The 4-wide build, for buses. */
const PhUnitSet *ph_unit_set_bus(void);

/* [any] The row with that name and its index, which is the same in every set; NULL if there is none. */
const PhUnit *ph_unit_find(const PhUnitSet *set, const char *name, uint32_t *index);
/* [any] Whether a parameter is an input of the kernel; the others are texts and lists, for prepare. */
bool ph_param_is_signal(const PhParam *param);
/* [control] Frames of line memory per lane: what the unit wants, rounded up to a power of two. */
uint32_t ph_unit_line_frames(const PhUnit *unit, const PhUnitSetup *setup);

/* ---- sample voices ------------------------------------------------------------------------------------------- */

/* A voice that plays a sample: reading, envelope and panning fused, vectors along time. Its output depends only on this
   struct and on `age`. */
typedef struct PhSampleVoice {
  const float *left, *right;    /* frames with PH_SAMPLE_PAD of padding on both sides; right == left for mono */
  int64_t first, last;          /* frames [first, last) that may be read; outside is silence (or the loop) */
  int64_t position;             /* start, 32.32 fixed point */
  int64_t increment;            /* per frame, 32.32; negative plays backwards; 1<<32 is exact unity */
  int64_t increment_slope;      /* change of the increment per frame, 32.32 (accelerate) */
  uint64_t age;                 /* frames since the onset */
  uint64_t length;              /* frames until it has ended, envelope included */
  float gain_left, gain_right;
  /* Envelope, a closed form of age: linear attack, decay to sustain, release from `gate` on, then a fade from `cut_at`. */
  float attack, decay, sustain, release; /* frames, frames, level, frames */
  uint64_t gate;                /* frames from onset to release */
  uint64_t cut_at;              /* age where a fade of cut_frames begins (stolen, cut group); UINT64_MAX: never */
  uint32_t cut_frames;
  uint32_t loop;                /* 1: wraps inside [first, last) */
  const PhCurve *curve;         /* multiplies the envelope, or NULL */
} PhSampleVoice;

enum { PH_SAMPLE_PAD = 8, PH_SAMPLE_ROOM = 15 };

typedef struct PhSamplerKernels {
  /* Adds `frames` frames of the voice to each side, which have room for PH_SAMPLE_ROOM more, and moves position and age on. */
  void (*add)(PhSampleVoice *voice, float *left, float *right, uint32_t frames);
} PhSamplerKernels;

#endif
