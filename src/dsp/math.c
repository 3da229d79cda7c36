/* Arithmetic on signals, lane by lane. What the operators of the language are lowered to. Every unit here is pure: the
   graph folds it for constants by running the kernel. What would leave the range gives 0 and is reported.
   SPDX-License-Identifier: MIT */
#include "dsp/kernel.h"

PH_INLINE PhV truth(PhVi mask) { return ph_keep(mask, ph_splat(1.0f)); }

/* 0 for a division by zero, which is counted (LANGUAGE §3.3). */
PH_INLINE PhV divide(const PhIo *io, PhV x, PhV y)
{
  const PhVi zero = y == 0.0f;
  if (__builtin_expect(ph_any(zero), 0)) {
    *io->fault = 1;
  }
  return ph_guard(io, ph_keep(~zero, x / ph_select(zero, ph_splat(1.0f), y)));
}

/* Floored: the sign of the divisor. */
PH_INLINE PhV modulo(const PhIo *io, PhV x, PhV y)
{
  const PhV r = ph_guard(io, x - y * ph_floor(divide(io, x, y)));
  return ph_keep(y != 0.0f, r);
}

/* x^y of a negative x: for whole y as in arithmetic, else 0. */
PH_INLINE PhV power(const PhIo *io, PhV x, PhV y)
{
  const PhV size = ph_pow(ph_abs(x), y);
  const PhVi whole = ph_floor(y) == y, odd = ph_floor(y * 0.5f) * 2.0f != y;
  const PhV signed_size = ph_select((x < 0.0f) & odd, -size, size);
  return ph_guard(io, ph_keep((x >= 0.0f) | whole, signed_size));
}

PH_INLINE PhV folded(PhV x, PhV lo, PhV hi)
{
  const PhV span = ph_max(hi - lo, ph_splat(1e-9f));
  const PhV u = (x - lo) / (2.0f * span);
  return lo + span * (1.0f - ph_abs((u - ph_floor(u)) * 2.0f - 1.0f));
}

PH_INLINE PhV wrapped(PhV x, PhV lo, PhV hi)
{
  const PhV span = ph_max(hi - lo, ph_splat(1e-9f)), u = (x - lo) / span;
  return lo + span * (u - ph_floor(u));
}

PH_MAP2(add, ph_guard(io, x + y))
PH_MAP2(sub, ph_guard(io, x - y))
PH_MAP2(mul, ph_guard(io, x *y))
PH_MAP2(div_, divide(io, x, y))
PH_MAP2(mod, modulo(io, x, y))
PH_MAP2(pow_, power(io, x, y))
PH_MAP2(min_, ph_min(x, y))
PH_MAP2(max_, ph_max(x, y))
PH_MAP1(neg, -x)
PH_MAP1(abs_, ph_abs(x))
PH_MAP1(sign, truth(x > 0.0f) - truth(x < 0.0f))
PH_MAP1(floor_, ph_floor(x))
PH_MAP1(ceil_, -ph_floor(-x))
PH_MAP1(round_, ph_floor(x + 0.5f))
PH_MAP1(sqrt_, ph_sqrt(ph_max(x, ph_splat(0.0f))))
PH_MAP1(exp_, ph_guard(io, ph_exp(x)))
PH_MAP1(log_, ph_log(x))
PH_MAP1(sin_, ph_sin(x))
PH_MAP1(cos_, ph_cos(x))
PH_MAP1(tan_, ph_guard(io, divide(io, ph_sin(x), ph_cos(x))))
PH_MAP1(tanh_, ph_tanh(x))
PH_MAP3(clip, ph_min(ph_max(x, y), z))
PH_MAP3(fold, folded(x, y, z))
PH_MAP3(wrap, wrapped(x, y, z))
PH_MAP3(lerp, ph_guard(io, y + (z - y) * x))
PH_MAP3(range, ph_guard(io, y + (z - y) * (0.5f + 0.5f * x)))
PH_MAP1(unipolar, 0.5f + 0.5f * x)
PH_MAP1(bipolar, x + x - 1.0f)
PH_MAP1(mtof, 440.0f * ph_exp2(ph_min((x - 69.0f) * 0.0833333333f, ph_splat(50.0f))))
PH_MAP1(ftom, 69.0f + 12.0f * ph_log2(x * 0.00227272727f))
PH_MAP1(dbtoamp, ph_db_ratio(ph_min(x, ph_splat(300.0f))))
PH_MAP1(amptodb, ph_max(ph_ratio_db(x), ph_splat(-758.0f)))
PH_MAP2(gt, truth(x > y))
PH_MAP2(ge, truth(x >= y))
PH_MAP2(lt, truth(x < y))
PH_MAP2(le, truth(x <= y))
PH_MAP2(eq, truth(x == y))
PH_MAP2(ne, truth(x != y))
PH_MAP2(and_, truth((x != 0.0f) & (y != 0.0f)))
PH_MAP2(or_, truth((x != 0.0f) | (y != 0.0f)))
PH_MAP2(xor_, truth((x != 0.0f) ^ (y != 0.0f)))
PH_MAP1(not_, truth(x == 0.0f))
PH_MAP3(if_, ph_select(x != 0.0f, y, z))
/* Equal power: both at 0.707 in the middle. */
PH_MAP3(xfade, x *ph_cospi_half(0.5f * ph_clamp(z, 0.0f, 1.0f)) + y *ph_sinpi_half(0.5f * ph_clamp(z, 0.0f, 1.0f)))

