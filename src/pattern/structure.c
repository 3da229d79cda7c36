/* Functions that give a pattern the structure of booleans: struct, mask, Euclid, bits, grids.
   Euclidean rhythms: Toussaint 2005, by Bjorklund's algorithm.  SPDX-License-Identifier: MIT */
#include "pattern/args.h"

#include <string.h>

#define PAT(i) ph_arg_as_pat(build, &args[i])

/* ---- struct, mask ------------------------------------------------------------------------------------------------------------ */

static PhValue right_if_true(PhQuery *query, const void *ctx, PhValue left, PhValue right)
{
  (void)query, (void)ctx;
  bool yes;
  return ph_value_to_bool(&left, &yes) && yes ? right : (PhValue){ .tag = PH_VALUE_NONE };
}

static bool is_something(PhQuery *query, const void *ctx, PhEvent *e)
{
  (void)query, (void)ctx;
  return e->value.tag != PH_VALUE_NONE;
}

static bool is_true(PhQuery *query, const void *ctx, PhEvent *e)
{
  (void)query, (void)ctx;
  bool yes;
  return ph_value_to_bool(&e->value, &yes) && yes;
}

static PhValue left_value(PhQuery *query, const void *ctx, PhValue left, PhValue right)
{
  (void)query, (void)ctx, (void)right;
  return left;
}

const PhPat *ph_struct(PhBuild *build, const PhPat *bools, const PhPat *pat)
{
  const PhPat *all = ph_app(build, PH_APP_LEFT, bools, pat, right_if_true, NULL);
  return ph_pat_with_routes(build, ph_with_event(build, all, is_something, NULL), pat->routes);
}

const PhPat *ph_mask(PhBuild *build, const PhPat *bools, const PhPat *pat)
{
  const PhPat *yes = ph_with_event(build, bools, is_true, NULL);
  return ph_pat_with_routes(build, ph_app(build, PH_APP_LEFT, pat, yes, left_value, NULL), pat->routes);
}

static PhArg build_struct(PhBuild *build, const PhArg *args) { return ph_arg_pat(ph_struct(build, PAT(0), PAT(1))); }
static PhArg build_mask(PhBuild *build, const PhArg *args) { return ph_arg_pat(ph_mask(build, PAT(0), PAT(1))); }

static PhValue not_value(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query, (void)ctx;
  bool yes;
  return ph_value_to_bool(&value, &yes) ? ph_bool(!yes) : value;
}

static const PhPat *invert(PhBuild *build, const PhPat *bools) { return ph_with_value(build, bools, not_value, NULL); }

static PhArg build_sew(PhBuild *build, const PhArg *args) { return ph_arg_pat(ph_sew(build, PAT(0), PAT(1), PAT(2))); }

static PhArg build_stitch(PhBuild *build, const PhArg *args)
{
  const PhPat *bools = PAT(0);
  const PhPat *no = ph_struct(build, invert(build, bools), PAT(2));
  return ph_arg_pat(ph_stack2(build, ph_struct(build, bools, PAT(1)), no));
}

/* ---- a pattern squeezed into events: substruct, stripe ---------------------------------------------------------------------- */

typedef struct Within {
  PhPat base;
  const PhPat *outer, *inner;
  int64_t count; /* stripe: slices of a cycle */
} Within;

/* What `inner`, compressed into `slot` of its cycle, gives there, cut to the query. */
static void query_slot(PhQuery *query, const PhPat *inner, PhArc slot, PhArc span, const PhSourceList *sources,
                       PhEvents *out)
{
  PhArc seen;
  if (!ph_arc_sect(slot, span, &seen)) {
    return;
  }
  PhBuild build = ph_query_build(query, false);
  const PhRat sam = ph_rat_floor(slot.begin);
  const PhArc in_cycle = ph_arc(ph_rat_sub(slot.begin, sam), ph_rat_sub(slot.end, sam));
  const size_t first = out->len;
  ph_query(query, ph_compress(&build, in_cycle, inner), seen, out);
  for (size_t i = first; i < out->len; i++) {
    out->items[i].sources = ph_sources_join(query, sources, out->items[i].sources);
  }
}

