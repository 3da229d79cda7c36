/* The plain signals: continuous patterns locked to the cycle, from 0 to 1 unless said.  SPDX-License-Identifier: MIT */
#include "base/dmath.h"
#include "pattern/core.h"

#include <math.h>

/* A wave: its value at a position in the cycle, or (envelopes) at a time since cycle 0. */
typedef double WaveFn(double x);

typedef struct Wave {
  WaveFn *fn;
  bool bipolar;  /* -1 … 1 */
  bool absolute; /* of the time, not of the position in the cycle */
} Wave;

static PhValue wave_value(PhQuery *query, const void *ctx, PhRat time)
{
  (void)query;
  const Wave *wave = ctx;
  const double y = wave->fn(ph_rat_to_double(wave->absolute ? time : ph_rat_fract(time)));
  return ph_num(wave->bipolar ? y * 2.0 - 1.0 : y);
}

static double clamp01(double x) { return x < 0.0 ? 0.0 : x > 1.0 ? 1.0 : x; }
static double sine(double x) { return (ph_sin_turns_d(x) + 1.0) / 2.0; }
static double cosine(double x) { return (ph_sin_turns_d(x + 0.25) + 1.0) / 2.0; }
static double minus_cosine(double x) { return (ph_sin_turns_d(x - 0.25) + 1.0) / 2.0; }
static double saw(double x) { return x; }
static double isaw(double x) { return 1.0 - x; }
static double tri(double x) { return x < 0.5 ? x * 2.0 : 2.0 - x * 2.0; }
static double square(double x) { return x < 0.5 ? 0.0 : 1.0; }
static double env_l(double t) { return clamp01(t); }
static double env_lr(double t) { return 1.0 - clamp01(t); }

/* sqrt(sin(pi / 2 x)) and sqrt(cos(pi / 2 x)). Tidal's cosine of the double nearest to pi / 2 is not quite 0, and a square
   root makes that visible (7.8e-9): its dialect has the same. */
static double env_eq(double t) { return sqrt(ph_sin_turns_d(clamp01(1.0 - t) / 4.0)); }
static double env_eqr(double t) { return sqrt(fabs(ph_sin_turns_d(clamp01(1.0 - t) / 4.0 + 0.25))); }
static double env_eqr_tidal(double t) { return t <= 0.0 ? sqrt(6.123233995736766e-17) : env_eqr(t); }

static PhArg wave(PhBuild *build, Wave w)
{
  Wave *ctx = PH_NEW(build->arena, Wave);
  *ctx = w;
  return ph_arg_pat(ph_signal(build, wave_value, ctx));
}

/* `cosine` of Tidal is the sine shifted the wrong way; its dialect keeps that. */
static WaveFn *cosine_of(const PhBuild *build) { return build->tidal ? minus_cosine : cosine; }

#define WAVE(name, ...)                                                                                                \
  static PhArg build_##name(PhBuild *build, const PhArg *args)                                                         \
  {                                                                                                                    \
    (void)args;                                                                                                        \
    return wave(build, (Wave){ __VA_ARGS__ });                                                                         \
  }

WAVE(sine, .fn = sine)
WAVE(sine2, .fn = sine, .bipolar = true)
WAVE(cosine, .fn = cosine_of(build))
WAVE(cosine2, .fn = cosine_of(build), .bipolar = true)
WAVE(saw, .fn = saw)
WAVE(saw2, .fn = saw, .bipolar = true)
WAVE(isaw, .fn = isaw)
WAVE(isaw2, .fn = isaw, .bipolar = true)

/* Tidal's triangle is two ramps in one cycle, so that what asks for longer than half a cycle hears of two values. */
static PhArg triangle(PhBuild *build, bool bipolar)
{
  if (!build->tidal) {
    return wave(build, (Wave){ .fn = tri, .bipolar = bipolar });
  }
  const PhPat *const ramps[] = { wave(build, (Wave){ .fn = saw, .bipolar = bipolar }).pat,
                                 wave(build, (Wave){ .fn = isaw, .bipolar = bipolar }).pat };
  return ph_arg_pat(ph_fastcat(build, ramps, 2));
}

static PhArg build_tri(PhBuild *build, const PhArg *args)
{
  (void)args;
  return triangle(build, false);
}

static PhArg build_tri2(PhBuild *build, const PhArg *args)
{
  (void)args;
  return triangle(build, true);
}

WAVE(square, .fn = square)
WAVE(square2, .fn = square, .bipolar = true)
WAVE(env_l, .fn = env_l, .absolute = true)
WAVE(env_lr, .fn = env_lr, .absolute = true)
WAVE(env_eq, .fn = env_eq, .absolute = true)
WAVE(env_eqr, .fn = build->tidal ? env_eqr_tidal : env_eqr, .absolute = true)
WAVE(time, .fn = saw, .absolute = true)

