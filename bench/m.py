#!/usr/bin/env python3
"""What the benchmark piece costs: user CPU of a render of 16 s and the time of a block, on one thread and on all; compile time of a file of
200 lines; start-up. The least of several runs, since other work only adds.

    bench/m.py [PHONON]
"""
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PHONON = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build/src/app/phonon")
RUNS = 9


def cpu_ms(command):
    """User CPU of a command, the least of several runs."""
    least = None
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        spent = 1e3 * (resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)
        least = spent if least is None else min(least, spent)
    return least


def profile(*options):
    with tempfile.TemporaryDirectory() as folder:
        path, best = os.path.join(folder, "p.json"), None
        for _ in range(RUNS):
            subprocess.run([PHONON, "render", str(ROOT / "examples/m.ph"), os.path.join(folder, "m.wav"), "-d", "16", "--realtime", "--quiet",
                            "--profile", path, *options], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            now = json.loads(pathlib.Path(path).read_text())
            best = now if best is None or now["meanSec"] < best["meanSec"] else best
        return best


def long_file(path):
    lines = ['~b%d: saw "%d %d" # lpf (sine 0.%d * 300 + 800) 2 # ar 0.01 0.3' % (i, 50 + i, 60 + i, i + 1) for i in range(100)]
    lines += ['o%d: every %d (fast 2) $ stut 3 0.125 0.5 $ s "bd*2 [sn hh*3]? <cp rim>(3,8)" # n "<%d 2>" # gain 0.3' % (i + 1, i % 5 + 2, i) for i in range(60)]
    lines += ["o%d: ~b%d * 0.1" % (i + 1, i) for i in range(60, 64)] + ["-- line %d" % i for i in range(36)]
    path.write_text("\n".join(lines) + "\n")


def main():
    one, every = profile("-t", "1"), profile()
    print("m.ph, blocks of 512 frames, one thread: mean %.4f ms, median %.4f, p95 %.4f (a block lasts %.2f ms)" %
          (1e3 * one["meanSec"], 1e3 * one["medianSec"], 1e3 * one["p95Sec"], 1e3 * one["blockSec"]))
    print("m.ph, all threads: mean %.4f ms" % (1e3 * every["meanSec"]))
    with tempfile.TemporaryDirectory() as folder:
        short, long = pathlib.Path(folder) / "short.ph", pathlib.Path(folder) / "long.ph"
        short.write_text("out: sine 440\n")
        long_file(long)
        start = cpu_ms([PHONON, "--version"])
        print("m.ph, 16 s rendered: %.1f ms of user CPU" % cpu_ms([PHONON, "render", str(ROOT / "examples/m.ph"), os.path.join(folder, "m.wav"), "-d", "16", "-t", "1"]))
        print("start-up: %.1f ms; a file of 200 lines parsed and compiled: %.1f ms" %
              (start, cpu_ms([PHONON, "check", str(long)]) - cpu_ms([PHONON, "check", str(short)])))


main()
