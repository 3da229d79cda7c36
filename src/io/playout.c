/* The transport between a render thread and a device's callback.  SPDX-License-Identifier: MIT */
#include "io/playout.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ring.h"

enum {
  CHUNK_FRAMES = 1024,   /* at a time while what has passed is rendered and dropped */
  PRIORITY_BELOW = 5,    /* the render thread is that much below the callback's */
  PRIORITY_DEFAULT = 10, /* where the callback's is unknown */
  AHEAD_BLOCKS_LEAST = 2
};

#define RETRY_SEC 0.5        /* between attempts to open a lost device */
#define TELL_SEC 1.0         /* underruns and xruns are told that often at most */
#define CLOCKLESS_SEC 0.0001 /* between two looks at a device that takes frames as fast as they come */
#define CLOCK_SEC 0.01       /* how often the transport moves while there is no device */

typedef enum State { STATE_OPEN, STATE_PLAYING, STATE_LOST, STATE_RATE, STATE_ENDED } State;

typedef struct Frame {
  float left, right;
} Frame;

/* Who owns what. The control thread starts and joins the render thread, and opens and closes the stream; what it writes of the other
   parts it writes while they are not there, or while `go` is false, which the callback looks at first. `go` is set by the
   render thread, with release, once the ring is full for the first time. */
struct PhPlayout {
  /* The control thread's. */
  PhPlayoutOptions options;
  PhAudioStream *stream; /* NULL: lost */
  PhAudioGranted granted;
  State state;
  pthread_t thread;
  bool has_thread, has_failed_told;
  int64_t lost_ns, next_try_ns, ended_ns, told_ns;
  uint64_t underruns_told, underrun_frames_told, xruns;
  char reason[PH_IO_ERROR_BYTES];

  /* Set by the control thread before the render thread starts, constant while it runs. */
  PhPlayoutRender *render;
  void *ctx;
  double rate;         /* the source's */
  size_t ahead_frames; /* what the ring is kept filled to */
  uint32_t block_frames;
  bool by_clock;   /* there is no device */
  bool has_anchor; /* at anchor_ns the frame anchor_frame was due */
  int64_t anchor_ns, anchor_frame;

  /* The render thread's. */
  int64_t produced; /* frames of the source so far */
  Frame *scratch;   /* CHUNK_FRAMES, or a block */
  int64_t first;    /* of the source, of those in the ring when `go` is set */

  PhRing ring; /* of Frame: render thread → callback */

  /* The callback's. */
  bool has_begun;
  int64_t owed;            /* frames by which it is behind the transport; below 0: it is too early */
  int64_t position;        /* of the source: the next frame that leaves the ring */
  int64_t faded, fade_len; /* frames of the fade that are played, of */

  /* Written by the callback, read by all. */
  _Atomic int64_t due_frame, due_ns; /* the transport when it last was called */
  _Atomic int64_t zero_ns;           /* both in one: when frame 0 was due */
  _Atomic uint32_t clock_offset;     /* of the server's clock from it, modulo 2^32 */
  _Atomic uint64_t underruns, underrun_frames;
  _Atomic uint32_t longest_frames; /* that were ever asked for at once: a server may change its block */
  /* Written by the render thread. */
  atomic_bool go, is_done, is_realtime; /* is_done: the source has no more frames */
  _Atomic uint64_t slowest; /* a block: µs by the clock, then 32 bits of µs on a core; the control thread sets it back to 0 */
  atomic_int failure;                   /* PhStatus of the source */
  _Atomic int64_t total; /* frames of the source, -1: without end; at first the control thread's, then the source may say that it has ended */
  /* Written by the control thread. */
  atomic_bool quit;
  _Atomic int64_t fade_frames; /* 0: no fade is wanted */
  /* Written by either: the render thread has no ring to end without a device. */
  atomic_bool has_ended;
};

/* ---- the transport ----------------------------------------------------------------------------------------------- */

