/* Functions that choose among patterns or functions by number or name, and that cut a pattern up and put it together
   again.  SPDX-License-Identifier: MIT */
#include "pattern/args.h"

#include <stdlib.h>
#include <string.h>

#define PAT(i) ph_arg_as_pat(build, &args[i])

/* ---- by number or name ----------------------------------------------------------------------------------------------------- */

typedef enum How { HOW_CLAMP, HOW_MOD, HOW_SHARE, HOW_SHARE_OPEN } How; /* SHARE: 0 to 1, over all but the last */

typedef struct Choice {
  const PhPat *const *pats;
  const PhNamed *names; /* parallel to pats; NULL for plain lists */
  size_t count;
  How how;
} Choice;

static const PhPat *by_name(const Choice *c, const char *name)
{
  for (size_t i = 0; i < c->count; i++) {
    if (c->names[i].name && strcmp(c->names[i].name, name) == 0) {
      return c->pats[i];
    }
  }
  return NULL;
}

static const PhPat *choose(PhBuild *build, const void *ctx, PhValue value)
{
  (void)build;
  const Choice *c = ctx;
  if (c->names && value.tag == PH_VALUE_STR) {
    return by_name(c, value.str);
  }
  int64_t i = 0;
  double x;
  if (c->count == 0 || !ph_value_to_num(&value, &x)) {
    return NULL;
  }
  const double last = (double)(c->count - 1);
  switch (c->how) {
  case HOW_SHARE:
    i = (int64_t)((x < 0.0 ? 0.0 : x > 1.0 ? 1.0 : x) * last);
    break;
  case HOW_SHARE_OPEN:
    i = (int64_t)((x < 0.0 ? 0.0 : x > 0.999999 ? 0.999999 : x) * (last + 1.0));
    break;
  default:
    if (!ph_value_to_int(&value, &i)) {
      return NULL;
    }
  }
  if (c->how == HOW_MOD) {
    return c->pats[ph_index_mod(i, c->count)];
  }
  return c->pats[i < 0 ? 0 : i < (int64_t)c->count ? i : (int64_t)c->count - 1];
}

static PhArg join_choice(PhBuild *build, PhJoin join, const PhPat *index, Choice choice)
{
  Choice *ctx = PH_NEW(build->arena, Choice);
  *ctx = choice;
  return ph_arg_pat(ph_join(build, join, index, choose, ctx, ph_pats_routes(choice.pats, choice.count)));
}

/* A choice from a list of patterns, named or not. */
static Choice choice_of(PhBuild *build, const PhArg *arg, How how)
{
  Choice c = { .how = how };
  const PhNamed *named = ph_arg_named(build, arg, &c.count);
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, c.count + 1);
  for (size_t i = 0; i < c.count; i++) {
    pats[i] = named[i].pat ? named[i].pat : ph_complain(build, PH_TYPE, "a list of patterns holds a function");
    c.names = named[i].name ? named : c.names;
  }
  c.pats = pats;
  return c;
}

static PhArg build_squeeze(PhBuild *build, const PhArg *args)
{
  return join_choice(build, PH_JOIN_SQUEEZE, PAT(0), choice_of(build, &args[1], HOW_MOD));
}

static PhArg build_inhabit(PhBuild *build, const PhArg *args)
{
  return join_choice(build, PH_JOIN_SQUEEZE, PAT(1), choice_of(build, &args[0], HOW_CLAMP));
}

static PhArg build_select(PhBuild *build, const PhArg *args)
{
  return join_choice(build, PH_JOIN_INNER, PAT(0), choice_of(build, &args[1], HOW_SHARE));
}

static PhArg functions(PhBuild *build, const PhArg *args, How how)
{
  Choice c = { .how = how };
  c.pats = ph_arg_applied(build, &args[1], PAT(2), &c.count);
  return join_choice(build, PH_JOIN_INNER, PAT(0), c);
}

