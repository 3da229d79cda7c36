-- Rhythms of the world. Afro-Cuban, for hands: Bjorklund's rhythms spread pulses evenly over steps, and that is how many claves are made.
-- `euclidInv` plays the gaps, `euclidFull` both, the `Off` ones turn it round, the `Legato` ones hold every pulse until the next;
-- `necklace` counts lengths (3-3-2), `distrib` spreads twice, `substruct` presses a cycle into every true; `inv` is the other side of a rhythm.
-- `ascii`, `binary` and `binaryN` read rhythms out of letters and numbers. Change: the word in o9. Listen: for the one.
bpm: 108

~montuno: "<c3'min7 c3'min7 f3'min7 g3'dom7>"

o1: struct (necklace 16 [6,4,6]) $ s "clave" # n 2 # gain 0.32 # pan 0.4
o2: euclidOff 5 16 "<0 2>" $ s "808hco" # gain 0.34 # pan -0.3
o3: euclidInv 5 16 $ s "808mc" # speed "1 1 1.1" # gain "0.2 0.12" # pan -0.4
o4: euclidOffFull 7 16 2 (s "cb:1") (s "cb:2" # speed 1.5 # gain 0.4) |* gain 0.13 # pan 0.6
o5: euclidLegato 3 8 $ note "<[c2 g2 c3] [c2 g2 bf2] [f2 c3 f3] [g2 d3 b2]>" # s "bass:5" # gain 0.4
o6: euclidLegatoRot 5 8 1 $ s "superpiano" # note ~montuno # velocity 0.8 # gain 0.26
o7: euclidOffInv 3 8 2 $ s "superpiano" # note (~montuno + 12) # legato 0.4 # gain 0.17 # pan 0.2
o8: substruct "t ~ <~ t> ~" $ s "lt mt" # gain 0.2 # pan -0.6
o9: struct (ascii "mambo") $ s "sh" # gain 0.22 # pan 0.7
o10: struct (binary "<170 187>") $ s "hh:3" # gain 0.3
o11: distrib [3, 5, 16] $ s "rim" # gain 0.2 # pan -0.7
o12: struct (euclidOffBool 3 8 2 "<t f>") $ s "808lc" # gain 0.2
o13: struct (inv "t f t t f t t f") $ s "sh:2" # gain 0.2 # pan -0.5
o14: struct (binaryN 8 "<136 145>") $ s "bd:4" # gain 0.38

master: limiter -2
