/* Buses that nobody has to define: `~midi`, `~midi3`, `~midi:c:major` are the notes of a keyboard.  SPDX-License-Identifier: MIT */
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

/* `3`, nothing; then nothing, or `:root:scale`. */
static bool read_keys(PhStr text, bool tidal, PhLiveKeys *out)
{
  const PhStr channel = until_colon(&text);
  for (size_t i = 0; i < channel.len; i++) {
    if (channel.ptr[i] < '0' || channel.ptr[i] > '9' || i > 1) {
      return false;
    }
    out->channel = out->channel * 10 + (uint32_t)(channel.ptr[i] - '0');
  }
  if (out->channel > CHANNELS || (channel.len && out->channel == 0)) {
    return false;
  }
  if (text.len == 0) {
    return true;
  }
  const PhStr root = until_colon(&text);
  out->scale = ph_scale_find(text);
  return out->scale && out->scale->count && ph_note_parse(root, tidal, &out->root);
}

bool ph_eval_live_bus(PhEval *eval, PhStr name, PhSource at)
{
  static const char word[] = "midi";
  const size_t len = sizeof word - 1;
  PhLiveKeys keys = { 0 };
  if (name.len < len || memcmp(name.ptr, word, len) != 0 ||
      !read_keys(ph_str(name.ptr + len, name.len - len), eval->tidal, &keys)) {
    return false;
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
