/* The spectral centroid: where the middle of the spectrum is, which is heard as brightness.  SPDX-License-Identifier: MIT */
#include "dsp/fft.h"
#include "dsp/line.h"

/* About 23 ms, analysed twice as often, at frames counted by the lane's own age. The line holds the last n frames, room for the
   transform, and its bins: 4n positions are enough for n, n and n + 2. */
typedef struct Centroid {
  const PhFft *fft;
  const float *window; /* Hann's */
} Centroid;

static uint32_t centroid_frames(const PhUnitSetup *setup) { return ph_pow2_above(setup->sample_rate * 0.0213); }
static size_t centroid_line(const PhUnitSetup *setup) { return (size_t)centroid_frames(setup) * 4; }

static PhStatus centroid_prepare(const PhUnitSetup *setup, PhArena *arena, const void **data, const char **error)
{
  (void)error;
  const uint32_t n = centroid_frames(setup);
  Centroid *c = PH_NEW(arena, Centroid);
  float *window = PH_NEWN(arena, float, n);
  if (!c || !window) {
    return PH_NOMEM;
  }
  for (uint32_t i = 0; i < n; i++) {
    window[i] = (float)(0.5 - 0.5 * ph_cos_d(6.283185307179586 * i / n));
  }
  *c = (Centroid){ ph_fft_new(arena, n), window };
  *data = c;
  return c->fft ? PH_OK : PH_NOMEM;
}

/* The mean of the bins' frequencies, each weighed by its magnitude, in bins; 0 for silence. `line` ends before frame `end`. */
static PhV centroid_of(const Centroid *c, const PhLine *line, PhVu end)
{
  const uint32_t n = c->fft->n;
  float *work = line->base + (size_t)n * line->lanes, *bins = work + (size_t)n * line->lanes;
  for (uint32_t i = 0; i < n; i++) {
    ph_store(work + (size_t)i * line->lanes, ph_tap(line, end, ph_splat_u(n - i)) * c->window[i]);
  }
  ph_fft_forward(c->fft, work, bins, line->lanes);
  PhV sum = ph_splat(0.0f), moment = sum;
  for (uint32_t k = 1; k < n / 2; k++) {
    const PhC bin = ph_c_load(bins + (size_t)k * 2 * line->lanes, line->lanes);
    const PhV size = ph_sqrt(bin.re * bin.re + bin.im * bin.im);
    sum += size;
    moment += size * (float)k;
  }
  const PhVi heard = sum > 1e-6f;
  return ph_keep(heard, moment / ph_select(heard, sum, ph_splat(1.0f)));
}

static void spectral_centroid(const PhIo *io)
{
  const Centroid *c = io->data;
  const uint32_t n = c->fft->n;
  PH_GROUPS(io, g)
  {
    const PhLine line = ph_line(io->line, n, io->lanes, g);
    PhCursor in = ph_cursor(io, 0, g);
    PhVu age = ph_state_u(io, 0, g);
    PhV hz = ph_state(io, 1, g);
    PH_FRAMES(io, g, out)
    {
      ph_line_write(&line, age, ph_clamp(ph_next(&in), -1e6f, 1e6f));
      age += 1;
      const PhVi due = (PhVi)((age & (n / 2 - 1)) == 0);
      if (ph_any(due)) {
        hz = ph_select(due, centroid_of(c, &line, age) * (io->sample_rate / (float)n), hz);
      }
      ph_store(out, hz);
    }
    ph_state_set_u(io, 0, g, age);
    ph_state_set(io, 1, g, hz);
  }
}

static double centroid_tail(const PhUnitSetup *setup) { return 1.5 * centroid_frames(setup) / setup->sample_rate; }

static const PhParam centroid_params[] = { PH_P_IN };

static const PhUnit units[] = {
  PH_ROW(
      "spectral_centroid", "", "analysis",
      "The spectral centroid in Hz: the mean frequency of what sounds, weighed by magnitude, over 23 ms; 0 in silence.",
      "noise # lpf (spectral_centroid (s \"hh*4\"))", centroid_params, .process = spectral_centroid, .state_floats = 2,
      .line_frames = centroid_line, .prepare = centroid_prepare, .tail_sec = centroid_tail, .flags = PH_UNIT_PROCESSOR),
};

PH_EXPORT_TABLE(centroid);