static void query_substruct(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Within *w = (const Within *)pat;
  PhEvents *outers = ph_scratch_take(query);
  ph_query(query, w->outer, span, outers);
  for (size_t i = 0; i < outers->len; i++) {
    PhEvent e = outers->items[i];
    if (is_true(query, NULL, &e)) {
      query_slot(query, w->inner, ph_event_arc(&e), span, e.sources, out);
    }
  }
  ph_scratch_give(query, outers);
}

static PhArg build_substruct(PhBuild *build, const PhArg *args)
{
  Within *w = PH_NODE(build, Within, query_substruct);
  w->outer = PAT(0);
  w->inner = PAT(1);
  w->base.routes = w->inner->routes;
  return ph_arg_pat(&w->base);
}

enum { STRIPES_MAX = 256 };

/* The ends of the slices of a cycle: sums of 1, 2 or 3 by chance, as shares of their total. */
static void stripe_ends(PhQuery *query, PhRat cycle, int64_t count, PhRat *ends)
{
  int64_t sum = 0;
  for (int64_t i = 0; i < count; i++) {
    sum += 1 + (int64_t)(ph_rand_at(query, ph_rat_add(cycle, ph_rat(i, count))) * 3.0);
    ends[i] = PH_RAT_INT(sum);
  }
  for (int64_t i = 0; i < count; i++) {
    ends[i] = ph_rat_div(ends[i], PH_RAT_INT(sum));
  }
}

static void query_stripe(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Within *w = (const Within *)pat;
  PhRat ends[STRIPES_MAX];
  PhBuild build = ph_query_build(query, false);
  PhCycles it = ph_cycles(query, span);
  while (ph_cycles_next(&it)) {
    const PhRat cycle = PH_RAT_INT(it.cycle), n = PH_RAT_INT(w->count);
    PhRat begin = cycle;
    stripe_ends(query, cycle, w->count, ends);
    for (int64_t i = 0; i < w->count; i++) {
      const PhRat end = ph_rat_add(cycle, ends[i]);
      const PhPat *turn = ph_rot_r(&build, PH_RAT_INT(i), ph_fast(&build, n, w->inner));
      query_slot(query, ph_slow(&build, n, turn), ph_arc(begin, end), it.arc, NULL, out);
      begin = end;
    }
  }
}

static const PhPat *stripe(PhBuild *build, int64_t count, const PhPat *pat)
{
  if (count <= 0) {
    return ph_pat_silence(build);
  }
  if (count > STRIPES_MAX) {
    return ph_complain(build, PH_LIMIT, "more than %d stripes", STRIPES_MAX);
  }
  Within *w = PH_NODE(build, Within, query_stripe);
  w->inner = pat;
  w->count = count;
  w->base.routes = pat->routes;
  return &w->base;
}

static PhArg build_stripe(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_int(build, PAT(0), stripe, PAT(1)));
}

static PhArg build_slow_stripe(PhBuild *build, const PhArg *args)
{
  const PhPat *striped = ph_param_int(build, PAT(0), stripe, PAT(1));
  return ph_arg_pat(ph_param_rat(build, PAT(0), ph_slow, striped));
}

/* ---- Euclid -------------------------------------------------------------------------------------------------------------------- */

typedef struct Euclid {
  const PhPat *pat;
  bool inverse; /* pulses become rests and the other way round; -0 is 0, so no pulses stay no pulses */
  bool bools;
} Euclid;

static const PhPat *euclid_triple(PhBuild *build, const void *ctx, const PhValue v[3])
{
  const Euclid *e = ctx;
  int64_t pulses, steps, rotation;
  if (!ph_value_to_int(&v[0], &pulses) || !ph_value_to_int(&v[1], &steps) || !ph_value_to_int(&v[2], &rotation)) {
    return NULL;
  }
  pulses = e->inverse && pulses > -PH_EUCLID_MAX ? -pulses : pulses;
  return e->bools ? ph_euclid_of_bools(build, pulses, steps, rotation, e->pat)
                  : ph_euclid(build, pulses, steps, rotation, e->pat);
}

