/* Functions that cut samples: they set begin, end, speed and unit.  SPDX-License-Identifier: MIT */
#include "pattern/args.h"

#define PAT(i) ph_arg_as_pat(build, &args[i])

enum { PIECES_MAX = 4096 };

static bool too_many(PhBuild *build, int64_t count)
{
  if (count > PIECES_MAX) {
    (void)ph_complain(build, PH_LIMIT, "more than %d pieces", PIECES_MAX);
  }
  return count > PIECES_MAX;
}

/* ---- chop, gap ------------------------------------------------------------------------------------------------------------------ */

/* The span [begin, end] of the sample, within the one that the event has already if it has both ends. */
static PhValue chop_value(PhQuery *query, PhValue value, double begin, double end)
{
  if (value.tag != PH_VALUE_MAP) {
    return value;
  }
  const PhValue *b = ph_map_find(value.map, "begin"), *e = ph_map_find(value.map, "end");
  double from, to;
  if (b && e && ph_value_to_num(b, &from) && ph_value_to_num(e, &to)) {
    const double length = to - from;
    begin = from + begin * length;
    end = from + end * length;
  }
  const PhMap *map = ph_map_set(query->arena, value.map, "begin", ph_num(begin));
  return ph_map_value(ph_map_set(query->arena, map, "end", ph_num(end)));
}

static const PhPat *chop_event(PhBuild *build, const void *ctx, PhValue value)
{
  const int64_t count = *(const int64_t *)ctx;
  PhQuery memory = { .arena = build->arena };
  PhValue *pieces = PH_NEWN(build->arena, PhValue, count);
  for (int64_t i = 0; i < count; i++) {
    pieces[i] = chop_value(&memory, value, (double)i / (double)count, (double)(i + 1) / (double)count);
  }
  return ph_fastcat_values(build, pieces, (size_t)count);
}

static const PhPat *times_steps(PhBuild *build, const PhPat *pat, const PhPat *of, int64_t count)
{
  const PhRat steps = of->steps;
  return ph_pat_with_steps(build, pat, ph_rat_ok(steps) ? ph_rat_mul(steps, PH_RAT_INT(count)) : steps);
}

const PhPat *ph_chop(PhBuild *build, int64_t count, const PhPat *pat)
{
  if (count <= 0 || too_many(build, count)) {
    return ph_pat_silence(build);
  }
  int64_t *ctx = PH_NEW(build->arena, int64_t);
  *ctx = count;
  return times_steps(build, ph_join(build, PH_JOIN_SQUEEZE, pat, chop_event, ctx, pat->routes), pat, count);
}

static PhArg build_chop(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_int(build, PAT(0), ph_chop, PAT(1)));
}

static PhValue right_value(PhQuery *query, const void *ctx, PhValue left, PhValue right)
{
  (void)ctx;
  return ph_value_op(query, PH_OP_RIGHT, left, right);
}

/* Every second piece of chop: fast n (cat [pure 1, silence]) gives the structure. */
static const PhPat *gap(PhBuild *build, int64_t count, const PhPat *pat)
{
  /* In Tidal the grid's number 1 counts as a control, `n`; here it is nothing. */
  const PhValue one = ph_int(1);
  const PhPat *on = build->tidal ? ph_pat_control(build, "n", ph_pat_pure(build, one)) : ph_pat_pure(build, one);
  const PhPat *const turns[] = { on, ph_pat_silence(build) };
  const PhPat *grid = ph_fast(build, PH_RAT_INT(count), ph_slowcat(build, turns, 2));
  return ph_pat_with_routes(build, ph_app(build, PH_APP_BOTH, grid, ph_chop(build, count, pat), right_value, NULL),
                            pat->routes);
}

static PhArg build_gap(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_int(build, PAT(0), gap, PAT(1)));
}

/* ---- striate ---------------------------------------------------------------------------------------------------------------------- */

typedef struct Range {
  double begin, end;
} Range;

