-- House: four to the floor, the open hat between, a clap on two and four, an organ that skips, and a pump: the
-- chords are turned down by every kick (an envelope the other way up).
bpm: 122

~pump: 1 - tar "1*4" 0.002 0.28 * 0.8
~chords: s "[~ stab:1] [stab:1 ~] [~ stab:1] [~ stab:1?]" # note "<0 0 -4 -2>"

o1: s "909bd*4" # gain 0.58
o2: s "~ cp ~ cp" # gain 0.45
o3: s "[~ oh:1]*4" # gain 0.55
o4: s "hh*16" # gain "0.7 0.3 0.5 0.3" # pan 0.2
o5: (~chords # reverb 0.7 0.5 0.3) * ~pump * 0.9
o6: s "[~ bass:5]*4" # note "<0 0 -4 -2>" # gain 0.55
o7: s "vox:3/4" # gain 0.4 # reverb 0.8 0.4 0.4
