/* Scales, arpeggios, rolled chords, voicings, tunings.  SPDX-License-Identifier: MIT */
#include "pattern/args.h"
#include "pattern/pmath.h"
#include "pattern/scale.h"

#include <math.h>
#include <string.h>

#define PAT(i) ph_arg_as_pat(build, &args[i])

/* ---- scales ----------------------------------------------------------------------------------------------------------------- */

enum { NOTES_MAX = 64 };

/* What a scale is made of: degrees, and semitones of the root. */
typedef struct Notes {
  double notes[NOTES_MAX];
  size_t count;
  double octave, root;
} Notes;

typedef struct ScaleCtx {
  const PhFn *const *changes; /* scaleWith: applied to the degrees; the i-th of several in the i-th octave */
  size_t change_count;
  bool tidal;
} ScaleCtx;

/* "major", or "c:major" with a root. A name that there is none of is one note (as Tidal has it). */
static bool find_scale(const char *name, bool tidal, Notes *out)
{
  const char *colon = strchr(name, ':');
  *out = (Notes){ .count = 1, .octave = 12.0 };
  if (colon) {
    char root[16];
    const size_t len = (size_t)(colon - name);
    if (len >= sizeof root) {
      return false;
    }
    memcpy(root, name, len);
    root[len] = 0;
    root[0] = (char)(root[0] >= 'A' && root[0] <= 'G' ? root[0] + 'a' - 'A' : root[0]);
    if (!ph_note_parse(ph_str(root, len), tidal, &out->root)) {
      return false;
    }
    name = colon + 1;
  }
  const PhScaleType *type = ph_scale_find(ph_str_of(name));
  if (!type) {
    return false;
  }
  out->count = type->count;
  for (size_t i = 0; i < out->count; i++) {
    out->notes[i] = (double)type->notes[i];
  }
  return true;
}

static bool degree_of(const PhValue *value, bool tidal, int64_t *degree)
{
  double x;
  if (value->tag == PH_VALUE_STR && ph_value_as_num(value, tidal, &x)) {
    *degree = (int64_t)floor(x);
    return true;
  }
  return ph_value_to_int(value, degree);
}

static void apply_change(PhBuild *build, const PhFn *fn, Notes *notes)
{
  PhArg items[NOTES_MAX];
  for (size_t i = 0; i < notes->count; i++) {
    items[i] = ph_arg_value(ph_num(notes->notes[i]));
  }
  const PhArg list = { .tag = PH_ARG_LIST, .count = (uint32_t)notes->count, .items = items };
  const PhArg result = ph_fn_call(build, fn, &list, 1);
  size_t count;
  const double *changed = ph_arg_nums(build, &result, &count);
  notes->count = count < NOTES_MAX ? count : NOTES_MAX;
  memcpy(notes->notes, changed, notes->count * sizeof *changed);
}

static double note_of(PhQuery *query, const ScaleCtx *ctx, Notes *notes, int64_t degree)
{
  if (ctx->change_count && notes->count) {
    const int64_t n = (int64_t)notes->count;
    const int64_t turn = degree / n - (degree % n < 0);
    PhBuild build = ph_query_build(query, ctx->tidal);
    apply_change(&build, ctx->changes[ph_index_mod(turn, ctx->change_count)], notes);
  }
  return notes->count ? ph_scale_note(notes->notes, notes->count, notes->octave, degree) + notes->root : 0.0;
}

/* A degree becomes a note; of a control map the degree is `n`, else `note`, and `note` is what comes out. */
static PhValue scale_value(PhQuery *query, const void *ctx, PhValue degree, PhValue name)
{
  const ScaleCtx *s = ctx;
  Notes notes;
  int64_t i;
  if (name.tag != PH_VALUE_STR) {
    return degree;
  }
  (void)find_scale(name.str, s->tidal, &notes);
  if (degree.tag != PH_VALUE_MAP) {
    return degree_of(&degree, s->tidal, &i) ? ph_note(note_of(query, s, &notes, i)) : degree;
  }
  const PhValue *n = ph_map_find(degree.map, "n");
  const char *key = n ? "n" : "note";
  const PhValue *value = n ? n : ph_map_find(degree.map, "note");
  if (!value || !degree_of(value, s->tidal, &i)) {
    return degree;
  }
  return ph_map_value(ph_map_set(query->arena, degree.map, key, ph_note(note_of(query, s, &notes, i))));
}

