/* Functions that lay changed copies of a pattern over it: echoes, generations, weaves.  SPDX-License-Identifier: MIT */
#include "base/dmath.h"
#include "pattern/args.h"

#define PAT(i) ph_arg_as_pat(build, &args[i])

enum { COPIES_MAX = 1024 };

/* ---- off ---------------------------------------------------------------------------------------------------------------- */

typedef struct Off {
  const PhFn *fn;
  const PhPat *pat;
} Off;

static const PhPat *off_by(PhBuild *build, const void *ctx, PhValue value)
{
  const Off *off = ctx;
  PhRat t;
  if (!ph_value_to_rat(&value, &t)) {
    return NULL;
  }
  return ph_stack2(build, off->pat, ph_fn_apply(build, off->fn, ph_rot_r(build, t, off->pat)));
}

static PhArg build_off(PhBuild *build, const PhArg *args)
{
  const PhPat *time = PAT(0);
  Off *off = PH_NEW(build->arena, Off);
  *off = (Off){ args[1].fn, PAT(2) };
  const uint64_t routes = ph_pat_constant(time) ? 0 : ph_fn_routes(build, off->fn, off->pat);
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, time, off_by, off, routes));
}

typedef struct OffAdd {
  const PhPat *added, *pat;
} OffAdd;

static const PhPat *off_add_by(PhBuild *build, const void *ctx, PhValue value)
{
  const OffAdd *off = ctx;
  PhRat t;
  if (!ph_value_to_rat(&value, &t)) {
    return NULL;
  }
  const PhPat *moved = ph_pat_op(build, PH_OP_ADD, PH_OP_BOTH, ph_rot_r(build, t, off->pat), off->added);
  return ph_stack2(build, off->pat, moved);
}

static PhArg build_off_add(PhBuild *build, const PhArg *args)
{
  OffAdd *off = PH_NEW(build->arena, OffAdd);
  *off = (OffAdd){ PAT(1), PAT(2) };
  const uint64_t routes = off->pat->routes | ph_routes_combine(off->pat->routes, off->added->routes);
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), off_add_by, off, routes));
}

/* ---- echoes --------------------------------------------------------------------------------------------------------------- */

/* p over f (t later (p over f (t later …))), `count` copies in all. */
static const PhPat *echo_with(PhBuild *build, int64_t count, PhRat time, const PhFn *fn, const PhPat *pat)
{
  if (count > COPIES_MAX) {
    return ph_complain(build, PH_LIMIT, "more than %d copies", COPIES_MAX);
  }
  const PhPat *acc = pat;
  for (int64_t i = 1; i < count; i++) {
    acc = ph_stack2(build, ph_fn_apply(build, fn, ph_rot_r(build, time, acc)), pat);
  }
  return acc;
}

static const PhPat *echo_with_pair(PhBuild *build, const void *ctx, PhValue count, PhValue time)
{
  const Off *off = ctx;
  int64_t n;
  PhRat t;
  return ph_value_to_int(&count, &n) && ph_value_to_rat(&time, &t) ? echo_with(build, n, t, off->fn, off->pat) : NULL;
}

static PhArg build_echo_with(PhBuild *build, const PhArg *args)
{
  const PhPat *count = PAT(0), *time = PAT(1);
  Off *off = PH_NEW(build->arena, Off);
  *off = (Off){ args[2].fn, PAT(3) };
  const bool constant = ph_pat_constant(count) && ph_pat_constant(time);
  const uint64_t routes = constant ? 0 : ph_fn_routes(build, off->fn, off->pat);
  return ph_arg_pat(ph_param2(build, count, time, echo_with_pair, off, routes));
}

/* Echoes that only grow softer: the gain of copy i is `first` + i * `step` (Tidal's stut), or `ratio` to the i-th. */
typedef struct Fade {
  int64_t copies; /* besides the original */
  PhRat time;
  double ratio;
  bool linear; /* Tidal's stut: ratio + (1 - ratio) * (count - i) / count */
} Fade;

