/* Buses that nobody has to define: `~midi`, `~midi3`, `~midi:c:major`, `~midi:arp:up:4` are the notes of a keyboard.  SPDX-License-Identifier: MIT */
#include "lang/program.h"

#include <string.h>

#include "pattern/scale.h"

enum { CHANNELS = 16 };

static PhStr until_colon(PhStr *rest)
{
  size_t len = 0;
  while (len < rest->len && rest->ptr[len] != ':') {
    len++;
  }
  const PhStr part = ph_str(rest->ptr, len);
  const size_t skip = len + (len < rest->len);
  *rest = ph_str(rest->ptr + skip, rest->len - skip);
  return part;
}

/* A whole number from 1 to `most`; 0: it is none. */
static uint32_t read_count(PhStr text, uint32_t most)
{
  uint32_t count = 0;
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] < '0' || text.ptr[i] > '9' || count > most) {
      return 0;
    }
    count = count * 10 + (uint32_t)(text.ptr[i] - '0');
  }
  return count <= most ? count : 0;
}

static const char *named(PhArena *arena, PhStr nearest, const char *otherwise)
{
  return nearest.len ? ph_arena_printf(arena, "did you mean `%.*s`?", (int)nearest.len, nearest.ptr) : otherwise;
}

/* `mode:rate`, and `:octaves` if there are more. NULL: that is right; else what is not. */
static const char *read_arp(PhArena *arena, PhStr text, PhLiveKeys *out)
{
  const PhStr mode = until_colon(&text), rate = until_colon(&text);
  const int number = ph_arp_mode(mode);
  if (number < 0) {
    return named(arena, ph_arp_nearest(mode), "an arpeggio is `~midi:arp:up:4`; `phonon help arp` has its orders");
  }
  out->arp_mode = (uint32_t)number;
  out->arp_rate = read_count(rate, PH_LIVE_ARP_RATE_MOST);
  out->arp_octaves = text.len ? read_count(text, PH_LIVE_ARP_OCTAVES_MOST) : 1;
  if (!out->arp_rate) {
    return ph_arena_printf(arena, "an arpeggio has 1 to %d steps in a cycle: `~midi:arp:up:4`", PH_LIVE_ARP_RATE_MOST);
  }
  return out->arp_octaves ? NULL
                          : ph_arena_printf(arena, "an arpeggio goes over 1 to %d octaves: `~midi:arp:up:4:2`",
                                            PH_LIVE_ARP_OCTAVES_MOST);
}

/* `3`, nothing; then nothing, or `:root:scale`; then nothing, or `:arp:mode:rate`. NULL: that is right; else what is not. */
static const char *read_keys(PhArena *arena, PhStr text, bool tidal, PhLiveKeys *out)
{
  const PhStr channel = until_colon(&text);
  out->channel = read_count(channel, CHANNELS);
  if (channel.len && !out->channel) {
    return "a keyboard is `~midi`, one channel of it, of 16, `~midi3`, in a scale `~midi:c:major`, as an arpeggio "
           "`~midi:arp:up:4`";
  }
  if (text.len == 0) {
    return NULL;
  }
  PhStr root = until_colon(&text);
  if (!ph_str_is(root, "arp")) {
    const PhStr scale = until_colon(&text);
    if (!ph_note_parse(root, tidal, &out->root)) {
      return "a scale begins with its root: `~midi:c:major`, `~midi:ef:minor`";
    }
    out->scale = ph_scale_find(scale);
    if (!out->scale || !out->scale->count) {
      return named(arena, ph_scale_nearest(scale), "a keyboard in a scale is `~midi:c:major`");
    }
    if (text.len == 0) {
      return NULL;
    }
    root = until_colon(&text);
  }
  return ph_str_is(root, "arp") ? read_arp(arena, text, out) : "behind the scale comes nothing, or `:arp:up:4`";
}

static bool is_keyboard(PhStr name, PhStr *rest)
{
  static const char word[] = "midi";
  const size_t len = sizeof word - 1;
  *rest = name.len >= len ? ph_str(name.ptr + len, name.len - len) : name;
  return name.len >= len && memcmp(name.ptr, word, len) == 0;
}

const char *ph_eval_live_help(PhEval *eval, PhStr name)
{
  PhLiveKeys keys = { 0 };
  PhStr rest;
  return is_keyboard(name, &rest) ? read_keys(eval->arena, rest, eval->tidal, &keys) : NULL;
}

/* The engine plays each of them once, however it is spelt. */
static void add_arp(PhEval *eval, const PhLiveKeys *keys)
{
  for (size_t i = 0; i < eval->arps.len; i++) {
    if (ph_live_keys_equal(&eval->arps.items[i], keys)) {
      return;
    }
  }
  PH_PUSH(eval->arena, &eval->arps, *keys);
}

bool ph_eval_live_bus(PhEval *eval, PhStr name, PhSource at)
{
  PhLiveKeys keys = { 0 };
  PhStr rest;
  if (!is_keyboard(name, &rest) || read_keys(eval->arena, rest, eval->tidal, &keys)) {
    return false;
  }
  if (keys.arp_rate) {
    add_arp(eval, &keys);
  }
  const PhPat *pat = ph_pat_live(&eval->build, &keys);
  const PhDef def = { .kind = PH_STATEMENT_BUS,
                      .name = name,
                      .at = at,
                      .bus = PH_NO_BUS,
                      .keyboard = true,
                      .body = ph_eval_pat_node(eval, pat, ph_type_of(PH_T_NOTE), at),
                      .key = ph_mix(ph_hash_str("live"), ph_hash(name.ptr, name.len)) };
  ph_eval_define(eval, &def);
  return true;
}
