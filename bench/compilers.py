#!/usr/bin/env python3
"""The speed of two builds, say of gcc and of clang: user CPU of rendering, the least of several alternating runs.

    bench/compilers.py build/src/app/phonon build-clang/src/app/phonon [--runs 7]

SPDX-License-Identifier: MIT
"""
import argparse
import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench/peers"))
from user_time import user_sec  # noqa: E402
from workloads import phonon  # noqa: E402

SAMPLES = "/usr/share/sonic-pi/samples"
SECONDS = {"m.ph": 60, "W1": 12, "W2": 20, "W3": 12, "W4": 20, "W5": 60}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("one", type=pathlib.Path)
    parser.add_argument("other", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    samples = ["--samples", SAMPLES] if os.path.isdir(SAMPLES) else []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "piece.ph"
        for name, seconds in SECONDS.items():
            path.write_text((ROOT / "examples/m.ph").read_text() if name == "m.ph" else phonon(name))
            least = {}
            for _ in range(options.runs):
                for build in (options.one, options.other):
                    sec = user_sec([build, "render", path, folder + "/o.wav", "-d", seconds, "-t", "1", "--bits", "16", "--quiet", *samples])
                    least[build] = min(sec, least.get(build, sec))
            a, b = least[options.one], least[options.other]
            print("%-5s %7.1f ms, %7.1f ms: %+.0f %%" % (name, 1e3 * a, 1e3 * b, 100 * (b / a - 1)))


if __name__ == "__main__":
    main()
