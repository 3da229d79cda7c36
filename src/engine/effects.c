/* Effects of events.  SPDX-License-Identifier: MIT */
#include "engine/effects.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/dmath.h"

/* ---- reading ---- */

typedef struct Name {
  const char *name;
  PhFx fx;
} Name;

/* Sorted. Aliases are resolved by the pattern functions already. */
static const Name names[] = {
  { "bandf", PH_FX_BANDF },
  { "bandq", PH_FX_BANDQ },
  { "binshift", PH_FX_BINSHIFT },
  { "coarse", PH_FX_COARSE },
  { "comb", PH_FX_COMB },
  { "crush", PH_FX_CRUSH },
  { "cutoff", PH_FX_CUTOFF },
  { "delay", PH_FX_DELAY },
  { "delayfeedback", PH_FX_DELAYFEEDBACK },
  { "delaytime", PH_FX_DELAYTIME },
  { "distort", PH_FX_DISTORT },
  { "djf", PH_FX_DJF },
  { "dry", PH_FX_DRY },
  { "freeze", PH_FX_FREEZE },
  { "fshift", PH_FX_FSHIFT },
  { "fshiftnote", PH_FX_FSHIFTNOTE },
  { "fshiftphase", PH_FX_FSHIFTPHASE },
  { "hbrick", PH_FX_HBRICK },
  { "hcutoff", PH_FX_HCUTOFF },
  { "hresonance", PH_FX_HRESONANCE },
  { "kcutoff", PH_FX_KCUTOFF },
  { "krush", PH_FX_KRUSH },
  { "lbrick", PH_FX_LBRICK },
  { "lock", PH_FX_LOCK },
  { "octer", PH_FX_OCTER },
  { "octersub", PH_FX_OCTERSUB },
  { "octersubsub", PH_FX_OCTERSUBSUB },
  { "orbit", PH_FX_ORBIT },
  { "phaserdepth", PH_FX_PHASERDEPTH },
  { "phaserrate", PH_FX_PHASERRATE },
  { "resonance", PH_FX_RESONANCE },
  { "ring", PH_FX_RING },
  { "ringdf", PH_FX_RINGDF },
  { "ringf", PH_FX_RINGF },
  { "room", PH_FX_ROOM },
  { "scram", PH_FX_SCRAM },
  { "shape", PH_FX_SHAPE },
  { "size", PH_FX_SIZE },
  { "smear", PH_FX_SMEAR },
  { "squiz", PH_FX_SQUIZ },
  { "tremolodepth", PH_FX_TREMOLODEPTH },
  { "tremolorate", PH_FX_TREMOLORATE },
  { "triode", PH_FX_TRIODE },
  { "vowel", PH_FX_VOWEL },
  { "waveloss", PH_FX_WAVELOSS },
};

/* Effects of SuperDirt that are not here: the person is told, unless an instrument reads them. Sorted. */
static const char *const without_effect[] = {
  "channel", "enhance", "imag", "leslie", "overshape", "partials", "real", "timescale", "tsdelay", "xsdelay",
};

static int compare_name(const void *key, const void *row) { return strcmp(key, ((const Name *)row)->name); }
static int compare_text(const void *key, const void *row) { return strcmp(key, *(const char *const *)row); }

const char *ph_effects_unheard(unsigned bit)
{
  _Static_assert(PH_COUNT(without_effect) <= 32, "one bit of PhEffects.unheard for each");
  return bit < PH_COUNT(without_effect) ? without_effect[bit] : NULL;
}

bool ph_effects_read(const char *name, const PhValue *value, bool tidal, PhEffects *fx)
{
  const Name *row = bsearch(name, names, PH_COUNT(names), sizeof names[0], compare_name);
  if (!row) {
    const char *const *found =
        bsearch(name, without_effect, PH_COUNT(without_effect), sizeof without_effect[0], compare_text);
    fx->unheard |= found ? (uint32_t)1 << (found - without_effect) : 0;
    return found != NULL;
  }
  double x = 0;
  if (row->fx == PH_FX_VOWEL) {
    static const char vowels[] = "aeiou";
    const char *found = value->tag == PH_VALUE_STR && value->str[0] ? strchr(vowels, value->str[0]) : NULL;
    if (!found || value->str[1]) {
      return true; /* no vowel: the sound as it is */
    }
    x = (double)(found - vowels);
  } else if (!ph_value_as_num(value, tidal, &x)) {
    return true;
  }
  fx->v[row->fx] = x > -1e9 && x < 1e9 ? (float)x : 0;
  fx->has |= (uint64_t)1 << row->fx;
  return true;
}

