/* Functions that Strudel has and Tidal does not, with Strudel's results.  SPDX-License-Identifier: MIT */
#include "pattern/args.h"

#define PAT(i) ph_arg_as_pat(build, &args[i])

/* ---- loops and forms ---------------------------------------------------------------------------------------------------------- */

static const PhPat *ribbon(PhBuild *build, const void *ctx, PhValue offset, PhValue cycles)
{
  PhRat from, length;
  if (!ph_value_to_rat(&offset, &from) || !ph_value_to_rat(&cycles, &length) || length.num <= 0) {
    return NULL;
  }
  const PhPat *pat = ph_rot_l(build, from, ctx);
  const PhPat *again = ph_slow(build, length, ph_pat_pure(build, ph_pat_value(pat)));
  return ph_join_pats(build, PH_JOIN_RESTART, again, pat->routes);
}

static PhArg build_ribbon(PhBuild *build, const PhArg *args)
{
  const PhPat *pat = PAT(2);
  return ph_arg_pat(ph_param2(build, PAT(0), PAT(1), ribbon, pat, pat->routes));
}

/* [(cycles, pattern), …]: each plays so many cycles, one after another, and again. */
static PhArg build_arrange(PhBuild *build, const PhArg *args)
{
  const size_t count = args[0].tag == PH_ARG_LIST ? args[0].count : 0;
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count + 1);
  PhRat *weights = PH_NEWN(build->arena, PhRat, count + 1);
  PhRat total = PH_RAT_INT(0);
  for (size_t i = 0; i < count; i++) {
    const PhArg *pair = &args[0].items[i];
    if (pair->tag != PH_ARG_TUPLE || pair->count != 2) {
      return ph_arg_pat(ph_complain(build, PH_TYPE, "arrange takes a list of pairs (cycles, pattern)"));
    }
    weights[i] = ph_arg_as_rat(&pair->items[0], PH_RAT_INT(0));
    pats[i] = ph_fast(build, weights[i], ph_arg_as_pat(build, &pair->items[1]));
    total = weights[i].num > 0 ? ph_rat_add(total, weights[i]) : total;
  }
  return ph_arg_pat(total.num > 0 ? ph_slow(build, total, ph_timecat(build, weights, pats, count))
                                  : ph_pat_silence(build));
}

/* ---- Euclid, held ---------------------------------------------------------------------------------------------------------------- */

static const PhPat *euclid_legato(PhBuild *build, const void *ctx, const PhValue v[3])
{
  int64_t pulses, steps, rotation;
  bool on[PH_EUCLID_MAX];
  if (!ph_value_to_int(&v[0], &pulses) || !ph_value_to_int(&v[1], &steps) || !ph_value_to_int(&v[2], &rotation) ||
      pulses < 1 || ph_euclid_length(pulses, steps) > PH_EUCLID_MAX || !ph_bjorklund(pulses, steps, on)) {
    return NULL;
  }
  PhRat *weights = PH_NEWN(build->arena, PhRat, steps);
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, steps);
  size_t count = 0;
  for (int64_t i = 0; i < steps; i++) {
    if (on[i]) {
      pats[count] = ph_pat_pure(build, ph_bool(true));
      weights[count++] = PH_RAT_INT(1);
    } else if (count) {
      weights[count - 1].num++;
    }
  }
  const PhPat *held = ph_struct(build, ph_timecat(build, weights, pats, count), ctx);
  return ph_rot_r(build, ph_rat(rotation, steps), held);
}

static PhArg build_euclid_legato(PhBuild *build, const PhArg *args)
{
  const PhPat *pat = PAT(2);
  const PhPat *const values[3] = { PAT(0), PAT(1), ph_pat_pure(build, ph_int(0)) };
  return ph_arg_pat(ph_param3(build, values, euclid_legato, pat, pat->routes));
}

static PhArg build_euclid_legato_rot(PhBuild *build, const PhArg *args)
{
  const PhPat *pat = PAT(3);
  const PhPat *const values[3] = { PAT(0), PAT(1), PAT(2) };
  return ph_arg_pat(ph_param3(build, values, euclid_legato, pat, pat->routes));
}

/* ---- samples that fit ---------------------------------------------------------------------------------------------------------------- */

