/* Piano rolls, drawn through cairo: panels over one grid of time, notes on keys, other sounds in rows, curves.
   SPDX-License-Identifier: MIT */
#include "io/plot.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/cairo.h"
#include "io/io.h"

/* Set before anything is drawn, and the same ever after. */
static const PhCairo *lib;

/* Pixels. */
enum {
  MARGIN = 24,
  LABELS = 92, /* left of the grid: names of outputs, keys and sounds */
  HEAD = 74,   /* title and cycle numbers */
  FOOT = 62,   /* cycle numbers and legend */
  BAND_GAP = 12,
  BAND_PAD = 8,
  SOUND_ROW = 20,
  CURVE_ROW = 64,
  SECTION_GAP = 8,
  KEY_MARGIN = 1, /* keys above and below those that are played */
  LEAST_SCALE_PERCENT = 30
};

typedef struct Colour {
  double r, g, b;
} Colour;

#define RGB(hex)                                                                                                       \
  {                                                                                                                    \
    (double)((hex) >> 16 & 255) / 255, (double)((hex) >> 8 & 255) / 255, (double)((hex)&255) / 255                     \
  }

static const Colour paper = RGB(0xF7F8FA), panel = RGB(0xFFFFFF), frame = RGB(0xDDE1E7), ink = RGB(0x252B36),
                    faint_ink = RGB(0x8A93A2), cycle_line = RGB(0xC3CAD4), beat_line = RGB(0xE8EBF0),
                    dark_key = RGB(0xF3F5F8);

static const Colour hues[] = { RGB(0x3867C8), RGB(0xD64560), RGB(0x1E9A78), RGB(0xD98A1F),
                               RGB(0x7B55C7), RGB(0x1B93B5), RGB(0xC0508F), RGB(0x6E8B2F) };

typedef struct Canvas {
  cairo_t *cr;
  const PhPlot *plot;
  double left, right; /* of the grid */
  double height;      /* of the picture */
  double scale;       /* of rows and keys, where a height is asked for */
} Canvas;

/* ---- strokes ---------------------------------------------------------------------------------------------------- */

static void set(cairo_t *cr, Colour c, double alpha) { lib->set_source_rgba(cr, c.r, c.g, c.b, alpha); }

static Colour darker(Colour c) { return (Colour){ c.r * 0.72, c.g * 0.72, c.b * 0.72 }; }

static void rounded(cairo_t *cr, double x, double y, double w, double h, double radius)
{
  const double r = fmin(radius, fmin(w, h) / 2), quarter = 1.57079632679489662;
  lib->new_sub_path(cr);
  lib->arc(cr, x + w - r, y + r, r, -quarter, 0);
  lib->arc(cr, x + w - r, y + h - r, r, 0, quarter);
  lib->arc(cr, x + r, y + h - r, r, quarter, 2 * quarter);
  lib->arc(cr, x + r, y + r, r, 2 * quarter, 3 * quarter);
  lib->close_path(cr);
}

static void line(cairo_t *cr, double x0, double y0, double x1, double y1, double width)
{
  lib->set_line_width(cr, width);
  lib->move_to(cr, x0, y0);
  lib->line_to(cr, x1, y1);
  lib->stroke(cr);
}

typedef enum Align { LEFT, MIDDLE, RIGHT } Align;

static void font(cairo_t *cr, double size, bool bold)
{
  lib->select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                        bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  lib->set_font_size(cr, size);
}

static double text_width(cairo_t *cr, const char *text)
{
  cairo_text_extents_t extents;
  lib->text_extents(cr, text, &extents);
  return extents.x_advance;
}

static void write_text(cairo_t *cr, double x, double y, Align align, const char *text)
{
  const double width = align == LEFT ? 0 : text_width(cr, text);
  lib->move_to(cr, align == LEFT ? x : align == RIGHT ? x - width : x - width / 2, y);
  lib->show_text(cr, text);
  lib->new_path(cr);
}