static const PhPat *euclid(PhBuild *build, const PhPat *pulses, const PhPat *steps, const PhPat *rotation, Euclid how)
{
  Euclid *ctx = PH_NEW(build->arena, Euclid);
  *ctx = how;
  const PhPat *const values[3] = { pulses, steps, rotation ? rotation : ph_pat_pure(build, ph_int(0)) };
  const PhPat *pat = ph_param3(build, values, euclid_triple, ctx, how.pat->routes);
  const PhValue *constant = ph_pat_constant(steps);
  int64_t n;
  return constant && ph_value_to_int(constant, &n) && n > 0 ? ph_pat_with_steps(build, pat, PH_RAT_INT(n)) : pat;
}

static PhArg build_euclid(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(euclid(build, PAT(0), PAT(1), NULL, (Euclid){ .pat = PAT(2) }));
}

static PhArg build_euclid_inv(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(euclid(build, PAT(0), PAT(1), NULL, (Euclid){ .pat = PAT(2), .inverse = true }));
}

static PhArg build_euclid_full(PhBuild *build, const PhArg *args)
{
  const PhPat *on = euclid(build, PAT(0), PAT(1), NULL, (Euclid){ .pat = PAT(2) });
  return ph_arg_pat(
      ph_stack2(build, on, euclid(build, PAT(0), PAT(1), NULL, (Euclid){ .pat = PAT(3), .inverse = true })));
}

static PhArg build_euclid_off(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(euclid(build, PAT(0), PAT(1), PAT(2), (Euclid){ .pat = PAT(3) }));
}

static PhArg build_euclid_off_inv(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(euclid(build, PAT(0), PAT(1), PAT(2), (Euclid){ .pat = PAT(3), .inverse = true }));
}

static PhArg build_euclid_off_full(PhBuild *build, const PhArg *args)
{
  const PhPat *on = euclid(build, PAT(0), PAT(1), PAT(2), (Euclid){ .pat = PAT(3) });
  return ph_arg_pat(
      ph_stack2(build, on, euclid(build, PAT(0), PAT(1), PAT(2), (Euclid){ .pat = PAT(4), .inverse = true })));
}

static PhArg build_euclid_off_bool(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(euclid(build, PAT(0), PAT(1), PAT(2), (Euclid){ .pat = PAT(3), .bools = true }));
}

/* ---- distrib: Euclid within Euclid ------------------------------------------------------------------------------------------------ */

enum { DISTRIB_MOST = 8 };

typedef struct Distrib {
  const PhPat *const *counts;
  const PhPat *pat;
  size_t len, have;
  int64_t values[DISTRIB_MOST];
} Distrib;

/* Lays the pulses of `sub` on the true steps of `mask`: those that run out are rests. */
static void lay(bool *mask, int64_t len, const bool *sub, int64_t sub_len)
{
  int64_t at = 0;
  for (int64_t i = 0; i < len; i++) {
    mask[i] = mask[i] && at < sub_len && sub[at++];
  }
}

static const PhPat *distrib_pattern(PhBuild *build, const Distrib *d)
{
  bool mask[PH_EUCLID_MAX], sub[PH_EUCLID_MAX];
  const int64_t len = d->values[d->len - 1];
  if (len <= 0 || len > PH_EUCLID_MAX) {
    return NULL;
  }
  memset(mask, 1, sizeof mask);
  for (size_t i = d->len - 1; i-- > 0;) {
    if (d->values[i] < 0 || d->values[i] > d->values[i + 1] || !ph_bjorklund(d->values[i], d->values[i + 1], sub)) {
      return NULL;
    }
    lay(mask, len, sub, d->values[i + 1]);
  }
  PhValue *bools = PH_NEWN(build->arena, PhValue, len);
  for (int64_t i = 0; i < len; i++) {
    bools[i] = ph_bool(mask[i]);
  }
  return ph_struct(build, ph_fastcat_values(build, bools, (size_t)len), d->pat);
}

