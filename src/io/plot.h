/* Piano rolls, drawn through cairo.  SPDX-License-Identifier: MIT */
#ifndef PH_IO_PLOT_H
#define PH_IO_PLOT_H

#include "base/base.h"

typedef struct PhPlotNote {
  double begin, end; /* cycles, of the whole event */
  double from, to;   /* cycles, of the part of it that is there: shorter than the whole if it is a fragment */
  double key;        /* MIDI key, of a pitched one */
  uint32_t row;      /* of an unpitched one: index into the band's row names */
  float level;       /* 0 to 1: how opaque it is drawn */
  bool pitched, onset;
} PhPlotNote;

/* A continuous pattern: its values at equal steps. */
typedef struct PhPlotCurve {
  const char *name;
  const float *values; /* NAN: a gap */
  size_t count;
} PhPlotCurve;

/* One output. */
typedef struct PhPlotBand {
  const char *name;
  PH_ARRAY(PhPlotNote) notes;
  PH_ARRAY(const char *) rows;
  PH_ARRAY(PhPlotCurve) curves;
} PhPlotBand;

typedef struct PhPlot {
  const char *title, *subtitle;
  double begin, end; /* cycles */
  uint32_t beats;    /* of a cycle */
  const PhPlotBand *bands;
  size_t band_count;
  uint32_t width, height; /* pixels; a height of 0 is found */
  bool tidal;             /* note 0 is called c5 */
  bool png;
} PhPlot;

/* [control] The bytes of the picture. The same plot gives the same bytes wherever the fonts are the same. PH_LIMIT: the height does
   not hold the rows, or is beyond PH_PLOT_MOST; the reason is in `error`. */
PH_NODISCARD PhStatus ph_plot_draw(const PhPlot *plot, PhText *out, char *error);

enum { PH_PLOT_MOST = 16384, PH_PLOT_LEAST = 200 };

#endif
