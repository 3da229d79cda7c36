/* Ableton Link for C.  SPDX-License-Identifier: MIT (but see README.md: what it includes is GPL-2.0-or-later) */
#include "link/link.h"

#include <ableton/Link.hpp>

#include <chrono>

struct PhLink {
  explicit PhLink(double bpm) : link(bpm) {}
  ableton::Link link;
};

namespace {

using Time = std::chrono::microseconds;

/* Changes what the session knows. */
template <typename Change> void commit(PhLink *self, Change change)
{
  auto state = self->link.captureAppSessionState();
  change(state);
  self->link.commitAppSessionState(state);
}

} // namespace

PhLink *ph_link_new(double bpm, bool start_stop)
{
  try {
    PhLink *self = new PhLink(bpm);
    self->link.enableStartStopSync(start_stop);
    self->link.enable(true);
    return self;
  } catch (const std::exception &) { /* sockets and threads */
    return nullptr;
  }
}

void ph_link_free(PhLink *self) { delete self; }
int64_t ph_link_now_us(const PhLink *self) { return self->link.clock().micros().count(); }
uint32_t ph_link_peers(const PhLink *self) { return static_cast<uint32_t>(self->link.numPeers()); }
double ph_link_bpm(const PhLink *self) { return self->link.captureAppSessionState().tempo(); }

void ph_link_set_bpm(PhLink *self, double bpm, int64_t at_us)
{
  commit(self, [&](ableton::Link::SessionState &state) { state.setTempo(bpm, Time(at_us)); });
}

double ph_link_phase(const PhLink *self, int64_t at_us, double quantum)
{
  return self->link.captureAppSessionState().phaseAtTime(Time(at_us), quantum);
}

void ph_link_offer_beat(PhLink *self, double beat, int64_t at_us, double quantum)
{
  if (self->link.numPeers() == 0) {
    commit(self, [&](ableton::Link::SessionState &state) { state.requestBeatAtTime(beat, Time(at_us), quantum); });
  }
}

bool ph_link_is_playing(const PhLink *self, int64_t at_us)
{
  const auto state = self->link.captureAppSessionState();
  return state.timeForIsPlaying() <= Time(at_us) ? state.isPlaying() : !state.isPlaying();
}

void ph_link_set_playing(PhLink *self, bool is_playing, int64_t at_us)
{
  commit(self, [&](ableton::Link::SessionState &state) { state.setIsPlaying(is_playing, Time(at_us)); });
}
