-- Drone: one chord of D for as long as you like. Strings of partials that beat against each other by fractions of a Hz, a gong's partials in
-- just ratios, breath, and the room. What moves are only slow sines, whose periods have no common multiple: `0.031`, `0.017`, `0.043` Hz.
-- Change: one ratio, 3/2 or 5/4, by a little. Listen for five minutes; then turn your head.
cps: 0.1

fn swell rate = sine rate * 0.5 + 0.5
fn string hz rate = (saw hz + saw (hz * 1.0013) + saw (hz * 0.9988)) # lpf (hz * (2 + 7 * swell rate)) 1.2 * 0.2

o1: (string 36.708 0.031 + string 73.416 0.017) # softclip 1.5 * 0.45
o2: string (73.416 * 3 / 2) 0.043 # pan (sine 0.023 * 0.6) * 0.6
o3: string (146.83 * 5 / 4) 0.019 # pan (sine 0.029 * (-0.7)) * (swell 0.013) * 0.7
-- Overtones of the same string, one after another: a narrow filter walks over a row of impulses.
o4: blip 73.416 24 # resonz (73.416 * floor (4 + 14 * swell 0.021) # lag 0.6) 40 * 5 # lush 10 0.8 0.3 0.2 0.3 0 0.6 * 0.26
o5: (sine 220.25 + sine (220.25 * 7 / 6) * swell 0.037 + sine (220.25 * 4 / 3) * swell 0.011) * 0.05 # tremolo 0.21 0.5 # lush 14
-- A bow that is drawn once in every breath of ten seconds.
o6: s "supergong/2" # note "<-22 -15 -10>" # legato 1.5 # gain 0.3 # lush 16 0.85 0.4 0.2 0.3 0 0.7
o7: brown # bpf (180 + 160 * swell 0.027) 1.5 * (swell 0.1) * 1 # widener 2
o8: sine 36.708 * (swell 0.05 * 0.5 + 0.5) * 0.2

master: limiter -2
