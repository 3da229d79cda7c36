/* Values: casts, comparison, Tidal's arithmetic, control maps.  SPDX-License-Identifier: MIT */
#include "base/dmath.h"
#include "pattern/core.h"

#include <math.h>
#include <string.h>

/* ---- control maps -------------------------------------------------------------------------------------------- */

static int name_cmp(const char *a, const char *b) { return a == b ? 0 : strcmp(a, b); }

const PhValue *ph_map_find(const PhMap *map, const char *name)
{
  for (size_t i = 0; map && i < map->len; i++) {
    if (name_cmp(map->items[i].name, name) == 0) {
      return &map->items[i].value;
    }
  }
  return NULL;
}

static PhMap *map_new(PhArena *arena, size_t len)
{
  PhMap *map = ph_arena_alloc(arena, sizeof *map + len * sizeof map->items[0]);
  map->len = 0;
  return map;
}

const PhMap *ph_map_set(PhArena *arena, const PhMap *map, const char *name, PhValue value)
{
  const size_t len = map ? map->len : 0;
  PhMap *out = map_new(arena, len + 1);
  size_t i = 0;
  while (i < len && name_cmp(map->items[i].name, name) < 0) {
    out->items[out->len++] = map->items[i++];
  }
  if (i < len && name_cmp(map->items[i].name, name) == 0) {
    i++;
  }
  out->items[out->len++] = (PhControlValue){ name, value };
  while (i < len) {
    out->items[out->len++] = map->items[i++];
  }
  return out;
}

/* Both maps are sorted: a merge. Values under a name of both sides come from `both`, those of one side through `left_only`
   and `right_only` (NULL: as they are). */
typedef PhValue Combine(PhQuery *query, PhOp op, PhValue a, PhValue b);

static const PhMap *map_merge(PhArena *arena, PhQuery *query, PhOp op, const PhMap *a, const PhMap *b, Combine *both,
                              PhValue (*right_only)(PhOp op, PhValue b))
{
  PhMap *out = map_new(arena, a->len + b->len);
  size_t i = 0, j = 0;
  while (i < a->len || j < b->len) {
    const int order = i == a->len ? 1 : j == b->len ? -1 : name_cmp(a->items[i].name, b->items[j].name);
    if (order < 0) {
      out->items[out->len++] = a->items[i++];
    } else if (order > 0) {
      PhControlValue item = b->items[j++];
      item.value = right_only ? right_only(op, item.value) : item.value;
      out->items[out->len++] = item;
    } else {
      PhControlValue item = a->items[i];
      if (strcmp(item.name, "_fx") == 0) { /* an event with two effects goes through both */
        item.value.i |= b->items[j].value.i;
      } else {
        item.value = both(query, op, item.value, b->items[j].value);
      }
      out->items[out->len++] = item;
      i++;
      j++;
    }
  }
  return out;
}

static PhValue take_right(PhQuery *query, PhOp op, PhValue a, PhValue b)
{
  (void)query, (void)op, (void)a;
  return b;
}

static PhValue take_left(PhQuery *query, PhOp op, PhValue a, PhValue b)
{
  (void)query, (void)op, (void)b;
  return a;
}

const PhMap *ph_map_union(PhArena *arena, const PhMap *left, const PhMap *right)
{
  return map_merge(arena, NULL, PH_OP_RIGHT, left, right, take_right, NULL);
}

double ph_map_num(const PhMap *map, const char *name, double dflt)
{
  const PhValue *value = ph_map_find(map, name);
  double x;
  return value && ph_value_to_num(value, &x) ? x : dflt;
}

/* ---- casts --------------------------------------------------------------------------------------------------- */

bool ph_value_is_number(const PhValue *value)
{
  return value->tag == PH_VALUE_NUM || value->tag == PH_VALUE_INT || value->tag == PH_VALUE_RATIO ||
         value->tag == PH_VALUE_NOTE;
}

/* The one numeric control of a map, not counting hidden ones. */
static const PhValue *only_number(const PhMap *map)
{
  const PhValue *found = NULL;
  for (size_t i = 0; i < map->len; i++) {
    if (map->items[i].name[0] == '_') {
      continue;
    }
    if (found || !ph_value_is_number(&map->items[i].value)) {
      return NULL;
    }
    found = &map->items[i].value;
  }
  return found;
}

bool ph_value_to_num(const PhValue *value, double *out)
{
  const PhValue *only;
  switch (value->tag) {
  case PH_VALUE_NUM:
  case PH_VALUE_NOTE:
    *out = value->num;
    return true;
  case PH_VALUE_INT:
    *out = (double)value->i;
    return true;
  case PH_VALUE_RATIO:
    *out = ph_rat_to_double(value->ratio);
    return ph_rat_ok(value->ratio);
  case PH_VALUE_BOOL:
    *out = value->b ? 1.0 : 0.0;
    return true;
  case PH_VALUE_STR:
    return ph_value_as_num(value, false, out);
  case PH_VALUE_MAP:
    only = only_number(value->map);
    return only && ph_value_to_num(only, out);
  default:
    return false;
  }
}

