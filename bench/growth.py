#!/usr/bin/env python3
"""What a long or a dense piece costs: CPU per voice from 1 to 4000 voices, per event over an hour, and memory while an hour is rendered.

    bench/growth.py [voices] [events] [memory]

CPU is user and system time; what is the same at two lengths (starting, compiling, loading) is left out. SPDX-License-Identifier: MIT
"""
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PHONON = ROOT / "build/src/app/phonon"


def run(text, seconds, folder, *options):
    """(CPU seconds, most resident bytes) of a rendering."""
    piece = folder / "growth.ph"
    piece.write_text(text)
    command = [PHONON, "render", piece, folder / "growth.wav", "--duration", str(seconds), "--threads", "1", "--bits", "16", "--quiet", *options]
    pid = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).pid
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit("%s fails" % " ".join(map(str, command)))
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def voices(folder):
    """Chords of `count` notes that are held from the beginning to the end, and one note."""
    print("| voices | ms of CPU per s | ns per voice and frame |\n|---:|---:|---:|")
    for count in (1, 16, 64, 256, 1000, 4000):
        notes = ",".join("%g" % (i % 240 * 0.1) for i in range(count))
        text = 'cps: 0.01\n~v: saw 110 # lpf 900 0.3\nout: s "~v" # note "[%s]" # ar 0.01 100 # gain 0.01\n' % notes
        short, long = (run(text, sec, folder, "--voices", "8192")[0] for sec in (2, 8))
        cpu = (long - short) / 6
        print("| %d | %.2f | %.2f |" % (count, 1e3 * cpu, 1e9 * cpu / 44100 / count), flush=True)


def events(folder):
    """16 events a second, in the first ten minutes and in the last ten of an hour."""
    text = 'cps: 1\nout: s "hh*16" # gain 0.2 # speed "1 1.1 0.9" # pan "0 0.3 -0.3 0.1"\n'
    cpu = {seconds: run(text, seconds, folder)[0] for seconds in (10, 610, 3000, 3600)}
    print("| seconds | µs of CPU per event |\n|---:|---:|")
    for begin, end in ((10, 610), (610, 3000), (3000, 3600)):
        print("| %d … %d | %.2f |" % (begin, end, 1e6 * (cpu[end] - cpu[begin]) / ((end - begin) * 16)), flush=True)


def memory(folder):
    """A piece with samples, an instrument and effects, rendered to disk."""
    text = ('cps: 0.6\n~b: saw 55 # lpf (sine 0.1 * 500 + 900) 0.4\no1: s "bd*2 sn [hh hh]*2" # room 0.3\n'
            'o2: s "~b(5,8)" # note "0 3 7" # ar 0.01 0.2\no3: jux rev $ every 3 (fast 2) $ s "cp(3,8) hh*8" # delay 0.25 0.5 0.3\n')
    print("| rendered | most resident memory | CPU |\n|---:|---:|---:|")
    for seconds in (60, 600, 3600):
        cpu, most = run(text, seconds, folder)
        print("| %d s | %.1f MB | %.1f s |" % (seconds, most / 1e6, cpu), flush=True)


def main():
    wanted = sys.argv[1:] or ["voices", "events", "memory"]
    with tempfile.TemporaryDirectory() as folder:
        for name in wanted:
            print("\n### %s\n" % name)
            {"voices": voices, "events": events, "memory": memory}[name](pathlib.Path(folder))


if __name__ == "__main__":
    main()
