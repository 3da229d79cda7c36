/* The atoms of mini-notation: numbers, notes, booleans, names.  SPDX-License-Identifier: MIT */
#include "pattern/mini.h"

#include <string.h>

static bool is_name_char(char c) { return ph_mini_is_letter(c) || ph_mini_is_digit(c) || (c && strchr(":.-_", c)); }

static const PhPat *atom_at(PhMini *m, PhValue value, size_t begin)
{
  return ph_pat_pure_at(m->build, value, ph_mini_source(m, begin, m->pos));
}

/* ---- numbers ------------------------------------------------------------------------------------------------- */

static size_t digits(const PhMini *m, size_t pos)
{
  size_t n = 0;
  while (pos + n < m->text.len && ph_mini_is_digit(m->text.ptr[pos + n])) {
    n++;
  }
  return n;
}

/* Length of an unsigned decimal at `pos`: digits, perhaps a fraction (but not the first dot of `..`), perhaps an exponent. */
static size_t decimal_length(const PhMini *m, size_t pos, bool *is_int)
{
  const char *t = m->text.ptr;
  const size_t len = m->text.len;
  size_t n = digits(m, pos);
  *is_int = true;
  const bool bare_point = n == 0 && !m->build->tidal && pos < len && t[pos] == '.';
  if ((n || bare_point) && pos + n < len && t[pos + n] == '.' && digits(m, pos + n + 1)) {
    n += 1 + digits(m, pos + n + 1);
    *is_int = false;
  }
  if (n && pos + n < len && t[pos + n] == 'e') {
    const size_t minus = pos + n + 1 < len && t[pos + n + 1] == '-';
    const size_t e = digits(m, pos + n + 1 + minus);
    n += e ? 1 + minus + e : 0;
    *is_int = *is_int && !e;
  }
  return n;
}

/* Tidal's note lengths: a letter that no other letter follows. */
static bool length_letter(PhMini *m, PhRat *out)
{
  static const struct {
    char letter;
    int8_t den;
  } lengths[] = { { 'w', 1 }, { 'h', 2 }, { 'q', 4 }, { 'e', 8 }, { 's', 16 }, { 't', 3 }, { 'f', 5 }, { 'x', 6 } };
  const char c = ph_mini_peek(m, 0);
  if (ph_mini_is_letter(ph_mini_peek(m, 1))) {
    return false;
  }
  for (size_t i = 0; i < PH_COUNT(lengths); i++) {
    if (lengths[i].letter == c) {
      *out = PH_RAT(1, lengths[i].den);
      m->pos++;
      return true;
    }
  }
  return false;
}

/* The whole number behind `%` (or `/` where that makes a fraction): false if there is none. */
static bool denominator(PhMini *m, PhRat *out)
{
  const size_t n = digits(m, m->pos + 1);
  bool is_int;
  if (n == 0 || decimal_length(m, m->pos + 1, &is_int) != n) {
    return false;
  }
  const bool ok = ph_rat_parse(m->text.ptr + m->pos + 1, n, out);
  m->pos += 1 + n;
  return ok && ph_rat_ok(*out);
}

