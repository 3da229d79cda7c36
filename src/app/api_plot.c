/* The public interface: events as a piano roll.  SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/api_events.h"
#include "io/io.h"
#include "io/plot.h"

enum { BEATS = 4, CURVE_STEPS = 1024, MOST_ROWS = 200, MOST_CURVES = 64 };

typedef struct Drawer {
  PhononEvents *events;
  PhArena *arena;
  PhArc span;
  double cps; /* at its beginning */
  PH_ARRAY(PhPlotBand) bands;
} Drawer;

static double cycles_of(PhononTime t) { return (double)t.num / (double)t.den; }

static PhPlotBand *band_of(Drawer *drawer, const char *name)
{
  for (size_t i = 0; i < drawer->bands.len; i++) {
    if (strcmp(drawer->bands.items[i].name, name) == 0) {
      return &drawer->bands.items[i];
    }
  }
  const PhPlotBand band = { .name = name };
  PH_PUSH(drawer->arena, &drawer->bands, band);
  return &drawer->bands.items[drawer->bands.len - 1];
}

/* ---- notes ------------------------------------------------------------------------------------------------------ */

/* The length of a sound's name in that of its row, `vibe` in `vibe:7`, and its number. */
static size_t split(const char *row, double *n)
{
  const char *colon = strrchr(row, ':');
  *n = colon ? strtod(colon + 1, NULL) : 0;
  return colon ? (size_t)(colon - row) : strlen(row);
}

/* Where a row goes: below all others, but among those of one sound by number, the highest on top as notes are. */
static size_t place_of(const PhPlotBand *band, const char *name)
{
  double n, other;
  const size_t len = split(name, &n);
  for (size_t i = 0; i < band->rows.len; i++) {
    const bool same = split(band->rows.items[i], &other) == len && memcmp(band->rows.items[i], name, len) == 0;
    const bool more = i + 1 < band->rows.len && split(band->rows.items[i + 1], &other) == len &&
                      memcmp(band->rows.items[i + 1], name, len) == 0;
    (void)split(band->rows.items[i], &other);
    if (same && (other < n || !more)) {
      return other < n ? i : i + 1;
    }
  }
  return band->rows.len;
}

static uint32_t row_of(Drawer *drawer, PhPlotBand *band, const char *name)
{
  for (size_t i = 0; i < band->rows.len; i++) {
    if (strcmp(band->rows.items[i], name) == 0) {
      return (uint32_t)i;
    }
  }
  if (band->rows.len >= MOST_ROWS) {
    return MOST_ROWS - 1;
  }
  const size_t place = place_of(band, name);
  PH_PUSH(drawer->arena, &band->rows, name);
  memmove(&band->rows.items[place + 1], &band->rows.items[place],
          (band->rows.len - 1 - place) * sizeof *band->rows.items);
  band->rows.items[place] = name;
  for (size_t i = 0; i < band->notes.len; i++) {
    band->notes.items[i].row += !band->notes.items[i].pitched && band->notes.items[i].row >= place;
  }
  return (uint32_t)place;
}

static float level_of(const PhApiNote *note)
{
  const double level = note->level * (note->velocity >= 0 ? note->velocity : 1);
  return level >= 0 ? (float)fmin(level, 100) : 0.0f;
}

/* Levels as parts of the loudest. */
static void normalise(Drawer *drawer)
{
  float most = 0;
  for (int pass = 0; pass < 2; pass++) {
    for (size_t b = 0; b < drawer->bands.len; b++) {
      for (size_t i = 0; i < drawer->bands.items[b].notes.len; i++) {
        float *level = &drawer->bands.items[b].notes.items[i].level;
        most = pass == 0 && *level > most ? *level : most;
        *level = pass == 1 && most > 0 ? *level / most : *level;
      }
    }
  }
}

