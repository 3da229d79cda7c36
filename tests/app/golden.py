#!/usr/bin/env python3
"""Every example gives the samples that it gave: a hash for each, and a reference recording for the report where it does not.

    golden.py PHONON SOURCE_ROOT [--update]
"""
import json
import math
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from common import digest, frames_of, render, run

SECONDS = "4"


def reference(path):
    raw = subprocess.run(["flac", "-d", "-c", "-s", "--force-raw-format", "--endian=little", "--sign=signed", str(path)],
                         stdout=subprocess.PIPE, check=True).stdout
    return [int.from_bytes(raw[i:i + 2], "little", signed=True) / 32768.0 for i in range(0, len(raw), 2)]


def report(wav, path):
    """How a rendering differs from its reference (16 bits)."""
    _, _, now = frames_of(wav)
    then = reference(path)
    step = 1.0 / 32768
    noise = sum((a - b) ** 2 for a, b in zip(now, then))
    power = sum(b * b for b in then)
    differing = next((i // 2 for i, (a, b) in enumerate(zip(now, then)) if abs(a - b) > 1.01 * step), None)
    return "SNR %.1f dB, peak %.4f (was %.4f), %s, length %d (was %d)" % (
        10 * math.log10(power / noise) if noise and power else math.inf,
        max(map(abs, now), default=0), max(map(abs, then), default=0),
        "no frame differs by more than 16 bits show" if differing is None else "first differing frame %d (%.4f s)" % (differing, differing / 44100),
        len(now) // 2, len(then) // 2)


def main():
    phonon, root = sys.argv[1], pathlib.Path(sys.argv[2])
    update = "--update" in sys.argv[3:]
    store, recordings = root / "tests/app/golden.json", root / "tests/app/golden"
    known = json.loads(store.read_text()) if store.exists() else {}
    pieces = sorted((root / "examples").glob("*.ph"))
    with ThreadPoolExecutor(2) as pool:
        wavs = list(pool.map(lambda piece: render(phonon, str(piece), "-d", SECONDS), pieces))
    failures = 0
    hashes = {}
    for piece, wav in zip(pieces, wavs):
        name = piece.stem
        hashes[name] = digest(wav)
        _, _, frames = frames_of(wav)
        peak = max(map(abs, frames), default=0)
        if not 0.05 <= peak <= 1.0:
            print("FAIL %s: peaks at %.4f, which nobody would publish" % (name, peak))
            failures += 1
        if update:
            continue
        if name not in known:
            print("FAIL %s: has no golden hash; run with --update" % name)
            failures += 1
        elif known[name] != hashes[name]:
            print("FAIL %s: %s" % (name, report(wav, recordings / (name + ".flac"))))
            failures += 1
    if update:
        recordings.mkdir(exist_ok=True)
        for piece in pieces:
            if known.get(piece.stem) != hashes[piece.stem] or not (recordings / (piece.stem + ".flac")).exists():
                status, _, err = run([phonon, "render", str(piece), str(recordings / (piece.stem + ".flac")), "--bits", "16", "-d", SECONDS, "--quiet"])
                if status:
                    print(err)
                    return 1
        store.write_text(json.dumps(hashes, indent=1, sort_keys=True) + "\n")
    print("%d pieces, %d failures" % (len(pieces), failures))
    return 1 if failures or not pieces else 0


sys.exit(main())
