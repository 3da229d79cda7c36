/* A piano roll of events, through cairo: a band per track, in it a row per sound or pitch, cycles from left to right.
   SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cairo-svg.h>
#include <cairo.h>

#include "io/score_file.h"

enum { LEFT = 96, TOP = 44, RIGHT = 16, BOTTOM = 30, ROW = 16, BAND_GAP = 14, LEAST_WIDTH = 480, MOST_WIDTH = 2400, CYCLE_WIDTH = 220 };

/* A row of the picture: all events of a track with one label (or one pitch). */
typedef struct Lane {
  uint32_t track;
  double pitch;      /* sorted by: higher stands higher; sounds have none and stand in order of appearance */
  bool pitched;
  char *label;
  size_t first;      /* event where it appeared */
  double y;
} Lane;

typedef struct Roll {
  const PhScore *score;
  Lane *lanes;
  size_t lane_count;
  size_t *lane_of; /* by event */
  double width, height, cycles;
} Roll;

/* Colours by order of label: evenly apart in hue and readable on white. */
static void colour_of(size_t index, double rgb[3])
{
  static const double palette[][3] = { { 0.16, 0.44, 0.70 }, { 0.85, 0.37, 0.15 }, { 0.20, 0.60, 0.35 }, { 0.60, 0.31, 0.64 },
                                       { 0.78, 0.60, 0.10 }, { 0.75, 0.22, 0.36 }, { 0.10, 0.60, 0.62 }, { 0.45, 0.42, 0.38 } };
  memcpy(rgb, palette[index % PH_COUNT(palette)], 3 * sizeof *rgb);
}

static bool pitch_of(const PhValue *value, double *pitch)
{
  return ph_score_number(value, "note", pitch) || ph_score_number(value, "midinote", pitch) ||
         (value->tag == PH_VALUE_MAP && value->map->len == 1 && ph_score_number(value, "n", pitch)) ||
         (value->tag != PH_VALUE_MAP && ph_value_as_num(value, false, pitch));
}

static char *label_of(const PhValue *value)
{
  PhText text = { 0 };
  ph_score_label(value, &text);
  double pitch;
  if (value->tag == PH_VALUE_MAP && value->map->len > 1 && pitch_of(value, &pitch)) {
    ph_text_puts(&text, " ");
    ph_text_num(&text, pitch);
  }
  return text.ptr;
}

static int lane_order(const void *a, const void *b)
{
  const Lane *x = a;
  const Lane *y = b;
  if (x->track != y->track) {
    return x->track < y->track ? -1 : 1;
  }
  if (x->pitched && y->pitched && x->pitch != y->pitch) {
    return x->pitch > y->pitch ? -1 : 1;
  }
  return x->first < y->first ? -1 : x->first > y->first;
}

static bool find_lanes(Roll *roll)
{
  const PhScore *score = roll->score;
  roll->lanes = calloc(score->row_count + 1, sizeof *roll->lanes);
  roll->lane_of = calloc(score->row_count + 1, sizeof *roll->lane_of);
  if (!roll->lanes || !roll->lane_of) {
    return false;
  }
  for (size_t i = 0; i < score->row_count; i++) {
    char *label = label_of(&score->rows[i].value);
    if (!label) {
      return false;
    }
    size_t k = 0;
    while (k < roll->lane_count &&
           !(roll->lanes[k].track == score->rows[i].track && strcmp(roll->lanes[k].label, label) == 0)) {
      k++;
    }
    if (k == roll->lane_count) {
      Lane lane = { .track = score->rows[i].track, .label = label, .first = i };
      lane.pitched = pitch_of(&score->rows[i].value, &lane.pitch);
      roll->lanes[roll->lane_count++] = lane;
    } else {
      free(label);
    }
  }
  qsort(roll->lanes, roll->lane_count, sizeof *roll->lanes, lane_order);
  for (size_t i = 0; i < score->row_count; i++) {
    char *label = label_of(&score->rows[i].value);
    for (size_t k = 0; label && k < roll->lane_count; k++) {
      if (roll->lanes[k].track == score->rows[i].track && strcmp(roll->lanes[k].label, label) == 0) {
        roll->lane_of[i] = k;
      }
    }
    free(label);
  }
  return true;
}

static void lay_out(Roll *roll)
{
  double y = TOP;
  for (size_t k = 0; k < roll->lane_count; k++) {
    y += k && roll->lanes[k].track != roll->lanes[k - 1].track ? BAND_GAP : 0;
    roll->lanes[k].y = y;
    y += ROW;
  }
  roll->height = y + BOTTOM;
  roll->cycles = ph_rat_to_double(ph_rat_sub(roll->score->to, roll->score->from));
  roll->width = fmin(fmax(roll->cycles * CYCLE_WIDTH, LEAST_WIDTH), MOST_WIDTH) + LEFT + RIGHT;
}

static double x_of(const Roll *roll, PhRat cycle)
{
  const double at = ph_rat_to_double(ph_rat_sub(cycle, roll->score->from)) / roll->cycles;
  return LEFT + at * (roll->width - LEFT - RIGHT);
}

static void text_at(cairo_t *cr, double x, double y, double align, const char *text)
{
  cairo_text_extents_t extents;
  cairo_text_extents(cr, text, &extents);
  cairo_move_to(cr, x - extents.x_advance * align, y);
  cairo_show_text(cr, text);
}