/* As much of a text as there is room for, with dots where it was cut. */
static void write_within(cairo_t *cr, double x, double y, Align align, const char *text, double room)
{
  char cut[128];
  (void)snprintf(cut, sizeof cut - 4, "%s", text);
  size_t len = strlen(cut);
  if (text_width(cr, text) > room) {
    do {
      while (len > 0 && ((unsigned char)cut[--len] & 0xC0) == 0x80) {}
      memcpy(cut + len, "…", sizeof "…");
    } while (len > 1 && text_width(cr, cut) > room);
  }
  write_text(cr, x, y, align, cut);
}

/* ---- time ------------------------------------------------------------------------------------------------------- */

static double x_of(const Canvas *canvas, double cycle)
{
  const PhPlot *plot = canvas->plot;
  return canvas->left + (cycle - plot->begin) / (plot->end - plot->begin) * (canvas->right - canvas->left);
}

/* Cycles between two numbers that have room. */
static double number_step(const Canvas *canvas)
{
  static const double steps[] = { 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024 };
  const double cycle = (canvas->right - canvas->left) / (canvas->plot->end - canvas->plot->begin);
  size_t i = 0;
  while (i + 1 < PH_COUNT(steps) && cycle * steps[i] < 30) {
    i++;
  }
  return steps[i];
}

static void draw_grid(const Canvas *canvas, double top, double bottom)
{
  const PhPlot *plot = canvas->plot;
  const double cycle = (canvas->right - canvas->left) / (plot->end - plot->begin);
  const double step = cycle >= 6 ? 1 : number_step(canvas);
  for (double c = floor(plot->begin); c <= plot->end + 1e-9; c += step) {
    for (uint32_t b = 1; b < plot->beats && cycle / plot->beats >= 5; b++) {
      const double at = c + (double)b / plot->beats;
      if (at > plot->begin && at < plot->end) {
        set(canvas->cr, beat_line, 1);
        line(canvas->cr, x_of(canvas, at), top, x_of(canvas, at), bottom, 1);
      }
    }
    if (c > plot->begin + 1e-9 && c < plot->end - 1e-9) {
      set(canvas->cr, cycle_line, 1);
      line(canvas->cr, x_of(canvas, c), top, x_of(canvas, c), bottom, 1);
    }
  }
}

/* Numbers of cycles, and of beats where there is room for them. */
static void draw_numbers(const Canvas *canvas, double y)
{
  const PhPlot *plot = canvas->plot;
  cairo_t *cr = canvas->cr;
  const double cycle = (canvas->right - canvas->left) / (plot->end - plot->begin), step = number_step(canvas);
  char text[32];
  for (double c = ceil(plot->begin / step - 1e-9) * step; c <= plot->end + 1e-9; c += step) {
    font(cr, 11, true);
    set(cr, ink, 0.85);
    (void)snprintf(text, sizeof text, "%.0f", c + 0.0 == 0 ? 0.0 : c); /* not "-0" */
    write_text(cr, x_of(canvas, c), y, MIDDLE, text);
  }
  font(cr, 9, false);
  set(cr, faint_ink, 1);
  for (double c = floor(plot->begin); c < plot->end && cycle / plot->beats >= 26; c++) {
    for (uint32_t b = 1; b < plot->beats; b++) {
      const double at = c + (double)b / plot->beats;
      if (at >= plot->begin && at <= plot->end) {
        (void)snprintf(text, sizeof text, "%u", b + 1);
        write_text(cr, x_of(canvas, at), y, MIDDLE, text);
      }
    }
  }
}

/* ---- bands ------------------------------------------------------------------------------------------------------ */

/* Where the parts of a band are. */
typedef struct Layout {
  int low, high; /* keys; low > high: none is pitched */
  double key_height, row_height, curve_height;
  double keys, rows, curves; /* heights */
  double total;
} Layout;