bool ph_mini_ratio(PhMini *m, PhRat *out, bool *was_int)
{
  const size_t begin = m->pos;
  const char c = ph_mini_peek(m, 0);
  m->pos += c == '-' || c == '+';
  bool is_int = false;
  const size_t n = decimal_length(m, m->pos, &is_int);
  PhRat value = PH_RAT_INT(1), unit, den;
  *was_int = false;
  if (n) {
    if (!ph_rat_parse(m->text.ptr + m->pos, n, &value) || !ph_rat_ok(value)) {
      (void)ph_mini_fail(m, PH_OVERFLOW, begin, m->pos + n, "the number is too large or too fine to be exact");
      return true;
    }
    m->pos += n;
    *was_int = is_int;
    if (ph_mini_peek(m, 0) == '%') {
      if (!is_int || !denominator(m, &den) || den.num == 0) {
        (void)ph_mini_fail(m, PH_SYNTAX, begin, m->pos + 1,
                           "a fraction is a whole number %% a whole number that is not 0");
        return true;
      }
      value = ph_rat_div(value, den);
      *was_int = false;
    }
    if (length_letter(m, &unit)) {
      value = ph_rat_mul(value, unit);
      *was_int = false;
    }
  } else if (!length_letter(m, &value)) {
    m->pos = begin;
    return false;
  }
  *out = c == '-' ? ph_rat_neg(value) : value;
  if (!ph_rat_ok(*out)) {
    (void)ph_mini_fail(m, PH_OVERFLOW, begin, m->pos, "the number is too large or too fine to be exact");
    *out = PH_RAT_INT(0);
  }
  return true;
}

/* "1/8" is a fraction where exact numbers are read, except in Tidal's dialect, where it slows. */
static void slash_fraction(PhMini *m, PhRat *value, bool was_int)
{
  const size_t begin = m->pos;
  PhRat den;
  if (!m->build->tidal && was_int && ph_mini_peek(m, 0) == '/' && denominator(m, &den)) {
    if (den.num == 0 || ph_mini_peek(m, 0) == '%') {
      (void)ph_mini_fail(m, PH_SYNTAX, begin, m->pos, "a fraction is a whole number / a whole number that is not 0");
      return;
    }
    *value = ph_rat_div(*value, den);
  }
}

static bool number_follows(const PhMini *m)
{
  const char c = ph_mini_peek(m, 0), d = ph_mini_peek(m, 1);
  const bool point = !m->build->tidal;
  if (c == '-' || c == '+') {
    return ph_mini_is_digit(d) || (point && d == '.' && ph_mini_is_digit(ph_mini_peek(m, 2)));
  }
  return ph_mini_is_digit(c) || (point && c == '.' && ph_mini_is_digit(d));
}

/* ---- notes and words ----------------------------------------------------------------------------------------- */

/* A note name at the current place, as long as it goes; false if what stands here is not one, or goes on as a word. */
static bool note_name(PhMini *m, double *semitones)
{
  const bool minus = ph_mini_peek(m, 0) == '-';
  size_t n = minus ? 1 : 0;
  const size_t begin = m->pos + n;
  char c = ph_mini_peek(m, n);
  if (c < 'a' || c > 'g') {
    return false;
  }
  for (c = ph_mini_peek(m, ++n); c && strchr(m->build->tidal ? "sfn" : "sfn#b", c); c = ph_mini_peek(m, ++n)) {}
  const size_t octave = digits(m, m->pos + n);
  n += octave;
  if (ph_mini_is_letter(ph_mini_peek(m, n))) {
    return false;
  }
  if (!ph_note_parse(ph_str(m->text.ptr + begin, m->pos + n - begin), m->build->tidal, semitones)) {
    return false;
  }
  *semitones = minus ? -*semitones : *semitones;
  m->pos += n;
  return true;
}

static size_t word_length(const PhMini *m, bool quotes)
{
  size_t n = 0;
  for (;;) {
    const char c = ph_mini_peek(m, n), d = ph_mini_peek(m, n + 1);
    if (is_name_char(c) || (c == '#' && n)) {
      n++;
    } else if (quotes && c == '\'' && n && (ph_mini_is_letter(d) || ph_mini_is_digit(d))) {
      n++;
    } else {
      return n;
    }
  }
}