static const PhPat *distrib_next(PhBuild *build, const void *ctx, PhValue value)
{
  Distrib *d = PH_NEW(build->arena, Distrib);
  *d = *(const Distrib *)ctx;
  if (!ph_value_to_int(&value, &d->values[d->have++])) {
    return NULL;
  }
  return d->have == d->len ? distrib_pattern(build, d)
                           : ph_join(build, PH_JOIN_UNWRAP, d->counts[d->have], distrib_next, d, d->pat->routes);
}

static PhArg build_distrib(PhBuild *build, const PhArg *args)
{
  Distrib *d = PH_NEW(build->arena, Distrib);
  d->counts = ph_arg_pats(build, &args[0], &d->len);
  d->pat = PAT(1);
  if (d->len == 0 || d->len > DISTRIB_MOST) {
    return ph_arg_pat(ph_complain(build, PH_ARG, "distrib takes a list of 1 to %d numbers", DISTRIB_MOST));
  }
  return ph_arg_pat(ph_join(build, PH_JOIN_UNWRAP, d->counts[0], distrib_next, d, d->pat->routes));
}

/* ---- bits ------------------------------------------------------------------------------------------------------------------------------ */

enum { BITS_MAX = 64 };

static const PhPat *bits_pattern(PhBuild *build, uint64_t number, int64_t count)
{
  PhValue bits[BITS_MAX];
  for (int64_t i = 0; i < count; i++) {
    bits[i] = ph_bool(number >> (count - 1 - i) & 1);
  }
  return ph_fastcat_values(build, bits, (size_t)count);
}

static const PhPat *bits_of(PhBuild *build, const void *ctx, PhValue value)
{
  int64_t number;
  return ph_value_to_int(&value, &number) ? bits_pattern(build, (uint64_t)number, *(const int64_t *)ctx) : NULL;
}

static const PhPat *binary(PhBuild *build, int64_t bits, const PhPat *number)
{
  if (bits <= 0 || bits > BITS_MAX) {
    return bits <= 0 ? ph_pat_silence(build) : ph_complain(build, PH_RANGE, "a number has at most %d bits", BITS_MAX);
  }
  int64_t *ctx = PH_NEW(build->arena, int64_t);
  *ctx = bits;
  const PhPat *pat = ph_join(build, PH_JOIN_SQUEEZE, number, bits_of, ctx, PH_ROUTES_PLAIN);
  return ph_pat_with_steps(build, pat, PH_RAT_INT(bits));
}

static PhArg build_binary(PhBuild *build, const PhArg *args) { return ph_arg_pat(binary(build, 8, PAT(0))); }
static PhArg build_binary_n(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_int(build, PAT(0), binary, PAT(1)));
}

static const PhPat *ascii_of(PhBuild *build, const void *ctx, PhValue value)
{
  (void)ctx;
  if (value.tag != PH_VALUE_STR) {
    return NULL;
  }
  const size_t len = strlen(value.str);
  if (len > PH_LIST_MAX / 8) {
    return NULL;
  }
  PhValue *bits = PH_NEWN(build->arena, PhValue, len * 8 + 1);
  for (size_t i = 0; i < len * 8; i++) {
    bits[i] = ph_bool((unsigned char)value.str[i / 8] >> (7 - i % 8) & 1);
  }
  return ph_fastcat_values(build, bits, len * 8);
}

static PhArg build_ascii(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_join(build, PH_JOIN_SQUEEZE, PAT(0), ascii_of, NULL, PH_ROUTES_PLAIN));
}

/* ---- rows --------------------------------------------------------------------------------------------------------------------------------- */

#define FAMILY "combine"
#define PULSES                                                                                                         \
  PH_REQ("pulses", "int", "onsets; negative: the rests instead"), PH_REQ("steps", "int", "steps of the cycle")

