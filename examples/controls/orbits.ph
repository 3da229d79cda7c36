-- Orbits: events send themselves to a reverb (`room`, `size`) and a delay (`|> delay`, `delaytime`, `delayfeedback`), each as much
-- as it says; `orbit` chooses which ones, so that a pattern can keep a dry sound beside a wet one.
bpm: 96

o1: s "bd ~ [~ bd] ~" # orbit 0 # room "0 0 0.15" # size 0.4 # gain 0.68
o2: (s "~ sn ~ <sn sn*2>" |> delay "0 <0 0.7>") # delaytime (3/16) # lock 1 # delayfeedback 0.6 # room 0.1 # gain 0.45
o3: (s "rim(5,16)" |> delay "<0.4 0.6 0>") # delaytime "<0.125 0.1875>" # lock 1 # delayfeedback 0.5 # orbit "<0 1>" # gain 0.3
o4: s "stab:0(3,8)" # note "<0 3 -2 5>" # orbit "0 1 2" # room "0.6 0.1 0.3" # size "0.9 0.3" # cutoff 1800 # gain 0.3
o5: s "hh*8" # gain "0.3 0.15" # room "0 0 0 0.4" # dry 0 # size 0.8 # pan 0.3
