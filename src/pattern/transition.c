/* Transitions from one pattern to the next, as pure functions of when the change was made ("now") and of the patterns, the
   newest first.  SPDX-License-Identifier: MIT */
#include "base/dmath.h"
#include "pattern/args.h"

#include <math.h>

#define RAT(i) ph_arg_as_rat(&args[i], PH_RAT_INT(0))

/* The patterns of a list: the newest, and the one before it (NULL if there is none). */
typedef struct Change {
  const PhPat *const *pats;
  size_t count;
  const PhPat *now, *before;
} Change;

static Change change_of(PhBuild *build, const PhArg *arg)
{
  Change c = { 0 };
  c.pats = ph_arg_pats(build, arg, &c.count);
  c.now = c.count > 0 ? c.pats[0] : ph_pat_silence(build);
  c.before = c.count > 1 ? c.pats[1] : NULL;
  return c;
}

/* ---- what begins when -------------------------------------------------------------------------------------------------- */

static bool begins_in(PhQuery *query, const void *ctx, PhEvent *e)
{
  (void)query;
  const PhArc *arc = ctx;
  const PhRat at = ph_event_arc(e).begin;
  return ph_rat_le(arc->begin, at) && ph_rat_lt(at, arc->end);
}

static bool begins_before(PhQuery *query, const void *ctx, PhEvent *e)
{
  (void)query;
  return ph_rat_lt(ph_event_arc(e).begin, ((const PhArc *)ctx)->begin);
}

static bool begins_after(PhQuery *query, const void *ctx, PhEvent *e)
{
  (void)query;
  return ph_rat_le(((const PhArc *)ctx)->begin, ph_event_arc(e).begin);
}

static const PhPat *keep(PhBuild *build, PhEventMap *test, PhRat begin, PhRat end, const PhPat *pat)
{
  PhArc *arc = PH_NEW(build->arena, PhArc);
  *arc = ph_arc(begin, end);
  return ph_with_event(build, pat, test, arc);
}

static PhRat next_cycle(PhRat t) { return ph_rat_add(ph_rat_floor(t), PH_RAT_INT(1)); }

/* ---- wash and jump ---------------------------------------------------------------------------------------------------------- */

/* The old pattern until `begin`, then `fading` (made of it) until `middle`, then `rising` (made of the new one) until `end`,
   then the new one. */
static const PhPat *wash(PhBuild *build, const PhRat at[3], const PhPat *fading, const PhPat *rising, Change c)
{
  if (!c.before) {
    return c.now;
  }
  const PhPat *const parts[] = {
    keep(build, begins_before, at[0], at[0], c.before),
    keep(build, begins_in, at[0], at[1], fading),
    keep(build, begins_in, at[1], at[2], rising),
    keep(build, begins_after, at[2], at[2], c.now),
  };
  return ph_stack(build, parts, PH_COUNT(parts));
}

static const PhPat *jump_at(PhBuild *build, PhRat at, Change c)
{
  const PhRat times[3] = { at, at, at };
  return wash(build, times, c.before, c.now, c);
}

static PhArg build_jump(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(jump_at(build, RAT(0), change_of(build, &args[1])));
}

static PhArg build_jump_in(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(jump_at(build, ph_rat_add(RAT(1), RAT(0)), change_of(build, &args[2])));
}

static PhArg build_jump_in_cycle(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(jump_at(build, ph_rat_add(next_cycle(RAT(1)), RAT(0)), change_of(build, &args[2])));
}

/* The next cycle whose number is `phase` modulo n. */
static PhArg jump_mod(PhBuild *build, const PhArg *n, int64_t phase, const PhArg *now, const PhArg *list)
{
  const int64_t count = ph_arg_as_int(n, 1);
  const PhRat at = ph_arg_as_rat(now, PH_RAT_INT(0));
  if (count <= 0) {
    return ph_arg_pat(ph_complain(build, PH_RANGE, "jumpMod takes a number of cycles of at least 1"));
  }
  const int64_t left = count - 1 - (int64_t)ph_index_mod(ph_rat_floor_int(at), (size_t)count) + phase;
  return ph_arg_pat(jump_at(build, ph_rat_add(next_cycle(at), PH_RAT_INT(left)), change_of(build, list)));
}

