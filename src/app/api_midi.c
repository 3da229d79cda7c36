/* The public interface: events as a Standard MIDI File.  SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/api_events.h"
#include "engine/tempo.h"
#include "io/io.h"
#include "io/midi.h"

enum { QUARTERS = 4, DEFAULT_VELOCITY = 100, MOST_QUARTER_US = 0xFFFFFF, CHANNELS = 16 };
#define REFERENCE_RATE 48000.0 /* of the tempo map; only its tempi are used */

typedef struct Writer {
  const PhononEvents *events;
  PhRat begin, end;
  PhTempo tempo;
  PhArena *arena;
  PH_ARRAY(PhMidiTrack) tracks; /* by output */
  PH_ARRAY(PhMidiTempo) tempi;
  PH_ARRAY(const char *) said;
  PhononReport *report;
  void *report_ctx;
} Writer;

/* ---- words ------------------------------------------------------------------------------------------------------ */

static bool was_said(Writer *writer, const char *text)
{
  for (size_t i = 0; i < writer->said.len; i++) {
    if (strcmp(writer->said.items[i], text) == 0) {
      return true;
    }
  }
  PH_PUSH(writer->arena, &writer->said, text);
  return false;
}

static void say(Writer *writer, size_t index, const char *text)
{
  if (writer->report && !was_said(writer, text)) {
    PhononDiagnostic diagnostic = { .severity = PHONON_NOTE, .message = text };
    ph_api_place(&writer->events->program->diags, writer->events->details.items[index].source, &diagnostic);
    writer->report(writer->report_ctx, &diagnostic);
  }
}

/* ---- time ------------------------------------------------------------------------------------------------------- */

/* The tick nearest a time, halves up. */
static int64_t tick_of(const Writer *writer, PhRat time)
{
  const PhRat ticks = ph_rat_mul(ph_rat_sub(time, writer->begin), PH_RAT_INT(QUARTERS * PH_MIDI_TICKS));
  const PhRat half_up = ph_rat_add(ticks, PH_RAT(1, 2));
  return ph_rat_ok(half_up)
             ? ph_rat_floor_int(half_up)
             : (int64_t)floor(ph_rat_to_double(ph_rat_sub(time, writer->begin)) * QUARTERS * PH_MIDI_TICKS + 0.5);
}

static int64_t end_tick(Writer *writer, const PhononEvent *event, const PhApiNote *note, PhRat begin)
{
  const PhRat end = ph_rat(event->whole_end.num, event->whole_end.den);
  double cycles = -1;
  if (note->sustain_sec >= 0) {
    cycles = note->sustain_sec * ph_rat_to_double(ph_tempo_cps(&writer->tempo, begin));
  } else if (note->legato >= 0) {
    const PhRat length = ph_rat_mul(ph_rat_sub(end, begin), ph_rat_from_double(note->legato));
    const PhRat until = ph_rat_add(begin, length);
    return ph_rat_ok(until) ? tick_of(writer, until) : tick_of(writer, end);
  }
  if (cycles < 0) {
    return tick_of(writer, end);
  }
  const double ticks = fmin(cycles * QUARTERS * PH_MIDI_TICKS, PH_MIDI_MOST_TICKS);
  return tick_of(writer, begin) + (int64_t)floor(ticks + 0.5);
}

static void add_tempi(Writer *writer)
{
  (void)ph_tempo_cps(&writer->tempo, writer->end); /* all pieces up to there */
  for (size_t i = 0; i < writer->tempo.len; i++) {
    const PhTempoPiece *piece = &writer->tempo.pieces[i];
    const bool before = ph_rat_le(piece->cycle, writer->begin);
    if (!before && !ph_rat_lt(piece->cycle, writer->end)) {
      break;
    }
    const double us = floor(1e6 / (QUARTERS * ph_rat_to_double(piece->cps)) + 0.5);
    const PhMidiTempo tempo = { .tick = before ? 0 : tick_of(writer, piece->cycle),
                                .quarter_us = us > MOST_QUARTER_US ? MOST_QUARTER_US
                                              : us < 1             ? 1
                                                                   : (uint32_t)us };
    if (us > MOST_QUARTER_US && !was_said(writer, "slow") && writer->report) {
      const PhononDiagnostic diagnostic = { .severity = PHONON_NOTE,
                                            .file = "",
                                            .message =
                                                "MIDI has no tempo below 0.0149 cycles per second: it is that one" };
      writer->report(writer->report_ctx, &diagnostic);
    }
    if (writer->tempi.len && writer->tempi.items[writer->tempi.len - 1].tick == tempo.tick) {
      writer->tempi.items[writer->tempi.len - 1] = tempo;
    } else {
      PH_PUSH(writer->arena, &writer->tempi, tempo);
    }
  }
}

/* ---- notes ------------------------------------------------------------------------------------------------------ */

static PhMidiTrack *track_of(Writer *writer, const char *name)
{
  for (size_t i = 0; i < writer->tracks.len; i++) {
    if (strcmp(writer->tracks.items[i].name, name) == 0) {
      return &writer->tracks.items[i];
    }
  }
  const PhMidiTrack track = { .name = name };
  PH_PUSH(writer->arena, &writer->tracks, track);
  return &writer->tracks.items[writer->tracks.len - 1];
}

static const char *track_name(const char *output) { return output[0] ? output : "pattern"; }

