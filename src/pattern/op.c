/* Operators between patterns, controls, effect masks.  SPDX-License-Identifier: MIT */
#include "pattern/core.h"

#include "base/dmath.h"

#include <stdlib.h>
#include <string.h>

/* ---- operators ----------------------------------------------------------------------------------------------- */

static PhValue apply_op(PhQuery *query, const void *ctx, PhValue left, PhValue right)
{
  return ph_value_op(query, *(const PhOp *)ctx, left, right);
}

typedef struct Squeeze {
  PhOp op;
  const PhPat *right;
} Squeeze;

typedef struct OpLeft {
  PhOp op;
  PhValue left;
} OpLeft;

static PhValue with_left(PhQuery *query, const void *ctx, PhValue value)
{
  const OpLeft *o = ctx;
  return ph_value_op(query, o->op, o->left, value);
}

static const PhPat *squeeze_value(PhBuild *build, const void *ctx, PhValue value)
{
  const Squeeze *s = ctx;
  OpLeft *o = PH_NEW(build->arena, OpLeft);
  *o = (OpLeft){ s->op, value };
  return ph_with_value(build, s->right, with_left, o);
}

const PhPat *ph_pat_op(PhBuild *build, PhOp op, PhOpHow how, const PhPat *left, const PhPat *right)
{
  if (how == PH_OP_SQUEEZE) {
    Squeeze *s = PH_NEW(build->arena, Squeeze);
    *s = (Squeeze){ op, right };
    return ph_join(build, PH_JOIN_SQUEEZE, left, squeeze_value, s, right->routes);
  }
  PhOp *ctx = PH_NEW(build->arena, PhOp);
  *ctx = op;
  const PhAppHow app = how == PH_OP_IN ? PH_APP_LEFT : how == PH_OP_OUT ? PH_APP_RIGHT : PH_APP_BOTH;
  const PhPat *pat = ph_app(build, app, left, right, apply_op, ctx);
  return ph_pat_with_routes(build, pat,
                            ph_routes_combine(left->routes, right->routes)); /* masks of two maps are or'ed */
}

const PhPat *ph_pat_shift(PhBuild *build, const PhPat *pat, const PhPat *amount, bool later)
{
  return ph_param_rat(build, amount, later ? ph_rot_r : ph_rot_l, pat);
}

/* ---- controls ------------------------------------------------------------------------------------------------ */

static PhMap *map_of(PhArena *arena, size_t len)
{
  PhMap *map = ph_arena_alloc(arena, sizeof *map + len * sizeof map->items[0]);
  map->len = len;
  return map;
}

static PhValue control_value(PhQuery *query, const void *ctx, PhValue value)
{
  if (value.tag == PH_VALUE_MAP) {
    return value;
  }
  PhMap *map = map_of(query->arena, 1);
  map->items[0] = (PhControlValue){ ctx, value };
  return ph_map_value(map);
}

/* "bd:3" is s "bd", n 3: what stands behind the colon must be a number. */
static PhValue sound_value(PhQuery *query, const void *ctx, PhValue value)
{
  const char *colon = value.tag == PH_VALUE_STR ? strchr(value.str, ':') : NULL;
  char *end = NULL;
  const double n = colon ? strtod(colon + 1, &end) : 0.0;
  if (!colon || end == colon + 1 || *end) {
    return control_value(query, ctx, value);
  }
  PhMap *map = map_of(query->arena, 2);
  const char *name = ph_arena_strndup(query->arena, value.str, (size_t)(colon - value.str));
  map->items[0] = (PhControlValue){ "n", ph_note(n) };
  map->items[1] = (PhControlValue){ ctx, ph_text_value(name) };
  return ph_map_value(map);
}

const PhPat *ph_pat_control(PhBuild *build, const char *name, const PhPat *values)
{
  const char *kept = ph_build_text(build, name, strlen(name));
  return ph_with_value(build, values, strcmp(name, "s") == 0 ? sound_value : control_value, kept);
}

static PhValue uncontrol_value(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query;
  const char *name = ctx;
  if (value.tag != PH_VALUE_MAP) {
    return value;
  }
  const PhValue *found = NULL;
  for (size_t i = 0; i < value.map->len; i++) {
    const PhControlValue *item = &value.map->items[i];
    if (item->name[0] != '_') {
      if (found) {
        return value;
      }
      found = &item->value;
      if (name && strcmp(name, item->name) != 0) {
        return value;
      }
    }
  }
  return found && ph_value_is_number(found) ? *found : value;
}

const PhPat *ph_pat_uncontrol(PhBuild *build, const PhPat *pat, const char *name)
{
  return ph_with_value(build, pat, uncontrol_value, name ? ph_build_text(build, name, strlen(name)) : NULL);
}

/* ---- names that stand for numbers ---------------------------------------------------------------------------- */

int ph_name_number(const char *names, const char *word)
{
  const size_t len = strlen(word);
  int number = 0;
  for (const char *p = names; *p; number++) {
    const size_t n = strcspn(p, "|");
    if (n == len && memcmp(p, word, n) == 0) {
      return number;
    }
    p += n + (p[n] == '|');
  }
  return -1;
}

static PhValue numbered_value(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query;
  const int number = value.tag == PH_VALUE_STR ? ph_name_number(ctx, value.str) : -1;
  return number < 0 ? value : (PhValue){ .tag = PH_VALUE_NUM, .num = number };
}

const PhPat *ph_pat_numbered(PhBuild *build, const PhPat *pat, const char *names)
{
  return ph_with_value(build, pat, numbered_value, ph_build_text(build, names, strlen(names)));
}

/* ---- notes as frequencies ------------------------------------------------------------------------------------- */

static PhValue hz_value(PhQuery *query, const void *ctx, PhValue value)
{
  (void)query;
  const double *note_0_hz = ctx;
  return value.tag == PH_VALUE_NOTE ? (PhValue){ .tag = PH_VALUE_NUM, .num = *note_0_hz * ph_exp2_d(value.num / 12.0) }
                                    : value;
}

const PhPat *ph_pat_hz(PhBuild *build, const PhPat *pat, bool tidal)
{
  static const double c4_hz = 261.62556530059863, c5_hz = 523.25113060119726;
  return ph_with_value(build, pat, hz_value, tidal ? &c5_hz : &c4_hz);
}

/* ---- effects ------------------------------------------------------------------------------------------------- */

static PhValue effect_value(PhQuery *query, const void *ctx, PhValue value)
{
  if (value.tag != PH_VALUE_MAP) {
    return value;
  }
  const PhValue *mask = ph_map_find(value.map, "_fx");
  const int64_t bits = (mask ? mask->i : 0) | ((int64_t)1 << *(const unsigned *)ctx);
  return ph_map_value(ph_map_set(query->arena, value.map, "_fx", ph_int(bits)));
}

const PhPat *ph_pat_effect(PhBuild *build, const PhPat *pat, unsigned bit)
{
  unsigned *ctx = PH_NEW(build->arena, unsigned);
  *ctx = bit;
  /* Mask m of the child becomes m | bit: every route moves to the mask with the bit set. */
  const uint64_t routes = ph_routes_combine(pat->routes, (uint64_t)1 << (1u << bit));
  return ph_pat_with_routes(build, ph_with_value(build, pat, effect_value, ctx), routes);
}
