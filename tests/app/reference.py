#!/usr/bin/env python3
"""docs/reference.md is what `phonon doc --md` prints; the other formats are well formed.

    reference.py PHONON SOURCE_ROOT [--update]
"""
import json
import pathlib
import sys

from common import run


def main():
    phonon, path = sys.argv[1], pathlib.Path(sys.argv[2]) / "docs/reference.md"
    status, text, err = run([phonon, "doc", "--md"])
    if status:
        print(err)
        return 1
    if "--update" in sys.argv[3:]:
        path.write_bytes(text)
    if path.read_bytes() != text:
        print("docs/reference.md is not what `phonon doc --md` prints; tests/app/reference.py PHONON ROOT --update writes it")
        return 1
    status, text, err = run([phonon, "doc", "--json"])
    names = [function["name"] for function in json.loads(text)]
    status_man, man, _ = run([phonon, "doc", "--man"])
    if status or status_man or len(names) < 100 or not man.startswith(b".") or any(name.encode() not in man.replace(b"\\-", b"-") for name in names):
        print("a format of the reference lacks functions")
        return 1
    print("%d functions" % len(names))
    return 0


sys.exit(main())
