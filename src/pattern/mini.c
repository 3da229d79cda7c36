/* The grammar of mini-notation (LANGUAGE §4), read by recursive descent straight into patterns.

     pattern  = sequence { "," sequence } | sequence { "|" sequence }
     sequence = { step | "." | "_" | "!" }          "." parts feet
     step     = term [ ".." term ] { "@" weight | "_" | "!" [count] }
     term     = ( atom | group | "~" | "^name" ) { "*" factor | "/" factor | "?" [chance] | "(" euclid ")" | "'" chord }
     group    = "[" pattern "]" | "<" sequences ">" | "{" sequences "}" [ "%" steps ]

   `?` and `|` take a number each, counted from 0 per string in the order in which reading them ends; it shifts the time at
   which they ask for a random number.
   SPDX-License-Identifier: MIT */
#include "pattern/mini.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- errors -------------------------------------------------------------------------------------------------- */

PhSource ph_mini_source(const PhMini *m, size_t begin, size_t end)
{
  return (PhSource){ m->at.begin + (uint32_t)begin, m->at.begin + (uint32_t)end, m->at.file };
}

const PhPat *ph_mini_fail(PhMini *m, PhStatus status, size_t begin, size_t end, const char *fmt, ...)
{
  if (!m->failed) {
    m->failed = status;
    m->error->at = ph_mini_source(m, begin, end > m->text.len ? m->text.len : end);
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(m->error->text, sizeof m->error->text, fmt, args);
    va_end(args);
    m->pos = m->text.len; /* everything that reads on stops here */
  }
  return ph_pat_silence(m->build);
}

const PhPat *ph_mini_expected(PhMini *m, const char *what)
{
  if (m->pos >= m->text.len) {
    return ph_mini_fail(m, PH_SYNTAX, m->text.len, m->text.len, "the string ends; expected %s", what);
  }
  size_t n = 1;
  while (m->pos + n < m->text.len && ((unsigned char)m->text.ptr[m->pos + n] & 0xC0) == 0x80) {
    n++;
  }
  return ph_mini_fail(m, PH_SYNTAX, m->pos, m->pos + n, "found `%.*s`; expected %s", (int)n, m->text.ptr + m->pos,
                      what);
}

void ph_mini_spaces(PhMini *m)
{
  while (ph_mini_is_space(ph_mini_peek(m, 0))) {
    m->pos++;
  }
}

static bool take(PhMini *m, char c)
{
  if (ph_mini_peek(m, 0) != c || m->pos >= m->text.len) {
    return false;
  }
  m->pos++;
  return true;
}

/* The closing bracket of what was opened at `open`. */
static void close_bracket(PhMini *m, char c, size_t open)
{
  if (!m->failed && !take(m, c)) {
    char what[64];
    (void)snprintf(what, sizeof what, "`%c` to close the `%c` at byte %zu", c, m->text.ptr[open], open + 1);
    (void)ph_mini_expected(m, what);
  }
}

/* ---- sequences ----------------------------------------------------------------------------------------------- */

typedef struct Step {
  const PhPat *pat;
  PhRat weight;
} Step;

typedef PH_ARRAY(Step) Steps;

/* A sequence: the pattern, and the total of its weights for polymeters. */
typedef struct Sized {
  const PhPat *pat;
  PhRat size;
} Sized;

static const PhPat *read_pattern(PhMini *m, PhAtomType type);

static void add_step(PhMini *m, Steps *steps, const PhPat *pat, PhRat weight, size_t begin)
{
  if (steps->len >= PH_MINI_MAX_STEPS) {
    (void)ph_mini_fail(m, PH_LIMIT, begin, m->pos, "a sequence has more than %d steps", PH_MINI_MAX_STEPS);
    return;
  }
  PH_PUSH(m->build->arena, steps, ((Step){ pat, weight }));
}

/* The number behind `!`, 2 where there is none: `a!` is a twice. */
static int64_t repeat_count(PhMini *m)
{
  int64_t n = 0;
  const size_t begin = m->pos;
  while (ph_mini_is_digit(ph_mini_peek(m, 0))) {
    n = n > PH_MINI_MAX_STEPS ? n : n * 10 + (ph_mini_peek(m, 0) - '0');
    m->pos++;
  }
  return m->pos > begin ? n : 2;
}