/* Outputs have channels in their order, round and round, without that of the drums. */
static uint8_t channel_of(const Writer *writer, const PhMidiTrack *track)
{
  const size_t index = (size_t)(track - writer->tracks.items) % (CHANNELS - 1);
  return (uint8_t)(index < PH_MIDI_DRUM_CHANNEL ? index : index + 1);
}

static int velocity_of(const PhApiNote *note)
{
  const double velocity = note->velocity >= 0 ? 127 * note->velocity : DEFAULT_VELOCITY;
  const double all = floor(velocity * note->level + 0.5);
  return all < 0 || isnan(all) ? 0 : all > 127 ? 127 : (int)all;
}

/* The key of General MIDI's percussion, or -1. */
static int drum_of(Writer *writer, size_t index, const PhApiNote *note)
{
  if (note->is_note || !note->sound[0]) {
    return -1;
  }
  const int drum = ph_midi_drum(note->sound, (int64_t)note->n);
  if (drum < 0 && !note->has_n) {
    say(writer, index,
        ph_arena_printf(writer->arena, "`%s` is no drum of General MIDI and has no note: it is written as c4",
                        note->sound));
  }
  return drum;
}

static void add_note(Writer *writer, size_t index, const PhononEvent *event)
{
  PhApiNote note;
  const int velocity = ph_api_note(writer->events, index, &note) ? velocity_of(&note) : 0;
  if (!event->has_onset || velocity == 0) {
    return;
  }
  const int drum = drum_of(writer, index, &note);
  PhMidiTrack *track = track_of(writer, track_name(event->track));
  const PhRat begin = ph_rat(event->whole_begin.num, event->whole_begin.den);
  PhMidiNote midi = { .begin = tick_of(writer, begin), .velocity = (uint8_t)velocity };
  midi.end = end_tick(writer, event, &note, begin);
  midi.channel = drum >= 0 ? PH_MIDI_DRUM_CHANNEL : channel_of(writer, track);
  for (uint32_t i = 0; i < (drum >= 0 ? 1 : note.key_count); i++) {
    const double key = drum >= 0 ? drum : floor(note.keys[i] + 0.5);
    if (key < 0 || key > 127) {
      say(writer, index, "MIDI has keys from 0 to 127: notes beyond them are left out");
      continue;
    }
    if (drum < 0 && fabs(key - note.keys[i]) > 0.005) {
      say(writer, index, "a note between two keys is written as the nearer one");
    }
    midi.key = (uint8_t)key;
    PH_PUSH(writer->arena, &track->notes, midi);
  }
}

static PhStatus write_all(Writer *writer, PhText *out, char *error)
{
  const int64_t length = tick_of(writer, writer->end);
  if (length > PH_MIDI_MOST_TICKS) {
    (void)snprintf(error, PH_IO_ERROR_BYTES, "a MIDI file holds %d cycles",
                   PH_MIDI_MOST_TICKS / QUARTERS / PH_MIDI_TICKS);
    return PH_LIMIT;
  }
  for (size_t i = 0; i < writer->events->tracks.len; i++) { /* in their order, silent ones too */
    (void)track_of(writer, track_name(writer->events->tracks.items[i].name));
  }
  for (size_t i = 0; i < writer->events->items.len; i++) {
    add_note(writer, i, &writer->events->items.items[i]);
  }
  add_tempi(writer);
  const PhMidiSong song = { .tracks = writer->tracks.items,
                            .track_count = writer->tracks.len,
                            .tempi = writer->tempi.items,
                            .tempo_count = writer->tempi.len,
                            .length = length };
  return ph_midi_write(&song, writer->arena, out, error);
}

static PhStatus start_tempo(Writer *writer)
{
  const PhononProgram *program = writer->events->program;
  if (!program->program.cps) { /* an expression */
    return ph_tempo_init_constant(&writer->tempo, PH_RAT_INT((int64_t)REFERENCE_RATE),
                                  program->tidal ? PH_RAT(9, 16) : PH_RAT(1, 2));
  }
  return ph_tempo_init(&writer->tempo, REFERENCE_RATE, program->program.cps, program->program.seed,
                       ph_rat_min(writer->begin, PH_RAT_INT(0)));
}

PhononStatus phonon_midi(const PhononProgram *program, PhononTime begin, PhononTime end, PhononReport *report,
                         void *report_ctx, char **bytes, size_t *len, PhononError *error)
{
  *bytes = NULL;
  *len = 0;
  PhononEvents *events = NULL;
  const PhononStatus queried = phonon_events_new(program, begin, end, &events, error);
  if (queried != PHONON_OK) {
    return queried;
  }
  char reason[PH_IO_ERROR_BYTES] = "";
  PhText out = { 0 };
  PhTrap trap;
  Writer writer = { .events = events,
                    .begin = ph_rat(begin.num, begin.den),
                    .end = ph_rat(end.num, end.den),
                    .arena = &events->arena,
                    .report = report,
                    .report_ctx = report_ctx };
  PhStatus status = start_tempo(&writer);
  events->arena.trap = &trap;
  if (PH_TRAP_SET(&trap) == 0) {
    status = status == PH_OK ? write_all(&writer, &out, reason) : status;
  } else {
    status = trap.status;
  }
  events->arena.trap = NULL;
  ph_tempo_deinit(&writer.tempo);
  phonon_events_free(events);
  return ph_api_give(status, &out, reason, bytes, len, error);
}
