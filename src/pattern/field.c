/* Control patterns of other shapes: any name, several controls in one word, names of drums.  SPDX-License-Identifier: MIT */
#include "pattern/args.h"

#include <stdlib.h>
#include <string.h>

#define PAT(i) ph_arg_as_pat(build, &args[i])

/* ---- any name -------------------------------------------------------------------------------------------------------------- */

static PhValue as_num(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query, (void)ctx;
  double x;
  return ph_value_to_num(&value, &x) ? ph_num(x) : value;
}

static PhValue as_int(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query, (void)ctx;
  int64_t i;
  return ph_value_to_int(&value, &i) ? ph_int(i) : value;
}

static PhValue as_note(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query;
  double x;
  return ph_value_as_num(&value, *(const bool *)ctx, &x) ? ph_note(x) : value;
}

static PhArg field(PhBuild *build, const PhArg *args, PhValueMap *cast)
{
  bool *tidal = PH_NEW(build->arena, bool);
  *tidal = build->tidal;
  const PhPat *values = cast ? ph_with_value(build, PAT(1), cast, tidal) : PAT(1);
  return ph_arg_pat(ph_pat_control(build, ph_arg_text(&args[0]), values));
}

static PhArg build_field_num(PhBuild *build, const PhArg *args) { return field(build, args, as_num); }
static PhArg build_field_int(PhBuild *build, const PhArg *args) { return field(build, args, as_int); }
static PhArg build_field_note(PhBuild *build, const PhArg *args) { return field(build, args, as_note); }
static PhArg build_field_text(PhBuild *build, const PhArg *args) { return field(build, args, NULL); }

/* ---- several controls in one word ----------------------------------------------------------------------------------------------- */

/* The controls of "a:b:c": names, and what to read each part as ('F', 'I', 'N' or 'S'). */
typedef struct Group {
  size_t count;
  bool tidal;
  struct {
    char kind;
    const char *name;
  } fields[8];
} Group;

static bool read_field(PhQuery *query, const Group *g, char kind, PhStr part, PhValue *out)
{
  const char *text = ph_arena_strndup(query->arena, part.ptr, part.len);
  const PhValue word = ph_text_value(text);
  double x;
  *out = word;
  if (kind == 'S') {
    return true;
  }
  if (!ph_value_as_num(&word, g->tidal, &x)) {
    return false;
  }
  *out = kind == 'I' ? ph_int((int64_t)x) : kind == 'N' ? ph_note(x) : ph_num(x);
  return true;
}

static PhValue group_value(PhQuery *query, const void *ctx, PhValue value)
{
  const Group *g = ctx;
  if (value.tag == PH_VALUE_NUM || value.tag == PH_VALUE_INT || value.tag == PH_VALUE_NOTE) { /* a word of one part */
    double x = 0.0;
    (void)ph_value_to_num(&value, &x);
    value = ph_text_value(ph_arena_printf(query->arena, "%.17g", x));
  }
  if (value.tag != PH_VALUE_STR) {
    return value;
  }
  const PhMap *map = NULL;
  const char *at = value.str;
  for (size_t i = 0; i < g->count && *at; i++) {
    const PhStr part = ph_str(at, strcspn(at, ":"));
    PhValue read;
    if (part.len && read_field(query, g, g->fields[i].kind, part, &read)) {
      map = ph_map_set(query->arena, map, g->fields[i].name, read);
    }
    at += part.len + (at[part.len] == ':');
  }
  return map ? ph_map_value(map) : value;
}

static const PhPat *group(PhBuild *build, Group how, const PhPat *pat)
{
  Group *g = PH_NEW(build->arena, Group);
  *g = how;
  g->tidal = build->tidal;
  return ph_with_value(build, pat, group_value, g);
}

