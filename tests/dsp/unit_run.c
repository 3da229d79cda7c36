/* See unit_run.h.  SPDX-License-Identifier: MIT */
#include "unit_run.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void *unit_alloc(size_t bytes)
{
  void *p = aligned_alloc(64, (bytes + 64 + 63) & ~(size_t)63);
  assert_non_null(p);
  return p;
}

static bool is_named(const PhFunc *func, const char *name)
{
  if (strcmp(func->name, name) == 0) {
    return true;
  }
  const size_t len = strlen(name);
  for (const char *p = func->aliases; *p; p += strcspn(p, " ")) {
    p += strspn(p, " ");
    if (strncmp(p, name, len) == 0 && (p[len] == ' ' || p[len] == 0)) {
      return true;
    }
  }
  return false;
}

size_t unit_row(const PhUnitSet *set, const char *name)
{
  for (size_t i = 0; i < set->count; i++) {
    if (is_named(&set->units[i]->func, name)) {
      return i;
    }
  }
  fail_msg("no row named %s", name);
  return 0;
}

/* The signal parameter that input `input` stands for; the last one serves all that are more. */
static const PhParam *param_of(const PhUnit *unit, uint32_t input)
{
  const PhParam *last = NULL;
  for (uint32_t i = 0, k = 0; i < unit->func.param_count; i++) {
    if (ph_param_is_signal(&unit->func.params[i])) {
      last = &unit->func.params[i];
      if (k++ == input) {
        return last;
      }
    }
  }
  return last;
}

void unit_case_init(UnitCase *c, const PhUnitSet *set, size_t row, double sample_rate, uint32_t frames, uint32_t lanes)
{
  *c = (UnitCase){ .set = set, .row = row, .unit = set->units[row], .frames = frames, .lanes = lanes, .seed = 0x5EED };
  c->setup.sample_rate = sample_rate;
  for (uint32_t i = 0; i < c->unit->func.param_count; i++) {
    const PhParam *param = &c->unit->func.params[i];
    if (ph_param_is_signal(param)) {
      c->in_count += (param->flags & PH_PARAM_VARIADIC) ? 3 : 1;
    }
  }
  c->setup.in_count = c->in_count;
  for (uint32_t i = 0; i < c->in_count; i++) {
    c->in[i] = unit_alloc((size_t)frames * lanes * sizeof(float));
    unit_const(c, i, param_of(c->unit, i)->dflt);
  }
}

void unit_case_free(UnitCase *c)
{
  for (uint32_t i = 0; i < c->in_count; i++) {
    free(c->in[i]);
  }
}

void unit_const(UnitCase *c, uint32_t input, double value)
{
  c->fixed[input] = true;
  for (size_t k = 0; k < (size_t)c->frames * c->lanes; k++) {
    c->in[input][k] = (float)value;
  }
  c->setup.least[input] = c->setup.most[input] = value;
}

void unit_audio_pair(UnitCase *c, uint32_t input, const float *left, const float *right)
{
  c->fixed[input] = false;
  double least = HUGE_VAL, most = -HUGE_VAL;
  for (uint32_t f = 0; f < c->frames; f++) {
    for (uint32_t lane = 0; lane < c->lanes; lane++) {
      const float x = lane & 1 ? right[f] : left[f];
      c->in[input][(size_t)f * c->lanes + lane] = x;
      least = fmin(least, (double)x);
      most = fmax(most, (double)x);
    }
  }
  c->setup.least[input] = least;
  c->setup.most[input] = most;
}

void unit_audio(UnitCase *c, uint32_t input, const float *signal) { unit_audio_pair(c, input, signal, signal); }

/* ---- recordings ---- */

enum { SOUND_MOST = 8192, SOUNDS_MOST = 16 };

typedef struct Sound {
  char name[64];
  size_t frames;
  float memory[2][SOUND_MOST + 2 * PH_SAMPLE_PAD];
} Sound;

static Sound sounds[SOUNDS_MOST]; /* those that were asked for so far; the rest has no name */

