#!/usr/bin/env python3
"""`tap` writes its file when a rendering succeeds, and only then: the signal before it, without gain and fades, for as long as asked.

    taps.py PHONON
"""
import pathlib
import struct
import subprocess
import sys
import tempfile


def frames_of(path):
    """The samples of a WAV file of 32-bit floats."""
    data = path.read_bytes()
    at = data.index(b"data")
    size = struct.unpack_from("<I", data, at + 4)[0]
    return struct.unpack_from(f"<{size // 4}f", data, at + 8)


def render(phonon, folder, text, *options):
    """The exit status and messages of a rendering of a second of a text in the folder."""
    (folder / "text.ph").write_text(text)
    command = [phonon, "render", str(folder / "text.ph"), str(folder / "out.wav"), "-d", "1", "--bits", "32f", "--quiet", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def main():
    phonon = sys.argv[1]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        status, words = render(phonon, folder, 'o1: sine 441 * 0.5 # tap "dry.wav" # tap "short.wav" 0.25 # lpf 200\n')
        assert status == 0, words
        dry, short, out = (frames_of(folder / f) for f in ("dry.wav", "short.wav", "out.wav"))
        assert len(dry) == 2 * 44100 and len(short) == 2 * 11025 and len(out) == 2 * 44100
        assert short == dry[: len(short)]
        assert abs(max(dry) - 0.5) < 1e-4 and max(out) < 0.2, "the tap has no gain, the output is filtered"
        (folder / "dry.wav").unlink()

        status, words = render(phonon, folder, 'o1: sine 441 # tap "dry.wav" # lpf 200\n', "--threads", "2", "--block-size", "64")
        assert status == 0 and len(frames_of(folder / "dry.wav")) == 2 * 44100, words
        (folder / "dry.wav").unlink()

        for text, expected in [
            ('o1: sine 441 # tap "dry.mp9"\n', "mp9"),
            ('o1: sine 441 # tap "out.wav"\n', "it is the output"),
            ('o1: sine 441 # tap "a.wav"\no2: saw 110 # tap "a.wav"\n', "already"),
            ('o1: sine 441 # tap "dry.wav" # tap "nowhere/else.wav"\n', "nowhere/else.wav"),
        ]:
            status, words = render(phonon, folder, text)
            assert status == 1 and expected in words, (text, status, words)
        left = sorted(p.name for p in folder.iterdir())
        assert left == ["out.wav", "short.wav", "text.ph"], left


main()
