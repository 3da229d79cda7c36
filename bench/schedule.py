#!/usr/bin/env python3
"""The speed-up on two threads that `phonon graph --schedule` expects, beside the one that is measured, and what the machine gives: how
much two processes at once get done, each with one thread, where one alone gets 1 done.

    bench/schedule.py [PHONON] [--runs 5] [--seconds 6] [--priority] [--live]

One thread and two take turns, each a process of its own, as what runs second in one process finds other memory; the least of each counts,
since other work only adds. --priority runs all with real-time priority (chrt, as root), where a machine is not idle. --live: blocks of
128 frames, one at a time. SPDX-License-Identifier: MIT
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench/peers"))
from workloads import phonon  # noqa: E402

SAMPLES = "/usr/share/sonic-pi/samples"
CHAIN = ("out: saw 110 # lpf (sine 0.3 * 800 + 1200) 3 # distort 2 1 # chorus # phaser 0.5 # reverb 0.7 0.5 0.3 # delay 0.375 0.5 0.3 "
         "# compressor -18 4 0.01 0.1 0 # limiter -1\n")
OUTPUTS = "cps: 1\n" + "".join("o%d: saw %d # lpf (sine 0.%d * 800 + 1200) 3 # chorus # reverb 0.7 0.5 0.3 # delay 0.375 0.5 0.3 * 0.05\n" %
                               (i + 1, 55 + 11 * i, i + 1) for i in range(16))
PIECES = {"W2": phonon("W2"), "W3": phonon("W3"), "W4": phonon("W4"), "W5": phonon("W5"), "16 outputs": OUTPUTS, "chain": CHAIN,
          "m.ph": (ROOT / "examples/m.ph").read_text()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("phonon", nargs="?", default=ROOT / "build/src/app/phonon")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--priority", action="store_true")
    parser.add_argument("--live", action="store_true")
    options = parser.parse_args()
    first = ["chrt", "-f", "1"] if options.priority else []
    samples = ["--samples", SAMPLES] if os.path.isdir(SAMPLES) else []
    block = ["-b", "128"] if options.live else []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "piece.ph"

        def output(*words):
            return subprocess.run([*first, str(options.phonon), *words], check=True, capture_output=True, text=True).stdout

        def render(number):
            return [*first, str(options.phonon), "render", str(path), "%s/%d.wav" % (folder, number), "-d", str(options.seconds), "--quiet",
                    *block, *samples, *(["--realtime"] if options.live else [])]

        def total(threads):
            subprocess.run([*render(0), "-t", str(threads), "--profile", folder + "/profile.json"], check=True, capture_output=True)
            return json.loads((pathlib.Path(folder) / "profile.json").read_text())["totalSec"]

        def wall(processes):
            begin = time.monotonic()
            for process in [subprocess.Popen([*render(i), "-t", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                            for i in range(processes)]:
                process.wait()
            return time.monotonic() - begin

        for name, text in PIECES.items():
            path.write_text(text)
            one, two, expected, alone, both = [], [], [], [], []
            for _ in range(options.runs):
                found = json.loads(output("graph", str(path), "--schedule", "2", "--json", "-d", str(options.seconds), *block, *samples))
                expected.append(found["speedUp"])
                one.append(total(1))
                two.append(total(2))
                alone.append(wall(1))
                both.append(wall(2))
            guess, real = sorted(expected)[len(expected) // 2], min(one) / min(two)
            print("%-11s measured %.2f (%.0f ms, %.0f ms), expected %.2f: %+.0f %%; two processes %.2f" %
                  (name, real, 1e3 * min(one), 1e3 * min(two), guess, 100 * (guess / real - 1), 2 * min(alone) / min(both)), flush=True)


if __name__ == "__main__":
    main()