static PhArg build_jump_mod(PhBuild *build, const PhArg *args)
{
  return jump_mod(build, &args[0], 0, &args[1], &args[2]);
}

static PhArg build_jump_mod_phase(PhBuild *build, const PhArg *args)
{
  return jump_mod(build, &args[0], ph_arg_as_int(&args[1], 0), &args[2], &args[3]);
}

static PhArg build_wash(PhBuild *build, const PhArg *args)
{
  const Change c = change_of(build, &args[6]);
  if (!c.before) {
    return ph_arg_pat(c.now);
  }
  PhRat at[3] = { ph_rat_add(RAT(5), RAT(2)) };
  at[1] = ph_rat_add(at[0], RAT(3));
  at[2] = ph_rat_add(at[1], RAT(4));
  return ph_arg_pat(
      wash(build, at, ph_fn_apply(build, args[0].fn, c.before), ph_fn_apply(build, args[1].fn, c.now), c));
}

static const PhPat *wash_in(PhBuild *build, PhRat cycles, PhRat now, const PhPat *fading, Change c)
{
  const PhRat end = ph_rat_add(now, cycles);
  const PhRat at[3] = { now, end, end };
  return wash(build, at, fading, c.now, c);
}

static PhArg build_wash_in(PhBuild *build, const PhArg *args)
{
  const Change c = change_of(build, &args[3]);
  if (!c.before) {
    return ph_arg_pat(c.now);
  }
  return ph_arg_pat(wash_in(build, RAT(1), RAT(2), ph_fn_apply(build, args[0].fn, c.before), c));
}

static PhArg build_wait(PhBuild *build, const PhArg *args)
{
  const PhRat begin = next_cycle(ph_rat_sub(ph_rat_add(RAT(1), RAT(0)), PH_RAT_INT(1)));
  return ph_arg_pat(keep(build, begins_after, begin, begin, change_of(build, &args[2]).now));
}

static PhArg build_wait_t(PhBuild *build, const PhArg *args)
{
  const PhRat then = ph_rat_add(RAT(2), RAT(1));
  const PhRat begin = next_cycle(ph_rat_sub(then, PH_RAT_INT(1)));
  const PhArg given[2] = { ph_arg_value(ph_ratio(then)), args[3] };
  const PhArg result = ph_fn_call(build, args[0].fn, given, 2);
  return ph_arg_pat(keep(build, begins_after, begin, begin, ph_arg_as_pat(build, &result)));
}

/* ---- crossfades ------------------------------------------------------------------------------------------------------------------ */

/* A curve over `cycles` cycles from `from` on. */
typedef struct Curve {
  PhRat from, cycles;
  bool rises, equal_power;
  bool tidal; /* the cosine of Tidal's pi/2 is not quite 0 */
} Curve;

static double curve_at(const Curve *c, PhRat time)
{
  const double t = ph_rat_to_double(ph_rat_div(ph_rat_sub(time, c->from), c->cycles));
  const double x = t < 0.0 ? 0.0 : t > 1.0 ? 1.0 : t;
  if (!c->equal_power) {
    return c->rises ? x : 1.0 - x;
  }
  if (c->tidal && c->rises && x <= 0.0) {
    return sqrt(6.123233995736766e-17);
  }
  /* sqrt (sin (pi/2 (1 - x))), and sqrt (cos …) */
  return sqrt(fabs(ph_sin_turns_d((1.0 - x) / 4.0 + (c->rises ? 0.25 : 0.0))));
}

static PhValue curve_value(PhQuery *query, const void *ctx, PhRat time)
{
  (void)query;
  return ph_num(curve_at(ctx, time));
}

static const PhPat *curve(PhBuild *build, Curve how)
{
  Curve *c = PH_NEW(build->arena, Curve);
  *c = how;
  c->tidal = build->tidal;
  return ph_signal(build, curve_value, c);
}

/* False, with silence in *out, where a crossfade has no length or nothing to fade from. */
static bool may_fade(PhBuild *build, PhRat cycles, Change c, PhArg *out)
{
  if (!c.before) {
    *out = ph_arg_pat(c.now);
    return false;
  }
  if (cycles.num <= 0) {
    *out = ph_arg_pat(ph_complain(build, PH_RANGE, "a transition takes more than 0 cycles"));
    return false;
  }
  return true;
}