/* `@3`, `_`, `!`, `!3` behind a step that is the last of *steps; more of them add up. */
static void step_suffixes(PhMini *m, Steps *steps, size_t begin)
{
  for (;;) {
    ph_mini_spaces(m);
    Step *last = &steps->items[steps->len - 1];
    bool was_int;
    if (take(m, '_')) {
      last->weight = ph_rat_add(last->weight, PH_RAT_INT(1));
    } else if (take(m, '@')) {
      PhRat w;
      if (!ph_mini_ratio(m, &w, &was_int)) {
        (void)ph_mini_expected(m, "a weight behind `@`");
        return;
      }
      if (w.num <= 0) {
        (void)ph_mini_fail(m, PH_RANGE, begin, m->pos, "a weight must be greater than 0");
        return;
      }
      last->weight = ph_rat_add(ph_rat_sub(last->weight, PH_RAT_INT(1)), w);
    } else if (take(m, '!')) {
      const Step copy = *last;
      const int64_t count = repeat_count(m);
      steps->len -= count == 0;
      for (int64_t i = 1; i < count && !m->failed; i++) {
        add_step(m, steps, copy.pat, copy.weight, begin);
      }
      if (steps->len == 0) {
        return;
      }
    } else {
      return;
    }
    if (m->failed) {
      return;
    }
  }
}

static Sized resolve(PhMini *m, const Steps *steps)
{
  PhRat *weights = PH_NEWN(m->build->arena, PhRat, steps->len + 1);
  const PhPat **pats = PH_NEWN(m->build->arena, const PhPat *, steps->len + 1);
  PhRat size = PH_RAT_INT(0);
  for (size_t i = 0; i < steps->len; i++) {
    weights[i] = steps->items[i].weight;
    pats[i] = steps->items[i].pat;
    size = ph_rat_add(size, weights[i]);
  }
  if (!ph_rat_ok(size)) {
    return (Sized){ ph_mini_fail(m, PH_OVERFLOW, 0, m->text.len, "the weights do not add up exactly"), PH_RAT_INT(1) };
  }
  return (Sized){ ph_timecat(m->build, weights, pats, steps->len), size };
}

/* Numbers a … b, falling if b is less; for words just the two. */
static const PhPat *enumerate(PhBuild *build, PhValue a, PhValue b)
{
  double x, y;
  if (!ph_value_is_number(&a) || !ph_value_to_num(&a, &x) || !ph_value_to_num(&b, &y)) {
    return ph_fastcat_values(build, (PhValue[]){ a, b }, 2);
  }
  const bool falls = x > y;
  const double low = falls ? y : x, high = falls ? x : y;
  const double reach = high - low + (a.tag == PH_VALUE_INT ? 0.0 : 0.5); /* Haskell counts half a step beyond */
  if (!(reach < PH_MINI_MAX_STEPS)) {
    return ph_complain(build, PH_LIMIT, "a range has more than %d steps", PH_MINI_MAX_STEPS);
  }
  const size_t count = (size_t)reach + 1;
  PhValue *values = PH_NEWN(build->arena, PhValue, count);
  for (size_t i = 0; i < count; i++) {
    const int64_t k = (int64_t)(falls ? count - 1 - i : i);
    const PhValue first = falls ? b : a;
    values[i] = first;
    switch (first.tag) {
    case PH_VALUE_INT:
      values[i].i += k;
      break;
    case PH_VALUE_RATIO:
      values[i].ratio = ph_rat_add(first.ratio, PH_RAT_INT(k));
      break;
    default:
      values[i].num += (double)k;
      break;
    }
  }
  return ph_fastcat_values(build, values, count);
}

static PhValue range_of_pair(PhQuery *query, const void *ctx, PhValue left, PhValue right)
{
  (void)ctx;
  PhBuild build = ph_query_build(query, false);
  return ph_pat_value(enumerate(&build, left, right));
}

static const PhPat *read_range(PhMini *m, PhAtomType type, const PhPat *from, size_t begin)
{
  ph_mini_spaces(m);
  const PhPat *to = ph_mini_term(m, type);
  if (!to) {
    return ph_mini_expected(m, "the end of the range");
  }
  const PhValue *a = ph_pat_constant(from), *b = ph_pat_constant(to);
  if (a && b) {
    double x, y;
    if (ph_value_to_num(a, &x) && ph_value_to_num(b, &y) && !(x - y < PH_MINI_MAX_STEPS && y - x < PH_MINI_MAX_STEPS)) {
      return ph_mini_fail(m, PH_LIMIT, begin, m->pos, "a range has more than %d steps", PH_MINI_MAX_STEPS);
    }
    return ph_with_sources(m->build, enumerate(m->build, *a, *b), ph_mini_source(m, begin, m->pos));
  }
  const PhPat *ranges = ph_app(m->build, PH_APP_BOTH, from, to, range_of_pair, NULL);
  return ph_join_pats(m->build, PH_JOIN_UNWRAP, ranges, PH_ROUTES_PLAIN);
}

