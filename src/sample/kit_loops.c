/* The kit's breaks: one bar each, played by the kit's own drums with the looseness of hands, in a room, through a compressor
   of sorts. For chop, slice, loopAt and striate.  SPDX-License-Identifier: MIT */
#include "sample/kit_dsp.h"

enum { LOOP_STEPS = 16, LOOP_PARTS = 6 };

/* A drum and its steps: 1 … 9 are levels, anything else is a rest. */
typedef struct LoopPart {
  const char *bank;
  unsigned variant;
  double gain;
  const char *steps;
} LoopPart;

typedef struct Loop {
  double bpm;
  double swing;     /* share of a step by which every second one is late */
  double loose_sec; /* how far a stroke may be off */
  double drive, room;
  LoopPart parts[LOOP_PARTS];
} Loop;

/* clang-format off */
static const Loop loops[] = {
  { 165, 0.06, 0.0030, 1.8, 0.20, { { "bd", 5, 1.0, "9-9-------97----" }, { "sn", 2, 0.9, "----9--3-3--9--3" },
                                    { "hh", 3, 0.5, "8-6-8-6-8-6-8-6-" }, { "ride", 2, 0.3, "7---7---7---7---" } } },
  { 100, 0.14, 0.0040, 1.5, 0.22, { { "bd", 3, 1.0, "9-8---7--6-9----" }, { "sn", 0, 0.9, "----9--2-3-29--3" },
                                    { "hh", 0, 0.6, "8474847-84748474" }, { "oh", 4, 0.5, "-------7--------" } } },
  { 130, 0.22, 0.0020, 1.4, 0.12, { { "909bd", 0, 1.0, "9-----9---7-----" }, { "sn", 1, 0.8, "----9-------9--4" },
                                    { "hh", 2, 0.7, "7-59-67-7-59-675" }, { "rim", 1, 0.5, "---6--5----6--5-" }, { "sh", 0, 0.6, "4747474747474747" } } },
  { 88, 0.26, 0.0060, 2.4, 0.18, { { "bd", 7, 1.0, "9------6--98----" }, { "sn", 3, 0.8, "----9-------9---" },
                                   { "hh", 5, 1.3, "8-6-8-6-8-658-6-" }, { "perc", 0, 0.35, "------5-------4-" } } },
  { 172, 0.04, 0.0020, 2.2, 0.14, { { "bd", 5, 1.0, "9---------9-----" }, { "sn", 2, 0.9, "----9-------9---" },
                                    { "sn", 6, 0.4, "--3----5-4----3-" }, { "hh", 4, 0.8, "9696969696969696" }, { "ride", 0, 0.3, "8---8---8---8---" } } },
  { 126, 0, 0, 1.3, 0, { { "808bd", 1, 1.0, "9--9------9-9---" }, { "808sn", 1, 0.8, "----9-------9---" }, { "808hc", 0, 0.9, "9595959595959559" },
                         { "cp", 0, 0.6, "----7-------7---" }, { "cb", 0, 0.35, "--7--7-------7--" }, { "808oh", 1, 0.6, "------7---------" } } },
};
/* clang-format on */

static void add_stroke(PhKitSound *s, const PhPcm *drum, int64_t at, double gain)
{
  const int64_t from = at < 0 ? 0 : at;
  for (unsigned c = 0; c < s->channels; c++) {
    const float *x = ph_pcm_channel(drum, drum->channels == 2 ? c : 0);
    for (int64_t i = from; i < s->frames && i - from < drum->frames; i++) {
      s->ch[c][i] += gain * (double)x[i - from];
    }
  }
}

static void add_part(PhKitSound *s, const Loop *loop, const LoopPart *part, uint64_t id)
{
  PhPcm drum;
  if (ph_kit_render(ph_kit_find(part->bank), part->variant, s->rate, &drum) != PH_OK) {
    ph_trap_raise(s->arena->trap, PH_NOMEM, "%s", ph_status_text(PH_NOMEM));
  }
  const double step = (double)s->frames / LOOP_STEPS;
  for (unsigned k = 0; k < LOOP_STEPS; k++) {
    const char level = part->steps[k];
    if (level >= '1' && level <= '9') {
      const double loose = loop->loose_sec * s->rate * (k ? 2 * ph_kit_pick(s, id * 64 + k) - 1 : 0);
      const double at = (k + (k % 2 ? loop->swing : 0)) * step + loose;
      const double touch = 1 - 0.15 * ph_kit_pick(s, 1000 + id * 64 + k);
      add_stroke(s, &drum, (int64_t)(at + 0.5), part->gain * touch * (level - '0') / 9);
    }
  }
  ph_pcm_deinit(&drum);
}

static void make_break(PhKitSound *s, unsigned variant)
{
  const Loop *loop = &loops[variant];
  ph_kit_begin(s, 240 / loop->bpm, 2);
  for (unsigned p = 0; p < LOOP_PARTS && loop->parts[p].bank; p++) {
    add_part(s, loop, &loop->parts[p], p);
  }
  if (loop->room > 0) {
    ph_kit_room(s, 0.35, 4500, loop->room);
  }
  ph_kit_drive(s, loop->drive);
}

PhKitBanks ph_kit_loops(void)
{
  /* clang-format off */
  static const PhKitBank banks[] = {
    { "break", "breaks breaks165 loop", "Breaks of one bar: jungle 165, funk 100, two-step 130, boom bap 88, drum and bass 172, electro 126 bpm.",
      PH_COUNT(loops), make_break, -2, -13, 1 },
  };
  /* clang-format on */
  return (PhKitBanks){ banks, PH_COUNT(banks) };
}