static size_t fill_sound(const char *name, float *left, float *right)
{
  static const double turn = 6.283185307179586;
  const bool cycles = strcmp(name, "test:cycles") == 0;
  const size_t frames = strcmp(name, "test:impulse") == 0 ? 512
                        : strcmp(name, "test:cycle") == 0 ? 2048
                        : strcmp(name, "test:ramp") == 0  ? 4096
                        : cycles                          ? 8192
                                                          : 3000;
  for (size_t i = 0; i < frames; i++) {
    const double t = turn * (double)(i % 2048) / 2048;
    double x = 0;
    if (cycles) {
      x = sin(t * (double)(i / 2048 + 1));
    } else if (frames == 2048) {
      x = sin(t) + sin(2 * t) / 2 + sin(3 * t) / 3;
    } else if (frames == 4096) {
      x = -1 + 2 * (double)i / 4095;
    } else if (frames == 512) {
      x = i == 0;
    }
    const uint64_t random = ph_mix64(ph_hash_str(name) + i);
    left[i] = frames == 3000 ? (float)(int32_t)random * 0x1p-31f : (float)x;
    right[i] = frames == 3000 ? (float)(int32_t)(random >> 32) * 0x1p-31f : (float)x;
  }
  return frames;
}

static PhStatus load_sound(void *ctx, const char *name, PhUnitSound *out, const char **error)
{
  (void)ctx;
  if (strcmp(name, "test:missing") == 0) {
    *error = "it is missing";
    return PH_NOTFOUND;
  }
  Sound *sound = sounds;
  while (sound->name[0] && strcmp(sound->name, name) != 0) {
    sound++;
    assert_true(sound < sounds + SOUNDS_MOST);
  }
  assert_true(name[0] && strlen(name) < sizeof sound->name);
  float *left = sound->memory[0] + PH_SAMPLE_PAD, *right = sound->memory[1] + PH_SAMPLE_PAD;
  if (!sound->name[0]) {
    strcpy(sound->name, name);
    sound->frames = fill_sound(name, left, right);
  }
  const bool mono = memcmp(left, right, sound->frames * sizeof *left) == 0;
  *out = (PhUnitSound){ left, mono ? left : right, sound->frames };
  return PH_OK;
}

const PhUnitSounds unit_sounds = { NULL, load_sound, load_sound };

/* ---- texts and lists ---- */

/* The numbers of "[1, 2]"; the end of it. */
static const char *read_list(const char *p, PhArena *arena, PhUnitText *out)
{
  double *list = PH_NEWN(arena, double, 64);
  for (p++; *p && *p != ']';) {
    char *end;
    const double x = strtod(p, &end);
    assert_true(end > p && out->list_len < 64);
    list[out->list_len++] = x;
    p = end + strspn(end, " ,");
  }
  out->list = list;
  return *p ? p + 1 : p;
}

/* The quoted strings and lists of the example are legal texts and lists of the unit. */
static void texts_of(const UnitCase *c, PhArena *arena, PhUnitText *texts)
{
  const PhUnit *unit = c->unit;
  const char *p = strstr(unit->func.example, unit->func.name);
  for (uint32_t i = 0, n = 0; i < unit->func.param_count; i++) {
    const PhParam *param = &unit->func.params[i];
    if (ph_param_is_signal(param)) {
      continue;
    }
    assert_true(n < UNIT_TEXTS);
    PhUnitText *text = &texts[n];
    const bool is_list = param->type[0] == '[';
    p = p ? strchr(p, is_list ? '[' : '"') : NULL;
    if (c->texts[n]) {
      text->text = c->texts[n][0] ? c->texts[n] : NULL;
    } else if (p && is_list) {
      p = read_list(p, arena, text);
    } else if (p) {
      const char *end = strchr(p + 1, '"');
      assert_non_null(end);
      text->text = ph_arena_strndup(arena, p + 1, (size_t)(end - p - 1));
      p = end + 1;
    }
    n++;
  }
}

