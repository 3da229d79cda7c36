/* Patterns out of plain texts: step sequencers and L-systems (Lindenmayer 1968).  SPDX-License-Identifier: MIT */
#include "pattern/args.h"

#include <string.h>

enum { TEXT_MAX = 65536 };

/* ---- step sequencers ------------------------------------------------------------------------------------------------------- */

/* "x12 x": x is `first`, a digit what `digit` says, everything else a rest. */
static const PhPat *steps_of(PhBuild *build, const char *text, const char *first,
                             const PhPat *(*digit)(PhBuild *, const void *, int), const void *ctx)
{
  const size_t len = strlen(text);
  if (len > TEXT_MAX) {
    return ph_complain(build, PH_LIMIT, "more than %d steps", TEXT_MAX);
  }
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, len + 1);
  for (size_t i = 0; i < len; i++) {
    const char c = text[i];
    pats[i] = c == 'x'               ? ph_pat_pure(build, ph_text_value(first))
              : c >= '0' && c <= '9' ? digit(build, ctx, c - '0')
                                     : ph_pat_silence(build);
  }
  return ph_fastcat(build, pats, len);
}

static const PhPat *numbered(PhBuild *build, const void *ctx, int digit)
{
  return ph_pat_pure(build, ph_text_value(ph_arena_printf(build->arena, "%s:%d", (const char *)ctx, digit)));
}

typedef struct Names {
  const PhValue *values;
  size_t count;
} Names;

static const PhPat *named(PhBuild *build, const void *ctx, int digit)
{
  const Names *names = ctx;
  return (size_t)digit < names->count ? ph_pat_pure(build, names->values[digit]) : ph_pat_silence(build);
}

static PhArg build_sseq(PhBuild *build, const PhArg *args)
{
  const char *name = ph_arg_text(&args[0]);
  return ph_arg_pat(steps_of(build, ph_arg_text(&args[1]), name, numbered, name));
}

static PhArg build_sseqs(PhBuild *build, const PhArg *args)
{
  const size_t count = args[0].tag == PH_ARG_LIST ? args[0].count : 0;
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count + 1);
  for (size_t i = 0; i < count; i++) {
    const PhArg *pair = &args[0].items[i];
    const bool ok = pair->tag == PH_ARG_TUPLE && pair->count == 2;
    const char *name = ok ? ph_arg_text(&pair->items[0]) : "";
    pats[i] = ok ? steps_of(build, ph_arg_text(&pair->items[1]), name, numbered, name)
                 : ph_complain(build, PH_TYPE, "sseqs takes a list of pairs (\"name\", \"steps\")");
  }
  return ph_arg_pat(ph_stack(build, pats, count));
}

static PhArg build_sseq_list(PhBuild *build, const PhArg *args)
{
  Names *names = PH_NEW(build->arena, Names);
  bool pats;
  names->values = ph_arg_values(build, &args[0], &names->count, &pats);
  const bool ok = !pats && names->count && names->values[0].tag == PH_VALUE_STR;
  if (!ok) {
    return ph_arg_pat(ph_complain(build, PH_TYPE, "sseq' takes a list of names"));
  }
  return ph_arg_pat(steps_of(build, ph_arg_text(&args[1]), names->values[0].str, named, names));
}

/* ---- L-systems ------------------------------------------------------------------------------------------------------------------ */

/* What a symbol becomes by rules such as "0:01,1:0"; the symbol itself where there is no rule. */
static PhStr rewrite(const char *rules, const char *symbol)
{
  for (const char *at = rules; *at;) {
    const char *colon = strchr(at, ':');
    const size_t len = strcspn(at, ",");
    if (colon && colon < at + len && *at == *symbol) {
      return ph_str(colon + 1, (size_t)(at + len - colon - 1));
    }
    at += len + (at[len] == ',');
  }
  return ph_str(symbol, 1);
}

/* One generation. NULL: it is too long. */
static const char *generation(PhBuild *build, const char *rules, const char *text)
{
  size_t len = 0;
  for (const char *c = text; *c; c++) {
    len += rewrite(rules, c).len;
  }
  if (len > TEXT_MAX) {
    return NULL;
  }
  char *out = ph_arena_alloc(build->arena, len + 1), *at = out;
  for (const char *c = text; *c; c++) {
    const PhStr part = rewrite(rules, c);
    memcpy(at, part.ptr, part.len);
    at += part.len;
  }
  return out;
}

static const char *lindenmayer(PhBuild *build, const PhArg *args)
{
  const char *text = ph_arg_text(&args[2]);
  const int64_t count = ph_arg_as_int(&args[0], 0);
  for (int64_t i = 0; i < count && *text; i++) {
    const char *next = generation(build, ph_arg_text(&args[1]), text);
    if (!next || i > TEXT_MAX) {
      (void)ph_complain(build, PH_LIMIT, "the L-system grows beyond %d symbols", TEXT_MAX);
      break;
    }
    text = next;
  }
  return text;
}

static PhArg build_lindenmayer(PhBuild *build, const PhArg *args)
{
  return ph_arg_value(ph_text_value(lindenmayer(build, args)));
}