static double itri(double x) { return 1.0 - tri(x); }

WAVE(itri, .fn = itri)

/* Numbers that rise from a random one by a random amount in each cycle, and then fall back (Strudel's berlin). */
static PhValue berlin_value(PhQuery *query, const void *ctx, PhRat time)
{
  (void)ctx;
  const PhRat cycle = ph_rat_floor(time);
  const double from = ph_rand_at(query, cycle), rise = ph_rand_at(query, ph_rat_add(cycle, PH_RAT_INT(1)));
  return ph_num((from + ph_rat_to_double(ph_rat_fract(time)) * rise) / 2.0);
}

static PhArg build_berlin(PhBuild *build, const PhArg *args)
{
  (void)args;
  return ph_arg_pat(ph_signal(build, berlin_value, NULL));
}

static PhValue rand2_value(PhQuery *query, const void *ctx, PhRat time)
{
  (void)ctx;
  return ph_num(ph_rand_at(query, time) * 2.0 - 1.0);
}

static PhArg build_rand2(PhBuild *build, const PhArg *args)
{
  (void)args;
  return ph_arg_pat(ph_signal(build, rand2_value, NULL));
}

/* Any function of the time: asked with a constant pattern at every instant. */
static PhValue function_value(PhQuery *query, const void *ctx, PhRat time)
{
  PhBuild build = ph_query_build(query, false);
  const PhArg arg = ph_arg_pat(ph_pat_pure(&build, ph_ratio(time)));
  const PhArg result = ph_fn_call(&build, ctx, &arg, 1);
  const PhPat *pat = ph_arg_as_pat(&build, &result);
  const PhValue *constant = ph_pat_constant(pat);
  if (constant) {
    return *constant;
  }
  PhEvents *now = ph_scratch_take(query);
  ph_query(query, pat, ph_arc(time, time), now);
  const PhValue value = now->len ? now->items[0].value : (PhValue){ .tag = PH_VALUE_NONE };
  ph_scratch_give(query, now);
  return value;
}

static PhArg build_sig(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_signal(build, function_value, args[0].fn));
}

/* ---- noise --------------------------------------------------------------------------------------------------- */

static double smoother(double x) { return 6.0 * x * x * x * x * x - 15.0 * x * x * x * x + 10.0 * x * x * x; }

static double perlin_at(PhQuery *query, double t)
{
  const double low = floor(t);
  const double a = ph_rand_at_num(query, low), b = ph_rand_at_num(query, low + 1.0);
  return a + smoother(t - low) * (b - a);
}

static PhValue perlin_value(PhQuery *query, const void *ctx, PhRat time)
{
  (void)ctx;
  return ph_num(perlin_at(query, ph_rat_to_double(time)));
}

static PhArg build_perlin(PhBuild *build, const PhArg *args)
{
  (void)args;
  return ph_arg_pat(ph_signal(build, perlin_value, NULL));
}

/* Values that the random numbers of a query decide: never folded, so an event map. */
static bool perlin_event(PhQuery *query, const void *ctx, PhEvent *e)
{
  (void)ctx;
  double x;
  const bool ok = ph_value_to_num(&e->value, &x);
  e->value = ok ? ph_num(perlin_at(query, x)) : e->value;
  return ok;
}

static PhArg build_perlin_with(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_with_event(build, ph_arg_as_pat(build, &args[0]), perlin_event, NULL));
}

/* Perlin noise in the plane, as Tidal has it: the gradient at a corner is a random angle. */
static double corner(PhQuery *query, double cx, double cy, double dx, double dy)
{
  const double angle = ph_rand_at_num(query, cx + 0.0001 * cy);
  return ph_sin_turns_d(angle + 0.25) * dx + ph_sin_turns_d(angle) * dy;
}

static double perlin2_at(PhQuery *query, double x, double y)
{
  const double fx = floor(x), fy = floor(y), u = x - fx, v = y - fy;
  const double a = corner(query, fx, fy, u, v), b = corner(query, fx + 1.0, fy, u - 1.0, v);
  const double c = corner(query, fx, fy + 1.0, u, v - 1.0), d = corner(query, fx + 1.0, fy + 1.0, u - 1.0, v - 1.0);
  const double su = smoother(u), sv = smoother(v);
  const double mix = (1.0 - su) * (1.0 - sv) * a + su * (1.0 - sv) * b + (1.0 - su) * sv * c + su * sv * d;
  return (mix + 1.0) / 2.0;
}

static bool perlin2_event(PhQuery *query, const void *ctx, PhEvent *e)
{
  (void)ctx;
  double x, y;
  const PhValue *items = e->value.list->items;
  if (!ph_value_to_num(&items[0], &x) || !ph_value_to_num(&items[1], &y)) {
    return false;
  }
  e->value = ph_num(perlin2_at(query, x, y));
  return true;
}

