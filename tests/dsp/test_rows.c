/* Properties that hold for every row of every set, none of them named here: finite for any legal input, the same bits however
   time is cut, for every instruction set, in every lane, for a constant given once or at every frame, in place, and again
   after a reset.  SPDX-License-Identifier: MIT */
#include "unit_run.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FRAMES = 1500, LANES = PH_LANES_BANK, DRAWS = 8, RESTART = 333, MAX_LINE_FLOATS = 1 << 22 };

/* ---- drawing legal inputs ---- */

typedef struct Random {
  uint64_t state;
} Random;

static uint64_t next(Random *r) { return ph_mix64(r->state += 0x9E3779B97F4A7C15u); }
static double uniform(Random *r) { return (double)(next(r) >> 11) * 0x1p-53; }
static bool chance(Random *r, double p) { return uniform(r) < p; }

static const PhParam *param_of(const UnitCase *c, uint32_t input)
{
  const PhParam *found = NULL;
  for (uint32_t i = 0, k = 0; i < c->unit->func.param_count; i++) {
    const PhParam *param = &c->unit->func.params[i];
    if (strcmp(param->type, "text") != 0 && param->type[0] != '[') {
      found = param;
      if (k++ == input) {
        break;
      }
    }
  }
  return found;
}

/* The bounds to draw from: those of the row, or of a signal at some loudness. */
static void bounds(Random *r, const PhParam *param, double scale, double *least, double *most)
{
  *least = param->least;
  *most = param->most;
  if (param->least == param->most) {
    static const double sizes[] = { 1, 1, 1, 8, 1e-12, 1e6, 1e15 };
    *most = sizes[next(r) % PH_COUNT(sizes)];
    *least = -*most;
  }
  if (strcmp(param->unit, "s") == 0) {
    *most = fmax(*least, *most * scale);
  }
}

static double draw(Random *r, const PhParam *param, double least, double most)
{
  const double u = uniform(r);
  if (u < 0.05) {
    return least;
  }
  if (u > 0.95) {
    return most;
  }
  if (param->scale == PH_SCALE_LOG && most > 0) {
    const double low = least > most * 1e-4 ? least : most * 1e-4;
    return low * pow(most / low, uniform(r));
  }
  const double x = least + (most - least) * uniform(r);
  return param->scale == PH_SCALE_INT ? floor(x + 0.5) : x;
}

static void fill_gate(Random *r, UnitCase *c, uint32_t input)
{
  for (uint32_t lane = 0; lane < c->lanes; lane += 2) {
    float value = 0, sign = 1;
    for (uint32_t f = 0; f < c->frames; f++) {
      if (chance(r, 0.01)) {
        sign = -sign;
        value = chance(r, 0.6) ? sign : 0;
      }
      c->in[input][(size_t)f * c->lanes + lane] = c->in[input][(size_t)f * c->lanes + lane + 1] = value;
    }
  }
}

/* One input: constant per lane, or moving smoothly, or jumping. */
static void fill(Random *r, UnitCase *c, uint32_t input, double scale)
{
  const PhParam *param = param_of(c, input);
  double least, most;
  bounds(r, param, scale, &least, &most);
  c->setup.least[input] = least;
  c->setup.most[input] = most;
  c->fixed[input] = chance(r, input == 0 ? 0.1 : 0.6);
  if (strcmp(param->type, "gate") == 0 && !c->fixed[input]) {
    c->setup.least[input] = -1;
    c->setup.most[input] = 1;
    fill_gate(r, c, input);
    return;
  }
  const bool jumps = chance(r, 0.4);
  for (uint32_t lane = 0; lane < c->lanes; lane++) {
    const double a = draw(r, param, least, most), b = draw(r, param, least, most), speed = uniform(r);
    for (uint32_t f = 0; f < c->frames; f++) {
      const double t = 0.5 - 0.5 * cos(speed * f);
      const double x = c->fixed[input] ? a : jumps ? draw(r, param, least, most) : a + (b - a) * t;
      c->in[input][(size_t)f * c->lanes + lane] = fminf(fmaxf((float)x, (float)least), (float)most);
    }
  }
  if (c->fixed[input] && chance(r, 0.7)) {
    unit_const(c, input, (double)c->in[input][0]);
  }
}

