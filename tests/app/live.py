#!/usr/bin/env python3
"""`phonon live`: saves as editors make them, errors that change nothing, edits on exact frames, recordings and sessions that are the
performance bit for bit, also after `kill -9`.

    live.py PHONON
"""
import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

from audio import FRAME_BYTES, PATIENCE_SEC, Process, wait_for
from common import ENVIRONMENT, data_of, hold, render, run

RATE = 44100
NOWHERE = ["--backend", "null"]
PIECE = 'o1: s "808bd(3,8)" # n 2 # gain 0.5\no2: saw "110 220" # lpf 800 # reverb 0.5 * 0.2\n'
FAILS = 'fast "<1!1000 1000000>" $ s "bd" # gain 0' # from cycle 1000 on
OTHER = PIECE.replace("800", "2000")


class Stage(Process):
    """`phonon live` of a file in a folder of its own."""

    def __init__(self, phonon, folder, text, *options, command="live", environment=ENVIRONMENT):
        self.folder = folder
        self.file = folder / "piece.ph"
        if text is None:
            self.file.unlink(missing_ok=True)
        else:
            self.file.write_text(text)
        super().__init__(folder, [phonon, command, str(self.file), *NOWHERE, *options], environment)
        self.begun = time.monotonic()
        wait_for(lambda: "Hz, blocks of" in self.said() or self.process.poll() is not None)

    def plays(self, count):
        """Whether so many edits have been heard."""
        return wait_for(lambda: self.said().count("the edit plays") >= count) is not None

    def save(self, text):
        """As vim and many others do: a new file takes the name of the old one."""
        fresh = self.folder / ".piece.tmp"
        fresh.write_text(text)
        os.rename(fresh, self.file)


def frames(path):
    return data_of(pathlib.Path(path).read_bytes())[2]


def edits(path):
    """The frames of the edits of a session after its first text, and its lines."""
    lines = [json.loads(line) for line in pathlib.Path(path).read_text().splitlines()]
    return [line["frame"] for line in lines[2:] if "end" not in line and "voices" not in line], lines


def replayed(phonon, session, *options):
    status, out, err = run([phonon, "render", "--session", str(session), "-", "--bits", "32f", "--quiet", *options])
    return data_of(out)[2] if status == 0 else err


# ---- tests: each yields (what, whether it holds) ----

def record_is_render(phonon, folder):
    piece = folder / "piece.ph"
    for i, (text, options) in enumerate(((PIECE, []), (PIECE, ["-s", "48000", "-g", "1.5"]), ("o1: noise * 3\n", ["--block", "64"]),
                                         (PIECE, ["-c", "3/2", "--threads", "2", "--fade-in", "0.2"]))):
        piece.write_text(text)
        take = folder / ("take%d.wav" % i)
        length = [] if "-c" in options else ["-d", "1.5"]
        status, _, err = run([phonon, "live", str(piece), "--backend", "file", "--device", str(folder / "heard.wav"), "--record", str(take), "--bits", "32f", *length, *options])
        same = [o for o in options if o not in ("--block", "64")]
        want = data_of(render(phonon, str(piece), *length, *same))[2]
        yield "record is render: %s %s" % (" ".join(options), err), status == 0 and frames(take) == want


