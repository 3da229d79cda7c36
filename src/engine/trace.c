/* Traces: what each worker did when. Tasks write into memory made beforehand; people read it afterwards.
   SPDX-License-Identifier: MIT */
#include "engine/internal.h"

PhStatus ph_trace_init(PhTrace *trace, size_t events)
{
  trace->events = events ? ph_engine_alloc(NULL, events * sizeof *trace->events) : NULL;
  trace->cap = trace->events ? events : 0;
  return events && !trace->events ? PH_NOMEM : PH_OK;
}

void ph_trace_add(PhTrace *trace, PhTraceEvent event)
{
  if (trace->len < trace->cap) {
    const uint64_t ticks = ph_ticks() - event.begin;
    event.ticks = ticks < UINT32_MAX ? (uint32_t)ticks : UINT32_MAX;
    trace->events[trace->len++] = event;
  } else {
    trace->dropped++;
  }
}

static void name_task(const PhEngine *engine, const PhTraceEvent *event, PhTraceSpan *out)
{
  const PhStrand *strand = &engine->plan->strands[event->what];
  out->is_task = true;
  out->at = strand->at;
  if (strand->kind == PH_STRAND_CODE) {
    out->name = strand->name;
  } else if (event->instrument == PH_TRACE_SUM) {
    out->name = "sum of voices";
  } else if (event->instrument == PH_SAMPLES) {
    out->name = "samples";
  } else {
    out->name = engine->instruments[event->instrument].voices_name;
    out->at = ph_engine_instrument(engine, event->instrument)->at;
  }
}

bool ph_engine_trace(const PhEngine *engine, uint32_t thread, size_t index, PhTraceSpan *out)
{
  if (thread >= engine->executor.count || index >= engine->executor.workers[thread].trace.len) {
    return false;
  }
  const PhTraceEvent *event = &engine->executor.workers[thread].trace.events[index];
  const double tick_sec = engine->tick_sec; /* the same for all of them */
  const double begin = (double)(event->begin - engine->tick_epoch);
  *out = (PhTraceSpan){ .begin_sec = begin * tick_sec, .end_sec = (begin + (double)event->ticks) * tick_sec,
                        .frame = event->frame, .part = event->part };
  switch (event->what) {
  case PH_TRACE_WINDOW:
    out->name = "window";
    break;
  case PH_TRACE_PREPARE:
    out->name = "prepare";
    break;
  case PH_TRACE_DELIVER:
    out->name = "deliver";
    break;
  default:
    name_task(engine, event, out);
  }
  return true;
}

uint64_t ph_engine_trace_dropped(const PhEngine *engine)
{
  uint64_t dropped = 0;
  for (uint32_t i = 0; i < engine->executor.count; i++) {
    dropped += engine->executor.workers[i].trace.dropped;
  }
  return dropped;
}
