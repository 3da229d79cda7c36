#!/usr/bin/env python3
"""The same work on Phonon and on its peers, offline, in one run: CPU seconds per second of audio.

    bench/peers/run.py [--quick] [--only W1,W2] [--engines phonon,scsynth] [--blocks 64,512] [--plot FILE.svg]

Every case is rendered at two lengths; the difference of their user and system CPU time, over the difference of the lengths, leaves start-up,
compiling and loading out. Cases take turns, and the median of the passes counts (the least is shown in brackets). ns are per voice and frame.
Peers come from Debian's packages (`--setup` installs them). SPDX-License-Identifier: MIT
"""
import argparse
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from engines import PEERS, SAMPLES, wavs  # noqa: E402
from workloads import RATE, VOICES, phonon  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PACKAGES = "supercollider-server supercollider-supernova supercollider-language csound faust g++ puredata-core chuck flac sonic-pi-samples".split()
LONG = {"W1": 12, "W2": 12, "W3": 8, "W4": 16, "W5": 40}
SHORT = 2
LIMIT_SEC = 300


def ours(folder, name, seconds, block, threads=1):
    path = folder / (name + ".ph")
    path.write_text(phonon(name))
    return [ROOT / "build/src/app/phonon", "render", path, folder / "phonon.wav", "--duration", str(seconds), "--block-size", str(block),
            "--threads", str(threads), "--bits", "16", "--samples", SAMPLES, "--quiet"]


ENGINES = {"phonon": ours, **PEERS}


def cpu_sec(command):
    """User and system CPU time of a command and the wall clock, or None if it fails."""
    begin = time.monotonic()
    pid = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    while True:
        done, status, usage = os.wait4(pid.pid, os.WNOHANG)
        if done:
            return (usage.ru_utime + usage.ru_stime, time.monotonic() - begin) if status == 0 else None
        if time.monotonic() - begin > LIMIT_SEC:
            pid.kill()
            os.wait4(pid.pid, 0)
            return None
        time.sleep(0.005)


def slope(engine, folder, name, block, threads):
    """CPU and wall seconds per second of audio, or None."""
    commands = [ENGINES[engine](folder, name, seconds, block, threads) for seconds in (SHORT, LONG[name])]
    if None in commands:
        return None
    results = [cpu_sec(command) for command in commands]
    if None in results:
        return None
    return tuple((long - short) / (LONG[name] - SHORT) for short, long in zip(*results))


def measure(options, folder):
    """(workload, engine, block, threads) -> list of (cpu, wall)."""
    cases = [(name, engine, block, threads) for name in options.only for engine in options.engines for block in options.blocks
             for threads in ((1, 2) if engine in ("phonon", "supernova") and not options.quick else (1,))]
    found = {}
    for turn in range(1 if options.quick else 3):
        for case in cases:
            name, engine, block, threads = case
            if turn and case not in found:
                continue
            try:
                result = slope(engine, folder, name, block, threads)
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
                print("%s %s: %s" % (engine, name, error), file=sys.stderr)
                result = None
            if result:
                found.setdefault(case, []).append(result)
                print("  %s %s block %d threads %d: %.2f ms CPU per s" % (name, engine, block, threads, 1e3 * result[0]), file=sys.stderr)
    return found


def report(found, options):
    for name in options.only:
        print("\n### %s\n\n| engine | block | threads | ms of CPU per s | ns per voice and frame | times Phonon |\n|---|---:|---:|---:|---:|---:|" % name)
        rows = {case[1:]: values for case, values in found.items() if case[0] == name}
        for (engine, block, threads), values in rows.items():
            cpu = statistics.median(v[0] for v in values)
            base = rows.get(("phonon", block, 1))
            ratio = cpu / statistics.median(v[0] for v in base) if base else float("nan")
            print("| %s | %d | %d | %.2f (%.2f) | %.2f | %.1f |" % (engine, block, threads, 1e3 * cpu, 1e3 * min(v[0] for v in values),
                                                                1e9 * cpu / (RATE * VOICES[name]), ratio))


def plot(found, path):
    """Bars on a logarithmic axis: ns per voice and frame, one thread, block 64 (or the first that was run)."""
    names = sorted({case[0] for case in found})
    block = min(case[2] for case in found)
    colours = dict(zip(ENGINES, ("#d1495b", "#30638e", "#00798c", "#edae49", "#6a994e", "#8d6a9f", "#7d7d7d")))
    width, height, top, left = 760, 60 + 22 * sum(case[2] == block and case[3] == 1 for case in found) + 30 * len(names), 50, 150
    y, out = top, []
    for name in names:
        out.append('<text x="10" y="%d" font-weight="bold">%s</text>' % (y + 14, name))
        y += 24
        for (workload, engine, size, threads), values in found.items():
            if (workload, size, threads) == (name, block, 1):
                ns = 1e9 * statistics.median(v[0] for v in values) / (RATE * VOICES[name])
                bar = max(2, 120 * (1 + math.log10(max(ns, 0.11))))
                out.append('<rect x="%d" y="%d" width="%.0f" height="16" fill="%s"/><text x="%d" y="%d" text-anchor="end">%s</text>'
                           '<text x="%.0f" y="%d">%.2f</text>' % (left, y, bar, colours[engine], left - 8, y + 13, engine, left + bar + 6, y + 13, ns))
                y += 22
        y += 8
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="13">'
                    '<rect width="100%%" height="100%%" fill="white"/><text x="10" y="24" font-size="16">ns of CPU per voice and frame, one thread, blocks of %d '
                    "(logarithmic)</text>%s</svg>\n" % (width, max(height, y + 10), block, "".join(out)))


def words(text):
    return text.split(",")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--setup", action="store_true", help="install the peers with apt first")
    parser.add_argument("--quick", action="store_true", help="one pass, one thread")
    parser.add_argument("--only", type=words, default=list(VOICES))
    parser.add_argument("--engines", type=words, default=list(ENGINES))
    parser.add_argument("--blocks", type=lambda text: list(map(int, text.split(","))), default=[64, 512])
    parser.add_argument("--plot", type=pathlib.Path)
    options = parser.parse_args()
    if options.setup:
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        wavs(pathlib.Path(folder))
        found = measure(options, pathlib.Path(folder))
    report(found, options)
    if options.plot and found:
        plot(found, options.plot)


if __name__ == "__main__":
    main()