/* A dot that parts feet, rather than the beginning of a range or a number. */
static bool at_foot(const PhMini *m)
{
  const char next = ph_mini_peek(m, 1);
  return ph_mini_peek(m, 0) == '.' && next != '.' && (m->build->tidal || !ph_mini_is_digit(next));
}

static bool at_end(const PhMini *m)
{
  const char c = ph_mini_peek(m, 0);
  return m->pos >= m->text.len || strchr(",|]>})", c);
}

/* Steps that begin here, until something that no step begins with. */
static void read_steps(PhMini *m, PhAtomType type, Steps *steps, Steps *feet)
{
  for (ph_mini_spaces(m); !at_end(m) && !m->failed; ph_mini_spaces(m)) {
    const size_t begin = m->pos;
    if (at_foot(m)) {
      m->pos++;
      add_step(m, feet, resolve(m, steps).pat, PH_RAT_INT(1), begin);
      steps->len = 0;
      continue;
    }
    const PhPat *pat = ph_mini_term(m, type);
    if (!pat) {
      return;
    }
    ph_mini_spaces(m);
    if (ph_mini_peek(m, 0) == '.' && ph_mini_peek(m, 1) == '.') {
      m->pos += 2;
      pat = read_range(m, type, pat, begin);
    }
    add_step(m, steps, pat, PH_RAT_INT(1), begin);
    if (!m->failed) {
      step_suffixes(m, steps, begin);
    }
  }
}

static const PhPat *read_chance(PhMini *m, const PhPat *pat);
static const PhPat *read_factor(PhMini *m, const PhPat *pat, bool slow);

static Sized read_sequence(PhMini *m, PhAtomType type)
{
  Steps steps = { 0 }, feet = { 0 };
  read_steps(m, type, &steps, &feet);
  if (feet.len && steps.len) {
    add_step(m, &feet, resolve(m, &steps).pat, PH_RAT_INT(1), m->pos);
  }
  Sized sized = resolve(m, feet.len > 1 ? &feet : feet.len && !steps.len ? &feet : &steps);
  while (!m->failed && (ph_mini_peek(m, 0) == '?' || ph_mini_peek(m, 0) == '*' || ph_mini_peek(m, 0) == '/')) {
    const char c = ph_mini_peek(m, 0); /* behind a space: it is about all of the sequence */
    m->pos++;
    sized.pat = c == '?' ? read_chance(m, sized.pat) : read_factor(m, sized.pat, c == '/');
    ph_mini_spaces(m);
  }
  return sized;
}

/* ---- choices and stacks -------------------------------------------------------------------------------------- */

typedef struct Choice {
  PhRat shift;
  size_t count;
} Choice;

static size_t choose(PhQuery *query, const void *ctx, int64_t cycle)
{
  const Choice *choice = ctx;
  const double x = ph_rand_at(query, ph_rat_add(PH_RAT_INT(cycle), choice->shift));
  return (size_t)(x * (double)choice->count);
}

static PhRat seed_shift(PhMini *m) { return ph_rat(m->seeds++, 10000); }

typedef PH_ARRAY(const PhPat *) Pats;

/* Tidal joins the choice with the cycle: what an alternative has beyond the cycle is cut off there. */
static const PhPat *cut_at_cycles(PhBuild *build, const PhPat *pat)
{
  return ph_join_pats(build, PH_JOIN_UNWRAP, ph_pat_pure(build, ph_pat_value(pat)), pat->routes);
}

static const PhPat *choice_of(PhMini *m, const Pats *pats)
{
  Choice *choice = PH_NEW(m->build->arena, Choice);
  *choice = (Choice){ seed_shift(m), pats->len };
  const PhPat **cut = PH_NEWN(m->build->arena, const PhPat *, pats->len);
  for (size_t i = 0; i < pats->len; i++) {
    cut[i] = ph_pat_constant(pats->items[i]) ? pats->items[i] : cut_at_cycles(m->build, pats->items[i]);
  }
  return ph_pick_cycles(m->build, choose, choice, cut, pats->len);
}