static void draw_grid(cairo_t *cr, const Roll *roll)
{
  const int64_t first = ph_rat_floor_int(ph_rat_ceil(roll->score->from)), last = ph_rat_floor_int(roll->score->to);
  const int64_t every = 1 + (last - first) / 64;
  for (int64_t cycle = first; cycle <= last; cycle++) {
    for (int quarter = 0; quarter < 4 && roll->cycles <= 16; quarter++) {
      const PhRat at = ph_rat(cycle * 4 + quarter, 4);
      if (ph_rat_le(at, roll->score->to)) {
        const double x = floor(x_of(roll, at)) + 0.5, shade = quarter ? 0.93 : 0.72;
        cairo_set_source_rgb(cr, shade, shade, shade);
        cairo_move_to(cr, x, TOP - 4);
        cairo_line_to(cr, x, roll->height - BOTTOM + 4);
        cairo_stroke(cr);
      }
    }
    if (cycle % every == 0) {
      char number[32];
      (void)snprintf(number, sizeof number, "%lld", (long long)cycle);
      cairo_set_source_rgb(cr, 0.35, 0.35, 0.35);
      text_at(cr, x_of(roll, PH_RAT_INT(cycle)), roll->height - BOTTOM + 18, 0.5, number);
    }
  }
}

static void draw_lanes(cairo_t *cr, const Roll *roll)
{
  for (size_t k = 0; k < roll->lane_count; k++) {
    const Lane *lane = &roll->lanes[k];
    cairo_set_source_rgb(cr, 0.2, 0.2, 0.2);
    text_at(cr, LEFT - 8, lane->y + ROW - 4.5, 1, lane->label);
    if (k == 0 || lane->track != roll->lanes[k - 1].track) {
      cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
      text_at(cr, 8, lane->y + ROW - 4.5, 0, roll->score->tracks[lane->track]);
      cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    }
  }
}

static void draw_events(cairo_t *cr, const Roll *roll)
{
  for (size_t i = 0; i < roll->score->row_count; i++) {
    const PhScoreRow *row = &roll->score->rows[i];
    const Lane *lane = &roll->lanes[roll->lane_of[i]];
    double rgb[3], gain = 1;
    colour_of(roll->lane_of[i], rgb);
    if (!ph_score_number(&row->value, "gain", &gain)) {
      gain = 1;
    }
    const double x = x_of(roll, row->begin);
    const double end = fmin(x_of(roll, row->end), roll->width - RIGHT);
    const double alpha = 0.25 + 0.75 * fmin(fmax(gain, 0), 1);
    cairo_rectangle(cr, x + 0.5, lane->y + 2, fmax(end - x - 1.5, 1.5), ROW - 4);
    cairo_set_source_rgba(cr, rgb[0], rgb[1], rgb[2], 0.45 * alpha);
    cairo_fill(cr);
    cairo_rectangle(cr, x + 0.5, lane->y + 2, 3, ROW - 4); /* the onset */
    cairo_set_source_rgba(cr, rgb[0], rgb[1], rgb[2], alpha);
    cairo_fill(cr);
  }
}

static void draw(cairo_t *cr, const Roll *roll)
{
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_paint(cr);
  cairo_set_line_width(cr, 1);
  cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cr, 14);
  cairo_set_source_rgb(cr, 0.1, 0.1, 0.1);
  text_at(cr, 8, 24, 0, roll->score->title ? roll->score->title : "");
  cairo_set_font_size(cr, 11);
  draw_grid(cr, roll);
  draw_lanes(cr, roll);
  draw_events(cr, roll);
}

static PhStatus to_file(const Roll *roll, const char *path)
{
  const size_t len = strlen(path);
  const bool png = len > 4 && strcmp(path + len - 4, ".png") == 0;
  cairo_surface_t *surface = png ? cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(2 * roll->width), (int)(2 * roll->height))
                                 : cairo_svg_surface_create(path, roll->width, roll->height);
  cairo_t *cr = cairo_create(surface);
  if (png) {
    cairo_scale(cr, 2, 2);
  }
  draw(cr, roll);
  cairo_status_t status = cairo_status(cr);
  cairo_destroy(cr);
  if (status == CAIRO_STATUS_SUCCESS && png) {
    status = cairo_surface_write_to_png(surface, path);
  }
  cairo_surface_finish(surface);
  status = status == CAIRO_STATUS_SUCCESS ? cairo_surface_status(surface) : status;
  cairo_surface_destroy(surface);
  return status == CAIRO_STATUS_SUCCESS ? PH_OK : status == CAIRO_STATUS_NO_MEMORY ? PH_NOMEM : PH_IO;
}

PhStatus ph_score_plot(const PhScore *score, const char *path)
{
  Roll roll = { .score = score };
  PhStatus status = PH_NOMEM;
  if (find_lanes(&roll)) {
    lay_out(&roll);
    status = to_file(&roll, path);
  }
  for (size_t k = 0; roll.lanes && k < roll.lane_count; k++) {
    free(roll.lanes[k].label);
  }
  free(roll.lanes);
  free(roll.lane_of);
  return status;
}
