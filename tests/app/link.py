#!/usr/bin/env python3
"""`phonon live --link`: two performances in a private network share tempo and beat. Where the beats are is seen in the times of the OSC bundles that
both send, which come from the clock of the sound and not from Link. Needs `unshare -n`; where that is not permitted, it is left out.

    link.py PHONON
"""
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

from audio import FRAME_BYTES, PATIENCE_SEC, Process, wait_for
from common import ENVIRONMENT, data_of, hold, render
from live import RATE, frames, replayed

NEAR_SEC = 0.004  # two beats that are one; the machine may be busy
TEXT = 'cps: %s\no1: s "808bd*8" # gain 0.4\no2: s "x*8" # target "ears"\n'


class Ears:
    """The times of the events of a performance, by the clock of the machine."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.target = "ears=127.0.0.1:%d" % self.socket.getsockname()[1]

    def heard(self, since=0.0):
        """Times and tempi of the events that came, those that are heard after a time."""
        found = []
        self.socket.setblocking(False)
        try:
            while True:
                packet = self.socket.recv(65536)
                sec, part = struct.unpack(">II", packet[8:16])
                cps = struct.unpack(">f", packet[packet.index(b"cps\0") + 4:][:4])[0]
                found.append((sec - 2208988800 + part / 2 ** 32, cps))
        except BlockingIOError:
            return [event for event in found if event[0] > since]


class Player(Process):
    def __init__(self, phonon, folder, name, cps, *options, inside=()):
        self.ears, self.log, self.take, self.file = Ears(), folder / (name + ".log"), folder / (name + ".wav"), folder / (name + ".ph")
        self.file.write_text(TEXT % cps)
        super().__init__(folder, [*inside, phonon, "live", str(self.file), "--backend", "null", "--block", "128", "--no-view", "--link", "--session", str(self.log),
                                  "--record", str(self.take), "--bits", "32f", "--osc-target", self.ears.target, *options], ENVIRONMENT)

    def save(self, cps):
        fresh = self.file.with_suffix(".tmp")
        fresh.write_text(TEXT % cps)
        os.rename(fresh, self.file)

    def waits_for(self, words):
        return wait_for(lambda: words in self.said()) is not None

    def lines(self):
        return [json.loads(line) for line in self.log.read_text().splitlines()]


def apart(one, other, cps):
    """By how much the beats of two performances are apart, in seconds: the middle one of all differences, the way round that is nearer."""
    beat = 1 / (8 * cps)
    gaps = sorted((a - b + beat / 2) % beat - beat / 2 for a, _ in one for b, _ in other if abs(a - b) < 2)
    return gaps[len(gaps) // 2]


def bars_apart(one, other, cps):
    """The same for whole cycles: the first event of each one is the beginning of a cycle."""
    return (one[0][0] - other[0][0] + 0.5 / cps) % (1 / cps) - 0.5 / cps


def tempo(events):
    return (len(events) - 1) / 8 / (events[-1][0] - events[0][0])


def alone(phonon, folder):
    """Where nobody else is there, nothing is changed."""
    with Player(phonon, folder, "a", "0.5", "-d", "1.5") as player:
        yield "it says so", player.waits_for("nobody else is there")
        yield "it ends", player.wait() == 0
        want = data_of(render(phonon, str(player.file), "-d", "1.5"))[2]
        yield "bit for bit what `render` writes", frames(player.take) == want
        yield "no tempo in the log", not any("tempo" in line for line in player.lines())


def beyond(phonon, folder):
    """A tempo that Link does not have is played, and not shared."""
    with Player(phonon, folder, "a", "8", "-d", "0.5") as player:
        yield "it says so", player.waits_for("Link has 20 to 999 bpm: 8 cps are 1920 bpm")
        yield "it ends", player.wait() == 0
        yield "as the text says", frames(player.take) == data_of(render(phonon, str(player.file), "-d", "0.5"))[2]
    done = subprocess.run([phonon, "live", str(player.file), "--link", "--backend", "file", "--device", str(folder / "x.wav")], stderr=subprocess.PIPE, check=False)
    yield "a file keeps no time: %s" % done.stderr, done.returncode == 2 and b"goes by the clock" in done.stderr


def two(phonon, folder):
    """The second one takes tempo and bar of the first, and changes it."""
    with Player(phonon, folder, "a", "0.6") as a:
        a.waits_for("Hz, blocks of")
        first = wait_for(a.ears.heard)
        time.sleep(0.7)
        with Player(phonon, folder, "b", "0.5") as b:
            yield "b finds a: " + b.said(), b.waits_for("1 other, 144.00 bpm; the sound begins with the bar")
            yield "a finds b", a.waits_for("Link: 1 other")
            time.sleep(1.5)
            mine, others = a.ears.heard(), b.ears.heard()
            yield "the tempo of a: %g" % tempo(others), abs(tempo(others) - 0.6) < 0.003
            yield "the beat of a: %g s" % apart(mine, others, 0.6), abs(apart(mine, others, 0.6)) < NEAR_SEC
            yield "its bar: %g s" % bars_apart(first, others, 0.6), abs(bars_apart(first, others, 0.6)) < NEAR_SEC
            b.save("0.75")
            yield "a tempo goes out: " + a.said(), a.waits_for("0.7500 cps, from another one")
            time.sleep(1.5)
            since = time.time() - 0.7
            mine, others = a.ears.heard(since), b.ears.heard(since)
            yield "both have it: %g, %g" % (tempo(mine), tempo(others)), abs(tempo(mine) - 0.75) < 0.01 and abs(tempo(others) - 0.75) < 0.01
            yield "and the beat: %g s" % apart(mine, others, 0.75), abs(apart(mine, others, 0.75)) < NEAR_SEC
            b.end()
        yield "b is gone", a.waits_for("Link: 0 others")
        time.sleep(0.5)
        since = time.time() - 0.3
        yield "its tempo stays", abs(tempo(a.ears.heard(since)) - 0.75) < 0.02
        a.end()
    for player in (a, b):
        changes = [line for line in player.lines() if "tempo" in line]
        yield "in the log: %d" % len(changes), 1 <= len(changes) < 40
        yield "the session again, bit for bit", replayed(phonon, player.log) == frames(player.take)


def stops(phonon, folder):
    """A stop is a hush, and a hush a stop."""
    with Player(phonon, folder, "a", "1", "--link-start-stop", "--osc-port", "0") as a, Player(phonon, folder, "b", "1", "--link-start-stop", "--link-quantum", "1") as b:
        wait_for(lambda: "listening on" in a.said() and "Link: 1 other" in a.said() + b.said())
        mouth = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        mouth.connect(("127.0.0.1", int(a.said().split("listening on 127.0.0.1:")[1].split()[0])))
        time.sleep(0.5)
        mouth.send(b"/hush\0\0\0,\0\0\0")
        yield "a stop", b.waits_for("stopped by another one") and wait_for(lambda: '"hushed":true' in b.log.read_text()) is not None
        mouth.send(b"/hush\0\0\0,i\0\0\0\0\0\0")
        yield "a start", b.waits_for("started by another one") and wait_for(lambda: '"hushed":false' in b.log.read_text()) is not None
        a.end()
        b.end()


def two_networks(phonon, folder):
    """Two machines with a wire between them."""
    other = subprocess.Popen(["unshare", "-n", "sleep", "60"])
    try:
        inside = ["nsenter", "-t", str(other.pid), "-n"]
        wait_for(lambda: os.readlink("/proc/%d/ns/net" % other.pid) != os.readlink("/proc/self/ns/net"))
        wire = ["ip link add ve0 type veth peer name ve1", "ip link set ve1 netns %d" % other.pid, "ip addr add 10.77.0.1/24 dev ve0", "ip link set ve0 up"]
        there = ["ip addr add 10.77.0.2/24 dev ve1", "ip link set ve1 up", "ip link set lo up"]
        done = [subprocess.run(line.split(), stderr=subprocess.DEVNULL, check=False).returncode for line in wire]
        done += [subprocess.run(inside + line.split(), stderr=subprocess.DEVNULL, check=False).returncode for line in there]
        if any(done):
            print("link: no wire between two networks here: left out")
            return
        with Player(phonon, folder, "a", "0.5") as a:
            a.waits_for("Hz, blocks of")
            with Player(phonon, folder, "b", "0.7", "-d", "2", inside=inside) as b:
                yield "b finds a: " + b.said(), b.waits_for("1 other, 120.00 bpm")
                yield "a finds b", a.waits_for("Link: 1 other")
                yield "b ends", b.wait() == 0
                yield "with the tempo of a", b.lines()[2].get("tempo") == 0.5
            a.end()
    finally:
        other.send_signal(signal.SIGKILL)
        other.wait()


def in_private(arguments):
    """Runs this script in a network of its own; its exit status."""
    for options in (["-n"], ["-r", "-n"]):
        if subprocess.run(["unshare", *options, "ip", "link", "set", "lo", "up"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            script = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable, *arguments]
            return subprocess.run(["unshare", *options, *script], env={**os.environ, "PHONON_LINK_PRIVATE": "1"}, check=False).returncode
    print("link: no network of one's own here: left out")
    return 77


def main():
    if not os.environ.get("PHONON_LINK_PRIVATE"):
        return in_private(sys.argv)
    phonon, wanted = sys.argv[1], sys.argv[2:]
    tests = [test for test in (alone, beyond, two, stops, two_networks) if not wanted or test.__name__ in wanted]

    def facts(test):
        with tempfile.TemporaryDirectory() as folder:
            yield from test(phonon, pathlib.Path(folder))
    return hold((test.__name__, facts(test)) for test in tests)


if __name__ == "__main__":
    sys.exit(main())
