/* Convolution with a recorded or made room. The first 64 frames of the response are summed directly, so nothing is late; the rest is cut
   into parts of 64, 512 and 4096 frames, which are multiplied as spectra (Gardner 1995; overlap-save, a delay line of spectra for each
   length). The work for a block is done in steps at every 64 frames of a lane's own age: the long blocks have as long as they last.
   SPDX-License-Identifier: MIT */
#include "dsp/room.h"
#include "dsp/stft.h"

enum {
  HEAD = 64, /* frames that are summed directly, and between two steps of work */
  LEVELS = 3,
  MOST_SEC = 60,
};

/* Parts of one length. Positions are those of line memory. */
typedef struct Level {
  uint32_t size, first, parts; /* frames of a part, of the response before the first one, how many */
  const PhFft *fft;            /* of two sizes */
  const float *spectra;        /* [parts][size + 1] of re left, re right, im left, im right */
  size_t blocks, sum,
      out; /* spectra of the last `parts` blocks of input; of the output; a ring of two sizes of output */
} Level;

typedef struct Convolve {
  float head[HEAD][2];
  Level levels[LEVELS];
  uint32_t level_count, ring; /* frames of input that are kept */
  size_t work, bins, positions;
} Convolve;

/* ---- making ---- */

/* Which lengths a response takes, and where their memory is. Depends on its length alone. */
static void lay_out(Convolve *c, size_t frames)
{
  static const uint32_t sizes[LEVELS] = { 64, 512, 4096 }, firsts[LEVELS + 1] = { 64, 1024, 8192, UINT32_MAX };
  c->ring = 2 * HEAD;
  size_t at = 0;
  for (uint32_t i = 0; i < LEVELS && frames > firsts[i]; i++) {
    Level *level = &c->levels[c->level_count++];
    const size_t end = frames < firsts[i + 1] ? frames : firsts[i + 1];
    *level = (Level){ .size = sizes[i],
                      .first = firsts[i],
                      .parts = (uint32_t)((end - firsts[i] + sizes[i] - 1) / sizes[i]) };
    c->ring = 2 * sizes[i];
    level->blocks = at;
    at += (size_t)level->parts * (2 * sizes[i] + 2);
    level->sum = at;
    at += 2 * sizes[i] + 2;
    level->out = at;
    at += 2 * sizes[i];
  }
  c->work = at;
  c->bins = c->work + c->ring;
  c->positions = c->bins + c->ring + 2 + c->ring; /* the ring of input is last */
}

static PhStatus make_spectra(Level *level, const PhUnitSound *room, PhArena *arena)
{
  const size_t bins = level->size + 1;
  float *spectra = PH_NEWN(arena, float, 4 * bins * level->parts);
  level->fft = ph_fft_new(arena, 2 * level->size);
  level->spectra = spectra;
  const PhArenaMark mark = ph_arena_mark(arena);
  float *work = PH_NEWN(arena, float, 2 * (size_t)level->size * PH_W), *out = PH_NEWN(arena, float, 2 * bins * PH_W);
  if (!spectra || !level->fft || !work || !out) {
    return PH_NOMEM;
  }
  for (uint32_t p = 0; p < level->parts; p++) {
    for (uint32_t i = 0; i < 2 * level->size; i++) {
      const size_t at = level->first + (size_t)p * level->size + i;
      const bool there = i < level->size && at < room->frames;
      ph_store(work + (size_t)i * PH_W,
               ph_select(ph_right_mask(), ph_splat(there ? room->right[at] : 0), ph_splat(there ? room->left[at] : 0)));
    }
    ph_fft_forward(level->fft, work, out, PH_W);
    for (size_t k = 0; k < bins; k++, spectra += 4) {
      memcpy(spectra, out + 2 * k * PH_W, 2 * sizeof(float));
      memcpy(spectra + 2, out + (2 * k + 1) * PH_W, 2 * sizeof(float));
    }
  }
  ph_arena_release(arena, mark);
  return PH_OK;
}

/* The response that the text names: a room that is made here, or a recording. `arena` NULL: its length will do. */
static PhStatus find_room(const PhUnitSetup *setup, PhArena *arena, PhUnitSound *out, const char **error)
{
  const char *name = setup->texts[0].text;
  if (!name || !*name) {
    *error =
        "wants a response: convolve \"hall\" (or \"room\", \"plate\", \"spring\"), or convolve \"rooms/church.wav\"";
    return PH_NOTFOUND;
  }
  const PhRoom *room = ph_room_find(name);
  if (room) {
    return ph_room_make(room, setup->sample_rate, arena, out);
  }
  if (!setup->sounds) {
    *error = "no recordings can be read here; \"hall\", \"room\", \"plate\" and \"spring\" need none";
    return PH_NOTFOUND;
  }
  return setup->sounds->load(setup->sounds->ctx, name, out, error);
}

