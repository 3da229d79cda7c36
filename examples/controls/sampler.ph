-- What a sampler can do with one bar of drums and one note: cut, turn round, stretch, and effects that belong to each event.
-- `|>` sets controls, so that `crush`, `shape` and `squiz` act on each event and not on everything that is played.
bpm: 140

~bar: loopAt 1 $ s "break:0"

o1: every 4 (|> crush "4 3") $ splice 8 "0 1 <2 6> 3 4 <5 [5 5]> <6 2> [7 <7 1>]" $ s "break:0" # gain 0.46
o2: slice 16 "<0 2>(3,8) 9*2" $ s "break:4" # speed "1 <1 -1.5>" # hcutoff "400 1500" # hresonance 0.3 # gain 0.23 # pan "-0.5 0.5"
o3: chop "<2 8>" $ s "stab:0(3,8,<0 2>)" # note "<0 3 -2 5>" # cutoff "600 2400 1200" # resonance 0.35 # gain 0.33
o4: (s "rave:1(5,16)" |> vowel "<a e i o>") # accelerate "<0 -0.6>" # resonance 0.2 # sustain 0.12 # gain 0.3
o5: (s "bass:2*4" |> shape "0.2 0.6 0.3 0.5") # note "0 <0 7> -5 0" # triode 1 # cut 1 # gain 0.26
o6: striate 4 $ (s "perc*2" |> squiz "1 3") # tremolorate 9 # gain 0.26