static PhArg build_select_f(PhBuild *build, const PhArg *args) { return functions(build, args, HOW_SHARE_OPEN); }
static PhArg build_pick_f(PhBuild *build, const PhArg *args) { return functions(build, args, HOW_MOD); }

/* The pick family (Strudel): which patterns, how the number is taken, whose structure. */
#define PICK(name, join, how)                                                                                          \
  static PhArg name(PhBuild *build, const PhArg *args)                                                                 \
  {                                                                                                                    \
    return join_choice(build, join, PAT(1), choice_of(build, &args[0], how));                                          \
  }
PICK(build_pick, PH_JOIN_INNER, HOW_CLAMP)
PICK(build_pickmod, PH_JOIN_INNER, HOW_MOD)
PICK(build_pick_out, PH_JOIN_OUTER, HOW_CLAMP)
PICK(build_pickmod_out, PH_JOIN_OUTER, HOW_MOD)
PICK(build_pick_reset, PH_JOIN_RESET, HOW_CLAMP)
PICK(build_pickmod_reset, PH_JOIN_RESET, HOW_MOD)
PICK(build_pick_restart, PH_JOIN_RESTART, HOW_CLAMP)
PICK(build_pickmod_restart, PH_JOIN_RESTART, HOW_MOD)
PICK(build_pick_squeeze, PH_JOIN_SQUEEZE, HOW_CLAMP)

/* ---- bite, chew: slices of a pattern by number -------------------------------------------------------------------------------- */

typedef struct Slices {
  const PhPat *pat;
  int64_t count;
} Slices;

static const PhPat *slice_of(PhBuild *build, const Slices *s, int64_t i)
{
  const int64_t at = (int64_t)ph_index_mod(i, (size_t)s->count);
  return ph_zoom(build, ph_arc(ph_rat(at, s->count), ph_rat(at + 1, s->count)), s->pat);
}

static const PhPat *bite_value(PhBuild *build, const void *ctx, PhValue value)
{
  int64_t i;
  return ph_value_to_int(&value, &i) ? slice_of(build, ctx, i) : NULL;
}

static Slices *slices_new(PhBuild *build, int64_t count, const PhPat *pat)
{
  Slices *s = PH_NEW(build->arena, Slices);
  *s = (Slices){ pat, count };
  return s;
}

const PhPat *ph_bite(PhBuild *build, int64_t count, const PhPat *index, const PhPat *pat)
{
  if (count <= 0) {
    return ph_pat_silence(build);
  }
  return ph_join(build, PH_JOIN_SQUEEZE, index, bite_value, slices_new(build, count, pat), pat->routes);
}

/* What a count that is itself a pattern chooses the slices of. */
typedef struct Indexed {
  const PhPat *index, *pat;
} Indexed;

static const PhPat *bite_count(PhBuild *build, const void *ctx, PhValue value)
{
  const Indexed *x = ctx;
  int64_t n;
  return ph_value_to_int(&value, &n) ? ph_bite(build, n, x->index, x->pat) : NULL;
}

static Indexed *indexed_new(PhBuild *build, const PhArg *args)
{
  Indexed *x = PH_NEW(build->arena, Indexed);
  *x = (Indexed){ PAT(1), PAT(2) };
  return x;
}

static PhArg build_bite(PhBuild *build, const PhArg *args)
{
  Indexed *x = indexed_new(build, args);
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), bite_count, x, x->pat->routes));
}

/* An index becomes its slice, compressed into the event, its speed multiplied by how much shorter that is. */
static bool chew_event(PhQuery *query, const void *ctx, PhEvent *e)
{
  int64_t i;
  if (!e->has_whole || !ph_value_to_int(&e->value, &i)) {
    return false;
  }
  PhBuild build = ph_query_build(query, false);
  const PhRat sam = ph_rat_floor(e->whole.begin), length = ph_arc_length(e->whole);
  const PhArc arc = ph_arc(ph_rat_sub(e->whole.begin, sam), ph_rat_sub(e->whole.end, sam));
  const PhValue speed = ph_num(1.0 / ph_rat_to_double(length));
  const PhPat *fast = ph_with_control(&build, PH_OP_MUL, slice_of(&build, ctx, i), "speed", speed);
  e->value = ph_pat_value(ph_compress(&build, arc, fast));
  return true;
}