/* [begin, end] within the span that the event has, 0 to 1 if it has none. */
static PhValue nest_range(PhQuery *query, const void *ctx, PhValue value)
{
  const Range *r = ctx;
  if (value.tag != PH_VALUE_MAP) {
    return value;
  }
  const double from = ph_map_num(value.map, "begin", 0.0), length = ph_map_num(value.map, "end", 1.0) - from;
  const PhMap *map = ph_map_set(query->arena, value.map, "begin", ph_num(r->begin * length + from));
  return ph_map_value(ph_map_set(query->arena, map, "end", ph_num(r->end * length + from)));
}

/* `count` passes over the pattern, pass i with the range from i * slot, `length` long. */
static const PhPat *passes(PhBuild *build, int64_t count, double slot, double length, bool even, const PhPat *pat)
{
  if (count <= 0 || too_many(build, count)) {
    return ph_pat_silence(build);
  }
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count);
  Range *ranges = PH_NEWN(build->arena, Range, count);
  for (int64_t i = 0; i < count; i++) {
    const double begin = slot * (double)i;
    ranges[i] =
        even ? (Range){ (double)i / (double)count, (double)(i + 1) / (double)count } : (Range){ begin, begin + length };
    pats[i] = ph_with_value(build, pat, nest_range, &ranges[i]);
  }
  return times_steps(build, ph_fastcat(build, pats, (size_t)count), pat, count);
}

static const PhPat *striate(PhBuild *build, int64_t count, const PhPat *pat)
{
  return passes(build, count, 0.0, 0.0, true, pat);
}

static PhArg build_striate(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_int(build, PAT(0), striate, PAT(1)));
}

static const PhPat *striate_by(PhBuild *build, const void *ctx, PhValue count, PhValue length)
{
  int64_t n;
  double f;
  if (!ph_value_to_int(&count, &n) || !ph_value_to_num(&length, &f)) {
    return NULL;
  }
  return passes(build, n, n > 1 ? (1.0 - f) / (double)(n - 1) : 0.0, f, false, ctx);
}

static PhArg build_striate_by(PhBuild *build, const PhArg *args)
{
  const PhPat *pat = PAT(2);
  return ph_arg_pat(ph_param2(build, PAT(0), PAT(1), striate_by, pat, pat->routes));
}

/* ---- slice, splice --------------------------------------------------------------------------------------------------------------------- */

static PhValue slice_begin(PhQuery *query, const void *ctx, PhValue index, PhValue count)
{
  (void)query, (void)ctx;
  int64_t i, n;
  const bool ok = ph_value_to_int(&index, &i) && ph_value_to_int(&count, &n) && n > 0;
  return ph_num(ok ? (double)ph_index_mod(i, (size_t)n) / (double)n : 0.0);
}

static PhValue slice_width(PhQuery *query, const void *ctx, PhValue count)
{
  (void)query, (void)ctx;
  double n;
  return ph_num(ph_value_to_num(&count, &n) && n > 0.0 ? 1.0 / n : 1.0);
}

static const PhPat *slice(PhBuild *build, const PhPat *count, const PhPat *index, const PhPat *pat)
{
  const PhPat *begin = ph_app(build, PH_APP_LEFT, index, count, slice_begin, NULL);
  const PhPat *end = ph_pat_op(build, PH_OP_ADD, PH_OP_BOTH, begin, ph_with_value(build, count, slice_width, NULL));
  const PhPat *span =
      ph_pat_op(build, PH_OP_RIGHT, PH_OP_IN, ph_pat_control(build, "begin", begin), ph_pat_control(build, "end", end));
  return ph_pat_op(build, PH_OP_RIGHT, PH_OP_IN, span, pat);
}

static PhArg build_slice(PhBuild *build, const PhArg *args) { return ph_arg_pat(slice(build, PAT(0), PAT(1), PAT(2))); }