uint64_t ph_effects_bit(const char *name)
{
  const Name *row = bsearch(name, names, PH_COUNT(names), sizeof names[0], compare_name);
  return row ? (uint64_t)1 << row->fx : 0;
}

void ph_effects_merge(PhEffects *inner, const PhEffects *outer)
{
  for (uint32_t i = 0; i < PH_FX_COUNT; i++) {
    inner->v[i] = outer->has >> i & 1 ? outer->v[i] : inner->v[i];
  }
  inner->has |= outer->has;
  inner->unheard |= outer->unheard;
}

void ph_effects_note(PhEffects *fx, double hz)
{
  const double shift = (double)ph_fx(fx, PH_FX_FSHIFT, 0) + hz * (double)ph_fx(fx, PH_FX_FSHIFTNOTE, 0);
  fx->v[PH_FX_FSHIFT] = (float)shift;
}

#define BIT(name) ((uint64_t)1 << PH_FX_##name)

static const struct {
  uint64_t control, heads;
  PhFxIdle idle;
} followers[] = {
  { BIT(RESONANCE),
    BIT(CUTOFF) | BIT(VOWEL),
    { "resonance", "cutoff", "`lpf` acts on the played signal here; `cutoff` on each event" } },
  { BIT(HRESONANCE),
    BIT(HCUTOFF),
    { "hresonance", "hcutoff", "`hpf` acts on the played signal here; `hcutoff` on each event" } },
  { BIT(BANDQ), BIT(BANDF), { "bandq", "bandf", "`bpf` acts on the played signal here; `bandf` on each event" } },
  { BIT(TREMOLODEPTH), BIT(TREMOLORATE), { "tremolodepth", "tremolorate", NULL } },
  { BIT(PHASERDEPTH), BIT(PHASERRATE), { "phaserdepth", "phaserrate", NULL } },
  { BIT(KCUTOFF), BIT(KRUSH), { "kcutoff", "krush", NULL } },
  { BIT(RINGF) | BIT(RINGDF),
    BIT(RING),
    { "ringf", "ring", "`ring` acts on the played signal here; `|> ring` on each event" } },
  { BIT(FSHIFTNOTE) | BIT(FSHIFTPHASE),
    BIT(FSHIFT),
    { "fshiftnote", "fshift", "`fshift` acts on the played signal here; `|> fshift` on each event" } },
  { BIT(SIZE), BIT(ROOM), { "size", "room", NULL } },
  { BIT(DRY), BIT(ROOM), { "dry", "room", NULL } },
  { BIT(DELAYTIME) | BIT(DELAYFEEDBACK) | BIT(LOCK),
    BIT(DELAY),
    { "delaytime", "delay", "`delay time fb mix` acts on the played signal here; `|> delay 0.5` sends each event" } },
};

const PhFxIdle *ph_effects_idle(const PhEffects *fx, const PhFxIdle *last)
{
  bool past = !last;
  for (size_t i = 0; fx->has && i < PH_COUNT(followers); i++) {
    if (past && (fx->has & followers[i].control) && !(fx->has & followers[i].heads)) {
      return &followers[i].idle;
    }
    past |= last == &followers[i].idle;
  }
  return NULL;
}

/* ---- building ---- */

/* A chain in the making. The values of a stage come first, side by side; constants may follow. */
typedef struct Builder {
  PhEffectChain *chain;
  const PhUnitSet *units;
  double sample_rate;
  uint64_t seed;
  size_t line_floats;
  PhArena *arena;
  PhStatus status;
} Builder;

static const PhRef wire = { .kind = PH_REF_LOCAL, .index = 0 };

static PhRef scratch(uint32_t index) { return ph_ref(PH_REF_LOCAL, index); }

