/* The wavefront: workers run tasks (ticket, block) as soon as they may run.

   PROTOCOL. There is a ticket for all work of which the blocks must follow one another: the code of a strand, a bank of voices, the sum
   of a strand's banks. `next` is twice the block to be worked on next, and 1 more while somebody does. A worker takes the block by
   adding 1 with a compare-and-swap (acquire), if the tickets that it reads from have passed the block (acquire: their wires are
   then visible), and adds 1 again when it is done (release). What the last block of a window wrote is read by nobody but the
   tasks of that window and the caller, so wires and banks have room for a whole window, and nobody waits for readers.
   The window is open while OPEN is set in `gate`; the low bits count the workers inside, the caller not included. The
   caller prepares everything, opens (release), takes part, closes when no ticket is left, and waits until the gate is
   empty (acquire): then everything is its own again. Nobody enters a closed gate.
   Between windows workers spin briefly and then sleep on a condition. `sleepers` and `gate` are sequentially consistent:
   either the worker sees the open gate or the caller sees the sleeper.
   Tickets stand in an order in which what is read from comes first, so one worker alone just goes through them, block by block.
   [realtime] but for sleeping, which is outside of tasks.  SPDX-License-Identifier: MIT */
#include <sched.h>
#include <stdlib.h>

#include "engine/internal.h"

enum {
  SPINS = 2000,
  SPINS_BEFORE_YIELD = 64,
  TRY_FIRST = 3,           /* times that alone and shared are compared at the beginning, if once is not clear */
  TRY_ALONE_SELDOM = 128,  /* windows: while sharing pays much, */
  TRY_ALONE_OFTEN = 32,    /* while it pays little, */
  ALONE_WINDOWS = 2,       /* so many in a row, */
  TRY_SHARED_EVERY = 64,   /* and while it does not, */
  TRY_SHARED_WINDOWS = 3,  /* so many in a row */
  TRY_SMALL_EVERY = 16,
  TRY_SMALL_WINDOWS = 64,
  LOOK_EVERY = 256,        /* windows: whether the caller's priority has changed */
  ENOUGH_TICKETS = 3
};

#define CLEAR_GAIN 1.2
#define LARGE_GAIN 1.5
#define SHARE_SEC 20e-6   /* waking a worker costs about 10 us: less work than this is done sooner alone */

#define OPEN 0x80000000u