bool ph_value_to_int(const PhValue *value, int64_t *out)
{
  if (value->tag == PH_VALUE_INT) {
    *out = value->i;
    return true;
  }
  double x;
  if (!ph_value_to_num(value, &x) || !(fabs(x) < 9e18)) {
    return false;
  }
  *out = (int64_t)floor(x);
  return true;
}

bool ph_value_to_rat(const PhValue *value, PhRat *out)
{
  if (value->tag == PH_VALUE_RATIO) {
    *out = value->ratio;
    return ph_rat_ok(*out);
  }
  if (value->tag == PH_VALUE_INT) {
    *out = PH_RAT_INT(value->i);
    return true;
  }
  double x;
  if (!ph_value_to_num(value, &x)) {
    return false;
  }
  *out = ph_rat_from_double(x);
  return ph_rat_ok(*out);
}

bool ph_value_to_bool(const PhValue *value, bool *out)
{
  if (value->tag == PH_VALUE_BOOL) {
    *out = value->b;
    return true;
  }
  if (value->tag == PH_VALUE_STR) {
    const char *s = value->str;
    *out = strcmp(s, "t") == 0 || strcmp(s, "true") == 0 || strcmp(s, "1") == 0 || strcmp(s, "x") == 0;
    return *out || strcmp(s, "f") == 0 || strcmp(s, "false") == 0 || strcmp(s, "0") == 0;
  }
  double x;
  const bool ok = ph_value_to_num(value, &x);
  *out = ok && x != 0.0;
  return ok;
}

/* ---- comparison ---------------------------------------------------------------------------------------------- */

static int map_cmp(const PhMap *a, const PhMap *b)
{
  for (size_t i = 0; i < a->len && i < b->len; i++) {
    const int names = name_cmp(a->items[i].name, b->items[i].name);
    const int values = names ? names : ph_value_cmp(&a->items[i].value, &b->items[i].value);
    if (values) {
      return values;
    }
  }
  return (a->len > b->len) - (a->len < b->len);
}

static int list_cmp(const PhValueList *a, const PhValueList *b)
{
  for (size_t i = 0; i < a->len && i < b->len; i++) {
    const int order = ph_value_cmp(&a->items[i], &b->items[i]);
    if (order) {
      return order;
    }
  }
  return (a->len > b->len) - (a->len < b->len);
}

int ph_value_cmp(const PhValue *a, const PhValue *b)
{
  if (ph_value_is_number(a) && ph_value_is_number(b)) {
    if (a->tag == PH_VALUE_RATIO && b->tag == PH_VALUE_RATIO) {
      return ph_rat_cmp(a->ratio, b->ratio);
    }
    double x = 0, y = 0;
    (void)ph_value_to_num(a, &x);
    (void)ph_value_to_num(b, &y);
    return (x > y) - (x < y);
  }
  if (a->tag != b->tag) {
    const int x = ph_value_is_number(a) ? 0 : (int)a->tag;
    const int y = ph_value_is_number(b) ? 0 : (int)b->tag;
    return (x > y) - (x < y);
  }
  switch (a->tag) {
  case PH_VALUE_BOOL:
    return (int)a->b - (int)b->b;
  case PH_VALUE_STR:
    return name_cmp(a->str, b->str);
  case PH_VALUE_MAP:
    return map_cmp(a->map, b->map);
  case PH_VALUE_LIST:
    return list_cmp(a->list, b->list);
  default:
    return a->pat == b->pat ? 0 : 1; /* patterns and functions have no order; only sameness matters */
  }
}

bool ph_value_eq(const PhValue *a, const PhValue *b) { return ph_value_cmp(a, b) == 0; }

/* ---- arithmetic ---------------------------------------------------------------------------------------------- */

static double floored_mod(double a, double b) { return b == 0.0 ? 0.0 : a - b * floor(a / b); }

/* a^b; whole powers by multiplication, so that they are exact. 0 where it is undefined. */
static double power(double a, double b)
{
  if (floor(b) != b || fabs(b) > 1024.0) {
    return ph_pow_d(a, b);
  }
  double result = 1.0, base = a;
  for (uint32_t n = (uint32_t)fabs(b); n; n >>= 1) {
    result *= n & 1 ? base : 1.0;
    base *= base;
  }
  return b < 0 ? (result == 0.0 ? 0.0 : 1.0 / result) : result;
}

static double num_op(PhOp op, double a, double b)
{
  switch (op) {
  case PH_OP_ADD:
    return a + b;
  case PH_OP_SUB:
    return a - b;
  case PH_OP_MUL:
    return a * b;
  case PH_OP_DIV:
    return b == 0.0 ? 0.0 : a / b;
  case PH_OP_MOD:
    return floored_mod(a, b);
  case PH_OP_POW:
    return power(a, b);
  default:
    return a;
  }
}

