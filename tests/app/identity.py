#!/usr/bin/env python3
"""One hash for every example, whatever the threads, the block size, the instruction set and the compiler.

    identity.py PHONON SOURCE_ROOT

PHONON_OTHER in the environment names builds by other compilers, apart by spaces.
"""
import itertools
import os
import pathlib
import re
import sys
from concurrent.futures import ThreadPoolExecutor

from common import digest, render, run

THREADS = ("1", "2", "3", "8")
BLOCKS = ("1", "7", "64", "512", "4096")
SECONDS = "1.3"


def instruction_sets(phonon):
    """Those that this machine runs: the command lists them."""
    status, out, err = run([phonon, "version"])
    if status:
        raise RuntimeError(err)
    return re.search(r"instruction sets: (.*)", out.decode()).group(1).split()


def main():
    phonon, root = sys.argv[1], pathlib.Path(sys.argv[2])
    others = os.environ.get("PHONON_OTHER", "").split()
    sets = instruction_sets(phonon)
    if not sets:
        print("no instruction set at all")
        return 1
    pieces = sorted((root / "examples").glob("*.ph"))
    jobs = [(piece, program, threads, block, isa) for piece in pieces for program in [phonon, *others]
            for threads, block, isa in itertools.product(THREADS, BLOCKS, sets)
            # Other compilers: every instruction set, but not every combination again.
            if program == phonon or (threads, block) in (("1", "512"), ("3", "7"))]

    def one(job):
        piece, program, threads, block, isa = job
        return digest(render(program, str(piece), "-t", threads, "-b", block, "--isa", isa, "-d", SECONDS))

    with ThreadPoolExecutor(2) as pool:
        results = dict(zip(jobs, pool.map(one, jobs)))
    failures = 0
    for piece in pieces:
        mine = {job: value for job, value in results.items() if job[0] == piece}
        first = mine[(piece, phonon, "1", "512", sets[0])]
        for job, value in mine.items():
            if value != first:
                print("FAIL %s: %s threads, block %s, %s, %s differs" % (piece.stem, *job[2:5], job[1]))
                failures += 1
    print("%d pieces, %d renderings (%s), %d failures" % (len(pieces), len(jobs), " ".join(sets), failures))
    return 1 if failures or not pieces else 0


sys.exit(main())
