#!/usr/bin/env python3
"""`phonon play` and `phonon devices`: what a device gets is what `phonon render` writes, bit for bit; by a file, by a JACK server of our
own that goes away and comes back, at another rate too, and by PipeWire.

    audio.py PHONON [JACK_RECORD]

Without jackd, PipeWire or the recorder, those parts are left out, and it says so.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

from common import ENVIRONMENT, data_of, render, run

PIECE = 'o1: noise * 0.1\no2: s "808bd(3,8)" # n 2 # gain 0.5\no3: s "hh*8" # gain 0.3\n'
FRAME_BYTES = 8
PATIENCE_SEC = 30
AHEAD = ["--ahead", "400"]  # the machine may be busy
PHASE_SEC = 0.25            # a callback may be that late on such a machine; what does not keep time is off by more


def offline(phonon, *options):
    return data_of(render(phonon, "-", *options, text=PIECE))[2]


def leading(frames):
    """Silent frames at the beginning."""
    at = 0
    while frames[at * FRAME_BYTES:(at + 1) * FRAME_BYTES] == b"\0" * FRAME_BYTES:
        at += 1
    return at


def wait_for(what, seconds=PATIENCE_SEC):
    """What it gives, once that is true; None if it never is."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.02)
    return None


class Process:
    """A program in the background, its words in a file. It is ended when the test is."""

    def __init__(self, folder, command, environment, text=None):
        self.said_in = tempfile.NamedTemporaryFile(dir=folder, delete=False)
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE if text else subprocess.DEVNULL, stdout=self.said_in,
                                        stderr=subprocess.STDOUT)
        if text:
            self.process.stdin.write(text.encode())
            self.process.stdin.close()

    def said(self):
        return pathlib.Path(self.said_in.name).read_text(encoding="utf-8", errors="replace")

    def end(self, number=signal.SIGTERM):
        """Its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait()

    def wait(self):
        try:
            return self.process.wait(PATIENCE_SEC)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.end(signal.SIGKILL)


class Recording:
    """What tests/io/jack_record.c wrote."""

    def __init__(self, path):
        data = path.read_bytes()
        self.first, self.first_ns, self.last_ns, self.last_count, self.xruns = struct.unpack("<5q", data[:40])
        self.frames = data[40:]

    def count(self):
        return len(self.frames) // FRAME_BYTES

    def place_in(self, whole):
        """The frame of `whole` that the recording begins with; -1: it does not occur."""
        at = whole.find(self.frames[:64 * FRAME_BYTES])
        return at // FRAME_BYTES if at >= 0 and at % FRAME_BYTES == 0 else -1

    def same_frames(self, whole, place):
        """How many frames from there on are the same bits."""
        length = min(len(self.frames), len(whole) - place * FRAME_BYTES)
        low, high = 0, length // FRAME_BYTES
        while low < high:
            middle = (low + high + 1) // 2
            if self.frames[:middle * FRAME_BYTES] == whole[place * FRAME_BYTES:(place + middle) * FRAME_BYTES]:
                low = middle
            else:
                high = middle - 1
        return low


def recorder(folder, command, environment, path):
    """A recorder, tried until the server takes it."""
    def start():
        process = Process(folder, [*command, "phonon-test-recorder", "40", str(path)], environment)
        wait_for(lambda: "ready" in process.said() or process.process.poll() is not None)
        return process if "ready" in process.said() else process.end() * 0
    return wait_for(start)


# ---- tests: each yields (what, whether it holds) ----

def devices(phonon, _):
    status, out, _ = run([phonon, "devices", "--json"])
    backends = {backend["backend"]: backend for backend in json.loads(out)}
    yield "back ends", status == 0 and {"null", "file"} <= set(backends) and backends["null"]["available"]
    yield "a device of null", backends["null"]["devices"][0]["default"] is True
    if "jack" in backends:
        yield "no server, and it says so", not backends["jack"]["available"] and backends["jack"]["reason"] != ""
    status, out, _ = run([phonon, "devices"])
    yield "a table", status == 0 and b"not available" in out if "jack" in backends else status == 0


def file_device(phonon, folder):
    path = folder / "played.wav"
    for options in ([], ["-g", "1"], ["--threads", "2"], ["--block", "64"], ["--ahead", "0"], ["-c", "1/2"], ["-s", "48000"]):
        length = [] if "-c" in options else ["-d", "1.5"]
        status, _, err = run([phonon, "play", "-", "--backend", "file", "--device", str(path), *length, *options], text=PIECE)
        played = data_of(path.read_bytes())[2]
        same = [o for o in length + options]
        if "--block" in same or "--ahead" in same:
            same = length
        want = offline(phonon, *same)
        rest = played[len(want):]
        yield "a file gets what render writes: %s %s" % (" ".join(options), err), status == 0 and played.startswith(want) and not any(rest)
    status, _, _ = run([phonon, "play", "-", "--backend", "file", "--device", str(path), "-d", "1", "--channels", "1"], text=PIECE)
    played = data_of(path.read_bytes())
    yield "one channel is --mono", status == 0 and played[0] == 1 and played[2].startswith(data_of(render(phonon, "-", "-d", "1", "--mono", text=PIECE))[2])
    status, _, _ = run([phonon, "play", "-", "--backend", "file", "--device", str(folder / "no" / "a.wav"), "-d", "1"], text=PIECE)
    yield "a folder that is not there", status == 1


def interruption(phonon, folder):
    path = folder / "faded.wav"
    with Process(folder, [phonon, "play", "-", "--backend", "file", "--device", "paced:" + str(path)], ENVIRONMENT, PIECE) as play:
        yield "it says what it plays on", wait_for(lambda: "44100 Hz" in play.said()) is not None
        time.sleep(0.6)
        yield "Ctrl-C ends it well", play.end(signal.SIGINT) == 0
        yield "and it says for how long", "played " in play.said()
    played = data_of(path.read_bytes())[2]
    want = offline(phonon, "-d", "20")
    played = played[leading(played) * FRAME_BYTES:]
    want = want[leading(want) * FRAME_BYTES:]
    same = next((i for i in range(len(played) // FRAME_BYTES) if played[i * FRAME_BYTES:(i + 1) * FRAME_BYTES] != want[i * FRAME_BYTES:(i + 1) * FRAME_BYTES]), -1)
    fade = int(0.05 * 44100)
    faded = struct.unpack("<%df" % (2 * fade), played[same * FRAME_BYTES:(same + fade) * FRAME_BYTES].ljust(fade * FRAME_BYTES, b"\0"))
    full = struct.unpack("<%df" % (2 * fade), want[same * FRAME_BYTES:(same + fade) * FRAME_BYTES])
    underran = re.search(r"\b0 underruns", play.said()) is None
    yield "the same until then", same > 10000 or underran
    straight = all(abs(x - y * (1 - (i // 2 + 1) / fade)) < 1e-4 for i, (x, y) in enumerate(zip(faded, full)))
    yield "then a straight line to silence", (straight and not any(played[(same + fade) * FRAME_BYTES:])) or underran


def usage(phonon, _):
    for options, status, word in ((["--backend", "nonsense"], 1, "null, file"), (["--backend", "null", "--out-map", "1"], 2, "out-map"),
                                  (["--backend", "null", "--channels", "2", "--out-map", "3,4"], 2, "--channels"), (["--block", "8"], 2, "block"),
                                  (["-d", "1", "-c", "1"], 2, "--cycles"), (["--backend", "file"], 1, "path"), (["--ahead", "x"], 2, "ahead")):
        got, _, err = run([phonon, "play", "-", *options], text=PIECE)
        yield "%s: %s" % (" ".join(options), err), got == status and word in err
    got, _, err = run([phonon, "play", "-", "--backend", "null"], text="o1: nope\n")
    yield "a text with a mistake", got == 1 and "nope" in err
    got, out, _ = run([phonon, "play", "-", "--backend", "null", "-d", "0.2", "--out-map", "3,4"], text=PIECE)
    yield "channels for the map", got == 0 and b"4 channels" in out
    if not os.path.exists("/dev/snd"):
        got, _, err = run([phonon, "play", "-"], text=PIECE)
        yield "nothing to play on: what to do", got == 1 and ("jackd" in err)


def record_whole(phonon, folder, command, environment, *options):
    """(recording, words) of a piece that is heard to its end; again where the machine was too slow for it."""
    for attempt in range(3):
        path = folder / ("whole%d" % attempt)
        with recorder(folder, command, environment, path) as recording:
            with Process(folder, [*command[:-1], phonon, "play", "-", "-d", "2", "--device", "phonon-test-recorder", *AHEAD, *options], environment, PIECE) as play:
                status, words = play.wait(), play.said()
            recording.end()
        if " 0 underruns" in words or status != 0:
            break
    return Recording(path), words


def jack_server(folder, environment, rate):
    return Process(folder, ["jackd", "-n", environment["JACK_DEFAULT_SERVER"], "-r", "-S", "-t", "5000", "-d", "dummy", "-r", str(rate), "-p", "128"], environment)


def jack(phonon, folder):
    environment = {**ENVIRONMENT, "JACK_DEFAULT_SERVER": "phonon-test-%d" % os.getpid()}
    record = [sys.argv[2]]
    with jack_server(folder, environment, 48000) as server:
        whole, words = record_whole(phonon, folder, record, environment)
        want = offline(phonon, "-d", "2", "-s", "48000")
        start = leading(want)
        yield "JACK: every bit: " + words, whole.frames.startswith(want[start * FRAME_BYTES:]) and len(want) > 90000 * FRAME_BYTES
        yield "what it plays on", "jack, phonon-test-recorder: 48000 Hz, blocks of 128, 2 channels" in words
        if "JACK" in subprocess.run([phonon, "devices"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout.decode():
            done = subprocess.run([phonon, "play", "-", "--backend", "portaudio", "-d", "0.5"], input=PIECE.encode(), env=environment, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=PATIENCE_SEC, check=False)
            yield "PortAudio: " + done.stdout.decode(), done.returncode == 0 and b"portaudio, JACK" in done.stdout and b"played 0.50 s" in done.stdout
        done = subprocess.run([phonon, "play", "-", "--backend", "jack", "--device", "nobody"], input=PIECE.encode(), env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=PATIENCE_SEC, check=False)
        yield "a device that is not there", done.returncode == 1 and b"nobody" in done.stdout
        server.end()


def jack_lost(phonon, folder):
    """Three servers, the last one at another rate, and one performance."""
    environment = {**ENVIRONMENT, "JACK_DEFAULT_SERVER": "phonon-test-%d" % os.getpid()}
    record = [sys.argv[2]]
    paths = [folder / ("part%d" % i) for i in range(3)]
    play = None
    try:
        for i, (rate, number) in enumerate(((48000, signal.SIGTERM), (48000, signal.SIGKILL), (44100, signal.SIGTERM))):
            with jack_server(folder, environment, rate) as server, recorder(folder, record, environment, paths[i]) as recording:
                if i == 0:
                    play = Process(folder, [phonon, "play", "-", "--backend", "jack", "--device", "phonon-test-recorder", *AHEAD], environment, PIECE)
                sign = ("48000 Hz", "back after", "44100 Hz")[i]
                if not wait_for(lambda: sign in play.said()):
                    yield "server %d: %s" % (i, play.said()), False
                time.sleep(1)
                if i == 2:
                    yield "Ctrl-C ends it well", play.end(signal.SIGINT) == 0
                    recording.end()
                server.end(number)
                recording.wait()
        words = play.said()
    finally:
        play.end(signal.SIGKILL)
    parts = [Recording(path) for path in paths]
    wholes = {rate: offline(phonon, "-d", "40", "-s", str(rate)) for rate in (48000, 44100)}
    if " 0 underruns" not in words:
        print("busy: %s" % words)
    for i, rate in enumerate((48000, 48000, 44100)):
        place = parts[i].place_in(wholes[rate])
        same = parts[i].same_frames(wholes[rate], place) if place >= 0 else 0
        enough = 0.4 * rate if " 0 underruns" in words else 64
        yield "part %d is the piece from frame %d on, for %d of %d" % (i, place, same, parts[i].count()), place >= 0 and same >= enough
        if i > 0: # from the last block before the loss to the first one after it: as much music as time
            music = place / rate - last_sec
            passed = (parts[i].first_ns - parts[i - 1].last_ns) * 1e-9
            yield "part %d is in phase: %.3f s of music in %.3f s" % (i, music, passed), abs(music - passed) < PHASE_SEC and passed > 2 * PHASE_SEC
        last_sec = (place + parts[i].last_count) / rate
    yield "it says so: " + words, words.count("is gone") == 2 and "back after" in words


def pipewire(phonon, folder):
    """PipeWire's daemon alone: it needs no bus and no session for two clients that one of them connects."""
    home = folder / "run"
    home.mkdir(mode=0o700)
    environment = {**ENVIRONMENT, "XDG_RUNTIME_DIR": str(home), "DBUS_SESSION_BUS_ADDRESS": "disabled:", "PIPEWIRE_RUNTIME_DIR": str(home)}
    with Process(folder, ["pipewire"], environment) as server:
        if not wait_for(lambda: (home / "pipewire-0").exists() or server.process.poll() is not None) or server.process.poll() is not None:
            print("PipeWire does not start here: left out")
            return
        whole, words = record_whole(phonon, folder, ["pw-jack", sys.argv[2]], environment, "--block", "256")
        want = offline(phonon, "-d", "2", "-s", "48000")
        yield "PipeWire: every bit: " + words, whole.frames.startswith(want[leading(want) * FRAME_BYTES:])
        yield "PipeWire's block", "blocks of 256" in words
        server.end()


def main():
    phonon, record, failures, count = sys.argv[1], len(sys.argv) > 2, 0, 0
    os.environ["JACK_DEFAULT_SERVER"] = ENVIRONMENT["JACK_DEFAULT_SERVER"] = "phonon-nobody-%d" % os.getpid()
    tests = [devices, file_device, interruption, usage]
    tests += [jack, jack_lost] if record and shutil.which("jackd") else []
    tests += [pipewire] if record and shutil.which("pipewire") and shutil.which("pw-jack") else []
    for test in tests:
        with tempfile.TemporaryDirectory() as folder:
            begin = time.monotonic()
            for what, holds in test(phonon, pathlib.Path(folder)):
                count += 1
                if not holds:
                    failures += 1
                    print("FAIL %s: %s" % (test.__name__, what))
            print("%s: %.1f s" % (test.__name__, time.monotonic() - begin))
    left_out = [name for name, has in (("jack", jack in tests), ("pipewire", pipewire in tests)) if not has]
    print("%d facts, %d failures%s" % (count, failures, "; left out: " + ", ".join(left_out) if left_out else ""))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
