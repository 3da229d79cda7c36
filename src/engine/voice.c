/* The life of a voice, decided at its onset: where it reads, how fast, its envelope, its level and its end. The laws are
   in docs/design/engine.md.  SPDX-License-Identifier: MIT */
#include <math.h>

#include "base/dmath.h"
#include "engine/internal.h"

#define SAMPLE_ATTACK_SEC 0.001
#define SAMPLE_RELEASE_SEC 0.003
#define INSTRUMENT_ATTACK_SEC 0.01
#define INSTRUMENT_RELEASE_SEC 0.05
#define LEAST_RATE 1e-5
#define MOST_RATE 256.0
#define MOST_SEC 36000.0
#define SUPERDIRT_AMP 0.4
#define HALF_PI 1.5707963267948966
#define SQRT2 1.4142135623730951

static double clamp(double x, double least, double most) { return x < least ? least : x > most ? most : x; }

double ph_envelope_level(const PhEnvelope *env, int64_t age)
{
  if (age < 0) {
    return 0;
  }
  const double held = (double)(age < env->gate ? age : env->gate);
  const double up = env->attack < 1 || held >= env->attack ? 1 : held / env->attack;
  const double down = held - env->attack;
  double level = env->sustain;
  if (env->decay >= 1 && down < env->decay) {
    level = down <= 0 ? 1 : 1 - (1 - env->sustain) * (down / env->decay);
  }
  const double past = (double)(age - env->gate);
  const double release = past <= 0 ? 1 : past >= env->release ? 0 : 1 - past / env->release;
  return up * level * release;
}

/* Seconds that the event says it lasts; negative if it does not say. */
static double stated_sec(const PhNote *note, double sample_rate)
{
  const PhControls *c = &note->c;
  if (ph_has(c, PH_CTL_DUR)) {
    return clamp(c->v[PH_CTL_DUR], 0, MOST_SEC);
  }
  if (ph_has(c, PH_CTL_SUSTAIN)) {
    return clamp(c->v[PH_CTL_SUSTAIN], 0, MOST_SEC);
  }
  if (ph_has(c, PH_CTL_LEGATO)) {
    return clamp(c->v[PH_CTL_LEGATO] * (double)note->length / sample_rate, 0, MOST_SEC);
  }
  return -1;
}

/* Shape and gate of the envelope for a sound of `duration` frames. */
static void plan_envelope(const PhNote *note, double sample_rate, bool is_sample, double duration, PhEnvelope *out)
{
  const PhControls *c = &note->c;
  const double attack = is_sample ? SAMPLE_ATTACK_SEC : INSTRUMENT_ATTACK_SEC;
  const double release = is_sample ? SAMPLE_RELEASE_SEC : INSTRUMENT_RELEASE_SEC;
  out->attack = clamp(ph_ctl(c, PH_CTL_ATTACK, attack), 0, MOST_SEC) * sample_rate;
  out->release = clamp(clamp(ph_ctl(c, PH_CTL_RELEASE, release), 0, MOST_SEC) * sample_rate, 1, 1e12);
  out->decay = clamp(ph_ctl(c, PH_CTL_DECAY, 0), 0, MOST_SEC) * sample_rate;
  const bool has_level = ph_has(c, PH_CTL_LEVEL);
  out->sustain = clamp(ph_ctl(c, PH_CTL_LEVEL, 1), 0, 1);
  if (ph_has(c, PH_CTL_DECAY) && !has_level) {
    out->sustain = 0; /* attack and decay */
  }
  double gate = duration;
  if (ph_has(c, PH_CTL_HOLD)) {
    gate = out->attack + out->decay + clamp(c->v[PH_CTL_HOLD], 0, MOST_SEC) * sample_rate;
  } else if (ph_has(c, PH_CTL_ATTACK) && ph_has(c, PH_CTL_RELEASE) && !ph_has(c, PH_CTL_DECAY) && !has_level) {
    gate = out->attack; /* `ar`: up and down again, however long the sound is */
  }
  out->gate = (int64_t)(clamp(gate, 0, duration) + 0.5);
}

