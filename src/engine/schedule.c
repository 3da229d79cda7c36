/* What several threads would make of a piece: each window is run by one, every task timed, and then the executor's way of sharing
   it is gone through with these times. So the figures do not depend on how many cores the machine has free.
   SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "engine/internal.h"

enum {
  TRIED_FIRST = 2, /* windows that the executor shares before it runs ALONE_WINDOWS alone, to compare; as in executor.c: */
  ALONE_WINDOWS = 2,
  TRIED_SELDOM = 128,
  TRIED_OFTEN = 32
};

#define LARGE_GAIN 1.5

#define TASK_SEC 0.6e-6      /* taking a task, telling that it is done */
#define FETCH_SEC 0.2e-9     /* a lane of a frame that another core wrote */
#define CACHE_SHARE 1.03     /* tasks take so much longer where cores share caches and memory */
#define WAKE_SEC 8e-6        /* until a worker that slept between two windows takes its first task */
#define WINDOW_SEC 1.5e-6    /* opening a window and waiting for the last worker */
#define SMALL_SEC 20e-6      /* as in executor.c: what is not shared */
#define INTERRUPTED 4.0      /* a task that takes so many times the usual was interrupted: it counts as usual */

/* What is simulated of a window. Times are in seconds from its beginning. */
struct PhSchedule {
  uint32_t threads;
  size_t cap;                 /* tasks that there is room for */
  float *sec;                 /* by ticket and block */
  double *done;               /* when the task was finished */
  int32_t *before;            /* the task that it waited for last, -1: none */
  uint32_t *next;             /* by ticket: the block to come */
  size_t next_cap;
  double *usual;              /* seconds of a frame: by strand, then by instrument */
  double *critical;           /* seconds on the critical path, likewise */
  size_t rows;
  uint64_t windows;           /* gone through */
  PhScheduleFigures figures;
  PhSchedulePlace *places;
};

PhStatus ph_schedule_init(PhEngine *engine)
{
  if (!engine->options.schedule) {
    return PH_OK;
  }
  PhSchedule *self = engine->schedule = ph_engine_alloc(NULL, sizeof *self);
  if (!self) {
    return PH_NOMEM;
  }
  self->threads = engine->options.schedule;
  self->rows = engine->plan->strand_count + engine->plan->instrument_count;
  self->usual = ph_engine_alloc(NULL, (self->rows + 1) * sizeof *self->usual);
  self->critical = ph_engine_alloc(NULL, (self->rows + 1) * sizeof *self->critical);
  self->places = ph_engine_alloc(NULL, (self->rows + 2) * sizeof *self->places);
  return self->usual && self->critical && self->places ? PH_OK : PH_NOMEM;
}

void ph_schedule_free(PhSchedule *self)
{
  if (self) {
    free(self->sec);
    free(self->done);
    free(self->before);
    free(self->next);
    free(self->usual);
    free(self->critical);
    free(self->places);
    free(self);
  }
}

PhStatus ph_schedule_room(PhEngine *engine)
{
  PhSchedule *self = engine->schedule;
  const size_t tickets = engine->executor.ticket_count, tasks = tickets * engine->window.blocks;
  if (tasks > self->cap || tickets > self->next_cap) {
    free(self->sec);
    free(self->done);
    free(self->before);
    free(self->next);
    self->cap = 2 * tasks;
    self->next_cap = 2 * tickets;
    self->sec = ph_engine_alloc(NULL, self->cap * sizeof *self->sec);
    self->done = ph_engine_alloc(NULL, self->cap * sizeof *self->done);
    self->before = ph_engine_alloc(NULL, self->cap * sizeof *self->before);
    self->next = ph_engine_alloc(NULL, self->next_cap * sizeof *self->next);
  }
  return self->sec && self->done && self->before && self->next ? PH_OK : PH_NOMEM;
}

/* The row of a ticket: voices of an instrument are the instrument's. */
static size_t row_of(const PhEngine *engine, const PhTicket *ticket)
{
  const PhStrandState *state = &engine->strands[ticket->strand];
  if ((ticket->work == PH_WORK_BANK || ticket->work == PH_WORK_BANK_AND_SUM) && ticket->part < state->active_count) {
    const int32_t instrument = state->active_pools[ticket->part]->instrument;
    return instrument == PH_SAMPLES ? ticket->strand : engine->plan->strand_count + (size_t)instrument;
  }
  return ticket->strand;
}