static Layout lay_out(const PhPlotBand *band, double scale)
{
  Layout out = { .low = 1000, .high = -1000 };
  for (size_t i = 0; i < band->notes.len; i++) {
    const PhPlotNote *note = &band->notes.items[i];
    if (note->pitched) {
      const int key = (int)floor(note->key + 0.5);
      out.low = key - KEY_MARGIN < out.low ? key - KEY_MARGIN : out.low;
      out.high = key + KEY_MARGIN > out.high ? key + KEY_MARGIN : out.high;
    }
  }
  const int count = out.high >= out.low ? out.high - out.low + 1 : 0;
  out.key_height = scale * (count <= 20 ? 11 : count <= 36 ? 8 : count <= 60 ? 6 : 4);
  out.row_height = scale * SOUND_ROW;
  out.curve_height = scale * CURVE_ROW;
  out.keys = count * out.key_height;
  out.rows = (double)band->rows.len * out.row_height;
  out.curves = (double)band->curves.len * (out.curve_height + SECTION_GAP);
  const int sections = (out.keys > 0) + (out.rows > 0);
  out.total = 2 * BAND_PAD + out.keys + out.rows + out.curves + (sections == 2 ? SECTION_GAP : 0);
  out.total = fmax(out.total, 2 * BAND_PAD + scale * SOUND_ROW);
  return out;
}

static bool is_black(int key)
{
  const int step = ((key % 12) + 12) % 12;
  return step == 1 || step == 3 || step == 6 || step == 8 || step == 10;
}

static void key_name(const Canvas *canvas, int key, char text[8])
{
  static const char *const names[] = { "c", "c♯", "d", "e♭", "e", "f", "f♯", "g", "a♭", "a", "b♭", "b" };
  const int octave = (int)floor(key / 12.0) - (canvas->plot->tidal ? 0 : 1);
  (void)snprintf(text, 8, "%s%d", names[((key % 12) + 12) % 12], octave);
}

static bool is_played(const PhPlotBand *band, int key)
{
  for (size_t i = 0; i < band->notes.len; i++) {
    if (band->notes.items[i].pitched && (int)floor(band->notes.items[i].key + 0.5) == key) {
      return true;
    }
  }
  return false;
}

/* Names of the keys that are played, as far as they have room, c's first. */
static void draw_key_names(const Canvas *canvas, const PhPlotBand *band, const Layout *layout, double top)
{
  double taken[256];
  size_t count = 0;
  cairo_t *cr = canvas->cr;
  for (int pass = 0; pass < 2; pass++) {
    for (int key = layout->high; key >= layout->low; key--) {
      const bool is_c = ((key % 12) + 12) % 12 == 0;
      const double y = top + (layout->high - key + 0.5) * layout->key_height;
      bool room = pass == 0 ? is_c : is_played(band, key);
      for (size_t i = 0; i < count; i++) {
        room = room && fabs(taken[i] - y) >= 10;
      }
      if (room && count < PH_COUNT(taken)) {
        char text[8];
        key_name(canvas, key, text);
        font(cr, 9.5, is_c);
        set(cr, is_c ? ink : faint_ink, is_c ? 0.8 : 1);
        write_text(cr, canvas->left - 8, y + 3.5, RIGHT, text);
        taken[count++] = y;
      }
    }
  }
}

static void draw_keys(const Canvas *canvas, const Layout *layout, double top)
{
  for (int key = layout->high; key >= layout->low; key--) {
    const double y = top + (layout->high - key) * layout->key_height;
    if (is_black(key)) {
      set(canvas->cr, dark_key, 1);
      lib->rectangle(canvas->cr, canvas->left, y, canvas->right - canvas->left, layout->key_height);
      lib->fill(canvas->cr);
    }
  }
}

static void draw_c_lines(const Canvas *canvas, const Layout *layout, double top)
{
  for (int key = layout->low + 1; key <= layout->high; key++) {
    if (((key % 12) + 12) % 12 == 0) {
      const double y = top + (layout->high - key + 1) * layout->key_height;
      set(canvas->cr, cycle_line, 0.7);
      line(canvas->cr, canvas->left, y, canvas->right, y, 1);
    }
  }
}

/* A box of an event: the part that is there filled, as opaque as it is loud; its beginning marked; what is missing of the whole
   in outline. */
