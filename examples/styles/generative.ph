-- Never the same bar twice, and yet the same piece every time: all chance is a function of time and `seed`.
-- `?` drops events, `rand` and `irand` are signals, `degradeBy`, `sometimesBy` and `|` choose.
seed: 7
cps: 0.45

~walk: segment 8 $ irand 8
o1: off 0.25 (# note 12) $ s "arpy*8" # n ~walk # gain (0.25 + rand * 0.3) # pan (rand * 1.4 - 0.7)
  # delay 0.333 0.5 0.3
o2: sometimesBy 0.3 (# speed 1.5) $ s "perc*8?0.4" # n (irand 6) # gain 0.4
o3: s "bd ~ [~ bd?] [bd|~|sn:6]" # gain 0.46
o4: degradeBy 0.4 $ s "hh*16" # n (irand 5) # gain (0.2 + rand * 0.4)
o5: s "bass:5 [~|bass:5] ~ [bass:5|~]" # note (choose [0, 3, 7, -2, -5]) # gain 0.55
o6: s "bell?0.3 ~ ~ bell?0.6" # n 2 # note (irand 5 * 2 + 7) # gain 0.35 # reverb 0.9 0.4 0.5
