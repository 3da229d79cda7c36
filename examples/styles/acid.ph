-- An acid line: one saw through a resonant filter whose cutoff has an envelope, accents and a slow hand on the
-- knob. `tadsr` and `tar` start anew at every event of a pattern; the same pattern of accents opens the filter
-- and lifts the level.
bpm: 132

~seq: "c2 c2 ef2 c3 c2 [bf1 c2] g1 c2 c2 c3 ef2 f2 c2 g2 bf1 [c3 bf2]"
~knob: range 150 1500 (slow 8 sine)
~accent: "1 0.4 0.7 1 0.4 0.8 0.5 0.9 1 0.5 0.9 0.4 0.7 1 0.6 0.8"
~sweep: tadsr "1*16" 0.003 0.16 0 0.03

~line: saw ~seq # lpf (~sweep * ~accent * 3400 + ~knob) 7
o1: ~line * ~accent * tadsr "1*16" 0.002 0.2 0.35 0.03 # distort 5 0.5 * 0.21
o2: s "909bd*4, [~ hh]*4, ~ cp ~ cp, hh*16?" # gain 0.34
o3: every 4 (const (s "oh*4")) $ s "[~ oh]*2" # gain 0.3
