/* The toolkit that every family of pattern functions is made of: nodes, time maps, functors, applicatives, joins, random
   numbers, arithmetic. Internal to src/pattern; others see pattern.h.

   A pattern node is a struct whose first member is a PhPat; its query function casts the PhPat back. Nodes are immutable
   once built. `routes` of a node must cover the routes of everything whose events it may show (ph_node_over does it).

   A query function *appends* to `out` and may edit only what it appended itself, so a functor queries its child straight
   into `out` and edits in place: no temporaries. Where temporaries are needed (the outer side of a join, the right side of
   an applicative) they come from a pool of buffers in the query (ph_scratch_take), so that memory does not grow with the
   number of joins.

   All functions are [control] at build time and [any] at query time, one PhQuery per thread.
   SPDX-License-Identifier: MIT */
#ifndef PH_PATTERN_CORE_H
#define PH_PATTERN_CORE_H

#include "pattern/pattern.h"

/* ---- spans --------------------------------------------------------------------------------------------------- */

PH_INLINE PhArc ph_arc(PhRat begin, PhRat end) { return (PhArc){ begin, end }; }
PH_INLINE bool ph_arc_eq(PhArc a, PhArc b) { return ph_rat_eq(a.begin, b.begin) && ph_rat_eq(a.end, b.end); }
PH_INLINE PhRat ph_arc_length(PhArc a) { return ph_rat_sub(a.end, a.begin); }
/* The cycle that `t` is in: [floor t, floor t + 1). */
PhArc ph_arc_cycle(PhRat t);
/* Tidal's subArc: the intersection, which may have no width only where both touch at an instant that neither *ends*
   (a zero-width span at the end of a wider one does not count). False: they do not meet. */
bool ph_arc_sect(PhArc a, PhArc b, PhArc *out);
/* An event's whole, or its part where it is continuous. */
PH_INLINE PhArc ph_event_arc(const PhEvent *e) { return e->has_whole ? e->whole : e->part; }

/* Cuts a span at cycle boundaries. A zero-width span gives itself once.
     PhCycles it = ph_cycles(query, span);
     while (ph_cycles_next(&it)) { … it.arc, it.cycle … }
   Raises PH_LIMIT at once if there are more than PH_QUERY_MAX_EVENTS cycles. */
typedef struct PhCycles {
  PhArc arc;     /* the current piece */
  PhRat end;     /* of all */
  int64_t cycle; /* the number of the cycle that the piece is in */
  bool started;
} PhCycles;
PhCycles ph_cycles(PhQuery *query, PhArc span);
bool ph_cycles_next(PhCycles *it);

/* ---- queries ------------------------------------------------------------------------------------------------- */

/* Leaves through the trap of the query's arena. */
PH_NORETURN void ph_query_fail(PhQuery *query, PhStatus status, const char *fmt, ...) PH_PRINTF(3, 4);
/* Counts `steps` of work (a cycle visited, an inner query) against the query's budget; PH_LIMIT beyond it. */
void ph_query_work(PhQuery *query, uint64_t steps);
/* An empty buffer of events from the query's pool, and back. Give back in the reverse order if you can. */
PhEvents *ph_scratch_take(PhQuery *query);
void ph_scratch_give(PhQuery *query, PhEvents *events);
/* A PhBuild whose memory is the query's, for patterns that are built per event (joins). */
PhBuild ph_query_build(PhQuery *query, bool tidal);
/* Appends an event. */
void ph_emit(PhQuery *query, PhEvents *out, PhEvent event);
/* Places in the text of an event that two events made: those of `inner`, then those of `outer`. */
const PhSourceList *ph_sources_join(PhQuery *query, const PhSourceList *outer, const PhSourceList *inner);

/* ---- nodes --------------------------------------------------------------------------------------------------- */

#define PH_ROUTES_PLAIN 1u /* events without effects: mask 0 */

/* A zeroed node of `bytes`, with no routes and unknown steps. A leaf, which makes events of its own, sets its routes to
   PH_ROUTES_PLAIN; every other node gets those of its children (ph_node_over). */
