/* Functions of chance. All of it is a function of time and of the program's seed, so it repeats.
   SPDX-License-Identifier: MIT */
#include "base/dmath.h"
#include "pattern/core.h"

#include <math.h>
#include <stdlib.h>

#define PAT(i) ph_arg_as_pat(build, &args[i])

/* ---- numbers and booleans ------------------------------------------------------------------------------------ */

static PhArg build_rand(PhBuild *build, const PhArg *args)
{
  (void)args;
  return ph_arg_pat(ph_rand_pat(build));
}

static PhValue times_floor(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query;
  return ph_num(floor(value.num * *(const double *)ctx));
}

static const PhPat *irand(PhBuild *build, const void *ctx, PhValue value)
{
  (void)ctx;
  double *n = PH_NEW(build->arena, double);
  return ph_value_to_num(&value, n) ? ph_with_value(build, ph_rand_pat(build), times_floor, n) : NULL;
}

static const PhPat *irand_of(PhBuild *build, int64_t n) { return irand(build, NULL, ph_int(n)); }

static PhArg build_irand(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), irand, NULL, PH_ROUTES_PLAIN));
}

static PhValue is_less(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query;
  return ph_bool(value.num < *(const double *)ctx);
}

static const PhPat *brand(PhBuild *build, const void *ctx, PhValue value)
{
  (void)ctx;
  double *x = PH_NEW(build->arena, double);
  return ph_value_to_num(&value, x) ? ph_with_value(build, ph_rand_pat(build), is_less, x) : NULL;
}

static PhArg build_brand(PhBuild *build, const PhArg *args)
{
  (void)args;
  return ph_arg_pat(brand(build, NULL, ph_num(0.5)));
}

static PhArg build_brand_by(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), brand, NULL, PH_ROUTES_PLAIN));
}

/* Box and Muller (1958), from now and from 1000 cycles later, cut to three deviations and scaled to 0 … 1. Tidal 1.10 adds
   3 before it cuts, so that its numbers never exceed 0.5; its dialect keeps that. */
static PhValue normal_value(PhQuery *query, const void *ctx, PhRat time)
{
  const double shift = *(const bool *)ctx ? 3.0 : 0.0;
  const double u = ph_rand_at(query, time), v = ph_rand_at(query, ph_rat_add(time, PH_RAT_INT(1000)));
  const double x = sqrt(-2.0 * ph_log_d(u < 0.001 ? 0.001 : u)) * ph_sin_turns_d(v + 0.25) + shift;
  return ph_num(((x < -3.0 ? -3.0 : x > 3.0 ? 3.0 : x) + 3.0 - shift) / 6.0);
}

static PhArg build_normal(PhBuild *build, const PhArg *args)
{
  (void)args;
  bool *tidal = PH_NEW(build->arena, bool);
  *tidal = build->tidal;
  return ph_arg_pat(ph_signal(build, normal_value, tidal));
}

/* ---- choosing from lists ------------------------------------------------------------------------------------- */

typedef struct Choices {
  size_t count;
  const PhPat *const *pats;
  double *cumulated;     /* of the weights, NULL: all alike */
  const PhPat **weights; /* if one of them is not constant */
} Choices;

static const PhPat *chosen(PhBuild *build, const void *ctx, PhValue value)
{
  (void)build;
  const Choices *c = ctx;
  double x;
  if (!ph_value_to_num(&value, &x) || c->count == 0) {
    return NULL;
  }
  if (!c->cumulated) {
    const double at = floor(x * (double)c->count), n = (double)c->count;
    const double index = at - n * floor(at / n); /* wraps */
    return c->pats[(size_t)index];
  }
  const double wanted = x * c->cumulated[c->count - 1];
  for (size_t i = 0; i < c->count; i++) {
    if (c->cumulated[i] > wanted) {
      return c->pats[i];
    }
  }
  return c->pats[c->count - 1];
}

static uint64_t all_routes(const Choices *c)
{
  uint64_t routes = 0;
  for (size_t i = 0; i < c->count; i++) {
    routes |= c->pats[i]->routes;
  }
  return routes;
}

