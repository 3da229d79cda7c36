-- Chopping. Jungle: one break and one voice, cut in every way there is. `splat` presses a bar of other sounds into the slices, `smash` plays
-- the bar slower and cut finer, `randslice` one slice by chance, `scrub` jumps with the needle, `grain` plays a bit from a place;
-- `chunk'` and `fastChunk` work on one part of the bar after another; `gap` leaves every second piece out; `fitEvent` stretches to fit.
-- Change: the 8 of `randslice`. Listen: the bass and the first beat stay put, so that the drums may go mad.
bpm: 168

o1: every 8 (chunk' 4 (hurry 2)) $ fastChunk 4 (# speed "1 <1 -1>") $ slice 8 "0 1 2 3 4 5 <6 2> 7" $ s "break:1" # legato 1 # gain 0.62
o2: smash 3 [2, 3, 4] $ s "~ break:3" # gain 0.2 # hpf 300 # pan -0.3
o3: smash' 3 [1, 2] $ fitEvent $ s "~ vox:2" # gain "<0 0.4>" # pan 0.4 # delay 0.268 0.5 0.4
o4: randslice 8 $ s "break:0*4" # legato 1 # gain "0 0.34 0 0.34" # hpf 800
o5: scrub "0 0.25 [0.5 0.25] <0.75 [0.75 0]>" $ s "pad:3" # note "<0 0 -4 -2>" # gain 0.3
o6: gap 8 $ s "rave:2(3,8)" # note "<0 0 -4 -2>" # gain 0.26 # hpf 200
o7: (s "break:5*8" # grain (segment 8 $ slow 4 saw) 0.05) # gain 0.22 # pan (sine2 * 0.6)
o8: s "stab:5(5,16)" # grain' "0:0.2 0.1:0.4" # note "<0 0 -4 -2>" # gain 0.2 # delay 0.268 0.4 0.35
o9: splat 2 (s "cr:1 808cy") (s "<~ ~ ~ break:4>") # gain 0.15
o10: s (samples "perc*4" "0 3 <1 2> 4") # gain "0.2 0.12" # pan 0.5
o11: scratch $ s "<~ ~ ~ vox:1>" # gain 0.2
o12: s "~low ~ ~ [~ ~low] ~ ~low ~ ~" # note "<c2 c2 af1 bf1>" # legato 1.6 # gain 0.2

~low: sine 55 + tri 55 * 0.3 # adsr 0.005 0.3 0.7 0.1 # distort 2 0.4 # lpf 700

master: limiter -2