void *ph_node_new(PhBuild *build, size_t bytes, PhQueryFn *query);
#define PH_NODE(build, T, query) ((T *)ph_node_new((build), sizeof(T), (query)))
/* Adds the routes of `child` to those of `node`; both may be NULL. */
void ph_node_over(PhPat *node, const PhPat *child);
/* The masks that events may have which combine the controls of an event of `a` and one of `b`. */
uint64_t ph_routes_combine(uint64_t a, uint64_t b);
const PhPat *ph_pat_with_routes(PhBuild *build, const PhPat *pat, uint64_t routes);
/* The value of a pattern made by ph_pat_pure(_at) or by a functor over one (so "3" and 3 alike); NULL: not constant. */
const PhValue *ph_pat_constant(const PhPat *pat);
const PhSourceList *ph_pat_constant_sources(const PhPat *pat); /* its place in the text, or NULL */
bool ph_pat_is_silence(const PhPat *pat);
/* The same pattern with another number of steps (den 0: unknown). */
const PhPat *ph_pat_with_steps(PhBuild *build, const PhPat *pat, PhRat steps);
/* A copy of a text in the arena of the build. */
const char *ph_build_text(PhBuild *build, const char *text, size_t len);
/* Tells of an error in the arguments (build->complain) and gives silence. */
const PhPat *ph_complain(PhBuild *build, PhStatus status, const char *fmt, ...) PH_PRINTF(3, 4);

/* ---- values -------------------------------------------------------------------------------------------------- */

PH_INLINE PhValue ph_num(double x) { return (PhValue){ .tag = PH_VALUE_NUM, .num = x }; }
PH_INLINE PhValue ph_note(double x) { return (PhValue){ .tag = PH_VALUE_NOTE, .num = x }; }
PH_INLINE PhValue ph_int(int64_t i) { return (PhValue){ .tag = PH_VALUE_INT, .i = i }; }
PH_INLINE PhValue ph_ratio(PhRat r) { return (PhValue){ .tag = PH_VALUE_RATIO, .ratio = r }; }
PH_INLINE PhValue ph_bool(bool b) { return (PhValue){ .tag = PH_VALUE_BOOL, .b = b }; }
PH_INLINE PhValue ph_text_value(const char *s) { return (PhValue){ .tag = PH_VALUE_STR, .str = s }; }
PH_INLINE PhValue ph_pat_value(const PhPat *p) { return (PhValue){ .tag = PH_VALUE_PAT, .pat = p }; }

/* Casts; false if the value cannot be read so. Numbers of all tags convert into each other (to int by floor; to bool by
   being non-zero; a control map of one numeric control counts as that number); words "t" "true" "f" "false" are booleans,
   other words may be numbers as ph_value_as_num has it. */
bool ph_value_to_num(const PhValue *value, double *out);
bool ph_value_to_int(const PhValue *value, int64_t *out);
bool ph_value_to_rat(const PhValue *value, PhRat *out);
bool ph_value_to_bool(const PhValue *value, bool *out);
bool ph_value_is_number(const PhValue *value);
bool ph_value_eq(const PhValue *a, const PhValue *b); /* numbers by value across tags, texts by content, maps per key */
int ph_value_cmp(const PhValue *a, const PhValue *b); /* a total order: numbers, then texts, then the rest */
/* One operation on two values: Tidal's rules (numbers promote int < ratio < num < note; texts keep the left; maps per key
   of the union, a key on one side only is kept, negated for SUB and inverted for DIV if only on the right). */
PhValue ph_value_op(PhQuery *query, PhOp op, PhValue a, PhValue b);

/* Control maps. `name` must outlive the map (a literal or a text of the build). */
const PhValue *ph_map_find(const PhMap *map, const char *name); /* NULL map is empty */
const PhMap *ph_map_set(PhArena *arena, const PhMap *map, const char *name, PhValue value); /* a copy with it */
const PhMap *ph_map_union(PhArena *arena, const PhMap *left, const PhMap *right); /* right wins */
PH_INLINE PhValue ph_map_value(const PhMap *map) { return (PhValue){ .tag = PH_VALUE_MAP, .map = map }; }
/* A number of a control map, `dflt` if it is not there. */
double ph_map_num(const PhMap *map, const char *name, double dflt);