static const PhPat *chew_count(PhBuild *build, const void *ctx, PhValue value)
{
  const Indexed *x = ctx;
  int64_t n;
  if (!ph_value_to_int(&value, &n) || n <= 0) {
    return NULL;
  }
  const PhPat *parts = ph_with_event(build, x->index, chew_event, slices_new(build, n, x->pat));
  const PhPat *joined = ph_join_pats(build, PH_JOIN_UNWRAP, parts, x->pat->routes);
  return ph_with_control(build, PH_OP_DIV, joined, "speed", ph_num((double)n));
}

static PhArg build_chew(PhBuild *build, const PhArg *args)
{
  Indexed *x = indexed_new(build, args);
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), chew_count, x, x->pat->routes));
}

/* ---- index: a window that moves -------------------------------------------------------------------------------------------------- */

typedef struct Window {
  const PhPat *pat;
  PhRat size;
} Window;

static const PhPat *index_value(PhBuild *build, const void *ctx, PhValue value)
{
  const Window *w = ctx;
  PhRat at;
  if (!ph_value_to_rat(&value, &at)) {
    return NULL;
  }
  const PhRat begin = ph_rat_mul(at, ph_rat_sub(PH_RAT_INT(1), w->size));
  return ph_zoom(build, ph_arc(begin, ph_rat_add(begin, w->size)), w->pat);
}

static PhArg build_index(PhBuild *build, const PhArg *args)
{
  Window *w = PH_NEW(build->arena, Window);
  *w = (Window){ PAT(2), ph_arg_as_rat(&args[0], PH_RAT_INT(1)) };
  if (w->size.num <= 0) {
    return ph_arg_pat(ph_complain(build, PH_RANGE, "the window of `index` must be wider than 0"));
  }
  return ph_arg_pat(ph_join(build, PH_JOIN_UNWRAP, PAT(1), index_value, w, w->pat->routes));
}

/* ---- fit ------------------------------------------------------------------------------------------------------------------------------ */

typedef struct Fit {
  const PhValue *values;
  size_t count;
  const PhPat *index;
  bool pats;
  int64_t per_cycle;
} Fit;

static bool fit_event(PhQuery *query, const void *ctx, PhEvent *e)
{
  (void)query;
  const Fit *fit = ctx;
  int64_t i, from;
  if (!ph_value_to_int(&e->value, &i) || fit->count == 0 ||
      __builtin_mul_overflow(fit->per_cycle, ph_rat_floor_int(e->part.begin), &from) ||
      __builtin_add_overflow(i, from, &i)) {
    return false;
  }
  e->value = fit->values[ph_index_mod(i, fit->count)];
  return true;
}

static const PhPat *fit_by(PhBuild *build, const Fit *fit) { return ph_with_event(build, fit->index, fit_event, fit); }

static uint64_t values_routes(const PhValue *values, size_t count)
{
  uint64_t routes = PH_ROUTES_PLAIN;
  for (size_t i = 0; i < count; i++) {
    routes |= values[i].tag == PH_VALUE_PAT ? values[i].pat->routes : 0;
  }
  return routes;
}

static const PhPat *fit_count(PhBuild *build, const void *ctx, PhValue value)
{
  Fit *fit = PH_NEW(build->arena, Fit);
  *fit = *(const Fit *)ctx;
  if (!ph_value_to_int(&value, &fit->per_cycle)) {
    return NULL;
  }
  const PhPat *pat = fit_by(build, fit);
  return fit->pats ? ph_join_pats(build, PH_JOIN_INNER, pat, values_routes(fit->values, fit->count)) : pat;
}