static bool choose_event(PhQuery *query, const void *ctx, PhEvent *e)
{
  PhBuild build = ph_query_build(query, false);
  const PhPat *pat = chosen(&build, ctx, e->value);
  const PhValue *constant = pat ? ph_pat_constant(pat) : NULL;
  if (constant) {
    e->value = *constant;
  }
  return constant != NULL;
}

static bool choose_weighted(PhQuery *query, const void *ctx, PhEvent *e);

/* Values where all choices are constants (then `from` gives the structure), else a join. */
static PhArg choose_by(PhBuild *build, const PhPat *from, const Choices *c)
{
  bool constants = true;
  for (size_t i = 0; i < c->count; i++) {
    constants = constants && ph_pat_constant(c->pats[i]);
  }
  if (constants) {
    PhEventMap *map = c->weights ? choose_weighted : choose_event;
    return ph_arg_pat(ph_pat_with_routes(build, ph_with_event(build, from, map, c), all_routes(c)));
  }
  if (c->weights) {
    return ph_arg_pat(ph_complain(build, PH_ARG, "weights that are patterns choose between constants only"));
  }
  return ph_arg_pat(ph_join(build, PH_JOIN_UNWRAP, from, chosen, c, all_routes(c)));
}

static Choices *choices(PhBuild *build, const PhArg *list)
{
  Choices *c = PH_NEW(build->arena, Choices);
  c->pats = ph_arg_pats(build, list, &c->count);
  return c;
}

/* A choice from constants whose weights are patterns: the weights at the event's time decide. */
static bool choose_weighted(PhQuery *query, const void *ctx, PhEvent *e)
{
  Choices now = *(const Choices *)ctx;
  const PhRat at = ph_event_arc(e).begin;
  double total = 0.0;
  now.cumulated = PH_NEWN(query->arena, double, now.count + 1);
  PhEvents *found = ph_scratch_take(query);
  for (size_t i = 0; i < now.count; i++) {
    double weight = 0.0;
    found->len = 0;
    ph_query(query, now.weights[i], ph_arc(at, at), found);
    if (found->len && ph_value_to_num(&found->items[0].value, &weight) && weight > 0.0) {
      total += weight;
    }
    now.cumulated[i] = total;
  }
  ph_scratch_give(query, found);
  return total > 0.0 && choose_event(query, &now, e);
}

static Choices *weighted(PhBuild *build, const PhArg *list)
{
  Choices *c = PH_NEW(build->arena, Choices);
  const size_t n = list->tag == PH_ARG_LIST ? list->count : 0;
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, n + 1);
  const PhPat **weights = PH_NEWN(build->arena, const PhPat *, n + 1);
  c->cumulated = PH_NEWN(build->arena, double, n + 1);
  c->pats = pats;
  double total = 0.0;
  for (size_t i = 0; i < n; i++) {
    const PhArg *pair = &list->items[i];
    if ((pair->tag != PH_ARG_TUPLE && pair->tag != PH_ARG_LIST) || pair->count != 2) {
      (void)ph_complain(build, PH_ARG, "expected a list of pairs of a choice and its weight");
      c->count = 0;
      return c;
    }
    const double weight = ph_arg_as_num(&pair->items[1], 1.0);
    total += weight > 0.0 ? weight : 0.0;
    pats[c->count] = ph_arg_as_pat(build, &pair->items[0]);
    weights[c->count] = ph_arg_as_pat(build, &pair->items[1]);
    c->weights = ph_pat_constant(weights[c->count]) ? c->weights : weights;
    c->cumulated[c->count++] = total;
  }
  return c;
}

static PhArg build_choose(PhBuild *build, const PhArg *args)
{
  return choose_by(build, ph_rand_pat(build), choices(build, &args[0]));
}

static PhArg build_choose_by(PhBuild *build, const PhArg *args)
{
  return choose_by(build, PAT(0), choices(build, &args[1]));
}

static const PhPat *each_cycle(PhBuild *build) { return ph_segment(build, PH_RAT_INT(1), ph_rand_pat(build)); }

static PhArg build_cycle_choose(PhBuild *build, const PhArg *args)
{
  return choose_by(build, each_cycle(build), choices(build, &args[0]));
}