static PhArg perlin2(PhBuild *build, const PhPat *x, const PhPat *y)
{
  return ph_arg_pat(ph_with_event(build, ph_pair(build, PH_APP_BOTH, x, y), perlin2_event, NULL));
}

static PhArg build_perlin2_with(PhBuild *build, const PhArg *args)
{
  return perlin2(build, ph_arg_as_pat(build, &args[0]), ph_arg_as_pat(build, &args[1]));
}

static PhArg build_perlin2(PhBuild *build, const PhArg *args)
{
  return perlin2(build, build_time(build, NULL).pat, ph_arg_as_pat(build, &args[0]));
}

/* A wandering line: four octaves of perlin. */
static PhValue walk_value(PhQuery *query, const void *ctx, PhRat time)
{
  (void)ctx;
  const double t = ph_rat_to_double(time);
  double sum = 0.0, weight = 0.0, share = 1.0, rate = 0.25;
  for (int i = 0; i < 4; i++) {
    sum += share * perlin_at(query, t * rate + 1000.0 * i);
    weight += share;
    share *= 0.5;
    rate *= 2.0;
  }
  return ph_num(sum / weight);
}

static PhArg build_walk(PhBuild *build, const PhArg *args)
{
  (void)args;
  return ph_arg_pat(ph_signal(build, walk_value, NULL));
}

/* ---- rows ---------------------------------------------------------------------------------------------------- */

#define FAMILY "signal"

