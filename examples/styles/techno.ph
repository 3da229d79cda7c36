-- Techno: a rumble under the kick (the kick itself, through a room and a low filter), one stab in 3 against 4,
-- noise that rises over eight cycles, and `every` to keep it from standing still.
bpm: 134

~kick: s "bd:2*4"
~rumble: ~kick # reverb 0.75 0.6 1 # lpf 130 0.9 # distort 3 0.5

o1: ~kick * 0.44
o2: ~rumble * (1 - tar "1*4" 0.001 0.22) * 0.26
o3: s "hh:1*16" # gain "0.3 0.6 0.9 0.6"
o4: every 4 (fast 2) $ s "~ cp:2 ~ cp:2" # gain 0.35
o5: s "stab:0(3,16,<2 2 5>)" # note "<0 0 0 1>" # gain 0.9 # delay 0.336 0.55 0.4
o6: white * 0.2 # bpf (range 300 7000 (slow 8 saw)) 2.5 * range 0 1 (slow 8 saw)
o7: s "ride:2*4" # gain 0.4