static PhArg build_xfade(PhBuild *build, const PhArg *args)
{
  const Change c = change_of(build, &args[2]);
  PhArg out;
  if (!may_fade(build, RAT(0), c, &out)) {
    return out;
  }
  const PhPat *up = ph_pat_control(
      build, "gain", curve(build, (Curve){ .from = RAT(1), .cycles = RAT(0), .rises = true, .equal_power = true }));
  const PhPat *down =
      ph_pat_control(build, "gain", curve(build, (Curve){ .from = RAT(1), .cycles = RAT(0), .equal_power = true }));
  const PhPat *rising = ph_pat_op(build, PH_OP_MUL, PH_OP_IN, c.now, up);
  return ph_arg_pat(ph_stack2(build, rising, ph_pat_op(build, PH_OP_MUL, PH_OP_IN, c.before, down)));
}

static PhArg clutch(PhBuild *build, PhRat cycles, PhRat now, Change c)
{
  PhArg out;
  if (!may_fade(build, cycles, c, &out)) {
    return out;
  }
  const PhPat *old = ph_fade(build, now, cycles, false, c.before);
  return ph_arg_pat(ph_stack2(build, old, ph_fade(build, now, cycles, true, c.now)));
}

static PhArg build_clutch(PhBuild *build, const PhArg *args)
{
  return clutch(build, PH_RAT_INT(2), RAT(0), change_of(build, &args[1]));
}

static PhArg build_clutch_in(PhBuild *build, const PhArg *args)
{
  return clutch(build, RAT(0), RAT(1), change_of(build, &args[2]));
}

static PhArg build_mortal(PhBuild *build, const PhArg *args)
{
  const PhRat end = ph_rat_add(RAT(2), RAT(0));
  const PhPat *pat = change_of(build, &args[3]).now;
  const PhPat *fading = keep(build, begins_after, end, end, ph_fade(build, end, RAT(1), false, pat));
  return ph_arg_pat(ph_stack2(build, keep(build, begins_before, end, end, pat), fading));
}

static PhArg build_mortal_overlay(PhBuild *build, const PhArg *args)
{
  const Change c = change_of(build, &args[2]);
  const int64_t cycles = ph_rat_floor_int(RAT(0)), now = ph_rat_floor_int(RAT(1));
  if (cycles <= 0) {
    return ph_arg_pat(ph_complain(build, PH_RANGE, "mortalOverlay takes at least 1 cycle"));
  }
  const PhRat begin = PH_RAT_INT(now - (int64_t)ph_index_mod(now, (size_t)cycles) + cycles);
  const PhPat *over = ph_play_for(build, ph_arc(begin, ph_rat_add(begin, RAT(0))), c.now);
  return ph_arg_pat(c.before ? ph_stack2(build, c.before, over) : over);
}

static PhArg build_histpan(PhBuild *build, const PhArg *args)
{
  const Change c = change_of(build, &args[2]);
  const int64_t most = ph_arg_as_int(&args[0], 0);
  const size_t count = most < 0 ? 0 : (size_t)most < c.count ? (size_t)most : c.count;
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count + 1);
  for (size_t i = 0; i < count; i++) {
    const double share = (double)i / (double)count;
    pats[i] = ph_with_control(build, PH_OP_RIGHT, c.pats[i], "pan", ph_num(build->tidal ? share : 2.0 * share - 1.0));
  }
  return ph_arg_pat(ph_stack(build, pats, count));
}

/* ---- anticipate: echoes that close up ----------------------------------------------------------------------------------------------- */

static const PhPat *comb(PhBuild *build, double time, const PhPat *pat)
{
  enum { COPIES = 8 };
  const PhPat *pats[COPIES] = { pat };
  const PhRat step = ph_rat_from_double(time);
  for (int64_t i = 1; i < COPIES; i++) {
    const PhValue gain = ph_num(0.2 + 0.8 * (double)(COPIES - i) / (double)COPIES);
    const PhPat *soft = ph_with_control(build, PH_OP_MUL, pat, "gain", gain);
    pats[i] = ph_rot_r(build, ph_rat_mul(step, PH_RAT_INT(i)), soft);
  }
  return ph_stack(build, pats, COPIES);
}

