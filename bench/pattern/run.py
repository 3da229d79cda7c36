#!/usr/bin/env python3
"""Queries of the same patterns by Phonon and by Strudel, side by side: milliseconds of CPU a cycle, as a table in Markdown.

    bench/pattern/run.py [CYCLES [ROUNDS]]

The two are timed in turns, PASSES times, and the least of each counts. Needs Node 18 or later and npm for Strudel (`@strudel/core`, installed
beside this file on first use); without them Phonon's column stands alone. SPDX-License-Identifier: MIT
"""
import math
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PASSES = 3
DENSE = "dense piece"


def results(command, text):
    """name -> (events a cycle, milliseconds a cycle)"""
    lines = subprocess.run(command, cwd=HERE, input=text, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [line.split("\t") for line in lines if line.count("\t") == 2]
    return {name: (float(events), float(ms)) for name, events, ms in rows}


def least(old, new):
    return {name: (events, min(ms, old.get(name, (0, math.inf))[1])) for name, (events, ms) in new.items()}


def strudel_command(arguments):
    if not (shutil.which("node") and shutil.which("npm")):
        print("bench: node or npm is missing, so there is no column for Strudel", file=sys.stderr)
        return None
    if not (HERE / "node_modules" / "@strudel" / "core").is_dir():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=HERE, check=True)
    return ["node", "strudel.mjs", *arguments]


def main():
    arguments = sys.argv[1:]
    if not (ROOT / "build" / "build.ninja").is_file():
        subprocess.run(["meson", "setup", ROOT / "build", ROOT, "--buildtype=release"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", ROOT / "build", "bench/pattern/bench_pattern"], check=True, stdout=subprocess.DEVNULL)
    ours_command = [str(ROOT / "build/bench/pattern/bench_pattern"), *arguments]
    theirs_command = strudel_command(arguments)

    text = (HERE / "expressions.tsv").read_text()
    tidal_only = "".join("\t".join(line.split("\t")[:2]) + "\n" for line in text.splitlines())
    ours, theirs = {}, {}
    for _ in range(PASSES):
        ours = least(ours, results(ours_command, tidal_only))
        if theirs_command:
            theirs = least(theirs, results(theirs_command, text))

    print("| pattern | events a cycle | Phonon, ms | Strudel, ms | ratio |\n|---|---:|---:|---:|---:|")
    ratios = []
    for name, (events, ms) in ours.items():
        other = theirs.get(name)
        ratio = other[1] / ms if other else None
        ratios += [ratio] if ratio else []
        print("| %s | %g | %.4f | %s | %s |" % (name, events, ms, "%.3f" % other[1] if other else "", "%.0f ×" % ratio if ratio else ""))
    if ratios:
        print("\nStrudel takes %.0f times as long at the geometric mean, %.0f times at least." %
              (math.exp(sum(map(math.log, ratios)) / len(ratios)), min(ratios)))
    print("The dense piece takes %.2f ms a cycle of %g events." % (ours[DENSE][1], ours[DENSE][0]))


if __name__ == "__main__":
    main()
