/* Effects of events: what `crush`, `cutoff` and the like of an event do to its voice, made of the units of src/dsp. The order of
   the stages is SuperDirt's; gain, pan and the envelope come last.  SPDX-License-Identifier: MIT */
#ifndef PH_ENGINE_EFFECTS_H
#define PH_ENGINE_EFFECTS_H

#include "engine/profile.h"
#include "graph/graph.h"

/* Controls that are effects of a voice or of its orbit. */
typedef enum PhFx {
  PH_FX_BANDF,
  PH_FX_BANDQ,
  PH_FX_BINSHIFT,
  PH_FX_COARSE,
  PH_FX_COMB,
  PH_FX_CRUSH,
  PH_FX_CUTOFF,
  PH_FX_DELAY,
  PH_FX_DELAYFEEDBACK,
  PH_FX_DELAYTIME,
  PH_FX_DISTORT,
  PH_FX_DJF,
  PH_FX_DRY,
  PH_FX_FREEZE,
  PH_FX_FSHIFT,
  PH_FX_FSHIFTNOTE,
  PH_FX_FSHIFTPHASE,
  PH_FX_HBRICK,
  PH_FX_HCUTOFF,
  PH_FX_HRESONANCE,
  PH_FX_KCUTOFF,
  PH_FX_KRUSH,
  PH_FX_LBRICK,
  PH_FX_LOCK,
  PH_FX_OCTER,
  PH_FX_OCTERSUB,
  PH_FX_OCTERSUBSUB,
  PH_FX_ORBIT,
  PH_FX_PHASERDEPTH,
  PH_FX_PHASERRATE,
  PH_FX_RESONANCE,
  PH_FX_RING,
  PH_FX_RINGDF,
  PH_FX_RINGF,
  PH_FX_ROOM,
  PH_FX_SCRAM,
  PH_FX_SHAPE,
  PH_FX_SIZE,
  PH_FX_SMEAR,
  PH_FX_SQUIZ,
  PH_FX_TREMOLODEPTH,
  PH_FX_TREMOLORATE,
  PH_FX_TRIODE,
  PH_FX_VOWEL,
  PH_FX_WAVELOSS,
  PH_FX_COUNT
} PhFx;

/* Those of an event, as numbers. */
typedef struct PhEffects {
  uint64_t has;
  uint32_t unheard; /* bits of those that are effects elsewhere and not here: see ph_effects_unheard */
  float v[PH_FX_COUNT];
} PhEffects;

PH_INLINE bool ph_has_fx(const PhEffects *fx, PhFx which) { return (fx->has >> which & 1u) != 0; }
PH_INLINE float ph_fx(const PhEffects *fx, PhFx which, float dflt)
{
  return ph_has_fx(fx, which) ? fx->v[which] : dflt;
}

/* [any] The name of a bit of PhEffects.unheard; NULL: there are no more. */
const char *ph_effects_unheard(unsigned bit);
/* [control] Takes a control by its name; false: it is none of these. */
bool ph_effects_read(const char *name, const PhValue *value, bool tidal, PhEffects *fx);
/* [any] The bit of the control with that name in PhEffects.has; 0: there is none. */
uint64_t ph_effects_bit(const char *name);
/* [control] What the outer event says replaces what the inner one says. */
void ph_effects_merge(PhEffects *inner, const PhEffects *outer);
/* [control] The note that a voice with these effects plays: `fshiftnote` is in notes. */
void ph_effects_note(PhEffects *fx, double hz);
/* A control that does nothing without another one that the event lacks. */
typedef struct PhFxIdle {
  const char *name, *without, *help;
} PhFxIdle;

/* [any] The next one after `last`, or the first for NULL; NULL: there is none. */
const PhFxIdle *ph_effects_idle(const PhEffects *fx, const PhFxIdle *last);
/* [any] The stages that the event asks for, as bits; 0: none. */
uint32_t ph_effects_stages(const PhEffects *fx);

enum {
  PH_CHAIN_INSTRS = 112,
  PH_CHAIN_INPUTS = 352,
  PH_CHAIN_SLOTS = 176,
  PH_CHAIN_LOCALS = 4,
  PH_CHAIN_STAGES = 26,
  PH_CHAIN_MOST = 256 /* combinations of stages in a piece */
};

/* The stages of one combination, one after another over the lanes of a bank. What comes in and goes out is LOCAL 0. */
typedef struct PhEffectChain {
  uint32_t stages;
  bool stereo; /* some unit works on pairs of lanes */
  PhSource at; /* of the first event that asked for it */
  PhCode code;
  PhInstr instrs[PH_CHAIN_INSTRS];
  PhRef inputs[PH_CHAIN_INPUTS];
  uint32_t input_count;
  uint32_t slot_count;
  float slots[PH_CHAIN_SLOTS];                       /* initial values: the constants stand */
  float least[PH_CHAIN_SLOTS], most[PH_CHAIN_SLOTS]; /* of what the slot is an input of */
  uint32_t first[PH_CHAIN_STAGES];                   /* slot of each stage's values */
  _Atomic uint32_t faults[PH_CHAIN_INSTRS];          /* set by tasks, read and cleared by the conductor */
  _Atomic uint64_t ticks[PH_CHAIN_INSTRS];
  PhTaskCost cost;
} PhEffectChain;

/* [control] Makes a zeroed chain; what its units prepare is in the arena. */
PH_NODISCARD PhStatus ph_chain_build(PhEffectChain *chain, uint32_t stages, const PhUnitSet *units, double sample_rate,
                                     uint64_t seed, PhArena *arena);
/* [any] The slots of a voice with these effects, chain->slot_count of them. */
void ph_chain_values(const PhEffectChain *chain, const PhEffects *fx, float *slots);

#endif
