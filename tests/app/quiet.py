#!/usr/bin/env python3
"""What the threads of `phonon live` ask of the system: the device's thread for nothing; the one that renders writes nothing, and once a piece
goes round allocates no more.

    quiet.py PHONON COUNT_CALLS_LIBRARY
"""
import collections
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from common import ENVIRONMENT, hold

PIECE = '''cps: 1
o1: s "bd*4" # room 0.2
o2: s "~bass*8" # note "0 3 5 7" # gain 0.5
~bass: saw # lpf %d # adsr 0.01 0.1 0.5 0.1
o3: (saw "110 165" # lpf (sine 0.2 * 600 + 900) # delay 0.375 0.4 # plate 0.5) * 0.1
o4: every 2 (fast 2) $ s "hh*8" # pan rand
'''


def calls(phonon, library, folder, seconds, edits):
    """How often each thread called what: {thread: {kind: count}}."""
    piece, counts = folder / "piece.ph", folder / "counts"
    piece.write_text(PIECE % 700)
    environment = {**ENVIRONMENT, "LD_PRELOAD": library, "COUNT_CALLS": str(counts)}
    playing = subprocess.Popen([phonon, "live", str(piece), "--backend", "null", "--no-view", "-d", str(seconds)], env=environment,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for i in range(edits):
        time.sleep(seconds / (edits + 1))
        fresh = folder / ".piece.tmp"
        fresh.write_text(PIECE % (800 + i))
        os.rename(fresh, piece)
    said = playing.communicate(timeout=60)[0]
    found = collections.defaultdict(lambda: collections.defaultdict(int))
    for line in counts.read_text().splitlines():
        name, kind, number = line.split("\t")
        found[name][kind] += int(number)
    return found, said


def main():
    phonon, library = sys.argv[1], os.path.abspath(sys.argv[2])
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        brief, _ = calls(phonon, library, folder, 4, 0)
        longer, _ = calls(phonon, library, folder, 8, 0)
        edited, said = calls(phonon, library, folder, 8, 6)

    def threads():
        seen = {name: dict(kinds) for name, kinds in edited.items()}
        yield "the counter sees the threads: %s" % seen, edited["phonon"]["memory"] > 100 and edited["phonon render"]["memory"] > 0
        yield "edits were heard: %s" % said, said.count("the edit plays") == 6

    def device():
        for found in (brief, longer, edited):
            thread = found["phonon device"]
            # What free counts is the thread's own end.
            yield "nothing is asked for: %s" % dict(thread), thread["memory"] == thread["lock"] == thread["write"] == 0

    def render():
        yield "nothing is written", all(found["phonon render"]["write"] == 0 for found in (brief, longer, edited))
        more = longer["phonon render"]["memory"] - brief["phonon render"]["memory"]
        yield "four more seconds allocated %d times" % more, more <= 4

    return hold([("threads", threads()), ("device", device()), ("render", render())])


if __name__ == "__main__":
    sys.exit(main())
