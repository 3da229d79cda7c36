/* Envelopes and triggers. A gate is 0 while off and not 0 while on; a new value while on is a new event (dsp.h), so touching
   events retrigger. Every stage is a closed form of the frames since it began, from the level that was reached, so times are
   exact to the frame and nothing clicks at a retrigger.  SPDX-License-Identifier: MIT */
#include "dsp/line.h"
#include "dsp/numbers.h"

/* Frames of a stage; at least one. */
PH_INLINE PhV stage_frames(const PhIo *io, PhV sec) { return ph_max(ph_floor(sec * io->sample_rate + 0.5f), ph_splat(1.0f)); }

/* From start to target; t from 0 to 1. Bent like a discharging capacitor, but exact at both ends: the cube of what is left. */
PH_INLINE PhV bent(PhV start, PhV target, PhV t)
{
  const PhV left = 1.0f - t;
  return target + (start - target) * (left * left * left);
}

/* ---- the envelope of many names ---- */

enum { IDLE, ATTACK, DECAY, SUSTAIN, RELEASE };
enum { ENV_LEVEL, ENV_STAGE, ENV_START, ENV_COUNT, ENV_GATE, ENV_STATES };

typedef struct Env {
  PhV level, stage, start, gate;
  PhVi count; /* frames since the stage began: whole, since a float stops counting at 2^24 */
} Env;

/* Frames of a stage, and what a frame is of it. */
typedef struct Span {
  PhV frames, inverse;
} Span;

typedef struct EnvTimes {
  Span attack, decay, release;
  PhV sustain;
} EnvTimes;

PH_INLINE Span span_of(const PhIo *io, PhV sec)
{
  const PhV frames = stage_frames(io, sec);
  return (Span){ frames, 1.0f / frames };
}

PH_INLINE Env env_load(const PhIo *io, uint32_t g)
{
  return (Env){ ph_state(io, ENV_LEVEL, g), ph_state(io, ENV_STAGE, g), ph_state(io, ENV_START, g), ph_state(io, ENV_GATE, g),
                (PhVi)ph_state_u(io, ENV_COUNT, g) };
}

PH_INLINE void env_store(const PhIo *io, uint32_t g, const Env *e)
{
  ph_state_set(io, ENV_LEVEL, g, e->level);
  ph_state_set(io, ENV_STAGE, g, e->stage);
  ph_state_set(io, ENV_START, g, e->start);
  ph_state_set_u(io, ENV_COUNT, g, (PhVu)e->count);
  ph_state_set(io, ENV_GATE, g, e->gate);
}

PH_INLINE void env_enter(Env *e, PhVi where, float stage)
{
  e->stage = ph_select(where, ph_splat(stage), e->stage);
  e->start = ph_select(where, e->level, e->start);
  e->count &= ~where;
}

/* One frame. `held`: decay, then the sustain lasts while the gate is on; else attack goes on into the release (one shot). */
PH_INLINE PhV env_tick(Env *e, PhV gate, const EnvTimes *t, bool held)
{
  const PhVi on = gate != 0.0f, fresh = on & (gate != e->gate);
  env_enter(e, fresh, ATTACK);
  if (held) {
    env_enter(e, ~on & (e->gate != 0.0f) & (e->stage < (float)RELEASE) & (e->stage > (float)IDLE), RELEASE);
  }
  e->gate = gate;
  e->count = (PhVi)(((PhVu)e->count + 1) & INT32_MAX); /* in a stage that never ends it goes round, unseen */
  const PhV count = ph_to_float(e->count);
  const PhVi attack = e->stage == (float)ATTACK, decay = e->stage == (float)DECAY, release = e->stage == (float)RELEASE;
  const PhV length = ph_select(attack, t->attack.frames, ph_select(decay, t->decay.frames, t->release.frames));
  const PhV inverse = ph_select(attack, t->attack.inverse, ph_select(decay, t->decay.inverse, t->release.inverse));
  const PhVi done = count >= length;
  const PhV x = ph_select(done, ph_splat(1.0f), count * inverse);
  PhV level = ph_keep(e->stage == (float)SUSTAIN, t->sustain);
  level = ph_select(attack, e->start + (1.0f - e->start) * x, level);
  level = ph_select(decay, bent(e->start, t->sustain, x), level);
  level = ph_select(release, bent(e->start, ph_splat(0.0f), x), level);
  e->level = level;
  env_enter(e, release & done, IDLE);
  env_enter(e, decay & done, SUSTAIN);
  env_enter(e, attack & done, held ? DECAY : RELEASE);
  return level;
}