/* From least … most to lo … hi, in equal ratios: an exponential control. in, lo, hi; the input runs from -1 to 1. */
PH_INLINE PhV ratio_range(const PhIo *io, PhV x, PhV lo, PhV hi)
{
  const PhVi sane = (lo > 0.0f) & (hi > 0.0f);
  const PhV t = 0.5f + 0.5f * x, from = ph_select(sane, lo, ph_splat(1.0f)), to = ph_select(sane, hi, ph_splat(1.0f));
  return ph_guard(io, ph_select(sane, from * ph_pow(to / from, t), lo + (hi - lo) * t));
}

PH_MAP3(rangex, ratio_range(io, x, y, z))

static void sum(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor in[PH_UNIT_MAX_INPUTS];
    for (uint32_t i = 0; i < io->in_count; i++) {
      in[i] = ph_cursor(io, i, g);
    }
    PH_FRAMES(io, g, out)
    {
      PhV total = ph_splat(0.0f);
      for (uint32_t i = 0; i < io->in_count; i++) {
        total += ph_next(&in[i]);
      }
      ph_store(out, ph_guard(io, total));
    }
  }
}

/* The input whose number the first one says, counted round. */
static void select_(const PhIo *io)
{
  PH_GROUPS(io, g)
  {
    PhCursor in[PH_UNIT_MAX_INPUTS];
    for (uint32_t i = 0; i < io->in_count; i++) {
      in[i] = ph_cursor(io, i, g);
    }
    const float choices = (float)(io->in_count > 1 ? io->in_count - 1 : 1);
    PH_FRAMES(io, g, out)
    {
      const PhV which = ph_floor(ph_next(&in[0])), index = which - choices * ph_floor(which / choices);
      PhV y = ph_splat(0.0f);
      for (uint32_t i = 1; i < io->in_count; i++) {
        y = ph_select(index == (float)(i - 1), ph_next(&in[i]), y);
      }
      ph_store(out, y);
    }
  }
}

/* The evaluator takes the rows with a processor apart (lang/eval_effect.c): in the cycles that are not meant they do nothing. */
PH_MAP1(past, x)

/* ---- rows ---- */

#define P_X { "x", "sig", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN, "first operand" }
#define P_Y { "y", "sig", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN, "second operand" }
#define P_LO(d) { "lo", "sig", d, 0, 0, "", PH_PARAM_OPTIONAL | PH_PARAM_KEPT, PH_SCALE_LIN, "lower end" }
#define P_HI(d) { "hi", "sig", d, 0, 0, "", PH_PARAM_OPTIONAL | PH_PARAM_KEPT, PH_SCALE_LIN, "upper end" }
#define P_KEPT(name_, doc_) { name_, "sig", 0, 0, 0, "", PH_PARAM_REQUIRED | PH_PARAM_KEPT, PH_SCALE_LIN, doc_ }
#define P_REQ(name_, doc_) PH_P_REQ(name_, "sig", 0, 0, 0, "", PH_SCALE_LIN, doc_)

