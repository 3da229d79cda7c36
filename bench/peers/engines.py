"""The workloads for the other engines: each function writes its files into a folder and gives the commands that render `seconds`.

A command is a list of words; the engine renders to a file and ends. None: the engine cannot do the workload sensibly.
SPDX-License-Identifier: MIT
"""
import pathlib
import shutil
import subprocess

from workloads import AMEN, BURSTS, GRAINS, KICK, RATE, SAWS, SINES, TRANCE, w5_events

SAMPLES = pathlib.Path("/usr/share/sonic-pi/samples")
SOUNDS = {AMEN: 0, KICK: 1, TRANCE: 2}


def wavs(folder):
    """The recordings as WAV files, which every engine reads."""
    for name in SOUNDS:
        path = folder / (name + ".wav")
        if not path.exists():
            subprocess.run(["flac", "-d", "-s", "-f", "-o", path, SAMPLES / (name + ".flac")], check=True)
    return {name: folder / (name + ".wav") for name in SOUNDS}


def events_of(name, seconds):
    """(second, sound, rate, gain, pan, length) of W3 and W5."""
    if name == "W3":
        return [(second + i / 200, AMEN, rate, 0.02, pan, 1.0) for second in range(seconds) for i, (rate, pan) in enumerate(GRAINS)]
    return [(second + at, sound, rate, gain, pan, 0.6 if sound == TRANCE else 0.4)
            for second in range(seconds) for at, sound, rate, gain, pan in w5_events()]


# ---- SuperCollider: scsynth and supernova, offline from a score that sclang writes ----

SC_DEFS = """
SynthDef(\\sine, { |freq| Out.ar(0, SinOsc.ar(freq, 0, 0.001).dup) }),
SynthDef(\\saw, { |freq, lfo| Out.ar(0, (RLPF.ar(Saw.ar(freq), SinOsc.ar(lfo, 0, 800, 1200), 0.3) * 0.005).dup) }),
SynthDef(\\grain, { |buf, rate, gain, pan| var e = EnvGen.ar(Env([0, 1, 0], [0.05, 0.95]), doneAction: 2);
  Out.ar(0, Pan2.ar(PlayBuf.ar(1, buf, rate, loop: 1) * e, pan, gain)) }),
SynthDef(\\hit, { |buf, rate, gain, pan, attack = 0.001, release = 0.4| var e = EnvGen.ar(Env([0, 1, 0], [attack, release]), doneAction: 2);
  Out.ar(0, Pan2.ar(PlayBuf.ar(1, buf, rate) * e, pan, gain)) }),
SynthDef(\\chain, { |bursts| var x = WhiteNoise.ar * Decay2.ar(Impulse.ar(bursts), 0.001, 0.1);
  x = FreeVerb2.ar(x, x, 0.3, 0.7, 0.5); x = x + (CombN.ar(x, 0.375, 0.375, 3.75) * 0.3); x = (x * 2).tanh;
  x = Compander.ar(x, x, 0.125, 1, 0.25, 0.01, 0.1); Out.ar(0, Limiter.ar(x, 0.89, 0.005) * 0.1) })
"""


def sc_score(name, seconds, sounds):
    """Lines of the score after the definitions."""
    line = "[%.6f, [\\s_new, \\%s, -1, 0, 0, %s]]"
    if name == "W1":
        return [line % (0, "sine", "\\freq, %.4f" % hz) for hz in SINES]
    if name == "W2":
        return [line % (0, "saw", "\\freq, %.4f, \\lfo, %.4f" % saw) for saw in SAWS]
    if name == "W4":
        return [line % (0, "chain", "\\bursts, %g" % rate) for rate in BURSTS]
    synth = "grain" if name == "W3" else "hit"
    reads = ["[0, [\\b_allocReadChannel, %d, \"%s\", 0, 0, 0]]" % (SOUNDS[sound], path) for sound, path in sounds.items()]
    return reads + [line % (at, synth, "\\buf, %d, \\rate, %g, \\gain, %g, \\pan, %g%s" %
                            (SOUNDS[sound], rate, gain, pan, ", \\attack, 0.1, \\release, 0.5" if synth == "hit" and sound == TRANCE else ""))
                    for at, sound, rate, gain, pan, _ in events_of(name, seconds)]