/* Names a scale that is not there, where its name is a constant. */
static void check_scale(PhBuild *build, const PhPat *names)
{
  const PhValue *name = ph_pat_constant(names);
  Notes notes;
  if (!name || name->tag != PH_VALUE_STR || build->tidal || find_scale(name->str, false, &notes)) {
    return;
  }
  const PhStr near = ph_scale_nearest(ph_str_of(name->str));
  (void)ph_complain(build, PH_NOTFOUND, near.len ? "there is no scale `%s`; did you mean `%.*s`?" : "there is no scale `%s`",
                    name->str, (int)near.len, near.len ? near.ptr : "");
}

static const PhPat *scale(PhBuild *build, const PhPat *names, const PhPat *pat, ScaleCtx ctx)
{
  ScaleCtx *kept = PH_NEW(build->arena, ScaleCtx);
  *kept = ctx;
  kept->tidal = build->tidal;
  check_scale(build, names);
  return ph_pat_with_routes(build, ph_app(build, PH_APP_LEFT, pat, names, scale_value, kept), pat->routes);
}

static PhArg build_scale(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(scale(build, PAT(0), PAT(1), (ScaleCtx){ 0 }));
}

static PhArg build_scale_with(PhBuild *build, const PhArg *args)
{
  ScaleCtx ctx = { 0 };
  ctx.changes = ph_arg_fns(build, &args[1], &ctx.change_count);
  return ph_arg_pat(scale(build, PAT(0), PAT(2), ctx));
}

static PhValue to_scale_value(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query;
  const Notes *notes = ctx;
  int64_t i;
  return ph_value_to_int(&value, &i) ? ph_note(ph_scale_note(notes->notes, notes->count, notes->octave, i)) : value;
}

static const PhPat *to_scale(PhBuild *build, double octave, const PhArg *list, const PhPat *pat)
{
  size_t count;
  const double *nums = ph_arg_nums(build, list, &count);
  if (count == 0 || count > NOTES_MAX) {
    return count ? ph_complain(build, PH_LIMIT, "a scale has at most %d notes", NOTES_MAX) : ph_pat_silence(build);
  }
  Notes *notes = PH_NEW(build->arena, Notes);
  notes->count = count;
  notes->octave = octave;
  memcpy(notes->notes, nums, count * sizeof *nums);
  return ph_with_value(build, pat, to_scale_value, notes);
}

static PhArg build_to_scale(PhBuild *build, const PhArg *args) { return ph_arg_pat(to_scale(build, 12.0, &args[0], PAT(1))); }

static PhArg build_to_scale_by(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(to_scale(build, ph_arg_as_num(&args[0], 12.0), &args[1], PAT(2)));
}

/* The list of args[last] with `by` added to the degrees first … last of it; beyond the end: the last one (Tidal). */
static PhArg degrees(PhBuild *build, const PhArg *list, int64_t first, int64_t last, double by)
{
  size_t count;
  const double *nums = ph_arg_nums(build, list, &count);
  PhArg *items = PH_NEWN(build->arena, PhArg, count + 1);
  const int64_t end = (int64_t)count - 1;
  first = first < 0 || first > end ? end : first;
  last = last < first || last > end ? (last > end ? end : first) : last;
  for (int64_t i = 0; i <= end; i++) {
    items[i] = ph_arg_value(ph_num(nums[i] + (i >= first && i <= last ? by : 0.0)));
  }
  return (PhArg){ .tag = PH_ARG_LIST, .count = (uint32_t)count, .items = items };
}

static PhArg build_raise(PhBuild *build, const PhArg *args)
{
  const int64_t i = ph_arg_as_int(&args[0], 0);
  return degrees(build, &args[1], i, i, 1.0);
}

static PhArg build_lower(PhBuild *build, const PhArg *args)
{
  const int64_t i = ph_arg_as_int(&args[0], 0);
  return degrees(build, &args[1], i, i, -1.0);
}

static PhArg build_raise_range(PhBuild *build, const PhArg *args)
{
  return degrees(build, &args[2], ph_arg_as_int(&args[0], 0), ph_arg_as_int(&args[1], 0), 1.0);
}

