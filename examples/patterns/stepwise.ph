-- Stepwise. A gamelan that counts: patterns here have steps, and a cycle grows or shrinks with them. `stepcat` joins by steps, so that
-- two and three make five; `steptake` and `stepdrop` cut them, `expand` and `contract` change their weight, `extend` repeats as well;
-- `stepalt` takes from several groups in turn; `pace` says how many steps go into a cycle.
-- Change: the 8 of `pace`. Listen: to the gong, where all the counting comes together.
cps: 0.4

~core: "c4 df4 ef4 g4 af4"

o1: note (pace 8 ~core) # s "superfork" # legato 2 # gain 0.4 # pan -0.3
o2: note (pace 8 $ stepcat ["c5 ef5", expand 2 "g5 af5", contract 2 "df5 c5"]) # s "supervibe" # legato 1.5 # gain 0.42 # pan 0.3
o3: note (pace 16 $ stepcat [extend 2 "c5 g5", stepdrop 1 ~core + 12, steptake 3 "af5 g5 ef5 df5"]) # s "bell:2" # gain 0.14 # pan 0.5
o4: note (pace 4 $ stepalt [["c3", "df3 c3"], ["g3 af3", "ef3"]]) # s "superfork" # legato 3 # gain 0.5
o5: pace 8 $ stepcat [s "bd ~ ~", s "bd ~"] # n 4 # gain 0.3
o6: pace 16 $ steptake "<3 5 7>" (s "cb ~ cb cb ~ cb:1 ~") # speed 1.4 # gain 0.13 # pan -0.6
o7: s "<supergong ~ ~ ~ ~>" # note "c2" # legato 5 # gain 0.7
o8: stepdrop "<-1 1>" (s "perc:3 ~ perc:1 ~ perc:3") # gain 0.26 # pan 0.6