static PhArg build_fit(PhBuild *build, const PhArg *args)
{
  Fit *fit = PH_NEW(build->arena, Fit);
  fit->values = ph_arg_values(build, &args[1], &fit->count, &fit->pats);
  fit->index = PAT(2);
  const uint64_t routes = values_routes(fit->values, fit->count);
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), fit_count, fit, routes));
}

static bool is_number(PhQuery *query, const void *ctx, PhEvent *e)
{
  (void)query;
  int64_t i;
  const bool same = ph_value_to_int(&e->value, &i) && i == *(const int64_t *)ctx;
  e->value = ph_bool(true);
  return same;
}

static PhArg build_fit_prime(PhBuild *build, const PhArg *args)
{
  const PhRat cycles = ph_arg_as_rat(&args[0], PH_RAT_INT(1));
  const int64_t count = ph_arg_as_int(&args[1], 1);
  if (count <= 0 || count > PH_LIST_MAX) {
    return ph_arg_pat(ph_complain(build, PH_RANGE, "fit' takes 1 to %d slices", PH_LIST_MAX));
  }
  const PhPat *from = ph_fast(build, cycles, PAT(2)), *pat = ph_fast(build, cycles, PAT(4));
  PhValue *values = PH_NEWN(build->arena, PhValue, count);
  for (int64_t i = 0; i < count; i++) {
    int64_t *number = PH_NEW(build->arena, int64_t);
    *number = i;
    values[i] = ph_pat_value(ph_stretch(build, ph_mask(build, ph_with_event(build, from, is_number, number), pat)));
  }
  Fit *fit = PH_NEW(build->arena, Fit);
  *fit = (Fit){ .values = values, .count = (size_t)count, .index = PAT(3), .per_cycle = count };
  return ph_arg_pat(ph_join_pats(build, PH_JOIN_SQUEEZE, fit_by(build, fit), pat->routes));
}

/* ---- permstep: ways to share steps out ------------------------------------------------------------------------------------------------- */

typedef struct Perm {
  const PhValue *things;
  int64_t len, steps;
  int64_t *shares; /* rows of len, most even first */
  size_t count;
} Perm;

static double unevenness(const Perm *p, const int64_t *row)
{
  const double mean = (double)p->steps / (double)p->len;
  double sum = 0.0;
  for (int64_t i = 0; i < p->len; i++) {
    const double off = mean - (double)row[i];
    sum += off < 0.0 ? -off : off;
  }
  return sum;
}

/* The next of all rows of positive numbers that add up to the steps, in ascending order. */
static bool next_row(const Perm *p, int64_t *row)
{
  for (int64_t i = p->len - 2; i >= 0; i--) {
    int64_t rest = 0;
    for (int64_t j = i + 1; j < p->len; j++) {
      rest += row[j];
    }
    if (rest > p->len - 1 - i) {
      row[i]++;
      rest--;
      for (int64_t j = i + 1; j < p->len - 1; j++) {
        row[j] = 1;
        rest--;
      }
      row[p->len - 1] = rest;
      return true;
    }
  }
  return false;
}

/* All rows, sorted by evenness, the order of equally even ones kept. False: there are too many. */
static bool perm_rows(PhBuild *build, Perm *p)
{
  const size_t bytes = (size_t)p->len * sizeof *p->shares;
  int64_t *row = PH_NEWN(build->arena, int64_t, p->len);
  for (int64_t i = 0; i < p->len; i++) {
    row[i] = i == p->len - 1 ? p->steps - p->len + 1 : 1;
  }
  p->shares = ph_arena_alloc(build->arena, bytes * PH_LIST_MAX);
  do {
    if (p->count == PH_LIST_MAX) {
      return false;
    }
    size_t at = p->count++;
    for (; at > 0 && unevenness(p, &p->shares[(at - 1) * (size_t)p->len]) > unevenness(p, row); at--) {
      memcpy(&p->shares[at * (size_t)p->len], &p->shares[(at - 1) * (size_t)p->len], bytes);
    }
    memcpy(&p->shares[at * (size_t)p->len], row, bytes);
  } while (next_row(p, row));
  return true;
}

