/* Functions that spread copies of a pattern over the stereo field. In Tidal's dialect `pan` runs from 0 to 1, else from -1
   to 1; both add to a pan that is there already.  SPDX-License-Identifier: MIT */
#include "pattern/args.h"

#define PAT(i) ph_arg_as_pat(build, &args[i])

/* Where `share` of the field from left (0) to right (1) is. */
static double pan_at(const PhBuild *build, double share) { return build->tidal ? share : 2.0 * share - 1.0; }

static const PhPat *pan_to(PhBuild *build, PhOp op, const PhPat *pat, double share)
{
  return ph_with_control(build, op, pat, "pan", ph_num(pan_at(build, share)));
}

typedef struct Width {
  double scale;
} Width;

static PhValue scale_width(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query;
  double x;
  return ph_value_to_num(&value, &x) ? ph_num(x * ((const Width *)ctx)->scale) : value;
}

/* pat |+ pan (centre + scale * by): in Tidal's dialect the centre is 0.5 and by spans half of it on either side. */
static const PhPat *pan_by(PhBuild *build, const PhPat *by, double scale, const PhPat *pat)
{
  Width *width = PH_NEW(build->arena, Width);
  width->scale = build->tidal ? scale / 2.0 : scale;
  const PhPat *moved = ph_pat_control(build, "pan", ph_with_value(build, by, scale_width, width));
  if (build->tidal) {
    pat = ph_with_control(build, PH_OP_ADD, pat, "pan", ph_num(0.5));
  }
  return ph_pat_op(build, PH_OP_ADD, PH_OP_IN, pat, moved);
}

static const PhPat *jux_by(PhBuild *build, const PhPat *by, const PhFn *fn, const PhPat *pat)
{
  const PhPat *left = pan_by(build, by, -1.0, pat);
  const PhPat *right = ph_fn_apply(build, fn, pan_by(build, by, 1.0, pat));
  return ph_pat_with_steps(build, ph_stack2(build, left, right), pat->steps);
}

static PhArg build_jux(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(jux_by(build, ph_pat_pure(build, ph_num(1.0)), args[0].fn, PAT(1)));
}

static PhArg build_jux_by(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(jux_by(build, PAT(0), args[1].fn, PAT(2)));
}

static PhArg build_jux4(PhBuild *build, const PhArg *args)
{
  const PhPat *right = ph_fn_apply(build, args[0].fn, pan_to(build, PH_OP_RIGHT, PAT(1), 1.0 / 8.0));
  return ph_arg_pat(ph_stack2(build, pan_to(build, PH_OP_RIGHT, PAT(1), 5.0 / 8.0), right));
}

static PhArg build_jux_cut(PhBuild *build, const PhArg *args)
{
  const PhPat *sides[2];
  for (int i = 0; i < 2; i++) {
    const PhPat *pat = pan_to(build, PH_OP_RIGHT, PAT(1), (double)i);
    sides[i] = ph_with_control(build, PH_OP_RIGHT, pat, "cut", ph_int(-1 - i));
  }
  return ph_arg_pat(ph_stack2(build, sides[0], ph_fn_apply(build, args[0].fn, sides[1])));
}

static PhArg build_jux_list(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat *const *applied = ph_arg_applied(build, &args[0], PAT(1), &count);
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count + 1);
  for (size_t i = 0; i < count; i++) {
    pats[i] = pan_to(build, PH_OP_ADD, applied[i], (double)i / (double)count);
  }
  return ph_arg_pat(ph_stack(build, pats, count));
}

static PhArg build_jux_cut_list(PhBuild *build, const PhArg *args)
{
  size_t count;
  const PhPat *const *applied = ph_arg_applied(build, &args[0], PAT(1), &count);
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count + 1);
  for (size_t i = 0; i < count; i++) {
    const PhPat *cut = ph_with_control(build, PH_OP_ADD, applied[i], "cut", ph_int(1 - (int64_t)i));
    pats[i] = pan_to(build, PH_OP_RIGHT, cut, (double)i / (double)count);
  }
  return ph_arg_pat(ph_stack(build, pats, count));
}

static const PhPat *spin(PhBuild *build, int64_t copies, const PhPat *pat)
{
  if (copies > 256) {
    return ph_complain(build, PH_LIMIT, "more than 256 copies");
  }
  const size_t count = copies > 0 ? (size_t)copies : 0;
  const PhPat **pats = PH_NEWN(build->arena, const PhPat *, count + 1);
  for (size_t i = 0; i < count; i++) {
    const PhPat *moved = ph_rot_l(build, ph_rat((int64_t)i, copies), pat);
    pats[i] = pan_to(build, PH_OP_RIGHT, moved, (double)i / (double)copies);
  }
  return ph_stack(build, pats, count);
}