static PhRef constant(Builder *b, double x)
{
  PhEffectChain *chain = b->chain;
  assert(chain->slot_count < PH_CHAIN_SLOTS);
  chain->slots[chain->slot_count] = (float)x;
  chain->least[chain->slot_count] = chain->most[chain->slot_count] = (float)x;
  return ph_ref(PH_REF_SLOT, chain->slot_count++);
}

/* A value that the event decides. */
static PhRef value(Builder *b)
{
  const PhRef slot = constant(b, 1); /* of lanes without a voice, which run too: nothing may divide by it */
  b->chain->least[slot.index] = -1e9f;
  b->chain->most[slot.index] = 1e9f;
  return slot;
}

/* A value may not leave the range of any parameter that it is given to. */
static void narrow(Builder *b, PhRef in, const PhParam *param)
{
  if (in.kind == PH_REF_SLOT && param->least < param->most) {
    float *least = &b->chain->least[in.index], *most = &b->chain->most[in.index];
    *least = *least < (float)param->least ? (float)param->least : *least;
    *most = *most > (float)param->most ? (float)param->most : *most;
  }
}

static void give_memory(Builder *b, PhInstr *instr)
{
  PhEffectChain *chain = b->chain;
  const PhUnit *unit = instr->unit;
  PhUnitSetup setup = { .sample_rate = b->sample_rate, .in_count = instr->in_count };
  for (uint32_t k = 0; k < instr->in_count; k++) {
    const PhRef in = instr->in[k];
    setup.least[k] = in.kind == PH_REF_SLOT ? (double)chain->least[in.index] : -1e18;
    setup.most[k] = in.kind == PH_REF_SLOT ? (double)chain->most[in.index] : 1e18;
  }
  instr->state_offset = chain->code.state_words;
  chain->code.state_words += (uint32_t)unit->state_floats * PH_LANES_BANK;
  instr->line_offset = (uint32_t)b->line_floats;
  instr->line_frames = ph_unit_line_frames(unit, &setup);
  if (unit->prepare) {
    static const PhUnitText texts[PH_UNIT_MAX_INPUTS];
    const char *error = NULL;
    setup.texts = texts;
    const PhStatus status = unit->prepare(&setup, b->arena, &instr->data, &error);
    b->status = status == PH_OK ? b->status : status;
  }
  b->line_floats += (size_t)instr->line_frames * PH_LANES_BANK;
  chain->code.line_floats = b->line_floats;
}

/* out = unit(in…); what is not given has its default. */
static void call(Builder *b, const char *name, PhRef out, const PhRef *in, uint32_t count)
{
  PhEffectChain *chain = b->chain;
  assert(chain->code.instr_count < PH_CHAIN_INSTRS && out.index < PH_CHAIN_LOCALS);
  PhInstr *instr = &chain->instrs[chain->code.instr_count];
  *instr =
      (PhInstr){ .phase = PH_PHASE_PROCESS, .in = chain->inputs + chain->input_count, .out = out, .at = chain->at };
  instr->unit = ph_unit_find(b->units, name, &instr->unit_index);
  assert(instr->unit); /* stages are made of units that there are */
  for (uint32_t p = 0; p < instr->unit->func.param_count; p++) {
    const PhParam *param = &instr->unit->func.params[p];
    if (!ph_param_is_signal(param)) {
      continue;
    }
    const PhRef ref = instr->in_count < count ? in[instr->in_count] : constant(b, param->dflt);
    assert(chain->input_count < PH_CHAIN_INPUTS);
    narrow(b, ref, param);
    chain->inputs[chain->input_count++] = ref;
    instr->in_count++;
  }
  instr->seed = ph_mix(b->seed, chain->code.instr_count);
  chain->stereo |= (instr->unit->flags & PH_UNIT_STEREO) != 0;
  give_memory(b, instr);
  chain->code.instr_count++;
}

static void call2(Builder *b, const char *name, PhRef out, PhRef x, PhRef y)
{
  const PhRef in[] = { x, y };
  call(b, name, out, in, 2);
}

static void call3(Builder *b, const char *name, PhRef out, PhRef x, PhRef y, PhRef z)
{
  const PhRef in[] = { x, y, z };
  call(b, name, out, in, 3);
}

