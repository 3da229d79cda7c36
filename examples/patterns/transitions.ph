-- From one pattern to the next. Played live, `xfadeIn 1 8 $ …` changes what is heard; here the same is written as a function of a cycle (now) and
-- of a list, the new pattern first. The piece is a set of 16 cycles in which all lines change, each in its own manner: cut, fade,
-- wash, echoes that close up, numbers that glide. Change: the number before each list, the cycle of the change.
-- Listen: how long you can tell the old pattern from the new one.
bpm: 126

~deep: s "bd:2*4" # gain 0.4
~broken: s "bd:2 ~ ~ bd:2 ~ ~ bd:2 ~" # gain 0.4
~soft: s "hh*8" # gain "0.26 0.14"
~hard: s "hh:3*16" # gain "0.26 0.16 0.3 0.16"
~rest: s "~"

o1: jumpMod 4 2 [~broken, ~deep]
o2: xfadeIn 4 2 [~hard, ~soft]
o3: clutch 4 [s "~ cp:1 ~ cp:1" # gain 0.26, s "rim(5,8)" # gain 0.2]
o4: interpolateIn 8 2 [s "bass:5*8" # note "c2" # cutoff 2600 # gain 0.3, s "bass:5*8" # note "c2" # cutoff 300 # gain 0.3]
o5: anticipateIn 4 2 [s "perc:1(3,8)" # gain 0.2, s "perc:3*2" # gain 0.2] # pan 0.4
o6: anticipate 6 [s "~ clave" # gain 0.2, s "clave(3,8)" # gain 0.2] # pan -0.4
o7: washIn (# speed 1.5) 4 4 [s "oh:1*4" # gain 0.14, s "~ oh" # gain 0.2]
o8: wash (stut 2 0.125 0.6) (# hpf 800) 1 2 2 4 [s "stab:1(3,8,2)" # note "<0 3>" # gain 0.2, s "stab:1 ~" # gain 0.2]
o9: mortal 6 4 3 [note "<c5 g4>(5,8)" # s "supervibe" # gain 0.3, ~rest] # delay 0.357 0.5 0.4
o10: mortalOverlay 4 8 [note "c6 ~ g5 ~" # s "bell:2" # gain 0.2, ~rest]
o11: jump 8 [~rest, s "sh*16" # gain 0.16]
o12: jumpIn 2 2 [s "cb(3,8)" # gain 0.14, ~rest] # pan 0.6
o13: jumpIn' 1 3.5 [~rest, s "cb:1 ~" # gain 0.14] # pan -0.6
o14: jumpMod' 4 1 4 [s "tom:4 ~ ~ tom:3" # gain 0.14, ~rest]
o15: histpan 3 0 [s "~ perc:4*2" # gain 0.12, s "rim ~" # gain 0.12, s "~ rim:2" # gain 0.12]
o16: wait 2 0 [s "cr/8" # gain 0.2, ~rest]
o17: waitT (xfadeIn 4) 2 2 [note "[c4,ef4,g4]" # s "supersaw" # attack 1 # cutoff 900 # gain 0.34, ~rest]
o18: interpolate 8 [s "superpwm*4" # note "c3" # cutoff 3000 # legato 0.4 # gain 0.24,
  s "superpwm*4" # note "c3" # cutoff 200 # legato 0.4 # gain 0.24]

master: limiter -2
