"""The workloads, as numbers and as ordinary Phonon code. Every engine gets the same numbers.  SPDX-License-Identifier: MIT

W1  1000 sines of different fixed frequencies, summed
W2  200 voices of band-limited saw → resonant low-pass whose cutoff a sine of its own moves, summed
W3  200 voices a second of one second each of a break at rates 0.5 … 1.495, attack 0.05 s, release 0.95 s, panned
W4  eight chains: bursts of noise → Freeverb → feedback delay → soft distortion → compressor → limiter
W5  the load of the benchmark piece with recordings: 57 events and about 33 voices a second
"""

RATE = 44100
SINES = [55 * (3520 / 55) ** (i / 999) for i in range(1000)]
SAWS = [(55 * (880 / 55) ** (i / 199), 0.1 + 0.9 * ((37 * i) % 200) / 200) for i in range(200)]
GRAINS = [(0.5 + 0.005 * i, -1 + 2 * ((73 * i) % 200) / 199) for i in range(200)]  # rate, pan: once a second each, 5 ms apart
BURSTS = [1 + i / 8 for i in range(8)]  # bursts a second of each chain
VOICES = {"W1": 1000, "W2": 200, "W3": 200, "W4": 8, "W5": 33.06}

AMEN, KICK, TRANCE = "loop_amen", "bd_haus", "bass_trance_c"
STAB_RATE, ECHOES, ECHO_GAIN = 1.12, 9, 0.75


def euclid(pulses, steps, rotation=0):
    """Onsets of Bjorklund's rhythm as fractions of a cycle, for the two that are used here."""
    assert (pulses, steps) == (3, 8)
    return sorted(((step - rotation) % 8) / 8 for step in (0, 3, 6))


def w5_events():
    """(time in a cycle, sample, rate, gain, pan) of one cycle of one second."""
    events = [(at, KICK, 1.0, 0.5, 0.0) for at in euclid(3, 8)]
    stabs = euclid(3, 8, 1)
    for side, onsets in ((-1.0, stabs), (1.0, [(1 - at - 1 / 8) % 1 for at in stabs])):
        for at in onsets:
            events += [((at + k / 8) % 1, TRANCE, STAB_RATE, 0.3 * ECHO_GAIN ** k, side) for k in range(ECHOES)]
    return sorted(events)


def listed(items, indent="  "):
    return (",\n" + indent).join(items)


def phonon(name):
    """The text of a workload."""
    if name == "W1":
        return "out: sum [\n  %s\n] * 0.001\n" % listed("sine %.4f" % hz for hz in SINES)
    if name == "W2":
        return "out: sum [\n  %s\n] * 0.005\n" % listed("saw %.4f # lpf (sine %.4f * 800 + 1200) 3.3" % saw for saw in SAWS)
    if name == "W3":
        rates = " ".join("%.3f" % rate for rate, _ in GRAINS)
        pans = " ".join("%.3f" % pan for _, pan in GRAINS)
        return 'cps: 1\nout: s "%s*200" # speed "%s" # pan "%s" # ar 0.05 0.95 # gain 0.02\n' % (AMEN, rates, pans)
    if name == "W4":
        chain = ('o%d: noise # env_trig "1*%g" 0.001 0.1 0 0.05 # reverb 0.7 0.5 0.3 # delay 0.375 0.5 0.3 # distort 2 1 # '
                 'compressor -18 4 0.01 0.1 0 # limiter -1')
        return "cps: 1\n" + "\n".join(chain % (i + 1, rate) for i, rate in enumerate(BURSTS)) + "\n"
    return ('cps: 1\no1: s "%s(3,8)" # gain 0.5\n'
            'o2: jux rev $ stut 8 0.125 0.75 $ s "%s(3,8,1)" # speed %g # ar 0.1 0.5 # gain 0.3\n') % (KICK, TRANCE, STAB_RATE)
