/* Ableton Link: tempo, phase, and if wanted starts and stops, shared with other programs on the network. The session's tempo is given to the
   stage as one from outside, and the beat is kept in phase by short shifts; both are in the session's log.  SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/live/live.h"
#include "link/link.h"

#define BEATS 4.0            /* of a cycle */
#define DEFAULT_CPS 0.5      /* of a text that says nothing of its beginning */
#define SAME 5e-6            /* tempi that differ by less are one: Link has whole microseconds of a beat */
#define ERROR_LEAST_SEC 7e-4 /* of the phase, that is mended */
#define ALONE_LEAST_SEC 1e-4 /* of the phase that others are to find, while there are none */
#define FIND_SEC 0.5         /* that others have to answer before the sound starts */
#define NOTICE_SEC 0.1       /* from the start to the first frame at least */
#define PAUSE_SEC 0.2        /* after a shift, until the phase is looked at again */

enum { ERRORS = 5, LOOK_US = 10000 };

struct LiveLink {
  PhLink *link;
  int64_t open_ns;
  uint32_t peers;
  double cps, own_cps;   /* the session's, the text's and the hand's, as they were last */
  double offset_sec;     /* by which the beat is to be early, by hand */
  int64_t quiet_ns;      /* no look at the phase before */
  double errors[ERRORS]; /* of the phase, the latest */
  uint32_t error_count;
  bool is_own;    /* the tempo is the text's: nobody changed it since */
  bool is_beyond; /* Link has no such tempo: each goes its own way */
  bool is_playing;
};

/* A time of CLOCK_MONOTONIC by Link's clock. */
static int64_t link_us(const LiveLink *l, int64_t ns) { return ph_link_now_us(l->link) + (ns - now_ns()) / 1000; }

int live_link_open(Live *live)
{
  if (!live->wants_link) {
    return EXIT_GOOD;
  }
  LiveLink *l = live->link = calloc(1, sizeof *l);
  if (!l) {
    return problem("out of memory");
  }
  l->link = ph_link_new(60 * BEATS / 2, live->wants_start_stop);
  l->open_ns = now_ns();
  l->is_playing = true;
  return l->link ? EXIT_GOOD : problem("Ableton Link does not start: it finds no network, or no memory");
}

void live_link_close(Live *live)
{
  if (live->link) {
    ph_link_free(live->link->link);
    free(live->link);
    live->link = NULL;
  }
}

/* Whether two tempi are one. */
static bool is_same(double a, double b) { return fabs(a - b) <= SAME * b; }

/* Of a phase, the nearest way round. */
static double wrapped(double beats, double quantum) { return beats - quantum * round(beats / quantum); }

/* The tempo of the text and the hand goes out. */
static void give_tempo(Live *live, double own, int64_t heard)
{
  LiveLink *l = live->link;
  ph_link_set_bpm(l->link, 60 * BEATS * own, heard);
  l->own_cps = own;
  l->cps = ph_link_bpm(l->link) / (60 * BEATS);
  l->is_own = true;
  l->error_count = 0;
  const bool is_beyond = !is_same(l->cps, own);
  if (is_beyond && !l->is_beyond) {
    live_say(live, TONE_WARNING, "Link has 20 to 999 bpm: %.4g cps are %.4g bpm, and not shared", own,
             own * 60 * BEATS);
  }
  l->is_beyond = is_beyond;
}

/* ---- the beginning ----------------------------------------------------------------------------------------------- */

static double own_cps(const Live *live, double cycle)
{
  const double cps = phonon_program_cps(live->playing->program, cycle);
  return cps > 0 ? cps : live->link->own_cps;
}

void live_link_start(Live *live)
{
  LiveLink *l = live->link;
  if (!l || l->own_cps > 0) {
    return; /* at another rate it goes on */
  }
  PhononAudioInfo info;
  phonon_audio_info(live->audio, &info);
  while (ph_link_peers(l->link) == 0 && (double)(now_ns() - l->open_ns) < FIND_SEC * 1e9) {
    (void)usleep(LOOK_US);
  }
  const double cycle = stage_cycle_of(live->engine, live->base, 0);
  const double latency = info.latency_sec + info.ahead_sec + NOTICE_SEC;
  int64_t heard = ph_link_now_us(l->link) + (int64_t)(latency * 1e6);
  l->peers = ph_link_peers(l->link);
  const double own = own_cps(live, cycle);
  l->own_cps = own > 0 ? own : DEFAULT_CPS;
  if (l->peers == 0) {
    give_tempo(live, l->own_cps, heard);
    ph_link_offer_beat(l->link, BEATS * cycle, heard, live->link_quantum);
    live_say(live, TONE_PLAIN, "Link: nobody else is there");
  } else {
    l->cps = ph_link_bpm(l->link) / (60 * BEATS);
    const double phase = ph_link_phase(l->link, heard, live->link_quantum);
    const double wait = fmod(BEATS * cycle - phase + 2 * live->link_quantum, live->link_quantum); /* beats */
    heard += (int64_t)(wait / BEATS / l->cps * 1e6);
    live_say(live, TONE_GOOD, "Link: %u other%s, %.2f bpm; the sound begins with the bar", l->peers,
             l->peers == 1 ? "" : "s", l->cps * 60 * BEATS);
    stage_tempo(&live->stage, l->cps);
  }
  ph_link_set_playing(l->link, true, heard);
  const int64_t given_ns = now_ns() + (heard - ph_link_now_us(l->link)) * 1000 - (int64_t)(info.latency_sec * 1e9);
  phonon_audio_start_at(live->audio, given_ns);
  live->zero_ns = given_ns;
  live->clock_ns = now_ns();
  live_mind_osc(live);
}