/* ---- functors ------------------------------------------------------------------------------------------------ */

/* `ctx` of these callbacks is what was given to the constructor: it must live as long as the pattern (build arena). */
typedef PhRat PhTimeMap(const void *ctx, PhRat time);
typedef PhValue PhValueMap(PhQuery *query, const void *ctx, PhValue value);
typedef bool PhEventMap(PhQuery *query, const void *ctx, PhEvent *event); /* edits; false drops the event */
typedef PhValue PhValueOp(PhQuery *query, const void *ctx, PhValue left, PhValue right);

/* The query's begin and end go through `to_child`, the child's wholes and parts through `from_child`. */
const PhPat *ph_with_time(PhBuild *build, const PhPat *child, PhTimeMap *to_child, PhTimeMap *from_child, const void *ctx);
/* child time = time * mul + add, mul > 0. The base of fast, slow, rotL and rotR; nested ones collapse into one node. */
const PhPat *ph_with_affine(PhBuild *build, const PhPat *child, PhRat mul, PhRat add);
/* Functor: every value through `map`, which must depend on nothing but the value and `ctx`; `query` is for memory. */
const PhPat *ph_with_value(PhBuild *build, const PhPat *child, PhValueMap *map, const void *ctx);
/* Every event through `map`, which may edit or drop it (never change the part so that it leaves the query). */
const PhPat *ph_with_event(PhBuild *build, const PhPat *child, PhEventMap *map, const void *ctx);
/* Every event gets one more place in the text. */
const PhPat *ph_with_sources(PhBuild *build, const PhPat *child, PhSource source);
const PhPat *ph_filter_onsets(PhBuild *build, const PhPat *child);
const PhPat *ph_filter_digital(PhBuild *build, const PhPat *child);
/* The query is cut at cycles before it reaches the child. */
const PhPat *ph_split_queries(PhBuild *build, const PhPat *child);

/* ---- applicatives and joins ---------------------------------------------------------------------------------- */

typedef enum PhAppHow {
  PH_APP_BOTH,  /* <*>: wholes intersect */
  PH_APP_LEFT,  /* <*: wholes of the left; the right is queried over them */
  PH_APP_RIGHT, /* *>  */
} PhAppHow;
const PhPat *ph_app(PhBuild *build, PhAppHow how, const PhPat *left, const PhPat *right, PhValueOp *op, const void *ctx);

typedef enum PhJoin {
  PH_JOIN_UNWRAP,  /* wholes intersect (Tidal's bind) */
  PH_JOIN_INNER,   /* wholes of the inner pattern */
  PH_JOIN_OUTER,   /* wholes of the outer one; the value of the inner at the start of the outer whole */
  PH_JOIN_SQUEEZE, /* an inner cycle focused into every outer whole (1.10) */
  PH_JOIN_RESET,   /* trigJoin: the inner pattern's cycle starts at each outer onset */
  PH_JOIN_RESTART, /* trigZeroJoin: its cycle 0 starts there */
} PhJoin;

/* The pattern for one value of the outer pattern; NULL is silence. Called at query time for every outer event (its memory
   is the query's then), or once at build time where the outer pattern is constant and the join is INNER. */
typedef const PhPat *PhParamFn(PhBuild *build, const void *ctx, PhValue value);

/* Joins fmap fn outer. `routes`: those of everything that fn's patterns may show; `steps` of the result.
   PH_JOIN_INNER with a constant outer gives fn's pattern itself: this is Tidal's tParam ("patternify"). */
const PhPat *ph_join(PhBuild *build, PhJoin join, const PhPat *outer, PhParamFn *fn, const void *ctx, uint64_t routes);
/* Joins a pattern of PH_VALUE_PAT values. */
const PhPat *ph_join_pats(PhBuild *build, PhJoin join, const PhPat *outer, uint64_t routes);

/* The usual case, a function with one patterned argument and a child: tParam f arg child. */
typedef const PhPat *PhRatFn(PhBuild *build, PhRat arg, const PhPat *child);
typedef const PhPat *PhIntFn(PhBuild *build, int64_t arg, const PhPat *child);
typedef const PhPat *PhNumFn(PhBuild *build, double arg, const PhPat *child);
const PhPat *ph_param_rat(PhBuild *build, const PhPat *arg, PhRatFn *fn, const PhPat *child);
const PhPat *ph_param_int(PhBuild *build, const PhPat *arg, PhIntFn *fn, const PhPat *child);
const PhPat *ph_param_num(PhBuild *build, const PhPat *arg, PhNumFn *fn, const PhPat *child);