/* [realtime] The frame that is due at a time. */
static int64_t frame_at(const PhPlayout *p, int64_t ns)
{
  return p->anchor_frame + (int64_t)((double)(ns - p->anchor_ns) * p->rate * 1e-9);
}

static int64_t total_of(const PhPlayout *p) { return atomic_load_explicit(&p->total, memory_order_relaxed); }

static bool is_past_end(const PhPlayout *p, int64_t frame)
{
  const int64_t total = total_of(p);
  return total >= 0 && frame >= total;
}

/* [realtime] What the ring is kept filled to: as much as is wanted, and two blocks of the device's at least. */
static size_t ahead_of(const PhPlayout *p)
{
  const size_t least = AHEAD_BLOCKS_LEAST * (size_t)atomic_load_explicit(&p->longest_frames, memory_order_relaxed);
  const size_t wanted = p->ahead_frames > least ? p->ahead_frames : least;
  return wanted < p->ring.capacity ? wanted : p->ring.capacity;
}

/* ---- the callback ------------------------------------------------------------------------------------------------ */

static void copy_out(const PhPlayout *p, const PhRingSpan spans[2], float *const *out, uint32_t channels, uint32_t at)
{
  const uint32_t left = p->options.out_map[0] - 1;
  const uint32_t right = p->options.out_map[1] - 1;
  for (int s = 0; s < 2; s++) {
    const Frame *frames = spans[s].at;
    for (size_t i = 0; i < spans[s].count; i++, at++) {
      if (channels == 1) {
        out[0][at] = 0.5f * (frames[i].left + frames[i].right);
      } else {
        out[left][at] = frames[i].left;
        out[right][at] = frames[i].right;
      }
    }
  }
}

/* What came too late is dropped, but only once the render thread is ahead again: with too much to do, a sound with gaps
   is better than none, and after a single hitch the sound is in phase again. */
static void drop_late(PhPlayout *p, uint32_t frames)
{
  const size_t count = ph_ring_count(&p->ring);
  const bool is_full = count + p->block_frames > ahead_of(p);
  if (p->owed > 0 && count > frames && (is_full || atomic_load_explicit(&p->is_done, memory_order_acquire))) {
    const size_t spare = count - frames;
    const size_t drop = (uint64_t)p->owed < spare ? (size_t)p->owed : spare;
    PhRingSpan spans[2];
    ph_ring_read_end(&p->ring, ph_ring_read_begin(&p->ring, drop, spans));
    p->owed -= (int64_t)drop;
    p->position += (int64_t)drop;
  }
}

/* A straight line from 1 to 0, over all channels. */
static void fade_out(PhPlayout *p, float *const *out, uint32_t channels, uint32_t frames)
{
  const int64_t len = atomic_load_explicit(&p->fade_frames, memory_order_acquire);
  for (uint32_t i = 0; len > 0 && i < frames; i++) {
    const float gain = p->faded < len ? 1.0f - (float)p->faded / (float)len : 0.0f;
    for (uint32_t c = 0; c < channels; c++) {
      out[c][i] = gain > 0 ? out[c][i] * gain : 0.0f;
    }
    p->faded++;
  }
  if (len > 0 && p->faded >= len) {
    atomic_store_explicit(&p->has_ended, true, memory_order_release);
  }
}

/* Takes what there is; gives the number of frames that should have been there and were not. */
static uint32_t take_frames(PhPlayout *p, float *const *out, uint32_t channels, uint32_t at, uint32_t frames)
{
  PhRingSpan spans[2];
  const size_t got = ph_ring_read_begin(&p->ring, frames - at, spans);
  copy_out(p, spans, out, channels, at);
  ph_ring_read_end(&p->ring, got);
  p->position += (int64_t)got;
  const int64_t missing = (int64_t)(frames - at) - (int64_t)got;
  const int64_t total = total_of(p);
  const int64_t left = total < 0 ? missing : total - p->position - p->owed;
  return (uint32_t)(missing < left ? missing : left > 0 ? left : 0);
}

