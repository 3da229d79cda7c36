#!/usr/bin/env python3
"""`phonon events`: Standard MIDI Files, read back by another program (mido) and held to the exact times of the events; CSV held to
JSON; what the options refuse.

    midi.py PHONON
"""
import csv
import io
import json
import os
import pathlib
import pty
import subprocess
import sys
import tempfile
from fractions import Fraction

try:
    import mido
except ImportError: # Debian's packages are for Debian's Python
    if sys.executable == "/usr/bin/python3":
        sys.exit("midi.py needs python3-mido: scripts/setup --test")
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

from common import ENVIRONMENT, frames_of, hold, render, run

TICKS = 30240  # of a quarter, four of which are a cycle
DRUMS = 9


class Song:
    """What a MIDI file says: notes by track as (begin, end, channel, key, velocity) in ticks, tempi as (tick, µs of a quarter)."""

    def __init__(self, data):
        file = mido.MidiFile(file=io.BytesIO(data))
        self.ticks, self.type, self.names, self.tracks, self.tempi, self.length = file.ticks_per_beat, file.type, [], {}, [], 0
        for track in file.tracks:
            now, sounding, notes, name = 0, {}, [], ""
            for message in track:
                now += message.time
                if message.type == "track_name":
                    name = message.name
                elif message.type == "set_tempo":
                    self.tempi.append((now, message.tempo))
                elif message.type == "note_on":
                    assert (message.channel, message.note) not in sounding, "two notes of a key at once"
                    sounding[message.channel, message.note] = (now, message.velocity)
                elif message.type == "note_off":
                    begin, velocity = sounding.pop((message.channel, message.note))
                    notes.append((begin, now, message.channel, message.note, velocity))
            assert not sounding, "a note without an end"
            self.length = max(self.length, now)
            self.tracks[name] = sorted(notes)
            self.names.append(name)

    def notes(self, name="pattern"):
        return self.tracks[name]

    def keys(self, name="pattern"):
        return [note[3] for note in self.notes(name)]


def midi(phonon, source, *options, text=None):
    status, out, err = run([phonon, "events", source, "--format", "midi", *options], text=text)
    assert status == 0, err
    return Song(out), err


def tick(time, begin=0):
    return int(((Fraction(time) - begin) * 4 * TICKS + Fraction(1, 2)).__floor__())


def events(phonon, source, *options, text=None):
    status, out, err = run([phonon, "events", source, "--json", *options], text=text)
    assert status == 0, err
    return json.loads(out)


# ---- tests: each yields (what, whether it holds) ----

def times(phonon):
    code = 'cps: "<0.5 0.25 1.25>"\no1: s "bd(3,8) [~ sn]*3 <hh*5 [cp hh*7]>"\no3: s "bd/3" # n "1 2 3"\nout: note "<c e g>(5,13)"\n'
    for begin, end in (("0", "7"), ("5/3", "6.25")):
        song, _ = midi(phonon, "-", "--from", begin, "--to", end, text=code)
        found = events(phonon, "-", "--from", begin, "--to", end, text=code)
        for track in ("o1", "o3", "out"):
            want = sorted((tick(e["w"][0], Fraction(begin)), tick(e["w"][1], Fraction(begin))) for e in found
                          if e["track"] == track and e["w"][0] == e["p"][0])
            got = sorted(note[:2] for note in song.notes(track))
            yield "ticks of %s from %s" % (track, begin), got == want and (len(want) > 4 or track == "o3")
        yield "the length of the file from %s" % begin, song.length >= tick(end, Fraction(begin))
    yield "names", song.names == ["", "out", "o1", "o3"]
    yield "format and division", (song.type, song.ticks) == (1, TICKS)


def tempi(phonon):
    song, _ = midi(phonon, "-", "--cycles", "4", text='cps: "<0.5 [0.25 1.25]>"\no1: s "bd*2"\n')
    half = 2 * TICKS
    yield "a tempo map", song.tempi == [(0, 500000), (2 * half, 1000000), (3 * half, 200000), (4 * half, 500000), (6 * half, 1000000), (7 * half, 200000)]
    song, _ = midi(phonon, "-", "--from", "3/2", "--to", "3", text='cps: "<0.5 [0.25 1.25]>"\no1: s "bd*2"\n')
    yield "a tempo map from the middle", song.tempi == [(0, 200000), (half, 500000)]
    song, _ = midi(phonon, "-", "--tidal", "--cycles", "2", text='d1 $ s "bd"\nsetcps (140/60/4)\n')
    yield "a tempo is rounded to a microsecond", song.tempi == [(0, 428571)]
    song, err = midi(phonon, "-", text='cps: 0.001\no1: s "bd"\n')
    yield "a tempo that MIDI does not have is said", song.tempi == [(0, 0xFFFFFF)] and "no tempo" in err