static PhArg build_lindenmayer_numbers(PhBuild *build, const PhArg *args)
{
  const char *text = lindenmayer(build, args);
  const size_t len = strlen(text);
  PhArg *items = PH_NEWN(build->arena, PhArg, len + 1);
  for (size_t i = 0; i < len; i++) {
    const char c = text[i];
    items[i] = ph_arg_value(ph_int(c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 0));
  }
  return (PhArg){ .tag = PH_ARG_LIST, .count = (uint32_t)len, .items = items };
}

/* ---- deconstruct ----------------------------------------------------------------------------------------------------------------------- */

/* The first cycle of a pattern of names as a text of n steps. */
static PhArg build_deconstruct(PhBuild *build, const PhArg *args)
{
  const int64_t n = ph_arg_as_int(&args[0], 1);
  if (n <= 0 || n > 4096) {
    (void)ph_complain(build, PH_RANGE, "deconstruct takes 1 to 4096 steps");
    return ph_arg_value(ph_text_value(""));
  }
  const PhPat *pat = ph_segment(build, PH_RAT_INT(n), ph_arg_as_pat(build, &args[1]));
  PhQuery query = { .arena = build->arena, .cps = 0.5 };
  const char *all = "";
  for (int64_t i = 0; i < n; i++) {
    PhEvents events = { 0 };
    ph_query(&query, pat, ph_arc(ph_rat(i, n), ph_rat(i + 1, n)), &events);
    const char *step = events.len ? "" : "~";
    for (size_t k = 0; k < events.len; k++) {
      const PhValue *value = &events.items[k].value;
      const char *name = value->tag == PH_VALUE_STR ? value->str : "?";
      step = ph_arena_printf(build->arena, "%s%s%s", step, k ? ", " : "", name);
    }
    all = ph_arena_printf(build->arena, events.len > 1 ? "%s%s[%s]" : "%s%s%s", all, i ? " " : "", step);
  }
  return ph_arg_value(ph_text_value(all));
}

/* ---- rows --------------------------------------------------------------------------------------------------------------------------- */

#define FAMILY "combine"
#define STEPS PH_REQ("steps", "text", "x, digits, and anything else for rests")

static const PhPatFunc rows[] = {
  PH_ROW("sseq", "step", FAMILY, "str",
         "Reads a text as a step sequencer: x is the name, a digit the sample of that number.", "sseq \"bd\" \"x12 x\"",
         "0-1/5 \"bd\" | 1/5-2/5 \"bd:1\" | 2/5-3/5 \"bd:2\" | 4/5-1 \"bd\"", build_sseq, PH_REQ("name", "text", ""),
         STEPS),
  PH_ROW("sseqs", "steps", FAMILY, "str", "Plays several step sequencers at once.",
         "sseqs [(\"bd\", \"x  x\"), (\"sn\", \"  x \")]", "0-1/4 \"bd\" | 1/2-3/4 \"sn\" | 3/4-1 \"bd\"", build_sseqs,
         PH_REQ("rows", "[(text,text)]", "pairs of name and steps")),
  PH_ROW("sseq'", "step'", FAMILY, "str",
         "Reads a text as a step sequencer: x is the first name, a digit the name of that number.",
         "sseq' [\"bd\", \"sn\"] \"0 1x\"", "0-1/4 \"bd\" | 1/2-3/4 \"sn\" | 3/4-1 \"bd\"", build_sseq_list,
         PH_REQ("names", "[str]", ""), STEPS),
  PH_ROW("lindenmayer", "", FAMILY, "text", "Gives the n-th generation of an L-system as a text.",
         "sseq' [\"bd\", \"sn\"] (lindenmayer 3 \"0:01,1:0\" \"0\")",
         "0-1/5 \"bd\" | 1/5-2/5 \"sn\" | 2/5-3/5 \"bd\" | 3/5-4/5 \"bd\" | 4/5-1 \"sn\"", build_lindenmayer,
         PH_REQ("n", "!int", "generations"), PH_REQ("rules", "text", "such as \"0:01,1:0\""),
         PH_REQ("start", "text", "")),
  PH_ROW("deconstruct", "", FAMILY, "text", "Writes the first cycle of a pattern of names as a text of n steps.",
         "sseq \"bd\" (deconstruct 4 \"x ~ x x\")", "0-1/7 \"bd\" | 4/7-5/7 \"bd\" | 6/7-1 \"bd\"", build_deconstruct,
         PH_REQ("n", "!int", "steps"), PH_REQ("pattern", "str", "")),
  PH_ROW("lindenmayerI", "", FAMILY, "[num]", "Gives the n-th generation of an L-system as a list of numbers.",
         "listToPat (lindenmayerI 3 \"0:01,1:0\" \"0\")", "0-1/5 0 | 1/5-2/5 1 | 2/5-3/5 0 | 3/5-4/5 0 | 4/5-1 1",
         build_lindenmayer_numbers, PH_REQ("n", "!int", "generations"), PH_REQ("rules", "text", "such as \"0:01,1:0\""),
         PH_REQ("start", "text", "")),
};

const PhPatTable ph_pat_text = { rows, PH_COUNT(rows) };