static const PhParam x_params[] = { P_X };
static const PhParam xy_params[] = { P_X, P_Y };
static const PhParam either_params[] = { P_KEPT("x", "first operand"), P_KEPT("y", "second operand") };
static const PhParam bounds_params[] = { PH_P_IN_KEPT, P_LO(-1), P_HI(1) };
static const PhParam range_params[] = { PH_P_IN, P_KEPT("lo", "what -1 becomes"), P_KEPT("hi", "what 1 becomes") };
static const PhParam lerp_params[] = { P_REQ("at", "0 gives the first, 1 the second"), P_KEPT("from", "the first"), P_KEPT("to", "the second") };
static const PhParam if_params[] = { P_REQ("condition", "not 0: the first"), P_KEPT("then", "the first"), P_KEPT("else", "the second") };
static const PhParam xfade_params[] = { P_KEPT("from", "heard at 0"), P_KEPT("to", "heard at 1"), P_REQ("at", "from 0 to 1") };
static const PhParam sum_params[] = { { "in", "sig", 0, 0, 0, "", PH_PARAM_VARIADIC | PH_PARAM_KEPT, PH_SCALE_LIN, "signals" } };
static const PhParam select_params[] = { P_REQ("index", "number of the signal, from 0, counted round"),
                                         { "in", "sig", 0, 0, 0, "", PH_PARAM_VARIADIC | PH_PARAM_KEPT, PH_SCALE_LIN, "signals" } };

#define P_EFFECT { "effect", "(sig->sig)", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN, "what it goes through in those cycles" }
static const PhParam every_effect_params[] = { PH_P_IN, PH_P_REQ("n", "sig", 4, 1, 1e9, "cycles", PH_SCALE_INT, "every nth cycle, from cycle 0 on"), P_EFFECT };
static const PhParam sometimes_effect_params[] = { PH_P_IN, P_EFFECT, PH_P("amount", "sig", 0.5, 0, 1, "", PH_SCALE_LIN, "chance of a cycle") };
static const PhParam whenmod_effect_params[] = { PH_P_IN, PH_P_REQ("a", "sig", 8, 1, 1e9, "cycles", PH_SCALE_INT, "length of the round"),
                                                 PH_P_REQ("b", "sig", 6, 0, 1e9, "cycles", PH_SCALE_INT, "first cycle of the round that is meant"), P_EFFECT };

enum { PURE = PH_UNIT_PURE, COMMUTES = PH_UNIT_PURE | PH_UNIT_COMMUTES, MAPS = PH_UNIT_PURE | PH_UNIT_PROCESSOR };
#define M(name_, aliases_, doc_, example_, params_, kernel_, flags_)                                                   \
  PH_ROW(name_, aliases_, "math", doc_, example_, params_, .process = kernel_, .flags = flags_)