/* ---- the stages ---- */

/* SuperDirt's resonance from 0 to 1 is a quality from 1 to 1000, in equal ratios. */
static float quality(float resonance)
{
  const double r = resonance < 0 ? 0 : resonance > 1 ? 1 : (double)resonance;
  return (float)ph_exp2_d(r * 9.965784284662087);
}

enum { FORMANTS = 5 };

typedef struct Vowel {
  float hz[FORMANTS], db[FORMANTS], width_hz[FORMANTS];
} Vowel;

/* Formants of a countertenor's a e i o u (Csound's manual, appendix of formant values). */
static const Vowel vowels[] = {
  { { 660, 1120, 2750, 3000, 3350 }, { 0, -6, -23, -24, -38 }, { 80, 90, 120, 130, 140 } },
  { { 440, 1800, 2700, 3000, 3300 }, { 0, -14, -18, -20, -20 }, { 70, 80, 100, 120, 120 } },
  { { 270, 1850, 2900, 3350, 3590 }, { 0, -24, -24, -36, -36 }, { 40, 90, 100, 120, 120 } },
  { { 430, 820, 2700, 3000, 3300 }, { 0, -10, -26, -22, -34 }, { 40, 80, 100, 120, 120 } },
  { { 370, 630, 2750, 3000, 3400 }, { 0, -20, -23, -30, -34 }, { 40, 60, 100, 120, 120 } },
};

/* The sum of five band-passes, each with its level, and some of the sound itself. */
static void build_vowel(Builder *b)
{
  PhRef hz[FORMANTS], q[FORMANTS], level[FORMANTS];
  for (uint32_t i = 0; i < FORMANTS; i++) {
    hz[i] = value(b);
    q[i] = value(b);
    level[i] = value(b);
  }
  call2(b, "mul", scratch(1), wire, value(b));
  for (uint32_t i = 0; i < FORMANTS; i++) {
    call3(b, "bpf", scratch(2), wire, hz[i], q[i]);
    call2(b, "mul", scratch(2), scratch(2), level[i]);
    call2(b, "add", scratch(1), scratch(1), scratch(2));
  }
  call2(b, "add", wire, scratch(1), constant(b, 0));
}

static void set_vowel(const PhEffects *fx, float *out)
{
  const Vowel *vowel = &vowels[(uint32_t)ph_fx(fx, PH_FX_VOWEL, 0)];
  const float r = ph_fx(fx, PH_FX_RESONANCE, 0.5f), resonance = r < 0 ? 0 : r > 1 ? 1 : r;
  const double wet = ph_sin_d((0.5 + 1.5 * (double)resonance) * 0.7853981633974483);
  for (uint32_t i = 0; i < FORMANTS; i++) {
    out[3 * i] = vowel->hz[i];
    out[3 * i + 1] = vowel->hz[i] / vowel->width_hz[i] * (0.1f + 0.4f * resonance);
    out[3 * i + 2] = (float)(2 * wet * ph_exp2_d((double)vowel->db[i] * 0.16609640474436813));
  }
  out[3 * FORMANTS] = (float)ph_sin_d((1.5 - 1.5 * (double)resonance) * 0.7853981633974483);
}

static void build_shape(Builder *b) { call2(b, "shape", wire, wire, value(b)); }
static void set_shape(const PhEffects *fx, float *out) { out[0] = ph_fx(fx, PH_FX_SHAPE, 0); }

static void build_filter(Builder *b, const char *name)
{
  const PhRef cutoff = value(b), q = value(b);
  call3(b, name, wire, wire, cutoff, q);
}

static void build_hpf(Builder *b) { build_filter(b, "hpf"); }
static void set_hpf(const PhEffects *fx, float *out)
{
  out[0] = ph_fx(fx, PH_FX_HCUTOFF, 20);
  out[1] = quality(ph_fx(fx, PH_FX_HRESONANCE, 0));
}

/* The level at the centre is the quality, as SuperDirt has it. */
static void build_bpf(Builder *b)
{
  const PhRef centre = value(b), q = value(b), level = value(b);
  call3(b, "bpf", wire, wire, centre, q);
  call2(b, "mul", wire, wire, level);
}

