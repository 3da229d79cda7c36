/* The wavefront: workers run tasks (strand, block, part) as soon as they may run.

   PROTOCOL. Each strand has a ticket: `next` holds block << 32 | part, the task to be taken next. A worker takes a part by
   adding 1 with a compare-and-swap (acquire). The first part of a block may be taken when all input strands have passed the
   block, that is, the block in their tickets is greater (acquire: their wires are then visible). Whoever finishes the last
   part (parts_done, acquire-release) sums the parts in their fixed order and moves the ticket to the next block (release).
   So within a strand blocks follow one another, and what a worker reads was written before.
   The window is open while OPEN is set in `gate`; the low bits count the workers inside, the caller not included. The
   caller prepares everything, opens (release), takes part, closes when no strand is left, and waits until the gate is
   empty (acquire): then everything is its own again. Nobody enters a closed gate.
   Between windows workers spin briefly and then sleep on a condition. `sleepers` and `gate` are sequentially consistent:
   either the worker sees the open gate or the caller sees the sleeper.
   [realtime] but for sleeping, which is outside of tasks.  SPDX-License-Identifier: MIT */
#include <sched.h>
#include <stdlib.h>

#include "engine/internal.h"

enum {
  SPINS = 2000,
  SPINS_BEFORE_YIELD = 64,
  SHARE_ANYWAY = 16        /* every so many windows, whatever they cost */
};

#define SHARE_SEC 50e-6   /* waking a worker costs about 10 us: less work than this is done sooner alone */

#define OPEN 0x80000000u

static void pause_cpu(void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static bool inputs_ready(const PhEngine *engine, uint32_t strand, uint64_t block)
{
  const PhStrandState *state = &engine->strands[strand];
  for (uint32_t i = 0; i < state->input_count; i++) {
    const PhTicket *input = &engine->executor.tickets[state->inputs[i]];
    if (atomic_load_explicit(&input->next, memory_order_acquire) >> 32 <= block) {
      return false;
    }
  }
  return true;
}

static void finish_part(PhWorker *worker, uint32_t strand, uint32_t block)
{
  PhEngine *engine = worker->engine;
  PhExecutor *executor = &engine->executor;
  PhTicket *ticket = &executor->tickets[strand];
  if (atomic_fetch_add_explicit(&ticket->parts_done, 1, memory_order_acq_rel) + 1 < ticket->parts) {
    return;
  }
  ph_strand_sum(worker, strand, block);
  atomic_store_explicit(&ticket->parts_done, 0, memory_order_relaxed);
  const bool last = block + 1 == engine->window.blocks;
  atomic_store_explicit(&ticket->next, (uint64_t)(block + 1) << 32, memory_order_release);
  if (last) {
    atomic_fetch_sub_explicit(&executor->left, 1, memory_order_acq_rel);
  }
}

static void run_task(PhWorker *worker, uint32_t strand, uint32_t block, uint32_t part)
{
  PhEngine *engine = worker->engine;
  const bool clocked = engine->executor.count > 1 || worker->trace.cap;
  const uint64_t begin = clocked ? ph_ticks() : 0;
  ph_strand_part(worker, strand, block, part);
  finish_part(worker, strand, block);
  worker->busy_ticks += clocked ? ph_ticks() - begin : 0;
  if (worker->trace.cap) {
    const PhStrandState *state = &engine->strands[strand];
    ph_trace_add(&worker->trace,
                 (PhTraceEvent){ .begin = begin, .what = strand, .part = part,
                                 .frame = engine->window.begin + (int64_t)block * engine->window.block_frames,
                                 .instrument = part < state->active_count ? state->active_pools[part]->instrument : PH_SAMPLES });
  }
}

/* Runs one task of the strand if one may run. */
static bool try_strand(PhWorker *worker, uint32_t strand)
{
  PhEngine *engine = worker->engine;
  PhTicket *ticket = &engine->executor.tickets[strand];
  uint64_t next = atomic_load_explicit(&ticket->next, memory_order_acquire);
  const uint32_t block = (uint32_t)(next >> 32), part = (uint32_t)next;
  if (block >= engine->window.blocks || part >= ticket->parts || (part == 0 && !inputs_ready(engine, strand, block))) {
    return false;
  }
  if (!atomic_compare_exchange_strong_explicit(&ticket->next, &next, next + 1, memory_order_acquire, memory_order_relaxed)) {
    return false;
  }
  run_task(worker, strand, block, part);
  return true;
}

static void run_tasks(PhWorker *worker)
{
  PhEngine *engine = worker->engine;
  PhExecutor *executor = &engine->executor;
  const uint32_t count = engine->plan->strand_count;
  uint32_t idle = 0;
  while (atomic_load_explicit(&executor->left, memory_order_acquire) > 0) {
    bool progress = false;
    for (uint32_t s = 0; s < count; s++) {
      progress |= try_strand(worker, s);
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
  while (!atomic_load_explicit(&executor->quit, memory_order_acquire)) {
    if (enter(executor)) {
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

void ph_executor_run(PhEngine *engine)
{
  PhExecutor *executor = &engine->executor;
  const uint32_t count = engine->plan->strand_count;
  for (uint32_t s = 0; s < count; s++) {
    PhTicket *ticket = &executor->tickets[s];
    const uint32_t active = engine->strands[s].active_count;
    ticket->parts = active ? active : 1;
    atomic_store_explicit(&ticket->parts_done, 0, memory_order_relaxed);
    atomic_store_explicit(&ticket->next, 0, memory_order_relaxed);
  }
  /* The last window tells what this one will cost; who runs it changes nothing that can be heard. */
  uint64_t busy = 0;
  for (uint32_t i = 0; i < executor->count; i++) {
    busy += executor->workers[i].busy_ticks;
    executor->workers[i].busy_ticks = 0;
  }
  const bool share = executor->count > 1 && ((double)busy * engine->tick_sec > SHARE_SEC || executor->windows % SHARE_ANYWAY == 0);
  executor->windows++;
  atomic_store_explicit(&executor->left, count, memory_order_relaxed);
  if (share) {
    share_window(executor);
  } else {
    run_tasks(&executor->workers[0]);
  }
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
  if (pthread_mutex_init(&executor->mutex, NULL) != 0) {
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
  executor->tickets = ph_engine_alloc(NULL, (engine->plan->strand_count + 1) * sizeof *executor->tickets);
  if (!executor->workers || !executor->tickets) {
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

static void exchange(void *a, void *b, size_t bytes)
{
  unsigned char *x = a, *y = b;
  for (size_t i = 0; i < bytes; i++) {
    const unsigned char kept = x[i];
    x[i] = y[i];
    y[i] = kept;
  }
}

void ph_executor_swap(PhExecutor *executor, PhExecutor *spare)
{
  exchange(&executor->sizes, &spare->sizes, sizeof executor->sizes);
  exchange(&executor->tickets, &spare->tickets, sizeof executor->tickets);
  for (uint32_t i = 0; i < executor->count; i++) {
    exchange(&executor->workers[i].run, &spare->workers[i].run, sizeof executor->workers[i].run);
    exchange(&executor->workers[i].locals, &spare->workers[i].locals, sizeof executor->workers[i].locals);
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
  if (executor->has_mutex) {
    pthread_mutex_destroy(&executor->mutex);
    pthread_cond_destroy(&executor->wake);
  }
}
