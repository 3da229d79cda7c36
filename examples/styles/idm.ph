-- IDM: a machine that thinks about what it has just played. Drums in grains and rolls (`ply`, `stut`, `striate`, slices in another order), steps
-- that speed up inside a beat, a melody in three against four that stays calm over it, static and broken noise between.
-- Change: `sometimesBy 0.4` to 0.9. Listen: the kick may be anywhere; the pad tells where the bar begins.
bpm: 148
seed: 5

~kit: s "bd:5 [~ rim] sn:6 [bd:5 ~ ~ hh:2] ~ [bd:5 rim] sn:6*<1 1 3 6> hh:2"
~melody: "<[e5 ~ b4 ~ g5 ~] [fs5 ~ d5 ~ b4 a4] [e5 ~ c5 ~ g4 ~] [b4 d5 ~ fs5 ~ a5]>"

o1: sometimesBy 0.4 (ply "<2 4>") $ every 4 (iter 4) $ ~kit # gain 0.5 # speed "1 1 <1 1.2> 1 1 0.9"
o2: every 3 (linger 0.25) $ striate 2 $ s "break:4" # unit "c" # speed 1 # gain 0.5 # hpf 300 # coarse "<1 1 4 9>"
-- A roll that speeds up: more and more copies of less and less of the beat.
o3: s "~ ~ ~ <~ [sn:1 sn:1*2 sn:1*4 sn:1*8] ~ [perc:3*3 perc:3*5 perc:3*8]>" # gain (range 0.1 0.28 saw) # pan (range (-0.7) 0.7 $ fast 2 sine)
o4: note ~melody # s "superfork" # legato 1.4 # gain 0.5 # pan 0.2 # delay (3/16) 0.5 0.4 :sync 1
o5: s "supersaw/2" # note "<e3'min9 c3'maj7 g2'maj7 b2'min7>/2" # attack 1.2 # release 1.6 # cutoff (range 700 2200 $ slow 7 sine) # gain 0.75
  # chorus 0.3 0.6 0.4
o6: note "<[e2 ~ ~ e2 ~ e3 ~ ~] [c2 ~ c2 ~ ~ c3 ~ b1] [g1 ~ ~ g2 ~ ~ g1 ~] [b1 ~ b2 ~ b1 ~ a1 ~]>" # s "supercomparator" # voice "<0.4 0.8>" # decay 0.3
  # legato 0.7 # cutoff 1400 # gain 0.9
-- Dust on the line: static, and noise that has a pitch.
o7: s "superstatic*2?" # note "<24 31 19>" # sustain 0.14 # gain 0.34 # pan (rand * 1.6 - 0.8)
o8: sometimesBy 0.5 (# speed 2) $ s "supernoise(<3 5>,16,<0 5 7>)" # note "<12 24 19 7>" # voice 0.3 # sustain 0.06 # gain 0.6 # pan "<-0.6 0.5>"
o9: s "<~ ~ ~ ~ ~ ~ ~ supertron>" # note -12 # voice 2 # gain 0.4 # bitcrush 6 # delay (1/8) 0.6 0.4 :sync 1

master: limiter -1.5