/* mS "s" and so on are texts of a kind and a name: "S:s". */
static PhArg build_grp(PhBuild *build, const PhArg *args)
{
  Group g = { 0 };
  size_t count;
  bool pats;
  const PhValue *values = ph_arg_values(build, &args[0], &count, &pats);
  for (size_t i = 0; i < count && g.count < PH_COUNT(g.fields); i++) {
    const char *text = !pats && values[i].tag == PH_VALUE_STR ? values[i].str : "";
    if (!*text || !strchr("FINS", text[0]) || text[1] != ':') {
      return ph_arg_pat(
          ph_complain(build, PH_TYPE, "grp takes a list of mS, mF, mI and mN, each with the name of a control"));
    }
    g.fields[g.count].kind = text[0];
    g.fields[g.count++].name = text + 2;
  }
  return ph_arg_pat(group(build, g, PAT(1)));
}

static PhArg part_of(PhBuild *build, const PhArg *args, char kind)
{
  return ph_arg_value(ph_text_value(ph_arena_printf(build->arena, "%c:%s", kind, ph_arg_text(&args[0]))));
}

static PhArg build_part_text(PhBuild *build, const PhArg *args) { return part_of(build, args, 'S'); }
static PhArg build_part_num(PhBuild *build, const PhArg *args) { return part_of(build, args, 'F'); }
static PhArg build_part_int(PhBuild *build, const PhArg *args) { return part_of(build, args, 'I'); }
static PhArg build_part_note(PhBuild *build, const PhArg *args) { return part_of(build, args, 'N'); }

static PhArg build_cc(PhBuild *build, const PhArg *args)
{
  const Group g = { .count = 2, .fields = { { 'F', "ccn" }, { 'F', "ccv" } } };
  return ph_arg_pat(group(build, g, PAT(0)));
}

static PhArg build_nrpn(PhBuild *build, const PhArg *args)
{
  const Group g = { .count = 2, .fields = { { 'I', "nrpn" }, { 'I', "val" } } };
  return ph_arg_pat(group(build, g, PAT(0)));
}

static PhArg build_grain(PhBuild *build, const PhArg *args)
{
  const Group g = { .count = 2, .fields = { { 'F', "begin" }, { 'F', "end" } } };
  return ph_arg_pat(group(build, g, PAT(0)));
}

/* ---- other ways to give a note ------------------------------------------------------------------------------------------------------ */

static PhValue from_midi(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query, (void)ctx;
  double x;
  return ph_value_to_num(&value, &x) ? ph_note(x - 60.0) : value;
}

static PhArg build_midinote(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_pat_control(build, "note", ph_with_value(build, PAT(0), from_midi, NULL)));
}

/* The drums of MIDI from number 27 on, by Tidal's two letters. Number 60 is note 0; a name that there is none of, number 0. */
static const char drum_names[] = "hqslpsplstsqmlmbabbdrmsncpeslfchlthhftohmthmcrhtricybetasccbcs"
                                 "virchblbmhhclcheleaglacamaswlwsglgclhilimcoctrotshjbbtctmsos";

static PhValue from_drum(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query, (void)ctx;
  for (size_t i = 0; value.tag == PH_VALUE_STR && strlen(value.str) == 2 && drum_names[i]; i += 2) {
    if (memcmp(drum_names + i, value.str, 2) == 0) {
      return ph_note((double)(i / 2) + 27.0 - 60.0);
    }
  }
  return ph_note(-60.0);
}

static PhArg build_drum(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_pat_control(build, "n", ph_with_value(build, PAT(0), from_drum, NULL)));
}

/* ---- rows --------------------------------------------------------------------------------------------------------------------------------- */

#define FAMILY "control"
#define NAME PH_REQ("name", "text", "of the control")