static PhStatus convolve_prepare(const PhUnitSetup *setup, PhArena *arena, const void **data, const char **error)
{
  PhUnitSound room;
  PhStatus status = find_room(setup, arena, &room, error);
  if (status == PH_OK && (double)room.frames > MOST_SEC * setup->sample_rate) {
    *error = "the response is longer than 60 s";
    status = PH_LIMIT;
  }
  Convolve *c = status == PH_OK ? PH_NEW(arena, Convolve) : NULL;
  if (!c) {
    return status == PH_OK ? PH_NOMEM : status;
  }
  lay_out(c, room.frames);
  for (uint32_t i = 0; i < HEAD; i++) {
    c->head[i][0] = i < room.frames ? room.left[i] : 0;
    c->head[i][1] = i < room.frames ? room.right[i] : 0;
  }
  for (uint32_t i = 0; i < c->level_count && status == PH_OK; i++) {
    status = make_spectra(&c->levels[i], &room, arena);
  }
  *data = c;
  return status;
}

static size_t room_frames(const PhUnitSetup *setup)
{
  PhUnitSound room;
  const char *error = NULL;
  return find_room(setup, NULL, &room, &error) == PH_OK ? room.frames : 0;
}

static size_t convolve_memory(const PhUnitSetup *setup)
{
  Convolve c = { .level_count = 0 };
  const size_t frames = room_frames(setup);
  if ((double)frames > MOST_SEC * setup->sample_rate) {
    return 1; /* refused by prepare */
  }
  lay_out(&c, frames);
  return c.positions;
}

static double convolve_tail(const PhUnitSetup *setup) { return (double)room_frames(setup) / setup->sample_rate; }

/* ---- a step: every 64 frames ---- */

typedef struct Step {
  const Convolve *c;
  PhLine in;
  float *base; /* of the group */
  size_t step; /* floats from a position to the next */
  PhVi lanes;  /* of one age: whose step it is */
  bool all;    /* it is that of every lane */
  uint32_t age;
} Step;

/* A pair of floats for left and right lanes. */
PH_INLINE PhV load_pair(const float *at)
{
  typedef int64_t PhVl __attribute__((vector_size(PH_W * 4)));
  int64_t pair;
  memcpy(&pair, at, sizeof(pair));
  return (PhV)(pair - (PhVl){ 0 });
}

PH_INLINE float *place(const Step *s, size_t position) { return s->base + position * s->step; }

/* The spectrum of the last two sizes of input into the delay line of spectra; the sum begins at 0. */
static void take_block(const Step *s, const Level *level, uint32_t block)
{
  const uint32_t frames = 2 * level->size;
  float *work = place(s, s->c->work), *slot = place(s, level->blocks + (size_t)(block % level->parts) * (frames + 2));
  float *bins = s->all ? slot : place(s, s->c->bins), *sum = place(s, level->sum);
  for (uint32_t i = 0; i < frames; i++) {
    const int64_t at = (int64_t)s->age - frames + i;
    ph_store(work + i * s->step, at < 0 ? ph_splat(0.0f) : ph_line_frame(&s->in, (uint32_t)at));
  }
  ph_fft_forward(level->fft, work, bins, s->step);
  for (uint32_t i = 0; i < frames + 2; i++) {
    if (!s->all) {
      ph_store_lanes(slot + i * s->step, s->lanes, ph_load(bins + i * s->step));
    }
    ph_store_lanes(sum + i * s->step, s->lanes, ph_splat(0.0f));
  }
}

/* Adds part `part` of the response times the block that long ago. */
static void add_part(const Step *s, const Level *level, uint32_t block, uint32_t part)
{
  const size_t step = s->step;
  const float *x = place(s, level->blocks + (size_t)((block - part) % level->parts) * (2 * level->size + 2));
  const float *h = level->spectra + (size_t)part * (level->size + 1) * 4;
  float *sum = place(s, level->sum);
  for (uint32_t k = 0; k <= level->size; k++, x += 2 * step, sum += 2 * step, h += 4) {
    const PhC product = ph_c_mul(ph_c_load(x, step), (PhC){ load_pair(h), load_pair(h + 2) });
    const PhC y = ph_c_add(ph_c_load(sum, step), product);
    if (s->all) {
      ph_c_store(sum, step, y);
    } else {
      ph_store_lanes(sum, s->lanes, y.re);
      ph_store_lanes(sum + step, s->lanes, y.im);
    }
  }
}

/* The output of a block; it is read from `delay` frames later on. */
static void give_block(const Step *s, const Level *level, uint32_t begin)
{
  const uint32_t size = level->size;
  float *work = place(s, s->c->work), *out = place(s, level->out);
  ph_fft_inverse(level->fft, place(s, level->sum), work, s->step);
  for (uint32_t i = 0; i < size; i++) {
    const size_t to = (begin + i) & (2 * size - 1);
    ph_store_lanes(out + to * s->step, s->lanes, ph_load(work + (size + i) * s->step));
  }
}

