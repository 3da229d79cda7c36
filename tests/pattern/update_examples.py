#!/usr/bin/env python3
# Writes the events of the examples into the tables of src/pattern:
#   build/tests/pattern/test_pattern_examples --update | tests/pattern/update_examples.py src/pattern/*.c
# Read the difference before it is committed: an example is a promise.
# SPDX-License-Identifier: MIT
import re
import sys

STRING = r'"(?:[^"\\]|\\.)*"'
LITERAL = r'(?:%s\s*)+' % STRING


def quoted(text):
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"') + '"'


def wrapped(text, indent):
    """The literal in as many lines as it needs."""
    lines, line = [], ''
    for i, event in enumerate(text.split(' | ')):
        piece = (' | ' if i else '') + event
        if line and len(quoted(line + piece)) + indent > 118:
            lines.append(line)
            line = ''
        line += piece
    lines.append(line)
    return ('\n' + ' ' * indent).join(quoted(l) for l in lines)


def main():
    events = dict(l.rstrip('\n').split('\t', 1) for l in sys.stdin if '\t' in l)
    # PH_ROW(name, aliases, family, result, doc, example, events, …
    row = re.compile(r'(PH_ROW0?\(\s*("(?:[^"\\]|\\.)*"),\s*%s,\s*\w+,\s*%s,\s*%s,\s*%s,)(\s*)(%s),\s*'
                     % (LITERAL, LITERAL, LITERAL, LITERAL, LITERAL))
    for path in sys.argv[1:]:
        with open(path) as f:
            text = f.read()

        def fill(m):
            name = m.group(2)[1:-1]
            if name not in events:
                return m.group(0)
            indent = 10 if 'PH_ROW0' in m.group(1) else 9
            pad = '\n' + ' ' * indent
            return m.group(1) + pad + wrapped(events[name], indent) + ',' + pad
        new = row.sub(fill, text)
        if new != text:
            with open(path, 'w') as f:
                f.write(new)


main()
