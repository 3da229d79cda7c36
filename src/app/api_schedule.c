/* The public interface: what several threads would make of a piece, as text and JSON.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "app/api.h"

enum { PLACES_SHOWN = 10 };

static double ratio(double a, double b) { return b > 0 ? a / b : 1; }

static void put_place(PhText *text, const PhDiags *diags, const PhSchedulePlace *place)
{
  PhononDiagnostic where = { .file = "" };
  if (place->at.end) {
    ph_api_place(diags, place->at, &where);
  }
  if (where.line) {
    ph_text_printf(text, "%s:%u ", where.file, where.line);
  }
  ph_text_puts(text, place->name);
}

char *ph_api_schedule_text(const PhScheduleFigures *f, const PhDiags *diags, double sample_rate)
{
  PhText text = { 0 };
  ph_text_printf(&text, "schedule: %u thread%s, from the times of the tasks of %.2f s of sound\n", f->threads,
                 f->threads == 1 ? "" : "s", (double)f->frames / sample_rate);
  ph_text_printf(&text, "  one thread      %.1f ms\n", f->alone_sec * 1e3);
  ph_text_printf(&text, "  %2u threads      %.1f ms: speed-up %.2f\n", f->threads, f->shared_sec * 1e3, ratio(f->alone_sec, f->shared_sec));
  ph_text_printf(&text, "  any number      %.1f ms: speed-up %.2f at most, by the critical path\n", f->critical_sec * 1e3,
                 ratio(f->alone_sec, f->critical_sec));
  for (uint32_t i = 0; i < f->threads; i++) {
    ph_text_printf(&text, "  thread %-2u       busy %5.1f %%\n", i + 1, 100 * ratio(f->busy_sec[i], f->shared_sec));
  }
  ph_text_puts(&text, "  critical path\n");
  for (size_t i = 0; i < f->place_count && i < PLACES_SHOWN; i++) {
    ph_text_printf(&text, "    %5.1f %%  %9.3f ms  ", 100 * ratio(f->places[i].sec, f->critical_sec), f->places[i].sec * 1e3);
    put_place(&text, diags, &f->places[i]);
    ph_text_puts(&text, "\n");
  }
  return ph_api_take(&text);
}

static void json_number(PhText *text, const char *name, double value)
{
  ph_text_printf(text, "  \"%s\": ", name);
  ph_text_num(text, value);
  ph_text_puts(text, ",\n");
}

char *ph_api_schedule_json(const PhScheduleFigures *f, const PhDiags *diags, double sample_rate)
{
  PhText text = { 0 };
  ph_text_puts(&text, "{\n");
  json_number(&text, "threads", f->threads);
  json_number(&text, "soundSec", (double)f->frames / sample_rate);
  json_number(&text, "aloneSec", f->alone_sec);
  json_number(&text, "sharedSec", f->shared_sec);
  json_number(&text, "serialSec", f->serial_sec);
  json_number(&text, "criticalSec", f->critical_sec);
  json_number(&text, "speedUp", ratio(f->alone_sec, f->shared_sec));
  json_number(&text, "speedUpMost", ratio(f->alone_sec, f->critical_sec));
  ph_text_puts(&text, "  \"busy\": [");
  for (uint32_t i = 0; i < f->threads; i++) {
    ph_text_puts(&text, i ? ", " : "");
    ph_text_num(&text, ratio(f->busy_sec[i], f->shared_sec));
  }
  ph_text_puts(&text, "],\n  \"criticalPath\": [");
  for (size_t i = 0; i < f->place_count; i++) {
    PhononDiagnostic where = { .file = "" };
    if (f->places[i].at.end) {
      ph_api_place(diags, f->places[i].at, &where);
    }
    ph_text_puts(&text, i ? ",\n    {\"name\": " : "\n    {\"name\": ");
    ph_text_json(&text, f->places[i].name, strlen(f->places[i].name));
    ph_text_puts(&text, ", \"file\": ");
    ph_text_json(&text, where.file, strlen(where.file));
    ph_text_printf(&text, ", \"line\": %u, \"sec\": ", where.line);
    ph_text_num(&text, f->places[i].sec);
    ph_text_puts(&text, "}");
  }
  ph_text_puts(&text, "]\n}\n");
  return ph_api_take(&text);
}