static const PhPat *perm_value(PhBuild *build, const void *ctx, PhValue value)
{
  const Perm *p = ctx;
  double x;
  if (!ph_value_to_num(&value, &x)) {
    return NULL;
  }
  const double at = (x < 0.0 ? 0.0 : x > 1.0 ? 1.0 : x) * (double)(p->count - 1);
  const int64_t *row = &p->shares[(size_t)at * (size_t)p->len];
  PhValue *values = PH_NEWN(build->arena, PhValue, p->steps);
  size_t count = 0;
  for (int64_t i = 0; i < p->len; i++) {
    for (int64_t j = 0; j < row[i]; j++) {
      values[count++] = p->things[i];
    }
  }
  return ph_fastcat_values(build, values, count);
}

static PhArg build_permstep(PhBuild *build, const PhArg *args)
{
  Perm *p = PH_NEW(build->arena, Perm);
  size_t count;
  bool pats;
  p->things = ph_arg_values(build, &args[1], &count, &pats);
  p->len = (int64_t)count;
  p->steps = ph_arg_as_int(&args[0], 1);
  if (pats || p->len == 0 || p->steps < p->len || p->steps > PH_LIST_MAX || !perm_rows(build, p)) {
    return ph_arg_pat(
        ph_complain(build, PH_RANGE, "permstep needs at least as many steps as things, all constants, and few"));
  }
  const PhPat *share = ph_segment(build, PH_RAT_INT(1), PAT(2));
  return ph_arg_pat(ph_join(build, PH_JOIN_UNWRAP, share, perm_value, p, PH_ROUTES_PLAIN));
}

/* ---- ur: a pattern of patterns ------------------------------------------------------------------------------------------------------------- */

typedef struct Ur {
  Choice pats;
  const PhNamed *fns;
  size_t fn_count;
} Ur;

/* The next part of "a:b" between colons; empty parts are left out. */
static PhStr next_part(const char **at)
{
  *at += strspn(*at, ":");
  const char *begin = *at;
  *at += strcspn(*at, ":");
  return ph_str(begin, (size_t)(*at - begin));
}

static const PhFn *ur_function(const Ur *ur, PhStr name)
{
  for (size_t i = 0; name.len && i < ur->fn_count; i++) {
    if (ur->fns[i].name && ur->fns[i].fn && ph_str_is(name, ur->fns[i].name)) {
      return ur->fns[i].fn;
    }
  }
  return NULL;
}

static bool ur_event(PhQuery *query, const void *ctx, PhEvent *e)
{
  const Ur *ur = ctx;
  if (!e->has_whole || e->value.tag != PH_VALUE_STR) {
    return false;
  }
  PhBuild build = ph_query_build(query, false);
  const char *at = e->value.str;
  const PhStr name = next_part(&at);
  const PhPat *pat = by_name(&ur->pats, ph_arena_strndup(query->arena, name.ptr, name.len));
  const PhFn *fn = ur_function(ur, next_part(&at));
  if (!pat) {
    return false;
  }
  if (fn) { /* begin later, inside (1 / length) of the function */
    const PhRat length = ph_arc_length(e->whole);
    pat = ph_slow(&build, length, ph_fn_apply(&build, fn, ph_fast(&build, length, pat)));
    pat = ph_rot_r(&build, e->whole.begin, pat);
  }
  e->value = ph_pat_value(pat);
  return true;
}