/* Two patterned arguments, joined as Tidal's tParam2: fn sees one value of each. */
typedef const PhPat *PhPairFn(PhBuild *build, const void *ctx, PhValue first, PhValue second);
const PhPat *ph_param2(PhBuild *build, const PhPat *first, const PhPat *second, PhPairFn *fn, const void *ctx, uint64_t routes);
/* The same with another join than PH_JOIN_INNER. */
const PhPat *ph_param2_by(PhBuild *build, PhJoin join, const PhPat *first, const PhPat *second, PhPairFn *fn,
                          const void *ctx, uint64_t routes);
/* Lists of one value of each: (,) <$> a <*> b, with <* or *> as `how` says. */
const PhPat *ph_pair(PhBuild *build, PhAppHow how, const PhPat *a, const PhPat *b);
/* Three, likewise. */
typedef const PhPat *PhTripleFn(PhBuild *build, const void *ctx, const PhValue values[3]);
const PhPat *ph_param3(PhBuild *build, const PhPat *const args[3], PhTripleFn *fn, const void *ctx, uint64_t routes);
/* Switches between patterns by a pattern of booleans; the structure comes from the patterns (Tidal's sew). */
const PhPat *ph_sew(PhBuild *build, const PhPat *bools, const PhPat *yes, const PhPat *no);

/* ---- combining ----------------------------------------------------------------------------------------------- */

const PhPat *ph_stack(PhBuild *build, const PhPat *const *pats, size_t count);
const PhPat *ph_stack2(PhBuild *build, const PhPat *a, const PhPat *b);
/* cat: cycle c plays cycle floor(c / n) of pattern c mod n. */
const PhPat *ph_slowcat(PhBuild *build, const PhPat *const *pats, size_t count);
const PhPat *ph_fastcat(PhBuild *build, const PhPat *const *pats, size_t count);
/* Each compressed into its share of the cycle. Weights that are not positive are left out. */
const PhPat *ph_timecat(PhBuild *build, const PhRat *weights, const PhPat *const *pats, size_t count);
/* Values in one cycle, and one per cycle. */
const PhPat *ph_fastcat_values(PhBuild *build, const PhValue *values, size_t count);
const PhPat *ph_slowcat_values(PhBuild *build, const PhValue *values, size_t count);
/* Cycle by cycle: `pick` says which of `pats` plays a cycle (less than count; anything else is silence). */
typedef size_t PhPickFn(PhQuery *query, const void *ctx, int64_t cycle);
const PhPat *ph_pick_cycles(PhBuild *build, PhPickFn *pick, const void *ctx, const PhPat *const *pats, size_t count);

/* ---- time, as plain functions (constant arguments) ----------------------------------------------------------- */