void ph_playout_process(void *ctx, float *const *out, uint32_t channels, uint32_t frames)
{
  PhPlayout *p = ctx;
  for (uint32_t c = 0; c < channels; c++) {
    memset(out[c], 0, frames * sizeof(float));
  }
  if (frames > atomic_load_explicit(&p->longest_frames, memory_order_relaxed)) {
    atomic_store_explicit(&p->longest_frames, frames, memory_order_relaxed);
  }
  if (!atomic_load_explicit(&p->go, memory_order_acquire)) {
    return;
  }
  const int64_t now = ph_os_now_ns();
  if (!p->has_begun) {
    p->has_begun = true;
    p->position = p->first;
    p->owed = p->has_anchor ? frame_at(p, now) - p->first : 0;
  }
  const int64_t due = p->position + p->owed;
  atomic_store_explicit(&p->due_frame, due, memory_order_relaxed);
  atomic_store_explicit(&p->due_ns, now, memory_order_release);
  atomic_store_explicit(&p->zero_ns, now - (int64_t)((double)due / p->rate * 1e9), memory_order_relaxed);
  if (p->stream) { /* set before `go` */
    const uint32_t clock = atomic_load_explicit(&p->stream->clock, memory_order_relaxed);
    atomic_store_explicit(&p->clock_offset, clock - (uint32_t)(uint64_t)due, memory_order_relaxed);
  }
  uint32_t at = 0;
  if (p->owed < 0) {
    at = -p->owed < (int64_t)frames ? (uint32_t)-p->owed : frames;
    p->owed += at;
  }
  drop_late(p, frames - at);
  const uint32_t missing = take_frames(p, out, channels, at, frames);
  if (missing > 0 && atomic_load_explicit(&p->failure, memory_order_relaxed) != PH_OK) {
    atomic_store_explicit(&p->has_ended, true, memory_order_release);
  } else if (missing > 0) {
    p->owed += missing;
    atomic_fetch_add_explicit(&p->underruns, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&p->underrun_frames, missing, memory_order_relaxed);
  }
  fade_out(p, out, channels, frames);
  if (is_past_end(p, p->position + p->owed)) {
    atomic_store_explicit(&p->has_ended, true, memory_order_release);
  }
}

/* [realtime] Whether a device without a clock can take a block: all of it, or what is left at the end. */
static bool is_ready(void *ctx, uint32_t frames)
{
  PhPlayout *p = ctx;
  if (!atomic_load_explicit(&p->go, memory_order_acquire) ||
      atomic_load_explicit(&p->has_ended, memory_order_acquire)) {
    return false;
  }
  return atomic_load_explicit(&p->is_done, memory_order_acquire) || ph_ring_count(&p->ring) >= frames;
}

/* ---- the render thread ------------------------------------------------------------------------------------------- */

static void note_failure(PhPlayout *p, PhStatus status)
{
  atomic_store(&p->failure, (int)status);
  atomic_store_explicit(&p->is_done, true, memory_order_release);
}

/* Renders at most `most` frames into the scratch; gives their number, 0 when there are no more. */
static uint32_t render_some(PhPlayout *p, uint32_t most)
{
  const int64_t total = total_of(p);
  const int64_t left = total < 0 ? most : total - p->produced;
  const uint32_t count = left < (int64_t)most ? (uint32_t)(left > 0 ? left : 0) : most;
  if (count == 0 || atomic_load_explicit(&p->is_done, memory_order_relaxed)) {
    atomic_store_explicit(&p->is_done, true, memory_order_release);
    return 0;
  }
  const PhStatus status = p->render(p->ctx, count, &p->scratch[0].left);
  if (status == PH_CANCELLED) {
    atomic_store_explicit(&p->total, p->produced, memory_order_relaxed);
    atomic_store_explicit(&p->is_done, true, memory_order_release);
    return 0;
  }
  if (status != PH_OK) {
    note_failure(p, status);
    return 0;
  }
  p->produced += count;
  if (p->produced == total) {
    atomic_store_explicit(&p->is_done, true, memory_order_release);
  }
  return count;
}