static PhArg build_lower_range(PhBuild *build, const PhArg *args)
{
  return degrees(build, &args[2], ph_arg_as_int(&args[0], 0), ph_arg_as_int(&args[1], 0), -1.0);
}

static PhArg build_scale_list(PhBuild *build, const PhArg *args)
{
  (void)args;
  size_t count, total = 0;
  const PhScaleType *types = ph_scale_types(&count);
  PhValue names[512];
  for (size_t i = 0; i < count; i++) {
    for (const char *at = types[i].names; *at && total < PH_COUNT(names);) {
      const size_t len = strcspn(at, " ");
      names[total++] = ph_text_value(ph_build_text(build, at, len));
      at += len + (at[len] == ' ');
    }
  }
  return ph_arg_pat(ph_slowcat_values(build, names, total));
}

/* ---- chords one note after another ------------------------------------------------------------------------------------------- */

/* Orders of the notes of a chord: indexes into it, lowest first. */
typedef enum Mode {
  MODE_UP, MODE_DOWN, MODE_UPDOWN, MODE_DOWNUP, MODE_UP_AND_DOWN, MODE_DOWN_AND_UP, MODE_CONVERGE, MODE_DIVERGE,
  MODE_DISCONVERGE, MODE_PINKYUP, MODE_PINKYUPDOWN, MODE_THUMBUP, MODE_THUMBUPDOWN, MODE_COUNT
} Mode;

static const char *const mode_names[] = { "up",       "down",    "updown",      "downup",  "up&down",     "down&up", "converge",
                                          "diverge",  "disconverge", "pinkyup", "pinkyupdown", "thumbup", "thumbupdown" };

_Static_assert(PH_COUNT(mode_names) == MODE_COUNT, "a name for every mode");

static size_t reversed(size_t *order, size_t len, size_t from, size_t skip)
{
  for (size_t i = from - skip; i-- > 0 && from > skip;) {
    order[len++] = order[i];
  }
  return len;
}

/* `n` notes, n > 0, into order, which has room for 4 n; the number of notes played. */
static size_t arp_order(Mode mode, size_t n, size_t *order)
{
  size_t len = 0;
  switch (mode) {
  case MODE_DOWN:
  case MODE_DOWNUP:
  case MODE_DOWN_AND_UP:
    for (size_t i = n; i-- > 0;) {
      order[len++] = i;
    }
    if (mode == MODE_DOWNUP) { /* neither end twice */
      len--;
      for (size_t i = 0; i + 1 < n; i++) {
        order[len++] = i;
      }
    }
    return mode == MODE_DOWN_AND_UP ? reversed(order, len, len, 0) : len;
  case MODE_CONVERGE:
  case MODE_DIVERGE:
  case MODE_DISCONVERGE:
    for (size_t i = 0; i < n; i++) {
      order[len++] = i % 2 ? n - 1 - i / 2 : i / 2;
    }
    if (mode == MODE_DIVERGE) {
      for (size_t i = 0; i < n / 2; i++) {
        const size_t swapped = order[i];
        order[i] = order[n - 1 - i];
        order[n - 1 - i] = swapped;
      }
    }
    return mode == MODE_DISCONVERGE ? reversed(order, len, len, 1) : len;
  case MODE_PINKYUP:
  case MODE_PINKYUPDOWN:
  case MODE_THUMBUP:
  case MODE_THUMBUPDOWN:
    for (size_t i = 1; i < n; i++) {
      const bool pinky = mode == MODE_PINKYUP || mode == MODE_PINKYUPDOWN;
      order[len++] = pinky ? i - 1 : 0;
      order[len++] = pinky ? n - 1 : i;
    }
    break;
  default:
    for (size_t i = 0; i < n; i++) {
      order[len++] = i;
    }
    break;
  }
  if (mode == MODE_UP_AND_DOWN) {
    return reversed(order, len, len, 0);
  }
  if ((mode == MODE_UPDOWN || mode == MODE_PINKYUPDOWN || mode == MODE_THUMBUPDOWN) && len > 0) {
    /* init x ++ init (reverse x) */
    size_t *const x = order;
    const size_t last = x[len - 1];
    size_t total = len - 1;
    x[total++] = last;
    for (size_t i = len - 1; i-- > 1;) {
      x[total++] = x[i];
    }
    return total - (len == 1);
  }
  return len;
}

