-- An acid line: one saw through a resonant filter whose cutoff has an envelope, accents and a slow hand on the
-- knob. `tadsr` and `tar` start anew at every event of a pattern; the same pattern of accents opens the filter
-- and lifts the level. Over sixteen bars the line gets more and more distortion. Change: the resonance, 7. Listen: it speaks.
bpm: 132

~seq: "c2 c2 ef2 c3 c2 [bf1 c2] g1 c2 c2 c3 ef2 f2 c2 g2 bf1 [c3 bf2]"
~knob: range 150 1500 (slow 8 sine)
~accent: "1 0.4 0.7 1 0.4 0.8 0.5 0.9 1 0.5 0.9 0.4 0.7 1 0.6 0.8"
~sweep: tadsr "1*16" 0.003 0.16 0 0.03

~line: saw ~seq # lpf (~sweep * ~accent * 3400 + ~knob) 7
~dry: ~line * ~accent * tadsr "1*16" 0.002 0.2 0.35 0.03 # distort (range 2 9 (slow 16 saw)) 0.5 * 0.23
o1: ~dry + (~dry # hpf 400 # pingpong 0.341 0.5 1 1) * 0.25
o2: mask "<t!15 [t f]>" $ s "909bd*4" # gain 0.36
o3: s "[~ hh]*4, ~ cp ~ cp" # gain 0.36
o4: s "hh*16?" # gain 0.3 # pan (rand * 1.2 - 0.6)
o5: every 4 (const (s "oh*4")) $ s "[~ oh]*2" # gain 0.34 # pan 0.2
o6: mask "<f!8 t!8>" $ s "tom(5,16,<2 4>)" # n "0 1 2" # gain 0.22 # pan -0.3

master: limiter -1.2
