/* Standard MIDI Files through libsmf.  SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "io/midi.h"

#include <errno.h>
#include <smf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/io.h"

/* ---- the messages of a track ------------------------------------------------------------------------------------ */

typedef struct Message {
  int64_t tick;
  uint8_t bytes[3];
} Message;

typedef PH_ARRAY(Message) Messages;

static bool is_off(const Message *message) { return (message->bytes[0] & 0xF0) == 0x80; }

/* Ends before beginnings, then by channel and key: one order, whatever the pattern gave. */
static int compare_messages(const void *a, const void *b)
{
  const Message *x = a, *y = b;
  if (x->tick != y->tick) {
    return x->tick < y->tick ? -1 : 1;
  }
  if (is_off(x) != is_off(y)) {
    return is_off(x) ? -1 : 1;
  }
  return memcmp(x->bytes, y->bytes, sizeof x->bytes);
}

static int compare_notes(const void *a, const void *b)
{
  const PhMidiNote *x = a, *y = b;
  if (x->channel != y->channel || x->key != y->key) {
    return (int)x->channel * 128 + x->key - ((int)y->channel * 128 + y->key);
  }
  if (x->begin != y->begin) {
    return x->begin < y->begin ? -1 : 1;
  }
  return x->velocity != y->velocity ? (int)y->velocity - (int)x->velocity : (x->end < y->end) - (x->end > y->end);
}

/* The notes with no two of a key at once. */
static Messages messages_of(const PhMidiTrack *track, PhArena *arena)
{
  Messages out = { 0 };
  const size_t count = track->notes.len;
  PhMidiNote *notes = PH_NEWN(arena, PhMidiNote, count + 1);
  if (count) {
    memcpy(notes, track->notes.items, count * sizeof *notes);
  }
  qsort(notes, count, sizeof *notes, compare_notes);
  for (size_t i = 0; i < count; i++) {
    PhMidiNote note = notes[i];
    size_t next = i + 1;
    const bool same = next < count && notes[next].channel == note.channel && notes[next].key == note.key;
    if (same && notes[next].begin == note.begin) {
      notes[next] = note; /* the louder one, in the other's place */
      continue;
    }
    note.end = same && notes[next].begin < note.end ? notes[next].begin : note.end;
    const Message on = { note.begin, { (uint8_t)(PH_MIDI_NOTE_ON | note.channel), note.key, note.velocity } };
    const Message off = { note.end > note.begin ? note.end : note.begin + 1,
                          { (uint8_t)(0x80 | note.channel), note.key, 64 } };
    PH_PUSH(arena, &out, on);
    PH_PUSH(arena, &out, off);
  }
  if (out.len) {
    qsort(out.items, out.len, sizeof *out.items, compare_messages);
  }
  return out;
}

/* ---- libsmf ----------------------------------------------------------------------------------------------------- */

static bool add(smf_track_t *track, smf_event_t *event, int64_t tick)
{
  if (event) {
    smf_track_add_event_pulses(track, event, (int)tick);
  }
  return event != NULL;
}

static bool add_bytes(smf_track_t *track, int64_t tick, const void *bytes, int count)
{
  return add(track, smf_event_new_from_pointer((void *)(uintptr_t)bytes, count), tick);
}

static smf_track_t *add_track(smf_t *smf)
{
  smf_track_t *track = smf_track_new();
  if (track) {
    smf_add_track(smf, track);
  }
  return track;
}

/* A bar of four quarters is a cycle. */
static bool add_conductor(smf_t *smf, const PhMidiSong *song)
{
  static const unsigned char four_quarters[] = { 0xFF, 0x58, 4, 4, 2, 24, 8 };
  smf_track_t *track = add_track(smf);
  bool ok = track && add_bytes(track, 0, four_quarters, sizeof four_quarters);
  for (size_t i = 0; i < song->tempo_count && ok; i++) {
    const uint32_t us = song->tempi[i].quarter_us;
    const unsigned char tempo[] = {
      0xFF, 0x51, 3, (unsigned char)(us >> 16), (unsigned char)(us >> 8), (unsigned char)us
    };
    ok = add_bytes(track, song->tempi[i].tick, tempo, sizeof tempo);
  }
  return ok;
}

static bool add_notes(smf_t *smf, const PhMidiTrack *from, PhArena *arena)
{
  enum { TRACK_NAME = 3 };
  smf_track_t *track = add_track(smf);
  const Messages messages = messages_of(from, arena);
  bool ok = track && add(track, smf_event_new_textual(TRACK_NAME, from->name), 0);
  for (size_t i = 0; i < messages.len && ok; i++) {
    ok = add_bytes(track, messages.items[i].tick, messages.items[i].bytes, sizeof messages.items[i].bytes);
  }
  return ok;
}