PH_INLINE bool env_moves(const Env *e)
{
  return ph_any((e->stage == (float)ATTACK) | (e->stage == (float)DECAY) | (e->stage == (float)RELEASE));
}

/* The rest of a call whose inputs stand, where every lane is at rest or held. */
PH_INLINE void env_stay(const PhIo *io, uint32_t from, uint32_t g, Env *e, const EnvTimes *t)
{
  e->level = ph_keep(e->stage == (float)SUSTAIN, t->sustain);
  e->count = (PhVi)(((PhVu)e->count + (io->frames - from)) & INT32_MAX);
  for (uint32_t f = from; f < io->frames; f++) {
    ph_out(io, f, g, e->level);
  }
}

/* Are all inputs constant in this call, the gate aside? */
PH_INLINE bool all_fixed_but(const PhIo *io, uint32_t gate)
{
  uint32_t steps = 0;
  for (uint32_t i = 0; i < io->in_count; i++) {
    steps |= i == gate ? 0 : io->step[i];
  }
  return steps == 0;
}

/* `name` with the envelope's inputs where the expressions say. */
#define ENVELOPE(name, a_, d_, s_, r_, gate_, held_)                                                                   \
  static void name(const PhIo *io)                                                                                     \
  {                                                                                                                    \
    const bool fixed = all_fixed_but(io, gate_);                                                                       \
    PH_GROUPS(io, g)                                                                                                   \
    {                                                                                                                  \
      Env e = env_load(io, g);                                                                                         \
      EnvTimes t = { 0 };                                                                                              \
      for (uint32_t f = 0; f < io->frames; f++) {                                                                      \
        if (f == 0 || !fixed) {                                                                                        \
          t = (EnvTimes){ span_of(io, a_), span_of(io, d_), span_of(io, r_), s_ };                                     \
        }                                                                                                              \
        ph_out(io, f, g, env_tick(&e, ph_in(io, gate_, f, g), &t, held_));                                             \
        if (f == 0 && io->frames > 1 && fixed && io->step[gate_] == 0 && !env_moves(&e)) {                             \
          env_stay(io, 1, g, &e, &t);                                                                                  \
          break;                                                                                                       \
        }                                                                                                              \
      }                                                                                                                \
      env_store(io, g, &e);                                                                                            \
    }                                                                                                                  \
  }

#define IN(k) ph_in(io, k, f, g)
#define ONE ph_splat(1.0f)
#define NONE ph_splat(0.0f)
ENVELOPE(adsr, IN(0), IN(1), IN(2), IN(3), 4, true)
ENVELOPE(asr, IN(0), NONE, ONE, IN(1), 2, true)
ENVELOPE(ar, IN(0), NONE, ONE, IN(1), 2, false)
ENVELOPE(tadsr, IN(1), IN(2), IN(3), IN(4), 0, true)
ENVELOPE(tar, IN(1), NONE, ONE, IN(2), 0, false)

/* ---- ramps ---- */

enum { RAMP_COUNT, RAMP_GATE, RAMP_RUNS, RAMP_STATES, SEGMENTS_FROM = RAMP_STATES, SEGMENTS_LEVEL, SEGMENTS_STATES };

typedef struct Ramp {
  PhVi count, runs; /* frames since the last event, and a mask: was there one? */
  PhV gate;
} Ramp;

PH_INLINE Ramp ramp_load(const PhIo *io, uint32_t g)
{
  return (Ramp){ (PhVi)ph_state_u(io, RAMP_COUNT, g), (PhVi)ph_state_u(io, RAMP_RUNS, g), ph_state(io, RAMP_GATE, g) };
}

PH_INLINE void ramp_store(const PhIo *io, uint32_t g, const Ramp *r)
{
  ph_state_set_u(io, RAMP_COUNT, g, (PhVu)r->count);
  ph_state_set_u(io, RAMP_RUNS, g, (PhVu)r->runs);
  ph_state_set(io, RAMP_GATE, g, r->gate);
}