void ph_schedule_task(PhEngine *engine, uint32_t ticket, uint32_t block, double sec)
{
  PhSchedule *self = engine->schedule;
  double *usual = &self->usual[row_of(engine, &engine->executor.tickets[ticket])];
  const double frame_sec = sec / engine->window.block_frames;
  const bool interrupted = *usual > 0 && frame_sec > INTERRUPTED * *usual;
  if (*usual == 0) {
    *usual = frame_sec;
  } else if (!interrupted) {
    *usual += (frame_sec - *usual) / 16;
  } else {
    *usual *= 1.05; /* if it goes on like this, it is usual */
  }
  self->sec[(size_t)ticket * engine->window.blocks + block] = (float)(interrupted ? *usual * engine->window.block_frames : sec);
}

/* When a task may begin, and what it waits for. Negative: it is not known yet. */
static double ready_at(const PhEngine *engine, uint32_t t, uint32_t block, int32_t *before)
{
  const PhSchedule *self = engine->schedule;
  const PhExecutor *executor = &engine->executor;
  const PhTicket *ticket = &executor->tickets[t];
  const uint32_t blocks = engine->window.blocks;
  double at = 0;
  *before = -1;
  if (block > 0) {
    *before = (int32_t)(t * blocks + block - 1);
    at = self->done[*before];
  }
  for (uint32_t i = 0; i < ticket->input_count; i++) {
    const uint32_t input = ticket->inputs ? executor->last_of_strand[ticket->inputs[i]] : ticket->first_bank + i;
    if (self->next[input] <= block) {
      return -1;
    }
    const double done = self->done[input * blocks + block];
    if (done > at) {
      at = done;
      *before = (int32_t)(input * blocks + block);
    }
  }
  return at;
}

/* Fetching what the code reads from other strands, as if all of it came from another core. */
static double fetch_sec(const PhEngine *engine, const PhTicket *ticket)
{
  const PhRun *run = &engine->strands[ticket->strand].run;
  uint32_t lanes = 0;
  for (uint32_t i = 0; ticket->work == PH_WORK_CODE && i < run->fix_count; i++) {
    lanes += run->fixes[i].k < run->code->instrs[run->fixes[i].op].in_count ? run->fixes[i].lanes : 0;
  }
  return FETCH_SEC * lanes * engine->window.block_frames;
}

/* A window as the executor's workers would run it: each goes through the tickets in a circle and takes what is ready. Gives how
   long it takes. */
static double share(const PhEngine *engine, double *busy)
{
  PhSchedule *self = engine->schedule;
  const uint32_t count = engine->executor.ticket_count, blocks = engine->window.blocks;
  double now[PH_SCHEDULE_THREADS] = { 0 }, end = 0;
  uint32_t at[PH_SCHEDULE_THREADS] = { 0 };
  for (uint32_t i = 1; i < self->threads; i++) {
    now[i] = WAKE_SEC;
  }
  memset(self->next, 0, count * sizeof *self->next);
  for (uint32_t left = count * blocks; left > 0;) {
    uint32_t w = 0;
    for (uint32_t i = 1; i < self->threads; i++) {
      w = now[i] < now[w] ? i : w;
    }
    double soonest = 1e30;
    bool taken = false;
    for (uint32_t i = 0; i < count && !taken; i++) {
      const uint32_t t = (at[w] + i) % count, block = self->next[t];
      int32_t before;
      const double ready = block < blocks ? ready_at(engine, t, block, &before) : -1;
      if (ready >= 0 && ready <= now[w]) {
        const double sec = (double)self->sec[(size_t)t * blocks + block] * (self->threads > 1 ? CACHE_SHARE : 1);
        taken = true;
        at[w] = t + 1;
        self->next[t]++;
        now[w] += sec + TASK_SEC + (self->threads > 1 ? fetch_sec(engine, &engine->executor.tickets[t]) : 0);
        busy[w] += sec;
        self->done[(size_t)t * blocks + block] = now[w];
        end = now[w] > end ? now[w] : end;
        left--;
      } else if (ready >= 0 && ready < soonest) {
        soonest = ready;
      }
    }
    if (!taken) {
      now[w] = soonest;
    }
  }
  return end + WINDOW_SEC;
}