static PhArg build_wchoose(PhBuild *build, const PhArg *args)
{
  return choose_by(build, ph_rand_pat(build), weighted(build, &args[0]));
}

static PhArg build_wchoose_by(PhBuild *build, const PhArg *args)
{
  return choose_by(build, PAT(0), weighted(build, &args[1]));
}

static const PhPat *cat_from(PhBuild *build, const void *ctx, PhValue value)
{
  PhRat i;
  return ph_value_to_rat(&value, &i) ? ph_rot_l(build, i, ctx) : NULL;
}

static PhArg build_randcat(PhBuild *build, const PhArg *args)
{
  const Choices *c = choices(build, &args[0]);
  const PhPat *cat = ph_slowcat(build, c->pats, c->count);
  const PhPat *index = ph_segment(build, PH_RAT_INT(1), irand_of(build, (int64_t)c->count));
  return ph_arg_pat(ph_join(build, PH_JOIN_UNWRAP, index, cat_from, cat, cat->routes));
}

static PhArg build_wrandcat(PhBuild *build, const PhArg *args)
{
  const Choices *c = weighted(build, &args[0]);
  return ph_arg_pat(ph_join(build, PH_JOIN_UNWRAP, each_cycle(build), chosen, c, all_routes(c)));
}

/* ---- dropping events ----------------------------------------------------------------------------------------- */

static const PhPat *degrade_by(PhBuild *build, double amount, const PhPat *pat)
{
  return ph_degrade(build, amount, PH_RAT_INT(0), false, pat);
}

static const PhPat *undegrade_by(PhBuild *build, double amount, const PhPat *pat)
{
  return ph_degrade(build, amount, PH_RAT_INT(0), true, pat);
}

static PhArg build_degrade(PhBuild *build, const PhArg *args) { return ph_arg_pat(degrade_by(build, 0.5, PAT(0))); }

static PhArg build_degrade_by(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_num(build, PAT(0), degrade_by, PAT(1)));
}

static PhArg build_undegrade(PhBuild *build, const PhArg *args) { return ph_arg_pat(undegrade_by(build, 0.5, PAT(0))); }

static PhArg build_undegrade_by(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_num(build, PAT(0), undegrade_by, PAT(1)));
}

/* degradeOverBy: the chances of a cycle are repeated for n cycles, so that each loop of n loses the same events. */
typedef struct Over {
  const PhPat *pat;
  int64_t n;
  double amount;
} Over;

static bool keep_over(PhQuery *query, const void *ctx, PhEvent *e)
{
  const Over *over = ctx;
  const PhRat begin = ph_event_arc(e).begin;
  const int64_t cycle = ph_rat_floor_int(begin);
  const PhRat back = PH_RAT_INT(cycle - ph_rat_floor_int(ph_rat(cycle, over->n)));
  return ph_rand_at(query, ph_rat_sub(begin, back)) > over->amount;
}

static const PhPat *degrade_over(PhBuild *build, const void *ctx, PhValue value)
{
  Over *over = PH_NEW(build->arena, Over);
  *over = *(const Over *)ctx;
  return ph_value_to_num(&value, &over->amount) ? ph_with_event(build, over->pat, keep_over, over) : NULL;
}

static PhArg build_degrade_over(PhBuild *build, const PhArg *args)
{
  Over *over = PH_NEW(build->arena, Over);
  *over = (Over){ .pat = PAT(2), .n = ph_arg_as_int(&args[0], 1) };
  if (over->n <= 0) {
    return ph_arg_pat(ph_complain(build, PH_RANGE, "degradeOverBy takes more than 0 cycles"));
  }
  const PhPat *amounts = ph_slow(build, PH_RAT_INT(over->n), PAT(1));
  return ph_arg_pat(ph_join(build, PH_JOIN_UNWRAP, amounts, degrade_over, over, over->pat->routes));
}

/* A line over `cycles` cycles from `from` on, rising or falling: the probability of dropping an event. Tidal asks for it
   once per query, and its queries are whole cycles where its answers are known: its dialect steps by cycles. */
typedef struct Fade {
  PhRat from, cycles;
  bool falls, by_cycle;
} Fade;

