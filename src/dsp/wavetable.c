/* Wavetables: single cycles, one or a row of them, as the sines that they are made of. Every level of a table has half the
   partials of the one before and 16 points for its highest partial, read by 6-point interpolation, so what is not wanted lies
   below -95 dB re each partial.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/dmath.h"
#include "dsp/table.h"

enum {
  PARTIALS_MOST = 1024, /* of one cycle; a row of many has fewer */
  POINTS = 16,          /* of the highest partial's period */
  SIZE_MOST = PARTIALS_MOST * POINTS,
  PAD = 8, /* points beside a cycle: two before, three behind, three that are never read */
  PAD_BEFORE = 2,
  CYCLES_MOST = 256,
  CYCLE_MOST_FRAMES = 8192, /* of a file with a single cycle */
};

/* Partials reach up to this part of the rate: what is above half of it folds down to where 15 kHz are at 44.1 kHz, not further. */
#define BAND 0.66f

typedef struct Tables {
  uint32_t cycles;
  uint32_t levels;
  int32_t size;   /* points of a cycle at level 0: POINTS for each partial */
  float partials; /* at level 0, a power of two */
  const float *
      data; /* level after level, in each the cycles one after another, in each PAD_BEFORE points, the cycle, the rest */
} Tables;

/* ---- the Fourier transform of the control side: doubles, radix 2 ---- */

typedef struct Work {
  double cosines[SIZE_MOST / 2], sines[SIZE_MOST / 2]; /* of turns k / SIZE_MOST */
  double re[SIZE_MOST], im[SIZE_MOST];
  double a[PARTIALS_MOST + 1], b[PARTIALS_MOST + 1]; /* the cosines and sines of a cycle */
} Work;

static Work *work_new(void)
{
  Work *w = malloc(sizeof *w);
  for (uint32_t k = 0; w && k < SIZE_MOST / 2; k++) {
    w->cosines[k] = ph_cos_d(6.283185307179586 * k / SIZE_MOST);
    w->sines[k] = ph_sin_d(6.283185307179586 * k / SIZE_MOST);
  }
  return w;
}

static void swap_bits(Work *w, uint32_t n)
{
  for (uint32_t i = 1, j = 0; i < n; i++) {
    uint32_t bit = n >> 1;
    for (; j & bit; bit >>= 1) {
      j ^= bit;
    }
    j ^= bit;
    if (i < j) {
      const double re = w->re[i], im = w->im[i];
      w->re[i] = w->re[j];
      w->im[i] = w->im[j];
      w->re[j] = re;
      w->im[j] = im;
    }
  }
}

/* sum x e^(+i 2 pi k n / size) of re and im, in place. */
static void transform(Work *w, uint32_t n)
{
  swap_bits(w, n);
  for (uint32_t half = 1; half < n; half *= 2) {
    const uint32_t stride = SIZE_MOST / (2 * half);
    for (uint32_t k = 0; k < half; k++) {
      const double c = w->cosines[k * stride], s = w->sines[k * stride];
      for (uint32_t i = k; i < n; i += 2 * half) {
        const uint32_t j = i + half;
        const double re = w->re[j] * c - w->im[j] * s, im = w->re[j] * s + w->im[j] * c;
        w->re[j] = w->re[i] - re;
        w->im[j] = w->im[i] - im;
        w->re[i] += re;
        w->im[i] += im;
      }
    }
  }
}

/* a and b up to `partials` of the n values in re; n a power of two. What is at half of n and the mean are left out. */
static void analyse(Work *w, uint32_t n, uint32_t partials)
{
  memset(w->im, 0, n * sizeof *w->im);
  transform(w, n);
  for (uint32_t k = 1; k <= partials; k++) {
    w->a[k] = k < n / 2 ? w->re[k] * 2 / n : 0;
    w->b[k] = k < n / 2 ? w->im[k] * 2 / n : 0;
  }
}

