-- Windows on time. A piece of pulses, after Steve Reich: one figure of eight notes, of which each voice sees another part.
-- `zoom` and `zoompat` stretch a span to the whole cycle, `compress` squeezes the cycle into a span, `focus` does so and goes on
-- around it; `index` chooses one by number; `trunc` cuts the end off, `stretch` the silence; `loopFirst`, `timeLoop`, `ribbon` and
-- `repeatCycles` choose which cycles come back.
-- Change: the spans. Listen: the figure never changes; only what is seen of it does.
cps: 0.62

~figure: "e4 fs4 b4 cs5 d5 fs4 e4 cs5"
~chords: "<b2'min7 g2'maj7 d3'major e3'min7>"

o1: note ~figure # s "superpiano" # legato 0.9 # gain 0.4 # pan -0.4
o2: zoompat "<0 0.25 0.5>" "<0.5 1>" $ note ~figure # s "superpiano" # legato 0.9 # gain 0.36 # pan 0.4
o3: compress (0.25, 0.75) $ note (~figure - 12) # s "pluck:1" # gain 0.32
o4: compressTo (1.5, 2) $ s "rim*4" # gain 0.2 # pan -0.6
o11: index (1/4) "<0 0.34 0.67 1>" $ note (~figure + 24) # s "bell:1" # gain 0.2 # pan -0.2 # hpf 800
o5: focus "<0 0.125>" "<0.5 0.625>" $ note (~figure + 12) # s "supervibe" # gain 0.26 # pan 0.2
o6: repeatCycles 2 $ s "~pulse*8" # note ~chords # gain "0.13 0.07 0.1 0.07" # pan 0.1
o7: trunc "<0.5 0.75 1>" $ s "sh*16" # gain "0.3 0.18"
o8: ribbon "<0 2>" 2 $ note "<b1 g1 d2 e2> ~" # s "supervibe" # sustain 3 # gain 0.5
o9: stretch $ timeLoop 2 $ s "~ <[clave ~ clave] [clave clave]> ~" # gain 0.2 # pan 0.6
o10: within' (0.5, 1) (fast 2) $ loopFirst $ s "808mt <808lt 808ht> 808ht [~ 808lt]" # gain 0.22

~pulse: (tri 220 + sine 440 * 0.3) # lpf 1800 # adsr 0.005 0.08 0.3 0.05
