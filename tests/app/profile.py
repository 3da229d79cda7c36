#!/usr/bin/env python3
"""`phonon render --profile`: as a table, as JSON, and as a trace that Perfetto can show.

    profile.py PHONON
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from common import ENVIRONMENT, hold

PIECE = """cps: 1
~bass: saw # lpf 800 2
o1: s "~bass*8" # note "0 3 7 10" # gain 0.2
o2: noise # lpf 500 # reverb 0.7 0.5 0.3
o3: s "bd*4 hh*8" # gain 0.3
o4: (sine 220 + ~loop * 0.5) * 0.1
~loop: ~loop * 0.5 + sine 110
"""
LINES = {"piece.ph:2 voices of ~bass", "piece.ph:4 o2", "piece.ph:5 samples", "master"}


def rendered(phonon, folder, *profiles, options=()):
    """Renders two seconds, with profiles; what was said."""
    (folder / "piece.ph").write_text(PIECE)
    command = [phonon, "render", "piece.ph", "out.wav", "-d", "2", "--quiet", *options]
    for profile in profiles:
        command += ["--profile", profile]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stderr


def rendered_json(phonon, folder):
    rendered(phonon, folder, "p.json", options=("-t", "1"))
    return (folder / "p.json").read_text()


def is_dearer(nodes):
    """Whether the reverb is dearer than the low-pass before it. A call that is timed while another program has the core may say otherwise, so ask again."""
    cost = {node["name"]: node["sec"] for node in nodes if node["line"] == 4}
    return cost["reverb"] > cost["lpf"]


def forms(phonon, folder):
    """All three of one run."""
    rendered(phonon, folder, "p.json", "p.trace", "p.txt", options=("-t", "1"))
    profile = json.loads((folder / "p.json").read_text())
    nodes = profile["nodes"]
    yield "shares are not of one: %r" % nodes, abs(sum(node["share"] for node in nodes) - 1) < 1e-3
    yield "nodes take more than the threads had", sum(node["sec"] for node in nodes) < profile["totalSec"] * profile["threads"]
    for name, line in (("lpf", 2), ("lpf", 4), ("reverb", 4), ("samples", 5), ("voices of ~bass", 2), ("sine", 6)):
        found = [node for node in nodes if node["name"] == name and node["line"] == line]
        yield "no cost of `%s` of line %d: %r" % (name, line, nodes), bool(found) and found[0]["sec"] > 0 and found[0]["calls"] > 0
    yield "costliest first", nodes == sorted(nodes, key=lambda node: -node["sec"])
    yield "a reverb is cheaper than a low-pass", is_dearer(nodes) or any(is_dearer(json.loads(rendered_json(phonon, folder))["nodes"]) for _ in range(5))
    table = (folder / "p.txt").read_text()
    yield "the table has no reverb: " + table, re.search(r"\d+\.\d %\s+\d+\.\d+ ms\s+reverb\s+piece\.ph:4:", table) is not None
    yield "as many nodes in the table as in the JSON", table.count(" ms  ") >= len(nodes)
    yield from spans_hold(json.loads((folder / "p.trace").read_text()), 1)


def lanes_of(trace):
    """Lane -> its spans as (begin, end, name, category, arguments) in nanoseconds, as they stand in the file."""
    lanes = {event["tid"]: [] for event in trace["traceEvents"] if event["ph"] == "M" and event["name"] == "thread_name"}
    for event in trace["traceEvents"]:
        if event["ph"] == "X":
            begin = round(1000 * event["ts"])
            lanes[event["tid"]].append((begin, begin + round(1000 * event["dur"]), event["name"], event["cat"], event["args"]))
    return lanes


def spans_hold(trace, threads):
    lanes = lanes_of(trace)
    yield "%d lanes" % len(lanes), threads is None or len(lanes) == threads
    yield "something was dropped", trace["otherData"]["dropped"] == 0
    tasks = [span for spans in lanes.values() for span in spans if span[3] == "task"]
    windows = [span for span in lanes[0] if span[2] == "window"]
    yield "names are %r" % sorted({task[2] for task in tasks}), LINES <= {task[2] for task in tasks}
    yield "tasks without place in time", all(task[4]["frame"] >= 0 and "part" in task[4] for task in tasks)
    frames = [window[4]["frame"] for window in windows]
    yield "windows do not go through the piece", frames == sorted(set(frames)) and frames[0] == 0 and frames[-1] < 88200
    for lane, spans in lanes.items():
        yield "lane %d goes back in time" % lane, all(a[0] <= b[0] for a, b in zip(spans, spans[1:]))
        open_until, nested, overlaps = [], 0, 0
        for begin, end, *_ in spans:
            while open_until and open_until[-1] <= begin:
                open_until.pop()
            overlaps += bool(open_until) and end > open_until[-1]
            open_until.append(end)
            nested = max(nested, len(open_until))
        yield "lane %d: %d spans overlap without nesting" % (lane, overlaps), overlaps == 0
        yield "lane %d nests %d deep" % (lane, nested), nested <= (2 if lane == 0 else 1)
    inside = sum(any(window[0] <= task[0] and task[1] <= window[1] for window in windows) for task in tasks)
    yield "%d of %d tasks are in a window" % (inside, len(tasks)), inside == len(tasks)
    yield "each window is prepared and delivered once", len(windows) == sum(span[2] == "prepare" for span in lanes[0]) == sum(span[2] == "deliver" for span in lanes[0])


def several_threads(phonon, folder):
    rendered(phonon, folder, "p.trace.json", options=("-t", "3"))
    yield from spans_hold(json.loads((folder / "p.trace.json").read_text()), None)


def block_by_block(phonon, folder):
    rendered(phonon, folder, "p.trace", options=("--realtime", "-b", "64", "-t", "2"))
    trace = json.loads((folder / "p.trace").read_text())
    yield from spans_hold(trace, 2)
    yield "a window for each block", sum(span[2] == "window" for span in lanes_of(trace)[0]) == -(-88200 // 64)


def schedule(phonon, folder, text, threads, *options):
    (folder / "piece.ph").write_text(text)
    command = [phonon, "graph", "piece.ph", "--schedule", str(threads), "-d", "1", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def schedules(phonon, folder):
    """`phonon graph --schedule`: what has no part that depends on another one gains, what is one loop does not."""
    wide = "".join("o%d: noise # reverb 0.%d 0.5 0.3\n" % (i, i) for i in range(1, 9))
    loop = "o1: ~a\n~a: (~a * 0.9 + noise * 0.1) # lpf 900 # lpf 800 # lpf 700 # lpf 600 # tanh # tanh # tanh\n"
    for text, threads, most in ((wide, 2, 2), (wide, 4, 4), (loop, 4, 1.3)):
        found = json.loads(schedule(phonon, folder, text, threads, "--json"))
        yield "speed-up of %r" % found, 0.9 <= found["speedUp"] <= most and found["speedUp"] <= found["speedUpMost"] * 1.01
        yield "threads are busier than they can be: %r" % found["busy"], len(found["busy"]) == threads and all(0 <= busy <= 1.0001 for busy in found["busy"])
        yield "the critical path is not the sum of its places", abs(sum(p["sec"] for p in found["criticalPath"]) / found["criticalSec"] - 1) < 0.05
        yield "one thread takes less than all", found["sharedSec"] <= found["aloneSec"] * 1.01 and found["serialSec"] < found["sharedSec"]
        yield "lines of the critical path: %r" % found["criticalPath"], {p["line"] for p in found["criticalPath"]} <= set(range(10))
        if text == loop:
            yield "the loop is not what limits: %r" % found, found["criticalPath"][0]["line"] == 2 and found["speedUpMost"] < 1.5
        if text == wide and threads == 4:
            yield "eight reverbs gain %.2f on four threads" % found["speedUp"], found["speedUp"] > 1.3
    words = schedule(phonon, folder, wide, 3, "-b", "128")
    yield "the text: " + words, "speed-up" in words and "thread 3 " in words and re.search(r"piece\.ph:\d ", words) is not None
    status = subprocess.run([phonon, "graph", "piece.ph", "--json"], capture_output=True, check=False, env=ENVIRONMENT, cwd=folder).returncode
    yield "--json without --schedule is taken", status == 2


def main():
    phonon = str(pathlib.Path(sys.argv[1]).resolve())
    tests = [forms, several_threads, block_by_block, schedules]
    with tempfile.TemporaryDirectory() as name:
        return hold((test.__name__, test(phonon, pathlib.Path(name))) for test in tests)


if __name__ == "__main__":
    sys.exit(main())