static void draw_note(const Canvas *canvas, const PhPlotNote *note, Colour hue, double y, double height)
{
  cairo_t *cr = canvas->cr;
  const double x0 = fmax(x_of(canvas, note->from), canvas->left), x1 = fmin(x_of(canvas, note->to), canvas->right);
  const double w0 = fmax(x_of(canvas, note->begin), canvas->left), w1 = fmin(x_of(canvas, note->end), canvas->right);
  const double width = fmax(x1 - x0 - 1, 1.5), alpha = 0.14 + 0.72 * (double)note->level;
  if (w0 < x0 - 0.5 || w1 > x1 + 0.5) {
    const double dashes[] = { 2.5, 2 };
    lib->set_dash(cr, dashes, 2, 0);
    rounded(cr, w0 + 0.5, y + 0.5, fmax(w1 - w0 - 1, 1), height - 1, 2.5);
    set(cr, hue, 0.55);
    lib->set_line_width(cr, 0.8);
    lib->stroke(cr);
    lib->set_dash(cr, NULL, 0, 0);
  }
  rounded(cr, x0, y, width, height, 2.5);
  set(cr, hue, alpha);
  lib->fill_preserve(cr);
  set(cr, hue, 0.25 + 0.5 * (double)note->level);
  lib->set_line_width(cr, 0.7);
  lib->stroke(cr);
  if (note->onset) {
    lib->save(cr);
    rounded(cr, x0, y, width, height, 2.5);
    lib->clip(cr);
    set(cr, darker(hue), 0.35 + 0.65 * (double)note->level);
    lib->rectangle(cr, x0, y, fmin(2.5, width), height);
    lib->fill(cr);
    lib->restore(cr);
  }
}

static void draw_rows(const Canvas *canvas, const PhPlotBand *band, const Layout *layout, double top)
{
  cairo_t *cr = canvas->cr;
  for (size_t i = 0; i < band->rows.len; i++) {
    const double y = top + ((double)i + 0.5) * layout->row_height;
    set(cr, frame, 0.9);
    line(cr, canvas->left, y, canvas->right, y, 1);
    font(cr, 10.5, false);
    set(cr, ink, 0.9);
    write_within(cr, canvas->left - 8, y + 3.8, RIGHT, band->rows.items[i], LABELS - 40);
  }
}

static void draw_notes(const Canvas *canvas, const PhPlotBand *band, const Layout *layout, Colour hue, double keys,
                       double rows)
{
  for (size_t i = 0; i < band->notes.len; i++) {
    const PhPlotNote *note = &band->notes.items[i];
    if (note->pitched) {
      const double y = keys + (layout->high - note->key) * layout->key_height;
      draw_note(canvas, note, hue, y + 0.5, layout->key_height - 1);
    } else {
      const double height = layout->row_height * 0.7;
      draw_note(canvas, note, hue, rows + ((double)note->row + 0.5) * layout->row_height - height / 2, height);
    }
  }
}

/* ---- curves ----------------------------------------------------------------------------------------------------- */

static void range_of(const PhPlotCurve *curve, double *low, double *high)
{
  *low = HUGE_VAL;
  *high = -HUGE_VAL;
  for (size_t i = 0; i < curve->count; i++) {
    const double v = (double)curve->values[i];
    *low = v < *low ? v : *low;
    *high = v > *high ? v : *high;
  }
  if (!(*low <= *high)) {
    *low = *high = 0;
  }
}

static void draw_curve(const Canvas *canvas, const PhPlotCurve *curve, Colour hue, double top, double height)
{
  cairo_t *cr = canvas->cr;
  double low, high;
  range_of(curve, &low, &high);
  low = fabs(low) < 2e-3 * high ? 0 : low; /* the steps seldom meet the very bottom */
  const double span = high > low ? high - low : 1, inner = height - 14;
  char text[32];
  font(cr, 9.5, false);
  set(cr, faint_ink, 1);
  (void)snprintf(text, sizeof text, "%.4g", high);
  write_text(cr, canvas->left - 8, top + 14, RIGHT, text);
  (void)snprintf(text, sizeof text, "%.4g", low);
  write_text(cr, canvas->left - 8, top + height, RIGHT, high > low ? text : "");
  set(cr, ink, 0.8);
  write_text(cr, canvas->left + 6, top + 8, LEFT, curve->name);
  const double width = canvas->right - canvas->left;
  bool drawing = false;
  for (size_t i = 0; i < curve->count; i++) {
    const double v = (double)curve->values[i];
    const double x = canvas->left + width * ((double)i + 0.5) / (double)curve->count,
                 y = top + 10 + (high - v) / span * inner;
    if (isnan(v)) {
      drawing = false;
    } else if (drawing) {
      lib->line_to(cr, x, y);
    } else {
      lib->move_to(cr, x, y);
      drawing = true;
    }
  }
  set(cr, hue, 0.95);
  lib->set_line_width(cr, 1.6);
  lib->set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  lib->stroke(cr);
}