static const PhPatFunc rows[] = {
  PH_ROW("pF", "", FAMILY, "ctrl", "Makes a control of any name from numbers.", "pF \"foo\" \"1 2\"",
         "0-1/2 foo: 1 | 1/2-1 foo: 2",
         build_field_num, NAME, PH_REQ("values", "num", "")),
  PH_ROW("pI", "", FAMILY, "ctrl", "Makes a control of any name from whole numbers.", "pI \"bar\" \"1 2\"",
         "0-1/2 bar: 1 | 1/2-1 bar: 2",
         build_field_int, NAME, PH_REQ("values", "int", "")),
  PH_ROW("pN", "", FAMILY, "ctrl", "Makes a control of any name from notes.", "pN \"foo\" \"c e\"",
         "0-1/2 foo: 0 | 1/2-1 foo: 4",
         build_field_note, NAME, PH_REQ("values", "note", "")),
  PH_ROW("pS", "", FAMILY, "ctrl", "Makes a control of any name from words.", "pS \"baz\" \"x y\"",
         "0-1/2 baz: \"x\" | 1/2-1 baz: \"y\"",
         build_field_text, NAME, PH_REQ("values", "str", "")),
  PH_ROW("grp", "", FAMILY, "ctrl", "Makes several controls from the parts of words that colons separate.",
         "grp [mS \"s\", mF \"n\"] \"bd:3 sn:5\"",
         "0-1/2 n: 3, s: \"bd\" | 1/2-1 n: 5, s: \"sn\"",
         build_grp,
         PH_REQ("fields", "[str]", "mS, mF, mI or mN with a name"), PH_REQ("words", "str", "")),
  PH_ROW("mS", "", FAMILY, "str", "Names the control that a part of a word becomes, as a word, for grp.",
         "grp [mS \"s\", mS \"vowel\"] \"bd:a\"",
         "0-1 s: \"bd\", vowel: \"a\"",
         build_part_text, NAME),
  PH_ROW("mF", "", FAMILY, "str", "Names the control that a part of a word becomes, as a number, for grp.",
         "grp [mS \"s\", mF \"speed\"] \"bd:2\"",
         "0-1 s: \"bd\", speed: 2",
         build_part_num, NAME),
  PH_ROW("mI", "", FAMILY, "str", "Names the control that a part of a word becomes, as a whole number, for grp.",
         "grp [mS \"s\", mI \"cut\"] \"bd:2\"",
         "0-1 cut: 2, s: \"bd\"",
         build_part_int, NAME),
  PH_ROW("mN", "", FAMILY, "str", "Names the control that a part of a word becomes, as a note, for grp.",
         "grp [mS \"s\", mN \"n\"] \"bd:2\"",
         "0-1 n: 2, s: \"bd\"",
         build_part_note, NAME),
  PH_ROW("cc", "", FAMILY, "ctrl", "Sends MIDI controllers, as \"number:value\".", "cc \"20:101\"",
         "0-1 ccn: 20, ccv: 101",
         build_cc,
         PH_REQ("values", "str", "number:value")),
  PH_ROW("nrpn", "", FAMILY, "ctrl", "Sends MIDI non-registered parameters, as \"number:value\".", "nrpn \"16:45\"",
         "0-1 nrpn: 16, val: 45",
         build_nrpn, PH_REQ("values", "str", "number:value")),
  PH_ROW("grain'", "", FAMILY, "ctrl", "Sets begin and end, as \"begin:end\".", "grain' \"0.2:0.3\"",
         "0-1 begin: 0.2, end: 0.3",
         build_grain,
         PH_REQ("values", "str", "begin:end")),
  PH_ROW("midinote", "", FAMILY, "ctrl", "Gives the note as a MIDI number; 60 is note 0.", "midinote \"60 64\"",
         "0-1/2 note: 0 | 1/2-1 note: 4",
         build_midinote, PH_REQ("number", "num", "0 to 127")),
  PH_ROW("drum", "", FAMILY, "ctrl",
         "Gives n by the two letters of a drum of General MIDI, such as bd, sn, hh, oh, cb.", "drum \"bd sn\"",
         "0-1/2 n: -24 | 1/2-1 n: -22",
         build_drum, PH_REQ("name", "str", "two letters")),
};

const PhPatTable ph_pat_field = { rows, PH_COUNT(rows) };