static void draw_case(Random *r, UnitCase *c, PhArena *arena)
{
  for (uint32_t lane = 0; lane < c->lanes; lane++) {
    c->voice[lane] = (uint32_t)(lane / 2 * 7919);
  }
  for (double scale = 1;; scale *= 0.25) {
    for (uint32_t i = 0; i < c->in_count; i++) {
      fill(r, c, i, scale);
    }
    unit_prepare(c, arena);
    if ((size_t)c->line_frames * c->lanes <= MAX_LINE_FLOATS || scale < 1e-4) { /* some lines do not depend on inputs */
      return;
    }
  }
}

/* ---- running and comparing ---- */

static unsigned failures; /* all rows are looked at before the test fails */

__attribute__((format(printf, 2, 3))) static void fault_found(const UnitCase *c, const char *fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  char text[256];
  vsnprintf(text, sizeof(text), fmt, args);
  va_end(args);
  print_error("%s (%g Hz): %s\n", c->unit->func.name, c->setup.sample_rate, text);
  failures++;
}

static void expect_same(const UnitCase *c, const char *what, const float *expected, const float *found, uint32_t from, uint32_t to)
{
  for (size_t k = (size_t)from * c->lanes; k < (size_t)to * c->lanes; k++) {
    if (memcmp(&expected[k], &found[k], sizeof(float)) != 0) {
      fault_found(c, "%s: frame %zu lane %zu: %.9g, not %.9g", what, k / c->lanes, k % c->lanes, (double)found[k], (double)expected[k]);
      return;
    }
  }
}

static void expect_finite(const UnitCase *c, const float *out)
{
  for (size_t k = 0; k < (size_t)c->frames * c->lanes; k++) {
    if (!(fabsf(out[k]) <= 1e18f)) {
      for (uint32_t i = 0; i < c->in_count; i++) {
        print_message("  %s = %g (%g … %g, %s)\n", param_of(c, i)->name, (double)c->in[i][k], c->setup.least[i], c->setup.most[i],
                      c->fixed[i] ? "constant" : "audio");
      }
      fault_found(c, "frame %zu lane %zu: %g", k / c->lanes, k % c->lanes, (double)out[k]);
      return;
    }
  }
}

static void run_fresh(const UnitCase *c, UnitRun how, float *out)
{
  UnitState state = unit_state(c);
  how.to = c->frames;
  (void)unit_run(c, &how, &state, out);
  unit_state_free(&state);
}

static void check_cuts(const UnitCase *c, const float *expected, float *out)
{
  static const uint32_t chunks[] = { 1, 7, 0 };
  for (size_t i = 0; i < PH_COUNT(chunks); i++) {
    run_fresh(c, (UnitRun){ .chunk = chunks[i], .in_place = -1 }, out);
    expect_same(c, "cut otherwise", expected, out, 0, c->frames);
  }
}

static void check_sets(const UnitCase *c, const float *expected, float *out)
{
  const PhUnitSet *const *sets;
  const size_t count = ph_unit_sets(&sets);
  for (size_t i = 0; i < count; i++) {
    UnitCase other = *c;
    other.set = sets[i];
    other.unit = sets[i]->units[c->row];
    assert_string_equal(other.unit->func.name, c->unit->func.name);
    run_fresh(&other, (UnitRun){ .chunk = PH_CHUNK_FRAMES, .in_place = -1 }, out);
    expect_same(&other, sets[i]->name, expected, out, 0, c->frames);
  }
}

static void expect_pair(const UnitCase *c, const float *expected, const float *found, uint32_t pair)
{
  for (uint32_t f = 0; f < c->frames; f++) {
    for (uint32_t lane = 0; lane < PH_LANES_BUS; lane++) {
      const float y = found[(size_t)f * PH_LANES_BUS + lane], wanted = expected[(size_t)f * c->lanes + pair + lane % 2];
      if (memcmp(&y, &wanted, sizeof(float)) != 0) {
        fault_found(c, "on a bus: frame %u lane %u: %.9g, not %.9g", f, pair + lane % 2, (double)y, (double)wanted);
        return;
      }
    }
  }
}