static void plan_level(const PhEngine *engine, const PhNote *note, PhVoice *out)
{
  const PhControls *c = &note->c;
  const bool tidal = engine->plan->tidal;
  double level;
  if (tidal) { /* SuperDirt: amp (0.4) times the fourth power of gain */
    double gain = clamp(ph_ctl(c, PH_CTL_GAIN, 1) * ph_ctl(c, PH_CTL_VELOCITY, 1), 0, 2) + ph_ctl(c, PH_CTL_OVERGAIN, 0);
    gain = clamp(gain, 0, 4);
    level = ph_ctl(c, PH_CTL_AMP, SUPERDIRT_AMP) * (gain * gain) * (gain * gain);
  } else {
    level = (ph_ctl(c, PH_CTL_GAIN, 1) * ph_ctl(c, PH_CTL_VELOCITY, 1) + ph_ctl(c, PH_CTL_OVERGAIN, 0)) * ph_ctl(c, PH_CTL_AMP, 1);
  }
  level = clamp(level * note->share, 0, 1000);
  const double pan = clamp(tidal ? 2 * ph_ctl(c, PH_CTL_PAN, 0.5) - 1 : ph_ctl(c, PH_CTL_PAN, 0), -1, 1);
  double left = 1, right = 1;
  if (pan != 0) { /* equal power, 1 in the middle */
    left = SQRT2 * ph_sin_d((1 - pan) * (HALF_PI / 2));
    right = SQRT2 * ph_sin_d((1 + pan) * (HALF_PI / 2));
  }
  out->gain_left = (float)(level * left);
  out->gain_right = (float)(level * right);
  out->level = level;
}

static double note_semitones(const PhEngine *engine, const PhNote *note)
{
  const double middle = engine->plan->tidal ? 5 : 4;
  const double octaves = ph_ctl(&note->c, PH_CTL_OCTAVE, middle) - middle;
  return clamp(note->semitones + 12 * octaves + ph_ctl(&note->c, PH_CTL_DETUNE, 0), -240, 120);
}

/* ---- samples ---- */

/* The part of a sample that is played. */
typedef struct Region {
  double first, last; /* source frames */
  double rate;        /* source frames per frame at the onset, > 0 */
  double slope;       /* relative change of the rate per frame */
  bool backwards;
} Region;

static bool plan_region(const PhEngine *engine, const PhNote *note, const PhSample *sample, Region *out)
{
  const PhControls *c = &note->c;
  const double frames = (double)sample->frames;
  const double speed = ph_ctl(c, PH_CTL_SPEED, 1);
  double begin = clamp(ph_ctl(c, PH_CTL_BEGIN, 0), 0, 1), end = clamp(ph_ctl(c, PH_CTL_END, 1), 0, 1);
  out->backwards = (speed < 0) != (begin > end);
  out->first = floor((begin < end ? begin : end) * frames);
  out->last = floor((begin < end ? end : begin) * frames);
  const double semitones = note_semitones(engine, note);
  const double cps = ph_rat_to_double(note->cps), seconds = frames / engine->plan->sample_rate;
  out->rate = fabs(speed) * (semitones != 0 ? ph_exp2_d(semitones / 12) : 1);
  out->rate *= c->unit == PH_SPEED_CYCLES ? seconds * cps : c->unit == PH_SPEED_SECONDS ? seconds : 1;
  out->slope = clamp(ph_ctl(c, PH_CTL_ACCELERATE, 0), -64, 64) * cps / engine->plan->sample_rate;
  if (!(out->rate >= LEAST_RATE) || out->last - out->first < 1) {
    return false;
  }
  out->rate = out->rate > MOST_RATE ? MOST_RATE : out->rate;
  return true;
}

/* Frames that a number of source frames last. With a slope the position is rate * (t + slope * t^2 / 2). */
static double region_frames(const Region *region, double source_frames)
{
  const double t = source_frames / region->rate;
  if (region->slope == 0) {
    return t;
  }
  const double under = 1 + 2 * region->slope * t;
  return under <= 0 ? 1 / fabs(region->slope) : (sqrt(under) - 1) / region->slope;
}