static void set_bpf(const PhEffects *fx, float *out)
{
  const float q = ph_fx(fx, PH_FX_BANDQ, 10);
  out[0] = ph_fx(fx, PH_FX_BANDF, 1000);
  out[1] = out[2] = q < 1 ? 1 : q > 100 ? 100 : q;
}

static void build_crush(Builder *b) { call2(b, "bitcrush", wire, wire, value(b)); }
static void set_crush(const PhEffects *fx, float *out) { out[0] = ph_fx(fx, PH_FX_CRUSH, 16); }

static void build_coarse(Builder *b) { call2(b, "coarse", wire, wire, value(b)); }
static void set_coarse(const PhEffects *fx, float *out) { out[0] = ph_fx(fx, PH_FX_COARSE, 1); }

static void build_lpf(Builder *b) { build_filter(b, "lpf"); }
static void set_lpf(const PhEffects *fx, float *out)
{
  out[0] = ph_fx(fx, PH_FX_CUTOFF, 20000);
  out[1] = quality(ph_fx(fx, PH_FX_RESONANCE, 0));
}

static void build_tremolo(Builder *b) { build_filter(b, "tremolo"); }
static void set_tremolo(const PhEffects *fx, float *out)
{
  out[0] = ph_fx(fx, PH_FX_TREMOLORATE, 1);
  out[1] = ph_fx(fx, PH_FX_TREMOLODEPTH, 0.5f);
}

static void build_phaser(Builder *b) { build_filter(b, "phaser"); }
static void set_phaser(const PhEffects *fx, float *out)
{
  out[0] = ph_fx(fx, PH_FX_PHASERRATE, 1);
  out[1] = ph_fx(fx, PH_FX_PHASERDEPTH, 0.5f);
}

static void build_waveloss(Builder *b) { call2(b, "waveloss", wire, wire, value(b)); }
static void set_waveloss(const PhEffects *fx, float *out) { out[0] = ph_fx(fx, PH_FX_WAVELOSS, 0); }

static void build_squiz(Builder *b) { call2(b, "squiz", wire, wire, value(b)); }
static void set_squiz(const PhEffects *fx, float *out) { out[0] = ph_fx(fx, PH_FX_SQUIZ, 1); }

/* The note's share of the shift is in `fshift` already: see ph_effects_note. */
static void build_fshift(Builder *b)
{
  const PhRef hz = value(b), phase = value(b);
  const PhRef in[] = { wire, hz, constant(b, 1), phase };
  call(b, "freq_shift", wire, in, 4);
}

static void set_fshift(const PhEffects *fx, float *out)
{
  out[0] = ph_fx(fx, PH_FX_FSHIFT, 0);
  out[1] = ph_fx(fx, PH_FX_FSHIFTPHASE, 0);
}

/* A tube of a kind: what is below 0 is bent, what is above stays; then the constant is taken away. */
static void build_triode(Builder *b)
{
  const PhRef drive = value(b), zero = constant(b, 0);
  call2(b, "max", scratch(1), wire, zero);
  call2(b, "min", wire, wire, zero);
  call2(b, "mul", wire, wire, drive);
  call(b, "tanh", wire, &wire, 1);
  call2(b, "div", wire, wire, drive);
  call2(b, "add", wire, wire, scratch(1));
  call(b, "dcblock", wire, &wire, 1);
}

static void set_triode(const PhEffects *fx, float *out)
{
  const float drive = ph_fx(fx, PH_FX_TRIODE, 0);
  out[0] = (drive < 0 ? 0 : drive > 100 ? 100 : drive) * 10 + 1e-3f;
}

/* Sonic Pi's: (x^2 + kx) / (x^2 + (k - 1)|x| + 1), through a low-pass; from k = 1/2 on nothing of the sound itself is left. */
static void build_krush(Builder *b)
{
  const PhRef k = value(b), less = value(b), cutoff = value(b), mix = value(b);
  call2(b, "mul", scratch(1), wire, wire);
  call2(b, "mul", scratch(2), wire, k);
  call2(b, "add", scratch(2), scratch(2), scratch(1));
  call(b, "abs", scratch(3), &wire, 1);
  call2(b, "mul", scratch(3), scratch(3), less);
  call2(b, "add", scratch(3), scratch(3), scratch(1));
  call2(b, "add", scratch(3), scratch(3), constant(b, 1));
  call2(b, "div", scratch(2), scratch(2), scratch(3));
  call3(b, "lpf", scratch(2), scratch(2), cutoff, constant(b, 1));
  call3(b, "xfade", wire, wire, scratch(2), mix);
}

