/* Recordings as signals.  SPDX-License-Identifier: MIT */
#include "dsp/table.h"

typedef struct Recording {
  const float *left, *right;
  float frames;
} Recording;

enum { RECORDING_MOST_FRAMES = 1 << 27 }; /* indices and their neighbours stay whole numbers of 32 bits */

static PhStatus sample_prepare(const PhUnitSetup *setup, PhArena *arena, const void **data, const char **error)
{
  const char *name = setup->texts[0].text;
  PhUnitSound sound;
  if (!name || !*name || !setup->sounds) {
    *error = "wants the name of a recording: sample \"bd:3\" or sample \"loops/break.wav\"";
    return PH_NOTFOUND;
  }
  const PhStatus status = setup->sounds->load(setup->sounds->ctx, name, &sound, error);
  if (status != PH_OK) {
    return status;
  }
  if (sound.frames > RECORDING_MOST_FRAMES) {
    *error = "the recording is too long";
    return PH_LIMIT;
  }
  Recording *r = PH_NEW(arena, Recording);
  *r = (Recording){ sound.left, sound.right, (float)sound.frames };
  *data = r;
  return PH_OK;
}

/* Cubic interpolation at a frame of each lane, 0 … frames; beyond both ends are zeros. */
PH_INLINE PhV recording_at(const Recording *r, PhV position)
{
  const PhVi at = ph_to_int(position); /* not negative */
  const PhV t = position - ph_to_float(at);
  PhV y[4];
  for (int i = 0; i < 4; i++) {
    y[i] = ph_gather(r->left, at + (i - 1));
    if (r->right != r->left) {
      y[i] = ph_select(ph_right_mask(), ph_gather(r->right, at + (i - 1)), y[i]);
    }
  }
  return ph_hermite(y[0], y[1], y[2], y[3], t);
}

/* pos. State: frames since the start, up to the end of the recording. */
static void sample(const PhIo *io)
{
  const Recording *r = io->data;
  const PhVi end = ph_to_int(ph_splat(r->frames));
  PH_GROUPS(io, g)
  {
    PhCursor pos = ph_cursor(io, 0, g);
    PhVi age = (PhVi)ph_state_u(io, 0, g);
    PH_FRAMES(io, g, out)
    {
      const PhV x = ph_next(&pos);
      const PhV there = ph_clamp(x, 0.0f, 1.0f) * r->frames;
      /* By itself it plays whole frames, which a float need not hold exactly. */
      PhV y = recording_at(r, there);
      const PhVi alone = x <= -1.0f;
      if (ph_any(alone)) {
        PhV own = ph_gather(r->left, age);
        if (r->right != r->left) {
          own = ph_select(ph_right_mask(), ph_gather(r->right, age), own);
        }
        y = ph_select(alone, own, y);
      }
      ph_store(out, y);
      age -= age < end; /* a mask is -1 */
    }
    ph_state_set_u(io, 0, g, (PhVu)age);
  }
}

/* ---- rows ---- */

static const PhParam sample_params[] = { { "name", "text", 0, 0, 0, "", PH_PARAM_REQUIRED, PH_SCALE_LIN,
                                           "\"bank\" or \"bank:n\", or the path of a file from the text's folder" },
                                         PH_P("pos", "sig", -1, -1, 1, "", PH_SCALE_LIN,
                                              "place from 0 (beginning) to 1 (end); -1: it plays by itself, once") };

static const PhUnit units[] = {
  PH_ROW("sample", "", "source",
         "A recording as a signal, read by a position or played once from the start, with cubic interpolation between "
         "frames.",
         "sample \"rave\" (phasor 0.5) * 0.5", sample_params, .process = sample, .state_floats = 1,
         .flags = PH_UNIT_STEREO | PH_UNIT_TEXT_DATA, .prepare = sample_prepare),
};

PH_EXPORT_TABLE(recording);
