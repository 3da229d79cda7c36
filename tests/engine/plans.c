/* Plans and patterns made by hand.  SPDX-License-Identifier: MIT */
#include "plans.h"

#include <stdlib.h>
#include <string.h>

static void query_hand(PhQuery *query, const PhPat *pat, PhArc span, PhEvents *out)
{
  const HandPat *hand = (const HandPat *)(const void *)pat;
  const int64_t first = ph_rat_floor_int(span.begin) / hand->period - 1;
  const int64_t last = ph_rat_floor_int(span.end) / hand->period + 1;
  for (int64_t turn = first; turn <= last; turn++) {
    const PhRat shift = PH_RAT_INT(turn * hand->period);
    for (size_t i = 0; i < hand->count; i++) {
      const HandEvent *e = &hand->events[i];
      const PhArc whole = { ph_rat_add(e->begin, shift), ph_rat_add(e->end, shift) };
      const PhArc part = { ph_rat_max(whole.begin, span.begin), ph_rat_min(whole.end, span.end) };
      if (!ph_rat_lt(part.begin, part.end)) {
        continue;
      }
      PhEvent event = { .whole = whole, .part = part, .has_whole = true };
      event.value.tag = e->map ? PH_VALUE_MAP : PH_VALUE_NUM;
      if (e->map) {
        event.value.map = e->map;
      } else {
        event.value.num = e->number;
      }
      PH_PUSH(query->arena, out, event);
    }
  }
}

HandPat hand_pat(const HandEvent *events, size_t count, int64_t period)
{
  return (HandPat){ .head = { .query = query_hand, .routes = 1 }, .events = events, .count = count, .period = period };
}

static PhMap *new_map(void)
{
  enum { MAPS = 128, ITEMS = 8 };
  static struct {
    _Alignas(16) unsigned char bytes[sizeof(PhMap) + ITEMS * sizeof(PhControlValue)];
  } maps[MAPS];
  static size_t used;
  assert_true(used < MAPS);
  return (PhMap *)(void *)maps[used++].bytes;
}

const PhMap *hand_map(const char *sound, ...)
{
  PhMap *map = new_map();
  map->len = 0;
  map->items[map->len++] = (PhControlValue){ "s", { .tag = PH_VALUE_STR, .str = sound } };
  va_list args;
  va_start(args, sound);
  for (const char *name = va_arg(args, const char *); name; name = va_arg(args, const char *)) {
    map->items[map->len++] = (PhControlValue){ name, { .tag = PH_VALUE_NUM, .num = va_arg(args, double) } };
  }
  va_end(args);
  return map;
}

void hand_plan(HandPlan *hand, const PhPat *pat, const PhPat *cps)
{
  memset(hand, 0, sizeof *hand);
  for (uint32_t lane = 0; lane < PH_LANES_BANK; lane++) {
    hand->slots[PH_VOICE_ONE * PH_LANES_BANK + lane] = 1;
  }
  hand->copy_in = ph_ref(PH_REF_SLOT, PH_VOICE_ONE);
  hand->copy = (PhInstr){ .phase = PH_PHASE_COPY, .in = &hand->copy_in, .in_count = 1, .out = ph_ref(PH_REF_LOCAL, 0) };
  hand->instruments[0] = (PhInstrument){ .name = "~dc", .key = 5, .voice_lanes = 1, .out = ph_ref(PH_REF_LOCAL, 0),
                                         .slots = hand->slots, .slot_count = PH_VOICE_SLOTS };
  hand->instruments[0].code = (PhCode){ .lanes = PH_LANES_BANK, .instrs = &hand->copy, .instr_count = 1, .local_count = 1 };
  hand->route = (PhRoute){ .mask = 0, .shared = 0 };
  hand->player = (PhPlayer){ .pat = pat, .routes = &hand->route, .route_count = 1, .key = 7 };
  hand->strands[0] = (PhStrand){ .kind = PH_STRAND_VOICES, .name = "voices" };
  hand->plan = (PhPlan){ .sample_rate = 44100, .cps = cps, .start_cycle = PH_RAT(0, 1), .slots = hand->program_slots,
                         .shared_count = 1, .strands = hand->strands, .strand_count = 1, .players = &hand->player,
                         .player_count = 1, .instruments = hand->instruments, .instrument_count = 1, .master = 0 };
}

