-- Mixing. Soul, at the desk: what one does to a recording before it is loud. Shelves and bells (`bq_lowshelf bq_highshelf bq_peak`), three bells in one
-- (`parametric_eq`), a `tilt` of the whole, one pole against hiss (`onepole`), `dcblock` for what is not in the middle, `median` against clicks.
-- `crossover` and `crossover3` cut a sound into bands, so that a compressor acts on each: that is the master below.
-- Change: any gain to its opposite. Listen: to each change with all parts on; alone, everything sounds better with more bass.
bpm: 98

~drums: (s "bd:1 ~ [~ bd:1] ~, ~ sn:3 ~ [sn:3 ~ ~ <~ sn:6>], hh*8" # gain "0.9 0.6")
~keys: s "superpiano(<3 3 5>,8)" # note "<d3'min9 g3'dom7 c3'maj7 a2'dom7>" # velocity 0.6 # legato 0.9 # gain 0.8
~bass: s "bass:1*8" # note "<[d4 ~ d4 f4 ~ a3 ~ c4] [g3 ~ g3 b3 ~ d4 ~ f3] [c4 ~ c4 e4 ~ g3 ~ b3] [a3 ~ a3 cs4 ~ e4 ~ g3]>" # legato 0.9 # gain 0.9
-- An old string machine: it is too dark, clicks, and is not even centred.
~old: (s "supersquare" # note "<[a4,c5] [b4,d5] [g4,b4] [g4,cs5]>" # attack 0.3 # legato 1 # release 0.2 # cutoff 2200 # gain 0.5) + dust 3 * 0.5 + 0.05

o1: ~drums * 0.7 # bq_lowshelf 90 0.7 4 # bq_peak 380 1.2 (-5) # bq_highshelf 7000 0.7 3
o2: ~bass # parametric_eq 60 3 0.8 240 (-4) 1.2 900 4 1 # compressor -20 4 0.01 0.1 4 * 0.8
o3: ~keys # bq_peak 300 0.8 (-4) # bq_highshelf 5000 0.7 4 # tremolo 5 0.3 # pan (-0.3) * 1.5
o4: ~old # median 5 # dcblock # tilt 5 900 # onepole 7000 # pan 0.4 # reverb 0.6 0.5 0.25 * 1.5
o5: note "<~ ~ [~ e5 g5 b5] [~ a5 g5 e5]>" # s "supervibe" # gain 0.6 # delay (3/16) 0.4 0.35 :sync 1 # crossover 400 1 # pan 0.1

-- Three bands, each with a compressor, and together again.
~glue x $ (x # crossover3 180 2500 0 # compressor -20 3 0.02 0.15 2.5) + (x # crossover3 180 2500 1 # compressor -20 2 0.01 0.1 1.5) + (x # crossover3 180 2500 2 # compressor -26 2 0.003 0.06 3)
master: ~glue # limiter -1.5