static const PhPat *read_pattern(PhMini *m, PhAtomType type)
{
  const PhPat *first = read_sequence(m, type).pat;
  const char separator = ph_mini_peek(m, 0);
  if (separator != ',' && separator != '|') {
    return first;
  }
  Pats pats = { 0 };
  PH_PUSH(m->build->arena, &pats, first);
  while (!m->failed && take(m, separator)) {
    PH_PUSH(m->build->arena, &pats, read_sequence(m, type).pat);
  }
  if (m->failed) {
    return first;
  }
  return separator == ',' ? ph_stack(m->build, pats.items, pats.len) : choice_of(m, &pats);
}

/* ---- groups -------------------------------------------------------------------------------------------------- */

typedef struct Polymeter {
  PhRat size;
  const PhPat *pat;
} Polymeter;

static const PhPat *at_rate(PhBuild *build, const void *ctx, PhValue value)
{
  const Polymeter *p = ctx;
  PhRat rate;
  return ph_value_to_rat(&value, &rate) ? ph_fast(build, ph_rat_div(rate, p->size), p->pat) : NULL;
}

/* Every layer at `rate` steps per cycle. */
static const PhPat *polymeter(PhMini *m, const Sized *layers, size_t count, const PhPat *rate)
{
  const PhPat **pats = PH_NEWN(m->build->arena, const PhPat *, count + 1);
  for (size_t i = 0; i < count; i++) {
    Polymeter *p = PH_NEW(m->build->arena, Polymeter);
    *p = (Polymeter){ layers[i].size, layers[i].pat };
    pats[i] = layers[i].size.num == 0 ? ph_pat_silence(m->build)
                                      : ph_join(m->build, PH_JOIN_INNER, rate, at_rate, p, layers[i].pat->routes);
  }
  return ph_stack(m->build, pats, count);
}

/* The steps per cycle behind `%`: a number or group. In Tidal's dialect it is a sequence, which takes the bare numbers and
   note lengths that follow as well. */
static const PhPat *read_rate(PhMini *m)
{
  PhRat value;
  bool was_int;
  const PhPat *rate = ph_mini_term(m, PH_ATOM_RATIO);
  if (!rate) {
    return ph_mini_expected(m, "the steps per cycle behind `%`");
  }
  Steps steps = { 0 };
  add_step(m, &steps, rate, PH_RAT_INT(1), m->pos);
  while (m->build->tidal && !m->failed) {
    const size_t back = m->pos;
    ph_mini_spaces(m);
    if (m->pos == back || !ph_mini_ratio(m, &value, &was_int)) {
      m->pos = back;
      break;
    }
    add_step(m, &steps, ph_pat_pure(m->build, ph_ratio(value)), PH_RAT_INT(1), back);
  }
  size_t ahead = m->pos;
  while (ahead < m->text.len && ph_mini_is_space(m->text.ptr[ahead])) {
    ahead++;
  }
  m->not_tidal |= ahead > m->pos && ahead < m->text.len && strchr("<[{", m->text.ptr[ahead]);
  return resolve(m, &steps).pat;
}

static const PhPat *read_layers(PhMini *m, PhAtomType type, char close)
{
  const size_t open = m->pos++;
  PH_ARRAY(Sized) layers = { 0 };
  do {
    PH_PUSH(m->build->arena, &layers, read_sequence(m, type));
  } while (!m->failed && take(m, ','));
  close_bracket(m, close, open);
  const PhPat *rate = ph_pat_pure(m->build, ph_ratio(close == '>' ? PH_RAT_INT(1) : layers.items[0].size));
  if (close == '}' && take(m, '%')) {
    rate = read_rate(m);
  }
  return m->failed ? ph_pat_silence(m->build) : polymeter(m, layers.items, layers.len, rate);
}

const PhPat *ph_mini_group(PhMini *m, PhAtomType type)
{
  const size_t open = m->pos;
  const char c = ph_mini_peek(m, 0);
  if (c != '[' && c != '<' && c != '{') {
    return NULL;
  }
  if (m->depth == PH_MINI_MAX_DEPTH) {
    return ph_mini_fail(m, PH_LIMIT, open, open + 1, "more than %d brackets are nested", PH_MINI_MAX_DEPTH);
  }
  m->depth++;
  const PhPat *pat;
  if (c == '[') {
    m->pos++;
    pat = read_pattern(m, type);
    close_bracket(m, ']', open);
  } else {
    pat = read_layers(m, type, c == '<' ? '>' : '}');
  }
  m->depth--;
  return pat;
}

