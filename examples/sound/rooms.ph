-- Rooms. A slow piece for a piano that walks through a building: `convolve` puts it into a recorded hall, or into any sound (here a bell is
-- the room, and each note rings it); `plate` is the bright sheet of steel of the studios, `lush` a hall that moves, and that can be held
-- (its `freeze`) like the pedal of an organ; `reverb` is the small one. Change: "hall" to "spring", or to "pad:1".
-- Listen: the same piano, near by, far away, and through the wall.
cps: 0.25

~piano: s "superpiano" # velocity (range 0.35 0.7 perlin) # legato 1.5 # gain 1.2
~tune: note "<[e5 ~ b4 ~ [d5 cs5] ~ b4 ~] [a4 ~ fs4 ~ ~ ~ ~ ~] [g4 ~ d5 ~ [cs5 b4] ~ a4 ~] [b4 ~ ~ fs4 ~ ~ ~ ~]>" # ~piano
~hands: note "<[b2,fs3] [a2,e3] [g2,d3] [e2,b2,fs3]>" # s "superpiano" # velocity 0.4 # legato 1.2 # gain 1.5

o1: ~tune # convolve "hall" 0.4 * 2.4
o2: ~hands # reverb 0.5 0.6 0.2 * 2.2
-- The bell is the room.
o3: (note "<~ [~ ~ fs5 ~] ~ [~ b5 ~ e5]>" # s "superpiano" # velocity 0.3 # gain 0.5) # convolve "bell:1" 1 # hpf 200 * 0.5 # pan 0.4
-- A chord every fourth cycle, held while the gate is open.
~swell: note "<[b3,fs4,a4] ~ ~ ~>" # s "supersaw" # attack 1 # legato 0.5 # release 1 # cutoff 1500 # gain 0.3
o4: ~swell # lush 12 0.8 0.4 0.4 0.4 ("<0 1 1 0>") 0.9 * 1.2
o5: s "<[~ sh:1 ~ sh:1] [~ ~ ~ sh:1]>" # gain 0.6 # plate 30 0.8 0.8 0.2 0.5 0.6 # pan -0.3
o6: s "<~ ~ [~ ~ ~ bd:4] ~>" # gain 0.8 # plate 60 0.9 0.8 0.6 0.3 0.5
o7: pink # bpf 500 0.7 * (sine 0.05 * 0.08 + 0.12) # convolve "room" 0.8

master: limiter -2
