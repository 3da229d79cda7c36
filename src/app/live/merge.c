/* Statements that are typed, put into a text.  SPDX-License-Identifier: MIT */
#include "app/live/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "phonon/phonon.h"

/* What undoes what. */
static const struct {
  const char *word, *undone;
} opposites[] = { { "unhush", "hush" },  { "unhush", "panic" }, { "hush", "unhush" },
                  { "panic", "unhush" }, { "unsolo", "solo" },  { "solo", "unsolo" } };

static size_t word_len(const char *key) { return strcspn(key, " "); }

static bool is_word(const char *key, const char *word)
{
  return word_len(key) == strlen(word) && strncmp(key, word, word_len(key)) == 0;
}

/* Statements whose order matters: they say how outputs sound, and the last one counts. */
static bool is_state(const char *key)
{
  for (size_t i = 0; i < sizeof opposites / sizeof *opposites; i++) {
    if (is_word(key, opposites[i].word)) {
      return true;
    }
  }
  return false;
}

/* Whether a statement with the key `fresh` makes one with the key `old` meaningless. */
static bool replaces(const char *fresh, const char *old)
{
  if (strcmp(fresh, old) == 0) {
    return true;
  }
  const char *number = fresh + word_len(fresh);
  bool is_kin = is_state(fresh) && word_len(fresh) == word_len(old) && strncmp(fresh, old, word_len(fresh)) == 0;
  for (size_t i = 0; i < sizeof opposites / sizeof *opposites; i++) {
    is_kin |= is_word(fresh, opposites[i].word) && is_word(old, opposites[i].undone);
  }
  return is_kin && (!*number || strcmp(number, old + word_len(old)) == 0);
}

/* Whether a statement only undoes, and nothing is left that it would have to undo. */
static bool is_needless(const char *key, const PhononStatements *rest)
{
  if (!is_word(key, "unhush") && !is_word(key, "unsolo")) {
    return false;
  }
  PhononStatement s;
  for (size_t i = 0; phonon_statements_get(rest, i, &s); i++) {
    if ((is_word(key, "unhush") && (is_word(s.key, "hush") || is_word(s.key, "panic"))) ||
        (is_word(key, "unsolo") && is_word(s.key, "solo"))) {
      return false;
    }
  }
  return true;
}

/* `text` without [begin, end), with `fresh` in its place; a line that becomes empty goes, too. */
static char *splice(const char *text, size_t begin, size_t end, const char *fresh, size_t fresh_len)
{
  const size_t len = strlen(text);
  if (!fresh_len && (begin == 0 || text[begin - 1] == '\n') && text[end] == '\n') {
    end++;
  }
  char *made = malloc(len - (end - begin) + fresh_len + 1);
  if (made) {
    memcpy(made, text, begin);
    memcpy(made + begin, fresh, fresh_len);
    memcpy(made + begin + fresh_len, text + end, len - end + 1);
  }
  return made;
}

static char *append(const char *text, const char *fresh, size_t len)
{
  const size_t before = strlen(text);
  const bool needs_line = before && text[before - 1] != '\n';
  char *made = NULL;
  return asprintf(&made, "%s%s%.*s\n", text, needs_line ? "\n" : "", (int)len, fresh) < 0 ? NULL : made;
}

/* One statement into the text, which it takes. */
static char *merge_one(char *text, const PhononStatement *fresh, const char *typed, bool tidal)
{
  PhononStatements *old = NULL;
  const size_t len = fresh->end - fresh->begin;
  bool is_placed = false;
  if (phonon_statements_new(text, strlen(text), tidal, &old) != PHONON_OK) {
    free(text);
    return NULL;
  }
  PhononStatement s;
  char *now = text;
  for (size_t i = phonon_statements_count(old); now && i-- > 0;) { /* from the end: places before stay */
    if (phonon_statements_get(old, i, &s) && replaces(fresh->key, s.key)) {
      const bool takes_place = !is_placed && !is_state(fresh->key);
      char *next = splice(now, s.begin, s.end, typed + fresh->begin, takes_place ? len : 0);
      is_placed |= takes_place;
      free(now);
      now = next;
    }
  }
  phonon_statements_free(old);
  PhononStatements *rest = NULL;
  if (now && !is_placed && phonon_statements_new(now, strlen(now), tidal, &rest) == PHONON_OK) {
    if (!is_needless(fresh->key, rest)) {
      char *next = append(now, typed + fresh->begin, len);
      free(now);
      now = next;
    }
    phonon_statements_free(rest);
  }
  return now;
}

char *merge_statements(const char *text, const char *typed, bool tidal)
{
  PhononStatements *fresh = NULL;
  char *made = strdup(text);
  if (!made || phonon_statements_new(typed, strlen(typed), tidal, &fresh) != PHONON_OK) {
    free(made);
    return NULL;
  }
  PhononStatement s;
  for (size_t i = 0; made && phonon_statements_get(fresh, i, &s); i++) {
    made = merge_one(made, &s, typed, tidal);
  }
  if (made && phonon_statements_count(fresh) == 0) { /* what is no statement: the compiler says what is wrong */
    char *next = append(made, typed, strlen(typed));
    free(made);
    made = next;
  }
  phonon_statements_free(fresh);
  return made;
}

bool statement_is_open(const char *typed)
{
  int depth = 0;
  bool in_string = false;
  char last = 0;
  for (const char *p = typed; *p; p++) {
    if (in_string) {
      in_string = *p != '"';
    } else if (p[0] == p[1] && (*p == '-' || *p == '/')) {
      p += strcspn(p, "\n") - 1; /* a comment */
      continue;
    } else if (*p == '"') {
      in_string = true;
    } else {
      depth += (*p == '(' || *p == '[' || *p == '{') - (*p == ')' || *p == ']' || *p == '}');
    }
    last = *p == ' ' || *p == '\t' || *p == '\n' ? last : *p;
  }
  return in_string || depth > 0 || (last && strchr("$#+*/=:,|<", last) != NULL);
}