/* The same for any n, as the definition says. */
static void analyse_slowly(Work *w, const float *x, uint32_t n, uint32_t partials)
{
  for (uint32_t i = 0; i < n; i++) {
    w->re[i] = ph_cos_d(6.283185307179586 * i / n);
    w->im[i] = ph_sin_d(6.283185307179586 * i / n);
  }
  for (uint32_t k = 1; k <= partials; k++) {
    double a = 0, b = 0;
    for (uint32_t i = 0, at = 0; i < n && k * 2 < n; i++) {
      a += (double)x[i] * w->re[at];
      b += (double)x[i] * w->im[at];
      at = at + k < n ? at + k : at + k - n;
    }
    w->a[k] = a * 2 / n;
    w->b[k] = b * 2 / n;
  }
}

/* ---- built-in tables: the partials of a cycle, `place` from 0 to 1 along the row ---- */

static const double pi = 3.141592653589793;

static void make_sine(Work *w, double place)
{
  (void)place;
  w->b[1] = 1;
}

static void make_saw(Work *w, double place)
{
  (void)place;
  for (uint32_t k = 1; k <= PARTIALS_MOST; k++) {
    w->b[k] = (k & 1 ? 2 : -2) / (pi * k);
  }
}

static void make_square(Work *w, double place)
{
  (void)place;
  for (uint32_t k = 1; k <= PARTIALS_MOST; k += 2) {
    w->b[k] = 4 / (pi * k);
  }
}

static void make_tri(Work *w, double place)
{
  (void)place;
  for (uint32_t k = 1; k <= PARTIALS_MOST; k += 2) {
    w->b[k] = (k & 2 ? -8 : 8) / (pi * pi * k * k);
  }
}

/* Pulses of width 0.5 down to 0.02, without their mean. */
static void make_pulse(Work *w, double place)
{
  const double width = 0.5 - 0.48 * place;
  for (uint32_t k = 1; k <= PARTIALS_MOST; k++) {
    w->a[k] = 2 / (pi * k) * ph_sin_d(2 * pi * k * width);
    w->b[k] = 2 / (pi * k) * (1 - ph_cos_d(2 * pi * k * width));
  }
}

/* A saw that a master resets: 1 to 8 of its periods in one of the master's. A wave of straight lines is the sum of its jumps. */
static void make_sync(Work *w, double place)
{
  const double ratio = 1 + 7 * place;
  const uint32_t whole = (uint32_t)ratio;
  const double last = ratio - whole;
  for (uint32_t k = 1; k <= PARTIALS_MOST; k++) {
    const bool exact = !(last > 0);
    double a = 0, b = (exact ? -2 : -2 * last) / (pi * k);
    for (uint32_t j = 1; j <= whole - exact; j++) {
      a += 2 / (pi * k) * ph_sin_d(2 * pi * k * j / ratio);
      b -= 2 / (pi * k) * ph_cos_d(2 * pi * k * j / ratio);
    }
    w->a[k] = a;
    w->b[k] = b;
  }
}

/* Nine drawbars, pulled one after another: 16', 8', 5 1/3', 4', 2 2/3', 2', 1 3/5', 1 1/3', 1'. */
static void make_organ(Work *w, double place)
{
  static const uint32_t bars[] = { 1, 2, 3, 4, 6, 8, 10, 12, 16 };
  for (uint32_t i = 0; i < PH_COUNT(bars); i++) {
    const double pulled = place * 8 + 1 - i;
    w->b[bars[i]] = pulled < 0 ? 0 : pulled > 1 ? 1 : pulled;
  }
}

/* Partial 1, then 2 … 16, each alone. */
static void make_harmonics(Work *w, double place) { w->b[(uint32_t)(place * 15 + 1.5)] = 1; }

/* A saw behind a steep resonant filter whose peak climbs from the 1st to the 40th partial. */
static void make_reso(Work *w, double place)
{
  const double peak = ph_exp2_d(place * 5.3);
  for (uint32_t k = 1; k <= PARTIALS_MOST; k++) {
    const double x = k / peak, away = 1 - x * x;
    w->b[k] = 1 / (k * ph_pow_d(away * away + 0.03 * x * x, 0.5));
  }
}