/* Renders and drops until the source is less than a block behind what is due now. The thread lets go now and then: this may take seconds. */
static void catch_up(PhPlayout *p)
{
  while (!atomic_load_explicit(&p->quit, memory_order_acquire)) {
    const int64_t behind = frame_at(p, ph_os_now_ns()) - p->produced;
    if (behind < (int64_t)p->block_frames || render_some(p, behind < CHUNK_FRAMES ? (uint32_t)behind : CHUNK_FRAMES) == 0) {
      break;
    }
    ph_os_sleep_sec(0.0001);
  }
}

static void run_by_clock(PhPlayout *p)
{
  while (!atomic_load_explicit(&p->quit, memory_order_acquire)) {
    catch_up(p);
    if (is_past_end(p, frame_at(p, ph_os_now_ns()))) {
      atomic_store_explicit(&p->has_ended, true, memory_order_release);
    }
    ph_os_sleep_sec(CLOCK_SEC);
  }
}

static uint64_t in_us(double sec) { return sec < 0 ? 0 : sec > 4000 ? UINT32_MAX : (uint64_t)(sec * 1e6); }

/* One block into the ring; false: there are no more. */
static bool render_block(PhPlayout *p)
{
  const double begin = ph_os_now_sec(), cpu_begin = ph_os_cpu_sec();
  const uint32_t count = render_some(p, p->block_frames);
  const uint64_t cpu = in_us(ph_os_cpu_sec() - cpu_begin), took = in_us(ph_os_now_sec() - begin) << 32 | cpu;
  if (took > atomic_load_explicit(&p->slowest, memory_order_relaxed)) {
    atomic_store_explicit(&p->slowest, took, memory_order_relaxed);
  }
  PhRingSpan spans[2];
  const size_t room = ph_ring_write_begin(&p->ring, count, spans);
  assert(room == count);
  memcpy(spans[0].at, p->scratch, spans[0].count * sizeof(Frame));
  memcpy(spans[1].at, p->scratch + spans[0].count, spans[1].count * sizeof(Frame));
  ph_ring_write_end(&p->ring, room);
  return count > 0;
}

static void run_ahead(PhPlayout *p)
{
  if (p->has_anchor) {
    catch_up(p);
  }
  p->first = p->produced;
  const double pause_sec = p->granted.has_no_clock ? CLOCKLESS_SEC : 0.5 * p->block_frames / p->rate;
  while (!atomic_load_explicit(&p->quit, memory_order_acquire)) {
    while (ph_ring_count(&p->ring) + p->block_frames <= ahead_of(p) && render_block(p) &&
           !atomic_load_explicit(&p->quit, memory_order_relaxed)) {}
    atomic_store_explicit(&p->go, true, memory_order_release);
    ph_os_sleep_sec(pause_sec);
  }
}

static void *run(void *arg)
{
  PhPlayout *p = arg;
  ph_os_name_thread("phonon render");
  const int above = p->granted.priority;
  const int priority = above > PRIORITY_BELOW ? above - PRIORITY_BELOW : above > 0 ? 1 : PRIORITY_DEFAULT;
  atomic_store(&p->is_realtime, p->options.realtime && ph_os_realtime(priority));
  if (p->by_clock) {
    run_by_clock(p);
  } else {
    run_ahead(p);
  }
  return NULL;
}

/* ---- the control thread ------------------------------------------------------------------------------------------ */