static const PhPat *fading(PhBuild *build, Fade fade, const PhPat *pat)
{
  if (fade.copies > COPIES_MAX) {
    return ph_complain(build, PH_LIMIT, "more than %d copies", COPIES_MAX);
  }
  const size_t count = fade.copies > 0 ? (size_t)fade.copies + 1 : 1;
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count);
  pats[0] = pat;
  double gain = 1.0;
  for (size_t i = 1; i < count; i++) {
    const double left = (double)(count - i) / (double)count;
    gain = fade.linear ? fade.ratio + (1.0 - fade.ratio) * left : gain * fade.ratio;
    const PhPat *soft = ph_with_control(build, PH_OP_MUL, pat, "gain", ph_num(gain));
    pats[i] = ph_rot_r(build, ph_rat_mul(fade.time, PH_RAT_INT((int64_t)i)), soft);
  }
  return ph_stack(build, pats, count);
}

static bool fade_values(const PhValue *count, const PhValue *time, const PhValue *ratio, Fade *fade)
{
  return ph_value_to_int(count, &fade->copies) && ph_value_to_rat(time, &fade->time) &&
         ph_value_to_num(ratio, &fade->ratio);
}

/* stut count feedback time, of Tidal: `count` in all. */
static const PhPat *stut_tidal(PhBuild *build, const void *ctx, const PhValue v[3])
{
  Fade fade = { .linear = true };
  if (!fade_values(&v[0], &v[2], &v[1], &fade)) {
    return NULL;
  }
  fade.copies--;
  return fading(build, fade, ctx);
}

/* stut n time decay, of Phonon: the original and n echoes. */
static const PhPat *stut_own(PhBuild *build, const void *ctx, const PhValue v[3])
{
  Fade fade = { 0 };
  return fade_values(&v[0], &v[1], &v[2], &fade) ? fading(build, fade, ctx) : NULL;
}

static const PhPat *echo_values(PhBuild *build, const void *ctx, const PhValue v[3])
{
  Fade fade = { 0 };
  if (!fade_values(&v[0], &v[1], &v[2], &fade)) {
    return NULL;
  }
  fade.copies--;
  return fading(build, fade, ctx);
}

static PhArg build_three(PhBuild *build, const PhArg *args, PhTripleFn *fn)
{
  const PhPat *pat = PAT(3);
  const PhPat *const values[3] = { PAT(0), PAT(1), PAT(2) };
  return ph_arg_pat(ph_param3(build, values, fn, pat, pat->routes));
}

static PhArg build_stut(PhBuild *build, const PhArg *args)
{
  return build_three(build, args, build->tidal ? stut_tidal : stut_own);
}

static PhArg build_echo(PhBuild *build, const PhArg *args) { return build_three(build, args, echo_values); }

static const PhPat *stutter(PhBuild *build, int64_t count, PhRat time, const PhPat *pat)
{
  if (count > COPIES_MAX) {
    return ph_complain(build, PH_LIMIT, "more than %d copies", COPIES_MAX);
  }
  const size_t n = count > 0 ? (size_t)count : 0;
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, n + 1);
  for (size_t i = 0; i < n; i++) {
    pats[i] = ph_rot_r(build, ph_rat_mul(time, PH_RAT_INT((int64_t)i)), pat);
  }
  return ph_stack(build, pats, n);
}

static const PhPat *stutter_pair(PhBuild *build, const void *ctx, PhValue count, PhValue time)
{
  int64_t n;
  PhRat t;
  return ph_value_to_int(&count, &n) && ph_value_to_rat(&time, &t) ? stutter(build, n, t, ctx) : NULL;
}

static PhArg build_stutter(PhBuild *build, const PhArg *args)
{
  const PhPat *pat = PAT(2);
  return ph_arg_pat(ph_param2(build, PAT(0), PAT(1), stutter_pair, pat, pat->routes));
}