static PhArg build_ur(PhBuild *build, const PhArg *args)
{
  const PhRat time = ph_arg_as_rat(&args[0], PH_RAT_INT(1));
  Ur *ur = PH_NEW(build->arena, Ur);
  ur->pats = choice_of(build, &args[2], HOW_CLAMP);
  ur->fns = ph_arg_named(build, &args[3], &ur->fn_count);
  const PhPat **fast = PH_NEWN(build->arena, const PhPat *, ur->pats.count + 1);
  uint64_t routes = 0;
  for (size_t i = 0; i < ur->pats.count; i++) {
    fast[i] = ph_fast(build, time, ur->pats.pats[i]);
    routes |= fast[i]->routes;
    for (size_t j = 0; j < ur->fn_count; j++) {
      routes |= ur->fns[j].fn ? ph_fn_apply(build, ur->fns[j].fn, fast[i])->routes : 0;
    }
  }
  ur->pats.pats = fast;
  if (ur->pats.count && !ur->pats.names) {
    return ph_arg_pat(ph_complain(build, PH_TYPE, "ur takes a list of pairs (\"name\", pattern)"));
  }
  const PhPat *outer = ph_with_event(build, PAT(1), ur_event, ur);
  return ph_arg_pat(ph_slow(build, time, ph_join_pats(build, PH_JOIN_UNWRAP, outer, routes)));
}

/* ---- flatpat ------------------------------------------------------------------------------------------------------------------------------------- */

typedef struct Flat {
  PhPat base;
  const PhPat *child;
} Flat;

static void query_flat(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  PhEvents *lists = ph_scratch_take(query);
  ph_query(query, ((const Flat *)pat)->child, span, lists);
  for (size_t i = 0; i < lists->len; i++) {
    PhEvent e = lists->items[i];
    if (e.value.tag != PH_VALUE_LIST) {
      ph_emit(query, out, e);
      continue;
    }
    const PhValueList *list = e.value.list;
    for (size_t j = 0; j < list->len; j++) {
      e.value = list->items[j];
      ph_emit(query, out, e);
    }
  }
  ph_scratch_give(query, lists);
}

static PhArg build_flatpat(PhBuild *build, const PhArg *args)
{
  Flat *flat = PH_NODE(build, Flat, query_flat);
  flat->child = PAT(0);
  flat->base.routes = flat->child->routes;
  flat->base.steps = flat->child->steps;
  return ph_arg_pat(&flat->base);
}

/* ---- rows ----------------------------------------------------------------------------------------------------------------------------------------- */

#define FAMILY "combine"
#define LOOKUP                                                                                                         \
  PH_REQ("patterns", "[a]", "a list, or pairs (\"name\", pattern)"), PH_REQ("index", "b", "numbers from 0, or names")

