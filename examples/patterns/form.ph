-- Form: from one bar to a song. `cat` and `append` play patterns in turn, a cycle each; `fastcat` and `fastAppend` within the cycle;
-- `timecat` gives weights, `wedge` two shares; `arrange` counts cycles (verse, refrain); `seqP` says from when to when, once;
-- `playFor` and `fromList` are the simplest of them.
-- Change: the numbers of `arrange`. Listen: verse of eight bars, refrain of four, and the fill that leads from one to the other.
bpm: 116

~verse: "<c3'maj7 a2'min7 f2'maj7 g2'dom7>"
~refrain: "<f2'maj7 g2'dom7 e2'min7 a2'min7>"
~chords: arrange [(8, ~verse), (4, ~refrain)]
~roots: arrange [(8, "<c2 a1 f1 g1>"), (4, "<f1 g1 e1 a1>")]

o1: arrange [(7, s "bd ~ bd ~"), (1, s "bd ~ bd [bd bd]"), (4, s "bd*4")] # gain 0.55
o2: cat [s "~ sn ~ sn", s "~ sn ~ sn", s "~ sn ~ sn", fastcat [s "~ sn", s "~ [sn*2 lt]"]] # n 2 # gain 0.38
o3: wedge 0.75 (s "hh*6") (s "oh hh") # gain "0.45 0.3" # pan 0.2
o4: note ~chords # s "supersaw" # voice 0.4 # attack 0.05 # release 0.3 # cutoff 1600 # gain 0.75 # chorus 0.5 0.5 0.4
o5: s "bass:2*8" # note ~roots # gain "0.5 0.35 0.42 0.35" # legato 0.8
o6: timecat [(3, note "e5 g5 e5"), (3, note "d5 ~ c5"), (2, note "[g4 a4] b4")] # s "superchip" # legato 0.7 # gain 0.42 # delay 0.388 0.4 0.35
o7: append (note "~ g4 ~ e4") (fastAppend (note "a4 ~") (note "g4 f4")) # s "supervibe" # gain 0.3 # pan -0.3
o8: seqP [(0, 1, s "cr"), (8, 9, s "cr:2"), (7, 8, s "~ ~ ~ [ht mt]")] # gain 0.35
o9: playFor 4 20 $ s "bell(3,8)" # note (fromList ["c6", "e6", "a5", "g5"]) # gain 0.2 # pan 0.4

master: limiter -2
