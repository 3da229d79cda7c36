-- Granular. A cloud is a sound cut into grains of some hundredths of a second and strewn again: `granular` takes what comes in, at another pitch,
-- further back, over the stereo field; `sample` reads a recording by a position, so that a slow `phasor` stands still in it, or goes back.
-- `stretch` slows a sound down by its spectrum. Ambient, of one voice, one bell and one piano.
-- Change: 140 ms to 15: the cloud becomes a buzz. Listen: where one grain ends, and whether you can tell.
cps: 0.2

~piano: note "<[a3 ~ e4 ~] [~ c5 ~ b4] [g4 ~ ~ d4] [~ e4 ~ ~]>" # s "superpiano" # velocity 0.5 # legato 2

o1: (~piano # gain 0.8) # reverb 0.8 0.5 0.4 * 1.4
o2: (~piano # gain 0.8) # granular 140 24 2 1 0.8 # lush 9 0.8 0.4 0.3 0.3 0 0.8 * 1.2
o3: (~piano # gain 0.9) # granular 240 12 0.5 0.6 0.5 # lpf 900 * 0.9
-- A position that trembles reads a vowel for ever.
o4: sample "vox:1" (0.35 + sine 0.037 * 0.2 + sine 3.1 * 0.004) # hpf 200 # granular 90 40 1 1 0.3 # plate 20 0.85 * (range 0.2 1 (slow 5 sine)) * 2.5
o5: sample "bell:2" (phasor (-0.05)) # granular 60 30 "<1 1.5 1.3333 1>" 1 0.6 # hpf 120 # lush 12 * 1.2
o6: sample "pad:2" (lftri 0.03 # unipolar * 0.8) # granular 400 10 "<0.5 0.5 0.4454 0.375>" 0.8 0.4 # hpf 60 * 0.9
-- Slower and slower, at the same pitch.
o7: (note "a4 e5 c5 b4 g4 e5 b4 d5" # s "supervibe" # legato 1.5 # gain 0.3) # stretch 4 2 # reverb 0.9 0.4 0.5 # pan -0.4
o8: s "sh:2*8?" # gain 0.4 # granular 30 60 1 1 0.25 # hpf 3000 * 1.2
o9: sine "<a1 f1 c2 e1>" * (sine 0.1 * 0.2 + 0.6) # softclip 2 * 0.16

master: limiter -2