/* The speed that makes a slice fill its event, times the one it has. */
static bool splice_event(PhQuery *query, const void *ctx, PhEvent *e)
{
  const double count = (double)*(const int64_t *)ctx;
  if (e->value.tag != PH_VALUE_MAP) {
    return true;
  }
  const double fill = 1.0 / count / ph_rat_to_double(ph_arc_length(ph_event_arc(e)));
  const double speed = fill * ph_map_num(e->value.map, "speed", 1.0);
  e->value = ph_map_value(ph_map_set(query->arena, e->value.map, "speed", ph_num(speed)));
  return true;
}

typedef struct Splice {
  const PhPat *index, *pat;
} Splice;

static const PhPat *splice_count(PhBuild *build, const void *ctx, PhValue value)
{
  const Splice *s = ctx;
  int64_t *count = PH_NEW(build->arena, int64_t);
  if (!ph_value_to_int(&value, count) || *count <= 0) {
    return NULL;
  }
  const PhPat *sliced = slice(build, ph_pat_pure(build, value), s->index, s->pat);
  return ph_with_control(build, PH_OP_RIGHT, ph_with_event(build, sliced, splice_event, count), "unit",
                         ph_text_value("c"));
}

static PhArg build_splice(PhBuild *build, const PhArg *args)
{
  Splice *s = PH_NEW(build->arena, Splice);
  *s = (Splice){ PAT(1), PAT(2) };
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), splice_count, s, s->pat->routes));
}

/* ---- randslice ------------------------------------------------------------------------------------------------------------------------------ */

typedef struct RandSlice {
  const PhPat *pat;
  int64_t count;
} RandSlice;

static const PhPat *rand_slice_at(PhBuild *build, const void *ctx, PhValue value)
{
  const RandSlice *r = ctx;
  double x;
  if (!ph_value_to_num(&value, &x)) {
    return NULL;
  }
  const double count = (double)r->count, i = (double)(int64_t)(x * count);
  const PhPat *pat = ph_with_control(build, PH_OP_RIGHT, r->pat, "begin", ph_num(i / count));
  return ph_with_control(build, PH_OP_RIGHT, pat, "end", ph_num((i + 1.0) / count));
}

/* One random slice a cycle: Tidal takes one for every query, which is the same where a query is a cycle. */
static const PhPat *rand_slice(PhBuild *build, int64_t count, const PhPat *pat)
{
  if (count <= 0) {
    return ph_pat_silence(build);
  }
  RandSlice *r = PH_NEW(build->arena, RandSlice);
  *r = (RandSlice){ pat, count };
  const PhPat *chance = ph_segment(build, PH_RAT_INT(1), ph_rand_pat(build));
  return times_steps(build, ph_join(build, PH_JOIN_INNER, chance, rand_slice_at, r, pat->routes), pat, count);
}

static PhArg build_rand_slice(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_int(build, PAT(0), rand_slice, PAT(1)));
}

/* ---- loopAt, smash, splat, grain ----------------------------------------------------------------------------------------------------------------- */

static PhValue reciprocal(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query, (void)ctx;
  double x;
  return ph_num(ph_value_to_num(&value, &x) && x != 0.0 ? 1.0 / x : 0.0);
}

static PhArg build_loop_at(PhBuild *build, const PhArg *args)
{
  const PhPat *cycles = PAT(0);
  const PhPat *slow = ph_param_rat(build, cycles, ph_slow, PAT(1));
  const PhPat *speed = ph_pat_control(build, "speed", ph_with_value(build, cycles, reciprocal, NULL));
  const PhPat *pat = ph_pat_op(build, PH_OP_MUL, PH_OP_IN, slow, speed);
  return ph_arg_pat(ph_with_control(build, PH_OP_RIGHT, pat, "unit", ph_text_value("c")));
}

static PhArg smash(PhBuild *build, const PhArg *args, const PhPat *cut)
{
  size_t count;
  const PhPat *const *times = ph_arg_pats(build, &args[1], &count);
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count + 1);
  for (size_t i = 0; i < count; i++) {
    pats[i] = ph_param_rat(build, times[i], ph_slow, cut);
  }
  return ph_arg_pat(ph_slowcat(build, pats, count));
}

static PhArg build_smash(PhBuild *build, const PhArg *args)
{
  return smash(build, args, ph_param_int(build, PAT(0), striate, PAT(2)));
}