/* A pair of lanes of a bank as a bus: left, right, left, right. */
static void check_bus(const UnitCase *c, const float *expected, float *out)
{
  const PhUnitSet *bus = ph_unit_set_bus();
  for (uint32_t pair = 0; pair < c->lanes; pair += 6) {
    UnitCase part = *c;
    part.unit = bus->units[c->row];
    part.lanes = PH_LANES_BUS;
    for (uint32_t lane = 0; lane < PH_LANES_BUS; lane++) {
      part.voice[lane] = c->voice[pair + lane % 2];
    }
    for (uint32_t i = 0; i < c->in_count; i++) {
      part.in[i] = unit_alloc((size_t)c->frames * PH_LANES_BUS * sizeof(float));
      for (size_t k = 0; k < (size_t)c->frames * PH_LANES_BUS; k++) {
        part.in[i][k] = c->in[i][k / PH_LANES_BUS * c->lanes + pair + k % 2];
      }
    }
    run_fresh(&part, (UnitRun){ .chunk = PH_CHUNK_FRAMES, .in_place = -1 }, out);
    expect_pair(c, expected, out, pair);
    for (uint32_t i = 0; i < c->in_count; i++) {
      free(part.in[i]);
    }
  }
}

static void check_inputs(const UnitCase *c, const float *expected, float *out)
{
  run_fresh(c, (UnitRun){ .chunk = PH_CHUNK_FRAMES, .in_place = -1, .as_audio = true }, out);
  expect_same(c, "constants at every frame", expected, out, 0, c->frames);
  for (uint32_t i = 0; i < c->in_count; i++) {
    run_fresh(c, (UnitRun){ .chunk = 33, .in_place = (int)i }, out);
    expect_same(c, "in place", expected, out, 0, c->frames);
  }
}

/* A voice starts in a pair of lanes while the others go on: only its state is zeroed, the line keeps what was there. */
static void check_restart(const UnitCase *c, const float *expected, float *out)
{
  UnitState state = unit_state(c);
  (void)unit_run(c, &(UnitRun){ .chunk = 37, .in_place = -1, .to = RESTART }, &state, out);
  const uint32_t pair = 4;
  for (uint32_t i = 0; i < c->unit->state_floats; i++) {
    state.state[(size_t)i * c->lanes + pair] = state.state[(size_t)i * c->lanes + pair + 1] = 0;
  }
  (void)unit_run(c, &(UnitRun){ .chunk = 37, .in_place = -1, .to = c->frames }, &state, out);
  unit_state_free(&state);
  for (uint32_t f = 0; f < c->frames; f++) {
    for (uint32_t lane = pair; lane < pair + 2; lane++) {
      const size_t k = (size_t)f * c->lanes + lane;
      if (memcmp(&expected[k], &out[k], sizeof(float)) != 0) {
        fault_found(c, "a voice in a used lane: frame %u lane %u: %.9g, not %.9g", f, lane, (double)out[k], (double)expected[k]);
        return;
      }
    }
  }
}

/* The two halves of a delay give what the whole gives. */
static void check_halves(const UnitCase *c, const float *expected, float *out)
{
  if (!(c->unit->flags & PH_UNIT_DELAYS) || c->unit->delay_frames(&c->setup) == 0) {
    return;
  }
  const uint32_t least = c->unit->delay_frames(&c->setup);
  const uint32_t chunk = least < PH_CHUNK_FRAMES ? least : PH_CHUNK_FRAMES;
  PhUnit reader = *c->unit, writer = *c->unit;
  reader.process = c->unit->read;
  writer.process = c->unit->write;
  UnitCase halves = *c;
  UnitState state = unit_state(c);
  float *scratch = unit_alloc((size_t)c->frames * c->lanes * sizeof(float));
  for (uint32_t f = 0; f < c->frames; f += chunk) {
    const uint32_t to = f + chunk < c->frames ? f + chunk : c->frames;
    const UnitRun how = { .chunk = chunk, .in_place = -1, .from = f, .to = to };
    halves.unit = &reader;
    (void)unit_run(&halves, &how, &state, out);
    halves.unit = &writer;
    (void)unit_run(&halves, &how, &state, scratch);
  }
  free(scratch);
  unit_state_free(&state);
  expect_same(c, "in two halves", expected, out, 0, c->frames);
}