static PhArg anticipate(PhBuild *build, PhRat cycles, PhRat now, Change c)
{
  PhArg out;
  if (!may_fade(build, cycles, c, &out)) {
    return out;
  }
  const PhPat *time = ph_segment(build, PH_RAT_INT(1), curve(build, (Curve){ .from = now, .cycles = cycles }));
  return ph_arg_pat(wash_in(build, cycles, now, ph_param_num(build, time, comb, c.before), c));
}

static PhArg build_anticipate(PhBuild *build, const PhArg *args)
{
  return anticipate(build, PH_RAT_INT(8), RAT(0), change_of(build, &args[1]));
}

static PhArg build_anticipate_in(PhBuild *build, const PhArg *args)
{
  return anticipate(build, RAT(0), RAT(1), change_of(build, &args[2]));
}

/* ---- interpolate ------------------------------------------------------------------------------------------------------------------------ */

static PhValue mix_numbers(PhValue from, PhValue to, double x)
{
  double a, b;
  if (!ph_value_is_number(&from) || !ph_value_is_number(&to) || !ph_value_to_num(&from, &a) ||
      !ph_value_to_num(&to, &b)) {
    return to;
  }
  const double mixed = b * x + a * (1.0 - x);
  return to.tag == PH_VALUE_INT    ? ph_int((int64_t)floor(mixed))
         : to.tag == PH_VALUE_NOTE ? ph_note(mixed)
                                   : ph_num(mixed);
}

/* The controls of both, those that both have mixed: `pair` is [old, new]. */
static PhValue mix_maps(PhQuery *query, const void *ctx, PhValue pair, PhValue share)
{
  (void)ctx;
  double x;
  const PhValue old = pair.list->items[0], new = pair.list->items[1];
  if (!ph_value_to_num(&share, &x) || old.tag != PH_VALUE_MAP || new.tag != PH_VALUE_MAP) {
    return new;
  }
  const PhMap *map = ph_map_union(query->arena, old.map, new.map);
  for (size_t i = 0; i < new.map->len; i++) {
    const PhValue *from = ph_map_find(old.map, new.map->items[i].name);
    if (from) {
      map = ph_map_set(query->arena, map, new.map->items[i].name, mix_numbers(*from, new.map->items[i].value, x));
    }
  }
  return ph_map_value(map);
}

static PhArg interpolate(PhBuild *build, PhRat cycles, PhRat now, Change c)
{
  PhArg out;
  if (!may_fade(build, cycles, c, &out)) {
    return out;
  }
  const PhPat *both = ph_pair(build, PH_APP_RIGHT, c.before, c.now);
  const PhPat *share = curve(build, (Curve){ .from = now, .cycles = cycles, .rises = true });
  const uint64_t routes = ph_routes_combine(c.before->routes, c.now->routes);
  return ph_arg_pat(ph_pat_with_routes(build, ph_app(build, PH_APP_LEFT, both, share, mix_maps, NULL), routes));
}

static PhArg build_interpolate(PhBuild *build, const PhArg *args)
{
  return interpolate(build, PH_RAT_INT(4), RAT(0), change_of(build, &args[1]));
}

static PhArg build_interpolate_in(PhBuild *build, const PhArg *args)
{
  return interpolate(build, RAT(0), RAT(1), change_of(build, &args[2]));
}

/* ---- rows ------------------------------------------------------------------------------------------------------------------------------------ */

#define FAMILY "transition"
#define CYCLES PH_REQ("cycles", "!time", "that it takes")
#define WHEN PH_REQ("now", "!time", "cycle of the change"), PH_REQ("patterns", "[ctrl]", "the new one, the old one, …")