enum { RAMP_FRAMES = 1000, WIDE_FRAMES = 44100 };

struct PhSampleStore {
  PhSample ramp, wide;
  float ramp_data[RAMP_FRAMES + 2 * PH_SAMPLE_PAD];
  float left_data[WIDE_FRAMES + 2 * PH_SAMPLE_PAD], right_data[WIDE_FRAMES + 2 * PH_SAMPLE_PAD];
};

PhSampleStore *hand_store(void)
{
  static PhSampleStore store;
  for (int i = 0; i < RAMP_FRAMES; i++) {
    store.ramp_data[PH_SAMPLE_PAD + i] = 0.25f + (float)i / 2000.0f;
  }
  for (int i = 0; i < WIDE_FRAMES; i++) {
    store.left_data[PH_SAMPLE_PAD + i] = 0.5f;
    store.right_data[PH_SAMPLE_PAD + i] = -0.5f;
  }
  store.ramp = (PhSample){ .left = store.ramp_data + PH_SAMPLE_PAD, .right = store.ramp_data + PH_SAMPLE_PAD,
                           .frames = RAMP_FRAMES, .channels = 1 };
  store.wide = (PhSample){ .left = store.left_data + PH_SAMPLE_PAD, .right = store.right_data + PH_SAMPLE_PAD,
                           .frames = WIDE_FRAMES, .channels = 2 };
  return &store;
}

void ph_sample_load(PhSampleStore *store, PhSampleRequest *requests, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    PhSampleRequest *r = &requests[i];
    r->sample = strcmp(r->name, "ramp") == 0 ? &store->ramp : strcmp(r->name, "wide") == 0 ? &store->wide : NULL;
    r->status = r->sample ? PH_OK : PH_NOTFOUND;
    r->message = r->sample ? NULL : "no sample of this name";
  }
}

size_t ph_sample_bank_count(PhSampleStore *store, const char *name)
{
  (void)store;
  return strcmp(name, "ramp") == 0 || strcmp(name, "wide") == 0;
}

float *hand_render(const PhPlan *plan, Run run, uint32_t frames, PhEngineStats *stats)
{
  PhEngineOptions options = PH_ENGINE_DEFAULTS;
  options.block_frames = run.block;
  options.threads = run.threads;
  options.window = run.window ? run.window : run.block < 512 ? 1 + 64 / run.block : 0; /* blocks as short as they are asked for */
  options.isa = run.isa;
  options.profile = run.profile;
  options.no_safety = true; /* sums are looked at as they are */
  options.max_voices = run.max_voices ? run.max_voices : options.max_voices;
  PhEngine *engine = NULL;
  assert_int_equal(ph_engine_new(plan, hand_store(), &options, NULL, NULL, &engine), PH_OK);
  float *out = malloc(2 * (size_t)frames * sizeof *out);
  assert_non_null(out);
  const uint32_t ask = run.ask ? run.ask : frames;
  for (uint32_t done = 0; done < frames;) {
    const uint32_t n = frames - done < ask ? frames - done : ask;
    assert_int_equal(ph_engine_render(engine, n, out + 2 * (size_t)done, NULL), PH_OK);
    done += n;
  }
  PhEngineStats all;
  ph_engine_stats(engine, &all);
  for (size_t i = 0; i < all.cost_count; i++) {
    assert_non_null(all.costs[i].name);
    assert_true(all.costs[i].calls > 0 && (i == 0 || all.costs[i].sec <= all.costs[i - 1].sec));
  }
  assert_true(run.profile == (all.cost_count > 0));
  all.costs = NULL; /* they go with the engine */
  if (stats) {
    *stats = all;
  }
  ph_engine_free(engine);
  return out;
}
