/* Note and chord names. Chord types and modifiers are Tidal 1.10's (the table of the conformance data), with the usual
   names of lead sheets added.  SPDX-License-Identifier: MIT */
#include "pattern/note.h"

#include "pattern/core.h"

#include <string.h>

/* ---- notes --------------------------------------------------------------------------------------------------- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool ph_note_parse(PhStr name, bool tidal, double *semitones)
{
  static const int8_t scale[7] = { 9, 11, 0, 2, 4, 5, 7 }; /* a … g */
  if (name.len == 0 || name.ptr[0] < 'a' || name.ptr[0] > 'g') {
    return false;
  }
  int64_t note = scale[name.ptr[0] - 'a'];
  size_t i = 1;
  for (; i < name.len && strchr("sfn#b", name.ptr[i]); i++) {
    note += name.ptr[i] == 's' || name.ptr[i] == '#' ? 1 : name.ptr[i] == 'n' ? 0 : -1;
  }
  const bool below = i + 1 < name.len && name.ptr[i] == '-' && is_digit(name.ptr[i + 1]);
  i += below;
  int64_t octave = tidal ? 5 : 4;
  if (i < name.len) {
    octave = 0;
    for (; i < name.len && is_digit(name.ptr[i]) && octave < 100; i++) {
      octave = octave * 10 + (name.ptr[i] - '0');
    }
    octave = below ? -octave : octave;
  }
  *semitones = (double)(note + (octave - (tidal ? 5 : 4)) * 12);
  return i == name.len;
}

bool ph_value_as_num(const PhValue *value, bool tidal, double *out)
{
  if (value->tag != PH_VALUE_STR) {
    return ph_value_is_number(value) && ph_value_to_num(value, out);
  }
  const PhStr text = ph_str_of(value->str);
  PhRat r;
  if (ph_rat_parse(text.ptr, text.len, &r) && ph_rat_ok(r)) {
    *out = ph_rat_to_double(r);
    return true;
  }
  return ph_note_parse(text, tidal, out);
}

/* ---- chords -------------------------------------------------------------------------------------------------- */