/* How long it sounds of the event that it is: `legato` changes that. */
static void stretch(const PhApiNote *note, double cps, PhPlotNote *out)
{
  const double length = out->end - out->begin;
  const double sounding = note->sustain_sec >= 0 ? note->sustain_sec * cps
                          : note->legato >= 0    ? note->legato * length
                                                 : length;
  const bool complete = out->from <= out->begin && out->to >= out->end;
  out->end = out->begin + sounding;
  out->to = complete ? out->end : fmin(out->to, out->end);
}

static void add_event(Drawer *drawer, size_t index)
{
  const PhononEvent *event = &drawer->events->items.items[index];
  const PhApiDetail *detail = &drawer->events->details.items[index];
  PhApiNote note;
  const bool is_note = ph_api_note(drawer->events, index, &note);
  if (!event->has_whole || (!is_note && drawer->events->tracks.items[detail->track].param)) {
    return; /* a curve */
  }
  PhPlotBand *band = band_of(drawer, event->track);
  PhPlotNote out = { .begin = cycles_of(event->whole_begin),
                     .end = cycles_of(event->whole_end),
                     .from = cycles_of(event->part_begin),
                     .to = cycles_of(event->part_end),
                     .level = is_note ? level_of(&note) : 1,
                     .onset = event->has_onset };
  stretch(&note, drawer->cps, &out);
  out.to = fmax(out.to, out.from);
  if (is_note && (note.is_note || (note.has_n && !note.sound[0]))) {
    out.pitched = true;
    for (uint32_t i = 0; i < note.key_count; i++) {
      out.key = fmin(fmax(note.keys[i], -24), 160);
      PH_PUSH(drawer->arena, &band->notes, out);
    }
    return;
  }
  const char *name = !is_note     ? event->value
                     : note.n > 0 ? ph_arena_printf(drawer->arena, "%s:%.4g", note.sound, note.n)
                                  : ph_arena_strndup(drawer->arena, note.sound, strlen(note.sound));
  out.row = row_of(drawer, band, name);
  PH_PUSH(drawer->arena, &band->notes, out);
}

/* ---- curves ----------------------------------------------------------------------------------------------------- */

/* What happens in a step of the picture; NAN if nothing does. */
static float value_in(Drawer *drawer, const PhApiTrack *track, PhArc step)
{
  const PhArenaMark mark = ph_arena_mark(drawer->arena);
  PhQuery query = { .arena = drawer->arena, .seed = drawer->events->program->program.seed, .cps = drawer->cps };
  PhEvents found = { 0 };
  double value = 0;
  bool any = false;
  ph_query(&query, track->pat, step, &found);
  for (size_t i = 0; i < found.len && !any; i++) {
    any = ph_value_as_num(&found.items[i].value, drawer->events->program->tidal, &value);
  }
  ph_arena_release(drawer->arena, mark);
  return any ? (float)value : NAN;
}

/* Whether it is a curve: a continuous pattern, or values that drive a parameter which is no pitch. */
static bool is_curve(Drawer *drawer, uint32_t number)
{
  const PhApiTrack *track = &drawer->events->tracks.items[number];
  if (track->param) {
    const bool is_pitch = strcmp(track->param->name, "freq") == 0 && strcmp(track->func->family, "source") == 0;
    bool has_events = false;
    for (size_t i = 0; i < drawer->events->details.len; i++) {
      has_events |= drawer->events->details.items[i].track == number;
    }
    return !(is_pitch && has_events);
  }
  for (size_t i = 0; i < drawer->events->details.len; i++) {
    if (drawer->events->details.items[i].track == number && !drawer->events->items.items[i].has_whole) {
      return true;
    }
  }
  return false;
}