static PhArg stutter_of(PhBuild *build, const PhArg *args, int64_t count)
{
  const PhPat *pat = PAT(1);
  return ph_arg_pat(ph_param2(build, ph_pat_pure(build, ph_int(count)), PAT(0), stutter_pair, pat, pat->routes));
}

static PhArg build_double(PhBuild *build, const PhArg *args) { return stutter_of(build, args, 2); }
static PhArg build_triple(PhBuild *build, const PhArg *args) { return stutter_of(build, args, 3); }
static PhArg build_quad(PhBuild *build, const PhArg *args) { return stutter_of(build, args, 4); }

/* ---- growing cycle by cycle -------------------------------------------------------------------------------------------------- */

static bool depth_of(PhBuild *build, const PhArg *arg, int64_t *depth)
{
  *depth = ph_arg_as_int(arg, 1);
  if (*depth > COPIES_MAX) {
    (void)ph_complain(build, PH_LIMIT, "more than %d generations", COPIES_MAX);
    return false;
  }
  return *depth > 0;
}

static PhArg build_soak(PhBuild *build, const PhArg *args)
{
  int64_t depth;
  if (!depth_of(build, &args[0], &depth)) {
    return ph_arg_pat(ph_pat_silence(build));
  }
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, depth);
  pats[0] = PAT(2);
  for (int64_t i = 1; i < depth; i++) {
    pats[i] = ph_fn_apply(build, args[1].fn, pats[i - 1]);
  }
  return ph_arg_pat(ph_slowcat(build, pats, (size_t)depth));
}

static PhArg build_snowball(PhBuild *build, const PhArg *args)
{
  int64_t depth;
  if (!depth_of(build, &args[0], &depth)) {
    return ph_arg_pat(ph_pat_silence(build));
  }
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, depth);
  const PhPat *changed = PAT(3);
  pats[0] = changed;
  for (int64_t i = 1; i < depth; i++) {
    changed = ph_fn_apply(build, args[2].fn, changed);
    const PhArg both[2] = { ph_arg_pat(pats[i - 1]), ph_arg_pat(changed) };
    const PhArg sum = ph_fn_call(build, args[1].fn, both, 2);
    pats[i] = ph_arg_as_pat(build, &sum);
  }
  return ph_arg_pat(ph_slowcat(build, pats, (size_t)depth));
}

/* ---- an argument from a pattern --------------------------------------------------------------------------------------- */

static const PhPat *spread_value(PhBuild *build, const void *ctx, PhValue value)
{
  const Off *off = ctx;
  const PhArg args[2] = { ph_arg_pat(ph_pat_pure(build, value)), ph_arg_pat(off->pat) };
  const PhArg result = ph_fn_call(build, off->fn, args, 2);
  return ph_arg_as_pat(build, &result);
}

static PhArg build_spread_pattern(PhBuild *build, const PhArg *args)
{
  Off *off = PH_NEW(build->arena, Off);
  *off = (Off){ args[0].fn, PAT(2) };
  return ph_arg_pat(ph_join(build, PH_JOIN_UNWRAP, PAT(1), spread_value, off, off->pat->routes));
}

/* ---- weaving -------------------------------------------------------------------------------------------------------------------- */

/* Pattern i of `count` (each made of the base slowed by `time`) a further 1/count of `time` cycles on. */
static const PhPat *woven(PhBuild *build, PhRat time, const PhPat **pats, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    pats[i] = ph_rot_l(build, ph_rat((int64_t)i, (int64_t)count), ph_fast(build, time, pats[i]));
  }
  return ph_slow(build, time, ph_stack(build, pats, count));
}