static const PhChordType types[] = {
  { "major maj M", { 0, 4, 7 }, 3 },
  { "aug plus sharp5", { 0, 4, 8 }, 3 },
  { "six 6 maj6 M6", { 0, 4, 7, 9 }, 4 },
  { "sixNine six9 sixby9 6by9 69", { 0, 4, 7, 9, 14 }, 5 },
  { "major7 maj7 M7", { 0, 4, 7, 11 }, 4 },
  { "major9 maj9 M9", { 0, 4, 7, 11, 14 }, 5 },
  { "add9 dom9", { 0, 4, 7, 14 }, 4 },
  { "major11 maj11 M11", { 0, 4, 7, 11, 14, 17 }, 6 },
  { "add11 dom11", { 0, 4, 7, 17 }, 4 },
  { "major13 maj13 M13", { 0, 4, 7, 11, 14, 21 }, 6 },
  { "add13 dom13", { 0, 4, 7, 21 }, 4 },
  { "dom7 7", { 0, 4, 7, 10 }, 4 },
  { "sevenFlat5 7f5 7b5", { 0, 4, 6, 10 }, 4 },
  { "sevenSharp5 7s5 aug7", { 0, 4, 8, 10 }, 4 },
  { "sevenFlat9 7f9 7b9", { 0, 4, 7, 10, 13 }, 5 },
  { "nine 9", { 0, 4, 7, 10, 14 }, 5 },
  { "eleven 11", { 0, 4, 7, 10, 14, 17 }, 6 },
  { "thirteen 13", { 0, 4, 7, 10, 14, 17, 21 }, 7 },
  { "minor min m", { 0, 3, 7 }, 3 },
  { "diminished dim", { 0, 3, 6 }, 3 },
  { "minorSharp5 msharp5 mS5", { 0, 3, 8 }, 3 },
  { "minor6 min6 m6", { 0, 3, 7, 9 }, 4 },
  { "minorSixNine minor69 min69 minSixNine m69 mSixNine m6by9", { 0, 3, 9, 7, 14 }, 5 },
  { "minor7flat5 minor7f5 min7flat5 min7f5 m7flat5 m7f5 m7b5 min7b5 hdim7", { 0, 3, 6, 10 }, 4 },
  { "minor7 min7 m7", { 0, 3, 7, 10 }, 4 },
  { "minor7sharp5 minor7s5 min7sharp5 min7s5 m7sharp5 m7s5", { 0, 3, 8, 10 }, 4 },
  { "minor7flat9 minor7f9 min7flat9 min7f9 m7flat9 m7f9 m7b9", { 0, 3, 7, 10, 13 }, 5 },
  { "minor7sharp9 minor7s9 min7sharp9 min7s9 m7sharp9 m7s9", { 0, 3, 7, 10, 15 }, 5 },
  { "diminished7 dim7", { 0, 3, 6, 9 }, 4 },
  { "minor9 min9 m9", { 0, 3, 7, 10, 14 }, 5 },
  { "minor11 min11 m11", { 0, 3, 7, 10, 14, 17 }, 6 },
  { "minor13 min13 m13", { 0, 3, 7, 10, 14, 17, 21 }, 7 },
  { "minorMajor7 minMaj7 mmaj7 mM7", { 0, 3, 7, 11 }, 4 },
  { "one 1", { 0 }, 1 },
  { "five 5", { 0, 7 }, 2 },
  { "sus2", { 0, 2, 7 }, 3 },
  { "sus4 sus", { 0, 5, 7 }, 3 },
  { "sevenSus2 7sus2", { 0, 2, 7, 10 }, 4 },
  { "sevenSus4 7sus4", { 0, 5, 7, 10 }, 4 },
  { "nineSus4 ninesus4 9sus4", { 0, 5, 7, 10, 14 }, 5 },
  { "sevenFlat10 7f10 7s9", { 0, 4, 7, 10, 15 }, 5 },
  { "nineSharp5 9sharp5 9s5", { 0, 1, 13 }, 3 },
  { "minor9sharp5 minor9s5 min9sharp5 min9s5 m9sharp5 m9s5", { 0, 1, 14 }, 3 },
  { "sevenSharp5flat9 7s5f9", { 0, 4, 8, 10, 13 }, 5 },
  { "minor7sharp5flat9 m7sharp5flat9", { 0, 3, 8, 10, 13 }, 5 },
  { "elevenSharp 11s", { 0, 4, 7, 10, 14, 18 }, 6 },
  { "minor11sharp m11sharp m11s", { 0, 3, 7, 10, 14, 18 }, 6 },
};

const PhChordType *ph_chord_types(size_t *count)
{
  *count = PH_COUNT(types);
  return types;
}

/* The next name in a list separated by spaces; false at its end. */
static bool next_name(const char **at, PhStr *name)
{
  while (**at == ' ') {
    ++*at;
  }
  const char *begin = *at;
  while (**at && **at != ' ') {
    ++*at;
  }
  *name = ph_str(begin, (size_t)(*at - begin));
  return name->len > 0;
}

const PhChordType *ph_chord_find(PhStr name)
{
  for (size_t i = 0; i < PH_COUNT(types); i++) {
    PhStr each;
    for (const char *at = types[i].names; next_name(&at, &each);) {
      if (ph_str_eq(each, name)) {
        return &types[i];
      }
    }
  }
  return NULL;
}

const char *ph_chord_nearest(PhStr name, size_t *len)
{
  const char *best = NULL;
  unsigned best_distance = 3;
  for (size_t i = 0; i < PH_COUNT(types); i++) {
    PhStr each;
    for (const char *at = types[i].names; next_name(&at, &each);) {
      const unsigned distance = ph_str_distance(each, name, 2);
      if (distance < best_distance && distance < name.len) {
        best = each.ptr;
        *len = each.len;
        best_distance = distance;
      }
    }
  }
  return best;
}

static void set_range(double *notes, size_t *count, size_t wanted)
{
  const size_t n = *count;
  for (size_t i = n; n && i < wanted && i < PH_CHORD_MAX; i++) {
    notes[i] = notes[i - n] + 12.0;
  }
  *count = n == 0 ? 0 : wanted < PH_CHORD_MAX ? wanted : PH_CHORD_MAX;
}

static void invert(double *notes, size_t count)
{
  if (count) {
    const double lowest = notes[0];
    memmove(notes, notes + 1, (count - 1) * sizeof *notes);
    notes[count - 1] = lowest + 12.0;
  }
}