static const PhPatFunc rows[] = {
  PH_ROW("squeeze", "", FAMILY, "a", "Squeezes a cycle of one of several patterns, chosen by number, into every event.",
         "squeeze \"0 1*2\" [s \"a b\", s \"c\"]",
         "0-1/4 s: \"a\" | 1/4-1/2 s: \"b\" | 1/2-3/4 s: \"c\" | 3/4-1 s: \"c\"",
         build_squeeze,
         PH_REQ("index", "int", "numbers from 0, modulo the count"), PH_REQ("patterns", "[a]", "")),
  PH_ROW("inhabit", "", FAMILY, "a", "Squeezes a cycle of a named pattern into every event that has its name.",
         "inhabit [(\"x\", s \"bd*2\"), (\"y\", s \"sn\")] \"x y\"",
         "0-1/4 s: \"bd\" | 1/4-1/2 s: \"bd\" | 1/2-1 s: \"sn\"",
         build_inhabit,
         PH_REQ("patterns", "[(text,a)]", "pairs of name and pattern"), PH_REQ("names", "str", "")),
  PH_ROW("select", "", FAMILY, "a", "Plays one of several patterns, chosen by a number from 0 to 1.",
         "select \"0 1\" [s \"a*2\", s \"b*4\"]",
         "0-1/2 s: \"a\" | 1/2-3/4 s: \"b\" | 3/4-1 s: \"b\"",
         build_select, PH_REQ("choice", "num", "0 to 1"),
         PH_REQ("patterns", "[a]", "")),
  PH_ROW("selectF", "selectf", FAMILY, "a", "Applies one of several functions, chosen by a number from 0 to 1.",
         "selectF \"0 1\" [rev, fast 2] \"a b\"",
         "0-1/2 \"b\" | 1/2-3/4 \"a\" | 3/4-1 \"b\"",
         build_select_f, PH_REQ("choice", "num", "0 to 1"),
         PH_REQ("functions", "[(a->a)]", ""), PH_REQ("pattern", "a", "")),
  PH_ROW("pickF", "pickf pickmodF", FAMILY, "a", "Applies one of several functions, chosen by number.",
         "pickF \"<0 1>\" [rev, fast 2] \"a b\"",
         "0-1/2 \"b\" | 1/2-1 \"a\"",
         build_pick_f,
         PH_REQ("index", "int", "numbers from 0, modulo the count"), PH_REQ("functions", "[(a->a)]", ""),
         PH_REQ("pattern", "a", "")),
  PH_ROW("pick", "", FAMILY, "a", "Plays one of several patterns, chosen by number or name.",
         "pick [\"a b\", \"c*2\"] \"0 1\"",
         "0-1/2 \"a\" | 1/2-1 \"c\"",
         build_pick, LOOKUP),
  PH_ROW("pickmod", "", FAMILY, "a", "Like pick, with numbers taken modulo the count.",
         "pickmod [\"a b\", \"c*2\"] \"2 3\"",
         "0-1/2 \"a\" | 1/2-1 \"c\"",
         build_pickmod, LOOKUP),
  PH_ROW("pickOut", "pickout", FAMILY, "a", "Like pick, with the structure of the choices.",
         "pickOut [\"a b\", \"c*2\"] \"0 1\"",
         "0-1/2 \"a\" | 1/2-1 \"c\"",
         build_pick_out, LOOKUP),
  PH_ROW("pickmodOut", "pickmodout", FAMILY, "a", "Like pickOut, with numbers taken modulo the count.",
         "pickmodOut [\"a b\", \"c*2\"] \"2 3\"",
         "0-1/2 \"a\" | 1/2-1 \"c\"",
         build_pickmod_out, LOOKUP),
  PH_ROW("pickReset", "pickreset", FAMILY, "a", "Like pick; each choice starts the chosen pattern's cycle anew.",
         "pickReset [\"a b\", \"c*2\"] \"0 1\"",
         "0-1/2 \"a\" | 1/2-1 \"c\"",
         build_pick_reset, LOOKUP),
  PH_ROW("pickmodReset", "pickmodreset", FAMILY, "a", "Like pickReset, with numbers taken modulo the count.",
         "pickmodReset [\"a b\", \"c*2\"] \"2 3\"",
         "0-1/2 \"a\" | 1/2-1 \"c\"",
         build_pickmod_reset, LOOKUP),
  PH_ROW("pickRestart", "pickrestart", FAMILY, "a",
         "Like pick; each choice starts the chosen pattern from its cycle 0.", "pickRestart [\"a b\", \"c*2\"] \"0 1\"",
         "0-1/2 \"a\" | 1/2-1 \"c\"",
         build_pick_restart, LOOKUP),
  PH_ROW("pickmodRestart", "pickmodrestart", FAMILY, "a", "Like pickRestart, with numbers taken modulo the count.",
         "pickmodRestart [\"a b\", \"c*2\"] \"2 3\"",
         "0-1/2 \"a\" | 1/2-1 \"c\"",
         build_pickmod_restart, LOOKUP),
  PH_ROW("pickSqueeze", "picksqueeze", FAMILY, "a",
         "Like pick; a cycle of the chosen pattern is squeezed into every choice.",
         "pickSqueeze [\"a b\", \"c\"] \"0 1\"",
         "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-1 \"c\"",
         build_pick_squeeze, LOOKUP),
  PH_ROW("bite", "", FAMILY, "a", "Cuts the cycle into n slices and squeezes one, chosen by number, into every event.",
         "bite 4 \"0 2*2\" \"0 .. 7\"",
         "0-1/4 0 | 1/4-1/2 1 | 1/2-5/8 4 | 5/8-3/4 5 | 3/4-7/8 4 | 7/8-1 5",
         build_bite, PH_REQ("n", "int", "slices"),
         PH_REQ("index", "int", "numbers from 0, modulo n"), PH_REQ("pattern", "a", "")),
  PH_ROW("chew", "", FAMILY, "ctrl", "Like bite, changing the speed of the samples with the length of the slices.",
         "chew 4 \"0 1*2\" $ n \"0 .. 7\" # s \"x\"",
         "0-1/4 n: 0, s: \"x\", speed: 0.5 | 1/4-1/2 n: 1, s: \"x\", speed: 0.5 | 1/2-5/8 n: 2, s: \"x\", speed: 1"
         " | 5/8-3/4 n: 3, s: \"x\", speed: 1 | 3/4-7/8 n: 2, s: \"x\", speed: 1 | 7/8-1 n: 3, s: \"x\", speed: 1",
         build_chew, PH_REQ("n", "int", "slices"),
         PH_REQ("index", "int", "numbers from 0, modulo n"), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("index", "", FAMILY, "a", "Plays a window of the cycle, whose place a pattern from 0 to 1 gives.",
         "index (1/4) \"0 0.5\" \"0 1 2 3\"",
         "0-1/2 0 | 1/2-1 2",
         build_index, PH_REQ("size", "!time", "of the window, in cycles"),
         PH_REQ("place", "time", "0 to 1"), PH_REQ("pattern", "a", "")),
  PH_ROW("fit", "", FAMILY, "a", "Picks from a list by number, starting n further into it every cycle.",
         "fit 2 [\"a\", \"b\", \"c\"] \"0 1\"",
         "0-1/2 \"a\" | 1/2-1 \"b\"",
         build_fit, PH_REQ("n", "int", "how much further every cycle"),
         PH_REQ("list", "[a]", "constants"), PH_REQ("index", "int", "numbers from 0, modulo the count")),
  PH_ROW("fit'", "", FAMILY, "a", "Cuts a pattern up by one pattern of numbers and puts it together by another.",
         "fit' 1 2 \"0 1\" \"1 0\" \"a b\"",
         "0-1/2 \"b\" | 1/2-1 \"a\"",
         build_fit_prime,
         PH_REQ("cycles", "!time", "of the pattern that are cut up"), PH_REQ("n", "!int", "slices"),
         PH_REQ("from", "int", "which part is which slice"), PH_REQ("to", "int", "the new order"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("permstep", "", FAMILY, "a", "Shares steps out among things; a number from 0 (evenly) to 1 says how.",
         "permstep 4 [\"a\", \"b\", \"c\"] \"0\"",
         "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-3/4 \"c\" | 3/4-1 \"c\"",
         build_permstep, PH_REQ("steps", "!int", "of the cycle"),
         PH_REQ("things", "[a]", "constants"), PH_REQ("choice", "num", "0 to 1")),
  PH_ROW("ur", "", FAMILY, "a",
         "Arranges named patterns, and functions of them, over some cycles by a pattern of names.",
         "ur 3 \"a b:f c\" [(\"a\", s \"bd*2\"), (\"b\", s \"sn*2\"), (\"c\", s \"hh*4\")] [(\"f\", (# speed 2))]",
         "0-1/2 s: \"bd\" | 1/2-1 s: \"bd\"",
         build_ur, PH_REQ("time", "!time", "cycles of the whole"), PH_REQ("form", "str", "names, or name:function"),
         PH_REQ("patterns", "[(text,a)]", "pairs of name and pattern"),
         PH_REQ("functions", "[(text,(a->a))]", "pairs of name and function")),
  PH_ROW("flatpat", "", FAMILY, "a", "Plays the items of lists at once.", "flatpat \"0 2\"",
         "0-1/2 0 | 1/2-1 2",
         build_flatpat,
         PH_REQ("pattern", "a", "")),
};

const PhPatTable ph_pat_select = { rows, PH_COUNT(rows) };