static void set_krush(const PhEffects *fx, float *out)
{
  const float given = ph_fx(fx, PH_FX_KRUSH, 0), k = given < 0 ? 0 : given > 100 ? 100 : given;
  const float cutoff = ph_fx(fx, PH_FX_KCUTOFF, 0);
  out[0] = k;
  out[1] = k - 1;
  out[2] = cutoff > 0 ? cutoff : 4000;
  out[3] = k > 0.5f ? 1 : 2 * k;
}

/* Sonic Pi's octaver: what is below 440 Hz, let through in every other of its waves, is an octave down, in every other of those two. The octave
   up is the absolute value; it takes the place of the sound itself. */
static void build_octer(Builder *b)
{
  const PhRef dry = value(b), up = value(b), down = value(b), further = value(b),
              half = constant(b, 0.7071067811865476);
  call3(b, "lpf", scratch(1), wire, constant(b, 440), half);
  call2(b, "gt", scratch(2), scratch(1), constant(b, 0));
  call(b, "toggle", scratch(2), (const PhRef[]){ scratch(2) }, 1);
  call(b, "toggle", scratch(3), (const PhRef[]){ scratch(2) }, 1);
  call2(b, "mul", scratch(2), scratch(2), down);
  call2(b, "mul", scratch(3), scratch(3), further);
  call2(b, "add", scratch(2), scratch(2), scratch(3));
  call2(b, "mul", scratch(1), scratch(1), scratch(2));
  call(b, "abs", scratch(2), &wire, 1);
  call(b, "dcblock", scratch(2), (const PhRef[]){ scratch(2) }, 1);
  call2(b, "mul", scratch(2), scratch(2), up);
  call2(b, "mul", wire, wire, dry);
  call2(b, "add", wire, wire, scratch(2));
  call2(b, "add", wire, wire, scratch(1));
}

static float octer_level(float level) { return level < 0 ? 0 : level > 10 ? 10 : level; }

/* Up to 1 the octave replaces the sound, from there to 2 both fade, of equal power, as SuperDirt has it. */
static void set_octer(const PhEffects *fx, float *out)
{
  const double given = (double)ph_fx(fx, PH_FX_OCTER, 0),
               octer = given < 0   ? 0
                       : given > 2 ? 2
                                   : given,
               quarter = 1.5707963267948966;
  out[0] = octer < 1 ? (float)ph_cos_d(octer * quarter) : 0;
  out[1] = (float)(2 * octer * ph_sin_d(octer * quarter)); /* the sine of the way back is that of 2 - octer */
  out[2] = octer_level(ph_fx(fx, PH_FX_OCTERSUB, 0));
  out[3] = octer_level(ph_fx(fx, PH_FX_OCTERSUBSUB, 0));
}

/* x + depth * x * sine, whose frequency goes from one to another in a second. */
static void build_ring(Builder *b)
{
  const PhRef depth = value(b), from = value(b), to = value(b);
  const PhRef line[] = { from, to, constant(b, 1), constant(b, 1) };
  call(b, "xline", scratch(1), line, 4);
  call3(b, "ring", scratch(1), wire, scratch(1), constant(b, 1));
  call2(b, "mul", scratch(1), scratch(1), depth);
  call2(b, "add", wire, wire, scratch(1));
}

static float ring_hz(float hz) { return hz < 20 ? 20 : hz > 20000 ? 20000 : hz; }

static void set_ring(const PhEffects *fx, float *out)
{
  const float hz = ph_fx(fx, PH_FX_RINGF, 0), depth = ph_fx(fx, PH_FX_RING, 0);
  out[0] = depth < 0 ? 0 : depth > 10 ? 10 : depth;
  out[1] = ring_hz(hz);
  out[2] = ring_hz(hz + ph_fx(fx, PH_FX_RINGDF, 0));
}