static void check_row(const PhUnitSet *set, size_t row, uint32_t number)
{
  static const double rates[] = { 44100, 8000, 48000, 8000, 96000, 8000 };
  Random r = { row * 1000 + number };
  UnitCase c;
  PhArena arena;
  ph_arena_init(&arena, NULL, NULL);
  unit_case_init(&c, set, row, rates[number % PH_COUNT(rates)], FRAMES, LANES);
  draw_case(&r, &c, &arena);
  const size_t bytes = (size_t)FRAMES * LANES * sizeof(float);
  float *expected = unit_alloc(bytes), *out = unit_alloc(bytes);
  run_fresh(&c, (UnitRun){ .chunk = PH_CHUNK_FRAMES, .in_place = -1 }, expected);
  expect_finite(&c, expected);
  check_cuts(&c, expected, out);
  check_sets(&c, expected, out);
  check_bus(&c, expected, out);
  check_inputs(&c, expected, out);
  check_restart(&c, expected, out);
  check_halves(&c, expected, out);
  free(expected);
  free(out);
  unit_case_free(&c);
  ph_arena_deinit(&arena);
}

static void check_all(void **context)
{
  (void)context;
  const PhUnitSet *set = ph_unit_set_find(NULL);
  const char *only = getenv("PH_TEST_ROW"), *more = getenv("PH_TEST_DRAWS");
  const uint32_t draws = more ? (uint32_t)strtoul(more, NULL, 10) : DRAWS;
  for (size_t row = 0; row < set->count; row++) {
    if (only && strcmp(only, set->units[row]->func.name) != 0) {
      continue;
    }
    const unsigned before = failures;
    for (uint32_t number = 0; number < draws && failures == before; number++) {
      check_row(set, row, number);
    }
  }
  assert_int_equal(failures, 0);
}

/* ---- the tables themselves ---- */

static void rows_are_well_formed(void **context)
{
  (void)context;
  const PhUnitSet *const *sets;
  const size_t set_count = ph_unit_sets(&sets);
  for (size_t row = 0; row < sets[0]->count; row++) {
    const PhUnit *unit = sets[0]->units[row];
    assert_true(unit->func.name[0] != 0 && unit->func.doc[0] != 0 && unit->func.family[0] != 0);
    assert_non_null(strstr(unit->func.example, unit->func.name));
    assert_int_equal(unit->func.sort, PH_FUNC_UNIT);
    assert_true(unit->func.doc[strlen(unit->func.doc) - 1] == '.');
    assert_non_null(unit->process);
    assert_true(!(unit->flags & PH_UNIT_PURE) || (unit->state_floats == 0 && !unit->line_frames));
    assert_true(!(unit->flags & PH_UNIT_DELAYS) || (unit->read && unit->write && unit->delay_frames));
    assert_true(!(unit->flags & PH_UNIT_PROCESSOR) || unit->func.param_count > 0);
    for (uint32_t i = 0; i < unit->func.param_count; i++) {
      const PhParam *p = &unit->func.params[i];
      assert_true(p->name[0] != 0 && p->doc[0] != 0 && p->least <= p->most);
      assert_true(p->least == p->most || (p->dflt >= p->least && p->dflt <= p->most));
    }
    for (size_t s = 1; s < set_count; s++) {
      assert_int_equal(sets[s]->count, sets[0]->count);
      assert_string_equal(sets[s]->units[row]->func.name, unit->func.name);
      assert_int_equal(sets[s]->units[row]->state_floats, unit->state_floats);
    }
  }
}

/* No name or alias twice. */
static void names_are_unique(void **context)
{
  (void)context;
  const PhUnitSet *set = ph_unit_set_find(NULL);
  for (size_t row = 0; row < set->count; row++) {
    assert_int_equal(unit_row(set, set->units[row]->func.name), row);
    char aliases[256];
    snprintf(aliases, sizeof(aliases), "%s", set->units[row]->func.aliases);
    for (char *save = NULL, *name = strtok_r(aliases, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
      assert_int_equal(unit_row(set, name), row);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(rows_are_well_formed),
    cmocka_unit_test(names_are_unique),
    cmocka_unit_test(check_all),
  };
  return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
