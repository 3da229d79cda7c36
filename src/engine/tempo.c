/* The tempo map: pieces of constant tempo, found cycle by cycle; frames by exact integer arithmetic.
   SPDX-License-Identifier: MIT */
#include "engine/tempo.h"

#include <stdlib.h>

__extension__ typedef __int128 I128;

enum {
  PARTS = 64,             /* a continuous tempo is followed in this many steps a cycle */
  MAX_CYCLES_AHEAD = 1 << 20
};

static const PhRat least_cps = { 1, 1000 };
static const PhRat most_cps = { 1000, 1 };

static int64_t gcd(int64_t a, int64_t b)
{
  while (b) {
    const int64_t r = a % b;
    a = b;
    b = r;
  }
  return a < 0 ? -a : a;
}

static I128 floor_div(I128 a, I128 b)
{
  const I128 q = a / b;
  return q - (a % b < 0);
}

/* Frames of a span of cycles at a tempo: whole frames and 2^-32 parts, rounded down. False if it cannot be exact. */
static bool span_frames(const PhTempo *tempo, PhRat span, PhRat cps, int64_t *frames, uint32_t *fraction)
{
  const PhRat per_cycle = ph_rat_div(tempo->sample_rate, cps);
  if (!ph_rat_ok(per_cycle) || !ph_rat_ok(span)) {
    return false;
  }
  const int64_t g = span.num ? gcd(span.num, per_cycle.den) : 1;
  const int64_t h = gcd(per_cycle.num, span.den);
  const I128 num = (I128)(span.num / g) * (per_cycle.num / h);
  const I128 den = (I128)(span.den / h) * (per_cycle.den / g);
  const I128 whole = floor_div(num, den);
  if (whole > ((I128)1 << 61) || whole < -((I128)1 << 61)) {
    return false;
  }
  I128 rest = num - whole * den, unit = den; /* 0 <= rest < unit */
  while (unit >> 94) {
    rest >>= 1;
    unit >>= 1;
  }
  const I128 part = (rest << 32) / unit;
  *frames = (int64_t)whole;
  *fraction = part > (I128)UINT32_MAX ? UINT32_MAX : (uint32_t)part;
  return true;
}

static void fail(PhTempo *tempo, PhStatus status)
{
  tempo->status = tempo->status == PH_OK ? status : tempo->status;
}

/* A piece that begins where the pattern was changed, and changes nothing. */
static void drop_idle_piece(PhTempo *tempo)
{
  const PhTempoPiece *last = tempo->len > 1 ? &tempo->pieces[tempo->len - 1] : NULL;
  if (last && ph_rat_eq(last->cycle, tempo->changed) && ph_rat_eq(last->cps, last[-1].cps)) {
    tempo->len--;
  }
}

/* From `cycle` on the tempo is cps. Times come in order. */
static void add_piece(PhTempo *tempo, PhRat cycle, PhRat cps)
{
  if (ph_rat_lt(cycle, tempo->changed)) {
    cycle = tempo->changed;
  } else if (ph_rat_lt(tempo->changed, cycle)) {
    drop_idle_piece(tempo);
  }
  PhTempoPiece piece = { .cycle = tempo->len ? cycle : tempo->start, .cps = cps }; /* the first one holds before it, too */
  piece.frame = tempo->origin;
  piece.step = ph_rat_div(cps, tempo->sample_rate);
  if (tempo->len) {
    PhTempoPiece *last = &tempo->pieces[tempo->len - 1];
    if (ph_rat_eq(last->cps, cps)) {
      return;
    }
    if (!ph_rat_lt(last->cycle, cycle)) { /* several values at once: the last one wins */
      last->cps = cps;
      last->step = piece.step;
      return;
    }
    int64_t frames;
    uint32_t fraction;
    if (!span_frames(tempo, ph_rat_sub(cycle, last->cycle), last->cps, &frames, &fraction)) {
      fail(tempo, PH_OVERFLOW);
      return;
    }
    const uint64_t sum = (uint64_t)last->fraction + fraction;
    piece.frame = last->frame + frames + (int64_t)(sum >> 32);
    piece.fraction = (uint32_t)sum;
  }
  if (tempo->len == tempo->cap) {
    const size_t cap = tempo->cap ? tempo->cap * 2 : 8;
    PhTempoPiece *grown = realloc(tempo->pieces, cap * sizeof *grown);
    if (!grown) {
      fail(tempo, PH_NOMEM);
      return;
    }
    tempo->pieces = grown;
    tempo->cap = cap;
  }
  tempo->pieces[tempo->len++] = piece;
}

