#!/usr/bin/env python3
"""Tidal's files play: every example of examples/tidal without an error or a warning, audible in each of its outputs and within
full scale; and what Tidal's dialect promises about pitch, place, loudness, time and echoes, measured.

    tidal.py PHONON SOURCE_ROOT
"""
import array
import json
import math
import pathlib
import re
import struct
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

from common import SAMPLE_RATE, frames_of, render, run

CYCLES, RATE = "8", "11025"
LEAST_RMS, LEAST_STEM_RMS = 0.01, 0.001  # -40 dB and -60 dB below full scale


def level(values):
    """(RMS, peak); every 7th value is enough of the former."""
    some = values[::7]
    return math.sqrt(sum(x * x for x in some) / max(1, len(some))), max(max(values, default=0), -min(values, default=0))


def floats(path):
    wav = path.read_bytes()
    return array.array("f", wav[wav.index(b"data") + 8:])


def outputs_of(text):
    """The outputs that a file has in the end, by its own words: `d1` is o1, `p "x"` and a second `once` are o17 and up."""
    text = re.sub(r"\{-.*?-\}", "", text, flags=re.S)
    names, found = [], set()
    for line in text.splitlines():
        by_number = re.match(r"\s*d(\d+)(\s.*)?$", line)
        by_id = re.match(r"(?:p|xfade\w*|clutch\w*|jump\w*|anticipate\w*) (\d+|\"\w+\")", line)
        if by_number and by_number.group(2) and by_number.group(2).strip() == "silence":
            found.discard("o" + by_number.group(1))
        elif by_number:
            found.add("o" + by_number.group(1))
        elif by_id and by_id.group(1).startswith('"'):
            names += [by_id.group(1)] if by_id.group(1) not in names else []
            found.add("o%d" % (17 + names.index(by_id.group(1))))
        elif by_id:
            found.add("o" + by_id.group(1))
        elif re.match(r"hush\s*$", line.strip()):
            found.clear()
        elif line.startswith("once"):
            found.add("out")
    return found


def play(phonon, path):
    """What is wrong with an example."""
    status, _, said = run([phonon, "check", str(path)])
    if status or "warning" in said or "error" in said:
        return ["check says:\n" + said]
    with tempfile.TemporaryDirectory() as name:
        out, stems = pathlib.Path(name) / "all.wav", pathlib.Path(name) / "stems"
        status, _, said = run([phonon, "render", str(path), str(out), "--cycles", CYCLES, "-s", RATE, "--mono", "--bits", "32f", "--quiet",
                               "--stems", str(stems)])
        if status or "warning" in said or "error:" in said or "clipped" in said:
            return ["render says:\n" + said]
        wrong = []
        rms, peak = level(floats(out))
        if rms < LEAST_RMS or peak > 1:
            wrong.append("RMS %.4f, peak %.3f" % (rms, peak))
        outputs = outputs_of(path.read_text())
        heard = {stem.stem for stem in stems.glob("*.wav") if level(floats(stem))[0] >= LEAST_STEM_RMS}
        events = json.loads(run([phonon, "events", str(path), "--cycles", CYCLES, "--json"])[1])
        tracks = {event["track"] for event in events}
        if heard != outputs or tracks != outputs or not outputs:
            wrong.append("outputs are %s, heard are %s, events have %s" % (sorted(outputs), sorted(heard), sorted(tracks)))
    return wrong


# ---- the dialect ----

def events(phonon, code):
    status, out, err = run([phonon, "events", code, "--tidal", "--json"])
    assert status == 0, err
    return [(Fraction(e["w"][0]), e["v"]) for e in json.loads(out) if e["w"][0] == e["p"][0]]


def steady(folder):
    """A bank whose only sample is 1 for a second."""
    bank = folder / "one"
    bank.mkdir()
    data = struct.pack("<%df" % SAMPLE_RATE, *([1.0] * SAMPLE_RATE))
    header = b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 3, 1, SAMPLE_RATE, SAMPLE_RATE * 4, 4, 32)
    (bank / "0.wav").write_bytes(header + b"data" + struct.pack("<I", len(data)) + data)


def loudness(phonon, folder, code, sets="d1"):
    """Left and right in the middle of the note, without the gain and fades of `render`."""
    with tempfile.NamedTemporaryFile("w", suffix=".tidal") as file:
        file.write("%s $ %s\n" % (sets, code))
        file.flush()
        wav = render(phonon, file.name, "--samples", str(folder), "-g", "1", "-d", "0.5", "--fade-in", "0", "--fade-out", "0")
    frames = frames_of(wav)[2]
    return frames[20000], frames[20001]


def near(got, want, most=1e-6):
    return all(abs(a - b) <= most for a, b in zip(got, want)) and len(got) == len(want)


def dialect(phonon):
    """(what, whether it holds)"""
    yield "c5 is note 0", events(phonon, 'note "c5 c6 a4"') == [(0, {"note": 0}), (Fraction(1, 3), {"note": 12}), (Fraction(2, 3), {"note": -3})]
    pans = sorted(round(v["pan"], 9) for _, v in events(phonon, 'jux rev $ s "a" # pan 0.25'))
    yield "jux adds to pan", pans == [0.25, 1.25]
    echoes = events(phonon, 'stut 3 0.5 0.125 $ s "a"')
    yield "stut takes count, feedback, time", {t for t, _ in echoes} >= {0, Fraction(1, 8), Fraction(1, 4)} and {
        round(v.get("gain", 1), 6) for _, v in echoes} == {1, round(5 / 6, 6), round(2 / 3, 6)}
    wav = render(phonon, "-", "--tidal", "--cycles", "9", text='d1 $ s "bd"\n')
    yield "nine cycles last sixteen seconds", len(frames_of(wav)[2]) // 2 == 16 * SAMPLE_RATE
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        steady(folder)
        for gain in (1, 0.8, 1.2, 0.5):
            got = loudness(phonon, folder, 's "one" # gain %s' % gain)
            yield "gain %s is 0.4 gain^4" % gain, near(got, [0.4 * gain ** 4] * 2)
        yield "pan 0 is left", near(loudness(phonon, folder, 's "one" # pan 0'), [0.4 * math.sqrt(2), 0])
        yield "pan 1 is right", near(loudness(phonon, folder, 's "one" # pan 1'), [0, 0.4 * math.sqrt(2)])
        yield "a transition is its pattern", near(loudness(phonon, folder, 's "one"', "xfadeIn 1 8"), [0.4, 0.4])
        yield "all reaches an output", near(loudness(phonon, folder, 's "one"\nall (# gain 0.5)'), [0.025, 0.025])
        yield "hush is silence", near(loudness(phonon, folder, 's "one"\nhush\nd2 $ s "one" # gain 0.5'), [0.025, 0.025])


def main():
    phonon, root = sys.argv[1], pathlib.Path(sys.argv[2])
    examples = sorted((root / "examples/tidal").glob("*.tidal"))
    failures = 0
    with ThreadPoolExecutor(2) as pool:
        for path, wrong in zip(examples, pool.map(lambda path: play(phonon, path), examples)):
            failures += bool(wrong)
            for what in wrong:
                print("FAIL %s: %s" % (path.name, what))
    facts = list(dialect(phonon))
    for what, holds in facts:
        if not holds:
            failures += 1
            print("FAIL %s" % what)
    print("%d examples, %d facts, %d failures" % (len(examples), len(facts), failures))
    return 1 if failures or len(examples) < 30 else 0


sys.exit(main())
