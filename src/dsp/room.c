/* See room.h.  SPDX-License-Identifier: MIT */
#include "dsp/room.h"

#include <string.h>

#include "base/dmath.h"
#include "base/hash.h"

#define TURN 6.283185307179586
#define LOG2_OF_60_DB 9.965784284662087

typedef void MakeSide(const PhRoom *room, double sample_rate, uint32_t side, double *memory, size_t frames, float *out);

struct PhRoom {
  const char *name;
  double rt60_sec;
  double predelay_sec, onset_sec; /* silence; then the time in which echoes grow dense */
  double bright_hz, dark_hz;      /* corner of a low-pass at the beginning, and after rt60 */
  MakeSide *make;
};

static double share_of(double hz, double sample_rate)
{
  return 1 - ph_exp_d(-TURN * (hz < 0.45 * sample_rate ? hz : 0.45 * sample_rate) / sample_rate);
}

/* Noise that decays by 60 dB, ever darker; echoes are few at first. */
static void make_noise(const PhRoom *room, double sample_rate, uint32_t side, double *memory, size_t frames, float *out)
{
  (void)memory;
  const uint64_t seed = ph_mix(ph_hash_str(room->name), side);
  const double rt60 = room->rt60_sec * sample_rate, fall = ph_exp2_d(-LOG2_OF_60_DB / rt60);
  const double darker = ph_exp2_d(ph_log2_d(room->dark_hz / room->bright_hz) / rt60);
  const size_t first = (size_t)(room->predelay_sec * sample_rate);
  double level = 1, hz = room->bright_hz, low = 0, lower = 0;
  for (size_t i = first; i < frames; i++, level *= fall, hz *= darker) {
    const double sec = (double)(i - first) / sample_rate, dense = sec < room->onset_sec ? sec / room->onset_sec : 1;
    const uint64_t bits = ph_mix64(seed + i);
    const bool there = (double)(bits & 0xFFFF) < (0.02 + 0.98 * dense) * 65536;
    const double x = there ? (double)(int64_t)bits * 0x1p-63 : 0, share = share_of(hz, sample_rate);
    low += share * (x - low);
    lower += share * (low - lower);
    out[i] = (float)(lower * level);
  }
}

enum { SPRING_SECTIONS = 60, SPRING_STRETCH_MOST = 64, SPRING_ROUND_MOST = 1 << 14 };

/* A pulse that goes to and fro and is spread into chirps, low frequencies first, by stretched allpasses (Valimaki, Parker & Abel 2010,
   "Parametric spring reverberation effect", J. Audio Eng. Soc. 58). */
static void make_spring(const PhRoom *room, double sample_rate, uint32_t side, double *memory, size_t frames,
                        float *out)
{
  const size_t wanted = (size_t)(sample_rate / (2 * room->bright_hz)), stretch = wanted < 1 ? 1
                                                                                 : wanted > SPRING_STRETCH_MOST
                                                                                     ? SPRING_STRETCH_MOST
                                                                                     : wanted;
  const size_t far = (size_t)((0.041 + 0.009 * side) * sample_rate),
               round = far < SPRING_ROUND_MOST ? far : SPRING_ROUND_MOST;
  const size_t sections = side ? SPRING_SECTIONS - 13 : SPRING_SECTIONS;
  const double a = side ? 0.55 : 0.62, share = share_of(room->bright_hz, sample_rate);
  const double back =
      -ph_exp2_d(-LOG2_OF_60_DB * 0.055 / room->rt60_sec); /* a round with its allpasses takes about 55 ms */
  double *rounds = memory + (size_t)SPRING_SECTIONS * SPRING_STRETCH_MOST, low = 0;
  memset(memory, 0, ((size_t)SPRING_SECTIONS * SPRING_STRETCH_MOST + round) * sizeof *memory);
  for (size_t i = 0; i < frames; i++) {
    double x = (i == 0 ? 1 : 0) + back * rounds[i % round];
    for (size_t k = 0; k < sections; k++) {
      double *past = memory + k * SPRING_STRETCH_MOST + i % stretch;
      const double v = x - a * *past;
      x = a * v + *past;
      *past = v > 1e-18 || v < -1e-18 ? v : 0;
    }
    low += share * (x - low);
    low = low > 1e-18 || low < -1e-18 ? low : 0;
    rounds[i % round] = low;
    out[i] = (float)low;
  }
}

static const PhRoom rooms[] = {
  { "room", 0.5, 0.002, 0.004, 12000, 4000, make_noise },
  { "hall", 2.4, 0.022, 0.030, 9000, 1500, make_noise },
  { "plate", 1.8, 0, 0.001, 16000, 5000, make_noise },
  { "spring", 2.0, 0, 0, 4500, 4500, make_spring },
};

const PhRoom *ph_room_find(const char *name)
{
  for (size_t i = 0; i < PH_COUNT(rooms); i++) {
    if (strcmp(rooms[i].name, name) == 0) {
      return &rooms[i];
    }
  }
  return NULL;
}

static void normalise(float *x, size_t frames)
{
  double energy = 0;
  for (size_t i = 0; i < frames; i++) {
    energy += (double)x[i] * (double)x[i];
  }
  const double gain = energy > 0 ? 1 / __builtin_sqrt(energy) : 0;
  for (size_t i = 0; i < frames; i++) {
    x[i] = (float)((double)x[i] * gain);
  }
}

PhStatus ph_room_make(const PhRoom *room, double sample_rate, PhArena *arena, PhUnitSound *out)
{
  const size_t frames = (size_t)((room->predelay_sec + room->rt60_sec) * sample_rate);
  *out = (PhUnitSound){ .frames = frames };
  if (!arena) {
    return PH_OK;
  }
  float *sides[2] = { PH_NEWN(arena, float, frames + 1), PH_NEWN(arena, float, frames + 1) };
  const PhArenaMark mark = ph_arena_mark(arena);
  double *memory = PH_NEWN(arena, double, SPRING_SECTIONS *SPRING_STRETCH_MOST + SPRING_ROUND_MOST);
  if (!sides[0] || !sides[1] || !memory) {
    return PH_NOMEM;
  }
  for (uint32_t side = 0; side < 2; side++) {
    room->make(room, sample_rate, side, memory, frames, sides[side]);
    normalise(sides[side], frames);
  }
  ph_arena_release(arena, mark);
  out->left = sides[0];
  out->right = sides[1];
  return PH_OK;
}