static PhRat cps_of(const PhValue *value, PhRat fallback)
{
  double x = 0;
  PhRat cps = fallback;
  if (value->tag == PH_VALUE_RATIO) {
    cps = value->ratio;
  } else if (ph_value_as_num(value, false, &x)) {
    cps = ph_rat_from_double(x);
  }
  return ph_rat_ok(cps) ? ph_rat_min(ph_rat_max(cps, least_cps), most_cps) : fallback;
}

static int compare_events(const void *a, const void *b)
{
  const PhEvent *x = a, *y = b;
  const int by_time = ph_rat_cmp(x->part.begin, y->part.begin);
  return by_time ? by_time : ph_rat_cmp(x->whole.begin, y->whole.begin);
}

static PhRat last_cps(const PhTempo *tempo)
{
  return tempo->len ? tempo->pieces[tempo->len - 1].cps : PH_RAT(1, 2);
}

/* The pieces of [begin, end). Gives true if the tempo was continuous there. */
static bool query_span(PhTempo *tempo, PhQuery *query, PhRat begin, PhRat end)
{
  PhEvents events = { 0 };
  ph_query(query, tempo->pat, (PhArc){ begin, end }, &events);
  for (size_t i = 0; i < events.len; i++) {
    if (!events.items[i].has_whole) {
      add_piece(tempo, begin, cps_of(&events.items[i].value, last_cps(tempo)));
      return true;
    }
  }
  qsort(events.items, events.len, sizeof *events.items, compare_events);
  for (size_t i = 0; i < events.len; i++) {
    add_piece(tempo, events.items[i].part.begin, cps_of(&events.items[i].value, last_cps(tempo)));
  }
  return false;
}

static bool is_continuous(PhTempo *tempo, PhQuery *query, PhRat begin, PhRat end)
{
  PhEvents events = { 0 };
  ph_query(query, tempo->pat, (PhArc){ begin, end }, &events);
  return events.len && !events.items[0].has_whole;
}

static int64_t frame_of(PhTempo *tempo, PhRat cycle);

static void extend(PhTempo *tempo)
{
  PhArena arena;
  PhTrap trap;
  ph_arena_init(&arena, NULL, &trap);
  const PhRat begin = tempo->known;
  const PhRat end = ph_rat_add(ph_rat_floor(begin), PH_RAT_INT(1));
  if (PH_TRAP_SET(&trap) == 0) {
    PhQuery query = { .arena = &arena, .seed = tempo->seed, .cps = ph_rat_to_double(last_cps(tempo)) };
    if (is_continuous(tempo, &query, begin, end)) {
      const PhRat part = PH_RAT(1, PARTS);
      for (PhRat at = begin; ph_rat_lt(at, end); at = ph_rat_add(at, part)) {
        (void)query_span(tempo, &query, at, ph_rat_min(ph_rat_add(at, part), end));
      }
    } else {
      (void)query_span(tempo, &query, begin, end);
    }
  } else {
    fail(tempo, trap.status);
  }
  ph_arena_deinit(&arena);
  if (tempo->len == 0) {
    add_piece(tempo, tempo->start, PH_RAT(1, 2)); /* a rest at the beginning */
  }
  drop_idle_piece(tempo);
  tempo->known = end;
  tempo->known_frame = frame_of(tempo, end);
}

/* Known up to and with `cycle`. */
static void reach(PhTempo *tempo, PhRat cycle)
{
  for (int i = 0; tempo->pat && i < MAX_CYCLES_AHEAD && !ph_rat_lt(cycle, tempo->known) && tempo->status == PH_OK; i++) {
    extend(tempo);
  }
}

PhStatus ph_tempo_init(PhTempo *tempo, double sample_rate, const PhPat *pat, uint64_t seed, PhRat start)
{
  *tempo = (PhTempo){ .sample_rate = ph_rat_from_double(sample_rate), .start = start, .pat = pat, .seed = seed,
                      .changed = start, .known = start };
  if (!pat) {
    add_piece(tempo, start, PH_RAT(1, 2));
  } else {
    extend(tempo);
  }
  return tempo->status;
}

/* The map as it is before `at`, and another source from there on. */
static void turn(PhTempo *tempo, const PhPat *pat, PhRat at)
{
  while (tempo->len > 1 && ph_rat_lt(at, tempo->pieces[tempo->len - 1].cycle)) {
    tempo->len--;
  }
  tempo->pat = pat;
  tempo->changed = at;
}

