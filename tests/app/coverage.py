#!/usr/bin/env python3
"""Every function of the language is played by an example: which names stand in the code of examples/, and which do not. And what all
pieces have in common: a comment that says what they teach, at most 60 lines, and a line in examples/README.md.

    coverage.py PHONON SOURCE_ROOT
"""
import json
import pathlib
import re
import sys

from common import run

MOST_LINES = 60

TOKEN = re.compile(r"""
    (?P<comment> --[^\n]* | //[^\n]* | \{-.*?-\} )
  | "(?P<string> (?:\\.|[^"\\])* )"
  | (?P<bus> [~@%^] [A-Za-z_][\w']* | :[A-Za-z_]\w* )      # buses, templates, registers, names of arguments
  | (?P<name> [A-Za-z_][\w']* )
  | (?P<line> \n )
  | .
""", re.X | re.S)
HEAD = re.compile(r"^(?:fn\s+|let\s+|~)(\w+)((?:\s+[a-z]\w*)+)\s*[$=]", re.M)  # what a user's function is called, and its parameters
LIST_ITEM = re.compile(r"[A-Za-z_][\w']*")


def statements(text):
    """Pieces of the text that begin at the margin."""
    return re.split(r"\n(?=[^\s#])", text)


def names_of(text):
    """(names in the code, whole strings, words in strings); what a user's function calls its parameters is none of them."""
    names, strings, words = set(), set(), set()
    for statement in statements(text):
        head = HEAD.match(statement)
        own = {head.group(1), *head.group(2).split()} if head else set()
        for token in TOKEN.finditer(statement):
            if token.group("name") and token.group("name") not in own:
                names.add(token.group("name"))
            elif token.group("string") is not None:
                strings.add(token.group("string"))
                words.update(LIST_ITEM.findall(token.group("string")))
    return names, strings, words


def self_test():
    names, strings, words = names_of('-- chop this\no1: every 4 rev $ s "superpiano*2 ~loop" # ctl "cutoff" // slow\n'
                                     '~echo x: x\nfn twice time = fast 2 time\n{- iter\n jux -}\n# :hurry 2\n')
    assert names >= {"every", "rev", "s", "ctl", "fast", "x"}, names
    assert not names & {"chop", "slow", "echo", "twice", "time", "iter", "jux", "hurry", "cutoff"}, names
    assert "cutoff" in strings and "superpiano" in words


def is_used(function, names, strings, words):
    own = {function["name"], *function["aliases"].split()}
    if own & names:
        return True
    if function["sort"] == "synth":
        return bool(own & words)
    return function["sort"] == "control" and bool(own & strings)


def main():
    self_test()
    phonon, root = sys.argv[1], pathlib.Path(sys.argv[2])
    status, out, err = run([phonon, "doc", "--json"])
    if status:
        print(err)
        return 1
    functions = json.loads(out)
    pieces = sorted(path for ending in ("ph", "tidal") for path in (root / "examples").rglob("*." + ending))
    names, strings, words = set(), set(), set()
    failures = 0
    index = (root / "examples/README.md").read_text()
    listed = re.findall(r"^\| \[`[^`]*`\]\(([^)]*)\) \|", index, re.M)
    there = [str(piece.relative_to(root / "examples")) for piece in pieces]
    if sorted(listed) != sorted(there):
        failures += 1
        print("FAIL examples/README.md: not listed %s, not there or twice %s" % (
            sorted(set(there) - set(listed)), sorted(name for name in set(listed) if name not in there or listed.count(name) > 1)))
    for piece in pieces:
        text = piece.read_text()
        for whole, part in zip((names, strings, words), names_of(text)):
            whole |= part
        explained = text.startswith(("--", "{-")) or piece.name == "m.ph"
        if len(text.splitlines()) > MOST_LINES or not explained:
            failures += 1
            print("FAIL %s: %d lines, %s" % (piece.name, len(text.splitlines()), "explained" if explained else "begins without a comment"))
    for family in sorted({(f["sort"], f["family"]) for f in functions}):
        members = [f for f in functions if (f["sort"], f["family"]) == family]
        unused = [f["name"] for f in members if not is_used(f, names, strings, words)]
        failures += len(unused)
        if unused:
            print("FAIL no example uses these of %s, %s: %s" % (*family, " ".join(unused)))
        print("%s, %s: %d of %d" % (*family, len(members) - len(unused), len(members)))
    print("%d pieces, %d functions, %d failures" % (len(pieces), len(functions), failures))
    return 1 if failures or len(pieces) < 40 else 0


if __name__ == "__main__":
    sys.exit(main())
