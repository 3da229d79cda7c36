/* The reader of mini-notation: shared by its grammar (mini.c), its atoms (mini_atom.c) and its chords (mini_chord.c).
   SPDX-License-Identifier: MIT */
#ifndef PH_PATTERN_MINI_H
#define PH_PATTERN_MINI_H

#include "pattern/core.h"

#define PH_MINI_MAX_DEPTH 256     /* brackets within brackets */
#define PH_MINI_MAX_STEPS 65536   /* of one sequence, replicated ones counted */
#define PH_MINI_MAX_NAME 256      /* bytes of a name */

/* One string being read. After the first error `failed` is set, everything returns quickly and its results are silence. */
typedef struct PhMini {
  PhBuild *build;
  PhStr text;
  size_t pos;
  PhSource at;        /* of the first byte */
  PhMiniLookup *lookup;
  void *lookup_ctx;
  PhMiniError *error;
  PhStatus failed;
  unsigned depth;
  int64_t seeds;      /* next number for `?` and `|` */
  bool not_tidal;     /* steps follow the rate of a polymeter: Tidal cannot read that, Strudel can */
} PhMini;

PH_INLINE char ph_mini_peek(const PhMini *m, size_t ahead)
{
  return m->pos + ahead < m->text.len ? m->text.ptr[m->pos + ahead] : '\0';
}

PH_INLINE bool ph_mini_is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
PH_INLINE bool ph_mini_is_digit(char c) { return c >= '0' && c <= '9'; }
PH_INLINE bool ph_mini_is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80); }

void ph_mini_spaces(PhMini *m);
/* Notes the first error at [begin, end) of the string; gives silence. */
const PhPat *ph_mini_fail(PhMini *m, PhStatus status, size_t begin, size_t end, const char *fmt, ...) PH_PRINTF(5, 6);
/* "found X, expected …" at the current place. */
const PhPat *ph_mini_expected(PhMini *m, const char *what);
PhSource ph_mini_source(const PhMini *m, size_t begin, size_t end);

/* An atom of the type at the current place as a constant pattern; NULL if none begins here (nothing is read). */
const PhPat *ph_mini_atom(PhMini *m, PhAtomType type);
/* A number such as 3, 0.25, 1%3, 1.5q, e; false if there is none. */
bool ph_mini_ratio(PhMini *m, PhRat *out, bool *was_int);
/* A term of the grammar: an atom or group with its suffixes. */
const PhPat *ph_mini_term(PhMini *m, PhAtomType type);
/* A group in brackets of any kind; NULL if none begins here. */
const PhPat *ph_mini_group(PhMini *m, PhAtomType type);
/* `'name'modifier…` behind a pattern of roots (NULL: note 0); the current place is at the first quote. */
const PhPat *ph_mini_chord(PhMini *m, PhAtomType type, const PhPat *root, size_t begin);

#endif