static void draw_band(const Canvas *canvas, const PhPlotBand *band, size_t index, double top)
{
  cairo_t *cr = canvas->cr;
  const Layout layout = lay_out(band, canvas->scale);
  const Colour hue = hues[index % PH_COUNT(hues)];
  rounded(cr, MARGIN, top, canvas->right - MARGIN + BAND_PAD, layout.total, 6);
  set(cr, panel, 1);
  lib->fill_preserve(cr);
  set(cr, frame, 1);
  lib->set_line_width(cr, 1);
  lib->stroke(cr);
  rounded(cr, MARGIN, top, 4, layout.total, 2);
  set(cr, hue, 1);
  lib->fill(cr);
  font(cr, 13, true);
  set(cr, darker(hue), 1);
  write_within(cr, MARGIN + 12, top + BAND_PAD + 12, LEFT, band->name, 34);
  const double keys = top + BAND_PAD,
               rows = keys + layout.keys + (layout.keys > 0 && layout.rows > 0 ? SECTION_GAP : 0);
  const double curves = rows + layout.rows + SECTION_GAP;
  draw_keys(canvas, &layout, keys);
  draw_grid(canvas, top + 1, top + layout.total - 1);
  draw_c_lines(canvas, &layout, keys);
  draw_key_names(canvas, band, &layout, keys);
  draw_rows(canvas, band, &layout, rows);
  draw_notes(canvas, band, &layout, hue, keys, rows);
  for (size_t i = 0; i < band->curves.len; i++) {
    draw_curve(canvas, &band->curves.items[i], hue, curves + (double)i * (layout.curve_height + SECTION_GAP),
               layout.curve_height - 4);
  }
}

/* ---- the picture ------------------------------------------------------------------------------------------------ */

/* Whether less is there than the whole, inside of the picture. */
static bool is_fragment(const PhPlot *plot, const PhPlotNote *note)
{
  return note->from > fmax(note->begin, plot->begin) + 1e-9 || note->to < fmin(note->end, plot->end) - 1e-9;
}

/* How many of the legend's signs the picture needs. */
static size_t signs_of(const PhPlot *plot)
{
  size_t count = 0;
  for (size_t b = 0; b < plot->band_count; b++) {
    for (size_t i = 0; i < plot->bands[b].notes.len && count < 4; i++) {
      count = is_fragment(plot, &plot->bands[b].notes.items[i]) ? 4 : 3;
    }
  }
  return count;
}

/* Which signs mean what. */
static void draw_legend(const Canvas *canvas, double y)
{
  static const char *const words[] = { "soft", "loud", "the mark is the onset", "dashed: the rest of a fragment" };
  cairo_t *cr = canvas->cr;
  const Colour hue = hues[0];
  const double cycle = 40;
  double x = canvas->left;
  const Canvas key = { .cr = cr, .plot = &(PhPlot){ .begin = 0, .end = 1 }, .left = 0, .right = cycle };
  for (size_t i = 0; i < signs_of(canvas->plot); i++) {
    PhPlotNote note = { .begin = 0, .end = 0.6, .from = 0, .to = 0.6, .level = i == 0 ? 0.2f : 1.0f, .onset = i != 3 };
    note.begin = i == 3 ? -0.01 : note.begin;
    note.from = i == 3 ? 0.35 : note.from;
    lib->save(cr);
    lib->translate(cr, x, 0);
    draw_note(&key, &note, hue, y - 9, 10);
    lib->restore(cr);
    font(cr, 10, false);
    set(cr, faint_ink, 1);
    write_text(cr, x + 30, y, LEFT, words[i]);
    x += 30 + text_width(cr, words[i]) + 22;
  }
}

