/* MIDI: ports for events that go out, keys and controllers that come in.  SPDX-License-Identifier: MIT */
#include "app/live/live.h"

static bool make(Live *live)
{
  if (!live->midi && phonon_midi_new(&live->midi) != PHONON_OK) {
    (void)problem("out of memory");
    return false;
  }
  return true;
}

bool live_midi_out(Live *live, const char *name, bool has_clock)
{
  if (!make(live)) {
    return false;
  }
  if (phonon_midi_out(live->midi, name, has_clock) != PHONON_OK) {
    (void)usage_error(live->job.command, "--midi-%s: there are 16 ports at most, and their names have 1 to 63 bytes",
                      has_clock ? "clock" : "out");
    return false;
  }
  return true;
}

bool live_midi_in(Live *live, const char *name) { return make(live) && phonon_midi_in(live->midi, name) == PHONON_OK; }

bool live_midi_clock_in(Live *live, const char *name)
{
  live->wants_midi_clock = true;
  return make(live) && phonon_midi_clock_in(live->midi, name) == PHONON_OK;
}

bool live_midi_backend(Live *live, const char *name)
{
  return make(live) && phonon_midi_backend(live->midi, name) == PHONON_OK;
}

void live_midi_connect(Live *live, PhononEngine *engine)
{
  if (make(live)) {
    phonon_engine_midi_out(engine, live->midi);
  }
}

void live_midi_stage(Live *live)
{
  PhononAudioInfo info;
  phonon_audio_info(live->audio, &info);
  live->stage.midi = live->midi;
  live->stage.latency = (int64_t)(info.latency_sec * info.sample_rate);
  live->stage.input_delay = (int64_t)(info.ahead_sec * info.sample_rate) + info.block_frames;
}

void live_mind_midi(Live *live)
{
  PhononMidiNews news;
  while (live->midi && phonon_midi_mind(live->midi, live->audio, &news)) {
    switch (news.what) {
    case PHONON_MIDI_OPEN:
      live_say(live, TONE_PLAIN, "MIDI by %s", news.name);
      break;
    case PHONON_MIDI_OUT:
      live_say(live, TONE_GOOD, "MIDI: `%s` is connected", news.name);
      break;
    case PHONON_MIDI_OUT_ALONE:
      live_say(live, TONE_WARNING, "MIDI: nobody has a port `%s`; connect phonon-midi:%s by hand", news.name,
               news.name);
      break;
    case PHONON_MIDI_IN:
      live_say(live, TONE_GOOD, "MIDI: listening to %s", news.name);
      break;
    case PHONON_MIDI_IN_ALONE:
      live_say(live, TONE_WARNING, "MIDI: %s is not there; connect phonon-midi:in by hand", news.name);
      break;
    case PHONON_MIDI_REFUSED:
      live_say(live, TONE_WARNING, "MIDI for `%s` is not sent or heard: %s", news.name, news.error.text);
      break;
    case PHONON_MIDI_LOST:
      live_say(live, TONE_ERROR, "MIDI: the ports are gone with their server, and come back with it");
      break;
    case PHONON_MIDI_CLOCK:
      live_say(live, TONE_GOOD, "the MIDI clock is there, at %.1f bpm: the tempo is its", news.bpm);
      break;
    case PHONON_MIDI_CLOCK_STARTS:
      live_say(live, TONE_GOOD, "the MIDI clock starts, at %.1f bpm", news.bpm);
      break;
    case PHONON_MIDI_CLOCK_STOPS:
      live_say(live, TONE_PLAIN, "the MIDI clock stops, and time stands still");
      break;
    case PHONON_MIDI_CLOCK_LOST:
      live_say(live, TONE_WARNING, "the MIDI clock is lost; its last tempo goes on");
      break;
    }
  }
}

void live_midi_close(Live *live)
{
  phonon_midi_free(live->midi);
  live->midi = NULL;
}
