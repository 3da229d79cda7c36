/* Scales, voicings, tunings.  SPDX-License-Identifier: MIT */
#include "base/dmath.h"
#include "pattern/args.h"
#include "pattern/note.h"
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

/* A scale with a name that getScale is given. */
typedef struct OwnScale {
  const char *name;
  const double *notes;
  size_t count;
} OwnScale;

typedef struct ScaleCtx {
  const OwnScale *own; /* getScale: the only scales that there are */
  size_t own_count;
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

/* One of getScale's own. A name that there is none of is one note. */
static void find_own(const ScaleCtx *ctx, const char *name, Notes *out)
{
  *out = (Notes){ .count = 1, .octave = 12.0 };
  for (size_t i = 0; i < ctx->own_count; i++) {
    if (strcmp(ctx->own[i].name, name) == 0) {
      out->count = ctx->own[i].count < NOTES_MAX ? ctx->own[i].count : NOTES_MAX;
      memcpy(out->notes, ctx->own[i].notes, out->count * sizeof *out->notes);
      return;
    }
  }
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
  if (s->own) {
    find_own(s, name.str, &notes);
  } else {
    (void)find_scale(name.str, s->tidal, &notes);
  }
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
  (void)ph_complain(build, PH_NOTFOUND,
                    near.len ? "there is no scale `%s`; did you mean `%.*s`?" : "there is no scale `%s`", name->str,
                    (int)near.len, near.len ? near.ptr : "");
}

static const PhPat *scale(PhBuild *build, const PhPat *names, const PhPat *pat, ScaleCtx ctx)
{
  ScaleCtx *kept = PH_NEW(build->arena, ScaleCtx);
  *kept = ctx;
  kept->tidal = build->tidal;
  if (!ctx.own) {
    check_scale(build, names);
  }
  return ph_pat_with_routes(build, ph_app(build, PH_APP_LEFT, pat, names, scale_value, kept), pat->routes);
}

static PhArg build_scale(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(scale(build, PAT(0), PAT(1), (ScaleCtx){ 0 }));
}

static PhArg build_get_scale(PhBuild *build, const PhArg *args)
{
  const size_t count = args[0].tag == PH_ARG_LIST ? args[0].count : 0;
  OwnScale *own = PH_NEWN(build->arena, OwnScale, count + 1);
  for (size_t i = 0; i < count; i++) {
    const PhArg *pair = &args[0].items[i];
    if (pair->tag != PH_ARG_TUPLE || pair->count != 2) {
      return ph_arg_pat(ph_complain(build, PH_TYPE, "getScale takes a list of pairs (\"name\", [notes])"));
    }
    own[i].name = ph_arg_text(&pair->items[0]);
    own[i].notes = ph_arg_nums(build, &pair->items[1], &own[i].count);
  }
  return ph_arg_pat(scale(build, PAT(1), PAT(2), (ScaleCtx){ .own = own, .own_count = count }));
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

static PhArg build_to_scale(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(to_scale(build, 12.0, &args[0], PAT(1)));
}

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

static PhArg build_transpose(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_num(build, PAT(0), transpose, PAT(1)));
}

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
  return x > 0.0 && y > 0.0 ? 12.0 * ph_log2_d(x / y) : 0.0;
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
    return ph_arg_pat(
        ph_complain(build, PH_NOTFOUND, "`%s` is neither such as \"31edo\" nor a Scala file (.scl)", name));
  }
  return ph_arg_pat(map_notes(build, PAT(1), tuned, notes));
}

/* ---- chords -------------------------------------------------------------------------------------------------------------------------------- */

static PhArg build_chord(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat *const *modifiers = ph_arg_pats(build, &args[2], &count);
  if (count > PH_CHORD_MODIFIERS) {
    return ph_arg_pat(ph_complain(build, PH_LIMIT, "a chord has at most %d modifiers", PH_CHORD_MODIFIERS));
  }
  return ph_arg_pat(ph_pat_chord(build, PAT(0), PAT(1), modifiers, count));
}