PhStatus ph_tempo_follow(PhTempo *tempo, const PhPat *pat, uint64_t seed, PhRat at)
{
  turn(tempo, pat, at);
  tempo->seed = seed;
  if (pat) {
    tempo->known = ph_rat_floor(at);
    extend(tempo);
  } else {
    add_piece(tempo, at, PH_RAT(1, 2));
    drop_idle_piece(tempo);
  }
  return tempo->status;
}

PhStatus ph_tempo_hold(PhTempo *tempo, PhRat cps, PhRat at)
{
  turn(tempo, NULL, at);
  add_piece(tempo, at, cps);
  drop_idle_piece(tempo);
  return tempo->status;
}

void ph_tempo_locate(PhTempo *tempo, PhRat cycle, int64_t frame)
{
  tempo->len = 0;
  tempo->start = tempo->changed = tempo->known = cycle;
  tempo->origin = tempo->known_frame = frame;
}

PhStatus ph_tempo_init_constant(PhTempo *tempo, PhRat sample_rate, PhRat cps)
{
  *tempo = (PhTempo){ .sample_rate = sample_rate, .start = PH_RAT_INT(0), .changed = PH_RAT_INT(0), .known = PH_RAT_INT(0) };
  add_piece(tempo, tempo->start, cps);
  return tempo->status;
}

void ph_tempo_deinit(PhTempo *tempo)
{
  free(tempo->pieces);
  *tempo = (PhTempo){ 0 };
}

/* The last piece that begins at or before the time; the first one for what lies before. */
static const PhTempoPiece *piece_at(const PhTempo *tempo, PhRat cycle)
{
  size_t low = 0, high = tempo->len;
  while (high - low > 1) {
    const size_t mid = low + (high - low) / 2;
    if (ph_rat_le(tempo->pieces[mid].cycle, cycle)) {
      low = mid;
    } else {
      high = mid;
    }
  }
  return &tempo->pieces[low];
}

static int64_t frame_of(PhTempo *tempo, PhRat cycle)
{
  const PhTempoPiece *piece = piece_at(tempo, cycle);
  int64_t frames;
  uint32_t fraction;
  if (!span_frames(tempo, ph_rat_sub(cycle, piece->cycle), piece->cps, &frames, &fraction)) {
    fail(tempo, PH_OVERFLOW);
    return INT64_MAX / 4;
  }
  const uint64_t sum = (uint64_t)piece->fraction + fraction;
  return piece->frame + frames + (int64_t)((sum + (1u << 31)) >> 32);
}

int64_t ph_tempo_frame(PhTempo *tempo, PhRat cycle)
{
  reach(tempo, cycle);
  return frame_of(tempo, cycle);
}

PhRat ph_tempo_cps(PhTempo *tempo, PhRat cycle)
{
  reach(tempo, cycle);
  return piece_at(tempo, cycle)->cps;
}

static const PhTempoPiece *piece_of_frame(PhTempo *tempo, int64_t frame)
{
  while (tempo->pat && tempo->status == PH_OK && tempo->known_frame <= frame) {
    extend(tempo);
  }
  size_t low = 0, high = tempo->len;
  while (high - low > 1) {
    const size_t mid = low + (high - low) / 2;
    if (tempo->pieces[mid].frame < frame || (tempo->pieces[mid].frame == frame && tempo->pieces[mid].fraction == 0)) {
      low = mid;
    } else {
      high = mid;
    }
  }
  return &tempo->pieces[low];
}

PhRat ph_tempo_told(PhTempo *tempo, PhRat cycle)
{
  return tempo->told_cps.den ? tempo->told_cps : ph_tempo_cps(tempo, cycle);
}

double ph_tempo_cycle(PhTempo *tempo, int64_t frame)
{
  const PhTempoPiece *piece = piece_of_frame(tempo, frame);
  const double frames = (double)(frame - piece->frame) - (double)piece->fraction / 4294967296.0;
  return ph_rat_to_double(piece->cycle) + frames * ph_rat_to_double(piece->cps) / ph_rat_to_double(tempo->sample_rate);
}

PhRat ph_tempo_instant(PhTempo *tempo, int64_t frame, double *cps)
{
  const PhTempoPiece *piece = piece_of_frame(tempo, frame);
  PhRat frames = PH_RAT_INT(frame - piece->frame);
  if (piece->fraction) { /* a coarser place keeps the numbers small; it is the same one for every query */
    frames = ph_rat_sub(frames, ph_rat((int64_t)(piece->fraction >> 24), 256));
  }
  *cps = ph_rat_to_double(piece->cps);
  return ph_rat_add(piece->cycle, ph_rat_mul(frames, piece->step));
}