static bool fade_event(PhQuery *query, const void *ctx, PhEvent *e)
{
  const Fade *f = ctx;
  const PhRat begin = ph_event_arc(e).begin;
  const PhRat at = f->by_cycle ? ph_rat_floor(begin) : begin;
  const double x = ph_rat_to_double(ph_rat_div(ph_rat_sub(at, f->from), f->cycles));
  const double y = x < 0.0 ? 0.0 : x > 1.0 ? 1.0 : x;
  return ph_rand_at(query, begin) >= (f->falls ? 1.0 - y : y);
}

const PhPat *ph_fade(PhBuild *build, PhRat from, PhRat cycles, bool in, const PhPat *pat)
{
  if (cycles.num <= 0) {
    return ph_complain(build, PH_RANGE, "a fade takes more than 0 cycles");
  }
  Fade *ctx = PH_NEW(build->arena, Fade);
  *ctx = (Fade){ from, cycles, in, build->tidal };
  return ph_with_event(build, pat, fade_event, ctx);
}

static PhArg build_fade_out(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_fade(build, PH_RAT_INT(0), ph_arg_as_rat(&args[0], PH_RAT_INT(1)), false, PAT(1)));
}

static PhArg build_fade_in(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_fade(build, PH_RAT_INT(0), ph_arg_as_rat(&args[0], PH_RAT_INT(1)), true, PAT(1)));
}

static PhArg build_fade_out_from(PhBuild *build, const PhArg *args)
{
  const PhRat from = ph_arg_as_rat(&args[0], PH_RAT_INT(0));
  return ph_arg_pat(ph_fade(build, from, ph_arg_as_rat(&args[1], PH_RAT_INT(1)), false, PAT(2)));
}

static PhArg build_fade_in_from(PhBuild *build, const PhArg *args)
{
  const PhRat from = ph_arg_as_rat(&args[0], PH_RAT_INT(0));
  return ph_arg_pat(ph_fade(build, from, ph_arg_as_rat(&args[1], PH_RAT_INT(1)), true, PAT(2)));
}

/* ---- permutations -------------------------------------------------------------------------------------------- */

enum { MOST_PARTS = 4096 };

typedef struct RandRun {
  PhPat base;
  int64_t n;
} RandRun;

typedef struct Ranked {
  double key;
  int64_t index;
} Ranked;

static int by_key(const void *a, const void *b)
{
  const Ranked *x = a, *y = b;
  const int order = (x->key > y->key) - (x->key < y->key);
  return order ? order : (x->index > y->index) - (x->index < y->index);
}

/* A permutation of 0 … n - 1 for every cycle: the order of n random numbers. */
static void query_randrun(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const int64_t n = ((const RandRun *)pat)->n;
  double *keys = PH_NEWN(query->arena, double, n);
  Ranked *ranked = PH_NEWN(query->arena, Ranked, n);
  PhCycles it = ph_cycles(query, span);
  while (ph_cycles_next(&it)) {
    const PhRat base = PH_RAT_INT(it.cycle);
    ph_rands_at(query, base, (size_t)n, keys);
    for (int64_t i = 0; i < n; i++) {
      ranked[i] = (Ranked){ keys[i], i };
    }
    qsort(ranked, (size_t)n, sizeof *ranked, by_key);
    for (int64_t i = 0; i < n; i++) {
      PhEvent e = { .has_whole = true, .value = ph_num((double)ranked[i].index) };
      e.whole = ph_arc(ph_rat_add(base, ph_rat(i, n)), ph_rat_add(base, ph_rat(i + 1, n)));
      if (ph_arc_sect(it.arc, e.whole, &e.part)) {
        PH_PUSH(query->arena, out, e);
      }
    }
  }
}

static const PhPat *randrun(PhBuild *build, int64_t n)
{
  if (n <= 0) {
    return ph_pat_silence(build);
  }
  if (n > MOST_PARTS) {
    return ph_complain(build, PH_LIMIT, "more than %d parts", MOST_PARTS);
  }
  RandRun *run = PH_NODE(build, RandRun, query_randrun);
  run->n = n;
  run->base.routes = PH_ROUTES_PLAIN;
  run->base.steps = PH_RAT_INT(n);
  return &run->base;
}

