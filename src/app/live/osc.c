/* OSC: commands that are edits like any other, numbers for `osc "/path"`, and events that go out at the time at which they are
   heard.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "app/live/live.h"
#include "app/live/merge.h"

/* ---- in ---------------------------------------------------------------------------------------------------------- */

/* Statements find their place in the text, as at the prompt. */
static void evaluate(Live *live, const char *code)
{
  size_t len;
  char *text = merge_statements(live_text_now(live, &len), code, live->job.program.tidal);
  const bool is_good = text && live_text(live, text, strlen(text), false);
  if (!is_good) {
    live->is_in_error = false; /* the text is as it was */
  }
  phonon_osc_reply(live->osc, is_good ? "/ok" : "/error", is_good || !live->wrong ? code : live->wrong);
  free(text);
}

static void set_bit(Live *live, bool is_solo, uint32_t output, bool on)
{
  Hand hand = live_hand_now(live);
  uint64_t *bits = is_solo ? hand.soloed : hand.muted, bit = (uint64_t)1 << (output % 64);
  if (output < OUTPUTS_MAX && ((bits[output / 64] & bit) != 0) != on) {
    bits[output / 64] ^= bit;
    live_hand(live, &hand);
  }
}

static void obey(void *ctx, const PhononOscCommand *command)
{
  Live *live = ctx;
  Hand hand = live_hand_now(live);
  switch (command->verb) {
  case PHONON_OSC_EVAL:
    evaluate(live, command->text);
    break;
  case PHONON_OSC_HUSH:
    if (hand.hushed != command->on) {
      hand.hushed = command->on;
      live_hand(live, &hand);
    }
    break;
  case PHONON_OSC_PANIC:
    if (!live->is_panicked) {
      live_panic(live);
    }
    break;
  case PHONON_OSC_TEMPO:
    if (command->number >= CPS_LEAST && command->number <= CPS_MOST) {
      hand.cps = (double)(float)command->number;
      live_hand(live, &hand);
    }
    break;
  case PHONON_OSC_MUTE:
  case PHONON_OSC_SOLO:
    set_bit(live, command->verb == PHONON_OSC_SOLO, command->output, command->on);
    break;
  case PHONON_OSC_CTRL:
    stage_send(&live->stage, command->text, command->number);
    break;
  }
}

static void on_packet(uv_poll_t *poll, int status, int events)
{
  Live *live = poll->data;
  (void)events;
  if (status == 0 && live->has_stage && !live->is_over) {
    phonon_osc_poll(live->osc, obey, live);
  }
}

bool live_osc_open(Live *live)
{
  PhononError error;
  if (live->osc_port < 0) {
    return true;
  }
  if (phonon_osc_open(NULL, (uint16_t)live->osc_port, &live->osc, &error) != PHONON_OK) {
    (void)problem("%s", error.text);
    return false;
  }
  live->osc_poll.data = live;
  live_say(live, TONE_PLAIN, "OSC: listening on 127.0.0.1:%u", phonon_osc_port(live->osc));
  return uv_poll_init(&live->loop, &live->osc_poll, phonon_osc_fd(live->osc)) == 0 &&
         uv_poll_start(&live->osc_poll, UV_READABLE, on_packet) == 0;
}

/* ---- out --------------------------------------------------------------------------------------------------------- */

/* [render] */
static double heard_at(void *ctx, int64_t frame)
{
  const Live *live = ctx;
  return atomic_load_explicit(&live->unix_at_zero, memory_order_relaxed) +
         (double)(frame + live->stage.base) / live->job.file.sample_rate;
}

void live_mind_osc(Live *live)
{
  static const double least_sec = 2e-4; /* what moves by less is the same clock */
  PhononAudioInfo info;
  phonon_audio_info(live->audio, &info);
  const double zero = live->clock_ns ? unix_sec_of(live_heard_ns(live, 0)) : unix_sec_of(now_ns()) + info.ahead_sec + info.latency_sec;
  const double before = atomic_load_explicit(&live->unix_at_zero, memory_order_relaxed);
  PhononError error;
  if (live->osc_out && phonon_osc_out_refused(live->osc_out, &error) && !live->is_osc_refused) {
    live->is_osc_refused = true;
    live_say(live, TONE_WARNING, "OSC: events are not sent: %s", error.text);
  }
  if (zero - before > least_sec || before - zero > least_sec) {
    atomic_store_explicit(&live->unix_at_zero, zero, memory_order_relaxed);
  }
}

bool live_osc_target(Live *live, const char *text)
{
  PhononError error;
  const char *equals = strchr(text, '=');
  char name[64];
  if (!equals || equals == text || (size_t)(equals - text) >= sizeof name) {
    (void)usage_error(live->job.command, "--osc-target wants NAME=HOST:PORT, not `%s`", text);
    return false;
  }
  (void)snprintf(name, sizeof name, "%.*s", (int)(equals - text), text);
  if ((!live->osc_out && phonon_osc_out_new(&live->osc_out, &error) != PHONON_OK) ||
      phonon_osc_out_target(live->osc_out, name, equals + 1, &error) != PHONON_OK) {
    (void)usage_error(live->job.command, "%s", error.text);
    return false;
  }
  return true;
}

void live_osc_connect(Live *live, PhononEngine *engine)
{
  PhononError error;
  if (!live->osc_out && phonon_osc_out_new(&live->osc_out, &error) != PHONON_OK) {
    live_say(live, TONE_WARNING, "no events go out by OSC: %s", error.text);
    return;
  }
  live_mind_osc(live);
  phonon_engine_osc_out(engine, live->osc_out, heard_at, live);
}

void live_osc_close(Live *live)
{
  phonon_osc_close(live->osc);
  phonon_osc_out_free(live->osc_out);
  live->osc = NULL;
  live->osc_out = NULL;
}
