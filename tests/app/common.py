"""What the tests of the command share: running it, and reading the frames of a WAV."""
import hashlib
import os
import struct
import subprocess

SAMPLE_RATE = 44100

# Nobody's sample folders: what is heard is the built-in kit and what a test brings.
ENVIRONMENT = {**os.environ, "HOME": "/nonexistent", "XDG_DATA_HOME": "/nonexistent", "PHONON_SAMPLES": ""}


def run(command, text=None, timeout=60):
    """(exit status, stdout bytes, stderr text)"""
    data = text.encode() if isinstance(text, str) else text
    done = subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, check=False, env=ENVIRONMENT)
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def data_of(wav):
    """(channels, sample rate, bytes of the frames) of a WAV."""
    if wav[:4] != b"RIFF" or wav[8:12] != b"WAVE":
        raise ValueError("not a WAV file: %r" % wav[:16])
    at, channels, rate = 12, 0, 0
    while at + 8 <= len(wav):
        name, size = wav[at:at + 4], struct.unpack("<I", wav[at + 4:at + 8])[0]
        body = wav[at + 8:at + 8 + size]
        if name == b"fmt ":
            channels, rate = struct.unpack("<HI", body[2:8])
        if name == b"data":
            return channels, rate, body
        at += 8 + size + (size & 1)
    raise ValueError("a WAV without data")


def frames_of(wav):
    """(channels, sample rate, list of floats) of a 32-bit float WAV, channels interleaved."""
    channels, rate, body = data_of(wav)
    return channels, rate, struct.unpack("<%df" % (len(body) // 4), body)


def render(phonon, source, *options, text=None, timeout=120):
    """The bytes of a 32-bit float WAV; raises with what the command said."""
    status, out, err = run([phonon, "render", source, "-", "--bits", "32f", "--quiet", *options], text=text, timeout=timeout)
    if status != 0:
        raise RuntimeError("phonon render %s %s: exit %d\n%s" % (source, " ".join(options), status, err))
    return out


def hold(tests):
    """Runs tests, (name, iterable of (what, whether it holds)); says what does not hold. The exit status."""
    failures, count = 0, 0
    for name, facts in tests:
        for what, holds in facts:
            count += 1
            if not holds:
                failures += 1
                print("FAIL %s: %s" % (name, what))
    print("%d facts, %d failures" % (count, failures))
    return 1 if failures else 0


def digest(wav):
    """A hash of the frames alone."""
    channels, rate, body = data_of(wav)
    return hashlib.sha256(struct.pack("<II", channels, rate) + body).hexdigest()
