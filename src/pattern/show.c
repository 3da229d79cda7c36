/* Values as text: as Tidal shows them, and as JSON.  SPDX-License-Identifier: MIT */
#include "pattern/core.h"

#include <string.h>

static void show_ratio(PhText *text, PhRat r)
{
  if (r.den == 1) {
    ph_text_printf(text, "%lld", (long long)r.num);
  } else {
    ph_text_printf(text, "%lld/%lld", (long long)r.num, (long long)r.den);
  }
}

static bool hidden(const PhControlValue *item) { return item->name[0] == '_'; }

void ph_value_show(PhText *text, const PhValue *value)
{
  bool first = true;
  switch (value->tag) {
  case PH_VALUE_NUM:
  case PH_VALUE_NOTE:
    ph_text_num(text, value->num);
    break;
  case PH_VALUE_INT:
    ph_text_printf(text, "%lld", (long long)value->i);
    break;
  case PH_VALUE_RATIO:
    show_ratio(text, value->ratio);
    break;
  case PH_VALUE_BOOL:
    ph_text_puts(text, value->b ? "true" : "false");
    break;
  case PH_VALUE_STR:
    ph_text_json(text, value->str, strlen(value->str));
    break;
  case PH_VALUE_MAP:
    for (size_t i = 0; i < value->map->len; i++) {
      if (!hidden(&value->map->items[i])) {
        ph_text_printf(text, "%s%s: ", first ? "" : ", ", value->map->items[i].name);
        ph_value_show(text, &value->map->items[i].value);
        first = false;
      }
    }
    break;
  case PH_VALUE_LIST:
    ph_text_puts(text, "[");
    for (size_t i = 0; i < value->list->len; i++) {
      ph_text_puts(text, i ? ", " : "");
      ph_value_show(text, &value->list->items[i]);
    }
    ph_text_puts(text, "]");
    break;
  case PH_VALUE_PAT:
    ph_text_puts(text, "<pattern>");
    break;
  case PH_VALUE_FN:
    ph_text_puts(text, "<function>");
    break;
  default:
    ph_text_puts(text, "-");
    break;
  }
}

void ph_value_json(PhText *text, const PhValue *value)
{
  bool first = true;
  switch (value->tag) {
  case PH_VALUE_NUM:
  case PH_VALUE_NOTE:
    ph_text_num(text, value->num);
    break;
  case PH_VALUE_INT:
    ph_text_printf(text, "%lld", (long long)value->i);
    break;
  case PH_VALUE_RATIO:
    ph_text_printf(text, "{\"ratio\":\"%lld/%lld\"}", (long long)value->ratio.num, (long long)value->ratio.den);
    break;
  case PH_VALUE_BOOL:
    ph_text_puts(text, value->b ? "true" : "false");
    break;
  case PH_VALUE_STR:
    ph_text_json(text, value->str, strlen(value->str));
    break;
  case PH_VALUE_MAP:
    ph_text_puts(text, "{");
    for (size_t i = 0; i < value->map->len; i++) {
      if (!hidden(&value->map->items[i])) {
        ph_text_puts(text, first ? "" : ",");
        ph_text_json(text, value->map->items[i].name, strlen(value->map->items[i].name));
        ph_text_puts(text, ":");
        ph_value_json(text, &value->map->items[i].value);
        first = false;
      }
    }
    ph_text_puts(text, "}");
    break;
  case PH_VALUE_LIST:
    ph_text_puts(text, "[");
    for (size_t i = 0; i < value->list->len; i++) {
      ph_text_puts(text, i ? "," : "");
      ph_value_json(text, &value->list->items[i]);
    }
    ph_text_puts(text, "]");
    break;
  default:
    ph_text_puts(text, "null");
    break;
  }
}
