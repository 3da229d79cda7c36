-- Earlier and later. Two-step garage: the same few sounds, moved. `early` and `late` take cycles (`<~` and `~>` are the same);
-- `press` moves every event to its own off-beat, `pressBy` by a part of its length; `brak` squeezes every other bar;
-- `rot` moves the values and leaves the rhythm; `iter` starts a step later every cycle, `iter'` a step earlier.
-- Change: the 1/16 in o2, the pattern of `rot`. Listen: how the snare leans against the hats.
bpm: 132

~chords: "<c3'min9 af2'maj7 f3'min7 bf2'dom7>"

o1: brak $ s "909bd ~ ~ [~ 909bd]" # gain 0.55
o2: every 4 (early (1/16)) $ late 0.25 $ s "909sn*2" # n 1 # gain 0.4
o3: press $ s "oh*4" # gain 0.3 # pan 0.2
o4: pressBy "<0 0.25 0 0.5>" $ s "hh*8" # gain "0.45 0.26 0.4 0.3" # pan -0.2
o5: iter' 8 $ s "rim ~ ~ rim ~ ~ clave ~" # gain 0.22 # pan 0.5
o6: press $ s "superhammond(3,8,2)" # note ~chords # voice 3 # legato 0.5 # gain 0.3 # reverb 0.5 0.5 0.2
o7: rot "<0 1 0 2>" $ note "c2 ~ c2 ef2 ~ ~ g1 [~ bf1]" # s "superreese" # legato 0.8 # gain 0.62
o8: every 3 skip $ 0.125 ~> (s "vox:1 ~ ~ ~" # note "<0 3 -2 5>" # legato 0.3 # gain 0.6) # delay 0.34 0.5 0.4

master: limiter -2