static bool plan_sample(const PhEngine *engine, const PhNote *note, const PhSample *sample, PhVoice *out)
{
  const double rate = engine->plan->sample_rate;
  Region region;
  if (!sample || sample->frames < 1 || !plan_region(engine, note, sample, &region)) {
    return false;
  }
  const double loops = clamp(ph_ctl(&note->c, PH_CTL_LOOP, 1), 1, 1e6);
  const bool loop = loops > 1;
  const double natural = ceil(region_frames(&region, region.last - region.first) * loops);
  const double beyond = region.backwards ? region.first : (double)sample->frames - region.last;
  const double data = loop ? natural : ceil(region_frames(&region, region.backwards ? region.last : region.last - region.first + beyond));
  const double stated = stated_sec(note, rate) * rate;
  const double duration = stated >= 0 && stated < natural ? stated : natural;
  plan_envelope(note, rate, true, duration, &out->env);
  /* A release that would outlast the recording begins earlier, so that it ends with it. */
  const double latest = data - out->env.release;
  const double least = out->env.attack < data / 2 ? out->env.attack : data / 2;
  if (!loop && (double)out->env.gate > latest) {
    const int64_t gate = (int64_t)(latest > least ? latest : least);
    out->env.gate = gate < out->env.gate ? gate : out->env.gate;
  }
  double end = (double)out->env.gate + out->env.release;
  end = loop || end < data ? end : data;
  const int64_t length = (int64_t)clamp(ceil(end), 1, MOST_SEC * rate);

  const double increment = region.rate * 4294967296.0;
  PhSampleVoice *s = &out->sample;
  *s = (PhSampleVoice){ .left = sample->left, .right = sample->right, .first = 0, .last = sample->frames };
  if (loop) {
    s->first = (int64_t)region.first;
    s->last = (int64_t)region.last;
    s->loop = 1;
  }
  s->increment = (int64_t)(increment + 0.5);
  s->increment_slope = (int64_t)floor(increment * region.slope + 0.5);
  s->position = (int64_t)region.first * ((int64_t)1 << 32);
  if (region.backwards) {
    s->position = ((int64_t)region.last - 1) * ((int64_t)1 << 32);
    s->increment = -s->increment;
    s->increment_slope = -s->increment_slope;
  }
  s->length = (uint64_t)length;
  s->gain_left = out->gain_left;
  s->gain_right = out->gain_right;
  s->attack = (float)out->env.attack;
  s->decay = (float)out->env.decay;
  s->sustain = (float)out->env.sustain;
  s->release = (float)out->env.release;
  s->gate = (uint64_t)out->env.gate;
  s->cut_at = UINT64_MAX;
  s->cut_frames = (uint32_t)engine->fade_frames;
  out->end = out->onset + length;
  return true;
}

/* ---- instruments ---- */

static bool plan_instrument(const PhEngine *engine, const PhNote *note, const PhInstrument *instrument, PhVoice *out)
{
  const double rate = engine->plan->sample_rate;
  const double stated = stated_sec(note, rate) * rate;
  const double duration = stated >= 0 ? stated : (double)note->length;
  plan_envelope(note, rate, false, duration, &out->env);
  out->gate_off = (int64_t)(duration + 0.5);
  const bool has_freq = ph_has(&note->c, PH_CTL_FREQ);
  const bool pitched = has_freq || note->has_note || ph_has(&note->c, PH_CTL_OCTAVE) || ph_has(&note->c, PH_CTL_DETUNE);
  double hz = has_freq ? note->c.v[PH_CTL_FREQ] : ph_note_hz(note_semitones(engine, note), engine->plan->tidal);
  hz = clamp(hz, 0, rate);
  out->hz = (float)hz;
  out->ratio = pitched && instrument->root_hz > 0 ? (float)(hz / (double)instrument->root_hz) : 1;
  out->end = out->onset + out->env.gate + (int64_t)ceil(out->env.release);
  return out->end > out->onset;
}

bool ph_voice_plan(const PhEngine *engine, const PhNote *note, PhVoice *out)
{
  const PhSound *sound = &engine->score.sounds[note->sound];
  out->onset = note->frame;
  out->cut_at = PH_NEVER;
  out->event = note->event;
  out->player = note->player;
  out->sound = note->sound;
  out->cut_group = (int32_t)clamp(ph_ctl(&note->c, PH_CTL_CUT, 0), -1e9, 1e9);
  out->key = (uint32_t)(note->key ^ note->key >> 32);
  plan_level(engine, note, out);
  if (sound->instrument == PH_SAMPLES) {
    return plan_sample(engine, note, sound->sample, out);
  }
  return plan_instrument(engine, note, &engine->plan->instruments[sound->instrument], out);
}