def saves(phonon, folder):
    with Stage(phonon, folder, PIECE, "--record", str(folder / "take.wav"), "--bits", "32f", "--session", str(folder / "log"), "--stems", str(folder / "stems")) as live:
        live.save(OTHER)
        yield "a file renamed over it: " + live.said(), live.plays(1)
        live.file.write_text(PIECE.replace("110", "165"))
        yield "a file truncated and written", live.plays(2)
        live.save("o1: nope 3\n")
        yield "an error with its caret", wait_for(lambda: "^^^^" in live.said()) is not None and "piece.ph:1:5: error" in live.said()
        yield "the last good code plays on", wait_for(lambda: "the last good code plays on" in live.said()) is not None
        live.file.unlink()
        time.sleep(0.05)
        live.save(PIECE + "o3: saw 55 * 0.1\n")
        yield "a file removed and made anew", live.plays(3)
        for i in range(5):
            live.save(PIECE.replace("800", str(900 + i)))
        yield "quick saves", wait_for(lambda: "lpf 904" in (folder / "log").read_text()) is not None
        before = live.said().count("the edit plays")
        live.save(PIECE.replace("800", "904"))
        os.utime(live.file)
        live.save(PIECE.replace("800", "905"))
        yield "an unchanged save is no edit", live.plays(before + 1) and wait_for(lambda: "lpf 905" in (folder / "log").read_text()) is not None and live.said().count("the edit plays") == before + 1
        yield "Ctrl-C ends it well", live.end(signal.SIGINT) == 0
        words = live.said()
    heard = frames(folder / "take.wav")
    at, lines = edits(folder / "log")
    yield "the log: " + json.dumps(lines)[:2000], len(at) >= 5 and lines[0]["rate"] == RATE and lines[-1]["end"] * FRAME_BYTES == len(heard)
    for options in ([], ["--threads", "2", "--block-size", "100"]):
        again = replayed(phonon, folder / "log", *options)
        yield "the session again, bit for bit: %s" % (again[:200] if isinstance(again, str) else words), again == heard
    first = data_of(render(phonon, "-", "-d", "30", text=PIECE))[2]
    yield "until the first edit it is the first text", heard[:at[0] * FRAME_BYTES] == first[:at[0] * FRAME_BYTES] and heard[at[0] * FRAME_BYTES:] != first[at[0] * FRAME_BYTES:len(heard)]
    third = frames(folder / "stems" / "o3.wav")
    ends = at[3] * FRAME_BYTES # where o3 is taken out
    fade = int(0.02 * RATE) * FRAME_BYTES
    yield "a stem that is taken out fades", any(third[ends:ends + fade // 2]) and not any(third[ends + fade:])
    begin = at[2] * FRAME_BYTES
    yield "a stem that comes later is in its place", len(third) == len(heard) and not any(third[:begin]) and any(third[begin:])
    sums = zip(*(struct.unpack("<%df" % (len(heard) // 4), frames(folder / "stems" / name)) for name in ("o1.wav", "o2.wav", "o3.wav")))
    quiet = struct.unpack("<%df" % (len(heard) // 4), heard)
    yield "stems sum to the recording, fades included", all(abs(a + b + c - x) < 1e-5 for (a, b, c), x in zip(sums, quiet))


def sounds_of_before(phonon, folder):
    """What only the former text called a sound is nobody's sound now, and nobody is told that it is missing."""
    with Stage(phonon, folder, 'o1: s "superpiano*4 ~lead*4" # gain 0.2\n~lead: saw * 0.2\no2: s "nowhere*4"\n') as live:
        yield "a sound that is missing: " + live.said(), wait_for(lambda: 'bank is named "nowhere"' in live.said()) is not None
        time.sleep(0.3)
        live.save('o1: s "bd*4"\n')
        yield "another text", live.plays(1)
        live.save('o1: s "bd*4"\no2: s "nowhere*8"\n')
        yield "it is said anew of a text that names it", wait_for(lambda: live.said().count('bank is named "nowhere"') == 2) is not None
        yield "nothing else is missing: " + live.said(), live.said().count("bank is named") == 2 and "piece.ph:2:8" in live.said()


def transitions(phonon, folder):
    kick, hats = 'o1: s "bd*8"\n', 'o1 xfadeIn 1 $ s "hh*8"\n'
    beside = 'o2: s "sn*2"\n'
    log = folder / "log"
    with Stage(phonon, folder, kick + beside, "--record", str(folder / "take.wav"), "--bits", "32f", "--session", str(log)) as live:
        time.sleep(0.3)
        live.save(hats + beside)
        yield "a transition is an edit: " + live.said(), live.plays(1)
        live.save(hats + beside.replace("*2", "*4"))
        yield "an edit beside it", live.plays(2)
        time.sleep(0.5)
        live.save('o1 clutchIn 2 $ s "~gone*4"\no2: s "sn"\n~gone: saw 55\n')
        yield "another one", live.plays(3)
        live.save('o1 jumpIn 1 $ s "bd*2"\n')
        gone = live.plays(4)
        yield "a bus that is gone: " + live.said(), gone and "no transition: what played before cannot be read" in live.said()
        live.end(signal.SIGINT)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    turns = [line["transitions"] for line in lines if "transitions" in line]
    yield "transitions in the log: " + json.dumps(turns), [t[0]["before"] for t in turns[:2]] == [kick.strip(), hats.strip()] and turns[0][0]["output"] == 1 and turns[0][0]["now"][1] > 0
    again = replayed(phonon, log)
    yield "transitions again, bit for bit: %s" % (again[:200] if isinstance(again, str) else ""), again == frames(folder / "take.wav")
    plain = log.read_text().replace('"transitions"', '"was"')
    (folder / "plain").write_text(plain)
    yield "they are heard", replayed(phonon, folder / "plain") != again


def quantize(phonon, folder):
    """Of a text that steps from 0 to 0.25 the frame can be seen."""
    silent, loud = "cps: 4\no1: 0\n", "cps: 4\no1: 0.25\n"
    for word, cycles in (("now", 0), ("beat", 0.25), ("cycle", 1), ("2", 2), ("3/2", 1.5)):
        log, take = folder / ("log" + word.replace("/", "")), folder / ("take%s.wav" % word.replace("/", ""))
        with Stage(phonon, folder, silent, "--quantize", word, "--session", str(log), "--record", str(take), "--bits", "32f", "--gain", "1") as live:
            live.save(loud.replace("0.25", "0.125"))
            if cycles > 1:
                time.sleep(0.1)
            live.save(loud)
            wait_for(lambda: "o1: 0.25" in log.read_text())
            live.end(signal.SIGINT)
        at, lines = edits(log)
        step = cycles * RATE / 4
        yield "--quantize %s: %s" % (word, at), at and all(not step or abs(frame / step - round(frame / step)) * step <= 0.51 for frame in at)
        if cycles > 1:
            yield "a newer save replaces one that waits", len(at) <= 2 and lines[-2]["text"] == loud
        heard = frames(take)
        begin = at[0] * FRAME_BYTES
        yield "on the exact frame", not any(heard[:begin]) and any(heard[begin:begin + 2 * FRAME_BYTES])
        yield "again", replayed(phonon, log) == heard


def errors_at_first(phonon, folder):
    with Stage(phonon, folder, "o1: nope\n", "--session", str(folder / "log"), "--record", str(folder / "take.wav")) as live:
        yield "what is wrong is said", wait_for(lambda: "did you mean" in live.said() or "unknown" in live.said()) is not None
        yield "silence, and it waits", "silence plays" in live.said() and live.process.poll() is None
        live.save(PIECE)
        yield "until a save", live.plays(1)
        time.sleep(0.2)
        yield "it ends well", live.end() == 0
    at, _ = edits(folder / "log")
    heard = frames(folder / "take.wav")
    yield "silent, then not", not any(heard[:at[0] * 6]) and any(heard[at[0] * 6:])
    for name in ("nothing", "nowhere/nothing.ph"):
        status, _, err = run([phonon, "live", str(folder / name), *NOWHERE])
        yield "a file that is not there: " + err, status == 1 and name in err
    with Stage(phonon, folder, None) as live:
        yield "a piece that is not there yet: " + live.said(), "not there yet" in live.said()
        live.save(PIECE)
        yield "it plays when it is saved", live.plays(1) and live.end() == 0
    for options, word in ((["--quantize", "soon"], "quantize"), (["--stems", "x"], "--record"), ([], "wants a file")):
        status, _, err = run([phonon, "live", *([str(live.file)] if options else []), *NOWHERE, *options])
        yield "usage: " + err, status == 2 and word in err
    status, _, err = run([phonon, "render", "--session", str(live.file), "-"])
    yield "what is no session: " + err, status == 1 and "piece.ph:1:" in err


def too_much(phonon, folder):
    """Voices give way, and an engine that fails is replaced; both are in the log."""
    heavy = 'cps: 1\n~x: (supersaw 0.5 # moog 900 0.5 # reverb 0.3) # ar 0.01 4\no1: s "~x*64" # note "c4\'min9" # gain 0.01 # legato 64\n'
    log, take = folder / "log", folder / "take.wav"
    with Stage(phonon, folder, heavy, "--session", str(log), "--record", str(take), "--bits", "32f", "--voices", "4096") as live:
        yield "voices give way, and it says so", wait_for(lambda: "voices now, for the load nears the deadline" in live.said()) is not None
        live.end()
    yield "in the log", any("voices" in line for line in edits(log)[1][2:])
    yield "and again", replayed(phonon, log) == frames(take)
    log, take = folder / "log2", folder / "take2.wav"
    fails = "o1: %s\n" % FAILS
    options = ["--backend", "file", "--device", str(folder / "heard.wav"), "--session", str(log), "--record", str(take), "--bits", "32f", "-d", "40"]
    text = "cps: 40\no1: 0.25\n:wait 80\n" + fails + ":wait 1200\n"
    status, _, err = run([phonon, "repl", *options], text=text)
    yield "a text that fails later: " + err, status == 0 and "the text that plays failed" in err and "plays again" in err
    heard = frames(take)
    yield "the text before plays again", heard[-100 * FRAME_BYTES * 10:-99 * FRAME_BYTES * 10] != b"" and any(heard[-44100 * FRAME_BYTES:-22050 * FRAME_BYTES])
    again = replayed(phonon, log)
    yield "all of it again, bit for bit: %s" % (again[:200] if isinstance(again, str) else ""), again == heard


def includes(phonon, folder):
    """A file that is included counts, and the session has what it was."""
    parts = folder / "parts"
    parts.mkdir()
    (parts / "deep.ph").write_text("~deep: 0.125\n")
    part, log, take = folder / "part.ph", folder / "log", folder / "take.wav"
    part.write_text('include "parts/deep.ph"\n~x: 0.25 + ~deep\n')
    with Stage(phonon, folder, '-- with a part\ninclude "part.ph"\no1: ~x\n', "--session", str(log), "--record", str(take), "--bits", "32f", "--gain", "1") as live:
        part.write_text('include "parts/deep.ph"\n~x: 0.5 + ~deep\n')
        yield "a save of it is heard", live.plays(1)
        time.sleep(0.1)
        live.end()
    part.write_text("~x: 0\n")
    heard = frames(take)
    yield "the session has it", replayed(phonon, log) == heard and struct.unpack("<f", heard[-6000 * FRAME_BYTES:][:4])[0] == 0.625


def message(path, *values):
    """An OSC message."""
    def padded(data):
        return data + b"\0" * (4 - len(data) % 4)
    body = b"".join(padded(v.encode()) if isinstance(v, str) else struct.pack(">f", v) if isinstance(v, float) else struct.pack(">i", v) for v in values)
    return padded(path.encode()) + padded(("," + "".join("s" if isinstance(v, str) else "f" if isinstance(v, float) else "i" for v in values)).encode()) + body


def osc(phonon, folder):
    """Commands are edits, numbers are signals, events go out when they are heard; the log has all that shaped the sound."""
    log, take = folder / "log", folder / "take.wav"
    ears = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ears.bind(("127.0.0.1", 0))
    ears.settimeout(PATIENCE_SEC)
    text = 'cps: 4\no1: osc "/level"\no2: s "bd*4" # target "there"\n'
    with Stage(phonon, folder, text, "--session", str(log), "--record", str(take), "--bits", "32f", "--gain", "1", "--osc-port", "0", "--osc-target",
               "there=127.0.0.1:%d" % ears.getsockname()[1]) as live:
        wait_for(lambda: "listening on" in live.said())
        mouth = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        mouth.settimeout(PATIENCE_SEC)
        mouth.connect(("127.0.0.1", int(re.search(r"listening on 127.0.0.1:(\d+)", live.said()).group(1))))
        packet = ears.recv(65536)
        due = struct.unpack(">II", packet[8:16])
        late = due[0] - 2208988800 + due[1] / 2 ** 32 - time.time()
        yield "an event, in time: %.3f s, %s" % (late, packet), packet.startswith(b"#bundle\0") and b"bd" in packet and -1 < late < 1
        mouth.send(message("/ctrl", "level", 0.3))
        wait_for(lambda: '"osc":"/level"' in log.read_text())
        mouth.send(b"\xff" * 33)
        mouth.send(message("/eval", "o3: 0.125"))
        answer = mouth.recv(1000)
        yield "/eval: %s" % answer, live.plays(1) and b"/ok\0" in answer
        mouth.send(message("/eval", "o3: nope"))
        answer = mouth.recv(1000)
        yield "/eval of an error: %s" % answer, b"/error\0" in answer and b"^^^^" in answer and "unknown function `nope`" in live.said()
        for command, wanted in ((("/mute", 3), '"muted":[3]'), (("/tempo", 2.0), '"cps":2'), (("/solo", 1), '"soloed":[1]'), (("/hush",), '"hushed":true'), (("/hush", 0), '"hushed":false'),
                                (("/panic",), '"text":""')):
            mouth.send(message(*command))
            yield command[0], wait_for(lambda: wanted in log.read_text()) is not None
        live.end()
    heard = frames(take)
    _, lines = edits(log)
    begin = next(line["frame"] for line in lines if "osc" in line)
    later = struct.unpack("<f", heard[(begin + 100) * FRAME_BYTES:][:4])[0]
    yield "the number is a signal: %g" % later, not any(heard[:begin * FRAME_BYTES]) and abs(later - 0.3) < 1e-6
    yield "and again, bit for bit", replayed(phonon, log) == heard


def outside_tempo(phonon, folder):
    """A session with a tempo from outside is the text that says so."""
    log = folder / "log"

    def session(*acts):
        head = {"phonon": "0", "rate": RATE, "gain": 0.8, "fade_in": 0, "name": "score", "samples": []}
        log.write_text("\n".join(json.dumps(o) for o in (head, {"frame": 0, "text": PIECE}, *acts, {"frame": 4 * RATE, "end": -1})) + "\n")
        return replayed(phonon, log)
    piece = folder / "piece.ph"
    for what, cps, acts in (("from the beginning", "0.75", [(0, 0.75)]), ("at a cycle", '"<0.5 0.75 0.75>"', [(2 * RATE, 0.75)]), ("and let go", '"<1 0.5 0.5>"', [(0, 1), (RATE, 0)])):
        piece.write_text("cps: %s\n%s" % (cps, PIECE))
        want = data_of(render(phonon, str(piece), "-d", "4", "-g", "0.8", "--fade-in", "0", "--fade-out", "0"))[2]
        heard = session(*({"frame": frame, "tempo": tempo} for frame, tempo in acts))
        yield "%s: %s" % (what, heard[:200] if isinstance(heard, str) else len(heard)), heard == want
    wrong = session({"frame": 0, "tempo": 21})
    yield "out of range: %s" % wrong[:200], isinstance(wrong, str) and "log:3: a tempo from outside" in wrong


def killed(phonon, folder):
    """What was played up to a second before is there."""
    with Stage(phonon, folder, PIECE, "--record", str(folder / "take.wav"), "--bits", "32f", "--session", str(folder / "log")) as live:
        live.plays(0)
        live.save(OTHER)
        live.plays(1)
        time.sleep(1.3)
        begun = live.begun
        live.process.kill()
        sec = time.monotonic() - begun
        live.process.wait()
    heard = frames(folder / "take.wav")
    lasted = len(heard) // FRAME_BYTES / RATE
    yield "readable to the last second: %.2f of at most %.2f s" % (lasted, sec), lasted > 0.5
    again = replayed(phonon, folder / "log", "-d", "20")
    yield "the session as far as it is there", again[:len(heard)] == heard
    take = folder / "take.wav"
    with Stage(phonon, folder, PIECE, "--record", str(take)) as live:
        yield "nothing is overwritten: " + live.said(), "take-2.wav" in live.said()
        live.end()
    yield "both are there", frames(take) == heard and (folder / "take-2.wav").exists()
    with Stage(phonon, folder, PIECE, "--record", str(folder / "take.flac")) as live:
        time.sleep(1)
        live.process.kill()
        live.process.wait()
    done = subprocess.run(["flac", "-t", "-s", str(folder / "take.flac")], stderr=subprocess.PIPE, check=False)
    yield "FLAC, too: " + done.stderr.decode(), done.returncode == 0 and (folder / "take.flac").stat().st_size > 10000


def main():
    phonon = sys.argv[1]
    wanted = sys.argv[2:]
    tests = [test for test in (record_is_render, saves, sounds_of_before, transitions, quantize, errors_at_first, includes, too_much, osc, outside_tempo, killed) if not wanted or test.__name__ in wanted]

    def facts(test):
        begin = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            yield from test(phonon, pathlib.Path(folder))
        print("%s: %.1f s" % (test.__name__, time.monotonic() - begin))
    return hold((test.__name__, facts(test)) for test in tests)


if __name__ == "__main__":
    sys.exit(main())