static const PhPat *randrun_value(PhBuild *build, const void *ctx, PhValue value)
{
  (void)ctx;
  int64_t n;
  return ph_value_to_int(&value, &n) ? randrun(build, n) : NULL;
}

static PhArg build_randrun(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), randrun_value, NULL, PH_ROUTES_PLAIN));
}

typedef struct Parts {
  int64_t n;
  const PhPat *pat;
} Parts;

/* Part i of n of the cycle, in every slot of the grid of n. */
static const PhPat *part_of(PhBuild *build, const void *ctx, PhValue value)
{
  const Parts *p = ctx;
  int64_t i;
  if (!ph_value_to_int(&value, &i)) {
    return NULL;
  }
  const PhPat *part = ph_zoom(build, ph_arc(ph_rat(i, p->n), ph_rat(i + 1, p->n)), p->pat);
  return ph_fast(build, PH_RAT_INT(p->n), ph_repeat_cycles(build, p->n, part));
}

static const PhPat *rearrange(PhBuild *build, const PhPat *order, int64_t n, const PhPat *pat)
{
  Parts *p = PH_NEW(build->arena, Parts);
  *p = (Parts){ n, pat };
  return ph_pat_with_steps(build, ph_join(build, PH_JOIN_INNER, order, part_of, p, pat->routes), pat->steps);
}

static const PhPat *shuffle(PhBuild *build, int64_t n, const PhPat *pat)
{
  return n <= 0 ? ph_pat_silence(build) : rearrange(build, randrun(build, n), n, pat);
}

static const PhPat *scramble(PhBuild *build, int64_t n, const PhPat *pat)
{
  return n <= 0 ? ph_pat_silence(build)
                : rearrange(build, ph_segment(build, PH_RAT_INT(n), irand_of(build, n)), n, pat);
}

static PhArg build_shuffle(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_int(build, PAT(0), shuffle, PAT(1)));
}

static PhArg build_scramble(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_int(build, PAT(0), scramble, PAT(1)));
}

/* ---- Markov chains ------------------------------------------------------------------------------------------- */

typedef struct Markov {
  PhPat base;
  size_t states;
  const double *sums; /* per state, the running sums of its row */
  int64_t n, first;
} Markov;

static int64_t next_state(PhQuery *query, const Markov *m, int64_t state, PhRat seed)
{
  const double *row = m->sums + (size_t)state * m->states;
  const double wanted = ph_rand_at(query, seed) * row[m->states - 1];
  for (size_t i = 0; i < m->states; i++) {
    if (row[i] >= wanted && (i + 1 == m->states || row[i + 1] > row[i])) { /* of states with weight 0 the last (1.10) */
      return (int64_t)i;
    }
  }
  return 0;
}

static void query_markov(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Markov *m = (const Markov *)pat;
  const PhRat delta = ph_rat(1, m->n);
  PhCycles it = ph_cycles(query, span);
  while (ph_cycles_next(&it)) {
    const PhRat base = PH_RAT_INT(it.cycle);
    int64_t state = m->first;
    for (int64_t i = 0; i < m->n; i++) {
      PhEvent e = { .has_whole = true, .value = ph_int(state) };
      e.whole = ph_arc(ph_rat_add(base, ph_rat(i, m->n)), ph_rat_add(base, ph_rat(i + 1, m->n)));
      if (ph_arc_sect(it.arc, e.whole, &e.part)) {
        PH_PUSH(query->arena, out, e);
      }
      state = next_state(query, m, state, ph_rat_add(base, ph_rat_mul(delta, PH_RAT_INT(i + 1))));
    }
  }
}

typedef struct Matrix {
  size_t states;
  double *sums;
} Matrix;

static const PhPat *markov_pair(PhBuild *build, const void *ctx, PhValue count, PhValue first)
{
  const Matrix *matrix = ctx;
  Markov *m = PH_NODE(build, Markov, query_markov);
  m->states = matrix->states;
  m->sums = matrix->sums;
  m->base.routes = PH_ROUTES_PLAIN;
  const bool ok = ph_value_to_int(&count, &m->n) && ph_value_to_int(&first, &m->first) && m->n > 0 &&
                  m->n <= MOST_PARTS && m->first >= 0 && m->first < (int64_t)m->states;
  return ok ? &m->base : NULL;
}

