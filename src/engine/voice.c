/* The life of a voice, decided at its onset: where it reads, how fast, its envelope, its level and its end. The laws are
   in docs/design/engine.md.  SPDX-License-Identifier: MIT */
#include <math.h>

#include "base/dmath.h"
#include "engine/internal.h"

#define SAMPLE_ATTACK_SEC 0.001
#define SAMPLE_RELEASE_SEC 0.003
#define PART_RELEASE_SEC SAMPLE_ATTACK_SEC /* what fades out of a part is complementary to what fades into the next */
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

/* Times of the envelope where the event says nothing. */
typedef struct Fades {
  double attack_sec, release_sec;
} Fades;

/* Shape and gate of the envelope for a sound of `duration` frames. */
static void plan_envelope(const PhNote *note, double sample_rate, Fades fades, double duration, PhEnvelope *out)
{
  const PhControls *c = &note->c;
  const double attack = ph_ctl(c, PH_CTL_FADE_IN, fades.attack_sec), release = ph_ctl(c, PH_CTL_FADE, fades.release_sec);
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
  double bend;        /* relative change of the rate over the whole sound (accelerate) */
  bool backwards;
} Region;

static bool plan_region(const PhEngine *engine, const PhNote *note, const PhSample *sample, Region *out)
{
  const PhControls *c = &note->c;
  const double frames = (double)sample->frames;
  const double speed = ph_ctl(c, PH_CTL_SPEED, 1);
  double begin = clamp(ph_ctl(c, PH_CTL_BEGIN, 0), 0, 1), end = clamp(ph_ctl(c, PH_CTL_END, 1), 0, 1);
  out->backwards = (speed < 0) != (begin > end);
  /* To the nearest frame, as onsets are: a slice then ends on the frame on which its neighbour begins. */
  out->first = floor((begin < end ? begin : end) * frames + 0.5);
  out->last = floor((begin < end ? end : begin) * frames + 0.5);
  const double semitones = note_semitones(engine, note);
  const double cps = ph_rat_to_double(note->cps), seconds = frames / engine->plan->sample_rate;
  out->rate = fabs(speed) * (semitones != 0 ? ph_exp2_d(semitones / 12) : 1);
  out->rate *= c->unit == PH_SPEED_CYCLES ? seconds * cps : c->unit == PH_SPEED_SECONDS ? seconds : 1;
  out->bend = clamp(ph_ctl(c, PH_CTL_ACCELERATE, 0), -64, 64);
  if (!(out->rate >= LEAST_RATE) || out->last - out->first < 1) {
    return false;
  }
  out->rate = out->rate > MOST_RATE ? MOST_RATE : out->rate;
  return true;
}

/* An envelope of any shape: the attack is the shape's own, and where it ends in silence, it says how long the sound is. */
static void shape_fades(const PhVoice *voice, Fades *fades, double *duration)
{
  const PhCurve *curve = voice->curve;
  fades->attack_sec = 0;
  if (curve->level[curve->count] == 0) {
    fades->release_sec = 0;
    *duration = (double)curve->start[curve->count];
  }
}

/* The share of a sound that a voice plays, and how it moves through it. The rate goes in a straight line from `rate` to
   rate * (1 + bend) at the end of `duration`: SuperDirt's Line.kr. */
typedef struct Course {
  double natural;     /* frames that the part lasts, all loops included */
  double duration;    /* until the release begins */
  double data;        /* until the recording ends */
  double slope;       /* relative change of the rate per frame */
} Course;

/* When the position rate * (t + slope * t^2 / 2) has gone so many source frames; `never` if it turns before. */
static double frames_until(const Region *region, double slope, double source_frames, double never)
{
  const double t = source_frames / region->rate;
  const double under = 1 + 2 * slope * t;
  return slope == 0 ? t : under < 0 ? never : 2 * t / (1 + sqrt(under));
}

/* So many frames, the last one included; what is over by rounding is none. */
static double whole_frames(double frames) { return ceil(frames - 1e-6); }

