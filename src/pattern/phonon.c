/* Phonon's own pattern functions: grooves and small conveniences.  SPDX-License-Identifier: MIT */
#include "pattern/core.h"

#include <string.h>

#define PAT(i) ph_arg_as_pat(build, &args[i])

/* ---- moving events one by one -------------------------------------------------------------------------------- */

/* How much later an event begins, in cycles: at most `most` in size. `rank` counts the distinct onsets of its cycle. */
typedef PhRat DelayFn(const void *ctx, const PhEvent *e, int64_t rank);

typedef struct Moved {
  PhPat base;
  const PhPat *child;
  DelayFn *delay;
  const void *ctx;
  PhRat most;
} Moved;

/* The events that begin in one cycle, each moved; what of it is in the span. */
static void move_cycle(PhQuery *query, const Moved *m, int64_t cycle, PhArc span, PhEvents *out)
{
  PhEvents *events = ph_scratch_take(query);
  ph_query(query, m->child, ph_arc(PH_RAT_INT(cycle), PH_RAT_INT(cycle + 1)), events);
  ph_events_sort(events);
  int64_t rank = -1;
  PhRat last = PH_RAT_INT(cycle - 1);
  for (size_t i = 0; i < events->len; i++) {
    PhEvent e = events->items[i];
    if (!ph_event_has_onset(&e)) {
      continue;
    }
    rank += !ph_rat_eq(last, e.whole.begin);
    last = e.whole.begin;
    const PhRat by = m->delay(m->ctx, &e, rank);
    e.whole = ph_arc(ph_rat_add(e.whole.begin, by), ph_rat_add(e.whole.end, by));
    if (ph_arc_sect(span, e.whole, &e.part)) {
      PH_PUSH(query->arena, out, e);
    }
  }
  ph_scratch_give(query, events);
}

/* Events may be a few cycles long: those that began up to this many cycles before the span still show their rest. */
enum { LOOK_BACK = 2 };

static void query_moved(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Moved *m = (const Moved *)pat;
  const int64_t first = ph_rat_floor_int(ph_rat_sub(span.begin, m->most)) - LOOK_BACK;
  const int64_t last = ph_rat_floor_int(ph_rat_add(span.end, m->most));
  ph_query_work(query, (uint64_t)(last > first ? last - first : 0));
  for (int64_t cycle = first; cycle <= last; cycle++) {
    move_cycle(query, m, cycle, span, out);
  }
}

static const PhPat *moved(PhBuild *build, DelayFn *delay, const void *ctx, PhRat most, const PhPat *pat)
{
  Moved *m = PH_NODE(build, Moved, query_moved);
  m->child = pat;
  m->delay = delay;
  m->ctx = ctx;
  m->most = most;
  m->base.routes = pat->routes;
  m->base.steps = pat->steps;
  return &m->base;
}

/* ---- swing --------------------------------------------------------------------------------------------------- */

static PhRat odd_delay(const void *ctx, const PhEvent *e, int64_t rank)
{
  (void)e;
  return rank & 1 ? *(const PhRat *)ctx : PH_RAT_INT(0);
}

static const PhPat *swing(PhBuild *build, PhRat amount, const PhPat *pat)
{
  if (!ph_rat_le(ph_rat_abs(amount), PH_RAT_INT(1))) {
    return ph_complain(build, PH_RANGE, "swing lies between -1 and 1 cycles");
  }
  PhRat *ctx = PH_NEW(build->arena, PhRat);
  *ctx = amount;
  return moved(build, odd_delay, ctx, ph_rat_abs(amount), pat);
}

/* In Tidal's dialect the argument is the number of parts: swingBy (1/3) n. */
static PhArg build_swing(PhBuild *build, const PhArg *args)
{
  if (build->tidal) {
    return ph_arg_pat(ph_swing_by(build, ph_pat_pure(build, ph_ratio(PH_RAT(1, 3))), PAT(0), PAT(1)));
  }
  return ph_arg_pat(ph_param_rat(build, PAT(0), swing, PAT(1)));
}