/* ---- rows ------------------------------------------------------------------------------------------------------------------------------- */

#define FAMILY "harmony"
#define SCALE_LIST PH_REQ("scale", "[num]", "semitones from the root")

static const PhPatFunc rows[] = {
  PH_ROW("scale", "", FAMILY, "a",
         "Turns degrees of a scale, from 0, into notes; \"c:minor\" names a root; of controls it changes n, else note.",
         "scale \"minor\" \"0 .. 3\"", "0-1/4 0 | 1/4-1/2 2 | 1/2-3/4 3 | 3/4-1 5", build_scale,
         PH_REQ("name", "str", "of the scale; `scaleList` has all"), PH_REQ("pattern", "a", "degrees")),
  PH_ROW("scaleWith", "", FAMILY, "note", "Like scale, with a function that changes the scale.",
         "scaleWith \"major\" (raiseDegree 1) \"0 .. 3\"", "0-1/4 0 | 1/4-1/2 3 | 1/2-3/4 4 | 3/4-1 5",
         build_scale_with, PH_REQ("name", "str", "of the scale"),
         PH_REQ("change", "([num]->[num])", "such as raiseDegree 1"), PH_REQ("pattern", "int", "degrees")),
  PH_ROW("scaleWithList", "", FAMILY, "note", "Like scaleWith, with a function for each octave in turn.",
         "scaleWithList \"major\" [raiseDegree 1, lowerDegree 1] \"0 .. 9\"",
         "0-1/10 0 | 1/10-1/5 3 | 1/5-3/10 4 | 3/10-2/5 5 | 2/5-1/2 7 | 1/2-3/5 9 | 3/5-7/10 11 | 7/10-4/5 12"
         " | 4/5-9/10 13 | 9/10-1 16",
         build_scale_with, PH_REQ("name", "str", "of the scale"),
         PH_REQ("changes", "[([num]->[num])]", "one for each octave"), PH_REQ("pattern", "int", "degrees")),
  PH_ROW("getScale", "", FAMILY, "note", "Like scale, with scales of your own: pairs of a name and its semitones.",
         "getScale [(\"three\", [0, 4, 7])] \"three\" \"0 .. 3\"", "0-1/4 0 | 1/4-1/2 4 | 1/2-3/4 7 | 3/4-1 12",
         build_get_scale, PH_REQ("scales", "[(text,[num])]", "pairs of name and semitones"),
         PH_REQ("name", "str", "of the scale"), PH_REQ("pattern", "int", "degrees")),
  PH_ROW("toScale", "", FAMILY, "note", "Turns degrees of a scale, given as a list of semitones, into notes.",
         "toScale [0, 2, 7] \"0 1 2 3\"", "0-1/4 0 | 1/4-1/2 2 | 1/2-3/4 7 | 3/4-1 12", build_to_scale, SCALE_LIST,
         PH_REQ("pattern", "int", "degrees")),
  PH_ROW("toScale'", "", FAMILY, "note", "Like toScale, with an octave of another size in semitones.",
         "toScale' 10 [0, 2, 7] \"0 .. 3\"", "0-1/4 0 | 1/4-1/2 2 | 1/2-3/4 7 | 3/4-1 10", build_to_scale_by,
         PH_REQ("octave", "!num", "semitones"), SCALE_LIST, PH_REQ("pattern", "int", "degrees")),
  PH_ROW("raiseDegree", "", FAMILY, "[num]", "Raises one degree of a scale, counted from 0, by a semitone.",
         "scaleWith \"major\" (raiseDegree 2) \"0 .. 3\"", "0-1/4 0 | 1/4-1/2 2 | 1/2-3/4 5 | 3/4-1 5", build_raise,
         PH_REQ("degree", "!int", "from 0"), SCALE_LIST),
  PH_ROW("lowerDegree", "", FAMILY, "[num]", "Lowers one degree of a scale, counted from 0, by a semitone.",
         "scaleWith \"major\" (lowerDegree 2) \"0 .. 3\"", "0-1/4 0 | 1/4-1/2 2 | 1/2-3/4 3 | 3/4-1 5", build_lower,
         PH_REQ("degree", "!int", "from 0"), SCALE_LIST),
  PH_ROW("raiseDegrees", "", FAMILY, "[num]", "Raises a range of degrees of a scale by a semitone.",
         "scaleWith \"major\" (raiseDegrees 1 2) \"0 .. 3\"", "0-1/4 0 | 1/4-1/2 3 | 1/2-3/4 5 | 3/4-1 5",
         build_raise_range, PH_REQ("first", "!int", "from 0"), PH_REQ("last", "!int", "from 0"), SCALE_LIST),
  PH_ROW("lowerDegrees", "", FAMILY, "[num]", "Lowers a range of degrees of a scale by a semitone.",
         "scaleWith \"major\" (lowerDegrees 1 2) \"0 .. 3\"", "0-1/4 0 | 1/4-1/2 1 | 1/2-3/4 3 | 3/4-1 5",
         build_lower_range, PH_REQ("first", "!int", "from 0"), PH_REQ("last", "!int", "from 0"), SCALE_LIST),
  PH_ROW0("scaleList", "", FAMILY, "str", "Gives the name of every scale, one a cycle.", "scaleList", "0-1 \"minPent\"",
          build_scale_list),
  PH_ROW("voicing", "", FAMILY, "a",
         "Moves the notes of chords by octaves into the octave below an anchor, so that chords move little.",
         "note (voicing \"c'maj e'min\")",
         "0-1/2 note: 0 | 0-1/2 note: 4 | 0-1/2 note: 7 | 1/2-1 note: 4 | 1/2-1 note: 7 | 1/2-1 note: 11",
         build_voicing, PH_REQ("pattern", "a", "chords"), PH_OPT("anchor", "!note", 11, "highest note")),
  PH_ROW("chord", "", FAMILY, "note",
         "Makes chords of roots, of names of chords and of modifiers: 5 notes, i inverted, o open, d1 dropped.",
         "chord \"c e\" \"major minor\" [\"i\"]", "0-1/2 4 | 0-1/2 7 | 0-1/2 12 | 1/2-1 7 | 1/2-1 11 | 1/2-1 16",
         build_chord, PH_REQ("root", "note", "lowest notes"), PH_REQ("name", "str", "such as major or min7"),
         PH_REQ("modifiers", "[str]", "such as [\"5\", \"<i o>\"]")),
  PH_ROW("transpose", "trans", FAMILY, "a",
         "Moves notes by a number of semitones; of controls it changes note, else n.", "transpose 7 \"0 4\"",
         "0-1/2 7 | 1/2-1 11", build_transpose, PH_REQ("semitones", "num", ""), PH_REQ("pattern", "a", "notes")),
  PH_ROW("chromaticiseBy", "chromaticizeBy", FAMILY, "a",
         "Makes a run of n semitones more out of every note; negative: downwards.", "chromaticiseBy 2 \"0 4\"",
         "0-1/6 0 | 1/6-1/3 1 | 1/3-1/2 2 | 1/2-2/3 4 | 2/3-5/6 5 | 5/6-1 6", build_chromaticise,
         PH_REQ("n", "int", "semitones"), PH_REQ("pattern", "a", "notes")),
  PH_ROW("tuning", "", FAMILY, "a", "Reads notes as steps of a tuning: \"31edo\" (any equal division) or a Scala file.",
         "tuning \"19edo\" \"0 1 19\"", "0-1/3 0 | 1/3-2/3 0.631578947368421 | 2/3-1 12", build_tuning,
         PH_REQ("name", "text", "such as \"31edo\", or a .scl file"), PH_REQ("pattern", "a", "steps")),
};

const PhPatTable ph_pat_harmony = { rows, PH_COUNT(rows) };