static const PhPat *weave(PhBuild *build, PhRat time, const PhPat *base, const PhPat *const *with, size_t count)
{
  const PhPat *slow = ph_slow(build, time, base);
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count + 1);
  for (size_t i = 0; i < count; i++) {
    pats[i] = ph_pat_op(build, PH_OP_RIGHT, PH_OP_IN, with[i], slow);
  }
  return woven(build, time, pats, count);
}

static PhArg build_weave(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat *const *with = ph_arg_pats(build, &args[2], &count);
  return ph_arg_pat(weave(build, ph_arg_as_rat(&args[0], PH_RAT_INT(1)), PAT(1), with, count));
}

static PhArg build_weave_with(PhBuild *build, const PhArg *args)
{
  const PhRat time = ph_arg_as_rat(&args[0], PH_RAT_INT(1));
  size_t count;
  const PhPat *const *applied = ph_arg_applied(build, &args[2], ph_slow(build, time, PAT(1)), &count);
  const PhPat **pats = ph_arena_copy(build->arena, applied, (count + 1) * sizeof *pats);
  return ph_arg_pat(woven(build, time, pats, count));
}

static PhValue interlace_shape(PhQuery *query, const void *ctx, PhRat time)
{
  (void)query, (void)ctx;
  const double turn = ph_rat_to_double(ph_rat_fract(time));
  return ph_num((ph_sin_turns_d(turn) + 1.0) / 2.0 * 0.9);
}

static PhArg build_interlace(PhBuild *build, const PhArg *args)
{
  const PhPat *const both[] = { PAT(0), PAT(1) };
  const PhPat *shape = ph_pat_control(build, "shape", ph_signal(build, interlace_shape, NULL));
  return ph_arg_pat(weave(build, PH_RAT_INT(16), shape, both, 2));
}

static PhArg build_stack_with(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat *const *under = ph_arg_pats(build, &args[1], &count);
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count + 1);
  for (size_t i = 0; i < count; i++) {
    const PhPat *moved = ph_rot_l(build, ph_rat((int64_t)i, (int64_t)count), PAT(0));
    pats[i] = ph_pat_op(build, PH_OP_RIGHT, PH_OP_IN, under[i], moved);
  }
  return ph_arg_pat(ph_stack(build, pats, count));
}

/* ---- tabby: over and under, as on a loom ------------------------------------------------------------------------------------------- */

static size_t odd_cycle(PhQuery *query, const void *ctx, int64_t cycle)
{
  (void)query, (void)ctx;
  return (size_t)(cycle & 1);
}

/* every 2 rev $ fast (n/2) [first second]: which thread lies above. */
static const PhPat *shed(PhBuild *build, int64_t n, bool first)
{
  const PhPat *yes = ph_pat_pure(build, ph_bool(true)), *no = ph_pat_silence(build);
  const PhPat *const pair[] = { first ? yes : no, first ? no : yes };
  const PhPat *fast = ph_fast(build, ph_rat(n, 2), ph_fastcat(build, pair, 2));
  const PhPat *const turns[] = { ph_rev(build, fast), fast };
  return ph_pick_cycles(build, odd_cycle, NULL, turns, 2);
}

/* The slices of the pattern in the order in which the thread passes: rows there and back (weft), or columns (warp). */
static const PhPat *thread(PhBuild *build, int64_t n, bool warp, const PhPat *pat)
{
  const int64_t rows = n / 2 * 2, total = n * rows;
  const PhPat **slices = PH_NEWN(build->arena, const PhPat *, n);
  const PhPat **order = PH_NEWN(build->arena, const PhPat *, total);
  for (int64_t i = 0; i < n; i++) {
    slices[i] = ph_zoom(build, ph_arc(ph_rat(i, n), ph_rat(i + 1, n)), pat);
  }
  for (int64_t i = 0; i < total; i++) {
    const int64_t row = warp ? i % rows : i / n, column = warp ? i / rows : i % n;
    order[i] = slices[row % 2 ? n - 1 - column : column];
  }
  return ph_slow(build, PH_RAT_INT(n), ph_fastcat(build, order, (size_t)total));
}