def notes(phonon):
    for code, want in (('note "0 c5 e4"', [60, 72, 64]), ('midinote "60 33"', [60, 33]), ('freq "440 220" # s "sine"', [69, 57]),
                       ('n "0 4" # s "pluck"', [60, 64]), ('note "0" # octave 3', [48]), ('"0 7"', [60, 67]), ('note "e\'min"', [64, 67, 71])):
        yield code, sorted(midi(phonon, code)[0].keys()) == sorted(want)
    yield "Tidal's note 0", midi(phonon, 'note "0 c5 c6" # octave 6', "--tidal")[0].keys() == [72, 72, 84]
    song, _ = midi(phonon, "-", text='o1: saw "a4 e4 55" # lpf "800 1200"\n')
    yield "oscillators play notes, filters do not", song.keys("o1") == [69, 64, 33]
    song, err = midi(phonon, 'note "0.5 -61 68"')
    yield "between keys and beyond them", song.keys() == [61] and "nearer" in err and "left out" in err
    for code, want in (("gain 0.5", 50), ("velocity 0.5", 64), ("velocity 1 # gain 0.5", 64), ("gain 2", 127), ("amp 0.3", 30)):
        yield code, [note[4] for note in midi(phonon, "note 0 # " + code)[0].notes()] == [want]
    yield "silent ones are left out", midi(phonon, 'note "0 1" # gain "0 1"')[0].keys() == [61]


def lengths(phonon):
    def spans(code):
        return [note[:2] for note in midi(phonon, code)[0].notes()]
    yield "legato", spans('note "0 1" # legato 0.3') == [(0, tick("3/20")), (tick("1/2"), tick("13/20"))]
    yield "sustain", spans('note "0 1" # sustain 0.25') == [(0, tick("1/8")), (tick("1/2"), tick("5/8"))]
    yield "a note ends where the next of its key begins", spans('note "0 0" # legato 3') == [(0, tick("1/2")), (tick("1/2"), tick(2))]
    yield "other keys go on", spans('note "0 1" # legato 3') == [(0, tick("3/2")), (tick("1/2"), tick(2))]
    loud = midi(phonon, 'stack [note 0 # gain 0.5, note 0 # gain 1, note 0 # gain 0.7]')[0].notes()
    yield "the louder one of two at once", loud == [(0, tick(1), 0, 60, 100)]


def drums(phonon):
    song, err = midi(phonon, 's "bd sn hh oh cp rim:2 808sn lt crash cowbell TR909_sd"')
    yield "drums", song.keys() == [36, 38, 42, 46, 39, 37, 38, 45, 49, 56, 38] and {note[2] for note in song.notes()} == {DRUMS} and not err
    song, err = midi(phonon, 's "bd rave" # note "[1 1]"')
    yield "with a note they are notes", song.keys() == [61, 61] and {note[2] for note in song.notes()} == {0}
    song, err = midi(phonon, 's "rave stab rave"')
    yield "unknown names are said once each", song.keys() == [60] * 3 and err.count("is no drum") == 2 and ":1:4:" in err
    song, _ = midi(phonon, "-", text="\n".join('o%d: note 0' % i for i in range(1, 18)))
    yield "outputs leave the drums' channel alone", [song.notes("o%d" % i)[0][2] for i in range(1, 18)] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 0, 1]
    _, banks, _ = run([phonon, "samples"])
    kit = [line.split()[0] for line in banks.decode().splitlines()]
    tones = {"rave", "hoover", "stab", "chord", "pad", "pads", "bass", "vox", "choir", "sine", "pluck", "guitar", "piano", "bell", "bells",
             "vibe", "arpy", "arp", "break", "breaks", "breaks165", "loop", "noise"}
    unknown = [bank for bank in kit if bank not in tones and "is no drum" in midi(phonon, 's "%s"' % bank)[1]]
    yield "all drums of the kit are known: not %s" % unknown, not unknown