static const PhPat *word(PhMini *m, bool quotes)
{
  const size_t begin = m->pos;
  const char c = ph_mini_peek(m, 0);
  const size_t tilde = c == '~';
  m->pos += tilde;
  const size_t n = ph_mini_is_letter(ph_mini_peek(m, 0)) || ph_mini_is_digit(ph_mini_peek(m, 0)) ||
                           (tilde && ph_mini_peek(m, 0) == '_')
                       ? word_length(m, quotes)
                       : 0;
  if (n == 0) {
    m->pos = begin;
    return NULL;
  }
  if (n > PH_MINI_MAX_NAME) {
    return ph_mini_fail(m, PH_LIMIT, begin, begin + 40, "the name is longer than %d bytes", PH_MINI_MAX_NAME);
  }
  m->pos += n;
  return atom_at(m, ph_text_value(ph_build_text(m->build, m->text.ptr + begin, m->pos - begin)), begin);
}

/* ---- by type ------------------------------------------------------------------------------------------------- */

static const PhPat *bool_atom(PhMini *m)
{
  static const struct {
    const char *text;
    bool value;
  } words[] = { { "true", true }, { "false", false }, { "t", true }, { "1", true },
                { "x", true },    { "f", false },     { "0", false } };
  const size_t begin = m->pos;
  for (size_t i = 0; i < PH_COUNT(words); i++) {
    const size_t n = strlen(words[i].text);
    if (m->text.len - m->pos >= n && memcmp(m->text.ptr + m->pos, words[i].text, n) == 0) {
      m->pos += n;
      return atom_at(m, ph_bool(words[i].value), begin);
    }
  }
  return NULL;
}

static const PhPat *number_atom(PhMini *m, PhAtomType type)
{
  const size_t begin = m->pos;
  PhRat value;
  bool was_int;
  double note;
  if (type != PH_ATOM_RATIO && type != PH_ATOM_NUM && !number_follows(m)) {
    return note_name(m, &note) ? atom_at(m, type == PH_ATOM_INT ? ph_int((int64_t)note) : ph_note(note), begin) : NULL;
  }
  if (!ph_mini_ratio(m, &value, &was_int)) {
    return type == PH_ATOM_NUM && note_name(m, &note) ? atom_at(m, ph_num(note), begin) : NULL;
  }
  if (m->failed) {
    return ph_pat_silence(m->build);
  }
  switch (type) {
  case PH_ATOM_INT:
    if (value.den != 1) {
      return ph_mini_fail(m, PH_SYNTAX, begin, m->pos, "expected a whole number");
    }
    return atom_at(m, ph_int(value.num), begin);
  case PH_ATOM_NOTE:
    return atom_at(m, ph_note(ph_rat_to_double(value)), begin);
  case PH_ATOM_RATIO:
    slash_fraction(m, &value, was_int);
    return atom_at(m, ph_ratio(value), begin);
  default:
    slash_fraction(m, &value, was_int);
    return atom_at(m, ph_num(ph_rat_to_double(value)), begin);
  }
}

/* A number if the word is one to its end ("808bd" and "1e" are words), else a word. */
static const PhPat *auto_atom(PhMini *m)
{
  if (number_follows(m)) {
    const size_t begin = m->pos;
    const size_t sign = ph_mini_peek(m, 0) == '-' || ph_mini_peek(m, 0) == '+';
    bool is_int;
    const size_t n = sign + decimal_length(m, m->pos + sign, &is_int);
    const char c = ph_mini_peek(m, n);
    const bool goes_on = is_name_char(c) && !(c == '.' && ph_mini_peek(m, n + 1) == '.') && c != '_';
    if (!goes_on || sign) {
      PhRat value;
      bool was_int;
      (void)ph_mini_ratio(m, &value, &was_int);
      slash_fraction(m, &value, was_int);
      return m->failed ? ph_pat_silence(m->build) : atom_at(m, ph_num(ph_rat_to_double(value)), begin);
    }
  }
  return word(m, true);
}

const PhPat *ph_mini_atom(PhMini *m, PhAtomType type)
{
  switch (type) {
  case PH_ATOM_STR:
    return word(m, false);
  case PH_ATOM_BOOL:
    return bool_atom(m);
  case PH_ATOM_AUTO:
    return auto_atom(m);
  default:
    return number_atom(m, type);
  }
}