static void stop_thread(PhPlayout *p)
{
  if (p->has_thread) {
    atomic_store_explicit(&p->quit, true, memory_order_release);
    pthread_join(p->thread, NULL);
    p->has_thread = false;
  }
}

/* Starts the render thread with an empty ring. The callback, if there is one, sees `go` false. */
static PhStatus start_thread(PhPlayout *p, bool by_clock)
{
  assert(!p->has_thread && !atomic_load(&p->go));
  ph_ring_reset(&p->ring);
  p->by_clock = by_clock;
  p->has_begun = false;
  atomic_store(&p->quit, false);
  atomic_store(&p->slowest, 0);
  p->has_thread = pthread_create(&p->thread, NULL, run, p) == 0;
  return p->has_thread ? PH_OK : PH_NOMEM;
}

/* Sizes for the stream that is open. The ring is made anew only while no callback looks at it. */
static PhStatus fit(PhPlayout *p)
{
  p->granted = p->stream->granted;
  p->block_frames = p->granted.block_frames < PH_AUDIO_BLOCK_MAX ? p->granted.block_frames : PH_AUDIO_BLOCK_MAX;
  const double blocks = ceil(p->options.ahead_sec * p->granted.sample_rate / p->block_frames);
  const size_t count = blocks > AHEAD_BLOCKS_LEAST ? (size_t)blocks : AHEAD_BLOCKS_LEAST;
  p->ahead_frames = count * p->block_frames;
  const size_t least = AHEAD_BLOCKS_LEAST * (size_t)PH_AUDIO_BLOCK_MAX;
  const size_t room = p->ahead_frames > least ? p->ahead_frames : least;
  if (p->ring.capacity < room) {
    ph_ring_deinit(&p->ring);
    free(p->scratch);
    p->scratch = calloc(PH_AUDIO_BLOCK_MAX, sizeof *p->scratch);
    return p->scratch ? ph_ring_init(&p->ring, room, sizeof(Frame)) : PH_NOMEM;
  }
  return PH_OK;
}

static PhStatus open_stream(PhPlayout *p, char *error)
{
  const PhAudioClient client = { .process = ph_playout_process, .ready = is_ready, .ctx = p };
  PhStatus status = ph_audio_open(&p->options.audio, &client, &p->stream, error);
  if (status != PH_OK) {
    return status;
  }
  status = fit(p);
  const uint32_t most = p->granted.channels;
  for (int side = 0; side < 2 && status == PH_OK; side++) {
    p->options.out_map[side] = p->options.out_map[side] ? p->options.out_map[side] : most > 1 ? (uint32_t)side + 1 : 1;
    if (p->options.out_map[side] > most) {
      (void)snprintf(error, PH_IO_ERROR_BYTES, "there is no channel %u for the %s side: %u are open",
                     p->options.out_map[side], side ? "right" : "left", most);
      status = PH_ARG;
    }
  }
  return status;
}

PhStatus ph_playout_open(const PhPlayoutOptions *options, PhPlayout **out, char *error)
{
  *out = NULL;
  PhPlayout *p = calloc(1, sizeof *p);
  if (!p) {
    return ph_io_refuse(error, PH_NOMEM, "playing", ph_status_text(PH_NOMEM));
  }
  p->options = *options;
  atomic_store(&p->total, -1);
  const PhStatus status = open_stream(p, error);
  if (status != PH_OK) {
    char unused[PH_IO_ERROR_BYTES];
    (void)ph_playout_close(p, unused);
    return status;
  }
  p->options.audio.backend = p->granted.backend; /* what comes back is what went away */
  p->rate = p->granted.sample_rate;
  *out = p;
  return PH_OK;
}

bool ph_playout_can_start(const PhPlayout *p) { return p->state == STATE_OPEN || p->state == STATE_RATE; }

