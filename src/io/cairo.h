/* cairo, loaded when a picture is wanted: it brings twenty libraries along, and to load them would more than double the time that
   every other command takes to start.  SPDX-License-Identifier: MIT */
#ifndef PH_IO_CAIRO_H
#define PH_IO_CAIRO_H

#include <cairo-svg.h>
#include <cairo.h>

#define PH_CAIRO_FUNCTIONS(F)                                                                                          \
  F(arc)                                                                                                               \
  F(clip)                                                                                                              \
  F(close_path)                                                                                                        \
  F(create)                                                                                                            \
  F(destroy)                                                                                                           \
  F(fill)                                                                                                              \
  F(fill_preserve)                                                                                                     \
  F(image_surface_create)                                                                                              \
  F(line_to)                                                                                                           \
  F(move_to)                                                                                                           \
  F(new_path)                                                                                                          \
  F(new_sub_path)                                                                                                      \
  F(paint)                                                                                                             \
  F(rectangle)                                                                                                         \
  F(restore)                                                                                                           \
  F(save)                                                                                                              \
  F(select_font_face)                                                                                                  \
  F(set_dash)                                                                                                          \
  F(set_font_size)                                                                                                     \
  F(set_line_join)                                                                                                     \
  F(set_line_width)                                                                                                    \
  F(set_source_rgba)                                                                                                   \
  F(show_text)                                                                                                         \
  F(status)                                                                                                            \
  F(status_to_string)                                                                                                  \
  F(stroke)                                                                                                            \
  F(surface_destroy)                                                                                                   \
  F(surface_finish)                                                                                                    \
  F(surface_status)                                                                                                    \
  F(surface_write_to_png_stream)                                                                                       \
  F(svg_surface_create_for_stream)                                                                                     \
  F(text_extents)                                                                                                      \
  F(translate)

typedef struct PhCairo {
#define PH_CAIRO_MEMBER(name) __typeof__(cairo_##name) *name;
  PH_CAIRO_FUNCTIONS(PH_CAIRO_MEMBER)
#undef PH_CAIRO_MEMBER
} PhCairo;

/* [control] Any thread. NULL if the machine does not have it; the reason goes to `error` (PH_IO_ERROR_BYTES). */
const PhCairo *ph_cairo(char *error);

#endif