/* ---- groove -------------------------------------------------------------------------------------------------- */

/* Delays of the sixteen steps of a cycle, in thousandths of a step. */
typedef struct Groove {
  const char *name;
  int16_t delays[16];
} Groove;

static const Groove grooves[] = {
  { "mpc", { 0, 160, 0, 160, 0, 160, 0, 160, 0, 160, 0, 160, 0, 160, 0, 160 } },
  { "hiphop", { 0, 220, 40, 260, 80, 220, 40, 260, 0, 220, 40, 260, 80, 220, 40, 260 } },
  { "reggae", { 0, 0, 120, 60, 0, 0, 120, 60, 0, 0, 120, 60, 0, 0, 120, 60 } },
  { "one_drop", { 60, 0, 90, 0, 60, 0, 90, 0, -40, 0, 90, 0, 60, 0, 90, 0 } },
  { "jazz", { 0, 330, 0, 330, 0, 330, 0, 330, 0, 330, 0, 330, 0, 330, 0, 330 } },
  { "drunken", { 0, 180, -90, 240, 120, 60, 300, -60, 40, 210, -120, 150, 90, 270, -30, 120 } },
};

typedef struct Grooving {
  const Groove *groove;
  PhRat amount;
} Grooving;

static PhRat groove_delay(const void *ctx, const PhEvent *e, int64_t rank)
{
  (void)rank;
  const Grooving *g = ctx;
  const int64_t step = ph_rat_floor_int(ph_rat_mul(ph_rat_fract(e->whole.begin), PH_RAT_INT(16)));
  return ph_rat_mul(g->amount, ph_rat(g->groove->delays[step & 15], 16000));
}

static const Groove *find_groove(const PhValue *name)
{
  for (size_t i = 0; name && name->tag == PH_VALUE_STR && i < PH_COUNT(grooves); i++) {
    if (strcmp(grooves[i].name, name->str) == 0) {
      return &grooves[i];
    }
  }
  return NULL;
}

static const PhPat *groove_pair(PhBuild *build, const void *ctx, PhValue name, PhValue amount)
{
  Grooving *g = PH_NEW(build->arena, Grooving);
  g->groove = find_groove(&name);
  if (!g->groove) {
    return ph_complain(build, PH_NOTFOUND,
                       "there is no groove of that name; there are mpc hiphop reggae one_drop jazz drunken");
  }
  if (!ph_value_to_rat(&amount, &g->amount) || !ph_rat_le(ph_rat_abs(g->amount), PH_RAT_INT(3))) {
    return ph_complain(build, PH_RANGE, "the amount of a groove lies between -3 and 3");
  }
  return moved(build, groove_delay, g, PH_RAT(1, 16), ctx);
}

static PhArg build_groove(PhBuild *build, const PhArg *args)
{
  const PhPat *pat = PAT(2);
  const PhPat *amount = args[1].tag == PH_ARG_ABSENT ? ph_pat_pure(build, ph_int(1)) : PAT(1);
  return ph_arg_pat(ph_param2(build, PAT(0), amount, groove_pair, pat, pat->routes));
}

/* ---- humanize ------------------------------------------------------------------------------------------------ */

typedef struct Human {
  double sec, gain;
} Human;

static bool humanize_event(PhQuery *query, const void *ctx, PhEvent *e)
{
  const Human *h = ctx;
  if (e->value.tag != PH_VALUE_MAP) {
    return true;
  }
  double r[2];
  ph_rands_at(query, ph_event_arc(e).begin, 2, r);
  const PhMap *map = e->value.map;
  map = ph_map_set(query->arena, map, "nudge", ph_num(ph_map_num(map, "nudge", 0.0) + h->sec * (2.0 * r[0] - 1.0)));
  if (h->gain != 0.0) {
    map = ph_map_set(query->arena, map, "gain", ph_num(ph_map_num(map, "gain", 1.0) * (1.0 - h->gain * r[1])));
  }
  e->value = ph_map_value(map);
  return true;
}

