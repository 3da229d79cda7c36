-- Chance. Lo-fi beats that never repeat and can always be played again: all chance is a function of time and of `seed`.
-- `degrade` drops half, `degradeBy` a share, `degradeOverBy` the same ones for some cycles; `undegrade` plays just what was dropped;
-- `fadeIn` and `fadeOut` drop less and less, more and more. `wchoose` and `wrandcat` weigh their choices, `cycleChoose` chooses once a cycle;
-- `normal` is mostly in the middle. Change: `seed`. Listen: the keyboard and the bells take turns, by undegrade.
seed: 11
bpm: 78

~tune: "a4 c5 e5 g5 e5 d5 c5 b4"

o1: wrandcat [(s "bd:1 ~ ~ bd:1 ~ ~ bd:1 ~", 5), (s "bd:1 ~ [~ bd:1] ~ bd:1 ~ ~ ~", 2)] # gain 0.54
o2: s "~ sn:6 ~ sn:6" # gain (0.34 + normal * 0.2) # nudge (rand2 * 0.006 + 0.012)
o3: while (segment 8 $ brandBy 0.2) (ply 2) $ degradeOverBy 4 0.3 $ s "hh*16" # gain (0.1 + normal * 0.4) # pan 0.2
o4: degrade $ note ~tune # s "superpiano" # velocity (0.3 + normal * 0.6) # gain 0.42 # pan -0.2 # reverb 0.7 0.6 0.3
o5: undegrade $ note (~tune + 12) # s "superfork" # legato 2 # gain 0.16 # pan 0.3 # reverb 0.8 0.5 0.4
o6: s "superhammond" # note (cycleChoose ["a2'min9", "f2'maj7", "d3'min7", "e3'min7"]) # voice 1 # attack 0.2 # gain 0.3 # lpf 1200
o7: s "bass:1(3,8)" # note (segment 8 $ wchoose [(-3, 5), (0, 2), (4, 1), (9, 1)]) # gain 0.5
o8: unDegradeBy 0.7 $ s "perc:4*8" # gain 0.16 # pan (chooseBy rand [-0.6, 0, 0.6])
o9: struct (segment 16 $ 0.5 ~> brand) $ s "sh*16" # gain 0.2
o10: fadeIn 4 $ fadeOutFrom 8 8 $ s "rim*8" # gain 0.12 # pan -0.5
o11: fadeInFrom 2 6 $ fadeOut 32 $ s "clave(5,8)" # n (randrun 4) # gain 0.12 # pan 0.5
o12: note (wchooseBy (segment 8 rand) [(~tune, 2), ("a3", 1)]) # s "pluck:4?" # gain 0.2 # delay 0.577 0.5 0.4
o13: s "noise:4" # gain 0.6 # hpf 3000

master: limiter -2