static Course plan_course(const Region *region, double frames, double loops, double stated)
{
  Course course;
  const double mean = (1 + fabs(1 + region->bend)) / 2; /* of the speed, as SuperDirt takes it */
  course.natural = whole_frames((region->last - region->first) / (region->rate * mean) * loops);
  course.duration = stated >= 0 && stated < course.natural ? stated : course.natural;
  course.slope = region->bend / (course.duration > 1 ? course.duration : 1);
  const double ahead = region->backwards ? region->last : frames - region->first;
  course.data = whole_frames(frames_until(region, course.slope, ahead, course.natural));
  return course;
}

/* A sound that plays backwards has its envelope backwards, too, where the event gives one. A decay stays where it is. */
static void turn_envelope(const PhNote *note, PhEnvelope *env)
{
  const PhControls *c = &note->c;
  if (!ph_has(c, PH_CTL_ATTACK) && !ph_has(c, PH_CTL_RELEASE) && !ph_has(c, PH_CTL_HOLD)) {
    return;
  }
  const double attack = env->attack, end = (double)env->gate + env->release;
  env->attack = env->release;
  env->release = attack < 1 ? 1 : attack;
  env->gate = (int64_t)(end - env->release + 0.5);
  env->gate = env->gate < 0 ? 0 : env->gate;
}

static void plan_sample_voice(const PhEngine *engine, const PhSample *sample, const Region *region, double slope, bool loop,
                              PhVoice *out)
{
  const double increment = region->rate * 4294967296.0;
  PhSampleVoice *s = &out->sample;
  *s = (PhSampleVoice){ .left = sample->left, .right = sample->right, .first = 0, .last = sample->frames };
  if (loop) {
    s->first = (int64_t)region->first;
    s->last = (int64_t)region->last;
    s->loop = 1;
  }
  s->increment = (int64_t)(increment + 0.5);
  s->increment_slope = (int64_t)floor(increment * slope + 0.5);
  s->position = (int64_t)region->first * ((int64_t)1 << 32);
  if (region->backwards) {
    s->position = ((int64_t)region->last - 1) * ((int64_t)1 << 32);
    s->increment = -s->increment;
    s->increment_slope = -s->increment_slope;
  }
  s->length = (uint64_t)(out->end - out->onset);
  s->gain_left = out->gain_left;
  s->gain_right = out->gain_right;
  s->attack = (float)out->env.attack;
  s->decay = (float)out->env.decay;
  s->sustain = (float)out->env.sustain;
  s->release = (float)out->env.release;
  s->gate = (uint64_t)out->env.gate;
  s->cut_at = UINT64_MAX;
  s->cut_frames = (uint32_t)engine->fade_frames;
  s->curve = out->shaped ? out->curve : NULL;
}

static bool plan_sample(PhEngine *engine, const PhNote *note, const PhSample *sample, PhVoice *out)
{
  const double rate = engine->plan->sample_rate;
  Region region;
  const double loops = clamp(fabs(ph_ctl(&note->c, PH_CTL_LOOP, 1)), 0, 1e6);
  if (!sample || sample->frames < 1 || loops == 0 || !plan_region(engine, note, sample, &region)) {
    return false;
  }
  const bool loop = loops > 1;
  const Course course = plan_course(&region, (double)sample->frames, loops, stated_sec(note, rate) * rate);
  const bool part = region.backwards ? region.first > 0 : region.last < (double)sample->frames;
  Fades fades = { SAMPLE_ATTACK_SEC, part && !loop ? PART_RELEASE_SEC : SAMPLE_RELEASE_SEC };
  double duration = course.duration;
  if (ph_voice_curve(engine, note, out)) {
    shape_fades(out, &fades, &duration);
    duration = duration < course.duration ? duration : course.duration;
  }
  plan_envelope(note, rate, fades, duration, &out->env);
  if (region.backwards) {
    turn_envelope(note, &out->env);
  }
  /* A release that would outlast the recording begins earlier, so that it ends with it. */
  const double latest = course.data - out->env.release;
  const double least = out->env.attack < course.data / 2 ? out->env.attack : course.data / 2;
  if (!loop && (double)out->env.gate > latest) {
    const int64_t gate = (int64_t)(latest > least ? latest : least);
    out->env.gate = gate < out->env.gate ? gate : out->env.gate;
  }
  double end = (double)out->env.gate + out->env.release;
  end = loop || end < course.data ? end : course.data;
  out->end = out->onset + (int64_t)clamp(ceil(end), 1, MOST_SEC * rate);
  plan_sample_voice(engine, sample, &region, course.slope, loop, out);
  return true;
}