/* Frames since the last event: 0 at its first frame, 2^30 at most. Before the first one it stands at the beginning. */
PH_INLINE PhVi since(Ramp *r, PhV gate, PhVi *fresh)
{
  *fresh = (gate != 0.0f) & (gate != r->gate);
  r->gate = gate;
  r->runs |= *fresh;
  const PhVi now = r->count & ~*fresh;
  r->count = now - (r->runs & (now < 1 << 30));
  return now;
}

PH_INLINE PhV ramp_line(const PhIo *io, PhV a, PhV b, PhV t, PhV bend)
{
  (void)io;
  (void)bend;
  return a + (b - a) * t;
}

/* Equal ratios in equal times; where the ends are not of one sign it is a straight line. */
PH_INLINE PhV ramp_exp(const PhIo *io, PhV a, PhV b, PhV t, PhV bend)
{
  (void)bend;
  const PhVi sane = a * b > 0.0f;
  const PhV ratio = ph_select(sane, b / ph_select(sane, a, ONE), ONE);
  return ph_guard(io, ph_select(sane, a * ph_pow(ratio, t), a + (b - a) * t));
}

/* SuperCollider's curve number: 0 straight, above 0 late, below 0 early. */
PH_INLINE PhV ramp_curve(const PhIo *io, PhV a, PhV b, PhV t, PhV bend)
{
  (void)io;
  const PhVi straight = ph_abs(bend) < 1e-3f;
  const PhV c = ph_select(straight, ONE, bend);
  const PhV x = (1.0f - ph_exp(c * t)) / (1.0f - ph_exp(c));
  return a + (b - a) * ph_select(straight, t, x);
}

#define RAMP(name, shape, bend_, gate_)                                                                                \
  static void name(const PhIo *io)                                                                                     \
  {                                                                                                                    \
    PH_GROUPS(io, g)                                                                                                   \
    {                                                                                                                  \
      Ramp r = ramp_load(io, g);                                                                                       \
      PhVi fresh;                                                                                                      \
      for (uint32_t f = 0; f < io->frames; f++) {                                                                      \
        const PhV at = ph_to_float(since(&r, IN(gate_), &fresh));                                                      \
        const PhV t = ph_min(at / stage_frames(io, IN(2)), ONE);                                                       \
        ph_out(io, f, g, shape(io, IN(0), IN(1), t, bend_));                                                           \
      }                                                                                                                \
      ramp_store(io, g, &r);                                                                                           \
    }                                                                                                                  \
  }

RAMP(line, ramp_line, NONE, 3)
RAMP(xline, ramp_exp, NONE, 3)

/* As RAMP of ramp_curve, but the constants of a curve that does not change are made once, and a lane that has arrived costs
   nothing: synths have many of these. */
typedef struct Bend {
  PhV frames, inverse; /* of its length */
  PhV c, scale;        /* exp(c t) - 1 goes to exp(c) - 1 */
  PhVi straight;
} Bend;

PH_INLINE Bend bend_of(const PhIo *io, PhV sec, PhV bend)
{
  Bend b = { .frames = stage_frames(io, sec), .straight = ph_abs(bend) < 1e-3f };
  b.inverse = 1.0f / b.frames;
  b.c = ph_select(b.straight, ONE, bend);
  b.scale = 1.0f / (1.0f - ph_exp(b.c));
  return b;
}

PH_INLINE PhV bend_at(const Bend *b, PhV at)
{
  const PhVi there = at >= b->frames;
  if (!ph_any(~there)) {
    return ONE;
  }
  const PhV t = at * b->inverse;
  const PhV x = ph_select(b->straight, t, (1.0f - ph_exp(b->c * t)) * b->scale);
  return ph_select(there, ONE, x);
}

static void curve(const PhIo *io)
{
  const bool fixed = (io->step[2] | io->step[3]) == 0;
  PH_GROUPS(io, g)
  {
    Ramp r = ramp_load(io, g);
    PhVi fresh;
    Bend bend = bend_of(io, ph_in(io, 2, 0, g), ph_in(io, 3, 0, g));
    for (uint32_t f = 0; f < io->frames; f++) {
      if (!fixed && f > 0) {
        bend = bend_of(io, IN(2), IN(3));
      }
      const PhV at = ph_to_float(since(&r, IN(4), &fresh));
      const PhV a = IN(0), b = IN(1);
      ph_out(io, f, g, a + (b - a) * bend_at(&bend, at));
    }
    ramp_store(io, g, &r);
  }
}