static const PhUnit units[] = {
  M("add", "", "x + y.", "add (saw 110) (sine 220)", either_params, add, COMMUTES),
  M("sub", "", "x - y.", "sub (saw 110) (sine 220)", either_params, sub, PURE),
  M("mul", "", "x * y.", "mul (saw 110) (sine 220)", either_params, mul, COMMUTES),
  M("div", "", "x / y; 0 where y is 0.", "div (saw 110) 2", either_params, div_, PURE),
  M("mod", "", "The floored remainder of x / y.", "mod (saw 110) 0.5", xy_params, mod, PURE),
  M("pow", "", "x to the power of y.", "pow (sine 110) 3", xy_params, pow_, PURE),
  M("min", "", "The lesser of two signals.", "min (saw 110) 0.2", either_params, min_, PURE),
  M("max", "", "The greater of two signals.", "max (saw 110) 0", either_params, max_, PURE),
  M("neg", "", "The signal upside down.", "saw 110 # neg", x_params, neg, MAPS),
  M("abs", "", "The absolute value.", "sine 110 # abs", x_params, abs_, MAPS),
  M("sign", "", "-1, 0 or 1.", "sine 110 # sign", x_params, sign, MAPS),
  M("floor", "", "The greatest whole number not above.", "floor (sine 1 * 4) * 100", x_params, floor_, MAPS),
  M("ceil", "", "The least whole number not below.", "ceil (sine 1 * 4) * 100", x_params, ceil_, MAPS),
  M("round", "", "The nearest whole number.", "round (sine 1 * 4) * 100", x_params, round_, MAPS),
  M("sqrt", "", "The square root; 0 below 0.", "sqrt (noise)", x_params, sqrt_, MAPS),
  M("exp", "", "e to the power of the signal.", "exp (sine 1)", x_params, exp_, MAPS),
  M("log", "", "The natural logarithm.", "log (sine 1 + 2)", x_params, log_, MAPS),
  M("sin", "", "The sine of radians.", "sin (saw 110 * 3)", x_params, sin_, MAPS),
  M("cos", "", "The cosine of radians.", "cos (saw 110 * 3)", x_params, cos_, MAPS),
  M("tan", "", "The tangent of radians.", "tan (sine 110)", x_params, tan_, MAPS),
  M("tanh", "", "The hyperbolic tangent: a soft limit at -1 and 1.", "saw 110 * 4 # tanh", x_params, tanh_, MAPS),
  M("clip", "clamp", "Cuts off what is outside lo … hi.", "saw 110 * 3 # clip", bounds_params, clip, MAPS),
  M("fold", "", "Folds back what is outside lo … hi.", "saw 110 * 3 # fold", bounds_params, fold, MAPS),
  M("wrap", "", "Wraps round what is outside lo … hi.", "saw 110 * 3 # wrap", bounds_params, wrap, MAPS),
  M("lerp", "", "A straight mix of two signals.", "lerp (sine 0.5 # unipolar) (saw 110) (square 110)", lerp_params, lerp, PURE),
  M("range", "", "From -1 … 1 to lo … hi, evenly.", "saw 110 # lpf (sine 0.2 # range 200 2000)", range_params, range, MAPS),
  M("rangex", "lin_exp", "From -1 … 1 to lo … hi, in equal ratios.", "saw 110 # lpf (sine 0.2 # rangex 200 2000)", range_params, rangex, MAPS),
  M("unipolar", "", "From -1 … 1 to 0 … 1.", "sine 1 # unipolar", x_params, unipolar, MAPS),
  M("bipolar", "", "From 0 … 1 to -1 … 1.", "phasor 1 # bipolar", x_params, bipolar, MAPS),
  M("mtof", "", "MIDI note numbers to Hz.", "saw (mtof \"60 64 67\")", x_params, mtof, MAPS),
  M("ftom", "", "Hz to MIDI note numbers.", "ftom 440", x_params, ftom, MAPS),
  M("dbtoamp", "", "Decibels to a ratio.", "saw 110 * dbtoamp -12", x_params, dbtoamp, MAPS),
  M("amptodb", "", "A ratio to decibels.", "amptodb 0.5", x_params, amptodb, MAPS),
  M("gt", "", "1 where x > y.", "gt (sine 2) 0 * saw 110", xy_params, gt, PURE),
  M("ge", "", "1 where x >= y.", "ge (sine 2) 0 * saw 110", xy_params, ge, PURE),
  M("lt", "", "1 where x < y.", "lt (sine 2) 0 * saw 110", xy_params, lt, PURE),
  M("le", "", "1 where x <= y.", "le (sine 2) 0 * saw 110", xy_params, le, PURE),
  M("eq", "", "1 where x is y.", "eq \"1 2\" 2 * saw 110", xy_params, eq, COMMUTES),
  M("ne", "", "1 where x is not y.", "ne \"1 2\" 2 * saw 110", xy_params, ne, COMMUTES),
  M("and", "", "1 where both are not 0.", "and \"1 0\" \"1 1\" * saw 110", xy_params, and_, COMMUTES),
  M("or", "", "1 where one is not 0.", "or \"1 0\" \"0 0\" * saw 110", xy_params, or_, COMMUTES),
  M("xor", "", "1 where one of them is not 0, but not both.", "xor \"1 0\" \"1 1\" * saw 110", xy_params, xor_, COMMUTES),
  M("not", "", "1 where the signal is 0.", "not \"1 0\" * saw 110", x_params, not_, MAPS),
  M("if", "", "One signal or another, by a condition.", "if (sine 2) (saw 110) (square 55)", if_params, if_, PURE),
  M("xfade", "", "Fades between two signals with equal power.", "xfade (saw 110) (square 110) (sine 0.5 # unipolar)", xfade_params, xfade, PURE),
  M("every_effect", "", "Through a processor in every nth cycle, past it in the others; what went in rings out.", "saw 110 # every_effect 4 (lpf 300)",
    every_effect_params, past, MAPS),
  M("sometimes_effect", "", "Through a processor in cycles picked by chance, past it in the others.", "saw 110 # sometimes_effect (lpf 300)",
    sometimes_effect_params, past, MAPS),
  M("whenmod_effect", "", "Through a processor while the cycle mod a is b or more, past it otherwise.", "saw 110 # whenmod_effect 8 6 (reverb 0.9)",
    whenmod_effect_params, past, MAPS),
  M("sum", "mix", "The sum of any number of signals, in their order.", "sum (saw 110) (saw 165) (saw 220)", sum_params, sum, PURE | PH_UNIT_SUM),
  M("select", "", "One of several signals, by number.", "select \"0 1 2\" (saw 110) (square 110) (sine 110)", select_params, select_, PURE),
};

PH_EXPORT_TABLE(math);
