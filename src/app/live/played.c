/* What is played by hand is written down, as mini-notation to paste into the text.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/live/live.h"

/* Where the music was for who played: what is heard when a key is struck was rendered some time before. */
static double cycle_of(const Live *live, int64_t frame)
{
  const Stage *s = &live->stage;
  const double cycle = stage_cycle_of(live->engine, live->base, frame - s->input_delay - s->latency);
  return cycle > 0 ? cycle : 0;
}

static bool is_open(const PhononPlayedNote *note) { return note->end < 0; }

static void begin_note(Played *p, int key, double cycle)
{
  if (p->count == p->cap) {
    const size_t cap = p->cap ? 2 * p->cap : 256;
    PhononPlayedNote *grown = realloc(p->notes, cap * sizeof *grown);
    if (!grown) {
      return; /* this note is left out */
    }
    p->notes = grown;
    p->cap = cap;
  }
  p->notes[p->count++] = (PhononPlayedNote){ .begin = cycle, .end = -1, .key = key };
}

static void end_notes(Played *p, int key, double cycle)
{
  for (size_t i = 0; i < p->count; i++) {
    if (is_open(&p->notes[i]) && (key < 0 || p->notes[i].key == key)) {
      p->notes[i].end = cycle;
    }
  }
}

void live_played(Live *live, const Noted *noted)
{
  Played *p = &live->played;
  if (!p->runs || noted->kind != NOTED_CTRL || noted->ctrl.kind != CTRL_MIDI || noted->ctrl.midi != PHONON_MIDI_KEY) {
    return;
  }
  const double cycle = cycle_of(live, noted->frame);
  const int key = (int)noted->ctrl.number;
  end_notes(p, key, cycle);
  if (noted->ctrl.value > 0) {
    begin_note(p, key, cycle);
  }
}

/* Beside the words it is kept: a view cuts long lines, and is gone at the end. */
static void tell(Live *live, const char *text)
{
  char *line = NULL, *all = NULL;
  if (asprintf(&line, "note \"%s\"", text) < 0) {
    return;
  }
  if (live->view || (is_terminal(stdout) && !live->job.quiet)) {
    live_say(live, TONE_PLAIN, "%s", line);
  } else { /* it is what was asked for, also of a script */
    printf("%s\n", line);
    (void)fflush(stdout);
  }
  if (live->view && asprintf(&all, "%s%s\n", live->played.kept ? live->played.kept : "", line) >= 0) {
    free(live->played.kept);
    live->played.kept = all;
  }
  free(line);
}

static void end(Live *live)
{
  Played *p = &live->played;
  char *text = NULL;
  p->runs = false;
  end_notes(p, -1, cycle_of(live, stage_seen(&live->stage).at));
  const PhononStatus status = phonon_played_text(p->notes, p->count, p->steps, live->job.program.tidal, &text);
  if (status == PHONON_OK && text[0]) {
    tell(live, text);
  } else {
    live_say(live, TONE_WARNING, "%s",
             status == PHONON_OK      ? "nothing was played"
             : status == PHONON_LIMIT ? "what was played is spread over more than 256 cycles, and is not written down"
                                      : phonon_status_text(status));
  }
  phonon_free(text);
}

void live_write_down(Live *live, uint32_t steps)
{
  Played *p = &live->played;
  if (p->runs) {
    end(live);
    return;
  }
  p->runs = true;
  p->steps = steps;
  p->count = 0;
  live_say(live, TONE_PLAIN, "what is played is written down, in %u steps to a cycle; once more ends it%s", steps,
           live->midi ? "" : " (--midi-in listens to keyboards)");
}

void live_played_close(Live *live)
{
  if (live->played.kept) {
    live_say(live, TONE_PLAIN, "what was played:\n%.*s", (int)strlen(live->played.kept) - 1, live->played.kept);
  }
  free(live->played.kept);
  free(live->played.notes);
  live->played = (Played){ 0 };
}