const PhPat *ph_fast(PhBuild *build, PhRat factor, const PhPat *pat);  /* negative: rev . fast |n|; 0: silence */
const PhPat *ph_slow(PhBuild *build, PhRat factor, const PhPat *pat);
const PhPat *ph_rot_l(PhBuild *build, PhRat time, const PhPat *pat);   /* earlier */
const PhPat *ph_rot_r(PhBuild *build, PhRat time, const PhPat *pat);   /* later */
const PhPat *ph_rev(PhBuild *build, const PhPat *pat);
const PhPat *ph_fast_gap(PhBuild *build, PhRat factor, const PhPat *pat);
const PhPat *ph_compress(PhBuild *build, PhArc arc, const PhPat *pat); /* silence unless 0 <= begin < end <= 1 */
const PhPat *ph_focus(PhBuild *build, PhArc arc, const PhPat *pat);    /* as compress, without the silence around */
const PhPat *ph_zoom(PhBuild *build, PhArc arc, const PhPat *pat);
const PhPat *ph_segment(PhBuild *build, PhRat count, const PhPat *pat);
#define PH_ITER_MAX 65536 /* parts that a pattern is cut into */
/* In order of the wholes' begins, then ends, then parts, then values. */
void ph_events_sort(PhEvents *events);
/* Events with equal wholes share it one after another, in the order of the query (arpeggiate). */
const PhPat *ph_spread_out(PhBuild *build, const PhPat *pat);
/* Every cycle without the silence at its ends. */
const PhPat *ph_stretch(PhBuild *build, const PhPat *pat);
/* Cycle c plays cycle floor(c / count). */
const PhPat *ph_repeat_cycles(PhBuild *build, int64_t count, const PhPat *pat);
/* The first n cycles forever. */
const PhPat *ph_time_loop(PhBuild *build, PhRat n, const PhPat *pat);
/* What of it is in the span, else silence (playFor). */
const PhPat *ph_play_for(PhBuild *build, PhArc span, const PhPat *pat);
/* fast n . fn . slow n, or the other way round. */
const PhPat *ph_inside(PhBuild *build, const PhPat *n, const PhFn *fn, const PhPat *pat, bool outside);
/* The events of `yes` that begin in the span of the cycle, and those of `no` that do not. */
const PhPat *ph_within(PhBuild *build, PhArc span, const PhPat *yes, const PhPat *no);
const PhPat *ph_swing_by(PhBuild *build, const PhPat *amount, const PhPat *n, const PhPat *pat);
const PhPat *ph_euclid_bools(PhBuild *build, int64_t pulses, int64_t steps, int64_t rotation); /* pattern of booleans */
#define PH_EUCLID_MAX 4096 /* steps of a Euclidean rhythm */
/* Steps that are really played: more pulses than steps give as many steps as pulses (Tidal). */
PH_INLINE int64_t ph_euclid_length(int64_t pulses, int64_t steps)
{
  const int64_t n = pulses < 0 ? -pulses : pulses;
  return n > steps ? n : steps;
}
/* Bjorklund's rhythm into out[0…steps), steps <= PH_EUCLID_MAX; negative pulses invert. False if steps <= 0. */
bool ph_bjorklund(int64_t pulses, int64_t steps, bool *out);
/* `pat` on the pulses, silence elsewhere: a cycle of it squeezed into each step (bd(3,8)). */
const PhPat *ph_euclid(PhBuild *build, int64_t pulses, int64_t steps, int64_t rotation, const PhPat *pat);
/* Boolean patterns are kept on the pulses and inverted elsewhere: "f(3,8)". */
const PhPat *ph_euclid_of_bools(PhBuild *build, int64_t pulses, int64_t steps, int64_t rotation, const PhPat *pat);

/* ---- signals and chance -------------------------------------------------------------------------------------- */

/* A continuous pattern, sampled at the start of the query (Tidal 1.10). */
typedef PhValue PhSignalFn(PhQuery *query, const void *ctx, PhRat time);
const PhPat *ph_signal(PhBuild *build, PhSignalFn *fn, const void *ctx);

/* Tidal 1.10's random numbers in [0, 1): a function of time, and of query->seed where that is not 0. */
double ph_rand_at(PhQuery *query, PhRat time);
double ph_rand_at_num(PhQuery *query, double time); /* for what Tidal computes from a double (perlin, someCycles) */
void ph_rands_at(PhQuery *query, PhRat time, size_t count, double *out);
const PhPat *ph_rand_pat(PhBuild *build);                        /* `rand` */
/* Keeps the events with rand(start of the whole + shift) >= amount; `under` the others. */
const PhPat *ph_degrade(PhBuild *build, double amount, PhRat shift, bool under, const PhPat *pat);
/* Drops (or, `in`, lets in) more and more events from time `from` on, over some cycles. */
const PhPat *ph_fade(PhBuild *build, PhRat from, PhRat cycles, bool in, const PhPat *pat);

/* ---- functions ----------------------------------------------------------------------------------------------- */