typedef struct Arp {
  PhPat base;
  const PhPat *child;
  Mode mode;
  PhRat amount;     /* rolled: what share of the event the roll takes; negative from the last note */
  const PhFn *fn;   /* arpWith */
} Arp;

static int by_whole(const PhEvent *a, const PhEvent *b)
{
  const int begins = ph_rat_cmp(a->whole.begin, b->whole.begin);
  return begins ? begins : ph_rat_cmp(a->whole.end, b->whole.end);
}

/* Sorted by whole, equal ones in their order (merge sort). Events without a whole are left out. */
static void sort_by_whole(PhQuery *query, PhEvents *events)
{
  size_t kept = 0;
  for (size_t i = 0; i < events->len; i++) {
    if (events->items[i].has_whole) {
      events->items[kept++] = events->items[i];
    }
  }
  events->len = kept;
  PhEvent *from = events->items, *to = PH_NEWN(query->arena, PhEvent, kept + 1);
  for (size_t width = 1; width < kept; width *= 2) {
    for (size_t at = 0; at < kept; at += 2 * width) {
      size_t i = at, j = at + width < kept ? at + width : kept;
      const size_t i_end = j, j_end = at + 2 * width < kept ? at + 2 * width : kept;
      for (size_t k = at; k < j_end; k++) {
        const bool left = i < i_end && (j == j_end || by_whole(&from[i], &from[j]) <= 0);
        to[k] = left ? from[i++] : from[j++];
      }
    }
    PhEvent *const swapped = from;
    from = to;
    to = swapped;
  }
  if (from != events->items) {
    memcpy(events->items, from, kept * sizeof *from);
  }
}

/* Event `e` as note `i` of `count` that share its whole. */
static void emit_share(PhQuery *query, PhEvent e, size_t i, size_t count, PhEvents *out)
{
  const PhRat length = ph_rat_div(ph_arc_length(e.whole), PH_RAT_INT((int64_t)count));
  const PhRat begin = ph_rat_add(e.whole.begin, ph_rat_mul(length, PH_RAT_INT((int64_t)i)));
  e.whole = ph_arc(begin, ph_rat_add(begin, length));
  if (ph_arc_sect(e.whole, e.part, &e.part)) {
    ph_emit(query, out, e);
  }
}

static size_t group_end(const PhEvents *events, size_t first)
{
  size_t end = first + 1;
  while (end < events->len && events->items[end].has_whole == events->items[first].has_whole &&
         ph_arc_eq(events->items[end].whole, events->items[first].whole)) {
    end++;
  }
  return end;
}

/* The notes of a chord in the order of a function over the list of their values. */
static void arp_with_group(PhQuery *query, const PhFn *fn, const PhEvent *chord, size_t n, PhEvents *out)
{
  PhBuild build = ph_query_build(query, false);
  PhArg *items = PH_NEWN(query->arena, PhArg, n);
  for (size_t i = 0; i < n; i++) {
    items[i] = ph_arg_value(chord[i].value);
  }
  const PhArg list = { .tag = PH_ARG_LIST, .count = (uint32_t)n, .items = items };
  const PhArg result = ph_fn_call(&build, fn, &list, 1);
  bool pats;
  size_t count;
  const PhValue *values = ph_arg_values(&build, &result, &count, &pats);
  for (size_t i = 0; i < count && !pats; i++) {
    PhEvent e = chord[i < n ? i : n - 1];
    e.value = values[i];
    emit_share(query, e, i, count, out);
  }
}

static void query_arp(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Arp *arp = (const Arp *)pat;
  PhEvents *events = ph_scratch_take(query);
  ph_query(query, arp->child, span, events);
  sort_by_whole(query, events);
  for (size_t first = 0, end; first < events->len; first = end) {
    end = group_end(events, first);
    const PhEvent *chord = &events->items[first];
    const size_t n = end - first;
    if (arp->fn) {
      arp_with_group(query, arp->fn, chord, n, out);
      continue;
    }
    size_t *order = PH_NEWN(query->arena, size_t, 4 * n);
    const size_t count = arp_order(arp->mode, n, order);
    for (size_t i = 0; i < count; i++) {
      emit_share(query, chord[order[i]], i, count, out);
    }
  }
  ph_scratch_give(query, events);
}

