#!/usr/bin/env python3
"""`phonon live` beside a JACK server of our own: events and the clock of MIDI on their frames, keys and controllers heard, and the session again.

    live_midi.py PHONON MIDI_PEER

Without jackd it is left out, and it says so.
"""
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import live
from audio import Process, jack_server, wait_for
from common import ENVIRONMENT, hold

SYNTH = '"Test Synth"'
NOTES = 'cps: 4\no1: note "0 4 7 12" # legato 0.5 # midi %s\n' % SYNTH
STEP = 48000 // 16
TICK = 48000 // (4 * 4 * 24)
HELD = 'cps: 4\no1: note "0" # sustain 60 # midi %s\n' % SYNTH


class Peer:
    """tests/io/midi_peer.c."""

    def __init__(self, folder, program, environment):
        self.said_in = open(folder / "peer", "wb")
        self.path = folder / "peer"
        self.process = subprocess.Popen([program], env=environment, stdin=subprocess.PIPE, stdout=self.said_in, stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.said_in.close()

    def send(self, text):
        self.process.stdin.write((text + "\n").encode())
        self.process.stdin.flush()

    def heard(self):
        """(frame, bytes) of whole lines."""
        lines = self.path.read_text().split("\n")[:-1]
        return [(int(line.split()[0]), tuple(int(b, 16) for b in line.split()[1:])) for line in lines if line[:1].isdigit()]

    def started(self):
        """Frames of the first ticks after starts."""
        return [int(line.split()[1]) for line in self.path.read_text().split("\n")[:-1] if line.startswith("started")]


def peer_of(folder, environment):
    """One that the server takes: it may not be there yet."""
    for _ in range(50):
        peer = Peer(folder, sys.argv[2], environment)
        if wait_for(lambda: "ready" in peer.path.read_text() or peer.process.poll() is not None) and peer.process.poll() is None:
            return peer
        peer.__exit__()
        time.sleep(0.1)
    raise RuntimeError("no server takes the peer")


def ons(heard):
    return [(frame, data[1]) for frame, data in heard if data[0] == 0x90]


def held(heard):
    keys = set()
    for _, data in heard:
        if data[0] == 0x90:
            keys.add(data[1])
        elif data[0] == 0x80:
            keys.discard(data[1])
    return keys


def out(phonon, folder, environment, peer):
    options = ["--backend", "jack", "--osc-port", "0", "--ahead", "200", "--midi-out", "Test Synth", "--midi-clock", "Test Synth"]
    with live.Stage(phonon, folder, NOTES, *options, environment=environment) as stage:
        wait_for(lambda: len(ons(peer.heard())) >= 24)
        heard = peer.heard()
        notes = ons(heard)[4:] # the port may have come too late for the first ones
        steps = [b[0] - a[0] for a, b in zip(notes, notes[1:])]
        yield "notes on their frames: %s; %s" % (notes[:8], stage.said()), len(notes) >= 16 and set(steps) == {STEP}
        yield "keys", all(b[1] == {60: 64, 64: 67, 67: 72, 72: 60}[a[1]] for a, b in zip(notes, notes[1:]))
        offs = {frame for frame, data in heard if data[0] == 0x80}
        yield "as long as they say", all(frame + STEP // 2 in offs for frame, _ in notes[:-1])
        start = next((i for i, (_, data) in enumerate(heard) if data == (0xFA,)), None)
        yield "the clock starts with a cycle", start is not None and (heard[start][0] - notes[0][0]) % (4 * STEP) == (0 - {60: 0, 64: 1, 67: 2, 72: 3}[notes[0][1]] * STEP) % (4 * STEP)
        ticks = [frame for frame, data in heard if data == (0xF8,)][24:]
        yield "ticks", len(ticks) > 96 and {b - a for a, b in zip(ticks, ticks[1:])} == {TICK}
        mouth = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        mouth.connect(("127.0.0.1", int(re.search(r"listening on 127.0.0.1:(\d+)", stage.said()).group(1))))
        for command, again in (("/hush", ("/hush", 0)), ("/panic", None)):
            stage.save(HELD)
            time.sleep(0.7)
            mouth.send(live.message(command))
            yield "%s lets go: %s" % (command, peer.heard()[-30:]), wait_for(lambda: not held(peer.heard()), 5) is not None
            time.sleep(0.5)
            count = len(ons(peer.heard()))
            time.sleep(0.4)
            yield "%s: no more notes" % command, count == len(ons(peer.heard()))
            if again:
                mouth.send(live.message(*again))
        mouth.send(live.message("/eval", "o1: note \"12\" # sustain 60 # midi %s" % SYNTH))
        yield "a note is held: " + stage.said(), wait_for(lambda: 72 in held(peer.heard()), 5) is not None
        yield "it ends well: " + stage.said(), stage.end() == 0
    yield "and all is let go, and the clock stops: %s" % peer.heard()[-6:], wait_for(lambda: not held(peer.heard()) and any(data == (0xFC,) for _, data in peer.heard()), 5) is not None


def into(phonon, folder, environment, peer):
    log, take = folder / "log", folder / "take.wav"
    text = 'o1: note ~midi # s "~x"\n~x: saw * 0.2 # adsr 0.01 0.1 0.5 0.1\no2: cc 20 * 0.5\no3: pressure * (keypressure 62) + program / 1000\no4: note ~midi:c:major:arp:up:8 # s "~x"\n'
    options = ["--backend", "jack", "--midi-in=Test Keys", "--session", str(log), "--record", str(take), "--bits", "32f"]
    with live.Stage(phonon, folder, text, *options, environment=environment) as stage:
        yield "it listens: " + stage.said(), wait_for(lambda: "listening to Test Keys" in stage.said()) is not None
        for line in ("903C64", "b0147f", "904064", "803C00", "b01420", "904000"):
            peer.send(line)
            time.sleep(0.1)
        stage.save(text.replace("0.5\n", "0.25\n"))
        yield "an edit: " + stage.said(), stage.plays(1)
        for line in ("903E40", "E00060", "D020", "A03E7F", "C00A"):
            peer.send(line)
            time.sleep(0.1)
        yield "it ends well", stage.end() == 0
    _, lines = live.edits(log)
    keys = [(line["key"], round(line["value"] * 127)) for line in lines if "key" in line]
    ccs = [(line["cc"], round(line["value"] * 127)) for line in lines if "cc" in line]
    yield "keys in the log: %s" % keys, keys == [(60, 100), (64, 100), (60, 0), (64, 0), (62, 64)]
    yield "controllers in the log: %s" % ccs, ccs == [(20, 127), (20, 32)]
    others = [(name, line.get("value", line[name]), line["channel"]) for line in lines for name in ("bend", "pressure", "keypressure", "program") if name in line]
    yield "wheel, pressure and program in the log: %s" % others, [(name, round(value, 3), channel) for name, value, channel in others] == [
        ("bend", 0.5, 1), ("pressure", 0.252, 1), ("keypressure", 1, 1), ("program", 10, 1)]
    heard = live.frames(take)
    begin = next(line["frame"] for line in lines if "key" in line) * live.FRAME_BYTES
    yield "silent until the first key, then not", not any(heard[:begin]) and any(heard[begin:begin + 1000 * live.FRAME_BYTES])
    again = live.replayed(phonon, log)
    yield "the session again, bit for bit: %s" % (again[:200] if isinstance(again, str) else ""), again == heard


SERVER = {} # that runs
PERIOD = 128 # of the server
BPM = 150
BAR = 48000 * 60 * 4 // BPM
KEYS = [60, 64, 67, 72]


def clock_in(phonon, folder, environment, peer):
    log, take = folder / "log", folder / "take.wav"
    text = 'cps: 0.5\no1: note "0 4 7 12" # legato 0.5 # midi %s\no2: s "bd*4" # gain 0.3\n' % SYNTH
    options = ["--backend", "jack", "--midi-out", "Test Synth", "--midi-clock-in=Test Keys", "--session", str(log), "--record", str(take), "--bits", "32f"]

    def since(frame):
        return [(at - frame, key) for at, key in ons(peer.heard()) if at >= frame]

    def restarted(message, count):
        peer.send(message)
        return wait_for(lambda: len(peer.started()) == count and peer.started()[-1], 10)

    with live.Stage(phonon, folder, text, *options, environment=environment) as stage:
        yield "it listens: " + stage.said(), wait_for(lambda: "listening to Test Keys" in stage.said()) is not None
        peer.send("clock %d" % BPM)
        yield "the clock is there: " + stage.said(), wait_for(lambda: re.search(r"clock is there, at 1(49.[5-9]|50.[0-4]) bpm", stage.said())) is not None
        start = restarted("FA", 1)
        yield "it starts: " + stage.said(), start and wait_for(lambda: "the MIDI clock starts" in stage.said()) is not None
        wait_for(lambda: len(since(start)) >= 20, 12)
        heard = since(start)
        latency, ahead, device = (float(x) * 48 for x in re.search(r"latency (\S+) ms \((\S+) ahead, (\S+) of", stage.said()).groups())
        yield "the first note comes at once: %s" % heard[:3], heard[0][1] == KEYS[0] and ahead - 1 <= heard[0][0] <= ahead + 2048
        off = [frame + device - i * BAR / 4 for i, (frame, _) in enumerate(heard)]
        yield "then all are where the clock is: %s" % off, all(abs(x) < 96 for x in off[14:]) and [key for _, key in heard] == (KEYS * 6)[:len(heard)]
        peer.send("FC")
        yield "it stops", wait_for(lambda: "the MIDI clock stops" in stage.said(), 5) is not None
        time.sleep(0.3)
        count = len(ons(peer.heard()))
        time.sleep(1)
        yield "and so does time", len(ons(peer.heard())) == count
        start = restarted("FA", 2)
        wait_for(lambda: len(since(start)) >= 2, 5)
        yield "and begins anew on the same frame: %s" % since(start)[:2], since(start)[0] == heard[0]
        peer.send("FC")
        time.sleep(0.2)
        peer.send("F20600") # six sixteenths; the third note is two later
        start = restarted("FB", 3)
        wait_for(lambda: len(since(start)) >= 2, 5)
        place = since(start)[:2]
        yield "and from the song position: %s" % place, [key for _, key in place] == [KEYS[2], KEYS[3]] and abs(place[0][0] - heard[0][0] - BAR / 8) < 400
        peer.send("clock 0")
        yield "it is lost: " + stage.said(), wait_for(lambda: "the MIDI clock is lost" in stage.said(), 5) is not None
        count = len(ons(peer.heard()))
        yield "and the music goes on", wait_for(lambda: len(ons(peer.heard())) > count + 2, 5) is not None
        peer.send("clock %d" % BPM)
        yield "and is found", wait_for(lambda: stage.said().count("clock is there") == 2, 5) is not None
        stage.save(text.replace("0.3", "0.2"))
        yield "an edit: " + stage.said(), stage.plays(1)
        yield "it ends well", stage.end() == 0
    _, lines = live.edits(log)
    yield "in the log", {name for line in lines for name in ("tempo", "locate", "stands") if name in line} == {"tempo", "locate", "stands"}
    again, taken = live.replayed(phonon, log), live.frames(take)
    yield "the session again, bit for bit: %s" % (again[:200] if isinstance(again, str) else ""), again == taken and any(taken)


def away(phonon, folder, environment, peer):
    """The server goes and comes back, then those who play: ports, connections, the ends of notes."""
    text = 'cps: 1\no1: note "0" # sustain 60 # midi "Test"\no2: note ~midi # s "~x"\n~x: 1 * 0.25\n'
    log = folder / "log"
    with live.Stage(phonon, folder, text, "--backend", "jack", "--midi-in=Test Keys", "--session", str(log), environment=environment) as stage:
        yield "a note is held: " + stage.said(), wait_for(lambda: held(peer.heard()) == {60}) is not None
        peer.send("903C64")
        time.sleep(0.2)
        peer.process.kill()
        peer.process.wait()
        yield from again(stage, folder, environment)
        yield "it ends well: " + stage.said(), stage.end() == 0
    _, lines = live.edits(log)
    keys = [(line["key"], line["value"] > 0) for line in lines if "key" in line]
    yield "what was held is let go, then it is played anew: %s" % keys, keys == [(60, True), (60, False), (64, True), (64, False)]


def written(phonon, folder, environment, peer):
    """What is played, as mini-notation."""
    script = "cps: 1\no1: note ~midi # s \"superpiano\"\n:notes 8\n:wait 5\n:notes\n:notes\n:notes\n:notes 97\n:quit\n"
    with Process(folder, [phonon, "repl", "--backend", "jack", "--midi-in=Test Keys"], environment, script) as repl:
        time.sleep(2) # it says nothing to a script
        for line in ("903C64", "904364", "803C00", "804300", "904064", "804000"):
            peer.send(line)
            time.sleep(0.02 if line == "903C64" else 0.25)
        yield "it ends, with a command that was wrong: " + repl.said(), repl.wait() == 1
    match = re.search(r'^note "(.*)"$', repl.said(), re.M)
    yield "notes: " + repl.said(), match is not None and re.search(r"(\[c4,g4\]|c4.*g4).*e4", match.group(1)) is not None
    listed = subprocess.run([phonon, "events", match.group(0) if match else "", "--to", "4"], stdout=subprocess.PIPE, check=False)
    yield "which are a pattern", listed.returncode == 0 and b"note" in listed.stdout
    yield "nothing, and what cannot be: " + repl.said(), "nothing was played" in repl.said() and "1 to 96 steps" in repl.said()


def again(stage, folder, environment):
    SERVER["end"]()
    yield "the ports are gone: " + stage.said(), wait_for(lambda: "the ports are gone" in stage.said(), 10) is not None
    with jack_server(folder, environment, 48000) as server:
        yield "they are back, and nobody is there: " + stage.said(), wait_for(lambda: "nobody has a port `Test`" in stage.said(), 20) is not None
        with peer_of(folder, environment) as peer:
            yield "who comes is connected: " + stage.said(), wait_for(lambda: "`Test` is connected" in stage.said().split("nobody has")[-1] and "listening to Test Keys" in stage.said().split("gone")[-1], 10) is not None
            yield "and played: %s %s" % (peer.heard()[:4], stage.said()), wait_for(lambda: any(data[0] == 0x90 for _, data in peer.heard()), 5) is not None
            peer.send("904064")
            time.sleep(0.1)
            peer.send("804000")
            time.sleep(0.3)
        yield "there was no end", server.process.poll() is None
        stage.end()
        server.end()


def by_rtmidi(phonon, folder, environment, peer):
    """RtMidi's own way to JACK stands for the others: it knows no frames, and sends at the beginning of a period."""
    log = folder / "log"
    text = NOTES + 'o2: note ~midi # s "superpiano"\n'
    options = ["--backend", "jack", "--midi-backend", "rtmidi:jack", "--midi-out", "Test Synth", "--midi-clock", "Test Synth", "--midi-in=Test Keys", "--session", str(log)]
    with live.Stage(phonon, folder, text, *options, environment=environment) as stage:
        if wait_for(lambda: "librtmidi is not installed" in stage.said() or "no such way" in stage.said() or "MIDI by RtMidi" in stage.said()) and "MIDI by RtMidi" not in stage.said():
            print("left out: RtMidi is not here")
            return
        yield "it says how: " + stage.said(), wait_for(lambda: "MIDI by RtMidi" in stage.said() and "`Test Synth` is connected" in stage.said() and "listening to Test Keys" in stage.said()) is not None
        wait_for(lambda: len(ons(peer.heard())) >= 44)
        notes = ons(peer.heard())[20:] # the device has told the time for a second
        steps = sorted(abs(b[0] - a[0] - STEP) for a, b in zip(notes, notes[1:])) # the server slips when the machine is busy
        yield "notes, about on their frames: %s" % steps, len(notes) >= 16 and steps[len(steps) // 2] <= PERIOD and steps[-1] < STEP
        yield "keys: %s" % notes, all(b[1] == {60: 64, 64: 67, 67: 72, 72: 60}[a[1]] for a, b in zip(notes, notes[1:]))
        peer.send("903C64")
        time.sleep(0.1)
        peer.send("803C00")
        time.sleep(0.3)
        yield "it ends well: " + stage.said(), stage.end() == 0
    yield "all is let go, and the clock stops: %s" % peer.heard()[-6:], wait_for(lambda: not held(peer.heard()) and any(data == (0xFC,) for _, data in peer.heard()), 5) is not None
    _, lines = live.edits(log)
    struck = [(line["key"], line["value"] > 0, line["frame"]) for line in lines if "key" in line]
    yield "keys are heard: %s" % struck, [key[:2] for key in struck] == [(60, True), (60, False)] and 0.05 < (struck[1][2] - struck[0][2]) / 48000 < 0.4


def elsewhere(phonon, folder, environment, _):
    listed = subprocess.run([phonon, "devices", "--json"], env=environment, stdout=subprocess.PIPE, check=True)
    ports = {port["name"]: port["out"] for backend in json.loads(listed.stdout) if backend["backend"] == "midi:jack" for port in backend["ports"]}
    yield "devices lists ports: %s" % ports, ports.get("Test Synth:in") is True and ports.get("Test Keys:out") is False
    with live.Stage(phonon, folder, NOTES, "--midi-backend", "jack", environment=environment) as stage:
        yield "JACK's ports without JACK's sound: what to do: " + stage.said(), wait_for(lambda: "--backend jack" in stage.said(), 5) is not None
        yield "and goes on", stage.end() == 0
    with live.Stage(phonon, folder, NOTES, "--midi-backend", "nonsense", environment=environment) as stage:
        yield "a way that there is not: " + stage.said(), wait_for(lambda: "no such way" in stage.said(), 5) is not None
        yield "and goes on as well", stage.end() == 0
    if not os.path.exists("/dev/snd/seq"):
        with live.Stage(phonon, folder, NOTES, environment=environment) as stage:
            yield "no ALSA: " + stage.said(), wait_for(lambda: re.search(r"is not sent or heard: (RtMidi|rtmidi): (ALSA has no sequencer|librtmidi is not|there is no such)", stage.said()), 5) is not None
            yield "and goes on, too", stage.end() == 0


def main():
    if not shutil.which("jackd"):
        print("left out: jackd is not here")
        return 0
    environment = {**ENVIRONMENT, "JACK_DEFAULT_SERVER": "phonon-live-%d" % os.getpid()}

    def facts(test):
        begin = time.monotonic()
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            with jack_server(folder, environment, 48000) as server:
                SERVER["end"] = server.end
                with peer_of(folder, environment) as peer:
                    yield from test(sys.argv[1], folder, environment, peer)
                server.end()
        print("%s: %.1f s" % (test.__name__, time.monotonic() - begin))
    return hold((test.__name__, facts(test)) for test in (out, into, clock_in, by_rtmidi, away, written, elsewhere) if len(sys.argv) < 4 or test.__name__ in sys.argv[3:])


if __name__ == "__main__":
    sys.exit(main())