PH_INLINE PhArg ph_arg_pat(const PhPat *pat) { return (PhArg){ .tag = PH_ARG_PAT, .pat = pat }; }
PH_INLINE PhArg ph_arg_fn(const PhFn *fn) { return (PhArg){ .tag = PH_ARG_FN, .fn = fn }; }
PH_INLINE PhArg ph_arg_value(PhValue value) { return (PhArg){ .tag = PH_ARG_VALUE, .value = value }; }
/* Any argument as a pattern: a PH_ARG_VALUE becomes pure, a list the fastcat of its items, what is absent silence. */
const PhPat *ph_arg_as_pat(PhBuild *build, const PhArg *arg);
PhRat ph_arg_as_rat(const PhArg *arg, PhRat dflt);     /* of a constant (`!time` or a constant pattern) */
int64_t ph_arg_as_int(const PhArg *arg, int64_t dflt);
double ph_arg_as_num(const PhArg *arg, double dflt);
/* The patterns of a list argument, in the arena (a single pattern counts as a list of one). */
const PhPat *const *ph_arg_pats(PhBuild *build, const PhArg *arg, size_t *count);

/* ---- rows ---------------------------------------------------------------------------------------------------- */

/* The tables at the foot of the files; registry.c gathers them. */
typedef struct PhPatTable {
  const PhPatFunc *rows;
  size_t count;
} PhPatTable;

#define PH_REQ(name_, type_, doc_) { .name = name_, .type = type_, .unit = "", .doc = doc_ }
#define PH_OPT(name_, type_, dflt_, doc_) { .name = name_, .type = type_, .dflt = dflt_, .unit = "", .flags = PH_PARAM_OPTIONAL, .doc = doc_ }
#define PH_MANY(name_, type_, doc_) { .name = name_, .type = type_, .unit = "", .flags = PH_PARAM_VARIADIC, .doc = doc_ }
#define PH_PARAMS(...) .params = (const PhParam[]){ __VA_ARGS__ }, .param_count = (uint8_t)PH_COUNT(((const PhParam[]){ __VA_ARGS__ }))

/* One row. The parameters (PH_REQ, PH_OPT, PH_MANY) come last; PH_ROW0 for a function without any. `events` are what the
   example gives in cycle 0; tests/pattern checks them and its --update writes them. */
#define PH_ROW(name_, aliases_, family_, result_, doc_, example_, events_, build_, ...)                                \
  { .func = { .name = name_, .aliases = aliases_, .family = family_, .doc = doc_, .example = example_,                 \
              .result = result_, PH_PARAMS(__VA_ARGS__), .sort = PH_FUNC_PATTERN },                                    \
    .build = build_, .events = events_ }
#define PH_ROW0(name_, aliases_, family_, result_, doc_, example_, events_, build_)                                    \
  { .func = { .name = name_, .aliases = aliases_, .family = family_, .doc = doc_, .example = example_,                 \
              .result = result_, .sort = PH_FUNC_PATTERN },                                                            \
    .build = build_, .events = events_ }

/* time: fast … inside, swingBy · shape: ply, press, linger, rot, smooth · values: range, quantise, swap, fix, necklace ·
   combine: cat, stack, spread, run, seqP · condition: every, when, sometimes, while · random: rand, degrade, shuffle ·
   signal: sine … envL · phonon: swing, groove, humanize, dup, dur … */
extern const PhPatTable ph_pat_time, ph_pat_shape, ph_pat_values, ph_pat_combine, ph_pat_condition, ph_pat_random;
extern const PhPatTable ph_pat_signal, ph_pat_phonon;
/* accumulate: off, echo, weave · stereo: jux, spin · structure: struct, mask, euclid · select: squeeze, pick, bite, ur ·
   sampler: chop, slice, chunk · harmony: scale, tuning · arp: arp, rolled · text: sseq, lindenmayer · transition:
   xfadeIn, clutch · keep: filterWhen, playFor · simple: louder, crunch · field: pF, grp, midinote · strudel: ribbon, arrange · step: expand,
   stepcat. */
extern const PhPatTable ph_pat_accumulate, ph_pat_stereo, ph_pat_structure, ph_pat_select, ph_pat_sampler, ph_pat_harmony;
extern const PhPatTable ph_pat_arp, ph_pat_keep;
extern const PhPatTable ph_pat_envelope, ph_pat_text, ph_pat_transition, ph_pat_simple, ph_pat_field, ph_pat_strudel, ph_pat_step;

#endif