static const PhPat *arp_new(PhBuild *build, PhQueryFn *fn, const PhPat *pat, Arp how)
{
  Arp *arp = PH_NODE(build, Arp, fn);
  arp->child = pat;
  arp->mode = how.mode;
  arp->amount = how.amount;
  arp->fn = how.fn;
  arp->base.routes = pat->routes;
  return &arp->base;
}

/* A mode that there is none of plays upwards (Tidal). */
static const PhPat *arp_mode(PhBuild *build, const void *ctx, PhValue value)
{
  Mode mode = MODE_UP;
  for (size_t i = 0; value.tag == PH_VALUE_STR && i < PH_COUNT(mode_names); i++) {
    mode = strcmp(value.str, mode_names[i]) == 0 ? (Mode)i : mode;
  }
  return arp_new(build, query_arp, ctx, (Arp){ .mode = mode });
}

static PhArg build_arp(PhBuild *build, const PhArg *args)
{
  const PhPat *pat = PAT(1);
  return ph_arg_pat(ph_join(build, PH_JOIN_INNER, PAT(0), arp_mode, pat, pat->routes));
}

static PhArg build_arpeggiate(PhBuild *build, const PhArg *args) { return ph_arg_pat(ph_spread_out(build, PAT(0))); }

static PhArg build_arp_with(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(arp_new(build, query_arp, PAT(1), (Arp){ .fn = args[0].fn }));
}

/* Only neighbours with equal wholes are a chord, in the order of the query (Tidal). */
static void query_rolled(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const Arp *arp = (const Arp *)pat;
  PhEvents *events = ph_scratch_take(query);
  ph_query(query, arp->child, span, events);
  for (size_t i = 0, j = events->len; arp->amount.num <= 0 && i + 1 < j; i++, j--) {
    const PhEvent swapped = events->items[i];
    events->items[i] = events->items[j - 1];
    events->items[j - 1] = swapped;
  }
  for (size_t first = 0, end; first < events->len; first = end) {
    end = group_end(events, first);
    for (size_t i = first; i < end; i++) {
      PhEvent e = events->items[i];
      if (e.has_whole && arp->amount.num != 0) {
        const PhRat share = ph_rat_div(ph_rat_abs(arp->amount), PH_RAT_INT((int64_t)(end - first)));
        const PhRat step = ph_rat_mul(ph_arc_length(e.whole), share);
        e.whole.begin = ph_rat_add(e.whole.begin, ph_rat_mul(step, PH_RAT_INT((int64_t)(i - first))));
        if (!ph_arc_sect(e.whole, e.part, &e.part)) {
          continue;
        }
      }
      ph_emit(query, out, e);
    }
  }
  ph_scratch_give(query, events);
}

static const PhPat *rolled_by(PhBuild *build, PhRat amount, const PhPat *pat)
{
  return arp_new(build, query_rolled, pat, (Arp){ .amount = amount });
}

static PhArg build_rolled_by(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_rat(build, ph_segment(build, PH_RAT_INT(1), PAT(0)), rolled_by, PAT(1)));
}

static PhArg build_rolled(PhBuild *build, const PhArg *args)
{
  const PhPat *quarter = ph_segment(build, PH_RAT_INT(1), ph_pat_pure(build, ph_ratio(PH_RAT(1, 4))));
  return ph_arg_pat(ph_param_rat(build, quarter, rolled_by, PAT(0)));
}

static PhArg build_reverse(PhBuild *build, const PhArg *args)
{
  const bool list = args[0].tag == PH_ARG_LIST;
  const uint32_t count = list ? args[0].count : 1;
  PhArg *items = PH_NEWN(build->arena, PhArg, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    items[count - 1 - i] = list ? args[0].items[i] : args[0];
  }
  return (PhArg){ .tag = PH_ARG_LIST, .count = count, .items = items };
}

/* ---- notes moved -------------------------------------------------------------------------------------------------------------------- */

/* Changes the note of a value, or of a control map (`note`, else `n`). */
typedef double NoteMap(const void *ctx, double note);

typedef struct OverNotes {
  NoteMap *map;
  const void *ctx;
  bool tidal;
} OverNotes;

