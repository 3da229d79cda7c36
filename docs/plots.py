#!/usr/bin/env python3
"""Draws what the filters and oscillators do into docs/plots/*.svg: every curve comes from the program's own sound.

    docs/plots.py PHONON [FOLDER]

Impulses and tones are rendered by `phonon render` and transformed here; nothing but the Python of the system is needed.
"""
import cmath
import math
import pathlib
import struct
import subprocess
import sys
import tempfile

RATE = 44100
FRAMES = 1 << 15
COLOURS = ["#1f6f8b", "#d1495b", "#edae49", "#66a182", "#2e4057", "#8d5a97"]


# ---- sound ----


def render(phonon, code, frames=FRAMES):
    """Left and right of the output of an expression, from frame 0 on."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out.wav"
        subprocess.run(
            [phonon, "render", f"out: {code}", str(out), "-d", str(frames / RATE), "--gain", "1", "--fade-in", "0", "--fade-out", "0",
             "--bits", "32f", "--quiet"], check=True)
        data = out.read_bytes()
    at = data.index(b"data") + 8
    samples = struct.unpack_from(f"<{2 * frames}f", data, at)
    return list(samples[0::2]), list(samples[1::2])


def transform(x):
    """The Fourier transform of a power of two of values (Cooley & Tukey)."""
    n = len(x)
    z, bits = [0j] * n, n.bit_length() - 1
    for i in range(n):
        z[int(format(i, f"0{bits}b")[::-1], 2)] = complex(x[i])
    size = 2
    while size <= n:
        half, turn = size // 2, cmath.exp(-2j * math.pi / size)
        turns = [turn**k for k in range(half)]
        for start in range(0, n, size):
            for k in range(half):
                a, b = z[start + k], z[start + k + half] * turns[k]
                z[start + k], z[start + k + half] = a + b, a - b
        size *= 2
    return z


def impulse_response(phonon, processor):
    """The spectra of both sides of what a processor makes of one impulse."""
    left, right = render(phonon, f"impulse 0.01 # {processor}")
    return transform(left), transform(right)


def db(x):
    return 20 * math.log10(max(abs(x), 1e-9))


def log_bins(least=20, most=20000, per_octave=36):
    """Numbers of bins, evenly spaced to the ear."""
    steps = int(math.log2(most / least) * per_octave)
    found = sorted({round(least * 2 ** (i / per_octave) * FRAMES / RATE) for i in range(steps + 1)})
    return [k for k in found if k > 0]


# ---- drawing ----


class Plot:
    """Axes with curves, as SVG."""

    WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 340, 58, 14, 34, 44

    def __init__(self, title, x, y, x_label, y_label):
        """x and y: (least, most, ticks, logarithmic)."""
        self.x, self.y, self.parts, self.names = x, y, [], []
        self.text(self.LEFT, 20, title, "start", 15)
        self.axes(x_label, y_label)

    def text(self, x, y, words, anchor="middle", size=11, turn=""):
        words = words.replace("&", "&amp;").replace("<", "&lt;")
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"{turn}>{words}</text>')

    def place(self, value, axis, low, high):
        least, most, _, logarithmic = axis
        share = math.log(value / least) / math.log(most / least) if logarithmic else (value - least) / (most - least)
        return low + (high - low) * share

    def at(self, x, y):
        return (self.place(x, self.x, self.LEFT, self.WIDTH - self.RIGHT), self.place(y, self.y, self.HEIGHT - self.BOTTOM, self.TOP))

    def axes(self, x_label, y_label):
        for tick in self.x[2]:
            px, _ = self.at(tick, self.y[0])
            self.parts.append(f'<path d="M{px:.1f} {self.TOP}V{self.HEIGHT - self.BOTTOM}" stroke="#ddd"/>')
            self.text(px, self.HEIGHT - self.BOTTOM + 15, f"{tick / 1000:g}k" if tick >= 1000 else f"{tick:g}")
        for tick in self.y[2]:
            _, py = self.at(self.x[0], tick)
            self.parts.append(f'<path d="M{self.LEFT} {py:.1f}H{self.WIDTH - self.RIGHT}" stroke="#ddd"/>')
            self.text(self.LEFT - 6, py + 4, f"{tick:g}", "end")
        self.text((self.LEFT + self.WIDTH - self.RIGHT) / 2, self.HEIGHT - 8, x_label)
        middle = (self.TOP + self.HEIGHT - self.BOTTOM) / 2
        self.text(14, middle, y_label, turn=f' transform="rotate(-90 14 {middle:.1f})"')

    def curve(self, points, name="", width=1.6, dashes=""):
        """Neighbours that would fall on one spot are left out."""
        colour = COLOURS[len(self.names) % len(COLOURS)]
        self.names.append(name)
        placed = []
        for x, y in points:
            spot = tuple(round(c, 1) for c in self.at(x, y))
            if not placed or spot != placed[-1]:
                placed.append(spot)
        line = " ".join(f"{x:g},{y:g}" for x, y in placed)
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.parts.append(f'<polyline points="{line}" clip-path="url(#inside)" fill="none" stroke="{colour}" stroke-width="{width}"{dash}/>')

    def svg(self):
        x = self.WIDTH - self.RIGHT
        for i in range(len(self.names) - 1, -1, -1):
            if self.names[i]:
                self.text(x, 20, self.names[i], "end")
                x -= 6.2 * len(self.names[i]) + 6
                self.parts.append(f'<path d="M{x - 14:.1f} 16H{x:.1f}" stroke="{COLOURS[i % len(COLOURS)]}" stroke-width="2.5"/>')
                x -= 26
        body = "\n".join(self.parts)
        wide, high = self.WIDTH - self.RIGHT - self.LEFT, self.HEIGHT - self.BOTTOM - self.TOP
        inside = f'<clipPath id="inside"><rect x="{self.LEFT}" y="{self.TOP}" width="{wide}" height="{high}"/></clipPath>'
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.WIDTH} {self.HEIGHT}" font-family="sans-serif" fill="#222">\n'
                f'<rect width="100%" height="100%" fill="#fff"/>\n{inside}\n{body}\n</svg>\n')


HZ = (20, 20000, [20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000], True)


def magnitudes(phonon, title, curves, low, high, step, axis=HZ, bins=None):
    """A plot of the responses of named processors, in decibels."""
    plot = Plot(title, axis, (low, high, list(range(low, high + 1, step)), False), "Hz", "dB")
    for name, processor in curves:
        spectrum, _ = impulse_response(phonon, processor)
        plot.curve([(k * RATE / FRAMES, db(spectrum[k])) for k in bins or log_bins()], name)
    return plot


def crossover(phonon):
    plot = Plot("crossover3 250 2500: bands and their sum", HZ, (-60, 6, list(range(-60, 7, 12)), False), "Hz", "dB")
    bands = [impulse_response(phonon, f"crossover3 250 2500 {band}")[0] for band in range(3)]
    for name, band in zip(("low", "middle", "high"), bands):
        plot.curve([(k * RATE / FRAMES, db(band[k])) for k in log_bins()], name)
    plot.curve([(k * RATE / FRAMES, db(sum(band[k] for band in bands))) for k in log_bins()], "sum", dashes="5 3")
    return plot


def quadrature(phonon):
    plot = Plot("hilbert: how far right is behind left", HZ, (89.5, 90.5, [89.5, 89.75, 90, 90.25, 90.5], False), "Hz", "degrees")
    left, right = impulse_response(phonon, "hilbert")
    plot.curve([(k * RATE / FRAMES, -math.degrees(cmath.phase(right[k] / left[k]))) for k in log_bins()])
    return plot


def smoothing(phonon):
    plot = Plot('"0 1" smoothed over 0.1 s, from the jump on', (0, 0.2, [0, 0.05, 0.1, 0.15, 0.2], False), (0, 1, [0, 0.25, 0.5, 0.75, 1], False), "s", "")
    for name in ("lag", "slide"):
        left, _ = render(phonon, f'"0 1" # {name} 0.1', 2 * RATE)
        plot.curve([((i - RATE) / RATE, left[i]) for i in range(RATE - 1, RATE + RATE // 5, 20)], name)
    return plot


def oscillator(phonon, name, hz):
    """The spectrum of an oscillator whose period does not fit the transform, under a window (Blackman & Harris)."""
    plot = Plot(f"{name} {hz}", (0, 22050, [0, 2000, 4000, 6000, 8000, 10000, 12000, 14000, 16000, 18000, 20000], False),
                (-140, 0, list(range(-140, 1, 20)), False), "Hz", "dB re the fundamental")
    settle, n = 4096, FRAMES // 2
    left, _ = render(phonon, f"{name} {hz}", settle + n)
    turns = [2 * math.pi * (i + 0.5) / n for i in range(n)]
    shaped = [left[settle + i] * (0.35875 - 0.48829 * math.cos(t) + 0.14128 * math.cos(2 * t) - 0.01168 * math.cos(3 * t)) for i, t in enumerate(turns)]
    sizes = [db(z) for z in transform(shaped)[: n // 2]]
    top = max(sizes)
    plot.curve([(k * RATE / n, max(sizes[k : k + 8]) - top) for k in range(0, n // 2, 8)], width=1)
    return plot


def plots(phonon):
    """Names of files and what is in them."""
    q = (0.5, 0.707, 2, 8)
    yield "lpf", magnitudes(phonon, "lpf 1000 q", [(f"{x:g}", f"lpf 1000 {x}") for x in q], -48, 24, 12)
    yield "svf", magnitudes(phonon, "1000 Hz, q 2", [(name, f"{name} 1000 2") for name in ("lpf", "hpf", "bpf", "notch")], -48, 12, 12)
    yield "moog", magnitudes(phonon, "moog_ladder 1000 res", [(f"{r:g}", f"gain 0.001 # moog_ladder 1000 {r} # gain 1000") for r in (0, 0.3, 0.6, 0.85)], -72, 24, 12)
    yield "eq", magnitudes(phonon, "the cookbook's: +12 dB, -12 dB", [("lowshelf", "bq_lowshelf 150 0.707 12"), ("peak", "bq_peak 1000 2 -12"), ("highshelf", "bq_highshelf 6000 0.707 12")], -18, 18, 6)
    yield "comb", magnitudes(phonon, "comb, allpass 441 Hz", [("comb 0.7", "comb 441 0.7"), ("comb -0.7", "comb 441 -0.7"), ("allpass 0.7", "allpass 441 0.7")],
                              -12, 18, 6, (0, 3000, list(range(0, 3001, 500)), False), range(0, 2231, 4))
    yield "djf", magnitudes(phonon, "djf", [(f"{v:g}", f"djf {v}") for v in (0.15, 0.3, 0.5, 0.7, 0.85)], -48, 6, 12)
    yield "tilt", magnitudes(phonon, "tilt, pivot at 800 Hz", [(f"{g:+d} dB", f"tilt {g}") for g in (-12, -6, 6, 12)], -18, 18, 6)
    yield "crossover", crossover(phonon)
    yield "hilbert", quadrature(phonon)
    yield "smoothing", smoothing(phonon)
    for name in ("saw", "square", "tri"):
        yield name, oscillator(phonon, name, 1661.2)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[2]) if len(sys.argv) == 3 else pathlib.Path(__file__).resolve().parent / "plots"
    folder.mkdir(exist_ok=True)
    for name, plot in plots(sys.argv[1]):
        (folder / f"{name}.svg").write_text(plot.svg())


main()