/* The running sums of a square list of lists of weights. NULL: it is not one. */
static Matrix *matrix_of(PhBuild *build, const PhArg *rows)
{
  const size_t n = rows->tag == PH_ARG_LIST ? rows->count : 0;
  Matrix *matrix = PH_NEW(build->arena, Matrix);
  *matrix = (Matrix){ n, PH_NEWN(build->arena, double, n *n + 1) };
  for (size_t i = 0; i < n; i++) {
    if (rows->items[i].tag != PH_ARG_LIST || rows->items[i].count != n) {
      (void)ph_complain(build, PH_ARG, "expected a square list of lists of weights");
      return NULL;
    }
    double sum = 0.0;
    for (size_t j = 0; j < n; j++) {
      sum += ph_arg_as_num(&rows->items[i].items[j], 0.0);
      matrix->sums[i * n + j] = sum;
    }
  }
  return matrix;
}

/* runMarkov: a chain as a list, from random numbers that begin at a time. */
static PhArg build_run_markov(PhBuild *build, const PhArg *args)
{
  const Matrix *matrix = matrix_of(build, &args[1]);
  const int64_t n = ph_arg_as_int(&args[0], 0), first = ph_arg_as_int(&args[2], 0);
  if (!matrix || n < 0 || n > MOST_PARTS || first < 0 || first >= (int64_t)matrix->states) {
    if (matrix) {
      (void)ph_complain(build, PH_RANGE, "runMarkov takes up to %d steps and begins at one of its states", MOST_PARTS);
    }
    return (PhArg){ .tag = PH_ARG_LIST };
  }
  const Markov m = { .states = matrix->states, .sums = matrix->sums, .n = n, .first = first };
  PhQuery query = { .arena = build->arena };
  PhArg *items = PH_NEWN(build->arena, PhArg, n + 1);
  int64_t state = first;
  for (int64_t i = 0; i < n; i++) {
    items[i] = ph_arg_value(ph_int(state));
    state = next_state(&query, &m, state, ph_rat_add(ph_arg_as_rat(&args[3], PH_RAT_INT(0)), ph_rat(i + 1, n)));
  }
  return (PhArg){ .tag = PH_ARG_LIST, .count = (uint32_t)n, .items = items };
}

static PhArg build_markov(PhBuild *build, const PhArg *args)
{
  const Matrix *matrix = matrix_of(build, &args[2]);
  if (!matrix) {
    return ph_arg_pat(ph_pat_silence(build));
  }
  return ph_arg_pat(ph_param2(build, PAT(0), PAT(1), markov_pair, matrix, PH_ROUTES_PLAIN));
}

/* ---- rows ---------------------------------------------------------------------------------------------------- */

#define FAMILY "random"
#define PATTERN PH_REQ("pattern", "a", "")

