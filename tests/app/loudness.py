#!/usr/bin/env python3
"""--normalize gives the loudness that it says, below the ceiling, with one gain for all stems. The judge is the algorithm of
ITU-R BS.1770-4 written down here once more.

    loudness.py PHONON
"""
import json
import math
import pathlib
import sys
import tempfile

from common import frames_of, run

RATE = 48000
PIECE = """cps: 1
o1: s "bd*4, ~ sn" * 0.5
o2: saw "110 165 82.4 220" # lpf 900 # ar 0.02 0.2 * "<0.4 0.1>"
"""
# Of BS.1770-4, table 1 and 2, for 48 kHz: b0 b1 b2 a1 a2.
SHELF = (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585)
HIGH_PASS = (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621)


def filtered(xs, c):
    b0, b1, b2, a1, a2 = c
    x1 = x2 = y1 = y2 = 0.0
    out = []
    for x in xs:
        y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
        x1, x2, y1, y2 = x, x1, y, y1
        out.append(y)
    return out


def lufs(channels):
    """Integrated loudness: blocks of 400 ms that overlap by 75 %, gated at -70 LUFS and 10 LU below the mean."""
    hop = RATE // 10
    sums = None
    for xs in channels:
        ys = filtered(filtered(xs, SHELF), HIGH_PASS)
        parts = [sum(y * y for y in ys[i:i + hop]) for i in range(0, len(ys) - hop + 1, hop)]
        sums = parts if sums is None else [a + b for a, b in zip(sums, parts)]
    blocks = [sum(sums[i:i + 4]) / (4 * hop) for i in range(len(sums) - 3)]

    def level(power):
        return -0.691 + 10 * math.log10(power) if power > 0 else -math.inf

    blocks = [b for b in blocks if level(b) > -70]
    gate = level(sum(blocks) / len(blocks)) - 10
    blocks = [b for b in blocks if level(b) > gate]
    return level(sum(blocks) / len(blocks))


def true_peak_db(channels):
    """Eight times interpolated, near the greatest samples only."""
    most = max(max(map(abs, xs)) for xs in channels)
    peak = most
    for xs in channels:
        for i in range(32, len(xs) - 33):
            if max(abs(xs[i]), abs(xs[i + 1])) < 0.8 * most:
                continue
            for k in range(1, 8):
                t = k / 8
                y = sum(xs[i + j] * math.sin(math.pi * (t - j)) / (math.pi * (t - j)) * (0.5 + 0.5 * math.cos(math.pi * (t - j) / 32))
                        for j in range(-31, 33))
                peak = max(peak, abs(y))
    return 20 * math.log10(peak)


def rendered(phonon, folder, *options, text=PIECE):
    wav = folder / "x.wav"
    status, out, err = run([phonon, "render", "-", str(wav), "-d", "4", "-s", str(RATE), "--bits", "32f", "--samples", str(folder),
                            "--profile", str(folder / "p.json"), *options], text=text)
    if status:
        raise RuntimeError(err)
    _, _, frames = frames_of(wav.read_bytes())
    return [frames[0::2], frames[1::2]], json.loads((folder / "p.json").read_text()), out.decode(), err


def main():
    phonon, failures = sys.argv[1], []

    def expect(what, holds):
        if not holds:
            failures.append(what)

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        plain, profile, said, _ = rendered(phonon, folder)
        level = lufs(plain)
        expect("the profile says %r, it is %.2f LUFS" % (profile["loudness"], level), abs(profile["loudness"]["integratedLufs"] - level) < 0.1)
        expect("the summary does not say it: " + said, "%.1f LUFS" % profile["loudness"]["integratedLufs"] in said)
        peak = true_peak_db(plain)
        expect("the profile says %r, it is %.2f dBTP" % (profile["loudness"], peak), abs(profile["loudness"]["truePeakDbtp"] - peak) < 0.2)

        quiet, profile, _, err = rendered(phonon, folder, "--normalize", "-30", "--stems", str(folder / "stems"))
        expect("-30 LUFS became %.2f" % lufs(quiet), abs(lufs(quiet) + 30) < 0.1)
        expect("it has something to say: " + err, err == "")
        stems = [frames_of((folder / "stems" / (stem + ".wav")).read_bytes())[2] for stem in ("o1", "o2")]
        most = max(abs(a + b - c) for a, b, c in zip(stems[0], stems[1], (x for pair in zip(*quiet) for x in pair)))
        expect("the stems are off by %g" % most, most < 1e-6)

        loud, profile, _, err = rendered(phonon, folder, "--normalize", "-3")
        expect("the ceiling was exceeded: %r" % profile["loudness"], -1.1 < profile["loudness"]["truePeakDbtp"] <= -1)
        expect("the true peak is %.2f" % true_peak_db(loud), true_peak_db(loud) < -0.8)
        expect("nothing was said of the ceiling: " + err, "-1.0 dBTP" in err and "%.1f LUFS" % lufs(loud) in err)
        _, profile, _, _ = rendered(phonon, folder, "--normalize", "-3", "--ceiling", "-6")
        expect("the ceiling of -6 gave %r" % profile["loudness"], -6.1 < profile["loudness"]["truePeakDbtp"] <= -6)

        # What is beyond full scale is measured as it is, not as the safety limiter leaves it; and turned down it needs none.
        _, profile, _, err = rendered(phonon, folder, "--normalize", "-20", text=PIECE.replace("* 0.5", "* 5"))
        expect("the safety limiter acted: %r %s" % (profile["safety"], err), profile["safety"]["sec"] == 0 and err == "")
        _, profile, said, err = rendered(phonon, folder, text=PIECE.replace("* 0.5", "* 5"))
        expect("the safety limiter said nothing", err.count("exceeds full scale") == 1 and "safety limiter: up to" in said)
        expect("the safety limiter is not in the profile: %r" % profile["safety"], profile["safety"]["db"] > 3 and profile["loudness"]["peakDbfs"] <= 0)
        over, profile, _, err = rendered(phonon, folder, "--no-safety", text=PIECE.replace("* 0.5", "* 5"))
        expect("float files hold what is beyond full scale with --no-safety", max(map(max, over)) > 1 and err == "")
    for failure in failures:
        print("FAIL", failure)
    return 1 if failures else 0


sys.exit(main())
