#!/usr/bin/env python3
"""docs/reference.md is what `phonon doc --md` prints; the man page and the JSON are well formed.

    reference.py PHONON SOURCE_ROOT [--update]
"""
import difflib
import json
import pathlib
import sys

from common import run


def printed(phonon, format_option):
    status, out, err = run([phonon, "doc", format_option])
    if status:
        sys.exit("phonon doc %s: exit %d\n%s" % (format_option, status, err))
    return out.decode("utf-8")


def main():
    phonon, path = sys.argv[1], pathlib.Path(sys.argv[2]) / "docs/reference.md"
    now = printed(phonon, "--md")
    if "--update" in sys.argv[3:]:
        path.write_text(now, encoding="utf-8")
    then = path.read_text(encoding="utf-8") if path.exists() else ""
    functions = json.loads(printed(phonon, "--json"))
    names = {function["name"] for function in functions}
    missing = [name for name in names if "\n### %s\n" % name not in now]
    man = printed(phonon, "--man")
    odd = [line for line in man.splitlines() if line.startswith(".") and line.split()[0] not in (".TH", ".SH", ".SS", ".TP", ".B", ".br")]
    if then != now:
        sys.stdout.writelines(list(difflib.unified_diff(then.splitlines(True), now.splitlines(True), "docs/reference.md", "phonon doc --md"))[:40])
        print("\nFAIL: docs/reference.md is not what `phonon doc --md` prints; scripts/update writes it anew")
    if missing or odd:
        print("FAIL: not in the reference: %s; odd lines of the man page: %s" % (missing, odd[:5]))
    return 1 if then != now or missing or odd or len(functions) < 100 else 0


sys.exit(main())