/* Ours: towards 1 all of the sound goes through tanh, ever harder. */
static void build_distort(Builder *b)
{
  const PhRef drive = value(b), mix = value(b);
  call3(b, "distort", wire, wire, drive, mix);
}

static void set_distort(const PhEffects *fx, float *out)
{
  const float amount = ph_fx(fx, PH_FX_DISTORT, 0);
  out[0] = 1 + 15 * (amount < 0 ? 0 : amount);
  out[1] = amount < 0 ? 0 : amount > 1 ? 1 : amount;
}

/* Spectral stages are late by a window, as SuperDirt's are; their parameters are SuperDirt's of PV_BrickWall and the like. What is frozen is the
   first window of the sound. */
static void build_freeze(Builder *b)
{
  const PhRef on = value(b), window = constant(b, 2048 / 44100.0);
  call(b, "timer", scratch(1), &on, 1);
  call2(b, "gt", scratch(1), scratch(1), window);
  call2(b, "freeze", wire, wire, scratch(1));
}

static void set_freeze(const PhEffects *fx, float *out) { out[0] = ph_fx(fx, PH_FX_FREEZE, 0) > 0 ? 1 : 0; }

static float share(float x) { return x < 0 ? 0 : x > 1 ? 1 : x; }

static void build_comb(Builder *b)
{
  const PhRef teeth = value(b), width = value(b);
  call3(b, "spectral_comb", wire, wire, teeth, width);
}

static void set_comb(const PhEffects *fx, float *out)
{
  const float comb = share(ph_fx(fx, PH_FX_COMB, 0));
  out[0] = 256 * comb;
  out[1] = 1 - comb;
}

static void build_smear(Builder *b) { call2(b, "spectral_smear", wire, wire, value(b)); }
static void set_smear(const PhEffects *fx, float *out)
{
  out[0] = (float)ph_exp2_d(6 * (double)share(ph_fx(fx, PH_FX_SMEAR, 0))); /* 1 to 64 bins */
}

static void build_scram(Builder *b)
{
  const PhRef wipe = value(b), width = value(b);
  call3(b, "spectral_scramble", wire, wire, wipe, width);
}

static void set_scram(const PhEffects *fx, float *out) { out[0] = out[1] = share(ph_fx(fx, PH_FX_SCRAM, 0)); }

static void build_binshift(Builder *b)
{
  const PhRef stretch = value(b), shift = value(b);
  call3(b, "spectral_shift", wire, wire, stretch, shift);
}

static void set_binshift(const PhEffects *fx, float *out)
{
  const float by = ph_fx(fx, PH_FX_BINSHIFT, 0);
  out[0] = 0.01f + 3.99f * share(by);
  out[1] = 10 * by;
}

static void build_brick(Builder *b) { call2(b, "spectral_brick", wire, wire, value(b)); }
static void set_hbrick(const PhEffects *fx, float *out) { out[0] = 0.6f * share(ph_fx(fx, PH_FX_HBRICK, 0)); }
static void set_lbrick(const PhEffects *fx, float *out) { out[0] = -share(ph_fx(fx, PH_FX_LBRICK, 0)); }

static void build_djf(Builder *b) { call2(b, "djf", wire, wire, value(b)); }
static void set_djf(const PhEffects *fx, float *out) { out[0] = ph_fx(fx, PH_FX_DJF, 0.5f); }

/* ---- the table: in the order in which a voice goes through them, which is SuperDirt's ---- */

typedef struct Stage {
  PhFx control; /* the event has the stage if it has this, above `least` */
  float least;
  void (*build)(Builder *b);
  void (*set)(const PhEffects *fx, float *out); /* the values, in the order in which build asked for them */
  uint64_t also;                                /* or one of these, whatever it is */
} Stage;

#define ALWAYS (-2e9f)

