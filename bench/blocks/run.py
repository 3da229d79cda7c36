#!/usr/bin/env python3
"""What short blocks cost: CPU time of a piece played block by block on one thread, in blocks of 32, 64 and 128 frames, over that in blocks of 512.

    ninja -C build bench/blocks/bench_blocks; bench/blocks/run.py [BENCH_BLOCKS] [--runs 5] [--seconds 6]

The least of several turns counts. SPDX-License-Identifier: MIT
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "bench/peers"))
from workloads import phonon  # noqa: E402

SAMPLES = "/usr/share/sonic-pi/samples"
BLOCKS = (512, 128, 64, 32)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench", nargs="?", default=ROOT / "build/bench/blocks/bench_blocks")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6)
    options = parser.parse_args()
    samples = [SAMPLES] if os.path.isdir(SAMPLES) else []
    pieces = {"m.ph": (ROOT / "examples/m.ph").read_text(), **{name: phonon(name) for name in ("W2", "W3", "W4", "W5")}}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "piece.ph"
        for name, text in pieces.items():
            path.write_text(text)
            least = {}
            for _ in range(options.runs):
                for block in BLOCKS:
                    done = subprocess.run([str(options.bench), str(path), str(block), str(options.seconds), *samples], check=True, capture_output=True, text=True)
                    least[block] = min(float(done.stdout), least.get(block, float("inf")))
            print("%-5s blocks of 512: %6.1f ms; " % (name, 1e3 * least[512]) +
                  ", ".join("%d: %.2f" % (block, least[block] / least[512]) for block in BLOCKS[1:]))


if __name__ == "__main__":
    main()
