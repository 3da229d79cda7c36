-- The built-in synths: `phonon help super` lists them, `phonon help superpiano` shows one and how it is written.
cps: 0.55

o1: s "superkick*4" # decay 0.8 # gain 0.62
o2: s "~ superclap ~ superclap" # gain 0.54 # pan 0.1
o3: s "superhat*8" # decay "1 0.6 0.8 3" # gain "0.35 0.2" # pan -0.2
o4: note "<c2 c2 ef2 bf1>(3,8)" # s "superreese" # release 0.2 # gain 0.53
o5: note "<c4'min7 c4'min7 ef4'maj7 bf3'major>" # s "supersaw" # voice 0.8 # attack 0.3 # release 0.8 # gain 0.32
o6: note "<[c5 g5 ef5 bf5]*2 [c5 f5 g5 d6]*2>" # s "<superpiano supervibe>" # legato 1.5 # gain 0.4
o7: every 4 (0.25 ~>) $ note "c4 ~ ~ g3" # s "superfm" # ratio2 "<1.5 2 3>" # decay 0.4 # portamento 0.08 # gain 0.3
o8: note "<c3 ef3>(5,16)" # s "superhex" # rate 2 # gain "0.3 0.2" # pan 0.4
o9: slow 4 $ note "<c3 bf2>" # s "<superprimes superwavemechanics>" # legato 1 # gain 0.22