static const PhPatFunc rows[] = {
  PH_ROW0("sine", "", FAMILY, "num", "A sine wave from 0 to 1, a cycle long.", "segment 4 sine",
          "0-1/4 0.5 | 1/4-1/2 1 | 1/2-3/4 0.5 | 3/4-1 0", build_sine),
  PH_ROW0("sine2", "", FAMILY, "num", "A sine wave from -1 to 1, a cycle long.", "segment 4 sine2",
          "0-1/4 0 | 1/4-1/2 1 | 1/2-3/4 0 | 3/4-1 -1", build_sine2),
  PH_ROW0("cosine", "", FAMILY, "num", "A cosine wave from 0 to 1, a cycle long.", "segment 4 cosine",
          "0-1/4 1 | 1/4-1/2 0.5 | 1/2-3/4 0 | 3/4-1 0.5", build_cosine),
  PH_ROW0("cosine2", "", FAMILY, "num", "A cosine wave from -1 to 1, a cycle long.", "segment 4 cosine2",
          "0-1/4 1 | 1/4-1/2 0 | 1/2-3/4 -1 | 3/4-1 0", build_cosine2),
  PH_ROW0("saw", "phasor", FAMILY, "num", "A line from 0 to 1 in every cycle.", "segment 4 saw",
          "0-1/4 0 | 1/4-1/2 0.25 | 1/2-3/4 0.5 | 3/4-1 0.75", build_saw),
  PH_ROW0("saw2", "", FAMILY, "num", "A line from -1 to 1 in every cycle.", "segment 4 saw2",
          "0-1/4 -1 | 1/4-1/2 -0.5 | 1/2-3/4 0 | 3/4-1 0.5", build_saw2),
  PH_ROW0("isaw", "", FAMILY, "num", "A line from 1 to 0 in every cycle.", "segment 4 isaw",
          "0-1/4 1 | 1/4-1/2 0.75 | 1/2-3/4 0.5 | 3/4-1 0.25", build_isaw),
  PH_ROW0("isaw2", "", FAMILY, "num", "A line from 1 to -1 in every cycle.", "segment 4 isaw2",
          "0-1/4 1 | 1/4-1/2 0.5 | 1/2-3/4 0 | 3/4-1 -0.5", build_isaw2),
  PH_ROW0("tri", "", FAMILY, "num", "From 0 to 1 and back in every cycle.", "segment 4 tri",
          "0-1/4 0 | 1/4-1/2 0.5 | 1/2-3/4 1 | 3/4-1 0.5", build_tri),
  PH_ROW0("itri", "", FAMILY, "num", "From 1 to 0 and back in every cycle.", "segment 4 itri",
          "0-1/4 1 | 1/4-1/2 0.5 | 1/2-3/4 0 | 3/4-1 0.5", build_itri),
  PH_ROW0("rand2", "", FAMILY, "num", "Random numbers from -1 to 1, a function of the time.", "segment 4 rand2",
          "0-1/4 0 | 1/4-1/2 0.2591378428041935 | 1/2-3/4 -0.481724314391613 | 3/4-1 -0.5989476256072521", build_rand2),
  PH_ROW0("berlin", "", FAMILY, "num", "Random ramps from 0 to 1, one in every cycle.", "segment 4 berlin",
          "0-1/4 0.25 | 1/4-1/2 0.31472151819616556 | 1/2-3/4 0.3794430363923311 | 3/4-1 0.4441645545884967",
          build_berlin),
  PH_ROW0("tri2", "", FAMILY, "num", "From -1 to 1 and back in every cycle.", "segment 4 tri2",
          "0-1/4 -1 | 1/4-1/2 0 | 1/2-3/4 1 | 3/4-1 0", build_tri2),
  PH_ROW0("square", "", FAMILY, "num", "0 in the first half of every cycle, 1 in the second.", "segment 4 square",
          "0-1/4 0 | 1/4-1/2 0 | 1/2-3/4 1 | 3/4-1 1", build_square),
  PH_ROW0("square2", "", FAMILY, "num", "-1 in the first half of every cycle, 1 in the second.", "segment 4 square2",
          "0-1/4 -1 | 1/4-1/2 -1 | 1/2-3/4 1 | 3/4-1 1", build_square2),
  PH_ROW0("envL", "", FAMILY, "num", "A line from 0 to 1 in cycle 0, then 1.", "segment 4 envL",
          "0-1/4 0 | 1/4-1/2 0.25 | 1/2-3/4 0.5 | 3/4-1 0.75", build_env_l),
  PH_ROW0("envLR", "", FAMILY, "num", "A line from 1 to 0 in cycle 0, then 0.", "segment 4 envLR",
          "0-1/4 1 | 1/4-1/2 0.75 | 1/2-3/4 0.5 | 3/4-1 0.25", build_env_lr),
  PH_ROW0("envEq", "", FAMILY, "num", "An equal-power fade from 1 to 0 in cycle 0, then 0.", "segment 4 envEq",
          "0-1/4 1 | 1/4-1/2 0.9611865232676157 | 1/2-3/4 0.8408964152537146 | 3/4-1 0.6186141223453355", build_env_eq),
  PH_ROW0("envEqR", "", FAMILY, "num", "An equal-power fade from 0 to 1 in cycle 0, then 1.", "segment 4 envEqR",
          "0-1/4 0 | 1/4-1/2 0.6186141223453355 | 1/2-3/4 0.8408964152537145 | 3/4-1 0.9611865232676157",
          build_env_eqr),
  PH_ROW0("time", "", FAMILY, "num", "The time in cycles.", "segment 4 time",
          "0-1/4 0 | 1/4-1/2 0.25 | 1/2-3/4 0.5 | 3/4-1 0.75", build_time),
  PH_ROW("sig", "", FAMILY, "a", "What a function makes of the time in cycles, at every instant.",
         "segment 4 $ sig (* 2)", "0-1/4 0 | 1/4-1/2 1/2 | 1/2-3/4 1 | 3/4-1 3/2", build_sig,
         PH_REQ("function", "(time->a)", "")),
  PH_ROW0("perlin", "", FAMILY, "num", "Smooth noise from 0 to 1: a new random value to move to in every cycle.",
          "segment 4 perlin",
          "0-1/4 0.5 | 1/4-1/2 0.5018396947561996 | 1/2-3/4 0.5088860727846622 | 3/4-1 0.5159324508131249",
          build_perlin),
  PH_ROW("perlinWith", "", FAMILY, "num", "Smooth noise over a pattern of positions.",
         "segment 4 $ perlinWith (saw * 4)",
         "0-1/4 0.5 | 1/4-1/2 0.5177721455693245 | 1/2-3/4 0.03601731359958649 | 3/4-1 0.8026083502918482",
         build_perlin_with, PH_REQ("position", "num", "")),
  PH_ROW("perlin2", "", FAMILY, "num", "Smooth noise over the cycle and a pattern of positions.",
         "segment 4 $ perlin2 saw",
         "0-1/4 0.5 | 1/4-1/2 0.4290959769117554 | 1/2-3/4 0.5904845867794003 | 3/4-1 0.6528205670875084",
         build_perlin2, PH_REQ("y", "num", "")),
  PH_ROW("perlin2With", "", FAMILY, "num", "Smooth noise over two patterns of positions.",
         "segment 4 $ perlin2With saw sine",
         "0-1/4 0.4332596339679159 | 1/4-1/2 0.6063888206945273 | 1/2-3/4 0.5904845867794003"
         " | 3/4-1 0.5725442590868971",
         build_perlin2_with, PH_REQ("x", "num", ""), PH_REQ("y", "num", "")),
  PH_ROW0("walk", "", FAMILY, "num", "A wandering line from 0 to 1: smooth noise at four speeds.", "segment 4 walk",
          "0-1/4 0.4999328504006068 | 1/4-1/2 0.5181030625956964 | 1/2-3/4 0.540372759001669"
          " | 3/4-1 0.5342702595386452",
          build_walk),
};

const PhPatTable ph_pat_signal = { rows, PH_COUNT(rows) };