static void pause_cpu(void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* Whether what the ticket reads from has passed the block. */
static bool inputs_ready(const PhExecutor *executor, const PhTicket *ticket, uint32_t block)
{
  for (uint32_t i = 0; i < ticket->input_count; i++) {
    const uint32_t input = ticket->inputs ? executor->last_of_strand[ticket->inputs[i]] : ticket->first_bank + i;
    if (atomic_load_explicit(&executor->tickets[input].next, memory_order_acquire) <= 2 * block + 1) {
      return false;
    }
  }
  return true;
}

static void run_task(PhWorker *worker, const PhTicket *ticket, uint32_t block)
{
  PhEngine *engine = worker->engine;
  const uint64_t begin = worker->trace.cap ? ph_ticks() : 0;
  if (ticket->work != PH_WORK_SUM) {
    ph_strand_part(worker, ticket->strand, block, ticket->part);
  }
  if (ticket->work >= PH_WORK_SUM) {
    ph_strand_sum(worker, ticket->strand, block);
  }
  if (worker->trace.cap) {
    const PhStrandState *state = &engine->strands[ticket->strand];
    const bool bank = ticket->work != PH_WORK_SUM && ticket->part < state->active_count;
    ph_trace_add(&worker->trace, (PhTraceEvent){
      .begin = begin, .what = ticket->strand, .part = ticket->part,
      .frame = engine->window.begin + (int64_t)block * engine->window.block_frames,
      .instrument = bank ? state->active_pools[ticket->part]->instrument : ticket->work == PH_WORK_SUM ? PH_TRACE_SUM : PH_SAMPLES });
  }
}

/* Runs the next block of the ticket if it may run. */
static bool try_ticket(PhWorker *worker, PhTicket *ticket)
{
  PhExecutor *executor = &worker->engine->executor;
  uint32_t next = atomic_load_explicit(&ticket->next, memory_order_relaxed);
  const uint32_t block = next / 2;
  if (next % 2 || block >= worker->engine->window.blocks || !inputs_ready(executor, ticket, block)) {
    return false;
  }
  if (!atomic_compare_exchange_strong_explicit(&ticket->next, &next, next + 1, memory_order_acquire, memory_order_relaxed)) {
    return false;
  }
  run_task(worker, ticket, block);
  atomic_store_explicit(&ticket->next, next + 2, memory_order_release);
  if (block + 1 == worker->engine->window.blocks) {
    atomic_fetch_sub_explicit(&executor->left, 1, memory_order_acq_rel);
  }
  return true;
}

static void run_tasks(PhWorker *worker)
{
  PhExecutor *executor = &worker->engine->executor;
  uint32_t idle = 0;
  while (atomic_load_explicit(&executor->left, memory_order_acquire) > 0) {
    bool progress = false;
    for (uint32_t i = 0; i < executor->ticket_count; i++) {
      progress |= try_ticket(worker, &executor->tickets[i]);
    }
    idle = progress ? 0 : idle + 1;
    if (idle > SPINS_BEFORE_YIELD) {
      sched_yield();
    } else if (idle) {
      pause_cpu();
    }
  }
}

static bool enter(PhExecutor *executor)
{
  uint32_t gate = atomic_load_explicit(&executor->gate, memory_order_seq_cst);
  while (gate & OPEN) {
    if (atomic_compare_exchange_weak_explicit(&executor->gate, &gate, gate + 1, memory_order_acquire, memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

static void sleep_until_open(PhExecutor *executor)
{
  pthread_mutex_lock(&executor->mutex);
  atomic_fetch_add(&executor->sleepers, 1);
  while (!(atomic_load(&executor->gate) & OPEN) && !atomic_load(&executor->quit)) {
    pthread_cond_wait(&executor->wake, &executor->mutex);
  }
  atomic_fetch_sub(&executor->sleepers, 1);
  pthread_mutex_unlock(&executor->mutex);
}

static void *work(void *arg)
{
  PhWorker *worker = arg;
  PhExecutor *executor = &worker->engine->executor;
  uint32_t idle = 0;
  int priority = 0;
  ph_os_name_thread("phonon worker");
  while (!atomic_load_explicit(&executor->quit, memory_order_acquire)) {
    if (enter(executor)) {
      const int wanted = atomic_load_explicit(&executor->priority, memory_order_relaxed);
      if (wanted > 0 && wanted != priority) {
        (void)ph_os_realtime(priority = wanted);
      }
      run_tasks(worker);
      atomic_fetch_sub_explicit(&executor->gate, 1, memory_order_release);
      pause_cpu();
      idle = 0;
    } else if (++idle < SPINS) {
      pause_cpu();
    } else {
      sleep_until_open(executor);
      idle = 0;
    }
  }
  return NULL;
}

static void share_window(PhExecutor *executor)
{
  atomic_store(&executor->gate, OPEN);
  if (atomic_load(&executor->sleepers) > 0) {
    pthread_mutex_lock(&executor->mutex);
    pthread_cond_broadcast(&executor->wake);
    pthread_mutex_unlock(&executor->mutex);
  }
  run_tasks(&executor->workers[0]);
  atomic_fetch_and_explicit(&executor->gate, ~OPEN, memory_order_acq_rel);
  for (uint32_t idle = 0; atomic_load_explicit(&executor->gate, memory_order_acquire) != 0; idle++) {
    if (idle > SPINS_BEFORE_YIELD) {
      sched_yield();
    } else {
      pause_cpu();
    }
  }
}

static void run_alone(PhWorker *worker)
{
  PhEngine *engine = worker->engine;
  for (uint32_t block = 0; block < engine->window.blocks; block++) {
    for (uint32_t i = 0; i < engine->executor.ticket_count; i++) {
      const uint64_t begin = engine->schedule ? ph_ticks() : 0;
      run_task(worker, &engine->executor.tickets[i], block);
      if (engine->schedule) {
        ph_schedule_task(engine, i, block, (double)(ph_ticks() - begin) * engine->tick_sec);
      }
    }
  }
}

/* ---- what to share ---- */

static void add_ticket(PhExecutor *executor, PhWork work, uint32_t strand, uint32_t part, const PhStrandState *state)
{
  PhTicket *ticket = &executor->tickets[executor->ticket_count++];
  atomic_store_explicit(&ticket->next, 0, memory_order_relaxed);
  ticket->work = work;
  ticket->strand = strand;
  ticket->part = part;
  ticket->inputs = state->inputs;
  ticket->input_count = state->input_count;
}

/* The tickets of the window. */
static void make_tickets(PhEngine *engine)
{
  PhExecutor *executor = &engine->executor;
  executor->ticket_count = 0;
  for (uint32_t s = 0; s < engine->plan->strand_count; s++) {
    const bool code = engine->plan->strands[s].kind == PH_STRAND_CODE;
    const PhStrandState *state = &engine->strands[s];
    const uint32_t banks = state->active_count, first = executor->ticket_count;
    if (code || banks <= 1) {
      add_ticket(executor, code ? PH_WORK_CODE : PH_WORK_BANK_AND_SUM, s, 0, state);
    } else {
      for (uint32_t part = 0; part < banks; part++) {
        add_ticket(executor, PH_WORK_BANK, s, part, state);
      }
      add_ticket(executor, PH_WORK_SUM, s, 0, state);
      PhTicket *sum = &executor->tickets[executor->ticket_count - 1];
      sum->inputs = NULL;
      sum->first_bank = first;
      sum->input_count = banks;
    }
    executor->last_of_strand[s] = executor->ticket_count - 1;
  }
}

/* The median of what was found lately: an interruption of one window changes little. */
static double gain_of(const PhExecutor *executor)
{
  double sorted[PH_GAINS];
  uint32_t count = 0;
  for (; count < PH_GAINS && count < executor->gain_count; count++) {
    uint32_t at = count;
    for (; at > 0 && sorted[at - 1] > executor->gains[count]; at--) {
      sorted[at] = sorted[at - 1];
    }
    sorted[at] = executor->gains[count];
  }
  return count ? sorted[(count - 1) / 2] : 1;
}

/* Notes what a window took. The second one alone after two shared ones tells what sharing gains, since neighbours have about the same to
   do: the first shared one had to wake the workers, and the first one alone fetches what lies in the other core's cache. */
static void note_window(PhExecutor *executor, bool shared, double ticks)
{
  executor->last_ticks = ticks;
  if (shared) {
    executor->shared_run = executor->alone_run ? 1 : executor->shared_run + 1;
    executor->alone_run = 0;
    executor->shared_ticks = ticks;
    return;
  }
  executor->alone_run++;
  if (executor->alone_run == ALONE_WINDOWS && executor->shared_run >= 2) {
    executor->gains[executor->gain_count++ % PH_GAINS] = ticks / executor->shared_ticks;
    executor->gain = gain_of(executor);
  }
}

/* Who runs a window changes nothing that can be heard, so what was quicker so far decides; at times the other way is tried. What is
   too small to gain anything is shared only at the beginning, now and then. */
static bool worth_sharing(const PhExecutor *executor, double tick_sec, uint32_t frames)
{
  const uint64_t number = executor->windows;
  if (executor->count < 2) {
    return false;
  }
  const double gain = executor->gain_count ? executor->gain : 1;
  const bool was_shared = executor->shared_run && !executor->alone_run;
  const double alone_ticks = executor->last_ticks * (was_shared && gain > 1 ? gain : 1);
  if (number > 0 && alone_ticks * frames * tick_sec < SHARE_SEC) {
    return number < TRY_SMALL_WINDOWS && number % TRY_SMALL_EVERY == 0;
  }
  if (executor->gain_count < 1 || (executor->gain_count < TRY_FIRST && gain < CLEAR_GAIN)) {
    return executor->alone_run ? executor->alone_run >= ALONE_WINDOWS : executor->shared_run < 2;
  }
  return gain >= 1 ? number % (gain > LARGE_GAIN ? TRY_ALONE_SELDOM : TRY_ALONE_OFTEN) >= ALONE_WINDOWS : number % TRY_SHARED_EVERY < TRY_SHARED_WINDOWS;
}

/* A single block is cut, so that it can be shared, only where few tickets can begin at once. */
static uint32_t task_frames(const PhEngine *engine, bool share)
{
  const PhExecutor *executor = &engine->executor;
  const uint32_t workers = engine->schedule ? engine->options.schedule : executor->count;
  uint32_t roots = 0;
  for (uint32_t i = 0; i < executor->ticket_count; i++) {
    roots += executor->tickets[i].input_count == 0;
  }
  const bool whole = engine->options.window == 1 && roots >= ENOUGH_TICKETS * workers;
  return share && !whole ? engine->grain_frames : engine->grain_alone_frames;
}

void ph_executor_run(PhEngine *engine)
{
  PhExecutor *executor = &engine->executor;
  PhWindow *window = &engine->window;
  const uint32_t frames = (uint32_t)(window->end - window->begin);
  const bool share = worth_sharing(executor, engine->tick_sec, frames);
  make_tickets(engine);
  window->block_frames = task_frames(engine, share || engine->schedule);
  window->blocks = (frames + window->block_frames - 1) / window->block_frames;
  executor->windows++;
  if (engine->schedule && ph_schedule_room(engine) != PH_OK) {
    ph_trap_raise(&engine->trap, PH_NOMEM, "%s", ph_status_text(PH_NOMEM));
  }
  const uint64_t begin = ph_ticks();
  atomic_store_explicit(&executor->left, executor->ticket_count, memory_order_relaxed);
  if (share) {
    if (executor->looked++ % LOOK_EVERY == 0) { /* the workers are to be as urgent as who waits for them */
      atomic_store_explicit(&executor->priority, ph_os_priority(), memory_order_relaxed);
    }
    share_window(executor);
  } else if (engine->fade_end) {
    run_tasks(&executor->workers[0]); /* a ghost may read what a later strand writes */
  } else {
    run_alone(&executor->workers[0]);
  }
  if (executor->count > 1) {
    note_window(executor, share, (double)(ph_ticks() - begin) / frames);
  }
}

PhStatus ph_executor_room(PhEngine *engine, uint32_t banks)
{
  PhExecutor *executor = &engine->executor;
  const size_t wanted = 2 * (size_t)engine->plan->strand_count + banks + 1;
  if (wanted > executor->ticket_cap) {
    free(executor->tickets);
    executor->ticket_cap = 0;
    executor->tickets = ph_engine_alloc(NULL, 2 * wanted * sizeof *executor->tickets);
    executor->ticket_cap = executor->tickets ? 2 * wanted : 0;
  }
  return executor->tickets ? PH_OK : PH_NOMEM;
}

/* ---- starting and ending ---- */

static uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

static PhSizes largest_instrument(const PhPlan *plan, const PhSizes *least)
{
  PhSizes sizes = *least;
  for (uint32_t k = 0; k < plan->instrument_count; k++) {
    const PhInstrument *instrument = &plan->instruments[k];
    uint32_t inputs = 0;
    for (uint32_t i = 0; i < instrument->code.instr_count; i++) {
      inputs += instrument->code.instrs[i].in_count;
    }
    sizes.instrs = larger(sizes.instrs, instrument->code.instr_count);
    sizes.steps = larger(sizes.steps, instrument->code.step_instr_count);
    sizes.inputs = larger(sizes.inputs, inputs);
    sizes.slots = larger(sizes.slots, instrument->slot_count);
    sizes.locals = larger(sizes.locals, instrument->code.local_count);
  }
  return sizes;
}

static PhStatus init_worker(PhEngine *engine, uint32_t index, const PhSizes *sizes)
{
  PhWorker *worker = &engine->executor.workers[index];
  worker->engine = engine;
  worker->index = index;
  worker->locals = ph_engine_alloc(NULL, ((size_t)sizes->locals * PH_CHUNK_FRAMES * PH_BANK_LANES + 1) * sizeof(float));
  const PhStatus status =
      ph_run_init(&worker->run, sizes->instrs, sizes->steps, sizes->inputs, sizes->slots, engine->options.profile);
  worker->fx_locals = ph_engine_alloc(NULL, (size_t)PH_CHAIN_LOCALS * PH_CHUNK_FRAMES * PH_BANK_LANES * sizeof(float));
  const PhStatus fx_status =
      ph_run_init(&worker->fx_run, PH_CHAIN_INSTRS, 0, PH_CHAIN_INPUTS, PH_CHAIN_SLOTS, engine->options.profile);
  worker->run.tick_cost = worker->fx_run.tick_cost = engine->tick_cost;
  return worker->locals && worker->fx_locals && fx_status == PH_OK ? status : PH_NOMEM;
}

static PhStatus start_threads(PhExecutor *executor)
{
  if (ph_os_init_mutex(&executor->mutex) != PH_OK) {
    return PH_NOMEM;
  }
  if (pthread_cond_init(&executor->wake, NULL) != 0) {
    pthread_mutex_destroy(&executor->mutex);
    return PH_NOMEM;
  }
  executor->has_mutex = true;
  for (uint32_t i = 1; i < executor->count; i++) {
    PhWorker *worker = &executor->workers[i];
    worker->running = pthread_create(&worker->thread, NULL, work, worker) == 0;
    if (!worker->running) { /* fewer workers: the same samples, later */
      break;
    }
  }
  return PH_OK;
}

PhStatus ph_executor_init(PhEngine *engine, const PhSizes *least, bool idle)
{
  PhExecutor *executor = &engine->executor;
  executor->sizes = largest_instrument(engine->plan, least);
  executor->count = engine->options.threads;
  executor->workers = ph_engine_alloc(NULL, executor->count * sizeof *executor->workers);
  executor->last_of_strand = ph_engine_alloc(NULL, (engine->plan->strand_count + 1) * sizeof *executor->last_of_strand);
  if (!executor->workers || !executor->last_of_strand || ph_executor_room(engine, 0) != PH_OK) {
    return PH_NOMEM;
  }
  PhStatus status = PH_OK;
  for (uint32_t i = 0; status == PH_OK && i < executor->count; i++) {
    status = init_worker(engine, i, &executor->sizes);
  }
  for (uint32_t i = 0; status == PH_OK && !idle && i < executor->count; i++) {
    status = ph_trace_init(&executor->workers[i].trace, engine->options.trace_events);
  }
  if (status == PH_OK && !idle) {
    status = start_threads(executor);
  }
  return status;
}

void ph_executor_swap(PhExecutor *executor, PhExecutor *spare)
{
  ph_exchange(&executor->sizes, &spare->sizes, sizeof executor->sizes);
  ph_exchange(&executor->tickets, &spare->tickets, sizeof executor->tickets);
  ph_exchange(&executor->ticket_cap, &spare->ticket_cap, sizeof executor->ticket_cap);
  ph_exchange(&executor->last_of_strand, &spare->last_of_strand, sizeof executor->last_of_strand);
  for (uint32_t i = 0; i < executor->count; i++) {
    ph_exchange(&executor->workers[i].run, &spare->workers[i].run, sizeof executor->workers[i].run);
    ph_exchange(&executor->workers[i].locals, &spare->workers[i].locals, sizeof executor->workers[i].locals);
    executor->workers[i].trace.len = 0; /* its strands are gone */
  }
}

void ph_executor_deinit(PhEngine *engine)
{
  PhExecutor *executor = &engine->executor;
  if (executor->has_mutex) {
    pthread_mutex_lock(&executor->mutex);
    atomic_store(&executor->quit, true);
    pthread_cond_broadcast(&executor->wake);
    pthread_mutex_unlock(&executor->mutex);
  }
  for (uint32_t i = 0; executor->workers && i < executor->count; i++) {
    PhWorker *worker = &executor->workers[i];
    if (worker->running) {
      pthread_join(worker->thread, NULL);
    }
  }
  for (uint32_t i = 0; executor->workers && i < executor->count; i++) {
    ph_run_deinit(&executor->workers[i].run);
    free(executor->workers[i].locals);
    ph_run_deinit(&executor->workers[i].fx_run);
    free(executor->workers[i].fx_locals);
    free(executor->workers[i].trace.events);
  }
  free(executor->workers);
  free(executor->tickets);
  free(executor->last_of_strand);
  if (executor->has_mutex) {
    pthread_mutex_destroy(&executor->mutex);
    pthread_cond_destroy(&executor->wake);
  }
}