def sc_files(folder, name, seconds):
    score = folder / ("%s-%d.osc" % (name, seconds))
    if not score.exists():
        lines = sc_score(name, seconds, wavs(folder))
        source = folder / ("%s-%d.scd" % (name, seconds))
        # Built in pieces, as sclang's parser takes only so many literals at once.
        pieces = ["l = l ++ [\n%s\n];" % ",\n".join(lines[i:i + 200]) for i in range(0, len(lines), 200)]
        source.write_text("var l = [];\n[%s].do { |d| l = l.add([0, [\\d_recv, d.asBytes]]) };\n%s\nl = l.add([%d, [\\c_set, 0, 0]]);\n"
                          "Score(l).writeOSCFile(\"%s\"); 0.exit;\n" % (SC_DEFS, "\n".join(pieces), seconds, score))
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "QT_QPA_PLATFORM": "offscreen",
                       "QTWEBENGINE_DISABLE_SANDBOX": "1"}
        subprocess.run(["sclang", source], check=True, env=environment, capture_output=True, timeout=300)
    return score


def supercollider(folder, name, seconds, block, threads=1, server="scsynth"):
    if not shutil.which(server):
        return None
    more = ["-T", str(threads)] if server == "supernova" else []
    return [server, "-N", sc_files(folder, name, seconds), "_", folder / "sc.wav", str(RATE), "WAV", "int16", "-o", "2", "-z", str(block),
            "-n", "65536", "-m", "1048576", "-b", "16", "-w", "256", *more]


def supernova(folder, name, seconds, block, threads=1):
    return supercollider(folder, name, seconds, block, threads, "supernova")


# ---- Csound ----

CS_HEAD = "<CsoundSynthesizer>\n<CsInstruments>\nsr = %d\nksmps = %d\nnchnls = 2\n0dbfs = 1\n%s\n</CsInstruments>\n<CsScore>\n%s\n</CsScore>\n</CsoundSynthesizer>\n"

CS_GRAIN = """gi%(t)s ftgen %(n)d, 0, 0, 1, "%(path)s", 0, 0, 1
"""

CS_CODE = {
    "W1": "instr 1\na1 oscili 0.001, p4\nouts a1, a1\nendin",
    "W2": "instr 1\nk1 oscili 800, p5\na1 vco2 0.005, p4\na2 lowpass2 a1, 1200 + k1, 3.3\nouts a2, a2\nendin",
    "W4": ("instr 1\na1 noise 1, 0\nk1 metro p4\nk2 init 0\nif k1 == 1 then\nk2 = 1\nendif\na1 = a1 * a(k2)\nk2 = k2 * exp(-ksmps / (sr * 0.02))\n"
           "a2, a3 freeverb a1, a1, 0.7, 0.5, sr, 0\na4 = a1 * 0.7 + a2 * 0.3\na5 = a1 * 0.7 + a3 * 0.3\na6 comb a4, 3.75, 0.375\na7 comb a5, 3.75, 0.375\n"
           "a8 = tanh(2 * (a4 + a6 * 0.3))\na9 = tanh(2 * (a5 + a7 * 0.3))\na10 compress a8, a8, 0, 48, 60, 4, 0.01, 0.1, 0.01\n"
           "a11 compress a9, a9, 0, 48, 60, 4, 0.01, 0.1, 0.01\na12 limit a10, -0.89, 0.89\na13 limit a11, -0.89, 0.89\nouts a12 * 0.1, a13 * 0.1\nendin"),
    "W3": "instr 1\na1 loscil3 1, p5, p4, 1, 1\na2 linseg 0, 0.05, 1, 0.95, 0\na1 = a1 * a2 * p6\nouts a1 * p7, a1 * p8\nendin",
    "W5": "instr 1\na1 loscil3 1, p5, p4, 1, 0\na2 linseg 0, p9, 1, p3 - p9, 0\na1 = a1 * a2 * p6\nouts a1 * p7, a1 * p8\nendin",
}