static PhArg build_humanize(PhBuild *build, const PhArg *args)
{
  Human *h = PH_NEW(build->arena, Human);
  *h = (Human){ ph_arg_as_num(&args[0], 0.01), ph_arg_as_num(&args[1], 0.0) };
  return ph_arg_pat(ph_with_event(build, PAT(2), humanize_event, h));
}

/* ---- durations ----------------------------------------------------------------------------------------------- */

static PhValue shorten(PhQuery *query, const void *ctx, PhValue left, PhValue right)
{
  (void)ctx;
  double x;
  if (left.tag != PH_VALUE_MAP || !ph_value_to_num(&right, &x)) {
    return left;
  }
  const double legato = ph_map_num(left.map, "legato", 1.0);
  return ph_map_value(ph_map_set(query->arena, left.map, "legato", ph_num(legato * x)));
}

static PhArg build_staccato(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(
      ph_pat_with_routes(build, ph_app(build, PH_APP_LEFT, PAT(1), PAT(0), shorten, NULL), PAT(1)->routes));
}

/* ---- dup, loopback ------------------------------------------------------------------------------------------- */

static PhArg build_dup(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_rat(build, PAT(0), ph_fast, PAT(1)));
}

static PhArg build_loopback(PhBuild *build, const PhArg *args)
{
  const PhPat *const pats[] = { PAT(0), ph_rev(build, PAT(0)) };
  return ph_arg_pat(ph_slowcat(build, pats, 2));
}

/* ---- rows ---------------------------------------------------------------------------------------------------- */

#define FAMILY "phonon"

static const PhPatFunc rows[] = {
  PH_ROW("swing", "", FAMILY, "a", "Delays every second onset of the cycle.", "swing 0.05 \"a*4\"",
         "-1/5-1/20[0-1/20] \"a\" | 0-1/4 \"a\" | 3/10-11/20 \"a\" | 1/2-3/4 \"a\" | 4/5-21/20[4/5-1] \"a\"",
         build_swing, PH_REQ("amount", "time", "cycles"), PH_REQ("pattern", "a", "")),
  PH_ROW("groove", "", FAMILY, "a",
         "Moves the sixteenths of the cycle as a style does: mpc hiphop reggae one_drop jazz drunken.",
         "groove \"jazz\" 1 \"a b@3 c@12\"", "0-1/16 \"a\" | 133/1600-433/1600 \"b\" | 1/4-1 \"c\"", build_groove,
         PH_REQ("style", "str", ""), PH_OPT("amount", "time", 1, "1 is the style itself"), PH_REQ("pattern", "a", "")),
  PH_ROW("humanize", "", FAMILY, "ctrl", "Moves every event a little by chance, and varies its gain.",
         "humanize 0.01 0.1 $ s \"bd sn\"",
         "0-1/2 gain: 0.9066522289067507, nudge: 0.0037285714223980904, s: \"bd\""
         " | 1/2-1 gain: 0.9287109911441803, nudge: -0.0048172431439161304, s: \"sn\"",
         build_humanize, PH_REQ("time", "!num", "s, at most this much either way"),
         PH_OPT("gain", "!num", 0, "at most this share quieter, 0 to 1"), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("staccato", "", FAMILY, "ctrl", "Shortens the sounds: multiplies their legato.", "staccato 0.5 $ s \"bd sn\"",
         "0-1/2 legato: 0.5, s: \"bd\" | 1/2-1 legato: 0.5, s: \"sn\"", build_staccato,
         PH_REQ("factor", "num", "of the event"), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("dup", "", FAMILY, "a", "Plays a pattern n times within the cycle.", "dup 2 \"a b\"",
         "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-3/4 \"a\" | 3/4-1 \"b\"", build_dup, PH_REQ("n", "time", "times"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("loopback", "", FAMILY, "a", "Plays a pattern and then its mirror image, a cycle each.", "loopback \"a b\"",
         "0-1/2 \"a\" | 1/2-1 \"b\"", build_loopback, PH_REQ("pattern", "a", "")),
};

const PhPatTable ph_pat_phonon = { rows, PH_COUNT(rows) };