PhStatus ph_playout_start(PhPlayout *p, PhPlayoutRender *render, void *ctx, int64_t total)
{
  assert(ph_playout_can_start(p));
  p->render = render;
  p->ctx = ctx;
  atomic_store(&p->total, total);
  p->produced = 0;
  atomic_store(&p->is_done, false);
  if (p->state == STATE_RATE) {
    p->anchor_frame = (int64_t)((double)p->anchor_frame / p->rate * p->granted.sample_rate);
    p->rate = p->granted.sample_rate;
  }
  p->state = STATE_PLAYING;
  return start_thread(p, false);
}

void ph_playout_start_at(PhPlayout *p, int64_t ns)
{
  if (p->state == STATE_OPEN) {
    p->has_anchor = true;
    p->anchor_frame = 0;
    p->anchor_ns = ns;
  }
}

/* The device is gone or must be opened anew: the clock takes over where the callback was. */
static bool lose(PhPlayout *p)
{
  stop_thread(p);
  const PhStatus closed = ph_audio_close(p->stream, p->reason);
  p->stream = NULL;
  atomic_store(&p->go, false);
  p->lost_ns = p->next_try_ns = ph_os_now_ns();
  if (p->has_begun) {
    p->anchor_frame = atomic_load(&p->due_frame);
    p->anchor_ns = atomic_load(&p->due_ns);
  } else if (!p->has_anchor) {
    p->anchor_frame = 0;
    p->anchor_ns = p->lost_ns;
  }
  p->has_anchor = true;
  p->state = STATE_LOST;
  return closed == PH_OK && start_thread(p, true) == PH_OK;
}

static bool fail(PhPlayout *p, PhStatus status, PhPlayoutEvent *out)
{
  p->state = STATE_ENDED;
  *out = (PhPlayoutEvent){ .kind = PH_PLAYOUT_FAILED,
                           .status = status,
                           .reason = p->reason[0] ? p->reason : ph_status_text(status) };
  return true;
}

/* Tries the device that is lost. Whether there is an event. */
static bool try_again(PhPlayout *p, PhPlayoutEvent *out)
{
  const int64_t now = ph_os_now_ns();
  if (now < p->next_try_ns) {
    return false;
  }
  p->next_try_ns = now + (int64_t)(RETRY_SEC * 1e9);
  char error[PH_IO_ERROR_BYTES];
  stop_thread(p);
  const PhStatus status = open_stream(p, error);
  if (status != PH_OK) {
    (void)ph_audio_close(p->stream, error);
    p->stream = NULL;
    return start_thread(p, true) == PH_OK ? false : fail(p, PH_NOMEM, out);
  }
  const bool same = p->granted.sample_rate == p->rate;
  p->state = same ? STATE_PLAYING : STATE_RATE;
  *out = (PhPlayoutEvent){ .kind = same ? PH_PLAYOUT_BACK : PH_PLAYOUT_RATE, .sec = (double)(now - p->lost_ns) * 1e-9 };
  return !same || start_thread(p, false) == PH_OK ? true : fail(p, PH_NOMEM, out);
}

/* Underruns and xruns, together and not too often. */
static bool tell_gaps(PhPlayout *p, PhPlayoutEvent *out)
{
  const int64_t now = ph_os_now_ns();
  const uint64_t underruns = atomic_load(&p->underruns), frames = atomic_load(&p->underrun_frames);
  if (now - p->told_ns < (int64_t)(TELL_SEC * 1e9) || (underruns == p->underruns_told && p->xruns == 0)) {
    return false;
  }
  *out = (PhPlayoutEvent){ .kind = PH_PLAYOUT_XRUN, .count = p->xruns, .block_sec = p->block_frames / p->rate };
  if (underruns != p->underruns_told) {
    out->kind = PH_PLAYOUT_UNDERRUN;
    out->count = underruns - p->underruns_told;
    out->frames = frames - p->underrun_frames_told;
    const uint64_t slowest = atomic_exchange(&p->slowest, 0);
    out->slowest_sec = (double)(slowest >> 32) * 1e-6;
    out->slowest_cpu_sec = (double)(slowest & UINT32_MAX) * 1e-6;
    p->underruns_told = underruns;
    p->underrun_frames_told = frames;
  } else {
    p->xruns = 0;
  }
  p->told_ns = now;
  return true;
}