static void draw(const Canvas *canvas)
{
  const PhPlot *plot = canvas->plot;
  cairo_t *cr = canvas->cr;
  set(cr, paper, 1);
  lib->paint(cr);
  font(cr, 18, true);
  set(cr, ink, 1);
  write_within(cr, MARGIN, MARGIN + 16, LEFT, plot->title, canvas->right - MARGIN - 220);
  font(cr, 11, false);
  set(cr, faint_ink, 1);
  write_text(cr, canvas->right, MARGIN + 15, RIGHT, plot->subtitle);
  double top = HEAD;
  draw_numbers(canvas, top - 8);
  for (size_t i = 0; i < plot->band_count; i++) {
    draw_band(canvas, &plot->bands[i], i, top);
    top += lay_out(&plot->bands[i], canvas->scale).total + BAND_GAP;
  }
  draw_numbers(canvas, top + 4);
  draw_legend(canvas, top + 30);
}

static double height_of(const PhPlot *plot, double scale)
{
  double height = HEAD + FOOT;
  for (size_t i = 0; i < plot->band_count; i++) {
    height += lay_out(&plot->bands[i], scale).total + BAND_GAP;
  }
  return ceil(height);
}

/* The scale at which the bands have the height that is asked for. */
static double find_scale(const PhPlot *plot)
{
  if (plot->height == 0 || height_of(plot, 1) <= plot->height) {
    return 1;
  }
  for (int percent = 99; percent >= LEAST_SCALE_PERCENT; percent--) {
    if (height_of(plot, percent / 100.0) <= plot->height) {
      return percent / 100.0;
    }
  }
  return 0;
}

static cairo_status_t collect(void *ctx, const unsigned char *bytes, unsigned count)
{
  PhText *out = ctx;
  ph_text_add(out, (const char *)bytes, count);
  return out->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

PhStatus ph_plot_draw(const PhPlot *plot, PhText *out, char *error)
{
  Canvas canvas = {
    .plot = plot, .left = MARGIN + LABELS, .right = (double)plot->width - MARGIN - BAND_PAD, .scale = find_scale(plot)
  };
  lib = ph_cairo(error);
  assert(plot->width >= PH_PLOT_LEAST && plot->width <= PH_PLOT_MOST && plot->begin < plot->end);
  if (!lib) {
    return PH_UNSUPPORTED;
  }
  error[0] = 0;
  canvas.height = plot->height ? plot->height : height_of(plot, 1);
  if (canvas.scale <= 0 || canvas.height > PH_PLOT_MOST) {
    const double needed = height_of(plot, LEAST_SCALE_PERCENT / 100.0);
    (void)snprintf(error, PH_IO_ERROR_BYTES,
                   "the picture would be too crowded: it needs a height of %.0f at least, and has %d at most", needed,
                   PH_PLOT_MOST);
    return PH_LIMIT;
  }
  cairo_surface_t *surface = plot->png
                                 ? lib->image_surface_create(CAIRO_FORMAT_RGB24, (int)plot->width, (int)canvas.height)
                                 : lib->svg_surface_create_for_stream(collect, out, (double)plot->width, canvas.height);
  canvas.cr = lib->create(surface);
  draw(&canvas);
  cairo_status_t status = lib->status(canvas.cr);
  if (status == CAIRO_STATUS_SUCCESS && plot->png) {
    status = lib->surface_write_to_png_stream(surface, collect, out);
  }
  lib->destroy(canvas.cr);
  lib->surface_finish(surface);
  status = status == CAIRO_STATUS_SUCCESS ? lib->surface_status(surface) : status;
  lib->surface_destroy(surface);
  if (status != CAIRO_STATUS_SUCCESS) {
    (void)snprintf(error, PH_IO_ERROR_BYTES, "the picture cannot be drawn: %s", lib->status_to_string(status));
  }
  return status == CAIRO_STATUS_SUCCESS ? PH_OK : status == CAIRO_STATUS_NO_MEMORY ? PH_NOMEM : PH_IO;
}