/* Spectra drawn by lot, each cycle its own. */
static void make_digital(Work *w, double place)
{
  const uint64_t cycle = (uint64_t)(place * 1000);
  for (uint32_t k = 1; k <= 64; k++) {
    const double level = (double)(ph_mix(cycle, 2 * k) >> 11) * 0x1p-53,
                 turn = (double)(ph_mix(cycle, 2 * k + 1) >> 11) * 0x1p-53;
    w->a[k] = level * level / k * ph_cos_d(2 * pi * turn) * (k > 1 ? 3 : 1);
    w->b[k] = level * level / k * ph_sin_d(2 * pi * turn) * (k > 1 ? 3 : 1);
  }
}

/* A smooth function of a sine's phase, sampled: its spectrum has ended long before half the points. */
static void make_sampled(Work *w, double (*f)(double sine, double turns, double depth), double depth)
{
  enum { N = 2048 };
  for (uint32_t i = 0; i < N; i++) {
    w->re[i] = f(ph_sin_d(2 * pi * i / N), (double)i / N, depth);
  }
  analyse(w, N, PARTIALS_MOST);
}

static double fm_at(double sine, double turns, double depth) { return ph_sin_d(2 * pi * turns + depth * sine); }
static double fold_at(double sine, double turns, double depth)
{
  (void)turns;
  return ph_sin_d(pi / 2 * depth * sine);
}

static void make_fm(Work *w, double place) { make_sampled(w, fm_at, 8 * place); }
static void make_fold(Work *w, double place) { make_sampled(w, fold_at, 1 + 7 * place); }

typedef struct Builtin {
  const char *name;
  uint32_t cycles;
  bool level;    /* each cycle is brought to a peak of 1 */
  uint32_t most; /* partials */
  void (*make)(Work *w, double place);
} Builtin;

static const Builtin builtins[] = {
  { "sine", 1, false, 1, make_sine },        { "saw", 1, false, 1024, make_saw },
  { "square", 1, false, 1024, make_square }, { "tri", 1, false, 1024, make_tri },
  { "pulse", 17, false, 512, make_pulse },   { "sync", 29, false, 512, make_sync },
  { "organ", 9, true, 16, make_organ },      { "harmonics", 16, false, 16, make_harmonics },
  { "reso", 33, true, 256, make_reso },      { "digital", 16, true, 64, make_digital },
  { "fm", 17, false, 128, make_fm },         { "fold", 15, false, 64, make_fold },
};

#define BUILTIN_NAMES "sine, saw, square, tri, pulse, sync, organ, harmonics, reso, digital, fm, fold"

/* ---- making tables ---- */

static uint32_t level_count(uint32_t partials)
{
  uint32_t n = 1;
  while (partials >>= 1) {
    n++;
  }
  return n;
}

/* A row of tables with room for its points. */
static float *tables_init(Tables *t, PhArena *arena, uint32_t cycles, uint32_t partials)
{
  *t = (Tables){
    .cycles = cycles, .levels = level_count(partials), .size = (int32_t)(POINTS * partials), .partials = (float)partials
  };
  float *data = PH_NEWN(arena, float, (size_t)cycles *(2 * (size_t)t->size + (size_t)PAD * t->levels));
  t->data = data;
  return data;
}

/* The points of one cycle at one level, from a and b. */
static void add_level(const Tables *t, Work *w, uint32_t level, float *to, double gain)
{
  const uint32_t n = (uint32_t)t->size >> level, partials = n / POINTS;
  memset(w->re, 0, n * sizeof *w->re);
  memset(w->im, 0, n * sizeof *w->im);
  for (uint32_t k = 1; k <= partials; k++) {
    w->re[k] = w->re[n - k] = w->a[k] * 0.5 * gain;
    w->im[k] = -w->b[k] * 0.5 * gain;
    w->im[n - k] = -w->im[k];
  }
  transform(w, n);
  for (uint32_t i = 0; i < n + PAD; i++) {
    to[i] = (float)w->re[(i + n - PAD_BEFORE) % n];
  }
}

