#!/usr/bin/env python3
"""The direction of includes (docs/design/app.md): nobody includes upward, pattern and dsp never meet, the program uses
only the public header. Usage: includes.py ROOT. Exit 1 names every line that breaks a rule. `--self-test` proves that it
finds each kind of violation. SPDX-License-Identifier: MIT"""
import pathlib
import re
import sys
import tempfile

# What a directory may include besides itself.
LAYERS = {
    "base": set(),
    "pattern": {"base"},
    "dsp": {"base"},
    "sample": {"base"},
    "lang": {"base", "pattern"},
    "graph": {"base", "pattern", "lang", "dsp", "sample"},
    "engine": {"base", "pattern", "lang", "dsp", "sample", "graph"},
    "io": {"base", "pattern", "lang", "dsp", "sample", "graph", "engine"},
    "link": set(),
    "app": {"link", "base", "pattern", "lang", "dsp", "sample", "graph", "engine", "io", "phonon"},
}
# The files of src/app that are the library's; the others are the program, which goes through phonon.h alone.
API_FILE = re.compile(r"^api(_\w+)?\.[ch]$")
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def violations(root):
    found = []
    src = pathlib.Path(root) / "src"
    for path in sorted(src.rglob("*.[ch]")) + sorted(src.rglob("*.def")):
        layer = path.relative_to(src).parts[0]
        allowed = LAYERS.get(layer)
        if allowed is None:
            found.append(f"{path}: `{layer}` is not a layer")
            continue
        is_program = layer == "app" and not API_FILE.match(path.name)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            quoted, target = match.group(1) == '"', match.group(2)
            if not quoted:
                if target.split("/")[0] in LAYERS or target.startswith("phonon/"):
                    found.append(f"{path}:{number}: <{target}> is ours: write it in quotes")
                continue
            head = target.split("/")[0]
            if "/" not in target:
                found.append(f'{path}:{number}: "{target}" needs its directory')
            elif is_program and head not in ("app", "phonon") and target != "link/link.h":
                found.append(f'{path}:{number}: the program includes only "phonon/phonon.h" and "link/link.h", not "{target}"')
            elif is_program and re.match(r"app/api", target):
                found.append(f'{path}:{number}: the program may not see the library\'s "{target}"')
            elif head != layer and head not in allowed:
                found.append(f'{path}:{number}: {layer} may not include "{target}"')
    return found


def self_test():
    cases = [
        ("src/base/a.c", '#include "pattern/pattern.h"', True),
        ("src/base/a.c", '#include "base/base.h"', False),
        ("src/base/a.c", "#include <stdio.h>", False),
        ("src/pattern/a.h", '#include "dsp/dsp.h"', True),
        ("src/dsp/a.c", '#  include  "pattern/pattern.h"', True),
        ("src/dsp/a.c", '#include "sample/sample.h"', True),
        ("src/lang/a.c", '#include "dsp/dsp.h"', True),
        ("src/lang/a.c", '#include "pattern/pattern.h"', False),
        ("src/graph/a.c", '#include "engine/engine.h"', True),
        ("src/graph/a.c", '#include "dsp/dsp.h"', False),
        ("src/engine/sub/a.c", '#include "io/io.h"', True),
        ("src/io/a.c", '#include "app/app.h"', True),
        ("src/app/cmd_x.c", '#include "engine/engine.h"', True),
        ("src/app/cmd_x.c", '#include "app/api.h"', True),
        ("src/app/cmd_x.c", '#include "phonon/phonon.h"', False),
        ("src/app/api_x.c", '#include "engine/engine.h"', False),
        ("src/base/a.c", '#include "status.h"', True),
        ("src/base/a.c", "#include <base/status.h>", True),
        ("src/music/a.c", "", True),
    ]
    for path, line, wrong in cases:
        with tempfile.TemporaryDirectory() as root:
            file = pathlib.Path(root) / path
            file.parent.mkdir(parents=True)
            file.write_text(line + "\n", encoding="utf-8")
            if bool(violations(root)) != wrong:
                sys.exit(f"self-test: {path}: {line!r} should {'' if wrong else 'not '}be found")


def main():
    self_test()
    if sys.argv[1] == "--self-test":
        return
    found = violations(sys.argv[1])
    if found:
        sys.exit("\n".join(found))
    if not list((pathlib.Path(sys.argv[1]) / "src").rglob("*.c")):
        sys.exit("no sources found: wrong root?")


main()