static const Stage stages[] = {
  { PH_FX_VOWEL, ALWAYS, build_vowel, set_vowel, 0 },
  { PH_FX_SHAPE, 0, build_shape, set_shape, 0 },
  { PH_FX_HCUTOFF, ALWAYS, build_hpf, set_hpf, 0 },
  { PH_FX_BANDF, ALWAYS, build_bpf, set_bpf, 0 },
  { PH_FX_CRUSH, ALWAYS, build_crush, set_crush, 0 },
  { PH_FX_COARSE, 1, build_coarse, set_coarse, 0 },
  { PH_FX_CUTOFF, ALWAYS, build_lpf, set_lpf, 0 },
  { PH_FX_TREMOLORATE, ALWAYS, build_tremolo, set_tremolo, 0 },
  { PH_FX_PHASERRATE, ALWAYS, build_phaser, set_phaser, 0 },
  { PH_FX_WAVELOSS, 0, build_waveloss, set_waveloss, 0 },
  { PH_FX_SQUIZ, 1, build_squiz, set_squiz, 0 },
  { PH_FX_FSHIFT, ALWAYS, build_fshift, set_fshift, 0 },
  { PH_FX_TRIODE, 0, build_triode, set_triode, 0 },
  { PH_FX_KRUSH, 0, build_krush, set_krush, 0 },
  { PH_FX_OCTER, ALWAYS, build_octer, set_octer, BIT(OCTERSUB) | BIT(OCTERSUBSUB) },
  { PH_FX_RING, 0, build_ring, set_ring, 0 },
  { PH_FX_DISTORT, 0, build_distort, set_distort, 0 },
  { PH_FX_FREEZE, 0, build_freeze, set_freeze, 0 },
  { PH_FX_COMB, ALWAYS, build_comb, set_comb, 0 },
  { PH_FX_SMEAR, ALWAYS, build_smear, set_smear, 0 },
  { PH_FX_SCRAM, ALWAYS, build_scram, set_scram, 0 },
  { PH_FX_BINSHIFT, ALWAYS, build_binshift, set_binshift, 0 },
  { PH_FX_HBRICK, ALWAYS, build_brick, set_hbrick, 0 },
  { PH_FX_LBRICK, ALWAYS, build_brick, set_lbrick, 0 },
  { PH_FX_DJF, ALWAYS, build_djf, set_djf, 0 },
};
_Static_assert(PH_COUNT(stages) <= PH_CHAIN_STAGES, "stages are bits of a word");

uint32_t ph_effects_stages(const PhEffects *fx)
{
  uint32_t bits = 0;
  for (uint32_t i = 0; fx->has && i < PH_COUNT(stages); i++) {
    const bool on =
        (ph_has_fx(fx, stages[i].control) && fx->v[stages[i].control] > stages[i].least) || (fx->has & stages[i].also);
    bits |= on ? 1u << i : 0;
  }
  return bits;
}

static void hold_in_range(const PhEffectChain *chain, float *slots)
{
  for (uint32_t s = 0; s < chain->slot_count; s++) {
    slots[s] = slots[s] < chain->least[s] ? chain->least[s] : slots[s] > chain->most[s] ? chain->most[s] : slots[s];
  }
}

PhStatus ph_chain_build(PhEffectChain *chain, uint32_t bits, const PhUnitSet *units, double sample_rate, uint64_t seed,
                        PhArena *arena)
{
  Builder b = { .chain = chain, .units = units, .sample_rate = sample_rate, .arena = arena, .status = PH_OK };
  b.seed = ph_mix(seed, 0x6566666563747300);
  chain->stages = bits;
  chain->code = (PhCode){ .lanes = PH_LANES_BANK, .instrs = chain->instrs, .local_count = PH_CHAIN_LOCALS };
  for (uint32_t i = 0; i < PH_COUNT(stages); i++) {
    if (bits >> i & 1) {
      chain->first[i] = chain->slot_count;
      stages[i].build(&b);
    }
  }
  hold_in_range(chain, chain->slots);
  return b.status;
}

void ph_chain_values(const PhEffectChain *chain, const PhEffects *fx, float *slots)
{
  memcpy(slots, chain->slots, chain->slot_count * sizeof *slots);
  for (uint32_t i = 0; i < PH_COUNT(stages); i++) {
    if (chain->stages >> i & 1) {
      stages[i].set(fx, slots + chain->first[i]);
    }
  }
  hold_in_range(chain, slots);
}