/* The longest way through the window, by rows. */
static double follow_critical_path(PhEngine *engine)
{
  PhSchedule *self = engine->schedule;
  const uint32_t count = engine->executor.ticket_count, blocks = engine->window.blocks;
  memset(self->next, 0, count * sizeof *self->next);
  int32_t last = -1;
  for (uint32_t block = 0; block < blocks; block++) {
    for (uint32_t t = 0; t < count; t++) {
      const size_t task = (size_t)t * blocks + block;
      self->done[task] = ready_at(engine, t, block, &self->before[task]) + (double)self->sec[task];
      self->next[t] = block + 1;
      last = last < 0 || self->done[task] > self->done[last] ? (int32_t)task : last;
    }
  }
  const double sec = last < 0 ? 0 : self->done[last];
  for (; last >= 0; last = self->before[last]) {
    self->critical[row_of(engine, &engine->executor.tickets[(uint32_t)last / blocks])] += (double)self->sec[last];
  }
  return sec;
}

/* Whether the executor would run the window alone to compare. */
static bool is_tried(uint64_t number, double gain)
{
  const bool first = number >= TRIED_FIRST && number < TRIED_FIRST + ALONE_WINDOWS;
  return first || (number > TRIED_FIRST && number % (gain > LARGE_GAIN ? TRIED_SELDOM : TRIED_OFTEN) < ALONE_WINDOWS);
}

void ph_schedule_window(PhEngine *engine, double serial_sec)
{
  PhSchedule *self = engine->schedule;
  PhScheduleFigures *figures = &self->figures;
  const size_t tasks = (size_t)engine->executor.ticket_count * engine->window.blocks;
  double alone = 0, busy[PH_SCHEDULE_THREADS] = { 0 };
  for (size_t i = 0; i < tasks; i++) {
    alone += (double)self->sec[i];
  }
  const double shared = share(engine, busy);
  const bool shares = alone >= SMALL_SEC && shared < alone && !is_tried(self->windows, alone / shared);
  self->windows++;
  figures->frames += (uint64_t)(engine->window.end - engine->window.begin);
  figures->alone_sec += serial_sec + alone;
  figures->serial_sec += serial_sec;
  figures->shared_sec += serial_sec + (shares ? shared : alone);
  figures->critical_sec += serial_sec + follow_critical_path(engine);
  figures->busy_sec[0] += serial_sec + (shares ? busy[0] : alone);
  for (uint32_t i = 1; shares && i < self->threads; i++) {
    figures->busy_sec[i] += busy[i];
  }
}

static int longer(const void *a, const void *b)
{
  const PhSchedulePlace *x = a, *y = b;
  return x->sec != y->sec ? (x->sec > y->sec ? -1 : 1) : x->at.begin < y->at.begin ? -1 : x->at.begin > y->at.begin;
}

void ph_engine_schedule(PhEngine *engine, PhScheduleFigures *out)
{
  PhSchedule *self = engine->schedule;
  *out = (PhScheduleFigures){ 0 };
  if (!self) {
    return;
  }
  *out = self->figures;
  out->threads = self->threads;
  size_t count = 0;
  self->places[count++] = (PhSchedulePlace){ .name = "prepare, deliver", .sec = self->figures.serial_sec };
  for (size_t row = 0; row < self->rows; row++) {
    const bool is_strand = row < engine->plan->strand_count;
    const PhStrand *strand = &engine->plan->strands[is_strand ? row : 0];
    const size_t k = row - engine->plan->strand_count;
    const PhSource at = is_strand ? strand->at : engine->plan->instruments[k].at;
    const char *name = !is_strand                        ? engine->instruments[k].voices_name
                       : strand->kind == PH_STRAND_CODE ? strand->name
                                                        : "samples";
    if (self->critical[row] > 0) {
      self->places[count++] = (PhSchedulePlace){ .at = at, .name = name, .sec = self->critical[row] };
    }
  }
  qsort(self->places, count, sizeof *self->places, longer);
  out->places = self->places;
  out->place_count = count;
}
