-- A step sequencer of text. Electro, 1983: x strikes, a digit chooses a sample, a space rests. `sseq` is one row, `sseqs` several, `sseq'`
-- names by number; `deconstruct` writes a pattern as such a text, `permstep` shares steps out. `run`, `irun` and `scan` count up, down, and
-- ever further; `fit` reads a list from another place every cycle; `polymeter` runs lists of unequal length;
-- `fastFromList` makes a cycle of a list, `flatpat` plays lists at once.
-- Change: the rows of o1, as on the machine. Listen: to the tune, four notes that fall against eight.
bpm: 120

o1: s (sseqs [("808bd", "x     x   x     "), ("808sn", "    x       x  x"), ("808hc", "x x x xxx x x x ")]) # gain 0.42
o2: s (sseq "808oh" "  1   1   1   2 ") # gain 0.24 # pan 0.2
o3: s (sseq' ["cp", "rim", "cb"] "    0    1  0 12") # gain 0.3 # pan -0.2
o4: note ("<c2 c2 ef2 bf1>" + "0 0 12 0 0 12 7 10") # s "superpwm" # legato 0.6 # cutoff (range 400 2200 $ slow 4 tri) # gain 0.66
o5: note (polymeter ["c5 ef5 g5 bf5", "c4 g4 f4"]) # s "superchip" # legato 0.5 # gain 0.35 # pan -0.3 # delay 0.375 0.4 0.3
o6: scale "minPent" (run "<4 8>") + 24 # note # s "supersquare" # legato 0.3 # gain 0.3 # pan 0.4
o7: scale "minPent" (irun 8) + 12 # note # s "superzow" # legato 0.4 # gain "<0.3 0 0 0.3>" # pan 0.3
o8: n (fit 3 [0, 1, 2, 3, 4] "0 1 2 ~ 1") # s "tom" # gain "<0 0.16>" # pan -0.4
o9: n (scan 4) # s "perc" # gain 0.24 # pan 0.6
o10: s (sseq "clave" (deconstruct 16 "x ~ ~ x ~ ~ x ~ ~ ~ x ~ x ~ ~ ~")) # gain 0.16 # pan 0.5
o11: permstep 8 ["808lt", "808mt", "808ht"] "<0 0.5 1 0.2>" # s # gain "<0 0 0 0.3>"
o12: fastFromList ["sh", "sh", "~", "sh"] # s # gain 0.2 # pan -0.6
o13: slow 4 (flatpat "[c4,ef4,g4] [bf3,d4,f4]") # note # s "supersaw" # attack 0.4 # release 0.6 # gain 0.4 # reverb 0.7 0.5 0.3

master: limiter -2