def tables(phonon):
    want = events(phonon, 'n "0 .. 2" # s "a,b" # vowel "e" # gain sine', "--cycles", "2")
    _, out, _ = run([phonon, "events", 'n "0 .. 2" # s "a,b" # vowel "e" # gain sine', "--cycles", "2", "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(out.decode(), newline="")))
    got = [{"w": [r["whole_begin"], r["whole_end"]], "p": [r["part_begin"], r["part_end"]], "v": json.loads(r["json"]), "at": [int(r["line"]), int(r["column"])]}
           for r in rows]
    def order(event):
        return json.dumps(event, sort_keys=True)
    yield "CSV says what JSON says", sorted(map(order, got)) == sorted(map(order, want)) and len(rows) == 12
    yield "decimals", all(abs(float(r["begin"]) - Fraction(r["whole_begin"])) < 1e-8 and r["onset"] == "1" for r in rows)
    _, out, _ = run([phonon, "events", "sine", "--format", "csv"])
    row = next(csv.DictReader(io.StringIO(out.decode(), newline="")))
    yield "a continuous value has no whole", row["whole_begin"] == "" and row["part_end"] == "1/1" and row["onset"] == "0"
    _, table, _ = run([phonon, "events", "n 0", "--from", "1/3", "--to", "2/3"])
    yield "a table", "┄" in table.decode()


VOICE = "cps: 1\n~v: saw 110 * adsr 0.01 0.1 0.5 0.02\n"


def played(phonon):
    """A file plays `~midi` and `cc`: the bits of the pattern that it was written from, steps on the frames of its own tempi."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        path = str(folder / "a.mid")
        notes = 'note "<[0 4 7 12] [3 ~ 5@2]>" # velocity 1'
        yield "written", run([phonon, "events", "-", "--format", "midi", "-c", "2", "-o", path], text=VOICE + "o1: %s # s \"~v\"\n" % notes)[0] == 0
        want = render(phonon, "-", "-d", "2", text=VOICE + 'o1: note "<[0 4 7 12] [3 ~ 5@2]>" # s "~v"\n')
        for options in ([], ["--parallel"], ["--realtime"]):
            got = render(phonon, "-", "-d", "2", "--midi-in", path, *options, text=VOICE + 'o1: note ~midi # s "~v"\n')
            yield "bit for bit %s" % options, got == want and any(frames_of(got)[2])
        file = mido.MidiFile(ticks_per_beat=96)
        tempi, knobs = mido.MidiTrack(), mido.MidiTrack()
        file.tracks.extend([tempi, knobs])
        tempi.extend([mido.MetaMessage("set_tempo", tempo=400000), mido.MetaMessage("set_tempo", tempo=333333, time=100)])
        steps, now, sec = [], 0, Fraction(0)
        for i, pause in enumerate((7, 90, 13, 96, 1)):
            knobs.append(mido.Message("control_change", channel=4, control=20, value=i * 20 + 10, time=pause))
            for _ in range(pause):
                sec += Fraction(400000 if now < 100 else 333333, 96 * 1000000)
                now += 1
            steps.append((int(sec * 44100 + Fraction(1, 2)), (i * 20 + 10) / 127))
        knobs.append(mido.Message("sysex", data=(1, 2, 3), time=50))
        file.save(path)
        _, _, frames = frames_of(render(phonon, "-", "--midi-in", path, "-g", "1", "--fade-out", "0", text="o1: cc 20 5\nsafety: off\n"))
        sec += 50 * Fraction(333333, 96 * 1000000)
        yield "as long as it is, and 2 s", abs(len(frames) // 2 - (sec + 2) * 44100) < 2
        ends = [frame for frame, _ in steps[1:]] + [len(frames) // 2]
        yield "silent before", not any(frames[:2 * steps[0][0]])
        for (frame, value), end in zip(steps, ends):
            yield "a step on frame %d" % frame, all(abs(x - value) < 1e-6 for x in frames[2 * frame:2 * end])
        (folder / "b.mid").write_bytes(b"MThd no")
        for path, word in ((folder / "b.mid", "Standard MIDI File"), (folder / "c.mid", "no such file")):
            status, _, err = run([phonon, "render", "o1: cc 20", str(folder / "x.wav"), "--midi-in", str(path)])
            yield "%s: %s" % (path.name, err), status == 1 and word in err and not (folder / "x.wav").exists()


def refusals(phonon):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        path = folder / "a.mid"
        good = run([phonon, "events", "n 0", "--format", "midi", "-o", str(path)])[0] == 0
        again = path.read_bytes()
        yield "to a file", good and again == run([phonon, "events", "n 0", "--format", "midi"])[1]
        status, _, err = run([phonon, "events", "n 0", "--format", "midi", "--cycles", "3000", "-o", str(path)])
        yield "what is too long", status == 1 and "2219 cycles" in err and path.read_bytes() == again
        yield "a folder that is not there", run([phonon, "events", "n 0", "-o", str(folder / "no" / "a")])[0] == 1
        yield "a full disk", run([phonon, "events", "n 0", "--format", "midi", "-o", "/dev/full"])[0] == 1
        yield "nothing is left behind", [p.name for p in folder.iterdir()] == ["a.mid"]
    for options in (["--format", "xml"], ["--to", "1", "--cycles", "2"], ["--from", "2", "--to", "2"], ["--from", "x"], ["--cycles", "0"]):
        yield " ".join(options), run([phonon, "events", "n 0", *options])[0] == 2
    master, slave = pty.openpty()
    done = subprocess.run([phonon, "events", "n 0", "--format", "midi"], stdout=slave, stderr=subprocess.PIPE, env=ENVIRONMENT, check=False)
    os.close(slave)
    os.close(master)
    yield "a terminal", done.returncode == 2 and b"terminal" in done.stderr


def main():
    tests = (times, tempi, notes, lengths, drums, tables, played, refusals)
    return hold((test.__name__, test(sys.argv[1])) for test in tests)


sys.exit(main())
