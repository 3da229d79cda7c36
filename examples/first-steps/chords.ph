-- A bus is an instrument: s "~keys" plays it, `note` gives it pitches, and a chord name starts
-- one voice per note. The envelope of the bus is the envelope of each voice.
cps: 0.3

~keys: (saw 220 + saw 221.3 + square 110 * 0.5) * 0.4 # lpf 1600 1.2 # adsr 0.01 0.4 0.5 0.6
~low: (tri 55 + sine 55) * 0.4 # adsr 0.005 0.2 0.7 0.2

o1: s "~keys(5,8)" # note "<c4'min7 af3'maj7 f3'min9 g3'dom7>" # gain 0.4
  # chorus 0.6 0.5 0.4 # reverb 0.7 0.4 0.3
o2: s "~low*4" # note "<c2 af1 f1 g1>" # gain "0.55 0.3 0.45 0.35"
o3: s "[bd ~ ~ bd, ~ rim ~ rim?, hh*8]" # gain "0.5 0.4 0.45 0.4"