static const PhPatFunc rows[] = {
  PH_ROW("xfadeIn", "", FAMILY, "ctrl", "Fades the old pattern out and the new one in, by gain, over some cycles.",
         "xfadeIn 4 0 [s \"hh*2\", s \"bd sn\"]",
         "0-1/2 gain: 0, s: \"hh\" | 0-1/2 gain: 1, s: \"bd\" | 1/2-1 gain: 0.4416903010211207, s: \"hh\""
         " | 1/2-1 gain: 0.9903460407368883, s: \"sn\"",
         build_xfade, CYCLES, WHEN),
  PH_ROW("clutch", "", FAMILY, "ctrl",
         "Drops more and more events of the old pattern and lets those of the new one in, over two cycles.",
         "clutch 0 [s \"hh*2\", s \"bd sn\"]",
         "0-1/2 s: \"bd\" | 1/2-1 s: \"sn\"",
         build_clutch, WHEN),
  PH_ROW("clutchIn", "", FAMILY, "ctrl",
         "Drops more and more events of the old pattern and lets those of the new one in.",
         "clutchIn 4 0 [s \"hh*2\", s \"bd sn\"]",
         "0-1/2 s: \"bd\" | 1/2-1 s: \"sn\"",
         build_clutch_in, CYCLES, WHEN),
  PH_ROW("anticipate", "", FAMILY, "ctrl",
         "Closes echoes of the old pattern up over eight cycles, then drops into the new one.",
         "anticipate 0 [s \"hh*2\", s \"bd\"]",
         "0-1 gain: 0.30000000000000004, s: \"bd\" | 0-1 gain: 0.4, s: \"bd\" | 0-1 gain: 0.5, s: \"bd\""
         " | 0-1 gain: 0.6000000000000001, s: \"bd\" | 0-1 gain: 0.7, s: \"bd\" | 0-1 gain: 0.8, s: \"bd\""
         " | 0-1 gain: 0.9000000000000001, s: \"bd\" | 0-1 s: \"bd\"",
         build_anticipate, WHEN),
  PH_ROW("anticipateIn", "", FAMILY, "ctrl", "Closes echoes of the old pattern up, then drops into the new one.",
         "anticipateIn 4 0 [s \"hh*2\", s \"bd\"]",
         "0-1 gain: 0.30000000000000004, s: \"bd\" | 0-1 gain: 0.4, s: \"bd\" | 0-1 gain: 0.5, s: \"bd\""
         " | 0-1 gain: 0.6000000000000001, s: \"bd\" | 0-1 gain: 0.7, s: \"bd\" | 0-1 gain: 0.8, s: \"bd\""
         " | 0-1 gain: 0.9000000000000001, s: \"bd\" | 0-1 s: \"bd\"",
         build_anticipate_in, CYCLES, WHEN),
  PH_ROW("interpolate", "", FAMILY, "ctrl",
         "Moves the numbers of the controls from the old pattern to the new one over four cycles.",
         "interpolate 0 [s \"hh*2\" # speed 2, s \"bd\" # speed 1]",
         "0-1/2 s: \"hh\", speed: 1 | 1/2-1 s: \"hh\", speed: 1.125",
         build_interpolate, WHEN),
  PH_ROW("interpolateIn", "", FAMILY, "ctrl", "Moves the numbers of the controls from the old pattern to the new one.",
         "interpolateIn 2 0 [s \"hh*2\" # speed 2, s \"bd\" # speed 1]",
         "0-1/2 s: \"hh\", speed: 1 | 1/2-1 s: \"hh\", speed: 1.25",
         build_interpolate_in, CYCLES, WHEN),
  PH_ROW("jump", "", FAMILY, "ctrl", "Changes to the new pattern at once.", "jump 0.5 [s \"hh*4\", s \"bd*4\"]",
         "0-1/4 s: \"bd\" | 1/4-1/2 s: \"bd\" | 1/2-3/4 s: \"hh\" | 3/4-1 s: \"hh\"",
         build_jump, WHEN),
  PH_ROW("jumpIn", "", FAMILY, "ctrl", "Changes to the new pattern after some cycles.",
         "jumpIn 1 0.5 [s \"hh*4\", s \"bd*4\"]",
         "0-1/4 s: \"bd\" | 1/4-1/2 s: \"bd\" | 1/2-3/4 s: \"bd\" | 3/4-1 s: \"bd\"",
         build_jump_in, PH_REQ("cycles", "!int", "to wait"), WHEN),
  PH_ROW("jumpIn'", "", FAMILY, "ctrl", "Changes to the new pattern at the beginning of a cycle, some cycles on.",
         "jumpIn' 1 0.5 [s \"hh*4\", s \"bd*4\"]",
         "0-1/4 s: \"bd\" | 1/4-1/2 s: \"bd\" | 1/2-3/4 s: \"bd\" | 3/4-1 s: \"bd\"",
         build_jump_in_cycle, PH_REQ("cycles", "!int", "to wait"), WHEN),
  PH_ROW("jumpMod", "", FAMILY, "ctrl", "Changes to the new pattern at the next cycle that n divides.",
         "jumpMod 2 2.5 [s \"hh*4\", s \"bd*4\"]",
         "0-1/4 s: \"bd\" | 1/4-1/2 s: \"bd\" | 1/2-3/4 s: \"bd\" | 3/4-1 s: \"bd\"",
         build_jump_mod, PH_REQ("n", "!int", "cycles"), WHEN),
  PH_ROW("jumpMod'", "", FAMILY, "ctrl",
         "Changes to the new pattern at the next cycle that n divides, and some cycles on.",
         "jumpMod' 2 1 2.5 [s \"hh*4\", s \"bd*4\"]",
         "0-1/4 s: \"bd\" | 1/4-1/2 s: \"bd\" | 1/2-3/4 s: \"bd\" | 3/4-1 s: \"bd\"",
         build_jump_mod_phase, PH_REQ("n", "!int", "cycles"),
         PH_REQ("phase", "!int", "cycles"), WHEN),
  PH_ROW("wash", "", FAMILY, "ctrl",
         "Changes the old pattern by one function for some cycles, then the new one by another.",
         "wash (fast 2) rev 0 1 1 0 [s \"hh*4\", s \"bd sn\"]",
         "0-1/4 s: \"bd\" | 1/4-1/2 s: \"sn\" | 1/2-3/4 s: \"bd\" | 3/4-1 s: \"sn\"",
         build_wash,
         PH_REQ("out", "(ctrl->ctrl)", "changes the old one"), PH_REQ("in", "(ctrl->ctrl)", "changes the new one"),
         PH_REQ("delay", "!time", "cycles before"), PH_REQ("first", "!time", "cycles of the old one changed"),
         PH_REQ("second", "!time", "cycles of the new one changed"), WHEN),
  PH_ROW("washIn", "", FAMILY, "ctrl", "Changes the old pattern by a function for some cycles, then plays the new one.",
         "washIn (fast 2) 2 0 [s \"hh*4\", s \"bd sn\"]",
         "0-1/4 s: \"bd\" | 1/4-1/2 s: \"sn\" | 1/2-3/4 s: \"bd\" | 3/4-1 s: \"sn\"",
         build_wash_in,
         PH_REQ("out", "(ctrl->ctrl)", "changes the old one"), CYCLES, WHEN),
  PH_ROW("wait", "", FAMILY, "ctrl", "Rests for some cycles before the new pattern.", "wait 1 0 [s \"hh*4\", s \"bd\"]",
         "",
         build_wait, CYCLES, WHEN),
  PH_ROW("waitT", "", FAMILY, "ctrl", "Rests for some cycles before another transition.",
         "waitT (xfadeIn 2) 1 0 [s \"hh*4\", s \"bd\"]",
         "",
         build_wait_t,
         PH_REQ("transition", "(!time->[ctrl]->ctrl)", "such as xfadeIn 2"), CYCLES, WHEN),
  PH_ROW("mortal", "", FAMILY, "ctrl", "Plays the new pattern for some cycles, then lets it die out over some more.",
         "mortal 2 2 0 [s \"hh*4\", s \"bd\"]",
         "0-1/4 s: \"hh\" | 1/4-1/2 s: \"hh\" | 1/2-3/4 s: \"hh\" | 3/4-1 s: \"hh\"",
         build_mortal, PH_REQ("life", "!time", "cycles"),
         PH_REQ("release", "!time", "cycles of dying out"), WHEN),
  PH_ROW("mortalOverlay", "", FAMILY, "ctrl", "Plays the new pattern over the old one for some cycles.",
         "mortalOverlay 2 1 [s \"hh*4\", s \"bd\"]",
         "0-1 s: \"bd\"",
         build_mortal_overlay, CYCLES, WHEN),
  PH_ROW("histpan", "", FAMILY, "ctrl", "Spreads the last n patterns from left to right.",
         "histpan 2 0 [s \"a\", s \"b*2\"]",
         "0-1/2 pan: 0, s: \"b\" | 0-1 pan: -1, s: \"a\" | 1/2-1 pan: 0, s: \"b\"",
         build_histpan, PH_REQ("n", "!int", "patterns"), WHEN),
};

const PhPatTable ph_pat_transition = { rows, PH_COUNT(rows) };