static const PhPatFunc rows[] = {
  PH_ROW0("rand", "", FAMILY, "num", "Random numbers from 0 to 1, a new one at every instant.", "segment 4 rand",
          "0-1/4 0.5 | 1/4-1/2 0.6295689214020967 | 1/2-3/4 0.2591378428041935 | 3/4-1 0.20052618719637394",
          build_rand),
  PH_ROW("irand", "", FAMILY, "num", "Random whole numbers from 0 to n - 1.", "segment 4 $ irand 8",
         "0-1/4 4 | 1/4-1/2 5 | 1/2-3/4 2 | 3/4-1 1", build_irand, PH_REQ("n", "num", "how many")),
  PH_ROW0("brand", "", FAMILY, "bool", "Random booleans.", "segment 4 brand",
          "0-1/4 false | 1/4-1/2 false | 1/2-3/4 true | 3/4-1 true", build_brand),
  PH_ROW("brandBy", "", FAMILY, "bool", "Random booleans, true with a probability.", "segment 4 $ brandBy 0.3",
         "0-1/4 false | 1/4-1/2 false | 1/2-3/4 true | 3/4-1 true", build_brand_by,
         PH_REQ("probability", "num", "of true, 0 to 1")),
  PH_ROW0("normal", "", FAMILY, "num", "Random numbers from 0 to 1 that lie mostly near 0.5.", "segment 4 normal",
          "0-1/4 0.42461738824387246 | 1/4-1/2 0.6600503227439184 | 1/2-3/4 0.6062680011065292"
          " | 3/4-1 0.6185336090363622",
          build_normal),
  PH_ROW("choose", "", FAMILY, "a", "A random item of a list, a new one at every instant.",
         "segment 4 $ choose [0, 2, 7]", "0-1/4 2 | 1/4-1/2 2 | 1/2-3/4 0 | 3/4-1 0", build_choose,
         PH_REQ("items", "[a]", "")),
  PH_ROW("chooseBy", "chooseWith", FAMILY, "a", "The item of a list that a pattern from 0 to 1 points at.",
         "chooseBy \"0 0.5\" [\"a\", \"b\"]", "0-1/2 \"a\" | 1/2-1 \"b\"", build_choose_by,
         PH_REQ("at", "num", "0 to 1"), PH_REQ("items", "[a]", "")),
  PH_ROW("cycleChoose", "chooseCycles", FAMILY, "a", "A random item of a list in every cycle.", "cycleChoose [0, 2, 7]",
         "0-1 2", build_cycle_choose, PH_REQ("items", "[a]", "")),
  PH_ROW("wchoose", "", FAMILY, "a", "A random item of a list of items with weights.",
         "segment 4 $ wchoose [(0, 1), (7, 3)]", "0-1/4 7 | 1/4-1/2 7 | 1/2-3/4 7 | 3/4-1 0", build_wchoose,
         PH_REQ("items", "[(a,num)]", "item and weight")),
  PH_ROW("wchooseBy", "", FAMILY, "a", "Like wchoose, chosen by a pattern from 0 to 1.",
         "wchooseBy \"0 0.5\" [(0, 1), (7, 3)]", "0-1/2 0 | 1/2-1 7", build_wchoose_by, PH_REQ("at", "num", "0 to 1"),
         PH_REQ("items", "[(a,num)]", "item and weight")),
  PH_ROW("randcat", "", FAMILY, "a", "A random pattern of a list in every cycle.", "randcat [\"a b\", \"c\"]",
         "0-1 \"c\"", build_randcat, PH_REQ("patterns", "[a]", "")),
  PH_ROW("wrandcat", "", FAMILY, "a", "Like randcat, with weights.", "wrandcat [(\"a b\", 1), (\"c\", 3)]", "0-1 \"c\"",
         build_wrandcat, PH_REQ("patterns", "[(a,num)]", "pattern and weight")),
  PH_ROW("degrade", "", FAMILY, "a", "Drops half of the events at random.", "degrade \"a*8\"",
         "0-1/8 \"a\" | 1/4-3/8 \"a\" | 3/8-1/2 \"a\"", build_degrade, PATTERN),
  PH_ROW("degradeBy", "degradeby", FAMILY, "a", "Drops events at random.", "degradeBy 0.3 \"a*8\"",
         "0-1/8 \"a\" | 1/8-1/4 \"a\" | 1/4-3/8 \"a\" | 3/8-1/2 \"a\" | 7/8-1 \"a\"", build_degrade_by,
         PH_REQ("amount", "num", "probability of dropping, 0 to 1"), PATTERN),
  PH_ROW("undegrade", "", FAMILY, "a", "Keeps just what degrade drops.", "undegrade \"a*8\"",
         "1/8-1/4 \"a\" | 1/2-5/8 \"a\" | 5/8-3/4 \"a\" | 3/4-7/8 \"a\" | 7/8-1 \"a\"", build_undegrade, PATTERN),
  PH_ROW("unDegradeBy", "undegradeBy", FAMILY, "a", "Keeps just what degradeBy drops.", "unDegradeBy 0.3 \"a*8\"",
         "1/2-5/8 \"a\" | 5/8-3/4 \"a\" | 3/4-7/8 \"a\"", build_undegrade_by,
         PH_REQ("amount", "num", "probability of keeping, 0 to 1"), PATTERN),
  PH_ROW("degradeOverBy", "", FAMILY, "a", "Drops events at random, the same ones for n cycles in a row.",
         "degradeOverBy 2 0.5 \"a*8\"", "1/4-3/8 \"a\" | 3/8-1/2 \"a\"", build_degrade_over,
         PH_REQ("cycles", "!int", ""), PH_REQ("amount", "num", "probability of dropping, 0 to 1"), PATTERN),
  PH_ROW("fadeOut", "", FAMILY, "a", "Drops more and more events over n cycles.", "fadeOut 2 \"a*8\"",
         "0-1/8 \"a\" | 1/8-1/4 \"a\" | 1/4-3/8 \"a\" | 3/8-1/2 \"a\" | 1/2-5/8 \"a\"", build_fade_out,
         PH_REQ("cycles", "!time", ""), PATTERN),
  PH_ROW("fadeIn", "", FAMILY, "a", "Drops fewer and fewer events over n cycles.", "fadeIn 2 \"a*8\"", "",
         build_fade_in, PH_REQ("cycles", "!time", ""), PATTERN),
  PH_ROW("fadeOutFrom", "", FAMILY, "a", "Like fadeOut, from a cycle on.", "fadeOutFrom 0 2 \"a*8\"",
         "0-1/8 \"a\" | 1/8-1/4 \"a\" | 1/4-3/8 \"a\" | 3/8-1/2 \"a\" | 1/2-5/8 \"a\"", build_fade_out_from,
         PH_REQ("from", "!time", "cycle"), PH_REQ("cycles", "!time", ""), PATTERN),
  PH_ROW("fadeInFrom", "", FAMILY, "a", "Like fadeIn, from a cycle on.", "fadeInFrom 0 2 \"a*8\"", "",
         build_fade_in_from, PH_REQ("from", "!time", "cycle"), PH_REQ("cycles", "!time", ""), PATTERN),
  PH_ROW("randrun", "", FAMILY, "num", "The numbers from 0 to n - 1 in a random order in every cycle.", "randrun 4",
         "0-1/4 3 | 1/4-1/2 2 | 1/2-3/4 0 | 3/4-1 1", build_randrun, PH_REQ("n", "int", "how many")),
  PH_ROW("shuffle", "", FAMILY, "a", "Plays n parts of every cycle in a random order.", "shuffle 4 \"a b c d\"",
         "0-1/4 \"d\" | 1/4-1/2 \"c\" | 1/2-3/4 \"a\" | 3/4-1 \"b\"", build_shuffle, PH_REQ("n", "int", "parts"),
         PATTERN),
  PH_ROW("scramble", "", FAMILY, "a", "Plays n randomly picked parts of every cycle.", "scramble 4 \"a b c d\"",
         "0-1/4 \"c\" | 1/4-1/2 \"c\" | 1/2-3/4 \"b\" | 3/4-1 \"a\"", build_scramble, PH_REQ("n", "int", "parts"),
         PATTERN),
  PH_ROW("runMarkov", "", FAMILY, "[num]",
         "Gives a Markov chain as a list of states, by weights of going from each state to each.",
         "listToPat (runMarkov 4 [[1, 2], [2, 1]] 0 0)", "0-1/4 0 | 1/4-1/2 1 | 1/2-3/4 0 | 3/4-1 0", build_run_markov,
         PH_REQ("n", "!int", "steps"), PH_REQ("weights", "[[num]]", "a row for each state"),
         PH_REQ("first", "!int", "state"), PH_REQ("seed", "!time", "cycles")),
  PH_ROW("markovPat", "", FAMILY, "int", "The states of a Markov chain of n steps in every cycle.",
         "markovPat 4 0 [[1, 3], [2, 1]]", "0-1/4 0 | 1/4-1/2 1 | 1/2-3/4 0 | 3/4-1 0", build_markov,
         PH_REQ("n", "int", "steps per cycle"), PH_REQ("first", "int", "state"),
         PH_REQ("weights", "[[num]]", "a row per state")),
};

const PhPatTable ph_pat_random = { rows, PH_COUNT(rows) };
