/* The public interface: traces as JSON in the Trace Event Format of Chrome, which Perfetto and about:tracing show.
   SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/api.h"
#include "engine/engine.h"

typedef struct Spans {
  PhTraceSpan *items;
  size_t count;
} Spans;

/* By beginning; what contains others before them. */
static int earlier(const void *a, const void *b)
{
  const PhTraceSpan *x = a, *y = b;
  if (x->begin_sec != y->begin_sec) {
    return x->begin_sec < y->begin_sec ? -1 : 1;
  }
  return (x->end_sec < y->end_sec) - (x->end_sec > y->end_sec);
}

/* The spans of a thread; false for want of memory. The caller frees the items. */
static bool collect(const PhEngine *engine, uint32_t thread, Spans *out)
{
  PhTraceSpan span;
  size_t cap = 0;
  *out = (Spans){ 0 };
  for (size_t i = 0; ph_engine_trace(engine, thread, i, &span); i++) {
    if (out->count == cap) {
      cap = cap ? 2 * cap : 1024;
      PhTraceSpan *grown = realloc(out->items, cap * sizeof *grown);
      if (!grown) {
        free(out->items);
        return false;
      }
      out->items = grown;
    }
    out->items[out->count++] = span;
  }
  if (out->count) {
    qsort(out->items, out->count, sizeof *out->items, earlier);
  }
  return true;
}

/* Microseconds, to the nanosecond: both ends are rounded alike, so that spans that nest still do. */
static void put_span(PhText *text, const PhDiags *diags, double sample_rate, uint32_t thread, const PhTraceSpan *span)
{
  const long long begin = llround(span->begin_sec * 1e9), end = llround(span->end_sec * 1e9);
  PhononDiagnostic place = { .file = "" };
  PhText name = { 0 };
  if (span->at.end) {
    ph_api_place(diags, span->at, &place);
  }
  if (place.line) {
    ph_text_printf(&name, "%s:%u ", place.file, place.line);
  }
  ph_text_puts(&name, span->name);
  ph_text_printf(text, ",\n{\"ph\": \"X\", \"pid\": 1, \"tid\": %u, \"ts\": %lld.%03lld, \"dur\": %lld.%03lld, \"cat\": \"%s\", \"name\": ",
                 thread, begin / 1000, begin % 1000, (end - begin) / 1000, (end - begin) % 1000,
                 span->is_task ? "task" : "window");
  ph_text_json(text, name.ptr, name.len);
  ph_text_printf(text, ", \"args\": {\"frame\": %lld, \"sec\": ", (long long)span->frame);
  ph_text_num(text, (double)span->frame / sample_rate);
  ph_text_printf(text, span->is_task ? ", \"part\": %u}}" : "}}", span->part);
  text->failed |= name.failed;
  ph_text_deinit(&name);
}

static void put_thread(PhText *text, uint32_t thread)
{
  ph_text_printf(text, "%s\n{\"ph\": \"M\", \"pid\": 1, \"tid\": %u, \"name\": \"thread_name\", \"args\": {\"name\": \"thread %u%s\"}}",
                 thread ? "," : "", thread, thread + 1, thread ? "" : " (the caller's)");
}

char *ph_api_trace_json(const PhEngine *engine, uint32_t threads, const PhDiags *diags, double sample_rate)
{
  PhText text = { 0 };
  ph_text_puts(&text, "{\"displayTimeUnit\": \"ns\", \"traceEvents\": [");
  for (uint32_t i = 0; i < threads; i++) {
    put_thread(&text, i);
  }
  for (uint32_t i = 0; i < threads; i++) {
    Spans spans;
    if (!collect(engine, i, &spans)) {
      ph_text_deinit(&text);
      return NULL;
    }
    for (size_t k = 0; k < spans.count; k++) {
      put_span(&text, diags, sample_rate, i, &spans.items[k]);
    }
    free(spans.items);
  }
  ph_text_printf(&text, "],\n\"otherData\": {\"dropped\": %llu}}\n", (unsigned long long)ph_engine_trace_dropped(engine));
  return ph_api_take(&text);
}