static const PhPatFunc rows[] = {
  PH_ROW("struct", "", FAMILY, "a", "Gives a pattern the structure of the true values of a boolean pattern.",
         "struct \"t f t*2\" \"a b\"",
         "0-1/3 \"a\" | 2/3-5/6 \"b\" | 5/6-1 \"b\"",
         build_struct, PH_REQ("structure", "bool", ""), PH_REQ("pattern", "a", "")),
  PH_ROW("mask", "", FAMILY, "a", "Silences a pattern where a boolean pattern is false.", "mask \"t f\" \"a*4\"",
         "0-1/4 \"a\" | 1/4-1/2 \"a\"",
         build_mask, PH_REQ("mask", "bool", ""), PH_REQ("pattern", "a", "")),
  PH_ROW("sew", "", FAMILY, "a",
         "Switches between two patterns by a boolean pattern; the structure comes from the patterns.",
         "sew \"t f\" \"a*4\" \"b*8\"",
         "0-1/4 \"a\" | 1/4-1/2 \"a\" | 1/2-5/8 \"b\" | 5/8-3/4 \"b\" | 3/4-7/8 \"b\" | 7/8-1 \"b\"",
         build_sew, PH_REQ("switch", "bool", ""),
         PH_REQ("yes", "a", "where it is true"), PH_REQ("no", "a", "where it is false")),
  PH_ROW("stitch", "", FAMILY, "a", "Switches between two patterns by a boolean pattern, which gives the structure.",
         "stitch \"t f t t\" \"a\" \"b\"",
         "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-3/4 \"a\" | 3/4-1 \"a\"",
         build_stitch, PH_REQ("switch", "bool", ""),
         PH_REQ("yes", "a", "where it is true"), PH_REQ("no", "a", "where it is false")),
  PH_ROW("substruct", "substruct'", FAMILY, "a", "Squeezes a cycle of a pattern into every true event.",
         "substruct \"t f t t\" \"a b\"",
         "0-1/8 \"a\" | 1/8-1/4 \"b\" | 1/2-5/8 \"a\" | 5/8-3/4 \"b\" | 3/4-7/8 \"a\" | 7/8-1 \"b\"",
         build_substruct, PH_REQ("structure", "bool", ""),
         PH_REQ("pattern", "a", "")),
  PH_ROW("stripe", "", FAMILY, "a", "Plays a pattern n times a cycle, in slots of random length.", "stripe 2 \"a b\"",
         "0-1/3 \"a\" | 1/3-2/3 \"b\" | 2/3-5/6 \"a\" | 5/6-1 \"b\"",
         build_stripe, PH_REQ("n", "int", "times, up to 256"), PH_REQ("pattern", "a", "")),
  PH_ROW("slowstripe", "", FAMILY, "a", "Like stripe, over n cycles, so that a repetition lasts a cycle on average.",
         "slowstripe 2 \"a b\"",
         "0-2/3 \"a\" | 2/3-4/3[2/3-1] \"b\"",
         build_slow_stripe, PH_REQ("n", "int", "times, up to 256"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("euclid", "", FAMILY, "a", "Plays a pattern on the pulses of a Euclidean rhythm.", "euclid 3 8 \"a\"",
         "0-1/8 \"a\" | 3/8-1/2 \"a\" | 3/4-7/8 \"a\"",
         build_euclid, PULSES, PH_REQ("pattern", "a", "")),
  PH_ROW("euclidInv", "euclidinv", FAMILY, "a", "Plays a pattern on the rests of a Euclidean rhythm.",
         "euclidInv 3 8 \"a\"",
         "1/8-1/4 \"a\" | 1/4-3/8 \"a\" | 1/2-5/8 \"a\" | 5/8-3/4 \"a\" | 7/8-1 \"a\"",
         build_euclid_inv, PULSES, PH_REQ("pattern", "a", "")),
  PH_ROW("euclidFull", "euclidfull", FAMILY, "a",
         "Plays one pattern on the pulses of a Euclidean rhythm and one on its rests.", "euclidFull 3 8 \"a\" \"b\"",
         "0-1/8 \"a\" | 1/8-1/4 \"b\" | 1/4-3/8 \"b\" | 3/8-1/2 \"a\" | 1/2-5/8 \"b\" | 5/8-3/4 \"b\" | 3/4-7/8 \"a\""
         " | 7/8-1 \"b\"",
         build_euclid_full, PULSES, PH_REQ("pattern", "a", "on the pulses"), PH_REQ("other", "a", "on the rests")),
  PH_ROW("euclidOff", "eoff euclidoff euclidRot", FAMILY, "a",
         "Plays a pattern on the pulses of a Euclidean rhythm that is rotated.", "euclidOff 3 8 2 \"a\"",
         "1/8-1/4 \"a\" | 1/2-5/8 \"a\" | 3/4-7/8 \"a\"",
         build_euclid_off, PULSES, PH_REQ("rotation", "int", "steps earlier"), PH_REQ("pattern", "a", "")),
  PH_ROW("euclidOffInv", "", FAMILY, "a", "Plays a pattern on the rests of a Euclidean rhythm that is rotated.",
         "euclidOffInv 3 8 2 \"a\"",
         "0-1/8 \"a\" | 1/4-3/8 \"a\" | 3/8-1/2 \"a\" | 5/8-3/4 \"a\" | 7/8-1 \"a\"",
         build_euclid_off_inv, PULSES, PH_REQ("rotation", "int", "steps earlier"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("euclidOffFull", "eoffful eoffull", FAMILY, "a", "Like euclidFull with a rotation.",
         "euclidOffFull 3 8 2 \"a\" \"b\"",
         "0-1/8 \"b\" | 1/8-1/4 \"a\" | 1/4-3/8 \"b\" | 3/8-1/2 \"b\" | 1/2-5/8 \"a\" | 5/8-3/4 \"b\" | 3/4-7/8 \"a\""
         " | 7/8-1 \"b\"",
         build_euclid_off_full, PULSES,
         PH_REQ("rotation", "int", "steps earlier"), PH_REQ("pattern", "a", "on the pulses"),
         PH_REQ("other", "a", "on the rests")),
  PH_ROW("euclidOffBool", "", FAMILY, "bool",
         "Keeps booleans on the pulses of a rotated Euclidean rhythm and inverts them elsewhere.",
         "euclidOffBool 3 8 2 \"t\"",
         "0-1/8 false | 1/8-1/4 true | 1/4-3/8 false | 3/8-1/2 false | 1/2-5/8 true | 5/8-3/4 false | 3/4-7/8 true"
         " | 7/8-1 false",
         build_euclid_off_bool, PULSES, PH_REQ("rotation", "int", "steps earlier"),
         PH_REQ("pattern", "bool", "")),
  PH_ROW("distrib", "", FAMILY, "a", "Spreads pulses over pulses over steps, each evenly.", "distrib [2, 3, 8] \"a\"",
         "0-1/8 \"a\" | 3/8-1/2 \"a\"",
         build_distrib, PH_REQ("counts", "[int]", "from the fewest to the steps of the cycle"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("binary", "", FAMILY, "bool", "Turns whole numbers into their eight bits, as booleans.", "binary 146",
         "0-1/8 true | 1/8-1/4 false | 1/4-3/8 false | 3/8-1/2 true | 1/2-5/8 false | 5/8-3/4 false | 3/4-7/8 true"
         " | 7/8-1 false",
         build_binary, PH_REQ("number", "int", "0 to 255")),
  PH_ROW("binaryN", "", FAMILY, "bool", "Turns whole numbers into n bits, as booleans.", "binaryN 4 5",
         "0-1/4 false | 1/4-1/2 true | 1/2-3/4 false | 3/4-1 true",
         build_binary_n, PH_REQ("n", "int", "bits, 1 to 64"), PH_REQ("number", "int", "")),
  PH_ROW("ascii", "", FAMILY, "bool", "Turns the characters of words into their eight bits, as booleans.",
         "ascii \"a\"",
         "0-1/8 false | 1/8-1/4 true | 1/4-3/8 true | 3/8-1/2 false | 1/2-5/8 false | 5/8-3/4 false | 3/4-7/8 false"
         " | 7/8-1 true",
         build_ascii, PH_REQ("words", "str", "")),
};

const PhPatTable ph_pat_structure = { rows, PH_COUNT(rows) };
