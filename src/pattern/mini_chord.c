/* Chords in mini-notation: c4'maj7'5'o, and with patterned names and modifiers c'<maj min>'<i ii>.
   SPDX-License-Identifier: MIT */
#include "pattern/mini.h"
#include "pattern/note.h"

#include <string.h>

enum { MOST_MODIFIERS = PH_CHORD_MODIFIERS };

typedef struct Chord {
  PhAtomType type;
  PhSource source;
  const PhPat *name;
  const PhPat *modifiers[MOST_MODIFIERS];
  size_t count;
} Chord;

/* A chord that is being put together: which part comes next. */
typedef struct Partly {
  const Chord *chord;
  const PhChordType *chord_type;
  double root;
  double notes[PH_CHORD_MAX];
  size_t note_count;
  size_t modifier; /* the next one */
} Partly;

static PhValue note_value(PhAtomType type, double note)
{
  return type == PH_ATOM_INT     ? ph_int((int64_t)note)
         : type == PH_ATOM_NUM   ? ph_num(note)
         : type == PH_ATOM_RATIO ? ph_ratio(ph_rat_from_double(note))
                                 : ph_note(note);
}

static const PhPat *finish(PhBuild *build, const Partly *partly)
{
  const PhPat *pats[PH_CHORD_MAX];
  for (size_t i = 0; i < partly->note_count; i++) {
    pats[i] = ph_pat_pure_at(build, note_value(partly->chord->type, partly->notes[i]), partly->chord->source);
  }
  return ph_stack(build, pats, partly->note_count);
}

static const PhPat *next_modifier(PhBuild *build, const Partly *partly);

static const PhPat *modify(PhBuild *build, const void *ctx, PhValue value)
{
  Partly *copy = PH_NEW(build->arena, Partly);
  *copy = *(const Partly *)ctx;
  copy->modifier++;
  if (value.tag != PH_VALUE_STR || !ph_chord_modify(ph_str_of(value.str), copy->notes, &copy->note_count)) {
    return NULL;
  }
  return next_modifier(build, copy);
}

static const PhPat *next_modifier(PhBuild *build, const Partly *partly)
{
  if (partly->modifier == partly->chord->count) {
    return finish(build, partly);
  }
  const PhPat *pat = partly->chord->modifiers[partly->modifier];
  const PhValue *constant = ph_pat_constant(pat);
  return constant ? modify(build, partly, *constant)
                  : ph_join(build, PH_JOIN_UNWRAP, pat, modify, partly, PH_ROUTES_PLAIN);
}

static const PhPat *named(PhBuild *build, const void *ctx, PhValue value)
{
  Partly *partly = PH_NEW(build->arena, Partly);
  *partly = *(const Partly *)ctx;
  const PhChordType *type = value.tag == PH_VALUE_STR ? ph_chord_find(ph_str_of(value.str)) : NULL;
  if (!type && build->tidal) { /* Tidal plays the root alone */
    type = ph_chord_find(ph_str_of("one"));
  }
  if (!type) {
    return NULL;
  }
  partly->note_count = type->count;
  for (size_t i = 0; i < type->count; i++) {
    partly->notes[i] = partly->root + type->notes[i];
  }
  return next_modifier(build, partly);
}

static const PhPat *rooted(PhBuild *build, const void *ctx, PhValue value)
{
  Partly *partly = PH_NEW(build->arena, Partly);
  partly->chord = ctx;
  if (!ph_value_to_num(&value, &partly->root)) {
    return NULL;
  }
  const PhValue *constant = ph_pat_constant(partly->chord->name);
  return constant ? named(build, partly, *constant)
                  : ph_join(build, PH_JOIN_UNWRAP, partly->chord->name, named, partly, PH_ROUTES_PLAIN);
}