/* ---- tempo ------------------------------------------------------------------------------------------------------- */

void live_link_assert(Live *live)
{
  if (live->link) {
    live->link->own_cps = 0;
  }
}

/* What the text or a key changed goes out; what others changed comes in. */
static void mind_tempo(Live *live, const Seen *seen, int64_t heard)
{
  LiveLink *l = live->link;
  const double own = live->is_panicked ? l->own_cps : own_cps(live, seen->cycle);
  if (own > 0 && own != l->own_cps) {
    give_tempo(live, own, heard);
  }
  const double cps = ph_link_bpm(l->link) / (60 * BEATS);
  if (!is_same(cps, l->cps)) {
    l->cps = cps;
    l->is_own = l->is_beyond = false;
    l->error_count = 0;
    live_say(live, TONE_GOOD, "Link: %.2f bpm, %.4f cps, from another one", cps * 60 * BEATS, cps);
  }
  stage_tempo(&live->stage, l->is_own || is_same(l->cps, l->own_cps) ? 0 : l->cps);
}

/* ---- phase ------------------------------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

/* By how many seconds what is heard then is too late: the one in the middle of some. False: it is not known. */
static bool phase_error(LiveLink *l, double error, double *out)
{
  double sorted[ERRORS];
  l->errors[l->error_count++ % ERRORS] = error;
  for (size_t i = 0; i < ERRORS; i++) {
    sorted[i] = l->errors[i];
  }
  qsort(sorted, ERRORS, sizeof *sorted, by_size);
  *out = sorted[ERRORS / 2];
  return l->error_count >= ERRORS;
}

static void mind_phase(Live *live, const Seen *seen, int64_t heard)
{
  LiveLink *l = live->link;
  const double quantum = live->link_quantum, beat = BEATS * seen->cycle;
  const double beats_sec = BEATS * l->cps;
  if (atomic_load(&live->stage.pace.is_shifting)) {
    l->quiet_ns = now_ns() + (int64_t)(PAUSE_SEC * 1e9);
  }
  if (now_ns() < l->quiet_ns || l->is_beyond) {
    l->error_count = 0;
    return;
  }
  const double phase = ph_link_phase(l->link, heard + (int64_t)(l->offset_sec * 1e6), quantum);
  double error = wrapped(phase - beat, quantum) / beats_sec;
  if (!phase_error(l, error, &error)) {
    return;
  }
  if (l->peers == 0 && fabs(error) > ALONE_LEAST_SEC) {
    ph_link_offer_beat(l->link, beat - l->offset_sec * beats_sec, heard, quantum);
    l->error_count = 0;
  } else if (l->peers > 0 && fabs(error) > ERROR_LEAST_SEC) {
    stage_shift(&live->stage, error);
    l->quiet_ns = now_ns() + (int64_t)(PAUSE_SEC * 1e9);
  }
}

bool live_link_error(const Live *live, double *sec)
{
  const LiveLink *l = live->link;
  *sec = l && l->error_count ? l->errors[(l->error_count - 1) % ERRORS] : 0;
  return l && l->peers > 0 && l->error_count;
}

/* ---- the rest ---------------------------------------------------------------------------------------------------- */

/* A stop of others is a hush, and a hush a stop. */
static void mind_playing(Live *live, int64_t heard)
{
  LiveLink *l = live->link;
  const bool is_playing = ph_link_is_playing(l->link, heard);
  Hand hand = live_hand_now(live);
  if (is_playing != l->is_playing) {
    l->is_playing = is_playing;
    hand.hushed = !is_playing;
    live_say(live, TONE_GOOD, "Link: %s by another one", is_playing ? "started" : "stopped");
    live_hand(live, &hand);
  } else if (!live->next && !live->offered && hand.hushed == is_playing) {
    l->is_playing = !hand.hushed;
    ph_link_set_playing(l->link, l->is_playing, heard);
  }
}

static void mind_peers(Live *live)
{
  LiveLink *l = live->link;
  const uint32_t peers = ph_link_peers(l->link);
  if (peers != l->peers) {
    live_say(live, peers > l->peers ? TONE_GOOD : TONE_WARNING, "Link: %u other%s", peers, peers == 1 ? "" : "s");
    l->peers = peers;
    l->error_count = 0;
  }
}

void live_link_nudge(Live *live, double sec)
{
  if (live->link) {
    live->link->offset_sec += sec;
    live->link->error_count = 0;
    live->link->quiet_ns = now_ns() + (int64_t)(PAUSE_SEC * 1e9);
  }
}

uint32_t live_link_peers(const Live *live) { return live->link ? live->link->peers : 0; }

void live_mind_link(Live *live)
{
  if (!live->link || !live->has_stage || live->is_broken || live->clock_ns == 0) {
    return;
  }
  const Seen seen = stage_seen(&live->stage);
  const int64_t heard = link_us(live->link, live_heard_ns(live, seen.at));
  mind_peers(live);
  mind_tempo(live, &seen, heard);
  mind_phase(live, &seen, heard);
  if (live->wants_start_stop) {
    mind_playing(live, heard);
  }
}
