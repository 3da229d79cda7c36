#!/usr/bin/env python3
"""Every event starts on its exact sample: a sample that is one frame of 1, played by patterns whose onsets are computed here from
the rationals that `phonon events` prints.

    onsets.py PHONON
"""
import json
import pathlib
import struct
import sys
import tempfile
from fractions import Fraction

from common import SAMPLE_RATE, frames_of, render, run

CASES = (  # cps, pattern, cycles
    ("0.5", "tick*16", 8),
    ("0.37", "tick(3,8) [tick tick]*3 <tick tick*5> tick(5,7,2)", 6),
    ("1/3", "tick tick tick", 4),
    ("0.5625", "tick*7", 9),
    ("2.4", "{tick tick ~ tick tick}%11", 20),
    ("0.913", "tick*3 tick*5, tick*11", 10),
)


def tick(folder):
    bank = folder / "tick"
    bank.mkdir()
    data = struct.pack("<4f", 1, 0, 0, 0)
    header = b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 3, 1, SAMPLE_RATE, SAMPLE_RATE * 4, 4, 32)
    (bank / "0.wav").write_bytes(header + b"data" + struct.pack("<I", len(data)) + data)


def expected(phonon, code, cps, cycles):
    status, out, err = run([phonon, "events", "-", "--cycles", str(cycles), "--json"], text=code)
    if status:
        raise RuntimeError(err)
    frames = set()
    events = json.loads(out)
    for event in events:
        whole, part = event["w"], event["p"]
        if whole and whole[0] == part[0]:
            at = Fraction(whole[0]) * SAMPLE_RATE / Fraction(cps)
            frames.add(int((at + Fraction(1, 2)).__floor__()))
    return frames


def main():
    phonon, failures = sys.argv[1], 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        tick(folder)
        for cps, pattern, cycles in CASES:
            code = 'cps: %s\no1: s "%s" # attack 0\n' % (cps, pattern)
            seconds = float(Fraction(cycles) / Fraction(cps))
            want = {f for f in expected(phonon, code, cps, cycles) if f < int(seconds * SAMPLE_RATE)}
            for block in ("512", "1000", "64"):
                wav = render(phonon, "-", "--samples", name, "-d", "%.9f" % seconds, "-b", block, "--fade-in", "0", "--fade-out", "0", "-g", "1", text=code)
                channels, _, frames = frames_of(wav)
                got = {i // channels for i, x in enumerate(frames) if x != 0}
                if got != want or not want:
                    print("FAIL cps %s %s block %s: missing %s, unexpected %s" % (cps, pattern, block, sorted(want - got)[:5], sorted(got - want)[:5]))
                    failures += 1
    print("%d patterns, %d failures" % (len(CASES), failures))
    return 1 if failures else 0


sys.exit(main())