const PhPat *ph_pat_chord(PhBuild *build, const PhPat *root, const PhPat *name, const PhPat *const *modifiers,
                          size_t count)
{
  Chord *chord = PH_NEW(build->arena, Chord);
  chord->type = PH_ATOM_NOTE;
  chord->name = name;
  chord->count = count < MOST_MODIFIERS ? count : MOST_MODIFIERS;
  for (size_t i = 0; i < chord->count; i++) {
    chord->modifiers[i] = modifiers[i];
  }
  return ph_join(build, PH_JOIN_UNWRAP, root, rooted, chord, PH_ROUTES_PLAIN);
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

static bool is_word_char(char c) { return ph_mini_is_letter(c) || ph_mini_is_digit(c) || c == '#'; }

/* An alternation of words such as <maj min>, read with `word` for each. */
typedef const PhPat *WordFn(PhMini *m, Chord *chord);

static PhStr read_word(PhMini *m)
{
  size_t n = 0;
  while (is_word_char(ph_mini_peek(m, n))) {
    n++;
  }
  const PhStr text = ph_str(m->text.ptr + m->pos, n);
  m->pos += n;
  return text;
}

static const PhPat *text_pat(PhMini *m, PhStr text)
{
  return ph_pat_pure(m->build, ph_text_value(ph_build_text(m->build, text.ptr, text.len)));
}

static const PhPat *unknown_chord(PhMini *m, PhStr name, size_t begin)
{
  if (m->build->tidal) { /* Tidal plays the root alone */
    return text_pat(m, ph_str_of("one"));
  }
  size_t len;
  const char *near = ph_chord_nearest(name, &len);
  if (near) {
    return ph_mini_fail(m, PH_SYNTAX, begin, m->pos, "unknown chord \"%.*s\"; did you mean \"%.*s\"?", (int)name.len,
                        name.ptr, (int)len, near);
  }
  return ph_mini_fail(m, PH_SYNTAX, begin, m->pos, "unknown chord \"%.*s\"", (int)name.len, name.ptr);
}

/* A chord name; digits behind a known name are the number of its notes. */
static const PhPat *name_word(PhMini *m, Chord *chord)
{
  const size_t begin = m->pos;
  const PhStr name = read_word(m);
  if (name.len == 0) {
    return ph_mini_expected(m, "the name of a chord such as maj or min7");
  }
  size_t cut = name.len; /* Tidal knows no such digits: there the whole word is the name */
  while (!m->build->tidal && cut > 1 && !ph_chord_find(ph_str(name.ptr, cut)) && ph_mini_is_digit(name.ptr[cut - 1])) {
    cut--;
  }
  if (!ph_chord_find(ph_str(name.ptr, cut))) {
    return unknown_chord(m, name, begin);
  }
  if (cut < name.len && chord->count < MOST_MODIFIERS) {
    chord->modifiers[chord->count++] = text_pat(m, ph_str(name.ptr + cut, name.len - cut));
  }
  return text_pat(m, ph_str(name.ptr, cut));
}

static const PhPat *modifier_word(PhMini *m, Chord *chord)
{
  (void)chord;
  const size_t begin = m->pos;
  const PhStr text = read_word(m);
  double notes[PH_CHORD_MAX] = { 0 };
  size_t count = 1;
  if (!ph_chord_modify(text, notes, &count)) {
    return ph_mini_fail(m, PH_SYNTAX, begin, m->pos > begin ? m->pos : begin + 1,
                        "expected a chord modifier: a number of notes, i (inversion), o (open) or d1 (drop)");
  }
  return text_pat(m, text);
}

static const PhPat *words(PhMini *m, Chord *chord, WordFn *word)
{
  if (ph_mini_peek(m, 0) != '<') {
    return word(m, chord);
  }
  const size_t open = m->pos++;
  PH_ARRAY(const PhPat *) pats = { 0 };
  for (;;) {
    ph_mini_spaces(m);
    if (ph_mini_peek(m, 0) == '>' || m->failed) {
      break;
    }
    if (!is_word_char(ph_mini_peek(m, 0)) || pats.len >= PH_MINI_MAX_STEPS) {
      return ph_mini_fail(m, PH_SYNTAX, open, open + 1, "expected words and `>` after this `<`");
    }
    PH_PUSH(m->build->arena, &pats, word(m, chord));
  }
  m->pos++;
  return ph_slowcat(m->build, pats.items, pats.len);
}

const PhPat *ph_mini_chord(PhMini *m, PhAtomType type, const PhPat *root, size_t begin)
{
  Chord *chord = PH_NEW(m->build->arena, Chord);
  chord->type = type;
  m->pos++;
  chord->name = words(m, chord, name_word);
  while (ph_mini_peek(m, 0) == '\'' && !m->failed) {
    m->pos++;
    const PhPat *modifier = words(m, chord, modifier_word);
    if (chord->count == MOST_MODIFIERS) {
      return ph_mini_fail(m, PH_LIMIT, begin, m->pos, "a chord has more than %d modifiers", MOST_MODIFIERS);
    }
    chord->modifiers[chord->count++] = modifier;
  }
  if (m->failed) {
    return ph_pat_silence(m->build);
  }
  chord->source = ph_mini_source(m, begin, m->pos);
  const PhValue *constant = root ? ph_pat_constant(root) : NULL;
  if (!root || constant) {
    const PhPat *pat = rooted(m->build, chord, constant ? *constant : ph_note(0));
    return pat ? pat : ph_mini_fail(m, PH_SYNTAX, begin, m->pos, "expected a note in front of a chord");
  }
  return ph_join(m->build, PH_JOIN_UNWRAP, root, rooted, chord, PH_ROUTES_PLAIN);
}