/* The end is told when the device has played what it was given. */
static bool tell_end(PhPlayout *p, PhPlayoutEvent *out)
{
  if (!atomic_load_explicit(&p->has_ended, memory_order_acquire)) {
    return false;
  }
  const int64_t now = ph_os_now_ns();
  p->ended_ns = p->ended_ns ? p->ended_ns : now;
  const double wait = p->stream ? p->granted.latency_sec + 2 * p->block_frames / p->rate : 0;
  if ((double)(now - p->ended_ns) * 1e-9 < wait) {
    return false;
  }
  p->state = STATE_ENDED;
  *out = (PhPlayoutEvent){ .kind = PH_PLAYOUT_ENDED };
  return true;
}

bool ph_playout_poll(PhPlayout *p, PhPlayoutEvent *out)
{
  if (p->state == STATE_LOST) {
    return tell_end(p, out) || try_again(p, out);
  }
  if (p->state != STATE_PLAYING) {
    return false;
  }
  PhAudioNews news;
  ph_audio_news(p->stream, &news);
  p->xruns += news.xruns;
  const PhStatus failure = (PhStatus)atomic_load(&p->failure);
  if (failure != PH_OK && !p->has_failed_told) {
    p->has_failed_told = true;
    return fail(p, failure, out);
  }
  if (news.lost || news.changed) {
    const bool has_hope = p->stream->backend->automatic;
    if (!lose(p) || !has_hope) {
      return fail(p, PH_IO, out);
    }
    *out = (PhPlayoutEvent){ .kind = PH_PLAYOUT_LOST };
    if (!news.lost) {
      (void)try_again(p, out); /* a device that only changed is there: what it gives is the event */
    }
    return true;
  }
  return tell_end(p, out) || tell_gaps(p, out);
}

void ph_playout_fade(PhPlayout *p, double sec)
{
  const int64_t frames = (int64_t)(sec * p->rate);
  atomic_store_explicit(&p->fade_frames, frames > 0 ? frames : 1, memory_order_release);
  if (!p->stream || !atomic_load(&p->go)) {
    atomic_store_explicit(&p->has_ended, true, memory_order_release);
  }
}

int64_t ph_playout_frame(PhPlayout *p)
{
  return p->state == STATE_LOST ? frame_at(p, ph_os_now_ns())
                                : atomic_load_explicit(&p->due_frame, memory_order_relaxed);
}

int64_t ph_playout_zero(PhPlayout *p) { return atomic_load_explicit(&p->zero_ns, memory_order_relaxed); }

bool ph_playout_clock(PhPlayout *p, uint32_t *offset)
{
  *offset = atomic_load_explicit(&p->clock_offset, memory_order_relaxed);
  return p->stream && p->state != STATE_LOST && atomic_load_explicit(&p->stream->has_clock, memory_order_relaxed);
}

const PhAudioGranted *ph_playout_granted(const PhPlayout *p) { return &p->granted; }
double ph_playout_ahead_sec(const PhPlayout *p) { return (double)p->ahead_frames / p->granted.sample_rate; }
bool ph_playout_is_realtime(const PhPlayout *p) { return atomic_load(&p->is_realtime); }
uint64_t ph_playout_underruns(PhPlayout *p) { return atomic_load(&p->underruns); }

PhStatus ph_playout_close(PhPlayout *p, char *error)
{
  error[0] = 0;
  if (!p) {
    return PH_OK;
  }
  stop_thread(p);
  const PhStatus status = ph_audio_close(p->stream, error);
  ph_ring_deinit(&p->ring);
  free(p->scratch);
  free(p);
  return status;
}
