#!/usr/bin/env python3
"""Instructions that every unit takes a frame, counted by valgrind, against the baseline beside this file: +15 % fails.

    baseline.py UNITS [--update]

On a bus with 4-wide vectors, and in a bank of 16 lanes with AVX2. The counts are those of gcc 12 at -O3 (`--buildtype=release`).
SPDX-License-Identifier: MIT
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BASELINE = pathlib.Path(__file__).resolve().parent / "baseline.tsv"
MORE = 0.15


def counted(units):
    """(where, row) -> instructions a frame"""
    frames = {name: int(n) for name, n in (line.split("\t") for line in
              subprocess.run([units, "--count", "--list"], capture_output=True, text=True, check=True).stdout.splitlines())}
    counts = {}
    env = {name: value for name, value in os.environ.items() if name != "MALLOC_PERTURB_"}  # Meson's; filling memory counts, too
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=" + folder + "/out", "--quiet", units, "--count"],
                       check=True, capture_output=True, env=env)
        for path in pathlib.Path(folder).iterdir():
            text = path.read_text(errors="replace")
            reason = re.search(r"^desc: Trigger: Client Request: (bus|bank) (.+)$", text, re.M)
            total = re.search(r"^(?:totals|summary): (\d+)", text, re.M)
            if reason and total:
                counts[reason[1], reason[2]] = int(total[1]) / frames[reason[2]]
    return counts


def main():
    counts = counted(sys.argv[1])
    if "--update" in sys.argv[2:]:
        BASELINE.write_text("".join("%s\t%s\t%.1f\n" % (*key, n) for key, n in sorted(counts.items())))
        return 0
    rows = (line.split("\t") for line in BASELINE.read_text().splitlines())
    then = {(where, row): float(n) for where, row, n in rows}
    worse = [(key, then[key], n) for key, n in sorted(counts.items()) if key in then and n > then[key] * (1 + MORE)]
    unknown = sorted(set(counts) ^ set(then))
    for (where, row), before, now in worse:
        print("FAIL: %s on a %s takes %.1f instructions a frame, %.1f in the baseline (+%.0f %%)" % (row, where, now, before, 100 * (now / before - 1)))
    for where, row in unknown:
        print("FAIL: %s on a %s is only on one side; scripts/update writes the baseline anew" % (row, where))
    print("%d counts" % len(counts))
    return 1 if worse or unknown or not counts else 0


sys.exit(main())
