-- Now and then. Techno whose every bar has a reason: `every`, `firstOf`, `lastOf` count cycles, `whenmod` and `when` ask about their number,
-- `ifp` chooses between two functions; `sometimes` and its kin throw dice for each event, with a ' for each cycle; `always` and `never`
-- are switches while you try. The `_val` ones choose between numbers instead of functions.
-- Change: a `never` to `always`. Listen: for the turn at every fourth and eighth bar.
bpm: 130

o1: whenmod 8 7 (# speed 1.2) $ lastOf 4 (const (s "bd:2*4 [~ bd:2]")) $ s "bd:2*4" # gain 0.46
o2: lastOf 8 (fast 2) $ s "~ cp ~ cp" # gain (every_val 8 0.5 0.34)
o3: sometimesBy' 0.3 rev $ sometimes (# n 3) $ s "hh*16" # gain "0.6 0.3 0.45 0.3"
o4: rarely' (0.125 ~>) $ s "[~ oh]*4" # gain 0.2 # pan 0.2
o5: ifp ((== 3) . (`mod` 4)) (ply 2) id $ s "~ ~ rim ~ ~ rim ~ ~" # gain 0.26 # pan -0.3
o6: when ((> 1) . (`mod` 4)) (|+ note 3) $ s "bass:5(7,16)" # note "<0 0 0 -5>" # gain 0.38
o7: often' (# legato 0.3) $ almostNever (|+ note 12) $ s "superhoover(3,8,<0 2>)" # note "<c3'min7 c3'min7 ef3'maj7 bf2'dom7>"
  # legato 0.5 # gain 0.3 # lpf (whenmod_val 8 4 2600 900) 1.2 # delay 0.346 0.4 0.3
o8: sometimes' (fast 2) $ almostNever' rev $ note "<c5 ef5 g5 f5>(<3 5>,8)" # s "superzow" # legato 0.3
  # gain (sometimes_by_val 0.4 0.14 0.4) # pan (sometimes_val 0.5 -0.5)
o9: always (# pan -0.6) $ never (const silence) $ almostAlways' (0.0625 ~>) $ s "perc:1*4" # gain 0.16
o10: firstOf 8 (const (s "cr")) (s "~") # gain 0.3

master: limiter -2