static PhArg build_smash_prime(PhBuild *build, const PhArg *args)
{
  return smash(build, args, ph_param_int(build, PAT(0), ph_chop, PAT(2)));
}

static PhValue zero(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query, (void)ctx, (void)value;
  return ph_int(0);
}

static PhArg build_splat(PhBuild *build, const PhArg *args)
{
  const PhPat *pat = PAT(2);
  const PhPat *cycles = ph_bite(build, 1, ph_with_value(build, pat, zero, NULL), PAT(1));
  return ph_arg_pat(ph_pat_op(build, PH_OP_RIGHT, PH_OP_IN, ph_param_int(build, PAT(0), ph_chop, pat), cycles));
}

static PhArg build_grain(PhBuild *build, const PhArg *args)
{
  const PhPat *begin = PAT(0);
  const PhPat *end = ph_pat_op(build, PH_OP_ADD, PH_OP_BOTH, begin, PAT(1));
  return ph_arg_pat(ph_pat_op(build, PH_OP_RIGHT, PH_OP_IN, ph_pat_control(build, "begin", begin),
                              ph_pat_control(build, "end", end)));
}

static PhValue sample_name(PhQuery *query, const void *ctx, PhValue name, PhValue number)
{
  (void)ctx;
  int64_t n;
  if (name.tag != PH_VALUE_STR || !ph_value_to_int(&number, &n)) {
    return name;
  }
  return ph_text_value(ph_arena_printf(query->arena, "%s:%lld", name.str, (long long)n));
}

static PhArg build_samples(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_app(build, PH_APP_BOTH, PAT(0), PAT(1), sample_name, NULL));
}

/* ---- chunk: a function that moves from part to part ------------------------------------------------------------------------------------------------ */

typedef struct Chunk {
  const PhFn *fn;
  const PhPat *pat, *changed;
  int64_t count;
  bool back;
} Chunk;

static PhArc chunk_arc(int64_t i, int64_t count) { return ph_arc(ph_rat(i, count), ph_rat(i + 1, count)); }

static const PhPat *chunk_at(PhBuild *build, const void *ctx, PhValue value)
{
  const Chunk *c = ctx;
  return ph_within(build, chunk_arc(value.i, c->count), c->changed, c->pat);
}

/* Forwards the cycles of the pattern are spread over n (as cat does); backwards they go on as they are (Tidal). */
static const PhPat *chunk(PhBuild *build, const void *ctx, PhValue value)
{
  Chunk *c = PH_NEW(build->arena, Chunk);
  *c = *(const Chunk *)ctx;
  int64_t n;
  if (!ph_value_to_int(&value, &n) || n == 0 || n < -PIECES_MAX || too_many(build, n)) {
    return NULL;
  }
  n = c->back ? -n : n;
  c->count = n < 0 ? -n : n;
  if (n > 0) {
    const PhPat **pats = PH_NEWN(build->arena, const PhPat *, n);
    for (int64_t i = 0; i < n; i++) {
      pats[i] = ph_within(build, chunk_arc(i, n), c->changed, c->pat);
    }
    return ph_slowcat(build, pats, (size_t)n);
  }
  PhValue *numbers = PH_NEWN(build->arena, PhValue, c->count);
  for (int64_t i = 0; i < c->count; i++) {
    numbers[i] = ph_int(c->count - 1 - i);
  }
  return ph_join(build, PH_JOIN_UNWRAP, ph_slowcat_values(build, numbers, (size_t)c->count), chunk_at, c,
                 c->pat->routes | c->changed->routes);
}

static PhArg chunks(PhBuild *build, const PhArg *args, bool back)
{
  Chunk *c = PH_NEW(build->arena, Chunk);
  *c = (Chunk){ .fn = args[1].fn, .pat = PAT(2), .back = back };
  c->changed = ph_fn_apply(build, c->fn, c->pat);
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), chunk, c, c->pat->routes | c->changed->routes));
}

