#!/usr/bin/env python3
"""Every example gives the samples that it gave, and plays without a word: a hash of each, and of those that use all units a small
recording (one channel, a quarter of the rate) for the report where it does not. The pieces of the other folders have the hash alone:
they are many, use the same units, and a recording of 60 kB of each would make the repository three times as large.

    golden.py PHONON SOURCE_ROOT [--update]
"""
import array
import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from common import SAMPLE_RATE, digest, frames_of, run

SECONDS = "4"
FACTOR = 4  # frames that become one of the recording
RECORDED = (".", "sound")  # folders of examples/ whose pieces are recorded
LEAST_PEAK, MOST_PEAK = 0.05, 1.0


def recording_of(wav):
    """16-bit values of one channel at a quarter of the rate: good enough to tell what changed, and a twentieth of the size."""
    _, _, values = frames_of(wav)
    group = 2 * FACTOR
    return [max(-32768, min(32767, round(32767 * sum(values[i:i + group]) / group))) for i in range(0, len(values), group)]


def load(path):
    raw = subprocess.run(["flac", "-d", "-c", "-s", "--force-raw-format", "--endian=little", "--sign=signed", str(path)],
                         stdout=subprocess.PIPE, check=True).stdout
    return array.array("h", raw)


def save(path, values):
    raw = array.array("h", values).tobytes()
    subprocess.run(["flac", "-8", "-f", "-s", "--no-seektable", "--no-padding", "--force-raw-format", "--endian=little", "--sign=signed",
                    "--channels=1", "--bps=16", "--sample-rate=%d" % (SAMPLE_RATE // FACTOR), "-o", str(path), "-"], input=raw, check=True)


def report(wav, path):
    """How a rendering differs from its recording."""
    if not path.exists():
        return "differs, and there is no recording"
    now, then = recording_of(wav), load(path)
    noise = sum((a - b) ** 2 for a, b in zip(now, then))
    power = sum(b * b for b in then)
    first = next((i for i, (a, b) in enumerate(zip(now, then)) if abs(a - b) > 1), None)
    where = "no difference of more than a step of 16 bits" if first is None else "first difference at frame %d (%.4f s)" % (
        first * FACTOR, first * FACTOR / SAMPLE_RATE)
    return "SNR %s dB, peak %.4f (was %.4f), %s, %d frames (were %d)" % (
        "%.1f" % (10 * math.log10(power / noise)) if noise and power else "infinite",
        max(map(abs, now), default=0) / 32767, max(map(abs, then), default=0) / 32767, where, len(now) * FACTOR, len(then) * FACTOR)


def self_test():
    """The report finds a difference that is there."""
    import struct

    def wav(values):
        data = struct.pack("<%df" % len(values), *values)
        return (b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 3, 2, SAMPLE_RATE, SAMPLE_RATE * 8, 8, 32)
                + b"data" + struct.pack("<I", len(data)) + data)

    good = [math.sin(i / 50) * 0.5 for i in range(8000)]
    bad = good[:4000] + [x * 0.5 for x in good[4000:]]
    with tempfile.TemporaryDirectory() as name:
        path = pathlib.Path(name) / "x.flac"
        save(path, recording_of(wav(good)))
        assert "infinite" in report(wav(good), path)
        said = report(wav(bad), path)
        assert "first difference at frame 200" in said and "infinite" not in said, said


def name_of(root, piece):
    """`acid`, `patterns/shift`"""
    return str(piece.relative_to(root / "examples").with_suffix(""))


def is_recorded(name):
    return str(pathlib.PurePath(name).parent) in RECORDED


def listen(phonon, piece):
    """(the WAV, what was said)"""
    status, wav, said = run([phonon, "render", str(piece), "-", "--bits", "32f", "--quiet", "-d", SECONDS], timeout=120)
    if status != 0:
        raise RuntimeError("%s: exit %d\n%s" % (piece, status, said))
    return wav, said


def check(name, wav, said, known, recordings):
    """What is wrong with a piece, or None."""
    if said:
        return "is not played in silence:\n" + said
    peak = max(map(abs, frames_of(wav)[2]), default=0)
    if not LEAST_PEAK <= peak <= MOST_PEAK:
        return "peaks at %.4f, which nobody would publish" % peak
    if name not in known:
        return "has no golden hash: golden.py PHONON ROOT --update"
    return None if known[name] == digest(wav) else report(wav, recordings / (name + ".flac"))


def update(names, wavs, known, recordings):
    for old in set(recordings.rglob("*.flac")) - {recordings / (name + ".flac") for name in names if is_recorded(name)}:
        old.unlink()
    for name, wav in zip(names, wavs):
        path = recordings / (name + ".flac")
        if known.get(name) != digest(wav) or (is_recorded(name) and not path.exists()):
            if is_recorded(name):
                path.parent.mkdir(parents=True, exist_ok=True)
                save(path, recording_of(wav))
            print("updated", name)
    return {name: digest(wav) for name, wav in zip(names, wavs)}


def main():
    self_test()
    phonon, root = sys.argv[1], pathlib.Path(sys.argv[2])
    store, recordings = root / "tests/app/golden.json", root / "tests/app/golden"
    known = json.loads(store.read_text()) if store.exists() else {}
    pieces = sorted((root / "examples").rglob("*.ph"))
    names = [name_of(root, piece) for piece in pieces]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        copies = pathlib.Path(folder) / "examples"  # `tap` writes beside its piece
        shutil.copytree(root / "examples", copies)
        wavs, said = zip(*pool.map(lambda name: listen(phonon, copies / (name + ".ph")), names))
    if "--update" in sys.argv[3:]:
        known = update(names, wavs, known, recordings)
        store.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
    heard = zip(names, wavs, said)
    failures = [(name, problem) for name, wav, words in heard if (problem := check(name, wav, words, known, recordings))]
    for failure in failures:
        print("FAIL %s: %s" % failure)
    for gone in sorted(set(known) - set(names)):
        failures.append(gone)
        print("FAIL %s: there is a hash but no piece" % gone)
    print("%d pieces, %d failures" % (len(pieces), len(failures)))
    return 1 if failures or not pieces else 0


sys.exit(main())