static PhArg build_spin(PhBuild *build, const PhArg *args)
{
  return ph_arg_pat(ph_param_int(build, PAT(0), spin, PAT(1)));
}

/* ---- rows ------------------------------------------------------------------------------------------------------------ */

#define FAMILY "combine"

static const PhPatFunc rows[] = {
  PH_ROW("jux", "", FAMILY, "ctrl", "Plays a pattern on the left and a changed copy of it on the right.",
         "jux (# speed 2) $ s \"bd sn\"",
         "0-1/2 pan: -1, s: \"bd\" | 0-1/2 pan: 1, s: \"bd\", speed: 2 | 1/2-1 pan: -1, s: \"sn\""
         " | 1/2-1 pan: 1, s: \"sn\", speed: 2",
         build_jux, PH_REQ("function", "(ctrl->ctrl)", "changes the right side"),
         PH_REQ("pattern", "ctrl", "")),
  PH_ROW("juxBy", "juxby", FAMILY, "ctrl", "Like jux, with a width from 0 (both in the middle) to 1 (left and right).",
         "juxBy 0.5 (# speed 2) $ s \"bd\"",
         "0-1 pan: -0.5, s: \"bd\" | 0-1 pan: 0.5, s: \"bd\", speed: 2",
         build_jux_by, PH_REQ("width", "num", "0 to 1"),
         PH_REQ("function", "(ctrl->ctrl)", "changes the right side"), PH_REQ("pattern", "ctrl", "")),
  PH_ROW("jux4", "", FAMILY, "ctrl", "Like jux for four speakers, at 5/8 and 1/8 of the field.",
         "jux4 (# speed 2) $ s \"bd\"",
         "0-1 pan: -0.75, s: \"bd\", speed: 2 | 0-1 pan: 0.25, s: \"bd\"",
         build_jux4, PH_REQ("function", "(ctrl->ctrl)", ""),
         PH_REQ("pattern", "ctrl", "")),
  PH_ROW("juxcut", "juxCut", FAMILY, "ctrl", "Like jux, each side with a cut group of its own.",
         "juxcut (# speed 2) $ s \"bd\"",
         "0-1 cut: -2, pan: 1, s: \"bd\", speed: 2 | 0-1 cut: -1, pan: -1, s: \"bd\"",
         build_jux_cut, PH_REQ("function", "(ctrl->ctrl)", ""),
         PH_REQ("pattern", "ctrl", "")),
  PH_ROW("jux'", "", FAMILY, "ctrl", "Spreads what several functions make of a pattern from left to right.",
         "jux' [id, rev] $ s \"bd sn\"",
         "0-1/2 pan: -1, s: \"bd\" | 0-1/2 pan: 0, s: \"sn\" | 1/2-1 pan: -1, s: \"sn\" | 1/2-1 pan: 0, s: \"bd\"",
         build_jux_list, PH_REQ("functions", "[(ctrl->ctrl)]", ""),
         PH_REQ("pattern", "ctrl", "")),
  PH_ROW("juxcut'", "", FAMILY, "ctrl", "Like jux', each function with a cut group of its own.",
         "juxcut' [id, rev] $ s \"bd sn\"",
         "0-1/2 cut: 0, pan: 0, s: \"sn\" | 0-1/2 cut: 1, pan: -1, s: \"bd\" | 1/2-1 cut: 0, pan: 0, s: \"bd\""
         " | 1/2-1 cut: 1, pan: -1, s: \"sn\"",
         build_jux_cut_list, PH_REQ("functions", "[(ctrl->ctrl)]", ""),
         PH_REQ("pattern", "ctrl", "")),
  PH_ROW("spin", "", FAMILY, "ctrl", "Layers n copies, each a further 1/n cycle earlier and further to the right.",
         "spin 2 $ s \"a b\"",
         "0-1/2 pan: -1, s: \"a\" | 0-1/2 pan: 0, s: \"b\" | 1/2-1 pan: -1, s: \"b\" | 1/2-1 pan: 0, s: \"a\"",
         build_spin, PH_REQ("n", "int", "copies, up to 256"), PH_REQ("pattern", "ctrl", "")),
};

const PhPatTable ph_pat_stereo = { rows, PH_COUNT(rows) };