static PhValue over_notes(PhQuery *query, const void *ctx, PhValue value)
{
  const OverNotes *o = ctx;
  double x;
  if (value.tag != PH_VALUE_MAP) {
    return ph_value_as_num(&value, o->tidal, &x) ? ph_note(o->map(o->ctx, x)) : value;
  }
  const char *key = ph_map_find(value.map, "note") ? "note" : "n";
  const PhValue *note = ph_map_find(value.map, key);
  if (!note || !ph_value_as_num(note, o->tidal, &x)) {
    return value;
  }
  return ph_map_value(ph_map_set(query->arena, value.map, key, ph_note(o->map(o->ctx, x))));
}

static const PhPat *map_notes(PhBuild *build, const PhPat *pat, NoteMap *map, const void *ctx)
{
  OverNotes *o = PH_NEW(build->arena, OverNotes);
  *o = (OverNotes){ map, ctx, build->tidal };
  return ph_with_value(build, pat, over_notes, o);
}

/* Every note by octaves into the octave below (and including) the anchor: chords that follow each other move little. */
static double voice(const void *ctx, double note)
{
  const double top = *(const double *)ctx;
  return note + 12.0 * floor((top - note) / 12.0);
}

static PhArg build_voicing(PhBuild *build, const PhArg *args)
{
  double *top = PH_NEW(build->arena, double);
  *top = ph_arg_as_num(&args[1], build->tidal ? -1.0 : 11.0);
  return ph_arg_pat(map_notes(build, PAT(0), voice, top));
}

static double transposed(const void *ctx, double note) { return note + *(const double *)ctx; }

static const PhPat *transpose(PhBuild *build, double by, const PhPat *pat)
{
  double *ctx = PH_NEW(build->arena, double);
  *ctx = by;
  return map_notes(build, pat, transposed, ctx);
}

static PhArg build_transpose(PhBuild *build, const PhArg *args) { return ph_arg_pat(ph_param_num(build, PAT(0), transpose, PAT(1))); }

static const PhPat *chromatic_run(PhBuild *build, const void *ctx, PhValue value)
{
  const int64_t by = *(const int64_t *)ctx, count = (by < 0 ? -by : by) + 1;
  PhQuery memory = { .arena = build->arena };
  PhValue *values = PH_NEWN(build->arena, PhValue, count);
  for (int64_t i = 0; i < count; i++) {
    values[i] = ph_value_op(&memory, PH_OP_ADD, value, ph_int(by < 0 ? -i : i));
  }
  return ph_fastcat_values(build, values, (size_t)count);
}

static const PhPat *chromaticise(PhBuild *build, int64_t by, const PhPat *pat)
{
  if (by < -PH_LIST_MAX || by > PH_LIST_MAX) {
    return ph_complain(build, PH_LIMIT, "more than %d notes", PH_LIST_MAX);
  }
  int64_t *ctx = PH_NEW(build->arena, int64_t);
  *ctx = by;
  return ph_join(build, PH_JOIN_SQUEEZE, pat, chromatic_run, ctx, pat->routes);
}

static PhArg build_chromaticise(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_int(build, PAT(0), chromaticise, PAT(1)));
}

/* ---- tunings ------------------------------------------------------------------------------------------------------------------------- */

/* A number at the start of a text, in the C locale. */
static double read_number(const char **at)
{
  size_t len = strspn(*at, "-+0123456789.");
  PhRat r;
  const bool ok = ph_rat_parse(*at, len, &r);
  *at += len;
  return ok ? ph_rat_to_double(r) : 0.0;
}

/* A pitch of a .scl file in semitones: "701.955" cents, "3/2" or "2" a ratio. */
static double scl_pitch(const char *line)
{
  const size_t len = strspn(line, "-+0123456789.");
  const bool cents = memchr(line, '.', len) != NULL;
  const double x = read_number(&line);
  if (cents) {
    return x / 100.0;
  }
  double y = 1.0;
  if (*line == '/') {
    line++;
    y = read_number(&line);
  }
  return x > 0.0 && y > 0.0 ? 12.0 * ph_log2(x / y) : 0.0;
}