static PhArg build_tabby(PhBuild *build, const PhArg *args)
{
  const int64_t n = ph_arg_as_int(&args[0], 4);
  if (n < 2 || n > 64) {
    return ph_arg_pat(ph_complain(build, PH_RANGE, "tabby takes 2 to 64 threads"));
  }
  const PhPat *warp = ph_mask(build, shed(build, n, true), thread(build, n, true, PAT(1)));
  const PhPat *weft = ph_mask(build, shed(build, n, false), thread(build, n, false, PAT(2)));
  return ph_arg_pat(ph_stack2(build, warp, weft));
}

/* ---- rows ------------------------------------------------------------------------------------------------------------------------------- */

#define FAMILY "combine"

static const PhPatFunc rows[] = {
  PH_ROW("off", "", FAMILY, "a", "Plays a pattern and a changed copy of it that is later by a time in cycles.",
         "off 0.25 (# crush 4) $ s \"bd sn\"",
         "-1/4-1/4[0-1/4] crush: 4, s: \"sn\" | 0-1/2 s: \"bd\" | 1/4-3/4 crush: 4, s: \"bd\" | 1/2-1 s: \"sn\""
         " | 3/4-5/4[3/4-1] crush: 4, s: \"sn\"",
         build_off, PH_REQ("time", "time", "cycles"), PH_REQ("function", "(a->a)", "changes the copy"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("offadd", "", FAMILY, "a",
         "Plays a pattern and a copy that is later by a time in cycles, with something added.", "offadd 0.25 7 \"0 2\"",
         "0-1/4 9 | 0-1/2 0 | 1/4-3/4 7 | 1/2-1 2 | 3/4-1 9",
         build_off_add, PH_REQ("time", "time", "cycles"),
         PH_REQ("add", "a", "what is added"), PH_REQ("pattern", "a", "")),
  PH_ROW("echoWith", "stutWith stut' echowith stutwith", FAMILY, "a",
         "Plays `count` copies in all, each later than the last by a time in cycles and changed once more.",
         "echoWith 3 0.125 (|* speed 2) $ s \"bd\" # speed 1",
         "-7/8-1/8[0-1/8] s: \"bd\", speed: 2 | -3/4-1/4[0-1/4] s: \"bd\", speed: 4 | 0-1 s: \"bd\", speed: 1"
         " | 1/8-9/8[1/8-1] s: \"bd\", speed: 2 | 1/4-5/4[1/4-1] s: \"bd\", speed: 4",
         build_echo_with, PH_REQ("count", "int", "copies in all"), PH_REQ("time", "time", "cycles between copies"),
         PH_REQ("function", "(a->a)", "applied once more to every copy"), PH_REQ("pattern", "a", "")),
  PH_ROW("echo", "", FAMILY, "ctrl",
         "Plays `count` copies in all, each later by a time in cycles and softer by a factor.",
         "echo 3 0.2 0.5 $ s \"bd sn\"",
         "-3/10-1/5[0-1/5] gain: 0.5, s: \"sn\" | -1/10-2/5[0-2/5] gain: 0.25, s: \"sn\" | 0-1/2 s: \"bd\""
         " | 1/5-7/10 gain: 0.5, s: \"bd\" | 2/5-9/10 gain: 0.25, s: \"bd\" | 1/2-1 s: \"sn\""
         " | 7/10-6/5[7/10-1] gain: 0.5, s: \"sn\" | 9/10-7/5[9/10-1] gain: 0.25, s: \"sn\"",
         build_echo, PH_REQ("count", "int", "copies in all"), PH_REQ("time", "time", "cycles between copies"),
         PH_REQ("feedback", "num", "factor of the gain, copy by copy"), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("stut", "", FAMILY, "ctrl",
         "Plays a pattern and n echoes, each later by a time in cycles, its gain multiplied by decay once more; in "
         "Tidal's dialect the "
         "arguments are count, feedback, time.",
         "stut 2 0.125 0.5 $ s \"bd\"",
         "-7/8-1/8[0-1/8] gain: 0.5, s: \"bd\" | -3/4-1/4[0-1/4] gain: 0.25, s: \"bd\" | 0-1 s: \"bd\""
         " | 1/8-9/8[1/8-1] gain: 0.5, s: \"bd\" | 1/4-5/4[1/4-1] gain: 0.25, s: \"bd\"",
         build_stut, PH_REQ("n", "int", "echoes"), PH_REQ("time", "time", "cycles between echoes"),
         PH_REQ("decay", "time", "factor of the gain, echo by echo"), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("stutter", "", FAMILY, "a", "Plays n copies in all, each later than the last by a time in cycles.",
         "stutter 4 (1/16) $ s \"bd\"",
         "-15/16-1/16[0-1/16] s: \"bd\" | -7/8-1/8[0-1/8] s: \"bd\" | -13/16-3/16[0-3/16] s: \"bd\" | 0-1 s: \"bd\""
         " | 1/16-17/16[1/16-1] s: \"bd\" | 1/8-9/8[1/8-1] s: \"bd\" | 3/16-19/16[3/16-1] s: \"bd\"",
         build_stutter, PH_REQ("n", "int", "copies in all"), PH_REQ("time", "time", "cycles between copies"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("double", "", FAMILY, "a", "Plays two copies, the second later by a time in cycles: `stutter 2`.",
         "double 0.125 $ s \"bd\"",
         "-7/8-1/8[0-1/8] s: \"bd\" | 0-1 s: \"bd\" | 1/8-9/8[1/8-1] s: \"bd\"",
         build_double, PH_REQ("time", "time", "cycles between copies"), PH_REQ("pattern", "a", "")),
  PH_ROW("triple", "", FAMILY, "a", "Plays three copies, each later by a time in cycles: `stutter 3`.",
         "triple 0.125 $ s \"bd\"",
         "-7/8-1/8[0-1/8] s: \"bd\" | -3/4-1/4[0-1/4] s: \"bd\" | 0-1 s: \"bd\" | 1/8-9/8[1/8-1] s: \"bd\""
         " | 1/4-5/4[1/4-1] s: \"bd\"",
         build_triple, PH_REQ("time", "time", "cycles between copies"), PH_REQ("pattern", "a", "")),
  PH_ROW("quad", "", FAMILY, "a", "Plays four copies, each later by a time in cycles: `stutter 4`.",
         "quad 0.125 $ s \"bd\"",
         "-7/8-1/8[0-1/8] s: \"bd\" | -3/4-1/4[0-1/4] s: \"bd\" | -5/8-3/8[0-3/8] s: \"bd\" | 0-1 s: \"bd\""
         " | 1/8-9/8[1/8-1] s: \"bd\" | 1/4-5/4[1/4-1] s: \"bd\" | 3/8-11/8[3/8-1] s: \"bd\"",
         build_quad, PH_REQ("time", "time", "cycles between copies"), PH_REQ("pattern", "a", "")),
  PH_ROW("soak", "", FAMILY, "a", "Applies a function 0, 1, 2 … times on successive cycles, `depth` cycles in all.",
         "soak 3 (+ 1) \"4 ~ 0 1\"",
         "0-1/4 4 | 1/2-3/4 0 | 3/4-1 1",
         build_soak, PH_REQ("depth", "!int", "cycles"),
         PH_REQ("function", "(a->a)", ""), PH_REQ("pattern", "a", "")),
  PH_ROW("snowball", "", FAMILY, "a",
         "Combines a pattern with ever more transformed versions of it on successive cycles.",
         "snowball 3 (+) (slow 2) \"1 2 3 4\"",
         "0-1/4 1 | 1/4-1/2 2 | 1/2-3/4 3 | 3/4-1 4",
         build_snowball,
         PH_REQ("depth", "!int", "cycles"), PH_REQ("combine", "(a->a->a)", "such as (+)"),
         PH_REQ("function", "(a->a)", "transforms it once more"), PH_REQ("pattern", "a", "")),
  PH_ROW("spread'", "", FAMILY, "a",
         "Applies a function with every value of a pattern of arguments, where that value is active.",
         "spread' fast \"1 2\" \"a b\"",
         "0-1/2 \"a\" | 1/2-3/4 \"a\" | 3/4-1 \"b\"",
         build_spread_pattern, PH_REQ("function", "(b->a->a)", "such as fast"),
         PH_REQ("argument", "b", ""), PH_REQ("pattern", "a", "")),
  PH_ROW("weave", "", FAMILY, "ctrl",
         "Spreads one slow control pattern over several patterns, each at its own phase, over a number of cycles.",
         "weave 2 (n \"0 1 2 3\") [s \"a*4\", s \"b\"]",
         "0-1/4 n: 0, s: \"a\" | 0-1[0-1/2] n: 2, s: \"b\" | 0-1[1/2-1] n: 3, s: \"b\" | 1/4-1/2 n: 0, s: \"a\""
         " | 1/2-3/4 n: 1, s: \"a\" | 3/4-1 n: 1, s: \"a\"",
         build_weave, PH_REQ("time", "!time", "cycles"), PH_REQ("base", "ctrl", "what is spread"),
         PH_REQ("patterns", "[ctrl]", "what it is spread over")),
  PH_ROW("weaveWith", "weave'", FAMILY, "a", "Weaves a pattern through a list of functions, each at its own phase.",
         "weaveWith 2 (s \"bd sn\") [(# speed 2), fast 2]",
         "0-1/2 s: \"bd\" | 0-1 s: \"bd\", speed: 2 | 1/2-1 s: \"sn\"",
         build_weave_with,
         PH_REQ("time", "!time", "cycles"), PH_REQ("pattern", "a", ""), PH_REQ("functions", "[(a->a)]", "")),
  PH_ROW("interlace", "", FAMILY, "ctrl", "Blends two patterns into each other with distortion (shape) over 16 cycles.",
         "interlace (s \"bd sn kurt\") (s \"hh*2\")",
         "0-1/3 s: \"bd\", shape: 0.45 | 0-1/2 s: \"hh\", shape: 0.45 | 1/3-2/3 s: \"sn\", shape: 0.5087367864990232"
         " | 1/2-1 s: \"hh\", shape: 0.3622093550927423 | 2/3-1 s: \"kurt\", shape: 0.5664685702961344",
         build_interlace, PH_REQ("first", "ctrl", ""), PH_REQ("second", "ctrl", "")),
  PH_ROW("stackwith", "stackWith", FAMILY, "ctrl",
         "Stacks patterns, each with a control pattern shifted by its share of a cycle.",
         "stackwith (n \"0 1\") [s \"a*2\", s \"b*2\"]",
         "0-1/2 n: 0, s: \"a\" | 0-1/2 n: 1, s: \"b\" | 1/2-1 n: 0, s: \"b\" | 1/2-1 n: 1, s: \"a\"",
         build_stack_with,
         PH_REQ("base", "ctrl", "what is shifted"), PH_REQ("patterns", "[ctrl]", "")),
  PH_ROW("tabby", "", FAMILY, "a", "Weaves two patterns like the threads of a plain weave, over and under.",
         "tabby 2 \"a b\" \"c d\"",
         "0-1/2 \"c\" | 1/2-1 \"b\"",
         build_tabby,
         PH_REQ("threads", "!int", "threads per cycle, 2 to 64"), PH_REQ("warp", "a", ""), PH_REQ("weft", "a", "")),
};

const PhPatTable ph_pat_accumulate = { rows, PH_COUNT(rows) };