/* ---- instruments ---- */

#define NOTE_0_HZ 261.62556530059863 /* of samples, in both dialects: SuperDirt's note 0 is MIDI's 60 */

/* The pitch that the event asks for, in Hz. `base_hz`: of note 0, or 0. */
static double note_hz(const PhEngine *engine, const PhNote *note, double base_hz)
{
  const double semitones = note_semitones(engine, note);
  const double hz = ph_has(&note->c, PH_CTL_FREQ) ? note->c.v[PH_CTL_FREQ]
                    : base_hz > 0                 ? base_hz * ph_exp2_d(semitones / 12)
                                                  : ph_note_hz(semitones, engine->plan->tidal);
  return clamp(hz, 0, engine->plan->sample_rate);
}

static bool plan_instrument(PhEngine *engine, const PhNote *given, PhVoice *out)
{
  static const PhVoiceShape bus_shape = { .attack_sec = INSTRUMENT_ATTACK_SEC, .release_sec = INSTRUMENT_RELEASE_SEC };
  const PhInstrument *instrument = &engine->plan->instruments[out->instrument];
  const PhVoiceShape *shape = instrument->shape ? instrument->shape : &bus_shape;
  PhNote note = *given;
  note.c.has &= ~engine->instruments[out->instrument].owned;
  const double rate = engine->plan->sample_rate;
  const double stated = stated_sec(&note, rate) * rate;
  const double natural = shape->length_sec > 0 ? shape->length_sec * rate : (double)note.length;
  const double duration = stated >= 0 ? stated : natural;
  Fades fades = { shape->attack_sec, shape->release_sec };
  double sounding = duration;
  if (ph_voice_curve(engine, &note, out)) {
    shape_fades(out, &fades, &sounding);
  }
  plan_envelope(&note, rate, fades, sounding, &out->env);
  out->gate_off = (int64_t)(duration + 0.5);
  out->held_by = (double)out->env.gate > PH_HELD_SEC / 2 * rate ? note.held_by : 0;
  out->pitched = ph_has(&note.c, PH_CTL_FREQ) || note.has_note || ph_has(&note.c, PH_CTL_OCTAVE) || ph_has(&note.c, PH_CTL_DETUNE);
  const double hz = note_hz(engine, &note, shape->base_hz);
  out->hz = (float)hz;
  out->ratio = out->pitched && instrument->root_hz > 0 ? (float)(hz / (double)instrument->root_hz) : 1;
  out->end = out->onset + out->env.gate + (int64_t)ceil(out->env.release);
  if (out->end <= out->onset) {
    return false;
  }
  ph_voice_motion(engine, &note, out);
  ph_voice_values(engine, given, &engine->plan->instruments[out->instrument], out);
  return true;
}

bool ph_voice_plan(PhEngine *engine, const PhNote *note, PhVoice *out)
{
  ph_score_need(engine, note->sound);
  const PhSound *sound = &engine->score.sounds[note->sound];
  out->onset = note->frame;
  out->cut_at = PH_NEVER;
  out->held_by = 0;
  out->channel = note->channel;
  out->played_by = note->held_by;
  out->event = note->event;
  out->player = note->player;
  out->sound = note->sound;
  out->cut_group = (int32_t)clamp(ph_ctl(&note->c, PH_CTL_CUT, 0), -1e9, 1e9);
  out->key = (uint32_t)(note->key ^ note->key >> 32);
  out->instrument = sound->instrument;
  out->orbit = ph_orbit_of((double)ph_fx(&note->fx, PH_FX_ORBIT, 0));
  plan_level(engine, note, out);
  if (sound->instrument == PH_SAMPLES) {
    out->hz = ph_has_fx(&note->fx, PH_FX_FSHIFTNOTE) ? (float)note_hz(engine, note, NOTE_0_HZ)
                                                     : 0; /* nobody else asks a sample */
    return plan_sample(engine, note, sound->sample, out);
  }
  return plan_instrument(engine, note, out);
}
