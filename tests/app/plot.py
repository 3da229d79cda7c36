#!/usr/bin/env python3
"""`phonon plot`: what is drawn is where it should be, and as it should look; the same bytes each time; what is refused.

    plot.py PHONON SOURCE_ROOT
"""
import pathlib
import struct
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zlib

from common import hold, run

LEFT, RIGHT = 116, 1168  # of the grid, in a picture of 1200 pixels
WHITE = (255, 255, 255)


class Picture:
    """The pixels of a PNG of 8-bit RGB or RGBA."""

    def __init__(self, data):
        assert data[:8] == b"\x89PNG\r\n\x1a\n", "not a PNG"
        at, packed, self.chunks = 8, b"", set()
        while at < len(data):
            size, name = struct.unpack(">I4s", data[at:at + 8])
            body = data[at + 8:at + 8 + size]
            self.chunks.add(name)
            if name == b"IHDR":
                self.width, self.height, depth, colour = struct.unpack(">IIBB", body[:10])
                assert depth == 8 and colour in (2, 6)
                self.step = 3 if colour == 2 else 4
            packed += body if name == b"IDAT" else b""
            at += 12 + size
        self.rows = self.unfilter(zlib.decompress(packed))

    def unfilter(self, raw):
        """PNG's five filters (ISO 15948, 9.2)."""
        n, size = self.step, self.width * self.step
        rows, above = [], bytearray(size)
        for y in range(self.height):
            kind, row = raw[y * (size + 1)], bytearray(raw[y * (size + 1) + 1:(y + 1) * (size + 1)])
            for i in range(size):
                a, b, c = (row[i - n] if i >= n else 0), above[i], (above[i - n] if i >= n else 0)
                if kind == 1:
                    row[i] = (row[i] + a) & 255
                elif kind == 2:
                    row[i] = (row[i] + b) & 255
                elif kind == 3:
                    row[i] = (row[i] + (a + b) // 2) & 255
                elif kind == 4:
                    p = a + b - c
                    near = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
                    row[i] = (row[i] + near) & 255
            rows.append(bytes(row))
            above = row
        return rows

    def at(self, x, y):
        i = int(x) * self.step
        return tuple(self.rows[int(y)][i:i + 3])

    def column(self, x):
        """Where a column is blue, as the first output's notes are: the middle, and how dark it is there; or None."""
        blue = [y for y in range(60, self.height - 60) if self.at(x, y)[2] - self.at(x, y)[0] > 30]
        return (sum(blue) / len(blue), sum(self.at(x, blue[len(blue) // 2]))) if blue else None


def x_of(part):
    return LEFT + (RIGHT - LEFT) * part


def plot(phonon, source, *options, text=None, ending="png"):
    with tempfile.TemporaryDirectory() as name:
        path = pathlib.Path(name) / ("out." + ending)
        status, _, err = run([phonon, "plot", source, str(path), *options], text=text)
        assert status == 0, err
        assert len(list(path.parent.iterdir())) == 1
        return path.read_bytes()


def boxes(phonon):
    picture = Picture(plot(phonon, 's "bd ~ bd ~"'))
    seen = [picture.column(x_of(part)) is not None for part in (0.1, 0.2, 0.3, 0.45, 0.55, 0.7, 0.8, 0.95)]
    yield "events where they are", seen == [True, True, False, False, True, True, False, False]
    yield "1200 wide", picture.width == 1200
    picture = Picture(plot(phonon, 'note "0 7 12"'))
    heights = [picture.column(x_of(part))[0] for part in (1 / 6, 1 / 2, 5 / 6)]
    yield "notes at their height: a fifth and an octave", abs((heights[0] - heights[1]) / (heights[0] - heights[2]) - 7 / 12) < 0.01 and heights[0] > heights[1]
    picture = Picture(plot(phonon, 'note "0*4" # gain "1 0.7 0.4 0.1"'))
    dark = [picture.column(x_of(part))[1] for part in (0.125, 0.375, 0.625, 0.875)]
    yield "louder is darker", dark == sorted(dark) and dark[0] < dark[3] - 150
    picture = Picture(plot(phonon, 'note 0 # legato 0.5'))
    yield "legato", picture.column(x_of(0.45)) is not None and picture.column(x_of(0.55)) is None
    one, two = (Picture(plot(phonon, code)) for code in ('s "bd"', 's "bd, sn, hh"'))
    yield "a row for each sound", two.height == one.height + 40


def spans(phonon):
    picture = Picture(plot(phonon, 's "<bd ~ ~ bd>"', "--from", "5/2", "--to", "9/2"))
    seen = [picture.column(x_of(part)) is not None for part in (0.1, 0.3, 0.7, 0.9)]
    yield "from and to", seen == [False, True, True, True]
    picture = Picture(plot(phonon, "-", text='o1: s "<bd ~ ~ ~ ~ ~>"\n'))
    yield "four cycles of a file", [picture.column(x_of(part)) is not None for part in (0.1, 0.3, 0.9)] == [True, False, False]


def curves(phonon):
    picture = Picture(plot(phonon, "sine"))
    top, middle, bottom = (picture.column(x_of(part))[0] for part in (0.25, 0.5, 0.75))
    yield "a sine", top < middle < bottom and abs((top + bottom) / 2 - middle) < 2
    one, two = (Picture(plot(phonon, "-", text=code)) for code in ('o1: saw "a3" # lpf 800\n', 'o1: saw "a3" # lpf "800 1200"\n'))
    yield "values of a parameter", two.height > one.height + 50


def looks(phonon, root):
    song = str(root / "examples/tidal/30-song.tidal")
    for ending in ("png", "svg"):
        yield "the same bytes: " + ending, plot(phonon, song, ending=ending) == plot(phonon, song, ending=ending)
    picture = Picture(plot(phonon, song, "--width", "900", "--height", "600", "--cycles", "16"))
    yield "the size that is asked for", (picture.width, picture.height) == (900, 600)
    yield "no dates", not picture.chunks & {b"tIME", b"tEXt", b"iTXt"}
    root = ElementTree.fromstring(plot(phonon, song, ending="svg"))
    yield "an SVG", root.tag.endswith("svg") and len(list(root.iter())) > 300
    _, out, _ = run([phonon, "plot", "n 0", "-"])
    yield "SVG to standard output", ElementTree.fromstring(out).tag.endswith("svg")


def refusals(phonon):
    for arguments in (["n 0"], ["n 0", "a.gif"], ["n 0", "a.png", "b.png"], ["n 0", "a.png", "--width", "10"], ["n 0", "a.png", "--from", "3", "--to", "1"]):
        yield " ".join(arguments), run([phonon, "plot", *arguments])[0] == 2
    status, _, err = run([phonon, "plot", 'note "0 24 48 72"', "/dev/null", "--height", "200"])
    yield "an ending", status == 2 and ".svg or .png" in err
    status, _, err = run([phonon, "plot", "-", "-", "--height", "200"], text="\n".join('o%d: s "bd"' % i for i in range(1, 30)))
    yield "too crowded", status == 1 and "too crowded" in err
    yield "a folder that is not there", run([phonon, "plot", "n 0", "/nonexistent/a.png"])[0] == 1


def main():
    phonon, root = sys.argv[1], pathlib.Path(sys.argv[2])
    tests = (boxes(phonon), spans(phonon), curves(phonon), looks(phonon, root), refusals(phonon))
    return hold((test.__name__, test) for test in tests)


sys.exit(main())