/* ---- suffixes ------------------------------------------------------------------------------------------------ */

/* The factor of `*` and `/`: a number, or a group which may have a factor of its own. */
static const PhPat *read_factor(PhMini *m, const PhPat *pat, bool slow)
{
  ph_mini_spaces(m);
  PhRat value;
  bool was_int;
  const PhPat *factor = ph_mini_group(m, PH_ATOM_RATIO);
  if (factor) {
    while (!m->failed && (ph_mini_peek(m, 0) == '*' || ph_mini_peek(m, 0) == '/')) {
      const bool by_slow = ph_mini_peek(m, 0) == '/';
      m->pos++;
      factor = read_factor(m, factor, by_slow);
    }
  } else if (ph_mini_ratio(m, &value, &was_int)) {
    if (m->failed) {
      return pat;
    }
    return slow ? ph_slow(m->build, value, pat) : ph_fast(m->build, value, pat);
  } else {
    return ph_mini_expected(m, slow ? "a number or group behind `/`" : "a number or group behind `*`");
  }
  return ph_param_rat(m->build, factor, slow ? ph_slow : ph_fast, pat);
}

static const PhPat *read_chance(PhMini *m, const PhPat *pat)
{
  PhRat chance = PH_RAT(1, 2);
  bool was_int;
  const size_t begin = m->pos;
  if (ph_mini_is_digit(ph_mini_peek(m, 0)) && (!ph_mini_ratio(m, &chance, &was_int) || m->failed)) {
    return pat;
  }
  if (chance.num > chance.den) {
    return ph_mini_fail(m, PH_RANGE, begin, m->pos, "a chance lies between 0 and 1");
  }
  return ph_degrade(m->build, ph_rat_to_double(chance), seed_shift(m), false, pat);
}

typedef struct Euclid {
  const PhPat *pat;
  bool bools;
} Euclid;

static const PhPat *euclid_of(PhBuild *build, const void *ctx, const PhValue values[3])
{
  const Euclid *e = ctx;
  int64_t n, k, s;
  if (!ph_value_to_int(&values[0], &n) || !ph_value_to_int(&values[1], &k) || !ph_value_to_int(&values[2], &s)) {
    return NULL;
  }
  return e->bools ? ph_euclid_of_bools(build, n, k, s, e->pat) : ph_euclid(build, n, k, s, e->pat);
}

static const PhPat *make_euclid(PhMini *m, PhAtomType type, const PhPat *const args[3], const PhPat *pat, size_t begin)
{
  const PhValue *c[3] = { ph_pat_constant(args[0]), ph_pat_constant(args[1]), ph_pat_constant(args[2]) };
  Euclid *e = PH_NEW(m->build->arena, Euclid);
  *e = (Euclid){ pat, type == PH_ATOM_BOOL };
  if (c[0] && c[1] && (llabs(c[0]->i) > PH_EUCLID_MAX || c[1]->i > PH_EUCLID_MAX)) {
    return ph_mini_fail(m, PH_LIMIT, begin, m->pos, "a Euclidean rhythm has more than %d steps", PH_EUCLID_MAX);
  }
  return ph_param3(m->build, args, euclid_of, e, pat->routes);
}

static const PhPat *read_euclid(PhMini *m, PhAtomType type, const PhPat *pat)
{
  const size_t open = m->pos++;
  const PhPat *args[3];
  if (m->depth == PH_MINI_MAX_DEPTH) {
    return ph_mini_fail(m, PH_LIMIT, open, open + 1, "more than %d brackets are nested", PH_MINI_MAX_DEPTH);
  }
  m->depth++;
  args[0] = read_sequence(m, PH_ATOM_INT).pat;
  if (!m->failed && !take(m, ',')) {
    (void)ph_mini_expected(m, "`,` and the number of steps, as in bd(3,8)");
  }
  args[1] = read_sequence(m, PH_ATOM_INT).pat;
  args[2] = take(m, ',') ? read_sequence(m, PH_ATOM_INT).pat : ph_pat_pure(m->build, ph_int(0));
  close_bracket(m, ')', open);
  m->depth--;
  return m->failed ? pat : make_euclid(m, type, args, pat, open);
}