void unit_text(UnitCase *c, uint32_t index, const char *text) { c->texts[index] = text; }

void unit_prepare(UnitCase *c, PhArena *arena)
{
  PhUnitText *texts = PH_NEWN(arena, PhUnitText, UNIT_TEXTS);
  memset(texts, 0, UNIT_TEXTS * sizeof *texts);
  texts_of(c, arena, texts);
  c->setup.texts = texts;
  c->setup.sounds = &unit_sounds;
  c->line_frames = ph_unit_line_frames(c->unit, &c->setup);
  if (c->unit->prepare) {
    const char *error = NULL;
    const PhStatus status = c->unit->prepare(&c->setup, arena, &c->data, &error);
    if (status != PH_OK) {
      fail_msg("%s: prepare: %s", c->unit->func.name, error ? error : ph_status_text(status));
    }
  }
}

/* Line memory begins as NaN: a unit that reads what it has not written is found out. */
UnitState unit_state(const UnitCase *c)
{
  const size_t words = (size_t)c->unit->state_floats * c->lanes, floats = (size_t)c->line_frames * c->lanes;
  UnitState s = { unit_alloc(words * sizeof(uint32_t)), unit_alloc(floats * sizeof(float)) };
  memset(s.state, 0, words * sizeof(uint32_t));
  memset(s.line, 0xFF, floats * sizeof(float));
  return s;
}

void unit_state_free(UnitState *s)
{
  free(s->state);
  free(s->line);
}

bool unit_run(const UnitCase *c, const UnitRun *how, UnitState *state, float *out)
{
  uint32_t fault = 0;
  uint64_t random = 77;
  PhIo io = { .in_count = c->in_count, .lanes = c->lanes, .state = state->state, .line = state->line,
              .line_frames = c->line_frames, .data = c->data, .seed = c->seed, .voice = c->voice, .fault = &fault,
              .sample_rate = (float)c->setup.sample_rate, .inv_sample_rate = (float)(1 / c->setup.sample_rate) };
  float *shared = unit_alloc((size_t)PH_CHUNK_FRAMES * c->lanes * sizeof(float));
  for (uint32_t f = how->from; f < how->to; f += io.frames) {
    random = ph_mix64(random);
    io.frames = how->chunk ? how->chunk : 1 + (uint32_t)(random % PH_CHUNK_FRAMES);
    io.frames = io.frames < how->to - f ? io.frames : how->to - f;
    const size_t at = (size_t)f * c->lanes, bytes = (size_t)io.frames * c->lanes * sizeof(float);
    for (uint32_t i = 0; i < c->in_count; i++) {
      io.in[i] = c->in[i] + at;
      io.step[i] = c->fixed[i] && !how->as_audio ? 0 : c->lanes;
    }
    io.out = out + at;
    if (how->in_place >= 0) {
      memcpy(shared, io.in[how->in_place], bytes);
      io.in[how->in_place] = shared;
      io.step[how->in_place] = c->lanes;
      io.out = shared;
    }
    c->unit->process(&io);
    if (how->in_place >= 0) {
      memcpy(out + at, shared, bytes);
    }
  }
  free(shared);
  return fault != 0;
}

void unit_render(UnitCase *c, float *left, float *right)
{
  PhArena arena;
  ph_arena_init(&arena, NULL, NULL);
  unit_prepare(c, &arena);
  UnitState state = unit_state(c);
  float *out = unit_alloc((size_t)c->frames * c->lanes * sizeof(float));
  const UnitRun how = { .chunk = PH_CHUNK_FRAMES, .in_place = -1, .to = c->frames };
  (void)unit_run(c, &how, &state, out);
  for (uint32_t f = 0; f < c->frames; f++) {
    left[f] = out[(size_t)f * c->lanes];
    if (right) {
      right[f] = out[(size_t)f * c->lanes + 1];
    }
  }
  free(out);
  unit_state_free(&state);
  ph_arena_deinit(&arena);
}
