#!/usr/bin/env python3
"""The examples of all functions, of the README and of the book are programs that check.

    examples.py PHONON SOURCE_ROOT
"""
import json
import pathlib
import re
import sys
from concurrent.futures import ThreadPoolExecutor

from common import run


def main():
    phonon, root = sys.argv[1], pathlib.Path(sys.argv[2])
    status, out, err = run([phonon, "doc", "--json"])
    if status:
        print(err)
        return 1
    document = json.loads(out)
    functions = document["functions"] if isinstance(document, dict) else document
    jobs = []
    for function in functions:
        example = function["example"]
        sort = function.get("sort", function.get("kind", ""))
        command = [phonon, "check", "-"] if sort == "unit" else [phonon, "events", example, "--cycles", "1", "--json"]
        jobs.append((function["name"], command, "out: %s\n" % example if sort == "unit" else None))
    for path in [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]:
        for number, block in enumerate(re.findall(r"```phonon\n(.*?)```", path.read_text(), re.S)):
            jobs.append(("%s, block %d" % (path.name, number + 1), [phonon, "check", "-"], block))
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda job: run(job[1], text=job[2]), jobs))
    failures = 0
    for (name, _, text), (status, _, err) in zip(jobs, results):
        if status:
            failures += 1
            print("FAIL %s: %s\n%s" % (name, text or "", err))
    print("%d examples, %d failures" % (len(jobs), failures))
    return 1 if failures or len(jobs) < 100 else 0


sys.exit(main())