/* All levels of one cycle. `level`: to a peak of 1. */
static void add_cycle(const Tables *t, Work *w, uint32_t cycle, float *data, bool level)
{
  double gain = 1;
  for (uint32_t l = 0; l < t->levels; l++) {
    const size_t size = (size_t)t->size >> l;
    float *to = data + (size_t)t->cycles * (2 * ((size_t)t->size - size) + (size_t)PAD * l) + cycle * (size + PAD);
    add_level(t, w, l, to, gain);
    if (l == 0 && level) {
      float peak = 1e-9f;
      for (size_t i = 0; i < size; i++) {
        peak = to[i] > peak ? to[i] : -to[i] > peak ? -to[i] : peak;
      }
      gain = 1 / (double)peak;
      add_level(t, w, l, to, gain);
    }
  }
}

static void from_builtin(Tables *t, PhArena *arena, Work *w, const Builtin *b)
{
  float *data = tables_init(t, arena, b->cycles, b->most);
  for (uint32_t c = 0; c < b->cycles; c++) {
    memset(w->a, 0, sizeof w->a);
    memset(w->b, 0, sizeof w->b);
    b->make(w, b->cycles > 1 ? (double)c / (b->cycles - 1) : 0);
    add_cycle(t, w, c, data, b->level);
  }
}

/* How a file is cut into cycles: 2048 or 256 frames each, else it is one. 0: neither. */
static uint32_t cycle_frames(size_t frames)
{
  const size_t length = frames > 2048 && frames % 2048 == 0 ? 2048 : frames > 2048 && frames % 256 == 0 ? 256 : frames;
  return length >= 2 && length <= CYCLE_MOST_FRAMES && frames / length <= CYCLES_MOST ? (uint32_t)length : 0;
}

static void from_sound(Tables *t, PhArena *arena, Work *w, const PhUnitSound *sound, uint32_t length)
{
  const uint32_t cycles = (uint32_t)(sound->frames / length);
  const uint32_t most = cycles > 64 ? PARTIALS_MOST / 4 : cycles > 8 ? PARTIALS_MOST / 2 : PARTIALS_MOST;
  uint32_t partials = 1;
  while (partials < most && 2 * partials < length) {
    partials *= 2;
  }
  float *data = tables_init(t, arena, cycles, partials);
  for (uint32_t c = 0; c < cycles; c++) {
    const float *x = sound->left + (size_t)c * length;
    if (cycles > 1) {
      for (uint32_t i = 0; i < length; i++) {
        w->re[i] = (double)x[i];
      }
      analyse(w, length, partials);
    } else {
      analyse_slowly(w, x, length, partials);
    }
    add_cycle(t, w, c, data, false);
  }
}

static const Builtin *find_builtin(const char *name)
{
  for (size_t i = 0; i < PH_COUNT(builtins); i++) {
    if (strcmp(builtins[i].name, name) == 0) {
      return &builtins[i];
    }
  }
  return NULL;
}

static PhStatus load_cycles(const PhUnitSetup *setup, const char *name, PhUnitSound *sound, const char **error)
{
  if (!setup->sounds || setup->sounds->load_as_is(setup->sounds->ctx, name, sound, error) != PH_OK) {
    const bool is_file = strchr(name, '/') || strchr(name, '.');
    *error = is_file && *error ? *error : "wants the path of a file of cycles, or one of " BUILTIN_NAMES;
    return PH_NOTFOUND;
  }
  if (!cycle_frames(sound->frames)) {
    *error = "wants a file with a single cycle of 2 to 8192 frames, or with up to 256 cycles of 2048 or 256 frames";
    return PH_RANGE;
  }
  return PH_OK;
}

static PhStatus wavetable_prepare(const PhUnitSetup *setup, PhArena *arena, const void **data, const char **error)
{
  const char *name = setup->texts[0].text ? setup->texts[0].text : "sine";
  const Builtin *builtin = find_builtin(name);
  PhUnitSound sound = { 0 };
  const PhStatus status = builtin ? PH_OK : load_cycles(setup, name, &sound, error);
  if (status != PH_OK) {
    return status;
  }
  Tables *t = PH_NEW(arena, Tables);
  Work *work = work_new();
  if (!work) {
    return PH_NOMEM;
  }
  if (builtin) {
    from_builtin(t, arena, work, builtin);
  } else {
    from_sound(t, arena, work, &sound, cycle_frames(sound.frames));
  }
  free(work);
  *data = t;
  return PH_OK;
}

/* ---- reading ---- */