def csound(folder, name, seconds, block, threads=1):
    if not shutil.which("csound"):
        return None
    code, score = CS_CODE[name], []
    if name == "W1":
        score = ["i1 0 %d %.4f" % (seconds, hz) for hz in SINES]
    elif name == "W2":
        score = ["i1 0 %d %.4f %.4f" % ((seconds,) + saw) for saw in SAWS]
    elif name == "W4":
        score = ["i1 0 %d %g" % (seconds, rate) for rate in BURSTS]
    else:
        code = "".join(CS_GRAIN % {"t": sound, "n": number + 1, "path": wavs(folder)[sound]} for sound, number in SOUNDS.items()) + code
        score = ["i1 %.6f %g %d %g %g %.5f %.5f %g" % (at, length, SOUNDS[sound] + 1, rate, gain, ((1 - pan) / 2) ** 0.5, ((1 + pan) / 2) ** 0.5,
                                                     0.1 if sound == TRANCE else 0.001)
                 for at, sound, rate, gain, pan, length in events_of(name, seconds)]
    path = folder / ("%s-%d-%d.csd" % (name, seconds, block))
    path.write_text(CS_HEAD % (RATE, block, code, "\n".join(score + ["f0 %d" % seconds, "e"])))
    return ["csound", "-d", "-m0", "-W", "-s", "-o", folder / "csound.wav", "-j%d" % threads, path]


# ---- Pure Data: a patch that is generated; W3 and W5 need dynamic voices and are left out ----

def pd_patch(name):
    lines, wires, count = ["#N canvas 0 0 600 400 12;"], [], 0

    def box(text):
        nonlocal count
        lines.append("#X obj 10 %d %s;" % (10 + 20 * count, text))
        count += 1
        return count - 1

    def wire(source, sink, outlet=0, inlet=0):
        wires.append("#X connect %d %d %d %d;" % (source, outlet, sink, inlet))

    total = box("*~ 0.001" if name == "W1" else "*~ 0.005")
    for voice in SINES if name == "W1" else SAWS:
        if name == "W1":
            wire(box("osc~ %.4f" % voice), total)
        else:
            saw, lfo, scale, base, low = (box("phasor~ %.4f" % voice[0]), box("osc~ %.4f" % voice[1]), box("*~ 800"), box("+~ 1200"), box("vcf~ 3.3"))
            wire(saw, low)
            wire(lfo, scale)
            wire(scale, base)
            wire(base, low, 0, 1)
            wire(low, total)
    return lines, wires, total, box, wire


def puredata(folder, name, seconds, block, threads=1):
    if not shutil.which("pd") or name not in ("W1", "W2") or threads != 1:
        return None
    lines, wires, total, box, wire = pd_patch(name)
    out = box("writesf~ 2")
    wire(total, out)
    wire(total, out, 0, 1)
    load, bang = box("loadbang"), box("t b b b b")
    wire(load, bang)
    for outlet, text in ((3, "\\; pd dsp 1"), (2, "open %s" % (folder / "pd.wav")), (1, "start")):
        lines.append("#X msg 10 10 %s;" % text)
        message = sum(line.startswith(("#X obj", "#X msg")) for line in lines) - 1
        wires.append("#X connect %d %d %d 0;" % (bang, outlet, message))
        if outlet < 3:
            wires.append("#X connect %d 0 %d 0;" % (message, out))
    path = folder / ("%s-%d.pd" % (name, seconds))
    number = sum(line.startswith(("#X obj", "#X msg")) for line in lines)
    lines += ["#X obj 10 10 delay %d;" % (1000 * seconds), "#X msg 10 10 \\; pd quit;"]
    wires += ["#X connect %d 0 %d 0;" % (bang, number), "#X connect %d 0 %d 0;" % (number, number + 1)]
    path.write_text("\n".join(lines + wires) + "\n")
    return ["pd", "-nogui", "-batch", "-r", str(RATE), "-blocksize", str(block), "-noaudio", path]


# ---- ChucK ----

CHUCK = {
    "W1": "SinOsc s[1000]; Gain g => dac; 0.001 => g.gain;\nfor (0 => int i; i < 1000; i++) { s[i] => g; 55.0 * Math.pow(64.0, i / 999.0) => s[i].freq; }\n%d::second => now;\n",
    "W2": ("fun void voice(float f, float l) { SawOsc s => LPF p => dac; f => s.freq; 0.005 => s.gain; 3.3 => p.Q; SinOsc o => blackhole; l => o.freq;\n"
           "  while (true) { 1200 + 800 * o.last() => p.freq; 64::samp => now; } }\n"
           "for (0 => int i; i < 200; i++) { spork ~ voice(55 * Math.pow(16.0, i / 199.0), 0.1 + 0.9 * ((37 * i) %% 200) / 200.0); }\n%d::second => now;\n"),
}