static void open_up(double *notes, size_t count)
{
  if (count > 2) {
    const double first = notes[0] - 12.0, second = notes[1], third = notes[2] - 12.0;
    notes[0] = first;
    notes[1] = third;
    notes[2] = second;
  }
}

/* The i-th note from the top an octave down, first. */
static void drop(double *notes, size_t count, size_t i)
{
  if (i == 0 || count < i) {
    return;
  }
  const size_t at = count - i;
  const double note = notes[at] - 12.0;
  memmove(notes + 1, notes, at * sizeof *notes);
  notes[0] = note;
}

/* The number that `text` is, most 999; false if it is anything else. */
static bool small_number(PhStr text, size_t *out)
{
  *out = 0;
  for (size_t i = 0; i < text.len; i++) {
    if (!is_digit(text.ptr[i]) || i > 2) {
      return false;
    }
    *out = *out * 10 + (size_t)(text.ptr[i] - '0');
  }
  return text.len > 0;
}

static bool all_are(PhStr text, char c)
{
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] != c) {
      return false;
    }
  }
  return text.len > 0;
}

bool ph_chord_modify(PhStr modifier, double *notes, size_t *count)
{
  const PhStr rest = ph_str(modifier.ptr + (modifier.len > 0), modifier.len - (modifier.len > 0));
  size_t n;
  if (small_number(modifier, &n)) {
    set_range(notes, count, n);
    return true;
  }
  if (all_are(modifier, 'o')) {
    for (size_t i = 0; i < modifier.len; i++) {
      open_up(notes, *count);
    }
    return true;
  }
  if (all_are(modifier, 'i') || (modifier.len > 1 && modifier.ptr[0] == 'i' && small_number(rest, &n))) {
    for (size_t i = all_are(modifier, 'i') ? modifier.len : n; i > 0; i--) {
      invert(notes, *count);
    }
    return true;
  }
  if (modifier.len > 1 && modifier.ptr[0] == 'd' && small_number(rest, &n)) {
    drop(notes, *count, n);
    return true;
  }
  if (modifier.len == 1 && modifier.ptr[0] == 'r') { /* `'r`: the range that the chord has */
    return true;
  }
  return false;
}

/* The part of *rest before the next quote, which is taken off. */
static PhStr cut_quote(PhStr *rest)
{
  size_t i = 0;
  while (i < rest->len && rest->ptr[i] != '\'') {
    i++;
  }
  const PhStr head = ph_str(rest->ptr, i);
  *rest = i < rest->len ? ph_str(rest->ptr + i + 1, rest->len - i - 1) : ph_str(rest->ptr + i, 0);
  return head;
}

/* "maj3" is maj'3: a name with the number of its notes behind it. */
static const PhChordType *find_with_range(PhStr name, PhStr *range)
{
  const PhChordType *type = ph_chord_find(name);
  *range = ph_str(name.ptr, 0);
  size_t cut = name.len;
  while (!type && cut > 1 && is_digit(name.ptr[cut - 1])) {
    cut--;
    type = ph_chord_find(ph_str(name.ptr, cut));
    *range = ph_str(name.ptr + cut, name.len - cut);
  }
  return type;
}

bool ph_chord_parse(PhStr name, bool tidal, double *out, size_t most, size_t *count)
{
  double notes[PH_CHORD_MAX];
  double root = 0.0;
  const PhStr head = cut_quote(&name);
  PhValue text = { .tag = PH_VALUE_STR };
  char buf[32];
  if (head.len >= sizeof buf || name.len == 0) {
    return false;
  }
  memcpy(buf, head.ptr, head.len);
  buf[head.len] = 0;
  text.str = buf;
  if (head.len && !ph_value_as_num(&text, tidal, &root)) {
    return false;
  }
  PhStr range;
  const PhChordType *type = find_with_range(cut_quote(&name), &range);
  if (!type) {
    return false;
  }
  *count = type->count;
  for (size_t i = 0; i < *count; i++) {
    notes[i] = root + type->notes[i];
  }
  bool ok = range.len == 0 || ph_chord_modify(range, notes, count);
  while (ok && name.len) {
    ok = ph_chord_modify(cut_quote(&name), notes, count);
  }
  *count = *count < most ? *count : most;
  memcpy(out, notes, *count * sizeof *out);
  return ok;
}