/* A level's share of the work: the block is taken at the first step of its time, the parts are spread over the steps, the output is made
   at the last. Parts of 64 frames have one step for all. */
static void work_level(const Step *s, const Level *level)
{
  const uint32_t steps = level->size / HEAD, now = s->age / HEAD % steps, block = s->age / level->size;
  const uint32_t parts = block + 1 < level->parts ? block + 1 : level->parts; /* no more blocks have been */
  if (now == 0) {
    take_block(s, level, block);
  }
  const uint32_t shares = steps > 1 ? steps - 1 : 1;
  for (uint32_t p = level->parts * now / shares; p < level->parts * (now + 1) / shares && p < parts; p++) {
    add_part(s, level, block, p);
  }
  if (now == steps - 1) {
    give_block(s, level, block * level->size + (steps > 1 ? level->size : 0));
  }
}

static void work(Step *s, PhVu age, PhVi due)
{
  while (ph_any(due)) {
    uint32_t lane = 0;
    while (!due[lane]) {
      lane++;
    }
    s->age = age[lane];
    s->lanes = due & (PhVi)(age == s->age);
    s->all = !ph_any(~s->lanes);
    due &= ~s->lanes;
    for (uint32_t i = 0; i < s->c->level_count; i++) {
      work_level(s, &s->c->levels[i]);
    }
  }
}

/* ---- every frame ---- */

/* The first frames of the response, directly; four sums, so that one need not wait for the other. */
static PhV head_sum(const Convolve *c, const PhLine *in, PhVu age)
{
  PhV sums[4] = { ph_splat(0.0f), ph_splat(0.0f), ph_splat(0.0f), ph_splat(0.0f) };
  const bool one = (PH_W == PH_LANES_BUS && in->lanes == PH_LANES_BUS) || ph_uniform(age);
  if (one && age[0] >= HEAD) {
    for (uint32_t i = 0; i < HEAD; i++) {
      sums[i % 4] += load_pair(c->head[i]) * ph_line_frame(in, age[0] - i);
    }
  } else {
    for (uint32_t i = 0; i < HEAD; i++) {
      sums[i % 4] += load_pair(c->head[i]) * ph_tap(in, age, ph_splat_u(i));
    }
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

static void convolve(const PhIo *io)
{
  const Convolve *c = io->data;
  PH_GROUPS(io, g)
  {
    float *base = io->line + g;
    Step s = { .c = c,
               .in = ph_line(io->line + (c->positions - c->ring) * io->lanes, c->ring, io->lanes, g),
               .base = base,
               .step = io->lanes };
    PhVu age = ph_state_u(io, 0, g);
    for (uint32_t f = 0; f < io->frames; f++, age += 1) {
      const PhVi due = (PhVi)((age & (HEAD - 1)) == 0);
      if (ph_any(due)) {
        work(&s, age, due);
      }
      const PhV x = ph_in(io, 0, f, g), mix = ph_in(io, 1, f, g);
      ph_line_write(&s.in, age, x);
      PhV wet = head_sum(c, &s.in, age);
      for (uint32_t i = 0; i < c->level_count; i++) {
        const Level *level = &c->levels[i];
        const PhLine out = ph_line(io->line + level->out * io->lanes, 2 * level->size, io->lanes, g);
        const PhV y = ph_line_frames(&out, age);
        wet += level->size == HEAD ? y : ph_keep((PhVi)(age >= level->size), y);
      }
      ph_out(io, f, g, ph_guard(io, x * (1.0f - mix) + wet * mix));
    }
    ph_state_set_u(io, 0, g, age);
  }
}

/* ---- rows ---- */

static const PhParam convolve_params[] = {
  PH_P_IN,
  { "response", "text", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN,
    "\"room\", \"hall\", \"plate\" or \"spring\", which are made; or \"bank:n\", or the path of a file; up to 60 s" },
  PH_P("mix", "sig", .5, 0, 1, "", PH_SCALE_LIN, "0 the input alone, 1 the room alone"),
};

static const PhUnit units[] = {
  PH_ROW("convolve", "conv", "reverb",
         "Puts the input into a recorded room: convolution with a mono or stereo impulse response, left through left "
         "and right through right (nothing crosses over), as it was recorded, without any latency.",
         "s \"cp\" # convolve \"hall\" 0.3", convolve_params, .process = convolve, .prepare = convolve_prepare,
         .state_floats = 1, .line_frames = convolve_memory, .tail_sec = convolve_tail,
         .flags = PH_UNIT_PROCESSOR | PH_UNIT_STEREO),
};

PH_EXPORT_TABLE(convolve);