def chuck(folder, name, seconds, block, threads=1):
    if not shutil.which("chuck") or name not in CHUCK or threads != 1:
        return None
    path = folder / ("%s-%d.ck" % (name, seconds))
    path.write_text(CHUCK[name] % seconds)
    return ["chuck", "--silent", "--srate:%d" % RATE, "--adaptive:%d" % block, path]


# ---- Faust: what has no events ----

FAUST = {
    "W1": 'import("stdfaust.lib");\nprocess = par(i, 1000, os.oscsin(55 * pow(64, i / 999))) :> *(0.001) <: _, _;\n',
    "W2": ('import("stdfaust.lib");\nvoice(i) = os.sawtooth(55 * pow(16, i / 199)) : fi.resonlp(1200 + 800 * os.oscsin(0.1 + 0.9 * ((37 * i) % 200) / 200), 3.3, 0.005);\n'
           "process = par(i, 200, voice(i)) :> _ <: _, _;\n"),
    "W4": ('import("stdfaust.lib");\nburst(r) = no.noise * en.ar(0.001, 0.1, ba.pulse(int(ma.SR / r)));\n'
           "chain(i) = burst(1 + i / 8) <: re.stereo_freeverb(0.84, 0.7, 0.5, 23) : par(j, 2, (+ ~ (@(16537) : *(0.5))) : *(2) : ma.tanh) :\n"
           "  co.compressor_stereo(4, -18, 0.01, 0.1) : co.limiter_1176_R4_stereo;\nprocess = par(i, 8, chain(i)) :> *(0.1), *(0.1);\n"),
}

FAUST_MAIN = r"""
#include <cstdio>
#include <cstdlib>
#include <cmath>
#include <algorithm>
#include <vector>
#define FAUSTFLOAT float
struct Meta { void declare(const char *, const char *) {} };
struct UI { void openVerticalBox(const char *) {} void openHorizontalBox(const char *) {} void closeBox() {} void declare(FAUSTFLOAT *, const char *, const char *) {}
  void addHorizontalSlider(const char *, FAUSTFLOAT *, float, float, float, float) {} void addVerticalBargraph(const char *, FAUSTFLOAT *, float, float) {}
  void addHorizontalBargraph(const char *, FAUSTFLOAT *, float, float) {} void addVerticalSlider(const char *, FAUSTFLOAT *, float, float, float, float) {}
  void addCheckButton(const char *, FAUSTFLOAT *) {} void openTabBox(const char *) {} };
struct dsp { virtual ~dsp() {} };
<<includeIntrinsic>>
<<includeclass>>
int main(int argc, char **argv) {
  int seconds = atoi(argv[1]), block = atoi(argv[2]);
  mydsp *d = new mydsp(); d->init(44100);
  std::vector<float> left(block), right(block); float *out[2] = { left.data(), right.data() }; double sum = 0;
  for (long n = 0; n < 44100L * seconds; n += block) { d->compute(block, nullptr, out); sum += left[0] + right[block - 1]; }
  std::printf("%g\n", sum);
}
"""


def faust(folder, name, seconds, block, threads=1):
    if not (shutil.which("faust") and shutil.which("g++")) or name not in FAUST or threads != 1:
        return None
    program = folder / ("faust-" + name)
    if not program.exists():
        (folder / (name + ".dsp")).write_text(FAUST[name])
        (folder / "main.cpp").write_text(FAUST_MAIN)
        subprocess.run(["faust", "-a", folder / "main.cpp", "-o", folder / (name + ".cpp"), folder / (name + ".dsp")], check=True, timeout=600, capture_output=True)
        subprocess.run(["g++", "-O3", "-march=native", "-ffast-math", "-w", "-o", program, folder / (name + ".cpp")], check=True, timeout=900, capture_output=True)
    return [program, str(seconds), str(block)]


PEERS = {"scsynth": supercollider, "supernova": supernova, "csound": csound, "faust": faust, "puredata": puredata, "chuck": chuck}
