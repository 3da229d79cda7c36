#!/usr/bin/env python3
"""The view of `phonon live` and the prompt of `phonon repl` on a terminal of our own: what they show, what keys do, and that the terminal is as it
was afterwards, however they end; and `phonon repl` with a script.

    view.py PHONON
"""
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

from common import ENVIRONMENT, data_of, hold, render, run

PIECE = 'cps: 1\no1: s "bd*8" # gain 0.6\no2: saw 110 * 0.1\n'
PATIENCE_SEC = 20


class Terminal:
    """A program on a terminal, which keeps what it wrote and, roughly, what is on the screen."""

    def __init__(self, command, columns=100, rows=30, environment=None):
        self.master, self.slave = pty.openpty()
        self.resize(columns, rows)
        self.before = termios.tcgetattr(self.slave)
        self.written = ""
        environment = {**ENVIRONMENT, "TERM": "xterm", "LC_ALL": "C.UTF-8", **(environment or {})}
        self.process = subprocess.Popen(command, stdin=self.slave, stdout=self.slave, stderr=self.slave, env=environment, start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))

    def resize(self, columns, rows):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))

    def read(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            self.written += os.read(self.master, 65536).decode("utf-8", "replace")

    def wait_for(self, what, seconds=PATIENCE_SEC):
        """Until the words are written after those of before this call, or `what(self)` holds."""
        begin, until = len(self.written), time.monotonic() + seconds
        while time.monotonic() < until:
            if what(self) if callable(what) else what in self.written[begin:]:
                return True
            self.read(0.05)
        return False

    def screen(self):
        """Lines of the screen, by the positions that the view writes."""
        lines = {}
        for row, text in re.findall(r"\033\[(\d+);1H(.*?)\033\[K", self.written, re.S):
            lines[int(row)] = re.sub(r"\033\[[0-9;?]*[A-Za-z]", "", text)
        return [lines.get(i, "") for i in range(1, max(lines, default=0) + 1)]

    def shows(self, words):
        return any(words in line for line in self.screen())

    def keys(self, text):
        os.write(self.master, text.encode())

    def end(self, number=None):
        if number and self.process.poll() is None:
            self.process.send_signal(number)
        until = time.monotonic() + PATIENCE_SEC
        while self.process.poll() is None and time.monotonic() < until:
            self.read(0.05)
        if self.process.poll() is None:
            self.process.kill()
        self.read(0)
        return self.process.wait()

    def is_restored(self):
        return termios.tcgetattr(self.slave) == self.before

    def close(self):
        self.end(signal.SIGKILL)
        os.close(self.master)
        os.close(self.slave)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()


def logged(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def last_with(path, key):
    found = [line[key] for line in logged(path) if key in line]
    return found[-1] if found else None


def pressed(terminal, log, key, tempi):
    """Whether so many changes of the tempo are in the log after a key."""
    terminal.keys(key)
    return terminal.wait_for(lambda _: sum("tempo" in line for line in logged(log)) >= tempi)


def moved(log, rate=44100):
    """By how many seconds all changes of the tempo moved the beat, of a text with one cycle a second."""
    changes = [line for line in logged(log) if "tempo" in line]
    return sum((b["frame"] - a["frame"]) / rate * (a["tempo"] - 1) for a, b in zip(changes[0::2], changes[1::2]))


def becomes(terminal, path, key, value):
    return terminal.wait_for(lambda _: last_with(path, key) == value)


# ---- tests: each yields (what, whether it holds) ----

def view(phonon, folder):
    piece, log = folder / "piece.ph", folder / "log"
    piece.write_text(PIECE)
    command = [phonon, "live", str(piece), "--backend", "null", "--session", str(log), "--bits", "32f"]
    with Terminal(command) as t:
        yield "a screen of its own", t.wait_for("\033[?1049h")
        yield "title, tempo: %s" % t.screen(), t.wait_for(lambda t: t.shows("piece.ph  cycle") and t.shows("1 cps (240.0 bpm)"))
        yield "meters", t.wait_for(lambda t: any(re.search(r"o2 +█+.* -\d+\.\d dB", line) for line in t.screen()) and t.shows("master"))
        yield "load, voices, underruns", t.shows("cpu ") and t.shows("voices ") and t.shows("underruns ")
        yield "raw keys", not t.is_restored()
        t.keys("1")
        yield "1 mutes", becomes(t, log, "muted", [1]) and t.wait_for(lambda t: any(re.match(r" o1 .*M$", line) for line in t.screen()))
        t.keys("1")
        yield "1 again", becomes(t, log, "muted", [])
        t.keys("s2")
        yield "s2 solos", becomes(t, log, "soloed", [2])
        t.keys("\0331")
        yield "Alt-1, too", becomes(t, log, "soloed", [1, 2])
        t.keys("a")
        yield "a ends that", becomes(t, log, "soloed", [])
        t.keys("h")
        yield "h hushes", becomes(t, log, "hushed", True) and t.wait_for(lambda t: t.shows("hush"))
        t.keys("h")
        yield "and again", becomes(t, log, "hushed", False)
        t.keys("]")
        yield "] is faster", becomes(t, log, "cps", 1.01) and t.wait_for(lambda t: t.shows("by hand"))
        t.keys("[")
        yield "[ is slower", becomes(t, log, "cps", 1.0)
        begin = time.monotonic()
        for i in range(4):
            t.keys("t")
            t.wait_for(lambda _: time.monotonic() > begin + 0.3 * (i + 1))
        tapped = last_with(log, "cps")
        yield "t taps: %s" % tapped, 0.4 < tapped < 1.1
        t.keys("T")
        yield "T is the text's tempo", becomes(t, log, "cps", 0.0)
        yield "> moves the beat: %s" % moved(log), pressed(t, log, ">", 2) and abs(moved(log) - 0.005) < 1e-4
        yield ", moves it back a little: %s" % moved(log), pressed(t, log, ",", 4) and abs(moved(log) - 0.004) < 1e-4
        piece.write_text(PIECE.replace("110", "220"))
        yield "a save", becomes(t, log, "text", PIECE.replace("110", "220"))
        t.keys("u")
        yield "u goes back", becomes(t, log, "text", PIECE)
        t.keys("p")
        yield "p is silence", becomes(t, log, "text", "") and t.wait_for(lambda t: t.shows("panic"))
        t.keys("p")
        yield "and again", becomes(t, log, "text", PIECE)
        piece.write_text("o1: sawww 3\n")
        yield "an error with its caret", t.wait_for(lambda t: t.shows("unknown function `sawww`") and t.shows("^^^^^"))
        piece.write_text(PIECE)
        yield "it goes when it is mended", becomes(t, log, "text", PIECE) and t.wait_for(lambda t: not any("^" in line for line in t.screen()[5:11]))
        t.keys("c")
        yield "c: what lines cost: %s" % t.screen(), t.wait_for(lambda t: any(re.search(r"\d %.* saw 110", line) or re.search(r"\d %.*3  .*o2:", line) for line in t.screen()))
        t.keys("?")
        yield "?: the keys", t.wait_for(lambda t: t.shows("fade out and quit; twice"))
        t.keys("r")
        yield "r records", t.wait_for(lambda t: t.shows("REC"))
        t.keys("r")
        yield "r stops", t.wait_for(lambda t: not t.shows("REC"))
        mark = len(t.written)
        t.resize(60, 20)
        yield "it fits a smaller terminal", t.wait_for(lambda t: "\033[2J" in t.written[mark:] and "\033[20;1H" in t.written[t.written.rindex("\033[2J"):])
        t.written = t.written[t.written.rindex("\033[2J"):]
        t.wait_for(lambda t: t.shows("master"))
        yield "and no line is longer", len(t.screen()) == 20 and all(len(line) <= 60 for line in t.screen())
        t.keys("q")
        yield "q ends it", t.end() == 0
        yield "the screen that was, the keys that were", t.written.rstrip().endswith("underruns") and "\033[?1049l" in t.written and t.is_restored()
    for take in pathlib.Path.cwd().glob("phonon-*.wav"):
        take.unlink()
    status, out, _ = run([phonon, "render", "--session", str(log), "-", "--bits", "32f", "--quiet"])
    yield "the session can be rendered", status == 0 and len(data_of(out)[2]) == 8 * logged(log)[-1]["frame"]


def ends(phonon, folder):
    piece = folder / "piece.ph"
    piece.write_text(PIECE)
    for number, status in ((signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGHUP, 0), (signal.SIGSEGV, -signal.SIGSEGV), (signal.SIGABRT, -signal.SIGABRT)):
        with Terminal([phonon, "live", str(piece), "--backend", "null"]) as t:
            t.wait_for("master")
            got = t.end(number)
            yield "after signal %d: %d" % (number, got), got == status and t.is_restored() and "\033[?1049l" in t.written
    with Terminal([phonon, "live", str(piece), "--backend", "null", "-d", "0.3"]) as t:
        yield "at its end", t.end() == 0 and t.is_restored()
    status, out, _ = run([phonon, "live", str(piece), "--backend", "null", "-d", "0.2"])
    yield "plain lines where there is no terminal", status == 0 and b"\033" not in out and b"Hz, blocks of" in out


def prompt(phonon, folder):
    saved = folder / "saved.ph"
    with Terminal([phonon, "repl", "--backend", "null", "--session", str(folder / "log")], environment={"XDG_DATA_HOME": str(folder)}) as t:
        yield "a prompt", t.wait_for("phonon> ")
        t.keys("o1: 0.25\n")
        yield "a statement plays", becomes(t, folder / "log", "text", "o1: 0.25\n")
        t.keys("o1: noo\n")
        yield "an error", t.wait_for("unknown function `noo`")
        t.keys("o2: (0.1\n")
        t.keys("  + 0.1)\n")
        yield "two lines", becomes(t, folder / "log", "text", "o1: 0.25\no2: (0.1\n  + 0.1)\n")
        t.keys(":help revers\t\n")
        yield "Tab completes: " + t.written[-500:], t.wait_for("list round")
        t.keys("o3: gar\x03")
        yield "Ctrl-C gives up a line", t.wait_for("once more") and t.process.poll() is None
        t.keys(":save %s\n" % saved)
        yield "a text is saved", t.wait_for(lambda _: saved.exists()) and saved.read_text() == "o1: 0.25\no2: (0.1\n  + 0.1)\n"
        t.keys(":quit\n")
        yield "the end", t.end() == 0 and t.is_restored()
    yield "what was typed is remembered", "o1:" in (folder / "phonon" / "history").read_text()


def script(phonon, folder):
    """On the file device time passes in `:wait` alone: the same script gives the same bits."""
    heard = folder / "heard.wav"
    text = "\n".join(("cps: 2", "-- a comment", "o1: 0.25", "o2: 0.125", "solo 1", ":wait 1", "unsolo", "o1: 0.5", "~b: 0.0625", ":wait 0.5", "o2: ~b", "hush 1",
                      ":wait 0.5", ":list", "")) + "\n"
    sounds = []
    for attempt in range(2):
        log = folder / ("log%d" % attempt)
        status, out, err = run([phonon, "repl", "--backend", "file", "--device", str(heard), "--gain", "1", "--fade-in", "0", "--session", str(log)], text=text)
        yield "a script: %s" % err, status == 0
        sounds.append(data_of(heard.read_bytes())[2].rstrip(b"\0")) # whole blocks are written, some of them after the end
    yield "twice the same", sounds[0] == sounds[1]
    yield "the text is as if written: %r" % out, out.decode() == "cps: 2\no1: 0.5\no2: ~b\n~b: 0.0625\nhush 1\n"
    frames = [line["frame"] for line in logged(log)[1:]]
    yield "edits where time stood: %s" % frames, frames[1:4] == [0, 22050, 33075]
    values = struct.unpack("<%df" % (len(sounds[0]) // 4), sounds[0][:len(sounds[0]) // 4 * 4])
    levels = [values[2 * frame] for frame in (20000, 30000, 40000)]
    yield "what is heard: %s" % levels, levels == [0.25, 0.625, 0.0625]
    status, out, err = run([phonon, "render", "--session", str(log), "-", "--bits", "32f", "--quiet"])
    yield "its session: " + err, status == 0 and data_of(out)[2].rstrip(b"\0") == sounds[0]
    status, _, err = run([phonon, "repl", "--backend", "file", "--device", str(heard), "-d", "0.5"], text="o1: nope\n:nope\n:help revreb\n")
    yield "what is wrong is said: " + err, status == 1 and "unknown function `nope`" in err and "no command `:nope`" in err and "did you mean `reverb`" in err
    status, out, _ = run([phonon, "repl", "--backend", "file", "--device", str(heard), "-d", "0.5"], text=":help lpf\n")
    yield ":help", status == 0 and b"Hz" in out
    piece = folder / "piece.ph"
    piece.write_text(PIECE)
    status, out, _ = run([phonon, "repl", str(piece), "--backend", "null"], text="o2: 0\n:undo\n:list\n")
    yield "a file to begin with, undo", status == 0 and out.decode().endswith(PIECE)
    status, _, err = run([phonon, "repl", str(piece), "--backend", "file", "--device", str(heard), "-d", "1", "--bits", "32f"], text="")
    yield "nothing typed is the file", status == 0 and data_of(heard.read_bytes())[2].startswith(data_of(render(phonon, str(piece), "-d", "1"))[2])


def main():
    phonon, wanted = sys.argv[1], sys.argv[2:]

    def facts(test):
        begin = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            yield from test(phonon, pathlib.Path(folder))
        print("%s: %.1f s" % (test.__name__, time.monotonic() - begin))
    return hold((test.__name__, facts(test)) for test in (view, ends, prompt, script) if not wanted or test.__name__ in wanted)


if __name__ == "__main__":
    sys.exit(main())