/* Scala's format: comments after "!", a description, the count, then that many pitches, the last of which is the octave. */
static bool read_scl(char *text, Notes *out)
{
  size_t line_number = 0;
  double wanted = 0.0;
  size_t have = 0;
  double pitches[NOTES_MAX + 1];
  for (char *line = text, *next; line; line = next) {
    next = strchr(line, '\n');
    if (next) {
      *next++ = 0;
    }
    line += strspn(line, " \t\r");
    if (*line == '!') {
      continue;
    }
    const char *at = line;
    if (line_number == 1) {
      wanted = read_number(&at);
    } else if (line_number > 1 && *line && have < (size_t)wanted && have <= NOTES_MAX) {
      pitches[have++] = scl_pitch(line);
    }
    line_number++;
    if (line_number == 2 && !(wanted >= 0.0 && wanted <= NOTES_MAX)) {
      return false;
    }
  }
  if (have == 0 || have < (size_t)wanted) {
    return false;
  }
  *out = (Notes){ .count = have, .octave = pitches[have - 1] };
  memcpy(out->notes + 1, pitches, (have - 1) * sizeof *pitches);
  return true;
}

/* "31edo", or the name of a .scl file. */
static bool find_tuning(const char *name, Notes *out)
{
  const char *at = name;
  const double parts = read_number(&at);
  if (parts >= 1.0 && (strcmp(at, "edo") == 0 || strcmp(at, "tet") == 0)) {
    *out = (Notes){ .count = 1, .octave = 12.0 / parts };
    return true;
  }
  PhText text = { 0 };
  const bool ok = ph_os_read_file(name, 1 << 20, &text) == PH_OK && text.ptr && read_scl(text.ptr, out);
  ph_text_deinit(&text);
  return ok;
}

static double tuned(const void *ctx, double note)
{
  const Notes *t = ctx;
  const double step = floor(note);
  return ph_scale_note(t->notes, t->count, t->octave, (int64_t)step) + (note - step) * t->octave / (double)t->count;
}

static PhArg build_tuning(PhBuild *build, const PhArg *args)
{
  Notes *notes = PH_NEW(build->arena, Notes);
  const char *name = ph_arg_text(&args[0]);
  if (!find_tuning(name, notes)) {
    return ph_arg_pat(ph_complain(build, PH_NOTFOUND, "`%s` is neither such as \"31edo\" nor a Scala file (.scl)", name));
  }
  return ph_arg_pat(map_notes(build, PAT(1), tuned, notes));
}

/* ---- rows ------------------------------------------------------------------------------------------------------------------------------- */

#define FAMILY "harmony"
#define SCALE_LIST PH_REQ("scale", "[num]", "semitones from the root")