/* ---- segments: levels and times from two texts ---- */

enum { SEGMENTS_MOST = 64 };

typedef struct Segments {
  uint32_t count; /* of levels; times has one less */
  float levels[SEGMENTS_MOST];
  int32_t frames[SEGMENTS_MOST];
} Segments;

static PhStatus segments_prepare(const PhUnitSetup *setup, PhArena *arena, const void **data, const char **error)
{
  double levels[SEGMENTS_MOST], times[SEGMENTS_MOST];
  const size_t level_count = ph_read_numbers(&setup->texts[0], " ,", levels, SEGMENTS_MOST);
  const size_t time_count = ph_read_numbers(&setup->texts[1], " ,", times, SEGMENTS_MOST);
  if (level_count == SIZE_MAX || time_count == SIZE_MAX || level_count < 2 || time_count + 1 != level_count) {
    *error = "wants 2 to 64 levels and one time less, as numbers: segments \"0 1 0\" \"0.1 0.4\"";
    return PH_RANGE;
  }
  Segments *s = PH_NEW(arena, Segments);
  if (!s) {
    return PH_NOMEM;
  }
  s->count = (uint32_t)level_count;
  for (size_t i = 0; i < level_count; i++) {
    s->levels[i] = (float)levels[i];
    const double frames = i < time_count ? times[i] * setup->sample_rate : 1;
    s->frames[i] = (int32_t)(frames < 1 ? 1 : frames > 1e9 ? 1e9 : frames + 0.5);
  }
  *data = s;
  return PH_OK;
}

/* An event that comes early begins from the level that was reached, so that nothing clicks. State, beside a ramp's: where this
   run began and the last level, both as distances from the first level, so that zero is the beginning. */
static void segments(const PhIo *io)
{
  const Segments *s = io->data;
  PH_GROUPS(io, g)
  {
    Ramp r = ramp_load(io, g);
    PhV from = ph_state(io, SEGMENTS_FROM, g), reached = ph_state(io, SEGMENTS_LEVEL, g);
    PhVi fresh;
    for (uint32_t f = 0; f < io->frames; f++) {
      PhVi at = since(&r, IN(1), &fresh);
      from = ph_select(fresh, reached, from);
      PhV start = s->levels[0] + from, y = start;
      for (uint32_t i = 0; i + 1 < s->count; i++) {
        const PhV t = ph_clamp(ph_to_float(at) / (float)s->frames[i], 0.0f, 1.0f);
        const PhV end = ph_splat(s->levels[i + 1]);
        y = ph_select((PhVi)(at > 0), ramp_curve(io, start, end, t, IN(0)), y);
        start = end;
        at = (at & (at > 0)) - s->frames[i];
      }
      reached = y - s->levels[0];
      ph_out(io, f, g, y);
    }
    ramp_store(io, g, &r);
    ph_state_set(io, SEGMENTS_FROM, g, from);
    ph_state_set(io, SEGMENTS_LEVEL, g, reached);
  }
}

/* ---- triggers ---- */

/* A kernel of one gate and up to two more inputs, with a value of state and the gate's last value. */
#define TRIGGER(name, gate_, body)                                                                                     \
  static void name(const PhIo *io)                                                                                     \
  {                                                                                                                    \
    PH_GROUPS(io, g)                                                                                                   \
    {                                                                                                                  \
      PhV v = ph_state(io, 0, g), last = ph_state(io, 1, g);                                                           \
      for (uint32_t f = 0; f < io->frames; f++) {                                                                      \
        const PhV gate = IN(gate_);                                                                                    \
        const PhVi on = gate != 0.0f, fresh = on & (gate != last);                                                     \
        (void)fresh;                                                                                                   \
        (void)on;                                                                                                      \
        PhV y;                                                                                                         \
        body;                                                                                                          \
        last = gate;                                                                                                   \
        ph_out(io, f, g, y);                                                                                           \
      }                                                                                                                \
      ph_state_set(io, 0, g, v);                                                                                       \
      ph_state_set(io, 1, g, last);                                                                                    \
    }                                                                                                                  \
  }

