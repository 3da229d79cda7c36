#!/usr/bin/env python3
"""Runs a test program of the units, and holds the figures that it measures (measure.h) to those that `phonon doc` shows.

    measured.py MEASURED.DEF PROGRAM [ARGUMENT …]       runs one program; fails with it, or if the table is out of date
    measured.py MEASURED.DEF --update PROGRAM …         runs all of them and writes the table anew

SPDX-License-Identifier: MIT
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROW = re.compile(r'^PH_MEASURED\("([^"]*)", "([^"]*)", ([^,]*), "([^"]*)", ([^,]*), "([^"]*)"\)$')
HEAD = """/* Figures measured by tests/dsp, for `phonon doc`: row, what, value, relation, limit, unit. Written by scripts/update.
   SPDX-License-Identifier: MIT */
"""


def run(command):
    """The exit status of a program and its figures: (row, what) -> (worst value, relation, limit, unit)."""
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "figures"
        path.touch()
        status = subprocess.run(command, env={**os.environ, "PH_MEASURED": str(path)}, check=False).returncode
        for line in path.read_text(encoding="utf-8").splitlines():
            row, what, value, relation, limit, unit = line.split("\t")
            worst = max if relation == "<=" else min
            old = figures.get((row, what))
            value = worst(float(value), old[0]) if old else float(value)
            figures[row, what] = (value, relation, float(limit), unit)
    return status, figures


def read(path):
    rows = filter(None, map(ROW.match, path.read_text(encoding="utf-8").splitlines()))
    return {(m[1], m[2]): (float(m[3]), m[4], float(m[5]), m[6]) for m in rows}


def write(path, figures):
    lines = ['PH_MEASURED("%s", "%s", %.3g, "%s", %.6g, "%s")' % (row, what, value, relation, limit, unit)
             for (row, what), (value, relation, limit, unit) in sorted(figures.items())]
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def agree(shown, now):
    """The C library of another machine may move the theory that tests compare with in its last digits."""
    return shown[1:] == now[1:] and abs(shown[0] - now[0]) <= 0.05 * abs(shown[0]) + 0.01 * abs(now[2])


def update(path, programs):
    figures, failed = {}, 0
    for program in filter(os.path.isfile, programs):
        status, own = run([program])
        failed += status != 0
        figures.update(own)
    write(path, figures)
    return 1 if failed else 0


def main():
    path = pathlib.Path(sys.argv[1])
    if sys.argv[2] == "--update":
        return update(path, sys.argv[3:])
    status, figures = run(sys.argv[2:])
    shown = read(path)
    stale = [key for key, now in figures.items() if key not in shown or not agree(shown[key], now)]
    for key in stale:
        print("FAIL: %s: %s is measured as %s, the table says %s; scripts/update writes it anew" % (*key, figures[key], shown.get(key)))
    return status or (1 if stale else 0)


sys.exit(main())
