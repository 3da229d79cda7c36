/* Band-limited steps at the rate itself: what the oscillators with edges share.

   An edge that falls between two frames is a step of the response of a low-pass: its residual against the plain step is added to the
   frames that follow (minBLEP: Brandt 2001, "Hard sync without aliasing"). The low-pass is a sinc with its corner at 0.478 of the rate
   under a Kaiser window of 15 frames and 81 dB, made minimum-phase by its cepstrum at 256 points a frame: flat to 0.04 dB up to 15 kHz
   at 44.1 kHz, 80 dB down from 29 kHz on. It begins 0.04 frames after the edge, so that its mean delay is two frames: the plain wave,
   two frames late, keeps its place and its mean at any pitch. The residual is a polynomial of the time since the edge for each of 16 frames.
   An oscillator that seldom meets an edge costs little more than its ramp. Everything [realtime].  SPDX-License-Identifier: MIT */
#ifndef PH_DSP_STEP_H
#define PH_DSP_STEP_H

#include "dsp/kernel.h"

enum { STEP_TAPS = 16, STEP_LATER = STEP_TAPS - 1, STEP_DELAY = 2, STEP_DEGREE = 5 };

/* Coefficients of the residual, constant first, `t` frames + 0 … 1 after the edge. */
static const float step_residual[STEP_DEGREE + 1][STEP_TAPS] = {
  { 7.03896546e-07f, 0.0203526728f, -0.633737147f, 0.110437259f, 0.0321964137f, -0.0571803711f, 0.0483156703f,
    -0.0324599817f, 0.0184499379f, -0.00913306884f, 0.00384842861f, -0.0014613861f, 0.000465450983f, -0.000103691396f,
    4.0758332e-06f, -3.92592398e-07f },
  { -3.64570187e-05f, 0.0858597681f, 0.681862295f, 0.474856377f, -0.390004307f, 0.223441049f, -0.110386059f,
    0.047908254f, -0.0183721967f, 0.00673096674f, -0.00293086539f, 0.00170290843f, -0.000947428693f, 0.000415243325f,
    -9.92495479e-05f, 6.54671521e-06f },
  { 0.00155203068f, 0.146375477f, 0.315011919f, -0.563271761f, 0.045371376f, 0.144243211f, -0.16490747f, 0.12738362f,
    -0.0808630586f, 0.0439035855f, -0.0203744303f, 0.0078544179f, -0.00228135474f, 0.000291011209f, 4.82894284e-05f,
    -3.29719296e-05f },
  { 0.00102529651f, 0.105415374f, -0.0884062275f, -0.293280959f, 0.518359184f, -0.408239663f, 0.261559606f,
    -0.152735025f, 0.0848829821f, -0.0459233075f, 0.0242127683f, -0.0120345932f, 0.00521563366f, -0.00169547554f,
    0.000653991883f, 7.11225148e-05f },
  { 0.00906110741f, 0.0552655384f, -0.250960052f, 0.376574427f, -0.283240378f, 0.127569407f, -0.0382958017f,
    0.00433040131f, 0.00185455242f, 0.000935812481f, -0.0037675784f, 0.00424489984f, -0.00304615172f, 0.00150315173f,
    -0.00109090575f, -6.86795102e-05f },
  { 0.00875046849f, -0.0469949469f, 0.0866342038f, -0.0730694383f, 0.0200852528f, 0.0185250435f, -0.028776614f,
    0.0240426622f, -0.0150973722f, 0.00734115439f, -0.00245302706f, 0.000160564363f, 0.00048977288f, -0.000405996601f,
    0.000483315176f, 2.43949762e-05f },
};

/* What edges add to the frames of a call and to those after it, [frame][lane] of a group, in 2^-28: sums of whole numbers do not depend on
   which edge was added first. All edges of a frame are less than 8. */
typedef struct Steps {
  _Alignas(64) uint32_t rest[(PH_CHUNK_FRAMES + STEP_LATER) * PH_W];
  uint32_t frame[PH_CHUNK_FRAMES + 1], lanes[PH_CHUNK_FRAMES + 1]; /* frames with edges, and the lanes that have them */
} Steps;

#define STEP_UNIT 3.7252903e-09f
#define STEP_UNITS 268435456.0f

/* Takes what is left of earlier edges from the state, STEP_LATER values from `at` on. */
PH_INLINE void steps_load(Steps *s, const PhIo *io, uint32_t at, uint32_t g)
{
  for (uint32_t i = 0; i < STEP_LATER; i++) {
    ph_store_u(s->rest + (size_t)i * PH_W, ph_state_u(io, at + i, g));
  }
}

PH_INLINE void steps_save(const Steps *s, const PhIo *io, uint32_t at, uint32_t g)
{
  for (uint32_t i = 0; i < STEP_LATER; i++) {
    ph_state_set_u(io, at + i, g, ph_load_u(s->rest + (size_t)(io->frames + i) * PH_W));
  }
}

/* Makes room for what edges of a frame add. */
PH_INLINE void steps_clear(Steps *s, uint32_t frame)
{
  ph_store_u(s->rest + (size_t)(frame + STEP_LATER) * PH_W, ph_splat_u(0));
}

/* Notes the lanes of a frame whose sign bit is set, as the `count`th; gives how many there are then. Frames are noted in order. */
PH_INLINE uint32_t steps_list(Steps *s, uint32_t count, uint32_t frame, PhVu edges)
{
  const uint32_t lanes = ph_sign_bits((PhVi)edges);
  s->frame[count] = frame;
  s->lanes[count] = lanes;
  return count + (lanes != 0);
}

/* An edge of a height, `since` frames (0 … 1) before a frame of one lane. */
PH_INLINE void steps_add(Steps *s, uint32_t frame, uint32_t lane, float since, float height)
{
  uint32_t residual[STEP_TAPS];
  for (uint32_t k = 0; k < STEP_TAPS; k += PH_W) {
    PhV y = ph_load(step_residual[STEP_DEGREE] + k);
    for (uint32_t i = STEP_DEGREE; i-- > 0;) {
      y = y * since + ph_load(step_residual[i] + k);
    }
    ph_store_u(residual + k, (PhVu)ph_to_int(y * (height * STEP_UNITS)));
  }
  ph_leave_in_memory(residual);
  uint32_t *rest = s->rest + (size_t)frame * PH_W + lane;
  for (uint32_t k = 0; k < STEP_TAPS; k++) {
    rest[(size_t)k * PH_W] += residual[k];
  }
}

PH_INLINE PhV steps_at(const Steps *s, uint32_t frame)
{
  return ph_to_float((PhVi)ph_load_u(s->rest + (size_t)frame * PH_W)) * STEP_UNIT;
}

#endif
