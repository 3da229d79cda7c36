#!/usr/bin/env python3
"""What the profiler costs: user CPU of rendering with --profile over that without, the least of several alternating runs.

    bench/profile.py [PHONON] [--runs 15]

The summary is printed in both cases, so that both measure loudness. SPDX-License-Identifier: MIT
"""
import argparse
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench/peers"))
from user_time import user_sec  # noqa: E402
from workloads import phonon  # noqa: E402

FEEDBACK = "out: saw 110 # lpf 800 2 + ~loop * 0.5\n~loop: (noise * 0.1 + ~loop * 0.7) # tanh # lpf 3000\n"
SECONDS = {"m.ph": 60, "W2": 12, "W4": 8, "feedback": 30}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("phonon", nargs="?", default=ROOT / "build/src/app/phonon")
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for piece, seconds in SECONDS.items():
            path = folder / "piece.ph"
            path.write_text((ROOT / "examples/m.ph").read_text() if piece == "m.ph" else FEEDBACK if piece == "feedback" else phonon(piece))
            render = [options.phonon, "render", path, folder / "o.wav", "-d", seconds, "-t", "1", "--bits", "16"]
            off, on = [], []
            for _ in range(options.runs):
                off.append(user_sec(render))
                on.append(user_sec(render + ["--profile", folder / "p.json"]))
            print("%-9s %7.1f ms without, %7.1f ms with --profile: %+.1f %%" % (piece, 1e3 * min(off), 1e3 * min(on), 100 * (min(on) / min(off) - 1)))


if __name__ == "__main__":
    main()