TRIGGER(gate_unit, 0, y = ph_keep(on, ONE))
TRIGGER(trig, 0, y = ph_keep(fresh, ONE))
TRIGGER(sample_hold, 1, v = ph_select(fresh, IN(0), v); y = v)
TRIGGER(latch, 1, v = ph_select(on, IN(0), v); y = v)
TRIGGER(pulse_div, 0, const PhVi now = fresh & (v < 0.5f); y = ph_keep(now, ONE);
        v = ph_select(fresh, ph_select(now, ph_floor(IN(1) + 0.5f), v) - 1.0f, v))
TRIGGER(toggle, 0, v = ph_select(fresh, ONE - v, v); y = v)
TRIGGER(changed, 0, y = ph_keep(gate != last, ONE))
TRIGGER(schmidt, 0, v = ph_select(gate > IN(1), ONE, ph_keep(~(gate < IN(2)), v)); y = v)

/* Frames since the last event, or since the beginning, in seconds. */
static void timer(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhVi count = (PhVi)ph_state_u(io, 0, g);
    PhV last = ph_state(io, 1, g);
    for (uint32_t f = 0; f < io->frames; f++) {
      const PhV gate = IN(0);
      count &= ~((gate != 0.0f) & (gate != last));
      last = gate;
      ph_out(io, f, g, ph_to_float(count) * io->inv_sample_rate);
      count -= count < 1 << 30;
    }
    ph_state_set_u(io, 0, g, (PhVu)count);
    ph_state_set(io, 1, g, last);
  }
}

/* ---- the rows ---- */

#define GATE                                                                                                           \
  { "gate", "gate", 1, 0, 0, "", PH_PARAM_OPTIONAL, PH_SCALE_LIN, "what triggers it; without one: every cycle, or the note inside an instrument" }
#define GATE_FIRST                                                                                                     \
  { "gate", "gate", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN, "every event triggers; it is on while the event lasts" }
#define SEC(name_, d) PH_P(name_, "sig", d, 0, 600, "s", PH_SCALE_LOG, name_ " time")
#define LEVEL(d) PH_P("sustain", "sig", d, 0, 1, "", PH_SCALE_LIN, "level while the gate is on")
#define VALUE(name_, doc_) PH_P_REQ(name_, "sig", 0, 0, 0, "", PH_SCALE_LIN, doc_)
static const PhParam adsr_params[] = { SEC("attack", .01), SEC("decay", .1), LEVEL(.7), SEC("release", .2), GATE };
static const PhParam ar_params[] = { SEC("attack", .01), SEC("release", .2), GATE };
static const PhParam tadsr_params[] = { GATE_FIRST, SEC("attack", .01), SEC("decay", .1), LEVEL(.7), SEC("release", .2) };
static const PhParam tar_params[] = { GATE_FIRST, SEC("attack", .01), SEC("release", .2) };
static const PhParam line_params[] = { VALUE("from", "where it begins"), VALUE("to", "where it ends"), SEC("dur", 1), GATE };
static const PhParam curve_params[] = { VALUE("from", "where it begins"), VALUE("to", "where it ends"), SEC("dur", 1),
                                        PH_P("curve", "sig", -4, -20, 20, "", PH_SCALE_LIN, "0 straight, above 0 late, below 0 early"), GATE };
static const PhParam segments_params[] = { { "levels", "text", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN, "numbers, the first is the beginning" },
                                           { "times", "text", 0, 0, 0, "s", PH_PARAM_REQUIRED, PH_SCALE_LIN, "seconds between the levels" },
                                           PH_P("curve", "sig", 0, -20, 20, "", PH_SCALE_LIN, "0 straight, above 0 late, below 0 early"), GATE };
static const PhParam gate_params[] = { GATE_FIRST };
static const PhParam hold_params[] = { PH_P_IN_KEPT, { "gate", "gate", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN, "when to take a value" } };
static const PhParam div_params[] = { GATE_FIRST, PH_P("n", "sig", 2, 1, 1024, "", PH_SCALE_INT, "every n-th passes") };
static const PhParam changed_params[] = { PH_P_IN };
static const PhParam schmidt_params[] = { PH_P_IN, PH_P("high", "sig", .5, 0, 0, "", PH_SCALE_LIN, "above it goes on"),
                                          PH_P("low", "sig", .3, 0, 0, "", PH_SCALE_LIN, "below it goes off") };