static void add_curve(Drawer *drawer, uint32_t number)
{
  const PhApiTrack *track = &drawer->events->tracks.items[number];
  PhPlotBand *band = band_of(drawer, track->name);
  if (band->curves.len >= MOST_CURVES) {
    return;
  }
  float *values = PH_NEWN(drawer->arena, float, CURVE_STEPS);
  const PhRat length = ph_rat_div(ph_rat_sub(drawer->span.end, drawer->span.begin), PH_RAT_INT(CURVE_STEPS));
  bool any = false;
  for (int i = 0; i < CURVE_STEPS; i++) {
    const PhRat begin = ph_rat_add(drawer->span.begin, ph_rat_mul(length, PH_RAT_INT(i)));
    values[i] = value_in(drawer, track, (PhArc){ begin, ph_rat_add(begin, length) });
    any |= !isnan(values[i]);
  }
  const char *name = track->param ? ph_arena_printf(drawer->arena, "%s %s%s%s", track->func->name, track->param->name,
                                                    track->param->unit && track->param->unit[0] ? ", " : "",
                                                    track->param->unit ? track->param->unit : "")
                                  : "";
  const PhPlotCurve curve = { .name = name, .values = values, .count = CURVE_STEPS };
  if (any) {
    PH_PUSH(drawer->arena, &band->curves, curve);
  }
}

/* ---- all -------------------------------------------------------------------------------------------------------- */

static const char *base_name(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static PhStatus draw(Drawer *drawer, const PhononPlotOptions *options, PhText *out, char *error)
{
  const PhononProgram *program = drawer->events->program;
  drawer->cps = ph_api_events_cps(drawer->events, drawer->span.begin);
  for (uint32_t i = 0; i < drawer->events->tracks.len; i++) { /* in their order, silent ones too */
    (void)band_of(drawer, drawer->events->tracks.items[i].name);
  }
  for (size_t i = 0; i < drawer->events->items.len; i++) {
    add_event(drawer, i);
  }
  normalise(drawer);
  for (uint32_t i = 0; i < drawer->events->tracks.len; i++) {
    if (is_curve(drawer, i)) {
      add_curve(drawer, i);
    }
  }
  const char *name = program->diags.files.len ? program->diags.files.items[0].name : "";
  const PhPlot plot = { .title = options->title ? options->title : base_name(name),
                        .subtitle = ph_arena_printf(drawer->arena, "%.4g cycles per second", drawer->cps),
                        .begin = ph_rat_to_double(drawer->span.begin),
                        .end = ph_rat_to_double(drawer->span.end),
                        .beats = BEATS,
                        .bands = drawer->bands.items,
                        .band_count = drawer->bands.len,
                        .width = options->width,
                        .height = options->height,
                        .tidal = program->tidal,
                        .png = options->format == PHONON_PLOT_PNG };
  return ph_plot_draw(&plot, out, error);
}

PhononStatus phonon_plot(const PhononProgram *program, PhononTime begin, PhononTime end,
                         const PhononPlotOptions *options, char **bytes, size_t *len, PhononError *error)
{
  PhononPlotOptions how = PHONON_PLOT_DEFAULTS;
  *bytes = NULL;
  *len = 0;
  const PhArc span = { ph_rat(begin.num, begin.den), ph_rat(end.num, end.den) };
  if (!ph_api_options(&how, sizeof how, options) || how.width < PH_PLOT_LEAST || how.width > PH_PLOT_MOST ||
      (how.height && (how.height < PH_PLOT_LEAST || how.height > PH_PLOT_MOST)) || !ph_rat_lt(span.begin, span.end)) {
    ph_api_error(error, "%s", ph_status_text(PH_ARG));
    return PHONON_ARG;
  }
  PhononEvents *events = NULL;
  const PhononStatus queried = phonon_events_new(program, begin, end, &events, error);
  if (queried != PHONON_OK) {
    return queried;
  }
  char reason[PH_IO_ERROR_BYTES] = "";
  PhText out = { 0 };
  PhTrap trap;
  PhStatus status;
  Drawer drawer = { .events = events, .arena = &events->arena, .span = span };
  events->arena.trap = &trap;
  if (PH_TRAP_SET(&trap) == 0) {
    status = draw(&drawer, &how, &out, reason);
  } else {
    status = trap.status;
  }
  events->arena.trap = NULL;
  phonon_events_free(events);
  return ph_api_give(status, &out, reason, bytes, len, error);
}
