-- Choosing. Broken beat: several ideas lie ready, and numbers, names or a slider choose. `pick` plays the chosen one where it stands,
-- `squeeze` and `pickSqueeze` press a whole cycle of it into the choice, `pickRestart` starts it from its beginning, `pickReset` from that
-- of its cycle; the `Out` ones keep the structure of the choices, the `mod` ones count round. `select` takes 0 to 1; `inhabit` names.
-- Change: the numbers after the lists. Listen: two keyboards that seem to answer each other.
bpm: 118

~home: "c3'min9"
~away: "af2'maj7"
~keys: pick ["<c3'min9 f3'min9>", "af2'maj7 bf2'dom7"] "<0 0 0 1>"

o1: pick [s "bd ~ ~ bd ~ ~ bd ~", s "bd ~ bd ~ [~ bd] ~ ~ bd"] "<0 0 1 0>" # gain 0.55
o2: inhabit [("a", s "~ sn"), ("b", s "[~ sn] sn?"), ("c", s "sn*2 [~ sn]")] "<[a a] [a b] [a a] [b c]>" # n 3 # gain 0.38
o3: select (slow 4 saw) [s "hh*4", s "hh*8", s "hh(5,8)", s "hh*6 oh"] # gain 0.4 # pan 0.2
o4: s "superpiano(3,8,<0 2>)" # note ~keys # legato 0.6 # velocity 0.7 # gain 0.45 # tremolo 5 0.3
o5: pickRestart ["c2 ~ ef2 g2", "af1 [~ c2] ef2 ~"] "<0 0 0 1>" # note # s "bass:5" # gain 0.5
o6: pickSqueeze [note "c5 ef5 g5", note "bf4 g4", note "~"] "<[0 2 1 2] [2 0 2 2] [1 2 2 0] 2>" # s "supervibe" # gain 0.42 # pan -0.4
o7: pickmod [s "rim ~ rim rim", s "clave*3"] "<0 1 2 5>" # gain 0.25 # pan 0.5
o8: pickReset ["g4 c5 ef5 f5", "af4 c5"] "<0 [0 1] 1 [1 0 0]>" # note # s "supersquare" # legato 0.4 # gain 0.3 # pan 0.3 # delay 0.38 0.4 0.3
o9: pickOut ["c6", "<g5 ef5>"] "~ 0 ~ [1 ~]" # note # s "bell:3" # gain 0.16 # pan -0.2
o10: pickmodOut [s "perc:1", s "perc:3"] "0 ~ 1 ~ 2 ~ ~ 3" # gain 0.28 # pan -0.6
o11: pickmodReset [s "sh*8", s "sh*3"] "<0 2 3 4>" # gain 0.22
o12: pickmodRestart [s "~ ~ ~ cb", s "cb? ~ cb ~"] "<0 1 2 3>" # gain 0.12 # pan 0.6
o13: pickF "<0 0 0 1>" [id, fast 2] $ selectF (slow 8 saw) [id, rev] $ s "cp:2 ~ ~ cp:3" # gain 0.18 # reverb 0.6 0.5 0.4
o14: squeeze "<0 ~ 1 ~>" [s "stab:2*2 ~ stab:2", s "~ stab:3"] # note "<0 -4>" # gain 0.2 # hpf 400

master: limiter -2