/* The speed, in cycles, at which what is played of the sample lasts as long as the event. */
static bool fit_event(PhQuery *query, const void *ctx, PhEvent *e)
{
  (void)ctx;
  if (!e->has_whole || e->value.tag != PH_VALUE_MAP) {
    return true;
  }
  const double length = ph_rat_to_double(ph_arc_length(e->whole));
  const double part = ph_map_num(e->value.map, "end", 1.0) - ph_map_num(e->value.map, "begin", 0.0);
  const PhMap *map = ph_map_set(query->arena, e->value.map, "speed", ph_num(part / length));
  e->value = ph_map_value(ph_map_set(query->arena, map, "unit", ph_text_value("c")));
  return true;
}

static PhArg build_fit_event(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_with_event(build, PAT(0), fit_event, NULL));
}

static PhArg build_scrub(PhBuild *build, const PhArg *args)
{
  const PhPat *begin = ph_pat_control(build, "begin", PAT(0));
  const PhPat *pat = ph_pat_op(build, PH_OP_LEFT, PH_OP_OUT, PAT(1), begin);
  return ph_arg_pat(pat);
}

/* ---- focus, fastChunk ------------------------------------------------------------------------------------------------------------------- */

static const PhPat *focus_pair(PhBuild *build, const void *ctx, PhValue begin, PhValue end)
{
  PhArc arc;
  const bool ok =
      ph_value_to_rat(&begin, &arc.begin) && ph_value_to_rat(&end, &arc.end) && ph_rat_lt(arc.begin, arc.end);
  return ok ? ph_focus(build, arc, ctx) : NULL;
}

static PhArg build_focus(PhBuild *build, const PhArg *args)
{
  const PhPat *pat = PAT(2);
  return ph_arg_pat(ph_param2(build, PAT(0), PAT(1), focus_pair, pat, pat->routes));
}

typedef struct FastChunk {
  const PhPat *pat, *changed;
} FastChunk;

/* A truth value that is at the i-th of n parts in cycle i switches between the pattern and what the function made of it. */
static const PhPat *fast_chunk(PhBuild *build, const void *ctx, PhValue value)
{
  const FastChunk *c = ctx;
  int64_t n;
  if (!ph_value_to_int(&value, &n) || n <= 0 || n > PH_LIST_MAX) {
    return NULL;
  }
  PhValue *values = PH_NEWN(build->arena, PhValue, n);
  const PhPat **turns = PH_NEWN(build->arena, const PhPat *, n);
  for (int64_t i = 0; i < n; i++) {
    values[i] = ph_bool(i == 0);
  }
  const PhPat *first = ph_fastcat_values(build, values, (size_t)n);
  for (int64_t i = 0; i < n; i++) {
    turns[i] = ph_rot_r(build, ph_rat(i, n), first);
  }
  return ph_sew(build, ph_slowcat(build, turns, (size_t)n), c->changed, c->pat);
}

static PhArg build_fast_chunk(PhBuild *build, const PhArg *args)
{
  FastChunk *c = PH_NEW(build->arena, FastChunk);
  *c = (FastChunk){ PAT(2), ph_fn_apply(build, args[1].fn, PAT(2)) };
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), fast_chunk, c, c->pat->routes | c->changed->routes));
}

/* ---- polymeter, mirror --------------------------------------------------------------------------------------------------------------- */

/* All patterns at the pace of the first: so many steps a cycle. */
static PhArg build_polymeter(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat *const *given = ph_arg_pats(build, &args[0], &count);
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count + 1);
  for (size_t i = 0; i < count; i++) {
    const bool known = ph_rat_ok(given[i]->steps) && given[i]->steps.num > 0 && ph_rat_ok(given[0]->steps);
    pats[i] = known ? ph_fast(build, ph_rat_div(given[0]->steps, given[i]->steps), given[i]) : given[i];
  }
  return ph_arg_pat(ph_stack(build, pats, count));
}

static PhRat minus(const void *ctx, PhRat time)
{
  (void)ctx;
  return ph_rat_neg(time);
}

typedef struct Mirror {
  PhPat base;
  const PhPat *child;
} Mirror;

static void query_mirror(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const size_t first = out->len;
  ph_query(query, ((const Mirror *)pat)->child, ph_arc(minus(NULL, span.end), minus(NULL, span.begin)), out);
  for (size_t i = first; i < out->len; i++) {
    PhEvent *e = &out->items[i];
    e->part = ph_arc(minus(NULL, e->part.end), minus(NULL, e->part.begin));
    e->whole = e->has_whole ? ph_arc(minus(NULL, e->whole.end), minus(NULL, e->whole.begin)) : e->whole;
  }
}

