#!/usr/bin/env python3
"""The table of what units cost, from the counts of bench/units/baseline.tsv.

    costs.py BASELINE.tsv OUT.h
"""
import pathlib
import sys


def main():
    costs = {}
    for line in pathlib.Path(sys.argv[1]).read_text().splitlines():
        where, name, count = line.split("\t")
        costs.setdefault(name, {})[where] = round(float(count))
    rows = ['  { "%s", %d, %d },' % (name, cost.get("bus", 0), cost.get("bank", 0)) for name, cost in sorted(costs.items())]
    pathlib.Path(sys.argv[2]).write_text("/* Made by costs.py: unit, instructions a frame on a bus and in a bank, by name. */\n" + "\n".join(rows) + "\n")


main()
