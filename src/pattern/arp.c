/* Chords one note after another: arpeggios and rolls.  SPDX-License-Identifier: MIT */
#include "pattern/args.h"

#include <string.h>

#define PAT(i) ph_arg_as_pat(build, &args[i])

/* Orders of the notes of a chord: indexes into it, lowest first. */
typedef enum Mode {
  MODE_UP,
  MODE_DOWN,
  MODE_UPDOWN,
  MODE_DOWNUP,
  MODE_UP_AND_DOWN,
  MODE_DOWN_AND_UP,
  MODE_CONVERGE,
  MODE_DIVERGE,
  MODE_DISCONVERGE,
  MODE_PINKYUP,
  MODE_PINKYUPDOWN,
  MODE_THUMBUP,
  MODE_THUMBUPDOWN,
  MODE_COUNT
} Mode;

static const char *const mode_names[] = { "up",          "down",     "updown",     "downup",      "up&down",
                                          "down&up",     "converge", "diverge",    "disconverge", "pinkyup",
                                          "pinkyupdown", "thumbup",  "thumbupdown" };

_Static_assert(PH_COUNT(mode_names) == MODE_COUNT, "a name for every mode");

static size_t reversed(size_t *order, size_t len, size_t from, size_t skip)
{
  for (size_t i = from - skip; i-- > 0 && from > skip;) {
    order[len++] = order[i];
  }
  return len;
}

/* `n` notes, n > 0, into order, which has room for 4 n; the number of notes played. */
static size_t order_of(Mode mode, size_t n, size_t *order)
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

size_t ph_arp_order(uint32_t mode, size_t n, size_t *order) { return order_of((Mode)mode, n, order); }

int ph_arp_mode(PhStr name)
{
  for (size_t i = 0; i < PH_COUNT(mode_names); i++) {
    if (ph_str_is(name, mode_names[i])) {
      return (int)i;
    }
  }
  return -1;
}

PhStr ph_arp_nearest(PhStr name)
{
  enum { MOST = 3 };
  PhStr best = { NULL, 0 };
  unsigned least = MOST + 1;
  for (size_t i = 0; i < PH_COUNT(mode_names); i++) {
    const unsigned distance = ph_str_distance(ph_str_of(mode_names[i]), name, MOST);
    if (distance < least && distance < name.len) {
      best = ph_str_of(mode_names[i]);
      least = distance;
    }
  }
  return best;
}

typedef struct Arp {
  PhPat base;
  const PhPat *child;
  Mode mode;
  PhRat amount;   /* rolled: what share of the event the roll takes; negative from the last note */
  const PhFn *fn; /* arpWith */
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
    const size_t count = order_of(arp->mode, n, order);
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

/* ---- rows ---------------------------------------------------------------------------------------------------------- */

#define FAMILY "harmony"

static const PhPatFunc rows[] = {
  PH_ROW("arp", "", FAMILY, "a",
         "Plays the notes of chords one after another: up down updown downup up&down down&up converge diverge "
         "disconverge pinkyup "
         "pinkyupdown thumbup thumbupdown.",
         "arp \"updown\" \"[0,4,7]\"",
         "0-1/4 0 | 1/4-1/2 4 | 1/2-3/4 7 | 3/4-1 4",
         build_arp,
         PH_REQ("mode", "str", "the order"), PH_REQ("pattern", "a", "")),
  PH_ROW("arpeggiate", "arpg", FAMILY, "a", "Plays the notes of chords one after another, upwards.",
         "arpeggiate \"[0,4,7]\"",
         "0-1/3 0 | 1/3-2/3 4 | 2/3-1 7",
         build_arpeggiate, PH_REQ("pattern", "a", "")),
  PH_ROW("arpWith", "", FAMILY, "a",
         "Plays the notes of chords one after another in the order that a function of lists gives.",
         "arpWith reverse \"[0,4,7]\"",
         "0-1/3 7 | 1/3-2/3 4 | 2/3-1 0",
         build_arp_with,
         PH_REQ("function", "([a]->[a])", "such as reverse"), PH_REQ("pattern", "a", "")),
  PH_ROW("reverse", "", FAMILY, "[a]", "Turns a list round.", "listToPat (reverse [1, 2, 3])",
         "0-1/3 3 | 1/3-2/3 2 | 2/3-1 1",
         build_reverse, PH_REQ("list", "[a]", "")),
  PH_ROW("rolled", "", FAMILY, "a", "Rolls chords: their notes begin one after another within a quarter of the event.",
         "rolled \"[0,4,7]\"",
         "0-1 0 | 1/12-1 4 | 1/6-1 7",
         build_rolled, PH_REQ("pattern", "a", "")),
  PH_ROW("rolledBy", "rolledby", FAMILY, "a", "Rolls chords over a share of the event; negative: from the last note.",
         "rolledBy 0.5 \"[0,4]\"",
         "0-1 0 | 1/4-1 4",
         build_rolled_by, PH_REQ("share", "time", "of the event"),
         PH_REQ("pattern", "a", "")),
};

const PhPatTable ph_pat_arp = { rows, PH_COUNT(rows) };