#define ENV_ROW(name_, aliases_, doc_, example_, params_, kernel_)                                                     \
  PH_ROW(name_, aliases_, "envelope", doc_, example_, params_, .process = kernel_, .state_floats = ENV_STATES)
#define TRIGGER_ROW(name_, aliases_, doc_, example_, params_, kernel_, flags_)                                         \
  PH_ROW(name_, aliases_, "trigger", doc_, example_, params_, .process = kernel_, .state_floats = 2, .flags = flags_)
static const PhUnit units[] = {
  ENV_ROW("adsr", "env envelope", "Attack, decay, sustain while the gate is on, release.", "saw 110 # adsr 0.01 0.1 0.5 0.3", adsr_params, adsr),
  ENV_ROW("asr", "", "Attack, full level while the gate is on, release.", "saw 110 * asr 0.1 0.3", ar_params, asr),
  ENV_ROW("ar", "ad perc", "Attack, then release: one shot.", "saw 110 # ar 0.01 0.3", ar_params, ar),
  ENV_ROW("tadsr", "env_trig", "adsr with the gate first.", "saw 110 * tadsr \"1*4\" 0.01 0.1 0.2 0.1", tadsr_params, tadsr),
  ENV_ROW("tar", "", "ar with the gate first.", "saw 110 * tar \"1(3,8)\" 0.01 0.2", tar_params, tar),
  PH_ROW("line", "", "envelope", "A straight line, anew at every event.", "saw 110 * line 1 0 0.5", line_params, .process = line,
         .state_floats = RAMP_STATES),
  PH_ROW("xline", "", "envelope", "An exponential line, anew at every event.", "saw (xline 880 110 0.5)", line_params, .process = xline,
         .state_floats = RAMP_STATES),
  PH_ROW("curve", "", "envelope", "A bent line, anew at every event.", "saw 110 * curve 1 0 0.5 -4", curve_params, .process = curve,
         .state_floats = RAMP_STATES),
  PH_ROW("segments", "", "envelope", "An envelope of any shape: levels and the times between them.", "saw 110 * segments \"0 1 0.3 0\" \"0.01 0.1 0.5\"",
         segments_params, .process = segments, .state_floats = SEGMENTS_STATES, .prepare = segments_prepare),
  TRIGGER_ROW("gate", "", "1 while an event of the pattern is on.", "saw 110 * gate \"1(3,8)\"", gate_params, gate_unit, 0),
  TRIGGER_ROW("trig", "", "1 for one frame at every event.", "trig \"1*4\" # lpf 2000", gate_params, trig, 0),
  TRIGGER_ROW("sample_hold", "", "Takes the input's value at every event and holds it.", "sine (sample_hold (noise * 200 + 400) \"1*8\")", hold_params,
              sample_hold, PH_UNIT_PROCESSOR),
  TRIGGER_ROW("latch", "", "Follows the input while the gate is on, holds it while it is off.", "sine (latch (saw 2 * 100 + 300) \"1 0\")", hold_params, latch,
              PH_UNIT_PROCESSOR),
  TRIGGER_ROW("timer", "", "Seconds since the last event.", "saw (110 + timer \"1*2\" * 100)", gate_params, timer, 0),
  TRIGGER_ROW("pulse_div", "", "Lets every n-th event through, as one frame of 1.", "pulse_div \"1*8\" 3 # lpf 2000", div_params, pulse_div, 0),
  TRIGGER_ROW("toggle", "", "0, and from each event to the next 1 and 0 in turns: half as often as what triggers it.", "saw 110 * toggle \"1*8\"", gate_params,
              toggle, 0),
  TRIGGER_ROW("changed", "", "1 at every frame where the input is not what it was.", "changed \"1 2 2 3\" # lpf 2000", changed_params, changed,
              PH_UNIT_PROCESSOR),
  TRIGGER_ROW("schmidt", "schmitt", "1 from above `high` until below `low`.", "schmidt (sine 2) 0.5 -0.5 * saw 110", schmidt_params, schmidt, PH_UNIT_PROCESSOR),
};

PH_EXPORT_TABLE(env);
