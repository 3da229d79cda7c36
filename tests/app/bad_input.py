#!/usr/bin/env python3
"""Bad input gives a clear message and the right exit status, within a second and a gibibyte, and leaves nothing half-written.

    bad_input.py PHONON
"""
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

SECONDS = 2.0 if "--slow" not in sys.argv else 60.0  # a second on a quiet machine
BYTES = 1 << 30


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (4 * BYTES, 4 * BYTES))


def main():
    phonon = sys.argv[1]
    failures = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "broken").mkdir()
        (folder / "broken" / "0.wav").write_bytes(b"RIFF\xff\xff\xff\xffWAVEfmt nonsense" * 3)
        (folder / "text.ph").write_text('o1: s "bd"\n')
        (folder / "directory.ph").mkdir()
        (folder / "binary.ph").write_bytes(bytes(range(256)) * 64)
        out = str(folder / "out.wav")
        cases = [  # command, standard input, exit status, what the message must contain
            (["render", "-", out], 'o1: s "bd" # revreb 0.3\n', 1, "reverb"),
            (["render", "-", out], 'o1: s "bd\n', 1, "-:1:"),
            (["render", "-", out], "o1: ~nothing * 0.2\n", 1, "nothing"),
            (["render", "-", out], "o1: " + "(" * 10000 + "1" + ")" * 10000 + "\n", 1, "deep"),
            (["render", "-", out], 'o1: s "' + "[" * 10000 + "bd" + "]" * 10000 + '"\n', 1, "nested"),
            (["render", "-", out], 'o1: s "bd*1000000000"\n', 1, ""),
            (["render", "-", out], 'o1: s "bd!1000000000"\n', 1, ""),
            (["render", "-", out], "o1: " + "x" * 1000000 + "\n", 1, ""),
            (["render", "-", out], "o1: saw 110" + " + saw 110" * 100000 + "\n", 1, ""),
            (["render", str(folder / "missing.ph"), out], None, 1, "missing.ph"),
            (["render", str(folder / "directory.ph"), out], None, 1, "directory.ph"),
            (["render", str(folder / "binary.ph"), out], None, 1, ""),
            (["render", str(folder / "text.ph"), "/nowhere/out.wav"], None, 1, "/nowhere/out.wav"),
            (["render", str(folder / "text.ph"), "/dev/full"], None, 1, ""),
            (["render", str(folder / "text.ph"), str(folder / "out.mp9")], None, 2, "mp9"),
            (["render"], None, 2, ""),
            (["render", "-", out, "--no-such-option"], "", 2, "no-such-option"),
            (["render", "-", out, "--block-size", "0"], 'o1: s "bd"\n', 2, "block"),
            (["render", "-", out, "--threads", "lots"], 'o1: s "bd"\n', 2, "threads"),
            (["render", "-", out, "--samples", str(folder / "nowhere")], 'o1: s "bd"\n', 2, "nowhere"),
            (["render", "-", out, "--samples", str(folder / "text.ph")], 'o1: s "bd"\n', 2, "text.ph"),
            (["samples", "--samples", str(folder / "nowhere")], None, 2, "nowhere"),
            (["nonsense"], None, 2, "nonsense"),
            (["check", "-"], "o1: lpf\n", 1, "-:1:"),
        ]
        for command, text, status, message in cases:
            begin = time.monotonic()
            done = subprocess.run([phonon, *command], input=None if text is None else text.encode(), stdin=subprocess.DEVNULL if text is None else None,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limit, timeout=120, check=False)
            seconds = time.monotonic() - begin
            said = done.stderr.decode("utf-8", "replace") + done.stdout.decode("utf-8", "replace")
            what = " ".join(command)[:60] + " < " + repr(text)[:50]
            problems = []
            if done.returncode != status:
                problems.append("exit %d, not %d" % (done.returncode, status))
            if not said.strip():
                problems.append("says nothing")
            if message and message not in said:
                problems.append("does not say %r" % message)
            if seconds > SECONDS:
                problems.append("takes %.1f s" % seconds)
            leftovers = [p.name for p in folder.iterdir() if p.name not in ("broken", "text.ph", "directory.ph", "binary.ph")]
            if leftovers:
                problems.append("leaves %s" % leftovers)
                for leftover in leftovers:
                    (folder / leftover).unlink()
            if problems:
                failures += 1
                print("FAIL %s: %s\n     %s" % (what, "; ".join(problems), said.strip()[:200]))
        # What plays on in spite of a problem, and says so.
        plays = [
            ('o1: s "nosuchsound"\no2: s "bd"\n', "nosuchsound"),
            ('o1: s "broken bd"\n', "broken"),
            ("~a: ~a * 1000000 + 1\nout: ~a * 0.000001\n", "not finite"),
            ('out: saw (110 / "1 0")\n', ""),
            ('o1: s "bd" # leslie 0.5\n', "`leslie` has no effect"),
            ('~a: s "bd"\no1: s "~a" # leslie 0.5\n', "`leslie` has no effect"),
            ('~a: saw 110 * ctl "lbrick" 0\no1: s "~a" # lbrick 0.5 # leslie 1\n', "`leslie` has no effect"),
            ('o1: s "bd" # resonance 0.5\n', "`resonance` does nothing"),
        ]
        quiet = '~a: saw 110 # lpf 900 (1 + ctl "resonance" 0) * ctl "leslie" 0\n~b: s "~a*2"\no1: s "~a ~b" # leslie 0.5 # resonance 0.5\n'
        done = subprocess.run([phonon, "render", "-", out, "-d", "1", "--quiet"], input=quiet.encode(), capture_output=True, timeout=60, check=False)
        if done.returncode != 0 or done.stderr + done.stdout:
            failures += 1
            print("FAIL what an instrument reads does something: %s" % done.stderr.decode())
        for text, message in plays:
            done = subprocess.run([phonon, "render", "-", out, "-d", "1", "--samples", name], input=text.encode(), stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, timeout=60, check=False)
            said = done.stderr.decode("utf-8", "replace") + done.stdout.decode("utf-8", "replace")
            if done.returncode != 0 or message not in said or not pathlib.Path(out).exists():
                failures += 1
                print("FAIL %r: exit %d\n     %s" % (text, done.returncode, said.strip()[:300]))
            pathlib.Path(out).unlink(missing_ok=True)
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    if children > BYTES:
        failures += 1
        print("FAIL a command took %.2f GiB" % (children / BYTES))
    print("%d cases, %d failures" % (len(cases) + len(plays), failures))
    return 1 if failures else 0


sys.exit(main())