static const PhPatFunc rows[] = {
  PH_ROW("scale", "", FAMILY, "a",
         "Turns degrees of a scale, from 0, into notes; \"c:minor\" names a root; of controls it changes n, else note.",
         "scale \"minor\" \"0 .. 3\"", "", build_scale, PH_REQ("name", "str", "of the scale; `scaleList` has all"),
         PH_REQ("pattern", "a", "degrees")),
  PH_ROW("scaleWith", "", FAMILY, "note", "Like scale, with a function that changes the scale.",
         "scaleWith \"major\" (raiseDegree 1) \"0 .. 3\"", "", build_scale_with, PH_REQ("name", "str", "of the scale"),
         PH_REQ("change", "([num]->[num])", "such as raiseDegree 1"), PH_REQ("pattern", "int", "degrees")),
  PH_ROW("scaleWithList", "", FAMILY, "note", "Like scaleWith, with a function for each octave in turn.",
         "scaleWithList \"major\" [raiseDegree 1, lowerDegree 1] \"0 .. 9\"", "", build_scale_with, PH_REQ("name", "str", "of the scale"),
         PH_REQ("changes", "[([num]->[num])]", "one for each octave"), PH_REQ("pattern", "int", "degrees")),
  PH_ROW("toScale", "", FAMILY, "note", "Turns degrees of a scale, given as a list of semitones, into notes.",
         "toScale [0, 2, 7] \"0 1 2 3\"", "", build_to_scale, SCALE_LIST, PH_REQ("pattern", "int", "degrees")),
  PH_ROW("toScale'", "", FAMILY, "note", "Like toScale, with an octave of another size in semitones.", "toScale' 10 [0, 2, 7] \"0 .. 3\"",
         "", build_to_scale_by, PH_REQ("octave", "!num", "semitones"), SCALE_LIST, PH_REQ("pattern", "int", "degrees")),
  PH_ROW("raiseDegree", "", FAMILY, "[num]", "Raises one degree of a scale, counted from 0, by a semitone.",
         "scaleWith \"major\" (raiseDegree 2) \"0 .. 3\"", "", build_raise, PH_REQ("degree", "!int", "from 0"), SCALE_LIST),
  PH_ROW("lowerDegree", "", FAMILY, "[num]", "Lowers one degree of a scale, counted from 0, by a semitone.",
         "scaleWith \"major\" (lowerDegree 2) \"0 .. 3\"", "", build_lower, PH_REQ("degree", "!int", "from 0"), SCALE_LIST),
  PH_ROW("raiseDegrees", "", FAMILY, "[num]", "Raises a range of degrees of a scale by a semitone.",
         "scaleWith \"major\" (raiseDegrees 1 2) \"0 .. 3\"", "", build_raise_range, PH_REQ("first", "!int", "from 0"),
         PH_REQ("last", "!int", "from 0"), SCALE_LIST),
  PH_ROW("lowerDegrees", "", FAMILY, "[num]", "Lowers a range of degrees of a scale by a semitone.",
         "scaleWith \"major\" (lowerDegrees 1 2) \"0 .. 3\"", "", build_lower_range, PH_REQ("first", "!int", "from 0"),
         PH_REQ("last", "!int", "from 0"), SCALE_LIST),
  PH_ROW0("scaleList", "", FAMILY, "str", "Gives the name of every scale, one a cycle.", "scaleList", "", build_scale_list),
  PH_ROW("arp", "", FAMILY, "a",
         "Plays the notes of chords one after another: up down updown downup up&down down&up converge diverge disconverge pinkyup "
         "pinkyupdown thumbup thumbupdown.",
         "arp \"updown\" \"[0,4,7]\"", "", build_arp, PH_REQ("mode", "str", "the order"), PH_REQ("pattern", "a", "")),
  PH_ROW("arpeggiate", "arpg", FAMILY, "a", "Plays the notes of chords one after another, upwards.", "arpeggiate \"[0,4,7]\"", "",
         build_arpeggiate, PH_REQ("pattern", "a", "")),
  PH_ROW("arpWith", "", FAMILY, "a", "Plays the notes of chords one after another in the order that a function of lists gives.",
         "arpWith reverse \"[0,4,7]\"", "", build_arp_with, PH_REQ("function", "([a]->[a])", "such as reverse"),
         PH_REQ("pattern", "a", "")),
  PH_ROW("reverse", "", FAMILY, "[a]", "Turns a list round.", "listToPat (reverse [1, 2, 3])", "", build_reverse,
         PH_REQ("list", "[a]", "")),
  PH_ROW("rolled", "", FAMILY, "a", "Rolls chords: their notes begin one after another within a quarter of the event.",
         "rolled \"[0,4,7]\"", "", build_rolled, PH_REQ("pattern", "a", "")),
  PH_ROW("rolledBy", "rolledby", FAMILY, "a", "Rolls chords over a share of the event; negative: from the last note.",
         "rolledBy 0.5 \"[0,4]\"", "", build_rolled_by, PH_REQ("share", "time", "of the event"), PH_REQ("pattern", "a", "")),
  PH_ROW("voicing", "", FAMILY, "a", "Moves the notes of chords by octaves into the octave below an anchor, so that chords move little.",
         "voicing \"c'maj e'min\"", "", build_voicing, PH_REQ("pattern", "a", "chords"), PH_OPT("anchor", "!note", 11, "highest note")),
  PH_ROW("transpose", "trans", FAMILY, "a", "Moves notes by a number of semitones; of controls it changes note, else n.",
         "transpose 7 \"0 4\"", "", build_transpose, PH_REQ("semitones", "num", ""), PH_REQ("pattern", "a", "notes")),
  PH_ROW("chromaticiseBy", "chromaticizeBy", FAMILY, "a", "Makes a run of n semitones more out of every note; negative: downwards.",
         "chromaticiseBy 2 \"0 4\"", "", build_chromaticise, PH_REQ("n", "int", "semitones"), PH_REQ("pattern", "a", "notes")),
  PH_ROW("tuning", "", FAMILY, "a", "Reads notes as steps of a tuning: \"31edo\" (any equal division) or a Scala file.",
         "tuning \"19edo\" \"0 1 19\"", "", build_tuning, PH_REQ("name", "text", "such as \"31edo\", or a .scl file"),
         PH_REQ("pattern", "a", "steps")),
};

const PhPatTable ph_pat_harmony = { rows, PH_COUNT(rows) };