static PhArg build_revv(PhBuild *build, const PhArg *args)
{
  Mirror *mirror = PH_NODE(build, Mirror, query_mirror);
  mirror->child = PAT(0);
  mirror->base.routes = mirror->child->routes;
  mirror->base.steps = mirror->child->steps;
  return ph_arg_pat(&mirror->base);
}

/* ---- rows ---------------------------------------------------------------------------------------------------------------------------------- */

#define FAMILY "combine"
#define TIME "time"
#define SAMPLER "sampler"
#define PULSES PH_REQ("pulses", "int", "onsets"), PH_REQ("steps", "int", "steps of the cycle")

static const PhPatFunc rows[] = {
  PH_ROW("ribbon", "rib", TIME, "a", "Loops some cycles of a pattern, from an offset on.", "ribbon 1 1 \"<a b c>\"",
         "0-1 \"b\"", build_ribbon, PH_REQ("offset", "time", "cycles"), PH_REQ("cycles", "time", "that are looped"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("arrange", "ncat", FAMILY, "a", "Plays patterns for some cycles each, one after another.",
         "arrange [(2, \"a b\"), (1, \"c\")]", "0-1/2 \"a\" | 1/2-1 \"b\"", build_arrange,
         PH_REQ("sections", "[(time,a)]", "pairs of cycles and pattern")),
  PH_ROW("euclidLegato", "euclidlegato", FAMILY, "a",
         "Plays a pattern on a Euclidean rhythm, each pulse held until the next one.", "euclidLegato 3 8 \"a\"",
         "0-3/8 \"a\" | 3/8-3/4 \"a\" | 3/4-1 \"a\"", build_euclid_legato, PULSES, PH_REQ("pattern", "a", "")),
  PH_ROW("euclidLegatoRot", "", FAMILY, "a", "Like euclidLegato, rotated.", "euclidLegatoRot 3 8 2 \"a\"",
         "0-1/4 \"a\" | 1/4-5/8 \"a\" | 5/8-1 \"a\"", build_euclid_legato_rot, PULSES,
         PH_REQ("rotation", "int", "steps later"), PH_REQ("pattern", "a", "")),
  PH_ROW("fitEvent", "", SAMPLER, "ctrl", "Sets the speed at which a sample, or its part, lasts as long as its event.",
         "fitEvent $ s \"bev*2\"", "0-1/2 s: \"bev\", speed: 2, unit: \"c\" | 1/2-1 s: \"bev\", speed: 2, unit: \"c\"",
         build_fit_event, PH_REQ("pattern", "ctrl", "")),
  PH_ROW("scrub", "", SAMPLER, "ctrl", "Plays a sample from places (0 to 1), whose pattern gives the structure.",
         "scrub \"0 0.5\" $ s \"bev\"", "0-1/2 begin: 0, s: \"bev\" | 1/2-1 begin: 0.5, s: \"bev\"", build_scrub,
         PH_REQ("begin", "num", "0 to 1"), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("polymeter", "pm", FAMILY, "a", "Plays patterns together, step by step, at the pace of the first.",
         "polymeter [\"a b c\", \"d e\"]",
         "0-1/3 \"a\" | 0-1/3 \"d\" | 1/3-2/3 \"b\" | 1/3-2/3 \"e\" | 2/3-1 \"c\" | 2/3-1 \"d\"", build_polymeter,
         PH_REQ("patterns", "[a]", "")),
  PH_ROW("focus", "", TIME, "a", "Squeezes every cycle into a span, and goes on with the next ones around it.",
         "focus 0.25 0.75 \"a b\"", "0-1/4 \"b\" | 1/4-1/2 \"a\" | 1/2-3/4 \"b\" | 3/4-1 \"a\"", build_focus,
         PH_REQ("begin", "time", "in the cycle"), PH_REQ("end", "time", "in the cycle"), PH_REQ("pattern", "a", "")),
  PH_ROW("fastChunk", "fastchunk", SAMPLER, "a",
         "Applies a function to one n-th of the cycle, the next one in each cycle; the pattern goes on as it is.",
         "fastChunk 2 (fast 2) \"a b\"", "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-1 \"b\"", build_fast_chunk,
         PH_REQ("n", "int", "parts"), PH_REQ("function", "(a->a)", ""), PH_REQ("pattern", "a", "")),
  PH_ROW("revv", "", TIME, "a", "Mirrors a pattern in time as a whole, about cycle 0.", "revv \"a b\"",
         "0-1/2 \"b\" | 1/2-1 \"a\"", build_revv, PH_REQ("pattern", "a", "")),
};

const PhPatTable ph_pat_strudel = { rows, PH_COUNT(rows) };