/* One cycle at one level. The index is worked out in two parts, so that the place between two points keeps its bits. */
PH_INLINE PhV cycle_at(const Tables *t, PhVu phase, PhVi level, PhVi cycle)
{
  const PhV size = (float)t->size * ph_pow2i(-level);
  const PhVi points = ph_to_int(size);
  const PhV high = ph_to_float((PhVi)(phase >> 16)) * (size * 1.52587891e-05f);
  const PhVi whole = ph_to_int(high);
  const PhV part = (high - ph_to_float(whole)) + ph_to_float((PhVi)(phase & 0xFFFF)) * (size * 2.32830644e-10f);
  const PhVi at = (int32_t)t->cycles * (2 * (t->size - points) + PAD * level) + cycle * (points + PAD) + whole;
  PhV y[6];
  for (int i = 0; i < 6; i++) {
    y[i] = ph_gather(t->data, at + i);
  }
  return ph_lagrange6(y, part);
}

/* One level, between the cycles. */
PH_INLINE PhV level_at(const Tables *t, PhVu phase, PhVi level, PhVi cycle, PhV between)
{
  const PhV y = cycle_at(t, phase, level, cycle);
  const PhVi blended = between > 0.0f;
  if (!ph_any(blended)) {
    return y;
  }
  const PhVi next = cycle + (blended & 1);
  return ph_select(blended, y + between * (cycle_at(t, phase, level, next) - y), y);
}

/* freq, pos. In the last eighth of its octave a level gives way to the next one. */
static void wavetable(const PhIo *io)
{
  const Tables *t = io->data;
  const float last_level = (float)(t->levels - 1), last_cycle = (float)(t->cycles - 1);
  PH_GROUPS(io, g)
  {
    PhCursor freq = ph_cursor(io, 0, g), pos = ph_cursor(io, 1, g);
    PhVu phase = ph_state_u(io, 0, g);
    PH_FRAMES(io, g, out)
    {
      const PhVu inc = ph_increment_u32(ph_next(&freq) * io->inv_sample_rate);
      const PhV turns = ph_abs(ph_to_float((PhVi)inc)) * 2.32830644e-10f;
      const PhV x = ph_log2(turns * (t->partials / BAND));
      const PhV wanted = ph_clamp(-ph_floor(-x), 0.0f, last_level);
      const PhV blend = ph_clamp((x - wanted) * 8.0f + 1.0f, 0.0f, 1.0f);
      const PhVi level = ph_to_int(wanted), blended = (blend > 0.0f) & (wanted < last_level);
      const PhV place = ph_clamp(ph_next(&pos), 0.0f, 1.0f) * last_cycle;
      const PhVi cycle = ph_to_int(place);
      const PhV between = place - ph_to_float(cycle);
      PhV y = level_at(t, phase, level, cycle, between);
      if (ph_any(blended)) {
        const PhV duller = level_at(t, phase, level + (blended & 1), cycle, between);
        y = ph_select(blended, y + blend * (duller - y), y);
      }
      ph_store(out, y);
      phase += inc;
    }
    ph_state_set_u(io, 0, g, phase);
  }
}

/* ---- rows ---- */

static const PhParam wavetable_params[] = {
  PH_P("freq", "hz", 1, -24000, 24000, "Hz", PH_SCALE_LOG, "frequency; negative runs backwards"),
  { "table", "text", 0, 0, 0, "", PH_PARAM_OPTIONAL, PH_SCALE_LIN,
    "default sine; " BUILTIN_NAMES "; or a sound file: a single cycle, or cycles of 2048 or 256 frames" },
  PH_P("pos", "sig", 0, 0, 1, "", PH_SCALE_LIN, "place from the first cycle to the last one"),
};

static const PhUnit units[] = {
  PH_ROW("wavetable", "", "source", "Band-limited oscillator that plays a single cycle, or moves along a row of them.",
         "wavetable 110 \"sync\" (sine 0.1 * 0.5 + 0.5) * 0.3", wavetable_params, .process = wavetable,
         .state_floats = 1, .flags = PH_UNIT_OSC | PH_UNIT_TEXT_DATA, .prepare = wavetable_prepare),
};

PH_EXPORT_TABLE(wavetable);