static PhArg build_chunk(PhBuild *build, const PhArg *args) { return chunks(build, args, false); }
static PhArg build_chunk_back(PhBuild *build, const PhArg *args) { return chunks(build, args, true); }

/* ---- rows ------------------------------------------------------------------------------------------------------------------------------------------------ */

#define FAMILY "sampler"

static const PhPatFunc rows[] = {
  PH_ROW("chop", "", FAMILY, "ctrl", "Cuts every event into n pieces, which play the sample's pieces in order.",
         "chop 2 $ s \"a b\"",
         "0-1/4 begin: 0, end: 0.5, s: \"a\" | 1/4-1/2 begin: 0.5, end: 1, s: \"a\""
         " | 1/2-3/4 begin: 0, end: 0.5, s: \"b\" | 3/4-1 begin: 0.5, end: 1, s: \"b\"",
         build_chop, PH_REQ("n", "int", "pieces of an event"), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("gap", "", FAMILY, "ctrl", "Like chop, with every second piece left out.", "gap 4 $ s \"a\"",
         "0-1/4 begin: 0, end: 0.25, s: \"a\" | 1/2-3/4 begin: 0.5, end: 0.75, s: \"a\"",
         build_gap,
         PH_REQ("n", "int", "pieces of an event"), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("striate", "", FAMILY, "ctrl", "Plays the cycle n times, each time with the next n-th of every sample.",
         "striate 2 $ s \"a b\"",
         "0-1/4 begin: 0, end: 0.5, s: \"a\" | 1/4-1/2 begin: 0, end: 0.5, s: \"b\""
         " | 1/2-3/4 begin: 0.5, end: 1, s: \"a\" | 3/4-1 begin: 0.5, end: 1, s: \"b\"",
         build_striate, PH_REQ("n", "int", "passes"), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("striateBy", "striate' striateby", FAMILY, "ctrl",
         "Like striate, with parts of a given length, which may overlap.", "striateBy 2 0.75 $ s \"a\"",
         "0-1/2 begin: 0, end: 0.75, s: \"a\" | 1/2-1 begin: 0.25, end: 1, s: \"a\"",
         build_striate_by, PH_REQ("n", "int", "passes"), PH_REQ("length", "num", "of a part, as a share of the sample"),
         PH_REQ("pattern", "ctrl", "")),
  PH_ROW("slice", "", FAMILY, "ctrl", "Plays slices of a sample, chosen by number.", "slice 4 \"0 2\" $ s \"bev\"",
         "0-1/2 begin: 0, end: 0.25, s: \"bev\" | 1/2-1 begin: 0.5, end: 0.75, s: \"bev\"",
         build_slice, PH_REQ("n", "int", "slices"), PH_REQ("index", "int", "numbers from 0, modulo n"),
         PH_REQ("pattern", "ctrl", "")),
  PH_ROW("splice", "", FAMILY, "ctrl",
         "Plays slices of a sample, chosen by number, at the speed at which they fill their events.",
         "splice 4 \"0 2\" $ s \"bev\"",
         "0-1/2 begin: 0, end: 0.25, s: \"bev\", speed: 0.5, unit: \"c\""
         " | 1/2-1 begin: 0.5, end: 0.75, s: \"bev\", speed: 0.5, unit: \"c\"",
         build_splice, PH_REQ("n", "int", "slices"),
         PH_REQ("index", "int", "numbers from 0, modulo n"), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("randslice", "", FAMILY, "ctrl", "Plays a random one of n slices of a sample every cycle.",
         "randslice 4 $ s \"bev\"",
         "0-1 begin: 0.5, end: 0.75, s: \"bev\"",
         build_rand_slice, PH_REQ("n", "int", "slices"), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("loopAt", "loopat", FAMILY, "ctrl", "Makes a sample last a number of cycles.", "loopAt 2 $ s \"break\"",
         "0-2[0-1] s: \"break\", speed: 0.5, unit: \"c\"",
         build_loop_at, PH_REQ("cycles", "time", "how long the sample lasts"), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("smash", "", FAMILY, "ctrl",
         "Cuts samples as striate does and plays the pattern slower by a list of factors in turn.",
         "smash 2 [1, 2] $ s \"a b\"",
         "0-1/4 begin: 0, end: 0.5, s: \"a\" | 1/4-1/2 begin: 0, end: 0.5, s: \"b\""
         " | 1/2-3/4 begin: 0.5, end: 1, s: \"a\" | 3/4-1 begin: 0.5, end: 1, s: \"b\"",
         build_smash, PH_REQ("n", "int", "passes"),
         PH_REQ("times", "[time]", "times as slow"), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("smash'", "", FAMILY, "ctrl", "Like smash, cutting samples as chop does.", "smash' 2 [1, 2] $ s \"a b\"",
         "0-1/4 begin: 0, end: 0.5, s: \"a\" | 1/4-1/2 begin: 0.5, end: 1, s: \"a\""
         " | 1/2-3/4 begin: 0, end: 0.5, s: \"b\" | 3/4-1 begin: 0.5, end: 1, s: \"b\"",
         build_smash_prime, PH_REQ("n", "int", "pieces of an event"), PH_REQ("times", "[time]", "times as slow"),
         PH_REQ("pattern", "ctrl", "")),
  PH_ROW("splat", "", FAMILY, "ctrl",
         "Chops a pattern and squeezes a cycle of another one's controls into each of its events.",
         "splat 2 (s \"a*4\") (s \"b c\")",
         "0-1/4[0-1/8] begin: 0, end: 0.5, s: \"a\" | 0-1/4[1/8-1/4] begin: 0, end: 0.5, s: \"a\""
         " | 1/4-1/2[1/4-3/8] begin: 0.5, end: 1, s: \"a\" | 1/4-1/2[3/8-1/2] begin: 0.5, end: 1, s: \"a\""
         " | 1/2-3/4[1/2-5/8] begin: 0, end: 0.5, s: \"a\" | 1/2-3/4[5/8-3/4] begin: 0, end: 0.5, s: \"a\""
         " | 3/4-1[3/4-7/8] begin: 0.5, end: 1, s: \"a\" | 3/4-1[7/8-1] begin: 0.5, end: 1, s: \"a\"",
         build_splat, PH_REQ("n", "int", "pieces of an event"),
         PH_REQ("controls", "ctrl", ""), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("grain", "", FAMILY, "ctrl", "Sets begin, and end a width after it.", "grain \"0 0.5\" 0.1",
         "0-1/2 begin: 0, end: 0.1 | 1/2-1 begin: 0.5, end: 0.6",
         build_grain,
         PH_REQ("begin", "num", "0 to 1"), PH_REQ("width", "num", "as a share of the sample")),
  PH_ROW("samples", "samples'", FAMILY, "str", "Puts names and numbers together to names of samples, such as \"bd:3\".",
         "samples \"bd sn\" \"0 3\"",
         "0-1/2 \"bd:0\" | 1/2-1 \"sn:3\"",
         build_samples, PH_REQ("names", "str", ""), PH_REQ("numbers", "int", "")),
  PH_ROW("chunk", "", FAMILY, "a",
         "Applies a function to one n-th of the cycle, a further one every cycle; negative: backwards.",
         "chunk 2 (fast 2) \"a b\"",
         "0-1/4 \"a\" | 1/4-1/2 \"b\" | 1/2-1 \"b\"",
         build_chunk, PH_REQ("n", "int", "parts"), PH_REQ("function", "(a->a)", ""),
         PH_REQ("pattern", "a", "")),
  PH_ROW("chunk'", "chunkBack chunkback", FAMILY, "a",
         "Applies a function to one n-th of the cycle, from the last to the first.", "chunk' 2 (fast 2) \"a b\"",
         "0-1/2 \"a\" | 1/2-3/4 \"a\" | 3/4-1 \"b\"",
         build_chunk_back, PH_REQ("n", "int", "parts"), PH_REQ("function", "(a->a)", ""), PH_REQ("pattern", "a", "")),
};

const PhPatTable ph_pat_sampler = { rows, PH_COUNT(rows) };
