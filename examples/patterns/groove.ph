-- Groove: what makes a machine lean back. `groove` moves the sixteenths of the cycle as a style does (mpc, hiphop, drunken, jazz …),
-- `swing` delays every second onset, `humanize` is a hand that trembles in time and in strength, `ghostWith` adds ghost notes,
-- `plyWith` rolls, `nudge` moves a sound by seconds against all the others.
-- Change: "drunken" to "mpc" or "jazz", and 0.9 to 0. Listen: nod your head until it stops being even.
bpm: 86

~kit: s "bd:1 ~ ~ bd:1 ~ ~ ~ [~ bd:1] ~ bd:1 ~ ~ ~ ~ bd:1 ~" # gain 0.58
~backbeat: s "~ sn:3 ~ sn:3" # gain 0.42

o1: groove "drunken" 0.9 ~kit
o2: ghostWith 0.125 ((|* gain 0.3) . (# n 6)) $ ~backbeat # nudge 0.018
o3: humanize 0.008 0.2 $ groove "drunken" 0.9 $ s "hh*16" # gain "0.5 0.24 0.4 0.26" # pan 0.2
o4: every 4 (plyWith "<3 6>" (|* gain 0.8)) $ swing 0.03 $ s "~ ~ ~ [~ oh:2]" # gain 0.28 # pan -0.2
o5: swing 0.04 $ note "<[a2'min9 ~ ~ a2'min9 ~ ~ e2'min7 ~] [d3'min9 ~ ~ d3'min9 ~ ~ e3'dom7 ~]>" # s "superhammond" # voice 2 # attack 0.02
  # legato 1.6 # gain 0.34 # lpf 1500 # tremolo 4.6 0.3
o6: groove "hiphop" $ staccato 0.8 $ note "<[a2 ~ a2 c3 ~ ~ e2 g2] [d2 ~ d2 f2 ~ ~ e2 gs2]>" # s "bass:1" # legato 1 # gain 0.7
o7: dup 2 $ humanize 0.01 0.3 $ s "<~ ~ ~ [~ ~ vox:2 ~]>" # note "<0 -5>" # legato 0.5 # gain 0.8 # delay 0.35 0.5 0.4
o8: s "noise:4" # gain 0.55 # hpf 2500