/* False where the result is not a whole number that fits: then it is computed in floating point. */
static bool int_op(PhOp op, int64_t a, int64_t b, int64_t *out)
{
  switch (op) {
  case PH_OP_ADD:
    return !__builtin_add_overflow(a, b, out);
  case PH_OP_SUB:
    return !__builtin_sub_overflow(a, b, out);
  case PH_OP_MUL:
    return !__builtin_mul_overflow(a, b, out);
  case PH_OP_DIV:
    if (b == 0) {
      *out = 0;
      return true;
    }
    if (b == -1 || a % b != 0) {
      return b == -1 && !__builtin_sub_overflow((int64_t)0, a, out);
    }
    *out = a / b;
    return true;
  case PH_OP_MOD:
    if (b == 0 || b == -1) {
      *out = 0;
      return true;
    }
    *out = a % b + ((a % b != 0 && (a < 0) != (b < 0)) ? b : 0);
    return true;
  default:
    return false;
  }
}

static bool rat_op(PhOp op, PhRat a, PhRat b, PhRat *out)
{
  switch (op) {
  case PH_OP_ADD:
    *out = ph_rat_add(a, b);
    break;
  case PH_OP_SUB:
    *out = ph_rat_sub(a, b);
    break;
  case PH_OP_MUL:
    *out = ph_rat_mul(a, b);
    break;
  case PH_OP_DIV:
    *out = b.num == 0 ? PH_RAT_INT(0) : ph_rat_div(a, b);
    break;
  case PH_OP_MOD:
    *out = b.num == 0 ? PH_RAT_INT(0) : ph_rat_mod(a, b);
    break;
  default:
    return false;
  }
  return ph_rat_ok(*out);
}

static PhValue number_op(PhOp op, PhValue a, PhValue b)
{
  if (a.tag == PH_VALUE_INT && b.tag == PH_VALUE_INT) {
    int64_t i;
    if (int_op(op, a.i, b.i, &i)) {
      return ph_int(i);
    }
  } else if ((a.tag == PH_VALUE_RATIO || a.tag == PH_VALUE_INT) && (b.tag == PH_VALUE_RATIO || b.tag == PH_VALUE_INT)) {
    PhRat x, y, r;
    if (ph_value_to_rat(&a, &x) && ph_value_to_rat(&b, &y) && rat_op(op, x, y, &r)) {
      return ph_ratio(r);
    }
  }
  double x = 0, y = 0;
  (void)ph_value_to_num(&a, &x);
  (void)ph_value_to_num(&b, &y);
  const double r = num_op(op, x, y);
  return a.tag == PH_VALUE_NOTE || b.tag == PH_VALUE_NOTE ? ph_note(r) : ph_num(r);
}

static PhValue text_concat(PhQuery *query, const char *a, const char *b)
{
  const size_t la = strlen(a), lb = strlen(b);
  char *text = ph_arena_alloc(query->arena, la + lb + 1);
  memcpy(text, a, la);
  memcpy(text + la, b, lb);
  return ph_text_value(text);
}

/* What Tidal's a - b = a + negate b and a / b = a * recip b leave of a control that only the right side has. */
static PhValue right_alone(PhOp op, PhValue b)
{
  if (!ph_value_is_number(&b)) {
    return b;
  }
  if (op == PH_OP_SUB) {
    return number_op(PH_OP_MUL, b, ph_int(-1));
  }
  return op == PH_OP_DIV && b.tag != PH_VALUE_INT ? number_op(PH_OP_DIV, ph_int(1), b) : b;
}

/* A word that names a note counts as that note in arithmetic; other booleans and words stay. */
static PhValue as_operand(PhValue v)
{
  double x;
  if (v.tag == PH_VALUE_BOOL) {
    return ph_int(v.b);
  }
  return v.tag == PH_VALUE_STR && ph_value_as_num(&v, false, &x) ? ph_note(x) : v;
}

PhValue ph_value_op(PhQuery *query, PhOp op, PhValue a, PhValue b)
{
  if (a.tag == PH_VALUE_MAP && b.tag == PH_VALUE_MAP) {
    switch (op) {
    case PH_OP_RIGHT:
      return ph_map_value(ph_map_union(query->arena, a.map, b.map));
    case PH_OP_LEFT:
      return ph_map_value(map_merge(query->arena, query, op, a.map, b.map, take_left, NULL));
    default:
      return ph_map_value(map_merge(query->arena, query, op, a.map, b.map, ph_value_op, right_alone));
    }
  }
  if (op == PH_OP_RIGHT) {
    return b;
  }
  if (op == PH_OP_LEFT) {
    return a;
  }
  if (op == PH_OP_CONCAT) {
    return a.tag == PH_VALUE_STR && b.tag == PH_VALUE_STR ? text_concat(query, a.str, b.str) : a;
  }
  if (ph_value_is_number(&a) && ph_value_is_number(&b)) {
    return number_op(op, a, b);
  }
  if ((a.tag == PH_VALUE_STR) != (b.tag == PH_VALUE_STR) || a.tag == PH_VALUE_BOOL || b.tag == PH_VALUE_BOOL) {
    const PhValue x = as_operand(a), y = as_operand(b);
    if (ph_value_is_number(&x) && ph_value_is_number(&y)) {
      return number_op(op, x, y);
    }
  }
  return a;
}