static void end_tracks(smf_t *smf, int64_t length)
{
  for (int i = 1; i <= smf->number_of_tracks; i++) {
    smf_track_t *track = smf_get_track_by_number(smf, i);
    smf_event_t *last = smf_track_get_last_event(track);
    const int end = last && last->time_pulses > length ? last->time_pulses : (int)length;
    (void)!smf_track_add_eot_pulses(track, end);
  }
}

static PhStatus build(smf_t *smf, const PhMidiSong *song, PhArena *arena)
{
  bool ok = smf_set_ppqn(smf, PH_MIDI_TICKS) == 0 && add_conductor(smf, song);
  for (size_t i = 0; i < song->track_count && ok; i++) {
    ok = add_notes(smf, &song->tracks[i], arena);
  }
  ok = ok && (smf->number_of_tracks < 2 || smf_set_format(smf, 1) == 0);
  if (ok) {
    end_tracks(smf, song->length);
  }
  return ok ? PH_OK : PH_NOMEM;
}

/* libsmf writes to files only: to one that has a name just for it. */
static PhStatus save(smf_t *smf, PhText *out, char *error)
{
  const char *folder = getenv("TMPDIR");
  char name[4096];
  if (snprintf(name, sizeof name, "%s/phonon-XXXXXX", folder && *folder ? folder : "/tmp") >= (int)sizeof name) {
    return ph_io_fail(error, PH_IO, folder, strerror(ENAMETOOLONG));
  }
  const int fd = mkstemp(name);
  if (fd < 0) {
    return ph_io_fail(error, PH_IO, name, strerror(errno));
  }
  (void)close(fd);
  PhStatus status = smf_save(smf, name) == 0 ? PH_OK : PH_IO;
  if (status == PH_OK) {
    status = ph_os_read_file(name, SIZE_MAX / 2, out);
  }
  const int why = errno;
  (void)unlink(name);
  return status == PH_OK ? PH_OK : ph_io_fail(error, status, name, strerror(why ? why : EIO));
}

PhStatus ph_midi_write(const PhMidiSong *song, PhArena *arena, PhText *out, char *error)
{
  error[0] = 0;
  smf_t *smf = smf_new();
  PhStatus status = smf ? build(smf, song, arena) : PH_NOMEM;
  if (status == PH_OK) {
    status = save(smf, out, error);
  }
  if (smf) {
    smf_delete(smf);
  }
  return status;
}

/* ---- General MIDI's percussion ---------------------------------------------------------------------------------- */

/* Banks by their names, and the keys of their samples; `n` counts modulo the keys. */
static const struct {
  const char *names;
  uint8_t keys[8];
} drums[] = {
  { " bd kick 808bd 808kick 808 kicklinn clubkick popkick superkick super808 ", { 36 } },
  { " 909 909bd 909kick hardkick reverbkick jungbass ", { 35 } },
  { " sn sd snare 808sn 808sd 808snare supersnare ", { 38 } },
  { " 909sn 909sd 909snare ", { 40 } },
  { " cp clap claps realclaps handclap superclap ", { 39 } },
  { " rim rs rimshot ", { 37 } },
  { " hh hc ch hat 808hc 808hh 808ch hh27 linnhats superhat ", { 42 } },
  { " ph ", { 44 } },
  { " oh ho 808oh ", { 46 } },
  { " lt 808lt ", { 45 } },
  { " mt 808mt ", { 47 } },
  { " ht 808ht ", { 50 } },
  { " tom toms ", { 41, 43, 45, 47, 48, 50 } },
  { " cr cy crash 808cy 808cr ", { 49, 55, 57, 52 } },
  { " ride rd ", { 51, 53, 51, 59 } },
  { " cb cowbell ", { 56 } },
  { " sh shaker ", { 82, 70, 82, 54, 69 } },
  { " ma maracas ", { 70 } },
  { " tb tambourine ", { 54 } },
  { " clave cl claves ", { 75, 75, 76, 77 } },
  { " wood woodblock ", { 76, 77 } },
  { " perc ", { 63, 60, 62, 56, 81, 77 } },
  { " 808lc ", { 64 } },
  { " 808mc ", { 63 } },
  { " 808hco ", { 62 } },
};

static int find_drum(const char *bank, size_t len, int64_t n)
{
  for (size_t i = 0; i < PH_COUNT(drums); i++) {
    for (const char *at = drums[i].names; (at = strchr(at, ' ')) && at[1];) {
      at++;
      if (strncasecmp(at, bank, len) == 0 && at[len] == ' ') {
        const size_t count = strnlen((const char *)drums[i].keys, sizeof drums[i].keys);
        const int64_t index = n % (int64_t)count;
        return drums[i].keys[index < 0 ? index + (int64_t)count : index];
      }
    }
  }
  return -1;
}

int ph_midi_drum(const char *bank, int64_t n)
{
  const char *suffix = strrchr(bank, '_');
  const size_t len = strcspn(bank, ":");
  const int key = find_drum(bank, len, n);
  return key >= 0 || !suffix ? key : find_drum(suffix + 1, strcspn(suffix + 1, ":"), n);
}