static const PhPat *read_suffixes(PhMini *m, PhAtomType type, const PhPat *pat, size_t begin)
{
  const bool notes = type != PH_ATOM_STR && type != PH_ATOM_BOOL;
  while (!m->failed) {
    const char c = ph_mini_peek(m, 0);
    if (c == '*' || c == '/') {
      m->pos++;
      pat = read_factor(m, pat, c == '/');
    } else if (c == '?') {
      m->pos++;
      pat = read_chance(m, pat);
    } else if (c == '(') {
      pat = read_euclid(m, type, pat);
    } else if (c == '\'' && notes) {
      pat = ph_mini_chord(m, type, pat, begin);
    } else {
      break;
    }
  }
  return pat;
}

/* ---- terms --------------------------------------------------------------------------------------------------- */

static const PhPat *read_lookup(PhMini *m, PhAtomType type)
{
  const size_t begin = m->pos++;
  size_t n = 0;
  for (char c = ph_mini_peek(m, n); ph_mini_is_letter(c) || ph_mini_is_digit(c) || c == '_' || c == '-' || c == ':';
       c = ph_mini_peek(m, ++n)) {}
  const PhStr name = ph_str(m->text.ptr + m->pos, n);
  if (n == 0) {
    return ph_mini_expected(m, "the name of a pattern behind `^`");
  }
  m->pos += n;
  const PhPat *pat = m->lookup ? m->lookup(m->lookup_ctx, name, type) : NULL;
  return pat ? pat
             : ph_mini_fail(m, PH_NOTFOUND, begin, m->pos, "there is no pattern %%%.*s", (int)(n > 60 ? 60 : n),
                            name.ptr);
}

const PhPat *ph_mini_term(PhMini *m, PhAtomType type)
{
  const size_t begin = m->pos;
  const char c = ph_mini_peek(m, 0), d = ph_mini_peek(m, 1);
  const bool words = type == PH_ATOM_STR || type == PH_ATOM_AUTO;
  const PhPat *pat = ph_mini_group(m, type);
  if (pat) {
    return read_suffixes(m, type, pat, begin);
  }
  if (c == '^') {
    pat = read_lookup(m, type);
  } else if (c == '\'' && !words && type != PH_ATOM_BOOL) {
    pat = ph_mini_chord(m, type, NULL, begin);
  } else if (c == '~' && !(words && !m->build->tidal && (ph_mini_is_letter(d) || d == '_'))) {
    m->pos++;
    pat = ph_pat_silence(m->build);
  } else {
    pat = ph_mini_atom(m, type);
    if (!pat && c == '-') {
      m->pos++;
      pat = ph_pat_silence(m->build);
    }
  }
  return pat ? read_suffixes(m, type, pat, begin) : NULL;
}

static const char *atoms_of(PhAtomType type)
{
  static const char *const names[] = {
    [PH_ATOM_AUTO] = "a name, a number or a group",
    [PH_ATOM_NUM] = "a number or a group",
    [PH_ATOM_INT] = "a whole number or a group",
    [PH_ATOM_RATIO] = "a number such as 2, 0.5 or 1%4, or a group",
    [PH_ATOM_BOOL] = "t, f or a group",
    [PH_ATOM_STR] = "a name or a group",
    [PH_ATOM_NOTE] = "a note such as 7 or e4, or a group",
  };
  return names[type];
}

/* Reads the whole text. True: as Tidal cannot read it. */
static bool parse_all(PhMini *m, PhAtomType type, const PhPat **out)
{
  *m->error = (PhMiniError){ .at = m->at };
  *out = read_pattern(m, type);
  if (!m->failed && m->pos < m->text.len) {
    (void)ph_mini_expected(m, atoms_of(type));
  }
  return !m->failed && m->not_tidal;
}

PhStatus ph_mini_parse(PhBuild *build, PhStr text, PhSource at, PhAtomType type, PhMiniLookup *lookup, void *lookup_ctx,
                       const PhPat **out, PhMiniError *error)
{
  PhMini m = { .build = build, .text = text, .at = at, .lookup = lookup, .lookup_ctx = lookup_ctx, .error = error };
  const PhMini fresh = m;
  if (parse_all(&m, type, out) && build->tidal && type == PH_ATOM_STR) {
    PhBuild strudel = *build; /* names of sounds mean the same there, and wholes stay around their parts */
    strudel.tidal = false;
    m = fresh;
    m.build = &strudel;
    (void)parse_all(&m, type, out);
  }
  return m.failed;
}
